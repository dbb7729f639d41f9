"""A sheet to its regions: one for each table that it holds.

A sheet is cut where a column is empty all the way down, where a row of headers begins, and where
headers are said again to the right; nothing is joined across a cut. A header is a row of words
that kinds of table know, or of words above cells of another sort. What stands above a header in
one or two cells is its title, or lines such as 填报单位; a row of more words is never a title. A
table that lies on its side, fields down and things across, is turned; a form is a table of one row.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import Cell, Sheet, sheet_of_rows
from pbgraph.reading.columns import codes_of, letters, n_filled, words
from pbgraph.reading.header_rows import (
    LEAST_KNOWN,
    LOOKED_AT,
    Block,
    header_names,
    header_text,
    is_serial,
    is_title,
    knows,
    names_kind,
    repeats,
)
from pbgraph.reading.headers import field_of
from pbgraph.text import clean

_TITLE_WITHIN = 4  # rows from the top of a block in which titles side by side are looked for


@dataclass
class Region:
    """One table of a sheet, by the columns of the sheet; rows are 0-based and `stop` is exclusive.

    `names` are the headers, group and leaf joined by a line feed; `lines` the rows above the header
    that belong to it. `is_guess`: nothing tells that the first row of words is a header. `turned`
    holds, for a table that was turned or listed anew, the sheet it was cut from, `at` its rows there, and `rows_of`
    the row there of each row of a list. `apart` are rows that are read as another kind of table.
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
    rows_of: tuple[int, ...] = ()
    is_guess: bool = False
    apart: frozenset[int] = frozenset()

    @property
    def start(self) -> int:
        """The first row below the header."""
        return self.first + self.depth

    @property
    def n_rows(self) -> int:
        """How many rows the region takes, with the lines above it; of a turned table the things and the header."""
        return self.stop - self.top - len(self.apart)

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
        if self.rows_of:
            return np.array(self.rows_of, dtype=np.int64)[rows - self.start] + 1
        return np.full(len(rows), self.at[0] + 1, dtype=np.int64) if self.turned is not None else rows + 1


def n_blank_rows(sheet: Sheet) -> int:
    """How many rows of a sheet hold nothing."""
    return int((n_filled(sheet, range(len(sheet.columns)), 0, sheet.n_rows) == 0).sum())


def find_regions(sheet: Sheet) -> list[Region]:
    """The tables of a sheet that is not empty, from top to bottom and left to right.

    Where no header is found, the whole sheet is one region whose header is a guess.
    """
    filled = np.zeros((sheet.n_rows, len(sheet.columns)), dtype=bool)
    for index, column in enumerate(sheet.columns):
        filled[:, index] = codes_of(column) != 0
    block = Block(sheet, filled, 0, sheet.n_rows, list(range(len(sheet.columns))))
    found = sorted(_cut(block), key=lambda region: (region.at[0] if region.turned else region.first, region.columns[0]))
    if any(region.names for region in found):
        return _whole_rows(found, sheet.n_rows)
    turned = _turned(block)
    return [turned or _guessed(block)]


def _guessed(block: Block) -> Region:
    """The whole sheet with its first row of words as header, for a person to say what it is."""
    whole = _rest(block)
    least = min(LEAST_KNOWN, len(whole.columns))
    for row in range(block.top, min(block.stop - 1, block.top + LOOKED_AT)):
        cells = block.row(row)
        if len(cells) >= least and all(isinstance(cell, str) for _, cell in cells):
            whole = _beside(block, block.top, row, 1, block.stop)[0]
            break
    return replace(whole, is_guess=True)


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


