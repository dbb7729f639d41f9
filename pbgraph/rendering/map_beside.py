"""What the map holds beside its lines: ties to persons, meetings, ratings, resources, projects and buildings.

Such a tie has an end that is not drawn. It is counted on the card of the body that it belongs to, persons as the
edition may count them. A person's tie that leads from the unit or organization of the person to another body (a
member works here and has registered there) is folded: all that lead the same way are one line with their number.
What belongs to a community is on the card of the community's own organization.
"""

from collections import Counter
from typing import Any, NamedTuple

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption, captions
from pbgraph.editions import few
from pbgraph.model import KINDS, PREFIXES
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.map_layout import text_of

FOLDED = ("registered_with", "floating", "dual_management_person", "seconded_to")
"""Relations of persons that are drawn from where the person belongs."""
_BELONGS = ("works_at", "member_of")
_PERSONS = ("members", "instructors")
_COUNTED_ELSEWHERE = frozenset({
    ("member_of", "members"), ("works_at", "members"), ("claims", "projects"), ("located_in", "units"),
})  # fmt: skip
_NAMED_ELSEWHERE = ("holds_post", "members")
_MOST = 3  # ratings of a body that its card spells out, and names of persons
_KIND_OF = {prefix: kind for kind, prefix in PREFIXES.items()}


class Aside(NamedTuple):
    """A tie of a body with something that is not drawn."""

    node: str
    relation: str
    is_out: bool
    kind: str
    other: str
    since: str


def own_organizations(network: Network) -> dict[str, str]:
    """The listed organization of each community that has one, by the id of the community."""
    listed = network.tables["organizations"]
    if "community" not in listed:
        return {}
    own = listed[listed["is_community_org"].fillna(value=False).astype(bool)]
    by_name = dict(zip(own["community"], own["organization_id"], strict=True))
    places = network.tables["communities"]
    pairs = zip(places["community_id"], places["name"], strict=True)
    return {str(node): str(by_name[name]) for node, name in pairs if name in by_name}


def covering_several(network: Network) -> set[str]:
    """The committees that are for several communities: the territory that they stand in tells of one."""
    located = network.ties[network.ties["relation"] == "located_in"][["source_id", "target_id"]].drop_duplicates()
    of_committees = located.loc[located["source_id"].str.startswith(f"{PREFIXES['committees']}:"), "source_id"]
    return set(of_committees[of_committees.duplicated()])


def stands_for(network: Network, drawn: set[str]) -> dict[str, str]:
    """What each id is drawn as: itself, or a community as its own organization."""
    own = {place: node for place, node in own_organizations(network).items() if node in drawn}
    return own | {node: node for node in drawn}


class Beside:
    """The ties that are on cards, by the body that they belong to."""

    def __init__(self, facts: Facts, drawn: set[str]) -> None:
        self.facts, self.network = facts, facts.network
        self._lang = facts.look.lang
        self._named = self.network.names() if facts.look.edition == "internal" else {}
        self.asides = _asides(self.network, stands_for(self.network, drawn))
        groups: dict[tuple[str, str, bool, str], dict[str, str]] = {}
        for aside in self.asides:
            group = groups.setdefault((aside.node, aside.relation, aside.is_out, aside.kind), {})
            group[aside.other] = max(group.get(aside.other, ""), aside.since)
        self._groups: dict[str, list[tuple[str, bool, str, dict[str, str]]]] = {}
        for (node, relation, is_out, kind), others in sorted(groups.items(), key=lambda item: item[0]):
            self._groups.setdefault(node, []).append((relation, is_out, kind, others))

    def counts(self) -> dict[str, int | str]:
        """The ties of each relation that are on cards and no line."""
        ties = {(a.relation, a.node, a.other) for a in self.asides if a.relation not in FOLDED}
        persons = {a.relation for a in self.asides if a.kind in _PERSONS}
        least = self.network.least_shown
        return {
            relation: few(n, least=least if relation in persons else 0)
            for relation, n in sorted(Counter(tie[0] for tie in ties).items())
        }

    def lines(self, node: str) -> list[list[str]]:
        """Label and value of each relation that a body has with what is not drawn."""
        made: list[list[str]] = []
        for relation, is_out, kind, others in self._groups.get(node, []):
            if (relation, kind) == _NAMED_ELSEWHERE and self.facts.look.edition != "public":
                continue
            made += self._records(others) if kind == "records" else [self._line(relation, kind, others, is_out=is_out)]
        return made

    def _line(self, relation: str, kind: str, others: dict[str, str], *, is_out: bool) -> list[str]:
        said_as = f"aside_{relation}_{kind}"
        words = schema.vocabulary("relation").rows[relation]
        way = ("outward" if is_out else "inward") + ("" if self._lang == "zh" else "_en")
        label = caption(said_as, self._lang) if said_as in captions(self._lang) else words[way]
        n = few(len(others), least=self.network.least_shown if kind in _PERSONS else 0)
        said = caption(f"beside_{kind}", self._lang, n=n)
        if kind in _PERSONS:
            names = sorted(self._named[other] for other in others if other in self._named)
            more = caption("beside_and_more", self._lang) if len(names) > _MOST else ""
            return [label, said + (f"：{'、'.join(names[:_MOST])}{more}" if names else "")]
        last = max((day for day in (self._days.get(other, "") for other in others) if day), default="")
        return [label, said + (caption("beside_last", self._lang, on=last) if last else "")]

    @property
    def _days(self) -> dict[str, str]:
        held: dict[str, str] = self.facts.study.kept("beside_days", lambda: _days_of(self.network))
        return held

    def _records(self, others: dict[str, str]) -> list[list[str]]:
        """Ratings, and funds with their sum; the results of persons are only counted."""
        frame = self.network.tables["records"]
        rows = frame[frame["record_id"].isin(list(others))]
        is_fund, is_duty = (_is_of_type(rows, kind) for kind in ("fund", "duty"))
        is_rating = rows["type"] == "rating" if "type" in rows else ~is_fund  # the others are what a community has
        made = []
        if is_duty.any():
            said = caption("beside_bodies", self._lang, n=int(is_duty.sum()))
            made.append([caption("beside_duties", self._lang), said])
        if is_rating.any():
            made.append([caption("beside_rated", self._lang), self._rated(rows[is_rating])])
        if is_fund.any():
            money = rows.loc[is_fund, "money"].sum() if "money" in rows else 0
            said = caption("beside_funds", self._lang, n=int(is_fund.sum()))
            total = caption("beside_money", self._lang, money=f"{money:,.0f}") if money else ""
            made.append([caption("beside_funded", self._lang), said + total])
        return made

    def _rated(self, rows: pd.DataFrame) -> str:
        of_persons = rows["record_id"].isin(records_of_persons(self.facts))
        n = few(len(rows), least=self.network.least_shown if of_persons.any() else 0)
        told = rows if self.facts.look.edition == "internal" else rows[~of_persons]
        newest = told.assign(on=told.get("year", "")).sort_values(["on", "record_id"], ascending=[False, True])
        said = [result_of(row) for row in newest.head(_MOST).to_dict("records")]
        more = caption("beside_and_more", self._lang) if len(told) > _MOST else ""
        return caption("beside_records", self._lang, n=n) + ("：" + "；".join(said) + more if said else "")


