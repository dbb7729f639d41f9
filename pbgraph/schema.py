"""What a roster may call its columns and write into its cells: the only place that knows headers.

`reference/schema.toml` holds fields and tables, `reference/vocabulary/*.csv` the closed lists.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any, Literal, TypedDict

from msgspec import Struct

from pbgraph import reference
from pbgraph.errors import PolicyError
from pbgraph.model import ALWAYS, MADE, SHEETS
from pbgraph.reference import Said
from pbgraph.text import fold

_BRACKETED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_NOTE = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[*※★·•:：、,，。.\"'“”_\-—]+")


@dataclass(frozen=True)
class Field:
    """One column of one or more tables.

    `like` is a closed list that cells of a text field come from; what is only `kept` is read by no rule, measure or
    tie, and stands with the entity of its row; what is `shown` is said on the card of that entity. Of a field that
    `tells_none`, 无 is a statement and no blank. A yes in a field that `names` something says a word in another field.
    """

    key: str
    label: str
    label_en: str
    type: str
    aliases: tuple[str, ...]
    many: bool
    privacy: str
    like: str = ""
    kept: bool = False
    shown: bool = False
    tells_none: bool = False
    names: tuple[str, str] | None = None

    @property
    def is_secret(self) -> bool:
        """Whether the value may never enter a network."""
        return self.privacy == "secret"

    @property
    def is_hidden(self) -> bool:
        """Whether no output holds the value."""
        return self.privacy in {"secret", "counted"}


@dataclass(frozen=True)
class Table:
    """One kind of sheet; `headers` maps every normalised spelling to its field key.

    `spellings` are further ones as offices write them, each with the fields it may mean; `others` are headers that
    such sheets have and that mean none of them.
    `titles` name the kind, `hints` are shorter words that speak for it, with = in front the whole text.
    `senses` also has the other fields of the table that share a spelling; `second` names the field
    that a header means when it stands in the sheet again, `otherwise` the one when its cells are on
    no list of the first. A row is a record where one of the `key`
    fields is filled; of each group of `needs` one field tells that the kind is meant. `is_list`:
    every row names another thing; `is_indented`: what stands in belongs below what does not.
    `behind` maps a field to (another field, a third): it means the
    other one where its column stands behind that of the third. `headings` are fields that a row of one
    cell may fill for the rows below it, `one_each` those of which a record has one,
    `bodies` the kind of table to which the units of a row go that holds several persons; `accepts` has
    the shapes of cells that a field takes beside those of its type, `shaped` the shape by which cells
    alone tell a field. `post_columns` is the kind of table that
    persons in columns named after their post go to; `checks` names the fields that the header and a cell of a
    check list fill, where columns of yes and no are records of their own; `also` are the other kinds of record that
    a row may hold. `seldom` are fields that few offices keep, folded away in the template.
    """

    def __hash__(self) -> int:
        return hash(self.key)

    key: str
    label: str
    label_en: str
    titles: tuple[str, ...]
    hints: tuple[str, ...]
    required: tuple[str, ...]
    fields: tuple[Field, ...]
    headers: dict[str, str]
    senses: dict[str, tuple[str, ...]]
    spellings: dict[str, tuple[str, ...]]
    others: frozenset[str]
    second: dict[str, str]
    otherwise: dict[str, str]
    key_fields: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    is_list: bool
    is_indented: bool
    behind: dict[str, tuple[str, str]]
    headings: tuple[str, ...]
    one_each: tuple[str, ...]
    bodies: dict[str, Any]
    accepts: dict[str, tuple[str, ...]]
    shaped: dict[str, str]
    post_columns: str
    checks: dict[str, str]
    also: tuple[dict[str, Any], ...]
    named: tuple[str, ...]
    title_field: str | None
    title_endings: tuple[str, ...]
    seldom: frozenset[str]

    def field(self, key: str) -> Field:
        """The field of that key; KeyError where the table has none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}

    @property
    def post_field(self) -> str:
        """The field for the post of each person, "" where the kind of table has none."""
        return next((key for key in ("committee_post", "team_post") if key in self._by_key), "")

    @property
    def is_of_persons(self) -> bool:
        """Whether each record is a person."""
        return any(self._by_key[key].type == "person" for key in self.key_fields if key in self._by_key)

    @property
    def has_posts(self) -> bool:
        """Whether persons in columns named after their post are the records themselves."""
        return self.post_columns == self.key


