"""A font that can show the text: found by the glyphs it holds, never by its name alone."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pbgraph.errors import RenderError

_PREFERRED = (
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)
_SHOWN = 12


def font_for(text: str, *, font: str | None = None) -> Path:
    """A font file with a glyph for every character of a text.

    The user's own file comes first, then the system's Chinese fonts, then the openly licensed
    one that the package zhplot carries.

    Raises
    ------
    RenderError
        font-missing, with the characters that no font shows.

    """
    wanted = {ord(character) for character in text if character.isprintable() and not character.isspace()}
    lacking = wanted
    for path in [Path(font)] if font else _candidates():
        missing = wanted - _glyphs(path)
        if not missing:
            return path
        lacking = min(lacking, missing, key=len)
    raise RenderError("font-missing", characters="".join(chr(code) for code in sorted(lacking)[:_SHOWN]))


@cache
def is_drawn(character: str) -> bool:
    """Whether any font here has a character."""
    return any(ord(character) in _glyphs(path) for path in _candidates())


@cache
def _candidates() -> tuple[Path, ...]:
    """Fonts that are the first face of their file: of a collection, matplotlib draws that face whichever is meant."""
    from matplotlib import font_manager

    by_name = {
        entry.name: Path(entry.fname)
        for entry in font_manager.fontManager.ttflist
        if entry.weight in (400, "normal", "regular") and not getattr(entry, "index", 0)
    }
    found = [by_name[name] for name in _PREFERRED if name in by_name]
    bundled = find_spec("zhplot")
    if bundled and bundled.origin:
        found += sorted(Path(bundled.origin).parent.rglob("*.ttf"))
    return tuple(found)


@cache
def _glyphs(path: Path) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(str(path)).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
