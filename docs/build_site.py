"""Build the site: build_site.py [FOLDER], by default out/site.

The pages lie in the repository so that their links hold there; here they are put into one folder, with those of the
root and the notebooks, their links turned to where each page has gone, and built by Sphinx. A warning is an error.
"""

import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
HOME = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Source"]
OF_THE_ROOT = ("README.en.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
_WITHIN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef”’…])\n *(?=[\u3400-\u9fff“《（])")
_LINK = re.compile(r"(\]\()(?!https?:|#)([^)\s#]+)")


def sources() -> dict[Path, Path]:
    """Every file of the site in the repository, and where it goes."""
    found = {ROOT / name: Path(name) for name in OF_THE_ROOT}
    found |= {path: Path("notebooks") / path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    kinds = ("*.md", "*.png", "pictures/*.png")
    return found | {path: path.relative_to(DOCS) for kind in kinds for path in DOCS.glob(kind)}


def put_together(folder: Path) -> None:
    """Copy the pages into one folder."""
    places = sources()
    for path, place in places.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".md", ".ipynb"):
            text = _linked(path.read_text("utf-8"), path, places)
            target.write_text(_joined(text) if path.suffix == ".md" else text, "utf-8")
        else:
            shutil.copyfile(path, target)


def _linked(text: str, page: Path, places: dict[Path, Path]) -> str:
    """A page with its links turned: to where the other page has gone, or to the repository."""

    def turned(found: re.Match[str]) -> str:
        aim = (page.parent / found[2]).resolve()
        if aim == ROOT / "README.md":
            aim = DOCS / "index.md"
        if aim in places:
            up = "../" * (len(places[page].parts) - 1)
            return f"{found[1]}{up}{places[aim].as_posix()}"
        if not aim.exists():
            raise FileNotFoundError(f"{page.relative_to(ROOT)} links to {found[2]}")
        return f"{found[1]}{HOME}/blob/main/{aim.relative_to(ROOT).as_posix()}"

    return _LINK.sub(turned, text)


def _joined(text: str) -> str:
    """A page without the blanks that line ends within Chinese text would become; blocks of code stay."""
    parts = text.split("```")
    return "```".join(part if number % 2 else _WITHIN_CHINESE.sub("", part) for number, part in enumerate(parts))


def build(folder: Path) -> int:
    """Build the site into a folder; what Sphinx warns of makes it fail."""
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as made:
        put_together(Path(made))
        shutil.rmtree(folder, ignore_errors=True)
        words = ["-q", "-W", "--keep-going", "-E", "-c", str(DOCS), "-d", f"{made}/.doctrees", made, str(folder)]
        return build_main(words)


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "site"))