@dataclass(frozen=True)
class Vocabulary:
    """A closed list: its rows by code, every spelling of every value, and those of the list itself."""

    name: str
    rows: dict[str, dict[str, str]]
    spellings: dict[str, str]
    official: frozenset[str]

    def codes(self, **conditions: str) -> tuple[str, ...]:
        """The codes whose columns have these values, in the order of the list."""
        return tuple(
            code for code, row in self.rows.items() if all(row[column] == value for column, value in conditions.items())
        )

    def label(self, code: str | None, *, lang: str = "zh") -> str:
        """What a reader sees for a code; the code itself where it is unknown, "" for None."""
        if not code or code != code:
            return ""
        return self.rows.get(code, {}).get("label" if lang == "zh" else "label_en", str(code))


@lru_cache(maxsize=65536)
def header_key(header: str, *, keep_notes: bool = False) -> str:
    """A header made comparable: NFKC, no blanks, no marks, notes in brackets dropped.

    >>> header_key("入党时间（2019/10/24）\\n"), header_key("户数(户)", keep_notes=True)
    ('入党时间', '户数户')
    """
    folded = fold(header).lower()
    if not keep_notes:
        folded = _BRACKETED.sub("", folded) or _NOTE.sub("", folded) or folded
    return _MARKS.sub("", re.sub(r"[()\[\]【】/]", "", folded))


class _Column(Struct, frozen=True, forbid_unknown_fields=True):
    """A field as `reference/schema.toml` has it."""

    label: Said
    type: str
    aliases: tuple[str, ...]
    many: bool = False
    privacy: Literal["", "person", "secret", "counted"] = ""
    like: str = ""
    kept: bool = False
    shown: bool = False
    tells_none: bool = False
    names: tuple[str, str] | None = None


class _Place(Struct, frozen=True, forbid_unknown_fields=True):
    """What a field means where its column stands behind that of another."""

    field: str
    of: str


