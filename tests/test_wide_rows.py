"""One row that holds several records: a unit, its organization, its seat, its agreement, its registration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

import pbgraph as pb
from pbgraph import schema
from pbgraph.reading.guests import guests_named
from pbgraph.reading.headers import candidates
from pbgraph.reading.values import split

Rows = list[list[Any]]

THREE = [
    ["编号", "驻地单位概况", "", "", "", "", "党的建设", "", "", "", "", "", "", "与社区互联互动", "", "", "", "", "", "", "",
     "选派指导员", "", ""],
    ["", "名称", "所在社区", "属性", "负责人", "从业人员", "党员", "", "有无党组织", "组织名称", "建制", "换届日期", "上级组织",
     "联合党委任职", "", "", "结对情况", "", "", "单位报到", "", "姓名", "来自单位", "电话"],
    ["", "", "", "", "", "40岁以下", "正式", "预备", "", "", "", "", "", "姓名", "所任职务", "单位职务", "结对社区", "结对日期",
     "合作事项", "报到社区", "报到日期", "", "", ""],
    [1, "青溪市顺昌五金厂", "柳岸社区", "民营企业", "卢永昌", 40, 5, 1, "有", "顺昌五金厂党支部", "党支部", "2022-03-01",
     "中共柳岸社区委员会", "卢永昌", "兼职委员", "厂长", "柳岸社区", "2025-03-02", "夜巡守护", "", "", "", "", ""],
    [2, "青溪市百味斋饭店", "柳岸社区", "民营企业", "孙长庚", 12, 3, 0, "无", "", "", "", "", "", "", "", "枫桥社区",
     "2025-04-11", "送餐助老", "", "", "石小军", "青溪街道组织办", "13900001111"],
    [3, "青溪区枫桥中学", "枫桥社区", "学校", "罗玉梅", 80, 22, 1, "有", "枫桥中学党总支", "党总支", "2023-05-06",
     "中共青溪区教育局委员会", "罗玉梅", "兼职副书记", "校长", "", "", "", "枫桥社区", "2025-02-20", "", "", ""],
    [4, "青溪市云帆软件公司", "枫桥社区", "民营企业", "田野", 30, 2, 0, "无", "", "", "", "", "田野", "兼职委员", "经理",
     "", "", "", "", "", "石小军", "青溪街道组织办", "13900001111"],
]  # fmt: skip
TWO = [
    ["共建协议", "", "", "社区", "单位名称", "单位类型", "正式党员", "预备党员", "已建党组织", "党组织情况", "", "", "社区大党委", "", ""],
    ["签约时间", "项目", "签约社区", "", "", "", "", "", "", "名称", "类型", "届满日期", "成员", "职务", "在单位职务"],
    ["2025-03-02", "夜巡守护", "柳岸社区", "柳岸社区", "青溪市顺昌五金厂", "民营企业", 5, 1, "是", "顺昌五金厂党支部", "党支部",
     "2026-03-01", "卢永昌", "兼职委员", "厂长"],
    ["2025-04-11", "送餐助老", "枫桥社区", "柳岸社区", "青溪市百味斋饭店", "民营企业", 3, 0, "否", "", "", "", "", "", ""],
    ["", "", "", "枫桥社区", "青溪区枫桥中学", "学校", 22, 1, "是", "枫桥中学党总支", "党总支", "2027-05-06", "罗玉梅",
     "兼职副书记", "校长"],
    ["", "", "", "枫桥社区", "青溪市云帆软件公司", "民营企业", 2, 0, "否", "", "", "", "田野", "兼职委员", "经理"],
]  # fmt: skip
NONE = [
    ["单位名称", "所属社区", "单位性质", "负责人", "正式党员数", "预备党员数", "是否建立党组织", "党组织名称", "党组织类别",
     "大党委任职人员", "大党委职务", "大党委任职人员单位职务", "共建社区", "共建签约时间", "共建内容", "指导员姓名", "指导员派出单位"],
    ["青溪市顺昌五金厂", "柳岸社区", "民营企业", "卢永昌", 5, 1, "是", "顺昌五金厂党支部", "党支部", "卢永昌", "兼职委员", "厂长",
     "柳岸社区", "2025-03-02", "夜巡守护", "", ""],
    ["青溪市百味斋饭店", "柳岸社区", "民营企业", "孙长庚", 3, 0, "否", "", "", "", "", "", "枫桥社区", "2025-04-11", "送餐助老",
     "石小军", "青溪街道组织办"],
    ["青溪区枫桥中学", "枫桥社区", "学校", "罗玉梅", 22, 1, "是", "枫桥中学党总支", "党总支", "罗玉梅", "兼职副书记", "校长", "",
     "", "", "", ""],
    ["青溪市云帆软件公司", "枫桥社区", "民营企业", "田野", 2, 0, "否", "", "", "田野", "兼职委员", "经理", "", "", "", "石小军",
     "青溪街道组织办"],
]  # fmt: skip


def ledger(path: Path, rows: Rows, depth: int) -> Path:
    """Write rows whose first ones are a header, each group merged over the blank cells behind it."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("总台账")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
        for number in range(depth - 1):
            row = rows[number]
            for column, value in enumerate(row):
                end = next((at for at in range(column + 1, len(row)) if row[at]), len(row))
                if value and rows[number + 1][column] and end > column + 1:
                    sheet.merge_range(number, column, number, end - 1, value)
    return path


