const LAYOUTS = [ // how far out each track is, and how large its tiles are: the first that has room for all
  { tracks: [0.66], width: 230, height: 104 }, { tracks: [1], width: 230, height: 104 }, { tracks: [1], width: 172, height: 80 },
  { tracks: [0.5, 1], width: 200, height: 90 }, { tracks: [0.42, 0.71, 1], width: 180, height: 82 }, { tracks: [0.36, 0.573, 0.786, 1], width: 168, height: 80 },
];
const CENTRE = { width: 280, height: 88 }, RING_LABEL = { rank: -1, width: 170, height: 30 }, LEAST_NAME = 22, MOST_NAME = 28, NOTE_SIZE = 21.5, MARGIN = 6;

/** Whether two boxes, known by their middle, are apart by a gap. */
function apart(one, other, gap) {
  return Math.abs(one.x - other.x) >= (one.width + other.width) / 2 + gap || Math.abs(one.y - other.y) >= (one.height + other.height) / 2 + gap;
}

/** Items along an ellipse from its top, each a gap from the one before and clear of what stands already; null where they do not close the round. */
function walked(items, track, gap, boxes) {
  const stood = [];
  let angle = -Math.PI / 2;
  const at = (item, turn) => ({ ...item, x: data.width / 2 + track.rx * Math.cos(turn), y: data.height / 2 + track.ry * Math.sin(turn) });
  for (const item of items) {
    const before = stood[stood.length - 1], own = gap * (item.begins ? 1.5 : 1);
    let here = at(item, angle);
    while ((before && !apart(before, here, own)) || boxes.some((box) => !apart(box, here, 2))) {
      angle += 0.01;
      if (angle > Math.PI * 1.5) return null;
      here = at(item, angle);
    }
    stood.push(here);
  }
  return stood.length < 2 || apart(stood[0], stood[stood.length - 1], gap) ? stood : null;
}

/** Items as far from each other as the ellipse allows. The last of the ranking go where not all have room. */
function spread(items, track, boxes) {
  const kept = [...items];
  let least = MARGIN, most = 1200, best = walked(kept, track, least, boxes);
  while (!best && kept.length) {
    const last = Math.max(...kept.map((item) => item.rank));
    kept.splice(kept.findIndex((item) => item.rank === last), 1);
    best = walked(kept, track, least, boxes);
  }
  for (let round = 0; best && round < 12; round += 1) {
    const gap = (least + most) / 2, tried = walked(kept, track, gap, boxes);
    if (tried) { best = tried; least = gap; } else most = gap;
  }
  return best || [];
}

function trackOf(layout, far) {
  return { rx: far * (data.width / 2 - layout.width / 2 - MARGIN), ry: far * (data.height / 2 - layout.height / 2 - MARGIN) };
}

const rooms = new Map(); // how many tiles a track holds
function roomOn(layout, far, isFirst) {
  const key = [layout.width, far, isFirst].join(" ");
  if (!rooms.has(key)) {
    const track = trackOf(layout, far), items = isFirst ? [RING_LABEL] : [];
    while (walked([...items, layout], track, MARGIN, [])) items.push(layout);
    rooms.set(key, items.length - (isFirst ? 1 : 0));
  }
  return rooms.get(key);
}

/** All ways to cut n tracks into some rings, each of one or more. */
function cuts(n, rings) {
  if (rings === 1) return [[n]];
  return Array.from({ length: n - rings + 1 }, (_, index) => index + 1).flatMap((first) => cuts(n - first, rings - 1).map((rest) => [first, ...rest]));
}

/** The layout with room for most bodies, near ones before far ones, and the largest tiles: with the tracks of each ring. */
function layoutFor(sizes) {
  let best = null;
  LAYOUTS.filter((layout) => layout.tracks.length >= sizes.length).forEach((layout) => cuts(layout.tracks.length, sizes.length).forEach((cut) => {
    let from = 0, n = 0;
    const rings = cut.map((own, ring) => {
      const tracks = layout.tracks.slice(from, from + own).map((far, index) => ({ ...trackOf(layout, far), room: roomOn(layout, far, index === 0) }));
      from += own;
      n += Math.min(sizes[ring], tracks.reduce((sum, track) => sum + track.room, 0)) * (sizes.length - ring);
      return tracks;
    });
    if (!best || n > best.n) best = { n: n, layout: layout, rings: rings };
  }));
  return best;
}

/** Bodies dealt to the tracks of their ring in their order, so that what belongs together stays in one direction. */
function dealt(items, tracks) {
  const room = tracks.reduce((sum, track) => sum + track.room, 0), held = tracks.map(() => []);
  items.forEach((item) => {
    const wanting = tracks.map((track, index) => (held[index].length < track.room ? (held[index].length + 1) / track.room : Infinity));
    held[wanting.indexOf(Math.min(...wanting))].push(item);
  });
  return room ? held : [];
}

/** A text in lines of about the same length. */
function broken(text, perLine) {
  const letters = [...text], nLines = Math.max(1, Math.ceil(textWidth(text) / perLine));
  const most = Math.min(perLine, Math.ceil(textWidth(text) / nLines)), lines = [""];
  letters.forEach((letter) => {
    if (lines[lines.length - 1] && textWidth(lines[lines.length - 1] + letter) > most + 1e-6) lines.push("");
    lines[lines.length - 1] += letter;
  });
  return lines;
}

/** Size and lines of a name in a box; what is too long loses its middle, since the end says what it is. */
function lettered(name, width, height) {
  for (let size = MOST_NAME; size >= LEAST_NAME; size -= 1) {
    const lines = broken(name, (width - 10) / size);
    if (lines.length * size * data.leading <= height - 5) return [size, lines];
  }
  const perLine = (width - 10) / LEAST_NAME, room = perLine * Math.max(1, Math.floor((height - 5) / (LEAST_NAME * data.leading)));
  let cut = [...name];
  while (textWidth(cut.join("")) > room - 1.2) cut.splice(Math.floor(cut.length / 2), 1);
  cut.splice(Math.ceil(cut.length / 2), 0, "…");
  return [LEAST_NAME, broken(cut.join(""), perLine)];
}
