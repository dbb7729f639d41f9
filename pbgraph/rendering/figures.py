"""Matplotlib figures: one look, Chinese or English, each usable alone."""

import io
from typing import TYPE_CHECKING

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.co_building import co_building_categories
from pbgraph.analyses.coverage import STATES, coverage
from pbgraph.captions import caption
from pbgraph.network import Network
from pbgraph.rendering.fonts import font_for
from pbgraph.rendering.look import CATEGORY_COLOURS, INK, STATE_COLOURS, STATE_HATCHES, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

_SIZE = (9.0, 4.2)  # inches: the width of an A4 page between its margins, at 160 dpi
_DPI = 160
_CHARACTER = 0.0165  # of the figure's width: one Chinese character of a label
_SMALLEST_SHOWN = 2  # a segment of one unit has no room for its number


def plot_coverage(network: Network, *, look: Look | None = None, units: pd.DataFrame | None = None) -> "Figure":
    """Draw the units in operation of each community, stacked by how they are covered.

    `units` is the result of `coverage` where it is at hand. No unit gives an empty axis.
    """
    chosen = look or Look()
    rows = coverage(network) if units is None else units
    scope = rows[rows["is_in_scope"].astype(bool)]
    counts = scope.groupby(["community", "state"]).size().unstack(fill_value=0)
    labels = {state: schema.vocabulary("coverage_state").label(state, lang=chosen.lang) for state in STATES}
    colours = {state: STATE_COLOURS[state] for state in STATES}
    shown = counts.reindex(columns=[state for state in STATES if state in counts], index=_ordered(network, counts))
    return _stacked(
        shown,
        labels,
        colours,
        title=caption("figure_coverage", chosen.lang),
        axis=caption("axis_units", chosen.lang),
        look=chosen,
    )


def plot_co_building(network: Network, *, look: Look | None = None, categories: pd.DataFrame | None = None) -> "Figure":
    """Draw the active co-building ties of each community, stacked by category."""
    chosen = look or Look()
    rows = co_building_categories(network) if categories is None else categories
    counts = rows.pivot_table(index="community", columns="category", values="n_ties", aggfunc="sum", fill_value=0)
    codes = [code for code in schema.vocabulary("cooperation").rows if code in counts]
    labels = {code: schema.vocabulary("cooperation").label(code, lang=chosen.lang) for code in codes}
    colours = dict(zip(codes, CATEGORY_COLOURS, strict=False))
    return _stacked(
        counts.reindex(columns=codes, index=_ordered(network, counts)), labels, colours,
        title=caption("figure_categories", chosen.lang), axis=caption("axis_ties", chosen.lang), look=chosen,
    )  # fmt: skip


def _ordered(network: Network, counts: pd.DataFrame) -> list[str]:
    """The communities that have a row, in the office's order."""
    names = network.community_names()
    return [name for name in names if name in counts.index] + sorted(set(counts.index) - set(names))


def _stacked(
    counts: pd.DataFrame, labels: dict[str, str], colours: dict[str, str], *, title: str, axis: str, look: Look
) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    text = "".join([title, axis, *map(str, counts.index), *labels.values(), "0123456789"])
    font = FontProperties(fname=str(font_for(text, font=look.font)))
    figure = Figure(figsize=_SIZE, dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    left = pd.Series(0, index=counts.index)
    for key in counts.columns:
        values = counts[key]
        bars = axes.barh(
            list(counts.index),
            values,
            left=left,
            color=colours[key],
            edgecolor="white",
            hatch=STATE_HATCHES.get(key),
            label=labels[key],
        )
        axes.bar_label(
            bars,
            [str(v) if v >= _SMALLEST_SHOWN else "" for v in values],
            label_type="center",
            fontproperties=font,
            fontsize=9,
        )
        left = left + values
    _dress(axes, font, title, axis)
    longest = max((len(str(name)) for name in counts.index), default=0)
    figure.subplots_adjust(left=0.02 + _CHARACTER * longest, right=0.98, top=0.9, bottom=0.27)
    if len(counts.columns):
        small = font.copy()
        small.set_size(9)
        figure.legend(loc="lower center", ncols=min(4, len(counts.columns)), prop=small, frameon=False)
    return figure


def _dress(axes: "Axes", font: "FontProperties", title: str, axis: str) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(title, fontproperties=font, fontsize=14, color=INK, loc="left")
    axes.set_xlabel(axis, fontproperties=font, fontsize=10)
    axes.invert_yaxis()
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    for label in (*axes.get_yticklabels(), *axes.get_xticklabels()):
        label.set_fontproperties(font)
        label.set_fontsize(10.5)


def png_bytes(figure: "Figure") -> bytes:
    """A figure as PNG, the same bytes for the same figure."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=_DPI, metadata={"Software": None})
    return stream.getvalue()
