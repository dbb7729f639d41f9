"""Proofs: workbooks in the words of the source documents, and what must come out of each, as data.

`systems/NN.toml` holds the sheets of system NN as an office writes them, the day, the profile, and `expect`, one expectation
a line: `says` in words, and what is looked at. An expectation that the program does not meet yet has `not_yet` with
the reason; it is never bent or deleted. `python tests/drive_systems.py` shows what is not met, `--record` notes it
as `not_yet`, and takes `not_yet` off what is met by now; `docs/generate.py` then writes docs/systems.md.

    node = "units", names = [...], n = 4, with = {...}     entities, their number, cells of the first named
    tie = "funds", from = "…", to = "…", n = 1, with = {}  ties; without `n` at least one
    rule = "C10", subject = "…", message = "…"             a finding that says this; "*" is any rule
    rule = "C10", subject = "…", found = false             none, though the rule was run and knows the subject
    measure = "activities", row = {...}, n = 1             rows of a measure with these cells (by = "…" groups)
    card = "…", line = "召开会议", holds = "2 次"           a line of the card of a body on the map
    drawn = "registered_with", from = "…", to = "…"        a line of the map
    table = "ratings", cells = [...]                       a row of a sheet of the workbook that holds these cells
    figure = "plot_meetings"                               a picture that is drawn
    asked = "…"                                            a name that is put before a person
"""

import re
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import xlsxwriter

import pbgraph as pb
from pbgraph.rendering.document import report
from pbgraph.rendering.facts import Facts, gather
from pbgraph.rendering.look import Look
from pbgraph.rendering.map_spec import MapSpec, map_spec

HERE = Path(__file__).parent / "systems"
Expected = dict[str, Any]
PARTS = {
    "node": "装", "tie": "装", "asked": "判", "rule": "判", "measure": "判",
    "card": "图", "drawn": "图", "table": "图", "figure": "图",
}  # fmt: skip


@dataclass(frozen=True)
class Proof:
    """The workbook of a system and what must come out of it."""

    number: int
    day: str
    profile: str
    books: dict[str, dict[str, list[list[Any]]]]
    expect: list[Expected]


def systems() -> dict[int, dict[str, Any]]:
    """What is said of each of the 65 systems."""
    told = tomllib.loads((HERE / "systems.toml").read_text("utf-8"))
    return {int(number): entry for number, entry in told.items()}


def proofs() -> dict[int, Proof]:
    """Every proof by the number of its system."""
    return {int(path.stem): _read(path) for path in sorted(HERE.glob("[0-9][0-9].toml"))}


def _read(path: Path) -> Proof:
    told = tomllib.loads(path.read_text("utf-8"))
    books = told.get("books") or {"名册": told["sheets"]}
    return Proof(int(path.stem), told["day"], told.get("profile", "national"), books, told["expect"])


def part_of(expected: Expected) -> str:
    """Whether an expectation is one of loading, judging or showing."""
    return next(said for key, said in PARTS.items() if key in expected)


class World:
    """What came out of the workbook of a proof."""

    def __init__(self, proof: Proof, folder: Path) -> None:
        for name, sheets in proof.books.items():
            _write(folder / f"{name}.xlsx", sheets)
        self.network = pb.read(folder, as_of=proof.day, profile=proof.profile)
        self.names = self.network.names()

    @cached_property
    def study(self) -> pb.Study:
        return pb.Study(self.network)

    @cached_property
    def findings(self) -> Any:
        return pb.assess(self.study)

    @cached_property
    def facts(self) -> Facts:
        return gather(self.study, look=Look(edition="internal"))  # the study itself: nothing is judged twice

    @cached_property
    def spec(self) -> MapSpec:
        return map_spec(self.facts)

    def fault(self, expected: Expected) -> str:
        """Why an expectation is not met, "" where it is."""
        kind = next(key for key in PARTS if key in expected)
        try:
            said: str = _LOOKS[kind](self, expected)
        except Exception as error:  # a crash is a result like another
            return f"程序中断：{type(error).__name__}"
        return said


