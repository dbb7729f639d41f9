"""The first sheet of a workbook: what matters in a few sentences beside the chart, and a way to every sheet."""

import math
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from pbgraph.captions import caption
from pbgraph.rendering.blocks import Sentences, Table
from pbgraph.rendering.document import Document
from pbgraph.rendering.look import RED

_SAID_WIDTH, _NUMBER_WIDTH = 58.0, 4.0
_LINE = 19.0  # points
_CHART_ROW = 2
_CHART = {"width": 600, "height": 520}  # pixels
_CHART_COLUMNS = 10  # of usual width beside the sentences
_POINTS = 0.75  # to the pixel


@dataclass(frozen=True)
class Cover:
    """What the cover of a document says, and the table whose chart it shows, where there is one."""

    document: Document
    said: tuple[str, ...]
    charted: Table | None

    @classmethod
    def of(cls, document: Document) -> "Cover | None":
        """The cover of a document; none where nothing is said in it."""
        said = tuple(line for block in document.blocks if isinstance(block, Sentences) for line in block.lines)
        charted = next((table for table in document.tables() if table.chart and table.rows), None)
        return cls(document, said, charted) if said else None

    def write(self, book: xlsxwriter.Workbook) -> None:
        """The sheet, without its chart: what that shows is not written yet."""
        lang, document = self.document.lang, self.document
        page = book.add_worksheet(caption("sheet_summary", lang))
        title = book.add_format({"bold": True, "font_size": 20, "font_color": RED, "valign": "vcenter"})
        note = book.add_format({"font_color": "#5c6068", "font_size": 9, "text_wrap": True, "valign": "top"})
        text = book.add_format({"font_size": 12, "text_wrap": True, "valign": "vcenter"})
        number = book.add_format({"font_size": 12, "valign": "vcenter", "align": "center", "font_color": RED})
        page.set_column(0, 0, _NUMBER_WIDTH)
        page.set_column(1, 1, _SAID_WIDTH)
        page.set_row(0, 2 * _LINE)
        page.write_string(0, 0, document.title, title)
        page.write_string(1, 0, "　".join((document.dated, caption("made_by", lang))), book.add_format(_SMALL))
        heights = [_LINE * self._n_lines(line) for line in self.said]
        for n, (line, height) in enumerate(zip(self.said, heights, strict=True), start=1):
            page.set_row(1 + n, height + _LINE / 2)
            page.write_number(1 + n, 0, n, number)
            page.write_string(1 + n, 1, line, text)
        chart_height = _CHART["height"] * _POINTS if self.charted else 0.0
        rest = max(0.0, chart_height - sum(heights) - len(heights) * _LINE / 2)
        below = 2 + len(self.said) + math.ceil(rest / 15)
        page.print_area(0, 0, below - 1, 1 + _CHART_COLUMNS if self.charted else 1)
        page.write_string(below, 0, caption("cover_sheets", lang), note)
        self._list(book, page, below + 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 1)
        page.set_margins(0.5, 0.5, 0.6, 0.6)
        page.hide_gridlines(2)

    def _n_lines(self, line: str) -> int:
        wide = sum(2 if ord(character) > 255 else 1 for character in line)
        return max(1, math.ceil(wide * 12 / 11 / _SAID_WIDTH))

    def _list(self, book: xlsxwriter.Workbook, page: Any, first: int) -> None:
        """Every sheet with its number of rows, a click away; it is not printed."""
        link = book.add_format({"font_color": "#1d4f7c", "underline": 1})
        for row, table in enumerate(self.document.tables(), start=first):
            n = caption("cover_rows", self.document.lang, n=len(table.rows))
            page.write_url(row, 1, f"internal:'{table.name}'!A1", link, f"{table.name}（{n}）" if n else table.name)

    def draw(self, book: xlsxwriter.Workbook) -> None:
        """The chart beside the sentences."""
        page = book.get_worksheet_by_name(caption("sheet_summary", self.document.lang))
        if self.charted is not None:
            chart = made_chart(book, self.charted, **_CHART)
            page.insert_chart(_CHART_ROW, 2, chart, {"x_offset": 12, "description": self.charted.name})


_SMALL = {"font_color": "#5c6068", "font_size": 9}


def made_chart(book: xlsxwriter.Workbook, sheet: Table, *, width: int = 640, height: int = 0) -> Any:
    """A native chart of a table, from its own cells; its rows begin below the headers."""
    made = sheet.chart
    assert made is not None
    head = 3 if sheet.groups else 2
    top, bottom = head + 1 + made.first, head + 1 + made.last
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in made.series:
        chart.add_series({
            "name": [sheet.name, head, column], "categories": [sheet.name, top, made.label, bottom, made.label],
            "values": [sheet.name, top, column, bottom, column], "gap": 60,
            "fill": {"color": colour}, "border": {"color": "#7d0a12", "width": 0.5},
            "data_labels": {
                "value": True, "num_format": made.number_format, "font": {"size": 9, "color": _on(colour)},
            },
        })  # fmt: skip
    chart.set_title({"name": made.title, "name_font": {"size": 13, "color": RED}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 10}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": {"size": 10}} if len(made.series) > 1 else {"none": True})
    chart.set_size({"width": width, "height": height or 120 + 34 * (bottom - top + 1)})
    return chart


def _on(colour: str) -> str:
    """Black on light colours, white on dark ones."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#ffffff" if 0.3 * red + 0.59 * green + 0.11 * blue < 140 else "#000000"
