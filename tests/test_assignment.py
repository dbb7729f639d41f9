"""Columns to fields, each to at most one: as much in all as a library for matrices finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from pbgraph.reading.assignment import best_assignment

WEIGHTS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(-1, 4).map(float)), max_size=7)


@given(WEIGHTS)
def test_no_other_assignment_weighs_more(weights: list[dict[str, float]]) -> None:
    found = best_assignment(weights)
    assert len(set(found.values())) == len(found)
    matrix = np.array([[max(own.get(key, 0.0), 0.0) for key in "abcdef"] for own in weights]).reshape(-1, 6)
    most = matrix[linear_sum_assignment(matrix, maximize=True)].sum()
    assert sum(weights[row][key] for row, key in found.items()) == most


def test_what_weighs_nothing_is_given_to_none() -> None:
    assert best_assignment([{"a": 0.0}, {"b": -1.0}, {}]) == {}
    assert best_assignment([]) == {}
