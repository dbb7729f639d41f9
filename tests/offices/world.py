"""One invented street: its communities, units, Party organizations, members, committees and pairs."""

from dataclasses import dataclass, field
from random import Random

from .names import BRANDS, COMMUNITIES, FIRM_FORMS, PUBLIC, STREETS, SURNAMES, TOWNS, TRADES, given_name
from .numbers import credit_code, id_number, phone, wrong_id

Day = tuple[int, int, int]


@dataclass(eq=False)
class Unit:
    """A resident unit. `how` is own, joint, none or closed."""

    name: str
    short: str
    trade: str
    community: str
    sector: str
    grid: str
    head: str
    contact: str
    phone: str
    address: str
    code: str
    staff: int
    how: str
    full: int = 0
    probationary: int = 0
    instructor: str = ""
    organizations: list["Organization"] = field(default_factory=list)


@dataclass(eq=False)
class Organization:
    """A Party organization; `kind` as in 党支部, 联合党支部, 党总支, 党委."""

    name: str
    kind: str
    parent: str
    community: str
    secretary: str
    phone: str
    founded: Day
    elected: Day
    units: list[Unit] = field(default_factory=list)
    members: list["Member"] = field(default_factory=list)
    is_outside: bool = False
    own: bool = True


@dataclass(eq=False)
class Member:
    """A member of a branch."""

    name: str
    gender: str
    born: Day
    id_no: str
    education: str
    nation: str
    joined: Day
    became_full: Day | None
    phone: str
    home: str
    post: str
    org: Organization
    work: str


@dataclass(eq=False)
class Seat:
    """A person on the committee of a community; `unit` is None for the community's own people.

    `rank` is secretary, deputy, leading unit or unit; `post` what the office calls it.
    """

    community: str
    rank: str
    post: str
    name: str
    gender: str
    unit: Unit | None
    unit_post: str
    phone: str
    since: Day


@dataclass
class World:
    """Everything that is true of one street."""

    street: str
    city: str
    district: str
    communities: list[str]
    units: list[Unit]
    organizations: list[Organization]
    superiors: list[str]
    seats: list[Seat]
    pairs: list[tuple[str, str, Unit | None]]  # community, name, unit of the ledger
    registrations: list[tuple[Member, str, Day]]
    grids: list[dict[str, object]]
    wrong_ids: list[str] = field(default_factory=list)
    twice: list[Member] = field(default_factory=list)  # entered a second time by mistake

    @property
    def members(self) -> list[Member]:
        return [member for org in self.organizations for member in org.members]

    @property
    def roster(self) -> list[Member]:
        """The members as they are entered, a few of them twice."""
        return [m for org in self.organizations for m in [*org.members, *(m for m in self.twice if m.org is org)]]


def make_world(draw: Random) -> World:
    """Draw a street of three to six communities."""
    city, district = draw.sample(TOWNS, 2)
    world = World(draw.choice(STREETS) + "街道", city + "市", district + "区", [], [], [], [], [], [], [], [])
    world.communities = [name + "社区" for name in draw.sample(COMMUNITIES, draw.randint(3, 6))]
    _draw_units(world, draw)
    _draw_community_organizations(world, draw)
    _draw_unit_organizations(world, draw)
    _draw_joint_branches(world, draw)
    for org in world.organizations:
        if not (org.kind != "党支部" and not org.units):
            org.members = [_member(world, org, draw, i) for i in range(draw.randint(3, 9))]
            org.secretary = org.members[0].name
    world.twice = draw.sample(world.members, draw.choice([0, 1, 2]))
    for member in draw.sample(world.members, len(world.members) // 60):
        member.id_no = wrong_id(member.id_no)
        world.wrong_ids.append(member.id_no)
    for unit in world.units:
        _count_members(unit, draw)
    _draw_seats(world, draw)
    _draw_pairs(world, draw)
    _draw_registrations(world, draw)
    _draw_grids(world, draw)
    return world


def person(draw: Random) -> str:
    return draw.choice(SURNAMES) + given_name(draw)


def day(draw: Random, first: int, last: int) -> Day:
    return draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)


def _draw_units(world: World, draw: Random) -> None:
    brands = draw.sample(BRANDS, len(BRANDS))
    public = draw.sample(PUBLIC, len(PUBLIC))
    for community in world.communities:
        for _ in range(draw.randint(9, 16)):
            if public and draw.random() < 0.25:
                sector, pattern = public.pop()
                short, trade = pattern, pattern
                name = draw.choice([world.district, world.district, world.street[:-2] + "街道"]) + pattern
            else:
                sector, trade, form = _firm(draw)
                short = brands.pop() + trade
                name = short + form if draw.random() < 0.3 else draw.choice([world.city, world.district]) + short + form
                if form and draw.random() < 0.12:
                    name = f"{short}（{world.city[:-1]}）{form}"
            world.units.append(_unit(world, draw, name, short, trade, community, sector))


