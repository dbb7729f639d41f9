"""Frames in words: every column that a frame has is called something, and every code is said."""

import pandas as pd
import pytest

import pbgraph as pb
from pbgraph import schema
from pbgraph.analyses.study import measures
from pbgraph.labels import _header, _labels, _list
from pbgraph.model import KINDS, TIE_COLUMNS

NOTES = ("ledger", "findings", "review", "merges", "inputs", "regions", "columns", "ties")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_column_of_a_measure_has_a_header_of_its_own(lang: str) -> None:
    for name, measure in ((name, made) for name, made in measures().items() if name in pb.__all__):
        columns = measure.columns
        headers = [_header(column, lang) for column in columns]
        assert [c for c, header in zip(columns, headers, strict=True) if header == c] == [], name
        assert len(set(headers)) == len(headers), (name, headers)


def test_every_column_of_a_network_and_its_notes_has_a_header(tiny: pb.Network) -> None:
    frames = [getattr(tiny, name) for name in NOTES] + [tiny.tables[kind] for kind in KINDS]
    held = {column for frame in frames for column in frame.columns}
    known = held | {column for kind in KINDS for column in schema.entity_columns(kind)} | set(TIE_COLUMNS)
    assert sorted(column for column in known if _header(column, "zh") == column) == []


def test_every_list_that_a_column_names_is_there() -> None:
    for name in {name for column in _labels().columns.values() for name in column.values}:
        assert {_list(name, lang)("no such code") for lang in ("zh", "en")} <= {None, "no such code"}


def test_a_frame_is_said_in_words() -> None:
    frame = pd.DataFrame({
        "unit": ["丁公司", "戊公司"], "state": ["must-establish", None], "is_covered": pd.array([False, None], "boolean"),
        "n_full": pd.array([3, None], "Int64"), "sure": ["certain", "unknown"], "relations": ["co_building\nguides", "x"],
        "source": ["a.xlsx|台账|3\na.xlsx|台账|4\nb.xlsx|表|2", "a.xlsx|台账|9"],
    })  # fmt: skip
    before = frame.copy()
    said = pb.labelled(frame)
    assert list(said.columns) == ["单位", "情况", "组织覆盖", "正式党员", "核实情况", "关系", "数据来源"]
    assert said.iloc[0].tolist() == [
        "丁公司", "应建未建", "否", 3, "已核实", "共驻共建；指导监督", "a.xlsx“台账”第 3、4 行；b.xlsx“表”第 2 行",
    ]  # fmt: skip
    assert said["情况"].isna()[1] and said["组织覆盖"].isna()[1] and said["正式党员"].isna()[1]
    pd.testing.assert_frame_equal(frame, before)
    english = pb.labelled(frame, lang="en")
    assert list(english.columns)[:3] == ["Unit", "State", "Covered"] and english["Covered"][0] == "no"


def test_rows_and_index_stay_and_headers_are_never_one() -> None:
    frame = pd.DataFrame({"column": [1], "列": [2], "own": [3], "superior": ["甲"]}, index=[7])
    said = pb.labelled(frame)
    assert list(said.columns) == ["列", "列 列", "own", "上级党组织"] and list(said.index) == [7]
    assert len(pb.labelled(frame.iloc[:0])) == 0


def test_what_is_no_frame_and_no_language_is_refused() -> None:
    with pytest.raises(pb.PolicyError) as told:
        pb.labelled(pd.DataFrame(), lang="fr")
    assert told.value.code == "bad-option"
    with pytest.raises(pb.NetworkError) as told_:
        pb.labelled([1, 2])
    assert told_.value.code == "table-not-frame"


def test_a_wrong_name_is_answered_with_the_near_ones(tiny: pb.Network) -> None:
    study = pb.Study(tiny)
    for owner, name, near in ((study, "coverge", "coverage"), (tiny, "unit", "units"), (pb, "lablled", "labelled")):
        with pytest.raises(AttributeError, match=f"has no attribute '{name}'. Did you mean .*'{near}'"):
            getattr(owner, name)
        assert not hasattr(owner, "_ipython_display_")


def test_a_study_shows_what_it_can_be_asked(tiny: pb.Network) -> None:
    shown = pb.Study(tiny)._repr_html_()
    assert "党内法规" in shown and "2025年6月30日" in shown and "dual_management" in shown and "<td>" in shown
