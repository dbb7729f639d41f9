"""Coverage rates, each with its denominator named; `reference/rates.toml` defines them.

One long list says of every subject of every rate whether it counts; the rates are its means.
So each number can be opened into the lists that make it up.
"""

from collections.abc import Callable
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import policy as rules
from pbgraph import schema
from pbgraph.analyses.committees import with_terms
from pbgraph.analyses.coverage import coverage, has_organizations
from pbgraph.analyses.ranges import has_roster
from pbgraph.analyses.study import Study, measure
from pbgraph.engine import Tables, collected, lazy_tables
from pbgraph.policy import Policy

ALL = ""
"""`community` of the row that counts the whole street."""


@measure("rate", "community", "n_counted", "n_subjects", "rate_share")
def coverage_rates(study: Study) -> pd.DataFrame:
    """Count every coverage rate, for the street and for each community.

    Returns
    -------
    DataFrame
        One row per rate and community, in the order of `reference/rates.toml`; the street
        first (`community` is ""), then the communities in the order of their list. A rate
        that nobody is in, or of which the rosters say nothing, has one row with a null `rate_share`.

        - `rate`, `community`
        - `n_counted`, `n_subjects` - numerator and denominator
        - `rate_share` - 0 to 1, null where the denominator is empty

    """
    lists = rate_lists(study)
    whole = lists.assign(community=ALL)
    placed = lists[lists["community"].notna()]
    both = pd.concat([whole, placed], ignore_index=True)
    counts = both.groupby(["rate", "community"], as_index=False).agg(
        n_counted=("is_counted", "sum"), n_subjects=("is_counted", "size")
    )
    empty = [rate for rate in rules.rates() if rate not in set(counts["rate"])]
    counts = pd.concat(
        [counts, pd.DataFrame({"rate": empty, "community": ALL, "n_counted": 0, "n_subjects": 0})], ignore_index=True
    )
    counts = counts.astype({"n_counted": "Int64", "n_subjects": "Int64"})
    share = counts["n_counted"].astype("Float64") / counts["n_subjects"].astype("Float64").where(
        counts["n_subjects"] > 0
    )
    order = {rate: index for index, rate in enumerate(rules.rates())}
    places = {name: index for index, name in enumerate([ALL, *study.network.community_names()])}
    ranked = counts.assign(rate_share=share, order=counts["rate"].map(order), place=counts["community"].map(places))
    ordered = ranked.sort_values(["order", "place", "community"], ignore_index=True)
    return ordered.drop(columns=["order", "place"])


@measure("rate", "subject_id", "community", "is_counted")
def rate_lists(study: Study) -> pd.DataFrame:
    """List who is in the denominator of each rate, and who in its numerator.

    A rate of which the rosters say nothing (`needs` in `reference/rates.toml`) is left out.

    Returns
    -------
    DataFrame
        One row per rate and subject, sorted by both: `rate`, `subject_id`, `community`,
        `is_counted`.

    """
    engine = study.network.settings.get("engine") or "duckdb"
    units = lazy_tables({"coverage": coverage(study)}, engine=engine)["coverage"]
    frames = [_unit_rates(units, study.policy), *(rate(study.tables) for rate in _RATES), _elections(study)]
    rows = pd.concat([collected(frame, sort=["rate", "subject_id"]) for frame in frames], ignore_index=True)
    rows = rows[rows["rate"].isin(_ready(study))]
    return rows.drop_duplicates(["rate", "subject_id"]).sort_values(["rate", "subject_id"], ignore_index=True)


def _ready(study: Study) -> list[str]:
    """The rates for which the rosters say anything: what nobody has written down is not zero."""
    network, units = study.network, coverage(study)
    known = {
        "units:organization": has_organizations(network) or study.entities("units")["states_org"].notna().any(),
        "units:work": units["is_work_covered"].any(),
    }
    return [
        rate
        for rate, entry in rules.rates().items()
        if all(known[need] if need in known else has_roster(network, need) for need in entry.get("needs", ()))
    ]


def _unit_rates(units: nw.LazyFrame[Any], policy: Policy) -> nw.LazyFrame[Any]:
    """The rates that count resident units, from their coverage."""
    units = units.filter(nw.col("is_in_scope"))
    n = policy.number("A1", "n")
    min_staff = int(rules.rates()["above_scale_own"]["params"]["min_staff"])
    is_own, is_covered = nw.col("state") == "own", nw.col("is_covered")
    is_work = nw.col("is_work_covered")
    frames = [
        _listed("org_coverage", units, is_covered),
        _listed("own_share", units, is_own),
        _listed("establishment", units.filter(nw.col("n_full") >= n), is_own),
        _listed("work_coverage", units, is_covered | is_work),
        _listed("work_coverage_rest", units.filter(~is_covered), is_work),
        _listed("blank_share", units, nw.col("state") == "blank"),
        _listed("instructor_share", units.filter(~is_covered), nw.col("has_instructor")),
        _listed("above_scale_own", units.filter(nw.col("staff_count") >= min_staff), is_own),
    ]
    return nw.concat(frames)


def _listed(
    rate: str, subjects: nw.LazyFrame[Any], is_counted: nw.Expr, *, subject_id: str = "unit_id"
) -> nw.LazyFrame[Any]:
    return subjects.select(
        rate=nw.lit(rate), subject_id=subject_id, community="community", is_counted=is_counted.fill_null(value=False)
    )