def _cut(block: Block) -> list[Region]:
    """The regions of a block: cut by empty columns, then by headers, then again below each header."""
    if cuts := _title_cuts(block):
        return [region for columns in cuts for region in _cut(replace(block, columns=columns))]
    if block.headers and (turned := _on_its_side(block)):
        return [turned]
    if not block.headers:
        return [_rest(block)] if block.filled[block.top : block.stop][:, block.columns].any() else []
    segments = _segments(block, block.top, block.stop)
    if len(segments) > 1:
        parts = _parts_beside(block, segments)
        if sum(bool(part.headers) for part in parts) > 1:
            return [region for part in _joined_parts(parts) for region in _cut(part)]
    bands = _bands(block)
    if len(bands) == 1:
        return _beside(block, *bands[0])
    return [region for top, first, depth, stop in bands for region in _band(block, top, first, depth, stop)]


def _rest(block: Block) -> Region:
    """A part of a sheet that no header leads: a table on its side, or rows that are kept apart and named."""
    turned = _turned(block)
    used = [column for column in block.columns if block.filled[block.top : block.stop, column].any()]
    return turned or Region(block.sheet, used, block.top, block.top, 0, block.stop, [])


def _title_cuts(block: Block) -> list[list[int]]:
    """Columns of the tables of a block, where titles that stand side by side above them tell them apart."""
    for row in range(block.top, min(block.top + _TITLE_WITHIN, block.stop)):
        texts = [(column, clean(cell)) for column, cell in block.row(row) if isinstance(cell, str)]
        starts = [column for column, text in texts if is_title(text)]
        if len(starts) < len(texts) and all(is_title(text) or names_kind(text) for _, text in texts):
            starts = [column for column, _ in texts]
        if len(starts) > 1:
            at = [block.columns.index(column) for column in starts]
            return [block.columns[left:right] for left, right in zip([0, *at[1:]], [*at[1:], None], strict=True)]
    return []


def _band(block: Block, top: int, first: int, depth: int, stop: int) -> list[Region]:
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


def _header_cells(block: Block, row: int, columns: list[int]) -> bool:
    return any(block.filled[row, column] for column in columns)


def _segments(block: Block, top: int, stop: int) -> list[list[int]]:
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


def _joined_parts(parts: list[Block]) -> list[Block]:
    """Parts that are tables of their own; one that has no header or no key of its own goes on its left neighbour."""
    joined: list[Block] = []
    for part in parts:
        names = header_names(part, *part.headers[0]) if part.headers else []
        before = header_names(joined[-1], *joined[-1].headers[0]) if joined and joined[-1].headers else []
        if joined and not (_says_again(names, before) or _stands_alone(names)):
            joined[-1] = replace(joined[-1], columns=[*joined[-1].columns, *part.columns])
        else:
            joined.append(part)
    return joined


def _parts_beside(block: Block, segments: list[list[int]]) -> list[Block]:
    """The parts of a block; one that says headers of its left neighbour again has its header in the same row."""
    parts = [replace(block, columns=segment) for segment in segments]
    first = block.headers[0]
    for left, part in pairwise(parts):
        if not part.headers and _says_again(header_names(part, *first), header_names(left, *first)):
            part.headers[:] = block.headers
    return parts


def _says_again(names: list[str], before: list[str]) -> bool:
    return len({name for name in names if name} & set(before)) >= LEAST_KNOWN


def _stands_alone(names: list[str]) -> bool:
    """Whether headers are those of a table: with a serial number or something that a row can be known by."""
    return any(name and (is_serial(name) or _is_key(name)) for name in names)


@cache
def _is_key(name: str) -> bool:
    return any(field_of(table, name) in table.key_fields for table in schema.tables().values())


def _bands(block: Block) -> list[tuple[int, int, int, int]]:
    """The rows of each header's table: from the lines above it to those above the next one."""
    tops, headers = [block.top], block.headers
    for index in range(1, len(headers)):
        tops.append(_first_line(block, headers[index][0], sum(headers[index - 1])))
    stops = [*tops[1:], block.stop]
    return [(top, first, depth, stop) for top, (first, depth), stop in zip(tops, headers, stops, strict=True)]


