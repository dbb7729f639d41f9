"""What can go wrong for a caller, as one tree.

    PbgraphError
    ├── WorkbookError   a file that cannot be read; the other files go on
    ├── NetworkError    tables or a graph that are no network
    ├── PolicyError     a rule, profile or setting that is not right
    └── RenderError     an output that cannot be drawn or written

What is wrong in the rows of a workbook is no exception but a finding (`pbgraph.findings`).
Mistakes of the programmer stay `TypeError` and `ValueError`.
"""

from collections.abc import Iterable


class PbgraphError(Exception):
    """The run cannot go on; `code` and `data` name the sentence in `reference/findings.toml`."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        from pbgraph.findings import sentence

        return sentence(self.code, self.data, lang="zh")


class WorkbookError(PbgraphError):
    """A file that cannot be read."""


class NetworkError(PbgraphError):
    """Tables or a graph that do not make a network."""


class PolicyError(PbgraphError):
    """A rule, profile or setting that is not right."""


class RenderError(PbgraphError):
    """An output that cannot be drawn or written."""


def no_attribute(owner: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error of a name that an object has not, with the names that are like it."""
    from difflib import get_close_matches

    near = [] if name.startswith("_") else get_close_matches(name, [word for word in known if word[:1] != "_"], n=3)
    asked = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
    return AttributeError(f"{owner} has no attribute {name!r}.{asked}")
