"""The wall as one HTML file that opens offline and needs no library: tiles are text and vectors of the page itself.

As on the map, the page asks the network for nothing, data stand as JSON in an inert element, and text enters as
text only. Without scripts the first scene and the list of all units are there all the same.
"""

from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pbgraph.captions import caption, captions
from pbgraph.network import Network
from pbgraph.policy import Policy
from pbgraph.rendering.facts import Facts, gather
from pbgraph.rendering.files import BLANK_STAMP, stamped
from pbgraph.rendering.look import TONES, Look
from pbgraph.rendering.map_details import NAME
from pbgraph.rendering.map_page import MapPage, finished, hashed, inert_json
from pbgraph.rendering.map_spec import MapSpec, map_spec
from pbgraph.rendering.wall import Part, Scene, Wall
from pbgraph.rendering.wall_layout import LEADING, LEAST_FONT
from pbgraph.rendering.wall_relations import Relations, relations
from pbgraph.rendering.wall_scenes import wall

_STILL_DPI = 72  # 1200 pixels: as wide as a cell of a notebook
_SCRIPTS = ("scene.js", "ties.js", "rings.js", "relations.js", "arcs.js", "panel.js", "search.js", "state.js")
_CAPTIONS = (
    "no_match", "csv", "card_close", "card_ties", "card_findings", "card_sources", "wall_whole",
    "col_community", "col_unit", "col_state", "col_person", "col_deadline", "col_closed", "source_row",
    "wall_network", "list_separator", "col_name", "col_step", "rel_all", "rel_no_place", "rel_persons",
    "rel_step", "rel_step_told", "rel_ring", "rel_ties", "rel_ties_short", "rel_times", "rel_more", "rel_none",
    "rel_open", "rel_card", "rel_lead", "rel_lead_place", "rel_invite", "rel_most_committees",
    "rel_most_organizations", "rel_most_units", "rel_hubs", "rel_alone", "rel_cut", "rel_is_hub",
    "rel_is_alone", "rel_is_cut", "rel_hub_brief", "rel_alone_brief", "rel_cut_brief", "rel_not_drawn",
    "rel_drawn_first", "rel_same_ring", "rel_not_drawn_most",
)  # fmt: skip


def draw_wall(
    network: Network, path: str | Path | None = None, *, look: Look | None = None, policy: Policy | None = None
) -> MapPage:
    """Draw the wall of a network; write it where a path is given.

    Parameters
    ----------
    network
        Not changed.
    path
        File to write; an earlier page is replaced whole or not at all, anything else is not touched.
    look
        Language and edition. The edition "meeting" is the default.
    policy
        Rules to judge by; those of the network's profile where none are given.

    Raises
    ------
    RenderError
        output-not-writable, output-foreign.

    """
    facts = gather(network, look=look or Look(), policy=policy)
    made = wall(facts)
    return finished(wall_page(made, map_spec(facts), facts), path, facts.look, still=partial(_still, made, facts.look))


def _still(made: Wall, look: Look) -> bytes:
    from pbgraph.rendering.poster import picture_bytes  # a file needs no matplotlib

    return picture_bytes(made, look, dpi=_STILL_DPI)


