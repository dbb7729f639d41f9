"""党建情况汇报.pptx: the scenes of the wall as shapes that can be edited, and the rates as a chart.

Tiles keep their names from slide to slide, so that they walk where the program knows the transition Morph.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.presentation import Presentation as Deck

from pbgraph.captions import caption
from pbgraph.rendering.blocks import Numbers, Sentences, Table
from pbgraph.rendering.document import Document
from pbgraph.rendering.look import INK, RED, TONES
from pbgraph.rendering.slide_base import HEIGHT, MARGIN, TITLE, TITLE_SIZE, WIDTH, deck_bytes, new_deck
from pbgraph.rendering.slide_chart import add_chart
from pbgraph.rendering.slide_shapes import Board, Run
from pbgraph.rendering.wall import Part, Scene, Text, Wall
from pbgraph.rendering.wall_layout import text_width
from pbgraph.rendering.wall_lettering import (
    STEP,
    SWATCH,
    extent,
    in_columns,
    in_rows,
    key_said,
    rooms,
    uncut,
    wanting,
)

LEAST, SMALLER = 12.0, 10.5  # points of a name, and of one that would be cut: no office prints smaller ones
LONGEST_TITLE = 26  # characters of full width
_MOST_PLACES, _MOST_SLIDES = 4, 12
_OTHERS = ("opening", "rates")  # slides that are no scene
_QUIET = "#5c6068"
_BETWEEN = "　"
_KEYS, _KEY_TOP = (12.0, 11.0, 10.0, 9.0), 53.0
_PICTURE_TOP, _FOOT = 76.0, 516.0
_SCALE = (WIDTH - 2 * MARGIN) / 1920
_FAR_TOP, _FAR_HIGH = 270.0, 236.0  # the wall on the first slide
_LINE = 2.4
_NUMBER_ROWS = 4
_LISTS = ((2, 16.0), (3, 14.0), (4, 12.0))  # columns and size of a list of full names
_BOLD = 1.12  # bold letters to others


def slides_bytes(wall: Wall, document: Document) -> bytes:
    """The presentation of a wall; numbers, sentences and the coverage table are those of the document."""
    deck = new_deck()
    title = caption("slides_title", wall.lang, street=wall.street)
    scenes = wall.of()
    _opening(deck, wall, document, title)
    for scene in scenes:
        _scene_slide(deck, wall, scene, _notes(wall, scene, document))
    _rates_slide(deck, wall, document)
    for scene in _places(wall):
        _scene_slide(deck, wall, scene, _notes(wall, scene, document))
    return deck_bytes(deck, title=title, day=document.as_of)


def _places(wall: Wall) -> list[Scene]:
    """The first scene of each community, those with the least coverage first where there are many."""
    worst = list(reversed(wall.communities)) if len(wall.communities) > _MOST_PLACES else list(wall.communities)
    n = min(_MOST_PLACES, _MOST_SLIDES - len(_OTHERS) - len(wall.of()))
    return [scene for place in worst[:n] if place for scene in wall.of(place)[:1]]


def title_parts(wall: Wall, scene: Scene) -> list[Part]:
    """The parts of a title in brief; the sum of the others goes where all would be too long."""
    lead, *others = scene.title
    place = [Part("", brief=scene.community)] if scene.community else []
    whole = [*place, lead, *others]
    is_long = len(_BETWEEN.join(part.brief for part in whole)) > LONGEST_TITLE
    return [*place, *others] if is_long and len(others) > 1 else whole


def _opening(deck: Deck, wall: Wall, document: Document, title: str) -> None:
    """Title, day and edition, the sentence that matters, and the wall from afar."""
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    holder = slide.shapes.title
    assert holder is not None
    board = Board(slide)
    board.title([Run(title, 44, RED, is_bold=True)])
    holder.left, holder.top, holder.width, holder.height = (round(side * 12700) for side in (48, 44, 864, 64))
    said = document.find(Sentences, "said")
    lines = said.lines if said else ()
    board.text((48, 118, 864, 24), [[Run(document.dated, 14, _QUIET)]], name="day")
    board.text((48, 158, 864, 90), [[Run(line, 22)] for line in lines[:1]], name="sentence")
    for scene in wall.of()[:1]:
        top, high = extent(scene)
        _picture(board, wall, scene, _View(_FAR_TOP - top * _FAR_HIGH / high, _FAR_HIGH / high, is_near=False))
    _finish(board, wall, [*lines, *_sources(document)])


def _scene_slide(deck: Deck, wall: Wall, scene: Scene, notes: Sequence[str]) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    board = Board(slide)
    parts = title_parts(wall, scene)
    runs: list[Run] = []
    size = min(TITLE_SIZE, TITLE[2] / (text_width(_BETWEEN.join(part.brief for part in parts)) * _BOLD))
    for part in parts:
        runs += [Run(_BETWEEN, size)] if runs else []
        runs.append(Run(part.brief, size, tone=TONES[part.tone] if part.tone else None, is_bold=True))
    board.title(runs)
    x, y, width, height = TITLE
    board.text(
        (x + width, y, WIDTH - 2 * MARGIN - width, height), [[Run(scene.label, 14, _QUIET)]], name="scene", align="r",
        anchor="ctr",
    )  # fmt: skip
    _legend(board, scene)
    _picture(board, wall, scene, _View())
    _names(board, wall, scene)
    _finish(board, wall, notes)


def _legend(board: Board, scene: Scene) -> None:
    """The key in one row, in letters as large as it allows."""
    sizes = (size for size in _KEYS if not any(row for row, _ in in_rows(scene.legend, size, WIDTH - 2 * MARGIN)))
    size = next(sizes, _KEYS[-1])
    for part, (row, x) in zip(scene.legend, in_rows(scene.legend, size, WIDTH - 2 * MARGIN), strict=True):
        left, top, said = MARGIN + x, _KEY_TOP + row * size * STEP, key_said(part)
        board.tile((left, top + size * 0.2, (SWATCH - 0.4) * size, size), TONES[part.tone], (), name=f"key {part.tone}")
        box = (left + SWATCH * size, top, text_width(said) * size * 1.1 + 4, size * STEP)
        board.text(box, [[Run(said, size)]], name=f"key {part.tone} text")


@dataclass(frozen=True)
class _View:
    """Where a picture begins on a slide, and its heights to those of the canvas; names are written from near."""

    top: float = _PICTURE_TOP
    high: float = _SCALE
    is_near: bool = True


def _picture(board: Board, wall: Wall, scene: Scene, view: _View) -> None:
    """Tiles, the line and the heads of a scene; names at `LEAST` or more, smaller where one would be cut."""
    for number, (x, y, width) in enumerate(scene.lines):
        left, top = MARGIN + x * _SCALE, view.top + y * view.high
        board.line(left, top, width * _SCALE, name=f"!!line {number}", thick=_LINE)
    for stand in scene.stands:
        tile, box, ink = wall.tiles[stand.tile], stand.box, TONES[stand.tone].ink
        size, lines, note = uncut(tile, stand, least=LEAST / _SCALE, smaller=SMALLER / _SCALE)
        named = [Run(line, size * _SCALE, ink) for line in lines] + ([Run(note, LEAST, ink)] if note else [])
        place = (MARGIN + box.x * _SCALE, view.top + box.y * view.high, box.width * _SCALE, box.height * view.high)
        told = caption("list_separator", wall.lang).join(filter(None, (tile.name, tile.community, tile.said)))
        board.tile(place, TONES[stand.tone], named if view.is_near else (), name=f"!!{tile.node}", told=told)
    for text, room in zip(scene.texts, rooms(scene, wall.width), strict=True) if view.is_near else ():
        _word(board, text, room * _SCALE)


def _names(board: Board, wall: Wall, scene: Scene) -> None:
    """The full names of the tiles about which something is to be done, below a picture that leaves room for them."""
    top, high = extent(scene)
    stands, start = wanting(scene), _PICTURE_TOP + (top + high) * _SCALE + LEAST
    choice = in_columns(len(stands), _FOOT - start - LEAST, _LISTS)
    if choice is None:
        return
    columns, size = choice
    n_rows, wide = -(-len(stands) // columns), (WIDTH - 2 * MARGIN) / columns
    for number, stand in enumerate(stands):
        column, row = divmod(number, n_rows)
        tile, x, y = wall.tiles[stand.tile], MARGIN + column * wide, start + row * size * STEP
        room = wide - (SWATCH + 0.5) * size
        said = tile.name if text_width(tile.name) * size <= room else tile.short
        board.tile((x, y + size * 0.2, (SWATCH - 0.4) * size, size), TONES[stand.tone], (), name="list")
        board.text((x + SWATCH * size, y, room, size * STEP), [[Run(said, size)]], name="list text")


def _word(board: Board, text: Text, room: float) -> None:
    """A head in two lines where it is too long for one; a note only where it can be read."""
    size = max(LEAST, text.size * _SCALE)
    is_long = text_width(text.said) * size > room
    if text.role == "note" and is_long:
        return
    size = LEAST if is_long else size
    high = size * 1.35 * (2 if is_long else 1)
    x, base = MARGIN + text.x * _SCALE, _PICTURE_TOP + text.y * _SCALE + size * 0.25
    run = Run(text.said, size, _QUIET if text.role == "note" else INK, is_bold=text.role != "note")
    name = f"!!{text.role} {text.place}" if text.place else text.role
    board.text((x - room / 2, base - high, room, high), [[run]], name=name, align="ctr", anchor="b")


def _rates_slide(deck: Deck, wall: Wall, document: Document) -> None:
    """The rates as numbers, and the coverage table of the communities as a chart."""
    rates, coverage = document.find(Numbers, "rates"), document.find(Table, "coverage")
    if rates is None or not rates.items:
        return
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    if coverage is not None and coverage.chart is not None:
        add_chart(slide, coverage, wall.communities, document.lang, (384.0, 66.0, WIDTH - 396.0, 440.0))
    board, first = Board(slide), rates.items[0]
    board.title(
        [Run(f"{first.label}{_BETWEEN}", TITLE_SIZE, is_bold=True), Run(first.said, TITLE_SIZE, RED, is_bold=True)]
    )
    for number, item in enumerate(rates.items[: 2 * _NUMBER_ROWS]):
        column, row = divmod(number, _NUMBER_ROWS)
        said = [Run(item.said, 26, RED if not number else INK, is_bold=True), Run(f"　{item.counts}", 12, _QUIET)]
        board.text((MARGIN + 8 + column * 178, 74 + row * 106, 170, 96), [said, [Run(item.label, 14)]], name="rate")
    notes = [
        caption("slides_rate", wall.lang, label=i.label, said=i.said, counts=i.counts, definition=i.definition)
        for i in rates.items
    ]
    _finish(board, wall, [*notes, *_sources(document)])


def _notes(wall: Wall, scene: Scene, document: Document) -> list[str]:
    """What is said to a scene: its title as a sentence, what matters on the street, and where it is from."""
    said = document.find(Sentences, "said")
    told = caption(
        "slides_sentence", wall.lang, parts=caption("list_clause", wall.lang).join(p.said for p in scene.title)
    )
    is_first = scene.key == "overview" and not scene.community
    return [told, *(said.lines if said and is_first else ()), *_sources(document)]


def _sources(document: Document) -> list[str]:
    """The files that were read."""
    ledger = document.find(Table, "ledger")
    files = dict.fromkeys(str(row[0]) for row in ledger.rows[:-1]) if ledger else {}
    said = caption("list_separator", document.lang).join(files)
    return [caption("slides_sources", document.lang, files=said)] if files else []


def _finish(board: Board, wall: Wall, notes: Sequence[str]) -> None:
    """The footer, the notes, the way from the slide before."""
    number = len(board.slide.part.package.presentation_part.presentation.slides)
    box = (MARGIN, _FOOT, WIDTH - 2 * MARGIN, HEIGHT - _FOOT - 4)
    board.text(box, [[Run(f"{number}　{wall.footer}", 10, _QUIET)]], name="footer")
    frame = board.slide.notes_slide.notes_text_frame
    assert frame is not None
    frame.text = "\n".join(notes)
    board.walk()
