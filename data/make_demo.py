"""Write the demo workbooks and their truth: `python data/make_demo.py`.

The street comes from `world.py`; here it is made to look like the real thing. Each mess is
named where it is made, and `truth.json` says what must come out all the same.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from world import (
    COMMITTEES,
    COMMUNITIES,
    COMMUNITY_ORGS,
    HOME,
    NEW_ORG,
    STREET_ORG,
    Org,
    Person,
    Unit,
    World,
    grids,
    make_world,
)

HERE = Path(__file__).parent
TARGET = HERE / "demo"
MADE_ON = datetime(2025, 6, 30)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_TRADITIONAL = str.maketrans("东车马业云电网学区党会员长门问", "東車馬業雲電網學區黨會員長門問")
_LABELS = {
    "government": "机关", "institution": "事业单位", "school": "学校", "hospital": "医院", "state_firm": "国有企业",
    "collective_firm": "集体企业", "private_firm": "非公企业", "social_organization": "社会组织",
    "residents_committee": "居委会", "owners_committee": "业委会", "property_service": "物业公司", "居委会": "居委会", "机关": "机关",
}  # fmt: skip
_ORG_LABELS = {
    "党工委": "党工委", "611": "611 党委", "621": "621 党总支部", "631": "631 党支部", "632": "632 联合党支部",
    "641": "641 党小组", "931": "931 临时党支部",
}  # fmt: skip
_DATE_FORMS: tuple[Callable[[int, int, int], object], ...] = (
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


def _book(name: str) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(TARGET / name, {"strings_to_formulas": False, "strings_to_numbers": False})
    book.set_properties({"created": MADE_ON, "author": ""})
    return book


def spelled(name: str, way: int) -> str:
    """One of several spellings of a unit that the key makes equal."""
    ways = (
        name,
        name.replace("有限公司", "有限责任公司"),
        name[:4] + "　" + name[4:],
        name.replace("（", "(").replace("）", ")").translate(_TRADITIONAL),
        "望湖街道" + name if not name.startswith(("望湖", "青屏", "云州")) else name + " ",
    )
    return ways[way % len(ways)]


def _write_organizations(world: World, misspelled: dict[str, str]) -> None:
    """Two-row header, community merged down, code before label, a total at the end."""
    book = _book("01党组织名册.xlsx")
    sheet = Sheet(book, "党组织")
    sheet.title("望湖街道基层党组织名册", 14)
    sheet.line(["填报单位：望湖街道党建办", *[None] * 8, "填报时间：2025年6月30日"])
    head = sheet.row
    sheet.line(["序号", "所属社区", "党组织名称", "党组织类型", "上级党组织", "隶属关系", "单位性质类别", "党组织所在单位", "联合支部覆盖单位",
                "领导班子", None, None, "党员情况", None, "备注"], head=True)
    sheet.line([None] * 9 + ["书记", "换届时间", "任期年限", "正式党员", "预备党员"], head=True)
    sheet.sheet.merge_range(head, 9, head, 11, "领导班子", sheet.head)
    sheet.sheet.merge_range(head, 12, head, 13, "党员情况", sheet.head)
    counts = _member_counts(world)
    secretaries = {p.org.name: p.name for p in world.people if p.post == "书记" and p.org}
    totals = [0, 0]
    number = 0
    for community in ("", *COMMUNITIES):
        first = sheet.row
        for org in [o for o in world.orgs if o.community == community]:
            number += 1
            full, probationary = counts.get(org.name, (0, 0))
            totals = [totals[0] + full, totals[1] + probationary]
            elected = _DATE_FORMS[number % 6](2018 + number % 8, 1 + number % 12, 15)
            parent = f"中共{org.parent[:-2]}委员会" if number % 5 == 0 and org.parent.startswith("云州") else org.parent
            units = "、".join(misspelled.get(u.name, spelled(u.name, number + i)) for i, u in enumerate(org.units))
            if number % 3 == 0:
                units = units.replace("、", "；" if number % 2 else "\n")
            is_joint = org.kind == "632"
            sheet.line([
                number, community or None, org.name if number % 7 else f"{org.name[:-2]} {org.name[-2:]}", _ORG_LABELS[org.kind],
                parent or None, "驻地" if org.expected == "dual" else "区内" if org.parent else None, _LABELS.get(org.attribute),
                None if is_joint else units or None, units if is_joint else None, secretaries.get(org.name), elected,
                5 if "社区" in org.name else 3, full, probationary if number % 4 else str(probationary).translate(_WIDE),
            ])
        if community:
            sheet.merge_down(1, first, sheet.row - 1, community)
    sheet.line(["合计", *[None] * 11, *totals])
    sheet.line(["填表人：", None, None, None, "审核人："])
    book.close()


def _member_counts(world: World) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for person in world.people:
        if person.org and person.status == "正常":
            full, probationary = counts.get(person.org.name, (0, 0))
            counts[person.org.name] = (full + person.is_full, probationary + (not person.is_full))
    return counts


def _write_members(world: World) -> None:
    """One sheet per community, each with its own header; a hidden code table."""
    inside = {c: [p for p in world.people if p.org and p.org.community == c and p.org.expected != "dual"] for c in COMMUNITIES}
    book = _book("02党员花名册（分社区）.xlsx")
    layouts = (_members_plain, _members_merged, _members_pinyin, _members_coded, _members_plain, _members_noted)
    for community, layout in zip(COMMUNITIES, layouts, strict=True):
        layout(Sheet(book, community), inside[community], community)
    codes = book.add_worksheet("代码表")
    codes.hide()
    for row, line in enumerate((("代码", "含义"), ("223", "正式党员"), ("224", "预备党员"), ("95", "男"), ("96", "女"))):
        codes.write_row(row, 0, line)
    book.close()


def _members_plain(sheet: Sheet, people: list[Person], community: str) -> None:
    sheet.title(f"{community}党员花名册", 12)
    sheet.line(["序号", "姓   名", "性别", "公民身份证号码", "出生年月", "入党时间\n(2019/10/24)", "转正时间", "党员类别", "党籍状态", "所在党支部", "工作单位", "联系电话", "党内职务"], head=True)
    for i, p in enumerate(people):
        name = p.name if i % 9 or len(p.name) > 2 else f"{p.name[0]}　{p.name[1]}"
        sheet.line([i + 1, name, p.gender, p.id_no, _DATE_FORMS[i % 6](*p.birth), _DATE_FORMS[(i + 2) % 6](*p.joined), _full_date(p, i),
                    "正式党员" if p.is_full else "预备党员", p.status, _org_cell(p, i), _unit_cell(p, i), p.phone, p.post or None])
    sheet.line(["合计", f"{len(people)}人"])


def _members_merged(sheet: Sheet, people: list[Person], community: str) -> None:
    """Branch shown once per block; the same form repeats its header half way down."""
    sheet.title(f"{community}党员信息表", 9)
    sheet.line([f"填报单位：{community}", None, None, "联系人：", None, "单位：人"])
    header = ["所属党支部", "党员姓名", "性别", "身份证号", "民族", "入党日期", "人员类别", "人员状态", "工作单位", "手机号"]
    sheet.line(header, head=True)
    people = sorted(people, key=lambda p: p.org.name if p.org else "")
    start = sheet.row
    for i, p in enumerate(people):
        if i and p.org is not people[i - 1].org:
            _close_block(sheet, start, people[i - 1])
            start = sheet.row
        number: object = float(p.id_no) if i % 23 == 7 and p.id_no[-1] != "X" else p.id_no
        sheet.line([_org_cell(p, i), p.name, p.gender, number, "汉族", _DATE_FORMS[i % 6](*p.joined), "正式党员" if p.is_full else "预备党员",
                    p.status, _unit_cell(p, i), p.phone])
        if i == len(people) // 2 and p.org is people[i + 1].org:
            _close_block(sheet, start, p)
            sheet.line(header, head=True)
            start = sheet.row
    _close_block(sheet, start, people[-1])
    sheet.line(["备注：本表由社区党务工作者填报，每半年更新一次。"])


def _close_block(sheet: Sheet, start: int, person: Person) -> None:
    sheet.merge_down(0, start, sheet.row - 1, person.org.name if person.org else "")


def _members_pinyin(sheet: Sheet, people: list[Person], community: str) -> None:
    del community
    sheet.line(["xm", "xb", "sfzh", "csrq", "mz", "rdsj", "zzsj", "类别", "党员状态", "支部", "单位", "sjh"], head=True)
    for i, p in enumerate(people):
        sheet.line([p.name, p.gender, p.id_no.lower(), _DATE_FORMS[3](*p.birth), "汉", _DATE_FORMS[i % 6](*p.joined), _full_date(p, i),
                    "正式" if p.is_full else "预备", p.status, _org_cell(p, i), _unit_cell(p, i), p.phone])


def _members_coded(sheet: Sheet, people: list[Person], community: str) -> None:
    sheet.title(f"{community}党员名册（系统导出）", 9)
    sheet.line(["姓名", "性别", "公民身份号码", "民族", "入党日期", "转正日期", "人员类别", "党籍状态", "所在党支部", "工作单位"], head=True)
    for i, p in enumerate(people):
        sheet.line([p.name, "95_男" if p.gender == "男" else "96_女", p.id_no + (" " if i % 5 == 0 else ""), "868_汉族", _DATE_FORMS[1](*p.joined),
                    _full_date(p, 1), "223_正式党员" if p.is_full else "224_预备党员", p.status, _org_cell(p, i), _unit_cell(p, i)])


def _members_noted(sheet: Sheet, people: list[Person], community: str) -> None:
    """Filling instructions above a title, full-width digits, a placeholder for nothing."""
    sheet.line(["注意：1、黄色底为必填项，请勿删除；2、身份证号请用文本格式；3、日期请写成 2019/10/24；4、禁止调整模板格式，否则导入失败。"])
    sheet.title(f"{community}党员基本情况表", 10)
    sheet.line(["序列", "姓名", "性别", "身份证号码", "出生日期", "何时入党", "是否正式党员", "党员状态", "现所在党组织", "现工作单位", "联系方式"], head=True)
    for i, p in enumerate(people):
        birth = f"{p.birth[0]}年{p.birth[1]}月".translate(_WIDE) if i % 3 else _DATE_FORMS[2](*p.birth)
        sheet.line([i + 1, p.name, p.gender, p.id_no, birth, _DATE_FORMS[i % 6](*p.joined), "是" if p.is_full else "否", p.status,
                    _org_cell(p, i), _unit_cell(p, i) or "无", p.phone])
    sheet.line(["填表人：", None, "审核人：", None, None, None, "2025年6月"])


def _full_date(person: Person, index: int) -> object:
    year, month, day = person.joined
    return _DATE_FORMS[index % 6](year + 1, month, day) if person.is_full else None


def _org_cell(person: Person, index: int) -> str:
    org = person.org
    if org is None:
        return ""
    if org.name.startswith("第"):
        return org.name
    name = org.name
    if index % 8 == 3 and name.endswith("党支部") and not name.endswith("联合党支部"):
        name = f"中共{name[:-3]}支部委员会"
    if index % 13 == 5:
        name = f"望湖街道{name}" if name.startswith(org.name[:3]) and "社区第" in name else name.translate(_TRADITIONAL)
    return name


def _unit_cell(person: Person, index: int) -> str | None:
    return spelled(person.unit.name, index // 3) if person.unit else None


def _write_unit_members(world: World) -> None:
    """Members under superiors outside the street, from the units' own system."""
    book = _book("03驻区单位党员名册.xlsx")
    sheet = Sheet(book, "Sheet1")
    sheet.title("驻区单位党员名册", 9)
    sheet.title("（隶属关系在街道以外）", 9)
    sheet.line(["单位:人", None, None, None, None, "填报时间:2025-06-28"])
    sheet.line(["序号", "姓名", "性别", "证件号码", "出生年月(yyyy-MM)\n", "入党时间", "转为正式党员日期", "政治面貌", "组织关系所在党支部", "单位名称（全称）", "工作单位", "手机"], head=True)
    people = [p for p in world.people if p.org and p.org.expected == "dual"]
    for i, p in enumerate(people):
        sheet.line([i + 1, p.name, p.gender, p.id_no, _DATE_FORMS[(i + 1) % 3 + 1](*p.birth), _DATE_FORMS[i % 6](*p.joined), _full_date(p, i),
                    "中共党员" if p.is_full else "中共预备党员", _org_cell(p, i), None, _unit_cell(p, i), p.phone])
    book.close()


