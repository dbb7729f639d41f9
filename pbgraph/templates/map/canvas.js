// The drawing: vis-network holds nodes and ties; territories, headings and the selection are painted around them.
const LIGHT = { paper: "#fbf9f5", land: "#ffffff", coast: "#e3ddd2", own: "#a30d17", work: "#f3d3cf", gap: "#ffd21f", ink: "#26282c", quiet: "#5c6068", pick: "#1f6fc4", head: "#8d0f18", halo: "rgba(255,255,255,.92)", gapTray: "#fff6e0", tray: "#fbf3f2", gapLine: "#b8960a", trayLine: "#d9c9c6", bridge: "#a5121c" };
const DARK = { paper: "#15181d", land: "#1e232a", coast: "#3a424d", own: "#d7474f", work: "#6b4a48", gap: "#ffd21f", ink: "#f2f0ea", quiet: "#b4b8bf", pick: "#7db8ff", head: "#ff9a9f", halo: "rgba(21,24,29,.9)", gapTray: "#33290f", tray: "#2c2322", gapLine: "#d9b83a", trayLine: "#6b4f4c", bridge: "#ff8087" };
let COLOURS = LIGHT;
const MANY_EDGES = 1500;
const TRAY_KINDS = { gaps: spec.kinds.filter((kind) => kind.gap).map((kind) => kind.key), work: ["work"], undecided: ["undecided"], bodies: ["body"], grids: ["grid"] };
const RIM_LABEL = 200; // pixels that the names at the rim need beside the picture

function visNode(node, number) {
  const kind = kindOf.get(node.kind);
  const colour = { background: kind.fill, border: kind.edge };
  return {
    id: number, x: at[number].x, y: at[number].y, shape: kind.shape, size: node.size,
    color: Object.assign({ highlight: colour, hover: colour }, colour),
    borderWidth: kind.gap || kind.dashed ? 1.6 : 1, borderWidthSelected: 1.6,
    shapeProperties: { borderDashes: kind.dashed ? [3, 2] : false },
  };
}

function visEdge(edge, number, bend) {
  const relation = relationOf.get(edge.relation);
  const turn = bend % 2 ? "curvedCCW" : "curvedCW";
  return {
    id: number, from: edge.from, to: edge.to,
    color: { color: relation.color, highlight: relation.color, hover: relation.color, opacity: 0.65 },
    width: 1.3, dashes: relation.dash.length ? relation.dash : false,
    smooth: bend > 0 ? { enabled: true, type: turn, roundness: 0.12 + 0.08 * Math.ceil(bend / 2) } : false,
  };
}

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
const drawnNodes = new Set();
const drawnEdges = new Map(); // the bend of each tie that is drawn
const network = new vis.Network(byId("map"), { nodes, edges }, {
  physics: false, layout: { improvedLayout: false },
  interaction: { hover: false, keyboard: false, tooltipDelay: 1e9, selectConnectedEdges: false, hideEdgesOnDrag: spec.edges.length > MANY_EDGES, hideEdgesOnZoom: spec.edges.length > MANY_EDGES, zoomSpeed: 0.7 },
  nodes: { fixed: true, chosen: false, font: { size: 0 } }, edges: { chosen: false, selectionWidth: 0 },
});

function circle(ctx, x, y, r) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
}