def _firm(draw: Random) -> tuple[str, str, str]:
    sector, trade = draw.choice(TRADES)
    return sector, trade, draw.choice(FIRM_FORMS) if sector in {"非公企业", "国有企业"} else ""


def _unit(world: World, draw: Random, name: str, short: str, trade: str, community: str, sector: str) -> Unit:
    how = draw.choices(["own", "joint", "none", "closed"], [0.36, 0.2, 0.4, 0.04])[0]
    if sector == "机关" and how != "own":
        how = draw.choice(["own", "none"])
    heads = {"机关": "11", "事业单位": "12", "社会组织": "52"}
    return Unit(
        name, short, trade, community, sector,
        grid=f"{community[:-2]}第{'一二三四'[draw.randrange(4)]}网格", head=person(draw), contact=person(draw),
        phone=phone(draw), address=f"{draw.choice(['兴华', '新安', '迎宾', '云山', '学前', '长虹'])}路{draw.randint(2, 399)}号",
        code=credit_code(draw, heads.get(sector, "91")), staff=int(draw.choice([4, 8, 15, 30, 60, 120]) * draw.uniform(0.7, 1.6)),
        how=how,
    )  # fmt: skip


def _organization(draw: Random, name: str, kind: str, parent: str, community: str, units: list[Unit]) -> Organization:
    founded, elected = day(draw, 1998, 2020), day(draw, 2020, 2024)
    return Organization(name, kind, parent, community, person(draw), phone(draw), founded, elected, units)


def _draw_community_organizations(world: World, draw: Random) -> None:
    committee = f"中共{world.street}工作委员会"
    world.superiors.append(committee)
    style = draw.choice(["{}党总支", "中共{}总支部委员会", "中共{}委员会", "{}党委"])
    for community in world.communities:
        kind = "党委" if style.endswith(("党委", "}委员会")) else "党总支"
        top = _organization(draw, style.format(community), kind, committee, community, [])
        world.organizations.append(top)
        labels = draw.choice([["第一", "第二", "第三", "第四"], ["离退休", "流动", "居民第一", "居民第二"]])
        for label in labels[: draw.randint(1, 3)]:
            name = draw.choice(
                [f"{community}{label}党支部", f"{community}{label}党支部", f"中共{community}{label}支部委员会"]
            )
            world.organizations.append(_organization(draw, name, "党支部", top.name, community, []))


def _top(world: World, community: str) -> str:
    return next(org.name for org in world.organizations if org.community == community)


def _outside_superior(world: World, unit: Unit) -> str:
    if unit.sector == "国有企业":
        return f"中共{world.city}国有资产监督管理委员会委员会"
    if any(word in unit.name for word in ("学", "幼儿园")):
        return f"中共{world.district}教育局委员会"
    if any(word in unit.name for word in ("医院", "卫生")):
        return f"中共{world.district}卫生健康局委员会"
    return f"中共{world.district}直属机关工作委员会"


def _draw_unit_organizations(world: World, draw: Random) -> None:
    for unit in world.units:
        if unit.how != "own":
            continue
        called = draw.choice([unit.name, unit.short])
        kind = draw.choices(["党支部", "党总支", "党委"], [0.86, 0.1, 0.04])[0]
        word = {"党支部": "支部委员会", "党总支": "总支部委员会", "党委": "委员会"}[kind]
        name = draw.choice([f"中共{called}{word}", f"{called}{kind}"])
        outside = unit.sector in {"机关", "事业单位", "国有企业"} and draw.random() < 0.7
        parent = (
            _outside_superior(world, unit)
            if outside
            else draw.choice([_top(world, unit.community), world.superiors[0]])
        )
        if parent not in world.superiors and outside:
            world.superiors.append(parent)
        org = _organization(draw, name, kind, parent, unit.community, [unit])
        org.is_outside = outside
        unit.organizations.append(org)
        world.organizations.append(org)


