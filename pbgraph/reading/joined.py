"""Columns that say one thing together, made one before a region is judged: parts of a date, ticks below words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import sheet_of_rows
from pbgraph.reading.header_rows import codes_of, words
from pbgraph.reading.regions import Region
from pbgraph.reading.values import as_text
from pbgraph.text import clean, fold


def with_columns_joined(region: Region) -> Region:
    """年, 月, 日 below one header become one column of dates; √ below 男 or 女 one column of what is ticked."""
    region = _with_dates_joined(region)
    at = 0
    while at < len(region.names):
        stop = _end_of_ticks(region, at)
        if stop - at > 1:
            region = _with_ticks_joined(region, at, stop)
        at += 1
    return region


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
    header = "\n".join(groups) or "/".join(leaves)
    return _as_one(
        region, at, stop, header,
        lambda cells: "、".join(leaf for leaf, cell in zip(leaves, cells, strict=True) if cell),
    )  # fmt: skip


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
    cells = [column.values[code] for code in np.unique(codes_of(column)[region.start : region.stop]) if code]
    return bool(cells) and all(isinstance(cell, str) and clean(cell) in words()["ticks"] for cell in cells)


@cache
def _lists_of(word: str) -> frozenset[str]:
    """The closed lists that a word is on; 已建 and 未建 are on that of yes and no."""
    plain = fold(word).lower()
    names = {item.type for table in schema.tables().values() for item in table.fields}
    found = {name for name in names if schema.has_vocabulary(name) and plain in schema.vocabulary(name).spellings}
    is_answer = any(plain in (fold(answer).lower() for answer in words()[side]) for side in ("yes", "no"))
    return frozenset(found | ({"flag"} if is_answer else set()))


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
