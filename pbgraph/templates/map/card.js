// The card of a node or a tie: what it is, its findings with their rule, its ties, the rows behind it.
const FIRST_TIES = 12;
const FARTHEST = 3;

function select(number, isMoved) {
  if (view.picking !== null) return findPath(view.picking, number);
  if (number !== view.selected) view.path = null;
  view.selected = number;
  view.tie = null;
  foldsInto[number].forEach((parent) => view.folded.delete(parent));
  if (!view.kinds.has(spec.nodes[number].kind)) {
    view.kinds.add(spec.nodes[number].kind);
    renderLegend();
  }
  if (!at[number].isIn) showView(0, false);
  refreshShown();
  if (isMoved) goTo(number);
  else network.redraw();
  renderCard();
}

function selectTie(number) {
  view.selected = null;
  view.path = null;
  view.tie = number;
  const edge = spec.edges[number];
  const card = emptied(byId("card"));
  card.appendChild(button(words.card_close, unselect, "close"));
  card.appendChild(element("h2", words.card_tie));
  const line = element("p", null, "tie");
  line.appendChild(button(spec.nodes[edge.from].name, () => select(edge.from, true)));
  line.appendChild(element("span", ` ${relationOf.get(edge.relation).words[0]} `));
  line.appendChild(button(spec.nodes[edge.to].name, () => select(edge.to, true)));
  card.appendChild(line);
  if (edge.note) card.appendChild(element("p", edge.note));
  renderRows(card, sourceLines(edge.rows));
  network.redraw();
  remember();
}

function unselect() {
  view.selected = null;
  view.tie = null;
  view.path = null;
  view.picking = null;
  view.near = null;
  view.steps = 0;
  refreshShown();
  network.redraw();
  const card = emptied(byId("card"));
  card.appendChild(element("p", words.card_empty, "quiet"));
}

function renderCard() {
  const node = spec.nodes[view.selected];
  const card = emptied(byId("card"));
  card.appendChild(button(words.card_close, unselect, "close"));
  card.appendChild(element("h2", node.name));
  renderActions(card);
  const facts = element("dl");
  for (let place = 0; place < node.facts.length; place += 2) {
    facts.appendChild(element("dt", spec.texts[node.facts[place]]));
    facts.appendChild(element("dd", spec.texts[node.facts[place + 1]]));
  }
  card.appendChild(facts);
  if (node.findings.length) {
    card.appendChild(element("h3", words.card_findings));
    node.findings.forEach((finding) => {
      const made = element("div", said(finding, view.selected), "finding");
      made.appendChild(element("small", [...spec.rules[finding[0]], words[finding[1]]].join(" · ")));
      card.appendChild(made);
    });
  }
  renderTies(card);
  if (node.people.length) {
    card.appendChild(element("h3", `${words.card_people} (${node.people.length})`));
    card.appendChild(element("p", node.people.join("、"), "people"));
  }
  renderRows(card, sourceLines(node.rows));
  byId("card").parentNode.scrollTop = 0;
}

function renderRows(card, sources) {
  card.appendChild(element("h3", words.card_sources));
  const rows = element("ul", null, "rows");
  sources.forEach((source) => rows.appendChild(element("li", source)));
  card.appendChild(rows);
}

// Focus on the neighbourhood, the path to another node, and the units of an organization.
function renderActions(card) {
  const line = element("p", null, "actions");
  for (let steps = 1; steps <= FARTHEST; steps += 1) {
    const made = button(filled(words.focus, { n: steps }), () => focusOn(view.steps === steps ? 0 : steps));
    made.setAttribute("aria-pressed", String(view.steps === steps));
    made.dataset.steps = String(steps);
    line.appendChild(made);
  }
  const path = button(words.path, () => {
    view.picking = view.selected;
    byId("notice").textContent = words.path_pick;
    byId("search").focus();
  });
  path.id = "path";
  line.appendChild(path);
  const number = view.selected;
  if (insideOf[number].length) {
    const fold = button(filled(words.unfold, { n: insideOf[number].length }), () => toggleFold(number));
    fold.id = "fold";
    fold.setAttribute("aria-pressed", String(view.folded.has(number)));
    line.appendChild(fold);
  }
  card.appendChild(line);
  const notice = element("p", view.path ? filled(words.path_found, { name: spec.nodes[view.path[view.path.length - 1]].name, n: view.path.length - 1 }) : "", "notice");
  notice.id = "notice";
  notice.setAttribute("role", "status");
  card.appendChild(notice);
  if (view.path) {
    const list = element("ol", null, "way");
    view.path.forEach((step) => { const row = element("li"); row.appendChild(button(spec.nodes[step].name, () => { goTo(step); })); list.appendChild(row); });
    card.appendChild(list);
  }
}

