"""A user's own file of rules: every mistake in it is one sentence with the line, whatever its kind.

First the types (`pbgraph.policy`), key by key; then what types cannot say: a sentence knows its words, a
check its columns, a number its limits, and every parameter is read by somebody.
"""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args, get_type_hints

import msgspec

from pbgraph import schema
from pbgraph.captions import LANGUAGES, caption
from pbgraph.errors import PolicyError
from pbgraph.policy import (
    OPERATORS,
    Check,
    Param,
    Profile,
    Rule,
    Source,
    Text,
    Values,
    built_profiles,
    built_rules,
    judged,
    raw_policy,
    with_kinds,
)  # fmt: skip
from pbgraph.policy.own_values import read_values
from pbgraph.tomlfile import Step, TomlFile, read_toml

_Typed = TypeVar("_Typed")
_MANY = 12  # choices in one sentence
_MOST = 10**9  # no count, sum or number of days of an office is larger
_SAID = re.compile(r"(?s)(.*?)(?: - at `(?:key in )?\$(.*)`)?")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|\[\.\.\.\]")
_PARTS = {"title": Text, "statement": Text, "message": Text, "label": Text, "note": Text, "source": Source,
          "unstated": Text, "checks": Check}  # fmt: skip
_NUMBER_FORMS = re.compile(r"(?:,|\.\d[f%])?")
_SHARE_FORMS = re.compile(r"\.\d%")


@dataclass(frozen=True)
class Own:
    """The user's file, to say where in it a mistake is; `values` are those that its rules may judge."""

    file: TomlFile
    values: Values = field(default_factory=dict)

    def columns(self, kind: str) -> list[str]:
        """What a check of a kind of subject may judge."""
        return sorted({*judged().kinds[kind], *self.values.get(kind, {})})

    def is_counted(self, kind: str, column: str) -> bool:
        """Whether a column of a kind of subject holds numbers."""
        value = self.values.get(kind, {}).get(column)
        return value.is_counted if value else column not in judged().uncounted

    def is_share(self, kind: str, column: str) -> bool:
        """Whether a column of a kind of subject holds parts of a whole, from 0 to 1."""
        value = self.values.get(kind, {}).get(column)
        return column.endswith("_share") or (value is not None and value.of == "share")

    def short(self, value: object) -> str:
        """A value as the file has it, as far as a sentence needs it."""
        return _short(value)

    def possible(self, wrong: object, known: Iterable[str]) -> str:
        """What could be meant instead of a word."""
        return _possible(wrong, known)

    def wrong_type(self, value: object, wanted: str, *path: Step) -> NoReturn:
        """Raise the error of a value of another type than the wanted one."""
        self.wrong("policy-type", *path, value=_short(value), wanted=_named([wanted]))

    def wrong(self, code: str, *path: Step, word: str = "", **data: object) -> NoReturn:
        """Raise the error of a kind with the line of a key."""
        where = ".".join(str(step) if isinstance(step, str) else f"[{step + 1}]" for step in path).replace(".[", "[")
        line = self.file.line(*path, word=word)
        raise PolicyError(code, file=self.file.name, line=line, where=where or "—", **data)

    def typed(self, content: Any, as_type: type[_Typed], *path: Step) -> _Typed:
        """A part of the file as its type."""
        try:
            return msgspec.convert(content, as_type)
        except msgspec.ValidationError as error:
            self._say(error, content, as_type, path)

    def _say(self, error: msgspec.ValidationError, content: Any, as_type: Any, path: tuple[Step, ...]) -> NoReturn:
        """Say in our words what the library says in its own."""
        said, place = (part or "" for part in _parts(_SAID, str(error)))
        steps = _steps(place, content, as_type, str(error))
        at = (*path, *steps)
        named = next((_PARTS[step] for step in reversed(steps) if step in _PARTS), as_type)
        words = re.findall(r"`([^`]*)`", said)
        if said.startswith("Object contains unknown field"):
            known = [key for key in _keys(named) if key != "rule_id"]
            self.wrong("policy-key", *at, words[0], what=words[0], choices=_possible(words[0], known))
        if said.startswith("Object missing required field"):
            self.wrong("policy-lacks", *at, what=words[0])
        value = _found(content, steps)
        if said.startswith("Invalid enum value"):
            choices = get_args(get_type_hints(named)[str(at[-1])])
            self.wrong("policy-choice", *at, value=value, choices=" / ".join(choices))
        wanted = ["date"] if "matching regex" in said else words[0].split(" | ") if words else ["object"]
        self.wrong("policy-type", *at, value=_short(value), wanted=_named(wanted))


