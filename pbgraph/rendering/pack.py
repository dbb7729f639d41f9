"""The meeting pack: map, workbook, brief, figures, names to decide, saved network."""

from pathlib import Path

from pbgraph.decisions import FILE_NAME
from pbgraph.network import Network
from pbgraph.policy import Policy
from pbgraph.reading.files import PACK
from pbgraph.rendering import document
from pbgraph.rendering.brief import brief_page
from pbgraph.rendering.canvas import png_bytes
from pbgraph.rendering.facts import Facts, gather
from pbgraph.rendering.figures import (
    plot_co_building,
    plot_coverage,
    plot_crossing,
    plot_management,
    plot_meetings,
    plot_seats,
    plot_sizes,
)
from pbgraph.rendering.files import write_folder
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_page import render_page
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.poster import poster_bytes
from pbgraph.rendering.style import house_style
from pbgraph.rendering.workbook import workbook_bytes
from pbgraph.text import guarded

__all__ = ["PACK", "write_pack"]


def write_pack(
    network: Network,
    path: str | Path,
    *,
    look: Look | None = None,
    policy: Policy | None = None,
    earlier: Network | None = None,
) -> Path:
    """Write the whole pack into a folder; it is complete or the earlier one is unchanged.

    Where decisions about names were given, they stand in `别名.csv` beside the rest, to be put into
    the folder of rosters for good. Returns the folder. The edition of `look` ("meeting" by
    default) holds for every file. With an `earlier` network the brief says what has changed since.

    Raises
    ------
    RenderError
        output-not-writable, font-missing.

    """
    facts = gather(network, look=look or Look(), policy=policy, earlier=earlier)
    with house_style():
        return write_folder(Path(path), lambda folder: _fill(facts, folder))


def _fill(facts: Facts, folder: Path) -> None:
    spec = map_spec(facts)
    (folder / "figures").mkdir()
    figures = _figures(facts)
    for name, content in figures.items():
        (folder / "figures" / name).write_bytes(content)
    (folder / "map.html").write_text(render_page(spec), encoding="utf-8", newline="\n")
    (folder / "poster.pdf").write_bytes(poster_bytes(spec, facts.look, ".pdf"))
    shown = {"map.png": poster_bytes(spec, facts.look, ".png")} | {name: figures[name] for name in _IN_BRIEF}
    whole = document.report(facts, shown)
    (folder / "brief.html").write_text(brief_page(document.brief(facts, whole)), encoding="utf-8", newline="\n")
    (folder / "report.xlsx").write_bytes(workbook_bytes(whole))
    (folder / "review.xlsx").write_bytes(workbook_bytes(document.review(facts)))
    if len(facts.network.decisions) and facts.look.edition != "public":
        text = facts.network.decisions.map(guarded).to_csv(index=False, lineterminator="\n")
        (folder / FILE_NAME).write_text(text, encoding="utf-8-sig", newline="\n")
    facts.shown.save(folder / "network")


_IN_BRIEF = ("coverage.png", "co_building.png")


def _figures(facts: Facts) -> dict[str, bytes]:
    """The figures that the rosters have something for, by file name."""
    network, look = facts.network, facts.look
    made = {
        "coverage.png": plot_coverage(facts.study, look=look),
        "co_building.png": plot_co_building(facts.study, look=look),
        "management.png": plot_management(facts.study, look=look),
        "crossing.png": plot_crossing(facts.study, look=look),
    }
    if not network.least_shown:  # each branch is a point at its number of members
        made["sizes.png"] = plot_sizes(facts.study, look=look)
    if len(network.tables["committees"]):
        made["seats.png"] = plot_seats(facts.study, look=look)
    if len(network.tables["meetings"]):
        made["meetings.png"] = plot_meetings(facts.study, look=look)
    return {name: png_bytes(figure) for name, figure in made.items()}
