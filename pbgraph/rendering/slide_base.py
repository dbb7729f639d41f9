"""An empty presentation of ours: wide, in the colours of the wall, without what names a person or a machine."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RELATION
from pptx.opc.package import XmlPart
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from pbgraph.rendering.look import TONES
from pbgraph.rendering.packages import same_bytes

WIDTH, HEIGHT = 960.0, 540.0  # points
MARGIN = 12.0
TITLE = (MARGIN, 6.0, 820.0, 44.0)
TITLE_SIZE = 30
_KEPT = ("Title Slide", "Title Only")
_FONT = "微软雅黑"
_ACCENTS = ("own", "joint", "work", "must-establish", "joint-candidate", "agreed")


def new_deck() -> Deck:
    """A presentation with two layouts."""
    deck = Presentation()
    wider = WIDTH / (deck.slide_width or 1)
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = (round(side * wider * Pt(1)) for side in (shape.left, shape.width))
    _style_titles(deck)
    _dress(deck)
    _undress(deck)
    return deck


def _style_titles(deck: Deck) -> None:
    """Titles at the left, in one line above the picture."""
    holders: list[Any] = [deck.slide_master, deck.slide_layouts.get_by_name("Title Only")]
    for holder in holders:
        title = next(shape for shape in holder.placeholders if shape.placeholder_format.type.name == "TITLE")
        title.left, title.top, title.width, title.height = map(Pt, TITLE)
        title.text_frame.margin_left = title.text_frame.margin_right = 0
    style = deck.slide_master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    style.find("{*}defRPr").set("sz", str(TITLE_SIZE * 100))
    style.find("{*}defRPr").set("b", "1")


def _dress(deck: Deck) -> None:
    """Fonts and colours of the theme, which charts and new shapes take."""
    theme = deck.slide_master.part.part_related_by(RELATION.THEME)
    text = theme.blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{_FONT}"', text)
    text = re.sub(r'<a:ea typeface="[^"]*"', f'<a:ea typeface="{_FONT}"', text)
    text = re.sub(r'(script="Hans" typeface=)"[^"]*"', rf'\1"{_FONT}"', text)
    for number, tone in enumerate(_ACCENTS, start=1):
        fill = f'<a:srgbClr val="{TONES[tone].fill.removeprefix("#").upper()}"/>'
        text = re.sub(rf"(<a:accent{number}>).*?(</a:accent{number}>)", rf"\g<1>{fill}\g<2>", text, flags=re.S)
    theme._blob = text.encode("utf-8")


def _undress(deck: Deck) -> None:
    """Without the picture and the printer of the library's own file."""
    for owner, kinds in ((deck.part, (RELATION.PRINTER_SETTINGS,)), (deck.part.package, (RELATION.THUMBNAIL,))):
        for number, relation in list(owner._rels.items()):
            if relation.reltype in kinds:
                owner._rels.pop(number)
    for part in deck.part.package.iter_parts():
        if part.partname == "/docProps/app.xml" and not isinstance(part, XmlPart):
            part._blob = part.blob.replace(b"On-screen Show (4:3)", b"Widescreen").replace(
                b"Microsoft Macintosh PowerPoint", b"Microsoft Office PowerPoint"
            )


def deck_bytes(deck: Deck, *, title: str, day: str) -> bytes:
    """A presentation as a file of a day: the same slides give the same bytes."""
    day = day or "2000-01-01"
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = title, "", "", ""
    properties.created = properties.modified = datetime.fromisoformat(day)
    properties.revision = 1
    stream = BytesIO()
    deck.save(stream)
    return same_bytes(stream.getvalue(), day=day)
