"""Rules of the shape "range": a case below, at and above each number, and rules that cannot run."""

from collections.abc import Callable
from dataclasses import replace
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
    row |= {
        "size": "1 户",
        "mass_lacking": "工会",
        "items_lacking": "有钱办事",
        "n_villages": 2,
        **dict.fromkeys(("rooms_lacking", "rules_lacking", "committee_rules_lacking", "disclosures_lacking"), "调解室"),
        "trinity_lacking": "居委会",
        "streets_failed": "丙街道",
        "small_centres": "49",
        "households": 5,
        "population": 9,
        "superior": "乙",
        **dict.fromkeys(("late_kinds", "open_kinds"), "党课"),
        **dict.fromkeys(("quarters", "excluded", "included_open", "teams_outside", "teams_open"), "乙队"),
        **dict.fromkeys(("heads_open", "mass_open"), "乙支部"),
        "n_months_founded": 0,
        "full_count": 0,
    }
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
        judged = {value: len(ranges._judged(rule, check, case(rule, check, value))) for value in (True, False)}
        assert judged == {bound: 0, not bound: 1}
        return
    step = 0.01 if isinstance(bound, float) else 1
    found = [len(ranges._judged(rule, check, case(rule, check, bound + d * step))) for d in (-1, 0, 1)]
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
    assert ranges._judged(rule, check, case(rule, check, None)) == []
    assert check.value in ranges._open_for(rule, check, case(rule, check, None))


@pytest.mark.parametrize(("rule", "check"), CHECKS, ids=[f"{r.rule_id} {c.value} {c.operator}" for r, c in CHECKS])
def test_each_sentence_is_filled_in_both_languages(rule: Rule, check: Check) -> None:
    row = {**case(rule, check, 0.1 if check.value.endswith("share") else 1).iloc[0], "value": 0.1, "bound": 2}
    for lang in ("zh", "en"):
        message = ranges._finding(rule, check, row, lang, is_open=False)["message"]
        assert ("甲" in message or check.on == "street") and "{" not in message
        assert rule.said(lang)


def said(sheets: dict[str, list[list[Any]]], rule_id: str, *, profile: str = "national") -> list[str]:
    """The sentences of a rule about frames in memory, with a "?" behind each that is not certain."""
    policy = read_policy(profile=profile)
    rule = policy.rules[rule_id]
    study = pb.Study(network_of(sheets), policy=replace(policy, rules={rule_id: rule}))
    rows = (
        ranges.range_findings(study, lang="zh").found if rule.shape == "range" else pb.assess(study).to_dict("records")
    )
    return sorted(row["message"] + ("" if row["sure"] == "certain" else "?") for row in rows)


def network_of(sheets: dict[str, list[list[Any]]]) -> Network:
    """Frames in memory, each a list of rows under its header, as a network."""
    frames = {kind: pd.DataFrame(rows[1:], columns=rows[0]) for kind, rows in sheets.items()}
    return pb.read(frames, as_of="2026-06-30")


ORG = ["党组织名称", "组织类别", "上级党组织", "所属社区"]
STREET = ["望江街道党工委", "党工委", None, None]
PLACES = [["社区名称", "社区党组织名称"], ["甲社区", "甲社区党总支"], ["乙社区", "乙社区党总支"]]


def members(org: str, n: int) -> list[list[Any]]:
    """A roster of full members of one organization, each of another name."""
    names = [chr(0x4E00 + n) + chr(0x5000 + n) for n in range(n)]
    return [["姓名", "人员类别", "所在党支部"], *([name, "正式党员", org] for name in names)]


@pytest.mark.parametrize(("n", "rules"), [(99, []), (100, ["A10"]), (101, ["A4"])])
def test_more_than_a_hundred_is_the_papers_word(n: int, rules: list[str]) -> None:
    sheets = {
        "organizations": [ORG, ["甲社区党总支", "党总支", "望江街道党工委", "甲社区"], STREET],
        "communities": PLACES, "members": members("甲社区党总支", n),
    }  # fmt: skip
    found = set(pb.assess(network_of(sheets))["rule_id"])
    assert [rule_id for rule_id in ("A4", "A10") if rule_id in found] == rules


