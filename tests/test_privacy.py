"""What no edition holds: masked when a cell is read, hidden before anything is measured for it, absent from the bytes."""

import itertools
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from conftest import TINY, write_book
from drive_canaries import FORMS, drive, texts_of
from drive_streets import refused
from hypothesis import given
from hypothesis import strategies as st

import pbgraph as pb
from pbgraph.editions import EDITIONS
from pbgraph.masking import masked
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_page import render_page
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.workbook import workbook_bytes

SOUND = [
    "第11/78号议题", "2019年10月24日成立", "光明路88号", "统一社会信用代码91330000712558329L", "面积1234567平方米",
    "120.123456,30.123456", "13-15 18-20 22-24", "云州委〔2019〕123号", "微信公众号：jinqiao2020", "2019-10-24 至 2020-01-01",
    "党员3名，预备党员1名", "1980年3月生产车间", "13楼1306室", "第1期（2024-2026）", "",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_masked_however_it_is_written(form: str) -> None:
    rng = Random(form)
    for before, after in itertools.product(("", "联系", "甲公司 ", "（"), ("", "，", " 王", "）")):
        written, core = FORMS[form](rng)
        text = f"{before}{written}{after}"
        assert core not in masked(text) and masked(text) != text, text
        assert masked(text).startswith(before) and masked(text).endswith(after.strip(" 王"))


@pytest.mark.parametrize("text", SOUND)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789-+ @.Xx微信QQ电话路号幢王年月日()（）１３a", max_size=60))
def test_masking_keeps_the_length_and_finds_no_more_the_second_time(text: str) -> None:
    once = masked(text)
    assert len(once) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, once, strict=True))
    assert sum(map(str.isdigit, masked(once))) >= sum(map(str.isdigit, once)) - 6


def test_a_number_among_several_names_in_a_cell_leaves_the_names(tmp_path: Path) -> None:
    rows = [
        ["网格", "所属社区", "网格党组织", "党小组组长"],
        ["第一网格", "金桥社区", "第一党支部，13912345678", "赵甫"],
    ]
    network = pb.read(write_book(tmp_path / "网格.xlsx", {"网格": rows}))
    assert list(network.organizations["name"]) == ["第一党支部"]


@pytest.mark.parametrize("seed", [7])
def test_no_canary_comes_out_of_any_edition(seed: int) -> None:
    """The driver itself, with few: `python tests/drive_canaries.py --number 50000` does the rest."""
    n, found = drive(seed, 120, kinds_each=5)
    assert n >= 120 and found == []


def crowded(folder: Path) -> Path:
    """TINY with persons and files whose names are words that captions, columns and units use."""
    rows = {name: [row[:] for row in table] for name, table in TINY.items()}
    for row, name in zip(rows["党员名册"][2:], ["成立", "单位", "党员", "沈阳", "书记"], strict=False):
        row[0] = name
    rows["驻区单位"][3][0] = "兴隆店13912345678"
    rows["党组织"][3][5] = "兴隆店、福来店"
    folder.mkdir(exist_ok=True)
    return write_book(folder / "赵一报送（13900001234）.xlsx", rows)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_sound_roster_always_gets_its_pack(tmp_path: Path, edition: str) -> None:
    path = crowded(tmp_path / "in")
    network = pb.read(path, as_of="2025-06-30")
    assert "兴隆店" in set(network.units["name"]) and "13900001234" not in network.inputs["file"][0]
    folder = pb.write_pack(network, tmp_path / "out", look=Look(edition=edition))
    page = (folder / "map.html").read_text("utf-8")
    assert "13912345678" not in page and ("赵一报送" in page) == (edition != "public")


def test_each_masking_is_counted_without_its_value(tmp_path: Path) -> None:
    network = pb.read(crowded(tmp_path / "in"), as_of="2025-06-30")
    hidden = network.findings[network.findings["code"] == "secret-hidden"]
    assert hidden[["sheet", "row", "column"]].values.tolist() == [["驻区单位", 4, "A 单位名称"]]
    assert hidden["message"].iloc[0].startswith("这一列有 1 格") and "139" not in hidden.to_csv(index=False)


def test_codes_that_begin_alike_are_no_numbers_of_persons(tmp_path: Path) -> None:
    rows = [["党组织名称", "组织类别", "上级党组织", "党组织代码"]]
    rows += [[f"第{i}党支部", "党支部", "望江街道党工委", f"1301020000{i}"] for i in range(6)]
    strange = [*rows[:-1], [*rows[-1][:3], "15812345678"]]
    whole = pb.read({"a.xlsx": {"党组织": pd.DataFrame(rows[1:], columns=rows[0])}})
    assert whole.organizations["org_code"].dropna().tolist().count("13010200003") == 1
    other = pb.read({"a.xlsx": {"党组织": pd.DataFrame(strange[1:], columns=strange[0])}})
    assert "15812345678" not in other.organizations.to_csv() and "secret-hidden" in set(other.findings["code"])


@pytest.fixture(scope="module")
def handed(demo: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pb.Network]:
    """The demo as each edition hands it out, saved and read again."""
    folder = tmp_path_factory.mktemp("handed")
    return {edition: pb.Network.load(demo.edition(edition).save(folder / edition)) for edition in EDITIONS}


def test_public_has_no_row_of_a_person_and_no_file_by_its_name(handed: dict[str, pb.Network], demo: pb.Network) -> None:
    public = handed["public"]
    assert len(public.members) == len(public.instructors) == 0
    ends = set(public.ties["source_id"]) | set(public.ties["target_id"])
    assert not {end for end in ends if end.startswith(("member:", "instructor:"))}
    assert set(public.inputs["sha256"]) == {""} and public.findings["row"].isna().all()
    said = "\n".join(frame.astype("str").to_csv(index=False) for frame in public._all_frames().values())
    assert not [file for file in demo.inputs["file"] if file in said]