class _Sheet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of table as `reference/schema.toml` has it; `Table` says what the keys mean."""

    label: Said
    titles: tuple[str, ...]
    required: tuple[str, ...]
    fields: tuple[str, ...]
    hints: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = {}
    labels: dict[str, Said] = {}
    second: dict[str, str] = {}
    otherwise: dict[str, str] = {}
    key: tuple[str, ...] | None = None
    needs: tuple[tuple[str, ...], ...] | None = None
    is_list: bool = False
    is_indented: bool = False
    behind: dict[str, _Place] = {}
    headings: tuple[str, ...] = ()
    one_each: tuple[str, ...] = ()
    bodies: dict[str, Any] = {}
    accepts: dict[str, tuple[str, ...]] = {}
    shaped: dict[str, str] = {}
    post_columns: str = ""
    checks: dict[str, str] = {}
    also: tuple[dict[str, Any], ...] = ()
    named: tuple[str, ...] = ()
    title_field: str | None = None
    title_endings: tuple[str, ...] = ()
    seldom: frozenset[str] = frozenset()


Words = str | list[str | list[str]] | dict[str, str | float | list[str | list[str]] | dict[str, str]]


class _Schema(Struct, frozen=True, forbid_unknown_fields=True):
    """`reference/schema.toml` as a whole."""

    fields: dict[str, _Column]
    tables: dict[str, _Sheet]
    headers: dict[str, Words]
    layout: dict[str, Words]
    examples: dict[str, str]
    names: dict[str, Words]


@cache
def _raw() -> _Schema:
    made: _Schema = reference.table("schema", _Schema)
    return made


@cache
def fields() -> dict[str, Field]:
    """Every field by key, in the order of the file."""
    return {
        key: Field(
            key,
            item.label["zh"],
            item.label["en"],
            item.type,
            item.aliases,
            item.many,
            item.privacy,
            item.like,
            item.kept,
            item.shown,
            item.tells_none,
            item.names,
        )
        for key, item in _raw().fields.items()
    }


@cache
def tables() -> dict[str, Table]:
    """Every kind of sheet by key, in the order of the file."""
    return {key: _table(key, sheet, fields()) for key, sheet in _raw().tables.items()}


def table_label(label: str, lang: str) -> str:
    """The name of a kind of table in a language, given the one by which a network keeps it."""
    found = {table.label: table.label_en for table in tables().values()}
    return label if lang == "zh" else found.get(label, label)


def _table(key: str, sheet: _Sheet, fields: dict[str, Field]) -> Table:
    chosen = tuple(_labelled(fields[field_key], sheet) for field_key in sheet.fields)
    headers: dict[str, str] = {}
    senses: dict[str, dict[str, None]] = {}
    first = [(field.key, spelling) for field in chosen for spelling in sheet.aliases.get(field.key, ())]
    then = [(field.key, spelling) for field in chosen for spelling in (field.label, *field.aliases)]
    for field_key, spelling in (*first, *then):
        form = header_key(spelling, keep_notes=True)
        headers.setdefault(form, field_key)
        senses.setdefault(form, {})[field_key] = None
    for meant in senses.values():
        meant.update({sheet.second[key_]: None for key_ in tuple(meant) if key_ in sheet.second})
    spellings = _spellings().get(key, {})
    return Table(
        key=key,
        label=sheet.label["zh"],
        label_en=sheet.label["en"],
        fields=chosen,
        headers=headers,
        senses={form: tuple(meant) for form, meant in senses.items()},
        spellings={form: meant for form, meant in spellings.items() if "" not in meant and form not in senses},
        others=frozenset(form for form, meant in spellings.items() if "" in meant and form not in senses),
        key_fields=sheet.required[:1] if sheet.key is None else sheet.key,
        needs=tuple((item,) for item in sheet.required[1:]) if sheet.needs is None else sheet.needs,
        behind={name: (place.field, place.of) for name, place in sheet.behind.items()},
        **{name: getattr(sheet, name) for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    "titles", "hints", "required", "second", "otherwise", "is_list", "is_indented", "headings", "one_each", "bodies",
    "accepts", "shaped", "post_columns", "checks", "also", "named", "title_field", "title_endings", "seldom",
)  # fmt: skip


@cache
def english_words() -> dict[str, str]:
    """What English words of headers, and runs of them, say in Chinese (`reference/english.csv`)."""
    return _pairs("english")


@cache
def abbreviations() -> dict[str, str]:
    """The English words behind those of `reference/abbreviations.csv`."""
    return _pairs("abbreviations")


def _pairs(name: str) -> dict[str, str]:
    text = resources.files("pbgraph").joinpath(f"reference/{name}.csv").read_text("utf-8")
    return dict(list(csv.reader(text.splitlines()))[1:])


@cache
def _spellings() -> dict[str, dict[str, tuple[str, ...]]]:
    """The spellings of `reference/headers.csv` by kind of table, each with the fields it may mean, "" for none."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    text = resources.files("pbgraph").joinpath("reference/headers.csv").read_text("utf-8")
    for table, key, header in list(csv.reader(text.splitlines()))[1:]:
        fields = found.setdefault(table, {})
        for form in dict.fromkeys((header_key(header), header_key(header, keep_notes=True))):
            fields[form] = tuple(dict.fromkeys((*fields.get(form, ()), key)))
    return found


def _labelled(field: Field, sheet: _Sheet) -> Field:
    """The field under the label that this kind of table gives it."""
    own = sheet.labels.get(field.key)
    return replace(field, label=own["zh"], label_en=own["en"]) if own else field


