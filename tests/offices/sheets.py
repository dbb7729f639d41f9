"""Puts a list on a sheet: title, header rows, bands, blocks, totals, notes; and says where everything went."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .tables import COUNTS, Column, Table

Cell = tuple[int, int]


@dataclass
class Sheet:
    """Cells by row (from 1) and column (from 0), and the merged rectangles."""

    name: str
    cells: dict[Cell, Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def write(self, row: int, column: int, value: Any) -> None:
        if value != "" and value is not None:
            self.cells[row, column] = value

    def merge(self, first_row: int, first: int, last_row: int, last: int) -> None:
        if (first_row, first) != (last_row, last):
            self.merges.append((first_row, first, last_row, last))

    @property
    def n_rows(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @property
    def n_columns(self) -> int:
        return max((column for _, column in self.cells), default=-1) + 1

    def rows(self) -> list[list[Any]]:
        return [
            [self.cells.get((row, column), "") for column in range(self.n_columns)] for row in range(1, self.n_rows + 1)
        ]


@dataclass(frozen=True)
class Look:
    """How one list is laid out. `once`, `band` and `block` name a meaning, `heading` is what a band or a block is called."""

    title: bool = True
    filled_by: str = ""
    grouped: bool = False
    once: str = ""
    merged: bool = True
    band: str = ""
    block: str = ""
    heading: str = "{}"
    totals: str = ""
    renumbered: bool = False
    note: str = ""
    signature: str = ""
    blank_every: int = 0


@dataclass
class _Pen:
    """Writes down one list and keeps what the truth has to say about its rows."""

    sheet: Sheet
    table: Table
    look: Look
    row: int
    left: int
    header_rows: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    first: int = 0
    last: int = 0
    n_records: int = 0
    whole: list[Column] = field(default_factory=list)

    def line(self, text: str, *, is_wide: bool = True) -> None:
        self.sheet.write(self.row, self.left, text)
        if is_wide:
            self.sheet.merge(self.row, self.left, self.row, self.left + len(self.table.columns) - 1)
        self.row += 1

    def header(self) -> None:
        rows = [self.row, self.row + 1] if self.look.grouped else [self.row]
        if not self.header_rows:
            self.header_rows = rows
        else:
            self.aside += rows
        if self.look.grouped:
            self._groups()
        for place, column in enumerate(self.table.columns):
            self.sheet.write(
                rows[-1] if column.group or not self.look.grouped else rows[0], self.left + place, column.header
            )
        self.row += len(rows)

    def _groups(self) -> None:
        start = 0
        columns = self.table.columns
        for place in range(1, len(columns) + 1):
            group = columns[start].group
            if group and place < len(columns) and columns[place].group == group:
                continue
            if group:
                self.sheet.write(self.row, self.left + start, group)
                self.sheet.merge(self.row, self.left + start, self.row, self.left + place - 1)
            else:
                self.sheet.merge(self.row, self.left + start, self.row + 1, self.left + start)
            start = place

    def set_aside(self) -> None:
        self.aside.append(self.row)
        self.first = self.first or self.row

    def records(self, table: Table) -> None:
        start = self.row
        for i in range(len(table)):
            if self.look.blank_every and i and i % self.look.blank_every == 0:
                self.set_aside()
                self.row += 1
            for place, column in enumerate(table.columns):
                if column.means == self.look.once and i and column.values[i] == column.values[i - 1]:
                    continue
                self.sheet.write(self.row, self.left + place, column.values[i])
            self.first, self.last = self.first or self.row, self.row
            self.n_records += 1
            self.row += 1
        if self.look.once and self.look.merged and not self.look.blank_every:
            self._merge_runs(table, start)

    def _merge_runs(self, table: Table, start: int) -> None:
        place = next((i for i, column in enumerate(table.columns) if column.means == self.look.once), None)
        if place is None:
            return
        values, begin = table.columns[place].values, 0
        for i in range(1, len(values) + 1):
            if i == len(values) or values[i] != values[begin]:
                self.sheet.merge(start + begin, self.left + place, start + i - 1, self.left + place)
                begin = i

    def total(self, label: str, table: Table) -> None:
        self.set_aside()
        self.sheet.write(self.row, self.left, label)
        for place, column in enumerate(table.columns):
            numbers = [value for value in column.values if isinstance(value, int)]
            if place and column.means in COUNTS and numbers:
                self.sheet.write(self.row, self.left + place, sum(numbers))
        self.last = self.row
        self.row += 1


def put(sheet: Sheet, table: Table, look: Look, *, row: int = 1, left: int = 0) -> tuple[dict[str, Any], int]:
    """Write the list; give its entry in the truth (without the file) and the row after it."""
    hidden = look.band or look.block
    keys = table.column(hidden).values if hidden else []
    shown = table.without(hidden) if hidden else table
    pen = _Pen(sheet, shown, look, row, left)
    _head(pen)
    if hidden:
        _groups_below(pen, shown.split(keys))
    else:
        pen.header()
        _body(pen, shown)
    if look.totals:
        pen.total("合计" if look.totals == "end" else "总计", shown)
    _tail(pen)
    return _entry(pen, hidden), pen.row


def _head(pen: _Pen) -> None:
    if pen.look.title:
        pen.outside.append(pen.row)
        pen.line(pen.table.title)
    if pen.look.filled_by:
        pen.outside.append(pen.row)
        pen.line(pen.look.filled_by)


def _groups_below(pen: _Pen, groups: Iterable[tuple[str, Table]]) -> None:
    if pen.look.band:
        pen.header()
    for key, part in groups:
        if pen.look.renumbered:
            part.renumber()
        if pen.look.band:
            pen.set_aside()
            pen.line(pen.look.heading.format(key))
        else:
            if pen.header_rows:
                pen.aside.append(pen.row)
                pen.row += 1
                pen.aside.append(pen.row)
            else:
                pen.outside.append(pen.row)
            pen.line(pen.look.heading.format(key))
            pen.header()
        pen.records(part)
        if pen.look.totals == "groups":
            pen.total("小计", part)


def _body(pen: _Pen, table: Table) -> None:
    if pen.look.totals == "groups" and pen.look.once:
        for _, part in table.split(table.column(pen.look.once).values):
            pen.records(part)
            pen.total("小计", part)
    else:
        pen.records(table)


def _tail(pen: _Pen) -> None:
    for text in (pen.look.note, pen.look.signature):
        if text:
            pen.row += pen.look.note == text
            pen.outside.append(pen.row)
            pen.line(text, is_wide=False)


def _entry(pen: _Pen, hidden: str) -> dict[str, Any]:
    columns = [
        {"column": letters(pen.left + place), "header": "|".join(filter(None, [column.group if pen.look.grouped else "", column.header])), "means": column.means}
        for place, column in enumerate(pen.table.columns)
    ]  # fmt: skip
    aside = sorted(row for row in pen.aside if pen.first <= row <= pen.last)
    entry = {
        "sheet": pen.sheet.name, "header_rows": pen.header_rows, "first_row": pen.first, "last_row": pen.last,
        "kind": pen.table.kind, "rows": pen.n_records, "set_aside": aside, "outside_rows": sorted(pen.outside), "columns": columns,
    }  # fmt: skip
    if hidden:
        entry["in_heading_rows"] = hidden
    return entry | pen.table.truth


def put_turned(sheet: Sheet, table: Table, *, row: int = 1) -> tuple[dict[str, Any], int]:
    """Write the list with its fields as rows and its records as columns."""
    sheet.write(row, 0, table.title)
    sheet.merge(row, 0, row, len(table))
    columns = []
    for place, column in enumerate(table.columns, start=row + 1):
        sheet.write(place, 0, column.header)
        for i, value in enumerate(column.values, start=1):
            sheet.write(place, i, value)
        columns.append({"row": place, "header": column.header, "means": column.means})
    entry = {
        "sheet": sheet.name, "header_rows": [], "first_row": row + 1, "last_row": row + len(columns), "kind": table.kind,
        "rows": len(table), "set_aside": [], "outside_rows": [row], "transposed": True, "columns": columns,
    }  # fmt: skip
    return entry | table.truth, row + len(columns) + 1


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
