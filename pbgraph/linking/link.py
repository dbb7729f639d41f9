"""Typed tables to entities and ties: `link_names`."""

from dataclasses import dataclass

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.aliases import Aliases
from pbgraph.linking.bodies import (
    add_undecided,
    community_ids,
    community_names,
    link_committees,
    link_organizations,
    link_places,
    link_units,
)
from pbgraph.linking.context import TIE_COLUMNS, Context, exploded
from pbgraph.linking.entities import ID_COLUMNS, looked_up, mapped
from pbgraph.linking.people import link_members, link_posts
from pbgraph.linking.records import link_records
from pbgraph.linking.review import merges_frame, review_frame


@dataclass
class Linked:
    """What linking gives: entity tables by kind, ties, findings, the names left open, the merges made."""

    entities: dict[str, pd.DataFrame]
    ties: pd.DataFrame
    findings: list[Finding]
    review: pd.DataFrame
    merges: pd.DataFrame


def link_names(tables: dict[str, pd.DataFrame], *, aliases: Aliases) -> Linked:
    """Link every mention of an organization, unit, person or place to its entity.

    The order of rows and files does not matter. Empty tables give empty entities.
    """
    context = Context(dict(tables), aliases)
    link_places(context)
    link_units(context)
    link_organizations(context)
    link_committees(context)
    link_members(context)
    link_posts(context)
    _link_participants(context)
    _link_co_building(context)
    _link_instructors(context)
    link_records(context)
    own = _own_of_communities(context)
    _link_derived(context, own)
    review, merges = review_frame(context), merges_frame(context)
    add_undecided(context)
    listed = context.entities["organizations"]
    context.entities["organizations"] = listed.assign(is_community_org=listed["organization_id"].isin(own))
    ties = _all_ties(context)
    entities = {kind: _ordered(frame, kind) for kind, frame in context.entities.items()}
    return Linked(entities, ties, context.findings, review, merges)


def _link_participants(context: Context) -> None:
    """Member units of committees, and the management stated for them."""
    rows = context.tables["participants"]
    first = exploded(rows, "covered_communities").drop_duplicates("source").set_index("source")["covered_communities"]
    place = mapped(looked_up(rows["source"], first.to_dict()), context.key_of("communities"))
    covered = _covered_places(context, rows)
    organizations = _within(context, rows, covered, place)
    committees = context.resolve("committees", rows, "committee", place=pd.Series("", index=rows.index))
    context.tie("participates", rows, organizations, committees, since=rows["start"])
    for code, relation in (("direct", "direct_management"), ("dual", "dual_management")):
        stated = rows["management"] == code
        context.tie(relation, rows[stated], committees[stated], organizations[stated], since=rows["start"][stated])
    listed = context.tables["organizations"]
    committee_of = _committee_of_place(context)
    own = looked_up(listed["place"], committee_of)
    for code, relation in (("direct", "direct_management"), ("dual", "dual_management")):
        stated = listed["management"] == code
        context.tie(relation, listed[stated], own[stated], listed["id"][stated])


def _covered_places(context: Context, rows: pd.DataFrame) -> dict[str, list[str]]:
    several = exploded(rows, "covered_communities")
    keys = mapped(several["covered_communities"], context.key_of("communities"))
    found: dict[str, list[str]] = keys.groupby(several["source"]).agg(list).to_dict()
    return found


def _within(context: Context, rows: pd.DataFrame, covered: dict[str, list[str]], place: pd.Series) -> pd.Series:
    """Organizations named by a committee: in any of the communities that it covers."""
    index = context.indexes["organizations"]
    best = [
        next((here for here in covered.get(source, []) if index.find(name, here)[1] == 1), otherwise)
        if name == name
        else ""
        for name, source, otherwise in zip(rows["org_name"], rows["source"], place, strict=True)
    ]
    return context.resolve("organizations", rows, "org_name", place=pd.Series(best, index=rows.index, dtype="str"))


def _committee_of_place(context: Context) -> dict[str, str]:
    """The committee of each community key, where there is exactly one."""
    located = context.ties_so_far("located_in")
    located = located[located["source_id"].str.startswith("committee:")]
    pairs = located[["source_id", "target_id"]].drop_duplicates()
    single = pairs[~pairs["target_id"].duplicated(keep=False)]
    committee_of = dict(zip(single["target_id"], single["source_id"], strict=True))
    entries = context.indexes["communities"].entries
    return {key: committee_of[found[0].id] for key, found in entries.items() if found[0].id in committee_of}


