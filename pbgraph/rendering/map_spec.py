"""The map as plain data: nodes, ties, territories, findings, captions. Drawing comes after.

The specification holds only what the edition allows; what is left out here is in no output.
"""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption, captions, shown_source
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts, headline_numbers, percent, street_name
from pbgraph.rendering.look import GAPS, LAYERS, MARKS, Mark
from pbgraph.rendering.map_layout import Body, Placed, place_bodies

_PAGE_CAPTIONS = (
    "search", "search_hint", "no_match", "legend", "legend_layers", "legend_kinds", "gap_list", "gap_none", "card",
    "card_ties", "card_findings", "card_sources", "card_close", "card_empty", "reset", "fit", "panels", "larger",
    "help_keys", "too_old", "no_script", "see_all",
)  # fmt: skip
SCENES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "overview": (("coverage",), tuple(kind for kind in MARKS if kind != "outside")),
    "system": (
        ("subordination",),
        ("street", "community", "organization", "joint", "temporary", "outside", "undecided"),
    ),
    "gaps": (("coverage",), ("community", *GAPS, "work", "undecided")),
    "management": (
        ("management",),
        ("community", "organization", "joint", "temporary", "committee", "outside", "street"),
    ),
    "co_building": (("co_building",), tuple(kind for kind in MARKS if kind not in {"outside", "committee"})),
}
"""Layers and kinds that a scene shows."""


@dataclass(frozen=True)
class MapSpec:
    """All that a page needs, as JSON would hold it. Nodes are known by their place in `nodes`."""

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
    scenes: list[dict[str, Any]]
    footer: list[str]
    summary: str


def map_spec(facts: Facts) -> MapSpec:
    """Describe the map of a network in the edition and language of its facts.

    Units out of operation and single members are not drawn; a network without nodes gives a
    specification without nodes.
    """
    network, look = facts.network, facts.look
    bodies, communities = _bodies(facts)
    placed = place_bodies(bodies, communities, links=_under(network))
    drawn = [body for body in sorted(bodies, key=_drawing_order) if body.node in placed.nodes]
    index = {body.node: number for number, body in enumerate(drawn)}
    edges = _edges(facts, index)
    shown = captions(look.lang)
    return MapSpec(
        title=caption("page_title", look.lang, street=street_name(network, look.lang)),
        lang="zh-CN" if look.lang == "zh" else "en",
        captions={key: shown[key] for key in _PAGE_CAPTIONS},
        kinds=_kinds(drawn, look.lang),
        layers=_layers(edges, look.lang),
        territories=_territories(facts, placed),
        trays=[{"x": x, "y": y, "r": r, "kind": kind} for x, y, r, kind in placed.trays],
        nodes=_nodes(facts, drawn, placed),
        edges=edges,
        gaps=_gaps(facts, index),
        scenes=_scenes(facts),
        footer=_footer(facts),
        summary=caption(
            "map_summary", look.lang, street=street_name(network, look.lang), n_nodes=len(drawn), n_edges=len(edges)
        ),
    )


def _drawing_order(body: Body) -> tuple[int, str]:
    return list(MARKS).index(body.kind), body.node


def _bodies(facts: Facts) -> tuple[list[Body], list[str]]:
    network = facts.network
    fallback = caption("no_community", facts.look.lang)
    covering = {row.unit_id: row for row in facts.coverage.itertuples()}
    asked = set(network.review["open_id"])
    bodies = []
    organizations = network.tables["organizations"]
    place_of = dict(zip(organizations["organization_id"], organizations["community"], strict=True))
    for row in organizations.itertuples():
        kind = _organization_kind(row, asked)
        size = MARKS[kind].radius
        if kind in {"organization", "joint", "temporary"}:
            size = 8 + min(9.0, math.sqrt(facts.counts.get(str(row.organization_id), {}).get("n_members", 0)))
        community = "" if kind in {"street", "outside"} else _text(row.community)
        bodies.append(Body(str(row.organization_id), kind, community, round(size, 1)))
    for row in network.tables["units"].itertuples():
        unit = covering.get(str(row.unit_id))
        if unit is not None and unit.is_in_scope:
            kind = "covered" if unit.state in {"own", "joint"} else str(unit.state)
            anchor = _text(unit.organization_id)
            community = _text(row.community) or fallback
            is_near = bool(anchor) and place_of.get(anchor) == community
            bodies.append(Body(str(row.unit_id), kind, community, MARKS[kind].radius, anchor if is_near else ""))
    bodies += _undecided_units(network, asked, place_of, fallback)
    home = _first_place(network)
    for row in network.tables["committees"].itertuples():
        bodies.append(
            Body(str(row.committee_id), "committee", home.get(str(row.committee_id), ""), MARKS["committee"].radius)
        )
    names = network.community_names()
    seen = {body.community for body in bodies if body.community}
    return bodies, [*names, *sorted(seen - set(names))]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _organization_kind(row: Any, asked: set[str]) -> str:
    types = schema.vocabulary("organization_category").rows
    category = types.get(_text(row.org_type), {})
    if not row.is_listed:
        return "undecided" if row.organization_id in asked else "outside"
    if row.org_type == "working_committee":
        return "street"
    if row.is_community_org is not pd.NA and row.is_community_org:
        return "community"
    if category.get("is_joint") == "true":
        return "joint"
    return "temporary" if category.get("is_temporary") == "true" else "organization"