def _write_units(world: World) -> None:
    """One sheet per community; some with counts split, some with a total only; totals at the end."""
    book = _book("04驻区单位台账.xlsx")
    for number, community in enumerate(COMMUNITIES):
        units = [u for u in world.units if u.community == community]
        sheet = Sheet(book, community)
        sheet.title(f"{community}驻区单位台账", 10)
        if number % 2:
            sheet.line([f"填报单位:{community}", None, None, "填报时间:2025.6.25"])
            sheet.line(["序号", "单位名称", "单位性质", "统一社会信用代码", "所属网格", "从业人员", "党员人数", None, "经营状态", "联系人", "联系电话"], head=True)
            sheet.line([None] * 6 + ["正式", "预备"], head=True)
            sheet.sheet.merge_range(sheet.row - 2, 6, sheet.row - 2, 7, "党员人数", sheet.head)
        else:
            sheet.line(["序号", "单位名称（全称）", "单位类型", "统一社会信用代码", "所属网格", "职工人数（人）", "正式党员", "预备党员", "运营情况", "联络员", "手机号码"], head=True)
        for i, u in enumerate(units):
            full: object = u.full if u.counted_by == "ledger" else None
            probationary: object = u.probationary if u.counted_by == "ledger" else None
            if full == 0 and i % 3 == 0:
                full, probationary = "无", "-"
            kind = {"school": "事业单位", "institution": "事业"}.get(u.kind, _LABELS[u.kind]) if number == 3 else _LABELS[u.kind]
            staff: object = str(u.staff).translate(_WIDE) if i % 6 == 2 else u.staff
            sheet.line([i + 1, u.name, kind, u.code, u.grid, staff, full, probationary, u.operating, "张老师", "1990000" + f"{i:04d}"])
        ledger = [u for u in units if u.counted_by == "ledger"]
        sheet.line(["合计", f"{len(units)}家", None, None, None, sum(u.staff for u in units), sum(u.full for u in ledger), sum(u.probationary for u in ledger)])
        sheet.line(["填表人:", None, None, "审核人:"])
    book.close()


