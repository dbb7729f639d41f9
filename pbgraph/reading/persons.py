"""Cells that name several persons: with their posts, with their units, or one behind the other.

“书记：甲；副书记：乙、丙” and “甲（书记），乙（组织委员）” say who holds which post; “甲（某公司党支部书记）” says
where somebody works and as what.
"""

import re
from functools import cache

import pandas as pd

from pbgraph import schema
from pbgraph.reading.columns import words
from pbgraph.reading.shapes import is_person, shapes_of
from pbgraph.reading.values import split
from pbgraph.schema import Field, Table
from pbgraph.text import fold

_POST_NAMES = re.compile(r"^\s*([^:：]{1,8}?)\s*[:：]\s*(.*?)\s*$")
_PERSON_OF = re.compile(r"^(.+?)[(（](.+)[)）]$")


def one_each(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """One row for each person with a post, and for each unit, where the kind of table has one a row."""
    for key in table.one_each:
        cells = rows[key]
        several = cells[cells.notna() & cells.str.contains(_separators(), regex=True)] if len(cells) else cells
        if several.empty:
            continue
        parts = {cell: _parts(cell, table.field(key)) for cell in several.unique()}
        at = [parts.get(cell, [{key: cell}]) for cell in rows[key]]
        rows = rows.assign(_parts=at).explode("_parts", ignore_index=True)
        for name in sorted({name for found in parts.values() for part in found for name in part}):
            said = pd.Series([part.get(name) for part in rows["_parts"]], index=rows.index, dtype="str")
            rows[name] = said if name == key else rows[name].mask(said.notna(), said)
        rows = rows.drop(columns="_parts")
    return _persons_with_units(rows, table)


@cache
def _separators() -> str:
    return f"[{re.escape(str(words()['separators']))}:：\\s]"


def _parts(cell: str, item: Field) -> list[dict[str, str]]:
    """What a cell of several says: names with their posts, or names alone; one part where it is one name.

    >>> item = schema.tables()["seats"].field("name")
    >>> [part["name"] for part in _parts("书记：赵一；副书记：钱二、孙三", item)]
    ['赵一', '钱二', '孙三']
    """
    found: list[dict[str, str]] = []
    post = None
    spellings = schema.vocabulary("post").spellings
    for part in split(cell):
        match = _POST_NAMES.match(part)
        if match and match[1] in spellings:
            post, part = spellings[match[1]], match[2]
        if part:
            found.append({item.key: part, **({"committee_post": post} if post and item.type == "person" else {})})
    if item.type == "community":
        parted = split(cell)  # 磨盘里、油坊桥 may lack the word for a community, but no blank parts two of them
        several = [part for text in parted for part in text.split()]
        are_communities = len(parted) > 1 or all("community" in shapes_of(part) for part in several)
        return [{item.key: part} for part in several] if are_communities and len(several) > 1 else [{item.key: cell}]
    alone = [part[item.key] for part in found]
    are_names = item.type != "person" or all(is_person(_PERSON_OF.sub(r"\1", name)) for name in alone)
    return found if are_names and found else [{item.key: cell}]


def _persons_with_units(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """张三（甲公司副经理） to the person, the unit and the post in it, 张三（兼职委员） to the person and a seat.

    A unit that has a cell of its own stays as it is.
    """
    if "name" not in table.one_each or "unit" not in rows or not len(rows):
        return rows
    parts = rows["name"].str.extract(_PERSON_OF)
    is_both = parts[0].notna() & rows["unit"].isna()
    if not is_both.any():
        return rows
    code = parts[1].map(_post_of_label, na_action="ignore").astype("str").where(rows["committee_post"].isna())
    said = parts[1].str.extract(_unit_and_post())
    unit = said[0].fillna(parts[1].where(said[1].isna())).where(code.isna())
    post = rows["unit_post"].fillna(said[1].where(code.isna()))
    return rows.assign(
        name=rows["name"].mask(is_both, parts[0]),
        unit=rows["unit"].mask(is_both, unit),
        unit_post=rows["unit_post"].mask(is_both, post),
        committee_post=rows["committee_post"].mask(is_both & code.notna(), code),
    )


@cache
def _unit_and_post() -> str:
    """A unit and the post in it, such as 绿野园艺副主任; the unit may be left out."""
    names = schema.name_words()
    places, posts = ("|".join(sorted(names[key], key=len, reverse=True)) for key in ("post_places", "post_endings"))
    return rf"^(.{{2,}}?)??((?:{places})?(?:常务|执行)?副?总?(?:{posts}))$"


def _post_of_label(text: str) -> str | None:
    labels = {fold(row["label"]): code for code, row in schema.vocabulary("post").rows.items()}
    return labels.get(fold(text))


def with_team(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The organizations of rows, and the holders of the posts that one cell says: 甲（书记），乙（组织委员）.

    Secretary and deputies go into the columns of their own where these are blank; the others are one row each.
    """
    cells = rows["committee_member"]
    said = {cell: _team(cell) for cell in cells.dropna().unique()}
    said = {cell: team for cell, team in said.items() if any(post for _, post in team)}
    if not said:
        return rows, rows[:0]
    told = cells.isin(said.keys())
    rows = rows.assign(committee_member=cells.mask(told))
    rest: list[tuple[int, str, str | None]] = []
    for place in [place for place, is_told in enumerate(told) if is_told]:
        team, named = said[cells.iloc[place]], set[str]()
        for column, posts in (("secretary", _secretaries()), ("deputy_secretary", frozenset({"deputy_secretary"}))):
            found = "\n".join(name for name, post in team if post in posts)
            at = rows.columns.get_loc(column)
            if found and pd.isna(rows.iat[place, at]):
                rows.iat[place, at] = found
            named |= set(rows.iat[place, at].split("\n")) if pd.notna(rows.iat[place, at]) else set()
        rest += [(place, name, post) for name, post in team if name not in named]
    places, names, codes = zip(*rest, strict=True) if rest else ((), (), ())
    team_rows = rows.iloc[list(places)].reset_index(drop=True)
    texts = {"name": pd.array(list(names), dtype="str"), "team_post": pd.array(list(codes), dtype="str")}
    return rows, team_rows.assign(org=team_rows["org_name"], **texts)


@cache
def _secretaries() -> frozenset[str]:
    return frozenset(schema.vocabulary("post").codes(is_secretary="true"))


def _team(cell: str) -> list[tuple[str, str | None]]:
    """The persons of a cell with the code of the post of each, None where it says none.

    >>> _team("李云（书记）\\n组织委员：王山\\n宣传委员赵海")
    [('李云', 'secretary'), ('王山', 'organization_member'), ('赵海', 'publicity_member')]
    """
    spellings = schema.vocabulary("post").spellings
    found: list[tuple[str, str | None]] = []
    before: str | None = None
    for part in cell.split("\n"):
        headed = _POST_NAMES.match(part)
        if headed and (code := spellings.get(fold(headed[1]))):
            before, part = code, headed[2]
        held = _PERSON_OF.match(part)
        cut = next((n for n in range(len(part) - 2, 1, -1) if fold(part[:n]) in spellings and is_person(part[n:])), 0)
        if held and (code := spellings.get(fold(held[2]))):
            found.append((held[1], code))
        elif cut:
            found.append((part[cut:], spellings[fold(part[:cut])]))
        elif part:
            found.append((part, before))
    return found
