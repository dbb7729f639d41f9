"""A sheet to its regions: one for each table that it holds.

A sheet is cut where a column is empty all the way down, where a row of headers begins, and where
headers are said again to the right; nothing is joined across a cut. A header is a row of words
that kinds of table know, or of words above cells of another sort. What stands above a header in
one or two cells is its title, or lines such as 填报单位; a row of more words is never a title. A
table that lies on its side, fields down and things across, is turned; a form is a table of one row.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import Cell, CodedColumn, Sheet, sheet_of_rows
from pbgraph.reading.headers import is_known, listed_headers, post_of
from pbgraph.reading.shapes import shapes_of
from pbgraph.schema import header_key
from pbgraph.text import clean, fold, simplified

Rows = "np.ndarray[Any, np.dtype[np.int64]]"
_MAX_HEADER_DEPTH = 3
_MAX_HEADER_LENGTH = 40  # longer text is a filling note, not a header
_LOOKED_AT = 60  # rows at the top that are looked at one by one; below, rows after a break or with listed headers
_MOST_CANDIDATES = 3_000
_LEAST_KNOWN = 2
_LEAST_TITLE = 5
_TITLE_WITHIN = 4  # rows from the top of a block in which titles side by side are looked for
_MOST_DISTINCT = 0.7
_VALUE_SHAPES = frozenset(
    {"id", "phone", "date", "org", "unit", "committee", "address", "long", "posts", "community", "grid"}
)


@dataclass
class Region:
    """One table of a sheet, by the columns of the sheet; rows are 0-based and `stop` is exclusive.

    `names` are the headers, group and leaf joined by a line feed; `lines` the rows above the header
    that belong to it. `is_guess`: nothing tells that the first row of words is a header. `turned`
    holds, for a table that was turned, the sheet it was cut from.
    """

    sheet: Sheet
    columns: list[int]
    top: int
    first: int
    depth: int
    stop: int
    names: list[str]
    lines: list[int] = field(default_factory=list)
    turned: Sheet | None = None
    at: tuple[int, int] = (0, 0)
    is_guess: bool = False

    @property
    def start(self) -> int:
        """The first row below the header."""
        return self.first + self.depth

    @property
    def n_rows(self) -> int:
        """How many rows the region takes, with the lines above it; of a turned table the things and the header."""
        return self.stop - self.top

    @property
    def place(self) -> str:
        """The range as Excel writes it, such as A3:H20."""
        if self.turned is not None:
            width = len(self.turned.columns)
            return f"A{self.at[0] + 1}:{letters(width - 1)}{self.at[1]}"
        return f"{letters(self.columns[0])}{self.top + 1}:{letters(self.columns[-1])}{self.stop}"

    def rows(self) -> Any:
        """The rows below the header."""
        return np.arange(self.start, self.stop, dtype=np.int64)

    def excel_rows(self, rows: Any) -> Any:
        """The row numbers that Excel shows; of a turned table the row of its headers' first line."""
        return np.full(len(rows), self.at[0] + 1, dtype=np.int64) if self.turned is not None else rows + 1


