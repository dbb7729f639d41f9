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

`graph()` gives a `networkx.MultiDiGraph` (`pbgraph.graphs`), `from_graph` is its inverse, notes included.
Numbers and addresses of persons are never in a network.

A network keeps its own frames: those it is made of can be changed without changing it, and two networks never
share an edit, though they share the memory of what neither has edited. An edit in place of one of its tables
(`network.units.loc[...] = ...`) is an edit of the network, which every measure sees from then on.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pandas as pd

from pbgraph.captions import caption, reason_of, shown_day
from pbgraph.counting import counted_people, told_by_dates
from pbgraph.decisions import COLUMNS as DECISION_COLUMNS
from pbgraph.editions import EDITIONS, reduced, told, veiled
from pbgraph.engine import Tables, collected, lazy_tables
from pbgraph.errors import NetworkError, PolicyError, RenderError, no_attribute
from pbgraph.findings import findings_frame
from pbgraph.graphs import graph_of, notes_of, tables_of
from pbgraph.linking.review import COLUMNS as REVIEW_COLUMNS
from pbgraph.linking.review import MERGE_COLUMNS
from pbgraph.model import ID_COLUMNS, KINDS, LEDGER_COLUMNS, READ_COLUMNS, REGION_COLUMNS
from pbgraph.saved import META as _META
from pbgraph.saved import read_saved
from pbgraph.selection import found_nodes, of_communities, of_kinds
from pbgraph.summary import summary_html
from pbgraph.tables import (
    as_pandas,
    check_ends,
    check_ties,
    complete,
    empty_table,
    entity_table,
    gone_nodes,
    is_same,
    own_table,
    shared,
    typed_notes,
    without_nodes,
)

if TYPE_CHECKING:
    import networkx as nx

_FACTS = ("findings", "ledger", "review", "merges", "decisions", "inputs", "regions", "columns")
_COUNTS = ("n_members", "n_full")


class Recognised(NamedTuple):
    """`tables`: a row per table of a sheet with kind, runner-up and margin; `columns`: a row per column."""

    tables: pd.DataFrame
    columns: pd.DataFrame


@dataclass
class _OnEngine:
    """Tables on an engine, and the frames as they were when they were put there."""

    made_for: tuple[str, str]
    frames: dict[str, pd.DataFrame]
    tables: Tables
    counts: dict[str, dict[str, int]] | None = None

    def is_current(self, made_for: tuple[str, str], frames: dict[str, pd.DataFrame]) -> bool:
        """Whether nobody has edited a frame since: what shares its memory is found equal without being read."""
        return made_for == self.made_for and all(frame.equals(self.frames[name]) for name, frame in frames.items())


