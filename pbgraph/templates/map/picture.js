// Pictures: of this view as it is, of the whole map for print, and pages for the printer, one community each.
const PRINT = [3508, 2480]; // A4 across at 300 dots an inch
const LETTERS = 2.7; // of the screen's size, so that the smallest text of a printed page is 8 points

// The map alone, drawn into a canvas of some size around a part of it; the screen is as before afterwards.
function drawn(width, height, letters, box) {
  const place = network.getViewPosition(), scale = network.getScale();
  const frame = byId("map").getBoundingClientRect();
  const ratio = network.canvas.pixelRatio || 1;
  exported = letters;
  network.setSize(`${width / ratio}px`, `${height / ratio}px`);
  if (box) fitTo(box, width / ratio, height / ratio, false);
  network.redraw();
  const copy = element("canvas");
  copy.width = width;
  copy.height = height;
  const ctx = copy.getContext("2d");
  ctx.fillStyle = COLOURS.paper;
  ctx.fillRect(0, 0, width, height);
  ctx.drawImage(network.canvas.frame.canvas, 0, 0, width, height);
  exported = 1;
  network.setSize(`${frame.width}px`, `${frame.height}px`);
  network.moveTo({ position: place, scale, animation: false });
  network.redraw();
  return copy;
}

// Marks and lines of the legend with their places in rows, and how many rows they fill.
function placedLegend(ctx, width, unit) {
  ctx.font = `${15 * unit}px ${fontFamily()}`;
  const entries = [];
  spec.kinds.filter((kind) => kind.n && view.kinds.has(kind.key)).forEach((kind) => entries.push([(c) => paintMark(c, kind), kind.label]));
  relationOf.forEach((relation) => { if (relation.n && view.relations.has(relation.key)) entries.push([(c) => paintLine(c, relation), relation.label]); });
  let x = 24 * unit, row = 0;
  const placed = entries.map(([paint, label]) => {
    const needed = ctx.measureText(label).width + 58 * unit;
    if (x + needed > width - 24 * unit && x > 24 * unit) { x = 24 * unit; row += 1; }
    const entry = { paint, label, x, row };
    x += needed;
    return entry;
  });
  return { placed, rows: entries.length ? row + 1 : 0 };
}

// Title above, legend and sources below, as the picture may be shown without the page.
function framed(picture, unit) {
  const whole = element("canvas");
  const ctx = whole.getContext("2d");
  const { placed, rows } = placedLegend(ctx, picture.width, unit);
  const top = 64 * unit, foot = (26 * rows + 42) * unit;
  whole.width = picture.width;
  whole.height = picture.height + top + foot;
  ctx.fillStyle = COLOURS.paper;
  ctx.fillRect(0, 0, whole.width, whole.height);
  ctx.drawImage(picture, 0, top);
  ctx.textBaseline = "middle";
  ctx.fillStyle = COLOURS.head;
  ctx.font = `700 ${26 * unit}px ${fontFamily()}`;
  ctx.fillText(spec.scenes[view.scene].title, 24 * unit, top / 2, whole.width - 48 * unit);
  ctx.font = `${15 * unit}px ${fontFamily()}`;
  placed.forEach(({ paint, label, x, row }) => {
    const y = picture.height + top + (18 + 26 * row) * unit;
    ctx.save();
    ctx.translate(x, y - 10 * unit);
    ctx.scale(unit, unit);
    paint(ctx);
    ctx.restore();
    ctx.fillStyle = COLOURS.ink;
    ctx.fillText(label, x + 32 * unit, y);
  });
  ctx.fillStyle = COLOURS.quiet;
  ctx.font = `${12 * unit}px ${fontFamily()}`;
  ctx.fillText(spec.footer.join("　"), 24 * unit, whole.height - 16 * unit, whole.width - 48 * unit);
  return whole;
}

function keep(picture, name) {
  picture.toBlob((blob) => save(name, blob), "image/png");
}

byId("picture").addEventListener("click", () => {
  const box = byId("map").getBoundingClientRect();
  keep(framed(drawn(Math.round(box.width * 2), Math.round(box.height * 2), 1), 2), "view.png");
});
byId("picture-all").addEventListener("click", () => keep(framed(drawn(PRINT[0], PRINT[1], LETTERS, extent()), 3), "map.png"));

// Pages for the printer: the whole map, then each community with its gaps and organizations.
function preparePages() {
  const pages = emptied(byId("pages"));
  const wasDark = document.documentElement.classList.contains("night");
  if (wasDark) setDark(false);
  const add = (title, picture) => {
    const page = element("section");
    if (title) page.appendChild(element("h2", title));
    const image = element("img");
    image.alt = title || spec.title;
    image.src = picture.toDataURL("image/png");
    page.appendChild(image);
    pages.appendChild(page);
    return page;
  };
  add("", framed(drawn(2200, 1400, 2.7, extent()), 2.2));
  if (view.layout === 0) spec.territories.filter((land) => !view.place || view.place === land.name).forEach((land) => {
    const page = add(`${land.name}　${land.said}`, drawn(1500, 1500, 1.95, [land.x - land.r - 14, land.x + land.r + 14, land.y - land.r - 14, land.y + land.r + 14]));
    const list = element("ul");
    spec.gaps.filter((gap) => spec.nodes[gap.node].place === land.name).forEach((gap) => list.appendChild(element("li", `${spec.texts[gap.label]}：${spec.nodes[gap.node].name}　${spec.texts[gap.evidence]}${spec.texts[gap.sure] ? `　（${spec.texts[gap.sure]}）` : ""}`)));
    page.appendChild(list);
  });
  pages.appendChild(element("p", spec.footer.join("　")));
  if (wasDark) setDark(true);
}

window.addEventListener("beforeprint", preparePages);
byId("print").addEventListener("click", () => window.print());
