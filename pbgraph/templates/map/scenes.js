// Scenes: a title sentence made from the data, and only the kinds and ties it needs.
function showScene(number) {
  view.scene = number;
  const scene = spec.scenes[number];
  view.kinds = new Set(scene.kinds);
  view.layers = new Set(scene.layers);
  byId("title").textContent = scene.title;
  Array.from(byId("scenes").children).forEach((made, index) => made.setAttribute("aria-current", String(index === number)));
  refreshShown();
  renderLegend();
  if (view.selected === null) showAll(true);
}

function stepScene(step) {
  showScene((view.scene + step + spec.scenes.length) % spec.scenes.length);
}

function reset() {
  unselect();
  showScene(0);
}

spec.scenes.forEach((scene, number) => byId("scenes").appendChild(button(scene.label, () => showScene(number))));
