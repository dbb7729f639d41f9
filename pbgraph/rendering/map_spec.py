"""The map as plain data: nodes, ties, territories, findings, captions. Drawing comes after.

The specification holds only what the edition allows; what is left out here is in no output.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.changes import CHANGES
from pbgraph.analyses.structure import bridges, structure
from pbgraph.captions import caption, captions, shown_day
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts, headline_numbers, percent, street_name
from pbgraph.rendering.look import GAPS, LAYERS, MARKS, STAND_IN, Mark
from pbgraph.rendering.map_beside import Beside, covering_several, own_organizations
from pbgraph.rendering.map_details import Details, Pool, Rows, pinyin_keys, spellings
from pbgraph.rendering.map_layout import Body, Placed, place_bodies, text_of
from pbgraph.rendering.map_ties import edges, layers
from pbgraph.rendering.map_views import view_columns, views

_PAGE_CAPTIONS = (
    "search", "search_hint", "no_match", "legend", "legend_layers", "legend_kinds", "legend_absent",
    "legend_on_cards", "gap_list",
    "gap_none", "card", "card_ties", "card_findings", "card_sources", "card_close", "card_empty", "card_tie",
    "card_people", "reset", "fit", "panels", "larger", "dark", "full_screen", "table", "table_rows", "csv", "picture",
    "picture_all", "print", "help_keys", "too_old", "no_script", "see_all", "source_row", "filter", "filter_place",
    "filter_rule", "filter_sure", "filter_any", "shown_count", "focus", "path", "path_pick", "path_none",
    "path_found", "unfold", "fold_all", "unfold_all", "views", "col_name", "col_kind", "col_community",
    "fact_members", "col_ties", "col_findings", "certain", "check-name", "unknown", "more",
)  # fmt: skip
_ALL = tuple(kind for kind in MARKS if kind not in {"outside", "body", "grid"})
_ORGANIZATIONS = ("street", "community", "organization", "joint", "temporary", "outside", "undecided")
SCENES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "overview": ("place", ("coverage",), _ALL),
    "system": ("levels", ("subordination",), _ORGANIZATIONS),
    "gaps": ("place", ("coverage",), ("community", *GAPS, "work", "undecided")),
    "management": ("place", ("management",), (*_ORGANIZATIONS, "committee")),
    "committees": ("committees", ("seats", "place"), (*_ORGANIZATIONS, "committee", "place", "covered", "work", *GAPS)),
    "co_building": ("pairs", ("co_building",), tuple(kind for kind in _ALL if kind != "committee")),
    "registration": ("place", ("registration",), (*_ALL, "outside")),
    "grids": ("place", ("place",), ("community", "place", "organization", "joint", "temporary", "grid", "undecided")),
    "changes": ("place", ("coverage",), _ALL),
    "structure": ("place", tuple(layer for layer in LAYERS if layer != "place"), (*_ALL, "outside", "body")),
}
"""The view, the layers and the kinds that a scene shows; one whose layers have no tie is left out."""


@dataclass(frozen=True)
class MapSpec:
    """All that a page needs, as JSON would hold it. Nodes are known by their place in `nodes`; `ids` is no page's."""

    ids: list[str]
    title: str
    lang: str
    captions: dict[str, str]
    kinds: list[dict[str, Any]]
    layers: list[dict[str, Any]]
    territories: list[dict[str, Any]]
    trays: list[dict[str, Any]]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    views: list[dict[str, Any]]
    scenes: list[dict[str, Any]]
    structure: dict[str, Any]
    filters: dict[str, list[list[str]]]
    rules: dict[str, list[str]]
    sheets: list[list[str]]
    texts: list[str]
    footer: list[str]
    summary: str


