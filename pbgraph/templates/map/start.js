// Buttons and keys, then the first picture.
byId("fit").addEventListener("click", () => showAll(true));
byId("reset").addEventListener("click", reset);
byId("zoom-in").addEventListener("click", () => zoomBy(1.35));
byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.35));
byId("panels").addEventListener("click", () => {
  const isBare = document.body.classList.toggle("bare");
  byId("panels").setAttribute("aria-pressed", String(isBare));
  resized();
});
byId("larger").addEventListener("click", () => {
  const isLarger = document.documentElement.classList.toggle("larger");
  byId("larger").setAttribute("aria-pressed", String(isLarger));
  resized();
});

function resized() {
  const box = byId("map").getBoundingClientRect();
  network.setSize(`${box.width}px`, `${box.height}px`);
  network.redraw();
  showAll(false);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.id === "search") return;
  const actions = {
    "/": () => byId("search").focus(), ArrowRight: () => stepScene(1), ArrowLeft: () => stepScene(-1),
    "+": () => zoomBy(1.35), "=": () => zoomBy(1.35), "-": () => zoomBy(1 / 1.35), Escape: reset,
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});

let waiting = 0;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(resized, 120);
});

renderGaps();
showScene(0);
showAll(false);
document.body.dataset.ready = "true";
})();
