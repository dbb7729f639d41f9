"""The job: its file, the workspace and its months, the day of the rosters, saved networks, mixed folders."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import DEMO, TINY, Book, command, write_book

import pbgraph as pb
from pbgraph.captions import day_said
from pbgraph.decisions import OPTIONS_NAME
from pbgraph.job import OPTIONS, Job, read_file
from pbgraph.reading.days import day_of, named_period, period_of, told_day
from pbgraph.workspace import months_in, packs_in

pytestmark = pytest.mark.usefixtures("opened_here")
UNITS: Book = {"驻区单位": TINY["驻区单位"]}


def of_all(network: pb.Network) -> dict[str, str]:
    """What is said of the rosters as a whole, by code."""
    found = network.findings[network.findings["file"] == ""]
    return dict(zip(found["code"], found["message"], strict=True))


def renamed(book: Book, *pairs: tuple[str, str]) -> Book:
    def said(cell: Any) -> Any:
        for one, other in pairs:
            cell = cell.replace(one, other) if isinstance(cell, str) else cell
        return cell

    return {name: [[said(cell) for cell in row] for row in rows] for name, rows in book.items()}


def folder(path: Path, **books: Book) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, book in books.items():
        write_book(path / f"{name}.xlsx", book)
    return path


# The day of the rosters


@pytest.mark.parametrize(
    "stated",
    [
        "2025-06-30", "2025/6/30", "2025.6.30", "20250630", "2025年6月30日", "2025年06月30号", "2025-06", "2025年6月",
        "二〇二五年六月三十日", "二○二五年六月", "二零二五年六月底", "截至2025年6月底", "2025年上半年", "2025年第二季度",
        "２０２５．６．３０", "2025-06-30 10:00", date(2025, 6, 30), datetime(2025, 6, 30, 8), pd.Timestamp("2025-06-30"), 20250630,
    ],
)  # fmt: skip
def test_a_day_in_every_usual_spelling(stated: object) -> None:
    assert day_of(stated) == "2025-06-30"


@pytest.mark.parametrize(
    "stated", ["明天", "2025-02-30", "2025-13", "2025-06-3O", "45838", "", "0000-00-00", "6月30日"]
)
def test_no_day_is_one_sentence(stated: str) -> None:
    with pytest.raises(pb.PolicyError, match=f"日期“{stated}”不认识。请写成 2025-06-30。"):
        day_of(stated)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("党员名册（截至2025年6月底）", "2025-06-30"), ("辖区单位台账（2024年三季度）", "2024-09-30"), ("名册202506", "2025-06-30"),
        ("2025年度党员名册", "2025-12-31"), ("2025年1-6月台账", "2025-06-30"), ("2025年6月1、党组织", "2025-06-30"),
        ("6月名册", None), ("2021-2026年规划", None), ("1990年以前入党党员", None), ("2020年以后成立的企业", None), ("2025户", None),
    ],
)  # fmt: skip
def test_the_period_that_a_title_names(text: str, last: str | None) -> None:
    found = period_of(text)
    assert (found and found.last.isoformat()) == last


def test_the_period_of_a_path_is_that_of_the_nearest_name_with_a_month() -> None:
    assert (
        named_period(["2025年", "6月", "党员名册"]) == named_period(["2025-06", "名册2025年"]) == period_of("2025年6月")
    )
    assert named_period(["2025年6月", "名册2023年"]) == period_of("2023年")
    assert named_period(["名册", "党员"]) is None


def headed(*lines: str) -> Book:
    return {"驻区单位": [*([line] for line in lines), *UNITS["驻区单位"]]}


@pytest.mark.parametrize(
    ("lines", "name", "said"),
    [
        (("驻区单位台账", "填报时间：2025年 6月 28日"), "台账2024年", "2025年6月28日（取自填报时间：{file}“驻区单位”）"),
        (("驻区单位台账", "填表日期：2025.6.28"), "台账", "2025年6月28日（取自填报时间：{file}“驻区单位”）"),
        (("驻区单位台账（截至二〇二五年六月底）",), "台账2024年12月", "2025年6月30日（取自表格标题：{file}“驻区单位”）"),
        (("驻区单位台账",), "台账2025年第二季度", "2025年6月30日（取自文件或文件夹名称：{file}）"),
        (("2024年驻区单位台账",), "台账2025年6月", "2025年6月30日（取自文件或文件夹名称：{file}）"),
        (("2024年度驻区单位台账",), "台账", "2024年12月31日（取自表格标题：{file}“驻区单位”）"),
    ],
)  # fmt: skip
def test_the_day_is_what_the_sheets_say_then_what_names_say(
    lines: tuple[str, ...], name: str, said: str, tmp_path: Path
) -> None:
    network = pb.read(folder(tmp_path / "名册", **{name: headed(*lines)}))
    assert day_said(network.settings, "zh") == "判断日期为" + said.format(file=f"{name}.xlsx")


def test_a_label_and_its_day_may_stand_in_two_cells(book: Callable[..., Path]) -> None:
    rows = [["驻区单位台账"], ["填报时间：", "2025年6月28日"], *UNITS["驻区单位"]]
    assert pb.read(book({"单位": rows})).as_of == "2025-06-28"


def test_the_month_that_most_sheets_name_holds(tmp_path: Path) -> None:
    days = {"甲": "2025年6月25日", "乙": "2025年6月27日", "丙": "2025年7月2日"}
    books = {name: renamed(headed("台账", f"填报时间：{day}"), ("甲社区", f"{name}社区")) for name, day in days.items()}
    network = pb.read(folder(tmp_path / "名册", **books))
    assert network.as_of == "2025-06-27"


def test_without_any_word_the_files_tell_the_day_as_most_of_them_do() -> None:
    nothing = pd.DataFrame(columns=["file", "sheet", "table", "fact", "value"])
    dates = {"甲.xlsx": "2025-06-12", "乙.xlsx": "2025-06-27", "丙.xls": "2026-11-25"}
    inputs = pd.DataFrame(dates.items(), columns=["file", "modified"])
    reading = SimpleNamespace(regions=nothing, facts=nothing, inputs=inputs)
    assert told_day(reading) == ("2025-06-27", "file", "乙.xlsx")  # type: ignore[arg-type]
    reading.inputs = inputs.head(0)
    assert told_day(reading) == ("", "file", "")  # type: ignore[arg-type]


def test_a_day_is_never_a_birth_date_nor_the_time_of_an_event(tmp_path: Path) -> None:
    members = [
        ["党员花名册"],
        ["姓名", "所在党支部", "出生日期", "入党时间"],
        ["赵一", "甲支部", "2001-05-06", "2024-07-01"],
    ]
    meetings = [
        ["2023年会议台账"],
        ["时间：2023年3月5日"],
        ["召开日期", "会议类型", "召开组织"],
        ["2023-03-05", "党员大会", "甲支部"],
    ]
    network = pb.read(folder(tmp_path / "名册", 党员={"党员": members}, 会议={"会议": meetings}))
    assert network.settings["as_of_basis"] == "file"
    assert day_said(network.settings, "en").startswith("Judged as of ") and "the rosters name no day" in day_said(
        network.settings, "en"
    )


def test_the_demo_says_its_day(demo: pb.Network) -> None:
    assert day_said(demo.settings, "zh") == "判断日期为2025年6月30日（取自填报时间：01党组织名册.xlsx“党组织”）"
    assert {"streets-mixed", "years-mixed"}.isdisjoint(demo.findings["code"])


# The file of a job


def written(path: Path, text: str) -> Path:
    (path / OPTIONS_NAME).write_text(text, "utf-8-sig")
    return path


def test_the_file_beside_the_rosters_holds_and_stated_options_hold_over_it(tmp_path: Path) -> None:
    folder(tmp_path, 名册=TINY)
    written(tmp_path, 'home = "浙江省/杭州市/望江街道"\nas_of = 2025-05-31\nedition = "内部"\n')
    network = pb.read(tmp_path)
    assert network.settings["home"] == "浙江省/杭州市/望江街道"
    assert network.as_of == "2025-05-31"
    assert pb.read(tmp_path, as_of="2025年6月").as_of == "2025-06-30"
    job = Job.of(tmp_path, lang="中文")
    assert (job.edition, job.lang, job.engine) == ("internal", "zh", None)


def test_paths_in_the_file_begin_at_its_folder(tmp_path: Path) -> None:
    folder(tmp_path / "名册", 名册=UNITS)
    own = tmp_path / "别名二.csv"
    own.write_text("类型,原名,标准名,判断\n单位,空空公司,关门公司,是\n", "utf-8-sig")
    written(tmp_path, 'rosters = "名册"\naliases = "别名二.csv"\n')
    network = pb.read(tmp_path)
    assert network.inputs["file"].tolist() == ["名册.xlsx"]
    assert len(network.decisions) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('# 说明\nhom = "望江街道"\n', "第 2 行：没有“hom”这个选项。是否为 home？"),
        ('as-of = "2025-06-30"\n', "第 1 行：没有“as-of”这个选项。是否为 as_of？"),
        ("[rules]\nA1 = 5\n", "第 1 行：没有“rules”这个选项。"),
        ("home = 望江街道\n", "第 1 行不合 TOML 的写法：home = 望江街道。一行一项，"),
        ('lang = "zh"\nhome = "望江\n', "第 2 行不合 TOML 的写法"),
        ('home = "a"\nhome = "b"\n', "第 2 行写的，前面已经写过"),
        ("home = 5\n", '第 1 行：home 的值写法不对。请写成 home = "…"。'),
        ("edition = true\n", '第 1 行：edition 的值写法不对。请写成 edition = "meeting"。'),
        ('lang = "zh"\n\nedition = "大会"\n', "第 3 行：选项 --edition 的值“大会”不可用。可选：internal（内部）、meeting（会议）、"),
        ('as_of = "六月"\n', "第 1 行：日期“六月”不认识。"),
        ('policy = "没有.toml"\n', "第 1 行：policy 写的“没有.toml”不存在。请检查路径"),
        ('rosters = ["没有"]\n', "第 1 行：rosters 写的“没有”不存在。"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_one_sentence_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    written(tmp_path, text)
    with pytest.raises(pb.PolicyError) as error:
        read_file(tmp_path / OPTIONS_NAME)
    assert str(error.value).replace(f"文件“{OPTIONS_NAME}”", f"{OPTIONS_NAME} ").startswith(f"{OPTIONS_NAME} {said}")


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / OPTIONS_NAME).write_bytes('lang = "zh"\nhome = "望江街道"\n'.encode("gbk"))
    done = command("check", folder(tmp_path, 名册=UNITS))
    assert (done.exit_code, done.output) == (
        2, "文件“pbgraph.toml”第 2 行的文字不是 UTF-8 编码。请用记事本打开，另存为，编码选 UTF-8。\n",
    )  # fmt: skip


def test_a_mistake_speaks_the_language_of_the_call(tmp_path: Path) -> None:
    written(folder(tmp_path, 名册=UNITS), 'edition = "all"\n')
    done = command("check", tmp_path, "--lang", "英文")
    assert done.output.startswith("pbgraph.toml, line 1: Option --edition: 'all' is not possible.")


def test_init_writes_what_it_sees_and_never_again(tmp_path: Path) -> None:
    folder(tmp_path, 名册={**TINY, "驻区单位": headed("驻区单位台账", "填报时间：2025年6月28日")["驻区单位"]})
    done = command("init", tmp_path)
    assert done.exit_code == 0, done.output
    text = (tmp_path / OPTIONS_NAME).read_text("utf-8")
    for line in ('home = "望江街道"', 'profile = "national"', '# as_of = "2025-06-30"', "# 判断日期，"):
        assert f"\n{line}" in text
    assert "判断日期为2025年6月28日（取自填报时间：名册.xlsx“驻区单位”）" in text
    assert set(read_file(tmp_path / OPTIONS_NAME)) == {"home", "profile", "lang"}
    assert pb.read(tmp_path).settings["home"] == "望江街道"
    again = command("init", tmp_path)
    assert again.exit_code == 2 and "已存在，未作改动。" in again.output
    assert (tmp_path / OPTIONS_NAME).read_text("utf-8") == text


def test_init_speaks_english(tmp_path: Path) -> None:
    assert command("init", folder(tmp_path, 名册=TINY), "--lang", "English").exit_code == 0
    text = (tmp_path / OPTIONS_NAME).read_text("utf-8")
    assert "# Options of pbgraph" in text and '\nlang = "en"' in text
    assert all(f"\n# {option.help('en')}" in text for option in OPTIONS.values())


# The workspace


def test_the_newest_month_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    for name in ("2025-05", "2025年6月", "202504"):
        folder(tmp_path / name, 名册=TINY)
    write_book(tmp_path / "散的.xlsx", UNITS)
    assert [path.name for path in months_in(tmp_path)] == ["202504", "2025-05", "2025年6月"]
    network = pb.read(tmp_path)
    assert network.as_of == "2025-06-30"
    assert network.inputs["file"].tolist() == ["名册.xlsx"]
    said = of_all(network)
    assert said["months-other"] == "名册按月份存放，已读入最新的 2025年6月，未读 2025-05、202504。"
    assert said["months-loose"] == "散的.xlsx 放在月份文件夹之外，未读（已读入 2025年6月）。"
    assert pb.read(tmp_path / "2025-05").as_of == "2025-05-31"


def test_months_may_lie_in_folders_of_years(tmp_path: Path) -> None:
    for year, month in (("2024年", "12月"), ("2025年", "1月")):
        folder(tmp_path / year / month, 名册=UNITS)
    network = pb.read(tmp_path)
    assert network.as_of == "2025-01-31"
    assert "2024年/12月" in of_all(network)["months-other"]


def test_a_folder_without_months_is_read_whole(tmp_path: Path) -> None:
    folder(tmp_path / "社区", 名册=UNITS)
    folder(tmp_path / "demo-2025-05", 名册=renamed(UNITS, ("甲社区", "乙社区")))
    assert len(pb.read(tmp_path).inputs) == 2


def test_the_months_work_in_one_command(tmp_path: Path) -> None:
    office = tmp_path / "望江 街道"
    folder(office / "2025-05", 名册=TINY)
    first = command(office)
    assert first.exit_code == 0, first.output
    pack = office / "结果" / "2025-05"
    assert f'已写入 "{pack}"：' in first.output and (pack / "map.html").is_file()
    (office / "别名.csv").write_text("类型,原名,标准名,判断\n单位,空空公司,关门公司,否\n", "utf-8-sig")
    folder(office / "2025-06", 名册=renamed(TINY, ("小美发屋", "大美发屋")))
    second = command(office, "--edition", "公开")
    assert second.exit_code == 0, second.output
    assert f'与上次的材料比较："{pack}"' in second.output
    assert "判断日期为2025年6月30日（取自文件或文件夹名称：名册.xlsx）" in second.output
    assert [path.name for path, _, _ in packs_in(office)] == ["2025-05", "2025-06"]
    assert "空空公司" in (office / "结果" / "2025-06" / "别名.csv").read_text("utf-8-sig")
    assert pb.read(office).inputs["file"].tolist() == ["名册.xlsx"]


# Saved networks and packs


@pytest.fixture(scope="module")
def saved(tiny: pb.Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save(tmp_path_factory.mktemp("saved") / "net")


def test_a_saved_network_is_judged_on_another_day(saved: Path, tiny: pb.Network) -> None:
    network = pb.read(saved, as_of="2030年1月1日", profile="youjiang", engine="polars", home=tiny.settings["home"])
    stated = {key: network.settings[key] for key in ("as_of", "as_of_basis", "profile", "engine")}
    assert stated == {"as_of": "2030-01-01", "as_of_basis": "stated", "profile": "youjiang", "engine": "polars"}
    assert pb.read(saved).settings == tiny.settings


def test_what_is_saved_keeps_its_types(saved: Path, tiny: pb.Network, tmp_path: Path) -> None:
    network = pb.read(saved)
    for frame, held in ((network.regions, tiny.regions), (network.columns, tiny.columns)):
        assert frame.astype(object).values.tolist() == held.astype(object).values.tolist()
    done = command("check", saved, "-o", tmp_path / "核对", "--as-of", "2025年12月")
    assert done.exit_code == 0, done.output
    assert "判断日期为2025年12月31日（由选项指定）" in done.output and (tmp_path / "核对" / "待核对.xlsx").is_file()


def test_options_that_come_too_late_are_refused(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(
        pb.PolicyError, match="选项 --home（浙江省/杭州市）对已保存的网络不起作用：.*请换成原来的名册文件夹"
    ):
        pb.read(saved, home="浙江省/杭州市")
    own = tmp_path / "别名二.csv"
    own.write_text("类型,原名,标准名,判断\n单位,空空公司,关门公司,是\n", "utf-8-sig")
    with pytest.raises(pb.PolicyError, match="选项 --aliases（别名二.csv）对已保存的网络不起作用"):
        pb.read(saved, aliases=own)
    with pytest.raises(pb.PolicyError, match="没有名为“no-such”的规则方案"):
        pb.read(saved, profile="no-such")


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_a_pack_read_again_accuses_nobody_of_more(tiny: pb.Network, edition: str, tmp_path: Path) -> None:
    tiny.edition(edition).save(tmp_path / "out" / "network")
    first, again = (pb.assess(network) for network in (tiny, pb.read(tmp_path / "out")))
    said, before = (set(zip(frame["rule_id"], frame["subject_id"], strict=True)) for frame in (again, first))
    rules = pb.read_policy().rules  # A17 is said only where A1, which says more, is not known
    assert {
        (rule, of) for rule, of in said if not any((other, of) in before for other in rules[rule].refines)
    } <= before
    assert len(again) > 5


# Folders that mix two streets or two years


def test_two_streets_in_one_folder_are_asked_about(tmp_path: Path) -> None:
    other = renamed(TINY, ("望江街道", "龙山街道"), ("甲社区", "乙社区"))
    folder(tmp_path, 望江=TINY, 龙山=other)
    said = of_all(pb.read(tmp_path))
    assert said["streets-mixed"] == "名册里有两个街道：望江街道（望江.xlsx）和龙山街道（龙山.xlsx）。"
    assert "streets-mixed" not in of_all(pb.read(tmp_path, home="望江街道"))
    top = pb.read(tmp_path).findings.query("severity == 'warning'").iloc[0]
    assert top["code"] == "streets-mixed" and "--home" in top["remedy"]


def test_two_years_of_one_kind_are_asked_about(tmp_path: Path) -> None:
    folder(tmp_path, 单位2023年=UNITS, 单位2025年6月=renamed(UNITS, ("甲社区", "乙社区")))
    said = of_all(pb.read(tmp_path))
    assert said["years-mixed"] == (
        "“驻区单位台账”不是同一时期的：单位2025年6月.xlsx 是 2025-06 的，单位2023年.xlsx 是 2023-12 或更早的，目前合并使用。"
    )
    assert "years-mixed" not in of_all(pb.read(tmp_path, as_of="2025-06"))


def test_what_happened_in_another_year_is_no_roster_of_it(tmp_path: Path) -> None:
    plan: Book = {"计划": [["序号", "工作", "时间"], ["1", "学习", "3月"]]}
    agreements: Book = {"共建协议": [["2022年共建协议台账"], *TINY["共建协议"]]}
    rosters: Book = {key: rows for key, rows in TINY.items() if key != "共建协议"}
    folder(tmp_path, **{"2024年工作计划": plan, "2022年共建": agreements, "名册2025年6月": rosters})
    network = pb.read(tmp_path)
    assert of_all(network) == {}
    assert network.as_of == "2025-06-30"


def test_the_months_of_the_demo_are_not_mixed() -> None:
    assert of_all(pb.read(DEMO.parent / "demo-2025-05")) == {}


@pytest.mark.parametrize(
    "foot",
    [
        ["填表人：张三", "", "填报日期：2025年6月30日"], ["填表人：张三 审核：李四  制表日期：2025.6.30"],
        ["制表时间：", "2025-06-30"], ["审核人：王五", "填表人：赵六", "填报时间：2025年6月"],
    ],
)  # fmt: skip
def test_the_day_may_stand_below_the_table(tmp_path: Path, foot: list[str]) -> None:
    network = pb.read(folder(tmp_path, 名册={"驻区单位": [*TINY["驻区单位"], foot]}))
    assert (network.as_of, network.settings["as_of_basis"]) == ("2025-06-30", "filled")
    assert int(network.ledger["n_used"].sum()) == len(TINY["驻区单位"]) - 1