def map_spec(facts: Facts) -> MapSpec:
    """Describe the map of a network in the edition and language of its facts.

    Units out of operation and single members are not drawn; a network without nodes gives a
    specification without nodes.
    """
    network, look = facts.network, facts.look
    bodies, communities, placed = placed_bodies(
        network, units=facts.study.coverage, counts=facts.counts, lang=look.lang
    )
    drawn = [body for body in sorted(bodies, key=_drawing_order) if body.node in placed.nodes]
    index = {body.node: number for number, body in enumerate(drawn)}
    rows, pool = Rows(), Pool()
    ties = edges(facts, index, rows)
    roles = _structure(facts, index)
    order = [body.node for body in drawn]
    made = [view_columns(view, order, look.lang) for view in views(facts, drawn, communities)]
    beside = Beside(facts, set(index))
    nodes = _nodes(facts, drawn, placed, rows, pool, Details(facts, beside))
    gaps = _gaps(facts, index, pool)
    shown = captions(look.lang)
    return MapSpec(
        ids=order,
        title=caption("page_title", look.lang, street=street_name(network, look.lang)),
        lang="zh-CN" if look.lang == "zh" else "en",
        captions={key: shown[key] for key in _PAGE_CAPTIONS},
        kinds=_kinds(drawn, look.lang),
        layers=layers(ties, beside.counts(), look.lang),
        territories=_territories(facts, placed),
        trays=[{"x": x, "y": y, "r": r, "kind": kind} for x, y, r, kind in placed.trays],
        nodes=nodes,
        edges=ties,
        gaps=gaps,
        views=[{"key": "place", "label": caption("view_place", look.lang), "xy": None, "heads": [], "cell": 0}, *made],
        scenes=_scenes(facts, ties, roles, {view["key"] for view in made}, [body.kind for body in drawn]),
        structure=roles,
        filters=_filters(facts, communities),
        rules={
            key: [caption(rule.force, look.lang), rule.title[look.lang], rule.cited()]
            for key, rule in facts.policy.rules.items()
            if key in set(facts.findings["rule_id"])
        },
        sheets=rows.sheets,
        texts=pool.texts,
        footer=_footer(facts),
        summary=caption(
            "map_summary", look.lang, street=street_name(network, look.lang), n_nodes=len(drawn), n_edges=len(ties)
        ),
    )


def placed_bodies(
    network: Network, *, units: pd.DataFrame, counts: Mapping[str, dict[str, int]], lang: str
) -> tuple[list[Body], list[str], Placed]:
    """What the map draws, the communities in their order, and where everything stands.

    `units` is the coverage of the network, `counts` has the members of each body.
    """
    bodies, communities = _bodies(network, units, counts, lang)
    return bodies, communities, place_bodies(bodies, communities, links=_under(network))


def _drawing_order(body: Body) -> tuple[int, str]:
    return list(MARKS).index(body.kind), body.node


def _bodies(
    network: Network, units: pd.DataFrame, counts: Mapping[str, dict[str, int]], lang: str
) -> tuple[list[Body], list[str]]:
    fallback = caption("no_community", lang)
    covering = {row.unit_id: row for row in units.itertuples()}
    asked = set(network.review["open_id"])
    bodies = []
    organizations = network.tables["organizations"]
    place_of = dict(zip(organizations["organization_id"], organizations["community"], strict=True))
    for row in organizations.itertuples():
        kind = _organization_kind(row, asked)
        size = MARKS[kind].radius
        if kind in {"organization", "joint", "temporary"}:
            n_members = counts.get(str(row.organization_id), {}).get("n_members", 0)
            size = 8 + min(9.0, math.sqrt(max(n_members, network.least_shown) if n_members else 0))
        community = "" if kind in {"street", "outside"} else text_of(row.community)
        bodies.append(Body(str(row.organization_id), kind, community, round(size, 1)))
    for row in network.tables["units"].itertuples():
        unit = covering.get(str(row.unit_id))
        if unit is not None and unit.is_in_scope:
            kind = "covered" if unit.state in {"own", "joint"} else str(unit.state)
            anchor = text_of(unit.organization_id)
            community = text_of(row.community) or fallback
            is_near = bool(anchor) and place_of.get(anchor) == community
            bodies.append(Body(str(row.unit_id), kind, community, MARKS[kind].radius, anchor if is_near else ""))
    bodies += _undecided_units(network, asked, place_of, fallback)
    home = _first_place(network)
    for row in network.tables["committees"].itertuples():
        bodies.append(
            Body(str(row.committee_id), "committee", home.get(str(row.committee_id), ""), MARKS["committee"].radius)
        )
    for row in network.tables["bodies"].itertuples():
        community = text_of(getattr(row, "community", None)) or fallback
        bodies.append(Body(str(row.body_id), "body", community, MARKS["body"].radius))
    bodies += _grids(network, fallback)
    bodies += _places(network)
    names = network.community_names()
    seen = {body.community for body in bodies if body.community}
    return bodies, [*names, *sorted(seen - set(names))]


