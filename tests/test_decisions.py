"""What a person says once about a sheet or a column: asked in 识别结果, kept in the memory, used by shape of the header."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import command

import pbgraph as pb
from pbgraph.decisions import CHANGED, COLUMNS, FILE_NAME, KEY, Decisions, lines_of, shape_of
from pbgraph.findings import findings_frame
from pbgraph.reading.answers import decision_lines
from pbgraph.reading.workbooks import read_workbooks
from pbgraph.text import guarded

Make = Callable[..., Path]
UNITS = [["单位名称", "单位类型", "星座"], ["甲公司", "非公企业", "狮子"], ["乙公司", "国企", "处女"]]
STRANGE = [["甲一", "乙二", "丙三"], ["张三", "李四", "王五"]]
SHAPE, STRANGE_SHAPE = "单位名称|单位类型|星座", "甲一|乙二|丙三"


def remember(folder: Path, *lines: tuple[str, str, str]) -> None:
    rows = [COLUMNS, *((kind, subject, answer, "是") for kind, subject, answer in lines)]
    (folder / FILE_NAME).write_text("\n".join(",".join(row) for row in rows), "utf-8-sig")


def test_the_shape_of_a_header_row_is_its_key_and_not_its_file() -> None:
    assert shape_of(["单位 名称", "＊单位类型（必填）", "星座"]) == SHAPE


def test_a_sheet_may_be_named_or_left_out(book: Make) -> None:
    path = book({"单位": UNITS, "杂": STRANGE})
    alone = read_workbooks(path.parent)
    assert [code for code in findings_frame(alone.findings)["code"] if code == "table-unknown"] == ["table-unknown"]
    remember(
        path.parent, ("表", SHAPE, "不读"), ("表", STRANGE_SHAPE, "党员名册"), ("列", f"{STRANGE_SHAPE} → 甲一", "姓名")
    )
    reading = read_workbooks(path.parent)
    assert reading.tables["units"].empty
    assert reading.tables["members"]["name"].tolist() == ["张三"]
    assert reading.ledger[["table", "n_used", "skipped"]].to_numpy().tolist() == [
        ["不读", 0, "refused 3"], ["党员名册", 1, "header 1"],
    ]  # fmt: skip
    moved = path.rename(path.with_name("下月.xlsx"))  # another file, the same header row
    assert len(read_workbooks(moved.parent).tables["members"]) == 1


@pytest.mark.parametrize(
    ("head", "sure"),
    [(["甲一", "乙二"], "unknown"), (["名称", "乙二"], "unknown"), ([], "unknown"), (None, "certain")],
)
def test_a_gap_is_not_certain_while_a_list_of_organizations_may_be_unread(
    book: Make, head: list[str] | None, sure: str
) -> None:
    counted = [["单位名称", "所属社区", "正式党员"], ["宏达公司", "金桥社区", 5]]
    listed = [["党组织名称", "上级党组织"], ["金桥社区党委", ""]]
    strange = [["东风社区党支部", "旧"], ["宏达公司党支部", "新"], ["金桥社区第二党支部", "新"]]
    other = [["品名", "规格"], ["桌子", "大"], ["椅子", "小"]]
    path = book(
        {"单位": counted, "党组织": listed, "杂": other if head is None else [row for row in (head, *strange) if row]}
    )
    assert pb.coverage(pb.read(path.parent))["is_covered_sure"].tolist() == [sure]
    if head:
        remember(path.parent, ("表", "|".join(head), "不读"))
        assert pb.coverage(pb.read(path.parent))["is_covered_sure"].tolist() == ["certain"]


def test_a_column_may_be_named_kept_or_dismissed(book: Make) -> None:
    path = book({"单位": UNITS})
    remember(path.parent, ("列", f"{SHAPE} → 星座", "自有列"), ("列", f"{SHAPE} → 单位类型", "行业"))
    units = pb.read(path.parent).units.set_index("name")
    assert units["星座"].to_dict() == {"甲公司": "狮子", "乙公司": "处女"}  # an own column travels to the node
    assert units["industry"].to_dict() == {"甲公司": "非公企业", "乙公司": "国企"}
    assert units["unit_type"].isna().all()
    remember(path.parent, ("列", f"{SHAPE} → 星座", "不需要"))
    reading = read_workbooks(path.parent)
    assert "header-unknown" not in set(findings_frame(reading.findings)["code"])
    assert "星座" not in reading.tables["units"]


@pytest.mark.parametrize(("kind", "subject"), [("表", SHAPE), ("列", f"{SHAPE} → 星座")])
def test_an_answer_that_names_nothing_is_a_finding_and_changes_nothing(book: Make, kind: str, subject: str) -> None:
    path = book({"单位": UNITS})
    before = read_workbooks(path.parent).tables["units"]
    remember(path.parent, (kind, subject, "外星名册"))
    reading = read_workbooks(path.parent)
    pd.testing.assert_frame_equal(reading.tables["units"], before)
    found = findings_frame(reading.findings)
    assert found.loc[found["code"] == "answer-unknown", "message"].tolist() == [
        "“识别结果”里填的“外星名册”不是认识的表或字段，没有采用。"
    ]


def test_secrets_in_an_own_column_are_masked(book: Make) -> None:
    rows = [["单位名称", "单位类型", "门禁"], ["甲公司", "非公企业", "找张三13900001234"]]
    path = book({"单位": rows})
    remember(path.parent, ("列", "单位名称|单位类型|门禁 → 门禁", "自有列"))
    assert pb.read(path.parent).units["门禁"].tolist() == ["找张三***********"]


def test_lines_are_found_in_the_memory_and_in_the_list_to_correct() -> None:
    memory = [list(COLUMNS), ["列", "a|b → b", "行业", "是"], ["列", "a|b → a", "行业", ""]]
    changed = [["标题"], ["文件", CHANGED, KEY], ["x", "不读", "a|b"], ["x", "", "c"], ["x", "行业", "a|b → b"]]
    assert [line["标准名"] for _, line in lines_of(memory) or []] == ["行业"]
    assert [(line["类型"], line["原名"]) for _, line in lines_of(changed) or []] == [("表", "a|b"), ("列", "a|b → b")]
    assert lines_of([["x"]]) is None
    assert Decisions.of(line for _, line in lines_of(changed) or []).columns == {("a|b", "b"): "行业"}


def test_a_name_that_looks_like_a_formula_stays_a_name_in_the_memory(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "＝1", " +1", "-1", "@SUM(1)", "'甲'", "乙"]
    rows = [COLUMNS, *(("单位", guarded(name), "丙", "是") for name in names)]
    (tmp_path / FILE_NAME).write_text("\n".join(",".join(row) for row in rows), "utf-8-sig")
    assert [row[1][:1] for row in rows[1:]] == ["'"] * 6 + ["乙"]
    assert [line["原名"] for _, line in decision_lines(tmp_path / FILE_NAME)] == names


def test_a_clerk_corrects_the_list_and_the_next_month_is_read_so(book: Make, tmp_path: Path) -> None:
    rosters = book({"单位": UNITS, "杂": STRANGE}).parent
    run = command("report", str(rosters), "-o", str(tmp_path / "out"))
    assert run.exit_code == 0, run.output
    workbook = openpyxl.load_workbook(tmp_path / "out" / "待核对.xlsx")
    sheet = workbook["识别结果"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    lines = {(row[1].value, row[4].value or ""): row for row in sheet.iter_rows(min_row=4)}
    assert [row[1].value for row in sheet.iter_rows(min_row=4, max_row=4)] == ["杂"]  # the doubtful one is on top
    assert lines["单位", "单位名称"][6].value == "单位名称"
    sheet.cell(lines["杂", ""][0].row, heads[CHANGED], "党员名册")
    sheet.cell(lines["杂", "甲一"][0].row, heads[CHANGED], "姓名")
    workbook.save(tmp_path / "answered.xlsx")
    again = command("report", str(rosters), "-o", str(tmp_path / "next"), "--aliases", str(tmp_path / "answered.xlsx"))
    assert again.exit_code == 0, again.output
    memory = (tmp_path / "next" / FILE_NAME).read_text("utf-8-sig").splitlines()
    assert memory[1:] == [f"列,{STRANGE_SHAPE} → 甲一,姓名,是", f"表,{STRANGE_SHAPE},党员名册,是"]
    (rosters / FILE_NAME).write_text("\n".join(memory), "utf-8-sig")
    assert len(pb.read(rosters).members) == 1


def test_what_was_recognised_and_why_is_two_frames_and_holds_no_person(book: Make) -> None:
    rows = [["姓名", "所在党支部", "备用"], ["张三", "甲社区党支部", "李四"], ["王五", "甲社区党支部", "赵六"]]
    network = pb.read(book({"党员": rows}))
    tables, columns = network.reading
    assert tables[["sheet", "range", "table"]].to_numpy().tolist() == [["党员", "A1:C3", "党员名册"]]
    assert tables["margin"].iloc[0] > 0
    assert columns[["column", "field", "samples"]].to_numpy().tolist() == [
        ["A", "name", ""], ["B", "org", "甲社区党支部"], ["C", "", ""],
    ]  # fmt: skip
    assert set(network.edition("meeting").reading.columns["samples"]) == {""}
