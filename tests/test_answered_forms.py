"""Answers of forms on the web: questions as headers, 是 with more behind it, trials, and forms sent twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

import pbgraph as pb
from pbgraph.network import Network
from pbgraph.reading.said import answered

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


def test_a_total_may_begin_with_a_place(book: Callable[..., Path]) -> None:
    rows = [
        ["单位名称", "性质", "职工"],
        ["甲厂", "企业", 3],
        ["乙店", "企业", 4],
        ["新丰合计：单位2家，职工7人；支部1个", "", ""],
    ]
    assert pb.read(book({"驻区单位": rows})).units["name"].tolist() == ["乙店", "甲厂"]