def wall_page(made: Wall, spec: MapSpec, facts: Facts) -> str:
    """One HTML document of a wall; cards say what the map's say."""
    environment = Environment(
        loader=PackageLoader("pbgraph"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    style, program = _style(), "".join(_part(name) for name in _SCRIPTS)
    policy = (
        f"default-src 'none'; script-src {hashed(program)}; style-src {hashed(style)}; img-src data: blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    words, known = captions(facts.look.lang), relations(facts, made, spec)
    data = {
        "captions": {key: words[key] for key in _CAPTIONS},
        "width": made.width, "height": made.height, "communities": made.communities, "street": made.street,
        "tiles": [[tile.name, tile.short, tile.community, tile.tone, tile.said] for tile in known.bodies],
        "cards": _cards(known, spec, facts), "scenes": [_scene(scene) for scene in made.scenes],
        "letters": _letters(known), "least": LEAST_FONT, "leading": LEADING, "groups": known.groups,
        "ties": known.ties, "kinds": known.kinds, "sheets": known.sheets, "heads": known.heads, "homes": known.homes,
        "roles": known.roles, "tones": list(known.tones.items()),
    }  # fmt: skip
    is_chinese = facts.look.lang == "zh"
    page = environment.get_template("wall.html.j2").render(
        stamp=" ".join(BLANK_STAMP), wall=made, policy=policy, style=style, program=program, data=inert_json(data),
        words=words, title=caption("wall_page", facts.look.lang, street=made.street), first=made.of()[:1],
        leading=LEADING, lang="zh-CN" if is_chinese else "en", round=round,
    )  # fmt: skip
    return stamped(page)


def _scene(scene: Scene) -> dict[str, Any]:
    """A scene as the page holds it: numbers rounded, tuples for what there are many of."""
    return {
        "key": scene.key, "place": scene.community, "label": scene.label,
        "title": [_told(part) for part in scene.title], "legend": [_told(part) for part in scene.legend],
        "stands": [
            [stand.tile, *(round(side, 1) for side in stand.box), stand.tone, stand.size, stand.note, *stand.lines]
            for stand in scene.stands
        ],
        "texts": [[round(t.x, 1), round(t.y, 1), t.said, round(t.size, 1), t.role, t.place] for t in scene.texts],
        "lines": [[round(number, 1) for number in line] for line in scene.lines],
    }  # fmt: skip


def _told(part: Part) -> list[Any]:
    return [part.said, part.tone, list(part.tiles)]


def _cards(known: Relations, spec: MapSpec, facts: Facts) -> list[dict[str, Any]]:
    """What the card of each body says: facts, findings with how sure they are, files and rows."""
    at = {node: number for number, node in enumerate(spec.ids)}
    return [
        _card(spec, at[tile.node], facts.look.lang)
        if tile.node in at
        else {"rows": _placed_rows(known.rows.get(number, []), known.sheets)}
        for number, tile in enumerate(known.bodies)
    ]


def _card(spec: MapSpec, number: int, lang: str) -> dict[str, Any]:
    node = spec.nodes[number]
    texts = [spec.texts[place].replace(NAME, node["name"]) for place in node["facts"]]
    return {
        "facts": list(zip(texts[::2], texts[1::2], strict=True)),
        "found": [
            [caption(sure, lang), spec.texts[said].replace(NAME, node["name"])] for _, sure, said in node["findings"]
        ],
        "rows": _placed_rows(node["rows"], spec.sheets),
    }


def _placed_rows(flat: list[int], sheets: list[list[str]]) -> list[list[str]]:
    """File, sheet and the rows there."""
    rows: dict[int, list[int]] = {}
    for sheet, row in zip(flat[::2], flat[1::2], strict=True):
        rows.setdefault(sheet, []).append(row)
    return [[*sheets[sheet], ", ".join(map(str, sorted(set(own) - {0})))] for sheet, own in rows.items()]


def _letters(known: Relations) -> dict[str, list[str]]:
    """Every reading of each Chinese character in the names, so that 长 is found as chang and as zhang."""
    from pypinyin import Style, pinyin

    letters = sorted({letter for tile in known.bodies for letter in tile.name + tile.community if letter >= "\u3400"})
    return {letter: pinyin(letter, style=Style.NORMAL, heteronym=True)[0] for letter in letters}


@cache
def _part(name: str) -> str:
    return resources.files("pbgraph").joinpath(f"templates/wall/{name}").read_text("utf-8")


@cache
def _style() -> str:
    """The style sheet with a class for each tone."""
    rules = [
        f".t-{name} rect {{ fill: {tone.fill}; stroke: {tone.edge};"
        f" stroke-width: {4 if tone.is_rimmed else 1.5}; {'stroke-dasharray: 6 4;' if tone.is_dashed else ''} }}\n"
        f".t-{name} text {{ fill: {tone.ink}; }}\n"
        f".key-{name} {{ background: {tone.fill}; color: {tone.ink}; border-color: {tone.edge} !important; }}\n"
        + (f".t-{name} rect {{ fill: url(#hatch); }}\n" if tone.is_hatched else "")
        for name, tone in TONES.items()
    ]
    return _part("wall.css") + "".join(rules)
