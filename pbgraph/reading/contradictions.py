"""Cells that contradict others: totals that do not add up, identity numbers against birth and gender."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.records import Records, place_of
from pbgraph.reading.regions import Region
from pbgraph.reading.values import read_cells
from pbgraph.schema import Field, Table


def wrong_totals(
    rows: pd.DataFrame, region: Region, recognition: Recognition, records: Records, file: str
) -> Iterable[Finding]:
    """Compare each total row with the rows above it, since the last total and in all; of one kind of body only.

    A total above the sum of a column with blanks contradicts nothing: what is blank is not known.
    """
    table = recognition.table
    assert table is not None
    if region.turned is not None or region.apart:
        return
    last = 0
    counts = rows[["row", *(c.key for c in recognition.columns if table.field(c.key).type == "integer")]]
    for number in records.totals:
        above = counts[counts["row"] <= number]
        block = above[above["row"] > last]
        for column in recognition.columns:
            item = table.field(column.key)
            stated = _stated(region.sheet.cell(number, region.columns[column.index]), item)
            if stated is None or above[item.key].isna().all():
                continue
            sums = {int(part[item.key].sum()): bool(part[item.key].isna().any()) for part in (above, block)}
            if not any(stated == n or (is_open and stated > n) for n, is_open in sums.items()):
                data = {"field": item.label, "stated": stated, "counted": max(sums)}
                place = {"file": file, "sheet": region.sheet.name, "row": number + 1}
                yield finding("total-differs", data=data, column=place_of(column, region), **place)
        last = number + 1


def _stated(cell: Cell, item: Field) -> int | None:
    if item.type != "integer" or cell == "":
        return None
    values, problems = read_cells([cell], item)
    return None if problems or values.isna().any() else int(values.iloc[0])


def _at(rows: pd.DataFrame, code: str, data: Mapping[str, object], column: str = "") -> Iterable[Finding]:
    for place in rows[["file", "sheet", "row"]].itertuples(index=False):
        yield finding(code, file=place.file, sheet=place.sheet, row=int(place.row), column=column, data=data)


def wrong_ids(rows: pd.DataFrame, table: Table) -> list[Finding]:
    """Identity numbers that contradict the birth or gender beside them."""
    if "id_no" not in rows or rows["id_no"].isna().all():
        return []
    numbers = rows["id_no"].where(rows["id_no"].str.len() == 18)
    findings: list[Finding] = []
    if "birth" in rows:
        born = numbers.str[6:10] + "-" + numbers.str[10:12] + "-" + numbers.str[12:14]
        precision = rows["birth"].str.len()
        differs = pd.Series(data=False, index=rows.index)
        for length in (4, 7, 10):
            differs |= ((precision == length) & (born.str[:length] != rows["birth"])).fillna(value=False)
        findings += _at(rows[differs & numbers.notna()], "id-contradicts", {"field": table.field("birth").label})
    if "gender" in rows:
        is_male = numbers.str[16].isin(list("13579"))
        wrong = rows["gender"].notna() & (is_male != (rows["gender"] == "male")) & numbers.notna()
        findings += _at(rows[wrong], "id-contradicts", {"field": table.field("gender").label})
    return findings
