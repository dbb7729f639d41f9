// A table beside the picture: the same filter, the same selection; sorted by any column, kept as CSV.
const FIRST_ROWS = 300;
const COLUMNS = [
  [words.col_name, (node) => node.name], [words.col_kind, (node) => kindOf.get(node.kind).label], [words.col_community, (node) => node.place],
  [words.fact_members, (node) => node.members], [words.col_ties, (node, number) => tiesOf[number].length], [words.col_findings, (node, number) => node.findings.map((finding) => said(finding, number)).join("；")],
];
let sortedBy = 0;
let isDescending = false;
let isWhole = false;

function shownRows() {
  const rows = spec.nodes.map((node, number) => number).filter((number) => isShown(number)).map((number) => ({ number, cells: COLUMNS.map(([, of]) => of(spec.nodes[number], number)) }));
  const turn = isDescending ? -1 : 1;
  rows.sort((a, b) => {
    const left = a.cells[sortedBy], right = b.cells[sortedBy];
    if (left === null || right === null) return (left === null) - (right === null) || a.number - b.number;
    return turn * (typeof left === "number" ? left - right : left.localeCompare(right, "zh-CN")) || a.number - b.number;
  });
  return rows;
}

function refreshTable() {
  if (byId("sheet").hidden) return;
  const head = emptied(byId("sheet-head"));
  COLUMNS.forEach(([label], place) => {
    const cell = element("th");
    cell.scope = "col";
    cell.setAttribute("aria-sort", place === sortedBy ? (isDescending ? "descending" : "ascending") : "none");
    cell.appendChild(button(label + (place === sortedBy ? (isDescending ? " ↓" : " ↑") : ""), () => {
      isDescending = place === sortedBy ? !isDescending : false;
      sortedBy = place;
      refreshTable();
      byId("sheet-head").children[place].firstChild.focus();
    }));
    head.appendChild(cell);
  });
  const rows = shownRows();
  const body = emptied(byId("sheet-body"));
  (isWhole ? rows : rows.slice(0, FIRST_ROWS)).forEach((row) => {
    const line = element("tr");
    if (row.number === view.selected) line.className = "chosen";
    row.cells.forEach((value, place) => {
      const cell = element("td");
      if (place === 0) cell.appendChild(button(value, () => select(row.number, true)));
      else cell.textContent = value === null ? "" : String(value);
      line.appendChild(cell);
    });
    body.appendChild(line);
  });
  byId("sheet-count").textContent = filled(words.table_rows, { n: rows.length });
  byId("sheet-more").hidden = isWhole || rows.length <= FIRST_ROWS;
}

function toggleTable() {
  byId("sheet").hidden = !byId("sheet").hidden;
  byId("table").setAttribute("aria-pressed", String(!byId("sheet").hidden));
  resized();
  refreshTable();
}

// A cell that a spreadsheet would take for a formula gets a quotation mark before it.
function csvCell(value) {
  const text = value === null ? "" : String(value);
  const safe = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function save(name, content, type) {
  const link = element("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  document.body.appendChild(link);
  link.click();
  document.body.removeChild(link);
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

byId("table").addEventListener("click", toggleTable);
byId("sheet-more").addEventListener("click", () => { isWhole = true; refreshTable(); });
byId("csv").addEventListener("click", () => {
  const lines = [COLUMNS.map(([label]) => csvCell(label)), ...shownRows().map((row) => row.cells.map(csvCell))];
  save("map.csv", `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`, "text/csv;charset=utf-8");
});
