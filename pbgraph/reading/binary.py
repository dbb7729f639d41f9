"""What a parser does not tell of .xls and .xlsb: errors, formulas, formats and merged cells.

Each walker goes over the records once and returns, for every sheet by name, what it stores. What a
walker cannot follow it leaves: whether a file is sound is for the parser to say.
"""

import io
import struct
import zipfile
from collections.abc import Iterator

from pbgraph.reading.formats import Format, formats_that_matter
from pbgraph.reading.package import Package, styles_part
from pbgraph.reading.stored import StoredCells

Found = tuple[dict[str, StoredCells], dict[int, Format]]
"""The cells of each sheet by its name, and the formats by the number of the style."""
_EOF, _BOUND_SHEET, _BOOL_OR_ERROR, _BOF = 0x000A, 0x0085, 0x0205, 0x0809
_FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
_NUMBER, _RK, _MANY_RK, _XF, _FORMAT, _DATE_MODE = 0x0203, 0x027E, 0x00BD, 0x00E0, 0x041E, 0x0022
_BIFF8 = 0x0600
_ZERO = b"\0" * 8
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET, _MERGED = 0, 3, 11, 156, 176
_BOOK, _NUMBER_CELLS, _FORMULA_NUMBER, _FMT, _XF_RECORD, _CELL_XFS = 153, frozenset({2, 5, 9}), 9, 44, 47, 617


def of_xls(content: bytes) -> Found:
    """[MS-XLS], and the older files that Excel 5 wrote."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(content)) as file:
        stream = file.openstream("Workbook" if file.exists("Workbook") else "Book").read()
    codes: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[int, str]] = []
    is_wide, is_1904 = True, False
    for kind, data in _biff(stream, 0):
        if kind == _EOF:
            break
        if kind == _BOF:
            is_wide = struct.unpack_from("<H", data)[0] >= _BIFF8
        elif kind == _DATE_MODE:
            is_1904 = data[:1] == b"\1"
        elif kind == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = _short_text(data[2:], is_wide=is_wide)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _BOUND_SHEET:
            sheets.append((struct.unpack_from("<I", data)[0], _sheet_name(data)))
    formats = formats_that_matter(styles, codes)
    return {name: _biff_cells(stream, start, formats, is_1904=is_1904) for start, name in sheets}, formats


def _biff_cells(stream: bytes, start: int, formats: dict[int, Format], *, is_1904: bool) -> StoredCells:
    found = StoredCells(is_1904=is_1904)
    for kind, data in _biff(stream, start):
        if kind == _EOF:
            break
        if kind in (_NUMBER, _RK) or kind in _FORMULAS:
            row, column, style = struct.unpack_from("<HHH", data)
            if style in formats:
                found.styled_rows(style, column).append(row)
            if kind in _FORMULAS:
                found.n_formulas += 1
                if data[12:14] == b"\xff\xff" and data[6] == 2:
                    found.errors.append((row, column))
                elif data[6:14] == _ZERO:
                    found.zero_results.append((row, column))
        elif kind == _MANY_RK:
            row, first = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // 6):
                style = struct.unpack_from("<H", data, 4 + 6 * place)[0]
                if style in formats:
                    found.styled_rows(style, first + place).append(row)
        elif kind == _BOOL_OR_ERROR and data[7] == 1:
            found.errors.append(struct.unpack_from("<HH", data))
    return found


def _short_text(data: bytes, *, is_wide: bool) -> str:
    """The code of a number format: with its length and width before it, or in the old code page."""
    if not is_wide:
        return data[1 : 1 + data[0]].decode("gb18030", "replace")
    (length,) = struct.unpack_from("<H", data)
    return data[3 : 3 + length * 2].decode("utf-16-le") if data[2] & 1 else data[3 : 3 + length].decode("latin-1")


def _sheet_name(data: bytes) -> str:
    length, is_wide = data[6], data[7] & 1
    return data[8 : 8 + length * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1")


def _biff(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def of_xlsb(archive: zipfile.ZipFile, package: Package) -> Found:
    """[MS-XLSB]: records of the workbook, its styles and its sheets."""
    styles = styles_part(package)
    formats = _record_formats(archive.read(styles)) if styles in archive.namelist() else {}
    found: dict[str, StoredCells] = {}
    is_1904 = False
    for kind, data in _records(archive.read(package.main)):
        if kind == _BOOK:
            is_1904 = bool(data[0] & 1)
        elif kind == _SHEET:
            link, rest = _wide(data, 8)
            name, _ = _wide(data, rest)
            part = archive.read(package.links[link])
            found[name] = _record_cells(part, formats, is_1904=is_1904)
    return found, formats


def _record_formats(part: bytes) -> dict[int, Format]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    is_cells = False
    for kind, data in _records(part):
        if kind == _FMT:
            codes[struct.unpack_from("<H", data)[0]] = _wide(data, 2)[0]
        elif kind in (_CELL_XFS, _CELL_XFS + 1):
            is_cells = kind == _CELL_XFS
        elif kind == _XF_RECORD and is_cells:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    return formats_that_matter(styles, codes)


def _record_cells(part: bytes, formats: dict[int, Format], *, is_1904: bool) -> StoredCells:
    found, row = StoredCells(is_1904=is_1904), 0
    for kind, data in _records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", data)[0]
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            found.errors.append((row, struct.unpack_from("<I", data)[0]))
        elif kind in _NUMBER_CELLS:
            column, style = struct.unpack_from("<II", data)
            if style & 0xFFFFFF in formats:
                found.styled_rows(style & 0xFFFFFF, column).append(row)
            if kind == _FORMULA_NUMBER and data[8:16] == _ZERO:
                found.zero_results.append((row, column))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            found.merges.append(((top, left), (bottom, right)))
    return found


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
