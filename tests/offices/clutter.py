"""What lies in the folder besides the lists: notes on how to fill them in, choices for a drop-down, counts by community."""

from .desk import Desk

HOW_TO = [
    "填表说明",
    "1. 本表由各社区党组织填写，经审核后报街道党建办；",
    "2. “党员人数”包括正式党员和预备党员；",
    "3. 没有的项目请填“无”，不得空缺；",
    "4. 如有疑问请与街道党建办联系。",
]
CHOICES = [
    ["单位性质", "组建方式", "是否"],
    ["机关", "单独组建", "是"],
    ["事业单位", "联合组建", "否"],
    ["非公企业", "未组建", ""],
    ["社会组织", "", ""],
]


def add_clutter(desk: Desk) -> None:
    """Sheets that hold no list of the office; the truth does not name them."""
    if desk.clerk.is_export:
        return
    drawn = [add for add in (_how_to, _choices, _counts) if desk.clerk.draw.random() < 0.2]
    for add in drawn:
        add(desk)


def _how_to(desk: Desk) -> None:
    sheet = desk.add_sheet(desk.clerk.draw.choice(desk.books), "填表说明")
    for row, text in enumerate(HOW_TO, start=1):
        sheet.write(row, 0, text)


def _choices(desk: Desk) -> None:
    sheet = desk.add_sheet(desk.clerk.draw.choice(desk.books), "选项")
    for row, texts in enumerate(CHOICES, start=1):
        for column, text in enumerate(texts):
            sheet.write(row, column, text)


def _counts(desk: Desk) -> None:
    """Units, those with an organization and those without, by community."""
    sheet = desk.add_sheet(desk.clerk.draw.choice(desk.books), "统计")
    lines: list[list[object]] = [["社区", "单位数", "已建党组织", "未建党组织", "党员数"]]
    for community in desk.clerk.world.communities:
        units = [unit for unit in desk.clerk.world.units if unit.community == community]
        covered = sum(bool(unit.organizations) for unit in units)
        members = sum(unit.full + unit.probationary for unit in units)
        lines.append([community, len(units), covered, len(units) - covered, members])
    lines.append(["合计", *(sum(line[i] for line in lines[1:] if isinstance(line[i], int)) for i in range(1, 5))])
    for row, values in enumerate(lines, start=1):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
