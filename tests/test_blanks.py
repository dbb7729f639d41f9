"""What a blank cell says is nothing: it is asked for where its neighbours say it, and held against nobody."""

import pandas as pd
import pytest
from test_rules import said

import pbgraph as pb

PLACES = [["社区名称"], ["甲社区"], ["乙社区"]]


def test_a_building_is_in_no_grid_where_the_list_says_so_alone() -> None:
    grids = [
        ["网格名称", "所属社区", "网格员"],
        ["一网格", "甲社区", "赵一"],
        ["二网格", "甲社区", "暂缺"],
        ["三网格", "甲社区", None],
    ]
    rows = [["1栋", "一网格"], ["2栋", "未划入"], ["3栋", None], ["4栋", "九网格"]]
    buildings = [["楼栋", "所属社区", "所属网格"], *([name, "甲社区", grid] for name, grid in rows)]
    found = said({"grids": grids, "buildings": buildings}, "F3", profile="xinpu")
    assert [line[:3] for line in found if line.endswith("?")] == ["3栋归", "4栋归", "三网格"]
    assert [line for line in found if not line.endswith("?")] == ["2栋没有归入网格。", "二网格没有登记网格长或网格员。"]


def test_an_estate_and_a_building_lack_what_their_list_denies() -> None:
    homes = ["小区名称", "所属社区", "小区类型", "小区党支部"]
    estates = [
        homes,
        ["东苑", "甲社区", "商品房", "东苑党支部"],
        ["西苑", "甲社区", "商品房", "未建立"],
        ["南苑", "甲社区", "商品房", None],
    ]
    rows = [["东苑", "1幢", "东苑1幢党小组"], ["东苑", "2幢", "无"], ["东苑", "3幢", None]]
    buildings = [["小区", "楼幢", "党小组", "所属社区"], *([*row, "甲社区"] for row in rows)]
    branches = [["党组织名称", "所属社区"], ["东苑党支部", "甲社区"]]
    found = said({"estates": estates, "buildings": buildings, "organizations": branches}, "A12")
    assert [line for line in found if not line.endswith("?")] == ["东苑2幢还没有党小组。", "西苑还没有建立党支部。"]
    assert [line[:4] for line in found if line.endswith("?")] == ["东苑3幢", "南苑的小"]


def test_a_superior_of_another_spelling_is_asked_and_not_judged() -> None:
    head = ["党组织名称", "组织类别", "上级党组织", "所属社区", "单位属性"]
    own = ["柳浪社区党总支", "党总支", "望江街道党工委", "柳浪社区", None]
    shops = [[f"{name}党支部", "党支部", above, "柳浪社区", "非公企业"]
             for name, above in (("甲店", "柳浪总支"), ("乙店", "某局机关党委"), ("丙店", None), ("丁店", own[0]))]  # fmt: skip
    street = ["望江街道党工委", "党工委", None, None, None]
    found = said({"organizations": [head, street, own, *shops]}, "A11")
    assert [(line[:2], line.endswith("?")) for line in found] == [("丙店", True), ("乙店", False), ("甲店", True)]


def test_pay_is_that_of_full_time_members_and_open_where_a_cell_is_blank() -> None:
    rows = [["甲社区", "赵一", "书记", "专职", 1400], ["甲社区", "钱二", "委员", "兼职", 300], ["乙社区", "孙三", "委员", None, 1000],
            ["乙社区", "李四", "主任", "专职", None], ["乙社区", "周五", "委员", "专职", 1200]]  # fmt: skip
    sheets = {"communities": PLACES, "staff": [["社区", "姓名", "职务", "专职兼职", "月报酬"], *rows]}
    open_line = "乙社区有 2 名两委成员的月报酬或专职、兼职没有写明，看不出够不够标准，请补。?"
    assert said(sheets, "F7", profile="loudi") == [open_line, "甲社区有 1 名两委成员的月报酬低于标准。"]


