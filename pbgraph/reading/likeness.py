"""How like a header is to the spellings that offices use: runs of one to three characters, rare ones weighing most."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from pbgraph import schema
from pbgraph.schema import Table, header_key
from pbgraph.text import simplified

_RUNS = (1, 2, 3)
_BASE = 1 << 21  # code points of a character
_EDGE = "\ue000"  # stands before and behind a header, so that its head noun counts more
_ALWAYS = 1e-3  # a run that every spelling has weighs a little


class _Index(NamedTuple):
    """Spellings by run as rows of unit length, those of one field side by side.

    `runs` are sorted, with their `weights`; the spellings that have run number k are `having[first[k]:first[k + 1]]`,
    and `shares` what it weighs in each; `starts` are the first spellings of each field, `fields` their keys, and
    `of_table` says which fields are of which kind of table.
    """

    runs: Any
    weights: Any
    unseen: float
    having: Any
    shares: Any
    first: Any
    n_spellings: int
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
    return dict(sorted(((key, cosine) for key, cosine in found if cosine > 0), key=lambda pair: -pair[1]))


@lru_cache(maxsize=4096)
def _most_like(form: str) -> list[float]:
    """The cosine of a header with the most like spelling of each field of each kind of table.

    Runs that no spelling has make the header longer, so that words nobody knows count against it.
    """
    index = _index()
    _, runs = _runs_of([form])
    at = np.minimum(np.searchsorted(index.runs, runs), len(index.runs) - 1)
    known = index.runs[at] == runs
    weights = np.bincount(at[known], weights=index.weights[at[known]], minlength=len(index.runs))
    length = np.sqrt((weights**2).sum() + (~known).sum() * index.unseen**2)
    found = np.flatnonzero(weights)
    if not length or not len(found):
        return [0.0] * len(index.starts)
    parts = [slice(index.first[number], index.first[number + 1]) for number in found]
    having = np.concatenate([index.having[part] for part in parts])
    shares = np.concatenate([index.shares[part] * weights[number] for part, number in zip(parts, found, strict=True)])
    cosines = np.bincount(having, weights=shares, minlength=index.n_spellings) / length
    most: list[float] = np.maximum.reduceat(cosines, index.starts).tolist()
    return most


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
    n = len(spellings)
    weights = np.log(n / np.minimum(n_with, n)) + _ALWAYS
    pairs, place = np.unique(at * n + row, return_inverse=True)
    having, shares = pairs % n, np.bincount(place, weights=weights[at])
    shares = shares * (1 / np.sqrt(np.bincount(having, weights=shares**2)))[having]
    first = np.searchsorted(pairs // n, np.arange(len(runs) + 1))
    starts = np.cumsum([0, *(len(by_field[pair]) for pair in order)])[:-1]
    of_table: dict[str, slice] = {}
    for number, (key, _) in enumerate(order):
        of_table[key] = slice(of_table[key].start if key in of_table else number, number + 1)
    keys = [key for _, key in order]
    return _Index(runs, weights, float(np.log(n)), having, shares, first, n, starts, keys, of_table)


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
