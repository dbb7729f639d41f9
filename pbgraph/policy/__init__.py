"""Rules and profiles: `reference/policy.toml`, and a user's own file on top of it.

What the file may hold are the types below; what they cannot say (that a word of a sentence is known, that a
parameter is read) `pbgraph.policy.own` checks in a user's file, and a test in our own.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import msgspec
from msgspec import UNSET, Struct, UnsetType

from pbgraph import reference
from pbgraph.errors import PolicyError

Param = int | float | str
"""A number, or words that a measure looks for, joined by "|"."""
Bound = int | float | str
Operator = Literal["least", "most", "below", "above", "is"]
FORCES = ("must", "normally", "may")
TODAY = "today"
OPERATORS: tuple[Operator, ...] = ("least", "most", "below", "above", "is")


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """What a reader sees, in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """On whose authority a rule stands: the document, its clause, and whether somebody has compared the words.

    `sure`: the clause says so ("seed"); the clause asks for it, and a number is our choice ("ours"); a public page
    quotes it ("found"); from memory ("unverified").
    """

    document: str
    clause: str
    quotation: str = ""
    seed: str = ""
    sure: Literal["seed", "ours", "found", "unverified"] = "unverified"


class Check(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One comparison of a rule.

    `value` is a column of the subjects (`reference/subjects.toml`) and `bound` a number, the name
    of a parameter, or "@" and another column; a subject is a finding where the value is known and
    is not at least, at most, below, above or equal to it. `where` limits the subjects; `on` names
    their kind where it is not that of the rule. `unstated` is said of a subject of which the value is not
    known although a roster with the column `cell` ("committees.filed_date") was read: its cell is blank.
    A check that `asks` is a question, whatever the rosters say: its findings are never certain.
    """

    value: str
    message: Text
    least: Bound | UnsetType = UNSET
    most: Bound | UnsetType = UNSET
    below: Bound | UnsetType = UNSET
    above: Bound | UnsetType = UNSET
    equal: bool | int | float | str | UnsetType = msgspec.field(default=UNSET, name="is")
    where: dict[str, bool | int | float | str | list[bool | int | float | str] | dict[str, str]] = {}
    on: str = ""
    unstated: Text | UnsetType = UNSET
    cell: str = ""
    asks: bool = False

    @property
    def bounds(self) -> dict[Operator, Any]:
        """What is set of the five comparisons: of a right check, one."""
        every: tuple[Any, ...] = (self.least, self.most, self.below, self.above, self.equal)
        return {name: bound for name, bound in zip(OPERATORS, every, strict=True) if bound is not UNSET}

    @property
    def operator(self) -> Operator:
        """How the value is compared."""
        return next(iter(self.bounds))

    @property
    def bound(self) -> Any:
        """What the value is compared with."""
        return self.bounds[self.operator]

    @property
    def params(self) -> set[str]:
        """The parameters that the check names."""
        named = {bound for bound in self.bounds.values() if isinstance(bound, str) and not bound.startswith("@")}
        return named.union(*(wanted.values() for wanted in self.where.values() if isinstance(wanted, dict)))


Plain = bool | int | float | str
Limits = dict[str, int | float | str]
Wanted = dict[str, Plain | tuple[Plain, ...] | Limits]


class Value(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number or a yes and no of a kind of subject, told by its ties: what the head of `policy.toml` says.

    `where` limits the ties by their own columns, `where_other` by those of the entity of the kind `other` at
    the other end; text is equal where one of the lines of a cell is, "" is an empty cell.
    """

    of: Literal["ties", "ends", "any", "share", "months"]
    relation: str | tuple[str, ...]
    label: Text
    end: Literal["source", "target", "either"] = "either"
    where: Wanted = {}
    other: str = ""
    where_other: Wanted = {}
    known: str = ""

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations of the ties that tell it."""
        return (self.relation,) if isinstance(self.relation, str) else self.relation

    @property
    def has_day(self) -> bool:
        """Whether a limit is the day of the study."""
        limits = [wanted for wanted in (*self.where.values(), *self.where_other.values()) if isinstance(wanted, dict)]
        return any(bound == TODAY for limit in limits for bound in limit.values())

    @property
    def is_counted(self) -> bool:
        """Whether it is a number, and no yes or no."""
        return self.of != "any"


Values = dict[str, dict[str, Value]]
"""Values by kind of subject and name."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule: what it says, how it is checked and on whose authority.

    `on` is the kind of subject and `needs` names the rosters without which its checks are not run; "any:COLUMN" is
    a column that must hold for one of its subjects, "TABLE.FIELD" a roster with that column, and of several with "|"
    between them one is enough. `refines` names the rules that say more of the same: where one
    of them has a finding on a subject, that of this rule is left out. `only` names the profiles a rule belongs to.
    """

    rule_id: str
    title: Text
    statement: Text
    shape: Literal["ladder", "degree", "range", "classification"]
    force: Literal["must", "normally", "may"]
    params: dict[str, Param]
    in_force: Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d\d){0,2}$")]
    source: Source
    message: Text = Text("", "")
    on: str = ""
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    refines: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    off: bool = False

    def said(self, lang: str) -> str:
        """The statement with its numbers."""
        return self.statement[lang].format_map(self.params)

    def cited(self) -> str:
        """Document and clause, as a reader looks them up."""
        return f"《{self.source.document}》{self.source.clause}"


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one place or time: which are off, and which have other numbers.

    `manages_members`: the members of an organization that a committee manages jointly are managed jointly too.
    """

    label: Text
    note: Text
    off: tuple[str, ...] = ()
    params: dict[str, dict[str, Param]] = {}
    manages_members: bool = False


@dataclass(frozen=True)
class Policy:
    """The rules of one profile, by id, and the values that they may judge.

    `params` also has those of rules that are switched off; `manages_members` is that of the profile.
    """

    profile: str
    label: Text
    note: Text
    rules: dict[str, Rule]
    params: dict[str, dict[str, Any]]
    values: Values
    manages_members: bool = False

    def number(self, rule_id: str, name: str) -> int:
        """A whole number of a rule, also of one that is switched off; KeyError where it has none."""
        return int(self.params[rule_id][name])


class Rate(TypedDict):
    """A coverage rate: what is counted over what, and what the rosters must say for it to be known.

    `is_headline` puts it at the top of a report; `when_open` says what is left of it while it is open of too many
    units whether they have an organization.
    """

    label: Text
    definition: Text
    source: str
    params: NotRequired[dict[str, int]]
    needs: NotRequired[list[str]]
    of_persons: NotRequired[bool]
    is_headline: NotRequired[bool]
    when_open: NotRequired[Literal["at-least", "unknown"]]


class KindsOf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which bodies and records stand for the kinds that the parameters of a rule name, and the columns that say so."""

    rule: str
    types: tuple[str, ...]
    said: tuple[str, ...]


class ToldIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields of its own list that say a value of a subject, and whether other lists may say that it has none.

    `if_any`: they say so only where they have one of any subject; what no list tells of is not held to be lacking.
    """

    fields: tuple[str, ...]
    by_others: bool = True
    if_any: bool = False


class Subjects(Struct, frozen=True, forbid_unknown_fields=True):
    """What rules judge: columns and words by kind and by shape, parameters that measures read, labels of columns.

    `uncounted` columns hold no numbers; `entities` says which entities the subjects of a kind are; `kinds_of` what
    communities are counted to have by kinds; `told_in` which values a blank cell leaves open. What is told
    by ties alone is not here but a `Value`.
    """

    uncounted: frozenset[str]
    entities: dict[str, str]
    kinds_of: dict[str, KindsOf]
    told_in: dict[str, dict[str, ToldIn]]
    kinds: dict[str, tuple[str, ...]]
    read: dict[str, dict[str, str]]
    columns: dict[str, Text]


def read_policy(*, profile: str | None = None, path: Path | None = None) -> Policy:
    """The rules of a profile ("national" where none is named), with a user's file on top.

    The user's file has the same layout; it may add rules and values, change single keys of one, add a
    profile, or switch a rule off with `off = true`; a profile switches rules off with `off = [...]`.

    Raises
    ------
    PolicyError
        profile-unknown, or what is wrong in the file and on which line.

    """
    profiles, every, values = built_profiles(), built_rules(), built_values()
    if path is not None:
        from pbgraph.policy.own import read_own

        profiles, every, values = read_own(Path(path))
    name = profile or "national"
    if name not in profiles:
        raise PolicyError("profile-unknown", profile=name, choices=" / ".join(profiles))
    chosen = profiles[name]
    adapted = {
        rule_id: msgspec.structs.replace(rule, params=rule.params | chosen.params.get(rule_id, {}))
        for rule_id, rule in every.items()
    }
    rules = {
        rule_id: rule for rule_id, rule in adapted.items()
        if not (rule.off or rule_id in chosen.off or (rule.only and name not in rule.only))
    }  # fmt: skip
    params = {rule_id: rule.params for rule_id, rule in adapted.items()}
    return Policy(name, chosen.label, chosen.note, rules, params, values, chosen.manages_members)


def changes(policy: Policy, *, lang: str = "zh") -> list[tuple[str, str, str]]:
    """What a policy changes against the national profile: the rule and its statement there and here.

    The statement, in a language, is "" where the rule is switched off. Sorted as the rules are; the national profile
    changes nothing.
    """
    plain = read_policy()
    every = [*plain.rules, *(rule_id for rule_id in policy.rules if rule_id not in plain.rules)]
    said = [
        tuple(held.rules[rule_id].said(lang) if rule_id in held.rules else "" for held in (plain, policy))
        for rule_id in every
    ]
    return [(rule_id, before, now) for rule_id, (before, now) in zip(every, said, strict=True) if before != now]


@cache
def raw_policy() -> dict[str, dict[str, Any]]:
    """The tables of `reference/policy.toml` as they stand: rules, profiles and values."""
    tables = Literal["rules", "profiles", "values"]
    content: dict[str, dict[str, Any]] = reference.table("policy", dict[tables, dict[str, Any]])
    return content


@cache
def built_rules() -> dict[str, Rule]:
    """Our own rules by id."""
    raw = {rule_id: entry | {"rule_id": rule_id} for rule_id, entry in raw_policy()["rules"].items()}
    return {rule_id: with_kinds(rule) for rule_id, rule in msgspec.convert(raw, dict[str, Rule]).items()}


@cache
def built_profiles() -> dict[str, Profile]:
    """Our own profiles by name."""
    return msgspec.convert(raw_policy()["profiles"], dict[str, Profile])


@cache
def built_values() -> Values:
    """Our own values by kind of subject and name."""
    return msgspec.convert(raw_policy()["values"], Values)


def with_kinds(rule: Rule) -> Rule:
    """The rule with the kind of its subjects in each check."""
    checks = tuple(msgspec.structs.replace(check, on=check.on or rule.on) for check in rule.checks)
    return msgspec.structs.replace(rule, checks=checks)


@cache
def judged() -> Subjects:
    """The kinds of subject, their columns, and the parameters that measures read."""
    made: Subjects = reference.table("subjects", Subjects)
    return made


def column_labels(values: Values | None = None) -> dict[str, Text]:
    """What an office calls the columns that rules judge, by language; with the values of a policy, or our own."""
    of_values = built_values() if values is None else values
    return judged().columns | {name: value.label for held in of_values.values() for name, value in held.items()}


@cache
def rates() -> dict[str, Rate]:
    """The coverage rates by key: label, definition, parameters, source."""
    made: dict[str, Rate] = reference.table("rates", dict[str, Rate])
    return made
