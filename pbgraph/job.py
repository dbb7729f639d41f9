"""Job: where the rosters are, and every option, from one place.

An option has its name, kind, choices and default here and its words in the captions `option_<name>`; the file
`pbgraph.toml` beside the rosters, the commands and `read` are made of it. What is stated in a call holds over the
file, and the file over the defaults. Paths in the file begin at its folder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pbgraph.captions import LANGUAGES, caption, captions
from pbgraph.decisions import OPTIONS_NAME
from pbgraph.errors import PolicyError
from pbgraph.findings import Finding
from pbgraph.reading.days import day_of, named_period
from pbgraph.tomlfile import TomlFile, read_toml
from pbgraph.workspace import home_of, newest_month, pack_of, saved_network


@dataclass(frozen=True)
class Option:
    """One option: the kind of its value (text, day, file, folder, output, rosters), or the codes to choose from."""

    name: str
    kind: str
    default: str = ""
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """What the option is called on the command line."""
        return f"--{self.name.replace('_', '-')}"

    def help(self, lang: str) -> str:
        """What the option is for."""
        return caption(f"option_{self.name}", lang)

    def words(self, lang: str) -> str:
        """The choices as a sentence lists them: 会议（meeting）."""
        return caption("list_separator", lang).join(
            word if (word := caption(f"choice_{self.name}_{code}", lang)) == code else f"{code} {word}"
            for code in self.choices
        )

    def chosen(self, value: str) -> str:
        """The code of a choice in any spelling: 会议, Meeting, meeting.

        Raises
        ------
        PolicyError
            bad-option.

        """
        given = value.strip().lower().removesuffix(captions("zh")["choice_ending"])
        for code in self.choices:
            if given in {code, *(captions(lang)[f"choice_{self.name}_{code}"].lower() for lang in LANGUAGES)}:
                return code
        raise PolicyError("bad-option", option=self.flag, value=value, choices="、".join(map(self.said, self.choices)))

    def said(self, code: str) -> str:
        """A code and the Chinese word for it."""
        return f"{code}（{captions('zh')[f'choice_{self.name}_{code}']}）"


OPTIONS = {
    option.name: option
    for option in (
        Option("rosters", "rosters"),
        Option("home", "text"),
        Option("as_of", "day"),
        Option("profile", "text", "national"),
        Option("policy", "file"),
        Option("aliases", "file"),
        Option("previous", "folder"),
        Option("edition", "choice", "meeting", ("internal", "meeting", "public")),
        Option("lang", "choice", "zh", LANGUAGES),
        Option("engine", "choice", "duckdb", ("duckdb", "polars")),
        Option("font", "file"),
        Option("word_template", "file"),
        Option("output", "output"),
    )
}


@dataclass(frozen=True)
class Job:
    """Where the rosters are and how they are judged and shown; what is None was not stated.

    Parameters
    ----------
    rosters
        Folders and files to read.
    folder
        What was named: the folder, or the file, before a month was chosen.
    workspace
        The folder in which the office works: its memory, its months, its packs.
    home, as_of, profile, policy, aliases, engine
        As `read` takes them; `as_of` is a day, `policy` a file of rules of one's own.
    edition, lang, font, word_template
        As `Look` takes them.
    previous
        The pack of the last meeting, or a workbook of one in whose lists somebody has filled something in.
    output
        Where to write.
    notes
        What is to be said of the months that were not chosen.

    """

    rosters: tuple[Path, ...] = ()
    folder: Path = Path()
    workspace: Path = Path()
    home: str | None = None
    as_of: str | None = None
    profile: str | None = None
    policy: Path | None = None
    aliases: Path | None = None
    previous: Path | None = None
    edition: str = OPTIONS["edition"].default
    lang: str = OPTIONS["lang"].default
    engine: str | None = None
    font: Path | None = None
    word_template: Path | None = None
    output: Path | None = None
    notes: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, paths: str | Path | Iterable[str | Path], **stated: Any) -> "Job":
        """The job that paths, the file `pbgraph.toml` beside them and stated options give.

        Of a workspace with folders of months the newest month is taken. An option that is None was not stated.

        Raises
        ------
        PolicyError
            job-key and its like for a mistake in the file, bad-option, bad-date-option.

        """
        several = (Path(paths),) if isinstance(paths, str | Path) else tuple(map(Path, paths))
        saved = saved_network(several[0]) if len(several) == 1 else None
        given = {name: _checked(name, value) for name, value in stated.items() if value is not None}
        originals = _originals(several)
        workspace = pack_of(saved).parent if saved else home_of(originals[0]) if several else Path()
        file = next((place for place in _places(originals) if place.is_file()), None)
        said = {} if file is None else read_file(file)
        folder = several[0] if len(several) == 1 else workspace
        rosters: tuple[Path, ...] = said.get("rosters", several) if file and several == (file.parent,) else several
        said.pop("rosters", None)
        notes: list[Finding] = []
        if len(rosters) == 1 and rosters[0].is_dir() and not saved and originals == several:
            month, notes = newest_month(rosters[0])
            workspace = rosters[0] if month != rosters[0] else workspace
            rosters = (month,)
        return cls(
            **{**said, **given}, rosters=rosters, folder=folder, workspace=workspace, notes=tuple(notes)
        )  # fmt: skip

    @property
    def is_saved(self) -> bool:
        """Whether a saved network or a pack is read, and no rosters."""
        return len(self.rosters) == 1 and saved_network(self.rosters[0]) is not None

    def folder_names(self) -> list[str]:
        """The name of the one folder that is read, with that of its year where it is 6月; none of several folders."""
        if len(self.rosters) != 1:
            return []
        folder = _originals(self.rosters)[0].absolute()
        folder = folder if folder.is_dir() else folder.parent
        own, both = [folder.name], [folder.parent.name, folder.name]
        period, year = named_period(both), named_period(both[:1])
        is_month_of_year = period is not None and period.is_fine and year is not None and not year.is_fine
        return both if named_period(own) is None and is_month_of_year else own


def _originals(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths, and for a folder of annotated copies those of its originals."""
    from pbgraph.reading.files import marked

    return tuple(original for path in paths for original in marked(path)[0] or [path])


