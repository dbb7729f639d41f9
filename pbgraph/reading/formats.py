"""Number formats: what a sheet shows of a date or number that its file holds whole.

A month typed as 1985年1月 is kept by Excel as 1 January with a format that shows no day, a code 0012 as
12 with the format 0000. `ShownDate` and `ShownNumber` are the date and the number for whoever counts
with them, and the shown text for whoever reads them.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, TypedDict

from pbgraph import reference

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<unshown>AM/PM|A/P|上午/下午|General|E[+-])|(?P<part>y+|e+|m+|d+|h+|s+|a{3,4})|(?P<number>[0#?][0#?,]*|\.[0#?]*)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*)(?:;|$)', re.DOTALL)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_PLAIN_LITERALS = re.compile(r"[ ()-]*")
_NOT_SHOWN_HERE = frozenset("%/@,")  # shares, fractions, text and thousands are read as the number held
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_MOST_SERIAL = 2_958_465  # 31 December 9999
_LEAST_PADDED = 2


class ShownDate(date):
    """A date of which the sheet shows only some parts.

    `shown` is the text on the sheet, `precise` the date as far as it is shown ("1985-01"), and
    empty where no year is shown: 3-1 may be a building.
    """

    shown: str
    precise: str

    def __new__(cls, day: date, shown: str, precise: str) -> "ShownDate":
        """The day with what is shown of it."""
        made = super().__new__(cls, day.year, day.month, day.day)
        made.shown, made.precise = shown, precise
        return made

    def __str__(self) -> str:
        return self.shown


class ShownNumber(float):
    """A number that the sheet shows in another way, such as 2008.10.

    `is_result` is true of a formula with the result 0: as a name it was never calculated.
    """

    shown: str
    is_result: bool

    def __new__(cls, value: float, shown: str, *, is_result: bool = False) -> "ShownNumber":
        """The number with what is shown of it."""
        made = super().__new__(cls, value)
        made.shown, made.is_result = shown, is_result
        return made

    def __str__(self) -> str:
        return self.shown


@cache
def known() -> dict[str, Any]:
    """The tables of `reference/formats.toml`."""
    made: dict[str, Any] = reference.table("formats", _Formats)
    return made


class _Formats(TypedDict):
    """What Excel shows of a cell, as far as a file does not say it in full."""

    builtin: dict[str, str]
    columns: dict[str, list[str]]
    text: dict[str, str | list[str]]


@dataclass(frozen=True)
class Format:
    """A number format: `tokens` are (kind, text) of its first section; a date has the parts it shows.

    `n_zeros` is the number of digits of a code that is nothing but zeros.
    """

    tokens: tuple[tuple[str, str], ...]
    parts: frozenset[str]
    is_date: bool
    n_zeros: int = 0

    @property
    def matters(self) -> bool:
        """Whether a cell so formatted may show less, or something else, than the file holds."""
        if self.is_date:
            return not {"year", "month", "day"} <= self.parts
        digits = [text for kind, text in self.tokens if kind == "number"]
        literals = "".join(text for kind, text in self.tokens if kind == "literal")
        is_plain = digits in ([], ["0"], ["#"]) and _PLAIN_LITERALS.fullmatch(literals) is not None
        return bool(digits) and not is_plain and all(kind != "unshown" for kind, _ in self.tokens)

    def cell(self, value: Any, *, is_1904: bool = False) -> Any:
        """What the sheet shows of a value; None where that is the value itself."""
        if self.is_date:
            return self._date(value, is_1904=is_1904)
        is_number = isinstance(value, float) and not isinstance(value, ShownNumber)
        return self._number(value) if is_number else None

    def _date(self, value: Any, *, is_1904: bool) -> ShownDate | None:
        if isinstance(value, float):
            if "year" not in self.parts or not 0 < value <= _MOST_SERIAL:
                return None
            value = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=int(value))
        if not isinstance(value, date) or not self.parts:
            return None
        precise = {("month", "year"): value.isoformat()[:7], ("year",): value.isoformat()[:4]}
        shown = "".join(_part(kind, text, value) for kind, text in self.tokens)
        return ShownDate(value, shown, precise.get(tuple(sorted(self.parts - {"time"})), ""))

    def _number(self, value: float) -> str | ShownNumber | None:
        if self.n_zeros and value >= 0 and value.is_integer():
            padded = str(int(value)).zfill(self.n_zeros)
            return padded if padded[0] == "0" else None
        digits = "".join(text for kind, text in self.tokens if kind == "number")
        whole, _, decimals = digits.partition(".")
        n_decimals = decimals.count("0") + decimals.count("?") + decimals.count("#")
        rounded = Decimal(repr(abs(value))).quantize(Decimal(1).scaleb(-n_decimals), ROUND_HALF_UP)
        front, _, behind = f"{rounded:f}".partition(".")
        behind = behind[: decimals.count("0")] + behind[decimals.count("0") :].rstrip("0")
        shown = ("-" if value < 0 and rounded else "") + self._laid_out(front.zfill(whole.count("0")), behind)
        if shown == plain_number(value):
            return None
        return shown if whole.count("0") >= _LEAST_PADDED else ShownNumber(value, shown)

    def _laid_out(self, front: str, behind: str) -> str:
        """Digits put into their places from the right, the literals between them kept."""
        pieces: list[str] = []
        before = [text for kind, text in self.tokens if kind == "number" and not text.startswith(".")]
        n_places = sum(map(len, before))
        extra = max(len(front) - n_places, 0)
        front = front.rjust(n_places)
        for kind, text in self.tokens:
            if kind == "literal":
                pieces.append(text)
            elif kind == "number" and text.startswith("."):
                pieces.append("." + behind if behind else "")
            elif kind == "number":
                pieces.append(front[: len(text) + extra].strip())
                front, extra = front[len(text) + extra :], 0
        return "".join(pieces).strip()


def plain_number(value: float) -> str:
    """A number as it is shown without a format."""
    return str(int(value)) if value.is_integer() else repr(float(value))


def _part(kind: str, text: str, day: date) -> str:
    if kind == "year":
        return f"{day.year % 100:02d}" if len(text) == 2 and text[0] in "yY" else str(day.year)
    if kind in ("month", "day"):
        number = day.month if kind == "month" else day.day
        if len(text) > 2:
            return day.strftime("%b" if len(text) == 3 else "%B")
        return f"{number:0{len(text)}d}"
    if kind == "time":
        number = getattr(day, {"h": "hour", "m": "minute", "s": "second"}[text[0].lower()], 0)
        return f"{number:0{min(len(text), 2)}d}"
    return text if kind == "literal" else ""


@cache
def read_format(code: str) -> Format:
    """A number format from its code.

    >>> read_format('yyyy"年"m"月"').parts == {"year", "month"}
    True
    >>> str(read_format("yyyy.mm").cell(date(2008, 7, 1))), read_format("yyyy-mm-dd").matters
    ('2008.07', False)
    >>> read_format("0000").cell(12.0), str(read_format("0.00").cell(2008.1)), read_format("0").matters
    ('0012', '2008.10', False)
    """
    first = _SECTIONS.match(code)
    section = first.group(1) if first else code
    tokens = [_token(match) for match in _TOKEN.finditer(section)]
    tokens = [token for token in tokens if token != ("literal", "")]
    is_date = any(kind in ("y", "e", "m", "d", "h", "s", "elapsed", "weekday") for kind, _ in tokens)
    if is_date:
        tokens = [("literal", text) if kind in ("number", "unshown") else (kind, text) for kind, text in tokens]
        tokens = _named_parts(tokens)
    elif any(kind == "condition" for kind, _ in tokens):
        tokens = [("unshown", "")]
    parts = frozenset(kind for kind, _ in tokens if kind in ("year", "month", "day", "time"))
    (_, digits), *others = tokens or [("", "")]
    n_zeros = len(digits) if not others and set(digits) == {"0"} else 0
    return Format(tuple(tokens), parts, is_date, n_zeros if n_zeros >= _LEAST_PADDED else 0)


def _token(match: re.Match[str]) -> tuple[str, str]:
    said = match.groupdict()
    text = match.group()
    if said["part"]:
        letter = text[0].lower()
        return ("weekday" if letter == "a" or (letter == "d" and len(text) > 2) else letter), text
    if said["bracket"] is not None:
        is_elapsed = _ELAPSED.fullmatch(said["bracket"])
        return (
            ("elapsed", said["bracket"])
            if is_elapsed
            else ("condition" if said["bracket"][:1] in "<>=" else "literal", "")
        )
    if said["number"]:
        return ("unshown", text) if "," in text else ("number", text)
    if said["unshown"] or (said["other"] or " ") in _NOT_SHOWN_HERE:
        return "unshown", text
    return "literal", said["quoted"] or said["escaped"] or said["symbol"] or said["other"] or ""


def _named_parts(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Years, months, days and times; m beside hours or seconds is a minute."""
    names = {"y": "year", "e": "year", "d": "day", "h": "time", "s": "time", "elapsed": "time"}
    letters = [kind for kind, _ in tokens if kind not in ("literal", "unshown", "weekday")]
    named, at = [], 0
    for kind, text in tokens:
        if kind == "m":
            before, after = letters[at - 1] if at else "", letters[at + 1] if at + 1 < len(letters) else ""
            kind_named = "time" if before in ("h", "elapsed") or after == "s" else "month"
        else:
            kind_named = names.get(kind, kind)
        at += kind not in ("literal", "unshown", "weekday")
        named.append((kind_named, text))
    return named


