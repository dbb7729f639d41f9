"""Rules of the shape "range": a case below, at and above each number, and rules that cannot run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import TINY, command, write_book
from test_records import FURTHER

import pbgraph as pb
from pbgraph.analyses import ranges
from pbgraph.analyses.subjects import subjects
from pbgraph.network import Network
from pbgraph.policy import Check, Rule, changes, read_policy

Make = Callable[..., Path]
POLICY = read_policy()
PROFILES = ("national", "fuyang", "shenyang", "qijiazhuang", "youjiang", "xinpu", "loudi", "xincun13", "erdao")
EVERY = {rule.rule_id: rule for name in PROFILES for rule in read_policy(profile=name).rules.values()}
CHECKS = [(rule, check) for rule in EVERY.values() for check in rule.checks]


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("rules") / "名册.xlsx"
    return pb.read(write_book(path, {**TINY, **FURTHER}), as_of="2025-06-30")


def case(rule: Rule, check: Check, value: Any) -> pd.DataFrame:
    """One subject that the rule is about, with a value in the column that the check judges."""
    row: dict[str, Any] = {"subject_id": "x:1", "subject": "甲", "community": "甲社区", "source": "a|b|1"}
    row |= {"staff_count": 0, "n_full": 0, "n_members": 0, "n_seats": 4, "ends": "2025-06", "is_over": False}
    row |= {"superior": "乙", "late_kinds": "党课", "n_months_founded": 0, "full_count": 0}
    for column, wanted in check.where.items():
        beyond = {"above": 1, "below": -1}
        bounds = (
            [rule.params[name] + beyond.get(op, 0) for op, name in wanted.items()] if isinstance(wanted, dict) else []
        )
        row[column] = bounds[0] if bounds else wanted[0] if isinstance(wanted, list) else wanted
    if isinstance(check.bound, str) and check.bound.startswith("@"):
        row[check.bound[1:]] = 6
    return pd.DataFrame([{**row, check.value: value}])


def bound_of(rule: Rule, check: Check) -> Any:
    return 6 if str(check.bound).startswith("@") else rule.params.get(str(check.bound), check.bound)


@pytest.mark.parametrize(("rule", "check"), CHECKS, ids=[f"{r.rule_id} {c.value} {c.operator}" for r, c in CHECKS])
def test_each_number_below_at_and_above(rule: Rule, check: Check) -> None:
    bound = bound_of(rule, check)
    if check.operator == "is":
        judged = {value: len(ranges._judged(rule, check, case(rule, check, value))[0]) for value in (True, False)}
        assert judged == {bound: 0, not bound: 1}
        return
    step = 0.01 if isinstance(bound, float) else 1
    found = [len(ranges._judged(rule, check, case(rule, check, bound + d * step))[0]) for d in (-1, 0, 1)]
    expected = {"least": [1, 0, 0], "most": [0, 0, 1], "below": [0, 1, 1], "above": [1, 1, 0]}[check.operator]
    inside = check.where.get(check.value)
    if inside:  # a number that limits the subjects as well as judging them
        limits = {operator: rule.params[name] for operator, name in inside.items()}
        values = [bound + d * step for d in (-1, 0, 1)]
        expected = [
            n if limits.get("least", v) <= v <= limits.get("most", v) else 0
            for n, v in zip(expected, values, strict=True)
        ]
    assert found == expected
    assert ranges._judged(rule, check, case(rule, check, None))[1] == 0


@pytest.mark.parametrize(("rule", "check"), CHECKS, ids=[f"{r.rule_id} {c.value} {c.operator}" for r, c in CHECKS])
def test_each_sentence_is_filled_in_both_languages(rule: Rule, check: Check) -> None:
    row = {**case(rule, check, 0.1 if check.value.endswith("share") else 1).iloc[0], "value": 0.1, "bound": 2}
    for lang in ("zh", "en"):
        message = ranges._finding(rule, check, row, lang, is_open=False)["message"]
        assert ("甲" in message or check.on == "street") and "{" not in message
        assert rule.said(lang)


def test_only_known_kinds_of_subject_are_judged(further: Network) -> None:
    with pytest.raises(ValueError, match="no subjects 'people'"):
        subjects(pb.Study(further, policy=POLICY), "people")


def test_the_further_rosters_are_judged(further: Network) -> None:
    found = pb.assess(further)
    said = found.groupby("rule_id")["message"].agg(list)
    assert said["D12"] == ["甲社区有 1 支志愿服务队伍没有加入党员服务联盟。"]
    assert said["B8"] == ["甲社区有副职后备 0 名，应不少于 2 名。"]
    assert sorted(said["F11"]) == ["甲社区没有登记居民代表大会。", "甲社区没有登记居民议事会。"]
    assert "F3" not in said  # the building is in exactly one grid
    assert "D9" not in said and "D11" not in said  # a leader and premises are there
    assert found.loc[found["rule_id"] == "F2", "subject"].tolist() == ["第二网格"]
    row = found[found["rule_id"] == "D12"].iloc[0]
    assert (row["force"], row["sure"], row["community"]) == ("normally", "certain", "甲社区")
    assert row["source"].startswith("名册.xlsx|")


def test_terms_that_end_and_those_that_ended(book: Make) -> None:
    rows = [
        ["党组织名称", "本届当选日期", "任期年限"],
        ["一支部", "2022-05", 3],
        ["二支部", "2022-06", 3],
        ["三支部", "2022-12", 3],
        ["四支部", "2023-01", 3],
    ]
    found = pb.assess(pb.read(book({"党组织": rows}), as_of="2025-06-30"))
    assert found.loc[found["rule_id"] == "B15", "message"].tolist() == [
        "一支部任期到 2025-05 已满，应换届，或经上级批准延期。",
        "三支部任期到 2025-12 届满，还有 6 个月，请做好换届准备。",
        "二支部任期到 2025-06 届满，还有 0 个月，请做好换届准备。",
    ]


def test_a_rule_without_its_roster_or_its_column_is_not_run_and_never_passed(tiny: Network, further: Network) -> None:
    missing = dict(pb.not_run(tiny).itertuples(index=False, name=None))
    assert missing["D1"] == "meetings"
    assert missing["B8"] == "reserve"
    assert missing["D7"] == "relation:registered_by"
    assert "F2" not in missing
    assert not set(pb.assess(tiny)["rule_id"]) & set(missing)
    assert "D12" not in dict(pb.not_run(further).itertuples(index=False, name=None))


def test_rows_set_aside_make_a_low_number_unknown(book: Make) -> None:
    grids = [["网格名称", "所属社区", "户数"], ["一网格", "甲社区", 50], ["", "甲社区", 60]]
    found = pb.assess(pb.read(book({"网格": grids})))
    assert found[["rule_id", "sure"]].to_numpy().tolist() == [["F2", "unknown"], ["F1", "unknown"]]


def test_profiles_hold_the_contradictions() -> None:
    youjiang, qijiazhuang = read_policy(profile="youjiang"), read_policy(profile="qijiazhuang")
    assert (youjiang.number("C15", "least"), youjiang.number("C15", "most")) == (15, 17)
    assert "C15" in youjiang.rules and not {"C6", "C19"} & set(youjiang.rules)
    assert "C19" in POLICY.rules and "C15" not in POLICY.rules and "C19" not in qijiazhuang.rules
    assert (POLICY.number("A4", "full"), read_policy(profile="fuyang").number("A4", "full")) == (100, 101)
    assert read_policy(profile="loudi").number("F6", "running") == 250_000
    assert "F12" in read_policy(profile="xincun13").rules and "F12" not in POLICY.rules
    assert "B1" not in read_policy(profile="erdao").rules and "F1" not in read_policy(profile="xinpu").rules
    assert changes(POLICY) == []
    assert [rule_id for rule_id, _, _ in changes(youjiang)] == ["C6", "C18", "C19", "C15", "C16"]
    assert read_policy(profile="shenyang").number("D1", "most") == 12


def test_a_rule_is_added_by_data_alone(tiny: Network, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(
        '[rules.X1]\ntitle = {zh = "单位应有职工", en = "staff"}\nstatement = {zh = "职工不少于 {n} 人。", en = "{n}"}\n'
        'shape = "range"\non = "units"\nneeds = ["units"]\nforce = "may"\nparams = {n = 6}\nin_force = "2025-01-01"\n'
        'source = {document = "本街道", clause = "一", sure = "found"}\n'
        '[[rules.X1.checks]]\nvalue = "staff_count"\nleast = "n"\n'
        'message = {zh = "{subject}只有 {value} 人。", en = "{value}"}\n',
        "utf-8",
    )
    found = pb.assess(tiny, policy=read_policy(path=own))
    assert found.loc[found["rule_id"] == "X1", "message"].tolist() == ["小美发屋只有 5 人。"]


def test_the_command_lists_rules_and_what_they_lack(tmp_path: Path) -> None:
    write_book(tmp_path / "名册.xlsx", TINY)
    plain = command("rules", "--profile", "youjiang")
    assert plain.exit_code == 0
    assert "联合党委班子成员 15 至 17 人" in plain.output
    judged = command("rules", str(tmp_path))
    assert "未检查：缺会议活动台账" in judged.output
    assert judged.output.count("已检查") > 8
