"""What a region is: its kind of table, and what each of its columns means, by evidence added up.

For every kind of table each column is weighed against each field: what the header says, what the
cells look like, whether the other tables of the folder know them. The columns are assigned to the
fields so that most is explained (an assignment problem, solved by scipy), and the kind that
explains most is meant, with its margin over the runner-up. Words in title, sheet and file names
count; what a role lacks may come from another column, a heading row or a name. Only a region
without any key column is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from pbgraph import schema
from pbgraph.reading.checks import Check, checks_in_columns
from pbgraph.reading.guests import Named, guests_named
from pbgraph.reading.headers import candidates, is_listed, post_of
from pbgraph.reading.posts import Post, posts_in_columns, seats_in_columns
from pbgraph.reading.shapes import Profile, fit, overlap
from pbgraph.schema import Field, Table, header_key
from pbgraph.text import clean, simplified

_NOTHING = Profile()
_LEAST_COLUMNS = 2  # fewer columns that mean something make no table, unless the title names it
_TOLD = frozenset({"id_no", "phone", "community", "grid", "committee"})  # types that cells tell without a header
_UNTOLD = frozenset({"text", "date", "integer", "number", "money", "flag", "code"})  # types that they do not
NAME_KINDS = {"unit": "units", "org": "organizations", "community": "communities", "committee": "committees"}


@dataclass(frozen=True)
class Column:
    """What a column was taken for, and why: parts of the weight by kind of evidence."""

    index: int
    header: str
    key: str
    weight: float
    by_header: float = 0.0
    by_cells: float = 0.0


@dataclass(frozen=True)
class Guest:
    """A further record of each row, as `spec`, one of the `also` of its kind, describes it, and its own columns."""

    spec: Mapping[str, Any]
    columns: tuple[Column, ...]
    is_grouped: bool = False

    @property
    def table(self) -> Table:
        """The kind of table that such records are of."""
        return schema.tables()[self.spec["table"]]


@dataclass(frozen=True)
class Evidence:
    """A region as it is judged: headers, profiles of the columns, words and values around it."""

    names: Sequence[str]
    profiles: Sequence[Profile] = ()
    title: str = ""
    sheet: str = ""
    file: str = ""
    given: frozenset[str] = frozenset()
    n_rows: int = 0

    def profile(self, index: int) -> Profile:
        """The profile of a column; that of nothing where only headers are known."""
        return self.profiles[index] if self.profiles else _NOTHING


@dataclass(frozen=True)
class Recognition:
    """The kind that explains most, the runner-up and the margin between them.

    `posts` are columns named after a post, `checks` those of a check list, `twins` those that say in other rows what
    one of the `columns` says, `guests` further records with columns of their own, `own` columns that the office keeps
    under their own header, `unneeded` those that a person has dismissed. A person may have decided the kind, or
    refused it; a list out of use is refused by itself, with the sheet that holds instead in `outdated_by`, "" where
    none is named.
    """

    table: Table | None
    score: float = 0.0
    runner_up: Table | None = None
    margin: float = 0.0
    columns: tuple[Column, ...] = ()
    posts: tuple[Post, ...] = ()
    checks: tuple[Check, ...] = ()
    twins: tuple[Column, ...] = ()
    guests: tuple[Guest, ...] = ()
    lacks: tuple[str, ...] = ()
    own: tuple[tuple[int, str], ...] = ()
    unneeded: frozenset[int] = frozenset()
    is_decided: bool = False
    is_refused: bool = False
    outdated_by: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether key and needs of the kind stand in columns of their own."""
        keys = {column.key for column in self.columns} | (
            {self.table.checks["said"]} if self.table and self.checks else set()
        )
        groups = (self.table.key_fields, *self.table.needs) if self.table else ()
        return bool(groups) and all(keys & set(group) for group in groups)

    def explains(self, evidence: "Evidence") -> bool:
        """Whether most headers of a region say something in this kind of table."""
        said = sum(column.by_header > 0 for column in self.columns)
        said += sum(len(post.indices) for post in self.posts) + len(self.checks)
        said += sum(len(guest.columns) for guest in self.guests)
        return 2 * said >= sum(bool(name) for name in evidence.names)

    @property
    def is_sure(self) -> bool:
        """Whether the kind leaves the runner-up well behind."""
        return self.table is not None and self.margin >= 2 * _weights()["close"]


Known = Mapping[str, frozenset[str]]
"""Comparable names by kind (units, organizations, communities, committees) that other tables list."""


