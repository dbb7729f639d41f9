"""A table as text to rows of cells: its encoding, its separator, and quotation marks that nobody closed.

What Excel shows is read: `="0012"` is the text 0012, a first line `sep=;` is no row. A byte that no
encoding knows becomes the replacement character, which the reader of its cell reports.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from pbgraph.errors import WorkbookError
from pbgraph.reading.formats import known

_ENCODINGS = ("utf-8-sig", "gb18030")  # GB18030 holds GBK and GB2312; plain UTF-8 reads as utf-8-sig
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"[^"]*"')
_AS_FORMULA = re.compile(r'=\s*(?:"((?:[^"]|"")*)"|([+-]?\d+(?:\.\d+)?))')
_JUDGED = 200  # lines from which separator and width are found out
_MOST_LINES = 200  # of one quoted cell
_END = "\x00end"
Row = list[Any]


def decoded(content: bytes) -> str:
    """Bytes as text, by the encoding that fits or else by the one with the fewest broken characters."""
    encodings = ("utf-16",) if content.startswith(_WIDE) else _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    texts = [content.decode(encoding, "replace") for encoding in encodings]
    return min(texts, key=lambda text: text.count("\ufffd"))


def text_rows(content: bytes) -> list[Row]:
    """The rows of a table as text.

    Raises
    ------
    WorkbookError
        file-damaged, where a cell is longer than any text of a table.

    """
    text = decoded(content)
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    said = known()["text"]["separator_line"]
    hinted = lines[0].lower().removeprefix(said) if lines and lines[0].lower().startswith(said) else ""
    lines = lines[1:] if hinted else lines
    delimiter = hinted if len(hinted) == 1 else _delimiter(lines)
    try:
        rows = list(_records(lines, delimiter)) if '"' in text else list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise WorkbookError("file-damaged", reason="CSV") from error
    return [[_value(cell) for cell in row] for row in rows] if "=" in text else rows


def _delimiter(lines: list[str]) -> str:
    """The separator with which most lines have the same number of cells, and many of them."""

    def fits(mark: str) -> int:
        counts = Counter(_QUOTED.sub("", line).count(mark) for line in lines[:_JUDGED])
        return max((n_lines * count for count, n_lines in counts.items()), default=0)

    delimiters: list[str] = known()["text"]["delimiters"]
    return max(delimiters, key=fits)


def _records(lines: list[str], delimiter: str) -> Iterator[Row]:
    """Rows of lines; a quoted cell may go on over several, if it is closed as it should be."""
    widths = Counter(len(_literal(line, delimiter)) for line in lines[:_JUDGED] if line)
    width = max(widths, key=lambda n: (widths[n], n), default=1)
    sound: list[str] = []
    at = 0
    while at < len(lines):
        if lines[at].count('"') % 2 == 0 or not _is_open(lines[at], delimiter):
            sound.append(lines[at])
            at += 1
            continue
        yield from csv.reader(sound, delimiter=delimiter)
        sound = []
        n_lines = _n_joined(lines, at, delimiter, width)
        if n_lines:
            yield next(csv.reader(["\n".join(lines[at : at + n_lines])], delimiter=delimiter))
        else:
            yield _literal(lines[at], delimiter)
        at += n_lines or 1
    yield from csv.reader(sound, delimiter=delimiter)


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a quotation mark is still open at the end of a text."""
    return len(list(csv.reader([text, _END], delimiter=delimiter))) == 1


def _n_joined(lines: list[str], start: int, delimiter: str, width: int) -> int:
    """How many lines a quoted cell makes one row of, 0 where the mark is part of the text."""
    for end in range(start + 1, min(start + _MOST_LINES, len(lines))):
        joined = "\n".join(lines[start : end + 1])
        if lines[end].count('"') % 2 == 0 or _is_open(joined, delimiter):
            continue
        try:
            (row,) = csv.reader([joined], delimiter=delimiter, strict=True)
        except (csv.Error, ValueError):
            return 0  # text goes on behind the closing mark
        alone = [len(_literal(line, delimiter)) for line in lines[start : end + 1]]
        is_whole = alone[0] == width if len(row) != width else set(alone) == {width}
        return 0 if is_whole else end + 1 - start
    return 0


def _literal(line: str, delimiter: str) -> Row:
    """The cells of a line in which quotation marks are text, unless they stand around a cell."""
    cells = line.split(delimiter)
    pairs = [len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells]
    return [cell[1:-1].replace('""', '"') if pair else cell for cell, pair in zip(cells, pairs, strict=True)]


@cache
def _value(cell: str) -> str:
    """What a cell shows that an export wrote as a formula, so that Excel keeps its zeros."""
    match = _AS_FORMULA.fullmatch(cell) if cell[:1] == "=" else None
    if match is None:
        return cell
    return match.group(2) or (match.group(1) or "").replace('""', '"')
