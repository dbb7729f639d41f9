"""The blank workbook: a sheet per kind of table, with drop-downs, notes and text columns."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.rendering.files import write_file
from pbgraph.schema import Field, Table

_ROWS = 500
_DAY = datetime(2025, 1, 1)  # a fixed day, so that every template has the same bytes
_TEXT_TYPES = frozenset({"id_no", "phone", "code", "date"})


def write_template(path: str | Path, *, lang: str = "zh") -> Path:
    """Write a blank workbook that `read` understands whole.

    Chinese headers in either language, since these are what the rosters use; required columns
    are marked, closed lists have drop-downs, and columns with digits that matter are text.

    Raises
    ------
    RenderError
        output-not-writable.

    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _DAY})
    for table in schema.tables().values():
        _sheet(book, table, lang)
    book.close()
    return write_file(Path(path), stream.getvalue())


def _sheet(book: xlsxwriter.Workbook, table: Table, lang: str) -> None:
    page = book.add_worksheet(table.label)
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#f3ebe0", "text_wrap": True, "align": "center"})
    required = book.add_format({"bold": True, "border": 1, "bg_color": "#f7d9a8", "text_wrap": True, "align": "center"})
    text = book.add_format({"num_format": "@"})
    page.write_string(0, 0, table.label, title)
    for column, field in enumerate(table.fields):
        page.write_string(1, column, field.label, required if field.key in table.required else head)
        page.set_column(column, column, max(10, 2 * len(field.label) + 4), text if field.type in _TEXT_TYPES else None)
        page.write_comment(1, column, _note(field, lang), {"x_scale": 1.6})
        _drop_down(page, field, column)
    page.freeze_panes(2, 0)


def _note(field: Field, lang: str) -> str:
    also = "、".join(field.aliases[:6])
    key = f"note_{field.type}" if field.type in {"date", "id_no", "phone", "integer", "flag"} else "note_text"
    note = caption("note_many" if field.many else key, lang)
    return f"{note}\n{caption('note_also', lang, names=also)}" if also else note


def _drop_down(page: Any, field: Field, column: int) -> None:
    labels: list[str] = []
    if field.type == "flag":
        labels = ["是", "否"]
    elif schema.has_vocabulary(field.type) and not field.many:
        labels = [row["label"] for row in schema.vocabulary(field.type).rows.values()]
    if labels:
        page.data_validation(2, column, _ROWS, column, {"validate": "list", "source": labels, "error_type": "warning"})
