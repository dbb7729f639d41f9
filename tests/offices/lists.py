"""The lists an office keeps, each built from the world by one clerk."""

from collections.abc import Sequence
from typing import Any

from .clerk import Clerk
from .tables import Column, Table, build
from .world import Member, Organization, Seat, Unit

SECTORS = [
    {"非公企业": "非公企业", "国有企业": "国有企业", "社会组织": "社会组织", "事业单位": "事业单位", "机关": "机关"},
    {"非公企业": "民营企业", "国有企业": "国企", "社会组织": "社会组织", "事业单位": "事业", "机关": "行政机关"},
    {"非公企业": "私营企业", "国有企业": "国有控股", "社会组织": "民非", "事业单位": "事业单位", "机关": "机关"},
]
CODED_SECTORS = {
    "非公企业": "08_非公有经济控制", "国有企业": "06_国有经济控制", "社会组织": "11_社会组织", "事业单位": "09_事业单位", "机关": "10_机关",
}  # fmt: skip
ORG_CODES = {"党委": "611", "党总支": "621", "党支部": "631", "联合党支部": "632"}
YES_NO = [("是", "否"), ("是", "否"), ("有", "无"), ("已建", "未建"), ("√", "×"), ("已组建", "未组建")]
CLOSED = ["注销", "停业", "已注销", "已搬离", "关闭"]


def units_table(clerk: Clerk, title: str, units: Sequence[Unit], *, names_organizations: bool) -> Table:
    """A ledger of units."""
    draw, yes_no = clerk.draw, ("1", "0") if clerk.is_export else clerk.draw.choice(YES_NO)
    detailed = draw.random() < 0.5
    closed_in_remark = draw.random() < 0.3
    fields: list[tuple[Any, ...]] = [
        ("unit name", clerk.unit),
        ("unit type", _sector(clerk), 0.8),
        ("community", lambda unit: unit.community),
        ("grid", lambda unit: unit.grid, 0.2),
        ("address", lambda unit: unit.address, 0.6),
        ("head", lambda unit: unit.head, 0.6),
        ("contact person", lambda unit: unit.contact, 0.2),
        ("phone", lambda unit: unit.phone, 0.6),
        ("credit code", lambda unit: unit.code, 0.3),
        ("staff count", lambda unit: unit.staff, 0.8),
    ]
    if detailed:
        fields += [
            ("number of full members", lambda u: u.full),
            ("number of probationary members", lambda u: u.probationary),
        ]
    else:
        fields.append(("number of members", lambda unit: unit.full + unit.probationary))
    pending = {u.name for u in units if not u.organizations and not clerk.is_export and draw.random() < 0.04}

    def has_organization(unit: Unit) -> str:
        return yes_no[0] if unit.organizations else "办理中" if unit.name in pending else yes_no[1]

    fields.append(("has organization", has_organization, 0.8))
    if names_organizations:
        fields.append(
            ("organization name", lambda u: clerk.organization(u.organizations[0]) if u.organizations else "")
        )
        fields.append(("formation", _formation(clerk), 0.4))
    fields.append(("instructor", lambda unit: unit.instructor, 0.3))
    if any(unit.how == "closed" for unit in units):
        state = {unit.name: draw.choice(CLOSED) for unit in units if unit.how == "closed"}
        usual = "" if closed_in_remark else draw.choice(["正常", "正常经营", "在营"])
        fields.append(("remark" if closed_in_remark else "operating", lambda unit: state.get(unit.name, usual)))
    fields.append(
        (
            "irrelevant",
            lambda _: f"2024-08-{draw.randint(1, 28):02d} 09:30:00" if clerk.is_export else draw.choice("是否"),
            0.25,
        )
    )
    return build(clerk, "units", title, units, _shuffled(clerk, fields))


