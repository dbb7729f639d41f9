"""A folder of workbooks to typed tables, findings and the ledger."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Sheet
from pbgraph.reading.files import find_files
from pbgraph.reading.layout import find_layout, is_own, n_blank_rows
from pbgraph.reading.opening import Refusal, Request, Workbook
from pbgraph.reading.rows import place_columns, read_rows
from pbgraph.reading.values import null_column
from pbgraph.reading.workers import Workers
from pbgraph.schema import Table

LEDGER = ("file", "sheet", "table", "n_rows", "n_used", "n_set_aside", "n_skipped", "skipped")
Password = str | Callable[[str], str | None] | None
"""A password for every protected file, or a function from a file's name to its password."""


@dataclass
class Reading:
    """What a folder gave.

    `tables` holds a frame per kind of table with the columns of its fields, `file`, `sheet`,
    `row` (as Excel shows it) and `source`. `ledger` has one row per sheet, `inputs` one per
    file with its SHA-256 and the day it was last changed. `facts` has what stands above the tables
    (`file`, `sheet`, `fact`, `value`): the title, and lines such as 填报单位 (`community`) and 填报时间
    (`filled_on`).
    """

    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    ledger: pd.DataFrame
    inputs: pd.DataFrame
    facts: pd.DataFrame


@dataclass
class _Run:
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ledger: list[tuple[object, ...]] = field(default_factory=list)
    inputs: list[tuple[str, str, str]] = field(default_factory=list)
    facts: list[tuple[str, str, str, str]] = field(default_factory=list)


def read_workbooks(
    paths: str | Path | Sequence[str | Path],
    *,
    password: Password = None,
    progress: Callable[[str], None] | None = None,
    aside: frozenset[str] = frozenset(),
) -> Reading:
    """Read every workbook under the paths into typed tables, before any name is linked.

    Parameters
    ----------
    paths
        A folder, a file or several of them.
    password
        Opens protected workbooks: one for all, or a function that is asked with the name of each.
    progress
        Called with the name of each file when it has been opened.
    aside
        Names of files that are left to others.

    Returns
    -------
    Reading
        A file or sheet that cannot be used is a finding; the others go on. Nothing readable
        gives empty tables.

    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    files, notes = find_files([Path(path) for path in several], aside=aside)
    run = _Run(findings=notes)
    seen: dict[str, str] = {}
    with Workers(len(files)) as workers:
        for name, opened in _opened(workers, files, password):
            if progress:
                progress(name)
            if isinstance(opened, Refusal):
                run.findings.append(finding(opened.code, file=name, data=opened.data))
            elif opened.sha256 in seen:
                run.findings.append(finding("file-twice", file=name, data={"other": seen[opened.sha256]}))
            else:
                seen[opened.sha256] = name
                _read_file(run, opened)
    tables = {key: _joined(run.frames.get(key, []), table) for key, table in schema.tables().items()}
    return Reading(
        tables,
        run.findings,
        pd.DataFrame(run.ledger, columns=list(LEDGER)),
        pd.DataFrame(run.inputs, columns=["file", "sha256", "modified"]),
        pd.DataFrame(run.facts, columns=["file", "sheet", "fact", "value"]).astype("str"),
    )


def _opened(
    workers: Workers, files: Sequence[tuple[str, Path]], password: Password
) -> Iterator[tuple[str, Workbook | Refusal]]:
    """Each file and what opening it gave; a protected one is asked for its password and opened again."""
    given = (password,) if isinstance(password, str) else ()
    requests = [Request(name, str(path), given) for name, path in files]
    for request, opened in zip(requests, workers.opened(requests), strict=True):
        is_locked = isinstance(opened, Refusal) and opened.code == "file-protected"
        answer = password(request.name) if is_locked and callable(password) else None
        again = Request(request.name, request.path, (answer,)) if answer else None
        yield request.name, next(workers.opened([again])) if again else opened


def _joined(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    empty = pd.DataFrame({**{f.key: null_column(f, 0) for f in table.fields}, **place_columns("", "", [])})
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else empty


def _read_file(run: _Run, workbook: Workbook) -> None:
    run.inputs.append((workbook.name, workbook.sha256, workbook.modified))
    run.findings += [finding(code, file=workbook.name, data=data) for code, data in workbook.notes]
    for sheet in workbook.sheets:
        run.ledger.append((workbook.name, sheet.name, *_read_sheet(run, sheet, workbook.name)))


def _read_sheet(run: _Run, sheet: Sheet, file: str) -> tuple[object, ...]:
    """Read one sheet; returns its line of the ledger."""
    if sheet.n_missing:
        run.findings.append(finding("cells-missing", file=file, sheet=sheet.name, data={"n": sheet.n_missing}))
    if is_own(sheet):
        return "", sheet.n_rows, 0, 0, sheet.n_rows, f"pbgraph {sheet.n_rows}"
    layout = find_layout(sheet, file)
    run.findings += layout.findings
    said = {"title": layout.title, **layout.facts}
    run.facts += [(file, sheet.name, fact, value) for fact, value in said.items() if value]
    if layout.table is None:
        n_blank = n_blank_rows(sheet)
        if layout.is_code_table:
            return "", sheet.n_rows, 0, 0, sheet.n_rows, f"代码表 {sheet.n_rows}"
        skipped = f"空行 {n_blank}" if n_blank else ""
        return "", sheet.n_rows, 0, sheet.n_rows - n_blank, n_blank, skipped
    frames, n_used, findings = read_rows(sheet, layout, file)
    run.findings += findings
    for key, frame in frames.items():
        run.frames.setdefault(key, []).append(frame)
    skipped_by = {
        "标题": layout.n_title,
        "表头": layout.n_header + layout.n_repeated,
        "合计": len(layout.totals),
        "备注": layout.n_notes,
        "示例": layout.n_examples,
        "空行": layout.n_blank,
    }
    reasons = "、".join(f"{reason} {n}" for reason, n in skipped_by.items() if n)
    n_set_aside = len(layout.used) - n_used
    return layout.table.label, sheet.n_rows, n_used, n_set_aside, sum(skipped_by.values()), reasons
