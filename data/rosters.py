"""The rosters of members (02, 03), each in a form of its own."""

from pathlib import Path

from sheets import DATE_FORMS, MADE_ON, TRADITIONAL, WIDE, Sheet, new_book, spelled
from world import COMMUNITIES, Person, World


def write_members(folder: Path, world: World) -> None:
    """One sheet per community, each with its own header; a hidden code table."""
    inside = {c: [p for p in world.people if p.org and p.org.community == c and p.org.expected != "dual"] for c in COMMUNITIES}
    book = new_book(folder, "02党员花名册（分社区）.xlsx", world.month)
    layouts = (_members_plain, _members_merged, _members_pinyin, _members_coded, _members_dated, _members_noted)
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
        sheet.line([i + 1, name, p.gender, p.id_no, DATE_FORMS[i % 6](*p.birth), DATE_FORMS[(i + 2) % 6](*p.joined), _full_date(p, i),
                    "正式党员" if p.is_full else "预备党员", p.status, _org_cell(p, i), _unit_cell(p, i), p.phone, p.post or None])
    sheet.line(["合计", f"{len(people)}人"])


def _members_dated(sheet: Sheet, people: list[Person], community: str) -> None:
    """No column says who is a full member: a day of full membership does, past or still ahead."""
    sheet.title(f"{community}党员花名册", 11)
    sheet.line(["序号", "姓名", "性别", "公民身份证号码", "出生年月", "入党时间", "转正时间", "党籍状态", "所在党支部", "工作单位", "联系电话", "党内职务"], head=True)
    for i, p in enumerate(people):
        sheet.line([i + 1, p.name, p.gender, p.id_no, DATE_FORMS[i % 6](*p.birth), DATE_FORMS[(i + 2) % 6](*p.joined),
                    DATE_FORMS[(i + 4) % 6](*_due(p)), p.status, _org_cell(p, i), _unit_cell(p, i), p.phone, p.post or None])
    sheet.line(["合计", f"{len(people)}人"])


def _due(person: Person) -> tuple[int, int, int]:
    """When a person became or becomes a full member: after a year, or half a year later where that is put off."""
    year, month, day = person.joined
    is_put_off = not person.is_full and month <= MADE_ON.month
    return (year + 1, month + 6 * is_put_off, day)


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
        sheet.line([_org_cell(p, i), p.name, p.gender, number, "汉族", DATE_FORMS[i % 6](*p.joined), "正式党员" if p.is_full else "预备党员",
                    p.status, _unit_cell(p, i), p.phone])
        if i == len(people) // 2 and p.org is people[i + 1].org:
            _close_block(sheet, start, p)
            sheet.line(header, head=True)
            start = sheet.row
    _close_block(sheet, start, people[-1])
    sheet.line(["备注：本表由社区党务工作者填报，每半年更新一次。"])


def _members_pinyin(sheet: Sheet, people: list[Person], community: str) -> None:
    del community
    sheet.line(["xm", "xb", "sfzh", "csrq", "mz", "rdsj", "zzsj", "类别", "党员状态", "支部", "单位", "sjh"], head=True)
    for i, p in enumerate(people):
        sheet.line([p.name, p.gender, p.id_no.lower(), DATE_FORMS[3](*p.birth), "汉", DATE_FORMS[i % 6](*p.joined), _full_date(p, i),
                    "正式" if p.is_full else "预备", p.status, _org_cell(p, i), _unit_cell(p, i), p.phone])


def _members_coded(sheet: Sheet, people: list[Person], community: str) -> None:
    sheet.title(f"{community}党员名册（系统导出）", 9)
    sheet.line(["姓名", "性别", "公民身份号码", "民族", "入党日期", "转正日期", "人员类别", "党籍状态", "所在党支部", "工作单位"], head=True)
    for i, p in enumerate(people):
        sheet.line([p.name, "95_男" if p.gender == "男" else "96_女", p.id_no + (" " if i % 5 == 0 else ""), "868_汉族", DATE_FORMS[1](*p.joined),
                    _full_date(p, 1), "223_正式党员" if p.is_full else "224_预备党员", p.status, _org_cell(p, i), _unit_cell(p, i)])


def _members_noted(sheet: Sheet, people: list[Person], community: str) -> None:
    """Filling instructions above a title, full-width digits, a placeholder for nothing."""
    sheet.line(["注意：1、黄色底为必填项，请勿删除；2、身份证号请用文本格式；3、日期请写成 2019/10/24；4、禁止调整模板格式，否则导入失败。"])
    sheet.title(f"{community}党员基本情况表", 10)
    sheet.line(["序列", "姓名", "性别", "身份证号码", "出生日期", "何时入党", "是否正式党员", "党员状态", "现所在党组织", "现工作单位", "联系方式"], head=True)
    for i, p in enumerate(people):
        birth = f"{p.birth[0]}年{p.birth[1]}月".translate(WIDE) if i % 3 else DATE_FORMS[2](*p.birth)
        sheet.line([i + 1, p.name, p.gender, p.id_no, birth, DATE_FORMS[i % 6](*p.joined), "是" if p.is_full else "否", p.status,
                    _org_cell(p, i), _unit_cell(p, i) or "无", p.phone])
    sheet.line(["填表人：", None, "审核人：", None, None, None, "2025年6月"])


def _full_date(person: Person, index: int) -> object:
    year, month, day = person.joined
    return DATE_FORMS[index % 6](year + 1, month, day) if person.is_full else None


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
        name = f"望湖街道{name}" if name.startswith(org.name[:3]) and "社区第" in name else name.translate(TRADITIONAL)
    return name


def _unit_cell(person: Person, index: int) -> str | None:
    return spelled(person.unit.name, index // 3) if person.unit else None


def _close_block(sheet: Sheet, start: int, person: Person) -> None:
    sheet.merge_down(0, start, sheet.row - 1, person.org.name if person.org else "")


def write_unit_members(folder: Path, world: World) -> None:
    """Members under superiors outside the street, from the units' own system, which has dates and no category."""
    book = new_book(folder, "03驻区单位党员名册.xlsx", world.month)
    sheet = Sheet(book, "Sheet1")
    sheet.title("驻区单位党员名册", 9)
    sheet.title("（隶属关系在街道以外）", 9)
    sheet.line(["单位:人", None, None, None, None, "填报时间:2025-06-28"])
    sheet.line(["序号", "姓名", "性别", "证件号码", "出生年月(yyyy-MM)\n", "入党时间", "转为正式党员日期", "组织关系所在党支部", "单位名称（全称）", "工作单位", "手机"], head=True)
    people = [p for p in world.people if p.org and p.org.expected == "dual"]
    for i, p in enumerate(people):
        sheet.line([i + 1, p.name, p.gender, p.id_no, DATE_FORMS[(i + 1) % 3 + 1](*p.birth), DATE_FORMS[i % 6](*p.joined), DATE_FORMS[i % 6](*_due(p)),
                    _org_cell(p, i), None, _unit_cell(p, i), p.phone])
    book.close()
