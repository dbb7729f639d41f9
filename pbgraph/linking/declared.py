"""What `reference/links.toml` declares of the rows of further rosters: the entities they make, and their ties."""

from functools import cache
from typing import Any, NotRequired, TypedDict

from pbgraph import reference, schema

_BODIES = ("units", "organizations", "committees", "communities")


@cache
def links() -> dict[str, Any]:
    """The kinds and ties of `reference/links.toml`."""
    made: dict[str, Any] = reference.table("links", _Links)
    return made


class _Tie(TypedDict):
    """Where a tie stands in a table: its ends, and the columns that it bears."""

    table: str
    relation: str
    source: str | dict[str, str | bool]
    target: str | dict[str, str | bool]
    since: NotRequired[str]
    until: NotRequired[str]
    post: NotRequired[str]
    time_share: NotRequired[str]
    category: NotRequired[str]
    status: NotRequired[str]
    content: NotRequired[str]
    where: NotRequired[dict[str, bool | list[str]]]
    known: NotRequired[list[str]]
    lacks: NotRequired[list[str]]


class _Links(TypedDict):
    """The kinds of entity that further rosters make, and their ties."""

    kinds: dict[str, dict[str, dict[str, dict[str, Any]]]]
    ties: list[_Tie]


@cache
def kinds_allowed(relation: str, end: str) -> tuple[str, ...]:
    """The kinds of body at one end of a relation that a name may lead to, in the order of the vocabulary."""
    kinds = schema.vocabulary("relation").rows[relation][f"{end}_kinds"].split(";")
    return tuple(kind for kind in kinds if kind in _BODIES)


@cache
def place_columns() -> frozenset[tuple[str, str]]:
    """The columns, by table, of cells that may name a community although they are not of that type."""
    found = set()
    for tie in links()["ties"]:
        for end in ("source", "target"):
            told = tie[end]
            if isinstance(told, str):
                continue
            kinds = [told["kind"]] if "kind" in told else kinds_allowed(tie["relation"], end)
            if "communities" in kinds:
                found.add((tie["table"], str(told["column"])))
    return frozenset(found)
