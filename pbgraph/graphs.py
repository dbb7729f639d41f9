"""Tables to a networkx multigraph and back: the names that attributes have outside, and what a graph keeps.

A node has `kind`, `label` (the printed name) and the other columns of its table; an edge has the columns of the
ties, its key is the relation, with a number from the second on where a relation holds twice, its `label` the word
for it. Beside a code stands what a reader sees (`unit_type`, `unit_type_label`). Provenance is
`origin`. No other attribute has a name that networkx, GEXF, pyvis or d3 take for something of their own: such a
column has a mark behind its name (`start_`). The only attribute of the graph itself is `pbgraph`, one text
(JSON) with the settings, the types of the columns, and what reading and linking noted.

What programs add on the way (Cytoscape the ids once more, GML and GEXF their own `label` and `id`) is no column:
it is left out when a graph comes back. GML calls a node's id its label, so the name is there as `printed_name` too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
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
_WORDS = "_label"
_PRINTED = "printed_name"
_TIE_WORDS = {"category": "cooperation", "status": "progress", "post": "post", "time_share": "time_share"}
Rows = list[dict[str, Any]]


def outside_name(column: str) -> str:
    """What a column is called in a graph.

    >>> outside_name("source"), outside_name("start"), outside_name("start_"), outside_name("since")
    ('origin', 'start_', 'start__', 'since')
    """
    stem = column.rstrip("_")
    is_taken = stem in RESERVED or stem == _PRINTED or stem.endswith(_WORDS)
    return _PROVENANCE.get(column) or (column + "_" if is_taken else column)


def inside_name(attribute: str) -> str:
    """The column of an attribute: the inverse of `outside_name`; a name that it never gives stays."""
    if attribute in _PROVENANCE.values():
        return "source"
    return attribute[:-1] if attribute.endswith("_") and outside_name(attribute[:-1]) == attribute else attribute


def graph_of(
    tables: Mapping[str, pd.DataFrame], ties: pd.DataFrame, *, notes: str, counts: Mapping[str, dict[str, int]] | None
) -> "nx.MultiDiGraph":
    """The multigraph of tables and ties; where `counts` of bodies are given, members are left out."""
    import networkx as nx

    graph = nx.MultiDiGraph(**{NOTES: notes})
    for kind in KINDS:
        if kind == "members" and counts is not None:
            continue
        words = _words_of(schema.entity_columns(kind))
        always = {"kind": kind, "kind" + _WORDS: caption(f"node_{kind}", "zh")}
        for row in plain_rows(tables[kind]):
            node, name = row.pop(ID_COLUMNS[kind]), row.pop("name", "")
            printed = {"label": name, _PRINTED: name}
            graph.add_node(node, **always, **printed, **(_attributes(row, words) | (counts or {}).get(node, {})))
    relations, words = schema.vocabulary("relation"), _words_of(_TIE_WORDS)
    for row in plain_rows(ties):
        ends = row.pop("source_id"), row.pop("target_id")
        if counts is None or not any(end.startswith(PREFIXES["members"] + ":") for end in ends):
            key = _edge_key(graph, *ends, row["relation"])
            graph.add_edge(*ends, key=key, label=relations.label(row["relation"]), **_attributes(row, words))
    return graph


def _words_of(types: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What a reader sees for each code of the columns that hold codes."""
    lists = {column: schema.vocabulary(told) for column, told in types.items() if schema.has_vocabulary(told)}
    return {column: {code: held.label(code) for code in held.rows} for column, held in lists.items()}


