"""Structure: how the organizations, units and committees hang together.

The graph has the listed bodies as nodes (members folded, places left out) and one edge for each
pair that a tie of the chosen relations joins, whatever its direction. *Bridge*: an edge whose loss
splits a component; *articulation point*: a node whose loss does. *Broker*: a node on many shortest
paths between others (betweenness, Freeman 1977), or with few contacts that know each other (low
constraint, Burt 1992). Measures run on rustworkx and scipy; none of them weighs one relation
against another, and none says anything about a person.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import rustworkx as rx
from scipy import sparse

from pbgraph import schema
from pbgraph.analyses.study import Study, measure
from pbgraph.model import ID_COLUMNS
from pbgraph.network import Network

LAYERS = ("subordination", "management", "seats", "co_building", "coverage", "support")
BODIES = ("organizations", "units", "committees")
_EXACT_UP_TO = 20_000  # nodes: rustworkx needs about 15 s there; above, paths from a sample are counted
_SERIAL_UP_TO = 2_000  # nodes: above, threads add up the paths in an order of their own
_DIGITS = 12  # what lies behind differs from call to call
_SAMPLE = 500
_SEED = 1
_STRUCTURE = (
    "node_id", "name", "kind", "community", "component", "component_size", "degree", "is_isolate", "is_articulation",
    "betweenness", "constraint", "method", "source",
)  # fmt: skip
_BRIDGES = ("left_id", "left", "right_id", "right", "n_cut_off", "relations", "source")
_CROSSING = {"group": "str", "n_external": "Int64", "n_internal": "Int64", "ei_index": "Float64", "n_unknown": "Int64"}
_MULTIPLEX = ("left_id", "left", "right_id", "right", "n_relations", "relations", "source")
_SHARED = ("left_id", "left", "right_id", "right", "n_shared")
_GROUPS = ("node_id", "name", "kind", "community", "group", "group_size")


@measure(*_STRUCTURE)
def structure(study: Study, *, relations: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Describe the place of each body in the network.

    Parameters
    ----------
    network
        Not changed.
    relations
        Relations that count as a contact; by default all but place, membership and registration.

    Returns
    -------
    DataFrame
        One row per listed organization, unit and committee, sorted by component (largest first),
        betweenness and id. No body, no rows.

        - `node_id`, `name`, `kind`, `community`
        - `component` - number of its component, 1 the largest; `component_size`
        - `degree` - bodies in contact; `is_isolate`; `is_articulation`
        - `betweenness` - share of the shortest paths between others that pass it, 0 to 1
        - `constraint` - Burt's constraint, null for an isolate; low values are brokers
        - `method` - "exact", or "sampled" above 20,000 nodes
        - `source`

    """
    nodes = _bodies(study.network)
    ends = _pairs(study.network, nodes, _contact_codes(relations))
    graph = _contacts(len(nodes), ends)
    sizes = sorted(rx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    component = {node: number for number, part in enumerate(sizes, start=1) for node in part}
    articulation = set(rx.articulation_points(graph))
    between, method = _betweenness(graph)
    degree = np.array([graph.degree(node) for node in range(len(nodes))], dtype=np.int64)
    frame = nodes.assign(
        component=pd.array([component[node] for node in range(len(nodes))], dtype="Int64"),
        component_size=pd.array([len(sizes[component[node] - 1]) for node in range(len(nodes))], dtype="Int64"),
        degree=pd.array(degree, dtype="Int64"),
        is_isolate=pd.array(degree == 0, dtype="boolean"),
        is_articulation=pd.array([node in articulation for node in range(len(nodes))], dtype="boolean"),
        betweenness=pd.array(between, dtype="Float64"),
        constraint=pd.array(_constraint(len(nodes), ends), dtype="Float64"),
        method=pd.Series(method, index=nodes.index, dtype="str"),
    )
    ordered = frame.sort_values(["component", "betweenness", "node_id"], ascending=[True, False, True])
    return ordered[list(_STRUCTURE)].reset_index(drop=True)


@measure(*_BRIDGES)
def bridges(study: Study, *, relations: str | Iterable[str] | None = None) -> pd.DataFrame:
    """List the pairs of bodies whose contact alone joins two parts of the network.

    Returns
    -------
    DataFrame
        One row per bridge, the one that cuts off most first: `left_id`, `left`, `right_id`,
        `right`, `n_cut_off` (bodies on the smaller side), `relations` and `source` of its ties.

    """
    network, chosen = study.network, _contact_codes(relations)
    nodes = _bodies(network)
    graph = _contacts(len(nodes), _pairs(network, nodes, chosen))
    ids, names = nodes["node_id"].tolist(), nodes["name"].tolist()
    said = _said(network, set(ids), chosen)
    rows = []
    for (left, right), n_cut_off in _cut_off(graph).items():
        first, second = sorted((ids[left], ids[right]))
        words, sources = said[first, second]
        rows.append((ids[left], names[left], ids[right], names[right], n_cut_off, words, sources))
    frame = pd.DataFrame(rows, columns=list(_BRIDGES)).astype(dict.fromkeys(_BRIDGES, "str") | {"n_cut_off": "Int64"})
    return frame.sort_values(["n_cut_off", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True)


@measure(*_CROSSING)
def crossing_ties(
    study: Study,
    *,
    by: str = "unit_type",
    relations: str | Iterable[str] = ("co_building", "paired_with", "claims"),
) -> pd.DataFrame:
    """Weigh ties across groups against ties within: the E-I index (Krackhardt and Stern 1988).

    Parameters
    ----------
    network
        Not changed.
    by
        A column of organizations and units that groups them, such as "unit_type" (跨所有制),
        "industry" (跨行业) or "community"; an organization has the kind of the unit it is set up in.
    relations
        The relations that are weighed.

    Returns
    -------
    DataFrame
        One row per group and one for all (`group` "*"), sorted: `group`, `n_external`,
        `n_internal`, `ei_index` - (external - internal) / (external + internal), from -1 (only
        within) to 1 (only across), null where a group has no tie - and `n_unknown`, ties with
        an end whose group is not known.

    """
    network = study.network
    groups = _groups(network, by)
    ties = network.ties[network.ties["relation"].isin(schema.relation_codes(relations))]
    left, right = ties["source_id"].map(groups), ties["target_id"].map(groups)
    is_known = left.notna() & right.notna()
    pairs = pd.DataFrame({"left": left[is_known], "right": right[is_known]})
    pairs["is_external"] = pairs["left"] != pairs["right"]
    rows = []
    for group in ["*", *sorted(set(groups.values()))]:
        own = pairs if group == "*" else pairs[(pairs["left"] == group) | (pairs["right"] == group)]
        external, internal = int(own["is_external"].sum()), int((~own["is_external"]).sum())
        index = (external - internal) / (external + internal) if len(own) else None
        rows.append((group, external, internal, index, int((~is_known).sum()) if group == "*" else 0))
    return pd.DataFrame(rows, columns=list(_CROSSING)).astype(_CROSSING)


@measure(*_MULTIPLEX)
def multiplexity(study: Study) -> pd.DataFrame:
    """List the pairs of bodies that are joined by more than one relation.

    Returns
    -------
    DataFrame
        One row per pair, the one with most relations first: `left_id`, `left`, `right_id`,
        `right`, `n_relations`, `relations` (codes, one a line) and `source`.

    """
    network = study.network
    names = network.names()
    said = _said(network, set(_bodies(network)["node_id"]), _contact_codes(None))
    rows = [
        (left, names[left], right, names[right], len(words.split("\n")), words, sources)
        for (left, right), (words, sources) in said.items()
        if "\n" in words
    ]
    frame = pd.DataFrame(rows, columns=list(_MULTIPLEX))
    frame = frame.astype(dict.fromkeys(_MULTIPLEX, "str") | {"n_relations": "Int64"})
    return frame.sort_values(["n_relations", "left_id", "right_id"], ascending=[False, True, True], ignore_index=True)


@measure(*_SHARED)
def shared_partners(study: Study, *, relation: str = "participates") -> pd.DataFrame:
    """Project a relation between two kinds onto its sources (Breiger 1974): who meets whom where.

    Returns
    -------
    DataFrame
        One row per pair of sources with a common target, most first: `left_id`, `left`,
        `right_id`, `right` and `n_shared`.

    """
    network = study.network
    is_chosen = network.ties["relation"].isin(schema.relation_codes([relation]))
    ties = network.ties.loc[is_chosen, ["source_id", "target_id"]].drop_duplicates()
    sources, targets = sorted(ties["source_id"].unique()), sorted(ties["target_id"].unique())
    rows = ties["source_id"].map({node: number for number, node in enumerate(sources)}).to_numpy()
    columns = ties["target_id"].map({node: number for number, node in enumerate(targets)}).to_numpy()
    incidence = sparse.csr_array((np.ones(len(ties), dtype=np.int64), (rows, columns)), (len(sources), len(targets)))
    shared = sparse.triu(incidence @ incidence.T, k=1).tocoo()
    names = network.names()
    pairs = sorted(zip(shared.row, shared.col, shared.data, strict=True), key=lambda pair: (-pair[2], pair[0], pair[1]))
    found = [(sources[i], names[sources[i]], sources[j], names[sources[j]], int(n)) for i, j, n in pairs]
    return pd.DataFrame(found, columns=list(_SHARED)).astype(dict.fromkeys(_SHARED, "str") | {"n_shared": "Int64"})


def _bodies(network: Network) -> pd.DataFrame:
    """Listed organizations, units and committees with name, kind and community, by id."""
    frames = []
    for kind in BODIES:
        frame = network.tables[kind]
        frame = frame[frame["is_listed"].astype(bool)]
        place = frame["community"] if "community" in frame else pd.Series(None, index=frame.index, dtype="str")
        columns = {"node_id": frame[ID_COLUMNS[kind]], "name": frame["name"], "community": place}
        frames.append(pd.DataFrame({**columns, "source": frame["source"]}).assign(kind=kind))
    return pd.concat(frames, ignore_index=True).sort_values("node_id", ignore_index=True).astype("str")


def _contact_codes(relations: str | Iterable[str] | None) -> frozenset[str]:
    """The relations that count as a contact."""
    rows = schema.vocabulary("relation").rows
    default = [code for code, row in rows.items() if row["layer"] in LAYERS]
    return schema.relation_codes(default if relations is None else relations)


def _chosen(network: Network, ids: set[str], relations: frozenset[str]) -> pd.DataFrame:
    """Ties of the relations between two different listed bodies."""
    ties = network.ties
    return ties[ties["relation"].isin(relations) & ties["source_id"].isin(ids) & ties["target_id"].isin(ids)]


def _pairs(network: Network, nodes: pd.DataFrame, relations: frozenset[str]) -> list[tuple[int, int]]:
    """Each pair of nodes in contact once, as positions, sorted."""
    place = {node: number for number, node in enumerate(nodes["node_id"])}
    ties = _chosen(network, set(place), relations)
    pairs = zip(ties["source_id"].map(place), ties["target_id"].map(place), strict=True)
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _said(network: Network, ids: set[str], relations: frozenset[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The relations and rows of each pair of ids, the smaller id first."""
    ties = _chosen(network, ids, relations)
    columns = (ties[name].to_numpy() for name in ("source_id", "target_id", "relation", "source"))
    found: dict[tuple[str, str], tuple[set[str], dict[str, None]]] = {}
    for source, target, relation, cell in zip(*columns, strict=True):
        codes, lines = found.setdefault((min(source, target), max(source, target)), (set(), {}))
        codes.add(relation)
        lines.update(dict.fromkeys(cell.split("\n")))
    return {pair: ("\n".join(sorted(codes)), "\n".join(lines)) for pair, (codes, lines) in sorted(found.items())}


def _contacts(n: int, ends: list[tuple[int, int]]) -> "rx.PyGraph[Any, Any]":
    graph: rx.PyGraph[Any, Any] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(n))
    graph.add_edges_from([(left, right, None) for left, right in ends])
    return graph


def _cut_off(graph: "rx.PyGraph[Any, Any]") -> dict[tuple[int, int], int]:
    """Nodes on the smaller side of each bridge: between bridges the parts form a forest, summed once."""
    found = sorted({(min(pair), max(pair)) for pair in rx.bridges(graph)})
    kept = graph.copy()
    kept.remove_edges_from(found)
    parts = [sorted(part) for part in rx.connected_components(kept)]
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    forest = _contacts(len(parts), [(part_of[left], part_of[right]) for left, right in found])
    below, whole, above = [len(part) for part in parts], [0] * len(parts), [-1] * len(parts)
    for tree in rx.connected_components(forest):
        root = min(tree)
        order = [root]
        for part in order:  # grows while it is walked: every part after the one above it
            for other in forest.neighbors(part):
                if other != above[part]:
                    above[other] = part
                    order.append(other)
        for part in reversed(order[1:]):
            below[above[part]] += below[part]
        for part in order:
            whole[part] = below[root]
    cut = {}
    for left, right in found:
        lower = part_of[left] if above[part_of[left]] == part_of[right] else part_of[right]
        cut[left, right] = min(below[lower], whole[lower] - below[lower])
    return cut


@measure(*_GROUPS)
def cohesive_groups(study: Study, *, relations: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Divide the bodies into groups that have more contact within than between (modularity, Blondel et al. 2008).

    The division is one of several that may be as good; it is the same in every run on the same rows.

    Returns
    -------
    DataFrame
        One row per body with a contact, the largest group first, then by name and id: `node_id`, `name`, `kind`,
        `community`, `group` (1 the largest), `group_size`. No contact, no rows.

    """
    import networkx as nx

    nodes = _bodies(study.network)
    plain = nx.Graph()
    plain.add_edges_from(_pairs(study.network, nodes, _contact_codes(relations)))
    found = nx.community.louvain_communities(plain, seed=_SEED) if plain else []
    ordered = sorted(found, key=lambda group: (-len(group), min(group)))
    number = {node: rank for rank, group in enumerate(ordered, start=1) for node in group}
    rows = nodes.assign(group=[number.get(place) for place in range(len(nodes))]).dropna(subset=["group"])
    rows["group_size"] = rows["group"].map(rows["group"].value_counts())
    typed = rows[list(_GROUPS)].astype({"group": "Int64", "group_size": "Int64"})
    return typed.sort_values(["group", "name", "node_id"], ignore_index=True)


def _betweenness(graph: "rx.PyGraph[Any, Any]") -> tuple[list[float], str]:
    n = graph.num_nodes()
    if n <= _EXACT_UP_TO:
        found = rx.graph_betweenness_centrality(graph, normalized=True, parallel_threshold=_SERIAL_UP_TO)
        return [round(found[node], _DIGITS) for node in range(n)], "exact"
    import networkx as nx

    plain = nx.Graph()
    plain.add_nodes_from(range(n))
    plain.add_edges_from(graph.edge_list())
    sampled = nx.betweenness_centrality(plain, k=_SAMPLE, seed=_SEED)
    return [round(sampled[node], _DIGITS) for node in range(n)], "sampled"


def _constraint(n: int, ends: list[tuple[int, int]]) -> list[float | None]:
    """Burt's constraint of each node: the share of its time that goes, by any way, to each contact, squared."""
    if not ends:
        return [None] * n
    left, right = np.array(ends).T
    both = (np.concatenate([left, right]), np.concatenate([right, left]))
    contact = sparse.csr_array((np.ones(2 * len(ends)), both), (n, n))
    degree = contact.sum(axis=1)
    share = sparse.diags_array(np.divide(1.0, degree, out=np.zeros(n), where=degree > 0)) @ contact
    invested = (share + share @ share).multiply(contact)
    total = invested.multiply(invested).sum(axis=1)
    return [float(value) if known else None for value, known in zip(total, degree > 0, strict=True)]


def _groups(network: Network, by: str) -> dict[str, str]:
    """The group of each unit and organization that has one."""
    groups: dict[str, str] = {}
    for kind in ("organizations", "units"):
        frame = network.tables[kind]
        if by in frame:
            known = frame[frame[by].notna()]
            groups |= dict(zip(known[ID_COLUMNS[kind]], known[by], strict=True))
    hosted = network.ties[network.ties["relation"] == "housed_in"]
    for organization, unit in zip(hosted["source_id"], hosted["target_id"], strict=True):
        if unit in groups:
            groups.setdefault(organization, groups[unit])
    return groups
