"""Rows of a form that somebody sent again: the last answer of a thing holds, and those before it are set aside.

A form tells when each row was sent. Where a row has no time, or two have the same, nobody knows which holds, and
all of them stay.
"""

import re
from typing import Any

from pbgraph import schema
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.regions import Region
from pbgraph.reading.shapes import profile
from pbgraph.reading.values import as_text
from pbgraph.text import fold, simplified

_PARTS_OF_A_DAY = 3
_TELLING = ("community", "grid", "parent", "parent_code", "org_code", "code")
"""The fields by which two things of one name are told apart."""


def answered_again(region: Region, recognition: Recognition, rows: Any) -> dict[int, int]:
    """The rows that a later answer of the same thing stands for, each with the row of that answer."""
    table = recognition.table
    sent = _time_column(region, recognition)
    if table is None or not table.is_list or sent is None:
        return {}
    told = {*_TELLING, *table.key_fields}
    at = [region.columns[column.index] for column in recognition.columns if column.key in told]
    answers: dict[tuple[str, ...], list[tuple[tuple[int, ...], int]]] = {}
    for row in rows.tolist():
        key = tuple(fold(as_text(region.sheet.cell(row, index))) for index in at)
        answers.setdefault(key, []).append((_moment(region.sheet.cell(row, sent)), row))
    found: dict[int, int] = {}
    for group in answers.values():
        times = {time for time, _ in group}
        if len(group) > 1 and len(times) == len(group) and () not in times:
            *earlier, (_, last) = sorted(group)
            found.update({row: last for _, row in earlier})
    return found


def _time_column(region: Region, recognition: Recognition) -> int | None:
    """The column that says when each row was sent; None where none does."""
    words = schema.recognition_words()["glimpses"]["when_sent"]
    taken = {column.index for column in recognition.columns}
    for index, name in enumerate(region.names):
        if index not in taken and re.search(words, simplified(name.split("\n")[-1])):
            column = profile(region.sheet.columns[region.columns[index]], region.rows())
            if column.share("date") > schema.recognition_words()["weights"]["fits_from"]:
                return region.columns[index]
    return None


def _moment(cell: Any) -> tuple[int, ...]:
    """Day and hour of a cell as numbers that can be compared; () where it says no day."""
    text = cell.isoformat() if hasattr(cell, "isoformat") else as_text(cell)
    numbers = tuple(map(int, re.findall(r"\d+", text)))
    return numbers if len(numbers) >= _PARTS_OF_A_DAY else ()
