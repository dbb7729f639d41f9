"""Lists that a workbook keeps beside those that hold: last year's, or what its title says is out of use.

A list of last year is one whose name has an earlier year than another list of the same kind in the same workbook that
names most of the same things. What is set aside so is named in a finding, and nothing of it is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pbgraph import schema
from pbgraph.reading.columns import codes_of, words
from pbgraph.reading.drafts import Draft
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.shapes import comparable
from pbgraph.text import clean, simplified

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
Judged = tuple[Draft, Recognition]


def without_outdated(judged: Sequence[Judged]) -> list[Judged]:
    """The same drafts, those out of use refused, each with the name of the list that holds instead."""
    found = []
    for number, (draft, recognition) in enumerate(judged):
        instead = None if recognition.is_decided else _instead(number, judged)
        if instead is not None:
            recognition = replace(Recognition(None), is_refused=True, outdated_by=instead)
        found.append((draft, recognition))
    return found


def _instead(number: int, judged: Sequence[Judged]) -> str | None:
    """The sheet that holds instead of a list, "" for one that only says it is out of use; None for one that holds."""
    draft, recognition = judged[number]
    if recognition.table is None:
        return None
    if any(re.search(words()["out_of_use"], simplified(clean(text))) for text in _names(draft)):
        return ""
    year, things = _year(draft), _things(draft, recognition)
    least = schema.recognition_words()["weights"]["outdated_from"]
    for at, (other, alike) in enumerate(judged):
        if at == number or other.file != draft.file or alike.table is not recognition.table:
            continue
        if year and year < _year(other) and len(things & _things(other, alike)) >= least * len(things):
            return other.region.sheet.name
    return None


def _names(draft: Draft) -> tuple[str, ...]:
    return (draft.region.sheet.name, *draft.titles)


def _year(draft: Draft) -> int:
    """The year that the name or else the title of a list has, 0 where it has none or several."""
    for text in _names(draft):
        years = set(_YEAR.findall(clean(text)))
        if years:
            return int(years.pop()) if len(years) == 1 else 0
    return 0


def _things(draft: Draft, recognition: Recognition) -> frozenset[str]:
    """What a list names in the column of its key."""
    table, region = recognition.table, draft.region
    key = next((c for c in recognition.columns if table and c.key in table.key_fields), None)
    if key is None:
        return frozenset()
    column = region.sheet.columns[region.columns[key.index]]
    codes = np.unique(codes_of(column)[region.start : region.stop])
    return frozenset(comparable(cell) for code in codes if isinstance(cell := column.values[code], str) and cell)
