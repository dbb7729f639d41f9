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
function scenesOf(place) {
  return [...data.scenes.filter((scene) => scene.place === place), ...(data.ties.length ? [{ key: RELATIONS, place: place, label: words.wall_network }] : [])];
}

/** The name of a tile in lines with a note below them, centred in its box. */
function letter(group, width, height, size, note, lines, noteSize) {
  const high = (note ? noteSize : 0) * data.leading;
  lines.forEach((line, index) => {
    const y = (height - high) / 2 + (index - (lines.length - 1) / 2) * size * data.leading + size * 0.36;
    group.append(make("text", { x: width / 2, y: y, "font-size": size }, line, SVG));
  });
  const y = (height + lines.length * size * data.leading) / 2 + noteSize * 0.36;
  if (note) group.append(make("text", { x: width / 2, y: y, "font-size": noteSize, class: "note" }, note, SVG));
}

/** A tile as it stands: [tile, x, y, width, height, tone, size, note, ...lines]. */
function tileMarks(group, stand, noteSize) {
  const [index, , , width, height, tone, size, note, ...lines] = stand;
  group.setAttribute("class", "tile t-" + tone + (data.groups[index] === "organizations" ? " organization" : ""));
  group.replaceChildren(
    make("title", {}, data.tiles[index][NAME], SVG), make("rect", { width: width, height: height, rx: 3 }, undefined, SVG)
  );
  letter(group, width, height, size, note, lines, noteSize || data.least);
}

/** Texts and lines of a scene; heads of communities lead there. */
function drawFrame(scene, texts, lines, isLive) {
  lines.replaceChildren(
    ...scene.lines.map(([x, y, width]) => make("line", { x1: x, x2: x + width, y1: y, y2: y }, undefined, SVG)),
    ...(scene.rings || []).map((ring) => make("ellipse", { cx: data.width / 2, cy: data.height / 2, rx: ring.rx, ry: ring.ry, class: "orbit" }, undefined, SVG)), ...tieMarks(scene)
  );
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

/** Each tie of a scene as a line of its own; those that join the same two bend apart. */
function tieMarks(scene) {
  const at = new Map(scene.stands.map((one) => [one[0], [one[1] + one[3] / 2, one[2] + one[4] / 2]])), pairs = new Map(), turns = new Map();
  const pairOf = (tie) => [tie[FROM], tie[TO]].sort((a, b) => a - b).join(" ");
  (scene.ties || []).forEach((tie) => pairs.set(pairOf(tie), (pairs.get(pairOf(tie)) || 0) + 1));
  return (scene.ties || []).map((tie) => {
    const pair = pairOf(tie), turn = turns.get(pair) || 0, [one, other] = pair.split(" ").map(Number), [x, y] = at.get(one), [u, v] = at.get(other);
    turns.set(pair, turn + 1);
    const bend = (turn - (pairs.get(pair) - 1) / 2) * 44, far = Math.hypot(u - x, v - y) || 1;
    const path = "M" + x + " " + y + " Q" + ((x + u) / 2 - ((v - y) / far) * bend) + " " + ((y + v) / 2 + ((u - x) / far) * bend) + " " + u + " " + v;
    return make("path", { d: path, class: "tie" + (isBridge(tie) ? " bridge" : "") + ([tie[FROM], tie[TO]].includes(state.centre) ? "" : " far"), "data-ends": pair }, undefined, SVG);
  });
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
      group.addEventListener("click", () => choose(stand[0]));
      ["mouseenter", "focus"].forEach((name) => group.addEventListener(name, () => heldTies(stand[0])));
      ["mouseleave", "blur"].forEach((name) => group.addEventListener(name, () => heldTies(null)));
      shown.set(stand[0], group);
      box.append(group);
    }
    tileMarks(group, stand, scene.noteSize);
    const tile = data.tiles[stand[0]];
    group.setAttribute("aria-label", [tile[NAME], tile[PLACE], tile[SAID], ...toldOf(scene, stand[0])].filter(Boolean).join("，"));
    group.style.transform = "translate(" + stand[1] + "px," + stand[2] + "px)";
  });
  if (!shown.has(focused)) focused = scene.stands.length ? scene.stands[0][0] : null;
  shown.forEach((group, index) => group.setAttribute("tabindex", index === focused ? "0" : "-1"));
}

/** What a scene of ties tells of a body: its step, and what it is to the ring before. */
function toldOf(scene, index) { return scene.told ? scene.told.get(index) || [] : []; }

/** The lines of one body stand out while it is pointed at. */
function heldTies(index) {
  document.querySelectorAll("#lines .tie").forEach((line) => line.classList.toggle("held", index !== null && line.dataset.ends.split(" ").includes(String(index))));
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
