"""Rows to keys, each to at most one, so that the weights add up to most.

A dozen columns and a few keys that each may mean: chains of columns that make room for one another are walked as
they are, in a fraction of the time in which a library for large matrices is loaded.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_MORE = 1e-9  # less is rounding, and a chain that gains by it would go round for ever


class _Step(NamedTuple):
    """What a chain gains when `taker` takes a key and gives `given` back, None where it had none."""

    gain: float
    taker: int
    given: str | None


def best_assignment(weights: Sequence[Mapping[str, float]]) -> dict[int, str]:
    """The key of each row that gets one, by row; what weighs nothing is given to none.

    >>> best_assignment([{"name": 3.0, "org": 2.5}, {"name": 2.0}, {}, {"name": 1.0}])
    {0: 'org', 1: 'name'}
    """
    holders: dict[str, int] = {}
    for row, own in enumerate(weights):
        steps = {key: _Step(weight, row, None) for key, weight in own.items() if weight > 0}
        waiting = deque(steps)
        while waiting:
            given = waiting.popleft()
            if (holder := holders.get(given)) is None:
                continue
            kept = steps[given].gain - weights[holder][given]
            for key, weight in weights[holder].items():
                if weight > 0 and kept + weight > (steps[key].gain if key in steps else 0.0) + _MORE:
                    steps[key] = _Step(kept + weight, holder, given)
                    waiting.append(key)
        # The holder of the last key of a chain goes without.
        gains = {key: step.gain - (weights[holders[key]][key] if key in holders else 0) for key, step in steps.items()}
        last: str | None = max(gains, key=lambda key: gains[key], default=None)
        if last is None or gains[last] <= _MORE:
            continue
        while last is not None:
            holders[last], last = steps[last].taker, steps[last].given
    return {row: key for key, row in sorted(holders.items(), key=lambda pair: pair[1])}