@cache
def vocabulary(name: str) -> Vocabulary:
    """The closed list of that name; FileNotFoundError where there is none."""
    path = resources.files("pbgraph").joinpath(f"reference/vocabulary/{name}.csv")
    rows = {row["code"]: row for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    spellings: dict[str, str] = {}
    for code, row in rows.items():
        for spelling in (row["label"], code, *row.get("aliases", "").split(";")):
            if spelling:
                spellings.setdefault(fold(spelling).lower(), code)
    return Vocabulary(name, rows, {**_values().get(name, {}), **spellings}, frozenset(spellings))


@cache
def _values() -> dict[str, dict[str, str]]:
    """The spellings of `reference/values.csv` by closed list, each with its code."""
    found: dict[str, dict[str, str]] = {}
    text = resources.files("pbgraph").joinpath("reference/values.csv").read_text("utf-8")
    for name, code, value in list(csv.reader(text.splitlines()))[1:]:
        found.setdefault(name, {})[fold(value).lower()] = code
    return found


def relation_codes(relations: str | Iterable[str]) -> frozenset[str]:
    """The codes of some relations; a text is one relation.

    Raises
    ------
    PolicyError
        relation-unknown where there is no relation of a name, with the names that are like it.

    """
    named = [relations] if isinstance(relations, str) else list(relations)
    codes = vocabulary("relation").rows
    for name in named:
        if name not in codes:
            near = get_close_matches(str(name), codes, n=3, cutoff=_ALIKE)
            raise PolicyError("relation-unknown", relation=name, choices="、".join(near or codes))
    return frozenset(named)


_ALIKE = 0.6  # our choice: what is less like a code is no slip of the pen, and all codes are named


@cache
def entity_columns(kind: str) -> dict[str, str]:
    """The columns that entities of a kind may have beside id, name and source, with the types of their fields."""
    sheets = _linked()["kinds"].get(kind, {}).get("tables") or SHEETS.get(kind, (kind,))
    fields = [item for name in sheets if name in tables() for item in tables()[name].fields]
    return {item.key: item.type for item in fields if not item.is_secret} | ALWAYS.get(kind, {}) | MADE.get(kind, {})


class _Linked(TypedDict):
    """Of what `reference/links.toml` says, the kinds of entity and the tables that tell of them."""

    kinds: dict[str, dict[str, dict[str, Any]]]


@cache
def _linked() -> _Linked:
    linked: _Linked = reference.table("links", _Linked)
    return linked


@cache
def has_vocabulary(name: str) -> bool:
    """Whether a field type is a closed list."""
    return resources.files("pbgraph").joinpath(f"reference/vocabulary/{name}.csv").is_file()


@cache
def has_field(key: str) -> bool:
    """Whether any kind of table has a field of that key."""
    return key in _raw().fields


@cache
def secret_fields() -> frozenset[str]:
    """Keys of the fields that no output may hold."""
    return frozenset(f.key for table in tables().values() for f in table.fields if f.is_secret)


@cache
def counted_fields() -> frozenset[str]:
    """Keys of the fields of a person that are only counted, and that no edition holds."""
    return frozenset(f.key for table in tables().values() for f in table.fields if f.privacy == "counted")


@cache
def person_fields() -> frozenset[str]:
    """Keys of the fields that hold a person's name, or may hold one."""
    return frozenset(
        f.key for table in tables().values() for f in table.fields if f.type == "person" or f.privacy == "person"
    )


@cache
def layout_words() -> dict[str, Any]:
    """The words of `[layout]`: totals, notes, facts, blanks, separators."""
    return dict(_raw().layout)


@cache
def header_words() -> dict[str, Any]:
    """The words of `[headers]`: what a header may be made of."""
    return dict(_raw().headers)


@cache
def recognition_words() -> dict[str, Any]:
    """What tells a header, a cell and a kind of table: `reference/recognition.toml`."""
    made: dict[str, Any] = reference.table("recognition", dict[str, Any])
    return made


@cache
def example_values() -> dict[str, str]:
    """What a cell of each simple type may look like."""
    return dict(_raw().examples)


@cache
def name_words() -> dict[str, Any]:
    """The words of `[names]`: what keeps two names apart, and the forms that say the same."""
    return dict(_raw().names)
