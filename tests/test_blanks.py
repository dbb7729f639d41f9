"""What a blank cell says is nothing: it is asked for where its neighbours say it, and held against nobody."""

import pandas as pd
import pytest
from test_rules import said

import pbgraph as pb

PLACES = [["社区名称"], ["甲社区"], ["乙社区"]]


def test_a_building_is_in_no_grid_where_the_list_says_so_alone() -> None:
    grids = [
        ["网格名称", "所属社区", "网格员"],
        ["一网格", "甲社区", "赵一"],
        ["二网格", "甲社区", "暂缺"],
        ["三网格", "甲社区", None],
    ]
    rows = [["1栋", "一网格"], ["2栋", "未划入"], ["3栋", None], ["4栋", "九网格"]]
    buildings = [["楼栋", "所属社区", "所属网格"], *([name, "甲社区", grid] for name, grid in rows)]
    found = said({"grids": grids, "buildings": buildings}, "F3", profile="xinpu")
    assert [line[:3] for line in found if line.endswith("?")] == ["3栋归", "4栋归", "三网格"]
    assert [line for line in found if not line.endswith("?")] == ["2栋没有归入网格。", "二网格没有登记网格长或网格员。"]


def test_an_estate_and_a_building_lack_what_their_list_denies() -> None:
    homes = ["小区名称", "所属社区", "小区类型", "小区党支部"]
    estates = [
        homes,
        ["东苑", "甲社区", "商品房", "东苑党支部"],
        ["西苑", "甲社区", "商品房", "未建立"],
        ["南苑", "甲社区", "商品房", None],
    ]
    rows = [["东苑", "1幢", "东苑1幢党小组"], ["东苑", "2幢", "无"], ["东苑", "3幢", None]]
    buildings = [["小区", "楼幢", "党小组", "所属社区"], *([*row, "甲社区"] for row in rows)]
    branches = [["党组织名称", "所属社区"], ["东苑党支部", "甲社区"]]
    found = said({"estates": estates, "buildings": buildings, "organizations": branches}, "A12")
    assert [line for line in found if not line.endswith("?")] == ["东苑2幢还没有党小组。", "西苑还没有建立党支部。"]
    assert [line[:4] for line in found if line.endswith("?")] == ["东苑3幢", "南苑的小"]


def test_a_superior_of_another_spelling_is_asked_and_not_judged() -> None:
    head = ["党组织名称", "组织类别", "上级党组织", "所属社区", "单位属性"]
    own = ["柳浪社区党总支", "党总支", "望江街道党工委", "柳浪社区", None]
    shops = [[f"{name}党支部", "党支部", above, "柳浪社区", "非公企业"]
             for name, above in (("甲店", "柳浪总支"), ("乙店", "某局机关党委"), ("丙店", None), ("丁店", own[0]))]  # fmt: skip
    street = ["望江街道党工委", "党工委", None, None, None]
    found = said({"organizations": [head, street, own, *shops]}, "A11")
    assert [(line[:2], line.endswith("?")) for line in found] == [("丙店", True), ("乙店", False), ("甲店", True)]


def test_pay_is_that_of_full_time_members_and_open_where_a_cell_is_blank() -> None:
    rows = [["甲社区", "赵一", "书记", "专职", 1400], ["甲社区", "钱二", "委员", "兼职", 300], ["乙社区", "孙三", "委员", None, 1000],
            ["乙社区", "李四", "主任", "专职", None], ["乙社区", "周五", "委员", "专职", 1200]]  # fmt: skip
    sheets = {"communities": PLACES, "staff": [["社区", "姓名", "职务", "专职兼职", "月报酬"], *rows]}
    open_line = "乙社区有 2 名两委成员的月报酬或专职、兼职没有写明，看不出够不够标准，请补。?"
    assert said(sheets, "F7", profile="loudi") == [open_line, "甲社区有 1 名两委成员的月报酬低于标准。"]


def test_money_of_a_past_year_is_not_this_years() -> None:
    rows = [["2024", "甲社区", "中心城区", 100000], ["2025", "甲社区", "中心城区", 250000]]
    assert said({"communities": [["年度", "社区名称", "社区类型", "工作经费"], *rows]}, "F6", profile="loudi") == []


def test_a_reserve_for_nobody_in_particular_may_be_the_one_that_lacks() -> None:
    rows = [
        ["甲社区", "赵一", "正职"],
        ["甲社区", "钱二", "副职"],
        ["甲社区", "孙三", None],
        ["乙社区", "李四", "正职"],
    ]
    sheets = {"communities": PLACES, "reserve": [["社区", "后备人选", "正职/副职"], *rows]}
    found = said(sheets, "B8")
    assert [(line[:3], line.endswith("?")) for line in found] == [("乙社区", False), ("甲社区", True)]


