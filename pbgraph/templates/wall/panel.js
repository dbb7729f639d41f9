/** What a tile is in the scene on the screen: as its key calls the look that it has there. */
function saidOf(index) {
  const scene = current(), stand = scene.stands.find((one) => one[0] === index);
  const part = stand && scene.legend.find(([, tone]) => tone === stand[5]);
  return part ? part[0] : data.tiles[index][SAID];
}

/** The panel with the list of some tiles: each leads to its card, and all of them go into a CSV. */
function listPanel(title, tiles) {
  const panel = $("panel"), table = make("table"), body = make("tbody"), scene = current(), said = [];
  tiles.forEach((index) => {
    const tile = data.tiles[index], row = make("tr"), name = make("td"), button = make("button", { type: "button" }, tile[NAME]);
    button.addEventListener("click", () => choose(index));
    name.append(button);
    row.append(name, make("td", {}, tile[PLACE]), make("td", {}, saidOf(index)), ...toldOf(scene, index).map((told) => make("td", {}, told)));
    body.append(row);
  });
  table.append(body);
  if (scene.key === RELATIONS && !state.part) said.push(...(state.centre === null ? [] : [...rolesOf(state.centre), words.rel_drawn_first]), ...scene.left);
  const csv = make("button", { type: "button", class: "csv" }, words.csv);
  csv.addEventListener("click", () => saveCsv(title, tiles));
  panel.replaceChildren(make("h2", {}, title), closeButton(), ...said.map((one) => make("p", {}, one)), csv, table);
}

/** The card of a tile: facts, what the rules say, its ties by kind, the rows it comes from. */
function cardPanel(index) {
  const tile = data.tiles[index], card = data.cards[index], panel = $("panel");
  const parts = [make("h2", {}, tile[NAME]), closeButton()];
  if (touching[index].length && state.centre !== index) {
    const open = make("button", { type: "button", class: "csv" }, words.rel_open);
    open.addEventListener("click", () => openRelations(index, 1));
    parts.push(open);
  }
  const facts = make("dl");
  (card.facts || [[words.col_community, tile[PLACE]], [words.col_state, tile[SAID]]]).forEach(([label, value]) => {
    facts.append(make("dt", {}, label), make("dd", {}, value));
  });
  parts.push(facts);
  if (card.found && card.found.length) {
    const list = make("ul");
    card.found.forEach(([sure, said]) => list.append(make("li", {}, said + "（" + sure + "）")));
    parts.push(make("h3", {}, words.card_findings), list);
  }
  rolesOf(index).forEach((said) => parts.push(make("p", {}, said)));
  const ties = tiesOf(index), n = touching[index].filter((tie) => counts(tie, null)).length;
  if (ties.length) parts.push(make("h3", {}, words.card_ties + " " + n));
  ties.forEach(([relation, ends]) => {
    const list = make("ul");
    ends.forEach(([other, tie]) => {
      const item = make("li", {}, data.tiles[other][NAME] + (tie[NOTE] ? "（" + tie[NOTE] + "）" : ""));
      rowsSaid(tie).forEach((said) => item.append(make("small", {}, said)));
      list.append(item);
    });
    parts.push(make("h3", {}, relation + " " + ends.length), list);
  });
  if (card.rows && card.rows.length) {
    const list = make("ul", { class: "rows" });
    card.rows.forEach((source) => list.append(make("li", {}, sourceSaid(source))));
    parts.push(make("h3", {}, words.card_sources), list);
  }
  panel.replaceChildren(...parts);
}

function closeButton() {
  const button = make("button", { type: "button", class: "close", "aria-label": words.card_close }, "×");
  button.addEventListener("click", back);
  return button;
}

