"""The document in which a report is written: page, fonts and styles of an official document, or those of an office.

They are data (`reference/letter.toml`). A template is a .docx, of which everything but its text is kept: page, headers,
footers and styles. These styles are used, by the names that Word gives them in English:

    Title, Heading 1 (一、), Heading 2 （（一））, Body Text, List (the annexes named), Signature, Date,
    Annex (附件1), Table Head, Table Text, Table Note

One that the template lacks is added as it is in an official document; none need be there.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.rel import Relationships
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm

from pbgraph import reference
from pbgraph.captions import reason_of
from pbgraph.errors import RenderError

TWIPS = 20  # to the point
MM = 1440 / 25.4  # twips to the millimetre
_HUNDREDTHS = 100  # of a character or line, in which indents and spaces are counted
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NO_STYLES = ("Normal", "Default Paragraph Font", "Normal Table", "No List")
_EMPTIED = (
    "author", "category", "comments", "content_status", "identifier", "keywords", "last_modified_by", "subject",
    "version",
)  # fmt: skip
_KEPT = frozenset(
    {
        RELATION.STYLES, RELATION.NUMBERING, RELATION.SETTINGS, RELATION.WEB_SETTINGS, RELATION.THEME,
        RELATION.FONT_TABLE, RELATION.HEADER, RELATION.FOOTER, RELATION.FOOTNOTES, RELATION.ENDNOTES,
    }
)  # fmt: skip
"""What a template may bring; comments, their authors and what belongs to its text stay behind."""


@dataclass(frozen=True)
class Page:
    """A page in millimetres, its lines in points, and `below` the text the number."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    leading: float
    below: float


@dataclass(frozen=True)
class Font:
    """A font by its name, and those that stand in for it."""

    name: str
    others: tuple[str, ...]
    panose: str
    family: str


@dataclass(frozen=True)
class Style:
    """A style of a paragraph: type in points and how much closer it stands, indent in characters, space in lines."""

    name: str
    font: str
    size: float
    leading: float = 0
    closer: float = 0
    align: str = ""
    first_line: float = 0
    before: float = 0
    after: float = 0
    keeps_next: bool = False


@dataclass(frozen=True)
class Columns:
    """The shares of columns in the width of a table, those that are centred, and the least heights of rows in mm."""

    widths: tuple[float, ...]
    centred: tuple[int, ...]
    row: float
    head: float


@dataclass(frozen=True)
class Layout:
    """All that is known of how an official document looks."""

    page: Page
    fonts: dict[str, Font]
    styles: dict[str, Style]
    tables: dict[str, Columns]


@cache
def layout() -> Layout:
    """The layout of an official document."""
    made: Layout = reference.table("letter", Layout)
    return made


def new_document(template: Path | None) -> Docx:
    """An empty document with the styles of a template, or with page, fonts and styles of an official document.

    Raises
    ------
    RenderError
        word-template where the template is not there, or cannot be opened.

    """
    document = Document() if template is None else _opened(template)
    _forget(document)
    if template is None:
        _strip_styles(document)
    for style in layout().styles.values():
        if template is None or style.name not in document.styles:
            _define(document, style)
    if template is None:
        styles, text = document.styles, layout().styles["text"].name
        for use in ("title", "chapter", "part"):  # what is typed below a heading is text
            styles[layout().styles[use].name].next_paragraph_style = styles[text]
        _set_language(document)
        set_page(document.sections[0])
        _set_grid(document.sections[0])
        document.settings.odd_and_even_pages_header_footer = True
        _number_pages(document.sections[0])
    return document


def _opened(path: Path) -> Docx:
    """A template without its text."""
    try:
        document = Document(BytesIO(path.read_bytes()))
        body = document.element.body
        for element in list(body):
            if element.tag != qn("w:sectPr"):
                body.remove(element)
        if not document.sections:
            body.append(parse_xml(f"<w:sectPr {nsdecls('w')}/>"))
    except OSError as error:
        raise RenderError("word-template", path=path, reason=reason_of(error)) from error
    except Exception as error:  # what a broken archive or part gives depends on what is broken
        raise RenderError("word-template", path=path, reason=_BROKEN) from error
    return document


_BROKEN = {"zh": "不是能打开的 .docx 文件", "en": "it is no .docx that can be opened"}


def _forget(document: Docx) -> None:
    """Drop what tells of persons, machines and other files: comments, properties, the template of the template."""
    _drop(document.part.rels, lambda kind: kind not in _KEPT)
    package = document.part.package
    assert package is not None
    _drop(package.rels, lambda kind: kind not in (RELATION.OFFICE_DOCUMENT, RELATION.CORE_PROPERTIES))
    settings = document.settings.element
    for name in ("w:attachedTemplate", "w:mailMerge", "w:rsids", "w:documentProtection"):
        for element in settings.findall(qn(name)):
            settings.remove(element)
    _drop(document.part.part_related_by(RELATION.SETTINGS).rels, lambda kind: True)


def _drop(relations: Relationships, is_dropped: Any) -> None:
    for key in [key for key, relation in relations.items() if is_dropped(relation.reltype)]:
        del relations[key]


def _strip_styles(document: Docx) -> None:
    """Leave only what every document has."""
    styles = document.styles.element
    for style in list(document.styles):
        if style.name not in _NO_STYLES:
            styles.remove(style.element)


def _define(document: Docx, style: Style) -> None:
    """Make a style, or make it anew."""
    if style.name in document.styles:
        made = document.styles[style.name].element
        for name in ("w:pPr", "w:rPr", "w:link"):
            for element in made.findall(qn(name)):
                made.remove(element)
    else:
        is_ours = style.name in {layout().styles[key].name for key in ("annex", "head", "cell", "note")}
        made = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH, builtin=not is_ours).element
    for xml in (_paragraph_xml(style), _run_xml(style)):
        made.append(parse_xml(xml))


