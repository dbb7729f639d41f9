"""Which files of a folder are workbooks."""

import json
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from pbgraph.captions import LANGUAGES, caption, in_every_language
from pbgraph.decisions import OPTIONS_NAME
from pbgraph.errors import WorkbookError
from pbgraph.findings import Finding, finding
from pbgraph.manifest import Manifest
from pbgraph.masking import masked
from pbgraph.plugins import by_suffix
from pbgraph.reading.archive import is_archive, members
from pbgraph.reading.shown import printable

_NAMES = (
    "wall_name", "slides_name", "word_name", "lists_name", "poster_name", "picture_name", "review_name", "map_name",
    "figures_name", "data_name",
)  # fmt: skip
_OF_BEFORE = ("brief.html",)  # no longer written


def pack_names(lang: str) -> tuple[str, ...]:
    """What `report` writes into its folder, by the names of a language; these are never rosters."""
    return tuple(caption(key, lang) for key in _NAMES)


def own_names(folder: Path) -> frozenset[str]:
    """What in a folder of ours bears a name of the pack, of whatever language and version, and is no roster.

    Where the manifest is there, a name counts only where we wrote it: an office may call a list of its own as we do.
    """
    names = {name for lang in LANGUAGES for name in pack_names(lang)} | {*_OF_BEFORE}
    written = {name.split("/")[0] for name in Manifest.of(folder).files}
    return frozenset(names & written if written else names)


def own_files(folder: Path, key: str) -> list[Path]:
    """The files of a folder that bear the name of a caption in any language, first those that we have written."""
    written = Manifest.of(folder).files
    there = [folder / name for name in in_every_language(key) if (folder / name).is_file()]
    return sorted(there, key=lambda path: path.name not in written)


SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv"})
ANNOTATED_MARK = ".pbgraph-annotated"
"""A file in a folder of annotated copies: read when that folder is named, not as a part of another."""
_SAVED = "network.json"
_LOCK_STARTS = ("~$", ".~")  # Excel, and WPS and LibreOffice
_PACKED = frozenset({".zip", ".rar", ".7z", ".gz", ".tar"})
_PASSED_OVER = frozenset({"__MACOSX"})
_MOST_DEEP = 40


def find_files(
    paths: Sequence[Path], *, aside: frozenset[str] = frozenset()
) -> tuple[list[tuple[str, Path]], list[Finding]]:
    """Workbooks under the paths as (name, path), sorted by name, and notes on what is left out.

    A folder is read with its sub-folders, and an archive like a folder, but not what an earlier run
    wrote there. Lock files and other kinds are noted; hidden files, what a Mac adds, and the names in
    `aside`, which are read elsewhere, are not. A path that does not exist, a folder without a workbook and
    one that cannot be looked into are findings. Names that are not UTF-8 are shown as what they mean in GBK.
    """
    search = _Search(aside)
    for path in paths:
        search.path(path)
    return sorted(search.found.items()), search.notes


def find_contents(
    contents: Sequence[tuple[str, bytes]], *, taken: Iterable[str], aside: frozenset[str] = frozenset()
) -> tuple[dict[str, tuple[str, bytes]], list[Finding]]:
    """Contents that were handed over, as (member, content) by the name they are shown under; archives are opened.

    `member` is empty where the content is itself the workbook. `taken` are the names of other files.
    """
    search = _Search(aside, found=dict.fromkeys(taken, Path()))
    for name, content in contents:
        if is_archive(content):
            search.archive(content, free_name(name, search.found))
        else:
            shown = free_name(name, search.found)
            search.found[shown] = Path(name)
            search.held[shown] = "", content
    return dict(sorted(search.held.items())), search.notes


