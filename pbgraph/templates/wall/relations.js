const RELATIONS = "relations", STEPS = [1, 2, 3], MOST = 8, ROW_OF = [["committees", 1], ["organizations", 2], ["units", 2]];
let relationsKept = ["", null];

/** The scene of ties, a function of the state: around a body, or of those with most ties where none is chosen. */
function relationScene() {
  const key = JSON.stringify([state.centre, state.steps, state.kinds, state.place, state.centre === null && state.part]);
  if (relationsKept[0] !== key) relationsKept = [key, state.centre === null ? invitation() : around(state.centre, state.steps, state.kinds)];
  return relationsKept[1];
}

/** Looks that some bodies have, as a key. */
function keyOf(bodies) {
  return data.tones.map(([tone, said]) => [said, tone, bodies.filter((index) => data.tiles[index][TONE] === tone)]).filter((part) => part[2].length);
}

function stand(index, box, note) {
  const [size, lines] = lettered(data.tiles[index][SHORT], box.width, box.height - (note ? NOTE_SIZE * data.leading : 0));
  return [index, box.x - box.width / 2, box.y - box.height / 2, box.width, box.height, data.tiles[index][TONE], size, note, ...lines];
}

/** Rings of bodies by their step from one, in sectors by what they are to the ring before. */
function around(centre, steps, kinds) {
  const found = neighbourhood(centre, steps, kinds), { outward, within } = tiesWithin(found, kinds);
  const rings = STEPS.slice(0, steps).map((step) => [...found].filter(([, at]) => at === step).map(([body]) => body));
  const told = new Map([...found.keys()].map((body) => [body, outward.filter((tie) => [tie[FROM], tie[TO]].includes(body) && found.get(otherEnd(tie, body)) < found.get(body))]));
  const saidOfBody = new Map([...told].map(([body, ties]) => [body, ties.map((tie) => wordOf(tie, otherEnd(tie, body)))]));
  const made = { stands: [], texts: [], left: [] }, boxes = [{ x: data.width / 2, y: data.height / 2, ...CENTRE }];
  made.stands.push(stand(centre, boxes[0], ""));
  const laid = layoutFor(rings.map((ring) => ring.length)), order = new Map([[centre, 0]]);
  rings.forEach((ring, number) => {
    if (ring.length) ringDrawn(ring, number + 1, laid, { told, saidOfBody, order, boxes, made });
  });
  if (rings[0].length) sectorsNamed(rings[0], saidOfBody, boxes, made);
  const drawn = new Set(made.stands.map((one) => one[0])), name = data.tiles[centre][NAME];
  const title = [[name, "", []], ...rings.map((ring, number) => [fill(words.rel_ring, { step: number + 1, n: ring.length }), "", ring]).filter((part) => part[2].length)];
  title.push([rings[0].length ? fill(words.rel_ties, { n: outward.length }) : words.rel_none, "", []]);
  briefRolesOf(centre).forEach((said) => title.push([said, "", []]));
  if (within.length) made.left.push(fill(words.rel_same_ring, { n: within.length }));
  return {
    key: RELATIONS, place: state.place, label: words.wall_network, noteSize: NOTE_SIZE, title: title, legend: keyOf([...found.keys()]), stands: made.stands, texts: made.texts, lines: [],
    ties: outward.filter((tie) => drawn.has(tie[FROM]) && drawn.has(tie[TO])), rings: laid.rings.map((tracks) => tracks[0]), left: made.left,
    bodies: [centre, ...rings.flat()], told: new Map([...found].map(([body, step]) => [body, [step ? String(step) : "", tiesSaid(saidOfBody.get(body))]])),
  };
}

/** One ring: those with most ties are kept where there is no room for all; they stand where those that they hang on do. */
function ringDrawn(ring, step, laid, { told, saidOfBody, order, boxes, made }) {
  const tracks = laid.rings[step - 1], room = tracks.reduce((sum, track) => sum + track.room, 0);
  const above = (body) => Math.min(...told.get(body).map((tie) => order.get(otherEnd(tie, body))).filter((at) => at !== undefined), Infinity);
  const sector = (body) => Math.min(...told.get(body).map((tie) => 2 * tie[KIND] + (tie[FROM] === body ? 1 : 0)));
  const ranked = [...ring].sort((a, b) => told.get(b).length - told.get(a).length || touching[b].length - touching[a].length || a - b).slice(0, room);
  const rank = new Map(ranked.map((body) => [body, [step > 1 ? above(body) : 0, sector(body), saidOfBody.get(body).join(), body]]));
  const before = (a, b) => { const at = rank.get(a).findIndex((part, index) => part !== rank.get(b)[index]); return at < 0 ? 0 : rank.get(a)[at] < rank.get(b)[at] ? -1 : 1; };
  let last = null;
  const places = new Map(ranked.map((body, at) => [body, at]));
  const items = ranked.sort(before).map((body) => {
    const here = rank.get(body).slice(0, 3).join(), item = { body: body, rank: places.get(body), width: laid.layout.width, height: laid.layout.height, begins: here !== last };
    last = here;
    return item;
  });
  dealt(items, tracks).forEach((own, index) => spread([...(index === 0 ? [RING_LABEL] : []), ...own], tracks[index], boxes).forEach((item) => {
    if (item.body === undefined) made.texts.push([item.x, item.y + 8, fill(words.rel_ring, { step: step, n: ring.length }), LEAST_NAME, "ring", ""]);
    else made.stands.push(stand(item.body, item, tiesBrief(saidOfBody.get(item.body), (item.width - 8) / NOTE_SIZE)));
    boxes.push(item);
    if (item.body !== undefined) order.set(item.body, Math.atan2(data.width / 2 - item.x, item.y - data.height / 2) + Math.PI);
  }));
  const n = ring.length - ring.filter((body) => order.has(body)).length;
  if (n) made.left.push(fill(words.rel_not_drawn, { step: step, n: n }));
}

