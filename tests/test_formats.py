"""What Excel shows is what is read: formats, containers, texts and folders as offices hand them in."""

import datetime
import io
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import containers
import pytest
import xlsxwriter
from test_files import BOOK, codes, opened
from test_reading import PLAIN, TRUTH, rows_of

import pbgraph
from pbgraph.findings import findings_frame
from pbgraph.reading.formats import read_format
from pbgraph.reading.stored import StoredCells
from pbgraph.reading.workbooks import read_workbooks

DAY = datetime.date(2008, 7, 1)
HEAD = ["姓名", "所在党支部", "入党时间", "楼栋", "备注", "党内职务"]


def formatted(cells: dict[int, tuple[object, str]], **options: object) -> bytes:
    """A roster of one person, some of whose cells have a number format."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("党员")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["甲", "一支部"])
        for column, (value, code) in cells.items():
            sheet.write(1, column, value, book.add_format({"num_format": code}))
    return stream.getvalue()


DATES = {
    'yyyy"年"m"月"': "2008-07",
    "yyyy.mm": "2008-07",
    "[$-804]yyyy\\-m;@": "2008-07",
    "mmm-yy": "2008-07",
    "yyyy": "2008",
    "yyyy-mm-dd": "2008-07-01",
    'yyyy"年"m"月"d"日"': "2008-07-01",
    "m/d/yy h:mm": "2008-07-01",
    "m-d": None,
    'm"月"d"日"': None,
}


@pytest.mark.parametrize("code", DATES, ids=str)
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_date_is_as_precise_as_it_is_shown(code: str, is_1904: bool, tmp_path: Path) -> None:
    content = formatted({2: (DAY, code)}, date_1904=is_1904)
    reading = opened("a.xlsx", content, tmp_path)
    value = reading.tables["members"]["join_date"].iloc[0]
    assert value == DATES[code] if DATES[code] else value != value
    assert codes(reading) == ([] if DATES[code] else ["date-without-year"])


@pytest.mark.parametrize("code", ["m-d", "yyyy-mm-dd", "d-mmm", 'yyyy"年"m"月"', "h:mm"])
def test_a_date_in_a_column_of_names_is_a_finding_but_not_in_a_remark(code: str, tmp_path: Path) -> None:
    value = datetime.time(3, 1) if code == "h:mm" else DAY
    reading = opened("a.xlsx", formatted({3: (value, code), 4: (value, code)}), tmp_path)
    found = findings_frame(reading.findings)
    assert found[["code", "row", "column"]].to_numpy().tolist() == [["cell-became-date", 2, "D 楼栋"]]
    assert reading.tables["members"]["building"].isna().all()
    assert reading.tables["members"]["remark"].notna().all()


NUMBERS = {
    ("0000", 12): "0012",
    ("000-000", 12345): "012-345",
    ('"甲"00', 3): "甲03",
    ("0.00", 3.1): "3.10",
    ('0"号楼"', 12): "12号楼",
    ("0", 12): "12",
    ("General", 12): "12",
    ("#,##0", 1234): "1234",
    ("0%", 3): "3",
}


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_a_number_in_a_column_of_text_is_what_is_shown(case: tuple[str, float], tmp_path: Path) -> None:
    code, value = case
    reading = opened("a.xlsx", formatted({3: (value, code)}), tmp_path)
    assert reading.tables["members"]["building"].tolist() == [NUMBERS[case]]
    assert codes(reading) == []


def test_october_is_no_january_where_two_decimals_are_shown(tmp_path: Path) -> None:
    for value, code, shown in [(2008.1, "0.00", "2008-10"), (2008.1, "General", "2008"), (2008.0, '0"年"', "2008")]:
        reading = opened("a.xlsx", formatted({2: (value, code)}), tmp_path)
        assert reading.tables["members"]["join_date"].tolist() == [shown]


def test_a_count_keeps_its_number_whatever_its_format(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("单位")
        sheet.write_row(0, 0, ["单位名称", "职工人数", "正式党员", "预备党员"])
        sheet.write(1, 0, "甲公司")
        for column, (value, code) in enumerate([(12, '0"人"'), (3, "0.00"), (2, "000")], start=1):
            sheet.write(1, column, value, book.add_format({"num_format": code}))
    reading = opened("a.xlsx", stream.getvalue(), tmp_path)
    units = reading.tables["units"][["staff_count", "full_count", "probationary_count"]]
    assert units.to_numpy().tolist() == [[12, 3, 2]]
    assert codes(reading) == []


def test_formats_that_change_nothing_cost_nothing() -> None:
    plain = ["General", "@", "0", "#", "#,##0", "#,##0.00", "0%", "0.00E+00", "yyyy-mm-dd", "yyyy/m/d h:mm", "0_);(0)"]
    assert [code for code in plain if read_format(code).matters] == []


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def test_the_records_of_an_old_workbook_tell_formats_errors_and_1904(monkeypatch: pytest.MonkeyPatch) -> None:
    from pbgraph.reading import binary

    code = 'yyyy"年"m"月"'
    wide = struct.pack("<HHB", 164, len(code), 1) + code.encode("utf-16-le")
    xf = [_biff(0xE0, struct.pack("<HH", 0, number) + b"\0" * 16) for number in (0, 164)]
    head = [_biff(0x809, struct.pack("<HH", 0x600, 5)), _biff(0x22, b"\1\0"), _biff(0x41E, wide), *xf]
    name = b"\2\0" + "党"[:1].encode("utf-16-le")
    size = sum(map(len, head)) + 4 + 4 + 6 + 2 + 2
    bound = _biff(0x85, struct.pack("<IH", size, 0) + b"\1\1" + name[2:])
    cells = [
        _biff(0x203, struct.pack("<HHHd", 1, 2, 1, 39629.0)),
        _biff(0xBD, struct.pack("<HH", 2, 0) + struct.pack("<HIHI", 1, 0, 0, 0) + b"\1\0"),
        _biff(0x06, struct.pack("<HHH", 3, 1, 0) + b"\0" * 8 + b"\0" * 6),
    ]
    stream = b"".join([*head, bound, _biff(0x0A, b""), *cells, _biff(0x0A, b"")])

    class Ole:
        def __init__(self, _: object) -> None: ...
        def __enter__(self) -> "Ole":
            return self

        def __exit__(self, *_: object) -> None: ...
        def exists(self, _: str) -> bool:
            return True

        def openstream(self, _: str) -> io.BytesIO:
            return io.BytesIO(stream)

    import olefile

    monkeypatch.setattr(olefile, "OleFileIO", Ole)
    sheets, formats = binary.of_xls(b"")
    (cells_found,) = sheets.values()
    assert isinstance(cells_found, StoredCells)
    assert cells_found.is_1904
    assert {style: {c: list(rows) for c, rows in held.items()} for style, held in cells_found.styled.items()} == {
        1: {2: [1], 0: [2]}
    }
    assert cells_found.zero_results == [(3, 1)]
    assert formats[1].parts == {"year", "month"}


def ods(rows: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for key, name in {"office": "office", "table": "table", "text": "text"}.items()
    )
    content = (
        f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="党员">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    sound = (Path(__file__).parent / "workbooks" / "plain.ods").read_bytes()
    return containers.edited(sound, lambda name, part: content.encode() if name == "content.xml" else part)


def _open_cell(text: str, **said: str) -> str:
    attributes = " ".join(f'{key.replace("_", ":", 1).replace("_", "-")}="{value}"' for key, value in said.items())
    return f"<table:table-cell {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def test_an_open_document_tells_merges_shown_texts_and_formulas_without_result(tmp_path: Path) -> None:
    def text(value: str, **said: str) -> str:
        return _open_cell(value, office_value_type="string", **said)

    head = "".join(map(text, [*HEAD[:4], "学历"]))
    month = _open_cell("2008年7月", office_value_type="date", office_date_value="2008-07-01")
    building = _open_cell("0012", office_value_type="float", office_value="12")
    became = _open_cell("3月1日", office_value_type="date", office_date_value="2025-03-01")
    merged = text("一支部", table_number_rows_spanned="2")
    rows = [
        head,
        text("甲") + merged + month + building + _open_cell("", table_formula="of:=[.A1]"),
        text("乙") + "<table:covered-table-cell/>" + month + became + text("大学"),
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    reading = opened("a.ods", ods(body), tmp_path)
    members = reading.tables["members"]
    assert members["org"].tolist() == ["一支部", "一支部"]
    assert members["join_date"].tolist() == ["2008-07", "2008-07"]
    assert members["building"].fillna("?").tolist() == ["0012", "?"]
    found = findings_frame(reading.findings)
    assert found[["code", "row"]].to_numpy().tolist() == [["cell-without-result", 2], ["cell-became-date", 3]]


def test_formulas_that_nobody_calculated(tmp_path: Path) -> None:
    def roster(result: object, other: object) -> bytes:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as book:
            sheet = book.add_worksheet("党组织")
            sheet.write_row(0, 0, ["党组织名称", "组织类别", "上级党组织", "党员人数"])
            sheet.write_row(1, 0, ["一支部", "党支部"])
            sheet.write_formula(1, 2, "=A9", None, result)
            sheet.write_formula(1, 3, "=COUNTA(A9:A10)", None, other)
        return stream.getvalue()

    never = opened("a.xlsx", roster(0, 0), tmp_path)
    assert codes(never) == ["cell-without-result"] * 2
    assert never.tables["organizations"][["parent", "member_count"]].isna().all(axis=None)
    calculated = opened("a.xlsx", roster(0, 3), tmp_path)  # a name is no 0, a count may be one
    assert codes(calculated) == ["cell-without-result"]
    assert calculated.tables["organizations"]["member_count"].tolist() == [3]
    empty = containers.sheet_edited(roster(0, 3), r'<c r="C2"><f>A9</f><v>0</v>', '<c r="C2" t="str"><f>A9</f><v></v>')
    assert codes(opened("a.xlsx", empty, tmp_path)) == []  # an empty text is a result
    assert opened("a.xlsx", roster("街道党工委", 0), tmp_path).tables["organizations"]["member_count"].tolist() == [0]


def _renamed(content: bytes, names: dict[str, str]) -> bytes:
    """The archive with parts under other names, and every link to them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith((".rels", "[Content_Types].xml")):
                for before, after in names.items():
                    part = part.replace(before.removeprefix("xl/").encode(), after.removeprefix("xl/").encode())
            new.writestr(names.get(name, name), part)
    return stream.getvalue()


