"""Tables to a networkx multigraph and back: the names that attributes have outside, and what a graph keeps.

A node has `kind`, `label` (the printed name) and the other columns of its table; an edge has the columns of the
ties, its key is the relation, with a number from the second on where a relation holds twice. Provenance is
`origin`. No other attribute has a name that networkx, GEXF, pyvis or d3 take for something of their own: such a
column has a mark behind its name (`start_`). The only attribute of the graph itself is `pbgraph`, one text
(JSON) with the settings, the types of the columns, and what reading and linking noted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pbgraph import schema
from pbgraph.errors import NetworkError
from pbgraph.model import ID_COLUMNS, KINDS, PREFIXES, TIE_COLUMNS
from pbgraph.reading.values import DTYPES

if TYPE_CHECKING:
    import networkx as nx

NOTES = "pbgraph"
"""The attribute of the graph with the settings and notes of its network."""
RESERVED = frozenset({
    "source", "target", "id", "key", "keys", "label", "kind", "origin", "name",  # ours, networkx, d3
    "start", "end", "spells", "slices", "viz", "parents", "pid", "type", "weight", "thickness",  # GEXF
    "x", "y", "z", "r", "g", "b", "size", "color", "colour", "shape", "group", "title", "value", "width", "level",
    "hidden", "physics", "fixed", "font", "icon", "image", "mass", "margin", "shadow", "scaling", "opacity",
    "borderWidth", "chosen", "from", "to", "arrows", "dashes", "length", "smooth", "index", "vx", "vy", "fx", "fy",
    "n_id", "self", "options", "pos", "bipartite", "cluster", "data", "position", "selected", "classes",
})  # fmt: skip
"""Names that networkx, GEXF and Gephi, yEd, pyvis, vis-network, Cytoscape or d3 read or write themselves."""
_DRAWN = frozenset({"viz", "x", "y", "z", "r", "g", "b", "color", "shape", "shape_type", "width", "weight", "value"})
_PROVENANCE = {"source": "origin"}
Rows = list[dict[str, Any]]


def outside_name(column: str) -> str:
    """What a column is called in a graph.

    >>> outside_name("source"), outside_name("start"), outside_name("start_"), outside_name("since")
    ('origin', 'start_', 'start__', 'since')
    """
    is_taken = column.rstrip("_") in RESERVED
    return _PROVENANCE.get(column) or (column + "_" if is_taken else column)


def inside_name(attribute: str) -> str:
    """The column of an attribute: the inverse of `outside_name`; a name that it never gives stays."""
    if attribute in _PROVENANCE.values():
        return "source"
    is_marked = attribute.endswith("_") and attribute.rstrip("_") in RESERVED
    return attribute[:-1] if is_marked else attribute


def graph_of(
    tables: Mapping[str, pd.DataFrame], ties: pd.DataFrame, *, notes: str, counts: Mapping[str, dict[str, int]] | None
) -> "nx.MultiDiGraph":
    """The multigraph of tables and ties; where `counts` of bodies are given, members are left out."""
    import networkx as nx

    graph = nx.MultiDiGraph(**{NOTES: notes})
    for kind in KINDS:
        if kind == "members" and counts is not None:
            continue
        for row in plain_rows(tables[kind]):
            node, name = row.pop(ID_COLUMNS[kind]), row.pop("name", "")
            attributes = {outside_name(column): value for column, value in row.items()}
            graph.add_node(node, kind=kind, label=name, **(attributes | (counts or {}).get(node, {})))
    for row in plain_rows(ties):
        ends = row.pop("source_id"), row.pop("target_id")
        if counts is None or not any(end.startswith(PREFIXES["members"] + ":") for end in ends):
            key = _edge_key(graph, *ends, row["relation"])
            graph.add_edge(*ends, key=key, **{outside_name(column): value for column, value in row.items()})
    return graph


def notes_of(settings: Mapping[str, str], frames: Mapping[str, pd.DataFrame], facts: Iterable[str]) -> str:
    """Settings, column types and the frames named in `facts` as one text."""
    types = {name: {column: str(dtype) for column, dtype in frame.dtypes.items()} for name, frame in frames.items()}
    kept = {name: frames[name].astype(object).where(frames[name].notna(), None).to_dict("list") for name in facts}
    noted = {"settings": dict(sorted(settings.items())), "columns": types, "facts": kept}
    return json.dumps(noted, ensure_ascii=False, separators=(",", ":"), default=str)


def tables_of(
    graph: "nx.MultiDiGraph",
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, dict[str, pd.DataFrame], dict[str, str]]:
    """Tables, ties, facts and settings of a graph, the inverse of `graph_of` and `notes_of`.

    What was added by hand needs a `kind` for a node and a relation for an edge. It is listed unless it says
    otherwise, its name is that of the node where none is given, and its id gets the prefix of its kind.

    Raises
    ------
    NetworkError
        graph-undirected, graph-attribute where a node has no kind or the notes are broken, graph-value.

    """
    noted = _noted(graph)
    types = noted.get("columns", {})
    rows: dict[str, Rows] = {kind: [] for kind in KINDS}
    ids: dict[Any, str] = {}
    for node, attributes in graph.nodes(data=True):
        kind = attributes.get("kind")
        if kind not in rows:
            raise NetworkError("graph-attribute", what="节点", which=node, attribute="kind")
        ids[node] = prefixed(node, kind)
        inside = dict(_inside({key: value for key, value in attributes.items() if key not in ("kind", "label")}))
        name = str(inside.pop("name", None) or attributes.get("label", node))
        rows[kind].append({ID_COLUMNS[kind]: ids[node], "name": name, "is_listed": True, "source": "", **inside})
    tables = {
        kind: _framed(rows[kind], {**types.get(kind, {}), **_declared(kind, rows[kind], types)}, [ID_COLUMNS[kind]])
        for kind in KINDS
    }
    ties: Rows = []
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        inside = {column: value for column, value in _inside(attributes) if column not in ("id", "key", "label")}
        relation = {"relation": str(key).split(" ")[0]}
        ties.append({"source_id": ids[source], "target_id": ids[target], **relation, "source": "", **inside})
    frame = _framed(ties, types.get("ties") or dict.fromkeys(TIE_COLUMNS, "str"), list(TIE_COLUMNS))
    facts = {
        name: _cast(pd.DataFrame(columns, columns=list(types[name])), types[name])
        for name, columns in noted.get("facts", {}).items()
    }
    return tables, frame, facts, noted.get("settings", {})


def prefixed(node: Any, kind: str) -> str:
    """The id of a node with the prefix of its kind."""
    prefix = f"{PREFIXES[kind]}:"
    return str(node) if str(node).startswith(prefix) else f"{prefix}{node}"


def plain_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows as dictionaries of plain Python values, without the nulls."""
    columns = list(frame.columns)
    lists = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in columns]
    for values in zip(*lists, strict=True):
        yield {column: value for column, value in zip(columns, values, strict=True) if value is not None}


