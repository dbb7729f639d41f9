"""Numbers, accounts, addresses and names put into every place of a roster that holds text, and looked for afterwards.

    python tests/drive_canaries.py --seed 1 --number 50000

draws rosters of every kind of table, reads them, and searches all that comes out: packs and exports of the three
editions, findings, frames. The test run does a small number of the same. What is searched is folded first, so that
a number cannot hide behind blanks, dashes or full-width digits.
"""

import argparse
import io
import random
import re
import sys
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

import pbgraph as pb
from pbgraph import schema
from pbgraph.editions import EDITIONS
from pbgraph.rendering.look import Look
from pbgraph.schema import Field, Table

N_ROWS = 6
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "甫芷瑄禾栩珩翊澍岚峤筠霁"
_WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


@dataclass(frozen=True)
class Canary:
    """A secret as it is written, what is searched for, its form, the place, and the editions that may not hold it."""

    written: str
    core: str
    form: str
    place: str
    hidden_in: tuple[str, ...] = EDITIONS


def _phone(rng: random.Random) -> str:
    return f"1{rng.choice('3456789')}{rng.randrange(10**9):09d}"


def _identity(rng: random.Random, *, is_right: bool = True) -> str:
    body = f"999999{rng.randrange(1940, 2006)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(1000):03d}"
    check = _CHECKS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]
    return body + (check if is_right else str((int(check) + 1) % 10 if check != "X" else 3))


def _letters(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("bcdfghjkmnpqrstvwxz") for _ in range(n))


def _forms() -> dict[str, Callable[[random.Random], tuple[str, str]]]:
    """How secrets are written: each gives the text and its core."""

    def cut(text: str, *at: int, by: str) -> str:
        return by.join(text[a:b] for a, b in zip((0, *at), (*at, len(text)), strict=True))

    def of(make: Callable[[random.Random], str], write: Callable[[str], str]):  # type: ignore[no-untyped-def]
        def made(rng: random.Random) -> tuple[str, str]:
            core = make(rng)
            return write(core), core

        return made

    def land(rng: random.Random) -> str:
        return f"0571{rng.randrange(20_000_000, 89_999_999)}"

    def old(rng: random.Random) -> str:
        return f"999999{rng.randrange(40, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(1000):03d}"

    account = lambda rng: f"{_letters(rng, 4)}_{rng.randrange(10**6):06d}"  # noqa: E731
    return {
        "phone": of(_phone, str), "phone +86": of(_phone, "+86{}".format), "phone 86 ": of(_phone, "86 {}".format),
        "phone blanks": of(_phone, lambda t: cut(t, 3, 7, by=" ")), "phone dashes": of(_phone, lambda t: cut(t, 3, 7, by="-")),
        "phone wide": of(_phone, lambda t: t.translate(_WIDE)), "phone glued": of(_phone, "A{}B".format),
        "identity": of(_identity, str), "identity wrong": of(lambda r: _identity(r, is_right=False), str),
        "identity blanks": of(_identity, lambda t: cut(t, 6, 14, by=" ")), "identity glued": of(_identity, "No{}号".format),
        "identity wide": of(_identity, lambda t: t.translate(_WIDE)), "identity 15": of(old, str),
        "land line": of(land, lambda t: f"{t[:4]}-{t[4:]}"), "land line brackets": of(land, lambda t: f"({t[:4]}){t[4:]}"),
        "mail": of(lambda r: f"{_letters(r, 7)}{r.randrange(1000)}", "{}@163.com".format),
        "mail wide": of(lambda r: f"{_letters(r, 7)}{r.randrange(1000)}", "{}＠qq.com".format),
        "wechat": of(account, "微信：{}".format), "wechat 号": of(account, "微信号{}".format),
        "qq": of(lambda r: str(r.randrange(10**8, 10**10)), "QQ{}".format),
        "address": of(lambda r: f"{_letters(r, 3)}路{r.randrange(100, 999)}号{r.randrange(1, 30)}幢", "家住{}501室".format),
        "birth": of(lambda r: f"19{r.randrange(40, 99)}年{r.randrange(1, 13)}月{r.randrange(1, 29)}日", "出生日期{}".format),
    }  # fmt: skip


FORMS = _forms()


