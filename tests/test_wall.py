"""The wall: every number is a set of tiles, every tile has its place, and nothing unknown looks like a gap."""

import itertools
import re
from pathlib import Path

import pytest
from conftest import write_book
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import make_office

import pbgraph as pb
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import GAPS, TONES, Look
from pbgraph.rendering.short_names import short_names
from pbgraph.rendering.wall import Wall
from pbgraph.rendering.wall_layout import (
    HEIGHT,
    LEADING,
    LEAST_FONT,
    WIDTH,
    Box,
    Size,
    listed,
    placed,
    text_width,
    wrapped,
)
from pbgraph.rendering.wall_page import draw_wall
from pbgraph.rendering.wall_scenes import wall


@pytest.fixture(scope="module")
def made(demo: pb.Network) -> Wall:
    return wall(gather(demo, look=Look()))


@pytest.fixture(scope="module", params=[3, 8])
def strange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Wall:
    folder = tmp_path_factory.mktemp("office")
    make_office(folder, request.param)
    return wall(gather(pb.read(folder), look=Look()))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


def check(shown: Wall) -> None:
    """What is true of every wall."""
    for scene in shown.scenes:
        stood = {stand.tile for stand in scene.stands}
        assert len(stood) == len(scene.stands), "a tile stands in one place"
        for part in scene.title:
            numbers = [int(text) for text in re.findall(r"(?<![\d第-])\d+(?= )", part.said)]
            is_lead_of_changes = scene.key == "changes" and part is scene.title[0]
            assert not part.tiles or is_lead_of_changes or len(part.tiles) in numbers, part.said
        for part in (*scene.title[1:], *scene.legend):
            assert scene.key == "system" or set(part.tiles) <= stood, part.said
        boxes = [stand.box for stand in scene.stands]
        for box in boxes:
            assert box.x >= -1 and box.x + box.width <= WIDTH + 1, (scene.key, box)
            assert box.y >= -1 and box.y + box.height <= HEIGHT + 1, (scene.key, box)
        in_order = sorted(boxes)
        assert not any(overlap(one, other) for one, other in itertools.pairwise(in_order))
        for stand in scene.stands:
            high = len(stand.lines) * stand.size * LEADING + (LEAST_FONT * LEADING if stand.note else 0)
            assert high <= stand.box.height + 1, (scene.key, stand)
            assert all(text_width(line) * stand.size <= stand.box.width + 1 for line in stand.lines)
            assert not stand.lines or stand.size >= LEAST_FONT
    for place in ("", *shown.communities):
        for scene in [one for one in shown.of(place) if one.key in {"overview", "co_building"}]:
            every, *parts = scene.title
            counted = [number for part in parts for number in part.tiles]
            assert sorted(counted) == sorted(every.tiles), "the parts of a title add up to the whole"
            for tone in {part.tone for part in scene.legend if part.tone}:
                drawn = {stand.tile for stand in scene.stands if stand.tone == tone}
                assert drawn == {n for part in scene.legend if part.tone == tone for n in part.tiles}


def test_the_wall_of_the_demo_says_what_coverage_says(made: Wall, demo: pb.Network) -> None:
    check(made)
    overview = made.of()[0]
    assert [part.said for part in overview.title] == [
        "望湖街道在营单位 143 家", "组织覆盖 68 家", "工作覆盖 30 家", "尚未覆盖 45 家",
    ]  # fmt: skip
    coverage = pb.coverage(demo).query("is_in_scope")
    assert {tile.name for tile in made.tiles if tile.tone in GAPS} == set(
        coverage.loc[coverage["state"].isin(GAPS), "unit"]
    )
    assert [scene.key for scene in made.of()] == [
        "overview", "plan", "system", "management", "committees", "co_building",
    ]  # fmt: skip
    assert len(made.scenes) >= 5 * (1 + len(made.communities)) - 3


def test_every_gap_has_its_name(made: Wall) -> None:
    for scene in made.of()[:2]:
        unnamed = [made.tiles[stand.tile].name for stand in scene.stands if stand.tone in GAPS and not stand.lines]
        assert unnamed == []


def test_the_walls_of_strange_offices_keep_the_rules(strange: Wall) -> None:
    check(strange)
    assert strange.scenes


def test_units_that_cannot_be_judged_look_like_no_gap(tmp_path: Path) -> None:
    rows = [["单位名称", "所属社区"], *([f"甲{n}公司", "金桥社区"] for n in "一二三四五")]
    shown = wall(gather(pb.read(write_book(tmp_path / "台账.xlsx", {"驻区单位": rows})), look=Look()))
    assert {tile.tone for tile in shown.tiles} == {"unknown"}
    assert [part.said for part in shown.of()[0].title] == ["在营单位 5 家", "资料待补 5 家"]
    assert [scene.key for scene in shown.of()] == ["overview"]
    check(shown)


def test_what_crossed_the_line_since_an_earlier_month(demo: pb.Network) -> None:
    earlier = pb.read(Path(__file__).parents[1] / "data/demo-2025-05")
    shown = wall(gather(demo, look=Look(), earlier=earlier))
    changes = next(scene for scene in shown.of() if scene.key == "changes")
    found = pb.gap_changes(demo, earlier=earlier)
    for change, tone in (("solved", "own"), ("new", "must-establish")):
        part = next((part for part in changes.title if part.tone == tone), None)
        names = {shown.tiles[n].name for n in part.tiles} if part else set()
        in_scope = set(pb.coverage(demo).query("is_in_scope")["unit"])
        assert names == set(found.loc[found["change"] == change, "unit"]) & in_scope
    check(shown)


