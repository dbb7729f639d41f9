"""The tables of a report, each as a block: coverage, rates, units, management, co-building, what was read, rules."""

from typing import Any

from pbgraph import policy, schema
from pbgraph.analyses.assessment import said_of_runs
from pbgraph.captions import caption, shown_reasons
from pbgraph.decisions import ANSWERS, COLUMNS
from pbgraph.editions import few, shown_people
from pbgraph.findings import translated
from pbgraph.linking.aliases import KIND_LABELS
from pbgraph.rendering.blocks import Chart, Marked, Table, certainty, heads_of, source_lines
from pbgraph.rendering.coverage_table import coverage_table
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.look import TONES
from pbgraph.rendering.map_layout import text_of

_MOST_REVIEWED = 200


def _table(facts: Facts, key: str, headers: tuple[str, ...], rows: list[tuple[Any, ...]], **more: Any) -> Table:
    return Table(key, caption(f"sheet_{key}", facts.look.lang), headers, rows, **more)


def coverage(facts: Facts) -> Table:
    """The coverage table in the layout of the annual Party statistics."""
    lang = facts.look.lang
    table = coverage_table(facts)
    own = caption("col_own", lang)
    joint, none = caption("col_joint", lang), caption("col_none", lang)
    heads = ("unit_type", "units_scope", "own_committee", "own_general", "own_branch", "joint", "joint_three",
             "due", "few", "no_member", "instructor", "staff", "n_members")  # fmt: skip
    groups = ((own, 2, 4), (joint, 5, 6), (none, 7, 10))
    n = len(facts.network.community_names())
    places = len([row for row in table if row[0] in set(facts.network.community_names())])
    chart = (
        Chart(caption("figure_coverage", lang), len(table) - places, len(table) - 1, 0, _COVERAGE_SERIES) if n else None
    )
    more = {"groups": groups, "chart": chart, "note": caption("people_once", lang), "total": caption("total", lang)}
    return _table(facts, "coverage", heads_of(facts, *heads), table, **more)


def _title(facts: Facts, rule_id: Any) -> str:
    """What a rule is called; nothing where a row has none."""
    rule = facts.policy.rules.get(str(rule_id))
    return "" if rule is None else rule.title[facts.look.lang]


_COVERAGE_SERIES = (
    (2, "#6e0910"), (3, "#8a0c14"), (4, TONES["own"].fill), (5, TONES["joint"].fill),
    (7, TONES["must-establish"].fill), (8, TONES["borderline"].fill), (9, TONES["blank"].fill),
)  # fmt: skip
"""Columns of the coverage table that add up to its units: red for an organization, yellow for a gap, else white."""


def rates(facts: Facts) -> Table:
    """Every rate for the street and for each community."""
    lang = facts.look.lang
    entries = policy.rates()
    rows = []
    counted = facts.study.coverage_rates
    for row in counted.itertuples():
        entry = entries[str(row.rate)]
        place = row.community or caption("whole_street", lang)
        definition = entry["definition"][lang].format_map(entry.get("params", {}))
        least = facts.network.least_shown if entry.get("of_persons") else 0
        counts = few(row.n_counted, least=least), few(row.n_subjects, least=least)
        share = row.rate_share if counts == (row.n_counted, row.n_subjects) else None
        rows.append((entry["label"][lang], place, *counts, share, definition))
    heads = heads_of(facts, "rate", "community", "counted", "subjects", "share", "definition")
    first = counted[(counted["rate"] == _CHARTED) & (counted["community"] != "")].index
    title = entries[_CHARTED]["label"][lang]
    chart = Chart(title, int(first.min()), int(first.max()), 1, ((4, TONES["own"].fill),), "0%") if len(first) else None
    return _table(facts, "rates", heads, rows, percents=(4,), chart=chart)


_CHARTED = "org_coverage"


def units(facts: Facts) -> Table:
    """Every unit of the ledgers and how it is covered."""
    lang = facts.look.lang
    states, kinds = schema.vocabulary("coverage_state"), schema.vocabulary("unit_type")
    rows = [
        (
            row.community, row.unit, kinds.label(row.unit_type, lang=lang),
            states.label(row.state, lang=lang) if row.is_in_scope else caption("out_of_scope", lang),
            row.organization, people["n_full"], people["n_members"], caption(f"basis_{row.basis}", lang),
            _title(facts, row.rule_id), certainty(str(row.sure), row.is_covered_sure, lang),
            source_lines(str(row.source), lang),
        )
        for row in facts.study.coverage.itertuples()
        for people in [shown_people(row.n_members, row.n_full, least=facts.network.least_shown)]
    ]  # fmt: skip
    heads = (
        "community",
        "unit",
        "unit_type",
        "state",
        "organization",
        "n_full",
        "n_members",
        "basis",
        "rule",
        "sure",
        "source",
    )
    return _table(facts, "units", heads_of(facts, *heads), rows)


def management(facts: Facts) -> Table:
    """Every organization of a community, or that a committee manages: expected and stated management."""
    lang = facts.look.lang
    states, kinds = schema.vocabulary("management_state"), schema.vocabulary("management")

    def said(code: Any) -> str:
        if code == "both":
            return " + ".join(kinds.label(each, lang=lang) for each in ("direct", "dual"))
        return kinds.label(code, lang=lang)

    rows = [
        (
            text_of(row.community), row.organization, row.superior, row.committee, said(row.expected), said(row.stated),
            states.label(row.state, lang=lang), _title(facts, row.rule_id), caption(str(row.sure), lang),
            source_lines(str(row.source), lang),
        )
        for row in facts.study.dual_management.itertuples()
    ]  # fmt: skip
    heads = (
        "community",
        "organization",
        "superior",
        "committee",
        "expected",
        "stated",
        "compared",
        "rule",
        "sure",
        "source",
    )
    return _table(facts, "management", heads_of(facts, *heads), rows)


