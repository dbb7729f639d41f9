"""What the cells of a column look like: dates, numbers, persons, units, members of a closed list.

A *shape* is told from the cell alone, by endings, marks and lists of `reference/recognition.toml`.
A `Profile` is the share of each shape among the distinct cells of a column; of a long column the
first cells are looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import Cell, CodedColumn
from pbgraph.reading.formats import ShownNumber
from pbgraph.reading.parts import shapes_told
from pbgraph.reading.said import answered, forms_of_word, is_blank_word, says_flag
from pbgraph.reading.values import as_text, split
from pbgraph.schema import Field
from pbgraph.text import fold, parse_date, simplified

_LOOKED_AT = 150  # distinct cells of a column that are looked at
_ROWS_LOOKED_AT = 20_000
_DAY_DIGITS = 8
_LEAST_CODE = 1_000_000  # a whole number of as many digits is a code or an amount, and counts nobody
_OF_ONE_MAKE = 3  # our choice: so many names that end in the same character
_SHORT = 3  # a name of a unit as short as that of a person
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d+)?[人名家户个次年月岁栋幢天元万%㎡]{0,3}")
_DIGITS = re.compile(r"\d{4,}")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8}")
_PHONE_BEHIND = re.compile(
    rf"(?<=[\u3400-\u9fff])[(（:：,，、/]*(?:电话|手机)?[:：]?(?:{_PHONE.pattern})[)）]?$"
)  # 张三13900000000
_ID = re.compile(r"\d{17}[\dX]|\d{15}|\d{3,6}[*X]{6,}[\dX]{0,4}")
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]+")
_POST_AND_NAMES = re.compile(r"^(\S{1,8}?)[:：](.+)$")


@dataclass(frozen=True)
class Profile:
    """A column as evidence: what its cells look like, how many rows are filled, how many differ."""

    n: int = 0
    filled: float = 0.0
    distinct: float = 0.0
    shares: dict[str, float] = field(default_factory=dict)
    is_serial: bool = False
    texts: tuple[str, ...] = ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The cells as they are looked up among the names of the folder, the first of several in a cell."""
        return tuple(comparable(part) for text in self.texts for part in split(text)[:1])

    @property
    def samples(self) -> tuple[str, ...]:
        """Three cells as somebody would read them."""
        return self.texts[:3]

    def share(self, *shapes: str) -> float:
        """The largest share among some shapes."""
        return max((self.shares.get(shape, 0.0) for shape in shapes), default=0.0)

    @cached_property
    def _listed(self) -> dict[str, float]:
        return {}

    def in_list(self, name: str) -> float:
        """The share of cells that are on a closed list; every kind of table asks for the same lists."""
        if name not in self._listed:
            spellings = schema.vocabulary(name).spellings.keys()
            n = 0 if spellings.isdisjoint(self._every_spelling) else sum(self._are_on(spellings))
            self._listed[name] = n / max(1, len(self.texts))
        return self._listed[name]

    def _are_on(self, spellings: Set[str]) -> Iterator[bool]:
        """Whether each cell is on a list, or all of several in it are."""
        for whole, parts in self._spelled:
            yield not spellings.isdisjoint(whole) or all(not spellings.isdisjoint(part) for part in parts)

    @cached_property
    def _spelled(self) -> list[tuple[frozenset[str], list[frozenset[str]]]]:
        """Each cell as lists spell it, and each of several in it."""
        return [(_spellings_of(text), [_spellings_of(part) for part in split(text) or [""]]) for text in self.texts]

    @cached_property
    def _every_spelling(self) -> frozenset[str]:
        return frozenset().union(*(form for whole, parts in self._spelled for form in (whole, *parts)))


