"""What the writers of the wall share beside its positions: names in larger letters, keys of a legend in rows."""

from collections.abc import Sequence

from pbgraph.rendering.wall import Scene, Stand, Tile
from pbgraph.rendering.wall_layout import LEADING, text_width, wrapped

SWATCH = 1.9  # the little tile of a key with what is left beside it, in sizes of its letters
_APART = 0.9  # between two keys


def lettering(tile: Tile, stand: Stand, *, least: float) -> tuple[float, tuple[str, ...], str]:
    """Size and lines of the name on a tile in letters of `least` or more, and the note below it where both fit."""
    box = stand.box
    if stand.note and text_width(stand.note) * least <= box.width - 6:
        size, lines = wrapped(tile.short, box.width, box.height - least * LEADING, least=least)
        if lines and not lines[-1].endswith("…"):
            return size, lines, stand.note
    return *wrapped(tile.short, box.width, box.height, least=least), ""


def rooms(scene: Scene, width: float) -> list[float]:
    """The width that each text of a scene may take before it meets the next at its height, or the edge."""
    return [
        min(
            [abs(other.x - text.x) for other in scene.texts if other is not text and abs(other.y - text.y) < text.size]
            + [2 * text.x, 2 * (width - text.x)]
        )
        for text in scene.texts
    ]


def in_rows(texts: Sequence[str], size: float, width: float) -> list[tuple[int, float]]:
    """The row and x of each key of a legend, left to right, in rows no wider than `width`."""
    placed, row, x = [], 0, 0.0
    for text in texts:
        wide = (SWATCH + text_width(text)) * size
        if x and x + wide > width:
            row, x = row + 1, 0.0
        placed.append((row, x))
        x += wide + _APART * size
    return placed
