"""Ties inside the wall, in a real browser: what a neighbourhood shows is what networkx says, from wherever it is opened."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from browsing import Watched, launched
from playwright.sync_api import Browser, Page, sync_playwright

import pbgraph as pb
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.wall_page import wall_page
from pbgraph.rendering.wall_relations import Relations, relations
from pbgraph.rendering.wall_scenes import wall

UNIT, HUB = "云州永安科技有限公司", "新城社区党委"
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('#tiles .tile rect, #texts text')].map((mark) => mark.getBoundingClientRect());
  const picture = document.getElementById('wall').getBoundingClientRect(), found = [];
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) found.push([a.x, a.y, b.x, b.y]);
  }));
  document.querySelectorAll('#tiles .tile').forEach((tile) => {
    const own = tile.querySelector('rect').getBoundingClientRect();
    tile.querySelectorAll('text').forEach((text) => {
      const box = text.getBoundingClientRect();
      if (box.left < own.left - 2 || box.right > own.right + 2) found.push(text.textContent);
    });
  });
  document.querySelectorAll('#wall text').forEach((text) => {
    const box = text.getBoundingClientRect();
    if (box.left < picture.left || box.right > picture.right || box.top < picture.top - 2 || box.bottom > picture.bottom + 2) found.push(text.textContent);
  });
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield launched(playwright)


@pytest.fixture(scope="module")
def known(demo: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> tuple[Relations, Path]:
    facts = gather(demo, look=Look())
    made, spec = wall(facts), map_spec(facts)
    path = tmp_path_factory.mktemp("ties") / "wall.html"
    path.write_text(wall_page(made, spec, facts), encoding="utf-8")
    return relations(facts, made, spec), path


@pytest.fixture
def opened(browser: Browser, known: tuple[Relations, Path]) -> Iterator[Watched]:
    watched = Watched(browser, known[1], reduced_motion="reduce")  # type: ignore[arg-type]
    yield watched
    watched.close()


def number(known: tuple[Relations, Path], name: str) -> int:
    return next(n for n, body in enumerate(known[0].bodies) if body.name == name)


def rings(page: Page) -> list[int]:
    return [int(n) for n in re.findall(r"第 \d 层 (\d+) 个", page.locator("#title").inner_text())]


def test_every_neighbourhood_and_its_ties_are_those_of_networkx(
    opened: Watched, known: tuple[Relations, Path], demo: pb.Network
) -> None:
    graph = demo.edition("meeting").graph(members=False)
    plain = nx.Graph(graph.edges())
    plain.add_nodes_from(graph)
    bodies = [body.node for body in known[0].bodies]
    assert set(bodies) == set(graph)
    shown: list[list[list[int]]] = opened.page.evaluate(
        """data.tiles.map((_, body) => STEPS.map((steps) => {
          const found = neighbourhood(body, steps, null), { outward, within } = tiesWithin(found, null);
          return [found.size, outward.length + within.length];
        }))"""
    )
    for node, counted in zip(bodies, shown, strict=True):
        for steps, (n_bodies, n_ties) in enumerate(counted, start=1):
            near = nx.single_source_shortest_path_length(plain, node, cutoff=steps)
            assert n_bodies == len(near)
            assert n_ties == graph.subgraph(near).number_of_edges()


def test_two_steps_are_the_same_bodies_from_every_scene_and_search(
    opened: Watched, known: tuple[Relations, Path]
) -> None:
    page, tile = opened.page, number(known, UNIT)
    seen = []
    for scene in ("overview", "plan", "co_building"):
        page.evaluate(f"go({{ scene: '{scene}', tile: {tile} }})")
        page.keyboard.press("2")
        seen.append((rings(page), page.locator("#tiles .tile").count()))
        page.keyboard.press("Escape")
        assert page.evaluate("[state.scene, state.tile]") == [scene, tile]
        page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    page.evaluate("go({ scene: 'relations' })")
    page.locator("#search").fill(UNIT)
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    seen.append((rings(page), page.locator("#tiles .tile").count()))
    assert len({str(one) for one in seen}) == 1
    assert seen[0][0][0] > 0
    assert seen[0][0][1] > 0


def test_every_relation_of_the_data_has_a_chip_and_a_body_that_shows_it(
    opened: Watched, known: tuple[Relations, Path], demo: pb.Network
) -> None:
    page, made = opened.page, known[0]
    graph = demo.edition("meeting").graph(members=False)
    stated = {key.split(" ")[0] for *_, key in graph.edges(keys=True)}
    assert {code for code, *_, is_of_persons in made.kinds if not is_of_persons} == stated
    assert {code for code, *_, is_of_persons in made.kinds if is_of_persons} == {
        "registered_with",
        "dual_management_person",
    }
    page.evaluate("go({ scene: 'relations' })")
    chips = page.locator("#chips").inner_text()
    for kind, (_, label, *_) in enumerate(made.kinds):
        ties = [tie for tie in made.ties if tie[2] == kind]
        assert f"{label} {len(ties)}" in chips
        page.evaluate(f"go({{ centre: {ties[0][0]}, steps: 1, kinds: [{kind}] }})")
        drawn = page.locator("#lines .tie").count()
        assert (
            drawn == len([tie for tie in ties if ties[0][0] in tie[:2]]) or "未画" in page.locator("#left").inner_text()
        )
        assert page.locator("#chips [aria-pressed=true]", has_text=label).count() >= 1


def test_parallel_ties_are_lines_of_their_own_and_counted(opened: Watched, known: tuple[Relations, Path]) -> None:
    page, body = opened.page, number(known, UNIT)
    page.evaluate(f"openRelations({body}, 1)")
    assert page.locator("#lines .tie").count() == len(
        [tie for tie in known[0].ties if body in tie[:2] and not known[0].kinds[tie[2]][5]]
    )
    assert "共驻共建 2 条" in (page.locator(".tile", has_text="新城社区党委").text_content() or "")
    paths = [path.get_attribute("d") for path in page.locator("#lines .tie").all()]
    assert len(paths) == len(set(paths))


def test_a_click_moves_the_middle_and_escape_goes_back_one_by_one(
    opened: Watched, known: tuple[Relations, Path]
) -> None:
    page = opened.page
    page.select_option("#place", "东湖社区")
    page.locator(".tile", has_text="永安").first.click()
    page.get_by_role("button", name="查看关系图").click()
    assert page.locator("#title").inner_text().startswith(UNIT)
    page.locator(".tile", has_text="新城社区党委").click()
    assert page.locator("#title").inner_text().startswith(HUB)
    page.locator(".tile", has_text="新城社区党委").click()
    assert "01党组织名册.xlsx" in page.locator("#panel").inner_text()
    for title in (HUB, UNIT, "东湖社区", "东湖社区", "望湖街道"):
        page.keyboard.press("Escape")
        assert page.locator("#title").inner_text().startswith(title)
    assert page.locator("#scenes button[aria-current=true]").inner_text() == "一图看清"


def test_a_community_opens_at_its_own_organization(opened: Watched) -> None:
    page = opened.page
    page.locator("#texts .head", has_text="金桥社区").click()
    page.keyboard.press("2")
    assert page.locator("#title").inner_text().startswith("金桥社区党委")
    page.keyboard.press("3")
    assert len(rings(page)) == 3


@pytest.mark.parametrize(("width", "height", "least"), [(1920, 1080, 16), (1366, 768, 12)])
def test_names_can_be_read_overlap_nothing_and_what_is_not_drawn_is_listed(
    browser: Browser, known: tuple[Relations, Path], width: int, height: int, least: int
) -> None:
    watched = Watched(browser, known[1], width, height, reduced_motion="reduce")  # type: ignore[arg-type]
    page, places = watched.page, [number(known, name) for name in (UNIT, HUB, "东湖社区", "东湖学府片区联合党委")]
    views = [{"centre": body, "steps": steps} for body in places for steps in (1, 2, 3)] + [
        {"centre": None, "steps": 1}
    ]
    for view in views:
        page.evaluate("(view) => go({ scene: 'relations', place: '', ...view })", view)
        assert page.evaluate(OVERLAPS) == [], view
        sizes = page.evaluate(
            "[...document.querySelectorAll('#wall text')].map((text) => text.getAttribute('font-size') * document.getElementById('wall').getScreenCTM().a)"
        )
        assert min(sizes) >= least, view
        if view["centre"] is not None:
            n_left = sum(int(n) for n in re.findall(r"另有 (\d+) 个", page.locator("#left").inner_text()))
            assert page.locator("#tiles .tile").count() - 1 + n_left == sum(rings(page)), view
    page.evaluate("(view) => go({ ...view, list: true })", views[2])
    assert page.locator("#panel tbody tr").count() == sum(rings(page)) + 1
    watched.close()


def test_what_the_study_says_of_a_body_is_said(opened: Watched, known: tuple[Relations, Path]) -> None:
    page, roles = opened.page, known[0].roles
    said = {"hubs": "牵线最多", "alone": "没有与别家往来"}
    for role, words in said.items():
        page.evaluate(f"go({{ scene: 'relations', centre: {roles[role][0]}, steps: 1 }})")
        assert words in page.locator("#title").inner_text()
    one, other = roles["bridges"][0]
    page.evaluate(f"go({{ centre: {one}, list: true }})")
    assert known[0].bodies[other].name in page.locator("#panel").inner_text()
    assert page.locator("#lines .tie.bridge").count() == 1


def test_arcs_lead_from_a_tile_to_its_partners_with_the_kind_on_them(
    opened: Watched, known: tuple[Relations, Path]
) -> None:
    page = opened.page
    page.evaluate(f"go({{ tile: {number(known, '三才商贸有限公司')} }})")
    said = page.locator("#arcs text").all_text_contents()
    assert page.locator("#arcs path").count() == len(said) == 4
    assert any("共驻共建" in words for words in said)
    assert page.locator(".tile.faded").first.evaluate("(tile) => getComputedStyle(tile).opacity") == "0.15"
    page.keyboard.press("Escape")
    assert page.locator("#arcs path").count() == 0


def test_the_address_says_all_and_csv_and_print_hold_what_is_not_drawn(
    opened: Watched, known: tuple[Relations, Path]
) -> None:
    page, kinds = opened.page, known[0].kinds
    kind = next(n for n, row in enumerate(kinds) if row[0] == "located_in")
    page.evaluate(
        f"go({{ scene: 'relations', centre: {number(known, '东湖社区')}, steps: 2, kinds: [{kind}], list: true }})"
    )
    before = rings(page), page.locator("#tiles .tile").count(), page.locator("#panel tbody tr").count()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert (rings(page), page.locator("#tiles .tile").count(), page.locator("#panel tbody tr").count()) == before
    with page.expect_download() as download:
        page.locator("#panel .csv").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == '"社区","名称","覆盖情况","层","联系"'
    assert len(lines) == sum(before[0]) + 2
    page.evaluate("printPages()")
    assert page.locator("#pages section").first.locator(".tile").count() == before[1]
    assert page.locator("#pages tbody tr").count() == sum(before[0]) + 1


def test_a_phone_lists_the_ties_first(browser: Browser, known: tuple[Relations, Path]) -> None:
    watched = Watched(browser, known[1], 390, 844, has_touch=True)
    watched.page.evaluate(f"openRelations({number(known, UNIT)}, 1)")
    assert watched.page.locator("#panel tbody tr").count() == sum(rings(watched.page)) + 1
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 391
    small: list[Any] = [
        b.inner_text()
        for b in watched.page.locator("#chips button").all()
        if (b.bounding_box() or {"height": 0})["height"] < 43
    ]
    assert small == []
    watched.close()