def test_the_more_special_finding_is_never_hidden() -> None:
    branches = [
        [*ORG, "成立时间"],
        ["红旗党支部", "党支部", None, "甲社区", "2024-01"],
        ["绿旗党支部", "党支部", None, "甲社区", "2026-03"],
    ]
    rows = {"organizations": branches, "members": [*members("红旗党支部", 2), *members("绿旗党支部", 1)[1:]]}
    found = pb.assess(network_of(rows)).set_index("rule_id")["message"]
    assert found["A9"] == "红旗党支部成立已 29 个月，名册中正式党员只有 2 名，不足 3 名，应调整或撤销。"
    assert found["A8"].startswith("绿旗党支部")  # and nothing of the other
    places = {"communities": [["社区名称", "办公服务用房面积", "挂牌数"], ["甲社区", 80, 4]]}
    assert said(places, "F13") == ["甲社区办公活动面积只有 80 平方米，建议优先改善。"]
    assert said(places, "F4") == [
        "甲社区办公服务用房 80 平方米，不足 400 平方米。",
        "甲社区挂牌 4 块，应只挂 3 块（党组织、居委会、服务中心）。",
    ]
    units = {
        "organizations": [ORG, STREET],
        "units": [["单位名称", "单位类型", "所属社区", "正式党员数", "预备党员数"], ["丙会", "社会组织", "甲社区", 3, 0], ["戊会", "社会组织", "甲社区", 0, 0]],
    }  # fmt: skip
    by_rule = pb.assess(network_of(units)).groupby("rule_id")["subject"].agg(list)
    assert (by_rule["A18"], by_rule["A1"], by_rule["A3"]) == (["丙会", "戊会"], ["丙会"], ["戊会"])


def test_an_instructor_does_not_stand_for_the_joint_branch() -> None:
    units = [
        ["单位名称", "所属社区", "正式党员数", "预备党员数", "党建指导员"],
        ["甲公司", "甲社区", 2, 0, "王五"],
        ["乙公司", "甲社区", 0, 0, "王五"],
    ]
    sheets = {"organizations": [ORG, STREET], "units": units}
    assert said(sheets, "A2") == ["甲公司有党员 2 名（正式 2 名），尚未建立党组织，应联合组建。"]
    assert said(sheets, "A3") == []


def test_what_a_joint_branch_covers_is_counted_both_ways() -> None:
    rows = [[*ORG, "联合支部覆盖单位"], ["一联合党支部", "联合党支部", None, "甲社区", "甲店、乙店、丙店、丁店、戊店、己店"],
            ["二联合党支部", "联合党支部", None, "甲社区", "庚店"], ["三联合党支部", "联合党支部", None, "甲社区", None]]  # fmt: skip
    units = [["单位名称", "所属社区"], *([f"{name}店", "甲社区"] for name in "甲乙丙丁戊己庚")]
    assert said({"organizations": rows, "units": units}, "A7") == [
        "一联合党支部是联合党支部，覆盖单位已有 6 个，一般不超过 5 个。",
        "三联合党支部是联合党支部，名册没有写明覆盖哪些单位，请补。?",
        "二联合党支部是联合党支部，只登记了覆盖单位 1 个，应有 2 个以上，请核对。",
    ]


def test_a_blank_cell_is_asked_for_and_held_against_nobody() -> None:
    steps = ["大党委名称", "覆盖社区", "党员代表大会时间", "党工委审批时间", "组织部备案时间"]
    row = ["甲社区大党委", "甲社区", "2025-01", "2025-02", None]
    assert said({"committees": [steps, row]}, "C10") == ["甲社区大党委没有写明组织部备案时间，请补。?"]
    assert said({"committees": [steps[:2], row[:2]]}, "C10") == []
    reports = [["姓名", "报到社区", "报到时间", "积分", "评定等次"], ["赵一", "甲社区", "2025-01", None, None]]
    sheets = {"communities": [["社区名称"], ["甲社区"], ["乙社区"]], "registrations": reports}
    assert said(sheets, "E8") == ["甲社区的报到名册没有写明积分（报到在职党员 1 名），请补。?"]
    assert said(sheets, "C14") == ["甲社区的报到名册没有写明鉴定结果（报到在职党员 1 名），请补。?"]
    reports = [[cell for place, cell in enumerate(row) if place != 3] for row in reports]
    lacking = dict(pb.not_run(network_of(sheets | {"registrations": reports})).itertuples(index=False, name=None))
    assert lacking["E8"] == "n_without_points" and "C14" not in lacking
    firms = [["单位名称", "单位类型", "所属社区", "登记管理机关"], ["丙公司", "非公企业", "甲社区", None]]
    assert said({"units": firms}, "D7") == ["丙公司没有写明登记管理机关和业务主管单位，请补。?"]


