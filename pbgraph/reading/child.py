"""The child process that opens files: `python -m pbgraph.reading.child`.

A parser that crashes, hangs or fills the memory ends the child and not the program. Requests and
answers are pickled, each behind its length. What a parser prints goes nowhere: it may be cells, and it
would stand between the answers.
"""

import contextlib
import gc
import os
import pickle
import struct
import sys
from typing import BinaryIO

from pbgraph.reading.opening import open_workbook

_LENGTH = struct.Struct(">Q")
_BASE_MEMORY = 2**30
_MOST_MEMORY = 7 * 2**29  # 3.5 GiB: a full sheet of 1,048,576 rows and 12 columns needs 2
_MEMORY_PER_BYTE = 8


def read_frame(stream: BinaryIO) -> bytes | None:
    """One message behind its length, None where the stream ends first."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one message behind its length."""
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def _limit_memory(n_inflated: int) -> None:
    """Let this process use what a file of this size may need."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, where only the time is limited

        limit = min(_BASE_MEMORY + _MEMORY_PER_BYTE * n_inflated, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe."""
    gc.disable()  # a sheet is many lists and no circle: a tenth of the time
    while (body := read_frame(incoming)) is not None:
        answer = open_workbook(pickle.loads(body), admitted=_limit_memory)
        write_frame(outgoing, pickle.dumps(answer, protocol=5))
        del answer


def _own_output() -> BinaryIO:
    """The pipe to the parent, for the answers alone: whoever prints from now on prints into nothing."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return answers


if __name__ == "__main__":
    _serve(sys.stdin.buffer, _own_output())
