"""A document as a workbook: tables with filters, frozen headers, widths and A4 print set-up.

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
from pbgraph.rendering.blocks import Marked, Sentences, Table
from pbgraph.rendering.document import Document
from pbgraph.rendering.look import RED

_LONGEST_CELL = 32_767  # characters, by Excel
_WIDEST = 42  # wider columns make the print on A4 too small to read
_FEW_COLUMNS = 2
_LINE_HEIGHT = 15.0


def workbook_bytes(document: Document) -> bytes:
    """A workbook with a sheet for each table of a document; its sentences are a sheet before them."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    day = document.as_of or "2000-01-01"
    book.set_properties({"created": datetime.fromisoformat(day), "author": "", "comments": ""})
    said = [line for block in document.blocks if isinstance(block, Sentences) for line in block.lines]
    summary = [_summary(document, said)] if said else []
    for sheet in [*summary, *document.tables()]:
        _write(book, sheet, document)
    book.close()
    return stream.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Table, document: Document) -> None:
    page = book.add_worksheet(sheet.name)
    title = book.add_format({"bold": True, "font_size": 15, "font_color": RED})
    note = book.add_format({"font_color": "#5c6068", "font_size": 9})
    head = book.add_format(
        {"bold": True, "bg_color": "#f3ebe0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    )
    page.write_string(0, 0, f"{document.street} · {sheet.name}", title)
    said = (document.dated, caption("made_by", document.lang), sheet.note)
    page.write_string(1, 0, "　".join(filter(None, said)), note)
    first = 3 if sheet.groups else 2
    for text, left, right in sheet.groups:
        page.merge_range(2, left, 2, right, text, head) if right > left else page.write_string(2, left, text, head)
    for column, text in enumerate(sheet.headers):
        page.write_string(first, column, text, head)
    widths = _widths(sheet)
    _write_rows(book, page, sheet, first + 1, widths, document.lang)
    last = max(len(sheet.rows) + first, first + 1)
    page.autofilter(first, 0, last, len(sheet.headers) - 1)
    page.freeze_panes(first + 1, 0)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(first)
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    page.set_footer("&C&P / &N")
    if sheet.chart is not None and sheet.rows:
        _draw(book, page, sheet, first + 1)
    for column, values in sheet.choices:
        page.data_validation(
            first + 1, column, max(last, first + 200), column, {"validate": "list", "source": list(values)}
        )

    column, ranges = sheet.row_choices or (0, {})
    for number, source in ranges.items():
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(first + 1 + number, column, first + 1 + number, column, rule)


def _draw(book: xlsxwriter.Workbook, page: Any, sheet: Table, first: int) -> None:
    """A native chart below the table, from its own cells; beside it the printed table would be too small to read."""
    made = sheet.chart
    assert made is not None
    top, bottom = first + made.first, first + made.last
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in made.series:
        chart.add_series({
            "name": [sheet.name, first - 1, column], "categories": [sheet.name, top, made.label, bottom, made.label],
            "values": [sheet.name, top, column, bottom, column], "fill": {"color": colour}, "gap": 60,
            "data_labels": {"value": True, "num_format": made.number_format, "font": {"size": 8}},
        })  # fmt: skip
    chart.set_title({"name": made.title, "name_font": {"size": 12, "color": RED}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    chart.set_x_axis({"num_format": made.number_format, "major_gridlines": {"visible": False}, "num_font": {"size": 8}})
    chart.set_legend({"position": "bottom"} if len(made.series) > 1 else {"none": True})
    chart.set_size({"width": 640, "height": 120 + 34 * (bottom - top + 1)})
    page.insert_chart(first + len(sheet.rows) + 1, 0, chart)


def _write_rows(book: xlsxwriter.Workbook, page: Any, sheet: Table, first: int, widths: list[float], lang: str) -> None:
    body = book.add_format({"border": 1, "border_color": "#d9d3c7", "text_wrap": True, "valign": "top"})
    link = book.add_format(
        {
            "border": 1,
            "border_color": "#d9d3c7",
            "font_color": "#1d4f7c",
            "underline": 1,
            "valign": "top",
            "text_wrap": True,
        }
    )
    share = book.add_format({"border": 1, "border_color": "#d9d3c7", "num_format": "0.0%", "valign": "top"})
    for number, row in enumerate(sheet.rows, start=first):
        n_lines = max(_n_lines(value, width) for value, width in zip(row, widths, strict=True))
        page.set_row(number, _LINE_HEIGHT * n_lines)
        for column, value in enumerate(row):
            if _is_blank(value):
                page.write_blank(number, column, None, body)
            elif isinstance(value, Marked):
                _write_marked(book, page, number, column, value, body)
            elif isinstance(value, str) and column in sheet.links:
                page.write_url(number, column, f"internal:'{value}'!A1", link, value)
            elif isinstance(value, str) and (number - first, column) in sheet.jumps:
                page.write_url(number, column, f"internal:{sheet.jumps[number - first, column]}", link, value)
            elif isinstance(value, str):
                page.write_string(number, column, _that_fits(value, lang), body)
            else:
                page.write_number(number, column, float(value), share if column in sheet.percents else body)


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


def _summary(document: Document, said: list[str]) -> Table:
    """What matters in a few sentences, then every sheet with its number of rows, a click away."""
    lang = document.lang
    rows: list[tuple[Any, ...]] = [(number, text, "", None) for number, text in enumerate(said, start=1)]
    rows += [(None, "", sheet.name, len(sheet.rows)) for sheet in document.tables()]
    name = caption("sheet_summary", lang)
    heads = ("", name, caption("col_list", lang), caption("col_list_rows", lang))
    return Table("summary", name, heads, rows, links=(2,))
