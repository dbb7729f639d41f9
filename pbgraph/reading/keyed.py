"""Cells that stand for something else: letters that a legend explains, and ids that another table of the folder names.

A *legend* is a line above a table, 性：机=机关 事=事业, or 磨—磨盘里社区，碾—碾子巷社区. An *id column* gives each row
of a list of bodies a code of its own; where most cells of another column are such codes, they are read as the names
of those bodies, and the header as what it says without its ID. Only columns that are mostly so explained change.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from pbgraph import schema
from pbgraph.findings import Finding, finding
from pbgraph.reading.cells import Cell, CodedColumn
from pbgraph.reading.columns import codes_of, letters
from pbgraph.reading.drafts import Draft, profiles_of
from pbgraph.reading.regions import Region
from pbgraph.reading.said import is_blank
from pbgraph.reading.shapes import Profile
from pbgraph.reading.values import as_text, split
from pbgraph.text import clean, simplified

_NAMED = ("unit", "org", "community")
Profiled = tuple[Region, str, Sequence[Profile]]
"""A region with its file and the profiles of its columns."""


@cache
def _words() -> Mapping[str, str]:
    made: Mapping[str, str] = schema.recognition_words()["keyed"]
    return made


def with_cells_named(drafts: Sequence[Draft]) -> tuple[list[Draft], list[Finding]]:
    """The drafts with what legends and other tables explain written out, and findings for ids that are none's."""
    by_file: dict[str, list[int]] = {}
    for number, draft in enumerate(drafts):
        by_file.setdefault(draft.file, []).append(number)
    explained = list(drafts)
    for numbers in by_file.values():
        regions = with_legends([drafts[number].region for number in numbers])
        for number, region in zip(numbers, regions, strict=True):
            explained[number] = _redrafted(drafts[number], region)
    profiled = [(draft.region, draft.file, draft.evidence.profiles) for draft in explained]
    named, findings = with_ids_named(profiled)
    return [_redrafted(draft, region) for draft, region in zip(explained, named, strict=True)], findings


def _redrafted(draft: Draft, region: Region) -> Draft:
    """A draft of the same rows with other cells; the same where nothing is another."""
    if region is draft.region:
        return draft
    evidence = replace(draft.evidence, names=region.names, profiles=profiles_of(region))
    return replace(draft, region=region, evidence=evidence)


def with_legends(regions: Sequence[Region]) -> list[Region]:
    """The regions of one file, with what the legends of the file explain written out."""
    lines = [
        clean(str(cell))
        for region in regions
        for row in region.lines
        for index in region.columns
        if (cell := region.sheet.cell(row, index)) != ""
    ]
    legend = {key: value for line in lines for key, value in _legend_in(line).items()}
    return [_explained(region, legend) for region in regions] if legend else list(regions)


def _legend_in(line: str) -> dict[str, str]:
    """What a line explains, where it explains at least two things in one way."""
    plain = simplified(line)
    for name in ("equals", "dashes"):
        found = dict(re.findall(_words()[name], plain))
        if len(found) > 1:
            return found
    return {}


def _explained(region: Region, legend: Mapping[str, str]) -> Region:
    def meant(cell: str) -> str | None:
        parts = split(cell)
        return "、".join(legend[part] for part in parts) if parts and all(part in legend for part in parts) else None

    for index in region.columns:
        changed = _rewritten(region, index, meant)
        region = changed[0] if changed else region
    return region


def with_ids_named(profiled: Sequence[Profiled]) -> tuple[list[Region], list[Finding]]:
    """The regions with ids of other tables written out as names, and a finding for a column with codes of none."""
    lists = [ids for place, held in enumerate(profiled) if (ids := _id_list(place, held))]
    regions: list[Region] = []
    findings: list[Finding] = []
    for place, (region, file, profiles) in enumerate(profiled):
        changed = region
        for at, index in enumerate(region.columns if lists else ()):
            texts = {part for text in profiles[at].texts for part in split(text)}
            for held in lists:
                is_own = held.place == place and held.at == at
                if is_own or texts.isdisjoint(held.names) or not _may_refer(profiles, at, held):
                    continue
                if found := _rewritten(changed, index, held.named, refuse=_is_id):
                    changed, lost = found
                    changed = _renamed(changed, at)
                    findings += [_unknown(changed, file, index, at, row) for row in lost]
                    break
        regions.append(changed)
    return regions, findings


class _Ids(NamedTuple):
    """A column of ids, by its region and place, with the names of what they stand for and their shape."""

    place: int
    at: int
    shape: str
    names: Mapping[str, str]

    def named(self, cell: str) -> str | None:
        """The names of the ids in a cell, None where one of them is no id of this list."""
        parts = split(cell)
        return "、".join(self.names[part] for part in parts) if parts and all(p in self.names for p in parts) else None


