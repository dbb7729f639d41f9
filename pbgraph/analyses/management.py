"""Management: which organizations a big Party committee manages directly, and which jointly.

A superior is *outside* the street where neither the tree of superiors nor the ledger places it inside
(`linking/standing.py`). *Expected* follows from the superior (rule C3): an organization whose superior is outside the
street is under dual management; one of a new economic or social organization that has no
superior is under direct management. A superior inside the street is not named by the clause.
*Stated* is what the list of member units says. Dual management leaves the superior as it is.
"""

from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.membership import membership
from pbgraph.analyses.study import Study, measure
from pbgraph.engine import Tables, collected

_COLUMNS = (
    "organization_id", "organization", "community", "superior", "is_outside", "committee", "expected", "stated",
    "state", "rule_id", "sure", "source",
)  # fmt: skip
_MEMBERS = ("committee", "organization_id", "organization", "community", "n_full", "n_members", "source")


@measure(*_COLUMNS)
def dual_management(study: Study) -> pd.DataFrame:
    """Compare the management that follows from the superior with the one that is stated.

    Returns
    -------
    DataFrame
        One row per listed organization of a community, or that a committee manages, sorted by community, name and id.

        - `organization_id`, `organization`, `community`
        - `superior` - name, null where the roster names none; `is_outside` - it is outside
          the street
        - `committee` - the committee that states it, else the one of the community
        - `expected` - "dual", "direct" or null; `stated` - "dual", "direct", "both" or null
        - `state` - agreed, missing, contradictory, open (no superior is named, where the list says 无 of others),
          stated-only or none
        - `rule_id`, `sure`, `source`

    """
    return collected(dual_management_frame(study.tables), sort=["community", "organization", "organization_id"])


@measure(*_MEMBERS)
def dual_managed_members(study: Study) -> pd.DataFrame:
    """Count the members whom a committee manages jointly with their own organization; rule C16.

    Returns
    -------
    DataFrame
        One row per organization under stated dual management, sorted by committee, name and id:
        `committee`, `organization_id`, `organization`, `community`, `n_full`, `n_members` (null where
        no roster names a member of it) and `source`. None, no rows.

    """
    managed = dual_management(study)
    dual = managed[managed["stated"].isin(["dual", "both"])]
    counts = membership(study).set_index("organization_id")
    rows = dual[["committee", "organization_id", "organization", "community", "source"]]
    for column in ("n_full", "n_members"):
        known = counts[column].where(counts["n_members"] > 0)
        rows = rows.assign(**{column: rows["organization_id"].map(known).astype("Int64")})
    return rows[list(_MEMBERS)].sort_values(["committee", "organization", "organization_id"], ignore_index=True)


def dual_management_frame(tables: Tables) -> nw.LazyFrame[Any]:
    """The lazy form of `dual_management`, unsorted."""
    rows = _with_superior(tables)
    rows = _with_stated(rows, tables)
    expects_dual = schema.vocabulary("authority").codes(expects="dual")
    new_kinds = schema.vocabulary("unit_type").codes(family="new")
    is_outside = nw.col("is_outside")
    is_unattached = nw.col("superior").is_null() & nw.col("attribute").is_in(new_kinds)
    expected = (
        nw.when(is_outside).then(nw.lit("dual"))
        .when(nw.col("superior").is_null() & nw.col("relation").is_in(expects_dual)).then(nw.lit("dual"))
        .when(is_unattached & ~nw.col("is_blank")).then(nw.lit("direct"))
    )  # fmt: skip
    stated = (
        nw.when(nw.col("has_direct") & nw.col("has_dual")).then(nw.lit("both"))
        .when(nw.col("has_direct")).then(nw.lit("direct"))
        .when(nw.col("has_dual")).then(nw.lit("dual"))
    )  # fmt: skip
    compared = rows.with_columns(expected=expected, stated=stated)
    has_expected, has_stated = ~nw.col("expected").is_null(), ~nw.col("stated").is_null()
    state = (
        nw.when(nw.col("stated") == "both").then(nw.lit("contradictory"))
        .when(has_expected & ~has_stated).then(nw.lit("missing"))
        .when(has_expected & (nw.col("expected") != nw.col("stated"))).then(nw.lit("contradictory"))
        .when(has_expected).then(nw.lit("agreed"))
        .when(is_unattached).then(nw.lit("open"))
        .when(has_stated).then(nw.lit("stated-only"))
        .otherwise(nw.lit("none"))
    )  # fmt: skip
    is_asked = is_outside & ~nw.col("open_id").is_null()
    # a superior inside the street is not named by the clause; the committee itself in its place is a change of it
    is_unnamed = ~has_expected & (has_stated | is_unattached) & nw.col("is_committee").is_null()
    return compared.with_columns(
        state=state,
        sure=nw.when(is_asked)
        .then(nw.lit("check-name"))
        .when(is_unnamed)
        .then(nw.lit("unknown"))
        .otherwise(nw.lit("certain")),
        rule_id=nw.when(~has_expected & has_stated & ~is_unattached).then(nw.lit("C4")).otherwise(nw.lit("C3")),
        source=nw.when(nw.col("stated_source").is_null())
        .then(nw.col("source"))
        .otherwise(nw.concat_str(["source", "stated_source"], separator="\n")),
    ).select(*_COLUMNS)


