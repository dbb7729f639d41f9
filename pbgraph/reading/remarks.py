"""What is to be said of a region: its kind, columns that were not used, rows without their key, stated counts."""

import re

import numpy as np

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.columns import letters, words
from pbgraph.reading.drafts import Draft
from pbgraph.reading.headers import candidates, likely
from pbgraph.reading.recognition import (
    Recognition,
    told_by_header,
)
from pbgraph.reading.records import Records, place_of
from pbgraph.reading.values import as_text
from pbgraph.text import fold


def judged_findings(draft: Draft, recognition: Recognition) -> list[Finding]:
    """What is to be said about the kind of a region, and about columns that were not used."""
    region, table = draft.region, recognition.table
    if recognition.is_refused:
        instead = recognition.outdated_by
        code = "list-outdated" if instead else "list-out-of-use"
        return [] if instead is None else [finding(code, data={"other": instead} if instead else {}, **draft.place)]
    place = {**draft.place, "row": int(region.first) + 1}
    if region.turned is not None:
        place["row"] = region.at[0] + 1
    if table is None:
        known = "table-unknown" if recognition.runner_up else "table-unlike"
        code = "sheet-unknown" if region.is_guess else known
        code = "sheet-hidden" if region.sheet.is_hidden else code
        other = recognition.runner_up.label if recognition.runner_up else "—"
        found = "、".join(name.replace("\n", " ") for name in region.names if name)
        data = {"range": region.place, "other": other, "found": found}
        return [finding(code, data=data, **(place if code == known else draft.place))]
    findings = [finding("sheet-was-hidden", **draft.place)] if region.sheet.is_hidden else []
    if (
        not recognition.is_decided
        and recognition.runner_up
        and recognition.margin < schema.recognition_words()["weights"]["close"]
    ):
        data = {"table": table.label, "other": recognition.runner_up.label}
        findings.append(finding("sheet-two-kinds", data=data, **draft.place))
    return findings + _missing_columns(draft, recognition) + _unused_columns(draft, recognition)


def _missing_columns(draft: Draft, recognition: Recognition) -> list[Finding]:
    """Roles that neither a column nor a heading, a title or a name fills."""
    table = recognition.table
    assert table is not None
    held = (
        {column.key for column in recognition.columns}
        | draft.evidence.given
        | draft.facts_for(table, recognition.columns).keys()
    )
    held |= told_by_header(table, recognition.columns) | ({table.checks["said"]} if recognition.checks else set())
    missing = [group for group in table.needs if not held & set(group)]
    if table.has_posts and recognition.posts:
        missing = [group for group in missing if table.post_field not in group]
    found = "、".join(column.header for column in recognition.columns)
    label = "、".join("或".join(table.field(key).label for key in group[:2]) for group in missing)
    data = {"table": table.label, "missing": label, "found": found}
    return [finding("column-missing", data=data, **draft.place)] if missing else []


def _unused_columns(draft: Draft, recognition: Recognition) -> list[Finding]:
    """A finding for each column with cells that was not taken for a field."""
    table, region = recognition.table, draft.region
    assert table is not None
    used = {column.index for column in (*recognition.columns, *recognition.twins)} | recognition.unneeded
    used |= {index for post in recognition.posts for index in post.indices}
    used |= {check.at for check in recognition.checks}
    used |= {column.index for guest in recognition.guests for column in guest.columns}
    taken = {column.key for column in recognition.columns}
    findings = []
    for index, name in enumerate(region.names):
        if index in used or not draft.evidence.profiles[index].n:
            continue
        header = name.replace("\n", " ")
        at = letters(region.columns[index])
        here = {**draft.place, "row": int(region.start), "column": f"{at} {header}".strip()}
        said = candidates(table, name) if name else {}
        twice = next((key for key in said if key in taken), "")
        like = likely(table, name) if name else ""
        if not name and draft.evidence.profiles[index].is_serial:
            continue
        if not name:
            findings.append(finding("column-without-header", **here))
        elif twice and max(said.values()) > schema.recognition_words()["weights"]["generic"]:
            findings.append(finding("header-twice", data={"field": table.field(twice).label}, **here))
        elif like and max(said.values(), default=0.0) <= schema.recognition_words()["weights"]["generic"]:
            findings.append(finding("header-similar", data={"header": header, "like": like}, **here))
        elif not draft.evidence.profiles[index].is_serial:
            findings.append(finding("header-unknown", data={"header": header}, **here))
    return findings


def row_findings(draft: Draft, recognition: Recognition, records: Records) -> list[Finding]:
    """A finding for each row without its key, and one for rows that were only prepared."""
    table, region = recognition.table, draft.region
    assert table is not None
    keys = [column for column in recognition.columns if column.key in table.key_fields]
    label = "／".join(table.field(column.key).label for column in keys)
    column = place_of(keys[0], region) if keys else ""
    rows = region.excel_rows(records.incomplete)
    found = [
        finding("row-incomplete", row=int(row), column=column, data={"field": label}, **draft.place) for row in rows
    ]
    last = {row: int(region.excel_rows(np.array([held]))[0]) for row, held in records.replaced.items()}
    again = region.excel_rows(np.array(list(last), dtype=np.int64))
    found += [
        finding("row-answered-again", row=int(row), column=column, data={"row": held}, **draft.place)
        for row, held in zip(again, last.values(), strict=True)
    ]
    if records.counts["prepared"]:
        found.append(finding("rows-prepared", data={"n": records.counts["prepared"]}, **draft.place))
    return found + _stated_rows(draft, recognition, records)


def _stated_rows(draft: Draft, recognition: Recognition, records: Records) -> list[Finding]:
    """What a title or the last total says of how many rows there are, against the rows that were read."""
    region = draft.region
    keys = [
        region.columns[c.index]
        for c in recognition.columns
        if recognition.table and c.key in recognition.table.key_fields
    ]
    texts = [(region.lines[0] if region.lines else region.first, title) for title in draft.titles]
    for row in records.totals[-1:]:
        cells = [as_text(region.sheet.cell(row, index)) for index in dict.fromkeys((region.columns[0], *keys))]
        texts.append((row, " ".join(dict.fromkeys(cell for cell in cells if cell))))
    n_read, found = len(records.used), []
    for row, text in texts:
        match = re.search(words()["counted_in_title"], fold(text))
        if match and (stated := int(match[1])) != n_read:
            code = "count-differs-much" if abs(stated - n_read) * 3 >= stated else "count-differs"
            found.append(finding(code, row=row + 1, data={"stated": stated, "counted": n_read}, **draft.place))
    return found