def _link_co_building(context: Context) -> None:
    """Agreements (community organization to unit) and projects (unit to project)."""
    rows = exploded(context.tables["agreements"], "party_b")
    listed = context.tables["organizations"]
    places = dict(zip(listed["id"], listed["place"], strict=True))
    partners = context.resolve("organizations", rows, "party_a")
    place = context.places(rows)
    others = context.resolve("units", rows, "party_b", place=place.mask(place == "", looked_up(partners, places)))
    for relation, chosen in (("paired_with", rows["round"].notna()), ("co_building", rows["round"].isna())):
        own = rows[chosen]
        context.tie(
            relation, own, partners[chosen], others[chosen],
            since=own["start"], until=own["end"], category=own["cooperation"], status=own["progress"],
            content=own["content"].fillna(own["round"]),
        )  # fmt: skip
    projects = context.tables["projects"]
    place = context.places(projects)
    projects = projects.assign(
        key=mapped(projects["project"], lambda name: context.aliases.key(name, "projects")), place=place
    )
    projects["community"] = community_names(context, community_ids(context, projects))
    ids = context.add_entities("projects", projects, "project")
    projects = projects.assign(id=ids)
    context.tie("located_in", projects, ids, community_ids(context, projects))
    claims = exploded(projects, "claimed_by")
    units = context.resolve("units", claims, "claimed_by", place=claims["place"])
    context.tie(
        "claims",
        claims,
        units,
        claims["id"],
        since=claims["start"],
        category=claims["cooperation"],
        status=claims["progress"],
    )


def _link_instructors(context: Context) -> None:
    rows = context.tables["instructors"]
    rows = rows.assign(key=rows["name"], place=rows["from_unit"].fillna(""))
    ids = context.add_entities("instructors", rows, "name")
    context.entities["instructors"] = context.entities["instructors"].drop(columns=["guided_units"])
    several = exploded(rows.assign(id=ids), "guided_units")
    units = context.resolve("units", several, "guided_units")
    context.tie("instructs", several, several["id"], units, since=several["start"])


def _link_derived(context: Context, own_ids: set[str]) -> None:
    """Ties that follow from others: guidance of a community's own bodies, dual management of who registers there."""
    listed = context.entities["organizations"]
    own = listed[listed["organization_id"].isin(own_ids)] if "community" in listed else listed.head(0)
    own = own.sort_values("organization_id").drop_duplicates("community")
    by_place = dict(zip(own["community"], own["organization_id"], strict=True))
    units = context.entities["units"]
    guided = schema.vocabulary("unit_type").codes(is_guided="true")
    units = units[units["unit_type"].isin(guided)] if {"unit_type", "community"} <= set(units) else units.head(0)
    if len(units):
        context.tie("guides", units, looked_up(units["community"], by_place), units["unit_id"])
    rows = context.tables["registrations"]
    active = rows[rows["revoked_date"].isna()]
    committee_of = _committee_of_place(context)
    committees = looked_up(context.places(active, "report_community"), committee_of)
    context.tie("dual_management_person", active, committees, active["id"], since=active["report_date"])


def _own_of_communities(context: Context) -> set[str]:
    """The organizations that are a community's own: named by its list, or set up in its residents' committee."""
    rows = context.tables["communities"]
    ids = context.resolve("organizations", rows, "community_org", place=context.places(rows), keep=False)
    units = context.entities["units"]
    committees = (
        set(units.loc[units["unit_type"] == "residents_committee", "unit_id"]) if "unit_type" in units else set()
    )
    hosted = context.ties_so_far("housed_in")
    hosted = hosted[hosted["target_id"].isin(committees)]
    return set(ids.dropna()) | set(hosted["source_id"])


def _all_ties(context: Context) -> pd.DataFrame:
    """Every tie once, all columns as text, sorted; rows saying the same are joined."""
    empty = pd.DataFrame({column: pd.Series(dtype="str") for column in TIE_COLUMNS})
    frames = [frame.reindex(columns=list(TIE_COLUMNS)).astype("str") for frame in context.ties if len(frame)]
    ties = pd.concat([empty, *frames], ignore_index=True)
    facts = [column for column in TIE_COLUMNS if column != "source"]
    joined = ties.groupby(facts, dropna=False, sort=True)["source"].agg(lambda lines: "\n".join(sorted(set(lines))))
    return joined.reset_index()[list(TIE_COLUMNS)]


def _ordered(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Id and name first, source last, rows by id; working columns left out."""
    id_column = ID_COLUMNS[kind]
    working = {"key", "place", "id", "file", "sheet", "row", "identity"}
    left_out = working | _now_ties() if kind != "communities" else working
    middle = [c for c in frame if c not in {id_column, "name", "is_listed", "source", *left_out}]
    ordered = frame[[id_column, "name", "is_listed", *middle, "source"]].sort_values(id_column, ignore_index=True)
    return ordered.astype({"is_listed": "boolean"})


def _now_ties() -> set[str]:
    """Columns that name another entity: they are ties now (a unit stays the text of a member's job)."""
    linked = {"org", "person", "committee", "unit"}
    kept = {"unit", "org_name"}
    return {f.key for table in schema.tables().values() for f in table.fields if f.type in linked} - kept
