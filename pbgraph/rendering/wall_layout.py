"""Where tiles stand on a canvas of one size: groups side by side, each above and below one line.

Everything is in units of the canvas, which a writer scales: a page to its window, a slide to its width.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

from pbgraph.rendering.short_names import words_of

WIDTH, HEIGHT = 1920.0, 880.0
LEAST_FONT, MOST_FONT = 20.0, 34.0
"""What can be read on a screen of 768 lines and on A4 (8 pt), and what fills a tile without shouting."""
_COMFORTABLE = 24.0  # our choice: so large, whole words matter more than larger letters
_RATIO = 1.32  # width of a tile to its height
_LEAST_TILE = 48.0  # the height at which two lines of a name fit
_TILES = tuple(range(140, 9, -2))  # heights that are tried
_DIVISIONS = (1, 2, 3, 4, 5, 6)  # tiles above the line may be so many times smaller, where all do not fit
_MOST_BANDS = 4
_GAP = 4.0  # between tiles
_BETWEEN = 30.0  # between groups
_HEAD, _FOOT = 84.0, 36.0
_HEAD_WIDTH = 150.0  # a head needs so much
LEADING = 1.14  # from line to line, in sizes of letters


class Box(NamedTuple):
    """A rectangle on the canvas."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Size:
    """How many tiles a group has above and below the line."""

    above: int
    below: int


@dataclass(frozen=True)
class Group:
    """Where a group stands: its tiles from the line outwards, its whole box, the height of its line and head."""

    above: tuple[Box, ...]
    below: tuple[Box, ...]
    box: Box
    line: float
    head: float
    foot: float


def placed(sizes: Sequence[Size]) -> list[Group]:
    """The places of groups in their order; tiles are as large as the canvas allows. No group, no place.

    Groups stand in one row, or in several where that makes tiles larger; where names cannot be read above the line
    as well, tiles above it are smaller, and those below keep theirs.
    """
    if not sizes:
        return []
    choices = [
        (_worth(height, division), bands, height, division)
        for n_bands in range(1, min(_MOST_BANDS, len(sizes)) + 1)
        for bands in [_bands(sizes, n_bands)]
        for division in (_DIVISIONS if any(size.above for size in sizes) else _DIVISIONS[:1])
        if (height := _tallest(bands, division))
    ]
    if not choices:
        choices = [((0.0, 0.0), _bands(sizes, 1), float(_TILES[-1]), _DIVISIONS[-1])]
    _, bands, height, division = max(choices, key=lambda choice: choice[0])
    return _stand(bands, height, division)


def _worth(height: float, division: int) -> tuple[float, float]:
    """Names on all tiles first, then large tiles."""
    return (1 / division, height) if height >= _LEAST_TILE else (0.0, height / division)


def _bands(sizes: Sequence[Size], n_bands: int) -> list[list[Size]]:
    """Groups in their order cut into so many rows of about as many tiles."""
    total, bands, n = sum(size.above + size.below for size in sizes), [[]], 0  # type: ignore[var-annotated]
    for index, size in enumerate(sizes):
        n_left = n_bands - len(bands)
        is_full = n >= total * len(bands) / n_bands or len(sizes) - index <= n_left
        if bands[-1] and n_left and is_full:
            bands.append([])
        bands[-1].append(size)
        n += size.above + size.below
    return bands


def _tallest(bands: Sequence[Sequence[Size]], division: int) -> float:
    """The height of the largest tiles with which all bands fit, 0 where none do."""
    for height in _TILES:
        widths = [_widths(band, height, division) for band in bands]
        if (
            all(widths)
            and sum(
                _HEAD + _FOOT + sum(_depths(band, width, height, division))
                for band, width in zip(bands, widths, strict=True)
            )
            <= HEIGHT
        ):
            return float(height)
    return 0.0


