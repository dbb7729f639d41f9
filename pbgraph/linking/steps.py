"""What a step of linking gives: ties, the mentions it read, findings, and nodes that rows only mention.

Steps are added up; none changes what another one made.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from pbgraph.findings import Finding, finding
from pbgraph.linking.mentions import COLUMNS, PLACE, no_mentions
from pbgraph.model import TIE_COLUMNS


@dataclass(frozen=True)
class Step:
    """`added` holds (kind, frame) of nodes that no list describes, `facts` what rows say of persons."""

    ties: tuple[pd.DataFrame, ...] = ()
    mentions: tuple[pd.DataFrame, ...] = ()
    findings: tuple[Finding, ...] = ()
    added: tuple[tuple[str, pd.DataFrame], ...] = ()
    facts: tuple[pd.DataFrame, ...] = ()

    def __add__(self, other: "Step") -> "Step":
        return Step(
            self.ties + other.ties,
            self.mentions + other.mentions,
            self.findings + other.findings,
            self.added + other.added,
            self.facts + other.facts,
        )

    def tied(self, relation: str) -> pd.DataFrame:
        """The ties of a relation in this step."""
        chosen = [(frame, frame["relation"] == relation) for frame in self.ties if len(frame)]
        frames = [frame[is_meant] for frame, is_meant in chosen if is_meant.any()]
        return pd.concat([_no_ties(), *frames], ignore_index=True)


@cache
def _no_ties() -> pd.DataFrame:
    return pd.DataFrame(columns=["source_id", "target_id", "relation"], dtype="str")


def tie(
    relation: str | pd.Series,
    rows: pd.DataFrame,
    source: pd.Series,
    target: pd.Series,
    *,
    basis: str | pd.Series = "stated",
    **attributes: object,
) -> pd.DataFrame:
    """A tie for each row whose two ends are known and differ."""
    if rows.empty:
        return _no_ties()
    frame = pd.DataFrame({
        "source_id": source, "target_id": target, "relation": relation, **attributes, "basis": basis,
        "source": rows["source"],
    })  # fmt: skip
    known = frame["source_id"].notna() & frame["target_id"].notna() & (frame["source_id"] != frame["target_id"])
    return frame if known.all() else frame[known]


def basis_of(*mentions: pd.DataFrame) -> pd.Series:
    """How a tie is known whose ends are these mentions: decided where a person said which name is meant."""
    decided = pd.concat([frame["reason"] == "decided" for frame in mentions], axis=1).any(axis=1)
    return decided.map({True: "decided", False: "stated"}).astype("str")


def all_ties(frames: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """Every tie once, all columns as text, sorted; rows saying the same are joined.

    A tie that is stated anywhere is not derived as well.
    """
    empty = pd.DataFrame({column: pd.Series(dtype="str") for column in TIE_COLUMNS})
    told = [frame for frame in frames if len(frame)]
    ties = pd.concat([empty, *told], ignore_index=True)[list(TIE_COLUMNS)].astype("str")
    facts = [column for column in TIE_COLUMNS if column not in {"source", "basis"}]
    is_shared = ties.duplicated(facts, keep=False)
    joined = (
        ties[is_shared]
        .groupby(facts, dropna=False)
        .agg(basis=("basis", _strongest), source=("source", lambda lines: "\n".join(sorted(set(lines)))))
    )
    both = pd.concat([ties[~is_shared], joined.reset_index()], ignore_index=True)
    return both.sort_values(facts, ignore_index=True)[list(TIE_COLUMNS)].astype("str")


def _strongest(bases: pd.Series) -> str:
    told = set(bases)
    return next((basis for basis in ("stated", "decided", "derived") if basis in told), "stated")


def all_mentions(frames: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """Every mention that names something."""
    told = [frame for frame in frames if len(frame)]
    mentions = pd.concat(told or [no_mentions()], ignore_index=True)[list(COLUMNS)]
    return mentions[mentions["name"].notna()].reset_index(drop=True)


def notes(code: str, rows: pd.DataFrame, **data: object) -> tuple[Finding, ...]:
    """A finding for each row; what is given as a series says of each row its own, by the index."""
    told = [
        value.loc[rows.index].tolist() if isinstance(value, pd.Series) else [value] * len(rows)
        for value in data.values()
    ]
    each = zip(*told, strict=True) if told else [()] * len(rows)
    places = zip(*(rows[name] for name in PLACE[:3]), each, strict=True)
    return tuple(
        finding(code, file=file, sheet=sheet, row=int(row), data=dict(zip(data, values, strict=True)))
        for file, sheet, row, values in places
    )
