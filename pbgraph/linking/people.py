"""Members and the holders of posts.

Persons are one where their identity number is the same, else where the name, the branch or
unit *and another field* agree. A name alone is never enough: then the holder of a post stays
a person of its own, and a finding says so. Numbers are used here and go no further.
"""

from dataclasses import dataclass

import pandas as pd

from pbgraph import schema
from pbgraph.linking.bodies import community_ids, community_names
from pbgraph.linking.context import Context, exploded
from pbgraph.linking.entities import ID_COLUMNS, looked_up, mapped, opaque_ids

_KEPT = ("name", "gender", "birth_year", "education", "join_date", "full_date", "category", "status",
         "post", "unit", "unit_post", "is_floating", "is_in_service", "is_lost", "lost_date", "community",
         "grid")  # fmt: skip
_FACTS = ("birth_year", "education", "is_graduate", "is_studying", "training_days", "pay", "is_lost", "lost_date")


def link_members(context: Context) -> None:
    """Roster rows to members, their branch and their work unit."""
    rows = context.tables["members"]
    rows = rows.assign(
        place=context.places(rows),
        org_id=context.resolve(
            "organizations", rows, "org", above=mapped(rows["parent_org"], context.key_of("organizations")), keep=False
        ),
        unit_id=context.resolve("units", rows, "unit", keep=False),
        birth_year=_birth_years(rows),
    )
    branch = rows["org_id"].fillna(rows["org"].fillna(""))
    unnumbered = rows["name"] + "|" + branch + "|" + rows["join_date"].fillna("") + "|" + rows["birth"].fillna("")
    rows["identity"] = ("id " + rows["id_no"]).fillna(unnumbered)
    registrations = _registered(context, rows)
    salt = "\n".join(sorted(set(rows["identity"]) | set(registrations["identity"])))
    rows["id"] = opaque_ids("members", rows["identity"], salt=salt)
    registrations["id"] = opaque_ids("members", registrations["identity"], salt=salt)
    rows["community"] = community_names(context, community_ids(context, rows))
    context.tables["members"], context.tables["registrations"] = rows, registrations
    _note_repeated(context, rows)
    new = registrations[~registrations["id"].isin(rows["id"])]
    _add_persons(context, rows, new)
    context.tie("member_of", rows, rows["id"], rows["org_id"])
    serving = rows[rows["is_in_service"].fillna(value=False).astype(bool)]
    context.tie("lives_in", serving, serving["id"], community_ids(context, serving))
    context.tie("works_at", rows, rows["id"], rows["unit_id"])
    context.tie("works_at", new, new["id"], new["unit_id"])
    context.tie(
        "registered_with", registrations, registrations["id"],
        community_ids(context, registrations, column="report_community"),
        since=registrations["report_date"], until=registrations["revoked_date"], post=registrations["claimed_post"],
        status=_noted(registrations["rating"]), category=_noted(registrations["points"]),
    )  # fmt: skip


def _noted(column: pd.Series) -> pd.Series:
    """That a person's rating or points are on record, without what they are."""
    return column.notna().map({True: "recorded", False: None}).astype("str")


def _birth_years(rows: pd.DataFrame) -> pd.Series:
    """From the number where there is one, else from the column; the day itself is not kept."""
    numbers = rows["id_no"] if "id_no" in rows else pd.Series(None, index=rows.index, dtype="str")
    long = numbers.str.slice(6, 10).where(numbers.str.len() == 18)
    short = ("19" + numbers.str.slice(6, 8)).where(numbers.str.len() == 15)
    born = rows["birth"].str.slice(0, 4) if "birth" in rows else pd.Series(None, index=rows.index, dtype="str")
    return pd.to_numeric(long.fillna(short).fillna(born), errors="coerce").astype("Int64")


def _registered(context: Context, members: pd.DataFrame) -> pd.DataFrame:
    """In-service members who register: roster members where number, or name, unit and gender agree."""
    rows = context.tables["registrations"]
    rows = rows.assign(
        unit_id=context.resolve("units", rows, "unit", keep=False, place=_nowhere(rows)), birth_year=pd.NA
    )
    alone = "report " + rows["name"] + "|" + rows["unit"].fillna("") + "|" + rows["gender"].fillna("")
    known = members[members["unit_id"].notna() & members["gender"].notna()]
    agreed = known["name"] + "|" + known["unit_id"] + "|" + known["gender"]
    unique = ~agreed.duplicated(keep=False)
    by_unit = dict(zip(agreed[unique], known.loc[unique, "identity"], strict=True))
    matched = looked_up(rows["name"] + "|" + rows["unit_id"] + "|" + rows["gender"], by_unit)
    return rows.assign(identity=("id " + rows["id_no"]).fillna(matched).fillna(alone))


def _nowhere(rows: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=rows.index, dtype="str")


def _note_repeated(context: Context, rows: pd.DataFrame) -> None:
    numbered = rows[rows["id_no"].notna()]
    counts = numbered.groupby("id")["name"].transform("size")
    repeated = numbered[(counts > 1) & ~numbered["id"].duplicated()]
    for index in repeated.index:
        n = int(counts[index])
        context.note("id-twice", rows.loc[[index]], table=schema.tables()["members"].label, n=n)


