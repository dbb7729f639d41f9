"""Lists that lie beside those that hold: last year's, last month's, or what its title says is out of use.

A list of an earlier time is one whose name (of the sheet, in the title, or else of the file) has an earlier day than
another list of the same kind that names most of the same things: in the same workbook, or in one whose name is the
same but for the time. What is set aside so is named in a finding, and nothing of it is counted. Lists of what has
happened (meetings, ratings) go on; only those of what there is are followed by the next one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

import numpy as np

from pbgraph import schema
from pbgraph.reading.columns import codes_of, words
from pbgraph.reading.days import period_of, without_periods
from pbgraph.reading.drafts import Draft
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.shapes import comparable
from pbgraph.text import clean, simplified

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
    if recognition.table.key not in words()["followed"]:
        return None
    day, things = _day(draft), _things(draft, recognition)
    later: dict[str, set[str]] = {}
    for other, alike in judged:
        if day and alike.table is recognition.table and day < (_day(other) or day) and _is_of_one(draft, other):
            name = other.region.sheet.name if other.file == draft.file else PurePath(other.file).name
            later.setdefault(name, set()).update(_things(other, alike))
    least = schema.recognition_words()["weights"]["outdated_from"] * len(things)
    return next((name for name, named in later.items() if things and len(things & named) >= least), None)


def _names(draft: Draft) -> tuple[str, ...]:
    return (draft.region.sheet.name, *draft.titles)


def _is_of_one(draft: Draft, other: Draft) -> bool:
    """Whether two lists are in one workbook, or in two whose names tell nothing but another time."""
    if draft.file == other.file:
        return True
    bare, bare_too = (without_periods(PurePath(each.file).stem) for each in (draft, other))
    return bare == bare_too and draft.region.sheet.name == other.region.sheet.name


def _day(draft: Draft) -> date | None:
    """The day that the name of a sheet has, or else its title, or else its file; None where it has none."""
    told = (period_of(clean(text)) for text in (*_names(draft), PurePath(draft.file).stem))
    return next((period.last for period in told if period), None)


def _things(draft: Draft, recognition: Recognition) -> frozenset[str]:
    """What a list names in the column of its key."""
    table, region = recognition.table, draft.region
    key = next((c for c in recognition.columns if table and c.key in table.key_fields), None)
    if key is None:
        return frozenset()
    column = region.sheet.columns[region.columns[key.index]]
    codes = np.unique(codes_of(column)[region.start : region.stop])
    return frozenset(comparable(cell) for code in codes if isinstance(cell := column.values[code], str) and cell)
