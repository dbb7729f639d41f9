"""Files of kinds that other packages read (`pbgraph.plugins`): each as the workbook that its frames stand for.

Such a reader runs in this process: limits of time and memory hold for our own only.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pbgraph.errors import WorkbookError
from pbgraph.plugins import by_suffix
from pbgraph.reading.files import SUFFIXES
from pbgraph.reading.given import workbook_of
from pbgraph.reading.opening import Refusal, Request, Workbook, request_content


def shared_out(requests: Sequence[Request]) -> tuple[list[Request], list[Request]]:
    """The requests that we open ourselves, and those whose suffix somebody else reads."""
    ours: list[Request] = []
    theirs: list[Request] = []
    for request in requests:
        suffix = _suffix(request)
        (theirs if suffix not in SUFFIXES and suffix in by_suffix("readers") else ours).append(request)
    return ours, theirs


def opened_by_others(requests: Sequence[Request]) -> Iterator[tuple[str, Workbook | Refusal]]:
    """Each file and what its reader gave; whatever it raises is a refusal."""
    for request in requests:
        try:
            yield request.name, _opened(request)
        except WorkbookError as error:
            yield request.name, Refusal(error.code, dict(error.data))
        except Exception as error:  # a stranger's reader may raise anything
            reason = type(error).__name__
            yield request.name, Refusal("file-reader", {"suffix": _suffix(request), "reason": reason})


def _opened(request: Request) -> Workbook:
    content, day = request_content(request)
    workbook = workbook_of(request.name, by_suffix("readers")[_suffix(request)](content))
    return replace(workbook, sha256=hashlib.sha256(content).hexdigest(), modified=day)


def _suffix(request: Request) -> str:
    return Path(request.path or request.name).suffix.lower()
