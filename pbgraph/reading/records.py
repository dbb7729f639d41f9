"""Which rows of a region are records, what each other row is, and what blank cells stand for.

A row is a record where the key of its kind is filled. Every other row has a reason that is true: deleted (an export
says so), blank, heading (it names a branch or a community for the rows below), example, total, note, the header again,
vacant (a room of a building that nobody is in), prepared (only what was filled in beforehand), incomplete, or apart:
read as another kind of table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.answered_again import answered_again
from pbgraph.reading.columns import codes_of, letters, n_filled, words
from pbgraph.reading.recognition import Column, Recognition
from pbgraph.reading.regions import Region
from pbgraph.reading.said import is_blank_word, is_yes_word
from pbgraph.reading.shapes import shapes_of
from pbgraph.reading.values import as_text
from pbgraph.schema import Field, Table, header_key
from pbgraph.text import clean, fold

_PREPARED_SHARE = 0.5  # a value that fills half of the rows below the last record was filled in beforehand
_LEAST_BLANK = 0.3  # of a grouping column: shown once per block, blank below
_LEAST_ROWS = 2
_MARKS = " \u3000\t\n\r*＊（([【\"'“"  # what may stand before a word
_NOT_COUNTED = {"incomplete", "apart"}  # the first are named each, the others are counted as what they are
_TEXT, _TOTAL, _NOTE, _HEADER, _EXAMPLE, _DITTO, _VACANT = 1, 2, 4, 8, 16, 32, 64


@dataclass
class Records:
    """The rows of a region sorted. `used` are the rows of the sheet that hold records, 0-based.

    `cells` holds the codes of a column where blanks have been filled; `headings` the value that a
    heading gives to each used row, by field; `incomplete` rows without their key; `replaced` those of
    which a later row of the form says the same thing anew, with that row; `counts` the other rows by reason.
    """

    used: Any
    incomplete: Any
    totals: list[int]
    counts: dict[str, int]
    cells: dict[int, Any] = field(default_factory=dict)
    headings: dict[str, list[str | None]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def place_of(column: Column, region: Region) -> str:
    """Letter and header of a column, as a finding names it."""
    return f"{letters(region.columns[column.index])} {column.header}"


def sort_rows(region: Region, recognition: Recognition, place: Mapping[str, Any]) -> Records:
    """Tell the records of a region from its other rows, and fill what stands once for several."""
    table = recognition.table
    assert table is not None
    rows = region.rows()
    roles = {index: _roles(region, index) for index in region.columns}
    keys = _key_columns(region, recognition)
    filled_cells = {index: filled_down(region, index, roles[index]) for index in region.columns}
    state = _State.of(region, roles, filled_cells, keys)
    is_heading = _headings(region, recognition, state)
    kinds = {  # the first that holds says what a row is
        "deleted": _deleted(region),
        "apart": np.isin(rows, list(region.apart)),
        "blank": state.n_filled == 0,
        "example": state.is_example,
        "total": state.is_total,
        "note": state.is_note,
        "header": (state.n_text > 1) & (state.n_header > state.n_text / 2),
        "heading": is_heading,
        "vacant": state.is_vacant,
        "prepared": ~state.has_key & _prepared(region, state, keys),
        "incomplete": ~state.has_key,
    }
    kind = np.select(list(kinds.values()), list(kinds), default="record")
    used = rows[kind == "record"]
    replaced = answered_again(region, recognition, used)
    used = used[~np.isin(used, list(replaced))]
    records = Records(
        used, rows[kind == "incomplete"], [int(row) for row in rows[kind == "total"]],
        {name: int((kind == name).sum()) for name in kinds if name not in _NOT_COUNTED}, filled_cells,
        replaced=replaced,
    )  # fmt: skip
    _give_headings(records, region, table, rows[kind == "heading"])
    for column in recognition.columns:
        _fill_group(records, region, recognition, column, place)
    return records


def _deleted(region: Region) -> Any:
    """The rows that an export says to hold no more, in a column of its own."""
    found = np.zeros(region.stop - region.start, dtype=bool)
    headers = [re.sub(r"[_\s]", "", header_key(name.split("\n")[-1])) for name in region.names]
    for index, name in zip(region.columns, headers, strict=False):
        if any(part in words()["deleted"] for part in (name, header_key(name))):
            values = region.sheet.columns[index].values
            says = np.array([is_yes_word(as_text(cell)) for cell in values], dtype=bool)
            found |= says[codes_of(region.sheet.columns[index])[region.start : region.stop]]
    return found


@dataclass(frozen=True)
class _State:
    """What the cells of each row say together."""

    n_filled: Any
    n_text: Any
    n_header: Any
    is_total: Any
    is_note: Any
    is_example: Any
    is_vacant: Any
    has_key: Any

    @classmethod
    def of(cls, region: Region, roles: dict[int, Any], cells: dict[int, Any], keys: set[int]) -> "_State":
        """Add up what the columns of a region say of each row."""
        n = region.stop - region.start
        n_text, n_header = (np.zeros(n, dtype=np.int32) for _ in range(2))
        total, note, example, vacant, key = (np.zeros(n, dtype=bool) for _ in range(5))
        for index in region.columns:
            role = roles[index]
            n_header += role & _HEADER != 0
            total |= (role & _TOTAL != 0) & (n_text < _LEAST_ROWS)
            note |= (role & _NOTE != 0) & (n_text == 0)
            example |= (role & _EXAMPLE != 0) & ((n_text == 0) | (index in keys))
            n_text += role & _TEXT != 0
            if index in keys:
                vacant |= role & _VACANT != 0
                blank = np.array([_is_blank(cell) for cell in region.sheet.columns[index].values], dtype=bool)
                key |= ~blank[cells[index][region.start : region.stop]]
        filled = n_filled(region.sheet, region.columns, region.start, region.stop)
        return cls(filled, n_text, n_header, total, note, example, vacant, key)


def _is_blank(cell: Any) -> bool:
    return cell == "" or (isinstance(cell, str) and is_blank_word(cell))


def _key_columns(region: Region, recognition: Recognition) -> set[int]:
    table = recognition.table
    assert table is not None
    keys = {region.columns[c.index] for c in recognition.columns if c.key in table.key_fields}
    return keys | ({region.columns[post.at] for post in recognition.posts} if table.has_posts else set())


def _roles(region: Region, index: int) -> Any:
    """What each cell of a column would say about its row, as bits by row."""
    column = region.sheet.columns[index]
    headers = frozenset(key for name in region.names for part in name.split("\n") if (key := header_key(part)))
    codes = codes_of(column)[region.start : region.stop]
    roles = np.zeros(len(column.values), dtype=np.int8)
    starts = _starts() | {word[0] for word in headers} | {word[0].upper() for word in headers}
    totals = tuple(words()["totals"])
    for code in np.unique(codes):
        cell = column.values[code]
        if type(cell) is str and cell:
            may_tell = cell[:1] in starts or cell[-1:] in ":：" or any(word in cell for word in totals)
            roles[code] = _TEXT | (_role(cell, headers) if may_tell else 0)
    return roles[codes]


def _role(cell: str, headers: frozenset[str]) -> int:
    text = fold(cell)
    patterns = _patterns()
    return (
        _TOTAL * bool(patterns["totals"].fullmatch(text))
        | _NOTE * bool(patterns["notes"].match(text))
        | _EXAMPLE * bool(patterns["examples"].fullmatch(text.lower()))
        | _HEADER * (header_key(text) in headers)
        | _DITTO * (text in _dittos())
        | _VACANT * bool(patterns["vacants"].fullmatch(text))
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(words()[f"{name}_pattern"]) for name in ("totals", "notes", "examples", "vacants")}


@cache
def _dittos() -> frozenset[str]:
    return frozenset(fold(word) for word in words()["dittos"])


@cache
def _starts() -> frozenset[str]:
    begins = {word[0] for key in ("totals", "notes", "examples", "dittos", "vacants") for word in words()[key]}
    return frozenset({*begins, *(start.upper() for start in begins), *_MARKS})


def filled_down(region: Region, index: int, roles: Any = None) -> Any:
    """The codes of a column with merged cells filled and 同上 replaced by what it means."""
    roles = _roles(region, index) if roles is None else roles
    codes = codes_of(region.sheet.columns[index])
    inside = [
        (max(top, region.start), min(bottom, region.stop - 1))
        for (top, left), (bottom, _) in region.sheet.merges
        if left == index and bottom > top and top < region.stop and bottom >= region.start and top >= region.start
    ]
    dittos = np.flatnonzero(roles & _DITTO != 0)
    if not inside and not len(dittos):
        return codes
    codes = codes.copy()
    for top, bottom in inside:
        part = codes[top : bottom + 1]
        part[part == 0] = codes[top]
    for at in dittos:
        row = int(at) + region.start
        above = codes[region.start : row]
        known = above[above != 0]
        codes[row] = known[-1] if len(known) else 0
    return codes


def _headings(region: Region, recognition: Recognition, state: _State) -> Any:
    """Rows that hold one text which names what follows, and not the key of a record."""
    n = len(state.n_filled)
    found = np.zeros(n, dtype=bool)
    if len(region.columns) < _LEAST_ROWS:
        return found
    table = recognition.table
    assert table is not None
    fields = {region.columns[c.index]: table.field(c.key) for c in recognition.columns}
    said_again: set[int] = set()
    for at in map(int, np.flatnonzero((state.n_filled == 1) & (state.n_text == 1))):
        row = at + region.start
        index = next(i for i in region.columns if region.sheet.columns[i].codes[row])
        text = clean(str(region.sheet.cell(row, index)))
        found[at] = _is_heading(region, row, index, text, fields.get(index), table)
        if (
            at
            and found[at - 1]
            and region.sheet.columns[index].codes[row - 1] == region.sheet.columns[index].codes[row]
        ):
            said_again |= {at - 1, at}  # the same value all the way down heads nothing
    found[list(said_again)] = False
    return found


def _is_heading(region: Region, row: int, index: int, text: str, item: Field | None, table: Table) -> bool:
    """Whether a lone text heads the rows below: it spans columns, or names a body where none is expected."""
    spans = any(top == row == bottom and left == index and right > left
                for (top, left), (bottom, right) in region.sheet.merges)  # fmt: skip
    values = heading_values(text, table)
    gives = bool(values)
    if any(schema.has_vocabulary(table.field(key).type) for key in values):
        return True
    is_key = item is not None and item.key in table.key_fields
    if spans:
        return gives or not is_key
    if not gives:
        return False
    own = {"org": {"org"}, "unit": {"unit", "org"}, "community": {"community"}}.get(item.type, set()) if item else set()
    return not (is_key and (shapes_of(text) & own or item is None))


def is_generic(committee: str) -> bool:
    """Whether the name of a committee names no place of its own: 社区“大党委”."""
    name = re.sub(r"[“”\"'‘’]", "", fold(committee))
    marks = schema.recognition_words()["shapes"]["committee_marks"]
    rest = next((name.removesuffix(mark) for mark in sorted(marks, key=len, reverse=True) if name.endswith(mark)), name)
    return rest in words()["generic_places"]


def heading_values(text: str, table: Table) -> dict[str, str]:
    """The fields of a table that a heading fills, such as 一、金桥社区 or 东风社区第一党支部（12人）."""
    bare = fold(text).strip(words()["heading_marks"])
    bare = re.sub(words()["heading_number"], "", bare) or bare
    bare = re.sub(r"\([^()]*\)$", "", bare).strip(":") or bare
    shapes = shapes_of(bare)
    found = {}
    for key in table.headings:
        item = table.field(key)
        if item.type == "committee" and is_generic(bare):
            continue
        if item.type in shapes or (
            schema.has_vocabulary(item.type) and bare.lower() in schema.vocabulary(item.type).spellings
        ):
            found[key] = bare
            break
    return found


def _give_headings(records: Records, region: Region, table: Table, rows: Any) -> None:
    """The value of the nearest heading above for each used row, by field."""
    if not len(rows):
        return
    said = [(int(row), heading_values(_text_of(region, int(row)), table)) for row in rows]
    for key in dict.fromkeys(key for _, values in said for key in values):
        values: list[str | None] = []
        marks = [(row, found[key]) for row, found in said if key in found]
        at, now = 0, None
        for row in records.used:
            while at < len(marks) and marks[at][0] < row:
                now = marks[at][1]
                at += 1
            values.append(now)
        records.headings[key] = values


def _text_of(region: Region, row: int) -> str:
    return next(as_text(cell) for index in region.columns if (cell := region.sheet.cell(row, index)) != "")


def _prepared(region: Region, state: _State, keys: set[int]) -> Any:
    """Rows without a key whose every cell stands all the way down: boxes, serial numbers, one community."""
    rows = np.flatnonzero(~state.has_key & (state.n_filled > 0))
    prepared = np.zeros(len(state.n_filled), dtype=bool)
    if not len(rows):
        return prepared
    told = np.zeros(len(rows), dtype=bool)
    for index in region.columns:
        codes = codes_of(region.sheet.columns[index])[region.start : region.stop]
        here = codes[rows]
        shown = here[here != 0]
        if not len(shown):
            continue
        values, counts = np.unique(shown, return_counts=True)
        all_values, all_counts = np.unique(codes[codes != 0], return_counts=True)
        common = all_values[all_counts >= max(_LEAST_ROWS, _PREPARED_SHARE * len(state.n_filled))]
        common = np.union1d(common, values[counts >= max(_LEAST_ROWS, _PREPARED_SHARE * len(rows))])
        numbers = [code for code in values if _counts_rows(region.sheet.columns[index].values[code])]
        is_serial = len(numbers) == len(values) and len(values) > _LEAST_ROWS
        told |= (here != 0) & ~np.isin(here, common) & (not is_serial)
    prepared[rows] = ~told
    return prepared


def _counts_rows(cell: Any) -> bool:
    return as_text(cell).isdigit()


def _fill_group(
    records: Records, region: Region, recognition: Recognition, column: Column, place: Mapping[str, Any]
) -> None:
    """Fill a column that shows its value once per block: in front, blank below, no value twice."""
    index = region.columns[column.index]
    table = recognition.table
    assert table is not None
    shown = records.cells[index][records.used]
    item = table.field(column.key)
    if item.type not in words()["grouping_types"] or len(shown) <= _LEAST_ROWS - 1 or not shown[0]:
        return
    keys = [c.index for c in recognition.columns if c.key in table.key_fields]
    blocks = shown[shown != 0]
    is_once = len(np.unique(blocks)) == len(blocks)
    if not (keys and column.index < min(keys) and is_once and (shown == 0).mean() >= _LEAST_BLANK):
        return
    filled = records.cells[index].copy()
    last = np.maximum.accumulate(np.where(shown != 0, np.arange(len(shown)), 0))
    filled[records.used] = shown[last]
    records.cells[index] = filled
    data = {"field": item.label, "n": int((shown == 0).sum())}
    where = {**place, "row": int(region.start), "column": place_of(column, region)}
    records.findings.append(finding("column-grouped", data=data, **where))
