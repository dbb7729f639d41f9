"""Cells as the sheet shows them: formats applied, formulas that were never calculated, characters no XML holds.

Only the cells that the gate or a walker noted are looked up; a sheet without such a format costs nothing.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, Protocol

from pbgraph.reading.formats import Format, ShownNumber, date_by_text
from pbgraph.reading.stored import StoredCells
from pbgraph.text import clean

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has no such character
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PADDED = re.compile(r"0\d+")
_LINE_ENDS = re.compile(r"\r\n?")


class Column(Protocol):
    """Cells by codes of their distinct values; code 0 is the empty cell."""

    codes: "array[int]"
    values: list[Any]


def show(
    columns: list[Any], stored: StoredCells, formats: Mapping[int, Format], *, is_1904: bool, is_calculated: bool
) -> list[tuple[int, int]]:
    """Put what is shown into the columns; returns the formulas that were never calculated, now empty.

    In a workbook of which no formula was ever calculated every result is 0; elsewhere a result 0 is
    kept and marked, since only the meaning of its column tells whether it can be one.
    """
    for style, by_column in stored.styled.items():
        for index, rows in by_column.items():
            if index < len(columns):
                _replace_in(columns[index], rows, partial(formats[style].cell, is_1904=is_1904))
    by_text: dict[str, list[tuple[int, int]]] = {}
    for place, text in stored.shown.items():
        by_text.setdefault(text, []).append(place)
    for text, places in by_text.items():
        _replace(columns, places, partial(_by_text, text))
    if is_calculated:
        _replace(columns, stored.zero_results, _zero_result)
        return []
    _replace(columns, stored.zero_results, lambda _: "")
    return stored.zero_results


def _by_text(text: str, value: Any) -> Any:
    if isinstance(value, date):
        return date_by_text(value, text)
    if isinstance(value, float):
        return text if _PADDED.fullmatch(text) else ShownNumber(value, text)
    return None


def _zero_result(value: Any) -> Any:
    return ShownNumber(0.0, "0", is_result=True) if isinstance(value, float) and value == 0 else None


def _replace(columns: list[Any], places: Iterable[tuple[int, int]], new_value: Callable[[Any], Any]) -> None:
    """Give the cells at some places a new value; None leaves the old one."""
    by_column: dict[int, list[int]] = {}
    for row, index in places:
        by_column.setdefault(index, []).append(row)
    for index, rows in by_column.items():
        if index < len(columns):
            _replace_in(columns[index], rows, new_value)


def _replace_in(column: Column, rows: Iterable[int], new_value: Callable[[Any], Any]) -> None:
    codes, values = column.codes, column.values
    new_codes: dict[int, int] = {}
    n_rows = len(codes)
    for row in rows:
        if row >= n_rows:
            continue
        code = codes[row]
        new = new_codes.get(code)
        if new is None:  # each distinct cell once
            shown = new_value(values[code]) if code else None
            if shown is None:
                new = code
            elif shown == "" and isinstance(shown, str):
                new = 0
            else:
                new = len(values)
                values.append(shown)
            new_codes[code] = new
        codes[row] = new


def clean_texts(columns: list[Any], *, is_xlsx: bool = False) -> None:
    """Drop the characters that no XML may hold; read the escapes of .xlsx; line ends are line feeds.

    A text of which nothing is seen, such as a few spaces, is an empty cell, as it looks.
    """
    for column in columns:
        texts = [value for value in column.values if isinstance(value, str)]
        joined = "".join(texts)
        is_escaped = is_xlsx and "_x" in joined
        if is_escaped or "\r" in joined or _FORBIDDEN.search(joined):
            for code, value in enumerate(column.values):
                if isinstance(value, str):
                    text = _ESCAPED.sub(_character, value) if is_escaped else value
                    column.values[code] = _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))
        empty = {code for code, value in enumerate(column.values) if isinstance(value, str) and _is_unseen(value)} - {0}
        if empty:
            column.codes = array("i", (0 if code in empty else code for code in column.codes))


def printable(text: str) -> str:
    """A name of a sheet or a file without the characters that no XML may hold; line ends are blanks.

    The mark that parts file, sheet and row in `source` is a wide one in a name.

    >>> printable("党员\\ufffe\\r\\n名册")
    '党员 名册'
    """
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text)).replace("\n", " ").replace("|", "｜")


def _is_unseen(text: str) -> bool:
    return not text[:1].isalnum() and not clean(text)


def _character(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))
