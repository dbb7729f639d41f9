"""Every container an office has, and every fault of one: read whole, or refused with one sentence."""

import io
import os
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import containers
import pandas as pd
import pytest
from conftest import DEMO
from test_reading import PLAIN, TRUTH, adds_up, read, rows_of

import pbgraph as pb
from pbgraph.findings import findings_frame, sentence
from pbgraph.reading import workers
from pbgraph.reading.opening import Refusal, Request, Workbook, open_workbook
from pbgraph.reading.workbooks import Reading, read_workbooks

TITLED = [["甲社区党员花名册"], *PLAIN, [], ["合计", "2人"]]
BOOK = containers.xlsx(TITLED)
FORMATS = {
    "plain.xlsx": BOOK,
    "macro.xlsm": BOOK,
    "wps.et": BOOK,
    "binary.xlsb": containers.xlsb(TITLED),
    "strict.xlsx": containers.strict(BOOK),
    "prefixed.xlsx": containers.prefixed(BOOK),
    "dimension small.xlsx": containers.sheet_edited(BOOK, r'<dimension ref="[^"]+"/>', '<dimension ref="A1"/>'),
    "dimension huge.xlsx": containers.sheet_edited(
        BOOK, r'<dimension ref="[^"]+"/>', '<dimension ref="A1:XFD1048576"/>'
    ),
    "no dimension.xlsx": containers.sheet_edited(BOOK, r'<dimension ref="[^"]+"/>', ""),
    "single quotes.xlsx": containers.sheet_edited(BOOK, r'<c r="([A-Z]+\d+)"', r"<c r='\1'"),
    "styled tail.xlsx": containers.sheet_edited(
        BOOK,
        "</sheetData>",
        "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(9, 3009)) + "</sheetData>",
    ),
    "libreoffice.xlsx": (Path(__file__).parent / "workbooks" / "libreoffice.xlsx").read_bytes(),
    "old.xls": (Path(__file__).parent / "workbooks" / "plain.xls").read_bytes(),
    "open.ods": (Path(__file__).parent / "workbooks" / "plain.ods").read_bytes(),
}
WRONG_SUFFIX = {
    "really xlsx.xls": (BOOK, None),  # WPS and Excel open it without a word
    "really xls.xlsx": (FORMATS["old.xls"], "Excel 97-2003 (.xls)"),
    "really csv.xlsx": (containers.text(TITLED, ",", "gbk"), "CSV / TXT"),
    "tabs.xls": (containers.text(TITLED, "\t", "utf-16"), "CSV / TXT"),
    "really xlsx.csv": (BOOK, "Excel (.xlsx)"),
}


def opened(name: str, content: bytes, tmp_path: Path, **options: object) -> Reading:
    (tmp_path / name).write_bytes(content)
    return read_workbooks(tmp_path / name, **options)  # type: ignore[arg-type]


def codes(reading: Reading) -> list[str]:
    return sorted(findings_frame(reading.findings)["code"])


@pytest.mark.parametrize("name", FORMATS, ids=str)
def test_every_format_reads_to_the_same_rows(name: str, tmp_path: Path) -> None:
    reading = opened(name, FORMATS[name], tmp_path)
    assert rows_of(reading) == TRUTH
    assert codes(reading) == []
    assert adds_up(reading)


@pytest.mark.parametrize("name", WRONG_SUFFIX, ids=str)
def test_a_wrong_suffix_is_told_and_the_content_read(name: str, tmp_path: Path) -> None:
    content, looks_like = WRONG_SUFFIX[name]
    reading = opened(name, content, tmp_path)
    assert rows_of(reading) == TRUTH
    said = findings_frame(reading.findings)["message"].tolist()
    suffix = Path(name).suffix
    assert said == ([f"后缀是 {suffix}，内容其实是 {looks_like}，已按内容读入。"] if looks_like else [])


