"""The cells of one column to values of the field's type.

Types: text stays text; dates are text of their own precision ("2019-10"); integers are
`Int64`, flags `boolean`, all with real nulls; closed lists become codes; several values in a
cell are joined by a line feed. Each *distinct* cell is read once, and those that are already
written as the type wants them are recognised together, without a step of Python for each.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pbgraph import schema, text
from pbgraph.masking import is_place, masked, without_secrets
from pbgraph.reading.cells import Cell
from pbgraph.reading.formats import ShownDate, ShownNumber, known
from pbgraph.reading.said import answered, blank_words, flag_of, forms_of_word, is_blank, is_none_word, words_for
from pbgraph.schema import Field

DTYPES = {"integer": "Int64", "number": "Float64", "money": "Float64", "flag": "boolean"}
_TEXT_TYPES = frozenset({"text", "code"})
_TIMES = (date, time, timedelta)
_MOST_COUNTED = 10**9  # our choice: people, households or days of a street are fewer
_MOST_MEASURED = 1e13  # and its square metres or yuan
_TEXT_MARKS = "'`"  # before a number that an export keeps as text
_BROKEN = "\ufffd"  # what stands for a byte that no encoding knows
NAME_TYPES = frozenset({"org", "unit", "community", "grid", "committee"})
HIDDEN = "secret-hidden"
"""The code of the problem that something in a cell was hidden; its value is sound."""
_NAMED = NAME_TYPES | {"person"}
_SPOKEN = _TEXT_TYPES | _NAMED
_ALIKE = 3  # characters: codes of one office begin with those of its place
_FEW = 4
_PHONE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8})$")
_BLANK_IN_NAME = re.compile(r"(?<=[\u3400-\u9fff（）()]) (?=[\u3400-\u9fff（）()])")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|GETTING_DATA|SPILL!)|Err:\d{3}")
# Texts that are values as they stand, by type (RE2). What does not match is read one by one.
_PLAIN_TEXT = r"^[\p{Han}A-Za-z0-9·（）()《》—]+$"
_PLAIN = {
    **dict.fromkeys(("text", "person", *NAME_TYPES), _PLAIN_TEXT),
    "code": r"^[0-9A-Z]+$",
    "id_no": r"^[0-9]{17}[0-9X]$",
    "phone": r"^1[3-9][0-9]{9}$",
    "date": r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$",
}
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = np.array([ord(check) for check in "10X98765432"])

Reading = tuple[object, str | None]
"""The value and the code of the problem, None where all is well."""


def read_column(codes: Any, cells: list[Cell], field: Field) -> tuple[pd.Series, dict[int, str]]:
    """Read a column given as codes of its distinct cells.

    Returns the values by position, and the code of each problem by the position where it stands.
    """
    present = np.zeros(len(cells), dtype=bool)
    present[codes] = True
    places = np.flatnonzero(present)
    new = np.zeros(len(cells), dtype=np.int64)
    new[places] = np.arange(len(places))
    values, problems = read_cells([cells[place] for place in places], field)
    column = pd.Series(values.array.take(new[codes]), copy=False)
    if not problems:
        return column, {}
    bad = np.isin(new[codes], list(problems))
    return column, {int(i): problems[int(new[codes[i]])] for i in np.flatnonzero(bad)}


def read_cells(cells: list[Cell], field: Field) -> tuple[pd.Series, dict[int, str]]:
    """Read distinct cells: the values, and the code of each problem by position."""
    if field.type in _TEXT_TYPES:
        cells = [str(int(cell)) if type(cell) is float and cell.is_integer() else cell for cell in cells]
    values: list[object] = list(cells)
    done = _plain(cells, field)
    problems: dict[int, str] = {}
    read = reader(field)
    for index in np.flatnonzero(~done):
        values[index], problem = read(cells[index])
        if problem:
            problems[int(index)] = problem
    if field.type in _SPOKEN and not (field.is_secret and field.type == "text"):
        _hide_secrets(values, problems, field)
    return pd.Series(pd.array(values, dtype=DTYPES.get(field.type, "str")), copy=False), problems


def _hide_secrets(values: list[object], problems: dict[int, str], field: Field) -> None:
    """Hide what no text may hold; each cell in which something was hidden has a problem that says so.

    A name goes on without the number that stood in it. A code that looks like the number of a person is one,
    unless it begins like most codes of its column.
    """
    hide = _way_of_hiding(field)
    beginnings = Counter(str(value)[:_ALIKE] for value in values) if field.type == "code" else Counter()
    for index, value in enumerate(values):
        is_alike = 2 * beginnings[str(value)[:_ALIKE]] > max(len(values), _FEW)
        if not isinstance(value, str) or is_alike or is_place(value, field=field.key):
            continue
        hidden = hide(value)
        if hidden != value:
            values[index] = hidden or None
            if not field.is_secret:  # what never leaves the reading needs no word
                problems.setdefault(index, HIDDEN)


def _way_of_hiding(field: Field) -> Callable[[str], str]:
    if field.type in _NAMED:
        return lambda names: "\n".join(filter(None, map(without_secrets, names.split("\n"))))
    if field.type == "code":
        return lambda code: "" if masked(code) != code else code
    before = f"{field.label}:"  # 微信号: abc tells what abc is not
    return lambda value: masked(before + value, of_person=field.privacy == "person")[len(before) :]


def _plain(cells: list[Cell], field: Field) -> Any:
    """Which cells are values of the field as they stand."""
    pattern = _PLAIN.get(field.type)
    if pattern is None:
        return np.zeros(len(cells), dtype=bool)
    is_text = np.fromiter((type(cell) is str for cell in cells), dtype=bool, count=len(cells))
    texts = pa.array([cell if good else "" for cell, good in zip(cells, is_text, strict=True)], pa.string())
    matches = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False).copy()
    if field.type == "id_no":
        matches[matches] = _are_id_numbers([cells[i] for i in np.flatnonzero(matches)])
        return matches
    is_blank = pc.is_in(pc.utf8_lower(texts), _blanks(field.type)).to_numpy(zero_copy_only=False)
    return matches & ~is_blank


@cache
def _blanks(kind: str) -> Any:
    return pa.array(sorted(blank_words() | words_for("none") if kind == "org" else blank_words()))


def _are_id_numbers(numbers: list[str]) -> Any:
    """Which 18-character numbers have the right check digit and a day of birth that exists."""
    if not numbers:
        return np.zeros(0, dtype=bool)
    letters = np.array(numbers, dtype="U18").view(np.uint32).reshape(-1, 18).astype(np.int64)
    digits = letters - ord("0")
    checks = _ID_CHECKS[(digits[:, :17] * _ID_WEIGHTS).sum(axis=1) % 11] == letters[:, 17]
    year = digits[:, 6:10] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 10:12] @ np.array([10, 1]), digits[:, 12:14] @ np.array([10, 1])
    safe = checks & (year >= 1900) & (year <= 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 28)
    for index in np.flatnonzero(checks & ~safe):  # the last days of a month are looked up
        safe[index] = text.is_id_number(numbers[index])
    return safe


def reader(field: Field) -> Callable[[Cell], Reading]:
    """The function that reads one cell of the field."""
    simple = _READERS.get(field.type)
    read: Callable[[Cell], Reading]
    if field.type == "flag":
        read = _flag_reader((field.label, *field.aliases))
    elif simple is not None:
        read = simple
    elif schema.has_vocabulary(field.type):
        read = _vocabulary_reader(field.type)
    else:
        read = _text
    return _of_sound_cells(_many(read) if field.many else read, field)


def _of_sound_cells(read: Callable[[Cell], Reading], field: Field) -> Callable[[Cell], Reading]:
    """Read only cells that can be values: no error written as text, no formula never calculated, no date for a name."""
    is_number = field.type in DTYPES
    is_word = field.type in _TEXT_TYPES | NAME_TYPES | {"person"}
    is_dated = field.key in known()["columns"]["dates_in_text"]

    def read_sound(cell: Cell) -> Reading:
        if isinstance(cell, str):
            if cell[:1] in ("#", "E") and _ERROR.fullmatch(cell.strip()):
                return None, "cell-error"
            value, problem = read(cell)
            return value, _text_problem(cell) or problem
        if isinstance(cell, ShownNumber) and cell.is_result and not is_number:
            return None, "cell-without-result"
        if is_word and not is_dated and isinstance(cell, _TIMES):
            return None, "cell-became-date"
        return read(cell)

    return read_sound


def _text_problem(cell: str) -> str | None:
    """What is wrong with a text, whatever it means."""
    if _BROKEN in cell:
        return "character-broken"
    is_open = cell.lstrip()[:1] == '"' and cell.count('"') % 2 == 1
    return "quote-open" if is_open else None


def as_text(cell: Cell) -> str:
    """A cell as somebody would read it aloud: whole numbers without a point."""
    if isinstance(cell, str):
        return text.clean(cell)
    if isinstance(cell, ShownNumber | ShownDate):
        return text.clean(cell.shown)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def _text(cell: Cell) -> Reading:
    value = as_text(cell)
    return (None if is_blank(value) else value), None


def _name(cell: Cell) -> Reading:
    value, problem = _text(cell)
    return (_BLANK_IN_NAME.sub("", str(value)) if value else None), problem


def _org(cell: Cell) -> Reading:
    """The name of an organization; that there is none is no name."""
    value, problem = _name(cell)
    return (None if is_none_word(value) else value), problem


def _person(cell: Cell) -> Reading:
    value = as_text(cell)
    if is_blank(value):
        return None, None
    return (value.replace(" ", "") if not value.isascii() else value), None


def _date(cell: Cell) -> Reading:
    if isinstance(cell, ShownDate):
        return _lived(cell.precise) if cell.precise else (None, "date-without-year")
    if isinstance(cell, ShownNumber) and (shown := text.parse_date(cell.shown)):
        return shown, None
    if isinstance(cell, datetime | date):
        return _lived(cell.isoformat()[:10])
    if isinstance(cell, float):
        year, fraction = divmod(cell, 1)
        if 1900 <= year <= 2100:  # 2019.1 may be January or October: only the year is sure
            return (text.parse_date(f"{cell:.2f}") if round(fraction * 100) % 10 else str(int(year))), None
        value = text.parse_date(as_text(cell)) or text.serial_date(cell)
        return value, None if value else "date-unreadable"
    value = as_text(cell)
    if is_blank(value):
        return None, None
    found = text.parse_date(value)
    return found, None if found or text.fold(value) in words_for("no_day") or said_instead(value) else "date-unreadable"


@lru_cache(maxsize=4096)
def said_instead(value: str, key: str = "full_date") -> str:
    """What a word below the header of a day says of something else, such as 预备期; "" for any other."""
    told = schema.layout_words()["instead"].get(key, {})
    return next((said for said, words in told.items() if re.fullmatch(words, text.fold(value))), "")


def _lived(day: str) -> Reading:
    """A date that Excel keeps as one, where it lies in a time that rosters tell of."""
    found = text.parse_date(day)
    return found, None if found else "date-unreadable"


def _integer(cell: Cell) -> Reading:
    if isinstance(cell, float) and cell.is_integer():
        return (int(cell), None) if 0 <= cell <= _MOST_COUNTED else (None, "number-impossible")
    if isinstance(cell, float) and not isinstance(cell, ShownNumber):
        return None, "number-unreadable"
    value = text.fold(as_text(cell)).lower()
    if not value:
        return None, None
    if value in words_for("zeros"):
        return 0, None
    if value in blank_words():
        return None, None
    match = re.fullmatch(r"(-?\d+)(?:\.0+)?[人名家户个次年月岁栋幢天%]{0,2}(?:/[年月])?", value.replace(",", ""))
    if not match:
        return None, "number-unreadable"
    number = int(match.group(1)[:20])  # as many digits as tell that it is too large
    return (number, None) if 0 <= number <= _MOST_COUNTED else (None, "number-impossible")


def _number(cell: Cell) -> Reading:
    if isinstance(cell, float):
        return _measured(cell)
    value = text.fold(as_text(cell)).lower().replace(",", "")
    if not value or value in blank_words():
        return None, None
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?:元|万元|平方米|平米|㎡|m2|分|个|%)?", value)
    return _measured(float(match.group(1))) if match else (None, "number-unreadable")


def _measured(number: float) -> Reading:
    """A number that may be one of an office's; what is infinite or beyond all measure is none."""
    return (number, None) if abs(number) <= _MOST_MEASURED else (None, "number-impossible")


