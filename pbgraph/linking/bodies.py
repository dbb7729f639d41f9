"""What a cell names that may be a body of several kinds: an organization, a unit, a committee or a community.

A list of meetings, resources or money says 参会单位 or 出资单位 and means whoever took part or paid. The kinds asked
are those that the relation allows. What no roster knows becomes a node of the kind it looks like; where a cell may
hold persons or guests (`quiet`), what looks like no body is left out.
"""

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from pbgraph.linking.entities import looked_up
from pbgraph.linking.mentions import Names
from pbgraph.reading.shapes import shapes_of

_SURE = ("decided", "key")
_SHAPES = {"org": "organizations", "committee": "committees", "unit": "units"}


def named_bodies(
    names: Names,
    rows: pd.DataFrame,
    column: str,
    kinds: Sequence[str],
    *,
    place: pd.Series | None = None,
    table: str = "",
    is_quiet: bool = False,
    is_ranked: bool = False,
) -> pd.DataFrame:
    """The mention of each row, of the first kind that knows the name.

    An equal name comes before one that only fits, unless the kinds are `is_ranked`. A name that none knows is open,
    and of the kind that it looks like; else of the first kind, or, where `is_quiet`, no mention at all.
    """
    tried = [_resolved(names, kind, rows, column, place, table) for kind in kinds]
    is_open = rows[column].notna()
    chosen: list[pd.DataFrame] = []
    for is_meant in (_are_known,) if is_ranked else (_are_equal, _are_known):
        for found in tried:
            taken = is_open & is_meant(found)
            chosen.append(found[taken])
            is_open &= ~taken
    looks = rows[column].where(is_open).map(lambda name: looks_like(name, tuple(kinds)), na_action="ignore")
    for kind in kinds:
        if kind == "communities":
            continue
        of_kind = rows[looks == kind]
        if len(of_kind):
            here = None if place is None else place.loc[of_kind.index]
            chosen.append(names.resolve(kind, of_kind, column, place=here, table=table))
            is_open &= looks != kind
    unknown = tried[0][is_open | rows[column].isna()]
    if is_quiet:  # a guest or a person: no mention, so that no person's name is asked about
        unknown = unknown.assign(name=pd.Series(None, index=unknown.index, dtype="str"), is_kept=False)
    elif is_open.any():
        kind = next(kind for kind in kinds if kind != "communities")
        here = None if place is None else place[is_open]
        chosen.append(names.resolve(kind, rows[is_open], column, place=here, table=table))
        unknown = unknown[rows.loc[unknown.index, column].isna()]
    parts = [frame for frame in (*chosen, unknown) if len(frame)] or tried[:1]
    return pd.concat(parts).loc[rows.index]


def _resolved(
    names: Names, kind: str, rows: pd.DataFrame, column: str, place: pd.Series | None, table: str
) -> pd.DataFrame:
    found = names.resolve(kind, rows, column, place=place, keep=False, table=table)
    if kind != "communities":
        return found
    ids = looked_up(names.places(rows, column), names.communities)
    return found.assign(id=ids, n=ids.notna().astype("int64"), reason=ids.notna().map({True: "key", False: "open"}))


def _are_equal(found: pd.DataFrame) -> pd.Series:
    return found["id"].notna() & found["reason"].isin(_SURE)


def _are_known(found: pd.DataFrame) -> pd.Series:
    return found["id"].notna() | (found["n"] > 1)


@lru_cache(maxsize=65536)
def looks_like(name: str, kinds: tuple[str, ...]) -> str:
    """The kind of body that a name looks like, "" where it looks like none of those that are allowed.

    An organization where none is allowed stands for its unit.

    >>> looks_like("第二棉纺厂党委", ("units", "organizations")), looks_like("王小明", ("units", "organizations"))
    ('organizations', '')
    """
    shapes = shapes_of(name)
    told = next((kind for shape, kind in _SHAPES.items() if shape in shapes), "")
    if told in kinds:
        return told
    return "units" if told and "units" in kinds else ""
