"""The child process in which copies of workbooks are made: `python -m pbgraph.rendering.copying`.

openpyxl makes an object of every cell, style and merged range that a file names, and a small file can name
millions. So each copy is made where memory and time are limited; where none comes, the caller writes the list alone.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
from msgspec import Struct

from pbgraph.reading.child import limit_memory, serve
from pbgraph.reading.workers import SECONDS, Child

_SECONDS_PER_MB = 6.0
_UNFOLDED = 2**28  # bytes: what the parts of the largest file that is copied may hold
_COLUMNS = ("severity", "sheet", "row", "column", "value", "message", "remedy")
_MODULE = "pbgraph.rendering.copying"


class Asked(Struct, array_like=True):
    """A copy to be made: of the file at a path, with the problems that are marked in it."""

    name: str
    path: bytes
    problems: list[tuple[str | int | None, ...]]
    lang: str

    @property
    def frame(self) -> pd.DataFrame:
        """The problems as a frame."""
        return pd.DataFrame(self.problems, columns=list(_COLUMNS)).astype({"row": "Int64"})


def asked_of(name: str, path: Path, problems: pd.DataFrame, lang: str) -> Asked:
    """The copy of a file with its problems."""
    frame = problems[list(_COLUMNS)].astype(object)
    rows = [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]
    return Asked(name, os.fsencode(path.absolute()), rows, lang)


def copies(asked: Iterable[Asked]) -> Iterator[bytes]:
    """The bytes of each copy; none where it cannot be made in time and memory."""
    child: Child | None = None
    try:
        for each in asked:
            try:
                child = Child(_MODULE) if child is None or child.has_ended else child
            except OSError:  # no child can be started here
                yield b""
                continue
            yield child.ask(msgspec.msgpack.encode(each), _limit(each)) or b""
    finally:
        if child is not None:
            child.end()


def _limit(asked: Asked) -> float:
    try:
        size = Path(os.fsdecode(asked.path)).stat().st_size
    except OSError:
        size = 0  # inside an archive
    return SECONDS + _SECONDS_PER_MB * size / 2**20


def _answer(message: bytes) -> bytes:
    from pbgraph.rendering.annotated import annotated

    limit_memory(_UNFOLDED)
    asked: Any = msgspec.msgpack.decode(message, type=Asked)
    try:
        return annotated(asked)
    except Exception:
        return b""  # a fault of the file: the list alone says where it is


if __name__ == "__main__":
    serve(_answer)