def test_money_of_a_past_year_is_not_this_years() -> None:
    rows = [["2024", "甲社区", "中心城区", 100000], ["2025", "甲社区", "中心城区", 250000]]
    assert said({"communities": [["年度", "社区名称", "社区类型", "工作经费"], *rows]}, "F6", profile="loudi") == []


def test_a_reserve_for_nobody_in_particular_may_be_the_one_that_lacks() -> None:
    rows = [
        ["甲社区", "赵一", "正职"],
        ["甲社区", "钱二", "副职"],
        ["甲社区", "孙三", None],
        ["乙社区", "李四", "正职"],
    ]
    sheets = {"communities": PLACES, "reserve": [["社区", "后备人选", "正职/副职"], *rows]}
    found = said(sheets, "B8")
    assert [(line[:3], line.endswith("?")) for line in found] == [("乙社区", False), ("甲社区", True)]


def test_terms_in_a_list_of_communities() -> None:
    head = ["社区", "本届选举产生日期", "任期（年）", "本届届满日期"]
    rows = [["甲社区", "2020-05-10", 5, "2025-05-10"], ["乙社区", None, None, None], ["丙社区", "2023-05-10", 5, None]]
    leaders = [["社区", "姓名", "党内职务"], ["丁社区", "赵一", "书记"]]
    found = said({"communities": [head, *rows], "leaders": leaders}, "B15")
    assert [(line[:3], line.endswith("?")) for line in found] == [("丁社区", True), ("乙社区", True), ("甲社区", False)]


def test_a_station_in_a_list_of_communities_has_its_head_from_the_team() -> None:
    own = [
        ["党组织名称", "组织类别", "所属社区"],
        *([f"{name}社区党总支", "党总支", f"{name}社区"] for name in "甲乙丙丁"),
    ]
    team = [[f"{name}社区", f"{name}一", "书记", "专职"] for name in "甲乙丙丁"]
    team += [[f"{name}社区", f"{name}二", "副书记", "专职"] for name in "甲乙丙丁"]
    team += [["乙社区", "乙三", "委员", "兼职"]]
    stations = [
        ["甲社区", "甲站", "甲二"],
        ["乙社区", "乙站", "乙三"],
        ["丙社区", "丙站", None],
        ["丁社区", "未组建", None],
    ]
    sheets = {
        "organizations": own, "leaders": [["社区", "姓名", "党内职务", "专职兼职"], *team],
        "communities": [["社区", "工作站", "站长"], *stations],
    }  # fmt: skip
    found = said(sheets, "B5")
    assert [(line[:3], line.endswith("?")) for line in found] == [("丙社区", True), ("乙社区", False)]


VISITS = [
    ("三次", ["2025-01-05", "2025-02-05", "2025-03-05"], None), ("两次", ["2025-01-05", "2025-02-05"], False),
    ("没有来", [], False), ("同一天两行", ["2025-01-05", "2025-01-05", "2025-03-05"], True),
    ("去年的不算", ["2023-01-05", "2025-02-05", "2025-03-05"], False),
]  # fmt: skip


@pytest.mark.parametrize(("days", "is_asked"), [case[1:] for case in VISITS], ids=[case[0] for case in VISITS])
def test_visits_are_counted_from_their_list(days: list[str], is_asked: bool | None) -> None:
    points = [["领导", "职务", "联系点（社区）"], ["赵一", "副书记", "甲社区"], ["钱二", "副镇长", "乙社区"]]
    log = [["日期", "领导", "到哪个社区", "调研内容"], *([day, "赵一", "甲社区", "用房"] for day in days)]
    log += [[f"2025-0{month}-06", "钱二", "乙社区", "用房"] for month in (1, 2, 3)]
    frames = {
        name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in (("领导联系点", points), ("调研登记", log))
    }
    network = pb.read({"联系点.xlsx": frames}, as_of="2025-06-30")
    found = pb.assess(network)
    mine = found[(found["rule_id"] == "D9") & (found["subject"] == "甲社区")]
    assert mine["sure"].tolist() == ([] if is_asked is None else ["unknown" if is_asked else "certain"])
    assert found[(found["rule_id"] == "D9") & (found["subject"] == "乙社区")].empty


