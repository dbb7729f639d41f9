"""The source documents: every quotation stands in its document, and their own facts come out of small workbooks."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pbgraph as pb
from pbgraph.policy import Rule, read_policy
from pbgraph.text import simplified

Make = Callable[..., Path]
HERE = Path(__file__).parent
_READING = re.compile(r"[(（][a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]+[)）]")  # pinyin inside the text: 進(jìn)
PROFILES = ("national", "fuyang", "shenyang", "qijiazhuang", "youjiang", "xinpu", "loudi", "xincun13", "erdao")
EVERY = {rule.rule_id: rule for name in PROFILES for rule in read_policy(profile=name).rules.values()}
QUOTED = [rule for rule in EVERY.values() if rule.source.sure in {"seed", "ours"}]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", simplified(_READING.sub("", unicodedata.normalize("NFKC", text))))


def test_every_rule_of_the_domain_is_there() -> None:
    counts = {"A": 20, "B": 26, "C": 25, "D": 13, "E": 12, "F": 20}
    assert sorted(EVERY) == sorted(f"{family}{n + 1}" for family, count in counts.items() for n in range(count))
    assert len(QUOTED) > 60


@pytest.mark.parametrize("rule", QUOTED, ids=lambda rule: rule.rule_id)
def test_the_words_of_a_clause_stand_in_its_document(rule: Rule) -> None:
    document = (HERE / "sources" / f"{rule.source.seed[:2]}.txt").read_text("utf-8")
    words = rule.source.quotation
    assert len(words) >= 9
    assert plain(words) in plain(document)


@cache
def judged(path: Path, profile: str) -> tuple[pd.DataFrame, set[str]]:
    """The findings of a file and the rules that could not run, once for all rules that a test asks about."""
    network = pb.read(path, as_of="2025-06-30", profile=profile)
    return pb.assess(network), set(pb.not_run(network)["rule_id"])


def findings(path: Path, profile: str, rule_id: str) -> list[str]:
    found, unready = judged(path, profile)
    said: list[str] = found.loc[found["rule_id"] == rule_id, "message"].tolist()
    assert said or rule_id not in unready  # silent because all is well, not because it was not run
    return said


# 二道区 [S2(f)]: 34 communities; 65 secretaries and deputies, of whom 54 were sent = 28 secretaries + 26 deputies;
# in 27 communities one person heads both; 34 graduates. 34 secretaries leave 31 deputies.
N = 34
NAMES = [f"第{n}社区" for n in range(1, N + 1)]


@pytest.fixture(scope="module")
def erdao(tmp_path_factory: pytest.TempPathFactory) -> pb.Network:
    from conftest import write_book

    communities = [["社区名称", "所属街道", "社区党组织", "书记", "居委会主任"]]
    communities += [
        [name, f"{n % 6 + 1}街道", f"{name}党委", f"书{n:02}", f"书{n:02}" if n < 27 else f"主{n:02}"]
        for n, name in enumerate(NAMES)
    ]
    leaders = [["任职所在组织", "姓名", "班子职务", "人员来源", "所属社区"]]
    leaders += [[f"{c}党委", f"书{n:02}", "书记", "街道下派" if n < 28 else "", c] for n, c in enumerate(NAMES)]
    leaders += [[f"{c}党委", f"副{n:02}", "副书记", "街道下派" if n < 26 else "", c] for n, c in enumerate(NAMES[:31])]
    staff = [
        ["姓名", "所属社区", "岗位", "是否高校毕业生"],
        *([f"大{n:02}", c, "党务", "是"] for n, c in enumerate(NAMES)),
    ]
    organizations = [["党组织名称", "组织类别", "所属社区"], *([f"{c}党委", "党委", c] for c in NAMES)]
    sheets = {"社区基本情况": communities, "领导班子": leaders, "社区工作者": staff, "党组织": organizations}
    path = tmp_path_factory.mktemp("erdao") / "二道区.xlsx"
    return pb.read(write_book(path, sheets), as_of="2025-06-30", profile="erdao")


def test_erdao_counts_its_secretaries_and_who_was_sent(erdao: pb.Network) -> None:
    team = pb.leadership(erdao)
    assert (len(team), int(team["n_secretaries"].sum()), int(team["n_deputies"].sum())) == (34, 34, 31)
    sent = erdao.ties[erdao.ties["relation"] == "seconded_to"]["source_id"]
    posts = erdao.ties[(erdao.ties["relation"] == "holds_post") & erdao.ties["source_id"].isin(sent)]
    assert posts["post"].value_counts().to_dict() == {"secretary": 28, "deputy_secretary": 26}
    assert erdao.communities["street"].nunique() == 6


def test_erdao_has_one_head_in_27_communities_and_a_graduate_in_each(erdao: pb.Network) -> None:
    rates = pb.coverage_rates(erdao).set_index(["rate", "community"])
    assert rates.loc[("same_person", ""), ["n_counted", "n_subjects"]].tolist() == [27, 34]
    found = pb.assess(erdao)["rule_id"].value_counts()
    assert found["B2"] == 7
    assert "B13" not in found and "B13" not in set(pb.not_run(erdao)["rule_id"])


def test_the_2663_bodies_of_a_city(book: Make) -> None:
    # S4: 2,663 bodies in communities = 2,575 of the two new kinds + 67 institutions + 21 schools
    kinds = [("非公企业", 2000), ("社会组织", 575), ("事业单位", 67), ("学校", 21)]
    rows = [["单位名称", "单位类型", "所属社区"]]
    rows += [[f"{kind}{number}号", kind, "甲社区"] for kind, count in kinds for number in range(count)]
    network = pb.read(book({"驻区单位台账": rows}), as_of="2025-06-30")
    table = pb.annual_table(network).set_index("group")["n_units"]
    assert table.to_dict() == {"institution": 67, "school": 21, "private_firm": 2000, "social_organization": 575}
    assert int(table.sum()) == 2663
    assert int(table[["private_firm", "social_organization"]].sum()) == 2575


def garden(book: Make, *, astray: bool) -> Path:
    """平庄花园 [S2(a)]: 27 buildings in 4 grids with staff each, 5 groups; `astray` leaves one building out."""
    grids = [["网格名称", "所属社区", "网格员"], *([f"第{n}网格", "礼仪社区", f"员{n}"] for n in range(1, 5))]
    buildings = [["楼栋", "所属社区", "所属网格"]]
    buildings += [[f"{n}号楼", "礼仪社区", f"第{(n - 1) % 4 + 1}网格"] for n in range(1, 28)]
    if astray:
        buildings[-1][2] = ""
    groups = [["党组织名称", "组织类别", "所属社区", "所属网格"]]
    groups += [[f"平庄花园第{n}党小组", "党小组", "礼仪社区", f"第{(n - 1) % 4 + 1}网格"] for n in range(1, 6)]
    return book({"网格台账": grids, "楼栋台账": buildings, "党组织": groups})


def test_the_garden_of_27_buildings_in_4_grids(book: Make) -> None:
    path = garden(book, astray=False)
    network = pb.read(path, profile="xinpu")
    assert network.grids["type"].value_counts().to_dict() == {"building": 27, "grid": 4}
    within = network.ties[(network.ties["relation"] == "part_of") & network.ties["target_id"].str.startswith("grid:")]
    assert sorted(within["target_id"].value_counts()) == [6, 7, 7, 7]
    assert len(network.organizations) == 5
    assert findings(path, "xinpu", "F3") == []
    assert findings(path, "xinpu", "F2") == []


def test_a_building_whose_grid_is_not_stated_is_asked_about(book: Make) -> None:
    said = "27号楼归入哪个网格没有写明，或写的网格不在名册里，请核对。"
    assert findings(garden(book, astray=True), "xinpu", "F3") == [said]


def committee(book: Make, *, posts: list[str], jobs: list[str] | None = None, name: str = "七塘社区联合党委") -> Path:
    rows: list[list[Any]] = [["大党委名称", "姓名", "大党委职务", "单位职务"]]
    jobs = jobs or ["社区书记"] * len(posts)
    rows += [[name, f"员{n:02}", post, jobs[n]] for n, post in enumerate(posts)]
    return book({"大党委成员名单": rows, "社区": [["社区名称", "大党委名称"], ["七塘社区", name]]})


@pytest.mark.parametrize(("n", "message"), [
    (14, ["七塘社区联合党委有成员 14 名，应为 15 至 17 名。"]), (15, []), (17, []),
    (18, ["七塘社区联合党委有成员 18 名，应为 15 至 17 名。"]),
])  # fmt: skip
def test_youjiang_has_15_to_17_with_one_secretary_and_five_deputies(book: Make, n: int, message: list[str]) -> None:
    posts = ["书记"] + ["副书记"] * 5 + ["委员"] * (n - 6)
    jobs = ["龙景街道党工委副书记", *["单位负责人"] * (n - 1)]
    path = committee(book, posts=posts, jobs=jobs)
    assert findings(path, "youjiang", "C15") == message
    assert findings(path, "youjiang", "C5") == []


@pytest.mark.parametrize(("posts", "message"), [
    (["书记", "专职副书记", "兼职副书记"], []),
    (["书记", "专职副书记", "兼职副书记", "兼职副书记"], []),
    (["书记", "专职副书记"], ["七塘社区大党委有副书记 1 名，应为 2 至 3 名。"]),
    (["书记", "专职副书记", "专职副书记"], ["七塘社区大党委有专职副书记 2 名，应为 1 名。"]),
])  # fmt: skip
def test_qijiazhuang_has_two_or_three_deputies_one_full_time(book: Make, posts: list[str], message: list[str]) -> None:
    path = committee(book, posts=posts, name="七塘社区大党委")
    assert findings(path, "qijiazhuang", "C6") == message
    assert findings(path, "qijiazhuang", "C5") == []


def loudi(book: Make, n_party: int, n_residents: int, n_both: int) -> Path:
    leaders = [["任职所在组织", "姓名", "班子职务", "是否兼任居委会委员"]]
    leaders += [
        ["甲社区党支部", f"党{n}", "书记" if n == 0 else "委员", "是" if n < n_both else "否"] for n in range(n_party)
    ]
    staff = [["姓名", "所属社区", "岗位"], *([f"居{n}", "甲社区", "居委会委员"] for n in range(n_residents))]
    places = [["社区名称", "社区党组织"], ["甲社区", "甲社区党支部"]]
    organizations = [["党组织名称", "所属社区"], ["甲社区党支部", "甲社区"]]
    return book({"班子": leaders, "社区工作者": staff, "社区": places, "党组织": organizations})


@pytest.mark.parametrize(("sizes", "message"), [
    ((5, 5, 3), []),  # 5 + 5 in at most 7: at least three sit on both
    ((5, 5, 2), ["甲社区两委成员合计 8 人，应为 5 至 7 人。"]),
    ((2, 4, 1), ["甲社区党组织班子在册 2 人，一般 3 至 5 人。"]),
    ((3, 3, 1), []),
    ((3, 6, 2), ["甲社区居委会在册 6 人，一般 3 至 5 人。"]),
    ((3, 3, 2), ["甲社区两委成员合计 4 人，应为 5 至 7 人。"]),
])  # fmt: skip
def test_loudi_has_three_to_five_three_to_five_and_five_to_seven(
    book: Make, sizes: tuple[int, int, int], message: list[str]
) -> None:
    assert findings(loudi(book, *sizes), "loudi", "B1") == message


def test_a_new_type_community_has_one_plus_three(book: Make) -> None:
    places = [["社区名称", "社区类型"], ["新村社区", "新型社区"], ["老城社区", "老旧小区"]]
    names = ["新村社区党总支", "新村社区服务中心党支部", "新村社区经济发展合作社党支部", "新村社区路段党支部"]
    organizations = [
        ["党组织名称", "所属社区", "上级党组织"],
        *([name, "新村社区", names[0] if name != names[0] else ""] for name in names),
    ]
    whole = book({"社区": places, "党组织": organizations})
    assert findings(whole, "xincun13", "F12") == []
    tree = pb.subordination(pb.read(whole)).set_index("organization")
    assert tree["depth"].tolist() == [0, 1, 1, 1] or sorted(tree["depth"]) == [0, 1, 1, 1]
    assert tree["is_legal"].dropna().all()
    single = book({"社区": places, "党组织": organizations[:-1]}, "一村.xlsx")
    assert findings(single, "xincun13", "F12") == []  # of one village, no branch of a road section is due
    another = ["新村社区东村经济发展合作社党支部", "新村社区", names[0]]
    lacking = book({"社区": places, "党组织": [*organizations[:-1], another]}, "缺.xlsx")
    assert findings(lacking, "xincun13", "F12") == ["新村社区由 2 个村合并，还没有路段党支部。"]
