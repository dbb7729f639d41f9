"""What other packages bring: readers, measures and exports, found by their entry points.

A package says in its `pyproject.toml` what it brings, and is used as soon as it is installed:

    [project.entry-points."pbgraph.measures"]
    turnout = "our_office.measures"             # a module whose functions bear `@measure`

    [project.entry-points."pbgraph.exports"]
    cypher = "our_office.cypher:text"           # a networkx.MultiDiGraph to the text of a file .cypher

    [project.entry-points."pbgraph.readers"]
    dbf = "our_office.dbf:sheets"               # the bytes of a file .dbf to {name of a sheet: frame}

What is pbgraph's own cannot be replaced. What cannot be imported is said in a warning, and the others go on.
"""

import warnings
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any


@cache
def plugins(kind: str) -> Mapping[str, Any]:
    """What other packages bring of a kind ("readers", "measures", "exports"), by name, sorted."""
    points = sorted(entry_points(group=f"pbgraph.{kind}"), key=lambda point: (point.name, point.value))
    return {point.name: thing for point in points if (thing := _loaded(point)) is not None}


def _loaded(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:  # a stranger's module may raise anything
        package = point.dist.name if point.dist else "?"
        what = f"{point.group} {point.name!r} of the package {package} is not used: {type(error).__name__}: {error}"
        warnings.warn(what, RuntimeWarning, stacklevel=4)
        return None


def by_suffix(kind: str) -> Mapping[str, Any]:
    """Readers or exports by the suffix of a file: what is called `dbf` is asked for `.dbf`."""
    return {f".{name.lower()}": thing for name, thing in plugins(kind).items()}
