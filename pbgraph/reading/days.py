"""The day of which rosters speak: 填报时间, titles, names of files and folders, and the spellings of a day.

A *period* is a day, month, quarter, half-year or year that a text names; its day is the last one. The rosters'
own day is looked for first in what stands above the tables (填报时间, or a title with a month), then in the names
of files and folders, then in titles and names that have a year only, and last in the dates of the files. Of several
the month that most sheets name holds, of two equally often named the later one, and in it the latest day. What a
list of events such as meetings or agreements is called after says when these were, and tells no day.
"""

import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pbgraph import schema
from pbgraph.errors import PolicyError
from pbgraph.findings import Finding, finding
from pbgraph.text import arabic, clean, parse_date, simplified

if TYPE_CHECKING:
    from pbgraph.reading.workbooks import Reading

_T = TypeVar("_T")
_YEAR = r"(?<![\d.])((?:19|20)\d\d)"
_FORMS = (
    ("day", rf"{_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]"),
    ("day", rf"{_YEAR}\s*[./\-_]\s*(\d{{1,2}})\s*[./\-_]\s*(\d{{1,2}})(?!\d)"),
    ("day", r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"),
    ("months", rf"{_YEAR}\s*[年./\-_]\s*\d{{1,2}}\s*月?\s*[-—~至到]\s*(\d{{1,2}})\s*月"),
    ("half", rf"{_YEAR}\s*年?度?\s*([上下])半年"),
    ("quarter", rf"{_YEAR}\s*年?度?\s*第?([1-4])季度?"),
    ("month", rf"{_YEAR}\s*年\s*(\d{{1,2}})\s*月"),
    ("month", rf"{_YEAR}\s*[./\-_]\s*(\d{{1,2}})(?!\d)\s*月?"),
    ("month", r"(?<!\d)((?:19|20)\d\d)(\d\d)(?!\d)"),
    ("years", rf"{_YEAR}\s*年?\s*[-—~至到]\s*(?:19|20)\d\d(?!\d)"),
    ("year", rf"{_YEAR}(?![\d.]|\s*[人名户家个万元号]|\s*年?[以之前后起届级])"),
)
"""What a period is written like, the longer forms first; what one has read the next ones do not see."""
_AROUND = re.compile(r"截[至止]|[到为年月日份底末度\s]|T?\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_MONTH_ALONE = re.compile(r"(?<!\d)(\d{1,2})月(?!\s*\d)")
_ZERO = re.compile(r"[零○]|(?<=[二一三四五六七八九〇])O|O(?=[一二三四五六七八九〇])")
_NEARLY_A_YEAR, _A_YEAR = 330, 12  # days, months
_FIRST_YEAR = 2000  # an earlier one in a title is the year of something else
_SHOWN = 3  # files that a sentence names of each


class Period(NamedTuple):
    """The first and the last day."""

    first: date
    last: date

    @property
    def is_fine(self) -> bool:
        """Whether the period is shorter than a year, so that its last day tells the state of a roster."""
        return (self.last - self.first).days < _NEARLY_A_YEAR


class Told(NamedTuple):
    """A day, the kind of place that tells it (filled, titled, named, file, stated) and the place."""

    day: str
    basis: str = "stated"
    place: str = ""


def periods_in(text: str) -> list[Period]:
    """The periods that a text names, in no order; none for a span of years.

    >>> [str(period.last) for form in ("截至2025年6月底", "二〇二五年第二季度", "20250630", "2021-2026年规划")
    ...  for period in periods_in(form)]
    ['2025-06-30', '2025-06-30', '2025-06-30']
    """
    return _read(text)[0]


def without_periods(text: str) -> str:
    """A text without the periods that it names, and without blanks.

    >>> without_periods("驻区单位（2025年6月）") == without_periods("驻区单位（2025 年 7 月）")
    True
    """
    return "".join(_read(text)[1].split())


def _read(text: str) -> tuple[list[Period], str]:
    """The periods of a text, and the text without them."""
    rest = simplified(clean(unicodedata.normalize("NFKC", arabic(_ZERO.sub("〇", text)))))
    found = []
    for kind, pattern in _FORMS:
        for match in re.finditer(pattern, rest):
            if period := _period(kind, match.groups()):
                found.append(period)
        rest = re.sub(pattern, " ", rest)
    return found, rest


def period_of(text: str) -> Period | None:
    """The latest period of this century that a text names, a month before a mere year; None where it names none."""
    likely = [period for period in periods_in(text) if period.first.year >= _FIRST_YEAR]
    return max(likely, key=lambda period: (period.is_fine, period.last), default=None)


def _period(kind: str, parts: Sequence[str]) -> Period | None:
    if kind == "years":
        return None
    year = int(parts[0])
    if kind == "half":
        months = (1, 6) if parts[1] == "上" else (7, 12)
    elif kind == "quarter":
        months = (3 * int(parts[1]) - 2, 3 * int(parts[1]))
    elif kind == "year":
        months = (1, 12)
    else:
        written = parse_date("-".join(parts))
        if written is None or kind == "day":
            day = date.fromisoformat(written) if written else None
            return Period(day, day) if day else None
        months = (1 if kind == "months" else int(parts[1]), int(parts[1]))
    return Period(date(year, months[0], 1), date(year, months[1], monthrange(year, months[1])[1]))


def day_of(value: object) -> str:
    """The day that a person states: text in any usual spelling, a number such as 20250630, or a date.

    A month, quarter or year is its last day.

    Raises
    ------
    PolicyError
        bad-date-option where it is none, or no day of the calendar.

    """
    if isinstance(value, date):  # also a datetime and a Timestamp of pandas
        return value.isoformat()[:10]
    found, rest = _read(str(value))
    if len(found) != 1 or _AROUND.sub("", rest):
        raise PolicyError("bad-date-option", value=value)
    return found[0].last.isoformat()


@dataclass(frozen=True)
class _Source:
    """A sheet with rosters: what its file is called, its kinds of table, what it says above them."""

    file: str
    sheet: str
    kinds: frozenset[str]
    filled: Period | None
    titled: Period | None
    named: Period | None

    @property
    def period(self) -> Period | None:
        """What the sheet says of itself, else what its file is called."""
        return self.filled or self.titled or self.named

    def place(self, basis: str) -> str:
        """The file, and the sheet where it is the sheet that tells."""
        return self.file if basis == "named" else f"{self.file}“{self.sheet}”"


_ORDER = (
    (True, ("filled",)), (True, ("titled",)), (True, ("named",)),
    (False, ("filled",)), (False, ("titled",)), (False, ("named",)),
)  # fmt: skip
"""Where the day is looked for, a month or a day before a mere year."""


def told_day(reading: "Reading", folders: Iterable[str] = ()) -> Told:
    """The day of rosters and where it was found; `folders` are the names of those that were asked for.

    A folder that tells nothing gives the newest date of its files, and no file an empty day.
    """
    sources = _sources(reading, folders)
    for is_fine, bases in _ORDER:
        told = [
            (period, basis, source)
            for source in sources
            for basis in bases
            if (period := getattr(source, basis)) and period.is_fine == is_fine
        ]
        if told:
            period, basis, source = _agreed(told, lambda each: each[0].last.isoformat())
            return Told(period.last.isoformat(), basis, source.place(basis))
    dated = [(day, file) for file, day in reading.inputs[["file", "modified"]].itertuples(index=False) if day]
    day, file = _agreed(dated, lambda each: each[0]) if dated else ("", "")
    return Told(day, "file", file)


def _agreed(told: Sequence[_T], day: Callable[[_T], str]) -> _T:
    """Of what is told, that with the latest day of the month that most tell, the later month of two as often told."""
    votes = Counter(day(each)[:7] for each in told)
    month = max(votes, key=lambda month: (votes[month], month))
    return max((each for each in told if day(each)[:7] == month), key=day)


def mixed_years(reading: "Reading", folders: Iterable[str] = ()) -> list[Finding]:
    """Rosters of the same kind whose periods are a year or more apart, as one finding that names the files of each."""
    sources = [source for source in _sources(reading, folders) if source.period]
    kinds: list[str] = []
    old: list[tuple[date, str]] = []
    new: list[tuple[date, str]] = []
    for kind in schema.tables():
        of_kind = [(source.period.last, source.file) for source in sources if kind in source.kinds and source.period]
        newest = max((day for day, _ in of_kind), default=None)
        apart = [(day, file) for day, file in of_kind if newest and _months(newest) - _months(day) >= _A_YEAR]
        if apart:
            kinds.append(schema.tables()[kind].label)
            old += apart
            new += [each for each in of_kind if each not in apart]
    if not kinds:
        return []
    data = {
        "table": "、".join(kinds[:_SHOWN]),
        "newest": max(new)[0].isoformat()[:7], "newer": shown_files(file for _, file in new),
        "oldest": max(old)[0].isoformat()[:7], "older": shown_files(file for _, file in old),
    }  # fmt: skip
    return [finding("years-mixed", data=data)]


def shown_files(files: Iterable[str]) -> str:
    """The first files of several, as a sentence names them."""
    names = sorted(set(files))
    more = " …" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _sources(reading: "Reading", folders: Iterable[str]) -> list[_Source]:
    """The sheets that hold rosters: lists of what there is, and not of what has happened."""
    keys = {table.label: table.key for table in schema.tables().values()}
    kinds: dict[tuple[str, str], set[str]] = {}
    for file, sheet, label in reading.regions[["file", "sheet", "table"]].itertuples(index=False):
        if label in keys:
            kinds.setdefault((file, sheet), set()).add(keys[label])
    said: dict[tuple[str, str], dict[str, str]] = {}
    for file, sheet, fact, value in reading.facts[["file", "sheet", "fact", "value"]].itertuples(index=False):
        said.setdefault((file, sheet), {}).setdefault(fact, value)
    return [
        _source(file, sheet, frozenset(held), said.get((file, sheet), {}), tuple(folders))
        for (file, sheet), held in sorted(kinds.items())
    ]


def _source(file: str, sheet: str, kinds: frozenset[str], facts: dict[str, str], folders: Sequence[str]) -> _Source:
    filled = None if kinds <= _untimed() else period_of(facts.get("filled_on", ""))
    if kinds <= _events():
        return _Source(file, sheet, kinds - _events(), filled, None, None)
    titled = period_of(facts.get("period", "")) or period_of(sheet)
    *inside, name = file.split("/")
    return _Source(
        file, sheet, kinds - _events(), filled, titled, named_period([*folders, *inside, name.rsplit(".", 1)[0]])
    )


def named_period(names: Sequence[str]) -> Period | None:
    """The period of a path: the nearest name with a month; 6月 in a folder of a year is a month of it.

    >>> str(named_period(["2025年", "6月", "党员名册"]).last), named_period(["2023", "党员名册（2025年）"]).last.year
    ('2025-06-30', 2025)
    """
    coarse, month = None, ""
    for name in reversed(names):
        alone = _MONTH_ALONE.search(arabic(name))
        month = month or (alone[1] if alone else "")
        found = period_of(name)
        if found and not found.is_fine and month:
            found = period_of(f"{found.first.year}年{month}月") or found
        if found and found.is_fine:
            return found if coarse is None or found.first.year == coarse.first.year else coarse
        coarse = coarse or found
    return coarse


@cache
def _events() -> frozenset[str]:
    """The kinds of table that list what has happened: their titles say when that was."""
    return frozenset(schema.layout_words()["events"])


@cache
def _untimed() -> frozenset[str]:
    """The kinds of table above which 时间 is the time of the event itself."""
    return frozenset(schema.layout_words()["own_time"])
