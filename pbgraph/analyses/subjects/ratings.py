"""Ratings as rules judge them: who or what failed two years running."""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.subjects.view import View, has_word, is_told
from pbgraph.text import fold

_PLACED = ("community:", "org:")


def failed_twice(view: View) -> pd.DataFrame:
    """Who or what was rated as failing in two years running (rule B14), each once, with the `source` of its rows.

    Columns are `community`, `street`, `rated` and `source`. A row that names only a street or a community rates
    that; a null is not known.
    """
    records = view.study.entities("records")
    records = records.assign(community=_rated_places(view, records))
    whole = records["community"].fillna(records["street"])
    records["rated"] = records["rated"].fillna(whole)
    failed = records[has_word(records["rating"], view.param("B14", "words"))].dropna(subset=["rated", "year"])
    years = failed.assign(year=failed["year"].str.slice(0, 4).astype("Int64"))[[*_WHOM, "year"]]
    years = years.drop_duplicates().sort_values([*_WHOM, "year"])
    again = years.groupby(list(_WHOM), dropna=False)["year"].diff() == 1
    rows = failed.groupby(list(_WHOM), dropna=False, as_index=False)["source"].agg("\n".join)
    return years.loc[again.fillna(value=False), list(_WHOM)].drop_duplicates().merge(rows, on=list(_WHOM))


_WHOM = ("community", "street", "rated")


def unreminded(view: View) -> pd.DataFrame:
    """The poor ratings without a talk (rule B24) of what is no organization, with the `community` of each."""
    records = view.study.entities("records")
    records = records[
        has_word(records["rating"], view.param("B24", "words")) & is_told(records, "is_reminded", said=False)
    ]
    rated = view.ties("concerns")
    of_organizations = set(rated.loc[rated["target_id"].str.startswith("org:"), "source_id"])
    records = records[~records["record_id"].isin(of_organizations)]
    return records.assign(community=_rated_places(view, records))


def items_lacking(view: View) -> dict[str, list[str]]:
    """What check lists say no to, by the name of the community, each item as its last year says; [] where to none."""
    records = view.study.entities("records")
    no = {fold(word).lower() for word in schema.layout_words()["no"]}
    told = records[records["rating_type"].notna() & records["rating"].notna()]
    told = told.assign(community=_rated_places(view, told)).sort_values("year", na_position="first")
    told = told.drop_duplicates(["community", "rated", "rating_type"], keep="last")
    found: dict[str, list[str]] = {}
    for place, item, rating in told[["community", "rating_type", "rating"]].itertuples(index=False, name=None):
        if isinstance(place, str):
            found.setdefault(place, []).extend([str(item)] if fold(str(rating)).lower() in no else [])
    return {place: sorted(set(items)) for place, items in found.items()}


def not_included(view: View) -> pd.DataFrame:
    """The organizations of units whose part in the committee is not in their own assessment, or not stated (rule C14).

    Columns are `community`, `rated` and `is_open`.
    """
    records = view.study.entities("records")
    told = records["is_included"].astype("boolean") if "is_included" in records else pd.Series(pd.NA, records.index)
    is_open = told.isna() & view.asks(records["source"], "is_included")
    rows = records.assign(community=_rated_places(view, records), is_open=is_open)
    return rows[is_open | is_told(records, "is_included", said=False)].dropna(subset=["rated"])


def _rated_places(view: View, records: pd.DataFrame) -> pd.Series:
    """The community of each rating: that of its row, else the community or the organization that was rated."""
    rated = view.ties("concerns")
    listed = view.study.entities("organizations")
    places = dict(zip(listed["organization_id"], listed["community"], strict=True))
    names = view.names
    found = [places.get(node, names.get(node)) if node.startswith(_PLACED) else None for node in rated["target_id"]]
    told = dict(zip(rated["source_id"], found, strict=True))
    return records["community"].fillna(records["record_id"].map(told).astype("str"))