@cache
def _weights() -> dict[str, float]:
    return dict(schema.recognition_words()["weights"])


def recognise_region(evidence: Evidence, *, known: Known | None = None, only: Table | None = None) -> Recognition:
    """Weigh a region against every kind of table, or against one that a person has named."""
    kinds = [only] if only else list(schema.tables().values())
    judged = [judged for table in kinds if (judged := _judge(table, evidence, known or {}))]
    judged.sort(key=lambda one: (-one.score, one.table.key if one.table else ""))
    if not judged:
        return Recognition(only)
    best, *others = judged
    second = others[0] if others else None
    margin = best.score - (second.score if second else 0.0)
    weights = _weights()
    is_clear = (best.is_whole or margin >= 2 * weights["close"]) and best.explains(evidence)
    if only is None and (best.lacks or best.score < weights["least_whole" if is_clear else "least_kind"]):
        return Recognition(None, best.score, best.table, 0.0, best.columns, lacks=best.lacks)
    return replace(best, runner_up=second.table if second else None, margin=margin)


def recognise(headers: Sequence[str], *, table: str | None = None) -> list[str | None]:
    """Name the field that each header of a row means, by the headers alone.

    Parameters
    ----------
    headers
        The headers in their order; group and leaf of a column joined by a line feed.
    table
        The kind of table (a key of `reference/schema.toml`, such as "members"); by default the
        kind that the headers explain best.

    Returns
    -------
    list of str or None
        A field key for each header, None where it is unknown. A header that says again what
        another one before it said is None too, unless the kind of table has a second field
        for it. No headers give an empty list.

    Raises
    ------
    ValueError
        No kind of table has that key.

    Examples
    --------
    >>> recognise(["姓   名", "现所在党支部名称", "党员联系电话1", "入党介绍人"], table="members")
    ['name', 'org', 'phone', None]

    """
    names = ["\n".join(clean(part) for part in str(header).split("\n")) for header in headers]
    if table is not None and table not in schema.tables():
        raise ValueError(f"no table {table!r}; known: {', '.join(schema.tables())}")
    chosen = [schema.tables()[table]] if table else ranked(names)
    if not chosen:
        return [_anywhere(name) for name in names]
    meant = {column.index: column.key for column in assigned(chosen[0], Evidence(names), {})}
    return [meant.get(index) for index in range(len(names))]


def ranked(names: Sequence[str], *, title: str = "") -> list[Table]:
    """The kinds of table that a row of headers may belong to, best first."""
    evidence = Evidence(names, title=title)
    judged = [judged for table in schema.tables().values() if (judged := _judge(table, evidence, {}))]
    judged.sort(key=lambda one: -one.score)
    return [one.table for one in judged if one.table and len(one.columns) >= _LEAST_COLUMNS]


def _anywhere(name: str) -> str | None:
    """The field of a header that every kind of table that knows it agrees on."""
    found = [candidates(table, name) for table in schema.tables().values()]
    keys = {
        max(said, key=lambda key: said[key]) for said in found if said and max(said.values()) > _weights()["generic"]
    }
    return keys.pop() if len(keys) == 1 else None


def assigned(table: Table, evidence: Evidence, known: Known, *, aside: Iterable[int] = ()) -> list[Column]:
    """The assignment of columns to fields of a kind of table that explains most; those `aside` get none."""
    held = set(aside) | {index for post in seats_in_columns(table, evidence.names) for index in post.indices}
    found = [{} if i in held else _meanings(table, evidence, i, known) for i in range(len(evidence.names))]
    weights = [
        {key: header + cells - index * 1e-6 for key, (header, cells) in means.items()}
        for index, means in enumerate(found)
    ]  # of two columns that say the same the first
    columns = [
        Column(index, evidence.names[index].replace("\n", " "), key, weights[index][key], *found[index][key])
        for index, key in _best_assignment(weights, [item.key for item in table.fields]).items()
    ]
    return _with_key(table, _by_place(table, columns))


def _with_key(table: Table, columns: list[Column]) -> list[Column]:
    """The columns; one that may mean the key of the kind does where no other is it: a list of short names alone."""
    if any(column.key in table.key_fields for column in columns):
        return columns
    stands_in = next((c for c in columns if table.otherwise.get(c.key) in table.key_fields), None)
    return [replace(c, key=table.otherwise[c.key]) if c is stands_in else c for c in columns]


