"""What every figure shares: a canvas of the width of a page, a font that has its characters, a quiet dress."""

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pbgraph.network import Network
from pbgraph.rendering.fonts import font_for, is_drawn
from pbgraph.rendering.look import INK, Look
from pbgraph.rendering.style import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

SIZE = (9.0, 4.2)  # inches: the width of an A4 page between its margins
DPI = 160
CHARACTER = 0.0165  # of the figure's width: one Chinese character of a label
_DIGITS = "0123456789.,-+%−·"
_UNDRAWN = "·"
_NO_LETTERS = frozenset({"So", "Cs", "Co", "Cn", "Cc", "Cf"})


def drawable(text: object) -> str:
    """A text with a mark in place of pictures, unassigned characters and those that no font here has."""
    return "".join(character if _is_letter(character) else _UNDRAWN for character in str(text))


def _is_letter(character: str) -> bool:
    is_known = unicodedata.category(character) not in _NO_LETTERS
    return is_known and (not character.isprintable() or character.isspace() or is_drawn(character))


class Drawing(Figure):
    """A figure that shows itself in a notebook."""

    def _repr_png_(self) -> bytes:
        return png_bytes(self)


@dataclass(frozen=True)
class Canvas:
    """Axes to draw in and a font for them: a figure of our own, or axes that are a guest in another's."""

    figure: Figure
    axes: "Axes"
    font: "FontProperties"
    is_guest: bool

    def fit(self, *, left: float, right: float, top: float, bottom: float) -> None:
        """Set the margins of a figure of our own; another's has its own."""
        if not self.is_guest:
            self.figure.subplots_adjust(left=left, right=right, top=top, bottom=bottom)

    def legend_below(self, *, columns: int) -> None:
        """One legend, below the axes."""
        small = self.font.copy()
        small.set_size(9)
        if self.is_guest:
            self.axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=columns, prop=small, frameon=False)
        else:
            self.figure.legend(loc="lower center", ncols=columns, prop=small, frameon=False)


def canvas(
    texts: Iterable[object], look: Look, *, size: tuple[float, float] = SIZE, ax: "Axes | None" = None
) -> Canvas:
    """Empty axes, those given or new ones, and a font that has every character of the texts."""
    if ax is None:
        figure, font = new_figure(texts, look, size=size)
        return Canvas(figure, figure.add_subplot(), font, is_guest=False)
    owner = ax.get_figure(root=True)
    assert owner is not None
    return Canvas(owner, ax, _font(texts, look), is_guest=True)


def new_figure(
    texts: Iterable[object], look: Look, *, size: tuple[float, float] = SIZE
) -> "tuple[Drawing, FontProperties]":
    """An empty figure, and a font that has every character of the texts."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Drawing(figsize=size, dpi=DPI)
    FigureCanvasAgg(figure)
    return figure, _font(texts, look)


def _font(texts: Iterable[object], look: Look) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(font_for("".join([*map(drawable, texts), _DIGITS]), font=look.font)))


def dress(axes: "Axes", font: "FontProperties", *, title: str, axis: str = "", is_counted: bool = True) -> None:
    """Title at the left, no frame, labels in the font; whole numbers below where things are counted."""
    from matplotlib.ticker import MaxNLocator

    axes.set_title(title, fontproperties=font, fontsize=14, color=INK, loc="left")
    axes.set_xlabel(axis, fontproperties=font, fontsize=10)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if is_counted:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    letter(axes, font)


def letter(axes: "Axes", font: "FontProperties", *, size: float = 10.5) -> None:
    """Put the labels of both axes in the font."""
    for label in (*axes.get_yticklabels(), *axes.get_xticklabels()):
        label.set_fontproperties(font)
        label.set_fontsize(size)


def nothing_to_draw(axes: "Axes", font: "FontProperties", said: str) -> None:
    """A sentence in the middle of an empty axis."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, said, fontproperties=font, fontsize=12, ha="center", va="center", transform=axes.transAxes)


def in_order(network: Network, found: Iterable[object]) -> list[str]:
    """The communities that have something, in the office's order; others follow by name."""
    have = {str(name) for name in found}
    names = [name for name in network.community_names() if name in have]
    return names + sorted(have - set(names))


def png_bytes(figure: Figure) -> bytes:
    """A figure as PNG, the same bytes for the same figure."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None})
    return stream.getvalue()