def _write_new_units(world: World) -> None:
    """A second ledger of the same firms, spelled otherwise, with what they have of mass organizations."""
    book = _book("05两新组织摸排表.xlsx")
    sheet = Sheet(book, "摸排")
    sheet.title("望湖街道“两新”组织摸排情况表", 8)
    sheet.line(["提示：标红字段为必填项，禁止调整模板格式"])
    sheet.line(["编号", "社区", "企业名称", "组织类型", "是否建立党组织", "已建群团组织", "员工总数", "备注"], head=True)
    units = [u for u in world.units if u.kind in {"private_firm", "social_organization"}]
    for community in COMMUNITIES:
        first = sheet.row
        for i, u in enumerate([u for u in units if u.community == community]):
            has = "是" if u.state in {"own", "joint", "split-due"} else "否"
            sheet.line([f"L{sheet.row:03d}", community, spelled(u.name, i + 1), _LABELS[u.kind], has, u.mass or ("无" if i % 2 else None), u.staff])
        sheet.merge_down(1, first, sheet.row - 1, community)
        sheet.line(["小计", None, f"{len([u for u in units if u.community == community])}家"])
    book.close()


def _write_seats(world: World) -> None:
    """One sheet per committee; the title holds its name."""
    book = _book("06社区大党委成员名单.xlsx")
    random = world.random
    for committee, (communities, size) in COMMITTEES.items():
        sheet = Sheet(book, committee[:10])
        sheet.title(f"{committee}成员名单", 7)
        sheet.line(["序号", "大党委职务", "姓名", "性别", "所在单位", "职务", "专职/兼职", "聘任时间"], head=True)
        insiders = [p for p in world.people if p.org and p.org.community in communities and p.post == "书记"]
        community_head = next(p for p in insiders if p.org and p.org.name == COMMUNITY_ORGS[communities[0]][0])
        heads = [community_head] + random.sample([p for p in insiders if p is not community_head and p.unit], max(0, min(size - 3, len([p for p in insiders if p is not community_head and p.unit]))))
        posts = ["书记", "专职副书记", "兼职副书记", "兼职副书记"] + ["委员"] * size
        for i in range(size):
            person = heads[i] if i < len(heads) else None
            name = person.name if person else random.choice("陈林黄周吴徐孙") + random.choice(["建华", "海燕", "国强", "晓东"])
            unit = person.unit.name if person and person.unit else f"{communities[-1]}居民委员会"
            sheet.line([i + 1, posts[i], name, person.gender if person else "女", spelled(unit, i), "党组织负责人" if person else "居委会委员",
                        "专职" if posts[i] in ("书记", "专职副书记") or not person else "兼职", "2024年3月"])
    book.close()


