"""A scene of the wall painted on a page by matplotlib: for paper as vectors with real text, for chat as a picture.

matplotlib, since the figures need it anyway, one painter gives PDF, SVG and PNG, and it embeds the part of a TrueType
font that is used (type 42), which a reader can search and copy. reportlab would be a second library, takes no font of a
collection with PostScript outlines, and draws no PNG.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pbgraph.rendering.canvas import Drawing, drawable, new_figure
from pbgraph.rendering.look import INK, RED, TONES, Look
from pbgraph.rendering.short_names import short_community
from pbgraph.rendering.wall import Part, Scene, Stand, Tile, Wall
from pbgraph.rendering.wall_layout import LEADING, LEAST_FONT, text_width
from pbgraph.rendering.wall_lettering import STEP, SWATCH, extent, fitted, in_columns, in_rows, key_said, wanting

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_POINTS = 72  # to the inch
_QUIET = "#5c6068"
_HATCH = "#c6cbd0"
_RISE = 0.36  # from the middle of a line to its baseline, in sizes of letters
_PAD = 0.4  # beside the words of a part of a title
_HEADING, _MOST_TITLE, _KEY, _FOOTER = 38.0, 30.0, 13.0, 9.0
_LEAST = 8.5  # points of a name on paper
_TITLE_ROOM, _KEY_ROOM, _FOOTER_ROOM, _HEADING_ROOM = 46.0, 22.0, 20.0, 62.0
_LISTS = ((2, 17.0), (3, 14.0), (4, 12.0), (5, 10.5))  # columns and size of a list of full names
_LINE = 4.5  # the black line, in units of the canvas


@dataclass(frozen=True)
class Page:
    """A page in points: its width, the white around, and its height where that is given; with a heading or none."""

    width: float
    margin: float
    height: float = 0.0
    heading: str = ""

    @property
    def inner(self) -> float:
        """What is left between the margins."""
        return self.width - 2 * self.margin


def paint(wall: Wall, scene: Scene | None, page: Page, look: Look) -> Drawing:
    """A page with the title of a scene, its key, its tiles and the footer; without a scene the heading and footer."""
    keys = in_rows(scene.legend, _KEY, page.inner) if scene else []
    above = page.margin + (_HEADING_ROOM if page.heading else 0.0) + _TITLE_ROOM
    above += _KEY_ROOM * (keys[-1][0] + 1 if keys else 0)
    scale = page.inner / wall.width
    whole = page.height or above + wall.height * scale + _FOOTER_ROOM + page.margin
    figure, font = new_figure(_texts(wall, scene, page), look, size=(page.width / _POINTS, whole / _POINTS))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, page.width), ylim=(whole, 0))
    axes.set_axis_off()
    brush = _Brush(axes, font)
    if page.heading:
        brush.write(page.margin, page.margin + _HEADING, page.heading, _HEADING, RED, align="left")
    if scene:
        _title(brush, scene.title, page, above - _KEY_ROOM * (keys[-1][0] + 1 if keys else 0) - 16)
        for part, (row, x) in zip(scene.legend, keys, strict=True):
            _key(brush, part, page.margin + x, above - 4 - _KEY_ROOM * (keys[-1][0] - row))
        _body(brush, wall, scene, page, (above, whole - _FOOTER_ROOM - page.margin))
    brush.write(page.margin, whole - page.margin, wall.footer, _FOOTER, _QUIET, align="left")
    return figure


def _texts(wall: Wall, scene: Scene | None, page: Page) -> list[str]:
    """Everything that a page says, so that a font is chosen that has it."""
    said = [page.heading, wall.footer]
    if scene:
        said += [key_said(part) for part in (*scene.title, *scene.legend)] + [text.said for text in scene.texts]
        said += ["".join((*stand.lines, stand.note, wall.tiles[stand.tile].name)) for stand in scene.stands]
    return said


class _Brush:
    """Writes and draws on a page in points, y downwards."""

    def __init__(self, axes: "Axes", font: "FontProperties") -> None:
        self.axes, self.font = axes, font

    def write(self, x: float, y: float, said: str, size: float, colour: str, *, align: str = "center") -> None:
        """A text with its baseline at y."""
        self.axes.text(
            x, y, drawable(said), fontproperties=self.font, fontsize=size, color=colour, ha=align, va="baseline",
            parse_math=False,
        )  # fmt: skip

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], tone: str, rim: float) -> None:
        """Rectangles of one tone, drawn at once."""
        from matplotlib.collections import PolyCollection

        look = TONES[tone]
        corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in boxes]
        more: dict[str, Any] = {"linestyles": (0, (4, 2.5))} if look.is_dashed else {}
        if look.is_hatched:
            more |= {"hatch": "///", "hatchcolor": _HATCH}
        width = rim * (2.5 if look.is_rimmed else 0.0 if look.edge == look.fill else 1.0)
        self.axes.add_collection(
            PolyCollection(corners, facecolors=look.fill, edgecolors=look.edge, linewidths=width, **more),
            autolim=False,
        )


def _title(brush: _Brush, parts: Sequence[Part], page: Page, y: float) -> None:
    """A title in one line; its parts stand on the colour of the tiles that they count."""
    wide = [text_width(part.said) + (2 * _PAD if part.tone else 0.0) for part in parts]
    size = min(_MOST_TITLE, page.inner / (sum(wide) + 0.4 * len(parts)))
    x = page.margin
    for part, width in zip(parts, wide, strict=True):
        if part.tone:
            brush.boxes([(x, y - size * 0.98, width * size, size * 1.32)], part.tone, 1.0)
            brush.write(x + width * size / 2, y, part.said, size, TONES[part.tone].ink)
        else:
            brush.write(x, y, part.said, size, INK, align="left")
        x += (width + 0.4) * size


def _key(brush: _Brush, part: Part, x: float, y: float) -> None:
    brush.boxes([(x, y - _KEY * 0.86, (SWATCH - 0.4) * _KEY, _KEY)], part.tone, 0.9)
    brush.write(x + SWATCH * _KEY, y, key_said(part), _KEY, INK, align="left")


def _scene(brush: _Brush, wall: Wall, scene: Scene, scale: float, left: float, top: float) -> None:
    """Tiles, the line, and the texts around them."""
    from matplotlib.collections import LineCollection

    by_tone: dict[str, list[tuple[float, float, float, float]]] = {}
    for stand in scene.stands:
        x, y, width, height = (side * scale for side in stand.box)
        by_tone.setdefault(stand.tone, []).append((left + x, top + y, width, height))
        _name(brush, wall.tiles[stand.tile], stand, scale, left, top)
    for tone, boxes in by_tone.items():
        brush.boxes(boxes, tone, 1.6 * scale)
    lines = [
        [(left + x * scale, top + y * scale), (left + (x + w) * scale, top + y * scale)] for x, y, w in scene.lines
    ]
    brush.axes.add_collection(LineCollection(lines, colors="#000000", linewidths=_LINE * scale), autolim=False)
    for text in scene.texts:
        colour = _QUIET if text.role == "note" else INK
        brush.write(left + text.x * scale, top + text.y * scale, text.said, text.size * scale, colour)


def _body(brush: _Brush, wall: Wall, scene: Scene, page: Page, room: tuple[float, float]) -> None:
    """The tiles of a scene, and below them the full names of those without an organization, where a page has room."""
    scale = page.inner / wall.width
    top, high = extent(scene)
    start = room[0] + _KEY_ROOM / 2
    free = room[1] - start - high * scale - _KEY_ROOM
    names = wanting(scene)
    listed = in_columns(len(names), free, _LISTS) if page.heading else None
    if listed is None:
        _scene(brush, wall, scene, scale, page.margin, (room[0] + room[1] - wall.height * scale) / 2)
        return
    _scene(brush, wall, scene, scale, page.margin, start - top * scale)
    told = [(wall.tiles[stand.tile], stand.tone) for stand in names]
    _names(brush, told, page, start + high * scale + _KEY_ROOM, *listed)


def _names(brush: _Brush, told: Sequence[tuple[Tile, str]], page: Page, top: float, columns: int, most: float) -> None:
    """The full names of tiles in columns, each with its community and state; those that are too long in short."""
    rows, wide = math.ceil(len(told) / columns), page.inner / columns
    for number, (tile, tone) in enumerate(told):
        column, row = divmod(number, rows)
        x, y, room = page.margin + column * wide, top + (row + 1) * most * STEP, wide - (SWATCH + 0.5) * most
        tries = [f"{name}　{short_community(tile.community)}" for name in (tile.name, tile.short)]
        said = next((each for each in tries if text_width(each) * _FOOTER <= room), tile.short)
        brush.boxes([(x, y - most * 0.86, (SWATCH - 0.4) * most, most)], tone, 0.9)
        size = min(most, room / text_width(said))
        brush.write(x + SWATCH * most, y, said, size, INK, align="left")


def _name(brush: _Brush, tile: Tile, stand: Stand, scale: float, left: float, top: float) -> None:
    """The name on a tile line by line, and its note."""
    box, ink = stand.box, TONES[stand.tone].ink
    size, lines, note = fitted(tile, stand, least=_LEAST / scale)
    small = min(size, LEAST_FONT)
    high, step = small * LEADING if note else 0.0, size * LEADING
    x, middle = left + (box.x + box.width / 2) * scale, box.y + (box.height - high) / 2
    for number, line in enumerate(lines):
        y = middle + (number - (len(lines) - 1) / 2) * step + size * _RISE
        brush.write(x, top + y * scale, line, size * scale, ink)
    if note:
        y = box.y + (box.height + len(lines) * step) / 2 + small * _RISE
        brush.write(x, top + y * scale, note, small * scale, ink)
