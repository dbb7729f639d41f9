"""Draw the pictures of the documentation from the demo: pictures.py [NAME ...].

What people see is pictured: pages in Chromium, sheets from their own cells, fills and widths, the terminal from what
the command said, a notebook by the first picture in it. The rosters are the invented ones of data/demo.
"""

import base64
import contextlib
import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import get_column_letter
from outputs import picture_of
from playwright.sync_api import Browser, Page, sync_playwright

import pbgraph as pb
from notebooks import encoded, launched

HERE = Path(__file__).parent
DEMO = HERE.parent / "data" / "demo"
MOST_DIGITS = 1e11
WINDOW = {"width": 1280, "height": 720}
SHEET = """<style>body{margin:0;font:13px "Noto Sans CJK SC",sans-serif;background:#fff;width:max-content}
table{border-collapse:collapse}td,th{border:1px solid #d4d4d4;padding:2px 6px;overflow:hidden;line-height:1.35}
th{background:#f3f3f3;color:#777;font-weight:400;text-align:center}td{white-space:nowrap;vertical-align:middle;position:relative}
td.wraps{white-space:pre-wrap}td.runs{overflow:visible}i{position:absolute;left:100%;top:-6px;z-index:1;width:230px;padding:4px 6px;
white-space:pre-wrap;font:12px/1.4 "Noto Sans CJK SC";background:#fffbd6;border:1px solid #b9b07a}</style>"""
TERMINAL = """<style>body{margin:0;background:#1e1e1e;color:#ddd;width:940px}
pre{margin:0;padding:16px 20px;font:14px/1.5 "Noto Sans Mono CJK SC",monospace;white-space:pre-wrap}b{color:#7fd37f}</style>"""


@contextlib.contextmanager
def studio() -> Iterator["Studio"]:
    """A browser and a folder with the pack and the annotated copies of the demo."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        shutil.copytree(DEMO, Path(made) / "名册" / "2025-06")
        browser = launched(playwright)
        yield Studio(browser, Path(made))
        browser.close()


class Studio:
    """Takes pictures of what the commands wrote."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.said = self._run("名册")
        self._run("check", "名册", "-o", "检查")
        self.pack = folder / "名册" / "结果" / "2025-06"

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pbgraph", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return f"$ pbgraph {' '.join(words)}\n{done.stdout}{done.stderr}"

    def page(self, name: str, *acts: Callable[[Page], Any]) -> bytes:
        """A page of the pack, after what somebody does there."""
        window = self.browser.new_page(viewport=WINDOW, reduced_motion="reduce")
        window.goto((self.pack / name).as_uri())
        window.wait_for_selector("body[data-ready]")
        for act in acts:
            act(window)
            window.wait_for_timeout(600)
        return self._taken(window)

    def sheet(self, path: Path, title: str, *, rows: int, columns: int, first: int = 1) -> bytes:
        """The top of a sheet as a spreadsheet shows it."""
        book = openpyxl.load_workbook(path, rich_text=True)
        return self._drawn(SHEET + _table(book[title], first, rows, columns))

    def terminal(self) -> bytes:
        """What the month's command said."""
        command, _, rest = self.said.strip().partition("\n")
        return self._drawn(f"{TERMINAL}<pre><b>{html.escape(command)}</b>\n{html.escape(rest)}</pre>")

    def _drawn(self, page: str) -> bytes:
        window = self.browser.new_page(viewport=WINDOW, reduced_motion="reduce")
        window.set_content(page)
        return self._taken(window, of="table, pre")

    def _taken(self, window: Page, of: str = "") -> bytes:
        picture = window.locator(of).screenshot() if of else window.screenshot()
        window.close()
        return picture


