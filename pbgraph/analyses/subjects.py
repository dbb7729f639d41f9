"""What rules judge: one wide frame per kind of subject, made of the measures and of counted ties.

A frame has one row per listed subject with `subject_id`, `subject`, `community` and `source`. A
number is null where the rosters do not say; a count of ties is 0 where there is none, and the rules
that need a roster nobody gave are not run at all (`pbgraph.analyses.assessment.not_run`). Member-level
counting is done by the measures on their engine; what is put together here has a row per body.
"""

from collections.abc import Callable

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.activities import activities
from pbgraph.analyses.committees import committee_seats, leadership
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.membership import membership
from pbgraph.network import Network
from pbgraph.policy import Policy


def subjects(network: Network, kind: str, *, policy: Policy, units: pd.DataFrame | None = None) -> pd.DataFrame:
    """The frame of one kind: "organizations", "units", "communities", "committees", "grids", "estates", "buildings".

    `units` is the frame of `coverage` where it was already made.

    Raises
    ------
    ValueError
        There is no such kind.

    """
    if kind not in KINDS:
        raise ValueError(f"no subjects {kind!r}; known: {', '.join(KINDS)}")
    if kind == "units":
        return _units(network, coverage(network, policy=policy) if units is None else units).reset_index(drop=True)
    return _FRAMES[kind](network, policy).reset_index(drop=True)


def _organizations(network: Network, policy: Policy) -> pd.DataFrame:
    """Organizations with members, posts, term, superiors, seats, pairs and activities."""
    frame = membership(network).drop(columns=["stated", "is_different"])
    for column in ("n_members", "n_full"):  # nobody in the rosters says that they lack the branch, not that it is empty
        frame[column] = frame[column].where(frame["n_members"] > 0)
    team = leadership(network).drop(columns=["organization", "community", "org_type", "source"])
    listed = network.tables["organizations"].set_index("organization_id")
    frame = frame.merge(team, on="organization_id", how="left")
    categories = schema.vocabulary("organization_category").rows
    for column in ("is_branch", "is_joint", "is_temporary"):
        frame[column] = frame["org_type"].map({code: row[column] == "true" for code, row in categories.items()})
    frame["level"] = frame["org_type"].map({code: row["level"] for code, row in categories.items()})
    frame["is_community_org"] = frame["organization_id"].map(listed["is_community_org"])
    attribute = frame["organization_id"].map(listed["attribute"]) if "attribute" in listed else None
    families = {code: row["family"] for code, row in schema.vocabulary("unit_type").rows.items()}
    frame["family"] = attribute.map(families) if attribute is not None else None
    ids = frame["organization_id"]
    frame["n_superiors"] = _n_ends(network, "subordinate", ids, end="source_id")
    frame["is_nested"] = _nested(network, frame)
    frame["n_committees"] = _n_ends(network, "participates", ids, end="source_id")
    frame["has_committee_near"] = frame["community"].isin(_communities_with_committee(network))
    for code, n in _months_since(network).items():
        frame[f"n_months_since_{code}"] = ids.map(n)
    return frame.rename(columns={"organization_id": "subject_id", "organization": "subject"})


def _units(network: Network, frame: pd.DataFrame) -> pd.DataFrame:
    """Units in operation with their coverage and the bodies that register and supervise them."""
    families = {code: row["family"] for code, row in schema.vocabulary("unit_type").rows.items()}
    frame = frame[frame["is_in_scope"].astype(bool)].assign(family=lambda rows: rows["unit_type"].map(families))
    frame["n_registrars"] = _n_ends(network, "registered_by", frame["unit_id"], end="source_id")
    return frame.rename(columns={"unit_id": "subject_id", "unit": "subject"})