def test_terms_in_a_list_of_communities() -> None:
    head = ["社区", "本届选举产生日期", "任期（年）", "本届届满日期"]
    rows = [["甲社区", "2020-05-10", 5, "2025-05-10"], ["乙社区", None, None, None], ["丙社区", "2023-05-10", 5, None]]
    leaders = [["社区", "姓名", "党内职务"], ["丁社区", "赵一", "书记"]]
    found = said({"communities": [head, *rows], "leaders": leaders}, "B15")
    assert [(line[:3], line.endswith("?")) for line in found] == [("丁社区", True), ("乙社区", True), ("甲社区", False)]


def test_a_station_in_a_list_of_communities_has_its_head_from_the_team() -> None:
    own = [
        ["党组织名称", "组织类别", "所属社区"],
        *([f"{name}社区党总支", "党总支", f"{name}社区"] for name in "甲乙丙丁"),
    ]
    team = [[f"{name}社区", f"{name}一", "书记", "专职"] for name in "甲乙丙丁"]
    team += [[f"{name}社区", f"{name}二", "副书记", "专职"] for name in "甲乙丙丁"]
    team += [["乙社区", "乙三", "委员", "兼职"]]
    stations = [
        ["甲社区", "甲站", "甲二"],
        ["乙社区", "乙站", "乙三"],
        ["丙社区", "丙站", None],
        ["丁社区", "未组建", None],
    ]
    sheets = {
        "organizations": own, "leaders": [["社区", "姓名", "党内职务", "专职兼职"], *team],
        "communities": [["社区", "工作站", "站长"], *stations],
    }  # fmt: skip
    found = said(sheets, "B5")
    assert [(line[:3], line.endswith("?")) for line in found] == [("丙社区", True), ("乙社区", False)]


VISITS = [
    ("三次", ["2025-01-05", "2025-02-05", "2025-03-05"], None), ("两次", ["2025-01-05", "2025-02-05"], False),
    ("没有来", [], False), ("同一天两行", ["2025-01-05", "2025-01-05", "2025-03-05"], True),
    ("去年的不算", ["2023-01-05", "2025-02-05", "2025-03-05"], False),
]  # fmt: skip


@pytest.mark.parametrize(("days", "is_asked"), [case[1:] for case in VISITS], ids=[case[0] for case in VISITS])
def test_visits_are_counted_from_their_list(days: list[str], is_asked: bool | None) -> None:
    points = [["领导", "职务", "联系点（社区）"], ["赵一", "副书记", "甲社区"], ["钱二", "副镇长", "乙社区"]]
    log = [["日期", "领导", "到哪个社区", "调研内容"], *([day, "赵一", "甲社区", "用房"] for day in days)]
    log += [[f"2025-0{month}-06", "钱二", "乙社区", "用房"] for month in (1, 2, 3)]
    frames = {
        name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in (("领导联系点", points), ("调研登记", log))
    }
    network = pb.read({"联系点.xlsx": frames}, as_of="2025-06-30")
    found = pb.assess(network)
    mine = found[(found["rule_id"] == "D9") & (found["subject"] == "甲社区")]
    assert mine["sure"].tolist() == ([] if is_asked is None else ["unknown" if is_asked else "certain"])
    assert found[(found["rule_id"] == "D9") & (found["subject"] == "乙社区")].empty


def test_a_seats_unit_without_a_ledger_is_known_by_its_organization() -> None:
    seats = [["大党委", "姓名", "大党委内职务", "来自单位", "本单位任职", "面貌"],
             ["甲社区大党委", "赵一", "书记", "市第九中学", "党支部书记", "中共党员"],
             ["甲社区大党委", "钱二", "委员", "东风厂", "办公室主任", "群众"],
             ["甲社区大党委", "孙三", "委员", "永安商行", None, "中共党员"]]  # fmt: skip
    listed = [
        ["第九中学党支部", "党支部"],
        ["东风厂党委", "党委"],
        ["永安商行党支部", "党支部"],
        ["西风厂党委", "党委"],
    ]
    own = ["甲社区党总支", "党总支", "甲社区"]
    sheets = {
        "communities": [["社区名称", "社区党组织名称"], ["甲社区", "甲社区党总支"]],
        "organizations": [["党组织名称", "组织类别", "所属社区"], own, *([*row, "甲社区"] for row in listed)],
        "seats": seats, "leaders": [["任职组织", "姓名", "职务"], ["甲社区党总支", "李四", "书记"]],
    }  # fmt: skip
    assert [line[:3] for line in said(sheets, "C8")] == ["西风厂"]
    assert said(sheets, "C5") == ["甲社区大党委的书记不是社区党组织班子成员，社区党组织书记没有任常务副书记。"]
    assert [(line.split("成员")[1][:6], line.endswith("?")) for line in said(sheets, "C7")] == [
        ("的单位职务看", True), ("的政治面貌不", False), ("的本单位职务", True),
    ]  # fmt: skip
