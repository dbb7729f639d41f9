"""The annual statistics of coverage: the tables 25 to 30 of the Party statistics, by kind of unit or by community.

A unit counts once, in operation only. *Own* columns count units by the highest kind of organization set
up in them; *few* are units with members but too few for a branch of their own, *none* those without members.
"""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.study import Study, measure
from pbgraph.counting import is_folded, members_of
from pbgraph.engine import collected

COUNTS = (
    "n_units", "n_committees", "n_general_branches", "n_branches", "n_joint", "n_joint_due", "n_due", "n_few", "n_none",
    "n_instructed", "n_staff", "n_members", "n_not_transferred", "n_staff_50", "n_staff_100", "n_member_heads",
)  # fmt: skip
_STAFF = {"n_staff_50": 50, "n_staff_100": 100}  # sizes that the statistical table itself names (表27)


@measure("group", *COUNTS)
def annual_table(study: Study, *, by: str = "unit_type") -> pd.DataFrame:
    """Count the units in operation as the annual statistics do (domain §1.9, 表25 to 表30).

    Parameters
    ----------
    network
        Not changed.
    by
        "unit_type" or "community".

    Returns
    -------
    DataFrame
        One row per kind of unit in the order of the vocabulary, or per community in the order of
        its list; units of which it is not known have a row with a null group, last. No unit, no rows.

        - `group`
        - `n_units`; `n_committees`, `n_general_branches`, `n_branches` - own organizations
        - `n_joint` - in joint branches, of which `n_joint_due` have enough full members
        - `n_due` - must establish; `n_few`, `n_none`; `n_instructed` - of those without, sent an instructor
        - `n_staff` - sum of what is known
        - `n_members` - people, each in one unit only, where the work is before where the organization is, and
          those whom only a ledger counts; the rows add up to the people of the street
        - `n_not_transferred` - members whose relation is elsewhere, as the ledger says
        - `n_staff_50`, `n_staff_100` - units with that many staff; `n_member_heads` - whose legal
          representative is a member, as the ledger says

    Raises
    ------
    ValueError
        `by` is neither.

    """
    if by not in {"unit_type", "community"}:
        raise ValueError(f"by must be 'unit_type' or 'community', not {by!r}")
    states = coverage(study)
    scope = states[states["is_in_scope"].astype(bool)].copy()
    if scope.empty:
        return pd.DataFrame({"group": pd.Series(dtype="str")} | {name: pd.Series(dtype="Int64") for name in COUNTS})
    counted = _marks(scope, study).assign(group=scope[by])
    order = list(schema.vocabulary("unit_type").rows) if by == "unit_type" else study.network.community_names()
    rank = {name: number for number, name in enumerate(order)}
    sums = counted.groupby("group", dropna=False).sum().reset_index()
    sums["n_members"] = _n_people(scope, study, by).reindex(sums["group"]).to_numpy()
    place = sums["group"].map(rank).fillna(len(rank) + sums["group"].isna())
    ordered = sums.assign(place=place).sort_values(["place", "group"], ignore_index=True)
    return ordered[["group", *COUNTS]].astype({"group": "str"} | dict.fromkeys(COUNTS, "Int64"))


def _n_people(scope: pd.DataFrame, study: Study, by: str) -> pd.Series:
    """By group, the people of its units, each in one unit only, and those whom nothing but a ledger counts.

    Who works in one unit and belongs to the organization of another is counted where the work is.
    """
    known, groups = scope["n_members"].astype("Int64").fillna(0), scope[by]
    if is_folded(study.tables, "units"):
        return known.groupby(groups, dropna=False).sum()
    people = collected(members_of(study.tables, "units").select("body_id", "member_id"), sort=[])
    people = people[people["body_id"].isin(scope["unit_id"])]
    of_unit = scope["unit_id"].map(people["body_id"].value_counts()).fillna(0).astype("Int64")
    only_counted = (known - of_unit).clip(lower=0).groupby(groups, dropna=False).sum()
    is_twice = people["member_id"].duplicated(keep=False)
    works = study.ties[study.ties["relation"] == "works_at"].set_index(["source_id", "target_id"]).index
    several = people[is_twice]
    is_work = pd.MultiIndex.from_frame(several[["member_id", "body_id"]]).isin(works)
    several = several.assign(is_home=~is_work).sort_values(["member_id", "is_home", "body_id"])
    placed = pd.concat([people[~is_twice], several.drop_duplicates("member_id")[["body_id", "member_id"]]])
    placed = placed.merge(scope[["unit_id", by]], left_on="body_id", right_on="unit_id")
    n_people = placed.groupby(by, dropna=False).size()
    return only_counted.add(n_people.reindex(only_counted.index).fillna(0).astype("Int64"))


def _marks(scope: pd.DataFrame, study: Study) -> pd.DataFrame:
    """One column per count, one row per unit."""
    organizations = study.entities("organizations")
    types = dict(zip(organizations["organization_id"], organizations["org_type"], strict=True))
    levels = {code: row["level"] for code, row in schema.vocabulary("organization_category").rows.items()}
    level = scope["organization_id"].map(types).map(levels).fillna("3")
    state = scope["state"]
    own, n_members = state == "own", scope["n_members"].fillna(0)
    few = state.isin(["joint-candidate", "borderline"]) | ((state == "work") & (n_members > 0))
    ledger = study.entities("units").set_index("unit_id")
    outside, is_member = (
        scope["unit_id"].map(ledger[name]) if name in ledger else pd.Series(pd.NA, index=scope.index)
        for name in ("outside_count", "is_member")
    )  # fmt: skip
    marks = {
        "n_units": pd.Series(data=True, index=scope.index),
        "n_committees": own & (level == "1"),
        "n_general_branches": own & (level == "2"),
        "n_branches": own & (level == "3"),
        "n_joint": state.isin(["joint", "split-due"]),
        "n_joint_due": state == "split-due",
        "n_due": state == "must-establish",
        "n_few": few,
        "n_none": state.isin(["blank", "work"]) & ~few,
        "n_instructed": ~scope["is_covered"].astype(bool) & scope["has_instructor"].astype(bool),
        "n_staff": scope["staff_count"],
        "n_members": scope["n_members"],
        "n_not_transferred": outside,
        "n_member_heads": is_member.fillna(value=False).astype(bool),
    }
    marks |= {name: (scope["staff_count"] >= least).fillna(value=False) for name, least in _STAFF.items()}
    return pd.DataFrame(marks).astype("Int64").fillna(0)[list(COUNTS)]
