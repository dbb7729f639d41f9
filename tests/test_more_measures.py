"""The annual table, reconciliation, changes, groups and members under dual management, on worlds small enough to count."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import networkx as nx
import pytest
from conftest import write_book

import pbgraph as pb
from pbgraph.analyses.annual import COUNTS
from pbgraph.rendering import document
from pbgraph.rendering.blocks import Sentences, Table
from pbgraph.rendering.facts import gather
from pbgraph.rendering.map_spec import map_spec

Make = Callable[..., Path]

# One unit of each state. 甲 own branch, 乙 and 丙 in a joint branch (丙 with three full members: due to leave), 丁 must
# establish, 戊 two full and one probationary member (few), 己 nobody but an instructor (none, instructed), 庚 nobody.
UNITS = [
    ["单位名称", "单位类型", "所属社区", "正式党员数", "预备党员数", "职工人数", "未转入组织关系党员数", "法人是否党员", "是否建立党组织", "党组织名称"],
    ["甲厂", "国有企业", "东社区", 5, 0, 120, 1, "是", "是", "甲厂党支部"],
    ["乙行", "社会组织", "东社区", 1, 0, 8, "", "否", "是", "西联合党支部"],
    ["丙行", "社会组织", "东社区", 3, 0, 9, "", "", "否", ""],
    ["丁厂", "非公企业", "东社区", 4, 0, 60, 2, "是", "是", "丁厂党支部"],
    ["戊厂", "非公企业", "西社区", 2, 1, 50, "", "", "", ""],
    ["己店", "非公企业", "西社区", 0, 0, 49, "", "", "否", ""],
    ["庚店", "非公企业", "西社区", 0, 0, 3, "", "", "", ""],
]  # fmt: skip
ORGANIZATIONS = [
    ["党组织名称", "组织类别", "所在单位", "联合支部覆盖单位", "所属社区"],
    ["甲厂党支部", "党支部", "甲厂", "", "东社区"],
    ["东联合党支部", "联合党支部", "", "乙行、丙行", "东社区"],
]
INSTRUCTORS = [["指导员姓名", "指导单位", "派出单位"], ["某某", "己店", "街道"]]


@pytest.fixture
def street(book: Make) -> pb.Network:
    return pb.read(book({"驻区单位": UNITS, "党组织": ORGANIZATIONS, "指导员": INSTRUCTORS}), as_of="2025-06-30")


def test_the_annual_table_by_kind_and_by_community(street: pb.Network) -> None:
    by_kind = pb.annual_table(street).set_index("group")
    assert by_kind.index.tolist() == ["state_firm", "private_firm", "social_organization"]
    private = by_kind.loc["private_firm"]
    expected = {
        "n_units": 4, "n_due": 1, "n_few": 1, "n_none": 2, "n_instructed": 1, "n_staff": 162, "n_members": 7,
        "n_not_transferred": 2, "n_staff_50": 2, "n_staff_100": 0, "n_member_heads": 1,
    }  # fmt: skip
    assert private[list(expected)].to_dict() == expected
    assert by_kind.loc["social_organization", ["n_joint", "n_joint_due"]].tolist() == [2, 1]
    assert by_kind.loc["state_firm", ["n_branches", "n_staff_100"]].tolist() == [1, 1]
    by_place = pb.annual_table(street, by="community").set_index("group")
    assert by_place["n_units"].to_dict() == {"东社区": 4, "西社区": 3}
    for column in COUNTS:
        assert by_place[column].sum() == by_kind[column].sum()
    with pytest.raises(ValueError, match="by must be"):
        pb.annual_table(street, by="trade")


def test_the_total_counts_people_once(book: Make, tiny: pb.Network) -> None:
    by_kind = pb.annual_table(tiny).set_index("group")["n_members"]
    # Five in the branch of 甲社区居委会, four of whom work at 宏达机械厂; four are only counted in the ledger.
    assert by_kind.to_dict() == {
        "state_firm": 3,
        "private_firm": 12,
        "social_organization": 0,
        "residents_committee": 1,
    }
    assert by_kind.sum() == 12 + 4
    units = [
        ["单位名称", "单位类型", "所属社区"],
        ["甲厂", "国有企业", "东社区"],
        ["乙行", "", "东社区"],
        ["丙行", "", "东社区"],
    ]
    members = [["姓名", "所在党支部", "工作单位"], ["张三", "甲支部", "乙行"], ["李四", "甲支部", "甲厂"]]
    orgs = [["党组织名称", "组织类别", "党组织所在单位"], ["甲支部", "党支部", "丙行"]]
    network = pb.read(book({"单位": units, "党员": members, "党组织": orgs}))
    assert pb.annual_table(network)["n_members"].tolist() == [1, 1]  # the row without a kind is last


def test_no_unit_gives_no_rows_and_the_same_columns(book: Make) -> None:
    network = pb.read(book({"党组织": ORGANIZATIONS[:2]}))
    assert pb.annual_table(network).columns.tolist() == ["group", *COUNTS]
    assert len(pb.annual_table(network)) == len(pb.reconciliation(network)) == len(pb.cohesive_groups(network)) == 0
    assert len(pb.matches(network)) == len(pb.registration_flows(network)) == len(pb.dual_managed_members(network)) == 0


def test_what_the_unit_says_and_what_the_list_says(street: pb.Network) -> None:
    rows = pb.reconciliation(street).set_index("unit")
    assert rows["state"].to_dict() == {
        "甲厂": "both", "乙行": "conflicting", "丙行": "conflicting", "丁厂": "only-unit",
        "戊厂": "neither", "己店": "neither", "庚店": "neither",
    }  # fmt: skip
    assert rows.loc["乙行", ["stated_organization", "organization"]].tolist() == ["西联合党支部", "东联合党支部"]
    assert rows.loc["庚店", "is_stated"] is not True


def test_a_list_that_knows_more_than_the_ledger(book: Make) -> None:
    units = [["单位名称", "所属社区"], ["甲厂", "东社区"]]
    network = pb.read(book({"驻区单位": units, "党组织": ORGANIZATIONS[:2]}))
    assert pb.reconciliation(network)["state"].tolist() == ["only-list"]


def test_what_became_of_each_gap(book: Make, tmp_path: Path) -> None:
    units = [[*UNITS[0], "经营状态"], *([*row, "在营"] for row in UNITS[1:])]
    units += [[name, "非公企业", "西社区", 4, 0, 30, "", "", "否", "", "在营"] for name in ("壬厂", "癸厂")]
    street = pb.read(book({"驻区单位": units, "党组织": ORGANIZATIONS, "指导员": INSTRUCTORS}), as_of="2025-06-30")
    organizations = [*ORGANIZATIONS[:1], *ORGANIZATIONS[2:]]
    organizations += [[f"{name}党支部", "党支部", name, "", "东社区"] for name in ("丁厂", "壬厂")]
    units = [row for row in units if row[0] != "庚店"]
    units = [[*row[:3], 0, *row[4:8], "", "", row[10]] if row[0] == "甲厂" else row for row in units]
    units = [[*row[:8], "是", "壬厂党支部", row[10]] if row[0] == "壬厂" else row for row in units]
    units = [[*row[:10], "注销"] if row[0] == "癸厂" else row for row in units]
    units.append(["辛厂", "非公企业", "西社区", 3, 0, 5, "", "", "", "", "在营"])
    file = write_book(tmp_path / "新.xlsx", {"驻区单位": units, "党组织": organizations})
    later = pb.read(file, as_of="2025-12-31")
    rows = pb.gap_changes(later, earlier=street)
    found = rows[["unit", "before", "after", "change"]]
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == [
        ["壬厂", "must-establish", "own", "solved"],
        ["甲厂", "own", "blank", "new"],
        ["己店", "work", "blank", "new"],
        ["丁厂", "must-establish", "own", "moved"],  # its row named an organization that no list had: no certain gap
        ["辛厂", None, "must-establish", "arrived"],
        ["癸厂", "must-establish", None, "closed"],  # it has not been solved
        ["庚店", "blank", None, "left"],
    ]
    assert pb.gap_changes(street, earlier=street).empty
    spec = map_spec(gather(later, look=pb.Look(), earlier=street))
    scene = next(scene for scene in spec.scenes if scene["key"] == "changes")
    assert scene["title"] == "与2025年6月30日相比，已解决 1 家，新增 2 家，状态变化 1 家"
    told = {spec.nodes[int(number)]["name"]: change for number, change in spec.structure["changed"].items()}
    of_drawn = rows[~rows["unit"].isin(["庚店"])]  # it has left and is not drawn
    assert told.items() <= dict(zip(of_drawn["unit"], of_drawn["change"], strict=True)).items()
    assert {"壬厂", "甲厂", "己店", "丁厂", "辛厂"} <= told.keys()
    assert "changes" not in [scene["key"] for scene in map_spec(gather(later, look=pb.Look())).scenes]
    assert rows["source"].str.contains("xlsx").all()


def test_the_workbook_says_what_changed_and_what_the_profile_changes(street: pb.Network, tmp_path: Path) -> None:
    from pbgraph.policy import read_policy

    facts = gather(street, look=pb.Look(), policy=read_policy(profile="youjiang"), earlier=street)
    whole = document.report(facts)
    changed, rules = whole.find(Sentences, "changed"), whole.find(Table, "rules")
    assert changed and "与2025年6月30日相比，已解决 0 家，新增 0 家" in changed.lines[0]
    assert "依据：右江区联合党委做法" in whole.dated
    assert rules and rules.note == facts.policy.note["zh"]
    against = {row[0]: (row[2], row[-1]) for row in rules.rows if row[-1]}
    assert "联合党委班子成员 15 至 17 人" in against["C15"][0] and against["C15"][1] == "本依据增加"
    assert against["C19"] == ("大党委一般由 9 至 11 名委员组成。", "本依据不用")
    assert list(against) == ["C15", "C16", "C6", "C8", "C9", "C12", "C18", "C19"]
    plain = document.report(gather(street, look=pb.Look())).find(Table, "rules")
    assert plain and len(plain.headers) == len(rules.headers) - 1  # what changes nothing has no such column
    saved = pb.gap_changes(street, earlier=pb.read(facts.shown.save(tmp_path / "saved")))  # counts instead of persons
    assert saved.empty


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_groups_hold_together_better_than_chance(seed: int, book: Make) -> None:
    # Three communities of ten units that build only within themselves, and a single tie between the first two.
    graph = nx.random_regular_graph(4, 10, seed=seed)
    units = [["单位名称", "所属社区"], *([f"{c}{n}厂", f"{c}社区"] for c in "甲乙丙" for n in range(10))]
    organizations = [
        ["党组织名称", "所在单位", "所属社区"],
        *([f"{c}{n}厂党支部", f"{c}{n}厂", f"{c}社区"] for c in "甲乙丙" for n in range(10)),
    ]
    ties = [["社区党组织", "共建单位"], *([f"{c}{a}厂党支部", f"{c}{b}厂"] for c in "甲乙丙" for a, b in graph.edges)]
    ties.append(["甲0厂党支部", "乙0厂"])
    network = pb.read(book({"驻区单位": units, "党组织": organizations, "共建协议": ties}))
    groups = pb.cohesive_groups(network)
    assert len(groups) == 60
    mixed = groups.groupby("group")["community"].nunique()
    assert (mixed == 1).all()
    again = pb.cohesive_groups(network)
    assert again.equals(groups)


def test_members_under_dual_management(book: Make) -> None:
    organizations = [
        ["党组织名称", "组织类别", "上级党组织", "所属社区"],
        ["一支部", "党支部", "市国资委党委", "甲社区"],
        ["二支部", "党支部", "", "甲社区"],
    ]
    members = [["姓名", "所在党支部", "人员类别"], ["甲某", "一支部", "正式党员"], ["乙某", "一支部", "预备党员"]]
    taking = [
        ["大党委名称", "成员单位", "管理关系", "覆盖社区"],
        ["甲社区大党委", "一支部", "双重管理", "甲社区"],
        ["甲社区大党委", "二支部", "双重管理", "甲社区"],
    ]
    network = pb.read(book({"党组织": organizations, "党员": members, "成员单位": taking}))
    rows = pb.dual_managed_members(network)[["committee", "organization", "n_full", "n_members"]]
    assert rows.astype(object).where(rows.notna(), None).to_numpy().tolist() == [
        ["甲社区大党委", "一支部", 1, 2], ["甲社区大党委", "二支部", None, None],
    ]  # fmt: skip


def test_a_code_that_looks_like_a_phone_number_stops_nothing(book: Make, tmp_path: Path) -> None:
    organizations = [["党组织名称", "组织类别", "党组织代码"], ["一支部", "党支部", "13010200101"]]
    network = pb.read(book({"党组织": organizations}), as_of="2025-06-30")
    assert pb.write_pack(network, tmp_path / "out").is_dir()


def test_a_name_in_another_column_stops_no_pack_and_is_masked(book: Make, tmp_path: Path) -> None:
    members = [["姓名", "所在党支部"], ["卡那里", "一支部"]]
    organizations = [["党组织名称", "组织类别", "评定等次"], ["一支部", "党支部", "书记 卡那里"]]
    network = pb.read(book({"党员": members, "党组织": organizations}), as_of="2025-06-30")
    folder = pb.write_pack(network, tmp_path / "out")
    assert pb.Network.load(folder / "网络数据").organizations["rating"].dropna().tolist() == ["书记 卡**"]
    assert network.edition("internal").organizations["rating"].dropna().tolist() == ["书记 卡那里"]


def test_every_figure_is_drawn_in_both_languages_and_from_nothing(street: pb.Network, book: Make) -> None:
    nothing = pb.read(book({"网格": [["网格名称", "户数"], ["一网格", 200]]}, "空.xlsx"), as_of="2025-06-30")
    plots = (
        pb.plot_coverage,
        pb.plot_co_building,
        pb.plot_management,
        pb.plot_seats,
        pb.plot_sizes,
        pb.plot_meetings,
        pb.plot_crossing,
    )
    for plot in plots:
        for network in (street, nothing):
            for lang in ("zh", "en"):
                figure = plot(network, look=pb.Look(lang=lang))
                assert figure.axes and figure.get_size_inches()[0] == 9


def test_the_poster_is_the_same_bytes_and_refuses_other_suffixes(street: pb.Network, tmp_path: Path) -> None:
    for suffix in ("pdf", "svg", "png"):
        first, second = (pb.draw_poster(street, tmp_path / f"{n}.{suffix}").read_bytes() for n in "ab")
        assert first == second and len(first) > 10_000
    with pytest.raises(pb.RenderError, match=r"文件名的结尾可以是：\.pdf、\.svg、\.png。"):
        pb.draw_poster(street, tmp_path / "a.jpg")
    assert "<text" not in (tmp_path / "a.svg").read_text("utf-8")  # letters are outlines: the page needs no font


def test_settings_of_matplotlib_change_no_byte(street: pb.Network, tmp_path: Path) -> None:
    plain = pb.draw_poster(street, tmp_path / "a.pdf").read_bytes()
    with matplotlib.rc_context({"savefig.dpi": 40, "text.usetex": True, "axes.facecolor": "red", "font.size": 30}):
        assert pb.draw_poster(street, tmp_path / "b.pdf").read_bytes() == plain
    (tmp_path / "matplotlibrc").write_bytes(b"\xff\xfe\xb5")
    code = "import sys; sys.argv = ['pbgraph']; import pbgraph.rendering.canvas"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
