"""What a table is and which of its rows count, by evidence added up: headers, cells, titles, the folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_reading import adds_up, read
from test_regions import COUNTED, KINDS, MEMBERS, ORGANIZATIONS, UNITS, codes, keys_of, names

from pbgraph.findings import findings_frame

pytestmark = pytest.mark.usefixtures("opened_here")
Make = Callable[..., Path]
Rows = list[list[Any]]


@pytest.mark.parametrize(
    ("kind", "field", "bands"),
    [
        ("members", "org", ["金桥社区第一党支部", "金桥社区第二党支部"]),
        ("members", "org", ["一、金桥社区第一党支部", "二、金桥社区第二党支部（3人）"]),
        ("units", "community", ["金桥社区", "银河社区"]),
        ("units", "community", ["一、金桥社区", "二、银河社区"]),
        ("units", "unit_type", ["非公企业", "社会组织"]),
    ],
)
def test_a_row_of_its_own_stands_for_the_rows_below(book: Make, kind: str, field: str, bands: list[str]) -> None:
    heads = {"members": ["姓名", "性别", "入党时间"], "units": ["单位名称", "负责人", "职工人数"]}
    cells = {"members": ["男", "2008-07"], "units": ["王某", 12]}
    keys = {"members": ["孙三", "李四", "周五"], "units": ["宏达机械厂", "兴隆商店", "福来公司"]}[kind]
    one, two, three = ([key, *cells[kind]] for key in keys)
    reading = read(book({"Sheet1": [heads[kind], bands[:1], one, two, bands[1:], three]}))
    said = names(reading, kind, field)
    assert said[0] == said[1] != said[2] != ""
    assert reading.ledger["skipped"].tolist() == ["header 1, heading 2"]
    assert names(reading, kind) == keys


def test_year_month_and_day_in_three_columns_are_one_date(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "入党时间", "", ""],
        ["", "", "年", "月", "日"],
        ["孙三", "第一党支部", 2008, 7, 1],
        ["李四", "第一党支部", 2010, 12, 31],
    ]
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "members", "name", "join_date") == [["孙三", "2008-07-01"], ["李四", "2010-12-31"]]


LAST: list[tuple[str, Rows, str]] = [
    ("total", [["合计", "", "", 152]], "total 1"),
    ("total of a group", [["甲社区小计：", "", "", 152]], "total 1"),
    ("note", [["注：本表一式两份。"]], "note 1"),
    ("signatures", [["填表人：王五", "", "审核人：赵六", ""]], "note 1"),
    ("example", [["例", "非公企业", "某社区", 10]], "example 1"),
    ("example with dots", [["（示例）", "非公企业", "某社区", 10]], "example 1"),
    ("boxes", [["", "否", "", ""]] * 5, "prepared 5"),
    ("one community all the way down", [["", "", "甲社区", ""]] * 5, "prepared 5"),
    ("blank", [[], [], ["注：完"]], "note 1, blank 2"),
    ("nothing that is seen", [[" "], ["\u3000", "", "\u200b"], ["", "\n"]], "blank 3"),
]


@pytest.mark.parametrize(("rows", "reason"), [case[1:] for case in LAST], ids=[case[0] for case in LAST])
def test_rows_that_are_no_records_are_counted_with_their_reason(book: Make, rows: Rows, reason: str) -> None:
    reading = read(book({"Sheet1": [*UNITS, *rows]}))
    assert names(reading, "units") == keys_of(UNITS)
    assert reading.ledger["skipped"].tolist() == [f"header 1, {reason}"]
    assert reading.ledger["n_set_aside"].tolist() == [0]


def test_prepared_serial_numbers_and_boxes_are_no_records(book: Make) -> None:
    head = ["序号", "姓名", "所在党支部", "是否流动党员"]
    rows = [
        [1, "孙三", "第一党支部", False],
        [2, "李四", "第一党支部", False],
        *[[n, "", "", False] for n in range(3, 40)],
    ]
    reading = read(book({"Sheet1": [head, *rows]}))
    assert names(reading, "members") == ["孙三", "李四"]
    assert codes(reading) == ["rows-prepared"]


@pytest.mark.parametrize(
    "name",
    [
        "合计通讯店",
        "示例科技有限公司",
        "共计算软件有限公司",
        "总计量检测站",
        "注册会计师事务所",
        "说明书印刷厂",
        "例外设计公司",
    ],
)
def test_a_unit_that_is_called_like_a_total_or_a_note_is_a_record(book: Make, name: str) -> None:
    reading = read(book({"Sheet1": [*UNITS, [name, "非公企业", "甲社区", 5]]}))
    assert names(reading, "units") == [*keys_of(UNITS), name]
    assert codes(reading) == []


@pytest.mark.parametrize("mark", ["同上", "〃", '"', "″"])
def test_ditto_means_the_value_above(book: Make, mark: str) -> None:
    rows = [["单位名称", "单位类型", "所属社区"], ["宏达机械厂", "国有企业", "甲社区"], ["兴隆商店", "非公企业", mark],
            ["福来食品公司", mark, "乙社区"], ["三人行公司", mark, mark]]  # fmt: skip
    reading = read(book({"Sheet1": rows}))
    assert names(reading, "units", "community") == ["甲社区", "甲社区", "乙社区", "乙社区"]
    assert names(reading, "units", "unit_type")[2:] == names(reading, "units", "unit_type")[1:2] * 2


COMMITTEE = ["甲社区大党委", "乙社区大党委"]


def test_a_committee_in_a_row_has_a_row_for_each_seat(book: Make) -> None:
    rows = [
        ["大党委名称", "书记", "副书记", "委员1", "委员2"],
        [COMMITTEE[0], "赵一", "钱二", "孙三", "李四"],
        [COMMITTEE[1], "周五", "吴六", "郑七", ""],
    ]
    reading = read(book({"大党委成员": rows}))
    seats = names(reading, "seats", "committee", "name", "committee_post")
    assert sorted(seat[1] for seat in seats) == sorted(["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七"])
    assert {seat[1]: seat[2] for seat in seats}["赵一"] == "secretary"
    assert {seat[1]: seat[0] for seat in seats}["郑七"] == COMMITTEE[1]


def test_posts_and_names_in_one_cell_are_seats_and_member_units_of_a_cell_are_participants(book: Make) -> None:
    rows = [
        ["大党委名称", "组成人员", "成员单位"],
        [COMMITTEE[0], "书记：赵一；副书记：钱二、孙三", "宏达机械厂、兴隆商店、福来食品公司"],
        [COMMITTEE[1], "书记：周五；副书记：吴六", "三人行公司、红旗厂"],
    ]
    reading = read(book({"大党委成员": rows}))
    seats = names(reading, "seats", "name", "committee_post")
    posts = ["secretary", "deputy_secretary", "deputy_secretary", "secretary", "deputy_secretary"]
    assert seats == [[name, post] for name, post in zip(["赵一", "钱二", "孙三", "周五", "吴六"], posts, strict=True)]
    assert names(reading, "participants", "org_name") == [
        "宏达机械厂",
        "兴隆商店",
        "福来食品公司",
        "三人行公司",
        "红旗厂",
    ]


def test_a_seat_without_a_person_is_a_seat_of_its_unit(book: Make) -> None:
    rows = [
        ["大党委名称", "职务", "所在单位"],
        [COMMITTEE[0], "委员", "宏达机械厂"],
        [COMMITTEE[0], "委员", "兴隆商店"],
    ]
    reading = read(book({"大党委兼职委员": rows}))
    assert names(reading, "seats", "unit", "committee_post") == [["宏达机械厂", "member"], ["兴隆商店", "member"]]
    assert adds_up(reading)


def test_post_and_unit_of_a_seat_in_one_cell_are_two(book: Make) -> None:
    rows = [
        ["大党委名称", "姓名", "大党委职务", "工作单位及职务"],
        [COMMITTEE[0], "赵一", "书记", "甲社区居委会主任"],
        [COMMITTEE[0], "钱二", "兼职委员", "宏达机械有限公司总经理"],
    ]
    reading = read(book({"大党委成员名单": rows}))
    assert names(reading, "seats", "unit", "unit_post") == [["甲社区居委会", "主任"], ["宏达机械有限公司", "总经理"]]


def test_a_row_of_a_unit_that_names_its_organization_gives_both(book: Make) -> None:
    rows = [
        ["单位名称", "单位类型", "职工人数", "党组织名称", "上级党组织", "党组织书记"],
        ["宏达机械厂", "国有企业", 120, "宏达机械厂党支部", "街道党工委", "赵一"],
        ["兴隆商店", "非公企业", 12, "", "", ""],
    ]
    reading = read(book({"驻区单位": rows}))
    assert names(reading, "units") == ["宏达机械厂", "兴隆商店"]
    found = names(reading, "organizations", "org_name", "parent", "host_unit", "row")
    assert found == [["宏达机械厂党支部", "街道党工委", "宏达机械厂", 2]]
    assert codes(reading) == []


def test_three_lists_in_one_row_of_a_co_building_table(book: Make) -> None:
    rows = [
        ["社区党组织", "共建单位", "资源清单", "需求清单", "项目清单"],
        ["甲社区党委", "宏达机械厂", "会议室", "健身场地", "邻里节"],
        ["甲社区党委", "兴隆商店", "志愿者", "", ""],
    ]
    reading = read(book({"共建协议": rows}))
    assert names(reading, "agreements", "party_a", "party_b") == [
        ["甲社区党委", "宏达机械厂"],
        ["甲社区党委", "兴隆商店"],
    ]
    assert names(reading, "resources", "resource", "owner") == [["会议室", "宏达机械厂"], ["志愿者", "兴隆商店"]]
    assert names(reading, "needs", "need", "matched_by") == [["健身场地", "宏达机械厂"]]
    assert names(reading, "projects", "project", "claimed_by") == [["邻里节", "宏达机械厂"]]


WRITTEN: dict[str, tuple[str, list[str]]] = {
    "camelCase units": ("units", ["unitName", "unitType", "community", "employeeCount"]),
    "snake_case units": ("units", ["unit_name", "unit_type", "community_name", "staff_num"]),
    "initials units": ("units", ["dwmc", "dwlx", "sssq", "zgrs"]),
    "traditional units": ("units", ["單位名稱", "單位類型", "所屬社區", "職工人數"]),
    "camelCase members": ("members", ["name", "gender", "partyBranch", "joinDate"]),
    "initials members": ("members", ["xm", "xb", "szdzb", "rdsj"]),
    "traditional members": ("members", ["姓名", "性別", "所在黨支部", "入黨時間"]),
    "traditional organizations": ("organizations", ["黨組織名稱", "組織類別", "上級黨組織", "書記"]),
}


@pytest.mark.parametrize(("kind", "head"), WRITTEN.values(), ids=list(WRITTEN))
def test_headers_written_in_other_letters_mean_the_same(book: Make, kind: str, head: list[str]) -> None:
    plain, other = read(book({"S": KINDS[kind]}, "a.xlsx")), read(book({"S": [head, *KINDS[kind][1:]]}, "b.xlsx"))
    fields = [item for item in plain.tables[kind].columns if item not in {"file", "source"}]
    assert names(other, kind, *fields) == names(plain, kind, *fields)
    assert plain.columns["field"].tolist() == other.columns["field"].tolist()


def people(n: int) -> Rows:
    surnames = "赵钱孙李周吴郑王冯陈"
    return [
        [f"{surnames[i % 10]}{'明华强丽芳'[i % 5]}", f"甲社区第{'一二三'[i % 3]}党支部", f"139000000{i:02d}"]
        for i in range(n)
    ]


def test_cells_tell_what_unknown_headers_do_not(book: Make) -> None:
    rows = [["姓名", "归口处", "打得通的号"], *people(12)]
    reading = read(book({"党员花名册": rows}))
    assert names(reading, "members", "name", "org", "phone") == rows[1:]
    found = reading.columns.set_index("field")
    assert found.loc["org", "by_header"] == 0 < found.loc["org", "by_cells"]


def test_cells_outvote_a_header_that_may_mean_several(book: Make) -> None:
    head = ["名称", "类别", "社区"]
    units = [head, *[[f"{c}达机械公司", "非公企业", "甲社区"] for c in "宏鹏飞腾博瑞"]]
    organizations = [head, *[[f"甲社区第{c}党支部", "党支部", "甲社区"] for c in "一二三四五六"]]
    assert names(read(book({"Sheet1": units}, "a.xlsx")), "units") == keys_of(units)
    assert names(read(book({"Sheet1": organizations}, "b.xlsx")), "organizations") == keys_of(organizations)


def test_a_list_of_co_building_is_no_second_ledger_of_units(book: Make) -> None:
    ledger = [UNITS[0], *[[f"{c}达机械公司", "非公企业", "甲社区", 20] for c in "宏鹏飞腾博瑞"]]
    pairs = [
        ["社区", "单位名称", "共建形式", "签订时间"],
        *[["甲社区", row[0], "结对共建", "2024-05"] for row in ledger[1:5]],
    ]
    reading = read(book({"驻区单位": ledger, "共建": pairs}))
    assert names(reading, "units") == keys_of(ledger)
    assert names(reading, "agreements", "party_b") == [row[1] for row in pairs[1:]]


def test_two_kinds_too_close_are_said(book: Make) -> None:
    rows = [["姓名", "所在党支部", "外出时间"], ["孙三", "第一党支部", "2024"], ["李四", "第二党支部", "2023"]]
    reading = read(book({"Sheet1": rows}))
    found = findings_frame(reading.findings)
    assert found["code"].tolist() == ["sheet-two-kinds"]
    assert reading.regions["margin"].iloc[0] < 0.5 and reading.regions["runner_up"].iloc[0] in found["message"].iloc[0]
    assert not reading.regions["is_sure"].iloc[0]


@pytest.mark.parametrize("n_kinds", [1, 2])
def test_an_unknown_table_is_set_aside_with_all_its_rows(book: Make, n_kinds: int) -> None:
    other = [["品名", "规格", "单价"], ["桌子", "大", 100], ["椅子", "小", 50]]
    sheets = {"物品": other, **({"党员": MEMBERS} if n_kinds > 1 else {})}
    reading = read(book(sheets))
    line = reading.ledger[reading.ledger["sheet"] == "物品"].iloc[0]
    assert (line["n_rows"], line["n_used"], line["n_set_aside"]) == (3, 0, 3)
    assert codes(reading) in (["table-unknown"], ["sheet-unknown"])
    assert names(reading, "members") == (keys_of(MEMBERS) if n_kinds > 1 else [])


def test_a_row_without_its_key_is_set_aside_with_a_finding(book: Make) -> None:
    rows = [*UNITS, ["", "非公企业", "丙社区", 33]]
    found = findings_frame((reading := read(book({"Sheet1": rows}))).findings)
    assert found[["code", "row", "column"]].to_numpy().tolist() == [["row-incomplete", 5, "A 单位名称"]]
    assert reading.ledger[["n_used", "n_set_aside", "n_skipped"]].to_numpy().tolist() == [[3, 1, 1]]


def test_counts_below_groups_are_those_of_their_columns(book: Make) -> None:
    rows = [["单位名称", "所属社区", "正式党员", "预备党员", "职工人数"], *COUNTED]
    reading = read(book({"Sheet1": [*rows, ["合计", "", 6, 1, 133]]}))
    assert codes(reading) == ["total-differs"]
    assert "133" in findings_frame(reading.findings)["message"].iloc[0]
    blank = [[*COUNTED[0][:4], ""], *COUNTED[1:]]
    assert (
        codes(read(book({"Sheet1": [*rows[:1], *blank, ["合计", "", 6, 1, 133]]}))) == []
    )  # what is blank is not known


@pytest.mark.parametrize("kind", ["units", "organizations", "members"])
def test_the_kind_that_a_table_is_leaves_its_runner_up_behind(book: Make, kind: str) -> None:
    reading = read(book({"Sheet1": KINDS[kind]}))
    assert reading.regions["is_sure"].tolist() == [True]
    assert (reading.columns["weight"] > 0).all()
    assert len(ORGANIZATIONS) == 3 and len(reading.tables[kind]) == len(KINDS[kind]) - 1
