"""Rules of the shape "range": a number or a fact of a subject against what the rule allows."""

import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study
from pbgraph.analyses.subjects import subjects
from pbgraph.analyses.subjects.view import has_cell
from pbgraph.captions import caption, shown_day
from pbgraph.editions import few, told
from pbgraph.network import Network
from pbgraph.policy import Check, Rule, Text, Values, column_labels

_FROM_BELOW = frozenset({"least", "above", "is"})  # more rows could only lift the value
STATE, COUNTED = "out-of-range", "counted"
_INSIDE = {"least": operator.ge, "most": operator.le, "below": operator.lt, "above": operator.gt, "is": operator.eq}


@dataclass(frozen=True)
class Ran:
    """What the checks of the rules found, as rows of `assess`, and what could not be judged.

    `unready` are the rules of which no check could run, with what each lacks: a roster, a kind of subject, or the
    columns that it judges and by which it chooses what it judges. `part` are those of which some check
    could not. A check whose question is put for each subject that leaves it blank did run.
    """

    found: list[dict[str, Any]]
    unready: list[tuple[str, str]]
    part: list[tuple[str, str]]


def range_findings(study: Study, *, lang: str) -> Ran:
    """Run the checks of every rule. A value that is not known is no finding."""
    return study.kept(("ranges", lang), lambda: _range_findings(study, lang))  # type: ignore[no-any-return]


def _range_findings(study: Study, lang: str) -> Ran:
    network = study.network
    ran = Ran([], [], [])
    has = cache(partial(_has, study))
    incomplete = _incomplete(network)
    months = _months(study)
    for rule in study.policy.rules.values():
        if not rule.checks:
            continue
        missing = [need for need in rule.needs if not has(need, rule.on)]
        if missing:  # of another shape, `assess` knows best whether it ran
            ran.unready.extend([(rule.rule_id, ", ".join(missing))] if rule.shape == "range" else [])
            continue
        frames = {check.on: subjects(study, check.on) for check in rule.checks}
        silent = [
            _silent(rule, check, frames[check.on]) if has_cell(network, check.cell) else [] for check in rule.checks
        ]
        lacking = [
            [] if asked else _open_for(rule, check, frames[check.on])
            for check, asked in zip(rule.checks, silent, strict=True)
        ]
        if any(lacking):
            names = ", ".join(dict.fromkeys(name for columns in lacking for name in columns))
            (ran.unready if all(lacking) and rule.shape == "range" else ran.part).append((rule.rule_id, names))
        is_open = incomplete is None or not incomplete.isdisjoint(_rosters(rule.needs))
        for check in rule.checks:
            rows = _judged(rule, check, frames[check.on])
            if network.is_veiled and check.value in told().of_holders:
                ran.found.extend(_of_holders(study, rule, len(rows), lang))
                continue
            whole = [_in_whole_months(row, check.value, months) for row in rows]
            shown = [shown_counts(row, {"value": check.value}, least=network.least_shown) for row in whole]
            ran.found.extend(_finding(rule, check, row, lang, is_open=is_open) for row in shown)
        for check, rows in zip(rule.checks, silent, strict=True):
            ran.found.extend(
                _asked(rule, check, shown_counts(row, {}, least=network.least_shown), lang) for row in rows
            )
    return ran


def _open_for(rule: Rule, check: Check, frame: pd.DataFrame) -> list[str]:
    """The columns for want of which a check judges no subject at all; none where it judges one, or none is of its kind.

    Without any subject, what it lacks is their kind.
    """
    bound = check.bound[1:] if str(check.bound).startswith("@") else check.value
    asked = dict.fromkeys((check.value, bound, *check.where))
    absent = [column for column in asked if column not in frame]
    if absent or frame.empty:
        return absent or [check.on]
    is_out = pd.Series(data=False, index=frame.index)
    for column, wanted in check.where.items():
        is_out |= frame[column].notna() & ~_holds(frame[column], wanted, rule)
    known = frame[list(asked)].notna()
    is_open = ~is_out & ~known.all(axis=1)
    if not is_open.any() or (known.all(axis=1) & ~is_out).any():
        return []
    unknown = ~known[is_open]
    return [str(column) for column in asked if unknown[column].all()] or [
        str(column) for column in asked if unknown[column].any()
    ]


def _months(study: Study) -> frozenset[str]:
    """The columns that count months, with parts of one."""
    told = {name for held in study.policy.values.values() for name, value in held.items() if value.of == "months"}
    return frozenset(told | {"n_months_since_joint_meeting"})