def result_of(row: dict[str, Any]) -> str:
    """What was rated, the year, the result and the score, as far as they are told."""
    score = row.get("score")
    shown = "" if score is None or pd.isna(score) else f"{float(score):g}"
    head = text_of(row.get("rating_type")) or text_of(row.get("name"))
    return " ".join(part for part in (text_of(row.get("year")), head, text_of(row.get("rating")), shown) if part)


def records_of_persons(facts: Facts) -> set[str]:
    """The ratings of persons: of a name that nothing but a person bears, and those that name nothing."""
    given = facts.given or facts.network
    frame = given.tables["records"]
    bodies = {str(name) for kind in KINDS if kind not in _PERSONS for name in given.tables[kind]["name"].dropna()}
    rated = frame["rated"] if "rated" in frame else pd.Series(None, index=frame.index, dtype="str")
    spelled = set(given.merges["name"]) | bodies
    is_body = rated.isin(spelled)
    is_other = _is_of_type(frame, "fund") | _is_of_type(frame, "duty")
    return set(frame.loc[~(is_other | (rated.notna() & is_body)), "record_id"])


def _is_of_type(records: pd.DataFrame, kind: str) -> pd.Series:
    """Which records are of a type: fund, duty; a network made by hand may not say."""
    return records["type"] == kind if "type" in records else pd.Series(data=False, index=records.index)


def _days_of(network: Network) -> dict[str, str]:
    frame = network.tables["meetings"]
    if "meeting_date" not in frame:
        return {}
    return {n: text_of(day) for n, day in zip(frame["meeting_id"], frame["meeting_date"], strict=True)}


def _asides(network: Network, drawn: dict[str, str]) -> list[Aside]:
    """Every tie of which one end is drawn and the other is not."""
    places = set(network.tables["communities"]["community_id"])
    found = []
    ties = network.ties
    for source, target, relation, since in zip(
        *(ties[column] for column in ("source_id", "target_id", "relation", "since")), strict=True
    ):
        ends = drawn.get(source), drawn.get(target)
        if (ends[0] is None) == (ends[1] is None):
            continue
        is_out = ends[0] is not None
        other = str(target if is_out else source)
        kind = _KIND_OF[other.split(":")[0]]
        if other not in places and (relation, kind) not in _COUNTED_ELSEWHERE:
            found.append(Aside(str(ends[0] or ends[1]), str(relation), is_out, kind, other, text_of(since)))
    return found


def folded(facts: Facts, drawn: set[str]) -> list[dict[str, Any]]:
    """Lines for the ties of persons: from where they belong to where the tie leads, with the number of persons.

    The rows behind a line are named in the edition "internal" alone.
    """
    network = facts.network
    ends_of, ties = stands_for(network, drawn), network.ties
    home: dict[str, str] = {}
    for relation in reversed(_BELONGS):
        rows = ties[(ties["relation"] == relation) & ties["target_id"].isin(drawn)]
        last_first = rows.sort_values("target_id", ascending=False)
        home |= dict(zip(last_first["source_id"], last_first["target_id"], strict=True))
    people: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in ties[ties["relation"].isin(FOLDED)].itertuples():
        is_person_first = str(row.source_id).startswith(f"{PREFIXES['members']}:")
        person, other = (row.source_id, row.target_id) if is_person_first else (row.target_id, row.source_id)
        here, there = home.get(str(person)), ends_of.get(str(other))
        if here and there and here != there:
            ends = (here, there) if is_person_first else (there, here)
            people.setdefault((*ends, str(row.relation)), {})[str(person)] = str(row.source)
    is_told = facts.look.edition == "internal"
    return [
        {
            "ends": key[:2], "relation": key[2],
            "note": caption("beside_members", facts.look.lang, n=few(len(who), least=network.least_shown)),
            "source": "\n".join(sorted(set(who.values()))) if is_told else "",
        }
        for key, who in sorted(people.items())
    ]  # fmt: skip
