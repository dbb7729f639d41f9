/** Where a body stands in a scene of the wall: its own tile, the unit that it is set up in, or the head of its community. */
function standings(scene, index) {
  const own = scene.stands.find((one) => one[0] === index);
  if (own) return [middleOf(own)];
  const heads = scene.texts.filter((text) => text[5] && (data.heads[index] || []).includes(text[5]));
  if (heads.length) return heads.map((text) => ({ place: text[5], x: text[0], y: text[1] + 6, width: textWidth(text[2]) * text[3], height: 2 * text[3] }));
  const hosts = touching[index].filter((tie) => tie[FROM] === index && data.kinds[tie[KIND]][LAYER] === "coverage" && !data.kinds[tie[KIND]][PERSONS]).map((tie) => tie[TO]);
  return scene.stands.filter((one) => hosts.includes(one[0])).map(middleOf);
}

function middleOf(one) { return { tile: one[0], x: one[1] + one[3] / 2, y: one[2] + one[4] / 2, width: one[3], height: one[4] }; }

/** The arcs from a tile to its partners in a scene, one for each with the kinds on it: of the unit and of what is set up in it. */
function arcsOf(scene, index) {
  const start = scene.stands.find((one) => one[0] === index), found = new Map();
  if (!start || scene.key === RELATIONS) return [];
  const set = touching[index].filter((tie) => data.kinds[tie[KIND]][CODE] === "housed_in" && tie[TO] === index).map((tie) => tie[FROM]);
  [index, ...set].forEach((here) => touching[here].forEach((tie) => {
    const other = otherEnd(tie, here);
    if (other === here || other === index || set.includes(other) || !counts(tie, null) || data.kinds[tie[KIND]][LAYER] === "place") return;
    standings(scene, other).forEach((end) => {
      if (end.tile === index) return;
      const key = end.place || String(end.tile), held = found.get(key) || { ...end, said: [] };
      held.said.push(wordOf(tie, here));
      found.set(key, held);
    });
  }));
  const from = middleOf(start);
  return [...found.values()].map((arc) => ({ ...arc, from: from, said: tiesSaid(arc.said) }));
}

/** The point that an arc is drawn towards: beside the straight way, upwards where it can be. */
function bowOf({ from, x, y }) {
  const side = x >= from.x ? 1 : -1;
  return { x: (from.x + x) / 2 + side * (y - from.y) * 0.2, y: Math.max(20, (from.y + y) / 2 - side * (x - from.x) * 0.2) };
}

/** Draws arcs with what they say where no name of an end or another arc stands. */
function drawArcs(arcs) {
  const lines = [], names = [], boxes = arcs.flatMap((arc) => [arc, arc.from]), out = (box) => Math.abs(box.x - data.width / 2) > (data.width - box.width) / 2 || box.y < 17 || box.y > data.height - 17;
  arcs.forEach((arc) => {
    const bow = bowOf(arc), width = textWidth(arc.said) * LEAST_NAME + 16;
    lines.push(make("path", { d: "M" + arc.from.x + " " + arc.from.y + " Q" + bow.x + " " + bow.y + " " + arc.x + " " + arc.y }, undefined, SVG));
    const mix = (a, b, c, share) => (1 - share) ** 2 * a + 2 * share * (1 - share) * b + share ** 2 * c;
    const ways = [0.5, 0.6, 0.4, 0.7, 0.3, 0.8].map((share) => [mix(arc.from.x, bow.x, arc.x, share), mix(arc.from.y, bow.y, arc.y, share)]);
    const beside = [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]].map(([dx, dy]) => [arc.x + dx * (arc.width + width + 8) / 2, arc.y + dy * (arc.height + 40) / 2]);
    const box = [...ways, ...beside].map(([x, y]) => ({ x: x, y: y, width: width, height: 34 })).find((one) => !out(one) && boxes.every((other) => apart(other, one, 2)));
    if (!box) return;
    boxes.push(box);
    names.push(make("rect", { x: box.x - width / 2, y: box.y - 17, width: width, height: 34, rx: 5 }, undefined, SVG), make("text", { x: box.x, y: box.y + 8, "font-size": LEAST_NAME }, arc.said, SVG));
  });
  $("arcs").replaceChildren(...lines, ...names);
}
