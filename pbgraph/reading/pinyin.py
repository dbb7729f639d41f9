"""The pinyin of the words that headers are made of, as `reference/pinyin.csv` has it.

The file is written by `docs/generate.py` with pypinyin, which takes longer to load than a sheet to be read.
"""

from functools import cache, lru_cache
from importlib import resources

from pbgraph import schema
from pbgraph.reading.grammar import grammar


def header_words() -> list[str]:
    """Every word whose letters may stand for a header: spellings on a list, topics, head nouns, sorted."""
    words = set(schema.recognition_words()["english"]["before"])
    for table in schema.tables().values():
        words |= table.headers.keys()
        for rule in grammar(table):
            words |= rule.heads | rule.topics.keys()
    return sorted(words)


@lru_cache(maxsize=4096)
def letters(word: str) -> tuple[str, str]:
    """The pinyin of a word: its initials, and whole.

    >>> letters("入党时间")
    ('rdsj', 'rudangshijian')
    """
    said = _known().get(word)
    if said is None:
        from pypinyin import lazy_pinyin

        said = lazy_pinyin(word)
    return "".join(syllable[0] for syllable in said), "".join(said)


@cache
def _known() -> dict[str, list[str]]:
    text = resources.files("pbgraph").joinpath("reference/pinyin.csv").read_text("utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:])
    return {word: said.split(" ") for word, said in rows}
