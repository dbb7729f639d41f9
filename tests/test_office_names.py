"""One office's own ways: what its rows state, how its clerks write names, what identifies and what does not."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import Book
from stdnum.cn import uscc

import pbgraph as pb
from pbgraph.linking.codes import is_credit_code
from pbgraph.linking.keys import root_key, street_of
from pbgraph.linking.office import Office, community_in
from pbgraph.linking.persons import person_identities
from pbgraph.network import Network

Make = Callable[..., Path]
ORGANIZATIONS = ["党组织名称", "组织类别", "上级党组织", "所属社区", "党组织所在单位", "联合支部覆盖单位"]
UNITS = ["单位名称", "所属社区", "正式党员", "预备党员", "是否建立党组织", "党组织名称"]
STREET = ["临江街道党工委", "党工委", "", "", "", ""]


def units_named(*names: str) -> list[list[object]]:
    return [UNITS, *([name, "甲社区", 4, 0, "", ""] for name in names)]


def read(book: Make, units: list[list[object]], *organizations: list[str], **more: object) -> Network:
    sheets: Book = {"单位": units, "党组织": [ORGANIZATIONS, STREET, *organizations]}
    return pb.read(book({**sheets, **more.pop("sheets", {})}), as_of="2025-06-30", **more)  # type: ignore[arg-type]


def covered(network: Network) -> pd.DataFrame:
    return pb.coverage(network).set_index("unit")


# the ledger's name, how another sheet writes it: one in an office in which nothing else has that core
SPELLINGS = [
    ("云川市佳尚广告有限公司", "佳尚广告"),
    ("云川市佳尚广告有限公司", "佳尚广告公司"),
    ("云川市腾景服饰股份有限公司", "腾景服饰"),
    ("腾森人力资源（云川）有限公司", "腾森人力资源有限公司"),
    ("云川市第五小学", "第五小学"),
    ("云川市嘉盈公交集团有限公司", "嘉盈公交集团"),
    ("中国农业银行股份有限公司云川柳河支行", "农行柳河支行"),
    ("云川市丰盈养老服务中心", "丰盈养老服务中心党支部"),
    ("云川市锦绣坊服装店", "锦绣坊"),
    ("云川市绿岸山水园艺有限公司", "绿岸园艺"),
    ("云川市公共交通集团第三分公司", "市公交集团第三分公司"),
    ("云川市公安局交警支队五大队", "交警五大队"),
    ("临湖区市场监督管理局柳河市场监管所", "柳河市场监管所"),
    ("云川明德会计师事务所（普通合伙）", "明德会计师事务所"),
    ("云川市第十四中学", "市十四中"),
    ("云川市第三人民医院", "市三院"),
    ("云川青藤会展服务股份有限公司柳河分公司", "青藤会展服务柳河分公司"),
]


@pytest.mark.parametrize(("name", "written"), SPELLINGS, ids=lambda text: text)
def test_a_clerk_leaves_out_what_all_names_share(book: Make, name: str, written: str) -> None:
    organization = ["商圈联合党支部", "联合党支部", "临江街道党工委", "甲社区", "", f"{written}、宏远厂"]
    network = read(book, units_named(name, "云川市宏远厂", "云川市红星厂", "柳河支行云川店"), organization)
    assert covered(network).loc[name, ["state", "is_covered_sure"]].tolist() == ["split-due", "certain"]
    assert network.review.empty
    assert {"merge_office", "merge_within"} & set(network.merges["reason"])


# two in the ledger, what another sheet writes: nobody knows which is meant, or it is neither
NOT_JOINED = [
    (("云川市天业股份有限公司", "云川市天业有限公司"), "天业"),
    (("云川市图书馆", "云川市红星厂"), "海州市图书馆"),
    (("云川市第五小学", "云川市红星厂"), "第六小学"),
    (("云川市商业银行", "云川市红星厂"), "商业银行金桥支行"),
    (("云川市东城机械厂", "云川市红星厂"), "西城机械厂"),
    (("云川市绿岸山水园艺有限公司", "云川市绿岸花语园艺有限公司"), "绿岸园艺"),
    (("云川市锦绣实验小学", "云川市红星厂"), "锦绣小学"),
    (("云川市锦绣坊服装店", "云川市锦绣坊酒楼"), "锦绣坊"),
]


@pytest.mark.parametrize(("names", "written"), NOT_JOINED, ids=str)
def test_where_two_fit_or_none_nothing_is_joined(book: Make, names: tuple[str, str], written: str) -> None:
    organization = ["某联合党支部", "联合党支部", "临江街道党工委", "甲社区", "", f"{written}、宏远厂"]
    network = read(book, units_named(*names, "宏远厂", "云川市福来店"), organization)
    assert not covered(network).loc[list(names), "is_covered"].any()
    assert written in network.review["name"].tolist()


def test_the_name_of_an_organization_tells_its_unit(book: Make) -> None:
    network = read(
        book,
        units_named("云川市第七小学", "云川市德禾燃气有限公司", "云川市宏远厂"),
        ["中共第七小学支部委员会", "党支部", "", "甲社区", "", ""],
        ["德禾燃气离退休第一党支部", "党支部", "", "甲社区", "", ""],
        ["甲社区第一党支部", "党支部", "", "甲社区", "", ""],
    )
    found = covered(network)
    assert found["state"].to_dict() == {
        "云川市第七小学": "own", "云川市德禾燃气有限公司": "own", "云川市宏远厂": "must-establish",
    }  # fmt: skip
    housed = network.ties[network.ties["relation"] == "housed_in"]
    assert set(housed["basis"]) == {"derived"}


def test_a_row_of_a_unit_that_names_its_organization_is_a_tie(book: Make) -> None:
    units = [UNITS, ["鼎盛物业服务公司", "甲社区", 4, 0, "是", "阳光党支部"], ["宏远厂", "甲社区", 4, 0, "否", ""]]
    network = read(book, units, ["中共阳光支部委员会", "党支部", "", "甲社区", "", ""])
    found = covered(network)
    assert found.loc["鼎盛物业服务公司", ["state", "organization", "sure"]].tolist() == [
        "own",
        "中共阳光支部委员会",
        "certain",
    ]
    assert found.loc["宏远厂", ["state", "sure"]].tolist() == ["must-establish", "certain"]
    tie = network.ties[network.ties["relation"] == "housed_in"].iloc[0]
    assert (tie["basis"], tie["source"]) == ("stated", "名册.xlsx|单位|2")


def test_a_branch_is_joint_where_it_says_so_or_covers_two(book: Make) -> None:
    network = read(
        book,
        units_named("红星厂", "宏远厂", "福来店", "云州手工业联合社"),
        ["一支部", "党支部", "", "甲社区", "", "红星厂"],
        ["二支部", "党支部", "", "甲社区", "宏远厂、福来店", ""],
        ["云州手工业联合社党支部", "党支部", "", "甲社区", "云州手工业联合社", ""],
    )
    assert covered(network)["state"].to_dict() == {
        "红星厂": "own", "宏远厂": "split-due", "福来店": "split-due", "云州手工业联合社": "own",
    }  # fmt: skip


# what the row says, the branches of the list -> state, certainty of the organization, finding
STATEMENTS = [
    (("是", "天外党支部"), (), ("must-establish", "check-name", "org-named-missing")),
    (("是", ""), (), ("must-establish", "unknown", "org-stated-missing")),
    (("否", ""), (), ("must-establish", "certain", None)),
    (("", ""), (), ("must-establish", "certain", None)),
    (("否", ""), (["红星厂党支部", "党支部", "", "甲社区", "红星厂", ""],), ("own", "check-name", "org-denied")),
    (("", ""), (["红星厂党组织", "", "", "甲社区", "红星厂", ""],), ("own", "certain", None)),
    (("", ""), (["某某联合党支部", "联合党支部", "", "甲社区", "", ""],), ("must-establish", "unknown", None)),
    (("否", ""), (["某某联合党支部", "联合党支部", "", "甲社区", "", ""],), ("must-establish", "certain", None)),
]


@pytest.mark.parametrize(("said", "listed", "expected"), STATEMENTS, ids=str)
def test_what_a_row_says_is_believed_until_another_contradicts_it(
    book: Make, said: tuple[str, str], listed: tuple[list[str], ...], expected: tuple[str, str, str | None]
) -> None:
    network = read(book, [UNITS, ["红星厂", "甲社区", 4, 0, *said]], *listed)
    row = covered(network).loc["红星厂"]
    assert (row["state"], row["is_covered_sure"], row["sure"]) == (expected[0], expected[1], row["sure"])
    assert (row["sure"] == "certain") == (expected[0] == "own" or expected[1] == "certain")
    codes = {code for code in network.findings["code"] if code.startswith("org-")}
    assert codes == ({expected[2]} if expected[2] else set())


def test_without_a_list_the_rows_of_the_units_are_what_is_known(book: Make) -> None:
    rows = [
        UNITS,
        ["红星厂", "甲社区", 4, 0, "是", ""],
        ["宏远厂", "甲社区", 4, 0, "否", ""],
        ["福来店", "甲社区", 4, 0, "", ""],
    ]
    found = covered(pb.read(book({"单位": rows}), as_of="2025-06-30"))
    assert found["state"].to_dict() == {"红星厂": "own", "宏远厂": "must-establish", "福来店": "must-establish"}
    assert found["sure"].to_dict() == {"红星厂": "certain", "宏远厂": "certain", "福来店": "unknown"}


def test_a_total_leaves_the_rule_open_and_not_the_gap(book: Make) -> None:
    rows = [["单位名称", "所属社区", "党员总数", "是否建立党组织"], ["红星厂", "甲社区", 6, "否"]]
    row = covered(read(book, rows)).loc["红星厂"]
    columns = ["state", "n_members", "is_covered_sure", "rule_sure", "sure"]
    assert row[columns].tolist() == ["borderline", 6, "certain", "unknown", "certain"]
    assert pd.isna(row["n_full"])


def test_a_day_of_full_membership_in_the_past_tells_a_full_member(book: Make) -> None:
    people = [
        ["姓名", "所在党支部", "转正时间"],
        ["子", "一支部", "2019-06"],
        ["丑", "一支部", "2026-01"],
        ["寅", "一支部", ""],
    ]
    organizations = [ORGANIZATIONS, ["一支部", "党支部", "", "甲社区", "", ""]]
    network = pb.read(book({"党员": people, "党组织": organizations}), as_of="2025-06-30")
    counts = pb.membership(network).set_index("organization").loc["一支部"]
    assert counts[["n_full", "n_members"]].tolist() == [1, 3]


@pytest.mark.parametrize(
    "spelled", ["临江街道党工委", "临江街道工委", "临江街道工作党委", "街道党工委", "中共云川市临江街道工作委员会"]
)
def test_the_streets_own_committee_is_inside_listed_or_not(book: Make, spelled: str) -> None:
    rows = [
        ORGANIZATIONS,
        ["甲社区党委", "党委", "中共云川市临江街道工作委员会", "甲社区", "", ""],
        ["乙社区党委", "党委", "中共云川市临江街道工作委员会", "乙社区", "", ""],
        ["红星厂党支部", "党支部", spelled, "甲社区", "", ""],
        ["宏远厂党支部", "党支部", "云川市教育局党委", "甲社区", "", ""],
        ["云川市教育局党委", "党委", "", "", "", ""],
    ]
    network = pb.read(book({"党组织": rows}), as_of="2025-06-30")
    assert network.settings["home"] == "临江街道"
    outside = pb.dual_management(network).set_index("organization")["is_outside"]
    assert outside.to_dict() == {"甲社区党委": False, "乙社区党委": False, "红星厂党支部": False, "宏远厂党支部": True}


def test_what_is_no_code_joins_nothing(book: Make) -> None:
    for word in ("办理中", "001", "91330100MA2AAAAA1X"):
        rows = [["单位名称", "统一社会信用代码", "所属社区"], ["红星厂", word, "甲社区"], ["宏远厂", word, "甲社区"]]
        assert len(pb.read(book({"单位": rows})).units) == 2, word
    assert is_credit_code("91330100MA2AAAAA1E")


def test_a_village_and_a_community_of_one_name_are_two_places(book: Make) -> None:
    rows = [["单位名称", "所属社区"], ["甲厂", "河东村"], ["乙厂", "河东社区"], ["丙厂", "河东居委会"]]
    network = pb.read(book({"单位": rows}))
    assert len(network.communities) == 2
    assert network.communities["community_id"].is_unique
    assert community_in("新安江第1党支部", ("新安",)) == ""


PERSON = ("name", "id_no", "gender", "birth", "join_date", "full_date", "file", "sheet", "row", "source")
NUMBER, OTHER = "999999198003120011", "999999198003120038"
# rows of one name in one branch, as (number, gender, birth, sheet) -> how many persons
PERSONS = [
    (((NUMBER, "male", None, "一"), (None, "male", "1980-03-12", "二")), 1),
    (((NUMBER, "male", None, "一"), (None, None, None, "二")), 1),
    (((NUMBER, "male", None, "一"), (None, "male", "1981", "二")), 2),
    (((NUMBER, "male", None, "一"), (None, "female", None, "二")), 2),
    (((NUMBER, "male", None, "一"), (OTHER, "male", None, "二")), 2),
    (((NUMBER, "male", None, "一"), (OTHER, "male", None, "一"), (None, "male", None, "二")), 3),
    (((None, "male", None, "一"), (None, "female", None, "一")), 2),
    (((None, "male", "1980", "一"), (None, "male", "1980", "一")), 1),
    (((None, "male", "1980-03", "一"), (None, "male", "1980", "二")), 1),
]


@pytest.mark.parametrize(("said", "n"), PERSONS)
def test_rows_of_one_name_are_one_person_or_two(said: tuple[tuple[str | None, ...], ...], n: int) -> None:
    lines = [
        ("王小明", number, gender, birth, None, None, "名册.xlsx", sheet, row, f"名册.xlsx|{sheet}|{row}")
        for row, (number, gender, birth, sheet) in enumerate(said, start=2)
    ]
    rows = pd.DataFrame(lines, columns=list(PERSON)).astype(dict.fromkeys(PERSON, "str") | {"row": "Int64"})
    identity, _ = person_identities(rows, pd.Series("甲支部", index=rows.index))
    assert identity.nunique() == n
    turned, _ = person_identities(rows[::-1], pd.Series("甲支部", index=rows.index[::-1]))
    assert turned.nunique() == n


def test_the_community_stands_for_its_organization_and_for_its_committee(book: Make) -> None:
    organizations = [["甲社区党委", "党委", "", "甲社区", "", ""], ["甲社区第一党支部", "党支部", "", "甲社区", "", ""]]
    sheets = {
        "共建协议": [["甲方", "乙方"], ["甲社区", "红星厂党支部、宏远厂"], ["福来店", "甲社区"]],
        "成员单位": [["大党委名称", "成员单位党组织"], ["甲社区", "红星厂"]],
    }
    network = read(book, units_named("红星厂", "宏远厂", "福来店"), *organizations, sheets=sheets)
    names = network.names()
    ties = [(t.relation, names[t.source_id], names[t.target_id]) for t in network.ties.itertuples()]
    assert {("co_building", "甲社区党委", unit) for unit in ("红星厂", "宏远厂", "福来店")} <= set(ties)
    assert network.committees["name"].tolist() == ["甲社区大党委"]
    assert ("participates", "红星厂", "甲社区大党委") in ties


def test_two_sides_are_compared_as_the_office_writes_them(book: Make) -> None:
    units = [UNITS, ["红星厂", "甲社区", 4, 0, "是", "富春街道红星厂党支部"]]
    rows = ["红星厂党支部", "党支部", "", "甲社区", "红星厂", ""]
    network = read(book, units, rows, home="浙江省/杭州市/富阳区/富春街道")
    assert pb.reconciliation(network)["state"].tolist() == ["both"]


def test_a_branch_called_by_its_unit_is_asked(book: Make) -> None:
    people = [["姓名", "人员类别", "所在党支部"], ["赵一", "正式党员", "红旗厂"]]
    network = pb.read(book({"党员": people, "党组织": [ORGANIZATIONS[:2], ["红旗厂党支部", "党支部"]]}))
    assert network.review["candidate"].tolist() == ["红旗厂党支部"]


def test_heads_are_those_of_the_office() -> None:
    office = Office.of(["云川市甲厂", "云川市乙厂", "临湖区丙店", "丁店"], home="云南省/云川市/临江街道")
    assert set(office.heads) == {"云川市", "云川", "云南省", "云南", "临江街道", "临江"}
    assert office.unit("云川市甲厂").core == "云川市甲厂"[3:]
    assert street_of("中共云川市临江街道工作委员会") == "临江街道"
    assert root_key("教育局党委", "临江街道") == "教育局党委"


def test_what_other_lists_leave_out_before_several_names_is_a_head() -> None:
    units = ["堰东麒麟律师事务所", "堰东河石律师事务所", "堰东启智律师事务所", "新桥中心小学", "河口中心小学"]
    told = Office.of(units, others=["麒麟律师事务所", "河石律师事务所", "中心小学"])
    assert told.heads == ("堰东",)
    assert told.unit("堰东启智律师事务所").core == "启智律师事务所"
    assert Office.of(units, others=["麒麟律师事务所"]).heads == ()  # once is a slip of the pen


def test_a_joint_branch_and_the_two_new_kinds_have_one_name(book: Make) -> None:
    organizations = [
        ["中共临江街道非公有制经济组织和社会组织综合委员会", "党委", "临江街道党工委", "", "", ""],
        [
            "蓝岸物流等2家单位联合党支部",
            "联合党支部",
            "两新组织综合党委",
            "甲社区",
            "",
            "云川市蓝岸物流有限公司、云川市飞驰保安有限公司",
        ],
    ]
    members = [["姓名", "性别", "所在党支部", "入党时间"], ["甲一", "男", "蓝岸物流等联合党支部", "2010-01-01"]]
    units = units_named("云川市蓝岸物流有限公司", "云川市飞驰保安有限公司", "云川市甲厂")
    network = read(book, units, *organizations, sheets={"党员": members})
    assert network.review.empty
    assert sorted(network.tables["organizations"]["name"]) == sorted(
        ["临江街道党工委", *(row[0] for row in organizations)]
    )
    assert len(network.ties[network.ties["relation"] == "member_of"]) == 1


def credit_code(body: str) -> str:
    return body + uscc.calc_check_digit(body)


def test_a_second_list_by_short_names_names_no_new_units(book: Make, tmp_path: Path) -> None:
    whole = [
        "金州市浪里白条游船有限公司",
        "东陵区灯谜爱好者联谊会",
        "金州市蓝鲸海洋工程有限公司",
        "金州市晨曦药业有限公司",
        "金州市春晓印务有限公司",
    ]
    codes = [credit_code(f"91999999MA0000{number:03}") for number in range(len(whole))]
    registry = [
        ["企业名称", "统一社会信用代码", "所属社区"],
        *([*pair, "滨江社区"] for pair in zip(whole, codes, strict=True)),
    ]
    check = [["单位（简称）", "所属社区", "正式党员数", "是否建立党组织"],
             ["浪里白条", "滨江社区", 4, "否"], ["灯谜联谊会", "滨江社区", 5, "否"], ["蓝鲸海工", "滨江社区", 3, "否"],
             ["晨曦药业公司", "滨江社区", 0, "否"], ["春晓印务", "滨江社区", 6, "否"]]  # fmt: skip
    network = pb.read(book({"登记信息": registry, "排查表": check}))
    rows = pb.coverage(network).set_index("unit")
    # short for one of the registry: that unit, under its whole name
    assert rows.loc["金州市浪里白条游船有限公司", ["state", "sure"]].tolist() == ["must-establish", "certain"]
    assert "浪里白条" not in rows.index
    # only its letters in their order: asked, and not called certain
    for name, other in (("灯谜联谊会", whole[1]), ("蓝鲸海工", whole[2])):
        assert rows.loc[name, ["state", "sure"]].tolist() == ["must-establish", "check-name"]
        assert network.review.set_index("name")["candidate"][name] == other
    assert network.merges.set_index("name")["reason"]["浪里白条"] == "merge_short"
    answers = tmp_path / "别名.csv"
    answers.write_text(f"类型,原名,标准名,判断\n单位,灯谜联谊会,{whole[1]},是\n", encoding="utf-8")
    answered = pb.read(book({"登记信息": registry, "排查表": check}), aliases=answers)
    assert len(pb.coverage(answered)) == len(rows) - 1


def test_bodies_may_be_named_by_their_codes_alone(book: Make) -> None:
    codes = [credit_code(f"91999999MA0000{number:03}") for number in range(3)]
    units = [
        ["单位名称", "统一社会信用代码"],
        *([f"{name}机械有限公司", code] for name, code in zip("甲乙丙", codes, strict=True)),
    ]
    organizations = [["党组织代码", "党组织名称", "所在单位统一社会信用代码"],
                     ["9001001", "甲机械党支部", codes[0]], ["9001002", "两新联合党支部", f"{codes[1]};{codes[2]}"]]  # fmt: skip
    members = [["姓名", "性别", "人员类别", "所在党支部代码"],
               ["赵一", "男", "正式党员", "9001001"], ["钱二", "女", "正式党员", "9001002"], ["孙三", "女", "正式党员", "9001009"]]  # fmt: skip
    network = pb.read(book({"单位": units, "党组织": organizations, "党员": members}))
    rows = pb.coverage(network).set_index("unit")
    assert rows["state"].to_dict() == {"甲机械有限公司": "own", "乙机械有限公司": "joint", "丙机械有限公司": "joint"}
    names = network.names()
    placed = network.ties[network.ties["relation"] == "member_of"]
    assert {(names[a], names[b]) for a, b in zip(placed["source_id"], placed["target_id"], strict=True)} == {
        ("赵一", "甲机械党支部"), ("钱二", "两新联合党支部")
    }  # fmt: skip
    assert network.findings.set_index("code").loc["org-code-unknown", "row"] == 4
