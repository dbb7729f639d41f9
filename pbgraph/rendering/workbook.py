"""A document as a workbook: a cover, then tables with filters, frozen headers, widths and A4 print set-up.

A list that is signed is printed at its own size, with room to write; evidence and sources stand beside the page.

Deterministic bytes: the date of creation is the day the data stand for. Text from workbooks
is written as text, never as a formula, number or link.
"""

import io
import math
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pbgraph.captions import caption
from pbgraph.linking.review import difference
from pbgraph.rendering.blocks import Marked, Table
from pbgraph.rendering.cover import Cover, made_chart
from pbgraph.rendering.document import Document
from pbgraph.rendering.look import RED

_LONGEST_CELL = 32_767  # characters, by Excel
_WIDEST = 42  # wider columns make the print on A4 too small to read
_FEW_COLUMNS = 2
_LINE_HEIGHT = 15.0
_TO_WRITE = 36.0  # the least height of a row in which somebody writes by hand
_SIGNED_FONT = {"font_name": "宋体", "font_size": 11}
_SIGNED_LEFT = 3  # columns that stay in sight: number, community, name


def workbook_bytes(document: Document) -> bytes:
    """A workbook with a sheet for each table of a document; its sentences are a sheet before them."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    day = document.as_of or "2000-01-01"
    book.set_properties({"created": datetime.fromisoformat(day), "author": "", "comments": ""})
    cover = Cover.of(document)
    if cover is not None:
        cover.write(book)
    for sheet in document.tables():
        (_write_signed if sheet.printed else _write)(book, sheet, document)
    if cover is not None:
        cover.draw(book)
    book.close()
    return stream.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Table, document: Document) -> None:
    page = book.add_worksheet(sheet.name)
    title = book.add_format({"bold": True, "font_size": 15, "font_color": RED})
    note, head = book.add_format(_NOTE), book.add_format(_HEAD)
    page.write_string(0, 0, caption("list_title", document.lang, street=document.street, name=sheet.name), title)
    said = (document.dated, caption("made_by", document.lang), sheet.note)
    page.write_string(1, 0, "　".join(filter(None, said)), note)
    first = 3 if sheet.groups else 2
    for text, left, right in sheet.groups:
        page.merge_range(2, left, 2, right, text, head) if right > left else page.write_string(2, left, text, head)
    for column, text in enumerate(sheet.headers):
        page.write_string(first, column, text, head)
    widths = _widths(sheet)
    _write_rows(book, page, sheet, first + 1, widths, document.lang)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_footer("&C&P / &N")
    if sheet.chart is not None and sheet.rows:
        page.insert_chart(first + len(sheet.rows) + 2, 0, made_chart(book, sheet))
    page.freeze_panes(first + 1, 0)
    _finish(page, sheet, first)


_NOTE = {"font_color": "#5c6068", "font_size": 9}
_HEAD = {"bold": True, "bg_color": "#f3ebe0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}


def _write_signed(book: xlsxwriter.Workbook, sheet: Table, document: Document) -> None:
    """A list whose first columns are printed and signed."""
    lang, first, n = document.lang, 2, len(sheet.printed)
    page = book.add_worksheet(sheet.name)
    title = book.add_format(
        {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter", "font_name": "黑体"}
    )
    page.merge_range(0, 0, 0, n - 1, caption("list_title", lang, street=document.street, name=sheet.name), title)
    page.set_row(0, _TO_WRITE)
    note, head = book.add_format(_NOTE), book.add_format({**_HEAD, **_SIGNED_FONT})
    page.write_string(1, 0, "　".join((document.dated, caption("made_by", lang))), note)
    page.write_string(1, n, caption("beside_print", lang), note)
    for column, text in enumerate(sheet.headers):
        page.write_string(first, column, text, head)
    page.set_row(first, _LINE_HEIGHT * 2)
    widths = [*sheet.printed, *_widths(sheet)[n:]]
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    _write_rows(book, page, sheet, first + 1, widths, lang)
    page.freeze_panes(first + 1, _SIGNED_LEFT)
    page.print_area(0, 0, first + max(1, len(sheet.rows)), n - 1)
    page.set_footer(f"&L&11{caption('sign_here', lang)}&R{caption('page_of', lang)}", {"margin": 0.3})
    _finish(page, sheet, first)


def _finish(page: Any, sheet: Table, first: int) -> None:
    """What every sheet has: filters, a page across as wide as the paper, its head on each page, drop-downs."""
    last = max(len(sheet.rows) + first, first + 1)
    page.autofilter(first, 0, last, len(sheet.headers) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(first)
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    for column, values in sheet.choices:
        page.data_validation(
            first + 1, column, max(last, first + 200), column, {"validate": "list", "source": list(values)}
        )

    column, ranges = sheet.row_choices or (0, {})
    for number, source in ranges.items():
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(first + 1 + number, column, first + 1 + number, column, rule)


def _write_rows(book: xlsxwriter.Workbook, page: Any, sheet: Table, first: int, widths: list[float], lang: str) -> None:
    plain = {"border": 1, "border_color": "#d9d3c7", "text_wrap": True, "valign": "top"}
    body, signed = book.add_format(plain), book.add_format({**_SIGNED, **_SIGNED_FONT, "indent": 1})
    number_signed = book.add_format({**_SIGNED, **_SIGNED_FONT, "align": "center"})
    link = book.add_format({**plain, "font_color": "#1d4f7c", "underline": 1})
    share = book.add_format({**plain, "num_format": "0.0%"})
    n_signed, least = len(sheet.printed), _TO_WRITE if sheet.printed else 0
    for number, row in enumerate(sheet.rows, start=first):
        n_lines = max(_n_lines(value, width) for value, width in zip(row, widths, strict=True))
        page.set_row(number, max(least, _LINE_HEIGHT * n_lines))
        for column, value in enumerate(row):
            if column < n_signed:
                _write_plain(page, number, column, value, signed if isinstance(value, str) else number_signed, lang)
            elif _is_blank(value):
                page.write_blank(number, column, None, body)
            elif isinstance(value, Marked):
                _write_marked(book, page, number, column, value, body)
            elif isinstance(value, str) and column in sheet.links:
                page.write_url(number, column, f"internal:'{value}'!A1", link, value)
            elif isinstance(value, str) and (number - first, column) in sheet.jumps:
                page.write_url(number, column, f"internal:{sheet.jumps[number - first, column]}", link, value)
            else:
                is_share = column in sheet.percents and not isinstance(value, str)
                _write_plain(page, number, column, value, share if is_share else body, lang)


_SIGNED = {"border": 1, "text_wrap": True, "valign": "vcenter"}


def _write_plain(page: Any, row: int, column: int, value: Any, form: Any, lang: str) -> None:
    if isinstance(value, str) and value:
        page.write_string(row, column, _that_fits(value, lang), form)
    elif _is_blank(value) or value == "":
        page.write_blank(row, column, None, form)
    else:
        page.write_number(row, column, float(value), form)


def _that_fits(text: str, lang: str) -> str:
    """A text as a cell can hold it; one that is longer says that it goes on, and where."""
    if len(text) <= _LONGEST_CELL:
        return text
    more = caption("text_goes_on", lang, n=f"{len(text):,}")
    return text[: _LONGEST_CELL - len(more)] + more


def _write_marked(book: xlsxwriter.Workbook, page: Any, row: int, column: int, name: Marked, body: Any) -> None:
    red = book.add_format({"font_color": RED, "bold": True})
    pieces = difference(name.text, name.other) if name.other else []
    runs = [part for text, is_same in pieces for part in ((text,) if is_same else (red, text))]
    if len(pieces) > 1:
        page.write_rich_string(row, column, *runs, body)
    else:
        page.write_string(row, column, name.text, body)


def _is_blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value


def _widths(sheet: Table) -> list[float]:
    """Room for the longest line of each column, up to the widest; a table of one text column gets a page."""
    columns = list(zip(sheet.headers, *sheet.rows[:400], strict=True))
    widest = _WIDEST if len(columns) > _FEW_COLUMNS else 3 * _WIDEST
    return [min(widest, max(6, *(max(map(_width, _lines(value))) for value in column)) + 2) for column in columns]


def _lines(value: object) -> list[str]:
    text = value.text if isinstance(value, Marked) else value
    if isinstance(text, str):
        return text.split("\n")
    return ["" if _is_blank(value) else f"{value:.4g}"]


def _width(line: str) -> int:
    """Two for a Chinese character."""
    return sum(2 if ord(character) > 255 else 1 for character in line)


def _n_lines(value: object, width: float) -> int:
    """Lines a cell needs; a proportional font is a tenth narrower than the count of characters."""
    return sum(max(1, math.ceil(_width(line) / (width * 1.1))) for line in _lines(value))
