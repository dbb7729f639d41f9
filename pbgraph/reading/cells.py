"""Bytes to sheets of cells, by python-calamine or, for text and web pages, by readers of our own.

A cell is what the sheet shows; no meaning is given to it here. A sheet is kept by columns, each as the list of its
distinct cells and a number for every row: what follows reads each distinct cell once, and a
million rows need no list of a million lists. Nothing heavier than the parser is imported, since
this runs in a child process that has to start at once.
"""

import io
import warnings
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pbgraph.errors import WorkbookError
from pbgraph.reading.formats import Format
from pbgraph.reading.gate import Admission
from pbgraph.reading.shown import clean_texts, printable, show
from pbgraph.reading.stored import StoredCells
from pbgraph.reading.texttable import text_rows

Cell = Any  # str, float, bool, date, datetime, time, ShownDate or ShownNumber; "" where the cell is empty
Range = tuple[tuple[int, int], tuple[int, int]]
_CHUNK = 20_000
_COMPARED = 300_000  # stored cells up to which a second reader is asked when the first gives less


@dataclass
class CodedColumn:
    """A column of cells: `values[codes[row]]` is the cell of a row; `values[0]` is "" (empty)."""

    codes: "array[int]"
    values: list[Cell]


@dataclass
class Sheet:
    """One worksheet, by columns. Row 0 is row 1 of Excel; ranges are ((row, column), (row, column)).

    `faults` names cells whose value is lost in the file: "cell-error" or "cell-without-result";
    `n_missing` counts stored values that the reader did not give.
    """

    name: str
    n_rows: int
    columns: list[CodedColumn]
    merges: tuple[Range, ...] = ()
    is_hidden: bool = False
    is_1904: bool = False
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    n_missing: int = 0

    def cell(self, row: int, column: int) -> Cell:
        """The cell of a row and column, "" outside the sheet."""
        if column >= len(self.columns) or row >= self.n_rows:
            return ""
        held = self.columns[column]
        return held.values[held.codes[row]]

    def row(self, number: int) -> list[Cell]:
        """All cells of a row."""
        return [held.values[held.codes[number]] for held in self.columns]


def sheet_of_rows(name: str, rows: Iterable[list[Cell]], *, first_column: int = 0, **more: Any) -> Sheet:
    """A sheet from rows of cells, taken in portions so that they need not all be held."""
    indexes = [_numbering() for _ in range(first_column)]
    codes = [array("i") for _ in indexes]
    n_rows, remaining = 0, iter(rows)
    while portion := list(islice(remaining, _CHUNK)):
        width = max(map(len, portion))
        if any(len(row) < width for row in portion):
            portion = [row + [""] * (width - len(row)) for row in portion]
        for column, cells in enumerate(zip(*portion, strict=True), start=first_column):
            if column == len(indexes):
                indexes.append(_numbering())
                codes.append(array("i", bytes(4 * n_rows)))
            codes[column].extend(map(indexes[column].__getitem__, _comparable(cells)))
        n_rows += len(portion)
        for held in codes:
            held.frombytes(bytes(4 * (n_rows - len(held))))
    columns = [CodedColumn(held, list(index)) for held, index in zip(codes, indexes, strict=True)]
    return Sheet(name, n_rows, columns, **more)


def _numbering() -> defaultdict[Cell, int]:
    """A dictionary that gives each new cell the next number; the empty one is 0."""
    index: defaultdict[Cell, int] = defaultdict(None, {"": 0})
    index.default_factory = index.__len__
    return index


