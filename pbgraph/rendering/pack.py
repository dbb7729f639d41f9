"""The meeting pack: map, workbook, brief, figures, names to decide, saved network."""

from pathlib import Path

from pbgraph.linking.aliases import FILE_NAME
from pbgraph.network import Network
from pbgraph.policy import Policy
from pbgraph.reading.files import PACK
from pbgraph.rendering.brief import brief_page
from pbgraph.rendering.facts import Facts, gather
from pbgraph.rendering.figures import plot_co_building, plot_coverage, png_bytes
from pbgraph.rendering.files import write_folder
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_page import render_page
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.workbook import report_bytes, review_bytes

__all__ = ["PACK", "write_pack"]


def write_pack(network: Network, path: str | Path, *, look: Look | None = None, policy: Policy | None = None) -> Path:
    """Write the whole pack into a folder; it is complete or the earlier one is unchanged.

    Where decisions about names were given, they stand in `别名.csv` beside the rest, to be put into
    the folder of rosters for good. Returns the folder. The edition of `look` ("meeting" by
    default) holds for every file.

    Raises
    ------
    RenderError
        output-not-writable, font-missing.

    """
    facts = gather(network, look=look or Look(), policy=policy)
    return write_folder(Path(path), lambda folder: _fill(facts, folder))


def _fill(facts: Facts, folder: Path) -> None:
    figures = {
        "coverage.png": png_bytes(plot_coverage(facts.network, look=facts.look, units=facts.coverage)),
        "co_building.png": png_bytes(plot_co_building(facts.network, look=facts.look, categories=facts.categories)),
    }
    (folder / "figures").mkdir()
    for name, content in figures.items():
        (folder / "figures" / name).write_bytes(content)
    (folder / "map.html").write_text(render_page(map_spec(facts)), encoding="utf-8", newline="\n")
    (folder / "brief.html").write_text(brief_page(facts, figures), encoding="utf-8", newline="\n")
    (folder / "report.xlsx").write_bytes(report_bytes(facts))
    (folder / "review.xlsx").write_bytes(review_bytes(facts))
    if len(facts.network.decisions):
        text = facts.network.decisions.to_csv(index=False, lineterminator="\n")
        (folder / FILE_NAME).write_text(text, encoding="utf-8-sig", newline="\n")
    facts.network.edition(facts.look.edition).save(folder / "network")
