"""Assessment: every rule whose data is present, as findings an official can act on.

A rule is run by its shape. A rule whose roster is missing is listed as not run, never as
passed.
"""

from collections.abc import Callable

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.co_building import co_building
from pbgraph.analyses.coverage import coverage, policy_of
from pbgraph.analyses.management import dual_management
from pbgraph.network import Network
from pbgraph.policy import Policy, Rule

COLUMNS = ("rule_id", "force", "subject_id", "subject", "community", "state", "message", "evidence", "sure", "source")
_NEEDS = {"ladder": ("units", "organizations"), "classification": ("organizations", "committees"), "degree": ("units",)}
_FORCE_ORDER = {"must": 0, "normally": 1, "may": 2}
_SURE_ORDER = {"certain": 0, "check-name": 1, "unknown": 2}


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
    waiting = {rule_id for rule_id, _ in _unready(network, rules)}
    frames = [_by_shape(shape)(network, rules, lang) for shape in _NEEDS]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame(columns=list(COLUMNS)).astype("str")
    found = pd.concat(frames, ignore_index=True)
    found = found[found["rule_id"].isin(rules.rules) & ~found["rule_id"].isin(waiting)]
    keys = {"force": _FORCE_ORDER, "sure": _SURE_ORDER}
    order = ["force", "sure", "rule_id", "community", "subject", "subject_id"]
    ordered = found.sort_values(order, key=lambda column: column.map(keys.get(str(column.name), None)) if column.name in keys else column)
    return ordered[list(COLUMNS)].reset_index(drop=True).astype("str")


def not_run(network: Network, *, policy: Policy | None = None) -> pd.DataFrame:
    """List the rules that could not run: `rule_id`, `missing` (labels of the rosters that lack)."""
    rows = _unready(network, policy or policy_of(network))
    return pd.DataFrame(rows, columns=["rule_id", "missing"]).astype("str")


def _unready(network: Network, rules: Policy) -> list[tuple[str, str]]:
    labels = {key: table.label for key, table in schema.tables().items()} | {"committees": "大党委成员单位"}
    rows = []
    for rule in rules.rules.values():
        needs = [*_NEEDS.get(rule.shape, ()), *([] if rule.rule_id != "D4" else ["agreements"])]
        missing = [labels[need] for need in needs if not _has(network, need)]
        if missing or rule.shape not in _NEEDS:
            rows.append((rule.rule_id, "、".join(missing)))
    return rows


def _has(network: Network, need: str) -> bool:
    if need == "agreements":
        return bool(network.ties["relation"].isin(["co_building", "claims"]).any())
    frame = network.tables[need]
    return bool(len(frame)) and bool(frame["is_listed"].any())


def _by_shape(shape: str) -> Callable[[Network, Policy, str], pd.DataFrame]:
    return {"ladder": _coverage_findings, "classification": _management_findings, "degree": _co_building_findings}[shape]


def _coverage_findings(network: Network, rules: Policy, lang: str) -> pd.DataFrame:
    states = schema.vocabulary("coverage_state")
    gaps = coverage(network, policy=rules)
    gaps = gaps[gaps["state"].isin(states.codes(is_gap="true"))]
    gaps = gaps.rename(columns={"unit_id": "subject_id", "unit": "subject"})
    return _stated(gaps, rules, lang, evidence=[_counted(row, lang) for row in gaps.itertuples()])


def _counted(row: object, lang: str) -> str:
    n_full, n_members, basis = (getattr(row, name) for name in ("n_full", "n_members", "basis"))
    if pd.isna(n_full):
        return "名册和台账都没有党员人数" if lang == "zh" else "neither roster nor ledger gives a number"
    origin = {"roster": ("党员名册", "roster"), "ledger": ("单位台账", "ledger"), "total": ("单位台账，未分正式预备", "ledger, one total")}
    words = origin[str(basis)]
    if lang == "zh":
        return f"正式党员 {n_full} 名，党员共 {n_members} 名（据{words[0]}）"
    return f"{n_full} full of {n_members} members ({words[1]})"


def _management_findings(network: Network, rules: Policy, lang: str) -> pd.DataFrame:
    states = schema.vocabulary("management_state")
    kinds = schema.vocabulary("management")
    rows = dual_management(network)
    rows = rows[rows["state"].isin(states.codes(is_finding="true")) | (rows["state"] == "stated-only") & (rows["stated"] == "dual")]
    rows = rows.rename(columns={"organization_id": "subject_id", "organization": "subject"})
    nobody = "（名册未填）" if lang == "zh" else "(none in the roster)"
    both = "直接管理和双重管理" if lang == "zh" else "direct and dual management"
    nothing = "未登记" if lang == "zh" else "nothing"

    def said(code: object) -> str:
        return both if code == "both" else kinds.label(str(code), lang=lang) if isinstance(code, str) else nothing

    rows = rows.assign(
        superior=rows["superior"].fillna(nobody),
        expected=[said(code) for code in rows["expected"]],
        stated=[said(code) for code in rows["stated"]],
    )
    evidence = [f"{committee}" if isinstance(committee, str) else "" for committee in rows["committee"]]
    return _stated(rows, rules, lang, evidence=evidence)


def _co_building_findings(network: Network, rules: Policy, lang: str) -> pd.DataFrame:
    rows = co_building(network)
    rows = rows[rows["has_none"]].rename(columns={"unit_id": "subject_id", "unit": "subject"})
    words = "共建协议台账和项目清单中没有该单位" if lang == "zh" else "in no agreement and no project list"
    return _stated(rows.assign(state="untied"), rules, lang, evidence=[words] * len(rows))


def _stated(rows: pd.DataFrame, rules: Policy, lang: str, *, evidence: list[str]) -> pd.DataFrame:
    """Add force, message and evidence; the rule's own sentence is filled from the row."""
    known = rows["rule_id"].isin(rules.rules)
    kept = rows[known]
    messages = [_message(rules.rules[row["rule_id"]], row, lang) for row in kept.to_dict("records")]
    forces = [rules.rules[rule_id].force for rule_id in kept["rule_id"]]
    chosen = [text for text, is_known in zip(evidence, known, strict=True) if is_known]
    return kept.assign(force=forces, message=messages, evidence=chosen)[list(COLUMNS)]


def _message(rule: Rule, row: dict[str, object], lang: str) -> str:
    filled = {key: value for key, value in row.items() if not (isinstance(value, float) and value != value)}
    return rule.message[lang].format_map({**rule.params, **filled})