def test_a_seats_unit_without_a_ledger_is_known_by_its_organization() -> None:
    seats = [["大党委", "姓名", "大党委内职务", "来自单位", "本单位任职", "面貌"],
             ["甲社区大党委", "赵一", "书记", "市第九中学", "党支部书记", "中共党员"],
             ["甲社区大党委", "钱二", "委员", "东风厂", "办公室主任", "群众"],
             ["甲社区大党委", "孙三", "委员", "永安商行", None, "中共党员"]]  # fmt: skip
    listed = [
        ["第九中学党支部", "党支部"],
        ["东风厂党委", "党委"],
        ["永安商行党支部", "党支部"],
        ["西风厂党委", "党委"],
    ]
    own = ["甲社区党总支", "党总支", "甲社区"]
    sheets = {
        "communities": [["社区名称", "社区党组织名称"], ["甲社区", "甲社区党总支"]],
        "organizations": [["党组织名称", "组织类别", "所属社区"], own, *([*row, "甲社区"] for row in listed)],
        "seats": seats, "leaders": [["任职组织", "姓名", "职务"], ["甲社区党总支", "李四", "书记"]],
    }  # fmt: skip
    assert [line[:3] for line in said(sheets, "C8")] == ["西风厂"]
    assert said(sheets, "C5") == ["甲社区大党委的书记不是社区党组织班子成员，社区党组织书记没有任常务副书记。"]
    assert [(line.split("成员")[1][:6], line.endswith("?")) for line in said(sheets, "C7")] == [
        ("的单位职务看", True), ("的政治面貌不", False), ("的本单位职务", True),
    ]  # fmt: skip


def test_a_body_that_no_list_tells_of_is_not_held_to_be_lacking() -> None:
    rows = [["甲社区", "已建立", None], ["乙社区", "筹备中，尚未成立", None], ["丙社区", None, None]]
    sheets = {"communities": [["社区", "社区监督委员会", "备注"], *rows]}
    assert said(sheets, "F11") == ["丙社区有没有社区监督委员会没有写明，请补。?", "乙社区没有登记社区监督委员会。"]


def test_volunteers_and_a_brand_that_are_not_stated() -> None:
    rows = [["甲社区", 1000, 150, "红马甲"], ["乙社区", 1000, None, "无"], ["丙社区", None, 150, None]]
    found = said({"communities": [["社区", "居民总数", "志愿者人数", "服务品牌"], *rows]}, "F5", profile="loudi")
    assert found == [
        "丙社区有没有服务品牌没有写明，请补。?",
        "丙社区的志愿者人数或居民总数没有写明，请补。?",
        "乙社区没有登记服务品牌。",
        "乙社区的志愿者人数或居民总数没有写明，请补。?",
    ]


REPORTS = ["姓名", "工作单位", "在职或退休", "居住社区", "报到社区"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["在职", "未报到"], ["在职", None], ["退休", "未报到"], ["", "未报到"]], (1, 2)),
        ([["在职", "甲社区"], ["在职", None]], (1, 0)),  # this list says no by a blank
    ],
)
def test_who_has_not_reported_says_the_list_in_its_own_way(
    rows: list[list[str | None]], found: tuple[int, int]
) -> None:
    people = [[f"赵{at}", "某局", state, "甲社区", place] for at, (state, place) in enumerate(rows)]
    n_sure, n_open = found
    expected = [f"居住在甲社区的在职党员有 {n_sure} 名还没有报到。"]
    asked = f"居住在甲社区的党员有 {n_open} 名没有写明报到社区或是否在职，看不出要不要报到、报到没有，请补。?"
    assert said({"communities": PLACES, "registrations": [REPORTS, *people]}, "E3") == [asked] * (n_open > 0) + expected


