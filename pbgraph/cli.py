"""The command line: what each command does, progress and printing; no logic."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pbgraph.arguments import asked_language, help_page, typed
from pbgraph.captions import caption, day_said, reason_of
from pbgraph.decisions import FILE_NAME, OPTIONS_NAME
from pbgraph.errors import PbgraphError, PolicyError
from pbgraph.findings import sentence
from pbgraph.job import Job, file_text
from pbgraph.manifest import Manifest
from pbgraph.stopping import stopped_cleanly
from pbgraph.workspace import memories, previous_pack, results_folder

if TYPE_CHECKING:
    import pandas as pd

    from pbgraph.network import Network
    from pbgraph.policy import Policy
    from pbgraph.rendering.look import Look
    from pbgraph.rendering.map_page import MapPage

_MOST_SHOWN = 60
_ROWS_NAMED = 9
_DONE, _ERRORS, _NOTHING, _STOPPED = 0, 1, 2, 130
_PASSWORD = "PBGRAPH_PASSWORD"


def main() -> None:
    """Run the command; whatever is wrong gives one sentence and exit status 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    words = sys.argv[1:]
    with stopped_cleanly() as stop:
        try:
            status = _run(words)
            _print("", end="", flush=True)
        except PbgraphError as error:
            _say_error(error, asked_language(words))
            status = _NOTHING
        except KeyboardInterrupt:
            status = stop.status or _STOPPED
        except BrokenPipeError:  # the reader of a pipe has seen enough
            _silence(sys.stdout)
            status = _DONE
        except Exception as error:
            what = PbgraphError("unexpected", kind=type(error).__name__, place=_place(error))
            status = stop.status or _NOTHING  # a library may turn a stop into an error of its own
            if not stop.status:
                _say_error(what, asked_language(words))
    sys.exit(status)


def _silence(stream: TextIO) -> None:
    """Let a stream that cannot be written swallow the rest, also what Python flushes at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _print(text: str, *, out: TextIO | None = None, end: str = "\n", flush: bool = False) -> None:
    """Print, or say in one sentence why that is not possible."""
    stream = out or sys.stdout
    try:
        print(text, file=stream, end=end, flush=flush)
    except BrokenPipeError:
        raise
    except OSError as error:
        _silence(stream)
        if stream is not sys.stderr:
            raise PbgraphError("screen-not-writable", reason=reason_of(error)) from error


def _place(error: BaseException) -> str:
    """The line of ours on which something went wrong; never a value."""
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        place = f"{name}:{trace.tb_lineno}" if name.startswith("pbgraph") else place
        trace = trace.tb_next
    return place


def _run(words: Sequence[str]) -> int:
    asked = typed(words)
    if asked.asks == "version":
        from importlib.metadata import distributions

        found = [each.version for each in distributions(name="pbgraph")]
        _say(" ".join(["pbgraph", *found[:1]]))
        return _DONE
    if asked.asks:
        _say(help_page(asked.command, asked_language(words)))
        return _DONE
    if asked.command == "init":
        _check_new(_file_of(asked.paths[0]))
    for path in asked.paths:
        _complete(path)
    options = dict(asked.options)
    password = options.pop("password", None) or os.environ.get(_PASSWORD)
    job = Job.of(asked.paths or [demo_folder()] if asked.command == "demo" else asked.paths, **options)
    try:
        return _COMMANDS[asked.command](job, password) or _DONE
    except PbgraphError as error:
        _say_error(error, job.lang)
        return _NOTHING


def _complete(path: Path) -> None:
    """Put a pack in its place that a killed run has left beside it, where the system could not do it in one step."""
    if any(path.parent.glob(".pbgraph-*.old")) or any(path.glob(".pbgraph-*.moving")):
        from pbgraph.rendering.exchange import claimed

        with suppress(OSError, PbgraphError), claimed(path):
            pass


def _say_error(error: PbgraphError, lang: str) -> None:
    findings: Any = error.data.get("findings")
    if findings is not None:
        own = findings[findings["code"] != error.code]
        _print_problems(own, lang, out=sys.stderr)
    within = {
        key: sentence(value.code, value.data, lang=lang) if isinstance(value, PbgraphError) else value
        for key, value in error.data.items()
    }
    _print(sentence(error.code, within, lang=lang), out=sys.stderr, flush=True)


def _say(text: str) -> None:
    _print(text)


def _shown(path: Path) -> str:
    """A path to be copied: in quotation marks where it holds blanks."""
    text = str(path)
    return f'"{text}"' if any(map(str.isspace, text)) else text


@contextmanager
def _progress(lang: str) -> Iterator[Callable[[str], None]]:
    """A moving line on a terminal, nothing elsewhere: plain lines would only repeat the ledger."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda name: status.update(caption("reading", lang, name=name))