def _paragraph_xml(style: Style) -> str:
    """The properties of a paragraph, in the order in which they must stand."""
    leading = round(style.leading * TWIPS)
    exact = f' w:line="{leading}" w:lineRule="exact"' if leading else ' w:line="240" w:lineRule="auto"'
    spaces = "".join(
        f' w:{side}Lines="{round(lines * _HUNDREDTHS)}" w:{side}="{round(lines * layout().page.leading * TWIPS)}"'
        for side, lines in (("before", style.before), ("after", style.after))
    )
    indent = round(style.first_line * style.size * TWIPS)
    first = f' w:firstLineChars="{round(style.first_line * _HUNDREDTHS)}" w:firstLine="{indent}"' if indent else ""
    align = {"justify": "both"}.get(style.align, style.align or "left")
    keeps = "<w:keepNext/>" if style.keeps_next else ""
    level = {"chapter": 0, "part": 1}
    outline = next((n for use, n in level.items() if layout().styles[use] is style), None)
    return (
        f'<w:pPr {nsdecls("w")}>{keeps}<w:widowControl w:val="0"/><w:spacing{spaces}{exact}/>'
        f'<w:ind{first}/><w:jc w:val="{align}"/>'
        + (f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "")
        + "</w:pPr>"
    )


def _run_xml(style: Style) -> str:
    fonts = layout().fonts
    latin, size = fonts["latin"].name, round(style.size * 2)
    closer = f'<w:spacing w:val="{round(-style.closer * TWIPS)}"/>' if style.closer else ""
    return (
        f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{fonts[style.font].name}" '
        f'w:cs="{latin}"/>{closer}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )


def _set_language(document: Docx) -> None:
    """Chinese letter forms, and the names of fonts that stand in for others."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    latin = layout().fonts["latin"].name
    runs = (
        f'<w:rPrDefault {nsdecls("w")}><w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" '
        f'w:eastAsia="{layout().fonts["text"].name}" w:cs="{latin}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    )
    for element in list(defaults):
        defaults.remove(element)
    defaults.append(parse_xml(runs))
    defaults.append(parse_xml(f"<w:pPrDefault {nsdecls('w')}/>"))
    language = document.settings.element.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    table = document.part.part_related_by(RELATION.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{",".join(font.others)}"/><w:panose1 w:val="{font.panose}"/>'
        f'<w:charset w:val="{"00" if use == "latin" else "86"}"/><w:family w:val="{font.family}"/></w:font>'
        for use, font in layout().fonts.items()
    )
    table._blob = (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
    )


def set_page(section: Section, *, is_across: bool = False) -> None:
    """Paper and margins; a page that lies across has its head where the document is bound."""
    page = layout().page
    upright = (page.width, page.height, page.top, page.bottom, page.left, page.right)
    across = (page.height, page.width, page.left, page.right, page.bottom, page.top)
    sizes = [Mm(size) for size in (across if is_across else upright)]
    section.page_width, section.page_height = sizes[:2]
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = sizes[2:]
    size = layout().styles["footer"].size * 25.4 / 72
    section.footer_distance = Mm(max(8.0, (page.right if is_across else page.bottom) - page.below - size))
    section._sectPr.find(qn("w:pgSz")).set(qn("w:orient"), "landscape" if is_across else "portrait")


def _set_grid(section: Section) -> None:
    """So many lines on a page."""
    drop_grid(section)
    pitch = round(layout().page.leading * TWIPS)
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{pitch}"/>'))


def drop_grid(section: Section) -> None:
    """Let lines stand as their styles say."""
    for element in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(element)


def _number_pages(section: Section) -> None:
    """— 1 — below the text, at the right of odd pages and at the left of even ones, a character from the edge."""
    size = layout().styles["footer"].size
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = layout().styles["footer"].name
        properties = paragraph._p.get_or_add_pPr()
        edge = f'w:{side}Chars="{_HUNDREDTHS}" w:{side}="{round(size * TWIPS)}"'
        properties.append(parse_xml(f"<w:ind {nsdecls('w')} {edge}/>"))
        properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
        for piece in ("— ", None, " —"):
            paragraph._p.append(_run(piece) if piece else _page_field())


def _run(text: str) -> Any:
    run = OxmlElement("w:r")
    run.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:rFonts w:hint="eastAsia"/></w:rPr>'))
    run.append(parse_xml(f'<w:t {nsdecls("w")} xml:space="preserve">{text}</w:t>'))
    return run


def _page_field() -> Any:
    """The number of the page; the name of the field stands here and is no text of anybody's."""
    number = layout().fonts["number"].name
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:rFonts w:ascii="{number}" w:hAnsi="{number}"/>'
        "</w:rPr><w:t>1</w:t></w:r></w:fldSimple>"
    )


def document_bytes(document: Docx, *, title: str, as_of: str) -> bytes:
    """The file, with nothing in its properties but the title and the day it is about: the same text, the same bytes."""
    day = datetime.fromisoformat(as_of).replace(tzinfo=UTC) if as_of else _NEVER
    held = document.core_properties
    for name in _EMPTIED:
        setattr(held, name, "")
    held.title, held.language, held.revision, held.created, held.modified = title, "", 1, day, day
    for element in [each for each in held._element if each.tag == qn("cp:lastPrinted")]:
        held._element.remove(element)
    stream = BytesIO()
    document.save(stream)
    return same_bytes(stream.getvalue())


def same_bytes(content: bytes) -> bytes:
    """An archive with the time of its writing taken out of it."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in _parts(old):
            new.writestr(zipfile.ZipInfo(name, _FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for info in archive.infolist():
        yield info.filename, archive.read(info)
