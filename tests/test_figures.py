"""Figures in a notebook: each shows itself, or goes into the axes that it is given; the map says itself in a line."""

from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import pbgraph as pb

PLOTS = (
    pb.plot_co_building, pb.plot_coverage, pb.plot_crossing, pb.plot_management, pb.plot_meetings, pb.plot_seats,
    pb.plot_sizes,
)  # fmt: skip


@pytest.mark.parametrize("plot", PLOTS)
def test_a_figure_shows_itself(tiny: pb.Network, plot) -> None:
    figure = plot(tiny)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert figure._repr_png_() == plot(tiny)._repr_png_()
    assert len(figure.axes) == 1


@pytest.mark.parametrize("plot", PLOTS)
def test_a_figure_goes_into_given_axes(tiny: pb.Network, plot) -> None:
    figure, (left, right) = plt.subplots(1, 2, layout="constrained")
    assert plot(tiny, ax=right) is figure
    assert right.get_title(loc="left") or right.texts
    assert not left.has_data() and figure.legends == []
    figure.canvas.draw()
    plt.close(figure)


def test_the_map_says_itself_in_a_line(tiny: pb.Network, tmp_path: Path) -> None:
    assert repr(pb.MapPage("x" * 2**20)) == "MapPage(1.0 MB)"
    written = repr(pb.draw_map(tiny, tmp_path / "map.html"))
    assert "map.html" in written and "\n" not in written


def test_the_package_says_its_version_and_that_it_is_typed() -> None:
    assert pb.__version__.count(".") == 2
    assert (Path(pb.__file__).parent / "py.typed").is_file()