def _write(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        page.write(number, column, value)


def _has(row: dict[str, Any], cells: dict[str, Any]) -> bool:
    """Whether a row has some cells: one that is True is there with whatever value."""
    return all(str(row.get(key)) == str(value) or (value is True and row.get(key) == row.get(key) is not None)
               for key, value in cells.items())  # fmt: skip


def _node(world: World, expected: Expected) -> str:
    frame = world.network.tables[expected["node"]]
    lacking = [name for name in expected.get("names", []) if name not in set(frame["name"])]
    if lacking:
        return f"没有装入“{'”“'.join(lacking)}”"
    if "n" in expected and len(frame) != expected["n"]:
        return f"装入 {len(frame)} 个，应为 {expected['n']} 个"
    if "with" in expected:
        rows = frame[frame["name"].isin(expected.get("names", frame["name"]))].to_dict("records")
        if not any(_has(row, expected["with"]) for row in rows):
            return f"没有留下 {_said(expected['with'])}"
    return ""


def _said(cells: dict[str, Any]) -> str:
    return "、".join(f"{key}={value}" for key, value in cells.items())


def _tie(world: World, expected: Expected) -> str:
    ties = world.network.ties[world.network.ties["relation"] == expected["tie"]]
    rows = [
        row for row in ties.to_dict("records")
        if all(end not in expected or world.names[row[column]] == expected[end]
               for end, column in (("from", "source_id"), ("to", "target_id")))
        and _has(row, expected.get("with", {}))
    ]  # fmt: skip
    n = expected.get("n")
    return "" if (len(rows) == n if n is not None else rows) else f"有 {len(rows)} 条这样的联系"


def _rule(world: World, expected: Expected) -> str:
    rule, subject = expected["rule"], expected.get("subject")
    found = world.findings if rule == "*" else world.findings[world.findings["rule_id"] == rule]
    about = found if subject is None else found[found["subject"] == subject]
    about = about[about["message"].str.contains(expected.get("message", ""), regex=False)]
    if expected.get("found", True):
        return "" if len(about) else ("没有报" if rule == "*" else f"{rule} 没有报")
    not_run = pb.not_run(world.study).set_index("rule_id")["missing"]
    if rule in not_run.index:
        return f"{rule} 没有检查（{not_run[rule]}）"
    if subject is not None and subject not in world.names.values():
        return f"名册里的“{subject}”没有装入"
    return f"{rule} 误报：{about['message'].iloc[0]}" if len(about) else ""


def _measure(world: World, expected: Expected) -> str:
    options = {"by": expected["by"]} if "by" in expected else {}
    frame = getattr(pb, expected["measure"])(world.study, **options)
    rows = [row for row in frame.to_dict("records") if _has(row, expected.get("row", {}))]
    n = expected.get("n")
    return "" if (len(rows) == n if n is not None else rows) else f"{expected['measure']} 有 {len(rows)} 行是这样"


def _card(world: World, expected: Expected) -> str:
    spec = world.spec
    node = next((node for node in spec.nodes if node["name"] == expected["card"]), None)
    if node is None:
        return f"图上没有“{expected['card']}”"
    told = [spec.texts[place] for place in node["facts"]]
    lines = [value for label, value in zip(told[::2], told[1::2], strict=True) if label == expected["line"]]
    return "" if any(expected.get("holds", "") in line for line in lines) else f"卡片上没有“{expected['line']}”这一行"


def _drawn(world: World, expected: Expected) -> str:
    nodes = world.spec.nodes
    ends = [
        (nodes[e["from"]]["name"], nodes[e["to"]]["name"])
        for e in world.spec.edges
        if e["relation"] == expected["drawn"]
    ]
    wanted = [
        pair for pair in ends if expected.get("from", pair[0]) == pair[0] and expected.get("to", pair[1]) == pair[1]
    ]
    return "" if wanted else "图上没有这条线"


def _table(world: World, expected: Expected) -> str:
    table = next((table for table in report(world.facts).tables() if table.key == expected["table"]), None)
    if table is None:
        return "统计表里没有这张表"
    rows = [[str(cell) for cell in row] for row in table.rows]
    cells = [str(cell) for cell in expected["cells"]]
    return "" if any(all(cell in row for cell in cells) for row in rows) else f"“{table.name}”表里没有这样的行"


def _figure(world: World, expected: Expected) -> str:
    import matplotlib.pyplot as plt

    drawn = getattr(pb, expected["figure"])(world.study)
    plt.close("all")
    return "" if drawn is not None else "画不出"


def _asked(world: World, expected: Expected) -> str:
    names = {*world.network.review["name"], *world.network.review["candidate"]}
    return "" if expected["asked"] in names else "没有提请核对"


_LOOKS: dict[str, Callable[[World, Expected], str]] = {
    "node": _node, "tie": _tie, "rule": _rule, "measure": _measure, "card": _card, "drawn": _drawn, "table": _table,
    "figure": _figure, "asked": _asked,
}  # fmt: skip


def faults(proof: Proof) -> list[str]:
    """Why each expectation of a proof is not met, "" where it is; nothing is met where nothing can be read."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            world = World(proof, Path(folder))
        except pb.PbgraphError as error:
            return [f"读不进来：{error.code}"] * len(proof.expect)
        return [world.fault(expected) for expected in proof.expect]


_NOT_YET = re.compile(r', not_yet = "(?:[^"\\]|\\.)*"(?= \},?$)')


def settle(proof: Proof, found: list[str]) -> int:
    """Note what is not met, and take the note off what is; returns how many lines changed."""
    path = HERE / f"{proof.number:02}.toml"
    lines, place, n_changed = path.read_text("utf-8").split("\n"), 0, 0
    for number, line in enumerate(lines):
        if not line.startswith("  { says ="):
            continue
        fault, bare = found[place], _NOT_YET.sub("", line)
        place += 1
        if not fault:
            lines[number] = bare
        elif bare == line:
            said = fault.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            lines[number] = re.sub(r" \},?$", f', not_yet = "{said}" }},', line)
        n_changed += lines[number] != line
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    return n_changed


def main(words: list[str]) -> None:
    """Show what is not met, for all proofs or those of some numbers; `--record` writes it down."""
    import pbgraph.reading.workers as workers

    def fail() -> None:
        raise OSError

    workers.Child = fail  # type: ignore[assignment,misc]  # open the files in this process: we wrote them
    chosen = [int(word) for word in words if word.isdigit()]
    for number, proof in proofs().items():
        if chosen and number not in chosen:
            continue
        found = faults(proof)
        print(f"{number:02} {sum(not fault for fault in found)}/{len(found)}")
        for expected, fault in zip(proof.expect, found, strict=True):
            if fault or "not_yet" in expected:
                print("   ", "已能证明" if not fault else "未证明", expected["says"], "—", fault)
        if "--record" in words:
            settle(proof, found)


if __name__ == "__main__":
    main(sys.argv[1:])
