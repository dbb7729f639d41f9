"""The results of formulas in a copy of a workbook: openpyxl writes the formulas, and a reader needs what they gave."""

import io
import re
import zipfile
from collections.abc import Mapping

from pbgraph.reading.package import read_package

_STORED = re.compile(
    rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>.*?</f>)\s*<v\b[^>]*>([^<]*)</v>", re.DOTALL
)  # as Excel and WPS write it; what is written otherwise has no result in the copy
_ADDRESS = re.compile(rb"""\br=["']([A-Z]+\d+)["']""")
_TYPE = re.compile(rb"""\bt=["'](str|b|e|n)["']""")
_WITHOUT = re.compile(
    rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)><f\b([^>]*/>|[^>]*>.*?</f>)(?:<v ?/>|<v></v>)</c>', re.DOTALL
)
Results = Mapping[bytes, tuple[bytes, bytes]]
"""Type and stored value of each formula by the address of its cell."""


def stored_results(content: bytes) -> dict[str, Results]:
    """The results of formulas that a workbook stores, by the titles of its sheets."""
    return {title: dict(_results(part)) for title, part in _parts(content).items()}


def with_results(part: bytes, results: Results) -> bytes:
    """The part of a sheet with the results behind its formulas."""

    def filled(match: "re.Match[bytes]") -> bytes:
        address, style, formula = match.groups()
        kind, value = results.get(address, (b"", b""))
        return b'<c r="%s"%s%s><f%s<v>%s</v></c>' % (address, style, kind, formula, value) if value else match[0]

    return _WITHOUT.sub(filled, part) if results else part


def sheet_parts(content: bytes) -> dict[str, str]:
    """The title of the sheet that each part of a workbook holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part: title for title, part in read_package(archive.namelist(), archive.read).sheets.items()}


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        return {
            title: archive.read(part)
            for title, part in read_package(names, archive.read).sheets.items()
            if part in names
        }


def _results(part: bytes) -> "list[tuple[bytes, tuple[bytes, bytes]]]":
    found = []
    for said, value in _STORED.findall(part):
        address, kind = _ADDRESS.search(said), _TYPE.search(said)
        if address:
            found.append((address[1], (b' t="%s"' % kind[1] if kind else b"", value)))
    return found
