"""The page in a real browser with the network off: the controls do what they say."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import pbgraph as pb

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NODES = "parseInt(document.querySelectorAll('#kinds .count')[{}].textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "需要 Chromium：sudo apt-get install chromium（make test 会自动安装）"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def map_file(demo: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = pb.draw_map(demo, tmp_path_factory.mktemp("map") / "map.html")
    assert page.path
    return page.path


class Watched:
    """A page with everything it asked for and complained of."""

    def __init__(self, browser: Browser, file: Path, width: int = 1366, height: int = 768) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complain(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("body[data-ready]", timeout=20_000)

    def complain(self, text: str) -> None:
        if READBACK not in text:
            self.complaints.append(text)


@pytest.fixture
def opened(browser: Browser, map_file: Path) -> Iterator[Watched]:
    watched = Watched(browser, map_file)
    yield watched
    assert watched.complaints == []
    assert [url for url in watched.asked if not url.startswith("file:")] == []
    watched.context.close()


READBACK = "willReadFrequently"  # Chromium's advice about the way `ink` looks at the picture


def ink(page: Page) -> int:
    """How many pixels of the canvas differ from the paper: something is drawn."""
    return int(
        page.evaluate(
            """() => { const c = document.querySelector('#map canvas');
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
            for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 0 && d[i] + d[i + 1] + d[i + 2] < 600) n += 1; return n; }"""
        )
    )


def test_the_page_opens_offline_and_draws(opened: Watched) -> None:
    page = opened.page
    assert page.title() == "望湖街道 党组织覆盖图"
    assert (
        page.locator("#title").inner_text() == "望湖街道：143 家在营单位，党组织覆盖 68 家（47.6%），还有 47 处要解决"
    )
    assert ink(page) > 5_000
    assert len(opened.asked) == 1


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (820, 1180)])
def test_the_page_fits_its_screen(browser: Browser, map_file: Path, width: int, height: int) -> None:
    watched = Watched(browser, map_file, width, height)
    overflow = watched.page.evaluate(
        "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
    )
    assert overflow == [0, 0]
    assert ink(watched.page) > 5_000
    watched.context.close()


def test_the_gap_list_leads_to_the_card(opened: Watched) -> None:
    page = opened.page
    assert page.locator("#gaps button").count() == 47
    page.locator("#gaps button").first.click()
    card = page.locator("#card")
    name = card.locator("h2").inner_text()
    assert f"{name}有正式党员" in card.locator(".finding").first.inner_text()
    assert "《中国共产党支部工作条例（试行）》第四条" in card.inner_text()
    assert card.locator("dl dd").all_inner_texts()[:3] == ["非公企业", "东湖社区", "应建未建"]
    assert ".xlsx ·「" in card.locator(".rows li").first.inner_text()
    card.locator(".close").click()
    assert "点击图上的一个点" in card.inner_text()


def test_search_finds_by_any_part_and_by_keys_alone(opened: Watched) -> None:
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("网络科技")
    options = page.locator("#results li")
    assert options.count() > 1
    second = options.nth(1).evaluate("e => e.firstChild.textContent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#card h2").inner_text() == second
    page.keyboard.press("/")
    page.keyboard.type("查无此名")
    assert page.locator("#results").inner_text() == "没有找到"
    page.keyboard.press("Escape")
    assert page.locator("#results").is_hidden()


def test_a_tie_in_the_card_leads_on(opened: Watched) -> None:
    page = opened.page
    page.fill("#search", "金桥社区大党委")
    page.locator("#search").press("Enter")
    assert "成员单位" in page.locator("#card").inner_text()
    link = page.locator("#card li button").first
    name = link.inner_text()
    link.click()
    assert page.locator("#card h2").inner_text() == name


def test_parallel_ties_are_listed_apart(opened: Watched, demo: pb.Network) -> None:
    agreed = demo.ties[demo.ties["relation"] == "co_building"]
    pairs = agreed.groupby(["source_id", "target_id"]).size()
    (source, target), n = pairs.idxmax(), pairs.max()
    assert n > 1
    names = demo.names()
    page = opened.page
    page.fill("#search", names[target])
    page.locator("#search").press("Enter")
    more = page.locator("#card > button:not(.close)")
    if more.count():
        more.click()
    rows = page.locator("#card li", has=page.get_by_role("button", name=names[source], exact=True))
    assert rows.filter(has_text="共驻共建").count() == n


def test_the_legend_filters_and_counts(opened: Watched) -> None:
    page = opened.page
    covered = page.locator("#kinds button", has_text="已覆盖单位")
    assert covered.locator(".count").inner_text() == "66"
    before = ink(page)
    covered.click()
    assert covered.get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(400)
    assert ink(page) < before
    covered.click()
    assert covered.get_attribute("aria-pressed") == "true"


def test_scenes_by_button_and_by_arrow(opened: Watched) -> None:
    page = opened.page
    titles = [page.locator("#title").inner_text()]
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        titles.append(page.locator("#title").inner_text())
    assert len(set(titles)) == 5
    page.keyboard.press("ArrowRight")
    assert page.locator("#title").inner_text() == titles[0]
    page.get_by_role("button", name="双重管理", exact=True).click()
    assert page.locator("#title").inner_text() == titles[3]
    assert page.locator("#layers button", has_text="直接管理与双重管理").get_attribute("aria-pressed") == "true"


def test_a_hidden_kind_comes_back_when_it_is_chosen(opened: Watched) -> None:
    page = opened.page
    page.get_by_role("button", name="组织体系", exact=True).click()
    page.locator("#gaps button").first.click()
    assert page.locator("#kinds button", has_text="应建未建").first.get_attribute("aria-pressed") == "true"


def test_panels_text_size_and_reset(opened: Watched) -> None:
    page = opened.page
    wide = page.locator("#map").bounding_box()
    page.click("#panels")
    bare = page.locator("#map").bounding_box()
    assert wide and bare and bare["width"] > wide["width"]
    page.click("#larger")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    page.click("#panels")
    page.keyboard.press("ArrowRight")
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    assert page.locator("#scenes button").first.get_attribute("aria-current") == "true"


def test_every_control_can_be_reached_by_tab(opened: Watched) -> None:
    page = opened.page
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.parentNode.id || document.activeElement.closest('ol,ul').id"
            )
        )
    assert {"search", "fit", "reset", "larger", "panels", "scenes", "map", "gaps"} <= reached


def test_an_injected_script_is_blocked(browser: Browser, map_file: Path, tmp_path: Path) -> None:
    page_text = map_file.read_text("utf-8").replace(
        "<main>", "<main><script>window.ran = true</script><img src=x onerror='window.ran = true'>"
    )
    (tmp_path / "a.html").write_text(page_text, "utf-8")
    watched = Watched(browser, tmp_path / "a.html")
    assert watched.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in complaint for complaint in watched.complaints)
    watched.context.close()


def test_markup_in_names_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    from conftest import write_book

    names = [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        '"引号" & <b>粗</b>',
        "表情😀公司",
        "长" * 300,
    ]
    rows = [["单位名称", "所属社区", "正式党员"], *[[name, "<i>甲</i>社区", 3] for name in names]]
    organizations = [["党组织名称", "组织类别"], ["甲社区党支部", "党支部"]]
    file = write_book(tmp_path / "名册.xlsx", {"单位": rows, "党组织": organizations})
    page = pb.draw_map(pb.read(file, as_of="2025-06-30"), tmp_path / "map.html")
    assert page.path
    watched = Watched(browser, page.path)
    shown = watched.page.locator("#gaps button > span:nth-child(2)").all_inner_texts()
    assert sorted(shown) == sorted(names)
    watched.page.locator("#gaps button").first.click()
    assert watched.page.locator("#card img, #card b, #card i").count() == 0
    assert watched.complaints == []
    watched.context.close()


def test_the_map_draws_inside_a_notebook_frame(browser: Browser, tiny: pb.Network, tmp_path: Path) -> None:
    (tmp_path / "cell.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8>{pb.draw_map(tiny)._repr_html_()}", "utf-8"
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for(timeout=20_000)
    assert frame.locator("#gaps button").count() == 5
    context.close()
