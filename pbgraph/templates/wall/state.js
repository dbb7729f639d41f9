// One state: scene, community, the part of title or key that is picked ("title 1", "legend 0"), tile, list, show mode.
const state = { scene: data.scenes.length ? data.scenes[0].key : "", place: "", part: null, tile: null, list: false, show: false };

function current() {
  return data.scenes.find((scene) => scene.key === state.scene && scene.place === state.place) || scenesOf(state.place)[0] || data.scenes[0];
}

/** The part of title or key that is picked. */
function picked(scene) {
  if (!state.part) return null;
  const [where, index] = state.part.split(" ");
  return scene[where][Number(index)] || null;
}

function go(change) {
  const before = JSON.stringify([state.scene, state.place]);
  Object.assign(state, change);
  const scene = current();
  if (scene) { state.scene = scene.key; state.place = scene.place; }
  if (before !== JSON.stringify([state.scene, state.place]) && change.part === undefined) state.part = null;
  if (state.tile !== null && scene && !scene.stands.some((stand) => stand[0] === state.tile)) state.tile = null;
  render();
  remember();
}

/** One step back: card, list, picked part, show mode, community, first scene. */
function back() {
  if (!$("results").hidden) { $("search").value = ""; search(""); return; }
  const steps = [["tile", null], ["list", false], ["part", null], ["show", false], ["place", ""], ["scene", data.scenes[0].key]];
  const step = steps.find(([key, rest]) => state[key] !== rest);
  if (!step) return;
  if (step[0] === "show" && document.fullscreenElement) document.exitFullscreen();
  go({ [step[0]]: step[1] });
}

function partButton(where, index, [said, tone, tiles], isKey) {
  const id = where + " " + index, attributes = { type: "button", class: isKey ? "key" : "part key-" + tone };
  if (!tiles.length) return make("span", { class: isKey ? "key" : "part key-" + tone }, said);
  const button = make("button", { ...attributes, "aria-pressed": String(state.part === id) });
  if (isKey) button.append(make("i", { class: "key-" + tone }));
  button.append(isKey ? said + " " + tiles.length : said);
  button.addEventListener("click", () => go(state.part === id ? { part: null, list: false } : { part: id, list: true, tile: null }));
  return button;
}

/** The panel stands beside the picture with a list, and over the side that the tile is not on with a card. */
function place(panel, scene) {
  const stand = scene.stands.find((one) => one[0] === state.tile);
  panel.className = !stand ? "beside" : stand[1] > data.width * 0.6 ? "left" : "right";
}

function render() {
  const scene = current();
  document.documentElement.classList.toggle("show", state.show);
  $("scenes").replaceChildren(...scenesOf(state.place).map((one) => {
    const button = make("button", { type: "button", "aria-current": String(one.key === scene.key) }, one.label);
    button.addEventListener("click", () => go({ scene: one.key }));
    return button;
  }));
  if (!scene) return;
  $("title").replaceChildren(...scene.title.map((part, index) => partButton("title", index, part, false)));
  $("legend").replaceChildren(...scene.legend.map((part, index) => partButton("legend", index, part, true)));
  drawFrame(scene, $("texts"), $("lines"), true);
  drawTiles(scene);
  const part = picked(scene), chosen = part ? new Set(part[2]) : null;
  shown.forEach((group, index) => {
    group.classList.toggle("faded", state.tile !== null ? index !== state.tile : chosen !== null && !chosen.has(index));
    group.classList.toggle("chosen", index === state.tile);
  });
  const panel = $("panel");
  panel.hidden = state.tile === null && !state.list;
  place(panel, scene);
  if (state.tile !== null) cardPanel(state.tile);
  else if (state.list) listPanel(part ? part[0] : scene.title[0][0], part ? part[2] : scene.stands.map((stand) => stand[0]));
  $("list").setAttribute("aria-pressed", String(state.list));
  $("place").value = state.place;
  $("back").hidden = !(state.place || state.part || state.list || state.tile !== null);
}

/** The state as the address says it, so that a link shows the same. */
function remember() {
  const said = new URLSearchParams();
  if (state.scene) said.set("scene", state.scene);
  if (state.place) said.set("place", state.place);
  if (state.part) said.set("part", state.part);
  if (state.tile !== null) said.set("unit", data.tiles[state.tile][NAME]);
  if (state.list) said.set("list", "1");
  history.replaceState(null, "", "#" + said.toString());
}

function recall() {
  const said = new URLSearchParams(location.hash.slice(1));
  const unit = data.tiles.findIndex((tile) => tile[NAME] === said.get("unit"));
  go({
    scene: said.get("scene") || state.scene, place: data.communities.includes(said.get("place")) ? said.get("place") : "",
    part: /^(title|legend) \d+$/.test(said.get("part") || "") ? said.get("part") : null, tile: unit < 0 ? null : unit, list: state.list || said.get("list") === "1",
  });
}

function step(by) {
  const scenes = scenesOf(state.place), at = scenes.findIndex((scene) => scene.key === state.scene);
  const next = scenes[at + by];
  if (next) go({ scene: next.key, part: null, tile: null, list: false });
}

function toggleShow() {
  if (!state.show && document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
  if (state.show && document.fullscreenElement) document.exitFullscreen();
  go({ show: !state.show });
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName), tile = event.target.closest && event.target.closest("[data-tile]");
  if (event.key === "Escape") { event.preventDefault(); back(); return; }
  if (inField) return;
  if (tile && ARROWS[event.key]) {
    event.preventDefault();
    const next = neighbour(current(), Number(tile.dataset.tile), ...ARROWS[event.key]);
    if (next !== null) focusTile(next);
    return;
  }
  if (tile && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); go({ tile: Number(tile.dataset.tile) }); return; }
  if (event.key === "ArrowRight" || event.key === "PageDown") step(1);
  else if (event.key === "ArrowLeft" || event.key === "PageUp") step(-1);
  else if (event.key === "F" || event.key === "f") toggleShow();
  else if (event.key.length === 1 && event.key !== " ") $("search").focus();
});
document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement && state.show) go({ show: false }); });
window.addEventListener("beforeprint", printPages);
window.addEventListener("hashchange", recall);
$("back").addEventListener("click", back);
$("list").addEventListener("click", () => go({ list: !state.list, tile: null }));
$("print").addEventListener("click", () => { printPages(); window.print(); });
$("show").addEventListener("click", toggleShow);
$("place").replaceChildren(make("option", { value: "" }, words.wall_whole), ...data.communities.map((place) => make("option", { value: place }, place)));
$("place").hidden = data.communities.length < 2;
$("place").addEventListener("change", () => go({ place: $("place").value, part: null, tile: null }));
if (data.network) { $("network").hidden = false; $("network").href = data.network; }
$("tiles").replaceChildren(); // what stood here for browsers without scripts
if (matchMedia("(max-width: 760px)").matches) state.list = true; // a phone shows the list first
recall();
document.body.setAttribute("data-ready", "true");
