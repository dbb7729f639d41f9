"""What we know, as data; `SOURCES.md` says where it comes from. Every table is read here, as its type."""

import tomllib
from importlib import resources
from typing import Any, TypedDict


class Said(TypedDict):
    """What a reader sees, in both languages."""

    zh: str
    en: str


def table(name: str, as_type: Any) -> Any:
    """The table `reference/NAME.toml` as its type; what it holds otherwise is a mistake of ours and raises.

    The library that knows types is loaded with the first table, so that `pbgraph --help` does without it.
    """
    import msgspec

    content = tomllib.loads(resources.files("pbgraph").joinpath(f"reference/{name}.toml").read_text("utf-8"))
    return msgspec.convert(content, as_type)
