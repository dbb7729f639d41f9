"""Findings: what is wrong in the rows, as one frame, in sentences from one table.

`reference/findings.toml` holds each kind of finding with its severity, message and remedy in
Chinese and English. A finding keeps its `code` and `data`; the sentence is made when it is
shown, so that one run can be printed in either language.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pbgraph import reference
from pbgraph.masking import masked
from pbgraph.reference import Said

if TYPE_CHECKING:
    import pandas as pd

_MOST_SHOWN = 40  # characters of a value: enough to find it again
COLUMNS = ("severity", "code", "file", "sheet", "row", "column", "value", "message", "remedy", "data")


@dataclass(frozen=True)
class Finding:
    """One problem and its place; `row` is the number Excel shows, `column` its letter and header."""

    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    data: tuple[tuple[str, str], ...] = ()


def finding(code: str, *, data: Mapping[str, object] | None = None, **place: Any) -> Finding:
    """Make a finding; `place` are `file`, `sheet`, `row`, `column` and the `value`, of which secrets are masked."""
    pairs = tuple((key, masked(str(value))) for key, value in (data or {}).items())
    value = masked(place.pop("value", ""))[:_MOST_SHOWN]
    return Finding(code, data=pairs, value=value, **place)


def sentence(code: str, data: Mapping[str, object], *, lang: str, part: str = "whole") -> str:
    """The message of a kind of finding, its remedy, or both, filled with `data`; of a value by language, that one."""
    kind = kinds()[code]
    says: Said = {"zh": kind["zh"], "en": kind["en"]}
    filled = {"message": _of(says, lang), "remedy": _of(kind["remedy"], lang)}
    text = filled.get(part) or " ".join(filled.values()).replace("。 ", "。")
    told = {key: value[lang] if isinstance(value, Mapping) else value for key, value in data.items()}
    return text.format_map(_Blanks(told))


def _of(said: Said, lang: str) -> str:
    return said["zh"] if lang == "zh" else said["en"]


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


class Kind(TypedDict):
    """A kind of finding: how grave it is, what it says and what to do."""

    severity: Literal["error", "warning", "note"]
    zh: str
    en: str
    remedy: Said


@cache
def kinds() -> dict[str, Kind]:
    """The table of kinds of finding."""
    made: dict[str, Kind] = reference.table("findings", dict[str, Kind])
    return made


def findings_frame(findings: list[Finding], *, lang: str = "zh") -> "pd.DataFrame":
    """Findings as a frame, errors first, then by file, sheet, row and column.

    No finding, no rows, same columns. `data` keeps what the sentences are filled with, so that
    `translated` can say them in another language.
    """
    import pandas as pd

    ranks = {"error": 0, "warning": 1, "note": 2}
    order = sorted(
        set(findings),
        key=lambda f: (ranks[kinds()[f.code]["severity"]], f.file, f.sheet, f.row or 0, f.column, f.code, f.data),
    )
    rows = [
        (
            kinds()[f.code]["severity"],
            f.code,
            f.file,
            f.sheet,
            f.row,
            f.column,
            f.value,
            "",
            "",
            json.dumps(dict(f.data), ensure_ascii=False),
        )
        for f in order
    ]
    return translated(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"row": "Int64"}), lang=lang)


def translated(frame: "pd.DataFrame", *, lang: str) -> "pd.DataFrame":
    """The same findings with message and remedy in a language."""
    filled = [(code, json.loads(data)) for code, data in zip(frame["code"], frame["data"], strict=True)]
    parts = {
        part: [sentence(code, data, lang=lang, part=part) for code, data in filled] for part in ("message", "remedy")
    }
    return frame.assign(**parts)
