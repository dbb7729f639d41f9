"""Make the notebooks from their text forms, and run them: notebooks.py [--check] [NN ...].

The text form (`notebooks/NN-name.py`, py:percent, which jupytext opens too) is what people edit. The .ipynb beside it is
executed and holds small outputs, so that it reads well where no kernel runs: of a page that needs scripts, a still
picture, made by Chromium. `--check` runs nothing and says which .ipynb has other cells than its text.
"""

import base64
import html
import io
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parent.parent / "notebooks"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
STILL = (1180, 660)  # of the window that a page is pictured in
WIDEST = 1000  # pixels of a picture
COLOURS = 256
PAGE_COLOURS = 48  # of the picture of a page: tiles and nodes are of few
MOST_BYTES = 1_500_000  # of all notebooks
_FRAME = re.compile(r'<iframe\b[^>]*\bsrcdoc="([^"]*)"', re.DOTALL)
_CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?[^\n]*\n", re.MULTILINE)


def text_forms() -> list[Path]:
    """The text forms, in their order."""
    return sorted(FOLDER.glob("[0-9][0-9]-*.py"))


def cells_of(text: str) -> list[tuple[str, str]]:
    """The cells of a text form: kind and source."""
    marks = list(_CELL.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    cells = []
    for mark, end in zip(marks, ends, strict=True):
        source = text[mark.end() : end].strip("\n")
        if mark["markdown"]:
            source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.split("\n"))
        cells.append(("markdown" if mark["markdown"] else "code", source))
    return cells


def notebook_of(text: str) -> NotebookNode:
    """A notebook with the cells of a text form and no outputs; ids are numbers, so that the same text is the same."""
    made = nbformat.v4.new_notebook(metadata=KERNEL)
    makers = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    for number, (kind, source) in enumerate(cells_of(text), 1):
        cell = makers[kind](source)
        cell["id"] = f"cell-{number:02d}"
        made.cells.append(cell)
    return made


def executed(book: NotebookNode) -> NotebookNode:
    """The notebook as it is run, in its folder."""
    NotebookClient(
        book, timeout=120, record_timing=False, coalesce_streams=True, resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    return book


def differs(text_form: Path) -> bool:
    """Whether the .ipynb has other cells than its text form, or is not there."""
    path = text_form.with_suffix(".ipynb")
    if not path.is_file():
        return True
    held = [(cell.cell_type, cell.source) for cell in nbformat.read(path, as_version=4).cells]
    return held != cells_of(text_form.read_text("utf-8"))


def with_small_outputs(book: NotebookNode) -> NotebookNode:
    """Pages as still pictures, pictures of few colours, no text twice, no bar that has done its work."""
    for cell in (each for each in book.cells if each.cell_type == "code"):
        cell.outputs = without_bars(cell)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = None
        for output in (item for cell in book.cells for item in cell.get("outputs", [])):
            data = output.get("data", {})
            page = _FRAME.search(data.get("text/html", ""))
            if page:
                browser = browser or launched(playwright)
                del data["text/html"]
                data["image/png"] = _in_text(encoded(_pictured(browser, html.unescape(page[1])), colours=PAGE_COLOURS))
            elif "image/png" in data:
                data["image/png"] = _in_text(encoded(base64.b64decode(data["image/png"])))
    return book


def without_bars(cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of a cell but for what bars have left."""
    return [output for output in cell.get("outputs", []) if "pbgraph" not in output.get("metadata", {})]


def launched(playwright):
    """Chromium, however it is called here."""
    import shutil

    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def _pictured(browser, page: str) -> bytes:
    """A page as it is seen when it opens."""
    width, height = STILL
    window = browser.new_page(viewport={"width": width, "height": height})
    window.set_content(page)
    window.wait_for_timeout(1500)
    picture = window.screenshot()
    window.close()
    return picture


def _in_text(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def encoded(picture: bytes, *, widest: int = WIDEST, colours: int = COLOURS) -> bytes:
    """A picture of modest size."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width > widest:
        image = image.resize((widest, round(image.height * widest / image.width)), Image.Resampling.LANCZOS)
    small = io.BytesIO()
    image.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main(words: list[str]) -> int:
    """Make the notebooks that are named, or all; with --check say which are not current."""
    chosen = [word for word in words if not word.startswith("-")]
    forms = [path for path in text_forms() if not chosen or path.name[:2] in chosen]
    if "--check" in words:
        stale = [path.stem for path in forms if differs(path)]
        print("\n".join(f"{name}: python docs/notebooks.py {name[:2]}" for name in stale) or "current")
        return len(stale)
    for path in forms:
        book = with_small_outputs(executed(notebook_of(path.read_text("utf-8"))))
        nbformat.write(book, path.with_suffix(".ipynb"))
        print(path.stem, path.with_suffix(".ipynb").stat().st_size // 1024, "kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
