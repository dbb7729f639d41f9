"""Rules of the shape "range": a number or a fact of a subject against what the rule allows."""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.subjects import subjects
from pbgraph.network import Network
from pbgraph.policy import Check, Policy, Rule, column_labels

_FROM_BELOW = frozenset({"least", "above", "is"})  # more rows could only lift the value
STATE = "out-of-range"


def range_findings(
    network: Network, policy: Policy, *, lang: str, units: pd.DataFrame | None = None
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Run every rule of the shape "range".

    Returns the findings as rows of `assess`, and the rules that could not run with what each
    lacks: a roster, or the column that it judges. A value that is not known is no finding. `units` is
    the frame of `coverage` where it was already made.
    """
    frames: dict[str, pd.DataFrame] = {}
    found: list[dict[str, Any]] = []
    unready: list[tuple[str, str]] = []
    for rule in policy.rules.values():
        if rule.shape != "range":
            continue
        missing = [_label(need, lang) for need in rule.needs if not has_roster(network, need)]
        if missing:
            unready.append((rule.rule_id, "、".join(missing)))
            continue
        if rule.on not in frames:
            frames[rule.on] = subjects(network, rule.on, policy=policy, units=units)
        judged = [_judged(rule, check, frames[rule.on]) for check in rule.checks]
        if not any(n_known for _, n_known in judged) and len(frames[rule.on]):
            unready.append((rule.rule_id, "、".join(dict.fromkeys(_label(check.value, lang) for check in rule.checks))))
        is_open = _is_open(network, rule)
        for check, (rows, _) in zip(rule.checks, judged, strict=True):
            found += [_finding(rule, check, row, lang, is_open=is_open) for row in rows.to_dict("records")]
    return found, unready


def _judged(rule: Rule, check: Check, frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The subjects that a check finds, and of how many the value is known."""
    for column, wanted in check.where.items():
        frame = frame[_holds(frame[column], wanted, rule)]
    if check.value not in frame:
        return frame.head(0), 0
    bound = _bound(rule, check.bound, frame)
    value = frame[check.value]
    is_out = {
        "least": lambda: value < bound,
        "most": lambda: value > bound,
        "below": lambda: value >= bound,
        "above": lambda: value <= bound,
        "is": lambda: value != bound,
    }[check.operator]()
    known = value.notna() & (bound.notna() if isinstance(bound, pd.Series) else True)
    kept = is_out.fillna(value=False).astype(bool) & known
    return frame.assign(value=value, bound=bound)[kept], int(known.sum())


def _bound(rule: Rule, bound: Any, frame: pd.DataFrame) -> Any:
    if isinstance(bound, str) and bound.startswith("@"):
        return frame[bound[1:]]
    return rule.params[bound] if isinstance(bound, str) else bound


def _holds(column: pd.Series, wanted: Any, rule: Rule) -> pd.Series:
    """Whether a column has the wanted value, one of several, or lies within named bounds."""
    if isinstance(wanted, dict):
        held = column.notna()
        for operator, name in wanted.items():
            bound = rule.params[name]
            held &= (column >= bound if operator == "least" else column <= bound).fillna(value=False)
        return held.astype(bool)
    several = wanted if isinstance(wanted, list) else [wanted]
    return column.isin(several).fillna(value=False).astype(bool)


def _finding(rule: Rule, check: Check, row: dict[str, Any], lang: str, *, is_open: bool) -> dict[str, Any]:
    filled = {**rule.params, **{key: value for key, value in row.items() if pd.notna(value)}}
    return {
        "rule_id": rule.rule_id,
        "force": rule.force,
        "subject_id": row["subject_id"],
        "subject": row["subject"],
        "community": row["community"],
        "state": STATE,
        "message": check.message[lang].format_map(filled),
        "evidence": "",
        "sure": _sure(check, row, is_open=is_open),
        "source": row["source"],
    }


def _sure(check: Check, row: dict[str, Any], *, is_open: bool) -> str:
    """What the subject's own measure says of its certainty, or whether rows that are missing may explain it."""
    if check.operator not in _FROM_BELOW:
        return "certain"
    return "unknown" if is_open else str(row.get("sure", "certain"))


def has_roster(network: Network, need: str) -> bool:
    """Whether a roster was read and used; for a network without a ledger, whether its entities are there."""
    if need.startswith("relation:"):
        return bool((network.ties["relation"] == need.removeprefix("relation:")).any())
    ledger = network.ledger
    if len(ledger):
        return bool(((ledger["table"] == schema.tables()[need].label) & (ledger["n_used"] > 0)).any())
    frame = network.tables.get(need)
    return frame is not None and bool(len(frame)) and bool(frame["is_listed"].any())


def _is_open(network: Network, rule: Rule) -> bool:
    """Whether rows that were set aside, or a file that was lost, may explain a low number."""
    found, ledger = network.findings, network.ledger
    is_lost = (found["severity"] == "error") & found["code"].str.startswith("file-")
    labels = [schema.tables()[need].label for need in rule.needs if ":" not in need]
    return bool(is_lost.any()) or bool((ledger["table"].isin(labels) & (ledger["n_set_aside"] > 0)).any())


def _label(name: str, lang: str) -> str:
    """What an office calls a roster, a relation or a column."""
    if name.startswith("relation:"):
        return schema.vocabulary("relation").label(name.removeprefix("relation:"), lang=lang)
    named = schema.tables().get(name) or next(
        (field for table in schema.tables().values() for field in table.fields if field.key == name), None
    )
    if named is not None:
        return named.label if lang == "zh" else named.label_en
    return column_labels().get(name, {}).get(lang, name)
