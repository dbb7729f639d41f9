"""Work lists: findings with room for who answers, by when, and whether it is done.

The gaps of coverage are one list; every other finding stands in the list of the family of its rule,
which is the letter that its id begins with. What is printed and signed stands first, evidence and sources behind.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pbgraph.captions import caption, captions
from pbgraph.reading.filled import Entries, Key
from pbgraph.rendering.blocks import LEDGER_FIRST, Table, certainty, heads_of, source_lines
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.look import GAPS, TILE_PLANS

Row = tuple[Any, ...]
SIGNED = ("person", "deadline", "closed")
_NOTHING = ("", "", "")
_DONE = ("√", "×")
_BESIDE = ("evidence", "rule", "force", "sure", "source")
_GAP_HEADS = ("number", "community", "unit", "message", "measure", *SIGNED)
_GAP_WIDTHS = (5.5, 14.0, 26.0, 30.0, 30.0, 13.0, 12.0, 8.5)
_HEADS = ("number", "community", "subject", "message", *SIGNED)
_WIDTHS = (5.5, 14.0, 30.0, 56.0, 13.0, 12.0, 8.5)
"""In characters: together they fill the width of A4 across, and nothing is made smaller in print."""


def gap_list(facts: Facts) -> Table:
    """The gaps of coverage, the strongest first, each with what is to be done about it."""
    lang = facts.look.lang
    gaps, units = facts.findings[_is_gap(facts)], facts.study.coverage
    has_organization = dict(zip(units["unit_id"], units["is_covered_sure"], strict=True))
    keys = [((str(row.subject), _place(row), ""),) for row in gaps.itertuples()]
    rows: list[Row] = []
    for number, (row, entries) in enumerate(zip(gaps.itertuples(), _entries(facts, keys), strict=True), start=1):
        surest = {str(row.sure), str(has_organization.get(row.subject_id, row.sure))}
        rows.append((
            number, _place(row), row.subject, _problem(row, lang), measure(str(row.state), surest, lang),
            *entries, *_beside(facts, row, has_organization.get(row.subject_id)),
        ))  # fmt: skip
    return _table(facts, "gaps", caption("sheet_gaps", lang), (_GAP_HEADS, _GAP_WIDTHS), rows, gaps)


def family_lists(facts: Facts) -> list[Table]:
    """One list for each family of rules that has another finding, in the order of the families."""
    lang = facts.look.lang
    rest = facts.findings[~_is_gap(facts)]
    family = rest["rule_id"].str.slice(0, 1)
    return [_family_list(facts, key, family_name(key, lang), rest[family == key]) for key in sorted(set(family))]


def family_name(key: str, lang: str) -> str:
    """What the list of a family of rules is called."""
    return captions(lang).get(f"sheet_family_{key}", caption("sheet_family", lang, family=key))


def measure(state: str, sures: set[str], lang: str) -> str:
    """What is to be done about a gap: nothing before names are checked and data are there."""
    if "unknown" in sures:
        return caption("measure_unknown", lang)
    kind = caption(f"measure_{next(plan for plan, states in TILE_PLANS.items() if state in states)}", lang)
    said = caption("measure_said", lang, measure=kind, advice=caption(f"advice_{state}", lang))
    return caption("measure_check-name", lang, measure=said) if "check-name" in sures else said


def _is_gap(facts: Facts) -> pd.Series:
    return facts.findings["state"].isin(GAPS)


def _problem(row: Any, lang: str) -> str:
    """What is wrong with a unit, without its name; of one of which nobody has said how many members it has, that."""
    if row.evidence == caption("no_count", lang):
        return caption("problem_no_count", lang)
    said: str = row.message.removeprefix(row.subject).lstrip()
    return said[:1].upper() + said[1:]


def _place(row: Any) -> str:
    return row.community if isinstance(row.community, str) else ""


def _called(facts: Facts, rule_id: str) -> tuple[str, ...]:
    """What a list calls a rule: its title in either language, or its id, as lists did before."""
    title = facts.policy.rules[rule_id].title
    return rule_id, title.zh, title.en


def _entries(facts: Facts, keys: Sequence[tuple[Key, ...]]) -> list[Entries]:
    """What was filled in for each row in an earlier list, which may have it under any of its keys.

    Nothing for rows that cannot be told apart.
    """
    n = Counter(own[0] for own in keys)
    found = (next((facts.filled[key] for key in own if key in facts.filled), _NOTHING) for own in keys)
    return [entries if n[own[0]] == 1 else _NOTHING for own, entries in zip(keys, found, strict=True)]


def _beside(facts: Facts, row: Any, organization: object) -> Row:
    lang, rule = facts.look.lang, facts.policy.rules[str(row.rule_id)]
    return (
        row.evidence, f"{rule.title[lang]}\n{rule.cited()}", caption(str(row.force), lang),
        certainty(str(row.sure), organization, lang), source_lines(str(row.source), lang),
    )  # fmt: skip


def _family_list(facts: Facts, key: str, name: str, findings: pd.DataFrame) -> Table:
    keys = [
        tuple((str(row.subject), _place(row), rule) for rule in _called(facts, str(row.rule_id)))
        for row in findings.itertuples()
    ]
    rows: list[Row] = [
        (number, _place(row), row.subject, row.message, *entries, *_beside(facts, row, None))
        for number, (row, entries) in enumerate(zip(findings.itertuples(), _entries(facts, keys), strict=True), start=1)
    ]
    return _table(facts, f"family_{key}", name, (_HEADS, _WIDTHS), rows, findings)


def _table(
    facts: Facts,
    key: str,
    name: str,
    layout: tuple[tuple[str, ...], tuple[float, ...]],
    rows: list[Row],
    findings: pd.DataFrame,
) -> Table:
    """A list with its columns: those that are printed with their widths, then the others."""
    heads, widths = layout
    every = (*heads, *_BESIDE)
    jumps = _to_ledger(facts, findings["source"].tolist(), every.index("source"))
    choices = ((every.index("closed"), _DONE),)
    return Table(key, name, heads_of(facts, *every), rows, choices=choices, jumps=jumps, printed=widths)


def _to_ledger(facts: Facts, sources: list[str], column: int) -> dict[tuple[int, int], str]:
    """From the source of each finding to the line of the ledger that says what was read of that sheet."""
    ledger = facts.network.ledger
    lines = {place: LEDGER_FIRST + n for n, place in enumerate(zip(ledger["file"], ledger["sheet"], strict=True))}
    name = caption("sheet_ledger", facts.look.lang)
    jumps = {}
    for number, source in enumerate(sources):
        file, _, rest = source.split("\n")[0].partition("|")
        line = lines.get((file, rest.rpartition("|")[0]))
        if line is not None:
            jumps[number, column] = f"'{name}'!A{line}"
    return jumps
