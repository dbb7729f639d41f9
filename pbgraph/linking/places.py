"""Communities and grids: from their lists, or else from every row that names one."""

import re
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from pbgraph import schema
from pbgraph.linking.declared import place_columns
from pbgraph.linking.entities import NameIndex, flagged, looked_up, made_entities, mapped, opaque_ids
from pbgraph.linking.keys import name_key
from pbgraph.linking.mentions import PLACE, Names, exploded, listed_mentions
from pbgraph.linking.steps import Step, tie
from pbgraph.reading.shapes import shapes_of

Tables = dict[str, pd.DataFrame]
Frames = dict[str, pd.DataFrame]
AREAS = {"grids": "grid", "estates": "estate", "buildings": "building", "duty_areas": "duty_area"}


def find_communities(tables: Tables, names: Names) -> tuple[Names, pd.DataFrame, Step]:
    """Communities from their list, or else from every row that names one."""
    listed = tables["communities"]
    rows = listed.rename(columns={"community": "name"})
    mentioned = _community_mentions(tables)
    if rows.empty or _tells_terms_only(rows):
        rows = pd.concat([rows, *mentioned], ignore_index=True) if mentioned else rows
    every = pd.concat([frame["name"].dropna() for frame in (rows, *mentioned)], ignore_index=True)
    names = replace(names, communities=dict.fromkeys(mapped(every, names.key_of("communities")), ""))
    key_of = names.key_of("communities")
    rows = rows[rows["name"].notna()]
    rows = _of_last_year(rows.assign(key=mapped(rows["name"], key_of), place=""))
    frame, _ = made_entities("communities", rows[rows["key"] != ""], "name", names.aliases)
    frame = _with_unlisted(frame, mentioned, names)
    known = mapped(frame["name"], key_of)
    printed = dict(zip(frame["community_id"], frame["name"], strict=True))
    names = replace(names, communities=dict(zip(known, frame["community_id"], strict=True)), printed=printed)
    names = names.knowing("communities", NameIndex.of("communities", names.aliases, _spelled(frame, known)))
    nested = listed[listed["parent_community"].notna()]
    around = community_ids(names, nested, column="parent_community")
    return names, frame, Step(ties=(tie("part_of", nested, community_ids(names, nested), around),))


def _tells_terms_only(rows: pd.DataFrame) -> bool:
    """Whether a list of communities says nothing but when they elect: it need not name them all."""
    said = [column for column in rows if column not in {"name", "seq", "remark", "said_none", *PLACE, *_TERM}]
    return bool(rows[said].isna().all(axis=None)) and bool(rows[list(_TERM)].notna().any(axis=None))


_TERM = ("elected", "expires", "term_years")


def _of_last_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of communities, the money of each only in those of its last year: a list may have a row a year."""
    if "year" not in rows or rows["year"].isna().all():
        return rows
    last = rows.groupby("key")["year"].transform("max")
    is_past = (rows["year"] < last).fillna(value=False).astype(bool)
    money = rows[list(_YEARLY)]
    return rows.assign(**money.mask(is_past), year=rows["year"].mask(is_past))


_YEARLY = ("funds_running", "funds_benefit")


def _spelled(frame: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"key": keys, "place": "", "id": frame["community_id"]})


def _community_mentions(tables: Tables) -> list[pd.DataFrame]:
    """Every community that rows of a table name in a column, once, with its place.

    A cell that may name a body of any kind names a community where it looks like one, and so does what stands
    before the level in the name of a committee or of an organization: 齐家庄社区大党委, 甲社区党总支.
    """
    named = []
    for key, table in tables.items():
        for item in schema.tables()[key].fields if len(table) else ():
            is_meant = item.type in {"community", "committee", "org"} or (key, item.key) in place_columns()
            if is_meant and table[item.key].notna().any():
                once = table[[item.key, *PLACE]].dropna(subset=[item.key]).drop_duplicates(item.key)
                rows = exploded(once.rename(columns={item.key: "name"}), "name")
                named.append(rows if item.type == "community" else _called_after(rows, item.type))
    return [rows for rows in named if len(rows)]


def _called_after(rows: pd.DataFrame, type_: str) -> pd.DataFrame:
    """The rows whose name is a community's, or is called after one and nothing more, with that community."""
    if type_ == "committee":
        rows = exploded(rows.assign(name=mapped(rows["name"], _between)), "name")
    elif type_ == "org":
        rows = rows.assign(name=mapped(rows["name"], own_place))
    return rows[flagged(rows["name"], is_place_name)]


def _between(name: str) -> str:
    """The communities in the name of a committee, a line each, and the rest of it as it is."""
    parts = re.split(schema.name_words()["between_communities"], name)
    return "\n".join(own_place(part) or part for part in parts if part)


def own_place(name: str) -> str:
    """The community after which a committee or an organization is called and nothing more, "" where there is none.

    >>> own_place("齐家庄社区大党委"), own_place("中共甲社区总支部委员会"), own_place("甲社区物业党支部")
    ('齐家庄社区', '甲社区', '')
    """
    if is_place_name(name):
        return name
    marks = schema.recognition_words()["shapes"]["committee_marks"]
    mark = next((mark for mark in sorted(marks, key=len, reverse=True) if name.endswith(mark)), "")
    key = name.removesuffix(mark) if mark else name_key(name, kind="organizations")
    level = "" if mark else next((level for level in schema.name_words()["levels"] if key.endswith(level)), "")
    rest = key.removesuffix(level)
    return rest if (mark or level) and is_place_name(rest) else ""