@dataclass(frozen=True, eq=False)
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
    _on_engine: list[_OnEngine] = field(default_factory=list, init=False, repr=False)

    __hash__ = None  # type: ignore[assignment]  # it can be edited in place

    def __post_init__(self) -> None:
        tables = {kind: own_table(self.tables.get(kind, empty_table(kind)), kind) for kind in KINDS}
        self.__dict__.update(tables=tables, ties=shared(self.ties), settings=dict(self.settings), _on_engine=[])
        for name in _FACTS:
            self.__dict__[name] = typed_notes(getattr(self, name))

    def __getstate__(self) -> dict[str, Any]:
        return {item.name: self.__dict__[item.name] for item in fields(self) if item.init}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    def __eq__(self, other: object) -> bool:
        return self.equals(other) if isinstance(other, Network) else NotImplemented

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables})

    def _repr_html_(self) -> str:
        title = caption("network_title", "zh", as_of=shown_day(self.as_of, "zh"), n_files=len(self.inputs))
        return summary_html(self.tables, self.ties, self.findings, title=title)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise no_attribute("'Network' object", name, dir(self) if tables else ())

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
        return self._held(engine).tables

    def _held(self, engine: str | None = None) -> _OnEngine:
        """The tables on an engine as they are now: put there anew where one has been edited."""
        made_for = engine or self.settings.get("engine") or "duckdb", self.as_of
        frames = {**self.tables, "ties": self.ties, "review": self.review}
        if not self._on_engine or not self._on_engine[0].is_current(made_for, frames):
            whole = {kind: complete(frame, kind) for kind, frame in self.tables.items()}
            whole["members"] = told_by_dates(whole["members"], self.as_of)
            whole |= {"ties": complete(self.ties, "ties"), "review": self.review}
            tables = lazy_tables({name: shared(frame) for name, frame in whole.items()}, engine=made_for[0])
            kept = {name: shared(frame) for name, frame in frames.items()}
            self._on_engine[:] = [_OnEngine(made_for, kept, tables)]
        return self._on_engine[0]

    def snapshot(self) -> "Network":
        """The network as it is now, which no later edit reaches; shares the memory and the engine."""
        held, other = self._held(), replace(self)
        other._on_engine[:] = [held]
        return other

    def names(self) -> dict[str, str]:
        """The printed name of every node by its id."""
        return {
            node: name
            for kind in KINDS
            for node, name in self.tables[kind][[ID_COLUMNS[kind], "name"]].to_numpy().tolist()
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
        notes = notes_of(self.settings, self._all_frames(), _FACTS)
        return graph_of(self.tables, self.ties, notes=notes, counts=None if members else member_counts(self))

    @classmethod
    def from_graph(cls, graph: "nx.MultiDiGraph") -> Self:
        """The inverse of `graph()`, notes included; a graph edited by hand is taken as it is.

        A node that was added needs a `kind` and a `label`, an edge a relation as its key or attribute.

        Raises
        ------
        NetworkError
            graph-undirected where it is no MultiDiGraph; graph-attribute and graph-kind where a node has no known
            `kind`; graph-label; graph-value; relation-not-known; tie-illegal where a relation joins kinds that it
            may not join.

        """
        tables, ties, facts, settings = tables_of(graph)
        names = {
            node: name
            for kind in KINDS
            for node, name in zip(*(tables[kind][c] for c in (ID_COLUMNS[kind], "name")), strict=True)
        }
        check_ties(ties, names)
        return cls(tables, ties, **{name: facts[name] for name in _FACTS if name in facts}, settings=settings)

    def equals(self, other: "Network") -> bool:
        """Whether both have the same rows in every table, the same notes and settings.

        The order of rows and columns, columns without a value and the way a number is stored do not count.
        """
        one, two = self._all_frames(), other._all_frames()
        return self.settings == other.settings and all(is_same(frame, two[name]) for name, frame in one.items())

    def with_(self, **changed: Any) -> Self:
        """A network with other tables or notes, such as `with_(units=frame)`; what is not named is shared.

        The ties of a node that is in no table any more go with it.

        Raises
        ------
        NetworkError
            table-not-known, table-not-frame, table-without-id; tie-illegal or tie-end-unknown where the ties are
            given.

        """
        known = (*KINDS, "ties", *_FACTS)
        for name in changed.keys() - {*known, "settings"}:
            raise NetworkError("table-not-known", table=name, choices="、".join(known))
        settings = changed.pop("settings", self.settings)
        frames = {name: as_pandas(frame, name) for name, frame in changed.items()}
        tables = self.tables | {kind: entity_table(frames.pop(kind), kind) for kind in KINDS if kind in frames}
        ties = frames.pop("ties", None)
        if ties is not None:
            check_ties(ties)
            check_ends(ties, tables)
        else:
            ties = without_nodes(self.ties, gone_nodes(self.tables, tables))
        return replace(self, tables=tables, ties=ties, settings=settings, **frames)

    def filter(self, *, community: str | Iterable[str] | None = None, kind: str | Iterable[str] | None = None) -> Self:
        """A part of the network: what stands in communities, with all that it has ties with; nodes of some kinds.

        A measure says of a unit or organization of the community what it says in the whole network; of what
        stands elsewhere, and is kept because it has a tie into the community, only those ties are known. By
        `kind`, tables and ties between them are kept ("units" or ["organizations", "units"]). Notes are kept.

        Raises
        ------
        NetworkError
            place-not-known or table-not-known.

        """
        tables = self.tables
        if community is not None:
            tables = of_communities(tables, self.ties, [community] if isinstance(community, str) else community)
        if kind is not None:
            tables = of_kinds(tables, [kind] if isinstance(kind, str) else kind)
        tables = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
        return replace(self, tables=tables, ties=without_nodes(self.ties, gone_nodes(self.tables, tables)))

    def find(self, words: str) -> pd.DataFrame:
        """Nodes of which one name holds all the words: the printed one, a short or former one, a joined spelling.

        One row per node, by kind, name and id: `id`, `kind`, `name`, `community` (null where it has none of its
        own) and `origin`. No word, or no such name: no rows, same columns.
        """
        return found_nodes(self.tables, self.merges, words)

    def save(self, path: str | Path) -> Path:
        """Write a folder of Parquet files and `network.json`; returns the folder.

        Raises
        ------
        RenderError
            output-not-writable.

        """
        import duckdb

        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._save(folder)
        except (OSError, duckdb.IOException) as error:
            raise RenderError("output-not-writable", path=folder, reason=reason_of(error)) from error
        return folder

    def _save(self, folder: Path) -> None:
        import duckdb

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

    @classmethod
    def load(cls, path: str | Path) -> "Network":
        """Read what `save` wrote.

        Raises
        ------
        NetworkError
            network-not-saved where the folder is no saved network; network-spoilt where a part of it is not as
            it was saved, network-too-large, tie-illegal, tie-end-unknown.

        """
        frames, settings = read_saved(Path(path), notes=_FACTS)
        facts = {name: frames.pop(name) for name in _FACTS if name in frames}
        ties = frames.pop("ties")
        return cls(frames, ties, **facts, settings=settings)

    def _all_frames(self) -> dict[str, pd.DataFrame]:
        return {**self.tables, "ties": self.ties, **{name: getattr(self, name) for name in _FACTS}}

    def edition(self, name: str) -> "Network":
        """The network as an edition may hold it; what is left out is gone from the bytes (`pbgraph.editions`).

        `internal` has names, but not what is only counted of a person. `meeting` keeps the holders of posts,
        masked, without days and rows; other persons are counts on their organization and unit. `public` has no
        person at all, no count that singles one out, and no file by its name.
        """
        _check_edition(name)
        whole = self if name == "internal" else _with_counts(self)
        said = {} if name == "internal" else {"edition": name}
        return self._with_frames(reduced(whole._all_frames(), name), said)

    def veiled(self, name: str) -> "Network":
        """All rows, for measuring what an edition shows: persons are numbers, and no text holds a name of one."""
        _check_edition(name)
        return self if name == "internal" else self._with_frames(veiled(self._all_frames(), name), {"veil": name})

    def _with_frames(self, frames: dict[str, pd.DataFrame], said: dict[str, str]) -> "Network":
        tables = {kind: frames[kind] for kind in KINDS}
        hidden = {"as_of_place": ""} if "public" in said.values() else {}
        facts = {name: frames[name] for name in _FACTS}
        return replace(self, tables=tables, ties=frames["ties"], settings={**self.settings, **hidden, **said}, **facts)

    @property
    def is_veiled(self) -> bool:
        """Whether it is measured for an edition that names nobody, all rows being there."""
        return "veil" in self.settings

    @property
    def least_shown(self) -> int:
        """Below how many persons a number is not shown as it is, 0 where every number is."""
        return told().least_shown if self.settings.get("veil") == "public" else 0


def _check_edition(name: str) -> None:
    if name not in EDITIONS:
        raise PolicyError("bad-option", option="edition", value=name, choices="、".join(EDITIONS))


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
    a saved edition holds counts instead of people, these are given, those that it withholds left out.
    """
    held = network._held()
    if held.counts is None:
        held.counts = _counted(held.tables)
    return held.counts


def _counted(tables: Tables) -> dict[str, dict[str, int]]:
    frames = [collected(counted_people(tables, body), sort=["body_id"]) for body in ("organizations", "units")]
    return {
        row[0]: {"n_members": int(row[1]), "n_full": int(row[2])}
        for frame in frames
        for row in frame[["body_id", "n_members", "n_full"]].dropna().itertuples(index=False)
    }
