"""What a parser does not tell of .ods: merged cells, errors, formulas without a result, and shown texts.

An OpenDocument file keeps beside each number and date the text that the sheet shows.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, iterparse

from pbgraph.reading.formats import date_by_text, plain_number
from pbgraph.reading.stored import MAX_COLUMN, MAX_ROW, StoredCells

_ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)|Err:\d{3}")
_NOT_SHOWN_HERE = re.compile(r"[%,￥$€]|^\D*$|E[+-]?\d")  # shares, money and thousands are read as the number held
_FROM_1904 = "1904"
_MOST_REPEATED = 10_000  # rows that are stored once and hold something


@dataclass
class _Place:
    row: int = 0
    column: int = 0
    n_rows: int = 1


def of_ods(archive: zipfile.ZipFile) -> dict[str, StoredCells]:
    """The cells of each sheet by its name."""
    found: dict[str, StoredCells] = {}
    cells, place, is_1904 = StoredCells(), _Place(), False
    with archive.open("content.xml") as part:
        for event, element in iterparse(part, events=("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if tag not in ("null-date", "table", "table-row", "table-cell", "covered-table-cell"):
                continue
            said = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
            if tag == "null-date":
                is_1904 = said.get("date-value", "").startswith(_FROM_1904)
            elif event == "start" and tag == "table":
                cells, place = StoredCells(is_1904=is_1904), _Place()
                found[said.get("name", "")] = cells
            elif event == "start" and tag == "table-row":
                place.column, place.n_rows = 0, int(said.get("number-rows-repeated", 1))
            elif event == "end" and tag.endswith("table-cell"):
                _note(cells, place, element, said)
            elif event == "end" and tag == "table-row":
                place.row += place.n_rows
                element.clear()
    return found


def _note(cells: StoredCells, place: _Place, element: Element, said: Mapping[str, str]) -> None:
    """What a cell tells, for each of the rows and columns that it stands for."""
    n_columns = min(int(said.get("number-columns-repeated", 1)), MAX_COLUMN)
    right, bottom = int(said.get("number-columns-spanned", 1)), int(said.get("number-rows-spanned", 1))
    if right > 1 or bottom > 1:
        last = (min(place.row + bottom, MAX_ROW) - 1, min(place.column + right, MAX_COLUMN) - 1)
        cells.merges.append(((place.row, place.column), last))
    if said.get("value-type") or said.get("formula"):
        lines = ["".join(line.itertext()) for line in element if line.tag.endswith("}p")]
        text = "\n".join(lines).strip()
        kind = _kind(said, text)
        shown = "" if kind else _shown(said, text)
        if kind or shown:
            rows = range(place.row, place.row + min(place.n_rows, _MOST_REPEATED))
            places = [(row, place.column + n) for row in rows for n in range(n_columns)]
            if kind:
                getattr(cells, kind).extend(places)
            else:
                cells.shown.update(dict.fromkeys(places, shown))
    place.column += n_columns


def _kind(said: Mapping[str, str], text: str) -> str:
    """Whether a cell is an error, or a formula without a result or with the result 0."""
    type_, formula = said.get("value-type", ""), said.get("formula")
    if _ERROR_TEXT.fullmatch(text) and (type_ != "string" or formula):
        return "errors"
    if formula and not type_ and not text:
        return "without_result"
    return "zero_results" if formula and type_ == "float" and float(said.get("value", 1)) == 0 else ""


def _shown(said: Mapping[str, str], text: str) -> str:
    """The shown text where it is not the value itself."""
    type_ = said.get("value-type", "")
    if type_ == "float" and text and not _NOT_SHOWN_HERE.search(text):
        return text if text != plain_number(float(said.get("value", 0))) else ""
    if type_ == "date" and text:
        day = date.fromisoformat(said.get("date-value", "")[:10])
        return text if date_by_text(day, text) else ""
    return ""