def _organization_kind(row: Any, asked: set[str]) -> str:
    types = schema.vocabulary("organization_category").rows
    category = types.get(text_of(row.org_type), {})
    if not row.is_listed:
        return "undecided" if row.organization_id in asked else "outside"
    if row.org_type == "working_committee":
        return "street"
    if row.is_community_org is not pd.NA and row.is_community_org:
        return "community"
    if category.get("is_joint") == "true":
        return "joint"
    return "temporary" if category.get("is_temporary") == "true" else "organization"


def _grids(network: Network, fallback: str) -> list[Body]:
    """Grids and areas of duty, not the estates and buildings that stand in the same table."""
    grids = network.tables["grids"]
    kind = grids["type"].fillna("grid") if "type" in grids else pd.Series("grid", index=grids.index)
    place = grids["community"] if "community" in grids else pd.Series(None, index=grids.index, dtype="str")
    chosen = grids["grid_id"][kind.isin(["grid", "duty_area"])]
    radius = MARKS["grid"].radius
    return [Body(str(node), "grid", text_of(place[row]) or fallback, radius) for row, node in chosen.items()]


def _places(network: Network) -> list[Body]:
    """Communities without an organization of their own that something leads to or from, in their own territory."""
    own, ties, places = own_organizations(network), network.ties, network.tables["communities"]
    said = ties[(ties["relation"] != "located_in") | ties["source_id"].isin(covering_several(network))]
    tied = {*said["source_id"], *said["target_id"]} - set(own)
    names = zip(places["community_id"], places["name"], strict=True)
    return [Body(str(node), "place", str(name), MARKS["place"].radius) for node, name in names if node in tied]


def _undecided_units(network: Network, asked: set[str], place_of: dict[str, Any], fallback: str) -> list[Body]:
    """Names in no ledger, drawn in the community of the organization that names them."""
    units = network.tables["units"]
    open_ids = set(units.loc[~units["is_listed"].astype(bool), "unit_id"])
    near: dict[str, str] = {}
    for source, target in zip(network.ties["source_id"], network.ties["target_id"], strict=True):
        for node, other in ((target, source), (source, target)):
            if node in open_ids and other in place_of:
                near.setdefault(node, text_of(place_of[other]))
    radius = MARKS["undecided"].radius
    return [Body(node, "undecided", near.get(node) or fallback, radius) for node in sorted(open_ids)]


def _first_place(network: Network) -> dict[str, str]:
    """The community that each committee is drawn in: the first that it covers."""
    names = dict(zip(network.tables["communities"]["community_id"], network.tables["communities"]["name"], strict=True))
    order = {name: index for index, name in enumerate(network.community_names())}
    located = network.ties[
        (network.ties["relation"] == "located_in") & network.ties["source_id"].str.startswith("committee:")
    ]
    found: dict[str, str] = {}
    for committee, community in sorted(
        zip(located["source_id"], located["target_id"], strict=True), key=lambda pair: order[names[pair[1]]]
    ):
        found.setdefault(committee, names[community])
    return found


def _under(network: Network) -> dict[str, list[str]]:
    rows = network.ties[network.ties["relation"] == "subordinate"]
    return {str(parent): sorted(group) for parent, group in rows.groupby("target_id")["source_id"]}


