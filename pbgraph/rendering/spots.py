"""Where and how every node of a network stands in a drawing by another program, as on our map.

What the map draws stands where it stands there. Of the rest, a community is in the middle of its territory, and
everything else beside what it has a tie with; what has no tie stands in rows below.
"""

import math
from collections import defaultdict
from dataclasses import dataclass

from pbgraph.analyses.coverage import coverage
from pbgraph.editions import PERSONS
from pbgraph.model import ID_COLUMNS, KINDS
from pbgraph.network import Network, member_counts
from pbgraph.rendering.look import MARKS, OTHER_COLOURS, Look
from pbgraph.rendering.map_layout import Placed
from pbgraph.rendering.map_spec import placed_bodies
from pbgraph.rendering.packing import sunflower

_SMALL = 4.0  # radius of what the map does not draw
_ROW = 40  # nodes without a tie in a row
_STEP = 24.0


@dataclass(frozen=True)
class Spot:
    """A place (y downwards, as on a screen), and the mark: `kind` is one of the map, or of a table."""

    x: float
    y: float
    kind: str
    shape: str
    fill: str
    edge: str
    radius: float


def node_spots(network: Network, *, judged: Network | None = None, look: Look | None = None) -> dict[str, Spot]:
    """The spot of every node by its id; the same rows give the same spots.

    An edition may lack what coverage is `judged` by: the network itself by default.
    """
    lang, whole = (look or Look()).lang, judged or network
    bodies, _, placed = placed_bodies(whole, units=coverage(whole), counts=member_counts(whole), lang=lang)
    spots = {}
    shown = _shown_ids(whole, network)
    for body in bodies:
        if body.node in placed.nodes:
            (x, y), mark = placed.nodes[body.node], MARKS[body.kind]
            radius = float(body.radius)
            spots[shown[body.node]] = Spot(float(x), float(y), body.kind, mark.shape, mark.fill, mark.edge, radius)
    kinds = {node: kind for kind in KINDS for node in network.tables[kind][ID_COLUMNS[kind]]}
    _add_communities(spots, network, placed)
    _add_neighbours(spots, network, kinds)
    foot = max((spot.y for spot in spots.values()), default=0.0) + 3 * _STEP
    for index, node in enumerate(sorted(kinds.keys() - spots.keys())):
        row, column = divmod(index, _ROW)
        spots[node] = _small((column - _ROW / 2) * _STEP, foot + row * _STEP, kinds[node])
    return spots


def _shown_ids(whole: Network, network: Network) -> dict[str, str]:
    """The id in an edition for each id of the network that it was made from: its rows stand in the same order."""
    kinds = [kind for kind in KINDS if kind not in PERSONS]
    pairs = [(whole.tables[kind][ID_COLUMNS[kind]], network.tables[kind][ID_COLUMNS[kind]]) for kind in kinds]
    return {own: other for one, two in pairs for own, other in zip(one, two, strict=True)}


def _small(x: float, y: float, kind: str) -> Spot:
    fill = OTHER_COLOURS[kind]
    return Spot(round(x, 1), round(y, 1), kind, "dot", fill, "#6b6b6b", _SMALL)


def _add_communities(spots: dict[str, Spot], network: Network, placed: Placed) -> None:
    frame = network.tables["communities"]
    for node, name in zip(frame["community_id"], frame["name"], strict=True):
        if name in placed.territories:
            x, y, radius = placed.territories[name]
            spots[node] = _small(x, y - radius, "communities")


def _add_neighbours(spots: dict[str, Spot], network: Network, kinds: dict[str, str]) -> None:
    """Around each node that stands, those that have a tie with it and stand nowhere yet; then around these."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for source, target in zip(network.ties["source_id"], network.ties["target_id"], strict=True):
        neighbours[source].add(target)
        neighbours[target].add(source)
    waiting = [node for node in sorted(kinds) if node not in spots]
    while waiting:
        around: dict[str, list[str]] = defaultdict(list)
        for node in waiting:
            near = [other for other in neighbours[node] if other in spots]
            if near:
                around[min(near, key=lambda other: (kinds[other] == "communities", other))].append(node)
        if not around:
            return
        for centre, nodes in around.items():
            middle = spots[centre]
            for node, (x, y) in zip(nodes, sunflower(len(nodes), radius=_SMALL, gap=2.0), strict=True):
                stretch = 1 + (middle.radius + _SMALL) / max(math.hypot(x, y), 1.0)
                spots[node] = _small(middle.x + x * stretch, middle.y + y * stretch, kinds[node])
        waiting = [node for node in waiting if node not in spots]
