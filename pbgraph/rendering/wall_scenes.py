"""The scenes of the wall: who stands where, what the title says, and which tiles each number of it counts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption, shown_day
from pbgraph.rendering.facts import Facts, percent, street_name
from pbgraph.rendering.look import TILE_PLANS, TILE_SIDES, TONES
from pbgraph.rendering.short_names import short_community, short_names
from pbgraph.rendering.wall import Part, Scene, Stand, Text, Tile, Wall
from pbgraph.rendering.wall_committees import committees
from pbgraph.rendering.wall_layout import (
    LEADING,
    LEAST_FONT,
    MOST_FONT,
    MOST_ROWS,
    Box,
    Size,
    listed,
    placed,
    text_width,
    wrapped,
)

UNKNOWN, OUTSIDE = "unknown", "outside"
"""The looks of a unit that cannot be judged yet, never that of a gap, and of an organization outside the street."""
LEVEL_TONES = {"0": "level-1", "1": "level-1", "2": "level-2", "3": "level-3", "4": "level-4"}
LOOKS = (*dict.fromkeys(LEVEL_TONES.values()), OUTSIDE)


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
    places = Places(facts, tuple(tiles), units)
    communities = tuple(places.columns)
    makers = (_overview, _plan, _system, _management, committees, _co_building, _changes)
    scenes = [
        scene
        for place in ("", *(communities if len(communities) > 1 else ()))
        for make in makers
        if len(units) and (scene := make(places, place)) is not None
    ]
    network, lang = facts.network, facts.look.lang
    said = caption(
        "footer", lang, as_of=shown_day(network.as_of, lang), profile=facts.policy.label[lang],
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
    home, organizations = facts.network.settings.get("home", ""), facts.study.entities("organizations")
    short = short_names(units["unit"], home=home, among=organizations["name"])
    to_check = caption("wall_check_mark", lang)
    return [
        Tile(
            row.unit_id, row.unit, short[row.unit] + to_check * (row.sure == "check-name"), row.community, row.tone,
            caption("tone_unknown", lang) if row.tone == UNKNOWN else states.label(row.tone, lang=lang),
        )
        for row in units.itertuples()
    ]  # fmt: skip


def _organization_tiles(facts: Facts) -> list[Tile]:
    """Every organization of the lists, and the superiors outside them, with what it is."""
    lang, categories = facts.look.lang, schema.vocabulary("organization_category")
    frame = facts.study.entities("organizations").sort_values(["community", "name", "organization_id"])
    above = set(facts.network.ties.query("relation == 'subordinate'")["target_id"])
    asked = set(facts.network.review["open_id"])
    is_shown = frame["is_listed"].astype(bool) | (
        frame["organization_id"].isin(above) & ~frame["organization_id"].isin(asked)
    )
    rows = frame[is_shown]
    short = short_names(rows["name"], home=facts.network.settings.get("home", ""))
    return [
        Tile(
            row.organization_id, row.name, short[row.name], row.community if isinstance(row.community, str) else "",
            _level(row.org_type) if row.is_listed else OUTSIDE,
            categories.label(row.org_type, lang=lang) if isinstance(row.org_type, str) else "",
        )
        for row in rows.itertuples()
    ]  # fmt: skip


def _level(category: object) -> str:
    """The look of an organization by the level of its category; one of which it is not known looks like a branch."""
    row = schema.vocabulary("organization_category").rows.get(category if isinstance(category, str) else "", {})
    return LEVEL_TONES.get(row.get("level", ""), "level-3")


class Places:
    """What the scenes are made of: facts, tiles, the units behind the first of them, communities by coverage."""

    def __init__(self, facts: Facts, tiles: tuple[Tile, ...], units: pd.DataFrame) -> None:
        self.facts, self.tiles, self.units, self.lang = facts, tiles, units, facts.look.lang
        self.n_units = len(units)
        self.columns: dict[str, tuple[int, int]] = {}
        counted = units.groupby("community")["is_covered"].agg(["sum", "size"])
        shares = counted["sum"].astype(float) / counted["size"]
        for name in sorted(counted.index, key=lambda name: (-shares[name], name)):
            self.columns[str(name)] = (int(counted.loc[name, "sum"]), int(counted.loc[name, "size"]))
        self.to_check = set(units.loc[units["sure"] == "check-name", "unit_id"])
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


def _overview(places: Places, place: str) -> Scene:
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


def _in(places: Places, tiles: Iterable[int], community: str) -> list[int]:
    return [number for number in tiles if places.tiles[number].community == community]


def _tones(places: Places, tiles: Sequence[int]) -> list[Part]:
    """The key: each look that some tiles have, and the mark of names to check."""
    found: dict[str, list[int]] = {}
    for number in tiles:
        found.setdefault(places.tiles[number].tone, []).append(number)
    return [Part(places.tiles[found[tone][0]].said, tone, tuple(found[tone])) for tone in TONES if tone in found]


def _plan(places: Places, place: str) -> Scene | None:
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


def _system(places: Places, place: str) -> Scene | None:
    """Superiors above, what stands under them indented; where all do not fit, what stands lowest is counted."""
    lang = places.lang
    rows = _indented(places, place)
    if not rows:
        return None
    deepest = max(level for _, level, _ in rows)
    while len(rows) > MOST_ROWS and deepest:
        rows = [row for row in rows if row[1] < deepest]
        deepest -= 1
    stands = []
    for (number, level, n_below), box in zip(rows, listed([level for _, level, _ in rows]), strict=True):
        tile = places.tiles[number]
        is_folded = level == deepest and n_below
        said = caption("system_folded", lang, name=tile.short, n=n_below) if is_folded else tile.short
        stands.append(Stand(number, box, tile.tone, *wrapped(said, box.width, box.height)))
    by_look = {tone: [n for n, _, _ in _indented(places, place) if places.tiles[n].tone == tone] for tone in LOOKS}
    own = tuple(number for tone, found in by_look.items() if tone != OUTSIDE for number in found)
    title = [
        places.counted("system_title", "", own, street=places.subject(place)),
        *(part for tone, found in by_look.items() for part in places.part(f"system_{tone}", tone, found)),
    ]
    legend = [Part(caption(f"key_{tone}", lang), tone, tuple(found)) for tone, found in by_look.items() if found]
    label = caption("scene_wall_system", lang)
    return Scene("system", place, label, tuple(title), tuple(legend), tuple(stands), (), ())


def _indented(places: Places, place: str) -> list[tuple[int, int, int]]:
    """Organizations from the top down: tile, depth, how many stand under it. What runs in a circle stands alone."""
    at = {tile.node: places.n_units + n for n, tile in enumerate(places.tiles[places.n_units :])}
    ties = places.facts.network.ties.query("relation == 'subordinate'").drop_duplicates("source_id")
    pairs = zip(ties["source_id"], ties["target_id"], strict=True)
    above = {at[low]: at[high] for low, high in pairs if low in at and high in at}
    wanted = {number for number in at.values() if place in ("", places.tiles[number].community)}
    wanted |= {above[number] for number in wanted if number in above}
    under: dict[int, list[int]] = {}
    for number in sorted(wanted):
        under.setdefault(above.get(number, -1) if above.get(number) in wanted else -1, []).append(number)
    n_below = dict.fromkeys(wanted, 0)
    for number in wanted:
        passed, upper = {number}, above.get(number)
        while upper in wanted and upper not in passed:
            n_below[upper] += 1
            passed.add(upper)
            upper = above.get(upper)
    ranked = {high: sorted(low, key=lambda n: (-n_below[n], n)) for high, low in under.items()}
    found: dict[int, tuple[int, int, int]] = {}
    waiting = [(number, 0) for number in (*sorted(wanted, reverse=True), *reversed(ranked.get(-1, [])))]
    while waiting:
        number, depth = waiting.pop()
        if number not in found:
            below = ranked.get(number, [])
            found[number] = (number, depth, len(below))
            waiting += [(lower, depth + 1) for lower in reversed(below)]
    return list(found.values())


def _management(places: Places, place: str) -> Scene | None:
    """Expected management against registered: those that differ are named first."""
    lang = places.lang
    managed = places.facts.study.dual_management.query("expected.notna()")
    state = dict(zip(managed["organization_id"], managed["state"], strict=True))
    tiles = [number for number, tile in enumerate(places.tiles) if tile.node in state and place in ("", tile.community)]
    if not tiles:
        return None
    tones = ("contradictory", "missing", "agreed")
    states = {tone: [number for number in tiles if state[places.tiles[number].node] == tone] for tone in tones}
    lead = places.counted("management_title", "", tiles, street=places.subject(place))
    title = [lead, *(part for tone, own in states.items() for part in places.part(f"management_{tone}", tone, own))]
    return _piled(
        places, "management", place, title, [(tone, caption(f"tone_{tone}", lang), states[tone]) for tone in tones]
    )


def _co_building(places: Places, place: str) -> Scene | None:
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
    title = [
        places.counted("co_building_title", "", tiles, street=places.subject(place)),
        *places.part("co_building_some", "joint", [n for tone in _TIE_TONES[1:] for n in by_number.get(tone, [])]),
        *places.part("co_building_none", "ties-0", by_number.get("ties-0", [])),
    ]
    piles = [(tone, caption(f"pile_{tone}", places.lang), by_number.get(tone, [])) for tone in _TIE_TONES]
    return _piled(places, "co_building", place, title, piles)


def _piled(
    places: Places, key: str, place: str, title: Sequence[Part], piles: Sequence[tuple[str, str, Sequence[int]]]
) -> Scene:
    """Piles of one tone each: tone, what it is called, tiles; those without a tile are left out."""
    kept = [(tone, said, own) for tone, said, own in piles if own]
    looks = {number: tone for tone, _, own in kept for number in own}
    legend = [Part(said, tone, tuple(own)) for tone, said, own in kept]
    heads = [_Pile(said, str(len(own)), "", "", (), tuple(own)) for _, said, own in kept]
    return _scene(places, key, place, title, heads, legend, looks=looks, is_placed=not place)


_TIE_TONES = ("ties-0", "ties-1", "ties-2", "ties-3")


def _changes(places: Places, place: str) -> Scene | None:
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
    since = shown_day(places.facts.earlier_as_of, places.lang)
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
    places: Places,
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
            stands.append(
                Stand(number, box, (looks or {}).get(number, tile.tone), *_lettered(tile, box, is_placed=is_placed))
            )
        texts += _head(pile, group.box.x + group.box.width / 2, group.head, group.box.width)
        if pile.foot:
            texts.append(Text(group.box.x + group.box.width / 2, group.foot + 26, pile.foot, 22, "foot"))
        if any(other.above for other in piles):
            x = lines.get(group.line, (group.box.x - 12, 0.0, 0.0))[0]
            lines[group.line] = (x, group.line, group.box.x + group.box.width + 12 - x)
    label = caption(f"scene_wall_{key}", places.lang)
    return Scene(key, place, label, tuple(title), tuple(legend), tuple(stands), tuple(texts), tuple(lines.values()))


def _lettered(tile: Tile, box: Box, *, is_placed: bool) -> tuple[float, tuple[str, ...], str]:
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
