"""Measures: cases at each threshold, an oracle, and equal rows on every engine."""

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import TINY, write_book

import pbgraph as pb
from pbgraph.analyses.ranges import shown_lacking
from pbgraph.network import Network
from pbgraph.policy import rates, read_policy


def states(network: Network) -> dict[str, str]:
    found = pb.coverage(network)
    return dict(zip(found["unit"], found["state"].fillna(""), strict=True))


def test_the_ladder(tiny: Network) -> None:
    assert states(tiny) == {
        "甲社区居委会": "own", "红旗厂": "own", "兴隆店": "joint", "福来店": "split-due", "宏达机械厂": "must-establish",
        "三人行公司": "borderline", "小美发屋": "joint-candidate", "有员公司": "work", "工会公司": "work", "空空公司": "blank", "关门公司": "",
    }  # fmt: skip


# full members, probationary, total only, instructor sent, mass organization -> state, sure
LADDER = [
    ((2, 0, "", False, ""), ("joint-candidate", "certain")),
    ((2, 1, "", False, ""), ("borderline", "certain")),
    ((3, 0, "", False, ""), ("must-establish", "certain")),
    ((4, 0, "", True, ""), ("must-establish", "certain")),
    ((2, 1, "", True, ""), ("borderline", "certain")),
    ((1, 0, "", True, ""), ("joint-candidate", "certain")),
    ((0, 0, "", True, ""), ("work", "certain")),
    ((1, 0, "", False, "工会"), ("joint-candidate", "certain")),
    ((0, 0, "", False, ""), ("blank", "certain")),
    (("无", "-", "", False, ""), ("blank", "certain")),
    ((0, 1, "", False, ""), ("joint-candidate", "certain")),
    (("", "", 3, False, ""), ("borderline", "certain")),  # a gap for certain, whichever rule applies
    (("", "", 2, False, ""), ("joint-candidate", "certain")),
    (("", "", "", False, ""), ("blank", "unknown")),
]


@pytest.mark.parametrize(("unit", "expected"), LADDER)
def test_each_step_of_the_ladder(book: Callable[..., Path], unit: tuple, expected: tuple[str, str]) -> None:
    full, probationary, total, is_sent, mass = unit
    units = [
        ["单位名称", "所属社区", "正式党员", "预备党员", "党员总数", "群团组织"],
        ["某公司", "甲社区", full, probationary, total, mass],
    ]
    sent = [["指导员姓名", "指导企业"], ["郑戊", "某公司" if is_sent else ""]]
    organizations = [["党组织名称", "组织类别"], ["甲社区党支部", "党支部"]]
    found = pb.coverage(pb.read(book({"单位": units, "指导员": sent, "党组织": organizations}))).iloc[0]
    assert (found["state"], found["sure"]) == expected


def test_without_a_list_of_organizations_no_gap_is_certain(book: Callable[..., Path]) -> None:
    found = pb.coverage(pb.read(book({"单位": [["单位名称", "正式党员"], ["甲公司", 3]]}))).iloc[0]
    assert (found["state"], found["sure"]) == ("must-establish", "unknown")


def test_the_rosters_and_the_ledger_are_weighed(book: Callable[..., Path]) -> None:
    units = [
        ["单位名称", "所属社区", "正式党员", "预备党员"],
        ["甲公司", "甲社区", 5, 0],
        ["乙公司", "甲社区", 0, 0],
        ["丙公司", "甲社区", "", ""],
    ]
    members = [["姓名", "人员类别", "所在党支部", "工作单位"]]
    members += [
        [name, "正式党员", "一支部", unit] for name, unit in (("子", "甲公司"), ("丑", "乙公司"), ("寅", "丙公司"))
    ]
    members += [["卯", "", "一支部", "丙公司"], ["辰", "", "一支部", "丙公司"]]
    network = pb.read(
        book({"单位": units, "党员": members, "党组织": [["党组织名称", "组织类别"], ["一支部", "党支部"]]})
    )
    found = pb.coverage(network).set_index("unit")
    assert found.loc["甲公司", ["n_full", "basis"]].tolist() == [5, "ledger"]
    assert found.loc["乙公司", ["n_full", "basis"]].tolist() == [1, "roster"]
    # two of 丙公司 have no category: it may or may not have three full members
    assert found.loc["丙公司", ["n_full", "n_members", "state", "sure"]].tolist() == [1, 3, "borderline", "unknown"]


