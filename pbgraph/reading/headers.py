"""A header to the fields it may mean, each with how plainly it says so.

A header is looked up as it stands, then taken apart: neutral words dropped, words for one thing
made one, Latin letters read as English words or as the initials of pinyin, and what is left
*parsed*: a Chinese header ends in its head noun, which gives the type, and what stands before it
names the thing or the event. What stands on no list is weighed against all spellings that offices
use (`likeness`): a header is as much a field's as that makes likely, and one of which little is
likely needs cells that say the same.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from pbgraph import schema
from pbgraph.reading.grammar import fields_told, glimpsed, grammar, head_lists, lists_of_head, parsed, reached
from pbgraph.reading.likeness import likeness
from pbgraph.reading.pinyin import letters
from pbgraph.schema import Table, header_key
from pbgraph.text import clean, fold, simplified

_MOST_TAKEN = 3  # words taken off a header before it is given up
_CHOICE = re.compile(r"[/／、或]")
_LEAST_CHOICES = 2
_LEAST_SPELT = 2  # so few letters are like anything
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_ .\-]{1,39}")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_TAIL = re.compile(r"(?<=[\u3400-\u9fff])\s+[A-Za-z\d/.\- ]+$")  # 出生年月 YYYY-MM
_INSTRUCTED = re.compile(r"[：:；;，,。\n]|\s+(?=[\u3400-\u9fff])")
_HAN, _LATIN_WORDS = r"([\u3400-\u9fff]{2,})", r"[A-Za-z][A-Za-z .]+"
_TWO_LANGUAGES = re.compile(rf"{_HAN}[/ ]?[(（]?{_LATIN_WORDS}[)）]?|{_LATIN_WORDS}[/ ]?[(（]?{_HAN}[)）]?")
_NOTED = re.compile(r"([\u3400-\u9fff]{2,})[(（]([\u3400-\u9fff]{2,4})[)）]")
_BY_SENSE = 0.05  # a spelling that two fields share means the table's own first


@lru_cache(maxsize=65536)
def candidates(table: Table, name: str) -> dict[str, float]:
    """The fields of a table that a header may mean, with a weight up to 1 for how plainly it says so.

    `name` may join groups and leaf by line feeds. The forms are tried from the plainest on, and
    the first that says something decides.
    """
    weights = schema.recognition_words()["weights"]
    plain = _of_time("now").sub("", simplified(name)) or simplified(name)
    asked = _said_plainly(plain)
    forms = [*([(plain, 1.0)] if asked != plain else []), *_forms(table, asked)]
    if any(header_key(form, keep_notes=True) in table.others for form in (plain, plain.split("\n")[-1])):
        return {}
    if _of_time("pattern").search(plain) or _is_of_part(plain):
        return {}
    listed = ((_listed, "listed"), (_written, "written"))
    taken_apart = ((_composed, "composed"), (parsed, "parsed"), (_options, "parsed"), (_spelled, "spelled"))
    return (
        _told(table, [*_opened(plain), *forms], listed)
        or _like(table, forms, weights["like_sure"])
        or _told(table, forms, taken_apart)
        or _like(table, forms, weights["like_from"])
        or _told(table, forms, ((_generic, "generic"), (glimpsed, "glimpsed")))
        or ({} if _is_of_form(plain) else _like(table, forms, weights["like_cells"]))
    )


@cache
def _of_time(which: str) -> re.Pattern[str]:
    return re.compile(schema.recognition_words()["earlier"][which])


_Reading = Callable[[Table, str], Iterable[str]]


def _told(
    table: Table, forms: Sequence[tuple[str, float]], readings: Iterable[tuple[_Reading, str]]
) -> dict[str, float]:
    """What the first reading that says something makes of the forms of a header."""
    for read, weight in readings:
        for form, share in forms:
            if found := read(table, form):
                return _by_sense(table, found, schema.recognition_words()["weights"][weight] * share)
    return {}


def _by_sense(table: Table, found: Iterable[str], weight: float) -> dict[str, float]:
    """Fields with a weight: the first sense of a spelling before the others."""
    senses = dict.fromkeys((*found, *(table.otherwise[key] for key in found if key in table.otherwise)))
    return {key: weight - _BY_SENSE * rank for rank, key in enumerate(senses)}


def _like(table: Table, forms: Sequence[tuple[str, float]], least: float) -> dict[str, float]:
    """The fields that all forms of a header taken together are like, if enough; those nearly as like too."""
    weights = schema.recognition_words()["weights"]
    likest: dict[str, float] = {}
    for form, share in forms:
        for key, likely in _likeness_of_kin(table, form).items():
            likest[key] = likest.get(key, 0.0) + likely * share / len(forms)
    best = max(likest.values(), default=0.0)
    near = {key: likely for key, likely in likest.items() if likely >= best - weights["like_margin"]}
    return {key: weights["like"] * likely for key, likely in near.items()} if best >= least else {}


@lru_cache(maxsize=65536)
def _likeness_of_kin(table: Table, form: str) -> dict[str, float]:
    """How like a header is to the fields whose headers may end in its head noun, best first.

    原工作单位 is like 工作单位 and means another: a word that tells things apart must stand in headers of the field.
    """
    lists = lists_of_head(header_key(form))
    parting = [word for word in schema.recognition_words()["glimpses"]["refused"] if word in form]
    found = likeness(table, form)
    return {
        key: share
        for key, share in found.items()
        if (not lists or lists & set(head_lists(table.field(key))))
        and all(word in _all_spellings(table, key) for word in parting)
    }


@lru_cache(maxsize=4096)
def _all_spellings(table: Table, key: str) -> str:
    own = [spelling for spelling, field in table.headers.items() if field == key]
    return "\n".join([*own, *(spelling for spelling, fields in table.spellings.items() if key in fields)])


def _is_of_part(name: str) -> bool:
    """Whether a leaf counts a part of what its group does, such as 35岁以下 below 从业人员, and not the whole."""
    *groups, leaf = name.split("\n")
    return bool(groups) and re.fullmatch(schema.recognition_words()["glimpses"]["of_part"], fold(leaf)) is not None


def _is_of_form(name: str) -> bool:
    """Whether a header is about the form that was filled in, and not about what the row says: 提交时间."""
    return any(word in name for word in schema.recognition_words()["glimpses"]["of_form"])


def _forms(table: Table, name: str) -> list[tuple[str, float]]:
    """The ways to read a group and its leaf: joined, the leaf alone, the group alone where the leaf says nothing."""
    *groups, leaf = [_TAIL.sub("", part) for part in name.split("\n")]
    chinese = _english(leaf) or _chinese_of_two(leaf)
    forms = [("".join((*groups, leaf)), 1.0)]
    if chinese:
        forms.append((chinese, 1.0))
    if plain := _without_instruction(leaf):
        forms += [("".join((*groups, plain)), _leaf_share()), (plain, _leaf_share())]
    if not groups:
        return forms
    if core := _foreign(table, groups[-1]):
        named = [(leaf, _leaf_share())] if core in leaf else []
        return [*forms, *named, (core + leaf, 1.0), (groups[-1] + leaf, 1.0)]  # 党组织建设 above 全称 names no unit
    if _is_neutral(leaf):
        return [*forms, (groups[-1], _leaf_share()), (leaf, _leaf_share())]
    if _person_of(table, groups[-1]) not in ("", *table.key_fields):
        return forms  # the telephone of a secretary is not that of the organization
    return [*forms, (groups[-1] + leaf, 1.0), (leaf, _leaf_share())]


def _opened(name: str) -> list[tuple[str, float]]:
    """A header and the word in brackets behind it as one: 党员（正式） as 正式党员."""
    found = _NOTED.fullmatch(name.split("\n")[-1])
    return [(found[2] + found[1], 1.0)] if found else []


def _chinese_of_two(leaf: str) -> str:
    """The Chinese of a header in two languages: 姓名/Name, Duty职务. "" where it is in one."""
    found = _TWO_LANGUAGES.fullmatch(clean(leaf))
    return (found[1] or found[2]) if found else ""


@lru_cache(maxsize=4096)
def _without_instruction(leaf: str) -> str:
    """A header without how to fill it in: 性别：男或女, 书记 写姓名. "" where it has none."""
    plain = _INSTRUCTED.split(leaf.strip(), maxsplit=1)[0]
    return plain if 1 < len(plain) < len(leaf.strip()) else ""


@lru_cache(maxsize=4096)
def _foreign(table: Table, group: str) -> str:
    """What a group is about, where the rows of a table are something else: 党组织 of 党组织建设情况 above units."""
    words = schema.header_words()
    core = header_key(simplified(group))
    while end := next((word for word in words["about"] if core.endswith(word) and core != word), ""):
        core = core.removesuffix(end)
    own = words["subjects"].get(table.key, ())
    others = {word for key, found in words["subjects"].items() for word in found} - set(own)
    longest = max((word for word in {*own, *others} if core.endswith(header_key(word))), key=len, default="")
    return core if longest and longest not in own else ""


@lru_cache(maxsize=65536)
def _unasked(part: str) -> str:
    """A question of a form as a header: 3、贵单位全称是什么 as 单位全称. What is left of nothing else stays."""
    plain = part
    for pattern, said in schema.recognition_words()["questions"]["forms"]:
        plain = re.sub(pattern, said, plain)
    return plain if len(plain) > 1 else part


def _said_plainly(name: str) -> str:
    """A header that asks, such as 何时报到, as the others are written: 报到时间."""
    turned: dict[str, str] = schema.recognition_words()["turned"]
    name = "\n".join(_unasked(part) for part in name.split("\n"))
    for word, behind in turned.items():
        if word in name:
            return name.replace(word, "") + behind
    return name


def _leaf_share() -> float:
    return float(schema.recognition_words()["weights"]["leaf"])


def field_of(table: Table, name: str) -> str | None:
    """The one field that a header says without its cells, None where it says none or could be several."""
    found = candidates(table, name)
    best = max(found.values(), default=0.0)
    keys = [key for key, weight in found.items() if weight == best]
    return keys[0] if len(keys) == 1 and best > schema.recognition_words()["weights"]["generic"] else None


def is_listed(table: Table, name: str) -> bool:
    """Whether a header stands in the lists of the table as it is, and need not be taken apart."""
    forms = [simplified(form) for form in (name.split("\n")[-1], name.replace("\n", ""))]
    return any(_listed(table, form) or _written(table, form) for form in forms)


@lru_cache(maxsize=65536)
def is_known(text: str) -> bool:
    """Whether any kind of table understands a header.

    Most cells that are asked about are values: what no list and no grammar of any table could
    explain is turned away before each table is asked.
    """
    if header_key(text) in listed_headers():
        return True
    if not (_LATIN.fullmatch(text) or any(_may_be_explained(form) for form in _forms_of_any(text))):
        return False
    return any(field_of(table, text) for table in schema.tables().values())


def n_like_fields(texts: Iterable[str]) -> int:
    """How many fields of one kind of table some texts are like, each by another; values of one column are like one."""
    least = schema.recognition_words()["weights"]["like_sure"]
    found = [{_most_like(table, text, least) for text in texts} - {""} for table in schema.tables().values()]
    return max(map(len, found))


@lru_cache(maxsize=65536)
def _most_like(table: Table, text: str, least: float) -> str:
    key, likely = next(iter(likeness(table, text).items()), ("", 0.0))
    return key if likely >= least else ""


def is_word(text: str) -> bool:
    """Whether a text is one word of which headers are made, such as 党员, and no name of a person."""
    return header_key(simplified(text)) in _any_grammar()[0]


def _forms_of_any(text: str) -> list[str]:
    parts = [_TAIL.sub("", part) for part in _said_plainly(simplified(text)).split("\n")]
    return [header_key("".join(parts)), header_key(parts[-1]), header_key("".join(parts), keep_notes=True)]


def _may_be_explained(key: str) -> bool:
    """Whether the words of all grammars, or a listed header and neutral words, make up the whole header."""
    words, listed, subjects = _any_grammar()
    if reached(key, {0}, words) and len(key) in reached(key, {0}, words):
        return True
    level = {key}
    for _ in range(_MOST_TAKEN + 1):
        if any(_same(word) in listed for word in level):
            return True
        level = {shorter for word in level for shorter in _shortened(word, subjects)}
    return False


@cache
def _any_grammar() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """All words of all grammars, all listed headers with words for one thing made one, all subjects."""
    words, tables = schema.recognition_words(), schema.tables().values()
    subjects = [word for found in schema.header_words()["subjects"].values() for word in found]
    fillers = [word for found in words["fillers"].values() for word in found]
    heads = [word for found in words["heads"].values() for word in found]
    own = [topic for topics in words["topics"]["in"].values() for found in topics.values() for topic in found]
    topics = [topic for key, found in words["topics"].items() if key != "in" for topic in found]
    every = frozenset(header_key(word) for word in (*subjects, *fillers, *heads, *own, *topics))
    listed = frozenset(word for table in tables for word in _one_word(table) if len(word) > 1)
    return every, listed, tuple(dict.fromkeys(subjects))


@cache
def listed_headers() -> frozenset[str]:
    """Every spelling on the lists of any kind of table, as `header_key` makes them comparable."""
    return frozenset(key for table in schema.tables().values() for key in (*table.headers, *table.spellings))


def _is_neutral(leaf: str) -> bool:
    return header_key(leaf) in {header_key(word) for word in schema.header_words()["leaves"]}


def _person_of(table: Table, group: str) -> str:
    """The field of persons that a group names, "" where it names none."""
    found = _listed(table, group)
    return found[0] if found and table.field(found[0]).type == "person" else ""


def _listed(table: Table, form: str) -> tuple[str, ...]:
    whole = table.senses.get(header_key(form, keep_notes=True), ())
    return whole or table.senses.get(header_key(form), ())


def _written(table: Table, form: str) -> tuple[str, ...]:
    """The fields of a header that offices write so."""
    whole = table.spellings.get(header_key(form, keep_notes=True), ())
    return whole or table.spellings.get(header_key(form), ())


def _composed(table: Table, form: str) -> tuple[str, ...]:
    """The field of a header that is made of known words only."""
    known = _one_word(table)
    level = {header_key(form)}
    for _ in range(_MOST_TAKEN + 1):
        keys = {known[same] for word in level if (same := _same(word)) in known}
        if keys:
            return (keys.pop(),) if len(keys) == 1 else ()
        level = {shorter for word in level for shorter in _shorter(table.key, word)}
    return ()


@lru_cache(maxsize=64)
def _one_word(table: Table) -> dict[str, str]:
    """Every spelling of a table with words for one thing made one; what is then two fields is left out."""
    found: dict[str, set[str]] = {}
    for spelling, key in table.headers.items():
        found.setdefault(_same(spelling), set()).add(key)
    return {spelling: keys.pop() for spelling, keys in found.items() if len(keys) == 1}


def _shorter(table: str, word: str) -> set[str]:
    """The header without one neutral word in front or behind, or without its number."""
    return _shortened(word, tuple(schema.header_words()["subjects"].get(table, ())))


@lru_cache(maxsize=65536)
def _shortened(word: str, subjects: tuple[str, ...]) -> set[str]:
    words = schema.header_words()
    shorter = {word[len(part) :] for part in (*words["before"], *subjects) if word.startswith(part)}
    shorter |= {word[: -len(part)] for part in words["behind"] if word.endswith(part)}
    shorter.add(re.sub(words["numbering"], "", word))
    return {rest for rest in shorter if len(rest) > 1 and rest != word}


@lru_cache(maxsize=65536)
def _same(word: str) -> str:
    pattern, last = _synonyms()
    return pattern.sub(lambda match: last[match.group()], word)


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    last = {header_key(word): row[-1] for row in schema.header_words()["same"] for word in row}
    return re.compile("|".join(sorted(map(re.escape, last), key=len, reverse=True))), last


def _options(table: Table, form: str) -> tuple[str, ...]:
    """The fields of a header that names the words to choose from: 正式/预备, 开业或停业."""
    parts = [fold(part).lower() for part in _CHOICE.split(form) if part.strip()]
    if len(parts) < _LEAST_CHOICES:
        return ()
    listed = [item for item in table.fields if schema.has_vocabulary(item.type)]
    return tuple(item.key for item in listed if set(parts) <= schema.vocabulary(item.type).spellings.keys())


def _generic(table: Table, form: str) -> tuple[str, ...]:
    """The fields of a header that only its cells decide: 类别 or 性质 of the rows, or what is counted alone."""
    key = header_key(form)
    subjects = schema.header_words()["subjects"].get(table.key, [])
    rests = {key, *(key.removeprefix(header_key(word)) for word in subjects if key != word)}
    if rests & _list_heads():
        return tuple(item.key for item in table.fields if schema.has_vocabulary(item.type))
    return fields_told(table, form, bare=True)


@cache
def _list_heads() -> frozenset[str]:
    return frozenset(header_key(head) for head in schema.recognition_words()["heads"]["list"])


def _spelled(table: Table, form: str) -> tuple[str, ...]:
    """The fields that have a header of these pinyin letters, whole or initials only."""
    if not _LATIN.fullmatch(form.strip()):
        return ()
    word = "".join(_WORDS.findall(form)).lower()
    tails: dict[str, str] = schema.recognition_words()["english"]["tails"]
    tail = max((tail for tail in tails if word.endswith(tail) and word != tail), key=len, default="")
    spellings = [word, word.removesuffix(tail) + tails[tail]] if tail else [word]
    return next((found for spelling in spellings if (found := _pinyin(table).get(spelling))), ())


@lru_cache(maxsize=64)
def _pinyin(table: Table) -> dict[str, tuple[str, ...]]:
    """The fields by the letters of every spelling on a list and of every topic with its head nouns."""
    found: dict[str, dict[str, None]] = {}
    for spelling, key in sorted(table.headers.items(), key=lambda pair: pair[1] == "seq"):
        for form in letters(spelling):
            found.setdefault(form, {})[key] = None
    before = ("", *(letters(word)[0] for word in schema.recognition_words()["english"]["before"]))
    for rule in grammar(table):
        heads = ("", *(letters(head)[0] for head in rule.heads))
        for topic, keys in rule.topics.items():
            initials = letters(topic)[0]
            for form in {start + initials + head for start in before for head in heads}:
                for key in keys:
                    found.setdefault(form, {})[key] = None
    return {form: tuple(keys) for form, keys in found.items() if len(form) > 1}


@lru_cache(maxsize=65536)
def _english(header: str) -> str:
    """A header of English words, camelCase or snake_case, in Chinese; "" where a word of it is unknown.

    >>> _english("parentOrgName"), _english("is_build_party"), _english("xm")
    ('上级党组织名称', '是否建立党组织', '')
    >>> _english("ENT_NM"), _english("hhCnt")
    ('企业名称', '户数')
    """
    text = clean(header)
    if not _LATIN.fullmatch(text):
        return ""
    words = [word.lower() for word in _WORDS.findall(text)]
    known, short = schema.english_words(), schema.abbreviations()
    if len(words) > 1 or len(text) > _LEAST_SPELT:  # two letters alone are more often pinyin
        words = [part for word in words for part in short.get(word, word).split()]
    said: list[str] = []
    while words:
        n = next((n for n in range(min(4, len(words)), 0, -1) if _entry(words[:n], known) is not None), 0)
        if not n:
            return ""
        said.append(str(_entry(words[:n], known)))
        words = words[n:]
    return "".join(said)


def _entry(words: list[str], known: dict[str, str]) -> str | None:
    joined = " ".join(words)
    single = joined.removesuffix("s")
    return known.get(joined, known.get(single) if len(single) > 2 else None)


@lru_cache(maxsize=65536)
def post_of(header: str) -> str:
    """The post that a header names, "" where it names none; a number behind it does not count."""
    words, spellings = schema.recognition_words()["shapes"], schema.vocabulary("post").spellings
    leaf = header_key(simplified(header).split("\n")[-1]).rstrip(words["numerals"])
    forms = [leaf, *(leaf.removesuffix(end) for end in words["post_tails"] if leaf.endswith(end) and leaf != end)]
    forms += [bare for form in forms if (bare := form.rstrip(words["numerals"])) and bare != form]
    forms += [form.removeprefix(head) for head in words["post_heads"] for form in forms if form.startswith(head)]
    return next((spellings[form] for form in forms if form in spellings), "")


def likely(table: Table, name: str) -> str:
    """The known header that an unknown one is most like, "" where none is."""
    leaf = simplified(name.split("\n")[-1])
    is_asked = len(header_key(leaf)) > _LEAST_SPELT and not _is_of_form(leaf)
    key, share = next(iter(_likeness_of_kin(table, leaf).items()), ("", 0.0)) if is_asked else ("", 0.0)
    return table.field(key).label if share >= schema.recognition_words()["weights"]["like_cells"] else ""
