"""brief.html: numbers, sentences and two figures on A4, in one file that needs no network."""

import base64
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pbgraph import policy as rules
from pbgraph.captions import caption, captions
from pbgraph.policy import Rule
from pbgraph.rendering.facts import Facts, headline_numbers, percent
from pbgraph.rendering.look import GAPS
from pbgraph.rendering.sentences import changed_sentences, data_sentences, profile_sentences, sentences

_HEADLINES = (
    "org_coverage",
    "own_share",
    "establishment",
    "work_coverage",
    "blank_share",
    "committee_seats",
    "elections_on_time",
    "grid_coverage",
)
_MOST_GAPS = 18
_AT_LEAST = frozenset({"org_coverage", "own_share", "work_coverage"})  # what is open could only lift them
_OPEN = frozenset({"establishment", "blank_share"})


def brief_page(facts: Facts, figures: dict[str, bytes]) -> str:
    """One HTML document; `figures` are PNG bytes by file name, in the order shown."""
    lang = facts.look.lang
    environment = Environment(
        loader=PackageLoader("pbgraph"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    gaps = facts.findings[facts.findings["state"].isin(GAPS)]
    rows = [
        {
            "place": row.community if isinstance(row.community, str) else "",
            "subject": row.subject,
            "message": row.message,
            "rule": f"{row.rule_id}",
            "sure": caption(str(row.sure), lang),
        }
        for row in gaps.head(_MOST_GAPS).itertuples()
    ]
    return environment.get_template("brief.html.j2").render(
        lang="zh-CN" if lang == "zh" else "en",
        captions=captions(lang),
        title=caption("brief_title", lang, street=headline_numbers(facts)["street"]),
        as_of=caption(
            "as_of_line", lang, as_of=facts.network.as_of or "—", profile=facts.policy.label[lang],
            edition=caption(f"edition_{facts.look.edition}", lang),
        ),
        rates=_rates(facts),
        sentences=sentences(facts),
        figures=[base64.b64encode(figures[name]).decode() for name in figures],
        gaps=rows,
        n_more=max(0, len(gaps) - _MOST_GAPS),
        data=data_sentences(facts),
        changed=changed_sentences(facts),
        profile=profile_sentences(facts),
        rules=[(r.rule_id, r.said(lang), r.cited(), caption(r.force, lang)) for r in _applied(facts)],
        files=facts.network.inputs["file"].tolist(),
    )  # fmt: skip


def _applied(facts: Facts) -> list[Rule]:
    """The rules behind what the brief shows: coverage, management, co-building; the workbook has them all."""
    return [rule for rule in facts.policy.rules.values() if rule.shape != "range"]


def _rates(facts: Facts) -> list[dict[str, Any]]:
    lang = facts.look.lang
    entries = rules.rates()
    street = facts.rates[facts.rates["community"] == ""].set_index("rate")
    shown = []
    for key in _HEADLINES:
        row = street.loc[key]
        entry = entries[key]
        counted, subjects = int(row["n_counted"]), int(row["n_subjects"])
        is_open = facts.verdict == "open"
        if is_open and key in _OPEN:
            counted, subjects = 0, 0
        share = percent(counted, subjects) if subjects else caption("not_available", lang)
        if is_open and key in _AT_LEAST:
            share = caption("rate_at_least", lang, share=share)
        shown.append({
            "label": entry["label"][lang],
            "share": share,
            "counts": caption("rate_value", lang, counted=counted, subjects=subjects) if subjects else "",
            "definition": entry["definition"][lang].format_map(entry.get("params", {})),
        })  # fmt: skip
    return shown