def _read(job: Job, password: str | None) -> "Network":
    from pbgraph.build import read

    with _progress(job.lang) as progress:
        given = sys.stdin.readline().rstrip("\r\n") if password == "-" else password
        return read(job, password=given or _asked(job.lang), progress=progress)


def _asked(lang: str) -> Callable[[str], str | None] | None:
    """Ask for the password of a file on a terminal; nobody can be asked elsewhere."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda name: getpass(f"{caption('ask_password', lang, name=name)}: ", stream=sys.stderr) or None


def _policy(job: Job, network: "Network | None" = None) -> "Policy":
    from pbgraph.policy import read_policy

    return read_policy(profile=job.profile if network is None else network.settings.get("profile"), path=job.policy)


def _look(job: Job) -> "Look":
    from pbgraph.rendering.look import Look

    given = (str(path) if path else None for path in (job.font, job.word_template))
    return Look(job.lang, job.edition, *given)


def _output(job: Job, name: str) -> Path:
    """Where to write: where it was asked for, else a name in the folder of results beside the rosters."""
    return job.output or results_folder(job.workspace, job.lang) / name


def _print_counts(network: "Network", lang: str) -> None:
    counts: dict[str, object] = {
        kind: int(network.tables[kind]["is_listed"].sum())
        for kind in ("members", "organizations", "units", "committees")
    }
    if network.is_reduced:  # the members are not all there to be counted
        counts["members"] = "—"
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
        key = "problem_line" if place else "problem_of_all"
        what = f"{row.message}{more}"
        text = caption(key, lang, severity=severity, place=place, what=what, remedy=row.remedy)
        _print(text, out=out)
    if len(lines) > _MOST_SHOWN:
        _say(caption("more_problems_quiet", lang, n=len(lines) - _MOST_SHOWN))


def _print_of_all(network: "Network", lang: str) -> None:
    """What is to be known of the rosters as a whole, in full: it may make everything else wrong."""
    _print_problems(network.findings[network.findings["file"] == ""], lang)


def report(job: Job, password: str | None) -> int:
    """Write the whole meeting pack; the earlier one is found where none is named."""
    from pbgraph.rendering.pack import pack_names, write_pack

    rules = _policy(job)
    network = _read(job, password)
    rules = _policy(job, network) if job.profile is None else rules
    earlier = _earlier(job, network)
    target = _output(job, network.as_of[:7])
    with _kept_said(job, target):
        folder = write_pack(network, target, look=_look(job), policy=rules, earlier=earlier)
    _print_counts(network, job.lang)
    _print_of_all(network, job.lang)
    if not network.settings.get("home"):
        _say(caption("no_home", job.lang))
    _say(day_said(network.settings, job.lang))
    _say(caption("done_files", job.lang, folder=_shown(folder)))
    for name in pack_names(job.lang):
        _say(f"  {_shown(folder / name)}")
    _say(caption("open_map", job.lang, name=caption("wall_name", job.lang)))
    return _DONE


@contextmanager
def _kept_said(job: Job, folder: Path) -> Iterator[None]:
    """Say which files of a person were found in a folder and kept under another name."""
    before = Manifest.of(folder).kept
    yield
    kept = [name for name in Manifest.of(folder).kept if name not in before]
    if kept:
        data = {"folder": _shown(folder), "n": len(kept), "files": caption("list_separator", job.lang).join(kept)}
        _say(sentence("kept-aside", data, lang=job.lang))


def _earlier(job: Job, network: "Network") -> Path | None:
    """The pack of the last meeting; it is looked for beside rosters only."""
    pack = job.previous
    if pack is None and not job.is_saved:
        pack = previous_pack(job.workspace, before=network.as_of, home=network.settings.get("home", ""))
    if pack is not None:
        _say(caption("compared_with", job.lang, path=_shown(pack)))
    return pack


def demo(job: Job, password: str | None) -> int:
    """Write the pack of the bundled demo workbooks."""
    return report(replace(job, output=job.output or Path("pbgraph-demo")), password)


def demo_folder() -> Path:
    """The bundled demo workbooks: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "demo"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "data" / "demo"


def check(job: Job, password: str | None) -> int:
    """Read and check only; errors in the rows give the exit status 1."""
    try:
        network = _read(job, password)
    except PbgraphError as error:
        if job.output is not None and "findings" in error.data:
            _write_annotated(job, error.data["findings"], job.output)
        raise
    _print_ledger(network, job.lang)
    _say(f"\n{caption('problems_title', job.lang)}")
    _print_problems(network.findings, job.lang)
    _say("")
    _print_counts(network, job.lang)
    _say(day_said(network.settings, job.lang))
    if job.output is not None:
        _write_annotated(job, network.findings, job.output)
        _write_review(job, network, job.output)
    elif len(network.findings):
        _say(caption("offer_annotated", job.lang))
    if (network.findings["severity"] == "error").any():
        return _ERRORS
    _say(caption("checked_well", job.lang))
    return _DONE


