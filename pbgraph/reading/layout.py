"""A sheet to its kind of table: where the header is, what each column and each row is.

The header is the row, or the two or three rows, within the first fifteen that the schema
knows most words of. The kind of table is recognised from the headers; title, sheet and file
name only help. Everything is looked at by columns: a row is sorted by what the distinct cells
of each column are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell, CodedColumn, Sheet
from pbgraph.reading.headers import MIN_KNOWN, field_of, is_listed, likely, ranked
from pbgraph.reading.values import read_cells
from pbgraph.schema import Table, header_key
from pbgraph.text import clean, fold

_MAX_HEADER_DEPTH = 3
_MAX_HEADER_LENGTH = 40  # longer text is a filling note, not a header
_DEEPER_MALUS = 0.1  # of two readings that know as much the shorter header is meant
_TOO_CLOSE = 0.5  # two kinds of table that fit as well as this cannot be told apart by their headers
_LEAST_FIT = 2.0
_CODED = re.compile(r"^\d{1,6}[_ ]\D")
_LEAST_BLANK = 0.5  # of a grouping column: shown once per block, blank below


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
    """What a sheet is. `used` are 0-based row numbers of records; the rest is counted by reason.

    `posts` are columns whose header is a post: a person in each cell. `filled` holds, for
    columns whose value is shown once for several rows, the codes with the gaps filled.
    """

    table: Table | None
    columns: list[Column] = field(default_factory=list)
    posts: list[tuple[int, str, str]] = field(default_factory=list)
    used: "np.ndarray[Any, np.dtype[np.int64]]" = field(default_factory=lambda: np.array([], dtype=np.int64))
    totals: list[int] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    filled: dict[int, "np.ndarray[Any, np.dtype[np.int32]]"] = field(default_factory=dict)
    title: str = ""
    start: int = 0
    n_title: int = 0
    n_header: int = 0
    n_repeated: int = 0
    n_notes: int = 0
    n_examples: int = 0
    is_code_table: bool = False
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


def codes_of(column: CodedColumn) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """The codes of a column as an array."""
    return np.frombuffer(column.codes, dtype=np.int32)


def n_blank_rows(sheet: Sheet) -> int:
    """How many rows of a sheet hold nothing."""
    filled = np.zeros(sheet.n_rows, dtype=bool)
    for column in sheet.columns:
        filled |= codes_of(column) != 0
    return int(sheet.n_rows - filled.sum())


def is_own(sheet: Sheet) -> bool:
    """Whether we wrote this sheet into somebody's workbook: a list of problems, a page of instructions."""
    first = sheet.cell(0, 0)
    return isinstance(first, str) and first.startswith(tuple(words()["own_sheets"]))


def find_layout(sheet: Sheet, file: str) -> Layout:
    """Recognise a sheet; `table` is None, with a finding, where no kind fits."""
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    if n_blank_rows(sheet) == sheet.n_rows:
        return Layout(None, n_blank=sheet.n_rows, findings=[finding("sheet-empty", **place)])
    best = _best_header(sheet, file)
    if best is None and _is_code_table(sheet):
        return Layout(None, is_code_table=True, findings=[finding("sheet-code-table", **place)])
    if best is None:
        code = "sheet-hidden" if sheet.is_hidden else "sheet-unknown"
        return Layout(None, findings=[finding(code, **place)])
    layout = Layout(best.table, n_header=best.depth, start=best.first + best.depth)
    if sheet.is_hidden:
        layout.findings.append(finding("sheet-was-hidden", **place))
    if best.other is not None:
        data = {"table": best.table.label, "other": best.other.label}
        layout.findings.append(finding("sheet-two-kinds", data=data, **place))
    _read_head(layout, sheet, best.first, file)
    _map_columns(layout, sheet, best.names, place)
    supplied = {column.field.key for column in layout.columns} | set(layout.facts)
    missing = [key for key in best.table.required if key not in supplied]
    if missing:
        layout.findings.append(_missing_column(best.table, missing, layout, place))
        layout.table = None
        return layout
    _sort_rows(layout, sheet, best.names)
    _fill_down(layout, sheet, place)
    return layout


def _missing_column(table: Table, missing: list[str], layout: Layout, place: dict[str, Any]) -> Finding:
    labels = "、".join(table.field(key).label for key in missing)
    found = "、".join(column.header for column in layout.columns)
    return finding("column-missing", data={"table": table.label, "missing": labels, "found": found}, **place)


