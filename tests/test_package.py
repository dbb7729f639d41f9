"""The package as others get it: wheel and sdist, what the index shows, extensions of other packages."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import pbgraph as pb

ROOT = Path(__file__).parent.parent
TOLD = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def ran(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program of this Python; what it said on both channels."""
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, "PYTHONPATH": "", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def installed(what: Path, into: Path) -> Path:
    """Install a wheel or a project without its dependencies, as pip does, and without a network."""
    ran(
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--target",
        into,
        what,
        cwd=into.parent,
    )
    return into


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    ran("-m", "hatchling", "build", "-d", folder, cwd=ROOT)
    return folder


def test_the_wheel_is_whole_and_its_command_runs(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in (
        "pbgraph/reference/schema.toml",
        "pbgraph/templates/map/map.css",
        "pbgraph/demo/01党组织名册.xlsx",
        "pbgraph/py.typed",
    ):
        assert name in names
    assert {name.split("/")[0] for name in names} == {"pbgraph", f"pbgraph-{pb.__version__}.dist-info"}
    place = installed(wheel, tmp_path / "here")
    said = ran(place / "bin" / "pbgraph", "--version", cwd=tmp_path, PYTHONPATH=str(place))
    assert said == f"pbgraph {pb.__version__}\n"
    where = ran("-c", "import pbgraph.cli as cli; print(cli.demo_folder())", cwd=tmp_path, PYTHONPATH=str(place))
    assert Path(where.strip()) == place / "pbgraph" / "demo"


def test_the_sdist_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        archive.extractall(tmp_path, filter="data")
    assert {"LICENSE", "SECURITY.md", "CITATION.cff", "docs/promises.md", "tests/test_package.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "out/")) or "__pycache__" in name]
    ran("-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=tmp_path / f"pbgraph-{pb.__version__}")
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == wheel.read_bytes()


def test_what_the_index_shows_leads_somewhere(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        told = message_from_string(archive.read(f"pbgraph-{pb.__version__}.dist-info/METADATA").decode())
    shown = told.get_payload()
    links = re.findall(r"\]\(([^)]+)\)", str(shown))
    home = TOLD["urls"]["Homepage"]
    inside = [
        link.removeprefix(f"{home}/").split("#")[0].split("/", 2) for link in links if link.startswith(f"{home}/")
    ]
    assert len(inside) >= 10 and {how for how, _, _ in inside} == {"raw", "blob"}
    assert [path for _, _, path in inside if not (ROOT / path).exists()] == []
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert told["Author"] and told["License-Expression"] == "MIT" and len(told.get_all("Classifier", [])) >= 10
    assert {line.split(", ")[0] for line in told.get_all("Project-URL", [])} == set(TOLD["urls"])


def test_version_and_day_are_the_same_wherever_they_stand() -> None:
    changes = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert changes and changes[1] == pb.__version__
    assert f"version: {changes[1]}\ndate-released: {changes[2]}\n" in cited
    assert f"repository-code: {TOLD['urls']['Source']}\n" in cited


EXTENSION = {
    "pyproject.toml": """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "our-office"
version = "1.0"
[project.entry-points."pbgraph.measures"]
staff = "our_office"
broken = "our_office.nowhere"
[project.entry-points."pbgraph.exports"]
names = "our_office:names"
[project.entry-points."pbgraph.readers"]
pipe = "our_office:sheets"
""",
    "our_office.py": """
import pandas as pd
from pbgraph.analyses.study import Study, measure

@measure("community", "n_units")
def listed_units(study: Study) -> pd.DataFrame:
    return study.entities("units").groupby("community").size().rename("n_units").reset_index()

def names(graph):
    notes = [" ".join(note) for note in graph.graph.items()]
    return "\\n".join([*notes, *sorted(f"{told['label']} {'x' in told}" for _, told in graph.nodes(data=True))])

def sheets(content):
    rows = [line.split("|") for line in content.decode().splitlines()]
    return {"驻区单位": pd.DataFrame(rows[1:], columns=rows[0])}
""",
}
USED = """
import warnings
from pathlib import Path
import pbgraph as pb
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    network = pb.read("rosters")
    study = pb.Study(network)
    print(study.listed_units.to_dict("records"), "listed_units" in dir(study), sorted(network.units["source"]))
    pb.export(network, "out.names"); pb.export(network, "out.names")
    print(Path("out.names").read_text("utf-8").splitlines()[-1])
    print(list(network.findings.query("code == 'file-reader'")["message"]))
print([str(one.message) for one in said])
"""


def test_an_extension_that_is_installed_is_used_and_a_broken_one_is_said(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name, text in EXTENSION.items():
        (project / name).write_text(text, "utf-8")
    place = installed(project, tmp_path / "here")
    (tmp_path / "rosters").mkdir()
    (tmp_path / "rosters" / "a.pipe").write_text("单位名称|所属社区\n红旗厂|甲社区\n宏达厂|甲社区\n", "utf-8")
    (tmp_path / "rosters" / "b.pipe").write_bytes(b"\xff")
    said = ran("-c", USED, cwd=tmp_path, PYTHONPATH=os.pathsep.join((str(place), str(ROOT)))).splitlines()
    assert said == [
        "[{'community': '甲社区', 'n_units': 2}] True ['a.pipe|驻区单位|2', 'a.pipe|驻区单位|3']",
        "红旗厂 True",
        "['读取 .pipe 文件的扩展出错（UnicodeDecodeError），该文件未读。']",
        "[\"pbgraph.measures 'broken' of the package our-office is not used: "
        "ModuleNotFoundError: No module named 'our_office.nowhere'; 'our_office' is not a package\"]",
    ]


def test_no_measure_of_ours_is_replaced() -> None:
    from pbgraph.analyses.study import measure, measures

    ours = measures()["coverage"]
    with pytest.raises(ValueError, match=r"there is a measure 'coverage' in pbgraph\.analyses\.coverage"):

        @measure("unit")
        def coverage(study: pb.Study) -> None: ...

    assert measures()["coverage"] is ours
