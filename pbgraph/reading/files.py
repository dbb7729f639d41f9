"""Which files of a folder are workbooks."""

from collections.abc import Sequence
from pathlib import Path

from pbgraph.findings import Finding, finding

PACK = ("map.html", "report.xlsx", "brief.html", "review.xlsx", "poster.pdf", "figures", "network")
"""What `report` writes into its folder; these are never rosters."""
SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".csv", ".tsv"})
ANNOTATED_MARK = ".pbgraph-annotated"
"""A file in a folder of annotated copies: read when that folder is named, not as a part of another."""
_PACK_MARKER = "network/network.json"


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
        copies = {mark.parent for mark in path.rglob(ANNOTATED_MARK)} - {path} if path.is_dir() else set()
        notes += [finding("folder-own-pack", file=_shown(folder, path)) for folder in sorted(copies)]
        own = (
            copies
            | {folder.parent / "review.xlsx" for folder in copies}
            | {pack / name for pack in packs for name in PACK}
        )
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