def _is_code_table(sheet: Sheet) -> bool:
    """Whether a sheet only lists what cells may say: 223_正式党员, or a column of codes and one of meanings."""
    head = [fold(cell) for cell in sheet.row(0) if isinstance(cell, str) and cell]
    if len(head) >= MIN_KNOWN and set(head) <= set(words()["code_headers"]):
        return True
    texts = {cell for column in sheet.columns for cell in column.values if isinstance(cell, str) and cell}
    coded = [text for text in texts if _CODED.match(text.strip())]
    return bool(texts) and len(coded) > len(texts) / 2


@dataclass(frozen=True)
class _Header:
    """A reading of some rows as header: the kind of table and the joined header of each column."""

    table: Table
    first: int
    depth: int
    names: list[str]
    other: Table | None = None


def _best_header(sheet: Sheet, file: str) -> _Header | None:
    limit = min(int(words()["header_within"]), sheet.n_rows)
    heads: list[tuple[float, _Header]] = []
    for known in (_is_listed, _is_known):  # headers that are on no list are only looked for where none is
        title = header_key(sheet.name)
        for first in range(limit):
            texts = [clean(cell) for cell in sheet.row(first) if isinstance(cell, str) and cell]
            if sum(known(text) for text in texts) + _grouped(sheet, first) >= MIN_KNOWN:
                heads += _readings(sheet, first, title, file)
            title += "".join(header_key(text) for text in texts)
        if heads:
            break
    fit, best = max(heads, key=lambda pair: pair[0], default=(0.0, None))
    return best if fit > _LEAST_FIT else None


def _readings(sheet: Sheet, first: int, title: str, file: str) -> Iterable[tuple[float, _Header]]:
    """The best kind of table for each depth of header that may begin at a row."""
    for depth in range(1, min(_MAX_HEADER_DEPTH, sheet.n_rows - first) + 1):
        if depth > 1 and not _goes_on(sheet, first + depth - 2):
            return
        names = _joined(sheet, first, depth)
        fits = ranked(names, title=title, given=_named(sheet.name, file))
        if fits:
            (table, fit), *others = fits.items()
            second = others[0][0] if others and fit - others[0][1] < _TOO_CLOSE else None
            yield fit - _DEEPER_MALUS * depth, _Header(table, first, depth, names, second)


def _goes_on(sheet: Sheet, row: int) -> bool:
    """Whether a header row leaves cells open that the next row fills with text."""
    above, below = sheet.row(row), sheet.row(row + 1)
    return any(a == "" and isinstance(b, str) and b for a, b in zip(above, below, strict=True)) or bool(
        _grouped(sheet, row)
    )


@cache
def _listed_headers() -> frozenset[str]:
    return frozenset(key for table in schema.tables().values() for key in table.headers)


def _is_listed(text: str) -> bool:
    """Whether any kind of table has this very header."""
    return not _listed_headers().isdisjoint((header_key(text), header_key(text, keep_notes=True)))


@lru_cache(maxsize=4096)
def _is_known(text: str) -> bool:
    """Whether any kind of table understands a header."""
    return len(text) <= _MAX_HEADER_LENGTH and any(field_of(table, text) for table in schema.tables().values())


def _grouped(sheet: Sheet, row: int) -> int:
    """Merged cells of a row: group headers, whose leaves stand below."""
    return sum(top == row and right > left for (top, left), (_, right) in sheet.merges)


def _joined(sheet: Sheet, first: int, depth: int) -> list[str]:
    """Group and leaf headers of each column, joined by a line feed, merged cells filled."""
    filled = [[_header_text(cell) for cell in sheet.row(row)] for row in range(first, first + depth)]
    width = len(sheet.columns)
    for (top, left), (bottom, right) in sheet.merges:
        if first <= top < first + depth and left < width:
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


def _named(sheet_name: str, file: str) -> set[str]:
    """Keys of the fields that the names of sheet and file could supply."""
    return {key for key in ("community", "org") if _value_in(sheet_name, key) or _value_in_file(file, key)}


def _value_in(text: str, type_: str) -> str:
    """The value of a type that a name or title is, "" where it is none."""
    value = clean(text)
    if type_ == "community":
        return value if value.endswith(tuple(words()["community_endings"])) else ""
    if type_ == "org":
        rows = schema.vocabulary("organization_category").rows.values()
        endings = tuple(row["name_ending"] for row in rows if row["name_ending"])
        return value if value.endswith(endings) and value not in endings else ""
    if schema.has_vocabulary(type_):
        return value if fold(value).lower() in schema.vocabulary(type_).spellings else ""
    return ""


def _value_in_file(file: str, type_: str) -> str:
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    match = re.match(words()["file_community"], stem) if type_ == "community" else None
    return match.group(1) if match else ""