def unit_rows_with_organization(clerk: Clerk, title: str, units: Sequence[Unit]) -> Table:
    """A unit and its organization in one row."""
    first = [unit.organizations[0] if unit.organizations else None for unit in units]
    of = dict(zip(map(id, units), first, strict=True))
    told: set[str] = set()

    def covered(unit: Unit) -> str:
        org = of[id(unit)]
        if org is None or org.own or org.name in told:
            return ""
        told.add(org.name)
        return clerk.joined([clerk.unit(each) for each in org.units])

    def of_org(getter: Any) -> Any:
        return lambda unit: getter(of[id(unit)]) if of[id(unit)] else ""

    fields: list[tuple[Any, ...]] = [
        ("unit name", clerk.unit),
        ("unit type", _sector(clerk), 0.5),
        ("community", lambda unit: unit.community),
        ("head", lambda unit: unit.head, 0.4),
        ("staff count", lambda unit: unit.staff, 0.7),
        ("number of full members", lambda unit: unit.full),
        ("number of probationary members", lambda unit: unit.probationary),
        ("organization name", of_org(lambda org: org.name)),
        ("formation", _formation(clerk), 0.7),
        ("units covered", covered, 0.4),
        ("secretary", of_org(lambda org: org.secretary), 0.8),
        ("founded date", of_org(lambda org: org.founded), 0.5),
        ("parent organization", of_org(lambda org: org.parent)),
        ("instructor", lambda unit: unit.instructor, 0.5),
    ]
    if any(unit.how == "closed" for unit in units):
        fields.append(("operating", lambda unit: clerk.draw.choice(CLOSED) if unit.how == "closed" else "正常"))
    table = build(clerk, "units", title, units, fields)
    table.truth |= {"also_right": "organizations", "note": "a unit and its organization in one row"}
    return table


def organizations_table(clerk: Clerk, title: str, organizations: Sequence[Organization], *, names_units: bool) -> Table:
    """A list of Party organizations."""
    detailed = clerk.draw.random() < 0.4
    parents = {org.name: org for org in clerk.world.organizations}
    below = {
        name: org.members or [m for branch in parents.values() if branch.parent == name for m in branch.members]
        for name, org in parents.items()
    }

    def parent(org: Organization) -> str:
        return clerk.organization(parents[org.parent]) if org.parent in parents else org.parent

    fields: list[tuple[Any, ...]] = [
        (
            "organization code",
            lambda org: f"{clerk.world.organizations.index(org) + 1:012d}",
            0.8 if clerk.is_export else 0.1,
        ),
        ("organization name", lambda org: org.name),
        ("organization type", _org_type(clerk), 0.8),
        ("parent organization", parent),
        ("community", lambda org: org.community, 0.5),
        ("secretary", lambda org: org.secretary, 0.9),
        ("phone", lambda org: org.phone, 0.5),
        ("founded date", lambda org: org.founded, 0.5),
        ("election date", lambda org: org.elected, 0.4),
    ]
    if clerk.draw.random() < 0.8:
        fields.append(("number of members", lambda org: len(below[org.name])))
    if detailed:
        fields += [
            ("number of full members", lambda org: _full(below[org.name])),
            ("number of probationary members", lambda org: len(below[org.name]) - _full(below[org.name])),
        ]
    if names_units:
        fields.append(("units covered", lambda org: clerk.joined([clerk.unit(unit) for unit in org.units])))
    return build(clerk, "organizations", title, organizations, fields)