def test_who_may_sit_part_time() -> None:
    head = ["大党委名称", "大党委职务", "姓名", "工作单位", "单位职务", "专兼职"]
    posts = ["社区民警", "党支部书记", "办公室主任", "组织委员", "科长", "职工"]
    rows = [[f"{post}大党委", "委员", "钱二", "某厂", post, "兼职"] for post in posts]
    assert [message[:2] for message in said({"seats": [head, *rows]}, "C7")] == ["科长", "组织", "职工"]


def test_ages_and_months_are_told_by_the_month_and_the_day() -> None:
    born = ["1990-07", "1990-06", "1990-05", "1991", "1989", "1986-07", "1986-06", "1986-05", "1987", "1986"]
    places = [["社区名称"], *([f"{day}社区"] for day in born)]
    reserve = [
        ["所属社区", "姓名", "出生年月", "学历", "后备岗位"],
        *([f"{day}社区", "赵一", day, "大专", "正职后备"] for day in born),
    ]
    late = [message[:7].removesuffix("社区没") for message in said({"communities": places, "reserve": reserve}, "B9")]
    assert late == ["1986-05", "1986-06", "1986-07", "1986", "1987", "1989", "1990-05"]  # of 36 years or more
    head = ["所属社区", "姓名", "出生年月", "学历", "岗位", "是否参加学历教育"]
    staff = [head, *([f"{day}社区", "赵一", day, "高中", "委员", "否"] for day in born)]
    due = [message[:7].removesuffix("社区有") for message in said({"communities": places, "staff": staff}, "B10")]
    assert due == ["1986-07", "1987", "1989", "1990-05", "1990-06", "1990-07", "1991"]  # surely not yet 40
    days = ["2025-12-01", "2025-12-29", "2025-12-30", "2025-12", "2025-11"]
    branches = [ORG, *([f"{day}党支部", "党支部", None, "甲社区"] for day in days)]
    away = [
        ["姓名", "所在党支部", "流出地", "流动时间", "流动党员活动证号"],
        *(["赵一", f"{day}党支部", "外地", day, "A1"] for day in days),
    ]
    long = [message.split("党支部")[0] for message in said({"organizations": branches, "floating": away}, "E5")]
    assert long == ["2025-11", "2025-12-01", "2025-12-29"]


def test_a_grid_is_judged_by_households_or_people() -> None:
    rows = [
        ["一网格", 200, None],
        ["二网格", None, 1000],
        ["三网格", 350, 600],
        ["四网格", 350, 1100],
        ["五网格", None, 600],
        ["六网格", 90, 250],
    ]
    grids = [["网格名称", "所属社区", "户数", "人口"], *([name, "甲社区", *sizes] for name, *sizes in rows)]
    assert sorted(said({"grids": grids}, "F1")) == [
        "二网格有 1000 人，偏大，可考虑分设网格。",
        "六网格只有 90 户、250 人，偏小。",
        "四网格有 350 户、1100 人，偏大，可考虑分设网格。",
    ]


def test_kinds_of_mass_organization_are_counted_and_not_bodies() -> None:
    bodies = [["群团组织名称", "群团类别", "所属社区"], *([f"甲社区工会{n}", "工会", "甲社区"] for n in "一二三四五")]
    bodies += [[f"乙社区{kind}", None, "乙社区"] for kind in ("工会", "团支部", "妇联", "文联", "残联")]
    sheets = {"communities": [["社区名称"], ["甲社区"], ["乙社区"]], "mass_organizations": bodies}
    assert said(sheets, "F10") == ["甲社区登记的群团组织有 1 类，应有 5 类，缺共青团、妇联、文联、残联。"]


