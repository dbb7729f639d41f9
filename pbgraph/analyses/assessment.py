"""Assessment: every rule whose data is present, as findings an official can act on.

A rule is run by its shape. A rule whose roster is missing is listed as not run, never as
passed.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.co_building import co_building
from pbgraph.analyses.coverage import coverage, policy_of
from pbgraph.analyses.management import dual_management
from pbgraph.analyses.ranges import filled, range_findings
from pbgraph.analyses.subjects import View
from pbgraph.captions import caption
from pbgraph.network import Network
from pbgraph.policy import Policy, Rule

COLUMNS = ("rule_id", "force", "subject_id", "subject", "community", "state", "message", "evidence", "sure", "source")
_NEEDS = {"ladder": ("units", "organizations"), "classification": ("organizations", "committees"), "degree": ("units",)}
_ROSTERS = {"committees": "participants"}
_FORCE_ORDER = {"must": 0, "normally": 1, "may": 2}
_SURE_ORDER = {"certain": 0, "check-name": 1, "unknown": 2}


@dataclass(frozen=True)
class Measured:
    """The measures that rules are judged on."""

    coverage: pd.DataFrame
    management: pd.DataFrame
    co_building: pd.DataFrame


def assess(network: Network, *, policy: Policy | None = None, lang: str = "zh") -> pd.DataFrame:
    """Run every rule that the rosters allow.

    Returns
    -------
    DataFrame
        One row per finding, the strongest force first, then by certainty, rule, community
        and subject: `rule_id`, `force`, `subject_id`, `subject`, `community`, `state`,
        `message`, `evidence`, `sure` and `source`. No finding, no rows, same columns.

    """
    rules = policy or policy_of(network)
    measured = Measured(coverage(network, policy=rules), dual_management(network), co_building(network))
    return assessed(measured, network, policy=rules, lang=lang)[0]


def assessed(
    measured: Measured, network: Network, *, policy: Policy, lang: str = "zh"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames of `assess` and `not_run` from measures already made."""
    ranged, lacking = range_findings(
        network, policy, lang=lang, view=View(network, policy, measured.coverage, measured.management)
    )
    unready = _unready(network, policy)
    return _findings(measured, ranged, unready, policy, lang), _listed(unready + lacking)


def _findings(
    measured: Measured, ranged: list[dict[str, Any]], unready: list[tuple[str, str]], rules: Policy, lang: str
) -> pd.DataFrame:
    waiting = {rule_id for rule_id, _ in unready}
    frames = [
        pd.DataFrame(ranged, columns=list(COLUMNS)),
        _coverage_findings(measured.coverage, rules, lang),
        _management_findings(measured.management, rules, lang),
        _co_building_findings(measured.co_building, rules, lang),
    ]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS)).astype("str")
    found = pd.concat(frames, ignore_index=True)
    found = found[found["rule_id"].isin(rules.rules) & ~found["rule_id"].isin(waiting)]
    found = _without_refined(found, rules)
    keys = {"force": _FORCE_ORDER, "sure": _SURE_ORDER}
    order = ["force", "sure", "rule_id", "community", "subject", "subject_id"]
    ordered = found.sort_values(
        order, key=lambda column: column.map(keys.get(str(column.name))) if column.name in keys else column
    )
    return ordered[list(COLUMNS)].reset_index(drop=True).astype("str")


def _without_refined(found: pd.DataFrame, rules: Policy) -> pd.DataFrame:
    """The findings without those of which a stricter rule already says the same of the same subject."""
    said = set(zip(found["rule_id"], found["subject_id"], strict=True))
    is_said = [
        any((other, subject) in said for other in rules.rules[rule_id].refines)
        for rule_id, subject in zip(found["rule_id"], found["subject_id"], strict=True)
    ]
    return found[~pd.Series(is_said, index=found.index, dtype="bool")]


def not_run(network: Network, *, policy: Policy | None = None) -> pd.DataFrame:
    """List the rules that could not run: `rule_id`, `missing` (keys of the rosters or columns that lack)."""
    rules = policy or policy_of(network)
    return _listed(_unready(network, rules) + range_findings(network, rules, lang="zh")[1])


