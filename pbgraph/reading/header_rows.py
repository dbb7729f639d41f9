"""Which rows of a sheet are headers: words that kinds of table know, or words above cells of another sort.

A header may have up to four rows, groups above leaves, merged or not; a line of names for a machine or of
column numbers below it belongs to it. What only says again the header above, on a new page, is none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.masking import masked
from pbgraph.reading.cells import Cell, Sheet
from pbgraph.reading.columns import codes_of, words
from pbgraph.reading.headers import is_known, is_word, listed_headers, n_like_fields, post_of
from pbgraph.reading.shapes import shapes_of
from pbgraph.schema import header_key
from pbgraph.text import clean, fold, parse_date, simplified

_MAX_HEADER_DEPTH = 4
_MAX_HEADER_LENGTH = 40  # longer text is a filling note, not a header
LOOKED_AT = 60  # rows at the top that are looked at one by one; below, rows after a break or with listed headers
_MOST_CANDIDATES = 3_000
LEAST_KNOWN = 2
_LEAST_TITLE = 5
_MOST_FACTS = 4
_NOTE = re.compile(r"[（(][^（()）]*[)）]")  # 身份证号（18位） holds no number
_VALUE_SHAPES = frozenset(
    {"id", "phone", "date", "org", "unit", "committee", "address", "long", "posts", "community", "grid"}
)
_TOLD_SHAPES = _VALUE_SHAPES | {"person", "number", "flag"}


@dataclass(frozen=True)
class Block:
    """A part of a sheet: rows from `top` up to `stop`, some columns."""

    sheet: Sheet
    filled: Any
    top: int
    stop: int
    columns: list[int]

    @cached_property
    def headers(self) -> list[tuple[int, int]]:
        """The first row and the depth of each header."""
        return find_headers(self)

    def row(self, number: int) -> list[tuple[int, Cell]]:
        """The filled cells of a row with their columns."""
        row = self.filled[number]
        return [(column, self.sheet.cell(number, column)) for column in self.columns if row[column]]


def is_title(text: str) -> bool:
    """Whether a text is the title of a table: long enough, and ends as lists are called."""
    plain = simplified(re.sub(_NOTE.pattern + "$", "", text))
    return len(plain) > _LEAST_TITLE and plain.endswith(tuple(words()["list_endings"])) and not knows(text)


def names_kind(text: str) -> bool:
    """Whether a text is a title that a kind of table is known by, however short: 党员花名册."""
    return any(simplified(text) in table.titles for table in schema.tables().values())


def is_serial(name: str) -> bool:
    """Whether a header is that of a serial number."""
    return header_key(name.split("\n")[-1]) in {header_key(word) for word in words()["serial"]}


def find_headers(block: Block) -> list[tuple[int, int]]:
    """The first row and the depth of each header of a block."""
    found: list[tuple[int, int]] = []
    likely, early = _candidates(block)
    for row in sorted(likely | early):
        is_first = not found
        if found and (row < sum(found[-1]) or row not in likely):
            continue
        if not _is_header(block, row, is_first=is_first):
            continue
        first = _groups_above(block, row, found)
        depth = row - first + 1
        while depth < _MAX_HEADER_DEPTH and first + depth < block.stop and _goes_on(block, first, first + depth):
            depth += 1
        if depth == 1 and first + 1 < block.stop and _is_in_two_languages(block, first):
            depth += 1
        if found and _said_before(block, found[-1], (first, depth)):
            continue
        found.append((first, depth))
    return found


def _is_in_two_languages(block: Block, row: int) -> bool:
    """Whether a row of headers in English stands above the same headers in Chinese: org_id and 组织ID."""
    upper, lower = block.row(row), block.row(row + 1)
    names = [clean(str(cell)) for _, cell in lower]
    is_english = all(isinstance(cell, str) and cell.isascii() for _, cell in upper)
    is_chinese = sum(not name.isascii() for name in names) >= _shares()["texts"] * len(names)
    return is_english and is_chinese and [at for at, _ in upper] == [at for at, _ in lower] and len(names) > LEAST_KNOWN


def _candidates(block: Block) -> tuple[set[int], set[int]]:
    """Rows that may be headers, since they stand after a break or have headers on a list; and the first ones."""
    part = block.filled[block.top : block.stop][:, block.columns]
    counts = part.sum(axis=1)
    wanted = np.zeros(len(counts), dtype=bool)
    breaks = np.flatnonzero(counts <= LEAST_KNOWN)
    wanted[np.minimum(breaks + 1, len(counts) - 1)] = True
    listed = np.zeros(len(counts), dtype=np.int32)
    for index in block.columns:
        column = block.sheet.columns[index]
        codes = [code for code, cell in enumerate(column.values) if _may_be_listed(cell)]
        if codes:
            listed += np.isin(codes_of(column)[block.top : block.stop], codes)
    wanted |= listed >= LEAST_KNOWN
    likely = np.flatnonzero(wanted & (counts >= 1))[:_MOST_CANDIDATES] + block.top
    early = np.flatnonzero(counts[:LOOKED_AT] >= 1) + block.top
    return set(likely.tolist()), set(early.tolist())


def _may_be_listed(cell: Cell) -> bool:
    return type(cell) is str and len(cell) <= 12 and cell.strip() in listed_headers()


def _is_header(block: Block, row: int, *, is_first: bool) -> bool:
    """Whether a row is a header: words that kinds of table know, none that look like values."""
    shares = _shares()
    cells = block.row(row)
    texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
    if not texts or (row + 1 >= block.stop and not is_first) or len(texts) < shares["texts"] * len(cells):
        return False
    if len(cells) < LEAST_KNOWN:
        return len(block.columns) == 1 and knows(texts[0]) == 1 and not _is_fact(texts[0])
    if _are_facts(texts):
        return False
    n_same = sum(n - 1 for text, n in Counter(texts).items() if n > 1 and not _may_be_repeated(text))
    if n_same > (1 - shares["distinct"]) * len(texts) and not repeats(texts):
        return False  # a row of a turned table, or of values from a short list
    if _is_line_of_pairs(block, row) and any(_is_line_of_pairs(block, next_to) for next_to in (row - 1, row + 1)):
        return False
    known, n_plain = sum(map(knows, texts)), sum(knows(text) == 1 for text in texts)
    n_listed = sum(0 < knows(text) < 1 and not post_of(text) for text in texts)
    n_values = sum(_is_value(text) for text in texts)
    if n_plain < n_listed and _contrast(block, row, cells) < LEAST_KNOWN:
        return False  # more words of closed lists than headers: a row of a table on its side
    if not is_first and 2 * n_values < len(texts) and _is_below_title(block, row) and _contrast(block, row, cells):
        return True
    if known > LEAST_KNOWN / 2 and all(map(knows, texts)) and (is_first or _contrast(block, row, cells)):
        return 1.0 in map(knows, texts)
    if known >= LEAST_KNOWN and n_values <= shares["values"] * len(texts):
        return (
            known >= shares["known_first" if is_first else "known"] * len(texts)
            or _contrast(block, row, cells) >= LEAST_KNOWN
        )
    if (known or row == block.top) and _is_above_other_cells(block, row, cells):
        return True
    if is_first and len(texts) > LEAST_KNOWN and _is_liker_than_below(block, row, texts):
        return True
    if not is_first or len(texts) <= LEAST_KNOWN or n_values:
        return False
    return _contrast(block, row, cells) > LEAST_KNOWN or _is_above_values(block, row, cells)


def _may_be_repeated(text: str) -> bool:
    """Whether a header stands beside each of several persons: 兼职委员, 单位, 兼职委员, 单位."""
    return bool(post_of(text)) or knows(text) == 1


def _shares() -> dict[str, float]:
    shares: dict[str, float] = schema.recognition_words()["header_row"]
    return shares


def _is_liker_than_below(block: Block, row: int, texts: list[str]) -> bool:
    """Whether most cells of a row are like headers of one kind, in words that no list has, and few of the next row."""
    least = _shares()["like"]
    if n_like_fields(texts) < least * len(texts) or row + 1 >= block.stop:
        return False
    below = [clean(cell) for _, cell in block.row(row + 1) if isinstance(cell, str)]
    return n_like_fields(below) < (1 - least) * len(texts)


def _is_above_values(block: Block, row: int, cells: list[tuple[int, Cell]]) -> bool:
    """Whether words that nothing explains stand above names, numbers and dates in nearly every column."""
    below = range(row + 1, min(row + 11, block.stop))
    n = 0
    for column, _ in cells:
        values = [block.sheet.cell(r, column) for r in below if block.filled[r, column]]
        told = [value for value in values if shapes_of(value) & _TOLD_SHAPES]
        if values and all(isinstance(value, str) and knows(clean(value)) == 1 for value in values[:1]):
            return False  # the header that is known stands below
        n += bool(values) and len(told) > _shares()["told"] * len(values)
    return len(below) > LEAST_KNOWN and n >= max(LEAST_KNOWN + 1, len(cells) - 1)


def _is_above_other_cells(block: Block, row: int, cells: list[tuple[int, Cell]]) -> bool:
    """Whether a row after a break stands above cells of another sort in most columns."""
    if not _is_after_break(block, row) or _is_above_known(block, row):
        return False
    shares, other, values = _shares(), 0, 0
    for column, cell in cells:
        below, own = _shape_below(block, row, column), frozenset[str]() if _is_told(cell) else shapes_of(cell)
        other += below not in ("", *own)
        values += below in own or bool(own & _VALUE_SHAPES)
    return other >= max(LEAST_KNOWN, shares["other_below"] * len(cells)) and values <= shares["values"] * len(cells)


def _is_above_known(block: Block, row: int) -> bool:
    """Whether the next row holds headers that are known, so that a row of other words is none."""
    below = [clean(cell) for _, cell in block.row(row + 1) if isinstance(cell, str)] if row + 1 < block.stop else []
    return sum(knows(text) == 1 for text in below) >= LEAST_KNOWN


def _is_told(cell: Cell) -> bool:
    """Whether a cell is a word of headers, whatever it looks like: 党员 may be a name."""
    text = clean(cell) if isinstance(cell, str) else ""
    return bool(text) and (knows(text) > 0 or is_word(text))


def _is_after_break(block: Block, row: int) -> bool:
    """Whether a row stands first in its block, after a blank row, or below lines of one or two cells that do."""
    above = row - 1
    while above >= block.top and 0 < len(block.row(above)) <= LEAST_KNOWN:
        above -= 1
    return above < block.top or not block.row(above)


def _shape_below(block: Block, row: int, column: int) -> str:
    """The shape of most of the cells below a cell, "" where they share none."""
    below = [
        block.sheet.cell(at, column) for at in range(row + 1, min(row + 11, block.stop)) if block.filled[at, column]
    ]
    shapes = Counter(shape for value in below for shape in shapes_of(value) & _TOLD_SHAPES)
    shape, n = next(iter(shapes.most_common(1)), ("", 0))
    return shape if n > _shares()["contrast"] * len(below) else ""


def _is_line_of_pairs(block: Block, row: int) -> bool:
    """Whether labels and values take turns in a row, as in a form: 姓名, 张三, 性别, 男."""
    cells = [clean(str(cell)) for _, cell in block.row(row)] if block.top <= row < block.stop else []
    is_even = len(cells) > LEAST_KNOWN and len(cells) % 2 == 0
    return (
        is_even and all(knows(cell) == 1 for cell in cells[::2]) and not any(knows(cell) == 1 for cell in cells[1::2])
    )


def _is_below_title(block: Block, row: int) -> bool:
    """Whether the row above is the title of a table, after a blank row."""
    if row - 2 < block.top or block.row(row - 2):
        return False
    above = block.row(row - 1)
    return len(above) == 1 and is_title(clean(str(above[0][1])))


def knows(text: str) -> float:
    """1 for a header that a kind of table knows, less for one that is as often a value."""
    if len(text) > _MAX_HEADER_LENGTH or not (is_known(text) or post_of(text)):
        return 0.0
    return 0.5 if fold(text).lower() in _vocabulary() else 1.0


@cache
def _vocabulary() -> frozenset[str]:
    """The words of closed lists, but for those that head a column of bodies of that one kind."""
    tables = schema.tables().values()
    names = {item.type for table in tables for item in table.fields}
    listed = {word for name in names if schema.has_vocabulary(name) for word in schema.vocabulary(name).official}
    heads = [
        table.field(key) for table in tables for spec in table.also if _is_of_kind(spec) for key in spec["told_by"]
    ]
    return frozenset(listed - {word for item in heads for word in (item.label, *item.aliases)})


def _is_of_kind(spec: Mapping[str, Any]) -> bool:
    """Whether a column names bodies of one kind, such as the supervisors of each community."""
    return spec["table"] == "bodies" and "says" in spec


def _is_value(text: str) -> bool:
    """Whether a text looks like a value rather than a header."""
    if len(text) > _MAX_HEADER_LENGTH:
        return True
    if is_known(text) or post_of(text) or is_word(text) or (text.endswith(_heads()) and not parse_date(text)):
        return False
    shapes = shapes_of(text)
    return bool(shapes & _VALUE_SHAPES) or ("person" in shapes and len(text) < 4)


@cache
def _heads() -> tuple[str, ...]:
    heads: dict[str, list[str]] = schema.recognition_words()["heads"]
    return tuple({word for key in ("date", "integer", "list", "text") for word in heads[key]})


def _is_fact(text: str) -> bool:
    return ":" in fold(text).strip(":")


def _are_facts(texts: list[str]) -> bool:
    """Whether most of a line are facts about the sheet, such as 填报单位：某街道; a wide line says how to fill in."""
    return len(texts) <= _MOST_FACTS and sum(map(_is_fact, texts)) * 2 >= len(texts)


def _contrast(block: Block, row: int, cells: list[tuple[int, Cell]]) -> int:
    """How many columns hold numbers, dates or codes below a cell that is none."""
    below, share, n = range(row + 1, min(row + 11, block.stop)), _shares()["contrast"], 0
    for column, cell in cells:
        values = [block.sheet.cell(r, column) for r in below if block.filled[r, column]]
        digits = [value for value in values if not isinstance(value, str) or any(c.isdigit() for c in value)]
        is_number = any(c.isdigit() for c in _NOTE.sub("", str(cell)))
        n += bool(values) and len(digits) > share * len(values) and not is_number
    return n


def _groups_above(block: Block, row: int, found: list[tuple[int, int]]) -> int:
    """The first row of a header whose groups stand above its leaves."""
    limit = max(block.top, sum(found[-1]) if found else 0)
    first = row
    while first > limit and row - first < _MAX_HEADER_DEPTH - 1:
        cells = block.row(first - 1)
        texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
        if len(cells) < LEAST_KNOWN or len(texts) < len(cells) or any(map(_is_value, texts)) or _are_facts(texts):
            break
        if any(map(is_title, texts)):
            break
        if not (_spans(block.sheet, first - 1) or _fills(block, first - 1, first)):
            break
        first -= 1
    return first


def _spans(sheet: Sheet, row: int) -> int:
    """Merged cells of a row: group headers, whose leaves stand below."""
    return sum(top == row and right > left for (top, left), (_, right) in sheet.merges)


def _spanned(sheet: Sheet, row: int) -> set[int]:
    """The columns below the merged cells of a row."""
    return {
        column
        for (top, left), (bottom, right) in sheet.merges
        if top <= row <= bottom and right > left
        for column in range(left, min(right + 1, len(sheet.columns)))
    }


def _repeated(block: Block, row: int) -> set[int]:
    """The columns whose header says the same as the one beside it: a group written above each of its leaves."""
    pairs = list(pairwise(block.row(row)))
    return {at for (left, one), (right, other) in pairs if one == other and right == left + 1 for at in (left, right)}


def _fills(block: Block, above: int, below: int) -> bool:
    """Whether a row fills columns that the other leaves open, and the other way round."""
    one, other = block.filled[above][block.columns], block.filled[below][block.columns]
    return bool((one & ~other).any() and (other & ~one).any())


def _goes_on(block: Block, first: int, row: int) -> bool:
    """Whether a row still belongs to the header: leaves below groups, or names of fields, or numbers of columns."""
    cells = block.row(row)
    if len(cells) < min(LEAST_KNOWN, len(block.columns)):
        return False  # a heading of the rows below
    if _counts_columns([cell for _, cell in cells]):
        return len(cells) > LEAST_KNOWN
    texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
    if len(texts) < len(cells):
        return False
    head = [str(cell) for _, cell in block.row(first)]
    if len(texts) > LEAST_KNOWN and all(_is_identifier(text) for text in texts) and not all(map(str.isascii, head)):
        return True
    is_grouped = bool(_spans(block.sheet, row - 1))
    n_values = sum(_is_value(clean(str(cell))) and not _is_above_ticks(block, row, column) for column, cell in cells)
    most = _shares()["values"] * len(texts) if is_grouped else 0
    if n_values > most or _are_facts(texts):
        return False
    spanned = _spanned(block.sheet, row - 1) | _repeated(block, row - 1)
    opened = [column for column, _ in cells if not block.filled[row - 1, column] or column in spanned]
    if not opened or len(opened) < len(cells) / 2:
        return False
    leaf_known = [text for column, text in ((column, clean(str(cell))) for column, cell in cells)
                  if knows(text) or header_key(text) in _leaves() or _is_leaf(block, row, column, text)]  # fmt: skip
    return is_grouped or len(leaf_known) > len(texts) / 2 or _are_groups(block, row)


def _is_above_ticks(block: Block, row: int, column: int) -> bool:
    """Whether all that stands below a cell are ticks, so that it says what is ticked, whatever it looks like."""
    below = range(row + 1, min(row + 1 + LOOKED_AT, block.stop))
    return are_ticks([block.sheet.cell(at, column) for at in below if block.filled[at, column]])


def are_ticks(cells: Sequence[Cell]) -> bool:
    """Whether the filled cells of a column are ticks, and at most their number below them."""
    others = [cell for cell in cells if not (isinstance(cell, str) and clean(cell) in words()["ticks"])]
    n = len(cells) - len(others)
    return n > 0 and others in ([], [n])


def _are_groups(block: Block, row: int) -> bool:
    """Whether each cell above one of a row has further cells of that row to its right: groups above leaves."""
    above, here = block.filled[row - 1][block.columns], block.filled[row][block.columns]
    groups = np.flatnonzero(above & here)
    followed = [at + 1 < len(here) and here[at + 1] and not above[at + 1] for at in groups]
    return len(groups) > 0 and all(followed) and bool((above & ~here).any())


def _is_leaf(block: Block, row: int, column: int, text: str) -> bool:
    """Whether a text says something below the group that stands above it or to the left: 正式 below 党员人数."""
    groups = [cell for at, cell in block.row(row - 1) if at <= column]
    return bool(groups) and (fold(text).lower() in _vocabulary() or is_known(f"{clean(str(groups[-1]))}\n{text}"))


@cache
def _leaves() -> frozenset[str]:
    return frozenset(header_key(word) for word in (*schema.header_words()["leaves"], *words()["date_parts"]))


def _is_identifier(text: str) -> bool:
    return text.isascii() and text.replace("_", "").isalpha()


def _counts_columns(cells: list[Cell]) -> bool:
    """Whether cells only number the columns: 1, 2, 3, or 甲, 乙, 1, 2."""
    texts = [fold(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)) for cell in cells]
    numbers = [int(text) for text in texts if text.isdigit()]
    stems = [text for text in texts if not text.isdigit()]
    return numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 1 and set(stems) <= set(words()["stems"])


def _said_before(block: Block, earlier: tuple[int, int], later: tuple[int, int]) -> bool:
    """Whether a header only says again, without a title of its own, what the one above says: a new page."""
    for row in range(later[0] - 1, sum(earlier) - 1, -1):
        cells = block.row(row)
        if not cells:
            continue
        if len(cells) <= LEAST_KNOWN and all(isinstance(cell, str) for _, cell in cells):
            return False
        break
    return header_names(block, *earlier) == header_names(block, *later)


def repeats(names: list[str]) -> list[int]:
    """Where a second table begins: the same headers again, or a second serial number."""
    keys = [header_key(name) for name in names]
    for width in range(2, len(keys) // 2 + 1):
        if all(keys[:width]) and keys[:width] == keys[width : 2 * width]:
            return [at for at in range(width, len(keys), width) if keys[at]]
    serials = [index for index, name in enumerate(names) if name and is_serial(name)]
    return [index for index in serials[1:] if index > LEAST_KNOWN - 1] if serials[:1] == [0] else []


def header_names(block: Block, first: int, depth: int) -> list[str]:
    """Group and leaf headers of each column, joined by a line feed, merged cells filled."""
    sheet = block.sheet
    rows = range(first, first + depth)
    grid = {row: {column: header_text(cell) for column, cell in block.row(row)} for row in rows}
    columns = set(block.columns)
    for (top, left), (bottom, right) in sheet.merges:
        if first <= top < first + depth:
            text = grid[top].get(left, "")
            for row in range(top, min(bottom + 1, first + depth)):
                for column in range(left, min(right + 1, len(sheet.columns))):
                    if column in columns and text:
                        grid[row][column] = text
    if not any(first <= top < first + depth for (top, _), _ in sheet.merges):
        _spread(grid, list(rows), block.columns)
    names = []
    for column in block.columns:
        parts = dict.fromkeys(text for row in rows if (text := grid[row].get(column, "")))
        names.append("\n".join(part for part in parts if not _is_second_name(part, parts)))
    return names


def _spread(grid: dict[int, dict[int, str]], rows: list[int], columns: list[int]) -> None:
    """In files without merged cells a group stands over the columns up to the next one."""
    for above, below in pairwise(rows):
        group = ""
        for column in columns:
            group = grid[above].get(column, group)
            if column not in grid[above] and column in grid[below] and group:
                grid[above][column] = group


def _is_second_name(part: str, parts: Iterable[str]) -> bool:
    """Whether a part of a header only names the field or the column for a machine."""
    others = [other for other in parts if other != part]
    is_latin = part.isascii() and any(not other.isascii() for other in others)
    return bool(others) and (is_latin or part in words()["stems"])


def header_text(cell: Cell) -> str:
    """A cell as a header: its text, "" where it is too long for one."""
    text = masked(clean(cell)) if isinstance(cell, str) else ""
    return text if len(text) <= _MAX_HEADER_LENGTH else ""
