"""What an edition may hold: frames in, frames out; what it hides is gone from the bytes.

`internal` has names, but not what is only counted of a person. `meeting` has the holders of posts, masked (张*), and
all other persons as counts. `public` has no person at all, no count that singles one out, no file by its name.

Two networks come out of it. `veiled` has every row, for measuring: persons are numbers, and no text holds a name, so
that nothing made from it can. `reduced` is what is handed out: it has the rows as well only of those it may show.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from pbgraph import reference, schema
from pbgraph.captions import caption
from pbgraph.model import ALWAYS, ID_COLUMNS, KINDS, MADE, PREFIXES
from pbgraph.reading.shapes import is_person
from pbgraph.text import mask_name

EDITIONS = ("internal", "meeting", "public")
Frames = Mapping[str, pd.DataFrame]
PERSONS = ("members", "instructors")
_SHOWN_OF_PERSONS = {
    "members": ("member_id", "name", "is_listed", "source"),
    "instructors": (
        "instructor_id",
        "name",
        "is_listed",
        "from_unit",
        "unit_post",
        "time_share",
        "community",
        "source",
    ),
}
_OF_PERSONS = ("records", "resources")  # told apart by whom they are of
_ONLY_MEASURED = frozenset({"birth_month", "stated_age"})  # with the year, what rosters hold in confidence
_IDS = frozenset({*ID_COLUMNS.values(), "source_id", "target_id", "open_id", "candidate_id"})
_SOMEBODY = "*"
_PERSONAL_TIES = ("holds_post", "instructs")
_ALL_KINDS = ("name", "is_listed", "source", "n_members", "n_full")
_NO_TEXTS = ("source_id", "target_id", "source")
_HAN = r"[\u3400-\u9fff]"
_SHORT, _LONGEST = 2, 4  # characters of a name that may be a word, and of the longest name looked for
_FEW_CELLS = 0.5


@dataclass(frozen=True)
class Told:
    """The table `reference/editions.toml`."""

    least_shown: int
    counts: tuple[str, ...]
    said: tuple[str, ...]
    unnamed: tuple[str, ...]
    of_holders: tuple[str, ...]
    hides: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


@cache
def told() -> Told:
    """What is left out, as data."""
    made: Told = reference.table("editions", Told)
    return made


def veiled(frames: Frames, edition: str) -> dict[str, pd.DataFrame]:
    """All rows, for measures whose results an edition shows; the same frames for "internal"."""
    return dict(frames) if edition == "internal" else _Veil(frames, edition).frames()


def reduced(frames: Frames, edition: str) -> dict[str, pd.DataFrame]:
    """The rows and columns that an edition holds; organizations and units have `n_members` and `n_full` by then."""
    if edition == "internal":
        members = frames["members"]
        return {
            **frames,
            "members": members.drop(columns=[c for c in members if c in schema.counted_fields() | _ONLY_MEASURED]),
        }
    made = _Veil(frames, edition).frames()
    for kind in set(KINDS) - set(PERSONS):
        made[kind] = made[kind].drop(columns=[c for c in made[kind] if c in _person_columns()])
        if edition == "public":
            made[kind] = _without_small_counts(made[kind])
    made["units"] = made["units"].assign(instructors=_instructed(frames))
    made["columns"] = made["columns"].assign(samples="")
    return _without_telling_ids(frames, made | _shown_persons(frames, made, edition))


def few(n: Any, *, least: int) -> Any:
    """A number of persons as it is shown: as it is, or as fewer than `least` where it is one of a few.

    >>> few(3, least=5), few(0, least=5), few(3, least=0)
    ('<5', 0, 3)
    """
    return f"<{least}" if pd.notna(n) and 0 < n < least else n


def shown_people(n_members: Any, n_full: Any, *, least: int) -> dict[str, Any]:
    """Members and full members as they are shown: fewer than all of them where they would tell of a few others.

    >>> shown_people(9, 8, least=5), shown_people(9, 8, least=0)
    ({'n_members': 9, 'n_full': '<9'}, {'n_members': 9, 'n_full': 8})
    """
    others = n_members - n_full if pd.notna(n_members) and pd.notna(n_full) else 0
    full = f"<{max(n_members, least)}" if 0 < others < least and n_full else few(n_full, least=least)
    return {"n_members": few(n_members, least=least), "n_full": full}


@cache
def _person_columns() -> frozenset[str]:
    return schema.person_fields() - {"name"}


@cache
def _known(kind: str) -> frozenset[str]:
    """The columns of a kind that are not an office's own."""
    fields = {item.key for table in schema.tables().values() for item in table.fields}
    made = {*ALWAYS.get(kind, {}), *MADE.get(kind, {}), *ID_COLUMNS.values(), *_ALL_KINDS}
    return frozenset(fields | made)