def test_a_network_without_units_has_no_scene(tmp_path: Path) -> None:
    rows = [["姓名", "所在党支部"], ["赵甫", "第一党支部"]]
    network = pb.read(write_book(tmp_path / "党员.xlsx", {"党员": rows}))
    assert wall(gather(network, look=Look())).scenes == ()
    assert "<svg" in draw_wall(network).content


@pytest.mark.parametrize("edition", ["public", "meeting"])
def test_no_person_is_on_the_wall(demo: pb.Network, edition: str) -> None:
    content = draw_wall(demo, look=Look(edition=edition)).content
    bodies = "\n".join(name for kind in ("units", "organizations", "committees") for name in demo.tables[kind]["name"])
    named = {name for name in demo.members["name"] if len(name) > 2 and name not in bodies}
    assert len(named) > 300
    assert [name for name in sorted(named) if name in content] == []


sizes = st.lists(st.builds(Size, st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=20)


@settings(deadline=None, max_examples=60)
@given(sizes)
def test_groups_stand_apart_and_on_the_canvas(drawn: list[Size]) -> None:
    groups = placed(drawn)
    assert [(len(group.above), len(group.below)) for group in groups] == [(size.above, size.below) for size in drawn]
    boxes = sorted(box for group in groups for box in (*group.above, *group.below))
    assert all(box.x >= -1 and box.x + box.width <= WIDTH + 1 for box in boxes)
    assert all(box.y >= -1 and box.y + box.height <= HEIGHT + 1 for box in boxes)
    assert not any(overlap(one, other) for k, one in enumerate(boxes) for other in boxes[k + 1 : k + 60])
    for group in groups:
        assert all(box.y + box.height <= group.line for box in group.above)
        assert all(box.y >= group.line for box in group.below)


def test_a_thousand_units_fit_and_those_below_the_line_are_named() -> None:
    groups = placed([Size(65, 18)] * 12)
    below = [box for group in groups for box in group.below]
    assert all(wrapped("长青机械", box.width, box.height)[1] for box in below)
    assert placed([]) == []


@given(st.lists(st.integers(0, 5), max_size=140))
def test_rows_of_a_list_stand_apart(levels: list[int]) -> None:
    boxes = listed(levels)
    assert len(boxes) == len(levels)
    assert all(box.x >= 0 and box.x + box.width <= WIDTH + 1 and box.y + box.height <= HEIGHT + 1 for box in boxes)
    assert all(wrapped("第一党支部", box.width, box.height)[1] for box in boxes)


@given(st.text(alphabet="长青机械有限公司ABC一二（）", min_size=1, max_size=30), st.floats(30, 200), st.floats(20, 120))
def test_letters_stay_in_their_box(text: str, width: float, height: float) -> None:
    size, lines = wrapped(text, width, height)
    assert all(text_width(line) * size <= width for line in lines)
    assert not lines or (len(lines) - 1) * size * LEADING + size <= height
    assert not lines or "".join(lines) == text or lines[-1].endswith("…")


def test_two_units_of_one_short_name_keep_more_of_theirs() -> None:
    names = ["云州长青机械有限公司", "江州长青机械有限公司", "云州海纳文化传媒有限公司", "云州望湖小学", "云州供销社"]
    short = short_names(names, home="云州市/望湖街道")
    assert len(set(short.values())) == len(names)
    assert short["云州海纳文化传媒有限公司"] == "海纳传媒"
    assert short_names([], home="") == {}


def test_red_is_the_organization_and_yellow_what_is_lacking() -> None:
    def is_red(tone: str) -> bool:
        fill = TONES[tone].fill
        red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
        return red > 1.5 * green and red > 1.5 * blue

    assert [tone for tone in ("own", "joint", "split-due") if not is_red(tone)] == []
    assert [tone for tone in (*GAPS, "unknown", "work") if tone != "split-due" and is_red(tone)] == []


def test_seats_of_the_committees_are_those_that_the_lists_and_rules_say(made: Wall, demo: pb.Network) -> None:
    scene = next(scene for scene in made.of() if scene.key == "committees")
    names = {made.tiles[stand.tile].node: stand.tone for stand in scene.stands}
    assert set(names) == set(demo.ties.query("relation == 'participates'")["source_id"])
    found = pb.assess(demo).query("rule_id == 'C8'")
    assert {node for node, tone in names.items() if tone == "missing"} == set(found["subject_id"]) & set(names)
    assert len({text.said for text in scene.texts if text.role == "head"}) == 5


def test_an_organization_that_takes_part_in_no_committee_is_a_dashed_tile(demo: pb.Network) -> None:
    ties = demo.ties
    seat = ties.query("relation == 'participates' and source_id.str.startswith('org:')").iloc[0]
    fewer = demo.with_(ties=ties[~((ties["source_id"] == seat["source_id"]) & (ties["relation"] == "participates"))])
    shown = wall(gather(fewer, look=Look()))
    check(shown)
    scene = next(scene for scene in shown.of() if scene.key == "committees")
    dashed = [shown.tiles[stand.tile].node for stand in scene.stands if TONES[stand.tone].is_dashed]
    assert dashed == [seat["source_id"]]
    assert any("缺 1 家" in text.said for text in scene.texts)
