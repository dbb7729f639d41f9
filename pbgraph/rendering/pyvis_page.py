"""The network for those who know pyvis: a `pyvis.network.Network` that looks like our map and can be changed."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pbgraph import schema
from pbgraph.captions import caption, shown_source
from pbgraph.network import Network
from pbgraph.rendering.look import LAYERS, MARKS, Look
from pbgraph.rendering.spots import node_spots
from pbgraph.summary import kind_label

if TYPE_CHECKING:
    from pyvis.network import Network as PyvisNetwork

_OUTSIDE = re.compile(r"<(link|script)\b[^>]*https://[^>]*?(/>|>\s*</script>)")
_MOST_ROWS = 5
_LARGE = 15  # radius of the nodes with large labels


def to_pyvis(network: Network, *, look: Look | None = None) -> "PyvisNetwork":
    """The graph with members folded as a pyvis network: places, kinds, labels and titles set, physics off.

    Nothing is fetched: scripts stand in the page (`cdn_resources="in_line"`). Titles are text. `group` is the kind in
    words; ties to a place are hidden, since where a node stands says it. To keep the page:
    `Path("net.html").write_text(to_pyvis(network).generate_html(), "utf-8")`.

    Parameters
    ----------
    network
        Not changed.
    look
        Language and edition; the edition "meeting" is the default.

    """
    from pyvis.network import Network as PyvisNetwork

    chosen = look or Look()
    reduced = network.edition(chosen.edition)
    graph, spots = reduced.graph(members=False), node_spots(reduced, judged=network.veiled(chosen.edition), look=chosen)
    page = PyvisNetwork(height="90vh", width="100%", directed=True, cdn_resources="in_line")
    _take_off_line(page)
    page.toggle_physics(False)  # noqa: FBT003  # pyvis takes it so
    for node, attributes in graph.nodes(data=True):
        spot = spots[node]
        kind = _kind(spot.kind, chosen.lang)
        lines = [attributes["label"], kind, str(attributes.get("community", ""))]
        if attributes.get("n_members") is not None:
            lines.append(f"{caption('fact_members', chosen.lang)} {attributes['n_members']}")
        page.add_node(
            node, label=attributes["label"], title=_title(lines, attributes["origin"], chosen.lang), group=kind,
            x=spot.x, y=spot.y, shape=spot.shape, size=spot.radius, physics=False,
            font={"size": 12 if spot.radius > _LARGE else 7},
        )  # fmt: skip
        page.get_node(node)["color"] = {"background": spot.fill, "border": spot.edge}  # pyvis drops it beside a group
    relations = schema.vocabulary("relation")
    for source, target, attributes in graph.edges(data=True):
        code = attributes["relation"]
        layer = relations.rows[code]["layer"]
        said = [str(attributes.get(key, "")) for key in ("since", "content")]
        lines = [relations.label(code, lang=chosen.lang), *said]
        page.add_edge(
            source, target, title=_title(lines, attributes["origin"], chosen.lang), relation=code, width=1,
            color=LAYERS.get(layer, "#c9c5bd"), arrows={"to": {"enabled": True, "scaleFactor": 0.4}},
            hidden=layer == "place",  # where a node stands says it
        )  # fmt: skip
    return page


def _kind(kind: str, lang: str) -> str:
    return caption(f"kind_{kind}", lang) if kind in MARKS else kind_label(kind, lang)


def _title(lines: list[str], origin: str, lang: str) -> str:
    """Lines of text and where they come from; pyvis shows a title as HTML where it finds a link in one."""
    rows = shown_source(origin, lang) if origin else []
    shown = [*lines, *rows[:_MOST_ROWS], *(["…"] if len(rows) > _MOST_ROWS else [])]
    return "\n".join(line for line in shown if line).replace("href", "hre\u200bf")


def _take_off_line(page: "PyvisNetwork") -> None:
    """Leave out of pyvis's page what it fetches from elsewhere, whatever its resources are set to."""
    from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

    text = _OUTSIDE.sub("", Path(page.template_dir, page.path).read_text("utf-8"))
    loader = ChoiceLoader([DictLoader({page.path: text}), FileSystemLoader(page.template_dir)])
    page.templateEnv = Environment(loader=loader)