// To stand in the same place is no contact.
const isContact = (tie) => relationOf.get(spec.edges[tie].relation).layer !== "place";

// The nodes within some steps over the ties of the layers that are shown, or over all of them where none is.
function neighbours(number) {
  const own = tiesOf[number].filter((tie) => view.relations.has(spec.edges[tie].relation));
  return (own.length ? own : tiesOf[number].filter(isContact)).map((tie) => (spec.edges[tie].from === number ? spec.edges[tie].to : spec.edges[tie].from));
}

function focusOn(steps) {
  view.steps = steps;
  view.near = null;
  if (steps) {
    const near = new Set([view.selected]);
    let edge = [view.selected];
    for (let step = 0; step < steps; step += 1) {
      const next = [];
      edge.forEach((number) => neighbours(number).forEach((other) => { if (!near.has(other)) { near.add(other); next.push(other); } }));
      edge = next;
    }
    near.forEach((number) => { view.kinds.add(spec.nodes[number].kind); foldsInto[number].forEach((parent) => view.folded.delete(parent)); });
    if (Array.from(near).some((number) => !at[number].isIn)) showView(0, false);
    view.near = near;
    renderLegend();
  }
  refreshShown();
  showAll(true);
  renderCard();
}

// Fewest steps over every tie of the map but those of place, whatever is shown.
function findPath(start, goal) {
  view.picking = null;
  const before = new Map([[start, null]]);
  const queue = [start];
  for (let place = 0; place < queue.length && !before.has(goal); place += 1) {
    tiesOf[queue[place]].filter(isContact).forEach((tie) => {
      const other = spec.edges[tie].from === queue[place] ? spec.edges[tie].to : spec.edges[tie].from;
      if (!before.has(other)) { before.set(other, queue[place]); queue.push(other); }
    });
  }
  view.selected = start;
  view.tie = null;
  if (!before.has(goal)) {
    view.path = null;
    renderCard();
    byId("notice").textContent = filled(words.path_none, { name: spec.nodes[goal].name });
    return;
  }
  const way = [];
  for (let step = goal; step !== null; step = before.get(step)) way.unshift(step);
  view.path = way;
  if (way.some((number) => !at[number].isIn)) showView(0, false);
  refreshShown();
  renderCard();
  const [left, right, top, bottom] = extent((number) => way.indexOf(number) >= 0);
  const box = byId("map").getBoundingClientRect();
  fitTo([left - 60, right + 60, top - 60, bottom + 60], box.width, box.height, true);
}

function toggleFold(number) {
  if (view.folded.has(number)) view.folded.delete(number);
  else view.folded.add(number);
  refreshShown();
  network.redraw();
  if (view.selected === number) renderCard();
}

function foldAll(isFolded) {
  view.folded = new Set(isFolded ? groups() : []);
  refreshShown();
  network.redraw();
}

function renderTies(card) {
  const ties = tiesOf[view.selected].slice().sort((a, b) => (spec.edges[a].relation < spec.edges[b].relation ? -1 : spec.edges[a].relation > spec.edges[b].relation ? 1 : a - b));
  if (!ties.length) return;
  card.appendChild(element("h3", `${words.card_ties} (${ties.length})`));
  const list = element("ul");
  const add = (number) => {
    const edge = spec.edges[number];
    const isOut = edge.from === view.selected;
    const there = isOut ? edge.to : edge.from;
    const row = element("li", `${relationOf.get(edge.relation).words[isOut ? 0 : 1]} `);
    row.appendChild(button(spec.nodes[there].name, () => select(there, true)));
    row.appendChild(element("small", [edge.note, sourceLines(edge.rows).join("；")].filter(Boolean).join(" — ")));
    list.appendChild(row);
  };
  ties.slice(0, FIRST_TIES).forEach(add);
  card.appendChild(list);
  if (ties.length > FIRST_TIES) {
    const more = button(filled(words.see_all, { n: ties.length }), () => {
      ties.slice(FIRST_TIES).forEach(add);
      card.removeChild(more);
    });
    card.appendChild(more);
  }
}

network.on("click", (event) => {
  const number = network.getNodeAt(event.pointer.DOM);
  if (number !== undefined && isShown(number)) return select(number, false);
  const tie = network.getEdgeAt(event.pointer.DOM);
  if (tie !== undefined && view.picking === null) return selectTie(tie);
  return unselect();
});
network.on("doubleClick", (event) => {
  const number = network.getNodeAt(event.pointer.DOM);
  if (number !== undefined && insideOf[number].length) toggleFold(number);
});
