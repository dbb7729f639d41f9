"""One file for other programs: GraphML (yEd, Gephi), GEXF (Gephi), JSON (d3), or a folder of Parquet.

Nodes carry their printed name as label, the place that they have on our map, and the colour of their kind.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import networkx as nx
from networkx.readwrite.graphml import GraphMLWriter

from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.plugins import by_suffix
from pbgraph.rendering.files import BLANK_STAMP, is_stamped, stamped, write_file, write_folder
from pbgraph.rendering.look import Look
from pbgraph.rendering.spots import Spot, node_spots

_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
_YED = "http://www.yworks.com/xml/graphml"
_YED_SHAPES = {
    "dot": "ellipse", "square": "rectangle", "diamond": "diamond", "hexagon": "hexagon", "star": "star5",
    "triangle": "triangle", "triangleDown": "triangle2",
}  # fmt: skip
Spots = Mapping[str, Spot]


def export(network: Network, path: str | Path, *, edition: str = "meeting") -> Path:
    """Write the network by the suffix of the path: .graphml, .gexf, .json or .parquet, or one of another package.

    The edition says which persons it holds; GraphML, GEXF and JSON keep parallel ties. What another package writes
    (`pbgraph.plugins`) gets the graph of the edition, with `x`, `y` and `color` on each node.

    Raises
    ------
    RenderError
        export-suffix for any other suffix; output-not-writable; output-foreign where a file stands there that is no
        export of ours.

    """
    target = Path(path)
    reduced = network.edition(edition)
    suffix, is_private = target.suffix.lower(), edition == "internal"
    if suffix == ".parquet":
        return write_folder(target, lambda folder: _save(reduced, folder), is_private=is_private)
    writers: dict[str, Callable[[nx.MultiDiGraph, Spots], str]] = {
        ".graphml": _graphml, ".gexf": _gexf, ".json": _json,
    }  # fmt: skip
    if suffix not in writers:
        writers |= {end: _drawn_by(write) for end, write in by_suffix("exports").items()}
    if suffix not in writers:
        raise RenderError("export-suffix", path=target.name, choices="、".join((*writers, ".parquet")))
    spots = node_spots(reduced, judged=network.veiled(edition), look=Look(edition=edition))
    content = writers[suffix](_plain_graph(reduced), spots)
    return write_file(target, stamped(content), over=is_stamped, is_private=is_private)


def _save(network: Network, folder: Path) -> None:
    network.save(folder)


def _plain_graph(network: Network) -> nx.MultiDiGraph:
    """A graph without notes, whose edges have a key that no other edge has."""
    graph = network.graph()
    graph.graph.clear()
    plain = nx.MultiDiGraph()
    plain.add_nodes_from(graph.nodes(data=True))
    for number, (source, target, attributes) in enumerate(graph.edges(data=True), start=1):
        plain.add_edge(source, target, key=f"tie:{number}", **attributes)
    return plain


def _rgb(colour: str) -> dict[str, int]:
    return {name: int(colour[at : at + 2], 16) for name, at in (("r", 1), ("g", 3), ("b", 5))}


def _graphml(graph: nx.MultiDiGraph, spots: Spots) -> str:
    """GraphML with places and colours as attributes (y upwards), and once more as yEd draws them (y downwards)."""
    for node, spot in spots.items():
        graph.add_node(node, x=spot.x, y=-spot.y, size=spot.radius, **_rgb(spot.fill))
    writer = GraphMLWriter(encoding="utf-8", prettyprint=True, named_key_ids=True)
    writer.add_graph_element(graph)
    writer.xml.set("xmlns:y", _YED)
    writer.xml.insert(0, Element("key", {"id": "drawn", "for": "node", "yfiles.type": "nodegraphics"}))
    for element in writer.xml.iter("node"):
        node = element.get("id")
        element.append(_yed_node(spots[node], graph.nodes[node]["label"]))
    stream = io.BytesIO()
    writer.dump(stream)
    return _with_stamp(stream.getvalue().decode("utf-8"))


def _with_stamp(text: str) -> str:
    """A place for the stamp before the first element, after the declaration."""
    head, end, rest = text.partition("?>")
    return f"{head}{end}\n<!-- {' '.join(BLANK_STAMP)} -->{rest}"


def _yed_node(spot: Spot, label: str) -> Element:
    data = Element("data", {"key": "drawn"})
    shape = SubElement(data, "y:ShapeNode")
    side = 2 * spot.radius
    corner = {"x": f"{spot.x - spot.radius:.1f}", "y": f"{spot.y - spot.radius:.1f}"}
    SubElement(shape, "y:Geometry", {**corner, "width": f"{side:.1f}", "height": f"{side:.1f}"})
    SubElement(shape, "y:Fill", {"color": spot.fill})
    SubElement(shape, "y:BorderStyle", {"color": spot.edge})
    SubElement(shape, "y:NodeLabel", {"modelName": "sides", "modelPosition": "s"}).text = label
    SubElement(shape, "y:Shape", {"type": _YED_SHAPES[spot.shape]})
    return data


def _gexf(graph: nx.MultiDiGraph, spots: Spots) -> str:
    """Static GEXF: no attribute is one of time; y upwards, as Gephi draws."""
    for node, spot in spots.items():
        place = {"x": spot.x, "y": -spot.y, "z": 0.0}
        drawn: dict[str, Any] = {"position": place, "size": spot.radius, "color": {**_rgb(spot.fill), "a": 1.0}}
        graph.add_node(node, viz=drawn)
    text = "\n".join(nx.generate_gexf(graph))
    return _with_stamp(f"{_DECLARATION}\n{_WRITTEN_ON.sub('', text)}")


def _drawn_by(write: Callable[[nx.MultiDiGraph], str]) -> Callable[[nx.MultiDiGraph, Spots], str]:
    """The export of another package; what has the stamp among the notes of the graph is known again as ours."""

    def written(graph: nx.MultiDiGraph, spots: Spots) -> str:
        graph.graph.update([BLANK_STAMP])
        return write(_placed(graph, spots))

    return written


def _placed(graph: nx.MultiDiGraph, spots: Spots) -> nx.MultiDiGraph:
    for node, spot in spots.items():
        graph.add_node(node, x=spot.x, y=spot.y, color=spot.fill)
    return graph


def _json(graph: nx.MultiDiGraph, spots: Spots) -> str:
    _placed(graph, spots)
    data = nx.node_link_data(graph, edges="edges") | dict([BLANK_STAMP])
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