def _id_list(place: int, held: Profiled) -> _Ids | None:
    """The ids of a list of bodies: a code of its own in each row, and the column that names the bodies."""
    region, _, profiles = held
    weights = schema.recognition_words()["weights"]
    least = weights["names_each"]
    told = [(at, max(_NAMED, key=p.share)) for at, p in enumerate(profiles) if p.share(*_NAMED) >= weights["fits_from"]]
    named = next(((at, shape) for at, shape in told if min(profiles[at].filled, profiles[at].distinct) >= least), None)
    if named is None:
        return None
    for at, p in enumerate(profiles):
        if min(p.filled, p.distinct) >= least and _are_ids(p):
            ids, names = (_texts(region, region.columns[number]) for number in (at, named[0]))
            pairs = {key: name for key, name in zip(ids, names, strict=True) if _is_id(key) and not is_blank(name)}
            return _Ids(place, at, named[1], pairs) if len(pairs) > 1 else None
    return None


def _texts(region: Region, index: int) -> list[str]:
    column = region.sheet.columns[index]
    texts = [as_text(cell) for cell in column.values]
    return [texts[code] for code in codes_of(column)[region.start : region.stop]]


def _are_ids(column: Profile) -> bool:
    weights = schema.recognition_words()["weights"]
    is_other = column.is_serial or column.share("phone", "date", "id", "person") >= weights["differs_below"]
    return not is_other and sum(map(_is_id, column.texts)) >= weights["fits_from"] * max(1, len(column.texts))


@cache
def _id_pattern() -> re.Pattern[str]:
    return re.compile(_words()["id"])


def _is_id(text: str) -> bool:
    return bool(_id_pattern().fullmatch(text))


def _may_refer(profiles: Sequence[Profile], at: int, ids: _Ids) -> bool:
    """Whether a column may hold ids of a list: it is no list of the same things itself."""
    column, weights = profiles[at], schema.recognition_words()["weights"]
    if not column.n or column.is_serial or column.share("phone", "date", "id") >= weights["fits_from"]:
        return False
    is_own = column.distinct >= weights["names_each"] and any(
        other.share(ids.shape) >= weights["fits_from"] and other.distinct >= weights["names_each"] for other in profiles
    )
    return not is_own


def _rewritten(
    region: Region, index: int, meant: Callable[[str], str | None], *, refuse: Callable[[str], bool] | None = None
) -> tuple[Region, list[int]] | None:
    """A region with the cells of a column written out; None where too few are explained.

    With `refuse`, what looks as the others do and is explained by nothing is blank; its rows are given too.
    """
    column = region.sheet.columns[index]
    held = codes_of(column)[region.start : region.stop]
    present = [int(code) for code in np.unique(held) if not is_blank(as_text(column.values[code]))]
    told = {code: name for code in present if (name := meant(as_text(column.values[code]))) is not None}
    n_told, n_filled = (int(np.isin(held, codes).sum()) for codes in (list(told), present))
    if n_told < schema.recognition_words()["weights"]["keyed_from"] * max(1, n_filled):
        return None
    lost = {code for code in present if code not in told and refuse and refuse(as_text(column.values[code]))}
    cells: list[Cell] = [told.get(code, "" if code in lost else cell) for code, cell in enumerate(column.values)]
    places: dict[Cell, int] = {"": 0}
    new = np.array([places.setdefault(cell, len(places)) for cell in cells], dtype=np.int32)
    codes = type(column.codes)(column.codes.typecode)
    codes.frombytes(new[codes_of(column)].astype(np.int32).tobytes())
    columns = [*region.sheet.columns]
    columns[index] = CodedColumn(codes, list(places))
    rows = [int(row) + region.start for row in np.flatnonzero(np.isin(held, sorted(lost)))]
    return replace(region, sheet=replace(region.sheet, columns=columns)), rows


def _renamed(region: Region, at: int) -> Region:
    """The region with the header of a column without the word for an id."""
    parts = [re.sub(_words()["tail"], "", part) or part for part in region.names[at].split("\n")]
    return replace(region, names=[*region.names[:at], "\n".join(parts), *region.names[at + 1 :]])


def _unknown(region: Region, file: str, index: int, at: int, row: int) -> Finding:
    number, column = int(region.excel_rows(np.array([row]))[0]), f"{letters(index)} {region.names[at]}"
    return finding("id-of-none", file=file, sheet=region.sheet.name, row=number, column=column)
