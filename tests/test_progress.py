"""Long steps in a notebook: a bar while they last, nothing afterwards, and nothing elsewhere."""

import re
from pathlib import Path
from typing import Any

import IPython.display
import pytest
from conftest import TINY, write_book

import pbgraph as pb
from pbgraph import progress


class Cell:
    """What a cell shows: each state of each output."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.marks: list[dict[str, str]] = []

    def display(self, shown: Any, *, display_id: bool, metadata: dict[str, str]) -> "Cell":
        assert display_id
        self.update(shown, metadata=metadata)
        return self

    def update(self, shown: Any, *, metadata: dict[str, str]) -> None:
        self.states.append(shown._repr_html_())
        self.marks.append(metadata)


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    made = Cell()
    monkeypatch.setattr(progress, "_is_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", made.display)
    return made


def counts(states: list[str]) -> list[str]:
    return [
        found[1] if (found := re.search(r">(?:</progress>)? (\d+/\d+ ?[^<]*)<", state)) else state for state in states
    ]


def test_reading_shows_each_file_and_then_nothing(cell: Cell, tmp_path: Path, opened_here: None) -> None:
    for name in ("a.xlsx", "b<i>.xlsx"):
        write_book(
            tmp_path / name,
            {sheet: rows for sheet, rows in TINY.items() if (sheet == "党员名册") == (name == "a.xlsx")},
        )
    pb.read(tmp_path)
    assert counts(cell.states) == ["0/2 ", "1/2 a.xlsx", "2/2 b&lt;i&gt;.xlsx", ""]
    assert all(mark == progress.MARK for mark in cell.marks)


def test_a_pack_shows_each_file_as_it_is_there(cell: Cell, tiny: pb.Network, tmp_path: Path) -> None:
    pb.write_pack(tiny, tmp_path / "out")
    first, *steps, last = counts(cell.states)
    n = len(steps)
    assert (first, last) == (f"0/{n} ", "") and [step.split("/")[0] for step in steps] == [
        str(k) for k in range(1, n + 1)
    ]
    assert {step.split(" ", 1)[1] for step in steps} == {
        path.name for path in (tmp_path / "out").iterdir() if path.name[0] != "."
    }


def test_a_bar_goes_when_the_work_fails(cell: Cell) -> None:
    with pytest.raises(pb.WorkbookError):
        pb.read(b"%PDF-1.7")
    assert cell.states[-1] == ""


def test_who_is_told_sees_no_bar_and_nothing_is_shown_elsewhere(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with progress.steps(1, told.append) as tell:
        tell("a.xlsx")
    assert told == ["a.xlsx"] and cell.states == []
    monkeypatch.undo()
    assert not progress._is_notebook()
