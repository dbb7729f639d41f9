"""Whole files or none: every output is written here, and nowhere else.

A file is written beside its place and renamed into it; a folder is filled beside its place and exchanged with the
earlier one in one step (`pbgraph.rendering.exchange`). What a person has made or changed there is kept.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from errno import EISDIR, ENOTDIR
from hashlib import sha256
from itertools import count
from pathlib import Path, PurePosixPath

from pbgraph.captions import caption, reason_of
from pbgraph.decisions import FILE_NAME
from pbgraph.errors import RenderError
from pbgraph.manifest import NAME, Manifest, digest
from pbgraph.rendering.exchange import Place, claimed, exchange, files_in, remove, sync_file

Over = Callable[[bytes], bool]
"""Whether a file with this content may be replaced."""
_FAILED = "output-not-writable"
_SHARED, _PRIVATE = 0o666, 0o600  # less the user's umask
_STAMP = re.compile(rb"pbgraph-sha256\W+([0-9a-f]{64})")
_BLANK = "0" * 64
_TO_FILL = re.compile(rf"(pbgraph-sha256\W+){_BLANK}")
BLANK_STAMP = ("pbgraph-sha256", _BLANK)
"""Name and value of a stamp before it is filled in."""


def write_file(path: Path, content: str | bytes, *, over: Over | None = None, is_private: bool = False) -> Path:
    """Write a file whole; text as UTF-8 with plain line ends.

    Parameters
    ----------
    path
        Where; a link is followed.
    content
        What is to stand there.
    over
        Whether a file that stands there may be replaced, by its content; any where it is None.
    is_private
        Whether only the user may read it, since it holds everything of the rosters.

    Raises
    ------
    RenderError
        output-not-writable or output-busy; what stood there before is unchanged. output-foreign where `over` says no.

    """
    with _told(path), claimed(path) as place:
        if os.path.lexists(place.path) and not place.path.is_file():
            raise OSError(EISDIR, "Is a directory")
        if over is not None and place.path.exists() and not over(place.path.read_bytes()):
            raise RenderError("output-foreign", path=path)
        _put(place, content, _PRIVATE if is_private else _SHARED)
    return path


def write_answerable(
    path: Path, content: bytes, *, lang: str, answers: str | None = None, instead_of: Iterable[str] = ()
) -> Path:
    """Write a file that a person fills in, readable by the user only; one that is no longer ours is kept beside it.

    The manifest of its folder says what we wrote, and with which `answers`: their digest, or None where this file
    brings none. What we wrote under one of the names `instead_of` makes way too. Raises as `write_file` does.
    """
    with _told(path), claimed(path.parent):
        place = Place.of(path)
        place.home.mkdir(parents=True, exist_ok=True)
        manifest, name = Manifest.of(place.home), place.path.name
        former = [other for other in instead_of if other != name and other in manifest.files]
        aside = [_set_aside(place.home / each, manifest, lang) for each in (name, *former)]
        _put(place, content, _PRIVATE)
        for other in former:
            (place.home / other).unlink(missing_ok=True)
        files = {each: known for each, known in manifest.files.items() if each not in former}
        files[name] = sha256(content).hexdigest()
        said = manifest.answers if answers is None else answers
        manifest = replace(manifest, files=files, kept=(*manifest.kept, *filter(None, aside)), answers=said)
        _put(Place.of(place.home / NAME), manifest.text(), _SHARED)
    return path


def _set_aside(path: Path, manifest: Manifest, lang: str) -> str | None:
    """Give a file that is no longer as we wrote it a name with its day; None where there is nothing to keep."""
    if not path.exists() or manifest.is_ours(path.parent, path.name):
        return None
    name = _kept_name(path, (path.name,), 0, lang, (path.parent,))
    if name is not None:
        path.rename(path.with_name(name))
    return name


def _put(place: Place, content: str | bytes, mode: int) -> None:
    part = place.helper("part")
    try:
        _write(part, content.encode("utf-8") if isinstance(content, str) else content, mode)
        part.replace(place.path)
    finally:
        remove(part)


def _write(path: Path, data: bytes, mode: int) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb"
    ) as file:
        file.write(data)
        file.flush()
        sync_file(file.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one sentence what the system says when it cannot write."""
    try:
        yield
    except OSError as error:
        raise RenderError(_FAILED, path=path, reason=reason_of(error)) from error
    except RenderError as error:
        if error.code == _FAILED:  # of a file on its way: the reader knows the target only
            raise RenderError(_FAILED, path=path, reason=error.data["reason"]) from error
        raise


def stamped(content: str) -> str:
    """A text with its own SHA-256 in place of the `BLANK_STAMP` in it, so that we know later that it is ours."""
    return _TO_FILL.sub(lambda found: found[1] + _stamp_of(content.encode("utf-8")), content, count=1)