@lru_cache(maxsize=65536)
def is_place_name(name: str) -> bool:
    """Whether a name looks like that of a community: 甲社区, and neither 各社区 nor 社区."""
    words = schema.layout_words()
    ends = words["community_endings"][: words["community_endings"].index("社区") + 1]
    rest = name.removesuffix(ends[-1])
    is_one = name.endswith(tuple(ends)) and "community" in shapes_of(name)
    is_said_of_many = rest.startswith(tuple(words["no_community_from"]))
    return is_one and not is_said_of_many and not any(len(word) > 1 and word in rest for word in words["no_community"])


def _with_unlisted(frame: pd.DataFrame, mentioned: list[pd.DataFrame], names: Names) -> pd.DataFrame:
    """The communities that only other rows name, as not listed."""
    if not mentioned:
        return frame
    rows = pd.concat(mentioned, ignore_index=True)
    key_of = names.key_of("communities")
    rows = rows.assign(key=mapped(rows["name"], key_of))
    new = rows[~rows["key"].isin({"", *mapped(frame["name"], key_of)})]
    if new.empty:
        return frame
    ids = opaque_ids("communities", new["key"] + "@")
    added = new.assign(community_id=ids, is_listed=False).drop_duplicates("community_id")
    return pd.concat([frame, added[["community_id", "name", "source", "is_listed"]]], ignore_index=True)


def community_ids(names: Names, rows: pd.DataFrame, *, column: str = "community") -> pd.Series:
    """The id of the community each row names, null where it names none."""
    return looked_up(names.places(rows, column), names.communities)


def printed_names(ids: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """The printed name of each community id."""
    return looked_up(ids, dict(zip(frame["community_id"], frame["name"], strict=True)))


def named_building(rows: pd.DataFrame) -> pd.Series:
    """The name of the building of each row with its estate in front, or the estate alone; null where it names none."""
    begins = [isinstance(name, str) and isinstance(estate, str) and name.startswith(estate)
              for name, estate in zip(rows["building"], rows["estate"], strict=True)]  # fmt: skip
    within = rows["estate"].astype("str").fillna("").mask(pd.Series(begins, index=rows.index), "")
    return (within + rows["building"].astype("str")).fillna(rows["estate"].astype("str"))


def find_grids(tables: Tables, names: Names) -> tuple[Names, pd.DataFrame, Frames, Step]:
    """Grids, estates, buildings and areas of duty: one kind told apart by `type`, each part of the one around it."""
    frames = []
    for table, column in AREAS.items():
        rows = tables[table]
        named = named_building(rows) if table == "buildings" else rows[column]
        frames.append(rows.assign(name=named, type=AREAS[table], table=table, place=names.places(rows)))
    rows = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    for column in sorted({"grid", "grid_code", "estate"} - set(rows)):  # an area of duty has none of them
        rows = rows.assign(**{column: pd.Series(None, index=rows.index, dtype="str")})
    rows = rows.assign(key=mapped(rows["name"], names.key_of("grids")))
    frame, ids = made_entities("grids", rows.drop(columns=["grid", "table"]), "name", names.aliases, code="grid_code")
    rows = rows.assign(id=ids)
    names = names.knowing("grids", NameIndex.of("grids", names.aliases, rows))
    outer = names.resolve("grids", rows, "grid", place=rows["place"], keep=False, table="grids")
    inside = outer["id"].where(rows["type"] != "grid")
    estates = names.resolve("grids", rows, "estate", place=rows["place"], keep=False, table="grids")
    within = estates["id"].where(rows["type"] == "building")
    ties = (
        tie("part_of", rows, ids, inside),
        tie("part_of", rows, ids, within),
        tie("part_of", rows, ids, community_ids(names, rows).where(inside.isna() & within.isna())),
    )
    mentioned = _estates_of_buildings(tables["buildings"], names, rows)
    spelled = pd.concat([rows[list(_SPELT)], mentioned[list(_SPELT)]], ignore_index=True)
    names = names.knowing("grids", NameIndex.of("grids", names.aliases, spelled))
    estates_only = mentioned.rename(columns={"id": "grid_id"})[["grid_id", "name", "type", "community", "source"]]
    areas = {
        table: rows[rows["table"] == table].reindex(columns=[*tables[table].columns, "id", "place"]) for table in AREAS
    }
    mentions = (listed_mentions("grids", rows, rows["name"], ids, table="grids"), outer)
    return names, frame, areas, Step(ties=ties, mentions=mentions, added=(("grids", estates_only),))


_SPELT = ("key", "place", "id")


def _estates_of_buildings(rows: pd.DataFrame, names: Names, listed: pd.DataFrame) -> pd.DataFrame:
    """The estates that only a list of buildings names: known by name, and nodes where a tie leads to them."""
    rows = rows[rows["estate"].notna()].assign(place=names.places(rows), type="estate")
    rows = rows.assign(name=rows["estate"], key=mapped(rows["estate"], names.key_of("grids")))
    rows = rows[~rows["key"].isin({"", *listed["key"]})]
    rows = rows.assign(id=opaque_ids("grids", "estate " + rows["key"] + "@" + rows["place"]))
    grouped = rows[[*_SPELT, "name", "type", "community", "source"]].groupby("id", as_index=False)
    lines = grouped["source"].agg(lambda cells: "\n".join(dict.fromkeys(cells)))
    return grouped.first().drop(columns="source").merge(lines, on="id")
