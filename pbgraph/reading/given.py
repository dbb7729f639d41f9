"""What is handed over that is no path: bytes, open files and frames, each as the workbook that it stands for.

Frames come keyed by the kind of table (`{"units": frame}`, columns under the keys of `reference/schema.toml` or
under headers as offices write them), or as the sheets of a workbook (`{"名册.xlsx": {"Sheet1": frame}}`). A frame is
read as the sheet that it would be: its columns are the header row, so that row 2 is the first one below.
"""

import hashlib
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.decisions import Decisions, shape_of
from pbgraph.errors import WorkbookError
from pbgraph.reading.cells import Cell, Sheet, sheet_of_rows
from pbgraph.reading.drafts import Draft
from pbgraph.reading.opening import Workbook
from pbgraph.reading.shown import clean_texts, printable
from pbgraph.schema import Table, header_key

Rosters = Any
"""A path, bytes, an open file, frames by kind or by sheet, or several of them."""
_UNNAMED = re.compile(r"Unnamed: \d+(?:_level_\d+)?")
_REPEATED = re.compile(r"(.+)\.\d+")
_EXACT = 2**53  # a longer number is no longer exact as a float: it is a code


@dataclass
class Given:
    """What was handed over: paths, contents by name, and the workbooks that frames stand for.

    `kinds` names, by workbook, the kind of table that the caller says it is.
    """

    paths: list[Path] = field(default_factory=list)
    contents: list[tuple[str, bytes]] = field(default_factory=list)
    workbooks: list[Workbook] = field(default_factory=list)
    kinds: dict[str, Table] = field(default_factory=dict)

    def decided(self, decisions: Decisions, drafts: Iterable[Draft]) -> Decisions:
        """The decisions, and what the caller says of the kind and the columns of frames."""
        kinds, columns = dict(decisions.kinds), dict(decisions.columns)
        for draft in drafts:
            table = self.kinds.get(draft.file)
            if table is not None:
                shape, labels = shape_of(draft.region.names), {item.label for item in table.fields}
                kinds[shape] = table.label
                columns |= {(shape, header_key(name)): name for name in draft.region.names if name in labels}
        return Decisions(kinds, columns)


def given(rosters: Rosters) -> Given:
    """Sort what was handed over.

    Raises
    ------
    WorkbookError
        input-type for what is none of it; file-unreadable for a file that cannot be read.

    """
    found = Given()
    is_one = isinstance(rosters, str | os.PathLike | bytes | bytearray | memoryview | Mapping) or _is_file(rosters)
    if not is_one and (_is_frame(rosters) or not isinstance(rosters, Iterable)):
        raise _wrong(rosters)
    for item in [rosters] if is_one else rosters:
        if isinstance(item, str | os.PathLike):
            path = os.fspath(item)
            found.paths.append(Path(path if isinstance(path, str) else os.fsdecode(path)))
        elif isinstance(item, Mapping):
            for name, held in item.items():
                _add(found, name, held)
        else:
            found.contents.append((_name_of(item), _content(item)))
    return found


def _add(found: Given, name: object, held: object) -> None:
    """Add what stands under a name: a frame, sheets, or the content of a file."""
    if not isinstance(name, str):
        raise _wrong(name)
    taken = {workbook.name for workbook in found.workbooks}
    table = next((t for t in schema.tables().values() if name in (t.key, t.label)), None)
    name = printable(name)
    shown, number = name, 2
    while shown in taken:
        shown, number = f"{name} ({number})", number + 1
    if _is_frame(held):
        title = table.label if table else PurePosixPath(name).stem
        found.workbooks.append(workbook_of(shown, {title: held}, table))
        if table:
            found.kinds[shown] = table
    elif isinstance(held, Mapping):
        for title, frame in held.items():
            if not isinstance(title, str) or not _is_frame(frame):
                raise _wrong(frame)
        found.workbooks.append(workbook_of(shown, held, None))
    else:
        found.contents.append((name, _content(held)))


def _wrong(value: object) -> WorkbookError:
    return WorkbookError("input-type", what=type(value).__name__)


def _is_frame(value: object) -> bool:
    return nw.dependencies.is_into_dataframe(value) or nw.dependencies.is_polars_lazyframe(value)