def members_table(clerk: Clerk, title: str, members: Sequence[Member], *, has_category: bool = True) -> Table:
    """A roster of members; without a category the date of full membership tells."""
    draw = clerk.draw
    names = {"full": "正式党员", "probationary": "预备党员"}
    if clerk.is_export:
        names = draw.choice(
            [{"full": "223_正式党员", "probationary": "224_预备党员"}, {"full": "1", "probationary": "2"}, names]
        )
        if names["full"] == "1":
            names = {"full": "01 正式党员", "probationary": "02 预备党员"}
    elif draw.random() < 0.3:
        names = {"full": "正式", "probationary": "预备"}
    genders = {"男": "95_男", "女": "96_女"} if clerk.is_export and draw.random() < 0.5 else {"男": "男", "女": "女"}

    def category(member: Member) -> str:
        return names["full" if member.became_full else "probationary"]

    fields: list[tuple[Any, ...]] = [
        ("person name", lambda member: member.name),
        ("gender", lambda member: genders[member.gender], 0.9),
        ("id number", lambda member: member.id_no, 0.9),
        ("birth date", lambda member: member.born, 0.5),
        ("nation", lambda member: member.nation, 0.5),
        ("education", lambda member: member.education, 0.6),
        ("organization of person", lambda member: clerk.organization(member.org)),
        ("join date", lambda member: member.joined),
        ("full member date", lambda member: member.became_full or "", 0.6 if has_category else 1),
        ("member category", category, 1 if has_category else 0),
        ("post in the Party", lambda member: member.post, 0.3),
        ("work unit", lambda member: member.work, 0.2),
        ("phone", lambda member: member.phone, 0.7),
        ("home address", lambda member: member.home, 0.4),
    ]
    return build(clerk, "members", title, members, _shuffled(clerk, fields))


def seats_table(clerk: Clerk, title: str, seats: Sequence[Seat], *, joined_post: bool) -> Table:
    """The people on the committees of the communities."""

    def unit(seat: Seat) -> str:
        return clerk.unit(seat.unit) if seat.unit else seat.community

    place: tuple[Any, ...] = ("community", lambda seat: clerk.community(seat.community))
    if clerk.draw.random() < 0.4:
        place = ("committee", lambda seat: clerk.community(seat.community) + "大党委")
    fields: list[tuple[Any, ...]] = [
        place,
        ("post on committee", lambda seat: seat.post),
        ("person name", lambda seat: seat.name),
        ("gender", lambda seat: seat.gender, 0.4),
    ]
    if joined_post:
        fields.append(("work unit and post", lambda seat: unit(seat) + seat.unit_post))
    else:
        fields += [("work unit", unit), ("post at work unit", lambda seat: seat.unit_post, 0.7)]
    fields += [
        ("full or part time", lambda seat: "兼职" if seat.unit else "专职", 0.3),
        ("start date", lambda seat: seat.since, 0.3),
        ("phone", lambda seat: seat.phone, 0.6),
    ]
    return build(clerk, "seats", title, seats, fields)


def participants_table(clerk: Clerk, title: str, seats: Sequence[Seat]) -> Table:
    """Units on a committee, without persons."""
    fields: list[tuple[Any, ...]] = [
        ("community", lambda seat: clerk.community(seat.community)),
        ("unit name", lambda seat: clerk.partner(seat.unit)),
        (
            "post on committee",
            lambda seat: "副书记单位" if seat.rank == "leading unit" else "委员单位",
            0.8,
        ),
        ("contact person", lambda seat: seat.name, 0.3),
        ("phone", lambda seat: seat.phone, 0.3),
    ]
    return build(clerk, "participants", title, [seat for seat in seats if seat.unit], fields)


def committee_columns_table(clerk: Clerk, title: str, seats: Sequence[Seat]) -> Table:
    """A row for each committee, a column for each seat."""
    people = {seat.community: [] for seat in seats}
    for seat in seats:
        name = f"{seat.name}（{clerk.unit(seat.unit)}）" if seat.unit else seat.name
        people[seat.community].append((seat.rank, name))
    communities = list(people)
    used: set[str] = set()
    names = [clerk.community(community) for community in communities]
    columns = [Column("community", clerk.header("seats", "community", used), names)]
    for wanted, word in (("secretary", "seat secretary"), ("deputy", "seat deputy")):
        cells = [next((name for rank, name in people[c] if rank == wanted), "") for c in communities]
        columns.append(Column(word, clerk.header("seats", word, used), cells))
    others = {c: [name for rank, name in people[c] if rank.endswith("unit")] for c in communities}
    word = clerk.draw.choice(["委员", "兼职委员", "委员姓名"])
    for place in range(max(map(len, others.values()))):
        cells = [others[c][place] if place < len(others[c]) else "" for c in communities]
        columns.append(Column(f"seat {place + 1}", f"{word}{place + 1}", cells))
    return Table("seats", title, columns)


