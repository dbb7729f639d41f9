"""What the words of a cell say, whatever field it is of: nothing, yes or no, or a word of a closed list."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pbgraph import schema, text

_CODE_BEFORE_LABEL = re.compile(r"^([0-9A-Z]{1,6})[_ .、|｜:-]*(?=\D)")
_ANSWER = re.compile(r"([^\W\da-zA-Z]{1,5}|[√×✓☑□])\s*[,，:：;；、(（〖【]\s*(.+?)[)）〗】]?")
_CHOSEN = re.compile(r"^[（(【\[]?(?:[A-Za-z]|[①-⑳]|\d{1,2})[)）】\]]?\s*[.．、:：,，\s-]*(?=[\u3400-\u9fff√×✓☑□])")
"""What stands before the answer that was chosen: A. or (1), where the words themselves follow."""
_CLAUSES = re.compile(r"[,，;；。]")
_PAIR = 2  # characters: the shortest word that says what was done


@cache
def words_for(name: str) -> frozenset[str]:
    """Words of one kind, such as yes or blanks, as texts are compared with them."""
    return frozenset(text.fold(word).lower() for word in schema.layout_words()[name])


@cache
def blank_words() -> frozenset[str]:
    """The words for nothing, alone and in brackets."""
    brackets = ("{}", "({})", "（{}）", "[{}]", "【{}】", "<{}>")
    return frozenset(form.format(word) for word in words_for("blanks") for form in brackets)


def is_blank(value: str) -> bool:
    """Whether a text is empty or only says that there is nothing."""
    return not value or is_blank_word(value)


def is_blank_word(value: str) -> bool:
    """Whether a text only says that there is nothing: 无, —, / or (跳过)."""
    return text.simplified(text.fold(value)).lower() in blank_words()


@lru_cache(maxsize=65536)
def is_none_word(cell: object) -> bool:
    """Whether a cell says that there is none, which no blank cell and no dash says.

    >>> is_none_word("未建立"), is_none_word("筹备中，尚未成立"), is_none_word("辖区外（北郊）"), is_none_word("—")
    (True, True, True, False)
    """
    if not isinstance(cell, str):
        return False
    value = text.simplified(text.fold(cell)).lower()
    if value in words_for("none") or _outside().fullmatch(value):
        return True
    clauses = [clause.strip() for clause in _CLAUSES.split(value)]
    return len(clauses) > 1 and clauses[-1] in words_for("none") and set(clauses) <= words_for("none") | words_for("no")


@cache
def _outside() -> re.Pattern[str]:
    return re.compile(schema.layout_words()["outside_area"])


def is_yes_word(value: str) -> bool:
    """Whether a text only says yes: 有, √ or 已建立."""
    return text.simplified(text.fold(value)).lower() in words_for("yes")


def is_no_word(value: str) -> bool:
    """Whether a text where a name is asked for says that there is none: 否 below 是否选派指导员."""
    return text.simplified(text.fold(value)).lower() in words_for("no")


@lru_cache(maxsize=65536)
def answered(cell: str) -> tuple[str, str]:
    """The yes or no that a text begins with and what it adds, as forms on the web give them; ("", "") without both.

    >>> answered("有，张三"), answered("A.是（联合）"), answered("有限公司")
    (('有', '张三'), ('是', '联合'), ('', ''))
    """
    match = _ANSWER.fullmatch(_CHOSEN.sub("", cell.strip()))
    return (
        (match[1], match[2].strip()) if match and match[1].lower() in words_for("yes") | words_for("no") else ("", "")
    )


def flag_of(cell: str, *, spelled: Sequence[str] = ()) -> tuple[bool | None, str | None]:
    """The yes or no that a text says, and the code of what is wrong with it; `spelled` are the headers of its field."""
    value = text.simplified(text.fold(cell)).lower()
    if not value:
        return None, None
    bare = _CODE_BEFORE_LABEL.sub("", value.upper()).lower()
    forms = dict.fromkeys((value, answered(value)[0] or value, bare, _CHOSEN.sub("", value)))
    if not words_for("unsure").isdisjoint(forms):
        return None, "value-unsure"
    for said, name in ((True, "yes"), (False, "no")):
        if not words_for(name).isdisjoint(forms) or any(map(_spoken(name).fullmatch, forms)):
            return said, None
    told = next((said for said in ("no", "yes") if _is_done(value, words_for(f"{said}_before"), spelled)), "")
    return (told == "yes", None) if told else (None, "value-unknown")


@lru_cache(maxsize=65536)
def says_flag(cell: str) -> bool:
    """Whether a text says yes or no, in whatever words."""
    return flag_of(cell)[0] is not None


@cache
def _spoken(name: str) -> re.Pattern[str]:
    """How people say yes or no in words of their own, such as 建了 and 有党员但没支部."""
    return re.compile(schema.layout_words()["spoken"][name])


def _is_done(value: str, before: frozenset[str], spelled: Sequence[str]) -> bool:
    """Whether a text says of what a column asks that it is done, or is not: 已备案 of 是否备案, and never 已注销."""
    said = [value.removeprefix(word) for word in before if value.startswith(word)]
    asked = {name[at : at + _PAIR] for name in spelled for at in range(len(name) - 1)} - words_for("flag_words")
    return any(rest[at : at + _PAIR] in asked for rest in said for at in range(len(rest) - 1))


@lru_cache(maxsize=65536)
def forms_of_word(cell: str) -> tuple[str, ...]:
    """A word as it is looked up in a closed list: as it stands, without a code, without words that say nothing.

    >>> forms_of_word("2-已注销")[:3]
    ('2-已注销', '已注销', '注销')
    """
    whole = text.simplified(text.fold(cell)).lower()
    whole = answered(whole)[1] or whole
    bare = _CODE_BEFORE_LABEL.sub("", _CHOSEN.sub("", whole).upper()).lower()
    forms = dict.fromkeys((whole, bare))
    behind = [bare.removesuffix(word) for word in words_for("word_behind") if bare.endswith(word)]
    for form in (bare, *behind):
        before = (form.removeprefix(word) for word in words_for("word_before") if form.startswith(word))
        forms |= dict.fromkeys(rest for rest in (form, *before) if len(rest) > 1)
    return tuple(forms)