def _with_guests(table: Table, evidence: Evidence, known: Known) -> tuple[list[Column], tuple[Guest, ...]]:
    """The columns of a kind of table, and those of further records that its rows hold."""
    named = guests_named(table, evidence.names)
    while True:
        guests = [_guest(table, one, evidence, known) for one in named]
        aside = [column.index for guest in guests for column in guest.columns]
        aside += [at for one in named for at in one.grouped]
        columns = assigned(table, evidence, known, aside=aside)
        keys = {column.key for column in columns}
        good = [bool(guest.columns) and keys.issuperset(guest.spec.get("told_by", ())) for guest in guests]
        if all(good):
            return columns, tuple(guests)
        named = [one for one, is_good in zip(named, good, strict=True) if is_good]


def _guest(table: Table, named: Named, evidence: Evidence, known: Known) -> Guest:
    """What the columns named for a record of another kind mean there; one alone without a group says too little."""
    places, kind = list(named.headers), schema.tables()[named.spec["table"]]
    profiles = [evidence.profile(at) for at in places] if evidence.profiles else ()
    inner = Evidence(list(named.headers.values()), profiles, n_rows=evidence.n_rows)
    tied = {key for key, field_key in named.spec["fields"].items() if field_key in table.key_fields}
    columns = tuple(
        replace(column, index=places[column.index], header=evidence.names[places[column.index]].replace("\n", " "))
        for column in assigned(kind, inner, known)
        if column.by_header > 0 and column.key not in tied
    )
    is_grouped = any(column.index in named.grouped for column in columns)
    is_said = is_grouped or len(columns) >= _LEAST_COLUMNS or "told_by" in named.spec
    return Guest(named.spec, columns if is_said else (), is_grouped=is_grouped)


def _best_assignment(weights: Sequence[Mapping[str, float]], keys: list[str]) -> dict[int, str]:
    """The key of each column that gets one, so that the weights add up to most; what weighs nothing gets none."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # the longest import of a reading, and of nothing else

    matrix = np.array([[own.get(key, 0.0) for key in keys] for own in weights]).reshape(len(weights), len(keys))
    rows, found = linear_sum_assignment(matrix, maximize=True)
    return {int(row): keys[at] for row, at in zip(rows, found, strict=True) if matrix[row, at] > 0}


def _meanings(table: Table, evidence: Evidence, index: int, known: Known) -> dict[str, tuple[float, float]]:
    """The fields that a column may be taken for, with what its header and its cells say for each."""
    name, column = evidence.names[index], evidence.profile(index)
    said = candidates(table, name) if name else {}
    if table.post_columns and post_of(name) and not is_listed(table, name):
        said = {}  # a column of its own for a post, and not the field that shares its words
    return _enough(table, said, column, known) or _enough(table, _by_cells(table, column), column, known)


def _enough(table: Table, said: Mapping[str, float], column: Profile, known: Known) -> dict[str, tuple[float, float]]:
    """The fields that a column may be taken for, of those that its header says or its cells tell, with the evidence."""
    found = {}
    for key, share in said.items():
        header, cells = _weighed(table, key, share, column, known)
        if header + cells >= _weights()["least" if share else "least_cells"]:
            found[key] = header, cells
    return found


def _weighed(table: Table, key: str, share: float, column: Profile, known: Known) -> tuple[float, float]:
    """What header and cells say for a field."""
    weights = _weights()
    item = table.field(key)
    header = weights["header"] * share
    cells = fit(item, column, accepts=table.accepts.get(key, ()))
    names = known.get(NAME_KINDS.get(item.type, ""), frozenset())
    if (
        names
        and column.n
        and cells < weights["fits"]
        and (share_known := overlap(column, names)) >= weights["listed_from"]
    ):
        cells = max(cells, weights["fits"] * share_known)
    if column.is_serial and item.type == "integer" and (key == "seq" or column.n >= weights["serial_from"]):
        cells = weights["fits" if key == "seq" else "differs"]  # what runs from 1 to the last row counts the rows
    if key in table.shaped and column.share("org") >= weights["fits_from"]:
        cells += weights["shaped"] * (column.share(table.shaped[key]) - 0.5)
    is_blank_key = key in table.key_fields and column.filled < weights["need_filled"]
    if share and share <= weights["generic"] and column.n and (cells <= 0 or is_blank_key):
        return 0.0, 0.0  # the header alone says too little
    if share == 0.0:
        is_key = key in table.key_fields
        is_told = cells >= weights["fits_from" if is_key else "cells_alone"] or _is_shaped(table, key, column)
        sparse = weights["by_cells_sparse"] * (1 - column.filled) if is_key else 0.0
        return 0.0, weights["by_cells"] * min(1.0, cells) - sparse if is_told else 0.0
    return header, cells


def _by_cells(table: Table, column: Profile) -> dict[str, float]:
    """Fields that cells may tell without their header: keys and needs of the kind, and what nothing else looks like."""
    if not column.n:
        return {}
    roles = {*table.key_fields, *(key for group in table.needs for key in group)}
    roles |= _told_by_lists(table, column)
    keys = [item for item in table.fields if item.key in roles or item.type in _TOLD]
    told = {
        item.key: 0.0
        for item in keys
        if item.like or (item.type not in _UNTOLD and _is_of_type(item, column, is_key=item.key in table.key_fields))
    }
    return told | {key: 0.0 for key in table.shaped if _is_shaped(table, key, column)}


def _is_shaped(table: Table, key: str, column: Profile) -> bool:
    """Whether cells are of the shape that tells a field: branches name the organization of a unit, not its superior."""
    shape = table.shaped.get(key, "")
    return bool(shape) and column.share(shape) >= _weights()["fits_from"]


def _is_of_type(item: Field, column: Profile, *, is_key: bool) -> bool:
    """Whether the cells themselves are of a type of names, and not of one that may stand for it."""
    return (
        item.type not in NAME_KINDS or column.share(item.type) >= _weights()["fits_from" if is_key else "cells_alone"]
    )


def _told_by_lists(table: Table, column: Profile) -> set[str]:
    """The fields on whose closed list all cells are, which differ; 是 and 否 answer what only a header asks."""
    if len(column.texts) <= 1 or column.share("flag") >= _weights()["fits_from"]:
        return set()
    least = _weights()["cells_alone"]
    return {key for key, name in _lists_of(table.key) if column.in_list(name) >= least}


@cache
def _lists_of(table: str) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of table that have a closed list, with its name."""
    named = [(item.key, item.like or item.type) for item in schema.tables()[table].fields]
    return tuple((key, name) for key, name in named if schema.has_vocabulary(name))


