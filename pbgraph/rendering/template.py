"""The blank workbook: a sheet per kind of table, with an example row, drop-downs, notes and text columns."""

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
_MOST_LIST = 255  # characters of a drop-down that Excel takes


def write_template(path: str | Path, *, lang: str = "zh") -> Path:
    """Write a blank workbook that `read` understands whole.

    Chinese headers in either language, since these are what the rosters use; required columns
    are marked, closed lists have drop-downs, and columns with digits that matter are text. Columns
    that few offices keep are folded away. The row above the header is an example.

    Raises
    ------
    RenderError
        output-not-writable; output-foreign where a file stands there that is not this blank workbook.

    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": _DAY})
    formats = {name: book.add_format(form) for name, form in _FORMATS.items()}
    _instructions(book.add_worksheet(caption("template_sheet", lang)), formats, lang)
    for table in schema.tables().values():
        _sheet(book.add_worksheet(table.label), table, formats, lang)
    book.close()
    content = stream.getvalue()
    return write_file(Path(path), content, over=content.__eq__)


_HEAD = {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "wrap": {"text_wrap": True, "valign": "top"},
    "head": {**_HEAD, "bg_color": "#f3ebe0"},
    "required": {**_HEAD, "bg_color": "#f7d9a8"},
    "text": {"num_format": "@"},
    "example": {"italic": True, "font_color": "#7f7f7f", "num_format": "@"},
    "link": {"font_color": "#0563c1", "underline": 1},
}


def _instructions(page: Any, formats: dict[str, Any], lang: str) -> None:
    """How to fill it in, and the sheets with what each cannot do without."""
    page.write_string(0, 0, caption("template_title", lang), formats["title"])
    page.merge_range(1, 0, 1, 1, "", formats["wrap"])
    page.write_string(1, 0, caption("template_how", lang), formats["wrap"])
    page.set_row(1, 66)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 70)
    for column, key in enumerate(("template_list", "template_columns")):
        page.write_string(3, column, caption(key, lang), formats["head"])
    for row, table in enumerate(schema.tables().values(), start=4):
        page.write_url(row, 0, f"internal:'{table.label}'!A1", formats["link"], _both(table, lang))
        required = (_both(table.field(key), lang) for key in table.required)
        page.write_string(row, 1, caption("list_separator", lang).join(required))
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 1)


def _both(named: Table | Field, lang: str) -> str:
    """The name as a roster has it, with what it means where the reader has another language."""
    return named.label if lang == "zh" else f"{named.label} ({named.label_en})"


def _sheet(page: Any, table: Table, formats: dict[str, Any], lang: str) -> None:
    page.write_string(0, 0, table.label, formats["title"])
    for column, field in enumerate(table.fields):
        page.write_string(1, column, example(field), formats["example"])
        page.write_string(2, column, field.label, formats["required" if field.key in table.required else "head"])
        width = max(10, 2 * len(field.label) + 4)
        folded = {"level": 1, "hidden": True} if field.key in table.seldom else {}
        page.set_column(column, column, width, formats["text"] if field.type in _TEXT_TYPES else None, folded)
        page.write_comment(2, column, _note(field, lang), {"x_scale": 1.6})
        _drop_down(page, field, column)
    page.freeze_panes(3, 0)


def example(field: Field) -> str:
    """What a cell of the field may look like; that of the serial number says that the row is an example."""
    examples = schema.layout_words()["examples"]
    if field.key == "seq":
        return str(examples[0])
    if schema.has_vocabulary(field.type):
        return next(iter(schema.vocabulary(field.type).rows.values()))["label"]
    values = schema.example_values()
    return values.get(field.key, values[field.type])


def _note(field: Field, lang: str) -> str:
    also = caption("list_separator", lang).join(field.aliases[:6])
    key = f"note_{field.type}" if field.type in {"date", "id_no", "phone", "integer", "flag"} else "note_text"
    note = caption("note_many" if field.many else key, lang)
    named = note if lang == "zh" else f"{field.label_en}: {note}"
    return f"{named}\n{caption('note_also', lang, names=also)}" if also else named


def _drop_down(page: Any, field: Field, column: int) -> None:
    labels: list[str] = []
    if field.type == "flag":
        labels = ["是", "否"]
    elif schema.has_vocabulary(field.type) and not field.many:
        labels = [row["label"] for row in schema.vocabulary(field.type).rows.values()]
    if labels and len(",".join(labels)) <= _MOST_LIST:
        rule = {"validate": "list", "source": labels, "error_type": "warning"}
        page.data_validation(3, column, _ROWS, column, rule)
