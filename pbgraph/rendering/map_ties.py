"""The ties of the map: each with its relation, its words and its rows; parallel ones bend apart."""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.model import PREFIXES
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.look import DASHES, LAYERS
from pbgraph.rendering.map_beside import covering_several, folded, stands_for
from pbgraph.rendering.map_details import Rows
from pbgraph.rendering.map_layout import text_of

_COMMUNITY = f"{PREFIXES['communities']}:"


def edges(facts: Facts, index: dict[str, int], rows: Rows) -> list[dict[str, Any]]:
    """Ties between drawn nodes. A community's end is drawn at its own organization, but where it is only a place."""
    lang = facts.look.lang
    relations = schema.vocabulary("relation")
    ends_of = {node: index[drawn] for node, drawn in stands_for(facts.network, set(index)).items()}
    found: list[dict[str, Any]] = []
    bends: dict[tuple[int, int], int] = {}
    ties = facts.network.ties
    spread = covering_several(facts.network)
    for row in ties[ties["source_id"].isin(ends_of) & ties["target_id"].isin(ends_of)].itertuples():
        words = relations.rows[str(row.relation)]
        ends = ends_of[str(row.source_id)], ends_of[str(row.target_id)]
        is_drawn = row.source_id in index and row.target_id in index
        is_within = row.relation == "located_in" and str(row.target_id).startswith(_COMMUNITY)  # as its territory says
        is_told = words["layer"] == "place" and (is_within or not is_drawn) and row.source_id not in spread
        if words["layer"] not in LAYERS or ends[0] == ends[1] or is_told:
            continue
        pair = (min(ends), max(ends))
        bends[pair] = bends.get(pair, -1) + 1
        found.append({
            "from": ends[0], "to": ends[1], "relation": str(row.relation), "bend": bends[pair],
            "note": note_of(row, lang), "rows": rows.of(str(row.source)),
        })  # fmt: skip
    for line in folded(facts, set(index)):
        ends = index[line["ends"][0]], index[line["ends"][1]]
        pair = (min(ends), max(ends))
        bends[pair] = bends.get(pair, -1) + 1
        found.append({
            "from": ends[0], "to": ends[1], "relation": line["relation"], "bend": bends[pair], "note": line["note"],
            "rows": rows.of(line["source"]) if line["source"] else [],
        })  # fmt: skip
    return found


def note_of(tie: Any, lang: str) -> str:
    """What a row says of a tie beside its relation: kinds of cooperation, since when, how far, what about."""
    cooperation, progress = schema.vocabulary("cooperation"), schema.vocabulary("progress")
    notes = [cooperation.label(code, lang=lang) for code in text_of(tie.category).split("\n") if code]
    notes += [
        text_of(tie.since),
        progress.label(text_of(tie.status), lang=lang),
        caption("list_separator", lang).join(text_of(tie.content).split("\n")),
    ]
    return " · ".join(note for note in notes if note)


def layers(drawn: list[dict[str, Any]], asides: dict[str, int | str], lang: str) -> list[dict[str, Any]]:
    """Layers of the legend with their relations; a relation has the colour of its layer and a dash of its own.

    `n` counts its lines, `on_cards` the ties that are on cards because an end of theirs is not drawn.
    """
    counts = pd.Series([edge["relation"] for edge in drawn], dtype="object").value_counts()
    relations = schema.vocabulary("relation")
    ways = ("outward", "inward") if lang == "zh" else ("outward_en", "inward_en")
    found = []
    for key, colour in LAYERS.items():
        members = [code for code, row in relations.rows.items() if row["layer"] == key]
        shown = [
            {
                "key": code,
                "label": relations.label(code, lang=lang),
                "dash": DASHES[place % len(DASHES)],
                "n": int(counts.get(code, 0)),
                "on_cards": asides.get(code, 0),
                "words": [relations.rows[code][way] for way in ways],
            }
            for place, code in enumerate(members)
        ]
        found.append({"key": key, "label": caption(f"layer_{key}", lang), "color": colour, "relations": shown})
    return found
