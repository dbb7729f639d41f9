"""Party organizations: from their lists, and from rows of units that describe their organization as well.

A row that describes a unit and its organization names the organization once for each unit of a joint branch: it is
one organization all the same, and its community is the one of its own name, not that of each unit.
"""

import re

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.entities import NameIndex, flagged, looked_up, made_entities, mapped, place_identity
from pbgraph.linking.mentions import PLACE, Names, exploded, listed_mentions
from pbgraph.linking.office import community_in
from pbgraph.linking.places import AREAS, Tables, community_ids, named_building, printed_names
from pbgraph.linking.steps import Step, basis_of, notes, tie
from pbgraph.linking.units import joined_here, says_joint
from pbgraph.schema import name_words


def described(tables: Tables, names: Names) -> pd.DataFrame:
    """The rows that describe an organization; without a list, those of other lists that name one.

    Where only rows of units tell of theirs, the roster of members has the others. A list of communities describes
    their own organizations, where no other list has any in that community.
    """
    rows = tables["organizations"]
    units = tables["units"]
    is_list = (~rows["source"].isin(units["source"])).any()
    naming = [] if is_list else [_of_members(tables["members"])] if len(rows) else _naming(tables, names)
    if rows.empty and units["org_name"].notna().any():
        rows = _told_beside(units[units["org_name"].notna()], rows)
    more = [_told_beside(told[~told["org_name"].isin(rows["org_name"])], rows) for told in naming]
    rows = pd.concat([rows, *(told for told in more if len(told))], ignore_index=True) if any(map(len, more)) else rows
    places = tables["communities"]
    here = places.assign(org_name=places["community_org"])[places["community_org"].notna()]
    alone = here[~names.places(here).isin(set(names.places(rows)))]
    if len(alone):
        rows = pd.concat([rows, _told_beside(alone, rows)], ignore_index=True)
    repeating = {source for table in AREAS for source in tables[table]["source"]}  # 党小组 of a grid's row
    repeating.update(*(told["source"] for told in naming))
    return rows.assign(is_of_unit=_describes_both(rows, units) | rows["source"].isin(repeating))


def _naming(tables: Tables, names: Names) -> list[pd.DataFrame]:
    """The rows of teams, member units and agreements whose body or first party is a Party organization by its name."""
    found = []
    for table, column in (("leaders", "org"), ("participants", "org_name"), ("agreements", "party_a")):
        rows = tables[table].rename(columns={column: "org_name"})
        shared = [name for name in (*PLACE, "org_name", "parent", "community") if name in rows]
        found.append(rows.loc[categories_by_name(rows["org_name"], names).notna(), shared])
    return found


def _of_members(rows: pd.DataFrame) -> pd.DataFrame:
    """The branches that a roster of members names, by the first row of each, with the superior it gives."""
    first = rows[rows["org"].notna()].drop_duplicates("org")
    return first.rename(columns={"org": "org_name", "parent_org": "parent"})[[*PLACE, "org_name", "parent"]]


