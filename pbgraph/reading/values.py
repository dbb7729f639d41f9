"""The cells of one column to values of the field's type.

Types: text stays text; dates are text of their own precision ("2019-10"); integers are
`Int64`, flags `boolean`, all with real nulls; closed lists become codes; several values in a
cell are joined by a line feed. Each *distinct* cell is read once, so a long column with few
values costs few readings.
"""

import re
from collections.abc import Callable, Hashable
from datetime import date, datetime
from functools import cache

import pandas as pd

from pbgraph import schema, text
from pbgraph.reading.cells import Cell
from pbgraph.schema import Field

DTYPES = {"integer": "Int64", "number": "Float64", "flag": "boolean"}
_CODE_BEFORE_LABEL = re.compile(r"^([0-9A-Z]{1,6})[_ .、-]*(?=\D)")
_PHONE = re.compile(r"^(?:\+?86)?(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8})$")
_BLANK_IN_NAME = re.compile(r"(?<=[\u3400-\u9fff（）()]) (?=[\u3400-\u9fff（）()])")


Reading = tuple[object, str | None]
"""The value and the code of the problem, None where all is well."""


def read_column(cells: list[Cell], field: Field) -> tuple[pd.Series, dict[int, str]]:
    """Read a column; returns the values and, by position, the code of each problem."""
    read = reader(field)
    keyed = pd.Series([_key(cell) for cell in cells], dtype=object)
    codes, distinct = pd.factorize(keyed)
    readings = [read(key[1]) for key in distinct]
    values = pd.Series([value for value, _ in readings], dtype=object)
    column = values.take(codes).reset_index(drop=True).astype(DTYPES.get(field.type, "str"))
    bad = {index for index, (_, problem) in enumerate(readings) if problem}
    problems = {i: str(readings[code][1]) for i, code in enumerate(codes) if code in bad} if bad else {}
    return column, problems


def _key(cell: Cell) -> Hashable:
    return type(cell).__name__, cell


def reader(field: Field) -> Callable[[Cell], Reading]:
    """The function that reads one cell of the field."""
    simple = _READERS.get(field.type)
    if simple is not None:
        read = simple
    elif schema.has_vocabulary(field.type):
        read = _vocabulary_reader(field.type)
    else:
        read = _text
    return _many(read) if field.many else read


def as_text(cell: Cell) -> str:
    """A cell as somebody would read it aloud: whole numbers without a point."""
    if isinstance(cell, str):
        return text.clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(text.fold(word).lower() for word in schema.layout_words()[name])


def _is_blank(value: str) -> bool:
    return not value or text.fold(value).lower() in _words("blanks")


def _text(cell: Cell) -> Reading:
    value = as_text(cell)
    return (None if _is_blank(value) else value), None


def _name(cell: Cell) -> Reading:
    value, problem = _text(cell)
    return (_BLANK_IN_NAME.sub("", str(value)) if value else None), problem


def _person(cell: Cell) -> Reading:
    value = as_text(cell)
    if _is_blank(value):
        return None, None
    return (value.replace(" ", "") if not value.isascii() else value), None


def _date(cell: Cell) -> Reading:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10], None
    if isinstance(cell, float):
        year, fraction = divmod(cell, 1)
        if 1900 <= year <= 2100:  # 2019.1 may be January or October: only the year is sure
            return (text.parse_date(f"{cell:.2f}") if round(fraction * 100) % 10 else str(int(year))), None
        value = text.parse_date(as_text(cell)) or text.serial_date(cell)
        return value, None if value else "date-unreadable"
    value = as_text(cell)
    if _is_blank(value):
        return None, None
    found = text.parse_date(value)
    return found, None if found else "date-unreadable"


def _integer(cell: Cell) -> Reading:
    if isinstance(cell, float) and not isinstance(cell, bool):
        return (int(cell), None) if cell.is_integer() else (None, "number-unreadable")
    value = text.fold(as_text(cell)).lower()
    if not value:
        return None, None
    if value in _words("zeros"):
        return 0, None
    if value in _words("blanks"):
        return None, None
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?[人名家户个次年月%]{0,2}(?:/[年月])?", value.replace(",", ""))
    return (int(match.group(1)), None) if match else (None, "number-unreadable")


def _number(cell: Cell) -> Reading:
    if isinstance(cell, float):
        return cell, None
    value = text.fold(as_text(cell)).lower().replace(",", "")
    if not value or value in _words("blanks"):
        return None, None
    return (float(value), None) if re.fullmatch(r"-?\d+(\.\d+)?", value) else (None, "number-unreadable")


def _id_number(cell: Cell) -> Reading:
    if isinstance(cell, float | int):
        return None, "id-digits-lost"
    value = text.fold(as_text(cell)).upper().lstrip("'")
    if _is_blank(value):
        return None, None
    return (value, None) if text.is_id_number(value) else (None, "id-invalid")


def _phone(cell: Cell) -> Reading:
    value = text.fold(as_text(cell)).replace(" ", "")
    if _is_blank(value):
        return None, None
    numbers = [part for part in re.split(r"[、,，;；/]", value) if part]
    good = all(_PHONE.match(part) for part in numbers)
    return (numbers[0] if good else None), None if good else "phone-invalid"


def _flag(cell: Cell) -> Reading:
    value = text.fold(as_text(cell)).lower()
    if not value:
        return None, None
    if value in _words("yes"):
        return True, None
    return (False, None) if value in _words("no") else (None, "value-unknown")


def _vocabulary_reader(name: str) -> Callable[[Cell], Reading]:
    spellings = schema.vocabulary(name).spellings

    def read(cell: Cell) -> Reading:
        value = text.fold(as_text(cell)).lower()
        if value in spellings:
            return spellings[value], None
        if not value or value in _words("blanks"):
            return None, None
        bare = _CODE_BEFORE_LABEL.sub("", value.upper()).lower()
        if bare in spellings:
            return spellings[bare], None
        return None, "value-unknown"

    return read


def _many(read: Callable[[Cell], Reading]) -> Callable[[Cell], Reading]:
    def read_all(cell: Cell) -> Reading:
        if not isinstance(cell, str):
            return read(cell)
        readings = [read(part) for part in split(cell)]
        values = [str(value) for value, _ in readings if value is not None]
        problem = next((code for _, code in readings if code), None)
        return ("\n".join(dict.fromkeys(values)) or None), problem

    return read_all


def split(cell: str) -> list[str]:
    """Several values in a cell; separators inside brackets belong to the name.

    >>> split("甲公司、乙（上海、北京）公司；丙")
    ['甲公司', '乙（上海、北京）公司', '丙']
    """
    separators = set("".join(schema.layout_words()["separators"]))
    parts, depth, start = [], 0, 0
    for index, character in enumerate(cell):
        depth += (character in "（(【[") - (character in "）)】]")
        if character in separators and depth <= 0:
            parts.append(cell[start:index])
            start = index + 1
    parts.append(cell[start:])
    return [part for part in map(text.clean, parts) if part]


_READERS: dict[str, Callable[[Cell], Reading]] = {
    "text": _text,
    "code": _text,
    "org": _name,
    "unit": _name,
    "community": _name,
    "grid": _name,
    "committee": _name,
    "person": _person,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "id_no": _id_number,
    "phone": _phone,
    "flag": _flag,
}
