"""Text to text: what a cell says, made comparable. Pure functions, no tables of the domain.

A *date* is text of its own precision: "2019", "2019-10" or "2019-10-24". It is never
filled up to a day nobody wrote. A *key* is for comparing only; what is shown is always the
original text.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from importlib import resources

_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # Chinese Excel takes the full-width forms as well
_LOOSE = re.compile(r"(?<=[\u3001-\uffef]) (?=[\d<])|(?<=\d) (?=[\u3001-\uffef])")
_DIGITS = "零一二三四五六七八九"
_NUMERAL = re.compile(r"[一二三四五六七八九十]+|〇")
_DATE_PARTS = re.compile(
    r"^(\d{4})\s*[年/\-.、]?\s*(?:(\d{1,2})\s*(?:[月/\-.]\s*(?:(\d{1,2})\s*日?)?)?)?(?:\s+\d{1,2}:\d{2}.*)?$"
)
_NUMERALS_OF_YEARS = "一二"
_ZEROS = str.maketrans("〇○", "零零")
_DATE_IN_WORDS = re.compile(
    r"([一二][〇○零一二三四五六七八九]{3})(年(?:[一二三四五六七八九十]{1,2}月份?(?:[一二三四五六七八九十]{1,3}[日号])?)?)"
)
_SHORT_YEAR = re.compile(r"^[’']?(\d\d)(?=年\s*\d{1,2}月)")
_FIRST_OF_1900 = 30  # our choice: 22年 is 2022, and 58年 1958
_DATE_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIAL_RANGE = (3_654, 73_050)  # 1910 to 2099: outside it a number is no date anybody meant
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def clean(value: str) -> str:
    """Drop unseen characters, fold every kind of blank to one space, and strip.

    >>> clean(" 王\\u3000五\\u200b ")
    '王 五'
    """
    return _SPACES.sub(" ", _UNSEEN.sub("", value)).strip()


def visible(value: str) -> str:
    """Drop unseen characters and those that no document may hold; blanks and line ends stay.

    >>> visible("王" + chr(0x202E) + "五" + chr(0) + "六")
    '王五六'
    """
    return _UNSEEN.sub("", value)


def fold(value: str) -> str:
    """Full-width to half-width (NFKC), without any blank.

    >>> fold("３ 名（含）")
    '3名(含)'
    """
    return _SPACES.sub("", _UNSEEN.sub("", unicodedata.normalize("NFKC", value)))


def guarded(value: str) -> str:
    """A text as a CSV holds it: with a mark in front where a spreadsheet would take it for a formula.

    >>> guarded("=HYPERLINK(1)"), guarded(" ＠SUM(1)"), guarded("-示例-"), guarded("金桥")
    ("'=HYPERLINK(1)", "' ＠SUM(1)", "'-示例-", '金桥')
    """
    return f"'{value}" if _FORMULA.match(value) else value


def unguarded(value: str) -> str:
    """The text of a cell of a CSV that `guarded` has marked.

    >>> unguarded("'=HYPERLINK(1)"), unguarded("'金桥'")
    ('=HYPERLINK(1)', "'金桥'")
    """
    return value[1:] if value.startswith("'") and _FORMULA.match(value[1:]) else value


def simplified(value: str) -> str:
    """Traditional characters to simplified ones. For keys, never for what is shown.

    >>> simplified("金橋社區黨支部")
    '金桥社区党支部'
    """
    return value.translate(_traditional())


@cache
def _traditional() -> dict[int, str]:
    text = resources.files("pbgraph").joinpath("reference/traditional.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {ord(pair[0]): pair[1] for line in lines for pair in line.split()}


def arabic(value: str) -> str:
    """Chinese numerals up to 99 as digits, wherever they stand.

    >>> arabic("第二十一党支部")
    '第21党支部'
    """
    return _NUMERAL.sub(lambda match: _number(match.group()), value)


def _number(numeral: str) -> str:
    tens, mark, ones = numeral.partition("十")
    if not mark:
        return "".join(str(_DIGITS.find(digit)) for digit in numeral.replace("〇", "零"))
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str((_DIGITS.find(tens) if tens else 1) * 10 + (_DIGITS.find(ones) if ones else 0))


def numeral(n: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> numeral(3), numeral(10), numeral(12), numeral(20), numeral(31)
    ('三', '十', '十二', '二十', '三十一')
    """
    tens, ones = divmod(n, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def tight(value: str) -> str:
    """A Chinese text without blanks between its characters and digits, as it is set in print.

    >>> tight("有正式党员 6 名，A 区 3 家")
    '有正式党员6名，A 区3家'
    """
    return _LOOSE.sub("", value)


def parse_date(value: str) -> str | None:
    """Read a date in any form in use, keeping its precision; None where it is none.

    >>> [parse_date(form) for form in ("2019/10/24", "1980.03", "１９８０年３月", "19800312", "2019")]
    ['2019-10-24', '1980-03', '1980-03', '1980-03-12', '2019']
    >>> [parse_date(form) for form in ("二〇二二年五月", "二○二○年十二月三十一日", "22年5月", "98年7月1日")]
    ['2022-05', '2020-12-31', '2022-05', '1998-07-01']
    >>> parse_date("43762"), parse_date("2019-13"), parse_date("满3年")
    ('2019-10-24', None, None)
    """
    form = _date_in_digits(clean(unicodedata.normalize("NFKC", value)))
    if re.fullmatch(r"\d{5}(\.\d+)?", form):
        return serial_date(float(form))
    match = _DATE_COMPACT.match(form) or _DATE_PARTS.match(form)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        found = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if not 1900 <= found.year <= 2100:
        return None
    return found.isoformat()[: 10 if day else 7 if month else 4]


def _date_in_digits(form: str) -> str:
    """A date in Chinese numerals or with two digits of its year as others write it: 二〇二二年五月, 22年5月."""
    if form[:1] in _NUMERALS_OF_YEARS and (match := _DATE_IN_WORDS.fullmatch(form)):
        form = "".join(str(_DIGITS.find(digit)) for digit in match[1].translate(_ZEROS)) + arabic(match[2])
    if match := _SHORT_YEAR.match(form):
        century = 2000 if int(match[1]) < _FIRST_OF_1900 else 1900
        return f"{century + int(match[1])}{form[match.end() :]}"
    return form


def serial_date(number: float, *, is_1904: bool = False) -> str | None:
    """The day of an Excel serial number, None outside 1910 to 2099.

    >>> serial_date(43762.0)
    '2019-10-24'
    """
    number += 1462 if is_1904 else 0
    if not _SERIAL_RANGE[0] <= number <= _SERIAL_RANGE[1]:
        return None
    return (_EXCEL_EPOCH + timedelta(days=int(number))).isoformat()


def is_id_number(value: str) -> bool:
    """Whether 15 or 18 characters are an identity number (GB 11643, check digit and birth).

    >>> is_id_number("999999198003120011"), is_id_number("999999198003120012")
    (True, False)
    """
    if re.fullmatch(r"\d{15}", value):
        return parse_date("19" + value[6:12]) is not None
    if not re.fullmatch(r"\d{17}[\dX]", value) or parse_date(value[6:14]) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == value[17]


def mask_name(name: str) -> str:
    """A person's name as a meeting may see it: the surname only.

    >>> mask_name("王小明"), mask_name("欧阳明"), mask_name("")
    ('王*', '欧阳*', '')
    """
    surname = name[:2] if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else name[:1]
    return surname + "*" if name else ""


_DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "夏侯",
        "端木",
        "独孤",
        "南宫",
    ]
)
