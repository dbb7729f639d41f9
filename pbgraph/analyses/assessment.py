"""Assessment: every rule whose data is present, as findings an official can act on.

A rule is run by its shape. A rule whose roster is missing is listed as not run, never as
passed.
"""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.co_building import co_building
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.management import dual_management
from pbgraph.analyses.persons import with_persons
from pbgraph.analyses.ranges import filled, range_findings, shown_lacking
from pbgraph.analyses.study import Study, measure
from pbgraph.captions import caption
from pbgraph.editions import shown_people
from pbgraph.network import Network
from pbgraph.policy import Policy, Rule

COLUMNS = ("rule_id", "force", "subject_id", "subject", "community", "state", "message", "evidence", "sure", "source")
_NEEDS = {
    "ladder": ("units", "organizations"),
    "classification": ("organizations", "participants"),
    "degree": ("units",),
}
_COUNTING = ("A1", "A2")
"""The rules of the ladder that count members."""
_KIND_OF = {"participants": "committees"}  # rosters that describe entities of another name
_FORCE_ORDER = {"must": 0, "normally": 1, "may": 2}
_SURE_ORDER = {"certain": 0, "check-name": 1, "unknown": 2}


@measure(*COLUMNS)
def assess(study: Study, *, lang: str = "zh") -> pd.DataFrame:
    """Run every rule that the rosters allow.

    Returns
    -------
    DataFrame
        One row per finding, the strongest force first, then by certainty, rule, community
        and subject: `rule_id`, `force`, `subject_id`, `subject`, `community`, `state`,
        `message`, `evidence`, `sure` and `source`. No finding, no rows, same columns.

    """
    rules = study.policy
    waiting = {rule_id for rule_id, _ in _unready(study)}
    frames = [
        pd.DataFrame(with_persons(study, range_findings(study, lang=lang).found, lang), columns=list(COLUMNS)),
        _coverage_findings(_judged(study), rules, lang, least=study.network.least_shown),
        _management_findings(dual_management(study), rules, lang),
        _co_building_findings(co_building(study), rules, lang),
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


def _judged(study: Study) -> pd.DataFrame:
    """The units of which something can be said: what an edition hides of a few persons accuses no unit."""
    units = coverage(study)
    return units[units["sure"] != "unknown"] if study.network.is_reduced else units


def _without_refined(found: pd.DataFrame, rules: Policy) -> pd.DataFrame:
    """The findings without those of which a stricter rule already says the same of the same subject."""
    said = set(zip(found["rule_id"], found["subject_id"], strict=True))
    is_said = [
        any((other, subject) in said for other in rules.rules[rule_id].refines)
        for rule_id, subject in zip(found["rule_id"], found["subject_id"], strict=True)
    ]
    return found[~pd.Series(is_said, index=found.index, dtype="bool")]


@measure("rule_id", "missing")
def not_run(study: Study) -> pd.DataFrame:
    """List the rules that could not run: `rule_id`, `missing` (keys of the rosters or columns that lack)."""
    unready = [*_unready(study), *range_findings(study, lang="zh").unready]
    return pd.DataFrame(unready, columns=["rule_id", "missing"]).astype("str")


@measure("rule_id", "missing")
def partly_run(study: Study) -> pd.DataFrame:
    """List the rules of which some check could not run, and another could.

    Returns
    -------
    DataFrame
        One row per rule, as the rules are sorted: `rule_id`, `missing` (keys of the columns or kinds of subject for
        want of which the check judged nobody). Where every check ran, no rows, same columns.

    """
    waiting = {rule_id for rule_id, _ in _unready(study)}
    rows = [row for row in range_findings(study, lang="zh").part if row[0] not in waiting]
    return pd.DataFrame(rows, columns=["rule_id", "missing"]).astype("str")


def said_of_runs(study: Study, lang: str) -> dict[str, str]:
    """By rule, whether it was run, in words: one that was not names what it lacks, and is not taken for passed."""
    said = dict.fromkeys(study.policy.rules, caption("rule_run", lang))
    for key, lacking in (("rule_partly_run", partly_run(study)), ("rule_not_run", not_run(study))):
        for rule_id, keys in lacking.itertuples(index=False, name=None):
            missing = shown_lacking(keys, lang, values=study.policy.values)
            said[rule_id] = caption(key, lang, missing=missing)
    return said


def _unready(study: Study) -> list[tuple[str, str]]:
    """The rules of other shapes than "range" that lack a roster, and which."""
    rows = []
    for rule in study.policy.rules.values():
        needs = [*_NEEDS.get(rule.shape, ()), *([] if rule.rule_id != "D4" else ["agreements"])]
        missing = [need for need in needs if not _has(study.network, need)]
        if not missing and rule.rule_id in _COUNTING and not _is_anything_counted(study):
            missing = ["n_members"]
        if rule.shape != "range" and (missing or rule.shape not in _NEEDS):
            rows.append((rule.rule_id, ", ".join(missing)))
    return rows


def _is_anything_counted(study: Study) -> bool:
    """Whether the members of any unit in operation are counted, by whomsoever; without a unit, nothing is."""
    units = coverage(study)
    units = units[units["is_in_scope"].astype(bool)]
    return bool(units[["n_full", "n_members"]].notna().any(axis=None))


def _has(network: Network, need: str) -> bool:
    if need == "agreements":
        return bool(network.ties["relation"].isin(["co_building", "claims"]).any())
    frame = network.tables[_KIND_OF.get(need, need)]
    return bool(len(frame)) and bool(frame["is_listed"].any())


def _coverage_findings(units: pd.DataFrame, rules: Policy, lang: str, *, least: int) -> pd.DataFrame:
    states = schema.vocabulary("coverage_state")
    # between the numbers of A1 and of A2, where a policy leaves room there, neither says anything
    is_between = (units["state"] == "borderline") & (units["n_full"] >= rules.number("A2", "n")).fillna(value=False)
    gaps = units[units["state"].isin(states.codes(is_gap="true")) & ~is_between]
    counts = [shown_people(*pair, least=least) for pair in zip(gaps["n_members"], gaps["n_full"], strict=True)]
    of_full = [caption("of_full", lang, n_full=n) if pd.notna(n := shown["n_full"]) else "" for shown in counts]
    evidence = [_counted(basis, shown, lang) for basis, shown in zip(gaps["basis"], counts, strict=True)]
    said = {key: [shown[key] for shown in counts] for key in ("n_members", "n_full")} if least else {}
    gaps = gaps.rename(columns={"unit_id": "subject_id", "unit": "subject"}).assign(of_full=of_full, **said)
    return _stated(gaps, rules, lang, evidence=evidence)


def _counted(basis: str, shown: dict[str, Any], lang: str) -> str:
    if pd.isna(shown["n_members"]):
        return caption("no_count", lang)
    only = "" if pd.notna(shown["n_full"]) else "_only"
    return caption(f"counted_{basis}{only}", lang, **shown)


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
        expected=[
            caption("expected_open", lang) if state == "open" else said("expected", code)
            for code, state in zip(rows["expected"], rows["state"], strict=True)
        ],
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
    return filled(rule.message[lang], {**row, **rule.params})
