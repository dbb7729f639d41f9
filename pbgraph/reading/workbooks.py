"""A folder of workbooks to typed tables, findings and the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from pbgraph import schema
from pbgraph.errors import WorkbookError
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell, Sheet, read_cells
from pbgraph.reading.gate import SourceFile, admit, find_files
from pbgraph.reading.layout import Column, Layout, find_layout, letters, sheet_fact, words
from pbgraph.reading.values import read_column
from pbgraph.schema import Field, Table
from pbgraph.text import mask_secrets

LEDGER = ("file", "sheet", "table", "n_rows", "n_used", "n_set_aside", "n_skipped", "skipped")
_MANY_CHOICES = 12


@dataclass
class Reading:
    """What a folder gave.

    `tables` holds a frame per kind of table with the columns of its fields, `file`, `sheet`,
    `row` (as Excel shows it) and `source`. `ledger` has one row per sheet, `inputs` one per
    file with its SHA-256 and the day it was last changed.
    """

    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    ledger: pd.DataFrame
    inputs: pd.DataFrame


@dataclass
class _Run:
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ledger: list[tuple[object, ...]] = field(default_factory=list)
    inputs: list[tuple[str, str, str]] = field(default_factory=list)


def read_workbooks(
    paths: Sequence[Path], *, progress: Callable[[str], None] | None = None, aside: frozenset[str] = frozenset()
) -> Reading:
    """Read every workbook under the paths; files named in `aside` are left to others.

    A file or sheet that cannot be used is a finding; the others go on. Nothing readable gives
    empty tables.
    """
    files, notes = find_files(paths, aside=aside)
    run = _Run(findings=notes)
    seen: dict[str, str] = {}
    for name, path in files:
        if progress:
            progress(name)
        try:
            source = admit(name, path)
            if source.sha256 in seen:
                run.findings.append(finding("file-twice", file=name, data={"other": seen[source.sha256]}))
                continue
            seen[source.sha256] = name
            sheets = read_cells(source.content, name=path.stem)
        except WorkbookError as error:
            run.findings.append(finding(error.code, file=name, data=error.data))
            continue
        _read_file(run, source, sheets)
    tables = {key: _joined(run.frames.get(key, []), table) for key, table in schema.tables().items()}
    run.findings += _wrong_ids(tables)
    return Reading(
        tables,
        run.findings,
        pd.DataFrame(run.ledger, columns=list(LEDGER)),
        pd.DataFrame(run.inputs, columns=["file", "sha256", "modified"]),
    )


def _joined(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    empty = pd.DataFrame({**{f.key: _null_column(f, 0) for f in table.fields}, **_place_columns("", "", [])})
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else empty


def _read_file(run: _Run, source: SourceFile, sheets: list[Sheet]) -> None:
    run.inputs.append((source.name, source.sha256, source.modified))
    for sheet in sheets:
        layout = find_layout(sheet, source.name)
        run.findings += layout.findings
        n_rows = len(sheet.rows)
        if layout.table is None:
            n_blank = sum(all(cell == "" for cell in row) for row in sheet.rows)
            skipped = f"空行 {n_blank}" if n_blank else ""
            run.ledger.append((source.name, sheet.name, "", n_rows, 0, n_rows - n_blank, n_blank, skipped))
            continue
        rows, set_aside = _read_rows(run, sheet, layout, source.name)
        run.frames.setdefault(layout.table.key, []).append(rows)
        skipped_by = {
            "标题": layout.n_title,
            "表头": layout.n_header + layout.n_repeated,
            "合计": len(layout.totals),
            "备注": layout.n_notes,
            "空行": layout.n_blank,
        }
        reasons = "、".join(f"{reason} {n}" for reason, n in skipped_by.items() if n)
        n_skipped = sum(skipped_by.values())
        run.ledger.append(
            (source.name, sheet.name, layout.table.label, n_rows, len(rows), set_aside, n_skipped, reasons)
        )


def _read_rows(run: _Run, sheet: Sheet, layout: Layout, file: str) -> tuple[pd.DataFrame, int]:
    """The records of a sheet, typed; and how many were set aside."""
    table = layout.table
    assert table is not None
    fill = _merged_cells(sheet)
    columns: dict[str, pd.Series] = {}
    for column in layout.columns:
        cells = [_cell(sheet, fill, number, column.index) for number in layout.used]
        values, problems = read_column(cells, column.field)
        columns[column.field.key] = values
        run.findings += [_problem(code, column, sheet, layout.used[i], file, cells[i]) for i, code in problems.items()]
    n = len(layout.used)
    for item in table.fields:
        if item.key not in columns:
            columns[item.key] = _null_column(item, n)
    _add_facts(columns, layout, sheet.name)
    ordered = {item.key: columns[item.key] for item in table.fields}
    rows = pd.DataFrame({**ordered, **_place_columns(file, sheet.name, layout.used)})
    _check_totals(run, rows, sheet, layout, file)
    return _without_incomplete(run, rows, layout)


def _cell(sheet: Sheet, fill: dict[tuple[int, int], Cell], row: int, column: int) -> Cell:
    cells = sheet.rows[row]
    value = cells[column] if column < len(cells) else ""
    return fill.get((row, column), "") if value == "" else value


def _merged_cells(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """The value of each cell that is merged with one above it."""
    fill: dict[tuple[int, int], Cell] = {}
    for (top, left), (bottom, _) in sheet.merges:
        if bottom > top and top < len(sheet.rows) and left < len(sheet.rows[top]):
            fill.update(
                {(row, left): sheet.rows[top][left] for row in range(top + 1, min(bottom + 1, len(sheet.rows)))}
            )
    return fill


def _problem(code: str, column: Column, sheet: Sheet, row: int, file: str, cell: Cell) -> Finding:
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


def _null_column(item: Field, n: int) -> pd.Series:
    from pbgraph.reading.values import DTYPES

    return pd.Series([None] * n, dtype=DTYPES.get(item.type, "str"))


def _place_columns(file: str, sheet: str, used: list[int]) -> dict[str, pd.Series]:
    rows = [number + 1 for number in used]
    return {
        "file": pd.Series([file] * len(rows), dtype="str"),
        "sheet": pd.Series([sheet] * len(rows), dtype="str"),
        "row": pd.Series(rows, dtype="Int64"),
        "source": pd.Series([f"{file}|{sheet}|{row}" for row in rows], dtype="str"),
    }


def _add_facts(columns: dict[str, pd.Series], layout: Layout, sheet_name: str) -> None:
    """Values that stand above the table or in the sheet's name, where no cell says otherwise."""
    table = layout.table
    assert table is not None
    facts = dict(layout.facts)
    if facts.get("community") and not facts["community"].endswith(tuple(words()["community_endings"])):
        del facts["community"]
    if table.sheet_field and table.sheet_field not in facts:
        facts[table.sheet_field] = sheet_fact(table, sheet_name)
    for key, value in facts.items():
        if key in columns and value and columns[key].dtype == "str":
            columns[key] = columns[key].fillna(value)


