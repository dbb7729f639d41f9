"""Communities, grids, units, organizations and committees: the bodies that rows describe."""

import pandas as pd

from pbgraph import schema
from pbgraph.linking.context import Context, exploded
from pbgraph.linking.entities import ID_COLUMNS, NameIndex, looked_up, mapped, opaque_ids


def link_places(context: Context) -> None:
    """Communities from their list, or else from every row that names one; then grids."""
    listed = context.tables["communities"]
    rows = listed.rename(columns={"community": "name"})
    mentioned = [
        table[[column, "file", "sheet", "row", "source"]].rename(columns={column: "name"})
        for table, column in _community_mentions(context)
    ]
    if rows.empty:
        rows = pd.concat([rows, *mentioned], ignore_index=True) if mentioned else rows
    rows = rows[rows["name"].notna()]
    key = mapped(rows["name"], context.key_of("communities"))
    context.add_entities("communities", rows.assign(key=key, place=""), "name")
    _add_unlisted_communities(context, mentioned)
    nested = listed[listed["parent_community"].notna()]
    if len(nested):
        ids = community_ids(context, nested)
        context.tie("part_of", nested, ids, community_ids(context, nested, column="parent_community"))
    _link_grids(context)


def _link_grids(context: Context) -> None:
    """Grids, estates and buildings: one kind, told apart by `type`; each is part of the one around it."""
    frames = []
    for table, column in (("grids", "grid"), ("estates", "estate"), ("buildings", "building")):
        rows = context.tables[table]
        around = rows["estate"].fillna("") if table == "buildings" else ""
        frames.append(
            rows.assign(name=around + rows[column], type=_AREAS[table], table=table, place=context.places(rows))
        )
    rows = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    if "grid_code" not in rows:  # estates and buildings have none
        rows = rows.assign(grid_code=pd.Series(None, index=rows.index, dtype="str"))
    rows = rows.assign(key=mapped(rows["name"], context.key_of("grids")))
    ids = context.add_entities("grids", rows.drop(columns=["grid", "table"]), "name", code="grid_code")
    rows = rows.assign(id=ids)
    for table in _AREAS:
        own = rows[rows["table"] == table]
        context.tables[table] = own.reindex(columns=[*context.tables[table].columns, "id", "place"])
    outer = context.resolve("grids", rows, "grid", place=rows["place"], keep=False).where(rows["type"] != "grid")
    context.tie("part_of", rows, ids, outer)
    context.tie("part_of", rows, ids, community_ids(context, rows).where(outer.isna()))


_AREAS = {"grids": "grid", "estates": "estate", "buildings": "building"}


def _community_mentions(context: Context) -> list[tuple[pd.DataFrame, str]]:
    columns = ("community", "report_community", "parent_community")
    return [
        (table[table[column].notna()].drop_duplicates(column), column)
        for table in context.tables.values()
        for column in columns
        if column in table and table[column].notna().any()
    ]


def _add_unlisted_communities(context: Context, mentioned: list[pd.DataFrame]) -> None:
    if not mentioned:
        return
    rows = pd.concat(mentioned, ignore_index=True)
    key = mapped(rows["name"], context.key_of("communities"))
    known = set(context.indexes["communities"].entries)
    new = rows.assign(key=key)[~key.isin(known)]
    if new.empty:
        return
    ids = opaque_ids("communities", new["key"] + "@")
    added = new.assign(community_id=ids, is_listed=False).drop_duplicates("community_id")
    frame = context.entities["communities"]
    context.entities["communities"] = pd.concat(
        [frame, added[["community_id", "name", "source", "is_listed"]]], ignore_index=True
    )
    spellings = pd.DataFrame({"key": new["key"], "place": "", "id": ids})
    entries = {
        **context.indexes["communities"].entries,
        **NameIndex.of("communities", context.aliases, spellings).entries,
    }
    context.indexes["communities"] = NameIndex("communities", context.aliases, entries)


def community_ids(context: Context, rows: pd.DataFrame, *, column: str = "community") -> pd.Series:
    """The id of the community each row names, null where it names none."""
    entries = context.indexes["communities"].entries
    keys = mapped(rows[column], context.key_of("communities"))
    return looked_up(keys, {key: found[0].id for key, found in entries.items()})


