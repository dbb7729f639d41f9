"""Resident units, bodies of a community, teams, and stationed bodies of departments, as rules judge them."""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.subjects.view import View, has_word


def units(view: View) -> pd.DataFrame:
    """Units in operation with their coverage and their Party staff."""
    families = {code: row["family"] for code, row in schema.vocabulary("unit_type").rows.items()}
    frame = coverage(view.study)
    frame = frame[frame["is_in_scope"].astype(bool)].assign(family=lambda rows: rows["unit_type"].map(families))
    ids = frame["unit_id"]
    party_staff = pd.to_numeric(view.column("units", ids, "party_staff"), errors="coerce")
    frame["party_staff_share"] = party_staff / frame["staff_count"].where(frame["staff_count"] > 0)
    runs = view.column("units", ids, "sponsor")
    is_left = view.column("units", ids, "is_detached").astype("boolean").fillna(value=False).astype(bool)
    is_run = has_word(runs, view.param("B26", "street_words")) & ~is_left
    frame["is_run_by_street"] = is_run.astype("boolean").where(runs.notna())
    frame["is_guided"] = _is_guided(view, ids, view.column("units", ids, "said_none"))
    asked = view.study.network.review
    asked = asked.loc[(asked["kind"] == "units") & asked["is_asked"].astype(bool), "candidate_id"]
    is_meant = ids.isin(asked) & (frame["sure"] == "certain")  # an asked name may be its own
    frame["sure"] = frame["sure"].mask(is_meant, "check-name")
    contact = view.column("units", ids, "is_in_contact").astype("boolean")
    frame["n_contacts_denied"] = (~contact).astype("Int64")  # a no that is stated, whatever else is known
    return frame.rename(columns={"unit_id": "subject_id", "unit": "subject"})


def bodies(view: View) -> pd.DataFrame:
    """Bodies of communities, such as owners' committees, and whether an organization guides them (rule D13)."""
    listed = view.study.entities("bodies")
    listed = listed[listed["type"] == "body"]
    frame = pd.DataFrame({"subject_id": listed["body_id"], "subject": listed["name"]})
    for column in ("community", "body_type"):
        frame[column] = listed[column]
    frame["is_guided"] = _is_guided(view, listed["body_id"], listed["said_none"])
    return frame.assign(source=listed["source"])


def _is_guided(view: View, ids: pd.Series, said_none: pd.Series) -> pd.Series:
    """Whether an organization guides each body, as its row states; null where it does not, whatever was derived."""
    guides = view.ties("guides")
    guided = ids.isin(guides.loc[guides["basis"] != "derived", "target_id"])
    said = said_none.fillna("").str.split("\n").map(lambda keys: "guiding_org" in keys).astype(bool)
    return guided.astype("boolean").where(guided | said)


def teams(view: View) -> pd.DataFrame:
    """Project and work teams with their age, full members and organization (rule A14)."""
    listed = view.study.entities("bodies")
    listed = listed[listed["type"] == "team"]
    frame = pd.DataFrame({"subject_id": listed["body_id"], "subject": listed["name"]})
    for column in ("community", "full_count", "founded"):
        frame[column] = listed[column]
    frame["n_months_founded"] = view.whole_months_since(frame["founded"])
    frame["has_org"] = listed["team_org"].notna()
    return frame.assign(source=listed["source"])


def stations(view: View) -> pd.DataFrame:
    """Bodies that a department has stationed in the street, with what the street has a say in (rule C22)."""
    listed = view.study.entities("bodies")
    rights = ["may_coordinate", "may_supervise", "may_advise"]
    listed = listed[listed[["sent_by", *rights]].notna().any(axis=1)]
    frame = pd.DataFrame({"subject_id": listed["body_id"], "subject": listed["name"]})
    for column in ("community", "sent_by", *rights):
        frame[column] = listed[column]
    return frame.assign(source=listed["source"])