def _write_participants(world: World) -> None:
    """Committee shown once per block; two rows contradict one another on purpose."""
    book = _book("07大党委成员单位一览表.xlsx")
    sheet = Sheet(book, "成员单位")
    sheet.title("社区大党委成员单位一览表", 6)
    sheet.line(["大党委名称", "覆盖社区", "成员单位党组织", "上级党组织", "管理关系", "加入时间"], head=True)
    labels = {"dual": "双重管理", "direct": "直接管理", "": None}
    for committee, (communities, _) in COMMITTEES.items():
        first = sheet.row
        orgs = [o for o in world.orgs if o.community in communities and o.units and o.kind != "641"]
        for i, org in enumerate(orgs):
            for stated in ("dual", "direct") if org.stated == "both" else (org.stated,):
                sheet.line([committee, "、".join(communities), org.name if i % 4 else f"中共{org.name[:-3]}支部委员会" if org.name.endswith("党支部") and "联合" not in org.name and "临时" not in org.name else org.name,
                            org.parent or None, labels[stated], "2024.03"])
        sheet.merge_down(0, first, sheet.row - 1, committee)
        sheet.merge_down(1, first, sheet.row - 1, "、".join(communities))
    book.close()


def _write_agreements(world: World) -> None:
    book = _book("08共建协议台账.xlsx")
    sheet = Sheet(book, "共建协议")
    sheet.title("共驻共建协议台账", 8)
    sheet.line(["序号", "甲方（社区）", "乙方（单位）", "共建类别", "共建事项", "签订时间", "进展情况", "责任人"], head=True)
    for i, a in enumerate(world.agreements):
        separator = ("、", "；", "\n", "/")[i % 4]
        sheet.line([i + 1, a["party_a"] if i % 3 else f"中共{a['party_a']}", separator.join(spelled(u.name, i + k) for k, u in enumerate(a["units"])),
                    "，".join(a["categories"]), "联合开展主题党日、便民服务", _DATE_FORMS[i % 6](*a["start"]), "已终止" if a["stopped"] else "实施中", "李书记"])
    book.close()


