"""The desk of one office: which list goes on which sheet of which workbook."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .clerk import Clerk
from .files import save
from .sheets import Look, Sheet, put, put_turned
from .tables import COUNTS, Table
from .traditional import traditional

GROUPS = {
    "units": [
        ("基本情况", {"unit name", "unit type", "community", "grid", "address", "head", "contact person", "phone", "credit code"}),
        ("党员情况", {"number of members", "number of full members", "number of probationary members"}),
        ("党组织情况", {"has organization", "organization name", "formation", "founded date", "secretary", "parent organization"}),
    ],
    "organizations": [
        ("党组织信息", {"organization name", "organization type", "parent organization", "community", "founded date", "organization code"}),
        ("班子情况", {"secretary", "phone", "election date"}),
        ("党员数量", {"number of members", "number of full members", "number of probationary members"}),
    ],
    "members": [
        ("个人信息", {"person name", "gender", "id number", "birth date", "nation", "education", "phone", "home address", "work unit"}),
        ("党内信息", {"organization of person", "join date", "full member date", "member category", "post in the Party"}),
    ],
    "co_building": [
        ("双方", {"community", "organization name", "unit name"}),
        ("三张清单", {"content", "project", "due date", "progress"}),
    ],
}  # fmt: skip


@dataclass
class Book:
    """One file before it is written."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    suffix: str = ".xlsx"


@dataclass
class Desk:
    """Everything one clerk puts into the folder."""

    clerk: Clerk
    one_book: bool
    books: list[Book] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    styles: dict[str, str] = field(default_factory=dict)

    def title(self, words: list[str]) -> str:
        """A title as it stands above a list."""
        return self.clerk.draw.choice([self.clerk.world.street, "", self.clerk.world.street]) + self.clerk.draw.choice(
            words
        )

    def look(self, table: Table, **changes: Any) -> Look:
        """A layout drawn for this list; `changes` are settled."""
        draw = self.clerk.draw
        if self.clerk.is_export:
            return Look(**({"title": False} | changes))
        street = self.clerk.world.street
        counted = any(column.means in COUNTS for column in table.columns)
        drawn = {
            "title": draw.random() < 0.8,
            "filled_by": draw.choice(["", "", f"填报单位：{street}党建办    填报时间：2024年9月10日", f"填报单位（盖章）：中共{street}工作委员会"]),
            "grouped": table.kind in GROUPS and draw.random() < 0.2,
            "merged": draw.random() < 0.6,
            "renumbered": draw.random() < 0.5,
            "totals": "end" if counted and table.kind != "members" and draw.random() < 0.25 else "",
            "note": draw.choice(["", "", "注：以2024年8月底数据为准。", "备注：请于9月15日前报送，逾期不候。"]),
            "signature": draw.choice(["", "", "填表人：          审核人：", "联系人：党建办小周    电话：15000000000"]),
            "blank_every": draw.choice([0] * 9 + [10]),
        }  # fmt: skip
        return Look(**(drawn | changes))

    def sheet(self, hint: str) -> tuple[Book, Sheet]:
        """A new sheet, in the book of all or in one of its own."""
        book = self.books[0] if self.one_book and self.books else self._new_book(hint)
        drawn = [hint, "Sheet1", "Sheet1"] if book.name == hint else [hint, hint, f"Sheet{len(book.sheets) + 1}"]
        return book, self.add_sheet(book, self.clerk.draw.choice(drawn))

    def sheets(self, hint: str, names: list[str]) -> tuple[Book, list[Sheet]]:
        """A sheet for each name, all in one book."""
        book = self.books[0] if self.one_book and self.books else self._new_book(hint)
        return book, [self.add_sheet(book, name) for name in names]

    def add_sheet(self, book: Book, name: str) -> Sheet:
        """An empty sheet at the end of the book, under this name or one like it."""
        taken = {sheet.name for sheet in book.sheets}
        free = next(each for each in [name, *(f"{name}{i}" for i in range(2, 99))] if each not in taken)
        book.sheets.append(Sheet(free))
        return book.sheets[-1]

    def _new_book(self, hint: str) -> Book:
        draw, n = self.clerk.draw, len(self.books) + 1
        street = self.clerk.world.street
        name = draw.choice(
            [hint, f"附件{n} {hint}", f"{n}.{hint}", f"{street}{hint}", f"{hint}（最新）", f"{hint}2024年9月"]
        )
        if self.one_book:
            name = f"{street}{draw.choice(['党建台账', '区域化党建资料汇总', '党建基础数据'])}"
        self.books.append(Book(name if name not in {book.name for book in self.books} else f"{name}{n}"))
        return self.books[-1]

    def place(self, table: Table, look: Look, hint: str, *, where: str = "sheet") -> None:
        """Put the list on a sheet of its own, or below or beside the list before it."""
        last = self.books[-1] if self.books else None
        if where == "sheet" or last is None:
            book, sheet = self.sheet(hint)
            row, left = 1, 0
        else:
            book, sheet = last, last.sheets[-1]
            row = sheet.n_rows + self.clerk.draw.randint(2, 3) if where == "below" else 1
            left = sheet.n_columns + self.clerk.draw.randint(0, 1) if where == "beside" else 0
        self.put(book, sheet, self.grouped(table, look), look, row=row, left=left)

    def put(self, book: Book, sheet: Sheet, table: Table, look: Look, *, row: int = 1, left: int = 0) -> None:
        entry, _ = put(sheet, table, look, row=row, left=left)
        book.tables.append(entry)

    def place_turned(self, table: Table, hint: str) -> None:
        book, sheet = self.sheet(hint)
        book.tables.append(put_turned(sheet, table)[0])

    def grouped(self, table: Table, look: Look) -> Table:
        """Give the columns the groups of a two-row header."""
        if look.grouped:
            for column in table.columns:
                column.group = next((name for name, means in GROUPS.get(table.kind, []) if column.means in means), "")
        return table

    def turn_traditional(self) -> None:
        """Write everything in traditional characters."""
        for book in self.books:
            book.name = traditional(book.name)
            book.tables = traditional(book.tables)
            for sheet in book.sheets:
                sheet.name = traditional(sheet.name)
                sheet.cells = traditional(sheet.cells)

    def save(self, folder: Path) -> list[dict[str, Any]]:
        """Write the books; give the truth of all their lists."""
        tables = []
        for book in self.books:
            choices = [".xlsx"] * 6 + [".xls", ".xls", ".ods"] + ([".csv", ".csv"] if len(book.sheets) == 1 else [])
            suffix = self.clerk.draw.choice(choices)
            path = folder / (book.name + suffix)
            save(path, book.sheets)
            for entry in book.tables:
                sheet = book.name if suffix == ".csv" else entry["sheet"]
                tables.append({"file": path.name, **entry, "sheet": sheet})
        return tables
