"""Sheets of strangers: kinds that nobody had seen when the program was written, each in other words than theirs."""

from collections.abc import Callable
from pathlib import Path

from test_natural_sheets import DAY, pairs, said

import pbgraph as pb


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
