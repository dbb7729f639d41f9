"""Names at size: changes of writing keep the key, changes of meaning never do, the right name is among the first five."""

import random
from collections.abc import Callable

import pytest

from pbgraph.linking.candidates import candidates, is_blocked
from pbgraph.linking.keys import name_key
from pbgraph.linking.review import difference, may_be_prefilled, reason

PLACES = ("云州市", "青屏区", "望湖街道", "临海县", "江东镇", "")
BRANDS = "宏恒瑞天众明嘉新博华泰永德万晨锦春启远汇佳长同福智云星百中金海立正安祥鼎凯"
FORMS = (
    "机械有限公司",
    "商贸有限责任公司",
    "（集团）股份有限公司",
    "社区第一党支部",
    "社区党总支",
    "社区居民委员会",
    "小学",
    "律师事务所",
)
TRADITIONAL = str.maketrans("东车马业云电网学区党会员长门问万华兴", "東車馬業雲電網學區黨會員長門問萬華興")
Change = Callable[[str], str]
WRITING: dict[str, Change] = {
    "blank": lambda name: name[:3] + " " + name[3:],
    "wide": lambda name: name.replace("A", "Ａ").replace("(", "（"),
    "half brackets": lambda name: name.replace("（", "(").replace("）", ")"),
    "no brackets": lambda name: name.replace("（", "").replace("）", ""),
    "traditional": lambda name: name.translate(TRADITIONAL),
    "legal form": lambda name: name.replace("有限责任公司", "有限公司"),
    "long branch": lambda name: "中共" + name[:-3] + "支部委员会" if name.endswith("党支部") else name,
    "no party word": lambda name: name[:-3] + "支部" if name.endswith("党支部") else name,
    "ordinal": lambda name: name.replace("第一党支部", "一支部"),
    "digit": lambda name: name.replace("第一", "第1"),
    "short committee": lambda name: name.replace("居民委员会", "居委会"),
}
MEANING: dict[str, Change] = {
    "number": lambda name: name.replace("第一", "第二"),
    "level": lambda name: name.replace("党总支", "党委").replace("党支部", "党总支"),
    "branch office": lambda name: name.replace("有限公司", "有限公司第三分公司"),
    "union": lambda name: name + "工会委员会",
    "league": lambda name: name.replace("党支部", "团支部"),
    "stock form": lambda name: name.replace("有限责任公司", "股份有限公司"),
    "place": lambda name: "海州市" + name,
    "committee": lambda name: name.replace("社区居民委员会", "社区党支部"),
}
SLIPS: dict[str, Change] = {
    "no place": lambda name: next((name[len(place) :] for place in PLACES if place and name.startswith(place)), name),
    "no form": lambda name: name.replace("有限责任公司", "").replace("有限公司", ""),
    "short form": lambda name: name.replace("有限", "").replace("责任", ""),
    "one lost": lambda name: name[:-4] + name[-3:],
    "one wrong": lambda name: name[:4] + "卌" + name[5:],
}


@pytest.fixture(scope="module")
def names() -> list[str]:
    dice = random.Random(7)
    made: set[str] = set()
    while len(made) < 17_000:
        brand = "".join(dice.choice(BRANDS) for _ in range(dice.randint(2, 4)))
        made.add(dice.choice(PLACES) + brand + dice.choice(FORMS))
    return sorted(made)


def test_seventeen_thousand_names_make_no_false_merge(names: list[str]) -> None:
    written: dict[str, set[str]] = {}
    for name in names:
        written.setdefault(name_key(name), set()).add(name.replace("有限责任公司", "有限公司"))
    assert {key: group for key, group in written.items() if len(group) > 1} == {}


@pytest.mark.parametrize("change", WRITING, ids=str)
def test_a_change_of_writing_keeps_the_key(names: list[str], change: str) -> None:
    changed = [(name, WRITING[change](name)) for name in names[::17]]
    assert [pair for pair in changed if name_key(pair[0]) != name_key(pair[1])] == []


@pytest.mark.parametrize("change", MEANING, ids=str)
def test_a_change_of_meaning_is_never_merged_nor_prefilled(names: list[str], change: str) -> None:
    changed = [(name, MEANING[change](name)) for name in names[::17] if MEANING[change](name) != name]
    assert changed
    for name, other in changed:
        left, right = name_key(name), name_key(other)
        assert left != right
        (near,) = candidates([left], [right])
        assert not may_be_prefilled(left, [(right, score) for _, score in near]), (name, other)


def test_the_right_name_is_among_the_first_five(names: list[str]) -> None:
    known = sorted({name_key(name) for name in names})[::8]
    asked = [(name_key(slip(key)), key) for key in known[::5] for slip in SLIPS.values()]
    asked = [(slipped, key) for slipped, key in asked if slipped != key and not is_blocked(slipped, key)]
    found = candidates([slipped for slipped, _ in asked], known)
    hits = sum(key in [known[index] for index, _ in near] for (_, key), near in zip(asked, found, strict=True))
    assert len(asked) > 1_000
    assert hits / len(asked) >= 0.95


def test_the_same_name_in_two_regions_is_two() -> None:
    assert is_blocked("温州市宏达机械厂", "广州市宏达机械厂")
    assert is_blocked("云州市青屏区宏达小学", "云州市临海区宏达小学")
    assert not is_blocked("宏达机械厂", "广州市宏达机械厂")
    assert not is_blocked("巴区宏达机械厂", "巴南区宏达机械厂")


def test_mass_organizations_and_branch_offices_are_other_bodies() -> None:
    assert name_key("卓村团支部") == "卓村团支部"
    assert name_key("卓村团总支") == "卓村团总支"
    assert is_blocked("卓村党支部", "卓村团支部")
    assert is_blocked("世好餐饮有限公司", "世好餐饮有限公司工会委员会")


def test_a_difference_is_told_in_pieces_and_in_words() -> None:
    assert difference("八达科技公司", "云州八达科技有限公司") == [("八达科技公司", True)]
    assert difference("云州八达科技有限公司", "八达科技公司") == [
        ("云州", False),
        ("八达科技", True),
        ("有限", False),
        ("公司", True),
    ]
    assert reason("宏达厂", "宏达厂工会") == "reason_end"
    assert reason("宏达机器厂", "宏大机械厂") == "reason_parts"
