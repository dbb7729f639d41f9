"""Columns that say one field together: 自己的支部 and 参加的联合支部, of which each row fills one."""

from dataclasses import replace

import numpy as np

from pbgraph import schema
from pbgraph.reading.columns import codes_of
from pbgraph.reading.drafts import Draft
from pbgraph.reading.headers import candidates
from pbgraph.reading.recognition import Column, Recognition
from pbgraph.reading.said import is_blank_word
from pbgraph.reading.shapes import fit
from pbgraph.reading.values import NAME_TYPES, as_text


def with_twins(draft: Draft, recognition: Recognition) -> Recognition:
    """Add the unused columns that say a name which another column says, in rows that this one leaves blank."""
    table = recognition.table
    if table is None:
        return recognition
    taken = {column.key: column.index for column in recognition.columns}
    used = {*taken.values(), *recognition.unneeded, *(at for post in recognition.posts for at in post.indices)}
    used |= {check.at for check in recognition.checks}
    used |= {column.index for guest in recognition.guests for column in guest.columns}
    twins = []
    for index, name in enumerate(draft.region.names):
        said = {} if index in used or not name else candidates(table, name)
        key = max(said, key=lambda one: said[one], default="")
        if key not in taken or said[key] <= schema.recognition_words()["weights"]["generic"]:
            continue
        item = table.field(key)
        is_name = item.type in NAME_TYPES | {"person"} and fit(item, draft.evidence.profiles[index]) > 0
        if is_name and not _are_both_said(draft, taken[key], index):
            twins.append(Column(index, name.replace("\n", " "), key, said[key], said[key]))
    return replace(recognition, twins=tuple(twins))


def _are_both_said(draft: Draft, one: int, other: int) -> bool:
    """Whether any row fills both of two columns, with cells that differ."""
    region, columns = draft.region, draft.region.sheet.columns
    pair = [columns[region.columns[index]] for index in (one, other)]
    codes = np.unique(np.stack([codes_of(column)[region.rows()] for column in pair]), axis=1)
    for both in codes.T:
        said = {as_text(column.values[code]) for column, code in zip(pair, both, strict=True)}
        if len({text for text in said if text and not is_blank_word(text)}) > 1:
            return True
    return False
