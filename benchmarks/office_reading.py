"""How much of an office's workbooks was read: tables, columns and rows, against the truth of the office.

A column is right where its cells stand, row by row, in a field that can hold their meaning, wrong where
they stand in another field only, and missed where they stand nowhere.
"""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine

import pbgraph as pb

ENOUGH = 0.6  # of the cells or rows: below it, what was read is not this column or table
KINDS = {
    "members": {"members"}, "organizations": {"organizations"}, "units": {"units"}, "seats": {"seats"},
    "participants": {"participants", "seats", "committees", "bodies"},
    "co_building": {"agreements", "projects", "resources", "needs", "meetings"},
    "registrations": {"registrations", "unit_registrations"}, "grids": {"grids"}, "instructors": {"instructors"},
}  # fmt: skip
FIELDS = {
    "person name": "name leader contact", "gender": "gender", "birth date": "birth", "age": "age birth", "nation": "nation",
    "education": "education degree", "id number": "id_no", "phone": "phone contact", "home address": "home estate address",
    "organization of person": "org", "parent organization": "parent parent_org superior_unit community_org", "join date": "join_date",
    "full member date": "full_date", "member category": "category status", "post in the Party": "post",
    "work unit": "unit reporting_unit unit_with_post from_unit job", "post at work unit": "unit_post",
    "work unit and post": "unit_with_post unit from_unit unit_post",
    "organization name": "org_name org party_a party_b community_org community host_unit joint_units", "organization code": "org_code code seq",
    "organization type": "org_type", "secretary": "secretary contact", "founded date": "founded", "election date": "elected",
    "expiry date": "expires", "number of members": "member_count", "number of full members": "full_count",
    "number of probationary members": "probationary_count", "units covered": "joint_units host_unit org_name",
    "formation": "founding_form org_situation coverage_kind has_org",
    "unit name": "unit_name org_name party_a party_b claimed_by report_unit reporting_unit owner needed_by attendees unit",
    "credit code": "code", "unit type": "unit_type industry attribute cooperation", "address": "address", "head": "head contact",
    "contact person": "contact head", "staff count": "staff_count", "has organization": "has_org org_situation coverage_kind",
    "community": "community committee covered_communities party_a estate organizer", "committee": "committee community org_name",
    "post on committee": "committee_post role", "full or part time": "time_share", "signed date": "start claimed_date meeting_date",
    "activity date": "start claimed_date meeting_date", "content": "content cooperation project resource need decision agenda service_project progress",
    "project": "project content meeting meeting_type cooperation agenda", "number of people": "present expected", "category": "cooperation",
    "due date": "end deadline", "progress": "progress", "community registered with": "report_community community",
    "registration date": "report_date start", "post claimed": "claimed_post", "grid name": "grid", "grid": "grid", "grid leader": "grid_head",
    "grid worker": "grid_staff", "households": "households", "population": "population", "units instructed": "guided_units",
    "unit code": "code seq",
    "branch of grid": "grid_org",
    "grid code": "grid_code",
    "start date": "start", "instructor": "instructors", "units of committee in one cell": "org_name",
}  # fmt: skip
KEYS = {
    "units": "unit name",
    "participants": "unit name",
    "co_building": "unit name",
    "organizations": "organization name",
    "grids": "grid name",
}
UNASKED = {"serial number", "irrelevant", "remark"}
NO_FAULT_IF_MISSED = {"number of people", "organization code", "unit code"}
CODED = {
    "gender", "member category", "organization type", "unit type", "has organization", "formation", "post on committee",
    "post in the Party", "full or part time", "category", "progress", "content", "project", "nation", "education", "instructor",
}  # fmt: skip
PLACES = {"file", "sheet", "row", "source", "origin"}
PEOPLE_FIELDS = ("name", "org_name", "secretary", "contact", "deputy_secretary", "committee_member")


@cache
def plain(value: Any) -> str:
    """A cell as text: half width, simplified, no blanks and quotation marks."""
    text = unicodedata.normalize("NFKC", "" if value is None else str(value))
    text = re.sub(r"[\s“”\"]+", "", text.removesuffix(".0"))
    return "" if text in {"nan", "NaT", "<NA>"} else text


@cache
def key(text: str) -> str:
    """A name as names are compared; traditional characters are those of the other kind."""
    return pb.name_key(text) or text if text else ""


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """The cells of each sheet."""
    if path.suffix == ".csv":
        return {path.stem: list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))}
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@dataclass
class Score:
    """What reading one office came to."""

    n_tables: int = 0
    tables: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    rows_lost: int = 0
    totals_as_records: int = 0
    faults: list[str] = field(default_factory=list)


