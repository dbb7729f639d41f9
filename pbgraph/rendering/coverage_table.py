"""The coverage table in the layout of the annual Party statistics (表25 to 表30)."""

from typing import Any

from pbgraph import schema
from pbgraph.analyses.annual import COUNTS, annual_table
from pbgraph.captions import caption
from pbgraph.editions import few
from pbgraph.rendering.facts import Facts


def coverage_table(facts: Facts) -> list[tuple[Any, ...]]:
    """Rows by kind of unit with their total, then by community.

    Columns: label, units in operation, own organization (committee, general branch, branch),
    joint branch and those in it with enough full members, no organization (must establish, a
    few members, no member, instructor sent), staff, members. Staff is a sum of what is known;
    members are people, each counted once.
    """
    lang = facts.look.lang
    kinds = schema.vocabulary("unit_type")
    by_kind = annual_table(facts.study)
    totals = [int(by_kind[name].sum()) for name in _SHOWN]
    by_place = annual_table(facts.study, by="community")
    labels = [
        kinds.label(code, lang=lang) if isinstance(code, str) else caption("not_available", lang)
        for code in by_kind["group"]
    ]
    least = facts.network.least_shown
    for frame in (by_kind, by_place):
        frame["n_members"] = [few(n, least=least) for n in frame["n_members"]]
    rows = [(label, *counts) for label, counts in zip(labels, by_kind[list(_SHOWN)].to_numpy().tolist(), strict=True)]
    rows.append((caption("total", lang), *totals))
    placed = by_place[by_place["group"].notna()]
    return rows + [
        (name, *row) for name, row in zip(placed["group"], placed[list(_SHOWN)].to_numpy().tolist(), strict=True)
    ]


_SHOWN = COUNTS[: COUNTS.index("n_members") + 1]
