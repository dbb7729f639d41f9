"""Coverage: which resident units the Party's organizations reach.

*Own*: an organization set up in the unit, not joint. *Joint*: a joint branch that covers the
unit. *Work*: no members and no organization, but an instructor or a mass organization: where there are
members, one who is sent does not stand for the joint branch that rule A2 asks for. Full members are
counted as people from the rosters; where the ledger of units knows more of them than the
rosters, its number is used and `basis` says so: a total is compared with a total.

Two questions have two certainties. *Has it an organization?* (`is_covered_sure`): what a unit's own row
says and nothing contradicts is certain; a name that stands where it would cover the unit, and that nobody
could link, leaves it to be checked. *Which rule applies?* (`rule_sure`): a ledger that gives one total for
full and probationary members leaves it open. `sure` is both together, for the state that is printed.
"""

import re
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study, measure
from pbgraph.counting import counted_people, open_joint_branches, own_organizations
from pbgraph.engine import Tables, collected
from pbgraph.model import COUNTED, SAYS_ORG
from pbgraph.network import Network
from pbgraph.policy import Policy

STATES = tuple(schema.vocabulary("coverage_state").rows)
_COLUMNS = (
    "unit_id", "unit", "community", "unit_type", "n_full", "n_members", "basis", "state", "organization_id",
    "organization", "is_covered", "has_instructor", "has_mass_organization", "is_work_covered", "is_in_scope",
    "staff_count", "rule_id", "is_covered_sure", "rule_sure", "sure", "source",
)  # fmt: skip


@measure(*_COLUMNS)
def coverage(study: Study) -> pd.DataFrame:
    """State how each resident unit is covered, by the ladder of rules A1, A2, A3 and A7.

    Returns
    -------
    DataFrame
        One row per unit of the ledgers, sorted by community, name and id. No unit, no rows.

        - `unit_id`, `unit`, `community`, `unit_type`
        - `n_full`, `n_members` - active full members, and all members; null where no roster
          and no ledger says. Members whose category is not stated are in `n_members` only; where there
          are such and nobody is known to be full, `n_full` is null
        - `basis` - "roster", "ledger", "total" (one number for both kinds) or "none"; with a total
          `n_full` is null
        - `state` - own, joint, split-due, must-establish, borderline, joint-candidate, work
          or blank; null where the unit is out of operation (`is_in_scope` is False)
        - `organization_id`, `organization` - the covering organization
        - `is_covered` - organizational coverage; `has_instructor`, `has_mass_organization`
          and either of them, `is_work_covered`
        - `staff_count` - as the ledger says
        - `rule_id`
        - `is_covered_sure` - whether it has an organization: "certain", "check-name" (a name nobody
          could link, or a contradiction between rows, may explain it) or "unknown"
        - `rule_sure` - which rule applies: "certain" or "unknown"
        - `sure` - that the state is as printed: "certain", "check-name" or "unknown"
        - `source` - rows of the unit, then of its organization

    Examples
    --------
    >>> coverage(tiny_network()).set_index("unit")["state"]["宏达机械厂"]
    'must-establish'

    """
    return collected(coverage_frame(study), sort=["community", "unit", "unit_id"])


def may_lack_organizations(network: Network) -> bool:
    """Whether organizations may be missing: no list of them, or a file, a table or a row of it not read."""
    if not has_organizations(network):
        return True
    found = network.findings
    is_lost = (found["severity"] == "error") & found["code"].str.startswith("file-")
    label = schema.tables()["organizations"].label
    ledger = network.ledger
    is_aside = (ledger["table"] == label) & (ledger["n_set_aside"] > 0)
    may_hold = network.regions["may_hold"].str.contains(label, regex=False)
    return bool(is_lost.any() or is_aside.any() or may_hold.any())


def has_organizations(network: Network) -> bool:
    """Whether any row describes an organization."""
    return bool(network.tables["organizations"]["is_listed"].any())