def _widths(band: Sequence[Size], height: float, division: int) -> list[int]:
    """How many tiles wide each group is, [] where the band is too wide: the fullest group gets the next column."""
    width = height * _RATIO + _GAP
    n_all = int((WIDTH - _BETWEEN * (len(band) - 1)) // width)
    wide = [max(1, math.ceil(_HEAD_WIDTH / width))] * len(band)
    if sum(wide) > n_all:
        return []
    for _ in range(n_all - sum(wide)):
        rows = [(size.above / division**2 + size.below) / n for size, n in zip(band, wide, strict=True)]
        fullest = rows.index(max(rows))
        if rows[fullest] <= 1:
            break
        wide[fullest] += 1
    return wide


def _depths(band: Sequence[Size], wide: Sequence[int], height: float, division: int) -> tuple[float, float]:
    """The heights of what stands above and below the line of a band."""
    pairs = list(zip(band, wide, strict=True))
    above = max(math.ceil(size.above / (n * division)) for size, n in pairs)
    below = max(math.ceil(size.below / n) for size, n in pairs)
    return above * (height + _GAP) / division, below * (height + _GAP)


def _stand(bands: Sequence[Sequence[Size]], height: float, division: int) -> list[Group]:
    widths = [_widths(band, height, division) or [1] * len(band) for band in bands]
    depths = [_depths(band, wide, height, division) for band, wide in zip(bands, widths, strict=True)]
    free = max(0.0, HEIGHT - sum(_HEAD + _FOOT + above + below for above, below in depths))
    step, top, groups = height * _RATIO + _GAP, free / (len(bands) + 1) * 0.6, []
    for band, wide, (above, below) in zip(bands, widths, depths, strict=True):
        line = top + _HEAD + above
        x = (WIDTH - sum(wide) * step - _BETWEEN * (len(band) - 1)) / 2
        for size, n in zip(band, wide, strict=True):
            small = Box(x, line, step / division, (height + _GAP) / division)
            high = _rows(small, size.above, n * division, up=True)
            low = _rows(Box(x, line, step, height + _GAP), size.below, n, up=False)
            ends = [line, *(box.y for box in high)], [line, *(box.y + box.height for box in low)]
            groups.append(
                Group(high, low, Box(x, top, n * step - _GAP, _HEAD + above + below), line, min(ends[0]), max(ends[1]))
            )
            x += n * step + _BETWEEN
        top = line + below + _FOOT + free / (len(bands) + 1)
    return groups


def _rows(first: Box, n: int, wide: int, *, up: bool) -> tuple[Box, ...]:
    """Boxes row by row away from the line; `first` is the one at the line with its share of the gap."""
    gap = _GAP if first.height > _LEAST_TILE else _GAP / 2
    return tuple(
        Box(
            first.x + (i % wide) * first.width,
            first.y - (i // wide + 1) * first.height if up else first.y + gap + (i // wide) * first.height,
            first.width - gap,
            first.height - gap,
        )
        for i in range(n)
    )


def listed(levels: Sequence[int]) -> list[Box]:
    """The places of the rows of an indented list in their order, flowing down columns; no level, no place."""
    n_columns = next((n for n in range(1, len(levels) + 1) if n * (HEIGHT // _LEAST_ROW) >= len(levels)), 1)
    per_column = math.ceil(len(levels) / n_columns)
    high = min(_MOST_ROW, HEIGHT / per_column) if levels else _MOST_ROW
    step = min(_MOST_COLUMN, (WIDTH + _BETWEEN) / n_columns)
    left, top = (WIDTH + _BETWEEN - n_columns * step) / 2, (HEIGHT - per_column * high) / 2
    return [
        Box(
            left + (i // per_column) * step + level * _INDENT,
            top + (i % per_column) * high,
            step - _BETWEEN - level * _INDENT,
            high - _GAP,
        )
        for i, level in enumerate(levels)
    ]


MOST_ROWS = 140
"""More rows than this are not read: what stands lowest is folded."""
_LEAST_ROW, _MOST_ROW, _MOST_COLUMN, _INDENT = 31.0, 46.0, 480.0, 26.0


ROW_HEAD = 330.0
"""What the head of a row takes of the width."""
_ROW_TILES = tuple(range(100, 9, -2))
_ROW_BETWEEN = 22.0


def rowed(sizes: Sequence[int]) -> list[tuple[Box, list[Box]]]:
    """Rows of tiles below each other, each with its whole box; a long one breaks. Tiles are as large as fits."""
    room = HEIGHT - _ROW_BETWEEN * max(len(sizes) - 1, 0)

    def deep(height: float, n: int) -> int:
        per_line = max(1, int((WIDTH - ROW_HEAD) // (height * _ROW_RATIO + _GAP)))
        return max(1, math.ceil(n / per_line))

    high = float(next((h for h in _ROW_TILES if sum(deep(h, n) for n in sizes) * (h + _GAP) <= room), _ROW_TILES[-1]))
    step, per_line = high * _ROW_RATIO + _GAP, max(1, int((WIDTH - ROW_HEAD) // (high * _ROW_RATIO + _GAP)))
    top = max(0.0, (room - sum(deep(high, n) for n in sizes) * (high + _GAP)) / 2)
    rows = []
    for n in sizes:
        boxes = [
            Box(ROW_HEAD + i % per_line * step, top + i // per_line * (high + _GAP), step - _GAP, high)
            for i in range(n)
        ]
        whole = deep(high, n) * (high + _GAP)
        rows.append((Box(0.0, top, WIDTH, whole), boxes))
        top += whole + _ROW_BETWEEN
    return rows


_ROW_RATIO = 1.75  # width of a tile of a row to its height


def text_width(text: str) -> float:
    """The width of a text in characters of full width."""
    return sum(
        1.0 if east_asian_width(letter) in "WFA" or letter in _BROAD else 0.72 if letter.isupper() else 0.58
        for letter in text
    )


_BROAD = frozenset("MW@%")


def wrapped(text: str, width: float, height: float, *, least: float = LEAST_FONT) -> tuple[float, tuple[str, ...]]:
    """The size of letters and the lines of a text in a box; no lines where not even two characters fit.

    As large as the box allows between `least` and MOST_FONT, and in whole words where letters of a comfortable size
    do; what is too long for the smallest ends in "…".
    """
    largest = _largest(lambda per_line: _broken(text, per_line), width, height, least)
    if largest and len(largest[1]) > 1:
        words = words_of(text)
        whole = _largest(lambda per_line: _filled(words, per_line), width, height, min(_COMFORTABLE, largest[0]))
        largest = whole or largest
    if largest:
        return largest
    per_line, n_lines = (width - 4) / least, int((height - 2) / (least * LEADING)) or int(height - 2 >= least)
    if per_line < 2 or n_lines < 1:
        return least, ()
    lines = _broken(text, per_line, is_even=False)
    if len(lines) <= n_lines:
        return least, lines
    kept = lines[:n_lines]
    last = kept[-1]
    while last and text_width(last) + 1 > per_line:
        last = last[:-1]
    return least, (*kept[:-1], last + "…")


def _largest(
    broken: Callable[[float], tuple[str, ...]], width: float, height: float, least: float
) -> tuple[float, tuple[str, ...]] | None:
    """The largest letters, of `least` or more, in which the lines of a text fit into a box."""
    size = MOST_FONT
    while size >= least:
        lines = broken((width - 6) / size)
        if lines and len(lines) * size * LEADING <= height - 4:
            return size, lines
        size -= 1
    return None


def _filled(words: Sequence[str], per_line: float) -> tuple[str, ...]:
    """Words in as few lines as hold them, () where one is longer than a line."""
    lines = [""]
    for word in words:
        if lines[-1] and text_width(lines[-1] + word) > per_line + 1e-6:
            lines.append("")
        lines[-1] += word
    return tuple(lines) if all(text_width(line) <= per_line + 1e-6 for line in lines) else ()


def _broken(text: str, per_line: float, *, is_even: bool = True) -> tuple[str, ...]:
    """A text in lines of about the same length, () where a line holds less than two characters."""
    if per_line < 2:
        return ()
    n_lines = math.ceil(text_width(text) / per_line)
    most = min(per_line, math.ceil(text_width(text) / n_lines)) if n_lines and is_even else per_line
    lines = [""]
    for letter in text:
        if lines[-1] and text_width(lines[-1] + letter) > most + 1e-6:
            lines.append("")
        lines[-1] += letter
    return tuple(lines)