/** A text that no spreadsheet takes for a formula, between quotation marks. */
function csvCell(text) { return '"' + (/^[=+\-@＝＋－＠\t\r]/.test(text) ? "'" : "") + text.replace(/"/g, '""') + '"'; }

function saveCsv(title, tiles) {
  const scene = current(), isTold = Boolean(scene.told);
  const rows = tiles.map((index) => [data.tiles[index][PLACE], data.tiles[index][NAME], saidOf(index), ...toldOf(scene, index)]);
  const heads = [words.col_community, isTold ? words.col_name : words.col_unit, words.col_state, ...(isTold ? [words.col_step, words.card_ties] : [])];
  const lines = [heads, ...rows].map((row) => row.map(csvCell).join(","));
  const link = make("a", { download: title.replace(/[\\/:*?"<>|]/g, " ") + ".csv" });
  link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** What is printed: the scene, and one page for each community where it is the street's; the plan with its list to sign. */
function printPages() {
  const scene = current();
  if (scene.key === RELATIONS) { $("pages").replaceChildren(pageOf(scene), ...(scene.left.length && state.centre !== null ? [tiesList(scene)] : [])); return; }
  const places = scene.place || scene.key === "plan" ? [scene.place] : ["", ...data.communities];
  const pages = places.map((place) => data.scenes.find((one) => one.key === scene.key && one.place === place)).filter(Boolean);
  $("pages").replaceChildren(...pages.map(pageOf), ...(scene.key === "plan" ? [signList(scene)] : []));
}

function pageOf(scene) {
  const page = make("section", { class: scene.key === RELATIONS ? "ties" : "" }), svg = make("svg", { viewBox: "0 0 " + data.width + " " + data.height }, undefined, SVG);
  const lines = make("g", {}, undefined, SVG), texts = make("g", {}, undefined, SVG), tiles = make("g", {}, undefined, SVG);
  drawFrame(scene, texts, lines, false);
  scene.stands.forEach((stand) => {
    const group = make("g", { transform: "translate(" + stand[1] + " " + stand[2] + ")" }, undefined, SVG);
    tileMarks(group, stand, scene.noteSize);
    tiles.append(group);
  });
  svg.append(lines, texts, tiles);
  const title = make("h1"), legend = make("p", { class: "legend" });
  scene.title.forEach(([said, tone]) => title.append(make("span", { class: "part key-" + tone }, said)));
  scene.legend.forEach(([said, tone, tiles]) => { const key = make("span", { class: "key" }); key.append(make("i", { class: "key-" + tone }), said + " " + tiles.length); legend.append(key); });
  page.append(title, legend, svg, make("p", { class: "foot-line" }, $("foot").textContent));
  return page;
}

/** Every body of a scene of ties, those that are not drawn too. */
function tiesList(scene) {
  const heads = [words.col_name, words.col_community, words.col_state, words.col_step, words.card_ties];
  const page = printedTable(heads, scene.bodies.map((index) => [data.tiles[index][NAME], data.tiles[index][PLACE], saidOf(index), ...toldOf(scene, index)]));
  page.prepend(...scene.left.map((said) => make("p", {}, said)));
  return page;
}

/** The list that is signed: who, by when, and whether it is done. */
function signList(scene) {
  const heads = ["", words.col_community, words.col_unit, words.col_state, words.col_person, words.col_deadline, words.col_closed];
  const rows = scene.stands.map(([index], number) => [number + 1, data.tiles[index][PLACE], data.tiles[index][NAME], data.tiles[index][SAID], "", "", ""]);
  return printedTable(heads, rows, 4);
}

/** A page with a table; columns from `wide` on are to be written in. */
function printedTable(heads, rows, wide) {
  const page = make("section"), table = make("table"), head = make("tr"), body = make("tbody"), top = make("thead");
  heads.forEach((said, at) => head.append(make("th", at >= wide ? { class: "wide" } : {}, said)));
  rows.forEach((cells) => { const row = make("tr"); cells.forEach((said) => row.append(make("td", {}, String(said)))); body.append(row); });
  top.append(head);
  table.append(top, body);
  page.append(table, make("p", { class: "foot-line" }, $("foot").textContent));
  return page;
}
