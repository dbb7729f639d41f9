"""A Chinese header parsed: its head noun, which it ends in, and the topic before it.

The words are those of `reference/recognition.toml`; a header that they do not make up as a whole says nothing here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pbgraph import schema
from pbgraph.schema import Field, Table, header_key

_LONGEST_WORD = 12


def parsed(table: Table, form: str) -> tuple[str, ...]:
    """The fields whose topic and head noun explain the whole header; the longest topic is meant."""
    return fields_told(table, form, bare=False)


def glimpsed(table: Table, form: str) -> tuple[str, ...]:
    """The fields of names and dates whose topic or head noun ends a header, with words before it that nothing explains.

    This is the least that a header can say: only cells of the field's own shape make something of it.
    """
    words = schema.recognition_words()["glimpses"]
    key = header_key(form)
    if any(word in key for word in (*words["refused"], *words["of_form"])):
        return ()
    found: dict[str, int] = {}
    for rule in grammar(table):
        if rule.type not in words["types"] or rule.topics.keys().isdisjoint(_parts(key)):
            continue
        for start in range(1, len(key) - 1):
            if 2 * start > len(key):
                break
            for field_key, length in _explained(rule, key[start:], bare=False).items():
                found[field_key] = max(found.get(field_key, 0), length)
    most = max(found.values(), default=0)
    return tuple(field_key for field_key, length in found.items() if length == most)


def fields_told(table: Table, form: str, *, bare: bool) -> tuple[str, ...]:
    """The fields of the longest topic that explains a header; `bare` without its head noun, for what is counted."""
    found: dict[str, int] = {}
    for key in {header_key(form), header_key(form, keep_notes=True)}:
        for rule in grammar(table):
            for field_key, length in _explained(rule, key, bare=bare).items():
                found[field_key] = max(found.get(field_key, 0), length)
    most = max(found.values(), default=0)
    return tuple(key for key, length in found.items() if length == most)


class _Rule(NamedTuple):
    """The words of the fields of one type: what may stand anywhere, topics with their fields, head nouns."""

    type: str
    fillers: frozenset[str]
    topics: dict[str, tuple[str, ...]]
    heads: frozenset[str]
    asked: tuple[str, ...]


def _explained(rule: _Rule, key: str, *, bare: bool) -> dict[str, int]:
    """The fields that explain a header: fillers, a topic, fillers and its head noun; with the topic's length.

    With `bare` a topic counts without its head noun, and only fields that are counted are asked.
    """
    if bare and rule.type != "integer":
        return {}
    is_asked = any(word in key for word in rule.asked)
    if is_asked and not key.startswith(rule.asked):  # 党组织是否建立 asks the same as 是否建立党组织
        key = next(word for word in rule.asked if word in key) + re.sub("|".join(rule.asked), "", key)
    found: dict[str, int] = {}
    if rule.topics.keys().isdisjoint(_parts(key)):
        return found  # as most rules say nothing of most headers
    needs_head = schema.recognition_words()["topics"]["needs_head"]
    for start in reached(key, {0}, rule.fillers):
        for end in range(start + 1, len(key) + 1):
            topic = key[start:end]
            if topic not in rule.topics:
                continue
            ends = reached(key, {end}, rule.fillers)
            is_alone = len(key) in ends and (bare or topic not in needs_head or key[:start].startswith(rule.asked))
            if is_alone or any(key[at:] in rule.heads for at in ends):
                for field_key in rule.topics[topic]:
                    found[field_key] = max(found.get(field_key, 0), len(topic))
    return found


@lru_cache(maxsize=4096)
def _parts(key: str) -> frozenset[str]:
    """Every text that stands in a header."""
    return frozenset(key[start:end] for start in range(len(key)) for end in range(start + 1, len(key) + 1))


def reached(key: str, starts: set[int], words: frozenset[str]) -> set[int]:
    """The places of a text that whole words lead to from some places."""
    reached, new = set(starts), set(starts)
    while new:
        new = {
            at + n
            for at in new
            for n in range(1, _LONGEST_WORD + 1)
            if key[at : at + n] in words and at + n <= len(key)
        }
        new -= reached
        reached |= new
    return reached


@lru_cache(maxsize=64)
def grammar(table: Table) -> tuple[_Rule, ...]:
    """The rules of a table, one for each type of field that has topics."""
    words = schema.recognition_words()
    own = words["topics"]["in"].get(table.key, {})
    subjects = schema.header_words()["subjects"].get(table.key, [])
    asked = tuple(sorted(_keys(words["heads"]["asked"]), key=len, reverse=True))
    topics: dict[tuple[str, tuple[str, ...]], dict[str, tuple[str, ...]]] = {}
    for item in table.fields:
        here = topics.setdefault((item.type, tuple(_heads_of(item))), {})
        for topic in (*own.get(item.key, ()), *words["topics"].get(item.key, ())):
            here[header_key(topic)] = (*here.get(header_key(topic), ()), item.key)
    return tuple(
        _Rule(type_, _keys([*words["fillers"]["any"], *words["fillers"].get(type_, ()), *subjects]), found,
              _keys(heads), asked if type_ == "flag" else ("\n",))
        for (type_, heads), found in topics.items() if found
    )  # fmt: skip


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(header_key(word) for word in words)


def _heads_of(item: Field) -> list[str]:
    heads: dict[str, list[str]] = schema.recognition_words()["heads"]
    return heads[head_lists(item)[0]]


def head_lists(item: Field) -> tuple[str, ...]:
    """The lists of `[heads]` that the header of a field may end in, its own first."""
    if item.type in {"org", "unit", "community", "grid", "committee"}:
        return ("name", "person")
    if schema.has_vocabulary(item.type):
        return ("list", "flag", "asked", "text")
    own = item.type if item.type in schema.recognition_words()["heads"] else "text"
    return (own, "asked") if own == "flag" else (own,)


@lru_cache(maxsize=65536)
def lists_of_head(key: str) -> frozenset[str]:
    """The lists of `[heads]` that hold the head noun of a header; none where it ends in another word."""
    heads: dict[str, list[str]] = schema.recognition_words()["heads"]
    ends = {
        type_: max((len(word) for word in words if key.endswith(word)), default=0) for type_, words in heads.items()
    }
    most = max(ends.values())
    return frozenset(type_ for type_, length in ends.items() if length == most > 1)
