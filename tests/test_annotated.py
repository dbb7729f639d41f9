"""Annotated copies: the user's own workbook, with every problem where it stands."""

from collections.abc import Callable
from pathlib import Path

import containers
import openpyxl
import pytest
import xlsxwriter
from conftest import DEMO, command, write_book
from test_reading import PLAIN

import pbgraph as pb
from pbgraph.findings import findings_frame

Make = Callable[..., Path]
WRONG = [
    ["姓名", "所在党支部", "身份证号", "入党时间"],
    ["甲", "一支部", "999999198003120012", "满3年"],
    ["", "一支部", "", "2019"],
]


def annotated(folder: Path, out: Path) -> dict[str, str]:
    reading = pb.read_workbooks(folder)
    return pb.write_annotated(findings_frame(reading.findings), out, rosters=folder)


def test_problems_are_marked_and_everything_else_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "名册" / "党员.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("党员")
        bold = workbook.add_format({"bold": True, "font_color": "#ff0000"})
        sheet.merge_range("A1:D1", "甲社区党员花名册", bold)
        for number, row in enumerate(WRONG, start=1):
            sheet.write_row(number, 0, row)
        sheet.write_formula("F3", "=1+1", None, 2)
        sheet.set_column("C:C", 33)
    before = path.read_bytes()
    names = annotated(path.parent, tmp_path / "out")
    assert names == {"党员.xlsx": "党员.xlsx"}
    assert path.read_bytes() == before
    copy = openpyxl.load_workbook(tmp_path / "out" / "党员.xlsx")
    original = openpyxl.load_workbook(path)
    assert copy.sheetnames == ["问题清单", "党员"]
    sheet = copy["党员"]
    assert sheet["C3"].fill.fgColor.rgb == "00F8CBAD"
    assert sheet["C3"].comment.text == "身份证号位数或校验码不对。请核对证件后改正。"
    assert sheet["D3"].fill.fgColor.rgb == "00FFE699"
    assert sheet["A4"].comment.text == "缺“姓名”，该行搁置。请补填。"
    for row in original["党员"].iter_rows():
        for cell in row:
            assert sheet[cell.coordinate].value == cell.value
            assert repr(sheet[cell.coordinate].font) == repr(cell.font)
    assert sheet["F3"].value == "=1+1"
    assert sheet.column_dimensions["C"].width == original["党员"].column_dimensions["C"].width
    assert sheet.merged_cells.ranges == original["党员"].merged_cells.ranges


def test_the_list_says_what_where_and_how_and_links_to_the_cell(book: Make, tmp_path: Path) -> None:
    book({"党员's": WRONG}, "a.xlsx")
    annotated(tmp_path, tmp_path / "out")
    page = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx").worksheets[0]
    rows = list(page.iter_rows(values_only=True))
    assert rows[0][0] == "pbgraph 问题清单（共 3 处）"
    assert rows[2] == ("程度", "行", "工作表", "列", "内容", "问题", "处理办法")
    assert rows[3][:4] == ("错误", 2, "党员's", "C 身份证号")
    assert page["B4"].hyperlink.location == "'党员''s'!C2"
    assert "9999991980" not in str(rows)


def test_a_corrected_copy_reads_without_a_problem(book: Make, tmp_path: Path) -> None:
    book({"党员": WRONG}, "a.xlsx")
    annotated(tmp_path, tmp_path / "out")
    path = tmp_path / "out" / "a.xlsx"
    copy = openpyxl.load_workbook(path)
    sheet = copy["党员"]
    sheet["A3"], sheet["C2"], sheet["D2"] = "乙", "999999198003120011", "2019-10"
    copy.save(path)
    reading = pb.read_workbooks(tmp_path / "out")
    assert reading.findings == []
    assert reading.tables["members"]["name"].tolist() == ["甲", "乙"]
    beside = pb.read_workbooks(tmp_path)
    assert len(beside.tables["members"]) == 1  # the copies under a folder of rosters are not read with it
    assert "folder-own-pack" in set(findings_frame(beside.findings)["code"])


