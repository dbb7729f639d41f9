"""A tiny world drawn by hand, whose answers can be counted by eye."""

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, settings

import pbgraph as pb
from pbgraph.cli import main
from pbgraph.manifest import NAME as MANIFEST
from pbgraph.manifest import Manifest, digest

# What stands above the first fixture needs no pytest: scripts run it to have the tiny world.
DEMO = Path(__file__).parent.parent / "data" / "demo"

# One community. Four organizations:
#   甲社区党支部   set up in 甲社区居委会, under the street
#   红旗厂党支部   set up in 红旗厂, under 市机械局党委 (outside: dual management)
#   商圈联合党支部 covers 兴隆店 (1 full member) and 福来店 (3 full: split-due)
#   望江街道党工委 the street itself
# Eleven units; 关门公司 is closed, so ten count:
#   own 2 (甲社区居委会, 红旗厂)   joint 1 (兴隆店)   split-due 1 (福来店)
#   must-establish 1 (宏达机械厂: 4 full)   borderline 1 (三人行公司: 2 full + 1 probationary)
#   joint-candidate 1 (小美发屋: 1 full)   work 2 (有员公司: instructor, 工会公司: union)   blank 1 (空空公司)
# Organizational coverage is 4 of 10.
ORGANIZATIONS = [
    ["党组织名称", "组织类别", "上级党组织", "所属社区", "党组织所在单位", "联合支部覆盖单位", "书记"],
    ["望江街道党工委", "党工委", "中共临水区委员会", "", "", "", ""],
    ["甲社区党支部", "党支部", "望江街道党工委", "甲社区", "甲社区居委会", "", "赵一"],
    ["红旗厂党支部", "党支部", "市机械局党委", "甲社区", "红旗厂", "", "孙七"],
    ["商圈联合党支部", "联合党支部", "甲社区党支部", "甲社区", "", "兴隆店、福来店", ""],
]
UNITS = [
    ["单位名称", "单位类型", "所属社区", "正式党员", "预备党员", "职工人数", "已建群团组织", "经营状态"],
    ["甲社区居委会", "居委会", "甲社区", "", "", 9, "", "正常"],
    ["红旗厂", "国有企业", "甲社区", "", "", 300, "", "正常"],
    ["兴隆店", "非公企业", "甲社区", "", "", 12, "", "正常"],
    ["福来店", "非公企业", "甲社区", "", "", 20, "", "正常"],
    ["宏达机械厂", "非公企业", "甲社区", "", "", 120, "", "正常"],
    ["三人行公司", "非公企业", "甲社区", 2, 1, 30, "", "正常"],
    ["小美发屋", "非公企业", "甲社区", 1, 0, 5, "", "正常"],
    ["有员公司", "非公企业", "甲社区", 0, 0, 15, "", "正常"],
    ["工会公司", "社会组织", "甲社区", 0, 0, 11, "工会", "正常"],
    ["空空公司", "非公企业", "甲社区", 0, 0, 8, "", "正常"],
    ["关门公司", "非公企业", "甲社区", 0, 0, 0, "", "注销"],
]
MEMBERS = [
    ["姓名", "性别", "人员类别", "党籍状态", "所在党支部", "工作单位", "党内职务"],
    ["赵一", "男", "正式党员", "正常", "甲社区党支部", "甲社区居委会", "书记"],
    ["钱二", "女", "正式党员", "正常", "甲社区党支部", "宏达机械厂", ""],
    ["钱三", "女", "正式党员", "正常", "甲社区党支部", "宏达机械厂", ""],
    ["钱四", "男", "正式党员", "正常", "甲社区党支部", "宏达机械厂", ""],
    ["钱五", "男", "正式党员", "正常", "甲社区党支部", "宏达机械厂", ""],
    ["钱六", "男", "正式党员", "停止党籍", "甲社区党支部", "宏达机械厂", ""],
    ["孙七", "男", "正式党员", "正常", "红旗厂党支部", "红旗厂", "书记"],
    ["孙八", "女", "正式党员", "正常", "红旗厂党支部", "红旗厂", ""],
    ["孙九", "女", "预备党员", "正常", "红旗厂党支部", "红旗厂", ""],
    ["李十", "女", "正式党员", "正常", "商圈联合党支部", "兴隆店", ""],
    ["周甲", "男", "正式党员", "正常", "商圈联合党支部", "福来店", ""],
    ["周乙", "男", "正式党员", "正常", "商圈联合党支部", "福来店", ""],
    ["周丙", "女", "正式党员", "正常", "商圈联合党支部", "福来店", ""],
    ["吴丁", "女", "入党积极分子", "正常", "甲社区党支部", "空空公司", ""],
]
OTHERS = {
    "指导员": [["指导员姓名", "派出单位", "指导企业"], ["郑戊", "街道党建办", "有员公司"]],
    "成员单位": [
        ["大党委名称", "覆盖社区", "成员单位党组织", "管理关系"],
        ["甲社区大党委", "甲社区", "红旗厂党支部", "双重管理"],
        ["甲社区大党委", "甲社区", "甲社区党支部", ""],
    ],
    "共建协议": [
        ["甲方", "乙方", "共建类别", "签订时间", "进展情况"],
        ["甲社区党支部", "红旗厂；宏达机械厂", "党建工作联做，公益事业联办", "2024.05", "实施中"],
        ["甲社区党支部", "红旗厂", "公益事业联办", "2022年", "已终止"],
    ],
    "网格": [
        ["网格名称", "所属社区", "网格党支部"],
        ["第一网格", "甲社区", "甲社区党支部"],
        ["第二网格", "甲社区", ""],
    ],
}
Book = dict[str, list[list[Any]]]
TINY: Book = {"党组织": ORGANIZATIONS, "驻区单位": UNITS, "党员名册": MEMBERS, **OTHERS}