def community_names(context: Context, ids: pd.Series) -> pd.Series:
    """The printed name of each community id."""
    frame = context.entities["communities"]
    return looked_up(ids, dict(zip(frame["community_id"], frame["name"], strict=True)))


def link_units(context: Context) -> None:
    """Resident units: one node per unit, whichever ledgers it stands in."""
    rows = context.tables["units"]
    rows = rows.assign(key=mapped(rows["unit_name"], context.key_of("units")), place=context.places(rows))
    rows["community"] = community_names(context, community_ids(context, rows))
    ids = context.add_entities("units", rows, "unit_name", code="code")
    _note_moves(context, rows.assign(id=ids))
    context.tables["units"] = rows.assign(id=ids)
    context.tie("located_in", rows, ids, community_ids(context, rows))
    in_grid = rows[rows["grid"].notna()]
    context.tie("located_in", in_grid, ids[in_grid.index], context.resolve("grids", in_grid, "grid", keep=False))


def _note_moves(context: Context, rows: pd.DataFrame) -> None:
    """One unit (by its code) in two communities: one node, and a finding that names both places."""
    placed = rows[rows["community"].notna()]
    n_places = placed.groupby("id")["community"].transform("nunique")
    for _, group in placed[n_places > 1].groupby("id"):
        places = "、".join(sorted(set(group["community"])))
        context.note("place-conflict", group.tail(1), name=group["unit_name"].iloc[0], places=places)


def link_organizations(context: Context) -> None:
    """Party organizations with their superiors, host units, joint units and grids."""
    rows = context.tables["organizations"]
    hosts = _host_units(context, rows)
    rows = rows.assign(key=mapped(rows["org_name"], context.key_of("organizations")))
    by_ending = mapped(rows["key"], _category_of)
    rows["org_type"] = rows["org_type"].fillna(by_ending.mask(by_ending == ""))
    rows["community"] = _organization_communities(context, rows, hosts)
    rows["place"] = context.places(rows)
    rows["above"] = mapped(rows["parent"], context.key_of("organizations"))
    ids = context.add_entities("organizations", rows, "org_name", code="org_code")
    rows = rows.assign(id=ids)
    context.tables["organizations"] = rows
    _index_other_names(context, rows)
    _note_repeated(context, rows)
    parents = context.resolve("organizations", rows, "parent", place=rows["place"])
    context.tie("subordinate", rows, rows["id"], parents)
    _note_conflicts(context, rows.assign(parent_id=parents))
    by_row = dict(zip(rows["source"], rows["id"], strict=True))
    for relation, frame in hosts.items():
        context.tie(relation, frame, looked_up(frame["source"], by_row), frame["unit_id"])
    context.tie("located_in", rows, rows["id"], community_ids(context, rows))
    in_grid = rows[rows["grid"].notna()]
    context.tie("group_in", in_grid, in_grid["id"], context.resolve("grids", in_grid, "grid", keep=False))
    for table in _AREAS:
        for_grids = exploded(context.tables[table], "grid_org")
        context.tie("group_in", for_grids, context.resolve("organizations", for_grids, "grid_org"), for_grids["id"])


def _category_of(key: str) -> str:
    """The category that a name ends in, for rosters without that column; "" where it says none."""
    rows = schema.vocabulary("organization_category").rows
    fitting = [
        (len(row["name_ending"]), code)
        for code, row in rows.items()
        if row["name_ending"] and key.endswith(row["name_ending"])
    ]
    return max(fitting)[1] if fitting else ""