def test_public_singles_nobody_out(handed: dict[str, pb.Network]) -> None:
    for frame in (handed["public"].units, handed["public"].organizations):
        for column in ("n_members", "n_full", "member_count", "full_count", "probationary_count"):
            assert not frame[column].between(1, 4).any(), column
        assert not (frame["n_members"] - frame["n_full"]).between(1, 4).any()
        assert frame["n_members"].notna().any()


def test_a_public_pack_shows_no_number_of_a_few(demo: pb.Network) -> None:
    facts = gather(demo, look=Look(edition="public"))
    rows = {str(row.unit): row for row in demo_coverage(demo)}
    few = [unit for unit, row in rows.items() if pd.notna(row.n_members) and 0 < row.n_members < 5]
    assert len(few) > 10
    page = render_page(map_spec(facts))
    assert "&lt;5" in page or "<5" in page or "\\u003c5" in page
    for finding in facts.findings[facts.findings["subject"].isin(few)].itertuples():
        assert not any(f"{n} 名" in f"{finding.message}{finding.evidence}" for n in range(1, 5)), finding.message


def demo_coverage(network: pb.Network) -> list[object]:
    return list(pb.coverage(network).itertuples())


def test_persons_of_a_meeting_are_numbered_by_what_is_shown(handed: dict[str, pb.Network], demo: pb.Network) -> None:
    """No id can be computed from a name, and no day or row leads back to the roster."""
    meeting = handed["meeting"]
    assert meeting.members["member_id"].str.fullmatch(r"member:\d+").all()
    assert meeting.instructors["instructor_id"].str.fullmatch(r"instructor:\d+").all()
    assert meeting.members["name"].str.fullmatch(r".{1,2}\*").all()
    held = meeting.ties[meeting.ties["relation"].isin(["holds_post", "instructs"])]
    assert len(held) == len(demo.ties[demo.ties["relation"].isin(["holds_post", "instructs"])])
    assert held["since"].isna().all() and set(held["source"]) == set(meeting.members["source"]) == {""}
    assert meeting.members["name"].tolist() == sorted(meeting.members["name"])


def test_names_of_persons_in_texts_are_masked_where_the_edition_hides_them(tmp_path: Path) -> None:
    rows = {name: [row[:] for row in table] for name, table in TINY.items()}
    rows["驻区单位"][0] += ["地址"]
    for row in rows["驻区单位"][1:]:
        row += ["光明路1号"]
    rows["党员名册"][2][0] = "令狐雅芷"
    rows["驻区单位"][2][-1] = "光明路2号，联系人赵一，找令狐雅芷同志"
    rows["驻区单位"][3][0] = "令狐雅芷工作室"
    network = pb.read(write_book(tmp_path / "名册.xlsx", rows), as_of="2025-06-30")
    address = {edition: set(network.edition(edition).units["address"]) for edition in EDITIONS}
    assert "光明路2号，联系人赵一，找令狐雅芷同志" in address["internal"]
    assert "光明路2号，联系人赵*，找令***同志" in address["meeting"]
    assert "光明路2号，联系人**，找****同志" in address["public"]
    assert "****工作室" in set(network.edition("public").units["name"])
    for edition in ("meeting", "public"):
        facts = gather(network, look=Look(edition=edition))
        assert "令狐雅芷" not in render_page(map_spec(facts))


def test_no_id_can_be_tried_against_names(tmp_path: Path) -> None:
    """An id made from what an edition hides is another one there; all others stay, for comparing packs."""
    rows = {name: [row[:] for row in table] for name, table in TINY.items()}
    rows["党员名册"][2][0] = "令狐雅芷"
    rows["驻区单位"][3][0] = "令狐雅芷工作室"
    rows["考核评定台账"] = [["评议对象", "评议类型", "评议结果", "年度"], ["令狐雅芷", "民主评议", "优秀", 2024]]
    network = pb.read(write_book(tmp_path / "名册.xlsx", rows), as_of="2025-06-30")
    assert len(network.records) == 1
    for edition in ("meeting", "public"):
        shown = network.edition(edition)
        changed = set(network.units["unit_id"]) - set(shown.units["unit_id"])
        assert changed == set(network.units.loc[network.units["name"] == "令狐雅芷工作室", "unit_id"])
        assert not set(network.records["record_id"]) & set(shown.records["record_id"])
        ends = set(shown.ties["source_id"]) | set(shown.ties["target_id"])
        assert ends <= {node for frame in shown.tables.values() for node in frame.iloc[:, 0]}
        for suffix in (".graphml", ".gexf", ".json"):
            text = pb.export(network, tmp_path / f"{edition}{suffix}", edition=edition).read_text("utf-8")
            assert not any(node in text for node in changed) and '"unit:1"' in text
        page = pb.to_pyvis(network, look=Look(edition=edition))
        assert not changed & set(page.get_nodes())


def test_the_workbook_of_the_meeting_holds_no_name(tmp_path: Path, demo: pb.Network) -> None:
    from pbgraph.rendering import document

    (tmp_path / "缺口清单和统计表.xlsx").write_bytes(workbook_bytes(document.report(gather(demo, look=Look()))))
    said = "\n".join(text for _, text in texts_of(tmp_path))
    names = {name for name in demo.members["name"].dropna() if len(name) > 2}
    assert len(names) > 500 and not [name for name in names if name in said]


@pytest.mark.parametrize("seed", [31])
def test_every_street_gets_its_pack(seed: int) -> None:
    """The driver itself, with few: `python tests/drive_streets.py --number 1000` does the rest."""
    assert refused(seed) == ""