def _edge_key(graph: "nx.MultiDiGraph", source: str, target: str, relation: str) -> str:
    taken = graph.get_edge_data(source, target, default={})
    number = sum(str(key).split(" ")[0] == relation for key in taken) + 1
    return relation if number == 1 else f"{relation} {number}"


def _noted(graph: "nx.MultiDiGraph") -> dict[str, Any]:
    import networkx as nx

    if not isinstance(graph, nx.MultiDiGraph):
        raise NetworkError("graph-undirected", what=type(graph).__name__)
    try:
        noted = json.loads(graph.graph.get(NOTES, "{}"))
        return noted if isinstance(noted, dict) else {}
    except (TypeError, ValueError) as error:
        raise NetworkError("graph-attribute", what="图", which=graph.name, attribute=NOTES) from error


def _inside(attributes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Columns of attributes, without nulls and without what programs that draw have added."""
    for key, value in attributes.items():
        is_drawn = key in _DRAWN or (key == "size" and isinstance(value, int | float))
        if not is_drawn and value is not None and value == value:
            yield inside_name(str(key)), value


def minimal_types(kind: str) -> dict[str, str]:
    """The columns that every table of a kind has, with their types."""
    return {ID_COLUMNS[kind]: "str", "name": "str", "is_listed": "boolean", "source": "str"}


def _declared(kind: str, rows: Rows, noted: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Types of the columns that rows have, as far as the schema says them and nothing is noted of them."""
    known = {f.key: DTYPES.get(f.type, "str") for f in schema.tables()[kind].fields} if kind in schema.tables() else {}
    found = dict.fromkeys(key for row in rows for key in row)
    told = minimal_types(kind) | {key: known[key] for key in found if key in known and key != "name"}
    return {key: dtype for key, dtype in told.items() if key not in noted.get(kind, {})}


def _framed(rows: Rows, types: Mapping[str, str], order: list[str]) -> pd.DataFrame:
    """Rows as a frame; columns without a type follow by name, with the type that their values have."""
    others = sorted({key for row in rows for key in row} - types.keys())
    frame = pd.DataFrame(rows, columns=[*types, *others])
    return _cast(frame, types).sort_values([c for c in order if c in frame], ignore_index=True)


def _cast(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    try:
        return frame.astype(dict(types))
    except (TypeError, ValueError):
        for column, dtype in types.items():
            for value in frame[column].dropna():
                _check(column, value, dtype)
        raise


def _check(column: str, value: Any, dtype: str) -> None:
    try:
        pd.Series([value], dtype=object).astype(dtype)
    except (TypeError, ValueError) as error:
        raise NetworkError("graph-value", attribute=column, value=value) from error