def _parts(pattern: re.Pattern[str], text: str) -> tuple[str | None, ...]:
    found = pattern.fullmatch(text)
    return found.groups() if found else (text, None)


def _steps(place: str, content: Any, as_type: Any, said: str) -> tuple[Step, ...]:
    """The way to a mistake; where the library leaves out the key of a table, the one without which all is well."""
    steps: list[Step] = []
    for name, index in _STEP.findall(place):
        if name or index:
            steps.append(name or int(index))
            continue
        for key, value in _found(content, steps).items():
            try:
                msgspec.convert(_with(content, steps, {key: value}), as_type)
            except msgspec.ValidationError as error:
                if str(error) == said:
                    steps.append(key)
                    break
    return tuple(steps)


def _found(content: Any, path: Iterable[Any]) -> Any:
    for step in path:
        content = content[step]
    return content


def _with(content: Any, path: list[Step], value: Any) -> Any:
    """The content with another value at a place."""
    if not path:
        return value
    first, *rest = path
    items = content.items() if isinstance(content, dict) else enumerate(content)
    copy = {key: _with(item, rest, value) if key == first else item for key, item in items}
    return copy if isinstance(content, dict) else list(copy.values())


def _keys(named: Any) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(named)]


def _named(types: list[str]) -> dict[str, str]:
    """The names of types for a reader, by language."""
    return {
        lang: caption("type_or", lang).join(dict.fromkeys(caption(f"type_{name}", lang) for name in types))
        for lang in LANGUAGES
    }


def _short(value: object) -> str:
    """A value as the file has it, as far as a sentence needs it."""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _possible(wrong: object, known: Iterable[str]) -> str:
    """What could be meant: everything where it is little, else what is spelt most alike."""
    every = list(dict.fromkeys(known))
    if len(every) > _MANY:
        every = [*get_close_matches(str(wrong), every, n=_MANY - 1, cutoff=0.0), "…"]
    return " / ".join(every) or "—"


def read_own(path: Path) -> tuple[dict[str, Profile], dict[str, Rule], Values]:
    """Our profiles, rules and values with those of a file on top.

    Raises
    ------
    PolicyError
        What is wrong in the file, and on which line.

    """
    own = Own(read_toml(path))
    over, under = own.file.content, raw_policy()
    for key, value in over.items():
        if key not in under:
            own.wrong("policy-key", key, what=key, choices=" / ".join(under))
        if not isinstance(value, dict):
            own.wrong("policy-type", key, value=_short(value), wanted=_named(["object"]))
    own = replace(own, values=read_values(own))
    rules = dict(built_rules())
    for rule_id, entry in over.get("rules", {}).items():
        rules[rule_id] = _rule(own, rule_id, entry)
    profiles = dict(built_profiles())
    for name, entry in over.get("profiles", {}).items():
        profiles[name] = own.typed(_merged(under["profiles"].get(name, {}), entry), Profile, "profiles", name)
    for rule_id in over.get("rules", {}):
        _check_names(own, rules, profiles, rule_id)
    for name in over.get("profiles", {}):
        _check_profile(own, rules, name, profiles[name])
    return profiles, rules, own.values


def _merged(under: Any, over: Any) -> Any:
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return over
    return under | {key: _merged(under[key], value) if key in under else value for key, value in over.items()}