def _money(cell: Cell) -> Reading:
    """An amount in yuan; 25万元 is 250,000."""
    if isinstance(cell, float):
        return _measured(cell)
    value = text.fold(as_text(cell)).lower()
    unit = max((unit for unit in money_units() if value.endswith(unit)), key=len, default="")
    amount, problem = _number(value.removesuffix(unit))
    return (amount, problem) if amount is None or not unit else _measured(float(str(amount)) * money_units()[unit])


def money_units() -> dict[str, float]:
    """The units that an amount of money or the header above it may name, in yuan."""
    return {unit: float(value) for unit, value in schema.layout_words()["money_units"].items()}


def _id_number(cell: Cell) -> Reading:
    if isinstance(cell, float | int):
        return None, "id-digits-lost"
    value = text.fold(as_text(cell)).upper().lstrip(_TEXT_MARKS)
    if is_blank(value):
        return None, None
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d{2}", value):
        return None, "id-digits-lost"
    if re.fullmatch(r"\d{3,6}[*X]{6,}[\dX]{0,4}", value) and "*" in value:
        return None, "id-masked"
    return (value, None) if text.is_id_number(value) else (None, "id-invalid")


def _phone(cell: Cell) -> Reading:
    value = text.fold(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else as_text(cell))
    value = value.lstrip(_TEXT_MARKS)
    if is_blank(value):
        return None, None
    numbers = [part for part in re.split(r"[、,，;；/]", value) if part]
    good = all(_PHONE.match(part) for part in numbers)
    return (numbers[0] if good and numbers else None), None if good else "phone-invalid"


