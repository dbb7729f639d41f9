"""One folder in the place of another in one step, and one writer at a time.

Beside a target (or inside it, where it cannot be renamed) lie hidden helpers named after it while it is written:

    .lock    held by the one who writes; the system frees it when he dies
    .part    not finished, or no longer needed: may be deleted at any time
    .new     finished, to be put in place
    .old     the earlier folder between two renames, where names cannot be exchanged in one
    .moving  finished, with a journal of what goes where: its files are being moved one by one

Whoever claims the target next completes or rolls back what he finds.
"""

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from pbgraph.errors import RenderError

WAIT = 60.0
"""Seconds to wait for another run: as long as a large pack takes."""
HIDDEN = ".pbgraph-"
_JOURNAL = HIDDEN + "journal"
_RESCUED = ".old"
_AT_CWD, _SWAP = -100, 2  # of renameat2


@dataclass(frozen=True)
class Place:
    """A target as it is on the disk, and the folder in which its helpers lie."""

    path: Path
    home: Path

    @classmethod
    def of(cls, path: Path) -> "Place":
        """The place of a target; the folder in which somebody stands, a mounted and a fenced-in one stay themselves."""
        whole = path.resolve()
        is_fixed = whole.is_dir() and (
            os.path.ismount(whole) or whole in (Path.cwd(), *Path.cwd().parents) or not os.access(whole.parent, os.W_OK)
        )
        return cls(whole, whole if is_fixed else whole.parent)

    def helper(self, ending: str) -> Path:
        """The hidden neighbour of an ending."""
        name = sha256(os.fsencode(self.path.name.casefold())).hexdigest()[:12]
        return self.home / f"{HIDDEN}{name}.{ending}"

    @property
    def is_fixed(self) -> bool:
        """Whether the folder cannot be renamed."""
        return self.home == self.path


@contextmanager
def claimed(path: Path) -> Iterator[Place]:
    """Hold a target alone, with what a killed run left there completed or undone.

    Raises
    ------
    RenderError
        output-busy where another run holds it for too long.
    OSError
        Where nothing can be written there.

    """
    place = Place.of(path)
    place.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.helper("lock"), timeout=WAIT)
    try:
        lock.acquire()
    except Timeout as error:
        raise RenderError("output-busy", path=path, seconds=round(WAIT)) from error
    try:
        recover(place)
        yield place
    finally:
        remove(place.helper("part"))
        if os.name == "posix":  # the one who waits sees that the file is gone, and makes his own
            place.helper("lock").unlink(missing_ok=True)
        lock.release()


def recover(place: Place) -> None:
    """Complete or undo what a killed run left: the target is afterwards whole, the old or the new one."""
    part, new, old, moving = (place.helper(ending) for ending in ("part", "new", "old", "moving"))
    remove(part)
    if moving.is_dir():
        _move_on(moving, place.path, part)
    if old.is_dir() and not place.path.exists():
        (new if new.is_dir() else old).rename(place.path)
    elif old.is_dir() and new.is_dir():  # somebody has made the target anew in between: nothing of his is lost
        old.rename(place.path.with_name(f"{place.path.name}{_RESCUED}"))
    _tidy(place)


def exchange(place: Place, staging: Path) -> None:
    """Put a finished folder in its place: a kill at any moment leaves the old one or the new one."""
    new, old = place.helper("new"), place.helper("old")
    sync(staging)
    if place.is_fixed:
        _move_into(place, staging)
        return
    staging.rename(new)
    try:
        if not place.path.exists():
            new.rename(place.path)
        elif not _swapped(new, place.path):
            place.path.rename(old)
            new.rename(place.path)
    except BaseException:
        if old.is_dir() and not place.path.exists():
            old.rename(place.path)
        raise
    finally:
        if place.path.exists() or not old.is_dir():
            _tidy(place)
    _sync_names(place.home)


def _tidy(place: Place) -> None:
    """Delete what is no longer needed; it is marked as such first, so that nobody takes half of it for a whole."""
    part = place.helper("part")
    for rest in (place.helper("new"), place.helper("old")):
        if rest.is_dir():
            rest.rename(part)
            remove(part)


def _swapped(one: Path, two: Path) -> bool:
    """Whether two names were exchanged in one step; not every system and disk can."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    return rename is not None and rename(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(two), _SWAP) == 0


def _move_into(place: Place, staging: Path) -> None:
    """Write down what goes where, and move file by file; who is killed here leaves the rest to the next."""
    moving = place.helper("moving")
    names, earlier = files_in(staging), files_in(place.path)
    put = [name for name in names if name not in earlier or not _is_same(staging / name, place.path / name)]
    gone = [name for name in earlier if name not in names]
    (staging / _JOURNAL).write_text(json.dumps({"put": put, "gone": gone}), encoding="utf-8")
    sync(staging)
    staging.rename(moving)
    _move_on(moving, place.path, place.helper("part"))


def _is_same(one: Path, two: Path) -> bool:
    return not one.is_symlink() and not two.is_symlink() and one.samefile(two)


def _move_on(moving: Path, path: Path, part: Path) -> None:
    journal = json.loads((moving / _JOURNAL).read_text("utf-8"))
    for name in journal["gone"]:
        (path / name).unlink(missing_ok=True)
        for folder in (path / name).relative_to(path).parents[:-1]:
            with suppress(OSError):  # it holds more
                (path / folder).rmdir()
    for name in journal["put"]:
        if os.path.lexists(moving / name):
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (moving / name).replace(path / name)
    _sync_names(path)
    moving.rename(part)
    remove(part)


def files_in(folder: Path) -> list[str]:
    """The files and links below a folder, but for helpers of ours, by their relative names; none in no folder."""
    found = []
    for here, folders, files in os.walk(folder):
        inside = Path(here)
        links = [name for name in folders if (inside / name).is_symlink()]
        folders[:] = [name for name in folders if name not in links and not is_helper(name)]
        found += [(inside / name).relative_to(folder).as_posix() for name in (*files, *links) if not is_helper(name)]
    return sorted(found)


def is_helper(name: str) -> bool:
    """Whether a name is that of a helper, which is no part of what stands in a folder."""
    return name.startswith(HIDDEN) and name.endswith((".lock", ".part", ".new", ".old", ".moving", "journal"))


def remove(path: Path) -> None:
    """Delete a helper, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Have everything in a folder on the disk before it gets its name."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            _sync_names(path)
        elif not path.is_symlink() and os.access(path, os.R_OK):
            with path.open("rb") as file:
                sync_file(file.fileno())


def sync_file(descriptor: int) -> None:
    """Have a file on the disk, where the system can say so of one that is open for reading."""
    if os.name == "posix":
        os.fsync(descriptor)


def _sync_names(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