def formats_that_matter(styles: list[int], codes: dict[int, str]) -> dict[int, Format]:
    """The formats that may show something else than the file holds, by the number of the style."""
    builtin = {int(number): code for number, code in known()["builtin"].items()}
    found: dict[int, Format] = {}
    for style, number in enumerate(styles):
        code = codes.get(number) or builtin.get(number)
        read = read_format(code) if code else None
        if read is not None and read.matters:
            found[style] = read
    return found


def date_by_text(day: date, shown: str) -> ShownDate | None:
    """A date of which only the shown text is known, None where that has year, month and day.

    >>> date_by_text(date(1985, 1, 1), "1985年1月").precise, date_by_text(date(1985, 1, 1), "1985/1/1")
    ('1985-01', None)
    """
    numbers = [int(number) for number in re.findall(r"\d+", shown.split(":")[0])]
    parts = []
    for name, values in (("year", (day.year, day.year % 100)), ("month", (day.month,)), ("day", (day.day,))):
        said = next((value for value in values if value in numbers), None)
        if said is not None:
            numbers.remove(said)
            parts.append(name)
    if "month" not in parts and re.search(r"[A-Za-z一二三四五六七八九十]", shown):
        return None  # a month in letters: which number is which cannot be told
    precise = {("year", "month"): day.isoformat()[:7], ("year",): day.isoformat()[:4]}
    return None if len(parts) == 3 or not parts else ShownDate(day, shown, precise.get(tuple(parts), ""))