def test_a_protected_workbook_opens_with_its_password_only(tmp_path: Path) -> None:
    content = containers.locked(BOOK, "云州2025")
    assert codes(opened("a.xlsx", content, tmp_path)) == ["file-protected"]
    assert codes(opened("a.xlsx", content, tmp_path, password="错")) == ["file-wrong-password"]
    assert rows_of(opened("a.xlsx", content, tmp_path, password="云州2025")) == TRUTH
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return "云州2025"

    assert rows_of(opened("a.xlsx", content, tmp_path, password=ask)) == TRUTH
    assert asked == ["a.xlsx"]
    assert codes(opened("a.xlsx", content, tmp_path, password=lambda name: None)) == ["file-protected"]


def _zip(parts: dict[str, bytes], *, twice: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if twice:
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr(twice, b"<a/>")
    return stream.getvalue()


def _cell(reference: str) -> bytes:
    return containers.sheet_edited(
        BOOK, "</sheetData>", f'<row r="9"><c r="{reference}"><v>1</v></c></row></sheetData>'
    )


def _flipped(content: bytes) -> bytes:
    """One byte of the packed worksheet changed, so that its checksum fails."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    return content[:start] + bytes([content[start] ^ 0xFF]) + content[start + 1 :]


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet/>'
FAULTS = {
    "bomb": (lambda: _zip({"xl/workbook.xml": b"<a/>", "xl/big.xml": b" " * (300 * 2**20)}), "file-too-large"),
    "bomb in a sheet": (
        lambda: _zip({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * (300 * 2**20)}),
        "file-too-large",
    ),
    "many parts": (lambda: _zip({f"xl/{i}/workbook.xml": b"" for i in range(4_100)}), "file-many-parts"),
    "doctype": (lambda: _zip({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": DOCTYPE}), "file-damaged"),
    "doctype in utf-16": (
        lambda: _zip({"xl/workbook.xml": b"<a/>", "xl/styles.xml": DOCTYPE.decode().encode("utf-16")}),
        "file-damaged",
    ),
    "two parts of one name": (lambda: _zip({"xl/workbook.xml": b"<a/>"}, twice="xl/workbook.xml"), "file-damaged"),
    "no sheet": (lambda: _zip({"xl/workbook.xml": b"<workbook/>"}), "file-damaged"),
    "corner cell": (lambda: _cell("XFD1048576"), "file-stray-cell"),
    "column of seven letters": (lambda: _cell("AAAAAAA1"), "file-bad-cell"),
    "row of eleven digits": (
        lambda: containers.sheet_edited(BOOK, "</sheetData>", '<row r="99999999999"><c r="A99999999999"/></row></sheetData>'),
        "file-bad-cell",
    ),
    "word file": (lambda: _zip({"word/document.xml": b"<a/>"}), "file-not-workbook"),
    "web page": (lambda: b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "file-not-workbook"),
    "xml spreadsheet": (lambda: b'<?xml version="1.0"?><Workbook/>', "file-not-workbook"),
    "empty": (lambda: b"", "file-not-workbook"),
    "cut": (lambda: BOOK[: len(BOOK) // 2], "file-damaged"),
    "bit flipped": (lambda: _flipped(BOOK), "file-damaged"),
    "old file with a broken table": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(4096), "file-damaged"),
    "missing string": (
        lambda: containers.sheet_edited(BOOK, r't="s"><v>0</v>', 't="s"><v>99999</v>'),
        "file-damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_faulty_container_is_refused_with_a_sentence_and_the_others_go_on(fault: str, tmp_path: Path) -> None:
    make, code = FAULTS[fault]
    (tmp_path / "坏.xlsx").write_bytes(make())
    (tmp_path / "好.xlsx").write_bytes(BOOK)
    started = time.perf_counter()
    reading = read_workbooks(tmp_path)
    found = findings_frame(reading.findings)
    assert time.perf_counter() - started < 20
    assert found[["file", "code"]].to_numpy().tolist() == [["坏.xlsx", code]]
    assert "…" not in found["message"].iloc[0] + found["remedy"].iloc[0]
    assert rows_of(reading) == TRUTH


def test_nothing_is_written_where_a_part_would_climb_out(tmp_path: Path) -> None:
    outside = tmp_path / "evil.txt"
    content = io.BytesIO(BOOK)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("../../evil.txt", b"x")
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    assert rows_of(opened("名册.xlsx", content.getvalue(), folder)) == TRUTH
    assert not outside.exists()


def test_values_that_the_file_lost_are_named_and_the_row_is_used(tmp_path: Path) -> None:
    rows = [["姓名", "所在党支部", "入党时间"], *[[f"甲{n}", "一支部", "2019"] for n in range(4)]]
    content = containers.sheet_edited(
        containers.xlsx(rows), r'<c r="C([234])"[^>]*><v>\d+</v></c>', r'<c r="C\1" t="e"><f>A9</f><v>#REF!</v></c>'
    )
    content = containers.sheet_edited(
        content, r'<c r="C3"[^>]*><f>A9</f><v>#REF!</v></c>', '<c r="C3"><f>A9</f><v></v></c>'
    )
    reading = opened("a.xlsx", content, tmp_path)
    found = findings_frame(reading.findings)
    assert found[["code", "row", "column"]].to_numpy().tolist() == [
        ["cell-error", 2, "C 入党时间"],
        ["cell-without-result", 3, "C 入党时间"],
        ["cell-error", 4, "C 入党时间"],
    ]
    assert reading.tables["members"]["join_date"].fillna("?").tolist() == ["?", "?", "?", "2019"]
    assert reading.tables["members"]["name"].tolist() == ["甲0", "甲1", "甲2", "甲3"]


@pytest.mark.parametrize("name", ["errors.xls", "errors.ods", "errors.xlsb"])
def test_error_values_that_a_parser_hides_are_found(name: str, tmp_path: Path) -> None:
    rows = [
        ["姓名", "所在党支部", "入党时间", "学历"],
        ["甲", "一支部", "#REF!", "#REF!"],
        ["乙", "一支部", "2019", "大学"],
    ]
    if name == "errors.xlsb":
        (tmp_path / name).write_bytes(containers.xlsb(rows))
    else:  # written by LibreOffice from formulas that give #DIV/0! and #N/A
        (tmp_path / name).write_bytes((Path(__file__).parent / "workbooks" / name).read_bytes())
    reading = read_workbooks(tmp_path)
    found = findings_frame(reading.findings)
    assert found[["code", "row", "column"]].to_numpy().tolist() == [
        ["cell-error", 2, "C 入党时间"],
        ["cell-error", 2, "D 学历"],
    ]
    assert reading.tables["members"]["join_date"].fillna("?").tolist() == ["?", "2019"]


def test_error_values_written_as_text_are_no_values(tmp_path: Path) -> None:
    rows = [["姓名", "所在党支部", "入党时间"], ["甲", "#N/A", "2019"], ["乙", "一支部", "#REF!"]]
    reading = opened("a.csv", containers.text(rows, ",", "utf-8"), tmp_path)
    found = findings_frame(reading.findings)
    assert found[["code", "row"]].to_numpy().tolist() == [["cell-error", 2], ["cell-error", 3]]
    assert reading.tables["members"]["org"].isna().tolist() == [True, False]


def test_serial_numbers_of_the_1904_system(tmp_path: Path) -> None:
    rows = [["姓名", "所在党支部", "入党时间"], ["甲", "一支部", 42300.0]]
    content = containers.edited(
        containers.xlsx(rows),
        lambda name, part: (
            part.replace(b"<workbookPr", b'<workbookPr date1904="1"') if name == "xl/workbook.xml" else part
        ),
    )
    assert opened("a.xlsx", content, tmp_path).tables["members"]["join_date"].tolist() == ["2019-10-24"]
    assert opened("b.xlsx", containers.xlsx(rows), tmp_path).tables["members"]["join_date"].tolist() == ["2015-10-23"]


def test_a_second_reader_is_asked_where_the_first_gives_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pbgraph.reading import cells

    (tmp_path / "a.xlsx").write_bytes(BOOK)
    whole = cells.sheet_of_rows

    def short(name: str, rows: object, **more: object) -> cells.Sheet:
        return whole(name, list(rows)[:2] if "merges" in more else rows, **more)  # type: ignore[call-overload, arg-type]

    monkeypatch.setattr(cells, "sheet_of_rows", short)
    answer = open_workbook(Request("a.xlsx", str(tmp_path / "a.xlsx")))
    assert isinstance(answer, Workbook)
    assert [answer.sheets[0].row(n)[0] for n in range(4)] == ["甲社区党员花名册", "姓名", "王五", "赵六"]
    monkeypatch.setattr(cells, "_COMPARED", 5)
    answer = open_workbook(Request("a.xlsx", str(tmp_path / "a.xlsx")))
    assert isinstance(answer, Workbook)
    assert answer.sheets[0].n_missing == 10


def test_a_parser_that_hangs_or_dies_ends_a_child_and_not_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    requests = [Request("a.xlsx", str(tmp_path / "a.xlsx"))] * 3
    with workers.Workers(2, seconds=-0.1) as pool:
        assert list(pool.opened(requests)) == [Refusal("file-too-heavy", {})] * 3
    with workers.Workers(1) as pool:
        for child in pool._children:
            child.end()
        assert [type(answer) for answer in pool.opened(requests)] == [Workbook] * 3
    monkeypatch.setattr(workers, "_SAFELY", ("-c", "import os; os.read(0, 1); os.abort()"))
    with workers.Workers(1) as pool:
        assert list(pool.opened(requests)) == [Refusal("file-too-heavy", {})] * 3
    assert "时间或内存超出限度" in sentence("file-too-heavy", {}, lang="zh")


def test_a_parser_may_not_fill_the_memory() -> None:
    """The child limits itself to what a file of this size may need."""
    pytest.importorskip("resource", reason="only the time is limited on Windows")
    code = "from pbgraph.reading.child import limit_memory; limit_memory(0); bytearray(2 << 30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr


def test_without_a_child_files_are_opened_in_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no processes here")

    monkeypatch.setattr(workers.subprocess, "Popen", refuse)
    assert rows_of(read(tmp_path)) == TRUTH


def test_a_script_without_a_guard_reads_and_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"print('once')\nimport pbgraph as pb\nprint(len(pb.read({str(DEMO)!r}).members))\n", "utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["once", "1416"]


def _mutations(content: bytes, dice: random.Random) -> bytes:
    """One of the faults of a disk, a cable or a curious hand."""
    kind = dice.randrange(5)
    if kind == 0:
        places = [dice.randrange(len(content)) for _ in range(dice.randint(1, 8))]
        broken = bytearray(content)
        for place in places:
            broken[place] ^= 1 << dice.randrange(8)
        return bytes(broken)
    if kind == 1:
        return content[: dice.randrange(len(content))]

    def edit(name: str, part: bytes) -> bytes:
        if not name.endswith(".xml") or dice.random() < 0.5 or not part:
            return part
        place = dice.randrange(len(part))
        if kind == 2:
            return part[:place] + dice.choice([b"<", b">", b'"', b"&amp;", b"\x00", b"9" * 12, b"<c>"]) + part[place:]
        if kind == 3:
            return part[:place] + part[place + dice.randint(1, 40) :]
        return part.replace(b'r="', b'r="' + dice.choice([b"A", b"XFD", b"9", b"-"]), dice.randint(1, 3))

    return containers.edited(content, edit)


def test_mutated_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    """Fixed seed: 150 mutants of four sound files; what is read adds up, what is not has a sentence."""
    dice = random.Random(20251122)
    sound = [BOOK, FORMATS["old.xls"], FORMATS["binary.xlsb"], FORMATS["open.ods"]]
    for number in range(150):
        original = sound[0] if number % 5 else sound[1 + number // 5 % 3]
        is_archive = original[:2] == b"PK"
        mutant = _mutations(original, dice) if is_archive else bytes(b ^ (dice.random() < 0.002) for b in original)
        (tmp_path / f"{number}.xlsx").write_bytes(mutant)
    reading = read_workbooks(tmp_path)
    found = findings_frame(reading.findings)
    assert adds_up(reading)
    named = set(found["file"]) | set(reading.ledger["file"])
    assert named == {f"{number}.xlsx" for number in range(150)}
    refused = set(found.loc[found["severity"] == "error", "file"]) - set(reading.ledger["file"])
    assert 30 < len(refused) < 150
    assert not found["message"].str.contains("Traceback|panicked").any()


def test_an_encrypted_old_workbook_is_called_protected(tmp_path: Path) -> None:
    """A FILEPASS record among the first ones makes an .xls a protected one."""
    content = bytearray(FORMATS["old.xls"])
    place = content.index(struct.pack("<HH", 0x005C, 112))
    content[place : place + 6] = struct.pack("<HHH", 0x002F, 112, 1)
    assert codes(opened("旧.xls", bytes(content), tmp_path)) == ["file-protected"]


def lzma_packed(*, is_damaged: bool) -> bytes:
    """The workbook with its sheet packed as LZMA, and that damaged or not."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), zipfile.ZIP_LZMA if "sheet1" in name else zipfile.ZIP_DEFLATED)
    content = bytearray(stream.getvalue())
    start = content.index(b"xl/worksheets/sheet1.xml") + 44
    content[start : start + 80] = bytes(byte ^ (0x55 * is_damaged) for byte in content[start : start + 80])
    return bytes(content)


def test_a_part_packed_in_another_way_is_read_and_a_damaged_one_is_called_damaged() -> None:
    answers = [open_workbook(Request("a.xlsx", "", content=lzma_packed(is_damaged=bad))) for bad in (False, True)]
    assert isinstance(answers[0], Workbook)
    assert answers[1] == Refusal("file-damaged", {"reason": "LZMAError"})


def test_too_many_parts_are_told_as_such(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(4_001):
            archive.writestr(f"{n}.xlsx", b"")
    (tmp_path / "a.zip").write_bytes(stream.getvalue())
    (tmp_path / "b.xlsx").write_bytes(stream.getvalue())
    found = read(tmp_path).findings
    assert [(f.file, f.code) for f in found] == [("a.zip", "file-many-parts"), ("b.xlsx", "file-many-parts")]
    said = sentence("file-many-parts", dict(found[0].data), lang="zh")
    assert said.startswith("里面的工作表、图片或文件太多，有 4001 个，超过上限 4000 个，没有读。")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("name", ["a.xlsx", "a.zip", "别名.csv", "b.txt"])
def test_a_pipe_is_named_and_never_opened(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    (tmp_path / "c.xlsx").write_bytes(BOOK)
    reading = read(tmp_path)
    assert [(f.file, f.code) for f in reading.findings] == [(name, "file-special")]
    assert rows_of(reading) == TRUTH
    assert codes(read(tmp_path / name)) == ["file-special"]
    assert codes(read(Path("/dev/zero"))) == ["file-special"]
    with pytest.raises(pb.PolicyError, match="打不开"):
        pb.read_policy(path=tmp_path / name)


def test_a_link_to_itself_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "a.xlsx")
    (tmp_path / "c.xlsx").write_bytes(BOOK)
    reading = read(tmp_path)
    assert codes(reading) == ["file-unreadable"]
    assert rows_of(reading) == TRUTH


def test_a_sheet_without_end_to_the_right_is_no_roster(tmp_path: Path) -> None:
    lines = [",".join(f"列{n}" for n in range(1_001)), ",".join("甲" * 1_001)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = read(tmp_path)
    assert codes(reading) == ["sheet-wide"]
    assert reading.ledger[["n_rows", "n_used", "n_set_aside", "n_skipped"]].to_numpy().tolist() == [[2, 0, 2, 0]]


def test_names_of_sheets_and_files_hold_nothing_that_no_page_can() -> None:
    frame = pd.DataFrame({"姓名\ufffe": ["王\uffff五"], "所在党支部": ["一支部"]})
    reading = pb.read_workbooks({"名\ufffe册": {"党\uffff员\n表": frame}})
    row = reading.tables["members"].iloc[0]
    assert (row["file"], row["sheet"], row["name"]) == ("名册", "党员 表", "王五")