def score_reading(folder: Path, truth: dict[str, Any], reading: pb.Reading) -> Score:
    """Compare each table of the truth with what was read from its sheet."""
    score, raw = Score(), {}
    places = Counter((table["file"], table["sheet"]) for table in truth["tables"])
    for table in truth["tables"]:
        if table["file"] not in raw:
            raw[table["file"]] = sheets_of(folder / table["file"])
        cells = raw[table["file"]].get(table["sheet"]) or next(iter(raw[table["file"]].values()))
        is_alone = places[table["file"], table["sheet"]] == 1
        claim = _Claim(table, cells, _frames_at(reading, table), is_alone=is_alone)
        _score_table(score, claim)
        _score_rows(score, claim, reading)
    return score


def _frames_at(reading: pb.Reading, table: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The rows of each kind that were read from the table's sheet."""
    found = {kind: _lines_of(frame, table) for kind, frame in reading.tables.items() if len(frame)}
    return {kind: frame for kind, frame in found.items() if len(frame)}


@dataclass
class _Claim:
    """One table of the truth, its cells, and the frames read from its sheet."""

    table: dict[str, Any]
    cells: list[list[Any]]
    frames: dict[str, pd.DataFrame]
    is_alone: bool  # on its sheet

    def __post_init__(self) -> None:
        self.is_turned = bool(self.table.get("transposed"))
        aside = set(self.table["set_aside"])
        self.rows = [row for row in range(self.table["first_row"], self.table["last_row"] + 1) if row not in aside]
        self.index = {kind: _by_row(frame) for kind, frame in self.frames.items()}

    def values(self, column: dict[str, Any]) -> list[tuple[int | None, Any]]:
        """The cells of a column with their row; a turned table has none."""
        if self.is_turned:
            return [(None, value) for value in self.cells[column["row"] - 1][1:] if plain(value)]
        place = _number(column["column"])
        rows = [(row, self.cells[row - 1]) for row in self.rows if row <= len(self.cells)]
        return [(row, cells[place]) for row, cells in rows if place < len(cells) and plain(cells[place])]

    def read(self, kind: str, name: str, row: int | None) -> list[Any]:
        """What a field holds for a row."""
        if row is None:
            return list(self.frames[kind][name])
        return [record[name] for record in self.index[kind].get(row, [])]

    def share(self, kind: str, name: str, column: dict[str, Any], *, loose: bool = True) -> float:
        cells = self.values(column)
        means = column["means"]
        hits = sum(
            any(same(value, other, means, loose=loose) for other in self.read(kind, name, row)) for row, value in cells
        )
        return hits / max(1, len(cells))

    def covered(self, kind: str) -> float:
        """How many of the table's rows this kind holds; by the values of its key column where others share them."""
        if self.is_alone and not self.is_turned:
            return len(set(self.rows) & set(self.index[kind])) / max(1, len(self.rows))
        cells = self.values(self.key_column())
        texts = {
            row: {plain(v) for record in records for v in record.values()} for row, records in self.index[kind].items()
        }
        if self.is_turned:
            texts[0] = set().union(*texts.values())
        hits = sum(any(same(value, text, "") for text in texts.get(row or 0, ())) for row, value in cells)
        return hits / max(1, len(cells))

    def key_column(self) -> dict[str, Any]:
        """The column that names what a row is about."""
        means = KEYS.get(self.table["kind"], "person name")
        named = [column for column in self.table["columns"] if column["means"] == means]
        return (named or self.table["columns"])[0]

    def nowhere(self) -> int:
        """How many values of the key column stand in nothing that was read from the sheet."""
        read = {
            plain(v)
            for index in self.index.values()
            for records in index.values()
            for record in records
            for v in record.values()
        }
        values = [plain(value) for _, value in self.values(self.key_column())]
        return sum(not any(value in text for text in read) for value in values)


def _by_row(frame: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    names = [name for name in frame.columns if name not in PLACES]
    for row, record in zip(frame["row"], frame[names].to_dict("records"), strict=True):
        found[int(row)].append(record)
    return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def same(cell: Any, read: Any, means: str, *, loose: bool = True) -> bool:
    """Whether what was read is what the cell says."""
    a, b = plain(cell), plain(read)
    if not a or not b:
        return False
    if "date" in means or means == "age":
        return a == b or (_month(a) is not None and _month(a) == _month(b))
    if a.upper() == b.upper() or key(a) == key(b):
        return True
    if re.fullmatch(r"\d+(人|名|家|户)?", a):
        return re.sub(r"\D", "", a) == b
    if loose and min(len(a), len(b)) >= 4 and (a in b or b in a):
        return True
    parts = [plain(part) for part in re.split(r"[、,，;；/\n]", str(cell)) if plain(part)]
    return loose and len(parts) > 1 and all(part in b or b in part for part in parts)


def _month(text: str) -> tuple[int, int] | None:
    found = re.match(r"(\d{4})[-/.年]?(\d{1,2})", text)
    return (int(found[1]), int(found[2])) if found else None


def _score_table(score: Score, claim: _Claim) -> None:
    table = claim.table
    name = f"{table['file']}|{table['sheet']}"
    accepted = KINDS[table["kind"]] | {table.get("also_right", table["kind"])}
    shares = {kind: claim.covered(kind) for kind in claim.frames}
    right = [kind for kind, share in shares.items() if kind in accepted and share >= ENOUGH]
    used = right or [kind for kind, share in shares.items() if share >= ENOUGH / 2]
    score.n_tables += 1
    score.tables += bool(right)
    if not right:
        score.faults.append(f"table {name}: {table['kind']}, {'read as ' + ' and '.join(used) if used else 'not read'}")
    for frame in claim.frames.values():
        score.totals_as_records += len(set(table["set_aside"]) & set(frame["row"].astype(int)))
    for column in table["columns"]:
        if column["means"] in UNASKED:
            continue
        verdict = _verdict(claim, column, used, is_right_kind=bool(right))
        if verdict == "missed" and column["means"] in NO_FAULT_IF_MISSED:
            continue
        setattr(score, verdict, getattr(score, verdict) + 1)
        if verdict != "right":
            score.faults.append(f"column {name}|{column['header']}: {column['means']} {verdict}")
    if table.get("community_from"):
        found = any(
            "community" in claim.frames[k]
            and (claim.frames[k]["community"].map(plain) == plain(table["sheet"])).mean() >= ENOUGH
            for k in right
        )
        score.right += found
        score.missed += not found


def _verdict(claim: _Claim, column: dict[str, Any], used: list[str], *, is_right_kind: bool) -> str:
    if not claim.values(column):
        return "right"
    if column["means"].startswith("seat"):
        return "right" if _people_found(claim, column, used) else "missed"
    wanted = FIELDS.get(column["means"], "").split()
    for kind in used:
        for name in wanted:
            if name in claim.frames[kind].columns and _holds(claim, kind, name, column):
                return "right" if is_right_kind else "wrong"
    if len({plain(value) for _, value in claim.values(column)}) < 3:
        return "missed"
    others = (
        (kind, name)
        for kind in used
        for name in claim.frames[kind].columns
        if name not in {*wanted, *PLACES, "seq", "remark"}
    )
    is_count = all(plain(value).isdigit() for _, value in claim.values(column))
    enough = 0.95 if is_count else ENOUGH
    return "wrong" if any(claim.share(kind, name, column, loose=False) >= enough for kind, name in others) else "missed"


def _holds(claim: _Claim, kind: str, name: str, column: dict[str, Any]) -> bool:
    """The values themselves, or one code for each of them."""
    if claim.share(kind, name, column) >= ENOUGH:
        return True
    if column["means"] not in CODED or claim.is_turned:
        return False
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    cells = claim.values(column)
    for row, value in cells:
        read = [plain(other) for other in claim.read(kind, name, row) if plain(other)]
        if read:
            codes[plain(value)][read[0]] += 1
    filled = sum(sum(counter.values()) for counter in codes.values())
    steady = sum(counter.most_common(1)[0][1] for counter in codes.values())
    return filled >= ENOUGH * len(cells) and steady >= 0.9 * filled


def _people_found(claim: _Claim, column: dict[str, Any], used: list[str]) -> bool:
    read = " ".join(
        plain(v) for k in used for name in PEOPLE_FIELDS if name in claim.frames[k] for v in claim.frames[k][name]
    )
    cells = (
        re.sub(r"（[^）]*）|\([^)]*\)|副?书记|副?書記|委员|委員|专职|兼职|：", " ", str(value))
        for _, value in claim.values(column)
    )
    people = [person for cell in cells for person in re.findall(r"[\u4e00-\u9fff]{2,3}", cell)]
    return bool(people) and sum(key(person) in read or person in read for person in people) >= ENOUGH * len(people)


def _score_rows(score: Score, claim: _Claim, reading: pb.Reading) -> None:
    """Rows that no table holds and no line of the ledger sets aside."""
    table = claim.table
    said = _lines_of(reading.ledger, table)
    n_used, n_aside, n_rows = (int(said[name].sum()) for name in ("n_used", "n_set_aside", "n_rows"))
    if len(said) and n_used + n_aside == n_rows and (claim.is_alone or not n_used):
        return
    n_left = table["rows"] - n_used - n_aside
    lost = max(0, n_left if claim.is_alone and not claim.is_turned else claim.nowhere())
    if lost:
        score.rows_lost += lost
        score.faults.append(
            f"rows {table['file']}|{table['sheet']}: {lost} of {table['rows']} ({table['kind']}) neither used nor set aside"
        )


def _lines_of(frame: pd.DataFrame, table: dict[str, Any]) -> pd.DataFrame:
    """The lines of the table's sheet; a .csv has only one."""
    here = frame["file"].map(plain) == plain(table["file"])
    if not table["file"].endswith(".csv"):
        here &= frame["sheet"].map(plain) == plain(table["sheet"])
    return frame[here]
