"""Co-building: agreements of community organizations with units, and projects that units claim.

An agreement or project is *active* unless its progress says it was stopped. A unit in three
agreements has three ties, however few partners they are with.
"""

from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import in_scope
from pbgraph.analyses.study import Study, measure
from pbgraph.engine import Tables, collected

_COUNTS = ("n_agreements", "n_projects", "n_active", "n_partners")
_COLUMNS = ("unit_id", "unit", "community", *_COUNTS, "has_none", "rule_id", "sure", "source")


@measure(*_COLUMNS)
def co_building(study: Study) -> pd.DataFrame:
    """Count the co-building ties of each resident unit in operation; rule D4.

    Returns
    -------
    DataFrame
        One row per unit, sorted by community, name and id. No unit, no rows.

        - `unit_id`, `unit`, `community`
        - `n_agreements`, `n_projects` - ties of each kind, stopped ones too
        - `n_active` - ties not stopped; `n_partners` - organizations agreed with
        - `has_none` - no tie of either kind
        - `rule_id`, `sure`, `source`

    """
    return collected(co_building_frame(study.tables), sort=["community", "unit", "unit_id"])


def co_building_frame(tables: Tables) -> nw.LazyFrame[Any]:
    """The lazy form of `co_building`, unsorted."""
    ties = _unit_ties(tables)
    counts = ties.group_by("unit_id").agg(
        n_agreements=nw.col("is_agreement").cast(nw.Int64).sum(),
        n_projects=(~nw.col("is_agreement")).cast(nw.Int64).sum(),
        n_active=nw.col("is_active").cast(nw.Int64).sum(),
    )
    partners = ties.filter(nw.col("is_agreement")).unique(["unit_id", "partner_id"])
    partners = partners.group_by("unit_id").agg(n_partners=nw.len())
    asked = tables["review"].filter(nw.col("kind") == "units", ~nw.col("candidate_id").is_null())
    asked = asked.select(unit_id="candidate_id", is_asked=nw.lit(value=True)).unique("unit_id")
    units = (
        tables["units"].filter(nw.col("is_listed"), in_scope()).select("unit_id", "community", "source", unit="name")
    )
    for right in (counts, partners, asked):
        units = units.join(right, on="unit_id", how="left")
    zeros = {name: nw.col(name).fill_null(0).cast(nw.Int64) for name in _COUNTS}
    filled = units.with_columns(**zeros)
    has_none = (nw.col("n_agreements") + nw.col("n_projects")) == 0
    return filled.with_columns(
        has_none=has_none,
        rule_id=nw.lit("D4"),
        sure=nw.when(has_none & ~nw.col("is_asked").is_null()).then(nw.lit("check-name")).otherwise(nw.lit("certain")),
    ).select(*_COLUMNS)


def _unit_ties(tables: Tables) -> nw.LazyFrame[Any]:
    stopped = schema.vocabulary("progress").codes(is_active="false")
    is_active = nw.col("status").is_null() | ~nw.col("status").is_in(stopped)
    ties = tables["ties"].with_columns(is_active=is_active)
    agreed = ties.filter(nw.col("relation").is_in(_AGREED)).select(
        "category", "is_active", unit_id="target_id", partner_id="source_id", is_agreement=nw.lit(value=True)
    )
    claimed = ties.filter(nw.col("relation") == "claims").select(
        "category", "is_active", unit_id="source_id", partner_id="target_id", is_agreement=nw.lit(value=False)
    )
    return nw.concat([agreed.select(*_UNIT_TIES), claimed.select(*_UNIT_TIES)])


_AGREED = ("co_building", "paired_with")
_UNIT_TIES = ("unit_id", "partner_id", "category", "is_active", "is_agreement")


@measure("community", "category", "n_ties")
def co_building_categories(study: Study) -> pd.DataFrame:
    """Count active co-building ties by community of the unit and category.

    Returns
    -------
    DataFrame
        One row per community and category of the vocabulary, sorted, zeros included:
        `community`, `category`, `n_ties`. A tie of two categories counts in both.

    """
    tables = study.tables
    places = tables["units"].select("unit_id", "community")
    ties = _unit_ties(tables).filter(nw.col("is_active")).join(places, on="unit_id")
    frames = [
        ties.filter(nw.col("category").str.contains(code, literal=True))
        .group_by("community")
        .agg(n_ties=nw.len())
        .select("community", category=nw.lit(code), n_ties=nw.col("n_ties").cast(nw.Int64))
        for code in schema.vocabulary("cooperation").rows
    ]
    counts = collected(nw.concat(frames), sort=["community", "category"])
    communities = sorted(study.entities("communities")["name"])
    codes = sorted(schema.vocabulary("cooperation").rows)
    grid = (
        pd.MultiIndex.from_product([communities, codes], names=["community", "category"])
        .to_frame(index=False)
        .astype("str")
    )
    return grid.merge(counts, how="left").fillna({"n_ties": 0})
