"""The demo street: every planted answer comes out, no gap missed, none false and certain."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pbgraph as pb
from pbgraph.counting import told_by_dates
from pbgraph.linking.keys import name_key
from pbgraph.network import Network
from pbgraph.schema import tables, vocabulary

DATA = Path(__file__).parent.parent / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text("utf-8"))
BEFORE: dict[str, Any] = json.loads((DATA / "truth-2025-05.json").read_text("utf-8"))
FORMS: dict[str, Any] = TRUTH["forms"]
Names = dict[str, str]
GAPS = vocabulary("coverage_state").codes(is_gap="true")


def key(name: str, kind: str = "units") -> str:
    return name_key(name, kind=kind, home=TRUTH["home"])


@pytest.fixture(scope="module")
def units(demo: Network) -> pd.DataFrame:
    found = pb.coverage(demo)
    return found.set_index(found["unit"].map(key))


@pytest.fixture(scope="module")
def names(demo: Network) -> Names:
    return {str(one): name for one, name in demo.names().items()}


@pytest.fixture(scope="module")
def reading() -> pb.Reading:
    return pb.read_workbooks(DATA / "demo")


def test_nothing_is_lost_and_nothing_made_up(demo: Network) -> None:
    counts = TRUTH["counts"]
    listed = {
        kind: int(demo.tables[kind]["is_listed"].sum())
        for kind in ("units", "organizations", "members", "committees", "communities", "grids")
    }
    assert listed == {kind: counts[kind] for kind in listed}
    by_relation = demo.ties["relation"].value_counts()
    assert by_relation["co_building"] == counts["agreements"]
    assert by_relation["registered_with"] == counts["registrations"]
    assert len(demo.projects) == counts["projects"]
    assert len(demo.instructors) == counts["instructors"]


def test_every_unit_has_its_planted_state(units: pd.DataFrame) -> None:
    doubtful = {key(name) for name in TRUTH["check_name"]}
    planted = {key(name): state for name, state in TRUTH["units"].items()}
    assert set(units.index) == set(planted)
    wrong = {
        name: (row["state"], planted[name])
        for name, row in units.iterrows()
        if name not in doubtful and (row["state"] if row["is_in_scope"] else "out") != planted[name]
    }
    assert wrong == {}


def test_no_gap_is_missed_and_none_is_false_and_certain(units: pd.DataFrame) -> None:
    planted = {key(name) for name, state in TRUTH["units"].items() if state in GAPS}
    found = units[units["state"].isin(GAPS)]
    assert set(found.index[found["sure"] == "certain"]) == planted
    assert set(found.index[found["sure"] == "check-name"]) == {key(name) for name in TRUTH["check_name"]}


def test_full_members_are_counted_as_planted(units: pd.DataFrame) -> None:
    planted = {key(name): n for name, n in TRUTH["full_members"].items()}
    counted = {name: n for name, n in units["n_full"].items() if units.loc[name, "is_in_scope"]}
    wrong = {
        name: (n, planted[name])
        for name, n in counted.items()
        if n != planted[name] and not name.startswith(("居委会",))
    }
    community_bodies = {name for name in wrong if name.endswith("居委会")}
    assert set(wrong) == community_bodies  # their organization's members count with those who work there


def test_management_comes_out_as_planted(demo: Network) -> None:
    found = pb.dual_management(demo)
    shown = found.set_index(found["organization"].map(lambda name: key(name, "organizations")))[
        ["expected", "stated"]
    ].fillna("")
    said = {name: {"expected": row["expected"], "stated": row["stated"]} for name, row in shown.iterrows() if row.any()}
    assert said == {key(name, "organizations"): row for name, row in TRUTH["management"].items()}
    assert (found["sure"] == "certain").all()


def test_units_without_a_tie_come_out_as_planted(demo: Network) -> None:
    found = pb.co_building(demo)
    assert set(found.loc[found["has_none"], "unit"].map(key)) == {key(name) for name in TRUTH["untied"]}


def test_an_organization_that_only_the_units_own_row_names_covers_it(demo: Network, names: Names) -> None:
    ties = demo.ties[demo.ties["relation"].isin(["housed_in", "joint_covers"])]
    told = {key(names[tie.target_id]): tie for tie in ties.itertuples()}
    planted = FORMS["named_by_own_row"]
    assert len(planted) == 12
    for unit, organization in planted.items():
        tie = told[key(unit)]
        assert key(names[tie.source_id], "organizations") == key(organization, "organizations")
        assert tie.source.startswith("04驻区单位台账.xlsx|") and "\n" not in tie.source


def test_days_tell_who_is_a_full_member_where_no_column_does(demo: Network) -> None:
    members = told_by_dates(demo.tables["members"], demo.as_of)
    for sheet, planted in FORMS["dated_rosters"].items():
        found = members.loc[members["source"].str.contains(sheet, regex=False), "category"].value_counts(dropna=False)
        assert found.to_dict() == {code: n for code, n in planted.items() if n}


def test_co_building_by_community_is_that_of_its_organization(demo: Network, names: Names) -> None:
    codes = vocabulary("cooperation").spellings
    ties = demo.ties[
        (demo.ties["relation"] == "co_building") & demo.ties["source"].str.contains("|社区结对|", regex=False)
    ]
    found = sorted(
        [names[tie.source_id], key(names[tie.target_id]), *sorted(tie.category.split("\n"))]
        for tie in ties.itertuples()
    )
    own = _own(demo)
    planted = [
        [own[community], key(unit), *sorted(codes[category] for category in categories)]
        for community, unit, *categories in FORMS["paired_by_community"]
    ]
    assert found == sorted(planted)


def _own(demo: Network) -> dict[str, str]:
    organizations = demo.tables["organizations"]
    own = organizations[organizations["is_community_org"].fillna(value=False).astype(bool)]
    return dict(zip(own["community"], own["name"], strict=True))


def test_seats_that_no_person_holds_make_their_units_members(demo: Network, names: Names) -> None:
    ties = demo.ties[
        (demo.ties["relation"] == "participates") & demo.ties["source"].str.contains("|兼职委员单位|", regex=False)
    ]
    found: dict[str, set[str]] = {}
    for tie in ties.itertuples():
        found.setdefault(names[tie.target_id], set()).add(key(names[tie.source_id]))
    assert found == {committee: set(map(key, units)) for committee, units in FORMS["seats_without_persons"].items()}


def test_every_table_of_a_sheet_and_every_column_of_an_export_is_read(reading: pb.Reading) -> None:
    labels = {table.key: table.label for table in tables().values()}
    ledger = reading.ledger
    for place, planted in FORMS["tables_of_a_sheet"].items():
        rows = ledger[ledger["file"] + "|" + ledger["sheet"] == place]
        found = list(zip(rows["table"], rows["n_used"], strict=True))
        assert found == [(labels[kind], n) for kind, n in planted]
    columns = reading.columns[(reading.columns["sheet"] == "Sheet2")].set_index("header")["field"].to_dict()
    assert columns == FORMS["exported"]


@pytest.fixture(scope="module")
def earlier() -> Network:
    return pb.read(DATA / "demo-2025-05")


def test_the_month_before_has_its_own_truth(earlier: Network) -> None:
    assert earlier.as_of == "2025-05-30"
    for kind in ("units", "organizations"):
        assert int(earlier.tables[kind]["is_listed"].sum()) == BEFORE["counts"][kind]
    found = pb.coverage(earlier)
    doubtful = {key(name) for name in BEFORE["check_name"]}
    assert set(found.loc[found["sure"] == "check-name", "unit"].map(key)) == doubtful
    states = found["state"].where(found["is_in_scope"].astype(bool), "out")
    said = {name: state for name, state in zip(found["unit"].map(key), states, strict=True) if name not in doubtful}
    planted = {key(name): state for name, state in BEFORE["units"].items()}
    assert said == {name: state for name, state in planted.items() if name not in doubtful}


def test_what_changed_since_the_month_before_comes_out(demo: Network, earlier: Network) -> None:
    since = BEFORE["since"]
    found = pb.gap_changes(demo, earlier=earlier)
    renamed = {key(name) for pair in since["renamed"].items() for name in pair}
    by_change = {change: set(rows["unit"].map(key)) - renamed for change, rows in found.groupby("change")}
    assert by_change["arrived"] == set(map(key, since["new"]))
    kept = found[~found["change"].isin(["arrived", "left"])]
    pairs = {
        key(row.unit): [row.before, row.after if isinstance(row.after, str) else None] for row in kept.itertuples()
    }
    assert pairs == {key(name): states for name, states in since["states"].items()}


def test_an_answered_review_settles_the_doubt(demo: Network, tmp_path: Path) -> None:
    answers = tmp_path / "别名.csv"
    lines = [
        f"单位,{row.name},{row.candidate},是"
        for row in demo.review.rename(columns={"name": "open"}).rename(columns={"open": "name"}).itertuples(index=False)
    ]
    answers.write_text("类型,原名,标准名,判断\n" + "\n".join(lines) + "\n", "utf-8-sig")
    settled = pb.read(DATA / "demo", aliases=answers)
    found = pb.coverage(settled)
    states = dict(zip(found["unit"].map(key), found["state"], strict=True))
    assert {states[key(name)] for name in TRUTH["check_name"]} == {"joint"}
    assert settled.review.empty


def test_the_script_makes_the_committed_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.syspath_prepend(str(DATA))
    import make_demo

    make_demo.main(tmp_path)
    for module in ("make_demo", "earlier", "world", "sheets", "rosters", "ledgers", "ties"):
        sys.modules.pop(module, None)
    for folder in ("demo", "demo-2025-05"):
        made = {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        kept = {path.name: path.read_bytes() for path in (DATA / folder).iterdir()}
        assert made == kept
    for truth in ("truth.json", "truth-2025-05.json"):
        assert (tmp_path / truth).read_bytes() == (DATA / truth).read_bytes()