def _flag_reader(spelled: Sequence[str]) -> Callable[[Cell], Reading]:
    """The reader of yes and no; a day where a column asks whether something was done says that it was."""

    def read(cell: Cell) -> Reading:
        found, problem = flag_of(as_text(cell), spelled=spelled)
        is_day = isinstance(cell, str | datetime | date) and problem == "value-unknown" and _date(cell)[0]
        return (True, None) if is_day else (found, problem)

    return read


def _vocabulary_reader(name: str) -> Callable[[Cell], Reading]:
    spellings = schema.vocabulary(name).spellings

    def read(cell: Cell) -> Reading:
        whole, *others = forms_of_word(as_text(cell))
        if whole in spellings:
            return spellings[whole], None
        if not whole or whole in blank_words():
            return None, None
        code = next((spellings[form] for form in others if form in spellings), None)
        return code, None if code else "value-unknown"

    return read


def _many(read: Callable[[Cell], Reading]) -> Callable[[Cell], Reading]:
    def read_all(cell: Cell) -> Reading:
        if not isinstance(cell, str):
            return read(cell)
        said, added = answered(cell)
        readings = [read(part) for part in split(cell if not said else added if said in words_for("yes") else "")]
        values = [str(value) for value, _ in readings if value is not None]
        problem = next((code for _, code in readings if code), None)
        return ("\n".join(dict.fromkeys(values)) or None), problem

    return read_all