def _in(encoding: str, part: str) -> bytes:
    def edit(name: str, content: bytes) -> bytes:
        text = content.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
        return text.encode(encoding) if name == part else content

    return containers.edited(BOOK, edit)


ERROR = containers.sheet_edited(BOOK, r'<c r="C3"[^>]*><v>\d+</v></c>', '<c r="C3" t="e"><v>#REF!</v></c>')
CONTAINERS = {
    "main part": _renamed(
        BOOK, {"xl/workbook.xml": "xl/book2.xml", "xl/_rels/workbook.xml.rels": "xl/_rels/book2.xml.rels"}
    ),
    "sheets elsewhere": _renamed(BOOK, {"xl/worksheets/sheet1.xml": "xl/pages/one.xml"}),
    "no address": containers.sheet_edited(BOOK, r'(<c|<row) r="[A-Z]*\d+"(?: spans="[\d:]+")?', r"\1"),
    "sheet in utf-16": _in("utf-16", "xl/worksheets/sheet1.xml"),
    "strings in utf-16": _in("utf-16", "xl/sharedStrings.xml"),
    "strings in gbk": _in("gbk", "xl/sharedStrings.xml"),
    "single quotes": containers.edited(
        BOOK,
        lambda name, part: part.replace(b'"', b"'") if name.startswith("xl/w") and name.endswith(".xml") else part,
    ),
    "empty last row": containers.sheet_edited(BOOK, "</sheetData>", '<row r="1048576"/></sheetData>'),
    "empty last row with its end": containers.sheet_edited(
        BOOK, "</sheetData>", '<row r="1048576" ht="15"></row></sheetData>'
    ),
    "formats to the last row and column": containers.sheet_edited(
        BOOK, "</sheetData>", '<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row></sheetData>'
    ),
    "read only": containers.locked(BOOK, "VelvetSweatshop"),
}