def committee_cells_table(clerk: Clerk, title: str, seats: Sequence[Seat]) -> Table:
    """A row for each committee, all its people in one cell, and its units in another one."""
    communities = list(dict.fromkeys(seat.community for seat in seats))
    used: set[str] = set()
    names = [clerk.community(community) for community in communities]
    columns = [Column("community", clerk.header("seats", "community", used), names)]
    cells, units = [], []
    for community in communities:
        own = [seat for seat in seats if seat.community == community]
        groups = {"书记": {"secretary"}, "副书记": {"deputy", "leading unit"}, "委员": {"unit"}}
        people = {label: [s.name for s in own if s.rank in ranks] for label, ranks in groups.items()}
        parts = [f"{label}：{'、'.join(names)}" for label, names in people.items() if names]
        cells.append("；".join(parts))
        units.append(clerk.joined([clerk.unit(seat.unit) for seat in own if seat.unit]))
    columns.append(Column("seats in one cell", clerk.header("seats", "seats in one cell", used), cells))
    columns.append(
        Column("units of committee in one cell", clerk.header("seats", "units of committee in one cell", used), units)
    )
    return Table("seats", title, columns, {"also_right": "participants"})


def committee_units_table(clerk: Clerk, title: str, seats: Sequence[Seat]) -> Table:
    """A row for each committee, all its units in one cell."""
    table = committee_cells_table(clerk, title, seats).without("seats in one cell")
    table.kind, table.truth = "participants", {}
    return table


def pairs_table(clerk: Clerk, title: str, *, n_fields: int) -> Table:
    """Pairs of a community and a unit."""
    draw = clerk.draw
    fields: list[tuple[Any, ...]] = [
        ("community", lambda pair: clerk.community(pair[0])),
        ("unit name", lambda pair: clerk.partner(pair[2], pair[1])),
        ("signed date", lambda _: (draw.randint(2019, 2024), draw.randint(1, 12), draw.randint(1, 28))),
        ("content", lambda _: draw.choice(["场地共享", "义诊进社区", "助学帮困", "环境整治", "普法宣讲", "文体联谊"])),
        ("category", lambda _: draw.choice(["联建", "共建", "创建"])),
        ("contact person", lambda pair: pair[2].contact if pair[2] else ""),
        ("phone", lambda pair: pair[2].phone if pair[2] else ""),
    ]
    return build(clerk, "co_building", title, clerk.world.pairs, fields[:n_fields])


def three_lists_table(clerk: Clerk, title: str) -> Table:
    """Resources, needs and projects by pair."""
    draw = clerk.draw
    tops = {org.community: org for org in reversed(clerk.world.organizations) if not org.units}
    tops |= {
        org.community: org for org in clerk.world.organizations if org.kind in {"党总支", "党委"} and not org.units
    }
    by_organization = draw.random() < 0.5
    place: tuple[Any, ...] = ("community", lambda pair: clerk.community(pair[0]))
    if by_organization:
        place = ("organization name", lambda pair: clerk.organization(tops[pair[0]]))
    fields: list[tuple[Any, ...]] = [
        place,
        ("unit name", lambda pair: clerk.partner(pair[2], pair[1])),
        ("resource", lambda _: draw.choice(["会议室", "篮球场", "法律顾问", "医疗专家", "志愿者队伍"])),
        ("need", lambda _: draw.choice(["活动场地", "义诊", "法律咨询", "课后托管", ""])),
        ("project", lambda _: draw.choice(["错时停车", "四点半课堂", "银发关爱", "楼道微更新", "健康驿站"])),
        ("due date", lambda _: draw.choice(["2024年底", "长期", "2024年12月", "2025年6月"])),
        ("progress", lambda _: draw.choice(["已完成", "推进中", "未启动"]), 0.5),
        ("contact person", lambda pair: pair[2].contact if pair[2] else "", 0.5),
    ]
    return build(clerk, "co_building", title, clerk.world.pairs, fields)


