"""What the pages show of the program itself: commands with their outputs, errors, tables of the model and of rules.

A page of docs/ holds `<!-- generated NAME -->` … `<!-- end -->`; `filled` puts in between what `BLOCKS[NAME]` gives.
Everything is run, in a folder of its own, on the strange rosters of the notebooks: what a page shows is what was said.
"""

import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pbgraph import schema
from pbgraph.arguments import COMMANDS
from pbgraph.captions import caption
from pbgraph.model import KINDS, PREFIXES, SHEETS
from pbgraph.policy import built_values, column_labels, judged, read_policy

ROOT = Path(__file__).parent.parent
STRANGE = ROOT / "notebooks" / "data" / "strange"
ROSTERS = "名册"
_MOST_LINES = 24
_WORST = 2  # exit status of a command that could do nothing
_BLOCK = re.compile(r"(<!-- generated ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """A page with each of its blocks made anew."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]().strip()}\n{found[3]}", text)


@contextlib.contextmanager
def at_the_desk() -> Iterator[Path]:
    """A working folder with a month of rosters, opened in this process, as where no child can be started."""
    from pbgraph.reading.workers import Workers

    before, started = Path.cwd(), Workers._started
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(STRANGE, Path(made) / ROSTERS / "2025-06")
        os.chdir(made)
        Workers._started = lambda self: None  # type: ignore[method-assign]
        try:
            yield Path(made)
        finally:
            Workers._started = started  # type: ignore[method-assign]
            os.chdir(before)


def said(line: str) -> tuple[int, str]:
    """The exit status of a command, and what it says on both channels."""
    from pbgraph.cli import main

    heard, words = io.StringIO(), sys.argv
    sys.argv = line.split()
    try:
        with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            main()
    except SystemExit as ended:
        status = int(ended.code or 0)
        if status > _WORST:  # stopped: nothing to be shown
            raise
        return status, heard.getvalue()
    finally:
        sys.argv = words
    raise AssertionError(line)


TRIED = {
    "report": (
        f"pbgraph {ROSTERS}",
        "`pbgraph 文件夹` 就是 `pbgraph report 文件夹`：读最新的月份，材料写进 `结果/2025-06`。"
        "一个月的事怎么做，见[给办事员](clerk.md)。",
    ),
    "init": (
        f"pbgraph init {ROSTERS}",
        "写出的 `pbgraph.toml`，每一项有说明；删去行首的 `#` 就生效，命令上写的优先。已有的文件不会改动。",
    ),
    "demo": ("", "和 `pbgraph report` 相同，读自带的演示名册，不写 `-o` 时写进 `pbgraph-demo`。约半分钟。"),
    "check": (
        f"pbgraph check {ROSTERS} -o 检查",
        "问题怎么改，见[名册读不进来怎么办](import.md)。",
    ),
    "wall": (f"pbgraph wall {ROSTERS} -o 覆盖图.html", "怎么用，见[带进会议室](meeting.md)。"),
    "map": (
        f"pbgraph map {ROSTERS}/结果/2025-06 -o 关系图.html",
        "也可以从以前的结果画：不用再读名册。会议版、公开版的结果里没有党员，人数写「—」。",
    ),
    "rules": (f"pbgraph rules {ROSTERS}", "不写文件夹时，只列规则。怎样改，见[规则和自己的规则](policy.md)。"),
    "export": (
        f"pbgraph export {ROSTERS}/结果/2025-06 -o 街道.graphml",
        "后缀决定格式：`.graphml`（yEd、Gephi）、`.gexf`（Gephi）、`.json`（d3）、`.parquet`（一个文件夹，可以再读进来）。"
        "里面有什么，见[网络里有什么](network.md)。",
    ),
    "template": ("pbgraph template -o 模板.xlsx", "名册原样就能读；模板给还没有表的人用。"),
}
MISTYPED = (f"pbgraph chek {ROSTERS}", f"pbgraph check {ROSTERS} --edtion 内部", "pbgraph check 没有这个文件夹")