def letters(index: int) -> str:
    """The column letters of Excel: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def codes_of(column: CodedColumn) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """The codes of a column as an array."""
    return np.frombuffer(column.codes, dtype=np.int32)


def n_blank_rows(sheet: Sheet) -> int:
    """How many rows of a sheet hold nothing."""
    filled = np.zeros(sheet.n_rows, dtype=bool)
    for column in sheet.columns:
        filled |= codes_of(column) != 0
    return int(sheet.n_rows - filled.sum())


@cache
def words() -> dict[str, Any]:
    """The words of `[layout]` in schema.toml."""
    return schema.layout_words()


def find_regions(sheet: Sheet) -> list[Region]:
    """The tables of a sheet from top to bottom and left to right; none where no header is found."""
    filled = np.zeros((sheet.n_rows, len(sheet.columns)), dtype=bool)
    for index, column in enumerate(sheet.columns):
        filled[:, index] = codes_of(column) != 0
    block = _Block(sheet, filled, 0, sheet.n_rows, list(range(len(sheet.columns))))
    found = sorted(_cut(block), key=lambda region: (region.at[0] if region.turned else region.first, region.columns[0]))
    if any(region.names for region in found):
        return _whole_rows(found, sheet.n_rows)
    turned = _turned(block)
    return [turned] if turned else _guessed(block)


@dataclass(frozen=True)
class _Block:
    """A part of a sheet: rows from `top` up to `stop`, some columns."""

    sheet: Sheet
    filled: Any
    top: int
    stop: int
    columns: list[int]

    def row(self, number: int) -> list[tuple[int, Cell]]:
        """The filled cells of a row with their columns."""
        row = self.filled[number]
        return [(column, self.sheet.cell(number, column)) for column in self.columns if row[column]]


def _guessed(block: _Block) -> list[Region]:
    """The whole sheet with its first row of words as header, for a person to say what it is."""
    for row in range(block.top, min(block.stop - 1, block.top + _LOOKED_AT)):
        cells = block.row(row)
        if len(cells) >= _LEAST_KNOWN and all(isinstance(cell, str) for _, cell in cells):
            region = _beside(block, block.top, row, 1, block.stop)[0]
            return [replace(region, is_guess=True)]
    return []


def _whole_rows(regions: list[Region], n_rows: int) -> list[Region]:
    """Regions that stand above each other take every row of the sheet between them."""
    tops = sorted({region.at[0] if region.turned else region.top for region in regions})
    ends = dict(zip(tops, [*tops[1:], n_rows], strict=True))
    whole = []
    for region in regions:
        if region.turned is not None:
            whole.append(region)
            continue
        beside = [
            r for r in regions if r is not region and r.turned is None and region.top < r.stop and r.top < region.stop
        ]
        stop = region.stop if beside else max(ends[region.top], region.stop)
        whole.append(replace(region, top=0 if region.top == tops[0] else region.top, stop=stop))
    return whole


def _cut(block: _Block) -> list[Region]:
    """The regions of a block: cut by empty columns, then by headers, then again below each header."""
    if cuts := _title_cuts(block):
        return [region for columns in cuts for region in _cut(replace(block, columns=columns))]
    headers = _headers(block)
    if not headers:
        return [_rest(block)] if block.filled[block.top : block.stop][:, block.columns].any() else []
    segments = _segments(block, block.top, block.stop)
    if len(segments) > 1:
        parts = [replace(block, columns=segment) for segment in segments]
        if sum(bool(_headers(part)) for part in parts) > 1:
            return [region for part in _joined_parts(parts) for region in _cut(part)]
    bands = _bands(block, headers)
    if len(bands) == 1:
        return _beside(block, *bands[0])
    return [region for top, first, depth, stop in bands for region in _band(block, top, first, depth, stop)]


def _rest(block: _Block) -> Region:
    """A part of a sheet that no header leads: a table on its side, or rows that are kept apart and named."""
    turned = _turned(block)
    used = [column for column in block.columns if block.filled[block.top : block.stop, column].any()]
    return turned or Region(block.sheet, used, block.top, block.top, 0, block.stop, [])


def _title_cuts(block: _Block) -> list[list[int]]:
    """Columns of the tables of a block, where titles that stand side by side above them tell them apart."""
    for row in range(block.top, min(block.top + _TITLE_WITHIN, block.stop)):
        starts = [column for column, cell in block.row(row) if isinstance(cell, str) and _is_title(clean(cell))]
        if len(starts) > 1:
            at = [block.columns.index(column) for column in starts]
            return [block.columns[left:right] for left, right in zip([0, *at[1:]], [*at[1:], None], strict=True)]
    return []


def _is_title(text: str) -> bool:
    """Whether a text is the title of a table: long enough, and ends as lists are called."""
    plain = simplified(re.sub(r"[（(][^（()）]*[)）]$", "", text))
    return len(plain) > _LEAST_TITLE and plain.endswith(tuple(words()["list_endings"])) and not _knows(text)


def _band(block: _Block, top: int, first: int, depth: int, stop: int) -> list[Region]:
    """The regions of one band: it may hold tables side by side that the whole block does not show."""
    part = replace(block, top=top, stop=stop)
    if cuts := _title_cuts(part):
        return [region for columns in cuts for region in _cut(replace(part, columns=columns))]
    below = replace(block, top=first, stop=stop)
    segments = [segment for segment in _segments(below, first, stop) if _header_cells(below, first, segment)]
    pieces = _joined_parts([replace(below, columns=segment) for segment in segments]) if len(segments) > 1 else []
    if len(pieces) > 1:
        found = [region for piece in pieces for region in _cut(piece)]
        for region in found[:1]:
            region.top, region.lines = top, [row for row in range(top, first) if block.row(row)]
        return found
    return _beside(block, top, first, depth, stop)


def _header_cells(block: _Block, row: int, columns: list[int]) -> bool:
    return any(block.filled[row, column] for column in columns)


def _segments(block: _Block, top: int, stop: int) -> list[list[int]]:
    """Runs of columns between columns that are empty in these rows."""
    used = block.filled[top:stop][:, block.columns].any(axis=0)
    segments: list[list[int]] = []
    before = False
    for column, is_used in zip(block.columns, used, strict=True):
        if is_used and not before:
            segments.append([])
        if is_used:
            segments[-1].append(column)
        before = bool(is_used)
    return segments


def _joined_parts(parts: list[_Block]) -> list[_Block]:
    """Parts that are tables of their own; one that has no header or no key of its own goes on its left neighbour."""
    joined: list[_Block] = []
    for part in parts:
        headers = _headers(part)
        names = _joined(part, headers[0][0], headers[0][1]) if headers else []
        if joined and not (headers and _stands_alone(names, headers[0][0] > part.top)):
            joined[-1] = replace(joined[-1], columns=[*joined[-1].columns, *part.columns])
        else:
            joined.append(part)
    return joined


def _stands_alone(names: list[str], *has_lines: bool) -> bool:
    """Whether headers are those of a table: with a serial number or something that a row can be known by."""
    return any(name and (_is_serial(name) or _is_key(name)) for name in names)


@cache
def _is_key(name: str) -> bool:
    from pbgraph.reading.headers import field_of

    return any(field_of(table, name) in table.key_fields for table in schema.tables().values())


def _is_serial(name: str) -> bool:
    return header_key(name) in {header_key(word) for word in words()["serial"]}


def _headers(block: _Block) -> list[tuple[int, int]]:
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
        if found and _said_before(block, found[-1], (first, depth)):
            continue
        found.append((first, depth))
    return found


def _candidates(block: _Block) -> tuple[set[int], set[int]]:
    """Rows that may be headers, since they stand after a break or have headers on a list; and the first ones."""
    part = block.filled[block.top : block.stop][:, block.columns]
    counts = part.sum(axis=1)
    wanted = np.zeros(len(counts), dtype=bool)
    breaks = np.flatnonzero(counts <= _LEAST_KNOWN)
    wanted[np.minimum(breaks + 1, len(counts) - 1)] = True
    listed = np.zeros(len(counts), dtype=np.int32)
    for index in block.columns:
        column = block.sheet.columns[index]
        codes = [code for code, cell in enumerate(column.values) if _may_be_listed(cell)]
        if codes:
            listed += np.isin(codes_of(column)[block.top : block.stop], codes)
    wanted |= listed >= _LEAST_KNOWN
    likely = np.flatnonzero(wanted & (counts >= 1))[:_MOST_CANDIDATES] + block.top
    early = np.flatnonzero(counts[:_LOOKED_AT] >= 1) + block.top
    return set(likely.tolist()), set(early.tolist())


def _may_be_listed(cell: Cell) -> bool:
    return type(cell) is str and len(cell) <= 12 and cell.strip() in listed_headers()


def _is_header(block: _Block, row: int, *, is_first: bool) -> bool:
    """Whether a row is a header: words that kinds of table know, none that look like values."""
    cells = block.row(row)
    texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
    if not texts or (row + 1 >= block.stop and not is_first) or len(texts) < 0.8 * len(cells):
        return False
    if len(cells) < _LEAST_KNOWN:
        return len(block.columns) == 1 and _knows(texts[0]) == 1 and not _is_fact(texts[0])
    if _are_facts(texts):
        return False
    if len(set(texts)) < _MOST_DISTINCT * len(texts) and not _repeats(texts):
        return False  # a row of a turned table, or of values from a short list
    known = sum(map(_knows, texts))
    n_values = sum(_is_value(text) for text in texts)
    if known > _LEAST_KNOWN / 2 and all(map(_knows, texts)) and (is_first or _contrast(block, row, cells)):
        return 1.0 in map(_knows, texts)
    if known >= _LEAST_KNOWN and n_values <= 0.3 * len(texts):
        return known >= (0.4 if is_first else 0.6) * len(texts) or _contrast(block, row, cells) >= _LEAST_KNOWN
    return is_first and len(texts) > _LEAST_KNOWN and not n_values and _contrast(block, row, cells) > _LEAST_KNOWN


def _knows(text: str) -> float:
    """1 for a header that a kind of table knows, less for one that is as often a value."""
    if len(text) > _MAX_HEADER_LENGTH or not (is_known(text) or post_of(text)):
        return 0.0
    return 0.5 if fold(text).lower() in _vocabulary() else 1.0


@cache
def _vocabulary() -> frozenset[str]:
    names = {item.type for table in schema.tables().values() for item in table.fields}
    return frozenset(
        word for name in names if schema.has_vocabulary(name) for word in schema.vocabulary(name).spellings
    )


def _is_value(text: str) -> bool:
    """Whether a text looks like a value rather than a header."""
    if len(text) > _MAX_HEADER_LENGTH:
        return True
    if is_known(text) or post_of(text) or text.endswith(_heads()):
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
    """Whether most of a line are facts about the sheet, such as 填报单位：某街道."""
    return sum(map(_is_fact, texts)) * 2 >= len(texts)


def _contrast(block: _Block, row: int, cells: list[tuple[int, Cell]]) -> int:
    """How many columns hold numbers, dates or codes below a cell that is none."""
    below = range(row + 1, min(row + 11, block.stop))
    n = 0
    for column, cell in cells:
        values = [block.sheet.cell(r, column) for r in below if block.filled[r, column]]
        digits = [value for value in values if not isinstance(value, str) or any(c.isdigit() for c in value)]
        n += bool(values) and len(digits) > 0.6 * len(values) and not any(c.isdigit() for c in str(cell))
    return n


def _groups_above(block: _Block, row: int, found: list[tuple[int, int]]) -> int:
    """The first row of a header whose groups stand above its leaves."""
    limit = max(block.top, sum(found[-1]) if found else 0)
    first = row
    while first > limit and row - first < _MAX_HEADER_DEPTH - 1:
        cells = block.row(first - 1)
        texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
        if len(cells) < _LEAST_KNOWN or len(texts) < len(cells) or any(map(_is_value, texts)) or _are_facts(texts):
            break
        if any(map(_is_title, texts)):
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


def _fills(block: _Block, above: int, below: int) -> bool:
    """Whether a row fills columns that the other leaves open, and the other way round."""
    one, other = block.filled[above][block.columns], block.filled[below][block.columns]
    return bool((one & ~other).any() and (other & ~one).any())


def _goes_on(block: _Block, first: int, row: int) -> bool:
    """Whether a row still belongs to the header: leaves below groups, or names of fields, or numbers of columns."""
    cells = block.row(row)
    if not cells:
        return False
    if _counts_columns([cell for _, cell in cells]):
        return len(cells) > _LEAST_KNOWN
    texts = [clean(cell) for _, cell in cells if isinstance(cell, str)]
    if len(texts) < len(cells):
        return False
    head = [str(cell) for _, cell in block.row(first)]
    if len(texts) > _LEAST_KNOWN and all(_is_identifier(text) for text in texts) and not all(map(str.isascii, head)):
        return True
    if any(map(_is_value, texts)) or _are_facts(texts):
        return False
    spanned = _spanned(block.sheet, row - 1)
    opened = [column for column, _ in cells if not block.filled[row - 1, column] or column in spanned]
    if not opened or len(opened) < len(cells) / 2:
        return False
    leaf_known = [text for text in texts if _knows(text) or header_key(text) in _leaves()]
    return bool(_spans(block.sheet, row - 1)) or len(leaf_known) > len(texts) / 2


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


def _said_before(block: _Block, earlier: tuple[int, int], later: tuple[int, int]) -> bool:
    """Whether a header only says again, without a title of its own, what the one above says: a new page."""
    for row in range(later[0] - 1, sum(earlier) - 1, -1):
        cells = block.row(row)
        if not cells:
            continue
        if len(cells) <= _LEAST_KNOWN and all(isinstance(cell, str) for _, cell in cells):
            return False
        break
    return _joined(block, *earlier) == _joined(block, *later)


def _bands(block: _Block, headers: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """The rows of each header's table: from the lines above it to those above the next one."""
    tops = [block.top]
    for index in range(1, len(headers)):
        tops.append(_first_line(block, headers[index][0], sum(headers[index - 1])))
    stops = [*tops[1:], block.stop]
    return [(top, first, depth, stop) for top, (first, depth), stop in zip(tops, headers, stops, strict=True)]


