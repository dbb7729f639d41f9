"""Where the tables of a sheet are: one under the other, side by side, turned, in blocks, as forms."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from test_reading import adds_up, read

from pbgraph.findings import findings_frame
from pbgraph.reading.workbooks import Reading

pytestmark = pytest.mark.usefixtures("opened_here")
Make = Callable[..., Path]
Rows = list[list[Any]]

UNITS: Rows = [
    ["单位名称", "单位类型", "所属社区", "职工人数"],
    ["宏达机械厂", "国有企业", "甲社区", 120],
    ["兴隆商店", "非公企业", "甲社区", 12],
    ["福来食品公司", "非公企业", "乙社区", 20],
]
ORGANIZATIONS: Rows = [
    ["党组织名称", "组织类别", "上级党组织", "书记"],
    ["甲社区第一党支部", "党支部", "甲社区党委", "赵一"],
    ["甲社区第二党支部", "党支部", "甲社区党委", "钱二"],
]
MEMBERS: Rows = [
    ["姓名", "性别", "所在党支部", "入党时间"],
    ["孙三", "男", "甲社区第一党支部", "2008-07"],
    ["李四", "女", "甲社区第二党支部", "2010-01"],
    ["周五", "男", "甲社区第二党支部", "2012-06"],
]
GRIDS: Rows = [
    ["网格名称", "所属社区", "网格长", "户数"],
    ["第一网格", "甲社区", "吴六", 310],
    ["第二网格", "甲社区", "郑七", 290],
]
KINDS = {"units": UNITS, "organizations": ORGANIZATIONS, "members": MEMBERS, "grids": GRIDS}
KEYS = {"units": "unit_name", "organizations": "org_name", "members": "name", "grids": "grid"}
TITLES = {"units": "驻区单位台账", "organizations": "党组织一览表", "members": "党员花名册", "grids": "网格划分情况表"}


def names(reading: Reading, kind: str, *columns: str) -> list[Any]:
    """The keys of a kind of table, or several columns of it, null as an empty text."""
    frame = reading.tables[kind][[*(columns or [KEYS[kind]])]].astype("object")
    frame = frame.where(frame.notna(), "")
    return frame.iloc[:, 0].tolist() if len(columns) < 2 else frame.to_numpy().tolist()


def keys_of(rows: Rows) -> list[Any]:
    return [row[0] for row in rows[1:]]


def codes(reading: Reading) -> list[str]:
    return findings_frame(reading.findings)["code"].tolist()


def beside(left: Rows, right: Rows, *, gap: int = 1, down: int = 0) -> Rows:
    """Two tables in one sheet, the right one `down` rows lower."""
    width = max(map(len, left)) + gap
    height = max(len(left), len(right) + down)
    lines = []
    for number in range(height):
        one = left[number] if number < len(left) else []
        other = right[number - down] if 0 <= number - down < len(right) else []
        lines.append([*one, *[""] * (width - len(one)), *other])
    return lines


PAIRS = [
    ("units", "members"),
    ("members", "organizations"),
    ("organizations", "units"),
    ("grids", "members"),
    ("units", "grids"),
]


@pytest.mark.parametrize("between", ["title", "blank and title", "blank", "nothing"])
@pytest.mark.parametrize(("upper", "lower"), PAIRS)
def test_two_tables_one_under_the_other(book: Make, upper: str, lower: str, between: str) -> None:
    lines = {"title": [[TITLES[lower]]], "blank and title": [[], [TITLES[lower]]], "blank": [[]], "nothing": []}
    reading = read(book({"Sheet1": [*KINDS[upper], *lines[between], *KINDS[lower]]}))
    assert names(reading, upper) == keys_of(KINDS[upper])
    assert names(reading, lower) == keys_of(KINDS[lower])
    assert adds_up(reading)


@pytest.mark.parametrize("down", [0, 1, 2])
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_two_tables_side_by_side_with_an_empty_column(book: Make, left: str, right: str, down: int) -> None:
    reading = read(book({"Sheet1": beside(KINDS[left], KINDS[right], down=down)}))
    assert names(reading, left) == keys_of(KINDS[left])
    assert names(reading, right) == keys_of(KINDS[right])
    assert adds_up(reading)


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_titles_side_by_side_tell_two_tables_apart(book: Make, left: str, right: str, gap: int) -> None:
    one, other = [[TITLES[left]], *KINDS[left]], [[TITLES[right]], *KINDS[right]]
    reading = read(book({"Sheet1": beside(one, other, gap=gap)}))
    assert names(reading, left) == keys_of(KINDS[left])
    assert names(reading, right) == keys_of(KINDS[right])
    assert adds_up(reading)


@pytest.mark.parametrize("gap", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_headers_said_again_to_the_right_begin_a_second_block(book: Make, kind: str, gap: int) -> None:
    head, *rest = KINDS[kind]
    more = [[f"另{row[0]}", *row[1:]] for row in rest]
    reading = read(book({"Sheet1": beside(KINDS[kind], [head, *more], gap=gap)}))
    assert sorted(names(reading, kind)) == sorted(keys_of([head, *rest, *more]))
    assert len(reading.regions) == 2


def test_a_second_serial_number_begins_a_second_block(book: Make) -> None:
    rows = [["序号", "单位名称", "单位类型", "序号", "党组织名称", "书记"],
            [1, "宏达机械厂", "国有企业", 1, "第一党支部", "赵一"], [2, "兴隆商店", "非公企业", "", "", ""]]  # fmt: skip
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "units") == ["宏达机械厂", "兴隆商店"]
    assert names(reading, "organizations") == ["第一党支部"]


def test_a_block_for_each_branch_with_its_title(book: Make) -> None:
    head = ["姓名", "性别", "入党时间"]
    rows = [
        ["第一党支部党员花名册"], head, ["孙三", "男", "2008-07"], ["李四", "女", "2010-01"], [],
        ["第二党支部党员花名册"], head, ["周五", "男", "2012-06"],
    ]  # fmt: skip
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "members", "name", "org") == [
        ["孙三", "第一党支部"],
        ["李四", "第一党支部"],
        ["周五", "第二党支部"],
    ]
    assert adds_up(reading)


@pytest.mark.parametrize("before", [[], [[]], [["合计", "", "", 132]]], ids=["nothing", "blank row", "total"])
def test_a_header_said_again_on_a_new_page_begins_no_new_table(book: Make, before: Rows) -> None:
    head, *rest = UNITS
    reading = read(book({"Sheet1": [head, *rest[:2], *before, head, *rest[2:]]}))
    assert names(reading, "units") == keys_of(UNITS)
    assert len(reading.regions) == 1
    assert adds_up(reading)


@pytest.mark.parametrize("has_title", [False, True])
@pytest.mark.parametrize("kind", ["units", "organizations"])
def test_a_table_on_its_side_is_turned(book: Make, kind: str, has_title: bool) -> None:
    turned = [list(row) for row in zip(*KINDS[kind], strict=True)]
    reading = read(book({"Sheet1": [*([[TITLES[kind]]] if has_title else []), *turned]}))
    assert names(reading, kind) == keys_of(KINDS[kind])
    assert adds_up(reading)


def test_a_form_of_one_person_is_one_row(book: Make) -> None:
    rows = [
        ["党员信息登记表"],
        ["姓名", "孙三", "性别", "男"],
        ["民族", "汉族", "学历", "大学"],
        ["所在党支部", "甲社区第一党支部", "入党时间", "2008-07"],
        ["工作单位", "宏达机械厂", "联系电话", "13900000001"],
    ]
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "members", "name", "gender", "org", "unit") == [
        ["孙三", "male", "甲社区第一党支部", "宏达机械厂"]
    ]
    assert adds_up(reading)


@pytest.mark.parametrize("n_lines", [0, 1, 18])
def test_the_header_may_stand_far_down(book: Make, n_lines: int) -> None:
    lines = [[f"填表要求第{n}条：请各支部认真核对，不要改动表格的格式，谢谢配合。"] for n in range(n_lines)]
    reading = read(book({"Sheet1": [*lines, *MEMBERS]}))
    assert names(reading, "members", "name", "row") == [
        [row[0], n_lines + at + 2] for at, row in enumerate(MEMBERS[1:])
    ]
    assert adds_up(reading)


def merged_book(path: Path, rows: Rows, merges: list[str]) -> Path:
    """Rows in a workbook some cells of which are merged; the first of each has the text."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        for place in merges:
            sheet.merge_range(place, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    return path


TWO = [["单位名称", "所属社区", "党员人数", "", "职工人数"], ["", "", "正式", "预备", ""]]
THREE = [["单位名称", "所属社区", "人员情况", "", ""], ["", "", "党员", "", "职工"], ["", "", "正式", "预备", "人数"]]
COUNTED: Rows = [["宏达机械厂", "甲社区", 4, 1, 120], ["兴隆商店", "甲社区", 2, 0, 12]]


@pytest.mark.parametrize(
    ("head", "merges"),
    [
        (TWO, []),
        (TWO, ["A1:A2", "B1:B2", "C1:D1", "E1:E2"]),
        (THREE, ["A1:A3", "B1:B3", "C1:E1", "C2:D2"]),
    ],
    ids=["two plain", "two merged", "three merged"],
)
def test_groups_stand_above_their_leaves(tmp_path: Path, head: Rows, merges: list[str]) -> None:
    reading = read(merged_book(tmp_path / "a.xlsx", [*head, *COUNTED], merges))
    columns = ["unit_name", "community", "full_count", "probationary_count", "staff_count"]
    assert names(reading, "units", *columns) == COUNTED
    assert reading.ledger["skipped"].tolist() == [f"header {len(head)}"]


@pytest.mark.parametrize(
    "line",
    [["unit_name", "unit_type", "community", "staff"], ["unitName", "unitType", "community", "staffCount"], [1, 2, 3, 4],
     ["1", "2", "3", "4"], ["甲", "乙", 1, 2]],
    ids=["snake", "camel", "numbers", "digits", "stems"],
)  # fmt: skip
def test_a_line_for_machines_or_of_column_numbers_belongs_to_the_header(book: Make, line: list[Any]) -> None:
    reading = read(book({"Sheet1": [UNITS[0], line, *UNITS[1:]]}))
    assert names(reading, "units") == keys_of(UNITS)
    assert reading.ledger["skipped"].tolist() == ["header 2"]


def test_a_merged_block_below_the_table_is_no_row(tmp_path: Path) -> None:
    reading = read(merged_book(tmp_path / "a.xlsx", UNITS, ["A6:A8"]))
    assert names(reading, "units") == keys_of(UNITS)
    assert adds_up(reading)


def test_rows_of_words_above_a_header_are_said_to_be_unread(book: Make) -> None:
    rows = [["本表", "由各社区", "逐级核对", "后上报"], *UNITS]
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "units") == keys_of(UNITS)
    found = findings_frame(reading.findings)
    assert found[found["code"] == "rows-not-read"]["row"].tolist() == [1]
    assert reading.ledger["n_set_aside"].tolist() == [1]


def test_an_unknown_table_beside_or_below_a_known_one_is_set_aside_whole(book: Make) -> None:
    other = [["品名", "规格", "单价"], ["桌子", "大", 100], ["椅子", "小", 50]]
    below = read(book({"Sheet1": [*UNITS, [], ["采购物品清单表"], *other]}, "a.xlsx"))
    right = read(book({"Sheet1": beside([["驻区单位台账"], *UNITS], [["采购物品清单表"], *other])}, "b.xlsx"))
    for reading in (below, right):
        assert names(reading, "units") == keys_of(UNITS)
        assert codes(reading) == ["table-unlike"]
        assert "“”" not in findings_frame(reading.findings)["message"].item(), "no kind comes near: none is named"
        assert reading.ledger["n_set_aside"].sum() >= len(other)
        assert adds_up(reading)
