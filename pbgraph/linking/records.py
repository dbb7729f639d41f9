"""Rows of further rosters to entities and ties, as `reference/links.toml` declares them.

Meetings, resources and needs, bodies of a community, ratings and funds become entities of their
own; leaders, staff, reserves and contact leaders are persons who hold something. A cell that
may name a person or a guest is looked up quietly: what no roster knows is left out of the ties and
never becomes a node, so that no person's name stands where names of organizations do.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.linking.bodies import named_bodies
from pbgraph.linking.declared import kinds_allowed, links
from pbgraph.linking.entities import flagged, looked_up, mapped, merged_rows, opaque_ids
from pbgraph.linking.mentions import PLACE, Names, exploded
from pbgraph.linking.people import People, facts_of, noted
from pbgraph.linking.places import Tables, community_ids, printed_names
from pbgraph.linking.powers import link_powers
from pbgraph.linking.steps import Step, basis_of, tie
from pbgraph.model import ID_COLUMNS
from pbgraph.reading.shapes import is_person

_BORNE = ("since", "until", "post", "time_share", "category", "status", "content")


@dataclass(frozen=True)
class Known:
    """What is known when further rosters are read.

    `hosted` is the only organization set up in each unit, `own` the one that stands for each community's key.
    """

    names: Names
    people: People
    entities: dict[str, pd.DataFrame]
    hosted: dict[str, str]
    own: dict[str, str]


def link_records(tables: Tables, known: Known) -> tuple[dict[str, pd.DataFrame], Step]:
    """The entities and ties that the further rosters say."""
    made: dict[str, pd.DataFrame] = {}
    for kind, entry in links()["kinds"].items():
        made[kind], rows = _kind(tables, known, kind, entry["tables"])
        tables = {**tables, **rows}
    step = link_powers(tables["bodies"])
    for spec in links()["ties"]:
        rows_of = tables[spec["table"]]
        if len(rows_of):
            step += _ties(known, rows_of, spec)
    return made, step


def _kind(
    tables: Tables, known: Known, kind: str, entries: dict[str, Any]
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Entities of one kind from the rows of its tables, and these rows with their `id`."""
    frames = []
    filled = [table for table in entries if len(tables[table])] or [*entries][:1]
    with_id = {table: tables[table].assign(id=tables[table]["source"]) for table in entries if table not in filled}
    for table, entry in ((table, entries[table]) for table in filled):
        rows = tables[table]
        named = rows[entry["name"]].bfill(axis=1).iloc[:, 0] if len(rows) else pd.Series(dtype="str")
        identity = _identity(rows, [table, *entry["key"]])
        rows = rows.assign(id=opaque_ids(kind, identity), name=named.fillna(schema.tables()[table].label))
        with_id[table] = rows
        kept = {item.key for item in schema.tables()[table].fields if not item.is_secret and item.key != "seq"}
        kept |= {"said_none"} & set(rows)
        frames.append(rows[["id", "name", *sorted(kept - {"name"}), *PLACE]].assign(type=entry["type"]))
    both = pd.concat(frames, ignore_index=True)
    if "community" in both:
        ids = community_ids(known.names, both)
        both = both.assign(community=printed_names(ids, known.entities["communities"]))
    merged = merged_rows(both.rename(columns={"id": ID_COLUMNS[kind]}), ID_COLUMNS[kind], "name")
    return merged.assign(is_listed=True), with_id