@dataclass
class _Search:
    """What is found so far under all paths."""

    aside: frozenset[str]
    found: dict[str, Path] = field(default_factory=dict)
    held: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    def note(self, code: str, file: str, **data: object) -> None:
        """Say why something is left out."""
        self.notes.append(finding(code, file=file, data=data))

    def path(self, path: Path) -> None:
        """Add a folder, an archive or a file."""
        if not path.exists():
            self.note("path-missing", shown_name(str(path)), path=shown_name(str(path)))
        elif path.is_dir():
            self.folder(path)
        elif not path.is_file():
            self.note("file-special", shown_name(path.name))
        elif is_archive(path):
            n_before = len(self.found)
            self.archive(path, shown_name(path.name))
            if len(self.found) == n_before:
                self.note("folder-empty", shown_name(path.name), path=shown_name(str(path)))
        else:
            self.found[free_name(path.name, self.found)] = path

    def folder(self, path: Path) -> None:
        """Add what a folder and its sub-folders hold."""

        def trouble(code: str, place: Path) -> None:
            self.note(code, _shown(place, path))

        if (path / ANNOTATED_MARK).is_file() and self.copies(path):
            return
        inside = sorted(_files_under(path, trouble))
        kept_in = in_every_language("data_name")
        packs = {file.parent.parent for file in inside if file.name == _SAVED and file.parent.name in kept_in}
        copies = {file.parent for file in inside if file.name == ANNOTATED_MARK} - {path}
        for own in [*sorted(packs), *sorted(copies)]:
            self.note("folder-own-pack", _shown(own, path))
        reviews = {*in_every_language("review_name")}
        ours = copies | {copy.parent / name for copy in copies for name in reviews & own_names(copy.parent)}
        ours |= {pack / name for pack in packs for name in own_names(pack)}
        ours |= {folder / name for folder in {file.parent for file in inside} for name in Manifest.of(folder).kept}
        n_before = len(self.found)
        for file in inside:
            if ours.isdisjoint((file, *file.parents)):
                self.file(file, _shown(file, path))
        if len(self.found) == n_before:
            self.note("folder-empty", shown_name(str(path)), path=shown_name(str(path)))

    def copies(self, path: Path) -> bool:
        """Add the annotated copies of a folder in the place of their originals; no where it does not say of which.

        What is added to the folder by a person is read too, but neither a list of problems alone nor what is kept.
        """
        rosters, copies = marked(path)
        if not rosters:
            return False
        shown = "、".join(shown_name(roster.name) for roster in rosters)
        originals = _Search(self.aside)
        for roster in rosters:
            originals.path(roster)
        has_gone = not originals.found
        found = {} if has_gone else dict(originals.found)
        for original, copy in copies.items():
            if (path / copy).is_file():
                found.pop(original, None)
                found[copy] = path / copy
        here = {finding("folder-own-pack", file=_shown(path.resolve(), roster)) for roster in rosters}
        self.notes += [] if has_gone else [note for note in originals.notes if note not in here]
        read = {file for file in found.values() if file.is_relative_to(path)}
        data = {"folder": shown, "n": len(read), "others": len(found) - len(read)}
        if has_gone or data["others"]:
            self.note("annotated-alone" if has_gone else "annotated-overlay", "", **data)
        manifest = Manifest.of(path)
        for file in sorted(_files_under(path, lambda code, place: None)):
            if (name := file.relative_to(path).as_posix()) not in (*manifest.files, *manifest.kept, *copies.values()):
                self.file(file, _shown(file, path))
        for name, file in sorted(found.items()):
            self.found[free_name(name, self.found)] = file
        return True

    def archive(self, path: Path | bytes, name: str) -> None:
        """Add what an archive holds, as if it were a folder of its name."""
        try:
            held = members(path)
        except WorkbookError as error:
            self.notes.append(finding(error.code, file=name, data=error.data))
            return
        for member in sorted(held):
            if not any(part.startswith(".") or part in _PASSED_OVER for part in PurePosixPath(member).parts[:-1]):
                inside = Path(member) if isinstance(path, bytes) else path / member
                self.file(inside, f"{name}/{shown_name(member)}", content=path if isinstance(path, bytes) else None)

    def file(self, path: Path, name: str, *, content: bytes | None = None) -> None:
        """Add one file of a folder or, with its content, of an archive; or say why it is left out."""
        suffix = path.suffix.lower()
        if path.name in self.aside or path.name == OPTIONS_NAME:
            return
        if path.name.startswith(_LOCK_STARTS):
            if suffix in SUFFIXES:
                self.note("file-locked", name)
        elif path.name.startswith("."):
            return
        elif suffix in SUFFIXES or suffix in by_suffix("readers"):
            shown = free_name(name, self.found)
            self.found[shown] = path
            if content is not None:
                self.held[shown] = path.as_posix(), content
        elif content is None and is_archive(path):
            self.archive(path, name)
        elif _written_to().intersection(PurePosixPath(name).parts[:-1]):
            return
        elif suffix in _PACKED:
            self.note("file-archive", name, looks_like=suffix.removeprefix(".").upper())
        else:
            self.note("file-numbers" if suffix == ".numbers" else "file-other", name)


def mark_text(folder: Path, rosters: Iterable[Path], copies: Mapping[str, str]) -> str:
    """What the mark of a folder of annotated copies says: where the originals are, seen from it, and which is whose."""
    places = [_seen_from(folder, roster) for roster in rosters]
    return json.dumps({"rosters": places, "copies": copies}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _seen_from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return path.resolve().as_posix()


def marked(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """The originals of a folder of annotated copies, and its copies by the names of those; nothing where unknown."""
    try:
        held = json.loads((folder / ANNOTATED_MARK).read_text("utf-8"))
        rosters = [Path(os.path.normpath(folder.resolve() / str(place))) for place in held["rosters"]]
        copies = {str(original): str(copy) for original, copy in held["copies"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [], {}
    return [roster for roster in rosters if roster != folder.resolve()], copies


@cache
def _written_to() -> frozenset[str]:
    """The folders that are written to where no other is named: what is no workbook there is ours."""
    return frozenset(in_every_language("results_folder"))


def _files_under(folder: Path, trouble: Callable[[str, Path], None]) -> Iterator[Path]:
    """The files of a folder and its sub-folders; links to folders are not followed."""
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            trouble("folder-unreadable", here)
            continue
        for entry in entries:
            path = here / entry.name
            if not _leads_to(entry.is_dir):
                if _leads_to(entry.is_file) or (entry.is_symlink() and path.suffix.lower() in SUFFIXES):
                    yield path
                elif not entry.is_symlink() and not entry.name.startswith("."):
                    trouble("file-special", path)
            elif entry.name.startswith(".") or entry.name in _PASSED_OVER:
                continue
            elif entry.is_symlink():
                trouble("folder-link", path)
            elif path.suffix.lower() == ".numbers":
                yield path  # a Mac keeps some documents as folders
            elif depth < _MOST_DEEP:
                waiting.append((path, depth + 1))
            else:
                trouble("folder-deep", here)


def _leads_to(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; a link that leads to itself is of none."""
    try:
        return kind()
    except OSError:
        return False


def shown_name(name: str) -> str:
    """A name that can be printed: bytes that are no UTF-8 are taken for GBK, and numbers of persons are masked.

    >>> shown_name("金桥.xlsx".encode("gbk").decode("utf-8", "surrogateescape"))
    '金桥.xlsx'
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "replace")
    return masked(printable(name))


def _shown(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return "/".join(map(shown_name, name.split("/")))


def free_name(name: str, taken: Container[str]) -> str:
    """The name as it may be printed, or the first one with a number behind it that nothing else bears."""
    name = shown_name(name)
    stem, number = name, 2
    while name in taken:
        name, number = f"{stem} ({number})", number + 1
    return name