def _first_line(block: _Block, first: int, limit: int) -> int:
    """The first of the lines of one or two cells that stand directly above a header; blank rows end them."""
    row = first
    narrow = len(block.columns) <= _LEAST_KNOWN
    while row > limit:
        cells = block.row(row - 1)
        is_line = bool(cells) and len(cells) <= (1 if narrow else _LEAST_KNOWN)
        if not is_line or not all(isinstance(cell, str) for _, cell in cells):
            break
        if any(clean(str(cell)).startswith(tuple(words()["notes"])) for _, cell in cells):
            break
        row -= 1
    return row


def _beside(block: _Block, top: int, first: int, depth: int, stop: int) -> list[Region]:
    """One region, or several where the headers are said again to the right."""
    names = _joined(block, first, depth)
    cuts = _repeats(names)
    lines = [row for row in range(top, first) if block.row(row)]
    regions = []
    for left, right in zip([0, *cuts], [*cuts, len(names)], strict=True):
        columns = block.columns[left:right]
        own = left == 0
        here = [column for column, name in zip(columns, names[left:right], strict=True)
                if name or block.filled[first + depth : stop, column].any()]  # fmt: skip
        chosen = [names[block.columns.index(column)] for column in here]
        if here:
            region_top = top if own else first
            regions.append(Region(block.sheet, here, region_top, first, depth, stop, chosen, lines=lines))
    return regions


