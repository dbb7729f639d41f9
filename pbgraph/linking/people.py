"""Members and the holders of posts.

Which rows of rosters are one person, `persons` says. The holder of a post is a person of the rosters where the
name, the branch or unit *and another field* agree. A name alone is never enough: then the holder stays a
person of its own, and a finding says so. Numbers are used here and go no further.
"""

from dataclasses import dataclass

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.committees import committee_of_place
from pbgraph.linking.entities import flagged, looked_up, mapped, opaque_ids, says_none
from pbgraph.linking.mentions import PLACE, Names, ends_in_post, exploded
from pbgraph.linking.organizations import called_after
from pbgraph.linking.persons import person_identities
from pbgraph.linking.places import Tables, community_ids, printed_names
from pbgraph.linking.steps import Step, basis_of, notes, tie
from pbgraph.model import ID_COLUMNS
from pbgraph.reading.said import forms_of_word

_KEPT = ("name", "gender", "birth_year", "birth_month", "stated_age", "education", "join_date", "full_date",
         "category", "status", "management_class", "post", "unit", "unit_post", "is_floating", "is_in_service",
         "is_lost", "lost_date", "community", "grid")  # fmt: skip
_FACTS = (
    "birth_year",
    "birth_month",
    "stated_age",
    "category",
    "education",
    "is_director",
    "is_graduate",
    "is_studying",
    "training_days",
    "pay",
    "is_insured",
    "has_pension",
    "has_medical",
    "has_unemployment",
    "has_injury",
    "has_maternity",
    "is_lost",
    "lost_date",
)


def link_members(
    tables: Tables, names: Names, communities: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Step]:
    """Members as entities, the rows of rosters and of registrations with `id`, and their ties."""
    rows = _managed(tables["members"])
    above = mapped(rows["parent_org"], names.key_of("organizations"))
    branches = names.resolve("organizations", rows, "org", above=above, keep=False, table="members")
    units = names.resolve("units", rows, "unit", keep=False, table="members")
    rows = rows.assign(place=names.places(rows), org_id=branches["id"], unit_id=units["id"], **_births(rows))
    rows["identity"], asked = person_identities(rows, rows["org_id"].fillna(rows["org"].fillna("")))
    registrations, at_work, outside = _registered(tables["registrations"], names, rows)
    salt = "\n".join(sorted(set(rows["identity"]) | set(registrations["identity"])))
    rows["id"] = opaque_ids("members", rows["identity"], salt=salt)
    registrations["id"] = opaque_ids("members", registrations["identity"], salt=salt)
    rows["community"] = printed_names(community_ids(names, rows), communities)
    new = registrations[~registrations["id"].isin(rows["id"])]
    step = Step(mentions=(branches, units, at_work), findings=asked + _repeated(rows), added=(("units", outside),))
    return _persons(rows, new), rows, registrations, step + _member_ties(names, rows, registrations, new)


