"""Sheets of strangers: kinds that nobody had seen when the program was written, each in other words than theirs."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from test_natural_sheets import DAY, pairs, said

import pbgraph as pb
from pbgraph.rendering.document import report
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import Look


def test_two_columns_that_say_one_name_in_different_rows_are_one(book: Callable[..., Path]) -> None:
    head = ["单位名称", "所属社区", "正式党员数", "自己的支部", "加入的联合支部"]
    apart = [["红叶纸厂", "甲社区", 4, "红叶纸厂党支部", ""], ["小满花店", "甲社区", 1, "", "南街商户联合党支部"]]
    reading = pb.read_workbooks(book({"驻区单位": [head, *apart]}))
    assert reading.tables["units"]["org_name"].tolist() == ["红叶纸厂党支部", "南街商户联合党支部"]
    assert "header-twice" not in {found.code for found in reading.findings}
    both = [*apart, ["三元米店", "甲社区", 3, "三元米店党支部", "南街商户联合党支部"]]
    reading = pb.read_workbooks(book({"驻区单位": [head, *both]}, "又一册.xlsx"))
    assert "header-twice" in {found.code for found in reading.findings}


def test_leaders_and_who_answers_stand_in_a_list_of_communities(book: Callable[..., Path]) -> None:
    rows = [
        ["社区名称", "包联领导", "领导职务", "全年走访次数", "第一责任人", "直接责任人"],
        ["甲社区", "赵明", "区委常委", 4, "区委书记钱和", "街道书记孙立"],
        ["乙社区", "李芳", "副区长", 1, "区委书记钱和", ""],
        ["丙社区", "", "", "", "区委书记钱和", "街道书记孙立"],
    ]
    network = pb.read(book({"包社区": rows}), as_of=DAY, profile="loudi")
    assert pairs(network, "contact_of") == {("赵明", "甲社区"), ("李芳", "乙社区")}
    assert said(network, "D9") == ["丙社区没有领导联系。", "联系乙社区的领导有 1 名走访不足 3 次。"]
    assert said(network, "D10") == ["乙社区没有登记直接责任人。"]


def test_who_floats_in_is_with_the_branch_where_it_takes_part(book: Callable[..., Path]) -> None:
    branches = [["党组织名称", "类别"], ["河西路段党支部", "党支部"]]
    floating = [
        ["党员", "正式关系在哪个支部", "现在参加哪个支部活动", "哪天离开的", "有没有流动党员活动证"],
        ["方圆", "马家村党支部", "河西路段党支部", "2026-02-01", "没有"],
        ["石磊", "马家村党支部", "河西路段党支部", "2026-02-01", "有"],
    ]
    network = pb.read(book({"党组织": branches, "流动的党员": floating}), as_of=DAY)
    assert {target for _, target in pairs(network, "floating")} == {"河西路段党支部"}
    assert "河西路段党支部有 1 名流动党员没有登记活动证。" in said(network, "E5")


def test_marks_around_the_name_of_a_heading_do_not_count(book: Callable[..., Path]) -> None:
    rows = [
        ["序号", "姓名", "性别", "入党时间"],
        ["【甲社区第一党支部】", "", "", ""], [1, "赵云", "男", "2001-05"], [2, "钱方", "女", "2011-05"],
        ["★甲社区第二党支部", "", "", ""], [3, "孙立", "男", "2002-07"],
    ]  # fmt: skip
    rows = pb.read_workbooks(book({"各支部党员": rows})).tables["members"]
    assert rows["org"].tolist() == ["甲社区第一党支部", "甲社区第一党支部", "甲社区第二党支部"]


def test_a_word_in_brackets_behind_a_header_is_read_with_it() -> None:
    headers = ["单位名称", "党员（正式）", "党员（预备）", "负责人（签字）"]
    assert pb.recognise(headers, table="units") == ["unit_name", "full_count", "probationary_count", "head"]


def test_lists_of_teams_and_member_units_tell_organizations(book: Callable[..., Path]) -> None:
    seats = [
        ["大党委", "姓名", "大党委职务", "所在单位", "单位职务", "批复文号"],
        ["桐花社区大党委", "蒋立平", "书记", "桐花社区党委", "书记", ""],
        ["桐花社区大党委", "柏青山", "委员", "桐花粮站", "党支部书记", "东工委〔2026〕2号"],
    ]
    team = [
        ["社区党组织", "姓名", "党内职务", "产生方式"],
        ["桐花社区党委", "蒋立平", "书记", "选举"],
        ["桐花社区党委", "路小川", "委员", "选举"],
    ]
    network = pb.read(book({"大党委成员": seats, "社区党委班子": team}), as_of=DAY)
    assert network.organizations.set_index("name").loc["桐花社区党委", "is_community_org"]
    assert said(network, "C9") == ["桐花社区大党委名单中缺社区党组织班子成员 1 名。"]
    assert said(network, "C10") == []  # who sits by right needs no document
    members = [
        ["联合党委", "成员单位党组织", "上级党组织", "管理方式"],
        ["江岸联合党委", "船厂党委", "云川市国资委党委", "双重管理"],
        ["江岸联合党委", "渡口小学党支部", "云川市教育局党委", "双重管理"],
    ]
    roster = [["姓名", "所在党组织", "人员类别"], ["柏青山", "船厂党委", "正式党员"]]
    network = pb.read(book({"成员单位": members, "党员": roster}), as_of=DAY, profile="youjiang")
    assert pairs(network, "dual_management_person") == {("江岸联合党委", "柏青山")}
    assert said(network, "C16") == ["渡口小学党支部实行双重管理，但没有其党员名册。"]


def test_who_is_rated_is_a_person_or_a_place(book: Callable[..., Path]) -> None:
    rows = [
        ["年度", "考核对象", "职务", "考核结果", "是否约谈"],
        ["2024", "路小川", "社区副主任", "不称职", "是"], ["2025", "路小川", "社区副主任", "不称职", "否"],
        ["2024", "柏青山", "社区书记", "优秀", ""], ["2025", "桐花社区", "", "未达标", "否"],
    ]  # fmt: skip
    places = [["社区名称", "户数"], ["桐花社区", 900]]
    network = pb.read(book({"年度考核": rows, "社区": places}), as_of=DAY)
    names = network.names()
    rated = sorted(names[node] for node in network.ties.loc[network.ties["relation"] == "concerns", "target_id"])
    assert rated == ["柏青山", "桐花社区", "路小川", "路小川"] and len(network.members) == 2
    assert said(network, "B14") == ["没有写明社区的评定对象中，有 1 个连续两年不称职或未达标，请按规定处理。"]
    assert sorted(said(network, "B24")) == [
        "桐花社区有 1 次评议为差，没有约谈提醒。", "没有写明社区的评定对象中，有 1 次评议为差，没有约谈提醒。",
    ]  # fmt: skip


def test_results_are_told_to_units_and_superiors(book: Callable[..., Path]) -> None:
    registered = [
        ["姓名", "工作单位", "报到社区", "报到时间", "年度鉴定"],
        ["路小川", "云川水厂", "桐花社区", "2025-03-04", "优秀"], ["柏青山", "云川一中", "桐花社区", "2025-03-04", ""],
    ]  # fmt: skip
    seats = [
        ["大党委", "委员", "单位", "年度", "测评得分", "测评等次", "是否通报主管单位"],
        ["桐花社区大党委", "蒋立平", "云川一中", "2025", 66, "一般", "否"],
        ["桐花社区大党委", "尤长河", "云川水厂", "2025", 91, "优秀", "是"],
    ]
    network = pb.read(book({"在职党员报到": registered, "委员测评": seats}), as_of=DAY)
    assert pairs(network, "feedback") == {("桐花社区", "云川水厂")}
    assert sorted(said(network, "C14")) == [
        "桐花社区大党委有 1 名委员的测评结果没有向主管单位通报。", "桐花社区报到的在职党员中有 1 名没有鉴定结果。",
    ]  # fmt: skip


def test_agreements_of_two_sides_and_claims_of_this_year(book: Callable[..., Path]) -> None:
    units = [
        ["单位名称", "单位性质", "所属社区"],
        ["云川水厂", "国有企业", "桐花社区"],
        ["云川一中", "学校", "桐花社区"],
    ]
    signed = [
        ["协议一方", "协议另一方", "共建内容", "签订时间"],
        ["桐花社区党委", "云川水厂", "水质开放日", "2024-01-10"], ["云川水厂", "云川一中", "节水课堂", "2026-02-01"],
    ]  # fmt: skip
    claimed = [["项目名称", "社区", "认领单位", "认领时间"], ["换水管", "桐花社区", "云川水厂", "2026-03-01"]]
    network = pb.read(book({"单位": units, "联动协议": signed, "项目": claimed}), as_of=DAY)
    assert ("云川水厂", "云川一中") in pairs(network, "co_building")
    assert said(network, "D6") == said(network, "D4") == []
    assert network.organizations.set_index("name").loc["桐花社区党委", "is_community_org"]


def test_two_secretaries_are_asked_about_without_a_roster(book: Callable[..., Path]) -> None:
    listed = [["党组织名称", "组织类别"], ["桐花社区党委", "党委"]]
    team = [["党组织", "姓名", "党内职务"], ["桐花社区党委", "蒋立平", "书记"], ["桐花社区党委", "路小川", "书记"]]
    network = pb.read(book({"党组织": listed, "班子": team}), as_of=DAY)
    assert said(network, "B16") == ["桐花社区党委登记了 2 名书记，应为 1 名，请核对各张名册。"]


def test_a_remark_between_rows_is_no_record(book: Callable[..., Path]) -> None:
    rows: list[list[object]] = [
        ["单位名称", "所属社区", "是否建立党组织", "党员人数"],
        ["远山货运有限公司", "水塔社区", "否", 4],
    ]
    rows += [["※ 以上为上半年走访的，下面几家是后来补的"], ["晚风广告有限公司", "水塔社区", "是", 5]]
    rows += [["下面的是九月重新填的"], ["以下科技有限公司", "水塔社区", "否", 0]]
    network = pb.read(book({"企业": rows}), as_of=DAY)
    assert set(network.units["name"]) == {"远山货运有限公司", "晚风广告有限公司", "以下科技有限公司"}


def test_an_age_that_is_written_down_stands_for_a_birthday(book: Callable[..., Path]) -> None:
    staff = [
        ["社区", "姓名", "年龄", "学历", "岗位", "是否参加学历教育"],
        ["桐花社区", "路小川", 39, "高中", "社保专干", "否"], ["桐花社区", "尤长河", 40, "中专", "保洁", "否"],
        ["河湾社区", "柏青山", 28, "高中", "民政专干", "是"],
    ]  # fmt: skip
    network = pb.read(book({"社区工作者": staff}), as_of=DAY)
    assert said(network, "B10") == ["桐花社区有 1 名 40 岁以下、大专以下的工作者没有参加学历教育。"]
    assert "stated_age" not in pb.read(book({"社区工作者": staff}), as_of=DAY).edition("meeting").members


def test_who_a_unit_sends_is_seconded(book: Callable[..., Path]) -> None:
    sent = [
        ["姓名", "派出单位", "社区", "岗位", "到岗时间"],
        ["路小川", "云川市水务局", "桐花社区", "第一书记助理", "2025-04-01"],
        ["尤长河", "云川市水务局", "河湾社区", "", ""],
    ]
    network = pb.read(book({"蹲点人员": sent}), as_of=DAY)
    assert pairs(network, "seconded_to") == {("路小川", "桐花社区"), ("尤长河", "河湾社区")}


def test_a_pair_is_with_a_government_body_by_its_own_list_or_its_name(book: Callable[..., Path]) -> None:
    listed = [
        ["党组织名称", "党组织类别", "所属社区", "所在单位性质"],
        ["桐花社区党委", "党委", "桐花社区", ""], ["河湾社区党总支", "党总支", "河湾社区", ""],
        ["柳岸社区党支部", "党支部", "柳岸社区", ""], ["区档案馆党支部", "党支部", "", "机关"],
    ]  # fmt: skip
    paired = [
        ["批次", "社区党组织", "结对党组织", "结对时间"],
        ["第一批", "桐花社区党委", "区档案馆党支部", "2025-03-01"],
        ["第一批", "河湾社区党总支", "区水务局党总支", "2025-03-01"],
        ["第二批", "柳岸社区党支部", "长丰面粉公司党支部", "2025-09-01"],
    ]
    network = pb.read(book({"党组织": listed, "机关社区结对": paired}), as_of=DAY)
    assert set(network.communities["name"]) == {"桐花社区", "河湾社区", "柳岸社区"}  # 机关社区 is none
    assert said(network, "D5") == ["柳岸社区的党组织还没有与机关党组织结对共建。"]


def test_a_blank_talk_is_asked_about_and_poor_is_a_failure(book: Callable[..., Path]) -> None:
    listed = [["党组织名称", "所属社区"], ["桐花社区党委", "桐花社区"], ["河湾社区党总支", "河湾社区"]]
    rated = [
        ["年度", "述职党组织", "评议等次", "是否约谈"],
        [2024, "桐花社区党委", "差", "是"], [2025, "桐花社区党委", "差", "是"], [2025, "河湾社区党总支", "较差", ""],
    ]  # fmt: skip
    network = pb.read(book({"党组织": listed, "述职评议": rated}), as_of=DAY)
    assert said(network, "B14") == ["桐花社区有 1 个评定对象连续两年不称职或未达标，请按规定处理。"]
    found = pb.assess(network)
    found = found[found["rule_id"] == "B24"]
    assert found[["subject", "sure"]].to_numpy().tolist() == [["河湾社区党总支", "unknown"]]


def test_committees_that_only_meetings_name_are_judged_by_them(book: Callable[..., Path]) -> None:
    held = [
        ["大党委", "会议类别", "会议时间", "参会单位"],
        *(["桐花联合党委", "联合党委会议", f"2026-0{month}-10", "云川水厂"] for month in range(1, 7)),
        ["河湾联合党委", "联合党委会议", "2026-04-10", "云川水厂"],
    ]
    network = pb.read(book({"会议": held}), as_of=DAY, profile="youjiang")
    assert said(network, "C20") == ["河湾联合党委距上次会议已有 2 个月，一般每月一次。"]
    found = pb.assess(network)
    assert set(found.loc[found["subject"].str.contains("联合党委"), "rule_id"]) == {"C20"}
    assert {"C1", "C10"} <= set(pb.not_run(pb.Study(network))["rule_id"])


def test_kinds_of_few_sheets_are_known_by_spoken_headers(book: Callable[..., Path]) -> None:
    sheets = {
        "民主生活会": [
            ["哪家提的", "向谁提的", "提了些什么", "由谁落实", "落实得怎样"],
            ["桐花社区党委", "云川街道党工委", "多来走走", "党政办", "进行中"],
            ["河湾社区党委", "云川街道党工委", "路灯要修", "城建办", "完成"],
        ],
        "点位": [
            ["站点叫什么", "站点级别", "在哪个社区", "经度", "纬度"],
            ["桐花社区党员之家", "党员服务站", "桐花社区", 114.31, 30.5],
            ["河湾驿站", "驿站", "河湾社区", 114.32, 30.51],
        ],
        "功能室": [["哪个社区", "什么室", "多大面积"], ["桐花社区", "图书室", 40], ["桐花社区", "调解室", 20]],
        "居务公开": [["哪个社区", "哪一务", "公开了什么"], ["桐花社区", "居务", "低保名单"]],
    }
    reading = pb.read_workbooks(book(sheets))
    assert reading.regions["table"].tolist() == ["意见建议台账", "党建阵地台账", "社区功能室", "三务公开台账"]
    network = pb.read(book(sheets), as_of=DAY)
    assert pairs(network, "feedback") == {("桐花社区党委", "云川街道党工委"), ("河湾社区党委", "云川街道党工委")}
    tables = {table.name: table for table in report(gather(pb.Study(network), look=Look(edition="internal"))).tables()}
    assert [row[:3] for row in tables["机构阵地"].rows] == [
        ("桐花社区党员之家", "党建阵地", "桐花社区"), ("河湾驿站", "党建阵地", "河湾社区"),
    ]  # fmt: skip


MIXED = [
    ["序号", "名称", "类别", "负责人", "党员数", "上级", "编入哪个支部"],
    ["一、甲社区"],
    [1, "甲社区党委", "党委", "赵明", 40, "临江街道党工委", ""],
    [2, "红叶纸厂党支部", "支部", "钱和", 6, "甲社区党委", ""],
    [3, "红叶纸厂", "国企", "孙立", 6, "", "红叶纸厂党支部"],
    [4, "小满花店", "民企", "李芳", 2, "", ""],
    ["", "小计", "2家", "", 54, "", ""],
    ["二、乙社区"],
    [5, "乙社区党委", "党委", "周宁", 30, "临江街道党工委", ""],
    [6, "三元米店", "民企", "吴岚", 1, "", ""],
]


def test_units_and_organizations_of_one_list_are_told_apart(book: Callable[..., Path]) -> None:
    reading = pb.read_workbooks(book({"总册": MIXED}))
    organizations, units = reading.tables["organizations"], reading.tables["units"]
    assert organizations["org_name"].tolist() == ["甲社区党委", "红叶纸厂党支部", "乙社区党委"]
    assert organizations["row"].tolist() == [3, 4, 9]
    assert organizations["community"].tolist() == ["甲社区", "甲社区", "乙社区"]
    assert units["unit_name"].tolist() == ["红叶纸厂", "小满花店", "三元米店"]
    assert units["member_count"].tolist() == [6, 2, 1]
    assert "value-unknown" not in {found.code for found in reading.findings}
    assert [dict(found.data)["n"] for found in reading.findings if found.code == "rows-apart"] == ["3"]
    ledger = reading.ledger
    assert ledger["n_used"].tolist() == [3, 3]
    assert (ledger["n_rows"] == ledger["n_used"] + ledger["n_set_aside"] + ledger["n_skipped"]).all()


def test_a_branch_listed_by_its_unit_stays_an_organization(book: Callable[..., Path]) -> None:
    branches = [["党组织名称", "书记", "上级党组织"], ["甲社区党委", "赵明", ""], ["红叶纸厂", "钱和", "甲社区党委"]]
    reading = pb.read_workbooks(book({"党组织名册": branches}))
    assert len(reading.tables["organizations"]) == 2
    assert reading.tables["units"].empty


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("蒹葭汽修", "云州市蒹葭汽车维修有限公司"),
        ("云章物业", "云州市云章物业管理有限公司"),
        ("琅嬛律所", "临湖区琅嬛律师事务所"),
        ("状元坊供电所", "国网云州市供电公司状元坊供电所"),
        ("区检察院", "云州市临湖区人民检察院"),
        ("建行临江支行", "中国建设银行股份有限公司云州临江支行"),
    ],
)
def test_what_a_clerk_calls_a_unit_for_short_is_that_unit(book: Callable[..., Path], written: str, name: str) -> None:
    others = ["云州市甲骨文具有限公司", "云州市临湖区长风中学", "临湖区远山书画院", "云州市临湖区图书馆"]
    ledger = [["单位名称", "所属社区"], *([each, "甲社区"] for each in (name, *others))]
    signed = [["社区", "共建单位", "签订日期"], ["甲社区", written, "2024-05-01"]]
    network = pb.read(book({"驻区单位": ledger, "共建协议": signed}))
    assert set(network.tables["units"]["name"]) == {name, *others}
    assert network.review.empty


def test_what_two_are_called_for_short_is_asked(book: Callable[..., Path]) -> None:
    names = ["云州市云章物业管理有限公司", "云州市云章物业服务有限公司", "云州市甲骨文具有限公司"]
    ledger = [["单位名称", "所属社区"], *([each, "甲社区"] for each in names)]
    signed = [
        ["社区", "共建单位", "签订日期"],
        ["甲社区", "云章物业", "2024-05-01"],
        ["甲社区", "甲骨物业", "2024-05-01"],
    ]
    network = pb.read(book({"驻区单位": ledger, "共建协议": signed}))
    assert set(network.review["name"]) == {"云章物业", "甲骨物业"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [("建了", True), ("跟几家合建的", True), ("A.已建立", True), ("有党员但没支部", False), ("B.未建立", False),
     ("还没建起来", False), ("正在筹建", False), ("C.不清楚", None), ("不好说", None)],
)  # fmt: skip
def test_yes_and_no_in_words_of_their_own(book: Callable[..., Path], said: str, meant: bool | None) -> None:
    rows = [["单位名称", "所属社区", "党组织建没建"], ["红叶纸厂", "甲社区", said], ["小满花店", "甲社区", "没建"]]
    network = pb.read(book({"驻区单位": rows}))
    units = network.tables["units"].set_index("name")
    found = units.loc["红叶纸厂", "has_org"]
    assert (None if found is pd.NA else found) == meant
    sure = pb.coverage(network).set_index("unit").loc["红叶纸厂", "is_covered_sure"]
    assert (sure == "unknown") == (meant is None)


def test_codes_of_seven_digits_count_nobody(book: Callable[..., Path]) -> None:
    rows = [["单位名称", "SQDM", "党员"], ["红叶纸厂", 9990101, 4], ["小满花店", 9990102, 1], ["三元米店", 9990103, 2]]
    reading = pb.read_workbooks(book({"驻区单位": rows}))
    assert "SQDM" not in set(reading.columns.query("field == 'member_count'")["header"])
