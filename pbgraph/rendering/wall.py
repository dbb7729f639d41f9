"""The wall: every unit a tile, above or below one line; scenes in which the same tiles stand otherwise.

Positions are computed once (`wall_scenes`); page, slides, picture and paper draw what stands in a `Wall` and nothing
else. Each number of a title is a set of tiles, so that what is said can be shown.
"""

from dataclasses import dataclass

from pbgraph.rendering.wall_layout import HEIGHT, WIDTH, Box


@dataclass(frozen=True)
class Tile:
    """One unit or organization, the same in every scene: `node` is its id, `tone` how it looks on the wall."""

    node: str
    name: str
    short: str
    community: str
    tone: str
    said: str


@dataclass(frozen=True)
class Stand:
    """Where a tile stands in a scene, how it looks there, its name in lines of one size, and a note below them."""

    tile: int
    box: Box
    tone: str
    size: float
    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Text:
    """A text on the canvas, centred on x, its baseline at y; `place` is the community that it names, if any."""

    x: float
    y: float
    said: str
    size: float
    role: str
    place: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a title, with its number in words, or of a key, without; and the tiles that it counts.

    `brief` says a part of a title in fewer words, for a slide.
    """

    said: str
    tone: str = ""
    tiles: tuple[int, ...] = ()
    brief: str = ""


@dataclass(frozen=True)
class Scene:
    """A picture with its title and key; `lines` are (x, y, width) of the black line."""

    key: str
    community: str
    label: str
    title: tuple[Part, ...]
    legend: tuple[Part, ...]
    stands: tuple[Stand, ...]
    texts: tuple[Text, ...]
    lines: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Wall:
    """All tiles and scenes; of each scene there is one of the street ("") and one of each community."""

    street: str
    lang: str
    tiles: tuple[Tile, ...]
    communities: tuple[str, ...]
    scenes: tuple[Scene, ...]
    footer: str
    width: float = WIDTH
    height: float = HEIGHT

    def of(self, community: str = "") -> tuple[Scene, ...]:
        """The scenes of the street or of a community in their order."""
        return tuple(scene for scene in self.scenes if scene.community == community)
