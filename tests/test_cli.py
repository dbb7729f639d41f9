"""The command line as a clerk uses it: one clear sentence for each fault, and the exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DEMO, TINY, command, write_book
from openpyxl import load_workbook

from pbgraph.arguments import COMMANDS, help_page
from pbgraph.captions import LANGUAGES

STATUS_DONE, STATUS_ERRORS, STATUS_NOTHING = 0, 1, 2


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pbgraph", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}, check=False
    )


def said(done: subprocess.CompletedProcess[str], status: int) -> str:
    text = done.stdout + done.stderr
    assert "Traceback" not in text
    assert done.returncode == status, text
    return text


@pytest.fixture
def tiny_book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "名册.xlsx", TINY)


def test_help_names_every_command_without_loading_the_engine() -> None:
    text = said(run("--help"), STATUS_DONE)
    for word in COMMANDS:
        assert f"\n  {word} " in text
    heavy = "import sys, pbgraph.cli; print([m for m in ('pandas', 'duckdb', 'matplotlib', 'networkx', 'scipy') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("chekc", "x"), "没有“chekc”这个命令，也没有这个文件夹或文件。是否为 check？请用 pbgraph --help 看全部命令。"),
        (("report",), "命令 report 后面缺少名册的文件夹或文件。请写成 pbgraph report 文件夹，或把文件夹直接拖到命令后面。"),
        (("map", "x", "--hom", "y"), "命令 map 没有“--hom”这个选项。是否为 --home？请用 pbgraph map --help 看全部选项。"),
        (("check", "x", "-o"), "选项 -o 后面缺少值。请写成 -o 值；用法见 pbgraph check --help。"),
        (("template", "x"), "命令 template 后面多了“x”。路径里有空格时，请给整个路径加上引号；用法见 pbgraph template --help。"),
        (("map", "x", "--edition", "y"), "选项 --edition 的值“y”不可用。可选：internal（内部）、meeting（会议）、public（公开）。"),
        (("check", "x", "--lang=fr"), "选项 --lang 的值“fr”不可用。可选：zh（中文）、en（英文）。"),
        (("check", "--lang", "en"), "The command check lacks the folder or files of rosters. Write pbgraph check FOLDER, or drag the folder behind the command."),
        (("export", "x", "--lang=英文", "--zip", "y"), "The command export has no option '--zip'. See pbgraph export --help for the options."),
        (("--lang", "en", "x.xlsx"), "No such path: x.xlsx. Check the spelling, or drag the folder behind the command."),
    ],
)  # fmt: skip
def test_a_mistake_in_the_words_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = command(*words)
    assert (done.exit_code, done.output) == (STATUS_NOTHING, f"{sentence}\n")


def test_help_and_version_work_everywhere() -> None:
    for words in ((), ("-h",), ("--help", "--lang", "zh"), ("data", "--help")):
        assert "\n  check     只读入和检查" in command(*words).output
    assert "\n  check     read and check only" in command("--lang=en", "-h").output
    page = command("map", "--help", "--lang", "英文").output
    assert page.startswith("Usage: pbgraph map FOLDER or FILES...\n")
    assert "--edition     edition: internal, meeting, public (default: meeting)" in page
    assert [command(*words).output for words in (("--version",), ("check", "--version"))] == ["pbgraph 0.1.0\n"] * 2


def test_every_option_of_a_command_is_explained_in_both_languages() -> None:
    for name, chosen in COMMANDS.items():
        for lang in LANGUAGES:
            page = help_page(name, lang)
            assert [key for key in chosen.options if f"--{key.replace('_', '-')} " not in page] == []


def test_output_is_in_the_encoding_of_the_console(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "pbgraph", "check", str(tmp_path / "没有")]
    for encoding, sentence in (("gbk", "路径不存在："), ("utf-8", "路径不存在："), ("ascii", "??????")):
        done = subprocess.run(line, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False)
        assert done.returncode == STATUS_NOTHING
        assert done.stderr.decode(encoding).startswith(sentence)


def test_a_reader_that_has_seen_enough_is_no_fault(tiny_book: Path) -> None:
    line = f'"{sys.executable}" -m pbgraph rules | head -n 1; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (STATUS_DONE, "")
    assert done.stdout.count("\n") == 1


def test_what_nobody_foresaw_is_a_sentence_too(tiny_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*paths: object, **options: object) -> None:
        raise ZeroDivisionError("赵一 999999198003120011")

    monkeypatch.setattr("pbgraph.build.read", broken)
    done = command("check", tiny_book)
    assert done.exit_code == STATUS_NOTHING
    assert done.output.startswith("程序遇到未预料的情况（ZeroDivisionError，pbgraph.cli:")
    assert "赵一" not in done.output and "Traceback" not in done.output


def test_without_o_it_is_written_beside_the_rosters(tmp_path: Path) -> None:
    office = tmp_path / "望江 街道"
    office.mkdir()
    write_book(office / "名册2025年6月.xlsx", TINY)
    assert f'已写入 "{office / "结果" / "map.html"}"' in command("map", office).output
    assert f'Written: "{office / "结果" / "network.graphml"}"' in command("export", office, "--lang", "en").output
    text = command("check", office).output
    assert "判断日期为2025年6月30日（取自文件或文件夹名称：名册2025年6月.xlsx）" in text
    assert "结果" not in text


def test_two_streets_are_said_with_every_command(tmp_path: Path) -> None:
    other = [[str(cell).replace("望江", "龙山") for cell in row] for row in TINY["党组织"]]
    write_book(tmp_path / "望江.xlsx", TINY)
    write_book(tmp_path / "龙山.xlsx", {"党组织": other})
    for words in (("map", tmp_path), ("check", tmp_path)):
        assert "  [注意] 名册里有两个街道：望江街道（望江.xlsx）和龙山街道（龙山.xlsx）。请把" in command(*words).output


def test_report_writes_the_pack_and_says_where(tiny_book: Path, tmp_path: Path) -> None:
    text = said(run("report", tiny_book, "-o", tmp_path / "out", "--as-of", "2025-06-30"), STATUS_DONE)
    assert "1 个文件：党员 14 名，党组织 4 个，单位 11 家，大党委 1 个" in text
    assert "判断日期为2025年6月30日（由选项指定）" in text
    for name in (
        "党组织覆盖图.html",
        "党建情况汇报.pptx",
        "挂图.pdf",
        "覆盖图.png",
        "map.html",
        "缺口清单和统计表.xlsx",
        "待核对.xlsx",
        "图表",
        "网络数据",
    ):
        assert (tmp_path / "out" / name).exists()
        assert str(tmp_path / "out" / name) in text


def test_a_saved_network_is_a_path_too(tiny_book: Path, tmp_path: Path) -> None:
    said(run("report", tiny_book, "-o", tmp_path / "out"), STATUS_DONE)
    said(run("map", tmp_path / "out" / "网络数据", "-o", tmp_path / "again.html"), STATUS_DONE)
    assert "宏达机械厂" in (tmp_path / "again.html").read_text("utf-8")


def test_check_prints_the_ledger_and_its_status(tiny_book: Path, tmp_path: Path) -> None:
    text = said(run("check", tiny_book), STATUS_DONE)
    assert "名册.xlsx · 党员名册：党员名册　总行数 15　采用 14　搁置 0　跳过 1（表头 1）" in text
    assert text.rstrip().endswith("未发现错误。")
    wrong = write_book(tmp_path / "错.xlsx", {"党员": [["姓名", "所在党支部", "身份证号"], ["甲", "一支部", "123"]]})
    assert "[错误] 错.xlsx 党员 2 C 身份证号：身份证号位数或校验码不对。请核对证件后改正。" in said(
        run("check", wrong), STATUS_ERRORS
    )


def test_check_speaks_english(tmp_path: Path) -> None:
    wrong = write_book(tmp_path / "错.xlsx", {"党员": [["姓名", "所在党支部", "身份证号"], ["甲", "一支部", "123"]]})
    text = said(run("check", wrong, "--lang", "en"), STATUS_ERRORS)
    assert "[error] 错.xlsx 党员 2 C 身份证号: The ID number has a wrong length or check digit. Correct it" in text


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    text = said(run("report", tmp_path / "没有", "-o", tmp_path / "out"), STATUS_NOTHING)
    assert text.startswith(f"路径不存在：{tmp_path / '没有'}。请检查路径是否写对")
    assert not (tmp_path / "out").exists()


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert said(run("check", tmp_path / "空"), STATUS_NOTHING).startswith(f"文件夹里没有工作簿：{tmp_path / '空'}。")


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "照片.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n")
    text = said(run("check", tmp_path / "照片.xlsx"), STATUS_NOTHING)
    assert "照片.xlsx：不是能读的工作簿（看内容像PNG）。请换成" in text
    assert "没有读到一行可用的数据（共 1 个文件）。" in text


def test_a_sheet_that_fits_nothing_and_a_missing_column(tmp_path: Path) -> None:
    write_book(tmp_path / "a.xlsx", {"天气": [["今天", "明天"], ["晴", "雨"]]})
    write_book(tmp_path / "b.xlsx", {"党员花名册": [["姓名", "性别", "民族", "学历"], ["甲", "男", "汉", "大学"]]})
    text = said(run("check", tmp_path), STATUS_DONE)
    assert "a.xlsx 天气：没有找到认识的表头，整张表未用。若是名册，请在“待核对”工作簿的“识别结果”里选" in text
    assert "“党员名册”里没有“所在党支部或所属党委”" in text


def test_a_workbook_open_in_excel(tiny_book: Path) -> None:
    (tiny_book.parent / "~$名册.xlsx").write_bytes(b"lock")
    text = said(run("check", tiny_book.parent), STATUS_DONE)
    assert "~$名册.xlsx：跳过 Excel 的锁文件" in text


def test_an_output_folder_that_cannot_be_written(tiny_book: Path, tmp_path: Path) -> None:
    (tmp_path / "占用").write_text("a file where the folder should be")
    text = said(run("report", tiny_book, "-o", tmp_path / "占用" / "out"), STATUS_NOTHING)
    assert "无法写入：" in text and "请换一个有写权限的文件夹" in text


def test_wrong_options(tiny_book: Path, tmp_path: Path) -> None:
    out = ("-o", tmp_path / "out")
    assert "没有名为“火星”的规则方案。可选：national / " in said(
        run("report", tiny_book, *out, "--profile", "火星"), STATUS_NOTHING
    )
    assert "日期“明天”不认识。请写成 2025-06-30。" in said(
        run("report", tiny_book, *out, "--as-of", "明天"), STATUS_NOTHING
    )
    own = tmp_path / "policy.toml"
    own.write_text("[rules.A1\n", "utf-8")
    assert "文件“policy.toml”第 1 行不合 TOML 的写法：[rules.A1。" in said(
        run("report", tiny_book, *out, "--policy", own), STATUS_NOTHING
    )
    assert "别名文件 没有.csv 不能用" in said(
        run("check", tiny_book, "--aliases", tmp_path / "没有.csv"), STATUS_NOTHING
    )


def test_a_profile_of_ones_own(tiny_book: Path, tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(
        '[profiles.ours]\nlabel = {zh = "本街道口径", en = "ours"}\nnote = {zh = "", en = ""}\n[profiles.ours.params.A1]\nn = 5\n[profiles.ours.params.A2]\nn = 5\n',
        "utf-8",
    )
    said(run("report", tiny_book, "-o", tmp_path / "out", "--policy", own, "--profile", "ours"), STATUS_DONE)
    book = load_workbook(tmp_path / "out" / "缺口清单和统计表.xlsx")
    rules, gaps = (
        "\n".join(str(cell) for row in book[sheet].iter_rows(values_only=True) for cell in row)
        for sheet in ("规则依据", "缺口清单")
    )
    assert "依据：本街道口径" in rules and "有正式党员 5 名以上的单位" in rules
    assert "通行规定：有正式党员 3 名以上的单位" in rules
    assert "有党员 4 名（正式 4 名），尚未建立党组织，应联合组建。" in gaps


def test_an_alias_file_in_the_folder_is_used(tmp_path: Path) -> None:
    rows = {name: [row[:] for row in table] for name, table in TINY.items()}
    rows["党组织"][4][5] = "兴隆小店、福来店"
    write_book(tmp_path / "名册.xlsx", rows)
    assert "兴隆小店" in said(run("check", tmp_path), STATUS_DONE)
    (tmp_path / "别名.csv").write_text("类型,原名,标准名,判断\n单位,兴隆小店,兴隆店,是\n", "utf-8-sig")
    assert "兴隆小店" not in said(run("check", tmp_path), STATUS_DONE)


def test_the_terminal_says_no_secret(tmp_path: Path) -> None:
    from test_outputs import CANARY, secretive

    folder = secretive(tmp_path)
    for words in (("check", folder), ("report", folder, "-o", tmp_path / "out")):
        done = run(*words)
        assert [what for what, token in CANARY.items() if token in done.stdout + done.stderr] == []
        assert "Traceback" not in done.stderr


def test_a_pack_in_the_roster_folder_is_not_read_as_rosters(tiny_book: Path) -> None:
    folder = tiny_book.parent
    first = said(run("report", folder, "-o", folder / "结果"), STATUS_DONE)
    for place in (folder / "结果", folder):
        again = said(run("report", folder, "-o", place), STATUS_DONE)
        assert first.splitlines()[0] == again.splitlines()[0]
    assert "结果：这是以前生成的会议材料，未作为名册读入。" in said(run("check", folder), STATUS_DONE)


def test_export_and_template(tiny_book: Path, tmp_path: Path) -> None:
    said(run("export", tiny_book, "-o", tmp_path / "a.json"), STATUS_DONE)
    data = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert data["multigraph"] is True and len(data["nodes"]) > 20
    assert "不认识的导出格式：a.doc。" in said(run("export", tiny_book, "-o", tmp_path / "a.doc"), STATUS_NOTHING)
    assert "空白模板已写入" in said(run("template", "-o", tmp_path / "模板.xlsx"), STATUS_DONE)
    assert "没有读到一行可用的数据（共 1 个文件）。" in said(run("check", tmp_path / "模板.xlsx"), STATUS_NOTHING)


def test_demo_runs_from_anywhere(tmp_path: Path) -> None:
    text = said(run("demo", "-o", tmp_path / "out"), STATUS_DONE)
    assert "12 个文件：党员 1184 名，党组织 73 个，单位 150 家，大党委 5 个" in text
    assert DEMO.is_dir()
