"""What a notebook shows of a network: tables with their counts, ties by relation, problems by severity."""

import html
from collections.abc import Iterable, Mapping

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.model import KINDS


def summary_html(
    tables: Mapping[str, pd.DataFrame], ties: pd.DataFrame, findings: pd.DataFrame, *, title: str, lang: str = "zh"
) -> str:
    """Three small tables as HTML; what is not there has no line, and text is escaped."""
    relations = schema.vocabulary("relation")
    by_relation = ties["relation"].value_counts()
    by_severity = findings["severity"].value_counts()
    kinds = [(f"{kind_label(kind, lang)} {kind}", len(tables[kind])) for kind in KINDS if len(tables[kind])]
    joined = [(relations.label(code, lang=lang), int(n)) for code, n in sorted(by_relation.items(), key=_most_first)]
    severities = [(caption(f"severity_{code}", lang), int(by_severity.get(code, 0))) for code in _SEVERITIES]
    blocks = [
        _block(caption("network_tables", lang), kinds),
        _block(caption("network_ties", lang, n=len(ties)), joined),
        _block(caption("network_problems", lang, n=len(findings)), [line for line in severities if line[1]]),
    ]
    return f"<p><b>{html.escape(title)}</b></p>" + "".join(blocks)


_SEVERITIES = ("error", "warning", "note")


def kind_label(kind: str, lang: str) -> str:
    """What a reader calls a kind of node: the name of its table."""
    table = schema.tables().get(kind)
    if table is None:
        return caption(f"network_{kind}", lang)
    return table.label if lang == "zh" else table.label_en


def _most_first(line: tuple[object, int]) -> tuple[int, str]:
    return -line[1], str(line[0])


def _block(title: str, lines: Iterable[tuple[str, int]]) -> str:
    rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{n}</td></tr>" for name, n in lines)
    head = f'<tr><th colspan="2">{html.escape(title)}</th></tr>'
    return f'<table style="display:inline-table;vertical-align:top;margin-right:1em">{head}{rows}</table>'
