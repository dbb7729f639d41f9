"""Names: what is one, what never is, and what a person must decide."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from conftest import ORGANIZATIONS, TINY, UNITS, write_book
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import pbgraph as pb
from pbgraph.errors import PolicyError
from pbgraph.linking.aliases import read_aliases
from pbgraph.linking.candidates import candidates, is_blocked
from pbgraph.linking.keys import name_key
from pbgraph.rendering.facts import gather
from pbgraph.rendering.map_spec import map_spec

HOME = "浙江省/杭州市/富阳区/富春街道"
SAME = [
    ("中共金橋社區支部委员会", "金桥社区党支部"),
    ("中国共产党金桥社区支部委员会", "金桥社区支部"),
    ("金桥社区第一党支部", "金桥社区一支部"),
    ("金桥社区第１党支部", "金桥社区第一支部"),
    ("中共青屏区委员会", "青屏区党委"),
    ("中共望湖街道工作委员会", "望湖街道党工委"),
    ("东湖社区总支部委员会", "东湖社区党总支"),
    ("新疆天业（集团）有限责任公司", "新疆天业(集团)有限公司"),
    ("宏达 机械厂", "宏达机械厂"),
    ("金桥社区居民委员会", "金桥社区居委会"),
    ("云州市第三中学", "云州市第3中学"),
]
APART = [
    ("第一党支部", "第二党支部"),
    ("金桥社区党支部", "金桥社区党总支"),
    ("金桥社区党支部", "金桥社区"),
    ("温州广播电视台", "广州广播电视台"),
    ("云州市商业银行", "云州市商业银行金桥支行"),
    ("天业股份有限公司", "天业有限公司"),
    ("城市管理委员会", "城市管理党委"),
    ("东湖社区党支部", "西湖社区党支部"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_name(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(("left", "right"), APART)
def test_two_names(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


def test_only_a_tail_of_home_is_dropped() -> None:
    forms = [
        "金桥社区党支部",
        "富春街道金桥社区党支部",
        "富阳区富春街道金桥社区党支部",
        "浙江省杭州市富阳区富春街道金桥社区党支部",
    ]
    assert {name_key(form, home=HOME) for form in forms} == {"金桥社区党支部"}
    assert name_key("杭州市金桥社区党支部", home=HOME) == "杭州市金桥社区党支部"
    assert name_key("富春街道党工委", home=HOME) == "富春街道党工委"
    assert name_key("富春街道办事处", home=HOME) == "富春街道"


@given(
    st.text(alphabet="中共第一二十三党总支部委员会街道办事处工作金桥社区有限责任公司（）() ０1A，", max_size=14),
    st.sampled_from([None, "organizations", "units"]),
)
def test_a_key_is_its_own_key(name: str, kind: str | None) -> None:
    key = name_key(name, kind=kind)
    assert name_key(key, kind=kind) == key


def test_hard_blocks_overrule_any_score() -> None:
    assert is_blocked("1党支部", "2党支部")
    assert is_blocked("商业银行", "商业银行金桥支行")
    assert is_blocked("东城机械厂", "西城机械厂")
    assert not is_blocked("八达科技公司", "云州八达科技有限公司")


def test_candidates_are_ranked_and_blocked() -> None:
    known = ["云州八达科技有限公司", "云州八达商贸有限公司", "八达科技2公司"]
    (found,) = candidates(["八达科技公司"], known)
    assert found[0][0] == 0
    assert 2 not in [index for index, _ in found]
    assert candidates(["天外飞仙"], known) == [[]]
    assert candidates([], known) == []


def aliases(path: Path, *rows: str) -> Path:
    path.write_text("类型,原名,标准名,判断\n" + "\n".join(rows) + "\n", "utf-8-sig")
    return path


def test_an_answer_changes_exactly_what_it_names(tmp_path: Path) -> None:
    rows = [line[:] for line in ORGANIZATIONS]
    rows[4][5] = "兴隆小店、福来店"
    file = write_book(tmp_path / "名册.xlsx", {**TINY, "党组织": rows})
    before = pb.read(file)
    found = pb.coverage(before).set_index("unit")
    assert found.loc["兴隆店", ["state", "sure"]].tolist() == ["joint-candidate", "check-name"]
    assert before.review[["name", "candidate"]].to_numpy().tolist() == [["兴隆小店", "兴隆店"]]
    answered = pb.read(file, aliases=aliases(tmp_path / "别名.csv", "单位,兴隆小店,兴隆店,是"))
    after = pb.coverage(answered).set_index("unit")
    assert after.loc["兴隆店", ["state", "sure"]].tolist() == ["joint", "certain"]
    assert answered.review.empty
    changed = (found["state"] != after["state"]) & found["state"].notna()
    assert changed[changed].index.tolist() == ["兴隆店"]


def test_a_refusal_parts_what_the_key_joins(tmp_path: Path) -> None:
    book = {"单位": [["单位名称", "所属社区"], ["宏达（集团）", "甲社区"], ["宏达集团", "甲社区"]]}
    file = write_book(tmp_path / "名册.xlsx", book)
    assert len(pb.read(file).units) == 1
    refused = pb.read(file, aliases=aliases(tmp_path / "a.csv", "单位,宏达（集团）,宏达集团,否"))
    assert sorted(refused.units["name"]) == ["宏达集团", "宏达（集团）"]


def test_contradicting_answers_are_named(tmp_path: Path) -> None:
    file = aliases(tmp_path / "a.csv", "单位,甲,乙,是", "单位,乙,丙,是", "单位,甲,丙,否")
    with pytest.raises(PolicyError, match="别名文件前后不一致：第 2 行填“甲”与“丙”是同一个，第 4 行填不是"):
        read_aliases(file)
    with pytest.raises(PolicyError, match="第 2 行 / row 2: 飞船"):
        read_aliases(aliases(tmp_path / "b.csv", "飞船,甲,乙,是"))


def test_answers_of_this_year_are_added_to_those_of_last_year(tmp_path: Path) -> None:
    file = doubtful(tmp_path, branch="兴隆小店、福来小店")
    aliases(tmp_path / "别名.csv", "单位,福来小店,福来店,是")
    network = pb.read(tmp_path, aliases=aliases(tmp_path / "今年.csv", "单位,兴隆小店,兴隆店,否"), as_of="2025-06-30")
    assert network.review["candidate"].tolist() != ["兴隆店"]
    assert network.decisions["原名"].tolist() == ["兴隆小店", "福来小店"]
    assert pb.coverage(network).set_index("unit").loc["福来店", "state"] == "split-due"
    with pytest.raises(PolicyError, match="今年.csv 2 行填“福来小店”与“福来店”是同一个|别名.csv 2 行填"):
        pb.read(tmp_path, aliases=aliases(tmp_path / "今年.csv", "单位,福来小店,福来店,否"))
    assert file.exists()


def test_the_saved_review_workbook_is_an_alias_file(tmp_path: Path) -> None:
    answers = write_book(
        tmp_path / "待核对.xlsx",
        {"待核对": [["待核对名称"], ["类型", "原名", "标准名", "判断"], ["单位", "兴隆小店", "兴隆店", "是"]]},
    )
    assert read_aliases(answers).key("兴隆小店", "units") == "兴隆店"


def test_the_same_name_in_two_communities_is_two_units(book: Callable[..., Path]) -> None:
    network = pb.read(book({"单位": [["单位名称", "所属社区"], ["便民超市", "甲社区"], ["便民超市", "乙社区"]]}))
    assert network.units["community"].tolist() in (["甲社区", "乙社区"], ["乙社区", "甲社区"])


def test_one_unit_in_two_ledgers_is_one_and_keeps_both_rows(book: Callable[..., Path]) -> None:
    ledgers = {"台账": UNITS[:3], "两新": [["企业名称", "社区", "员工总数"], ["红旗厂 ", "甲社区", 300]]}
    units = pb.read(book(ledgers)).units.set_index("name")
    assert units.loc["红旗厂", "source"].split("\n") == ["名册.xlsx|两新|2", "名册.xlsx|台账|3"]


def test_a_renamed_unit_is_known_by_its_code(book: Callable[..., Path]) -> None:
    code = "91330100MA2AAAAA1E"
    rows = [
        ["单位名称", "统一社会信用代码", "所属社区"],
        ["永固机械厂", code, "甲社区"],
        ["恒久机械公司", code, "甲社区"],
    ]
    assert len(pb.read(book({"单位": rows})).units) == 1
    rows[2][0] = "永固机械厂第二分厂"
    assert len(pb.read(book({"单位": rows})).units) == 2


def test_a_short_branch_name_is_found_within_its_community(book: Callable[..., Path]) -> None:
    organizations = [
        ["党组织名称", "组织类别", "所属社区"],
        ["第一党支部", "党支部", "甲社区"],
        ["第一党支部", "党支部", "乙社区"],
    ]
    members = [["姓名", "所在党支部", "所属社区"], ["甲", "第一支部", "乙社区"], ["乙", "第一党支部", ""]]
    network = pb.read(book({"党组织": organizations, "党员": members}))
    ties = network.ties[network.ties["relation"] == "member_of"]
    homes = network.organizations.set_index("organization_id")["community"]
    assert ties["target_id"].map(homes).tolist() == ["乙社区"]
    assert network.findings["message"].tolist() == ["所在党支部“第一党支部”可能是 2 个中的任何一个，未连接。"]


def test_a_name_alone_never_makes_two_people_one(book: Callable[..., Path]) -> None:
    members = [
        ["姓名", "性别", "所在党支部", "工作单位"],
        ["王五", "男", "甲支部", "红旗厂"],
        ["赵六", "男", "甲支部", "红旗厂"],
    ]
    organizations = [["党组织名称", "组织类别", "所属社区"], ["甲支部", "党支部", "甲社区"]]
    seats = [
        ["甲社区大党委成员名单"],
        ["大党委职务", "姓名", "性别", "所在单位"],
        ["委员", "王五", "女", "红旗厂"],
        ["委员", "赵六", "男", "红旗厂"],
    ]
    network = pb.read(book({"党组织": organizations, "党员": members, "单位": UNITS[:3], "大党委": seats}))
    people = network.members.set_index("member_id")["name"]
    assert sorted(people) == ["王五", "王五", "赵六"]
    held = network.ties[network.ties["relation"] == "holds_post"]["source_id"].map(people)
    assert sorted(held) == ["王五", "赵六"]
    assert "person-not-linked" in set(network.findings["code"])


def test_a_made_up_superior_is_outside_and_a_near_one_is_asked(book: Callable[..., Path]) -> None:
    rows = [
        ["党组织名称", "组织类别", "上级党组织", "所属社区"],
        ["望江街道两新综合党委", "党委", "", ""],
        ["甲公司党支部", "党支部", "望江街道两新综合委党委", "甲社区"],
        ["乙公司党支部", "党支部", "市机械局党委", "甲社区"],
    ]
    network = pb.read(book({"党组织": rows}))
    assert network.review["name"].tolist() == ["望江街道两新综合委党委"]
    found = pb.dual_management(network).set_index("organization")
    assert found.loc["甲公司党支部", "sure"] == "check-name"
    assert found.loc["乙公司党支部", ["expected", "sure"]].tolist() == ["dual", "certain"]


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    shuffled = {name: [rows[0], *reversed(rows[1:])] for name, rows in reversed(TINY.items())}
    one = pb.read(write_book(tmp_path / "一.xlsx", TINY))
    other = pb.read(write_book(tmp_path / "二.xlsx", shuffled))
    for kind in ("members", "organizations", "units", "committees"):
        assert one.tables[kind].iloc[:, :2].to_numpy().tolist() == other.tables[kind].iloc[:, :2].to_numpy().tolist()


def test_made_up_names_make_no_false_merge() -> None:
    places, brands, forms = (
        "云临海青",
        "宏恒瑞天众明嘉新博华",
        ("机械厂", "商贸有限公司", "第一党支部", "第二党支部", "党总支", "居委会"),
    )
    names = [f"{place}州{a}{b}{form}" for place, a, b, form in product(places, brands, brands, forms)]
    assert len({name_key(name) for name in names}) == len(names) == 2400


def doubtful(folder: Path, *, branch: str = "兴隆小店、福来店") -> Path:
    rows = [line[:] for line in ORGANIZATIONS]
    rows[4][5] = branch
    return write_book(folder / "名册.xlsx", {**TINY, "党组织": rows})


def test_a_clerk_answers_the_review_workbook_and_the_second_run_is_quiet(tmp_path: Path) -> None:
    file = doubtful(tmp_path)
    folder = pb.write_pack(pb.read(file), tmp_path / "out")
    workbook = load_workbook(folder / "待核对.xlsx")
    assert workbook.sheetnames == ["待核对名称", "识别结果", "选项", "已自动合并"]
    sheet = workbook["待核对名称"]
    assert [cell.value for cell in sheet[3]][:6] == ["类型", "原名", "标准名", "判断", "理由", "相似度"]
    assert [cell.value for cell in sheet[4]][:5] == ["单位", "兴隆小店", "兴隆店", "是", "中间少字"]
    assert next(str(rule.sqref) for rule in sheet.data_validations.dataValidation).startswith("D4:")
    answered = tmp_path / "answered.xlsx"
    workbook.save(answered)
    again = pb.read(file, aliases=answered)
    assert again.review.empty
    kept = pb.write_pack(again, tmp_path / "out") / "别名.csv"
    assert kept.read_text("utf-8-sig") == "类型,原名,标准名,判断\n单位,兴隆小店,兴隆店,是\n"
    assert pb.read(file, aliases=kept).review.empty
    assert pb.coverage(again).set_index("unit").loc["兴隆店", ["state", "sure"]].tolist() == ["joint", "certain"]


@pytest.mark.parametrize("answer", ["否", "不确定"])
def test_an_answered_question_is_not_asked_again(tmp_path: Path, answer: str) -> None:
    file = doubtful(tmp_path)
    network = pb.read(file, aliases=aliases(tmp_path / "a.csv", f"单位,兴隆小店,兴隆店,{answer}"))
    sheet = load_workbook(pb.write_pack(network, tmp_path / "out") / "待核对.xlsx")["待核对名称"]
    asked = [(row[1], row[2]) for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert ("兴隆小店", "兴隆店") not in asked
    found = pb.coverage(network).set_index("unit").loc["兴隆店"]
    # refused: the gap is real; not sure: it stays in doubt
    assert found["sure"] == ("certain" if answer == "否" else "check-name")


def test_one_refusal_undoes_an_automatic_merge(tmp_path: Path) -> None:
    file = doubtful(tmp_path, branch="興隆店、福来店")
    network = pb.read(file)
    assert network.merges[["name", "standard", "reason"]].to_numpy().tolist() == [
        ["興隆店", "兴隆店", "merge_characters"]
    ]
    assert pb.coverage(network).set_index("unit").loc["兴隆店", "state"] == "joint"
    parted = pb.read(file, aliases=aliases(tmp_path / "a.csv", "单位,興隆店,兴隆店,否"))
    assert parted.merges.empty
    assert pb.coverage(parted).set_index("unit").loc["兴隆店", "state"] == "joint-candidate"


def test_a_bare_branch_name_is_told_apart_by_its_superior(book: Callable[..., Path]) -> None:
    organizations = [
        ["党组织名称", "组织类别", "上级党组织", "所属社区"],
        ["甲厂党总支", "党总支", "", "甲社区"],
        ["乙厂党总支", "党总支", "", "甲社区"],
        ["第一党支部", "党支部", "甲厂党总支", "甲社区"],
        ["第一党支部", "党支部", "乙厂党总支", "甲社区"],
    ]
    members = [
        ["姓名", "所在党支部", "所属党总支", "所属社区"],
        ["子", "一支部", "乙厂总支", "甲社区"],
        ["丑", "第1党支部", "甲厂党总支", ""],
    ]
    network = pb.read(book({"党组织": organizations, "党员": members}))
    assert len(network.organizations) == 4
    names = network.names()
    above = {row.source_id: names[row.target_id] for row in network.ties.itertuples() if row.relation == "subordinate"}
    homes = {
        names[row.source_id]: above[row.target_id] for row in network.ties.itertuples() if row.relation == "member_of"
    }
    assert homes == {"子": "乙厂党总支", "丑": "甲厂党总支"}


def test_two_superiors_are_a_finding_that_names_both(book: Callable[..., Path]) -> None:
    rows = [
        ["党组织名称", "组织类别", "上级党组织"],
        ["甲厂党支部", "党支部", "机械局党委"],
        ["甲厂党支部", "党支部", "商业局党委"],
    ]
    messages = pb.read(book({"党组织": rows})).findings["message"].tolist()
    assert "“甲厂党支部”写了两个上级党组织：商业局党委、机械局党委。" in messages


def test_a_unit_moved_between_communities_is_one_and_said(book: Callable[..., Path]) -> None:
    code = "91330100MA2AAAAA1E"
    rows = [["单位名称", "统一社会信用代码", "所属社区"], ["永固厂", code, "甲社区"], ["永固厂", code, "乙社区"]]
    network = pb.read(book({"单位": rows}))
    assert network.units["community"].tolist() == ["甲社区"]
    assert network.findings["message"].tolist() == ["“永固厂”登记在两个社区：乙社区、甲社区，取先出现的。"]


def test_a_former_name_leads_to_the_organization(book: Callable[..., Path]) -> None:
    organizations = [
        ["党组织名称", "组织类别", "党组织曾用名"],
        ["望湖社区党委", "党委", "望湖社区党总支、湖滨村党支部"],
    ]
    members = [["姓名", "所在党支部"], ["子", "中共湖滨村支部委员会"], ["丑", "望湖社区总支部"]]
    network = pb.read(book({"党组织": organizations, "党员": members}))
    assert (network.ties["relation"] == "member_of").sum() == 2
    assert network.review.empty


def test_an_agreement_means_the_unit_of_its_own_community(book: Callable[..., Path]) -> None:
    units = [["单位名称", "所属社区"], ["便民超市", "甲社区"], ["便民超市", "乙社区"]]
    organizations = [["党组织名称", "组织类别", "所属社区"], ["乙社区党支部", "党支部", "乙社区"]]
    agreements = [["甲方", "乙方"], ["乙社区党支部", "便民超市"]]
    network = pb.read(book({"单位": units, "党组织": organizations, "共建协议": agreements}))
    found = pb.co_building(network).set_index("community")["n_agreements"]
    assert found.to_dict() == {"甲社区": 0, "乙社区": 1}


def test_a_name_like_nothing_is_said_and_drawn_apart(tmp_path: Path) -> None:
    network = pb.read(doubtful(tmp_path, branch="兴隆店、福来店、天外飞仙阁"))
    assert (
        "联合支部覆盖单位“天外飞仙阁”在名册和台账中找不到，也没有相近的名称。" in network.findings["message"].tolist()
    )
    drawn = map_spec(gather(network, look=pb.Look())).nodes
    assert [node["kind"] for node in drawn if node["name"] == "天外飞仙阁"] == ["undecided"]


def test_a_superior_may_be_named_by_its_code_alone(book: Callable[..., Path]) -> None:
    rows = [["党组织编码", "党组织名称", "上级党组织编码", "书记"], ["001", "金桥社区党委", "", "张三"],
            ["001001", "金桥社区第一党支部", "001", "李四"], ["002001", "银河社区第一党支部", "002", "王五"]]  # fmt: skip
    network = pb.read(book({"党组织": rows}))
    names = network.organizations.set_index("organization_id")["name"]
    upward = network.ties[network.ties["relation"] == "subordinate"]
    assert [(names[a], names[b]) for a, b in zip(upward["source_id"], upward["target_id"], strict=True)] == [
        ("金桥社区第一党支部", "金桥社区党委")
    ]
    found = network.findings[network.findings["code"] == "parent-code-unknown"]
    assert found["row"].tolist() == [4]


def test_a_word_for_the_state_of_a_unit_that_nobody_knows_leaves_the_gap_open(book: Callable[..., Path]) -> None:
    units = [
        ["单位名称", "所属社区", "正式党员", "经营状态"],
        ["甲厂", "甲社区", 5, "正常"],
        ["乙厂", "甲社区", 5, "候鸟"],
    ]
    organizations = [["党组织名称", "上级党组织"], ["甲社区第一党支部", "甲社区党委"]]
    network = pb.read(book({"驻区单位": units, "党组织": organizations}))
    sure = pb.coverage(network).set_index("unit")["sure"]
    assert (sure["甲厂"], sure["乙厂"]) == ("certain", "unknown")


def test_what_only_a_doubtful_table_lists_is_no_certain_gap(book: Callable[..., Path]) -> None:
    organizations = [["党组织名称", "上级党组织"], ["甲社区第一党支部", "甲社区党委"]]
    sheets = {"Sheet1": [["单位名称", "所属社区", "联系人"], ["甲厂", "甲社区", "张三"], ["乙厂", "甲社区", "李四"]]}
    network = pb.read(book({**sheets, "党组织": organizations}))
    table = network.reading.tables.set_index("sheet").loc["Sheet1"]
    assert (table["table"], bool(table["is_sure"])) == ("驻区单位台账", False)
    assert set(pb.coverage(network)["is_covered_sure"]) == {"unknown"}


def test_a_file_may_hold_other_lists_than_the_one_it_is_named_after(book: Callable[..., Path]) -> None:
    units = [["单位名称", "单位类型", "所属社区"], ["甲厂", "非公企业", "甲社区"]]
    network = pb.read(book({"Sheet1": units}, "未建党组织企业台账.xlsx"))
    assert network.units["states_org"].isna().all()
