"""The alias file: what a person has decided about names, kept for years.

A UTF-8 CSV, or the review workbook with its answers, with the columns 类型, 原名, 标准名, 判断
(是 / 否 / 不确定) and any others. "是" makes 原名 another spelling of 标准名, "否" keeps the two
apart even where their keys are equal. It holds names of organizations, units and places only,
never of persons.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbgraph.decisions import ANSWERS, COLUMN, COLUMNS, SHEET
from pbgraph.errors import PolicyError
from pbgraph.linking.keys import name_key, root_key
from pbgraph.reading.answers import decision_lines

KIND_LABELS = {
    "organizations": "党组织",
    "units": "单位",
    "communities": "社区",
    "grids": "网格",
    "committees": "大党委",
}
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}


@dataclass(frozen=True)
class Aliases:
    """Decisions by kind.

    `same` maps key to key; `refused` holds pairs of keys; `apart` spellings that leave the node
    of their key; `asked` the keys somebody has answered 不确定: they are not asked again.
    `decisions` are the rows as written (`COLUMNS`), each once, to be kept for the next year.
    """

    home: str = ""
    same: dict[tuple[str, str], str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()
    refused: frozenset[tuple[str, str, str]] = frozenset()
    asked: frozenset[tuple[str, str]] = frozenset()
    decisions: tuple[tuple[str, ...], ...] = ()

    def is_refused(self, kind: str, left: str, right: str) -> bool:
        """Whether a person has said that two keys are not one name."""
        return (kind, min(left, right), max(left, right)) in self.refused

    def key(self, name: str, kind: str) -> str:
        """The key of a name after the decisions; the street's own committee has one key in every spelling."""
        key = name_key(name, kind=kind, home=self.home)
        if (kind, name) in self.apart:
            return f"{key}#{name}"
        if (kind, key) in self.same:
            return self.same[kind, key]
        return root_key(key, self.home) if kind == "organizations" else key

    def is_decided(self, name: str, kind: str) -> bool:
        """Whether a person has said which name is meant."""
        return (kind, name_key(name, kind=kind, home=self.home)) in self.same


def read_aliases(*paths: Path, home: str = "", weaker: Iterable[Path] = ()) -> Aliases:
    """Read and check alias files: what was decided in any of them holds.

    Of `weaker` files, the strongest first, only what was not decided already is taken.

    Raises
    ------
    PolicyError
        alias-file where it cannot be read, alias-conflict where two rows contradict each other.

    """
    lines = [(path, number, line) for path in paths for number, line in decision_lines(path)]
    for path in weaker:
        decided = {_subject(line) for _, _, line in lines}
        lines += [(path, number, line) for number, line in decision_lines(path) if _subject(line) not in decided]
    yes: dict[tuple[str, str], tuple[str, str]] = {}
    no: dict[tuple[str, str, str], str] = {}
    apart: set[tuple[str, str]] = set()
    unsure: set[tuple[str, str]] = set()
    n_files = len({path for path, _, _ in lines})
    for path, row, line in lines:
        number = str(row) if n_files == 1 else f"{path.name} {row}"
        if line["类型"].strip() in (SHEET, COLUMN):
            continue  # what a sheet or a column is; reading has used it
        kind = _KINDS.get(line["类型"].strip())
        if kind is None:
            raise PolicyError("alias-file", path=path.name, reason=f"第 {number} 行 / row {number}: {line['类型']}?")
        left, right = (name_key(line[c], kind=kind, home=home) for c in ("原名", "标准名"))
        if line["判断"].strip() == "是" and left != right:
            yes[kind, left] = (right, number)
        elif line["判断"].strip() == "否":
            no[kind, left, right] = number
            if left == right:
                apart.add((kind, line["原名"].strip()))
        elif line["判断"].strip() == ANSWERS[2]:
            unsure.add((kind, left))
    _check(yes, no)
    same = {pair: _root(yes, *pair) for pair in yes}
    refused = {(kind, min(left, right), max(left, right)) for kind, left, right in no}
    kept = [tuple(line[column].strip() for column in COLUMNS) for _, _, line in lines]
    last = {row[:2]: row for row in kept if row[0] in (SHEET, COLUMN)}  # of two answers the later one holds
    decisions = sorted({row for row in kept if row[0] not in (SHEET, COLUMN)} | set(last.values()))
    return Aliases(home, same, frozenset(apart), frozenset(refused), frozenset(unsure), tuple(decisions))


def _subject(line: Mapping[str, str]) -> tuple[str, str]:
    return line["类型"].strip(), line["原名"].strip()


def _root(yes: dict[tuple[str, str], tuple[str, str]], kind: str, key: str) -> str:
    """Follow 是 to its end; a circle ends at its smallest key."""
    seen = [key]
    while (kind, seen[-1]) in yes:
        following = yes[kind, seen[-1]][0]
        if following in seen:
            return min(seen)
        seen.append(following)
    return seen[-1]


def _check(yes: dict[tuple[str, str], tuple[str, str]], no: dict[tuple[str, str, str], str]) -> None:
    for (kind, left, right), row in no.items():
        roots = {_root(yes, kind, name) for name in (left, right)}
        if left != right and len(roots) == 1:
            row_yes = next((n for (k, name), (_, n) in yes.items() if k == kind and name in (left, right)), "")
            raise PolicyError("alias-conflict", left=left, right=right, row_yes=row_yes, row_no=row)
