// Labels keep their size on the screen, the important ones come first, and none covers another.
const LABEL_FROM = { street: 0, community: 0, committee: 0, outside: 0, "must-establish": 0.75, "split-due": 0.85, undecided: 0.85, organization: 1.0, joint: 0.85, temporary: 0.85, borderline: 1.9, "joint-candidate": 1.9, blank: 2.2, work: 2.2, covered: 2.2, body: 2.2, grid: 0.8 };
const LONGEST_LABEL = 14;
const LONGEST_IN_VIEW = 6; // letters in the cell of a view, however small the screen
const orderedLabels = spec.nodes.map((node, number) => number).sort((a, b) => kindKeys.indexOf(spec.nodes[a].kind) - kindKeys.indexOf(spec.nodes[b].kind) || spec.nodes[b].size - spec.nodes[a].size || a - b);

// The front of a name is cut where the community says it already: what tells it apart is kept.
function shortened(name, place, longest, isOwn) {
  let letters = Array.from(name);
  if (letters.length > longest && place && !isOwn && name.startsWith(place) && letters.length > Array.from(place).length + 2) letters = letters.slice(Array.from(place).length);
  return letters.length > longest ? letters.slice(0, longest - 1).join("") + "…" : letters.join("");
}

let exported = 1; // larger letters while a picture for print is made
const labelScale = () => (document.documentElement.classList.contains("larger") ? 1.3 : 1) * exported;
let family = "";
const fontFamily = () => family || (family = getComputedStyle(document.body).fontFamily);

function paintLabels(ctx) {
  const scale = network.getScale();
  const taken = [];
  const named = new Set();
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  if (view.layout === 0) for (const land of spec.territories) { if (!view.place || view.place === land.name) paintTerritoryName(ctx, land, scale, taken); }
  else for (const head of spec.views[view.layout].heads) paintHead(ctx, head, scale, taken);
  const chosen = view.selected === null ? [] : [view.selected, ...tiesOf[view.selected].map((n) => (spec.edges[n].from === view.selected ? spec.edges[n].to : spec.edges[n].from))];
  if (view.path) chosen.unshift(...view.path);
  if (view.tie !== null) chosen.unshift(spec.edges[view.tie].from, spec.edges[view.tie].to);
  if (spec.scenes[view.scene].key === "structure") chosen.push(...spec.structure.hubs);
  if (spec.scenes[view.scene].key === "changes") chosen.push(...Object.keys(spec.structure.changed).map(Number));
  for (const number of chosen) {
    if (!isShown(number) || named.has(number)) continue;
    named.add(number);
    paintNodeName(ctx, number, scale, taken, number === view.selected);
  }
  for (const number of orderedLabels) {
    const from = view.layout === 0 ? LABEL_FROM[spec.nodes[number].kind] || 0 : 0;
    if (isShown(number) && !named.has(number) && (scale >= from || view.near)) paintNodeName(ctx, number, scale, taken, false);
  }
}

function paintTerritoryName(ctx, land, scale, taken) {
  const unit = labelScale() / scale;
  const y = land.y - land.r + 14 + 11 * unit;
  const size = 21 * unit;
  const small = 14 * unit;
  ctx.font = `700 ${size}px ${fontFamily()}`;
  const width = ctx.measureText(land.name).width;
  write(ctx, land.name, land.x, y, COLOURS.ink, 5 * unit, COLOURS.land);
  ctx.font = `${small}px ${fontFamily()}`;
  const wide = Math.max(width, ctx.measureText(land.said).width);
  write(ctx, land.said, land.x, y + size * 0.95, COLOURS.quiet, 4 * unit, COLOURS.land);
  taken.push([land.x - wide / 2, y - size / 2, land.x + wide / 2, y + size * 1.5]);
}

function paintHead(ctx, head, scale, taken) {
  const size = Math.min(head.size * 1.6, Math.max(head.size * 0.8, (head.size * labelScale()) / scale));
  ctx.font = `700 ${size}px ${fontFamily()}`;
  const width = ctx.measureText(head.text).width;
  write(ctx, head.text, head.x, head.y, head.size > 15 ? COLOURS.head : COLOURS.quiet, 4 / scale, COLOURS.paper);
  taken.push([head.x - width / 2, head.y - size * 0.6, head.x + width / 2, head.y + size * 0.6]);
}

function paintNodeName(ctx, number, scale, taken, isForced) {
  const node = spec.nodes[number];
  const place = at[number];
  const isHead = node.kind === "street" || node.kind === "community";
  let size = ((isHead ? 15 : node.kind === "outside" || node.kind === "committee" ? 13 : 12.5) * labelScale()) / scale;
  if (view.layout !== 0) size = Math.min(size, 19); // the cells of a view have room for no more
  ctx.font = `${isHead ? "700 " : ""}${size}px ${fontFamily()}`;
  const text = shortened(node.name, node.place, isForced ? 24 : view.layout === 0 ? LONGEST_LABEL : Math.max(LONGEST_IN_VIEW, Math.floor((spec.views[view.layout].cell - 6) / size)), node.kind === "committee" || isHead);
  const width = ctx.measureText(text).width;
  const below = place.y + node.size + size * 0.75;
  const above = place.y - node.size - size * 0.75;
  for (const y of node.kind === "committee" ? [above, below] : [below, above]) {
    const box = [place.x - width / 2, y - size * 0.6, place.x + width / 2, y + size * 0.6];
    if (!isForced && taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    write(ctx, text, place.x, y, isHead ? COLOURS.head : COLOURS.ink, 3.4 / scale, COLOURS.halo);
    return;
  }
}

function write(ctx, text, x, y, colour, halo, haloColour) {
  ctx.lineWidth = halo;
  ctx.strokeStyle = haloColour;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
