"""Further rosters: meetings, resources, bodies, ratings, funds, leaders, staff, leaders' contact points."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from conftest import OTHERS, TINY, write_book

import pbgraph as pb
from pbgraph import schema
from pbgraph.linking.records import links
from pbgraph.network import EDITIONS, Network, check_ties

FURTHER = {
    "领导班子": [
        ["任职所在组织", "姓名", "性别", "班子职务", "任职时间"],
        ["甲社区党支部", "赵一", "男", "书记", "2022"],
        ["甲社区党支部", "冯二", "女", "组织委员", "2022"],
        ["红旗厂党支部", "孙七", "男", "书记", "2021"],
    ],
    "会议": [
        ["会议名称", "会议类别", "会议时间", "主办党组织", "所属社区", "参会单位", "应到", "实到"],
        ["一季度联席会", "党建联席会", "2025-03-01", "甲社区党支部", "甲社区", "红旗厂、宏达机械厂、孙某某", 5, 4],
        ["主题党日", "主题党日", "2025-05", "红旗厂党支部", "", "", 9, 9],
    ],
    "资源清单": [["资源名称", "资源类别", "提供单位", "对接社区"], ["会议室", "场地", "红旗厂", "甲社区"]],
    "需求清单": [["需求名称", "提出人", "所属社区", "认领单位"], ["修路灯", "陈某某", "甲社区", "宏达机械厂"]],
    "议事机构": [
        ["机构名称", "机构类别", "所属社区", "成员单位"],
        ["甲社区监督委员会", "监督委员会", "甲社区", "红旗厂"],
    ],
    "群团组织": [["群团组织名称", "群团类别", "单位名称", "主席"], ["红旗厂工会", "工会", "红旗厂", "周某某"]],
    "志愿服务队": [["队伍名称", "所属社区", "是否加入联盟"], ["夕阳红队", "甲社区", "是"], ["青年队", "甲社区", "否"]],
    "社区社会组织": [["社会组织名称", "所属社区", "备案时间"], ["合唱团", "甲社区", "2020"]],
    "党建阵地": [["阵地名称", "阵地类型", "所属社区", "面积"], ["党员服务站", "服务站", "甲社区", 80]],
    "考核结果": [
        ["考核对象", "考核项目", "考核结果", "年度"],
        ["甲社区", "五个好", "达标", "2024"],
        ["赵某某", "述职", "好", "2024"],
    ],
    "经费台账": [
        ["大党委名称", "出资单位", "金额", "出资比例", "年度"],
        ["甲社区大党委", "红旗厂", 20000, "40%", "2024"],
    ],
    "单位报到": [["单位党组织名称", "报到社区", "报到时间"], ["红旗厂党支部", "甲社区", "2024-01"]],
    "联系点": [["领导姓名", "领导职务", "联系社区", "联系次数"], ["吴某某", "区委常委", "甲社区", 4]],
    "社区工作者": [["姓名", "所属社区", "岗位", "来源", "性别"], ["郑某某", "甲社区", "干事", "街道下派", "女"]],
    "后备干部": [["姓名", "所属社区", "后备岗位"], ["王某某", "甲社区", "正职"]],
    "小区台账": [["小区名称", "所属社区", "小区党支部"], ["一小区", "甲社区", "甲社区党支部"]],
    "楼栋台账": [["楼栋", "小区名称", "所属社区", "所属网格"], ["1号楼", "一小区", "甲社区", "第一网格"]],
    "流动党员": [
        ["流动党员登记表"],
        ["姓名", "所在党支部", "外出时间", "外出流向"],
        ["李某某", "甲社区党支部", "2024-06", "某市"],
    ],
    "组织变动": [
        ["变动类型", "原党组织", "现党组织名称", "变动时间"],
        ["升格", "甲社区党支部", "甲社区党支部", "2023"],
    ],
}
PERSONS = ("孙某某", "陈某某", "周某某", "赵某某", "吴某某", "郑某某", "王某某", "李某某", "冯二")


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("further") / "名册.xlsx"
    return pb.read(write_book(path, {**TINY, **FURTHER}), as_of="2025-06-30")


def pairs(network: Network, relation: str) -> list[tuple[str, str]]:
    names = network.names()
    ties = network.ties[network.ties["relation"] == relation]
    return sorted((names[s], names[t]) for s, t in zip(ties["source_id"], ties["target_id"], strict=True))


def test_every_sheet_is_read_as_its_kind(further: Network) -> None:
    ledger = further.ledger.set_index("sheet")["table"]
    assert (ledger[list(FURTHER)] != "").all()
    assert (further.ledger["n_set_aside"] == 0).all()
    check_ties(further.ties)


def test_what_the_rosters_say_are_ties(further: Network) -> None:
    assert pairs(further, "convenes") == [("甲社区党支部", "一季度联席会"), ("红旗厂党支部", "主题党日")]
    assert pairs(further, "attends") == [
        ("宏达机械厂", "一季度联席会"),
        ("红旗厂", "一季度联席会"),
        ("红旗厂", "甲社区监督委员会"),
    ]
    assert pairs(further, "provides") == [("红旗厂", "会议室")]
    assert pairs(further, "needs") == [("甲社区", "修路灯")]
    assert ("宏达机械厂", "修路灯") in pairs(further, "claims")
    assert pairs(further, "mass_body_of") == [("红旗厂工会", "红旗厂")]
    assert pairs(further, "allied_with") == [("夕阳红队", "甲社区")]
    assert pairs(further, "funds") == [("红旗厂", "甲社区大党委")]
    assert ("红旗厂党支部", "甲社区") in pairs(further, "registered_with")
    assert pairs(further, "contact_of") == [("吴某某", "甲社区")]
    assert pairs(further, "seconded_to") == [("郑某某", "甲社区")]
    assert pairs(further, "reserve_for") == [("王某某", "甲社区")]
    assert pairs(further, "floating") == [("李某某", "甲社区党支部")]
    assert ("五个好", "甲社区") in pairs(further, "concerns")
    assert ("一小区1号楼", "第一网格") in pairs(further, "part_of")
    assert ("甲社区党支部", "一小区") in pairs(further, "group_in")


def test_a_holder_known_from_the_roster_is_that_member(further: Network) -> None:
    members = further.members[further.members["is_listed"]]
    known = dict(zip(members["name"], members["member_id"], strict=True))
    posts = further.ties[further.ties["relation"] == "holds_post"]
    leading = posts[posts["source"].str.contains("领导班子")]
    assert known["孙七"] in set(leading["source_id"])
    assert set(leading["post"]) == {"secretary", "organization_member"}


def test_persons_never_become_nodes_of_other_kinds(further: Network) -> None:
    for kind in set(further.tables) - {"members", "instructors"}:
        assert not further.tables[kind]["name"].isin(PERSONS).any(), kind
    assert not further.review["name"].isin(PERSONS).any()


@pytest.mark.parametrize("edition", [name for name in EDITIONS if name != "internal"])
def test_editions_hold_no_person_of_the_further_rosters(further: Network, edition: str) -> None:
    held = further.edition(edition)
    texts = "".join(frame.astype(str).to_csv() for frame in (*held.tables.values(), held.ties))
    assert [name for name in PERSONS if name in texts] == []


def test_the_further_network_comes_back_from_its_graph_and_from_disk(further: Network, tmp_path: Path) -> None:
    again = Network.from_graph(further.graph())
    saved = Network.load(further.save(tmp_path / "saved"))
    for other in (again, saved):
        for kind, frame in further.tables.items():
            pd.testing.assert_frame_equal(other.tables[kind], frame)
        pd.testing.assert_frame_equal(other.ties, further.ties)


def test_nothing_changes_where_a_network_has_none_of_them(tiny: Network) -> None:
    assert [len(tiny.tables[kind]) for kind in links()["kinds"]] == [0, 0, 0, 0]
    assert set(OTHERS)


def test_links_name_tables_columns_and_relations_that_exist() -> None:
    raw = tomllib.loads((Path(schema.__file__).parent / "reference" / "links.toml").read_text("utf-8"))
    relations = schema.vocabulary("relation").rows
    for tie in raw["ties"]:
        assert tie["relation"] in relations
        fields = {field.key for field in schema.tables()[tie["table"]].fields}
        used = {end["column"] for end in (tie["source"], tie["target"]) if isinstance(end, dict)}
        borne = {
            tie[key] for key in ("since", "until", "post", "time_share", "category", "status", "content") if key in tie
        }
        assert used | borne | set(tie.get("where", {})) <= fields, tie
    for entry in raw["kinds"].values():
        for table, spec in entry["tables"].items():
            assert {*spec["name"], *spec["key"]} <= {field.key for field in schema.tables()[table].fields}
