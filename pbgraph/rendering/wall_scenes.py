"""The scenes of the wall: who stands where, what the title says, and which tiles each number of it counts."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.rendering.facts import Facts, percent, street_name
from pbgraph.rendering.look import TILE_PLANS, TILE_SIDES, TONES
from pbgraph.rendering.short_names import short_community, short_names
from pbgraph.rendering.wall import Part, Scene, Stand, Text, Tile, Wall
from pbgraph.rendering.wall_layout import LEADING, LEAST_FONT, MOST_FONT, Box, Size, placed, text_width, wrapped

UNKNOWN = "unknown"
"""The state of a unit that cannot be judged yet: never the look of a gap."""


@dataclass(frozen=True)
class _Pile:
    """Tiles that stand together: a head, what is said below it and at the foot, tiles from the line outwards."""

    head: str
    share: str
    note: str
    foot: str
    above: tuple[int, ...]
    below: tuple[int, ...]
    place: str = ""


def wall(facts: Facts) -> Wall:
    """Arrange the units in operation, and the organizations that a scene is about; without a unit no scene."""
    units = _units(facts)
    tiles = [*_unit_tiles(facts, units), *_organization_tiles(facts)]
    places = _Places(facts, tuple(tiles), units)
    communities = tuple(places.columns)
    makers: tuple[Callable[[_Places, str], Scene | None], ...] = (_overview, _plan, _management, _co_building, _changes)
    scenes = [
        scene
        for place in ("", *(communities if len(communities) > 1 else ()))
        for make in makers
        if len(units) and (scene := make(places, place)) is not None
    ]
    network, lang = facts.network, facts.look.lang
    said = caption(
        "footer", lang, as_of=network.as_of or "—", profile=facts.policy.label[lang],
        edition=caption(f"edition_{facts.look.edition}", lang), n_files=len(network.inputs),
    )  # fmt: skip
    return Wall(street_name(network, lang), lang, tuple(tiles), communities, tuple(scenes), said)


def _units(facts: Facts) -> pd.DataFrame:
    """Units in operation with the tone of their tile, by community, tone and name."""
    scope = facts.study.coverage.query("is_in_scope")
    is_open = (scope["sure"] == "unknown") | (scope["is_covered_sure"] == "unknown")
    is_unknown = (is_open & ~scope["is_covered"].astype(bool)) | (facts.verdict == "unjudged")
    tone = scope["state"].mask(is_unknown, UNKNOWN)
    ranks = {name: rank for rank, name in enumerate(TILE_SIDES)}
    return scope.assign(tone=tone, rank=tone.map(ranks), community=scope["community"].fillna("")).sort_values(
        ["community", "rank", "unit", "unit_id"], ignore_index=True
    )


def _unit_tiles(facts: Facts, units: pd.DataFrame) -> list[Tile]:
    lang, states = facts.look.lang, schema.vocabulary("coverage_state")
    short = short_names(units["unit"], home=facts.network.settings.get("home", ""))
    return [
        Tile(
            row.unit_id, row.unit, short[row.unit], row.community, row.tone,
            caption("tone_unknown", lang) if row.tone == UNKNOWN else states.label(row.tone, lang=lang),
        )
        for row in units.itertuples()
    ]  # fmt: skip


def _organization_tiles(facts: Facts) -> list[Tile]:
    """The organizations for which a management is expected, with its state as their tone."""
    managed = facts.study.dual_management.query("expected.notna()")
    short = short_names(managed["organization"], home=facts.network.settings.get("home", ""))
    return [
        Tile(
            row.organization_id, row.organization, short[row.organization],
            row.community if isinstance(row.community, str) else "", row.state,
            caption(f"tone_{row.state}", facts.look.lang),
        )
        for row in managed.itertuples()
    ]  # fmt: skip


class _Places:
    """What the scenes are made of: facts, tiles, the units behind the first of them, communities by coverage."""

    def __init__(self, facts: Facts, tiles: tuple[Tile, ...], units: pd.DataFrame) -> None:
        self.facts, self.tiles, self.units, self.lang = facts, tiles, units, facts.look.lang
        self.n_units = len(units)
        self.columns: dict[str, tuple[int, int]] = {}
        counted = units.groupby("community")["is_covered"].agg(["sum", "size"])
        shares = counted["sum"].astype(float) / counted["size"]
        for name in sorted(counted.index, key=lambda name: (-shares[name], name)):
            self.columns[str(name)] = (int(counted.loc[name, "sum"]), int(counted.loc[name, "size"]))
        self.heads = facts.study.entities("organizations").query("is_community_org == True")
        self.head_of = dict(zip(self.heads["community"], self.heads["name"], strict=True))

    def tiles_of(self, place: str, wanted: Collection[str] | None = None) -> tuple[int, ...]:
        """The units of a community, "" for all; of some tones, or of all."""
        return tuple(
            number
            for number, tile in enumerate(self.tiles[: self.n_units])
            if (wanted is None or tile.tone in wanted) and place in ("", tile.community)
        )

    def subject(self, place: str) -> str:
        """Whom a title speaks of."""
        return place or street_name(self.facts.network, self.lang)

    def part(self, key: str, tone: str, tiles: Sequence[int], **more: Any) -> list[Part]:
        """A part of a title with its number; none where it would count nothing."""
        return [self.counted(key, tone, tiles, **more)] if tiles else []

    def counted(self, key: str, tone: str, tiles: Sequence[int], **more: Any) -> Part:
        """A part of a title, in full and in brief."""
        said, brief = (caption(name, self.lang, n=len(tiles), **more) for name in (key, f"{key}_brief"))
        return Part(said, tone, tuple(tiles), brief)

    def name(self, place: str) -> str:
        """A community as a head names it."""
        return place or caption("no_community", self.lang)


def _overview(places: _Places, place: str) -> Scene:
    """Everything at one look: who is covered above the line, who is not below."""
    lang, everyone = places.lang, places.tiles_of(place)
    sides = {
        side: places.tiles_of(place, [tone for tone, own in TILE_SIDES.items() if own == side])
        for side in ("covered", "work", "below")
    }
    below = [number for number in sides["below"] if places.tiles[number].tone != UNKNOWN]
    title = [
        places.counted("wall_title", "", everyone, street=places.subject(place)),
        *places.part("wall_covered", "own", sides["covered"]),
        *places.part("wall_work", "work", sides["work"]),
        *places.part("wall_bare", "must-establish", below),
        *places.part("wall_unknown", UNKNOWN, [n for n in sides["below"] if n not in set(below)]),
    ]
    is_judged = places.facts.verdict == "judged"
    piles = []
    for community, (covered, n) in places.columns.items():
        if place not in ("", community):
            continue
        above = [*_in(places, sides["covered"], community), *_in(places, sides["work"], community)]
        under = _in(places, sides["below"], community)
        n_gaps = len(set(under) & set(below))
        piles.append(
            _Pile(
                places.name(community),
                percent(covered, n) if is_judged else "",
                places.head_of.get(community, ""),
                caption("wall_foot", lang, n=n_gaps) if n_gaps else "",
                tuple(above),
                tuple(under),
                community,
            )
        )
    return _scene(places, "overview", place, title, piles, _tones(places, everyone))


def _in(places: _Places, tiles: Iterable[int], community: str) -> list[int]:
    return [number for number in tiles if places.tiles[number].community == community]


def _tones(places: _Places, tiles: Sequence[int]) -> list[Part]:
    """The key: each look that some tiles have, with their number."""
    found: dict[str, list[int]] = {}
    for number in tiles:
        found.setdefault(places.tiles[number].tone, []).append(number)
    return [
        Part(f"{places.tiles[found[tone][0]].said} {len(found[tone])}", tone, tuple(found[tone]))
        for tone in TONES
        if tone in found
    ]


def _plan(places: _Places, place: str) -> Scene | None:
    """How to close the gaps: a branch of its own, a joint branch, an instructor."""
    lang = places.lang
    piles, title, every = [], [], []
    for plan, tones in TILE_PLANS.items():
        tiles = places.tiles_of(place, tones)
        if not tiles:
            continue
        ordered = sorted(tiles, key=lambda n: (tones.index(places.tiles[n].tone), places.tiles[n].community))
        title += places.part(f"plan_{plan}", tones[0], tiles)
        note = caption(f"pile_{plan}_note", lang)
        piles.append(_Pile(caption(f"pile_{plan}", lang), str(len(tiles)), note, "", (), tuple(ordered)))
        every += ordered
    if not every:
        return None
    lead = places.counted("plan_title", "", every, street=places.subject(place))
    return _scene(places, "plan", place, [lead, *title], piles, _tones(places, every), is_placed=not place)


def _management(places: _Places, place: str) -> Scene | None:
    """Expected management against registered: those that differ are named first."""
    tiles = [
        number
        for number, tile in enumerate(places.tiles)
        if number >= places.n_units and (not place or tile.community == place)
    ]
    tones = ("contradictory", "missing", "agreed")
    states = {tone: [number for number in tiles if places.tiles[number].tone == tone] for tone in tones}
    if not tiles:
        return None
    lead = places.counted("management_title", "", tiles, street=places.subject(place))
    title = [lead, *(part for tone, own in states.items() for part in places.part(f"management_{tone}", tone, own))]
    piles = [
        _Pile(caption(f"tone_{tone}", places.lang), str(len(own)), "", "", (), tuple(own))
        for tone, own in states.items()
        if own
    ]
    return _scene(places, "management", place, title, piles, _tones(places, tiles), is_placed=not place)


def _co_building(places: _Places, place: str) -> Scene | None:
    """Units by the number of their co-building ties; those without any first."""
    counted = places.facts.study.co_building
    n_ties = dict(zip(counted["unit_id"], counted["n_agreements"] + counted["n_projects"], strict=True))
    if not any(n_ties.values()):
        return None
    tiles = places.tiles_of(place)
    by_number: dict[str, list[int]] = {}
    for number in tiles:
        n = int(n_ties.get(places.tiles[number].node, 0))
        by_number.setdefault(_TIE_TONES[min(n, len(_TIE_TONES) - 1)], []).append(number)
    groups = [(tone, by_number[tone]) for tone in _TIE_TONES if tone in by_number]
    title = [
        places.counted("co_building_title", "", tiles, street=places.subject(place)),
        *places.part("co_building_some", "joint", [n for tone, own in groups[0:] if tone != "ties-0" for n in own]),
        *places.part("co_building_none", "ties-0", by_number.get("ties-0", [])),
    ]
    piles = [_Pile(caption(f"pile_{tone}", places.lang), str(len(own)), "", "", (), tuple(own)) for tone, own in groups]
    legend = [Part(f"{caption(f'pile_{tone}', places.lang)} {len(own)}", tone, tuple(own)) for tone, own in groups]
    looks = {number: tone for tone, own in groups for number in own}
    return _scene(places, "co_building", place, title, piles, legend, looks=looks, is_placed=not place)


_TIE_TONES = ("ties-0", "ties-1", "ties-2", "ties-3")


def _changes(places: _Places, place: str) -> Scene | None:
    """What crossed the line since the earlier rosters: solved above, new below."""
    changed = places.facts.changed
    if changed is None:
        return None
    became = dict(zip(changed["unit_id"], changed["change"], strict=True))
    tiles = {
        change: tuple(n for n in places.tiles_of(place) if became.get(places.tiles[n].node) == change)
        for change in ("solved", "new")
    }
    every = (*tiles["solved"], *tiles["new"])
    since = places.facts.earlier_as_of or "—"
    lead = places.counted("changes_title", "", every, street=places.subject(place), as_of=since)
    title = [
        lead,
        *places.part("changes_solved", "own", tiles["solved"]),
        *places.part("changes_new", "must-establish", tiles["new"]),
        *([] if every else [places.counted("changes_none", "", ())]),
    ]
    piles = [
        _Pile(
            places.name(community), "", "", "",
            tuple(_in(places, tiles["solved"], community)), tuple(_in(places, tiles["new"], community)), community,
        )
        for community in places.columns
        if _in(places, every, community)
    ]  # fmt: skip
    return _scene(places, "changes", place, title, piles, _tones(places, every))


def _scene(
    places: _Places,
    key: str,
    place: str,
    title: Sequence[Part],
    piles: Sequence[_Pile],
    legend: Sequence[Part],
    *,
    looks: dict[int, str] | None = None,
    is_placed: bool = False,
) -> Scene:
    """Piles laid out; `is_placed` writes the community of each tile below its name."""
    groups = placed([Size(len(pile.above), len(pile.below)) for pile in piles])
    stands: list[Stand] = []
    texts: list[Text] = []
    lines: dict[float, tuple[float, float, float]] = {}
    for pile, group in zip(piles, groups, strict=True):
        for number, box in zip((*pile.above, *pile.below), (*group.above, *group.below), strict=True):
            tile = places.tiles[number]
            stands.append(Stand(number, box, (looks or {}).get(number, tile.tone), *_lettered(tile, box, is_placed)))
        texts += _head(pile, group.box.x + group.box.width / 2, group.head, group.box.width)
        if pile.foot:
            texts.append(Text(group.box.x + group.box.width / 2, group.foot + 26, pile.foot, 22, "foot"))
        if any(other.above for other in piles):
            x = lines.get(group.line, (group.box.x - 12, 0.0, 0.0))[0]
            lines[group.line] = (x, group.line, group.box.x + group.box.width + 12 - x)
    label = caption(f"scene_wall_{key}", places.lang)
    return Scene(key, place, label, tuple(title), tuple(legend), tuple(stands), tuple(texts), tuple(lines.values()))


def _lettered(tile: Tile, box: Box, is_placed: bool) -> tuple[float, tuple[str, ...], str]:  # noqa: FBT001
    """The name of a tile in lines, and its community where there is room for both."""
    place = short_community(tile.community)
    if is_placed and place and text_width(place) * LEAST_FONT <= box.width - 6:
        size, lines = wrapped(tile.short, box.width, box.height - LEAST_FONT * LEADING)
        if lines and not lines[-1].endswith("…"):
            return size, lines, place
    return *wrapped(tile.short, box.width, box.height), ""


def _head(pile: _Pile, x: float, y: float, width: float) -> list[Text]:
    """Name and share above a pile, and what is said below them where it fits."""
    whole = f"{pile.head} {pile.share}".strip()
    size = max(LEAST_FONT, min(MOST_FONT, width / max(text_width(whole), 1.0)))
    has_note = bool(pile.note) and text_width(pile.note) * LEAST_FONT <= width + 24
    said = [Text(x, y - (40 if has_note else 14), whole, size, "head", pile.place)]
    return [*said, Text(x, y - 12, pile.note, LEAST_FONT, "note")] if has_note else said
