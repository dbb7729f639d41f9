"""How like a header is to the spellings that offices use: runs of one to three characters, rare ones weighing most."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from pbgraph import schema
from pbgraph.schema import Table, header_key
from pbgraph.text import simplified

_RUNS = (1, 2, 3)
_BASE = 1 << 21  # code points of a character
_EDGE = "\ue000"  # stands before and behind a header, so that its head noun counts more
_ALWAYS = 1e-3  # a run that every spelling has weighs a little


class _Index(NamedTuple):
    """Spellings by run as rows of unit length, those of one field side by side.

    `runs` are sorted, with their `weights`; `by_run` has a row for each; `starts` are the first spellings of each
    field, `fields` their keys, and `of_table` says which fields are of which kind of table.
    """

    runs: Any
    weights: Any
    unseen: float
    by_run: Any
    starts: Any
    fields: list[str]
    of_table: dict[str, slice]


def likeness(table: Table, name: str) -> dict[str, float]:
    """The fields of a kind of table by the cosine (0 to 1] of a header and their most like spelling, best first.

    {} for a header that shares no character with any spelling.
    """
    index = _index()
    part = index.of_table[table.key]
    found = zip(index.fields[part], _most_like(header_key(simplified(name)))[part], strict=True)
    return dict(sorted(((key, float(cosine)) for key, cosine in found if cosine > 0), key=lambda pair: -pair[1]))


@lru_cache(maxsize=4096)
def _most_like(form: str) -> Any:
    """The cosine of a header with the most like spelling of each field of each kind of table.

    Runs that no spelling has make the header longer, so that words nobody knows count against it.
    """
    index = _index()
    _, runs = _runs_of([form])
    at = np.minimum(np.searchsorted(index.runs, runs), len(index.runs) - 1)
    known = index.runs[at] == runs
    weights = np.bincount(at[known], weights=index.weights[at[known]], minlength=len(index.runs))
    length = np.sqrt((weights**2).sum() + (~known).sum() * index.unseen**2)
    return np.maximum.reduceat(
        weights @ index.by_run / length if length else np.zeros(index.by_run.shape[1]), index.starts
    )


@cache
def _index() -> _Index:
    by_field: dict[tuple[str, str], list[str]] = {}
    for table in schema.tables().values():
        for spelling, field in table.headers.items():
            by_field.setdefault((table.key, field), []).append(spelling)
        for spelling, fields in table.spellings.items():
            for field in fields:
                by_field.setdefault((table.key, field), []).append(spelling)
    order = sorted(by_field, key=lambda pair: list(schema.tables()).index(pair[0]))
    spellings = [spelling for pair in order for spelling in by_field[pair]]
    row, run = _runs_of(spellings)
    runs, at, n_with = np.unique(run, return_inverse=True, return_counts=True)
    weights = np.log(len(spellings) / np.minimum(n_with, len(spellings))) + _ALWAYS
    by_run = sparse.csr_matrix((weights[at], (at, row)), shape=(len(runs), len(spellings)))
    lengths = np.sqrt(np.asarray(by_run.multiply(by_run).sum(axis=0)).ravel())
    starts = np.cumsum([0, *(len(by_field[pair]) for pair in order)])[:-1]
    of_table: dict[str, slice] = {}
    for number, (key, _) in enumerate(order):
        of_table[key] = slice(of_table[key].start if key in of_table else number, number + 1)
    unit = (by_run @ sparse.diags(1 / lengths)).tocsr()
    return _Index(runs, weights, float(np.log(len(spellings))), unit, starts, [field for _, field in order], of_table)


def _runs_of(texts: Sequence[str]) -> tuple[Any, Any]:
    """The runs of characters of each text as numbers: the number of the text, and the run."""
    edged = np.array([f"{_EDGE}{text}{_EDGE}" for text in texts], dtype=np.str_)
    codes = edged.view(np.uint32).reshape(len(texts), -1).astype(np.uint64)
    rows, runs = [], []
    for n in _RUNS:
        width = codes.shape[1] - n + 1
        run = np.zeros((len(texts), width), dtype=np.uint64)
        for k in range(n):
            run = run * np.uint64(_BASE) + codes[:, k : k + width]
        at, place = np.nonzero(codes[:, n - 1 :])
        if n == 1:
            inner = codes[at, place] != ord(_EDGE)
            at, place = at[inner], place[inner]
        rows.append(at)
        runs.append(run[at, place])
    return np.concatenate(rows), np.concatenate(runs)
