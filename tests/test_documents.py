"""Documents are tested: commands run, names and links lead somewhere, notebooks execute, the site builds."""

import doctest
import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
import openpyxl
import pytest
from conftest import TINY, command, write_book

import pbgraph as pb
from pbgraph.analyses.study import measures
from pbgraph.arguments import COMMANDS
from pbgraph.findings import kinds
from pbgraph.job import OPTIONS
from pbgraph.model import KINDS
from pbgraph.policy import read_policy
from pbgraph.reading.files import pack_names

ROOT = Path(__file__).parent.parent


def script(path: Path) -> Any:
    """A script of the repository as a module."""
    spec = spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MOST_OF_AN_OUTPUT = 200_000
NOTEBOOKS = script(ROOT / "docs" / "notebooks.py")
OUTPUTS = script(ROOT / "docs" / "outputs.py")
BUILDER = script(ROOT / "docs" / "build_site.py")


PAGES = [ROOT / "README.md", ROOT / "README.en.md", *sorted((ROOT / "docs").glob("*.md"))]
GENERATED = re.compile(r"<!-- generated ([\w-]+) -->\n.*?<!-- end -->", re.DOTALL)
WRITTEN = {path.relative_to(ROOT).as_posix(): GENERATED.sub("", path.read_text("utf-8")) for path in PAGES}
"""Each page without what is generated in it."""


def blocks(text: str, *languages: str) -> list[str]:
    """The code blocks of a page, also those within lists."""
    found = re.findall(r"^( *)```(\w+)\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)
    return [dedent(block) for _, language, block in found if language in languages]


def test_the_pages_name_every_public_function_and_command() -> None:
    analyst, commands = WRITTEN["docs/analyst.md"], (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert [name for name in pb.__all__ if f"pb.{name}" not in analyst and not name.endswith("Error")] == []
    assert [name for name in pb.__all__ if name.endswith("Error") and name not in analyst] == []
    assert [name for name in COMMANDS if f"## pbgraph {name}\n" not in commands] == []


def test_the_names_in_the_pages_exist() -> None:
    for page, text in WRITTEN.items():
        for name in re.findall(r"`pb\.(\w+)(?!\w|\*)", text):
            assert hasattr(pb, name), (page, name)
        for name in re.findall(r"`(?:network|study)\.([a-z_]+)", text):
            assert hasattr(pb.Network, name) or name in {*KINDS, *NETWORK_FIELDS, *measures(), "listed_units"}, (
                page,
                name,
            )
        for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text):
            assert option in OPTIONS_SAID, (page, option)
        for name in re.findall(r"`(\w+\.(?:html|xlsx|docx|pptx|pdf|png))`", text):
            assert name in MADE or (ROOT / "docs" / name).exists(), (page, name)


NETWORK_FIELDS = {field.name for field in fields(pb.Network)} | {"reading"}
OPTIONS_SAID = {
    *(option.flag for option in OPTIONS.values()), "--password", "--help", "--version",
    "--check", "--record", "--seed", "--number", "--seeds",  # of scripts of the repository
}  # fmt: skip
MADE = {*pack_names("zh"), *pack_names("en"), "模板.xlsx"}


def test_the_commands_of_the_pages_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened_here: None) -> None:
    lines = {
        line.split("#")[0].strip()
        for text in WRITTEN.values()
        for block in blocks(text, "sh", "console")
        for line in block.splitlines()
    }
    commands = {line.removeprefix("$ ") for line in lines if line.removeprefix("$ ").startswith("pbgraph ")}
    tried = {line for line, _ in OUTPUTS.TRIED.values()}  # docs/generate.py --check runs them
    assert len(commands) >= 4
    (tmp_path / "data/demo").mkdir(parents=True)
    write_book(tmp_path / "data/demo/名册.xlsx", TINY)  # the commands are tried here, their results elsewhere
    monkeypatch.chdir(tmp_path)
    for line in sorted(commands - tried):
        ran = command(*line.split()[1:])
        assert ran.exit_code in {0, 1}, (line, ran.output)


def test_the_readmes_are_one_in_two_languages() -> None:
    chinese, english = (WRITTEN[name] for name in ("README.md", "README.en.md"))
    plain = [re.sub(r"  #[^\n]*", "", "".join(blocks(text, "python"))) for text in (chinese, english)]
    assert plain[0] == plain[1].replace(', lang="en"', "").replace(', look=pb.Look("en")', "")
    assert re.findall(r"[\u3400-\u9fff]", "".join(blocks(english, "sh", "python"))) == []
    for kind in (r"https?://[^)]+", r"notebooks/\S+ipynb"):
        assert set(re.findall(kind, chinese)) == set(re.findall(kind, english))
    assert "(README.en.md)" in chinese and "(README.md)" in english


@pytest.mark.parametrize(
    "page", [page for page, text in WRITTEN.items() if "```python" in text and page != "README.en.md"]
)
def test_the_python_of_the_pages_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened_here: None
) -> None:
    (tmp_path / "data/demo").mkdir(parents=True)
    write_book(tmp_path / "data/demo/名册.xlsx", TINY)
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pbgraph.analyses.study._MEASURES", dict(measures()))
    code = "\n".join(blocks(WRITTEN[page], "python")).replace("金桥", "甲")
    exec(compile(code, page, "exec"), {"__name__": "page"})


def test_the_links_of_the_pages_lead_somewhere() -> None:
    for page in [*PAGES, *(ROOT / name for name in BUILDER.OF_THE_ROOT)]:
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            place, _, part = link.partition("#")
            assert "://" in link or not place or (page.parent / place).exists(), (page.name, link)
            assert (
                "://" in link
                or not part
                or not place
                or f"# {part.replace('-', ' ')}" in (page.parent / place).read_text("utf-8").lower()
            )


def test_every_page_is_in_the_site_and_every_picture_in_a_page() -> None:
    trees = " ".join(
        re.findall(r"```{toctree}(.*?)```", (ROOT / "docs" / "index.md").read_text("utf-8"), re.DOTALL)
    ).split()
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"} <= set(trees)
    told = "".join(path.read_text("utf-8") for path in PAGES)
    pictures = [path.name for path in (ROOT / "docs" / "pictures").iterdir()]
    assert [name for name in pictures if f"pictures/{name}" not in told] == []
    assert sum((ROOT / "docs" / "pictures" / name).stat().st_size for name in pictures) < MOST_OF_THE_PICTURES


MOST_OF_THE_PICTURES = 700_000


def test_the_site_builds_without_a_warning_and_asks_nobody(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build_site.py"), str(tmp_path / "site")],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(PAGES)
    for page in pages:
        asked = re.findall(
            r"""<(?:script|img|link|iframe)[^>]*?(?:src|href)=["'](https?://[^"']+)""", page.read_text("utf-8")
        )
        assert asked == [], page.name
    api = (tmp_path / "site" / "api.html").read_text("utf-8")
    assert [name for name in pb.__all__ if f'id="pbgraph.{name}"' not in api] == []


@pytest.mark.parametrize("form", NOTEBOOKS.text_forms(), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("default")
def test_notebooks_execute_and_say_what_they_said(form: Path) -> None:
    assert not NOTEBOOKS.differs(form), f"python docs/notebooks.py {form.name[:2]}"
    book = NOTEBOOKS.executed(NOTEBOOKS.notebook_of(form.read_text("utf-8")))
    kept = nbformat.read(form.with_suffix(".ipynb"), as_version=4)
    assert [shown(cell) for cell in kept.cells] == [shown(cell) for cell in book.cells]


def shown(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell shows: prints as they are, tables, pictures and pages by their kind."""
    if "find_spec(" in cell.source:  # what is installed differs from one machine to another
        return []
    return [output.get("text") or output["output_type"] for output in NOTEBOOKS.without_bars(cell)]


@pytest.mark.parametrize("form", NOTEBOOKS.text_forms(), ids=lambda path: path.stem)
def test_the_outputs_of_a_notebook_are_there_and_small(form: Path) -> None:
    book = nbformat.read(form.with_suffix(".ipynb"), as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    held = [output.get("data", {}) for cell in code for output in cell.outputs]
    assert sum("image/png" in data for data in held) >= 2
    assert all(len(text) < MOST_OF_AN_OUTPUT for data in held for text in data.values())
    tables = [part for data in held for part in data.get("text/html", "").split("<table")[1:]]
    assert all(part.count("<tr") <= 14 for part in tables if 'class="dataframe"' in part)
    assert not any("<iframe" in data.get("text/html", "") for data in held)
    assert "stderr" not in {output.get("name") for cell in code for output in cell.outputs}
    first, last = book.cells[0].source, book.cells[-1].source
    assert first.startswith("# ") and re.search(r"^\*[A-Z]", first, re.MULTILINE) and "接下来" in last
    assert any("except pb." in cell.source for cell in code)


def test_all_notebooks_together_are_small_and_their_links_lead_somewhere() -> None:
    books = [form.with_suffix(".ipynb") for form in NOTEBOOKS.text_forms()]
    assert len(books) == 8 and sum(book.stat().st_size for book in books) < NOTEBOOKS.MOST_BYTES
    for form in NOTEBOOKS.text_forms():
        for link in re.findall(r"\]\(([^)#]+)\)", form.read_text("utf-8")):
            assert "://" in link or (form.parent / link).exists(), (form.name, link)


def test_the_strange_workbooks_are_those_that_the_script_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ROOT / "notebooks" / "data"
    made = script(folder / "make_strange.py")
    monkeypatch.setattr(made, "HERE", tmp_path)
    for write in (made.units, made.organizations, made.members, made.rooms):
        write()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in (folder / "strange").iterdir())
    for name in names:
        now, kept = (openpyxl.load_workbook(place / name).active for place in (tmp_path, folder / "strange"))
        assert list(now.values) == list(kept.values)


def test_every_finding_and_rule_is_in_the_docs() -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [code for code in kinds() if f"`{code}`" not in text] == []
    assert [rule_id for rule_id in read_policy().rules if f"| {rule_id} |" not in text] == []


def test_the_page_on_import_names_real_findings() -> None:
    text = (ROOT / "docs" / "import.md").read_text("utf-8")
    named = re.findall(r"^\| \d+ \| `([\w-]+)`", text, flags=re.MULTILINE)
    assert len(named) == len(set(named)) >= 20
    assert set(named) <= set(kinds())


EXAMPLES = [path for path in sorted((ROOT / "pbgraph").rglob("*.py")) if ">>> " in path.read_text("utf-8")]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_in_docstrings_run(path: Path, tiny: pb.Network) -> None:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    failed, tried = doctest.testmod(module, extraglobs={"tiny_network": lambda: tiny})
    assert (failed, tried > 0) == (0, True)


def test_every_promise_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "promises.md").read_text("utf-8")
    promises = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    tests = {
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(promises) == 10
    for promise in promises:
        named = re.findall(r"`(test_\w+)`", promise)
        assert len(named) >= 3 and set(named) <= tests, promise


def test_the_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