/** The kinds of tie of the first ring, named between it and the middle where there is room. */
function sectorsNamed(ring, saidOfBody, boxes, made) {
  const sectors = new Map();
  made.stands.slice(1).filter((one) => ring.includes(one[0])).forEach((one) => {
    const said = [...new Set(saidOfBody.get(one[0]))].join(words.list_separator);
    const held = sectors.get(said) || { x: 0, y: 0, n: 0 };
    const dx = (one[1] + one[3] / 2 - data.width / 2) / data.width, dy = (one[2] + one[4] / 2 - data.height / 2) / data.height, far = Math.hypot(dx, dy);
    sectors.set(said, { x: held.x + dx / far, y: held.y + dy / far, n: held.n + saidOfBody.get(one[0]).length });
  });
  const whole = new Map();
  ring.forEach((body) => { const said = [...new Set(saidOfBody.get(body))].join(words.list_separator); whole.set(said, (whole.get(said) || 0) + saidOfBody.get(body).length); });
  sectors.forEach(({ x, y }, kind) => {
    const said = fill(words.rel_times, { kind: kind, n: whole.get(kind) }), turn = Math.atan2(y, x);
    for (const far of [0.19, 0.16, 0.22, 0.26, 0.3]) {
      const box = { x: data.width / 2 + far * data.width * 0.8 * Math.cos(turn), y: data.height / 2 + far * data.height * Math.sin(turn) , width: textWidth(said) * LEAST_NAME + 10, height: 28 };
      if (boxes.every((other) => apart(other, box, 3))) { boxes.push(box); made.texts.push([box.x, box.y + 7, said, LEAST_NAME, "sector", ""]); return; }
    }
  });
}

/** What the Study says of a body, in the words of an office. */
function rolesOf(index) {
  const { hubs, alone, bridges } = data.roles, said = [];
  if (alone.includes(index)) said.push(words.rel_is_alone);
  if (hubs.includes(index)) said.push(words.rel_is_hub);
  bridges.filter((pair) => pair.includes(index)).forEach(([one, other]) => said.push(fill(words.rel_is_cut, { name: data.tiles[one === index ? other : one][NAME] })));
  return said;
}

/** The same in a few words. */
function briefRolesOf(index) {
  const { hubs, alone, bridges } = data.roles, is = { rel_alone_brief: alone.includes(index), rel_hub_brief: hubs.includes(index), rel_cut_brief: bridges.flat().includes(index) };
  return Object.keys(is).filter((key) => is[key]).map((key) => words[key]);
}

function isBridge(tie) { return data.roles.bridges.some((pair) => pair.includes(tie[FROM]) && pair.includes(tie[TO])); }

/** Where nothing is chosen: who has most ties; who links the others or has none, where that part of the title is picked. */
function invitation() {
  const here = data.tiles.map((tile, index) => index).filter((index) => !state.place || data.tiles[index][PLACE] === state.place || (data.heads[index] || []).includes(state.place));
  const n = new Map(here.map((index) => [index, touching[index].filter((tie) => counts(tie, state.kinds)).length]));
  const ranked = here.filter((index) => n.get(index)).sort((a, b) => n.get(b) - n.get(a) || a - b);
  const part = (key, tone, bodies) => { const own = [...new Set(bodies)].filter((index) => n.has(index)); return own.length ? [[fill(words[key], { n: own.length }), tone, own]] : []; };
  const lead = state.place ? fill(words.rel_lead_place, { place: state.place }) : fill(words.rel_lead, { street: data.street });
  const title = [[lead, "", []], ...part("rel_hubs", "own", data.roles.hubs), ...part("rel_cut", "joint", data.roles.bridges.flat()), ...part("rel_alone", "joint-candidate", data.roles.alone)];
  const chosen = title[Number((/^title (\d+)$/.exec(state.part || "") || [])[1] || 0)] || title[0];
  const groups = chosen[2].length ? [["", chosen[2]]] : ROW_OF.map(([group, rows]) => [words["rel_most_" + group], ranked.filter((index) => data.groups[index] === group).slice(0, rows * MOST)]);
  const { stands, texts } = inRows(groups.filter((group) => group[1].length), n);
  return {
    key: RELATIONS, place: state.place, label: words.wall_network, noteSize: LEAST_NAME, title: title, legend: keyOf(stands.map((one) => one[0])), stands: stands, texts: texts,
    lines: [], ties: [], rings: [], bodies: ranked, told: new Map(here.map((index) => [index, ["", fill(words.rel_ties_short, { n: n.get(index) })]])), left: [words.rel_invite, words.rel_not_drawn_most],
  };
}