def _not_asked(network: Network) -> list[str]:
    """The units whose own rows nothing asked for an organization, where no list of organizations was read either.

    That other lists name the organizations of their units says nothing of these.
    """
    ledger, regions, columns = network.ledger, network.regions, network.columns
    label = {kind: schema.tables()[kind].label for kind in ("organizations", "units")}
    is_list = (ledger["table"] == label["organizations"]) & (ledger["n_used"] > 0)
    if ledger.empty or columns.empty or is_list.any():
        return []
    place = ["file", "sheet", "range"]
    asks = columns.loc[columns["field"].isin([*SAYS_ORG, "org_name"]), place].drop_duplicates()
    read = regions.loc[regions["table"] == label["units"], place].merge(asks, on=place, how="left", indicator="asks")
    rows = read["range"].str.extract(r"(\d+):\D*(\d+)$").astype("Int64")
    read = read.assign(first=rows[0], last=rows[1])
    units = network.tables["units"]
    units = units[units["is_listed"].fillna(value=False).astype(bool)]
    lines = units.set_index("unit_id")["source"].astype("str").str.split("\n").explode()
    parts = lines.str.rsplit("|", n=1, expand=True).reindex(columns=[0, 1])
    held = pd.DataFrame(
        {"unit_id": lines.index, "place": parts[0].astype("str").array, "row": pd.to_numeric(parts[1], "coerce").array}
    )
    held = held.merge(read.assign(place=read["file"] + "|" + read["sheet"]), on="place")
    held = held[(held["row"] >= held["first"]) & (held["row"] <= held["last"])]
    asked = held.groupby("unit_id")["asks"].agg(lambda told: (told == "both").any())
    return [str(unit) for unit in asked.index[~asked.astype(bool)]]


def _has_open_joint(network: Network, policy: Policy) -> bool:
    """Whether a joint branch is listed of which too few units are known: others may cover any unit."""
    listed = network.tables["organizations"]
    listed = listed[listed["is_listed"].fillna(value=False).astype(bool)]
    return bool(open_joint_branches(listed, network.ties, least=policy.number("A7", "min_units")))


def coverage_frame(study: Study) -> nw.LazyFrame[Any]:
    """The lazy form of `coverage`, unsorted, for results that stay in the engine."""
    network, policy = study.network, study.policy
    units = _with_state(_with_ties(study.tables), policy, has_list=has_organizations(network))
    vocabulary = schema.vocabulary("coverage_state")
    rule = {code: row["rule_id"] for code, row in vocabulary.rows.items()}
    judged = units.with_columns(
        is_covered=nw.col("state").is_in(vocabulary.codes(is_covered="true")),
        is_gap=nw.col("state").is_in(vocabulary.codes(is_covered="false")),
    )
    may_lack = may_lack_organizations(network) or _has_open_joint(network, policy)
    judged = judged.with_columns(may_lack=nw.lit(may_lack) | nw.col("unit_id").is_in(_not_asked(network)))
    judged = _with_certainties(judged, policy)
    return judged.with_columns(
        is_work_covered=_IS_WORK,
        n_full=nw.when((nw.col("n_full") > 0) | (nw.col("n_unknown") == 0)).then(nw.col("n_full")),
        organization_id=nw.coalesce("own", "joint"),
        organization=nw.coalesce("own_name", "joint_name"),
        rule_id=_looked_up("state", rule),
        source=nw.when(nw.col("organization_source").is_null())
        .then(nw.col("source"))
        .otherwise(nw.concat_str(["source", "organization_source"], separator="\n")),
    ).select(*_COLUMNS)


_IS_WORK = nw.col("has_instructor") | nw.col("has_mass_organization")


