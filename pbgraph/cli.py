"""The command line: arguments, progress and printing; no logic."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from pbgraph.captions import caption
from pbgraph.errors import PbgraphError
from pbgraph.findings import sentence

if TYPE_CHECKING:
    import pandas as pd

    from pbgraph.network import Network
    from pbgraph.policy import Policy
    from pbgraph.rendering.look import Look

_MOST_SHOWN = 60
_ROWS_NAMED = 9

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="党组织名册 → 网络、覆盖缺口、会议材料。Rosters to a network, coverage gaps and a meeting pack.",
)


class Edition(StrEnum):
    """Who may be named in the output."""

    INTERNAL = "internal"
    MEETING = "meeting"
    PUBLIC = "public"


class Language(StrEnum):
    """Language of the output."""

    ZH = "zh"
    EN = "en"


class Engine(StrEnum):
    """What the measures run on."""

    DUCKDB = "duckdb"
    POLARS = "polars"


Paths = Annotated[list[Path], typer.Argument(help="文件夹或工作簿 / folder or workbooks", show_default=False)]
RulePaths = Annotated[list[Path] | None, typer.Argument(help="可选：名册文件夹 / rosters", show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--output", help="写到哪里 / where to write")]
CheckOut = Annotated[
    Path | None, typer.Option("-o", "--output", help="标注副本写到哪里 / where to write annotated copies")
]
Lang = Annotated[Language, typer.Option(help="输出语言 / language")]
EditionOption = Annotated[Edition, typer.Option(help="版本：内部、会议、公开 / edition")]
Home = Annotated[str | None, typer.Option(help="所在地 / region path: 浙江省/杭州市/富阳区/富春街道")]
AliasFile = Annotated[Path | None, typer.Option("--aliases", help="别名文件或已填写的 review.xlsx / alias file")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="判断日期 / day, such as 2025-06-30")]
Profile = Annotated[str | None, typer.Option(help="规则方案 / rules profile")]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="自己的规则文件 / your own policy.toml")]
Previous = Annotated[
    Path | None,
    typer.Option(help="上次的结果文件夹，简报里写明与上次相比的变化 / the pack of the last meeting"),
]
EngineOption = Annotated[Engine, typer.Option(help="计算引擎 / engine")]
Password = Annotated[
    str | None,
    typer.Option(
        envvar="PBGRAPH_PASSWORD",
        show_envvar=False,
        help="打开密码；不写则在终端询问，写 - 从标准输入读 / asked for on a terminal; - reads stdin",
    ),
]
Font = Annotated[Path | None, typer.Option(help="中文字体文件 / font file")]


def main() -> None:
    """Run the command; a fault gives one sentence and exit status 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except PbgraphError as error:
        _say_error(error, _asked_language())
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def _asked_language() -> str:
    """The language, where the arguments could not be read as a whole."""
    words = sys.argv[1:]
    return "en" if "--lang=en" in words or ("--lang", "en") in pairwise(words) else "zh"


def _say_error(error: PbgraphError, lang: str) -> None:
    import pandas as pd

    findings = error.data.get("findings")
    if isinstance(findings, pd.DataFrame):
        own = findings[findings["code"] != error.code]
        _print_problems(own, lang, out=sys.stderr)
    print(sentence(error.code, error.data, lang=lang), file=sys.stderr)  # noqa: T201 - the command speaks here


def _say(text: str) -> None:
    print(text)  # noqa: T201 - the command speaks here


@contextmanager
def _progress(lang: str) -> Iterator[Callable[[str], None]]:
    """A moving line on a terminal, nothing elsewhere: plain lines would only repeat the ledger."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda name: status.update(caption("reading", lang, name=name))


def _read(paths: list[Path], *, lang: str, password: str | None = None, **options: Any) -> "Network":
    from pbgraph.build import read

    with _progress(lang) as progress:
        given = sys.stdin.readline().rstrip("\r\n") if password == "-" else password
        return read(paths, password=given or _asked(lang), progress=progress, **options)


def _asked(lang: str) -> Callable[[str], str | None] | None:
    """Ask for the password of a file on a terminal; nobody can be asked elsewhere."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(name: str) -> str | None:
        question = caption("ask_password", lang, name=name)
        return typer.prompt(question, default="", hide_input=True, show_default=False, err=True) or None

    return ask


def _policy(path: Path | None, profile: str | None) -> "Policy":
    from pbgraph.policy import read_policy

    return read_policy(profile=profile, path=path)


def _look(lang: str, edition: str, font: Path | None = None) -> "Look":
    from pbgraph.rendering.look import Look

    return Look(lang, edition, str(font) if font else None)