def test_money_is_due_by_the_kind_of_place() -> None:
    rows = [["甲社区", "中心城区社区", 240000, 190000], ["乙社区", "县城社区", 200000, 100000], ["丙社区", "乡镇社区", 150000, None],
            ["丁社区", None, 150000, 0], ["戊社区", None, 149999, None]]  # fmt: skip
    assert said({"communities": [["社区名称", "社区类型", "工作经费", "惠民经费"], *rows]}, "F6", profile="loudi") == [
        "丁社区运转经费 150000 元，没有写明是中心城区、县（市）城区还是乡镇的社区，看不出够不够标准，请补。?",
        "戊社区运转经费 149999 元，哪一类社区都应不低于 150000 元。",
        "甲社区惠民资金 190000 元，中心城区社区应不低于 200000 元。",
        "甲社区运转经费 240000 元，中心城区社区应不低于 250000 元。",
    ]


def test_who_is_rated_may_be_the_community_or_its_organization() -> None:
    head = ["评定对象", "评定项目", "评定等次", "年度"]
    failed = [["乙社区", "年度考核", "不达标", 2024], ["乙社区", "年度考核", "不达标", 2025]]
    sheets = {"communities": PLACES, "ratings": [head, *failed]}
    assert said(sheets, "B14") == ["乙社区有 1 个评定对象连续两年不称职或未达标，请按规定处理。"]
    own = [ORG, *([f"{name}社区党总支", "党总支", "望江街道党工委", f"{name}社区"] for name in "甲乙")]
    rated = [["甲社区党总支", "五个好", "达标", 2025], ["乙社区党总支", "五个好", "不达标", 2025]]
    sheets = {"communities": PLACES, "organizations": own, "ratings": [head, *rated]}
    assert said(sheets, "B21") == ["参评社区中达到“五个好”的占 50%，目标 60%。"]


def test_a_rule_of_the_communitys_own_organization_does_not_run_where_nobody_knows_it() -> None:
    sheets = {
        "organizations": [ORG, ["红旗厂党总支", "党总支", "望江街道党工委", "甲社区"], STREET],
        "members": members("红旗厂党总支", 2),
    }
    lacking = dict(pb.not_run(network_of(sheets)).itertuples(index=False, name=None))
    assert lacking["A4"] == lacking["A10"] == "any:is_community_org"
    assert ranges.shown_lacking(lacking["A4"], "zh") == "社区党组织"


def test_a_branch_of_about_twenty_is_one_under_the_communitys_own() -> None:
    head = [*ORG, "党组织所在单位"]
    names = {"一楼道党支部": 9, "二楼道党支部": 10, "三楼道党支部": 30, "四楼道党支部": 31, "五金店党支部": 4}
    rows = [[name, "党支部", "甲社区党总支", "甲社区", "五金店" if "店" in name else None] for name in names]
    rows += [["红旗厂党支部", "党支部", "望江街道党工委", "甲社区", None], [*STREET, None]]
    own = ["甲社区党总支", "党总支", "望江街道党工委", "甲社区", None]
    people = [row for name, n in {**names, "红旗厂党支部": 35}.items() for row in members(name, n)[1:]]
    people = [[f"{row[0]}{n}", *row[1:]] for n, row in enumerate(people)]
    sheets = {"organizations": [head, own, *rows], "communities": PLACES, "members": [members("甲", 0)[0], *people]}
    assert said(sheets, "A5") == ["一楼道党支部只有党员 9 名，偏小。?", "四楼道党支部有党员 31 名，偏大。"]


def test_six_months_are_whole_months() -> None:
    days = ["2025-12-30", "2025-12-31", "2026-01-01"]
    teams = [["队伍名称", "所属社区", "成立时间", "正式党员数"], *([f"{day}工程队", "甲社区", day, 3] for day in days)]
    late = [message.split("工程队")[0] for message in said({"teams": teams}, "A14")]
    assert late == ["2025-12-30", "2025-12-31"]  # judged on the last day of June


