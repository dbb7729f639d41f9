"""Columns of a sheet: their letters, their codes as arrays, how much of them is filled, the words of layouts."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import CodedColumn, Sheet


def letters(index: int) -> str:
    """The column letters of Excel: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def codes_of(column: CodedColumn) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """The codes of a column as an array."""
    return np.frombuffer(column.codes, dtype=np.int32)


def n_filled(sheet: Sheet, columns: Iterable[int], top: int, stop: int) -> "np.ndarray[Any, np.dtype[np.int32]]":
    """How many cells of some columns are filled, by row from `top` up to `stop`."""
    counts = np.zeros(max(0, stop - top), dtype=np.int32)
    for index in columns:
        counts += codes_of(sheet.columns[index])[top:stop] != 0
    return counts


@cache
def words() -> dict[str, Any]:
    """The words of `[layout]` in schema.toml."""
    return schema.layout_words()