def _print_counts(network: "Network", lang: str) -> None:
    counts = {
        kind: int(network.tables[kind]["is_listed"].sum())
        for kind in ("members", "organizations", "units", "committees")
    }
    _say(caption("read_counts", lang, n_files=len(network.inputs), ties=len(network.ties), **counts))
    by_severity = network.findings["severity"].value_counts()
    _say(caption("problem_counts", lang, **{s: int(by_severity.get(s, 0)) for s in ("error", "warning", "note")}))
    if len(network.review):
        _say(caption("review_line", lang, n_names=len(network.review), n_rows=int(network.review["n_rows"].sum())))


def _print_ledger(network: "Network", lang: str) -> None:
    from pbgraph import schema
    from pbgraph.captions import shown_reasons

    _say(f"\n{caption('ledger_title', lang)}")
    for row in network.ledger.itertuples():
        place = f"{row.file} · {row.sheet}"
        counts = "　".join(
            f"{caption(f'col_{key}', lang)} {value}"
            for key, value in (
                ("rows", row.n_rows),
                ("used", row.n_used),
                ("set_aside", row.n_set_aside),
                ("skipped", row.n_skipped),
            )
        )
        table, skipped = schema.table_label(row.table, lang) or "—", shown_reasons(row.skipped, lang)
        _say(f"  {place}：{table}　{counts}" + (f"（{skipped}）" if skipped else ""))


def _print_problems(findings: "pd.DataFrame", lang: str, *, out: TextIO | None = None) -> None:
    """Every kind of problem of every sheet: the first place in full, the rest by their rows."""
    from pbgraph.findings import translated

    grouped = translated(findings, lang=lang).groupby(["code", "file", "sheet", "message"], sort=False, dropna=False)
    lines = [(group.iloc[0], [str(n) for n in group["row"].dropna()]) for _, group in grouped]
    for row, numbers in lines[:_MOST_SHOWN]:
        more = (
            caption("more_rows", lang, n=len(numbers), rows="、".join(numbers[1:_ROWS_NAMED]))
            if len(numbers) > 1
            else ""
        )
        place = " ".join(
            str(part) for part in (row.file, row.sheet, row.row, row.column) if str(part) not in ("", "<NA>", "nan")
        )
        severity = caption(f"severity_{row.severity}", lang)
        text = caption(
            "problem_line", lang, severity=severity, place=place, what=f"{row.message}{more}", remedy=row.remedy
        )
        print(text, file=out or sys.stdout)
    if len(lines) > _MOST_SHOWN:
        _say(caption("more_problems_quiet", lang, n=len(lines) - _MOST_SHOWN))


@app.command()
def report(
    paths: Paths, output: Out, *, edition: EditionOption = Edition.MEETING, lang: Lang = Language.ZH, home: Home = None,
    aliases: AliasFile = None, as_of: AsOf = None, profile: Profile = None, policy: PolicyFile = None,
    engine: EngineOption = Engine.DUCKDB, font: Font = None, password: Password = None, previous: Previous = None,
) -> None:  # fmt: skip
    """生成整套会议材料：地图、工作簿、简报。The whole meeting pack."""
    rules = _policy(policy, profile)
    network = _read(
        paths, lang=lang, home=home, aliases=aliases, as_of=as_of, profile=profile, engine=engine, password=password
    )
    _write_pack(network, output, rules, _look(lang, edition, font), previous)


def _write_pack(network: "Network", output: Path, rules: "Policy", look: "Look", previous: Path | None = None) -> None:
    from pbgraph.network import Network as Saved
    from pbgraph.rendering.pack import PACK, write_pack

    held = previous / "network" if previous is not None and (previous / "network").is_dir() else previous
    earlier = None if held is None else Saved.load(held)
    folder = write_pack(network, output, look=look, policy=rules, earlier=earlier)
    _print_counts(network, look.lang)
    _say(caption("as_of_note", look.lang, as_of=network.as_of or "—"))
    _say(caption("done_files", look.lang, folder=folder))
    for name in PACK:
        _say(f"  {folder / name}")
    _say(caption("open_map", look.lang))


@app.command()
def demo(
    output: Out = Path("pbgraph-demo"),
    *,
    edition: EditionOption = Edition.MEETING,
    lang: Lang = Language.ZH,
    font: Font = None,
) -> None:
    """用自带的演示名册跑一遍。The whole job on the bundled demo workbooks."""
    rules = _policy(None, None)
    network = _read([demo_folder()], lang=lang, home=None, aliases=None, as_of=None, profile=None, engine="duckdb")
    _write_pack(network, output, rules, _look(lang, edition, font))


