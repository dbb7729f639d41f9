"""The records of each kind of list, as columns with their meaning; where they go on a sheet is not known here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .clerk import DATE_STYLES, WIDER, Clerk, dated, wide

Getter = Callable[[Any], Any]
COUNTS = {
    "number of members",
    "number of full members",
    "number of probationary members",
    "staff count",
    "households",
    "population",
    "number of people",
}


@dataclass
class Column:
    """One field of a list."""

    means: str
    header: str
    values: list[Any]
    group: str = ""


@dataclass
class Table:
    """One list before it is laid out; `truth` holds what its entry in the truth says besides."""

    kind: str
    title: str
    columns: list[Column]
    truth: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0].values)

    def column(self, means: str) -> Column:
        return next(column for column in self.columns if column.means == means)

    def has(self, means: str) -> bool:
        return any(column.means == means for column in self.columns)

    def without(self, means: str) -> "Table":
        return replace(
            self, columns=[column for column in self.columns if column.means != means], truth=dict(self.truth)
        )

    def rows(self, wanted: Sequence[int]) -> "Table":
        columns = [replace(column, values=[column.values[i] for i in wanted]) for column in self.columns]
        return replace(self, columns=columns, truth=dict(self.truth))

    def renumber(self) -> None:
        """Count the rows from one again."""
        for column in self.columns:
            if column.means == "serial number":
                column.values = list(range(1, len(self) + 1))

    def split(self, keys: Sequence[Any]) -> list[tuple[Any, "Table"]]:
        """A table for each key, in the order of their first rows."""
        return [(key, self.rows([i for i, k in enumerate(keys) if k == key])) for key in dict.fromkeys(keys)]


def build(
    clerk: Clerk,
    kind: str,
    title: str,
    records: Sequence[Any],
    fields: Sequence[tuple[Any, ...]],
    *,
    serial: bool | None = None,
) -> Table:
    """The table of `records`; a field is (word, getter) or (word, getter, share of offices that have it)."""
    used: set[str] = set()
    columns = []
    if serial if serial is not None else clerk.draw.random() < 0.6:
        columns.append(
            Column("serial number", clerk.header(kind, "serial number", used), list(range(1, len(records) + 1)))
        )
    for word, getter, *share in fields:
        if share and clerk.draw.random() > share[0]:
            continue
        values = [getter(record) for record in records]
        header = clerk.header(kind, word, used)
        columns.append(Column(WIDER.get(word, word), header, values))
    table = Table(kind, title, columns)
    _soil(clerk, table)
    return table


def _soil(clerk: Clerk, table: Table) -> None:
    """Write dates, counts and blanks the way they come."""
    for column in table.columns:
        styles = ["dash"] if clerk.is_export else clerk.draw.sample(DATE_STYLES, 2)
        column.values = [
            dated(value, clerk.draw.choice(styles)) if isinstance(value, tuple) else value for value in column.values
        ]
        if column.means == "phone" and clerk.draw.random() < 0.3:
            column.values = [int(value) if str(value).isdigit() else value for value in column.values]
        if clerk.is_export:
            continue
        if column.means in COUNTS:
            column.values = [_count(clerk, value) for value in column.values]
        elif column.means in {"person name", "head", "secretary", "contact person"}:
            column.values = [_spaced(clerk, value) for value in column.values]
        elif column.means not in {"full member date", "member category"}:
            _fill_blanks(clerk, column)


def _count(clerk: Clerk, value: Any) -> Any:
    if not isinstance(value, int) or clerk.draw.random() > 0.06:
        return value
    return clerk.draw.choice([str(value), wide(value), f"{value}人"])


def _spaced(clerk: Clerk, name: str) -> str:
    if len(name) == 2 and clerk.draw.random() < 0.3:
        return name[0] + clerk.draw.choice([" ", "\u3000", "  "]) + name[1]
    return name


def _fill_blanks(clerk: Clerk, column: Column) -> None:
    """Some cells without a value say so, if most have one."""
    filled = sum(value != "" for value in column.values)
    if filled < 0.5 * len(column.values):
        return
    sign = clerk.draw.choice(["无", "/", "—", "－", "", ""])
    column.values = [sign if value == "" and clerk.draw.random() < 0.4 else value for value in column.values]
