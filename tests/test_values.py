"""Values that are data: equal to a plain count over the ties, on every engine, ours and a user's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import TINY, write_book
from test_records import FURTHER

import pbgraph as pb
from pbgraph import schema
from pbgraph.analyses.assessment import not_run
from pbgraph.analyses.ranges import shown_lacking
from pbgraph.analyses.subjects import subjects
from pbgraph.model import ID_COLUMNS, PREFIXES
from pbgraph.network import Network
from pbgraph.policy import Policy, Value, built_values, judged, read_policy

LABEL = 'label = { zh = "甲", en = "x" }\n'
# Every word of the vocabulary, beyond what our own values need.
FURTHER_VALUES = (
    """
[values.organizations]
share_running = { of = "share", relation = "co_building", end = "source", where = { status = "active" }, LABEL }
n_old = { of = "ties", relation = "co_building", where = { since = { below = "2024-05" } }, LABEL }
n_new = { of = "ties", relation = "co_building", where = { since = { least = "2024-05-03", most = "today" } }, LABEL }
n_big_hosts = { of = "ends", relation = "co_building", other = "units", where_other = { staff_count = { above = 120 } }, LABEL }
n_posts = { of = "ties", relation = "holds_post", where = { post = ["secretary", "deputy_secretary"] }, LABEL }
is_stated = { of = "any", relation = "subordinate", end = "source", where = { basis = "stated" }, LABEL }
n_inside = { of = "ends", relation = "subordinate", end = "target", other = "organizations", where_other = { is_listed_not = "" }, LABEL }
[values.teams]
n_allies = { of = "ties", relation = "allied_with", known = "any", LABEL }
[values.units]
联系月数 = { of = "months", relation = ["co_building", "housed_in"], where = { content = "" }, LABEL }
""".replace("LABEL", LABEL.strip())
    .replace("联系月数", '"联系月数"')
    .replace("is_listed_not", "founded")
)


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = write_book(tmp_path_factory.mktemp("values") / "名册.xlsx", {**TINY, **FURTHER})
    return pb.read(path, as_of="2025-06-30")


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("values") / "policy.toml"
    path.write_text(FURTHER_VALUES, "utf-8")
    return read_policy(path=path)


def passed(since: str, day: str) -> float:
    """Months, of which the days beyond the last whole one are a part where both days are known."""
    whole = int(day[:4]) * 12 + int(day[5:7]) - int(since[:4]) * 12 - int(since[5:7] or 12)
    return max(0.0, whole + ((int(day[8:10]) - int(since[8:10])) / 31 if since[8:10] else 0))


class Counted:
    """The values of a network, counted tie by tie."""

    def __init__(self, network: Network, kind: str, ids: list[str]) -> None:
        self.network, self.ids, self.entity = network, ids, judged().entities[kind]
        study = pb.Study(network)
        self.ties = study.ties.to_dict("records")
        self.rows = {
            other: study.entities(other).set_index(ID_COLUMNS[other], drop=False).to_dict("index") for other in PREFIXES
        }

    def of(self, value: Value) -> list[Any]:
        every = {node: list(self.seen(value, node)) for node in self.ids}
        found = {node: [pair for pair in pairs if self.holds(value, *pair)] for node, pairs in every.items()}
        by = every
        if value.known not in {"", "any", "own"}:
            by = {node: [p for p in pairs if self.holds(value, *p, but=value.known) and not empty(self.told(value, *p))]
                  for node, pairs in every.items()}  # fmt: skip
        is_any = any(by.values())
        return [
            None if value.known and not (by[node] if value.known == "own" else is_any)
            else self.total(value, every[node], found[node])
            for node in self.ids
        ]  # fmt: skip

    def told(self, value: Value, tie: dict[str, Any], far: str) -> Any:
        """What the column that makes a value known says of a tie, or of the entity at its other end."""
        return tie[value.known] if value.known in tie else self.rows[value.other].get(far, {}).get(value.known)

    def seen(self, value: Value, node: str) -> Iterator[tuple[dict[str, Any], str]]:
        legal = schema.vocabulary("relation").rows
        for tie in self.ties:
            for end, other in (("source", "target"), ("target", "source")):
                is_end = (
                    value.end in {"either", end} and tie[f"{end}_id"] == node and tie["relation"] in value.relations
                )
                far = tie[f"{other}_id"]
                if is_end and self.entity in legal[tie["relation"]][f"{end}_kinds"] and (
                    not value.other or far.startswith(PREFIXES[value.other] + ":")
                ):  # fmt: skip
                    yield tie, far

    def holds(self, value: Value, tie: dict[str, Any], far: str, but: str = "") -> bool:
        row = self.rows[value.other].get(far, {}) if value.where_other else {}
        day = self.network.as_of
        return all(is_wanted(tie[key], wanted, day) for key, wanted in value.where.items() if key != but) and all(
            is_wanted(row.get(key), wanted, day) for key, wanted in value.where_other.items() if key != but
        )

    def total(self, value: Value, every: list[Any], found: list[Any]) -> Any:
        if value.of == "any":
            return bool(found)
        if value.of == "share":
            return len(found) / len(every) if every else None
        if value.of == "months":
            day, since = self.network.as_of, [t["since"] for t, _ in found if not empty(t["since"])]
            return min(passed(one, day) for one in since) if since and day else None
        return len({far for _, far in found} if value.of == "ends" else found)


def empty(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell != cell


def is_wanted(cell: Any, wanted: Any, day: str) -> bool:
    if not isinstance(wanted, dict):
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        return any(empty(cell) if one == "" else cell == one or (isinstance(cell, str) and one in cell.split("\n"))
                   for one in several)  # fmt: skip
    if empty(cell):
        return False
    for limit, bound in wanted.items():
        asked = day[:7] if bound == "today" else bound
        n = min(len(cell), len(asked)) if isinstance(asked, str) else None
        one, other = (cell[:n], asked[:n]) if n else (cell, asked)
        if not {"least": one >= other, "most": one <= other, "below": one < other, "above": one > other}[limit]:
            return False
    return True


def told_by(network: Network, policy: Policy) -> set[str]:
    """Compare every value of every subject with a plain count; the values that are not 0, no or null of all."""
    study, told = pb.Study(network, policy=policy), set()
    for kind, held in policy.values.items():
        frame = subjects(study, kind)
        plain = Counted(study.network, kind, frame["subject_id"].tolist())
        for name, value in held.items():
            found = [None if empty(cell) else cell for cell in frame[name].tolist()]
            counted = plain.of(value)
            if name in judged().told_in.get(kind, {}):  # what no tie tells, a blank cell leaves open
                counted = [n or cell for n, cell in zip(counted, found, strict=True)]
            assert found == counted, (kind, name)
            told |= {name} if any(found) else set()
    return told


@pytest.mark.parametrize(
    "settings", [{"engine": "duckdb"}, {"engine": "polars"}, {"as_of": ""}, {"as_of": "2024-03-15"}]
)
def test_a_value_is_a_plain_count_over_the_ties(further: Network, wide: Policy, settings: dict[str, str]) -> None:
    told = told_by(replace(further, settings={**further.settings, **settings}), wide)
    assert {"share_running", "n_old", "n_big_hosts", "n_posts", "is_stated", "n_allies"} <= told
    assert {"联系月数", "n_new"} <= told or "as_of" in settings


def test_the_values_of_the_demo_are_plain_counts(demo: Network) -> None:
    assert {"n_agreements", "n_months_since_contact", "n_committees", "has_staff"} <= told_by(demo, read_policy())


def test_a_network_without_ties_has_counts_of_none(further: Network, wide: Policy) -> None:
    assert told_by(further.with_(ties=further.ties.head(0)), wide) == set()


def test_each_kind_of_body_and_of_meeting_has_its_value() -> None:
    of = built_values()
    bodies = {f"n_{code}" for code in schema.vocabulary("body_type").rows}
    meetings = {f"n_months_since_{code}" for code in schema.vocabulary("meeting_type").rows}
    assert bodies <= set(of["communities"]) and meetings <= set(of["committees"])
    level = schema.vocabulary("organization_category").codes(level="0")
    assert of["committees"]["is_under_street"].where_other["org_type"] == level


def written(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, "utf-8")
    return read_policy(path=path)


OWN = """\
[values.organizations.n_running_partners]
of = "ends"
relation = ["co_building", "paired_with"]
other = "units"
where = { status = "active" }
known = "any"
label = { zh = "实施中的共建协议", en = "running agreements" }