def _read_head(layout: Layout, sheet: Sheet, first: int, file: str) -> None:
    """Title lines, "word: value" facts above the header, and what the names supply."""
    layout.n_title = first
    for number in range(first):
        for cell in sheet.row(number):
            text = clean(cell) if isinstance(cell, str) else ""
            name, mark, value = fold(text).partition(":")
            key = _fact_of(name) if mark else ""
            if key and value:
                layout.facts.setdefault(key, value)
            elif text and not mark and len(text) <= _MAX_HEADER_LENGTH and not layout.title:
                layout.title = text
    table = layout.table
    assert table is not None
    if layout.facts.get("community") and not _value_in(layout.facts["community"], "community"):
        del layout.facts["community"]
    ending = next((end for end in table.title_endings if layout.title.endswith(end)), None)
    if table.title_field and table.title_field not in layout.facts and ending:
        layout.facts[table.title_field] = layout.title.removesuffix(ending)
    for key in table.named:
        value = _value_in(sheet.name, table.field(key).type) or _value_in(_untitled(layout), table.field(key).type)
        if value:
            layout.facts.setdefault(key, value)
        elif key not in layout.facts and (found := _value_in_file(file, table.field(key).type)):
            layout.facts[key] = found
            data = {"field": table.field(key).label, "value": found}
            layout.findings.append(finding("fact-from-file", file=file, sheet=sheet.name, data=data))


def _untitled(layout: Layout) -> str:
    """The title without the words that name the kind of table: 第一党支部 of 第一党支部党员花名册."""
    assert layout.table is not None
    title = max((word for word in layout.table.titles if layout.title.endswith(word)), key=len, default="")
    return layout.title.removesuffix(title) if title else ""


def _fact_of(name: str) -> str:
    facts: dict[str, list[str]] = words()["facts"]
    return next((key for key, spellings in facts.items() if name in spellings), "")


def _map_columns(layout: Layout, sheet: Sheet, names: list[str], place: dict[str, Any]) -> None:
    table = layout.table
    assert table is not None
    taken: dict[str, Column] = {}
    listed = [is_listed(table, name) for name in names]
    order = sorted(range(len(names)), key=lambda index: not listed[index])  # a header on the list goes first
    for index in order:
        name, header = names[index], names[index].replace("\n", " ")
        place_here = {"row": layout.start, "column": f"{letters(index)} {header}", **place}
        key = field_of(table, name) if name else None
        if key in taken:
            key = table.second.get(str(key), key)
        if key in taken and listed[index]:
            layout.findings.append(finding("header-twice", data={"field": table.field(str(key)).label}, **place_here))
        elif key and key not in taken:
            key = _by_content(table, key, sheet.columns[index], layout.start)
            taken.setdefault(key, Column(index, table.field(key), header))
        elif name and (post := _post_of(table, name)):
            layout.posts.append((index, post, header))
        elif name:
            like = likely(table, name)
            code = "header-similar" if like and like not in header else "header-unknown"
            layout.findings.append(finding(code, data={"header": header, "like": like}, **place_here))
        elif (codes_of(sheet.columns[index])[layout.start :] != 0).any():
            layout.findings.append(finding("column-without-header", **{**place_here, "column": letters(index)}))
    layout.columns = sorted(taken.values(), key=lambda column: column.index)


def _by_content(table: Table, key: str, column: CodedColumn, start: int) -> str:
    """The field of a header that may mean two: 职务 in the Party or in the unit, 编号 of a row or of a thing."""
    if table.field(key).type != "code" and key not in table.otherwise:
        return key
    cells = [column.values[code] for code in np.unique(codes_of(column)[start:]) if code]
    if table.field(key).type == "code":
        numbers = {cell for cell in cells if isinstance(cell, float)}
        return "seq" if cells and numbers == set(range(1, len(cells) + 1)) else key
    if not cells:
        return key
    _, problems = read_cells(cells, table.field(key))
    return table.otherwise[key] if len(problems) > len(cells) / 2 else key


def _post_of(table: Table, name: str) -> str:
    """The post that a header names, for tables whose rows are organizations."""
    if not any(item.key == "secretary" for item in table.fields):
        return ""
    return schema.vocabulary("post").spellings.get(header_key(name.split("\n")[-1]), "")


