"""Bytes to sheets of cells, by python-calamine. No meaning is given to a cell here."""

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


def read_cells(content: bytes) -> list[Sheet]:
    """All worksheets of a workbook in their order; chart and macro sheets have no cells.

    Raises
    ------
    WorkbookError
        file-protected or file-damaged. calamine panics with a `BaseException` on some files.

    """
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
