"""Coverage: which resident units the Party's organizations reach.

*Own*: an organization set up in the unit, not joint. *Joint*: a joint branch that lists the
unit. *Work*: no organization, but an instructor or a mass organization. Full members are
counted as people from the rosters; where the ledger of units knows more of them than the
rosters, its number is used and `basis` says so. A ledger that gives one total for full and
probationary members leaves the ladder open below the total, and `sure` says so.
"""

from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.counting import counted_people, own_organizations
from pbgraph.engine import Tables, collected
from pbgraph.network import Network
from pbgraph.policy import Policy, read_policy

STATES = tuple(schema.vocabulary("coverage_state").rows)
_COLUMNS = (
    "unit_id", "unit", "community", "unit_type", "n_full", "n_members", "basis", "state", "organization_id",
    "organization", "is_covered", "has_instructor", "has_mass_organization", "is_work_covered", "is_in_scope",
    "staff_count", "rule_id", "sure", "source",
)  # fmt: skip


def coverage(network: Network, *, policy: Policy | None = None) -> pd.DataFrame:
    """State how each resident unit is covered, by the ladder of rules A1, A2, A3 and A7.

    Parameters
    ----------
    network
        Not changed.
    policy
        Rules to judge by; those of the network's profile where none are given.

    Returns
    -------
    DataFrame
        One row per unit of the ledgers, sorted by community, name and id. No unit, no rows.

        - `unit_id`, `unit`, `community`, `unit_type`
        - `n_full`, `n_members` - active full members, and all members; null where no roster
          and no ledger says
        - `basis` - "roster", "ledger", "total" (one number for both kinds) or "none"
        - `state` - own, joint, split-due, must-establish, borderline, joint-candidate, work
          or blank; null where the unit is out of operation (`is_in_scope` is False)
        - `organization_id`, `organization` - the covering organization
        - `is_covered` - organizational coverage; `has_instructor`, `has_mass_organization`
          and either of them, `is_work_covered`
        - `staff_count` - as the ledger says
        - `rule_id`, `sure` - "certain", "check-name" (a name nobody could link may explain
          it) or "unknown"
        - `source` - rows of the unit, then of its organization

    Examples
    --------
    >>> coverage(tiny_network()).set_index("unit")["state"]["宏达机械厂"]
    'must-establish'

    """
    lazy = coverage_frame(
        network.lazy(), policy=policy or policy_of(network), may_lack_organizations=may_lack_organizations(network)
    )
    return collected(lazy, sort=["community", "unit", "unit_id"])


def policy_of(network: Network) -> Policy:
    """The rules of the network's profile."""
    return read_policy(profile=network.settings.get("profile"))


def may_lack_organizations(network: Network) -> bool:
    """Whether organizations may be missing: no list of them, or a file or a row of it not read."""
    if not network.tables["organizations"]["is_listed"].any():
        return True
    found = network.findings
    is_lost = (found["severity"] == "error") & found["code"].str.startswith("file-")
    label = schema.tables()["organizations"].label
    ledger = network.ledger
    return bool(is_lost.any()) or bool(((ledger["table"] == label) & (ledger["n_set_aside"] > 0)).any())


def coverage_frame(tables: Tables, *, policy: Policy, may_lack_organizations: bool = False) -> nw.LazyFrame[Any]:
    """The lazy form of `coverage`, unsorted, for results that stay in the engine."""
    n, n_leaving = policy.number("A1", "n"), policy.number("A7", "n")
    units = _with_ties(tables)
    full, known = nw.col("n_full"), nw.col("n_members")
    has_own, has_joint = ~nw.col("own").is_null(), ~nw.col("joint").is_null()
    is_work = nw.col("has_instructor") | nw.col("has_mass_organization")
    state = (
        nw.when(has_own).then(nw.lit("own"))
        .when(has_joint & (full >= n_leaving)).then(nw.lit("split-due"))
        .when(has_joint).then(nw.lit("joint"))
        .when(full >= n).then(nw.lit("must-establish"))
        .when(known >= n).then(nw.lit("borderline"))
        .when(is_work).then(nw.lit("work"))
        .when(known > 0).then(nw.lit("joint-candidate"))
        .otherwise(nw.lit("blank"))
    )  # fmt: skip
    vocabulary = schema.vocabulary("coverage_state")
    covered = vocabulary.codes(is_covered="true")
    rule = {code: row["rule_id"] for code, row in vocabulary.rows.items()}
    states = units.with_columns(state=nw.when(nw.col("is_in_scope")).then(state))
    is_gap = nw.col("state").is_in(vocabulary.codes(is_covered="false"))
    is_open = (nw.col("n_unknown") > 0) & (full < n) & (full + nw.col("n_unknown") >= n)
    is_open = is_open | ((nw.col("basis") == "total") & (full >= n)) | known.is_null() | nw.lit(may_lack_organizations)
    return states.with_columns(
        is_covered=nw.col("state").is_in(covered),
        is_work_covered=is_work,
        organization_id=nw.coalesce("own", "joint"),
        organization=nw.coalesce("own_name", "joint_name"),
        rule_id=_looked_up("state", rule),
        sure=nw.when(is_gap & ~nw.col("candidate_id").is_null())
        .then(nw.lit("check-name"))
        .when(is_gap & is_open)
        .then(nw.lit("unknown"))
        .otherwise(nw.lit("certain")),
        source=nw.when(nw.col("organization_source").is_null())
        .then(nw.col("source"))
        .otherwise(nw.concat_str(["source", "organization_source"], separator="\n")),
    ).select(*_COLUMNS)