def test_a_threshold_is_the_policys(tiny: Network, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[rules.A1.params]\nn = 5\n[rules.A2.params]\nn = 5\n", "utf-8")
    found = pb.coverage(tiny, policy=read_policy(path=own)).set_index("unit")
    assert found.loc["宏达机械厂", "state"] == "joint-candidate"
    own.write_text("[rules.A1.params]\nn = 5\n", "utf-8")  # four full members: too few for A1, too many for A2
    between = read_policy(path=own)
    assert pb.coverage(tiny, policy=between).set_index("unit").loc["宏达机械厂", "state"] == "borderline"
    found = pb.assess(tiny, policy=between)
    assert "宏达机械厂" not in set(found.loc[found["rule_id"].isin(["A1", "A2"]), "subject"])


def test_a_rule_switched_off_makes_no_finding_and_breaks_nothing(tiny: Network, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[rules.A1]\noff = true\n[rules.A7]\noff = true\n", "utf-8")
    rules = read_policy(path=own)
    assert pb.coverage(tiny, policy=rules)["state"].equals(pb.coverage(tiny)["state"])
    assert not {"A1", "A7"} & set(pb.assess(tiny, policy=rules)["rule_id"])
    assert pb.write_pack(tiny, tmp_path / "out", policy=rules).is_dir()


def test_a_lost_file_makes_no_gap_certain(tmp_path: Path) -> None:
    write_book(tmp_path / "名册.xlsx", TINY)
    (tmp_path / "另一半.xlsx").write_bytes(b"PK\x03\x04broken")
    found = pb.coverage(pb.read(tmp_path, as_of="2025-06-30"))
    gaps = found[found["is_covered"].eq(False).fillna(False)]
    assert len(gaps) == 6
    assert set(gaps["sure"]) == {"unknown"}


def test_rates_name_their_denominators(tiny: Network) -> None:
    found = pb.coverage_rates(tiny).query("community == ''").set_index("rate")
    assert found.index.tolist() == list(rates())
    counted = {rate: (int(row["n_counted"]), int(row["n_subjects"])) for rate, row in found.iterrows()}
    assert counted["org_coverage"] == (4, 10)
    assert counted["own_share"] == (2, 10)
    assert counted["establishment"] == (1, 3)  # 居委会 has 5 full and its own; 福来店 and 宏达机械厂 have not
    assert counted["work_coverage"] == (6, 10)
    assert counted["work_coverage_rest"] == (2, 6)
    assert counted["blank_share"] == (1, 10)
    assert counted["instructor_share"] == (1, 6)
    assert counted["above_scale_own"] == (1, 2)  # 红旗厂 of 红旗厂 and 宏达机械厂
    assert counted["committee_seats"] == (2, 3)
    assert counted["grid_coverage"] == (1, 2)


def test_a_rate_without_subjects_is_null(tiny: Network) -> None:
    found = pb.coverage_rates(tiny).set_index("rate")
    for rate in ("double_registration", "same_person", "cross_appointment", "elections_on_time"):
        assert found.loc[rate, "n_subjects"] == 0
        assert pd.isna(found.loc[rate, "rate_share"])


def test_a_term_ends_on_its_day(book: Callable[..., Path]) -> None:
    rows = [
        ["党组织名称", "组织类别", "换届时间", "任期年限"],
        ["一支部", "党支部", "2022-06-30", 3],
        ["二支部", "党支部", "2022-06-29", 3],
        ["三支部", "党支部", "2022年", 3],
    ]
    network = pb.read(book({"党组织": rows}), as_of="2025-06-30")
    lists = pb.rate_lists(network).query("rate == 'elections_on_time'").set_index("subject_id")["is_counted"]
    names = network.names()
    assert {names[node]: bool(is_on_time) for node, is_on_time in lists.items()} == {
        "一支部": True,
        "二支部": False,
        "三支部": True,  # only the year is known, and it is not over
    }


def test_dual_management(tiny: Network) -> None:
    found = pb.dual_management(tiny).set_index("organization")
    assert found["state"].to_dict() == {"红旗厂党支部": "agreed", "甲社区党支部": "none", "商圈联合党支部": "none"}
    assert found.loc["红旗厂党支部", ["superior", "committee", "expected", "stated"]].tolist() == [
        "市机械局党委",
        "甲社区大党委",
        "dual",
        "dual",
    ]
    assert found.loc["红旗厂党支部", "source"] == "名册.xlsx|党组织|4\n名册.xlsx|成员单位|2"


# superior, kind of unit, line of authority, stated rows -> expected, stated, state
MANAGEMENT = [
    (("市局党委", "国有企业", "", ["双重管理"]), ("dual", "dual", "agreed")),
    (("市局党委", "国有企业", "", []), ("dual", None, "missing")),
    (("市局党委", "国有企业", "", ["直接管理"]), ("dual", "direct", "contradictory")),
    (("市局党委", "国有企业", "", ["直接管理", "双重管理"]), ("dual", "both", "contradictory")),
    (("", "非公企业", "", ["直接管理"]), ("direct", "direct", "agreed")),
    (("", "非公企业", "", []), ("direct", None, "missing")),
    (("", "国有企业", "驻地", []), ("dual", None, "missing")),
    (("", "国有企业", "", []), (None, None, "none")),
    (("望江街道党工委", "非公企业", "", []), (None, None, "none")),
    (("望江街道党工委", "非公企业", "", ["双重管理"]), (None, "dual", "stated-only")),
]


@pytest.mark.parametrize(("case", "expected"), MANAGEMENT)
def test_each_state_of_management(book: Callable[..., Path], case: tuple, expected: tuple) -> None:
    superior, kind, authority, stated = case
    organizations = [
        ["党组织名称", "组织类别", "上级党组织", "隶属关系", "党组织属性", "所属社区"],
        ["望江街道党工委", "党工委", "", "", "", ""],
        ["某党支部", "党支部", superior, authority, kind, "甲社区"],
    ]
    rows = [["大党委名称", "覆盖社区", "成员单位党组织", "管理关系"]] + [
        ["甲大党委", "甲社区", "某党支部", said] for said in stated or [""]
    ]
    found = pb.dual_management(pb.read(book({"党组织": organizations, "成员单位": rows}))).iloc[0]
    assert tuple(None if pd.isna(value) else value for value in found[["expected", "stated", "state"]]) == expected


def test_co_building(tiny: Network) -> None:
    found = pb.co_building(tiny).set_index("unit")
    assert found.loc["红旗厂", ["n_agreements", "n_active", "n_partners", "has_none"]].tolist() == [2, 1, 1, False]
    assert found["has_none"].sum() == 8
    assert "关门公司" not in found.index
    categories = pb.co_building_categories(tiny).set_index("category")["n_ties"]
    assert categories[categories > 0].to_dict() == {"party_work": 2, "welfare": 2}
    assert len(categories) == 9


def test_findings_are_sentences_an_official_can_act_on(tiny: Network) -> None:
    found = pb.assess(tiny)
    assert found.loc[0, ["rule_id", "force", "subject", "sure"]].tolist() == ["A1", "must", "宏达机械厂", "certain"]
    assert found.loc[0, "message"] == "宏达机械厂有正式党员 4 名，尚未建立党组织，属应建未建。"
    assert found.loc[0, "evidence"] == "正式党员 4 名，党员共 4 名（据党员名册）"
    # 红旗厂党支部 has two full members (A8) and stands under a branch (A19), the community has no pair among
    # government bodies (D5), the second grid no group (F2), two agreements are old (D6); that 宏达 has 120 staff and
    # no organization (A17) is said by A1 already
    assert found["rule_id"].value_counts().to_dict() == {
        "D4": 8, "A2": 2, "A1": 1, "A3": 1, "A7": 1, "A8": 1, "A19": 1, "D5": 1, "D6": 2, "F2": 1,
    }  # fmt: skip


def test_a_rule_without_its_roster_is_not_run(book: Callable[..., Path]) -> None:
    network = pb.read(book({"单位": [["单位名称", "所属社区"], ["甲公司", "甲社区"]]}))
    missing = pb.not_run(network).set_index("rule_id")["missing"]
    assert missing[["A1", "C3", "D4"]].tolist() == ["organizations", "organizations, participants", "agreements"]
    assert shown_lacking(missing["C3"], "zh") == "党组织名册、大党委成员单位"
    assert pb.assess(network).empty


def test_an_unknown_engine_is_refused(tiny: Network) -> None:
    with pytest.raises(pb.PolicyError, match="选项 engine 的值“abacus”不可用。可选：duckdb、polars"):
        tiny.lazy(engine="abacus")


@pytest.mark.parametrize("seed", range(5))
def test_coverage_against_a_slow_plain_version(tmp_path: Path, seed: int) -> None:
    book, truth = random_street(random.Random(seed))
    network = pb.read(write_book(tmp_path / "名册.xlsx", book))
    assert states(network) == truth


def random_street(dice: random.Random) -> tuple[dict, dict[str, str]]:
    """Workbooks of forty units, and their states counted one unit at a time."""
    organizations = [["党组织名称", "组织类别", "党组织所在单位", "联合支部覆盖单位"], ["居民党支部", "党支部", "", ""]]
    units = [["单位名称", "所属社区"]]
    members = [["姓名", "人员类别", "所在党支部", "工作单位"]]
    sent = [["指导员姓名", "指导企业"], ["郑戊", "无此单位"]]
    joint: list[str] = []
    truth = {}
    for number in range(40):
        name = f"第{number + 1}公司"
        units.append([name, "甲社区"])
        full, probationary = dice.randint(0, 4), dice.randint(0, 2)
        kind = dice.choice(["own", "joint", "none", "none"])
        branch = f"{name}党支部" if kind == "own" else "片区联合党支部" if kind == "joint" else "居民党支部"
        for index in range(full + probationary):
            members.append([f"人{number}之{index}", "正式党员" if index < full else "预备党员", branch, name])
        if kind == "own":
            organizations.append([branch, "党支部", name, ""])
        elif kind == "joint":
            joint.append(name)
        is_sent = dice.random() < 0.3
        if is_sent:
            sent.append([f"郑{number}", name])
        truth[name] = plain_state(kind, full, full + probationary, is_sent=is_sent)
    organizations.append(["片区联合党支部", "联合党支部", "", "、".join(joint)])
    return {"党组织": organizations, "单位": units, "党员": members, "指导员": sent}, truth


def plain_state(kind: str, n_full: int, n_members: int, *, is_sent: bool) -> str:
    if kind == "own":
        return "own"
    if kind == "joint":
        return "split-due" if n_full >= 3 else "joint"
    if n_full >= 3:
        return "must-establish"
    if n_members >= 3:
        return "borderline"
    if n_members:
        return "joint-candidate"  # also where an instructor was sent
    return "work" if is_sent else "blank"