def _rule(own: Own, rule_id: str, entry: Any) -> Rule:
    """A rule of the file on top of ours of that id."""
    ours, at = built_rules().get(rule_id), ("rules", rule_id)
    if isinstance(entry, dict) and "rule_id" in entry:
        own.wrong("policy-key", *at, "rule_id", what="rule_id", choices=_possible("rule_id", _keys(Rule)[1:]))
    whole = _merged(raw_policy()["rules"].get(rule_id, {}), entry)
    rule = own.typed(whole | {"rule_id": rule_id} if isinstance(whole, dict) else whole, Rule, *at)
    shapes = {"range", ours.shape if ours else "range"}
    if rule.shape not in shapes:  # of the other shapes only the rules are judged that the measures know
        own.wrong("policy-choice", *at, "shape", value=rule.shape, choices=" / ".join(sorted(shapes)))
    lacking = [key for key in ("on", "needs", "checks") if rule.shape == "range" and not getattr(rule, key)]
    lacking += ["on"] if any(not check.on for check in with_kinds(rule).checks) else []
    lacking += ["message"] if rule.shape != "range" and not rule.message.zh else []
    if lacking:
        own.wrong("policy-lacks", *at, what=lacking[0])
    if rule.shape == "range" and rule.message.zh:  # its checks have the sentences
        own.wrong("policy-key", *at, "message", what="message", choices="checks")
    kinds = [kind for kind in judged().kinds if kind not in get_args(Rule.__annotations__["shape"])]
    for path, kind in (("on",), rule.on), *((("checks", n, "on"), check.on) for n, check in enumerate(rule.checks)):
        if kind and kind not in kinds:
            own.wrong("policy-choice", *at, *path, value=kind, choices=" / ".join(kinds))
    for place, need in enumerate(rule.needs):
        if not _is_need(own, need, rule.on):
            own.wrong(
                "policy-choice", *at, "needs", place, word=need, value=need, choices=_possible(need, schema.tables())
            )
    full = with_kinds(rule)
    for number, check in enumerate(full.checks):
        _check(own, full, check, number)
    _check_params(own, full, ours)
    _check_sentences(own, full)
    return full


def _is_need(own: Own, need: str, on: str) -> bool:
    """Whether a roster, a relation, a kind of body or a column of yes and no of that name exists."""
    if "|" in need:
        return all(_is_need(own, part, on) for part in need.split("|"))
    if "." in need:
        table, _, field = need.partition(".")
        return table in schema.tables() and field in {item.key for item in schema.tables()[table].fields}
    kind, _, name = need.rpartition(":")
    if kind == "any":
        return name in own.columns(on) and not own.is_counted(on, name)
    if kind == "":
        return name in schema.tables()
    lists = {"relation": "relation", "body": "body_type"}
    return kind in lists and name in schema.vocabulary(lists[kind]).rows


def _check(own: Own, rule: Rule, check: Check, number: int) -> None:
    """Whether a check compares one column with one bound, and names only columns and parameters that exist."""
    at: tuple[Step, ...] = ("rules", rule.rule_id, "checks", number)
    if len(check.bounds) != 1:
        own.wrong("policy-one-of", *at, choices=" / ".join(OPERATORS))
    columns = own.columns(check.on)
    asked: list[tuple[str, str]] = [("value", check.value), *(("where", key) for key in check.where)]
    asked += [(check.operator, check.bound[1:])] if str(check.bound).startswith("@") else []
    for key, column in asked:
        if column not in columns:
            own.wrong("policy-choice", *at, key, word=column, value=column, choices=_possible(column, columns))
    _check_comparison(own, (*at, check.operator), check, check.operator, check.bound, rule, check.value)
    for key, wanted in check.where.items():
        if wanted in ([], {}):  # nothing is one of none
            own.wrong_type(wanted, "str", *at, "where", key)
        for operator, name in wanted.items() if isinstance(wanted, dict) else ():
            if operator not in OPERATORS[:-1]:
                own.wrong("policy-choice", *at, "where", key, word=operator, value=operator,
                          choices=" / ".join(OPERATORS[:-1]))  # fmt: skip
            _check_comparison(own, (*at, "where", key), check, operator, name, rule, key)
    _check_cell(own, at, check)
    if isinstance(check.bound, int | float) and not isinstance(check.bound, bool):
        _check_number(own, (*at, check.operator), check.bound, is_share=own.is_share(check.on, check.value))
    for name in check.params:
        if isinstance(rule.params[name], str):
            own.wrong("policy-type", "rules", rule.rule_id, "params", name, value=rule.params[name],
                      wanted=_named(["float"]))  # fmt: skip