def activities_table(clerk: Clerk, title: str) -> Table:
    """What each community did with which units; every pair stands in one of its rows."""
    draw = clerk.draw
    rows: list[tuple[str, list[str]]] = []
    for community in clerk.world.communities:
        names = [clerk.partner(unit, name) for place, name, unit in clerk.world.pairs if place == community]
        while names:
            size = draw.randint(1, 4)
            rows.append((community, names[:size]))
            names = names[size:]
    fields: list[tuple[Any, ...]] = [
        ("activity date", lambda _: (draw.randint(2023, 2024), draw.randint(1, 12), draw.randint(1, 28))),
        ("community", lambda row: clerk.community(row[0])),
        (
            "activity",
            lambda _: draw.choice(
                ["义诊进社区", "学雷锋志愿服务", "七一主题党日", "敬老活动", "清洁家园", "读书分享会"]
            ),
        ),
        ("unit name", lambda row: clerk.joined(row[1])),
        ("number of people", lambda _: draw.randint(8, 90), 0.6),
    ]
    return build(clerk, "co_building", title, rows, fields)


def registrations_table(clerk: Clerk, title: str) -> Table:
    """Members in service who registered with a community."""
    fields: list[tuple[Any, ...]] = [
        ("person name", lambda entry: entry[0].name),
        ("id number", lambda entry: entry[0].id_no, 0.6),
        ("work unit", lambda entry: entry[0].work, 0.9),
        ("community registered with", lambda entry: clerk.community(entry[1])),
        ("registration date", lambda entry: entry[2]),
        ("post claimed", lambda _: clerk.draw.choice(["文明劝导岗", "治安巡逻岗", "政策宣传岗", "扶老助残岗"]), 0.7),
        ("phone", lambda entry: entry[0].phone, 0.4),
    ]
    return build(clerk, "registrations", title, clerk.world.registrations, fields)


def grids_table(clerk: Clerk, title: str) -> Table:
    """The grids of the street."""
    words = ["community", "grid name", "grid leader", "grid worker", "households", "population"]
    fields = [(word, lambda grid, word=word: grid[word]) for word in words]
    return build(clerk, "grids", title, clerk.world.grids, fields)


def instructors_table(clerk: Clerk, title: str) -> Table:
    """Who guides which units that have no organization."""
    guided = [unit for unit in clerk.world.units if unit.instructor]
    fields: list[tuple[Any, ...]] = [
        ("person name", lambda unit: unit.instructor),
        ("work unit and post", lambda _: clerk.draw.choice(["党建办干事", "组织委员", "党建办副主任"]), 0.5),
        ("units instructed", clerk.unit),
        ("start date", lambda _: (2024, clerk.draw.randint(1, 9), clerk.draw.randint(1, 28)), 0.7),
        ("phone", lambda _: "15000000000", 0),
    ]
    return build(clerk, "instructors", title, guided, fields)


def _shuffled(clerk: Clerk, fields: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Now and then a clerk has put one column elsewhere."""
    if clerk.draw.random() < 0.4:
        moved = fields.pop(clerk.draw.randrange(len(fields)))
        fields.insert(clerk.draw.randrange(len(fields) + 1), moved)
    return fields


def _sector(clerk: Clerk) -> Any:
    names = CODED_SECTORS if clerk.is_export else clerk.draw.choice(SECTORS)
    return lambda unit: names[unit.sector]


def _formation(clerk: Clerk) -> Any:
    own, joint, none = clerk.draw.choice(
        [("单独组建", "联合组建", ""), ("单独", "联合", "未建"), ("单独建", "联合建", "未组建")]
    )
    return lambda unit: none if not unit.organizations else own if unit.organizations[0].own else joint


def _org_type(clerk: Clerk) -> Any:
    form = clerk.draw.choice(["{code}_{kind}", "{code} {kind}"]) if clerk.is_export else "{kind}"
    return lambda org: form.format(code=ORG_CODES[org.kind], kind=org.kind)


def _full(members: Sequence[Member]) -> int:
    return sum(member.became_full is not None for member in members)
