"""The page in a real browser with the network off: the controls do what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watched, launched
from playwright.sync_api import Browser, Page, sync_playwright

import pbgraph as pb

NODES = "parseInt(document.querySelectorAll('#kinds .count')[{}].textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield launched(playwright)


@pytest.fixture(scope="module")
def map_file(demo: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = pb.draw_map(demo, tmp_path_factory.mktemp("map") / "map.html")
    assert page.path
    return page.path


@pytest.fixture
def opened(browser: Browser, map_file: Path) -> Iterator[Watched]:
    watched = Watched(browser, map_file)
    yield watched
    watched.close()


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
    assert page.title() == "望湖街道党组织覆盖图"
    assert (
        page.locator("#title").inner_text()
        == "望湖街道在营单位 143 家，党组织覆盖 68 家（47.6%），未建立党组织 75 家（已核实 73 家，名称待核 2 家）"
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
    assert "《富阳市关于进一步加强社区党建工作的意见》第三部分第2段" in card.inner_text()
    assert card.locator("dl dd").all_inner_texts()[:3] == ["非公企业", "东湖社区", "应建未建"]
    assert ".xlsx“" in card.locator(".rows li").first.inner_text()
    card.locator(".close").click()
    assert "点击任一单位" in card.inner_text()


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
    assert page.locator("#results").inner_text() == "未找到"
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
    for _ in range(8):
        page.keyboard.press("ArrowRight")
        titles.append(page.locator("#title").inner_text())
    assert len(set(titles)) == 9
    page.keyboard.press("ArrowRight")
    assert page.locator("#title").inner_text() == titles[0]
    page.get_by_role("button", name="双重管理", exact=True).click()
    assert page.locator("#title").inner_text() == titles[3]
    assert page.locator("#layers button", has_text="双重管理").first.get_attribute("aria-pressed") == "true"
    assert page.locator("#layers button", has_text="共驻共建").get_attribute("aria-pressed") == "false"


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


def find(page: Page, text: str) -> None:
    page.fill("#search", text)
    page.locator("#search").press("Enter")


def shown(page: Page) -> int:
    return int(page.locator("#shown").inner_text().split()[1])


def test_search_by_pinyin_initials_and_other_spellings(opened: Watched) -> None:
    page = opened.page
    for text in ("yunzhouyongan", "yzyakj"):
        find(page, text)
        assert page.locator("#card h2").inner_text() == "云州永安科技有限公司"
    find(page, "七星文化传媒有限公司黨支部")  # as one roster writes it
    assert page.locator("#card h2").inner_text() == "七星文化传媒有限公司党支部"


def test_focus_on_one_two_and_three_steps(opened: Watched) -> None:
    page = opened.page
    whole = shown(page)
    find(page, "东湖园区联合党支部")
    counts = []
    for steps in (1, 2, 3):
        page.click(f"[data-steps='{steps}']")
        counts.append(shown(page))
    assert 1 < counts[0] <= counts[1] <= counts[2] <= whole + 10
    page.click("[data-steps='3']")
    assert shown(page) >= whole


def test_six_actions_of_a_meeting_by_keys_alone(opened: Watched, tmp_path: Path) -> None:
    # Find a place; only the ties of coverage; only the gaps; two steps round one unit; what the colours mean; print.
    page = opened.page
    for key in ("/", *"jqsq", "Enter"):
        page.keyboard.press(key)
    assert page.locator("#card h2").inner_text().startswith("金桥社区")
    page.keyboard.press("Escape")
    pressed = page.locator("#layers button[aria-pressed='true']").all_inner_texts()
    assert [text.split("\n")[0] for text in pressed] == ["联合覆盖", "所在单位"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    on = page.locator("#kinds button[aria-pressed='true'] span:nth-of-type(1)").all_inner_texts()
    assert {"应建未建", "空白点"} <= set(on) and "已覆盖单位" not in on
    page.keyboard.press("Escape")
    for key in ("/", *"dhyqlhdzb", "Enter", "2"):
        page.keyboard.press(key)
    assert page.locator("[data-steps='2']").get_attribute("aria-pressed") == "true"
    assert 2 < shown(page) < 30
    page.keyboard.press("0")
    assert page.locator("[data-steps='2']").get_attribute("aria-pressed") == "false"
    counts = {
        row.locator("span").first.inner_text(): int(row.locator(".count").inner_text())
        for row in page.locator("#kinds button").all()
    }
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    kinds = page.locator("#sheet-body td:nth-child(2)").all_inner_texts()
    for kind in ("应建未建", "空白点", "社区党组织"):  # the legend's counts equal the table
        assert kinds.count(kind) == counts[kind]
    page.pdf(path=str(tmp_path / "a3.pdf"), format="A3")  # what Ctrl+P prints
    assert page.locator("#pages section").count() == 7


def test_six_actions_of_a_meeting_in_two_clicks_each(opened: Watched) -> None:
    page = opened.page
    find(page, "金桥社区党委")
    page.click("#reset")
    page.get_by_role("button", name="覆盖与缺口", exact=True).click()
    assert page.locator("#title").inner_text().startswith("未建立党组织 75 家，其中应建未建 6 家、")
    page.locator("#gaps button").first.click()
    page.click("[data-steps='2']")
    assert page.locator("[data-steps='2']").get_attribute("aria-pressed") == "true"
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("#print")
    assert page.evaluate("window.printed") is True


def test_the_path_between_two_nodes_is_drawn_and_listed(opened: Watched) -> None:
    page = opened.page
    find(page, "东湖园区联合党支部")
    page.click("#path")
    assert page.locator("#notice").inner_text() == "请点击或查找另一单位"
    find(page, "中共望湖街道工作委员会")
    way = page.locator("#card .way button").all_inner_texts()
    assert way[0] == "东湖园区联合党支部" and way[-1] == "中共望湖街道工作委员会"
    assert page.locator("#notice").inner_text() == f"与“中共望湖街道工作委员会”经 {len(way) - 1} 层关联"
    find(page, "金桥社区大党委")
    page.click("#path")
    find(page, "百川祥云律师事务所")
    assert page.locator("#notice").inner_text() == "与“百川祥云律师事务所”没有关联路径"


def test_filters_narrow_every_scene_and_one_key_resets(opened: Watched) -> None:
    page = opened.page
    whole = shown(page)
    page.select_option("#filter-place", "东湖社区")
    here = shown(page)
    assert 1 < here < whole
    page.select_option("#filter-rule", "A1")
    assert shown(page) == 1
    page.select_option("#filter-place", "")
    assert shown(page) == 6
    page.select_option("#filter-sure", "check-name")
    assert shown(page) == 0
    page.locator("#map").focus()
    page.keyboard.press("Escape")
    assert shown(page) == whole
    assert page.locator("#filter-rule").input_value() == ""


def test_the_state_of_the_view_is_in_the_address(browser: Browser, opened: Watched, map_file: Path) -> None:
    page = opened.page
    page.get_by_role("button", name="覆盖与缺口", exact=True).click()
    page.select_option("#filter-place", "新城社区")
    find(page, "云州五岳机械有限公司")
    address = page.evaluate("location.hash")
    assert "s=gaps" in address and "p=" in address and "n=" in address
    again = browser.new_context(offline=True).new_page()
    again.goto(map_file.as_uri() + address)
    again.wait_for_selector("body[data-ready]")
    assert again.locator("#card h2").inner_text() == "云州五岳机械有限公司"
    assert again.locator("#filter-place").input_value() == "新城社区"
    assert again.locator("#scenes button[aria-current='true']").inner_text() == "覆盖与缺口"
    again.goto(map_file.as_uri() + "#s=nothing&p=nowhere&n=99999&f=9")
    again.reload()
    again.wait_for_selector("body[data-ready]")
    assert again.locator("#scenes button").first.get_attribute("aria-current") == "true"
    again.context.close()


def test_units_fold_into_their_organization_with_their_number(opened: Watched) -> None:
    page = opened.page
    whole = shown(page)
    page.click("#fold-all")
    folded = shown(page)
    assert folded < whole
    find(page, "东湖园区联合党支部")
    fold = page.locator("#fold")
    n = int(fold.inner_text().split("（")[1].rstrip("）"))
    fold.click()
    assert shown(page) == folded + n
    page.click("#unfold-all")
    assert shown(page) == whole
    for name in ("东湖社区党总支", "金桥社区大党委"):  # a community, a committee
        find(page, name)
        n = int(page.locator("#fold").inner_text().split("（")[1].rstrip("）"))
        page.click("#fold")
        assert n > 5 and shown(page) < whole
        page.click("#fold")
        assert shown(page) == whole


def test_the_table_has_the_rows_of_the_picture_and_sorts(opened: Watched) -> None:
    page = opened.page
    page.keyboard.press("t")
    page.select_option("#filter-place", "东湖社区")
    n = shown(page)
    assert page.locator("#sheet-count").inner_text() == f"共 {n} 行"
    assert page.locator("#sheet-body tr").count() == n
    page.locator("#sheet-head button", has_text="联系数").click()
    page.locator("#sheet-head button", has_text="联系数").click()
    ties = [int(text) for text in page.locator("#sheet-body td:nth-child(5)").all_inner_texts()]
    assert ties == sorted(ties, reverse=True)
    assert page.locator("#sheet-head th").nth(4).get_attribute("aria-sort") == "descending"
    first = page.locator("#sheet-body button").first
    name = first.inner_text()
    first.click()
    assert page.locator("#card h2").inner_text() == name
    with page.expect_download() as waiting:
        page.click("#csv")
    lines = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == n + 1
    assert lines[0].startswith("名称,类型,社区,")


def test_views_show_the_same_nodes_in_other_places(opened: Watched) -> None:
    page = opened.page
    page.get_by_role("button", name="组织体系", exact=True).click()
    page.wait_for_timeout(700)
    assert page.locator("#views button[aria-pressed='true']").inner_text() == "按层级"
    assert shown(page) == 83  # 73 organizations and 10 superiors outside
    for name in ("大党委与成员单位", "共建双方"):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(700)
        assert ink(page) > 5_000
    page.locator("#map").focus()
    page.keyboard.press("v")
    assert page.locator("#views button[aria-pressed='true']").inner_text() == "按社区"


def test_a_click_on_a_tie_shows_its_card(opened: Watched) -> None:
    page = opened.page
    page.get_by_role("button", name="共驻共建", exact=True).click()
    page.wait_for_timeout(700)
    box = page.locator("#map").bounding_box()
    assert box
    for step in range(40):  # a line of clicks across the fans of lines meets one
        page.mouse.click(box["x"] + box["width"] * 0.27, box["y"] + box["height"] * (0.04 + 0.023 * step))
        if page.locator("#card h2").count() and page.locator("#card h2").inner_text() == "联系":
            break
    assert "共驻共建" in page.locator("#card .tie").inner_text()
    assert "08共建协议台账.xlsx" in page.locator("#card .rows").inner_text()


def test_pictures_of_the_view_and_of_the_whole_map(opened: Watched) -> None:
    page = opened.page
    for name, least in (("picture", 1200), ("picture-all", 3508)):
        with page.expect_download() as waiting:
            page.click(f"#{name}")
        head = Path(waiting.value.path()).read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(head[16:20], "big") >= least
    assert ink(page) > 5_000  # the screen is as before


def test_a_page_for_the_printer_for_each_community(opened: Watched, tmp_path: Path) -> None:
    page = opened.page
    page.pdf(path=str(tmp_path / "map.pdf"), format="A4")
    assert page.locator("#pages section").count() == 7
    assert page.locator("#pages h2").all_text_contents()[0].startswith("金桥社区")
    assert page.locator("#pages section").nth(1).locator("li").count() == 8  # its gaps
    assert (tmp_path / "map.pdf").read_bytes().count(b"/Type /Page\n") >= 7


def test_the_dark_wall_keeps_text_readable(opened: Watched) -> None:
    page = opened.page
    page.click("#dark")
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('#gaps button')).color]"
    )
    assert colours == ["rgb(21, 24, 29)", "rgb(242, 240, 234)"]
    page.click("#dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 249, 245)"


def test_absent_kinds_are_named(opened: Watched) -> None:
    assert opened.page.locator("#absent").inner_text().startswith("本图未涉及：议事、群团、阵地等")


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


def test_a_finger_chooses_and_moves(browser: Browser, map_file: Path) -> None:
    context = browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True, offline=True)
    page = context.new_page()
    page.goto(map_file.as_uri())
    page.wait_for_selector("body[data-ready]")
    page.locator("#gaps button").first.tap()
    name = page.locator("#card h2").inner_text()
    assert name == "云州永安科技有限公司"
    page.wait_for_timeout(500)
    page.locator("#card .close").tap()
    box = page.locator("#map").bounding_box()
    assert box
    page.touchscreen.tap(
        box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    )  # the node gone to stands in the middle
    assert page.locator("#card h2").inner_text() == name
    page.get_by_role("button", name="覆盖与缺口", exact=True).tap()
    assert page.locator("#title").inner_text().startswith("未建立党组织 75 家，其中应建未建")
    context.close()