def _write_annotated(job: Job, findings: "pd.DataFrame", output: Path) -> None:
    from pbgraph.rendering.annotated import write_annotated

    folder = output / "annotated"
    with _kept_said(job, folder):
        copies = write_annotated(findings, folder, rosters=list(job.rosters), lang=job.lang)
    if copies:
        _say(caption("written_annotated", job.lang, folder=_shown(folder), n=len(copies)))


def _write_review(job: Job, network: "Network", output: Path) -> None:
    """The names, sheets and columns that a person should decide, and what was decided."""
    from pbgraph.rendering.pack import write_decisions, write_review

    with _kept_said(job, output):
        if len(network.review) or len(network.reading.tables):
            _say_written(job, write_review(network, output, look=_look(replace(job, edition="internal"))))
        if len(network.decisions) and output / FILE_NAME not in memories(job.workspace, job.rosters):
            _say_written(job, write_decisions(network, output, lang=job.lang))


def _say_written(job: Job, path: Path) -> None:
    _say(caption("written_file", job.lang, path=_shown(path)))


def draw(job: Job, password: str | None) -> int:
    """Draw the map only."""
    from pbgraph.rendering.map_page import draw_map

    return _drawn(job, password, caption("map_name", job.lang), draw_map)


def wall(job: Job, password: str | None) -> int:
    """Draw the wall only."""
    from pbgraph.rendering.wall_page import draw_wall

    return _drawn(job, password, caption("wall_name", job.lang), draw_wall)


def _drawn(job: Job, password: str | None, name: str, draw_page: Callable[..., "MapPage"]) -> int:
    network = _read(job, password)
    target = _output(job, name)
    draw_page(network, target, look=_look(job), policy=_policy(job, network))
    _print_counts(network, job.lang)
    _print_of_all(network, job.lang)
    _say_written(job, target)
    return _DONE


def export(job: Job, password: str | None) -> int:
    """Write one file for other programs."""
    from pbgraph.rendering.export import export as write_export

    network = _read(job, password)
    _print_of_all(network, job.lang)
    _say_written(job, write_export(network, _output(job, "network.graphml"), edition=job.edition))
    return _DONE


def rules(job: Job, password: str | None) -> int:
    """List the rules, and which of them the rosters allow."""
    chosen = _policy(job)
    run: dict[str, str] = {}
    if job.rosters:
        from pbgraph.analyses.assessment import said_of_runs
        from pbgraph.analyses.study import study_of

        network = _read(job, password)
        chosen = _policy(job, network)
        run = said_of_runs(study_of(network, policy=chosen), job.lang)
    lang = job.lang
    title = caption("rules_title", lang, profile=chosen.label[lang], note=chosen.note[lang], n=len(chosen.rules))
    _say(title)
    for rule_id, rule in sorted(chosen.rules.items(), key=lambda pair: (pair[0][:1], len(pair[0]), pair[0])):
        parts = {"force": caption(rule.force, lang), "title": rule.title[lang], "said": rule.said(lang)}
        _say(caption("rule_line", lang, rule_id=rule_id, cited=rule.cited(), run=run.get(rule_id, ""), **parts))
    return _DONE


def template(job: Job, password: str | None) -> int:
    """Write a blank workbook."""
    from pbgraph.rendering.template import write_template

    path = write_template(job.output or Path("pbgraph-template.xlsx"), lang=job.lang)
    _say(caption("written_template", job.lang, path=_shown(path)))
    return _DONE


def init(job: Job, password: str | None) -> int:
    """Write the file of options beside the rosters, with what was seen in them."""
    from pbgraph.rendering.files import write_file

    network = _read(job, password)
    said = day_said(network.settings, job.lang)
    seen = {"home": network.settings["home"], "profile": network.settings["profile"], "lang": job.lang}
    seen |= {name: str(value) for name in ("policy", "aliases") if (value := getattr(job, name)) is not None}
    text = file_text(seen, {"as_of": caption("job_day_seen", job.lang, said=said)}, job.lang)
    path = write_file(_file_of(job.folder), text, over=lambda _: False)
    _print_counts(network, job.lang)
    _print_of_all(network, job.lang)
    _say(said)
    _say(caption("job_written", job.lang, path=_shown(path), folder=_shown(path.parent)))
    return _DONE


def _file_of(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / OPTIONS_NAME


def _check_new(path: Path) -> None:
    if path.exists():
        raise PolicyError("job-exists", path=_shown(path))


_COMMANDS: dict[str, Callable[[Job, str | None], int]] = {
    "report": report, "init": init, "demo": demo, "check": check, "wall": wall, "map": draw, "export": export,
    "rules": rules, "template": template,
}  # fmt: skip
