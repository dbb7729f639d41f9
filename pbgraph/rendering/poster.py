"""The whole map as one vector page for the wall: the positions of the page, drawn by matplotlib."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.rendering.canvas import drawable, new_figure
from pbgraph.rendering.facts import gather
from pbgraph.rendering.files import write_file
from pbgraph.rendering.look import INK, MARKS, RED, Look
from pbgraph.rendering.map_spec import MapSpec, map_spec
from pbgraph.rendering.style import house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_A3 = (16.54, 11.69)  # inches
_SHAPES = {"dot": "o", "square": "s", "triangle": "^", "triangleDown": "v", "diamond": "D", "hexagon": "h", "star": "*"}
_COAST = ("#3f7a70", "#c3d6d2", "#f59a0b")  # covered, under work coverage, gaps: as on the page
_HEADS = frozenset({"street", "community"})
_NAMED = _HEADS | {"committee", "organization", "joint", "temporary", "must-establish"}
_UNSHOWN = frozenset({"outside", "body", "grid"})
_LONGEST = 18  # characters of a name
_SMALLEST = 6.0  # points on A3: read at the wall from arm's length
_BRIEF_DPI = 110
_FORMATS: dict[str, dict[str, None]] = {".pdf": {"CreationDate": None, "ModDate": None}, ".svg": {"Date": None}}


def draw_poster(network: Network, path: str | Path, *, look: Look | None = None) -> Path:
    """Write the map as an A3 page; the suffix of `path`, .pdf or .svg, says which.

    Raises
    ------
    RenderError
        export-suffix for another suffix; output-not-writable, font-missing.

    """
    target = Path(path)
    if target.suffix.lower() not in _FORMATS:
        raise RenderError("export-suffix", path=target.name, choices="、".join(_FORMATS))
    chosen = look or Look()
    content = poster_bytes(map_spec(gather(network, look=chosen)), chosen, target.suffix.lower())
    return write_file(target, content, is_private=chosen.edition == "internal")


def poster_bytes(spec: MapSpec, look: Look, suffix: str) -> bytes:
    """The page from a specification, as .pdf, .svg or, for the brief, .png; no node gives a page with its title."""
    import matplotlib

    title = spec.scenes[0]["title"]
    options = (
        {"metadata": _FORMATS[suffix]} if suffix in _FORMATS else {"metadata": {"Software": None}, "dpi": _BRIEF_DPI}
    )
    texts = [title, *spec.footer, *(land["name"] + land["said"] for land in spec.territories)]
    texts += [node["name"] for node in spec.nodes] + [kind["label"] for kind in spec.kinds]
    with house_style(), matplotlib.rc_context({"svg.hashsalt": "pbgraph", "svg.fonttype": "path"}):
        figure, font = new_figure(texts, look, size=_A3)
        axes = figure.add_axes((0.02, 0.07, 0.96, 0.86))
        _ground(axes, spec, font)
        _marks(axes, spec)
        axes.autoscale_view()
        _names(axes, spec, font, kinds=_HEADS if suffix == ".png" else _NAMED)
        axes.set_aspect("equal")
        axes.invert_yaxis()
        axes.set_axis_off()
        figure.text(0.02, 0.955, title, fontproperties=font, fontsize=20, color=RED)
        figure.text(0.02, 0.018, "　".join(spec.footer), fontproperties=font, fontsize=8, color="#5c6068")
        _legend(figure, spec, font)
        stream = io.BytesIO()
        figure.savefig(stream, format=suffix[1:], **options)
    return stream.getvalue()


def _ground(axes: "Axes", spec: MapSpec, font: "FontProperties") -> None:
    """Territories with their coast of coverage, trays, and the ties of the first scene."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Arc, Circle

    for land in spec.territories:
        x, y, r = land["x"], land["y"], land["r"]
        axes.add_patch(Circle((x, y), r, facecolor="white", edgecolor="#e3ddd2", linewidth=1))
        total, start = sum(land["parts"]), 270.0
        for part, colour in zip(land["parts"], _COAST, strict=True):
            end = start + (360.0 * part / total if total else 0.0)
            if part:
                axes.add_patch(Arc((x, y), 2 * r, 2 * r, theta1=start, theta2=end, color=colour, linewidth=4))
            start = end
        axes.text(x, y - r * 0.86, drawable(land["name"]), fontproperties=font, fontsize=13, ha="center", color=INK)
        axes.text(x, y - r * 0.77, land["said"], fontproperties=font, fontsize=8.5, ha="center", color="#5c6068")
    for tray in spec.trays:
        colour = "#fff6e0" if tray["kind"] == "gaps" else "#f3f7f6"
        axes.add_patch(
            Circle(
                (tray["x"], tray["y"]), tray["r"], facecolor=colour, edgecolor="#d9b77a", linestyle="--", linewidth=0.7
            )
        )
    shown = set(spec.scenes[0]["relations"])
    ends = [(spec.nodes[e["from"]], spec.nodes[e["to"]]) for e in spec.edges if e["relation"] in shown]
    lines = [[(node["x"], node["y"]) for node in pair] for pair in ends]
    axes.add_collection(LineCollection(lines, colors="#8aa9a4", linewidths=0.5, zorder=1))


