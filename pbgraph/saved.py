"""A saved network, opened as a stranger's bytes are: its size and its shape are judged before it is unfolded.

A Parquet file of a few megabytes can hold one text a million times. So the rows are taken from the footer of
each file, the texts are measured by an engine with little memory and little time, and only then is anything
made of them. What does not have the shape that `Network.save` writes is an error that says where.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import msgspec
import pandas as pd
from msgspec import Meta, Struct

from pbgraph.captions import LANGUAGES, caption, captions
from pbgraph.errors import NetworkError
from pbgraph.findings import COLUMNS as FINDING_COLUMNS
from pbgraph.findings import kinds as finding_kinds
from pbgraph.graphs import minimal_types
from pbgraph.model import ID_COLUMNS, KINDS, LEDGER_COLUMNS, PREFIXES, TIE_COLUMNS
from pbgraph.tables import check_ends, check_ties, columns_of

META = "network.json"
_MOST_META = 4 * 2**20  # that of a street is 20 kB
_MOST_FILE = 200 * 2**20  # as for a workbook
_MOST_HELD = 2**30  # bytes of texts and numbers, unfolded: a network of a million members has two thirds
_MOST_TEXT = 2**24  # bytes of one text: the places of a hundred thousand rows have a third
_MOST_ROWS = 20_000_000
_MEMORY = "1GB"
_SECONDS = 60.0
_DTYPE = (
    r"^(str|string|object|category|bool|boolean|[Uu]?[Ii]nt(8|16|32|64)|[Ff]loat(32|64)|datetime64\[(s|ms|us|ns)\])$"
)
_TEXTS = frozenset({"str", "string", "object", "category"})
_STORED = {
    "VARCHAR": _TEXTS, "BOOLEAN": {"bool", "boolean", "object"},
    "DATE": {"object", "datetime64[s]", "datetime64[ms]", "datetime64[us]", "datetime64[ns]"},
}  # fmt: skip
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "UTINYINT", "USMALLINT",
            "UINTEGER", "UBIGINT")  # fmt: skip
_NEEDED = ("ties", "findings", "ledger", "inputs")
_NOTES = {"findings": FINDING_COLUMNS, "ledger": LEDGER_COLUMNS, "inputs": ("file", "sha256", "modified")}
_Column = Annotated[str, Meta(min_length=1)]
_Dtype = Annotated[str, Meta(pattern=_DTYPE)]


class _Meta(Struct, forbid_unknown_fields=True):
    """What `network.json` says: the types of the columns of each table."""

    format: Literal[1]
    settings: dict[str, str]
    columns: dict[str, dict[_Column, _Dtype]]


def read_saved(folder: Path, *, notes: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """The frames and the settings of a saved network; `notes` are its tables that are no entities and no ties.

    Raises
    ------
    NetworkError
        network-not-saved where the folder is none; network-too-large; network-spoilt, with what is wrong in
        which file; tie-illegal or tie-end-unknown.

    """
    found = _Saved(folder)
    meta = found.meta()
    _check_settings(found, meta.settings)
    known = (*KINDS, "ties", *notes)
    for name in known:
        if name not in meta.columns and (name in _NEEDED or (folder / f"{name}.parquet").exists()):
            found.spoilt(META, "lacks", column=name)
    for name in meta.columns.keys() - set(known):
        found.spoilt(META, "shape", where=name)
    frames = dict(found.frames(meta.columns))
    for name, frame in frames.items():
        _check_frame(found, name, frame)
    check_ties(frames["ties"])
    check_ends(frames["ties"], {kind: frames.get(kind, pd.DataFrame({ID_COLUMNS[kind]: []})) for kind in KINDS})
    return frames, meta.settings


class _Saved:
    """The folder of a saved network, to say where in it something is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def spoilt(self, part: str, reason: str, **data: object) -> NoReturn:
        """Raise the error of what is wrong in a file."""
        said = {lang: caption(f"saved_{reason}", lang, **data) for lang in LANGUAGES}
        raise NetworkError("network-spoilt", path=self.folder.name, part=part, reason=said)

    def too_large(self, part: str, size: str) -> NoReturn:
        """Raise the error of a file that is larger than that of any street."""
        raise NetworkError("network-too-large", path=self.folder.name, part=part, size=size)

    def bounded(self, part: str, most: int) -> Path:
        """A file that is one, and is not too large to be read."""
        path = self.folder / part
        if not path.is_file():
            self.spoilt(part, "absent")
        size = path.stat().st_size
        if size > most:
            self.too_large(part, f"{size >> 20} MB")
        return path

    def meta(self) -> _Meta:
        """What `network.json` says."""
        if not (self.folder / META).is_file():
            raise NetworkError("network-not-saved", path=self.folder.name)
        try:
            return msgspec.json.decode(self.bounded(META, _MOST_META).read_bytes(), type=_Meta)
        except msgspec.ValidationError as error:
            said, _, place = str(error).partition(" - at `$")
            named = said.partition("`")[2].partition("`")[0] if said.startswith("Object") else ""
            where = ".".join(filter(None, (place.replace("[...]", "").strip("`."), named)))
            self.spoilt(META, "shape" if where else "unreadable", where=where)
        except (OSError, ValueError, RecursionError):
            self.spoilt(META, "unreadable")

    def frames(self, columns: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, pd.DataFrame]]:
        """Each table with its name, once all of them have been measured."""
        import duckdb

        name = ""
        try:
            with _narrow_engine() as engine:
                n_held = 0
                for name, dtypes in columns.items():
                    n_held += self._measured(engine, name, dtypes)
                    if n_held > _MOST_HELD:
                        size = f"> {_MOST_HELD >> 20} MB"
                        raise NetworkError(
                            "network-too-large", path=self.folder.name, part=f"{name}.parquet", size=size
                        )
            with duckdb.connect() as engine:
                for name, dtypes in columns.items():
                    yield name, self._frame(engine, name, dtypes)
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            self.too_large(f"{name}.parquet", f"> {_MEMORY}")
        except (OSError, ValueError, TypeError, duckdb.Error):
            self.spoilt(f"{name}.parquet", "unreadable")

    def _measured(self, engine: Any, name: str, dtypes: Mapping[str, str]) -> int:
        """How many bytes a table is when it is unfolded; its columns are those that are listed."""
        part = f"{name}.parquet"
        path = self.bounded(part, _MOST_FILE).as_posix()
        said = "SELECT num_rows FROM parquet_file_metadata(?)"
        n_rows: int = sum(row[0] for row in engine.execute(said, [path]).fetchall())
        if n_rows > _MOST_ROWS:
            self.too_large(part, f"{n_rows} x {len(dtypes)}")
        stored = dict(row[:2] for row in engine.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall())
        for column in [column for column in dtypes if column not in stored]:
            self.spoilt(part, "lacks", column=column)
        for column, kind in stored.items():
            if column not in dtypes:
                self.spoilt(part, "extra", column=column)
            elif not _is_stored_as(kind, dtypes[column]):
                self.spoilt(part, "type", column=column)
        texts = [column.replace('"', '""') for column, kind in stored.items() if kind == "VARCHAR"]
        sums = ", ".join(f'sum(strlen("{column}")), max(strlen("{column}"))' for column in texts) or "0, 0"
        lengths = engine.execute(f"SELECT {sums} FROM read_parquet(?)", [path]).fetchone()
        if max(length or 0 for length in lengths[1::2]) > _MOST_TEXT:
            self.too_large(part, f"> {_MOST_TEXT >> 20} MB")
        return n_rows * len(stored) * 8 + sum(length or 0 for length in lengths[::2])

    def _frame(self, engine: Any, name: str, dtypes: Mapping[str, str]) -> pd.DataFrame:
        frame: pd.DataFrame = engine.read_parquet((self.folder / f"{name}.parquet").as_posix()).df()
        return frame.astype(dict(dtypes))


