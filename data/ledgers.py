"""The lists of organizations (01), of units (04, 05) and of places (12)."""

from pathlib import Path

from sheets import DATE_FORMS, LABELS, ORG_LABELS, WIDE, Sheet, new_book, spelled
from world import COMMITTEES, COMMUNITIES, COMMUNITY_ORGS, LEDGER_NAMES_ORG, Unit, World, grids, organization_of, told_by_own_row


def write_organizations(folder: Path, world: World, misspelled: dict[str, str]) -> None:
    """Two-row header, community merged down, code before label, a total at the end.

    Units that name their organization in their own ledger are left out here.
    """
    elsewhere = told_by_own_row(world)
    book = new_book(folder, "01党组织名册.xlsx", world.month)
    sheet = Sheet(book, "党组织")
    sheet.title("望湖街道基层党组织名册", 14)
    sheet.line(["填报单位：望湖街道党建办", *[None] * 8, f"填报时间：2025年{world.month}月30日"])
    head = sheet.row
    sheet.line(["序号", "所属社区", "党组织名称", "党组织类型", "上级党组织", "隶属关系", "单位性质类别", "党组织所在单位", "联合支部覆盖单位",
                "领导班子", None, None, "党员情况", None, "备注"], head=True)
    sheet.line([None] * 9 + ["书记", "换届时间", "任期年限", "正式党员", "预备党员"], head=True)
    sheet.sheet.merge_range(head, 9, head, 11, "领导班子", sheet.head)
    sheet.sheet.merge_range(head, 12, head, 13, "党员情况", sheet.head)
    counts = _member_counts(world)
    secretaries = {id(p.org): p.name for p in world.people if p.post == "书记" and p.org}
    totals = [0, 0]
    number = 0
    for community in ("", *COMMUNITIES):
        first = sheet.row
        for org in [o for o in world.orgs if o.community == community]:
            number += 1
            full, probationary = counts.get(id(org), (0, 0))
            totals = [totals[0] + full, totals[1] + probationary]
            elected = DATE_FORMS[number % 6](2018 + number % 8, 1 + number % 12, 15)
            parent = f"中共{org.parent[:-2]}委员会" if number % 5 == 0 and org.parent.startswith("云州") else org.parent
            units = "、".join(misspelled.get(u.name, spelled(u.name, number + i)) for i, u in enumerate(org.units) if u.name not in elsewhere)
            if number % 3 == 0:
                units = units.replace("、", "；" if number % 2 else "\n")
            is_joint = org.kind == "632"
            sheet.line([
                number, community or None, org.name if number % 7 else f"{org.name[:-2]} {org.name[-2:]}", ORG_LABELS[org.kind],
                parent or None, "驻地" if org.expected == "dual" else "区内" if org.parent else None, LABELS.get(org.attribute),
                None if is_joint else units or None, units if is_joint else None, secretaries.get(id(org)), elected,
                5 if "社区" in org.name else 3, full, probationary if number % 4 else str(probationary).translate(WIDE),
            ])
        if community:
            sheet.merge_down(1, first, sheet.row - 1, community)
    sheet.line(["合计", *[None] * 11, *totals])
    sheet.line(["填表人：", None, None, None, "审核人："])
    book.close()


def _member_counts(world: World) -> dict[int, tuple[int, int]]:
    """Members in the rosters by organization; two branches of one name are two."""
    counts: dict[int, tuple[int, int]] = {}
    for person in world.people:
        if person.org and person.status == "正常":
            full, probationary = counts.get(id(person.org), (0, 0))
            counts[id(person.org)] = (full + person.is_full, probationary + (not person.is_full))
    return counts


