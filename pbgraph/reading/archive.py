"""An archive of workbooks, read like a folder: a path behind the archive's own leads to a member.

`rosters.zip/2024/名册.xlsx` is no file, but `held_in` finds the archive and `read_member` the bytes.
Nothing is unpacked to disk. Archives made on a Chinese Windows keep names in GBK without saying so.
"""

import io
import zipfile
from pathlib import Path, PurePosixPath

from pbgraph.errors import WorkbookError
from pbgraph.reading.gate import MAX_BYTES, ZIP_FAULTS, check_entries

_MOST_INFLATED = 3 * 2**30  # all members together, as for the parts of one workbook
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_OFFICE_PARTS = frozenset({"[Content_Types].xml", "mimetype", "content.xml"})


def is_archive(path: Path | bytes) -> bool:
    """Whether a file, or its content, is an archive of other files: a workbook under the suffix .zip is none."""
    try:
        if isinstance(path, Path) and (path.suffix.lower() != ".zip" or not path.is_file()):
            return False  # what is no file, such as a pipe, might never end
        if not zipfile.is_zipfile(_file(path)):
            return False
        with zipfile.ZipFile(_file(path)) as archive:
            return _OFFICE_PARTS.isdisjoint(archive.namelist())
    except (OSError, *ZIP_FAULTS):
        return False  # whatever it is, opening it says so


def _file(archive: Path | bytes) -> Path | io.BytesIO:
    return io.BytesIO(archive) if isinstance(archive, bytes) else archive


def held_in(path: Path) -> Path | None:
    """The archive that a path leads into, None where it is a path of its own."""
    for parent in path.parents:
        if parent.suffix.lower() == ".zip" and parent.is_file():
            return parent
    return None


def members(path: Path | bytes) -> list[str]:
    """The names of the files in an archive, as paths below it.

    Raises
    ------
    WorkbookError
        file-archive where it is locked, file-damaged where it is broken, file-many-parts or file-too-large where
        it holds too much.

    """
    try:
        with zipfile.ZipFile(_file(path)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, *ZIP_FAULTS) as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise WorkbookError("file-archive", looks_like="ZIP")
    size = sum(info.file_size for info in infos)
    check_entries(len(infos))
    if size > _MOST_INFLATED:
        raise WorkbookError("file-too-large", size=f"{size / 2**20:.0f} MB")
    n_bytes = len(path) if isinstance(path, bytes) else path.stat().st_size
    if sum(info.compress_size for info in infos) > n_bytes:
        raise WorkbookError("file-damaged", reason="ZIP")  # members that share their bytes: a bomb
    return list(dict.fromkeys(filter(None, (_name(info) for info in infos))))


def read_member(archive: Path | bytes, wanted: str) -> bytes:
    """The bytes of a member of an archive, by its path below it.

    Raises
    ------
    WorkbookError
        file-too-large or file-damaged.

    """
    try:
        with zipfile.ZipFile(_file(archive)) as opened:
            info = next((info for info in opened.infolist() if _name(info) == wanted), None)
            if info is None:
                raise WorkbookError("file-unreadable", reason="?")
            with opened.open(info) as member:
                content = member.read(MAX_BYTES + 1)
    except ZIP_FAULTS as error:
        raise WorkbookError("file-damaged", reason=type(error).__name__) from error
    if len(content) > MAX_BYTES:
        raise WorkbookError("file-too-large", size=f"> {MAX_BYTES >> 20} MB")
    return content


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member: in the encoding it was written in, and never above the archive."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    parts = PurePosixPath(name.replace("\\", "/").replace("\x00", "")).parts
    return "/".join(part for part in parts if part not in ("/", ".", "..") and not part.endswith(":"))
