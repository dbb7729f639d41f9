"""Whether the bytes of a file may go to a parser, judged without one.

The kind is told by the first bytes, never by the suffix. Sizes are counted while inflating and
never taken from a header; up to `MAX_INFLATED` no ratio is judged, because sound files with long
shared texts look like bombs by ratio. Beyond it a part must have been at least `_LEAST_SHARE` of
its size when packed: a roster of a million rows is, a bomb is not.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from pbgraph.errors import WorkbookError
from pbgraph.reading.stored import StoredCells, scan_part

MAX_BYTES = 200 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_ENTRIES = 4_000
_MOST_INFLATED = 3 * 2**30  # a full sheet of 1,048,576 rows and 30 columns stays below
_LEAST_SHARE = 1 / 50  # real sheets pack to a tenth, the densest seen to a thirtieth
_CHUNK = 2**20
_KINDS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
)
_BOOKS = ("workbook.xml", "workbook.bin", "content.xml")
_MODIFIED = re.compile(rb"<dcterms:(?:modified|created)[^>]*>(\d{4}-\d\d-\d\d)")
_FROM_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true|on)[\"']")
_SHEET_PART = re.compile(r"^/?xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


@dataclass
class Admission:
    """What the gate saw: the kind of content, and for a zip what its parts say.

    `stored` holds the cells that the XML of each worksheet part really has.
    """

    kind: str
    modified: str = ""
    is_1904: bool = False
    has_macros: bool = False
    n_inflated: int = 0
    stored: dict[str, StoredCells] = field(default_factory=dict)


def admit(content: bytes) -> Admission:
    """Tell what kind of content this is and refuse what no parser should see.

    Kinds: "zip" (an Office or OpenDocument archive), "ole" (old Excel), "locked" (protected by a
    password), "text".

    Raises
    ------
    WorkbookError
        file-too-large, file-not-workbook, file-damaged, file-protected, file-bad-cell or
        file-stray-cell.

    """
    if len(content) > MAX_BYTES:
        raise WorkbookError("file-too-large", size=f"{len(content) / 2**20:.0f} MB")
    kind = next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
    if kind == "zip":
        return _check_archive(content)
    if kind == "ole":
        locked = "EncryptedPackage".encode("utf-16-le") in content
        return Admission("locked" if locked else "ole")
    looks_like = kind or _text_kind(content)
    if looks_like:
        raise WorkbookError("file-not-workbook", looks_like=looks_like)
    return Admission("text")


def _text_kind(content: bytes) -> str:
    """What bytes without a known beginning look like, "" where they may be a table as text."""
    if not content:
        return "空文件"
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return "HTML"
    if head.startswith((b"<?xml", b"<workbook")):
        return "XML"
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "" if is_wide or b"\x00" not in content[:4096] else "其他格式"


def _check_archive(content: bytes) -> Admission:
    """Inflate every part within limits, and look at what each says."""
    admission = Admission("zip")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MAX_ENTRIES or len(set(names)) < len(names):
                raise WorkbookError("file-damaged", reason=f"{len(names)} parts")
            if not any(name.endswith(_BOOKS) for name in names):
                raise WorkbookError("file-not-workbook", looks_like="Word / ZIP")
            for info in archive.infolist():
                with archive.open(info) as part:
                    _check_part(admission, info, part)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    return admission


def _check_part(admission: Admission, info: zipfile.ZipInfo, part: IO[bytes]) -> None:
    name = info.filename
    meter = _Meter(admission, part, info.compress_size)
    first = meter.read(_CHUNK)
    if name.endswith((".xml", ".rels")) and _declares_doctype(first):
        raise WorkbookError("file-damaged", reason="DOCTYPE")
    if name == "META-INF/manifest.xml" and b"encryption-data" in first:
        raise WorkbookError("file-protected")  # OpenDocument hides its parts, not the archive
    if name == "docProps/core.xml":
        admission.modified = max((found.decode() for found in _MODIFIED.findall(first)), default="")
    admission.is_1904 |= name.endswith("workbook.xml") and bool(_FROM_1904.search(first))
    admission.has_macros |= name.endswith("vbaProject.bin")
    if _SHEET_PART.match(name):
        admission.stored[name.lstrip("/")] = scan_part(first, meter)
    while meter.read(_CHUNK):
        pass


def _declares_doctype(head: bytes) -> bool:
    narrow = head[:8192].replace(b"\x00", b"").upper()  # UTF-16 has a zero in every second byte
    return b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow


class _Meter:
    """A part that counts what it inflates to, and stops a bomb."""

    def __init__(self, admission: Admission, part: IO[bytes], n_packed: int) -> None:
        self._admission, self._part, self._n_packed, self._n = admission, part, n_packed, 0

    def read(self, size: int) -> bytes:
        """The next bytes, counted."""
        chunk = self._part.read(size)
        self._n += len(chunk)
        self._admission.n_inflated += len(chunk)
        total = self._admission.n_inflated
        if total > _MOST_INFLATED or (total > MAX_INFLATED and self._n_packed < self._n * _LEAST_SHARE):
            raise WorkbookError("file-too-large", size=f"> {total >> 20} MB")
        return chunk