def _attributes(row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The columns of a row as attributes, with the words for codes beside them."""
    made = {outside_name(column): value for column, value in row.items()}
    for column in (column for column in row if column in words):
        codes = str(row[column]).split("\n")
        if all(code in words[column] for code in codes):
            made[outside_name(column) + _WORDS] = "、".join(words[column][code] for code in codes)
    return made


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

    What was added by hand needs a `kind` and a `label` for a node and a relation for an edge. It is listed unless it
    says otherwise, a node that is a word is its own label, and its id gets the prefix of its kind.

    Raises
    ------
    NetworkError
        graph-undirected, graph-kind, graph-label, graph-attribute where a node has no kind or the notes are broken,
        graph-value.

    """
    noted = _noted(graph)
    types = noted.get("columns", {})
    rows: dict[str, Rows] = {kind: [] for kind in KINDS}
    ids: dict[Any, str] = {}
    for node, attributes in graph.nodes(data=True):
        kind = _kind_of(node, attributes)
        ids[node] = prefixed(node, kind)
        own = {key: value for key, value in attributes.items() if key not in _OF_NODES}
        inside = dict(_inside(own)) | {"name": _name_of(node, attributes)}
        rows[kind].append({ID_COLUMNS[kind]: ids[node], "is_listed": True, "source": "", **inside})
    tables = {
        kind: _framed(rows[kind], {**types.get(kind, {}), **_declared(kind, rows[kind], types)}, [ID_COLUMNS[kind]])
        for kind in KINDS
    }
    ties: Rows = []
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        ends = {"source": source, "target": target}
        own = {name: value for name, value in attributes.items() if name not in ends or value != ends[name]}
        inside = {column: value for column, value in _inside(own) if column not in _OF_EDGES}
        if isinstance(key, int) and "relation" not in inside:
            which = " → ".join(_name_of(node, graph.nodes[node]) for node in (source, target))
            raise NetworkError("graph-attribute", what="边", which=which, attribute="relation")
        relation = {"relation": str(key).split(" ")[0]}
        ties.append({"source_id": ids[source], "target_id": ids[target], **relation, "source": "", **inside})
    frame = _framed(ties, types.get("ties") or dict.fromkeys(TIE_COLUMNS, "str"), list(TIE_COLUMNS))
    facts = {
        name: _cast(pd.DataFrame(columns, columns=list(types[name])), types[name])
        for name, columns in noted.get("facts", {}).items()
    }
    return tables, frame, facts, noted.get("settings", {})


_OF_NODES = frozenset({"kind", "kind_label", "label", "name", "id", _PRINTED})
_OF_EDGES = frozenset({"id", "key", "label", "target"})


def _kind_of(node: Any, attributes: Mapping[str, Any]) -> str:
    kind = attributes.get("kind")
    if kind is None:
        raise NetworkError("graph-attribute", what="节点", which=node, attribute="kind")
    if kind in KINDS:
        return str(kind)
    words = {word: known for known in KINDS for word in (known, PREFIXES[known], caption(f"node_{known}", "zh"))}
    near = get_close_matches(str(kind), words, n=1)
    every = "、".join(f"{known}（{caption(f'node_{known}', 'zh')}）" for known in KINDS)
    choices = f"{words[near[0]]}（{caption(f'node_{words[near[0]]}', 'zh')}）" if near else every
    raise NetworkError("graph-kind", which=node, kind=kind, choices=choices)


def _name_of(node: Any, attributes: Mapping[str, Any]) -> str:
    """The name that a person gave or changed, then the printed one; a node that is a word is its own."""
    given = [attributes.get(key) for key in ("name", "label", _PRINTED)]
    names = [str(name) for name in given if name is not None and name == name and name not in (node, "")]
    said = [name for name in names if not _is_id(name)]
    if said:
        return said[0]
    if not isinstance(node, str) or (_is_id(node) and not attributes.get("label")):
        raise NetworkError("graph-label", which=node)
    return node


def _is_id(text: str) -> bool:
    prefix, colon, _ = text.partition(":")
    return bool(colon) and prefix in PREFIXES.values()


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
        is_word = str(key).endswith(_WORDS) and str(key).removesuffix(_WORDS) in attributes
        if not (is_drawn or is_word) and value is not None and value == value:
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
