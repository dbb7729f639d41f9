"""The last look before anything is put in its place: no number of a person, and no name that the edition hides.

What an edition leaves out never reaches the renderers; this search would find it if one of them, or a new
field, let it through. It reads the finished files as a stranger would: pages and lists as text, workbooks sheet by
sheet, the saved network cell by cell.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from pbgraph import schema
from pbgraph.errors import RenderError
from pbgraph.network import Network
from pbgraph.text import is_id_number, mask_secrets

_RUNS = re.compile(r"[\u3400-\u9fff·]+")  # unbroken Chinese text: a name inside a longer word is another word
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![0-9A-Za-z])")
_TEXT = frozenset({".html", ".csv", ".json"})
_SHORTEST = 2


def check_private(folder: Path, network: Network, *, edition: str) -> None:
    """Search every file of a folder.

    Raises
    ------
    RenderError
        private-value, with the file and the field that holds the value; nothing has been put in its place then.

    """
    names = frozenset() if edition == "internal" else _names(network)
    codes = _codes(network)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for text in _texts(path):
            _check(text, path.relative_to(folder).as_posix(), names, codes, network)


def check_page(content: str, name: str, network: Network, *, edition: str) -> None:
    """Search one page before it is written; raises as `check_private` does."""
    _check(content, name, frozenset() if edition == "internal" else _names(network), _codes(network), network)


def _codes(network: Network) -> frozenset[str]:
    """Codes of organizations, units and grids, which may look like a number of a person and are none."""
    keys = {item.key for table in schema.tables().values() for item in table.fields if item.type == "code"}
    frames = [frame for kind, frame in network.tables.items() if kind not in {"members", "instructors"}]
    return frozenset(str(code) for frame in frames for key in keys & set(frame) for code in frame[key].dropna())


def _check(text: str, file: str, names: frozenset[str], codes: frozenset[str], network: Network) -> None:
    numbers = (n for n in _NUMBERS.findall(text) if n not in codes)
    number = next((n for n in numbers if len(n) == 11 or is_id_number(n.upper())), None)
    name = next((run for run in _RUNS.findall(text) if run in names), None) if names else None
    if number or name:
        found = number or name or ""
        value = mask_secrets(number) if number else found[:1] + "*"
        raise RenderError("private-value", file=file, field=_field(network, found), value=value)


def _names(network: Network) -> frozenset[str]:
    """Full names of persons, but for those that something else bears too."""
    tables = network.tables
    persons = {str(name) for kind in ("members", "instructors") for name in tables[kind]["name"].dropna()}
    others = {
        str(name) for kind in tables if kind not in {"members", "instructors"} for name in tables[kind]["name"].dropna()
    }
    return frozenset(name for name in persons - others if len(name) >= _SHORTEST)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in _TEXT:
        yield path.read_text("utf-8-sig")
    elif path.suffix == ".xlsx":
        yield from _sheets(path)
    elif path.suffix == ".parquet":
        import pyarrow.parquet as pq

        yield from _cells(pq.read_table(path).to_pandas())


def _sheets(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                root = ElementTree.fromstring(archive.read(name))
                yield "\n".join(node.text for node in root.iter() if node.text)


def _cells(frame: pd.DataFrame) -> Iterable[str]:
    return (
        "\n".join(map(str, frame[column].dropna().unique())) for column in frame.select_dtypes(["object", "string"])
    )


def _field(network: Network, value: str) -> str:
    """The table and column that hold a value, as the schema names them; "?" where no table does."""
    frames = {**network.tables, "ties": network.ties}
    for kind, frame in frames.items():
        for column in frame.select_dtypes(["object", "string"]):
            if (
                kind not in {"members", "instructors"}
                and frame[column].astype("str").str.contains(value, regex=False, na=False).any()
            ):
                return f"{kind}.{column}"
    return "?"