def _comparable(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Cells of which different ones differ: True would be taken for 1.0. Every number is a float."""
    kinds = set(map(type, cells))
    if bool in kinds:
        cells = tuple(str(cell).upper() if isinstance(cell, bool) else cell for cell in cells)
    if int in kinds:
        cells = tuple(float(cell) if type(cell) is int else cell for cell in cells)
    return tuple("" if cell is None else cell for cell in cells) if type(None) in kinds else cells


def read_cells(content: bytes, admission: Admission, *, name: str = "") -> list[Sheet]:
    """All worksheets of a workbook in their order; chart and macro sheets have no cells.

    Text is one sheet called `name`, its encoding and delimiter found out; a web page is read as
    Excel shows it, one sheet for each page of an archive.

    Raises
    ------
    WorkbookError
        file-protected, file-damaged, file-no-sheet, or file-not-workbook for a page without a
        table. calamine panics with a `BaseException` on some files.

    """
    if admission.kind == "text":
        sheets = [sheet_of_rows(name, text_rows(content))]
    elif admission.kind == "page":
        from pbgraph.reading.pages import page_tables

        tables = page_tables(content, name)
        sheets = [sheet_of_rows(title, rows, merges=tuple(merges)) for title, rows, merges in tables]
    else:
        sheets = _workbook_sheets(content, admission)
    for sheet in sheets:
        clean_texts(sheet.columns, is_xlsx=bool(admission.stored))
        sheet.name = printable(sheet.name)
    return sheets


def _workbook_sheets(content: bytes, admission: Admission) -> list[Sheet]:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = list(_worksheets(workbook, admission, content))
    except PasswordError as error:
        raise WorkbookError("file-protected") from error
    except (KeyboardInterrupt, SystemExit, WorkbookError, MemoryError):
        raise
    except BaseException as error:
        sheets = _second_sheets(content, admission)
        if not sheets:
            raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    if not sheets:
        raise WorkbookError("file-no-sheet")
    stored, formats = _stored_cells(content, admission)
    is_calculated = _is_calculated(stored, admission)
    for sheet in sheets:
        if sheet.name in stored:
            _complete(sheet, stored[sheet.name], formats, is_calculated=is_calculated)
    return sheets


def _worksheets(workbook: Any, admission: Admission, content: bytes) -> Iterator[Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        stored = admission.stored.get(admission.package.sheets.get(meta.name, ""))
        read = workbook.get_sheet_by_name(meta.name)
        sheet = sheet_of_rows(
            meta.name,
            read.iter_rows(),
            first_column=read.start[1] if read.start else 0,
            merges=tuple(read.merged_cell_ranges or ()),
            is_hidden=meta.visible != SheetVisibleEnum.Visible,
            is_1904=admission.package.is_1904,
        )
        yield _whole(sheet, stored.n_values - len(stored.errors), content) if stored else sheet


def _stored_cells(content: bytes, admission: Admission) -> tuple[dict[str, StoredCells], Mapping[int, Format]]:
    """What the file stores for each sheet by its name, and the formats that matter."""
    if admission.stored:
        parts = admission.package.sheets.items()
        return {
            name: admission.stored[part] for name, part in parts if part in admission.stored
        }, admission.package.formats
    from pbgraph.reading import binary, opendocument

    try:
        if admission.kind == "ole":
            return binary.of_xls(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if admission.package.main:
                return binary.of_xlsb(archive, admission.package)
            return opendocument.of_ods(archive), {}
    except Exception:
        return {}, {}  # damaged, or a variant that only the parser knows


def _is_calculated(stored: Mapping[str, StoredCells], admission: Admission) -> bool:
    """Whether a program that calculates wrote the file; one that does not leaves 0 in every formula."""
    n_formulas = sum(cells.n_formulas for cells in stored.values())
    n_results = n_formulas - sum(len(cells.zero_results) + len(cells.without_result) for cells in stored.values())
    return not admission.package.calculates_on_load or n_results > 0


def _complete(sheet: Sheet, stored: StoredCells, formats: Mapping[int, Format], *, is_calculated: bool) -> None:
    """Add to a sheet what its parser did not tell."""
    sheet.is_1904 |= stored.is_1904
    sheet.merges = sheet.merges or tuple(stored.merges)
    lost = show(sheet.columns, stored, formats, is_1904=sheet.is_1904, is_calculated=is_calculated)
    sheet.faults = dict.fromkeys([*stored.without_result, *lost], "cell-without-result")
    sheet.faults.update(dict.fromkeys(stored.errors, "cell-error"))


def _n_filled(sheet: Sheet) -> int:
    return sum(sheet.n_rows - column.codes.count(0) for column in sheet.columns)


def _whole(sheet: Sheet, n_stored: int, content: bytes) -> Sheet:
    """The sheet itself, or what openpyxl reads of it where that is more.

    A text stored as nothing counts as a value, so a lower count alone proves no loss: the second
    reader decides. A sheet too large for it keeps the difference in `n_missing`.
    """
    n_filled = _n_filled(sheet)
    if n_filled >= n_stored:
        return sheet
    rows = _second_reading(sheet.name, content) if n_stored <= _COMPARED else None
    if rows is None:
        sheet.n_missing = n_stored - n_filled
        return sheet
    second = sheet_of_rows(sheet.name, rows)
    if _n_filled(second) > n_filled:
        sheet.columns, sheet.n_rows = second.columns, second.n_rows
    return sheet


def _second_reading(name: str, content: bytes) -> list[list[Cell]] | None:
    """The rows of a sheet by openpyxl, None where it cannot read the file."""
    try:
        return _stored_rows(_by_openpyxl(content)[name])
    except Exception:
        return None  # openpyxl raises many kinds of error; the first reader's cells stay


def _second_sheets(content: bytes, admission: Admission) -> list[Sheet]:
    """All worksheets by openpyxl where the first reader fails, none where it cannot read them either."""
    n_stored = sum(stored.n_values for stored in admission.stored.values())
    if not admission.stored or n_stored > _COMPARED:
        return []
    try:
        sheets = [_second_sheet(page, admission) for page in _by_openpyxl(content).worksheets]
    except Exception:
        return []  # openpyxl raises many kinds of error
    return sheets if sum(map(_n_filled, sheets)) >= n_stored - _n_errors(admission) else []


def _by_openpyxl(content: bytes) -> Any:
    import openpyxl

    with warnings.catch_warnings(action="ignore"):  # it warns of every format it does not keep
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)


def _n_errors(admission: Admission) -> int:
    return sum(len(stored.errors) for stored in admission.stored.values())


def _second_sheet(page: Any, admission: Admission) -> Sheet:
    merges = tuple(
        ((area.min_row - 1, area.min_col - 1), (area.max_row - 1, area.max_col - 1))
        for area in page.merged_cells.ranges
    )
    is_hidden = page.sheet_state != "visible"
    rows = _stored_rows(page) or []
    return sheet_of_rows(page.title, rows, merges=merges, is_hidden=is_hidden, is_1904=admission.package.is_1904)


def _stored_rows(page: Any) -> list[list[Cell]] | None:
    """The cells of a page of openpyxl by rows, None where it is nearly all empty space."""
    if page.max_row * page.max_column > _COMPARED * 10:
        return None
    return [[_plain(cell.value, cell.data_type) for cell in row] for row in page.iter_rows()]


def _plain(value: Cell, data_type: str) -> Cell:
    """A cell of openpyxl as calamine would give it."""
    if value is None or data_type == "e":
        return ""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
