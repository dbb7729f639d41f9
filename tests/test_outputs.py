"""What people hold: the same bytes, no secret, text as text, whole or not at all."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import DEMO, TINY, write_book
from openpyxl import load_workbook
from PIL import Image

import pbgraph as pb
from pbgraph.rendering import document
from pbgraph.rendering.facts import gather
from pbgraph.rendering.files import write_file, write_folder
from pbgraph.rendering.fonts import font_for
from pbgraph.rendering.look import EDITIONS, Look
from pbgraph.rendering.map_page import inert_json, render_page
from pbgraph.rendering.map_spec import map_spec
from pbgraph.rendering.packing import middle, packed, ringed, sunflower
from pbgraph.schema import tables

MARKUP = "<script>alert(1)</script>'\"&=1+1\u202e😀" + "长" * 300
CANARY = {
    "name": "卡娜丽",
    "id": "999999198003120011",
    "phone": "19912345678",
    "home": "密门弄七号",
    "contact": "秘联络",
    "head": "暗法人",
}


def bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def unpacked(path: Path) -> bytes:
    """Every byte a reader could find, inside archives too."""
    content = path.read_bytes()
    if path.suffix in (".xlsx", ".docx", ".pptx"):
        with zipfile.ZipFile(path) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    if path.suffix == ".parquet":
        import duckdb

        frame = duckdb.read_parquet(str(path)).df()
        content += frame.to_csv().encode()
    return content


def secretive(folder: Path) -> Path:
    """A street whose every personal column holds a token that must not come out."""
    rows = {name: [row[:] for row in table] for name, table in TINY.items()}
    members = rows["党员名册"]
    members[0] += ["身份证号", "联系电话", "家庭住址", "备注"]
    members[2][0] = CANARY["name"]
    for row in members[1:]:  # one number is one person
        row += [CANARY["id"] if row is members[2] else "", CANARY["phone"], CANARY["home"], f"见{CANARY['phone']}"]
    rows["驻区单位"][0] += ["联系人", "负责人", "电话"]
    for row in rows["驻区单位"][1:]:
        row += [CANARY["contact"], CANARY["head"], CANARY["phone"]]
    rows["党组织"][2][6] = CANARY["name"]
    rows["指导员"][1][0] = CANARY["name"]
    rows["坏行"] = [
        ["姓名", "所在党支部", "身份证号", "联系电话", "入党时间"],
        [CANARY["name"], "", "99999919800312001", "1991234", CANARY["phone"]],
    ]
    return write_book(folder / "名册.xlsx", rows)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_output_of_any_edition_holds_a_secret(tmp_path: Path, edition: str) -> None:
    network = pb.read(secretive(tmp_path), as_of="2025-06-30")
    pb.write_pack(network, tmp_path / "out", look=Look(edition=edition))
    for suffix in (".graphml", ".gexf", ".json", ".parquet"):
        pb.export(network, tmp_path / "out" / f"a{suffix}", edition=edition)
    kept = ("name",) if edition == "internal" else ()
    for path in (p for p in (tmp_path / "out").rglob("*") if p.is_file()):
        content = unpacked(path)
        for what, token in CANARY.items():
            if what not in kept:
                assert token.encode() not in content, (path.name, what)
                assert token.encode("unicode_escape").decode().replace("\\", "\\").encode() not in content, (
                    path.name,
                    what,
                )


def test_an_internal_map_names_the_holder_and_a_public_one_nobody(tmp_path: Path) -> None:
    network = pb.read(secretive(tmp_path), as_of="2025-06-30")
    said = {edition: render_page(map_spec(gather(network, look=Look(edition=edition)))) for edition in EDITIONS}
    assert CANARY["name"] in said["internal"]
    assert "书记 卡*" in said["meeting"]
    assert "卡*" not in said["public"] and "书记 " not in said["public"]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Other order of files, other hash seed, other process."""
    script = (
        "import sys, pbgraph as pb; from pathlib import Path\n"
        "files = sorted(Path(sys.argv[1]).glob('*.xlsx'), reverse=sys.argv[3] == 'back')\n"
        "pb.write_pack(pb.read(files), sys.argv[2])"
    )
    made = []
    for seed, order in (("1", "forth"), ("2", "back")):
        target = tmp_path / order
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(DEMO), str(target), order], check=True, env=environment)
        made.append(bytes_of(target))
    assert made[0] == made[1]
    assert {name.split("/")[0] for name in made[0]} == {
        ".pbgraph-files",
        "党组织覆盖图.html",
        "党建情况汇报.pptx",
        "挂图.pdf",
        "覆盖图.png",
        "map.html",
        "缺口清单和统计表.xlsx",
        "党建情况报告.docx",
        "待核对.xlsx",
        "图表",
        "网络数据",
    }


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory, demo: pb.Network) -> Path:
    return pb.write_pack(demo, tmp_path_factory.mktemp("pack") / "out")


