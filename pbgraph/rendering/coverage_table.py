"""The coverage table in the layout of the annual Party statistics (表25 to 表30)."""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.rendering.facts import Facts


def coverage_table(facts: Facts) -> list[tuple[Any, ...]]:
    """Rows by kind of unit with their total, then by community.

    Columns: label, units in operation, own organization (committee, general branch, branch),
    joint branch and those in it with enough full members, no organization (must establish, a
    few members, no member, instructor sent), staff, members. Staff and members are sums of
    what is known.
    """
    lang = facts.look.lang
    scope = facts.coverage[facts.coverage["is_in_scope"].astype(bool)].copy()
    organizations = facts.network.tables["organizations"]
    types = dict(zip(organizations["organization_id"], organizations["org_type"], strict=True))
    levels = {code: row["level"] for code, row in schema.vocabulary("organization_category").rows.items()}
    scope["level"] = [
        levels.get(types.get(node, ""), "3") if isinstance(node, str) else "" for node in scope["organization_id"]
    ]
    kinds = schema.vocabulary("unit_type")
    rows = [
        _line(kinds.label(code, lang=lang), scope[scope["unit_type"] == code])
        for code in kinds.rows
        if (scope["unit_type"] == code).any()
    ]
    unstated = scope[scope["unit_type"].isna()]
    if len(unstated):
        rows.append(_line(caption("not_available", lang), unstated))
    rows.append(_line(caption("total", lang), scope))
    known = facts.network.community_names()
    names = [name for name in known if (scope["community"] == name).any()]
    return rows + [_line(name, scope[scope["community"] == name]) for name in names]


def _line(label: str, units: pd.DataFrame) -> tuple[Any, ...]:
    state, level = units["state"], units["level"]
    own = state == "own"
    few = state.isin(["joint-candidate", "borderline"]) | ((state == "work") & (units["n_members"].fillna(0) > 0))
    none = state.isin(["blank", "work"]) & ~few
    sums = [int(units[column].sum()) for column in ("staff_count", "n_members")]
    counts = (
        own & (level == "1"),
        own & (level == "2"),
        own & (level == "3"),
        state.isin(["joint", "split-due"]),
        state == "split-due",
        state == "must-establish",
        few,
        none,
        ~units["is_covered"].astype(bool) & units["has_instructor"].astype(bool),
    )
    return (label, len(units), *(int(mask.sum()) for mask in counts), *sums)
