(function () {
"use strict";
// The data of the page and the state of the view. Text from workbooks is only ever set as textContent.
const spec = JSON.parse(document.getElementById("data").textContent);
// Nodes and ties come as columns.
function asRows(table) {
  const keys = Object.keys(table);
  return keys.length ? table[keys[0]].map((value, place) => { const row = {}; keys.forEach((key) => { row[key] = table[key][place]; }); return row; }) : [];
}
spec.nodes = asRows(spec.nodes);
spec.edges = asRows(spec.edges);
const words = spec.captions;
const byId = (id) => document.getElementById(id);
const kindOf = new Map(spec.kinds.map((kind) => [kind.key, kind]));
const kindKeys = spec.kinds.map((kind) => kind.key);
const relationOf = new Map();
spec.layers.forEach((layer) => layer.relations.forEach((relation) => relationOf.set(relation.key, Object.assign({ color: layer.color, layer: layer.key }, relation))));
const tiesOf = spec.nodes.map(() => []);
spec.edges.forEach((edge, number) => {
  tiesOf[edge.from].push(number);
  tiesOf[edge.to].push(number);
});
// What folds into what: units into their organization, a community into its own organization, members of a
// committee into it, and what is in a grid into the grid.
const insideOf = spec.nodes.map(() => []);
const foldsInto = spec.nodes.map(() => []);
function holds(parent, child) {
  if (parent === child || foldsInto[child].indexOf(parent) >= 0) return;
  insideOf[parent].push(child);
  foldsInto[child].push(parent);
}
const headOf = new Map();
spec.nodes.forEach((node, number) => {
  if (node.anchor >= 0) holds(node.anchor, number);
  if (node.kind === "community" && !headOf.has(node.place)) headOf.set(node.place, number);
});
spec.nodes.forEach((node, number) => { if (headOf.has(node.place) && node.kind !== "community" && node.kind !== "committee") holds(headOf.get(node.place), number); });
spec.edges.forEach((edge) => { if (["committee", "grid"].indexOf(spec.nodes[edge.to].kind) >= 0) holds(edge.to, edge.from); });
const isGroup = (number) => insideOf[number].length > 0 && ["community", "committee", "grid"].indexOf(spec.nodes[number].kind) < 0;
const groups = () => spec.nodes.map((node, number) => number).filter(isGroup);
const FOLD_FROM = 1200; // nodes: above it the units of an organization are folded at first
const MANY_NODES = 1500; // above it nothing moves slowly
const isCalm = () => spec.nodes.length > MANY_NODES || matchMedia("(prefers-reduced-motion: reduce)").matches;

const view = {
  scene: 0, layout: 0, kinds: new Set(kindKeys), relations: new Set(), selected: null, tie: null,
  place: "", rule: "", sure: "", steps: 0, near: null, path: null, picking: null,
  folded: new Set(spec.nodes.length > FOLD_FROM ? groups() : []),
};

// Where each node stands now; the positions of a view come from the page, null where it is not in it.
const at = spec.nodes.map((node) => ({ x: node.x, y: node.y, isIn: true }));

function isShown(number) {
  const node = spec.nodes[number];
  if (number === view.selected || (view.path && view.path.indexOf(number) >= 0)) return at[number].isIn;
  if (!at[number].isIn || !view.kinds.has(node.kind) || foldsInto[number].some((parent) => view.folded.has(parent))) return false;
  if (view.place && node.place !== view.place && node.kind !== "street") return false;
  if ((view.rule || view.sure) && !node.findings.some(([rule, sure]) => (!view.rule || rule === view.rule) && (!view.sure || sure === view.sure))) return false;
  return !view.near || view.near.has(number);
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(text, action, className) {
  const made = element("button", text, className);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function emptied(node) {
  while (node.firstChild) node.removeChild(node.firstChild);
  return node;
}

// What a finding says of a node: sentences are held once, with the name left open.
const NAME = "\u0001";
const said = (finding, number) => spec.texts[finding[2]].split(NAME).join(spec.nodes[number].name);

// Rows of provenance as a reader says them: file, sheet and row.
function sourceLines(rows) {
  const lines = [];
  for (let place = 0; place < rows.length; place += 2) {
    const [file, sheet] = spec.sheets[rows[place]];
    lines.push(filled(words.source_row, { file, sheet, row: rows[place + 1] }));
  }
  return lines;
}

// A sentence of the captions with its numbers and names; a function, so that "$&" in a name stays as it is.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
