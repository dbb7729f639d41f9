"""A TOML file that a person wrote: what it says, and on which line it says it."""

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pbgraph.errors import PolicyError

Step = str | int
"""A key of a table, or the place of an item in a list."""
_TWICE = (
    "twice",
    "overwrite",
    "immutable namespace",
    "Duplicate",
)  # how the reader of TOML says that a key is there already
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_MOST_BYTES = 2**20  # our own rules are a tenth of it
_MOST_SHOWN = 60  # characters of a line in a sentence


@dataclass(frozen=True)
class TomlFile:
    """The name and the text of a file that was read."""

    name: str
    text: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the text says."""
        return tomllib.loads(self.text)

    def line(self, *path: Step, word: str = "") -> int:
        """The line on which a key stands; that of the nearest key above it where the file does not hold it.

        A statement of several lines is searched for `word`, then for the key. 1 where the file holds nothing of it.
        """
        while path and not _holds(self.content, path):
            path = path[:-1]
        if not path:
            return 1
        lines = self.text.split("\n")
        before, last = self._statement(path, len(lines))
        for wanted in (word, str(path[-1])):
            found = [number for number in range(before + 1, last + 1) if wanted and wanted in lines[number - 1]]
            if found:
                return found[0]
        return before + 1

    def _statement(self, path: tuple[Step, ...], n_lines: int) -> tuple[int, int]:
        """How many lines come before the statement that says a key, and how many there are with it.

        The beginnings of the file that can be read are asked whether they hold the key: the longest that does
        not, and the shortest that does.
        """
        without, holding = 0, n_lines
        while holding - without > 1:
            middle = (without + holding) // 2
            near = sorted(range(without + 1, holding), key=lambda n: (abs(n - middle), n))
            cut, said = next(((n, said) for n in near if (said := self._beginning(n)) is not None), (0, None))
            if said is None:
                break
            without, holding = (without, cut) if _holds(said, path) else (cut, holding)
        return without, holding

    def _beginning(self, n: int) -> dict[str, Any] | None:
        """What the first lines say, None where they end within a statement."""
        try:
            return tomllib.loads("\n".join(self.text.split("\n")[:n]))
        except tomllib.TOMLDecodeError:
            return None


def _holds(content: Any, path: tuple[Step, ...]) -> bool:
    for step in path:
        if isinstance(step, int):
            if not isinstance(content, list) or step >= len(content):
                return False
        elif not isinstance(content, dict) or step not in content:
            return False
        content = content[step]
    return True


def read_toml(path: Path) -> TomlFile:
    """Read a file of settings; a mark of byte order in front is no mistake.

    Raises
    ------
    PolicyError
        toml-absent, toml-folder, toml-large, toml-encoding, toml-syntax or toml-twice, with the line.

    """
    if path.is_dir():
        raise PolicyError("toml-folder", file=path.name)
    try:
        if path.exists() and not path.is_file():
            raise ValueError("a pipe or a device, which might never end")
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise PolicyError("toml-large", file=path.name, size=f"{size / 2**20:.0f} MB")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise PolicyError("toml-absent", file=path.name) from error
    try:
        read = TomlFile(path.name, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PolicyError("toml-encoding", file=path.name, line=line) from error
    try:
        tomllib.loads(read.text)
    except (ValueError, RecursionError) as error:
        line = _line_of(error, read.text)
        code = "toml-twice" if any(word in str(error) for word in _TWICE) else "toml-syntax"
        said = read.text.split("\n")[line - 1].strip()[:_MOST_SHOWN]
        raise PolicyError(code, file=path.name, line=line, text=said) from error
    return read


def _line_of(error: Exception, text: str) -> int:
    """The line that the reader of TOML complains about."""
    place = _PLACE.search(str(error))
    if place:
        return int(place.group(1))
    if isinstance(error, tomllib.TOMLDecodeError):  # at the end: the last line with anything on it
        return text.rstrip().count("\n") + 1
    lines = text.split("\n")
    return bisect_left(range(1, len(lines) + 1), 1, key=lambda n: _fails_alike(error, "\n".join(lines[:n]))) + 1


def _fails_alike(error: Exception, text: str) -> bool:
    """Whether a part of a file fails as the whole does: a number without end, tables within tables without end."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    except type(error):
        return True
    return False
