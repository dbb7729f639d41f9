"""Regions on their way to typed rows: what stands around each, and what each is, in two passes.

A draft is a region with its title, the facts above it and what the names of sheet and file say.
`recognised` looks at all drafts of a folder twice: the surest tell which communities, units and
organizations there are, and with these lists every region is looked at again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np

from pbgraph import schema
from pbgraph.decisions import Decisions, shape_of
from pbgraph.decisions import words as answers
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Sheet
from pbgraph.reading.columns import codes_of, n_filled, words
from pbgraph.reading.days import period_of
from pbgraph.reading.header_rows import is_serial
from pbgraph.reading.joined import with_columns_joined
from pbgraph.reading.known_names import Names
from pbgraph.reading.mixed import other_kind, with_rows_apart
from pbgraph.reading.recognition import (
    NAME_KINDS,
    Column,
    Evidence,
    Recognition,
    recognise_region,
)
from pbgraph.reading.records import heading_values, is_generic
from pbgraph.reading.regions import Region, find_regions
from pbgraph.reading.shapes import Profile, comparable, profile, shapes_of
from pbgraph.reading.values import as_text, split
from pbgraph.schema import Field, Table, header_key
from pbgraph.text import clean, fold, simplified

_MAX_TITLE = 60
_WIDE = 2  # a line of more cells is no title
_CODED = re.compile(r"^\d{1,6}[_ ]\D")
_MOST_NAMES = 20_000
_FOOT, _MOST_IN_FOOT = 3, 6  # lines at the foot of a table, and the cells of one: 制表人, a name, 制表日期, a day
_FAR = 5.0  # a margin above what the names of the folder may add or take
_DAY_PARTS = r"(?:\d+\s*[年月日]\s*)+"  # 2025年 6月 30日
_DECIDED = 9.0  # the weight of what a person has said
_COUNTED = re.compile(r"[（(][^（）()]*\d[^（）()]*[)）]$")  # how many stand below a title
_WORD = re.compile(r"[\u3400-\u9fff]+")
_PERSONAL, _SOME = ("person", "posts", "id", "phone", "address"), 0.2
_LIST_KINDS = frozenset({"units", "organizations", "communities", "committees"})


@dataclass(frozen=True)
class Draft:
    """A region with what stands around it, and `only` the kind of table that it was set apart as.

    `facts` come from lines such as 填报单位：某社区; `communities` are those that the lists of the folder name.
    """

    region: Region
    file: str
    evidence: Evidence
    title: str
    titles: tuple[str, ...]
    facts: Mapping[str, str]
    communities: frozenset[str] = frozenset()
    only: Table | None = None

    @property
    def place(self) -> dict[str, Any]:
        """File and sheet, as a finding names them."""
        return {"file": self.file, "sheet": self.region.sheet.name}

    def facts_for(self, table: Table, columns: Iterable[Column] = ()) -> dict[str, str]:
        """What the lines above, the title and the names supply for a kind of table.

        A title names one committee only where no column gives each row a place of its own.
        """
        facts = {key: value for key, value in self.facts.items() if key == "filled_on" or _value_in(value, key)}
        has_place = any(column.key == "community" for column in columns)
        if table.title_field and table.title_field not in facts and not has_place:
            ending = next((end for end in table.title_endings if self.title.endswith(end)), None)
            named = self.title.removesuffix(ending) if ending else ""
            if ending and table.field(table.title_field).type in shapes_of(named) and not is_generic(named):
                facts[table.title_field] = named
        keys = {item.key for item in table.fields}
        for line in self.titles:
            for key, value in heading_values(_untitled(line, table), table).items():
                facts.setdefault(key, value)
        taken = {column.key for column in columns}
        for key in dict.fromkeys((*table.named, *(["community"] if "community" in keys else []))):
            item = table.field(key)
            for text in (self.region.sheet.name, _untitled(self.title, table)):
                if value := _value_in(text, item.type):
                    facts.setdefault(key, value)
            in_file = _value_in(_untitled(_named_in_file(self.file), table), item.type) if item.type == "org" else ""
            if in_file and key not in taken:
                facts.setdefault(key, in_file)
        for text in (self.title, self.region.sheet.name, _stem(self.file)):
            if "community" in keys and (found := community_within(text) or self._known_within(text)):
                facts.setdefault("community", found)
        for text in (self.title, self.region.sheet.name):  # a file may hold other lists than the one it is named after
            said = _said_of_all(text)
            facts = {**{key: said[key] for key in said.keys() & (keys - taken)}, **facts}
        return facts

    def _known_within(self, text: str) -> str:
        """The one community of the folder that a part of a name is, with or without its ending: 驻区单位-金桥."""
        parts = set(_WORD.findall(simplified(fold(text))))
        found = {name for name in self.communities if parts & {name, *_bare_places(name)}}
        return found.pop() if len(found) == 1 else ""

    def notes_for(self, recognition: Recognition, facts: Mapping[str, str]) -> list[Finding]:
        """Say where a value for a whole column was taken from the name of the file."""
        table = recognition.table
        assert table is not None
        taken = {column.key for column in recognition.columns}
        elsewhere = replace(self, file="").facts_for(table, recognition.columns)
        return [
            finding("fact-from-file", data={"field": table.field(key).label, "value": value}, **self.place)
            for key, value in facts.items()
            if key not in taken and key not in elsewhere and key in {item.key for item in table.fields}
        ]

    def said(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Title and facts, for the record, and the line above the table that names a period."""
        return {"title": self.title, "period": next(filter(period_of, self.titles), ""), **facts}

    def samples(self, index: int, item: Field | None) -> tuple[str, ...]:
        """Three cells of a column; none of persons, and of nothing that may be private."""
        column = self.evidence.profiles[index]
        is_personal = column.share(*_PERSONAL) >= _SOME
        return () if (item and item.privacy) or (item is None and is_personal) else column.samples

    def may_hold(self, recognition: Recognition) -> list[str]:
        """The kinds of table that a region may be although it was not read as such: nearly as likely, or by its cells.

        One that was taken for no kind may list whatever names stand in its cells.
        """
        weights = schema.recognition_words()["weights"]
        table, other = recognition.table, recognition.runner_up
        is_near = recognition.margin < weights["close"] and recognition.score >= weights["least_whole"]
        found = [other.label] if other and is_near else []
        for type_, kind in NAME_KINDS.items() if table is None else ():
            if any(column.share(type_) >= weights["listed_from"] for column in self.evidence.profiles):
                found.append(schema.tables()[kind].label)
        return list(dict.fromkeys(found))

    def loose_rows(self) -> list[int]:
        """Rows above the header that hold more than a title or facts: nothing was read of them."""
        sheet, region = self.region.sheet, self.region
        if region.turned is not None:
            return []
        loose = []
        for row in region.lines:
            texts = [clean(str(cell)) for index in region.columns if (cell := sheet.cell(row, index)) != ""]
            is_example = bool(texts) and re.fullmatch(words()["examples_pattern"], fold(texts[0]).lower())
            if len(texts) > _WIDE and not is_example and sum(":" in fold(text) for text in texts) * 2 < len(texts):
                loose.append(row)
        return loose