@pytest.mark.parametrize("name", CONTAINERS, ids=str)
def test_a_sound_workbook_in_an_unusual_dress_is_read(name: str, tmp_path: Path) -> None:
    reading = opened("a.xlsx", CONTAINERS[name], tmp_path)
    assert rows_of(reading)[: len(TRUTH)] == TRUTH
    assert codes(reading) == []


@pytest.mark.parametrize("name", ["sheets elsewhere", "single quotes", "no address", "main part"])
def test_errors_are_told_in_an_unusual_dress_too(name: str, tmp_path: Path) -> None:
    dress = {
        "sheets elsewhere": lambda content: _renamed(content, {"xl/worksheets/sheet1.xml": "xl/pages/one.xml"}),
        "single quotes": lambda content: containers.edited(
            content, lambda part, xml: xml.replace(b'"', b"'") if part.startswith("xl/w") else xml
        ),
        "no address": lambda content: containers.sheet_edited(
            content, r'(<c|<row) r="[A-Z]*\d+"(?: spans="[\d:]+")?', r"\1"
        ),
        "main part": lambda content: _renamed(
            content, {"xl/workbook.xml": "xl/b.xml", "xl/_rels/workbook.xml.rels": "xl/_rels/b.xml.rels"}
        ),
    }
    reading = opened("a.xlsx", dress[name](ERROR), tmp_path)
    assert codes(reading) == ["cell-error"]


