"""The blocks of a document: numbers, sentences and tables as plain data, before anything is written.

Every block has a `key`, by which a writer finds it; what stands under a title has one.
"""

from dataclasses import dataclass, field
from typing import Any

from pbgraph.captions import caption, shown_source
from pbgraph.rendering.facts import Facts


@dataclass(frozen=True)
class Number:
    """A number with what it counts: "18/40" beside "45.0%", and how it is defined."""

    label: str
    said: str
    counts: str
    definition: str


@dataclass(frozen=True)
class Numbers:
    """Some numbers side by side."""

    key: str
    items: tuple[Number, ...]


@dataclass(frozen=True)
class Sentences:
    """Some sentences one under the other; none, where there is nothing to say."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter of a text: parts under a title, each with a title of its own or none."""

    key: str
    title: str
    parts: tuple[Sentences, ...]


@dataclass(frozen=True)
class Chart:
    """A native chart of a table: rows from `first` to `last`, the column of labels, and columns with their colours."""

    title: str
    first: int
    last: int
    label: int
    series: tuple[tuple[int, str], ...]
    number_format: str = "0;;"


@dataclass(frozen=True)
class Marked:
    """A name whose differences from another one are shown in red."""

    text: str
    other: str


@dataclass(frozen=True)
class Table:
    """Rows under headers, a sheet of the workbook; `groups` are headers over several columns: (text, first, last).

    Cells of the columns in `links` name another sheet and lead there; `jumps` leads from a row and column
    of the table to a cell of another sheet. `row_choices` is a column and, for each of its rows, the range
    of cells that its drop-down offers. A list that is printed and signed has the widths of the columns that are:
    `printed`, the first ones; the others stand beside the page. `total` is what the row of sums begins with.
    """

    key: str
    name: str
    headers: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    groups: tuple[tuple[str, int, int], ...] = ()
    percents: tuple[int, ...] = ()
    choices: tuple[tuple[int, tuple[str, ...]], ...] = ()
    row_choices: tuple[int, dict[int, str]] | None = None
    links: tuple[int, ...] = ()
    jumps: dict[tuple[int, int], str] = field(default_factory=dict)
    chart: Chart | None = None
    note: str = ""
    printed: tuple[float, ...] = ()
    total: str | None = None

    def cells(self, *headers: str) -> list[tuple[Any, ...]]:
        """The cells of some columns, row by row."""
        places = [self.headers.index(header) for header in headers]
        return [tuple(row[place] for place in places) for row in self.rows]


Block = Numbers | Sentences | Chapter | Table


def heads_of(facts: Facts, *keys: str) -> tuple[str, ...]:
    """Headers by their captions."""
    return tuple(caption(f"col_{key}", facts.look.lang) for key in keys)


LEDGER_FIRST = 4
"""The Excel row of the first sheet of rosters in the ledger: title, note and header stand above."""


def certainty(rule: str, organization: object, lang: str) -> str:
    """How sure a finding on a unit is; where that it has no organization is surer, or less sure, both are said."""
    if not isinstance(organization, str) or organization == rule:
        return caption(rule, lang)
    return caption("two_sures", lang, organization=caption(organization, lang), rule=caption(rule, lang))


def source_lines(source: str, lang: str) -> str:
    """Rows of provenance, one a line."""
    return "\n".join(shown_source(source, lang)) if source else ""
