"""Which rows of rosters are one person.

Rows with one identity number are one, rows with two numbers are two. A row without a number is the person of
another *list* who has its name and branch, where nothing that both rows say differs and only one such person is
there; within one list two rows are two, unless everything they say is the same. Where two persons fit, none is
taken and a finding asks.
"""

from collections.abc import Sequence

import pandas as pd

from pbgraph.findings import Finding
from pbgraph.linking.mentions import PLACE
from pbgraph.linking.steps import notes

_LASTING = ("gender", "birth", "join_date", "full_date", "nation")
_CHANGING = ("phone", "education", "category", "post", "home", "unit", "status")
_NUMBER = "id_no"


def person_identities(rows: pd.DataFrame, branch: pd.Series) -> tuple[pd.Series, tuple[Finding, ...]]:
    """The identity of each roster row, and what was joined or stays open without a number."""
    plain = rows["name"].fillna("") + "|" + branch
    told = rows["join_date"].fillna("") + "|" + rows["birth"].fillna("") + "|" + rows["gender"].fillna("")
    identity = ("id " + rows[_NUMBER]).fillna(plain + "|" + told)
    is_shared = plain.duplicated(keep=False) & plain.isin(plain[rows[_NUMBER].isna()])
    if not is_shared.any():
        return identity, ()
    held = [column for column in (*_LASTING, *_CHANGING) if column in rows]
    facts = rows.loc[is_shared, [_NUMBER, *held, *PLACE]].assign(plain=plain[is_shared], whole=identity[is_shared])
    facts["born"] = _born(facts)
    decided: dict[object, str] = {}
    joined: list[object] = []
    unsure: list[object] = []
    for _, group in facts.sort_values(["file", "sheet", "row"]).groupby("plain", sort=True):
        _one_name(group, held, decided, joined, unsure)
    identity = identity.mask(identity.index.isin(decided), pd.Series(decided, dtype="str"))
    found = notes("person-joined", rows.loc[joined]) + notes("person-ambiguous", rows.loc[unsure])
    return identity.astype("str"), found


def _born(facts: pd.DataFrame) -> pd.Series:
    """The day of birth as the number says, else as the row does."""
    numbers = facts[_NUMBER].where(facts[_NUMBER].str.len() == 18)
    day = numbers.str[6:10] + "-" + numbers.str[10:12] + "-" + numbers.str[12:14]
    return day.fillna(facts["birth"]) if "birth" in facts else day


def _one_name(
    group: pd.DataFrame, held: Sequence[str], decided: dict[object, str], joined: list[object], unsure: list[object]
) -> None:
    """Decide the rows of one name in one branch: those with a number first, then each of the others."""
    records = [dict(zip(("index", *group.columns), line, strict=True)) for line in group.itertuples()]
    people: dict[str, list[dict[str, object]]] = {}
    for record in records:
        if _known(record[_NUMBER]):
            people.setdefault(str(record["whole"]), []).append(record)
    for number, record in enumerate(records):
        if _known(record[_NUMBER]):
            continue
        fitting = [name for name, rows in people.items() if all(_may_be_one(record, other, held) for other in rows)]
        if len(fitting) == 1:
            whole = fitting[0]
            if any(_list_of(other) != _list_of(record) for other in people[whole]):
                joined.append(record["index"])
        else:
            whole = str(record["whole"])
            if len(fitting) > 1:
                unsure.append(record["index"])
            if whole in people:  # the same in the few facts of the key, and yet another one
                whole = f"{whole}|{number}"
        people.setdefault(whole, []).append(record)
        decided[record["index"]] = whole


def _may_be_one(record: dict[str, object], other: dict[str, object], held: Sequence[str]) -> bool:
    """Whether nothing that both rows say differs; in one list the rows must say the same throughout."""
    if _list_of(record) == _list_of(other):
        return all(_same(record[column], other[column]) for column in (_NUMBER, *held))
    lasting = [column for column in _LASTING if column in held and column != "birth"]
    return all(
        _same(record[column], other[column]) or not (_known(record[column]) and _known(other[column]))
        for column in lasting
    ) and _may_be_born(record["born"], other["born"])


def _may_be_born(left: object, right: object) -> bool:
    """Whether two dates of birth of any precision may be one day."""
    if not (_known(left) and _known(right)):
        return True
    return str(left).startswith(str(right)) or str(right).startswith(str(left))


def _list_of(record: dict[str, object]) -> tuple[object, object]:
    return record["file"], record["sheet"]


def _known(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _same(left: object, right: object) -> bool:
    return left == right or not (_known(left) or _known(right))
