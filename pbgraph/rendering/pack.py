"""The meeting pack: wall, slides, Word report, poster, map, workbook, figures, names to decide, network."""

from pathlib import Path

from pbgraph.captions import caption, in_every_language
from pbgraph.decisions import COLUMNS, FILE_NAME, lines_of
from pbgraph.manifest import answers_digest
from pbgraph.network import Network
from pbgraph.policy import Policy
from pbgraph.progress import Tell, steps
from pbgraph.reading.files import pack_names
from pbgraph.reading.filled import Filled, filled_in
from pbgraph.rendering import document
from pbgraph.rendering.blocks import Marked
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
from pbgraph.rendering.files import write_answerable, write_folder
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_page import render_page
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.poster import picture_bytes, poster_bytes
from pbgraph.rendering.slides import slides_bytes
from pbgraph.rendering.style import house_style
from pbgraph.rendering.wall_page import wall_page
from pbgraph.rendering.wall_scenes import wall
from pbgraph.rendering.word import word_bytes
from pbgraph.rendering.workbook import workbook_bytes
from pbgraph.text import guarded
from pbgraph.workspace import saved_network

__all__ = ["pack_names", "write_pack"]


def write_pack(
    network: Network,
    path: str | Path,
    *,
    look: Look | None = None,
    policy: Policy | None = None,
    earlier: Network | str | Path | None = None,
) -> Path:
    """Write the whole pack into a folder; it is complete or the earlier one is unchanged.

    What a person has made or changed in the folder is kept, under a name with its day where one of ours takes its
    place. A pack of the edition "internal" can be read by the user only.

    Where decisions about names were given, they stand in `别名.csv` beside the rest, to be put into
    the folder of rosters for good. Returns the folder. The edition of `look` ("meeting" by
    default) holds for every file. With an `earlier` network, or the pack it is in, the report says what
    has changed since. What somebody filled in in the lists of that pack, of an earlier workbook that is
    named instead, or of the workbook in the folder stands in the new lists.

    Raises
    ------
    RenderError
        output-not-writable, output-busy, font-missing, word-template, list-unreadable.

    """
    look = look or Look()
    earlier, filled = _earlier(earlier, Path(path), look)
    facts = gather(network, look=look, policy=policy, earlier=earlier, filled=filled)
    is_private, lang = facts.look.edition == "internal", facts.look.lang
    with house_style(), steps(len(pack_names(lang))) as tell:
        return write_folder(Path(path), lambda folder: _fill(facts, folder, tell), lang=lang, is_private=is_private)


def _earlier(earlier: Network | str | Path | None, target: Path, look: Look) -> tuple[Network | None, Filled]:
    """The network of the last meeting, and what was filled in since."""
    if earlier is None or isinstance(earlier, Network):
        return earlier, filled_in([target], edition=look.edition)
    place = Path(earlier)
    filled = filled_in([place, target], edition=look.edition, stated=place)
    return None if place.is_file() else Network.load(saved_network(place) or place), filled


def write_review(network: Network, folder: Path, *, look: Look) -> Path:
    """Write the names, sheets and columns that wait for a person alone; an answered workbook there is kept."""
    review = document.review(gather(network, look=look))
    lang, content = look.lang, workbook_bytes(review)
    target, names = folder / caption("review_name", lang), in_every_language("review_name")
    return write_answerable(target, content, answers=_answers(review), lang=lang, instead_of=names)


def write_decisions(network: Network, folder: Path, *, lang: str) -> Path:
    """Write the decisions that were used alone; a file there that a person has changed is kept."""
    return write_answerable(folder / FILE_NAME, _decisions(network), lang=lang)


def _decisions(network: Network) -> bytes:
    text: str = network.decisions.map(guarded).to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def _answers(review: document.Document) -> str:
    """The digest of the answers that a review workbook suggests: another one says that a person has answered."""
    sheets = [[table.headers, *table.rows] for table in review.tables()]
    found = [line for sheet in sheets for line in lines_of([list(map(_text, row)) for row in sheet]) or []]
    return answers_digest(tuple(line[column].strip() for column in COLUMNS) for _, line in found)


def _text(cell: object) -> str:
    return cell.text if isinstance(cell, Marked) else "" if cell is None else str(cell)


def _fill(facts: Facts, folder: Path, tell: Tell) -> str:
    """Write every file of the pack, and tell of each when it is there."""

    def put(name: str, content: bytes | str) -> None:
        (folder / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        tell(name)

    made, lang = wall(facts), facts.look.lang
    spec, figures = map_spec(facts), _figures(facts)
    drawn = folder / caption("figures_name", lang)
    drawn.mkdir()
    for name, content in figures.items():
        (drawn / name).write_bytes(content)
    tell(drawn.name)
    put(caption("map_name", lang), render_page(spec))
    put(caption("wall_name", lang), wall_page(made, spec, facts))
    put(caption("picture_name", lang), picture_bytes(made, facts.look))
    put(caption("poster_name", lang), poster_bytes(made, facts.look))
    whole = document.report(facts)
    put(caption("slides_name", lang), slides_bytes(made, whole))
    put(caption("lists_name", lang), workbook_bytes(whole))
    template = Path(facts.look.word_template) if facts.look.word_template else None
    put(caption("word_name", lang), word_bytes(document.letter(facts, whole), template=template))
    review = document.review(facts)
    put(caption("review_name", lang), workbook_bytes(review))
    if len(facts.network.decisions):
        (folder / FILE_NAME).write_bytes(_decisions(facts.network))
    saved = facts.shown.save(folder / caption("data_name", lang))
    tell(saved.name)
    return _answers(review)


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
