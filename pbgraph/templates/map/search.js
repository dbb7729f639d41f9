// Find by any part of a name; arrow keys choose, Enter goes there.
const MOST_RESULTS = 40;
let found = [];
let chosenResult = 0;

function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}
// Each node is found by its name, its other spellings, its pinyin and its initials; in this order.
let keysOf = null;

function matches(text) {
  const wanted = folded(text);
  if (!wanted) return [];
  const hits = [];
  keysOf = keysOf || spec.nodes.map((node) => [folded(node.name), ...node.find.map(folded)]);
  keysOf.forEach((keys, number) => {
    let best = null;
    keys.forEach((key, place) => {
      const where = key.indexOf(wanted);
      if (where < 0) return;
      const rank = [place === 0 ? 0 : 1, where === 0 ? 0 : 1, key.length];
      if (!best || rank < best) best = rank;
    });
    if (best) hits.push([...best, number]);
  });
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return hits.slice(0, MOST_RESULTS).map((hit) => hit[3]);
}

function renderResults() {
  const list = emptied(byId("results"));
  const box = byId("search");
  list.hidden = !box.value.trim();
  box.setAttribute("aria-expanded", String(!list.hidden));
  if (!found.length) {
    list.appendChild(element("li", words.no_match, "quiet"));
    box.removeAttribute("aria-activedescendant");
    return;
  }
  found.forEach((number, index) => {
    const node = spec.nodes[number];
    const row = element("li", node.name);
    row.id = `result-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(index === chosenResult));
    row.appendChild(element("small", [kindOf.get(node.kind).label, node.place].filter(Boolean).join(" · ")));
    row.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
    list.appendChild(row);
  });
  box.setAttribute("aria-activedescendant", `result-${chosenResult}`);
  const row = byId(`result-${chosenResult}`);
  if (row) row.scrollIntoView({ block: "nearest" });
}

function take(index) {
  if (found[index] === undefined) return;
  select(found[index], true);
  closeResults();
  byId("map").focus();
}

function closeResults() {
  byId("search").value = "";
  found = [];
  byId("results").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
}

byId("search").addEventListener("input", () => {
  found = matches(byId("search").value);
  chosenResult = 0;
  renderResults();
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    chosenResult = Math.max(0, Math.min(found.length - 1, chosenResult + (event.key === "ArrowDown" ? 1 : -1)));
    renderResults();
    event.preventDefault();
  } else if (event.key === "Enter") take(chosenResult);
  else if (event.key === "Escape") { closeResults(); view.picking = null; byId("map").focus(); }
  event.stopPropagation();
});
byId("search").addEventListener("blur", () => { byId("results").hidden = true; });
