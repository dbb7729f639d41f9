"""What `reference/links.toml` declares of the rows of rosters: the entities they make, their ties, what words tell."""

import re
from functools import cache, partial
from typing import Any, NotRequired, TypedDict

import pandas as pd

from pbgraph import reference, schema
from pbgraph.linking.entities import mapped
from pbgraph.reading.said import is_no_word, is_none_word
from pbgraph.reading.values import NAME_TYPES
from pbgraph.text import fold

_SHORT = 3  # our choice: 活动 and 会议 in the name of a sheet tell no kind
_NAMED = NAME_TYPES | {"person"}
_AROUND = frozenset({"file", "sheet"})
_BY = "\x00"  # between a text and the name of the body that the row is about
_BODIES = ("units", "organizations", "committees", "communities", "grids")


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
    said: NotRequired[dict[str, str]]
    where: NotRequired[dict[str, bool | list[str]]]
    known: NotRequired[list[str]]
    lacks: NotRequired[list[str]]


class _Links(TypedDict):
    """Columns that tell a closed list, the kinds of entity that further rosters make, and their ties."""

    told_by: dict[str, dict[str, list[str]]]
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


def with_each_place(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with a line for each community of a cell where a row may be of several (`each` of links.toml)."""
    told = dict(tables)
    for tie in links()["ties"]:
        target = tie["target"]
        if isinstance(target, dict) and target.get("each") and len(rows := told[tie["table"]]):
            column = str(target["column"])
            told[tie["table"]] = rows.assign(**{column: mapped(rows[column], _each_place).where(rows[column].notna())})
    return told


def _each_place(cell: str) -> str:
    """The communities of a cell, a line each: 南苑、康泰社区. What names one stays as it is."""
    parts = [part for part in re.split(schema.name_words()["between_communities"], cell) if part]
    ending = schema.layout_words()["matrix"]["place"]
    if len(parts) == 1 or not parts[-1].endswith(ending):
        return cell
    return "\n".join(part if part.endswith(ending) else part + ending for part in parts)


def without_answers(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables without a no where a name is asked for: 否 below 是否选派指导员 names nobody, and is no instructor."""
    return {key: _without_no(rows, schema.tables()[key]) if len(rows) else rows for key, rows in tables.items()}


@cache
def _body_columns() -> dict[str, str]:
    """By kind of table, the column that names a body of a community: 未建立 there names none."""
    return {table: entry["name"][0] for table, entry in links()["kinds"]["bodies"]["tables"].items()}


def _without_no(rows: pd.DataFrame, table: schema.Table) -> pd.DataFrame:
    for item in table.fields:
        is_body = item.key == _body_columns().get(table.key)
        cells = rows[item.key].dropna().unique() if (item.type in _NAMED or is_body) and item.key in rows else ()
        says_no = is_none_word if is_body else is_no_word
        is_no = rows[item.key].isin([cell for cell in cells if says_no(cell)]) if len(cells) else None
        if is_no is None or not is_no.any():
            continue
        rows = rows[~is_no] if item.key in table.required else rows.assign(**{item.key: rows[item.key].mask(is_no)})
    return rows


def with_told(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with a code of a closed list, where none is stated, by the words of it in another column.

    What is no closed list is what the name of the sheet says, where it names the kind of table.
    """
    told = {}
    for table, columns in links()["told_by"].items():
        rows = tables[table]
        for column, others in columns.items() if len(rows) else ():
            item = schema.tables()[table].field(column)
            is_listed = schema.has_vocabulary(item.type)
            for other in others:
                around = other in _AROUND
                tell = (
                    partial(_titled, schema.tables()[table])
                    if not is_listed
                    else partial(_codes_in, item.type, shortest=_SHORT if around else 1, many=item.many)
                )
                cells = rows[other]
                if around:
                    cells = cells.mask(cells.str.contains(schema.layout_words()["several_lists"]).fillna(value=False))
                if around:  # a list that says it of others leaves this one blank
                    says = rows[column].notna().groupby([rows["file"], rows["sheet"]]).transform("any")
                    cells = cells.mask(says.astype(bool))
                if not around and "committee" in rows:  # the name of the body that meets says nothing of the kind
                    cells = cells + _BY + rows["committee"].astype("str").fillna("")
                codes = mapped(cells, tell)
                rows = rows.assign(**{column: rows[column].fillna(codes.mask(codes == ""))})
        told[table] = rows
    return {**tables, **told}


def _titled(table: schema.Table, text: str) -> str:
    """A text without the marks around its words, "" where it does not name the kind of table."""
    marks = re.escape(schema.recognition_words()["asked"]["marks"])
    return re.sub(f"[{marks}]", "", text) if any(word in text for word in table.titles) else ""


def _codes_in(vocabulary: str, text: str, *, shortest: int, many: bool) -> str:
    """The code of a closed list whose longest word stands in a text, a line each of `many`; "" where none does."""
    spellings, (text, body) = schema.vocabulary(vocabulary).spellings, map(fold, (text + _BY).split(_BY)[:2])
    told = ((word, code) for word, code in spellings.items() if word in text and not (body and word in body))
    fitting = sorted(((len(word), word, code) for word, code in told if len(word) >= shortest), reverse=True)
    if not many:
        return fitting[0][2] if fitting else ""
    whole = [(word, code) for n, word, code in fitting if not any(word in other for m, other, _ in fitting if m > n)]
    return "\n".join(dict.fromkeys(code for _, code in whole))