def _mark(kind: str, mark: Mark) -> dict[str, Any]:
    return {"key": kind, "shape": mark.shape, "fill": mark.fill, "edge": mark.edge, "dashed": mark.is_dashed}


def _kinds(drawn: list[Body], lang: str) -> list[dict[str, Any]]:
    """Every kind of the legend with its count; those absent are named with 0, but for what stands in for another."""
    counts = pd.Series([body.kind for body in drawn], dtype="object").value_counts()
    return [
        {
            **_mark(kind, mark),
            "label": caption(f"kind_{kind}", lang),
            "n": int(counts.get(kind, 0)),
            "gap": kind in GAPS,
        }
        for kind, mark in MARKS.items()
        if kind != STAND_IN or kind in counts
    ]


def _territories(facts: Facts, placed: Placed) -> list[dict[str, Any]]:
    scope = facts.study.coverage[facts.study.coverage["is_in_scope"]]
    territories = []
    for name, (x, y, r) in placed.territories.items():
        here = scope[scope["community"] == name]
        n, covered = len(here), int(here["is_covered"].sum())
        n_gaps = int(here["state"].isin(GAPS).sum())
        n_work = int((here["state"] == "work").sum())
        said = caption(
            "territory_unjudged" if facts.verdict == "unjudged" else "territory", facts.look.lang,
            share=percent(covered, n), n_gaps=n_gaps, n=n,
        )  # fmt: skip
        territories.append(
            {
                "name": name,
                "x": x,
                "y": y,
                "r": r,
                "said": said,
                "parts": [covered - int((here["state"] == "split-due").sum()), n_work, n_gaps],
            }
        )
    return territories


def _nodes(
    facts: Facts, drawn: list[Body], placed: Placed, rows: Rows, pool: Pool, detail: Details
) -> list[dict[str, Any]]:
    network = facts.network
    names = network.names()
    sources = {
        node: source
        for kind in ("organizations", "units", "committees", "bodies", "grids", "communities")
        for node, source in zip(network.tables[kind].iloc[:, 0], network.tables[kind]["source"], strict=True)
    }
    index = {body.node: number for number, body in enumerate(drawn)}
    others, keys = spellings(network), pinyin_keys([names[body.node] for body in drawn])
    nodes = []
    for body, key in zip(drawn, keys, strict=True):
        x, y = placed.nodes[body.node]
        name = names[body.node]
        nodes.append({
            "name": name, "kind": body.kind, "x": x, "y": y, "size": body.radius, "place": body.community,
            "anchor": index.get(body.anchor, -1), "find": [*others.get(name, []), *key],
            "facts": [pool.of(text) for pair in detail.of(body) for text in pair],
            "findings": [
                [rule, sure, pool.of(said, name=name)] for rule, sure, said in detail.findings.get(body.node, [])
            ],
            "members": detail.n_members(body), "people": detail.people.get(body.node, []),
            "rows": rows.of(sources[body.node]),
        })  # fmt: skip
    return nodes


def _structure(facts: Facts, index: dict[str, int]) -> dict[str, Any]:
    """Hubs, bodies without any contact, and contacts that alone join two parts, as places in `nodes`."""
    rows = structure(facts.study)
    rows = rows[rows["node_id"].isin(index)]
    busy = rows[rows["betweenness"].fillna(0) > 0].sort_values(["betweenness", "node_id"], ascending=[False, True])
    cut = bridges(facts.study)
    cut = cut[(cut["n_cut_off"] >= _CUT) & cut["left_id"].isin(index) & cut["right_id"].isin(index)]
    return {
        "hubs": [index[node] for node in busy["node_id"].head(_HUBS)],
        "alone": [index[node] for node in rows.loc[rows["is_isolate"].astype(bool), "node_id"]],
        "bridges": [[index[a], index[b]] for a, b in zip(cut["left_id"], cut["right_id"], strict=True)],
        "n_parts": int(rows["component"].nunique()),
        "changed": _changed(facts, index),
    }


