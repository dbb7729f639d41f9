"""Communities and grids: from their lists, or else from every row that names one."""

from dataclasses import replace

import pandas as pd

from pbgraph.linking.entities import NameIndex, looked_up, made_entities, mapped, opaque_ids
from pbgraph.linking.mentions import PLACE, Names, listed_mentions
from pbgraph.linking.steps import Step, tie

Tables = dict[str, pd.DataFrame]
Frames = dict[str, pd.DataFrame]
AREAS = {"grids": "grid", "estates": "estate", "buildings": "building"}


def find_communities(tables: Tables, names: Names) -> tuple[Names, pd.DataFrame, Step]:
    """Communities from their list, or else from every row that names one."""
    listed = tables["communities"]
    rows = listed.rename(columns={"community": "name"})
    mentioned = _community_mentions(tables)
    if rows.empty:
        rows = pd.concat([rows, *mentioned], ignore_index=True) if mentioned else rows
    every = pd.concat([frame["name"].dropna() for frame in (rows, *mentioned)], ignore_index=True)
    names = replace(names, communities=dict.fromkeys(mapped(every, names.key_of("communities")), ""))
    key_of = names.key_of("communities")
    rows = rows[rows["name"].notna()]
    rows = rows.assign(key=mapped(rows["name"], key_of), place="")
    frame, _ = made_entities("communities", rows[rows["key"] != ""], "name", names.aliases)
    frame = _with_unlisted(frame, mentioned, names)
    known = mapped(frame["name"], key_of)
    printed = dict(zip(frame["community_id"], frame["name"], strict=True))
    names = replace(names, communities=dict(zip(known, frame["community_id"], strict=True)), printed=printed)
    names = names.knowing("communities", NameIndex.of("communities", names.aliases, _spelled(frame, known)))
    nested = listed[listed["parent_community"].notna()]
    around = community_ids(names, nested, column="parent_community")
    return names, frame, Step(ties=(tie("part_of", nested, community_ids(names, nested), around),))


def _spelled(frame: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"key": keys, "place": "", "id": frame["community_id"]})


def _community_mentions(tables: Tables) -> list[pd.DataFrame]:
    """Every community that rows of a table name in a column, once, with its place."""
    columns = ("community", "report_community", "parent_community")
    named = [
        table[[column, *PLACE]].dropna(subset=[column]).drop_duplicates(column).rename(columns={column: "name"})
        for table in tables.values()
        if len(table)
        for column in columns
        if column in table
    ]
    return [rows for rows in named if len(rows)]


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


def find_grids(tables: Tables, names: Names) -> tuple[Names, pd.DataFrame, Frames, Step]:
    """Grids, estates and buildings: one kind, told apart by `type`; each is part of the one around it."""
    frames = []
    for table, column in (("grids", "grid"), ("estates", "estate"), ("buildings", "building")):
        rows = tables[table]
        around = rows["estate"].fillna("") if table == "buildings" else ""
        frames.append(rows.assign(name=around + rows[column], type=AREAS[table], table=table, place=names.places(rows)))
    rows = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    if "grid_code" not in rows:  # estates and buildings have none
        rows = rows.assign(grid_code=pd.Series(None, index=rows.index, dtype="str"))
    rows = rows.assign(key=mapped(rows["name"], names.key_of("grids")))
    frame, ids = made_entities("grids", rows.drop(columns=["grid", "table"]), "name", names.aliases, code="grid_code")
    rows = rows.assign(id=ids)
    names = names.knowing("grids", NameIndex.of("grids", names.aliases, rows))
    outer = names.resolve("grids", rows, "grid", place=rows["place"], keep=False, table="grids")
    inside = outer["id"].where(rows["type"] != "grid")
    ties = (
        tie("part_of", rows, ids, inside),
        tie("part_of", rows, ids, community_ids(names, rows).where(inside.isna())),
    )
    areas = {
        table: rows[rows["table"] == table].reindex(columns=[*tables[table].columns, "id", "place"]) for table in AREAS
    }
    mentions = (listed_mentions("grids", rows, rows["name"], ids, table="grids"), outer)
    return names, frame, areas, Step(ties=ties, mentions=mentions)
