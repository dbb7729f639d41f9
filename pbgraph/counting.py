"""Who counts as a member where: the one definition that every measure uses.

*Active*: the membership status is normal or not stated. *Member*: full or probationary; a
roster row without a category is full once its day of full membership is past, probationary
while that lies ahead, and else a member of unknown category. A person with a post or a
registration who is in no roster is not counted. *Of an organization*: who has the tie
`member_of`. *Of a unit*: who works there, or belongs to an organization set up in it; a
person is counted once however many rows say so.
"""

from typing import TYPE_CHECKING, Any

import narwhals as nw

from pbgraph import schema
from pbgraph.engine import Tables

if TYPE_CHECKING:
    import pandas as pd


def told_by_dates(members: "pd.DataFrame", as_of: str) -> "pd.DataFrame":
    """Members with the category that the day of full membership tells, where no column does.

    A date counts at its own precision: 2025-06 is past on any day of June 2025.
    """
    if "full_date" not in members or not as_of:
        return members
    day = members["full_date"]
    today = day.str.len().map(lambda length: as_of[: int(length)], na_action="ignore").astype("str")
    category = schema.vocabulary("member_category")
    (full, *_), (new, *_) = category.codes(is_full="true"), category.codes(is_member="true", is_full="false")
    told = (day <= today).map({True: full, False: new}).astype("str").where(day.notna())
    return members.assign(category=members["category"].fillna(told))


def open_joint_branches(organizations: "pd.DataFrame", ties: "pd.DataFrame", *, least: int) -> set[str]:
    """The ids of joint branches of which fewer than `least` units are known: they may cover any unit."""
    joint = schema.vocabulary("organization_category").codes(is_joint="true")
    says = organizations["org_type"].isin(joint) | organizations["is_joint"].astype("boolean").fillna(value=False)
    covered = ties[ties["relation"].isin(["joint_covers", "housed_in"])]
    ids = organizations.loc[says, "organization_id"]
    return set(ids[ids.map(covered.groupby("source_id")["target_id"].nunique()).fillna(0) < least])


def active_members(tables: Tables) -> nw.LazyFrame[Any]:
    """`member_id`, `is_full` and `is_known` (the category is stated) of every active member."""
    status = schema.vocabulary("member_status").codes(is_active="true")
    category = schema.vocabulary("member_category")
    return (
        tables["members"]
        .filter(
            nw.col("is_listed"),
            nw.col("status").is_null() | nw.col("status").is_in(status),
            nw.col("category").is_null() | nw.col("category").is_in(category.codes(is_member="true")),
        )
        .select(
            "member_id",
            is_full=nw.col("category").is_in(category.codes(is_full="true")).fill_null(value=False),
            is_known=~nw.col("category").is_null(),
        )
    )


def own_organizations(tables: Tables) -> nw.LazyFrame[Any]:
    """`unit_id`, `organization_id`: listed organizations, not joint, that are set up in a unit.

    One whose category no list says and no name tells counts too: it is an organization.
    """
    covering = schema.vocabulary("organization_category").codes(covers_host="true")
    own = tables["organizations"].filter(
        nw.col("org_type").is_null() | nw.col("org_type").is_in(covering), nw.col("is_listed")
    )
    hosted = tables["ties"].filter(nw.col("relation") == "housed_in")
    return hosted.join(own.select("organization_id"), left_on="source_id", right_on="organization_id").select(
        unit_id="target_id", organization_id="source_id"
    )


def counted_people(tables: Tables, body: str) -> nw.LazyFrame[Any]:
    """`body_id`, `n_members`, `n_full`, `n_unknown` for each organization or unit with a member.

    `body` is "organizations" or "units". `n_unknown` members have no category in the roster.
    """
    if is_folded(tables, body):
        return _folded(tables, body)
    return (
        members_of(tables, body)
        .group_by("body_id")
        .agg(
            n_members=nw.len(),
            n_full=nw.col("is_full").cast(nw.Int64).sum(),
            n_unknown=(~nw.col("is_known")).cast(nw.Int64).sum(),
        )
    )


def is_folded(tables: Tables, body: str) -> bool:
    """Whether the network holds counts in place of its members."""
    return "n_members" in tables[body].collect_schema().names()


def members_of(tables: Tables, body: str) -> nw.LazyFrame[Any]:
    """`member_id`, `body_id`, `is_full` and `is_known`: each active member of each body, once."""
    ties = tables["ties"]
    belongs = ties.filter(nw.col("relation") == "member_of").select(member_id="source_id", body_id="target_id")
    if body == "units":
        works = ties.filter(nw.col("relation") == "works_at").select(member_id="source_id", body_id="target_id")
        inside = belongs.join(own_organizations(tables), left_on="body_id", right_on="organization_id")
        belongs = nw.concat([works, inside.select("member_id", body_id="unit_id")]).unique(["member_id", "body_id"])
    return belongs.join(active_members(tables), on="member_id")


def _folded(tables: Tables, body: str) -> nw.LazyFrame[Any]:
    """The counts that an edition without persons holds."""
    id_column = "unit_id" if body == "units" else "organization_id"
    folded = tables[body].filter(~nw.col("n_members").is_null())
    return folded.select(body_id=id_column, n_members="n_members", n_full="n_full", n_unknown=nw.lit(0, dtype=nw.Int64))
