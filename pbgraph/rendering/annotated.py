"""The user's own workbooks with every problem marked where it stands: `write_annotated`.

The copy keeps content and format; cells with a problem are coloured and carry a comment, and a
first sheet lists the problems with links. Correct them there, save, and read the copy again: the
list is not taken for a roster.
"""

import contextlib
import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from pbgraph.captions import caption
from pbgraph.errors import WorkbookError
from pbgraph.findings import translated
from pbgraph.masking import masked
from pbgraph.reading.files import ANNOTATED_MARK, find_files, mark_text, marked
from pbgraph.reading.formats import ShownDate, ShownNumber
from pbgraph.reading.opening import Request, Workbook, file_content, open_workbook
from pbgraph.reading.shown import printable
from pbgraph.reading.stored import column_number
from pbgraph.rendering.copying import Asked, asked_of, copies
from pbgraph.rendering.files import write_folder
from pbgraph.rendering.results import Results, sheet_parts, stored_results, with_results

_KEPT = frozenset({".xlsx", ".xlsm"})
_MOST_BYTES = 8 * 2**20  # openpyxl needs about two seconds for a megabyte
_MOST_COVERED = 500_000  # cells that merged ranges and links may cover: openpyxl makes an object for each
_FILLS = {"error": "F8CBAD", "warning": "FFE699", "note": "DDEBF7"}
_RANKS = {"error": 0, "warning": 1, "note": 2}
_WIDTHS = (8, 8, 18, 8, 22, 52, 52)
_DRAWN = re.compile(r"xl/(?:charts|diagrams|pivotTables|slicers|ctrlProps|embeddings)/")
_COVERING = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_INVALID_TITLE = re.compile(r"[\[\]:*?/\\]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML may hold these
_PLACE = re.compile(r"^([A-Z]{1,3})\b")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_NO_DAY = "1980-01-01"
_PICTURES = frozenset({"png", "jpeg", "gif"})
_MOMENT = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(</dcterms:(?:modified|created)>)")


def write_annotated(
    findings: pd.DataFrame, path: str | Path, *, rosters: str | Path | Iterable[str | Path], lang: str = "zh"
) -> dict[str, str]:
    """Write a copy of every workbook that has a problem, with the problems marked in it.

    Parameters
    ----------
    findings
        The problems, as `Network.findings` holds them.
    path
        The folder for the copies; sub-folders of the roster folder are kept.
    rosters
        What was read: a folder, a file or several of them. They are not changed.
    lang
        Language of comments and list, "zh" or "en".

    Returns
    -------
    dict
        The copy of each file, by the name under which it was read. A file that is protected,
        very large or cannot be opened gets a workbook with the list alone. Old formats are
        written as .xlsx with their content only. No problem, no file. Read the folder, and each copy stands for
        its original; the other files are read where they are. Copies that a person has corrected are kept.

    Raises
    ------
    RenderError
        output-not-writable.

    """
    said = translated(findings, lang=lang)
    several = [Path(each) for each in ([rosters] if isinstance(rosters, str | Path) else rosters)]
    files = dict(find_files(several)[0])
    originals = [original for each in several for original in marked(each)[0] or [each]]
    corrected = {name: file for name, file in files.items() if _is_copy(file, several)}
    concerned = [name for name in files if (said["file"] == name).any()]
    names = {name: _copy_name(name) for name in concerned}
    asked = [asked_of(name, files[name], said[said["file"] == name], lang) for name in concerned]

    def fill(folder: Path) -> None:
        whole = {}
        made_of = dict(zip(concerned, copies(asked), strict=True))
        for name, file in files.items():
            if name not in names and name not in corrected:
                continue
            target = folder / names.get(name, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            made = made_of[name] if name in names else file.read_bytes()  # corrected already: holds over its original
            target.write_bytes(made or listed(said[said["file"] == name], lang))
            if made:
                whole[_original(name, several)] = target.relative_to(folder).as_posix()
        mark = mark_text(Path(path), originals, whole)
        (folder / ANNOTATED_MARK).write_text(mark, encoding="utf-8", newline="\n")

    if concerned:
        write_folder(Path(path), fill, lang=lang, is_private=True)
    return names


def _is_copy(file: Path, rosters: list[Path]) -> bool:
    """Whether a file is itself a copy in a folder of annotated copies."""
    return any(marked(roster)[0] and file.is_relative_to(roster) for roster in rosters)


def _original(name: str, rosters: list[Path]) -> str:
    """The name of the original of what was read under a name, which may be a copy."""
    known = {copy: original for roster in rosters for original, copy in marked(roster)[1].items()}
    return known.get(name, name)


def _copy_name(name: str) -> str:
    path = PurePosixPath(name)
    return name if path.suffix.lower() in _KEPT else f"{name}.xlsx"


def _content(path: Path) -> bytes:
    """The bytes of a file, nothing where it is too large for a copy or cannot be read."""
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            return b""
        content, _ = file_content(path)
    except (OSError, WorkbookError):
        return b""
    return content if len(content) <= _MOST_BYTES else b""


def annotated(asked: Asked) -> bytes:
    """The best copy that can be had: the workbook itself, or its content; nothing where neither can be made."""
    path = Path(os.fsdecode(asked.path))
    content = _content(path)
    answer = open_workbook(Request(asked.name, str(path))) if content else None
    opened = answer if isinstance(answer, Workbook) else None
    for make in (_kept, _rebuilt):
        try:
            made = make(content, opened)
            if made is not None and opened is not None:
                results = stored_results(content) if make is _kept else {}
                return _filled(*made, asked.frame, opened.modified, asked.lang, results=results)
        except Exception:  # openpyxl raises many kinds of error, some only when it saves
            continue
    return b""


def listed(problems: pd.DataFrame, lang: str) -> bytes:
    """The list alone, which can always be written."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    return _filled(book, "annotated_list_only", problems, _NO_DAY, lang)


def _filled(
    book: Any, remark: str, problems: pd.DataFrame, day: str, lang: str, *, results: Mapping[str, Results] | None = None
) -> bytes:
    titles = _titles(book)
    for sheet_name, rows in problems.groupby("sheet", sort=False):
        if sheet_name in titles:
            _mark_sheet(book[titles[sheet_name]], rows, lang)
    _list_problems(book, problems, caption(remark, lang) if remark else "", lang)
    stream = io.BytesIO()
    book.save(stream)
    return _stamped(stream.getvalue(), day, results or {})


def _kept(content: bytes, opened: Workbook | None) -> tuple[Any, str] | None:
    """The workbook itself and what its copy lacks; None where that cannot be had."""
    if opened is None or PurePosixPath(opened.name).suffix.lower() not in _KEPT or _covers_too_much(content):
        return None
    is_macro = PurePosixPath(opened.name).suffix.lower() == ".xlsm"
    with warnings.catch_warnings(action="ignore"), contextlib.redirect_stdout(io.StringIO()):  # the list says it
        book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=is_macro, rich_text=True)
    if not book.sheetnames:
        return None
    for page in book.worksheets:
        page._images = [image if image.format in _PICTURES else _as_png(image) for image in page._images]
    return book, "annotated_without_drawings" if _has_drawings(content) else ""


def _as_png(image: Any) -> Any:
    """A picture of a kind that openpyxl can read and not write (.webp, .bmp), in one that it can."""
    from PIL import Image

    stream = io.BytesIO()
    Image.open(image.ref).save(stream, format="png")
    picture = openpyxl.drawing.image.Image(stream)
    picture.anchor = image.anchor
    return picture


def _covers_too_much(content: bytes) -> bool:
    """Whether merged ranges and links cover more cells than a copy can hold."""
    n_covered = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            for left, top, right, bottom in _COVERING.findall(archive.read(name)) if name.endswith(".xml") else ():
                n_covered += (int(bottom) - int(top) + 1) * (column_number(right) - column_number(left) + 1)
    return n_covered > _MOST_COVERED


def _has_drawings(content: bytes) -> bool:
    """Whether the file holds what openpyxl does not carry over: charts, pivot tables, controls."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(_DRAWN.match(name) for name in archive.namelist())


def _rebuilt(_: bytes, opened: Workbook | None) -> tuple[Any, str] | None:
    """A new workbook with the cells and merges of one that cannot be kept."""
    if opened is None:
        return None
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in opened.sheets:
        page = book.create_sheet(_INVALID_TITLE.sub("_", sheet.name)[:31])
        for row in range(sheet.n_rows):
            for column, cell in enumerate(sheet.row(row)):
                if cell != "":
                    _write_cell(page.cell(row + 1, column + 1), cell)
        for (top, left), (bottom, right) in sheet.merges:
            last, edge = min(bottom, sheet.n_rows - 1), min(right, len(sheet.columns) - 1)
            if top <= last and left <= edge:
                page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=last + 1, end_column=edge + 1)
    return book, "annotated_content_only"


def _write_cell(target: Any, value: Any) -> None:
    if isinstance(value, ShownDate) or (isinstance(value, ShownNumber) and not value.is_result):
        value = value.shown
    target.value = _ILLEGAL.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        target.data_type = "s"  # text is text, never a formula
        target.number_format = "@"


def _mark_sheet(page: Any, rows: pd.DataFrame, lang: str) -> None:
    """Colour each cell that a problem names, and say in a comment what is wrong and what to do."""
    placed: dict[tuple[int, int], list[Any]] = {}
    for row in rows[rows["row"].notna()].itertuples():
        placed.setdefault((int(row.row), _column_of(row.column)), []).append(row)
    for (number, column), problems in placed.items():
        cell = _anchor(page, number, column)
        worst = min(problems, key=lambda problem: _RANKS[problem.severity])
        cell.fill = PatternFill("solid", fgColor=_FILLS[worst.severity])
        lines = list(dict.fromkeys(f"{problem.message}{problem.remedy}" for problem in problems))
        earlier = [cell.comment.text] if cell.comment else []
        note = Comment("\n".join([*earlier, *lines]), "pbgraph")
        note.width, note.height = 320, 60 + 40 * len(lines)
        cell.comment = note
    if (rows["severity"] != "note").any():
        page.sheet_properties.tabColor = _FILLS["error" if (rows["severity"] == "error").any() else "warning"]


def _column_of(column: str) -> int:
    match = _PLACE.match(column or "")
    return column_index_from_string(match.group(1)) if match else 1


def _anchor(page: Any, row: int, column: int) -> Any:
    """The cell itself, or the first cell of the merged range that holds it."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        held = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
        return page.cell(held.min_row, held.min_col)
    return cell


def _list_problems(book: Any, problems: pd.DataFrame, remark: str, lang: str) -> None:
    """The first sheet: every problem, with a link to its cell."""
    page = book.create_sheet(_free_title(book, caption("annotated_sheet", lang)), 0)
    page.append([caption("annotated_title", lang, n=len(problems))])
    page.append([caption("annotated_how", lang) + remark])
    heads = ("severity", "row", "sheet", "column", "value", "problem", "remedy")
    page.append([caption(f"col_{head}", lang) for head in heads])
    titles = _titles(book)
    for problem in problems.itertuples():
        row = int(problem.row) if pd.notna(problem.row) else None
        _append_text(page, (
            caption(f"severity_{problem.severity}", lang), row, problem.sheet, problem.column,
            problem.value, problem.message, problem.remedy,
        ))  # fmt: skip
        if row is not None and problem.sheet in titles:
            link = page.cell(page.max_row, 2)
            target = f"{get_column_letter(_column_of(problem.column))}{row}"
            sheet = titles[problem.sheet].replace("'", "''")
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{sheet}'!{target}")
            link.font = Font(color="0563C1", underline="single")
        page.cell(page.max_row, 1).fill = PatternFill("solid", fgColor=_FILLS[problem.severity])
    page["A1"].font = Font(bold=True, size=14)
    page["A2"].font = Font(color="595959")
    for column, width in enumerate(_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
        page.cell(3, column).font = Font(bold=True)
        page.cell(3, column).fill = PatternFill("solid", fgColor="F3EBE0")
    page.merge_cells("A2:G2")
    page.row_dimensions[2].height = 32
    for line in page.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.freeze_panes = "A4"
    page.auto_filter.ref = f"A3:G{max(page.max_row, 4)}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _titles(book: Any) -> dict[str, str]:
    """The titles of the sheets by the names under which they were read."""
    return {masked(printable(title)): title for title in reversed(book.sheetnames)}


def _append_text(page: Any, values: tuple[object, ...]) -> None:
    number = page.max_row + 1
    for column, value in enumerate(values, start=1):
        if value not in (None, ""):
            _write_cell(page.cell(number, column), value)


def _free_title(book: Any, title: str) -> str:
    name, number = title, 2
    while name in book.sheetnames:
        name, number = f"{title}{number}", number + 1
    return name


def _stamped(content: bytes, day: str, results: Mapping[str, Results]) -> bytes:
    """The same archive under the day of its original, so that the same problems give the same bytes."""
    stream = io.BytesIO()
    titles = sheet_parts(content)
    stamp = rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "docProps/core.xml":
                part = _MOMENT.sub(stamp, part)
            part = with_results(part, results.get(titles.get(info.filename, ""), {}))
            new.writestr(zipfile.ZipInfo(info.filename, _FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
