"""Frames on an engine: what the measures run on.

pandas frames go in and come out; between the two everything is a Narwhals lazy frame on
DuckDB (embedded, the default) or Polars. The Narwhals pandas backend is not used, because it
keeps nulls in `!=` where the others drop them.
"""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph.errors import PolicyError

ENGINES = ("duckdb", "polars")
Tables = Mapping[str, nw.LazyFrame[Any]]
"""Lazy frames by the name of the table: the kinds of entity, `ties` and `review`."""


def lazy_tables(frames: Mapping[str, pd.DataFrame], *, engine: str = "duckdb") -> Tables:
    """Put pandas frames on an engine.

    Raises
    ------
    PolicyError
        bad-option where the engine is unknown; missing-extra where it is not installed.

    """
    if engine == "duckdb":
        import duckdb

        connection = duckdb.connect()
        for name, frame in frames.items():
            connection.register(name, frame)
        return {name: nw.from_native(connection.table(name)) for name in frames}
    if engine == "polars":
        try:
            import polars as pl
        except ImportError as error:
            raise PolicyError("missing-extra", extra="polars") from error
        return {name: nw.from_native(pl.from_pandas(frame).lazy()) for name, frame in frames.items()}
    raise PolicyError("bad-option", option="engine", value=engine, choices="、".join(ENGINES))


def collected(frame: nw.LazyFrame[Any], *, sort: list[str]) -> pd.DataFrame:
    """The rows as pandas, sorted here so that no engine's collation shows; as they come where `sort` is empty.

    Text is `str`, whole numbers `Int64`, flags `boolean`, shares `Float64`, with real nulls.
    """
    native = frame.to_native()
    rows = native.df() if hasattr(native, "df") else native.collect().to_pandas()
    types = {name: _pandas_type(dtype) for name, dtype in frame.collect_schema().items()}
    rows = rows.astype(types)
    return rows.sort_values(sort, ignore_index=True) if sort else rows


def month_number(day: nw.Expr) -> nw.Expr:
    """Year times twelve plus month of a day of any precision; December where only the year is known."""
    month = nw.when(day.str.len_chars() > 4).then(day.str.slice(5, 2)).otherwise(nw.lit("12"))
    return day.str.slice(0, 4).cast(nw.Int64) * 12 + month.cast(nw.Int64)


def _pandas_type(dtype: nw.dtypes.DType) -> str:
    if dtype.is_integer():
        return "Int64"
    if dtype.is_float() or dtype.is_decimal():
        return "Float64"
    return "boolean" if dtype == nw.Boolean else "str"