def _changed(facts: Facts, index: dict[str, int]) -> dict[str, str]:
    """What became of the units that are drawn since the earlier network, by place in `nodes`."""
    if facts.changed is None:
        return {}
    pairs = zip(facts.changed["unit_id"], facts.changed["change"], strict=True)
    return {str(index[node]): change for node, change in pairs if node in index}


_HUBS = 8  # as many as a meeting can talk about
_CUT = 3  # a bridge that cuts off fewer bodies is a branch with its unit


def _filters(facts: Facts, communities: list[str]) -> dict[str, list[list[str]]]:
    """What the map can be narrowed to: communities, rules with a finding, certainty."""
    lang = facts.look.lang
    found = facts.findings
    rules = [rule for rule in facts.policy.rules if rule in set(found["rule_id"])]
    sures = [code for code in ("certain", "check-name", "unknown") if code in set(found["sure"])]
    return {
        "place": [[name, name] for name in communities],
        "rule": [[rule, facts.policy.rules[rule].title[lang]] for rule in rules],
        "sure": [[code, caption(code, lang)] for code in sures],
    }


def _gaps(facts: Facts, index: dict[str, int], pool: Pool) -> list[dict[str, Any]]:
    """The list beside the map, the strongest first."""
    lang = facts.look.lang
    found = facts.findings[facts.findings["state"].isin(GAPS) & facts.findings["subject_id"].isin(list(index))]
    ranks = {state: rank for rank, state in enumerate(GAPS)}
    ordered = found.sort_values(
        ["state", "sure", "community", "subject"], key=lambda c: c.map(ranks) if c.name == "state" else c
    )
    states = schema.vocabulary("coverage_state")
    return [
        {
            "node": index[str(row.subject_id)],
            "state": str(row.state),
            "label": pool.of(states.label(str(row.state), lang=lang)),
            "evidence": pool.of(str(row.evidence)),
            "sure": pool.of("" if row.sure == "certain" else caption(str(row.sure), lang)),
        }
        for row in ordered.itertuples()
    ]


def _scenes(
    facts: Facts, ties: list[dict[str, Any]], roles: dict[str, Any], known: set[str], marks: list[str]
) -> list[dict[str, Any]]:
    """The scenes that have a tie to show between kinds they show; one whose view cannot be drawn stays with places."""
    lang = facts.look.lang
    changed = {} if facts.changed is None else facts.changed["change"].value_counts().to_dict()
    numbers = headline_numbers(facts) | {
        "earlier": shown_day(facts.earlier_as_of, lang), **{name: int(changed.get(name, 0)) for name in CHANGES},
        "n_parts": roles["n_parts"], "n_alone": len(roles["alone"]), "n_bridges": len(roles["bridges"]),
    }  # fmt: skip
    layer_of = {code: row["layer"] for code, row in schema.vocabulary("relation").rows.items()}
    drawn = {(layer_of[tie["relation"]], marks[tie["from"]], marks[tie["to"]]) for tie in ties}
    return [
        {
            "key": key,
            "label": caption(f"scene_{key}", lang),
            "title": caption(
                f"title_{key}" if facts.verdict == "judged" or key not in _ALWAYS else f"title_{facts.verdict}",
                lang,
                **numbers,
            ),
            "view": view if view in known else "place",
            "relations": [code for code, layer in layer_of.items() if layer in shown],
            "kinds": list(kinds),
        }
        for key, (view, shown, kinds) in SCENES.items()
        if (key in _ALWAYS or any(layer in shown and {one, other} <= set(kinds) for layer, one, other in drawn))
        and (key != "changes" or facts.changed is not None)
    ]


_ALWAYS = frozenset({"overview", "gaps"})


def _footer(facts: Facts) -> list[str]:
    network, lang = facts.network, facts.look.lang
    n_closed = int((~facts.study.coverage["is_in_scope"]).sum())
    return [
        caption(
            "footer", lang, as_of=shown_day(network.as_of, lang), profile=facts.policy.label[lang],
            edition=caption(f"edition_{facts.look.edition}", lang), n_files=len(network.inputs),
        ),
        caption("left_out", lang, n_closed=n_closed),
    ]  # fmt: skip
