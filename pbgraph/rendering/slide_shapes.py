"""What stands on a slide, as DrawingML: tiles, texts, lines and the way from one slide to the next.

Written as XML, since a slide holds hundreds of shapes and python-pptx looks through all of them for each new one.
Sizes are points.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide

from pbgraph.rendering.look import INK, Tone
from pbgraph.rendering.wall_layout import LEADING

EMU = 12700  # to the point
_FIRST_ID = 100  # those below are the layout's
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})
_HATCH = "c6cbd0"
_DECLARED = nsdecls("a", "p")
_INSETS = 'lIns="0" tIns="0" rIns="0" bIns="0"'
_MORPH = f"""
<mc:AlternateContent {nsdecls("p")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<mc:Choice xmlns:p159="http://schemas.microsoft.com/office/powerpoint/2015/09/main" Requires="p159">
<p:transition spd="slow" xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" p14:dur="1200">
<p159:morph option="byObject"/></p:transition></mc:Choice>
<mc:Fallback><p:transition spd="med"><p:fade/></p:transition></mc:Fallback>
</mc:AlternateContent>"""


@dataclass(frozen=True)
class Run:
    """Words in one look; `tone` is that of the tiles that they speak of."""

    said: str
    size: float
    colour: str = INK
    tone: Tone | None = None
    is_bold: bool = False


class Board:
    """Adds shapes to a slide, each with a number of its own."""

    def __init__(self, slide: Slide) -> None:
        self.slide, self._last = slide, _FIRST_ID

    def _add(self, shape: str) -> None:
        self.slide.shapes._spTree.append(parse_xml(shape))

    def _named(self, name: str, told: str) -> str:
        self._last += 1
        return f"<p:cNvPr id='{self._last}' name={_attribute(name)} descr={_attribute(told)}/>"

    def tile(
        self, box: Sequence[float], look: Tone, lines: Sequence[Run], *, name: str, told: str = "", rim: float = 0.75
    ) -> None:
        """A rectangle with a text in lines of its own; `told` is what is read out."""
        dash = '<a:prstDash val="dash"/>' if look.is_dashed else ""
        width, is_bare = int(rim * EMU * (2.5 if look.is_rimmed else 1)), look.edge == look.fill
        edge = "<a:ln><a:noFill/></a:ln>" if is_bare else f"<a:ln w='{width}'>{_solid(look.edge)}{dash}</a:ln>"
        self._add(
            f"<p:sp {_DECLARED}><p:nvSpPr>{self._named(name, told)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
            f"<p:spPr>{_frame(box)}<a:prstGeom prst='rect'><a:avLst/></a:prstGeom>{_fill(look)}"
            f"{edge}</p:spPr>"
            f"<p:txBody><a:bodyPr wrap='none' {_INSETS} anchor='ctr'/><a:lstStyle/>{_lines(lines)}</p:txBody></p:sp>"
        )

    def text(
        self, box: Sequence[float], paragraphs: Iterable[Sequence[Run]], *, name: str = "", align: str = "l",
        anchor: str = "t",
    ) -> None:  # fmt: skip
        """A text without a frame, in paragraphs that wrap at the box."""
        said = "".join(f"<a:p><a:pPr algn='{align}'/>{''.join(map(run, each))}</a:p>" for each in paragraphs)
        self._add(
            f"<p:sp {_DECLARED}><p:nvSpPr>{self._named(name, '')}<p:cNvSpPr txBox='1'/><p:nvPr/></p:nvSpPr>"
            f"<p:spPr>{_frame(box)}<a:prstGeom prst='rect'><a:avLst/></a:prstGeom><a:noFill/></p:spPr>"
            f"<p:txBody><a:bodyPr wrap='square' {_INSETS} anchor='{anchor}'/><a:lstStyle/>{said}</p:txBody></p:sp>"
        )

    def line(self, x: float, y: float, width: float, *, name: str, thick: float) -> None:
        """A black line from left to right."""
        self._add(
            f"<p:cxnSp {_DECLARED}><p:nvCxnSpPr>{self._named(name, '')}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
            f"<p:spPr>{_frame((x, y, width, 0))}<a:prstGeom prst='line'><a:avLst/></a:prstGeom>"
            f"<a:ln w='{int(thick * EMU)}'>{_solid('#000000')}</a:ln></p:spPr></p:cxnSp>"
        )

    def title(self, runs: Sequence[Run]) -> None:
        """The words of the slide's own title."""
        title: Any = self.slide.shapes.title
        body = title._element.txBody
        for paragraph in body.p_lst:
            body.remove(paragraph)
        body.append(parse_xml(f"<a:p {nsdecls('a')}>{''.join(map(run, runs))}</a:p>"))

    def walk(self) -> None:
        """Shapes of one name walk from the slide before to their place here; where a program cannot, slides fade."""
        self.slide._element.append(parse_xml(_MORPH))


def run(words: Run) -> str:
    """A run of text; light tones are laid behind the words, dark ones are the colour of the words."""
    tone, more, colour = words.tone, "", words.colour
    if tone is not None and tone.ink == "#ffffff":
        colour = tone.fill
    elif tone is not None:
        colour, more = tone.ink, f"<a:highlight>{_colour(tone.fill)}</a:highlight>"
    under = " u='dash'" if tone is not None and tone.is_dashed else ""
    bold = " b='1'" if words.is_bold else ""
    properties = f"<a:rPr lang='zh-CN' sz='{_size(words.size)}'{bold}{under} dirty='0'>{_solid(colour)}{more}</a:rPr>"
    return f"<a:r>{properties}<a:t>{escape(shown(words.said))}</a:t></a:r>"


def shown(text: str) -> str:
    """A text without what no reader sees and no file may hold."""
    return "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN)


def _lines(lines: Sequence[Run]) -> str:
    """One paragraph with a break after each line; a line is as high as on the wall."""
    if not lines:
        return "<a:p><a:endParaRPr lang='zh-CN' sz='800'/></a:p>"
    step = f"<a:lnSpc><a:spcPts val='{_size(max(line.size for line in lines) * LEADING)}'/></a:lnSpc>"
    return f"<a:p><a:pPr algn='ctr'>{step}</a:pPr>{'<a:br/>'.join(map(run, lines))}</a:p>"


def _size(points: float) -> int:
    return int(points * 100)


def _attribute(text: str) -> str:
    return quoteattr(shown(text))


def _frame(box: Sequence[float]) -> str:
    x, y, width, height = (round(side * EMU) for side in box)
    return f"<a:xfrm><a:off x='{x}' y='{y}'/><a:ext cx='{width}' cy='{height}'/></a:xfrm>"


def _colour(colour: str) -> str:
    return f"<a:srgbClr val='{colour.removeprefix('#')}'/>"


def _solid(colour: str) -> str:
    return f"<a:solidFill>{_colour(colour)}</a:solidFill>"


def _fill(look: Tone) -> str:
    if look.is_hatched:
        ground = f"<a:bgClr>{_colour(look.fill)}</a:bgClr>"
        return f"<a:pattFill prst='wdUpDiag'><a:fgClr>{_colour(_HATCH)}</a:fgClr>{ground}</a:pattFill>"
    return _solid(look.fill)
