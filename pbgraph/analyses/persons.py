"""Whom a finding about a body means: the persons behind its number, with the rows that tell it of them.

A rule about persons judges a body by their count, and `assess` says that. In a network that still has its persons the
evidence names them, so that a clerk finds the rows; of what is only ever counted of a person it says the rows alone.
"""

from typing import Any

from pbgraph.analyses.study import Study
from pbgraph.analyses.subjects import subjects
from pbgraph.analyses.subjects.values import behind
from pbgraph.analyses.subjects.view import View
from pbgraph.captions import caption, shown_source
from pbgraph.editions import told

_MOST_NAMED = 40  # our choice: what a cell of a work list can show; the number itself is in the finding


def with_persons(study: Study, found: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The findings, each with its persons as evidence where it counts some."""
    if study.network.is_reduced or "veil" in study.network.settings:
        return found
    return [{**row, "evidence": _named(study, row, lang) or row["evidence"]} for row in found]


def _named(study: Study, row: dict[str, Any], lang: str) -> str:
    held = study.kept(("persons", row["on"], row["value"]), lambda: _by_subject(study, row["on"], row["value"]))
    persons = held.get(row["subject_id"], [])
    if not persons:
        return ""
    key = "person_by_row" if row["value"] in told().unnamed else "person_at"
    shown = [
        caption(key, lang, name=name, place=caption("list_separator", lang).join(shown_source(source, lang)))
        for name, source in persons[:_MOST_NAMED]
    ]
    more = caption("persons_more", lang, n=len(persons)) if len(persons) > _MOST_NAMED else ""
    return caption("persons_meant", lang, persons=caption("list_separator", lang).join(shown) + more)


def _by_subject(study: Study, kind: str, column: str) -> dict[str, list[tuple[str, str]]]:
    """Names and rows of the persons that a column counts, by subject; none where it counts no persons."""
    subjects(study, kind)
    counted = study.kept(View, lambda: View(study)).persons.get(column)
    value = study.policy.values.get(kind, {}).get(column)
    if counted is not None:
        rows = counted()
    elif value is not None and value.of in {"ties", "ends"} and value.other == "members":
        rows = behind(study, kind, value)
    else:
        return {}
    rows = rows.drop_duplicates().sort_values(["subject_id", "name", "source"], kind="stable")
    found: dict[str, list[tuple[str, str]]] = {}
    for subject, name, source in rows[["subject_id", "name", "source"]].itertuples(index=False, name=None):
        found.setdefault(str(subject), []).append((str(name), str(source)))
    return found


__all__ = ["with_persons"]
