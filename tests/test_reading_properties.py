"""What holds of every sheet: nothing lost, nothing joined across a cut, no order that matters."""

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import write_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_reading import adds_up, read
from test_regions import GRIDS, KINDS, MEMBERS, ORGANIZATIONS, TITLES, UNITS, beside

from pbgraph.reading.workbooks import Reading
from pbgraph.text import clean

pytestmark = pytest.mark.usefixtures("opened_here")
Rows = list[list[Any]]
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = [
    "", "", "", "单位名称", "姓名", "党组织名称", "所属社区", "人员类别", "序号", "职工人数", "书记", "委员1", "合计", "小计：", "同上", "〃",
    "注：完", "例", "张三", "甲社区", "甲社区第一党支部", "宏达机械厂", "兴隆商店", "正式党员", "非公企业", "驻区单位台账", "党员花名册",
    "填报单位：甲社区", "书记：赵一；副书记：钱二", "甲公司、乙公司", "2019.10", "13900000001", "无", "=1+1", "<b>", "\u202e甲", "年", "月", "日",
]  # fmt: skip
cells = st.one_of(
    st.sampled_from(WORDS),
    st.integers(-3, 50_000),
    st.booleans(),
    st.floats(0, 1e18),
    st.text("甲乙丙党社区名1 :：、", max_size=6),
)
sheets = st.lists(st.lists(cells, min_size=1, max_size=7), min_size=1, max_size=12)
kinds = st.sampled_from(sorted(KINDS))


def read_rows(book: dict[str, Rows], *more: dict[str, Rows]) -> Reading:
    """What a folder of workbooks gives."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [write_book(Path(folder) / f"册{n}.xlsx", sheets) for n, sheets in enumerate([book, *more])]
        return read(*paths)


def said(reading: Reading, *, row: bool = False) -> dict[str, list[tuple[str, ...]]]:
    """What the typed rows say, without place and order."""
    dropped = ["file", "sheet", "source", *([] if row else ["row"]), "seq"]
    found = {}
    for key, frame in reading.tables.items():
        if frame.empty:
            continue
        plain = frame.drop(columns=[name for name in dropped if name in frame]).astype("object")
        plain = plain.where(plain.notna(), "").astype(str)
        found[key] = sorted(plain.itertuples(index=False, name=None))
    return found


@few
@given(sheets)
def test_every_cell_is_in_a_table_that_the_ledger_accounts_for(rows: Rows) -> None:
    reading = read_rows({"Sheet1": rows})
    ledger = reading.ledger
    assert adds_up(reading)
    assert (ledger[["n_used", "n_set_aside", "n_skipped"]] >= 0).to_numpy().all()
    places = [box(line.range, line.n_rows, rows) for line in ledger.itertuples()]
    for row, column in filled(rows):
        assert any(row in part_rows for part_rows, _ in places)
        assert sum(row in part_rows and column in part_columns for part_rows, part_columns in places) <= 1
    for line, (part_rows, part_columns) in zip(ledger.itertuples(), places, strict=True):
        if line.n_rows == len(part_rows):  # a turned table counts its things and not its rows
            n_filled = len({row for row, column in filled(rows) if row in part_rows and column in part_columns})
            assert n_filled <= line.n_rows - n_blank(line.skipped)
    assert {int(row) for frame in reading.tables.values() for row in frame["row"]} <= {row for row, _ in filled(rows)}


def filled(rows: Rows) -> list[tuple[int, int]]:
    """Row (as Excel shows it) and column of each cell with something in it."""
    return [(row, at) for row, cells in enumerate(rows, 1) for at, cell in enumerate(cells) if clean(str(cell))]


def box(place: str, n_rows: int, rows: Rows) -> tuple[range, range]:
    """The rows and columns of a range such as A3:H20; without one, of the whole sheet."""
    match = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", place)
    if match is None:
        return range(1, n_rows + 1), range(max(map(len, rows)))
    return range(int(match[2]), int(match[4]) + 1), range(ord(match[1]) - 65, ord(match[3]) - 64)


def n_blank(skipped: str) -> int:
    """The rows that a line of the ledger calls blank."""
    match = re.search(r"blank (\d+)", skipped)
    return int(match[1]) if match else 0


@few
@given(sheets, st.sampled_from(["units", "members", "organizations"]))
def test_whatever_stands_around_a_table_nothing_crashes(rows: Rows, kind: str) -> None:
    reading = read_rows({"Sheet1": [*rows, [], [TITLES[kind]], *KINDS[kind]]})
    assert adds_up(reading)
    assert len(reading.ledger) > 0


@few
@given(kinds, kinds, st.integers(1, 2), st.integers(0, 2))
def test_a_second_table_below_or_beside_changes_nothing_in_the_first(one: str, other: str, n: int, down: int) -> None:
    first, second = KINDS[one], KINDS[other][: n + 1]
    alone = alone_of(one)
    below = read_rows({"Sheet1": [*first, [], [TITLES[other]], *second]})
    right = read_rows({"Sheet1": beside(first, second, down=down)})
    for reading in (below, right):
        found = said(reading, row=True)
        assert set(alone) <= set(found[one])
        assert sum(map(len, found.values())) == len(alone) + n
        assert adds_up(reading)


@cache
def alone_of(kind: str) -> list[tuple[str, ...]]:
    """The rows of a table that stands alone."""
    return said(read_rows({"Sheet1": KINDS[kind]}), row=True)[kind]


WHOLE: dict[str, Rows] = {"单位": UNITS, "党组织": ORGANIZATIONS, "党员": MEMBERS, "网格": GRIDS}


@cache
def whole() -> dict[str, list[tuple[str, ...]]]:
    """What the sheets say as they stand."""
    return said(read_rows(WHOLE))


@few
@given(st.permutations(list(WHOLE)), st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_files_sheets_and_columns_changes_no_row(names: list[str], cut: int, order: Any) -> None:
    turned = {}
    for name in names:
        at = list(range(len(WHOLE[name][0])))
        order.shuffle(at)
        turned[name] = [[row[i] for i in at] for row in WHOLE[name]]
    files = [{name: turned[name] for name in part} for part in (names[:cut], names[cut:]) if part]
    assert said(read_rows(files[0], *files[1:])) == whole()


@few
@given(kinds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_row(kind: str, order: Any) -> None:
    head, *rows = longer(kind)
    order.shuffle(rows)
    assert said(read_rows({"Sheet1": [head, *rows]})) == in_order(kind)


def longer(kind: str) -> Rows:
    """A table, that of the units with blanks in it."""
    more = [["三人行公司", "", "", 7], ["小美发屋", "社会组织", "乙社区", ""]] if kind == "units" else []
    return [*KINDS[kind], *more]


@cache
def in_order(kind: str) -> dict[str, list[tuple[str, ...]]]:
    """What a table says as it stands."""
    return said(read_rows({"Sheet1": longer(kind)}))
