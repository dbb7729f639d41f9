"""How likely a header means each field, by the spellings that offices use: runs of one to three characters, counted.

Every spelling on the lists votes with its runs of characters: how often those of a field hold a run, against how
often those of all others do (naive Bayes). A field is one thing in every kind of table that has it, so that the
spellings of all of them count, its own once more; what speaks for a field that the kind does not have speaks
against the kind's own.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from pbgraph import schema
from pbgraph.schema import Table, header_key
from pbgraph.text import simplified

_RUNS = (1, 2, 3)
_BASE = 1 << 21  # code points of a character
_EDGE = "\ue000"  # stands before and behind a header, so that its head noun counts more
_NO_FIELD = ""  # what headers mean that no field is for
_UNSEEN = 0.1  # how often a run counts that no spelling of a field has


class _Counts(NamedTuple):
    """How many spellings of each class hold each run: those of run number k are `first[k]:first[k + 1]`."""

    classes: Any
    counts: Any
    first: Any
    totals: Any

    def of(self, numbers: Any) -> Any:
        """The counts of some runs as an array, runs x classes."""
        found = np.zeros((len(numbers), len(self.totals)))
        for row, number in enumerate(numbers):
            part = slice(self.first[number], self.first[number + 1])
            found[row, self.classes[part]] = self.counts[part]
        return found


class _Index(NamedTuple):
    """The sorted `runs` with the counts by field (`pooled`) and by field of a kind of table (`own`).

    `fields` are the keys; `field_of` is the number of the field of each own class, `of_table` the own classes of a
    kind, and `elsewhere` says which fields it does not have.
    """

    runs: Any
    pooled: _Counts
    own: _Counts
    fields: list[str]
    field_of: Any
    of_table: dict[str, slice]
    elsewhere: dict[str, Any]


def likeness(table: Table, name: str) -> dict[str, float]:
    """The fields of a kind of table by the likelihood (0 to 1] that a header means each, best first.

    What is left to 1 is that it means none of them. {} for a header that shares no run with any spelling.
    """
    index = _index()
    part = index.of_table[table.key]
    own, pooled = _likelihoods(header_key(simplified(name)))
    if own is None:
        return {}
    scores = np.concatenate((own[part], pooled[index.elsewhere[table.key]]))
    shares = np.exp(scores - scores.max())
    shares = (shares / shares.sum())[: part.stop - part.start]
    keys = [index.fields[number] for number in index.field_of[part]]
    found = sorted(zip(keys, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return {key: share for key, share in found if key != _NO_FIELD}


@lru_cache(maxsize=4096)
def _likelihoods(form: str) -> tuple[Any, Any]:
    """The logarithm of the likelihood of a header under each own class and each field, (None, None) if it is foreign.

    Divided by the root of its number of runs: runs overlap, and what they say is not independent.
    """
    index = _index()
    runs = np.unique(_runs_of([form])[1])
    at = np.minimum(np.searchsorted(index.runs, runs), len(index.runs) - 1)
    known = at[index.runs[at] == runs]
    if not len(known):
        return None, None

    def likelihood(counts: Any, totals: Any) -> Any:
        said = np.log(counts + _UNSEEN).sum(axis=0) + (len(runs) - len(known)) * np.log(_UNSEEN)
        return (said - len(runs) * np.log(totals + _UNSEEN * len(index.runs))) / np.sqrt(len(runs))

    pooled, totals = index.pooled.of(known), index.pooled.totals
    own = pooled[:, index.field_of] + index.own.of(known)
    return likelihood(own, index.own.totals + totals[index.field_of]), likelihood(pooled, totals)


@cache
def _index() -> _Index:
    by_class = _spellings()
    by_field: dict[str, dict[str, None]] = {}
    for (_, key), spellings in by_class.items():
        by_field.setdefault(key, {}).update(spellings)
    fields = list(by_field)
    forms = list(dict.fromkeys(spelling for spellings in by_field.values() for spelling in spellings))
    row, run = _runs_of(forms)
    runs, number = np.unique(run, return_inverse=True)
    order = np.argsort(row, kind="stable")
    ends = np.searchsorted(row[order], np.arange(1, len(forms)))
    held = dict(zip(forms, map(np.unique, np.split(number[order], ends)), strict=True))
    tables = [table for table, _ in by_class]
    of_table = {key: slice(tables.index(key), tables.index(key) + tables.count(key)) for key in dict.fromkeys(tables)}
    field_of = np.array([fields.index(key) for _, key in by_class])
    elsewhere = {key: ~np.isin(np.arange(len(fields)), field_of[part]) for key, part in of_table.items()}
    pooled, own = (_counted(found.values(), held, len(runs)) for found in (by_field, by_class))
    return _Index(runs, pooled, own, fields, field_of, of_table, elsewhere)


def _spellings() -> dict[tuple[str, str], dict[str, None]]:
    """Every spelling on the lists by kind of table and field, those of one kind side by side."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for table in schema.tables().values():
        found |= {(table.key, item.key): {} for item in table.fields}
        meant = {spelling: (key,) for spelling, key in table.headers.items()} | table.spellings
        for spelling, keys in meant.items():
            for key in keys:
                found[table.key, key][spelling] = None
        found[table.key, _NO_FIELD] = dict.fromkeys(table.others)
    return found


def _counted(classes: Iterable[Iterable[str]], held: dict[str, Any], n_runs: int) -> _Counts:
    """How many spellings of each class hold each run."""
    none = np.zeros(0, dtype=np.int64)
    of_class = [np.concatenate([none, *(held[spelling] for spelling in spellings)]) for spellings in classes]
    totals = np.array([len(part) for part in of_class], dtype=float)
    pairs = np.concatenate([part * len(of_class) + k for k, part in enumerate(of_class)])
    found, counts = np.unique(pairs, return_counts=True)
    first = np.searchsorted(found // len(of_class), np.arange(n_runs + 1))
    return _Counts(found % len(of_class), counts.astype(float), first, totals)


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
