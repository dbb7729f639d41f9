// Buttons and keys, then the first picture.
function setDark(isDark) {
  document.documentElement.classList.toggle("night", isDark);
  COLOURS = isDark ? DARK : LIGHT;
  byId("dark").setAttribute("aria-pressed", String(isDark));
  network.redraw();
}

function togglePanels() {
  byId("panels").setAttribute("aria-pressed", String(document.body.classList.toggle("bare")));
  resized();
}

function stepsAround(steps) {
  if (view.selected !== null) focusOn(steps === view.steps ? 0 : steps);
}

function fillScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
}

byId("fit").addEventListener("click", () => showAll(true));
byId("reset").addEventListener("click", reset);
byId("zoom-in").addEventListener("click", () => zoomBy(1.35));
byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.35));
byId("panels").addEventListener("click", togglePanels);
byId("dark").addEventListener("click", () => setDark(!document.documentElement.classList.contains("night")));
byId("full").addEventListener("click", fillScreen);
byId("fold-all").addEventListener("click", () => foldAll(true));
byId("unfold-all").addEventListener("click", () => foldAll(false));
byId("larger").addEventListener("click", () => {
  const isLarger = document.documentElement.classList.toggle("larger");
  byId("larger").setAttribute("aria-pressed", String(isLarger));
  resized();
});
if (!groups().length) byId("fold-box").hidden = true;

function resized() {
  const box = byId("map").getBoundingClientRect();
  if (!box.width || !box.height) return;
  network.setSize(`${box.width}px`, `${box.height}px`);
  network.redraw();
  showAll(false);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.id === "search" || event.target.tagName === "SELECT") return;
  const actions = {
    "/": () => byId("search").focus(), ArrowRight: () => stepScene(1), ArrowLeft: () => stepScene(-1),
    PageDown: () => stepScene(1), PageUp: () => stepScene(-1),
    "+": () => zoomBy(1.35), "=": () => zoomBy(1.35), "-": () => zoomBy(1 / 1.35), Escape: reset,
    1: () => stepsAround(1), 2: () => stepsAround(2), 3: () => stepsAround(3), 0: () => stepsAround(0),
    v: () => showView((view.layout + 1) % spec.views.length, true), t: toggleTable, f: fillScreen, p: togglePanels,
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

let waiting = 0;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(resized, 120);
});
window.addEventListener("hashchange", () => { if (isRemembering) { isRemembering = false; recall(); } });

renderGaps();
renderFilters();
recall();
document.body.dataset.ready = "true";
})();
