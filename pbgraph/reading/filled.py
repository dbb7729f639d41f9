"""What somebody filled in in the work lists of an earlier workbook of ours: who answers, by when, whether it is done.

A finding is known again by its subject, its community and the rule; a gap of coverage by its unit and community alone,
since another rule may apply to it a month later. Two rows that cannot be told apart are not known again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pbgraph.captions import LANGUAGES, captions
from pbgraph.errors import RenderError
from pbgraph.manifest import Manifest
from pbgraph.masking import masked
from pbgraph.reading.files import own_files
from pbgraph.reading.opening import Refusal, Request
from pbgraph.reading.workers import opened_apart
from pbgraph.text import clean

Key = tuple[str, str, str]
Entries = tuple[str, str, str]
Filled = dict[Key, Entries]
_ENTRIES = ("col_person", "col_deadline", "col_closed")
_MOST_ABOVE = 12  # rows in which the header is looked for


@dataclass(frozen=True)
class _Columns:
    """Where a list has what a row is about, and what was filled in."""

    community: int
    subject: int
    rule: int | None
    entries: tuple[int, ...]


def filled_in(places: Iterable[Path], *, edition: str, stated: Path | None = None) -> Filled:
    """The entries of earlier workbooks, those of a later one over those of an earlier, with secrets masked.

    Parameters
    ----------
    places
        Workbooks, or packs that hold one; one that is not there or cannot be opened brings nothing.
    edition
        Of what will be written: in a public one nobody is named, and nothing of an internal pack goes into another.
    stated
        A workbook among them that a person has named.

    Raises
    ------
    RenderError
        list-unreadable where the stated one cannot be opened, or holds no list of ours.

    """
    found: Filled = {}
    for place in places if edition != "public" else ():
        books = reversed(own_files(place, "lists_name")) if place.is_dir() else [place]
        for path in books:
            if path.is_file() and (edition == "internal" or not Manifest.of(path.parent).is_private):
                found |= _entries(path, is_named=path == stated)
    return found


def _entries(path: Path, *, is_named: bool) -> Filled:
    (opened,) = opened_apart([Request(path.name, str(path))])
    found: dict[Key, set[Entries]] = {}
    for sheet in () if isinstance(opened, Refusal) else opened.sheets:
        rows = [[clean(masked(str(cell))) for cell in sheet.row(number)] for number in range(sheet.n_rows)]
        for key, entries in _of_sheet(rows):
            found.setdefault(key, set()).add(entries)
    if is_named and not found:
        raise RenderError("list-unreadable", path=path)
    return {key: entries.pop() for key, entries in found.items() if len(entries) == 1}


def _of_sheet(rows: list[list[str]]) -> Iterable[tuple[Key, Entries]]:
    heads = ((number, columns) for number, row in enumerate(rows[:_MOST_ABOVE]) if (columns := _columns(row)))
    for first, at in heads:
        for row in rows[first + 1 :]:
            cells = dict(enumerate(row))
            rule = "" if at.rule is None else cells.get(at.rule, "").partition(" 《")[0]
            person, deadline, closed = (cells.get(place, "") for place in at.entries)
            yield (cells.get(at.subject, ""), cells.get(at.community, ""), rule), (person, deadline, closed)
        return


def _columns(row: list[str]) -> _Columns | None:
    """The columns of a list by its headers, in whatever language it was written; None where the row heads none."""
    for lang in LANGUAGES:
        known = captions(lang)
        at = {key: row.index(known[key]) for key in (*_ENTRIES, "col_community", "col_rule") if known[key] in row}
        of = [row.index(known[key]) for key in ("col_unit", "col_subject") if known[key] in row]
        if len(at) == len(_ENTRIES) + 2 and of:
            is_gap = known["col_unit"] in row
            entries = tuple(at[key] for key in _ENTRIES)
            return _Columns(at["col_community"], of[0], None if is_gap else at["col_rule"], entries)
    return None
