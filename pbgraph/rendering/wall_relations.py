"""What the wall knows of ties: the multigraph that the edition hands out, as the page holds it.

Bodies are the nodes of `network.graph(members=False)` and ties its edges, so that what the page says of a
neighbourhood is what networkx says. The ties of persons are folded as on the map and stand beside, as kinds of
their own that nothing counts unless they are chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pbgraph import schema
from pbgraph.captions import caption, captions
from pbgraph.model import ID_COLUMNS, KINDS
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.look import BODY_TONES, TONES
from pbgraph.rendering.map_beside import folded, own_organizations
from pbgraph.rendering.map_details import Rows
from pbgraph.rendering.map_layout import text_of
from pbgraph.rendering.map_spec import MapSpec
from pbgraph.rendering.map_ties import note_of
from pbgraph.rendering.short_names import short_names
from pbgraph.rendering.wall import Tile, Wall

ASIDE = "aside"
"""The look of units out of operation and of names that wait for a decision."""


@dataclass(frozen=True)
class Relations:
    """Bodies, those of the wall first; ties as (from, to, kind, note, places of rows); what the page says of them.

    `groups` has the kind of table of each body, `kinds` (code, label, words outward, words inward, layer, whether it
    is of persons), `heads` the communities whose head on the wall a body stands for, `homes` the body that stands for
    a community, `roles` what the Study says of bodies, all by place in `bodies`.
    """

    bodies: tuple[Tile, ...]
    groups: tuple[str, ...]
    ties: tuple[tuple[Any, ...], ...]
    kinds: tuple[tuple[Any, ...], ...]
    sheets: list[list[str]]
    rows: dict[int, list[int]]
    heads: dict[int, list[str]]
    homes: dict[str, int]
    roles: dict[str, Any]
    tones: dict[str, str]


def relations(facts: Facts, wall: Wall, spec: MapSpec) -> Relations:
    """The ties between all bodies that the edition shows; a network without ties gives none."""
    shown, rows = facts.shown, Rows()
    tables = {kind: shown.tables[kind] for kind in KINDS if kind != "members"}
    kind_of = {node: kind for kind, frame in tables.items() for node in frame[ID_COLUMNS[kind]]}
    known = {tile.node for tile in wall.tiles}
    others = _other_bodies(facts, {node: kind for node, kind in kind_of.items() if node not in known}, tables)
    bodies = (*wall.tiles, *others)
    at = {tile.node: number for number, tile in enumerate(bodies)}
    ties = _ties(facts, at, rows)
    kinds = _kinds(ties, facts.look.lang)
    order = {kind: number for number, kind in enumerate(kinds)}
    sources = {
        node: source
        for kind, frame in tables.items()
        for node, source in zip(frame[ID_COLUMNS[kind]], frame["source"], strict=True)
    }
    found = {at[tile.node]: rows.of(text_of(sources[tile.node])) for tile in others if text_of(sources[tile.node])}
    heads, homes = _heads(shown, at)
    return Relations(
        bodies, tuple(kind_of.get(tile.node, "") for tile in bodies),
        tuple((*tie[:2], order[tie[2]], *tie[3:]) for tie in ties), tuple(kinds.values()),
        rows.sheets, found, heads, homes, _roles(spec, at), _tones(bodies, facts.look.lang),
    )  # fmt: skip


def _other_bodies(facts: Facts, nodes: dict[str, str], tables: dict[str, Any]) -> list[Tile]:
    """Every body that is no tile of the scenes: committees, communities, grids, projects, what is not in operation."""
    lang, shown = facts.look.lang, facts.shown
    names = shown.names()
    short = short_names([names[node] for node in nodes], home=shown.settings.get("home", ""))
    place: dict[str, str] = {}
    for kind, frame in tables.items():
        if "community" in frame:
            place |= dict(zip(frame[ID_COLUMNS[kind]], frame["community"], strict=True))
    ordered = sorted(nodes, key=lambda node: (KINDS.index(nodes[node]), names[node], node))
    return [
        Tile(
            node, names[node], short[names[node]], text_of(place.get(node)), BODY_TONES.get(nodes[node], ASIDE),
            caption(f"node_{nodes[node]}", lang),
        )
        for node in ordered
    ]  # fmt: skip


def _ties(facts: Facts, at: dict[str, int], rows: Rows) -> list[tuple[Any, ...]]:
    """Every tie between two bodies, parallel ones apart, and those of persons folded: ends, kind, note, rows."""
    ties = facts.shown.ties
    inside = ties[ties["source_id"].isin(at) & ties["target_id"].isin(at)]
    own = [
        (row.source_id, row.target_id, (row.relation, False), note_of(row, facts.look.lang), text_of(row.source))
        for row in inside.itertuples()
    ]
    persons = [
        (*line["ends"], (line["relation"], True), line["note"], line["source"]) for line in folded(facts, set(at))
    ]
    return [
        (at[source], at[target], kind, note, *(rows.of(origin) if origin else ()))
        for source, target, kind, note, origin in (*own, *persons)
    ]


def _kinds(ties: Iterable[tuple[Any, ...]], lang: str) -> dict[tuple[str, bool], tuple[Any, ...]]:
    """What each kind of tie that there is is called, from either end; those of persons behind."""
    known, used = schema.vocabulary("relation"), {tie[2] for tie in ties}
    ways = ("outward", "inward") if lang == "zh" else ("outward_en", "inward_en")
    return {
        (code, is_of_persons): (
            code, known.label(code, lang=lang), *(row[way] for way in ways), row["layer"], is_of_persons,
        )
        for is_of_persons in (False, True)
        for code, row in known.rows.items()
        if (code, is_of_persons) in used
    }  # fmt: skip


def _heads(shown: Network, at: dict[str, int]) -> tuple[dict[int, list[str]], dict[str, int]]:
    """Communities, their own organizations and committees stand for the heads of communities on the wall."""
    places = shown.tables["communities"]
    names = dict(zip(places["community_id"], places["name"], strict=True))
    own = own_organizations(shown)
    heads = {at[node]: [str(name)] for node, name in names.items()}
    heads |= {at[organization]: [str(names[place])] for place, organization in own.items() if organization in at}
    committees = set(shown.tables["committees"]["committee_id"])
    located = shown.ties.loc[shown.ties["relation"] == "located_in", ["source_id", "target_id"]]
    for committee, place in located.itertuples(index=False, name=None):
        if committee in committees and place in names:
            covered = heads.setdefault(at[committee], [])
            covered += [] if names[place] in covered else [str(names[place])]
    homes = {str(name): at.get(own.get(str(node), str(node)), at[node]) for node, name in names.items()}
    return heads, homes


def _roles(spec: MapSpec, at: dict[str, int]) -> dict[str, Any]:
    """Hubs, bodies without any contact and contacts that alone join two parts, as the Study says."""
    place = {number: at[node] for number, node in enumerate(spec.ids) if node in at}
    return {
        "hubs": [place[n] for n in spec.structure["hubs"] if n in place],
        "alone": [place[n] for n in spec.structure["alone"] if n in place],
        "bridges": [[place[a], place[b]] for a, b in spec.structure["bridges"] if a in place and b in place],
    }


def _tones(bodies: Iterable[Tile], lang: str) -> dict[str, str]:
    """What each look is called in the key, in the order of the key."""
    said = {tile.tone: tile.said for tile in bodies}
    own = captions(lang)
    return {tone: own.get(f"key_{tone}", said[tone]) for tone in TONES if tone in said}