def split(cell: str) -> list[str]:
    """Several values in a cell; separators inside brackets belong to the name, and so do those of a joint branch.

    >>> split("甲公司、乙（上海、北京）公司；丙")
    ['甲公司', '乙（上海、北京）公司', '丙']
    >>> split("丙厂党支部；甲厂、乙店联合党支部")
    ['丙厂党支部', '甲厂、乙店联合党支部']
    >>> split("长虹软件有限公司  绿源五金机电"), split("云州长青  机械有限公司")
    (['长虹软件有限公司', '绿源五金机电'], ['云州长青 机械有限公司'])
    """
    separators = _separators()
    if cell[:2] == '["' and cell[-2:] == '"]':  # a list of an export
        cell = cell[2:-2].replace('","', "、").replace('", "', "、")
    if separators.isdisjoint(cell):
        apart = [text.clean(part) for part in _wide_blanks().split(cell.strip())]
        if len(apart) > 1 and min(map(len, apart)) >= _LEAST_APART and _are_whole(apart):
            return apart
        return [whole] if (whole := text.clean(cell)) else []
    if _joint().search(cell) is None:
        return _split_at(cell, separators)
    light = schema.layout_words()["joins_names"]
    chunks = [(chunk, _split_at(chunk, separators)) for chunk in _split_at(cell, separators - {light})]
    return [part for chunk, parts in chunks for part in ([chunk] if _is_joint(parts) else parts)]


