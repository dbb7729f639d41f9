"""Where the command imports from: never from the folder in which it was called, which may be that of rosters.

`python -m pbgraph` puts that folder first, and an empty entry or a point in PYTHONPATH means it. It is left out
before anything else is imported, so this asks for nothing but what Python has loaded to start. A library that a
script or a notebook imports leaves the paths of its caller alone.
"""

import sys
from os import getcwd


def is_command() -> bool:
    """Whether Python runs the command `pbgraph`, and no script of somebody else's."""
    path = (sys.argv[0] if sys.argv else "").replace("\\", "/")
    return path == "-m" or f"/{path}".endswith(("/pbgraph", "/pbgraph.exe", "/pbgraph/__main__.py"))


def leave_out_working_folder() -> None:
    """Import nothing from the working folder from now on."""
    try:
        here = getcwd()  # noqa: PTH109 - pathlib would import what may lie in the folder
    except OSError:  # the folder is gone
        here = ""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]


if is_command():
    leave_out_working_folder()