def _identity(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    table, *columns = keys
    parts = [rows[column].astype("str").fillna("") for column in columns]
    whole = pd.Series(table, index=rows.index, dtype="str")
    for part in parts:
        whole = whole + "|" + part
    return whole


def _ties(known: Known, rows: pd.DataFrame, spec: dict[str, Any]) -> Step:
    if isinstance(spec["source"], dict) and "others" in spec["source"]:
        rows = rows.assign(whose=_row_of(rows, spec["source"], spec["known"]))
    for column, wanted in spec.get("where", {}).items():
        rows = rows[_holds(rows[column], wanted if isinstance(wanted, list) else [wanted])]
    rows = rows.dropna(subset=spec.get("known", []))
    rows = rows[rows[spec.get("lacks", [])].isna().all(axis=1)]
    for end in ("source", "target"):
        if isinstance(spec[end], dict) and _has_several(spec, end):
            rows = exploded(rows, spec[end]["column"])
    if rows.empty:
        return Step()
    kinds = {end: kinds_allowed(spec["relation"], end) for end in ("source", "target")}
    target, at_target = _end(known, rows, spec["target"], spec["table"], kinds["target"])
    is_led = target.notna()
    rows, target = rows[is_led], target[is_led]  # no person is made for a tie that leads nowhere
    source, at_source = _end(known, rows, spec["source"], spec["table"], kinds["source"])
    borne = {key: _borne(rows, spec[key], spec["table"]) for key in _BORNE if key in spec} | spec.get("said", {})
    named = [frame.loc[rows.index] for step in (at_target, at_source) for frame in step.mentions]
    basis = basis_of(*named) if named else "stated"
    joined = tie(spec["relation"], rows, source, target, basis=basis, **borne)
    return at_target + at_source + Step(ties=(joined,))


def _row_of(rows: pd.DataFrame, spec: dict[str, Any], known: list[str]) -> pd.Series:
    """Whose row each row is: that of the only other of this name that fills `others`, or else one of its own sheet."""
    lists = rows[rows[known].isna().any(axis=1) & rows[[spec["column"], spec["others"]]].notna().all(axis=1)]
    single = lists[~lists[spec["column"]].duplicated(keep=False)]
    told = looked_up(rows[spec["column"]], dict(zip(single[spec["column"]], single["source"], strict=True)))
    return told.fillna(rows["file"] + "|" + rows["sheet"])


def _borne(rows: pd.DataFrame, column: str, table: str) -> pd.Series:
    """What a tie says of a column; of one that is secret only that it is filled in."""
    is_secret = schema.tables()[table].field(column).is_secret
    return noted(rows[column]) if is_secret else rows[column].astype("str")


def _holds(column: pd.Series, wanted: list[object]) -> pd.Series:
    """Whether a cell is one of these values, or has one of them in it."""
    if not pd.api.types.is_string_dtype(column):
        return column.isin(wanted).fillna(value=False).astype(bool)
    return flagged(column, lambda text: not set(text.split("\n")).isdisjoint(wanted))


def _has_several(spec: dict[str, Any], end: str) -> bool:
    return bool(spec[end].get("each")) or schema.tables()[spec["table"]].field(spec[end]["column"]).many


def _end(
    known: Known, rows: pd.DataFrame, spec: Any, table: str, allowed: tuple[str, ...] = ()
) -> tuple[pd.Series, Step]:
    """The id at one end of each row's tie, null where it names none."""
    if spec == "entity":
        return rows["id"], Step()
    kind, column, names = spec.get("kind"), spec["column"], known.names
    if kind is None:
        found = named_bodies(names, rows, column, allowed, place=_places(names, rows), table=table,
                             is_quiet=bool(spec.get("quiet")))  # fmt: skip
        return found["id"], Step(mentions=(found,))
    if kind == "members":
        return _holders(known, rows, spec, table)
    if kind == "communities":
        return _place_of(known, rows, column, spec.get("else_of")), Step()
    place = _places(names, rows)
    if spec.get("quiet"):
        found = names.resolve(kind, rows, column, place=place, keep=False)
        return _or_own(known, found["id"], rows, place, allowed, spec), Step()
    if spec.get("unlisted"):
        return _unlisted(known, kind, rows, column)
    found = names.resolve(kind, rows, column, place=place, table=table)
    if spec.get("or_unit"):
        found = _or_unit(known, rows, column, place, found)
    ids = _or_own(known, found["id"], rows, place, allowed, spec)
    if "before" in spec:
        meant = names.resolve(kind, rows, spec["before"], place=place, keep=False)["id"]
        ids = meant.where(rows[column].notna()).fillna(ids)
    return ids, Step(mentions=(found,))


def _or_own(
    known: Known, ids: pd.Series, rows: pd.DataFrame, place: pd.Series, allowed: tuple[str, ...], spec: Any
) -> pd.Series:
    """A row that names only a community means its own organization, or the community where it has none."""
    if not spec.get("or_own"):
        return ids
    only_place = rows[spec["column"]].isna() | flagged(rows[spec["column"]], known.names.is_community)
    stands = looked_up(place, known.own)
    if "communities" in allowed:
        stands = stands.fillna(looked_up(place, known.names.communities))
    return ids.mask(only_place, stands)


def _places(names: Names, rows: pd.DataFrame) -> pd.Series:
    return names.places(rows) if "community" in rows else pd.Series("", index=rows.index, dtype="str")


def _or_unit(known: Known, rows: pd.DataFrame, column: str, place: pd.Series, found: pd.DataFrame) -> pd.DataFrame:
    """The mentions of organizations, and the unit's own organization, or the unit, where a cell names the unit."""
    units = known.names.resolve("units", rows, column, place=place, keep=False, table=str(found["table"].max()))
    is_unit = (found["reason"] == "open") & units["id"].notna()
    own = looked_up(units["id"], known.hosted).fillna(units["id"])
    told = found.loc[is_unit].assign(id=own[is_unit], n=1, reason="within")
    return pd.concat([found[~is_unit], told]).loc[found.index]


def _holders(known: Known, rows: pd.DataFrame, spec: Any, table: str) -> tuple[pd.Series, Step]:
    """Who holds something, by name and the body it is held in."""
    held_in = {"kind": spec["body"], "column": spec["body_column"], "quiet": True, "or_own": spec.get("or_own", False)}
    body, _ = _end(known, rows, held_in, table)
    post = rows["team_post"] if "team_post" in rows else pd.Series("", index=rows.index, dtype="str")
    gender = rows["gender"] if "gender" in rows else pd.Series(None, index=rows.index, dtype="str")
    asked = rows.assign(name=rows[spec["column"]], bodies=body, post=post, gender=gender)
    if spec.get("person"):
        asked = asked[flagged(asked["name"], is_person)]
        asked = asked.assign(whose=asked["file"] + "|" + asked["sheet"])
    is_of_body = table == "leaders" and spec["body"] == "organizations"
    ids, step = known.people.holders(asked, is_team=is_of_body or "listed" in spec)
    if spec.get("listed"):
        return ids.where(ids.isin(known.entities["members"]["member_id"])), Step()
    ids = ids.reindex(rows.index)
    return ids, step + Step(facts=facts_of(asked, ids.loc[asked.index]))


def _place_of(known: Known, rows: pd.DataFrame, column: str, else_of: str | None) -> pd.Series:
    """The community that a row names, or else that of the organization it names in another column."""
    ids = community_ids(known.names, rows, column=column)
    if else_of is None:
        return ids
    named = known.names.resolve(
        "organizations", rows, else_of, place=known.names.places(rows, column), keep=False
    )["id"]  # fmt: skip
    listed = known.entities["organizations"]
    place = listed.assign(community=listed.get("community", pd.NA))
    ids_of = dict(zip(place["organization_id"], community_ids(known.names, place), strict=True))
    return ids.fillna(looked_up(named, ids_of))


def _unlisted(known: Known, kind: str, rows: pd.DataFrame, column: str) -> tuple[pd.Series, Step]:
    """Bodies outside the street, such as a registry: found by their name, or new and not listed."""
    nowhere = pd.Series("", index=rows.index, dtype="str")
    if kind == "organizations":  # who floats may come from one of ours, in whatever form of its name
        found = known.names.resolve(kind, rows, column, place=nowhere, keep=False)["id"]
    else:
        found = known.names.indexes[kind].resolve(rows[column], nowhere)["id"]
    own = opaque_ids(kind, "outside " + mapped(rows[column], known.names.key_of(kind)))
    new = rows[column].notna() & found.isna()
    added = pd.DataFrame({ID_COLUMNS[kind]: own, "name": rows[column], "source": rows["source"]})[new]
    return found.fillna(own.where(rows[column].notna())), Step(added=((kind, added.assign(is_listed=False)),))
