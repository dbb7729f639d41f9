"""Which organizations stand inside the street: from the tree and the ledger, not from being listed.

Inside are the street's own committee; what a list places in a community, or sets up in a unit of the ledger; what
bears the name of the street or of a community; and everything under one that is inside. A body that a list only
names, or that bears the name of a place above the street, is outside.
"""

import pandas as pd

from pbgraph.linking.candidates import regions
from pbgraph.linking.entities import flagged, mapped
from pbgraph.linking.mentions import Names
from pbgraph.linking.office import community_in
from pbgraph.schema import layout_words, name_words


def standing(organizations: pd.DataFrame, ties: pd.DataFrame, names: Names) -> pd.Series:
    """Whether each organization is inside the street."""
    ids = organizations["organization_id"]
    street = names.office.street
    communities = tuple(names.communities) + tuple(name for name in _spelled(names) if name)
    covers = ties[ties["relation"].isin(["housed_in", "joint_covers", "located_in"])]
    is_placed = ids.isin(covers["source_id"])
    key_of = names.key_of("organizations")
    keys = mapped(organizations["name"], key_of)
    bears = flagged(keys, lambda key: _is_of_street(key, street, communities) or names.unit_of(key).id)
    is_listed = organizations["is_listed"].fillna(value=False).astype(bool)
    is_elsewhere = flagged(keys, lambda key: _is_above(key, street))
    inside = is_placed | bears | (is_listed & ~is_elsewhere)
    return _with_what_is_under(ids, inside, is_listed, ties)


def _spelled(names: Names) -> list[str]:
    return [key.split("#")[0] for key in names.communities]


def _is_of_street(key: str, street: str, communities: tuple[str, ...]) -> bool:
    """Whether a name is the street's own or begins with it, or with one of its communities."""
    if street and street in key:
        return True
    words = name_words()
    roots = {f"{kind}{level}" for kind in ("", *words["streets"]) for level in words["root_levels"]}  # 街道党工委
    return key in roots or bool(community_in(key, communities))


def _is_above(key: str, street: str) -> bool:
    """Whether a name begins with a place that is not this street: 临湖区教育局党委, 市机械局党委."""
    found, _ = regions(key)
    kinds = () if street else name_words()["streets"]  # of an office whose street nobody names, any street is its own
    places = ["".join(pair) for pair in found if pair[1] not in kinds]
    if any(place != street and not place.endswith(tuple(layout_words()["community_endings"])) for place in places):
        return True
    return any(key.startswith(level) for level in name_words()["regions"] if level not in name_words()["streets"])


def _with_what_is_under(ids: pd.Series, inside: pd.Series, is_listed: pd.Series, ties: pd.DataFrame) -> pd.Series:
    """Listed organizations under one that is inside are inside too, down to the last."""
    upward = ties[ties["relation"] == "subordinate"]
    known = set(ids[inside])
    listed = set(ids[is_listed])
    while True:
        under = set(upward.loc[upward["target_id"].isin(known), "source_id"]) & listed
        if under <= known:
            return ids.isin(known)
        known |= under