def _first_line(block: Block, first: int, limit: int) -> int:
    """The first of the lines of one or two cells that stand directly above a header; blank rows end them."""
    row = first
    narrow = len(block.columns) <= LEAST_KNOWN
    while row > limit:
        cells = block.row(row - 1)
        is_line = bool(cells) and len(cells) <= (1 if narrow else LEAST_KNOWN)
        if not is_line or not all(isinstance(cell, str) for _, cell in cells):
            break
        if any(clean(str(cell)).startswith(tuple(words()["notes"])) for _, cell in cells):
            break
        row -= 1
    return row


def _beside(block: Block, top: int, first: int, depth: int, stop: int) -> list[Region]:
    """One region, or several where the headers are said again to the right."""
    names = header_names(block, first, depth)
    cuts = repeats(names)
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


def _turned(block: Block) -> Region | None:
    """A table whose headers stand in its first column, one thing a column; or a form of one thing."""
    segments = _segments(block, block.top, block.stop)
    if not segments:
        return None
    part = replace(block, columns=[column for segment in segments for column in segment])
    labels = part.columns[0]
    rows = [row for row in range(part.top, part.stop) if part.filled[row, labels]]
    rows = [row for row in rows if len(part.row(row)) > 1]
    known = [row for row in rows if knows(clean(str(part.sheet.cell(row, labels))))]
    if len(known) > LEAST_KNOWN and len(known) >= len(rows) / 2 and len(part.columns) > 1:
        body = [[part.sheet.cell(row, column) for row in rows] for column in part.columns[1:]]
        head: list[Cell] = [clean(str(part.sheet.cell(row, labels))) for row in rows]
        if not _are_pairs(part, known):
            return _made(block, [head, *body], rows[0])
    pairs = _labelled_pairs(part)
    if len(pairs) > LEAST_KNOWN + 1:
        return _made(block, [[name for name, _ in pairs], [value for _, value in pairs]], rows[0] if rows else part.top)
    return None


def _on_its_side(block: Block) -> Region | None:
    """The turned table of a block whose first column holds more headers than the row that looks like one."""
    first, depth = block.headers[0]
    if block.stop - block.top > LOOKED_AT or first + depth >= block.stop:
        return None
    labels = [clean(str(cells[0][1])) for row in range(block.top, block.stop) if len(cells := block.row(row)) > 1]
    known = {label for label in labels if knows(label) == 1}
    across = {name for name in header_names(block, first, depth) if knows(name) == 1}
    is_more = len(known) > max(LEAST_KNOWN, len(across)) and len(known) > len(labels) / 2
    return _turned(block) if is_more else None


def _made(block: Block, rows: list[list[Cell]], first: int) -> Region:
    sheet = sheet_of_rows(block.sheet.name, rows, is_1904=block.sheet.is_1904)
    names = [header_text(cell) for cell in rows[0]]
    columns = list(range(len(names)))
    lines = [row for row in range(block.top, first) if block.row(row)]
    return Region(sheet, columns, 0, 0, 1, len(rows), names, lines, turned=block.sheet, at=(block.top, block.stop))


def _labelled_pairs(block: Block) -> list[tuple[Cell, Cell]]:
    """Labels and the cell to the right of each, in a form."""
    found: dict[Cell, Cell] = {}
    for row in range(block.top, min(block.stop, LOOKED_AT)):
        cells = block.row(row)
        at = 0
        while at + 1 < len(cells):
            label = clean(str(cells[at][1])).rstrip(":：")
            if knows(label) and not knows(clean(str(cells[at + 1][1]))):
                found.setdefault(label, cells[at + 1][1])
                at += 2
            else:
                at += 1
    return list(found.items())


def _are_pairs(block: Block, rows: list[int]) -> bool:
    """Whether labels stand among the values too, as in a form: 姓名, 张三, 性别, 男."""
    cells = [[cell for _, cell in block.row(row)] for row in rows]
    labels, values = ([cell for row in cells for cell in row[at::2]] for at in (2, 3))
    n_labels, n_values = (sum(isinstance(c, str) and knows(clean(c)) == 1 for c in part) for part in (labels, values))
    return n_labels >= max(2, len(rows) // 2) and n_labels > 2 * n_values
