"""Captions: every word that people read in a page, sheet or figure, from one table."""

import tomllib
from collections.abc import Mapping
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


def day_said(settings: Mapping[str, str], lang: str) -> str:
    """The day on which a network is judged and where it was found, from the settings of the network."""
    basis = settings.get("as_of_basis") or "unknown"
    said = caption(f"day_{basis}", lang, place=settings.get("as_of_place", ""))
    return caption("day_note", lang, day=settings.get("as_of") or "—", basis=said)


def shown_source(source: str, lang: str) -> list[str]:
    """Rows of provenance as a reader says them: file, sheet and row."""
    shown = []
    for line in source.split("\n"):
        file, _, rest = line.partition("|")
        sheet, _, row = rest.rpartition("|")
        shown.append(caption("source_row", lang, file=file, sheet=sheet, row=row))
    return shown
