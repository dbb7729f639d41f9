"""How a command is stopped: Ctrl-C, a closed terminal and `kill` clean up and say nothing."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass
class Stop:
    """Whether somebody has stopped the command; `status` is then what a shell expects: 130, 143 or 129."""

    status: int = 0


def stop_at_once() -> None:
    """End without a word where nothing is written yet: while Python still imports, and after the last word."""
    _on_signals(lambda number, frame: os._exit(128 + number))


@contextmanager
def stopped_cleanly() -> Iterator[Stop]:
    """Raise KeyboardInterrupt where the program is, so that everything is cleaned up on the way out."""
    stop = Stop()

    def said(number: int, frame: Any) -> None:
        stop.status = 128 + number
        raise KeyboardInterrupt

    earlier, hook = _on_signals(said), sys.unraisablehook
    # One that is raised where nothing can be raised, as in a callback, would be printed with its traceback.
    sys.unraisablehook = lambda what: None if stop.status else hook(what)
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook


def _on_signals(handler: Callable[[int, Any], None]) -> dict[int, Any]:
    """Set a handler and return those before; what is ignored, as `nohup` does it, stays so."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    numbers = [number for name in _NAMES if (number := getattr(signal, name, None)) is not None]
    earlier = {number: held for number in numbers if (held := signal.getsignal(number)) not in (signal.SIG_IGN, None)}
    for number in earlier:
        signal.signal(number, handler)
    return earlier
