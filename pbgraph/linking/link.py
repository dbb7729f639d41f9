"""Typed tables to entities and ties: `link_names`.

One way: the places, then the units, then the organizations, each knowing the names before it; then what rows say
joins them. Every step is a function of tables and names to frames, and changes nothing.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.aliases import Aliases
from pbgraph.linking.co_building import (
    called_after_place,
    guided,
    link_agreements,
    link_instructors,
    link_projects,
    own_by_place,
)
from pbgraph.linking.coded import with_names_by_code
from pbgraph.linking.committees import find_committees, link_participants, named_by_community
from pbgraph.linking.covering import cover, placed_by_units
from pbgraph.linking.declared import with_each_place, with_told, without_answers
from pbgraph.linking.heads import link_heads, with_terms_of_teams
from pbgraph.linking.mentions import Names, exploded
from pbgraph.linking.office import Office
from pbgraph.linking.organizations import categories_by_name, find_organizations
from pbgraph.linking.people import (
    People,
    dual_managed_members,
    dual_managed_persons,
    link_members,
    link_posts,
    with_facts,
)
from pbgraph.linking.places import Tables, find_communities, find_grids
from pbgraph.linking.powers import with_powers
from pbgraph.linking.records import Known, link_records
from pbgraph.linking.review import merges_frame, review_frame
from pbgraph.linking.standing import standing
from pbgraph.linking.steps import Step, all_mentions, all_ties
from pbgraph.linking.units import find_units
from pbgraph.model import ID_COLUMNS


@dataclass(frozen=True)
class Linked:
    """What linking gives.

    Entity tables by kind, ties, findings, the names left open, the merges made, and every mention with its reason.
    """

    entities: dict[str, pd.DataFrame]
    ties: pd.DataFrame
    findings: list[Finding]
    review: pd.DataFrame
    merges: pd.DataFrame
    mentions: pd.DataFrame


def link_names(tables: Tables, *, aliases: Aliases, manages_members: bool = False) -> Linked:
    """Link every mention of an organization, unit, person or place to its entity.

    The order of rows and files does not matter. Empty tables give empty entities. With `manages_members` the members
    of organizations that a committee manages jointly are managed jointly too.
    """
    tables, uncoded = with_names_by_code(with_powers(with_told(with_each_place(without_answers(tables)))))
    names = Names(aliases, Office.of(_unit_names(tables), home=aliases.home, others=_other_names(tables)))
    names, communities, step = find_communities(tables, names)
    names, grids, areas, found = find_grids(tables, names)
    step += found + Step(findings=uncoded)
    names, units, unit_rows, found = find_units(tables["units"], names, communities)
    step += found
    tables = {**tables, **areas, "units": unit_rows}
    names, organizations, rows, found = find_organizations(tables, names, communities, units)
    step += found + cover(rows, unit_rows, names, tables)
    organizations, found = placed_by_units(organizations, units, step)
    step += found
    tables = named_by_community({**tables, "organizations": rows}, names)
    names, committees, found = find_committees(tables, names)
    step += found
    entities = {
        "communities": communities, "grids": grids, "units": units, "organizations": organizations,
        "committees": committees,
    }  # fmt: skip
    members, member_rows, registrations, found = link_members(tables, names, communities)
    tables = {**tables, "members": member_rows, "registrations": registrations}
    entities |= {"members": members}
    step += found
    more, found = _linked_bodies(tables, names, entities, step)
    if manages_members:
        found += dual_managed_members(found.tied("dual_management"), step.tied("member_of"))
    return _linked({**entities, **more}, step + found, names)


def _unit_names(tables: Tables) -> list[str]:
    """The units that rows describe, whose names tell the ways of this office."""
    return [*tables["units"]["unit_name"].dropna().unique()]


def _other_names(tables: Tables) -> set[str]:
    """The units that rows name beside what they describe."""
    cells: set[str] = set()
    for key, rows in tables.items():
        for item in schema.tables()[key].fields if len(rows) else ():
            if item.type == "unit" and (key, item.key) != ("units", "unit_name"):
                cells |= set(rows[item.key].dropna().unique())
    return {name for cell in cells for name in cell.split("\n")}


def _linked_bodies(
    tables: Tables, names: Names, entities: dict[str, pd.DataFrame], so_far: Step
) -> tuple[dict[str, pd.DataFrame], Step]:
    """What joins the bodies: posts, seats, agreements, instructors, and the further rosters."""
    rows, located = tables["organizations"], so_far.tied("located_in")
    people = People.of(tables["members"], entities["members"], led_below(rows, so_far))
    step = link_posts(tables, names, people, rows)
    step += link_participants(tables, names, rows, located)
    told = own_organizations(tables, names, entities["units"], so_far)
    told |= called_after_place(rows, told)
    by_place = own_by_place(rows, told)
    step += link_agreements(tables, names, rows, by_place)
    projects, found = link_projects(tables, names, entities["communities"])
    instructors, sent = link_instructors(tables, names)
    made = {"projects": projects, "instructors": instructors}
    further, more = link_records(tables, Known(names, people, entities, hosted_in(so_far), by_place))
    more += link_heads(tables, names, people, rows, by_place)
    step += found + sent + more + dual_managed_persons(tables["registrations"], names, located)
    step += guided(tables["units"], entities["units"], entities["organizations"], told)
    listed = with_terms_of_teams(entities["organizations"], tables, names)
    made["organizations"] = listed.assign(is_community_org=listed["organization_id"].isin(told))
    return {**made, **further}, step


def hosted_in(so_far: Step) -> dict[str, str]:
    """The organization of each unit in which exactly one is set up."""
    pairs = so_far.tied("housed_in")[["source_id", "target_id"]].drop_duplicates()
    single = pairs[~pairs["target_id"].duplicated(keep=False)]
    return dict(zip(single["target_id"], single["source_id"], strict=True))


def led_below(rows: pd.DataFrame, so_far: Step) -> dict[str, str]:
    """By the name of a secretary and a superior, the only organization directly below it that he leads by its list."""
    led = exploded(rows, "secretary")[["id", "secretary"]]
    pairs = led.merge(so_far.tied("subordinate"), left_on="id", right_on="source_id").drop_duplicates(
        ["id", "secretary"]
    )
    pairs = pairs.assign(key=pairs["secretary"] + "|" + pairs["target_id"])
    single = pairs[~pairs["key"].duplicated(keep=False)]
    return dict(zip(single["key"], single["id"], strict=True))


def own_organizations(tables: Tables, names: Names, units: pd.DataFrame, so_far: Step) -> set[str]:
    """The organizations that are a community's own: named by its list, or set up in its residents' committee."""
    rows = tables["communities"]
    named = names.resolve("organizations", rows, "community_org", keep=False)
    committees = set(units.loc[units["unit_type"] == "residents_committee", "unit_id"]) if len(units) else set()
    hosted = so_far.tied("housed_in")
    return set(named["id"].dropna()) | set(hosted.loc[hosted["target_id"].isin(committees), "source_id"])


def _linked(entities: dict[str, pd.DataFrame], step: Step, names: Names) -> Linked:
    """Everything put together: nodes that rows only mention, ties once, and what a person should look at."""
    mentions = all_mentions(step.mentions)
    review, asked = review_frame(mentions, entities, names)
    merges = merges_frame(mentions, entities, names)
    entities = _with_undecided(_with_added(entities, step), mentions)
    entities["members"] = with_facts(entities["members"], step.facts)
    ties = all_ties(step.ties)
    organizations = entities["organizations"]
    entities["organizations"] = organizations.assign(
        org_type=organizations["org_type"].fillna(categories_by_name(organizations["name"], names)),
        is_community_org=organizations["is_community_org"].astype("boolean"),
        is_joint=organizations["is_joint"].astype("boolean"),
        is_inside=standing(organizations, ties, names).astype("boolean"),
    )
    ordered = {kind: _ordered(frame, kind) for kind, frame in entities.items()}
    return Linked(ordered, ties, [*step.findings, *asked], review, merges, mentions)


def _with_added(entities: dict[str, pd.DataFrame], step: Step) -> dict[str, pd.DataFrame]:
    """The entities with the nodes that rows only mention: holders of posts in no roster, bodies outside."""
    entities = dict(entities)
    for kind in dict.fromkeys(kind for kind, _ in step.added):
        id_column = ID_COLUMNS[kind]
        rows = pd.concat([frame for of, frame in step.added if of == kind], ignore_index=True)
        rows = rows[~rows[id_column].isin(entities[kind][id_column])]
        if kind == "grids":  # an estate that only buildings name
            rows = rows[rows[id_column].isin({node for frame in step.ties for node in frame["target_id"]})]
        if kind in {"members", "grids"}:  # a row may say two things of one person
            new = rows.drop_duplicates(id_column)
        else:
            grouped = rows.groupby(id_column, as_index=False)
            new = grouped.agg(name=("name", "first"), source=("source", lambda lines: "\n".join(dict.fromkeys(lines))))
        if len(new):
            entities[kind] = pd.concat([entities[kind], new.assign(is_listed=False)], ignore_index=True)
    return entities


def _with_undecided(entities: dict[str, pd.DataFrame], mentions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The entities with the names nobody could link, as nodes of their own that are not listed."""
    entities = dict(entities)
    kept = mentions[(mentions["reason"] == "open") & mentions["is_kept"].astype(bool)]
    if kept.empty:
        return entities
    for kind in ("units", "organizations", "committees"):
        rows = kept[kept["kind"] == kind].sort_values(["id", "file", "sheet", "row"])
        if rows.empty:
            continue
        grouped = rows.groupby("id")
        added = pd.DataFrame({
            "name": grouped["name"].first(),
            "source": grouped["source"].agg(lambda lines: "\n".join(dict.fromkeys(lines))),
        }).reset_index(names=ID_COLUMNS[kind])  # fmt: skip
        entities[kind] = pd.concat([entities[kind], added.assign(is_listed=False)], ignore_index=True)
    return entities


def _ordered(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Id and name first, source last, rows by id; working columns left out."""
    id_column = ID_COLUMNS[kind]
    working = {"key", "place", "above", "id", "file", "sheet", "row", "identity"}
    left_out = working | _now_ties() if kind != "communities" else working
    apart = {id_column, "name", "is_listed", "source", *left_out}
    middle = [column for column in frame.columns.tolist() if column not in apart]
    ordered = frame[[id_column, "name", "is_listed", *middle, "source"]]
    if not ordered[id_column].is_monotonic_increasing:
        ordered = ordered.sort_values(id_column)
    ordered = ordered.reset_index(drop=True)
    return ordered.assign(is_listed=ordered["is_listed"].astype("boolean"))


@cache
def _now_ties() -> frozenset[str]:
    """Columns that name another entity: they are ties now (a unit stays the text of a member's job)."""
    linked = {"org", "person", "committee", "unit"}
    kept = {"unit", "org_name", "instructors"}
    return frozenset(f.key for table in schema.tables().values() for f in table.fields if f.type in linked) - kept
