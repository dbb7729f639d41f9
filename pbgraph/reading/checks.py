"""Check lists: a row for each community or organization, a column of yes and no for each thing that it should have.

“十进社区”推进情况 has 组织进社区, 政务进社区 beside the community. Each such cell is one rating: what is rated is
the row's, the header says what for, the cell how it stands. A blank cell says nothing and is no rating.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from pbgraph import schema
from pbgraph.reading.cells import Cell
from pbgraph.reading.said import is_blank_word
from pbgraph.reading.shapes import Profile, shapes_of
from pbgraph.reading.values import as_text
from pbgraph.schema import Table

_SEVERAL = 2  # one such column may be anything


class Check(NamedTuple):
    """A column of yes and no, and what its header asks for."""

    at: int
    header: str


def checks_in_columns(
    table: Table, names: Sequence[str], profiles: Sequence[Profile], taken: Iterable[int]
) -> tuple[Check, ...]:
    """The columns of a check list, for a kind of table that holds their cells as rows; () for fewer than two."""
    if not table.checks or not profiles:
        return ()
    weights = schema.recognition_words()["weights"]
    free = set(range(len(names))) - set(taken)
    if any(profile.share("person", "id", "phone") >= weights["fits_from"] for profile in profiles):
        return ()  # each row is a person
    found = [
        Check(at, names[at].replace("\n", " "))
        for at in sorted(free)
        if names[at] and profiles[at].n and profiles[at].share("flag") >= weights["cells_alone"]
    ]
    return tuple(found) if len(found) >= _SEVERAL else ()


def asked_for(header: str) -> str:
    """What a header asks for, without the words that ask and the marks around it.

    >>> asked_for("是否达到“五个好”"), asked_for("组织进社区")
    ('五个好', '组织进社区')
    """
    words = schema.recognition_words()["asked"]
    plain = re.sub(f"[{re.escape(words['marks'])}]", "", header)
    while word := next((word for word in words["before"] if plain.startswith(word) and plain != word), ""):
        plain = plain.removeprefix(word)
    return plain


def rows_of_checks(
    rows: pd.DataFrame, table: Table, checks: Sequence[Check], cells_of: Callable[[int], list[Cell]]
) -> pd.DataFrame:
    """A row for each filled cell of a check list, and those that say something of their own.

    `cells_of` gives the cells of a column, one for each of the rows.
    """
    if not checks:
        return rows
    named, said = table.checks["named"], table.checks["said"]
    frames = [rows[rows[said].notna()]]
    for check in checks:
        cells = pd.Series([_said(cell) for cell in cells_of(check.at)], dtype="str")
        told = rows.assign(**{named: asked_for(check.header), said: cells.to_numpy()})
        frames.append(told[cells.notna().to_numpy()])
    return pd.concat(frames, ignore_index=True)


def _said(cell: Cell) -> str | None:
    """A cell as it stands; 无 below 有无 is an answer, a dash is none."""
    text = as_text(cell)
    return None if not text or (is_blank_word(text) and "flag" not in shapes_of(cell)) else text
