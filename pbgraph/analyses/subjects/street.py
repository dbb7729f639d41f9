"""The street as a whole, as rules judge it: one row."""

import pandas as pd

from pbgraph.analyses.subjects.people import secretary_shares, unplaced
from pbgraph.analyses.subjects.ratings import failed_twice, unreminded
from pbgraph.analyses.subjects.view import View, has_word, month_of

_BODIES = ("working_committee", "street_office", "police_station", "judicial_office", "member_centre")
_STAFFING = ("n_heads", "n_deputies", "staffing")


def street(view: View) -> pd.DataFrame:
    """One row: the street under its name, or under the region path of the network."""
    network = view.study.network
    listed = view.study.entities("communities")
    listed = listed[listed["is_listed"].astype(bool)]
    row: dict[str, object] = {"subject_id": "", "subject": network.settings.get("home", "").split("/")[-1] or "全街道"}
    row |= {"community": None, **secretary_shares(view)}
    people = listed["population"]
    row["population"] = int(people.sum()) if len(people) and people.notna().all() else None
    row["n_unplaced"] = unplaced(view)
    row |= _bodies(view) | _meetings(view) | _money(view)
    row["good_share"] = _good_share(view, listed)
    row |= _streets_failed(view)
    row["source"] = "\n".join(dict.fromkeys(line for cell in listed["source"] for line in cell.split("\n")))
    return pd.DataFrame([row]).convert_dtypes()


def _bodies(view: View) -> dict[str, object]:
    """How many bodies of each kind the street has, and the posts of the first of each kind."""
    bodies = view.study.entities("bodies")
    kind = bodies["body_type"]
    found: dict[str, object] = {}
    for code in _BODIES:
        own = bodies[kind == code]
        found[f"n_{code}"] = len(own)
        if code == "member_centre":  # it may stand in the list of premises
            centres = has_word(bodies["name"], view.param("D11", "centre_words")) & bodies["community"].isna()
            found[f"n_{code}"] = int((centres | (kind == code)).sum())
        for column in _STAFFING:
            known = own[column].dropna()
            found[f"{code}_{column}"] = int(known.iloc[0]) if len(known) else None
        also = own["also_holds"].dropna()
        found[f"{code}_is_deputy"] = (
            bool(has_word(also, view.param("B22", "deputy_words")).all()) if len(also) else None
        )
    return found


def _meetings(view: View) -> dict[str, object]:
    """Coordination meetings of the street in the last year."""
    held = view.study.entities("meetings")
    if view.month is None:
        return {"n_coordination_meetings": None}
    own = held[held["meeting_type"] == "coordination"]
    own = own[(month_of(own["meeting_date"]) <= view.month).fillna(value=False)]
    age = view.months_since(own["meeting_date"])
    return {"n_coordination_meetings": int((age <= view.param("D2", "months")).fillna(value=False).sum())}


def _money(view: View) -> dict[str, object]:
    """Yearly money of the street for Party work and for public service, in yuan; null where none is on record."""
    funds = view.study.entities("records")
    own = funds[funds["community"].isna() & funds["committee"].isna() & funds["money"].notna()]
    year = own["year"].astype("str").str.slice(0, 4)
    own = own[(year == year.max()) | year.isna()]
    found: dict[str, object] = {}
    for name in ("party", "public"):
        chosen = own[has_word(own["money_source"], view.param("F8", f"{name}_words"))]
        found[f"{name}_money"] = float(chosen["money"].sum()) if len(chosen) else None
    return found


def _streets_failed(view: View) -> dict[str, object]:
    """The streets that were rated as failing two years running, and how many; null where none is rated.

    With them what no list puts in a community: how many failed so, and how many poor ratings had no talk.
    """
    records = view.study.entities("records")
    rated = records["rating"].notna() & records["street"].notna() & records[["rated", "community"]].isna().all(axis=1)
    failed = failed_twice(view)
    streets = sorted(set(failed["rated"]) & set(records.loc[rated, "street"]))
    return {
        "n_streets_failed": len(streets) if rated.any() else None, "streets_failed": "、".join(streets),
        "n_others_failed": int(failed[["community", "street"]].isna().all(axis=1).sum()),
        "n_others_unreminded": int(unreminded(view)[["community", "street"]].isna().all(axis=1).sum()),
    }  # fmt: skip


def _good_share(view: View, listed: pd.DataFrame) -> float | None:
    """The share of communities rated as reaching the five goods, of those rated in the last year on record."""
    rated = view.of_kind("records", view.ties("concerns"), "source_id")
    own = {node: dict(zip(listed["name"], listed["community_id"], strict=True)).get(place)
           for node, place in view.community_of_orgs().items()}  # fmt: skip
    rated = rated.assign(target_id=rated["target_id"].replace(own))
    rated = rated[rated["target_id"].isin(listed["community_id"])]
    rated = rated[has_word(rated["rating_type"], view.param("B21", "words"))]
    year = rated["year"].astype("str").str.slice(0, 4)
    rated = rated[(year == year.max()) | year.isna()]
    if rated.empty:
        return None
    passed = has_word(rated["rating"], view.param("B21", "good_words")) & ~has_word(
        rated["rating"], view.param("B14", "words")
    )
    return float(passed.groupby(rated["target_id"]).any().mean())
