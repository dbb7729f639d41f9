"""Rules and profiles: `reference/policy.toml`, and a user's own file on top of it."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pbgraph.errors import PolicyError

FORCES = ("must", "normally", "may")
SHAPES = ("ladder", "degree", "range", "threshold", "interval", "classification", "tree", "presence")


OPERATORS = ("least", "most", "below", "above", "is")


@dataclass(frozen=True)
class Check:
    """One comparison of a rule of the shape "range".

    `value` is a column of the subjects (`pbgraph.analyses.subjects`) and `bound` a number, the name
    of a parameter, or "@" and another column; a subject is a finding where the value is known and
    is not at least, at most, below, above or equal to it. `where` limits the subjects.
    """

    value: str
    operator: str
    bound: Any
    where: dict[str, Any]
    message: dict[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, how it is checked and on whose authority.

    `on` is the kind of subject and `needs` names the rosters without which a rule of the shape
    "range" is not run.
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
        profile-unknown, or policy-file with the reason and, for a slip of the pen, its line.

    """
    raw = _built_in()
    if path is not None:
        raw = _merged(raw, _read(path))
    name = profile or "national"
    if name not in raw["profiles"]:
        raise PolicyError("profile-unknown", profile=name, choices="、".join(raw["profiles"]))
    chosen = raw["profiles"][name]
    every = {}
    for rule_id, entry in raw["rules"].items():
        rule = _rule(rule_id, entry)
        every[rule_id] = replace(rule, params={**rule.params, **chosen.get("params", {}).get(rule_id, {})})
    off = set(chosen.get("off", ()))
    rules = {key: rule for key, rule in every.items() if key not in off and not raw["rules"][key].get("off")}
    params = {rule_id: rule.params for rule_id, rule in every.items()}
    return Policy(name, chosen["label"], chosen["note"], rules, params)


@cache
def _built_in() -> dict[str, Any]:
    return tomllib.loads(resources.files("pbgraph").joinpath("reference/policy.toml").read_text("utf-8"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise PolicyError("policy-file", reason=f"{path.name}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError("policy-file", reason=f"{path.name}: {error}") from error


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        inner = under.get(key)
        both[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return both


def _rule(rule_id: str, entry: dict[str, Any]) -> Rule:
    is_range = entry.get("shape") == "range"
    own = ("on", "needs", "checks") if is_range else ("message",)
    keys = ("title", "statement", "shape", "force", "params", "in_force", "source", *own)
    missing = [key for key in keys if key not in entry]
    if missing:
        raise PolicyError("policy-file", reason=f"rules.{rule_id}: {', '.join(missing)} ?")
    if entry["force"] not in FORCES or entry["shape"] not in SHAPES:
        raise PolicyError("policy-file", reason=f"rules.{rule_id}: force / shape ?")
    checks = tuple(_check(rule_id, check) for check in entry.get("checks", ()))
    common = (entry[key] for key in ("shape", "force", "params", "in_force", "source"))
    rule = Rule(rule_id, entry["title"], entry["statement"], entry.get("message", {}), *common)
    return replace(rule, on=entry.get("on", ""), needs=tuple(entry.get("needs", ())), checks=checks)


def _check(rule_id: str, entry: dict[str, Any]) -> Check:
    operators = [name for name in OPERATORS if name in entry]
    if len(operators) != 1 or "value" not in entry or "message" not in entry:
        raise PolicyError("policy-file", reason=f"rules.{rule_id}.checks: value, message, {' / '.join(OPERATORS)} ?")
    return Check(entry["value"], operators[0], entry[operators[0]], entry.get("where", {}), entry["message"])


@cache
def column_labels() -> dict[str, dict[str, str]]:
    """What an office calls the columns that rules judge, by language."""
    return dict(_built_in()["columns"])


@cache
def rates() -> dict[str, dict[str, Any]]:
    """The coverage rates by key: label, definition, parameters, source."""
    return tomllib.loads(resources.files("pbgraph").joinpath("reference/rates.toml").read_text("utf-8"))
