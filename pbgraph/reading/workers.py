"""Child processes that open files: two at a time, each with a time limit.

Children are started by `subprocess` and not by multiprocessing, because a spawned pool would run
the caller's script again, and a forked one would copy the engine's threads. A child starts in a folder
of ours and imports nothing from the folder it was called in: that may be the folder of rosters.
"""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Self

from pbgraph.reading.archive import held_in
from pbgraph.reading.child import read_frame, write_frame
from pbgraph.reading.messages import read_answer, request_bytes
from pbgraph.reading.opening import Refusal, Request, Workbook, open_workbook

MOST_CHILDREN = 2
SECONDS = 20.0
_SECONDS_PER_MB = 1.0
_READ_AHEAD = 2
_SAFELY = ("-P", "-m")
_OPENING = "pbgraph.reading.child"
_HOME = Path(__file__).parent


class Workers:
    """A pool for one folder: `opened` gives the answer to each request, in their order.

    A child that crashes or runs over its time is replaced, and its file refused. Where no child
    can be started at all, files are opened in this process.
    """

    def __init__(self, n_files: int, *, seconds: float = SECONDS) -> None:
        self._n = max(min(MOST_CHILDREN, n_files, os.cpu_count() or 1), 1)
        self._seconds = seconds
        self._idle: SimpleQueue[Child | None] = SimpleQueue()
        self._children: set[Child] = set()
        self._threads = ThreadPoolExecutor(self._n)

    def __enter__(self) -> Self:
        """Start the children; each is ready before its first file is asked for."""
        for _ in range(self._n):
            self._idle.put(self._started())
        return self

    def __exit__(self, *_: object) -> None:
        """End the children, whatever they are doing."""
        for child in tuple(self._children):
            child.end()
        self._threads.shutdown(cancel_futures=True)

    def opened(self, requests: Iterable[Request]) -> Iterator[Workbook | Refusal]:
        """The answer to each request; a few files are read ahead, not the whole folder."""
        waiting: deque[Future[Workbook | Refusal]] = deque()
        for request in requests:
            waiting.append(self._threads.submit(self._answer, request))
            if len(waiting) > self._n + _READ_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _started(self) -> "Child | None":
        try:
            child = Child()
        except OSError:
            return None
        self._children.add(child)
        return child

    def _answer(self, request: Request) -> Workbook | Refusal:
        child = self._idle.get()
        if child is not None and child.has_ended:
            self._children.discard(child)
            child = self._started()
        if child is None:
            self._idle.put(None)
            return open_workbook(request)
        answer = _asked_of(child, request, self._limit(request))
        self._idle.put(child)
        return answer

    def _limit(self, request: Request) -> float:
        path = Path(request.path)
        if request.content is not None:
            return self._seconds + _SECONDS_PER_MB * len(request.content) / 2**20
        try:
            size = (held_in(path) or path).stat().st_size
        except OSError:
            size = 0
        return self._seconds + _SECONDS_PER_MB * size / 2**20


def opened_apart(requests: Sequence[Request]) -> list[Workbook | Refusal]:
    """The answer to each request, from child processes of their own."""
    with Workers(len(requests)) as workers:
        return list(workers.opened(requests))


def _import_paths() -> list[str]:
    """Where a child may import from: all that we do, but for the folder in which the program was called."""
    here = Path.cwd()
    ours = _HOME.parent.parent
    paths = [Path(entry).absolute() for entry in sys.path if entry]
    return [str(path) for path in paths if path != here or path == ours]


class Child:
    """A process that runs one of our modules and answers one message after the other."""

    def __init__(self, module: str = _OPENING) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(_import_paths()), "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, *_SAFELY, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_HOME,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows would show a console
        )

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone, so that another one has to take its place."""
        return self._process.poll() is not None

    def ask(self, message: bytes, seconds: float) -> bytes | None:
        """Send a message and wait for its answer; where none comes in time, None, and the process is ended."""
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            write_frame(self._process.stdin, message)  # type: ignore[arg-type]  # it is a pipe
            answer = read_frame(self._process.stdout)  # type: ignore[arg-type]
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self.end()
        return answer

    def end(self) -> None:
        """Stop the process and close its pipes."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        self._process.wait()


def _asked_of(child: Child, request: Request, seconds: float) -> Workbook | Refusal:
    """What a child answers; nothing in time, or what no reader of ours would say, is a refusal."""
    path = request.path if request.content is not None else str(Path(request.path).absolute())
    answer = child.ask(request_bytes(replace(request, path=path)), seconds)  # the child is in another folder
    if answer is None:
        return Refusal("file-too-heavy", {})
    try:
        return read_answer(answer, request.name)
    except ValueError as error:
        child.end()
        return Refusal("file-damaged", {"reason": type(error).__name__})