def demo_folder() -> Path:
    """The bundled demo workbooks: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "demo"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "data" / "demo"


@app.command()
def check(
    paths: Paths, *, output: CheckOut = None, lang: Lang = Language.ZH, home: Home = None, aliases: AliasFile = None,
    as_of: AsOf = None, engine: EngineOption = Engine.DUCKDB, password: Password = None,
) -> None:  # fmt: skip
    """只读入和检查，列出每一处问题；-o 另写标注副本。Read and check only; exit status 1 if rows have errors."""
    try:
        network = _read(
            paths, lang=lang, home=home, aliases=aliases, as_of=as_of, profile=None, engine=engine, password=password
        )
    except PbgraphError as error:
        if output is not None and "findings" in error.data:
            _write_annotated(paths, error.data["findings"], output, lang)
        raise
    _print_ledger(network, lang)
    _say(f"\n{caption('problems_title', lang)}")
    _print_problems(network.findings, lang)
    _say("")
    _print_counts(network, lang)
    if output is not None:
        _write_annotated(paths, network.findings, output, lang)
        _write_review(network, output, lang)
    elif len(network.findings):
        _say(caption("offer_annotated", lang))
    if (network.findings["severity"] == "error").any():
        raise typer.Exit(1)
    _say(caption("checked_well", lang))


def _write_annotated(paths: list[Path], findings: "pd.DataFrame", output: Path, lang: str) -> None:
    from pbgraph.rendering.annotated import write_annotated

    copies = write_annotated(findings, output / "annotated", rosters=paths, lang=lang)
    if copies:
        _say(caption("written_annotated", lang, folder=output / "annotated", n=len(copies)))


def _write_review(network: "Network", output: Path, lang: str) -> None:
    """The names, sheets and columns that a person should decide."""
    from pbgraph.rendering.document import review
    from pbgraph.rendering.facts import gather
    from pbgraph.rendering.files import write_file
    from pbgraph.rendering.workbook import workbook_bytes

    if len(network.review) or len(network.reading.tables):
        facts = gather(network, look=_look(lang, Edition.INTERNAL))
        _say(caption("written_file", lang, path=write_file(output / "review.xlsx", workbook_bytes(review(facts)))))


@app.command("map")
def draw(
    paths: Paths, output: Out, *, edition: EditionOption = Edition.MEETING, lang: Lang = Language.ZH, home: Home = None,
    aliases: AliasFile = None, as_of: AsOf = None, profile: Profile = None, engine: EngineOption = Engine.DUCKDB,
    password: Password = None,
) -> None:  # fmt: skip
    """只画地图（一个 .html 文件）。The map only."""
    from pbgraph.rendering.map_page import draw_map

    network = _read(
        paths, lang=lang, home=home, aliases=aliases, as_of=as_of, profile=profile, engine=engine, password=password
    )
    draw_map(network, output, look=_look(lang, edition))
    _print_counts(network, lang)
    _say(caption("written_file", lang, path=output))


@app.command()
def export(
    paths: Paths, output: Out, *, edition: EditionOption = Edition.MEETING, lang: Lang = Language.ZH, home: Home = None,
    aliases: AliasFile = None, as_of: AsOf = None, engine: EngineOption = Engine.DUCKDB, password: Password = None,
) -> None:  # fmt: skip
    """导出 .graphml .gexf .json 或 .parquet。Export for other programs."""
    from pbgraph.rendering.export import export as write_export

    network = _read(
        paths, lang=lang, home=home, aliases=aliases, as_of=as_of, profile=None, engine=engine, password=password
    )
    _say(caption("written_file", lang, path=write_export(network, output, edition=edition)))


@app.command()
def rules(
    paths: RulePaths = None, *, profile: Profile = None, policy: PolicyFile = None, lang: Lang = Language.ZH,
    password: Password = None,
) -> None:  # fmt: skip
    """列出规则、数字和出处；给出名册时说明哪些能检查。The rules, and which of them the rosters allow."""
    chosen = _policy(policy, profile)
    lacking: dict[str, str] = {}
    if paths:
        from pbgraph.analyses.assessment import not_run
        from pbgraph.analyses.ranges import shown_lacking

        missing = not_run(_read(paths, lang=lang, profile=profile, password=password), policy=chosen)
        lacking = {
            rule_id: shown_lacking(keys, lang)
            for rule_id, keys in zip(missing["rule_id"], missing["missing"], strict=True)
        }
    title = caption("rules_title", lang, profile=chosen.label[lang], note=chosen.note[lang], n=len(chosen.rules))
    _say(title)
    for rule_id, rule in sorted(chosen.rules.items(), key=lambda pair: (pair[0][:1], len(pair[0]), pair[0])):
        run = caption("rule_not_run", lang, missing=lacking[rule_id]) if rule_id in lacking else ""
        run = run or (caption("rule_run", lang) if paths else "")
        parts = {"force": caption(rule.force, lang), "title": rule.title[lang], "said": rule.said(lang)}
        _say(caption("rule_line", lang, rule_id=rule_id, cited=rule.cited(), run=run, **parts))


@app.command()
def template(output: Out = Path("pbgraph-template.xlsx"), *, lang: Lang = Language.ZH) -> None:
    """生成空白模板。A blank workbook."""
    from pbgraph.rendering.template import write_template

    _say(caption("written_template", lang, path=write_template(output, lang=lang)))
