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


class _Index(NamedTuple):
    """All spellings as rows of unit length; which rows are of which kind of table, and the field of each row."""

    runs: Any
    weights: Any
    unseen: float
    rows: Any
    of_table: dict[str, slice]
    fields: list[str]
    spellings: list[str]


@lru_cache(maxsize=65536)
def likeness(table: Table, name: str) -> dict[str, tuple[float, str]]:
    """The fields whose spellings share runs of characters with a header: the cosine (0 to 1] and the spelling.

    Best first; {} for a kind of table that nobody has listed spellings of, or a header of unknown characters.
    """
    index = _index()
    if table.key not in index.of_table:
        return {}
    part = index.of_table[table.key]
    shares = (index.rows[part] @ _vector(header_key(simplified(name)), index).T).toarray().ravel()
    found: dict[str, tuple[float, str]] = {}
    for at in np.argsort(-shares, kind="stable"):
        if shares[at] <= 0:
            break
        found.setdefault(index.fields[part.start + at], (float(shares[at]), index.spellings[part.start + at]))
    return found


@cache
def _index() -> _Index:
    spelled = [
        (table.key, field, spelling)
        for table in schema.tables().values()
        for spelling, field in (
            *table.headers.items(),
            *((s, f) for s, fields in table.spellings.items() for f in fields),
        )
    ]
    spellings = [spelling for _, _, spelling in spelled]
    row, run = _runs_of(spellings)
    runs, at, n_with = np.unique(run, return_inverse=True, return_counts=True)
    weights = np.log(len(spellings) / np.minimum(n_with, len(spellings))) + 1e-3
    counts = sparse.csr_matrix((np.ones(len(row)), (row, at)), shape=(len(spellings), len(runs)))
    starts: dict[str, slice] = {}
    for number, (key, _, _) in enumerate(spelled):
        starts[key] = slice(starts[key].start if key in starts else number, number + 1)
    rows = _unit_length(counts.multiply(weights).tocsr())
    return _Index(
        runs, weights, float(np.log(len(spellings))), rows, starts, [field for _, field, _ in spelled], spellings
    )


def _vector(form: str, index: _Index) -> Any:
    """A header as a row; runs that no spelling has make it longer, so that words nobody knows count against it."""
    _, runs = _runs_of([form])
    at = np.minimum(np.searchsorted(index.runs, runs), len(index.runs) - 1)
    known = index.runs[at] == runs
    n_unseen = int((~known).sum())
    shape = (1, len(index.runs))
    row = sparse.csr_matrix((index.weights[at[known]], (np.zeros(known.sum(), dtype=np.int64), at[known])), shape=shape)
    length = np.sqrt(row.multiply(row).sum() + n_unseen * index.unseen**2)
    return row / length if length else row


def _unit_length(rows: Any) -> Any:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1e-9)) @ rows


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
