"""Files of decisions, opened as strangers' bytes are: `answer_files`, `answered`, `decision_lines`, `decisions_in`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pbgraph.decisions import COLUMNS, FILE_NAME, Decisions, lines_of
from pbgraph.errors import PolicyError
from pbgraph.findings import sentence
from pbgraph.manifest import Manifest, answers_digest
from pbgraph.reading.opening import Refusal, Request
from pbgraph.reading.workers import opened_apart
from pbgraph.text import unguarded


def decision_lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The decisions of a file with their row numbers, from a CSV or from the saved review workbook.

    Raises
    ------
    PolicyError
        alias-file where it cannot be read or holds no decisions.

    """
    (opened,) = opened_apart([Request(path.name, str(path))])
    if isinstance(opened, Refusal):
        reason = sentence(opened.code, opened.data, lang="zh", part="message").rstrip("。")
        raise PolicyError("alias-file", path=path.name, reason=reason)
    sheets = [
        [[unguarded(str(cell)) for cell in sheet.row(row)] for row in range(sheet.n_rows)] for sheet in opened.sheets
    ]
    found = [lines_of(rows) for rows in sheets]
    if all(lines is None for lines in found):
        raise PolicyError("alias-file", path=path.name, reason=" ".join(COLUMNS) + " ?")
    return [line for lines in found for line in lines or []]


def answer_files(paths: Sequence[Path], stated: Path | None = None) -> list[Path]:
    """The files of decisions: the memory beside the rosters, then one that is named.

    A review workbook beside them is not taken by itself: its suggestions are filled in before a person has looked.
    """
    memories = [path / FILE_NAME for path in paths if (path / FILE_NAME).is_file()]
    return [*memories, *([stated] if stated else [])]


def decisions_in(files: Iterable[Path], *, weaker: Iterable[Path] = ()) -> Decisions:
    """What was decided about sheets and columns; a later file holds, and any of them over the `weaker` ones."""
    return Decisions.of(line for file in (*reversed(list(weaker)), *files) for _, line in decision_lines(file))


def answered(review: Path) -> int:
    """How many answers of a review workbook that we wrote are a person's; 0 where nobody has changed one.

    The suggestions in it are filled in before a person has looked. Where he has changed or added one answer he has
    looked at all of them, and all hold; where the file was only saved again, none.
    """
    manifest = Manifest.of(review.parent)
    if not manifest.answers or not review.is_file():
        return 0
    try:
        if manifest.is_ours(review.parent, review.name):
            return 0
        found = [tuple(line[column].strip() for column in COLUMNS) for _, line in decision_lines(review)]
    except (OSError, PolicyError):  # held open or no workbook any more: it is kept beside the new one
        return 0
    return len(found) if answers_digest(found) != manifest.answers else 0