def draft_regions(sheet: Sheet, file: str) -> list[Draft]:
    """Every region of a sheet with what stands around it; facts above a table hold for those beside and below."""
    drafts: list[Draft] = []
    shared: dict[str, str] = {}
    for number, found in enumerate(find_regions(sheet)):
        region = with_columns_joined(found)
        title, titles, facts = _read_lines(region)
        shared |= _facts_below(region) | facts
        named = ("", "") if number else (sheet.name, _stem(file))  # the names of sheet and file tell of the first table
        evidence = Evidence(
            region.names, profiles_of(region), " ".join(titles), *named,
            _given(region, titles, shared, sheet.name, file), region.stop - region.start,
        )  # fmt: skip
        drafts.append(Draft(region, file, evidence, title, titles, dict(shared)))
    return drafts


def profiles_of(region: Region) -> tuple[Profile, ...]:
    """What the cells of each column look like."""
    rows = _likely_records(region)
    return tuple(profile(region.sheet.columns[index], rows) for index in region.columns)


def _set_apart(draft: Draft, alone: Recognition, decisions: Decisions) -> list[tuple[Draft, Recognition]]:
    """A draft with what it is alone, and beside it one for its rows of another kind, where it lists two of body."""
    found = with_rows_apart(draft.region, alone)
    if found is None:
        return [(draft, alone)]
    kinds = alone.table, other_kind(alone)
    parts = [
        replace(draft, region=region, only=kind,
                evidence=replace(draft.evidence, profiles=profiles_of(region), n_rows=region.stop - region.start))
        for region, kind in zip(found, kinds, strict=True)
    ]  # fmt: skip
    return [(part, _alone(part, decisions)) for part in parts]


