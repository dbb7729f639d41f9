"""What offices do with a sheet: groups, names as values, posts as columns, two blocks in one row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from test_reading import PLAIN, adds_up, read

from pbgraph.findings import findings_frame
from pbgraph.reading.workbooks import Reading

Make = Callable[..., Path]


def problems(reading: Reading) -> list[tuple[str, Any]]:
    found = findings_frame(reading.findings)
    return list(found[["code", "column"]].itertuples(index=False, name=None))


def test_a_grouping_column_is_filled_and_said_so(book: Make) -> None:
    rows = [
        ["社区", "单位名称", "正式党员"],
        ["甲社区", "一公司", 1],
        ["", "二公司", 2],
        ["", "三公司", 0],
        ["乙社区", "四公司", 3],
        ["", "五公司", 1],
    ]
    reading = read(book({"单位": rows}))
    assert reading.tables["units"]["community"].tolist() == ["甲社区", "甲社区", "甲社区", "乙社区", "乙社区"]
    found = findings_frame(reading.findings)
    assert found["message"].tolist() == ["“所属社区”每组只写在第一行，下面 3 个空格按同组补上。"]


@pytest.mark.parametrize(
    "shown",
    [["甲社区", "甲社区", "", ""], ["", "甲社区", "", ""], ["甲社区", "乙社区", "丙社区", ""]],
    ids=["value twice", "first blank", "mostly filled"],
)
def test_blanks_that_are_no_group_stay_blank(book: Make, shown: list[str]) -> None:
    rows = [["社区", "单位名称", "正式党员"], *[[value, f"{n}公司", 1] for n, value in enumerate(shown)]]
    reading = read(book({"单位": rows}))
    assert reading.tables["units"]["community"].fillna("").tolist() == shown
    assert problems(reading) == []


def test_merged_cells_are_filled_only_where_merged(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("党员")
        sheet.write_row("A1", ["所在党支部", "姓名"])
        sheet.merge_range("A2:A3", "一支部")
        for row, name in enumerate(["甲", "乙", "丙"], start=2):
            sheet.write(f"B{row}", name)
    assert read(path).tables["members"]["org"].fillna("").tolist() == ["一支部", "一支部", ""]


def test_the_name_of_a_sheet_a_title_and_a_file_may_be_a_value(book: Make, tmp_path: Path) -> None:
    bare = [["姓名", "性别", "入党时间"], ["王五", "男", "2019"]]
    titled = [["第三党支部党员花名册"], *bare]
    reading = read(book({"第二党支部": bare, "Sheet2": titled}, "3. 金桥社区党员名册.xlsx"))
    members = reading.tables["members"]
    assert members[["org", "community"]].to_numpy().tolist() == [["第二党支部", "金桥社区"], ["第三党支部", "金桥社区"]]
    found = findings_frame(reading.findings)
    assert found["message"].unique().tolist() == ["表中没有“所属社区”列，按文件名取“金桥社区”。"]
    units = [["单位名称", "正式党员"], ["甲", 1]]
    assert read(book({"非公企业": units}, "b.xlsx")).tables["units"]["unit_type"].tolist() == ["private_firm"]


def test_posts_as_columns_become_leaders(book: Make) -> None:
    rows = [
        ["党组织名称", "书记", "组织委员", "宣传委员", "备注"],
        ["一支部", "王五", "赵六、钱七", "", ""],
        ["二支部", "孙八", "", "李九", ""],
    ]
    reading = read(book({"党组织": rows}))
    leaders = reading.tables["leaders"]
    assert leaders[["org", "name", "team_post", "source"]].to_numpy().tolist() == [
        ["一支部", "赵六", "organization_member", "名册.xlsx|党组织|2"],
        ["一支部", "钱七", "organization_member", "名册.xlsx|党组织|2"],
        ["二支部", "李九", "publicity_member", "名册.xlsx|党组织|3"],
    ]
    assert reading.ledger["n_used"].tolist() == [2]
    assert problems(reading) == []


def test_an_organization_and_its_unit_in_one_row(book: Make) -> None:
    rows = [
        ["党组织名称", "成立时间", "单位名称", "统一社会信用代码", "单位类别", "成立时间", "职工人数", "所属社区"],
        ["甲公司党支部", "2019", "甲公司", "91330100MA27XW0001", "非公企业", "2001", 55, "金桥社区"],
        ["机关党支部", "2000", "", "", "", "", "", "金桥社区"],
    ]
    reading = read(book({"党组织": rows}))
    organizations, units = reading.tables["organizations"], reading.tables["units"]
    assert organizations[["founded", "unit_founded"]].fillna("").to_numpy().tolist() == [["2019", "2001"], ["2000", ""]]
    assert units[["unit_name", "unit_type", "staff_count", "community", "row"]].to_numpy().tolist() == [
        ["甲公司", "private_firm", 55, "金桥社区", 2]
    ]
    assert problems(reading) == []


def test_a_sheet_that_could_be_two_kinds_says_so_and_a_title_decides(book: Make) -> None:
    rows = [["姓名", "身份证号", "流入时间", "流动原因"], ["甲", "", "2024", "务工"]]
    headless = read(book({"Sheet1": [["姓名", "所在党支部", "外出时间"], ["甲", "一支部", "2024"]]}, "a.xlsx"))
    assert [code for code, _ in problems(headless)] == ["sheet-two-kinds"]
    assert "流动党员名册" in findings_frame(headless.findings)["message"].iloc[0]
    titled = read(book({"Sheet1": [["流动党员登记表"], *rows]}, "b.xlsx"))
    assert len(titled.tables["floating"]) == 1
    assert problems(titled) == []


def test_what_is_not_used_is_named(book: Make) -> None:
    rows = [["姓名", "所在党支部", "入党批次", "星座", ""], ["甲", "一支部", "狮子", "狮子", "x"]]
    reading = read(book({"党员": rows}))
    assert problems(reading) == [
        ("header-similar", "C 入党批次"),
        ("header-unknown", "D 星座"),
        ("column-without-header", "E"),
    ]


def test_three_rows_of_header_and_the_header_in_row_fifteen(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("单位")
        for row in range(10):
            sheet.write(
                row,
                0,
                f"填表要求第{row + 1}条：请各社区认真核对，不要改动表格的格式，也不要增加或删除任何一列，谢谢配合。",
            )
        sheet.merge_range("A13:A15", "单位名称")
        sheet.merge_range("B13:C13", "人员情况")
        sheet.merge_range("B14:C14", "党员情况")
        sheet.write_row("B15", ["正式党员", "预备党员"])
        sheet.write_row("A16", ["甲公司", 3, 1])
    reading = read(path)
    units = reading.tables["units"]
    assert units[["unit_name", "full_count", "probationary_count", "row"]].to_numpy().tolist() == [["甲公司", 3, 1, 16]]
    assert adds_up(reading)


def test_sub_totals_examples_and_signatures_are_counted_and_not_read(book: Make) -> None:
    rows = [
        ["序号", "上级党组织", "党组织名称", "正式党员"],
        ["示例", "某党总支", "某党支部", 9],
        [1, "甲总支", "一支部", 3],
        [2, "甲总支", "二支部", 4],
        ["", "甲总支", "小计", 7],
        [3, "乙总支", "三支部", 5],
        ["", "乙总支", "小计", 6],
        ["总计", "", "", 12],
        ["填表人：王五", "", "审核人：赵六", ""],
        ["注：本表一式两份。"],
    ]
    reading = read(book({"党组织": rows}))
    assert reading.tables["organizations"]["org_name"].tolist() == ["一支部", "二支部", "三支部"]
    assert reading.ledger["skipped"].tolist() == ["header 1, total 3, note 2, example 1"]
    assert findings_frame(reading.findings)["message"].tolist() == ["合计行“正式党员数”写 6，逐行相加为 12。"]


def test_several_values_in_a_cell_and_names_that_hold_a_separator(book: Make) -> None:
    rows = [
        ["党组织名称", "联合支部覆盖单位"],
        ["一支部", "甲公司、乙（上海、北京）公司；丙店\n丁厂/戊所"],
    ]
    assert read(book({"党组织": rows})).tables["organizations"]["joint_units"].tolist() == [
        "甲公司\n乙（上海、北京）公司\n丙店\n丁厂\n戊所"
    ]


def test_code_columns_and_flags(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "性别", "人员类别", "是否流动党员"],
        ["甲", "一支部", "95_男", "223_正式党员", "√"],
        ["乙", "一支部", "1 男", "59325_预备党员", "N"],
        ["丙", "一支部", "女", "正式", "Y"],
        ["丁", "一支部", "女", "正式", "也许"],
    ]
    reading = read(book({"党员": rows}))
    members = reading.tables["members"]
    assert members["gender"].tolist() == ["male", "male", "female", "female"]
    assert members["category"].tolist() == ["full", "probationary", "full", "full"]
    assert members["is_floating"].fillna(value=False).tolist() == [True, False, True, False]
    assert problems(reading) == [("value-unknown", "E 是否流动党员")]


def test_numbers_that_a_person_would_write(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "身份证号", "联系电话"],
        ["甲", "一支部", " 999999１98003120011", "139 0000 0001"],
        ["乙", "一支部", "999999800312001", "+8613900000002"],
        ["丙", "一支部", "999999********0011", "0571-88880000"],
        ["丁", "一支部", "9.99999E+17", "1390000000"],
        ["戊", "一支部", "99999919800312001x", 13900000004.0],
    ]
    reading = read(book({"党员": rows}))
    members = reading.tables["members"]
    assert members["id_no"].fillna("").tolist() == ["999999198003120011", "999999800312001", "", "", ""]
    assert members["phone"].fillna("").tolist() == ["13900000001", "+8613900000002", "0571-88880000", "", "13900000004"]
    assert sorted(problems(reading)) == [
        ("id-digits-lost", "C 身份证号"),
        ("id-invalid", "C 身份证号"),
        ("id-masked", "C 身份证号"),
        ("phone-invalid", "D 联系电话"),
    ]


def test_a_control_character_is_no_part_of_a_name(tmp_path: Path) -> None:
    lines = ["姓名,所在党支部", "王\x07五\u200b,一支部", "\u202e赵六,一支部"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    assert read(tmp_path).tables["members"]["name"].tolist() == ["王五", "赵六"]


def test_long_tables_keep_every_row(tmp_path: Path) -> None:
    """Rows are taken in portions; the places where one ends and the next begins lose nothing."""
    n = 45_001
    lines = ["姓名,所在党支部,入党时间", *[f"甲{i},{'' if i % 7 else '一支部'},{1950 + i % 70}" for i in range(n)]]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    reading = read(tmp_path)
    members = reading.tables["members"]
    assert members["name"].tolist() == [f"甲{i}" for i in range(n)]
    assert members["row"].tolist() == list(range(2, n + 2))
    assert members["org"].notna().sum() == len(range(0, n, 7))
    assert adds_up(reading)


def test_our_own_sheets_are_no_rosters(book: Make) -> None:
    reading = read(book({"问题清单": [["pbgraph 问题清单：共 1 处"], ["x"]], "党员": PLAIN}))
    assert reading.ledger[["sheet", "n_used", "n_skipped"]].to_numpy().tolist() == [["问题清单", 0, 2], ["党员", 2, 1]]
    assert problems(reading) == []


def test_a_header_that_may_mean_two_things_is_told_by_its_cells(book: Make) -> None:
    party = [["姓名", "所在党支部", "职务"], ["甲", "一支部", "书记"], ["乙", "一支部", "委员"], ["丙", "一支部", "无"]]
    work = [
        ["姓名", "所在党支部", "职务"],
        ["甲", "一支部", "经理"],
        ["乙", "一支部", "会计"],
        ["丙", "一支部", "书记"],
    ]
    assert read(book({"党员": party}, "a.xlsx")).tables["members"]["post"].fillna("").tolist() == [
        "secretary",
        "member",
        "",
    ]
    assert read(book({"党员": work}, "b.xlsx")).tables["members"]["unit_post"].tolist() == ["经理", "会计", "书记"]
    serial = [["编号", "党组织名称"], [1, "一支部"], [2, "二支部"]]
    coded = [["编号", "党组织名称"], ["330100001", "一支部"], ["330100002", "二支部"]]
    assert read(book({"党组织": serial}, "c.xlsx")).tables["organizations"]["org_code"].isna().all()
    assert read(book({"党组织": coded}, "d.xlsx")).tables["organizations"]["org_code"].tolist() == [
        "330100001",
        "330100002",
    ]


def test_a_unit_and_a_post_in_one_cell_are_two_values(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "工作单位及职务"],
        ["甲", "一支部", "云州纺织有限公司总经理"],
        ["乙", "一支部", "市检察院 科长"],
        ["丙", "一支部", "自由职业"],
    ]
    members = read(book({"党员": rows})).tables["members"]
    assert members[["unit", "unit_post"]].fillna("").to_numpy().tolist() == [
        ["云州纺织有限公司", "总经理"],
        ["市检察院", "科长"],
        ["自由职业", ""],
    ]


def test_a_table_of_codes_is_no_roster(book: Make) -> None:
    codes = [["223_正式党员", "95_男"], ["224_预备党员", "96_女"], ["225_发展对象", ""]]
    reading = read(book({"党员": PLAIN, "代码": codes}))
    assert [code for code, _ in problems(reading)] == ["sheet-code-table"]
    assert reading.ledger["skipped"].tolist() == ["header 1", "codes 3"]


def test_lines_above_the_table_are_kept_and_fill_no_column_of_their_own(book: Make) -> None:
    rows = [
        ["在职党员双报到名册"],
        ["填报单位：金桥社区", "", "填报时间：2025年6月"],
        ["姓名", "工作单位", "报到社区", "报到时间"],
        ["甲", "市检察院", "金桥社区", "2024-03"],
        ["乙", "市检察院", "金桥社区", ""],
    ]
    reading = read(book({"双报到": rows}))
    assert reading.facts[["fact", "value"]].to_numpy().tolist() == [
        ["title", "在职党员双报到名册"],
        ["community", "金桥社区"],
        ["filled_on", "2025年6月"],
    ]
    assert reading.tables["registrations"]["report_date"].fillna("").tolist() == ["2024-03", ""]


def test_ticks_below_the_words_of_a_list_are_one_column(book: Make) -> None:
    units = [
        ["单位名称", "所属社区", "已建", "未建", "职工人数"],
        ["一公司", "甲社区", "√", "", 20],
        ["二公司", "甲社区", "", "√", 20],
        ["三公司", "甲社区", "", "", 20],
    ]
    members = [
        ["姓名", "所在支部", "性别", "性别", "入党时间"],
        ["", "", "男", "女", ""],
        ["张三", "第一党支部", "√", "", "2008"],
        ["李四", "第一党支部", "", "√", "2009"],
    ]
    read_units = read(book({"单位": units})).tables["units"]
    assert read_units["has_org"].tolist() == [True, False, pd.NA]
    assert read(book({"党员": members})).tables["members"]["gender"].tolist() == ["male", "female"]


def test_words_that_no_tick_stands_below_stay_columns_of_their_own(book: Make) -> None:
    rows = [["单位名称", "正式", "预备", "职工人数"], ["一公司", 1, 2, 20], ["二公司", 0, 1, 20]]
    table = read(book({"驻区单位": rows})).tables["units"]
    assert (table["full_count"].tolist(), table["probationary_count"].tolist()) == ([1, 0], [2, 1])


@pytest.mark.parametrize(
    ("file", "title", "sheet"),
    [
        ("2025年望湖街道金桥社区驻区单位台账.xlsx", "", "Sheet1"),
        ("驻区单位台账（金桥社区）.xlsx", "", "Sheet1"),
        ("a.xlsx", "望湖街道金桥社区驻区单位台账", "Sheet1"),
        ("a.xlsx", "", "金桥社区"),
    ],
)
def test_the_community_is_named_anywhere_around_the_table(book: Make, file: str, title: str, sheet: str) -> None:
    rows = [["单位名称", "单位类型", "职工人数"], ["甲公司", "非公企业", 20], ["乙公司", "非公企业", 20]]
    reading = read(book({sheet: [*([[title]] if title else []), *rows]}, file))
    assert reading.tables["units"]["community"].tolist() == ["金桥社区"] * 2


@pytest.mark.parametrize("title", ["在职党员进社区单位名单", "城市社区驻区单位名单", "金桥社区和银河社区驻区单位名单"])
def test_words_that_only_end_like_a_community_are_none(book: Make, title: str) -> None:
    rows = [["单位名称", "单位类型", "职工人数"], ["甲公司", "非公企业", 20], ["乙公司", "非公企业", 20]]
    assert read(book({"Sheet1": [[title], *rows]})).tables["units"]["community"].isna().all()


def test_a_file_may_be_named_after_its_branch_and_says_so(book: Make) -> None:
    rows = [["姓名", "性别", "入党时间"], ["张三", "男", "2008"], ["李四", "女", "2009"]]
    reading = read(book({"Sheet1": rows}, "3.金桥社区第一党支部党员花名册.xlsx"))
    assert reading.tables["members"]["org"].tolist() == ["金桥社区第一党支部"] * 2
    assert ("fact-from-file", None) in [(code, None) for code, _ in problems(reading)]


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("未建立党组织的非公企业名单", False),
        ("已建党组织单位名单", True),
        ("已建未建党组织情况", pd.NA),
        ("已建立工会企业名单", pd.NA),
    ],
)
def test_a_title_may_say_of_all_units_whether_they_have_an_organization(book: Make, title: str, says: object) -> None:
    rows = [["单位名称", "单位类型", "职工人数"], ["甲公司", "非公企业", 20], ["乙公司", "非公企业", 20]]
    assert read(book({"Sheet1": [[title], *rows]})).tables["units"]["has_org"].tolist() == [says] * 2


def test_indented_organizations_stand_below_those_that_are_not(book: Make) -> None:
    rows = [["党组织名称", "书记"], ["甲社区党委", "张三"], ["　甲社区第一党支部", "李四"], ["　　第一党小组", "王五"],
            ["乙社区党委", "赵六"], ["　乙社区第一党支部", "钱七"]]  # fmt: skip
    reading = read(book({"党组织": rows}))
    parents = reading.tables["organizations"]["parent"].fillna("").tolist()
    assert parents == ["", "甲社区党委", "甲社区第一党支部", "", "乙社区党委"]
    assert [code for code, _ in problems(reading)] == ["parent-by-indent"]


def test_an_agreement_of_several_communities_is_one_of_each(book: Make) -> None:
    rows = [["共建单位", "结对社区", "共建内容", "签订时间"], ["甲公司", "金桥社区、银河社区", "志愿服务", "2024-05"],
            ["乙学校", "金桥社区", "讲座", "2024-06"]]  # fmt: skip
    table = read(book({"共建": rows})).tables["agreements"]
    assert table[["community", "party_b"]].to_numpy().tolist() == [
        ["金桥社区", "甲公司"], ["银河社区", "甲公司"], ["金桥社区", "乙学校"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        [["大党委名称", "书记", "书记单位", "委员1", "委员1单位", "委员2", "委员2单位"]],
        [["大党委名称", "书记", "单位", "委员", "单位", "委员", "单位"]],
        [
            ["大党委名称", "书记", "", "委员1", "", "委员2", ""],
            ["", "姓名", "所在单位", "姓名", "所在单位", "姓名", "所在单位"],
        ],
    ],
    ids=["numbered", "repeated", "groups"],
)
def test_a_seat_in_columns_has_the_unit_beside_it(book: Make, header: list[list[str]]) -> None:
    rows = [*header, ["金桥社区大党委", "张三", "金桥社区", "李四", "甲公司", "王五", "乙学校"],
            ["银河社区大党委", "赵六", "银河社区", "孙七", "丙公司", "周八", "丁学校"]]  # fmt: skip
    seats = read(book({"Sheet1": rows})).tables["seats"].sort_values(["row", "committee_post", "name"])
    assert seats[["committee", "committee_post", "name", "unit"]].to_numpy().tolist() == [
        ["金桥社区大党委", "member", "李四", "甲公司"], ["金桥社区大党委", "member", "王五", "乙学校"],
        ["金桥社区大党委", "secretary", "张三", "金桥社区"], ["银河社区大党委", "member", "周八", "丁学校"],
        ["银河社区大党委", "member", "孙七", "丙公司"], ["银河社区大党委", "secretary", "赵六", "银河社区"],
    ]  # fmt: skip


def test_a_stray_blank_before_a_name_is_no_level(book: Make) -> None:
    organizations = [["党组织名称", "书记"], ["甲社区党委", "张三"], ["甲社区第一党支部", "李四"], [" 甲社区第二党支部", "王五"],
                     [" 甲社区第三党支部", "赵六"], ["乙社区党委", "钱七"], ["乙社区党支部", "孙八"]]  # fmt: skip
    units = [["单位名称", "单位类型", "党组织名称"], ["甲厂", "国企", "甲厂党支部"], ["乙厂", "国企", " 乙厂党支部"],
             ["丙厂", "国企", " 丙厂党支部"]]  # fmt: skip
    reading = read(book({"党组织": organizations, "驻区单位": units}))
    assert reading.tables["organizations"]["parent"].isna().all()
    assert reading.tables["units"]["parent"].isna().all()


def test_a_suggestion_is_of_the_same_sort_and_none_is_made_for_the_form_itself(book: Make) -> None:
    rows = [["姓名", "所在党支部", "提交时间", "报到人的单位"], ["张三", "一支部", "2025-03-03 14:37:56", "甲厂"]]
    found = findings_frame(read(book({"党员": rows})).findings)
    assert not found["message"].str.contains("申请入党时间|“姓名”").any()


@pytest.mark.parametrize("sheet", ["驻区单位-金桥", "金桥", "2025（金桥）"])
def test_a_sheet_may_be_named_after_a_community_that_another_sheet_lists(book: Make, sheet: str) -> None:
    units = [["单位名称", "单位类型", "职工人数"], ["鑫源公司", "企业", "12"], ["大发商行", "企业", "30"]]
    organizations = [
        ["党组织名称", "类别", "所在社区"],
        ["金桥社区党委", "党委", "金桥社区"],
        ["银桥社区党委", "党委", "银桥社区"],
    ]
    reading = read(book({sheet: units, "党组织": organizations}))
    assert reading.tables["units"]["community"].tolist() == ["金桥社区", "金桥社区"]
    alone = read(book({sheet: units}, "b.xlsx"))
    assert alone.tables["units"]["community"].isna().all()


def test_a_committee_on_its_side_is_told_by_its_first_column(book: Make) -> None:
    rows = [
        ["委员姓名", "赵一", "钱二", "孙三"], ["性别", "男", "女", "男"], ["担任职务", "书记", "委员", "委员"],
        ["来自单位", "红旗厂", "大发商行", "鑫源公司"], ["联系方式", "13900000001", "13900000002", "13900000003"],
    ]  # fmt: skip
    seats = read(book({"金桥社区": [["金桥社区大党委委员登记"], *rows]})).tables["seats"]
    assert seats[["name", "unit"]].to_numpy().tolist() == [
        ["赵一", "红旗厂"],
        ["钱二", "大发商行"],
        ["孙三", "鑫源公司"],
    ]


def test_several_units_in_a_cell_are_no_unit_and_several_organizations_are_each_one(book: Make) -> None:
    organizations = [
        ["党组织名称", "类别", "所在单位", "单位负责人"],
        ["第一联合党支部", "联合党支部", "鑫源公司；大发商行", "赵一"], ["红旗厂党支部", "党支部", "红旗厂", "钱二"],
    ]  # fmt: skip
    tables = read(book({"党组织": organizations})).tables
    assert tables["units"]["unit_name"].tolist() == ["红旗厂"]
    units = [
        ["单位名称", "党组织名称", "上级党组织", "书记", "党组织成立时间"],
        ["鑫源公司", "鑫源公司党支部、鑫源物流党支部", "金桥社区党委", "赵一", "2020"], ["红旗厂", "红旗厂党支部", "金桥社区党委", "钱二", "2021"],
    ]  # fmt: skip
    made = read(book({"单位台账": units}, "b.xlsx")).tables["organizations"]
    assert made["org_name"].tolist() == ["红旗厂党支部", "鑫源公司党支部", "鑫源物流党支部"]
    assert made["secretary"].fillna("").tolist() == ["钱二", "", ""]
    assert set(made["parent"]) == {"金桥社区党委"}