def _draw_joint_branches(world: World, draw: Random) -> None:
    numbers: dict[str, int] = {}
    for community in world.communities:
        waiting = [unit for unit in world.units if unit.how == "joint" and unit.community == community]
        while waiting:
            size = 3 if len(waiting) == 3 else 2
            units, waiting = waiting[:size], waiting[size:]
            if len(units) == 1:
                units[0].how = "none"
                continue
            numbers[community] = numbers.get(community, 0) + 1
            order = "一二三四五六七八九"[numbers[community] - 1]
            name = draw.choice(
                [
                    f"{community}两新组织第{order}联合党支部",
                    f"{units[0].short}等联合党支部",
                    f"{community}第{order}联合党支部",
                ]
            )
            org = _organization(draw, name, "联合党支部", _top(world, community), community, units)
            org.own = False
            world.organizations.append(org)
            for unit in units:
                unit.organizations.append(org)


def _member(world: World, org: Organization, draw: Random, place: int) -> Member:
    gender = draw.choice("男女")
    born = day(draw, 1945, 1999)
    joined = (min(born[0] + draw.randint(19, 35), 2023), draw.randint(1, 12), draw.randint(1, 28))
    full = (joined[0] + 1, joined[1], joined[2]) if draw.random() < 0.9 or joined[0] < 2021 else None
    posts = ["书记", "组织委员", "宣传委员"]
    return Member(
        person(draw), gender, born, id_number(draw, born, gender), draw.choice(["大学", "大专", "高中", "研究生", "中专"]),
        draw.choice(["汉族"] * 9 + ["回族"]), joined, full, phone(draw),
        f"{draw.choice(world.communities)}{draw.choice(['阳光', '翠苑', '锦绣'])}小区{draw.randint(1, 30)}幢{draw.randint(101, 999)}室",
        posts[place] if place < 3 and draw.random() < 0.8 else "", org, org.units[0].name if org.units else "",
    )  # fmt: skip


def _count_members(unit: Unit, draw: Random) -> None:
    members = [m for org in unit.organizations if org.own for m in org.members]
    if members:
        unit.full = sum(m.became_full is not None for m in members)
        unit.probationary = len(members) - unit.full
    else:
        unit.full = draw.choice([0, 0, 1, 1, 2, 2, 3, 4, 6])
        unit.probationary = draw.choice([0, 0, 0, 1])
    if unit.how == "none" and draw.random() < 0.25:
        unit.instructor = person(draw)
    unit.staff = max(unit.staff, unit.full + unit.probationary + 1)


def _draw_seats(world: World, draw: Random) -> None:
    """A committee of each community: its secretary, a deputy, and three to five people from units."""
    leading, other = draw.choice([("兼职副书记", "兼职委员"), ("副书记（兼）", "委员（兼）"), ("兼职副书记", "委员")])
    for community in world.communities:
        top = next(org for org in world.organizations if org.community == community)
        since = day(draw, 2021, 2024)
        local = [
            ("secretary", "书记", top.secretary, "党组织书记"),
            ("deputy", "专职副书记", person(draw), "居委会主任"),
        ]
        for rank, post, name, work in local:
            world.seats.append(Seat(community, rank, post, name, draw.choice("男女"), None, work, phone(draw), since))
        units = [unit for unit in world.units if unit.community == community and unit.how != "closed"]
        for place, unit in enumerate(draw.sample(units, min(len(units), draw.randint(3, 5)))):
            rank, post = ("unit", other) if place else ("leading unit", leading)
            work = draw.choice(["总经理", "主任", "办公室主任", "党支部书记", "副总经理", "工会主席"])
            world.seats.append(
                Seat(community, rank, post, person(draw), draw.choice("男女"), unit, work, phone(draw), since)
            )


def _draw_pairs(world: World, draw: Random) -> None:
    strangers = [f"{world.city}{name}" for name in draw.sample(["图书馆", "气象局", "供电公司", "公证处", "档案馆"], 2)]
    for community in world.communities:
        units = [unit for unit in world.units if unit.how != "closed"]
        for unit in draw.sample(units, draw.randint(5, 9)):
            world.pairs.append((community, unit.name, unit))
        if strangers and draw.random() < 0.6:
            world.pairs.append((community, strangers.pop(), None))


def _draw_registrations(world: World, draw: Random) -> None:
    working = [m for m in world.members if m.work]
    for member in draw.sample(working, min(len(working), draw.randint(15, 35))):
        world.registrations.append((member, draw.choice(world.communities), day(draw, 2022, 2024)))


def _draw_grids(world: World, draw: Random) -> None:
    for name in sorted({unit.grid for unit in world.units}):
        community = next(unit.community for unit in world.units if unit.grid == name)
        world.grids.append(
            {"community": community, "grid name": name, "grid leader": person(draw), "grid worker": person(draw),
             "households": draw.randint(180, 460), "population": draw.randint(500, 1300)}
        )  # fmt: skip
