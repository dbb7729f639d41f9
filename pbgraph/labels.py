"""Frames as a reader wants them: headers and values in Chinese or English words, from `reference/labels.toml`.

What the columns of a frame are called in code stays as it is; only a copy is said in words.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pandas as pd
from msgspec import Struct

from pbgraph import reference, schema
from pbgraph.captions import LANGUAGES, captions, shown_reasons, shown_source
from pbgraph.errors import PolicyError
from pbgraph.reference import Said
from pbgraph.tables import as_pandas

_Words = Callable[[str], str | None]


class _Column(Struct, frozen=True, forbid_unknown_fields=True):
    """What a column is called, and where its values are said."""

    zh: str
    en: str
    values: tuple[str, ...] = ()


class _Labels(Struct, frozen=True, forbid_unknown_fields=True):
    """`reference/labels.toml` as a whole."""

    columns: dict[str, _Column]
    values: dict[str, dict[str, Said]]


def labelled(frame: Any, *, lang: str = "zh") -> pd.DataFrame:
    """Say a frame in words: a copy with readable headers and values.

    Codes are said as their closed list says them, yes and no too, and provenance as sheets and rows; several values in
    one field stand in one line. What is unknown stays null, what nobody has words for stays as it is, and numbers
    stay numbers.

    Parameters
    ----------
    frame
        A frame of a network or of a measure, or a part of one; not changed.
    lang
        "zh" or "en".

    Returns
    -------
    DataFrame
        The same rows and columns, in the same order. Where two columns would have one header, the later one has its
        own name beside it.

    Raises
    ------
    PolicyError
        bad-option for a language that there is not.
    NetworkError
        table-not-frame.

    Examples
    --------
    >>> labelled(pd.DataFrame({"state": ["must-establish"], "n_full": [4]})).to_dict("list")
    {'情况': ['应建未建'], '正式党员': [4]}

    """
    if lang not in LANGUAGES:
        raise PolicyError("bad-option", option="lang", value=lang, choices="、".join(LANGUAGES))
    held = frame if isinstance(frame, pd.DataFrame) else as_pandas(frame, "frame")
    said: dict[str, pd.Series] = {}
    for place, column in enumerate(held.columns):
        header = _header(str(column), lang)
        said[f"{header} {column}" if header in said else header] = _said(held.iloc[:, place], str(column), lang)
    return pd.DataFrame(said, index=held.index)


def _header(column: str, lang: str) -> str:
    known = _labels().columns.get(column)
    if known:
        return known.zh if lang == "zh" else known.en
    field = schema.fields().get(column)
    return (field.label if lang == "zh" else field.label_en) if field else column


def _said(cells: pd.Series, column: str, lang: str) -> pd.Series:
    """The cells of a column in words."""
    if pd.api.types.is_bool_dtype(cells):
        words = captions(lang)
        return cells.map({True: words["answer_yes"], False: words["answer_no"]}).astype("str")
    if not pd.api.types.is_string_dtype(cells):
        return cells.copy()
    lists, between = [_list(name, lang) for name in _names(column)], captions(lang)["line_separator"]
    told = {value: _told(value, lists).replace("\n", between) for value in cells.dropna().unique()}
    return cells.map(told).astype("str")


def _told(value: Any, lists: Iterable[_Words]) -> str:
    """A value in the words of the first list that knows it, or each line of it for itself."""
    text = str(value)
    whole = next((word for said in lists if (word := said(text)) is not None), None)
    if whole is not None or "\n" not in text:
        return text if whole is None else whole
    return "\n".join(_told(line, lists) for line in text.split("\n"))


def _names(column: str) -> tuple[str, ...]:
    """The lists that may know the values of a column."""
    known, field = _labels().columns.get(column), schema.fields().get(column)
    if known:
        return known.values
    return tuple(name for name in (field.type, field.like) if schema.has_vocabulary(name)) if field else ()


@cache
def _list(name: str, lang: str) -> _Words:
    """What gives the word for a value, None where it is not in the list."""
    if name == "rows":
        return lambda value: "\n".join(shown_source(value, lang)) if "|" in value else None
    if name == "reasons":
        return lambda value: shown_reasons(value, lang)
    if name.endswith("*"):
        words, beginning = captions(lang), name.removesuffix("*")
        return lambda value: words.get(f"{beginning}{value}")
    if name == "rates":
        rates = reference.table("rates", dict[str, dict[str, Any]])
        return {key: rate["label"][lang] for key, rate in rates.items()}.get
    own = _labels().values.get(name)
    if own is not None:
        return {code: said["zh"] if lang == "zh" else said["en"] for code, said in own.items()}.get
    listed = schema.vocabulary(name)
    return {code: listed.label(code, lang=lang) for code in listed.rows}.get


@cache
def _labels() -> _Labels:
    made: _Labels = reference.table("labels", _Labels)
    return made
