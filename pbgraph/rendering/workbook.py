"""report.xlsx and review.xlsx: tables with filters, frozen headers, widths and A4 print set-up.

Deterministic bytes: the date of creation is the day the data stand for. Text from workbooks
is written as text, never as a formula, number or link.
"""

import io
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pbgraph import policy as rules
from pbgraph import schema
from pbgraph.analyses.ranges import shown_lacking
from pbgraph.captions import caption, shown_reasons
from pbgraph.decisions import ANSWERS, COLUMNS
from pbgraph.findings import translated
from pbgraph.linking.aliases import KIND_LABELS
from pbgraph.linking.review import difference
from pbgraph.rendering.coverage_table import coverage_table
from pbgraph.rendering.facts import Facts, headline_numbers
from pbgraph.rendering.look import RED
from pbgraph.rendering.recognition_sheets import recognition_sheets
from pbgraph.rendering.sentences import changed_sentences, sentences
from pbgraph.rendering.sheets import Chart, Marked, Sheet, heads_of, source_lines
from pbgraph.rendering.work_lists import family_lists, gap_list

_MOST_REVIEWED = 200
_WIDEST = 42  # wider columns make the print on A4 too small to read
_FEW_COLUMNS = 2
_LINE_HEIGHT = 15.0


def report_bytes(facts: Facts) -> bytes:
    """The report workbook of a network."""
    before: tuple[Callable[[Facts], Sheet], ...] = (coverage_sheet, _rates, gap_list)
    after: tuple[Callable[[Facts], Sheet], ...] = (
        _units, _management, _co_building, _problems, _review, _ledger, _rules,
    )  # fmt: skip
    sheets = [build(facts) for build in before] + family_lists(facts) + [build(facts) for build in after]
    return workbook_bytes(facts, [_summary(facts, sheets), *sheets])


def review_bytes(facts: Facts) -> bytes:
    """The names, sheets and columns that wait for a person, with drop-downs; read back with `aliases=`."""
    return workbook_bytes(facts, [_review(facts), *recognition_sheets(facts), _merges(facts)])