@pytest.mark.parametrize("name", ["缺口清单和统计表.xlsx", "待核对.xlsx"])
def test_our_own_workbooks_among_the_rosters_are_no_rosters(pack: Path, tmp_path: Path, name: str) -> None:
    shutil.copy(pack / name, tmp_path / f"副本 {name}")
    reading = pb.read_workbooks(tmp_path)
    assert not any(len(table) for table in reading.tables.values())
    assert [found.code for found in reading.findings] == ["file-own"]
    assert (reading.ledger["n_skipped"] == reading.ledger["n_rows"]).all() and (reading.ledger["n_rows"] > 1).all()


def test_the_workbook_says_what_the_measures_say(pack: Path, demo: pb.Network) -> None:
    book = load_workbook(pack / "缺口清单和统计表.xlsx")
    assert book.sheetnames == [
        "封面",
        "缺口清单",
        "覆盖情况统计",
        "覆盖率",
        "组织设置",
        "班子队伍",
        "大党委",
        "共建与联系",
        "网格阵地经费",
        "单位明细",
        "双重管理",
        "共驻共建",
        "报到流动联系",
        "数据问题",
        "待核对名称",
        "读入台账",
        "规则依据",
    ]
    units = pd.DataFrame(list(book["单位明细"].iter_rows(min_row=4, values_only=True)))
    assert units[1].tolist() == pb.coverage(demo)["unit"].tolist()
    families = ["缺口清单", "组织设置", "班子队伍", "大党委", "共建与联系", "网格阵地经费"]
    lists = [list(book[name].iter_rows(min_row=3, values_only=True)) for name in families]
    assert all(rows[0][-8:-5] == ("责任人", "时限", "销号") for rows in lists)
    assert sum(len(rows) - 1 for rows in lists) == len(pb.assess(demo.veiled("meeting")))
    work = lists[0]
    assert len(work) - 1 == 47
    assert all(re.fullmatch(r"(?:\d\d\S+\.xlsx“[^”]+”第 [\d、–]+ 行\n?)+", row[-1]) for row in work[1:])
    ledger = list(book["读入台账"].iter_rows(min_row=4, values_only=True))
    assert ledger[-1][4:8] == (2192, 2079, 0, 113)
    cell = book["缺口清单"]["M4"]  # a source leads to the line of the ledger about its sheet
    assert cell.hyperlink.location.startswith("'读入台账'!A")
    told = [value.value for value in book["读入台账"][int(cell.hyperlink.location.split("!A")[1])][:2]]
    assert cell.value.startswith(f"{told[0]}“{told[1]}”")
    assert all(row[4] == row[5] + row[6] + row[7] for row in ledger)


def test_the_coverage_table_adds_up(pack: Path) -> None:
    rows = list(load_workbook(pack / "缺口清单和统计表.xlsx")["覆盖情况统计"].iter_rows(min_row=5, values_only=True))
    labels = [row[0] for row in rows]
    total = rows[labels.index("合计")]
    kinds, communities = rows[: labels.index("合计")], rows[labels.index("合计") + 1 :]
    assert labels[-6:] == ["金桥社区", "滨河社区", "东湖社区", "学府社区", "新城社区", "工人新村社区"]
    for part in (kinds, communities):
        assert [sum(row[column] for row in part) for column in range(1, 12)] == list(total[1:12])
        assert sum(row[12] for row in part) >= total[12]  # people: in each row, and once in the total
    assert total[1] == sum(total[2:6]) + sum(total[7:10])


