"""An Office archive by its links: which part is the workbook, which are its sheets and its styles.

The names of parts are free: `_rels/.rels` names the main part, and its own links the others. Where
links are missing the usual names are taken. Parts in another encoding than UTF-8, and a main part of
another name, are sound, but not every parser reads them: `rewritten` gives the same workbook as
Excel would save it.
"""

import codecs
import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pbgraph.reading.formats import Format, formats_that_matter

_USUAL_MAIN = "xl/workbook"
_KEPT = re.compile(r"xl/workbook\.(?:xml|bin)")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION = re.compile(r"""^\s*<\?xml[^>]*\?>""")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
Read = Callable[[str], bytes]


@dataclass
class Package:
    """What the links of an archive say; `sheets` are the parts of the worksheets by their names."""

    main: str = ""
    sheets: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    is_1904: bool = False
    calculates_on_load: bool = False
    formats: dict[int, Format] = field(default_factory=dict)


def read_package(names: list[str], read: Read) -> Package:
    """The package of an archive with these parts, `read` giving the bytes of one; no main part, no workbook."""
    found = {name.lower(): name for name in names}
    main = next((target for kind, target in _links("", read, found).values() if kind == "officeDocument"), "")
    if main not in names:
        main = next((found[usual] for usual in (f"{_USUAL_MAIN}.xml", f"{_USUAL_MAIN}.bin") if usual in found), "")
    package = Package(main)
    if not main:
        return package
    links = _links(main, read, found)
    package.links = {link_id: target for link_id, (_, target) in links.items()}
    if not main.endswith(".bin"):
        _read_book(package, read(main))
        package.sheets = {name: package.links.get(link_id, "") for name, link_id in package.sheets.items()}
        styles = next((target for kind, target in links.values() if kind == "styles"), "")
        package.formats = _formats(read(styles)) if styles in names else {}
    return package


def styles_part(package: Package) -> str:
    """The part of a binary workbook that holds its styles."""
    return next((target for target in package.links.values() if target.endswith("styles.bin")), "")


def _links(part: str, read: Read, found: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The links of a part: kind and target by their ids."""
    folder, name = posixpath.split(part)
    links = found.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
    root = _parsed(read(links)) if links else None
    if root is None:
        return {}
    made: dict[str, tuple[str, str]] = {}
    for link in root.iter():
        target = link.get("Target", "").replace("\\", "/")
        full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        made[link.get("Id", "")] = link.get("Type", "").rpartition("/")[2], found.get(full.lower(), full)
    return made


def _parsed(xml: bytes) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None  # whether the file is sound is for the parser to say


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _read_book(package: Package, xml: bytes) -> None:
    root = _parsed(xml)
    for element in root.iter() if root is not None else ():
        said = {_local(key): value for key, value in element.attrib.items()}
        if _local(element.tag) == "sheet":
            package.sheets[said.get("name", "")] = said.get("id", "")
        elif _local(element.tag) == "workbookPr":
            package.is_1904 = said.get("date1904", "0") in ("1", "true", "on")
        elif _local(element.tag) == "calcPr":
            package.calculates_on_load = said.get("fullCalcOnLoad", "0") in ("1", "true", "on")


def _formats(xml: bytes) -> dict[int, Format]:
    root = _parsed(xml)
    codes: dict[int, str] = {}
    styles: list[int] = []
    for group in root if root is not None else ():
        if _local(group.tag) == "numFmts":
            codes = {_number(item.get("numFmtId")): item.get("formatCode", "") for item in group}
        elif _local(group.tag) == "cellXfs":
            styles = [_number(item.get("numFmtId")) for item in group]
    return formats_that_matter(styles, codes)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0


def other_encoding(name: str, head: bytes) -> str:
    """The encoding of an XML part that is not UTF-8, "" where it is."""
    if not name.endswith((".xml", ".rels")):
        return ""
    if head.startswith(_WIDE):
        return "utf-16"
    declared = _DECLARED.match(head[:256])
    said = declared.group(1).decode("ascii", "replace").lower() if declared else "utf-8"
    try:
        return "" if said in _UTF8 else codecs.lookup("gb18030" if said.startswith("gb") else said).name
    except LookupError:
        return ""


def rewritten(content: bytes, main: str, encodings: dict[str, str]) -> bytes:
    """The archive with its main part under the usual name and these parts in UTF-8."""
    folder, name = posixpath.split(main)
    usual = f"{_USUAL_MAIN}{posixpath.splitext(main)[1]}"
    is_moved = folder == "xl" and not _KEPT.fullmatch(main)
    names = {main: usual, f"xl/_rels/{name}.rels": f"xl/_rels/{posixpath.basename(usual)}.rels"} if is_moved else {}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename in encodings:
                text = part.decode(encodings[info.filename], "replace").lstrip("\ufeff")
                part = _DECLARATION.sub("", text).encode("utf-8", "replace")
            elif is_moved and info.filename == "[Content_Types].xml":
                part = part.replace(f"/{main}".encode(), f"/{usual}".encode())
            elif is_moved and info.filename == "_rels/.rels":
                part = part.replace(main.encode(), usual.encode())
            new.writestr(names.get(info.filename, info.filename), part)
    return stream.getvalue()


def needs_rewriting(main: str, encodings: dict[str, str]) -> bool:
    """Whether a parser may fail on the names or encodings of a sound workbook."""
    return bool(encodings) or (posixpath.dirname(main) == "xl" and not _KEPT.fullmatch(main.lower()))