def _undecided_units(network: Network, asked: set[str], place_of: dict[str, Any], fallback: str) -> list[Body]:
    """Names in no ledger, drawn in the community of the organization that names them."""
    units = network.tables["units"]
    open_ids = set(units.loc[~units["is_listed"].astype(bool), "unit_id"])
    near: dict[str, str] = {}
    for source, target in zip(network.ties["source_id"], network.ties["target_id"], strict=True):
        for node, other in ((target, source), (source, target)):
            if node in open_ids and other in place_of:
                near.setdefault(node, _text(place_of[other]))
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
    """Every kind of the legend with its count; those absent are named with 0."""
    counts = pd.Series([body.kind for body in drawn], dtype="object").value_counts()
    return [
        {
            **_mark(kind, mark),
            "label": caption(f"kind_{kind}", lang),
            "n": int(counts.get(kind, 0)),
            "gap": kind in GAPS,
        }
        for kind, mark in MARKS.items()
    ]


def _layers(edges: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": caption(f"layer_{key}", lang),
            "color": color,
            "dashed": dashed,
            "n": sum(e["layer"] == key for e in edges),
        }
        for key, (color, dashed) in LAYERS.items()
    ]


def _territories(facts: Facts, placed: Placed) -> list[dict[str, Any]]:
    scope = facts.coverage[facts.coverage["is_in_scope"]]
    territories = []
    for name, (x, y, r) in placed.territories.items():
        here = scope[scope["community"] == name]
        n, covered = len(here), int(here["is_covered"].sum())
        n_gaps = int(here["state"].isin(GAPS).sum())
        n_work = int((here["state"] == "work").sum())
        said = caption("territory", facts.look.lang, share=percent(covered, n), n_gaps=n_gaps)
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


def _nodes(facts: Facts, drawn: list[Body], placed: Placed) -> list[dict[str, Any]]:
    network, lang = facts.network, facts.look.lang
    names = network.names()
    sources = {
        node: source
        for kind in ("organizations", "units", "committees")
        for node, source in zip(network.tables[kind].iloc[:, 0], network.tables[kind]["source"], strict=True)
    }
    detail = _Details(facts)
    nodes = []
    for body in drawn:
        x, y = placed.nodes[body.node]
        nodes.append({
            "name": names[body.node], "kind": body.kind, "x": x, "y": y, "size": body.radius, "place": body.community,
            "facts": detail.of(body), "findings": detail.findings.get(body.node, []),
            "sources": shown_source(sources[body.node], lang),
        })  # fmt: skip
    return nodes


