"""The frames of a network: completed, compared, and checked before they become a part of it."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.errors import NetworkError
from pbgraph.graphs import minimal_types, plain_rows, prefixed
from pbgraph.model import ALWAYS, ID_COLUMNS, KINDS, PREFIXES, TIE_COLUMNS
from pbgraph.reading.values import DTYPES, nulls


def own_table(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """A frame of a network's own, with a null column for what every reader of the kind asks for."""
    lacking = {key: DTYPES.get(told, "str") for key, told in ALWAYS.get(kind, {}).items() if key not in frame}
    made = {key: nulls(dtype, len(frame)).set_axis(frame.index) for key, dtype in lacking.items()}
    return frame.assign(**made) if made else shared(frame)


def empty_table(kind: str) -> pd.DataFrame:
    """A table of a kind without rows."""
    return shared(_empty_table(kind))


@cache
def _empty_table(kind: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(minimal_types(kind))).astype(minimal_types(kind))


def shared(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of its own that shares the memory: pandas copies a column when one of the two is edited."""
    return frame.copy(deep=False)


def is_same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two frames have the same rows, in whatever order and however stored."""
    if len(one) != len(other):
        return False
    if one.equals(other):
        return True
    first, second = (sorted(sorted(_alike(row).items()) for row in plain_rows(frame)) for frame in (one, other))
    return first == second


def _alike(row: dict[str, Any]) -> dict[str, str]:
    """The values of a row as texts: a whole number is one however it is stored."""
    whole = {key: int(row[key]) for key in row if isinstance(row[key], float) and row[key].is_integer()}
    return {key: f"{type(value).__name__} {value}" for key, value in (row | whole).items()}


def as_pandas(frame: Any, name: str) -> pd.DataFrame:
    """A frame of any library as pandas; its own index is left out."""
    try:
        held = nw.from_native(frame, eager_only=True).to_pandas()
    except TypeError as error:
        raise NetworkError("table-not-frame", table=name, what=type(frame).__name__) from error
    return held.reset_index(drop=True)


def entity_table(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """A table of a kind with the columns that each has; what does not say so is listed."""
    key = ID_COLUMNS[kind]
    if key not in frame or not frame[key].is_unique or frame[key].isna().any():
        raise NetworkError("table-without-id", table=kind, column=key)
    if not frame[key].astype("str").str.startswith(f"{PREFIXES[kind]}:").all():
        frame = frame.assign(**{key: [prefixed(node, kind) for node in frame[key]]})
    defaults = {"name": frame[key], "is_listed": True, "source": ""}
    frame = frame.assign(**{column: value for column, value in defaults.items() if column not in frame})
    return frame.astype(minimal_types(kind)).sort_values(key, ignore_index=True)


def gone_nodes(earlier: dict[str, pd.DataFrame], tables: dict[str, pd.DataFrame]) -> list[str]:
    """The nodes that earlier tables have and these have not."""
    pairs = [(earlier[kind][ID_COLUMNS[kind]], tables[kind][ID_COLUMNS[kind]]) for kind in KINDS]
    return [node for before, now in pairs if not before.equals(now) for node in before[~before.isin(now)]]


def without_nodes(ties: pd.DataFrame, gone: list[str]) -> pd.DataFrame:
    """The ties of which neither end is gone; the frame itself where none is."""
    if not gone:
        return ties
    return ties[~(ties["source_id"].isin(gone) | ties["target_id"].isin(gone))].reset_index(drop=True)


def check_ends(ties: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> None:
    """Raise NetworkError (tie-end-unknown) for the first tie with an end that is in no table."""
    nodes = pd.concat([tables[kind][ID_COLUMNS[kind]] for kind in KINDS])
    for end in ("source_id", "target_id"):
        loose = ties[~ties[end].isin(nodes)]
        if len(loose):
            raise NetworkError("tie-end-unknown", relation=loose["relation"].iloc[0], which=loose[end].iloc[0])


def complete(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """A table, or the ties, with a null column for everything that its rosters may tell and that it lacks."""
    lacking = {key: dtype for key, dtype in columns_of(kind).items() if key not in frame}
    return frame.assign(**{key: nulls(dtype, len(frame)).set_axis(frame.index) for key, dtype in lacking.items()})


@cache
def columns_of(kind: str) -> dict[str, str]:
    """The columns that entities of a kind, or ties, may have, with their types."""
    if kind == "ties":
        return dict.fromkeys(TIE_COLUMNS, "str")
    return {key: DTYPES.get(told, "str") for key, told in schema.entity_columns(kind).items()}


def typed_notes(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of notes as text or numbers, so that an empty table keeps its types; shares the memory."""
    numbers = {"row"} | {column for column in frame if column.startswith("n_")}
    special = dict.fromkeys(_SHARES, "Float64") | dict.fromkeys(_FLAGS, "boolean") | dict.fromkeys(numbers, "Int64")
    wanted = {column: special.get(column, "str") for column in frame}
    if frame.dtypes.astype("str").to_dict() == wanted:
        return shared(frame)
    texts = [column for column in _FLAGS if column in frame and pd.api.types.is_string_dtype(frame[column])]
    return frame.assign(**{column: frame[column] == "True" for column in texts}).astype(wanted)  # as saved once


_SHARES = ("similarity", "margin", "score", "weight", "by_header", "by_cells")
_FLAGS = ("is_asked", "may_cover", "is_sure")


def check_ties(ties: pd.DataFrame, names: Mapping[str, str] | None = None) -> None:
    """Raise NetworkError for the first tie that cannot be, said with the names of its ends where they are given.

    relation-not-known where there is no such relation, tie-end-unknown where an end has no id of ours, tie-illegal
    where its relation does not join such ends.
    """
    kind_of = {prefix: kind for kind, prefix in PREFIXES.items()}
    relations = schema.vocabulary("relation")
    kinds = ties[["relation"]].copy()
    for end in ("source_id", "target_id"):
        kinds[end] = ties[end].astype("str").str.split(":").str[0].map(kind_of)
    for number in kinds.drop_duplicates().index:
        relation, source, target = (str(kinds.at[number, column]) for column in kinds)
        if relation not in relations.rows:
            raise NetworkError(
                "relation-not-known", relation=relation, choices=_relations_like(relation, source, target)
            )
        legal = {end: relations.rows[relation][f"{end}_kinds"].split(";") for end in ("source", "target")}
        ends = {"source": str(ties.at[number, "source_id"]), "target": str(ties.at[number, "target_id"])}
        for end, kind in (("source", source), ("target", target)):
            if kind not in KINDS:
                raise NetworkError("tie-end-unknown", relation=relation, which=ends[end])
        if source not in legal["source"] or target not in legal["target"]:
            said = {f"{end}_name": (names or {}).get(node, node) for end, node in ends.items()}
            allowed = {f"{end}s": "、".join(map(_kind_label, kinds)) for end, kinds in legal.items()}
            word = relations.label(relation)
            shown = {"source": _kind_label(source), "target": _kind_label(target)}
            raise NetworkError("tie-illegal", relation=relation, word=word, **shown, **said, **allowed)


def _kind_label(kind: str) -> str:
    return f"{caption(f'node_{kind}', 'zh')} {kind}"


def _relations_like(wrong: str, source: str, target: str) -> str:
    """The relations that a word may mean, or else those that may join such ends."""
    rows = schema.vocabulary("relation").rows
    words = {word: code for code, row in rows.items() for word in (code, row["label"])}
    near = [words[word] for word in get_close_matches(wrong, words, n=3)]
    legal = [
        c for c, r in rows.items() if source in r["source_kinds"].split(";") and target in r["target_kinds"].split(";")
    ]
    return "、".join(f"{code}（{rows[code]['label']}）" for code in dict.fromkeys(near or legal or rows))
