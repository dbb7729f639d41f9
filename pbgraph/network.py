"""The network: entity tables and one table of ties, the relational form of a multigraph.

Entity tables, one per kind (`KINDS`), each sorted by `<kind>_id` with

- `<kind>_id` - opaque and stable, such as `org:3f9a...`; never made from a person's number
- `name` - as the rosters write it most often
- `is_listed` - False for what is only mentioned: a superior outside the street, or a name
  that nobody could link yet
- its fields under the keys of `reference/schema.toml`
- `source` - every row it comes from, one a line: `file|sheet|row`, the row as Excel shows it

`ties` has `source_id`, `target_id`, `relation` (a code of `vocabulary/relation.csv`, which
also declares the legal ends), `since`, `until`, `post`, `time_share`, `category`, `status`,
`content`, `basis` (stated in a row, derived from a name, decided by a person) and `source`.
Values in one field that are several are joined by line feeds.

`graph()` gives a `networkx.MultiDiGraph`: node attribute `kind`, edge key = relation (with a
number from the second on where a relation holds twice), every attribute kept. `from_graph`
is its inverse. Numbers and addresses of persons are never in a network.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from pbgraph import schema
from pbgraph.counting import counted_people, told_by_dates
from pbgraph.decisions import COLUMNS as DECISION_COLUMNS
from pbgraph.engine import Tables, collected, lazy_tables
from pbgraph.errors import NetworkError, PolicyError
from pbgraph.findings import findings_frame
from pbgraph.linking.records import links
from pbgraph.linking.review import COLUMNS as REVIEW_COLUMNS
from pbgraph.linking.review import MERGE_COLUMNS
from pbgraph.model import ID_COLUMNS, KINDS, LEDGER_COLUMNS, PREFIXES, READ_COLUMNS, REGION_COLUMNS, TIE_COLUMNS
from pbgraph.reading.values import DTYPES, nulls

if TYPE_CHECKING:
    import networkx as nx

EDITIONS = ("internal", "meeting", "public")
_FACTS = ("findings", "ledger", "review", "merges", "decisions", "inputs", "regions", "columns")
_META = "network.json"
_COUNTS = ("n_members", "n_full")


class Recognised(NamedTuple):
    """`tables`: a row per table of a sheet with kind, runner-up and margin; `columns`: a row per column."""

    tables: pd.DataFrame
    columns: pd.DataFrame


@dataclass(frozen=True)
class Network:
    """Entity tables by kind, ties, and what reading and linking noted.

    `findings` are problems in the rows, `ledger` counts the rows of every sheet, `review`
    lists names that a person should decide, `merges` the spellings joined by key or code,
    `decisions` what a person has decided; `reading` says what each sheet and column was taken for.
    `settings` holds `home`, `profile`, `engine`, `as_of` and where that day was found, and `edition` in a
    network that an edition has reduced.
    """

    tables: dict[str, pd.DataFrame]
    ties: pd.DataFrame
    findings: pd.DataFrame = field(default_factory=lambda: findings_frame([]))
    ledger: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LEDGER_COLUMNS)))
    review: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REVIEW_COLUMNS)))
    merges: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MERGE_COLUMNS)))
    decisions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DECISION_COLUMNS)))
    inputs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["file", "sha256", "modified"]))
    regions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REGION_COLUMNS)))
    columns: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(READ_COLUMNS)))
    settings: dict[str, str] = field(default_factory=dict)
    _on_engine: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(name)

    def __repr__(self) -> str:
        counts = ", ".join(f"{kind} {len(self.tables[kind])}" for kind in KINDS if kind in self.tables)
        return f"Network({counts}; ties {len(self.ties)})"

    @property
    def reading(self) -> "Recognised":
        """What each table of a sheet and each column was taken for, how surely, and why."""
        return Recognised(self.regions, self.columns)

    @property
    def as_of(self) -> str:
        """The day on which terms are judged."""
        return self.settings.get("as_of", "")

    @property
    def is_reduced(self) -> bool:
        """Whether an edition has left persons out, so that nothing can be said of who is not there."""
        return self.settings.get("edition", "internal") != "internal"

    def lazy(self, *, engine: str | None = None) -> Tables:
        """The tables as Narwhals lazy frames, on the engine of the network or another one."""
        name = engine or self.settings.get("engine") or "duckdb"
        held = (name, self.as_of, *map(id, self.tables.values()), id(self.ties), id(self.review))
        if self._on_engine.get("held") != held:
            frames = {kind: complete(frame, kind) for kind, frame in self.tables.items()}
            frames["members"] = told_by_dates(frames["members"], self.as_of)
            frames |= {"ties": complete(self.ties, "ties"), "review": _typed_facts(self.review)}
            self._on_engine.update(held=held, tables=lazy_tables(frames, engine=name))
        return self._on_engine["tables"]  # type: ignore[no-any-return]

    def names(self) -> dict[str, str]:
        """The printed name of every node by its id."""
        return {
            node: name
            for kind in KINDS
            for node, name in zip(self.tables[kind][ID_COLUMNS[kind]], self.tables[kind]["name"], strict=True)
        }

    def community_names(self) -> list[str]:
        """The communities in the order of their list, which the office knows."""
        frame = self.tables["communities"]

        def place(source: str) -> tuple[str, int]:
            head, _, row = source.split("\n")[0].rpartition("|")
            return head, int(row) if row.isdigit() else 0

        rows = sorted(zip(frame["source"], frame["name"], strict=True), key=lambda pair: (place(pair[0]), pair[1]))
        return [str(name) for _, name in rows]

    def graph(self, *, members: bool = True) -> "nx.MultiDiGraph":
        """The network as a networkx multigraph; parallel ties and all attributes are kept.

        With `members=False` members are folded into `n_members` and `n_full` of their
        organization and unit: the graph for structure measures and for the map.
        """
        import networkx as nx

        graph = nx.MultiDiGraph(columns=self._columns())
        folded = {} if members else member_counts(self)
        for kind in KINDS if members else [kind for kind in KINDS if kind != "members"]:
            for node, attributes in _records(self.tables[kind], ID_COLUMNS[kind]):
                graph.add_node(node, kind=kind, **attributes, **folded.get(node, {}))
        for attributes in _plain(self.ties):
            source, target = attributes.pop("source_id"), attributes.pop("target_id")
            if members or not (source.startswith("member:") or target.startswith("member:")):
                graph.add_edge(
                    source, target, key=_edge_key(graph, source, target, attributes["relation"]), **attributes
                )
        return graph

    def _columns(self) -> dict[str, dict[str, str]]:
        frames = {**self.tables, "ties": self.ties}
        return {name: {column: str(dtype) for column, dtype in frame.dtypes.items()} for name, frame in frames.items()}

    @classmethod
    def from_graph(cls, graph: "nx.MultiDiGraph") -> "Network":
        """The inverse of `graph()`; a graph edited by hand is taken as it is.

        Raises
        ------
        NetworkError
            graph-attribute where a node has no known `kind`; tie-illegal where a relation
            joins kinds that it may not join.

        """
        columns = graph.graph.get("columns", {})
        rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        for node, attributes in graph.nodes(data=True):
            kind = attributes.get("kind")
            if kind not in rows:
                raise NetworkError("graph-attribute", what="节点", which=node, attribute="kind")
            rest = {key: value for key, value in attributes.items() if key != "kind"}
            rows[kind].append({ID_COLUMNS[kind]: node, **rest})
        tables = {kind: _framed(rows[kind], columns.get(kind, _minimal(kind)), [ID_COLUMNS[kind]]) for kind in KINDS}
        ties = []
        for source, target, key, attributes in graph.edges(keys=True, data=True):
            ties.append({"source_id": source, "target_id": target, **attributes})
            ties[-1].setdefault("relation", str(key).split(" ")[0])
        wanted = columns.get("ties", dict.fromkeys(TIE_COLUMNS, "str"))
        frame = _framed(ties, wanted, list(TIE_COLUMNS))
        check_ties(frame)
        return cls(tables, frame)

    def save(self, path: str | Path) -> Path:
        """Write a folder of Parquet files and `network.json`; returns the folder."""
        import duckdb

        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        frames = self._all_frames()
        with duckdb.connect(config={"threads": 1}) as connection:
            for name, frame in frames.items():
                connection.register("frame", frame)
                target = (folder / f"{name}.parquet").as_posix().replace("'", "''")
                connection.execute(f"COPY (SELECT * FROM frame) TO '{target}' (FORMAT parquet)")
                connection.unregister("frame")
        dtypes = {
            name: {column: str(dtype) for column, dtype in frame.dtypes.items()} for name, frame in frames.items()
        }
        text = json.dumps(
            {"format": 1, "settings": self.settings, "columns": dtypes}, ensure_ascii=False, indent=1, sort_keys=True
        )
        (folder / _META).write_text(text + "\n", encoding="utf-8", newline="\n")
        return folder

    @classmethod
    def load(cls, path: str | Path) -> "Network":
        """Read what `save` wrote.

        Raises
        ------
        NetworkError
            network-not-saved where the folder is no saved network.

        """
        import duckdb

        folder = Path(path)
        try:
            meta = json.loads((folder / _META).read_text("utf-8"))
            with duckdb.connect() as connection:
                frames = {
                    name: connection.read_parquet((folder / f"{name}.parquet").as_posix()).df().astype(dtypes)
                    for name, dtypes in meta["columns"].items()
                }
        except (OSError, ValueError, KeyError, duckdb.Error) as error:
            raise NetworkError("network-not-saved", path=folder.name) from error
        facts = {name: frames.pop(name) for name in _FACTS if name in frames}
        tables = {
            kind: frames[kind] if kind in frames else pd.DataFrame(columns=list(_minimal(kind))) for kind in KINDS
        }
        return cls(tables, frames["ties"], **facts, settings=meta["settings"])

    def _all_frames(self) -> dict[str, pd.DataFrame]:
        texts = {name: _typed_facts(getattr(self, name)) for name in _FACTS}
        return {**self.tables, "ties": self.ties, **texts}

    def edition(self, name: str) -> "Network":
        """The network as an edition may hold it; what is left out is gone from the bytes.

        `internal` has names, but not what is only counted of a person. `meeting` keeps the
        holders of posts, masked; other persons are
        counts on their organization and unit. `public` has no person at all.
        """
        if name not in EDITIONS:
            raise PolicyError("bad-option", option="edition", value=name, choices="、".join(EDITIONS))
        if name == "internal":
            return _without_counted(self)
        counted = _with_counts(self)
        tables = {
            kind: frame.drop(columns=[c for c in frame if c in _personal(kind)])
            for kind, frame in counted.tables.items()
        }
        posts = self.ties["relation"] == "holds_post"
        is_kept = ~self.ties["source_id"].str.startswith("member:") & ~self.ties["target_id"].str.startswith("member:")
        kept_ties = self.ties[is_kept | posts] if name == "meeting" else self.ties[is_kept]
        tables["members"] = _masked_holders(self, kept_ties)
        tables["instructors"] = _masked(counted.tables["instructors"], hidden=name == "public")
        numbers = {old: f"member:{index}" for index, old in enumerate(tables["members"]["member_id"], start=1)}
        tables["members"] = tables["members"].assign(member_id=list(numbers.values())).astype({"member_id": "str"})
        kept_ties = kept_ties.assign(source_id=kept_ties["source_id"].replace(numbers))
        kept_ties = kept_ties.sort_values(list(TIE_COLUMNS), ignore_index=True)
        settings = {**self.settings, "edition": name}
        return replace(
            counted, tables=tables, ties=kept_ties, columns=self.columns.assign(samples=""), settings=settings
        )


def _without_counted(network: Network) -> Network:
    """The network without what is only counted of a person, such as pay or training."""
    members = network.tables["members"]
    members = members.drop(columns=[column for column in members if column in schema.counted_fields()])
    return replace(network, tables={**network.tables, "members": members})


def _personal(kind: str) -> frozenset[str]:
    return schema.person_fields() - {"name"} if kind != "members" else frozenset()


def _masked_holders(network: Network, ties: pd.DataFrame) -> pd.DataFrame:
    """Holders of posts in the ties, with the surname only and nothing else about them."""
    holders = network.tables["members"]
    holders = holders[holders["member_id"].isin(ties["source_id"])]
    return _masked(holders[["member_id", "name", "is_listed", "source"]], hidden=False)


def _masked(persons: pd.DataFrame, *, hidden: bool) -> pd.DataFrame:
    from pbgraph.text import mask_name

    names = persons["name"].map(lambda name: "" if hidden else mask_name(name))
    return persons.assign(name=names.astype("str")).reset_index(drop=True)


def _with_counts(network: Network) -> Network:
    counts = member_counts(network)
    tables = dict(network.tables)
    for kind in ("organizations", "units"):
        frame = tables[kind]
        for column in _COUNTS:
            values = [counts.get(node, {}).get(column) for node in frame[ID_COLUMNS[kind]]]
            frame = frame.assign(**{column: pd.array(values, dtype="Int64")})
        tables[kind] = frame
    return replace(network, tables=tables)


def member_counts(network: Network) -> dict[str, dict[str, int]]:
    """Active members and full members of each organization and unit that has any, by node id.

    A unit counts the people who work there or belong to an organization set up in it. Where
    a saved edition holds counts instead of people, these are given.
    """
    tables = network.lazy()
    held = network._on_engine
    if held.get("counted") != held["held"]:
        held.update(counted=held["held"], counts=_counted(tables))
    return held["counts"]  # type: ignore[no-any-return]


def _counted(tables: Tables) -> dict[str, dict[str, int]]:
    frames = [collected(counted_people(tables, body), sort=["body_id"]) for body in ("organizations", "units")]
    return {
        row[0]: {"n_members": int(row[1]), "n_full": int(row[2])}
        for frame in frames
        for row in frame[["body_id", "n_members", "n_full"]].itertuples(index=False)
    }


def _minimal(kind: str) -> dict[str, str]:
    return {ID_COLUMNS[kind]: "str", "name": "str", "is_listed": "boolean", "source": "str"}


def complete(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """A table, or the ties, with a null column for everything that its rosters may tell and that it lacks."""
    lacking = {key: dtype for key, dtype in _columns_of(kind).items() if key not in frame}
    return frame.assign(**{key: nulls(dtype, len(frame)).set_axis(frame.index) for key, dtype in lacking.items()})


@cache
def _columns_of(kind: str) -> dict[str, str]:
    """The columns that entities of a kind, or ties, may have, with their types."""
    if kind == "ties":
        return dict.fromkeys(TIE_COLUMNS, "str")
    sheets = links()["kinds"].get(kind, {}).get("tables") or _SHEETS.get(kind, (kind,))
    fields = [item for name in sheets if name in schema.tables() for item in schema.tables()[name].fields]
    return {item.key: DTYPES.get(item.type, "str") for item in fields if not item.is_secret} | _MADE.get(kind, {})


_SHEETS = {"grids": ("grids", "estates", "buildings")}
_MADE = {
    "organizations": {"is_community_org": "boolean", "is_inside": "boolean", "is_joint": "boolean"},
    "units": {"states_org": "boolean", "not_understood": "str"},
    "members": {
        "birth_year": "Int64", "education": "str", "full_date": "str", "is_graduate": "boolean",
        "is_studying": "boolean", "training_days": "Float64", "pay": "Float64", "is_lost": "boolean",
    },
    "grids": {"type": "str"}, "meetings": {"type": "str"}, "bodies": {"type": "str"}, "resources": {"type": "str"},
    "records": {"type": "str"},
}  # fmt: skip
"""Columns that linking makes, and that a reduced or hand-made network may lack."""


def _records(frame: pd.DataFrame, id_column: str) -> Iterable[tuple[str, dict[str, Any]]]:
    for record in _plain(frame):
        yield record.pop(id_column), record


def _plain(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Rows as dictionaries of plain Python values, without the nulls."""
    columns = list(frame.columns)
    lists = [frame[column].astype(object).where(frame[column].notna(), None).tolist() for column in columns]
    for values in zip(*lists, strict=True):
        yield {column: value for column, value in zip(columns, values, strict=True) if value is not None}


