"""The folder in which an office works: its months, its memory, and the packs of earlier meetings.

A workspace holds folders named after months (2025-06, 2025年6月, 202506, or 6月 in a folder 2025年), or the rosters
themselves. Packs are written into a folder of their own beside them, one for each month. What opens files is
imported where it is used, so that `pbgraph --help` answers at once.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from pbgraph.captions import caption, in_every_language
from pbgraph.decisions import FILE_NAME
from pbgraph.findings import Finding, finding
from pbgraph.reading.days import named_period, shown_files
from pbgraph.text import arabic

_SAVED = "network.json"
_LEADING = re.compile(r"\d")  # a month's folder is named after the month: 2025-06 报表, not demo-2025-05
_DEPTH = 2  # folders below the workspace in which packs are looked for


def saved_network(path: Path) -> Path | None:
    """The saved network that a path is: one itself, or that of a pack beside which no roster lies."""
    from pbgraph.reading.files import find_files

    if (path / _SAVED).is_file():
        return path
    held = [path / name for name in in_every_language("data_name") if (path / name / _SAVED).is_file()]
    return held[0] if held and not find_files([path])[0] else None


def pack_of(saved: Path) -> Path:
    """The pack that a saved network belongs to, or the network itself."""
    return saved.parent if saved.name in in_every_language("data_name") else saved


def months_in(folder: Path) -> dict[Path, str]:
    """The folders of a workspace that are named after a month and hold rosters, with the month; the oldest first."""
    found = {}
    for path, names in _dated(folder):
        period = named_period(names)
        if period and period.is_fine and _holds_rosters(path):
            found[path] = period.last.isoformat()
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _dated(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for path in _folders(folder):
        if not _LEADING.match(arabic(path.name)):
            continue
        below = [inner for inner in _folders(path) if _LEADING.match(arabic(inner.name))]
        year = named_period([path.name])
        if year and not year.is_fine:
            yield from ((inner, [path.name, inner.name]) for inner in below)
        else:
            yield path, [path.name]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return []


def _holds_rosters(folder: Path) -> bool:
    from pbgraph.reading.archive import is_archive
    from pbgraph.reading.files import SUFFIXES

    files = (path for path in folder.rglob("*") if path.is_file() and path.name != FILE_NAME)
    files = (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return any(path.suffix.lower() in SUFFIXES or is_archive(path) for path in files)


def newest_month(folder: Path) -> tuple[Path, list[Finding]]:
    """The newest month of a workspace and what is said of the rest; the folder itself where it has no months."""
    from pbgraph.reading.files import SUFFIXES

    months = months_in(folder)
    if not months:
        return folder, []
    *others, newest = months
    shown = {path: path.relative_to(folder).as_posix() for path in months}
    found = []
    if others:
        names = "、".join(shown[path] for path in reversed(others))
        found.append(finding("months-other", data={"month": shown[newest], "others": names}))
    loose = [path.name for path in sorted(folder.iterdir()) if path.is_file() and path.suffix.lower() in SUFFIXES]
    loose = [name for name in loose if name != FILE_NAME and not name.startswith(("~$", "."))]
    if loose:
        found.append(finding("months-loose", data={"month": shown[newest], "files": shown_files(loose)}))
    return newest, found


def home_of(path: Path) -> Path:
    """The workspace of a path: the folder above where it is a month's, the folder of a file, else the folder itself."""
    folder = path if path.is_dir() else path.parent
    folder = folder if folder.name not in {"", ".."} else folder.resolve()
    for above, inner in ((folder.parent, [folder.name]), (folder.parent.parent, [folder.parent.name, folder.name])):
        period = named_period(inner)
        if _LEADING.match(arabic(inner[0])) and period and period.is_fine and folder != above:
            return above
    return folder


def memories(workspace: Path, rosters: Sequence[Path]) -> list[Path]:
    """The files of decisions of a workspace: its own and those in the folders of rosters and of their originals.

    Files of rosters named one by one have no memory.
    """
    from pbgraph.reading.files import marked

    folders = [folder for roster in rosters for folder in (roster, *marked(roster)[0]) if folder.is_dir()]
    beside = [folder / FILE_NAME for folder in dict.fromkeys((workspace, *folders))] if folders else []
    return [path for path in beside if path.is_file()]


def remembered(workspace: Path, rosters: Sequence[Path], output: Path | None) -> dict[Path, int]:
    """What packs remember, the strongest first, with the number of answers that a review workbook brings, else 0.

    A review workbook in which a person has answered, where a pack is to be written or in the newest one of the
    workspace, and the files of decisions of both. What stands beside the rosters holds over them.
    """
    from pbgraph.reading.answers import answered
    from pbgraph.reading.files import own_files

    is_folder = any(path.is_dir() for path in rosters)
    packs = [pack for pack, _, _ in packs_in(workspace)] if is_folder else []
    near = [output] if output is not None and output.is_dir() else packs[-1:]
    reviews = {path: n for pack in near for path in own_files(pack, "review_name") if (n := answered(path))}
    kept = [pack / FILE_NAME for pack in packs if (pack / FILE_NAME).is_file()]
    beside = {path.resolve() for path in memories(workspace, rosters)}
    files = [pack / FILE_NAME for pack in near if (pack / FILE_NAME).is_file()] + kept[-1:]
    return reviews | {path: 0 for path in files if path.resolve() not in beside}


def packs_in(workspace: Path) -> list[tuple[Path, str, str]]:
    """The packs of a workspace with the day and the home of each, the oldest first."""
    found = []
    for depth, name in product(range(_DEPTH + 1), in_every_language("data_name")):
        for saved in workspace.glob("/".join(["*"] * depth + [name, _SAVED])):
            if any(part.startswith(".") for part in saved.relative_to(workspace).parts):
                continue  # of a run that was killed
            try:
                settings = json.loads(saved.read_text("utf-8"))["settings"]
                found.append((saved.parent.parent, str(settings.get("as_of", "")), str(settings.get("home", ""))))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue
    return sorted(found, key=lambda pack: (pack[1], pack[0]))


def previous_pack(workspace: Path, *, before: str, home: str) -> Path | None:
    """The newest pack of this office that is about an earlier day, None where there is none."""
    earlier = [pack for pack, day, of in packs_in(workspace) if day < before and (not home or not of or of == home)]
    return earlier[-1] if earlier else None


def results_folder(workspace: Path, lang: str) -> Path:
    """The folder for packs and other files that are written without being told where."""
    names = [caption("results_folder", lang), *in_every_language("results_folder")]
    if workspace.name in names:
        return workspace
    known = [workspace / name for name in names]
    return next((folder for folder in known if folder.is_dir()), known[0])
