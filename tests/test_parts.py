"""Cells that say more than their column is asked for, and rows and lists that are none of what there is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pbgraph as pb
from pbgraph.reading.parts import parts_of

Make = Callable[..., Path]
Rows = list[list[Any]]


@pytest.mark.parametrize(("key", "header", "cell", "told"), [
    ("member_count", "党员", "9（预备2）", {"own": "9", "probationary_count": "2"}),
    ("member_count", "党员", "共有党员12名，其中预备党员1名", {"own": "12", "probationary_count": "1"}),
    ("member_count", "党员", "11(含预备党员3人)", {"own": "11", "probationary_count": "3"}),
    ("member_count", "党员", "党员7名", {"own": "7"}),
    ("member_count", "党员", "6（正式5，预备1）", {"own": "6", "full_count": "5", "probationary_count": "1"}),
    ("member_count", "党员", "正式4人、预备1人", {"full_count": "4", "probationary_count": "1"}),
    ("member_count", "党员", "12", {}),
    ("member_count", "党员", "2024年转入3名", {}),
    ("has_org", "党建情况", "有，云帆纺织党支部，2011年建，书记钱百川",
     {"own": "有", "org_name": "云帆纺织党支部", "founded": "2011年", "secretary": "钱百川"}),
    ("has_org", "党建情况", "和青石茶社联合成立青石巷联合党支部（2018年），书记苏小满",
     {"own": "有", "org_name": "青石巷联合党支部", "joint_units": "青石茶社", "founded": "2018年", "secretary": "苏小满"}),
    ("has_org", "党建情况", "还没有党支部", {}),
    ("has_org", "党建情况", "没有，准备和云帆纺织党支部联建", {}),
    ("has_org", "党建情况", "否", {}),
    ("org_name", "支部及书记", "青石茶社党支部（苏小满）", {"own": "青石茶社党支部", "secretary": "苏小满"}),
    ("org_name", "党组织名称", "青石茶社党支部（筹）", {}),
    ("phone", "负责人电话", "苏小满 13900001111", {"head": "苏小满", "own": "13900001111", "contact": "苏小满"}),
    ("founding_form", "覆盖方式", "指导员（苏小满）", {"own": "指导员", "instructors": "苏小满"}),
    ("remark", "说明", "组织关系隶属湖东区城投集团党委，参加社区活动", {"parent": "湖东区城投集团党委"}),
    ("remark", "备注", "含预备1名", {"probationary_count": "1"}),
    ("remark", "备注", "业主是党员", {}),
    ("remark", "2024年变动情况", "2024年6月更名，原“海沂市伟业旅行社有限公司”", {"unit_short": "海沂市伟业旅行社有限公司"}),
    ("remark", "备注", "原名云帆织造厂", {"unit_short": "云帆织造厂"}),
    ("remark", "备注", "原址拆迁", {}),
])  # fmt: skip
def test_a_cell_is_read_in_its_parts(key: str, header: str, cell: str, told: dict[str, str]) -> None:
    assert parts_of(key, header, cell) == told


def states(network: pb.Network) -> dict[str, list[str]]:
    rows = pb.coverage(network).set_index("unit")
    return {unit: rows.loc[unit, ["state", "sure"]].tolist() for unit in rows.index}


def test_an_organization_in_words_covers_its_unit(book: Make) -> None:
    units = [["名称", "所在社区", "人数", "党员情况", "支部情况"],
             ["云帆纺织厂", "青石社区", 40, "党员6名，其中预备1名", "有，云帆纺织党支部，2011年建，书记钱百川"],
             ["青石茶社", "青石社区", 8, "党员1名", "跟老街书店合建青石巷联合党支部（2018年），书记苏小满"],
             ["老街书店", "青石社区", 5, "党员2名", "跟青石茶社合建青石巷联合党支部（2018年），书记苏小满"],
             ["晨光印社", "青石社区", 5, "党员4名", "还没有支部"],
             ["旧货行", "青石社区", 3, "无党员", "没有"]]  # fmt: skip
    network = pb.read(book({"单位": units}))
    found = states(network)
    assert {unit: state for unit, (state, _) in found.items()} == {
        "云帆纺织厂": "own", "青石茶社": "joint", "老街书店": "joint", "晨光印社": "borderline", "旧货行": "blank",
    }  # fmt: skip
    organizations = network.organizations.set_index("name")
    assert organizations.loc["云帆纺织党支部", "founded"] == "2011"
    assert {"云帆纺织党支部", "青石巷联合党支部"} <= set(organizations.index)
    counts = pb.coverage(network).set_index("unit")[["n_members", "n_full"]].astype(object)
    assert counts.loc["云帆纺织厂"].tolist() == [6, 5]
    assert network.findings[network.findings["code"] == "number-unreadable"].empty


def test_a_list_that_asks_for_no_organization_leaves_it_open(book: Make) -> None:
    told = [["单位名称", "正式党员数", "党组织名称"], ["云帆纺织厂", 5, "云帆纺织厂党支部"], ["晨光印社", 4, "无"]]
    silent = [["单位名称", "正式党员数", "联系人"], ["青石茶社", 3, "苏小满"]]
    found = states(pb.read(book({"甲社区": told, "乙社区": silent})))
    assert found["晨光印社"] == ["must-establish", "certain"]
    assert found["青石茶社"] == ["must-establish", "unknown"]  # nobody asked whether it has one
    listed = [["党组织名称", "上级党组织"], ["云帆纺织厂党支部", "青石街道党工委"]]
    found = states(pb.read(book({"甲社区": told, "乙社区": silent, "党组织": listed}, "全.xlsx")))
    assert found["青石茶社"] == ["must-establish", "certain"]  # the list of organizations has none of it


def test_rooms_that_nobody_is_in_are_no_units(book: Make) -> None:
    rooms = [["楼层", "入驻单位", "员工", "党员"], ["1F", "云帆纺织有限公司", 10, 3], ["2F", "（空置，待租）", "", ""],
             ["3F", "空铺", "", ""], ["4F", "空间设计有限公司", 5, 0], ["共", "2家", 15, 3]]  # fmt: skip
    network = pb.read(book({"大厦": rooms}))
    assert sorted(pb.coverage(network)["unit"]) == ["云帆纺织有限公司", "空间设计有限公司"]
    assert "vacant 2" in network.ledger["skipped"].iloc[0]


def test_a_line_above_a_table_gives_every_row_its_community(book: Make) -> None:
    line = ["所属社区：青石社区　　楼长：苏小满", "", ""]
    rooms = [line, ["入驻单位", "员工", "党员"], ["云帆纺织有限公司", 10, 3], ["晨光印务有限公司", 5, 0]]
    network = pb.read(book({"大厦": rooms}))
    assert pb.coverage(network)["community"].tolist() == ["青石社区", "青石社区"]


def test_branches_that_only_the_roster_names_and_superiors_said_for_short(book: Make) -> None:
    units = [["单位名称", "所在社区", "党组织名称", "归哪儿管"],
             ["云帆纺织厂", "青石社区", "云帆纺织厂党支部", "咱社区"], ["供电所", "青石社区", "供电所党支部", "江州市电力公司党委"]]  # fmt: skip
    members = [["姓名", "性别", "支部", "上级", "入党时间"],
               ["赵一", "女", "青石社区第一党支部", "青石社区党总支", "2001-07"], ["钱二", "男", "云帆纺织厂支部", "青石社区党总支", "2003-07"]]  # fmt: skip
    network = pb.read(book({"单位": units, "党员": members}))
    listed = network.organizations[network.organizations["is_listed"]]["name"].tolist()
    assert sorted(listed) == sorted(["供电所党支部", "青石社区第一党支部", next(n for n in listed if "云帆" in n)])
    rows = pb.dual_management(network).set_index("organization")
    assert rows.loc["供电所党支部", "community"] == "青石社区"  # its unit's
    assert bool(rows.loc["供电所党支部", "is_outside"])
    assert "咱社区" not in set(network.organizations["name"])


def test_last_month_beside_this_month(book: Make) -> None:
    units = [
        ["单位名称", "所属社区", "正式党员数", "是否建立党组织"],
        *([f"{name}印务有限公司", "青石社区", 3, "否"] for name in "甲乙丙丁"),
    ]
    june = book({"汇总": units}, "单位情况（2025年6月）.xlsx")
    july = book({"汇总": [units[0], *units[2:], ["戊印务有限公司", "青石社区", 3, "否"]]}, "单位情况（2025年7月）.xlsx")
    assert june.parent == july.parent
    network = pb.read(june.parent)
    assert sorted(pb.coverage(network)["unit"]) == [f"{name}印务有限公司" for name in "丁丙乙戊"]
    said = network.findings.set_index("code").loc["list-outdated"]
    assert "7月" in said["message"] and said["file"] == june.name
    meetings = [["会议名称", "召开时间", "召集单位"], ["青石社区大党委会", "2025-06-12", "青石社区大党委"]]
    later = [["会议名称", "召开时间", "召集单位"], ["青石社区大党委会", "2025-07-12", "青石社区大党委"]]
    held = pb.read(book({"2025年6月": meetings, "2025年7月": later}, "会议.xlsx"))
    assert len(held.tables["meetings"]) == 2  # what has happened goes on


def test_an_organization_outline_with_a_remark(book: Make) -> None:
    outline = [["党组织", "书记", "说明"], ["青石大厦党委", "苏小满", ""], ["　　云帆纺织党支部", "钱百川", ""],
               ["　　供电所党支部", "孙大明", "组织关系隶属江州市电力公司党委，参加楼宇活动"]]  # fmt: skip
    network = pb.read(book({"架构": outline}))
    names = network.names()
    upward = network.ties[network.ties["relation"] == "subordinate"]
    assert {(names[a], names[b]) for a, b in zip(upward["source_id"], upward["target_id"], strict=True)} == {
        ("云帆纺织党支部", "青石大厦党委"), ("供电所党支部", "江州市电力公司党委")
    }  # fmt: skip


def test_the_name_of_a_unit_in_two_forms_is_its_whole_name(book: Make) -> None:
    units = [["单位名称", "所属社区"], ["江州市云帆纺织有限公司", "青石社区"], ["江州市晨光印务有限公司", "青石社区"]]
    again = [["单位名称", "正式党员数"], ["云帆纺织有限公司", 3], ["晨光印务有限公司", 2]]
    names = pb.coverage(pb.read(book({"台账": units, "摸底": again})))["unit"]
    assert sorted(names) == ["江州市云帆纺织有限公司", "江州市晨光印务有限公司"]


def test_lists_that_do_not_agree_on_the_members_leave_a_gap_open(book: Make) -> None:
    ledger = [["单位名称", "正式党员数", "是否建立党组织"], ["云帆纺织厂", 2, "否"], ["晨光印社", 4, "否"]]
    again = [["单位名称", "正式党员数"], ["云帆纺织厂", 5], ["晨光印社", 4]]
    network = pb.read(book({"台账": ledger, "摸底": again}))
    rows = pb.coverage(network).set_index("unit")
    assert rows["sure"].to_dict() == {"云帆纺织厂": "unknown", "晨光印社": "certain"}
    assert rows["is_covered_sure"].tolist() == ["certain", "certain"]  # that it has none is sure
    said = network.findings.set_index("code").loc["count-conflict", "message"]
    assert said == "“云帆纺织厂”的正式党员数各表不一致：少的写 2，多的写 5，取先出现的；由此得出的缺口不算确定。"


def test_mass_organizations_are_told_by_yes_and_no(book: Make) -> None:
    units = [["单位名称", "所属社区", "正式党员", "预备党员", "党的组织覆盖", "党的工作覆盖", "", ""],
             ["", "", "", "", "党组织名称", "党建指导员", "是否建立工会", "是否建立团组织"],
             ["云帆纺织有限公司", "甲社区", 1, 0, "", "", "是", "否"], ["青石茶社", "甲社区", 0, 0, "", "", "否", "是"],
             ["柳林书店", "甲社区", 2, 0, "", "", "否", "否"]]  # fmt: skip
    organizations = [["党组织名称", "组织类别", "上级党组织"], ["甲社区党总支", "党总支", "临江街道党工委"]]
    network = pb.read(book({"单位": units, "党组织": organizations}), as_of="2025-06-30")
    rows = pb.coverage(network).set_index("unit")
    assert rows["has_mass_organization"].to_dict() == {"云帆纺织有限公司": True, "青石茶社": True, "柳林书店": False}
    assert not rows["is_covered"].any()
    named = network.tables["units"].set_index("name")["mass_org_name"]
    assert named[["云帆纺织有限公司", "青石茶社"]].tolist() == ["工会", "团组织"]


def test_a_wide_gap_parts_whole_names_and_no_others(book: Make) -> None:
    units = [
        ["单位名称", "所属社区"],
        *([name, "甲社区"] for name in ("云帆纺织有限公司", "青石茶社", "柳林书店有限公司")),
    ]
    organizations = [["党组织名称", "组织类别", "上级党组织", "所含单位"],
                     ["商圈联合党支部", "联合党支部", "临江街道党工委", "云帆纺织有限公司  青石茶社"],
                     ["柳林党支部", "党支部", "临江街道党工委", "柳林书店  有限公司"]]  # fmt: skip
    network = pb.read(book({"单位": units, "党组织": organizations}), as_of="2025-06-30")
    assert pb.coverage(network)["is_covered"].all()
    assert network.review.empty
