"""What a child that opens files is asked, and what it answers: plain data, never objects.

A parser that a file has taken over can send whatever it likes. What is read here are numbers, texts and
days of known types and nothing else; an answer of another shape raises `ValueError`. Most cells are texts and
numbers, which msgpack knows; the others stand beside them with their places.
"""

from array import array
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from pbgraph.findings import kinds
from pbgraph.reading.cells import CodedColumn, Sheet
from pbgraph.reading.formats import ShownDate, ShownNumber
from pbgraph.reading.gate import MAX_BYTES
from pbgraph.reading.opening import Refusal, Request, Workbook

_MOST_ROWS = MAX_BYTES  # a text may have a row for each of its bytes
_PLAIN = frozenset({str, float, bool})
_Place = tuple[int, int]


class _Asked(Struct, array_like=True):
    """A request; names and passwords as bytes, since a name of a file need not be Unicode."""

    name: bytes
    path: bytes
    passwords: list[bytes]
    content: bytes | None


class _Day(Struct, array_like=True, tag="day"):
    at: date


class _Moment(Struct, array_like=True, tag="moment"):
    at: datetime


class _Hour(Struct, array_like=True, tag="hour"):
    at: time


class _Span(Struct, array_like=True, tag="span"):
    days: int
    seconds: int
    microseconds: int


class _ShownDay(Struct, array_like=True, tag="shown-day"):
    at: date
    shown: str
    precise: str


class _ShownNumber(Struct, array_like=True, tag="shown-number"):
    value: float
    shown: str
    is_result: bool


_Other = _Day | _Moment | _Hour | _Span | _ShownDay | _ShownNumber


class _Column(Struct, array_like=True):
    """Codes as they lie in memory; `others` are the cells that are no text, number or flag, by their place."""

    codes: bytes
    values: list[str | float | bool]
    others: list[tuple[int, _Other]]


class _Sheet(Struct, array_like=True):
    name: str
    n_rows: int
    columns: list[_Column]
    merges: list[tuple[_Place, _Place]]
    is_hidden: bool
    is_1904: bool
    faults: list[tuple[int, int, Literal["cell-error", "cell-without-result"]]]
    n_missing: int


class _Opened(Struct, array_like=True, tag="opened"):
    sha256: str
    modified: str
    sheets: list[_Sheet]
    notes: list[tuple[str, dict[str, str]]]


class _Refused(Struct, array_like=True, tag="refused"):
    code: str
    data: dict[str, str | int | float]


def request_bytes(request: Request) -> bytes:
    """A request as a message."""
    words = [_raw(word) for word in request.passwords]
    return msgspec.msgpack.encode(_Asked(_raw(request.name), _raw(request.path), words, request.content))


def read_request(message: bytes) -> Request:
    """The request of a message."""
    asked = msgspec.msgpack.decode(message, type=_Asked)
    return Request(_text(asked.name), _text(asked.path), tuple(map(_text, asked.passwords)), asked.content)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")


def answer_bytes(answer: Workbook | Refusal) -> bytes:
    """An answer as a message; what no message can hold is a damaged file."""
    try:
        return msgspec.msgpack.encode(_told(answer))
    except (TypeError, ValueError, OverflowError) as error:
        return msgspec.msgpack.encode(_Refused("file-damaged", {"reason": type(error).__name__}))


def _told(answer: Workbook | Refusal) -> _Opened | _Refused:
    if isinstance(answer, Refusal):
        return _Refused(answer.code, {key: _simple(value) for key, value in answer.data.items()})
    return _Opened(answer.sha256, answer.modified, [_of_sheet(sheet) for sheet in answer.sheets], answer.notes)


def _simple(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


def _of_sheet(sheet: Sheet) -> _Sheet:
    faults: Any = [(row, column, code) for (row, column), code in sheet.faults.items()]
    columns = [_of_column(column) for column in sheet.columns]
    merges = list(sheet.merges)
    return _Sheet(sheet.name, sheet.n_rows, columns, merges, sheet.is_hidden, sheet.is_1904, faults, sheet.n_missing)


def _of_column(column: CodedColumn) -> _Column:
    values, others = column.values, []
    if not _PLAIN.issuperset(map(type, values)):
        others = [(place, _of_other(value)) for place, value in enumerate(values) if type(value) not in _PLAIN]
        values = [value if type(value) in _PLAIN else "" for value in values]
    return _Column(column.codes.tobytes(), values, others)


def _of_other(value: Any) -> _Other:
    if isinstance(value, ShownDate):
        return _ShownDay(date(value.year, value.month, value.day), value.shown, value.precise)
    if isinstance(value, ShownNumber):
        return _ShownNumber(float(value), value.shown, value.is_result)
    if isinstance(value, timedelta):
        return _Span(value.days, value.seconds, value.microseconds)
    kind: Any = _Moment if isinstance(value, datetime) else _Day if isinstance(value, date) else _Hour
    made: _Other = kind(value)
    return made


def read_answer(message: bytes, name: str) -> Workbook | Refusal:
    """The answer of a message about the file of a name.

    Raises
    ------
    ValueError
        Where it is none.

    """
    try:
        return _answer(msgspec.msgpack.decode(message, type=_Opened | _Refused), name)
    except (OverflowError, RecursionError) as error:
        raise ValueError("no answer") from error


def _answer(read: _Opened | _Refused, name: str) -> Workbook | Refusal:
    codes = [read.code] if isinstance(read, _Refused) else [code for code, _ in read.notes]
    if not kinds().keys() >= set(codes):
        raise ValueError("an unknown finding")
    if isinstance(read, _Refused):
        return Refusal(read.code, dict(read.data))
    return Workbook(name, read.sha256, read.modified, [_sheet(sheet) for sheet in read.sheets], read.notes)


def _sheet(read: _Sheet) -> Sheet:
    columns = [_column(column, read.n_rows) for column in read.columns]
    numbers = [read.n_rows, read.n_missing, *(n for area in read.merges for place in area for n in place)]
    if min(numbers) < 0 or max(numbers) > _MOST_ROWS:
        raise ValueError("a place outside every sheet")
    faults: dict[tuple[int, int], str] = {(row, column): code for row, column, code in read.faults}
    merges = tuple(read.merges)
    return Sheet(read.name, read.n_rows, columns, merges, read.is_hidden, read.is_1904, faults, read.n_missing)


def _column(read: _Column, n_rows: int) -> CodedColumn:
    codes, values = array("i"), read.values
    codes.frombytes(read.codes)
    for place, other in read.others:
        if not 0 < place < len(values):
            raise ValueError("a value without a place")
        values[place] = _value(other)
    if len(codes) != n_rows or values[:1] != [""]:
        raise ValueError("a column of another length")
    if n_rows and not (min(codes) >= 0 and max(codes) < len(values)):
        raise ValueError("a code without a value")
    return CodedColumn(codes, values)


def _value(other: _Other) -> Any:
    match other:
        case _ShownDay(at, shown, precise):
            return ShownDate(at, shown, precise)
        case _ShownNumber(value, shown, is_result):
            return ShownNumber(value, shown, is_result=is_result)
        case _Span(days, seconds, microseconds):
            return timedelta(days, seconds, microseconds)
        case _Moment(at):
            return at.replace(tzinfo=None)
        case _Day(at) | _Hour(at):
            return at
