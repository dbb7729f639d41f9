"""The child process that opens files: `python -m pbgraph.reading.child`.

A parser that crashes, hangs or fills the memory ends the child and not the program. Requests and
answers are plain data (`messages`), each behind its length. What a parser prints goes nowhere: it may be
cells, and it would stand between the answers.
"""

import contextlib
import gc
import os
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

from pbgraph.reading.messages import answer_bytes, read_request
from pbgraph.reading.opening import open_workbook

_LENGTH = struct.Struct(">Q")
_BASE_MEMORY = 2**30
_MOST_MEMORY = 7 * 2**29  # 3.5 GiB: a full sheet of 1,048,576 rows and 12 columns needs 2
_MEMORY_PER_BYTE = 8
_MOST_SAID = 2**30  # a full sheet of 1,048,576 rows and 30 columns, all different, is half of it


def read_frame(stream: BinaryIO) -> bytes | None:
    """One message behind its length, None where the stream ends first or says more than it may."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > _MOST_SAID:
        return None
    body = stream.read(size)
    return body if len(body) == size else None


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one message behind its length."""
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def limit_memory(n_inflated: int) -> None:
    """Let this process use what a file that inflates to so many bytes may need."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, where only the time is limited

        limit = min(_BASE_MEMORY + _MEMORY_PER_BYTE * n_inflated, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def serve(answer: Callable[[bytes], bytes]) -> None:
    """Answer requests until the parent closes the pipe; whoever prints from now on prints into nothing."""
    gc.disable()  # a sheet is many lists and no circle: a tenth of the time
    incoming, outgoing = sys.stdin.buffer, _own_output()
    while (body := read_frame(incoming)) is not None:
        write_frame(outgoing, answer(body))


def _own_output() -> BinaryIO:
    """The pipe to the parent, for the answers alone."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return answers


def _opened(message: bytes) -> bytes:
    return answer_bytes(open_workbook(read_request(message), admitted=limit_memory))


if __name__ == "__main__":
    serve(_opened)