def _with_state(units: nw.LazyFrame[Any], policy: Policy, *, has_list: bool) -> nw.LazyFrame[Any]:
    """The ladder. Without any list of organizations, what the unit's own row says is what is known."""
    n, n_joining, n_leaving = (policy.number(rule_id, "n") for rule_id in ("A1", "A2", "A7"))
    full, known = nw.col("n_full"), nw.coalesce("n_members", "n_full")
    is_told = nw.col("states_org").fill_null(value=False) & nw.lit(value=not has_list)
    has_own = ~nw.col("own").is_null() | (is_told & ~nw.col("states_joint"))
    has_joint = ~nw.col("joint").is_null() | (is_told & nw.col("states_joint"))
    state = (
        nw.when(has_own).then(nw.lit("own"))
        .when(has_joint & (full >= n_leaving)).then(nw.lit("split-due"))
        .when(has_joint).then(nw.lit("joint"))
        .when(full >= n).then(nw.lit("must-establish"))
        .when(known >= n).then(nw.lit("borderline"))
        .when((known > 0) & (nw.coalesce(full, known) < n_joining)).then(nw.lit("joint-candidate"))
        .when(known > 0).then(nw.lit("borderline"))
        .when(_IS_WORK).then(nw.lit("work"))
        .otherwise(nw.lit("blank"))
    )  # fmt: skip
    return units.with_columns(state=nw.when(nw.col("is_in_scope")).then(state))


def _with_certainties(units: nw.LazyFrame[Any], policy: Policy) -> nw.LazyFrame[Any]:
    """`is_covered_sure`, `rule_sure` and, for the state as it is printed, `sure`.

    A total of members leaves open which rule applies, but not that there is a gap: the state says no more than
    is certain. Members without a category, no count at all, or lists that do not agree on it leave the state open.
    """
    n, n_joining, full = policy.number("A1", "n"), policy.number("A2", "n"), nw.col("n_full")
    says_no = (~nw.col("states_org")).fill_null(value=False)
    says_yes = nw.col("states_org").fill_null(value=False)
    is_gap, is_named = nw.col("is_gap"), ~nw.col("org_name").is_null()
    is_asked = nw.when(says_no).then(nw.col("likeness") >= _ALIKE).otherwise(~nw.col("candidate_id").is_null())
    is_asked = is_asked.fill_null(value=False)
    covered = (
        nw.when(is_gap & (is_asked | (says_yes & is_named))).then(nw.lit("check-name"))
        .when(is_gap & (says_yes | _is_not_understood("operating"))).then(nw.lit("unknown"))
        .when(is_gap & says_no).then(nw.lit("certain"))
        .when(is_gap & (nw.col("may_lack") | _is_not_understood(*SAYS_ORG))).then(nw.lit("unknown"))
        .when(nw.col("is_covered") & says_no).then(nw.lit("check-name"))
        .otherwise(nw.lit("certain"))
    )  # fmt: skip
    may_be = full + nw.col("n_unknown")
    is_split = ((full < n) & (may_be >= n)) | ((full < n_joining) & (may_be >= n_joining))
    is_disputed = nw.col("basis").is_in(["ledger", "total"]) & _is_not_understood(*COUNTED)
    is_open = is_split | nw.coalesce("n_members", "n_full").is_null() | is_disputed
    is_total = (nw.col("basis") == "total") & (nw.col("n_members") >= n)
    sures = units.with_columns(
        is_covered_sure=covered,
        rule_sure=nw.when(is_gap & (is_open | is_total).fill_null(value=False))
        .then(nw.lit("unknown"))
        .otherwise(nw.lit("certain")),
        is_open=is_open.fill_null(value=False),
    )
    return sures.with_columns(
        sure=nw.when(is_gap & (nw.col("is_covered_sure") == "certain") & nw.col("is_open"))
        .then(nw.lit("unknown"))
        .when(is_gap)
        .then(nw.col("is_covered_sure"))
        .otherwise(nw.lit("certain")),
    )


def _is_not_understood(*keys: str) -> nw.Expr:
    """Whether what decides about a gap could not be read: a word of the unit's row, or what the table is."""
    table = schema.tables()["units"]
    labels = [table.label, *(table.field(key).label for key in keys)]
    return nw.col("not_understood").str.contains("|".join(map(re.escape, labels))).fill_null(value=False)


