"""Matplotlib figures: one look, Chinese or English, each usable alone.

Each gives its figure, which shows itself in a notebook. With `ax` it is drawn there and the figure is that of the axes.
"""

from typing import TYPE_CHECKING

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.co_building import co_building_categories
from pbgraph.analyses.coverage import STATES, coverage
from pbgraph.analyses.management import dual_management
from pbgraph.analyses.membership import membership
from pbgraph.analyses.structure import crossing_ties
from pbgraph.analyses.study import Study, study_of
from pbgraph.captions import caption
from pbgraph.network import Network
from pbgraph.rendering.canvas import (
    CHARACTER,
    canvas,
    drawable,
    dress,
    in_order,
    letter,
    nothing_to_draw,
)
from pbgraph.rendering.look import CATEGORY_COLOURS, INK, ORIGIN_COLOURS, QUIET, RED, STATE_COLOURS, STATE_HATCHES, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SMALLEST_SHOWN = 2  # a segment of one unit has no room for its number
_MONTHS = 12
_LONGEST = 16  # characters of a label
_DARK = 128  # luminance below which ink cannot be read


def plot_coverage(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw the units in operation of each community, stacked by how they are covered.

    No unit gives an empty axis.
    """
    chosen, study = look or Look(), study_of(network)
    rows = coverage(study)
    scope = rows[rows["is_in_scope"].astype(bool)]
    counts = scope.groupby(["community", "state"]).size().unstack(fill_value=0)
    labels = {state: schema.vocabulary("coverage_state").label(state, lang=chosen.lang) for state in STATES}
    shown = counts.reindex(
        columns=[state for state in STATES if state in counts], index=in_order(study.network, counts.index)
    )
    return _stacked(
        shown, labels, STATE_COLOURS, title=caption("figure_coverage", chosen.lang),
        axis=caption("axis_units", chosen.lang), look=chosen, ax=ax,
    )  # fmt: skip


def plot_co_building(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw the active co-building ties of each community, stacked by category."""
    chosen, study = look or Look(), study_of(network)
    rows = co_building_categories(study)
    counts = rows.pivot_table(index="community", columns="category", values="n_ties", aggfunc="sum", fill_value=0)
    codes = [code for code in schema.vocabulary("cooperation").rows if code in counts]
    labels = {code: schema.vocabulary("cooperation").label(code, lang=chosen.lang) for code in codes}
    return _stacked(
        counts.reindex(columns=codes, index=in_order(study.network, counts.index)), labels,
        dict(zip(codes, CATEGORY_COLOURS, strict=False)),
        title=caption("figure_categories", chosen.lang), axis=caption("axis_ties", chosen.lang), look=chosen, ax=ax,
    )  # fmt: skip


def plot_seats(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw the seats of each big Party committee, stacked by the kind of unit that their holders come from."""
    chosen, network = look or Look(), study_of(network).network
    seats = network.ties[
        (network.ties["relation"] == "holds_post") & network.ties["target_id"].str.startswith("committee:")
    ]
    works = network.ties[(network.ties["relation"] == "works_at") & network.ties["source_id"].isin(seats["source_id"])]
    unit_of = works.sort_values("target_id").drop_duplicates("source_id").set_index("source_id")["target_id"]
    units = network.tables["units"]
    kind_of = units.set_index("unit_id")["unit_type"] if "unit_type" in units else pd.Series(dtype="str")
    kinds = schema.vocabulary("unit_type")
    unknown = caption("origin_unknown", chosen.lang)
    origin = seats["source_id"].map(unit_of).map(kind_of)
    named = [kinds.label(code, lang=chosen.lang) if isinstance(code, str) else unknown for code in origin]
    committees = dict(
        zip(network.tables["committees"]["committee_id"], network.tables["committees"]["name"], strict=True)
    )
    rows = pd.DataFrame({"committee": seats["target_id"].map(committees), "origin": named})
    counts = rows.groupby(["committee", "origin"]).size().unstack(fill_value=0)
    order = [kinds.label(code, lang=chosen.lang) for code in kinds.rows]
    columns = [label for label in order if label in counts] + [unknown] * (unknown in counts)
    colours = dict(zip([c for c in columns if c != unknown], ORIGIN_COLOURS, strict=False)) | {unknown: "#c9c5bd"}
    return _stacked(
        counts.reindex(columns=columns), {name: name for name in columns}, colours,
        title=caption("figure_seats", chosen.lang), axis=caption("axis_seats", chosen.lang), look=chosen, ax=ax,
    )  # fmt: skip


def plot_management(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw the organizations with a superior outside the street: superiors by communities, darker where more."""
    chosen, study = look or Look(), study_of(network)
    rows = dual_management(study)
    rows = rows[rows["is_outside"].fillna(value=False).astype(bool) & rows["community"].notna()]
    title = caption("figure_management", chosen.lang)
    counts = rows.groupby(["superior", "community"]).size().unstack(fill_value=0)
    places = in_order(study.network, counts.columns)
    counts = counts.reindex(columns=places).loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    empty = caption("figure_nothing", chosen.lang)
    size = (9.0, max(2.6, 1.5 + 0.34 * len(counts)))
    board = canvas([title, empty, *counts.index, *places], chosen, size=size, ax=ax)
    axes, font = board.axes, board.font
    if counts.empty:
        nothing_to_draw(axes, font, empty)
        return board.figure
    axes.imshow(counts.to_numpy(), cmap="Reds", aspect="auto", vmin=0, vmax=max(3, int(counts.to_numpy().max())))
    for row, values in enumerate(counts.to_numpy()):
        for column, value in enumerate(values):
            if value:
                colour = "white" if value >= 2 else INK
                axes.text(column, row, str(value), ha="center", va="center", fontproperties=font, color=colour)
    axes.set_xticks(range(len(places)), [_cut(name) for name in places])
    axes.set_yticks(range(len(counts)), [_cut(name) for name in counts.index])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontproperties=font, fontsize=14, color=INK, loc="left")
    letter(axes, font, size=9.5)
    board.fit(left=0.02 + CHARACTER * _longest(counts.index), right=0.98, top=1 - 0.55 / size[1], bottom=0.5 / size[1])
    return board.figure


def plot_sizes(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw the members of each branch by community, with the numbers of rules A8, A10 and A6 as lines."""
    chosen, study = look or Look(), study_of(network)
    rules = study.policy
    rows = membership(study)
    branch = schema.vocabulary("organization_category").codes(is_branch="true")
    rows = rows[rows["org_type"].isin(branch) & (rows["n_members"] > 0) & rows["community"].notna()]
    places = in_order(study.network, rows["community"])
    lines = {
        rules.number("A8", "branch"): caption("line_branch", chosen.lang),
        rules.number("A10", "general"): caption("line_general", chosen.lang),
    }
    title, axis = caption("figure_sizes", chosen.lang), caption("axis_members", chosen.lang)
    empty = caption("figure_nothing", chosen.lang)
    board = canvas([title, axis, empty, *places, *lines.values()], chosen, ax=ax)
    axes, font = board.axes, board.font
    if rows.empty:
        nothing_to_draw(axes, font, empty)
        return board.figure
    height = {name: number for number, name in enumerate(places)}
    nth = rows.groupby(["community", "n_members"]).cumcount()
    y = rows["community"].map(height) + (nth % 5 - 2) * 0.14
    most = rules.number("A6", "most")
    colours = [RED if n > most else QUIET for n in rows["n_members"]]
    axes.scatter(rows["n_members"], y, c=colours, s=30, alpha=0.75, linewidths=0)
    for number, said in lines.items():
        axes.axvline(number, color=STATE_COLOURS["must-establish"], linewidth=1.2, linestyle="--")
        axes.text(number + 0.6, -0.72, said, fontproperties=font, fontsize=9, color=INK, va="center")
    axes.set_yticks(range(len(places)), [_cut(name) for name in places])
    axes.set_ylim(len(places) - 0.4, -1)
    axes.set_xlim(left=0)
    dress(axes, font, title=title, axis=axis)
    board.fit(left=0.03 + CHARACTER * _longest(places), right=0.98, top=0.9, bottom=0.15)
    return board.figure


def plot_meetings(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw a strip of the last twelve months for each community: how many meetings and activities are on record."""
    chosen, network = look or Look(), study_of(network).network
    held = network.tables["meetings"]
    title, empty = caption("figure_meetings", chosen.lang), caption("figure_no_meetings", chosen.lang)
    months = _last_months(network.as_of)
    rows = (
        held[held["community"].notna() & held["meeting_date"].notna()]
        if {"community", "meeting_date"} <= set(held)
        else held.head(0)
    )
    counts = pd.DataFrame()
    if len(rows) and months:
        month = rows["meeting_date"].str.slice(0, 7)
        counts = rows.groupby([rows["community"], month]).size().unstack(fill_value=0)
        counts = counts.reindex(columns=months, index=in_order(network, rows["community"]), fill_value=0)
    board = canvas([title, empty, *counts.index, *months], chosen, size=(9.0, max(2.4, 1.3 + 0.4 * len(counts))), ax=ax)
    axes, font = board.axes, board.font
    if counts.empty:
        nothing_to_draw(axes, font, empty)
        return board.figure
    axes.imshow(counts.to_numpy(), cmap="Greens", aspect="auto", vmin=0, vmax=max(4, int(counts.to_numpy().max())))
    for row, values in enumerate(counts.to_numpy()):
        for column, value in enumerate(values):
            said, colour = (str(value), INK if value < 3 else "white") if value else ("—", "#b0620a")
            axes.text(column, row, said, ha="center", va="center", fontproperties=font, color=colour)
    axes.set_xticks(range(len(months)), [month[2:] for month in months])
    axes.set_yticks(range(len(counts)), [_cut(name) for name in counts.index])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontproperties=font, fontsize=14, color=INK, loc="left")
    letter(axes, font, size=9.5)
    board.fit(left=0.03 + CHARACTER * _longest(counts.index), right=0.98, top=0.82, bottom=0.16)
    return board.figure


def _last_months(day: str) -> list[str]:
    if not day:
        return []
    last = int(day[:4]) * 12 + int(day[5:7]) - 1
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(last - _MONTHS + 1, last + 1)]


def plot_crossing(network: Network | Study, *, look: Look | None = None, ax: "Axes | None" = None) -> "Figure":
    """Draw which share of the co-building ties of each community leads to another community."""
    from matplotlib.ticker import PercentFormatter

    chosen, study = look or Look(), study_of(network)
    rows = crossing_ties(study, by="community")
    rows = rows[(rows["group"] != "*") & rows["ei_index"].notna()].set_index("group")
    places = in_order(study.network, rows.index)
    title, axis = caption("figure_crossing", chosen.lang), caption("axis_crossing", chosen.lang)
    empty = caption("figure_nothing", chosen.lang)
    board = canvas([title, axis, empty, *places], chosen, ax=ax)
    axes, font = board.axes, board.font
    if rows.empty:
        nothing_to_draw(axes, font, empty)
        return board.figure
    shares = ((1 + rows["ei_index"].reindex(places).astype(float)) / 2).tolist()
    bars = axes.barh([_cut(name) for name in places], shares, color=STATE_COLOURS["joint"])
    axes.bar_label(bars, [f"{share:.0%}" for share in shares], padding=4, fontproperties=font, fontsize=9)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.set_xlim(0, 1.1)
    axes.invert_yaxis()
    dress(axes, font, title=title, axis=axis, is_counted=False)
    board.fit(left=0.03 + CHARACTER * _longest(places), right=0.98, top=0.9, bottom=0.16)
    return board.figure


def _cut(name: object) -> str:
    text = drawable(name)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _longest(names: object) -> int:
    return max((len(_cut(name)) for name in names), default=0)  # type: ignore[attr-defined]


def _ink_on(fill: str) -> str:
    """White letters on dark fills, ink on the others."""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return "white" if 0.3 * red + 0.59 * green + 0.11 * blue < _DARK else INK


def _stacked(
    counts: pd.DataFrame,
    labels: dict[str, str],
    colours: dict[str, str],
    *,
    title: str,
    axis: str,
    look: Look,
    ax: "Axes | None",
) -> "Figure":
    board = canvas([title, axis, *counts.index, *labels.values()], look, ax=ax)
    axes, font = board.axes, board.font
    left = pd.Series(0, index=counts.index)
    for key in counts.columns:
        values = counts[key]
        bars = axes.barh(
            [_cut(name) for name in counts.index], values, left=left, color=colours[key], edgecolor="white",
            hatch=STATE_HATCHES.get(key), label=labels[key],
        )  # fmt: skip
        shown = [str(v) if v >= _SMALLEST_SHOWN else "" for v in values]
        axes.bar_label(bars, shown, label_type="center", fontproperties=font, fontsize=9, color=_ink_on(colours[key]))
        left = left + values
    axes.invert_yaxis()
    dress(axes, font, title=title, axis=axis)
    board.fit(left=0.02 + CHARACTER * _longest(counts.index), right=0.98, top=0.9, bottom=0.27)
    if len(counts.columns):
        board.legend_below(columns=min(4, len(counts.columns)))
    return board.figure
