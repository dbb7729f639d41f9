"""Short names for tiles: what the names of an office do not share, with the trade in a word."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

from pbgraph.linking.office import Office
from pbgraph.schema import layout_words, name_words
from pbgraph.text import simplified

_SHORTEST = 2  # a name of one character says nothing


def short_names(names: Iterable[str], *, home: str = "", among: Iterable[str] = ()) -> dict[str, str]:
    """A short name for each name of an office; two that would be alike keep more of theirs.

    `home` is the path of the street, and `among` are other names that share its places. Place, legal form and the
    long words for a trade go; what an organization ends in stays.

    >>> short_names(["云州长青机械有限公司", "云州海纳文化传媒有限公司"], home="云州市/望湖街道")
    {'云州长青机械有限公司': '长青机械', '云州海纳文化传媒有限公司': '海纳传媒'}
    >>> short_names(["云州长青机械有限公司党支部"], home="云州市/望湖街道")
    {'云州长青机械有限公司党支部': '长青机械党支部'}
    """
    whole = list(dict.fromkeys(names))
    found = {head for group in (whole, list(among)) for head in Office.of(group, home=home).heads}
    heads = sorted(found, key=lambda head: (-len(head), head))
    steps = [
        [_traded(bare) + level, bare + level, _headless(body, heads) + level, name]
        for name in whole
        for body, level in [_body(simplified(name))]
        for bare in [_bare(body, heads)]
    ]
    chosen = dict.fromkeys(whole, 0)
    for level in range(3):
        alike: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(whole):
            alike[steps[number][chosen[name]]].append(number)
        for numbers in alike.values():
            for number in numbers if len(numbers) > 1 else ():
                chosen[whole[number]] = level + 1
    return {name: steps[number][chosen[name]] for number, name in enumerate(whole)}


def short_community(name: str) -> str:
    """A community without the word for it, where something is left.

    >>> short_community("东湖社区"), short_community("社区"), short_community("")
    ('东湖', '社区', '')
    """
    ending = next((end for end in layout_words()["community_endings"] if name.endswith(end)), "")
    rest = name.removesuffix(ending)
    return rest if len(rest) >= _SHORTEST else name


@lru_cache(maxsize=65536)
def words_of(name: str) -> tuple[str, ...]:
    """A name in the words between which a line may end.

    >>> words_of("金桥社区第一党支部"), words_of("博雅锦绣网科"), words_of("热力？"), words_of("？")
    (('金桥社区', '第一', '党支部'), ('博雅锦绣', '网科'), ('热力？',), ('？',))
    """
    rest = name.rstrip(_MARKS)
    if not rest:
        return (name,)
    found = [name.removeprefix(rest)]
    while ending := next((end for end in _endings() if rest.endswith(end) and len(rest) >= len(end) + _SHORTEST), ""):
        rest = rest.removesuffix(ending)
        found.insert(0, ending)
    whole = [*(part for part in _inside().split(rest) if part), *found]
    return (*whole[:-2], whole[-2] + whole[-1])  # a mark stays with the last word


_MARKS = "?？"  # behind a name that is not settled


@cache
def _endings() -> tuple[str, ...]:
    """The words that a name may end in, the longest first."""
    words = name_words()
    lists = [words[key] for key in ("levels", "organization_words", "trade_tails", "other_bodies", "branch_offices")]
    lists += [layout_words()["unit_endings"], *(trade[1:] for trade in words["trades"])]
    found = {word for listed in lists for word in listed if len(word) >= _SHORTEST}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def _inside() -> re.Pattern[str]:
    """Where a word ends within a name: behind 社区, and around a number."""
    places = "|".join(map(re.escape, layout_words()["community_endings"]))
    return re.compile(rf"(^.{{2,}}?(?:{places})(?=.)|第[\d一二三四五六七八九十]+)")


def _headless(name: str, heads: Iterable[str]) -> str:
    """A name without the places that it begins with or has in brackets."""
    for head in heads:
        name = re.sub(f"[(（]{re.escape(head)}[)）]", "", name)
        rest = name.removeprefix(head)
        name = rest if len(rest) > _SHORTEST else name  # 望湖小学 is not 小学
    return name


def _body(name: str) -> tuple[str, str]:
    """A name and the level that an organization's ends in, "" for that of a unit."""
    level = next((level for level in name_words()["levels"] if name.endswith(level) and name != level), "")
    return name.removesuffix(level), level


def _bare(name: str, heads: Iterable[str]) -> str:
    """A name without place and legal form."""
    bare = _headless(name, heads)
    form = next((form for form in _forms() if bare.endswith(form)), "")
    rest = bare.removesuffix(form)
    return rest if len(rest) >= _SHORTEST else bare


def _traded(name: str) -> str:
    """A name with long words for a trade in one word, where something else stands before them."""
    trades: list[list[str]] = name_words()["trades"]
    for long, short, *_ in trades:
        if name.endswith(long) and len(name) >= len(long) + _SHORTEST:
            return name.removesuffix(long) + short
    return name


@cache
def _forms() -> tuple[str, ...]:
    words = name_words()
    forms = [*words["legal_forms"], *(form for form, _ in words["forms"]["always"] if form.endswith("公司"))]
    return tuple(sorted(forms, key=len, reverse=True))
