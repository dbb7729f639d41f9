"""Kill a process that writes packs, again and again, and look whether what stands there is one whole pack.

python tests/drive_kills.py --seed 1 --number 500
python tests/drive_kills.py --every-step
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from pbgraph.rendering.exchange import claimed
from pbgraph.rendering.files import write_folder

EDITIONS = ("internal", "public")
OWN = "我的备注.txt"
_N_FILES = 12


def fill(edition: str, folder: Path) -> None:
    """A cheap pack whose every file says of which edition it is; `public` has files of its own."""
    (folder / "network").mkdir()
    for number in range(_N_FILES):
        name = f"network/{number}.json" if number % 3 else f"{number}.html"
        (folder / name).write_text(edition * 200)
    (folder / f"{edition}.txt").write_text(edition * 200)


def write_forever(target: Path, ready: Path) -> None:
    """Write both editions in turn until somebody kills the process."""
    number = 0
    while True:
        edition = EDITIONS[number % 2]
        write_folder(target, lambda folder, edition=edition: fill(edition, folder), is_private=edition == "internal")  # type: ignore[misc]
        ready.touch()
        number += 1


def state(target: Path) -> str:
    """The edition of a folder, or what is wrong with it."""
    if not target.exists():
        return "missing"
    files = [path for path in target.rglob("*") if path.is_file() and path.name != OWN]
    names = {path.relative_to(target).as_posix() for path in files} - {".pbgraph-files"}
    said = {path.read_text()[:6] for path in files if path.name != ".pbgraph-files"}
    for edition in EDITIONS:
        expected = {f"network/{n}.json" if n % 3 else f"{n}.html" for n in range(_N_FILES)} | {f"{edition}.txt"}
        if names == expected and said == {edition[:6]}:
            return edition
    return f"mixed {sorted(names)} {sorted(said)}"


def kills(folder: Path, *, seed: int, number: int, without_swap: bool = False, is_fixed: bool = False) -> list[str]:
    """Kill a writer at a random moment `number` times; returns what was wrong, also in what the next one finds.

    `without_swap` as on a system that cannot exchange two names in one step; `is_fixed` for a folder that cannot be
    renamed. There the folder is whole once the next run has looked at it.
    """
    chance = random.Random(seed)
    target, ready, wrong = folder / "out", folder / "ready", []
    target.mkdir(parents=True)
    (target / OWN).write_text("own")
    options = ["--without-swap"] * without_swap + ["--fixed"] * is_fixed
    for kill in range(number):
        ready.unlink(missing_ok=True)
        child = subprocess.Popen([sys.executable, __file__, "--child", str(target), str(ready), *options])
        while not ready.exists():
            time.sleep(0.002)
            assert child.poll() is None
        time.sleep(chance.uniform(0, 0.06))
        child.kill()
        child.wait()
        if not (without_swap or is_fixed) and (found := state(target)) not in EDITIONS:
            wrong.append(f"kill {kill}: {found}")
        if is_fixed:
            _fix()
        with claimed(target):
            pass
        if (found := state(target)) not in EDITIONS:
            wrong.append(f"after kill {kill}: {found}")
        if not (target / OWN).is_file() or (target / OWN).read_text() != "own":
            wrong.append(f"kill {kill}: a person's file is gone")
        rest = sorted(path.name for each in (folder, target) for path in each.glob(".pbgraph-*"))
        if rest != [".pbgraph-files"]:
            wrong.append(f"kill {kill}: left over {rest}")
    return wrong


def every_step(folder: Path, *, without_swap: bool = False, is_fixed: bool = False) -> tuple[int, list[str]]:
    """Die before the first thing that is done to the disk, then before the second, and so on; how many, what was wrong."""
    wrong: list[str] = []
    _set_up(without_swap=without_swap, is_fixed=is_fixed)
    for step in count(1):
        target = folder / str(step) / "out"
        target.mkdir(parents=True)
        (target / OWN).write_text("own")
        write_folder(target, lambda place: fill("internal", place))
        child = os.fork()
        if not child:
            _die_at(step)
            write_folder(target, lambda place: fill("public", place))
            os._exit(0)
        is_done = os.waitpid(child, 0)[1] == 0
        before = state(target)
        with claimed(target):
            pass
        found = [state(target)] if without_swap or is_fixed else [before, state(target)]
        rest = {path.name for each in (target.parent, target) for path in each.glob(".pbgraph-*")}
        if not set(found) <= set(EDITIONS) or rest != {".pbgraph-files"} or not (target / OWN).is_file():
            wrong.append(f"step {step}: {found} {sorted(rest)}")
        if is_done:
            return step, wrong
    raise AssertionError


_STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.chmod", "os.truncate", "os.listdir")


def _die_at(step: int) -> None:
    left = [step]

    def hook(event: str, _: object) -> None:
        if event in _STEPS or event.startswith("ctypes."):
            left[0] -= 1
            if not left[0]:
                os._exit(9)

    sys.addaudithook(hook)


def _set_up(*, without_swap: bool, is_fixed: bool) -> None:
    from pbgraph.rendering import exchange

    if without_swap:
        exchange._swapped = lambda one, two: False
    if is_fixed:
        _fix()


def _fix() -> None:
    from pbgraph.rendering import exchange

    exchange.os.access = lambda path, mode: False  # type: ignore[assignment, attr-defined]


def main() -> None:
    """Run as a driver, or as the child that is killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=500)
    parser.add_argument("--child", nargs=2, type=Path)
    parser.add_argument("--without-swap", action="store_true")
    parser.add_argument("--every-step", action="store_true")
    parser.add_argument("--fixed", action="store_true")
    asked = parser.parse_args()
    if asked.child:
        _set_up(without_swap=asked.without_swap, is_fixed=asked.fixed)
        write_forever(*asked.child)
    kinds = {"without_swap": asked.without_swap, "is_fixed": asked.fixed}
    with tempfile.TemporaryDirectory() as name:
        if asked.every_step:
            number, wrong = every_step(Path(name), **kinds)
        else:
            number, wrong = asked.number, kills(Path(name), seed=asked.seed, number=asked.number, **kinds)
    print(json.dumps({"kills": number, "seed": asked.seed, "wrong": wrong}, ensure_ascii=False, indent=1))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