def _add_persons(context: Context, rows: pd.DataFrame, registered: pd.DataFrame) -> None:
    place = ["file", "sheet", "row", "source"]
    roster = rows[["id", *_KEPT, *place]].assign(is_listed=True)
    others = registered[["id", "name", "gender", "unit", *place]].assign(is_listed=False)
    both = pd.concat([roster, others], ignore_index=True).sort_values(place[:3], kind="stable")
    merged = both.drop(columns=place).groupby("id").first()
    merged["source"] = both.groupby("id")["source"].agg(lambda lines: "\n".join(dict.fromkeys(lines)))
    context.entities["members"] = merged.reset_index(names=ID_COLUMNS["members"])


def link_posts(context: Context) -> None:
    """Secretaries and committee seats: person to body, with the post."""
    known = context.people = _known_people(context)
    organizations = context.tables["organizations"]
    for column, post in (("secretary", "secretary"), ("deputy_secretary", "deputy_secretary")):
        several = exploded(organizations, column)
        holders = several.assign(name=several[column], bodies=several["id"], post=post, gender=pd.NA)
        context.tie(
            "holds_post", holders, _holders(context, known, holders), holders["id"], post=post, since=holders["elected"]
        )
    seats = context.tables["seats"]
    seats = seats[seats["name"].notna() & seats["committee"].notna()]
    seats = seats.assign(bodies=context.resolve("units", seats, "unit", place=_nowhere(seats), keep=False))
    committees = context.resolve("committees", seats, "committee", place=_nowhere(seats))
    holders = _holders(context, known, seats.rename(columns={"committee_post": "post"}))
    context.tie(
        "holds_post", seats, holders, committees,
        post=seats["committee_post"], time_share=seats["time_share"], since=seats["start"],
        content=seats["unit_post"], status=seats["document"],
    )  # fmt: skip
    context.tie("works_at", seats, holders, seats["bodies"])
    for column in ("grid_head", "grid_staff"):
        heads = exploded(context.tables["grids"], column)
        holders = heads.assign(name=heads[column], bodies=heads["id"], post=column, gender=pd.NA)
        context.tie("holds_post", holders, _holders(context, known, holders, noted=False), heads["id"], post=column)


def holders_of(context: Context, rows: pd.DataFrame) -> pd.Series:
    """The person of each row by `name`, `bodies`, `gender` and `post`; a person of its own where none is found.

    What the row says of the person, and rules count, is noted for `add_facts`.
    """
    found = _holders(context, context.people, rows, noted=False)
    told = rows.assign(birth_year=_birth_years(rows)) if {"birth", "id_no"} & set(rows) else rows
    columns = [column for column in _FACTS if column in told and told[column].notna().any()]
    if columns:
        context.person_facts.append(told[columns].assign(member_id=found))
    return found


def add_facts(context: Context) -> None:
    """What the lists of leaders, staff, reserves and floating members say of a person, where the roster does not."""
    if not context.person_facts:
        return
    told = pd.concat(context.person_facts, ignore_index=True).groupby("member_id").first()
    members = context.entities["members"]
    for column in told:
        said = members["member_id"].map(told[column]).astype(told[column].dtype)
        members[column] = members[column].fillna(said) if column in members else said
    context.entities["members"] = members


@dataclass(frozen=True)
class _Known:
    """People by name and body: with their gender, and secretaries by their post."""

    by_gender: dict[str, str]
    by_post: dict[str, str]
    salt: str


def _known_people(context: Context) -> _Known:
    members = context.tables["members"]
    bodies = pd.concat([members.assign(body=members[column]) for column in ("org_id", "unit_id")], ignore_index=True)
    bodies = bodies[bodies["body"].notna()]
    led = bodies[bodies["post"].fillna("").str.contains("secretary")]
    gendered = bodies[bodies["gender"].notna()]
    return _Known(
        _unique_people(gendered, gendered["name"] + "|" + gendered["body"] + "|" + gendered["gender"]),
        _unique_people(led, led["name"] + "|" + led["body"]),
        "\n".join(sorted(context.entities["members"]["member_id"])),
    )


def _holders(context: Context, known: _Known, rows: pd.DataFrame, *, noted: bool = True) -> pd.Series:
    """The person of each row: name and body agree, and gender or the post of secretary does too."""
    found = looked_up(rows["name"] + "|" + rows["bodies"] + "|" + rows["gender"].astype("str"), known.by_gender)
    leads = rows["post"].fillna("").str.contains("secretary")
    found = found.fillna(looked_up(rows["name"] + "|" + rows["bodies"], known.by_post).where(leads))
    missing = found.isna()
    # Two lists that name the secretary of one body mean one person; other posts may have namesakes.
    whose = rows["source"].mask(leads & rows["bodies"].notna(), "secretary")
    identity = rows["name"] + "|" + rows["bodies"].fillna("") + "|" + whose
    own = opaque_ids("members", "post " + identity, salt=known.salt)
    if missing.any():
        added = pd.DataFrame({"member_id": own, "name": rows["name"], "source": rows["source"], "is_listed": False})
        held = context.entities["members"]["member_id"]  # a row may say two things of one person
        added = added[missing & ~own.isin(held)].drop_duplicates("member_id")
        context.entities["members"] = pd.concat([context.entities["members"], added], ignore_index=True)
        if noted:
            context.note("person-not-linked", rows[missing])
    return found.fillna(own).astype("str")


def _unique_people(members: pd.DataFrame, keys: pd.Series) -> dict[str, str]:
    pairs = pd.DataFrame({"key": keys, "id": members["id"]}).drop_duplicates()
    single = pairs[~pairs["key"].duplicated(keep=False)]
    return dict(zip(single["key"], single["id"], strict=True))