def _managed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the flags that their class of management tells: 流动, 在职."""
    listed = schema.vocabulary("management_class")
    words = rows["management_class"]
    codes = {word: next(filter(None, map(listed.spellings.get, forms_of_word(word))), "") for word in words.dropna()}
    for flag in ("is_floating", "is_in_service"):
        told = words.map(codes).isin(listed.codes(**{flag: "true"}))
        rows = rows.assign(**{flag: rows[flag].mask(rows[flag].isna() & told, other=True)})
    return rows


def _member_ties(names: Names, rows: pd.DataFrame, registrations: pd.DataFrame, new: pd.DataFrame) -> Step:
    serving = rows[rows["is_in_service"].fillna(value=False).astype(bool)]
    where = community_ids(names, registrations, column="report_community")
    ties = (
        tie("member_of", rows, rows["id"], rows["org_id"]),
        tie("lives_in", serving, serving["id"], community_ids(names, serving)),
        tie("works_at", rows, rows["id"], rows["unit_id"]),
        tie("works_at", new, new["id"], new["unit_id"]),
        tie(
            "lives_in", registrations, registrations["id"], _homes(names, registrations),
            status=_reported(registrations), category=_serving(registrations),
        ),
        tie(
            "registered_with", registrations, registrations["id"], where,
            since=registrations["report_date"], until=registrations["revoked_date"],
            post=registrations["claimed_post"], status=noted(registrations["rating"]),
            category=noted(registrations["points"]),
        ),
    )  # fmt: skip
    return Step(ties=ties)


def _reported(registrations: pd.DataFrame) -> pd.Series:
    """That a row says "none" of where somebody reported, or is "open": blank in a list that says so of others."""
    lists = registrations["file"] + "|" + registrations["sheet"]
    said = says_none(registrations, "report_community")
    is_open = registrations["report_community"].isna() & ~said & said.groupby(lists).transform("any").astype(bool)
    return pd.Series(None, index=registrations.index, dtype="str").mask(said, "none").mask(is_open, "open")


def _serving(registrations: pd.DataFrame) -> pd.Series:
    """The class of management of who registers; "open" where a list that says it of others leaves it blank."""
    listed = schema.vocabulary("management_class")
    words = registrations["management_class"]
    codes = mapped(words, lambda word: next(filter(None, map(listed.spellings.get, forms_of_word(word))), ""))
    lists = registrations["file"] + "|" + registrations["sheet"]
    is_open = words.isna() & words.notna().groupby(lists).transform("any").astype(bool)
    return codes.mask(codes == "").mask(is_open, "open")


def _homes(names: Names, registrations: pd.DataFrame) -> pd.Series:
    """The community in which somebody who registers lives: its own column, or an address that is its name."""
    stated = community_ids(names, registrations, column="home_community")
    if "home" not in registrations:
        return stated
    return stated.fillna(community_ids(names, registrations, column="home"))


def dual_managed_persons(registrations: pd.DataFrame, names: Names, located: pd.DataFrame) -> Step:
    """Who registers with a community, and has not withdrawn, is managed jointly by its big committee."""
    active = registrations[registrations["revoked_date"].isna()]
    committees = looked_up(names.places(active, "report_community"), committee_of_place(located, names))
    return Step(
        ties=(
            tie(
                "dual_management_person", active, committees, active["id"], basis="derived",
                since=active["report_date"],
            ),
        )
    )  # fmt: skip


def dual_managed_members(dual: pd.DataFrame, belongs: pd.DataFrame) -> Step:
    """The members of organizations that a committee manages jointly, as managed jointly by it too."""
    if dual.empty:
        return Step()
    rows = dual[["source_id", "target_id", "source"]].drop_duplicates(["source_id", "target_id"])
    both = rows.merge(belongs[["source_id", "target_id"]].drop_duplicates(), on="target_id", suffixes=("", "_member"))
    joined = tie("dual_management_person", both, both["source_id"], both["source_id_member"], basis="derived")
    return Step(ties=(joined,))


def noted(column: pd.Series) -> pd.Series:
    """That something of a person is on record, without what it is."""
    return column.notna().map({True: "recorded", False: None}).astype("str")


def _births(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Year and month from the number where there is one, else from the column, and the age where only that is told.

    The day itself is not kept.
    """
    numbers = rows["id_no"] if "id_no" in rows else pd.Series(None, index=rows.index, dtype="str")
    long = numbers.str.slice(6, 12).where(numbers.str.len() == 18)
    short = ("19" + numbers.str.slice(6, 10)).where(numbers.str.len() == 15)
    born = rows["birth"].str.replace("-", "") if "birth" in rows else pd.Series(None, index=rows.index, dtype="str")
    told = long.fillna(short).fillna(born)
    parts = {"birth_year": told.str.slice(0, 4), "birth_month": told.str.slice(4, 6)}
    if "age" in rows:
        parts["stated_age"] = rows["age"].where(told.isna())
    return {name: pd.to_numeric(part, errors="coerce").astype("Int64") for name, part in parts.items()}


