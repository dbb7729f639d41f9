"""Which files are read, and whether their bytes may go to a parser.

Sizes are counted while inflating and never taken from a header; ratios are not judged,
because sound files with long shared texts look like bombs by ratio.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pbgraph.errors import WorkbookError
from pbgraph.findings import Finding, finding

TEXT_SUFFIX = ".csv"
PACK = ("map.html", "report.xlsx", "brief.html", "review.xlsx", "figures", "network")
"""What `report` writes into its folder; these are never rosters."""
_PACK_MARKER = "network/network.json"
SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", TEXT_SUFFIX})
MAX_BYTES = 50 * 2**20
MAX_INFLATED = 256 * 2**20
MAX_ENTRIES = 4_000
_CHUNK = 2**20
_TEXT = "文本"
_KINDS = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
)
_MODIFIED = re.compile(rb"<dcterms:(?:modified|created)[^>]*>(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class SourceFile:
    """A workbook let through: its name as printed, its bytes and the day it was last changed."""

    name: str
    content: bytes
    modified: str
    sha256: str


def find_files(
    paths: Sequence[Path], *, aside: frozenset[str] = frozenset()
) -> tuple[list[tuple[str, Path]], list[Finding]]:
    """Workbooks under the paths as (name, path), sorted by name, and notes on what is left out.

    A folder is read with its sub-folders, but not what an earlier run wrote there. Lock files and
    other kinds are noted; hidden files and the names in `aside`, which are read elsewhere, are not.
    A path that does not exist and a folder without a workbook are findings.
    """
    found: dict[str, Path] = {}
    notes: list[Finding] = []
    for path in paths:
        if not path.exists():
            notes.append(finding("path-missing", file=str(path), data={"path": path}))
            continue
        packs = {marker.parent.parent for marker in path.rglob(_PACK_MARKER)} if path.is_dir() else set()
        notes += [finding("folder-own-pack", file=_shown(pack, path)) for pack in sorted(packs)]
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        own = {pack / name for pack in packs for name in PACK}
        inside = [file for file in inside if own.isdisjoint((file, *file.parents))]
        n_before = len(found)
        for file in inside:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            if file.name in aside:
                continue
            if file.name.startswith("~$"):
                notes.append(finding("file-locked", file=name))
            elif file.suffix.lower() in SUFFIXES or not path.is_dir():
                found[_free_name(name, found)] = file
            elif not file.name.startswith("."):
                notes.append(finding("file-other", file=name))
        if path.is_dir() and len(found) == n_before:
            notes.append(finding("folder-empty", file=str(path), data={"path": path}))
    return sorted(found.items()), notes


def _shown(folder: Path, path: Path) -> str:
    return folder.relative_to(path).as_posix() if folder.is_relative_to(path) else folder.name


def _free_name(name: str, taken: dict[str, Path]) -> str:
    stem, number = name, 2
    while name in taken:
        name, number = f"{stem} ({number})", number + 1
    return name


def admit(name: str, path: Path) -> SourceFile:
    """Read the bytes of a workbook and refuse what no parser should see.

    Raises
    ------
    WorkbookError
        With the code of the finding: file-unreadable, file-too-large, file-protected,
        file-not-workbook or file-damaged.

    """
    try:
        content = path.read_bytes()
        day = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date().isoformat()
    except OSError as error:
        raise WorkbookError("file-unreadable", reason=error.strerror or "?") from error
    if len(content) > MAX_BYTES:
        raise WorkbookError("file-too-large", size=f"{len(content) / 2**20:.0f} MB")
    kind = next((kind for magic, kind in _KINDS if content.startswith(magic)), "")
    if kind == "ole" and "EncryptedPackage".encode("utf-16-le") in content:
        raise WorkbookError("file-protected")
    if kind == "zip":
        day = _check_zip(content) or day
    elif kind != "ole" and not (not kind and path.suffix.lower() == TEXT_SUFFIX and _is_table_text(content)):
        raise WorkbookError("file-not-workbook", looks_like=kind or _text_kind(content))
    return SourceFile(name, content, day, hashlib.sha256(content).hexdigest())


def _is_table_text(content: bytes) -> bool:
    """Whether bytes may be a table as text: not empty, not binary, not a web page."""
    return _text_kind(content) == _TEXT or content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _text_kind(content: bytes) -> str:
    if not content:
        return "空文件"
    head = content[:512].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        return "HTML"
    return _TEXT if b"\x00" not in content[:4096] else "其他格式"


def _check_zip(content: bytes) -> str:
    """Inflate every part within limits; the day the workbook says it was changed, "" if none."""
    n_inflated, day = 0, ""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MAX_ENTRIES or len(set(names)) < len(names):
                raise WorkbookError("file-damaged", reason=f"{len(names)} parts")
            if not any(name.endswith(("workbook.xml", "workbook.bin", "content.xml")) for name in names):
                raise WorkbookError("file-not-workbook", looks_like="Word / ZIP")
            for name in names:
                with archive.open(name) as part:
                    first = part.read(_CHUNK)
                    n_inflated += len(first)
                    if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in first[:4096].upper():
                        raise WorkbookError("file-damaged", reason="DOCTYPE")
                    if name == "docProps/core.xml":
                        day = max((found.decode() for found in _MODIFIED.findall(first)), default="")
                    while chunk := part.read(_CHUNK):
                        n_inflated += len(chunk)
                        if n_inflated > MAX_INFLATED:
                            raise WorkbookError("file-too-large", size=f"> {MAX_INFLATED >> 20} MB")
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    return day
