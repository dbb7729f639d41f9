// The card of a node: what it is, its findings with their rule, its ties, the rows behind it.
const FIRST_TIES = 12;

function select(number, isMoved) {
  view.selected = number;
  const kind = spec.nodes[number].kind;
  if (!view.kinds.has(kind)) {
    view.kinds.add(kind);
    refreshShown();
    renderLegend();
  }
  if (isMoved) goTo(number);
  else network.redraw();
  renderCard();
}

function unselect() {
  view.selected = null;
  network.redraw();
  const card = emptied(byId("card"));
  card.appendChild(element("p", words.card_empty, "quiet"));
}

function renderCard() {
  const node = spec.nodes[view.selected];
  const card = emptied(byId("card"));
  card.appendChild(button(words.card_close, unselect, "close"));
  card.appendChild(element("h2", node.name));
  const facts = element("dl");
  node.facts.forEach(([label, value]) => {
    facts.appendChild(element("dt", label));
    facts.appendChild(element("dd", value));
  });
  card.appendChild(facts);
  if (node.findings.length) {
    card.appendChild(element("h3", words.card_findings));
    node.findings.forEach((finding) => {
      const made = element("div", finding[0], "finding");
      made.appendChild(element("small", `${finding[1]} · ${finding[2]} · ${finding[3]} · ${finding[4]}`));
      card.appendChild(made);
    });
  }
  renderTies(card);
  card.appendChild(element("h3", words.card_sources));
  const rows = element("ul", null, "rows");
  node.sources.forEach((source) => rows.appendChild(element("li", source)));
  card.appendChild(rows);
  byId("card").parentNode.scrollTop = 0;
}

function renderTies(card) {
  const ties = tiesOf[view.selected];
  if (!ties.length) return;
  card.appendChild(element("h3", `${words.card_ties} (${ties.length})`));
  const list = element("ul");
  const add = (number) => {
    const edge = spec.edges[number];
    const isOut = edge.from === view.selected;
    const there = isOut ? edge.to : edge.from;
    const row = element("li", `${edge.label[isOut ? 0 : 1]} `);
    row.appendChild(button(spec.nodes[there].name, () => select(there, true)));
    row.appendChild(element("small", [edge.note, edge.sources.join("；")].filter(Boolean).join(" — ")));
    list.appendChild(row);
  };
  ties.slice(0, FIRST_TIES).forEach(add);
  card.appendChild(list);
  if (ties.length > FIRST_TIES) {
    const more = button(words.see_all.replace("{n}", String(ties.length)), () => {
      ties.slice(FIRST_TIES).forEach(add);
      card.removeChild(more);
    });
    card.appendChild(more);
  }
}

network.on("click", (event) => {
  const number = network.getNodeAt(event.pointer.DOM);
  if (number !== undefined && isShown(number)) select(number, false);
  else unselect();
});
