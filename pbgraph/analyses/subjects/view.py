"""A network as the subjects look at it: its ties by relation, cut once, and small ways to count them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study
from pbgraph.network import Network

_OF_MEMBERS = ("member_of", "works_at", "lives_in")  # as many as there are members: counted on the engine
INSURANCES = ("is_insured", "has_pension", "has_medical", "has_unemployment", "has_injury", "has_maternity")
"""What is said of a person's insurance: of all in one, or of each."""
_OF_PERSONS = ("member_id", "name", "birth_year", "birth_month", "stated_age", "category", "education", "full_date",
               "is_director", "is_graduate", "is_studying", "is_lost", "training_days", "pay", *INSURANCES)  # fmt: skip


_END_OF_YEAR, _END_OF_MONTH = "-12-31", "-31"
"""What makes of a year or a month the last day that is meant, as text is compared."""
_YEAR, _MONTH = 4, 7
DAYS = 31
"""Days of the longest month: what makes of the days beyond the last whole month a part of one."""


@dataclass(frozen=True)
class View:
    """What the subjects ask of a study."""

    study: Study

    @cached_property
    def names(self) -> dict[str, str]:
        """The printed name of every node but persons."""
        tables = self.study.network.tables
        frames = [tables[kind] for kind in tables if kind not in {"members", "instructors"}]
        return {node: name for frame in frames for node, name in zip(frame.iloc[:, 0], frame["name"], strict=True)}

    @cached_property
    def _by_relation(self) -> dict[str, pd.DataFrame]:
        ties = self.study.ties
        few = ties[~ties["relation"].isin(_OF_MEMBERS)]
        return {str(relation): frame for relation, frame in few.groupby("relation")}

    @property
    def month(self) -> int | None:
        """Year times twelve plus month of the day on which is judged, None where the network has none."""
        day = self.study.as_of
        return int(day[:4]) * 12 + int(day[5:7]) if day else None

    def ties(self, *relations: str) -> pd.DataFrame:
        """The ties of some relations other than those that every member has; no tie, no rows, same columns."""
        frames = [self._by_relation[name] for name in relations if name in self._by_relation]
        return pd.concat(frames) if frames else self.study.ties.head(0)

    def param(self, rule_id: str, name: str) -> Any:
        """A parameter of a rule, also of one that is switched off."""
        return self.study.policy.params[rule_id][name]

    def of_kind(self, kind: str, ties: pd.DataFrame, end: str) -> pd.DataFrame:
        """The ties with the columns of the entities of a kind at one end."""
        frame = self.study.entities(kind)
        id_column = frame.columns[0]
        return ties.merge(frame, left_on=end, right_on=id_column, suffixes=("", "_entity"))

    def column(self, kind: str, ids: pd.Series, name: str) -> pd.Series:
        """A column of the entities of a kind for each id, null where the kind lacks it."""
        frame = self.study.entities(kind)
        return ids.map(frame.set_index(frame.columns[0])[name])

    def months_since(self, days: pd.Series) -> pd.Series:
        """Whole months from the month of each day to that of `as_of`; December where only the year is known."""
        if self.month is None:
            return pd.Series(pd.NA, index=days.index, dtype="Int64")
        return (self.month - month_of(days)).clip(lower=0)

    def whole_months_since(self, days: pd.Series) -> pd.Series:
        """Months that have passed whole since each day; where the day of the month is not known, the last of it."""
        day, text = self.study.as_of, days.astype("str")
        if not day or pd.Timestamp(day).is_month_end:
            return self.months_since(days)
        is_under_way = text.str.slice(8, 10).replace("", _END_OF_MONTH[1:]) > day[8:10]
        return (self.months_since(days) - is_under_way.fillna(value=False).astype("Int64")).clip(lower=0)

    def months_passed(self, days: pd.Series) -> pd.Series:
        """Months since each day, with the days beyond the last whole month as a part of one, as far as both say it."""
        whole = self.months_since(days).astype("Float64")
        day = pd.to_numeric(days.astype("str").str.slice(8, 10), errors="coerce").astype("Float64")
        beyond = (int(self.study.as_of[8:10] or 0) - day) / DAYS if self.study.as_of else day
        return (whole + beyond.fillna(0)).clip(lower=0)

    def day_before(self, months: int) -> str:
        """The day so many months before that of the study, "" where it has none: no day is before it."""
        day = self.study.as_of
        return str((pd.Timestamp(day) - pd.DateOffset(months=months)).date()) if day else ""

    def is_older(self, days: pd.Series, months: int) -> pd.Series:
        """Whether more than so many months have passed since each day, whatever day of its month or year it is."""
        limit, text = self.day_before(months), days.astype("str")
        latest = text.mask(text.str.len() == _YEAR, text + _END_OF_YEAR).mask(
            text.str.len() == _MONTH, text + _END_OF_MONTH
        )
        return (latest < limit).fillna(value=False).astype(bool)

    @cached_property
    def _persons(self) -> pd.DataFrame:
        return self.study.entities("members")[list(_OF_PERSONS)]

    @cached_property
    def persons(self) -> dict[str, Callable[[], pd.DataFrame]]:
        """By column that counts persons, what gives their rows: `subject_id`, `name` and `source` of each."""
        return {}

    def count_persons(self, column: str, rows: pd.DataFrame, ids: pd.Series) -> pd.Series:
        """How many of the rows each id has at the target; who they are is kept as what the column means."""
        kept = {"subject_id": rows["target_id"], "name": rows["name"], "source": rows["source"]}
        self.persons[column] = lambda: pd.DataFrame(kept)
        return counted(rows["target_id"], ids)

    def people(self, ties: pd.DataFrame) -> pd.DataFrame:
        """The ties with what is known of the person at their source."""
        members = self._persons
        few = members[members["member_id"].isin(ties["source_id"])]
        return ties.merge(few, left_on="source_id", right_on="member_id", suffixes=("", "_member"))

    def secretaries(self, ids: pd.Series) -> pd.Series:
        """How many persons of different names are secretary (not first secretary) of each body by its lists."""
        posts = self.ties("holds_post")
        led = posts[
            posts["target_id"].isin(ids) & posts["post"].str.fullmatch(r"(?s)(?:.*\n)?secretary(?:\n.*)?", na=False)
        ]
        named = self.people(led)[["target_id", "name"]].drop_duplicates()
        return counted(named["target_id"], ids)

    def with_rows(
        self, frame: pd.DataFrame, chosen: pd.Series, relation: str, *, id_column: str, end: str
    ) -> pd.Series:
        """The sources of a frame, for the chosen subjects with the rows of their ties: of two that contradict, both."""
        ties = self.ties(relation)
        rows = ties.groupby(end)["source"].agg("\n".join)
        both = frame["source"] + "\n" + frame[id_column].map(rows).astype("str")
        merged = both.where(chosen.fillna(value=False).astype(bool) & both.notna(), frame["source"])
        return merged.map(lambda lines: "\n".join(dict.fromkeys(lines.split("\n"))), na_action="ignore")

    def asks(self, sources: pd.Series, field: str) -> pd.Series:
        """Whether a list that a row of each is in has a column for a field; of a network made by hand, nothing asks."""
        read = self.study.network.columns
        read = read[read["field"] == field]
        lists = set(zip(read["file"], read["sheet"], strict=True))
        return sources.map(
            lambda lines: any(tuple(line.split("|")[:2]) in lists for line in str(lines).split("\n"))
        ).astype(bool)

    def community_of_orgs(self) -> dict[str, str]:
        """The community of each community's own organization."""
        own = self.study.entities("organizations")
        own = own[own["is_community_org"].fillna(value=False).astype(bool) & own["community"].notna()]
        return dict(zip(own["organization_id"], own["community"], strict=True))


