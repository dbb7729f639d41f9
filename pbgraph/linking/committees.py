"""Big Party committees: an overlay, from seats, member units and community lists; and who sits in them.

A row that names no committee but a community means that community's own big committee: the one that another row
names for it, or else one called after it.
"""

import re

import pandas as pd

from pbgraph import schema
from pbgraph.linking.entities import NameIndex, flagged, looked_up, made_entities, mapped, place_identity
from pbgraph.linking.mentions import Names, exploded, listed_mentions
from pbgraph.linking.office import community_in
from pbgraph.linking.places import Tables, community_ids
from pbgraph.linking.steps import Step, basis_of, tie
from pbgraph.schema import name_words

_ROWS = ("committee", "file", "sheet", "row", "source")


def named_by_community(tables: Tables, names: Names) -> Tables:
    """The tables with the community's own committee in the rows that name only the community.

    Without those that say that an organization takes part in none.
    """
    own = _own_committees(tables, names)
    told = {}
    for kind in (kind for kind in ("seats", "participants") if len(tables[kind])):
        rows = tables[kind]
        column = "community" if "community" in rows else "covered_communities"
        first = rows[column].astype("str").fillna("").str.split("\n").str[0].astype("str")
        key = mapped(first.mask(first == ""), names.community_key)
        is_place = flagged(rows["committee"], names.is_community)
        key = key.mask((key == "") & is_place, mapped(rows["committee"], names.community_key))
        only_place = (rows["committee"].isna() | is_place) & (key != "")
        rows = rows.assign(committee=rows["committee"].mask(only_place, looked_up(key, own)))
        says_no = (
            rows["takes_part"].eq(other=False) if "takes_part" in rows else pd.Series(data=False, index=rows.index)
        )
        told[kind] = rows[~says_no.fillna(value=False).astype(bool)]
    return {**tables, **told}


def _own_committees(tables: Tables, names: Names) -> dict[str, str]:
    """The committee of each community key: the only one that rows name for it, or one called after it."""
    pairs = []
    for kind in ("committees", "participants", "seats", "communities"):
        rows = tables[kind]
        if rows["committee"].isna().all():
            continue
        column = "covered_communities" if "covered_communities" in rows else "community"
        named = rows[rows["committee"].notna() & rows[column].notna()]
        several = exploded(named, column)
        pairs.append(pd.DataFrame({"key": names.places(several, column), "committee": several["committee"]}))
        alone = rows.loc[rows["committee"].notna() & rows[column].isna(), "committee"].drop_duplicates()
        begins = mapped(alone, lambda name: names.community_key(_begin(name, names)) if _begin(name, names) else "")
        pairs.append(pd.DataFrame({"key": begins, "committee": alone}))
    told = pd.concat(pairs or [pd.DataFrame(columns=["key", "committee"], dtype="str")], ignore_index=True)
    told = told[(told["key"] != "") & ~flagged(told["committee"], names.is_community)]
    told = told.assign(spelled=mapped(told["committee"], names.key_of("committees")))
    n_named = told.groupby("key")["spelled"].nunique()
    first = told.sort_values("committee").drop_duplicates("key").set_index("key")["committee"]
    known = {key: str(name) for key, name in first.items() if n_named[key] == 1}
    label = name_words()["own_committee"]
    return {
        key: known.get(key, label.format(community=names.printed.get(found, "")))
        for key, found in names.communities.items()
    }


def _begin(name: str, names: Names) -> str:
    shown = names.printed.values()
    return community_in(names.aliases.key(name, "communities"), tuple(shown))


def find_committees(tables: Tables, names: Names) -> tuple[Names, pd.DataFrame, Step]:
    """The committees, and the communities that each covers; without any list, those that ratings name."""
    own = tables["committees"]
    frames = [tables[kind][list(_ROWS)] for kind in ("participants", "seats", "communities")]
    rows = pd.concat([own.drop(columns=["covered_communities", "committee_parent"]), *frames], ignore_index=True)
    if rows["committee"].isna().all():
        rows = pd.concat([rows, tables["ratings"][list(_ROWS)]], ignore_index=True)
    rows = rows[rows["committee"].notna()]
    rows = rows.assign(key=mapped(rows["committee"], names.key_of("committees")), place="")
    whole = place_identity(rows, names.aliases, "committees")
    frame, ids = made_entities(
        "committees", rows, "committee", names.aliases, identity=whole.replace(_in_full(rows, whole, names))
    )
    names = names.knowing("committees", NameIndex.of("committees", names.aliases, rows.assign(id=ids)))
    listed = listed_mentions("committees", rows, rows["committee"], ids, table="committees")
    step = Step(mentions=(listed,))
    covering = (
        ("committees", "covered_communities"),
        ("participants", "covered_communities"),
        ("communities", "community"),
        ("seats", "community"),
    )
    for kind, column in covering:
        several = exploded(tables[kind], column)
        several = several[several["committee"].notna()] if len(several) else several
        if several.empty:
            continue
        found = resolved(names, several, kind)
        step += Step(ties=(tie("located_in", several, found["id"], community_ids(names, several, column=column)),))
    return names, frame, step + _by_name(frame, step, names)


