"""Columns that hold a further record of each row: the seat of a unit on a committee, its agreement, its instructor.

The group above such columns names the record, or their own headers do where there is no group. What they mean is
looked up in the kind of table that the record is of, and in no field of the row's own kind: 任职人员 below 社区大党委
is no head of the unit.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pbgraph import schema
from pbgraph.reading.headers import candidates, is_listed
from pbgraph.schema import Table, header_key
from pbgraph.text import simplified


class Named(NamedTuple):
    """The columns that are named for a record that `spec`, one of `table.also`, describes.

    `headers` has the header of each within its own kind of table, by place; `grouped` are those below a group.
    """

    spec: Mapping[str, Any]
    headers: dict[int, str]
    grouped: frozenset[int]


def guests_named(table: Table, names: Sequence[str]) -> list[Named]:
    """The columns of a header that are named for further records of the rows, by kind of record."""
    specs = [spec for spec in table.also if "groups" in spec]
    found: list[dict[int, str]] = [{} for _ in specs]
    grouped: set[int] = set()
    for at, name in enumerate(names) if specs else ():
        *groups, leaf = name.split("\n")
        for depth in range(len(groups) - 1, -1, -1):
            if (number := _told_by(specs, groups[depth])) is not None:
                if not _is_kept(table, specs[number], name):
                    inner = "\n".join((*groups[depth + 1 :], leaf))
                    found[number][at] = _said_within(specs[number], inner, f"{groups[depth]}\n{inner}")
                    grouped.add(at)
                break
        else:
            number = _told_by(specs, leaf)
            if number is not None and not is_listed(table, name) and not _is_kept(table, specs[number], name):
                found[number][at] = _said_within(specs[number], *_bare_forms(specs[number], leaf))
    return [
        Named(spec, held, frozenset(grouped & held.keys())) for spec, held in zip(specs, found, strict=True) if held
    ]


def _told_by(specs: Sequence[Mapping[str, Any]], text: str) -> int | None:
    """The number of the record that a group or a header names, by its longest word; None where it names none."""
    key = header_key(simplified(text), keep_notes=True)
    longest = [max((len(word) for word in spec["groups"] if header_key(word) in key), default=0) for spec in specs]
    most = max(longest)
    return longest.index(most) if most else None


def _is_kept(table: Table, spec: Mapping[str, Any], name: str) -> bool:
    """Whether a column says a field that the row keeps as its own at least as plainly as another one of the record."""
    said, other = candidates(table, name), candidates(schema.tables()[spec["table"]], name)
    keeps = set(spec.get("keeps", ())) & said.keys()
    other = {key: weight for key, weight in other.items() if spec["fields"].get(key, key) not in keeps}
    return bool(keeps) and max(said[key] for key in keeps) >= max(other.values(), default=0.0)


def _said_within(spec: Mapping[str, Any], *forms: str) -> str:
    """Of the forms of a header the one that says most in a table of such records; of equals the first."""
    kind = schema.tables()[spec["table"]]
    return max(forms, key=lambda form: max(candidates(kind, form).values(), default=0.0))


def _bare_forms(spec: Mapping[str, Any], leaf: str) -> list[str]:
    """A header that names its record itself, as tables of such records have it: 大党委任职人员 as 任职人员."""
    words = sorted(spec["groups"], key=len, reverse=True)
    return [*(leaf.replace(word, "", 1) for word in words if word in leaf and word != leaf), leaf]
