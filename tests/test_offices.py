"""The offices that `offices` makes: the same seed gives the same bytes, and the truth is true of the files."""

import csv
import io
from pathlib import Path
from random import Random
from typing import Any

import pytest
import python_calamine
from offices import make_office
from offices.files import save
from offices.numbers import credit_check, credit_code, id_check, id_number
from offices.sheets import Sheet, letters
from offices.styles import STYLES
from offices.traditional import traditional
from offices.truth import problems

SEEDS = range(1, 9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, dict[str, Any]]]:
    folders = {seed: tmp_path_factory.mktemp("offices") / f"office-{seed}" for seed in SEEDS}
    return {seed: (folder, make_office(folder, seed)) for seed, folder in folders.items()}


def cells(path: Path, sheet: str) -> list[list[Any]]:
    """The cells of one sheet, as a reader that knows nothing gets them."""
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def place(column: str) -> int:
    return next(i for i in range(999) if letters(i) == column)


def test_same_seed_same_bytes(tmp_path: Path, made: dict[int, tuple[Path, dict[str, Any]]]) -> None:
    for seed in (1, 2, 4):
        folder, truth = made[seed]
        again = tmp_path / folder.name
        assert make_office(again, seed) == truth
        assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in folder.iterdir()}


def test_truth_adds_up(made: dict[int, tuple[Path, dict[str, Any]]]) -> None:
    assert {seed: problems(truth) for seed, (_, truth) in made.items()} == {seed: [] for seed in SEEDS}
    for _, truth in made.values():
        assert 0 < truth["counts"]["gaps"] < truth["counts"]["units"]
        assert truth["counts"]["members"] == sum(org["roster_members"] for org in truth["organizations"])


def test_headers_stand_where_the_truth_says(made: dict[int, tuple[Path, dict[str, Any]]]) -> None:
    for folder, truth in made.values():
        for table in truth["tables"]:
            rows = cells(folder / table["file"], table["sheet"])
            for column in table["columns"]:
                if table.get("transposed"):
                    found = [rows[column["row"] - 1][0]]
                else:
                    found = [rows[row - 1][place(column["column"])] for row in table["header_rows"]]
                assert column["header"].split("|")[-1] in found, (folder.name, table["file"], table["sheet"], column)


def test_every_gap_stands_in_a_list_of_units(made: dict[int, tuple[Path, dict[str, Any]]]) -> None:
    for folder, truth in made.values():
        written = set()
        for table in truth["tables"]:
            if table["kind"] == "units":
                column = next(column["column"] for column in table["columns"] if column["means"] == "unit name")
                rows = cells(folder / table["file"], table["sheet"])[table["first_row"] - 1 : table["last_row"]]
                written |= {str(row[place(column)]) for row in rows}
        spelled = {unit["name"]: set(unit["listed_as"]) for unit in truth["units"]}
        assert [gap for gap in truth["gaps"] if not spelled[gap] & written] == []


def test_identity_numbers_are_invented_and_right_but_for_those_said(
    made: dict[int, tuple[Path, dict[str, Any]]],
) -> None:
    n = 0
    for folder, truth in made.values():
        for table in truth["tables"]:
            for column in table["columns"]:
                if column["means"] == "id number" and not table.get("transposed"):
                    rows = cells(folder / table["file"], table["sheet"])[table["first_row"] - 1 : table["last_row"]]
                    numbers = {
                        str(row[place(column["column"])])
                        for row in rows
                        if len(str(row[place(column["column"])])) == 18
                    }
                    assert all(number.startswith("999999") for number in numbers)
                    wrong = {number for number in numbers if id_check(number[:17]) != number[17]}
                    assert wrong <= set(truth["wrong_id_numbers"])
                    n += len(numbers)
    assert n > 500


def test_check_digits_of_the_standards() -> None:
    assert id_check("11010519491231002") == "X"  # the example of GB 11643
    number = id_number(Random(1), (1960, 2, 29), "女")
    assert number[6:14] == "19600229" and int(number[16]) % 2 == 0
    code = credit_code(Random(1), "91")
    assert len(code) == 18 and credit_check(code[:17]) == code[17]
    assert credit_check("91350100M000100Y4") == "3"  # the example of GB 32100


def test_seeds_in_a_row_use_every_style_of_every_list(tmp_path: Path) -> None:
    used: dict[str, set[str]] = {kind: set() for kind in STYLES}
    for seed in range(1, 31):
        for kind, style in make_office(tmp_path / str(seed), seed)["styles"].items():
            if kind in used:
                used[kind].add(style.removeprefix("export, "))
    assert {kind: set(STYLES[kind]) - used[kind] for kind in STYLES if kind != "others"} == {
        kind: set() for kind in STYLES if kind != "others"
    }


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv"])
def test_each_format_gives_back_its_cells(tmp_path: Path, suffix: str) -> None:
    sheet = Sheet("名册", {(1, 0): "单位、名称", (1, 2): 12, (3, 1): "第一行\n第二行"}, [(1, 0, 1, 1)])
    path = tmp_path / f"名册{suffix}"
    save(path, [sheet])
    read = cells(path, "名册")
    assert [str(value).removesuffix(".0") for value in read[0]] == ["单位、名称", "", "12"]
    assert str(read[2][1]) == "第一行\n第二行"


def test_traditional_keeps_the_keys() -> None:
    assert traditional({"党": ["党组织", 1]}) == {"党": ["黨組織", 1]}
