"""Guards that need no cause: rows that came to nothing, and the numbers that rosters state against what was read.

A row that the ledger counts as used is in the network or in a finding.

Whatever the reason (a sheet that was not sent in, a table that was not understood, a name that was
not linked), a branch whose roster holds a third fewer members than it states is worth a look
before anything is said about it.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.linking.link import Linked
from pbgraph.linking.places import Tables

_A_THIRD = 3  # the measure: a difference of a third or more
_LEAST = 2  # our choice: one person more or less is a late entry
_LEAST_BODIES = 3


def unreached_rows(tables: Tables, linked: Linked, findings: Iterable[Finding]) -> list[Finding]:
    """A finding for each used row that no node, tie or other finding comes from."""
    frames = (*linked.entities.values(), linked.ties)
    reached = {line for frame in frames for text in frame["source"].dropna().unique() for line in text.split("\n")}
    told = {(item.file, item.sheet, item.row) for item in findings}
    found: dict[tuple[str, str, int], Finding] = {}
    for key, rows in ((key, rows) for key, rows in tables.items() if len(rows)):
        lost = rows[~rows["source"].map(reached.__contains__).astype(bool)]
        for file, sheet, row in zip(lost["file"], lost["sheet"], lost["row"], strict=True):
            place = (file, sheet, int(row))
            if place not in told:
                data = {"table": schema.tables()[key].label}
                found[place] = finding("row-unreached", file=file, sheet=sheet, row=int(row), data=data)
    return [found[place] for place in sorted(found)]


def stated_numbers(entities: dict[str, pd.DataFrame], ties: pd.DataFrame) -> list[Finding]:
    """A finding for each organization and unit whose stated members differ by a third, and one on top for many."""
    found: list[Finding] = []
    listed = entities["members"]
    listed = set(listed.loc[listed["is_listed"].astype(bool), "member_id"])
    for kind, relation in (("organizations", "member_of"), ("units", "works_at")):
        told = ties[(ties["relation"] == relation) & ties["source_id"].isin(listed)]
        counted = told.groupby("target_id")["source_id"].nunique()
        if counted.empty or 2 * told["source_id"].nunique() < len(listed):  # few rosters say where each member works
            continue
        below = _with_below(counted, ties) if kind == "organizations" else counted
        frame = entities[kind]
        frame = frame[frame["is_listed"].astype(bool)]
        stated = _stated(frame)
        ids = frame.iloc[:, 0]
        own, whole = ids.map(counted).fillna(0), ids.map(below).fillna(0)
        if kind == "units":
            stated = stated.where(own > 0)
        nearest = own.where((own - stated).abs() <= (whole - stated).abs(), whole)
        gap = (nearest - stated).abs()
        differs = (stated.notna() & (gap >= _LEAST) & (gap * _A_THIRD >= stated)).fillna(value=False)
        found += _each(frame[differs], stated[differs], nearest[differs])
        n_stated = int(stated.notna().sum())
        if kind == "organizations" and n_stated >= _LEAST_BODIES and differs.sum() * _A_THIRD >= n_stated:
            found.append(finding("rosters-differ", data={"n": int(differs.sum()), "of": n_stated}))
    return found


def _stated(frame: pd.DataFrame) -> pd.Series:
    """The members that a row states: the total, or full and probationary members together."""
    empty = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    total, full, probationary = (frame.get(key, empty) for key in ("member_count", "full_count", "probationary_count"))
    return total.fillna(full + probationary.fillna(0)).astype("Float64")


def _with_below(counted: pd.Series, ties: pd.DataFrame) -> pd.Series:
    """Members of each organization with those of all organizations below it; a circle counts once."""
    above = ties[ties["relation"] == "subordinate"]
    parents = dict(zip(above["source_id"], above["target_id"], strict=True))
    sums: dict[Any, int] = {}
    for body, n in counted.items():
        seen = {body}
        at: Any = body
        sums[at] = sums.get(at, 0) + int(n)
        while (at := parents.get(at)) is not None and at not in seen:
            seen.add(at)
            sums[at] = sums.get(at, 0) + int(n)
    return pd.Series(sums, dtype="float64")


def _each(frame: pd.DataFrame, stated: pd.Series, counted: pd.Series) -> Iterable[Finding]:
    for name, source, said, read in zip(frame["name"], frame["source"], stated, counted, strict=True):
        file, sheet, row = str(source).split("\n")[0].rsplit("|", 2)
        data = {"name": name, "stated": int(said), "counted": int(read)}
        yield finding("members-differ", file=file, sheet=sheet, row=int(row), data=data)
