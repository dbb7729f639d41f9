"""The map in Chromium beside the default page of pyvis, same network, one run: python benchmarks/map.py [UNITS]

Prints the time to a usable picture (ours: the page says so; pyvis: its stabilization ends or 60 s), milliseconds per
frame while panning by the mouse, and the size of each file. Chromium runs without a graphics card and offline.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

import pbgraph as pb

COMMUNITIES = 10
PAN = 40  # mouse moves


def rosters(path: Path, n_units: int) -> Path:
    """A street in two sheets: a tenth of the units has an organization, members are counts."""
    kinds = ["非公企业", "社会组织", "事业单位", "机关"]
    with xlsxwriter.Workbook(path) as book:
        units = book.add_worksheet("驻区单位台账")
        units.write_row(0, 0, ["单位名称", "单位类型", "所属社区", "正式党员数", "职工人数"])
        for n in range(n_units):
            units.write_row(
                n + 1, 0, [f"第{n}号有限公司", kinds[n % 4], f"第{n % COMMUNITIES}社区", n % 6, 10 + n % 90]
            )
        sheet = book.add_worksheet("党组织名册")
        sheet.write_row(0, 0, ["党组织名称", "组织类别", "上级党组织", "所在单位", "联合支部覆盖单位", "所属社区"])
        row = 1
        for c in range(COMMUNITIES):
            sheet.write_row(row, 0, [f"第{c}社区党委", "党委", "", "", "", f"第{c}社区"])
            row += 1
        for n in range(0, n_units, 10):
            c = n % COMMUNITIES
            others = "、".join(f"第{n + k * COMMUNITIES}号有限公司" for k in range(1, 5))
            kind = "联合党支部" if n % 20 else "党支部"
            sheet.write_row(
                row,
                0,
                [f"第{n}号{kind}", kind, f"第{c}社区党委", f"第{n}号有限公司", others if n % 20 else "", f"第{c}社区"],
            )
            row += 1
        ties = book.add_worksheet("共建协议")
        ties.write_row(0, 0, ["社区党组织", "共建单位"])
        for n in range(n_units // 2):
            ties.write_row(n + 1, 0, [f"第{n % COMMUNITIES}社区党委", f"第{2 * n}号有限公司"])
    return path


def frame_ms(page: Page, target: str) -> float:
    """Mean milliseconds between frames while the picture is dragged."""
    box = page.locator(target).bounding_box()
    assert box
    page.evaluate(
        "() => { window.frames_ = []; const t = (n) => { window.frames_.push(n); if (window.frames_) requestAnimationFrame(t); }; requestAnimationFrame(t); }"
    )
    x, y = box["x"] + 80, box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(PAN):
        page.mouse.move(x + 6 * step, y + 3 * step)
        page.wait_for_timeout(16)
    page.mouse.up()
    frames = page.evaluate("window.frames_")
    return float((frames[-1] - frames[0]) / (len(frames) - 1))


def main() -> None:
    n_units = int(sys.argv[1]) if len(sys.argv) > 1 else 3600
    folder = Path(tempfile.mkdtemp())
    network = pb.read(rosters(folder / "名册.xlsx", n_units), as_of="2025-06-30")
    begin = time.perf_counter()
    ours = pb.draw_map(network, folder / "map.html").path
    print(f"{network}\nours: made in {time.perf_counter() - begin:.1f} s, {ours.stat().st_size / 1e6:.2f} MB")
    from pyvis.network import Network as Plain

    begin = time.perf_counter()
    plain = Plain(cdn_resources="in_line")
    graph = network.graph(members=False)
    for node, data in graph.nodes(data=True):
        plain.add_node(node, label=str(data["name"]))
    plain.add_edges([(a, b) for a, b, _ in graph.edges(keys=True)])
    theirs = folder / "plain.html"
    theirs.write_text(plain.generate_html(notebook=False), "utf-8")
    print(f"pyvis: made in {time.perf_counter() - begin:.1f} s, {theirs.stat().st_size / 1e6:.2f} MB")
    chromium = next(
        found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True).new_page()
        page.goto(ours.as_uri())
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        ready = page.evaluate("performance.now()")
        print(f"ours: usable after {ready / 1000:.2f} s, {frame_ms(page, '#map'):.0f} ms a frame while panning")
        page.click("#unfold-all")
        print(f"ours, unfolded: {frame_ms(page, '#map'):.0f} ms a frame")
        page = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True).new_page()
        page.goto(theirs.as_uri(), timeout=120_000)
        try:
            page.wait_for_function("() => network && network.physics && network.physics.stabilized", timeout=60_000)
            print(f"pyvis: stable after {page.evaluate('performance.now()') / 1000:.1f} s")
            print(f"pyvis: {frame_ms(page, '#mynetwork'):.0f} ms a frame")
        except NotInTime:
            print("pyvis: not stable after 60 s, and does not answer the mouse")
        browser.close()


if __name__ == "__main__":
    main()
