"""matplotlib as it is by itself: the settings of a person, or of a folder, change no output of ours."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from pbgraph.startup import is_command

_OURS = Path(__file__).parent
"""A folder without a `matplotlibrc`: the library looks into the working folder first, where one may be broken."""

with contextlib.chdir(_OURS) if is_command() and "matplotlib" not in sys.modules else contextlib.nullcontext():
    from matplotlib.figure import Figure

__all__ = ["Figure", "house_style"]


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Draw and save by the defaults of matplotlib; what was set before comes back afterwards."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield
