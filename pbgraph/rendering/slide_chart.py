"""The coverage table as a chart of the presentation's own, in the colours of the wall."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.slide import Slide
from pptx.util import Pt

from pbgraph.captions import caption
from pbgraph.rendering.blocks import Table
from pbgraph.rendering.look import TONES
from pbgraph.rendering.slide_shapes import shown

_SERIES = (
    ("own", "own", ("own_committee", "own_general", "own_branch")),
    ("joint", "joint", ("joint",)),
    ("due", "must-establish", ("due",)),
    ("few", "joint-candidate", ("few",)),
    ("no_member", "blank", ("no_member",)),
)
"""Caption of a series, the tone it has, and the columns that add up to it."""
_LETTERS = Pt(12)


def add_chart(slide: Slide, table: Table, places: Sequence[str], lang: str, box: tuple[float, ...]) -> None:
    """A bar for each community, in the order of the wall from above; its parts add up to the units in operation.

    Without a community that has a unit there is none.
    """
    assert table.chart is not None
    counts: dict[str, list[int]] = {}
    for _, _, columns in _SERIES:
        cells = table.cells(table.headers[0], *(caption(f"col_{name}", lang) for name in columns))
        for label, *numbers in cells[table.chart.first : table.chart.last + 1]:
            counts.setdefault(str(label), []).append(sum(numbers))
    names = [name for name in reversed(places) if name in counts]
    if not names:
        return
    made: Any = CategoryChartData
    data = made(number_format="0;;")
    data.categories = [shown(name) for name in names]
    for number, (name, _, _) in enumerate(_SERIES):
        data.add_series(caption(f"col_{name}", lang), [counts[place][number] for place in names])
    shapes: Any = slide.shapes
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *map(Pt, box), data)
    frame.name = "chart"
    chart = frame.chart
    chart.has_legend, chart.has_title = True, False
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.font.size = _LETTERS
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.category_axis.format.line.fill.background()
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 35, 100, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0;;", False
    for series, (_, key, _) in zip(plot.series, _SERIES, strict=True):
        tone = TONES[key]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(tone.fill)
        series.format.line.color.rgb = _rgb(tone.edge)
        series.data_labels.show_value = True
        series.data_labels.number_format, series.data_labels.number_format_is_linked = "0;;", False
        series.data_labels.font.size, series.data_labels.font.color.rgb = _LETTERS, _rgb(tone.ink)


def _rgb(colour: str) -> Any:
    made: Any = RGBColor
    return made(*bytes.fromhex(colour.removeprefix("#")))
