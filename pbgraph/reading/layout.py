"""A sheet to its kind of table: where the header is, what each column and each row is.

The header is the row, or the two or three rows, within the first fifteen that the schema
knows most words of. The kind of table is recognised from the headers; title and sheet name
only help. Nothing is guessed: an unknown header stays unknown.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell, Sheet
from pbgraph.schema import Table, header_key
from pbgraph.text import clean, fold

_MAX_HEADER_DEPTH = 3
_MAX_HEADER_LENGTH = 40  # longer text is a filling note, not a header
_TITLE_BONUS = 3  # a title that names the table outweighs three shared headers
_MIN_KNOWN = 2  # fewer known headers make no table


@dataclass(frozen=True)
class Column:
    """A column of the sheet that the schema knows."""

    index: int
    field: schema.Field
    header: str

    @property
    def place(self) -> str:
        """Letter and header, as a finding names it."""
        return f"{letters(self.index)} {self.header}"


@dataclass
class Layout:
    """What a sheet is. `used` are 0-based row numbers of records; the rest is counted by reason."""

    table: Table | None
    columns: list[Column] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    title: str = ""
    n_title: int = 0
    n_header: int = 0
    n_repeated: int = 0
    n_notes: int = 0
    n_blank: int = 0
    findings: list[Finding] = field(default_factory=list)


def letters(index: int) -> str:
    """The column letters of Excel: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def words() -> dict[str, Any]:
    """The words of `[layout]` in schema.toml."""
    return schema.layout_words()


def find_layout(sheet: Sheet, file: str) -> Layout:
    """Recognise a sheet; `table` is None, with a finding, where no kind fits."""
    rows = sheet.rows
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    if not any(cell != "" for row in rows for cell in row):
        return Layout(None, n_blank=len(rows), findings=[finding("sheet-empty", **place)])
    best = _best_header(sheet)
    if best is None:
        code = "sheet-hidden" if sheet.is_hidden else "sheet-unknown"
        return Layout(None, findings=[finding(code, **place)])
    table, first, depth, names = best
    layout = Layout(table, n_header=depth)
    if sheet.is_hidden:
        layout.findings.append(finding("sheet-was-hidden", **place))
    _read_head(layout, sheet, first)
    _map_columns(layout, names, place, first + depth)
    missing = [key for key in table.required if key not in _supplied(layout, sheet.name)]
    if missing:
        layout.findings.append(_missing_column(table, missing, layout, place))
        layout.table = None
        return layout
    _sort_rows(layout, sheet, first + depth, names)
    return layout


def _missing_column(table: Table, missing: list[str], layout: Layout, place: dict[str, Any]) -> Finding:
    labels = "、".join(table.field(key).label for key in missing)
    found = "、".join(column.header for column in layout.columns)
    return finding("column-missing", data={"table": table.label, "missing": labels, "found": found}, **place)


def _supplied(layout: Layout, sheet_name: str) -> set[str]:
    supplied = {column.field.key for column in layout.columns} | set(layout.facts)
    if layout.table is not None and sheet_fact(layout.table, sheet_name):
        supplied.add(layout.table.sheet_field or "")
    return supplied


def sheet_fact(table: Table, sheet_name: str) -> str:
    """The value that the sheet's name gives, "" where it gives none."""
    endings = tuple(words()["community_endings"])
    return clean(sheet_name) if table.sheet_field and clean(sheet_name).endswith(endings) else ""


def _best_header(sheet: Sheet) -> tuple[Table, int, int, list[str]] | None:
    """Table, first header row, depth and the joined header of each column."""
    limit = min(int(words()["header_within"]), len(sheet.rows))
    title = header_key(sheet.name)
    best: tuple[float, Table, int, int, list[str]] | None = None
    for first in range(limit):
        texts = [clean(cell) for cell in sheet.rows[first] if isinstance(cell, str) and cell]
        if sum(_is_known(text) for text in texts) + _grouped(sheet, first) >= _MIN_KNOWN:
            for depth in range(1, min(_MAX_HEADER_DEPTH, len(sheet.rows) - first) + 1):
                names = _joined(sheet, first, depth)
                for table in schema.tables().values():
                    score = _score(table, names, title) - 0.1 * depth
                    if best is None or score > best[0]:
                        best = (score, table, first, depth, names)
        title += "".join(header_key(text) for text in texts)
    return best[1:] if best and best[0] > _MIN_KNOWN - 0.5 else None


@lru_cache(maxsize=4096)
def _is_known(text: str) -> bool:
    """Whether any table knows a text as a header: a quick look before the close one."""
    return any(key in table.headers for table in schema.tables().values() for key in _spellings(text))


def _grouped(sheet: Sheet, row: int) -> int:
    """Merged cells of a row: group headers, whose leaves stand below."""
    return sum(top == row and right > left for (top, left), (_, right) in sheet.merges)


