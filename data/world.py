"""The invented street: who there is and what is planted, before any workbook is written.

Nothing here knows pbgraph. `data/README.md` describes the street; every name is made up and
every identity number starts with 999999, a region that does not exist.
"""

from dataclasses import dataclass, field
from random import Random

HOME = "江南省/云州市/青屏区/望湖街道"
COMMUNITIES = ("金桥社区", "滨河社区", "东湖社区", "学府社区", "新城社区", "工人新村社区")
COMMUNITY_ORGS = {
    "金桥社区": ("金桥社区党委", "611"),
    "滨河社区": ("滨河社区党总支", "621"),
    "东湖社区": ("东湖社区党总支", "621"),
    "学府社区": ("学府社区党支部", "631"),
    "新城社区": ("新城社区党委", "611"),
    "工人新村社区": ("工人新村社区党委", "611"),
}
COMMITTEES = {
    "金桥社区大党委": (("金桥社区",), 11),
    "滨河社区大党委": (("滨河社区",), 9),
    "东湖学府片区联合党委": (("东湖社区", "学府社区"), 13),
    "新城社区大党委": (("新城社区",), 16),
    "工人新村社区大党委": (("工人新村社区",), 9),
}
LEDGER_NAMES_ORG = ("东湖社区", "新城社区")  # where the ledger of units has the organization in the unit's own row
PAIRED_BY_COMMUNITY = ("新城社区", "工人新村社区")  # where co-building is listed by community and partner
STREET_ORG = "中共望湖街道工作委员会"
NEW_ORG = "望湖街道两新组织综合党委"
_BRANDS = (
    "宏达 恒远 瑞丰 天成 众诚 明德 嘉禾 新瑞 博雅 华茂 泰和 永安 德信 万通 晨光 锦绣 春晖 启航 远景 汇通 "
    "佳美 长青 同心 福源 智联 云帆 星河 百川 中岳 金穗 海纳 立信 正和 安泰 祥云 鼎盛 凯旋 东篱 南屏 北辰 "
    "西泠 朗润 清源 若水 致远 弘毅 格物 知行 朝阳 和顺 广厦 千寻 万象 九章 三才 四方 五岳 六合 七星 八达"
).split()
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉兰建国志文斌慧婷宇浩雪梅倩琳鑫波峰云飞"
_OUTSIDE = {
    "government": ("青屏区直属机关工作委员会",),
    "institution": ("青屏区文化和旅游局党委", "云州市交通运输局党委"),
    "school": ("青屏区教育局党委",),
    "hospital": ("青屏区卫生健康局党委",),
    "state_firm": ("云州市国资委党委", "江南省电力公司党委", "云州市商业银行党委"),
    "collective_firm": ("云州市供销合作社党委",),
}
_PUBLIC = (
    ("government", "青屏区{}管理局", ("城市", "水务", "园林")),
    ("institution", "云州市{}中心", ("档案服务", "测绘", "公共资源", "群众文化")),
    ("school", "云州市第{}中学", ("三", "九")),
    ("school", "青屏区{}小学", ("望湖", "东湖", "实验")),
    ("hospital", "青屏区第{}人民医院", ("一", "二")),
    ("state_firm", "云州{}有限公司", ("公交集团第四", "自来水", "城投置业", "热力")),
    ("state_firm", "云州市商业银行{}支行", ("金桥", "新城")),
    ("collective_firm", "云州{}社", ("供销", "手工业联合")),
)
_FIRMS = (
    "云州{}机械有限公司", "云州{}科技有限公司", "{}商贸有限公司", "云州市{}建筑工程有限公司", "{}物流有限公司",
    "云州{}餐饮管理有限公司", "{}（云州）网络科技有限公司", "{}文化传媒有限公司", "云州{}装饰有限公司",
)
_SOCIAL = ("{}律师事务所", "望湖街道{}志愿者协会", "{}养老服务中心", "云州{}职业培训学校", "{}会计师事务所")