def _places(paths: tuple[Path, ...]) -> list[Path]:
    """Where the file of a job may lie: beside the rosters, or in the workspace of their month."""
    folders = {path if path.is_dir() else path.parent for path in paths}
    return (
        [place / OPTIONS_NAME for folder in folders for place in (folder, home_of(folder))] if len(folders) == 1 else []
    )


def read_file(path: Path) -> dict[str, Any]:
    """The options of a file, checked; paths in it begin at its folder.

    Raises
    ------
    PolicyError
        job-key, job-value, job-option or job-path with the line, or what `read_toml` says of the file.

    """
    file = read_toml(path)
    found: dict[str, Any] = {}
    for key, value in file.content.items():
        option = OPTIONS.get(key)
        if option is None:
            raise _wrong(file, "job-key", key, near=_near(key))
        if option.kind not in _KINDS.get(type(value), ()) or value == []:
            raise _wrong(file, "job-value", key, example=_example(option))
        try:
            found[key] = _resolved(option, value, path.parent)
        except PolicyError as error:
            raise _wrong(file, "job-option", key, reason=error) from error
        except FileNotFoundError as error:
            raise _wrong(file, "job-path", key, path=error.filename) from error
    return found


def _wrong(file: TomlFile, code: str, key: str, **data: object) -> PolicyError:
    return PolicyError(code, file=file.name, line=file.line(key), key=key, **data)


_PATHS = ("file", "folder", "rosters")
_KINDS: dict[type, tuple[str, ...]] = {
    str: ("text", "day", "choice", "output", *_PATHS), date: ("day",), int: ("day",), list: ("rosters",),
}  # fmt: skip


def _resolved(option: Option, value: Any, folder: Path) -> Any:
    """The value of an option in a file: a code, a day, or a path that exists."""
    if option.kind == "output":
        return folder / value
    if option.kind not in _PATHS:
        return _checked(option.name, value)
    several = value if isinstance(value, list) else [value]
    paths = tuple(folder / str(each) for each in several)
    for path, each in zip(paths, several, strict=True):
        if not path.exists():
            raise FileNotFoundError(None, None, str(each))
    return paths if option.kind == "rosters" else paths[0]


def _checked(name: str, value: Any) -> Any:
    """A stated value as the job holds it."""
    option = OPTIONS[name]
    if option.kind == "choice":
        return option.chosen(str(value))
    if option.kind == "day":
        return day_of(value)
    return Path(value) if option.kind in ("file", "folder", "output") else value


def _near(key: str) -> str:
    near = get_close_matches(key.lower().replace("-", "_"), OPTIONS, n=1)
    return near[0] if near else "、".join(OPTIONS)


def _example(option: Option) -> str:
    examples = {"day": "2025-06-30", "choice": option.default, "rosters": "名册", "output": "结果"}
    return f'{option.name} = "{examples.get(option.kind) or option.default or "…"}"'


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def file_text(seen: Mapping[str, str], notes: Mapping[str, str], lang: str) -> str:
    """The text of a new file: each option with its words, in force where it was `seen`, else commented out."""
    lines = [f"# {line}" for line in caption("job_file_head", lang).split("\n")]
    for option in OPTIONS.values():
        choices = caption("about_choices", lang, choices=option.words(lang)) if option.choices else ""
        lines += ["", f"# {option.help(lang)}{choices}"]
        lines += [f"# {notes[option.name]}"] if option.name in notes else []
        value = seen.get(option.name)
        lines.append(f"{option.name} = {_quoted(value)}" if value else f"# {_example(option)}")
    return "\n".join(lines) + "\n"