def _communities(network: Network, policy: Policy) -> pd.DataFrame:
    """Communities with their numbers, staff, bodies, premises, leaders and meetings."""
    listed = network.tables["communities"]
    listed = listed[listed["is_listed"].astype(bool)]
    numbers = ("households", "population", "volunteer_count", "premises_area", "plaques")
    names = {"subject_id": listed["community_id"], "subject": listed["name"], "community": listed["name"]}
    frame = pd.DataFrame(names)
    for column in numbers:
        frame[column] = listed.get(column, pd.NA)
    frame["source"] = listed["source"]
    ids = frame["subject_id"]
    if {"secretary", "director"} <= set(listed):
        known = listed["secretary"].notna() & listed["director"].notna()
        frame["is_one_shoulder"] = (listed["secretary"] == listed["director"]).where(known)
    frame["volunteer_share"] = frame["volunteer_count"] / frame["population"].where(frame["population"] > 0)
    frame["n_staff"] = _n_ends(network, "holds_post", ids, end="target_id")
    frame["n_contact_leaders"] = _n_ends(network, "contact_of", ids, end="target_id")
    frame["n_reserve_deputy"] = _n_reserve(network, ids, policy.params["B8"]["deputy_words"])
    frame["n_reserve_head"] = _n_ends(network, "reserve_for", ids, end="target_id") - frame["n_reserve_deputy"]
    bodies = network.tables["bodies"]
    located = network.ties[network.ties["relation"].isin(["located_in", "mass_body_of"])]
    placed = located.merge(bodies, left_on="source_id", right_on="body_id")
    for code in schema.vocabulary("body_type").rows:
        own = placed[placed["body_type"] == code] if "body_type" in placed else placed.head(0)
        frame[f"n_{code}"] = _counted(own["target_id"], ids)
    frame["n_mass_organizations"] = _counted(placed.loc[placed["type"] == "mass_organization", "target_id"], ids)
    teams = placed.loc[placed["type"] == "team"]
    allied = set(network.ties.loc[network.ties["relation"] == "allied_with", "source_id"])
    frame["n_teams_outside"] = _counted(teams.loc[~teams["source_id"].isin(allied), "target_id"], ids)
    frame["n_premises"] = _counted(placed.loc[placed["type"] == "premises", "target_id"], ids)
    frame["n_months_since_joint_meeting"] = _since_in_place(network, ids, "joint_meeting")
    frame["n_paired_government"] = _n_paired(network, frame["subject"])
    n = policy.params["B12"]
    frame["n_staff_due"] = (-(-frame["households"] // n["households"])).clip(n["least"], n["most"])
    return frame


def _committees(network: Network, policy: Policy) -> pd.DataFrame:
    """Big Party committees with their seats, and how long ago they met."""
    frame = committee_seats(network)
    for code, n in _months_since(network).items():
        frame[f"n_months_since_{code}"] = frame["committee_id"].map(n)
    frame["is_joint"] = frame["committee"].str.contains(policy.params["C12"]["joint_words"])
    return frame.rename(columns={"committee_id": "subject_id", "committee": "subject"}).assign(community=pd.NA)


def _areas(type_: str) -> Callable[[Network, Policy], pd.DataFrame]:
    def frame_of(network: Network, policy: Policy) -> pd.DataFrame:
        listed = network.tables["grids"]
        kind = listed["type"] if "type" in listed else pd.Series("grid", index=listed.index)
        listed = listed[listed["is_listed"].astype(bool) & (kind.fillna("grid") == type_)]
        place = listed.get("community", pd.NA)
        frame = pd.DataFrame({"subject_id": listed["grid_id"], "subject": listed["name"]}).assign(community=place)
        for column in ("households", "population"):
            frame[column] = listed.get(column, pd.NA)
        frame["source"] = listed["source"]
        ids = frame["subject_id"]
        frame["n_groups"] = _n_ends(network, "group_in", ids, end="target_id")
        frame["n_within"] = _n_within(network, ids)
        return frame

    return frame_of


_FRAMES: dict[str, Callable[[Network, Policy], pd.DataFrame]] = {
    "organizations": _organizations,
    "communities": _communities,
    "committees": _committees,
    "grids": _areas("grid"),
    "estates": _areas("estate"),
    "buildings": _areas("building"),
}


KINDS = ("units", *_FRAMES)


def _counted(found: pd.Series, ids: pd.Series) -> pd.Series:
    return ids.map(found.value_counts()).fillna(0).astype("Int64")


def _n_ends(network: Network, relation: str, ids: pd.Series, *, end: str) -> pd.Series:
    """How many other ends the ties of a relation give each id."""
    ties = network.ties[network.ties["relation"] == relation]
    return _counted(ties[["source_id", "target_id"]].drop_duplicates()[end], ids)


def _nested(network: Network, frame: pd.DataFrame) -> pd.Series:
    """Whether an organization's superior is one of the same community, which takes part for both."""
    place = dict(zip(frame["organization_id"], frame["community"], strict=True))
    above = network.ties[network.ties["relation"] == "subordinate"].drop_duplicates("source_id")
    superior = frame["organization_id"].map(dict(zip(above["source_id"], above["target_id"], strict=True)))
    return (superior.map(place) == frame["community"]).fillna(value=False).astype(bool)


def _n_within(network: Network, ids: pd.Series) -> pd.Series:
    """How many grids each area is said to be part of."""
    ties = network.ties[(network.ties["relation"] == "part_of") & network.ties["target_id"].str.startswith("grid:")]
    return _counted(ties[["source_id", "target_id"]].drop_duplicates()["source_id"], ids)


def _n_reserve(network: Network, ids: pd.Series, words: str) -> pd.Series:
    ties = network.ties[network.ties["relation"] == "reserve_for"]
    return _counted(ties.loc[ties["content"].fillna("").str.contains(words), "target_id"], ids)


def _months_since(network: Network) -> dict[str, pd.Series]:
    """For each kind of meeting, the months since a body last held one, by body."""
    held = activities(network)
    empty = pd.Series(dtype="Int64")
    by_kind = {code: group.set_index("body_id")["n_months_since"] for code, group in held.groupby("meeting_type")}
    return {code: by_kind.get(code, empty) for code in schema.vocabulary("meeting_type").rows}


def _since_in_place(network: Network, ids: pd.Series, meeting_type: str) -> pd.Series:
    """Months since the last meeting of a kind in each community, whoever called it."""
    since = _months_since(network)[meeting_type]
    called = network.ties[network.ties["relation"] == "convenes"]
    placed = network.ties[network.ties["relation"] == "located_in"]
    both = called.merge(placed, left_on="target_id", right_on="source_id", suffixes=("", "_place"))
    both = both.assign(since=both["source_id"].map(since)).dropna(subset=["since"])
    return ids.map(both.groupby("target_id_place")["since"].min()).astype("Int64")


def _communities_with_committee(network: Network) -> set[str]:
    located = network.ties[
        (network.ties["relation"] == "located_in") & network.ties["source_id"].str.startswith("committee:")
    ]
    names = network.names()
    return {names[node] for node in located["target_id"]}


def _n_paired(network: Network, communities: pd.Series) -> pd.Series:
    """Pairs of each community's own organization with a government body or its organization."""
    units = network.tables["units"]
    if "unit_type" not in units:
        return pd.Series(0, index=communities.index, dtype="Int64")
    government = set(units.loc[units["unit_type"] == "government", "unit_id"])
    hosted = network.ties[network.ties["relation"] == "housed_in"]
    government |= set(hosted.loc[hosted["target_id"].isin(government), "source_id"])
    own = network.tables["organizations"]
    place = dict(zip(own["organization_id"], own["community"], strict=True)) if "community" in own else {}
    ties = network.ties[network.ties["relation"].isin(["paired_with", "co_building"])]
    paired = ties[ties["target_id"].isin(government)]
    return _counted(paired["source_id"].map(place), communities)