def _is_file(value: object) -> bool:
    return callable(getattr(value, "read", None))


def _name_of(value: object) -> str:
    name = getattr(value, "name", "")
    told = re.split(r"[/\\]", name)[-1] if isinstance(name, str) else ""
    return told or caption("unnamed_input", "zh")


def _content(value: Any) -> bytes:
    """The bytes of an open file or of a buffer; a text is a CSV."""
    if _is_file(value):
        try:
            value = value.read()
        except UnicodeDecodeError as error:  # a workbook opened as text
            raise _wrong(value) from error
        except (OSError, ValueError) as error:  # closed, or not for reading
            raise WorkbookError("file-unreadable", reason=str(error) or type(error).__name__) from error
        if isinstance(value, str):
            return value.encode("utf-8", "replace")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise _wrong(value)


def workbook_of(name: str, frames: Mapping[str, Any], table: Table | None = None) -> Workbook:
    """The workbook that frames stand for, by the names of its sheets."""
    sheets = [_sheet(title, frame, table) for title, frame in frames.items()]
    digest = hashlib.sha256()
    for sheet in sheets:
        for column in sheet.columns:
            digest.update(column.codes.tobytes() + repr(column.values).encode())
    return Workbook(name, digest.hexdigest(), "", sheets)


def _sheet(title: str, frame: Any, table: Table | None) -> Sheet:
    names, columns = _pandas_columns(frame) if isinstance(frame, pd.DataFrame) else _other_columns(frame)
    heads = [list(row) for row in zip(*(_headers(name, names, table) for name in names), strict=True)]
    is_counted = names == list(range(len(names)))  # numbers are no headers: the first row may be one
    rows = ([_cell(value) for value in row] for row in zip(*columns, strict=True))
    sheet = sheet_of_rows(printable(title), _chained([] if is_counted else heads, rows))
    clean_texts(sheet.columns)
    return sheet


def _chained(heads: list[list[Cell]], rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    yield from heads
    yield from rows


def _pandas_columns(frame: pd.DataFrame) -> tuple[list[Any], list[list[Any]]]:
    """Names and values of the columns; an index with a name is a column."""
    told = [name for name in frame.index.names if name is not None and name not in frame.columns]
    frame = frame.reset_index(level=told) if told else frame
    held = (frame.iloc[:, place] for place in range(frame.shape[1]))
    columns = [series.astype(object).where(series.notna(), None).tolist() for series in held]
    return frame.columns.tolist(), columns


def _other_columns(frame: Any) -> tuple[list[Any], list[list[Any]]]:
    held = nw.from_native(frame)
    table = held.collect() if isinstance(held, nw.LazyFrame) else held
    return list(table.columns), [table.get_column(name).to_list() for name in table.columns]


def _headers(name: Any, names: list[Any], table: Table | None) -> tuple[str, ...]:
    """The cells of a column in the header rows, from the top: a key of a field is its label."""
    levels = name if isinstance(name, tuple) else (name,)
    return tuple(_header("" if level is None else str(level), names, table) for level in levels)


def _header(name: str, names: list[Any], table: Table | None) -> str:
    if _UNNAMED.fullmatch(name):  # so pandas calls a column that has no header
        return ""
    repeated = _REPEATED.fullmatch(name)
    if repeated and repeated[1] in names:  # and so the second one of a name
        name = repeated[1]
    if table is None:
        return name
    labels = {item.key: item.label for item in table.fields}
    if name == "name" and "name" not in labels:
        name = table.key_fields[0]
    return labels.get(name, name)


def _cell(value: Any) -> Cell:
    """A value as a sheet would hold it."""
    if value is None or value is pd.NaT or isinstance(value, str | bool):
        return "" if value is None or value is pd.NaT else value
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_number = abs(value) < _EXACT if isinstance(value, int) else math.isfinite(value)
        return "" if value != value else float(value) if is_number else str(value)
    if isinstance(value, list | tuple | set | frozenset) or hasattr(value, "tolist"):
        return "、".join(str(_cell(part)) for part in value if part is not None)
    return value if type(value).__module__ == "datetime" and hasattr(value, "isoformat") else str(value)
