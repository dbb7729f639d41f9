// Scenes: a title sentence made from the data, and only the view, the kinds and the ties it needs.
function showScene(number, isAnimated) {
  view.scene = number;
  const scene = spec.scenes[number];
  view.kinds = new Set(scene.kinds);
  view.relations = new Set(scene.relations);
  view.near = null;
  view.steps = 0;
  byId("title").textContent = scene.title;
  Array.from(byId("scenes").children).forEach((made, index) => made.setAttribute("aria-current", String(index === number)));
  renderLegend();
  showView(Math.max(0, spec.views.findIndex((layout) => layout.key === scene.view)), isAnimated);
}

function stepScene(step) {
  showScene((view.scene + step + spec.scenes.length) % spec.scenes.length, true);
}

function reset() {
  view.place = view.rule = view.sure = "";
  renderFilters();
  unselect();
  showScene(0, true);
}

spec.scenes.forEach((scene, number) => byId("scenes").appendChild(button(scene.label, () => showScene(number, true))));
spec.views.forEach((layout, number) => byId("views").appendChild(button(layout.label, () => showView(number, true))));
if (spec.views.length < 2) byId("view-box").hidden = true;

// Filters narrow every scene: by community, by rule, by certainty.
function renderFilters() {
  ["place", "rule", "sure"].forEach((key) => {
    const box = byId(`filter-${key}`);
    emptied(box);
    [["", words.filter_any], ...spec.filters[key]].forEach(([value, label]) => {
      const made = element("option", label);
      made.value = value;
      box.appendChild(made);
    });
    box.value = view[key];
  });
}

["place", "rule", "sure"].forEach((key) => byId(`filter-${key}`).addEventListener("change", (event) => {
  view[key] = event.target.value;
  refreshShown();
  showAll(true);
  network.redraw();
}));

// The state of the view stands in the address, so that it can be kept as a bookmark.
let isRemembering = false;
function remember() {
  if (!isRemembering) return;
  const parts = { s: spec.scenes[view.scene].key, v: spec.views[view.layout].key, p: view.place, r: view.rule, q: view.sure, n: view.selected === null ? "" : String(view.selected), f: view.steps ? String(view.steps) : "" };
  const kinds = kindKeys.filter((kind) => view.kinds.has(kind) !== (spec.scenes[view.scene].kinds.indexOf(kind) >= 0));
  if (kinds.length) parts.k = kinds.join(",");
  const text = Object.keys(parts).filter((key) => parts[key]).map((key) => `${key}=${encodeURIComponent(parts[key])}`).join("&");
  try { history.replaceState(null, "", `#${text}`); } catch (error) { /* a page inside a notebook has no address of its own */ }
}

function recall() {
  const parts = {};
  location.hash.slice(1).split("&").forEach((part) => {
    const [key, value] = part.split("=");
    try { if (value) parts[key] = decodeURIComponent(value); } catch (error) { /* not one of ours */ }
  });
  const scene = spec.scenes.findIndex((each) => each.key === parts.s);
  showScene(Math.max(0, scene), false);
  const known = (key, value) => (spec.filters[key].some((entry) => entry[0] === value) ? value : "");
  view.place = known("place", parts.p);
  view.rule = known("rule", parts.r);
  view.sure = known("sure", parts.q);
  (parts.k || "").split(",").filter((kind) => kindOf.has(kind)).forEach((kind) => { if (view.kinds.has(kind)) view.kinds.delete(kind); else view.kinds.add(kind); });
  const layout = spec.views.findIndex((each) => each.key === parts.v);
  renderFilters();
  renderLegend();
  showView(layout >= 0 ? layout : view.layout, false);
  const number = Number(parts.n);
  if (parts.n && spec.nodes[number]) {
    select(number, false);
    if (Number(parts.f) >= 1 && Number(parts.f) <= FARTHEST) focusOn(Number(parts.f));
  }
  isRemembering = true;
  remember();
}