HELD = ["会议名称", "会议类别", "召开时间", "召集社区"]


def test_a_quarter_without_a_joint_meeting() -> None:
    days = {"甲": ["2025-09-26", "2025-12-30", "2026-04-02"], "乙": ["2025-09-26", "2025-10-01", "2026-01-05", "2026-06-28"],
            "丙": ["2026-05-20"], "丁": ["2025-09-26", "2025-12-30", None, "2026-04-02"]}  # fmt: skip
    rows = [[f"{at}社区党建联席会", "党建联席会", day, f"{at}社区"] for at, held in days.items() for day in held]
    both = ["戊、己社区党建联席会", "党建联席会", "2026-05-20", "戊社区、己社区"]
    places = [
        ["社区", "社区成立时间"],
        *([f"{at}社区", "2010-01"] for at in "甲乙丁"),
        ["丙社区", "2026-04-10"],
        ["戊社区", None],
        ["己社区", None],
    ]
    found = said({"communities": places, "meetings": [HELD, *rows, both]}, "D1")
    assert found == [
        "丁社区有党建联席会没有写明时间，看不出 2026-Q1 开没开过，请补。?",
        "甲社区有 1 个季度没有开党建联席会：2026-Q1。",
    ]


def test_a_record_without_a_day_may_be_the_one_that_lacks() -> None:
    orgs = [["党组织名称", "组织类别", "所属社区"], ["甲党支部", "党支部", "甲社区"], ["乙党支部", "党支部", "甲社区"]]
    kinds = ["党课", "组织生活会", "民主评议党员"]
    held = [[f"{at}党支部", kind, "2026-06-10"] for at in "甲乙" for kind in [*kinds, "主题党日"]]
    rows = [
        ["党支部", "活动类型", "活动时间"],
        *held,
        ["甲党支部", "党员大会", None],
        ["乙党支部", "党员大会", "2026-01-10"],
    ]
    assert said({"organizations": orgs, "meetings": rows}, "E10") == [
        "乙党支部有 1 项组织生活到期没有记录：党员大会。",
        "甲党支部有 1 项组织生活的记录没有写明时间，看不出是否到期：党员大会，请补。?",
    ]


def test_the_meetings_of_a_committee_by_their_kind() -> None:
    rows = [
        ["甲社区大党委扩大会", "（扩大）会", "2026-06-20", "甲社区大党委"],
        ["甲社区大党委会议", "党委会", "2026-06-20", "甲社区大党委"],
        ["乙社区大党委会议", "党委会", "2026-06-20", "乙社区大党委"],
        ["丙社区大党委工作会", None, "2026-06-20", "丙社区大党委"],
    ]
    committees = [
        ["大党委名称", "上级党组织"],
        *([f"{at}社区大党委", "望江街道党工委"] for at in "甲乙丙"),
        ["丁社区大党委", None],
    ]
    sheets = {"committees": committees, "meetings": [["会议名称", "会议类别", "召开时间", "召集人（大党委）"], *rows]}
    assert said(sheets, "C11", profile="qijiazhuang") == [
        "丙社区大党委有 1 次会议没有写明类别，看不出是大党委会还是扩大会，请补。?",
        "会议台账里没有丁社区大党委的会议。",
        "会议台账里没有乙社区大党委的扩大会。",
    ]
    assert said(sheets, "C1")[0] == "丁社区大党委的上级党组织没有写明，请补。?"


PARTS = ["单位名称", "单位党组织", "所属社区", "单位性质", "上级党组织", "是否大党委成员单位", "管理方式"]


