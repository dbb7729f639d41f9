"""The wall in a real browser with the network off: what is said is what is shown, by mouse, keyboard and touch."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watched, launched
from playwright.sync_api import Browser, Page, sync_playwright

import pbgraph as pb
from pbgraph.rendering.wall_page import draw_wall


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield launched(playwright)


@pytest.fixture(scope="module")
def wall_file(demo: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = draw_wall(demo, tmp_path_factory.mktemp("wall") / "wall.html")
    assert page.path
    return page.path


@pytest.fixture
def opened(browser: Browser, wall_file: Path) -> Iterator[Watched]:
    watched = Watched(browser, wall_file)
    yield watched
    watched.close()


def vivid(page: Page) -> int:
    return page.locator(".tile:not(.faded)").count()


def test_every_number_of_a_title_or_key_is_the_marks_that_a_click_shows(opened: Watched) -> None:
    page = opened.page
    n_scenes = page.locator("#scenes button").count()
    assert n_scenes == 7
    for place in ("", "金桥社区"):
        page.select_option("#place", place)
        for scene in range(page.locator("#scenes button").count()):
            page.locator("#scenes button").nth(scene).click()
            for where in ("#title button", "#legend button"):
                for index in range(page.locator(where).count()):
                    button = page.locator(where).nth(index)
                    said = [int(n) for n in re.findall(r"\d+", button.inner_text())]
                    button.click()
                    assert vivid(page) in said or page.locator(".tile").count() < max(said), button.inner_text()
                    assert page.locator("#panel tbody tr").count() in said
                    page.keyboard.press("Escape")
                    page.keyboard.press("Escape")


def test_the_key_is_on_the_screen_of_a_small_laptop_and_text_can_be_read(opened: Watched) -> None:
    page = opened.page
    for scene in range(7):
        page.locator("#scenes button").nth(scene).click()
        for box in (found.bounding_box() for found in page.locator("#legend > *").all()):
            assert box
            assert box["y"] + box["height"] <= 768
            assert box["x"] + box["width"] <= 1366
        scale = page.evaluate("document.getElementById('wall').getScreenCTM().a")
        smallest = min(float(text.get_attribute("font-size") or 0) for text in page.locator("#wall text").all())
        assert scale * smallest >= 12
        page.locator("#scenes button").nth(0).click()


def test_search_reads_chinese_by_every_reading_and_by_initials(opened: Watched) -> None:
    page = opened.page
    for typed, name in (("cqjx", "长青机械"), ("zhangqing", "长青机械"), ("donghu", "东湖社区"), ("永安", "永安科技")):
        page.keyboard.type(typed)
        page.wait_for_function("document.querySelectorAll('#results li').length > 0")
        assert name in page.locator("#results").inner_text(), typed
        page.keyboard.press("Escape")
    page.keyboard.type("donghu")
    page.keyboard.press("Enter")
    assert page.locator("#title").inner_text().startswith("东湖社区")
    page.keyboard.press("Escape")
    assert page.locator("#title").inner_text().startswith("望湖街道")


def test_a_card_says_where_it_comes_from_and_escape_goes_one_step_back(opened: Watched) -> None:
    page = opened.page
    page.locator(".tile", has_text="永安").first.click()
    card = page.locator("#panel").inner_text()
    assert "云州永安科技有限公司" in card
    assert "应建未建" in card
    assert "04驻区单位台账.xlsx" in card
    assert vivid(page) == 1
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert vivid(page) == page.locator(".tile").count()


def test_a_community_is_entered_by_its_name_and_everything_speaks_of_it(opened: Watched) -> None:
    page = opened.page
    page.locator("#texts .head", has_text="金桥社区").click()
    assert page.locator("#title").inner_text().replace("\n", " ").startswith("金桥社区在营单位 23 家")
    assert page.locator(".tile").count() == 23
    assert "place=%E9%87%91%E6%A1%A5%E7%A4%BE%E5%8C%BA" in page.url
    page.reload()
    assert page.locator(".tile").count() == 23


def test_by_keyboard_from_tile_to_tile_and_from_scene_to_scene(opened: Watched) -> None:
    page = opened.page
    page.evaluate("focusTile(current().stands[0][0])")
    first = page.evaluate("document.activeElement.dataset.tile")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.tile")
    assert first != second
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.tile") == first
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.locator("#scenes button[aria-current=true]").inner_text() == "怎么补"
    page.keyboard.press("f")
    assert page.locator(".bar").is_hidden()
    assert page.locator("#title").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".bar").is_visible()


def test_targets_are_large_enough_for_a_finger_and_a_phone_shows_the_list(browser: Browser, wall_file: Path) -> None:
    watched = Watched(browser, wall_file, 390, 844, has_touch=True)
    page = watched.page
    assert page.locator("#panel tbody tr").count() == 143
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    small = [
        button.inner_text()
        for button in page.locator("header button:visible").all()
        if (box := button.bounding_box()) and box["height"] < 43 and "key" not in (button.get_attribute("class") or "")
    ]
    assert small == []
    watched.close()


def test_the_plan_prints_with_a_list_to_sign(opened: Watched) -> None:
    page = opened.page
    page.locator("#scenes button").nth(1).click()
    page.evaluate("printPages()")
    rows = page.locator("#pages tbody tr")
    assert rows.count() == 47
    heads = page.locator("#pages thead th").all_text_contents()
    assert heads == ["", "社区", "单位", "覆盖情况", "责任人", "时限", "销号"]
    page.locator("#scenes button").nth(0).click()
    page.evaluate("printPages()")
    assert page.locator("#pages section").count() == 7
    assert page.locator("#pages section").first.locator(".tile").count() == 143


def test_a_browser_without_scripts_shows_picture_and_list(browser: Browser, wall_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(wall_file.as_uri())
    assert page.locator("#tiles .tile").count() == 143
    assert "组织覆盖 68 家" in page.locator("h1").inner_text()
    assert page.locator("noscript").count() == 1
    context.close()


def test_what_a_stranger_wrote_is_text_and_no_formula(tmp_path: Path, browser: Browser) -> None:
    from conftest import write_book

    rows = [
        ["单位名称", "所属社区", "是否建立党组织", "党员人数"],
        ["<img src=x onerror=alert(1)>公司", "金桥社区", "否", 5],
        ["=1+1公司", "金桥社区", "否", 0],
    ]
    rows += [["𬭎䶮" * 40 + "公司", "金桥社区", "是", 3], ["\u202e倒写公司", "金桥社区", "否", 1]]
    network = pb.read(write_book(tmp_path / "台账.xlsx", {"驻区单位": rows}))
    page = draw_wall(network, tmp_path / "wall.html")
    assert page.path
    watched = Watched(browser, page.path)
    assert watched.page.locator("img").count() == 0
    assert watched.page.locator(".tile").count() == 4
    with watched.page.expect_download() as download:
        watched.page.locator("#list").click()
        watched.page.locator("#panel .csv").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert '"\'=1+1公司"' in text
    watched.close()