def _in_full(rows: pd.DataFrame, whole: pd.Series, names: Names) -> dict[str, str]:
    """By identity of a committee whose name leaves 社区 out (东苑大党委), that of the one called in full.

    Two forms in one sheet are two committees.
    """
    label, endings = name_words()["own_committee"], schema.layout_words()["community_endings"]
    sheet = rows["file"] + "|" + rows["sheet"]
    full: dict[str, str] = {}
    for place in names.printed.values():
        ending = max((ending for ending in endings if place.endswith(ending)), key=len, default="")
        long, short = (label.format(community=name) for name in (place, place.removesuffix(ending)))
        is_long, is_short = rows["committee"] == long, rows["committee"] == short
        if ending and is_long.any() and is_short.any() and set(sheet[is_long]).isdisjoint(sheet[is_short]):
            full[whole[is_short].iloc[0]] = whole[is_long].iloc[0]
    return full


def _by_name(frame: pd.DataFrame, step: Step, names: Names) -> Step:
    """Committees that no row places, by the community that their name begins with."""
    rows = frame[~frame["committee_id"].isin(step.tied("located_in")["source_id"])]
    rows = exploded(
        rows.assign(place=mapped(rows["name"], lambda name: "\n".join(_called_after(name, names)))), "place"
    )
    target = looked_up(rows["place"], names.communities)
    return Step(ties=(tie("located_in", rows, rows["committee_id"], target, basis="derived"),))


def _called_after(name: str, names: Names) -> list[str]:
    """The keys of the communities that the name of a committee begins with: 和平社区、建设社区联合党委 has two."""
    found = []
    for part in re.split(schema.name_words()["between_communities"], name):
        told = names.community_key(part)
        if told not in names.communities:
            told = names.community_key(_begin(part, names)) if _begin(part, names) else ""
        if told:
            found.append(told)
    return list(dict.fromkeys(found))


def resolved(names: Names, rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """The committee that each row names."""
    nowhere = pd.Series("", index=rows.index, dtype="str")
    return names.resolve("committees", rows, "committee", place=nowhere, table=table)


def committee_of_place(located: pd.DataFrame, names: Names) -> dict[str, str]:
    """The committee of each community key, where there is exactly one."""
    own = located[located["source_id"].str.startswith("committee:")]
    pairs = own[["source_id", "target_id"]].drop_duplicates()
    single = pairs[~pairs["target_id"].duplicated(keep=False)]
    by_community = dict(zip(single["target_id"], single["source_id"], strict=True))
    return {key: by_community[found] for key, found in names.communities.items() if found in by_community}


def link_participants(tables: Tables, names: Names, organizations: pd.DataFrame, located: pd.DataFrame) -> Step:
    """Member units of committees, as organization or unit, and the management stated for them."""
    rows = tables["participants"]
    first = exploded(rows, "covered_communities").drop_duplicates("source").set_index("source")["covered_communities"]
    place = mapped(looked_up(rows["source"], first.to_dict()), names.community_key)
    if "community" in rows:
        place = place.mask(place == "", names.places(rows))
    members = _organizations_or_units(names, rows, _best_places(names, rows, place))
    committees = resolved(names, rows, "participants")
    step = Step(mentions=(members, committees))
    step += Step(
        ties=(
            tie(
                "participates",
                rows,
                members["id"],
                committees["id"],
                basis=basis_of(members),
                since=rows["start"],
                content=rows["role"],
            ),
        )
    )
    is_organization = members["id"].fillna("").str.startswith("org:")
    own = looked_up(organizations["place"], committee_of_place(located, names))
    for code, relation in (("direct", "direct_management"), ("dual", "dual_management")):
        told = (rows["management"] == code) & is_organization
        of_committee = tie(relation, rows[told], committees["id"][told], members["id"][told], since=rows["start"][told])
        listed = organizations["management"] == code
        of_list = tie(relation, organizations[listed], own[listed], organizations["id"][listed])
        step += Step(ties=(of_committee, of_list))
    return step + _seats_of_units(tables["seats"], names)


def _best_places(names: Names, rows: pd.DataFrame, place: pd.Series) -> pd.Series:
    """For each row, which of the communities that its committee covers has the organization it names."""
    several = exploded(rows, "covered_communities")
    covered = names.places(several, "covered_communities").groupby(several["source"]).agg(list).to_dict()
    index = names.indexes["organizations"]
    best = [
        next((here for here in covered.get(source, []) if index.find(name, here)[1] == 1), otherwise)
        if isinstance(name, str)
        else ""
        for name, source, otherwise in zip(rows["org_name"], rows["source"], place, strict=True)
    ]
    return pd.Series(best, index=rows.index, dtype="str")


def _organizations_or_units(names: Names, rows: pd.DataFrame, place: pd.Series) -> pd.DataFrame:
    """What a list of member units names: an organization, or else the unit itself."""
    found = names.resolve("organizations", rows, "org_name", place=place, table="participants")
    units = names.resolve("units", rows, "org_name", place=place, keep=False, table="participants")
    is_unit = (found["reason"] == "open") & units["id"].notna()
    return pd.concat([found[~is_unit], units[is_unit]]).reindex(rows.index)


def _seats_of_units(seats: pd.DataFrame, names: Names) -> Step:
    """Seats given to a unit and to no person: the unit takes part."""
    rows = seats[seats["name"].isna() & seats["committee"].notna()]
    if rows.empty:
        return Step()
    rows = rows.assign(unit=rows["unit"].fillna(rows["unit_with_post"]))
    nowhere = pd.Series("", index=rows.index, dtype="str")
    units = names.resolve("units", rows, "unit", place=nowhere, table="seats")
    is_community = flagged(rows["unit"], names.is_community)
    units, rows = units[~is_community], rows[~is_community]
    committees = resolved(names, rows, "seats")
    joined = tie("participates", rows, units["id"], committees["id"], basis=basis_of(units), since=rows["start"])
    return Step(ties=(joined,), mentions=(units, committees))
