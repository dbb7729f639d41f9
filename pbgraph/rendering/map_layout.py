"""Where everything stands: communities are places, organizations around their community's own.

In each community: its organization in the middle, beside it the committee; around them every
organization with the units it covers in a ring; the gaps together in a tray at the foot, the
units under work coverage in another. The street stands in the middle, superiors outside it at
the rim. Positions are computed from the data alone: the same rows give the same picture.
"""

import math
from dataclasses import dataclass, field

from pbgraph.rendering.look import GAPS, MARKS
from pbgraph.rendering.packing import enclosing, middle, packed, sunflower

_GAP = 7.0
_TRAY_GAP = 11.0
_TERRITORY_GAP = 46.0
_RIM_STEP = 40.0  # between two superiors at the rim: room for a label
_LABEL_ROOM = 14.0  # between what a territory holds and its coast
_NAME_SHARE = 0.2  # of a territory's radius, at its head, kept free for its name
_SCREEN = 1.5  # width to height of the space beside the panels


@dataclass
class Body:
    """A node to be placed; `anchor` is the node it belongs beside."""

    node: str
    kind: str
    community: str
    radius: float
    anchor: str = ""


@dataclass
class Placed:
    """Positions by node, and the territories and trays as circles (x, y, radius)."""

    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    territories: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    trays: list[tuple[float, float, float, str]] = field(default_factory=list)


@dataclass
class _Cluster:
    """Nodes placed around their own origin, and the radius that holds them."""

    places: dict[str, tuple[float, float]]
    radius: float
    tray: str = ""


def text_of(value: object) -> str:
    """A cell of a frame as text, "" for null."""
    return value if isinstance(value, str) else ""


def place_bodies(bodies: list[Body], communities: list[str], *, links: dict[str, list[str]]) -> Placed:
    """Place every body; `links` names, for a superior outside, the organizations under it."""
    placed = Placed()
    here = {community: [b for b in bodies if b.community == community] for community in communities}
    here = {community: inside for community, inside in here.items() if inside}
    territories = {community: _territory(inside) for community, inside in here.items()}
    middle = [b for b in bodies if b.community not in here and b.kind != "outside"]
    core = _core(middle)
    order = sorted(territories, key=communities.index)
    radii = [core.radius, *(territories[community][0].radius for community in order)]
    centres = _around(radii)
    _put(placed, core, centres[0])
    for community, centre in zip(order, centres[1:], strict=True):
        cluster, trays = territories[community]
        _put(placed, cluster, centre)
        placed.territories[community] = (*centre, round(cluster.radius, 1))
        placed.trays += [(centre[0] + x, centre[1] + y, r, kind) for x, y, r, kind in trays]
    _rim(placed, [b for b in bodies if b.kind == "outside"], links)
    return placed


def _around(radii: list[float]) -> list[tuple[float, float]]:
    """The street in the middle and the communities in rows around it, in their own order.

    The number of rows is the one whose outline is nearest to a wide screen.
    """
    n = len(radii) - 1
    if n < 1:
        return [(0.0, 0.0)] * len(radii)
    widest = max(radii[1:])
    step = 2 * widest + _TERRITORY_GAP
    rows = min(range(1, n + 1), key=lambda count: (abs(math.ceil(n / count) / count - _SCREEN), count))
    columns = math.ceil(n / rows)
    hole = 0.41 * step if rows > 1 and columns % 2 == 0 else 0.0  # between four circles there is room
    room = max(0.0, 2 * radii[0] + _TERRITORY_GAP / 2 - hole)
    above = (rows + 1) // 2
    centres = [(0.0, 0.0)]
    for index in range(n):
        row, column = divmod(index, columns)
        in_row = min(columns, n - row * columns)
        x = (column - (in_row - 1) / 2) * step
        y = (row - above + 0.5) * step + (room / 2 if row >= above else -room / 2)
        centres.append((round(x, 1), round(y, 1)))
    return centres


def _put(placed: Placed, cluster: _Cluster, centre: tuple[float, float]) -> None:
    for node, (x, y) in cluster.places.items():
        placed.nodes[node] = (round(centre[0] + x, 1), round(centre[1] + y, 1))


def _core(bodies: list[Body]) -> _Cluster:
    """The street's own organizations in a row, the working committee in the middle."""
    ordered = sorted(bodies, key=lambda b: (b.kind != "street", -b.radius, b.node))
    places, reach = {}, [0.0, 0.0]
    for index, body in enumerate(ordered):
        side = index % 2 if index else 0
        x = (reach[side] + body.radius + _GAP * 6 if index else 0.0) * (1 if side else -1)
        places[body.node] = (x, 0.0)
        reach = [body.radius, body.radius] if index == 0 else [*reach[:side], abs(x) + body.radius, *reach[side + 1 :]]
    return _Cluster(places, max((body.radius for body in bodies), default=0.0) + _LABEL_ROOM)


