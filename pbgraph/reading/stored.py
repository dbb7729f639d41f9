"""The cells that the XML of a worksheet really stores, counted without parsing it.

A reader may give less than a file holds: error values and formulas without a result come out
empty, a wrong dimension tag hides rows, and how a number is shown is not told at all. One pass over
the inflated text finds the cells concerned and how many values there should be. Addresses outside
a sheet, and one value far away from all others, are refused here, because they make a parser reserve
memory for the space between. Rows and cells that hold only a format are nothing far away.
"""

import re
from array import array
from dataclasses import dataclass, field
from typing import Protocol

from pbgraph.errors import WorkbookError

MAX_COLUMN = 16_384
MAX_ROW = 1_048_576
_CHUNK = 4 * 2**20
_MOST_AREA = 60_000_000  # cells between A1 and the last one; a full sheet of 57 columns
_LEAST_FILLED = 1 / 200  # an area larger than _DENSE_AREA must be filled at least so far
_DENSE_AREA = 5_000_000
_USUAL_WIDTH = 26

_PLACE = rb'[^>]*\br="([A-Z]+)(\d+)"'
_FORMULA = rb"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*"
_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")' + _PLACE)
_NO_RESULT = re.compile(  # an empty text is a result
    rb'<c\b(?![^>]*\bt="str")' + _PLACE + _FORMULA + rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_ZERO_RESULT = re.compile(rb'<c\b(?![^>]*\bt="[bse])' + _PLACE + _FORMULA + rb"<v>-?0(?:\.0+)?</v>")
_FAR = re.compile(rb' r="(?![A-Z]?\d{1,7}")([A-Z]*)(\d*)"([^>]*)')  # beyond column Z, or no address at all
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_ROW_WITH_VALUE = re.compile(rb'<row\b[^>]*?\br="(\d+)"[^>]*(?<!/)>(?:\s*<c\b[^>]*/>)*\s*<c\b[^>]*(?<!/)>')
_EMPTY_INLINE = (b"<is><t></t></is>", b"<is><t/></is>", b"<is><t /></is>")
_PREFIX = re.compile(rb"<(\w+):(?:worksheet|sheetData)\b")
_ROW_OR_CELL = re.compile(rb"<(row|c)(?=[\s/>])([^>]*)>")
_ADDRESS = re.compile(rb'\sr="([A-Z]*)(\d*)"')

Places = list[tuple[int, int]]


class Source(Protocol):
    """What can be read in chunks."""

    def read(self, size: int) -> bytes:
        """The next bytes, b"" at the end."""


@dataclass
class StoredCells:
    """What one worksheet stores; cells are (row, column), both from 0.

    `zero_results` are formulas with the result 0, of `n_formulas` in all; `styled` are the rows of
    each column, by the style whose format shows something else than the file holds, `shown` the texts of cells
    in a format that keeps them. `merges` and `is_1904` are filled where the parser does not tell them.
    """

    n_values: int = 0
    n_formulas: int = 0
    last_row: int = 0
    last_column: int = 0
    stray: str = ""
    errors: Places = field(default_factory=list)
    without_result: Places = field(default_factory=list)
    zero_results: Places = field(default_factory=list)
    styled: dict[int, dict[int, "array[int]"]] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    is_1904: bool = False

    def styled_rows(self, style: int, column: int) -> "array[int]":
        """The rows of a column whose cells have a style, to be added to."""
        return self.styled.setdefault(style, {}).setdefault(column, array("i"))


def scan_part(first: bytes, part: Source, *, styles: frozenset[int] = frozenset()) -> StoredCells:
    """Count the cells of a worksheet part, of which `first` was already read; note those of `styles`.

    Raises
    ------
    WorkbookError
        file-bad-cell: an address outside a sheet; file-stray-cell: a value so far away that the
        sheet would be nearly all empty space.

    """
    found = StoredCells()
    prefix = _PREFIX.search(first[:8192])
    listed = b"|".join(b"%d" % style for style in sorted(styles))
    counter = _Counter()
    rest = first
    while True:
        chunk = part.read(_CHUNK)
        cut = len(rest) if not chunk else _last_start(rest, prefix)
        text = counter.addressed(_plain_tags(rest[:cut], prefix))
        _scan(found, text)
        if styles:
            _scan_styles(found, text, listed)
        rest = rest[cut:] + chunk
        if not chunk:
            break
    _check_area(found)
    return found


def _scan_styles(found: StoredCells, text: bytes, listed: bytes) -> None:
    """Note the cells of the listed styles; the address is the first thing that nearly every writer says."""
    is_usual = text.count(b"<c ") == text.count(b'<c r="')
    start = rb'<c r="([A-Z]+)(\d+)" (?:[^>]*? )?' if is_usual else rb'<c\b(?=[^>]*\br="([A-Z]+)(\d+)")[^>]*?\s'
    columns: dict[tuple[bytes, bytes], array[int]] = {}
    for letters, row, style in re.findall(start + rb's="(' + listed + rb')"', text):
        rows = columns.get((style, letters))
        if rows is None:
            rows = columns[style, letters] = found.styled_rows(int(style), column_number(letters) - 1)
        rows.append(int(row) - 1)


class _Counter:
    """Gives rows and cells without an address the one after the last."""

    def __init__(self) -> None:
        self._row, self._column = 0, 0

    def addressed(self, text: bytes) -> bytes:
        """The text with an address in every row and cell."""
        n_addressed = text.count(b'<c r="') + text.count(b'<row r="')
        n_tags = text.count(b"<c ") + text.count(b"<c>") + text.count(b"<row ") + text.count(b"<row>")
        return text if n_addressed == n_tags else _ROW_OR_CELL.sub(self._with_address, text)

    def _with_address(self, tag: re.Match[bytes]) -> bytes:
        name, said = tag.groups()
        address = _ADDRESS.search(said)
        if name == b"row":
            self._row = int(address.group(2) or 0) if address else self._row + 1
            self._column = 0
            return tag.group() if address else b'<row r="%d"%b>' % (self._row, said)
        if address:
            self._column = column_number(address.group(1))
            return tag.group()
        self._column += 1
        return b'<c r="%b%d"%b>' % (column_letters(self._column), self._row, said)


def _last_start(text: bytes, prefix: re.Match[bytes] | None) -> int:
    """Where the last cell of a text begins: what stands before is whole."""
    cut = text.rfind(b"<c " if prefix is None else b"<" + prefix.group(1) + b":c ")
    return cut if cut > 0 else max(len(text) - 4096, 0)


def _plain_tags(text: bytes, prefix: re.Match[bytes] | None) -> bytes:
    """The text with double quotes only and without the prefix that some writers put before each tag."""
    if prefix is not None:
        text = text.replace(b"<" + prefix.group(1) + b":", b"<").replace(b"</" + prefix.group(1) + b":", b"</")
    return text.replace(b"'", b'"') if b"='" in text else text


def _scan(found: StoredCells, text: bytes) -> None:
    n_inline = text.count(b"</is>") - sum(map(text.count, _EMPTY_INLINE)) if b"</is>" in text else 0
    found.n_values += text.count(b"</v>") - text.count(b"<v></v>") + n_inline
    for letters, row, rest in _FAR.findall(text):
        column = column_number(letters)
        if not 0 < len(row) < 8 or column > MAX_COLUMN:
            raise WorkbookError("file-bad-cell")
        if rest.endswith(b"/"):
            continue  # a format without a value
        found.last_row = max(found.last_row, int(row))
        if column >= found.last_column:
            found.last_column, found.stray = column, f"{letters.decode()}{row.decode()}"
    last = max(map(int, _ROW.findall(text)), default=0)
    if max(last, found.last_row) > MAX_ROW:
        raise WorkbookError("file-bad-cell")
    if last * _USUAL_WIDTH > _DENSE_AREA:  # only then it matters whether its last rows hold a value
        last = max(map(int, _ROW_WITH_VALUE.findall(text)), default=0)
    found.last_row = max(found.last_row, last)
    if b't="e"' in text:
        found.errors += _places(_ERROR, text)
    if b"<f" in text:
        found.n_formulas += text.count(b"<f>") + text.count(b"<f ") + text.count(b"<f/>")
        found.without_result += _places(_NO_RESULT, text)
        found.zero_results += _places(_ZERO_RESULT, text)


def _places(pattern: re.Pattern[bytes], text: bytes) -> Places:
    return [(int(row) - 1, column_number(name) - 1) for name, row in pattern.findall(text)]


def _check_area(found: StoredCells) -> None:
    area = found.last_row * max(found.last_column, _USUAL_WIDTH)
    is_sparse = area > _DENSE_AREA and found.n_values < area * _LEAST_FILLED
    if area > _MOST_AREA or is_sparse:
        raise WorkbookError("file-stray-cell", cell=found.stray or f"{found.last_row}")


def column_number(letters: bytes) -> int:
    """The number of a column from its letters: A is 1, XFD is 16,384.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> bytes:
    """The letters of a column from its number.

    >>> column_letters(1), column_letters(16384)
    (b'A', b'XFD')
    """
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters
