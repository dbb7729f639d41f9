"""Membership, committees, leadership and activities: counted by eye."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from conftest import TINY, write_book
from test_records import FURTHER

import pbgraph as pb
from pbgraph.network import Network

MEASURES = (pb.membership, pb.committee_seats, pb.leadership, pb.activities)
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("bodies") / "名册.xlsx"
    return pb.read(write_book(path, {**TINY, **FURTHER}), as_of="2025-06-30")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
def test_a_network_without_the_rosters_gives_no_rows_and_the_same_columns(
    book: Make, further: Network, measure: Callable[[Network], pd.DataFrame]
) -> None:
    bare = pb.read(book({"单位": [["单位名称", "正式党员"], ["甲公司", 1]]}))
    empty = measure(bare)
    assert empty.empty
    assert empty.dtypes.to_dict() == measure(further).dtypes.to_dict()


def test_members_of_each_organization(tiny: Network) -> None:
    frame = pb.membership(tiny).set_index("organization")
    # 甲社区党支部: 赵一 and four in 宏达; 钱六 has stopped, 吴丁 is no member. 红旗厂: two full, one probationary.
    assert frame.loc["甲社区党支部", ["n_full", "n_members"]].tolist() == [5, 5]
    assert frame.loc["红旗厂党支部", ["n_full", "n_members"]].tolist() == [2, 3]
    assert frame.loc["商圈联合党支部", ["n_full", "n_members"]].tolist() == [4, 4]
    assert frame.loc["望江街道党工委", ["n_full", "n_members", "n_floating"]].tolist() == [0, 0, 0]
    assert not frame["is_different"].any()


def test_a_person_in_two_branches_is_counted_in_both_and_named_in_both(book: Make) -> None:
    rows = [
        ["姓名", "所在党支部", "人员类别", "身份证号", "是否流动党员"],
        ["甲", "一支部", "正式党员", "999999198003120011", "是"],
        ["甲", "二支部", "正式党员", "999999198003120011", ""],
        ["乙", "一支部", "预备党员", "", ""],
    ]
    organizations = [["党组织名称", "党员人数"], ["一支部", 3], ["二支部", 1]]
    frame = pb.membership(pb.read(book({"党组织": organizations, "党员": rows}))).set_index("organization")
    columns = ["n_full", "n_members", "n_elsewhere", "n_floating", "stated", "is_different"]
    assert frame.loc["一支部", columns].tolist() == [1, 2, 1, 1, 3, True]
    assert frame.loc["二支部", columns].tolist() == [1, 1, 1, 1, 1, False]


def test_seats_by_post_and_time(book: Make) -> None:
    seats = [
        ["大党委名称", "大党委职务", "姓名", "所在单位", "专兼职"],
        ["甲社区大党委", "书记", "甲", "甲社区居委会", "专职"],
        ["甲社区大党委", "专职副书记", "乙", "甲社区居委会", ""],
        ["甲社区大党委", "兼职副书记", "丙", "红旗厂", ""],
        ["甲社区大党委", "兼职委员", "丁", "兴隆店", "兼职"],
        ["甲社区大党委", "委员", "戊", "福来店", ""],
    ]
    network = pb.read(book({**TINY, "大党委": seats}))
    row = pb.committee_seats(network).iloc[0]
    counts = ["n_communities", "n_members", "n_seats", "n_secretaries", "n_deputies", "n_full_time", "n_part_time"]
    assert row[counts].tolist() == [1, 2, 5, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (("2022-06-30", 3, ""), ("2025-06-30", False, 0)),
        (("2022-06-29", 3, ""), ("2025-06-29", True, 0)),
        (("2022-06", 3, ""), ("2025-06", False, 0)),
        (("2022-05", 3, ""), ("2025-05", True, -1)),
        (("2022", 3, ""), ("2025", False, 6)),
        (("2021", 3, ""), ("2024", True, -6)),
        (("2022-06", "", "2026-01-01"), ("2026-01-01", False, 7)),
        (("2022-06", "", ""), ("2025-06", False, 0)),  # a branch: three years by rule B15
        (("", "", ""), (None, None, None)),
    ],
    ids=str,
)
def test_terms_end_as_precisely_as_the_list_says(book: Make, term: tuple, expected: tuple) -> None:
    rows = [["党组织名称", "本届当选日期", "任期年限", "届满时间"], ["一支部", *term]]
    frame = pb.leadership(pb.read(book({"党组织": rows}), as_of="2025-06-30"))
    found = frame[["ends", "is_over", "n_months_left"]].iloc[0]
    assert [None if pd.isna(value) else value for value in found] == list(expected)
    year_before = pb.leadership(pb.read(book({"党组织": rows})), as_of="2024-06-30")["n_months_left"]
    assert year_before.tolist() == [pd.NA if expected[2] is None else expected[2] + 12]


def test_leaders_from_their_own_roster_are_counted(further: Network) -> None:
    frame = pb.leadership(further).set_index("organization")
    # 甲社区党支部: 赵一 as secretary by both lists is one seat, and a member for organization
    assert frame.loc["甲社区党支部", ["n_seats", "n_secretaries"]].tolist() == [2, 1]


def test_activities_by_kind(further: Network) -> None:
    frame = pb.activities(further).set_index("body")
    row = frame.loc["甲社区党支部"]
    assert row[["meeting_type", "n_held", "last_on", "n_months_since", "n_months_due"]].tolist() == [
        "joint_meeting", 1, "2025-03-01", 3, 3,
    ]  # fmt: skip
    assert not row["is_late"]
    assert row["attendance"] == pytest.approx(0.8)
    later = pb.activities(further, as_of="2025-07-01").set_index("body")
    assert later.loc["甲社区党支部", "is_late"]
    assert pb.activities(further, as_of="2025-02-01").empty


def test_bodies_on_several_committees(book: Make) -> None:
    rows = [
        ["大党委名称", "覆盖社区", "成员单位党组织"],
        ["甲社区大党委", "甲社区", "红旗厂党支部"],
        ["乙社区大党委", "乙社区", "红旗厂党支部"],
        ["乙社区大党委", "乙社区", "甲社区党支部"],
    ]
    frame = pb.interlocks(pb.read(book({**TINY, "成员单位": rows})))
    assert frame[["body", "n_committees", "committees"]].to_numpy().tolist() == [
        ["红旗厂党支部", 2, "乙社区大党委\n甲社区大党委"]
    ]
