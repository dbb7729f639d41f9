"""Rows to entities: which rows of one kind are the same thing, and its stable opaque id.

Rows are one entity where their key, their place and their code agree. A checked code joins rows and
tells them apart; a local number (001, grid 01) only tells rows of one sheet apart. An id is a hash of
what makes the entity the same next year (kind, key, place), never of a person's number: ids
of members are keyed by the whole roster, so that no single row can be guessed from one.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from pbgraph.linking.aliases import Aliases
from pbgraph.linking.candidates import is_blocked
from pbgraph.linking.codes import CHECKED, checked_codes
from pbgraph.model import ID_COLUMNS, PREFIXES
from pbgraph.schema import layout_words, name_words, secret_fields

VILLAGE = "#村"
_SAYS_NOTHING = r"\d*(?:联合|临时)?(?:党支部|党总支|党小组|党委)"


def community_key(name: str, aliases: Aliases) -> str:
    """The key of a community: 金桥, 金桥社区 and 金桥社区居委会 are one place; 金桥村 is another."""
    key = aliases.key(name, "communities")
    village = next((end for end in name_words()["village_endings"] if key.endswith(end) and key != end), "")
    if village:
        return key.removesuffix(village) + VILLAGE
    ending = next((end for end in layout_words()["community_endings"] if key.endswith(end)), "")
    return key.removesuffix(ending) or key


def mapped(column: pd.Series, function: Callable[[str], str]) -> pd.Series:
    """A text function over the distinct values of a column; nulls become ""."""
    values = column.tolist()
    known = {value: function(value) for value in dict.fromkeys(values) if isinstance(value, str)}
    return pd.Series([known.get(value, "") for value in values], index=column.index, dtype="str")


def flagged(column: pd.Series, function: Callable[[str], object]) -> pd.Series:
    """Whether a function holds of each text of a column; False for nulls."""
    return column.isin([value for value in column.dropna().unique() if function(value)])


def says_none(rows: pd.DataFrame, field: str) -> pd.Series:
    """Whether the row of each says of a field that there is none, which no blank cell does."""
    said = rows["said_none"] if "said_none" in rows else pd.Series(None, index=rows.index, dtype="str")
    return said.fillna("").str.split("\n").map(lambda keys: field in keys).astype(bool)


def looked_up(column: pd.Series, table: Mapping[Any, Any]) -> pd.Series:
    """The text that a table holds for each value of a column, null where it holds none."""
    return pd.Series([table.get(value) for value in column], index=column.index, dtype="str")


def opaque_ids(kind: str, identity: pd.Series, *, salt: str = "") -> pd.Series:
    """Stable ids of identities, such as `org:3f9a0c71d2e4b586`."""
    prefix = PREFIXES[kind]
    key = hashlib.blake2b(salt.encode(), digest_size=32).digest() if salt else b""

    def digest(text: str) -> str:
        hashed = hashlib.blake2b(f"{kind}\n{text}".encode(), digest_size=8, key=key)
        return f"{prefix}:{hashed.hexdigest()}"

    return mapped(identity, digest)


def place_identity(rows: pd.DataFrame, aliases: Aliases, kind: str, *, code: str | None = None) -> pd.Series:
    """One identity per entity from the columns `key`, `place`, `above` and, where given, a code.

    Rows without a place join the only place that has their name. A name that says nothing of
    itself (第一党支部) is told apart by its superior. Rows with one checked code join, unless their names
    exclude each other or a person has refused it; rows with one name, one place and two codes part.
    """
    if rows.empty:
        return pd.Series(dtype="str")
    place = rows["place"].copy()
    places: dict[str, set[str]] = {}
    for key, named in zip(rows["key"].tolist(), place.tolist(), strict=True):
        if named:
            places.setdefault(key, set()).add(named)
    only = {key: next(iter(found)) for key, found in places.items() if len(found) == 1}
    place = place.mask(place == "", looked_up(rows["key"], only)).fillna("")
    identity = rows["key"] + "@" + place
    if "above" in rows:
        is_bare = rows["key"].str.fullmatch(_SAYS_NOTHING) & (rows["above"] != "")
        identity = identity.mask(is_bare, identity + "^" + rows["above"])
    if code is None:
        return identity
    if code not in CHECKED:
        return _parted_in_a_sheet(identity, rows, rows[code].fillna(""))
    known = checked_codes(rows[code])
    n_codes = known[known != ""].groupby(identity).nunique()
    parted = identity.map(n_codes).fillna(0) > 1
    identity = identity.mask(parted & (known != ""), identity + "#" + known)
    return _joined_by_code(identity, known, rows["key"], lambda left, right: aliases.is_refused(kind, left, right))


def _parted_in_a_sheet(identity: pd.Series, rows: pd.DataFrame, number: pd.Series) -> pd.Series:
    """Rows of one sheet that have one identity and two local numbers are two; another sheet numbers anew."""
    sheet = rows["file"].fillna("") + "|" + rows["sheet"].fillna("") + "|" + identity
    n_numbers = number[number != ""].groupby(sheet).nunique()
    parted = sheet.map(n_numbers).fillna(0) > 1
    return identity.mask(parted & (number != ""), identity + "#" + number)


def _joined_by_code(
    identity: pd.Series, known: pd.Series, keys: pd.Series, is_refused: Callable[[str, str], bool]
) -> pd.Series:
    frame = pd.DataFrame({"identity": identity, "code": known, "key": keys})
    coded = frame[frame["code"] != ""].drop_duplicates()
    shared = coded[coded.groupby("code")["identity"].transform("nunique") > 1]
    renamed: dict[str, str] = {}
    for _, group in shared.sort_values("identity").groupby("code"):
        first = group.iloc[0]
        for other in group.iloc[1:].itertuples(index=False):
            left, right = str(first["key"]), str(other.key)
            if not is_blocked(left, right) and not is_refused(left, right):
                renamed[str(other.identity)] = str(first["identity"])
    return identity.replace(renamed) if renamed else identity


def made_entities(
    kind: str,
    rows: pd.DataFrame,
    name: str,
    aliases: Aliases,
    *,
    identity: pd.Series | None = None,
    code: str | None = None,
) -> tuple[pd.DataFrame, pd.Series]:
    """The entities that rows with `key` and `place` describe, and the id of each row."""
    whole = place_identity(rows, aliases, kind, code=code) if identity is None else identity
    ids = opaque_ids(kind, whole)
    secret = [column for column in rows if column in secret_fields()]
    kept = rows.drop(columns=[*secret, "seq"], errors="ignore").assign(**{ID_COLUMNS[kind]: ids})
    merged = merged_rows(kept, ID_COLUMNS[kind], name)
    return merged.rename(columns={name: "name"}).assign(is_listed=True), ids


def merged_rows(rows: pd.DataFrame, id_column: str, name: str) -> pd.DataFrame:
    """One row per id: first known value of each field by source, the most frequent name.

    The name is the most frequent spelling, then the shortest (of a unit the longest, which is its whole name),
    then the first by code point. `source` lists every row, one a line.
    """
    if rows[id_column].is_unique:
        middle = [column for column in rows.columns.tolist() if column not in {id_column, *_OF_ROWS, "source"}]
        return rows[[id_column, *middle, "source"]].sort_values(id_column, ignore_index=True)
    ordered = rows.sort_values(list(_OF_ROWS), kind="stable")
    values = ordered.drop(columns=[*_OF_ROWS, "source"]).groupby(id_column).first()
    values[name] = _display_names(ordered, id_column, name)
    values["source"] = ordered.groupby(id_column)["source"].agg(lambda lines: "\n".join(dict.fromkeys(lines)))
    return values.reset_index()


_OF_ROWS = ("file", "sheet", "row")


def _display_names(rows: pd.DataFrame, id_column: str, name: str) -> pd.Series:
    counts = rows.groupby([id_column, name], as_index=False).size()
    counts["length"] = counts[name].str.len()
    best = counts.sort_values(["size", "length", name], ascending=[False, id_column != ID_COLUMNS["units"], True])
    return best.drop_duplicates(id_column).set_index(id_column)[name]


class Entry(NamedTuple):
    """One entity that bears a name: where it is, what it is under, and its id."""

    place: str
    above: str
    id: str


@dataclass(frozen=True)
class NameIndex:
    """Every spelling of the entities of a kind, by key."""

    kind: str
    aliases: Aliases
    entries: dict[str, tuple[Entry, ...]]

    @classmethod
    def of(cls, kind: str, aliases: Aliases, frame: pd.DataFrame) -> "NameIndex":
        """Build from a frame with the columns `key`, `place`, `id` and perhaps `above`."""
        above = frame["above"].tolist() if "above" in frame else [""] * len(frame)
        rows = zip(frame["key"].tolist(), frame["place"].tolist(), above, frame["id"].tolist(), strict=True)
        entries: dict[str, list[Entry]] = {}
        for key, *entry in sorted(set(rows)):
            if key:
                entries.setdefault(key, []).append(Entry(*entry))
        return cls(kind, aliases, {key: tuple(found) for key, found in entries.items()})

    def find(self, name: str, place: str = "", above: str = "") -> tuple[str | None, int]:
        """The id of a name and how many it could be: 0 unknown, 1 found, more ambiguous.

        Where several bear the name, those in the same place are looked at, then those under
        the same superior.
        """
        entries = self.entries.get(self.aliases.key(name, self.kind), ())
        if len(entries) > 1 and place:
            entries = tuple(entry for entry in entries if entry.place == place) or entries
        if len(entries) > 1 and above:
            entries = tuple(entry for entry in entries if entry.above == above) or entries
        ids = {entry.id for entry in entries}
        return (next(iter(ids)) if len(ids) == 1 else None), len(ids)

    def resolve(self, names: pd.Series, places: pd.Series, aboves: pd.Series | None = None) -> pd.DataFrame:
        """`id` and `n` (how many it could be) for each mention; "" and null names give n = 0."""
        above = pd.Series("", index=names.index) if aboves is None else aboves.fillna("")
        mentions = pd.MultiIndex.from_arrays([names.fillna(""), places.fillna(""), above])
        codes, distinct = mentions.factorize()
        found = [self.find(*mention) if mention[0] else (None, 0) for mention in distinct]
        table = pd.DataFrame(found, columns=["id", "n"]).astype({"id": "str", "n": "int64"})
        return table.take(codes).set_axis(names.index)
