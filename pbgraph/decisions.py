"""The memory of an office: what a person has decided, kept for years in one file.

Every decision has one form: 类型, 原名, 标准名, 判断. For names, 标准名 is what 原名 is another
spelling of (是) or is not (否). For a kind of sheet, 原名 is the shape of its header row and 标准名
the kind of table that it is, or 不读; for a column, 原名 is the shape and the header, and 标准名 the
field that it means, 不需要, or 自有列 (kept under its own header). The shape of a header row, and not
the name of a file, is the key, so that next month's file is read the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pbgraph import schema
from pbgraph.schema import Table, header_key

FILE_NAME = "别名.csv"
OPTIONS_NAME = "pbgraph.toml"
"""The memory and the file of options, which lie beside the rosters."""
COLUMNS = ("类型", "原名", "标准名", "判断")
ANSWERS = ("是", "否", "不确定")
SHEET, COLUMN = "表", "列"
KEY, CHANGED = "键（勿改）", "改为"
"""Headers of the sheet 识别结果: the key of a line, and what a person wants instead."""
_ARROW = " → "


@dataclass(frozen=True)
class Decisions:
    """What was decided about sheets and columns: the kind by shape, the meaning by shape and header."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Mapping[str, str]]) -> "Decisions":
        """The decisions about sheets and columns among lines with the columns of the memory; a later line holds."""
        kinds: dict[str, str] = {}
        columns: dict[tuple[str, str], str] = {}
        for line in lines:
            kind, subject, answer, verdict = (line.get(column, "").strip() for column in COLUMNS)
            if verdict != ANSWERS[0] or not answer:
                continue
            if kind == SHEET:
                kinds[subject] = answer
            elif kind == COLUMN and _ARROW in subject:
                shape, _, header = subject.rpartition(_ARROW)
                columns[shape, header] = answer
        return cls(kinds, columns)

    def kind_of(self, shape: str) -> tuple[str, Table | None]:
        """The answer for a shape and the kind of table it names; ("", None) where nothing was decided."""
        answer = self.kinds.get(shape, "")
        return answer, next((table for table in schema.tables().values() if table.label == answer), None)


def words() -> Mapping[str, str]:
    """The answers that name no kind and no field: skip, unneeded, own."""
    found: Mapping[str, str] = schema.layout_words()["answers"]
    return found


def shape_of(names: Sequence[str]) -> str:
    """The shape of a header row: its headers made comparable, in their order."""
    return "|".join(header_key(name) for name in names)


def column_key(shape: str, name: str) -> str:
    """The subject of a decision about one column."""
    return f"{shape}{_ARROW}{header_key(name)}"


def lines_of(rows: Sequence[Sequence[str]]) -> list[tuple[int, dict[str, str]]] | None:
    """The decisions in rows of cells, each with its row number; None where no header of ours is found.

    Understands the memory itself, the sheets of names in the review workbook, and 识别结果.
    """
    head = next((n for n, row in enumerate(rows) if set(COLUMNS) <= set(row) or {KEY, CHANGED} <= set(row)), None)
    if head is None:
        return None
    below = enumerate(rows[head + 1 :], start=head + 2)
    lines = [(number, dict(zip(rows[head], row, strict=False))) for number, row in below]
    if KEY in rows[head]:
        lines = [(number, _of_recognition(line)) for number, line in lines if line.get(CHANGED, "").strip()]
    return [(number, line) for number, line in lines if line.get("原名", "").strip() and line.get("判断", "").strip()]


def _of_recognition(line: Mapping[str, str]) -> dict[str, str]:
    key = line.get(KEY, "").strip()
    kind = COLUMN if _ARROW in key else SHEET
    return dict(zip(COLUMNS, (kind, key, line[CHANGED].strip(), ANSWERS[0]), strict=True))