_LEAST_APART = 4  # our choice: characters of a name that a wide gap parts from another, and not 王  明


def _are_whole(parts: Sequence[str]) -> bool:
    """Whether parts may be names of their own, and not the two halves of 云州长青  机械有限公司."""
    return parts[0].endswith(_body_endings()) and not any(part in _body_endings() for part in parts[1:])


@cache
def _body_endings() -> tuple[str, ...]:
    words = schema.layout_words()
    return tuple(sorted({*words["unit_endings"]} - {*words["community_endings"]}))


@cache
def _wide_blanks() -> re.Pattern[str]:
    return re.compile(schema.layout_words()["wide_blanks"])


def _is_joint(parts: Sequence[str]) -> bool:
    """Whether parts are the units in the name of one joint branch: only the last one ends as an organization does."""
    return _joint().search(parts[-1]) is not None and not any(part.endswith(_org_endings()) for part in parts[:-1])


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(schema.layout_words()["joint_name"])


@cache
def _org_endings() -> tuple[str, ...]:
    return tuple(schema.recognition_words()["shapes"]["org_endings"])


def _split_at(cell: str, separators: frozenset[str]) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, character in enumerate(cell):
        depth += (character in "（(【[") - (character in "）)】]")
        if character in separators and depth <= 0:
            parts.append(cell[start:index])
            start = index + 1
    parts.append(cell[start:])
    return [part for part in map(text.clean, parts) if part]


@cache
def _separators() -> frozenset[str]:
    return frozenset("".join(schema.layout_words()["separators"]))


def null_column(item: Field, n: int) -> pd.Series:
    """A column of nulls of the field's type."""
    return nulls(DTYPES.get(item.type, "str"), n)


def nulls(dtype: str, n: int) -> pd.Series:
    """A column of `n` nulls of a type, made without a step for each."""
    return repeated(None, n, dtype=dtype)


def repeated(value: str | None, n: int, *, dtype: str = "str") -> pd.Series:
    """A column that says the same `n` times."""
    return pd.Series(_single(value, dtype).take(np.zeros(n, dtype=np.int64)), copy=False)


@lru_cache(maxsize=256)
def _single(value: str | None, dtype: str) -> Any:
    return pd.array([value], dtype=dtype)


_READERS: dict[str, Callable[[Cell], Reading]] = {
    "text": _text,
    "code": _text,
    **dict.fromkeys(NAME_TYPES, _name),
    "org": _org,
    "person": _person,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "money": _money,
    "id_no": _id_number,
    "phone": _phone,
}
