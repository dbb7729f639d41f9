"""Error values (#REF!, #N/A) in the formats whose parser gives them as empty: .xls, .xlsb and .ods.

Each walker goes over the records or elements once and returns, for every sheet by name, the cells
(row, column, from 0) that hold an error. What a walker cannot follow it leaves: whether a file is
sound is for the parser to say.
"""

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import iterparse

from pbgraph.reading.stored import part_targets

Cells = dict[str, list[tuple[int, int]]]
_EOF, _BOUND_SHEET, _BOOL_OR_ERROR = 0x000A, 0x0085, 0x0205
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_MOST_REPEATED = 1_000_000
_ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)|Err:\d{3}")


def error_cells(content: bytes, kind: str) -> Cells:
    """The cells of each sheet that hold an error value; nothing for text and .xlsx."""
    try:
        if kind == "ole":
            return _of_xls(content)
        if kind == "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = set(archive.namelist())
                if "xl/workbook.bin" in names:
                    return _of_xlsb(archive)
                if "content.xml" in names:
                    return _of_ods(archive)
    except Exception:
        return {}  # damaged, or a variant that only the parser knows
    return {}


def _of_xls(content: bytes) -> Cells:
    """[MS-XLS]: BOOLERR records, and formulas whose stored result is an error."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(content)) as file:
        stream = file.openstream("Workbook" if file.exists("Workbook") else "Book").read()
    found: Cells = {}
    for start, name in list(_bound_sheets(stream)):
        cells = found.setdefault(name, [])
        for kind, data in _biff(stream, start):
            if kind == _EOF:
                break
            if (kind == _BOOL_OR_ERROR and data[7] == 1) or (
                kind in _FORMULAS and data[12:14] == b"\xff\xff" and data[6] == 2
            ):
                cells.append(struct.unpack_from("<HH", data))
    return found


def _bound_sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    for kind, data in _biff(stream, 0):
        if kind == _EOF:
            return
        if kind == _BOUND_SHEET:
            length, is_wide = data[6], data[7] & 1
            name = data[8 : 8 + length * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1")
            yield struct.unpack_from("<I", data)[0], name


def _biff(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def _of_xlsb(archive: zipfile.ZipFile) -> Cells:
    """[MS-XLSB]: BrtCellError and BrtFmlaError records."""
    targets = part_targets(archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace"))
    found: Cells = {}
    for kind, data in _records(archive.read("xl/workbook.bin")):
        if kind == _SHEET:
            link, rest = _wide(data, 8)
            name, _ = _wide(data, rest)
            found[name] = list(_record_errors(archive.read(targets[link])))
    return found


def _record_errors(part: bytes) -> Iterator[tuple[int, int]]:
    row = 0
    for kind, data in _records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", data)[0]
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            yield row, struct.unpack_from("<I", data)[0]


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size


def _wide(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _of_ods(archive: zipfile.ZipFile) -> Cells:
    """OpenDocument: cells of the value type "error", or whose text is one."""
    found: Cells = {}
    name, row, column, repeated_row = "", 0, 0, 1
    with archive.open("content.xml") as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            said = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
            if event == "start" and tag == "table":
                name, row = said.get("name", ""), 0
            elif event == "start" and tag == "table-row":
                column, repeated_row = 0, int(said.get("number-rows-repeated", 1))
            elif event == "end" and tag in ("table-cell", "covered-table-cell"):
                text = "".join(element.itertext()).strip()
                if _ERROR_TEXT.fullmatch(text) and (said.get("value-type") != "string" or said.get("formula")):
                    found.setdefault(name, []).append((row, column))
                column += min(int(said.get("number-columns-repeated", 1)), _MOST_REPEATED)
            elif event == "end" and tag == "table-row":
                row += repeated_row
                element.clear()
    return found