@cache
def _commands() -> str:
    parts = []
    with at_the_desk():
        for name in COMMANDS:
            line, more = TRIED[name]
            parts += [f"## pbgraph {name}", "", _shown(f"pbgraph {name} --help", most=99), "", more, ""]
            parts += [_shown(line), ""] if line else []
            if name == "init":
                parts += ["```toml", Path(ROSTERS, "pbgraph.toml").read_text("utf-8").strip(), "```", ""]
        parts += ["## 打错了", "", "一句话说清是什么、在哪里、怎么办；什么也没有写。", ""]
        parts += [f"{_shown(line)}\n" for line in MISTYPED]
    return "\n".join(parts)


def _shown(line: str, *, most: int = _MOST_LINES) -> str:
    """A command as it is typed, what it says, and its exit status where it is not 0."""
    status, text = said(line)
    lines = text.strip().splitlines()
    if len(lines) > most:
        lines = [*lines[: most - 4], f"……（略去 {len(lines) - most + 2} 行）", *lines[-2:]]
    end = [f"（退出状态 {status}）"] if status else []
    return "\n".join(["```console", f"$ {line}", *lines, *end, "```"])


SLIPS = """
network.filter(community="临江")
network.unit
pb.Study(network).covrage
pb.read("没有这个文件夹")
pb.read_policy(profile="右江")
pb.export(network, "street.xls")
pb.Network.from_graph(nx.MultiDiGraph([("甲", "乙")]))
pb.coverage(network, policy="national")
"""


@cache
def _errors() -> str:
    """What an analyst meets: the line, the kind of error and what it says."""
    import networkx as nx

    import pbgraph as pb

    lines = []
    with at_the_desk():
        names = {"pb": pb, "nx": nx, "network": pb.read(f"{ROSTERS}/2025-06")}
        for slip in SLIPS.strip().splitlines():
            try:
                exec(slip, names)
            except Exception as error:
                kind = f"pb.{type(error).__name__}" if isinstance(error, pb.PbgraphError) else type(error).__name__
                lines += [f">>> {slip}", f"{kind}: {error}", ""]
            else:
                raise AssertionError(slip)
    return "\n".join(["```text", *lines[:-1], "```"])


def _kinds() -> str:
    """The kinds of node: key, what it is called, its ids, the rosters that tell of it."""
    tables, lines = schema.tables(), ["| `kind` | 是什么 | 编号 | 来自哪些名册 |", "|---|---|---|---|"]
    for kind in KINDS:
        told = schema._linked()["kinds"].get(kind, {}).get("tables") or SHEETS.get(kind, (kind,))
        labels = "、".join(tables[key].label for key in told if key in tables)
        lines.append(f"| `{kind}` | {caption(f'node_{kind}', 'zh')} | `{PREFIXES[kind]}:…` | {labels or '—'} |")
    return "\n".join(lines)


def _relations() -> str:
    lines = ["| `relation` | 叫什么 | 从 | 到 |", "|---|---|---|---|"]
    for code, row in schema.vocabulary("relation").rows.items():
        ends = (" ".join(f"`{kind}`" for kind in row[side].split(";")) for side in ("source_kinds", "target_kinds"))
        lines.append(f"| `{code}` | {row['label']} | {' | '.join(ends)} |")
    return "\n".join(lines)


def _states() -> str:
    """How a unit may be covered."""
    lines = ["| `state` | 叫什么 | 是缺口 |", "|---|---|---|"]
    for code, row in schema.vocabulary("coverage_state").rows.items():
        lines.append(f"| `{code}` | {row['label']} | {'是' if row['is_gap'] == 'true' else ''} |")
    return "\n".join(lines)


def _rule_columns() -> str:
    """By kind of subject, the columns that a check may judge, with what an office calls them."""
    labels, values, lines = column_labels(), built_values(), []
    for kind, columns in judged().kinds.items():
        names = sorted({*columns, *values.get(kind, {})})
        told = "、".join(f"`{name}`" + (f" {labels[name]['zh']}" if name in labels else "") for name in names)
        if kind in judged().entities or kind == "street":
            lines += [f"**`{kind}`**　{told}", ""]
    return "\n".join(lines)