def workbook_bytes(facts: Facts, sheets: Sequence[Sheet]) -> bytes:
    """A workbook of several sheets."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    day = facts.network.as_of or "2000-01-01"
    book.set_properties({"created": datetime.fromisoformat(day), "author": "", "comments": ""})
    for sheet in sheets:
        _write(book, sheet, facts)
    book.close()
    return stream.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: Sheet, facts: Facts) -> None:
    page = book.add_worksheet(sheet.name)
    title = book.add_format({"bold": True, "font_size": 15, "font_color": RED})
    note = book.add_format({"font_color": "#5c6068", "font_size": 9})
    head = book.add_format(
        {"bold": True, "bg_color": "#f3ebe0", "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    )
    page.write_string(0, 0, f"{headline_numbers(facts)['street']} · {sheet.name}", title)
    said = (_as_of(facts), caption("made_by", facts.look.lang), sheet.note)
    page.write_string(1, 0, "　".join(filter(None, said)), note)
    first = 3 if sheet.groups else 2
    for text, left, right in sheet.groups:
        page.merge_range(2, left, 2, right, text, head) if right > left else page.write_string(2, left, text, head)
    for column, text in enumerate(sheet.headers):
        page.write_string(first, column, text, head)
    widths = _widths(sheet)
    _write_rows(book, page, sheet, first + 1, widths)
    last = max(len(sheet.rows) + first, first + 1)
    page.autofilter(first, 0, last, len(sheet.headers) - 1)
    page.freeze_panes(first + 1, 0)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(first)
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    page.set_footer("&C&P / &N")
    if sheet.chart is not None and sheet.rows:
        _draw(book, page, sheet, first + 1)
    for column, values in sheet.choices:
        page.data_validation(
            first + 1, column, max(last, first + 200), column, {"validate": "list", "source": list(values)}
        )

    column, ranges = sheet.row_choices or (0, {})
    for number, source in ranges.items():
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(first + 1 + number, column, first + 1 + number, column, rule)


def _draw(book: xlsxwriter.Workbook, page: Any, sheet: Sheet, first: int) -> None:
    """A native chart below the table, from its own cells; beside it the printed table would be too small to read."""
    made = sheet.chart
    assert made is not None
    top, bottom = first + made.first, first + made.last
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in made.series:
        chart.add_series({
            "name": [sheet.name, first - 1, column], "categories": [sheet.name, top, made.label, bottom, made.label],
            "values": [sheet.name, top, column, bottom, column], "fill": {"color": colour}, "gap": 60,
            "data_labels": {"value": True, "num_format": made.number_format, "font": {"size": 8}},
        })  # fmt: skip
    chart.set_title({"name": made.title, "name_font": {"size": 12, "color": RED}, "overlay": False})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    chart.set_x_axis({"num_format": made.number_format, "major_gridlines": {"visible": False}, "num_font": {"size": 8}})
    chart.set_legend({"position": "bottom"} if len(made.series) > 1 else {"none": True})
    chart.set_size({"width": 640, "height": 120 + 34 * (bottom - top + 1)})
    page.insert_chart(first + len(sheet.rows) + 1, 0, chart)


def _write_rows(book: xlsxwriter.Workbook, page: Any, sheet: Sheet, first: int, widths: list[float]) -> None:
    body = book.add_format({"border": 1, "border_color": "#d9d3c7", "text_wrap": True, "valign": "top"})
    link = book.add_format(
        {
            "border": 1,
            "border_color": "#d9d3c7",
            "font_color": "#1d4f7c",
            "underline": 1,
            "valign": "top",
            "text_wrap": True,
        }
    )
    share = book.add_format({"border": 1, "border_color": "#d9d3c7", "num_format": "0.0%", "valign": "top"})
    for number, row in enumerate(sheet.rows, start=first):
        n_lines = max(_n_lines(value, width) for value, width in zip(row, widths, strict=True))
        page.set_row(number, _LINE_HEIGHT * n_lines)
        for column, value in enumerate(row):
            if _is_blank(value):
                page.write_blank(number, column, None, body)
            elif isinstance(value, Marked):
                _write_marked(book, page, number, column, value, body)
            elif isinstance(value, str) and column in sheet.links:
                page.write_url(number, column, f"internal:'{value}'!A1", link, value)
            elif isinstance(value, str) and (number - first, column) in sheet.jumps:
                page.write_url(number, column, f"internal:{sheet.jumps[number - first, column]}", link, value)
            elif isinstance(value, str):
                page.write_string(number, column, value, body)
            else:
                page.write_number(number, column, float(value), share if column in sheet.percents else body)


def _write_marked(book: xlsxwriter.Workbook, page: Any, row: int, column: int, name: Marked, body: Any) -> None:
    red = book.add_format({"font_color": RED, "bold": True})
    pieces = difference(name.text, name.other) if name.other else []
    runs = [part for text, is_same in pieces for part in ((text,) if is_same else (red, text))]
    if len(pieces) > 1:
        page.write_rich_string(row, column, *runs, body)
    else:
        page.write_string(row, column, name.text, body)


def _is_blank(value: object) -> bool:
    return value is None or value is pd.NA or value != value


def _widths(sheet: Sheet) -> list[float]:
    """Room for the longest line of each column, up to the widest; a table of one text column gets a page."""
    columns = list(zip(sheet.headers, *sheet.rows[:400], strict=True))
    widest = _WIDEST if len(columns) > _FEW_COLUMNS else 3 * _WIDEST
    return [min(widest, max(6, *(max(map(_width, _lines(value))) for value in column)) + 2) for column in columns]


def _lines(value: object) -> list[str]:
    text = value.text if isinstance(value, Marked) else value
    if isinstance(text, str):
        return text.split("\n")
    return ["" if _is_blank(value) else f"{value:.4g}"]


def _width(line: str) -> int:
    """Two for a Chinese character."""
    return sum(2 if ord(character) > 255 else 1 for character in line)


def _n_lines(value: object, width: float) -> int:
    """Lines a cell needs; a proportional font is a tenth narrower than the count of characters."""
    return sum(max(1, math.ceil(_width(line) / (width * 1.1))) for line in _lines(value))


def _as_of(facts: Facts) -> str:
    lang = facts.look.lang
    edition = caption(f"edition_{facts.look.edition}", lang)
    return caption(
        "as_of_line", lang, as_of=facts.network.as_of or "—", profile=facts.policy.label[lang], edition=edition
    )


def _summary(facts: Facts, sheets: Sequence[Sheet]) -> Sheet:
    """What matters in a few sentences, then every sheet with its number of rows, a click away."""
    lang = facts.look.lang
    said = [*sentences(facts), *changed_sentences(facts)]
    rows: list[tuple[Any, ...]] = [(number, text, "", None) for number, text in enumerate(said, start=1)]
    rows += [(None, "", sheet.name, len(sheet.rows)) for sheet in sheets]
    heads = ("", caption("sheet_summary", lang), *heads_of(facts, "list", "list_rows"))
    return Sheet(caption("sheet_summary", lang), heads, rows, links=(2,))


def coverage_sheet(facts: Facts) -> Sheet:
    """The coverage table in the layout of the annual Party statistics."""
    lang = facts.look.lang
    table = coverage_table(facts)
    own = caption("col_own", lang)
    joint, none = caption("col_joint", lang), caption("col_none", lang)
    heads = ("unit_type", "units_scope", "own_committee", "own_general", "own_branch", "joint", "joint_three",
             "due", "few", "no_member", "instructor", "staff", "n_members")  # fmt: skip
    groups = ((own, 2, 4), (joint, 5, 6), (none, 7, 10))
    n = len(facts.network.community_names())
    places = len([row for row in table if row[0] in set(facts.network.community_names())])
    chart = (
        Chart(caption("figure_coverage", lang), len(table) - places, len(table) - 1, 0, _COVERAGE_SERIES) if n else None
    )
    return Sheet(
        caption("sheet_coverage", lang),
        heads_of(facts, *heads),
        table,
        groups=groups,
        chart=chart,
        note=caption("people_once", lang),
    )


_COVERAGE_SERIES = (
    (2, "#1f5b52"), (3, "#2f7468"), (4, "#3f7a70"), (5, "#7fb0a8"), (7, "#e07b00"), (8, "#fde3ad"), (9, "#b8b2a7"),
)  # fmt: skip
"""Columns of the coverage table that add up to its units, with the colours of the map."""


def _rates(facts: Facts) -> Sheet:
    lang = facts.look.lang
    entries = rules.rates()
    rows = []
    for row in facts.rates.itertuples():
        entry = entries[str(row.rate)]
        place = row.community or caption("whole_street", lang)
        definition = entry["definition"][lang].format_map(entry.get("params", {}))
        rows.append((entry["label"][lang], place, row.n_counted, row.n_subjects, row.rate_share, definition))
    heads = heads_of(facts, "rate", "community", "counted", "subjects", "share", "definition")
    first = facts.rates[(facts.rates["rate"] == _CHARTED) & (facts.rates["community"] != "")].index
    title = entries[_CHARTED]["label"][lang]
    chart = Chart(title, int(first.min()), int(first.max()), 1, ((4, "#3f7a70"),), "0%") if len(first) else None
    return Sheet(caption("sheet_rates", lang), heads, rows, percents=(4,), chart=chart)


_CHARTED = "org_coverage"


def _units(facts: Facts) -> Sheet:
    lang = facts.look.lang
    states, kinds = schema.vocabulary("coverage_state"), schema.vocabulary("unit_type")
    rows = [
        (
            row.community, row.unit, kinds.label(row.unit_type, lang=lang),
            states.label(row.state, lang=lang) if row.is_in_scope else caption("out_of_scope", lang),
            row.organization, row.n_full, row.n_members, caption(f"basis_{row.basis}", lang), row.rule_id,
            caption(str(row.sure), lang), source_lines(str(row.source), lang),
        )
        for row in facts.coverage.itertuples()
    ]  # fmt: skip
    heads = (
        "community",
        "unit",
        "unit_type",
        "state",
        "organization",
        "n_full",
        "n_members",
        "basis",
        "rule",
        "sure",
        "source",
    )
    return Sheet(caption("sheet_units", lang), heads_of(facts, *heads), rows)


def _management(facts: Facts) -> Sheet:
    lang = facts.look.lang
    states, kinds = schema.vocabulary("management_state"), schema.vocabulary("management")

    def said(code: Any) -> str:
        if code == "both":
            return " + ".join(kinds.label(each, lang=lang) for each in ("direct", "dual"))
        return kinds.label(code, lang=lang)

    rows = [
        (
            row.community, row.organization, row.superior, row.committee, said(row.expected), said(row.stated),
            states.label(row.state, lang=lang), row.rule_id, caption(str(row.sure), lang),
            source_lines(str(row.source), lang),
        )
        for row in facts.management.itertuples()
    ]  # fmt: skip
    heads = (
        "community",
        "organization",
        "superior",
        "committee",
        "expected",
        "stated",
        "state",
        "rule",
        "sure",
        "source",
    )
    return Sheet(caption("sheet_management", lang), heads_of(facts, *heads), rows)


def _co_building(facts: Facts) -> Sheet:
    lang = facts.look.lang
    rows = [
        (row.community, row.unit, row.n_agreements, row.n_projects, row.n_active, row.n_partners,
         caption("untied", lang) if row.has_none else "", row.rule_id, source_lines(str(row.source), lang))
        for row in facts.co_building.itertuples()
    ]  # fmt: skip
    heads = ("community", "unit", "agreements", "projects", "active", "partners", "state", "rule", "source")
    return Sheet(caption("sheet_co_building", lang), heads_of(facts, *heads), rows)


def _problems(facts: Facts) -> Sheet:
    lang = facts.look.lang
    rows = [
        (
            caption(f"severity_{row.severity}", lang),
            row.file,
            row.sheet,
            row.row,
            row.column,
            row.value,
            row.message,
            row.remedy,
        )
        for row in translated(facts.network.findings, lang=lang).itertuples()
    ]
    heads = heads_of(facts, "severity", "file", "sheet", "row", "column", "value", "problem", "remedy")
    return Sheet(caption("sheet_problems", lang), heads, rows)


def _review(facts: Facts) -> Sheet:
    """Columns as the alias file has them, then what helps to decide; differing characters are marked."""
    lang = facts.look.lang
    places = {
        node: source
        for frame in facts.network.tables.values()
        for node, source in zip(frame.iloc[:, 0], frame["source"], strict=True)
    }
    waiting = facts.network.review[facts.network.review["is_asked"].astype(bool)]
    rows = [
        (
            KIND_LABELS[str(row.kind)], Marked(row.name, row.candidate), Marked(row.candidate, row.name),
            row.suggestion,
            caption(str(row.reason), lang) if row.reason else "", row.similarity, row.n_rows, row.n_candidate_rows,
            row.others, source_lines(str(row.source), lang),
            source_lines(places.get(row.candidate_id, "").split("\n")[0], lang),
        )
        for row in waiting.head(_MOST_REVIEWED).itertuples(index=False)
    ]  # fmt: skip
    more = len(waiting) - len(rows)
    note = caption("review_rest", lang, n=more) if more > 0 else ""
    heads = (
        *COLUMNS,
        *heads_of(facts, "reason", "similarity", "n_rows", "candidate_rows", "others", "place", "candidate_place"),
    )
    return Sheet(caption("sheet_review", lang), heads, rows, choices=((3, ANSWERS),), note=note)


def _merges(facts: Facts) -> Sheet:
    """What was joined by key or code; 否 in the fourth column parts it again."""
    lang = facts.look.lang
    rows = [
        (KIND_LABELS[str(row[0])], Marked(row[1], row[2]), Marked(row[2], row[1]), "",
         caption(str(row[3]), lang), row[4], source_lines(str(row[5]), lang))
        for row in facts.network.merges.itertuples(index=False, name=None)
    ]  # fmt: skip
    heads = (*COLUMNS, *heads_of(facts, "reason", "n_rows", "place"))
    return Sheet(caption("sheet_merges", lang), heads, rows, choices=((3, ANSWERS),))


def _ledger(facts: Facts) -> Sheet:
    lang = facts.look.lang
    shown = facts.network.ledger.assign(
        table=[schema.table_label(str(label), lang) for label in facts.network.ledger["table"]],
        skipped=[shown_reasons(str(skipped), lang) for skipped in facts.network.ledger["skipped"]],
    )
    rows = [tuple(row) for row in shown.itertuples(index=False)]
    sums = facts.network.ledger[["n_rows", "n_used", "n_set_aside", "n_skipped"]].sum()
    rows.append((caption("total", lang), "", "", "", *(int(value) for value in sums), ""))
    heads = heads_of(facts, "file", "sheet", "table", "range", "rows", "used", "set_aside", "skipped", "reasons")
    return Sheet(caption("sheet_ledger", lang), heads, rows)


def _rules(facts: Facts) -> Sheet:
    lang = facts.look.lang
    lacking = dict(zip(facts.not_run["rule_id"], facts.not_run["missing"], strict=True))
    rows = [
        (rule.rule_id, rule.title[lang], rule.said(lang), caption(rule.force, lang), rule.cited(),
         rule.source.quotation, caption(f"sure_{rule.source.sure}", lang), _run(lacking, rule.rule_id, lang))
        for rule in facts.policy.rules.values()
    ]  # fmt: skip
    heads = ("", *heads_of(facts, "rule", "statement", "force", "document", "evidence", "clause_sure", "run"))
    return Sheet(caption("sheet_rules", lang), heads, rows)


def _run(lacking: dict[str, str], rule_id: str, lang: str) -> str:
    """Whether a rule was run; one that was not names what it lacks, so that nobody takes it for passed."""
    if rule_id not in lacking:
        return caption("rule_run", lang)
    return caption("rule_not_run", lang, missing=shown_lacking(lacking[rule_id], lang))
