"""Sheets in an office's own words: no row is lost in silence, and what a person infers is inferred."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import write_book

import pbgraph as pb
from pbgraph import schema
from pbgraph.linking.bodies import looks_like
from pbgraph.linking.places import own_place
from pbgraph.network import Network

DAY = "2026-06-30"
SOURCES = Path(pb.__file__).parent
DIGITS = "甲乙丙丁戊己庚辛壬癸"

BODIES = {
    "大党委会议": [
        ["会议名称", "召开时间", "召集单位", "所属社区", "参会单位"],
        [
            "齐家庄社区大党委会",
            "2026-05-12",
            "齐家庄社区大党委",
            "齐家庄社区",
            "第二棉纺厂党委、鑫源商贸、乙社区、张三",
        ],
    ],
    "大党委": [["大党委名称", "上级党组织"], ["齐家庄社区大党委", "城北街道党工委"]],
    "经费台账": [
        ["年度", "大党委", "出资单位", "出资比例", "金额（元）"],
        ["2026", "齐家庄社区大党委", "第二棉纺厂党委", "50%", 50000],
    ],
    "资源清单": [
        ["资源名称", "提供单位", "对接社区"],
        ["操场", "齐家庄社区大党委", "齐家庄社区"],
        ["图书室", "乙社区", "齐家庄社区"],
    ],
    "三张清单": [["社区", "共建单位", "资源清单", "项目清单"], ["乙社区", "实验小学", "会议室", "便民"]],
    "结对共建": [
        ["甲方", "乙方", "签订时间"],
        ["市第九中学", "鑫源商贸", "2024-05"],
        ["齐家庄社区", "第二棉纺厂党委", "2024-05"],
    ],
    "党组织": [["党组织名称", "上级党组织"], ["第二棉纺厂党委", "市纺织局党委"]],
    "单位": [["单位名称", "单位类型", "可提供资源"], ["市第九中学", "事业单位", "礼堂"]],
}
INFERRED = {
    "党组织": [
        ["党组织名称", "类别", "上级党组织", "所属社区", "单位性质", "书记"],
        ["甲社区党总支", "党总支", "望江街道党工委", "甲社区", "社区", "赵云"],
        ["甲社区物业党支部", "党支部", "甲社区党总支", "甲社区", "非公企业", ""],
        ["乙社区党支部", "党支部", "望江街道党工委", "乙社区", "社区", ""],
    ],
    "社区党组织班子": [
        ["所在党组织", "姓名", "职务", "是否兼任居委会主任"],
        ["甲社区党总支", "赵云", "书记", ""],
        ["乙社区党支部", "李康", "委员", "是"],
        ["乙社区党支部", "孙立", "书记", "否"],
    ],
    "居委会成员": [["社区", "姓名", "居委会职务"], ["甲社区", "赵云", "主任"], ["甲社区", "钱芳", "委员"]],
    "党员": [
        ["姓名", "性别", "所在党支部", "人员类别"],
        ["赵云", "男", "甲社区党总支", "正式党员"],
        ["李康", "男", "乙社区党支部", "正式党员"],
        ["孙立", "男", "乙社区党支部", "正式党员"],
        ["孙立", "女", "乙社区党支部", "正式党员"],
    ],
    "大党委": [
        ["大党委名称", "上级党组织"],
        ["丙社区大党委", "望江街道党工委"],
        ["和平社区、建设社区联合大党委", "望江街道党工委"],
    ],
    "党建联席会记录": [["社区", "会议名称", "时间"], ["甲社区", "第二季度会议", "2026-05-20"]],
    "活动": [["会议名称", "召开时间", "社区"], ["6月主题党日", "2026-06-01", "甲社区"]],
    "在职党员报到": [
        ["姓名", "工作单位", "居住社区", "报到社区", "报到日期"],
        ["周文", "市财政局", "甲社区", "甲社区", "2025-03-01"],
        ["吴武", "市水利局", "甲社区", "", ""],
    ],
    "流动党员": [
        ["姓名", "流出地", "流出地党组织", "流入地党组织", "外出时间"],
        ["蒋忠良", "外县", "外县王庄党支部", "乙社区党支部", "2026-03-01"],
    ],
}
HEADERS = {
    "党建指导员": [["姓名", "派出单位", "指导党组织"], ["王建国", "市财政局", "大华五金厂党支部"]],
    "机关与社区结对": [["社区", "机关党组织", "结对时间"], ["阳光社区", "市财政局机关党委", "2022-06"]],
    "领导联系点": [["姓名", "职务", "联系社区"], ["吴某某", "区委常委", "阳光社区"]],
    "社区书记": [["社区", "姓名", "产生方式"], ["阳光社区", "郑一", "公推直选"]],
    "社区考评": [["社区", "年度", "考评得分", "等次"], ["阳光社区", 2024, 95, "优秀"]],
    "五个好社区党组织": [["社区党组织", "是否达到五个好", "年度"], ["阳光社区党总支", "是", 2025]],
    "评选表彰": [["年度", "评选项目", "评选对象", "评选结果"], [2025, "先进社区", "阳光社区", "先进"]],
    "小区": [
        ["小区", "社区", "业主委员会", "物业公司", "指导党组织"],
        ["锦绣园", "阳光社区", "锦绣园业主委员会", "平安物业公司", "阳光社区党总支"],
    ],
    "社区工作者": [["街道", "社区", "姓名", "岗位"], ["望江街道", "阳光社区", "郑二", "书记、主任"]],
    "工作经费台账": [["街道", "社区", "年度", "金额（万元）"], ["望江街道", "阳光社区", 2025, 20]],
    "大党委委员测评": [
        ["年度", "委员姓名", "所属大党委", "工作单位", "测评等次"],
        [2025, "孙英", "阳光社区大党委", "市第九中学", "优秀"],
    ],
    "大党委委员名单": [["大党委", "姓名", "职务", "政治面貌"], ["阳光社区大党委", "孙英", "副书记", "群众"]],
}

KINDS = {
    "网格划分": [["社区", "网格名称", "户数"], ["方井社区", "方井一格", 200], ["方井社区", "方井二格", 90], ["方井社区", "方井三格", 60]],
    "社区": [["社区名称"], ["方井社区"], ["月湖社区"]],
    "五有一创": [["社区", "有阵地", "有队伍", "有制度"], ["方井社区", "√", "×", ""], ["月湖社区", "是", "是", "否"]],
    "意见台账": [
        ["提出单位", "意见对象", "意见内容", "落实情况"],
        ["方井社区党支部", "城南街道党工委", "增加经费", "已落实"],
    ],
    "社区党组织": [
        ["党组织名称", "上级党组织", "所属社区", "党员数", "所在小区", "所在楼栋"],
        ["方井社区党总支", "城南街道党工委", "方井社区", 101, "", ""],
        ["方井社区楼道党支部", "方井社区党总支", "方井社区", 18, "桂苑", "桂苑3幢"],
    ],
    "楼栋": [["楼栋", "所属小区", "所属社区"], ["3幢", "桂苑", "方井社区"]],
    "两新组织": [["单位名称", "所属社区", "党建指导员"], ["宏大建材店", "方井社区", "方敏、何芳"]],
    "共驻共建协议": [
        ["社区党组织", "驻区单位", "批次", "联建内容"],
        ["方井社区党总支", "宏大建材店", "首批", "生活环境联建、公益事业联办"],
    ],
    "流动党员登记": [
        ["姓名", "原所在党组织", "流入党组织", "活动证编号"],
        ["乔建业", "邻县赵家村党支部", "方井社区楼道党支部", "B0117"],
    ],
    "考评": [["社区", "年度", "等次", "书记待遇"], ["月湖社区", 2024, "不达标", "副科级"], ["月湖社区", 2025, "不达标", ""]],
    "党建联席会记录": [["社区", "会议名称", "时间"], ["方井社区", "一季度会议", "2026-03-29"], ["月湖社区", "会议", "2026-03-30"]],
}  # fmt: skip
TEAMS = {
    "两委班子": [
        ["社区", "姓名", "党组织职务", "居委会职务"],
        ["方井社区", "毛安国", "书记", "主任"],
        ["方井社区", "康志远", "委员", "副主任"],
        ["月湖社区", "顾海燕", "书记", ""],
        ["月湖社区", "黄秀珍", "", "主任"],
    ],
    "社区": [["社区名称", "社区党组织"], ["方井社区", "方井社区党委"], ["月湖社区", ""]],
    "联合党委": [["联合党委", "姓名", "职务", "工作单位及职务"], ["方井社区联合党委", "齐桂兰", "副书记", "城南街道党工委副书记"]],
    "联合党委一览": [["联合党委名称", "隶属党工委"], ["方井社区联合党委", "城南街道党工委"]],
}  # fmt: skip


STRANGE: dict[str, list[list[object]]] = {
    "社区自治组织建设": [
        ["社区", "监督委员会", "居民议事会", "居民代表大会", "联系电话"],
        ["松林社区", "松林社区监督委员会", "有", "松林社区居民代表大会", "0571-63320001"],
        ["柏树社区", "√", "", "柏树社区居民代表大会", "0571-63320002"],
        ["桂花社区", "无", "桂花社区居民议事会", "无", "0571-63320003"],
    ],
    "网格划分": [
        ["小区", "楼栋号", "划入网格"],
        *[["平庄花园", f"{number}栋", "一网格" if number < 4 else "二网格"] for number in range(1, 7)],
        ["平庄花园", "3栋", "二网格"],
    ],
    "服务联盟花名": [
        ["社区", "服务队", "队伍性质", "是否加入服务联盟"],
        ["松林社区", "松林义工队", "党员志愿队伍", "已加入"],
        ["松林社区", "松林法律服务队", "法律服务队", "未加入"],
        ["柏树社区", "柏树护绿队", "其他", ""],
    ],
    "市场协会摸底": [
        ["市场（协会）名称", "类别", "正式党员", "预备党员", "是否选派指导员"],
        ["达夫书画协会", "协会", 0, 0, "否"],
        ["富春市场", "市场", 4, 0, ""],
    ],
    "社区党总支班子": [
        ["党总支", "姓名", "职务"],
        ["松林社区党总支", "柳如云", "书记"],
        ["松林社区党总支", "蒋慧芬", "党务副书记"],
    ],
    "大党委会议情况": [
        ["日期", "会议", "由谁召集"],
        ["2026-06-10", "大党委（扩大）会", "松林社区大党委"],
        ["2026-02-25", "大党委会", "松林社区大党委"],
    ],
    "流动党员": [
        ["姓名", "所在党支部", "外出时间", "活动证号", "地点是否固定"],
        ["卜一凡", "松林社区党总支", "2025-08-01", "B0119", "否"],
        ["聂晓峰", "松林社区党总支", "2025-08-01", "B0120", "是"],
    ],
}


def read(folder: Path, sheets: dict[str, list[list[object]]]) -> Network:
    return pb.read(write_book(folder / "名册.xlsx", sheets), as_of=DAY)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("bodies"), BODIES)


@pytest.fixture(scope="module")
def inferred(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("inferred"), INFERRED)


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("headers"), HEADERS)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("kinds"), KINDS)


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("teams"), TEAMS)


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return read(tmp_path_factory.mktemp("strange"), STRANGE)


def said(network: Network, rule: str) -> list[str]:
    found = pb.assess(network)
    return found.loc[found["rule_id"] == rule, "message"].tolist()


def pairs(network: Network, relation: str) -> set[tuple[str, str]]:
    names = network.names()
    ties = network.ties[network.ties["relation"] == relation]
    return {(names[s], names[t]) for s, t in zip(ties["source_id"], ties["target_id"], strict=True)}


def sample(item: schema.Field, number: int) -> str:
    """A cell as a field has it, another one for each number."""
    word = "".join(DIGITS[int(digit)] for digit in f"{number:03d}")
    if schema.has_vocabulary(item.type):
        return next(iter(schema.vocabulary(item.type).rows.values()))["label"]
    told = {
        "person": "赵" + word[1:], "org": f"{word}厂党支部", "unit": f"{word}厂", "community": "金桥社区",
        "grid": f"第{number}网格", "committee": "金桥社区大党委", "date": "2024-05", "flag": "是",
    }  # fmt: skip
    return told.get(item.type, f"{word}字" if item.type == "text" else "3")


def test_a_row_with_the_least_that_its_kind_needs_reaches_the_network_or_a_finding() -> None:
    number, frames = 0, {}
    for key, table in schema.tables().items():
        rows = []
        for first, needs in itertools.product(table.key_fields, itertools.product(*table.needs)):
            number += 1
            rows.append({table.field(name).label: sample(table.field(name), number) for name in (first, *needs)})
        frames[key] = pd.DataFrame(rows).fillna("")
    network = pb.read(frames, as_of=DAY)
    tables = network.ledger[network.ledger["n_used"] > 0]
    assert set(tables["file"]) == set(frames)
    reached = "\n".join(
        text for frame in (*network.tables.values(), network.ties) for text in frame["source"].dropna().unique()
    ).split("\n")
    told = {f"{line.file}|{line.sheet}|{line.row}" for line in network.findings.itertuples()}
    used = {f"{line.file}|{line.sheet}|{row}" for line in tables.itertuples() for row in range(2, int(line.n_used) + 2)}
    assert used <= {*reached, *told}
    lost = network.findings[network.findings["code"] == "row-unreached"]
    assert set(lost["file"]) <= {"contact_leaders", "floating", "leaders", "reserve", "staff"}  # and no known body


def test_every_field_is_read_by_something_or_said_to_be_kept() -> None:
    data = [SOURCES / "reference" / f"{name}.toml" for name in ("policy", "links", "rates", "subjects")]
    rooms = ("linking", "analyses", "planning", "rendering")
    code = [*SOURCES.glob("*.py"), *(path for room in rooms for path in (SOURCES / room).rglob("*.py"))]
    words = set(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in (*data, *code))))
    also = {key for table in schema.tables().values() for told in table.also for key in told["fields"].values()}
    fields = {item.key: item for table in schema.tables().values() for item in table.fields}
    assert {key for key, item in fields.items() if key not in words | also} == {
        key for key, item in fields.items() if item.kept
    }


def test_whoever_meets_pays_or_owns_may_be_any_kind_of_body(bodies: Network) -> None:
    assert ("齐家庄社区大党委", "齐家庄社区大党委会") in pairs(bodies, "convenes")
    assert {source for source, _ in pairs(bodies, "attends")} == {"第二棉纺厂党委", "鑫源商贸", "乙社区"}
    assert pairs(bodies, "funds") == {("第二棉纺厂党委", "齐家庄社区大党委")}
    assert {("齐家庄社区大党委", "操场"), ("乙社区", "图书室"), ("市第九中学", "礼堂")} <= pairs(bodies, "provides")
    assert {("市第九中学", "鑫源商贸"), ("齐家庄社区", "第二棉纺厂党委")} <= pairs(bodies, "co_building")
    listed = bodies.organizations.set_index("name")["is_listed"]
    assert listed["第二棉纺厂党委"]
    assert not bodies.units["name"].isin(["第二棉纺厂党委", "张三"]).any()


def test_a_cell_that_says_two_things_of_a_unit_is_asked_about_once(bodies: Network) -> None:
    found = bodies.findings
    assert len(found[(found["code"] == "name-unknown") & (found["sheet"] == "三张清单")]) == 1


def test_a_community_is_known_from_its_organization_and_its_committee(inferred: Network) -> None:
    organizations = inferred.organizations.set_index("name")
    own = organizations["is_community_org"].fillna(value=False)
    assert set(own[own].index) == {"甲社区党总支", "乙社区党支部"}
    assert organizations.loc["甲社区物业党支部", "attribute"] == organizations.loc["甲社区物业党支部", "unit_kind"]
    assert {
        ("丙社区大党委", "丙社区"),
        ("和平社区、建设社区联合大党委", "和平社区"),
        ("和平社区、建设社区联合大党委", "建设社区"),
    } <= pairs(inferred, "located_in")


def test_a_secretary_who_is_director_heads_both_and_a_member_never(inferred: Network) -> None:
    assert pairs(inferred, "same_person_heads") == {("赵云", "甲社区")}
    assert {("赵云", "甲社区"), ("李康", "乙社区")} <= pairs(inferred, "cross_appointment")
    ids = inferred.members[inferred.members["is_listed"]].set_index("name")
    posts = inferred.ties[inferred.ties["relation"] == "holds_post"]
    led = posts[posts["post"] == "secretary"]
    assert ids.loc["赵云", "member_id"] in set(led["source_id"])  # the only one of that name in the branch
    assert not ids.loc["孙立", "member_id"].isin(led["source_id"]).any()  # two bear the name


def test_the_kind_of_a_meeting_is_told_by_its_name_or_sheet(inferred: Network) -> None:
    kinds = inferred.tables["meetings"].set_index("name")["meeting_type"].to_dict()
    assert kinds == {"第二季度会议": "joint_meeting", "6月主题党日": "theme_day"}


def test_where_one_lives_works_and_comes_from(inferred: Network) -> None:
    assert pairs(inferred, "lives_in") == {("周文", "甲社区"), ("吴武", "甲社区")}
    assert {("周文", "市财政局"), ("吴武", "市水利局")} <= pairs(inferred, "works_at")
    assert pairs(inferred, "registered_with") == {("周文", "甲社区")}
    assert not inferred.units.set_index("name").loc["市财政局", "is_listed"]
    assert pairs(inferred, "floating") == {("蒋忠良", "乙社区党支部")}
    floating = inferred.ties[inferred.ties["relation"] == "floating"]
    assert floating["content"].tolist() == ["外县"]


def test_everyday_headers_are_understood(headers: Network) -> None:
    assert (headers.ledger["n_set_aside"] == 0).all()
    unknown = headers.findings[headers.findings["code"].isin(["header-unknown", "header-similar", "row-unreached"])]
    assert unknown.empty, unknown[["sheet", "message"]].to_numpy().tolist()
    assert ("王建国", "大华五金厂党支部") in pairs(headers, "instructs")
    assert ("阳光社区", "市财政局机关党委") in pairs(headers, "co_building")
    assert ("吴某某", "阳光社区") in pairs(headers, "contact_of")
    assert ("郑二", "阳光社区") in pairs(headers, "same_person_heads")
    assert ("孙英") in {target for _, target in pairs(headers, "assesses")}
    assert {("阳光社区党总支", "锦绣园业主委员会"), ("阳光社区党总支", "平安物业公司")} <= pairs(headers, "guides")
    assert {("社区考评", "阳光社区"), ("先进社区", "阳光社区")} <= pairs(headers, "concerns")
    posts = headers.ties[headers.ties["relation"] == "holds_post"]
    assert "secretary" in set(posts.loc[posts["source"].str.contains("社区书记"), "post"])


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("齐家庄社区大党委", "齐家庄社区"),
        ("中共甲社区委员会", "甲社区"),
        ("甲社区第一党支部", ""),
        ("各社区党组织", ""),
    ],
)
def test_what_is_called_after_a_community_and_nothing_more(name: str, place: str) -> None:
    assert own_place(name) == place


def test_a_name_is_of_the_kind_it_looks_like_and_a_person_of_none() -> None:
    kinds = ("units", "organizations", "committees")
    names = ["第二棉纺厂党委", "区医院", "齐家庄社区大党委", "王小明"]
    assert [looks_like(name, kinds) for name in names] == ["organizations", "units", "committees", ""]
    assert looks_like("第二棉纺厂党委", ("units",)) == "units"


def test_a_row_that_comes_to_nothing_is_a_finding(book: Callable[..., Path]) -> None:
    network = pb.read(book({"后备干部名册": [["姓名", "后备岗位"], ["王某某", "正职"]]}), as_of=DAY)
    assert network.findings.loc[network.findings["code"] == "row-unreached", "row"].tolist() == [2]


def test_a_check_list_is_a_rating_for_each_answer(book: Callable[..., Path]) -> None:
    rows = [["社区", "组织进社区", "是否达到“五个好”", "有无品牌"],
            ["甲社区", "√", "是", "无"], ["乙社区", "×", "", "—"], ["丙社区", "是", "否", "有"]]  # fmt: skip
    network = pb.read(book({"推进情况": rows}), as_of=DAY)
    told = network.tables["records"][["community", "rating_type", "rating"]].sort_values(["community", "rating_type"])
    assert told.to_numpy().tolist() == [
        ["丙社区", "五个好", "否"], ["丙社区", "品牌", "有"], ["丙社区", "组织进社区", "是"], ["乙社区", "组织进社区", "×"],
        ["甲社区", "五个好", "是"], ["甲社区", "品牌", "无"], ["甲社区", "组织进社区", "√"],
    ]  # fmt: skip
    found = pb.assess(network)
    assert found.loc[found["rule_id"] == "F20", "message"].tolist() == [
        "丙社区的清单写明没有做到：五个好。", "乙社区的清单写明没有做到：组织进社区。", "甲社区的清单写明没有做到：品牌。",
    ]  # fmt: skip


def test_a_list_of_persons_with_flags_is_no_check_list(book: Callable[..., Path]) -> None:
    rows = [["社区", "姓名", "是否党员", "是否在编"], ["甲社区", "赵一", "是", "否"], ["甲社区", "钱二", "否", "是"]]
    assert (
        pb.read(book({"名单": rows, "社区": [["社区名称", "户数"], ["甲社区", 9]]}), as_of=DAY).tables["records"].empty
    )


def test_sheets_are_known_by_what_they_list_and_by_their_cells(kinds: Network) -> None:
    assert (kinds.ledger["n_set_aside"] == 0).all()
    grids = kinds.tables["grids"]
    assert set(grids.loc[grids["type"] == "grid", "name"]) == {"方井一格", "方井二格", "方井三格"}  # no persons
    assert sorted(said(kinds, "F20")) == [
        "方井社区的清单写明没有做到：有队伍。",
        "月湖社区的清单写明没有做到：有制度。",
    ]


def test_an_opinion_leads_to_its_body_and_another_level_is_asked(kinds: Network) -> None:
    assert ("增加经费", "城南街道党工委") in pairs(kinds, "concerns")
    assert pairs(kinds, "feedback") == {("方井社区党支部", "城南街道党工委")}
    asked = kinds.review.set_index("name").loc["方井社区党支部"]
    assert (asked["candidate"], asked["suggestion"]) == ("方井社区党总支", "")
    assert "城南街道党工委" not in set(kinds.review["name"])  # a superior outside the lists, wherever it stands


def test_what_a_row_says_beside_its_subject_is_a_tie(kinds: Network) -> None:
    assert pairs(kinds, "group_in") == {("方井社区楼道党支部", "桂苑3幢")}
    assert pairs(kinds, "instructs") == {("方敏", "宏大建材店"), ("何芳", "宏大建材店")}
    assert pairs(kinds, "member_of") == {("乔建业", "邻县赵家村党支部")}
    ties = kinds.ties.set_index("relation")
    assert ties.loc["floating", "status"] == "recorded"  # and not the number of the certificate
    assert set(ties.loc["paired_with", "category"].split("\n")) == {"environment", "welfare"}
    assert ties.loc["paired_with", "content"].split("\n")[0] == "首批"


def test_stated_numbers_years_and_days_are_judged(kinds: Network) -> None:
    assert said(kinds, "A4") == ["方井社区党总支是社区党总支，党员已有 101 名，应升格为党委。"]
    assert said(kinds, "B14") == ["月湖社区有 1 个评定对象连续两年不称职或未达标，请按规定处理。"]
    assert sorted(said(kinds, "D1")) == [
        "方井社区距上次党建联席会已有 3 个月，应每 3 个月一次。",  # a day more than three months
        "月湖社区有 1 个季度没有开党建联席会：2026-Q2。",  # three months to the day, and a whole quarter without one
    ]
    tree = pb.subordination(kinds).set_index("organization")["reaches_street"]
    assert tree["方井社区党总支"]


def test_a_team_is_counted_where_no_list_names_its_organization(teams: Network) -> None:
    assert teams.organizations.set_index("name").loc["方井社区党委", "is_community_org"]
    posts = teams.ties[teams.ties["relation"] == "holds_post"]
    assert {"secretary", "director", "deputy_director", "member"} <= set(posts["post"])
    assert said(teams, "B2") == ["月湖社区的书记和居委会主任不是同一人。"]
    assert "城南街道党工委副书记" in set(posts["content"])
    assert said(teams, "C1") == []  # its superior is a street's committee by its name


def test_powers_without_a_committee_or_a_member_make_none(book: Callable[..., Path]) -> None:
    rows = [
        ["社区名称", "组织名称", "行使权力"],
        ["甲社区", "甲社区居委会", "执行权"],
        ["甲社区", "甲社区监督委员会", "监督评议权"],
    ]
    network = pb.read(book({"“1+3”工作模式一览表": rows}), as_of=DAY)
    assert len(network.bodies) == 2 and network.committees.empty
    assert ("甲社区监督委员会", "甲社区居委会") in pairs(network, "supervises")


def test_bodies_may_stand_across_and_be_no_more_than_there(strange: Network) -> None:
    kinds = strange.bodies.set_index("name")["body_type"]
    assert kinds["松林社区居民议事会"] == "council" and kinds["柏树社区监督委员会"] == "supervisors"
    assert set(said(strange, "F11")) == {
        "柏树社区有没有居民议事会没有写明，请补。", "桂花社区没有登记居民代表大会。", "桂花社区没有登记社区监督委员会。",
    }  # fmt: skip
    assert "D3" in set(pb.not_run(strange)["rule_id"])  # no list tells of a coordinating body


def test_a_grid_named_for_each_of_its_buildings_keeps_them_all(strange: Network) -> None:
    assert (strange.grids["type"] == "building").sum() == 6
    assert [message.split("同时")[0] for message in said(strange, "F3") if "3栋" in message] != []


def test_yes_and_no_are_said_in_the_words_of_the_column(strange: Network) -> None:
    assert said(strange, "D12") == [
        "松林社区有 1 支志愿服务队伍没有加入党员服务联盟：松林法律服务队。",
        "柏树社区有 1 支志愿服务队伍加入没加入本社区的党员服务联盟看不出来：柏树护绿队，请核对。",
    ]
    assert said(strange, "A3") == ["达夫书画协会没有党员，也没有指导员和群团组织，属空白点。"]
    assert "否" not in strange.names().values()
    assert strange.units.set_index("name").loc["富春市场", "unit_type"] == "private_firm"


def test_a_team_with_its_organization_in_front_is_no_list_of_members(strange: Network) -> None:
    posts = strange.ties[strange.ties["relation"] == "holds_post"]
    assert {"secretary", "full_time_deputy"} <= set(posts["post"]) and not strange.members["is_listed"].all()
    assert {"enlarged", "big_committee"} == set(strange.meetings["meeting_type"])


def test_a_finding_about_persons_says_whom_it_means_inside_the_office_only(strange: Network) -> None:
    found = pb.assess(strange).set_index("rule_id")
    assert found.loc["E5", "evidence"] == "涉及聂晓峰（名册.xlsx“流动党员”第 3 行）"
    for edition in ("meeting", "public"):
        for shown in (strange.veiled(edition), strange.edition(edition)):
            assert not pb.assess(shown)["evidence"].str.contains("涉及|聂").any()
