"""Offices nobody has seen: a folder of workbooks as the clerks of an invented street would send it, and its truth.

What is true is drawn first (`world`), then what a clerk makes of it: which lists are kept (`lists`), under
which words (`words.toml`, `clerk`), in which layout (`styles`, `sheets`), in which files (`desk`, `files`).
No person, unit, organization or place in them exists.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from .clerk import WORDS, Clerk
from .clutter import add_clutter
from .desk import Desk
from .styles import EXPORTABLE, STYLES, Style
from .traditional import traditional
from .truth import truth_of
from .world import make_world

__all__ = ["make_office"]

Words = Mapping[str, Mapping[str, list[str]]]


def make_office(
    folder: Path,
    seed: int,
    *,
    words: Words = WORDS,
    styles: Mapping[str, Mapping[str, Style]] = STYLES,
    exportable: frozenset[str] | set[str] = EXPORTABLE,
) -> dict[str, Any]:
    """Write the workbooks of the office with this number into `folder`; give its truth.

    `words` are the header words and `styles` the ways to keep each list, of which one is drawn;
    of the `exportable` ones only the names of columns and the coded values change in a system export.
    """
    draw = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    desk = _desk(seed, draw, words)
    for kind in ("units", "organizations", "members", "seats", "pairs"):
        if kind == "organizations" and "organizations listed" in desk.told:
            continue
        _keep(desk, kind, seed, styles[kind], exportable)
    for name, style in styles["others"].items():
        if draw.random() < 0.45:
            desk.styles[name] = name
            style(desk)
    add_clutter(desk)
    is_traditional = seed % 7 == 4
    if is_traditional:
        desk.styles["characters"] = "traditional"
        desk.turn_traditional()
    truth = truth_of(desk, folder.name, desk.save(folder))
    return traditional(truth) if is_traditional else truth


def _desk(seed: int, draw: Random, words: Words) -> Desk:
    """The habits of one office; one in six keeps everything in systems and sends their exports."""
    is_export = seed % 6 == 1
    clerk = Clerk(
        draw, make_world(draw), words, is_export=is_export, shortens=0 if is_export else draw.choice([0.1, 0.2, 0.35])
    )
    clerk.is_bare = not is_export and draw.random() < 0.2
    clerk.names_hosts = draw.choice([0, 0, 0, 0.3])
    return Desk(clerk, one_book=not is_export and draw.random() < 0.3)


def _keep(desk: Desk, kind: str, seed: int, styles: Mapping[str, Style], exportable: frozenset[str] | set[str]) -> None:
    """Keep this list in one of the ways; seeds in a row take all of them in turn.

    In an office without systems one list in ten is an export all the same.
    """
    names = sorted(styles)
    name = Random(kind).sample(names, len(names))[seed % len(names)]
    usual = desk.clerk.is_export
    if usual and name not in exportable:
        name = desk.clerk.draw.choice(sorted(exportable & set(names)))
    desk.clerk.is_export = usual or (name in exportable and desk.clerk.draw.random() < 0.1)
    desk.styles[kind] = "export, " + name if desk.clerk.is_export else name
    styles[name](desk)
    desk.clerk.is_export = usual