def _check_cell(own: Own, at: tuple[Step, ...], check: Check) -> None:
    """Whether what is said of a blank cell comes with the cell, and the cell is one of a roster."""
    if bool(check.cell) != isinstance(check.unstated, Text):
        own.wrong("policy-lacks", *at, what="unstated" if check.cell else "cell")
    known = [f"{key}.{entry.key}" for key, table in schema.tables().items() for entry in table.fields]
    if check.cell and check.cell not in known:
        own.wrong("policy-choice", *at, "cell", value=check.cell, choices=_possible(check.cell, known))


def _check_comparison(
    own: Own, at: tuple[Step, ...], check: Check, operator: str, bound: object, rule: Rule, column: str
) -> None:
    """Whether a number is compared with a number, or a flag with a flag, and a parameter that is named exists."""
    if isinstance(bound, str) and not bound.startswith("@") and bound not in rule.params:
        own.wrong("policy-choice", *at, word=bound, value=bound, choices=_possible(bound, rule.params))
    is_counted = own.is_counted(check.on, column)
    if is_counted == isinstance(bound, bool) or (operator != "is" and not is_counted):
        own.wrong("policy-compare", *at, column=column, operator=operator, value=_short(bound))


def _check_params(own: Own, rule: Rule, ours: Rule | None) -> None:
    """Whether every parameter is read, and is what its reader can use."""
    read = _read_params(rule)
    for name in rule.params:
        at = ("rules", rule.rule_id, "params", name)
        if any(_is_taken(own, check.on, name) for check in rule.checks):  # a sentence could not tell the two
            own.wrong("policy-taken", *at, what=name)
        if name not in read:
            own.wrong("policy-unread", *at, rule=rule.rule_id, what=name, choices=_possible(name, sorted(read)))
        _check_param(own, at, rule, rule.params[name], ours.params.get(name) if ours else None)
    _check_order(own, ("rules", rule.rule_id, "params"), rule.params)


def _is_taken(own: Own, kind: str, name: str) -> bool:
    """Whether a value of the subjects, or a column of numbers, is already called so."""
    return name in own.values.get(kind, {}) or (name in own.columns(kind) and own.is_counted(kind, name))


def _read_params(rule: Rule) -> set[str]:
    """The parameters that a check or a measure reads."""
    return set(judged().read.get(rule.rule_id, {})).union(*(check.params for check in rule.checks))


def _check_param(own: Own, at: tuple[Step, ...], rule: Rule, value: Param, ours: Param | None) -> None:
    """Whether a parameter is of the type of ours, words can be looked for, and a number is within its limits."""
    kinds = {str: "str", int: "int", float: "float"}
    is_like = ours is None or type(ours) is type(value) or (type(ours) is float and type(value) is int)
    if not is_like:
        own.wrong("policy-type", *at, value=_short(value), wanted=_named([kinds[type(ours)]]))
    if isinstance(value, str):
        if _is_found_everywhere(value):
            own.wrong("policy-words", *at, value=_short(value))
        return
    texts = [rule.statement, *(check.message for check in rule.checks)]
    forms = [form for text in texts for lang in LANGUAGES for name, form in _words(text[lang]) or () if name == at[-1]]
    is_compared = any(at[-1] == check.bound and own.is_share(check.on, check.value) for check in rule.checks)
    is_share = is_compared or any(map(_SHARE_FORMS.fullmatch, forms))
    _check_number(own, at, value, is_share=is_share)


def _check_number(own: Own, at: tuple[Step, ...], value: float, *, is_share: bool) -> None:
    most = 1 if is_share else _MOST
    if not 0 <= value <= most:
        own.wrong("policy-number", *at, value=value, most=most)


