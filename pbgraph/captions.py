"""Captions: every word that people read in a page, sheet or figure, from one table."""

import os
from collections.abc import Mapping
from errno import errorcode
from functools import cache

from pbgraph import reference
from pbgraph.reference import Said

LANGUAGES = ("zh", "en")
_RANGE = 3  # rows that follow each other are told as a range from here on


@cache
def captions(lang: str) -> dict[str, str]:
    """The captions of a language by key."""
    every: dict[str, Said] = reference.table("captions", dict[str, Said])
    return {key: entry["zh"] if lang == "zh" else entry["en"] for key, entry in every.items()}


def caption(key: str, lang: str, **data: object) -> str:
    """One caption, filled with data; KeyError where there is none."""
    return captions(lang)[key].format_map(data)


def in_every_language(key: str) -> tuple[str, ...]:
    """A caption in each language, as it may stand in what was written in another one."""
    return tuple(dict.fromkeys(caption(key, lang) for lang in LANGUAGES))


def reason_of(error: Exception) -> Said:
    """Why the system cannot write, in both languages where the captions know it; also of a library that quotes it."""
    quoted = (number for number in errorcode if os.strerror(number) in str(error))
    number = (error.errno if isinstance(error, OSError) else next(quoted, None)) or 0
    told = os.strerror(number) if number else type(error).__name__
    key = f"reason_{errorcode.get(number, '')}"
    return {"zh": captions("zh").get(key, told), "en": captions("en").get(key, told)}


def shown_reasons(skipped: str, lang: str) -> str:
    """Why rows were skipped, as a reader says it; the ledger keeps "header 1, total 3"."""
    known = captions(lang)
    parts = [part.partition(" ") for part in skipped.split(", ") if part]
    return known["list_separator"].join(f"{known.get(f'skipped_{code}', code)} {n}".strip() for code, _, n in parts)


def shown_day(day: str, lang: str) -> str:
    """A day or a month as it stands in a document; a dash where there is none.

    >>> shown_day("2025-06-30", "zh"), shown_day("2023-11", "zh"), shown_day("", "zh")
    ('2025年6月30日', '2023年11月', '—')
    """
    if not day:
        return caption("no_day", lang)
    numbers = day.split("-")
    if not all(number.isdigit() for number in numbers):
        return day  # a graph that was edited by hand
    parts = dict(zip(("year", "month", "day"), map(int, numbers), strict=False))
    return caption("shown_day" if "day" in parts else "shown_month", lang, **parts)


def day_said(settings: Mapping[str, str], lang: str) -> str:
    """The day on which a network is judged and where it was found, from the settings of the network."""
    basis = settings.get("as_of_basis") or "unknown"
    said = caption(f"day_{basis}", lang, place=settings.get("as_of_place", ""))
    return caption("day_note", lang, day=shown_day(settings.get("as_of") or "", lang), basis=said)


def shown_source(source: str, lang: str) -> list[str]:
    """Rows of provenance as a reader says them: each sheet with its rows, those in a row as a range.

    >>> shown_source("a.xlsx|党员|2\\na.xlsx|党员|3\\na.xlsx|党员|4\\na.xlsx|党员|9", "zh")
    ['a.xlsx“党员”第 2–4、9 行']
    """
    rows: dict[tuple[str, str], list[str]] = {}
    for line in source.split("\n"):
        file, _, rest = line.partition("|")
        sheet, _, row = rest.rpartition("|")
        rows.setdefault((file, sheet), []).append(row)
    return [
        caption("source_row", lang, file=file, sheet=sheet, row=_ranges(numbers, lang))
        for (file, sheet), numbers in rows.items()
    ]


def _ranges(rows: list[str], lang: str) -> str:
    """Row numbers in a list, three or more that follow each other as a range."""
    runs: list[list[str]] = []
    for row in sorted(set(rows), key=lambda row: (len(row), row)):
        if runs and row.isdigit() and runs[-1][-1].isdigit() and int(row) == int(runs[-1][-1]) + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    told = (run if len(run) < _RANGE else [f"{run[0]}–{run[-1]}"] for run in runs)
    return caption("list_separator", lang).join(text for run in told for text in run)
