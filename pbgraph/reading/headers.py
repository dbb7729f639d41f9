"""A header to the field it means: `recognise`.

A header is looked up as it stands and then, where it is on no list, taken apart: a neutral word
in front or behind is dropped, words for one thing are made one, Latin letters are read as the
initials of pinyin. Nothing is guessed: what is still unknown stays unknown, and a spelling that
is only *like* a known one is a suggestion for the reader of the finding.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from pbgraph import schema
from pbgraph.schema import Table, header_key
from pbgraph.text import clean

MIN_KNOWN = 2  # fewer known headers make no table
_LEAST_LIKE = 0.75  # 入党时问 for 入党时间; one character of three is another word
_MOST_TAKEN = 3  # words taken off a header before it is given up
_LATIN = re.compile(r"[a-z]{2,24}")


def recognise(headers: Sequence[str], *, table: str | None = None) -> list[str | None]:
    """Name the field that each header of a row means.

    Parameters
    ----------
    headers
        The headers in their order; group and leaf of a column joined by a line feed.
    table
        The kind of table (a key of `reference/schema.toml`, such as "members"); by default the
        kind that knows the headers best, or all kinds where none knows two of them.

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
    chosen = schema.tables()[table] if table else next(iter(ranked(names)), None)
    if chosen is None:
        return [_anywhere(name) for name in names]
    return fields_of(chosen, names)


def _anywhere(name: str) -> str | None:
    """The field of a header that every kind of table that knows it agrees on."""
    keys = {key for table in schema.tables().values() if (key := field_of(table, name))}
    return keys.pop() if len(keys) == 1 else None


def fields_of(table: Table, names: Sequence[str]) -> list[str | None]:
    """The field of each header of a row; a repeated one is the table's second field or None."""
    found: list[str | None] = []
    for name in names:
        key = field_of(table, name) if name else None
        if key in found:
            key = table.second.get(str(key))
        found.append(key if key not in found else None)
    return found


def ranked(names: Iterable[str], *, title: str = "", given: Iterable[str] = ()) -> dict[Table, float]:
    """The kinds of table that may be meant, best first, with how well they fit.

    A header that few kinds of table share says more than 联系电话. A title that names the kind
    and the required columns count; `given` are fields that the title or the sheet supplies.
    """
    present = [name for name in names if name]
    scores: dict[Table, float] = {}
    for table in schema.tables().values():
        known = {key for name in present if (key := field_of(table, name))}
        if len(known) < MIN_KNOWN:
            continue
        named = max((len(word) for word in table.titles if header_key(word) in title), default=0)
        bonus = _TITLE_BONUS + named * _LONGER_TITLE if named else 0
        lacking = len(set(table.required) - known - set(given))
        whole = len(known) / len(table.fields)  # of two kinds that know as much, the one with nothing more
        fit = sum(1 + _rarity()[key] for key in known) + bonus + whole - _LACKING_MALUS * lacking
        scores[table] = fit
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


_TITLE_BONUS = 3.0  # a title that names the table outweighs two shared headers
_LONGER_TITLE = 0.3  # 流动党员名册 names its table better than 党员名册 in it
_LACKING_MALUS = 2.5  # a kind that lacks what its rows cannot do without is hardly meant


@cache
def _rarity() -> dict[str, float]:
    """How much a field tells about the kind of table: one part for each kind that has it."""
    counts: dict[str, int] = {}
    for table in schema.tables().values():
        for field in table.fields:
            counts[field.key] = counts.get(field.key, 0) + 1
    return {key: 1 / n for key, n in counts.items()}


@lru_cache(maxsize=65536)
def field_of(table: Table, name: str) -> str | None:
    """The field key of a header; `name` may join groups and leaf by line feeds."""
    *groups, leaf = name.split("\n")
    forms = ["".join((*groups, leaf)), leaf] if groups else [leaf]
    if groups and _is_neutral(leaf):
        forms.append(groups[-1])
    elif groups and _is_person(table, groups[-1]):
        forms.pop()  # the telephone of a secretary is not that of the organization
    for reading in (_listed, _composed, _spelled):
        for form in forms:
            key = reading(table, form)
            if key:
                return key
    return None


def is_listed(table: Table, name: str) -> bool:
    """Whether a header stands in the lists of the table as it is, and need not be taken apart."""
    leaf = name.split("\n")[-1]
    return any(_listed(table, form) for form in (leaf, name.replace("\n", "")))


def _is_neutral(leaf: str) -> bool:
    return header_key(leaf) in {header_key(word) for word in _words()["leaves"]}


def _is_person(table: Table, group: str) -> bool:
    key = _listed(table, group)
    return key is not None and table.field(key).type == "person"


def _listed(table: Table, form: str) -> str | None:
    whole = table.headers.get(header_key(form, keep_notes=True))
    return whole or table.headers.get(header_key(form))


def _composed(table: Table, form: str) -> str | None:
    """The field of a header that is made of known words only."""
    known = _one_word(table)
    level = {header_key(form)}
    for _ in range(_MOST_TAKEN + 1):
        keys = {known[same] for word in level if (same := _same(word)) in known}
        if keys:
            return keys.pop() if len(keys) == 1 else None
        level = {shorter for word in level for shorter in _shorter(table.key, word)}
    return None


@lru_cache(maxsize=64)
def _one_word(table: Table) -> dict[str, str]:
    """Every spelling of a table with words for one thing made one; what is then two fields is left out."""
    found: dict[str, set[str]] = {}
    for spelling, key in table.headers.items():
        found.setdefault(_same(spelling), set()).add(key)
    return {spelling: keys.pop() for spelling, keys in found.items() if len(keys) == 1}


def _shorter(table: str, word: str) -> set[str]:
    """The header without one neutral word in front or behind, or without its number."""
    words = _words()
    before, behind = [*words["before"], *words["subjects"].get(table, [])], words["behind"]
    shorter = {word.removeprefix(part) for part in before} | {word.removesuffix(part) for part in behind}
    shorter.add(re.sub(words["numbering"], "", word))
    return {rest for rest in shorter if len(rest) > 1 and rest != word}


@lru_cache(maxsize=65536)
def _same(word: str) -> str:
    pattern, last = _synonyms()
    return pattern.sub(lambda match: last[match.group()], word)


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    last = {header_key(word): row[-1] for row in _words()["same"] for word in row}
    return re.compile("|".join(sorted(map(re.escape, last), key=len, reverse=True))), last


def _spelled(table: Table, form: str) -> str | None:
    """The field whose header has these pinyin letters, whole or initials only, where only one has."""
    word = form.strip().lower()
    if not _LATIN.fullmatch(word):
        return None
    return _pinyin(table).get(word)


@lru_cache(maxsize=64)
def _pinyin(table: Table) -> dict[str, str]:
    from pypinyin import Style, lazy_pinyin

    found: dict[str, set[str]] = {}
    for spelling, key in table.headers.items():
        for style in (Style.FIRST_LETTER, Style.NORMAL):
            found.setdefault("".join(lazy_pinyin(spelling, style=style)), set()).add(key)
    return {letters: keys.pop() for letters, keys in found.items() if len(keys) == 1}


def likely(table: Table, name: str) -> str:
    """The known header that an unknown one is most like, "" where none is."""
    word = header_key(name.split("\n")[-1])
    like = difflib.get_close_matches(word, table.headers, n=1, cutoff=_LEAST_LIKE) if len(word) > 2 else []
    return table.field(table.headers[like[0]]).label if like else ""


@cache
def _words() -> dict[str, Any]:
    return schema.header_words()
