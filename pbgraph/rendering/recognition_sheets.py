"""识别结果: what each table and column was taken for, doubtful ones first, to be corrected in one column.

A changed cell is an answer. It is kept under the shape of the header row, so that next month's file
is read the same way.
"""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.decisions import CHANGED, KEY, words
from pbgraph.rendering.blocks import LEDGER_FIRST, Table, heads_of
from pbgraph.rendering.facts import Facts

_PLAIN, _NEAR = 1.8, 1.0  # weights from which a header is said to tell the field, or to come near it
_HEADS = ("file", "sheet", "range", "column", "header", "samples", "taken_for", "sureness", "because")
_SURE, _CHECK, _UNKNOWN = "recognised_sure", "recognised_check", "recognised_not"


def recognition_sheets(facts: Facts) -> list[Table]:
    """The list to correct and the sheet of its drop-downs; nothing where no sheet was read."""
    reading = facts.network.reading
    if not len(reading.tables):
        return []
    lang = facts.look.lang
    lines = _lines(reading.tables, reading.columns, lang)
    options = _options(lang)
    ranges = {kind: _range(options, column) for column, kind in enumerate(options.headers)}
    offered = {number: str(line.pop("list")) for number, line in enumerate(lines)}
    choices = {number: ranges[kind] for number, kind in offered.items() if kind in ranges}
    rows = [tuple(line.values()) for line in lines]
    heads = (*heads_of(facts, *_HEADS), CHANGED, KEY)
    note = caption("recognised_how", lang)
    name = caption("sheet_recognised", lang)
    return [Table("recognised", name, heads, rows, row_choices=(len(_HEADS), choices), note=note), options]


def _lines(tables: pd.DataFrame, columns: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """A line for each table and each of its columns; those that a person should look at come first."""
    place = ["file", "sheet", "range"]
    held = dict(iter(columns.groupby(place, sort=False)))
    blocks = []
    for table in tables.to_dict("records"):
        own = held.get(tuple(table[part] for part in place), columns.head(0)).to_dict("records")
        state = _SURE if table["is_sure"] else _CHECK if table["table"] else _UNKNOWN
        known = [line for line in own if line["meaning"]]
        rank = 0 if state != _SURE else 1 if len(known) < len(own) else 2
        offered = caption("col_kind_of_table", lang)
        block = [_line(table, table["table"], state, _of_kind(table, lang), lang, key=table["shape"], list=offered)]
        block += [_column_line(line, table, lang) for line in own]
        blocks.append((rank, block))
    return [line for _, block in sorted(blocks, key=lambda pair: pair[0]) for line in block]


def _column_line(line: dict[str, Any], table: dict[str, Any], lang: str) -> dict[str, Any]:
    is_plain = line["by_header"] >= _PLAIN and line["by_cells"] >= 0
    state = _UNKNOWN if not line["meaning"] else _SURE if is_plain else _CHECK
    return _line(
        line,
        line["meaning"],
        state,
        _of_column(line, lang),
        lang,
        key=line["key"],
        list=table["table"] or table["runner_up"],
    )


def _line(place: dict[str, Any], meaning: str, state: str, why: str, lang: str, **more: str) -> dict[str, Any]:
    column = (place.get("column", ""), place.get("header", ""), place.get("samples", ""))
    cells = (
        place["file"],
        place["sheet"],
        place["range"],
        *column,
        meaning,
        caption(state, lang),
        why,
        "",
        more["key"],
    )
    return {**{str(n): cell for n, cell in enumerate(cells)}, "list": more["list"]}


def _of_kind(table: dict[str, Any], lang: str) -> str:
    """Why a table was taken for its kind."""
    if not table["table"] or not table["runner_up"]:
        return caption("because_like", lang, other=table["runner_up"]) if table["runner_up"] else ""
    return caption("because_margin", lang, other=table["runner_up"], margin=table["margin"])


def _of_column(line: dict[str, Any], lang: str) -> str:
    """Why a column was taken for its field: what the header says, what the cells look like."""
    if not line["meaning"]:
        return ""
    header = (
        "header_plain" if line["by_header"] >= _PLAIN else "header_near" if line["by_header"] >= _NEAR else "header_not"
    )
    cells = "cells_fit" if line["by_cells"] > 0 else "cells_differ" if line["by_cells"] < 0 else "cells_any"
    return caption("because_column", lang, header=caption(header, lang), cells=caption(cells, lang))


def _options(lang: str) -> Table:
    """The drop-downs: every kind of table, and the fields of each kind."""
    answers = words()
    tables = list(schema.tables().values())
    first = [answers["skip"], *(table.label for table in tables)]
    fields = [[answers["unneeded"], answers["own"], *(item.label for item in table.fields)] for table in tables]
    lists = [first, *fields]
    n_rows = max(map(len, lists))
    rows = [tuple(values[row] if row < len(values) else "" for values in lists) for row in range(n_rows)]
    heads = (caption("col_kind_of_table", lang), *(table.label for table in tables))
    return Table("options", caption("sheet_options", lang), heads, rows)


def _range(options: Table, column: int) -> str:
    from pbgraph.reading.columns import letters

    n = sum(bool(row[column]) for row in options.rows)
    at = letters(column)
    return f"='{options.name}'!${at}${LEDGER_FIRST}:${at}${LEDGER_FIRST + n - 1}"