def _told_beside(told: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of another kind of table as rows of organizations, by the columns that both have."""
    kept = [*rows.columns, *({"said_none"} & set(told) - set(rows))]  # that a row denies a superior, or its place
    shared = [column for column in kept if column in told and column not in _OF_THE_OTHER]
    return told[shared].reset_index(drop=True).reindex(columns=kept).astype(rows.dtypes.to_dict())


_OF_THE_OTHER = frozenset({"id", "key", "place", "code", "member_count", "address", "phone", "lng", "lat"})
"""What a row of a unit or of a community says of that, and not of its organization."""


def _describes_both(rows: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Whether the row of an organization is that of a unit as well: one row says both, and one names the other.

    Tables side by side have rows of one number too, and have nothing to do with each other.
    """
    told = units[["source", "unit_name", "org_name"]].drop_duplicates("source").set_index("source")
    unit, named = (rows["source"].map(told[column]).astype("str") for column in ("unit_name", "org_name"))
    cells = "\n" + rows["host_unit"].astype("str").fillna("") + "\n" + rows["joint_units"].astype("str").fillna("")
    is_inside = [isinstance(name, str) and name in cell for name, cell in zip(unit, cells, strict=True)]
    return pd.Series(is_inside, index=rows.index, dtype="bool") | (named.notna() & (named == rows["org_name"]))


def find_organizations(
    tables: Tables, names: Names, communities: pd.DataFrame, units: pd.DataFrame
) -> tuple[Names, pd.DataFrame, pd.DataFrame, Step]:
    """The organizations, and their rows with `id`, `place`, `above`, `is_joint` and `is_of_unit`."""
    rows = described(tables, names)
    is_own = rows["parent"].isin(schema.layout_words()["own_community"]) & rows["community"].notna()
    rows["parent"] = rows["parent"].mask(is_own, rows["community"])
    rows = rows.assign(key=mapped(rows["org_name"], names.key_of("organizations")), above="")
    rows["org_type"] = rows["org_type"].fillna(categories_by_name(rows["org_name"], names))
    rows["attribute"] = rows["attribute"].fillna(rows["unit_kind"])  # 单位性质 of its unit says what 党组织属性 does
    rows["is_joint"] = _says_joint(rows, tables["units"])
    hosts = [_hosts(rows, names, column) for column in ("host_unit", "joint_units")]
    rows["is_of_unit"] |= _names_its_unit(rows, hosts, tables["units"])
    rows["community"] = _communities(rows, hosts, names, communities, units)
    rows["place"] = _identifying_places(rows, names)
    rows["above"] = mapped(rows["parent"], names.key_of("organizations"))
    identity = place_identity(rows, names.aliases, "organizations", code="org_code")
    no_code = pd.Series("", index=rows.index)
    identity = joined_here("organizations", identity, rows, rows["org_name"], names, no_code)
    kept = rows.drop(columns=["is_of_unit"])
    frame, ids = made_entities("organizations", kept, "org_name", names.aliases, identity=identity)
    rows = rows.assign(id=ids, place=names.places(rows))
    names = names.knowing("organizations", NameIndex.of("organizations", names.aliases, rows))
    names = names.at_home("organizations", rows, "org_name")
    names = names.also_called("organizations", rows, "org_short", "former_name")
    listed = listed_mentions("organizations", rows, rows["org_name"], ids, table="organizations")
    step = Step(mentions=(listed,), findings=_repeated(rows)) + _upward(rows, names) + _located(rows, names)
    return names, frame, rows, step + _in_areas(tables, names)


def _names_its_unit(rows: pd.DataFrame, hosts: list[pd.DataFrame], units: pd.DataFrame) -> pd.Series:
    """Whether one of the units that a row names, in whatever spelling, is the one that the same row describes."""
    beside = units[["source", "id"]].drop_duplicates()
    both = pd.concat(hosts, ignore_index=True)[["source", "id"]].merge(beside, on=["source", "id"])
    return rows["source"].isin(set(both["source"]))


def categories_by_name(named: pd.Series, names: Names) -> pd.Series:
    """The category that each name says, null where it says none: a list may lack the column, or the body itself."""
    key_of = names.key_of("organizations")
    words = name_words()
    above = re.compile(f"{words['system_committee']}|{words['local_committee']}")
    by_ending = mapped(named, lambda name: "" if above.search(name) else _category_of(key_of(name)))
    return by_ending.mask(by_ending == "")


def _category_of(key: str) -> str:
    """The category that a key ends in, "" where it says none."""
    rows = schema.vocabulary("organization_category").rows
    fitting = [
        (len(row["name_ending"]), code)
        for code, row in rows.items()
        if row["name_ending"] and key.endswith(row["name_ending"])
    ]
    return max(fitting)[1] if fitting else ""


def _says_joint(rows: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Whether a row says that the organization is a joint one: by category, name, or the unit's own columns."""
    joint = schema.vocabulary("organization_category").codes(is_joint="true")
    situations = [code for code in schema.vocabulary("org_situation").rows if "joint" in code]
    joint_name = re.compile(name_words()["joint_name"])
    named = flagged(rows["key"], joint_name.search)
    told = set(units.loc[says_joint(units), "source"])
    return rows["org_type"].isin(joint) | rows["org_situation"].isin(situations) | named | rows["source"].isin(told)


def _hosts(rows: pd.DataFrame, names: Names, column: str) -> pd.DataFrame:
    """The units that a row of an organization names in a column."""
    several = rows[rows[column].notna()]
    several = exploded(several.assign(**{column: several[column].map(listed_names)}), column)
    several = several[~several[column].isin(name_words()["no_unit"])]
    return names.resolve("units", several, column, table="organizations")


def listed_names(cell: str) -> str:
    """Several names in one cell, a line each."""
    from pbgraph.reading.values import split

    return "\n".join(split(cell))


def _communities(
    rows: pd.DataFrame, hosts: list[pd.DataFrame], names: Names, communities: pd.DataFrame, units: pd.DataFrame
) -> pd.Series:
    """The community a row names, else that of its units, else the one its own name begins with.

    The community in a row of a unit is the unit's: a joint branch has it from its own name first.
    """
    of_unit = dict(zip(units["unit_id"], units["community"], strict=True)) if len(units) else {}
    linked = pd.concat(hosts, ignore_index=True)
    by_source = linked.assign(community=looked_up(linked["id"], of_unit)).dropna(subset=["community"])
    of_row = by_source.drop_duplicates("source").set_index("source")["community"].to_dict()
    key_of = names.aliases.key
    spelled = {key_of(name, "communities"): name for name in communities["name"]}
    stems = {_stem(key): name for key, name in spelled.items()} | spelled
    begins = mapped(rows["key"], lambda key: stems.get(community_in(key, tuple(stems)), ""))
    by_name = begins.mask(begins == "")
    stated = printed_names(community_ids(names, rows), communities)
    stated = stated.mask(rows["is_of_unit"] & rows["is_joint"], by_name.fillna(stated))
    return stated.fillna(looked_up(rows["source"], of_row)).fillna(by_name)


def _stem(key: str) -> str:
    endings = schema.layout_words()["community_endings"]
    ending = next((ending for ending in endings if key.endswith(ending) and len(key) > len(ending) + 1), "")
    return key.removesuffix(ending)


def _identifying_places(rows: pd.DataFrame, names: Names) -> pd.Series:
    """The place that tells an organization from its namesakes.

    What a row of a unit names is the organization of the list, wherever that has it; a joint branch that only
    such rows name is one, in whatever communities its units are.
    """
    place = names.places(rows)
    listed = rows.assign(place=place)[~rows["is_of_unit"]]
    n_places = listed.groupby("key")["place"].nunique()
    at_list = rows["key"].map(n_places).fillna(0)
    is_anywhere = rows["is_of_unit"] & ((at_list == 1) | ((at_list == 0) & rows["is_joint"]))
    return place.mask(is_anywhere, "")


def _repeated(rows: pd.DataFrame) -> tuple[Finding, ...]:
    """An organization that lists describe more than once; rows of units repeat it by their nature."""
    own = rows[~rows["is_of_unit"] & ~rows["source"].duplicated(keep=False)]
    counts = own.groupby("id")["org_name"].transform("size")
    first = own[(counts > 1) & ~own["id"].duplicated()]
    return notes("entity-twice", first, name=own["org_name"], table=schema.tables()["organizations"].label, n=counts)


def _upward(rows: pd.DataFrame, names: Names) -> Step:
    """The superior of each organization; two superiors are a finding that names both."""
    parents = names.resolve("organizations", rows, "parent", place=rows["place"], table="organizations")
    known = rows.assign(parent_id=parents["id"])[parents["id"].notna()]
    n_parents = known.groupby("id")["parent_id"].transform("nunique")
    found: tuple[Finding, ...] = ()
    for _, group in known[n_parents > 1].groupby("id"):
        both = "、".join(sorted(set(group["parent"])))
        found += notes("parent-conflict", group.head(1), name=group["org_name"].iloc[0], parents=both)
    upward = tie("subordinate", rows, rows["id"], parents["id"], basis=basis_of(parents))
    return Step(ties=(upward,), mentions=(parents,), findings=found)


def _located(rows: pd.DataFrame, names: Names) -> Step:
    areas = rows.assign(building=named_building(rows))
    within = [names.resolve("grids", areas, column, keep=False, table="organizations") for column in _AREAS]
    ties = (
        tie("located_in", rows, rows["id"], community_ids(names, rows)),
        *(tie("group_in", rows, rows["id"], found["id"]) for found in within),
    )
    return Step(ties=ties, mentions=tuple(within))


_AREAS = ("grid", "building")


def _in_areas(tables: Tables, names: Names) -> Step:
    step = Step()
    for table in (table for table in AREAS if "grid_org" in tables[table]):
        rows = exploded(tables[table], "grid_org")
        named = names.resolve("organizations", rows, "grid_org", table=table)
        step += Step(ties=(tie("group_in", rows, named["id"], rows["id"]),), mentions=(named,))
    return step


def called_after(units: pd.Series, organizations: pd.DataFrame, names: Names) -> pd.Series:
    """By unit, the id of the one organization that is called after it; null for a community, and where several are.

    第八中学 is the 市第八中学 of 市第八中学党支部 where one of the two says whose it is and nothing else is called so.
    """
    exact: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for name, node in zip(organizations["org_name"], organizations["id"], strict=True):
        for body in names.office.units_of(name)[:1] if isinstance(name, str) else ():
            core = names.office.unit(body).core
            exact.setdefault(core, set()).add(node)
            if core != _without_rank(core):
                short.setdefault(_without_rank(core), set()).add(node)
    found: dict[str, str] = {}
    for unit in units.dropna().unique():
        if names.is_community(unit):
            continue
        core = names.office.unit(unit).core
        meant = exact.get(core) or short.get(core) or exact.get(_without_rank(core), set())
        if len(meant) == 1:
            found[unit] = next(iter(meant))
    return looked_up(units, found)


def _without_rank(core: str) -> str:
    """A name without the one character in front that says whose it is: 8中学 for 市8中学."""
    is_told = core[:1] in name_words()["ranks"] and len(core) > _SHORTEST_RANKED
    return core[1:] if is_told else core


_SHORTEST_RANKED = 3  # our choice: characters of a name that is one without the first too, 市8中学