def test_who_takes_part_as_a_list_of_units_says_it() -> None:
    rows = [
        ["甲厂", "甲厂党支部", "甲社区", "国有企业", "市甲局党委", "是", "双重管理"],
        ["乙厂", "乙厂党支部", "甲社区", "国有企业", "市乙局党委", "否", None],
        ["丙厂", "丙厂党支部", "甲社区", "国有企业", "市丙局党委", None, "双重管理"],
        ["丁厂", "丁厂党支部", "辖区外（北郊）", "国有企业", "市丁局党委", "否", None],
        ["戊厂", "戊厂党支部", None, "国有企业", "市戊局党委", "否", None],
    ]
    book = {"辖区单位台账": pd.DataFrame(rows, columns=PARTS)}
    found = pb.assess(pb.read({"台账.xlsx": book}, as_of="2026-06-30", profile="qijiazhuang"))
    mine = found[found["rule_id"] == "C2"]
    assert sorted(mine["message"] + (mine["sure"] != "certain").map({True: "?", False: ""})) == [
        "丙厂党支部是不是社区大党委的成员单位没有写明，请补。?",
        "乙厂党支部还不是社区大党委的成员单位。",
        "戊厂党支部在哪个社区没有写明，看不出应不应是大党委成员单位，请补。?",
    ]


def test_a_superior_that_is_left_blank_beside_others_that_are_denied() -> None:
    head = ["党组织名称", "所在社区", "单位性质", "上级党组织", "管理方式"]
    rows = [["甲店党支部", "非公有制企业", "无", "直接管理"], ["乙店党支部", "非公有制企业", "无", "双重管理"],
            ["丙店党支部", "社会组织", None, "直接管理"], ["丁所党支部", "事业单位", "望江街道党工委", "双重管理"],
            ["戊厂党委", "国有企业", "甲社区大党委", "双重管理"]]  # fmt: skip
    orgs = [["望江街道党工委", None, None, None, None], *([row[0], "甲社区", *row[1:]] for row in rows)]
    committees = [["大党委名称", "上级党组织", "所属社区"], ["甲社区大党委", "望江街道党工委", "甲社区"]]
    sheets = {"organizations": [head, *orgs], "committees": committees}
    assert [(line[:2], line.endswith("?")) for line in said(sheets, "C3")] == [("丙店", True), ("乙店", False)]
    assert [(line[:2], line.endswith("?")) for line in said(sheets, "C4")] == [("丁所", True), ("戊厂", False)]


def test_teams_and_the_alliance_of_their_community() -> None:
    head = ["队伍名称", "队伍类别", "所在社区", "所在服务联盟", "纳入时间", "队伍状态"]
    kinds = "志愿服务队伍"
    rows = [["甲队", kinds, "甲社区", "甲社区党员服务联盟", "2025-01", None], ["乙队", kinds, "甲社区", "无", None, None],
            ["丙队", kinds, "甲社区", None, None, None], ["丁队", "文体队伍", "甲社区", "无", None, None],
            ["戊队", kinds, "甲社区", "未纳入", None, "2025年12月已解散"], ["己队", kinds, "甲社区", "甲社区党员服务联盟", "2026-07-01", None],
            ["庚队", kinds, "甲社区", "乙社区党员服务联盟", "2025-01", None]]  # fmt: skip
    assert said({"communities": PLACES, "teams": [head, *rows]}, "D12", profile="qijiazhuang") == [
        "甲社区有 1 支志愿服务队伍没有加入党员服务联盟：乙队。",
        "甲社区有 3 支志愿服务队伍加入没加入本社区的党员服务联盟看不出来：丙队、己队、庚队，请核对。?",
    ]


