"""One file for other programs: GraphML and GEXF for Gephi, JSON, or a folder of Parquet."""

import io
import json
import re
from pathlib import Path

import networkx as nx

from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.rendering.files import write_file, write_folder

_WRITTEN_ON = re.compile(r' lastmodifieddate="[^"]*"')


def export(network: Network, path: str | Path, *, edition: str = "meeting") -> Path:
    """Write the network by the suffix of the path: .graphml, .gexf, .json or .parquet.

    The edition says which persons it holds; GraphML, GEXF and JSON keep parallel ties.

    Raises
    ------
    RenderError
        export-suffix for any other suffix; output-not-writable.

    """
    target = Path(path)
    reduced = network.edition(edition)
    suffix = target.suffix.lower()
    if suffix == ".parquet":
        return write_folder(target, lambda folder: _save(reduced, folder))
    writers = {".graphml": _graphml, ".gexf": _gexf, ".json": _json}
    if suffix not in writers:
        raise RenderError("export-suffix", path=target.name)
    return write_file(target, writers[suffix](_plain_graph(reduced)))


def _save(network: Network, folder: Path) -> None:
    network.save(folder)


def _plain_graph(network: Network) -> nx.MultiDiGraph:
    """A graph without attributes of its own, which the formats cannot hold."""
    graph = network.graph()
    graph.graph.clear()
    return graph


def _graphml(graph: nx.MultiDiGraph) -> bytes:
    stream = io.BytesIO()
    nx.write_graphml_xml(graph, stream, named_key_ids=True)
    return stream.getvalue()


def _gexf(graph: nx.MultiDiGraph) -> bytes:
    for _, attributes in graph.nodes(data=True):
        attributes["label"] = attributes.get("name", "")
    text = "\n".join(nx.generate_gexf(graph))
    return _WRITTEN_ON.sub("", text).encode("utf-8")


def _json(graph: nx.MultiDiGraph) -> bytes:
    data = nx.node_link_data(graph, edges="edges")
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
