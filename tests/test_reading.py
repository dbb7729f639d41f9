"""Workbooks as they are: many dialects, one truth; every fault a finding; the ledger adds up."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from conftest import DEMO, MEMBERS

from pbgraph.findings import findings_frame
from pbgraph.reading.columns import letters
from pbgraph.reading.opening import Refusal, Request, open_workbook
from pbgraph.reading.values import read_cells
from pbgraph.reading.workbooks import Reading, read_workbooks
from pbgraph.schema import tables

Make = Callable[..., Path]
PLAIN = [
    ["姓名", "所在党支部", "入党时间", "人员类别"],
    ["王五", "第一党支部", "2019-10", "正式党员"],
    ["赵六", "第一党支部", "2020", "预备党员"],
]
TRUTH = [("王五", "第一党支部", "2019-10", "full"), ("赵六", "第一党支部", "2020", "probationary")]
DIALECTS: dict[str, list[list[Any]]] = {
    "plain": PLAIN,
    "title and facts": [["甲社区党员花名册"], ["填报单位：甲社区", "", "填报时间：2025.6"], *PLAIN],
    "filling note": [
        ["注意：1、黄色底为必填项，请勿删除任何列；2、日期请写成 2019/10/24 的形式，否则无法导入系统。"],
        ["党员花名册"],
        *PLAIN,
    ],
    "blanks in headers": [["姓   名", "所在\n党支部", " 入党时间(2019/10/24)", "人员　类别"], *PLAIN[1:]],
    "other words": [["党员姓名", "所属党支部", "入党日期", "党员类别"], *PLAIN[1:]],
    "pinyin": [["xm", "支部", "rdsj", "类别"], *PLAIN[1:]],
    "codes": [
        PLAIN[0],
        ["王五", "第一党支部", "201910", "223_正式党员"],
        ["赵六", "第一党支部", "2020年", "224_预备党员"],
    ],
    "wide digits": [
        PLAIN[0],
        ["王　五", "第一党支部", "２０１９年１０月", "正式"],
        ["赵六", "第一党支部", "２０２０", "预备"],
    ],
    "serial and total": [
        ["序号", *PLAIN[0]],
        [1, *PLAIN[1]],
        [2, *PLAIN[2]],
        ["合计", "2人"],
        ["填表人：", "", "审核人："],
    ],
    "repeated header": [PLAIN[0], PLAIN[1], PLAIN[0], PLAIN[2]],
    "blank rows": [PLAIN[0], PLAIN[1], [], PLAIN[2]],
    "remark at the end": [*PLAIN, ["备注：本表每半年更新一次。"]],
}


def read(*paths: Path) -> Reading:
    return read_workbooks(list(paths))


def rows_of(reading: Reading) -> list[tuple[Any, ...]]:
    members = reading.tables["members"]
    return list(members[["name", "org", "join_date", "category"]].itertuples(index=False, name=None))


def adds_up(reading: Reading) -> bool:
    ledger = reading.ledger
    return bool((ledger["n_rows"] == ledger["n_used"] + ledger["n_set_aside"] + ledger["n_skipped"]).all())


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
def test_many_dialects_one_truth(book: Make, dialect: str) -> None:
    reading = read(book({"党员": DIALECTS[dialect]}))
    assert rows_of(reading) == TRUTH
    assert adds_up(reading)
    assert findings_frame(reading.findings).empty


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_in_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [["甲社区党员花名册"], *PLAIN, [], ["合计", "2人"]]
    (tmp_path / "党员.csv").write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    reading = read(tmp_path)
    assert rows_of(reading) == TRUTH
    assert reading.tables["members"]["source"].tolist() == ["党员.csv|党员|3", "党员.csv|党员|4"]
    assert adds_up(reading)
    assert findings_frame(reading.findings).empty


def test_group_and_leaf_headers_and_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("金桥社区")
        sheet.merge_range("A1:D1", "金桥社区驻区单位台账")
        sheet.merge_range("A2:A3", "网格")
        sheet.merge_range("B2:B3", "单位名称")
        sheet.merge_range("C2:D2", "党员人数")
        sheet.write_row("C3", ["正式", "预备"])
        sheet.merge_range("A4:A5", "一网格")
        sheet.write_row("B4", ["甲公司", 3, 0])
        sheet.write_row("B5", ["乙公司", 1, 2])
    units = read(path).tables["units"]
    assert units[["unit_name", "grid", "full_count", "probationary_count", "community"]].to_numpy().tolist() == [
        ["甲公司", "一网格", 3, 0, "金桥社区"],
        ["乙公司", "一网格", 1, 2, "金桥社区"],
    ]


def test_every_row_knows_its_place(book: Make) -> None:
    members = read(book({"党员": DIALECTS["title and facts"]})).tables["members"]
    assert members["source"].tolist() == ["名册.xlsx|党员|4", "名册.xlsx|党员|5"]
    assert members["community"].tolist() == ["甲社区", "甲社区"]


def test_dates_keep_their_precision() -> None:
    field = tables()["members"].field("join_date")
    cells = ["2019/10/24", "2019-10", "2019.1", 43762.0, datetime(2019, 10, 24), "满3年", "", 2019.1, "2019年13月"]
    values, problems = read_cells(cells, field)
    assert values.fillna("?").tolist() == [
        "2019-10-24",
        "2019-10",
        "2019-01",
        "2019-10-24",
        "2019-10-24",
        "?",
        "?",
        "2019",
        "?",
    ]
    assert problems == {5: "date-unreadable", 8: "date-unreadable"}


def test_counts_tell_nothing_from_none() -> None:
    values, problems = read_cells(["３", "无", "-", "", "12人", 2.0, "若干"], tables()["units"].field("full_count"))
    assert values.tolist() == [3, 0, 0, pd.NA, 12, 2, pd.NA]
    assert problems == {6: "number-unreadable"}


def test_a_number_that_cannot_be_is_a_finding_of_its_cell(book: Make) -> None:
    cells = [1e20, 1e300, -1.0, "-3", "９" * 30, 1e9, "1000000000", 0.0]
    values, problems = read_cells(cells, tables()["units"].field("full_count"))
    assert values.fillna(-9).tolist() == [*[-9] * 5, 10**9, 10**9, 0]
    assert set(problems.values()) == {"number-impossible"} and list(problems) == [0, 1, 2, 3, 4]
    for name in ("premises_area", "money"):
        field = next(f for table in tables().values() for f in table.fields if f.key == name)
        values, problems = read_cells([1e20, "9" * 400, float("inf"), "12.5", 1e13], field)
        assert values.fillna(-9).tolist() == [-9, -9, -9, 12.5, 1e13]
        assert problems == dict.fromkeys(range(3), "number-impossible")
    reading = read_workbooks(book({"单位": [["单位名称", "所属社区", "职工人数"], ["红旗厂", "甲社区", 1e20]]}))
    found = [[f.code, f.row, f.column] for f in reading.findings]
    assert found == [["number-impossible", 2, "C 职工人数"]]
    assert reading.tables["units"]["staff_count"].isna().all()


def test_a_date_of_no_time_of_ours_is_a_finding() -> None:
    cells = [datetime(9999, 12, 31), datetime(1, 1, 1), datetime(2019, 5, 1), "0000-01-01", "9999年12月", 1e20, -1.0]
    values, problems = read_cells(cells, tables()["members"].field("join_date"))
    assert values.dropna().tolist() == ["2019-05-01"]
    assert problems == dict.fromkeys((0, 1, 3, 4, 5, 6), "date-unreadable")


def test_identity_numbers_are_checked_and_never_shown(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "身份证号", "性别", "出生年月"],
        ["甲", "一支部", "999999198003120011", "男", "1980.03"],
        ["乙", "一支部", "999999198003120012", "男", "1980.03"],
        ["丙", "一支部", 999999198003120011.0, "男", ""],
        ["丁", "一支部", "999999198003120011", "女", "1981.03"],
    ]
    found = findings_frame(read(book({"党员": rows})).findings)
    assert found[["code", "row"]].to_numpy().tolist() == [
        ["id-invalid", 3],
        ["id-digits-lost", 4],
        ["id-contradicts", 5],
        ["id-contradicts", 5],
    ]
    assert not found.astype(str).apply(lambda c: c.str.contains("9999991980")).any().any()
    assert found["message"].iloc[1] == "身份证号以数字格式保存，末几位已丢失。"


def test_a_wrong_total_is_named(book: Make) -> None:
    rows = [["单位名称", "所属社区", "正式党员"], ["甲公司", "甲社区", 2], ["乙公司", "甲社区", 1], ["合计", "", 4]]
    found = findings_frame(read(book({"单位": rows})).findings)
    assert found["message"].tolist() == ["合计行“正式党员数”写 4，逐行相加为 3。"]
    assert found["column"].tolist() == ["C 正式党员"]


def test_unknown_things_are_reported_once_and_the_rest_is_used(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "星座", "人员类别"],
        ["甲", "一支部", "狮子", "外星人"],
        ["", "一支部", "", "正式党员"],
    ]
    reading = read(book({"党员": rows, "杂项": [["今天", "天气"], ["晴", "好"]]}))
    found = findings_frame(reading.findings)
    assert sorted(found["code"]) == ["header-unknown", "row-incomplete", "sheet-unknown", "value-unknown"]
    assert len(reading.tables["members"]) == 1
    ledger = reading.ledger.set_index("sheet")
    assert ledger.loc["党员", ["n_rows", "n_used", "n_set_aside", "n_skipped"]].tolist() == [3, 1, 1, 1]
    assert ledger.loc["杂项", ["n_rows", "n_used", "n_set_aside", "n_skipped"]].tolist() == [2, 0, 2, 0]


def test_a_missing_column_is_named_with_what_was_found(book: Make) -> None:
    reading = read(book({"党员花名册": [["姓名", "性别", "民族", "学历"], ["甲", "男", "汉", "大学"]]}))
    message = findings_frame(reading.findings)["message"].iloc[0]
    assert message == (
        "“党员名册”里没有“所在党支部或所属党委”，表名、标题和小标题里也没有，这一项空着读入。找到的列：姓名、性别、民族、学历。"
    )
    assert reading.tables["members"]["name"].tolist() == ["甲"]
    assert adds_up(reading)


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "png": (b"\x89PNG\r\n\x1a\n", "不是能读的工作簿（看内容像PNG）。"),
    "html": (b"<html><table></table></html>", "不是能读的工作簿（看内容像HTML）。"),
    "empty": (b"", "不是能读的工作簿（看内容像空文件）。"),
    "word": (b"{\\rtf1\\ansi", "不是能读的工作簿（看内容像RTF）。"),
    "cut zip": (b"PK\x03\x04broken", "文件损坏，无法读完整（BadZipFile）。"),
    "cut xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "文件损坏，无法读完整"),
}


@pytest.mark.parametrize("kind", BAD_FILES, ids=str)
def test_a_bad_file_gets_a_sentence_and_the_others_go_on(book: Make, tmp_path: Path, kind: str) -> None:
    content, sentence = BAD_FILES[kind]
    book({"党员": PLAIN})
    (tmp_path / "坏的.xlsx").write_bytes(content)
    reading = read(tmp_path)
    found = findings_frame(reading.findings)
    assert found["file"].tolist() == ["坏的.xlsx"]
    assert found["message"].iloc[0].startswith(sentence)
    assert rows_of(reading) == TRUTH


def test_bombs_are_refused_before_any_parser(tmp_path: Path) -> None:
    _zip(tmp_path / "胀.xlsx", {"xl/workbook.xml": b"<a/>", "xl/big.xml": b"0" * (300 * 2**20)})
    _zip(tmp_path / "笑.xlsx", {"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'})
    _zip(tmp_path / "文档.xlsx", {"word/document.xml": b"<a/>"})
    found = findings_frame(read(tmp_path).findings).set_index("file")["code"]
    assert found.to_dict() == {"胀.xlsx": "file-too-large", "笑.xlsx": "file-damaged", "文档.xlsx": "file-not-workbook"}


def test_lock_files_copies_and_other_files_are_noted(book: Make, tmp_path: Path) -> None:
    path = book({"党员": PLAIN})
    (tmp_path / "~$名册.xlsx").write_bytes(b"x")
    (tmp_path / "再来.xlsx").write_bytes(path.read_bytes())
    (tmp_path / "说明.docx").write_bytes(b"x")
    (tmp_path / "照片.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    reading = read(tmp_path)
    assert sorted(findings_frame(reading.findings)["code"]) == [
        "file-locked",
        "file-not-workbook",
        "file-other",
        "file-twice",
    ]
    assert len(rows_of(reading)) == 2


def test_a_file_that_cannot_be_opened(book: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book({"党员": PLAIN})

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    refusal = open_workbook(Request("名册.xlsx", str(path)))
    assert refusal == Refusal("file-unreadable", {"reason": "Permission denied"})


def test_hidden_sheets_are_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("空表")
        hidden = workbook.add_worksheet("旧名册")
        for number, row in enumerate(PLAIN):
            hidden.write_row(number, 0, row)
        hidden.hide()
    reading = read(path)
    assert rows_of(reading) == TRUTH
    assert sorted(findings_frame(reading.findings)["code"]) == ["sheet-empty", "sheet-was-hidden"]


def test_the_demo_loads_with_exactly_what_is_planted() -> None:
    reading = read(DEMO)
    found = findings_frame(reading.findings)
    assert found["code"].value_counts().to_dict() == {"id-digits-lost": 4, "header-unknown": 1, "sheet-code-table": 1}
    assert adds_up(reading)
    assert reading.ledger["n_rows"].sum() == 2192


def test_the_order_of_files_does_not_matter(book: Make, tmp_path: Path) -> None:
    first = book({"党员": PLAIN}, "一.xlsx")
    second = book({"党员": MEMBERS}, "二.xlsx")
    one, other = read(first, second), read(second, first)
    pd.testing.assert_frame_equal(one.tables["members"], other.tables["members"])


def test_column_letters() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