def _write_projects(world: World) -> None:
    book = _book("09共建项目清单.xlsx")
    sheet = Sheet(book, "项目清单")
    sheet.title("区域化党建项目清单", 7)
    sheet.line(["序号", "项目名称", "所属社区", "项目类别", "认领单位", "上报时间", "进展情况"], head=True)
    for i, p in enumerate(world.projects):
        sheet.line([i + 1, p["name"], p["community"], p["category"], "、".join(spelled(u.name, i) for u in p["units"]) or None, _DATE_FORMS[i % 6](*p["start"]), p["progress"]])
    book.close()


def _write_registrations(world: World) -> None:
    book = _book("10在职党员双报到名册.xlsx")
    for start, name in ((0, "第一批"), (130, "第二批")):
        sheet = Sheet(book, name)
        sheet.title(f"在职党员到社区报到名册（{name}）", 8)
        sheet.line(["序号", "姓名", "性别", "身份证号", "工作单位", "居住小区", "报到社区", "报到时间", "认领岗位", "撤销时间"], head=True)
        for i, r in enumerate(world.registrations[start : start + (130 if not start else 120)]):
            p = r["person"]
            sheet.line([i + 1, p.name, p.gender, p.id_no, spelled(r["unit"], i), f"{r['community'][:2]}花园{i % 20 + 1}幢", r["community"],
                        _DATE_FORMS[i % 6](*r["date"]), r["post"], "2025-03-01" if r["revoked"] else None])
    book.close()


