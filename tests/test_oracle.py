"""An oracle: the rates of domain notes §5 in plain pandas and loops, against those of random streets made in memory."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import pbgraph as pb
from pbgraph.network import Network

DAY = "2025-06-30"
PLACES = ["甲社区", "乙社区", "丙社区"]
RARE = "龘䶮㸃𠮷𬱟仝丶〇喆堃"  # of the first plane and of others
KINDS = ["private_firm", "social_organization", "government", "school", "residents_committee", None]
Row = dict[str, Any]
Tie = tuple[str, str, str, str | None]


def street(seed: int) -> Network:
    """A random street: every kind of tie that a rate reads, several of the same, and cells left blank."""
    dice = random.Random(seed)
    name = "".join

    def maybe(*values: Any) -> Any:
        return dice.choice([*values, None])

    units = [
        {
            "unit_id": f"unit:{n}", "name": f"{name(dice.choices(RARE, k=3))}{n}厂", "community": maybe(*PLACES),
            "unit_type": dice.choice(KINDS), "operating": maybe("operating", "operating", "closed"),
            "staff_count": maybe(5, 99, 100, 300), "full_count": maybe(0, 1, 2, 3, 4),
            "probationary_count": maybe(0, 1), "mass_org_name": dice.choice(["工会", None, None]),
        }
        for n in range(dice.randint(8, 25))
    ]  # fmt: skip
    organizations = [
        {
            "organization_id": f"org:{n}", "name": f"{name(dice.choices(RARE, k=3))}{n}党支部",
            "community": maybe(*PLACES), "org_type": dice.choice(["631", "631", "632", "621", "641", None]),
            "is_community_org": n < len(PLACES), "expires": maybe("2025-06-29", "2025-06-30", "2025-06", "2024", "2031-01"),
        }
        for n in range(dice.randint(5, 15))
    ]  # fmt: skip
    members = [
        {
            "member_id": f"member:{n}", "name": name(dice.choices(RARE, k=2)),
            "category": maybe("full", "full", "probationary", "activist"), "status": maybe("normal", "suspended"),
        }
        for n in range(dice.randint(10, 60))
    ]  # fmt: skip
    people = [f"赵{n}" for n in range(3)]
    communities = [
        {"community_id": f"community:{n}", "name": place, "secretary": maybe(*people), "director": maybe(*people)}
        for n, place in enumerate(PLACES)
    ]
    grids = [{"grid_id": f"grid:{n}", "name": f"{n}网格", "community": maybe(*PLACES)} for n in range(6)]
    committees = [{"committee_id": f"committee:{n}", "name": f"{place}大党委"} for n, place in enumerate(PLACES[:2])]
    instructors = [{"instructor_id": f"instructor:{n}", "name": name(dice.choices(RARE, k=2))} for n in range(3)]
    tables = {
        "units": units, "organizations": organizations, "members": members, "communities": communities, "grids": grids,
        "committees": committees, "instructors": instructors,
    }  # fmt: skip
    return made(tables, ties_of(dice, tables))


def ties_of(dice: random.Random, tables: dict[str, list[Row]]) -> list[Tie]:
    """Random ties between the entities, some of them twice."""
    ids = {kind: [str(next(iter(row.values()))) for row in rows] for kind, rows in tables.items()}
    plan = [
        ("housed_in", "organizations", "units", 8), ("joint_covers", "organizations", "units", 5),
        ("member_of", "members", "organizations", 40), ("works_at", "members", "units", 25),
        ("lives_in", "members", "communities", 15), ("registered_with", "members", "communities", 15),
        ("instructs", "instructors", "units", 4), ("participates", "organizations", "committees", 6),
        ("located_in", "committees", "communities", 2), ("group_in", "organizations", "grids", 4),
        ("holds_post", "members", "organizations", 12), ("holds_post", "members", "units", 10),
    ]  # fmt: skip
    ties = [
        (relation, dice.choice(ids[source]), dice.choice(ids[target]), dice.choice([None, None, "2025-01"]))
        for relation, source, target, n in plan
        for _ in range(n)
    ]
    return ties + dice.sample(ties, 5)


def made(tables: dict[str, list[Row]], ties: list[Tie]) -> Network:
    """A network of these rows: what `from_graph` gives of the graph that they are."""
    graph = nx.MultiDiGraph()
    for kind, rows in tables.items():
        for row in rows:
            node, *_ = row.values()
            said = {key: value for key, value in list(row.items())[1:] if value is not None}
            graph.add_node(node, kind=kind, is_listed=True, **said)
    for relation, source, target, until in ties:
        graph.add_edge(source, target, key=relation, relation=relation, **({"until": until} if until else {}))
    network = Network.from_graph(graph)
    return replace(network, settings={**network.settings, "as_of": DAY})


class Plain:
    """The formulae in sets and loops."""

    def __init__(self, network: Network) -> None:
        self.tables = {kind: frame.to_dict("records") for kind, frame in network.tables.items()}
        self.ties = network.ties.to_dict("records")

    def pairs(self, relation: str) -> set[tuple[str, str]]:
        return {(tie["source_id"], tie["target_id"]) for tie in self.ties if tie["relation"] == relation}

    def people(self) -> dict[str, bool]:
        """The active members and whether they are full."""
        rows = [row for row in self.tables["members"] if row["status"] != "suspended"]
        return {row["member_id"]: row["category"] == "full" for row in rows if row["category"] != "activist"}

    def own(self) -> set[tuple[str, str]]:
        kind = {row["organization_id"]: row["org_type"] for row in self.tables["organizations"]}
        return {
            (org, unit) for org, unit in self.pairs("housed_in") if pd.isna(kind[org]) or kind[org] in {"631", "621"}
        }

    def joint(self) -> set[str]:
        kind = {row["organization_id"]: row["org_type"] for row in self.tables["organizations"]}
        covered = {unit for _, unit in self.pairs("joint_covers")}
        return covered | {unit for org, unit in self.pairs("housed_in") if kind[org] == "632"}

    def counts(self, row: Row) -> tuple[int | None, int | None]:
        """Full members and all members of a unit: people, or the ledger where it knows more full ones."""
        unit, people = row["unit_id"], self.people()
        homes = {org for org, at in self.own() if at == unit}
        ids = {m for m, at in self.pairs("works_at") if at == unit} | {
            m for m, o in self.pairs("member_of") if o in homes
        }
        ids &= set(people)
        n_full, n = sum(people[one] for one in ids), len(ids)
        if pd.notna(row["full_count"]) and (not ids or row["full_count"] > n_full):
            new = row["probationary_count"]
            return row["full_count"], row["full_count"] + (0 if pd.isna(new) else new)
        return (n_full, n) if ids else (None, None)

    def states(self) -> dict[str, Row]:
        own, joint, found = {unit for _, unit in self.own()}, self.joint(), {}
        sent = {unit for _, unit in self.pairs("instructs")}
        for row in self.tables["units"]:
            if row["operating"] == "closed":
                continue
            unit, (n_full, n) = row["unit_id"], self.counts(row)
            is_work = unit in sent or pd.notna(row["mass_org_name"])
            full, known = n_full or 0, n or 0
            state = "own" if unit in own else ("split-due" if full >= 3 else "joint") if unit in joint else ""
            gaps = ((full >= 3, "must-establish"), (known >= 3, "borderline"), (known > 0, "joint-candidate"))
            state = state or next((name for holds, name in gaps if holds), "work" if is_work else "blank")
            found[unit] = {**row, "state": state, "n_full": n_full, "is_work": is_work, "is_sent": unit in sent}
        return found

    def rates(self) -> dict[str, tuple[int, int]]:
        """Numerator and denominator of every rate."""
        rows = list(self.states().values())
        covered = [row for row in rows if row["state"] in {"own", "joint", "split-due"}]
        rest = [row for row in rows if row not in covered]
        due = [row for row in rows if row["n_full"] is not None and row["n_full"] >= 3]
        large = [row for row in rows if pd.notna(row["staff_count"]) and row["staff_count"] >= 100]
        own = [row for row in rows if row["state"] == "own"]
        return {
            "org_coverage": (len(covered), len(rows)), "own_share": (len(own), len(rows)),
            "establishment": shared(due, own), "above_scale_own": shared(large, own),
            "work_coverage": (len(covered) + sum(row["is_work"] for row in rest), len(rows)),
            "work_coverage_rest": (sum(row["is_work"] for row in rest), len(rest)),
            "blank_share": (sum(row["state"] == "blank" for row in rows), len(rows)),
            "instructor_share": (sum(row["is_sent"] for row in rest), len(rest)),
            **self.of_bodies(),
        }  # fmt: skip

    def of_bodies(self) -> dict[str, tuple[int, int]]:
        living = {member for member, _ in self.pairs("lives_in")}
        registered = {t["source_id"] for t in self.ties if t["relation"] == "registered_with" and pd.isna(t["until"])}
        names = {row["community_id"]: row["name"] for row in self.tables["communities"]}
        near = {names[place] for _, place in self.pairs("located_in")}
        orgs = self.tables["organizations"]
        inside = {
            r["organization_id"] for r in orgs if r["community"] in near and r["org_type"] in {"631", "632", "621"}
        }
        grids, grouped = {row["grid_id"] for row in self.tables["grids"]}, {grid for _, grid in self.pairs("group_in")}
        both = [r for r in self.tables["communities"] if pd.notna(r.get("secretary")) and pd.notna(r.get("director"))]
        terms = [row["expires"] for row in orgs if pd.notna(row["expires"])]
        return {
            "double_registration": shared(living, registered),
            "committee_seats": shared(inside, {org for org, _ in self.pairs("participates")}),
            "grid_coverage": shared(grids, grouped),
            "same_person": (sum(row["secretary"] == row["director"] for row in both), len(both)),
            "elections_on_time": (sum(day >= DAY[: len(day)] for day in terms), len(terms)),
            "cross_appointment": self.cross(),
        }  # fmt: skip

    def cross(self) -> tuple[int, int]:
        places = {row["unit_id"]: row["community"] for row in self.tables["units"]}
        committees = {row["unit_id"] for row in self.tables["units"] if row["unit_type"] == "residents_committee"}
        posts = self.pairs("holds_post")
        known = {places[body] for _, body in posts if body in places and pd.notna(places[body])}
        own = {r["organization_id"]: r["community"] for r in self.tables["organizations"] if r["is_community_org"]}
        team = {person for person, body in posts if own.get(body) in known}
        return shared(team, {person for person, body in posts if body in committees})


def shared(whole: Iterable[Any], part: Iterable[Any]) -> tuple[int, int]:
    among = list(part)
    every = list(whole)
    return sum(one in among for one in every), len(every)


@pytest.mark.parametrize("seed", range(3))
def test_every_rate_is_what_plain_loops_count(seed: int) -> None:
    network = street(seed)
    plain = Plain(network)
    study = pb.Study(network)
    found = study.coverage.dropna(subset=["state"]).set_index("unit_id")["state"].to_dict()
    assert found == {unit: row["state"] for unit, row in plain.states().items()}
    rates = study.coverage_rates
    whole = rates[rates["community"] == ""].set_index("rate")
    counted = {rate: (whole.loc[rate, "n_counted"], whole.loc[rate, "n_subjects"]) for rate in whole.index}
    expected = plain.rates()
    assert counted == expected
    for rate, (n, of) in expected.items():
        share = whole.loc[rate, "rate_share"]
        assert share == n / of if of else pd.isna(share)  # to the last digit