LINES = [",".join(line) for line in PLAIN]
QUOTES = {
    "open": ([LINES[0], '"' + LINES[1], LINES[2]], ['"王五', "赵六"]),
    "two open": ([LINES[0], '"' + LINES[1], '"' + LINES[2]], ['"王五', '"赵六']),
    "closed in the middle of a text": (
        [LINES[0], '"' + LINES[1], '"赵"六' + LINES[2].removeprefix("赵六")],
        ['"王五', "赵六"],
    ),
    "cell of two lines": ([LINES[0] + ",备注", LINES[1] + ',"一\n二"', LINES[2] + ","], ["王五", "赵六"]),
    "quoted name": ([LINES[0], LINES[1].replace("王五", '"王五"'), LINES[2]], ["王五", "赵六"]),
}


@pytest.mark.parametrize("name", QUOTES, ids=str)
def test_quotation_marks_in_text_tables(name: str, tmp_path: Path) -> None:
    lines, names = QUOTES[name]
    reading = opened("a.csv", "\r\n".join(lines).encode(), tmp_path)
    assert reading.tables["members"]["name"].tolist() == names
    assert set(codes(reading)) == ({"quote-open"} if '"王五' in names else set())


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_every_separator_in_every_encoding(mark: str, encoding: str, tmp_path: Path) -> None:
    for hint in ("", f"sep={mark}\r\n") if len(mark.encode()) == 1 else ("",):
        content = hint + "\r\n".join(mark.join(row) for row in PLAIN)
        reading = opened("a.csv", content.encode(encoding), tmp_path)
        assert rows_of(reading) == TRUTH
        assert reading.tables["members"]["row"].tolist() == [2, 3]