def profile(column: CodedColumn, rows: "np.ndarray[Any, np.dtype[np.int64]]") -> Profile:
    """The profile of some rows of a column."""
    codes = np.frombuffer(column.codes, dtype=np.int32)[rows]
    shown = codes[:_ROWS_LOOKED_AT]
    distinct, counts = np.unique(shown[shown != 0], return_counts=True)
    cells = [column.values[code] for code in distinct]
    blank = {i for i, cell in enumerate(cells) if _says_nothing(cell)}
    n_filled = int(sum(counts)) - sum(int(counts[i]) for i in blank)
    cells = [cell for i, cell in enumerate(cells) if i not in blank]
    if not cells:
        return Profile()
    looked = cells[:: max(1, len(cells) // _LOOKED_AT)][:_LOOKED_AT]
    found = [shapes_of(cell) for cell in looked]
    names = {shape for shapes in found for shape in shapes}
    shares = {name: sum(name in shapes for shapes in found) / len(found) for name in sorted(names)}
    if _are_numbered(looked):
        shares.pop("person", None)
    numbers = [value for cell in cells if (value := _whole(cell)) is not None]
    is_serial = len(numbers) == len(cells) and _runs(numbers, len(shown))
    texts = tuple(dict.fromkeys(as_text(cell) for cell in looked))
    return Profile(len(cells), n_filled / max(1, len(shown)), len(cells) / max(1, n_filled), shares, is_serial, texts)


def _are_numbered(cells: list[Cell]) -> bool:
    """Whether cells are names of one make, and of no persons: 东一格, 东二格, 东三格."""
    return len(cells) >= _OF_ONE_MAKE and len({as_text(cell)[-1:] for cell in cells}) == 1


def _says_nothing(cell: Cell) -> bool:
    """Whether a cell is no value: 无, or the 0 of a formula that was never calculated."""
    if isinstance(cell, ShownNumber):
        return cell.is_result and not cell
    return isinstance(cell, str) and is_blank_word(cell)


def _whole(cell: Cell) -> int | None:
    text = fold(as_text(cell))
    return int(text) if text.isdigit() and len(text) < 6 and not text.startswith("0") else None


def _runs(numbers: list[int], n_rows: int) -> bool:
    """Whether numbers count rows: 1 to n without holes, up to the number of rows."""
    distinct = sorted(set(numbers))
    return (
        len(distinct) > 1
        and distinct[0] == 1
        and distinct == list(range(1, len(distinct) + 1))
        and (len(distinct) <= n_rows)
    )


def shapes_of(cell: Cell) -> frozenset[str]:
    """Every shape that a cell has; none for plain text.

    >>> sorted(shapes_of("金桥社区")), sorted(shapes_of("2019.10")), sorted(shapes_of("云州纺织有限公司"))
    (['community'], ['date', 'number'], ['unit'])
    """
    if isinstance(cell, datetime | date):
        return frozenset({"date"})
    if isinstance(cell, float):
        return _number_shapes(cell)
    return _text_shapes(cell if isinstance(cell, str) else as_text(cell))


@lru_cache(maxsize=4096)
def _number_shapes(number: float) -> frozenset[str]:
    text = as_text(number)
    found = {"number"} if abs(number) < 10**9 else set()
    if number.is_integer() and abs(number) >= _LEAST_CODE:
        found.add("coded")
    if _is_phone(text):
        found.add("phone")
    if parse_date(text) and (number >= 190_001 or 1900 <= number < 2100 or 20_000 < number < 60_000):
        found.add("date")
    return frozenset(found)


@lru_cache(maxsize=65536)
def _text_shapes(cell: str) -> frozenset[str]:
    text = fold(cell)
    found: set[str] = {name for name, tells in _TELLS.items() if tells(text)}
    if text.isdigit() and len(text) > len(str(_LEAST_CODE)) - 1:
        found.add("coded")
    if " " in cell and ":" in cell and parse_date(cell) is not None:
        found.add("date")  # 2024-05-03 09:00:00 is a day and an hour only as long as its blank stands
    if found & _BODIES:
        found.discard("person")
    if added := answered(cell)[1]:
        found |= {"answer"} | (_text_shapes(added) & _NAMES)
    if not found & _NAMES and len(parts := split(cell)) > 1:
        found |= _text_shapes(parts[0]) & _NAMES
        found.add("several")
    found |= shapes_told(cell)
    match = _POST_AND_NAMES.match(cell.strip())
    if match and not schema.vocabulary("post").spellings.keys().isdisjoint(_spellings_of(match[1])):
        found = {"posts"}
    return frozenset(found)


def _is_phone(text: str) -> bool:
    """Whether a text may be a telephone number; eight digits that are a day are that day."""
    digits = text.replace("-", "")
    is_day = len(digits) == _DAY_DIGITS and digits[:2] in ("19", "20") and parse_date(digits) is not None
    return not is_day and bool(_PHONE.fullmatch(digits) or _PHONE.fullmatch(text))


@cache
def _words(name: str) -> Any:
    words = schema.recognition_words()["shapes"][name]
    return tuple(words) if isinstance(words, list) else words


def is_person(text: str) -> bool:
    """Whether a text may be the name of a person: a surname of one or two characters, and one or two behind it."""
    low, high = _words("person_length")
    if not _HAN_NAME.fullmatch(text) or not low <= len(text) <= high:
        return False
    return text[:2] in _words("double_surnames") or (text[0] in _words("surnames") and len(text) < high)


def _is_org(text: str) -> bool:
    text = simplified(text)
    ends = text.endswith(_words("org_endings")) or bool(re.match(_words("org_marks"), text))
    return len(text) > 3 and ends and not _is_committee(text)


def _is_unit(text: str) -> bool:
    text = simplified(text)
    endings = _words("unit_endings" if len(text) > _SHORT else "short_unit_endings")
    return len(text) >= _SHORT and text.endswith(endings) and not _is_org(text) and not _is_committee(text)


def _is_community(text: str) -> bool:
    text = simplified(text)
    words = schema.layout_words()
    endings = tuple(words["community_endings"])
    is_one = text.endswith(endings) and text not in endings and not re.search(words["comes_to_community"], text)
    return len(text) <= _words("community_length") and is_one


def _is_committee(text: str) -> bool:
    return simplified(text).endswith(_words("committee_marks"))


_BITS = frozenset({"0", "1"})  # numbers first
_BODIES = frozenset({"org", "unit", "community", "grid", "committee"})
_NAMES = frozenset({"person", "org", "unit", "community", "grid", "committee"})
_TELLS: dict[str, Callable[[str], bool]] = {
    "id": lambda text: bool(_ID.fullmatch(text.upper().lstrip("'"))),
    "phone": lambda text: _is_phone(text),
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "date": lambda text: parse_date(text) is not None and not (text.isdigit() and len(text) == 5),
    "code": lambda text: bool(re.fullmatch(_words("code"), text)),
    "flag": lambda text: text not in _BITS and says_flag(text),
    "person": lambda text: is_person(_PHONE_BEHIND.sub("", text)),
    "org": _is_org,
    "branch": lambda text: _is_org(text) and simplified(text).endswith(_words("branch_endings")),
    "superior": lambda text: _is_org(text) and not simplified(text).endswith(_words("branch_endings")),
    "unit": _is_unit,
    "community": _is_community,
    "committee": _is_committee,
    "grid": lambda text: any(mark in text for mark in _words("grid_marks")) and not _is_org(text),
    "address": lambda text: bool(re.search(_words("address"), text)) and not text.isascii(),
    "long": lambda text: len(text) > 2 * _words("short_text"),
}


@lru_cache(maxsize=65536)
def _spellings_of(text: str) -> frozenset[str]:
    """A cell in every form in which it is looked up in a closed list."""
    return frozenset(forms_of_word(text))


_OF_TYPE = {
    "date": ("date",),
    "integer": ("number",),
    "number": ("number",),
    "money": ("number",),
    "id_no": ("id",),
    "phone": ("phone",),
    "code": ("code", "number"),
    "flag": ("flag",),
    "person": ("person", "posts"),
    "org": ("org", "community"),
    "unit": ("unit", "community", "org"),
    "community": ("community",),
    "grid": ("grid",),
    "committee": ("committee",),
}
_SOFT = frozenset({"org", "unit", "community", "person", "grid", "committee", "code", "text"})
_STRONG = ("id", "phone", "date", "number", "person", "flag", "org", "unit", "community", "committee", "posts")


def fit(item: Field, column: Profile, *, accepts: tuple[str, ...] = ()) -> float:
    """How the cells of a column speak for a field (1) or against it (-1); 0 where they say nothing.

    A name may have any form, so that only cells of quite another shape speak against a field of
    names or text.
    """
    if not column.n:
        return 0.0
    weights = schema.recognition_words()["weights"]
    if item.like:
        share = column.in_list(item.like)
        return share if share >= weights["fits_from"] else float(weights["text_is_other"])
    if schema.has_vocabulary(item.type):
        share = column.in_list(item.type)
        between = weights["differs_below"] <= share < weights["fits_from"]
        is_other = column.share(*_STRONG) >= weights["fits_from"]  # names of units are no types of units
        against = weights["differs" if is_other else "differs_list"]
        return share - float(weights["fits_from"]) if between else _graded(share, column, against)
    if item.type == "text":
        return float(weights["text_is_other"]) if column.share(*_STRONG[:6]) >= weights["fits_from"] else 0.0
    own = (*_OF_TYPE[item.type], *accepts)
    share = sum(column.shares.get(shape, 0.0) for shape in own) if item.type in _SOFT else column.share(*own)
    if item.type == "unit" and column.shares.get("org", 0.0) >= weights["fits_from"] and "org" not in accepts:
        share *= float(weights["stands_for"])
    if item.type == "flag":
        share = max(share, column.share("number") if set(column.texts) <= {"0", "1"} else 0.0)
        share = max(share, column.share("flag", "date"))  # 通报时间 with the days on which it was done, and 未通报
        share += float(weights["answered"]) * column.share("answer")
    if item.type == "integer" and column.share("coded") >= weights["fits_from"]:
        return _graded(0.0, column, weights["differs"])  # nobody counts people in millions: these are codes
    if item.type == "code" and column.is_serial:
        return float(weights["differs"])
    if item.type in _SOFT:
        others = [shape for shape in _STRONG if shape not in own]
        if share < weights["fits_from"] and column.share(*others) < weights["fits_from"]:
            return 0.0
    return _graded(share, column, weights["differs"])


def _graded(share: float, column: Profile, against: float) -> float:
    """A share as a weight; few cells prove little against a header."""
    weights = schema.recognition_words()["weights"]
    if share >= weights["fits_from"]:
        return share * float(weights["fits"])
    if share >= weights["differs_below"]:
        return 0.0
    return float(float(against) * column.n**2 / (column.n**2 + weights["few_cells"] ** 2))


def overlap(column: Profile, known: Iterable[str]) -> float:
    """The share of the distinct cells that a set of comparable names holds."""
    names = known if isinstance(known, frozenset | set) else set(known)
    return sum(key in names for key in column.keys) / len(column.keys) if column.keys else 0.0


@lru_cache(maxsize=65536)
def comparable(text: str) -> str:
    """A name as it is looked up in the lists of the same folder."""
    return simplified(fold(text))
