"""Columns that say one thing together, made one before a region is judged: parts of a date, ticks below words.

Counts below the names of communities are listed, one row for each.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import Cell, sheet_of_rows
from pbgraph.reading.columns import codes_of, words
from pbgraph.reading.header_rows import are_ticks
from pbgraph.reading.regions import Region
from pbgraph.reading.shapes import shapes_of
from pbgraph.reading.values import as_text
from pbgraph.text import fold

_LEAST_PLACES = 2  # columns headed by communities that are a matrix


def with_columns_joined(region: Region) -> Region:
    """年, 月, 日 below one header become one column of dates; √ below 男 or 女 one column of what is ticked."""
    region = _with_dates_joined(region)
    at = 0
    while at < len(region.names):
        stop = _end_of_ticks(region, at)
        if stop - at > 1:
            region = _with_ticks_joined(region, at, stop)
        at += 1
    return _with_counts_listed(region)


def _with_counts_listed(region: Region) -> Region:
    """A matrix of counts, such as units by communities, as a list with one row for each count."""
    places = [at for at in range(len(region.names)) if _is_counted_place(region, at)]
    others = [at for at in range(len(region.names)) if at not in places and not _is_total(region.names[at])]
    if len(places) < _LEAST_PLACES or region.turned is not None or not any(_names_bodies(region, at) for at in others):
        return region
    *groups, _ = region.names[places[0]].split("\n")
    head = [
        *(region.names[at] for at in others),
        "\n".join(groups) or words()["matrix"]["place"],
        words()["matrix"]["n"],
    ]
    rows: list[list[Cell]] = [[name.split("\n")[-1] for name in head]]
    rows_of: list[int] = []
    for row in region.rows():
        own = [region.sheet.cell(int(row), region.columns[at]) for at in others]
        counts = {at: cell for at in places if (cell := region.sheet.cell(int(row), region.columns[at])) != ""}
        said = [[region.names[at].split("\n")[-1], cell] for at, cell in counts.items()] or [["", ""]]
        rows += [[*own, *pair] for pair in said]
        rows_of += [int(row)] * len(said)
    made = sheet_of_rows(region.sheet.name, rows, is_1904=region.sheet.is_1904)
    return replace(
        region, sheet=made, columns=list(range(len(head))), top=0, first=0, depth=1, stop=len(rows), names=head,
        turned=region.sheet, at=(region.top, region.stop), rows_of=tuple(rows_of), is_guess=False,
    )  # fmt: skip


def _is_counted_place(region: Region, at: int) -> bool:
    """Whether a column is headed by the name of a community and holds counts."""
    return "community" in shapes_of(region.names[at].split("\n")[-1]) and all(
        shapes_of(cell) & {"number"} for cell in _cells(region, at)
    )


def _is_total(name: str) -> bool:
    return re.fullmatch(words()["totals_pattern"], fold(name.split("\n")[-1])) is not None


def _names_bodies(region: Region, at: int) -> bool:
    cells = _cells(region, at)
    return bool(cells) and 2 * sum(bool(shapes_of(cell) & {"unit", "org"}) for cell in cells) > len(cells)


def _cells(region: Region, at: int) -> list[Cell]:
    """The distinct cells of a column of a region that are filled."""
    column = region.sheet.columns[region.columns[at]]
    return [column.values[code] for code in np.unique(codes_of(column)[region.start : region.stop]) if code]


def _with_dates_joined(region: Region) -> Region:
    parts = words()["date_parts"]
    leaves = [name.split("\n") for name in region.names]
    at = next((i for i in range(len(leaves) - 1) if len(leaves[i]) > 1 and leaves[i][-1] == parts[0]
               and leaves[i + 1][-1] == parts[1] and leaves[i][0] == leaves[i + 1][0]), None)  # fmt: skip
    if at is None:
        return region
    width = 3 if at + 2 < len(leaves) and leaves[at + 2][-1] == parts[2] else 2
    return _as_one(
        region, at, at + width, leaves[at][0], lambda cells: "-".join(cell.zfill(2) for cell in cells if cell)
    )


def _with_ticks_joined(region: Region, at: int, stop: int) -> Region:
    *groups, _ = region.names[at].split("\n")
    leaves = [name.split("\n")[-1] for name in region.names[at:stop]]
    are_places = all("community" in shapes_of(leaf) for leaf in leaves)
    header = "\n".join(groups) or (words()["matrix"]["place"] if are_places else "/".join(leaves))

    def say(cells: Sequence[str]) -> str:
        if any(cell.isdigit() for cell in cells):
            return str(words()["totals"][0])
        return "、".join(leaf for leaf, cell in zip(leaves, cells, strict=True) if cell)

    return _as_one(region, at, stop, header, say)


def _end_of_ticks(region: Region, at: int) -> int:
    """Where the columns end that begin at `at`, hold only ticks, and have one group or words of one closed list."""
    *groups, leaf = region.names[at].split("\n")
    lists, stop = _lists_of(leaf), at
    while stop < len(region.names) and _holds_ticks(region, stop):
        *others, word = region.names[stop].split("\n")
        lists &= _lists_of(word)
        if not word or others != groups or not (lists or groups):
            break
        stop += 1
    return stop


def _holds_ticks(region: Region, at: int) -> bool:
    column = region.sheet.columns[region.columns[at]]
    return are_ticks([column.values[code] for code in codes_of(column)[region.start : region.stop] if code])


@cache
def _lists_of(word: str) -> frozenset[str]:
    """The closed lists that a word is on; 已建 and 未建 are on that of yes and no, communities on one of their own."""
    plain = fold(word).lower()
    names = {item.type for table in schema.tables().values() for item in table.fields}
    found = {name for name in names if schema.has_vocabulary(name) and plain in schema.vocabulary(name).spellings}
    is_answer = any(plain in (fold(answer).lower() for answer in words()[side]) for side in ("yes", "no"))
    return frozenset(found | ({"flag"} if is_answer else set()) | (shapes_of(word) & {"community"}))


def _as_one(region: Region, at: int, stop: int, header: str, say: Callable[[Sequence[str]], str]) -> Region:
    """The region with some columns made one, in the place of the first; other rows than its own stay as they are."""
    sheet, columns = region.sheet, region.columns
    kept = [sheet.cell(row, columns[at]) for row in range(sheet.n_rows)]
    for row in range(region.start, region.stop):
        kept[row] = say([as_text(sheet.cell(row, column)) for column in columns[at:stop]])
    made = list(sheet.columns)
    (made[columns[at]],) = sheet_of_rows(sheet.name, [[cell] for cell in kept]).columns
    return replace(
        region,
        sheet=replace(sheet, columns=made),
        columns=[*columns[: at + 1], *columns[stop:]],
        names=[*region.names[:at], header, *region.names[stop:]],
    )