def test_what_units_and_results_say_of_assessment() -> None:
    units = [
        ["单位党组织", "所在社区", "是否纳入党建目标考核"],
        ["甲厂党支部", "甲社区", "是"],
        ["乙厂党支部", "甲社区", "未纳入"],
        ["丙厂党支部", "甲社区", None],
    ]
    head = ["姓名", "社区“大党委”", "所在单位党组织", "测评结果", "向主管单位通报时间"]
    people = [["赵一", "优秀", "2026-01-20"], ["钱二", "称职", "未通报"], ["孙三", "称职", None]]
    rated = [head, *([name, "甲社区大党委", "某局党支部", *rest] for name, *rest in people)]
    assert said({"communities": PLACES, "ratings": units}, "C14", profile="qijiazhuang") == [
        "甲社区有 1 个单位有没有把参与大党委建设情况纳入党建目标考核没有写明：丙厂党支部，请补。?",
        "甲社区有 1 个单位没有把参与大党委建设情况纳入党建目标考核：乙厂党支部。",
    ]
    assert said({"communities": PLACES, "ratings": rated}, "C14", profile="qijiazhuang") == [
        "甲社区大党委有 1 名委员的测评结果有没有向主管单位通报没有写明，请补。?",
        "甲社区大党委有 1 名委员的测评结果没有向主管单位通报。",
    ]


def test_mass_organizations_that_are_not_set_up_or_led_by_nobody() -> None:
    kinds = ["工会", "共青团", "妇联", "文联", "残联"]
    rows = [[f"{at}社区", f"{at}社区{kind}", kind, "赵一", "已设立"] for at in "甲乙丙" for kind in kinds]
    rows[4][4], rows[9][4], rows[14][3] = "筹建中，尚未设立", None, "无专人"
    head = ["社区", "群团组织名称", "类别", "负责人", "设立情况"]
    places = [["社区名称"], ["甲社区"], ["乙社区"], ["丙社区"]]
    assert said({"communities": places, "mass_organizations": [head, *rows]}, "F10", profile="xinpu") == [
        "丙社区有 1 个群团组织没有专人负责。",
        "乙社区的残联设没设立没有写明，请补。?",
        "甲社区登记的群团组织有 4 类，应有 5 类，缺残联。",
    ]


def test_the_team_of_a_new_type_community_is_not_stated_or_no_member() -> None:
    names = ["服务中心党支部", "经济发展合作社党支部"]
    orgs = [["党组织名称", "上级党组织", "党支部书记"],
            *([f"{at}社区{name}", f"{at}社区党总支", f"{who}{at}"] for at in "甲乙丙" for name, who in zip(names, "赵钱", strict=True))]  # fmt: skip
    orgs[3][2] = None
    team = [["社区党总支", "姓名", "班子职务", "政治面貌"], ["甲社区党总支", "赵甲", "书记", "中共党员"], ["甲社区党总支", "钱甲", "委员", "中共党员"],
            ["甲社区党总支", "孙甲", "委员", "群众"], ["乙社区党总支", "钱乙", "书记", "中共党员"], ["乙社区党总支", "孙乙", "委员", "中共党员"]]  # fmt: skip
    places = [["社区", "社区党组织", "由哪些村组成"], *([f"{at}社区", f"{at}社区党总支", f"{at}村"] for at in "甲乙丙")]
    found = said({"communities": places, "organizations": orgs, "leaders": team}, "F12", profile="xincun13")
    assert [line for line in found if "总支" in line] == [
        "丙社区的总支班子没有写明成员，请补。?",
        "乙社区党总支有 1 个下属支部没有写明书记，看不出在不在总支班子里，请补：乙社区服务中心党支部。?",
        "甲社区党总支班子里有 1 人不是党员。",
    ]


def test_two_way_contact_and_a_name_that_is_asked() -> None:
    head = ["单位名称", "单位性质", "所属社区", "登记管理机关", "业务主管单位", "是否建立双向联系", "最近通报时间"]
    rows = [["甲店", "是", "2024-11-20"], ["乙店", "否", None], ["丙店", None, None]]
    units = [head, *([name, "非公企业", "甲社区", "某局", "某委", *rest] for name, *rest in rows)]
    assert said({"units": units}, "D7", profile="fuyang") == [
        "丙店是否建立双向联系没有写明，请补。?",
        "乙店没有建立双向联系。",
    ]
