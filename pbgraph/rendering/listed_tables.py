"""The tables of what lists tell beside units and organizations: meetings, ratings, funds, bodies, resources, flows.

Each is there only where it has a row. Persons are counts, as the edition may show them; what is said of them is not.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.editions import few
from pbgraph.rendering.blocks import Table, heads_of, source_lines
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.map_beside import records_of_persons
from pbgraph.rendering.map_details import kinds_of_bodies
from pbgraph.rendering.map_layout import text_of

_FLOWS = (
    "registered_with",
    "floating",
    "seconded_to",
    "contact_of",
    "visits",
    "lives_in",
    "dual_management_person",
    "reserve_for",
)
_BODIES_OF_PERSONS = ("works_at", "member_of")
_PERSONS = ("member:", "instructor:")
Row = tuple[Any, ...]


def listed_tables(facts: Facts) -> list[Table]:
    """The tables that have a row."""
    lang = facts.look.lang
    tables = [(key, heads, rows(facts)) for key, (heads, rows) in _tables().items()]
    return [
        Table(key, caption(f"sheet_{key}", lang), heads_of(facts, *heads), rows) for key, heads, rows in tables if rows
    ]


def _tables() -> dict[str, tuple[tuple[str, ...], Callable[[Facts], list[Row]]]]:
    """The headers of each table, and what makes its rows."""
    return {
        "meetings": (
            ("subject", "name", "kind", "day", "community", "attended_by", "expected_present", "source"), _meetings,
        ),
        "appointments": (
            ("committee", "superior", "congress_date", "approved_date", "filed_date", "approval", "source"),
            _appointments,
        ),
        "ratings": (
            ("subject", "name", "year", "result", "score", "treatment", "rated_by", "community", "source"), _ratings,
        ),
        "duties": (("subject", "name", "pledge", "fulfilled", "community", "source"), _duties),
        "funds": (("committee", "funder", "year", "yuan", "funds_share", "name", "source"), _funds),
        "inventory": (("kind", "name", "community", "day", "result", "source"), _inventory),
        "bodies": (("name", "kind", "community", "area", "attended_by", "source"), _bodies),
        "resources": (("name", "kind", "category", "owner", "community", "partner", "matched", "source"), _resources),
        "buildings": (("name", "kind", "community", "part_of", "households", "population", "source"), _buildings),
        "flows": (("kind", "from", "to", "persons"), _flows),
        "elections": (("how_elected", "persons"), _elections),
    }  # fmt: skip


def _names(facts: Facts, relation: str, *, own: str, other: str) -> dict[str, str]:
    """Names at the other end of a relation, one a line, by the own end; those of persons are left out."""
    names, ties = facts.shown.names(), facts.shown.ties
    rows = ties[(ties["relation"] == relation) & ~ties[other].str.startswith(_PERSONS)]
    return {str(n): "\n".join(sorted({names[end] for end in ends})) for n, ends in rows.groupby(own)[other]}


def _records(frame: pd.DataFrame, order: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows as dictionaries, in the order of some columns as far as the frame has them."""
    known = [column for column in order if column in frame]
    rows: list[dict[str, Any]] = frame.sort_values([*known, frame.columns[0]], na_position="last").to_dict("records")
    return rows


def _meetings(facts: Facts) -> list[Row]:
    lang = facts.look.lang
    callers = _names(facts, "convenes", own="target_id", other="source_id")
    attended = _names(facts, "attends", own="target_id", other="source_id")
    kinds = schema.vocabulary("meeting_type")
    rows = []
    for row in _records(facts.shown.tables["meetings"], ("community", "meeting_date", "name")):
        present = [row.get(key) for key in ("present", "expected")]
        both = (
            caption("rate_value", lang, counted=present[0], subjects=present[1]) if all(map(pd.notna, present)) else ""
        )
        rows.append((
            callers.get(row["meeting_id"], ""), row["name"], kinds.label(text_of(row.get("meeting_type")), lang=lang),
            text_of(row.get("meeting_date")), text_of(row.get("community")), attended.get(row["meeting_id"], ""), both,
            source_lines(text_of(row["source"]), lang),
        ))  # fmt: skip
    return rows