def texts(frame: pd.DataFrame, *columns: str) -> list[list[str]]:
    return [[str(value) for value in row] for row in frame[list(columns)].fillna("").to_numpy().tolist()]


@pytest.mark.parametrize(("rows", "depth"), [(THREE, 3), (TWO, 2), (NONE, 1)], ids=["three", "two", "none"])
def test_a_unit_row_holds_its_seat_its_agreement_and_its_organization(tmp_path: Path, rows: Rows, depth: int) -> None:
    tables = pb.read_workbooks(ledger(tmp_path / "总台账.xlsx", rows, depth)).tables
    assert texts(tables["units"], "unit_name", "community", "full_count") == [
        ["青溪市顺昌五金厂", "柳岸社区", "5"], ["青溪市百味斋饭店", "柳岸社区", "3"], ["青溪区枫桥中学", "枫桥社区", "22"],
        ["青溪市云帆软件公司", "枫桥社区", "2"],
    ]  # fmt: skip
    assert texts(tables["seats"], "name", "committee_post", "unit", "unit_post", "community") == [
        ["卢永昌", "part_time_member", "青溪市顺昌五金厂", "厂长", "柳岸社区"],
        ["罗玉梅", "part_time_deputy", "青溪区枫桥中学", "校长", "枫桥社区"],
        ["田野", "part_time_member", "青溪市云帆软件公司", "经理", "枫桥社区"],
    ]
    assert texts(tables["agreements"], "party_b", "community", "start") == [
        ["青溪市顺昌五金厂", "柳岸社区", "2025-03-02"], ["青溪市百味斋饭店", "枫桥社区", "2025-04-11"],
    ]  # fmt: skip
    assert texts(tables["organizations"], "org_name", "org_type", "host_unit") == [
        ["顺昌五金厂党支部", "631", "青溪市顺昌五金厂"], ["枫桥中学党总支", "621", "青溪区枫桥中学"],
    ]  # fmt: skip


def test_what_a_group_names_is_that_records_own(tmp_path: Path) -> None:
    reading = pb.read_workbooks(ledger(tmp_path / "总台账.xlsx", THREE, 3))
    assert texts(reading.tables["instructors"], "name", "from_unit", "guided_units") == [
        ["石小军", "青溪街道组织办", "青溪市百味斋饭店"], ["石小军", "青溪街道组织办", "青溪市云帆软件公司"],
    ]  # fmt: skip
    assert texts(reading.tables["unit_registrations"], "reporting_unit", "report_community", "report_date") == [
        ["青溪区枫桥中学", "枫桥社区", "2025-02-20"]
    ]
    assert reading.tables["units"]["head"].tolist() == ["卢永昌", "孙长庚", "罗玉梅", "田野"]
    assert reading.tables["units"]["staff_count"].isna().all()  # 40岁以下 is a part of them
    shown = reading.columns.set_index("header")["field"]
    assert shown["与社区互联互动 联合党委任职 姓名"] == "name"


