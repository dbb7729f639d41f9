"""Headers: lists, composition, pinyin; what is unknown stays unknown."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pbgraph as pb
from pbgraph import schema
from pbgraph.reading.headers import field_of, likely
from pbgraph.reading.recognition import ranked

ROWS = list(csv.DictReader((Path(__file__).parent / "header_rows.csv").read_text("utf-8").splitlines()))
APART = Path(__file__).parent / "headers_apart.csv"
TABLES = schema.tables()


@pytest.mark.parametrize("row", [row for row in ROWS if row["set"] == "try"], ids=lambda row: row["header"])
def test_headers_that_are_on_no_list_are_taken_apart(row: dict[str, str]) -> None:
    assert (field_of(TABLES[row["table"]], row["header"]) or "") == row["field"]


def test_headers_set_aside_before_the_rules_were_written() -> None:
    """Measured once: 80 of 86 right (34 by the lists alone), none of 29 unknown ones taken for another."""
    held = [(row["field"], field_of(TABLES[row["table"]], row["header"]) or "") for row in ROWS if row["set"] == "held"]
    known = [(right, found) for right, found in held if right]
    assert sum(right == found for right, found in known) >= 0.9 * len(known)
    assert [found for right, found in held if found not in (right, "")] == []


def test_headers_of_a_writer_who_only_measures() -> None:
    """Spellings put down by somebody who saw neither the lists nor the code, and 250 columns that are no field.

    First measured: 93 of 100 right by the header alone, 1.4 of 100 taken for another field; of those that are no field
    5 of 100 are taken for one. With counted runs 97.7, 1.3 and 5.6. No spelling was taken from here; one threshold of
    six was chosen with them in sight.
    """
    rows = list(csv.DictReader(APART.read_text("utf-8").splitlines()))
    found = [field_of(TABLES[row["table"]], row["header"].replace(" / ", "\n")) or "" for row in rows]
    told = [(row["field"], key) for row, key in zip(rows, found, strict=True) if row["field"]]
    other = [key for row, key in zip(rows, found, strict=True) if not row["field"]]
    assert sum(right == key for right, key in told) >= 0.96 * len(told)
    assert sum(key not in (right, "") for right, key in told) <= 0.02 * len(told)
    assert sum(map(bool, other)) <= 0.08 * len(other)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.key)
def test_every_label_and_alias_means_its_own_field_and_its_own_table(table: schema.Table) -> None:
    labels = [field.label for field in table.fields]
    assert pb.recognise(labels, table=table.key) == [field.key for field in table.fields]
    assert next(iter(ranked(labels))).key == table.key
    assert next(iter(ranked(labels, title=table.label))).key == table.key
    for spelling, key in table.headers.items():
        assert field_of(table, spelling) == key


def test_marks_and_blanks_change_nothing() -> None:
    plain = ["姓名", "身份证号", "所在党支部", "入党时间"]
    dressed = ["* 姓　名", "身份证号（18位）", "所在\n党支部", "【入党时间】(2019/10/24)"]
    assert pb.recognise(plain, table="members") == ["name", "id_no", "org", "join_date"]
    assert pb.recognise(dressed, table="members") == ["name", "id_no", "org", "join_date"]


def test_groups_join_their_leaves() -> None:
    units, organizations = TABLES["units"], TABLES["organizations"]
    assert field_of(units, "党员人数\n正式") == "full_count"
    assert field_of(organizations, "领导班子\n书记") == "secretary"
    assert field_of(organizations, "书记\n姓名") == "secretary"
    assert field_of(organizations, "书记\n联系电话") == "phone"  # by which an organization is reached
    assert field_of(units, "在岗职工数\n人数") == "staff_count"
    assert field_of(units, "联系方式\nQQ") is None


def test_pinyin_letters_where_only_one_header_has_them() -> None:
    assert pb.recognise(["xm", "xb", "csrq", "sfz", "rdsj", "lxdh", "xingming"], table="members") == [
        "name", "gender", "birth", "id_no", "join_date", "phone", None,
    ]  # fmt: skip
    assert field_of(TABLES["members"], "xingming") == "name"
    assert field_of(TABLES["members"], "qqh") is None


def test_a_repeated_header_is_told_by_its_position() -> None:
    assert pb.recognise(["党组织名称", "成立日期", "单位名称", "成立日期", "备注", "备注"], table="organizations") == [
        "org_name", "founded", "host_unit", "unit_founded", "remark", None,
    ]  # fmt: skip


def test_the_kind_of_table_is_found_from_the_headers() -> None:
    assert pb.recognise(["姓名", "所在党支部", "单位"]) == ["name", "org", "unit"]
    assert pb.recognise(["网格名称", "网格长", "户数"]) == ["grid", "grid_head", "households"]
    assert pb.recognise(["指导员姓名", "指导企业", "走访次数"]) == ["name", "guided_units", "visits"]
    assert pb.recognise(["任职所在组织", "姓名", "党内职务", "任职时间", "离任时间"]) == [
        "org", "name", "team_post", "start", "left",
    ]  # fmt: skip
    assert pb.recognise(["身份证号"]) == ["id_no"]  # too little for a kind of table; all that know it agree
    assert pb.recognise(["晴", "雨"]) == [None, None]
    assert pb.recognise([]) == []
    with pytest.raises(ValueError, match="no table 'people'"):
        pb.recognise(["姓名"], table="people")


def test_a_typing_error_is_read_and_what_is_only_alike_is_a_suggestion() -> None:
    members = TABLES["members"]
    assert field_of(members, "入党时问") == "join_date"
    assert field_of(members, "入党批次") is None
    assert likely(members, "入党批次") == "入党时间"
    assert likely(members, "星座") == ""


def test_headers_of_other_things_that_share_the_words_of_a_field_mean_none() -> None:
    members, units = TABLES["members"], TABLES["units"]
    for header in ("家属手机号", "入党时所在支部", "配偶姓名", "介绍人手机"):
        assert field_of(members, header) is None
    for header in ("工会主席电话", "注册资本", "消防负责人"):
        assert field_of(units, header) is None


@given(st.text(alphabet="党员支部单位名称时间电话入转正年月日所在现原配偶子女人数", min_size=1, max_size=9))
def test_recognition_is_the_same_twice_and_only_gives_fields_of_the_table(header: str) -> None:
    found = field_of(TABLES["members"], header)
    assert found == field_of(TABLES["members"], header)
    assert found is None or TABLES["members"].field(found)
