"""The values of a user's own file: what types cannot say, such as whether a relation has such an end."""

import re
from typing import TYPE_CHECKING, Any

import msgspec

from pbgraph import schema
from pbgraph.model import BASES, KINDS, TOLD_OF_TIES
from pbgraph.policy import OPERATORS, TODAY, Value, Values, built_values, judged, raw_policy

if TYPE_CHECKING:
    from pbgraph.policy.own import Own
    from pbgraph.tomlfile import Step

_RESERVED = frozenset({"subject_id", "subject", "community", "source", "value", "bound"})
_KNOWN = ("any", "own", *TOLD_OF_TIES)
_OTHER_END = {"source": "target", "target": "source"}
_NUMBERS = frozenset({"integer", "number", "money"})
_DAYS = frozenset({"since", "until"})
_MOST = 10**12  # no count, area or sum of an office is larger, and no engine is asked for one that is
_WORDS_OF = {"post": "post"}  # what a tie says in the words of one list, whatever its relation


def read_values(own: "Own") -> Values:
    """Our values with those of the file on top; raises PolicyError for what is wrong in one."""
    values = {kind: dict(held) for kind, held in built_values().items()}
    for kind, held in own.file.content.get("values", {}).items():
        if kind not in judged().entities:
            own.wrong("policy-choice", "values", kind, value=kind, choices=" / ".join(judged().entities))
        if not isinstance(held, dict):
            own.wrong_type(held, "object", "values", kind)
        for name, entry in held.items():
            values.setdefault(kind, {})[name] = _value(own, kind, name, entry)
    return values


def _value(own: "Own", kind: str, name: str, entry: Any) -> Value:
    at: tuple[Step, ...] = ("values", kind, name)
    if not name.isidentifier():
        own.wrong("policy-name", *at, what=name)
    if name in _RESERVED.union(judged().kinds[kind]):
        own.wrong("policy-taken", *at, what=name)
    ours = raw_policy()["values"].get(kind, {}).get(name, {})
    value = own.typed(ours | entry if isinstance(entry, dict) else entry, Value, *at)
    if not value.relations:
        own.wrong("policy-lacks", *at, "relation", what="relation")
    _check_ends(own, at, judged().entities[kind], value)
    if value.known and value.known not in {*_KNOWN, *value.where_other}:
        choices = (*_KNOWN, *value.where_other)
        own.wrong("policy-choice", *at, "known", value=value.known, choices=" / ".join(choices))
    if value.where_other and not value.other:
        own.wrong("policy-lacks", *at, "where_other", what="other")
    if value.of == "share" and not (value.where or value.where_other):
        own.wrong("policy-lacks", *at, what="where")
    for column, wanted in value.where.items():
        if column not in TOLD_OF_TIES:
            own.wrong("policy-choice", *at, "where", column, value=column, choices=" / ".join(TOLD_OF_TIES))
        _check_wanted(own, (*at, "where", column), "date" if column in _DAYS else _WORDS_OF.get(column, column), wanted)
    columns = schema.entity_columns(value.other) if value.other else {}
    for column, wanted in value.where_other.items():
        if column not in columns:
            own.wrong("policy-choice", *at, "where_other", column, value=column, choices=own.possible(column, columns))
        _check_wanted(own, (*at, "where_other", column), columns[column], wanted)
    return value if ours or value.known else msgspec.structs.replace(value, known=_column_asked(value))


def _column_asked(value: Value) -> str:
    """The first column of which a value wants something to be said: where no tie says anything, it is not known."""
    return next((key for key, wanted in {**value.where, **value.where_other}.items() if wanted != ""), "")


def _check_ends(own: "Own", at: "tuple[Step, ...]", entity: str, value: Value) -> None:
    """Whether every relation may have the subject at its end, and one of them the other kind at the other."""
    rows = schema.vocabulary("relation").rows
    ends = tuple(_OTHER_END) if value.end == "either" else (value.end,)
    fitting = [name for name, row in rows.items() if any(entity in row[f"{end}_kinds"].split(";") for end in ends)]
    for name in value.relations:
        if name not in fitting:
            own.wrong("policy-choice", *at, "relation", word=name, value=name, choices=own.possible(name, fitting))
    others = [
        kind for name in value.relations for end in ends if entity in rows[name][f"{end}_kinds"].split(";")
        for kind in rows[name][f"{_OTHER_END[end]}_kinds"].split(";")
    ]  # fmt: skip
    if value.other and value.other not in others:
        found = [kind for kind in KINDS if kind in others]
        own.wrong("policy-choice", *at, "other", value=value.other, choices=" / ".join(found))


def _check_wanted(own: "Own", at: "tuple[Step, ...]", told: str, wanted: Any) -> None:
    """Whether a column of a type can be what is wanted: a word of its list, a number, yes or no, or within limits."""
    type_of = "bool" if told == "flag" else "float" if told in _NUMBERS else "date" if told == "date" else "str"
    if isinstance(wanted, dict):
        for limit, bound in wanted.items():
            if limit not in OPERATORS[:-1]:
                own.wrong("policy-choice", *at, word=limit, value=limit, choices=" / ".join(OPERATORS[:-1]))
            if type_of not in {"float", "date"}:
                own.wrong("policy-compare", *at, column=at[-1], operator=limit, value=own.short(bound))
            is_right = _is_day(bound) if type_of == "date" else _is_number(bound)
            if not is_right:
                own.wrong_type(bound, type_of, *at, limit)
        return
    words = schema.vocabulary(told).rows if schema.has_vocabulary(told) else BASES if told == "basis" else None
    for one in wanted if isinstance(wanted, tuple) else (wanted,):
        if one == "":
            continue
        is_right = {"bool": isinstance(one, bool), "float": _is_number(one)}.get(type_of, isinstance(one, str))
        if not is_right:
            own.wrong_type(one, type_of, *at)
        if words is not None and one not in words:
            own.wrong("policy-choice", *at, word=str(one), value=one, choices=own.possible(one, words))


def _is_number(bound: object) -> bool:
    return isinstance(bound, int | float) and not isinstance(bound, bool) and abs(bound) < _MOST


def _is_day(bound: object) -> bool:
    return isinstance(bound, str) and (bound == TODAY or re.fullmatch(r"\d{4}(-\d\d){0,2}", bound) is not None)
