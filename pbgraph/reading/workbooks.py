"""A folder of workbooks to typed tables, findings and the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.decisions import FILE_NAME, Decisions, column_key, shape_of
from pbgraph.findings import Finding, finding
from pbgraph.masking import masked
from pbgraph.model import LEDGER_COLUMNS, READ_COLUMNS, REGION_COLUMNS
from pbgraph.progress import steps
from pbgraph.reading.answers import answer_files, decisions_in
from pbgraph.reading.cells import Sheet
from pbgraph.reading.columns import letters, words
from pbgraph.reading.drafts import (
    Draft,
    draft_regions,
    is_code_table,
    is_own,
    n_blank_within,
    recognised,
    unknown_answers,
)
from pbgraph.reading.files import find_contents, find_files, free_name
from pbgraph.reading.given import Given, Rosters, given
from pbgraph.reading.keyed import with_cells_named
from pbgraph.reading.opening import Refusal, Request, Workbook
from pbgraph.reading.others import opened_by_others, shared_out
from pbgraph.reading.outdated import without_outdated
from pbgraph.reading.recognition import Recognition
from pbgraph.reading.records import sort_rows
from pbgraph.reading.regions import n_blank_rows
from pbgraph.reading.remarks import judged_findings, row_findings
from pbgraph.reading.rows import read_rows
from pbgraph.reading.twins import with_twins
from pbgraph.reading.values import DTYPES
from pbgraph.reading.workers import Workers
from pbgraph.schema import Table

_MOST_COLUMNS = 1_000  # our choice: the widest roster seen has 70; each unknown header costs milliseconds
Password = str | Callable[[str], str | None] | None
"""A password for every protected file, or a function from a file's name to its password."""


@dataclass
class Reading:
    """What a folder gave.

    `tables` holds a frame per kind of table with the columns of its fields, `file`, `sheet`,
    `row` (as Excel shows it) and `source`. `ledger` has one row per sheet, `inputs` one per
    file with its SHA-256 and the day it was last changed. `facts` has what stands above the tables
    (`file`, `sheet`, `fact`, `value`): the title, and lines such as 填报单位 (`community`) and 填报时间
    (`filled_on`). `regions` has one row per table of a sheet, with the kind it was taken for, the
    runner-up and the margin between them, and in `may_hold` the kinds of things that it may list all the
    same; `columns` one row per column, with its meaning, the
    weight of header and cells, and three sample values, masked where a person's.
    """

    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    ledger: pd.DataFrame
    inputs: pd.DataFrame
    facts: pd.DataFrame
    regions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REGION_COLUMNS)))
    columns: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(READ_COLUMNS)))


@dataclass
class _Run:
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ledger: list[tuple[object, ...]] = field(default_factory=list)
    inputs: list[tuple[str, str, str]] = field(default_factory=list)
    facts: list[tuple[str, str, str, str]] = field(default_factory=list)
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    regions: list[tuple[object, ...]] = field(default_factory=list)
    columns: list[tuple[object, ...]] = field(default_factory=list)

    def ledger_in_order(self) -> list[tuple[object, ...]]:
        """The lines of the ledger in the order of the sheets in their files."""
        return sorted(self.ledger, key=lambda line: self.order[str(line[0]), str(line[1])])

    def note_recognition(self, draft: Draft, recognition: Recognition) -> None:
        """Keep what a region and its columns were taken for, and why."""
        region, table = draft.region, recognition.table
        place = draft.file, region.sheet.name, region.place
        other = recognition.runner_up.label if recognition.runner_up else ""
        margin, score = round(recognition.margin, 2), round(recognition.score, 2)
        kind = table.label if table else words()["answers"]["skip"] if recognition.is_refused else ""
        is_sure = recognition.is_sure or recognition.is_decided
        may_hold = "" if recognition.is_decided else "、".join(draft.may_hold(recognition))
        self.regions.append((*place, kind, other, margin, score, is_sure, may_hold, shape_of(region.names)))
        shape = shape_of(region.names)
        meant = {column.index: column for column in (*recognition.columns, *recognition.twins)} if table else {}
        guests = {c.index: (c, guest.table.field(c.key)) for guest in recognition.guests for c in guest.columns}
        posts, said = _labels_of_posts(recognition), schema.recognition_words()["weights"]["header"]
        for index, name in enumerate(region.names):
            column, item = guests.get(index, (meant.get(index), None))
            item = table.field(column.key) if table and column and item is None else item
            weights = [round(w, 2) for w in (column.weight, column.by_header, column.by_cells)] if column else [0.0] * 3
            shown = draft.samples(index, item)
            samples = "；".join(masked(text)[:20] for text in shown)
            at, header = letters(region.columns[index]), name.replace("\n", " ")
            told = (item.key, item.label) if item else posts.get(index, ("", ""))
            weights = [said, said, 0.0] if index in posts else weights
            self.columns.append((*place, at, header, *told, *weights, samples, column_key(shape, name)))


