"""The 65 systems of the source documents: what docs/systems.md says of them is true, and each part of it works."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TINY, write_book
from drive_systems import Expected, Proof, faults, proofs, systems
from test_records import FURTHER

import pbgraph as pb
from pbgraph import schema
from pbgraph.policy import read_policy
from pbgraph.rendering.map_spec import SCENES

Make = Callable[..., Path]
ROOT = Path(__file__).parent.parent
PROFILES = ("national", "youjiang", "xincun13", "qijiazhuang")
SYSTEMS, PROOFS = systems(), proofs()
SETTLE = "python tests/drive_systems.py --record && python docs/generate.py"


def test_all_65_systems_are_told() -> None:
    assert list(SYSTEMS) == list(range(1, 66))
    assert all(entry["tables"] and entry["relations"] and entry["pictures"] for entry in SYSTEMS.values())
    assert set(PROOFS) <= set(SYSTEMS)


@pytest.mark.parametrize("number", SYSTEMS)
def test_every_name_of_a_system_exists(number: int) -> None:
    told = SYSTEMS[number]
    rules = {rule for name in PROFILES for rule in read_policy(profile=name).rules}
    assert set(told["tables"]) <= set(schema.tables())
    assert set(told["relations"]) <= set(schema.vocabulary("relation").rows)
    assert set(told["rules"]) <= rules
    assert set(told["measures"]) <= set(pb.__all__)
    for picture in told["pictures"]:
        kind, _, scene = picture.partition(":")
        assert scene in SCENES if kind == "map" else picture in pb.__all__, picture
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert all(f"def {name}(" in sources for name in told["tests"])


@pytest.mark.usefixtures("opened_here")
@pytest.mark.parametrize("number", list(PROOFS)[::6])  # a few: `python tests/drive_systems.py` tries all
def test_a_system_is_proven(number: int) -> None:
    """What the page says is proven holds, and what it says is not does not: who mends it settles the note."""
    proof = PROOFS[number]
    said = {
        expected["says"]: (fault, "not_yet" in expected)
        for expected, fault in zip(proof.expect, faults(proof), strict=True)
    }
    assert len(said) == len(proof.expect)  # each is said in words of its own
    broken = {says: fault for says, (fault, is_noted) in said.items() if fault and not is_noted}
    assert broken == {}, "没有做到，却说已证明"
    mended = [says for says, (fault, is_noted) in said.items() if not fault and is_noted]
    assert mended == [], f"已经做到，请运行 {SETTLE}"


def test_an_expectation_that_is_not_met_says_why(tmp_path: Path) -> None:
    sheets = {"党组织": [["党组织名称", "所属社区"], ["甲支部", "甲社区"]]}
    expect: list[Expected] = [
        {"node": "organizations", "names": ["甲支部"]}, {"node": "organizations", "names": ["乙支部"]},
        {"node": "organizations", "n": 2}, {"node": "organizations", "with": {"community": "乙社区"}},
        {"tie": "located_in", "from": "甲支部"}, {"tie": "housed_in"},
        {"rule": "C13", "found": False}, {"rule": "A20", "subject": "丙支部", "found": False}, {"rule": "A20"},
        {"card": "丁支部", "line": "党员"}, {"drawn": "funds"}, {"table": "funds", "cells": []}, {"asked": "甲支部"},
    ]  # fmt: skip
    assert faults(Proof(1, "2026-06-30", "national", {"名册": sheets}, expect)) == [
        "", "没有装入“乙支部”", "装入 1 个，应为 2 个", "没有留下 community=乙社区", "", "有 0 条这样的联系",
        "C13 没有检查（funds, participants）", "名册里的“丙支部”没有装入", "A20 没有报",
        "图上没有“丁支部”", "图上没有这条线", "统计表里没有这张表", "没有提请核对",
    ]  # fmt: skip


def read(book: Make, sheets: dict, **options: str) -> pb.Network:
    return pb.read(book(sheets), as_of="2025-06-30", **options)


def messages(network: pb.Network, rule_id: str) -> list[str]:
    found = pb.assess(network)
    return found.loc[found["rule_id"] == rule_id, "message"].tolist()


MORE = {
    "大党委一览": [
        ["大党委名称", "隶属党工委", "党员代表大会时间", "审批时间", "备案时间", "批复文号"],
        ["甲社区大党委", "望湖街道党工委", "2024-01", "2024-02-01", "2024-03", "望工委〔2024〕1号"],
    ],
    "两委班子": [
        ["任职所在组织", "姓名", "班子职务", "人员来源", "是否兼任居委会主任", "是否兼任居委会委员", "所属社区"],
        ["甲社区党支部", "卫九", "书记", "街道下派", "是", "是", "甲社区"],
    ],
    "双报到": [
        ["姓名", "工作单位", "报到社区", "报到时间", "所属党委", "考核结果"],
        ["尤十", "红旗厂", "甲社区", "2024-05", "红旗厂党支部", "好"],
    ],
    "机构": [["机构名称", "机构类别", "所属社区", "负责人"], ["甲社区监督委员会", "监督委员会", "甲社区", "许某某"]],
    "结对清单": [["社区党组织", "共建单位", "结对批次"], ["甲社区党支部", "红旗厂", "首批"]],
    "驻区单位": [
        ["单位名称", "单位类型", "所属社区", "登记管理机关"],
        ["平安物业公司", "物业", "甲社区", "区民政局"],
    ],
    "考核": [
        ["考核对象", "考核项目", "考核结果", "年度", "评定机关"],
        ["红旗厂党支部", "述职", "好", "2024", "甲社区党支部"],
    ],
    "在职党员名册": [["姓名", "所在党支部", "是否在职党员", "所属社区"], ["孔十一", "红旗厂党支部", "是", "甲社区"]],
    "社区": [["社区名称", "社区党组织", "所属大社区"], ["甲社区", "甲社区党支部", "大甲社区"]],
    "党组织": [["党组织名称", "组织类别"], ["望湖街道党工委", "党工委"], ["东方公司党支部", "党支部"]],
    "成员单位": [["大党委名称", "成员单位", "管理关系"], ["甲社区大党委", "东方公司党支部", "直接管理"]],
    "走访登记": [["日期", "领导", "到哪个社区", "调研内容"], ["2025-03-03", "曹十二", "甲社区", "养老服务"]],
    "组织变动": [
        ["变动类型", "原党组织", "现党组织名称", "变动时间"],
        ["改建", "红旗厂党支部", "东方公司党支部", "2023"],
    ],
}


def test_every_relation_of_the_domain_is_made_from_a_roster(tmp_path: Path) -> None:
    folder = tmp_path / "rosters"
    folder.mkdir()
    for name, sheets in (("甲.xlsx", TINY), ("乙.xlsx", FURTHER), ("丙.xlsx", MORE)):
        write_book(folder / name, sheets)
    made = set(pb.read(folder, as_of="2025-06-30").ties["relation"])
    assert set(schema.vocabulary("relation").rows) - made == set()


def test_appointment_and_its_superior_come_from_the_list_of_committees(book: Make) -> None:
    network = read(book, {"大党委一览": [*MORE["大党委一览"], ["乙社区大党委", "乙社区党委", "", "2024-02", "", ""]],
                          "党组织": [*MORE["党组织"], ["乙社区党委", "党委"]]})  # fmt: skip
    assert messages(network, "C1") == ["乙社区大党委登记的上级不是街道党工委。"]
    assert messages(network, "C10") == [
        "乙社区大党委没有党员代表大会推选的记录。",
        "乙社区大党委没有组织部备案的记录。",
    ]
    approved = network.ties[network.ties["relation"] == "approves"].set_index("since")["content"]
    assert approved["2024-02-01"] == "望工委〔2024〕1号"


@pytest.mark.parametrize(("shares", "said"), [
    (["40%", "60%"], []),
    (["40%", "50%"], ["甲社区大党委登记的出资比例合计 90%，应为 100%。"]),
    (["40", "70"], ["甲社区大党委登记的出资比例合计 110%，应为 100%。"]),
    (["0.4", "0.6"], []),
])  # fmt: skip
def test_shares_of_a_committee_add_up(book: Make, shares: list[str], said: list[str]) -> None:
    units = [["单位名称", "所属社区"], ["红旗厂", "甲社区"], ["宏达厂", "甲社区"]]
    funds = [["大党委名称", "出资单位", "金额", "出资比例", "年度"]]
    funds += [
        ["甲社区大党委", name, 1, share, "2024"] for name, share in zip(("红旗厂", "宏达厂"), shares, strict=True)
    ]
    members = [["大党委名称", "成员单位", "覆盖社区"], ["甲社区大党委", "红旗厂党支部", "甲社区"]]
    organizations = [["党组织名称", "所在单位", "所属社区"], ["红旗厂党支部", "红旗厂", "甲社区"]]
    sheets = {"驻区单位": units, "经费台账": funds, "大党委成员单位": members, "党组织": organizations}
    assert messages(read(book, sheets), "C13") == said


def test_needs_and_resources_matched_or_open(book: Make) -> None:
    network = read(book, {
        "驻区单位": [["单位名称", "所属社区"], ["红旗厂", "甲社区"]],
        "资源清单": [["资源名称", "提供单位", "对接社区"], ["会议室", "红旗厂", "甲社区"], ["车位", "红旗厂", ""]],
        "需求清单": [["需求名称", "所属社区", "认领单位"], ["修路灯", "甲社区", "红旗厂"], ["图书", "甲社区", ""]],
    })  # fmt: skip
    rows = pb.matches(network)[["resource", "kind", "owner", "partner", "is_matched"]]
    assert rows.astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["图书", "need", "甲社区", None, False], ["车位", "resource", "红旗厂", None, False],
        ["修路灯", "need", "甲社区", "红旗厂", True], ["会议室", "resource", "红旗厂", "甲社区", True],
    ]  # fmt: skip


def test_the_way_to_the_nearest_premises(book: Make) -> None:
    # a hundredth of a degree of latitude is 1.11 km
    network = read(book, {
        "小区台账": [["小区名称", "所属社区", "经度", "纬度"], ["近小区", "甲社区", 119.9, 30.01], ["远小区", "甲社区", 119.9, 30.03]],
        "党建阵地": [["阵地名称", "所属社区", "经度", "纬度"], ["服务站", "甲社区", 119.9, 30.0]],
    })  # fmt: skip
    assert messages(network, "F9") == ["远小区离最近的服务阵地 3.34 公里，超过步行半小时。"]


def test_floating_members_are_counted_by_branch(book: Make) -> None:
    rows = [["姓名", "所在党支部", "流动时间", "流动党员活动证号", "是否失联党员"],
            ["甲某", "一支部", "2024-12", "A1", "否"], ["乙某", "一支部", "2024-11", "", "否"],
            ["丙某", "一支部", "2025-06", "", "是"]]  # fmt: skip
    network = read(book, {"流动党员": rows, "党组织": [["党组织名称", "组织类别"], ["一支部", "党支部"]]})
    assert messages(network, "E5") == [
        "一支部有 1 名流动党员外出已超过 6 个月，应转接组织关系或说明原因。",
        "一支部有 1 名流动党员没有登记活动证。",
    ]


def test_pairs_by_round_are_ties_of_their_own(book: Make) -> None:
    network = read(book, {
        "结对清单": [["社区党组织", "共建单位", "结对批次"], ["甲社区党委", "区税务局", "首批"], ["甲社区党委", "红旗厂", ""]],
        "党组织": [["党组织名称", "所属社区"], ["甲社区党委", "甲社区"]],
        "驻区单位": [["单位名称", "单位类型", "所属社区"], ["区税务局", "机关", "甲社区"], ["红旗厂", "非公企业", "甲社区"]],
    })  # fmt: skip
    ties = network.ties[network.ties["relation"].isin(["paired_with", "co_building"])]
    assert sorted(ties["relation"]) == ["co_building", "paired_with"]
    assert pb.co_building(network)["n_agreements"].tolist() == [1, 1]  # a pair is an agreement too


def test_street_as_one_subject(book: Make) -> None:
    places = [["社区名称", "社区党组织", "人口"], ["甲社区", "甲社区党委", 30000], ["乙社区", "乙社区党委", 29999]]
    leaders = [["任职所在组织", "姓名", "班子职务", "出生年月", "学历"],
               ["甲社区党委", "赵某", "书记", "1985-01", "大学本科"], ["乙社区党委", "钱某", "书记", "1970-01", "高中"]]  # fmt: skip
    bodies = [["机构名称", "机构类别", "正职数", "副职数", "负责人兼任职务"],
              ["望湖街道党工委", "街道党工委", 1, 2, ""], ["望湖街道办事处", "街道办事处", 1, 2, ""],
              ["望湖派出所", "派出所", 1, 1, "办事处副主任"]]  # fmt: skip
    ratings = [
        ["考核对象", "考核项目", "考核结果", "年度"],
        ["甲社区", "五个好", "达标", "2024"],
        ["乙社区", "五个好", "未达标", "2024"],
    ]
    organizations = [["党组织名称", "所属社区"], ["甲社区党委", "甲社区"], ["乙社区党委", "乙社区"]]
    network = read(book, {"社区": places, "班子": leaders, "机构": bodies, "考核": ratings, "党组织": organizations})
    assert messages(network, "B23") == ["各社区人口合计 59999 人，不足 60000 人。"]
    assert [said.split("，")[0] for said in messages(network, "B7")] == [
        "社区党组织书记 45 周岁左右（47 周岁以下）的占 50%",
        "社区党组织书记大专以上的占 50%",
    ]
    assert messages(network, "B22") == ["街道党工委登记副书记 2 名，应为 1 名。", "没有登记司法所，应一街一所。"]
    assert messages(network, "B21") == ["参评社区中达到“五个好”的占 50%，目标 60%。"]


def test_responsibility_and_visits_of_leaders(book: Make) -> None:
    rows = [
        ["领导姓名", "联系社区", "联系次数", "责任类型"],
        ["吴某", "甲社区", 2, "第一责任人"],
        ["郑某", "甲社区", 3, ""],
    ]
    network = read(book, {"联系点": rows, "社区": [["社区名称", "户数"], ["甲社区", 900]]})
    assert messages(network, "D9") == ["联系甲社区的领导有 1 名走访不足 3 次。"]
    assert messages(network, "D10") == ["甲社区没有登记直接责任人。"]


def test_chains_of_superiors(book: Make) -> None:
    rows = [["党组织名称", "组织类别", "上级党组织", "所属社区"],
            ["望湖街道党工委", "党工委", "", ""], ["甲社区党委", "党委", "望湖街道党工委", "甲社区"],
            ["一支部", "党支部", "甲社区党委", "甲社区"], ["二支部", "党支部", "一支部", "甲社区"],
            ["三支部", "党支部", "市国资委党委", "甲社区"],
            ["东党总支", "党总支", "西党总支", "甲社区"], ["西党总支", "党总支", "东党总支", "甲社区"]]  # fmt: skip
    tree = pb.subordination(read(book, {"党组织": rows})).set_index("organization")
    assert tree["depth"].astype(object).where(tree["depth"].notna(), None).to_dict() == {
        "望湖街道党工委": 0, "甲社区党委": 1, "一支部": 2, "二支部": 3, "三支部": 1, "东党总支": None, "西党总支": None,
    }  # fmt: skip
    assert tree.index[tree["is_in_cycle"]].tolist() == ["东党总支", "西党总支"]
    assert tree.index[~tree["is_legal"].fillna(value=True)].tolist() == ["东党总支", "二支部", "西党总支"]
    assert tree["reaches_street"].to_dict()["一支部"] and not tree["reaches_street"].to_dict()["三支部"]


def test_two_failing_years_are_counted(book: Make) -> None:
    rows = [["考核对象", "考核项目", "考核结果", "年度", "所属社区"],
            ["张某", "述职", "不称职", "2023", "甲社区"], ["张某", "述职", "不称职", "2024", "甲社区"],
            ["李某", "述职", "不称职", "2022", "甲社区"], ["李某", "述职", "不称职", "2024", "甲社区"]]  # fmt: skip
    network = read(book, {"考核": rows, "社区": [["社区名称", "户数"], ["甲社区", 900]]})
    assert messages(network, "B14") == ["甲社区有 1 个评定对象连续两年不称职或未达标，请按规定处理。"]


def test_flows_of_registered_members(book: Make) -> None:
    rows = [["姓名", "性别", "工作单位", "报到社区", "撤销时间"], ["甲某", "男", "红旗厂", "甲社区", ""],
            ["乙某", "女", "红旗厂", "甲社区", "2025-01"], ["丙某", "女", "红旗厂", "乙社区", ""]]  # fmt: skip
    units = [["单位名称", "所属社区"], ["红旗厂", "甲社区"]]
    flows = pb.registration_flows(read(book, {"双报到": rows, "驻区单位": units}))
    assert flows[["unit", "community", "n_registered", "n_active"]].to_numpy().tolist() == [
        ["红旗厂", "乙社区", 1, 1], ["红旗厂", "甲社区", 2, 1],
    ]  # fmt: skip


@pytest.mark.parametrize(("header", "cell", "yuan"), [
    ("工作经费", 150000, 150000.0), ("工作经费（万元）", 15, 150000.0), ("工作经费（万元）", "15", 150000.0),
    ("工作经费", "15万元", 150000.0), ("工作经费（元）", "150,000", 150000.0), ("工作经费（万元）", "149999元", 149999.0),
])  # fmt: skip
def test_money_in_ten_thousands(book: Make, header: str, cell: object, yuan: float) -> None:
    network = read(book, {"社区": [["社区名称", header], ["甲社区", cell]]})
    assert network.communities["funds_running"].tolist() == [yuan]
    said = messages(network, "F6")  # which of the three tiers it is of nobody says: asked from the least on
    assert ["看不出够不够标准" in line for line in said] == ([True] if yuan >= 150000 else [False]), said


def test_a_small_community_is_part_of_a_large_one(book: Make) -> None:
    network = read(book, {"社区": [["社区名称", "所属大社区"], ["平庄社区", "礼仪社区"], ["礼仪社区", ""]]})
    names = network.names()
    ties = network.ties[network.ties["relation"] == "part_of"]
    assert [(names[s], names[t]) for s, t in zip(ties["source_id"], ties["target_id"], strict=True)] == [
        ("平庄社区", "礼仪社区")
    ]


def test_meetings_that_a_branch_owes(book: Make) -> None:
    held = [
        ("党员大会", "2025-05"),
        ("党课", "2025-03"),
        ("主题党日", "2025-04"),
        ("组织生活会", "2025-01"),
        ("民主评议", "2025-01"),
    ]
    rows = [
        ["会议名称", "会议类别", "会议时间", "主办党组织", "议题"],
        *([kind, kind, day, "一支部", "学习"] for kind, day in held),
    ]
    network = read(
        book, {"三会一课": rows, "党组织": [["党组织名称", "组织类别"], ["一支部", "党支部"], ["二支部", "党支部"]]}
    )
    assert messages(network, "E10") == ["一支部有 1 项组织生活到期没有记录：主题党日。"]
    assert messages(network, "A13") == ["二支部最近 3 个月没有活动记录。"]


def test_what_is_only_counted_of_a_person_leaves_with_no_edition(book: Make) -> None:
    rows = [["姓名", "所属社区", "岗位", "月报酬", "培训天数"], ["郑某", "甲社区", "居委会主任", 1400, 6]]
    network = read(book, {"社区工作者": rows, "社区": [["社区名称", "户数"], ["甲社区", 900]]})
    assert network.members["pay"].tolist() == [1400.0]
    assert messages(network, "F7") == ["甲社区有 1 名两委成员的月报酬低于标准。"]
    assert messages(network, "B11") == ["甲社区有 1 名正职年度培训不足 7 天。"]
    for edition in ("internal", "meeting", "public"):
        assert not {"pay", "training_days"} & set(network.edition(edition).members)


def test_rows_that_contradict_each_other_are_both_named(book: Make) -> None:
    organizations = [["党组织名称", "组织类别", "书记", "上级党组织"],
                     ["一支部", "党支部", "赵一", "甲党委"], ["红旗支部", "党支部", "钱二", "甲党委"], ["红旗支部", "党支部", "钱二", "乙党委"],
                     ["甲党委", "党委", "", ""], ["乙党委", "党委", "", ""]]  # fmt: skip
    leaders = [
        ["任职所在组织", "姓名", "班子职务"],
        ["一支部", "孙三", "书记"],
        ["一支部", "赵一", "书记"],
        ["红旗支部", "钱二", "书记"],
    ]
    members = [
        ["姓名", "所在党支部", "性别", "入党时间"],
        ["赵一", "一支部", "男", "2001"],
        ["钱二", "红旗支部", "女", "2001"],
    ]
    network = read(book, {"党组织": organizations, "班子": leaders, "党员": members})
    found = pb.assess(network)
    two = found[(found["rule_id"] == "B16") & found["message"].str.contains("书记")]
    assert two["message"].tolist() == ["一支部登记了 2 名书记，应为 1 名，请核对各张名册。"]
    assert {"名册.xlsx|党组织|2", "名册.xlsx|班子|2", "名册.xlsx|班子|3"} <= set(two["source"].iloc[0].split("\n"))
    above = found[(found["rule_id"] == "A20")]
    assert above["message"].tolist() == ["红旗支部登记了 2 个上级党组织，应只有一个。"]
    assert {"名册.xlsx|党组织|3", "名册.xlsx|党组织|4"} <= set(above["source"].iloc[0].split("\n"))


def test_who_takes_part_and_who_has_been_away(book: Make) -> None:
    units = [["单位名称", "所属社区"], ["甲厂", "东社区"], ["乙厂", "东社区"], ["丙厂", "东社区"]]
    meetings = [["会议名称", "会议类别", "会议时间", "所属社区", "参会单位"],
                ["联席会", "党建联席会", "2024-03", "东社区", "甲厂、乙厂"], ["联席会", "党建联席会", "2025-06-01", "东社区", "甲厂"],
                ["联席会", "党建联席会", "2025-09", "东社区", "乙厂"]]  # fmt: skip
    rows = pb.attendance(read(book, {"驻区单位": units, "会议": meetings}))
    assert rows[["body", "n_attended", "n_attended_year", "last_on", "n_months_since"]].to_numpy().tolist() == [
        ["乙厂", 1, 0, "2024-03", 15], ["甲厂", 2, 1, "2025-06-01", 0],
    ]  # fmt: skip


def test_the_steps_of_appointment(book: Make) -> None:
    seats = [
        ["大党委名称", "姓名", "大党委职务", "批复文号"],
        ["甲社区大党委", "赵一", "书记", "望工委〔2024〕1号"],
        ["甲社区大党委", "钱二", "委员", ""],
    ]
    rows = pb.appointments(read(book, {"大党委一览": MORE["大党委一览"], "党组织": MORE["党组织"], "成员名单": seats}))
    assert rows.drop(columns=["committee_id", "source"]).to_numpy().tolist() == [
        ["甲社区大党委", "望湖街道党工委", "2024-01", "2024-02-01", "2024-03", "望工委〔2024〕1号", 2, 1],
    ]
