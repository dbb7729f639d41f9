"""Rules and profiles: `reference/policy.toml`, and a user's own file on top of it."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pbgraph import schema
from pbgraph.errors import PolicyError

FORCES = ("must", "normally", "may")
SHAPES = ("ladder", "degree", "range", "classification")
OPERATORS = ("least", "most", "below", "above", "is")
LIMITS = ("least", "most", "below", "above")


@dataclass(frozen=True)
class Check:
    """One comparison of a rule of the shape "range".

    `value` is a column of the subjects (`pbgraph.analyses.subjects`) and `bound` a number, the name
    of a parameter, or "@" and another column; a subject is a finding where the value is known and
    is not at least, at most, below, above or equal to it. `where` limits the subjects; `on` names
    their kind where it is not that of the rule.
    """

    value: str
    operator: str
    bound: Any
    where: dict[str, Any]
    message: dict[str, str]
    on: str


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, how it is checked and on whose authority.

    `on` is the kind of subject and `needs` names the rosters without which a rule of the shape
    "range" is not run. `refines` names the rules that say more of the same: where one of them has a
    finding on a subject, that of this rule is left out. `only` names the profiles a rule belongs to.
    """

    rule_id: str
    title: dict[str, str]
    statement: dict[str, str]
    message: dict[str, str]
    shape: str
    force: str
    params: dict[str, Any]
    in_force: str
    source: dict[str, str]
    on: str = ""
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    refines: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def said(self, lang: str) -> str:
        """The statement with its numbers."""
        return self.statement[lang].format_map(self.params)

    def cited(self) -> str:
        """Document and clause, as a reader looks them up."""
        return f"《{self.source['document']}》{self.source['clause']}"


@dataclass(frozen=True)
class Policy:
    """The rules of one profile, by id."""

    profile: str
    label: dict[str, str]
    note: dict[str, str]
    rules: dict[str, Rule]
    params: dict[str, dict[str, Any]]

    def number(self, rule_id: str, name: str) -> int:
        """A parameter of a rule, also of one that is switched off; KeyError where it has none."""
        return int(self.params[rule_id][name])


def read_policy(*, profile: str | None = None, path: Path | None = None) -> Policy:
    """The rules of a profile ("national" where none is named), with a user's file on top.

    The user's file has the same layout; it may add rules, change single keys of one, add a
    profile, or switch a rule off with `off = true`; a profile switches rules off with `off = [...]`.

    Raises
    ------
    PolicyError
        profile-unknown, or policy-file with the reason and the line of the mistake.

    """
    raw, own = _built_in(), _Own("", "")
    if path is not None:
        own = _read(path)
        raw = _merged(raw, own.content)
    name = profile or "national"
    if name not in raw["profiles"]:
        raise PolicyError("profile-unknown", profile=name, choices="、".join(raw["profiles"]))
    chosen = raw["profiles"][name]
    if not isinstance(chosen, dict) or not all(isinstance(chosen.get(key), dict) for key in ("label", "note")):
        raise PolicyError("policy-file", reason=f"{own.name}: profiles.{name}: label, note ?")
    every = {}
    for rule_id, entry in raw["rules"].items():
        rule = _rule(rule_id, entry, raw["columns"], own)
        every[rule_id] = replace(rule, params={**rule.params, **chosen.get("params", {}).get(rule_id, {})})
    off = set(chosen.get("off", ()))
    off |= {key for key, rule in every.items() if raw["rules"][key].get("off") or (rule.only and name not in rule.only)}
    rules = {key: rule for key, rule in every.items() if key not in off}
    params = {rule_id: rule.params for rule_id, rule in every.items()}
    return Policy(name, chosen["label"], chosen["note"], rules, params)


def changes(policy: Policy) -> list[tuple[str, str, str]]:
    """What a policy changes against the national profile: the rule and its statement there and here.

    The statement is "" where the rule is switched off. Sorted as the rules are; the national profile changes nothing.
    """
    plain = read_policy()
    every = [*plain.rules, *(rule_id for rule_id in policy.rules if rule_id not in plain.rules)]
    said = [
        tuple(held.rules[rule_id].said("zh") if rule_id in held.rules else "" for held in (plain, policy))
        for rule_id in every
    ]
    return [(rule_id, before, now) for rule_id, (before, now) in zip(every, said, strict=True) if before != now]


@cache
def _built_in() -> dict[str, Any]:
    return tomllib.loads(resources.files("pbgraph").joinpath("reference/policy.toml").read_text("utf-8"))


@dataclass(frozen=True)
class _Own:
    """A user's file: its name and text, to say where in it a mistake is."""

    name: str
    text: str

    @property
    def content(self) -> dict[str, Any]:
        """What the text says."""
        return tomllib.loads(self.text)

    def error(self, rule_id: str, what: str, *, word: str = "") -> PolicyError:
        """The error that names the line of a rule, or of a word within it, where the file has one."""
        lines = self.text.splitlines()
        inside = [
            number for number, line in enumerate(lines, start=1)
            if line.strip().strip("[]").split(".")[:2] == ["rules", rule_id] and line.strip().startswith("[")
        ]  # fmt: skip
        exact = (
            [number for number in range(inside[0], len(lines) + 1) if word in lines[number - 1]]
            if inside and word
            else []
        )
        line = (exact or inside or [0])[0]
        place = f"{self.name}, line {line}: " if line else f"{self.name}: " if self.name else ""
        return PolicyError("policy-file", reason=f"{place}rules.{rule_id}: {what}")