def _labels_of_posts(recognition: Recognition) -> dict[int, tuple[str, str]]:
    """Field and label of each column of holders of a post, of those beside it, and of each of a check list."""
    table, posts = recognition.table, schema.vocabulary("post")
    if table is None:
        return {}
    found = {post.at: ("name", posts.label(post.code)) for post in recognition.posts}
    found |= {at: (key, table.field(key).label) for post in recognition.posts for at, key in post.beside}
    said = table.checks.get("said", "")
    return found | {check.at: (said, table.field(said).label) for check in recognition.checks}


def read_workbooks(
    paths: Rosters,
    *,
    password: Password = None,
    progress: Callable[[str], None] | None = None,
    decisions: Decisions | None = None,
) -> Reading:
    """Read every workbook under the paths into typed tables, before any name is linked.

    Parameters
    ----------
    paths
        A folder, a file, bytes, an open file, frames by kind (`{"units": frame}`) or by sheet
        (`{"名册.xlsx": {"Sheet1": frame}}`), or several of them.
    password
        Opens protected workbooks: one for all, or a function that is asked with the name of each.
    progress
        Called with the name of each file when it has been opened; without it, a notebook shows a bar.
    decisions
        What a person has decided about sheets and columns; by default what the file `别名.csv` in the
        folders holds.

    Returns
    -------
    Reading
        A file or sheet that cannot be used is a finding; the others go on. Nothing readable
        gives empty tables.

    Raises
    ------
    WorkbookError
        input-type for what is none of these.

    """
    rosters = paths if isinstance(paths, Given) else given(paths)
    aside = frozenset({FILE_NAME})
    files, notes = find_files(rosters.paths, aside=aside)
    held, more = find_contents(rosters.contents, taken=[name for name, _ in files], aside=aside)
    answers = decisions_in(answer_files(rosters.paths)) if decisions is None else decisions
    run = _Run(findings=notes + more)
    seen: dict[str, str] = {}
    drafts: list[Draft] = []
    requests = [Request(name, str(path)) for name, path in files]
    requests += [Request(name, member, content=content) for name, (member, content) in held.items()]
    n_files = len(requests) + len(rosters.workbooks)
    with Workers(len(requests)) as workers, steps(n_files, progress) as tell:
        for name, opened in _all_opened(workers, requests, password, rosters.workbooks):
            tell(name)
            if isinstance(opened, Refusal):
                run.findings.append(finding(opened.code, file=name, data=opened.data))
            elif opened.sha256 in seen:
                run.findings.append(finding("file-twice", file=name, data={"other": seen[opened.sha256]}))
            else:
                seen[opened.sha256] = name
                drafts += _note_file(run, opened)
    drafts, unnamed = with_cells_named(drafts)
    run.findings += unnamed
    answers = rosters.decided(answers, drafts)
    for draft, recognition in without_outdated(recognised(drafts, answers)):
        _read_region(run, draft, with_twins(draft, recognition))
    run.findings += unknown_answers(drafts, answers)
    tables = {key: _joined(run.frames.get(key, []), table) for key, table in schema.tables().items()}
    return Reading(
        tables,
        run.findings,
        pd.DataFrame(run.ledger_in_order(), columns=list(LEDGER_COLUMNS)),
        pd.DataFrame(run.inputs, columns=["file", "sha256", "modified"]),
        pd.DataFrame(run.facts, columns=["file", "sheet", "fact", "value"]).astype("str"),
        pd.DataFrame(run.regions, columns=list(REGION_COLUMNS)),
        pd.DataFrame(run.columns, columns=list(READ_COLUMNS)),
    )


def _all_opened(
    workers: Workers, requests: Sequence[Request], password: Password, frames: Sequence[Workbook]
) -> Iterator[tuple[str, Workbook | Refusal]]:
    """Each file and what opening it gave, then each that others read, then each workbook of frames."""
    ours, theirs = shared_out(requests)
    yield from _opened(workers, ours, password)
    yield from opened_by_others(theirs)
    for workbook in sorted(frames, key=lambda workbook: workbook.name):
        yield workbook.name, workbook


def _opened(workers: Workers, asked: Sequence[Request], password: Password) -> Iterator[tuple[str, Workbook | Refusal]]:
    """Each file and what opening it gave; a protected one is asked for its password and opened again."""
    told = (password,) if isinstance(password, str) else ()
    requests = [replace(request, passwords=told) for request in asked]
    for request, opened in zip(requests, workers.opened(requests), strict=True):
        is_locked = isinstance(opened, Refusal) and opened.code == "file-protected"
        answer = password(request.name) if is_locked and callable(password) else None
        again = replace(request, passwords=(answer,)) if answer else None
        yield request.name, next(workers.opened([again])) if again else opened