/** Bodies in rows with the number of their ties, each group below its name: [name, bodies]. */
function inRows(groups, n) {
  const stands = [], texts = [], most = groups.length === 1 ? Math.max(MOST, Math.ceil(groups[0][1].length / 8)) : MOST, width = data.width / most;
  const rows = groups.map((group) => Math.ceil(group[1].length / most)), head = groups.length === 1 && !groups[0][0] ? 0 : 44;
  const high = Math.min(130, (data.height - head * groups.length) / rows.reduce((sum, own) => sum + own, 0));
  let y = 0;
  groups.forEach(([name, bodies], number) => {
    if (name) texts.push([8, y + 28, name, 24, "head start", ""]);
    y += head;
    bodies.forEach((index, at) => {
      const box = { x: (at % most + 0.5) * width, y: y + (Math.floor(at / most) + 0.5) * high, width: width - 14, height: high - 10 };
      stands.push(stand(index, box, fill(words.rel_ties_short, { n: n.get(index) })));
    });
    y += rows[number] * high;
  });
  return { stands: stands, texts: texts };
}

/** Opens the ties of a body, and remembers where from. */
function openRelations(index, steps) {
  const { scene, place, part, tile, list, centre } = state;
  if (state.scene === RELATIONS && centre === index) { go({ steps: steps || state.steps }); return; }
  state.trail.push({ scene: scene, place: place, part: part, tile: tile, list: list, centre: centre, steps: state.steps, kinds: state.kinds });
  go({ scene: RELATIONS, place: "", part: null, tile: null, list: matchMedia(PHONE).matches, centre: index, steps: steps || state.steps });
}

/** Buttons for steps and kinds; each kind has the number of its ties on the ways outward, or of the whole street. */
function drawChips(scene) {
  const box = $("chips");
  box.hidden = scene.key !== RELATIONS;
  if (box.hidden) return;
  const found = state.centre === null ? null : neighbourhood(state.centre, state.steps, null);
  const persons = state.centre === null ? data.ties : touching[state.centre];
  const ties = found ? tiesWithin(found, null).outward : data.ties.filter((tie) => counts(tie, null));
  const chip = (said, isOn, act) => { const button = make("button", { type: "button", "aria-pressed": String(isOn) }, said); button.addEventListener("click", act); return button; };
  const ofKind = (kind, own) => {
    const n = own.filter((tie) => tie[KIND] === kind).length, isOn = Boolean(state.kinds && state.kinds.includes(kind));
    const rest = (state.kinds || []).filter((one) => one !== kind);
    return n || isOn ? [chip(data.kinds[kind][LABEL] + " " + n, isOn, () => go({ kinds: isOn ? (rest.length ? rest : null) : [...rest, kind].sort((a, b) => a - b), part: null }))] : [];
  };
  const all = data.kinds.map((_, kind) => kind), [own, folded] = [all.filter((kind) => !data.kinds[kind][PERSONS]), all.filter((kind) => data.kinds[kind][PERSONS])];
  const steps = STEPS.map((step) => chip(fill(words.rel_step, { n: step }), state.steps === step, () => go({ steps: step, part: null })));
  const bare = own.filter((kind) => data.kinds[kind][LAYER] !== "place"), isBare = JSON.stringify(state.kinds) === JSON.stringify(bare), nBare = ties.filter((tie) => bare.includes(tie[KIND])).length;
  const noPlace = isBare || (nBare && nBare < ties.length) ? [chip(words.rel_no_place + " " + nBare, isBare, () => go({ kinds: isBare ? null : bare, part: null }))] : [];
  const behind = folded.flatMap((kind) => ofKind(kind, persons));
  box.replaceChildren(
    ...(state.centre === null ? [] : [...steps, make("i")]), chip(words.rel_all + " " + ties.length, !state.kinds, () => go({ kinds: null, part: null })), ...noPlace,
    ...own.flatMap((kind) => ofKind(kind, ties)), ...(behind.length ? [make("i"), make("span", {}, words.rel_persons), ...behind] : []),
  );
}
