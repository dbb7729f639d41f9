"""How a clerk writes: which words head the columns, how a name is shortened, how a date looks."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from pypinyin import Style, lazy_pinyin

from .world import Organization, Unit, World

WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
# The meanings for which the truth has a wider name.
WIDER = {"operating": "irrelevant", "resource": "content", "need": "content", "activity": "project"}


@dataclass
class Clerk:
    """The habits of one office."""

    draw: Random
    world: World
    words: dict[str, dict[str, list[str]]] = field(default_factory=lambda: WORDS)
    spelled: dict[str, str] = field(default_factory=dict)
    is_export: bool = False
    shortens: float = 0.2
    is_bare: bool = False  # communities without the word 社区, outside the ledger
    names_hosts: float = 0.0  # how often a partner is its Party organization

    def header(self, kind: str, means: str, used: set[str]) -> str:
        """A word for a column of this meaning that no other column of the table has; the first ones come more often."""
        pool = self.words[means]
        words = [word for word in pool.get(kind, pool.get("any", [])) if word not in used] or [means]
        word = self.draw.choices(words, [1 / (place + 1.5) for place in range(len(words))])[0]
        if self.is_export:
            word = self._exported(means, word, used)
        elif means != "serial number" and self.draw.random() < 0.05:
            word += self.draw.choice(self.words["notes"]["any"])
        used.add(word)
        return word

    def _exported(self, means: str, word: str, used: set[str]) -> str:
        names = [name for name in self.words[means].get("export", []) if name not in used]
        initials = "".join(lazy_pinyin([sign for sign in word if sign.isalpha()], style=Style.FIRST_LETTER))
        if initials and initials not in used and (not names or self.draw.random() < 0.35):
            return initials
        return self.draw.choice(names or [initials + str(len(used))])

    def unit(self, unit: Unit) -> str:
        """The unit's name, sometimes as people say it."""
        if self.draw.random() > self.shortens:
            return self._with_blank(unit.name)
        bare = unit.name.removeprefix(self.world.city).removeprefix(self.world.district)
        loose = unit.name
        for form in ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司"):
            if unit.name.endswith(form):
                loose = unit.name.removesuffix(form) + self.draw.choice(["公司", ""])
                break
        town = self.world.city[:-1]
        bracket = f"{unit.short}（{town}）" if self.world.city in unit.name else bare
        spelling = self.draw.choice([bare, bare, loose, unit.short, bracket])
        self.spelled[spelling] = unit.name
        return spelling

    def community(self, name: str) -> str:
        return name.removesuffix("社区") if self.is_bare else name

    def partner(self, unit: Unit | None, name: str = "") -> str:
        """A unit as a partner of a community; `name` where it is none of the ledger."""
        if unit is None:
            return self._with_blank(name)
        if unit.organizations and unit.organizations[0].own and self.draw.random() < self.names_hosts:
            return self.organization(unit.organizations[0])
        return self.unit(unit)

    def organization(self, org: Organization) -> str:
        """The organization's name, sometimes in another common form."""
        if self.draw.random() > self.shortens * 0.6:
            return self._with_blank(org.name)
        if org.name.startswith("中共"):
            body = org.name.removeprefix("中共")
            for long, short in (("总支部委员会", "党总支"), ("支部委员会", "党支部"), ("委员会", "党委")):
                if body.endswith(long):
                    spelling = body.removesuffix(long) + short
                    break
        else:
            spelling = self.draw.choice(["中共" + org.name, org.name.replace("党支部", "支部")])
        self.spelled[spelling] = org.name
        return spelling

    def _with_blank(self, name: str) -> str:
        if self.draw.random() > 0.03:
            return name
        spelling = self.draw.choice([name + " ", "\u3000" + name, name + "\u3000"])
        self.spelled[spelling] = name
        return spelling

    def joined(self, names: list[str]) -> str:
        """Several names in one cell."""
        return self.draw.choice(["、", "，", ";", "/", "\n", "； "]).join(names)


def dated(day: tuple[int, int, int], style: str) -> Any:
    """A day as an office writes it; `cell` is a real date."""
    year, month, number = day
    if style == "cell":
        return date(year, month, number)
    return {
        "dash": f"{year}-{month:02d}-{number:02d}", "slash": f"{year}/{month}/{number}", "dot": f"{year}.{month:02d}",
        "eight": f"{year}{month:02d}{number:02d}", "six": f"{year}{month:02d}", "han": f"{year}年{month}月{number}日",
        "month": f"{year}年{month}月", "dots": f"{year}.{month}.{number}",
    }[style]  # fmt: skip


DATE_STYLES = ["cell", "dash", "slash", "dot", "eight", "six", "han", "month", "dots"]


def wide(number: int) -> str:
    """The number in full-width digits."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