def _in_whole_months(row: dict[str, Any], judged: str, months: frozenset[str]) -> dict[str, Any]:
    """A row as it is said: the months that have passed, and not the days beyond."""
    keys = (months & row.keys()) | ({"value"} if judged in months else set())
    return row | {key: int(row[key]) for key in keys if _is_known(row[key])}


def _rosters(needs: Iterable[str]) -> set[str]:
    """The rosters that some needs name."""
    return {part.partition(".")[0] for need in needs for part in need.split("|")}


def _silent(rule: Rule, check: Check, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The subjects of a check whose own cell is blank, as rows."""
    if not all(column in frame for column in (check.value, *check.where)):
        return []
    kept = frame[check.value].isna()
    for column, wanted in check.where.items():
        kept &= _holds(frame[column], wanted, rule)
    found: list[dict[str, Any]] = frame[kept].to_dict("records") if kept.any() else []
    return found


def _asked(rule: Rule, check: Check, row: dict[str, Any], lang: str) -> dict[str, Any]:
    """The finding that a cell is blank: what it would say is not known, and never held against the subject."""
    assert isinstance(check.unstated, Text)
    found = _finding(rule, check, {**row, "value": None, "bound": None}, lang, is_open=True)
    return found | {"message": filled(check.unstated[lang], {**row, **rule.params}), "sure": "unknown"}


def _judged(rule: Rule, check: Check, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The subjects that a check finds, as rows."""
    if not all(column in frame for column in (check.value, *check.where)):
        return []
    value = frame[check.value]
    known = value.notna()
    if not known.any():
        return []
    bound = _bound(rule, check.bound, frame)
    is_in = _INSIDE[check.operator](value, bound)
    kept = ~is_in.fillna(value=True).astype(bool) & known
    if isinstance(bound, pd.Series):
        kept &= bound.notna()
    for column, wanted in check.where.items():
        kept &= _holds(frame[column], wanted, rule)
    if not kept.any():
        return []
    found = frame[kept].assign(value=value[kept], bound=bound[kept] if isinstance(bound, pd.Series) else bound)
    rows: list[dict[str, Any]] = found.to_dict("records")
    return rows


def _bound(rule: Rule, bound: Any, frame: pd.DataFrame) -> Any:
    if isinstance(bound, str) and bound.startswith("@"):
        return frame[bound[1:]]
    return rule.params[bound] if isinstance(bound, str) else bound


def _holds(column: pd.Series, wanted: Any, rule: Rule) -> pd.Series:
    """Whether a column has the wanted value, one of several, or lies within named bounds."""
    if isinstance(wanted, dict):
        held = column.notna()
        for bound, name in wanted.items():
            within = _INSIDE[bound](column, rule.params[name])
            held &= within.fillna(value=False).astype(bool)
        return held.astype(bool)
    several = wanted if isinstance(wanted, list) else [wanted]
    return column.isin(several).fillna(value=False).astype(bool)


def _finding(rule: Rule, check: Check, row: dict[str, Any], lang: str, *, is_open: bool) -> dict[str, Any]:
    message = filled(check.message[lang], {**_said_days(row, lang), **rule.params})
    own = {"sure": _sure(check, row, is_open=is_open), "on": check.on, "value": check.value}
    return _row(rule, row, message) | own


def _row(rule: Rule, row: Mapping[str, Any], message: str) -> dict[str, Any]:
    return {
        "rule_id": rule.rule_id,
        "force": rule.force,
        "subject_id": row["subject_id"],
        "subject": row["subject"],
        "community": row["community"],
        "state": STATE,
        "message": message,
        "evidence": "",
        "source": row["source"],
        "on": "",
        "value": "",
    }


def _of_holders(study: Study, rule: Rule, n: int, lang: str) -> list[dict[str, Any]]:
    """What an edition says of persons whom everybody knows by their post: how many bodies; nothing in public."""
    if not n or study.network.least_shown:
        return []
    street = study.network.settings.get("home", "").split("/")[-1] or caption("whole_street", lang)
    row = {"subject_id": "", "subject": street, "community": None, "source": ""}
    message = caption("of_holders", lang, title=rule.title[lang], n=n)
    return [_row(rule, row, message) | {"state": COUNTED, "sure": "certain"}]


_DAY = re.compile(r"[12]\d{3}(-\d\d){1,2}")


def _said_days(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A row with its days as a document has them."""
    return {
        key: shown_day(value, lang) if isinstance(value, str) and _DAY.fullmatch(value) else value
        for key, value in row.items()
    }


def shown_counts(row: dict[str, Any], also: Mapping[str, str], *, least: int) -> dict[str, Any]:
    """A row of which each number of persons is as an edition shows it; `also` names what further words stand for."""
    if not least:
        return row
    return {key: few(n, least=least) if also.get(key, key) in told().said else n for key, n in row.items()}


def filled(text: str, words: Mapping[str, Any]) -> str:
    """A sentence with its words; what is not known of a subject is "…", in whatever form it is asked for."""
    return text.format_map({key: value if _is_known(value) else _Unknown() for key, value in words.items()})


class _Unknown:
    def __format__(self, form: str) -> str:
        return "…"


def _is_known(value: Any) -> bool:
    return value is not None and value is not pd.NA and value == value


def _sure(check: Check, row: dict[str, Any], *, is_open: bool) -> str:
    """What the subject's own measure says of its certainty, or whether rows that are missing may explain it."""
    if check.asks:
        return "unknown"
    if check.operator not in _FROM_BELOW:
        return "certain"
    return "unknown" if is_open else str(row.get("sure", "certain"))


def _has(study: Study, need: str, kind: str) -> bool:
    """Whether what a rule about a kind of subject needs is there: a roster, or a column that holds for a subject."""
    if "|" in need:
        return any(_has(study, part, kind) for part in need.split("|"))
    if "." in need:
        return has_cell(study.network, need)
    if not need.startswith("any:"):
        return has_roster(study.network, need)
    frame, column = subjects(study, kind), need.removeprefix("any:")
    return bool(len(frame)) and column in frame and bool((frame[column].dropna() != 0).any())


def has_roster(network: Network, need: str) -> bool:
    """Whether a roster was read and used; for a network without a ledger, whether its entities are there."""
    if need.startswith("relation:"):
        return bool((network.ties["relation"] == need.removeprefix("relation:")).any())
    if need.startswith("body:"):
        bodies = network.tables["bodies"]
        return "body_type" in bodies and bool((bodies["body_type"] == need.removeprefix("body:")).any())
    ledger = network.ledger
    if len(ledger):
        used = set(ledger.loc[ledger["n_used"] > 0, "table"])
        if schema.tables()[need].label in used:
            return True
        holders = [table for table in schema.tables().values() if table.label in used]
        if not any(spec["table"] == need and "needs" in spec for table in holders for spec in table.also):
            return False
    frame = network.tables.get(need)
    return frame is not None and bool(len(frame)) and bool(frame["is_listed"].any())


def _incomplete(network: Network) -> frozenset[str] | None:
    """The rosters of which rows were set aside, which may explain a low number; None for all, where a file was lost."""
    found, ledger = network.findings, network.ledger
    if ((found["severity"] == "error") & found["code"].str.startswith("file-")).any():
        return None
    labels = set(ledger.loc[ledger["n_set_aside"] > 0, "table"])
    return frozenset(key for key, table in schema.tables().items() if table.label in labels)


def shown_lacking(missing: str, lang: str, *, values: Values | None = None) -> str:
    """What a rule lacks, as an office calls it; `not_run` keeps the keys of rosters and columns.

    `values` are those of the policy, where they are not ours alone.
    """
    labels = [_label(name, lang, column_labels(values)) for name in missing.split(", ") if name]
    return caption("list_separator", lang).join(dict.fromkeys(labels))


def _label(name: str, lang: str, columns: Mapping[str, Text]) -> str:
    """What an office calls a roster, a relation or a column."""
    if "|" in name:
        return caption("type_or", lang).join(_label(part, lang, columns) for part in name.split("|"))
    name = name.rpartition(".")[2]
    if name.startswith("relation:"):
        return schema.vocabulary("relation").label(name.removeprefix("relation:"), lang=lang)
    if name.startswith("body:"):
        return schema.vocabulary("body_type").label(name.removeprefix("body:"), lang=lang)
    name = name.removeprefix("any:")
    if name in columns:
        return columns[name][lang]
    named = schema.tables().get(name) or next(
        (field for table in schema.tables().values() for field in table.fields if field.key == name), None
    )
    return name if named is None else named.label if lang == "zh" else named.label_en