def write_book(path: Path, book: Book) -> Path:
    """Write sheets of rows as they are: text as text, numbers as numbers."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as workbook:
        for name, rows in book.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        sheet.write(number, column, value)
    return path


def as_before(pack: Path) -> Path:
    """Give a pack the names that the last version gave; it held a brief too."""
    files = Manifest.of(pack).files
    for name, old in _OF_BEFORE.items():
        (pack / name).rename(pack / old)
        files = {old + each.removeprefix(name) if each.split("/")[0] == name else each: files[each] for each in files}
    (pack / "brief.html").write_text("brief", "utf-8")
    manifest = replace(Manifest.of(pack), files={**files, "brief.html": digest(pack / "brief.html")})
    (pack / MANIFEST).write_text(manifest.text(), "utf-8")
    return pack


_OF_BEFORE = {
    "缺口清单和统计表.xlsx": "report.xlsx", "待核对.xlsx": "review.xlsx", "图表": "figures", "网络数据": "network",
}  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """What a command printed, on both channels, and its exit status."""

    exit_code: int
    output: str


def command(*words: str | Path, typed: str = "", **environment: str) -> Ran:
    """Run a command in this process, as if the words were typed behind `pbgraph`."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setattr("sys.argv", ["pbgraph", *map(str, words)])
        patch.setattr("sys.stdin", io.StringIO(typed))
        for name, value in environment.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main()
    return Ran(int(ended.value.code or 0), said.getvalue())


settings.register_profile("ours", suppress_health_check=[HealthCheck.too_slow])  # the machine may be slow
settings.load_profile("ours")


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def make(sheets: Book, name: str = "名册.xlsx") -> Path:
        return write_book(tmp_path / name, sheets)

    return make


@pytest.fixture(scope="module")
def opened_here() -> Iterator[None]:
    """Open workbooks in this process, as where no child can be started: quick, for files that the tests wrote."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pbgraph.reading.workers.Workers._started", lambda self: None)
        yield


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> pb.Network:
    return pb.read(write_book(tmp_path_factory.mktemp("tiny") / "名册.xlsx", TINY), as_of="2025-06-30")


@pytest.fixture(scope="session")
def demo() -> pb.Network:
    return pb.read(DEMO)


LONGEST = (
    "test_documents", "test_systems", "test_wall_browser", "test_relations_browser", "test_map_browser", "test_exchange", "test_privacy",
)  # fmt: skip
"""Files that take longest: they begin first, so that no worker is left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONGEST)
