"""Bytes to sheets of cells, by python-calamine or, for text, by the csv module.

No meaning is given to a cell here.
"""

import csv
import io
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pbgraph.errors import WorkbookError

Cell = Any  # str, float, bool, date, datetime or time; "" where the cell is empty


@dataclass(frozen=True)
class Sheet:
    """One worksheet. `rows[0]` is row 1 of Excel; `merges` are ((row, column), (row, column))."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    is_hidden: bool


_ENCODINGS = ("utf-8-sig", "gb18030")  # GB18030 holds GBK and GB2312; plain UTF-8 reads as utf-8-sig
_DELIMITERS = (",", "\t", ";")
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_cells(content: bytes, *, name: str = "") -> list[Sheet]:
    """All worksheets of a workbook in their order; chart and macro sheets have no cells.

    Text is one sheet called `name`, its encoding and delimiter found out.

    Raises
    ------
    WorkbookError
        file-protected or file-damaged. calamine panics with a `BaseException` on some files.

    """
    if not content.startswith(_ARCHIVES):
        return [_text_sheet(content, name)]
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _sheet(workbook, meta.name, is_hidden=meta.visible != SheetVisibleEnum.Visible)
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError as error:
        raise WorkbookError("file-protected") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error


def _sheet(workbook: CalamineWorkbook, name: str, *, is_hidden: bool) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    return Sheet(name, rows, tuple(sheet.merged_cell_ranges or ()), is_hidden)


def _text_sheet(content: bytes, name: str) -> Sheet:
    text = _decoded(content)
    head = text[:4096].split("\n")[:10]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in head))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise WorkbookError("file-damaged", reason="CSV") from error
    return Sheet(name, rows, (), is_hidden=False)


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("file-damaged", reason="encoding")
