"""What was typed behind `pbgraph`: the command, its paths and options, and the page of help.

The options are those of `pbgraph.job`; each command names the ones it takes. `pbgraph FOLDER` is `report`.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from pbgraph.captions import caption, captions
from pbgraph.errors import PolicyError
from pbgraph.job import OPTIONS, Option

_SHORT = {"output": "-o"}
_HELP, _VERSION = ("-h", "--help"), "--version"
_READ = ("home", "as_of", "aliases", "profile", "policy", "engine", "password")
_SHOWN = ("edition", "lang", "font", "word_template")
_ALL = {**OPTIONS, "password": Option("password", "secret")}
"""The options of a job, and the one that stands in no file."""


@dataclass(frozen=True)
class Command:
    """A command: how many paths it takes at least and at most, and its options."""

    name: str
    least: int
    most: int
    options: tuple[str, ...]


_MANY = 10_000
COMMANDS = {
    command.name: command
    for command in (
        Command("init", 1, 1, ("home", "as_of", "aliases", "profile", "policy", "password", "lang")),
        Command("report", 1, _MANY, ("output", *_READ, "previous", *_SHOWN)),
        Command("demo", 0, 0, ("output", *_SHOWN)),
        Command("check", 1, _MANY, ("output", *_READ, "lang")),
        Command("wall", 1, _MANY, ("output", *_READ, "edition", "lang")),
        Command("map", 1, _MANY, ("output", *_READ, "edition", "lang")),
        Command("rules", 0, _MANY, (*_READ, "lang")),
        Command("export", 1, _MANY, ("output", *_READ, "edition", "lang")),
        Command("template", 0, 0, ("output", "lang")),
    )
}
_MONTH = "report"


@dataclass(frozen=True)
class Typed:
    """What was typed; `command` is "" where only help or the version is asked for."""

    command: str
    paths: tuple[Path, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    asks: str = ""


def typed(words: Sequence[str]) -> Typed:
    """Read the words behind `pbgraph`.

    Raises
    ------
    PolicyError
        command-unknown, option-unknown, option-empty, paths-missing or paths-many.

    """
    if not words or (words[0] not in COMMANDS and any(word in _HELP for word in words)):
        return Typed("", asks="help")
    name, rest = (words[0], words[1:]) if words[0] in COMMANDS else (_MONTH, words)
    if rest is words and not words[0].startswith("-") and not _is_path(words[0]):
        raise PolicyError("command-unknown", word=words[0], near=_near(words[0], COMMANDS, words))
    command = COMMANDS[name]
    found, unknown = _parsed(command, rest)
    paths = tuple(path for word in found.pop("paths") for path in _paths(word))
    asks = "version" if found.pop("version") else "help" if found.pop("help") else ""
    if asks:
        return Typed(name if asks == "help" else "", asks=asks)
    options = {key: value for key, value in found.items() if key in _ALL and value is not None}
    if unknown:
        near = _near(unknown[0].split("=")[0], [_ALL[key].flag for key in command.options], words)
        raise PolicyError("option-unknown", command=name, word=unknown[0].split("=")[0], near=near)
    if len(paths) < command.least:
        raise PolicyError("paths-missing", command=name)
    if len(paths) > command.most:
        raise PolicyError("paths-many", command=name, word=paths[command.most])
    return Typed(name, paths, options)


def _parsed(command: Command, words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("paths", nargs="*")
    parser.add_argument(*_HELP, dest="help", action="store_true")
    parser.add_argument(_VERSION, dest="version", action="store_true")
    for key in command.options:
        parser.add_argument(*_flags(key), dest=key)
    try:
        found, unknown = parser.parse_known_intermixed_args(list(words))
    except argparse.ArgumentError as error:
        raise PolicyError(
            "option-empty", command=command.name, option=str(error.argument_name).split("/")[0]
        ) from error
    return vars(found), unknown


def _flags(key: str) -> list[str]:
    return [*([_SHORT[key]] if key in _SHORT else []), _ALL[key].flag]


def _is_path(word: str) -> bool:
    return Path(word).exists() or "/" in word or "\\" in word or bool(Path(word).suffix)


def _paths(word: str) -> list[Path]:
    """The paths that a word means: a pattern such as *.xlsx is one where the shell has not taken it apart."""
    path = Path(word)
    found = sorted(path.parent.glob(path.name)) if set("*?") & set(path.name) and not path.exists() else []
    return found or [path]


def _near(word: str, known: Mapping[str, Any] | Sequence[str], words: Sequence[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return caption("did_you_mean", asked_language(words), near=near[0]) if near else ""


def asked_language(words: Sequence[str]) -> str:
    """The language that the words ask for, before they are read as a whole."""
    flag = OPTIONS["lang"].flag
    said = [after for before, after in pairwise(words) if before == flag]
    said += [word.partition("=")[2] for word in words if word.startswith(f"{flag}=")]
    try:
        return OPTIONS["lang"].chosen(said[-1]) if said else OPTIONS["lang"].default
    except PolicyError:
        return OPTIONS["lang"].default


def help_page(command: str, lang: str) -> str:
    """How a command is used; with "" all commands."""
    title = caption("about_title", lang)
    if not command:
        lines = [f"  {name:<10}{caption(f'command_{name}', lang)}" for name in COMMANDS]
        more = [(", ".join(_HELP), caption("option_help", lang)), (_VERSION, caption("option_version", lang))]
        return "\n".join([
            caption("about", lang), "", title, f"  {caption('about_month', lang)}", "",
            caption("about_commands", lang), *lines, "",
            caption("about_options", lang), *_in_columns(more), "", caption("about_more", lang),
        ])  # fmt: skip
    chosen = COMMANDS[command]
    paths = caption("argument_folder" if chosen.most == 1 else "argument_paths", lang) if chosen.most else ""
    paths = f" [{paths}]" if paths and not chosen.least else f" {paths}" if paths else ""
    rows = [(", ".join(_flags(key)), _described(_ALL[key], command, lang)) for key in chosen.options]
    rows.append((", ".join(_HELP), caption("option_help", lang)))
    return "\n".join([
        f"{title} pbgraph {command}{paths}", "", f"  {caption(f'command_{command}', lang)}", "",
        caption("about_options", lang), *_in_columns(rows),
    ])  # fmt: skip


def _in_columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(left) for left, _ in rows) + 2
    return [f"  {left:<{width}}{right}" for left, right in rows]


def _described(option: Option, command: str, lang: str) -> str:
    own = f"option_{option.name}_{command}"  # where a command has a default of its own
    said = caption(own, lang) if own in captions(lang) else option.help(lang)
    choices = caption("about_choices", lang, choices=option.words(lang)) if option.choices else ""
    default = caption("about_default", lang, default=option.default) if option.default else ""
    return said + choices + default