def _with_superior(tables: Tables) -> nw.LazyFrame[Any]:
    """Listed organizations of the communities, and those that a committee manages, with their superior."""
    groups = [code for code, row in schema.vocabulary("organization_category").rows.items() if row["level"] in "123"]
    stated = tables["ties"].filter(nw.col("relation").is_in(["direct_management", "dual_management"]))
    managed = stated.select(organization_id="target_id", is_managed=nw.lit(value=True)).unique()
    listed = tables["organizations"].join(managed, on="organization_id", how="left")
    listed = listed.filter(
        nw.col("is_listed"),
        ~nw.col("community").is_null() | ~nw.col("is_managed").is_null(),
        nw.col("org_type").is_null() | nw.col("org_type").is_in(groups),
    )
    is_none = nw.col("said_none").fill_null("").str.contains(r"(?:^|\n)parent(?:\n|$)")
    kept = listed.select(
        "organization_id", "community", "relation", "attribute", "source", organization="name", is_none=is_none
    )
    says = listed.filter(is_none).select(says_none=is_none).unique()
    kept = kept.with_columns(one=nw.lit(1)).join(says.with_columns(one=nw.lit(1)), on="one", how="left").drop("one")
    kept = kept.with_columns(is_blank=~nw.col("says_none").is_null() & ~nw.col("is_none"))
    upward = (
        tables["ties"]
        .filter(nw.col("relation") == "subordinate")
        .group_by("source_id")
        .agg(superior_id=nw.col("target_id").min())
    )
    superiors = tables["organizations"].select(
        superior_id="organization_id", superior="name", is_known=nw.coalesce("is_inside", "is_listed")
    )
    asked = tables["review"].filter(nw.col("kind") == "organizations").select("open_id").unique("open_id")
    asked = asked.with_columns(superior_id=nw.col("open_id"))
    own = tables["committees"].select(superior="name", is_committee=nw.lit(value=True)).unique()
    joined = kept.join(upward, left_on="organization_id", right_on="source_id", how="left")
    joined = joined.join(superiors, on="superior_id", how="left").join(asked, on="superior_id", how="left")
    joined = joined.join(own, on="superior", how="left")
    return joined.with_columns(is_outside=(~nw.col("is_known")).fill_null(value=False))


def _with_stated(rows: nw.LazyFrame[Any], tables: Tables) -> nw.LazyFrame[Any]:
    """`has_direct`, `has_dual`, the committee and the row that says so."""
    ties = tables["ties"]
    names = tables["committees"].select("committee_id", committee_name="name")
    for relation, column in (("direct_management", "has_direct"), ("dual_management", "has_dual")):
        grouped = ties.filter(nw.col("relation") == relation).group_by("target_id")
        stated = grouped.agg(**{f"{column}_by": nw.col("source_id").min(), f"{column}_source": nw.col("source").min()})
        rows = rows.join(stated, left_on="organization_id", right_on="target_id", how="left")
    own = ties.filter(nw.col("relation") == "located_in").join(names, left_on="source_id", right_on="committee_id")
    places = tables["communities"].select("community_id", community="name")
    own = own.join(places, left_on="target_id", right_on="community_id")
    own = own.group_by("community").agg(own_committee=nw.col("committee_name").min())
    by = names.rename({"committee_name": "stating", "committee_id": "stating_id"})
    rows = rows.with_columns(stating_id=nw.coalesce("has_dual_by", "has_direct_by"))
    rows = rows.join(by, on="stating_id", how="left").join(own, on="community", how="left")
    both = nw.concat_str(["has_dual_source", "has_direct_source"], separator="\n")
    return rows.with_columns(
        has_direct=~nw.col("has_direct_by").is_null(),
        has_dual=~nw.col("has_dual_by").is_null(),
        committee=nw.coalesce("stating", "own_committee"),
        stated_source=nw.when(~nw.col("has_dual_source").is_null() & ~nw.col("has_direct_source").is_null())
        .then(both)
        .otherwise(nw.coalesce("has_dual_source", "has_direct_source")),
    )
