"""What is shown is written as an office writes it: in every Chinese text of the tables and in the files of a pack."""

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

import pbgraph as pb
from pbgraph import policy, schema
from pbgraph.network import Network
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import Look

TABLES = Path(pb.__file__).parent / "reference"
BANNED = {
    "「": "quotation marks of an office are “ ”",
    "」": "quotation marks of an office are “ ”",
    "临界": "接近组建条件",
    "有党员未组建": "有党员未建立党组织",
    "联合支部中应单独组建": "已具备单独组建条件",
    "应建率）": "应建已建率",
    "把握": "核实情况",
    "力度": "要求程度",
    "先核对名称）": "名称待核",
    "待补资料": "资料待补",
    "相互矛盾": "登记不一致",
    "街道以外": "上级不在本街道",
    "要解决": "待解决",
    "消除缺口": "已解决",
    "建支部：": "one wording: 单独组建",
    "失联就": "失联 is said of a member",
    "一断就": "仅靠一条维系",
    "整张网": "jargon of networks",
    "E-I": "跨社区共建占比",
    "步以内": "层关联",
    "存本屏": "导出当前画面",
    "。；": "two stops",
    "¶": "第…段",
}
ALLOWED = {"labels.toml": {"E-I"}}
"""What only a notebook shows, where the measure has its own name."""
EDITIONS = ("internal", "meeting", "public")


_NOT_SHOWN = frozenset({"quotation", "seed", "params", "where_other"})


def texts(value: object) -> Iterator[str]:
    """The Chinese texts of a table; of a policy not what a document says, nor the words that are looked for."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from () if key in _NOT_SHOWN else texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from texts(held)
    elif isinstance(value, str) and re.search("[\u3400-\u9fff]", value):
        yield value


SHOWN = ("captions", "findings", "labels", "policy", "rates", "subjects")


@pytest.mark.parametrize("name", SHOWN)
def test_the_tables_say_it_as_an_office_does(name: str) -> None:
    file = f"{name}.toml"
    said = list(texts(tomllib.loads((TABLES / file).read_text("utf-8"))))
    assert said
    words = BANNED.keys() - ALLOWED.get(file, set())
    assert [(word, text) for text in said for word in words if word in text] == []


def test_the_closed_lists_say_it_as_an_office_does() -> None:
    for file in (TABLES / "vocabulary").glob("*.csv"):
        listed = schema.vocabulary(file.stem)
        assert not [word for code in listed.rows for word in BANNED if word in listed.label(code, lang="zh")]


def test_no_code_stands_for_a_clause() -> None:
    cited = [rule.cited() for rule in policy.read_policy().rules.values()]
    assert len(cited) > 100 and all(re.fullmatch(r"《[^》]+》\S+", each) for each in cited)
    assert not [each for each in cited if re.search(r"[⒈-⒛¶]|[一二三四五六七八]\.\d|\([a-z]\)", each)]


def inside(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file: of an office's file those of its parts."""
    if path.suffix in (".xlsx", ".docx", ".pptx"):
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            for part in archive.namelist():
                if part.endswith(".xml"):
                    yield f"{path.name}/{part}", archive.read(part).decode("utf-8")
    elif path.suffix in (".html", ".csv", ".json"):
        yield path.name, path.read_text("utf-8")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_files_of_a_pack_say_it_as_an_office_does(tiny: Network, tmp_path: Path, edition: str) -> None:
    folder = pb.write_pack(tiny, tmp_path / "out", look=Look(edition=edition))
    held = [pair for path in folder.rglob("*") if path.is_file() for pair in inside(path)]
    assert len(held) > 20
    assert [(word, name) for name, text in held for word in BANNED if word in text] == []
    book = load_workbook(folder / "缺口清单和统计表.xlsx")
    cited = [
        str(cell.value)
        for page in book
        if page.title != "规则依据"
        for row in page.iter_rows(max_row=4)
        for head in row
        if head.value == "依据条款"
        for cell in next(page.iter_cols(min_col=head.column, max_col=head.column, min_row=head.row + 1))
        if cell.value
    ]
    assert len(cited) > 10 and not [text for text in cited if re.match(r"[A-F]\d", text)]


def test_a_remark_on_the_holder_of_a_post_is_internal(demo: Network) -> None:
    said = {
        edition: gather(demo, look=Look(edition=edition)).findings.query("rule_id == 'B18'")["message"].tolist()
        for edition in EDITIONS
    }
    assert len(said["internal"]) == 9
    assert all(line.endswith("书记任职时转正不满 1 年，请核对。") for line in said["internal"])
    assert said["meeting"] == ["“书记有一年以上党龄”一项有 9 处需要核对，具体情况见内部版。"]
    assert said["public"] == []


def test_the_words_of_before_are_still_understood() -> None:
    states = {"临界": "borderline", "有党员未组建": "joint-candidate", "联合支部中应单独组建": "split-due"}
    for word, code in states.items():
        assert schema.vocabulary("coverage_state").spellings[word] == code
    managed = {"一致": "agreed", "应定未定": "missing", "相互矛盾": "contradictory", "只有登记": "stated-only"}
    for word, code in managed.items():
        assert schema.vocabulary("management_state").spellings[word] == code
