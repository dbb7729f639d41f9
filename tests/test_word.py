"""The report in Word as a clerk opens it: chapters, the list that is signed, the table; nothing of a machine in it."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from conftest import TINY
from docx.document import Document as Docx

import pbgraph as pb
from pbgraph.network import Network
from pbgraph.rendering import document
from pbgraph.rendering.facts import Facts, gather, headline_numbers
from pbgraph.rendering.look import EDITIONS, Look
from pbgraph.rendering.word import word_bytes

Make = Callable[..., Path]


def written(facts: Facts, template: Path | None = None) -> bytes:
    return word_bytes(document.letter(facts, document.report(facts)), template=template)


def opened(network: Network, *, lang: str = "zh", edition: str = "meeting", template: Path | None = None) -> Docx:
    return docx.Document(io.BytesIO(written(gather(network, look=Look(lang, edition)), template)))


def lines(made: Docx) -> list[str]:
    return [paragraph.text for paragraph in made.paragraphs if paragraph.text]


def everything(made: Docx) -> str:
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*lines(made), *cells])


@pytest.fixture(scope="module")
def report(demo: Network) -> Docx:
    return opened(demo)


def test_the_text_has_the_chapters_and_numbers_of_the_workbook(report: Docx, demo: Network) -> None:
    said, numbers = lines(report), headline_numbers(gather(demo, look=Look()))
    assert said[0] == "望湖街道党组织覆盖情况报告"
    assert said[1] == "根据现有党组织名册和驻区单位台账，现将截至2025年6月30日望湖街道党组织覆盖情况报告如下。"
    heads = [p.text for p in report.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert heads == ["一、总体情况", "二、存在问题", "三、下一步建议"]
    whole = "\n".join(said)
    assert f"单位{numbers['n_units']}家，已有党组织覆盖{numbers['n_covered']}家，组织覆盖率{numbers['share']}" in whole
    assert f"未建立党组织{numbers['n_bare']}家（已核实73家，名称待核2家）" in whole
    for said_of in (
        "单独组建8家",
        "联合组建19家",
        "选派指导员20家",
        "尚有47家单位待解决",
        f"应建未建{numbers['must']}家。",
    ):
        assert said_of in whole
    kinds = [int(n) for n in re.findall(r"^\d\.\D+?(\d+)家", whole, flags=re.MULTILINE)][:5]
    assert sum(kinds) == numbers["n_gaps"] == 47
    end = said.index("附件：1.望湖街道党组织覆盖缺口清单")
    signed = ["2.望湖街道党组织覆盖情况统计表", "望湖街道", "2025年6月30日", "附件1", "望湖街道党组织覆盖缺口清单"]
    assert said[end + 1 : end + 6] == signed


def test_every_gap_is_in_the_list_and_its_header_is_on_every_page(report: Docx, demo: Network) -> None:
    gaps, table = report.tables
    heads = [cell.text for cell in gaps.rows[0].cells]
    assert heads == ["序号", "社区", "单位", "问题", "建议措施", "责任人", "时限", "销号"]
    found = pb.assess(demo)
    wanted = found[found["state"].isin(["must-establish", "split-due", "borderline", "joint-candidate", "blank"])]
    assert [row.cells[2].text for row in gaps.rows[1:]] == wanted["subject"].tolist()
    assert {row.cells[4].text for row in gaps.rows[1:]} == {
        "限期单独组建党支部",
        "从联合党支部中分出，单独组建党支部",
        "先纳入联合党支部，条件具备后单独组建",
        "按地域或行业联合组建党支部",
        "选派党建指导员，或帮助建立群团组织",
        "先核对名称；确未建立的，先纳入联合党支部，条件具备后单独组建",
        "先核对名称；确未建立的，按地域或行业联合组建党支部",
    }
    assert all(not row.cells[2].text or row.cells[2].text not in row.cells[3].text for row in gaps.rows[1:])
    assert "w:tblHeader" in gaps.rows[0]._tr.xml and all("w:cantSplit" in row._tr.xml for row in gaps.rows)
    assert all(row.height is not None and row.height.mm > 12 for row in gaps.rows[1:])
    assert table.rows[0].cells[2].text == "已单独建立党组织" and table.rows[1].cells[2].text == "党委"
    sums = [row for row in table.rows if row.cells[0].text == "合计"]
    assert len(sums) == 1 and sums[0].cells[1].text == "143"


def test_the_page_is_that_of_an_official_document(report: Docx) -> None:
    upright, across = report.sections
    sides = (upright.top_margin, upright.bottom_margin, upright.left_margin, upright.right_margin)
    assert [round(side.mm) for side in sides if side is not None] == [37, 35, 28, 26]
    assert upright.page_width is not None and across.page_width is not None
    assert (round(upright.page_width.mm), round(across.page_width.mm)) == (210, 297)
    fonts = {name: report.styles[name].element.xml for name in ("Title", "Heading 1", "Heading 2", "Body Text")}
    for name, font in zip(fonts, ("方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"), strict=True):
        assert f'w:eastAsia="{font}"' in fonts[name]
    body = report.styles["Body Text"]
    assert body.font.size.pt == 16 and body.paragraph_format.line_spacing.pt == 28.95  # type: ignore[attr-defined]
    assert report.settings.odd_and_even_pages_header_footer
    odd, even = (footer.paragraphs[0]._p.xml for footer in (upright.footer, upright.even_page_footer))
    assert 'w:val="right"' in odd and 'w:val="left"' in even and all('w:instr="PAGE"' in each for each in (odd, even))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_the_program_and_the_machine_is_in_it(demo: Network, lang: str) -> None:
    facts = gather(demo, look=Look(lang))
    content = written(facts)
    assert content == written(facts)
    made = docx.Document(io.BytesIO(content))
    text = everything(made)
    assert not re.search(r"xlsx|html|pbgraph|「|¶|\b[A-F]\d+\b|临界|节点|\bNone\b|\bnan\b", text)
    held = made.core_properties
    assert (held.author, held.last_modified_by, held.comments) == ("", "", "")
    assert held.created is not None and held.created.isoformat().startswith("2025-06-30T00:00:00")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
        fields = set(re.findall(r'w:instr="(\w+)"', "".join(archive.read(n).decode() for n in names if "foot" in n)))
    assert fields == {"PAGE"} and not [name for name in names if "app.xml" in name or "thumbnail" in name]


def test_an_edition_holds_for_the_report_too(tiny: Network) -> None:
    for edition in EDITIONS:
        text = everything(opened(tiny, edition=edition))
        assert not any(name in text for name in ("赵一", "孙七", "郑戊")), edition


def test_names_are_text_whatever_they_hold(book: Make) -> None:
    name = "<w:b/>&amp; {PAGE} \u202e甲\x01=1+1" + "长" * 300
    rows = [
        ["单位名称", "所属社区", "正式党员", "是否建立党组织"],
        [name, "甲社区", 3, "否"],
        ["乙厂", "甲社区", "", "否"],
    ]
    made = opened(pb.read(book({"单位": rows, "组织": TINY["党组织"]}), as_of="2025-06-30"))
    names = [row.cells[2].text for row in made.tables[0].rows]
    assert any(each.startswith("<w:b/>&amp; {PAGE} 甲=1+1长长") for each in names)


def test_without_gaps_and_without_units_there_is_no_list(book: Make) -> None:
    units = [["单位名称", "所属社区", "是否建立党组织"], ["红旗厂", "甲社区", "是"]]
    covered = opened(pb.read(book({"组织": TINY["党组织"], "单位": units}), as_of="2025-06-30"))
    assert len(covered.tables) == 1 and "附件：1.望江街道党组织覆盖情况统计表" in lines(covered)
    nobody = opened(pb.read(book({"社区": [["社区名称", "户数"], ["甲社区", 900]]}, "社区.xlsx"), as_of="2025-06-30"))
    assert lines(nobody)[0] == "党组织覆盖情况报告" and "（署名）" in lines(nobody)
    unjudged = opened(pb.read(book({"单位": [["单位名称"], ["甲公司"]]}, "单位.xlsx"), as_of="2025-06-30"))
    assert "暂不能判断" in everything(unjudged) and "0%" not in everything(unjudged)


def office_template(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("旧的正文 李四")
    made.styles["Heading 1"].font.name = "隶书"
    made.sections[0].header.paragraphs[0].text = "望江街道文件"
    made.core_properties.author = "李四"
    made.save(str(path))
    return path


def test_an_office_may_bring_its_own_template(tiny: Network, tmp_path: Path) -> None:
    made = opened(tiny, template=office_template(tmp_path / "模板.docx"))
    assert made.styles["Heading 1"].font.name == "隶书" and "Signature" in made.styles
    assert made.sections[0].header.paragraphs[0].text == "望江街道文件"
    assert "李四" not in everything(made) and made.core_properties.author == ""
    assert "一、总体情况" in lines(made) and len(made.tables) == 2


def test_a_template_that_cannot_be_used_is_one_sentence(tiny: Network, tmp_path: Path) -> None:
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"no archive")
    with pytest.raises(pb.RenderError, match=r"Word 模板用不了：.*坏\.docx（不是能打开的 \.docx 文件）。请在 Word"):
        opened(tiny, template=broken)
    with pytest.raises(pb.RenderError, match=r"Word 模板用不了：.*没有\.docx（.+）。"):
        pb.write_pack(tiny, tmp_path / "out", look=Look(word_template=str(tmp_path / "没有.docx")))
    assert not (tmp_path / "out").exists()
