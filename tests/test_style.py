"""The house: imports go one way, renderers stay in their room, everything public is documented."""

import ast
import inspect
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

import pbgraph as pb

SOURCE = Path(pb.__file__).parent
# The flow of data, from what knows nothing to what knows all: imports point up this list.
ORDER = [
    "startup", "errors", "plugins", "text", "masking", "findings", "captions", "progress", "model", "tomlfile", "schema", "policy", "decisions", "manifest", "reading", "linking",
    "editions", "engine", "counting", "graphs", "selection", "summary", "tables", "labels", "saved", "network", "workspace", "job", "build", "analyses", "planning",
    "rendering", "arguments", "stopping", "cli", "__main__",
]  # fmt: skip
ONLY_RENDERING = {"pyvis", "matplotlib", "xlsxwriter", "openpyxl", "jinja2", "zhplot"}
FILES = {
    path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", "."): path for path in sorted(SOURCE.rglob("*.py"))
}


def room(module: str) -> str:
    return module.split(".")[0]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_imports_point_up() -> None:
    # An error says itself in the sentence of its kind, so errors and findings are one room.
    allowed = {("errors", "findings")}
    wrong = []
    for module, path in FILES.items():
        here = room(module)
        if here in {"__init__", "reference"}:
            continue
        for name in imported(path):
            parts = name.split(".")
            if parts[0] != "pbgraph" or len(parts) < 2 or parts[1] not in ORDER:
                continue
            if ORDER.index(parts[1]) > ORDER.index(here) and (here, parts[1]) not in allowed:
                wrong.append((module, name))
    assert wrong == []


def test_drawing_and_writing_libraries_stay_in_rendering() -> None:
    wrong = [
        (module, name) for module, path in FILES.items() for name in imported(path)
        if name.split(".")[0] in ONLY_RENDERING and room(module) != "rendering"
        and (module, name) != ("reading.cells", "openpyxl")  # the second reader, where the first gives less
    ]  # fmt: skip
    assert wrong == []


def test_every_module_and_public_function_is_documented() -> None:
    bare = []
    for module, path in FILES.items():
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            bare.append(module)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                parents = [
                    p
                    for p in ast.walk(tree)
                    if isinstance(p, ast.FunctionDef) and node in ast.walk(p) and p is not node
                ]
                if not parents:
                    bare.append(f"{module}.{node.name}")
    assert bare == []


def test_public_names_are_sorted_and_lead_somewhere() -> None:
    assert pb.__all__ == sorted(pb.__all__)
    assert set(pb.__all__) == set(pb._HOMES)
    for name in pb.__all__:
        assert getattr(pb, name).__doc__


def test_options_are_keyword_only() -> None:
    for name in pb.__all__:
        thing = getattr(pb, name)
        if not inspect.isfunction(thing):
            continue
        for parameter in list(inspect.signature(thing).parameters.values())[1:]:
            is_path = parameter.name == "path"
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY or is_path, (name, parameter.name)


def test_files_and_functions_are_short() -> None:
    long_files = {module: n for module, path in FILES.items() if (n := len(path.read_text("utf-8").splitlines())) > 500}
    assert long_files == {}
    long_functions = {}
    for module, path in FILES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                n_lines = (node.end_lineno or 0) - first.lineno + 1
                if n_lines > 60:
                    long_functions[f"{module}.{node.name}"] = n_lines
    assert long_functions == {}


def test_no_clock_and_no_leftovers() -> None:
    text = {module: path.read_text("utf-8") for module, path in FILES.items()}
    for word in ("TODO", "FIXME", "date.today(", "datetime.now(", "time.time(", "random."):
        assert [module for module, content in text.items() if word in content] == [], word


def test_the_lock_lies_within_the_ranges() -> None:
    told = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    extras = told["optional-dependencies"]
    for name, wanted in {"run": [], "test": [*extras["test"], *extras["docs"]]}.items():
        lock = (Path(__file__).parent.parent / "requirements" / f"{name}.txt").read_text("utf-8")
        pinned = {found[1].lower(): found[2] for found in re.finditer(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)}
        for line in [*told["dependencies"], *wanted]:
            if line == f"{told['name']}[docs]":
                continue
            needed = Requirement(line)
            assert needed.specifier.contains(pinned[needed.name.lower()]), line
