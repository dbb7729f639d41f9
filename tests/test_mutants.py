"""A few spoilt inputs with each run; thousands by `python tests/drive_mutants.py`."""

from drive_mutants import drive


def test_every_mutant_loads_or_is_refused() -> None:
    counts = drive(16, seed=7)
    assert {became for _, became in counts} <= {"loaded", "refused"}, counts
    assert counts.total() == 16
