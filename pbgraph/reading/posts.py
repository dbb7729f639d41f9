"""Columns named after a post, and the columns that say more of the same holder.

A committee stands in one row with a column for each seat: 书记, 委员1, 委员2, or 姓名 and 所在单位 below
the group 兼职委员1, or 委员1 and 委员1单位, or 兼职委员 and 单位 again and again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pbgraph import schema
from pbgraph.reading.headers import candidates, post_of
from pbgraph.schema import Table, header_key
from pbgraph.text import simplified

_SEVERAL = 2  # one such column may be that of the names in a list with a row for each holder

_NO_SEAT = "9"
"""The rank of a post outside the Party's committees."""


class Post(NamedTuple):
    """A column of the holders of a post, with the columns beside it and the field each fills for them."""

    at: int
    code: str
    header: str
    beside: tuple[tuple[int, str], ...] = ()

    @property
    def indices(self) -> set[int]:
        """The column of the names and those beside it."""
        return {self.at, *(index for index, _ in self.beside)}


def seats_in_columns(table: Table, names: Sequence[str]) -> list[Post]:
    """The holders of posts in columns of their own, for a kind of table whose rows they are; [] for fewer than two.

    Of the two one heads or sits on a Party committee: 党组织书记 beside 居委会主任 is a list of communities.
    """
    if not table.has_posts:
        return []
    codes = [_held(table, name) for name in names]
    found = [Post(at, code, names[at].replace("\n", " ")) for at, code in enumerate(codes) if code]
    ranks = schema.vocabulary("post").rows
    if sum(ranks[post.code]["rank"] != _NO_SEAT for post in found) < _SEVERAL:
        return []
    taken = {post.at for post in found}
    return [post._replace(beside=_beside(table, names, post.at, taken)) for post in found]


def posts_in_columns(table: Table, names: Sequence[str], taken: Iterable[int]) -> list[Post]:
    """Other columns whose header is a post, for a kind of table that may name persons so: 组织委员 of a branch."""
    if not table.post_columns:
        return []
    free = set(range(len(names))) - set(taken)
    return [Post(at, code, names[at].replace("\n", " ")) for at in sorted(free) if (code := post_of(names[at]))]


def _held(table: Table, name: str) -> str:
    """The post whose holders a column names: the header itself, or the group above 姓名."""
    *groups, leaf = name.split("\n")
    if code := post_of(leaf):
        return code
    is_name = header_key(leaf) in {header_key(word) for word in schema.header_words()["leaves"]}
    return post_of(groups[-1]) if groups and (is_name or "name" in candidates(table, leaf)) else ""


def _beside(table: Table, names: Sequence[str], at: int, taken: set[int]) -> tuple[tuple[int, str], ...]:
    """The columns that say more of the holders in a column, each with the field it fills."""
    *groups, leaf = names[at].split("\n")
    stem = header_key(simplified(leaf))
    repeated = Counter(names)
    found: dict[str, int] = {}
    for index, name in enumerate(names):
        *others, own = name.split("\n")
        said = ""
        if index in taken:
            continue
        if groups and others == groups and post_of(groups[-1]):
            said = own
        elif header_key(simplified(name)).startswith(stem) and header_key(simplified(name)) != stem:
            said = header_key(simplified(name)).removeprefix(stem)
        elif repeated[name] > 1 and index > at and not set(range(at + 1, index)) & taken:
            said = own
        key = next(iter(candidates(table, said)), "") if said else ""
        if key in schema.recognition_words()["shapes"]["of_holder"]:
            found.setdefault(key, index)
    return tuple((index, key) for key, index in found.items())
