"""What no text may hold: numbers, accounts and addresses of persons, hidden when a cell is read.

The forms are data (`reference/secrets.toml`); telephone numbers of other countries are known by `phonenumbers`.
A text keeps its length and all else that it says. Pure functions.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pbgraph import reference
from pbgraph.text import parse_date

_DASHES = "‐‑‒–—―−－﹣ー"
_BLANKS = "\u00a0\u2002\u2003\u2009\u3000"
_WIDE = range(0xFF01, 0xFF5F)
_TO_NARROW = 0xFEE0
_HIDDEN = "*"
_BIRTH = {18: slice(6, 14), 15: slice(6, 12)}


@dataclass(frozen=True)
class Pattern:
    """A form of what is hidden: its kind, how it is written, what it needs and where it is looked for."""

    kind: str
    pattern: str
    needs: str = ""
    persons: bool = False


@dataclass(frozen=True)
class Phones:
    """From how many digits a text is searched for telephone numbers, and of which country they are at home."""

    least_digits: int
    region: str


@dataclass(frozen=True)
class Places:
    """The fields that may name a building, and how one is written."""

    fields: tuple[str, ...]
    pattern: str


@dataclass(frozen=True)
class _Forms:
    candidate: str
    emptied: str
    loose: str
    places: Places
    phones: Phones
    patterns: tuple[Pattern, ...]


@cache
def _forms() -> tuple[_Forms, tuple[tuple[Pattern, "re.Pattern[str]"], ...]]:
    forms: _Forms = reference.table("secrets", _Forms)
    return forms, tuple((form, re.compile(form.pattern, re.IGNORECASE)) for form in forms.patterns)


@cache
def _candidate() -> "re.Pattern[str]":
    return re.compile(_forms()[0].candidate, re.IGNORECASE)


def masked(value: str, *, of_person: bool = False) -> str:
    """The text with every number, account and address of a person hidden; of its own length.

    In a table of persons (`of_person`) every address is one of a home. Nothing to hide, the same text.

    >>> masked("联系电话：139 0000 1234，证号99999919800312001X")
    '联系电话：*************，证号******************'
    >>> masked("2019年10月24日成立，占地1200平方米"), masked("")
    ('2019年10月24日成立，占地1200平方米', '')
    """
    narrow = _narrow(value)
    if not _candidate().search(narrow):
        return value
    hidden: set[int] = set()
    for start, end in _spans(narrow, of_person=of_person):
        hidden.update(range(start, end))
    return "".join(_HIDDEN if i in hidden else letter for i, letter in enumerate(value)) if hidden else value


def is_place(value: str, *, field: str) -> bool:
    """Whether a cell of a field that may name a building is one as a whole, and nobody's address.

    >>> is_place("采油新村3号楼", field="rated"), is_place("采油新村3号楼2单元301", field="rated")
    (True, False)
    """
    places = _forms()[0].places
    return field in places.fields and re.fullmatch(places.pattern, _narrow(value)) is not None


def without_secrets(value: str) -> str:
    """A name without the numbers that stand in it, and without the brackets that held them.

    >>> without_secrets("张三（13900001234）"), without_secrets("光明路88号合力超市")
    ('张三', '光明路88号合力超市')
    """
    hidden, forms = masked(value), _forms()[0]
    return re.sub(forms.emptied, "", hidden).strip(forms.loose) if hidden != value else value


def _narrow(value: str) -> str:
    """The same number of characters, each as a number of a person is usually written."""
    return value if value.isascii() else "".join(map(_narrow_letter, value))


@cache
def _narrow_letter(letter: str) -> str:
    if ord(letter) in _WIDE:
        letter = chr(ord(letter) - _TO_NARROW)
    if letter in _DASHES:
        return "-"
    if letter in _BLANKS:
        return " "
    digit = unicodedata.digit(letter, None)
    return letter if digit is None else str(digit)


def _spans(narrow: str, *, of_person: bool) -> Iterator[tuple[int, int]]:
    """Where in the text something is to be hidden."""
    forms, patterns = _forms()
    for form, pattern in patterns:
        if form.persons and not of_person:
            continue
        for match in pattern.finditer(narrow):
            if form.needs != "birth" or _is_identity(match.group()):
                groups = [i for i in range(1, pattern.groups + 1) if match.group(i) is not None]
                yield from (match.span(i) for i in groups or [0])
    if sum(map(str.isdigit, narrow)) >= forms.phones.least_digits:
        import phonenumbers

        for found in phonenumbers.PhoneNumberMatcher(narrow, forms.phones.region):
            if sum(map(str.isdigit, found.raw_string)) >= forms.phones.least_digits:
                yield found.end - len(found.raw_string.lstrip("([（ ")), found.end


def _is_identity(written: str) -> bool:
    """Whether 15 or 18 characters are a number of a person, right or with a slip, and not the code of a unit."""
    digits = written.replace(" ", "").replace("-", "").upper()
    born = digits[_BIRTH[len(digits)]]
    if parse_date(born if len(digits) == max(_BIRTH) else f"19{born}") is not None:
        return True
    from stdnum.cn import uscc

    is_together = len(digits) == len(written)
    return is_together and not uscc.is_valid(digits)
