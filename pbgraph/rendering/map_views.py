"""The views of the map beside that of places: levels, committees, pairs, and coordinates where they are given.

A view is a position for each node that it shows, and headings painted behind them. The same node
keeps its order from view to view: communities stand in the office's order, names in that of the list.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.map_layout import Body, text_of

_CELL = (132.0, 62.0)  # room for a name of nine characters below its mark
_BLOCK_GAP = 52.0
_ROW_GAP = 86.0
_SCREEN = 1.6  # width to height of the space beside the panels
_PAIR_GAP = 560.0  # between the two sides of a bipartite view
_PAIR_STEP = 34.0
_STRETCH = 1.9  # of a cell: more says nothing more
_KM = 1600.0  # map units of a degree of latitude at the scale of a street, before it is fitted


@dataclass
class View:
    """Positions by node, headings (x, y, text, size), and the width that a name has beside its neighbours."""

    key: str
    places: dict[str, tuple[float, float]] = field(default_factory=dict)
    heads: list[dict[str, Any]] = field(default_factory=list)
    cell: float = 0.0


def views(facts: Facts, bodies: list[Body], communities: list[str]) -> list[View]:
    """Every view that has something to show, in the order of the buttons."""
    makers: tuple[Callable[[Facts, list[Body], list[str]], View], ...] = (_levels, _committees, _pairs, _coordinates)
    made = [maker(facts, bodies, communities) for maker in makers]
    return [view for view in made if view.places]


def view_columns(view: View, order: list[str], lang: str) -> dict[str, Any]:
    """A view as the page holds it: x and y by node in turn, null where it is not shown."""
    flat: list[float | None] = []
    for node in order:
        x, y = view.places.get(node, (None, None))
        flat += [None if x is None else round(x, 1), None if y is None else round(y, 1)]
    return {
        "key": view.key,
        "label": caption(f"view_{view.key}", lang),
        "xy": flat,
        "heads": view.heads,
        "cell": round(view.cell or _CELL[0], 1),
    }


@dataclass
class _Block:
    """One community of the view of levels: its own organization, those below it, those under a superior outside."""

    community: str
    heads: list[str]
    own: list[str]
    others: list[str]

    def rows(self, columns: int) -> int:
        """Rows of cells that it fills."""
        return math.ceil(len(self.own) / columns) + math.ceil(len(self.others) / columns)


def _levels(facts: Facts, bodies: list[Body], communities: list[str]) -> View:
    """The organization as an office draws it: the street, the communities, under each its organizations by level."""
    view = View("levels")
    above = _superiors(facts.network)
    outside = {body.node for body in bodies if body.kind == "outside"}
    blocks = _blocks(facts, bodies, communities, above, outside)
    if not blocks:
        return view
    columns = max((n for n in range(1, 13) if _shape(blocks, n) <= _SCREEN), default=1)
    view.cell = _CELL[0] * min(_STRETCH, max(1.0, _SCREEN / _shape(blocks, columns)))
    width = columns * view.cell
    x = -(len(blocks) * (width + _BLOCK_GAP) - _BLOCK_GAP) / 2
    foot = 2 * _ROW_GAP
    for block in blocks:
        middle = x + width / 2
        for number, node in enumerate(block.heads):
            view.places[node] = (middle + (number - (len(block.heads) - 1) / 2) * view.cell, _ROW_GAP)
        view.heads.append({"x": middle, "y": _ROW_GAP - 52, "text": block.community, "size": 20})
        y = _grid(view, block.own, x, 2 * _ROW_GAP, columns)
        if block.others:
            said = caption("view_levels_outside", facts.look.lang)
            view.heads.append({"x": middle, "y": y - 4, "text": said, "size": 12})
            y = _grid(view, block.others, x, y + 34, columns)
        foot = max(foot, y)
        x += width + _BLOCK_GAP
    top = [b for b in bodies if b.kind in _ABOVE and b.node not in view.places and not b.community]
    _row(view, [b.node for b in sorted(top, key=lambda b: (b.kind != "street", b.node))], -_ROW_GAP * 0.6)
    if outside:
        view.heads.append({"x": 0.0, "y": foot + 16, "text": caption("kind_outside", facts.look.lang), "size": 14})
        _row(view, _by_middle(view, outside, above), foot + 62)
    return view


def _blocks(
    facts: Facts, bodies: list[Body], communities: list[str], above: dict[str, str], outside: set[str]
) -> list[_Block]:
    listed = facts.network.tables["organizations"].set_index("organization_id")
    categories = schema.vocabulary("organization_category").rows
    rank = {code: (row["level"], number) for number, (code, row) in enumerate(categories.items())}

    def order(node: str) -> tuple[tuple[str, int], str]:
        return rank.get(text_of(listed["org_type"].get(node)), ("9", 99)), str(listed["name"].get(node))

    blocks = []
    for community in communities:
        inside = [b for b in bodies if b.community == community and b.kind in _ORGANIZATIONS]
        rest = sorted((b.node for b in inside if b.kind != "community"), key=order)
        heads = [b.node for b in inside if b.kind == "community"]
        own = [node for node in rest if above.get(node) not in outside]
        others = [node for node in rest if above.get(node) in outside]
        if inside:
            blocks.append(_Block(community, heads, own, others))
    return blocks


def _shape(blocks: list[_Block], columns: int) -> float:
    """Width over height of the view with so many columns in each block."""
    height = 4.5 * _ROW_GAP + max(block.rows(columns) for block in blocks) * _CELL[1]
    return len(blocks) * (columns * _CELL[0] + _BLOCK_GAP) / height


def _by_middle(view: View, outside: set[str], above: dict[str, str]) -> list[str]:
    """Superiors in the order of the mean place of those under them, so that few lines cross."""
    under: dict[str, list[float]] = {}
    for node, superior in above.items():
        if superior in outside and node in view.places:
            under.setdefault(superior, []).append(view.places[node][0])
    means = {node: sum(under.get(node, [0.0])) / len(under.get(node, [0.0])) for node in outside}
    return sorted(outside, key=lambda node: (means[node], node))


_ABOVE = frozenset({"street", "organization", "temporary"})
_ORGANIZATIONS = frozenset({"community", "organization", "joint", "temporary"})


def _superiors(network: Network) -> dict[str, str]:
    ties = network.ties[network.ties["relation"] == "subordinate"].sort_values(["source_id", "target_id"])
    return dict(ties.drop_duplicates("source_id")[["source_id", "target_id"]].itertuples(index=False, name=None))


def _grid(view: View, nodes: list[str], x: float, y: float, columns: int) -> float:
    """Nodes in rows from the left; returns the foot."""
    for number, node in enumerate(nodes):
        row, column = divmod(number, columns)
        view.places[node] = (x + (column + 0.5) * view.cell, y + row * _CELL[1])
    return y + math.ceil(len(nodes) / columns) * _CELL[1]


def _row(view: View, nodes: list[str], y: float) -> None:
    """Nodes side by side around the middle, two deep where there are many."""
    step = max(view.cell, _CELL[0] * 1.25)
    for number, node in enumerate(nodes):
        view.places[node] = (
            (number - (len(nodes) - 1) / 2) * step,
            y + (26.0 if number % 2 and len(nodes) > 6 else 0.0),
        )


def _committees(facts: Facts, bodies: list[Body], communities: list[str]) -> View:
    """Each committee with those that take part in it; bodies on several committees stand between them."""
    ties = facts.network.ties[
        facts.network.ties["relation"].isin(["participates", "leads", "dual_management", "direct_management"])
    ]
    pairs = ties[["source_id", "target_id"]].to_numpy().tolist()
    sides = [(s, t) if t.startswith("committee:") else (t, s) for s, t in pairs]
    return _bipartite("committees", sides, bodies, communities, left="committee")


def _pairs(facts: Facts, bodies: list[Body], communities: list[str]) -> View:
    """Organizations on the left, those that they build with or are paired with on the right."""
    ties = facts.network.ties[facts.network.ties["relation"].isin(["co_building", "paired_with"])]
    sides = [(target, source) for source, target in ties[["source_id", "target_id"]].to_numpy().tolist()]
    return _bipartite("pairs", sides, bodies, communities, left="organization")


def _bipartite(
    key: str, pairs: list[tuple[str, str]], bodies: list[Body], communities: list[str], *, left: str
) -> View:
    """Two columns, each in the order that crosses fewest lines: right by the mean place of its ends, in blocks.

    The right side is folded into blocks beside each node of the left, so that the picture keeps the shape of a screen.
    """
    view = View(key)
    drawn = {body.node: body for body in bodies}
    place = {name: number for number, name in enumerate(communities)}
    known = [(right, node) for right, node in pairs if right in drawn and node in drawn]
    lefts = sorted(
        {node for _, node in known}, key=lambda n: (place.get(drawn[n].community, 99), drawn[n].kind != left, n)
    )
    ends: dict[str, set[str]] = {}
    for right, node in known:
        if right not in lefts:
            ends.setdefault(right, set()).add(node)
    order = {node: number for number, node in enumerate(lefts)}
    own: dict[str, list[str]] = {node: [] for node in lefts}
    for right in sorted(ends, key=lambda n: (drawn[n].kind != "community", len(ends[n]), n)):
        own[min(ends[right], key=lambda node: order[node])].append(right)
    deep = max(1, round(math.sqrt(len(ends) * _CELL[1] / (_CELL[0] * _SCREEN * 0.8)))) if ends else 1
    per_row = max(2, math.ceil(len(ends) / max(1, deep * 3)))
    height = sum(max(1, math.ceil(len(own[node]) / per_row)) * _CELL[1] + _PAIR_STEP for node in lefts)
    view.cell = min(_STRETCH * _CELL[0], max(_CELL[0], (_SCREEN * height - _PAIR_GAP) / per_row))
    y = 0.0
    for node in lefts:
        rows = max(1, math.ceil(len(own[node]) / per_row))
        view.places[node] = (0.0, y + (rows - 1) * _CELL[1] / 2)
        for number, right in enumerate(own[node]):
            row, column = divmod(number, per_row)
            view.places[right] = (_PAIR_GAP * 0.6 + column * view.cell, y + row * _CELL[1])
        y += rows * _CELL[1] + _PAIR_STEP
    return view


def _coordinates(facts: Facts, bodies: list[Body], communities: list[str]) -> View:
    """Where longitude and latitude are given: an equirectangular picture of them, north up."""
    found: dict[str, tuple[float, float]] = {}
    for kind, column in (("organizations", "organization_id"), ("units", "unit_id")):
        frame = facts.network.tables[kind]
        if {"lng", "lat"} <= set(frame):
            known = frame.dropna(subset=["lng", "lat"])
            found |= {
                n: (float(x), float(y)) for n, x, y in zip(known[column], known["lng"], known["lat"], strict=True)
            }
    drawn = [body.node for body in bodies if body.node in found]
    if len(drawn) < 2:
        return View("coordinates")
    lngs, lats = pd.Series([found[n][0] for n in drawn]), pd.Series([found[n][1] for n in drawn])
    middle, east = lats.mean(), math.cos(math.radians(lats.mean()))
    spread = max((lngs.max() - lngs.min()) * east, lats.max() - lats.min()) or 1.0
    unit = _KM / spread
    places = {n: ((found[n][0] - lngs.mean()) * east * unit, (middle - found[n][1]) * unit) for n in drawn}
    return View("coordinates", places)