def test_every_sheet_can_be_printed_and_filtered(pack: Path) -> None:
    cover, *sheets = load_workbook(pack / "缺口清单和统计表.xlsx").worksheets
    assert cover.page_setup.orientation == "landscape" and cover.sheet_properties.pageSetUpPr.fitToPage
    for sheet in sheets:
        assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert sheet.freeze_panes and sheet.auto_filter.ref and sheet.print_title_rows


def test_text_from_workbooks_stays_text(book: Callable[..., Path], tmp_path: Path) -> None:
    rows = [
        ["单位名称", "所属社区", "正式党员"],
        [MARKUP, "甲社区", 3],
        ["=1+1", "@SUM(A1)社区", 3],
        ["-2+3", "甲社区", 0],
    ]
    network = pb.read(book({"单位": rows}), as_of="2025-06-30")
    folder = pb.write_pack(network, tmp_path / "out")
    page = (folder / "map.html").read_text("utf-8")
    assert "<script>alert" not in page and "alert(1)</script>" not in page
    assert "<script>alert" not in (folder / "党组织覆盖图.html").read_text("utf-8")
    with zipfile.ZipFile(folder / "缺口清单和统计表.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert "=1+1" in set(pd.DataFrame(load_workbook(folder / "缺口清单和统计表.xlsx")["单位明细"].values)[1])


def test_json_cannot_leave_its_element() -> None:
    assert inert_json({"a": "</script><!--\u2028"}) == '{"a":"\\u003c/script\\u003e\\u003c!--\\u2028"}'


def test_the_page_allows_only_itself(pack: Path) -> None:
    page = (pack / "map.html").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy and "default-src &#39;none&#39;" in policy[1] and "unsafe" not in policy[1].split("style-src")[0]
    without_vis = re.sub(r"<script>.{200000,}?</script>", "", page, flags=re.DOTALL)
    assert not re.search(
        r"(?:src|href|action)\s*=\s*[\"']|url\(|@import|fetch\(|XMLHttp|innerHTML|document\.write", without_vis
    )
    assert len(page.encode()) < 2 * 2**20


def test_a_page_without_nodes_and_one_with_a_single_node(book: Callable[..., Path]) -> None:
    nobody = pb.read(book({"社区": [["社区名称", "户数"], ["甲社区", 900]]}), as_of="2025-06-30")
    assert map_spec(gather(nobody, look=Look())).nodes == []
    single = pb.read(book({"单位": [["单位名称", "单位类型"], ["甲公司", "非公企业"]]}), as_of="2025-06-30")
    spec = map_spec(gather(single, look=Look()))
    assert [node["name"] for node in spec.nodes] == ["甲公司"]
    assert spec.territories[0]["name"] == "未注明社区"


def test_without_a_list_of_organizations_no_output_says_how_many_are_covered(book: Callable[..., Path]) -> None:
    network = pb.read(
        book({"单位": [["单位名称", "所属社区", "正式党员"], ["甲公司", "甲社区", 5]]}), as_of="2025-06-30"
    )
    facts = gather(network, look=Look())
    spec = map_spec(facts)
    assert [scene["title"] for scene in spec.scenes] == ["在营单位 1 家，因缺少党组织名册，覆盖情况暂不能判断"] * 2
    assert spec.territories[0]["said"] == "单位 1 家 · 缺党组织名册" and spec.gaps == []
    whole = document.report(facts)
    said, rates = whole.find(document.Sentences, "said"), whole.find(document.Numbers, "rates")
    assert said and "覆盖情况暂不能判断" in said.lines[0]
    assert rates and {rate.said for rate in rates.items} <= {"暂不能判断", "无数据"}


def test_no_node_covers_another(demo: pb.Network) -> None:
    nodes = map_spec(gather(demo, look=Look())).nodes
    close = [
        (a["name"], b["name"])
        for index, a in enumerate(nodes)
        for b in nodes[index + 1 :]
        if (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2 < (a["size"] + b["size"]) ** 2 * 0.98
    ]
    assert close == []


def test_the_legend_counts_what_is_drawn(demo: pb.Network) -> None:
    spec = map_spec(gather(demo, look=Look()))
    counts = pd.Series([node["kind"] for node in spec.nodes]).value_counts()
    assert {kind["key"]: kind["n"] for kind in spec.kinds if kind["n"]} == counts.to_dict()
    in_scope = pb.coverage(demo)["is_in_scope"].sum()
    states = ("covered", "work", "split-due", "must-establish", "borderline", "joint-candidate", "blank")
    assert counts[list(states)].sum() == in_scope
    assert len(spec.gaps) == 47
    drawn_ties = demo.ties["relation"].isin(["co_building"]).sum()
    counted = {relation["key"]: relation["n"] for layer in spec.layers for relation in layer["relations"]}
    assert counted["co_building"] == drawn_ties
    assert sum(counted.values()) == len(spec.edges)


def test_circles_do_not_overlap() -> None:
    for radii in ([30.0, *[9.0] * 40, *[4.0] * 30], [20.0, *[8.0] * 150]):
        for place in (packed, ringed):
            centres = place(radii, gap=2.0)
            for i, (x, y) in enumerate(centres):
                for j, (u, v) in enumerate(centres[:i]):
                    assert (x - u) ** 2 + (y - v) ** 2 >= (radii[i] + radii[j]) ** 2 - 0.5
    assert packed([], gap=1.0) == [] and len(sunflower(7, radius=3, gap=1)) == 7
    assert middle([], []) == ((0.0, 0.0), 0.0)


def test_a_font_is_judged_by_its_glyphs(tmp_path: Path) -> None:
    assert font_for("望湖街道ABC").suffix in {".ttf", ".ttc", ".otf"}
    with pytest.raises(pb.RenderError, match="找不到能显示这些汉字的字体：\U00012000。请执行 pip install zhplot"):
        font_for("望\U00012000")
    broken = tmp_path / "a.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(pb.RenderError, match="找不到能显示"):
        font_for("望", font=str(broken))


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_file(tmp_path / "a.html", "earlier")

    def refuse(self: Path, other: Any) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(pb.RenderError, match="无法写入：.*原有文件未被改动"):
        write_file(target, "later")
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_pack_leaves_the_earlier_pack_whole(
    tiny: pb.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pb.write_pack(tiny, tmp_path / "out")
    before = bytes_of(folder)

    def stop(*_: Any, **__: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("pbgraph.rendering.pack.workbook_bytes", stop)
    with pytest.raises(KeyboardInterrupt):
        pb.write_pack(tiny, folder, look=Look(lang="en"))
    assert bytes_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_held_open_is_found_before_any_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(content: str) -> Callable[[Path], None]:
        def write(folder: Path) -> None:
            for name in ("a.html", "b.xlsx"):
                (folder / name).write_text(content)

        return write

    folder = write_folder(tmp_path / "out", fill("earlier"))
    real = Path.open

    def held(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == "b.xlsx" and args == ("r+b",):
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(pb.RenderError, match="请先关闭"):
        write_folder(folder, fill("later"))
    assert {path.read_text() for path in folder.iterdir() if not path.name.startswith(".")} == {"earlier"}


def test_the_map_shows_itself_in_a_notebook(tiny: pb.Network, tmp_path: Path) -> None:
    page = pb.draw_map(tiny, tmp_path / "map.html")
    assert page.path and page.path.read_text("utf-8") == page.content
    shown = page._repr_html_()
    assert shown.count('<iframe sandbox="allow-scripts allow-downloads"') == shown.count("<iframe") == 1
    assert "<script" not in shown.split("srcdoc=")[1]


@pytest.mark.parametrize("draw", [pb.draw_map, pb.draw_wall])
def test_where_frames_are_stripped_a_still_picture_is_left(tiny: pb.Network, draw: Callable[..., pb.MapPage]) -> None:
    page = draw(tiny)
    stripped = re.sub(r"<iframe.*?</iframe>", "", page._repr_html_(), flags=re.DOTALL)
    (encoded,) = re.findall(r'<img alt="pbgraph"[^>]* src="data:image/png;base64,([^"]+)">', stripped)
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    assert picture.width >= 1000 and len(encoded) < 200_000
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 4
    assert draw(pb.Network.from_graph(tiny.graph()).filter(kind="grids"))._repr_html_().count("<img") == 1
    assert "<img" not in replace(page, still=None)._repr_html_()
    assert "<img" not in draw(tiny, look=pb.Look(font="/no/such.ttf"))._repr_html_()


def test_drawing_changes_nothing_in_the_network(tiny: pb.Network, tmp_path: Path) -> None:
    before = {kind: frame.copy() for kind, frame in tiny.tables.items()}
    pb.write_pack(tiny, tmp_path / "out")
    for kind, frame in before.items():
        pd.testing.assert_frame_equal(frame, tiny.tables[kind])


def test_an_edition_or_language_that_does_not_exist(tiny: pb.Network) -> None:
    with pytest.raises(pb.PolicyError, match="选项 edition 的值“secret”不可用。可选：internal、meeting、public。"):
        Look(edition="secret")
    with pytest.raises(pb.PolicyError, match="选项 lang 的值“fr”不可用"):
        Look(lang="fr")
    with pytest.raises(pb.PolicyError, match="edition"):
        tiny.edition("secret")


def test_english_speaks_english(tiny: pb.Network, tmp_path: Path) -> None:
    folder = pb.write_pack(tiny, tmp_path / "out", look=Look(lang="en"))
    cover = load_workbook(folder / "report.xlsx").worksheets[0]
    assert cover.title == "Cover" and "4 of 10 units in operation are covered" in cover["B3"].value
    assert {path.name for path in folder.iterdir()} - {".pbgraph-files"} == {
        "coverage.html", "briefing.pptx", "report.docx", "report.xlsx", "poster.pdf", "coverage.png", "review.xlsx",
        "map.html", "figures", "network",
    }  # fmt: skip


def test_the_blank_template_is_understood_when_filled(tmp_path: Path) -> None:
    path = pb.write_template(tmp_path / "模板.xlsx")
    workbook = load_workbook(path)
    sheet = workbook["驻区单位台账"]
    headers = [cell.value for cell in sheet[3]]
    for header, value in (
        ("单位名称", "甲公司"),
        ("所属社区", "甲社区"),
        ("单位类型", "非公企业"),
        ("正式党员数", 3),
        ("党员人数", 4),
    ):
        sheet.cell(row=4, column=headers.index(header) + 1, value=value)
    workbook.save(path)
    network = pb.read(path)
    assert network.findings.empty
    assert pb.coverage(network)[["unit", "state", "n_full"]].to_numpy().tolist() == [["甲公司", "must-establish", 3]]
    assert len(network.ledger) == len(tables()) + 1


def test_every_sheet_of_the_template_filled_as_its_example_loads_without_a_finding(tmp_path: Path) -> None:
    path = pb.write_template(tmp_path / "模板.xlsx")
    workbook = load_workbook(path)
    for table in tables().values():
        sheet = workbook[table.label]
        for column, field in enumerate(table.fields, start=1):
            example = sheet.cell(row=2, column=column).value
            sheet.cell(row=4, column=column, value="1" if field.key == "seq" else example)
    workbook.save(path)
    reading = pb.read_workbooks(path)
    assert reading.findings == []
    read = {key: len(rows) for key, rows in reading.tables.items()}
    two = (
        "units",
        "projects",
        "needs",
        "instructors",
        "leaders",
        "communities",
        "contact_leaders",
    )  # rows that say more than their own kind
    three = ("organizations", "resources", "estates")
    more = dict.fromkeys(two, 2) | dict.fromkeys(three, 3) | {"bodies": 8, "participants": 4}
    assert read == dict.fromkeys(tables(), 1) | more
    own = {key: rows[rows["sheet"] == tables()[key].label].iloc[0] for key, rows in reading.tables.items()}
    lacking = {key: row.index[row.isna()].tolist() for key, row in own.items()}
    assert lacking == {key: [] for key in tables()}
