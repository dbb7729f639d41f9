// Labels keep their size on the screen, the important ones come first, and none covers another.
const LABEL_FROM = { street: 0, community: 0, committee: 0, outside: 0, "must-establish": 0.75, "split-due": 0.85, undecided: 0.85, organization: 1.0, joint: 0.85, temporary: 0.85, borderline: 1.9, "joint-candidate": 1.9, blank: 2.2, work: 2.2, covered: 2.2 };
const LONGEST_LABEL = 14;
const orderedLabels = spec.nodes.map((node, number) => number).sort((a, b) => kindKeys.indexOf(spec.nodes[a].kind) - kindKeys.indexOf(spec.nodes[b].kind) || spec.nodes[b].size - spec.nodes[a].size || a - b);

function shortened(name) {
  const letters = Array.from(name);
  return letters.length > LONGEST_LABEL ? letters.slice(0, LONGEST_LABEL - 1).join("") + "…" : name;
}

const labelScale = () => (document.documentElement.classList.contains("larger") ? 1.3 : 1);

function paintLabels(ctx) {
  const scale = network.getScale();
  const taken = [];
  const named = new Set();
  const family = getComputedStyle(document.body).fontFamily;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const land of spec.territories) paintTerritoryName(ctx, land, scale, taken, family);
  const chosen = view.selected === null ? [] : [view.selected, ...tiesOf[view.selected].map((n) => (spec.edges[n].from === view.selected ? spec.edges[n].to : spec.edges[n].from))];
  for (const number of chosen) {
    if (!isShown(number) || named.has(number)) continue;
    named.add(number);
    paintNodeName(ctx, number, scale, taken, family, number === view.selected);
  }
  for (const number of orderedLabels) {
    const node = spec.nodes[number];
    if (isShown(number) && !named.has(number) && scale >= (LABEL_FROM[node.kind] || 0)) paintNodeName(ctx, number, scale, taken, family, false);
  }
}

function paintTerritoryName(ctx, land, scale, taken, family) {
  const unit = labelScale() / scale;
  const y = land.y - land.r + 14 + 11 * unit;
  const size = 21 * unit;
  const small = 14 * unit;
  ctx.font = `700 ${size}px ${family}`;
  const width = ctx.measureText(land.name).width;
  write(ctx, land.name, land.x, y, COLOURS.ink, 5 * unit, COLOURS.land);
  ctx.font = `${small}px ${family}`;
  const wide = Math.max(width, ctx.measureText(land.said).width);
  write(ctx, land.said, land.x, y + size * 0.95, COLOURS.quiet, 4 * unit, COLOURS.land);
  taken.push([land.x - wide / 2, y - size / 2, land.x + wide / 2, y + size * 1.5]);
}

function paintNodeName(ctx, number, scale, taken, family, isForced) {
  const node = spec.nodes[number];
  const isHead = node.kind === "street" || node.kind === "community";
  const size = ((isHead ? 15 : node.kind === "outside" || node.kind === "committee" ? 13 : 12.5) * labelScale()) / scale;
  ctx.font = `${isHead ? "700 " : ""}${size}px ${family}`;
  const text = shortened(node.name);
  const width = ctx.measureText(text).width;
  const below = node.y + node.size + size * 0.75;
  const above = node.y - node.size - size * 0.75;
  for (const y of node.kind === "committee" ? [above, below] : [below, above]) {
    const box = [node.x - width / 2, y - size * 0.6, node.x + width / 2, y + size * 0.6];
    if (!isForced && taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    write(ctx, text, node.x, y, isHead ? "#8d0f18" : COLOURS.ink, 3.4 / scale, "rgba(255,255,255,.92)");
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