@dataclass
class Unit:
    """A resident unit and what is true of it."""

    name: str
    kind: str
    community: str
    state: str
    full: int = 0
    probationary: int = 0
    staff: int = 0
    grid: str = ""
    code: str = ""
    operating: str = "正常"
    mass: str = ""
    counted_by: str = "ledger"
    ties: int = 0


@dataclass
class Org:
    """A Party organization; `parent` is "" for a root."""

    name: str
    kind: str
    parent: str
    community: str
    units: list[Unit] = field(default_factory=list)
    attribute: str = ""
    grid: str = ""
    expected: str = ""
    stated: str = ""
    sheet: str = "community"


@dataclass
class Person:
    """A member, or an in-service member who registers."""

    name: str
    id_no: str
    gender: str
    birth: tuple[int, int, int]
    joined: tuple[int, int, int]
    phone: str
    org: Org | None = None
    unit: Unit | None = None
    is_full: bool = True
    post: str = ""
    status: str = "正常"


@dataclass
class World:
    """All of it, and the random source that the workbooks go on using."""

    random: Random
    month: int = 6
    units: list[Unit] = field(default_factory=list)
    orgs: list[Org] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    instructors: list[tuple[str, str, list[Unit]]] = field(default_factory=list)
    agreements: list[dict] = field(default_factory=list)
    projects: list[dict] = field(default_factory=list)
    registrations: list[dict] = field(default_factory=list)


def make_world(seed: int = 20250630) -> World:
    """Make the street; the same seed makes the same street."""
    world = World(Random(seed))
    _add_units(world)
    _add_street_orgs(world)
    _add_unit_orgs(world)
    _add_joint_orgs(world)
    _add_members(world)
    _add_instructors(world)
    _state_management(world)
    _add_ties(world)
    _add_registrations(world)
    return world


def grids(community: str) -> list[str]:
    """The four grids of a community."""
    return [f"{community}第{number}网格" for number in "一二三四"]


