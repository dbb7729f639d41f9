"""The cells that the XML of a worksheet really stores, counted without parsing it.

A reader may give less than a file holds: error values and formulas without a result come out
empty, and a wrong dimension tag hides rows. One pass over the inflated text finds the cells
concerned and how many values there should be. Addresses outside a sheet, and one cell far away
from all others, are refused here, because they make a parser reserve memory for the space between.
"""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Protocol

from pbgraph.errors import WorkbookError

MAX_COLUMN = 16_384
MAX_ROW = 1_048_576
_CHUNK = 4 * 2**20
_MOST_AREA = 60_000_000  # cells between A1 and the last one; a full sheet of 57 columns
_LEAST_FILLED = 1 / 200  # an area larger than _DENSE_AREA must be filled at least so far
_DENSE_AREA = 5_000_000

_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"')
_NO_RESULT = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_FAR = re.compile(rb' r="(?![A-Z]?\d{1,7}")([A-Z]*)(\d*)"')  # beyond column Z, or no address at all
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_LINK = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_PREFIX = re.compile(rb"<(\w+):(?:worksheet|sheetData)\b")


class Source(Protocol):
    """What can be read in chunks."""

    def read(self, size: int) -> bytes:
        """The next bytes, b"" at the end."""


@dataclass
class StoredCells:
    """Counts of one worksheet; cells are (row, column), both from 0."""

    n_values: int = 0
    last_row: int = 0
    last_column: int = 0
    stray: str = ""
    errors: list[tuple[int, int]] = field(default_factory=list)
    without_result: list[tuple[int, int]] = field(default_factory=list)


def scan_part(first: bytes, part: Source) -> StoredCells:
    """Count the cells of a worksheet part, of which `first` was already read.

    Raises
    ------
    WorkbookError
        file-bad-cell: an address outside a sheet; file-stray-cell: a cell so far away that the
        sheet would be nearly all empty space.

    """
    found = StoredCells()
    prefix = _PREFIX.search(first[:8192])
    rest = first
    while True:
        chunk = part.read(_CHUNK)
        cut = len(rest) if not chunk else _last_start(rest, prefix)
        _scan(found, _plain_tags(rest[:cut], prefix))
        rest = rest[cut:] + chunk
        if not chunk:
            break
    _check_area(found)
    return found


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
    found.n_values += text.count(b"</v>") - text.count(b"<v></v>") + text.count(b"</is>")
    found.last_row = max(found.last_row, max(map(int, _ROW.findall(text)), default=0))
    for letters, row in _FAR.findall(text):
        column = column_number(letters)
        if not 0 < len(row) < 8 or column > MAX_COLUMN:
            raise WorkbookError("file-bad-cell")
        found.last_row = max(found.last_row, int(row))
        if column >= found.last_column:
            found.last_column, found.stray = column, f"{letters.decode()}{row.decode()}"
    if found.last_row > MAX_ROW:
        raise WorkbookError("file-bad-cell")
    if b't="e"' in text:
        found.errors += _places(_ERROR, text)
    if b"<f" in text:
        found.without_result += _places(_NO_RESULT, text)


def _places(pattern: re.Pattern[bytes], text: bytes) -> list[tuple[int, int]]:
    return [(int(row) - 1, column_number(name) - 1) for name, row in pattern.findall(text)]


def _check_area(found: StoredCells) -> None:
    area = found.last_row * max(found.last_column, 26)
    is_sparse = area > _DENSE_AREA and found.n_values < area * _LEAST_FILLED
    if area > _MOST_AREA or is_sparse:
        raise WorkbookError("file-stray-cell", cell=found.stray or f"{found.last_row}")


def part_targets(links: str) -> dict[str, str]:
    """The part of the archive that each link of a workbook leads to, by the id of the link."""
    targets: dict[str, str] = {}
    for link in _LINK.findall(links):
        said = dict(_ATTRIBUTE.findall(link))
        targets[said.get("Id", "")] = posixpath.normpath(posixpath.join("xl", said.get("Target", ""))).lstrip("/")
    return targets


def column_number(letters: bytes) -> int:
    """The number of a column from its letters: A is 1, XFD is 16,384.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
