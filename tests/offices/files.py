"""Workbooks as files: .xlsx, .xls (BIFF8), .ods and .csv in GB18030; the same sheets give the same bytes."""

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from .sheets import Sheet


def save(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets in the format the suffix names."""
    writer = {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv}[path.suffix]
    path.write_bytes(writer(sheets))


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": datetime(2025, 1, 1)})
        days = book.add_format({"num_format": "yyyy/m/d"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for first_row, first, last_row, last in sheet.merges:
                page.merge_range(first_row - 1, first, last_row - 1, last, "")
            for (row, column), value in sorted(sheet.cells.items()):
                if isinstance(value, date):
                    page.write_datetime(row - 1, column, datetime(value.year, value.month, value.day), days)
                else:
                    page.write(row - 1, column, value)
    return stream.getvalue()


def _csv(sheets: Sequence[Sheet]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([[_text(value) for value in row] for row in sheets[0].rows()])
    return stream.getvalue().encode("gb18030")


def _text(value: Any) -> Any:
    return f"{value.year}/{value.month}/{value.day}" if isinstance(value, date) else value


_ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def _ods(sheets: Sequence[Sheet]) -> bytes:
    pages = "".join(
        f'<table:table table:name="{escape(sheet.name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet.rows())
        + "</table:table>"
        for sheet in sheets
    )
    names = "".join(f' xmlns:{name}="{_ODS}{name}:1.0"' for name in ("office", "table", "text"))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{head}<manifest:manifest xmlns:manifest="{_ODS}manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = f'{head}<office:document-content{names} office:version="1.2"><office:body><office:spreadsheet>{pages}</office:spreadsheet></office:body></office:document-content>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), text)
    return stream.getvalue()


def _ods_cell(value: Any) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value.isoformat()}</text:p></table:table-cell>'
    if isinstance(value, int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _xls(sheets: Sequence[Sheet]) -> bytes:
    """A BIFF8 stream in a compound file, as little of both as readers ask for."""
    head = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0600)) + _biff(
        0x0042, struct.pack("<H", 1200)
    )
    pages = [_biff_sheet(sheet) for sheet in sheets]
    names = [struct.pack("<BB", len(sheet.name), 1) + sheet.name.encode("utf-16-le") for sheet in sheets]
    place = len(head) + sum(len(_biff(0x0085, b"\0" * 6 + name)) for name in names) + len(_biff(0x000A))
    links = b""
    for page, name in zip(pages, names, strict=True):
        links += _biff(0x0085, struct.pack("<IH", place, 0) + name)
        place += len(page)
    return _compound(head + links + _biff(0x000A) + b"".join(pages))


def _biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_sheet(sheet: Sheet) -> bytes:
    parts = [_biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x0600))]
    parts.append(_biff(0x0200, struct.pack("<IIHHH", 0, sheet.n_rows, 0, sheet.n_columns, 0)))
    for (row, column), value in sorted(sheet.cells.items()):
        place = struct.pack("<HHH", row - 1, column, 0)
        if isinstance(value, int):
            parts.append(_biff(0x0203, place + struct.pack("<d", value)))
        else:
            text = str(_text(value))
            parts.append(_biff(0x0204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")))
    for start in range(0, len(sheet.merges), 1000):
        some = sheet.merges[start : start + 1000]
        cells = b"".join(struct.pack("<HHHH", top - 1, bottom - 1, left, right) for top, left, bottom, right in some)
        parts.append(_biff(0x00E5, struct.pack("<H", len(some)) + cells))
    return b"".join(parts) + _biff(0x000A)


def _compound(stream: bytes) -> bytes:
    """One stream, Workbook, in a compound file of 512-byte sectors."""
    size = max(4096, -(-len(stream) // 512) * 512)
    n = size // 512
    n_fat = 1
    while n_fat * 128 < n + 1 + n_fat:
        n_fat += 1
    end, fat_mark, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    chain = [*range(1, n), end, end, *([fat_mark] * n_fat)]  # the stream, the directory, the table itself
    chain += [free] * (n_fat * 128 - len(chain))
    tables = [n + 1 + i for i in range(n_fat)]
    header = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6) + struct.pack(
        "<IIIIIIIII", 0, n_fat, n, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<109I", *tables, *([free] * (109 - n_fat)))
    directory = (
        _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 0, size) + _entry("", 0, free, 0, 0) * 2
    )
    return header + stream.ljust(size, b"\0") + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    free = 0xFFFFFFFF
    size_of_name = len(text) + 2 if name else 0
    return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", size_of_name, kind, 1, free, free, child, start, size)