@pytest.mark.parametrize(("households", "n", "message"), [
    (1199, 5, []), (1200, 5, ["甲社区有社区工作者 5 名，按户数应配 6 名。"]), (1200, 6, []),
    (100, 4, ["甲社区有社区工作者 4 名，按户数应配 5 名。"]), (3000, 7, []), (3000, 9, []),
])  # fmt: skip
def test_a_worker_for_each_full_two_hundred_households(households: int, n: int, message: list[str]) -> None:
    staff = [["所属社区", "姓名", "岗位"], *(["甲社区", f"钱{chr(0x4E00 + k)}", "社区工作者"] for k in range(n))]
    places = [["社区名称", "户数"], ["甲社区", households]]
    assert said({"communities": places, "staff": staff}, "B12") == message


def test_training_and_pay_are_asked_of_the_two_committees_alone() -> None:
    head = ["所属社区", "姓名", "岗位", "培训天数", "月报酬"]
    rows = [["书记", 6, 1499], ["居委会主任", 7, 1500], ["副书记", 2, 1399], ["副主任", 3, 1400], ["居委会委员", 2, 1199],
            ["居委会委员", 3, 1200], ["网格员", 0, 900], ["社区工作者", 1, 1000]]  # fmt: skip
    staff = [head, *(["甲社区", f"赵{n}", *row] for n, row in zip("一二三四五六七八", rows, strict=True))]
    sheets = {"communities": PLACES, "staff": staff}
    assert said(sheets, "B11") == ["甲社区有 1 名正职年度培训不足 7 天。", "甲社区有 2 名两委成员年度培训不足 3 天。"]
    assert said(sheets, "F7") == ["甲社区有 3 名两委成员的月报酬低于标准。"]


def test_the_street_has_its_posts_neither_more_nor_fewer() -> None:
    head = ["机构名称", "机构类别", "正职数", "副职数", "编制数"]

    def judged(*rows: list[Any]) -> list[str]:
        return said({"bodies": [head, *rows]}, "B22")

    bodies = [["望江街道党工委", "街道党工委", 1, 1, None], ["望江街道办事处", "街道办事处", 1, 2, 45],
              ["望江派出所", "公安派出所", None, None, None], ["望江司法所", "司法所", None, None, None]]  # fmt: skip
    assert judged(*bodies) == []
    bodies[0][2:4], bodies[1][2:] = [0, 0], [2, 1, 46]
    assert judged(*bodies, ["望江第二派出所", "公安派出所", None, None, None]) == [
        "登记了公安派出所 2 个，应一街一所，请核对。?",
        "街道党工委登记书记 0 名，应为 1 名。",
        "街道党工委登记副书记 0 名，应为 1 名。",
        "街道办事处登记主任 2 名，应为 1 名。",
        "街道办事处登记副主任 1 名，应为 2 名。",
        "街道行政编制 46 名，一般在 35 名左右。?",
    ]


@pytest.mark.parametrize(("people", "message"), [
    (59999, ["各社区人口合计 59999 人，不足 60000 人。"]), (80000, []),
    (60000, ["各社区人口合计 60000 人；以住宅为主的街道一般不低于 80000 人，请按街道类型判断。?"]),
])  # fmt: skip
def test_the_kind_of_street_is_asked(people: int, message: list[str]) -> None:
    assert said({"communities": [["社区名称", "人口"], ["甲社区", people]]}, "B23") == message


def test_part_time_seats_have_two_ends() -> None:
    head = ["任职所在组织", "姓名", "班子职务", "专兼职"]
    sizes = {
        ("甲社区党总支", "党总支"): 1,
        ("乙社区党总支", "党总支"): 2,
        ("丙社区党委", "党委"): 2,
        ("丁社区党委", "党委"): 6,
    }
    seats = [[name, f"{name[0]}{k}", "委员", "兼职" if k < n else "专职"]
             for (name, _), n in sizes.items() for k in range(7 if n != 1 else 5)]  # fmt: skip
    places = [["社区名称", "社区党组织名称"], *([f"{name[0]}社区", name] for name, _ in sizes)]
    orgs = [ORG, *([name, kind, "望江街道党工委", f"{name[0]}社区"] for name, kind in sizes), STREET]
    sheets = {"organizations": orgs, "communities": places, "leaders": [head, *seats]}
    assert said(sheets, "C18") == [
        "丁社区党委兼职委员 6 名，党委一般 3 至 5 名。",
        "丙社区党委兼职委员 2 名，党委一般 3 至 5 名。",
        "甲社区党总支兼职委员 1 名，党总支一般 2 至 3 名。",
    ]