function paintGround(ctx) {
  if (view.layout === 0) {
    for (const land of spec.territories) {
      if (view.place && view.place !== land.name) continue;
      circle(ctx, land.x, land.y, land.r);
      ctx.fillStyle = COLOURS.land;
      ctx.fill();
      paintShares(ctx, land);
    }
    for (const tray of spec.trays) if (!view.place && TRAY_KINDS[tray.kind].some((kind) => view.kinds.has(kind))) paintTray(ctx, tray);
  }
  if (spec.scenes[view.scene].key === "structure") paintBridges(ctx);
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
  ctx.fillStyle = isGap ? COLOURS.gapTray : COLOURS.tray;
  ctx.fill();
  ctx.lineWidth = 1.4;
  ctx.setLineDash([6, 4]);
  ctx.strokeStyle = isGap ? COLOURS.gapLine : COLOURS.trayLine;
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintBridges(ctx) {
  ctx.lineWidth = 5 / Math.max(0.6, network.getScale());
  ctx.strokeStyle = COLOURS.bridge;
  spec.structure.bridges.forEach(([a, b]) => {
    if (!isShown(a) || !isShown(b)) return;
    ctx.beginPath();
    ctx.moveTo(at[a].x, at[a].y);
    ctx.lineTo(at[b].x, at[b].y);
    ctx.stroke();
  });
}

function ring(ctx, number, gap, width, colour) {
  const scale = network.getScale();
  ctx.lineWidth = width / scale;
  ctx.strokeStyle = colour;
  circle(ctx, at[number].x, at[number].y, spec.nodes[number].size + gap / scale);
  ctx.stroke();
}

function paintTie(ctx, edge, width) {
  const scale = network.getScale();
  const relation = relationOf.get(edge.relation);
  const here = at[edge.from], far = at[edge.to];
  ctx.lineWidth = width / scale;
  ctx.beginPath();
  ctx.setLineDash(relation.dash.map((part) => part / scale));
  ctx.moveTo(here.x, here.y);
  const bend = 0.1 + 0.08 * edge.bend;
  ctx.quadraticCurveTo((here.x + far.x) / 2 - (far.y - here.y) * bend, (here.y + far.y) / 2 + (far.x - here.x) * bend, far.x, far.y);
  ctx.strokeStyle = relation.color;
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintSelection(ctx) {
  if (spec.scenes[view.scene].key === "structure") {
    spec.structure.hubs.filter(isShown).forEach((number) => ring(ctx, number, 5, 3, COLOURS.pick));
    spec.structure.alone.filter(isShown).forEach((number) => ring(ctx, number, 4, 1.6, COLOURS.bridge));
  }
  if (spec.scenes[view.scene].key === "changes") {
    const colours = { solved: COLOURS.own, new: COLOURS.bridge };
    Object.keys(spec.structure.changed).map(Number).filter(isShown).forEach((number) => ring(ctx, number, 5, 4, colours[spec.structure.changed[number]] || COLOURS.pick));
  }
  if (view.path) {
    ctx.lineWidth = 5 / network.getScale();
    ctx.strokeStyle = COLOURS.pick;
    ctx.beginPath();
    view.path.forEach((number) => ctx.lineTo(at[number].x, at[number].y));
    ctx.stroke();
    view.path.forEach((number) => ring(ctx, number, 4, 3, COLOURS.pick));
  }
  if (view.tie !== null) {
    const edge = spec.edges[view.tie];
    paintTie(ctx, edge, 4);
    [edge.from, edge.to].forEach((number) => ring(ctx, number, 4, 3, COLOURS.pick));
  }
  if (view.selected === null) return;
  for (const number of tiesOf[view.selected]) {
    const edge = spec.edges[number];
    const there = edge.from === view.selected ? edge.to : edge.from;
    if (!isShown(there)) continue;
    paintTie(ctx, edge, 2.4);
    ring(ctx, there, 3, 2.4, COLOURS.pick);
  }
  ring(ctx, view.selected, 6, 4, COLOURS.pick);
}

// A folded organization bears the number of its units.
function paintBadges(ctx) {
  const unit = labelScale() / Math.max(0.5, network.getScale());
  view.folded.forEach((number) => {
    if (!isShown(number)) return;
    const x = at[number].x + spec.nodes[number].size * 0.8, y = at[number].y - spec.nodes[number].size * 0.8;
    const text = String(insideOf[number].length);
    circle(ctx, x, y, 8.5 * unit);
    ctx.fillStyle = COLOURS.own;
    ctx.fill();
    ctx.font = `700 ${10.5 * unit}px ${fontFamily()}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#ffffff";
    ctx.fillText(text, x, y + 0.6 * unit);
  });
}

network.on("beforeDrawing", paintGround);
network.on("afterDrawing", (ctx) => {
  paintSelection(ctx);
  paintBadges(ctx);
  paintLabels(ctx);
});

// Nodes and ties are in the data sets only while they are shown: what is hidden costs nothing.
function brought(data, drawn, wanted, made) {
  const gone = [], come = [];
  drawn.forEach((number) => { if (!wanted.has(number)) gone.push(number); });
  wanted.forEach((number) => { if (!drawn.has(number)) come.push(made(number)); });
  if (gone.length) data.remove(gone);
  if (come.length) data.add(come);
  gone.forEach((number) => drawn.delete(number));
  come.forEach((item) => drawn.add(item.id));
}

// Ties to be drawn, each with its bend: of those between the same two nodes the first is straight.
function bends(shown) {
  const ties = new Map(), between = new Map();
  spec.edges.forEach((edge, number) => {
    if (!view.relations.has(edge.relation) || !shown.has(edge.from) || !shown.has(edge.to)) return;
    const pair = edge.from < edge.to ? `${edge.from} ${edge.to}` : `${edge.to} ${edge.from}`;
    ties.set(number, between.get(pair) || 0);
    between.set(pair, (between.get(pair) || 0) + 1);
  });
  return ties;
}

function refreshShown() {
  const shown = new Set(spec.nodes.map((node, number) => number).filter(isShown));
  const ties = bends(shown);
  const gone = Array.from(drawnEdges.keys()).filter((number) => ties.get(number) !== drawnEdges.get(number));
  if (gone.length) edges.remove(gone);
  gone.forEach((number) => drawnEdges.delete(number));
  brought(nodes, drawnNodes, shown, (number) => visNode(spec.nodes[number], number));
  const come = Array.from(ties.keys()).filter((number) => !drawnEdges.has(number));
  if (come.length) edges.add(come.map((number) => visEdge(spec.edges[number], number, ties.get(number))));
  come.forEach((number) => drawnEdges.set(number, ties.get(number)));
  byId("shown").textContent = filled(words.shown_count, { n: shown.size });
  refreshTable();
  remember();
}

function extent(chosen) {
  const xs = [], ys = [];
  spec.nodes.forEach((node, number) => {
    if (!(chosen ? chosen(number) : isShown(number))) return;
    xs.push(at[number].x - node.size, at[number].x + node.size);
    ys.push(at[number].y - node.size - 16, at[number].y + node.size + 16);
  });
  if (view.layout === 0 && !view.near) {
    spec.territories.filter((land) => !view.place || land.name === view.place).forEach((land) => { xs.push(land.x - land.r - 12, land.x + land.r + 12); ys.push(land.y - land.r - 12, land.y + land.r + 12); });
  } else spec.views[view.layout].heads.filter(() => !view.near).forEach((head) => { xs.push(head.x - 60, head.x + 60); ys.push(head.y - 20, head.y + 20); });
  const margin = view.layout === 0 ? 0 : 16 + spec.views[view.layout].cell / 2;
  return xs.length ? [Math.min(...xs) - margin, Math.max(...xs) + margin, Math.min(...ys) - margin / 2, Math.max(...ys) + margin / 2] : [-1, 1, -1, 1];
}

function fitTo(box, width, height, isAnimated) {
  const [left, right, top, bottom] = box;
  const scale = Math.min(3, width / (right - left), height / (bottom - top));
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: isAnimated && !isCalm() ? { duration: 300, easingFunction: "easeInOutQuad" } : false });
}

function showAll(isAnimated) {
  const box = byId("map").getBoundingClientRect();
  const rim = view.layout === 0 && view.kinds.has("outside") && kindOf.get("outside").n ? RIM_LABEL * labelScale() : 0;
  fitTo(extent(), box.width - rim, box.height, isAnimated);
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(6, Math.max(0.05, network.getScale() * factor)), animation: isCalm() ? false : { duration: 150, easingFunction: "easeInOutQuad" } });
}

function goTo(number) {
  network.moveTo({ position: { x: at[number].x, y: at[number].y }, scale: Math.max(network.getScale(), 1.5), animation: isCalm() ? false : { duration: 350, easingFunction: "easeInOutQuad" } });
}

// From one view to another every node walks to its new place; what is in only one of them appears or goes.
let walking = 0;
function showView(layout, isAnimated) {
  cancelAnimationFrame(walking);
  view.layout = layout;
  const target = spec.views[layout].xy;
  const goals = spec.nodes.map((node, number) => {
    const x = target ? target[2 * number] : node.x, y = target ? target[2 * number + 1] : node.y;
    return x === null ? null : { x, y };
  });
  const starts = at.map((place) => ({ x: place.x, y: place.y }));
  const put = (share) => {
    goals.forEach((goal, number) => {
      at[number].isIn = goal !== null;
      if (!goal) return;
      at[number].x = starts[number].x + (goal.x - starts[number].x) * share;
      at[number].y = starts[number].y + (goal.y - starts[number].y) * share;
    });
    Object.keys(network.body.nodes).forEach((id) => {
      const place = at[id];
      if (place) { network.body.nodes[id].x = place.x; network.body.nodes[id].y = place.y; }
    });
  };
  Array.from(byId("views").children).forEach((made, index) => made.setAttribute("aria-pressed", String(index === layout)));
  if (!isAnimated || isCalm()) {
    put(1);
    refreshShown();
    showAll(false);
    network.redraw();
    return;
  }
  put(0);
  refreshShown();
  const begun = performance.now();
  const step = (now) => {
    const share = Math.min(1, (now - begun) / 450);
    put(share * share * (3 - 2 * share));
    showAll(false);
    network.redraw();
    if (share < 1) walking = requestAnimationFrame(step);
  };
  walking = requestAnimationFrame(step);
}
