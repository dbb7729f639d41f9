"""What a cell says besides what its column is asked for: 8（预备1）, 有，东升印刷党支部，2019年建，书记张三.

The patterns are `[[parts]]` of `reference/recognition.toml`: the fields in whose columns they hold, the shape by which
such cells are known, and expressions whose groups are named after fields; `own` is what the column itself gets.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from pbgraph import schema
from pbgraph.text import fold, simplified

OWN = "own"


class _Rule(NamedTuple):
    fields: frozenset[str]
    shape: str
    header: re.Pattern[str]
    own: str
    patterns: tuple[re.Pattern[str], ...]

    def read(self, text: str) -> dict[str, str]:
        """What the patterns find, the first of them first."""
        found: dict[str, str] = {}
        for pattern in self.patterns:
            if match := pattern.search(text):
                found = {key: part for key, part in match.groupdict().items() if part} | found
        return {OWN: self.own, **found} if found and self.own else found


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            frozenset(rule["in"]),
            rule.get("shape", ""),
            re.compile(rule.get("header", "")),
            rule.get(OWN, ""),
            tuple(map(re.compile, rule["patterns"])),
        )
        for rule in schema.recognition_words()["parts"]
    )


@cache
def is_read_in_parts(key: str) -> bool:
    """Whether the cells of a field may say more than their column is asked for."""
    return any(key in rule.fields for rule in _rules())


@lru_cache(maxsize=65536)
def parts_of(key: str, header: str, cell: str) -> Mapping[str, str]:
    """By field what a cell of the column of a field says of it; empty for a plain cell.

    >>> parts_of("member_count", "党员", "8（预备1）"), parts_of("member_count", "党员", "8")
    ({'own': '8', 'probationary_count': '1'}, {})
    """
    text = simplified(fold(cell))
    found: dict[str, str] = {}
    for rule in _rules():
        if key in rule.fields and rule.header.search(header):
            found = rule.read(text) | found
    return found


@lru_cache(maxsize=65536)
def shapes_told(cell: str) -> frozenset[str]:
    """The shapes of what a cell says in such a way."""
    text = simplified(fold(cell))
    return frozenset(rule.shape for rule in _rules() if rule.shape and rule.read(text))
