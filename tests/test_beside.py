"""What is no line of the map: counted on the card of its body, drawn folded, and a table of its own."""

import pytest
from conftest import TINY, write_book
from test_records import FURTHER
from test_systems import MORE

import pbgraph as pb
from pbgraph import schema
from pbgraph.rendering.facts import gather
from pbgraph.rendering.listed_tables import listed_tables
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_spec import MapSpec, map_spec

pytestmark = pytest.mark.usefixtures("opened_here")
EDITIONS = ("internal", "meeting", "public")
ON_NO_CARD = {"member_of", "works_at"}  # told as the number of members


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, opened_here: None) -> pb.Network:
    folder = tmp_path_factory.mktemp("rosters")
    for name, sheets in (("甲.xlsx", TINY), ("乙.xlsx", FURTHER), ("丙.xlsx", MORE)):
        write_book(folder / name, sheets)
    return pb.read(folder, as_of="2025-06-30")


@pytest.fixture(scope="module")
def specs(street: pb.Network) -> dict[str, MapSpec]:
    return {edition: map_spec(gather(street, look=Look(edition=edition))) for edition in EDITIONS}


def card(spec: MapSpec, name: str) -> dict[str, str]:
    """The lines of a card; of several with one label, the last."""
    said = next([spec.texts[place] for place in node["facts"]] for node in spec.nodes if node["name"] == name)
    return dict(zip(said[::2], said[1::2], strict=True))


@pytest.mark.parametrize(("edition", "people", "two", "named"), [
    ("internal", "1 名：尤十", "2 名：卫九、郑某某", "1 名：郑戊"), ("meeting", "1 名", "2 名", "1 名"), ("public", "<5 名", "<5 名", "<5 名"),
])  # fmt: skip
def test_cards_count_what_is_not_drawn(
    specs: dict[str, MapSpec], edition: str, people: str, two: str, named: str
) -> None:
    spec = specs[edition]
    community = card(spec, "甲社区党支部")
    assert (community["报到党员"], community["下派人员"], card(spec, "有员公司")["党建指导员"]) == (people, two, named)
    assert (community["召开会议"], community["考核评定"]) == ("1 次，最近 2025-03-01", "1 条：2024 五个好 达标")
    works = card(spec, "红旗厂")
    assert (works["参加会议"], works["提供资源"]) == ("1 次，最近 2025-03-01", "1 项")
    assert card(spec, "甲社区大党委")["经费"] == "1 笔，共 20,000 元"
    assert ("任职人员" in community) == (edition == "public")


@pytest.mark.parametrize("edition", ["internal", "meeting", "public"])
def test_every_relation_is_a_line_or_on_a_card(specs: dict[str, MapSpec], edition: str) -> None:
    shown = {r["key"]: (r["n"], r["on_cards"]) for layer in specs[edition].layers for r in layer["relations"]}
    told = {relation for relation, (n, on_cards) in shown.items() if n or on_cards}
    by_other_numbers = {"floating", "seconded_to"}  # nobody says where these persons belong
    assert set(schema.vocabulary("relation").rows) - told - ON_NO_CARD - by_other_numbers == set()
    assert {"流动党员", "下派人员"} <= set(card(specs[edition], "甲社区党支部"))


def test_members_who_register_are_one_line_with_their_number(specs: dict[str, MapSpec]) -> None:
    for edition, note in (("internal", "1 名"), ("meeting", "1 名"), ("public", "<5 名")):
        spec = specs[edition]
        names = [node["name"] for node in spec.nodes]
        lines = [edge for edge in spec.edges if edge["relation"] == "registered_with" and edge["note"] == note]
        assert [(names[edge["from"]], names[edge["to"]]) for edge in lines] == [("红旗厂", "甲社区党支部")]
        assert bool(lines[0]["rows"]) == (edition == "internal")  # the row is that of a person


def test_tables_of_what_is_no_body(street: pb.Network) -> None:
    tables = {table.key: table.rows for table in listed_tables(gather(street, look=Look(edition="meeting")))}
    assert tables["meetings"][0][:7] == (
        "甲社区党支部", "一季度联席会", "党建联席会", "2025-03-01", "甲社区", "宏达机械厂\n红旗厂", "4/5",
    )  # fmt: skip
    assert [row[:4] for row in tables["ratings"]] == [
        ("甲社区", "五个好", "2024", "达标"), ("红旗厂党支部", "述职", "2024", "好"),
    ]  # fmt: skip
    assert tables["funds"][0][:5] == ("甲社区大党委", "红旗厂", "2024", 20000.0, "40%")
    assert [row[:4] for row in tables["buildings"]] == [
        ("一小区1号楼", "楼栋", "甲社区", "一小区\n第一网格"), ("一小区", "小区", "甲社区", "甲社区"),
    ]  # fmt: skip
    assert ("报到", "红旗厂", "甲社区", 1) in tables["flows"]
    assert {row[0]: row[6] for row in tables["resources"]} == {"修路灯": "是", "会议室": "是"}


def test_the_rating_of_a_person_is_told_to_the_office_alone(street: pb.Network) -> None:
    rows = {
        edition: next(t for t in listed_tables(gather(street, look=Look(edition=edition))) if t.key == "ratings").rows
        for edition in ("internal", "meeting", "public")
    }
    assert {edition: len(found) for edition, found in rows.items()} == {"internal": 3, "meeting": 2, "public": 2}
    flows = next(t for t in listed_tables(gather(street, look=Look(edition="public"))) if t.key == "flows")
    assert {row[3] for row in flows.rows} == {"<5"}


def test_a_street_without_such_rosters_has_no_such_table(tiny: pb.Network) -> None:
    assert listed_tables(gather(tiny, look=Look())) == []
