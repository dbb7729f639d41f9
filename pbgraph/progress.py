"""A bar for what takes long, where somebody looks on: in a notebook. Elsewhere nothing is shown.

The bar needs neither widgets nor scripts, and is gone when the work is done; what remains is marked as `MARK`.
"""

import html
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

MARK = {"pbgraph": "progress"}
"""The metadata of the output that a bar leaves empty in a saved notebook."""
Tell = Callable[[str], None]


@contextmanager
def steps(n: int, tell: Tell | None = None) -> Iterator[Tell]:
    """What is to be told of each of `n` steps when it is done: `tell` where there is one, else a bar in a notebook."""
    if tell is not None or not _is_notebook():
        yield tell or (lambda said: None)
        return
    from IPython.display import display

    shown: Any = display(_Bar(0, n), display_id=True, metadata=MARK)  # type: ignore[no-untyped-call]
    done = 0

    def step(said: str) -> None:
        nonlocal done
        done += 1
        shown.update(_Bar(done, n, said), metadata=MARK)

    try:
        yield step
    finally:
        shown.update(_Bar(), metadata=MARK)


def _is_notebook() -> bool:
    """Whether a kernel runs us, such as that of Jupyter or VS Code."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class _Bar:
    """How far the work is, as HTML; nothing where there is none."""

    def __init__(self, done: int = 0, n: int = 0, said: str = "") -> None:
        self.done, self.n, self.said = done, n, said

    def __repr__(self) -> str:
        return f"{self.done}/{self.n} {self.said}" if self.n else ""

    def _repr_html_(self) -> str:
        if not self.n:
            return ""
        bar = f'<progress value="{self.done}" max="{self.n}" style="vertical-align:middle"></progress>'
        return f"<div>{bar} {self.done}/{self.n} {html.escape(self.said)}</div>"