def _joined(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else _empty(table).copy()


@cache
def _empty(table: Table) -> pd.DataFrame:
    dtypes = {item.key: DTYPES.get(item.type, "str") for item in table.fields} | _OF_PLACES
    return pd.DataFrame({name: pd.array([], dtype=dtype) for name, dtype in dtypes.items()})


_OF_PLACES = {"file": "str", "sheet": "str", "row": "Int64", "source": "str"}


def _note_file(run: _Run, workbook: Workbook) -> list[Draft]:
    """Note a file and draft every region of its sheets."""
    names = dict[str, None]()
    for sheet in workbook.sheets:
        sheet.name = free_name(masked(sheet.name), names)
        names[sheet.name] = None
    run.inputs.append((workbook.name, workbook.sha256, workbook.modified))
    run.findings += [finding(code, file=workbook.name, data=data) for code, data in workbook.notes]
    if workbook.sheets and all(map(is_own, workbook.sheets)):
        run.findings.append(finding("file-own", file=workbook.name))
    return [draft for sheet in workbook.sheets for draft in _drafts(run, sheet, workbook.name)]


def _drafts(run: _Run, sheet: Sheet, file: str) -> list[Draft]:
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    run.order.setdefault((file, sheet.name), len(run.order))
    if sheet.n_missing:
        run.findings.append(finding("cells-missing", data={"n": sheet.n_missing}, **place))
    n_blank, n_columns = n_blank_rows(sheet), sum(len(column.values) > 1 for column in sheet.columns)
    if is_own(sheet):
        run.ledger.append((file, sheet.name, "", "", *_skipped("own", sheet.n_rows)))
    elif n_columns > _MOST_COLUMNS:
        run.findings.append(finding("sheet-wide", data={"n": n_columns, "most": _MOST_COLUMNS}, **place))
        run.ledger.append((file, sheet.name, "", "", *_unread(sheet.n_rows, n_blank)))
    elif n_blank == sheet.n_rows:
        run.findings.append(finding("sheet-empty", **place))
        run.ledger.append((file, sheet.name, "", "", *_skipped("blank", n_blank)))
    elif not (drafts := draft_regions(sheet, file))[0].region.is_guess or not is_code_table(sheet):
        return drafts
    else:
        run.findings.append(finding("sheet-code-table", **place))
        run.ledger.append((file, sheet.name, "", "", *_skipped("codes", sheet.n_rows)))
    return []


def _read_region(run: _Run, draft: Draft, recognition: Recognition) -> None:
    """Read one region: its rows, its line of the ledger, what it was taken for."""
    region, place = draft.region, draft.place
    run.note_recognition(draft, recognition)
    run.findings += judged_findings(draft, recognition)
    if recognition.is_refused:
        answer = words()["answers"]["skip"]
        run.ledger.append((draft.file, region.sheet.name, answer, region.place, *_skipped("refused", region.n_rows)))
        return
    if recognition.table is None:
        blank = n_blank_within(region)
        n_rows = region.at[1] - region.at[0] if region.turned is not None else region.n_rows
        run.ledger.append((draft.file, region.sheet.name, "", region.place, *_unread(n_rows, blank)))
        return
    facts = draft.facts_for(recognition.table, recognition.columns)
    run.findings += draft.notes_for(recognition, facts)
    said = {fact: masked(value) for fact, value in draft.said(facts).items() if value}
    run.facts += [(draft.file, region.sheet.name, fact, value) for fact, value in said.items()]
    records = sort_rows(region, recognition, place)
    frames, findings = read_rows(region, recognition, records, facts, draft.file)
    run.findings += records.findings + findings + row_findings(draft, recognition, records)
    for key, frame in frames.items():
        run.frames.setdefault(key, []).append(frame)
    if region.apart:
        run.findings.append(finding("rows-apart", data={"n": len(region.apart)}, **place))
    loose = draft.loose_rows()
    run.findings += [finding("rows-not-read", row=row + 1, **place) for row in loose]
    skipped = dict(records.counts)
    skipped["header"] += region.depth
    if region.turned is None:  # the things of a turned table are counted, not the rows it lies in
        skipped["title"] = len(region.lines) - len(loose)
        skipped["blank"] += region.first - region.top - len(region.lines)
    n_used, n_aside = len(records.used), len(records.incomplete) + len(records.replaced) + len(loose)
    n_rest = sum(skipped.values())
    line = recognition.table.label, region.place, region.n_rows, n_used, n_aside, n_rest, _reasons(skipped)
    run.ledger.append((draft.file, region.sheet.name, *line))


def _skipped(reason: str, n: int) -> tuple[int, int, int, int, str]:
    """The counts of a ledger line all of whose rows are skipped for one reason."""
    return n, 0, 0, n, _reasons({reason: n})


def _unread(n: int, n_blank: int) -> tuple[int, int, int, int, str]:
    """The counts of a ledger line of which nothing could be read; blank rows lose nothing."""
    return n, 0, n - n_blank, n_blank, _reasons({"blank": n_blank})


def _reasons(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {counts[reason]}" for reason in _REASONS if counts.get(reason))


_REASONS = (
    "own",
    "codes",
    "refused",
    "title",
    "header",
    "heading",
    "total",
    "note",
    "example",
    "vacant",
    "deleted",
    "prepared",
    "blank",
)