def _edge_key(graph: "nx.MultiDiGraph", source: str, target: str, relation: str) -> str:
    taken = graph.get_edge_data(source, target, default={})
    number = sum(str(key).split(" ")[0] == relation for key in taken) + 1
    return relation if number == 1 else f"{relation} {number}"


def _framed(rows: list[dict[str, Any]], dtypes: dict[str, str], order: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[*dtypes, *sorted({k for row in rows for k in row} - dtypes.keys())])
    kept = {column: dtype for column, dtype in dtypes.items() if column in frame}
    return frame.astype(kept).sort_values([c for c in order if c in frame], ignore_index=True)


def _typed_facts(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of notes as text or numbers, so that an empty table keeps its types."""
    numbers = {"row": "Int64"} | {column: "Int64" for column in frame if column.startswith("n_")}
    numbers |= dict.fromkeys(("similarity", "margin", "score", "weight", "by_header", "by_cells"), "Float64")
    numbers |= dict.fromkeys(("is_asked", "may_cover", "is_sure"), "boolean")
    return frame.astype({column: numbers.get(column, "str") for column in frame})


def check_ties(ties: pd.DataFrame) -> None:
    """Raise NetworkError (tie-illegal) for the first tie whose ends its relation does not allow."""
    kind_of = {prefix: kind for kind, prefix in PREFIXES.items()}
    relations = schema.vocabulary("relation").rows
    ends = pd.DataFrame({
        "relation": ties["relation"],
        "source": ties["source_id"].str.split(":").str[0].map(kind_of),
        "target": ties["target_id"].str.split(":").str[0].map(kind_of),
    }).drop_duplicates()  # fmt: skip
    for relation, source, target in ends.itertuples(index=False):
        legal = relations.get(relation)
        if (
            legal is None
            or source not in legal["source_kinds"].split(";")
            or target not in legal["target_kinds"].split(";")
        ):
            raise NetworkError("tie-illegal", relation=relation, source=source, target=target)