def _by_place(table: Table, columns: list[Column]) -> list[Column]:
    """Columns that mean another field because of the column they stand behind: 成立时间 behind 党组织名称."""
    at = {column.key: column.index for column in columns}
    moved = []
    for column in columns:
        other, behind = table.behind.get(column.key, ("", ""))
        is_moved = other and other not in at and behind in at and column.index > at[behind]
        moved.append(replace(column, key=other) if is_moved else column)
    return moved


def _judge(table: Table, evidence: Evidence, known: Known) -> Recognition | None:
    """How well a kind of table explains a region; None where nothing speaks for it."""
    columns, guests = _with_guests(table, evidence, known)
    said_in = table.checks.get("said")
    fixed = {column.index for column in columns if column.key != said_in}
    checks = checks_in_columns(table, evidence.names, evidence.profiles, fixed)
    columns = [column for column in columns if column.index not in {check.at for check in checks}]
    taken = {column.index for column in columns}
    posts = seats_in_columns(table, evidence.names) or posts_in_columns(table, evidence.names, taken)
    named = _named(table, evidence)
    keys = {column.key for column in columns} | ({said_in} if said_in and checks else set())
    if len(columns) + len(posts) + len(checks) < _LEAST_COLUMNS and not (named and columns):
        return None
    weights = _weights()
    whole = weights["header"] + weights["fits"]
    explained = sum(c.weight / whole * (1 + weights["rare"] * _rarity_of(table, evidence, c)) for c in columns)
    explained += sum(len(post.indices) for post in posts) if table.has_posts else len(posts) / 2
    explained += weights["check"] * len(checks)
    explained += sum(c.weight / whole for guest in guests if guest.is_grouped for c in guest.columns)
    shares = [evidence.profile(column.index).share("posts") for column in columns if table.has_posts]
    explained += weights["posts_in_cells"] if max(shares, default=0.0) >= weights["fits_from"] else 0.0
    n_usual = len(table.fields) - len(table.seldom)
    score = explained + named + weights["whole"] * min(1.0, len(keys) / n_usual)
    has_key = bool(keys & set(table.key_fields)) or bool(posts and table.has_posts)
    said = {column.key for column in columns if column.by_header > 0} | ({said_in} if checks else set())
    lacks = () if has_key else (table.key_fields[0],)
    score += 0.0 if has_key else weights["lacks_key"]
    for group in table.needs:
        if not keys & set(group) and not (table.has_posts and posts and group == table.needs[0]):
            supplied = (evidence.given | told_by_header(table, columns)) & set(group)
            score += weights["stands_in"] if supplied else weights["lacks_need"]
        elif keys & set(group) and not said & set(group):
            score += weights["lacks_need"] / 2  # only the cells look like it, the header does not say so
        elif group[0] not in keys:
            score += weights["stands_in"]
        score += _of_need(table, group, evidence, columns)
    score += _of_key(table, evidence, columns, known)
    found = tuple(columns), tuple(posts)
    return Recognition(table, score, columns=found[0], posts=found[1], checks=checks, guests=guests, lacks=lacks)


