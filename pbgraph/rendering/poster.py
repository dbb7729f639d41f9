"""The wall on paper and for chat: 挂图.pdf on A3, the street first and then each community, and one picture."""

import io
from pathlib import Path
from typing import Any

from pbgraph.captions import caption
from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.rendering.facts import gather
from pbgraph.rendering.files import write_file
from pbgraph.rendering.look import Look
from pbgraph.rendering.style import house_style
from pbgraph.rendering.wall import Scene, Wall
from pbgraph.rendering.wall_painter import Page, paint
from pbgraph.rendering.wall_scenes import wall

_A3 = (1190.55, 841.89, 34.0)  # points: width, height, margin
_PICTURE = (1200.0, 16.0)
_COLOURS = 96
_PICTURE_DPI = 144  # 2400 pixels wide
_DATED: dict[str, dict[str, None]] = {".pdf": {"CreationDate": None, "ModDate": None}, ".svg": {"Date": None}}
_STREET, _PLACE = ("overview", "plan"), ("overview",)  # the scenes of the street and of a community that are printed
_SETTINGS: Any = {
    "svg.hashsalt": "pbgraph", "svg.fonttype": "path", "hatch.linewidth": 1.6,
    "pdf.fonttype": 42, "ps.fonttype": 42,  # matplotlib 3.11 cuts the font of a PDF into pieces by the setting of PS
}  # fmt: skip


def draw_poster(network: Network, path: str | Path, *, look: Look | None = None) -> Path:
    """Write the wall on A3; the suffix of `path` says how: .pdf with a page for each community, .svg, or .png for chat.

    Raises
    ------
    RenderError
        export-suffix for another suffix; output-not-writable, font-missing.

    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in (*_DATED, ".png"):
        raise RenderError("export-suffix", path=target.name, choices="、".join((*_DATED, ".png")))
    chosen = look or Look()
    made = wall(gather(network, look=chosen))
    content = picture_bytes(made, chosen) if suffix == ".png" else poster_bytes(made, chosen, suffix)
    return write_file(target, content, is_private=chosen.edition == "internal")


def poster_bytes(made: Wall, look: Look, suffix: str = ".pdf") -> bytes:
    """The wall on A3 pages, the first of them alone as .svg; a wall without a unit is a page with its heading."""
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    width, height, margin = _A3
    heading = caption("wall_page", look.lang, street=made.street)
    page = Page(width, margin, height, heading)
    stream = io.BytesIO()
    with house_style(), matplotlib.rc_context(_SETTINGS):
        scenes = _printed(made) or [None]
        if suffix == ".svg":
            paint(made, scenes[0], page, look).savefig(stream, format="svg", metadata=_DATED[suffix])
        else:
            with PdfPages(stream, metadata={**_DATED[".pdf"], "Title": heading}) as pages:
                for scene in scenes:
                    pages.savefig(paint(made, scene, page, look))
    return stream.getvalue()


def picture_bytes(made: Wall, look: Look, *, dpi: int = _PICTURE_DPI) -> bytes:
    """The first scene as PNG."""
    import matplotlib

    width, margin = _PICTURE
    page = Page(width, margin, heading="" if made.scenes else caption("wall_page", look.lang, street=made.street))
    stream = io.BytesIO()
    with house_style(), matplotlib.rc_context(_SETTINGS):
        figure = paint(made, next(iter(made.of()), None), page, look)
        figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return _lightened(stream)


def _lightened(picture: io.BytesIO) -> bytes:
    """A PNG in as many colours as it needs: a third of its size, for chat."""
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(picture) as whole:
        whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(stream, "png")
    return stream.getvalue()


def _printed(made: Wall) -> list[Scene | None]:
    """The scenes that are pages: of the street, then of each community."""
    street = [scene for scene in made.of() if scene.key in _STREET]
    places = [scene for place in made.communities for scene in made.of(place) if scene.key in _PLACE and place]
    return [*street, *places]
