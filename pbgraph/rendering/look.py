"""How outputs look: one frozen object passed to every renderer, and the palette.

Red is kept for organizations and what they cover. Gaps are yellow with a dark edge and, on the map, a shape of
their own, so that they differ from red in lightness and form, not in hue alone. One hue means one thing everywhere.
"""

from dataclasses import dataclass

from pbgraph.captions import LANGUAGES
from pbgraph.editions import EDITIONS
from pbgraph.errors import PolicyError


@dataclass(frozen=True)
class Look:
    """Language ("zh" or "en"), edition, and of the user's choice a font file and a .docx with the styles of reports.

    A language or edition that does not exist raises PolicyError (bad-option).
    """

    lang: str = "zh"
    edition: str = "meeting"
    font: str | None = None
    word_template: str | None = None

    def __post_init__(self) -> None:
        for option, value, choices in (("lang", self.lang, LANGUAGES), ("edition", self.edition, EDITIONS)):
            if value not in choices:
                raise PolicyError("bad-option", option=option, value=value, choices="、".join(choices))


@dataclass(frozen=True)
class Mark:
    """How one kind of node is drawn: shape, fill, edge and radius in map units."""

    shape: str
    fill: str
    edge: str
    radius: float
    is_dashed: bool = False


MARKS = {
    "street": Mark("star", "#b3121d", "#7d0a12", 34),
    "community": Mark("dot", "#c8202c", "#8d0f18", 24),
    "place": Mark("dot", "#f4ece0", "#8d0f18", 14),
    "organization": Mark("dot", "#dd5a5f", "#a32a30", 11),
    "joint": Mark("hexagon", "#dd5a5f", "#7d0a12", 12),
    "temporary": Mark("dot", "#fbe9e9", "#a32a30", 11, is_dashed=True),
    "committee": Mark("diamond", "#2b5c8a", "#173a5c", 17),
    "outside": Mark("square", "#5d6673", "#3a414b", 12),
    "covered": Mark("square", "#a30d17", "#7d0a12", 6),
    "work": Mark("square", "#f3d3cf", "#a30d17", 6),
    "split-due": Mark("triangleDown", "#c24a43", "#ffd21f", 8),
    "must-establish": Mark("triangle", "#ffd21f", "#000000", 10),
    "borderline": Mark("triangleDown", "#ffe894", "#7a5300", 8),
    "joint-candidate": Mark("triangle", "#fff3c4", "#7a5300", 8),
    "blank": Mark("dot", "#ffffff", "#b06a62", 6, is_dashed=True),
    "undecided": Mark("diamond", "#ffffff", "#6b6b6b", 7, is_dashed=True),
    "body": Mark("hexagon", "#e8e2f0", "#6d5a91", 7),
    "grid": Mark("square", "#efe6d2", "#8a7447", 8),
}
"""In the order of the legend. GAPS below are listed beside the map."""

STAND_IN = "place"
"""A community where it has no organization of its own: where each has one, nothing is lacking."""

GAPS = ("must-establish", "split-due", "borderline", "joint-candidate", "blank")

OTHER_COLOURS = {
    "members": "#9aa3ad",
    "organizations": "#dd5a5f",
    "units": "#c9d0ce",
    "committees": "#2b5c8a",
    "communities": "#e3d9c6",
    "grids": "#efe6d2",
    "projects": "#3f8f4f",
    "instructors": "#8c6d46",
    "meetings": "#7c93ad",
    "resources": "#a8c686",
    "bodies": "#e8e2f0",
    "records": "#d5cfc4",
}
"""Colour, by kind, of what the map does not draw and other programs do: people, places, closed units, projects."""

LAYERS = {
    "coverage": "#8aa9a4",
    "subordination": "#b9787b",
    "management": "#2b5c8a",
    "seats": "#7c93ad",
    "co_building": "#3f8f4f",
    "registration": "#8a5a9e",
    "support": "#8c6d46",
    "meetings": "#4f7f8f",
    "place": "#8a7447",
}
"""Colour of each layer of ties; a relation has the dash of its place within the layer."""

DASHES: tuple[tuple[int, ...], ...] = ((), (7, 4), (2, 4), (10, 4, 2, 4), (5, 2, 2, 2, 2, 2), (14, 5), (1, 6))

