// The legend counts, filters, and names the kinds that are absent.
function swatch(paint) {
  const canvas = element("canvas");
  canvas.width = 52;
  canvas.height = 40;
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d");
  ctx.scale(2, 2);
  paint(ctx);
  return canvas;
}

const SIDES = { triangle: [3, -Math.PI / 2], triangleDown: [3, Math.PI / 2], diamond: [4, 0], hexagon: [6, 0], square: [4, Math.PI / 4] };

function paintMark(ctx, kind) {
  ctx.beginPath();
  if (kind.shape === "dot") ctx.arc(13, 10, 6.5, 0, 2 * Math.PI);
  else if (kind.shape === "star") {
    for (let point = 0; point < 10; point += 1) {
      const r = point % 2 ? 3.6 : 8.5;
      const angle = -Math.PI / 2 + (point * Math.PI) / 5;
      ctx.lineTo(13 + r * Math.cos(angle), 10 + r * Math.sin(angle));
    }
  } else {
    const [sides, turn] = SIDES[kind.shape];
    for (let point = 0; point < sides; point += 1) ctx.lineTo(13 + 7.5 * Math.cos(turn + (2 * Math.PI * point) / sides), 10 + 7.5 * Math.sin(turn + (2 * Math.PI * point) / sides));
  }
  ctx.closePath();
  ctx.fillStyle = kind.fill;
  ctx.fill();
  ctx.setLineDash(kind.dashed ? [3, 2] : []);
  ctx.lineWidth = 1.3;
  ctx.strokeStyle = kind.edge;
  ctx.stroke();
}

function paintLine(ctx, relation) {
  ctx.beginPath();
  ctx.setLineDash(relation.dash);
  ctx.lineWidth = 2;
  ctx.strokeStyle = relation.color;
  ctx.moveTo(1, 10);
  ctx.lineTo(25, 10);
  ctx.stroke();
}

function legendRow(entry, set, paint) {
  const row = element("li");
  const made = button(null, () => {
    if (set.has(entry.key)) set.delete(entry.key);
    else set.add(entry.key);
    refreshShown();
    network.redraw();
    renderLegend();
  });
  made.setAttribute("aria-pressed", String(set.has(entry.key)));
  made.dataset.key = entry.key;
  made.appendChild(swatch((ctx) => paint(ctx, entry)));
  made.appendChild(element("span", entry.label));
  made.appendChild(element("span", entry.n, "count"));
  row.appendChild(made);
  return row;
}

// A relation whose ends are not drawn (persons, meetings, ratings) has its number, and is on the cards.
function cardRow(relation) {
  const row = element("li", null, "on-cards");
  row.appendChild(element("span", relation.label));
  row.appendChild(element("span", filled(words.legend_on_cards, { n: relation.on_cards }), "count"));
  return row;
}

// What the data do not hold is named below, so that nobody looks for it.
function renderLegend() {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
  const kinds = emptied(byId("kinds"));
  const absent = [];
  spec.kinds.forEach((kind) => { if (kind.n) kinds.appendChild(legendRow(kind, view.kinds, paintMark)); else absent.push(kind.label); });
  const layers = emptied(byId("layers"));
  spec.layers.forEach((layer) => {
    const present = layer.relations.filter((relation) => relation.n || relation.on_cards);
    if (!present.length) { absent.push(layer.label); return; }
    layers.appendChild(element("li", layer.label, "layer"));
    present.forEach((relation) => layers.appendChild(relation.n ? legendRow(relationOf.get(relation.key), view.relations, paintLine) : cardRow(relation)));
  });
  byId("absent").textContent = absent.length ? filled(words.legend_absent, { names: absent.join("、") }) : "";
  if (focused) {
    const again = Array.from(document.querySelectorAll(".legend button")).find((made) => made.dataset.key === focused);
    if (again) again.focus();
  }
}

const FIRST_GAPS = 200;

function renderGaps() {
  const list = emptied(byId("gaps"));
  byId("gap-count").textContent = String(spec.gaps.length);
  if (!spec.gaps.length) list.appendChild(element("li", words.gap_none, "quiet"));
  const put = (gap) => {
    const row = element("li");
    const made = button(null, () => select(gap.node, true));
    made.appendChild(element("span", spec.texts[gap.label], `tag ${gap.state}`));
    made.appendChild(element("span", spec.nodes[gap.node].name));
    const more = element("small", [spec.nodes[gap.node].place, spec.texts[gap.evidence]].filter(Boolean).join(" · "));
    if (spec.texts[gap.sure]) more.appendChild(element("span", ` · ${spec.texts[gap.sure]}`, "sure"));
    made.appendChild(more);
    row.appendChild(made);
    list.appendChild(row);
  };
  spec.gaps.slice(0, FIRST_GAPS).forEach(put);
  if (spec.gaps.length > FIRST_GAPS) {
    const row = element("li");
    row.appendChild(button(filled(words.see_all, { n: spec.gaps.length }), () => { list.removeChild(row); spec.gaps.slice(FIRST_GAPS).forEach(put); }));
    list.appendChild(row);
  }
}