class Roster:
    """A workbook with one sheet for each of some kinds of table, into which canaries are put."""

    def __init__(self, rng: random.Random, *, kinds: list[str]) -> None:
        self.rng = rng
        self.file = "名册"
        self.sheets: dict[str, list[list[object]]] = {}
        self.canaries: list[Canary] = []
        self.has_people = bool({"members", "seats", "instructors"} & set(kinds))
        self.people = sorted({rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN) for _ in range(60)})[
            : N_ROWS * 4
        ]
        rng.shuffle(self.people)
        for key in kinds:
            self._add(schema.tables()[key])

    def _add(self, table: Table) -> None:
        fields = [item for item in table.fields if item.type not in {"id_no", "phone"}]
        heads: list[object] = [item.label for item in fields] + ["自有栏目", "情况说明"]
        rows = [[self._value(item, i) for item in fields] + [f"内容{'甲乙丙丁戊己'[i]}", "正常"] for i in range(N_ROWS)]
        name, title = table.label, [f"甲街道{table.label}"]
        for at, item in enumerate([*fields, None, None]):
            if item is None or item.type in {"text", "person", "org", "unit", "community", "grid", "committee", "code"}:
                row = self.rng.randrange(N_ROWS)
                rows[row][at] = self._with_canary(
                    str(rows[row][at]), f"{table.key}.{item.key if item else heads[at]}", item
                )
        heads[-1] = self._with_canary("情况说明", f"{table.key} header", None)
        title[0] = self._with_canary(str(title[0]), f"{table.key} title", None)
        foot = [self._with_canary("备注：请联系", f"{table.key} foot", None)]
        name = re.sub(r"[\[\]:*?/\\：]", "", self._with_canary(name[:8], f"{table.key} sheet", None, short=True))[:31]
        self.sheets[name] = [title, heads, *rows, foot]

    def _with_canary(self, text: str, place: str, item: Field | None, *, short: bool = False) -> str:
        """The text with a canary behind it."""
        is_name = self.has_people and self.rng.random() < 0.15 and not short and (item is None or item.type == "text")
        if is_name:
            person = self.people[0]
            before, after = self.rng.choice(
                [("联系人", ""), ("", "同志"), ("由", "负责"), ("", "工作室"), ("（", "）")]
            )
            hidden = ("meeting", "public")
            self.canaries.append(Canary(f"{before}{person}{after}", person, "name", place, hidden))
            return f"{text}{before}{person}{after}"
        names = [name for name in FORMS if not short or name in {"phone", "identity", "phone blanks"}]
        is_code = item is not None and item.type == "code"
        form = self.rng.choice([name for name in names if name in {"phone", "identity"}] if is_code else names)
        written, core = FORMS[form](self.rng)
        if item is not None and item.is_secret:
            form += " (secret)"
        self.canaries.append(Canary(written, core, form, place))
        return written if is_code else f"{text}{self.rng.choice(['', ' ', '，', '（'])}{written}"

    def _value(self, item: Field, i: int) -> object:
        if schema.has_vocabulary(item.type):
            return next(iter(schema.vocabulary(item.type).rows.values()))["label"]
        if item.type == "person":
            return self.people[i % len(self.people)]
        made = {
            "org": f"第{i + 1}党支部", "unit": f"合力{'甲乙丙丁戊己'[i]}公司", "community": f"{'金银'[i % 2]}桥社区",
            "grid": f"第{i + 1}网格", "committee": f"{'金银'[i % 2]}桥社区大党委", "date": f"2024-0{i + 1}", "code": f"A00{i}",
            "flag": "是", "integer": i + 2, "number": i + 2, "money": i + 2,
        }  # fmt: skip
        return made.get(item.type, f"情况{'甲乙丙丁戊己'[i]}")

    def write(self, folder: Path) -> Path:
        """The workbook as a file."""
        path = folder / f"{re.sub('[/:：]', '', self.file)}.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
            for name, rows in self.sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for column, value in enumerate(row):
                        sheet.write(number, column, value)
        return path


_NUMBERED = Canary("person:", "person:", "number of a person", "anywhere")


def folded(text: str) -> str:
    """A text in which no number hides behind its spelling."""
    return re.sub(r"[\s\-‐–—()（）]", "", unicodedata.normalize("NFKC", text))


def packed(content: bytes) -> str:
    """The text of all parts of an Office file, and of the workbooks in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    return "\n".join(
        packed(part) if name.endswith(".xlsx") else part.decode("utf-8", "replace") for name, part in parts
    )


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of every file of a folder."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        if path.suffix == ".parquet":
            import pandas as pd

            frame = pd.read_parquet(path)
            yield path.name, "\n".join(frame.astype("str").to_csv(index=False) for frame in [frame])
        elif path.suffix in {".xlsx", ".pptx"}:
            yield path.name, packed(path.read_bytes())
        elif path.suffix in {".html", ".csv", ".json", ".graphml", ".gexf", ".svg"}:
            yield path.name, path.read_text("utf-8-sig")
        yield path.name, path.name


def leaks(roster: Roster, *, edition: str, pack: bool) -> list[tuple[Canary, str]]:
    """The canaries that come out of a roster in an edition, each with the file that holds it."""
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name) / "in", Path(name) / "out"
        source.mkdir()
        network = pb.read(roster.write(source), as_of="2025-06-30")
        if pack:
            pb.write_pack(network, out, look=Look(edition=edition))
        out.mkdir(exist_ok=True)
        pb.export(network, out / "x.graphml", edition=edition)
        said = [*texts_of(out), ("findings", network.findings.to_csv()), ("repr", repr(network))]
        held = [(file, folded(text)) for file, text in said]
        found = [
            (_NUMBERED, file) for file, text in held if _NUMBERED.core in text
        ]  # stands for a name while measuring
        for canary in roster.canaries:
            core = folded(canary.core)
            for file, text in held:
                if core in text and (edition in canary.hidden_in and (canary.form != "name" or file != "findings")):
                    found.append((canary, file))
                    break
        return found


def drive(seed: int, number: int, *, kinds_each: int = 6, pack: bool = True) -> tuple[int, list[tuple[Canary, str]]]:
    """Draw rosters until so many canaries were looked for; how many, and those that came out."""
    rng = random.Random(seed)
    n, found = 0, []
    keys = list(schema.tables())
    while n < number:
        roster = Roster(rng, kinds=rng.sample(keys, kinds_each))
        roster.file = roster._with_canary("名册", "file", None, short=True)
        edition = EDITIONS[n % 3]
        found += leaks(roster, edition=edition, pack=pack)
        n += len(roster.canaries)
    return n, found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=50_000)
    parser.add_argument("--no-pack", action="store_true", help="exports and frames only")
    asked = parser.parse_args()
    n, found = drive(asked.seed, asked.number, pack=not asked.no_pack)
    print(f"{n} canaries, {len(found)} came out")
    for (form, place, file), count in Counter((c.form, c.place, file) for c, file in found).most_common(60):
        print(f"{count:6d}  {form:20s} {place:40s} {file}")
    sys.exit(1 if found else 0)
