"""How the workbooks of an office look: sheets, dates in six forms, names in several spellings."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import xlsxwriter

MADE_ON = datetime(2025, 6, 30)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
TRADITIONAL = str.maketrans("东车马业云电网学区党会员长门问", "東車馬業雲電網學區黨會員長門問")
LABELS = {
    "government": "机关", "institution": "事业单位", "school": "学校", "hospital": "医院", "state_firm": "国有企业",
    "collective_firm": "集体企业", "private_firm": "非公企业", "social_organization": "社会组织",
    "residents_committee": "居委会", "owners_committee": "业委会", "property_service": "物业公司", "居委会": "居委会", "机关": "机关",
}  # fmt: skip
ORG_LABELS = {
    "党工委": "党工委", "611": "611 党委", "621": "621 党总支部", "631": "631 党支部", "632": "632 联合党支部",
    "641": "641 党小组", "931": "931 临时党支部",
}  # fmt: skip
DATE_FORMS: tuple[Callable[[int, int, int], object], ...] = (
    lambda y, m, d: f"{y}/{m}/{d}",
    lambda y, m, d: f"{y}-{m:02d}-{d:02d}",
    lambda y, m, d: f"{y}.{m:02d}",
    lambda y, m, d: f"{y}{m:02d}",
    lambda y, m, d: f"{y}年{m}月",
    lambda y, m, d: datetime(y, m, d),
)

class Sheet:
    """One worksheet and the row that comes next."""

    def __init__(self, book: xlsxwriter.Workbook, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self.title_format = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
        self.body = book.add_format({"border": 1})
        self.date = book.add_format({"border": 1, "num_format": "yyyy/m/d"})
        self.row = 0

    def title(self, text: str, width: int) -> None:
        """A title merged over the table."""
        self.sheet.merge_range(self.row, 0, self.row, width - 1, text, self.title_format)
        self.row += 1

    def line(self, values: Iterable[object], *, head: bool = False) -> int:
        """One row; None leaves the cell empty. Returns its index."""
        for column, value in enumerate(values):
            form = self.head if head else self.date if isinstance(value, datetime) else self.body
            if isinstance(value, datetime):
                self.sheet.write_datetime(self.row, column, value, form)
            elif isinstance(value, int | float):
                self.sheet.write_number(self.row, column, value, form)
            elif value is not None:
                self.sheet.write_string(self.row, column, str(value), form)
        self.row += 1
        return self.row - 1

    def merge_down(self, column: int, first: int, last: int, value: str) -> None:
        """Merge a column over rows, the value in the first."""
        if last > first:
            self.sheet.merge_range(first, column, last, column, value, self.body)


def new_book(folder: Path, name: str, month: int) -> xlsxwriter.Workbook:
    """A workbook that bears the same dates however often it is written."""
    book = xlsxwriter.Workbook(folder / name, {"strings_to_formulas": False, "strings_to_numbers": False})
    book.set_properties({"created": MADE_ON.replace(month=month), "author": ""})
    return book


def spelled(name: str, way: int) -> str:
    """One of several spellings of a unit that the key makes equal."""
    ways = (
        name,
        name.replace("有限公司", "有限责任公司"),
        name[:4] + "　" + name[4:],
        name.replace("（", "(").replace("）", ")").translate(TRADITIONAL),
        "望湖街道" + name if not name.startswith(("望湖", "青屏", "云州")) else name + " ",
    )
    return ways[way % len(ways)]