[rules.X1]
title = { zh = "社区党组织有共建单位", en = "Partners of a community's organization" }
statement = { zh = "社区党组织实施中的共建单位不少于 {least} 家。", en = "A community's organization has {least} partners." }
shape = "range"
on = "organizations"
needs = ["organizations"]
force = "may"
params = { least = 3 }
in_force = "2025-01-01"
source = { document = "本街道工作要点", clause = "一" }
[[rules.X1.checks]]
value = "n_running_partners"
least = "least"
where = { is_community_org = true }
message = { zh = "{subject}实施中的共建单位只有 {value} 家。", en = "{subject} has only {value} partners." }
"""


def test_an_own_value_and_its_rule_are_judged(tiny: Network, tmp_path: Path) -> None:
    found = pb.assess(tiny, policy=written(tmp_path, OWN))
    said = found.loc[found["rule_id"] == "X1", "message"].tolist()
    assert said == ["甲社区党支部实施中的共建单位只有 2 家。"]  # of three agreements one has ended
    enough = written(tmp_path, OWN.replace("least = 3", "least = 2"))
    assert "X1" not in set(pb.assess(tiny, policy=enough)["rule_id"])


def test_a_value_that_nobody_knows_is_named_as_the_user_named_it(tiny: Network, tmp_path: Path) -> None:
    policy = written(tmp_path, OWN)
    bare = tiny.with_(ties=tiny.ties[tiny.ties["relation"] != "co_building"])
    missing = dict(not_run(bare, policy=policy).to_numpy().tolist())["X1"]
    assert [shown_lacking(missing, lang, values=policy.values) for lang in ("zh", "en")] == [
        "实施中的共建协议", "running agreements",
    ]  # fmt: skip


def test_a_value_of_ours_takes_another_key(tiny: Network, tmp_path: Path) -> None:
    own = written(tmp_path, '[values.units.n_agreements]\nwhere = { status = "active" }\n')
    frames = [subjects(pb.Study(tiny, policy=policy), "units").set_index("subject") for policy in (read_policy(), own)]
    assert [int(frame.loc["红旗厂", "n_agreements"]) for frame in frames] == [2, 1]


def test_a_name_in_chinese_is_judged_and_printed(tiny: Network, tmp_path: Path) -> None:
    text = OWN.replace("values.organizations.n_running_partners", 'values.organizations."共建单位"')
    text = text.replace('"n_running_partners"', '"共建单位"').replace("{value} 家", "{共建单位} 家")
    found = pb.assess(tiny, policy=written(tmp_path, text))
    assert found.loc[found["rule_id"] == "X1", "message"].tolist() == ["甲社区党支部实施中的共建单位只有 2 家。"]
