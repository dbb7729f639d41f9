"""How files are written: whole or not at all, one writer at a time, and nothing that a person made is lost."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import drive_kills
import duckdb
import pytest
from conftest import as_before, command, write_book
from openpyxl import load_workbook

import pbgraph as pb
from pbgraph.decisions import CHANGED
from pbgraph.manifest import NAME, Manifest
from pbgraph.reading.answers import answered
from pbgraph.rendering import exchange
from pbgraph.rendering.files import write_file, write_folder
from pbgraph.rendering.look import Look
from pbgraph.workspace import pack_of, packs_in, saved_network

Make = Callable[..., Path]
N_KILLS = int(os.environ.get("PBGRAPH_KILLS", "16"))
DAY = 1764403200  # 2025-11-29 in the middle of the day


def filled(content: str, *names: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(content)

    return fill


def edited(path: Path, content: str) -> None:
    path.write_text(content)
    os.utime(path, (DAY, DAY))


def shown(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".pbgraph-files"
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_kill_at_a_random_moment_leaves_one_whole_pack(tmp_path: Path) -> None:
    assert drive_kills.kills(tmp_path, seed=1, number=N_KILLS) == []


@pytest.mark.parametrize("option", ["--swap", "--without-swap", "--fixed"])
def test_a_kill_before_any_step_leaves_one_whole_pack(option: str) -> None:
    # In a process of its own, since it forks: threads of the tests would not survive that.
    options = [] if option == "--swap" else [option]
    command = [sys.executable, drive_kills.__file__, "--every-step", *options]
    ran = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_pack_made_anew_by_hand_between_two_renames_loses_nothing(tmp_path: Path) -> None:
    place = exchange.Place.of(tmp_path / "out")
    for ending, content in (("old", "old"), ("new", "new")):
        filled(content, "a")(place.helper(ending)) if place.helper(ending).mkdir() is None else None
    (tmp_path / "out").mkdir()
    edited(tmp_path / "out" / "mine.txt", "mine")
    with exchange.claimed(tmp_path / "out"):
        pass
    assert shown(tmp_path) == {"out/mine.txt": "mine", "out.old/a": "old"}


@pytest.mark.parametrize("nth", range(1, 4))
@pytest.mark.parametrize("fault", [OSError(28, "No space left"), KeyboardInterrupt()], ids=["disk full", "interrupted"])
@pytest.mark.parametrize("can_swap", [True, False])
def test_whatever_rename_fails_the_earlier_pack_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, fault: BaseException, can_swap: bool
) -> None:
    folder = write_folder(tmp_path / "out", filled("earlier", "a", "network/d"))
    real, calls = Path.rename, []

    def failing(self: Path, target: Any) -> Path:
        calls.append(target)
        if len(calls) == nth:
            raise fault
        return real(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    if not can_swap:
        monkeypatch.setattr(exchange, "_swapped", lambda one, two: False)
    try:
        write_folder(folder, filled("later", "a", "network/d"))
    except (pb.RenderError, KeyboardInterrupt):
        pass
    else:
        assert len(calls) < nth
    monkeypatch.undo()
    assert set(shown(folder).values()) in ({"earlier"}, {"later"})
    write_folder(folder, filled("last", "a", "network/d"))
    assert shown(folder) == {"a": "last", "network/d": "last"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_writers_take_turns_and_the_second_says_so_when_it_waits_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(folder: Path) -> None:
        filled("slow", "a", "b")(folder)
        inside.set()
        go_on.wait(20)

    writer = threading.Thread(target=write_folder, args=(tmp_path / "out", slow))
    writer.start()
    inside.wait(20)
    monkeypatch.setattr(exchange, "WAIT", 0.2)
    with pytest.raises(pb.RenderError, match="另一个 pbgraph 正在写 .*out，等了 0 秒"):
        write_folder(tmp_path / "out", filled("other", "a"))
    monkeypatch.setattr(exchange, "WAIT", 20.0)
    other = threading.Thread(target=write_folder, args=(tmp_path / "out", filled("other", "a")))
    other.start()
    go_on.set()
    for thread in (writer, other):
        thread.join(20)
    assert shown(tmp_path / "out") == {"a": "other"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT"])
def test_a_stopped_command_cleans_up_without_a_word(tmp_path: Path, name: str) -> None:
    script = (
        "import sys, time, pbgraph.cli as cli\nfrom pathlib import Path\nfrom pbgraph.rendering.files import write_folder\n"
        "def fill(folder):\n    print('inside', flush=True)\n    time.sleep(30)\n"
        "cli._run = lambda words: write_folder(Path(sys.argv[1]), fill)\ncli.main()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "out")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdout.readline() == "inside\n"
    number = getattr(signal, f"SIG{name}")
    child.send_signal(number)
    said = child.communicate(timeout=20)
    assert (child.returncode, said) == (128 + number, ("", ""))
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_during_the_imports_is_understood(tmp_path: Path) -> None:
    for wait in (0.05, 0.1, 0.2, 0.4):
        child = subprocess.Popen(
            [sys.executable, "-c", "print(1, flush=True)\nfrom pbgraph.__main__ import main\nmain()"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        )  # fmt: skip
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(signal.SIGINT)
        said = child.communicate(timeout=20)
        # Before our first line runs the stop is Python's own; from then on there is never a traceback.
        assert child.returncode in (0, 130) or "stopping" not in said[1]


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        duckdb.IOException('IO Error: Could not write file "/x/.y.part/a": No space left on device'),
    ],
)
def test_a_full_disk_is_one_sentence_and_the_old_pack_is_whole(
    tiny: pb.Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    folder = write_folder(tmp_path / "out", filled("earlier", "a"))

    def full(self: pb.Network, where: Path) -> None:
        raise error

    monkeypatch.setattr(pb.Network, "_save", full)
    with pytest.raises(pb.RenderError) as found:
        write_folder(folder, lambda place: str(tiny.save(place / "network")))
    assert str(found.value).startswith(f"无法写入：{folder}（磁盘已满）")
    assert shown(folder) == {"a": "earlier"} and [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_target_of_another_kind_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(pb.RenderError, match="那里已有一个同名文件"):
        write_folder(tmp_path / "file", filled("x", "a"))
    with pytest.raises(pb.RenderError, match="那里已有一个同名文件夹"):
        write_file(tmp_path / "folder", "x")
    with pytest.raises(pb.RenderError, match="无法写入"):
        write_folder(tmp_path / "file" / "below", filled("x", "a"))
    assert shown(tmp_path) == {"file": "mine"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_screen_that_is_full_is_one_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run([sys.executable, "-m", "pbgraph", "rules"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert ran.returncode == 2
    assert ran.stderr == "屏幕输出写不出去（磁盘已满）。若输出被转到一个文件，请检查磁盘是否已满。\n"


def test_outputs_keep_the_umask_and_what_names_persons_is_the_users_alone(tmp_path: Path) -> None:
    earlier = os.umask(0o027)
    try:
        assert mode(write_file(tmp_path / "a.html", "x")) == 0o640
        assert mode(write_file(tmp_path / "b.html", "x", is_private=True)) == 0o600
        shared = write_folder(tmp_path / "shared", filled("x", "a", "network/b"))
        assert [mode(shared), mode(shared / "a"), mode(shared / "network/b")] == [0o750, 0o640, 0o640]
        own = write_folder(tmp_path / "own", filled("x", "a", "network/b"), is_private=True)
        assert [mode(own), mode(own / "a"), mode(own / "network/b")] == [0o700, 0o600, 0o600]
    finally:
        os.umask(earlier)


def test_what_a_person_made_or_changed_is_kept(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "out", filled("one", "a.html", "b.html", "gone.html", "figures/c.png", "figures/gone.png")
    )
    for name in ("mine.txt", "figures/mine.png", "new.html", "figures/c.png", "gone.html"):
        edited(folder / name, f"by hand {name}")
    (folder / "empty").mkdir()
    write_folder(folder, filled("two", "a.html", "b.html", "new.html", "figures/c.png"))
    kept = {
        "figures/c（2025-11-29 保留）.png": "by hand figures/c.png",
        "gone（2025-11-29 保留）.html": "by hand gone.html",
        "new（2025-11-29 保留）.html": "by hand new.html",
    }
    ours = dict.fromkeys(("a.html", "b.html", "new.html", "figures/c.png"), "two")
    own = {"mine.txt": "by hand mine.txt", "figures/mine.png": "by hand figures/mine.png"}
    assert shown(folder) == {**kept, **ours, **own} and (folder / "empty").is_dir()
    assert set(Manifest.of(folder).kept) == set(kept) and set(Manifest.of(folder).files) == set(ours)
    edited(folder / "a.html", "again")
    write_folder(folder, filled("three", "a.html"), lang="en")
    edited(folder / "a.html", "and again")
    write_folder(folder, filled("four", "a.html"), lang="en")
    more = {"a (kept 2025-11-29).html": "again", "a (kept 2025-11-29 2).html": "and again", "a.html": "four"}
    assert shown(folder) == {**kept, **own, **more}


def test_what_a_person_changed_in_an_internal_folder_is_not_handed_out(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "out", filled("one", "a.html", "b.html"), is_private=True)
    edited(folder / "a.html", "names of persons")
    with pytest.raises(pb.PbgraphError) as refused:
        write_folder(folder, filled("two", "a.html"))
    assert refused.value.code == "output-internal" and refused.value.data["files"] == "a.html"
    assert shown(folder) == {"a.html": "names of persons", "b.html": "one"}
    write_folder(folder, filled("three", "a.html"), is_private=True)
    with pytest.raises(pb.PbgraphError, match="内部版"):
        write_folder(folder, filled("four", "a.html"))
    for name in Manifest.of(folder).kept:
        (folder / name).unlink()
    write_folder(folder, filled("five", "a.html"))
    assert shown(folder) == {"a.html": "five"} and not Manifest.of(folder).is_private


def test_a_manifest_of_an_earlier_version_still_says_what_is_ours(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "out", filled("one", "a.html"))
    told = json.loads((folder / NAME).read_text("utf-8"))
    del told["private"]
    (folder / NAME).write_text(json.dumps(told), "utf-8")
    write_folder(folder, filled("two", "a.html"))
    assert shown(folder) == {"a.html": "two"} and Manifest.of(folder).kept == ()


def test_a_file_in_the_place_of_a_folder_is_kept(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "out", filled("one", "a"))
    edited(folder / "figures", "a file")
    (folder / "b.html").mkdir()
    edited(folder / "b.html" / "inside", "in a folder")
    write_folder(folder, filled("two", "figures/a", "b.html"))
    assert shown(folder) == {
        "figures/a": "two", "b.html": "two", "figures（2025-11-29 保留）": "a file",
        "b（2025-11-29 保留）.html/inside": "in a folder",
    }  # fmt: skip


def test_the_folder_in_which_somebody_stands_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "out", filled("one", "a", "x/gone"))
    edited(folder / "mine", "mine")
    number = folder.stat().st_ino
    monkeypatch.chdir(folder)
    write_folder(Path(), filled("two", "a", "y/b"))
    assert folder.stat().st_ino == number
    assert shown(folder) == {"a": "two", "y/b": "two", "mine": "mine"} and not (folder / "x").exists()


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    write_folder(tmp_path / "out", filled("one", "a"))
    assert (tmp_path / "out").is_symlink() and shown(tmp_path / "real") == {"a": "one"}


def test_a_map_is_written_over_a_map_only(tiny: pb.Network, tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    pb.draw_map(tiny, target)
    pb.draw_map(tiny, target, look=Look(lang="en"))
    text = target.read_text("utf-8")
    for content in (text.replace("<title>", "<title>我的"), "名册", ""):
        target.write_text(content, encoding="utf-8", newline="\n")
        with pytest.raises(pb.RenderError, match="没有覆盖。请用 -o 换一个文件名"):
            pb.draw_map(tiny, target)
        assert target.read_text("utf-8") == content


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".json"])
def test_an_export_is_written_over_an_export_only(tiny: pb.Network, tmp_path: Path, suffix: str) -> None:
    target = pb.export(tiny, tmp_path / f"a{suffix}")
    before = target.read_bytes()
    pb.export(tiny, target)
    assert target.read_bytes() == before
    target.write_bytes(before + b"\n")
    with pytest.raises(pb.RenderError, match="没有覆盖"):
        pb.export(tiny, target)


def test_a_template_that_somebody_filled_in_is_not_touched(tmp_path: Path) -> None:
    path = pb.write_template(tmp_path / "a.xlsx")
    pb.write_template(path)
    book = load_workbook(path)
    book.worksheets[1]["A4"] = "1"
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(pb.RenderError, match="没有覆盖"):
        pb.write_template(path)
    assert path.read_bytes() == before


UNITS = [["单位名称", "单位类型", "星座"], ["甲公司", "非公企业", "狮子"], ["乙公司", "国企", "处女"]]
STRANGE = [["甲一", "乙二", "丙三"], ["张三", "李四", "王五"]]
ORGANIZATIONS = [["党组织名称", "党组织类别", "成立日期"], ["甲社区党支部", "党支部", "2019-01-01"]]
WRONG = [["单位名称", "单位类型", "党员人数"], ["甲公司", "非公企业", "三"], ["乙公司", "国企", "2"]]


@pytest.fixture
def book(tmp_path: Path) -> Make:
    def make(sheets: Any, name: str) -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        return write_book(tmp_path / name, sheets)

    return make


def answer(path: Path, sheet: str, value: str) -> None:
    """Change one line of 识别结果, as a clerk does."""
    book = load_workbook(path)
    page = book["识别结果"]
    heads = {cell.value: cell.column for cell in page[3]}
    line = next(row for row in page.iter_rows(min_row=4) if row[1].value == sheet and not row[4].value)
    page.cell(line[0].row, heads[CHANGED], value)
    book.save(path)
    os.utime(path, (DAY, DAY))


def test_answers_at_the_target_are_taken_in_and_never_lost(book: Make, tmp_path: Path) -> None:
    rosters, out = book({"单位": UNITS, "杂": STRANGE}, "名册/a.xlsx").parent, tmp_path / "out"
    command("check", rosters, "-o", out)
    review = out / "待核对.xlsx"
    assert mode(review) == 0o600 and answered(review) == 0
    saved = load_workbook(review)
    saved.save(review)
    assert answered(review) == 0  # opened and saved, but not answered: what is suggested is nobody's decision
    answer(review, "杂", "党员名册")
    again = command("check", rosters, "-o", out)
    assert "已采用 out/待核对.xlsx 中的 1 条回答" in again.output
    assert "待核对（2025-11-29 保留）.xlsx" in again.output
    assert "党员名册" in (out / "别名.csv").read_text("utf-8-sig")
    third = command("check", rosters, "-o", out)
    assert "已采用" not in third.output and "保留" not in third.output
    assert "杂：党员名册" in again.output and "杂：党员名册" in third.output


def test_answers_in_the_newest_pack_hold_for_the_next_month(book: Make, tmp_path: Path) -> None:
    book({"单位": UNITS, "杂": STRANGE}, "2025-05/a.xlsx")
    first = pb.read(tmp_path)
    pack = pb.write_pack(first, tmp_path / "结果" / "2025-05")
    answer(pack / "待核对.xlsx", "杂", "党员名册")
    book({"单位": UNITS, "杂": STRANGE, "支部": ORGANIZATIONS}, "2025-06/a.xlsx")
    second = pb.read(tmp_path)
    assert "answers-taken" in set(second.findings["code"])
    assert second.decisions["标准名"].tolist() == ["党员名册"]
    # What stands beside the rosters holds over it.
    shape = "甲一|乙二|丙三"
    (tmp_path / "别名.csv").write_text(f"类型,原名,标准名,判断\n表,{shape},不读,是\n", "utf-8-sig")
    assert pb.read(tmp_path).decisions["标准名"].tolist() == ["不读"]


def test_copies_are_read_over_their_originals(book: Make, tmp_path: Path) -> None:
    folder, out = book({"单位": WRONG}, "名册/单位.xlsx").parent, tmp_path / "out"
    book({"支部": ORGANIZATIONS}, "名册/支部.xlsx")
    assert command("check", folder, "-o", out).exit_code == 0
    copies = out / "annotated"
    assert sorted(path.name for path in copies.glob("*.xlsx")) == ["单位.xlsx"]
    assert mode(copies / "单位.xlsx") == 0o600
    page = load_workbook(copies / "单位.xlsx")
    page["单位"]["C2"] = "3"
    page.save(copies / "单位.xlsx")
    os.utime(copies / "单位.xlsx", (DAY, DAY))
    whole = pb.read(copies)
    assert {"甲公司", "乙公司"} <= set(whole.units["name"]) and len(whole.organizations) == 1
    assert whole.findings["code"].tolist() == ["annotated-overlay"]
    # Checking the originals again makes a new copy, and keeps the corrected one.
    again = command("check", folder, "-o", out)
    assert "单位（2025-11-29 保留）.xlsx" in again.output
    assert load_workbook(copies / "单位（2025-11-29 保留）.xlsx")["单位"]["C2"].value == "3"
    assert set(pb.read(copies).inputs["file"]) == {"单位.xlsx", "支部.xlsx"}
    # Without the originals the copies are read alone, and that is said.
    folder.rename(tmp_path / "elsewhere")
    alone = pb.read(copies)
    assert set(alone.inputs["file"]) == {"单位.xlsx"} and "annotated-alone" in set(alone.findings["code"])


def test_a_corrected_copy_stays_when_the_copies_are_checked_into_themselves(book: Make, tmp_path: Path) -> None:
    folder, out = book({"单位": WRONG}, "名册/单位.xlsx").parent, tmp_path / "out"
    book({"单位": [*WRONG[:1], ["丙公司", "国企", "四"]]}, "名册/别的.xlsx")
    command("check", folder, "-o", out)
    page = load_workbook(out / "annotated" / "单位.xlsx")
    page["单位"]["C2"] = "3"
    page.save(out / "annotated" / "单位.xlsx")
    for _ in range(2):
        command("check", out / "annotated", "-o", out)
        network = pb.read(out / "annotated")
        wrong = network.findings[network.findings["file"] != ""]
        assert set(wrong["file"]) == {"别的.xlsx"} and set(network.inputs["file"]) == {"单位.xlsx", "别的.xlsx"}


def test_what_a_killed_run_left_is_read_by_nobody(book: Make, tmp_path: Path) -> None:
    folder = book({"单位": UNITS}, "名册/a.xlsx").parent
    place = exchange.Place.of(folder / "out")
    for ending in ("part", "new"):
        book({"单位": UNITS}, f"名册/{place.helper(ending).name}/network/b.xlsx")
        (place.helper(ending) / "network" / "network.json").write_text('{"settings": {}}')
    assert pb.read(folder).inputs["file"].tolist() == ["a.xlsx"]
    assert packs_in(folder) == []
    write_folder(folder / "out", filled("x", "a"))
    assert not list(folder.glob(".pbgraph-*"))


def test_what_is_kept_in_a_pack_is_no_roster(book: Make, tmp_path: Path) -> None:
    folder = book({"单位": UNITS}, "名册/a.xlsx").parent
    network = pb.read(folder)
    pb.write_pack(network, folder / "out")
    book({"单位": WRONG}, "名册/out/缺口清单和统计表.xlsx")
    pb.write_pack(network, folder / "out")
    assert len(Manifest.of(folder / "out").kept) == 1
    assert pb.read(folder).inputs["file"].tolist() == ["a.xlsx"]


OLD = {"report.xlsx", "review.xlsx", "brief.html", "figures", "network"}
NEW = {"缺口清单和统计表.xlsx", "待核对.xlsx", "图表", "网络数据"}


def test_a_pack_of_the_last_version_makes_way(book: Make, tmp_path: Path) -> None:
    rosters = book({"单位": UNITS, "杂": STRANGE}, "名册/a.xlsx").parent
    pack = as_before(pb.write_pack(pb.read(rosters), rosters / "out"))
    assert {path.name for path in pack.iterdir()} >= OLD and packs_in(tmp_path)[0][0] == pack
    assert saved_network(pack) == pack / "network" and pack_of(pack / "network") == pack
    assert pb.read(pack).equals(pb.read(pack / "network"))
    assert pb.read(rosters).inputs["file"].tolist() == ["a.xlsx"]
    pb.write_pack(pb.read(rosters), pack)
    there = {path.name for path in pack.iterdir()}
    assert there >= NEW and not OLD & there and Manifest.of(pack).kept == ()
    assert saved_network(pack) == pack / "网络数据" and pack_of(pack / "网络数据") == pack
    assert pb.read(rosters).inputs["file"].tolist() == ["a.xlsx"]


def test_what_a_person_made_of_a_pack_of_the_last_version_is_kept(book: Make, tmp_path: Path) -> None:
    rosters = book({"单位": UNITS, "杂": STRANGE}, "名册/a.xlsx").parent
    pack = as_before(pb.write_pack(pb.read(rosters), tmp_path / "名册" / "结果" / "out"))
    answer(pack / "review.xlsx", "杂", "党员名册")
    edited(pack / "network" / "说明.txt", "mine")
    edited(pack / "brief.html", "changed by hand")
    edited(pack / "figures" / "coverage.png", "drawn by hand")
    ran = command("report", rosters, "-o", pack)
    assert "review.xlsx 中的 1 条回答" in ran.output and "党员名册" in (pack / "别名.csv").read_text("utf-8-sig")
    aside = [
        "brief（2025-11-29 保留）.html",
        "figures/coverage（2025-11-29 保留）.png",
        "review（2025-11-29 保留）.xlsx",
    ]
    assert sorted(Manifest.of(pack).kept) == aside
    left = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    assert {name for name in left if name.split("/")[0] in OLD} == {"network/说明.txt", aside[1]}
    assert pb.read(rosters).inputs["file"].tolist() == ["a.xlsx"]
    again = command("report", rosters, "-o", pack)
    assert sorted(Manifest.of(pack).kept) == aside and "保留）" not in again.output


def test_a_list_for_answers_takes_the_place_of_one_in_the_other_language(book: Make, tmp_path: Path) -> None:
    rosters, out = book({"单位": UNITS, "杂": STRANGE}, "名册/a.xlsx").parent, tmp_path / "out"
    command("check", rosters, "-o", out, "--lang", "en")
    edited(out / "待核对.xlsx", "a list of the office")
    assert (out / "review.xlsx").is_file()
    command("check", rosters, "-o", out)
    assert sorted(path.name for path in out.glob("*.xlsx")) == ["待核对.xlsx", "待核对（2025-11-29 保留）.xlsx"]
    answer(out / "待核对.xlsx", "杂", "党员名册")
    command("check", rosters, "-o", out, "--lang", "en")
    kept = ["待核对 (kept 2025-11-29).xlsx", "待核对（2025-11-29 保留）.xlsx"]
    assert sorted(path.name for path in out.glob("*.xlsx")) == ["review.xlsx", *kept]
    assert sorted(Manifest.of(out).kept) == kept and [*Manifest.of(out).files] == ["review.xlsx", "别名.csv"]


def test_a_list_of_the_office_that_is_called_as_ours_is_a_roster(book: Make, tmp_path: Path) -> None:
    folder = book({"单位": UNITS}, "名册/a.xlsx").parent
    pb.write_pack(pb.read(folder), folder / "out", look=Look("en"))
    book({"单位": [UNITS[0], ["丙公司", "非公企业", "狮子"]]}, "名册/out/待核对.xlsx")
    assert pb.read(folder).inputs["file"].tolist() == ["a.xlsx", "out/待核对.xlsx"]