def _check_order(own: Own, at: tuple[Step, ...], params: dict[str, Param]) -> None:
    """Whether what is called least is not more than what is called most."""
    for name, least in params.items():
        other = name.removesuffix("least") + "most"
        most = params.get(other) if name.endswith("least") else None
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            own.wrong("policy-order", *at, name, what=name, least=least, other=other, most=most)


def _check_sentences(own: Own, rule: Rule) -> None:
    """Whether the sentences of a rule know their words, in both languages."""
    at: tuple[Step, ...] = ("rules", rule.rule_id)
    numbers = {name for name, value in rule.params.items() if not isinstance(value, str)}
    for lang in LANGUAGES:
        _check_sentence(own, (*at, "statement", lang), rule.statement[lang], set(rule.params), numbers)
        if rule.shape != "range":
            words = {*rule.params, *judged().kinds[rule.shape]}
            _check_sentence(own, (*at, "message", lang), rule.message[lang], words, numbers)
        for number, check in enumerate(rule.checks):
            words = {*rule.params, *own.columns(check.on), "value", "bound"}
            known = numbers | ({"value", "bound"} if check.operator != "is" else set())
            _check_sentence(own, (*at, "checks", number, "message", lang), check.message[lang], words, known)
            if isinstance(check.unstated, Text):
                words -= {"value", "bound"}
                _check_sentence(own, (*at, "checks", number, "unstated", lang), check.unstated[lang], words, numbers)


def _is_found_everywhere(words: str) -> bool:
    """Whether words match an empty text, or cannot be looked for in a time that grows with the text (RE2)."""
    import pyarrow as pa
    from pyarrow import compute

    try:
        return bool(compute.match_substring_regex(pa.array([""]), words)[0].as_py())
    except pa.ArrowInvalid:
        return True


def _check_sentence(own: Own, at: tuple[Step, ...], text: str, words: set[str], numbers: set[str]) -> None:
    found = _words(text)
    if found is None:
        own.wrong("policy-braces", *at, value=_short(text))
    for word, form in found:
        if word not in words:
            known = [f"{{{name}}}" for name in sorted(words)]
            own.wrong("policy-word", *at, what=f"{{{word}}}", choices=_possible(f"{{{word}}}", known))
        if not _NUMBER_FORMS.fullmatch(form) or (form and word not in numbers):
            own.wrong("policy-braces", *at, value=f"{{{word}:{form}}}")


def _words(text: str) -> list[tuple[str, str]] | None:
    """The words in braces with their forms, None where the braces are not right."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    return [(name, (f"!{conversion}" if conversion else "") + (form or ""))
            for _, name, form, conversion in parts if name is not None]  # fmt: skip


def _check_names(own: Own, rules: dict[str, Rule], profiles: dict[str, Profile], rule_id: str) -> None:
    """Whether the rules and profiles that a rule names exist."""
    rule = rules[rule_id]
    for key, names, known in (("refines", rule.refines, rules), ("only", rule.only, profiles)):
        for place, name in enumerate(names):
            if name not in known:
                own.wrong("policy-choice", "rules", rule_id, key, place, word=name, value=name,
                          choices=_possible(name, known))  # fmt: skip


def _check_profile(own: Own, rules: dict[str, Rule], name: str, profile: Profile) -> None:
    """Whether a profile switches off rules that exist, and changes numbers that they have."""
    at: tuple[Step, ...] = ("profiles", name)
    for place, rule_id in enumerate(profile.off):
        if rule_id not in rules:
            known = _possible(rule_id, rules)
            own.wrong("policy-choice", *at, "off", place, word=rule_id, value=rule_id, choices=known)
    for rule_id, params in profile.params.items():
        if rule_id not in rules:
            own.wrong("policy-choice", *at, "params", rule_id, value=rule_id, choices=_possible(rule_id, rules))
        rule = rules[rule_id]
        for key, value in params.items():
            here = (*at, "params", rule_id, key)
            if key not in rule.params:
                own.wrong("policy-unread", *here, rule=rule_id, what=key, choices=_possible(key, rule.params))
            _check_param(own, here, rule, value, rule.params[key])
        _check_order(own, (*at, "params", rule_id), rule.params | params)