def _sort_rows(layout: Layout, sheet: Sheet, names: list[str]) -> None:
    """Tell records from blank rows, totals, notes and repeated headers."""
    headers = frozenset(header_key(part) for name in names for part in name.split("\n") if part)
    keys = {column.index for column in layout.columns if column.field.key != "seq"} | {p[0] for p in layout.posts}
    n = sheet.n_rows - layout.start
    n_filled, n_text, n_header = (np.zeros(n, dtype=np.int32) for _ in range(3))
    first, is_sum, has_key = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for index, column in enumerate(sheet.columns):
        codes = codes_of(column)[layout.start :]
        role = _roles(column, headers)[codes]
        filled, text = codes != 0, role > 0
        n_filled += filled
        n_header += (role & _HEADER) != 0
        is_sum |= ((role & _SUM) != 0) & (n_text < MIN_KNOWN)
        first = np.where((n_text == 0) & text, role, first).astype(np.int8)
        n_text += text
        has_key |= filled & (index in keys)
    kinds = {  # the first that holds says what a row is
        "blank": n_filled == 0,
        "example": (first & _EXAMPLE) != 0,
        "total": ((first & _TOTAL) != 0) | is_sum,
        "note": ((first & _NOTE) != 0) & (((first & _COLON) != 0) | (n_filled < MIN_KNOWN)),
        "repeated": (n_text > 1) & (n_header > n_text / 2),
        "empty": ~has_key,
    }
    kind = np.select(list(kinds.values()), list(kinds), default="record")
    counts = {name: int((kind == name).sum()) for name in kinds}
    layout.totals = [int(row) + layout.start for row in np.flatnonzero(kind == "total")]
    layout.used = np.flatnonzero(kind == "record") + layout.start
    layout.n_notes, layout.n_repeated, layout.n_examples = counts["note"], counts["repeated"], counts["example"]
    layout.n_blank = counts["blank"] + counts["empty"]


_MARKS = frozenset(" \u3000\t\n\r*＊（([【\"'“")  # what may stand before a word
_TEXT, _TOTAL, _NOTE, _COLON, _HEADER, _SUM, _EXAMPLE = 1, 2, 4, 8, 16, 32, 64


def _roles(column: CodedColumn, headers: frozenset[str]) -> "np.ndarray[Any, np.dtype[np.int8]]":
    """What each distinct cell of a column would say about its row, as bits."""
    totals, notes, examples = (tuple(words()[key]) for key in ("totals", "notes", "examples"))
    begins = {word[0] for word in (*totals, *notes, *examples, *headers)}
    starts = frozenset({*begins, *(start.upper() for start in begins), *_MARKS})
    values = column.values
    roles = np.fromiter((type(cell) is str for cell in values), dtype=np.int8, count=len(values))
    roles[0] = 0  # the empty cell
    for code in [code for code, cell in enumerate(values) if type(cell) is str and cell[:1] in starts]:
        cell = values[code]
        text = fold(cell)
        roles[code] |= (
            _TOTAL * text.startswith(totals)
            | _NOTE * text.startswith(notes)
            | _COLON * (":" in text)
            | _HEADER * (header_key(text) in headers)
            | _SUM * (text.rstrip(":") in totals)
            | _EXAMPLE * text.lower().startswith(examples)
        )
    return roles


def _fill_down(layout: Layout, sheet: Sheet, place: dict[str, Any]) -> None:
    """Fill values shown once for several rows: merged cells, and grouping columns."""
    merged: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sheet.merges:
        if bottom > top >= layout.start:
            merged.setdefault(left, []).append((top, min(bottom, sheet.n_rows - 1)))
    for column in layout.columns:
        codes = codes_of(sheet.columns[column.index])
        if column.index in merged:
            codes = codes.copy()
            for top, bottom in merged[column.index]:
                part = codes[top : bottom + 1]
                part[part == 0] = codes[top]
            layout.filled[column.index] = codes
        elif _is_grouping(layout, column, codes[layout.used]):
            filled = codes.copy()
            shown = codes[layout.used]
            last = np.maximum.accumulate(np.where(shown != 0, np.arange(len(shown)), 0))
            filled[layout.used] = shown[last]
            layout.filled[column.index] = filled
            data = {"field": column.field.label, "n": int((shown == 0).sum())}
            layout.findings.append(finding("column-grouped", row=layout.start, column=column.place, data=data, **place))


def _is_grouping(layout: Layout, column: Column, shown: "np.ndarray[Any, np.dtype[np.int32]]") -> bool:
    """Whether a column shows its value once per block: in front, blank below, no value twice."""
    if column.field.type not in words()["grouping_types"] or len(shown) < MIN_KNOWN or not shown[0]:
        return False
    assert layout.table is not None
    first = min((c.index for c in layout.columns if c.field.key == layout.table.required[0]), default=0)
    blocks = shown[shown != 0]
    is_once = len(np.unique(blocks)) == len(blocks)
    return column.index < first and is_once and (shown == 0).mean() >= _LEAST_BLANK
