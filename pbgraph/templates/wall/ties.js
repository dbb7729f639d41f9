const FROM = 0, TO = 1, KIND = 2, NOTE = 3, ROWS = 4; // of a tie
const CODE = 0, LABEL = 1, OUTWARD = 2, INWARD = 3, LAYER = 4, PERSONS = 5; // of a kind of tie
const touching = data.tiles.map(() => []); // the ties of each body
data.ties.forEach((tie) => new Set([tie[FROM], tie[TO]]).forEach((end) => touching[end].push(tie)));

/** A caption with its places filled. */
function fill(text, said) { return text.replace(/\{(\w+)\}/g, (whole, key) => (key in said ? said[key] : whole)); }

/** Whether a tie counts: where no kind is chosen, all but those that are of persons. */
function counts(tie, kinds) { return kinds ? kinds.includes(tie[KIND]) : !data.kinds[tie[KIND]][PERSONS]; }

function otherEnd(tie, index) { return tie[FROM] === index ? tie[TO] : tie[FROM]; }

/** What the other end of a tie is to a body. */
function wordOf(tie, index) { return data.kinds[tie[KIND]][tie[FROM] === index ? OUTWARD : INWARD]; }

/** Every body within some steps of one by its step: the one answer, from wherever it is asked. */
function neighbourhood(centre, steps, kinds) {
  const found = new Map([[centre, 0]]);
  let edge = [centre];
  for (let step = 1; step <= steps; step += 1) {
    const next = [];
    edge.forEach((body) => touching[body].forEach((tie) => {
      const other = otherEnd(tie, body);
      if (counts(tie, kinds) && !found.has(other)) { found.set(other, step); next.push(other); }
    }));
    edge = next;
  }
  return found;
}

/** The ties that lead from a step to the next, and those between bodies of one step. */
function tiesWithin(found, kinds) {
  const chosen = data.ties.filter((tie) => found.has(tie[FROM]) && found.has(tie[TO]) && tie[FROM] !== tie[TO] && counts(tie, kinds));
  const isWithin = (tie) => found.get(tie[FROM]) === found.get(tie[TO]);
  return { outward: chosen.filter((tie) => !isWithin(tie)), within: chosen.filter(isWithin) };
}

/** Words with how often, the most frequent first where that matters not: [[word, n], ...] in their order. */
function tallied(said) {
  const found = new Map();
  said.forEach((word) => found.set(word, (found.get(word) || 0) + 1));
  return [...found];
}

/** "下级、共驻共建 3 条": some ties of a body in words. */
function tiesSaid(words_) {
  return tallied(words_).map(([kind, n]) => (n > 1 ? fill(words.rel_times, { kind: kind, n: n }) : kind)).join(words.list_separator);
}

/** The same in a few letters. */
function tiesBrief(words_, room) {
  const whole = tiesSaid(words_);
  return textWidth(whole) <= room ? whole : fill(words.rel_more, { kind: words_[0], n: words_.length });
}

/** The ties of a body by what the other end is to it: [word, [[other, tie], ...]]. */
function tiesOf(index) {
  const found = new Map();
  [...touching[index]].sort((a, b) => a[KIND] - b[KIND]).forEach((tie) => {
    const word = wordOf(tie, index);
    if (!found.has(word)) found.set(word, []);
    found.get(word).push([otherEnd(tie, index), tie]);
  });
  return [...found];
}

/** File, sheet and rows behind a tie, in words. */
function rowsSaid(tie) {
  const rows = new Map();
  for (let at = ROWS; at < tie.length; at += 2) rows.set(tie[at], [...(rows.get(tie[at]) || []), tie[at + 1]]);
  return [...rows].map(([sheet, numbers]) => sourceSaid([...data.sheets[sheet], numbers.filter(Boolean).join(", ")]));
}

function sourceSaid([file, sheet, rows]) { return fill(words.source_row, { file: file, sheet: sheet, row: rows }); }

/** The width of a text in letters of full width. */
function textWidth(text) { return [...text].reduce((n, letter) => n + (letter.codePointAt(0) >= 0x2e80 ? 1 : /[A-Z]/.test(letter) ? 0.72 : 0.58), 0); }
