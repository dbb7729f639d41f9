"""The first scene of the map as a picture, for where no script runs: territories, ties, marks, names of communities."""

import io
from collections import defaultdict
from typing import Any

from pbgraph.rendering.canvas import Drawing, drawable, new_figure
from pbgraph.rendering.look import INK, QUIET, Look
from pbgraph.rendering.map_spec import MapSpec
from pbgraph.rendering.style import house_style

_SIZE, _DPI = (11.0, 6.2), 96  # inches: as wide as a cell of a notebook
_MARKERS = {
    "dot": "o", "square": "s", "diamond": "D", "hexagon": "h", "star": "*", "triangle": "^", "triangleDown": "v",
}  # fmt: skip
_POINTS = 72
_ROOM = 60.0  # around everything, in units of the map


def still_picture(spec: MapSpec, look: Look) -> bytes:
    """A PNG of the first scene; a map without a node is its title."""
    scene = spec.scenes[0] if spec.scenes else {"title": spec.title, "relations": [], "kinds": []}
    said = [scene["title"], *(part for place in spec.territories for part in (place["name"], place["said"]))]
    with house_style():
        figure, font = new_figure(said, look, size=_SIZE)
        axes = figure.add_axes((0.0, 0.0, 1.0, 0.94))
        axes.set_axis_off()
        axes.set_aspect("equal")
        for place in spec.territories:
            _territory(axes, place, font)
        _ties(axes, spec, set(scene["relations"]))
        axes.autoscale_view()
        axes.invert_yaxis()
        axes.margins(0.02, 0.08)  # above stand the names of communities
        _nodes(figure, axes, spec, set(scene["kinds"]))
        figure.text(0.015, 0.95, drawable(scene["title"]), fontproperties=font, fontsize=13, color=INK)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=_DPI, metadata={"Software": None})
    return stream.getvalue()


def _territory(axes: Any, place: dict[str, Any], font: Any) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((place["x"], place["y"]), place["r"], facecolor="#fdf9f2", edgecolor="#e6d9c3", linewidth=1))
    words = ((place["name"], 11, INK, _ROOM / 2), (place["said"], 8, QUIET, 0.0))
    for text, size, colour, rise in words:
        axes.text(
            place["x"], place["y"] - place["r"] - rise, drawable(text), fontproperties=font, fontsize=size,
            color=colour, ha="center", va="bottom",
        )  # fmt: skip


def _ties(axes: Any, spec: MapSpec, relations: set[str]) -> None:
    from matplotlib.collections import LineCollection

    places = [(node["x"], node["y"]) for node in spec.nodes]
    drawn = [edge for edge in spec.edges if edge["relation"] in relations]
    lines = [(places[edge["from"]], places[edge["to"]]) for edge in drawn]
    axes.add_collection(LineCollection(lines, colors="#9fb5b1", linewidths=0.6, zorder=1.5))


def _nodes(figure: Drawing, axes: Any, spec: MapSpec, kinds: set[str]) -> None:
    """The marks by kind, as large as on the map."""
    figure.canvas.draw()
    (left, _), (right, _) = axes.transData.transform([(0.0, 0.0), (1.0, 0.0)])
    unit = abs(right - left) * _POINTS / figure.dpi  # points to a unit of the map
    marks = {kind["key"]: kind for kind in spec.kinds}
    of_kind = defaultdict(list)
    for node in spec.nodes:
        if node["kind"] in kinds and node["kind"] in marks:
            of_kind[node["kind"]].append(node)
    for key, nodes in of_kind.items():
        mark = marks[key]
        axes.scatter(
            [node["x"] for node in nodes], [node["y"] for node in nodes], marker=_MARKERS[mark["shape"]],
            s=[(2 * node["size"] * unit) ** 2 for node in nodes], facecolor=mark["fill"], edgecolor=mark["edge"],
            linewidths=0.6, zorder=2,
        )  # fmt: skip