def test_who_sits_on_the_committee_by_the_communitys_team_needs_no_document() -> None:
    seats = [["大党委名称", "姓名", "大党委职务", "批复文号"], ["甲社区大党委", "钱二", "书记", None],
             ["甲社区大党委", "孙三", "委员", "1 号"], ["甲社区大党委", "李四", "委员", None]]  # fmt: skip
    team = [["任职所在组织", "姓名", "班子职务"], ["甲社区党总支", "钱二", "书记"]]
    orgs = [ORG, ["甲社区党总支", "党总支", "望江街道党工委", "甲社区"], STREET]
    sheets = {"committees": [["大党委名称", "覆盖社区"], ["甲社区大党委", "甲社区"]], "seats": seats, "leaders": team}
    found = said({**sheets, "organizations": orgs, "communities": PLACES}, "C10")
    assert found == ["甲社区大党委有 1 名成员没有批复文号，请核对。?"]


def test_a_meeting_that_is_planned_is_not_held() -> None:
    head = ["会议名称", "会议类别", "会议时间", "主办党组织"]
    for day, n in (("2025-06-30", 0), ("2025-05-30", 1), ("2026-09-01", 1)):
        meetings = [head, ["街道协调会", "街道协调会", day, "望江街道党工委"]]
        assert len(said({"organizations": [ORG, STREET], "meetings": meetings}, "D2")) == n


def test_new_communities_have_more_space() -> None:
    rows = [
        ["甲社区", "新建社区", 399],
        ["乙社区", "新建社区", 599],
        ["丙社区", "新建社区", 600],
        ["丁社区", "老旧小区", 400],
    ]
    assert said({"communities": [["社区名称", "社区类型", "办公服务用房面积"], *rows]}, "F4") == [
        "乙社区是新建社区，办公服务用房 599 平方米，不足 600 平方米。",
        "甲社区办公服务用房 399 平方米，不足 400 平方米。",
    ]


def test_a_new_type_community_has_its_general_branch() -> None:
    orgs = [
        ORG,
        ["甲社区党支部", "党支部", "望江街道党工委", "甲社区"],
        ["乙社区党总支", "党总支", "望江街道党工委", "乙社区"],
    ]
    places = [
        ["社区名称", "社区类型", "社区党组织名称"],
        ["甲社区", "新型社区", "甲社区党支部"],
        ["乙社区", "新型社区", "乙社区党总支"],
    ]
    found = said({"organizations": [*orgs, STREET], "communities": places}, "F12", profile="xincun13")
    assert [message for message in found if "总支" in message] == ["甲社区还没有建立社区党总支。"]


def test_only_known_kinds_of_subject_are_judged(further: Network) -> None:
    with pytest.raises(ValueError, match="no subjects 'people'"):
        subjects(pb.Study(further, policy=POLICY), "people")


def test_the_further_rosters_are_judged(further: Network) -> None:
    found = pb.assess(further)
    said = found.groupby("rule_id")["message"].agg(list)
    assert [line.split("：")[0] for line in said["D12"]] == ["甲社区有 1 支志愿服务队伍没有加入党员服务联盟"]
    assert said["B8"] == ["甲社区有副职后备 0 名，应不少于 2 名。"]
    assert "F11" not in said  # supervisors are there, and no roster tells of a council or an assembly
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
        "一支部任期已于2025年5月届满，应换届，或经上级批准延期。",
        "三支部任期将于2025年12月届满，还有 6 个月，请做好换届准备。",
        "二支部任期将于2025年6月届满，还有 0 个月，请做好换届准备。",
    ]


def test_a_rule_without_its_roster_or_its_column_is_not_run_and_never_passed(tiny: Network, further: Network) -> None:
    missing = dict(pb.not_run(tiny).itertuples(index=False, name=None))
    assert missing["D1"] == "meetings"
    assert missing["B8"] == "reserve"
    assert missing["D7"] == "n_registrars, n_contacts_denied"
    assert "F2" not in missing
    assert not set(pb.assess(tiny)["rule_id"]) & set(missing)
    assert "D12" not in dict(pb.not_run(further).itertuples(index=False, name=None))