def _without_small_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Null for each count of a few persons, and for the full members where they tell of a few others."""
    least = told().least_shown
    frame = frame.copy()
    for full, whole in (("n_full", "n_members"), ("full_count", "member_count")):
        if full in frame and whole in frame:
            others = frame[whole] - frame[full]
            frame[full] = frame[full].mask((others.gt(0) & others.lt(least)).fillna(value=False))
    for column in (c for c in told().counts if c in frame):
        frame[column] = frame[column].mask((frame[column].gt(0) & frame[column].lt(least)).fillna(value=False))
    return frame


def _without_telling_ids(frames: Frames, made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same frames under other ids for each node whose id was made from the name of a person: it could be tried."""
    numbers: dict[str, str] = {}
    for kind in set(KINDS) - set(PERSONS):
        is_told = (made[kind]["name"] != frames[kind]["name"]) | (kind in _OF_PERSONS)
        numbers |= _renumbered(made[kind][is_told], kind, made["ties"])[1]
    for name, frame in made.items() if numbers else ():
        ids = [column for column in frame if column in _IDS]
        made[name] = frame.assign(**{column: frame[column].replace(numbers) for column in ids})
    return made


def _instructed(frames: Frames) -> "pd.Series[Any]":
    """Whether a unit has an instructor, who is nobody here: "*", null where none is known."""
    units, ties = frames["units"], frames["ties"]
    sent = units["unit_id"].isin(ties.loc[ties["relation"] == "instructs", "target_id"])
    named = units["instructors"].notna() if "instructors" in units else sent
    return pd.Series(_SOMEBODY, index=units.index, dtype="str").where(sent | named)


def _shown_persons(frames: Frames, made: Frames, edition: str) -> dict[str, pd.DataFrame]:
    """Holders of posts and instructors with their ties, masked and without rows and days; nobody in public."""
    ties = made["ties"]
    prefixes = tuple(f"{PREFIXES[kind]}:" for kind in PERSONS)
    is_personal = ties["source_id"].str.startswith(prefixes) | ties["target_id"].str.startswith(prefixes)
    told_of = ties[is_personal & ties["relation"].isin(_PERSONAL_TIES)]
    hidden = {column: None for column in told().hides if column in ties}
    told_of = told_of.head(0) if edition == "public" else told_of.assign(source="", **hidden)
    shown: dict[str, pd.DataFrame] = {}
    numbers: dict[str, str] = {}
    for kind, columns in _SHOWN_OF_PERSONS.items():
        persons = made[kind][[column for column in columns if column in made[kind]]].assign(name=frames[kind]["name"])
        if kind == "members" or edition == "public":
            persons = persons[persons[ID_COLUMNS[kind]].isin(told_of["source_id"])]
        persons = persons.assign(name=persons["name"].map(mask_name).astype("str"), source="")
        shown[kind], of_kind = _renumbered(persons, kind, told_of)
        numbers |= of_kind
    told_of = told_of.assign(source_id=told_of["source_id"].map(numbers)).astype(ties.dtypes.to_dict())
    ties = pd.concat([ties[~is_personal], told_of]).sort_values(list(ties.columns), ignore_index=True)
    return {**shown, "ties": ties}