def _of_need(table: Table, group: Sequence[str], evidence: Evidence, columns: Iterable[Column]) -> float:
    """What blank cells say against a kind that needs them filled: few members of a roster hold a post.

    What is written once for all rows of a group may be blank in most.
    """
    weights = _weights()
    if any(table.field(key).type in schema.layout_words()["grouping_types"] for key in group):
        return 0.0
    filled = [evidence.profile(column.index).filled for column in columns if column.key in group]
    if not filled or not evidence.profiles or max(filled) >= weights["need_filled"]:
        return 0.0
    return weights["blank_need"] * evidence.n_rows / (evidence.n_rows + weights["few_rows"])


def told_by_header(table: Table, columns: Iterable[Column]) -> set[str]:
    """The field of the post, where the header of the persons names it: 兼职委员."""
    post = table.post_field
    return {post} if post and any(c.key in table.key_fields and post_of(c.header) for c in columns) else set()


def _of_key(table: Table, evidence: Evidence, columns: Iterable[Column], known: Known) -> float:
    """What the column of the key says: blank, said twice, or known from another table."""
    weights = _weights()
    chosen = [column for column in columns if column.key in table.key_fields]
    if not chosen or not evidence.profiles:
        return 0.0
    profiles = [evidence.profile(column.index) for column in chosen]
    told = evidence.n_rows / (evidence.n_rows + weights["few_rows"])  # a few rows prove little
    score = weights["blank_key"] * told * (1 - max(profile.filled for profile in profiles))
    if table.is_list:
        key = profiles[0]
        score += weights["twice_key"] * told * max(0.0, 1 - key.distinct)
        score += weights["names_rows"] * told * _names_the_rows(chosen[0], evidence)
        others = known.get("other " + table.key, frozenset())
        if others and overlap(key, others) > weights["inside_from"]:
            score += weights["inside_other"] * (1 - chosen[0].by_header / weights["header"] / 2)
    return score


def _names_the_rows(key: Column, evidence: Evidence) -> int:
    """1 where the first column that has another name in each row is that of the key, -1 where it is not, 0 for none."""
    least = _weights()["names_each"]
    for index, profile in enumerate(evidence.profiles):
        if profile.filled >= least and profile.distinct >= least and profile.share("unit", "org") >= least:
            return 1 if index == key.index else -1
    return 0


def _named(table: Table, evidence: Evidence) -> float:
    """How plainly title, sheet and file name the kind of table; the longest word in any of them counts once."""
    weights = _weights()
    best = 0.0
    for place, text in (("title", evidence.title), ("sheet", evidence.sheet), ("file", evidence.file)):
        key = header_key(simplified(text), keep_notes=True)
        names = (*table.titles, *table.hints)
        length = max((len(word) for word in names if header_key(word) in key), default=0)
        if f"={key}" in table.hints or (key and place != "file" and key == _subject(table.key)):
            length = int(weights["full_word"])
        if length:
            share = min(1.0, length / weights["full_word"])
            best = max(best, share * weights[place] + weights["per_character"] * length)
    return best


@cache
def _subject(table: str) -> str:
    """What the rows of a kind of table are called: a sheet that is named so lists them."""
    return header_key(next(iter(schema.header_words()["subjects"].get(table, ())), ""))


def _rarity_of(table: Table, evidence: Evidence, column: Column) -> float:
    return _rarity(table.field(column.key), evidence.names[column.index] if column.by_header else "")


@lru_cache(maxsize=65536)
def _rarity(item: Field, name: str) -> float:
    """How much a column tells about the kind of table: one part for each kind that has such a field.

    A header that most kinds understand, such as 社区, tells no more than it does anywhere.
    """
    tables = schema.tables().values()
    n_field = sum(item.key in {other.key for other in table.fields} for table in tables)
    least = _weights()["parsed"] - _weights()["like_margin"]
    n_told = sum(max(candidates(table, name).values(), default=0.0) >= least for table in tables) if name else 0
    return 1 / (n_told if n_told >= _weights()["common"] else n_field)
