/** Whether letters can be read along a name from some place on: whole syllables, their beginnings, or initials. */
function readsAlong(query, name, at) {
  if (!query) return true;
  if (at >= name.length) return false;
  const letter = name[at].toLowerCase();
  if (letter === query[0]) return readsAlong(query.slice(1), name, at + 1);
  return (data.letters[name[at]] || []).some((reading) => {
    if (reading.startsWith(query)) return true;
    if (query.startsWith(reading) && readsAlong(query.slice(reading.length), name, at + 1)) return true;
    return query[0] === reading[0] && readsAlong(query.slice(1), name, at + 1);
  });
}

/** How well a query finds a name: 0 not at all, more for what begins so. */
function foundBy(query, name) {
  const at = name.toLowerCase().indexOf(query);
  if (at >= 0) return at === 0 ? 4 : 3;
  if (!/^[a-z]+$/.test(query)) return 0;
  if (readsAlong(query, name, 0)) return 2;
  for (let start = 1; start < name.length; start += 1) if (readsAlong(query, name, start)) return 1;
  return 0;
}

const MOST_FOUND = 12;
let hits = [], marked = 0;

/** Communities first, then tiles, best first. */
function search(text) {
  const query = text.trim().toLowerCase().replace(/\s+/g, ""), list = $("results");
  hits = !query ? [] : [
    ...data.communities.map((place) => ({ place: place, worth: 2 * foundBy(query, place) })),
    ...data.tiles.map((tile, index) => ({ tile: index, worth: Math.max(foundBy(query, tile[SHORT]), foundBy(query, tile[NAME])) })),
  ].filter((hit) => hit.worth).sort((a, b) => b.worth - a.worth).slice(0, MOST_FOUND);
  marked = 0;
  list.replaceChildren(...hits.map((hit, index) => {
    const item = make("li", { role: "option", id: "hit-" + index, "aria-selected": index === marked }, hit.place || data.tiles[hit.tile][NAME]);
    if (hit.tile !== undefined) item.append(make("small", {}, data.tiles[hit.tile][PLACE]));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(index); });
    return item;
  }));
  if (query && !hits.length) list.append(make("li", { role: "option", "aria-disabled": "true" }, words.no_match));
  list.hidden = !query;
  $("search").setAttribute("aria-expanded", String(!list.hidden));
  mark(0);
}

function mark(index) {
  marked = Math.max(0, Math.min(hits.length - 1, index));
  [...$("results").children].forEach((item, number) => item.setAttribute("aria-selected", String(number === marked)));
  if (hits.length) $("search").setAttribute("aria-activedescendant", "hit-" + marked);
  else $("search").removeAttribute("aria-activedescendant");
}

function take(index) {
  const hit = hits[index];
  $("search").value = "";
  search("");
  if (!hit) return;
  $("search").blur();
  if (hit.place) { go({ place: hit.place, part: null, tile: null }); return; }
  if (state.scene === RELATIONS) { openRelations(hit.tile); return; }
  const stands = (scene) => scene.stands.some((stand) => stand[0] === hit.tile);
  const scene = [current(), ...data.scenes.filter((one) => !one.place)].find(stands);
  if (scene) go({ scene: scene.key, place: scene.place, part: null, tile: hit.tile });
  if (scene) focusTile(hit.tile);
  else openRelations(hit.tile, 1);
}

$("search").addEventListener("input", () => search($("search").value));
$("search").addEventListener("blur", () => { $("results").hidden = true; });
$("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(marked + (event.key === "ArrowDown" ? 1 : -1)); }
  if (event.key === "Enter") { event.preventDefault(); take(marked); }
});