def _renumbered(persons: pd.DataFrame, kind: str, ties: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Persons under numbers in the order of what is shown of them, which tells nothing else, and the numbers."""
    ids = ID_COLUMNS[kind]
    lines: dict[str, list[str]] = {}
    for person, *said in ties.astype("str").fillna("").itertuples(index=False, name=None):
        lines.setdefault(person, []).append("|".join(said))
    own = persons.drop(columns=ids).astype("str").fillna("").itertuples(index=False, name=None)
    keys = [(*row, *sorted(lines.get(person, []))) for person, row in zip(persons[ids], own, strict=True)]
    order = sorted(range(len(persons)), key=keys.__getitem__)
    persons = persons.iloc[order].reset_index(drop=True)
    numbers = {old: f"{PREFIXES[kind]}:{number}" for number, old in enumerate(persons[ids], start=1)}
    return persons.assign(**{ids: persons[ids].map(numbers).astype("str")}), numbers


@dataclass(frozen=True)
class _Veil:
    """The frames of a network without the names of persons and, in public, of files."""

    held: Frames
    edition: str

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every frame, as the edition may be measured."""
        made = {kind: self._table(kind) for kind in KINDS}
        made["ties"] = self._texts(self.held["ties"])
        notes = {name: frame for name, frame in self.held.items() if name not in made}
        made |= {name: self._texts(frame) for name, frame in notes.items()}
        return {name: self._places(frame) for name, frame in made.items()} if self.edition == "public" else made

    def _table(self, kind: str) -> pd.DataFrame:
        frame = self.held[kind]
        own = [column for column in frame if column not in _known(kind)]
        told_of = own if self.edition == "public" or kind in PERSONS else [c for c in own if _is_of_persons(frame[c])]
        frame = frame.drop(columns=told_of)
        named = [column for column in frame if column in _person_columns()] + (["name"] if kind in PERSONS else [])
        hidden = {column: _mapped(frame[column], self._numbered) for column in named}
        return self._texts(frame.assign(**hidden), but=(ID_COLUMNS[kind], "source", *named))

    def _texts(
        self, frame: pd.DataFrame, *, but: tuple[str, ...] = ("source_id", "target_id", "source")
    ) -> pd.DataFrame:
        """A frame of which no text holds the name of a person."""
        texts = [column for column in frame.select_dtypes(["object", "string"]) if column not in but]
        return frame.assign(**{column: _mapped(frame[column], self._hidden) for column in texts})

    @cached_property
    def _numbers(self) -> dict[str, str]:
        """A number for each name of a person, so that different ones stay different."""
        names: dict[str, None] = {}
        for kind in KINDS:
            frame = self.held[kind]
            for column in [c for c in frame if c in _person_columns() or (c == "name" and kind in PERSONS)]:
                cells = frame[column].dropna().astype("str").unique()
                names |= dict.fromkeys(name for cell in cells for name in cell.split("\n") if name)
        return {name: f"person:{number}" for number, name in enumerate(sorted(names), start=1)}

    def _numbered(self, cell: str) -> str:
        return "\n".join(self._numbers.get(name, name) for name in cell.split("\n"))

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names looked for in texts: those of persons that nothing else bears."""
        others = {str(name) for kind in KINDS if kind not in PERSONS for name in self.held[kind]["name"].dropna()}
        return frozenset(name for name in self._numbers.keys() - others if len(name) >= _SHORT)

    def _hidden(self, text: str) -> str:
        """The text with every name of a person masked; one of two characters only where it stands as a name."""
        found = [span for span in _candidates(text) if text[slice(*span)] in self._names]
        for start, end in sorted(found, key=lambda span: span[0] - span[1]):
            if end - start > _SHORT or _stands_alone(text, start, end):
                text = text[:start] + self._masked(text[start:end]) + text[end:]
        return text

    def _masked(self, name: str) -> str:
        shown = 0 if self.edition == "public" else 1
        return name[:shown] + "*" * (len(name) - shown)

    def _places(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Files and sheets by number."""
        changed = {column: _mapped(frame[column], self._place) for column in ("source", "origin") if column in frame}
        for column, numbers in (("file", self._files), ("sheet", self._sheets)):
            if column in frame:
                changed[column] = frame[column].map(numbers).fillna("").astype("str")
        for column in ("sha256", "samples"):
            if column in frame:
                changed[column] = pd.Series("", index=frame.index, dtype="str")
        frame = frame.assign(**changed)
        return frame[frame["row"].isna()] if {"row", "severity"} <= set(frame) else frame

    def _place(self, source: str) -> str:
        lines = (line.split("|") for line in source.split("\n"))
        return "\n".join(
            "|".join([self._files.get(parts[0], ""), self._sheets.get(parts[1], ""), *parts[2:]])
            if len(parts) > 2
            else ""
            for parts in lines
        )

    @cached_property
    def _files(self) -> dict[str, str]:
        names = sorted({*self.held["inputs"]["file"], *self.held["ledger"]["file"]})
        return {name: caption("file_by_number", "zh", n=number) for number, name in enumerate(names, start=1)}

    @cached_property
    def _sheets(self) -> dict[str, str]:
        names = dict.fromkeys(self.held["ledger"]["sheet"])
        return {name: caption("sheet_by_number", "zh", n=number) for number, name in enumerate(names, start=1)}


def _mapped(column: "pd.Series[Any]", change: Callable[[str], str]) -> "pd.Series[Any]":
    """A column with each distinct text changed."""
    made = {value: change(value) if isinstance(value, str) else value for value in column.dropna().unique()}
    return column.map(made).astype(column.dtype) if any(new != old for old, new in made.items()) else column


def _is_of_persons(cells: "pd.Series[Any]") -> bool:
    """Whether most of the texts of a column are names of persons."""
    texts = [str(cell) for cell in cells.dropna().unique()]
    return bool(texts) and sum(map(is_person, texts)) > _FEW_CELLS * len(texts)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Every stretch of the text that may be a name."""
    for run in re.finditer(rf"(?:{_HAN}|[·A-Za-z ])+", text):
        start, end = run.span()
        for length in range(_SHORT, _LONGEST + 1):
            yield from ((at, at + length) for at in range(start, end - length + 1))
        yield start, end


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether two characters are a name here and not a part of a word."""
    before, after = text[:start], text[end:]
    is_apart = not re.search(rf"{_HAN}$", before) and not re.match(_HAN, after)
    return is_apart or before.endswith(told().before) or after.startswith(told().after)