STATE_HATCHES = {
    "must-establish": "//",
    "split-due": "\\\\",
    "borderline": "..",
    "joint-candidate": "xx",
    "blank": "--",
}
CATEGORY_COLOURS = ("#c8202c", "#2b5c8a", "#3f7a70", "#f5b433", "#7a5ba6", "#8a8f98", "#b0662f", "#6f9a3a", "#3d4350")
ORIGIN_COLOURS = (
    "#88ccee", "#117733", "#ddcc77", "#cc6677", "#332288", "#44aa99", "#aa4499", "#999933", "#882255", "#661100",
    "#6699cc", "#888888", "#bbcc33",
)  # fmt: skip
"""For up to thirteen kinds, told apart by colour-blind readers (Tol, "muted" and "light")."""


@dataclass(frozen=True)
class Tone:
    """How a tile is drawn: fill, letters, edge; dashed, or hatched where nothing is known."""

    fill: str
    ink: str
    edge: str
    is_dashed: bool = False
    is_hatched: bool = False
    is_rimmed: bool = False


TONES = {
    "own": Tone("#a30d17", "#ffffff", "#a30d17"),
    "joint": Tone("#c24a43", "#ffffff", "#c24a43"),
    "split-due": Tone("#c24a43", "#ffffff", "#ffd21f", is_rimmed=True),
    "work": Tone("#f3d3cf", "#4a1512", "#f3d3cf"),
    "must-establish": Tone("#ffd21f", "#000000", "#000000", is_rimmed=True),
    "borderline": Tone("#ffe894", "#000000", "#ffe894"),
    "joint-candidate": Tone("#fff3c4", "#000000", "#f0dfa0"),
    "blank": Tone("#ffffff", "#3a2a28", "#b06a62", is_dashed=True),
    "unknown": Tone("#eceef0", "#3c4147", "#9aa0a6", is_hatched=True),
    "contradictory": Tone("#ffd21f", "#000000", "#000000", is_rimmed=True),
    "missing": Tone("#fff3c4", "#000000", "#f0dfa0"),
    "agreed": Tone("#e6e6e6", "#33363a", "#e6e6e6"),
    "level-1": Tone("#a30d17", "#ffffff", "#a30d17"),
    "level-2": Tone("#c24a43", "#ffffff", "#c24a43"),
    "level-3": Tone("#ffffff", "#4a1512", "#a30d17"),
    "level-4": Tone("#ffffff", "#4a1512", "#d8a29c"),
    "outside": Tone("#d9dbde", "#1d1f22", "#d9dbde"),
    "ties-0": Tone("#ffe894", "#000000", "#ffe894"),
    "ties-1": Tone("#f3d3cf", "#4a1512", "#f3d3cf"),
    "ties-2": Tone("#c24a43", "#ffffff", "#c24a43"),
    "ties-3": Tone("#a30d17", "#ffffff", "#a30d17"),
    "committee": Tone("#3d4350", "#ffffff", "#3d4350"),
    "place": Tone("#ffffff", "#26282c", "#5d6673"),
    "thing": Tone("#f1ece2", "#33302a", "#cfc5b2"),
    "aside": Tone("#f4f1ee", "#5a5653", "#b9b2aa"),
}
"""In the order of the key. Red is the organization, yellow what is lacking, grey what is not known or needs nothing."""

BODY_TONES = {
    "committees": "committee", "communities": "place", "grids": "place", "projects": "thing", "instructors": "thing",
    "meetings": "thing", "resources": "thing", "bodies": "thing", "records": "thing",
}  # fmt: skip
"""How what is neither unit nor organization is drawn where ties are shown, by its table."""

STATE_COLOURS = {
    state: "#f4f1ee" if TONES[state].is_dashed else TONES[state].fill
    for state in ("own", "joint", "work", "split-due", "must-establish", "borderline", "joint-candidate", "blank")
}
"""The same colours in figures, where white paper is no mark."""

TILE_SIDES = {
    "own": "covered", "joint": "covered", "split-due": "covered", "work": "work",
    "must-establish": "below", "borderline": "below", "joint-candidate": "below", "blank": "below", "unknown": "below",
}  # fmt: skip
"""On which side of the line a state stands, from the line outwards."""

TILE_PLANS = {
    "branch": ("must-establish", "split-due"),
    "joint": ("borderline", "joint-candidate"),
    "instructor": ("blank",),
}
"""What closes the gaps of which states."""

WANTING = (
    *(tone for tone, side in TILE_SIDES.items() if side == "below" or any(tone in own for own in TILE_PLANS.values())),
    "contradictory", "missing",
)  # fmt: skip
"""The looks of what somebody has to do something about."""

INK = "#26282c"
QUIET = "#9aa3ad"
RED = "#b3121d"