def _appointments(facts: Facts) -> list[Row]:
    """The committees of which some list says how they were appointed."""
    told = facts.study.appointments
    steps = ["congress_date", "approved_date", "filed_date", "document"]
    told = told[told[steps].notna().any(axis=1)]
    columns = told[["committee", "superior", *steps]].map(text_of)
    lines = [source_lines(str(source), facts.look.lang) for source in told["source"]]
    return [(*cells, line) for cells, line in zip(columns.itertuples(index=False, name=None), lines, strict=True)]


def _ratings(facts: Facts) -> list[Row]:
    """Ratings of bodies with their results; those of persons, and of what is no body, only where persons have names."""
    frame = facts.network.tables["records"].assign(said="")
    if "type" in frame:
        frame = frame[frame["type"].isin(["rating", "opinion"])]
    of_persons = records_of_persons(facts)
    if facts.look.edition != "internal":
        frame = frame[~frame["record_id"].isin(of_persons)]
    else:
        for column in ("street", "rated"):
            frame["said"] = frame.get(column, frame["said"]).fillna(frame["said"])
    names, ties = facts.network.names(), facts.network.ties
    concerns = ties[ties["relation"] == "concerns"].groupby("source_id")["target_id"]
    of = {str(record): "\n".join(sorted({names[end] for end in ends})) for record, ends in concerns}
    own = frame["said"].where(frame["record_id"].isin(of_persons), frame["record_id"].map(of))
    frame["of"] = own.mask(own == "").fillna(frame["said"])
    return [
        (
            row["of"], text_of(row.get("rating_type")) or row["name"],
            text_of(row.get("year")), text_of(row.get("rating")), _plain(row.get("score")),
            text_of(row.get("treatment")), text_of(row.get("appointed_by")), text_of(row.get("community")),
            source_lines(text_of(row["source"]), facts.look.lang),
        )
        for row in _records(frame, ("community", "year", "name"))
    ]  # fmt: skip