def _is_stored_as(kind: str, dtype: str) -> bool:
    """Whether a type of Parquet can hold a type of a frame."""
    if kind.startswith(("TIMESTAMP", "DATE")):
        return dtype in _STORED["DATE"]
    if kind.startswith(("DECIMAL", *_NUMBERS)):
        return dtype not in ("str", "string", "category")
    return dtype in _STORED.get(kind, ())


@contextmanager
def _narrow_engine() -> Iterator[Any]:
    """An engine with little memory that is stopped after a while."""
    import duckdb

    with duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY, "temp_directory": ""}) as engine:
        timer = threading.Timer(_SECONDS, engine.interrupt)
        timer.start()
        try:
            yield engine
        finally:
            timer.cancel()


def _check_settings(found: _Saved, settings: Mapping[str, str]) -> None:
    day = settings.get("as_of", "")
    try:
        date.fromisoformat(day or "2000-01-01")
    except ValueError:
        found.spoilt(META, "shape", where="settings.as_of")
    if f"day_{settings.get('as_of_basis') or 'unknown'}" not in captions(LANGUAGES[0]):
        found.spoilt(META, "shape", where="settings.as_of_basis")
    if settings.get("edition", "internal") not in ("internal", "meeting", "public"):
        found.spoilt(META, "shape", where="settings.edition")


def _check_frame(found: _Saved, name: str, frame: pd.DataFrame) -> None:
    """Whether a table has the columns of its name, ids that are ids, and only words that we know."""
    part = f"{name}.parquet"
    needed = TIE_COLUMNS if name == "ties" else _NOTES.get(name, ())
    types = minimal_types(name) if name in KINDS else dict.fromkeys(needed, "")
    for column in types:
        if column not in frame:
            found.spoilt(part, "lacks", column=column)
    told = columns_of(name) if name in KINDS or name == "ties" else {}
    for column, dtype in (told | {key: value for key, value in types.items() if value}).items():
        if column in frame and not _is_like(frame[column], dtype):
            found.spoilt(part, "type", column=column)
    whole = ("source_id", "target_id", "relation") if name == "ties" else tuple(types) if name in KINDS else ()
    for column in whole:
        if frame[column].isna().any():
            found.spoilt(part, "null", column=column)
    if name in KINDS:
        ids = frame[ID_COLUMNS[name]]
        if not (ids.is_unique and ids.str.startswith(f"{PREFIXES[name]}:").all()):
            found.spoilt(part, "id", column=ID_COLUMNS[name])
    if name == "findings":
        _check_findings(found, frame)


def _is_like(values: pd.Series, dtype: str) -> bool:
    """Whether a column holds what the schema says of it; nothing is like everything."""
    is_text, is_flag = pd.api.types.is_string_dtype(values), pd.api.types.is_bool_dtype(values)
    if values.isna().all():
        return True
    return is_text if dtype == "str" else is_flag if dtype == "boolean" else not is_text


def _check_findings(found: _Saved, frame: pd.DataFrame) -> None:
    part, known = "findings.parquet", finding_kinds()
    for column, words in (("code", known), ("severity", ("error", "warning", "note"))):
        if not frame[column].isin(list(words)).all():
            found.spoilt(part, "value", column=column)
    decoder = msgspec.json.Decoder(dict[str, str])
    try:
        for data in frame["data"].unique():
            decoder.decode(data)
    except (TypeError, ValueError, RecursionError):
        found.spoilt(part, "value", column="data")
