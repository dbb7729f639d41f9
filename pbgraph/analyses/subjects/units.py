"""Resident units in operation and volunteer or project teams, as rules judge them."""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.subjects.view import View, counted, known_only


def units(view: View) -> pd.DataFrame:
    """Units in operation with their coverage, who registers them, and when they last took part in anything."""
    families = {code: row["family"] for code, row in schema.vocabulary("unit_type").rows.items()}
    frame = coverage(view.study)
    frame = frame[frame["is_in_scope"].astype(bool)].assign(family=lambda rows: rows["unit_type"].map(families))
    ids = frame["unit_id"]
    frame["n_registrars"] = view.n_ends("registered_by", ids, end="source_id")
    party_staff = pd.to_numeric(view.column("units", ids, "party_staff"), errors="coerce")
    frame["party_staff_share"] = party_staff / frame["staff_count"].where(frame["staff_count"] > 0)
    frame["n_agreements"] = counted(view.ties("co_building", "paired_with")["target_id"], ids)
    frame["n_months_since_contact"] = _since_contact(view, ids)
    frame["n_unheard"] = _unheard(view, ids)
    return frame.rename(columns={"unit_id": "subject_id", "unit": "subject"})


def _since_contact(view: View, ids: pd.Series) -> pd.Series:
    """Months since a unit last signed an agreement, claimed a project or took part in a meeting."""
    agreed = view.ties("co_building", "paired_with")[["target_id", "since"]].set_axis(["unit_id", "since"], axis=1)
    took_part = view.ties("claims", "attends")[["source_id", "since"]].set_axis(["unit_id", "since"], axis=1)
    dated = pd.concat([agreed, took_part]).dropna()
    last = dated.groupby("unit_id")["since"].max()
    return view.months_since(ids.map(last))


def _unheard(view: View, ids: pd.Series) -> pd.Series:
    """Ratings and appointments of a unit on which street or community was not heard, null where no list says."""
    ratings = view.of_kind("records", view.ties("concerns"), "source_id")
    unheard = ratings[~ratings["is_consulted"].fillna(value=True).astype(bool)]
    return known_only(counted(unheard["target_id"], ids), ids.isin(ratings["target_id"]))


def teams(view: View) -> pd.DataFrame:
    """Project and work teams with their age, full members and organization (rule A14)."""
    listed = view.table("bodies")
    listed = listed[listed["type"] == "team"]
    frame = pd.DataFrame({"subject_id": listed["body_id"], "subject": listed["name"]})
    for column in ("community", "full_count", "founded"):
        frame[column] = listed[column]
    frame["n_months_founded"] = view.months_since(frame["founded"])
    frame["has_org"] = listed["team_org"].notna()
    return frame.assign(source=listed["source"])
