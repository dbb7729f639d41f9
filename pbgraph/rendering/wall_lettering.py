"""What the writers of the wall share beside its positions: names in larger letters, keys in rows, names in full."""

import math
from collections.abc import Sequence

from pbgraph.rendering.look import WANTING
from pbgraph.rendering.wall import Part, Scene, Stand, Tile
from pbgraph.rendering.wall_layout import LEADING, text_width, wrapped

SWATCH = 1.9  # the little tile of a key with what is left beside it, in sizes of its letters
STEP = 1.6  # from line to line of a list
_LEAST_CUT = 3  # characters of a name that is cut: fewer tell nothing apart
_APART = 0.9  # between two keys


def lettering(tile: Tile, stand: Stand, *, least: float) -> tuple[float, tuple[str, ...], str]:
    """Size and lines of the name on a tile in letters of `least` or more, and the note below it where both fit."""
    box = stand.box
    if stand.note and text_width(stand.note) * least <= box.width - 6:
        size, lines = wrapped(tile.short, box.width, box.height - least * LEADING, least=least)
        if lines and not _is_cut(lines):
            return size, lines, stand.note
    size, lines = wrapped(tile.short, box.width, box.height, least=least)
    return size, lines if _says_something(lines) else (), ""


def uncut(tile: Tile, stand: Stand, *, least: float, smaller: float) -> tuple[float, tuple[str, ...], str]:
    """The name on a tile in letters of `least` or more, or of `smaller` or more where it would be cut."""
    usual = lettering(tile, stand, least=least)
    return usual if usual[1] and not _is_cut(usual[1]) else lettering(tile, stand, least=smaller)


def fitted(tile: Tile, stand: Stand, *, least: float) -> tuple[float, tuple[str, ...], str]:
    """The name on a tile as it stands there, or in smaller letters down to `least` where it would be cut."""
    if stand.lines and not _is_cut(stand.lines):
        return stand.size, stand.lines, stand.note
    return lettering(tile, stand, least=least)


def _is_cut(lines: tuple[str, ...]) -> bool:
    return bool(lines) and lines[-1].endswith("…")


def _says_something(lines: tuple[str, ...]) -> bool:
    return not _is_cut(lines) or sum(map(len, lines)) > _LEAST_CUT


def rooms(scene: Scene, width: float) -> list[float]:
    """The width that each text of a scene may take before it meets the next at its height, or the edge."""
    found = []
    for text in scene.texts:
        level = [other for other in scene.texts if other is not text and abs(other.y - text.y) < text.size / 2]
        beside = [abs(other.x - text.x) for other in level]
        found.append(min([*beside, 2 * text.x, 2 * (width - text.x)]))
    return found


def extent(scene: Scene) -> tuple[float, float]:
    """Where a scene begins on the canvas, and how high it is."""
    tops = [*(stand.box.y for stand in scene.stands), *(text.y - text.size for text in scene.texts)]
    ends = [*(stand.box.y + stand.box.height for stand in scene.stands), *(text.y + 10 for text in scene.texts)]
    return min(tops, default=0.0), max(ends, default=0.0) - min(tops, default=0.0)


def wanting(scene: Scene) -> list[Stand]:
    """The tiles about which something is to be done."""
    return [stand for stand in scene.stands if stand.tone in WANTING]


def in_columns(n: int, room: float, choices: Sequence[tuple[int, float]]) -> tuple[int, float] | None:
    """The first choice of columns and size of letters with which so many lines fit; None where none does."""
    fitting = (choice for choice in choices if math.ceil(n / choice[0]) * choice[1] * STEP <= room)
    return next(fitting, None) if n else None


def key_said(part: Part) -> str:
    """A key with the number of its tiles."""
    return f"{part.said} {len(part.tiles)}"


def in_rows(legend: Sequence[Part], size: float, width: float) -> list[tuple[int, float]]:
    """The row and x of each key of a legend, left to right, in rows no wider than `width`."""
    placed, row, x = [], 0, 0.0
    for part in legend:
        wide = (SWATCH + text_width(key_said(part))) * size
        if x and x + wide > width:
            row, x = row + 1, 0.0
        placed.append((row, x))
        x += wide + _APART * size
    return placed