def _write_instructors(world: World) -> None:
    """Several units in one cell, on four separators."""
    book = _book("11党建指导员名册.xlsx")
    sheet = Sheet(book, "指导员")
    sheet.title("党建工作指导员派驻名册", 6)
    sheet.line(["序号", "指导员姓名", "派出单位", "指导企业", "派驻时间", "走访频率（次/年）", "联系电话"], head=True)
    for i, (name, unit, guided) in enumerate(world.instructors):
        separator = ("、", "；", "，", "\n")[i % 4]
        sheet.line([i + 1, name, unit, separator.join(spelled(u.name, i + k) for k, u in enumerate(guided)), "2024年1月", 12, "19900009999"])
    book.close()


def _write_places(world: World) -> None:
    random = world.random
    book = _book("12社区网格台账.xlsx")
    sheet = Sheet(book, "社区")
    sheet.title("社区基本情况一览表", 7)
    sheet.line(["序号", "社区名称", "社区类型", "社区党组织名称", "总户数", "总人口", "所属大党委"], head=True)
    for i, community in enumerate(COMMUNITIES):
        committee = next(name for name, (places, _) in COMMITTEES.items() if community in places)
        sheet.line([i + 1, community, ("商品房", "老旧小区", "动迁", "单位型", "新型社区", "单位型")[i], COMMUNITY_ORGS[community][0], 2000 + 130 * i, 5600 + 410 * i, committee])
    sheet = Sheet(book, "网格")
    sheet.title("网格划分情况表", 7)
    sheet.line(["所属社区", "网格名称", "网格编号", "网格长", "户数（户)", "人口", "小区楼幢", "网格党支部"], head=True)
    for community in COMMUNITIES:
        first = sheet.row
        for number, grid in enumerate(grids(community)):
            org = next((o.name for o in world.orgs if o.grid == grid and o.community == community and o.kind == "631"), None)
            sheet.line([community, grid, f"3301{COMMUNITIES.index(community)}{number:02d}", random.choice("陈林黄") + "网格", random.randint(170, 260), random.randint(480, 700), f"{grid[:2]}花园{number * 5 + 1}-{number * 5 + 5}幢", org])
        sheet.merge_down(0, first, sheet.row - 1, community)
    book.close()


def _truth(world: World, misspelled: dict[str, str]) -> dict[str, object]:
    states = {u.name: u.state for u in sorted(world.units, key=lambda u: u.name)}
    management = {
        o.name: {"expected": o.expected, "stated": o.stated}
        for o in sorted(world.orgs, key=lambda o: o.name)
        if o.expected or o.stated
    }
    return {
        "home": HOME,
        "counts": {
            "communities": len(COMMUNITIES), "grids": 24, "units": len(world.units), "organizations": len(world.orgs),
            "members": len(world.people), "active_members": sum(p.status == "正常" for p in world.people), "committees": len(COMMITTEES),
            "agreements": sum(len(a["units"]) for a in world.agreements), "projects": len(world.projects),
            "registrations": len(world.registrations), "instructors": len(world.instructors),
        },
        "units": states,
        "full_members": {u.name: u.full for u in world.units},
        "check_name": sorted(misspelled),
        "management": management,
        "untied": sorted(u.name for u in world.units if u.ties == 0 and u.state != "out"),
    }  # fmt: skip


def _misspelled(world: World) -> dict[str, str]:
    """Slips of the pen that nothing may join: a person must decide (`check-name`).

    A place or a legal form left out would not do: within one office that is no question.
    """
    joint = [u for u in world.units if u.state == "joint" and u.name.endswith("有限公司")]
    chosen: Sequence[Unit] = (joint[3], joint[9])
    return {u.name: u.name.removesuffix("有限公司")[:-1] + "有限公司" for u in chosen}


def main() -> None:
    """Write everything anew."""
    TARGET.mkdir(exist_ok=True)
    world = make_world()
    misspelled = _misspelled(world)
    truth = _truth(world, misspelled)
    _write_organizations(world, misspelled)
    for write in (
        _write_members, _write_unit_members, _write_units, _write_new_units, _write_seats, _write_participants,
        _write_agreements, _write_projects, _write_registrations, _write_instructors, _write_places,
    ):  # fmt: skip
        write(world)
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


__all__ = ["NEW_ORG", "STREET_ORG", "Org", "main"]

if __name__ == "__main__":
    main()