def test_numbers_kept_as_formula_text(tmp_path: Path) -> None:
    content = (
        "姓名,所在党支部,联系电话,身份证号,楼栋\r\n"
        '甲,一支部,"=""13900000001""","=""999999198003120011""","=""0012"""\r\n'
        '乙,一支部,="13900000002",\'999999199002020021,="3-1"\r\n'
    )
    reading = opened("a.csv", content.encode("gbk"), tmp_path)
    assert codes(reading) == []
    assert reading.tables["members"]["building"].tolist() == ["0012", "3-1"]
    assert reading.tables["members"]["phone"].tolist() == ["13900000001", "13900000002"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_broken_byte_costs_a_character_and_not_the_file(encoding: str, tmp_path: Path) -> None:
    content = containers.text(PLAIN, ",", encoding).replace("王五".encode(encoding), "王".encode(encoding) + b"\xff")
    reading = opened("a.csv", content, tmp_path)
    found = findings_frame(reading.findings)
    assert found[["code", "row", "column"]].to_numpy().tolist() == [["character-broken", 2, "A 姓名"]]
    assert reading.tables["members"]["name"].tolist() == ["王\ufffd", "赵六"]


def test_characters_that_no_xml_holds_are_dropped(tmp_path: Path) -> None:
    rows = [PLAIN[0], ["王\ufffe五", "第一\uffff党支部", *PLAIN[1][2:]], ["赵\x01六", *PLAIN[2][1:]]]
    assert rows_of(opened("a.csv", containers.text(rows, ",", "utf-8"), tmp_path)) == TRUTH
    escaped = [PLAIN[0], ["王_x0001_五", *PLAIN[1][1:]], PLAIN[2]]
    assert rows_of(opened("a.xlsx", containers.xlsx(escaped), tmp_path)) == TRUTH


def _page(rows: list[list[str]]) -> str:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<table border=1>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


PAGE = _page(PLAIN)
UNENDED = PAGE.replace("</td>", "").replace("</tr>", "")
SPANNED = PAGE.replace("<td>第一党支部</td>", "<td rowspan=2>第一党支部</td>", 1).replace("<td>第一党支部</td>", "")
XML_BOOK = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="党员"><Table>'
    + "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in PLAIN
    )
    + "</Table></Worksheet></Workbook>"
)
MHTML = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: {}\r\n\r\n"
PAGES = {
    "div": f"<div>{PAGE}</div>".encode("gbk"),
    "style": f"<style>td{{x:'@'}}</style>{PAGE}".encode(),
    "comment": f"<!-- made by a system --><center>{PAGE}</center>".encode(),
    "whole": f"<html><head><meta charset=gb2312><title>x</title></head><body>{PAGE}</body></html>".encode("gbk"),
    "utf-16": f"<html><body>{PAGE}</body></html>".encode("utf-16"),
    "no ends": UNENDED.encode(),
    "spans": SPANNED.encode(),
    "in a table": f"<table><tr><td>{PAGE}</td></tr></table>".encode(),
    "entities": PAGE.replace("王五", "&nbsp;王&#20116; ").encode(),
    "archive": (MHTML.format("8bit")).encode() + PAGE.encode("gbk") + b"\r\n--X--",
    "quoted archive": (MHTML.format("quoted-printable")).encode()
    + "".join(f"={byte:02X}" for byte in PAGE.encode("gbk")).encode()
    + b"\r\n--X--",
    "xml book": XML_BOOK.encode(),
}


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_web_pages_under_the_suffix_xls_are_read_as_excel_shows_them(name: str, tmp_path: Path) -> None:
    reading = opened("党员.xls", PAGES[name], tmp_path)
    assert rows_of(reading) == TRUTH
    assert codes(reading) == ["file-suffix"]


def test_a_page_without_a_table_is_called_a_page(tmp_path: Path) -> None:
    for page in ("<html><body>请先登录</body></html>", "<div><table><tr><td>超时</td></tr></table></div>"):
        found = findings_frame(opened("a.xls", page.encode(), tmp_path).findings)
        assert found["message"].tolist() == ["不是能读的工作簿（看内容像HTML）。"]


