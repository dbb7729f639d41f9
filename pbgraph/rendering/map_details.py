"""What the card of each node says, and what a node is found by."""

from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.captions import caption
from pbgraph.editions import few, shown_people
from pbgraph.model import ID_COLUMNS
from pbgraph.network import Network
from pbgraph.rendering.facts import Facts
from pbgraph.rendering.map_beside import Beside, own_organizations
from pbgraph.rendering.map_layout import Body, text_of

_SPELLINGS = 4  # of one node: more say nothing new
_LONGEST = 60  # characters of a name that are worth a pinyin key


class Rows:
    """Rows of provenance as the page holds them: the place in `sheets` (file and sheet) and the row, twice in turn."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    @property
    def sheets(self) -> list[list[str]]:
        """File and sheet of each place."""
        return [list(place) for place in self._numbers]

    def of(self, source: str) -> list[int]:
        """The rows of a `source`, flat: place, row, place, row."""
        flat: list[int] = []
        for line in source.split("\n"):
            file, _, rest = line.partition("|")
            sheet, _, row = rest.rpartition("|")
            flat += [self._numbers.setdefault((file, sheet), len(self._numbers)), int(row) if row.isdigit() else 0]
        return flat


NAME = "\u0001"
"""Stands in a pooled sentence for the name of the node that it is said of."""


class Pool:
    """Texts that many nodes share, held once: a text is its place in `texts`."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """Every text once, in the order of first use."""
        return list(self._numbers)

    def of(self, text: str, *, name: str = "") -> int:
        """The place of a text; `name`, where it stands in it, is left open."""
        open_text = text.replace(name, NAME) if name else text
        return self._numbers.setdefault(open_text, len(self._numbers))


class Details:
    """The facts and findings of each node, in words."""

    def __init__(self, facts: Facts, beside: Beside) -> None:
        self.facts, self.beside = facts, beside
        lang = facts.look.lang
        self.units = {row.unit_id: row for row in facts.study.coverage.itertuples()}
        self.findings: dict[str, list[list[str]]] = {}
        for row in facts.findings.itertuples():
            said = [str(row.rule_id), str(row.sure), str(row.message)]
            self.findings.setdefault(str(row.subject_id), []).append(said)
        self.kinds_of_bodies = kinds_of_bodies(facts.network, lang)
        grids = facts.network.tables["grids"]
        areas = grids["grid_id"][grids["type"] == "duty_area"] if "type" in grids else ()
        self.kinds_of_areas = dict.fromkeys(areas, caption("kind_of_duty_area", lang))
        self.superiors = self._ends("subordinate", "source_id", "target_id")
        self.places = self._ends("located_in", "source_id", "target_id")
        self.holders = self._holders()
        self.people = self._ends("member_of", "target_id", "source_id") if facts.look.edition == "internal" else {}
        self.shown_fields = [item for item in schema.fields().values() if item.shown]
        self.stated = _rows_by_id(facts.network, {item.key for item in self.shown_fields})
        claims = facts.network.ties[facts.network.ties["relation"] == "claims"]
        self.claims = claims["source_id"].value_counts().to_dict()

    def _places(self, body: Body) -> list[str]:
        """The communities of a body: of a joint committee all of them, not only the one that it is drawn in."""
        several = set(self.places.get(body.node, ()))
        listed = [name for name in self.facts.network.community_names() if name in several]
        return listed if len(listed) > 1 else [body.community] if body.community else []

    def _shown(self, body: Body) -> list[list[str]]:
        """Label and value of each field that lists state of a body and its card says (`shown` of schema.toml)."""
        lang = self.facts.look.lang
        row = self.stated.get(body.node, {})
        return [
            [item.label if lang == "zh" else item.label_en, said]
            for item in self.shown_fields
            if (said := _stated(item, row.get(item.key), lang))
        ]

    def _ends(self, relation: str, key: str, value: str) -> dict[str, list[str]]:
        names = self.facts.network.names()
        ties = self.facts.network.ties
        chosen = ties[ties["relation"] == relation]
        return {str(node): [names[end] for end in sorted(set(ends))] for node, ends in chosen.groupby(key)[value]}

    def _holders(self) -> dict[str, list[str]]:
        """Posts and their holders as the edition may name them."""
        reduced = self.facts.shown
        names = dict(zip(reduced.tables["members"]["member_id"], reduced.tables["members"]["name"], strict=True))
        posts = schema.vocabulary("post")
        found: dict[str, list[tuple[int, str]]] = {}
        own = own_organizations(self.facts.network)
        held = reduced.ties[reduced.ties["relation"] == "holds_post"]
        lang, columns = self.facts.look.lang, ("source_id", "target_id", "post", "time_share", "category")
        ways = schema.vocabulary("election_form")
        for person, body, post, share, how in held[list(columns)].itertuples(index=False, name=None):
            codes = text_of(post).split("\n")
            label = "、".join(posts.label(code, lang=lang) for code in codes)
            if share == "part" and not codes[0].startswith(share):  # 兼职委员 says it itself
                label = caption("fact_part_time", lang, post=label)
            if text_of(how) in ways.rows:
                label = caption("fact_how", lang, post=label, how=ways.label(how, lang=lang))
            rank = int(posts.rows.get(codes[0], {}).get("rank", "9"))
            found.setdefault(own.get(str(body), str(body)), []).append((rank, f"{label} {names[person]}"))
        return {body: [said for _, said in sorted(set(pairs))] for body, pairs in found.items()}

    def n_members(self, body: Body) -> int | str | None:
        """Members of an organization or unit as they are shown, None where nobody says."""
        n = self._counted(body)
        shown: int | str | None = few(n, least=self.facts.network.least_shown)
        return shown

    def _counted(self, body: Body) -> int | None:
        unit = self.units.get(body.node)
        if unit is not None:
            return None if pd.isna(unit.n_members) else int(unit.n_members)
        counted = self.facts.counts.get(body.node)
        return None if counted is None else int(counted["n_members"])

    def _people(self, n_members: int, n_full: int) -> str:
        counts = shown_people(n_members, n_full, least=self.facts.network.least_shown)
        return caption("fact_members_value", self.facts.look.lang, **counts)

    def of(self, body: Body) -> list[list[str]]:
        """Label and value, as the card lists them."""
        lang = self.facts.look.lang
        unit = self.units.get(body.node)
        kind = caption(f"kind_{body.kind}", lang)
        if unit is not None:
            kind = schema.vocabulary("unit_type").label(unit.unit_type, lang=lang) or kind
        if body.kind == "body":
            kind = self.kinds_of_bodies.get(body.node) or kind
        kind = self.kinds_of_areas.get(body.node, kind)
        lines = [[caption("fact_kind", lang), kind]]
        if places := self._places(body):
            lines.append([caption("fact_community", lang), "、".join(places)])
        if unit is not None:
            lines.append(
                [caption("fact_state", lang), schema.vocabulary("coverage_state").label(text_of(unit.state), lang=lang)]
            )
            if isinstance(unit.organization, str):
                lines.append([caption("fact_organization", lang), unit.organization])
            if not pd.isna(unit.n_full):
                lines.append([caption("fact_members", lang), self._people(unit.n_members, unit.n_full)])
        elif body.node in self.facts.counts:
            lines.append([caption("fact_members", lang), self._people(**self.facts.counts[body.node])])
        lines += [[caption("fact_superior", lang), name] for name in self.superiors.get(body.node, [])]
        lines += [[caption("fact_holders", lang), said] for said in self.holders.get(body.node, [])]
        lines += self._shown(body)
        if self.claims.get(body.node):
            lines.append([caption("col_projects", lang), caption("fact_ties_more", lang, n=self.claims[body.node])])
        return lines + self.beside.lines(body.node)


def kinds_of_bodies(network: Network, lang: str) -> dict[str, str]:
    """What each body is called by its kind of body, or else by the kind of list that it stands in."""
    bodies, kinds = network.tables["bodies"], schema.vocabulary("body_type")
    listed = [caption(f"body_{kind}", lang) for kind in bodies.get("type", ())]
    stated = bodies["body_type"] if "body_type" in bodies else [None] * len(bodies)
    said = [kinds.label(text_of(code), lang=lang) or kind for code, kind in zip(stated, listed, strict=bool(listed))]
    return dict(zip(bodies["body_id"], said, strict=bool(listed)))


def _rows_by_id(network: Network, keys: set[str]) -> dict[str, dict[str, Any]]:
    """What the lists state of each body under some fields."""
    found: dict[str, dict[str, Any]] = {}
    for kind, frame in network.tables.items():
        columns = [column for column in frame.columns if column in keys]
        if columns:
            rows = frame.dropna(subset=columns, how="all")
            found |= dict(zip(rows[ID_COLUMNS[kind]], rows[columns].to_dict("records"), strict=True))
    return found


def _stated(item: schema.Field, value: Any, lang: str) -> str:
    """A value in words, "" where nothing is stated."""
    if value is None or pd.isna(value):
        return ""
    if item.type == "flag":
        return caption("answer_yes" if value else "answer_no", lang)
    if schema.has_vocabulary(item.type):
        return schema.vocabulary(item.type).label(value, lang=lang)
    return str(value).replace("\n", "、")


def spellings(network: Network) -> dict[str, list[str]]:
    """Other names by the printed one: former and short names, and spellings that were joined."""
    found: dict[str, list[str]] = {}
    merges = network.merges[network.merges["kind"].isin(["organizations", "units", "committees"])]
    for name, standard in zip(merges["name"], merges["standard"], strict=True):
        if name != standard and len(found.setdefault(str(standard), [])) < _SPELLINGS:
            found[str(standard)].append(str(name))
    return found


def pinyin_keys(names: list[str]) -> list[list[str]]:
    """Full pinyin and initials of each name, lower case; a name without Chinese gives itself twice."""
    from pypinyin import Style, lazy_pinyin

    cut = [name[:_LONGEST] for name in names]
    return [
        ["".join(lazy_pinyin(name)).lower(), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()]
        for name in cut
    ]
