"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.captions, SVG = "http://www.w3.org/2000/svg";
const $ = (id) => document.getElementById(id);
const NAME = 0, SHORT = 1, PLACE = 2, TONE = 3, SAID = 4; // of a tile

/** An element with attributes and a text. */
function make(tag, attributes, text, space) {
  const made = space ? document.createElementNS(space, tag) : document.createElement(tag);
  Object.entries(attributes || {}).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The scenes of the street ("") or of a community. */
function scenesOf(place) { return data.scenes.filter((scene) => scene.place === place); }

/** The name of a tile in lines with a note below them, centred in its box. */
function letter(group, width, height, size, note, lines) {
  const high = (note ? data.least : 0) * data.leading;
  lines.forEach((line, index) => {
    const y = (height - high) / 2 + (index - (lines.length - 1) / 2) * size * data.leading + size * 0.36;
    group.append(make("text", { x: width / 2, y: y, "font-size": size }, line, SVG));
  });
  const y = (height + lines.length * size * data.leading) / 2 + data.least * 0.36;
  if (note) group.append(make("text", { x: width / 2, y: y, "font-size": data.least, class: "note" }, note, SVG));
}

/** A tile as it stands: [tile, x, y, width, height, tone, size, note, ...lines]. */
function tileMarks(group, stand) {
  const [index, , , width, height, tone, size, note, ...lines] = stand;
  group.setAttribute("class", "tile t-" + tone);
  group.replaceChildren(
    make("title", {}, data.tiles[index][NAME], SVG), make("rect", { width: width, height: height, rx: 3 }, undefined, SVG)
  );
  letter(group, width, height, size, note, lines);
}

/** Texts and lines of a scene; heads of communities lead there. */
function drawFrame(scene, texts, lines, isLive) {
  lines.replaceChildren(...scene.lines.map(([x, y, width]) => make("line", { x1: x, x2: x + width, y1: y, y2: y }, undefined, SVG)));
  texts.replaceChildren(...scene.texts.map(([x, y, said, size, role, place]) => {
    const text = make("text", { x: x, y: y, "font-size": size, class: role }, said, SVG);
    if (isLive && place && !scene.place && data.communities.length > 1) {
      text.setAttribute("role", "button");
      text.setAttribute("tabindex", "0");
      const enter = () => go({ place: place, part: null, tile: null });
      text.addEventListener("click", enter);
      text.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enter(); } });
    }
    return text;
  }));
}

const shown = new Map(); // the group of each tile that is on the screen
let focused = null; // the tile that Tab reaches

/** The tiles of a scene walk to their places; those that it does not have go. */
function drawTiles(scene) {
  const box = $("tiles"), wanted = new Set(scene.stands.map((stand) => stand[0]));
  shown.forEach((group, index) => { if (!wanted.has(index)) { group.remove(); shown.delete(index); } });
  scene.stands.forEach((stand) => {
    let group = shown.get(stand[0]);
    if (!group) {
      group = make("g", { role: "button", "data-tile": stand[0] }, undefined, SVG);
      group.addEventListener("click", () => go({ tile: stand[0] }));
      shown.set(stand[0], group);
      box.append(group);
    }
    tileMarks(group, stand);
    const tile = data.tiles[stand[0]];
    group.setAttribute("aria-label", [tile[NAME], tile[PLACE], tile[SAID]].filter(Boolean).join("，"));
    group.style.transform = "translate(" + stand[1] + "px," + stand[2] + "px)";
  });
  if (!shown.has(focused)) focused = scene.stands.length ? scene.stands[0][0] : null;
  shown.forEach((group, index) => group.setAttribute("tabindex", index === focused ? "0" : "-1"));
}

/** The nearest tile in a direction, for the arrow keys. */
function neighbour(scene, from, dx, dy) {
  const middle = (stand) => [stand[1] + stand[3] / 2, stand[2] + stand[4] / 2];
  const start = scene.stands.find((stand) => stand[0] === from);
  if (!start) return null;
  const [x, y] = middle(start);
  let best = null, least = Infinity;
  scene.stands.forEach((stand) => {
    const [u, v] = middle(stand), along = (u - x) * dx + (v - y) * dy, across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
    if (stand[0] !== from && along > 1 && along + 3 * across < least) { least = along + 3 * across; best = stand[0]; }
  });
  return best;
}

/** Puts the focus of the keyboard on a tile. */
function focusTile(index) {
  if (shown.has(focused)) shown.get(focused).setAttribute("tabindex", "-1");
  focused = index;
  const group = shown.get(index);
  group.setAttribute("tabindex", "0");
  group.focus();
}