def credit_code(body: str) -> str:
    """An invented unified social credit code: no region has the number 999999, the check character is right (GB 32100)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    code = "91999999" + body
    total = sum(alphabet.index(character) * weight for character, weight in zip(code, weights))
    return code + alphabet[-total % 31]


def organization_of(world: World, unit: Unit) -> Org | None:
    """The organization that covers a unit."""
    return next((org for org in world.orgs if unit in org.units), None)


def told_by_own_row(world: World) -> dict[str, Org]:
    """Units whose organization only their own row in the ledger names: the list of organizations says nothing.

    Firms with a branch of their own, the joint branch of 东湖社区 as a whole, half of that of 新城社区.
    """
    told: dict[str, Org] = {}
    for community in LEDGER_NAMES_ORG:
        orgs = [org for org in world.orgs if org.community == community and org.attribute in {"private_firm", "social_organization"}]
        for org in orgs:
            units = [unit for unit in org.units if unit.community == community]
            told |= {unit.name: org for unit in (units[1:] if community == "新城社区" and org.kind == "632" else units)}
    return told


def _unit(world: World, name: str, kind: str, community: str, state: str, **more: object) -> Unit:
    random = world.random
    unit = Unit(name, kind, community, state, **more)  # type: ignore[arg-type]
    unit.grid = random.choice(grids(community))
    unit.code = credit_code("".join(random.choice("0123456789ABCDEFGHJK") for _ in range(16))[:9])
    unit.staff = unit.staff or random.randint(8, 160)
    world.units.append(unit)
    return unit


def _add_units(world: World) -> None:
    """Units by planted state: the numbers are what `truth.json` counts."""
    random = world.random
    for community in COMMUNITIES:
        _unit(world, f"{community}居民委员会", "residents_committee", community, "own", full=6, staff=12)
    for kind, pattern, names in _PUBLIC:
        for name in names:
            community = random.choice(COMMUNITIES)
            _unit(world, pattern.format(name), kind, community, "own", full=random.randint(3, 14))
    brands = iter(random.sample(_BRANDS, len(_BRANDS)) + [a + b for a, b in zip(_BRANDS, _BRANDS[7:], strict=False)])
    plan = (
        ["own"] * 18 + ["joint"] * 20 + ["split-due"] * 2 + ["must-establish"] * 6
        + ["joint-candidate"] * 8 + ["borderline"] * 3 + ["work"] * 30 + ["blank"] * 14 + ["out"] * 7
    )
    sizes = {
        "own": (3, 12, 1), "joint": (1, 2, 1), "split-due": (3, 4, 0), "must-establish": (3, 6, 1),
        "joint-candidate": (1, 2, 0), "borderline": (2, 2, 2), "work": (0, 0, 0), "blank": (0, 0, 0), "out": (0, 0, 0),
    }
    for index, state in enumerate(plan):
        community = COMMUNITIES[index % 6]
        if state == "joint":  # four to a branch; the last branch has one from next door
            number = index - plan.index("joint")
            community = COMMUNITIES[(number + (number == 19) * 4) // 4]
        elif state == "split-due":
            community = COMMUNITIES[index - plan.index("split-due")]
        is_social = index % 4 == 3
        pattern = random.choice(_SOCIAL if is_social else _FIRMS)
        low, high, extra = sizes[state]
        unit = _unit(
            world, pattern.format(next(brands)), "social_organization" if is_social else "private_firm",
            community, state, full=random.randint(low, high),
        )
        unit.probationary = random.randint(0, extra)
        if state == "borderline":
            unit.probationary = random.randint(1, 2)
        if state == "joint-candidate":
            unit.full, unit.probationary = (2, 0) if index % 2 else (1, 1)
        if state == "out":
            unit.operating = random.choice(["注销", "停业", "空壳企业"])
        if state == "work" and index % 5 == 0:
            unit.mass = random.choice(["工会", "工会、共青团", "工会；妇联"])
        if state in {"must-establish", "joint-candidate"} and index % 2:
            unit.counted_by = "roster"
    for community, brand in zip(COMMUNITIES, ("安居", "怡园", "绿城里", "书香", "新家园", "工友"), strict=True):
        _unit(world, f"云州{brand}物业服务有限公司", "property_service", community, "joint-candidate", full=1)
        _unit(world, f"{brand}小区业主委员会", "owners_committee", community, "blank", staff=5)


def _add_street_orgs(world: World) -> None:
    world.orgs.append(Org(STREET_ORG, "党工委", "中共青屏区委员会", "", attribute="机关"))
    world.orgs.append(Org(NEW_ORG, "611", STREET_ORG, "", attribute="机关"))
    for community, (name, kind) in COMMUNITY_ORGS.items():
        host = next(u for u in world.units if u.name == f"{community}居民委员会")
        world.orgs.append(Org(name, kind, STREET_ORG, community, [host], "居委会"))
        n_branches = {"611": 3, "621": 2, "631": 0}[kind]
        for number in range(n_branches):
            title = f"{community}第{'一二三'[number]}党支部" if community not in ("新城社区", "工人新村社区") else f"第{'一二三'[number]}党支部"
            world.orgs.append(Org(title, "631", name, community, grid=grids(community)[number]))
    for community in ("金桥社区", "滨河社区"):
        branch = f"{community}第一党支部"
        world.orgs.append(Org(f"{community}第一网格党小组", "641", branch, community, grid=grids(community)[0]))


def _add_unit_orgs(world: World) -> None:
    random = world.random
    firms = [u for u in world.units if u.state == "own" and u.kind in {"private_firm", "social_organization"}]
    for unit in [u for u in world.units if u.state == "own" and u.kind in _OUTSIDE]:
        kind = "611" if unit.full > 11 else "631"
        parent = random.choice(_OUTSIDE[unit.kind])
        level = "党委" if kind == "611" else "党支部"
        world.orgs.append(Org(f"{unit.name}{level}", kind, parent, unit.community, [unit], unit.kind, expected="dual"))
    for index, unit in enumerate(firms):
        parent = "" if index in (3, 8, 13) else NEW_ORG if index % 2 else COMMUNITY_ORGS[unit.community][0]
        world.orgs.append(
            Org(f"{unit.name}党支部", "631", parent, unit.community, [unit], unit.kind, expected="" if parent else "direct")
        )
    firm = _unit(world, "云州石化集团有限公司", "state_firm", "工人新村社区", "own", full=9, staff=860)
    root = Org("中共云州石化集团有限公司委员会", "611", "", "工人新村社区", [firm], "state_firm")
    world.orgs.append(root)
    world.orgs.append(Org("云州石化集团炼化厂党总支", "621", root.name, "工人新村社区", attribute="state_firm"))
    for number in "一二":
        world.orgs.append(Org(f"炼化厂第{number}党支部", "631", "云州石化集团炼化厂党总支", "工人新村社区", attribute="state_firm"))
    project = _unit(world, "望湖隧道工程项目部", "state_firm", "东湖社区", "own", full=5, staff=140)
    world.orgs.append(
        Org("望湖隧道工程项目临时党支部", "931", "云州市交通运输局党委", "东湖社区", [project], "state_firm", expected="dual")
    )


def _add_joint_orgs(world: World) -> None:
    """Five joint branches; two of them hold a unit that should leave (A7)."""
    joint = [u for u in world.units if u.state == "joint"]
    leaving = [u for u in world.units if u.state == "split-due"]
    for number, start in enumerate(range(0, 20, 4)):
        units = joint[start : start + 4] + leaving[number : number + 1]
        community = units[0].community
        parent = NEW_ORG if number % 2 else COMMUNITY_ORGS[community][0]
        title = ("商圈", "楼宇", "园区", "沿河", "市场")[number]
        world.orgs.append(Org(f"{community[:-2]}{title}联合党支部", "632", parent, community, units, "private_firm"))


def _person(world: World, *, is_full: bool = True) -> Person:
    random = world.random
    birth = (random.randint(1948, 2000), random.randint(1, 12), random.randint(1, 28))
    year = min(birth[0] + random.randint(20, 40), 2023 if is_full else 2025)
    if not is_full:
        year = 2024
    is_male = random.random() < 0.58
    serial = random.randint(0, 49) * 2 + (1 if is_male else 0)
    digits = "999999{:04d}{:02d}{:02d}{:02d}{:d}".format(*birth, random.randint(0, 99), serial % 10)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
    given = "".join(random.choice(_GIVEN) for _ in range(random.choice((1, 2, 2))))
    return Person(
        random.choice(_SURNAMES) + given, digits + check, "男" if is_male else "女", birth,
        (year, random.randint(1, 12), random.randint(1, 28)), f"1990000{random.randint(0, 9999):04d}", is_full=is_full,
    )


def _add_members(world: World) -> None:
    """About 1,200 people; those of a unit work there, those of residents' branches mostly not."""
    random = world.random
    for org in world.orgs:
        if org.kind in {"党工委", "641"} or org.name == NEW_ORG:
            continue
        people: list[Person] = []
        for unit in org.units:
            people += [_person(world) for _ in range(unit.full)]
            people += [_person(world, is_full=False) for _ in range(unit.probationary)]
            for person in people[-(unit.full + unit.probationary) :]:
                person.unit = unit
        if not org.units:
            size = random.randint(42, 58) if "社区" in org.parent else random.randint(14, 26)
            people += [_person(world, is_full=random.random() > 0.06) for _ in range(size)]
        if people:
            people[0].post, people[0].is_full = "书记", True
            people[0].joined = (min(people[0].joined[0], 2023), *people[0].joined[1:])
        for person in people:
            person.org = org
        world.people += people
    for unit in world.units:
        if unit.counted_by != "roster":
            continue
        branch = _residents_branch(world, unit.community)
        for index in range(unit.full + unit.probationary):
            person = _person(world, is_full=index < unit.full)
            person.org, person.unit = branch, unit
            world.people.append(person)
    for person in random.sample([p for p in world.people if p.unit is None], 14):
        person.status = random.choice(["停止党籍", "已转出", "已死亡"])