def _check_totals(run: _Run, rows: pd.DataFrame, sheet: Sheet, layout: Layout, file: str) -> None:
    """Compare each total row with the rows above it, since the last total and in all."""
    last = 0
    for number in layout.totals:
        above = rows[rows["row"] <= number]
        block = above[above["row"] > last]
        for column in layout.columns:
            cell = _cell(sheet, {}, number, column.index)
            if column.field.type != "integer" or not isinstance(cell, float):
                continue
            sums = {int(part[column.field.key].sum()) for part in (above, block)}
            if int(cell) not in sums:
                data = {"field": column.field.label, "stated": int(cell), "counted": sorted(sums)[-1]}
                run.findings.append(
                    finding(
                        "total-differs", file=file, sheet=sheet.name, row=number + 1, column=column.place, data=data
                    )
                )
        last = number + 1


def _without_incomplete(run: _Run, rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, int]:
    """Set aside the rows that lack the first required field, with a finding each."""
    table = layout.table
    assert table is not None
    key = table.required[0]
    incomplete = rows[rows[key].isna()]
    column = next((c.place for c in layout.columns if c.field.key == key), letters(0))
    for place in incomplete[["file", "sheet", "row"]].itertuples(index=False):
        data = {"field": table.field(key).label}
        run.findings.append(
            finding("row-incomplete", file=place.file, sheet=place.sheet, row=int(place.row), column=column, data=data)
        )
    return rows.drop(incomplete.index), len(incomplete)


def _wrong_ids(tables: dict[str, pd.DataFrame]) -> list[Finding]:
    """Identity numbers that contradict the birth or gender beside them."""
    found: list[Finding] = []
    members = tables["members"]
    known = members[members["id_no"].str.len() == 18] if len(members) else members
    if known.empty:
        return found
    born = known["id_no"].str[6:10] + "-" + known["id_no"].str[10:12] + "-" + known["id_no"].str[12:14]
    stated = known["birth"].fillna("")
    differs = [not day.startswith(said) for day, said in zip(born, stated, strict=True)]
    is_male = known["id_no"].str[16].astype(int) % 2 == 1
    wrong_gender = known["gender"].notna() & (is_male != (known["gender"] == "male"))
    for mask, key in ((pd.Series(differs, index=known.index), "birth"), (wrong_gender, "gender")):
        label = schema.tables()["members"].field(key).label
        for place in known[mask][["file", "sheet", "row"]].itertuples(index=False):
            found.append(
                finding("id-contradicts", file=place.file, sheet=place.sheet, row=int(place.row), data={"field": label})
            )
    return found
