"""The records of a recognised sheet to typed rows, each with its place.

A row may say more than its own kind of table: a roster of organizations names the unit that
hosts each, and the holders of posts in columns of their own. What it says is read into the tables
of those kinds, under the same row.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell, Sheet
from pbgraph.reading.layout import Column, Layout, codes_of, letters
from pbgraph.reading.layout import words as layout_words
from pbgraph.reading.values import money_units, null_column, read_cells, read_column
from pbgraph.schema import Field, Table
from pbgraph.text import mask_secrets, serial_date

_MANY_CHOICES = 12
_UNIT_OF_HOST = {"host_unit": "unit_name", "unit_kind": "unit_type", "code": "code", "staff_count": "staff_count",
                 "head": "head", "community": "community", "grid": "grid"}  # fmt: skip
_TELLS_OF_UNIT = frozenset({"code", "staff_count", "head"})  # with one of them a row describes its host unit


def read_rows(sheet: Sheet, layout: Layout, file: str) -> tuple[dict[str, pd.DataFrame], int, list[Finding]]:
    """The rows by kind of table, how many records were used, and what was wrong with them."""
    table = layout.table
    assert table is not None
    findings: list[Finding] = []
    columns: dict[str, pd.Series] = {}
    for column in layout.columns:
        values, problems = _read_column(sheet, layout, column)
        columns[column.field.key] = values
        findings += [_problem(code, column, sheet, layout, i, file) for i, code in problems.items()]
    n = len(layout.used)
    for item in table.fields:
        if item.key not in columns:
            columns[item.key] = null_column(item, n)
    for key, value in layout.facts.items():
        if key in columns and columns[key].dtype == "str":
            columns[key] = columns[key].fillna(_fact_value(table.field(key), value))
    if "unit_with_post" in columns:
        _split_units(columns)
    ordered = {item.key: columns[item.key] for item in table.fields}
    rows = pd.DataFrame({**ordered, **place_columns(file, sheet.name, layout.used)})
    findings += _wrong_totals(rows, sheet, layout, file)
    complete, lacking = _without_incomplete(rows, layout)
    findings += lacking + _wrong_ids(complete, table)
    frames = {table.key: complete}
    frames |= _post_rows(sheet, layout, complete)
    frames |= _unit_rows(layout, complete)
    return frames, len(complete), findings


def _split_units(columns: dict[str, pd.Series]) -> None:
    """云州纺织有限公司总经理 to unit and post, where neither has a column of its own."""
    endings = "|".join(sorted(layout_words()["unit_endings"], key=len, reverse=True))
    both = columns["unit_with_post"]
    parts = both.str.extract(r"^(\S+?)\s+(\S.*)$").fillna(both.str.extract(rf"^(.*(?:{endings}))(.*)$"))
    columns["unit"] = columns["unit"].fillna(parts[0].fillna(both).astype("str"))
    columns["unit_post"] = columns["unit_post"].fillna(parts[1].where(parts[1] != "").astype("str"))


def _fact_value(item: Field, value: str) -> str | None:
    read, problems = read_cells([value], item)
    return None if problems or read.isna().any() else str(read.iloc[0])


def _read_column(sheet: Sheet, layout: Layout, column: Column) -> tuple[pd.Series, dict[int, str]]:
    held = sheet.columns[column.index]
    codes = layout.filled.get(column.index, codes_of(held))[layout.used]
    cells = held.values
    if sheet.is_1904 and column.field.type == "date":
        cells = [serial_date(cell, is_1904=True) or cell if isinstance(cell, float) else cell for cell in cells]
    if column.field.type == "money":
        cells = _in_unit(cells, column.header)
    values, problems = read_column(codes, cells, column.field)
    faults = {row: code for (row, index), code in sheet.faults.items() if index == column.index}
    if faults:
        at = np.flatnonzero(np.isin(layout.used, list(faults)))
        problems |= {int(i): faults[int(layout.used[i])] for i in at if codes[i] == 0}
    return values, problems


def _in_unit(cells: list[Cell], header: str) -> list[Cell]:
    """Amounts that name no unit of their own get that of the header: 金额（万元）."""
    unit = max((unit for unit in money_units() if unit in header), key=len, default="")
    return [f"{cell}{unit}" if cell != "" and not str(cell).endswith(tuple(money_units())) else cell for cell in cells]


def _problem(code: str, column: Column, sheet: Sheet, layout: Layout, position: int, file: str) -> Finding:
    row = int(layout.used[position])
    cell = sheet.cell(row, column.index)
    data = {"field": column.field.label}
    if code == "value-unknown":
        data["choices"] = _choices(column.field.type)
    value = "" if column.field.privacy else mask_secrets(str(cell))[:40]
    return finding(code, file=file, sheet=sheet.name, row=row + 1, column=column.place, value=value, data=data)


@cache
def _choices(name: str) -> str:
    if not schema.has_vocabulary(name):
        return "是、否"
    labels = [row["label"] for row in schema.vocabulary(name).rows.values()]
    return "、".join(labels[:_MANY_CHOICES])


def place_columns(file: str, sheet: str, used: Sequence[int] | Any) -> dict[str, pd.Series]:
    """File, sheet, row (as Excel shows it) and `source` of each 0-based row number."""
    rows = pd.Series(np.asarray(used, dtype=np.int64) + 1)
    return {
        "file": pd.Series([file], dtype="str").repeat(len(rows)).reset_index(drop=True),
        "sheet": pd.Series([sheet], dtype="str").repeat(len(rows)).reset_index(drop=True),
        "row": rows.astype("Int64"),
        "source": (f"{file}|{sheet}|" + rows.astype("str")).astype("str"),
    }


def _wrong_totals(rows: pd.DataFrame, sheet: Sheet, layout: Layout, file: str) -> Iterable[Finding]:
    """Compare each total row with the rows above it, since the last total and in all."""
    last = 0
    for number in layout.totals:
        above = rows[rows["row"] <= number]
        block = above[above["row"] > last]
        for column in layout.columns:
            stated = _stated(sheet.cell(number, column.index), column.field)
            if stated is None:
                continue
            sums = {int(part[column.field.key].sum()) for part in (above, block)}
            if stated not in sums:
                data = {"field": column.field.label, "stated": stated, "counted": sorted(sums)[-1]}
                place = {"file": file, "sheet": sheet.name, "row": number + 1, "column": column.place}
                yield finding("total-differs", data=data, **place)
        last = number + 1


def _stated(cell: Cell, item: Field) -> int | None:
    if item.type != "integer" or cell == "":
        return None
    values, problems = read_cells([cell], item)
    return None if problems or values.isna().any() else int(values.iloc[0])


def _without_incomplete(rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, list[Finding]]:
    """Set aside the rows that lack the first required field, with a finding each."""
    table = layout.table
    assert table is not None
    key = table.required[0]
    incomplete = rows[rows[key].isna()]
    column = next((c.place for c in layout.columns if c.field.key == key), letters(0))
    data = {"field": table.field(key).label}
    return rows.drop(incomplete.index), list(_at(incomplete, "row-incomplete", data, column))


def _at(rows: pd.DataFrame, code: str, data: Mapping[str, object], column: str = "") -> Iterable[Finding]:
    for place in rows[["file", "sheet", "row"]].itertuples(index=False):
        yield finding(code, file=place.file, sheet=place.sheet, row=int(place.row), column=column, data=data)


def _wrong_ids(rows: pd.DataFrame, table: Table) -> list[Finding]:
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


def _post_rows(sheet: Sheet, layout: Layout, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Holders of the posts that are columns of their own, as rows of the table of leaders."""
    table = schema.tables()["leaders"]
    holder = Field("name", "", "", "person", (), many=True, privacy="person")
    frames = []
    for index, post, _ in layout.posts:
        codes = codes_of(sheet.columns[index])[rows["row"].to_numpy(dtype=np.int64) - 1]
        names, _problems = read_column(codes, sheet.columns[index].values, holder)
        named = rows.assign(org=rows["org_name"], name=names.to_numpy(), team_post=post)[names.notna().to_numpy()]
        frames.append(named.assign(name=named["name"].str.split("\n")).explode("name"))
    if not frames or "org_name" not in rows:
        return {}
    return {
        "leaders": _as_table(pd.concat(frames, ignore_index=True), table, ("org", "name", "team_post", "community"))
    }


def _unit_rows(layout: Layout, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The host unit that a row of the roster of organizations describes, as a row of the unit ledger."""
    columns = {column.field.key for column in layout.columns}
    if "host_unit" not in columns or columns.isdisjoint(_TELLS_OF_UNIT):
        return {}
    told = rows[list(_TELLS_OF_UNIT)].notna().any(axis=1) & rows["host_unit"].notna()
    named = rows[told].drop(columns=["unit_name"], errors="ignore").rename(columns=_UNIT_OF_HOST)
    return {"units": _as_table(named, schema.tables()["units"], tuple(_UNIT_OF_HOST.values()))} if len(named) else {}


def _as_table(rows: pd.DataFrame, table: Table, kept: tuple[str, ...]) -> pd.DataFrame:
    """Rows under the columns of another kind of table, null where they say nothing of it."""
    columns = {item.key: rows[item.key] if item.key in kept else null_column(item, len(rows)) for item in table.fields}
    places = {key: rows[key].reset_index(drop=True) for key in ("file", "sheet", "row", "source")}
    return pd.DataFrame({**{key: column.reset_index(drop=True) for key, column in columns.items()}, **places})
