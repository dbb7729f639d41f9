"""Membership at the level of organizations: how many members each has, and of what kind.

A person in two branches is one person and two memberships: each branch counts it, the street once.
Only active members are counted (`pbgraph.counting`); a roster row that names no organization, or one
that no roster knows, belongs to none.
"""

from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph.analyses.study import Study, measure
from pbgraph.counting import active_members, counted_people
from pbgraph.engine import Tables, collected

_COUNTS = ("n_full", "n_members", "n_unknown", "n_floating", "n_elsewhere")
_COLUMNS = ("organization_id", "organization", "community", "org_type", *_COUNTS, "stated", "is_different", "source")


@measure(*_COLUMNS)
def membership(study: Study) -> pd.DataFrame:
    """Count the active members of each organization.

    Returns
    -------
    DataFrame
        One row per listed organization, sorted by community, name and id. No organization, no
        rows.

        - `organization_id`, `organization`, `community`, `org_type`
        - `n_full`, `n_members` - active full members, and all members; 0 where the rosters name no
          member of it; `n_full` is null where the category of members is not stated and nobody is known to be full
        - `n_unknown` - members whose category the roster does not say
        - `n_floating` - members whom the roster calls floating, and those whom a list says to float from or to it
        - `n_elsewhere` - members who are also members of another organization
        - `stated` - the number of members that the list of organizations gives, null where it
          gives none; `is_different` - it is not the number counted
        - `source`

    """
    return collected(membership_frame(study.tables), sort=["community", "organization", "organization_id"])


def membership_frame(tables: Tables) -> nw.LazyFrame[Any]:
    """The lazy form of `membership`, unsorted."""
    listed = tables["organizations"].filter(nw.col("is_listed"))
    stated = nw.coalesce("member_count", nw.col("full_count") + nw.col("probationary_count").fill_null(0))
    kept = listed.select(
        "organization_id", "community", "org_type", "source", organization="name", stated=stated.cast(nw.Int64)
    )
    counts = counted_people(tables, "organizations").select(
        "n_full", "n_members", "n_unknown", organization_id="body_id"
    )
    floating, elsewhere = _kinds_of_members(tables)
    zeros = {name: nw.col(name).fill_null(0).cast(nw.Int64) for name in _COUNTS}
    is_known = (nw.col("n_full") > 0) | (nw.col("n_unknown") == 0)
    joined = kept
    for frame in (counts, floating, elsewhere):
        joined = joined.join(frame, on="organization_id", how="left")
    return (
        joined.with_columns(**zeros)
        .with_columns(n_full=nw.when(is_known).then(nw.col("n_full")))
        .with_columns(is_different=(nw.col("stated") != nw.col("n_members")).fill_null(value=False))
        .select(*_COLUMNS)
    )


def _kinds_of_members(tables: Tables) -> tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]:
    """`n_floating` of each organization that has any, and `n_elsewhere` likewise."""
    belongs = tables["ties"].filter(nw.col("relation") == "member_of")
    belongs = belongs.select(member_id="source_id", organization_id="target_id").unique(
        ["member_id", "organization_id"]
    )
    several = belongs.group_by("member_id").agg(n_organizations=nw.len())
    flags = tables["members"].select("member_id", is_floating=nw.col("is_floating").fill_null(value=False))
    people = belongs.join(active_members(tables).select("member_id"), on="member_id").join(several, on="member_id")
    flagged = people.join(flags, on="member_id").filter(nw.col("is_floating"))
    listed = tables["ties"].filter(nw.col("relation") == "floating")
    floating = nw.concat([
        listed.select(member_id="source_id", organization_id="target_id"),
        flagged.select("member_id", "organization_id"),
    ]).unique(["member_id", "organization_id"])  # fmt: skip
    return (
        floating.group_by("organization_id").agg(n_floating=nw.len()),
        people.filter(nw.col("n_organizations") > 1).group_by("organization_id").agg(n_elsewhere=nw.len()),
    )
