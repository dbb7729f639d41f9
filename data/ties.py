"""The lists of what joins bodies and people (06 to 11): seats, agreements, projects, registrations, instructors."""

from pathlib import Path

from sheets import DATE_FORMS, Sheet, new_book, spelled
from world import COMMITTEES, COMMUNITIES, COMMUNITY_ORGS, PAIRED_BY_COMMUNITY, Unit, World

EXPORTED = {
    "id": "", "userName": "name", "gender": "gender", "idCard": "id_no", "phone": "phone", "workUnit": "unit",
    "reportCommunity": "report_community", "reportTime": "report_date", "claimPost": "claimed_post", "revokeTime": "revoked_date",
}  # fmt: skip
"""The columns of the export and the fields they mean; its own number means none."""


def write_seats(folder: Path, world: World) -> None:
    """One sheet per committee, the title holds its name; and seats of units, by community, with no person."""
    book = new_book(folder, "06社区大党委成员名单.xlsx", world.month)
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
    sheet = Sheet(book, "兼职委员单位")
    sheet.title("社区大党委兼职委员单位名单", 4)
    sheet.line(["序号", "社区", "兼职委员单位", "大党委职务"], head=True)
    for i, unit in enumerate(seated_units(world)):
        sheet.line([i + 1, unit.community, spelled(unit.name, i), "兼职委员"])
    book.close()


def seated_units(world: World) -> list[Unit]:
    """Units with a seat that no person holds yet: property services and owners' committees, by community."""
    seated = [unit for unit in world.units if unit.kind in {"property_service", "owners_committee"}]
    return sorted(seated, key=lambda unit: COMMUNITIES.index(unit.community))


def write_participants(folder: Path, world: World) -> None:
    """Committee shown once per block; two rows contradict one another on purpose."""
    book = new_book(folder, "07大党委成员单位一览表.xlsx", world.month)
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


def write_agreements(folder: Path, world: World) -> None:
    """Agreements with a party on each side; two communities list theirs by community, once no longer in force here."""
    book = new_book(folder, "08共建协议台账.xlsx", world.month)
    sheet = Sheet(book, "共建协议")
    sheet.title("共驻共建协议台账", 8)
    sheet.line(["序号", "甲方（社区）", "乙方（单位）", "共建类别", "共建事项", "签订时间", "进展情况", "责任人"], head=True)
    by_community = [a for a in world.agreements if a["community"] in PAIRED_BY_COMMUNITY and not a["stopped"]]
    for i, a in enumerate(a for a in world.agreements if a not in by_community):
        separator = ("、", "；", "\n", "/")[i % 4]
        sheet.line([i + 1, a["party_a"] if i % 3 else f"中共{a['party_a']}", separator.join(spelled(u.name, i + k) for k, u in enumerate(a["units"])),
                    "，".join(a["categories"]), "联合开展主题党日、便民服务", DATE_FORMS[i % 6](*a["start"]), "已终止" if a["stopped"] else "实施中", "李书记"])
    _write_pairs(Sheet(book, "社区结对"), by_community)
    book.close()


def _write_pairs(sheet: Sheet, agreements: list[dict]) -> None:
    """Co-building by community: no organization on either side, the community shown once per block."""
    sheet.title("社区与单位结对共建情况统计表", 5)
    sheet.line(["社区", "共建单位", "共建形式", "结对时间", "开展活动次数"], head=True)
    for community in PAIRED_BY_COMMUNITY:
        first = sheet.row
        for i, a in enumerate(a for a in agreements if a["community"] == community):
            units = "、".join(spelled(u.name, i + k) for k, u in enumerate(a["units"]))
            sheet.line([community, units, "，".join(a["categories"]), DATE_FORMS[i % 6](*a["start"]), i % 5 + 1])
        sheet.merge_down(0, first, sheet.row - 1, community)


def write_projects(folder: Path, world: World) -> None:
    book = new_book(folder, "09共建项目清单.xlsx", world.month)
    sheet = Sheet(book, "项目清单")
    sheet.title("区域化党建项目清单", 7)
    sheet.line(["序号", "项目名称", "所属社区", "项目类别", "认领单位", "上报时间", "进展情况"], head=True)
    for i, p in enumerate(world.projects):
        sheet.line([i + 1, p["name"], p["community"], p["category"], "、".join(spelled(u.name, i) for u in p["units"]) or None, DATE_FORMS[i % 6](*p["start"]), p["progress"]])
    book.close()


def write_registrations(folder: Path, world: World) -> None:
    """Two batches: a list that somebody keeps, and what the registration system exports, its columns in camelCase."""
    book = new_book(folder, "10在职党员双报到名册.xlsx", world.month)
    sheet = Sheet(book, "第一批")
    sheet.title("在职党员到社区报到名册（第一批）", 8)
    sheet.line(["序号", "姓名", "性别", "身份证号", "工作单位", "居住小区", "报到社区", "报到时间", "认领岗位", "撤销时间"], head=True)
    for i, r in enumerate(world.registrations[:130]):
        p = r["person"]
        sheet.line([i + 1, p.name, p.gender, p.id_no, spelled(r["unit"], i), f"{r['community'][:2]}花园{i % 20 + 1}幢", r["community"],
                    DATE_FORMS[i % 6](*r["date"]), r["post"], "2025-03-01" if r["revoked"] else None])
    sheet = Sheet(book, "Sheet2")
    sheet.line(EXPORTED, head=True)
    for i, r in enumerate(world.registrations[130:]):
        p = r["person"]
        day = "{:04d}-{:02d}-{:02d} 09:00:00".format(*r["date"])
        sheet.line([f"{100_000 + i}", p.name, p.gender, p.id_no, p.phone, spelled(r["unit"], i), r["community"], day, r["post"], "2025-03-01 00:00:00" if r["revoked"] else None])
    book.close()


def write_instructors(folder: Path, world: World) -> None:
    """Several units in one cell, on four separators."""
    book = new_book(folder, "11党建指导员名册.xlsx", world.month)
    sheet = Sheet(book, "指导员")
    sheet.title("党建工作指导员派驻名册", 6)
    sheet.line(["序号", "指导员姓名", "派出单位", "指导企业", "派驻时间", "走访频率（次/年）", "联系电话"], head=True)
    for i, (name, unit, guided) in enumerate(world.instructors):
        separator = ("、", "；", "，", "\n")[i % 4]
        sheet.line([i + 1, name, unit, separator.join(spelled(u.name, i + k) for k, u in enumerate(guided)), "2024年1月", 12, "19900009999"])
    book.close()