def month_of(days: pd.Series) -> pd.Series:
    """Year times twelve plus month of days of any precision, null where there is none."""
    text = days.astype("str")
    month = pd.to_numeric(text.str.slice(5, 7).where(text.str.len() > 4), errors="coerce").fillna(12)
    return (pd.to_numeric(text.str.slice(0, 4), errors="coerce") * 12 + month).astype("Int64")


def counted(found: pd.Series, ids: pd.Series) -> pd.Series:
    """How often each id is found."""
    return ids.map(found.value_counts()).fillna(0).astype("Int64")


def known_only(values: pd.Series, is_known: Any) -> pd.Series:
    """The values where the rosters say anything of the matter at all, else null."""
    known = is_known if isinstance(is_known, pd.Series) else pd.Series(bool(is_known), index=values.index)
    return values.where(known.astype(bool))


def has_word(texts: pd.Series, words: str) -> pd.Series:
    """Whether a text holds one of the words, which are joined by "|"; False for null."""
    return texts.astype("str").str.contains(words, regex=True).fillna(value=False).astype(bool)


def is_told(rows: pd.DataFrame, column: str, *, said: bool) -> pd.Series:
    """Whether rows say yes, or no, in a column; False where they say nothing or have none."""
    if column not in rows:
        return pd.Series(data=False, index=rows.index)
    return (rows[column] == said).fillna(value=False).astype(bool)


def education_rank(texts: pd.Series) -> pd.Series:
    """The rank of an education by `vocabulary/education.csv`, null where it is not known."""
    listed = schema.vocabulary("education")
    spellings = sorted(listed.spellings.items(), key=lambda pair: -len(pair[0]))
    found = {
        text: next((int(listed.rows[code]["rank"]) for spelling, code in spellings if spelling in text.lower()), None)
        for text in texts.dropna().unique()
    }
    return texts.map(found).astype("Int64")


def has_cell(network: Network, cell: str) -> bool:
    """Whether a roster with a column was read ("committees.filed_date"); for one made by hand, whether it is there."""
    if not cell:
        return False
    table, _, field = cell.partition(".")
    if len(network.columns):
        place = ["file", "sheet", "range"]
        read = network.columns[network.columns["field"] == field]
        known = network.regions[network.regions["table"] == schema.tables()[table].label]
        return bool(len(read[place].merge(known[place], on=place)))
    return field in network.tables.get(table, ())