def is_stamped(content: bytes) -> bool:
    """Whether a file is as we wrote it: its stamp is its own."""
    found = _STAMP.search(content)
    if found is None:
        return False
    start, end = found.span(1)
    return _stamp_of(content[:start] + _BLANK.encode() + content[end:]) == found[1].decode()


def _stamp_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def write_folder(path: Path, fill: Callable[[Path], str | None], *, lang: str = "zh", is_private: bool = False) -> Path:
    """Fill a folder beside its place and then exchange the two, so that it is never half new.

    Files of the earlier folder that we wrote and nobody changed make way. What a person has changed is kept under a
    name with its day, and so is a foreign file in the place of one of ours; all else of his stays where it is. The
    manifest of the folder says which is which.

    Parameters
    ----------
    path
        Where; a link is followed.
    fill
        Writes into an empty folder; may return the digest of the answers that it has filled in.
    lang
        Language of the names of files that are kept.
    is_private
        Whether only the user may read the files.

    Raises
    ------
    RenderError
        output-not-writable or output-busy; output-internal where something that a person has changed in an internal
        folder would be handed out with the new files. What stood there before is unchanged.

    """
    with _told(path), claimed(path) as place:
        if os.path.lexists(place.path) and not place.path.is_dir():
            raise OSError(ENOTDIR, "Not a directory")
        if not is_private:
            _check_handed_out(place.path)
        staging = place.helper("part")
        staging.mkdir(mode=0o700 if is_private else 0o777)
        answers = fill(staging) or ""
        names = files_in(staging)
        for name in names if is_private else []:
            (staging / name).chmod(_PRIVATE)
        files = {name: digest(staging / name) for name in names}
        _check_replaceable(place.path, names)
        files, kept = _carry(place.path, staging, files, lang)
        _write(staging / NAME, Manifest(files, tuple(kept), answers, is_private).text().encode(), _SHARED)
        if place.path.is_dir():
            shutil.copymode(place.path, staging)
        exchange(place, staging)
    return path


def _check_handed_out(path: Path) -> None:
    """Refuse to put what may be handed out beside what a person has kept of an internal folder."""
    earlier = Manifest.of(path)
    if earlier.is_private and (changed := earlier.changed(path)):
        raise RenderError("output-internal", path=path, files="、".join(changed))


def _carry(path: Path, staging: Path, files: dict[str, str], lang: str) -> tuple[dict[str, str], list[str]]:
    """Take what is a person's over into the new folder; returns what is ours there, and what is kept for him."""
    earlier, ours, kept = Manifest.of(path), dict(files), []
    for name in files_in(path):
        is_ours = name not in earlier.kept and earlier.is_ours(path, name)
        if is_ours and name == FILE_NAME and name not in files:  # the memory of the office, and no newer one
            ours[name] = earlier.files[name]
        elif name == NAME or is_ours or (name in files and digest(path / name) == files[name]):
            continue
        parts = tuple(name.split("/"))
        at = len(parts) - 1 if name in earlier.files and name not in ours else _blocked_at(staging, parts)
        target: str | None = name if at is None else _kept_name(path / name, parts, at, lang, (staging, path))
        if target is None:
            continue
        if at is not None or name in earlier.kept:
            kept.append(target)
        _link(path / name, staging / target)
    for folder in (each for each in path.rglob("*") if each.is_dir() and not any(each.iterdir())):
        with suppress(OSError):  # one of ours is in its place
            (staging / folder.relative_to(path)).mkdir(parents=True, exist_ok=True)
    return ours, kept


def _blocked_at(staging: Path, parts: Sequence[str]) -> int | None:
    """Which part of a name is taken in the new folder; None where it is free."""
    for at in range(len(parts)):
        place = staging.joinpath(*parts[: at + 1])
        if os.path.lexists(place) and (at == len(parts) - 1 or not place.is_dir()):
            return at
    return None


def _kept_name(file: Path, parts: Sequence[str], at: int, lang: str, folders: Sequence[Path]) -> str | None:
    """A free name with the day on which a file was last changed; None where it is kept under such a name already."""
    own, day = PurePosixPath(parts[at]), date.fromtimestamp(file.lstat().st_mtime)
    for number in count(1):
        told = f" {number}" if number > 1 else ""
        new = caption("kept_name", lang, stem=own.stem, suffix=own.suffix, day=day, number=told)
        name = "/".join([*parts[:at], new, *parts[at + 1 :]])
        held = [folder / name for folder in folders if os.path.lexists(folder / name)]
        if not held:
            return name
        if any(each.is_file() and file.is_file() and digest(each) == digest(file) for each in held):
            return None
    raise AssertionError("some number is free")


def _link(source: Path, target: Path) -> None:
    """The same file under a second name, or a copy where the disk has no such names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _check_replaceable(path: Path, names: list[str]) -> None:
    """Open what will be replaced, so that a file held by Excel is found before any is touched."""
    for name in names:
        if (path / name).is_file():
            with (path / name).open("r+b"):
                pass