def _likely_records(region: Region) -> Any:
    """The rows below the header that hold more than a note, a heading, or what was filled in beforehand."""
    rows = region.rows()
    is_own = ~np.isin(rows, list(region.apart))
    if len(region.columns) <= _WIDE:
        return rows[is_own]
    counts = n_filled(region.sheet, region.columns, region.start, region.stop)
    telling = np.zeros(len(rows), dtype=bool)
    names = [*region.names, *[""] * (len(region.columns) - len(region.names))]  # none where no header leads
    for index, name in zip(region.columns, names, strict=True):
        codes = codes_of(region.sheet.columns[index])[region.start : region.stop]
        if not is_serial(name) and len(np.unique(codes)) > 1:
            telling |= codes != 0
    kept = rows[(counts >= _WIDE) & telling & is_own]
    return kept if len(kept) else rows[is_own]


def _read_lines(region: Region) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """The title, every line that may be one, and the facts above a header."""
    sheet = region.turned or region.sheet
    titles: list[str] = []
    facts: dict[str, str] = {}
    columns = range(len(sheet.columns)) if region.turned is not None else region.columns
    for row in region.lines:
        cells = [cell for index in columns if (cell := sheet.cell(row, index)) != ""]
        for cell, behind in zip_longest(cells, cells[1:], fillvalue=""):
            text = clean(cell) if isinstance(cell, str) else ""
            found = _facts_in(text) or _facts_in(f"{text}{as_text(behind)}" if text.endswith((":", "：")) else "")
            for key, value in found.items():
                facts.setdefault(key, value)
            if text and len(cells) <= _WIDE and not found and ":" not in fold(text) and len(text) <= _MAX_TITLE:
                titles.append(text)
    title = next((text for text in titles if len(text) > 2), titles[0] if titles else "")
    return title, tuple(titles), facts


def _facts_below(region: Region) -> dict[str, str]:
    """Facts in the last lines of a table, where its clerk and the day stand; of a turned table none."""
    facts: dict[str, str] = {}
    for row in range(max(region.start, region.stop - _FOOT), region.stop) if region.turned is None else ():
        cells = [cell for index in region.columns if (cell := region.sheet.cell(row, index)) != ""]
        texts = [clean(cell) if isinstance(cell, str) else "" for cell in cells]
        if len(cells) <= _MOST_IN_FOOT and any(":" in fold(text) for text in texts):
            for text, behind in zip_longest(texts, cells[1:], fillvalue=""):
                facts = {**_facts_in(f"{text}{as_text(behind)}" if text.endswith((":", "：")) else text), **facts}
    return facts


def _facts_in(text: str) -> dict[str, str]:
    """Facts of a line, each by its word: 填报单位：某社区　　填报时间：2025年7月."""
    found: dict[str, str] = {}
    plain = simplified(text)
    for key, spellings in words()["facts"].items():
        for word in spellings:
            led = rf"(?:^|[\s　；;,，(（]){re.escape(word)}\s*(?:[(（][^()（）]*[)）])?[:：]\s*"
            match = re.search(rf"{led}({_DAY_PARTS}|[^\s　；;]+)", plain)
            if match:
                found.setdefault(key, text[match.start(1) : match.end(1)].rstrip(")）"))
    return found


def _given(region: Region, titles: Iterable[str], facts: Mapping[str, str], sheet: str, file: str) -> frozenset[str]:
    """Keys of fields that headings, facts and names could supply."""
    given = {key for key in facts if key != "filled_on"}
    texts = [sheet, *titles, *_lone_texts(region)]
    if any(_value_in(text, "community") or community_within(text) for text in (*texts, _stem(file))):
        given |= {"community", "report_community"}
    if any("org" in shapes_of(_bare(text)) for text in (*texts, _titleless(_named_in_file(file)))):
        given |= {"org", "parent"}
    if any("committee" in shapes_of(_bare(text)) and not is_generic(_bare(text)) for text in texts):
        given.add("committee")
    return frozenset(given)


def _lone_texts(region: Region) -> list[str]:
    """Texts that stand alone in a row below the header."""
    counts = n_filled(region.sheet, region.columns, region.start, region.stop)
    rows = np.flatnonzero(counts == 1)[:50] + region.start
    cells = [region.sheet.cell(int(row), index) for row in rows for index in region.columns]
    return [clean(cell) for cell in cells if isinstance(cell, str) and cell]


def _bare(text: str) -> str:
    return re.sub(words()["heading_number"], "", fold(text).strip(words()["heading_marks"]))


def _untitled(title: str, table: Table) -> str:
    """The title without the words that name the kind of table: 第一党支部 of 第一党支部党员花名册（12人）."""
    title = _COUNTED.sub("", title)
    word = max((word for word in table.titles if title.endswith(word)), key=len, default="")
    if not word:
        word = next((end for end in words()["list_endings"] if title.endswith(end)), "")
        bare = title.removesuffix(word)
        subjects = schema.header_words()["subjects"].get(table.key, ())
        own = max((subject for subject in subjects if word and bare.endswith(subject)), key=len, default="")
        return rest if "org" in shapes_of(rest := bare.removesuffix(own)) else bare
    return title.removesuffix(word)