def _score(table: Table, names: list[str], title: str) -> float:
    known = {key for name in names if (key := field_of(table, name))}
    if len(known) < _MIN_KNOWN:
        return 0
    required = sum(key in known for key in table.required) / len(table.required)
    bonus = _TITLE_BONUS if any(header_key(word) in title for word in table.titles) else 0
    return len(known) + required + bonus - (2 if required < 1 else 0)


def field_of(table: Table, name: str) -> str | None:
    """The field key of a header; `name` may join group and leaf by a line feed."""
    return next((table.headers[key] for key in _spellings(name) if key in table.headers), None)


@lru_cache(maxsize=4096)
def _spellings(name: str) -> tuple[str, ...]:
    *groups, leaf = name.split("\n")
    forms = (leaf, "".join((*groups, leaf)), *groups)
    return tuple(header_key(form, keep_notes=keep) for form in forms for keep in (True, False))


def _joined(sheet: Sheet, first: int, depth: int) -> list[str]:
    """Group and leaf headers of each column, joined by a line feed, merged cells filled."""
    width = max(len(row) for row in sheet.rows[first : first + depth])
    filled = [
        [_header_text(row[c] if c < len(row) else "") for c in range(width)]
        for row in sheet.rows[first : first + depth]
    ]
    for (top, left), (bottom, right) in sheet.merges:
        if first <= top < first + depth:
            for row in range(top, min(bottom + 1, first + depth)):
                for column in range(left, min(right + 1, width)):
                    filled[row - first][column] = filled[top - first][left]
    names = []
    for column in range(width):
        parts = list(dict.fromkeys(row[column] for row in filled if row[column]))
        names.append("\n".join(parts))
    return names


def _header_text(cell: Cell) -> str:
    text = clean(cell) if isinstance(cell, str) else ""
    return text if len(text) <= _MAX_HEADER_LENGTH else ""


def _read_head(layout: Layout, sheet: Sheet, first: int) -> None:
    """Title lines and "word: value" facts above the header."""
    layout.n_title = first
    for row in sheet.rows[:first]:
        for cell in row:
            text = clean(cell) if isinstance(cell, str) else ""
            name, mark, value = fold(text).partition(":")
            key = _fact_of(name) if mark else ""
            if key and value:
                layout.facts.setdefault(key, value)
            elif text and not mark and len(text) <= _MAX_HEADER_LENGTH and not layout.title:
                layout.title = text
    table = layout.table
    if table and table.title_field and table.title_field not in layout.facts:
        ending = next((end for end in table.title_endings if layout.title.endswith(end)), None)
        if ending:
            layout.facts[table.title_field] = layout.title.removesuffix(ending)


def _fact_of(name: str) -> str:
    facts: dict[str, list[str]] = words()["facts"]
    return next((key for key, spellings in facts.items() if name in spellings), "")


def _map_columns(layout: Layout, names: list[str], place: dict[str, Any], row: int) -> None:
    table = layout.table
    assert table is not None
    taken: dict[str, Column] = {}
    for index, name in enumerate(names):
        header = name.replace("\n", " ")
        key = field_of(table, name) if name else None
        if key is None:
            if name:
                column = f"{letters(index)} {header}"
                layout.findings.append(
                    finding("header-unknown", row=row, column=column, data={"header": header}, **place)
                )
            continue
        column_found = Column(index, table.field(key), header)
        if key in taken:
            label = table.field(key).label
            layout.findings.append(
                finding("header-twice", row=row, column=column_found.place, data={"field": label}, **place)
            )
            continue
        taken[key] = column_found
    layout.columns = list(taken.values())


def _sort_rows(layout: Layout, sheet: Sheet, start: int, names: list[str]) -> None:
    """Tell records from blank rows, totals, notes and repeated headers."""
    headers = {header_key(part) for name in names for part in name.split("\n") if part}
    keys = {column.index for column in layout.columns if column.field.key != "seq"}
    totals, notes = tuple(words()["totals"]), tuple(words()["notes"])
    for number in range(start, len(sheet.rows)):
        row = sheet.rows[number]
        filled = [(index, cell) for index, cell in enumerate(row) if cell != ""]
        if not filled:
            layout.n_blank += 1
            continue
        texts = [fold(cell) for _, cell in filled if isinstance(cell, str)]
        first = texts[0] if texts else ""
        if first.startswith(totals):
            layout.totals.append(number)
        elif first.rstrip(":").startswith(notes) and (first.endswith(":") or len(filled) < _MIN_KNOWN or ":" in first):
            layout.n_notes += 1
        elif len(texts) > 1 and sum(header_key(text) in headers for text in texts) > len(texts) / 2:
            layout.n_repeated += 1
        elif any(index in keys for index, _ in filled):
            layout.used.append(number)
        else:
            layout.n_blank += 1
