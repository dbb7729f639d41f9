"""One file from its path to its sheets of cells: gate, password, parser.

A path may lead into an archive of workbooks, as `archive` makes them.
"""

import errno
import hashlib
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pbgraph.errors import WorkbookError
from pbgraph.reading.archive import held_in, read_member
from pbgraph.reading.cells import Sheet, read_cells
from pbgraph.reading.files import shown_name
from pbgraph.reading.gate import Admission, admit, check_size
from pbgraph.reading.package import rewritten

_SUFFIX_KINDS = {".csv": "text", ".tsv": "text", ".xls": "ole"}
_LOOKS_LIKE = {"text": "CSV / TXT", "page": "HTML", "ole": "Excel 97-2003 (.xls)", "zip": "Excel (.xlsx)"}
_EITHER = frozenset({".et", ".xls"})  # WPS and some exports write either container
_NO_SUFFIX = "-"  # content without a name promises no format
_READ_ONLY = "VelvetSweatshop"  # Excel opens a workbook with this password without asking: it only bars changes


@dataclass(frozen=True)
class Request:
    """A file to open; `passwords` are tried in turn where it is protected.

    Where the `content` was handed over, `path` is the member of the archive that it is, or empty.
    """

    name: str
    path: str
    passwords: tuple[str, ...] = ()
    content: bytes | None = None


@dataclass
class Workbook:
    """A file let through: its name as printed, its hash, the day it was last changed, its sheets.

    `notes` are codes of findings about the file as a whole, with what they are filled with.
    """

    name: str
    sha256: str
    modified: str
    sheets: list[Sheet]
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Refusal:
    """Why a file could not be opened: the code of the finding and what it is filled with."""

    code: str
    data: dict[str, object]


def open_workbook(request: Request, *, admitted: Callable[[int], None] | None = None) -> Workbook | Refusal:
    """Open a file; whatever is wrong with it is a refusal, never an exception.

    `admitted` is told, before any parser runs, to how many bytes the file inflates.
    """
    try:
        return _open(request, admitted)
    except WorkbookError as error:
        return Refusal(error.code, dict(error.data))
    except MemoryError:
        return Refusal("file-too-heavy", {})


def _open(request: Request, admitted: Callable[[int], None] | None) -> Workbook:
    path = Path(request.path or request.name)
    content, day = request_content(request)
    sha256 = hashlib.sha256(content).hexdigest()
    content, admission = _admitted(content)
    if admission.kind == "locked":
        content, admission = _admitted(decrypted(content, request.passwords))
    if admitted:
        admitted(admission.n_inflated)
    stem = shown_name(path.stem)
    try:
        sheets = read_cells(content, admission, name=stem)
    except WorkbookError as error:
        if error.code != "file-protected" and not (admission.kind == "ole" and is_encrypted(content)):
            raise
        content = decrypted(content, request.passwords)  # an old .xls is parsed before it says so
        sheets = read_cells(content, admission, name=stem)
    is_named = request.content is None or path.suffix
    notes = _notes(path.suffix.lower() if is_named else _NO_SUFFIX, admission)
    return Workbook(request.name, sha256, admission.modified or day, sheets, notes)


def request_content(request: Request) -> tuple[bytes, str]:
    """The bytes that a request is about, and the day they were last changed, "" where they were handed over."""
    if request.content is None:
        return file_content(Path(request.path or request.name))
    return _handed_over(request.content, request.path), ""


def _handed_over(content: bytes, member: str) -> bytes:
    check_size(len(content))
    return read_member(content, member) if member else content


def file_content(path: Path) -> tuple[bytes, str]:
    """The bytes of a file, or of a member of an archive, and the day it was last changed.

    Raises
    ------
    WorkbookError
        file-unreadable, file-special, file-too-large or file-damaged.

    """
    try:
        archive = held_in(path)
        file = archive or path
        if not file.is_file():  # a pipe or a device might never end
            is_special = file.exists() and not file.is_dir()
            raise WorkbookError("file-special" if is_special else "file-unreadable", reason=os.strerror(errno.ENOENT))
        if not archive:
            check_size(file.stat().st_size)
        content = read_member(archive, path.relative_to(archive).as_posix()) if archive else path.read_bytes()
        return content, datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).date().isoformat()
    except OSError as error:
        raise WorkbookError("file-unreadable", reason=error.strerror or "?") from error


def _admitted(content: bytes) -> tuple[bytes, Admission]:
    """The content let through, written anew where a parser may fail on the names or encodings of its parts."""
    admission = admit(content)
    if not admission.needs_rewriting:
        return content, admission
    content = rewritten(content, admission.package.main, admission.encodings)
    return content, admit(content)


def _notes(suffix: str, admission: Admission) -> list[tuple[str, dict[str, str]]]:
    expected = _SUFFIX_KINDS.get(suffix, "zip")
    notes = []
    is_either = suffix in _EITHER and admission.kind not in ("text", "page")
    if admission.kind != expected and not is_either and suffix != _NO_SUFFIX:
        looks_like = _LOOKS_LIKE.get(admission.kind, admission.kind)
        notes.append(("file-suffix", {"suffix": suffix, "looks_like": looks_like}))
    if admission.has_macros:
        notes.append(("file-macros", {}))
    return notes


def is_encrypted(content: bytes) -> bool:
    """Whether an old Office file is protected by a password."""
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted())
    except Exception:
        return False  # what it cannot parse is damaged, not protected


def decrypted(content: bytes, passwords: Sequence[str]) -> bytes:
    """The content of a protected workbook, by the first password that fits; a read-only one needs none.

    Raises
    ------
    WorkbookError
        file-protected where no password is given, file-wrong-password where none fits,
        file-damaged where the protection is of an unknown kind.

    """
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    for password in (_READ_ONLY, *passwords):
        opened = io.BytesIO()
        try:
            book = msoffcrypto.OfficeFile(io.BytesIO(content))
            book.load_key(password=password)
            book.decrypt(opened)
        except (InvalidKeyError, DecryptionError):
            continue
        except Exception as error:
            raise WorkbookError("file-damaged", reason=type(error).__name__) from error
        return opened.getvalue()
    raise WorkbookError("file-wrong-password" if passwords else "file-protected")
