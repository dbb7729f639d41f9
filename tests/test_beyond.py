"""What the source documents hold beyond the 65 systems, as small sheets in an office's words: loaded, judged, told in the docs."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import write_book

import pbgraph as pb
from pbgraph import schema
from pbgraph.policy import read_policy
from pbgraph.rendering.facts import gather
from pbgraph.rendering.listed_tables import listed_tables
from pbgraph.rendering.look import Look

Make = Callable[..., Path]
BEYOND = tomllib.loads((Path(__file__).parent / "systems" / "beyond.toml").read_text("utf-8"))
PLACES = [["社区名称", "社区党组织"], ["清泉社区", "清泉社区党总支"], ["明月社区", "明月社区党总支"]]
ROOMS = ["党群活动室", "调解室", "警务室", "计划生育服务室", "慈善超市", "社区办公室", "服务大厅"]
SHEETS: dict[str, tuple[list[list[Any]], str, list[str]]] = {
    "部门派出机构": (
        [
            ["派出机构", "派出部门", "负责人", "街道协调权", "街道监督权", "人事任免建议权"],
            ["望江公安派出所", "区公安分局", "张三", "有", "有", "有"],
            ["望江工商所", "区工商局", "李四", "有", "无", "无"],
            ["望江城管执法中队", "区城管局", "王五", "有", "", ""],
        ],
        "C22",
        ["台账写明街道对望江工商所没有人事建议权，应予落实。", "台账写明街道对望江工商所没有监督权，应予落实。"],
    ),
    "街办企业市场清理": (
        [
            ["企业（市场）名称", "主办单位", "是否脱离"],
            ["望江劳动服务公司", "望江街道办事处", "否"],
            ["望江农贸市场", "望江街道办事处", "是"],
            ["红旗商店", "供销社", ""],
        ],
        "B26",
        ["望江劳动服务公司登记的主办单位是街道，按规定街道不得开办企业、市场，应清理并逐步脱离。"],
    ),
    "社区工作者社会保险": (
        [
            ["所在社区", "姓名", "岗位", "养老保险", "医疗保险", "失业保险", "工伤保险", "生育保险", "住房公积金"],
            ["清泉社区", "张三", "书记", "是", "是", "是", "是", "是", "否"],
            ["明月社区", "李四", "委员", "是", "否", "是", "是", "是", "是"],
            ["明月社区", "王五", "委员", "", "", "", "", "", ""],
        ],
        "B25",
        ["明月社区有 1 名工作者没有参加全部社会保险。"],
    ),
    "社区功能室": (
        [
            ["社区", "功能室", "面积（㎡）", "是否建成"],
            *([["清泉社区", room, 30, "是"] for room in ROOMS]),
            *([["明月社区", room, 30, "否" if room == "慈善超市" else "是"] for room in ROOMS]),
        ],
        "F15",
        ["明月社区登记的功能室有 5 种，应有 6 种，缺慈善超市。"],
    ),
    "社区制度建设": (
        [
            ["社区", "制度名称", "建立时间", "是否上墙"],
            ["清泉社区", "社区党组织工作规则", "2024-01", "是"],
            ["清泉社区", "决策议事规则", "2024-01", "是"],
            ["明月社区", "决策议事规则", "", "否"],
        ],
        "F16",
        ["明月社区的制度台账缺工作规则。"],
    ),
    "三务公开": (
        [
            ["社区", "公开类别", "公开内容", "公开时间"],
            ["清泉社区", "党务公开", "党员发展", "2026-04-01"],
            ["清泉社区", "居务公开", "低保名单", "2026-05-01"],
            ["清泉社区", "财务公开", "一季度收支", "2026-04-10"],
            ["明月社区", "党务公开", "党费收缴", "2026-04-01"],
            ["明月社区", "财务", "一季度收支", "2026-04-10"],
        ],
        "F17",
        ["明月社区的公开台账有 2 类，应有 3 类，缺居务公开。"],
    ),
    "社区公共服务目录": (
        [
            ["社区", "服务事项", "服务类别", "收费方式", "服务对象"],
            ["清泉社区", "居家养老", "养老服务", "无偿", "老年人"],
            ["清泉社区", "家电维修", "便民服务", "有偿", "居民"],
            ["明月社区", "托管班", "四点半学校", "有偿", "儿童"],
            ["明月社区", "健身房", "文体服务", "有偿", "居民"],
            ["明月社区", "理发", "便民服务", "低偿", "老年人"],
        ],
        "F18",
        ["明月社区有偿服务 2 项，多于无偿、低偿服务的 1 项。"],
    ),
    "社区社会组织备案": (
        [
            ["社会组织名称", "所在社区", "是否备案", "备案时间"],
            ["夕阳红艺术团", "清泉社区", "是", "2025-03"],
            ["邻里帮互助会", "明月社区", "否", ""],
            ["爱心车队", "明月社区", "", ""],
        ],
        "F19",
        ["明月社区有 1 个社会组织写明没有备案。"],
    ),
}


def read(book: Make, name: str, sheets: dict[str, list[list[Any]]], profile: str = "national") -> pb.Network:
    return pb.read(book({"社区": PLACES, **sheets}, f"{name}.xlsx"), as_of="2026-06-30", profile=profile)


def said(network: pb.Network, rule: str) -> list[str]:
    found = pb.assess(network)
    assert rule not in set(pb.not_run(network)["rule_id"])
    return sorted(found.loc[found["rule_id"] == rule, "message"])


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_beyond_the_65_is_loaded_and_judged(book: Make, name: str) -> None:
    rows, rule, expected = SHEETS[name]
    network = read(book, "台账", {name: rows})
    ledger = network.ledger.set_index("sheet").loc[name]
    assert (ledger["n_used"], ledger["n_set_aside"]) == (len(rows) - 1, 0)
    assert not set(network.findings["code"]) & {"header-unknown", "row-unreached", "sheet-unknown", "table-unknown"}
    assert said(network, rule) == expected


@pytest.mark.parametrize(("came", "expected"), [
    (5, ["清泉社区大党委有 1 名委员出席不足应到次数的 50%。"]), (6, []), (7, []),
])  # fmt: skip
def test_a_member_of_the_committee_comes_half_the_times(book: Make, came: int, expected: list[str]) -> None:
    rows = [
        ["大党委", "委员姓名", "所在单位", "应到次数", "实到次数", "测评等次"],
        ["清泉社区大党委", "张三", "红旗厂", 12, 12, "优秀"],
        ["清泉社区大党委", "李四", "市二院", 12, came, "合格"],
    ]
    lists = {
        "大党委一览": [["大党委名称", "隶属党工委"], ["清泉社区大党委", "望江街道党工委"]],
        "大党委委员考核表": rows,
    }
    assert said(read(book, "考核", lists), "C23") == expected


def test_the_four_rules_of_the_committee_are_qijiazhuangs(book: Make) -> None:
    names = ["社区党委工作职责", "社区“大党委”会议制度", "社区重要问题审议决策制度", "民主监督制度"]
    rows = [["社区", "制度名称"], *(["清泉社区", name] for name in names), *(["明月社区", name] for name in names[1:])]
    network = read(book, "制度", {"规章制度": rows}, "qijiazhuang")
    assert said(network, "C24") == ["明月社区的大党委制度有 3 项，应有 4 项，缺工作职责。"]
    assert "C24" not in read_policy().rules


def test_what_a_community_has_is_a_table_of_the_report_and_no_rating(book: Make) -> None:
    names = ("社区功能室", "社区制度建设", "三务公开", "社区公共服务目录")
    network = read(book, "台账", {name: SHEETS[name][0] for name in names})
    facts = gather(pb.Study(network), look=Look(edition="internal"))
    tables = {table.key: table.rows for table in listed_tables(facts)}
    assert "ratings" not in tables and "resources" not in tables
    kinds = pd.Series([row[0] for row in tables["inventory"]]).value_counts().to_dict()
    assert kinds == {"功能室": 14, "制度": 3, "公开": 5, "服务": 5}
    assert ("服务", "托管班", "明月社区", "", "有偿") in {row[:5] for row in tables["inventory"]}
    assert not pb.matches(network).shape[0]


def test_a_leading_group_and_a_stationed_body_are_bodies_with_their_people(book: Make) -> None:
    rows = [["领导小组名称", "组长", "成员单位"], ["江城县社区建设工作领导小组", "张三", "县民政局"]]
    network = read(book, "小组", {"社区建设工作领导小组": rows, "部门派出机构": SHEETS["部门派出机构"][0]})
    kinds = network.bodies.set_index("name")["body_type"].to_dict()
    assert kinds["江城县社区建设工作领导小组"] == "leading_group" and kinds["望江公安派出所"] == "police_station"
    assert kinds["望江工商所"] == kinds["望江城管执法中队"] == "station"
    ties, names = network.ties, network.names()
    sent = ties[ties["relation"] == "registered_by"]
    assert {names[body]: names[unit] for body, unit in zip(sent["source_id"], sent["target_id"], strict=True)} == {
        "望江公安派出所": "区公安分局", "望江工商所": "区工商局", "望江城管执法中队": "区城管局",
    }  # fmt: skip
    assert "attends" in set(ties["relation"]) and "concurrent_post" in set(ties["relation"])


def test_what_is_blank_is_asked_of_nobody(book: Make) -> None:
    rows = [["社会组织名称", "所在社区", "备案时间"], ["夕阳红艺术团", "清泉社区", "2025-03"]]
    network = read(book, "备案", {"社区社会组织": rows})
    lacking = dict(pb.not_run(network).itertuples(index=False, name=None))
    assert lacking["F19"] == "n_unfiled"
    priced = [["社区", "服务事项"], ["清泉社区", "居家养老"]]
    network = read(book, "目录", {"服务目录": priced})
    assert dict(pb.partly_run(network).to_numpy().tolist())["F18"] == "n_paid_services, n_free_services"
    assert said(network, "F18") == ["服务目录里没有明月社区的服务事项。"]


def test_the_page_tells_what_is_beyond_the_65() -> None:
    page = (Path(__file__).parent.parent / "docs" / "systems.md").read_text("utf-8")
    rules = {rule for profile in ("national", "qijiazhuang") for rule in read_policy(profile=profile).rules}
    told = pd.DataFrame(BEYOND["told"])
    assert len(told) == told["title"].nunique() > 20
    for entry in BEYOND["told"]:
        assert entry["title"] in page and entry["seed"] in page
        assert set(entry.get("rules", [])) <= rules and set(entry.get("tables", [])) <= set(schema.tables())
        assert bool(entry.get("tables")) or bool(entry.get("why"))
    shown = {rule for entry in BEYOND["told"] for rule in entry.get("rules", [])}
    assert {rule for _, rule, _ in SHEETS.values()} <= shown


def test_books_are_written(tmp_path: Path) -> None:
    path = write_book(tmp_path / "台账.xlsx", {"社区": PLACES, **{name: rows for name, (rows, _, _) in SHEETS.items()}})
    assert pb.read(path, as_of="2026-06-30").ledger["n_set_aside"].sum() == 0
