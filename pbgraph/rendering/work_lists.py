"""Work lists: findings with room for who answers, by when, and whether it is done.

The gaps of coverage are one list; every other finding stands in the list of the family of its rule,
which is the letter that its id begins with.
"""

from typing import Any

import pandas as pd

from pbgraph.captions import caption, captions
from pbgraph.rendering.blocks import LEDGER_FIRST, Table, certainty, heads_of, source_lines
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.look import GAPS

_GAPS_KEY = "gaps"
_DONE = ("√", "×")
_HEADS = (
    "community",
    "subject",
    "message",
    "evidence",
    "rule",
    "force",
    "sure",
    "source",
    "person",
    "deadline",
    "closed",
)


def gap_list(facts: Facts) -> Table:
    """The gaps of coverage, the strongest first."""
    return _listed(facts, _GAPS_KEY, caption("sheet_gaps", facts.look.lang), facts.findings[_is_gap(facts)])


def family_lists(facts: Facts) -> list[Table]:
    """One list for each family of rules that has another finding, in the order of the families."""
    lang = facts.look.lang
    rest = facts.findings[~_is_gap(facts)]
    family = rest["rule_id"].str.slice(0, 1)
    known = captions(lang)
    names = {
        key: known.get(f"sheet_family_{key}", caption("sheet_family", lang, family=key)) for key in sorted(set(family))
    }
    return [_listed(facts, f"family_{key}", name, rest[family == key]) for key, name in names.items()]


def _is_gap(facts: Facts) -> pd.Series:
    return facts.findings["state"].isin(GAPS)


def _listed(facts: Facts, key: str, name: str, findings: pd.DataFrame) -> Table:
    lang, cited = facts.look.lang, facts.policy.rules
    units = facts.study.coverage
    has_organization = dict(zip(units["unit_id"], units["is_covered_sure"], strict=True)) if key == _GAPS_KEY else {}
    rows: list[tuple[Any, ...]] = [
        (
            number, row.community if isinstance(row.community, str) else "", row.subject, row.message, row.evidence,
            f"{row.rule_id} {cited[str(row.rule_id)].cited()}", caption(str(row.force), lang),
            certainty(str(row.sure), has_organization.get(row.subject_id), lang),
            source_lines(str(row.source), lang), "", "", "",
        )
        for number, row in enumerate(findings.itertuples(), start=1)
    ]  # fmt: skip
    jumps = _to_ledger(facts, findings["source"].tolist())
    return Table(key, name, ("", *heads_of(facts, *_HEADS)), rows, choices=((len(_HEADS), _DONE),), jumps=jumps)


def _to_ledger(facts: Facts, sources: list[str]) -> dict[tuple[int, int], str]:
    """From the source of each finding to the line of the ledger that says what was read of that sheet."""
    ledger = facts.network.ledger
    lines = {place: LEDGER_FIRST + n for n, place in enumerate(zip(ledger["file"], ledger["sheet"], strict=True))}
    name = caption("sheet_ledger", facts.look.lang)
    column = 1 + _HEADS.index("source")
    jumps = {}
    for number, source in enumerate(sources):
        file, _, rest = source.split("\n")[0].partition("|")
        line = lines.get((file, rest.rpartition("|")[0]))
        if line is not None:
            jumps[number, column] = f"'{name}'!A{line}"
    return jumps