class _Named(zipfile.ZipInfo):
    """A member whose name is bytes of any encoding, as on a Chinese Windows."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.raw, 0


def _archive(parts: dict[bytes, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (name, content) in enumerate(parts.items()):
            info = _Named(str(number))
            info.raw = name
            archive.writestr(info, content)
    return stream.getvalue()


def test_an_archive_of_rosters_is_read_like_a_folder(tmp_path: Path) -> None:
    parts = {
        "金桥/党员名册.xlsx".encode("gbk"): BOOK,
        "../../../逃出去的名册.xlsx".encode("gbk"): containers.xlsx([PLAIN[0], ["孙七", *PLAIN[1][1:]]]),
        "__MACOSX/._党员名册.xlsx".encode("gbk"): b"\0\5\x16\7",
        "说明说明.txt".encode("gbk"): b"x",
        "里面还有一包.zip".encode("gbk"): b"PK",
    }
    (tmp_path / "名册.zip").write_bytes(_archive(parts))
    for path in (tmp_path, tmp_path / "名册.zip"):
        reading = read_workbooks(path)
        assert reading.inputs["file"].tolist() == ["名册.zip/逃出去的名册.xlsx", "名册.zip/金桥/党员名册.xlsx"]
        assert sorted(reading.tables["members"]["name"]) == ["孙七", "王五", "赵六"]
        assert codes(reading) == ["file-archive", "file-other"]
    (tmp_path / "名册.zip").write_bytes(_archive({b"a.txt": b"x"}))
    assert codes(read_workbooks(tmp_path / "名册.zip")) == ["file-other", "folder-empty"]


NO_WORKBOOKS = {
    "名册.numbers": (_archive({b"Index/Document.iwa": b"x"}), "file-numbers"),
    "名册.xlsx": (_archive({b"a.xlsx": BOOK}), "file-archive"),
    "a.rar": (b"Rar!\x1a\x07\x00", "file-archive"),
    "b.xlsx": (b"7z\xbc\xaf\x27\x1c", "file-archive"),
    "c.xlsx": (_archive({b"word/document.xml": b"<a/>"}), "file-not-workbook"),
}


@pytest.mark.parametrize("name", NO_WORKBOOKS, ids=str)
def test_what_is_no_workbook_is_called_what_it_is(name: str, tmp_path: Path) -> None:
    content, code = NO_WORKBOOKS[name]
    assert codes(opened(name, content, tmp_path)) == [code]


def test_what_a_mac_and_open_programs_leave_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(BOOK)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".Trash").mkdir()
    for name in ("._名册.xlsx", "__MACOSX/._名册.xlsx", ".DS_Store", ".Trash/旧.xlsx"):
        (tmp_path / name).write_bytes(b"\0\5\x16\7")
    assert codes(read_workbooks(tmp_path)) == []
    (tmp_path / ".~名册.xlsx").write_bytes(b"x")
    assert codes(read_workbooks(tmp_path)) == ["file-locked"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
def test_names_in_gbk_are_read_and_shown(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/" + "金桥".encode("gbk")
    Path(os.fsdecode(folder)).mkdir()
    Path(os.fsdecode(folder + b"/" + "党员".encode("gbk") + b".csv")).write_bytes(containers.text(PLAIN, ",", "gbk"))
    reading = read_workbooks(tmp_path)
    assert reading.tables["members"]["source"].tolist() == ["金桥/党员.csv|党员|2", "金桥/党员.csv|党员|3"]


def test_folders_that_lead_too_far(tmp_path: Path) -> None:
    rosters = tmp_path / "rosters"
    rosters.mkdir()
    (rosters / "名册.xlsx").write_bytes(BOOK)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "名册.xlsx").write_bytes(BOOK)
    (rosters / "link").symlink_to(tmp_path / "other")
    (rosters / "gone.xlsx").symlink_to(tmp_path / "nowhere.xlsx")
    deep = rosters.joinpath(*["a"] * 60)
    deep.mkdir(parents=True)
    with (rosters / "big.xlsx").open("wb") as file:
        file.truncate(12 << 30)
    reading = read_workbooks(rosters)
    assert codes(reading) == ["file-too-large", "file-unreadable", "folder-deep", "folder-link"]
    assert rows_of(reading) == TRUTH


def test_a_folder_that_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    (tmp_path / "shut").mkdir()
    scan = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scan(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    reading = read_workbooks(tmp_path)
    assert codes(reading) == ["folder-unreadable"]
    assert rows_of(reading) == TRUTH


def test_code_among_the_rosters_never_runs_and_print_never_disturbs(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    for name in ("struct", "pickle", "zipfile", "openpyxl"):
        (tmp_path / f"{name}.py").write_text("open('ran.txt', 'a').write(__name__)\nraise SystemExit\n")
    script = tmp_path.parent / f"{tmp_path.name}-script.py"
    script.write_text("import pbgraph as pb\nprint(len(pb.read_workbooks('.').tables['members']))\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == ["2"]
    assert not (tmp_path / "ran.txt").exists()
    for name in ("typing", "json", "pandas"):
        (tmp_path / f"{name}.py").write_text("open('ran.txt', 'a').write(__name__)\nraise SystemExit\n")
    home = str(Path(pbgraph.__file__).parent.parent)
    for paths in (home, f"{home}{os.pathsep}", os.pathsep.join([".", home])):
        command = [sys.executable, "-m", "pbgraph", "check", "."]
        environment = {**os.environ, "PYTHONPATH": paths}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        assert done.stdout.count("未发现错误") == 1, done.stderr
        assert not (tmp_path / "ran.txt").exists()
    printing = "import sys; from pbgraph.reading import child, opening\nout = child._own_output()\nprint('cells')\nsys.stdout.flush(); out.write(b'answer'); out.flush()"
    done = subprocess.run([sys.executable, "-c", printing], capture_output=True, text=True, check=True)
    assert done.stdout == "answer"