def write_units(folder: Path, world: World) -> None:
    """One sheet per community; some with counts split, some with a total only; totals at the end."""
    book = new_book(folder, "04驻区单位台账.xlsx", world.month)
    for number, community in enumerate(COMMUNITIES):
        units = [u for u in world.units if u.community == community]
        sheet = Sheet(book, community)
        sheet.title(f"{community}驻区单位台账", 10)
        if number % 2:
            sheet.line([f"填报单位:{community}", None, None, f"填报时间:2025.{world.month}.25"])
            sheet.line(["序号", "单位名称", "单位性质", "统一社会信用代码", "所属网格", "从业人员", "党员人数", None, "经营状态", "联系人", "联系电话"], head=True)
            sheet.line([None] * 6 + ["正式", "预备"], head=True)
            sheet.sheet.merge_range(sheet.row - 2, 6, sheet.row - 2, 7, "党员人数", sheet.head)
        else:
            own = ["组建方式", "党组织名称"] if community in LEDGER_NAMES_ORG else []
            sheet.line(["序号", "单位名称（全称）", "单位类型", "统一社会信用代码", "所属网格", "职工人数（人）", "正式党员", "预备党员", "运营情况", "联络员", "手机号码", *own], head=True)
        for i, u in enumerate(units):
            full: object = u.full if u.counted_by == "ledger" else None
            probationary: object = u.probationary if u.counted_by == "ledger" else None
            if full == 0 and i % 3 == 0:
                full, probationary = "无", "-"
            kind = {"school": "事业单位", "institution": "事业"}.get(u.kind, LABELS[u.kind]) if number == 3 else LABELS[u.kind]
            staff: object = str(u.staff).translate(WIDE) if i % 6 == 2 else u.staff
            sheet.line([i + 1, u.name, kind, u.code, u.grid, staff, full, probationary, u.operating, "张老师", "1990000" + f"{i:04d}", *(_own_organization(world, u, i) if community in LEDGER_NAMES_ORG else ())])
        ledger = [u for u in units if u.counted_by == "ledger"]
        sheet.line(["合计", f"{len(units)}家", None, None, None, sum(u.staff for u in units), sum(u.full for u in ledger), sum(u.probationary for u in ledger)])
        sheet.line(["填表人:", None, None, "审核人:"])
    book.close()


def _own_organization(world: World, unit: Unit, index: int) -> tuple[str | None, str | None]:
    """What a unit's own row says of its organization; three ways to say that there is none."""
    org = organization_of(world, unit)
    if org is None:
        return ("未建", None) if index % 3 else (None, "无" if index % 2 else None)
    name = f"中共{org.name[:-3]}支部委员会" if index % 3 == 1 and org.kind == "631" else org.name
    return "联合组建" if org.kind == "632" else "单独组建", name


def write_new_units(folder: Path, world: World) -> None:
    """A second ledger of the same firms, spelled otherwise, with what they have of mass organizations."""
    book = new_book(folder, "05两新组织摸排表.xlsx", world.month)
    sheet = Sheet(book, "摸排")
    sheet.title("望湖街道“两新”组织摸排情况表", 8)
    sheet.line(["提示：标红字段为必填项，禁止调整模板格式"])
    sheet.line(["编号", "社区", "企业名称", "组织类型", "是否建立党组织", "已建群团组织", "员工总数", "备注"], head=True)
    units = [u for u in world.units if u.kind in {"private_firm", "social_organization"}]
    for community in COMMUNITIES:
        first = sheet.row
        for i, u in enumerate([u for u in units if u.community == community]):
            has = "是" if u.state in {"own", "joint", "split-due"} else "否"
            sheet.line([f"L{sheet.row:03d}", community, spelled(u.name, i + 1), LABELS[u.kind], has, u.mass or ("无" if i % 2 else None), u.staff])
        sheet.merge_down(1, first, sheet.row - 1, community)
        sheet.line(["小计", None, f"{len([u for u in units if u.community == community])}家"])
    book.close()


def write_places(folder: Path, world: World) -> None:
    """One sheet, three tables: the communities on top, and below them the grids in two halves side by side."""
    random = world.random
    book = new_book(folder, "12社区网格台账.xlsx", world.month)
    sheet = Sheet(book, "社区和网格")
    sheet.title("社区基本情况一览表", 7)
    sheet.line(["序号", "社区名称", "社区类型", "社区党组织名称", "总户数", "总人口", "所属大党委"], head=True)
    for i, community in enumerate(COMMUNITIES):
        committee = next(name for name, (places, _) in COMMITTEES.items() if community in places)
        sheet.line([i + 1, community, ("商品房", "老旧小区", "动迁", "单位型", "新型社区", "单位型")[i], COMMUNITY_ORGS[community][0], 2000 + 130 * i, 5600 + 410 * i, committee])
    sheet.row += 1
    sheet.title("网格划分情况表", 17)
    head = ["所属社区", "网格名称", "网格编号", "网格长", "户数（户)", "人口", "小区楼幢", "网格党支部"]
    sheet.line([*head, None, *head], head=True)
    top = sheet.row
    for half in (0, 1):
        sheet.row = top
        for community in COMMUNITIES[3 * half : 3 * half + 3]:
            first = sheet.row
            for number, grid in enumerate(grids(community)):
                org = next((o.name for o in world.orgs if o.grid == grid and o.community == community and o.kind == "631"), None)
                line = [community, grid, f"3301{COMMUNITIES.index(community)}{number:02d}", random.choice("陈林黄") + "网格", random.randint(170, 260), random.randint(480, 700), f"{grid[:2]}花园{number * 5 + 1}-{number * 5 + 5}幢", org]
                sheet.line([*[None] * 9 * half, *line])
            sheet.merge_down(9 * half, first, sheet.row - 1, community)
    book.close()