def co_building(facts: Facts) -> Table:
    """Every unit in operation and its co-building ties."""
    lang = facts.look.lang
    rows = [
        (row.community, row.unit, row.n_agreements, row.n_projects, row.n_active, row.n_partners,
         caption("untied", lang) if row.has_none else "", _title(facts, row.rule_id),
         source_lines(str(row.source), lang))
        for row in facts.study.co_building.itertuples()
    ]  # fmt: skip
    heads = ("community", "unit", "agreements", "projects", "active", "partners", "tied", "rule", "source")
    return _table(facts, "co_building", heads_of(facts, *heads), rows)


def problems(facts: Facts) -> Table:
    """Every problem of the rows, with its remedy."""
    lang = facts.look.lang
    rows = [
        (
            caption(f"severity_{row.severity}", lang),
            row.file,
            row.sheet,
            row.row,
            row.column,
            row.value,
            row.message,
            row.remedy,
        )
        for row in translated(facts.network.findings, lang=lang).itertuples()
    ]
    heads = heads_of(facts, "severity", "file", "sheet", "row", "column", "value", "problem", "remedy")
    return _table(facts, "problems", heads, rows)


def review(facts: Facts) -> Table:
    """Columns as the alias file has them, then what helps to decide; differing characters are marked."""
    lang = facts.look.lang
    places = {
        node: source
        for frame in facts.network.tables.values()
        for node, source in zip(frame.iloc[:, 0], frame["source"], strict=True)
    }
    waiting = facts.network.review[facts.network.review["is_asked"].astype(bool)]
    rows = [
        (
            KIND_LABELS[str(row.kind)], Marked(row.name, row.candidate), Marked(row.candidate, row.name),
            row.suggestion,
            caption(str(row.reason), lang) if row.reason else "", row.similarity, row.n_rows, row.n_candidate_rows,
            row.others, source_lines(str(row.source), lang),
            source_lines(places.get(row.candidate_id, "").split("\n")[0], lang),
        )
        for row in waiting.head(_MOST_REVIEWED).itertuples(index=False)
    ]  # fmt: skip
    more = len(waiting) - len(rows)
    note = caption("review_rest", lang, n=more) if more > 0 else ""
    heads = (
        *COLUMNS,
        *heads_of(facts, "reason", "similarity", "n_rows", "candidate_rows", "others", "place", "candidate_place"),
    )
    return _table(facts, "review", heads, rows, choices=((3, ANSWERS),), note=note)


def merges(facts: Facts) -> Table:
    """What was joined by key or code; 否 in the fourth column parts it again."""
    lang = facts.look.lang
    rows = [
        (KIND_LABELS[str(row[0])], Marked(row[1], row[2]), Marked(row[2], row[1]), "",
         caption(str(row[3]), lang), row[4], source_lines(str(row[5]), lang))
        for row in facts.network.merges.itertuples(index=False, name=None)
    ]  # fmt: skip
    heads = (*COLUMNS, *heads_of(facts, "reason", "n_rows", "place"))
    return _table(facts, "merges", heads, rows, choices=((3, ANSWERS),))


def ledger(facts: Facts) -> Table:
    """What was read of every table of every sheet."""
    lang = facts.look.lang
    shown = facts.network.ledger.assign(
        table=[schema.table_label(str(label), lang) for label in facts.network.ledger["table"]],
        skipped=[shown_reasons(str(skipped), lang) for skipped in facts.network.ledger["skipped"]],
    )
    rows = [tuple(row) for row in shown.itertuples(index=False)]
    sums = facts.network.ledger[["n_rows", "n_used", "n_set_aside", "n_skipped"]].sum()
    rows.append((caption("total", lang), "", "", "", *(int(value) for value in sums), ""))
    heads = heads_of(facts, "file", "sheet", "table", "range", "rows", "used", "set_aside", "skipped", "reasons")
    return _table(facts, "ledger", heads, rows)


def rules(facts: Facts) -> Table:
    """Every rule, where it is from, whether it was run, and what the profile changes against the national one."""
    lang, note = facts.look.lang, facts.policy.note[facts.look.lang]
    run, changed = said_of_runs(facts.study, lang), _changed(facts)
    held, plain = facts.policy.rules, policy.read_policy().rules
    shown = held | {rule_id: plain[rule_id] for rule_id in changed if rule_id not in held}
    rows = [(*_ruled(rule, lang), run.get(key, ""), changed.get(key, "")) for key, rule in shown.items()]
    heads = heads_of(facts, "rule", "statement", "force", "document", "evidence", "clause_sure", "run", "changed_rule")
    n_shown = len(heads) + bool(changed)  # nothing is changed: no column
    return _table(facts, "rules", ("", *heads)[:n_shown], [row[:n_shown] for row in rows], note=note)


def _ruled(rule: policy.Rule, lang: str) -> tuple[str, ...]:
    """What a rule says, and where."""
    source = rule.source
    said = (rule.title[lang], rule.said(lang), caption(rule.force, lang), rule.cited(), source.quotation)
    return (rule.rule_id, *said, caption(f"sure_{source.sure}", lang))


def _changed(facts: Facts) -> dict[str, str]:
    """What the profile changes against the national one, rule by rule."""
    lang = facts.look.lang
    said = {}
    for rule_id, before, now in policy.changes(facts.policy, lang=lang):
        key = "profile_off" if not now else "profile_changed" if before else "profile_on"
        said[rule_id] = caption(key, lang, before=before)
    return said
