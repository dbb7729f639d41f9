// The drawing: vis-network holds nodes and ties; territories and the selection are painted around them.
const COLOURS = { paper: "#fbf9f5", land: "#ffffff", coast: "#e3ddd2", own: "#3f7a70", work: "#c3d6d2", gap: "#f59a0b", ink: "#26282c", quiet: "#5c6068", pick: "#1f6fc4" };
const MANY_EDGES = 1500;
const TRAY_KINDS = { gaps: spec.kinds.filter((kind) => kind.gap).map((kind) => kind.key), work: ["work"], undecided: ["undecided"] };
const RIM_LABEL = 200; // pixels that the names at the rim need beside the picture

function visNode(node, number) {
  const kind = kindOf.get(node.kind);
  const colour = { background: kind.fill, border: kind.edge };
  return {
    id: number, x: node.x, y: node.y, shape: kind.shape, size: node.size, hidden: !isShown(number),
    color: Object.assign({ highlight: colour, hover: colour }, colour),
    borderWidth: kind.gap || kind.dashed ? 1.6 : 1, borderWidthSelected: 1.6,
    shapeProperties: { borderDashes: kind.dashed ? [3, 2] : false },
  };
}

function visEdge(edge, number) {
  const layer = layerOf.get(edge.layer);
  const turn = edge.bend % 2 ? "curvedCCW" : "curvedCW";
  const isBent = edge.bend > 0 || edge.layer === "co_building";
  return {
    id: number, from: edge.from, to: edge.to, hidden: !view.layers.has(edge.layer),
    color: { color: layer.color, highlight: layer.color, hover: layer.color, opacity: edge.layer === "coverage" ? 0.9 : 0.6 },
    width: edge.layer === "coverage" ? 1 : 1.3, dashes: layer.dashed ? [6, 4] : false,
    smooth: isBent ? { enabled: true, type: turn, roundness: 0.12 + 0.08 * Math.ceil(edge.bend / 2) } : false,
  };
}

const nodes = new vis.DataSet(spec.nodes.map(visNode));
const edges = new vis.DataSet(spec.edges.map(visEdge));
const network = new vis.Network(byId("map"), { nodes, edges }, {
  physics: false, layout: { improvedLayout: false },
  interaction: { hover: false, keyboard: false, tooltipDelay: 1e9, selectConnectedEdges: false, hideEdgesOnDrag: spec.edges.length > MANY_EDGES, hideEdgesOnZoom: spec.edges.length > MANY_EDGES, zoomSpeed: 0.7 },
  nodes: { fixed: true, chosen: false, font: { size: 0 } }, edges: { chosen: false, selectionWidth: 0 },
});

function circle(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
}

function paintTerritories(ctx) {
  for (const land of spec.territories) {
    circle(ctx, land.x, land.y, land.r);
    ctx.fillStyle = COLOURS.land;
    ctx.fill();
    paintShares(ctx, land);
  }
  for (const tray of spec.trays) if (TRAY_KINDS[tray.kind].some((kind) => view.kinds.has(kind))) paintTray(ctx, tray);
}

// The coast of a territory is its coverage: covered, under work coverage, gaps.
function paintShares(ctx, land) {
  const total = land.parts.reduce((sum, part) => sum + part, 0);
  const width = 9;
  ctx.lineWidth = width;
  let from = -Math.PI / 2;
  [COLOURS.own, COLOURS.work, COLOURS.gap].forEach((colour, index) => {
    const to = from + (total ? (2 * Math.PI * land.parts[index]) / total : 0);
    ctx.beginPath();
    ctx.arc(land.x, land.y, land.r, from, to);
    ctx.strokeStyle = colour;
    ctx.stroke();
    from = to;
  });
  if (!total) {
    circle(ctx, land.x, land.y, land.r);
    ctx.strokeStyle = COLOURS.coast;
    ctx.stroke();
  }
}

function paintTray(ctx, tray) {
  const isGap = tray.kind === "gaps";
  circle(ctx, tray.x, tray.y, tray.r);
  ctx.fillStyle = isGap ? "#fff6e0" : "#f3f7f6";
  ctx.fill();
  ctx.lineWidth = 1.4;
  ctx.setLineDash([6, 4]);
  ctx.strokeStyle = isGap ? "#d98a06" : "#b9cbc7";
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintSelection(ctx) {
  if (view.selected === null) return;
  const scale = network.getScale();
  const here = spec.nodes[view.selected];
  ctx.lineWidth = 2.4 / scale;
  for (const number of tiesOf[view.selected]) {
    const edge = spec.edges[number];
    const there = edge.from === view.selected ? edge.to : edge.from;
    if (!isShown(there)) continue;
    const far = spec.nodes[there];
    const layer = layerOf.get(edge.layer);
    ctx.beginPath();
    ctx.setLineDash(layer.dashed ? [7 / scale, 5 / scale] : []);
    ctx.moveTo(here.x, here.y);
    const bend = 0.1 + 0.08 * edge.bend;
    ctx.quadraticCurveTo((here.x + far.x) / 2 - (far.y - here.y) * bend, (here.y + far.y) / 2 + (far.x - here.x) * bend, far.x, far.y);
    ctx.strokeStyle = layer.color;
    ctx.stroke();
    ctx.setLineDash([]);
    circle(ctx, far.x, far.y, far.size + 3 / scale);
    ctx.strokeStyle = COLOURS.pick;
    ctx.stroke();
  }
  ctx.lineWidth = 4 / scale;
  circle(ctx, here.x, here.y, here.size + 6 / scale);
  ctx.strokeStyle = COLOURS.pick;
  ctx.stroke();
}

network.on("beforeDrawing", paintTerritories);
network.on("afterDrawing", (ctx) => {
  paintSelection(ctx);
  paintLabels(ctx);
});

function refreshShown() {
  nodes.update(spec.nodes.map((node, number) => ({ id: number, hidden: !isShown(number) })));
  edges.update(spec.edges.map((edge, number) => ({ id: number, hidden: !view.layers.has(edge.layer) })));
}

function extent() {
  const xs = [], ys = [];
  spec.nodes.filter((node, number) => isShown(number)).forEach((node) => { xs.push(node.x - node.size, node.x + node.size); ys.push(node.y - node.size - 16, node.y + node.size + 16); });
  spec.territories.forEach((land) => { xs.push(land.x - land.r - 12, land.x + land.r + 12); ys.push(land.y - land.r - 12, land.y + land.r + 12); });
  return xs.length ? [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)] : [-1, 1, -1, 1];
}

function showAll(isAnimated) {
  const [left, right, top, bottom] = extent();
  const box = byId("map").getBoundingClientRect();
  const rim = view.kinds.has("outside") && kindOf.get("outside").n ? RIM_LABEL * labelScale() : 0;
  const scale = Math.min((box.width - rim) / (right - left), box.height / (bottom - top));
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: isAnimated ? { duration: 300, easingFunction: "easeInOutQuad" } : false });
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.05, network.getScale() * factor)), animation: { duration: 150, easingFunction: "easeInOutQuad" } });
}

function goTo(number) {
  const node = spec.nodes[number];
  network.moveTo({ position: { x: node.x, y: node.y }, scale: Math.max(network.getScale(), 1.5), animation: { duration: 350, easingFunction: "easeInOutQuad" } });
}