def _profiles() -> str:
    lines = ["| 方案 | 叫什么 | 和全国通行的不同 |", "|---|---|---|"]
    for name in PROFILES:
        policy = read_policy(profile=name)
        lines.append(f"| `{name}` | {policy.label['zh']} | {policy.note['zh']} |")
    return "\n".join(lines)


PROFILES = ("national", "fuyang", "shenyang", "qijiazhuang", "youjiang", "xinpu", "loudi", "xincun13", "erdao")


def _own_policy() -> str:
    return "\n".join(["```toml", (STRANGE.parent / "policy.toml").read_text("utf-8").strip(), "```"])


def _policy_slips() -> str:
    """What is said of slips in the file that the page shows."""
    from pbgraph.errors import PolicyError

    text, lines = (STRANGE.parent / "policy.toml").read_text("utf-8"), []
    for right, wrong in POLICY_SLIPS.items():
        assert right in text, right
        with at_the_desk() as desk:
            (desk / "policy.toml").write_text(text.replace(right, wrong), "utf-8")
            try:
                read_policy(path=desk / "policy.toml")
            except PolicyError as error:
                lines += [f"{wrong}", f"  → {error}", ""]
            else:
                raise AssertionError(wrong)
    return "\n".join(["```text", *lines[:-1], "```"])


POLICY_SLIPS = {
    'value = "n_partner_units"': 'value = "n_partners"',
    'least = "least"': 'least = "lesat"',
    'force = "may"': 'force = "should"',
    "{value} 家": "{valeu} 家",
    "params = { least = 9, most = 16 }": "params = { least = 16, most = 9 }",
}


def _api() -> str:
    """Every public name, to be filled in from its docstring by Sphinx."""
    import pbgraph as pb
    from pbgraph.analyses.study import measures

    families: dict[str, list[str]] = {"Measures": [name for name in measures() if name in pb.__all__]}
    rest = [name for name in pb.__all__ if name not in families["Measures"]]
    families["Figures"] = [name for name in rest if name.startswith("plot_")]
    families["Errors"] = [name for name in rest if name.endswith("Error")]
    families["Classes"] = [name for name in rest if name[0].isupper() and name not in families["Errors"]]
    families["Reading, drawing, writing"] = [
        name for name in rest if name[0].islower() and not name.startswith("plot_")
    ]
    lines = []
    for title in ("Reading, drawing, writing", "Classes", "Measures", "Figures", "Errors"):
        lines += [f"## {title}", "", "```{eval-rst}"]
        for name in families[title]:
            lines.append(f".. autofunction:: pbgraph.{name}" if name[0].islower() else f".. autoclass:: pbgraph.{name}")
            lines += ["   :members:", "   :exclude-members: __init__, __new__"] * (title == "Classes")
        lines += ["```", ""]
    return "\n".join(lines)


def _gallery() -> str:
    """The notebooks: a picture, the title and what it shows, in both languages."""
    lines = ["| | |", "|---|---|"]
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.py")):
        text = path.read_text("utf-8")
        title = re.search(r"^# # (.+)$", text, re.MULTILINE)
        english = re.search(r"^# \*(.+?)\*$", text, re.MULTILINE | re.DOTALL)
        assert title and english, path.name
        told = english[1].replace("\n# ", " ")
        link = f"../notebooks/{path.stem}.ipynb"
        lines.append(f"| [![]({picture_of(path)})]({link}) | **[{title[1]}]({link})**<br>{told} |")
    return "\n".join(lines)


def picture_of(path: Path) -> str:
    """Where the picture of a notebook lies, seen from docs/."""
    return f"pictures/notebook-{path.stem[:2]}.png"


BLOCKS: dict[str, Callable[[], str]] = {
    "commands": _commands, "errors": _errors, "kinds": _kinds, "relations": _relations, "states": _states, "rule-columns": _rule_columns,
    "profiles": _profiles, "own-policy": _own_policy, "policy-slips": _policy_slips, "api": _api, "gallery": _gallery,
}  # fmt: skip