_ALIKE = 0.6  # our choice: against a row that says 否, only a name that is more alike than not is asked


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
    asked = tables["review"].filter(
        nw.col("kind") == "units", ~nw.col("candidate_id").is_null(), nw.col("may_cover").fill_null(value=True)
    )
    asked = nw.concat(
        [
            asked.select("similarity", unit_id="candidate_id", open_id="open_id"),
            # a row of another list that may be of a unit that is listed here by its whole name
            asked.select(nw.lit(1.0).alias("similarity"), unit_id="open_id", open_id="candidate_id"),
        ]
    )
    asked = asked.group_by("unit_id").agg(likeness=nw.col("similarity").max(), candidate_id=nw.col("open_id").min())
    units = tables["units"].filter(nw.col("is_listed")).select(*_OF_ROWS, unit="name")
    for right in (own, joint, sent.with_columns(is_sent=nw.lit(value=True)), asked):
        units = units.join(right, on="unit_id", how="left")
    return _with_counts(units, tables).with_columns(
        is_in_scope=in_scope(),
        has_instructor=~nw.col("is_sent").is_null() | _says_instructor(),
        states_joint=_says_joint(),
        has_mass_organization=~nw.col("mass_org_name").is_null(),
        organization_source=nw.coalesce("own_source", "joint_source"),
    )


_OF_ROWS = (
    "unit_id", "community", "unit_type", "operating", "staff_count", "member_count", "full_count", "probationary_count",
    "states_org", "org_name", "org_situation", "founding_form", "instructors", "mass_org_name", "not_understood",
    "source",
)  # fmt: skip


def _says_joint() -> nw.Expr:
    """Whether the unit's own row says that its organization is a joint one."""
    forms = schema.vocabulary("founding_form").codes(is_joint="true")
    situations = [code for code in schema.vocabulary("org_situation").rows if "joint" in code]
    told = nw.col("founding_form").is_in(forms) | nw.col("org_situation").is_in(situations)
    return told.fill_null(value=False)


def _says_instructor() -> nw.Expr:
    """Whether the unit's own row names an instructor, or says that one was sent."""
    return ~nw.col("instructors").is_null() | (nw.col("founding_form") == "instructor").fill_null(value=False)


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
    split_total = nw.col("full_count") + nw.col("probationary_count").fill_null(0)
    full_of_total = nw.col("member_count") - nw.col("probationary_count")
    is_split = ~nw.coalesce(nw.col("full_count"), full_of_total).is_null()
    counted = units.join(people, on="unit_id", how="left").with_columns(
        stated=nw.when(~nw.col("full_count").is_null()).then(split_total).otherwise(nw.col("member_count")),
        stated_full=nw.coalesce(nw.col("full_count"), full_of_total),
        is_split=is_split,
        n_unknown=nw.col("n_unknown").fill_null(0),
    )
    more_full, more = nw.col("stated_full") > nw.col("people_full"), nw.col("stated") > nw.col("people")
    knows_more = nw.when(nw.col("is_split")).then(more_full).otherwise(more)
    by_ledger = (nw.col("people").is_null() | knows_more) & ~nw.col("stated").is_null()
    return counted.with_columns(
        n_full=nw.when(by_ledger).then(nw.col("stated_full")).otherwise(nw.col("people_full")),
        n_members=nw.when(by_ledger).then(nw.col("stated")).otherwise(nw.col("people")),
        n_unknown=nw.when(by_ledger).then(nw.lit(0)).otherwise(nw.col("n_unknown")),
        basis=nw.when(by_ledger & nw.col("is_split")).then(nw.lit("ledger"))
        .when(by_ledger).then(nw.lit("total"))
        .when(~nw.col("people").is_null()).then(nw.lit("roster"))
        .otherwise(nw.lit("none")),
    )  # fmt: skip
