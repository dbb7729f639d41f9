// One state: scene, community, the part of title or key that is picked ("title 1", "legend 0"), tile, list, show mode;
// of the scene of ties the body in the middle, steps, kinds (null for all), and where it was come from.
const state = { scene: data.scenes.length ? data.scenes[0].key : "", place: "", part: null, tile: null, list: false, show: false, centre: null, steps: 1, kinds: null, trail: [] };
const PHONE = "(max-width: 760px)";

function current() {
  if (state.scene === RELATIONS && data.ties.length) return relationScene();
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
  if (state.tile === null && !state.list && state.part === null && state.scene === RELATIONS && state.trail.length) { go(state.trail.pop()); return; }
  const steps = [["tile", null], ["list", false], ["part", null], ["show", false], ...(state.scene === RELATIONS ? [["kinds", null], ["centre", null]] : []), ["place", ""], ["scene", data.scenes[0].key]];
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
function place(panel, scene, arcs) {
  const stand = scene.stands.find((one) => one[0] === state.tile);
  if (!stand) { panel.className = "beside"; return; }
  const covered = (far) => [...arcs.map((arc) => arc.x), ...[stand[1], stand[1], stand[1]]].filter((x) => (far ? x > data.width * 0.7 : x < data.width * 0.3)).length;
  panel.className = covered(true) > covered(false) ? "left" : "right";
}

function render() {
  const scene = current();
  document.documentElement.classList.toggle("show", state.show);
  document.documentElement.classList.toggle("relations", state.scene === RELATIONS);
  $("scenes").replaceChildren(...scenesOf(state.place).map((one) => {
    const button = make("button", { type: "button", "aria-current": String(one.key === scene.key) }, one.label);
    button.addEventListener("click", () => { state.trail = []; go({ scene: one.key }); });
    return button;
  }));
  if (!scene) return;
  $("title").replaceChildren(...scene.title.map((part, index) => partButton("title", index, part, false)));
  $("legend").replaceChildren(...scene.legend.map((part, index) => partButton("legend", index, part, true)));
  drawFrame(scene, $("texts"), $("lines"), true);
  drawTiles(scene);
  drawChips(scene);
  const part = picked(scene), arcs = state.tile === null ? [] : arcsOf(scene, state.tile), ends = new Set(arcs.map((arc) => arc.tile));
  const chosen = state.tile !== null && scene.key !== RELATIONS ? new Set([state.tile, ...ends]) : part ? new Set(part[2]) : null;
  shown.forEach((group, index) => {
    group.classList.toggle("faded", chosen !== null && !chosen.has(index));
    group.classList.toggle("chosen", index === state.tile || (scene.key === RELATIONS && index === state.centre));
  });
  const places = new Set([...(arcs.length ? [data.tiles[state.tile][PLACE]] : []), ...arcs.map((arc) => arc.place)]);
  $("texts").classList.toggle("faded", arcs.length > 0);
  [...$("texts").children].forEach((text, at) => text.classList.toggle("end", places.has(scene.texts[at][5])));
  drawArcs(arcs);
  $("left").textContent = (scene.left || []).join("；");
  const panel = $("panel");
  panel.hidden = state.tile === null && !state.list;
  place(panel, scene, arcs);
  if (state.tile !== null) cardPanel(state.tile);
  else if (state.list) listPanel(part ? part[0] : scene.title[0][0], part ? part[2] : scene.bodies || scene.stands.map((stand) => stand[0]));
  $("list").setAttribute("aria-pressed", String(state.list));
  $("place").value = state.place;
  $("back").hidden = !(state.place || state.part || state.list || state.tile !== null || (scene.key === RELATIONS && state.centre !== null));
}

/** The state as the address says it, so that a link shows the same. */
function remember() {
  const said = new URLSearchParams();
  if (state.scene) said.set("scene", state.scene);
  if (state.place) said.set("place", state.place);
  if (state.part) said.set("part", state.part);
  if (state.tile !== null) said.set("unit", addressOf(state.tile));
  if (state.scene === RELATIONS && state.centre !== null) { said.set("centre", addressOf(state.centre)); said.set("steps", state.steps); }
  if (state.scene === RELATIONS && state.kinds) said.set("kinds", state.kinds.map(kindAddress).join(" "));
  if (state.list) said.set("list", "1");
  history.replaceState(null, "", "#" + said.toString());
}

/** The name of a body, with a number from the second of that name on. */
function addressOf(index) {
  const before = data.tiles.slice(0, index).filter((tile) => tile[NAME] === data.tiles[index][NAME]).length;
  return data.tiles[index][NAME] + (before ? "~" + (before + 1) : "");
}

function bodyAt(address) {
  const found = data.tiles.findIndex((tile, index) => address !== null && address.startsWith(tile[NAME]) && addressOf(index) === address);
  return found < 0 ? null : found;
}

function kindAddress(kind) { return data.kinds[kind][CODE] + (data.kinds[kind][PERSONS] ? "~2" : ""); }

function recall() {
  const said = new URLSearchParams(location.hash.slice(1)), chosen = (said.get("kinds") || "").split(" ");
  const kinds = data.kinds.map((_, kind) => kind).filter((kind) => chosen.includes(kindAddress(kind)));
  go({
    centre: bodyAt(said.get("centre")), steps: STEPS.find((step) => String(step) === said.get("steps")) || 1, kinds: kinds.length ? kinds : null,
    scene: said.get("scene") || state.scene, place: data.communities.includes(said.get("place")) ? said.get("place") : "",
    part: /^(title|legend) \d+$/.test(said.get("part") || "") ? said.get("part") : null, tile: bodyAt(said.get("unit")), list: state.list || said.get("list") === "1",
  });
}

function step(by) {
  const scenes = scenesOf(state.place), at = scenes.findIndex((scene) => scene.key === state.scene);
  const next = scenes[at + by];
  if (next) { state.trail = []; go({ scene: next.key, part: null, tile: null, list: false }); }
}

function toggleShow() {
  if (!state.show && document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
  if (state.show && document.fullscreenElement) document.exitFullscreen();
  go({ show: !state.show });
}

/** A tile that is clicked: its card, but in the scene of ties it goes into the middle. */
function choose(index) {
  if (state.scene !== RELATIONS || state.centre === index) go({ tile: index });
  else openRelations(index);
}

/** So many steps around what is chosen: the body in the middle, the tile, the community. */
function lookAround(steps) {
  const index = state.scene === RELATIONS ? state.centre : state.tile !== null ? state.tile : state.place ? data.homes[state.place] : null;
  if (index === null || index === undefined) go({ scene: RELATIONS, part: null });
  else openRelations(index, steps);
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
  if (tile && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); choose(Number(tile.dataset.tile)); return; }
  if (data.ties.length && STEPS.includes(Number(event.key))) { lookAround(Number(event.key)); return; }
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
$("tiles").replaceChildren(); // what stood here for browsers without scripts
if (matchMedia(PHONE).matches) state.list = true; // a phone shows the list first
recall();
document.body.setAttribute("data-ready", "true");
