"""党建情况报告.docx: a letter as an official document (GB/T 9704-2012), to be edited, forwarded and signed.

Text is text: no field, link or formula is made of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as Docx
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from pbgraph.captions import caption, shown_day
from pbgraph.rendering.blocks import Chapter, Sentences, Table
from pbgraph.rendering.document import Document
from pbgraph.rendering.word_style import MM, TWIPS, document_bytes, drop_grid, layout, new_document, set_page
from pbgraph.text import numeral, visible

_HUNDREDTHS = 100  # of a character, in which Word counts indents
_FROM_THE_EDGE = 4  # characters at the right of the date
_MARGIN = 1.0  # millimetres at the sides of a cell
_LEAST_WIDTH = 225.0
_BELOW_TITLE = 8.0  # points between the title of an annex and its table


def word_bytes(document: Document, *, template: Path | None = None) -> bytes:
    """A letter as a .docx.

    Parameters
    ----------
    document
        Made by `document.letter`.
    template
        A .docx of an office, whose page and styles are used; `word_style` says which.

    Raises
    ------
    RenderError
        word-template where the template cannot be used.

    """
    made = new_document(template)
    lang, annexes = document.lang, document.tables()
    _add(made, "title", document.title)
    for block in document.blocks:
        if isinstance(block, Sentences):
            _add_all(made, "text", block.lines)
    chapters = [block for block in document.blocks if isinstance(block, Chapter)]
    for number, chapter in enumerate(chapters, start=1):
        _add(made, "chapter", caption("word_chapter", lang, numeral=numeral(number), n=number, title=chapter.title))
        for n, part in enumerate(chapter.parts, start=1):
            _add(made, "part", caption("word_part", lang, numeral=numeral(n), n=n, title=part.title))
            _add_all(made, "text", part.lines)
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # no page with a signature alone
    _name_annexes(made, annexes, lang)
    _sign(made, document)
    if annexes:
        section = made.add_section(WD_SECTION.NEW_PAGE)
        if template is None:
            set_page(section, is_across=True)
        else:
            _turn(section)
        drop_grid(section)
    for number, table in enumerate(annexes, start=1):
        _annex(made, table, number, lang)
    return document_bytes(made, title=document.title, as_of=document.as_of)


def _turn(section: Any) -> None:
    """The page of a template across, its margins turned with it."""
    width, height = section.page_width, section.page_height
    if width and height and width < height:
        section.page_width, section.page_height = height, width
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = (
            section.left_margin, section.top_margin, section.right_margin, section.bottom_margin,
        )  # fmt: skip


def _add(made: Docx, use: str, text: str, *, properties: str = "") -> Any:
    """A paragraph of a style."""
    paragraph = made.add_paragraph(style=layout().styles[use].name)
    for xml in filter(None, [properties]):
        paragraph._p.get_or_add_pPr().append(parse_xml(xml))
    paragraph._p.extend(parse_xml(f"<w:p {nsdecls('w')}>{_runs(text)}</w:p>"))
    return paragraph


def _add_all(made: Docx, use: str, lines: Iterable[str]) -> None:
    for line in lines:
        _add(made, use, line)


def _runs(text: str) -> str:
    """A text as a run in which marks such as “ are as wide as characters; line ends are kept."""
    lines = escape(visible(text)).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{inner}</w:r>' if text else ""


def _name_annexes(made: Docx, annexes: Sequence[Table], lang: str) -> None:
    """附件：1.… below the text, each on a line of its own, one under the other."""
    size = layout().styles["annexes"].size
    head = caption("word_annexes", lang)
    if annexes:
        _add(made, "annexes", "")
    for number, table in enumerate(annexes, start=1):
        text = caption("word_item", lang, n=number, text=table.name)
        left, hanging = 2 + len(head), len(head) if number == 1 else 0
        indent = "".join(
            f' w:{side}Chars="{n * _HUNDREDTHS}" w:{side}="{round(n * size * TWIPS)}"'
            for side, n in (("left", left), ("hanging", hanging))
            if n
        )
        xml = f"<w:ind {nsdecls('w')}{indent}/>"
        _add(made, "annexes", f"{head if number == 1 else ''}{text}{caption('word_stop', lang)}", properties=xml)


def _sign(made: Docx, document: Document) -> None:
    """Who writes and the day, the name in the middle above the day; the name is left open where nobody has said it."""
    day = shown_day(document.as_of, document.lang) if document.as_of else ""
    name = document.street if document.is_named else caption("word_unnamed", document.lang)
    _add(made, "annexes", "")
    _add(made, "annexes", "")
    for use, text in (("signature", name), ("date", day)):
        aside = _FROM_THE_EDGE + (_width(day) - _width(text)) / 2
        aside = max(0.0, aside)
        twips = round(aside * layout().styles[use].size * TWIPS)
        xml = f'<w:ind {nsdecls("w")} w:rightChars="{round(aside * _HUNDREDTHS)}" w:right="{twips}"/>'
        if text:
            _add(made, use, text, properties=xml)


def _width(text: str) -> float:
    """In characters: a digit is half of one."""
    return sum(1 if ord(character) > 255 else 0.5 for character in text)


def _annex(made: Docx, table: Table, number: int, lang: str) -> None:
    """An annex on a page of its own: its number, its title, the table, and where it is signed."""
    first = _add(made, "annex", caption("word_annex", lang, n=number))
    first.paragraph_format.page_break_before = number > 1
    title = _add(made, "title", table.name).paragraph_format
    title.space_before, title.space_after = Pt(0), Pt(_BELOW_TITLE)
    section = made.sections[-1]
    sides = (section.page_width, section.left_margin, section.right_margin)
    width = (sides[0] - sides[1] - sides[2]) / 36_000 if all(side is not None for side in sides) else _LEAST_WIDTH  # type: ignore[operator]
    ids = {use: made.styles[style.name].style_id for use, style in layout().styles.items()}
    body = made.element.body
    body.insert(len(body) - 1, parse_xml(_table_xml(table, width, ids)))
    note = (
        caption("sign_here", lang)
        if table.printed
        else caption("word_note", lang, note=table.note)
        if table.note
        else ""
    )
    _add(made, "note", note)


def _table_xml(table: Table, width: float, ids: Mapping[str, str]) -> str:
    """A table as wide as the page, its head on each page and no row across two."""
    form = layout().tables[table.key]
    scale = width * MM / sum(form.widths)
    widths = [round(share * scale) for share in form.widths]
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="{round(_MARGIN * MM)}" w:type="dxa"/>' for side in ("left", "right"))
    heads = _heads(table, widths, round(form.head * MM), ids["head"])
    rows, last = [], len(table.rows)
    for number, row in enumerate(table.rows, start=1):
        style = ids["head" if row[0] == table.total else "cell"]
        cells = [
            _cell(_said(value), widths[n], style, align="center" if n in form.centred else "left", keeps=number == last)
            for n, value in enumerate(row)
        ]
        rows.append(_row(cells, round(form.row * MM)))
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join([*heads, *rows])}</w:tbl>"
    )


def _heads(table: Table, widths: Sequence[int], height: int, head: str) -> list[str]:
    """The rows of headers: one, or two where some columns stand under a common one."""
    under = {column for _, first, last in table.groups for column in range(first, last + 1)}
    names = [
        _cell("" if table.groups and n not in under else text, widths[n], head, align="center",
              merge="" if n in under or not table.groups else "<w:vMerge/>")
        for n, text in enumerate(table.headers)
    ]  # fmt: skip
    if not table.groups:
        return [_row(names, height, is_head=True)]
    above, column = [], 0
    starts = {first: (text, last) for text, first, last in table.groups}
    while column < len(table.headers):
        if column in starts:
            text, last = starts[column]
            span = f'<w:gridSpan w:val="{last - column + 1}"/>'
            above.append(_cell(text, sum(widths[column : last + 1]), head, align="center", merge=span))
            column = last + 1
        else:
            merge = '<w:vMerge w:val="restart"/>'
            above.append(_cell(table.headers[column], widths[column], head, align="center", merge=merge))
            column += 1
    return [_row(above, height, is_head=True), _row(names, height, is_head=True)]


def _row(cells: Iterable[str], height: int, *, is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeated}</w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def _cell(text: str, width: int, style: str, *, align: str, merge: str = "", keeps: bool = False) -> str:
    keep = "<w:keepNext/>" if keeps else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}<w:jc w:val="{align}"/></w:pPr>{_runs(text)}</w:p></w:tc>'
    )


def _said(value: Any) -> str:
    """A cell as it is printed; nothing where nobody knows."""
    if value is None or value != value:
        return ""
    return value if isinstance(value, str) else f"{value:g}"