def _listed(unready: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(unready, columns=["rule_id", "missing"]).astype("str")


def _unready(network: Network, rules: Policy) -> list[tuple[str, str]]:
    rows = []
    for rule in rules.rules.values():
        needs = [*_NEEDS.get(rule.shape, ()), *([] if rule.rule_id != "D4" else ["agreements"])]
        missing = [_ROSTERS.get(need, need) for need in needs if not _has(network, need)]
        if rule.shape != "range" and (missing or rule.shape not in _NEEDS):
            rows.append((rule.rule_id, ", ".join(missing)))
    return rows


def _has(network: Network, need: str) -> bool:
    if need == "agreements":
        return bool(network.ties["relation"].isin(["co_building", "claims"]).any())
    frame = network.tables[need]
    return bool(len(frame)) and bool(frame["is_listed"].any())


def _coverage_findings(units: pd.DataFrame, rules: Policy, lang: str) -> pd.DataFrame:
    states = schema.vocabulary("coverage_state")
    # between the numbers of A1 and of A2, where a policy leaves room there, neither says anything
    is_between = (units["state"] == "borderline") & (units["n_full"] >= rules.number("A2", "n")).fillna(value=False)
    gaps = units[units["state"].isin(states.codes(is_gap="true")) & ~is_between]
    gaps = gaps.rename(columns={"unit_id": "subject_id", "unit": "subject"})
    return _stated(gaps, rules, lang, evidence=[_counted(row, lang) for row in gaps.itertuples()])


def _counted(row: Any, lang: str) -> str:
    if pd.isna(row.n_full):
        return caption("no_count", lang)
    return caption(f"counted_{row.basis}", lang, n_full=row.n_full, n_members=row.n_members)


def _management_findings(rows: pd.DataFrame, rules: Policy, lang: str) -> pd.DataFrame:
    states = schema.vocabulary("management_state")
    kinds = schema.vocabulary("management")
    rows = rows[
        rows["state"].isin(states.codes(is_finding="true"))
        | (rows["state"] == "stated-only") & (rows["stated"] == "dual")
    ]
    rows = rows.rename(columns={"organization_id": "subject_id", "organization": "subject"})

    def said(prefix: str, code: object) -> str:
        if code == "both" or not isinstance(code, str):
            return caption("stated_both" if code == "both" else f"{prefix}_nothing", lang)
        return caption(
            f"{prefix}_as" if prefix == "stated" else f"{prefix}_is", lang, management=kinds.label(code, lang=lang)
        )

    superiors = [
        caption("superior_is", lang, superior=name) if isinstance(name, str) else caption("no_superior", lang)
        for name in rows["superior"]
    ]
    rows = rows.assign(
        superior=superiors,
        expected=[said("expected", code) for code in rows["expected"]],
        stated=[said("stated", code) for code in rows["stated"]],
    )
    evidence = [committee if isinstance(committee, str) else "" for committee in rows["committee"]]
    return _stated(rows, rules, lang, evidence=evidence)


def _co_building_findings(rows: pd.DataFrame, rules: Policy, lang: str) -> pd.DataFrame:
    rows = rows[rows["has_none"]].rename(columns={"unit_id": "subject_id", "unit": "subject"})
    return _stated(rows.assign(state="untied"), rules, lang, evidence=[caption("in_no_list", lang)] * len(rows))


def _stated(rows: pd.DataFrame, rules: Policy, lang: str, *, evidence: list[str]) -> pd.DataFrame:
    """Add force, message and evidence; the rule's own sentence is filled from the row."""
    known = rows["rule_id"].isin(rules.rules)
    kept = rows[known]
    messages = [_message(rules.rules[row["rule_id"]], row, lang) for row in kept.to_dict("records")]
    forces = [rules.rules[rule_id].force for rule_id in kept["rule_id"]]
    chosen = [text for text, is_known in zip(evidence, known, strict=True) if is_known]
    return kept.assign(force=forces, message=messages, evidence=chosen)[list(COLUMNS)]


def _message(rule: Rule, row: dict[str, Any], lang: str) -> str:
    return filled(rule.message[lang], {**rule.params, **row})
