"""Captions: every word that people read in a page, sheet or figure, from one table."""

import tomllib
from functools import cache
from importlib import resources

LANGUAGES = ("zh", "en")


@cache
def captions(lang: str) -> dict[str, str]:
    """The captions of a language by key."""
    text = resources.files("pbgraph").joinpath("reference/captions.toml").read_text("utf-8")
    return {key: entry[lang] for key, entry in tomllib.loads(text).items()}


def caption(key: str, lang: str, **data: object) -> str:
    """One caption, filled with data; KeyError where there is none."""
    return captions(lang)[key].format_map(data)


def shown_source(source: str, lang: str) -> list[str]:
    """Rows of provenance as a reader says them: file, sheet and row."""
    shown = []
    for line in source.split("\n"):
        file, _, rest = line.partition("|")
        sheet, _, row = rest.rpartition("|")
        shown.append(caption("source_row", lang, file=file, sheet=sheet, row=row))
    return shown