def in_scope() -> nw.Expr:
    """Whether a unit is in operation, from its `operating`; not stated counts as operating."""
    closed = [code for code, row in schema.vocabulary("operating").rows.items() if row["is_in_scope"] == "false"]
    return nw.col("operating").is_null() | ~nw.col("operating").is_in(closed)


def _looked_up(column: str, table: dict[str, str]) -> nw.Expr:
    first, *rest = table.items()
    expression = nw.when(nw.col(column) == first[0]).then(nw.lit(first[1]))
    for key, value in rest:
        expression = expression.when(nw.col(column) == key).then(nw.lit(value))
    return expression


def _with_ties(tables: Tables) -> nw.LazyFrame[Any]:
    """Units of the ledgers with counts, covering organizations, instructors and candidates."""
    organizations = tables["organizations"].select(
        "organization_id", organization_name="name", organization_source="source"
    )
    own = _first(own_organizations(tables), "own").join(
        organizations, left_on="own", right_on="organization_id", how="left"
    )
    joint = _first(_joint_organizations(tables), "joint").join(
        organizations, left_on="joint", right_on="organization_id", how="left"
    )
    own = own.rename({"organization_name": "own_name", "organization_source": "own_source"})
    joint = joint.rename({"organization_name": "joint_name", "organization_source": "joint_source"})
    sent = tables["ties"].filter(nw.col("relation") == "instructs").select(unit_id="target_id").unique("unit_id")
    asked = tables["review"].filter(nw.col("kind") == "units", ~nw.col("candidate_id").is_null())
    asked = asked.select(unit_id="candidate_id", candidate_id="open_id").unique("unit_id", keep="any")
    units = tables["units"].filter(nw.col("is_listed")).rename({"name": "unit"})
    for right in (own, joint, sent.with_columns(is_sent=nw.lit(value=True)), asked):
        units = units.join(right, on="unit_id", how="left")
    return _with_counts(units, tables).with_columns(
        is_in_scope=in_scope(),
        has_instructor=~nw.col("is_sent").is_null(),
        has_mass_organization=~nw.col("mass_org_name").is_null(),
        organization_source=nw.coalesce("own_source", "joint_source"),
    )


def _first(pairs: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """One organization per unit: the one with the smallest id, so that every run agrees."""
    return pairs.group_by("unit_id").agg(nw.col("organization_id").min().alias(name))


def _joint_organizations(tables: Tables) -> nw.LazyFrame[Any]:
    joint = schema.vocabulary("organization_category").codes(is_joint="true")
    organizations = tables["organizations"].filter(nw.col("is_listed"))
    ties = tables["ties"].filter(nw.col("relation").is_in(["joint_covers", "housed_in"]))
    linked = ties.join(
        organizations.select("organization_id", "org_type"), left_on="source_id", right_on="organization_id"
    )
    fitting = linked.filter((nw.col("relation") == "joint_covers") | nw.col("org_type").is_in(joint))
    return fitting.select(unit_id="target_id", organization_id="source_id")


def _with_counts(units: nw.LazyFrame[Any], tables: Tables) -> nw.LazyFrame[Any]:
    """`n_full`, `n_members`, `n_unknown` and `basis`: people, or the ledger where it knows more."""
    people = counted_people(tables, "units").select(
        unit_id="body_id", people="n_members", people_full="n_full", n_unknown="n_unknown"
    )
    names = units.collect_schema().names()
    if "n_members" in names:
        units = units.drop("n_members", "n_full")
    split_total = nw.col("full_count") + nw.col("probationary_count").fill_null(0)
    counted = units.join(people, on="unit_id", how="left").with_columns(
        stated=nw.when(~nw.col("full_count").is_null()).then(split_total).otherwise(nw.col("member_count")),
        stated_full=nw.coalesce("full_count", "member_count"),
        n_unknown=nw.col("n_unknown").fill_null(0),
    )
    by_ledger = nw.col("people").is_null() | (nw.col("stated_full") > nw.col("people_full"))
    by_ledger = by_ledger & ~nw.col("stated_full").is_null()
    return counted.with_columns(
        n_full=nw.when(by_ledger).then(nw.col("stated_full")).otherwise(nw.col("people_full")),
        n_members=nw.when(by_ledger).then(nw.col("stated")).otherwise(nw.col("people")),
        basis=nw.when(by_ledger & ~nw.col("full_count").is_null()).then(nw.lit("ledger"))
        .when(by_ledger).then(nw.lit("total"))
        .when(~nw.col("people").is_null()).then(nw.lit("roster"))
        .otherwise(nw.lit("none")),
    )  # fmt: skip