def _value_in(text: str, type_: str) -> str:
    """The value of a type that a name or title is, "" where it is none."""
    value = _bare(simplified(clean(text)))
    if type_ == "community":
        is_one = value.endswith(tuple(words()["community_endings"])) and "community" in shapes_of(value)
        return value if is_one and not is_generic(value) else ""
    if type_ == "committee":
        return value if "committee" in shapes_of(value) and not is_generic(value) else ""
    if type_ == "org":
        rows = schema.vocabulary("organization_category").rows.values()
        endings = tuple(row["name_ending"] for row in rows if row["name_ending"])
        return value if value.endswith(endings) and value not in endings else ""
    if schema.has_vocabulary(type_):
        return value if fold(value).lower() in schema.vocabulary(type_).spellings else ""
    return ""


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _named_in_file(file: str) -> str:
    """What a file is named after, without numbers, days and brackets around it."""
    return re.sub(words()["around_name"], "", _stem(file))


def _titleless(text: str) -> str:
    """A text without the words that name a kind of table, whichever that is."""
    return min((_untitled(text, table) for table in schema.tables().values()), key=len)


def community_within(text: str) -> str:
    """The one community that a title or a name of a sheet or file names, "" for none or several.

    A kind of unit before the word is the other side of what is told: 机关社区结对.

    >>> community_within("2025年望湖街道金桥社区驻区单位台账"), community_within("在职党员进社区报到名册")
    ('金桥社区', '')
    """
    found = {match[1] for match in re.finditer(words()["community_within"], simplified(clean(text)))}
    kinds, ending = schema.vocabulary("unit_type").spellings, words()["community_endings"][2]
    named = {
        name
        for name in found
        if name.removesuffix(ending) not in kinds and not any(word in name for word in words()["no_community"])
    }
    return named.pop() if len(named) == 1 else ""


def _said_of_all(text: str) -> dict[str, str]:
    """What a title or the name of a sheet says of every row: 未建立党组织的企业; nothing where it says both."""
    found = {}
    for key, answers_ in words()["said_of_all"].items():
        said = [answer for answer, pattern in answers_.items() if re.search(pattern, simplified(clean(text)))]
        if len(said) == 1:
            found[key] = said[0]
    return found


def recognised(drafts: Sequence[Draft], decisions: Decisions) -> list[tuple[Draft, Recognition]]:
    """What each draft is: once alone, and again with the names that the surest of them list.

    What a person has decided about a header row of this shape holds.
    """
    parts = [part for draft in drafts for part in _set_apart(draft, _alone(draft, decisions), decisions)]
    drafts, first = [draft for draft, _ in parts], [alone for _, alone in parts]
    told = [decisions.kind_of(shape_of(draft.region.names)) for draft in drafts]
    told = [(answer, draft.only or kind) for draft, (answer, kind) in zip(drafts, told, strict=True)]
    names = Names()
    for number, (draft, recognition) in enumerate(zip(drafts, first, strict=True)):
        is_asked_for = told[number][0] != answers()["skip"]
        if recognition.table and is_asked_for and (recognition.is_sure or told[number][1]):
            _note_names(names, number, draft, recognition)
    again = []
    for number, (draft, alone) in enumerate(zip(drafts, first, strict=True)):
        answer, kind = told[number]
        if answer == answers()["skip"]:
            again.append(Recognition(None, is_decided=True, is_refused=True))
            continue
        if draft.region.is_guess and not kind:
            again.append(alone)
            continue
        only = kind or (alone.table if alone.margin >= _FAR else None)  # no list of names can turn this over
        seen = recognise_region(draft.evidence, known=names.known(number), only=only)
        seen = replace(seen, runner_up=alone.runner_up, margin=alone.margin) if only else seen
        is_decided = kind is not None and draft.only is None
        again.append(_with_answers(replace(seen, is_decided=is_decided), draft, decisions))
    places = names.counts.get("communities", ())
    communities = frozenset(places) - {bare for name in places for bare in _bare_places(name)}
    return [(replace(draft, communities=communities), one) for draft, one in zip(drafts, again, strict=True)]


def _alone(draft: Draft, decisions: Decisions) -> Recognition:
    """What a draft is without the names that others list; of a guessed header only what a person has said."""
    kind = draft.only or decisions.kind_of(shape_of(draft.region.names))[1]
    return Recognition(None) if draft.region.is_guess and not kind else recognise_region(draft.evidence, only=kind)


