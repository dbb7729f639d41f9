"""The scene of seats: one row for each big Party committee, a tile for each body that sits or should sit on it."""

from typing import TYPE_CHECKING

from pbgraph.captions import caption
from pbgraph.rendering.wall import Part, Scene, Stand, Text
from pbgraph.rendering.wall_layout import LEAST_FONT, MOST_FONT, ROW_HEAD, rowed, text_width, wrapped

if TYPE_CHECKING:
    from pbgraph.rendering.wall_scenes import Places

_SEATED, _UNSEATED, _ABSENT = "own", "missing", "blank"
_NOT_MEMBER, _NO_SEAT = "C2", "C8"
"""The rules by which an organization of the area takes part, and has somebody on the committee."""


def committees(places: "Places", place: str) -> Scene | None:
    """Who takes part in each committee, who of them has nobody on it, and who is missing from it."""
    lang, rows = places.lang, _rows(places, place)
    looks = {number: tone for _, own in rows for number, tone in own}
    if not looks:
        return None
    stands, texts = [], []
    for (name, own), (box, boxes) in zip(rows, rowed([len(own) for _, own in rows]), strict=True):
        missing = sum(tone == _ABSENT for _, tone in own)
        note = "committees_note_missing" if missing else "committees_note"
        size = max(LEAST_FONT, min(MOST_FONT, (ROW_HEAD - 20) / max(text_width(name), 1.0)))
        middle = box.y + box.height / 2
        texts.append(Text(ROW_HEAD / 2, middle, name, size, "head"))
        said = caption(note, lang, n=len(own) - missing, missing=missing)
        texts.append(Text(ROW_HEAD / 2, middle + LEAST_FONT * 1.3, said, LEAST_FONT, "note"))
        for (number, tone), tile in zip(own, boxes, strict=True):
            stands.append(Stand(number, tile, tone, *wrapped(places.tiles[number].short, tile.width, tile.height)))
    by_tone = {tone: [n for n, look in looks.items() if look == tone] for tone in (_SEATED, _UNSEATED, _ABSENT)}
    title = [
        places.counted("committees_title", "", list(looks), street=places.subject(place)),
        *places.part("committees_unseated", _UNSEATED, by_tone[_UNSEATED]),
        *places.part("committees_missing", _ABSENT, by_tone[_ABSENT]),
    ]
    said_as = {_SEATED: "tone_seated", _UNSEATED: "tone_unseated", _ABSENT: "tone_absent"}
    legend = [Part(caption(said_as[tone], lang), tone, tuple(own)) for tone, own in by_tone.items() if own]
    label = caption("scene_wall_committees", lang)
    return Scene("committees", place, label, tuple(title), tuple(legend), tuple(stands), tuple(texts), ())


def _rows(places: "Places", place: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """Each committee with its tiles and how they look; a body of several stands with the first by name."""
    study, found = places.facts.study, places.facts.findings
    names = study.entities("committees").set_index("committee_id")["name"].to_dict()
    located = study.ties.query("relation == 'located_in'")
    listed = places.facts.network.tables["communities"]
    communities = dict(zip(listed["community_id"], listed["name"], strict=True))
    covered = {(node, communities.get(at)) for node, at in zip(located["source_id"], located["target_id"], strict=True)}
    seats = study.ties.query("relation == 'participates'")
    sits: dict[str, set[str]] = {}
    for body, committee in zip(seats["source_id"], seats["target_id"], strict=True):
        sits.setdefault(committee, set()).add(body)
    without = {rule: set(found.loc[found["rule_id"] == rule, "subject_id"]) for rule in (_NOT_MEMBER, _NO_SEAT)}
    due = study.dual_management.dropna(subset=["committee"])
    called = {name: node for node, name in names.items()}
    for body, committee in zip(due["organization_id"], due["committee"], strict=True):
        if body in without[_NOT_MEMBER] and committee in called:
            sits.setdefault(called[committee], set()).add(body)
    rows, seen = [], set[int]()
    for committee in sorted((node for node in sits if node in names), key=lambda node: (names[node], node)):
        if place and (committee, place) not in covered:
            continue
        own = [n for n, tile in enumerate(places.tiles) if tile.node in sits[committee] and n not in seen]
        seen |= set(own)
        looks = [(n, _look(places.tiles[n].node, without)) for n in own]
        rows.append(
            (names[committee], sorted(looks, key=lambda pair: ((_ABSENT, _UNSEATED, _SEATED).index(pair[1]), pair[0])))
        )
    return sorted(rows, key=lambda row: -len(row[1]))


def _look(body: str, without: dict[str, set[str]]) -> str:
    return _ABSENT if body in without[_NOT_MEMBER] else _UNSEATED if body in without[_NO_SEAT] else _SEATED
