"""The lists that are printed and signed: legible, with room to write, and what was filled in last time is kept."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TINY, Book, as_before, command
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

import pbgraph as pb
from pbgraph.manifest import Manifest
from pbgraph.network import Network
from pbgraph.reading.filled import filled_in
from pbgraph.rendering import document
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import Look
from pbgraph.rendering.workbook import workbook_bytes

Make = Callable[..., Path]
A4_ACROSS, TO_THE_INCH = 11.69, 72
FIRST = 4
LISTS = "缺口清单和统计表.xlsx"


def lists(network: Network, lang: str = "zh") -> list[Worksheet]:
    book = load_workbook(io.BytesIO(workbook_bytes(document.report(gather(network, look=Look(lang))))))
    return [sheet for sheet in book.worksheets if sheet.print_area and sheet.title not in ("封面", "Cover")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lists_print_at_their_own_size_with_room_to_write(demo: Network, lang: str) -> None:
    sheets = lists(demo, lang)
    assert len(sheets) == 6 and [cell.value for cell in sheets[0][3]][:2] != ["", ""]
    for sheet in sheets:
        left, top, right, bottom = range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))
        assert (left, top, bottom) == (1, 1, sheet.max_row) and right in (7, 8)
        widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, right + 1)]
        points = sum(width * 7 + 5 for width in widths) * 0.75
        page = (A4_ACROSS - sheet.page_margins.left - sheet.page_margins.right) * TO_THE_INCH
        sizes = [cell.font.sz for row in sheet.iter_rows(min_row=3, max_col=right) for cell in row]
        assert min(sizes) * min(1.0, page / points) >= 10.5, sheet.title
        heights = [sheet.row_dimensions[row].height for row in range(FIRST, sheet.max_row + 1)]
        assert min(heights) >= 34 and min(widths[-3:-1]) >= 12
        assert sheet.print_title_rows == "$3:$3" and sheet.page_setup.orientation == "landscape"


def test_the_first_list_says_what_is_to_be_done(demo: Network) -> None:
    gaps = lists(demo)[0]
    assert gaps.title == "缺口清单" and gaps["A1"].value == "望湖街道缺口清单"
    heads = [
        "序号",
        "社区",
        "单位",
        "问题",
        "建议措施",
        "责任人",
        "时限",
        "销号",
        "情况",
        "依据条款",
        "要求程度",
        "核实情况",
        "数据来源",
    ]
    assert [cell.value for cell in gaps[3]] == heads
    rows = [[cell.value for cell in row] for row in gaps.iter_rows(min_row=FIRST)]
    assert len(rows) == 47 and rows[0][:5] == [
        1, "东湖社区", "云州永安科技有限公司", "有正式党员 6 名，尚未建立党组织，属应建未建。", "限期单独组建党支部",
    ]  # fmt: skip


def fill(path: Path, *entries: tuple[str, str, str, str], sheet: str = "缺口清单") -> None:
    book = load_workbook(path)
    page = book[sheet]
    heads = [cell.value for cell in page[3]]
    for row in page.iter_rows(min_row=FIRST):
        for name, *values in entries:
            if row[2].value == name:
                for head, value in zip(("责任人", "时限", "销号"), values, strict=True):
                    row[heads.index(head)].value = value
                    row[heads.index(head)].data_type = "s" if value else "n"
    book.save(path)


def filled(folder: Path, sheet: str = "缺口清单", head: str = "责任人", lists: str = LISTS) -> dict[str, list[object]]:
    page = load_workbook(folder / lists)[sheet]
    at = [cell.value for cell in page[3]].index(head)
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST)]
    return {str(row[2]): row[at : at + 3] for row in rows if any(row[at : at + 3])}


def test_a_list_of_before_is_read_in_its_own_words(tiny: Network, tmp_path: Path) -> None:
    folder = pb.write_pack(tiny, tmp_path / "out")
    fill(folder / LISTS, ("第二网格", "刘六", "8月", ""), sheet="网格阵地经费")
    book = load_workbook(folder / LISTS)
    page = book["网格阵地经费"]
    heads = [cell.value for cell in page[3]]
    page.cell(3, heads.index("核实情况") + 1).value = "把握"
    for row in page.iter_rows(min_row=FIRST):
        assert "《" in row[heads.index("依据条款")].value
        row[heads.index("依据条款")].value = "F2 《娄发〔2015〕12号 关于进一步加强社区党建和社区建设的实施意见》⒊"
        row[heads.index("核实情况")].value = "确定"
    book.save(folder / LISTS)
    pb.write_pack(tiny, folder)
    assert filled(folder, "网格阵地经费") == {"第二网格": ["刘六", "8月", None]}


def test_what_was_filled_in_is_kept_where_the_workbook_lies(tiny: Network, tmp_path: Path) -> None:
    folder = pb.write_pack(tiny, tmp_path / "out")
    fill(folder / LISTS, ("宏达机械厂", "王五", "7月31日", "√"), ("空空公司", "=1+1", "13912345678", ""))
    fill(folder / LISTS, ("第二网格", "刘六", "8月", ""), sheet="网格阵地经费")
    wanted = {"宏达机械厂": ["王五", "7月31日", "√"], "空空公司": ["=1+1", "***********", None]}
    for _ in range(2):  # a second time it is our own workbook that holds it
        pb.write_pack(tiny, folder)
        assert filled(folder) == wanted and filled(folder, "网格阵地经费") == {"第二网格": ["刘六", "8月", None]}
    assert len(list(folder.glob("缺口清单和统计表（*保留）.xlsx"))) == 1
    import docx

    rows = docx.Document(str(folder / "党建情况报告.docx")).tables[0].rows
    assert ["王五", "7月31日", "√"] in [[cell.text for cell in row.cells][5:] for row in rows]
    pb.write_pack(tiny, folder, look=Look("en"))
    assert filled(folder, "Grids, premises, money", "Person in charge", "report.xlsx") == {
        "第二网格": ["刘六", "8月", None]
    }
    assert not (folder / LISTS).exists()  # ours and unchanged
    book = load_workbook(folder / "report.xlsx")["Coverage gaps"]
    assert "王五" in [row[5] for row in book.iter_rows(min_row=FIRST, values_only=True)]


def test_what_was_filled_in_in_a_pack_of_the_last_version_is_kept(tiny: Network, tmp_path: Path) -> None:
    folder = as_before(pb.write_pack(tiny, tmp_path / "out"))
    fill(folder / "report.xlsx", ("宏达机械厂", "王五", "7月31日", "√"))
    wanted = {"宏达机械厂": ["王五", "7月31日", "√"]}
    later = pb.write_pack(tiny, tmp_path / "下月", earlier=folder)
    assert filled(later) == wanted
    pb.write_pack(tiny, folder)
    assert filled(folder) == wanted and not (folder / "report.xlsx").exists()
    (aside,) = Manifest.of(folder).kept
    assert aside.startswith("report（") and filled(folder, lists=aside) == wanted
    # A list of the old name put beside the new one is read too; what the new one says holds.
    fill(folder / LISTS, ("宏达机械厂", "赵六", "", ""))
    (folder / aside).rename(folder / "report.xlsx")
    assert filled_in([folder], edition="meeting")["宏达机械厂", "甲社区", ""] == ("赵六", "", "")


def test_what_was_filled_in_comes_from_the_earlier_pack(tiny: Network, book: Make, tmp_path: Path) -> None:
    before = pb.write_pack(tiny, tmp_path / "5月")
    fill(before / LISTS, ("宏达机械厂", "王五", "7月31日", ""), ("小美发屋", "赵六", "", ""))
    changed: Book = {
        **TINY,
        "驻区单位": [[*row[:3], 2, *row[4:]] if row[0] == "小美发屋" else row for row in TINY["驻区单位"]],
    }
    rosters = book(changed, "六月.xlsx")
    ran = command("report", rosters, "--previous", before, "-o", tmp_path / "6月", "--as-of", "2025-06-30")
    assert ran.exit_code == 0, ran.output
    assert filled(tmp_path / "6月") == {"宏达机械厂": ["王五", "7月31日", None], "小美发屋": ["赵六", None, None]}
    named = pb.write_pack(tiny, tmp_path / "只要清单", earlier=before / LISTS)
    assert filled(named) == filled(tmp_path / "6月")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"no workbook")
    with pytest.raises(pb.RenderError, match="打不开上次的清单"):
        pb.write_pack(tiny, tmp_path / "out", earlier=broken)


def test_no_edition_hands_out_what_another_was_filled_with(tiny: Network, tmp_path: Path) -> None:
    meeting = pb.write_pack(tiny, tmp_path / "会议")
    internal = pb.write_pack(tiny, tmp_path / "内部", look=Look(edition="internal"))
    for folder in (meeting, internal):
        fill(folder / LISTS, ("宏达机械厂", "王五", "", ""))
    key = ("宏达机械厂", "甲社区", "")
    for folder, edition, is_kept in (
        (meeting, "public", False), (meeting, "meeting", True), (meeting, "internal", True),
        (internal, "public", False), (internal, "meeting", False), (internal, "internal", True),
    ):  # fmt: skip
        kept = filled_in([folder], edition=edition)
        assert (kept.get(key) == ("王五", "", "")) == is_kept, (folder.name, edition)
        assert is_kept or not kept


def test_rows_that_cannot_be_told_apart_are_not_known_again(book: Make, tmp_path: Path) -> None:
    units = [*TINY["驻区单位"], ["空空公司", "社会组织", "甲社区", 0, 0, 3, "", "正常"]]
    network = pb.read(book({**TINY, "驻区单位": units}), as_of="2025-06-30")
    folder = pb.write_pack(network, tmp_path / "out")
    fill(folder / LISTS, ("空空公司", "王五", "", ""), ("宏达机械厂", "赵六", "", ""))
    n = pb.coverage(network)["unit"].tolist().count("空空公司")
    pb.write_pack(network, folder)
    assert filled(folder).keys() == ({"宏达机械厂"} if n > 1 else {"宏达机械厂", "空空公司"})
