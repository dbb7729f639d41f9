"""What parent and child say to each other: whole when it is right, refused when it is anything else."""

import os
from array import array
from datetime import date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbgraph.reading.cells import CodedColumn, Sheet
from pbgraph.reading.formats import ShownDate, ShownNumber
from pbgraph.reading.messages import answer_bytes, read_answer, read_request, request_bytes
from pbgraph.reading.opening import Refusal, Request, Workbook

CELLS = [
    "", "王五", 2.5, True, date(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5, 6), time(3, 4, 5), timedelta(1, 2, 3),
    ShownDate(date(1985, 1, 1), "1985年1月", "1985-01"), ShownNumber(2008.1, "2008.10"),
    ShownNumber(0.0, "0", is_result=True),
]  # fmt: skip


def book() -> Workbook:
    column = CodedColumn(array("i", range(len(CELLS))), list(CELLS))
    faults = {(1, 0): "cell-error"}
    sheet = Sheet("党员", len(CELLS), [column], (((0, 0), (1, 0)),), True, True, faults, 2)
    return Workbook("名册.xlsx", "ab", "2025-06-30", [sheet], [("file-macros", {})])


def told(cell: object) -> tuple[object, ...]:
    return type(cell), cell, str(cell), getattr(cell, "precise", None), getattr(cell, "is_result", None)


def test_every_kind_of_cell_and_every_name_comes_back() -> None:
    back = read_answer(answer_bytes(book()), "名册.xlsx")
    assert back == book()
    assert isinstance(back, Workbook)
    assert [told(cell) for cell in back.sheets[0].columns[0].values] == [told(cell) for cell in CELLS]
    asked = Request("名册.xlsx", os.fsdecode(b"\xb5\xb3.xlsx"), ("密",), b"\x00")
    assert read_request(request_bytes(asked)) == asked
    refused = Refusal("file-too-large", {"size": "3 MB"})
    assert read_answer(answer_bytes(refused), "") == refused


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ((3, 0, 1), -1), ((3, 0, 1), 2**40), ((3, 0, 2, 0, 0), b"\xff" * 44), ((3, 0, 2, 0, 0), b"abc"),
        ((3, 0, 2, 0, 1), []), ((3, 0, 2, 0, 1, 1), {"a": 1}), ((3, 0, 2, 0, 2, 0), [99, ["day", "2020-01-01"]]),
        ((3, 0, 2, 0, 2, 0), [4, ["span", 10**10, 0, 0]]), ((3, 0, 6, 0, 2), "code"), ((3, 0, 3, 0), [[0, 0], [0, -1]]),
        ((4, 0, 0), "no-such-finding"), ((0,), "other"), ((1,), None),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_none(path: tuple[int, ...], wrong: object) -> None:
    answer = msgspec.msgpack.decode(answer_bytes(book()))
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    with pytest.raises(ValueError):
        read_answer(msgspec.msgpack.encode(answer), "")


@given(st.data())
def test_no_bytes_do_more_than_be_refused(data: st.DataObject) -> None:
    message = bytearray(answer_bytes(book()))
    for at in data.draw(st.lists(st.integers(0, len(message) - 1), max_size=4)):
        message[at] = data.draw(st.integers(0, 255))
    try:
        read_answer(bytes(message[: data.draw(st.integers(0, len(message)))]), "")
    except ValueError:
        return