def _double_registration(tables: Tables) -> nw.LazyFrame[Any]:
    """Members known to live in a community, and whether they have an active registration."""
    ties = tables["ties"]
    active = ties.filter(nw.col("relation") == "registered_with", nw.col("until").is_null())
    homes = ties.filter(nw.col("relation") == "lives_in").select(member_id="source_id", community_id="target_id")
    places = tables["communities"].select("community_id", community="name")
    reported = active.select(member_id="source_id", is_reported=nw.lit(value=True)).unique("member_id")
    living = homes.join(places, on="community_id").join(reported, on="member_id", how="left")
    return _listed("double_registration", living, ~nw.col("is_reported").is_null(), subject_id="member_id")


def _committee_seats(tables: Tables) -> nw.LazyFrame[Any]:
    """Organizations in communities that have a committee, and whether they take part in one."""
    ties = tables["ties"]
    places = tables["communities"].select("community_id", community="name")
    committees = ties.filter(nw.col("relation") == "located_in").join(
        tables["committees"].select("committee_id"), left_on="source_id", right_on="committee_id"
    )
    covered = (
        committees.join(places, left_on="target_id", right_on="community_id").select("community").unique("community")
    )
    taking = ties.filter(nw.col("relation") == "participates").select(
        organization_id="source_id", is_seated=nw.lit(value=True)
    )
    levels = [code for code, row in schema.vocabulary("organization_category").rows.items() if row["level"] in "123"]
    listed = tables["organizations"].filter(nw.col("is_listed"), nw.col("org_type").is_in(levels))
    inside = listed.join(covered, on="community").join(
        taking.unique("organization_id"), on="organization_id", how="left"
    )
    return _listed("committee_seats", inside, ~nw.col("is_seated").is_null(), subject_id="organization_id")


def _grid_coverage(tables: Tables) -> nw.LazyFrame[Any]:
    grouped = (
        tables["ties"]
        .filter(nw.col("relation") == "group_in")
        .select(grid_id="target_id", is_grouped=nw.lit(value=True))
    )
    areas = tables["grids"].filter(nw.col("type").is_null() | (nw.col("type") == "grid"))
    grids = areas.join(grouped.unique("grid_id"), on="grid_id", how="left")
    return _listed("grid_coverage", grids, ~nw.col("is_grouped").is_null(), subject_id="grid_id")


def _same_person(tables: Tables) -> nw.LazyFrame[Any]:
    """Communities of which both heads are named, or a list of the team says whether one person is both (rule B2)."""
    ties = tables["ties"]
    heads = ties.filter(nw.col("relation") == "same_person_heads")
    heads = heads.select(community_id="target_id", is_one=nw.lit(value=True)).unique("community_id")
    leads = "|".join(schema.vocabulary("post").codes(is_secretary="true"))
    led = ties.filter(nw.col("relation") == "holds_post", nw.col("post").str.contains(rf"(?m)^(?:{leads})$"))
    said = tables["members"].filter(~nw.col("is_director").is_null()).select("member_id")
    own = tables["organizations"].filter(nw.col("is_community_org")).select("organization_id", name="community")
    told = led.join(said, left_on="source_id", right_on="member_id")
    told = told.join(own, left_on="target_id", right_on="organization_id")
    told = told.select("name", is_told=nw.lit(value=True)).unique("name")
    both = ~nw.col("secretary").is_null() & ~nw.col("director").is_null()
    places = tables["communities"].join(heads, on="community_id", how="left").join(told, on="name", how="left")
    known = places.filter(both | ~nw.col("is_one").is_null() | ~nw.col("is_told").is_null())
    is_one = nw.col("is_one").fill_null(value=False) | (both & (nw.col("secretary") == nw.col("director")))
    return _listed("same_person", known.with_columns(community=nw.col("name")), is_one, subject_id="community_id")


def _cross_appointment(tables: Tables) -> nw.LazyFrame[Any]:
    """Holders of posts in a community's organization, and whether they hold one in its residents' committee."""
    posts = tables["ties"].filter(nw.col("relation") == "holds_post")
    own = tables["organizations"].filter(nw.col("is_community_org")).select("organization_id", "community")
    committees = tables["units"].filter(nw.col("unit_type") == "residents_committee").select("unit_id")
    elsewhere = posts.join(committees, left_on="target_id", right_on="unit_id")
    elsewhere = elsewhere.select(source_id="source_id", is_both=nw.lit(value=True)).unique("source_id")
    held = posts.join(own, left_on="target_id", right_on="organization_id").join(elsewhere, on="source_id", how="left")
    known = held.join(
        tables["units"]
        .join(posts.select("target_id"), left_on="unit_id", right_on="target_id")
        .select("community")
        .unique("community"),
        on="community",
    )
    return _listed("cross_appointment", known, ~nw.col("is_both").is_null(), subject_id="source_id")


def _elections(study: Study) -> nw.LazyFrame[Any]:
    """Organizations whose term is known; counted while it runs on the day of the study."""
    listed = with_terms(study.tables["organizations"].filter(nw.col("is_listed")), study)
    known = listed.filter(~nw.col("is_over").is_null())
    return _listed("elections_on_time", known, ~nw.col("is_over"), subject_id="organization_id")


_RATES: tuple[Callable[[Tables], nw.LazyFrame[Any]], ...] = (
    _double_registration, _committee_seats, _grid_coverage, _same_person, _cross_appointment,
)  # fmt: skip