def test_seats_and_agreements_of_unit_rows_are_ties(tmp_path: Path) -> None:
    network = pb.read(ledger(tmp_path / "总台账.xlsx", NONE, 1), as_of="2025-06-30")
    labels = {
        node: name
        for frame in network.tables.values()
        for node, name in zip(frame.iloc[:, 0], frame["name"], strict=True)
    }
    ties = network.ties[network.ties["relation"].isin(["holds_post", "co_building"])]
    found = {(labels[one], labels[other]) for one, other in zip(ties["source_id"], ties["target_id"], strict=True)}
    assert {("卢永昌", "柳岸社区大党委"), ("田野", "枫桥社区大党委")} <= found
    assert any("百味斋" in "".join(pair) and "枫桥社区" in "".join(pair) for pair in found)


@pytest.mark.parametrize("header", ["大党委成员单位", "社区", "负责人", "备注"])
def test_a_header_of_the_row_itself_is_no_record(header: str) -> None:
    named = guests_named(schema.tables()["units"], ["单位名称", header])
    assert not any(one.grouped for one in named)


@pytest.mark.parametrize("leaf", ["35岁以下", "大专以上", "女", "30-45岁", "本科及以上学历人数", "女职工"])
def test_a_part_of_what_is_counted_is_no_field(leaf: str) -> None:
    table = schema.tables()["units"]
    assert candidates(table, f"从业人员\n{leaf}") == candidates(table, f"党员情况\n其中\n{leaf}") == {}


def test_the_units_a_joint_branch_is_named_after_are_one_name() -> None:
    assert split("顺昌五金、云帆软件联合党支部") == ["顺昌五金、云帆软件联合党支部"]
    assert split("一支部、二支部") == ["一支部", "二支部"]
    assert split("顺昌五金厂；百味斋、云帆软件联合支部委员会") == ["顺昌五金厂", "百味斋、云帆软件联合支部委员会"]
    assert split("中心校党支部、云帆软件联合党支部") == ["中心校党支部", "云帆软件联合党支部"]


Make = Callable[..., Path]


def test_a_team_in_a_cell_is_its_holders(book: Make) -> None:
    rows = [
        ["党组织名称", "组织类别", "上级党组织", "班子成员"],
        ["柳岸社区党委", "党委", "青溪街道党工委", "冯志远（书记）、石小军（副书记）、何平（组织委员）"],
        ["云帆商圈党支部", "党支部", "柳岸社区党委", "书记：方小云；宣传委员：田野、罗山"],
        ["五金厂党支部", "党支部", "柳岸社区党委", "书记冯鸣，组织委员何小平"],
        ["百味斋党支部", "党支部", "柳岸社区党委", "孙庚、李木"],
    ]
    tables = pb.read_workbooks(book({"党组织": rows})).tables
    organizations = tables["organizations"]
    assert organizations["secretary"].fillna("").tolist() == ["冯志远", "方小云", "冯鸣", ""]
    assert organizations["deputy_secretary"].fillna("").tolist() == ["石小军", "", "", ""]
    assert organizations["committee_member"].fillna("").tolist() == ["", "", "", "孙庚\n李木"]
    assert texts(tables["leaders"], "org", "name", "team_post") == [
        ["柳岸社区党委", "何平", "organization_member"], ["云帆商圈党支部", "田野", "publicity_member"],
        ["云帆商圈党支部", "罗山", "publicity_member"], ["五金厂党支部", "何小平", "organization_member"],
    ]  # fmt: skip


def test_unit_and_post_of_part_time_members_in_one_cell(book: Make) -> None:
    rows = [
        ["社区", "书记", "兼职委员（单位、职务）"],
        [
            "柳岸社区",
            "冯志远",
            "卢昌（顺昌五金厂党支部书记）；孙庚（百味斋负责人）\n田野（云帆软件副总经理）、罗梅（校长）",
        ],
        ["枫桥社区", "罗民", "何平（枫桥中学校长）"],
    ]
    seats = pb.read_workbooks(book({"社区大党委": rows})).tables["seats"]
    members = seats[seats["committee_post"] == "part_time_member"]
    assert texts(members, "name", "unit", "unit_post") == [
        ["卢昌", "顺昌五金厂", "党支部书记"], ["孙庚", "百味斋", "负责人"], ["田野", "云帆软件", "副总经理"],
        ["罗梅", "", "校长"], ["何平", "枫桥中学", "校长"],
    ]  # fmt: skip
