"""What a report says: sums that add up, how sure it is, and nothing of what nobody wrote down."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import TINY
from openpyxl import load_workbook

import pbgraph as pb
from pbgraph.captions import caption
from pbgraph.network import Network
from pbgraph.rendering import document
from pbgraph.rendering.facts import Facts, gather, headline_numbers
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.sentences import sentences
from pbgraph.rendering.workbook import workbook_bytes

Make = Callable[..., Path]
ORGANIZATIONS = [
    ["党组织名称", "组织类别", "所属社区", "党组织所在单位"],
    ["红旗厂党支部", "党支部", "甲社区", "红旗厂"],
]
# Names that nobody can link: each may be the organization of a unit of the ledger.
LIKE = [[f"{name}联合党支部", "联合党支部", "甲社区", ""] for name in ("宏达机械", "三人行商贸")]
UNITS = [
    ["单位名称", "所属社区", "正式党员", "是否建立党组织"],
    ["红旗厂", "甲社区", 5, "是"],
    ["宏达机械厂", "甲社区", 4, ""],
    ["三人行公司", "甲社区", 3, ""],
    ["空空公司", "甲社区", 0, "否"],
]


def shown(network: Network, *, lang: str = "zh") -> Facts:
    return gather(network, look=Look(lang))


def titles(facts: Facts) -> dict[str, str]:
    return {scene["key"]: scene["title"] for scene in map_spec(facts).scenes}


@pytest.fixture
def networks(tiny: Network, demo: Network, book: Make) -> list[Network]:
    open_ones = pb.read(book({"组织": ORGANIZATIONS + LIKE, "单位": UNITS}, "半.xlsx"), as_of="2025-06-30")
    told = pb.read(book({"单位": [*UNITS, ["某某公司", "甲社区", 1, "否"]]}, "全.xlsx"), as_of="2025-06-30")
    return [tiny, demo, open_ones, told]


def test_the_sums_of_the_headlines_are_the_sums_of_their_parts(networks: list[Network]) -> None:
    for network in networks:
        facts = shown(network)
        numbers = headline_numbers(facts)
        scope = pb.coverage(network).query("is_in_scope")
        assert numbers["n_units"] == len(scope) == numbers["n_covered"] + numbers["n_bare"]
        assert numbers["n_bare"] == numbers["n_sure"] + numbers["n_check"] + numbers["n_unknown"]
        states = ("must", "candidate", "borderline", "work", "blank")
        assert numbers["n_bare"] == sum(numbers[state] for state in states)
        assert numbers["n_units"] == numbers["covered_sure"] + numbers["n_sure"] + numbers["n_open"]
        whole_of = {"gaps": "n_bare", "overview": "n_units"} if facts.verdict == "judged" else {"overview": "n_units"}
        for key, whole in whole_of.items():
            first, *parts = map(int, re.findall(r"(\d+)(?![\d.]*%)", titles(facts)[key].split("（已核实")[0]))
            assert first == numbers[whole] == sum(parts), titles(facts)[key]


def test_where_a_third_is_open_the_title_does_not_judge(book: Make) -> None:
    facts = shown(pb.read(book({"组织": ORGANIZATIONS + LIKE, "单位": UNITS}), as_of="2025-06-30"))
    assert facts.verdict == "open"
    said = titles(facts)["overview"]
    assert said.endswith("在营单位 4 家，已核实有党组织 1 家、没有党组织 1 家，其余 2 家暂不能判断")
    assert "%" not in "".join(sentences(facts)) and "暂不能判断" in sentences(facts)[0]
    rates = document.report(facts).find(document.Numbers, "rates")
    assert rates is not None
    assert [item.said for item in rates.items[:3]] == ["不低于 25.0%", "不低于 25.0%", "暂不能判断"]


def test_without_a_list_of_organizations_only_what_units_say_is_judged(book: Make) -> None:
    silent = [row[:3] for row in UNITS]
    facts = shown(pb.read(book({"单位": silent}), as_of="2025-06-30"))
    assert facts.verdict == "unjudged" and "暂不能判断" in titles(facts)["overview"]
    rates = pb.coverage_rates(facts.network)
    assert rates.loc[rates["rate"] == "org_coverage", "rate_share"].isna().all()
    telling = [UNITS[0], UNITS[1], UNITS[4], ["宏达机械厂", "甲社区", 4, "否"], ["三人行公司", "甲社区", 3, "否"]]
    told = shown(pb.read(book({"单位": telling}, "全.xlsx"), as_of="2025-06-30"))
    assert told.verdict == "judged" and "党组织覆盖 1 家（25.0%），未建立党组织 3 家" in titles(told)["overview"]


def test_a_gap_that_is_to_be_checked_is_never_counted_as_certain(demo: Network) -> None:
    facts = shown(demo)
    numbers, units = headline_numbers(facts), pb.coverage(demo)
    assert numbers["n_check"] == 2
    checked = units[units["is_in_scope"] & ~units["is_covered"] & (units["is_covered_sure"] == "check-name")]
    assert len(checked) == 2
    assert "（已核实 73 家，名称待核 2 家）" in titles(facts)["overview"]


def test_what_nobody_wrote_down_is_no_zero(book: Make) -> None:
    facts = shown(pb.read(book({"组织": ORGANIZATIONS, "单位": UNITS[:2]}), as_of="2025-06-30"))
    rates = pb.coverage_rates(facts.network)
    rates = rates[rates["community"] == ""].set_index("rate")["rate_share"]
    assert rates["org_coverage"] == 1.0
    assert rates[["work_coverage", "committee_seats", "grid_coverage", "double_registration"]].isna().all()
    rates = document.report(facts).find(document.Numbers, "rates")
    assert rates and [rate.said for rate in rates.items].count("无数据") == 4
    for said in ("认领项目 0", "登记相符 0", "协议 0"):
        assert not any(said in line for line in sentences(facts)), said


def test_members_of_unknown_category_are_not_no_full_members(book: Make) -> None:
    organizations = [
        ["党组织名称", "组织类别", "所属社区"],
        ["甲支部", "党支部", "甲社区"],
        ["乙支部", "党支部", "甲社区"],
    ]
    people = [["姓名", "人员类别", "所在党支部", "工作单位"], *[[n, "", "甲支部", "宏达公司"] for n in "子丑寅卯"]]
    people += [
        ["辰", "正式党员", "乙支部", "福来店"],
        ["巳", "正式党员", "乙支部", "福来店"],
        ["午", "", "乙支部", "福来店"],
    ]
    units = [["单位名称", "所属社区"], ["宏达公司", "甲社区"], ["福来店", "甲社区"]]
    network = pb.read(book({"组织": organizations, "党员": people, "单位": units}), as_of="2025-06-30")
    counts = pb.membership(network).set_index("organization")
    assert pd.isna(counts.loc["甲支部", "n_full"]) and counts.loc["甲支部", "n_unknown"] == 4
    assert counts.loc["乙支部", "n_full"] == 2
    found = pb.assess(network)
    assert not ((found["rule_id"] == "A8") & (found["sure"] == "certain")).any()
    gaps = found[found["subject"] == "宏达公司"]
    assert set(gaps["sure"]) == {"unknown"} and "NA" not in "".join(gaps["message"])
    assert gaps["message"].tolist() == ["宏达公司有党员 4 名，尚未建立党组织，应联合组建。"]
    assert gaps["evidence"].tolist() == ["党员共 4 名（据党员名册，未注明是否正式党员）"]


def test_a_total_of_members_is_said_as_such(book: Make) -> None:
    units = [["单位名称", "所属社区", "党员总数", "是否建立党组织"], ["红星厂", "甲社区", 6, "否"]]
    found = pb.assess(pb.read(book({"单位": units, "组织": ORGANIZATIONS}), as_of="2025-06-30"))
    row = found[found["subject"] == "红星厂"].iloc[0]
    assert row["message"] == "红星厂有党员 6 名，尚未建立党组织，应联合组建。"
    assert row["evidence"] == "党员共 6 名（据单位台账，未分正式、预备）"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cover_and_sheets_read_one_document(tiny: Network, lang: str) -> None:
    facts = shown(tiny, lang=lang)
    whole = document.report(facts)
    book = load_workbook(io.BytesIO(workbook_bytes(whole)))
    assert book.sheetnames == [caption("sheet_summary", lang), *(table.name for table in whole.tables())]
    for table in whole.tables():
        first = 5 if table.groups else 4
        assert book[table.name].max_row == max(first + len(table.rows) - 1, first - 1), table.key
    cover = [row[1] for row in book.worksheets[0].iter_rows(min_row=3, values_only=True)]
    assert sentences(facts) and cover[: len(sentences(facts))] == sentences(facts)
    assert len({table.key for table in whole.tables()}) == len(whole.tables())


def test_the_document_is_made_without_asking_twice(tiny: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = shown(tiny)
    whole = document.report(facts)
    monkeypatch.setattr("pbgraph.analyses.study.Study.kept", lambda *_: pytest.fail("a writer asked a measure"))
    assert workbook_bytes(whole)


def test_a_pack_is_judged_by_the_rules_it_was_asked_for(book: Make, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[rules.A1.params]\nn = 5\n[rules.A7.params]\nn = 5\n", "utf-8")
    network = pb.read(book(TINY), as_of="2025-06-30")
    facts = gather(network, look=Look(), policy=pb.read_policy(path=own))
    assert headline_numbers(facts)["must"] == 0
    units = document.report(facts).find(document.Table, "units")
    assert units is not None
    assert not any("应建未建" in str(cell) for row in units.rows for cell in row)


def test_sentences_print_the_numbers_of_the_rules_and_no_zero(book: Make, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[rules.A1.params]\nn = 4\n", "utf-8")
    network = pb.read(book(TINY), as_of="2025-06-30")
    said = sentences(gather(network, look=Look(), policy=pb.read_policy(path=own)))
    assert "应建未建 1 家，均有 4 名以上正式党员，应限期建立党支部。" in said
    assert "已具备单独组建条件（现属联合党支部）1 家，正式党员均达 3 名以上，应单独组建。" in said
    for facts in (shown(network), shown(network, lang="en")):
        assert not any(
            re.search(r"(?<![\d.])0 (?:家|份|项|units|agreements|claims)", line) for line in sentences(facts)
        )
        assert facts.look.lang == "zh" or not re.search("[，；、]", "".join(sentences(facts)))
