"""Parts of a network: nodes found by name, the nodes of a community with what touches them, nodes of some kinds."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pbgraph.counting import open_joint_branches
from pbgraph.errors import NetworkError
from pbgraph.model import ID_COLUMNS, KINDS, PREFIXES
from pbgraph.policy import read_policy
from pbgraph.text import fold

Tables = Mapping[str, pd.DataFrame]
_NAMES = ("name", "org_short", "former_name")


def found_nodes(tables: Tables, merges: pd.DataFrame, words: str) -> pd.DataFrame:
    """Nodes of which one name holds all the words: the printed one, a short or former one, or a joined spelling.

    One row per node, by kind, name and id: `id`, `kind`, `name`, `community` (null where it has none of its own)
    and `origin`. No word, or no such name: no rows, same columns.
    """
    wanted = [fold(word).lower() for word in words.split()]
    rows = []
    for kind in KINDS if wanted else ():
        frame = tables[kind]
        spellings = merges[merges["kind"] == kind].groupby("standard")["name"].agg(list).to_dict()
        written = [frame[column].astype("str").fillna("").tolist() for column in _NAMES if column in frame]
        names = [[*names, *spellings.get(names[0], [])] for names in zip(*written, strict=True)]
        is_found = [any(_holds(name, wanted) for name in several) for several in names]
        chosen = frame[pd.Series(is_found, index=frame.index, dtype=bool)]
        places = chosen["community"] if "community" in chosen else pd.Series(None, index=chosen.index, dtype="str")
        ids = chosen[ID_COLUMNS[kind]]
        rows += [(*row[:1], kind, *row[1:]) for row in zip(ids, chosen["name"], places, chosen["source"], strict=True)]
    found = pd.DataFrame(rows, columns=["id", "kind", "name", "community", "origin"]).astype("str")
    order = found["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    return found.assign(_order=order).sort_values(["_order", "name", "id"], ignore_index=True).drop(columns="_order")


def _holds(name: str, words: Iterable[str]) -> bool:
    folded = fold(name).lower()
    return all(word in folded for word in words)


def of_communities(tables: Tables, ties: pd.DataFrame, communities: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables of what stands in some communities, and of what touches it.

    In a community stands what its own row says or, failing that, a tie `located_in`. Everything else that such a
    node has a tie with is kept too, and every member of a body that is kept, so that a measure says of the
    community what it says in the whole network. A unit elsewhere is then no longer listed: it is only mentioned.

    Raises
    ------
    NetworkError
        place-not-known.

    """
    wanted = set(communities)
    named = dict(zip(tables["communities"]["community_id"], tables["communities"]["name"], strict=True))
    places = {node: str(place) for kind in KINDS for node, place in _places(tables[kind], kind)}
    located = ties[(ties["relation"] == "located_in") & ties["target_id"].isin(named)]
    for node, place in zip(located["source_id"], located["target_id"], strict=True):
        if node not in places or (node.startswith(PREFIXES["committees"] + ":") and named[place] in wanted):
            places[node] = named[place]
    known = sorted({*named.values(), *places.values()})
    for place in sorted(wanted - set(known)):
        raise NetworkError("place-not-known", place=place, choices="、".join(known) or "—")
    inside = {node for node, place in places.items() if place in wanted}
    inside |= {node for node, place in named.items() if place in wanted}
    is_person = ties["source_id"].str.startswith(PREFIXES["members"] + ":")
    near = _with_ends(inside, ties[~is_person]) | open_joint_branches(
        tables["organizations"], ties, least=read_policy().number("A7", "min_units")
    )
    near |= set(ties.loc[ties["relation"].isin(_COVERS) & ties["source_id"].isin(near), "target_id"])
    kept = _with_ends(inside, ties) | near | set(ties.loc[is_person & ties["target_id"].isin(near), "source_id"])
    chosen = {kind: tables[kind][tables[kind][ID_COLUMNS[kind]].isin(kept)] for kind in KINDS}
    units = chosen["units"]
    is_here = units["unit_id"].isin(inside)
    return chosen | {"units": units.assign(is_listed=units["is_listed"] & is_here)}


_COVERS = ("joint_covers", "housed_in")


def _places(frame: pd.DataFrame, kind: str) -> Iterable[tuple[str, object]]:
    """The community that the row of a node says."""
    if "community" not in frame or kind == "communities":
        return []
    told = frame[frame["community"].notna()]
    return zip(told[ID_COLUMNS[kind]], told["community"], strict=True)


def _with_ends(nodes: set[str], ties: pd.DataFrame) -> set[str]:
    """The nodes and the other ends of their ties."""
    touching = ties[ties["source_id"].isin(nodes) | ties["target_id"].isin(nodes)]
    return nodes | set(touching["source_id"]) | set(touching["target_id"])


def of_kinds(tables: Tables, kinds: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables of some kinds, the others empty; raises NetworkError (table-not-known) for a kind there is not."""
    wanted = set(kinds)
    for kind in sorted(wanted - set(KINDS)):
        raise NetworkError("table-not-known", table=kind, choices="、".join(KINDS))
    return {kind: frame if kind in wanted else frame.head(0) for kind, frame in tables.items()}