def _table(sheet: Any, first: int, n_rows: int, n_columns: int) -> str:
    """Cells as a table: widths, merged cells, fills, bold and coloured letters."""
    merged = {area.coord.split(":")[0]: area for area in sheet.merged_cells.ranges}
    hidden = {(r, c) for area in merged.values() for r, c in _places(area)}
    widths = [sheet.column_dimensions[get_column_letter(c)].width or 9 for c in range(1, n_columns + 1)]
    columns = "".join(f'<col style="width:{round(width * 7.5)}px">' for width in widths)
    heads = "".join(f"<th>{get_column_letter(c)}</th>" for c in range(1, n_columns + 1))
    lines = [
        f'<table style="table-layout:fixed;width:{round(sum(widths) * 7.5) + 34}px"><col style="width:34px">{columns}'
    ]
    lines.append(f"<tr><th></th>{heads}</tr>")
    for r in range(first, first + n_rows):
        cells = [_cell(sheet.cell(r, c), merged, n_columns) for c in range(1, n_columns + 1) if (r, c) not in hidden]
        lines.append(f"<tr><th>{r}</th>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _places(area: Any) -> list[tuple[int, int]]:
    """The cells of a merged area that the first one covers."""
    return [(r, c) for row in area.rows for r, c in row][1:]


def _cell(cell: Any, merged: dict[str, Any], n_columns: int) -> str:
    area = merged.get(cell.coordinate)
    spans = ""
    if area:
        spans = f' colspan="{min(area.max_col, n_columns) - cell.column + 1}" rowspan="{area.max_row - cell.row + 1}"'
    fill, font = _rgb(cell.fill.fgColor) if cell.fill.fill_type == "solid" else "", cell.font
    style = [f"background:#{fill}"] * bool(fill) + [f"color:#{_rgb(font.color)}"] * bool(_rgb(font.color))
    style += ["font-weight:700"] * bool(font.b) + [f"font-size:{font.sz * 1.15:.0f}px"] * bool(font.sz and font.sz > 12)
    style += [f"text-align:{cell.alignment.horizontal}"] * (cell.alignment.horizontal in ("center", "right"))
    kind = "wraps" if cell.alignment.wrap_text else ""
    kind += " runs" * bool(cell.comment or cell.offset(0, 1).value is None)
    note = f"<i>{html.escape(cell.comment.text)}</i>" if cell.comment else ""
    return f'<td{spans} class="{kind}" style="{";".join(style)}">{_text(cell.value)}{note}</td>'


def _rgb(colour: Any) -> str:
    """A colour that is said as one; those of a theme are left to the page."""
    told = getattr(colour, "rgb", None)
    return told[-6:] if isinstance(told, str) else ""


def _text(value: Any) -> str:
    """A value; of rich text each run in its colour."""
    if isinstance(value, float) and value > MOST_DIGITS:  # as a spreadsheet shows it
        return f"{value:.5E}"
    if not isinstance(value, CellRichText):
        return "" if value is None else html.escape(str(value))
    runs = []
    for run in value:
        colour, text = _rgb(getattr(getattr(run, "font", None), "color", None)), html.escape(str(run))
        runs.append(f'<span style="color:#{colour}">{text}</span>' if colour else text)
    return "".join(runs)


def _scene(number: int) -> Callable[[Page], Any]:
    return lambda page: page.locator("#scenes button").nth(number).click()


def _community(page: Page) -> None:
    page.select_option("#place", "金桥社区")


def _tile(page: Page) -> None:
    page.locator(".tile", has_text="永安").first.click()


def _copy(studio: Studio) -> Path:
    return studio.folder / "检查" / "annotated" / "02党员花名册（分社区）.xlsx"


TAKEN: dict[str, Callable[[Studio], bytes]] = {
    "clerk-1-roster": lambda s: s.sheet(DEMO / "01党组织名册.xlsx", "党组织", rows=12, columns=9),
    "clerk-2-run": lambda s: s.terminal(),
    "clerk-3-wall": lambda s: s.page("党组织覆盖图.html", _tile),
    "clerk-4-review": lambda s: s.sheet(s.pack / "待核对.xlsx", "待核对名称", rows=5, columns=7),
    "clerk-5-annotated": lambda s: s.sheet(_copy(s), "滨河社区", rows=14, columns=8),
    "clerk-6-list": lambda s: s.sheet(s.pack / "缺口清单和统计表.xlsx", "缺口清单", rows=12, columns=8),
    "meeting-1-community": lambda s: s.page("党组织覆盖图.html", _community),
    "meeting-2-how": lambda s: s.page("党组织覆盖图.html", _scene(1)),
    "meeting-3-map": lambda s: s.page("map.html"),
}  # fmt: skip


def first_picture(path: Path) -> bytes:
    """The first picture in the outputs of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    held = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return base64.b64decode(next(data["image/png"] for data in held if "image/png" in data))


def main(names: list[str]) -> None:
    """Draw the pictures that are named, or all."""
    if not names or "wall" in names:
        pb.draw_poster(pb.read(DEMO), HERE / "wall.png")
    for path in sorted((HERE.parent / "notebooks").glob("[0-9][0-9]-*.ipynb")):
        (HERE / picture_of(path)).write_bytes(encoded(first_picture(path), widest=360, colours=64))
    chosen = [name for name in TAKEN if not names or name in names]
    if chosen:
        with studio() as made:
            for name in chosen:
                target = HERE / "pictures" / f"{name}.png"
                target.write_bytes(encoded(TAKEN[name](made), widest=1280, colours=96))
                print(target.name, target.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main(sys.argv[1:])
