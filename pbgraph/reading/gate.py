"""Whether the bytes of a file may go to a parser, judged without one.

The kind is told by the first bytes, never by the suffix. Sizes are counted while inflating and
never taken from a header; up to `MAX_INFLATED` no ratio is judged, because sound files with long
shared texts look like bombs by ratio. Beyond it a part must have been at least `_LEAST_SHARE` of
its size when packed: a roster of a million rows is, a bomb is not.
"""

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from pbgraph.errors import WorkbookError
from pbgraph.reading.package import Package, needs_rewriting, other_encoding, read_package
from pbgraph.reading.stored import StoredCells, scan_part

MAX_BYTES = 200 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_ENTRIES = 4_000
_MOST_INFLATED = 3 * 2**30  # a full sheet of 1,048,576 rows and 30 columns stays below
_MOST_LINKED = 64 * 2**20  # the parts that say how the others belong together
_LEAST_SHARE = 1 / 50  # real sheets pack to a tenth, the densest seen to a thirtieth
_CHUNK = 2**20
_KINDS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF"),
)
_ARCHIVES = frozenset({"RAR", "7z", "GZIP"})
_PAGE_STARTS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<body", b"<title")
_ARCHIVE_STARTS = (b"mime-version:", b"content-type: multipart/related", b"from: <")
_TAG = re.compile(rb"<(?:!--|\w+[\s>])")
_XML_BOOK = b"urn:schemas-microsoft-com:office:spreadsheet"
_MODIFIED = re.compile(rb"<dcterms:(?:modified|created)[^>]*>(\d{4}-\d\d-\d\d)")
_CONTENTS = (("word/", "Word"), ("ppt/", "PowerPoint"), ("OFD.xml", "OFD"))
_OPEN_BOOK = b"opendocument.spreadsheet"
ZIP_FAULTS = (
    zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What the reader of archives raises for one that is damaged, or packed in a way that it does not know."""


@dataclass
class Admission:
    """What the gate saw: the kind of content, and for a zip what its parts say.

    `stored` holds the cells that the XML of each worksheet part really has; `encodings` names the
    parts that are not in UTF-8.
    """

    kind: str
    modified: str = ""
    has_macros: bool = False
    n_inflated: int = 0
    package: Package = field(default_factory=Package)
    stored: dict[str, StoredCells] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)

    @property
    def needs_rewriting(self) -> bool:
        """Whether a parser may fail on the names or encodings of a sound workbook."""
        return needs_rewriting(self.package.main, self.encodings)


def admit(content: bytes) -> Admission:
    """Tell what kind of content this is and refuse what no parser should see.

    Kinds: "zip" (an Office or OpenDocument archive), "ole" (old Excel), "locked" (protected by a
    password), "page" (a web page), "text".

    Raises
    ------
    WorkbookError
        file-too-large, file-many-parts, file-not-workbook, file-archive, file-numbers, file-damaged, file-protected,
        file-bad-cell or file-stray-cell.

    """
    check_size(len(content))
    kind = next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
    if kind == "zip":
        return _check_archive(content)
    if kind == "ole":
        locked = "EncryptedPackage".encode("utf-16-le") in content
        return Admission("locked" if locked else "ole")
    if kind in _ARCHIVES:
        raise WorkbookError("file-archive", looks_like=kind)
    if _is_page(content):
        return Admission("page")
    looks_like = kind or _text_kind(content)
    if looks_like:
        raise WorkbookError("file-not-workbook", looks_like=looks_like)
    return Admission("text")


def check_size(n_bytes: int) -> None:
    """Refuse a file by its size; to be asked before it is read."""
    if n_bytes > MAX_BYTES:
        raise WorkbookError("file-too-large", size=f"{n_bytes / 2**20:.0f} MB")


def check_entries(n: int) -> None:
    """Refuse an archive by the number of things in it."""
    if n > MAX_ENTRIES:
        raise WorkbookError("file-many-parts", n=n, most=MAX_ENTRIES)


def _head(content: bytes) -> bytes:
    """The beginning of a text, in small letters; UTF-16 has a zero in every second byte."""
    head = content[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()


def _is_page(content: bytes) -> bool:
    """Whether a text is a web page with a table, an archive of web pages, or a workbook as XML."""
    head = _head(content)
    if head.startswith(_PAGE_STARTS + _ARCHIVE_STARTS) or _XML_BOOK in head:
        return True
    return bool(_TAG.match(head)) and any(b"<" + tag in content.lower() for tag in (b"table", b"html"))


def _text_kind(content: bytes) -> str:
    """What bytes without a known beginning look like, "" where they may be a table as text."""
    if not content:
        return "空文件"
    if _head(content).startswith((b"<?xml", b"<workbook")):
        return "XML"
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "" if is_wide or b"\x00" not in content[:4096] else "其他格式"


def _check_archive(content: bytes) -> Admission:
    """Inflate every part within limits, and look at what each says."""
    admission = Admission("zip")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            check_entries(len(names))
            if len(set(names)) < len(names):
                raise WorkbookError("file-damaged", reason="ZIP: 2 x")
            admission.package = read_package(names, lambda name: _linked(archive, name))
            if not admission.package.main and not _is_open_book(archive, names):
                raise _no_workbook(names)
            for info in archive.infolist():
                with archive.open(info) as part:
                    _check_part(admission, info, part)
    except (OSError, *ZIP_FAULTS) as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    return admission


def _linked(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part that the others hang on, within a limit of its own."""
    with archive.open(name) as part:
        content = part.read(_MOST_LINKED + 1)
    if len(content) > _MOST_LINKED:
        raise WorkbookError("file-too-large", size=f"> {_MOST_LINKED >> 20} MB")
    if _declares_doctype(content):
        raise WorkbookError("file-damaged", reason="DOCTYPE")
    return content


def _is_open_book(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """Whether an OpenDocument archive is a spreadsheet, and not a text or a drawing."""
    return "content.xml" in names and ("mimetype" not in names or _OPEN_BOOK in _linked(archive, "mimetype"))


def _no_workbook(names: list[str]) -> WorkbookError:
    """What an archive without a workbook is."""
    if any(name.endswith(".iwa") for name in names):
        return WorkbookError("file-numbers")
    looks_like = next((kind for start, kind in _CONTENTS if any(name.startswith(start) for name in names)), "")
    if looks_like or "mimetype" in names:
        return WorkbookError("file-not-workbook", looks_like=looks_like or "OpenDocument")
    return WorkbookError("file-archive", looks_like="ZIP")


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
    admission.has_macros |= name.endswith("vbaProject.bin")
    if encoding := other_encoding(name, first):
        admission.encodings[name] = encoding
    elif name in admission.package.sheets.values():
        admission.stored[name] = scan_part(first, meter, styles=frozenset(admission.package.formats))
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