def _host_units(context: Context, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The units an organization is in (`housed_in`) or covers (`joint_covers`)."""
    found = {}
    for relation, column in (("housed_in", "host_unit"), ("joint_covers", "joint_units")):
        several = rows[rows[column].notna()]
        if column == "host_unit":
            several = several.assign(**{column: several[column].map(_listed)})
        several = exploded(several, column)
        found[relation] = several.assign(unit_id=context.resolve("units", several, column))
    return found


def _listed(cell: str) -> str:
    from pbgraph.reading.values import split

    return "\n".join(split(cell))


def _organization_communities(context: Context, rows: pd.DataFrame, hosts: dict[str, pd.DataFrame]) -> pd.Series:
    """The community a row names, else that of its units, else the one its own name begins with."""
    units = context.entities["units"]
    of_unit = dict(zip(units["unit_id"], units["community"], strict=True))
    linked = pd.concat(hosts.values(), ignore_index=True)
    by_source = linked.assign(community=looked_up(linked["unit_id"], of_unit)).dropna(subset=["community"])
    of_row = by_source.drop_duplicates("source").set_index("source")["community"]
    communities = context.entities["communities"]
    names = {context.aliases.key(name, "communities"): name for name in communities["name"]}

    def by_name(key: str) -> str:
        return next((name for start, name in sorted(names.items()) if key.startswith(start)), "")

    stated = community_names(context, community_ids(context, rows))
    named = mapped(rows["key"], by_name)
    return stated.fillna(looked_up(rows["source"], of_row.to_dict())).fillna(named.mask(named == ""))


def _index_other_names(context: Context, rows: pd.DataFrame) -> None:
    """Short and former names lead to the organization where no other one bears them."""
    index = context.indexes["organizations"]
    extra = []
    for column in ("org_short", "former_name"):
        several = exploded(rows, column)
        extra.append(
            several.assign(key=mapped(several[column], context.key_of("organizations")))[
                ["key", "place", "above", "id"]
            ]
        )
    others = pd.concat(extra, ignore_index=True)
    others = others[~others["key"].isin(index.entries.keys())]
    entries = {**NameIndex.of("organizations", context.aliases, others).entries, **index.entries}
    context.indexes["organizations"] = NameIndex("organizations", context.aliases, entries)


def _note_repeated(context: Context, rows: pd.DataFrame) -> None:
    counts = rows.groupby("id")["org_name"].transform("size")
    repeated = rows[(counts > 1) & ~rows["id"].duplicated()]
    for _, row in repeated.iterrows():
        n = int((rows["id"] == row["id"]).sum())
        context.note("entity-twice", rows.loc[[row.name]], name=row["org_name"], table="党组织名册", n=n)


def _note_conflicts(context: Context, rows: pd.DataFrame) -> None:
    """Two superiors for one organization: a finding that names both."""
    known = rows[rows["parent_id"].notna()]
    n_parents = known.groupby("id")["parent_id"].transform("nunique")
    for _, group in known[n_parents > 1].groupby("id"):
        parents = "、".join(sorted(set(group["parent"])))
        context.note("parent-conflict", group.head(1), name=group["org_name"].iloc[0], parents=parents)


def link_committees(context: Context) -> None:
    """Big Party committees from seats, member units and community lists: an overlay."""
    own = context.tables["committees"]
    frames = [
        context.tables[kind][["committee", "file", "sheet", "row", "source"]]
        for kind in ("participants", "seats", "communities")
    ]
    rows = pd.concat([own.drop(columns=["covered_communities", "committee_parent"]), *frames], ignore_index=True)
    rows = rows[rows["committee"].notna()]
    rows = rows.assign(key=mapped(rows["committee"], context.key_of("committees")), place="")
    context.add_entities("committees", rows, "committee")
    covering = (
        ("committees", "covered_communities"),
        ("participants", "covered_communities"),
        ("communities", "community"),
    )
    for kind, column in covering:
        several = exploded(context.tables[kind], column)
        several = several[several["committee"].notna()]
        if len(several):
            ids = context.resolve("committees", several, "committee", place=pd.Series("", index=several.index))
            context.tie("located_in", several, ids, community_ids(context, several, column=column))


def add_undecided(context: Context) -> None:
    """Names nobody could link become nodes of their own, marked as not listed."""
    noted = [frame for frame in context.open_names if len(frame)]
    for kind in ("units", "organizations", "committees"):
        kept = [frame[(frame["kind"] == kind) & frame["is_kept"]] for frame in noted]
        rows = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()
        if rows.empty:
            continue
        rows = rows.sort_values(["id", "file", "sheet", "row"])
        grouped = rows.groupby("id")
        added = pd.DataFrame({
            "name": grouped["name"].first(),
            "source": grouped["source"].agg(lambda lines: "\n".join(dict.fromkeys(lines))),
        }).reset_index(names=ID_COLUMNS[kind])  # fmt: skip
        frame = context.entities[kind]
        context.entities[kind] = pd.concat([frame, added.assign(is_listed=False)], ignore_index=True)