def _repeats(names: list[str]) -> list[int]:
    """Where a second table begins: the same headers again, or a second serial number."""
    keys = [header_key(name) for name in names]
    for width in range(2, len(keys) // 2 + 1):
        if all(keys[:width]) and keys[:width] == keys[width : 2 * width]:
            return [at for at in range(width, len(keys), width) if keys[at]]
    serials = [index for index, name in enumerate(names) if name and _is_serial(name)]
    return [index for index in serials[1:] if index > _LEAST_KNOWN - 1] if serials[:1] == [0] else []


def _joined(block: _Block, first: int, depth: int) -> list[str]:
    """Group and leaf headers of each column, joined by a line feed, merged cells filled."""
    sheet = block.sheet
    rows = range(first, first + depth)
    grid = {row: {column: _header_text(cell) for column, cell in block.row(row)} for row in rows}
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


def _header_text(cell: Cell) -> str:
    text = clean(cell) if isinstance(cell, str) else ""
    return text if len(text) <= _MAX_HEADER_LENGTH else ""


def _turned(block: _Block) -> Region | None:
    """A table whose headers stand in its first column, one thing a column; or a form of one thing."""
    segments = _segments(block, block.top, block.stop)
    if not segments:
        return None
    part = replace(block, columns=[column for segment in segments for column in segment])
    labels = part.columns[0]
    rows = [row for row in range(part.top, part.stop) if part.filled[row, labels]]
    rows = [row for row in rows if len(part.row(row)) > 1]
    known = [row for row in rows if _knows(clean(str(part.sheet.cell(row, labels))))]
    if len(known) > _LEAST_KNOWN and len(known) >= len(rows) / 2 and len(part.columns) > 1:
        body = [[part.sheet.cell(row, column) for row in rows] for column in part.columns[1:]]
        head: list[Cell] = [clean(str(part.sheet.cell(row, labels))) for row in rows]
        if not _are_pairs(part, known):
            return _made(block, [head, *body], rows[0])
    pairs = _pairs(part)
    if len(pairs) > _LEAST_KNOWN + 1:
        return _made(block, [[name for name, _ in pairs], [value for _, value in pairs]], rows[0] if rows else part.top)
    return None


def _made(block: _Block, rows: list[list[Cell]], first: int) -> Region:
    sheet = sheet_of_rows(block.sheet.name, rows, is_1904=block.sheet.is_1904)
    names = [_header_text(cell) for cell in rows[0]]
    columns = list(range(len(names)))
    lines = [row for row in range(block.top, first) if block.row(row)]
    return Region(sheet, columns, 0, 0, 1, len(rows), names, lines, turned=block.sheet, at=(block.top, block.stop))


def _are_pairs(block: _Block, rows: list[int]) -> bool:
    """Whether labels stand among the values too, as in a form: 姓名, 张三, 性别, 男."""
    inner = [cell for row in rows for _, cell in block.row(row)[2:] if isinstance(cell, str)]
    return sum(_knows(clean(cell)) == 1 for cell in inner) >= max(2, len(rows) // 2)


def _pairs(block: _Block) -> list[tuple[Cell, Cell]]:
    """Labels and the cell to the right of each, in a form."""
    found: dict[Cell, Cell] = {}
    for row in range(block.top, min(block.stop, _LOOKED_AT)):
        cells = block.row(row)
        at = 0
        while at + 1 < len(cells):
            label = clean(str(cells[at][1])).rstrip(":：")
            if _knows(label) and not _knows(clean(str(cells[at + 1][1]))):
                found.setdefault(label, cells[at + 1][1])
                at += 2
            else:
                at += 1
    return list(found.items())