def _territory(bodies: list[Body]) -> tuple[_Cluster, list[tuple[float, float, float, str]]]:
    """One community, packed; and its trays relative to its centre."""
    heads = [b for b in bodies if b.kind in {"community", "place", "committee"}]
    core = _row(heads)
    covering = [b for b in bodies if b.kind in {"organization", "joint", "temporary"}]
    clusters = sorted((_flower(body, bodies) for body in covering), key=lambda c: (-c.radius, min(c.places)))
    loose = {b.node for b in covering} | {b.node for b in heads}
    rest = [b for b in bodies if b.node not in loose and b.anchor not in loose]
    trays = [_tray(kind, [b for b in rest if _tray_of(b.kind) == kind]) for kind in _TRAYS]
    trays = [tray for tray in trays if tray.places]
    attached = [_beside(core, [b for b in bodies if b.anchor in {h.node for h in heads}])]
    parts = [attached[0], *sorted([*trays, *clusters], key=lambda c: -c.radius)]
    centres = packed([part.radius for part in parts], gap=_GAP)
    turn = _turn_to_foot(parts, centres)
    cluster = _Cluster({}, 0.0)
    circles = []
    for part, centre in zip(parts, centres, strict=True):
        x, y = _turned(centre, turn)
        cluster.places |= {node: (x + dx, y + dy) for node, (dx, dy) in part.places.items()}
        if part.tray:
            circles.append((x, y, part.radius, part.tray))
    turned = [_turned(centre, turn) for centre in centres]
    (left, top), inside = middle([*turned], [part.radius for part in parts])
    inside += _LABEL_ROOM
    cluster.radius = inside * (1 + _NAME_SHARE)
    drop = inside * _NAME_SHARE * 0.85 - top
    cluster.places = {node: (x - left, y + drop) for node, (x, y) in cluster.places.items()}
    return cluster, [(x - left, y + drop, r, kind) for x, y, r, kind in circles]


_TRAYS = ("gaps", "work", "undecided", "bodies", "grids")


def _row(heads: list[Body]) -> _Cluster:
    """The community's organization and its committee side by side."""
    ordered = sorted(heads, key=lambda b: (b.kind == "committee", b.node))
    width = sum(2 * body.radius + 14 for body in ordered)
    places, x = {}, -width / 2
    for body in ordered:
        x += body.radius + 7
        places[body.node] = (x, 0.0)
        x += body.radius + 7
    return _Cluster(places, max(width / 2, 20.0) + 8)


def _beside(core: _Cluster, units: list[Body]) -> _Cluster:
    """Units covered by the community's own organization, on a ring around the core."""
    for index, body in enumerate(sorted(units, key=lambda b: b.node)):
        angle = 2 * math.pi * index / max(len(units), 1) + math.pi / 2
        ring = core.radius + body.radius
        core.places[body.node] = (ring * math.cos(angle), ring * math.sin(angle))
    return _Cluster(core.places, core.radius + (2 * MARKS["covered"].radius if units else 0))


def _flower(body: Body, bodies: list[Body]) -> _Cluster:
    """An organization with its units around it."""
    units = sorted((b for b in bodies if b.anchor == body.node), key=lambda b: b.node)
    places = {body.node: (0.0, 0.0)}
    radius, index = body.radius, 0
    while index < len(units):
        size = max(unit.radius for unit in units[index:])
        ring = radius + 5 + size
        room = max(1, int(math.pi / math.asin(min(1.0, (size + 2) / ring))))
        chosen = units[index : index + room]
        for number, unit in enumerate(chosen):
            angle = 2 * math.pi * number / len(chosen) - math.pi / 2
            places[unit.node] = (ring * math.cos(angle), ring * math.sin(angle))
        radius, index = ring + size, index + room
    return _Cluster(places, radius + 2)


def _tray_of(kind: str) -> str:
    return "gaps" if kind in GAPS else {"undecided": "undecided", "body": "bodies", "grid": "grids"}.get(kind, "work")


def _tray(kind: str, bodies: list[Body]) -> _Cluster:
    """Units without an organization, together; the strongest gaps in the middle."""
    order = [*GAPS, "work", "covered", "undecided"]
    ordered = sorted(bodies, key=lambda b: (order.index(b.kind) if b.kind in order else 99, b.node))
    size = max((body.radius for body in ordered), default=0.0)
    places = sunflower(len(ordered), radius=size, gap=_TRAY_GAP)
    radius = enclosing(places, [size] * len(ordered)) + 6
    return _Cluster(dict(zip([b.node for b in ordered], places, strict=True)), radius, kind)


def _turn_to_foot(parts: list[_Cluster], centres: list[tuple[float, float]]) -> float:
    """The angle that brings the tray of gaps straight below the centre."""
    for part, (x, y) in zip(parts, centres, strict=True):
        if part.tray == "gaps" and (x or y):
            return math.pi / 2 - math.atan2(y, x)
    return 0.0


def _turned(place: tuple[float, float], angle: float) -> tuple[float, float]:
    x, y = place
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def _rim(placed: Placed, outside: list[Body], links: dict[str, list[str]]) -> None:
    """Superiors outside the street in a column on the side where their organizations are."""
    reach = max((abs(x) + r for x, _, r in placed.territories.values()), default=120.0)
    sides: dict[int, list[tuple[float, str]]] = {-1: [], 1: []}
    for body in outside:
        under = [placed.nodes[node] for node in links.get(body.node, []) if node in placed.nodes]
        x = sum(place[0] for place in under) / len(under) if under else 0.0
        y = sum(place[1] for place in under) / len(under) if under else 0.0
        side = -1 if x < 0 else 1
        sides[side].append((y, body.node))
    while abs(len(sides[-1]) - len(sides[1])) > 1:
        longer = -1 if len(sides[-1]) > len(sides[1]) else 1
        sides[-longer].append(sides[longer].pop())
    for side, column in sides.items():
        column.sort()
        step = max(_RIM_STEP, 1.5 * reach / max(len(column), 1))
        for index, (_, node) in enumerate(column):
            y = (index - (len(column) - 1) / 2) * step
            placed.nodes[node] = (round(side * (reach + 130), 1), round(y, 1))