class _Details:
    """The facts and findings of each node, in words."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        lang = facts.look.lang
        self.units = {row.unit_id: row for row in facts.coverage.itertuples()}
        rules = facts.policy.rules
        self.findings: dict[str, list[list[str]]] = {}
        for row in facts.findings.itertuples():
            rule = rules[str(row.rule_id)]
            said = [
                str(row.message),
                caption(str(row.force), lang),
                f"{rule.rule_id} {rule.title[lang]}",
                rule.cited(),
                caption(str(row.sure), lang),
            ]
            self.findings.setdefault(str(row.subject_id), []).append(said)
        self.superiors = self._ends("subordinate", "target_id", "source_id")
        self.holders = self._holders()
        claims = facts.network.ties[facts.network.ties["relation"] == "claims"]
        self.claims = claims["source_id"].value_counts().to_dict()

    def _ends(self, relation: str, value: str, key: str) -> dict[str, list[str]]:
        names = self.facts.network.names()
        ties = self.facts.network.ties
        chosen = ties[ties["relation"] == relation]
        return {str(node): [names[end] for end in sorted(set(ends))] for node, ends in chosen.groupby(key)[value]}

    def _holders(self) -> dict[str, list[str]]:
        """Posts and their holders as the edition may name them."""
        reduced = self.facts.network.edition(self.facts.look.edition)
        names = dict(zip(reduced.tables["members"]["member_id"], reduced.tables["members"]["name"], strict=True))
        posts = schema.vocabulary("post")
        found: dict[str, list[tuple[int, str]]] = {}
        held = reduced.ties[reduced.ties["relation"] == "holds_post"]
        for person, body, post in zip(held["source_id"], held["target_id"], held["post"], strict=True):
            codes = _text(post).split("\n")
            label = "、".join(posts.label(code, lang=self.facts.look.lang) for code in codes)
            rank = int(posts.rows.get(codes[0], {}).get("rank", "9"))
            found.setdefault(str(body), []).append((rank, f"{label} {names[person]}"))
        return {body: [said for _, said in sorted(pairs)] for body, pairs in found.items()}

    def of(self, body: Body) -> list[list[str]]:
        """Label and value, as the card lists them."""
        lang = self.facts.look.lang
        unit = self.units.get(body.node)
        kind = caption(f"kind_{body.kind}", lang)
        if unit is not None:
            kind = schema.vocabulary("unit_type").label(unit.unit_type, lang=lang) or kind
        lines = [[caption("fact_kind", lang), kind]]
        if body.community:
            lines.append([caption("fact_community", lang), body.community])
        if unit is not None:
            lines.append(
                [caption("fact_state", lang), schema.vocabulary("coverage_state").label(_text(unit.state), lang=lang)]
            )
            if isinstance(unit.organization, str):
                lines.append([caption("fact_organization", lang), unit.organization])
            if not pd.isna(unit.n_full):
                lines.append(
                    [
                        caption("fact_members", lang),
                        caption("fact_members_value", lang, n_members=unit.n_members, n_full=unit.n_full),
                    ]
                )
        elif body.node in self.facts.counts:
            lines.append(
                [caption("fact_members", lang), caption("fact_members_value", lang, **self.facts.counts[body.node])]
            )
        lines += [[caption("fact_superior", lang), name] for name in self.superiors.get(body.node, [])]
        lines += [[caption("fact_holders", lang), said] for said in self.holders.get(body.node, [])]
        if self.claims.get(body.node):
            lines.append([caption("col_projects", lang), caption("fact_ties_more", lang, n=self.claims[body.node])])
        return lines


def _edges(facts: Facts, index: dict[str, int]) -> list[dict[str, Any]]:
    """Ties between drawn nodes, each with its layer, its words and its rows; parallel ones bend apart."""
    lang = facts.look.lang
    relations = schema.vocabulary("relation")
    cooperation, progress = schema.vocabulary("cooperation"), schema.vocabulary("progress")
    ways = ("outward", "inward") if lang == "zh" else ("outward_en", "inward_en")
    edges: list[dict[str, Any]] = []
    bends: dict[tuple[int, int], int] = {}
    for row in facts.network.ties.itertuples():
        words = relations.rows[str(row.relation)]
        layer = words["layer"]
        if layer not in LAYERS or row.source_id not in index or row.target_id not in index:
            continue
        ends = index[str(row.source_id)], index[str(row.target_id)]
        pair = (min(ends), max(ends))
        bends[pair] = bends.get(pair, -1) + 1
        notes = [cooperation.label(code, lang=lang) for code in _text(row.category).split("\n") if code]
        notes += [_text(row.since), progress.label(_text(row.status), lang=lang), _text(row.content)]
        edges.append({
            "from": ends[0], "to": ends[1], "layer": layer, "label": [words[way] for way in ways],
            "bend": bends[pair], "note": " · ".join(note for note in notes if note),
            "sources": shown_source(str(row.source), lang),
        })  # fmt: skip
    return edges


def _gaps(facts: Facts, index: dict[str, int]) -> list[dict[str, Any]]:
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
            "label": states.label(str(row.state), lang=lang),
            "place": _text(row.community),
            "evidence": str(row.evidence),
            "sure": "" if row.sure == "certain" else caption(str(row.sure), lang),
        }
        for row in ordered.itertuples()
    ]


def _scenes(facts: Facts) -> list[dict[str, Any]]:
    lang = facts.look.lang
    numbers = headline_numbers(facts)
    return [
        {
            "key": key,
            "label": caption(f"scene_{key}", lang),
            "title": caption(f"title_{key}", lang, **numbers),
            "layers": list(layers),
            "kinds": list(kinds),
        }
        for key, (layers, kinds) in SCENES.items()
    ]


def _footer(facts: Facts) -> list[str]:
    network, lang = facts.network, facts.look.lang
    n_closed = int((~facts.coverage["is_in_scope"]).sum())
    return [
        caption(
            "footer", lang, as_of=network.as_of or "—", profile=facts.policy.label[lang],
            edition=caption(f"edition_{facts.look.edition}", lang), n_files=len(network.inputs),
        ),
        caption("left_out", lang, n_closed=n_closed),
    ]  # fmt: skip
