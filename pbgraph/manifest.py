"""The manifest of a folder that we have written: which files are ours, byte for byte, and which a person's.

It lies hidden in the folder and is the same for the same files. What is not in it, or is no longer what it says,
was made or changed by a person and is never overwritten.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAME = ".pbgraph-files"
_FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """The files that we wrote with their SHA-256, those kept for a person, the answers filled in by us, for whom."""

    files: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    answers: str = ""
    is_private: bool = False

    @classmethod
    def of(cls, folder: Path) -> "Manifest":
        """The manifest of a folder; an empty one where there is none or it cannot be read."""
        try:
            held = json.loads((folder / NAME).read_text("utf-8"))
            files = {str(name): str(digest) for name, digest in held["files"].items()}
            return cls(files, tuple(map(str, held["kept"])), str(held["answers"]), held.get("private") is True)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def text(self) -> str:
        """What is written into the folder."""
        content = {
            "format": _FORMAT,
            "files": self.files,
            "kept": sorted(self.kept),
            "answers": self.answers,
            "private": self.is_private,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def changed(self, folder: Path) -> list[str]:
        """The files of the folder that were ours and that a person has changed, or that were kept for him."""
        there = [name for name in (*self.files, *self.kept) if (folder / name).is_file()]
        return sorted(name for name in there if name in self.kept or not self.is_ours(folder, name))

    def is_ours(self, folder: Path, name: str) -> bool:
        """Whether a file of the folder is still as we wrote it."""
        return name in self.files and digest(folder / name) == self.files[name]


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def answers_digest(lines: Iterable[tuple[str, ...]]) -> str:
    """The SHA-256 of decisions, in whatever order they stand."""
    return hashlib.sha256("\n".join(sorted("\t".join(line) for line in lines)).encode()).hexdigest()
