"""What the linking steps share: decisions, indexes, entities so far, ties and open names."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.linking.aliases import Aliases
from pbgraph.linking.entities import (
    ID_COLUMNS,
    NameIndex,
    community_key,
    mapped,
    merged_rows,
    opaque_ids,
    place_identity,
)

TIE_COLUMNS = (
    "source_id", "target_id", "relation", "since", "until", "post", "time_share",
    "category", "status", "content", "source",
)  # fmt: skip
_PLACE = ("file", "sheet", "row", "source")


@dataclass
class Context:
    """State of one linking run; each step adds to it."""

    tables: dict[str, pd.DataFrame]
    aliases: Aliases
    indexes: dict[str, NameIndex] = field(default_factory=dict)
    entities: dict[str, pd.DataFrame] = field(default_factory=dict)
    ties: list[pd.DataFrame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    open_names: list[pd.DataFrame] = field(default_factory=list)
    spellings: list[pd.DataFrame] = field(default_factory=list)
    people: Any = None
    person_facts: list[pd.DataFrame] = field(default_factory=list)

    def key_of(self, kind: str) -> Callable[[str], str]:
        """The key function of a kind."""
        if kind == "communities":
            return lambda name: community_key(name, self.aliases)
        return lambda name: self.aliases.key(name, kind)

    def places(self, rows: pd.DataFrame, column: str = "community") -> pd.Series:
        """The community key of each row, "" where none is named."""
        return mapped(rows[column], self.key_of("communities"))

    def add_entities(self, kind: str, rows: pd.DataFrame, name: str, *, code: str | None = None) -> pd.Series:
        """Make entities of rows with `key` and `place`; returns the id of each row."""
        identity = place_identity(rows, self.aliases, kind, code=code)
        ids = opaque_ids(kind, identity)
        id_column = ID_COLUMNS[kind]
        secret = [column for column in rows if column in schema.secret_fields()]
        kept = rows.drop(columns=[*secret, "seq"], errors="ignore").assign(**{id_column: ids})
        merged = merged_rows(kept, id_column, name)
        self.entities[kind] = merged.rename(columns={name: "name"}).assign(is_listed=True)
        self.indexes[kind] = NameIndex.of(kind, self.aliases, rows.assign(id=ids))
        self.note_spellings(kind, rows, rows[name], ids)
        return ids

    def tie(
        self, relation: str, rows: pd.DataFrame, source: pd.Series, target: pd.Series, **attributes: object
    ) -> None:
        """Add a tie for each row whose two ends are known and differ."""
        frame = pd.DataFrame(
            {"source_id": source, "target_id": target, "relation": relation, **attributes, "source": rows["source"]}
        )
        known = frame["source_id"].notna() & frame["target_id"].notna() & (frame["source_id"] != frame["target_id"])
        self.ties.append(frame[known])

    def ties_so_far(self, relation: str) -> pd.DataFrame:
        """The ties of a relation made until now."""
        frames = [frame[frame["relation"] == relation] for frame in self.ties if len(frame)]
        empty = pd.DataFrame(columns=["source_id", "target_id", "relation"], dtype="str")
        return pd.concat([empty, *frames], ignore_index=True)

    def resolve(
        self,
        kind: str,
        rows: pd.DataFrame,
        column: str,
        *,
        place: pd.Series | None = None,
        above: pd.Series | None = None,
        keep: bool = True,
    ) -> pd.Series:
        """The id of the entity that each row names in a column, null where it names none.

        A name that is found nowhere, or that could be several, is recorded for review; with
        `keep` it also becomes an undecided node of its own, so that no tie is lost.
        """
        places = self.places(rows) if place is None else place
        names = rows[column]
        found = self.indexes[kind].resolve(names, places, above)
        ids = found["id"].copy()
        self.note_spellings(kind, rows, names, ids)
        missing = names.notna() & ids.isna()
        if missing.any():
            noted = rows.loc[missing, list(_PLACE)].assign(
                kind=kind,
                name=names[missing],
                key=mapped(names[missing], self.key_of(kind)),
                n=found.loc[missing, "n"],
                place=places[missing],
                column=column,
                is_kept=keep,
            )
            noted["id"] = opaque_ids(kind, "?" + noted["key"])
            self.open_names.append(noted)
            if keep:
                ids = ids.fillna(noted["id"])
        return ids

    def note_spellings(self, kind: str, rows: pd.DataFrame, names: pd.Series, ids: pd.Series) -> None:
        """Remember how an entity is written, how often, and where first."""
        frame = pd.DataFrame({"name": names, "id": ids, "source": rows["source"]}).dropna()
        counted = frame.groupby(["name", "id"], as_index=False).agg(n_rows=("source", "size"), source=("source", "min"))
        self.spellings.append(counted.assign(kind=kind))

    def note(self, code: str, rows: pd.DataFrame, **data: object) -> None:
        """A finding for each row."""
        for place in rows[list(_PLACE)].itertuples(index=False):
            self.findings.append(finding(code, file=place.file, sheet=place.sheet, row=int(place.row), data=data))


def exploded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per value of a column of several values; rows without a value are left out."""
    several = rows[rows[column].notna()]
    return several.assign(**{column: several[column].astype("str").str.split("\n")}).explode(column, ignore_index=True)
