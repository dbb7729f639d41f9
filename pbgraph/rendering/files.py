"""Whole files or none: every output is written here, and nowhere else.

Bytes are made in memory, written to a temporary file in the same folder and put in place in
one step, so that a failure at any moment leaves the earlier file as it was.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pbgraph.errors import RenderError


def write_file(path: Path, content: str | bytes) -> Path:
    """Write a file whole; text as UTF-8 with plain line ends.

    Raises
    ------
    RenderError
        output-not-writable; what stood there before is unchanged.

    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".pbgraph-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise RenderError("output-not-writable", path=path, reason=error.strerror or type(error).__name__) from error
    return path


def write_folder(path: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a folder beside its place and then exchange the two, so that it is never half new.

    Only files of the earlier folder that the new one also has are replaced; others stay.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=path.parent, prefix=".pbgraph-"))
    except OSError as error:
        raise RenderError("output-not-writable", path=path, reason=error.strerror or type(error).__name__) from error
    try:
        fill(staging)
        files = sorted(p for p in staging.rglob("*") if p.is_file())
        names = [file.relative_to(staging) for file in files]
        _check_replaceable(path, names)
        _exchange(staging, path, names)
    except OSError as error:
        raise RenderError("output-not-writable", path=path, reason=error.strerror or type(error).__name__) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return path


def _exchange(staging: Path, path: Path, names: list[Path]) -> None:
    """Put every file in its place; whatever stops this half way, the earlier files come back."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".pbgraph-") as name:
        earlier = Path(name)
        done: list[Path] = []
        try:
            for file in names:
                target, kept = path / file, earlier / file
                target.parent.mkdir(parents=True, exist_ok=True)
                kept.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    shutil.copy2(target, kept)
                (staging / file).chmod(0o644)
                done.append(file)
                (staging / file).replace(target)
        except BaseException:
            for file in done:
                if (earlier / file).exists():
                    shutil.copy2(earlier / file, path / file)
                else:
                    (path / file).unlink(missing_ok=True)
            raise


def _check_replaceable(path: Path, names: list[Path]) -> None:
    """Open what will be replaced, so that a file held by Excel is found before any is touched."""
    for name in names:
        if (path / name).exists():
            with (path / name).open("r+b"):
                pass