def _plain(number: Any) -> Any:
    """A number without a fraction that is none: 71, not 71.0."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _duties(facts: Facts) -> list[Row]:
    """The posts that members take on and what they pledge; who it is stays with the rows."""
    frame = facts.shown.tables["records"]
    if "type" not in frame:
        return []
    of = _names(facts, "concerns", own="source_id", other="target_id")
    return [
        (
            of.get(row["record_id"], ""), row["name"], text_of(row.get("pledge")), text_of(row.get("fulfilled")),
            text_of(row.get("community")), source_lines(text_of(row["source"]), facts.look.lang),
        )
        for row in _records(frame[frame["type"] == "duty"], ("community", "name"))
    ]  # fmt: skip


def _funds(facts: Facts) -> list[Row]:
    frame = facts.shown.tables["records"]
    if "type" not in frame:
        return []
    committees = _names(facts, "concerns", own="source_id", other="target_id")
    ties = facts.shown.ties[facts.shown.ties["relation"] == "funds"]
    names = facts.shown.names()
    payer: dict[str, str] = {}
    for end, source in zip(ties["source_id"], ties["source"], strict=True):
        payer |= dict.fromkeys(str(source).split("\n"), names[end])
    rows = _records(frame[frame["type"] == "fund"], ("year", "name"))
    return [
        (
            committees.get(row["record_id"], ""), payer.get(text_of(row["source"]).split("\n")[0], ""),
            text_of(row.get("year")), row.get("money"), text_of(row.get("money_share")), row["name"],
            source_lines(text_of(row["source"]), facts.look.lang),
        )
        for row in rows
    ]  # fmt: skip


_IN_COMMUNITIES = ("room", "rulebook", "disclosure", "service")


def _inventory(facts: Facts) -> list[Row]:
    """What lists of communities hold: rooms, rules, affairs made public and services."""
    frame, lang = facts.shown.tables["records"], facts.look.lang
    if "type" not in frame:
        return []
    fees = schema.vocabulary("fee")
    return [
        (
            caption(f"kind_of_{row['type']}", lang), row["name"], text_of(row.get("community")),
            text_of(row.get("disclosed_date")) or text_of(row.get("founded")),
            text_of(row.get("disclosure")) or fees.label(text_of(row.get("fee")), lang=lang),
            source_lines(text_of(row["source"]), lang),
        )
        for row in _records(frame[frame["type"].isin(_IN_COMMUNITIES)], ("type", "community", "name"))
    ]  # fmt: skip


def _bodies(facts: Facts) -> list[Row]:
    """Bodies of communities, premises, mass organizations, teams and social organizations."""
    kinds = kinds_of_bodies(facts.network, facts.look.lang)
    attended = _names(facts, "attends", own="target_id", other="source_id")
    return [
        (
            row["name"], kinds[row["body_id"]], text_of(row.get("community")), _plain(row.get("area")),
            attended.get(row["body_id"], ""), source_lines(text_of(row["source"]), facts.look.lang),
        )
        for row in _records(facts.shown.tables["bodies"], ("community", "type", "name"))
    ]  # fmt: skip


def _resources(facts: Facts) -> list[Row]:
    lang = facts.look.lang
    names = {row["resource_id"]: row["name"] for row in facts.network.tables["resources"].to_dict("records")}
    return [
        (
            names[row.resource_id], caption(f"kind_of_{row.kind}", lang) if isinstance(row.kind, str) else "",
            text_of(row.category), _without_persons(row.owner), text_of(row.community), _without_persons(row.partner),
            caption("answer_yes" if row.is_matched else "answer_no", lang), source_lines(text_of(row.source), lang),
        )
        for row in facts.study.matches.itertuples()
    ]  # fmt: skip


def _without_persons(names: Any) -> str:
    """Names one a line without those that an edition has made numbers."""
    return "\n".join(name for name in text_of(names).split("\n") if not name.startswith("person:"))


def _buildings(facts: Facts) -> list[Row]:
    frame = facts.shown.tables["grids"]
    if "type" not in frame:
        return []
    above = _names(facts, "part_of", own="source_id", other="target_id")
    lang = facts.look.lang
    listed = frame[frame["type"].isin(["estate", "building"])]
    return [
        (
            row["name"], caption(f"kind_of_{row['type']}", lang), text_of(row.get("community")),
            above.get(row["grid_id"], ""), row.get("households"), row.get("population"),
            source_lines(text_of(row["source"]), lang),
        )
        for row in _records(listed, ("community", "type", "name"))
    ]  # fmt: skip


def _elections(facts: Facts) -> list[Row]:
    """How many holders of posts came by each way of election or appointment that lists state."""
    ties, lang = facts.network.ties, facts.look.lang
    held = ties[(ties["relation"] == "holds_post") & ties["category"].notna()]
    people = held.groupby("category")["source_id"].nunique().to_dict()
    ways, least = schema.vocabulary("election_form"), facts.network.least_shown
    return [(ways.label(code, lang=lang), few(people[code], least=least)) for code in ways.rows if code in people]


def _flows(facts: Facts) -> list[Row]:
    """Persons by relation, from where they belong to where it leads; whose place nobody says has an empty one."""
    network, lang = facts.network, facts.look.lang
    ties, names, relations = network.ties, network.names(), schema.vocabulary("relation")
    home: dict[str, str] = {}
    for relation in reversed(_BODIES_OF_PERSONS):
        rows = ties[ties["relation"] == relation].sort_values("target_id", ascending=False)
        home |= dict(zip(rows["source_id"], rows["target_id"], strict=True))
    people: dict[tuple[int, str, str], set[str]] = {}
    for source, target, relation in ties[["source_id", "target_id", "relation"]].itertuples(index=False, name=None):
        persons = [end for end in (source, target) if end.startswith(_PERSONS)]
        if relation in _FLOWS and len(persons) == 1:
            other = target if persons[0] == source else source
            key = _FLOWS.index(relation), names.get(home.get(persons[0], ""), ""), names[other]
            people.setdefault(key, set()).add(persons[0])
    return [
        (relations.label(_FLOWS[number], lang=lang), here, there, few(len(who), least=network.least_shown))
        for (number, here, there), who in sorted(people.items())
    ]
