(function () {
"use strict";
// The data of the page and the state of the view. Text from workbooks is only ever set as textContent.
const spec = JSON.parse(document.getElementById("data").textContent);
const words = spec.captions;
const byId = (id) => document.getElementById(id);
const kindOf = new Map(spec.kinds.map((kind) => [kind.key, kind]));
const layerOf = new Map(spec.layers.map((layer) => [layer.key, layer]));
const kindKeys = spec.kinds.map((kind) => kind.key);
const layerKeys = spec.layers.map((layer) => layer.key);
const tiesOf = spec.nodes.map(() => []);
spec.edges.forEach((edge, number) => {
  tiesOf[edge.from].push(number);
  if (edge.to !== edge.from) tiesOf[edge.to].push(number);
});

const view = { scene: 0, kinds: new Set(kindKeys), layers: new Set(), selected: null };

const isShown = (number) => view.kinds.has(spec.nodes[number].kind);

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