def test_the_same_problems_give_the_same_bytes(book: Make, tmp_path: Path) -> None:
    book({"党员": WRONG}, "a.xlsx")
    contents = []
    for name in ("one", "two"):
        annotated(tmp_path / "a.xlsx", tmp_path / name)
        contents.append((tmp_path / name / "a.xlsx").read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("name", ["a.csv", "a.ods", "locked.xlsx", "broken.xlsx"])
def test_what_cannot_be_kept_whole_still_gets_its_list(name: str, tmp_path: Path) -> None:
    contents = {
        "a.csv": containers.text(WRONG, ",", "gbk"),
        "a.ods": (Path(__file__).parent / "workbooks" / "plain.ods").read_bytes(),
        "locked.xlsx": containers.locked(containers.xlsx(WRONG), "x"),
        "broken.xlsx": b"PK\x03\x04",
    }
    (tmp_path / name).write_bytes(contents[name])
    names = annotated(tmp_path, tmp_path / "out")
    if name == "a.ods":
        assert names == {}  # nothing wrong, nothing written
        return
    copy = openpyxl.load_workbook(tmp_path / "out" / names[name])
    remark = copy.worksheets[0]["A2"].value
    if name == "a.csv":
        assert "副本只保留内容" in remark
        assert copy["a"]["C2"].value == "999999198003120012"
        assert copy["a"]["C2"].comment is not None
    else:
        assert "请在原文件上修改" in remark
        assert copy.sheetnames == ["问题清单"]


def test_a_file_that_kills_its_parser_kills_no_program_here_either(
    book: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pbgraph.reading import workers

    book({"党员": WRONG}, "a.xlsx")
    found = findings_frame(pb.read_workbooks(tmp_path).findings)
    monkeypatch.setattr(workers, "_SAFELY", ("-c", "import os; os.read(0, 1); os.abort()"))
    names = pb.write_annotated(found, tmp_path / "out", rosters=tmp_path)
    copy = openpyxl.load_workbook(tmp_path / "out" / names["a.xlsx"])
    assert copy.sheetnames == ["问题清单"]


def test_what_check_writes_into_the_folder_of_rosters_is_never_read_as_rosters(tmp_path: Path) -> None:
    rows = [["党组织名称", "联合支部覆盖单位"], ["一支部", "八达科技公司"]]
    units = [["单位名称", "正式党员"], ["云州八达科技有限公司", 1]]
    write_book(tmp_path / "名册.xlsx", {"党组织": rows, "单位": units})
    first = command("check", str(tmp_path), "-o", str(tmp_path / "检查"))
    assert (tmp_path / "检查" / "待核对.xlsx").is_file(), first.output
    again = pb.read_workbooks(tmp_path)
    assert again.inputs["file"].tolist() == ["名册.xlsx"]
    assert findings_frame(again.findings)["code"].tolist() == ["folder-own-pack"]


def test_text_stays_text_in_the_copy(tmp_path: Path) -> None:
    rows = [["姓名", "所在党支部", "入党时间"], ["=1+1", "一支部", "昨天"]]
    (tmp_path / "a.csv").write_bytes(containers.text(rows, ",", "utf-8"))
    annotated(tmp_path, tmp_path / "out")
    cell = openpyxl.load_workbook(tmp_path / "out" / "a.csv.xlsx")["a"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_check_writes_copies_and_the_names_to_decide(tmp_path: Path) -> None:
    done = command("check", str(DEMO), "-o", str(tmp_path / "out"))
    assert done.exit_code == 1
    copies = sorted(path.name for path in (tmp_path / "out" / "annotated").glob("*.xlsx"))
    assert "02党员花名册（分社区）.xlsx" in copies
    assert (tmp_path / "out" / "待核对.xlsx").is_file()
    assert "标注副本已写入" in done.output


def test_check_marks_what_no_table_fits(tmp_path: Path) -> None:
    folder = tmp_path / "名册"
    folder.mkdir()
    write_book(folder / "天气.xlsx", {"天气": [["今天", "明天"], ["晴", "雨"]]})
    command("check", str(folder), "-o", str(tmp_path / "out"))
    page = openpyxl.load_workbook(tmp_path / "out" / "annotated" / "天气.xlsx").worksheets[0]
    assert page["F4"].value == "没有找到认识的表头，整张表未用。"


def test_a_password_on_the_command_is_used_and_never_shown(tmp_path: Path) -> None:
    rows = [["单位名称", "正式党员"], ["甲公司", 1]]
    (tmp_path / "单位.xlsx").write_bytes(containers.locked(containers.xlsx(rows), "云州2025"))
    opened = command("check", str(tmp_path), "--password", "-", typed="云州2025\n")
    assert opened.exit_code == 0, opened.output
    assert "云州2025" not in opened.output
    assert command("check", str(tmp_path), PBGRAPH_PASSWORD="云州2025").exit_code == 0
    closed = command("check", str(tmp_path))
    assert closed.exit_code != 0
    assert PLAIN[0][0] not in closed.output


def test_a_copy_keeps_the_results_of_formulas(tmp_path: Path) -> None:
    """Checked again, a corrected copy finds what Excel had calculated, and not formulas that were never run."""
    folder = tmp_path / "in"
    folder.mkdir()
    with xlsxwriter.Workbook(folder / "名册.xlsx") as book:
        sheet = book.add_worksheet("党员")
        sheet.write_row(0, 0, ["姓名", "人员类别", "所在党支部", "入党时间"])
        for row in (1, 2):
            sheet.write_row(row, 0, [f"张{row}", "正式党员"])
            sheet.write_formula(row, 2, '="金桥"&"党支部"', None, "金桥党支部<&>")
            sheet.write_formula(row, 3, "=2000+19", None, 2019)
        sheet.write(3, 0, "李四")
        sheet.write(3, 3, "2019-13")
    first = pb.read(folder, as_of="2025-06-30")
    copies = pb.write_annotated(first.findings, tmp_path / "out", rosters=folder)
    again = pb.read_workbooks(tmp_path / "out" / copies["名册.xlsx"])
    assert again.tables["members"]["org"].tolist()[:2] == ["金桥党支部<&>"] * 2
    assert again.tables["members"]["join_date"].tolist()[:2] == ["2019"] * 2
    assert "cell-without-result" not in {finding.code for finding in again.findings}


def test_a_copy_keeps_pictures_of_any_kind(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8), "red").save(tmp_path / "章.png")
    Image.new("RGB", (8, 8), "red").save(tmp_path / "章.webp")
    path = tmp_path / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("党员")
        for row, cells in enumerate([["姓名", "所在党支部", "入党时间"], ["张一", "甲党支部", "2019-13"]]):
            sheet.write_row(row, 0, cells)
        sheet.insert_image("F2", tmp_path / "章.png")
    webp = (tmp_path / "章.webp").read_bytes()

    def edit(name: str, part: bytes) -> bytes:
        return webp if name.endswith("image1.png") else part

    path.write_bytes(containers.edited(path.read_bytes(), edit))
    findings = pb.read(path, as_of="2025-06-30").findings
    pb.write_annotated(findings, tmp_path / "out", rosters=path)
    copy = openpyxl.load_workbook(tmp_path / "out" / "名册.xlsx")
    assert len(copy["党员"]._images) == 1
