"""Answers of forms on the web: questions as headers, 是 with more behind it, trials, and forms sent twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

import pbgraph as pb
from pbgraph.network import Network
from pbgraph.reading.said import answered, flag_of

ANSWERS = [
    ["编号", "开始答题时间", "来自IP", "1、贵公司的全称是？（须与执照一致）", "2、贵公司是以下哪种类型？", "3、贵公司位于哪个社区？",
     "4、详细地址", "5、负责人姓名", "6、负责人的手机号是多少？", "7、公司共有多少名员工？（填数字）",
     "8、员工中有几名正式党员？（填数字）", "9、有几名预备党员？（没有写0）", "10、是否已经建立党组织？", "11、党组织名称",
     "12、是否给企业安排了党建指导员？"],
    ["1", "2026/3/1 9:00", "10.0.0.1", "测试", "民营企业", "柳林社区", "1", "测试", "1", 1, 1, 0, "否，尚未建立", "", "没有"],
    ["2", "2026/3/1 9:10", "10.0.0.2", "海宁市晨光印刷有限公司", "民营企业", "柳林社区", "塘路1号", "方明", "13900000001", 9, 4, 1,
     "是，单独建立", "晨光印刷党支部", "不清楚"],
    ["3", "2026/3/1 9:20", "10.0.0.3", "海宁市嘉禾茶业有限公司", "民营企业", "柳林社区", "塘路2号", "何静", "13900000002", 8, 2, 0,
     "是，与其他单位联合建立", "", "没有"],
    ["4", "2026/3/1 9:30", "10.0.0.4", "海宁市百川纸业有限公司", "民营企业", "柳林社区", "塘路3号", "沈立", "13900000003", 7, 0, 0,
     "否，尚未建立", "(空)", "有，孙兰"],
    ["5", "2026/3/2 8:00", "10.0.0.4", "百川纸业", "民营企业", "柳林社区", "塘路3号", "沈立", "13900000003", 7, 0, 0,
     "否，尚未建立", "", "有，孙兰"],
]  # fmt: skip


@pytest.fixture
def network(book: Callable[..., Path]) -> Network:
    return pb.read(book({"Sheet1": ANSWERS}, "驻区单位问卷.xlsx"), as_of="2026-06-30")


def test_a_trial_is_an_example_and_a_form_sent_twice_is_one_unit(network: Network) -> None:
    assert len(network.units) == 3
    assert network.units["name"].str.contains("测试").sum() == 0


def test_questions_are_headers_and_yes_may_say_more(network: Network) -> None:
    units = network.units.set_index("address")
    assert units.loc["塘路1号", ["staff_count", "full_count", "probationary_count"]].tolist() == [9, 4, 1]
    assert units["founding_form"].to_dict() == {"塘路1号": "alone", "塘路2号": "joint", "塘路3号": "none"}
    assert units.loc["塘路3号", "instructors"] == "孙兰"
    states = pb.coverage(network).set_index("unit")["state"]
    assert states["海宁市晨光印刷有限公司"] == "own"


def test_only_a_yes_or_a_no_is_answered() -> None:
    assert answered("有限公司") == answered("无锡，江苏") == answered("王明（书记）") == ("", "")
    assert answered("√（联）") == ("√", "联")
    assert answered("有〖孙兰〗") == ("有", "孙兰")


NUMBERED = [
    ["答题序号", "提交时间", "答题时长", "Q1.您所在单位的全称（与公章一致）", "Q2.单位所属社区", "Q3.单位的性质（单选）",
     "Q4.单位在职员工____人", "Q5.正式党员（  ）名", "Q6.预备党员（  ）名，没有填0", "Q7.单位是否已成立党组织【单选题】",
     "Q8.党组织名称（没有的不填）", "Q9.上级党组织名称为____", "Q10.联系人及手机号"],
    [1, "2025-06-02 9:11", "3分2秒", "青溪市顺昌五金厂", "柳岸社区", "B.民营企业", "40人", "3名", "0", "①已单独成立",
     "顺昌五金厂党支部", "中共柳岸社区委员会", "卢永昌 13900002222"],
    [2, "2025-06-02 10:40", "1分8秒", "青溪市百味斋饭店", "柳岸社区", "D.个体工商户", 12, "2", "0名", "③没有成立", "(空)",
     "(跳过)", "孙长庚13900003333"],
    [3, "2025-06-03 14:30", "2分", "青溪市百味斋饭店", "柳岸社区", "D.个体工商户", 12, "4", "1名", "③没有成立", "(空)",
     "(跳过)", "孙长庚13900003333"],
    [4, "2025-06-03 15:00", "2分", "青溪市云帆软件有限公司", "枫桥社区", "B.民营企业", 30, "1", "0", "②与其他单位联合成立",
     "枫桥商圈联合党支部", "中共枫桥社区委员会", "田野（13900005555）"],
]  # fmt: skip


def test_questions_may_have_numbers_and_blanks_to_fill_in(book: Callable[..., Path]) -> None:
    units = pb.read_workbooks(book({"答卷": NUMBERED})).tables["units"]
    counts = ["staff_count", "full_count", "probationary_count"]
    assert units[counts].to_numpy().tolist() == [[40, 3, 0], [12, 4, 1], [30, 1, 0]]
    assert units["has_org"].tolist() == [True, False, True]
    assert units["founding_form"].tolist() == ["alone", "none", "joint"]
    assert units["parent"].fillna("").tolist() == ["中共柳岸社区委员会", "", "中共枫桥社区委员会"]
    assert units["contact"].tolist() == ["卢永昌", "孙长庚", "田野"]


def test_the_last_answer_of_a_unit_holds(book: Callable[..., Path]) -> None:
    reading = pb.read_workbooks(book({"答卷": NUMBERED}))
    again = [(found.row, dict(found.data)["row"]) for found in reading.findings if found.code == "row-answered-again"]
    assert again == [(3, "4")]
    line = reading.ledger.iloc[0]
    assert (line["n_used"], line["n_set_aside"]) == (3, 1)
    undated = [row[:1] + row[2:] for row in NUMBERED]
    assert len(pb.read_workbooks(book({"答卷": undated}, "无时间.xlsx")).tables["units"]) == 4


@pytest.mark.parametrize("cell", ["A.是，单独建立", "(1)是", "①已建立", "B、已联合成立", "【A】是"])
def test_the_letter_of_a_choice_is_no_part_of_the_answer(cell: str) -> None:
    assert flag_of(cell) == (True, None)


def test_a_word_in_place_of_a_day_is_no_mistake(book: Callable[..., Path]) -> None:
    rows = [
        ["姓名", "所在党支部", "入党时间", "转正时间"],
        ["赵云", "一支部", "2024-05-01", "预备期"],
        ["钱山", "一支部", "2019-05-01", "2020-05-01"],
        ["孙海", "一支部", "2024-06-01", "尚未转正"],
    ]
    reading = pb.read_workbooks(book({"党员名册": rows}))
    assert reading.tables["members"]["category"].fillna("").tolist() == ["probationary", "", "probationary"]
    assert not reading.findings


def test_a_total_may_begin_with_a_place(book: Callable[..., Path]) -> None:
    rows = [
        ["单位名称", "性质", "职工"],
        ["甲厂", "企业", 3],
        ["乙店", "企业", 4],
        ["新丰合计：单位2家，职工7人；支部1个", "", ""],
    ]
    assert pb.read(book({"驻区单位": rows})).units["name"].tolist() == ["乙店", "甲厂"]
