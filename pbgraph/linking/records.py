"""Rows of further rosters to entities and ties, as `reference/links.toml` declares them.

Meetings, resources and needs, bodies of a community, ratings and funds become entities of their
own; leaders, staff, reserves and contact leaders are persons who hold something. A cell that
may name a person or a guest is looked up quietly: what no roster knows is left out of the ties and
never becomes a node, so that no person's name stands where names of organizations do.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.linking.bodies import community_ids
from pbgraph.linking.context import Context, exploded
from pbgraph.linking.entities import ID_COLUMNS, looked_up, mapped, merged_rows, opaque_ids
from pbgraph.linking.people import add_facts, holders_of

_PLACE = ("file", "sheet", "row", "source")
_BORNE = ("since", "until", "post", "time_share", "category", "status", "content")


@cache
def links() -> dict[str, Any]:
    """The kinds and ties of `reference/links.toml`."""
    return tomllib.loads(resources.files("pbgraph").joinpath("reference/links.toml").read_text("utf-8"))


def link_records(context: Context) -> None:
    """Add the entities and ties that the further rosters say."""
    for kind, entry in links()["kinds"].items():
        _add_kind(context, kind, entry["tables"])
    for spec in links()["ties"]:
        rows = context.tables[spec["table"]]
        if len(rows):
            _add_ties(context, rows, spec)
    add_facts(context)


def _add_kind(context: Context, kind: str, tables: dict[str, Any]) -> None:
    """Entities of one kind from the rows of its tables; the rows get their `id`."""
    frames = []
    for table, entry in tables.items():
        rows = context.tables[table]
        named = rows[entry["name"]].bfill(axis=1).iloc[:, 0] if len(rows) else pd.Series(dtype="str")
        identity = _identity(rows, [table, *entry["key"]])
        rows = rows.assign(id=opaque_ids(kind, identity), name=named.fillna(schema.tables()[table].label))
        context.tables[table] = rows
        kept = {item.key for item in schema.tables()[table].fields if not item.is_secret and item.key != "seq"}
        frames.append(rows[["id", "name", *sorted(kept - {"name"}), *_PLACE]].assign(type=entry["type"]))
    both = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    both = both.assign(community=_printed(context, both)) if "community" in both else both
    merged = merged_rows(both.rename(columns={"id": ID_COLUMNS[kind]}), ID_COLUMNS[kind], "name")
    context.entities[kind] = merged.assign(is_listed=True)


def _identity(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    table, *columns = keys
    parts = [rows[column].astype("str").fillna("") for column in columns]
    whole = pd.Series(table, index=rows.index, dtype="str")
    for part in parts:
        whole = whole + "|" + part
    return whole


def _printed(context: Context, rows: pd.DataFrame) -> pd.Series:
    """The printed name of the community that each row names."""
    frame = context.entities["communities"]
    names = dict(zip(frame["community_id"], frame["name"], strict=True))
    return looked_up(community_ids(context, rows), names)


def _add_ties(context: Context, rows: pd.DataFrame, spec: dict[str, Any]) -> None:
    for column, wanted in spec.get("where", {}).items():
        rows = rows[rows[column].isin(wanted if isinstance(wanted, list) else [wanted]).fillna(value=False)]
    rows = rows.dropna(subset=spec.get("known", []))
    for end in ("source", "target"):
        if isinstance(spec[end], dict) and _has_several(spec, end):
            rows = exploded(rows, spec[end]["column"])
    if rows.empty:
        return
    target = _end(context, rows, spec["target"])
    rows, target = rows[target.notna()], target[target.notna()]  # no person is made for a tie that leads nowhere
    source = _end(context, rows, spec["source"])
    borne = {key: rows[spec[key]].astype("str") for key in _BORNE if key in spec}
    context.tie(spec["relation"], rows, source, target, **borne)


def _has_several(spec: dict[str, Any], end: str) -> bool:
    return schema.tables()[spec["table"]].field(spec[end]["column"]).many


def _end(context: Context, rows: pd.DataFrame, spec: Any) -> pd.Series:
    """The id at one end of each row's tie, null where it names none."""
    if spec == "entity":
        return rows["id"]
    kind, column = spec["kind"], spec["column"]
    if kind == "members":
        body = _end(context, rows, {"kind": spec["body"], "column": spec["body_column"], "quiet": True})
        post = rows["team_post"] if "team_post" in rows else pd.Series("", index=rows.index, dtype="str")
        gender = rows["gender"] if "gender" in rows else pd.Series(None, index=rows.index, dtype="str")
        return holders_of(context, rows.assign(name=rows[column], bodies=body, post=post, gender=gender))
    if kind == "communities":
        return _place_of(context, rows, column, spec.get("else_of"))
    place = context.places(rows) if "community" in rows else pd.Series("", index=rows.index, dtype="str")
    if spec.get("quiet"):
        return context.indexes[kind].resolve(rows[column], place)["id"]
    if spec.get("unlisted"):
        return _unlisted(context, kind, rows, column)
    return context.resolve(kind, rows, column, place=place)


def _place_of(context: Context, rows: pd.DataFrame, column: str, else_of: str | None) -> pd.Series:
    """The community that a row names, or else that of the organization it names in another column."""
    ids = community_ids(context, rows, column=column)
    if else_of is None:
        return ids
    named = context.indexes["organizations"].resolve(rows[else_of], context.places(rows, column))["id"]
    listed = context.entities["organizations"]
    place = listed.assign(community=listed.get("community", pd.NA))
    ids_of = dict(zip(place["organization_id"], community_ids(context, place), strict=True))
    return ids.fillna(looked_up(named, ids_of))


def _unlisted(context: Context, kind: str, rows: pd.DataFrame, column: str) -> pd.Series:
    """Bodies outside the street, such as a registry: found by their name, or new and not listed."""
    found = context.indexes[kind].resolve(rows[column], pd.Series("", index=rows.index, dtype="str"))["id"]
    key = mapped(rows[column], context.key_of(kind))
    own = opaque_ids(kind, "outside " + key)
    new = rows[column].notna() & found.isna()
    added = pd.DataFrame({ID_COLUMNS[kind]: own, "name": rows[column], "source": rows["source"]})[new]
    if len(added):
        grouped = added.groupby(ID_COLUMNS[kind], as_index=False).agg(
            name=("name", "first"), source=("source", lambda lines: "\n".join(dict.fromkeys(lines)))
        )
        known = context.entities[kind]
        fresh = grouped[~grouped[ID_COLUMNS[kind]].isin(known[ID_COLUMNS[kind]])].assign(is_listed=False)
        context.entities[kind] = pd.concat([known, fresh], ignore_index=True)
    return found.fillna(own.where(rows[column].notna()))
