"""Files of many kinds, sound and broken, made from rows of cells."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

Rows = list[list[Any]]


def xlsx(rows: Rows, *, name: str = "党员") -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
    return stream.getvalue()


def edited(content: bytes, edit: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with each part as `edit` gives it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))
    return stream.getvalue()


def sheet_edited(content: bytes, pattern: str, replacement: str) -> bytes:
    """The archive with a pattern replaced in the first worksheet; it has to be there."""

    def edit(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        text, n = re.subn(pattern, replacement, part.decode())
        assert n, pattern
        return text.encode()

    return edited(content, edit)


def strict(content: bytes) -> bytes:
    """As Excel saves a Strict Open XML workbook."""
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def edit(_: str, part: bytes) -> bytes:
        for old, new in spaces.items():
            part = part.replace(old, new)
        return part

    return edited(content, edit)


def prefixed(content: bytes) -> bytes:
    """As the Open XML SDK writes a worksheet: every tag behind a prefix."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def edit(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", part.decode())
        return text.replace(f'xmlns="{space}"', f'xmlns:x="{space}"').encode()

    return edited(content, edit)


def locked(content: bytes, password: str) -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, stream)
    return stream.getvalue()


def text(rows: Rows, delimiter: str, encoding: str) -> bytes:
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows).encode(encoding)


def xlsb(rows: Rows, *, name: str = "党员") -> bytes:
    """The smallest binary workbook: [MS-XLSB] records for one sheet of texts and numbers."""
    sheet = (
        _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + _record(145)
    )
    for number, row in enumerate(rows):
        sheet += _record(0, struct.pack("<II", number, 0) + b"\0" * 9)
        for column, cell in enumerate(row):
            head = struct.pack("<II", column, 0)
            if cell == "#REF!":
                sheet += _record(3, head + b"\x17")
            elif isinstance(cell, str) and cell:
                sheet += _record(6, head + _wide(cell))
            elif cell != "":
                sheet += _record(5, head + struct.pack("<d", cell))
    sheet += _record(146) + _record(130)
    book = _record(131) + _record(143) + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
    links = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
        "</Relationships>"
    )
    parts = {
        "_rels/.rels": links.format("officeDocument", "xl/workbook.bin").encode(),
        "xl/workbook.bin": book + _record(144) + _record(132),
        "xl/_rels/workbook.bin.rels": links.format("worksheet", "worksheets/sheet1.bin").encode(),
        "xl/worksheets/sheet1.bin": sheet,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(data)
    while True:
        size += bytes([rest & 0x7F | (0x80 if rest > 0x7F else 0)])
        rest >>= 7
        if not rest:
            return head + size + data


def _wide(string: str) -> bytes:
    return struct.pack("<I", len(string)) + string.encode("utf-16-le")