def _read(path: Path) -> _Own:
    try:
        own = _Own(path.name, path.read_text("utf-8-sig"))
        tomllib.loads(own.text)
    except OSError as error:
        raise PolicyError("policy-file", reason=f"{path.name}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError("policy-file", reason=f"{path.name}: {error}") from error
    return own


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        inner = under.get(key)
        both[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return both


_COMMON = ("title", "statement", "shape", "force", "params", "in_force", "source")
_MAY_HAVE = frozenset({*_COMMON, "message", "on", "needs", "checks", "refines", "only", "off"})


def _rule(rule_id: str, entry: dict[str, Any], columns: dict[str, Any], own: _Own) -> Rule:
    if not isinstance(entry, dict):
        raise own.error(rule_id, f"{entry} ?", word=rule_id)
    flat = [key for key in ("title", "statement", "params", "source") if not isinstance(entry.get(key, {}), dict)]
    if flat:
        raise own.error(rule_id, f"{flat[0]} = {{ }} ?", word=flat[0])
    is_range = entry.get("shape") == "range"
    missing = [
        key for key in (*_COMMON, *(("on", "needs", "checks") if is_range else ("message",))) if key not in entry
    ]
    if missing:
        raise own.error(rule_id, f"{', '.join(missing)} ?")
    unknown = sorted(entry.keys() - _MAY_HAVE)
    if unknown:
        raise own.error(rule_id, f"{unknown[0]} ?", word=unknown[0])
    for key, known in (("force", FORCES), ("shape", SHAPES)):
        if entry[key] not in known:
            raise own.error(rule_id, f"{key} = {entry[key]} ? {' / '.join(known)}", word=str(entry[key]))
    asked = [entry["on"], *(check["on"] for check in entry["checks"] if "on" in check)] if is_range else []
    wrong = [on for on in asked if on not in _subjects()] + [
        need for need in entry.get("needs", ()) if not _is_need(need)
    ]
    if wrong:
        raise own.error(rule_id, f"on / needs: {wrong[0]} ?", word=str(wrong[0]))
    checks = tuple(_check(rule_id, check, entry, columns, own) for check in entry.get("checks", ()))
    try:
        for lang in ("zh", "en"):
            entry["statement"][lang].format_map(entry["params"])
    except (KeyError, ValueError, AttributeError) as error:
        raise own.error(rule_id, f"statement: {error} ?", word="statement") from error
    common = (entry[key] for key in ("shape", "force", "params", "in_force", "source"))
    rule = Rule(rule_id, entry["title"], entry["statement"], entry.get("message", {}), *common)
    needs, refines, only = (tuple(entry.get(key, ())) for key in ("needs", "refines", "only"))
    return replace(rule, on=entry.get("on", ""), checks=checks, needs=needs, refines=refines, only=only)


@cache
def _subjects() -> frozenset[str]:
    """The kinds of subject that rules judge: those that the built-in rules name."""
    rules = [entry for entry in _built_in()["rules"].values() if "on" in entry]
    return frozenset(on for entry in rules for on in (entry["on"], *(c["on"] for c in entry["checks"] if "on" in c)))


def _is_need(need: str) -> bool:
    """Whether a roster, a relation or a kind of body of that name exists."""
    kind, _, name = need.rpartition(":")
    if kind == "":
        return name in schema.tables()
    lists = {"relation": "relation", "body": "body_type"}
    return kind in lists and name in schema.vocabulary(lists[kind]).rows


def _check(rule_id: str, check: dict[str, Any], entry: dict[str, Any], columns: dict[str, Any], own: _Own) -> Check:
    operators = [name for name in OPERATORS if name in check]
    if len(operators) != 1 or "value" not in check or "message" not in check:
        raise own.error(rule_id, f"checks: value, message, {' / '.join(OPERATORS)} ?", word="checks")
    bound, where = check[operators[0]], check.get("where", {})
    used = [check["value"], *where, *([bound[1:]] if str(bound).startswith("@") else [])]
    for column in used:
        if column not in columns and not schema.has_field(column):
            raise own.error(rule_id, f"checks: {column} ?", word=column)
    limits = [limit for wanted in where.values() if isinstance(wanted, dict) for limit in wanted.items()]
    wrong = [name for name, _ in limits if name not in LIMITS]
    wrong += [name for _, name in limits if name not in entry["params"]]
    wrong += [bound] if isinstance(bound, str) and not bound.startswith("@") and bound not in entry["params"] else []
    if wrong:
        raise own.error(rule_id, f"checks: {wrong[0]} ?", word=str(wrong[0]))
    return Check(check["value"], operators[0], bound, where, check["message"], check.get("on", entry.get("on", "")))


@cache
def column_labels() -> dict[str, dict[str, str]]:
    """What an office calls the columns that rules judge, by language."""
    return dict(_built_in()["columns"])


@cache
def rates() -> dict[str, dict[str, Any]]:
    """The coverage rates by key: label, definition, parameters, source."""
    return tomllib.loads(resources.files("pbgraph").joinpath("reference/rates.toml").read_text("utf-8"))