def _marks(axes: "Axes", spec: MapSpec) -> None:
    for kind, mark in MARKS.items():
        nodes = [node for node in spec.nodes if node["kind"] == kind and kind not in _UNSHOWN]
        if nodes:
            axes.scatter(
                [n["x"] for n in nodes], [n["y"] for n in nodes], s=[(n["size"] * 0.78) ** 2 for n in nodes],
                marker=_SHAPES[mark.shape], c=mark.fill, edgecolors=mark.edge, linewidths=0.6,
                linestyle="--" if mark.is_dashed else "-", zorder=2,
            )  # fmt: skip


def _names(axes: "Axes", spec: MapSpec, font: "FontProperties", *, kinds: frozenset[str]) -> None:
    """Names of what a wall is read for, the important ones first; one that would cover another is left out.

    The community's own name is cut from the front of those inside it.
    """
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2, foreground="white")]
    order = [kind for kind in MARKS if kind in kinds]
    unit = _points(axes)
    taken: list[tuple[float, float, float, float]] = []
    for node in sorted(
        (n for n in spec.nodes if n["kind"] in kinds), key=lambda n: (order.index(n["kind"]), -n["size"])
    ):
        place, name = node["place"], node["name"]
        is_head = node["kind"] in _HEADS
        cut = name.removeprefix(place) if not is_head and place and len(name) > len(place) + 2 else name
        size = 9.0 if is_head else _SMALLEST
        x, y = node["x"], node["y"] + node["size"] + 0.75 * size * unit
        half = 0.5 * size * unit * len(cut[:_LONGEST])
        box = (x - half, y - 0.6 * size * unit, x + half, y + 0.6 * size * unit)
        if any(box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for b in taken):
            continue
        taken.append(box)
        axes.text(
            x, y, drawable(cut[:_LONGEST]), fontproperties=font, fontsize=size, ha="center", va="center",
            color=RED if is_head else INK, zorder=3, path_effects=halo,
        )  # fmt: skip


def _points(axes: "Axes") -> float:
    """Map units of one point of type, from what is drawn so far."""
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    width, height = _A3[0] * 0.96 * 72, _A3[1] * 0.86 * 72
    return max((right - left) / width, abs(top - bottom) / height)


def _legend(figure: Any, spec: MapSpec, font: "FontProperties") -> None:
    from matplotlib.lines import Line2D

    present = [kind for kind in spec.kinds if kind["n"] and kind["key"] not in _UNSHOWN]
    handles = [
        Line2D(
            [],
            [],
            marker=_SHAPES[kind["shape"]],
            color="none",
            markerfacecolor=kind["fill"],
            markeredgecolor=kind["edge"],
            markersize=8,
        )
        for kind in present
    ]
    labels = [f"{kind['label']} {kind['n']}" for kind in present]
    small = font.copy()
    small.set_size(9)
    if handles:
        figure.legend(
            handles,
            labels,
            loc="lower center",
            bbox_to_anchor=(0.5, 0.03),
            ncols=min(8, len(handles)),
            prop=small,
            frameon=False,
        )