def _with_answers(recognition: Recognition, draft: Draft, decisions: Decisions) -> Recognition:
    """What a person has decided about the columns of a header row of this shape."""
    table, shape = recognition.table, shape_of(draft.region.names)
    if table is None:
        return recognition
    meant = {column.index: column for column in recognition.columns}
    own, unneeded = [], set()
    for index, name in enumerate(draft.region.names):
        answer = decisions.columns.get((shape, header_key(name)), "")
        field_key = next((item.key for item in table.fields if item.label == answer), "")
        if answer in answers().values():
            meant.pop(index, None)
            unneeded.add(index)
            if answer == answers()["own"]:
                own.append((index, name.replace("\n", " ")))
        elif field_key:
            meant = {at: column for at, column in meant.items() if column.key != field_key}
            meant[index] = Column(index, name.replace("\n", " "), field_key, _DECIDED)
    columns = tuple(meant[index] for index in sorted(meant))
    posts = tuple(post for post in recognition.posts if post.at not in unneeded | meant.keys())
    checks = tuple(check for check in recognition.checks if check.at not in unneeded | meant.keys())
    guests = tuple(
        replace(guest, columns=tuple(c for c in guest.columns if c.index not in unneeded | meant.keys()))
        for guest in recognition.guests
    )
    return replace(
        recognition, columns=columns, posts=posts, checks=checks, guests=guests, own=tuple(own),
        unneeded=frozenset(unneeded),
    )  # fmt: skip


def unknown_answers(drafts: Sequence[Draft], decisions: Decisions) -> list[Finding]:
    """A finding for each answer about a sheet or a column of this folder that names nothing known."""
    labels = {table.label for table in schema.tables().values()} | {answers()["skip"]}
    fields = {item.label for table in schema.tables().values() for item in table.fields} | set(answers().values())
    found = []
    for draft in drafts:
        shape = shape_of(draft.region.names)
        kind = decisions.kinds.get(shape, "")
        said = [(kind, labels)] + [
            (decisions.columns.get((shape, header_key(n)), ""), fields) for n in draft.region.names
        ]
        found += [
            finding("answer-unknown", data={"answer": text}, **draft.place)
            for text, known in said
            if text and text not in known
        ]
    return found


def _note_names(names: Names, number: int, draft: Draft, recognition: Recognition) -> None:
    table = recognition.table
    assert table is not None
    for column in recognition.columns:
        item = table.field(column.key)
        is_key = column.key in table.key_fields and table.key in _LIST_KINDS
        if not is_key and item.type != "community":
            continue
        held = draft.region.sheet.columns[draft.region.columns[column.index]]
        codes = np.unique(codes_of(held)[draft.region.start : draft.region.stop])[:_MOST_NAMES]
        cells = [held.values[code] for code in codes if code]
        listed = {comparable(part) for cell in cells if isinstance(cell, str) for part in split(cell)}
        if item.type == "community":
            listed |= {bare for name in listed for bare in _bare_places(name)}
        names.add(table.key if is_key else "communities", number, frozenset(listed))


def _bare_places(community: str) -> list[str]:
    """The name of a community without its ending, as lists with a column for places write it: 金桥."""
    endings = words()["community_endings"]
    return [community.removesuffix(end) for end in endings if community.endswith(end) and len(community) > len(end) + 1]


def n_blank_within(region: Region) -> int:
    """How many rows of a region hold nothing in its columns."""
    sheet = region.turned or region.sheet
    columns = range(len(sheet.columns)) if region.turned is not None else region.columns
    top, stop = region.at if region.turned is not None else (region.top, region.stop)
    return int((n_filled(sheet, columns, top, stop) == 0).sum())


def is_own(sheet: Sheet) -> bool:
    """Whether we wrote this sheet: a list of problems in somebody's workbook, a work list, a page of instructions."""
    lines = str(sheet.cell(0, 0)), str(sheet.cell(1, 0))
    return any(mark in line for mark in words()["own_marks"] for line in lines)


def is_code_table(sheet: Sheet) -> bool:
    """Whether a sheet only lists what cells may say: 223_正式党员, or a column of codes and one of meanings."""
    head = [header_key(cell) for cell in sheet.row(0) if isinstance(cell, str) and cell]
    if len(head) >= _WIDE and set(head) <= set(words()["code_headers"]):
        return True
    texts = {cell for column in sheet.columns for cell in column.values if isinstance(cell, str) and cell}
    coded = [text for text in texts if _CODED.match(text.strip())]
    return bool(texts) and len(coded) > len(texts) / 2
