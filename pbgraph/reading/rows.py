"""The records of a region to typed rows, each with its place.

A row may say more than its own kind of table: a ledger names the unit, its organization and the
superior; a committee stands in one row with a column for each seat; one cell holds “书记：甲；副书记：
乙、丙” or all member units. What it says is read into the tables of those kinds, under the same row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell
from pbgraph.reading.checks import rows_of_checks
from pbgraph.reading.columns import letters, words
from pbgraph.reading.contradictions import wrong_ids, wrong_totals
from pbgraph.reading.headers import post_of
from pbgraph.reading.parts import OWN, is_read_in_parts, parts_of
from pbgraph.reading.persons import one_each, with_team
from pbgraph.reading.recognition import NAME_KINDS, Column, Recognition
from pbgraph.reading.records import Records
from pbgraph.reading.regions import Region
from pbgraph.reading.said import answered, is_no_word, is_none_word, is_yes_word
from pbgraph.reading.values import (
    HIDDEN,
    money_units,
    null_column,
    read_cells,
    read_column,
    repeated,
    said_instead,
    split,
)
from pbgraph.schema import Field, Table
from pbgraph.text import fold, serial_date

_OPEN = frozenset({"value-unknown", "value-unsure"})
"""The problems of a cell that says something of its row which is not known yet."""

_OF_TEAM = ("org", "name", "team_post", "community")
_MANY_CHOICES = 12
_LEAST_INDENTED = 2


@dataclass(frozen=True)
class _Source:
    """Where rows come from: what is said of a cell says it of a row, a column and its header."""

    region: Region
    records: Records
    file: str

    def finding(self, code: str, position: int, at: int, header: str, **more: Any) -> Finding:
        """A finding on a cell, by the position of its record and of its column."""
        row = int(self.region.excel_rows(np.array([self.records.used[position]]))[0])
        column = f"{letters(self.region.columns[at])} {header}"
        return finding(code, file=self.file, sheet=self.region.sheet.name, row=row, column=column, **more)

    def problems(self, problems: Mapping[int, str], column: Column, item: Field) -> Iterable[Finding]:
        """A finding for each problem of a column, and one for all its cells in which something was hidden."""
        for position, code in problems.items():
            if code != HIDDEN:
                cell = self.region.sheet.cell(int(self.records.used[position]), self.region.columns[column.index])
                data = {"field": item.label} | ({"choices": _choices(item.type)} if code == "value-unknown" else {})
                value = "" if item.privacy else str(cell)
                yield self.finding(code, position, column.index, column.header, value=value, data=data)
        yield from self.hidden(problems, column.index, column.header)

    def hidden(self, problems: Mapping[int, str], at: int, header: str) -> Iterable[Finding]:
        """One finding for all cells of a column in which something was hidden."""
        hidden = [position for position, code in problems.items() if code == HIDDEN]
        if hidden:
            yield self.finding(HIDDEN, min(hidden), at, header, data={"n": len(hidden)})


def read_rows(
    region: Region, recognition: Recognition, records: Records, facts: Mapping[str, str], file: str
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """The rows by kind of table, and what was wrong with their cells."""
    table = recognition.table
    assert table is not None
    sheet = region.sheet.name
    source = _Source(region, records, file)
    findings: list[Finding] = []
    columns: dict[str, pd.Series] = {}
    open_cells: dict[int, list[str]] = {}
    told_none: dict[int, list[str]] = {}
    if not (recognition.is_sure or recognition.is_decided):
        open_cells = {i: [table.label] for i in range(len(records.used))}
    for column in recognition.columns:
        values, problems = _read_column(region, records, column, table.field(column.key))
        if table.field(column.key).tells_none:
            positions = _says_none(region, records, column)
            values = values.mask(values.index.isin(positions))
            for position in positions:
                told_none.setdefault(position, []).append(column.key)
        columns[column.key] = values
        for position, code in problems.items():
            if code in _OPEN:
                open_cells.setdefault(position, []).append(table.field(column.key).label)
        findings += source.problems(problems, column, table.field(column.key))
    for column in recognition.twins:
        values, problems = _read_column(region, records, column, table.field(column.key))
        columns[column.key] = columns[column.key].fillna(values)
        findings += source.problems(problems, column, table.field(column.key))
    n = len(records.used)
    columns = _added(region, recognition, records) | columns
    for key, values in _told_beside(region, recognition, records).items():
        columns[key] = columns[key].fillna(values) if key in columns else values
    for item in table.fields:
        if item.key not in columns:
            columns[item.key] = null_column(item, n)
    findings += _fill_from_around(columns, region, recognition, records, facts, file)
    _name_what_is(columns, table)
    ordered = {item.key: columns[item.key] for item in table.fields}
    for guest in recognition.guests:
        for column in guest.columns:
            values, problems = _read_column(region, records, column, guest.table.field(column.key))
            ordered[_name_of(guest.table, column.key)] = values
            findings += source.problems(problems, column, guest.table.field(column.key))
    for index, header in recognition.own:
        ordered[header], hidden = _own_column(source, table, index, header)
        findings += hidden
    if open_cells:
        ordered["not_understood"] = pd.Series([_listed(open_cells.get(i)) for i in range(n)], dtype="str")
    if told_none:
        ordered["said_none"] = pd.Series([_listed(told_none.get(i)) for i in range(n)], dtype="str")
    ordered |= place_columns(file, sheet, region.excel_rows(records.used))
    rows = pd.DataFrame({name: values.array for name, values in ordered.items()})
    findings += wrong_totals(rows, region, recognition, records, file)
    findings += wrong_ids(rows, table)
    return _frames(rows, region, recognition, records), findings


def _fill_from_around(
    columns: dict[str, pd.Series],
    region: Region,
    recognition: Recognition,
    records: Records,
    facts: Mapping[str, str],
    file: str,
) -> list[Finding]:
    """Fill columns with what heading rows, titles, names, indents and the header of the persons say of every row."""
    table, findings = recognition.table, []
    assert table is not None
    for key, said in records.headings.items():
        if columns[key].dtype == "str":
            columns[key] = columns[key].fillna(pd.Series([_fact_value(table.field(key), v) for v in said], dtype="str"))
    for key, value in facts.items():
        if key in columns and (read := _fact_value(table.field(key), value)) is not None:
            item = table.field(key)
            is_own = item.tells_none and any(column.key == key for column in recognition.columns)
            if not (is_own and columns[key].dropna().ne(read).any()):  # a column that names others speaks for itself
                columns[key] = columns[key].fillna(read)
    if table.is_indented and not any(column.key == "parent" for column in recognition.columns):
        parents = _parents_by_indent(region, recognition, records, columns["org_name"])
        if n := int((parents.notna() & columns["parent"].isna()).sum()):
            findings.append(finding("parent-by-indent", data={"n": n}, file=file, sheet=region.sheet.name))
        columns["parent"] = columns["parent"].fillna(parents)
    post = next((post_of(c.header) for c in recognition.columns if c.key in table.key_fields), "")
    if post and table.post_field and columns[table.post_field].isna().all():
        columns[table.post_field] = columns[table.post_field].fillna(post)
    if "unit_with_post" in columns:
        _split_units(columns)
    if {"org_name", "parent"} <= columns.keys():
        own = [name for name in columns["org_name"].dropna().unique() if fold(name) in words()["own_level"]]
        is_own = columns["org_name"].isin(own) & columns["parent"].notna()
        columns["org_name"] = columns["org_name"].mask(is_own, columns["parent"])
        columns["parent"] = columns["parent"].mask(is_own)
    return findings


def _name_what_is(columns: dict[str, pd.Series], table: Table) -> None:
    """Say in words what cells of yes and no tell of: 是 below 是否建立工会 is 工会 among the mass organizations."""
    for item in table.fields:
        if item.names and (is_told := columns[item.key].fillna(value=False).astype(bool)).any():
            field, word = item.names
            both = (columns[field] + "\n" + word).fillna(word).astype("str")
            columns[field] = columns[field].mask(is_told, both)


def _frames(rows: pd.DataFrame, region: Region, recognition: Recognition, records: Records) -> dict[str, pd.DataFrame]:
    """The rows and the records of other kinds that they hold, by kind of table."""
    table = recognition.table
    assert table is not None
    if recognition.checks:

        def cells_of(at: int) -> list[Cell]:
            held = region.sheet.columns[region.columns[at]].values
            return [held[code] for code in records.cells[region.columns[at]][records.used]]

        rows = rows_of_checks(rows, table, recognition.checks, cells_of)
    frames = _with_posts(rows, region, recognition, records)
    if "committee_member" in frames[table.key]:
        frames[table.key], team = with_team(frames[table.key])
        if len(team):
            kind = schema.tables()[table.post_columns]
            made = _as_table(team, kind, _OF_TEAM)
            frames[kind.key] = pd.concat([frames[kind.key], made], ignore_index=True) if kind.key in frames else made
    if table.bodies and not any(post.beside for post in recognition.posts):
        frames = _with_member_units(frames, table, rows["row"].value_counts())
    return _several(frames, table)


def _parents_by_indent(region: Region, recognition: Recognition, records: Records, names: pd.Series) -> pd.Series:
    """The superior of each organization by how far its name stands in; null where most names stand in line."""
    at = next((column.index for column in recognition.columns if column.key == "org_name"), None)
    parents = pd.Series([None] * len(names), index=names.index, dtype="str")
    if at is None:
        return parents
    cells = [str(region.sheet.cell(int(row), region.columns[at])) for row in records.used]
    depths = [len(cell) - len(cell.lstrip(" \u3000\t\xa0")) for cell in cells]
    n_indented = sum(map(bool, depths))
    if not depths or depths[0] or n_indented < max(_LEAST_INDENTED, len(depths) / 2):
        return parents  # a stray blank before a name is no level
    above: list[tuple[int, str]] = []
    found: list[str | None] = []
    for depth, name in zip(depths, names, strict=True):
        while above and above[-1][0] >= depth:
            above.pop()
        found.append(above[-1][1] if above else None)
        above.append((depth, name))
    return pd.Series(found, index=names.index, dtype="str")


def _listed(labels: list[str] | None) -> str | None:
    return "\n".join(labels) if labels else None


def _split_units(columns: dict[str, pd.Series]) -> None:
    """云州纺织有限公司总经理 to unit and post, where neither has a column of its own."""
    endings = "|".join(sorted(words()["unit_endings"], key=len, reverse=True))
    both = columns["unit_with_post"]
    if both.isna().all():
        return
    parts = both.str.extract(r"^(\S+?)\s+(\S.*)$").fillna(both.str.extract(rf"^(.*(?:{endings}))(.*)$"))
    columns["unit"] = columns["unit"].fillna(parts[0].fillna(both).astype("str"))
    columns["unit_post"] = columns["unit_post"].fillna(parts[1].where(parts[1] != "").astype("str"))


def _fact_value(item: Field, value: str | None) -> Any:
    """A value that stands beside a table as a cell of a column would be read, None where it cannot be."""
    if value is None:
        return None
    read, problems = read_cells([value], item)
    return None if set(problems.values()) - {HIDDEN} or read.isna().any() else read.iloc[0]


def _read_column(region: Region, records: Records, column: Column, item: Field) -> tuple[pd.Series, dict[int, str]]:
    index = region.columns[column.index]
    sheet = region.sheet
    codes = records.cells[index][records.used]
    cells = sheet.columns[index].values
    if sheet.is_1904 and item.type == "date":
        cells = [serial_date(cell, is_1904=True) or cell if isinstance(cell, float) else cell for cell in cells]
    if item.type == "money":
        cells = _in_unit(cells, column.header)
    if is_read_in_parts(column.key):
        cells = [_own_part(column, item, cell) if isinstance(cell, str) else cell for cell in cells]
    values, problems = read_column(codes, cells, item)
    faults = {row: code for (row, at), code in sheet.faults.items() if at == index}
    if faults:
        at = np.flatnonzero(np.isin(records.used, list(faults)))
        problems |= {int(i): faults[int(records.used[i])] for i in at if codes[i] == 0}
    return values, problems


def _added(region: Region, recognition: Recognition, records: Records) -> dict[str, pd.Series]:
    """What cells say of another field than that of their column.

    是，联合建立 also says how it was set up; 预备期 below 转正时间 says what somebody is.
    """
    table, found = recognition.table, dict[str, pd.Series]()
    assert table is not None
    for column in recognition.columns:
        other = words()["instead_field"].get(column.key, "")
        say: Callable[[str], str] = partial(said_instead, key=column.key)
        if not other and table.field(column.key).type == "flag":
            other, say = table.otherwise.get(column.key, ""), _behind_answer
        if other:
            index = region.columns[column.index]
            cells: list[Cell] = [say(c) if isinstance(c, str) else "" for c in region.sheet.columns[index].values]
            found[other] = read_column(records.cells[index][records.used], cells, table.field(other))[0]
    return found


def _behind_answer(cell: str) -> str:
    """What an answer says beside yes or no: 单独成立 of 是，单独成立 and of 已单独成立; "" for a plain one."""
    return answered(cell)[1] or ("" if is_yes_word(cell) or is_no_word(cell) else cell)


def _own_part(column: Column, item: Field, cell: str) -> str:
    """What a cell says of the field of its column, where it says more: of 正式3、预备1 no total of its own."""
    parts = parts_of(column.key, column.header, cell)
    return parts.get(OWN, "" if parts and item.type == "integer" else cell)


def _told_beside(region: Region, recognition: Recognition, records: Records) -> dict[str, pd.Series]:
    """What cells say of other fields than that of their column, by those."""
    table, found = recognition.table, dict[str, pd.Series]()
    assert table is not None
    known = {item.key for item in table.fields}
    for column in recognition.columns:
        if not is_read_in_parts(column.key):
            continue
        index = region.columns[column.index]
        cells = region.sheet.columns[index].values
        parts = [parts_of(column.key, column.header, cell) if isinstance(cell, str) else {} for cell in cells]
        for key in sorted({key for told in parts for key in told} & known):
            said = [told.get(key, "") for told in parts]
            values = read_column(records.cells[index][records.used], list(said), table.field(key))[0]
            found[key] = found[key].fillna(values) if key in found else values
    return found


def _says_none(region: Region, records: Records, column: Column) -> list[int]:
    """The positions of records that say in a column that there is none: 无, 未建. A blank cell says nothing."""
    index = region.columns[column.index]
    said = [code for code, cell in enumerate(region.sheet.columns[index].values) if is_none_word(cell)]
    return [int(position) for position in np.flatnonzero(np.isin(records.cells[index][records.used], said))]


def _in_unit(cells: list[Cell], header: str) -> list[Cell]:
    """Amounts that name no unit of their own get that of the header: 金额（万元）."""
    unit = max((unit for unit in money_units() if unit in header), key=len, default="")
    return [f"{cell}{unit}" if cell != "" and not str(cell).endswith(tuple(money_units())) else cell for cell in cells]


def _own_column(source: _Source, table: Table, at: int, header: str) -> tuple[pd.Series, Iterable[Finding]]:
    """The cells of a column that the office keeps as text; its header tells what they are."""
    index = source.region.columns[at]
    privacy = "person" if table.is_of_persons else ""
    item = Field("own", header, header, "text", (), many=False, privacy=privacy)
    codes = source.records.cells[index][source.records.used]
    values, problems = read_column(codes, source.region.sheet.columns[index].values, item)
    return values, source.hidden(problems, at, header)


@cache
def _choices(name: str) -> str:
    if not schema.has_vocabulary(name):
        return "是、否"
    labels = [row["label"] for row in schema.vocabulary(name).rows.values()]
    return "、".join(labels[:_MANY_CHOICES])


def place_columns(file: str, sheet: str, used: Sequence[int] | Any) -> dict[str, pd.Series]:
    """File, sheet, row (as Excel shows it) and `source` of each row number."""
    rows = pd.Series(np.asarray(used, dtype=np.int64))
    return {
        "file": repeated(file, len(rows)),
        "sheet": repeated(sheet, len(rows)),
        "row": rows.astype("Int64"),
        "source": (f"{file}|{sheet}|" + rows.astype("str")).astype("str"),
    }


def _with_posts(
    rows: pd.DataFrame, region: Region, recognition: Recognition, records: Records
) -> dict[str, pd.DataFrame]:
    """The rows, and the holders of posts in columns of their own as rows of the kind that holds them."""
    table = recognition.table
    assert table is not None
    if not recognition.posts:
        return {table.key: rows}
    holder = Field("name", "", "", "text", (), many=True, privacy="person")
    kind = schema.tables()[table.post_columns]
    body, post = ("committee", "committee_post") if table.has_posts else ("org", "team_post")

    def cells_of(at: int, item: Field) -> pd.Series:
        index = region.columns[at]
        return read_column(records.cells[index][records.used], region.sheet.columns[index].values, item)[0]

    member_units: dict[str, pd.DataFrame] = {}
    if table.has_posts and any(post.beside for post in recognition.posts):
        member_units = _member_units(rows, table, rows[table.bodies["of"]].notna())
        rows = rows.assign(**{table.bodies["of"]: null_column(table.field(table.bodies["of"]), len(rows))})
    frames = [rows[rows["name"].notna()]] if table.has_posts else []
    for held in recognition.posts:
        said = {key: cells_of(at, table.field(key)).to_numpy() for at, key in held.beside}
        named = rows.assign(name=cells_of(held.at, holder).to_numpy(), **{post: held.code}, **said)
        if not table.has_posts:
            named[body] = rows["org_name"]
        named = named[named[["name", *said]].notna().any(axis=1)]
        frames.append(named.assign(name=named["name"].str.split("\n")).explode("name"))
    kept = tuple(rows.columns) if table.has_posts else _OF_TEAM
    holders = _as_table(pd.concat(frames, ignore_index=True), kind, kept)
    return {table.key: holders, **member_units} if table.has_posts else {table.key: rows, kind.key: holders}


def _several(frames: dict[str, pd.DataFrame], table: Table) -> dict[str, pd.DataFrame]:
    """Rows for each of several persons or units in a cell, and records of the other kinds that a row holds."""
    frames = {key: one_each(frame, schema.tables()[key]) for key, frame in frames.items()}
    own = frames[table.key]
    filled = {name for name in own if own[name].notna().any()}
    for spec in table.also:
        kind = schema.tables()[spec["table"]]
        held = {item.key: name for item in kind.fields if (name := _name_of(kind, item.key)) in own}
        told_by, some_of = spec.get("told_by", []), [*spec.get("needs", []), *held.values()]
        is_told_more = bool(spec.get("needs")) or not told_by
        if not filled.issuperset(told_by) or (is_told_more and filled.isdisjoint(some_of)):
            continue
        told = own[told_by].notna().all(axis=1)
        if is_told_more:
            told &= own[some_of].notna().any(axis=1)
        if "repeats" in spec:  # a grid that is named once for each of its buildings
            told &= own[spec["repeats"]].duplicated(keep=False)
        named = pd.DataFrame({field: own.loc[told, column] for field, column in spec["fields"].items()})
        named = named.join(own.loc[told, ["file", "sheet", "row", "source", *({"said_none"} & set(own))]])
        for field, column in held.items():
            named[field] = own.loc[told, column].fillna(named[field]) if field in named else own.loc[told, column]
        for field, column in spec["fields"].items():  # 甲、乙 guide a unit
            if table.field(column).many and not kind.field(field).many:
                named = named.assign(**{field: named[field].str.split("\n")}).explode(field)
        named = _of_several(_called(named, table, spec), kind, spec)
        if len(named):
            says = spec.get("says", {})
            made = {kind.key: _as_table(named.assign(**says), kind, (*spec["fields"], *held, *says))}
            if "said_none" in named:
                made[kind.key]["said_none"] = named["said_none"].array
            for key, frame in (_several(made, kind) if held else made).items():
                frames[key] = pd.concat([frames[key], frame], ignore_index=True) if key in frames else frame
    frames[table.key] = own.drop(columns=[name for name in own if _OF_OTHERS in name])
    return frames


_OF_OTHERS = "\n"  # in the name of a column that holds a field of a further record: no header has it


def _name_of(kind: Table, key: str) -> str:
    """The name of the column that holds a field of a further record of each row."""
    return f"{kind.key}{_OF_OTHERS}{key}"


def _called(rows: pd.DataFrame, table: Table, spec: Mapping[str, Any]) -> pd.DataFrame:
    """The rows with a name for each body of a community of which a cell says no more than that there is one."""
    for field, column in spec["fields"].items() if "community" in spec["fields"] else ():
        if column in spec.get("told_by", ()) and table.field(column).type == "text":
            is_told = rows[field].map(is_yes_word, na_action="ignore").fillna(value=False).astype(bool)
            label = table.field(column).label.removeprefix(schema.layout_words()["matrix"]["place"])
            rows = rows.assign(**{field: rows[field].mask(is_told, rows["community"].astype("str") + label)})
    return rows


def _of_several(rows: pd.DataFrame, kind: Table, spec: Mapping[str, Any]) -> pd.DataFrame:
    """Rows whose cell names several bodies: one for each with what holds of `each`, or none, since no detail does."""
    for key in (key for key in spec["fields"] if key in kind.key_fields and kind.field(key).type in NAME_KINDS):
        parts = rows[key].map(split)
        is_one = parts.str.len() == 1
        others = rows[~is_one].assign(**{key: parts[~is_one]}).explode(key)
        gone = [field for field in spec["fields"] if field not in {key, *spec.get("each", ())}]
        others[gone] = others[gone].mask(pd.Series(data=True, index=others.index))
        rows = pd.concat([rows[is_one], others if "each" in spec else others[:0]], ignore_index=True)
    return rows


def _with_member_units(frames: dict[str, pd.DataFrame], table: Table, n_read: pd.Series) -> dict[str, pd.DataFrame]:
    """The units of a row that is a whole committee are its member units, and of no one person.

    `n_read` says how many records each row of the sheet is: all of a table on its side have one and the same.
    """
    spec, rows = table.bodies, frames[table.key]
    is_split = rows.groupby("row")["row"].transform("size") > rows["row"].map(n_read)
    several = is_split.astype(bool) | rows["name"].fillna("").str.contains("[:：;；、]", regex=True)
    told = rows[spec["of"]].notna() & several
    if not told.any():
        return frames
    alone = rows.assign(**{spec["of"]: rows[spec["of"]].mask(told)})
    return {**frames, table.key: alone, **_member_units(rows, table, told)}


def _member_units(rows: pd.DataFrame, table: Table, told: pd.Series) -> dict[str, pd.DataFrame]:
    """The units of some rows as member units of the committee, one row each."""
    spec = table.bodies
    if not told.any():
        return {}
    kind = schema.tables()[spec["table"]]
    named = rows[told].drop_duplicates("row").assign(**{spec["as"]: rows[spec["of"]]})
    return {kind.key: _as_table(named, kind, (spec["as"], *spec["with"]))}


def _as_table(rows: pd.DataFrame, table: Table, kept: tuple[str, ...]) -> pd.DataFrame:
    """Rows under the columns of another kind of table, null where they say nothing of it."""
    columns = {item.key: rows[item.key] if item.key in kept else null_column(item, len(rows)) for item in table.fields}
    places = {key: rows[key].reset_index(drop=True) for key in ("file", "sheet", "row", "source")}
    return pd.DataFrame({**{key: column.reset_index(drop=True) for key, column in columns.items()}, **places})
