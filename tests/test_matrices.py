"""Tables that lie across: ticks and counts below the names of communities, one column for each member unit."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

import pbgraph as pb

TICKS = [
    ["序号", "共建单位", "结对的社区", "", "", "共建内容", ""],
    ["", "", "东桥社区", "西桥社区", "南桥社区", "义诊", "助学"],
    [1, "平湖市第一医院", "√", "", "√", "√", ""],
    [2, "平湖市百花中学", "", "√", "", "", "√"],
    [3, "平湖市红星粮站", "√", "", "", "", ""],
    ["", "家数", 2, 1, 1, 1, 1],
]
COUNTS = [
    ["机关单位到社区报到情况（格内为人数）"],
    ["报到单位", "东桥社区", "西桥社区", "小计"],
    ["平湖市税务局", 3, "", 3],
    ["平湖市档案馆", 2, 4, 6],
    ["合计", 5, 4, 9],
]
SEATS = [
    ["大党委委员（一列一位）"],
    ["大党委", "东桥社区大党委", "东桥社区大党委", "西桥社区大党委"],
    ["成员单位", "平湖市第一医院", "平湖市红星粮站", "平湖市百花中学"],
    ["姓名", "吴敏", "郑强", "周洁"],
    ["委员职务", "兼职副书记", "兼职委员", "兼职委员"],
    ["本单位职务", "负责人", "总经理", "负责人"],
    ["联系电话", "13900000001", "13900000002", "13900000003"],
]


def test_ticks_below_communities_are_ties_to_each(book: Callable[..., Path]) -> None:
    rows = pb.read_workbooks(book({"共建对照": TICKS})).tables["agreements"]
    assert set(zip(rows["party_b"], rows["community"], strict=True)) == {
        ("平湖市第一医院", "东桥社区"), ("平湖市第一医院", "南桥社区"), ("平湖市百花中学", "西桥社区"),
        ("平湖市红星粮站", "东桥社区"),
    }  # fmt: skip


def test_counts_below_communities_are_a_row_each_with_its_place(book: Callable[..., Path]) -> None:
    rows = pb.read_workbooks(book({"报到人数": COUNTS})).tables["unit_registrations"]
    said = [tuple(row) for row in rows[["reporting_unit", "report_community", "member_count", "row"]].to_numpy()]
    assert said == [
        ("平湖市税务局", "东桥社区", 3, 3),
        ("平湖市档案馆", "东桥社区", 2, 4),
        ("平湖市档案馆", "西桥社区", 4, 4),
    ]


def test_one_column_for_each_member_is_a_turned_list(book: Callable[..., Path]) -> None:
    rows = pb.read_workbooks(book({"成员": SEATS})).tables["seats"]
    assert list(rows["name"]) == ["吴敏", "郑强", "周洁"]
    assert pd.unique(rows["unit"]).tolist() == ["平湖市第一医院", "平湖市红星粮站", "平湖市百花中学"]


def test_ticks_below_communities_without_their_ending_place_units(book: Callable[..., Path]) -> None:
    units = [
        ["单位", "坐落在", "", "正式党员"],
        ["", "东桥", "西桥", ""],
        ["平湖市第一医院", "√", "", 4],
        ["平湖市百花中学", "", "√", 5],
        ["平湖市红星粮站", "√", "", 1],
    ]
    communities = [["社区名称", "户数"], ["东桥社区", 900], ["西桥社区", 800]]
    network = pb.read(book({"单位情况打勾表": units, "社区基本情况": communities}))
    placed = network.units.set_index("name")["community"].to_dict()
    assert placed == {"平湖市第一医院": "东桥社区", "平湖市百花中学": "西桥社区", "平湖市红星粮站": "东桥社区"}
