"""A list of two kinds of body in one column, such as units and their organizations: the rows of each kind apart.

The table that a region was taken for keeps its rows, headings and totals; those whose key is plainly the name of the
other kind are listed anew, below the same headers, for a table of their own.
"""

from dataclasses import replace

import numpy as np

from pbgraph import schema
from pbgraph.reading.cells import Cell, sheet_of_rows
from pbgraph.reading.headers import candidates
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.records import filled_down
from pbgraph.reading.regions import Region
from pbgraph.reading.shapes import shapes_of
from pbgraph.schema import Table

_LEAST_CELLS = 2  # a row of fewer names what follows


def other_kind(recognition: Recognition) -> Table | None:
    """The kind of table whose rows may stand among those of a recognised one, None where none may.

    A header that asks for the other kind too leaves open which each row is; that of the other kind's own is not asked
    where what its names look like cannot be mistaken.
    """
    table = recognition.table
    mixed = schema.recognition_words()["mixed"].get(table.key) if table else None
    key = next((c for c in recognition.columns if table and c.key in table.key_fields), None)
    if mixed is None or key is None:
        return None
    other = schema.tables()[mixed["other"]]
    said = candidates(other, key.header)
    return other if mixed["is_plain"] or set(said) & set(other.key_fields) else None


def with_rows_apart(region: Region, recognition: Recognition) -> tuple[Region, Region] | None:
    """A region without the rows of the other kind, and these; None where it has one kind only."""
    table = recognition.table
    if table is None or region.turned is not None or other_kind(recognition) is None:
        return None
    shape = schema.recognition_words()["mixed"][table.key]["shape"]
    at = next(c.index for c in recognition.columns if c.key in table.key_fields)
    column = region.sheet.columns[region.columns[at]]
    is_other = np.array([isinstance(cell, str) and shape in shapes_of(cell) for cell in column.values])
    codes = np.frombuffer(column.codes, dtype=np.int32)[region.start : region.stop]
    n_cells = sum(np.frombuffer(region.sheet.columns[i].codes, dtype=np.int32)[region.start : region.stop] != 0
                  for i in region.columns)  # fmt: skip
    is_row = n_cells >= _LEAST_CELLS
    apart = np.flatnonzero(is_other[codes] & is_row) + region.start
    if not len(apart) or not (is_row & (codes != 0) & ~is_other[codes]).any():
        return None
    headings = np.flatnonzero(n_cells == 1) + region.start
    return replace(region, apart=frozenset(map(int, apart))), _listed(region, np.union1d(apart, headings))


def _listed(region: Region, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Region:
    """Some rows of a region below its headers, with what merged cells and 同上 stand for."""
    codes = {index: filled_down(region, index) for index in region.columns}
    body: list[list[Cell]] = [
        [region.sheet.columns[index].values[codes[index][row]] for index in region.columns] for row in rows
    ]
    sheet = sheet_of_rows(region.sheet.name, [list(region.names), *body], is_1904=region.sheet.is_1904)
    return replace(
        region, sheet=sheet, columns=list(range(len(region.names))), top=0, first=0, depth=1, stop=len(body) + 1,
        turned=region.sheet, at=(region.top, region.stop), rows_of=tuple(map(int, rows)),
    )  # fmt: skip
