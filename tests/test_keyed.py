"""Cells that stand for something else: ids of other tables, letters of a legend, other names; and what no longer holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pbgraph as pb
from pbgraph.reading.keyed import _legend_in

Make = Callable[..., Path]
Rows = list[list[Any]]

UNITS: Rows = [
    ["unit_id", "unit_name", "area_id", "full_member_num", "is_deleted"],
    ["单位ID", "单位名称", "所属区域ID", "正式党员数", "逻辑删除"],
    ["U20250001", "云帆纺织有限公司", "QY-01", 5, 0],
    ["U20250002", "晨光印务有限公司", "QY-01", 3, 0],
    ["U20250003", "青石茶社", "QY-02", 1, 0],
    ["U20250004", "老街书店", "QY-02", 2, 0],
    ["U20250005", "旧货商行", "QY-02", 4, 1],
]
AREAS: Rows = [["area_id", "area_name"], ["区域ID", "区域名称"], ["QY-01", "青石社区"], ["QY-02", "白塔社区"]]
ORGANIZATIONS: Rows = [
    ["org_id", "org_name", "parent_id"],
    ["组织ID", "组织全称", "父级ID"],
    ["DZ1000", "青石社区党总支", "0"],
    ["DZ1001", "云帆纺织党支部", "DZ1000"],
    ["DZ1002", "白塔商圈联合党支部", "DZ1000"],
    ["DZ1003", "青石社区第一党支部", "DZ1000"],
    ["DZ1004", "青石社区第二党支部", "DZ1000"],
]
BRIDGE: Rows = [
    ["rel_id", "org_id", "unit_id", "rel_type", "is_deleted"],
    ["关系ID", "组织ID", "单位ID", "覆盖方式", "逻辑删除"],
    ["1", "DZ1001", "U20250001", "1-单独组建", 0],
    ["2", "DZ1002", "U20250003", "2-联合组建", 0],
    ["3", "DZ1002", "U20250004", "2-联合组建", 0],
    ["4", "DZ1001", "U20250002", "1-单独组建", 1],
]
MEMBERS: Rows = [
    ["member_id", "name", "gender", "org_id", "member_type"],
    ["党员ID", "姓名", "性别", "所属组织ID", "党员类别"],
    ["M001", "赵一", "男", "DZ1001", "1-正式党员"],
    ["M002", "钱二", "女", "DZ1002", "1-正式党员"],
    ["M003", "孙三", "女", "DZ1003", "1-正式党员"],
    ["M004", "李四", "女", "DZ1003", "2-预备党员"],
    ["M005", "周五", "男", "DZ1004", "1-正式党员"],
    ["M006", "吴六", "男", "DZ9999", "1-正式党员"],
]


@pytest.fixture
def platform(book: Make) -> pb.Network:
    """An export of a platform whose tables name each other by ids alone."""
    sheets = {"unit": UNITS, "area": AREAS, "org": ORGANIZATIONS, "rel": BRIDGE, "member": MEMBERS}
    return pb.read(book(sheets))


def test_tables_that_name_each_other_by_ids(platform: pb.Network) -> None:
    rows = pb.coverage(platform).set_index("unit")
    assert rows["state"].to_dict() == {
        "云帆纺织有限公司": "own", "晨光印务有限公司": "must-establish", "青石茶社": "joint", "老街书店": "joint",
    }  # fmt: skip
    assert rows["community"].to_dict() == {
        "云帆纺织有限公司": "青石社区", "晨光印务有限公司": "青石社区", "青石茶社": "白塔社区", "老街书店": "白塔社区",
    }  # fmt: skip
    names = platform.names()
    ties = platform.ties

    def told(relation: str) -> set[tuple[str, str]]:
        chosen = ties[ties["relation"] == relation]
        return {(names[a], names[b]) for a, b in zip(chosen["source_id"], chosen["target_id"], strict=True)}

    assert ("云帆纺织党支部", "青石社区党总支") in told("subordinate") and len(told("subordinate")) == 4
    assert told("member_of") == {
        ("赵一", "云帆纺织党支部"), ("钱二", "白塔商圈联合党支部"), ("孙三", "青石社区第一党支部"),
        ("李四", "青石社区第一党支部"), ("周五", "青石社区第二党支部"),
    }  # fmt: skip


def test_an_id_of_none_is_named_and_a_deleted_row_is_no_record(platform: pb.Network) -> None:
    lost = platform.findings[platform.findings["code"] == "id-of-none"]
    assert lost[["sheet", "row"]].to_numpy().tolist() == [["member", 8]]
    assert "DZ9999" not in set(platform.organizations["name"])
    skipped = platform.ledger.set_index("sheet")["skipped"]
    assert "deleted 1" in skipped["unit"] and "deleted 1" in skipped["rel"]


def test_numbers_that_nobody_lists_stay_what_they_are(book: Make) -> None:
    units = [
        ["单位名称", "联系电话", "职工人数"],
        *([f"{name}印务有限公司", f"1390000{n:04}", n] for n, name in enumerate("甲乙丙丁")),
    ]
    again = [["单位名称", "手机"], *([f"{name}书店", f"1390000{n:04}"] for n, name in enumerate("戊己庚辛"))]
    names = pb.coverage(pb.read(book({"台账": units, "摸底": again})))["unit"]
    assert len(names) == 8


@pytest.mark.parametrize(("line", "told"), [
    ("性：机=机关 事=事业 国=国企；建：独=单独建 联=联合建 ×=没建",
     {"机": "机关", "事": "事业", "国": "国企", "独": "单独建", "联": "联合建", "×": "没建"}),
    ("（青—青石社区，白—白塔社区）", {"青": "青石社区", "白": "白塔社区"}),
    ("填报单位：青石街道　　单位：人", {}),
    ("2025—2026年度", {}),
    ("注：党员=正式", {}),  # one pair explains nothing
])  # fmt: skip
def test_a_legend_explains_at_least_two_things(line: str, told: dict[str, str]) -> None:
    assert _legend_in(line) == told


def test_letters_that_a_legend_explains(book: Make) -> None:
    legend = "性：机=机关 民=民企 个=个体；建：独=单独建 联=联合建 ×=没建；社：青=青石社区 白=白塔社区"
    units = [[legend, "", "", "", ""], ["社", "单位", "性", "党员", "建"],
             ["青", "青石派出所", "机", "13+1", "独"], ["青", "云帆纺织厂", "民", "4", "×"],
             ["白", "青石茶社", "个", "0+1", "联"], ["白", "晨光印社", "民", "3+2", "×"]]  # fmt: skip
    network = pb.read(book({"单位": units}))
    rows = pb.coverage(network).set_index("unit")
    assert rows["community"].tolist() == ["白塔社区", "白塔社区", "青石社区", "青石社区"]
    assert rows["state"].to_dict() == {
        "青石派出所": "own", "云帆纺织厂": "borderline", "青石茶社": "joint", "晨光印社": "must-establish",
    }  # fmt: skip
    assert rows.loc["晨光印社", ["n_full", "n_members"]].tolist() == [3, 5]
    assert rows.loc["青石派出所", "unit_type"] == "government"


def test_a_unit_is_known_by_the_names_its_ledger_gives(book: Make) -> None:
    ledger = [["登记名称", "平时叫法", "正式党员数", "是否建立党组织"],
              ["江州市云帆纺织有限公司", "云帆厂、老纺织", 5, "否"], ["江州市青石茶社", "茶馆", 1, "否"]]  # fmt: skip
    branch = [["党组织名称", "类型", "覆盖单位（叫法）"], ["商圈联合党支部", "联合党支部", "老纺织、茶馆"]]
    again = [["单位", "联系电话"], ["云帆厂", "13900001111"]]
    network = pb.read(book({"台账": ledger, "支部": branch, "通讯录": again}))
    rows = pb.coverage(network).set_index("unit")
    assert sorted(rows.index) == ["江州市云帆纺织有限公司", "江州市青石茶社"]
    assert rows["organization"].tolist() == ["商圈联合党支部"] * 2


def test_this_month_counts_and_not_the_last(book: Make) -> None:
    units = [
        ["序号", "单位名称", "所属社区", "正式党员", "", "党组织", ""],
        ["", "", "", "上月", "本月", "上月", "本月"],
        [1, "云帆纺织厂", "青石社区", 2, 4, "未建", "已建"],
        [2, "青石茶社", "青石社区", 3, 1, "已建", "未建"],
        [3, "老街书店", "青石社区", 0, 0, "未建", "未建"],
    ]
    rows = pb.coverage(pb.read(book({"清单": units}))).set_index("unit")
    assert rows["n_full"].to_dict() == {"云帆纺织厂": 4, "青石茶社": 1, "老街书店": 0}
    assert rows["state"].to_dict() == {"云帆纺织厂": "own", "青石茶社": "joint-candidate", "老街书店": "blank"}


def test_a_tree_in_columns_with_the_superiors_own_level(book: Make) -> None:
    tree = [["二级党组织", "三级党组织", "形态", "党员数"], ["中共青石街道白塔村总支部委员会", "（本级）", "党总支", 20],
            ["中共青石街道白塔村总支部委员会", "白塔村东片党支部", "党支部", 8],
            ["中共青石街道临河社区总支部委员会", "（本级）", "党总支", 11],
            ["中共青石街道临河社区总支部委员会", "临河社区第一党支部", "党支部", 11]]  # fmt: skip
    network = pb.read(book({"架构": tree}))
    listed = network.organizations[network.organizations["is_listed"]]
    assert len(listed) == 4 and "（本级）" not in set(listed["name"])
    assert listed["is_inside"].all()  # the street is nobody's but this office's
    names = network.names()
    upward = network.ties[network.ties["relation"] == "subordinate"]
    assert {(names[a], names[b]) for a, b in zip(upward["source_id"], upward["target_id"], strict=True)} == {
        ("白塔村东片党支部", "中共青石街道白塔村总支部委员会"), ("临河社区第一党支部", "中共青石街道临河社区总支部委员会")
    }  # fmt: skip


def test_the_committee_of_the_street_in_short_is_inside(book: Make) -> None:
    rows = [["党组织名称", "归谁管", "所属社区"], ["青石社区党委", "街道工委", "青石社区"], ["青石社区第一党支部", "青石社区党委", "青石社区"],
            ["供电所党支部", "江州市电力公司党委", "青石社区"]]  # fmt: skip
    outside = pb.dual_management(pb.read(book({"党组织": rows}))).set_index("organization")["is_outside"]
    assert outside.to_dict() == {"青石社区党委": False, "青石社区第一党支部": False, "供电所党支部": True}
