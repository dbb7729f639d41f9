"""The text of the report that an office hands on, in chapters: how things are, what is lacking, what is to be done.

Every number is that of the workbook's cover; the gaps are those of the list behind the text, by kind and by what is to
be done.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from pbgraph.captions import caption, shown_day
from pbgraph.rendering.blocks import Chapter, Sentences, Table
from pbgraph.rendering.facts import Facts, headline_numbers
from pbgraph.rendering.look import GAPS, TILE_PLANS
from pbgraph.rendering.sentences import changed_sentences, extremes, listed, states_management
from pbgraph.rendering.work_lists import family_name
from pbgraph.text import tight

_MOST_NAMED = 6
_COUNTED = {"must-establish": "A1", "split-due": "A7", "borderline": "A2", "joint-candidate": "A2", "blank": "A2"}
"""The rule that says from how many full members on a kind of gap is one."""


def known_street(facts: Facts) -> str:
    """The street; nothing where nobody has said which it is."""
    return facts.network.settings.get("home", "").replace("\\", "/").split("/")[-1]


def opening(facts: Facts) -> Sentences:
    """What the report is about, and of what day."""
    lang = facts.look.lang
    street = known_street(facts) or caption("street_fallback", lang)
    day = shown_day(facts.network.as_of, lang) if facts.network.as_of else ""
    return Sentences("opening", "", (caption("word_opening", lang, day=day, street=street),))


def annexed(facts: Facts, table: Table) -> Table:
    """A table as an annex: under a title of its own, and of a list what is signed and no more."""
    lang = facts.look.lang
    kept = len(table.printed) or len(table.headers)
    rows = [tuple(_set(cell, lang) for cell in row[:kept]) for row in table.rows]
    name = caption(f"word_{table.key}", lang, street=known_street(facts))
    return replace(table, name=name, headers=table.headers[:kept], rows=rows)


def _set(text: Any, lang: str) -> Any:
    return tight(text) if lang == "zh" and isinstance(text, str) else text


def chapters(facts: Facts) -> list[Chapter]:
    """The chapters that have something to say."""
    story = _Story(facts)
    parts = {"situation": story.situation(), "problems": story.problems(), "advice": story.advice()}
    said = {key: tuple(part for part in found if part.lines) for key, found in parts.items()}
    return [Chapter(key, caption(f"word_{key}", facts.look.lang), found) for key, found in said.items() if found]


@dataclass(frozen=True)
class _Story:
    """What is said of a network, part by part."""

    facts: Facts

    @property
    def numbers(self) -> dict[str, Any]:
        """The numbers of titles and sentences."""
        kept: dict[str, Any] = self.facts.study.kept("letter", lambda: headline_numbers(self.facts))
        return kept

    @property
    def gaps(self) -> pd.DataFrame:
        """The gaps of coverage, as the list behind the text has them."""
        return self.facts.findings[self.facts.findings["state"].isin(GAPS)]

    def said(self, key: str, **data: object) -> str:
        """A sentence of the letter."""
        return caption(f"word_{key}", self.facts.look.lang, **{**self.numbers, **data})

    def joined(self, parts: Iterable[str]) -> str:
        """Several names or numbers one after the other."""
        return caption("list_separator", self.facts.look.lang).join(parts)

    def part(self, key: str, *lines: str) -> Sentences:
        """A part under its title; lines that say nothing are left out."""
        return Sentences(key, self.said(key), tuple(_set(line, self.facts.look.lang) for line in lines if line))

    def situation(self) -> list[Sentences]:
        """How things are."""
        numbers, facts = self.numbers, self.facts
        if not numbers["n_units"]:
            return []
        if facts.verdict != "judged":
            return [self.part("about_coverage", self.said(facts.verdict))]
        states = facts.study.coverage.query("is_in_scope")["state"].value_counts()
        own = int(states.get("own", 0))
        apart = {"own": own, "joint": numbers["n_covered"] - own}
        how_sure = self._how_sure(("sure", "check", "unknown"))
        ends = extremes(facts)
        return [
            self.part(
                "about_coverage", self.said("judged", how_sure=how_sure), self.said("own_joint", **apart) if own else ""
            ),
            self.part("about_work", self.said("work") if numbers["work"] else ""),
            self.part("about_places", self.said("places", **ends) if ends else ""),
            self.part("about_changes", *changed_sentences(facts)),
        ]

    def _how_sure(self, sures: tuple[str, ...]) -> str:
        lang, numbers = self.facts.look.lang, self.numbers
        if numbers["n_sure"] == numbers["n_bare"]:
            return ""
        parts = [self.said(sure, n=numbers[f"n_{sure}"]) for sure in sures if numbers[f"n_{sure}"]]
        return caption("how_sure", lang, parts=caption("list_clause", lang).join(parts))

    def problems(self) -> list[Sentences]:
        """What is lacking."""
        numbers, facts = self.numbers, self.facts
        open_ones = [self.said(sure, n=numbers[f"n_{sure}"]) for sure in ("check", "unknown") if numbers[f"n_{sure}"]]
        is_judged = facts.verdict != "unjudged"
        ties = listed(facts, numbers, ("n_agreements", "n_claims"))
        checks = self.said("checks", parts=self.joined(open_ones)) if open_ones and is_judged else ""
        return [
            self.part("about_gaps", *self._gap_lines()),
            self.part("about_checks", checks),
            self.part("about_management", self.said("management") if self._n_to_manage else ""),
            self.part("about_co_building", self.said("co_building", listed=ties) if ties and numbers["n_none"] else ""),
            self.part("about_rest", *self._rest()),
        ]

    @property
    def _n_to_manage(self) -> int:
        """The organizations whose management is not stated as it should be; 0 where no list says anything of it."""
        n: int = self.numbers["n_missing"] + self.numbers["n_contradictory"]
        return n if states_management(self.facts) else 0

    def _gap_lines(self) -> list[str]:
        gaps, lang = self.gaps, self.facts.look.lang
        if gaps.empty:
            return []
        lines = [self.said("n_gaps", n=len(gaps))]
        found = ((state, gaps[gaps["state"] == state]) for state in GAPS)
        for number, (state, rows) in enumerate(((state, rows) for state, rows in found if len(rows)), start=1):
            n_sure = int((rows["sure"] == "certain").sum())
            sure = "" if n_sure == len(rows) else caption("how_sure", lang, parts=self.said("sure", n=n_sure))
            least = self.facts.policy.number(_COUNTED[state], "n")
            text = self.said(f"gap_{state}", n=len(rows), sure=sure, least=least, where=self._where(rows))
            lines.append(self.said("item", n=number, text=text))
        return lines

    def _where(self, rows: pd.DataFrame) -> str:
        """Which units some gaps are, or how many are in each community where they are many."""
        nowhere = caption("no_community", self.facts.look.lang)
        places = [place if isinstance(place, str) else "" for place in rows["community"]]
        if len(rows) <= _MOST_NAMED:
            pairs = zip(places, rows["subject"], strict=True)
            return self.said("named", names=self.joined(self.said("at", community=c, unit=u) for c, u in pairs))
        counted = sorted(Counter(place or nowhere for place in places).items(), key=lambda pair: (-pair[1], pair[0]))
        return self.said("placed", places=self.joined(self.said("n_at", community=c, n=n) for c, n in counted))

    def _rest(self) -> list[str]:
        """What other rules find, by family and rule; what has a part of its own is left out."""
        facts, lang = self.facts, self.facts.look.lang
        findings = facts.findings[facts.findings["state"] == "out-of-range"]
        lines = []
        for family, rows in findings.groupby(findings["rule_id"].str.slice(0, 1)):
            counted = rows["rule_id"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
            parts = (
                self.said("n_of_rule", title=facts.policy.rules[str(rule)].title[lang], n=n)
                for rule, n in counted.items()
            )
            lines.append(self.said("rest", family=family_name(str(family), lang), parts=self.joined(parts)))
        return [self.said("item", n=n, text=line) for n, line in enumerate(lines, start=1)]

    def advice(self) -> list[Sentences]:
        """What is to be done."""
        numbers = self.numbers
        states = self.gaps["state"].value_counts()
        parts = []
        for measure, of in TILE_PLANS.items():
            n = {state: int(states[state]) for state in of if state in states}
            lines = [self.said(f"do_{state}", n=count) for state, count in n.items()]
            parts.append(Sentences(measure, self.said(f"to_{measure}", n=sum(n.values())), tuple(lines)))
        n_open = numbers["n_check"] + numbers["n_unknown"]
        return [
            *parts,
            self.part("to_check", self.said("do_check", n=n_open) if n_open else ""),
            self.part("to_manage", self.said("do_manage", n=self._n_to_manage) if self._n_to_manage else ""),
            self.part("to_build", self.said("do_build", n=numbers["n_none"]) if self._has_ties else ""),
            self.part("to_close", self.said("do_close", n=len(self.gaps)) if len(self.gaps) else ""),
        ]  # fmt: skip

    @property
    def _has_ties(self) -> bool:
        numbers = self.numbers
        return bool(numbers["n_none"] and (numbers["n_agreements"] or numbers["n_claims"]))
