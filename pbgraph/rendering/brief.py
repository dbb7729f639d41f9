"""brief.html: the numbers, sentences, figures and gaps of a document on A4, in one file that needs no network."""

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined

from pbgraph.captions import caption, captions
from pbgraph.rendering.blocks import Numbers, Sentences, Table
from pbgraph.rendering.document import Document

_MOST_GAPS = 18
_SHOWN = ("community", "unit", "message", "sure")


def brief_page(document: Document) -> str:
    """One HTML document of a brief."""
    lang = document.lang
    environment = Environment(
        loader=PackageLoader("pbgraph"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    gaps, applied = document.find(Table, "gaps"), document.find(Table, "applied")
    rates = document.find(Numbers, "rates")
    rows = gaps.cells(*(caption(f"col_{key}", lang) for key in _SHOWN)) if gaps else []
    said = {block.key: block.lines for block in document.blocks if isinstance(block, Sentences)}
    return environment.get_template("brief.html.j2").render(
        document=document,
        lang="zh-CN" if lang == "zh" else "en",
        captions=captions(lang),
        rates=rates.items if rates else (),
        said=said,
        figures=[base64.b64encode(picture.content).decode() for picture in document.pictures()],
        gaps=rows[:_MOST_GAPS],
        n_more=max(0, len(rows) - _MOST_GAPS),
        rules=applied.rows if applied else [],
    )