def test_what_one_check_of_a_rule_lacks_is_named() -> None:
    places = [["社区名称", "人口", "志愿者人数"], ["甲社区", 100, 15]]
    bodies = [
        ["机构名称", "机构类别", "正职数"],
        ["望江街道党工委", "街道党工委", 1],
        ["望江街道办事处", "街道办事处", 1],
    ]
    network = network_of({"communities": places, "bodies": bodies})
    partly = dict(pb.partly_run(network).itertuples(index=False, name=None))
    assert partly["F5"] == "has_brand"
    assert partly["B22"].split(", ") == [
        "working_committee_n_deputies", "street_office_n_deputies", "street_office_staffing", "police_station_is_deputy",
    ]  # fmt: skip
    assert not set(partly) & set(pb.not_run(network)["rule_id"])
    whole = network_of({"communities": [[*places[0], "服务品牌"], [*places[1], "邻里帮"]]})
    assert "F5" not in set(pb.partly_run(whole)["rule_id"])


def test_what_chooses_the_subjects_is_lacking_like_what_is_judged() -> None:
    orgs = [["党组织名称", "组织类别", "上级党组织"], ["甲店党支部", "党支部", "邻市商会党委"]]
    sheets = {"organizations": orgs}
    lacking = dict(pb.not_run(network_of(sheets)).itertuples(index=False, name=None))
    assert lacking["A11"] == "family"  # nobody says whose it is, so that nothing was judged
    known = {"organizations": [[*orgs[0], "单位性质"], [*orgs[1], "非公企业"]]}
    assert "A11" not in set(pb.not_run(network_of(known))["rule_id"])


def test_a_rule_without_a_subject_of_its_kind_is_not_run() -> None:
    held = [["会议名称", "会议时间", "主办党组织"], ["党员大会", "2026-05-01", "甲社区党支部"]]
    sheets = {"meetings": held, "organizations": [ORG, ["甲社区党支部", "党支部", None, "甲社区"]]}
    lacking = dict(pb.not_run(network_of(sheets)).itertuples(index=False, name=None))
    assert lacking["C11"] == "committees"
    assert "E10" not in lacking


def test_units_of_which_nobody_counts_the_members_leave_the_ladder_open() -> None:
    units = [["单位名称", "所属社区", "党建指导员"], ["甲公司", "甲社区", "王五"]]
    lacking = dict(pb.not_run(network_of({"units": units, "organizations": [ORG, STREET]})).to_numpy().tolist())
    assert lacking["A1"] == lacking["A2"] == "n_members" and "A3" not in lacking
    units = [[*units[0], "正式党员数"], [*units[1], 0]]
    assert "A1" not in set(pb.not_run(network_of({"units": units, "organizations": [ORG, STREET]}))["rule_id"])


def test_rows_set_aside_make_a_low_number_unknown(book: Make) -> None:
    grids = [["网格名称", "所属社区", "户数"], ["一网格", "甲社区", 50], ["", "甲社区", 60]]
    found = pb.assess(pb.read(book({"网格": grids})))
    assert found[["rule_id", "sure"]].to_numpy().tolist() == [["F2", "unknown"], ["F1", "unknown"]]


def test_profiles_hold_the_contradictions() -> None:
    youjiang, qijiazhuang = read_policy(profile="youjiang"), read_policy(profile="qijiazhuang")
    assert (youjiang.number("C15", "least"), youjiang.number("C15", "most")) == (15, 17)
    assert "C15" in youjiang.rules and not {"C6", "C19"} & set(youjiang.rules)
    assert "C19" in POLICY.rules and "C15" not in POLICY.rules and "C19" not in qijiazhuang.rules
    assert read_policy(profile="fuyang").number("B15", "community") == 3
    assert "F12" in read_policy(profile="xincun13").rules and "F12" not in POLICY.rules
    assert "B1" not in read_policy(profile="erdao").rules and "F1" not in read_policy(profile="xinpu").rules
    assert changes(POLICY) == []
    assert [rule_id for rule_id, _, _ in changes(youjiang)] == ["C6", "C8", "C9", "C12", "C18", "C19", "C15", "C16"]
    assert "D1" not in read_policy(profile="shenyang").rules  # S1(d) asks for a meeting of the street alone


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
    assert "未检查（缺会议活动台账" in judged.output
    assert judged.output.count("已检查") > 8