def _residents_branch(world: World, community: str) -> Org:
    inside = [o for o in world.orgs if o.community == community and o.kind == "631" and not o.units]
    return inside[0] if inside else next(o for o in world.orgs if o.name == COMMUNITY_ORGS[community][0])


def _add_instructors(world: World) -> None:
    """Twelve instructors; one also guides a unit that must establish a branch."""
    guided = [u for u in world.units if u.state == "work" and not u.mass]
    guided.append(next(u for u in world.units if u.state == "must-establish"))
    sizes = [len(guided) // 12 + (index < len(guided) % 12) for index in range(12)]
    for size in sizes:
        units, guided = guided[:size], guided[size:]
        world.instructors.append((_person(world).name, world.random.choice(("望湖街道党建办", "青屏区委组织部", "望湖街道综治办")), units))


def _state_management(world: World) -> None:
    """What the member-unit list says: mostly right, with planted faults."""
    dual = [o for o in world.orgs if o.expected == "dual"]
    for org in world.orgs:
        org.stated = org.expected
    for org in (dual[2], dual[7], dual[11]):
        org.stated = ""
    for org in (dual[4], dual[14]):
        org.stated = "direct"
    dual[9].stated = "both"
    next(o for o in world.orgs if o.expected == "direct").stated = "dual"


def _add_ties(world: World) -> None:
    """About 90 agreements and 60 projects; a quarter of the units stay without any."""
    random = world.random
    scope = [u for u in world.units if u.state != "out"]
    tied = random.sample(scope, int(len(scope) * 0.62))
    categories = ("党建工作联做", "社区资源联享", "精神文明联创", "服务难题联解", "公益事业联办", "生活环境联建")
    for index in range(88):
        units = [random.choice(tied[:70])] if index % 11 else random.sample(tied[:70], 3)
        community = units[0].community if index % 6 else random.choice(COMMUNITIES)
        stopped = index % 17 == 5
        for unit in units:
            unit.ties += 1
        world.agreements.append({
            "party_a": COMMUNITY_ORGS[community][0], "units": units, "community": community,
            "categories": random.sample(categories[: 5 if community == "学府社区" else 6], random.choice((1, 1, 2))),
            "start": (random.randint(2021, 2025), random.randint(1, 12), random.randint(1, 28)), "stopped": stopped,
        })
    kinds = ("便民义诊", "楼道亮化", "暑期托管", "反诈宣传", "助老送餐", "法律咨询", "垃圾分类督导", "电梯加装协商", "岗位推介", "口袋公园共建")
    for index in range(60):
        claimed = [] if index % 10 == 9 else random.sample(tied[40:], 1 if index % 7 else 2)
        for unit in claimed:
            unit.ties += 1
        community = claimed[0].community if claimed else COMMUNITIES[index % 6]
        world.projects.append({
            "name": f"{community[:-2]}{kinds[index % 10]}项目（{index // 10 + 1}期）", "community": community, "units": claimed,
            "category": random.choice(categories), "progress": random.choice(("未启动", "实施中", "已完成")),
            "start": (2025, random.randint(1, 6), random.randint(1, 28)),
        })


def _add_registrations(world: World) -> None:
    random = world.random
    public = [u for u in world.units if u.kind in _OUTSIDE]
    rostered = random.sample([p for p in world.people if p.unit in public], 60)
    people = rostered + [_person(world) for _ in range(190)]
    for person in people:
        community = random.choice(COMMUNITIES)
        world.registrations.append({
            "person": person, "community": community, "unit": person.unit.name if person.unit else random.choice(public).name,
            "date": (random.randint(2023, 2025), random.randint(1, 5), random.randint(1, 28)), "revoked": random.random() < 0.03,
            "post": random.choice(("政策宣传岗", "环境监督岗", "治安巡逻岗", "助老服务岗", "矛盾调解岗")),
        })
