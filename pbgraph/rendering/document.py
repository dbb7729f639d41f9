"""The content of a report as ordered blocks, made once from a study; the writers read it and ask no measure."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from pbgraph import policy as rules
from pbgraph.captions import caption, shown_day
from pbgraph.rendering import report_tables
from pbgraph.rendering.blocks import Block, Chapter, Number, Numbers, Sentences, Table
from pbgraph.rendering.facts import Facts, percent, street_name
from pbgraph.rendering.letter import annexed, chapters, known_street, opening
from pbgraph.rendering.listed_tables import listed_tables
from pbgraph.rendering.recognition_sheets import recognition_sheets
from pbgraph.rendering.sentences import changed_sentences, sentences
from pbgraph.rendering.work_lists import family_lists, gap_list

B = TypeVar("B", Numbers, Sentences, Chapter, Table)


@dataclass(frozen=True)
class Document:
    """Blocks in the order of reading, under the street, a title and a line that says of when and by which rules.

    It `is_named` where somebody has said which street it is.
    """

    street: str
    title: str
    dated: str
    as_of: str
    lang: str
    blocks: tuple[Block, ...]
    is_named: bool = True

    def find(self, kind: type[B], key: str) -> B | None:
        """The block of a kind and key; None where the document has none."""
        return next((block for block in self.blocks if isinstance(block, kind) and block.key == key), None)

    def tables(self) -> list[Table]:
        """The tables in order."""
        return [block for block in self.blocks if isinstance(block, Table)]


def report(facts: Facts) -> Document:
    """What a report holds."""
    blocks: list[Block] = [
        _rates(facts),
        Sentences("said", "", tuple(sentences(facts))),
        Sentences("changed", "", tuple(changed_sentences(facts))),
        gap_list(facts),
        report_tables.coverage(facts),
        report_tables.rates(facts),
        *family_lists(facts),
        report_tables.units(facts),
        report_tables.management(facts),
        report_tables.co_building(facts),
        *listed_tables(facts),
        report_tables.problems(facts),
        report_tables.review(facts),
        report_tables.ledger(facts),
        report_tables.rules(facts),
    ]
    return _document(facts, blocks)


def letter(facts: Facts, whole: Document) -> Document:
    """What an office hands on: a text in chapters, then the list that is signed and the table of a report."""
    gaps, table = whole.find(Table, "gaps"), whole.find(Table, "coverage")
    annexes = [block for block in (gaps, table) if block is not None and block.rows]
    return replace(
        _document(facts, [opening(facts), *chapters(facts), *map(partial(annexed, facts), annexes)]),
        title=caption("word_title", facts.look.lang, street=known_street(facts)),
    )


def review(facts: Facts) -> Document:
    """The names, sheets and columns that wait for a person; read back with `aliases=`."""
    return _document(facts, [report_tables.review(facts), *recognition_sheets(facts), report_tables.merges(facts)])


def _document(facts: Facts, blocks: list[Block]) -> Document:
    lang, street = facts.look.lang, street_name(facts.network, facts.look.lang)
    dated = caption(
        "as_of_line", lang, as_of=shown_day(facts.network.as_of, lang), profile=facts.policy.label[lang],
        edition=caption(f"edition_{facts.look.edition}", lang),
    )  # fmt: skip
    title = caption("cover_title", lang, street=street)
    return Document(street, title, dated, facts.network.as_of, lang, tuple(blocks), bool(known_street(facts)))


def _rates(facts: Facts) -> Numbers:
    """The rates that a meeting asks for first; where coverage is open, those that it leaves open are not said."""
    lang, entries, is_open = facts.look.lang, rules.rates(), facts.verdict == "open"
    street = facts.study.coverage_rates[facts.study.coverage_rates["community"] == ""].set_index("rate")
    items = []
    for key, entry in entries.items():
        if not entry.get("is_headline"):
            continue
        counted, subjects = int(street.loc[key, "n_counted"]), int(street.loc[key, "n_subjects"])
        is_said = bool(subjects) and not (is_open and entry.get("when_open") == "unknown")
        lacks = "cannot_judge" if subjects else "not_available"
        said = percent(counted, subjects) if is_said else caption(lacks, lang)
        if is_said and is_open and entry.get("when_open") == "at-least":
            said = caption("rate_at_least", lang, share=said)
        counts = caption("rate_value", lang, counted=counted, subjects=subjects) if is_said else ""
        definition = entry["definition"][lang].format_map(entry.get("params", {}))
        items.append(Number(entry["label"][lang], said, counts, definition))
    return Numbers("rates", tuple(items))
