"""Web pages, archives of web pages and workbooks as XML, which many systems export under the suffix .xls.

Read as Excel shows them: the tables of a page one below the other on one sheet, with what stands
between them; cells over several rows and columns are merged ones.
"""

import email
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from pbgraph.errors import WorkbookError
from pbgraph.reading.stored import MAX_COLUMN, MAX_ROW
from pbgraph.reading.texttable import decoded

Range = tuple[tuple[int, int], tuple[int, int]]
Table = tuple[str, list[list[Any]], list[Range]]
"""The title of a sheet, its rows and its merged cells."""
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_NAMES = re.compile(r"<x:Name>([^<]*)</x:Name>")
_BLANKS = re.compile(r"[ \t\r\n\u00a0]+")
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript"})
_BREAKS = frozenset({"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "center"})
_XML_BOOK = "urn:schemas-microsoft-com:office:spreadsheet"
_MOST_CELLS = 20_000_000
_LEAST_WIDTH = 2  # a page without two cells side by side is a message, not a table


def page_tables(content: bytes, name: str) -> list[Table]:
    """The sheets of a page, of each page of an archive, or of a workbook as XML.

    Raises
    ------
    WorkbookError
        file-not-workbook where no page has a table.

    """
    head = content[:8192].lower()
    if _XML_BOOK.encode() in head.replace(b"\x00", b"") and b"<html" not in head:
        tables = list(_xml_sheets(content))
    else:
        pages = list(_pages(content))
        parsed = [_parsed(page) for page in pages]
        found = [(rows, merges) for rows, merges in parsed if any(len(row) >= _LEAST_WIDTH for row in rows)]
        names = [title for page in pages for title in _NAMES.findall(page)]
        names = names if len(names) == len(found) else [f"{name} {n + 1}" for n in range(len(found))]
        tables = [(title, *sheet) for title, sheet in zip(names if len(found) > 1 else [name], found, strict=False)]
    if not tables:
        raise WorkbookError("file-not-workbook", looks_like="HTML")
    return tables


def _pages(content: bytes) -> Iterator[str]:
    """The pages as text: one, or those of a web archive."""
    if content.lstrip()[:1] == b"<" or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        yield _page_text(content, "")
        return
    for part in email.message_from_bytes(content).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            yield _page_text(payload if isinstance(payload, bytes) else b"", part.get_content_charset() or "")


def _page_text(page: bytes, charset: str) -> str:
    """A page as text, by its mark, by the encoding it names, or by the one that fits."""
    said = _CHARSET.search(page[:4096])
    named = (charset or (said.group(1).decode("ascii") if said else "")).lower()
    if not page.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        for encoding in ("gb18030" if named.startswith("gb") else named, "utf-8"):
            try:
                return page.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    return decoded(page)


@dataclass
class _Block:
    """A table being read: `hanging` are columns still covered by cells from rows above."""

    first: int
    row: int = -1
    column: int = 0
    hanging: dict[int, int] = field(default_factory=dict)


class _Page(HTMLParser):
    """Collects the rows of all tables, and lines of text outside of them as rows of one cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Any]] = []
        self.merges: list[Range] = []
        self._blocks: list[_Block] = []
        self._texts: list[list[str]] = []
        self._open: list[tuple[int, int]] = []
        self._loose: list[str] = []
        self._n_unseen = 0
        self._is_other_choice = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins; one that is open may end with it."""
        said = dict(attrs)
        if tag in _UNSEEN:
            self._n_unseen += 1
        elif tag == "option":
            self._is_other_choice = "selected" not in said
        elif tag == "body":
            self._n_unseen = 0
        elif tag == "table":
            self._n_unseen = 0
            self._end_loose()
            self._blocks.append(_Block(len(self.rows)))
        elif tag == "tr" and self._blocks:
            self._end_cell()
            self._start_row()
        elif tag in ("td", "th") and self._blocks:
            self._end_cell()
            self._start_cell(said)
        elif tag == "br" or (tag in _BREAKS and self._texts and self._texts[-1]):
            self._add("\n")
        elif tag in _BREAKS:
            self._end_loose()

    def handle_endtag(self, tag: str) -> None:
        """A table, row or cell ends."""
        if tag in _UNSEEN:
            self._n_unseen = max(self._n_unseen - 1, 0)
        elif tag in ("option", "select"):
            self._is_other_choice = False
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._blocks:
            self._end_cell()
            self._blocks.pop()
        elif tag in _BREAKS and not self._texts:
            self._end_loose()

    def handle_data(self, data: str) -> None:
        """Text of the cell that is open, or between the tables."""
        if not (self._n_unseen or self._is_other_choice):
            self._add(_BLANKS.sub(" ", data))

    def close(self) -> None:
        """End what is still open."""
        super().close()
        self._end_cell()
        self._end_loose()

    def _add(self, text: str) -> None:
        (self._texts[-1] if self._texts else self._loose).append(text)

    def _start_row(self) -> None:
        block = self._blocks[-1]
        self.rows.append([])
        block.row, block.column = len(self.rows) - 1, 0
        block.hanging = {column: n - 1 for column, n in block.hanging.items() if n > 1}

    def _start_cell(self, said: Mapping[str, str | None]) -> None:
        block = self._blocks[-1]
        if block.row < 0 or len(self.rows) - 1 != block.row:
            self._start_row()
        while block.column in block.hanging:
            block.column += 1
        width = min(_span(said, "colspan"), MAX_COLUMN - min(block.column, MAX_COLUMN - 1))
        height = min(_span(said, "rowspan"), MAX_ROW)
        if width > 1 or height > 1:
            self.merges.append(
                ((block.row, block.column), (block.row + height - 1, block.column + width - 1)),
            )
        if height > 1:
            block.hanging.update(dict.fromkeys(range(block.column, block.column + width), height))
        self._open.append((block.row, block.column))
        self._texts.append([])
        block.column += width

    def _end_cell(self) -> None:
        """Close the cells of the innermost table: their ends may be left out."""
        first = self._blocks[-1].first if self._blocks else 0
        while self._open and self._open[-1][0] >= first:
            (row, column), text = self._open.pop(), "".join(self._texts.pop())
            cells = self.rows[row]
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _tidy(text)

    def _end_loose(self) -> None:
        text = _tidy("".join(self._loose))
        self._loose = []
        if text and not self._blocks:
            self.rows.append([text])


def _span(said: Mapping[str, str | None], name: str) -> int:
    value = (said.get(name) or "").strip()
    return max(int(value), 1) if value.isdecimal() and len(value) < len(str(MAX_ROW)) else 1


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _parsed(page: str) -> tuple[list[list[Any]], list[Range]]:
    reader = _Page()
    reader.feed(page)
    reader.close()
    last = len(reader.rows) - 1
    merges = [((top, left), (min(bottom, last), right)) for (top, left), (bottom, right) in reader.merges]
    return reader.rows, [merge for merge in merges if merge[0] != merge[1]]


def _xml_sheets(content: bytes) -> Iterator[Table]:
    """The sheets of an XML Spreadsheet 2003."""
    if b"<!DOCTYPE" in content[:8192].upper().replace(b"\x00", b""):
        raise WorkbookError("file-damaged", reason="DOCTYPE")
    try:
        text = _page_text(content, "")
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")))
    except (ElementTree.ParseError, ValueError) as error:
        raise WorkbookError("file-damaged", reason="XML") from error
    for sheet in root.iter(f"{{{_XML_BOOK}}}Worksheet"):
        rows: list[list[Any]] = []
        merges: list[Range] = []
        for row in sheet.iter(f"{{{_XML_BOOK}}}Row"):
            number = _said(row, "Index", len(rows) + 1)
            _check_place(number, 1)
            rows += [[] for _ in range(number - len(rows))]
            rows[number - 1] = _xml_row(row, number - 1, merges)
        last = len(rows) - 1
        name = sheet.get(f"{{{_XML_BOOK}}}Name", "")
        yield name, rows, [(first, (min(bottom, last), right)) for first, (bottom, right) in merges]


def _xml_row(row: ElementTree.Element, number: int, merges: list[Range]) -> list[Any]:
    cells: list[Any] = []
    column = 0
    for cell in row.iter(f"{{{_XML_BOOK}}}Cell"):
        column = _said(cell, "Index", column + 1) - 1
        _check_place(number, column)
        cells += [""] * (column + 1 - len(cells))
        cells[column] = _xml_value(cell.iter(f"{{{_XML_BOOK}}}Data"))
        across, down = _said(cell, "MergeAcross", 0), _said(cell, "MergeDown", 0)
        if across or down:
            merges.append(((number, column), (number + down, column + across)))
        column += across + 1
    return cells


def _xml_value(data: Iterable[ElementTree.Element]) -> Any:
    for element in data:
        text = "".join(element.itertext())
        type_ = element.get(f"{{{_XML_BOOK}}}Type")
        try:
            return float(text) if type_ == "Number" else text[:10] if type_ == "DateTime" else text
        except ValueError:
            return text
    return ""


def _said(element: ElementTree.Element, name: str, otherwise: int) -> int:
    value = element.get(f"{{{_XML_BOOK}}}{name}", "")
    return int(value) if value.isdecimal() else otherwise


def _check_place(row: int, column: int) -> None:
    if row > MAX_ROW or column > MAX_COLUMN or row * max(column, 1) > _MOST_CELLS:
        raise WorkbookError("file-bad-cell")
