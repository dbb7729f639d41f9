"""Documents are tested: commands run, names exist, notebooks execute, the wheel is whole."""

import doctest
import re
import subprocess
import sys
import zipfile
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest
from conftest import TINY, command, write_book

import pbgraph as pb
from pbgraph.findings import kinds
from pbgraph.policy import read_policy

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def script(path: Path) -> Any:
    """A script of the repository as a module."""
    spec = spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MOST_OF_AN_OUTPUT = 200_000
NOTEBOOKS = script(ROOT / "docs" / "notebooks.py")


def test_the_readme_names_every_public_function_and_command() -> None:
    missing = [name for name in pb.__all__ if name not in README and not name.endswith("Error")]
    assert missing == []
    for word in ("demo", "template", "check", "report", "map", "export", "rules"):
        assert f"pbgraph {word}" in README


def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("pbgraph ")]
    assert len(commands) >= 6
    (tmp_path / "data/demo").mkdir(parents=True)
    write_book(tmp_path / "data/demo/名册.xlsx", TINY)  # the commands are tried here, their results elsewhere
    monkeypatch.chdir(tmp_path)
    for line in (each for each in commands if " demo -o" not in each):  # tests/test_cli.py runs it
        ran = command(*line.split("#")[0].split()[1:])
        assert ran.exit_code in {0, 1}, (line, ran.output)


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data/demo").mkdir(parents=True)
    write_book(tmp_path / "data/demo/名册.xlsx", TINY)
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL):
        exec(compile(block.replace("金桥", "甲"), "README.md", "exec"), {})


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
    return [output.get("text") or output["output_type"] for output in cell.get("outputs", [])]


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


def test_the_wheel_holds_its_data_and_the_demo(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in ("pbgraph/reference/schema.toml", "pbgraph/templates/map/map.css", "pbgraph/demo/01党组织名册.xlsx"):
        assert name in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]
