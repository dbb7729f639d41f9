"""Mentions: every cell that names a body, with what it was taken to mean and why.

A mention has `kind`, `table`, `column`, `name`, `key`, `place`, `id`, `n` (how many it could be) and a
`reason`: *listed* (the row describes the thing itself), *key* (an equal key), *decided* (a person said so),
*office* (only one in this office has that core), *within* (the cell holds the unit: 甲厂党支部书记), or
*open*. `Names` is what is known when a mention is read; it is never changed, a step that knows more makes
another one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from pbgraph.linking.aliases import Aliases
from pbgraph.linking.entities import VILLAGE, NameIndex, community_key, mapped, opaque_ids
from pbgraph.linking.office import Known, Office, OfficeIndex, community_in
from pbgraph.reading.values import repeated
from pbgraph.schema import name_words

PLACE = ("file", "sheet", "row", "source")
COLUMNS = (*PLACE, "kind", "table", "column", "name", "key", "place", "id", "n", "reason", "is_kept")
_IN_OFFICE = frozenset({"units", "organizations"})


class Meant(NamedTuple):
    """What a name was taken to mean: the id (None where it stays open), how many it could be, and why."""

    id: str | None
    n: int
    reason: str


_OPEN = Meant(None, 0, "open")


@dataclass(frozen=True)
class Names:
    """What is known of the names in an office: decisions, spellings by kind, and the office's own ways.

    `indexes` find a kind by key, `here` by what is left of a name in this office; `communities` gives the id of
    a community's key, `printed` the name of its id.
    """

    aliases: Aliases
    office: Office
    indexes: Mapping[str, NameIndex] = field(default_factory=dict)
    here: Mapping[str, OfficeIndex] = field(default_factory=dict)
    communities: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)

    def knowing(self, kind: str, index: NameIndex) -> "Names":
        """The names together with those of one more kind."""
        return replace(self, indexes={**self.indexes, kind: index})

    def at_home(self, kind: str, rows: pd.DataFrame, name: str) -> "Names":
        """The names together with the cores of a kind, from rows with `key`, `place` and `id`."""
        take = self.office.unit if kind == "units" else self.office.organization
        unique = rows[["key", "place", "id", name]].drop_duplicates()
        known = [Known(take(text), key, place, found) for key, place, found, text in unique.itertuples(index=False)]
        return replace(self, here={**self.here, kind: OfficeIndex.of(known)})

    def also_called(self, kind: str, rows: pd.DataFrame, *columns: str) -> "Names":
        """The names together with short and former ones of rows with `place` and `id`, where no other bears them."""
        index = self.indexes[kind]
        held = [column for column in ("place", "above", "id") if column in rows]
        extra = []
        for column in columns:
            several = exploded(rows, column)
            extra.append(several.assign(key=mapped(several[column], self.key_of(kind)))[["key", *held]])
        others = pd.concat(extra, ignore_index=True)
        others = others[~others["key"].isin(index.entries.keys())]
        entries = {**NameIndex.of(kind, self.aliases, others).entries, **index.entries}
        return self.knowing(kind, NameIndex(kind, self.aliases, entries))

    def key_of(self, kind: str) -> Callable[[str], str]:
        """The key function of a kind."""
        if kind == "communities":
            return self.community_key
        return lambda name: self.aliases.key(name, kind)

    def community_key(self, name: str) -> str:
        """The key of a community; a bare name means the village where only a village bears it."""
        key = community_key(name, self.aliases)
        return key if key in self.communities or key + VILLAGE not in self.communities else key + VILLAGE

    def places(self, rows: pd.DataFrame, column: str = "community") -> pd.Series:
        """The community key of each row, "" where none is named."""
        return mapped(rows[column], self.community_key)

    def is_community(self, name: str) -> bool:
        """Whether a name is that of a community of this office."""
        return self.community_key(name) in self.communities

    def is_place(self, name: str) -> bool:
        """Whether a cell holds a community or the street, or one of their own bodies, instead of a unit."""
        key = self.aliases.key(name, "communities")
        rest = key.removeprefix(self.office.street)
        is_street = rest != key and rest in name_words()["street_offices"]
        return self.is_community(name) or is_street or bool(community_in(key, tuple(self.printed.values())))

    def resolve(
        self,
        kind: str,
        rows: pd.DataFrame,
        column: str,
        *,
        place: pd.Series | None = None,
        above: pd.Series | None = None,
        keep: bool = True,
        table: str = "",
    ) -> pd.DataFrame:
        """The mentions of a column, one a row and under its index; `name` is null where it names none.

        A name that is found nowhere, or that could be several, is *open*; with `keep` it gets the id of an
        undecided node of its own, so that no tie is lost.
        """
        if rows.empty:
            return no_mentions().copy(deep=False)
        places = (self.places(rows) if place is None else place).fillna("")
        aboves = pd.Series("", index=rows.index) if above is None else above.fillna("")
        names = rows[column].astype("str")
        asked = list(zip(names.fillna(""), places, aboves, strict=True))
        known = {mention: self.meant(kind, *mention) if mention[0] else _OPEN for mention in dict.fromkeys(asked)}
        ids, n, reasons = zip(*(known[mention] for mention in asked), strict=True) if asked else ([], [], [])
        frame = pd.DataFrame(
            {
                **{part: rows[part].array for part in PLACE}, "kind": repeated(kind, len(rows)).array,
                "table": repeated(table, len(rows)).array, "column": repeated(column, len(rows)).array,
                "name": names.array, "key": mapped(names, self.key_of(kind)).array, "place": places.array,
                "id": pd.array(ids, dtype="str"), "n": np.array(n, dtype="int64"),
                "reason": pd.array(reasons, dtype="str"), "is_kept": keep,
            },
            index=rows.index,
        )  # fmt: skip
        is_open = frame["name"].notna() & frame["id"].isna()
        if keep and is_open.any():
            frame["id"] = frame["id"].mask(is_open, opaque_ids(kind, "?" + frame["key"]))
        return frame

    def meant(self, kind: str, name: str, place: str = "", above: str = "") -> Meant:
        """What one name means: by its key, then in this office, then by what the cell holds."""
        found, n = self.indexes[kind].find(name, place, above)
        if n:
            reason = "decided" if self.aliases.is_decided(name, kind) else "key"
            return Meant(found, n, reason if found else "open")
        if kind == "grids":
            return self._grid(name, place)
        is_answered = (kind, self.key_of(kind)(name)) in self.aliases.asked or (kind, name) in self.aliases.apart
        if kind not in self.here or is_answered:
            return _OPEN
        if kind == "organizations":
            return self._in_office(kind, name, place)
        bare = _lead().sub("", name)
        return next((meant for meant in self._ways(bare, place) if meant.n), _OPEN)

    def _ways(self, name: str, place: str) -> "list[Meant]":
        found = [self._in_office("units", name, place)]
        if not found[0].n:
            found.append(self.unit_of(name, place))
        if not found[-1].n and (post := _post().search(name)):
            found.append(self._before_post(name, post.start(), place))
        return found

    def _grid(self, name: str, place: str) -> Meant:
        """A grid that one list calls 第一网格 and another 甲社区第一网格."""
        shown = [(key, self.printed[found]) for key, found in self.communities.items() if place in ("", key)]
        forms = [(key, name.removeprefix(text)) for key, text in shown if name.startswith(text)]
        forms += [(key, text + name) for key, text in shown if place]
        ids = {found for key, form in forms if (found := self.indexes["grids"].find(form, key)[0])}
        return Meant(next(iter(ids)), 1, "office") if len(ids) == 1 else Meant(None, len(ids), "open")

    def _in_office(self, kind: str, name: str, place: str, *, is_cut: bool = True) -> Meant:
        parts = self.office.unit(name) if kind == "units" else self.office.organization(name)
        key = self.key_of(kind)(name)
        ids = {
            row.id
            for row in self.here[kind].find(parts, key, place, is_cut=is_cut)
            if not self.aliases.is_refused(kind, key, row.key)
        }
        return Meant(next(iter(ids)), 1, "office") if len(ids) == 1 else Meant(None, len(ids), "open")

    def unit_of(self, name: str, place: str = "") -> Meant:
        """The one unit of this office that the name of an organization holds; of a joint one only its whole name."""
        is_cut = not re.search(name_words()["joint_name"], self.key_of("organizations")(name))
        for body in self.office.units_of(name):
            exact, n = self.indexes["units"].find(body, place)
            meant = Meant(exact, n, "within") if n else self._in_office("units", body, place, is_cut=is_cut)
            if meant.n:
                return meant._replace(reason="within" if meant.id else "open")
        return _OPEN

    def _before_post(self, name: str, end: int, place: str) -> Meant:
        """The unit in front of a post, the longest that is known: 慧晟市政管理处副主任."""
        for cut in range(end, 2, -1):
            head = name[:cut]
            exact, n = self.indexes["units"].find(head, place)
            meant = Meant(exact, n, "within") if exact else self._in_office("units", head, place)
            meant = meant if meant.id else self.unit_of(head, place)
            if meant.id:
                return meant._replace(reason="within")
        return _OPEN


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(name_words()["cell_lead"])


@cache
def _post() -> re.Pattern[str]:
    endings = "|".join(sorted(name_words()["post_endings"], key=len, reverse=True))
    return re.compile(rf"(?:{endings})$")


def ends_in_post(name: str) -> bool:
    """Whether a cell ends in a post: 汪甸街道党工委副书记."""
    return bool(_post().search(name))


@cache
def no_mentions() -> pd.DataFrame:
    """The mentions of no row."""
    types = {"row": "Int64", "n": "int64", "is_kept": "bool"}
    return pd.DataFrame({column: pd.Series(dtype=types.get(column, "str")) for column in COLUMNS})


def listed_mentions(kind: str, rows: pd.DataFrame, names: pd.Series, ids: pd.Series, *, table: str) -> pd.DataFrame:
    """The mentions of rows that describe the thing itself."""
    frame = rows[list(PLACE)].assign(kind=kind, table=table, column="", name=names.astype("str"), key=rows["key"])
    return frame.assign(place=rows["place"], id=ids, n=1, reason="listed", is_kept=True)


def exploded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per value of a column of several values; rows without a value are left out."""
    if rows.empty:
        return rows
    texts = rows[column].astype("str")
    lists = [value.split("\n") if isinstance(value, str) else [] for value in texts]
    if all(len(values) == 1 for values in lists):
        return rows.assign(**{column: texts}).reset_index(drop=True)
    several = rows.take([place for place, values in enumerate(lists) for _ in values]).reset_index(drop=True)
    told = pd.Series([value for values in lists for value in values], index=several.index, dtype="str")
    return several.assign(**{column: told})