def _registered(
    rows: pd.DataFrame, names: Names, members: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """In-service members who register: roster members where number, or name, unit and gender agree.

    Their units are mostly outside the ledger: such a unit is kept as one that no list describes.
    """
    units = names.resolve("units", rows, "unit", keep=False, place=_nowhere(rows), table="registrations")
    is_outside = (units["reason"] == "open") & (units["n"] == 0) & units["name"].notna()
    is_outside &= ~flagged(rows["unit"].where(is_outside), names.is_place)
    away = opaque_ids("units", "outside " + units["key"]).where(is_outside)
    outside = pd.DataFrame({"unit_id": away, "name": rows["unit"], "source": rows["source"]})[is_outside]
    rows = rows.assign(unit_id=units["id"].fillna(away), birth_year=pd.NA, birth_month=pd.NA)
    alone = "report " + rows["name"] + "|" + rows["unit"].fillna("") + "|" + rows["gender"].fillna("")
    known = members[members["unit_id"].notna() & members["gender"].notna()]
    agreed = known["name"] + "|" + known["unit_id"] + "|" + known["gender"]
    unique = ~agreed.duplicated(keep=False)
    by_unit = dict(zip(agreed[unique], known.loc[unique, "identity"], strict=True))
    matched = looked_up(rows["name"] + "|" + rows["unit_id"] + "|" + rows["gender"], by_unit)
    return rows.assign(identity=("id " + rows["id_no"]).fillna(matched).fillna(alone)), units, outside


def _nowhere(rows: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=rows.index, dtype="str")


def _repeated(rows: pd.DataFrame) -> tuple[Finding, ...]:
    numbered = rows[rows["id_no"].notna()]
    counts = numbered.groupby("id")["name"].transform("size")
    repeated = numbered[(counts > 1) & ~numbered["id"].duplicated()]
    return notes("id-twice", repeated, table=schema.tables()["members"].label, n=counts)


def _persons(rows: pd.DataFrame, registered: pd.DataFrame) -> pd.DataFrame:
    roster = rows[["id", *_KEPT, *PLACE]].assign(is_listed=True)
    others = registered[["id", "name", "gender", "unit", *PLACE]].assign(is_listed=False)
    both = pd.concat([roster, others], ignore_index=True).sort_values(list(PLACE[:3]), kind="stable")
    merged = both.drop(columns=list(PLACE)).groupby("id").first()
    merged["source"] = both.groupby("id")["source"].agg(lambda lines: "\n".join(dict.fromkeys(lines)))
    return merged.reset_index(names=ID_COLUMNS["members"])


@dataclass(frozen=True)
class People:
    """People by name and body: with their gender, and secretaries by their post; `in_office` by a name that one has.

    `led_below` is the only organization directly below a body that somebody leads by its list, by name and body.
    """

    by_gender: dict[str, str]
    by_post: dict[str, str]
    by_name: dict[str, str]
    in_office: dict[str, str]
    led_below: dict[str, str]
    salt: str

    @classmethod
    def of(cls, rows: pd.DataFrame, members: pd.DataFrame, led_below: dict[str, str]) -> "People":
        """Build from the rows of the rosters and the entities made of them."""
        bodies = pd.concat([rows.assign(body=rows[column]) for column in ("org_id", "unit_id")], ignore_index=True)
        bodies = bodies[bodies["body"].notna()]
        led = bodies[bodies["post"].fillna("").str.contains("secretary")]
        gendered = bodies[bodies["gender"].notna()]
        return cls(
            _unique_people(gendered, gendered["name"] + "|" + gendered["body"] + "|" + gendered["gender"]),
            _unique_people(led, led["name"] + "|" + led["body"]),
            _only_ones(rows, rows["name"] + "|" + rows["org_id"]),
            _only_ones(rows, rows["name"]),
            led_below,
            "\n".join(sorted(members["member_id"])),
        )

    def holders(self, rows: pd.DataFrame, *, noted: bool = False, is_team: bool = False) -> tuple[pd.Series, Step]:
        """The person of each row by `name`, `bodies`, `gender` and `post`; rows are of one person by `whose`, if given.

        Name and body agree, and gender or the post of secretary does too; a branch has one secretary, who is its
        only member of that name; so has the whole team of a branch (`is_team`), which its members elect from among
        themselves, or of the secretaries of the branches below. Else a person of its own is added.
        """
        if rows.empty:
            return pd.Series(dtype="str"), Step()
        if is_team:
            branch = looked_up(rows["name"] + "|" + rows["bodies"], self.led_below)
            is_below, bodies = branch.notna(), branch.fillna(rows["bodies"])
            rows = rows.assign(
                bodies=bodies, post=rows["post"].mask(is_below, "secretary"), gender=rows["gender"].mask(is_below)
            )
        found = looked_up(rows["name"] + "|" + rows["bodies"] + "|" + rows["gender"].astype("str"), self.by_gender)
        leads = rows["post"].fillna("").str.contains("secretary")
        found = found.fillna(looked_up(rows["name"] + "|" + rows["bodies"], self.by_post).where(leads))
        alone = looked_up(rows["name"] + "|" + rows["bodies"], self.by_name)
        found = found.fillna(alone.where((leads | is_team) & rows["gender"].isna()))
        is_own = rows["post"].isin(schema.vocabulary("post").codes(of_members="true"))
        found = found.fillna(looked_up(rows["name"], self.in_office).where(is_own))
        missing = found.isna()
        # Two lists that name the secretary of one body mean one person; other posts may have namesakes.
        own = rows["whose"] if "whose" in rows else rows["source"]
        whose = own.mask(leads & rows["bodies"].notna(), "secretary")
        identity = rows["name"] + "|" + rows["bodies"].fillna("") + "|" + whose
        own = opaque_ids("members", "post " + identity, salt=self.salt)
        added = pd.DataFrame({"member_id": own, "name": rows["name"], "source": rows["source"], "is_listed": False})
        ids = found.fillna(own).astype("str")
        findings = notes("person-not-linked", rows[missing]) if noted else ()
        return ids, Step(added=(("members", added[missing]),), findings=findings)


def facts_of(rows: pd.DataFrame, ids: pd.Series) -> tuple[pd.DataFrame, ...]:
    """What rows say of persons, and rules count."""
    told = rows.assign(**_births(rows)) if {"birth", "id_no", "age"} & set(rows) else rows
    columns = [column for column in _FACTS if column in told and told[column].notna().any()]
    return (told[columns].assign(member_id=ids),) if columns else ()


def link_posts(tables: Tables, names: Names, people: People, organizations: pd.DataFrame) -> Step:
    """Secretaries and committee seats: person to body, with the post."""
    step = Step()
    posts = (("secretary", "secretary"), ("deputy_secretary", "deputy_secretary"), ("committee_member", "member"))
    for column, post in posts:
        several = exploded(organizations, column)
        if several.empty:
            continue
        rows = several.assign(name=several[column], bodies=several["id"], post=post, gender=pd.NA)
        rows = rows.drop_duplicates(["name", "bodies", "source"])
        holders, found = people.holders(rows, noted=True)
        step += found + Step(ties=(tie("holds_post", rows, holders, rows["id"], post=post, since=rows["elected"]),))
    step += _seats(tables["seats"], names, people, organizations)
    for table, column in (
        ("grids", "grid_head"),
        ("grids", "grid_staff"),
        ("buildings", "building_head"),
        ("duty_areas", "duty_member"),
    ):
        heads = exploded(tables[table], column)
        if heads.empty:
            continue
        rows = heads.assign(name=heads[column], bodies=heads["id"], post=column, gender=pd.NA)
        holders, found = people.holders(rows)
        step += found + Step(ties=(tie("holds_post", rows, holders, rows["id"], post=column),))
    return step


def _seats(seats: pd.DataFrame, names: Names, people: People, organizations: pd.DataFrame) -> Step:
    rows = seats[seats["name"].notna() & seats["committee"].notna()]
    if rows.empty:
        return Step()
    rows = rows.assign(unit=rows["unit"].fillna(rows["unit_with_post"]))
    units = names.resolve("units", rows, "unit", place=_nowhere(rows), keep=False, table="seats")
    rows = rows.assign(bodies=units["id"])
    bodies = _of_organizations(rows, units, names, organizations)
    committees = names.resolve("committees", rows, "committee", place=_nowhere(rows), table="seats")
    job = _jobs(rows, units["id"])
    holders, found = people.holders(rows.rename(columns={"committee_post": "post"}), noted=True)
    ties = (
        tie(
            "holds_post", rows, holders, committees["id"], post=rows["committee_post"], time_share=rows["time_share"],
            since=rows["start"], content=job, status=rows["document"],
        ),
        tie("works_at", rows, holders, bodies["id"], basis=basis_of(bodies)),
    )  # fmt: skip
    return found + Step(ties=ties, mentions=(bodies, committees), facts=facts_of(rows, holders))


def _of_organizations(
    rows: pd.DataFrame, units: pd.DataFrame, names: Names, organizations: pd.DataFrame
) -> pd.DataFrame:
    """The mentions of units, and the organization where a cell names that: 第五医院党总支 of 第五医院党总支书记.

    A unit that no ledger has may still be the one that a listed organization is called after: 东方厂 of 东方厂党委.
    """
    named = names.resolve("organizations", rows, "unit", place=_nowhere(rows), keep=False, table="seats")
    is_unknown = (units["reason"] == "open") & (units["n"] == 0)
    is_organization = is_unknown & named["id"].notna()
    after = called_after(rows["unit"], organizations, names).where(is_unknown & ~is_organization)
    units = units.assign(id=units["id"].fillna(after), reason=units["reason"].mask(after.notna(), "within"))
    return pd.concat([units[~is_organization], named[is_organization]]).loc[rows.index]


def _jobs(rows: pd.DataFrame, units: pd.Series) -> pd.Series:
    """The post of each holder of a seat in the own unit; with the body where it is in no ledger of units.

    汪甸街道党工委 and 副书记 say together whose deputy secretary that is.
    """
    whole = (rows["unit"].fillna("") + rows["unit_post"]).astype("str")
    stated = rows["unit_post"].mask(units.isna(), whole)
    is_post = flagged(rows["unit_with_post"], ends_in_post)
    return stated.fillna(rows["unit_with_post"].where(is_post)).astype("str")


def with_facts(members: pd.DataFrame, facts: tuple[pd.DataFrame, ...]) -> pd.DataFrame:
    """What the lists of leaders, staff, reserves and floating members say of a person, where the roster does not."""
    if not facts:
        return members
    told = pd.concat(facts, ignore_index=True).groupby("member_id").first()
    for column in told:
        said = members["member_id"].map(told[column]).astype(told[column].dtype)
        members = members.assign(**{column: members[column].fillna(said) if column in members else said})
    return members


def _only_ones(rows: pd.DataFrame, keys: pd.Series) -> dict[str, str]:
    """The members whose name only one row of their branch has."""
    known = keys.notna()
    pairs = pd.DataFrame({"key": keys, "id": rows["id"]})[known].drop_duplicates()
    single = pairs[~pairs["key"].duplicated(keep=False)]
    return dict(zip(single["key"], single["id"], strict=True))


def _unique_people(members: pd.DataFrame, keys: pd.Series) -> dict[str, str]:
    pairs = pd.DataFrame({"key": keys, "id": members["id"]}).drop_duplicates()
    single = pairs[~pairs["key"].duplicated(keep=False)]
    return dict(zip(single["key"], single["id"], strict=True))
