"""The ways of keeping each list, by kind: every style puts its lists on the desk and notes what they tell."""

from collections.abc import Callable

from . import lists
from .desk import Desk
from .tables import Table
from .world import Organization, Unit

Style = Callable[[Desk], None]
UNIT_TITLES = [
    "辖区单位情况一览表",
    "驻区单位党建台账",
    "单位党建摸排表",
    "辖区企事业单位统计表",
    "“两新”及驻区单位底册",
]
ORG_TITLES = ["基层党组织一览表", "党组织名册", "党支部基本情况表", "党组织设置情况", "党组织底册"]
MEMBER_TITLES = ["党员花名册", "在册党员名单", "党员信息采集表", "党员基本情况"]
SEAT_TITLES = ["社区大党委组成人员名单", "社区“大党委”班子成员登记表", "兼职委员名单", "大党委委员一览表"]
PAIR_TITLES = ["共建结对情况表", "社区与驻区单位结对共建清单", "结对共建台账", "共建协议签订情况"]


def _units(desk: Desk, units: list[Unit] | None = None) -> Table:
    names = "organizations tell" not in desk.told or desk.clerk.draw.random() < 0.5
    title = desk.title(UNIT_TITLES)
    if names:
        desk.told.add("units tell")
    return lists.units_table(
        desk.clerk, title, desk.clerk.world.units if units is None else units, names_organizations=names
    )


def units_plain(desk: Desk) -> None:
    table = _units(desk)
    desk.place(table, desk.look(table), "单位台账")


def units_two_rows(desk: Desk) -> None:
    table = _units(desk)
    desk.place(table, desk.look(table, title=True, grouped=True), "单位摸排表")


def units_ledger(desk: Desk) -> None:
    """The community merged in front, subtotals and a total."""
    table = _units(desk)
    column = table.column("community")
    table.columns.remove(column)
    table.columns.insert(0, column)
    look = desk.look(table, once="community", totals="groups", grouped=False, blank_every=0)
    desk.place(table, look, "辖区单位")


def units_sheet_each(desk: Desk) -> None:
    """A sheet for each community, which stands nowhere else."""
    table = _units(desk)
    parts = table.split(table.column("community").values)
    book, sheets = desk.sheets("各社区单位台账", [community for community, _ in parts])
    look = desk.look(table, grouped=False, blank_every=0)
    for sheet, (community, part) in zip(sheets, parts, strict=True):
        part = part.without("community")
        part.title = desk.clerk.draw.choice([part.title, community + part.title])
        part.truth["community_from"] = "sheet name"
        part.renumber()
        desk.put(book, sheet, part, look)


def units_bands(desk: Desk) -> None:
    table = _units(desk)
    heading = desk.clerk.draw.choice(["{}", "一、{}", "【{}】", "{}："])
    desk.place(
        table, desk.look(table, band="community", heading=heading, totals="", grouped=False, blank_every=0), "驻区单位"
    )


def units_blocks(desk: Desk) -> None:
    table = _units(desk)
    look = desk.look(table, title=False, block="community", heading="{}" + table.title, grouped=False, blank_every=0)
    desk.place(table, look, "各社区单位")


def units_halves(desk: Desk) -> None:
    """The list goes on at the right of itself."""
    _halves(desk, _units(desk), "单位名单")


def units_with_organizations(desk: Desk) -> None:
    """Unit and organization in one row, a list for each sector."""
    world = desk.clerk.world
    sorts = [
        ("非公企业党建工作台账", {"非公企业"}),
        ("社会组织党建台账", {"社会组织"}),
        ("机关事业国企情况", {"机关", "事业单位", "国有企业"}),
    ]
    for title, sectors in sorts:
        units = [unit for unit in world.units if unit.sector in sectors]
        if units:
            table = lists.unit_rows_with_organization(desk.clerk, world.street + title, units)
            desk.place(table, desk.look(table), title)
    desk.told |= {"units tell", "unit organizations listed"}


def units_beside_organizations(desk: Desk) -> None:
    """On a sheet for each community, its units at the left and its organizations at the right."""
    table = _units(desk)
    organizations = desk.clerk.world.organizations
    other = lists.organizations_table(desk.clerk, desk.title(ORG_TITLES), organizations, names_units=True)
    units = table.split(table.column("community").values)
    right = dict(other.split([org.community for org in organizations]))
    settled = {"title": True, "filled_by": "", "grouped": False, "note": "", "signature": "", "blank_every": 0}
    looks = desk.look(table, **settled), desk.look(other, **settled)
    gap = desk.clerk.draw.randint(0, 1)
    book, sheets = desk.sheets("社区党建台账", [community for community, _ in units])
    for sheet, (community, part) in zip(sheets, units, strict=True):
        desk.put(book, sheet, part, looks[0])
        desk.put(book, sheet, right[community], looks[1], left=sheet.n_columns + gap)
    desk.told |= {"organizations tell", "organizations listed"}


def _organizations(desk: Desk, organizations: list[Organization] | None = None) -> Table:
    names = "units tell" not in desk.told or desk.clerk.draw.random() < 0.6
    if names:
        desk.told.add("organizations tell")
    wanted = desk.clerk.world.organizations if organizations is None else organizations
    if "unit organizations listed" in desk.told:
        wanted = [org for org in wanted if not org.units]
        names = False
    return lists.organizations_table(desk.clerk, desk.title(ORG_TITLES), wanted, names_units=names)


def organizations_plain(desk: Desk) -> None:
    table = _organizations(desk)
    desk.place(table, desk.look(table), "党组织")


def organizations_below(desk: Desk) -> None:
    """On the sheet of the units, below them, with a title of their own."""
    table = _organizations(desk)
    is_free = desk.styles.get("units") in {"plain", "two rows", "ledger", "bands", "blocks", "halves"}
    desk.place(table, desk.look(table, title=True, grouped=False), "党组织", where="below" if is_free else "sheet")


def organizations_two_rows(desk: Desk) -> None:
    table = _organizations(desk)
    desk.place(table, desk.look(table, title=True, grouped=True), "党组织统计表")


def organizations_bands(desk: Desk) -> None:
    """The superior as a heading row."""
    world = desk.clerk.world
    order = sorted(
        world.organizations,
        key=lambda org: [world.superiors[0], *(o.name for o in world.organizations), *world.superiors].index(
            org.parent
        ),
    )
    table = _organizations(desk, order)
    wanted = [org for org in order if "unit organizations listed" not in desk.told or not org.units]
    table.column("parent organization").values = [org.parent for org in wanted]
    look = desk.look(table, band="parent organization", totals="", grouped=False, blank_every=0)
    desk.place(table, look, "党组织名册")


def organizations_turned(desk: Desk) -> None:
    """The communities as columns; the branches in a list of their own."""
    tops = [org for org in desk.clerk.world.organizations if org.kind in {"党总支", "党委"} and not org.units]
    rest = [org for org in desk.clerk.world.organizations if org not in tops]
    table = lists.organizations_table(desk.clerk, desk.title(["社区党组织基本情况"]), tops, names_units=False)
    table.columns = [column for column in table.columns if column.means != "serial number"]
    if not table.has("community"):
        table.columns.insert(
            0,
            lists.Column(
                "community", desk.clerk.header("organizations", "community", set()), [o.community for o in tops]
            ),
        )
    desk.place_turned(table, "社区党组织")
    table = _organizations(desk, rest)
    desk.place(table, desk.look(table), "下设支部")


def members_plain(desk: Desk) -> None:
    table = lists.members_table(desk.clerk, desk.title(MEMBER_TITLES), desk.clerk.world.roster)
    desk.place(table, desk.look(table), "党员花名册")


def members_two_rows(desk: Desk) -> None:
    table = lists.members_table(desk.clerk, desk.title(MEMBER_TITLES), desk.clerk.world.roster)
    desk.place(table, desk.look(table, title=True, grouped=True), "党员信息采集表")


def members_dates_only(desk: Desk) -> None:
    """No category; who has no date of full membership is on probation."""
    table = lists.members_table(desk.clerk, desk.title(MEMBER_TITLES), desk.clerk.world.roster, has_category=False)
    desk.place(table, desk.look(table), "党员名单")


def _members_by_branch(desk: Desk) -> Table:
    members = desk.clerk.world.roster
    table = lists.members_table(
        desk.clerk, desk.title(MEMBER_TITLES), members, has_category=desk.clerk.draw.random() < 0.7
    )
    table.column("organization of person").values = [member.org.name for member in members]
    return table


def members_bands(desk: Desk) -> None:
    table = _members_by_branch(desk)
    heading = desk.clerk.draw.choice(["{}", "{}：", "支部：{}"])
    look = desk.look(table, band="organization of person", heading=heading, grouped=False, blank_every=0)
    desk.place(table, look, "党员花名册")


def members_blocks(desk: Desk) -> None:
    table = _members_by_branch(desk)
    heading = desk.clerk.draw.choice(["{}", "{}党员名册", "{}党员花名册"])
    look = desk.look(
        table, title=False, filled_by="", block="organization of person", heading=heading, grouped=False, blank_every=0
    )
    desk.place(table, look, "各支部党员")


def members_once(desk: Desk) -> None:
    table = _members_by_branch(desk)
    column = table.column("organization of person")
    table.columns.remove(column)
    table.columns.insert(0, column)
    desk.place(table, desk.look(table, once="organization of person", grouped=False, blank_every=0), "在册党员")


def members_halves(desk: Desk) -> None:
    table = lists.members_table(desk.clerk, desk.title(MEMBER_TITLES), desk.clerk.world.roster)
    _halves(desk, table, "党员名单")


def _halves(desk: Desk, table: Table, hint: str) -> None:
    book, sheet = desk.sheet(hint)
    sheet.write(1, 0, table.title)
    middle = (len(table) + 1) // 2
    look = desk.look(table, title=False, filled_by="", grouped=False, totals="", note="", signature="", blank_every=0)
    gap = desk.clerk.draw.randint(0, 1)
    desk.put(book, sheet, table.rows(range(middle)), look, row=2)
    desk.put(book, sheet, table.rows(range(middle, len(table))), look, row=2, left=len(table.columns) + gap)


def seats_plain(desk: Desk) -> None:
    _seats(desk, joined_post=False)


def seats_joined(desk: Desk) -> None:
    """Unit and post in one cell."""
    _seats(desk, joined_post=True)


def _seats(desk: Desk, *, joined_post: bool) -> None:
    table = lists.seats_table(desk.clerk, desk.title(SEAT_TITLES), desk.clerk.world.seats, joined_post=joined_post)
    place = next(column.means for column in table.columns if column.means in {"community", "committee"})
    draw = desk.clerk.draw
    shape = "plain" if desk.clerk.is_export else draw.choice(["plain", "once", "band"])
    changes = {"plain": {}, "once": {"once": place}, "band": {"band": place}}[shape]
    desk.place(table, desk.look(table, blank_every=0, **changes), "大党委", where=_where(desk))


def seats_in_columns(desk: Desk) -> None:
    table = lists.committee_columns_table(desk.clerk, desk.title(SEAT_TITLES), desk.clerk.world.seats)
    desk.place(table, desk.look(table, blank_every=0), "大党委班子", where=_where(desk))


def seats_in_cells(desk: Desk) -> None:
    table = lists.committee_cells_table(desk.clerk, desk.title(SEAT_TITLES), desk.clerk.world.seats)
    desk.place(table, desk.look(table, blank_every=0), "大党委", where=_where(desk))


def seats_without_persons(desk: Desk) -> None:
    titles = ["大党委成员单位名单", "党建联席会成员单位一览表", "区域化党建联盟成员单位"]
    table = lists.participants_table(desk.clerk, desk.title(titles), desk.clerk.world.seats)
    desk.place(table, desk.look(table, blank_every=0, title=True), "成员单位", where=_where(desk))


def seats_units_in_cell(desk: Desk) -> None:
    titles = ["大党委成员单位名单", "党建联席会成员单位一览表", "社区共驻共建单位名单"]
    table = lists.committee_units_table(desk.clerk, desk.title(titles), desk.clerk.world.seats)
    desk.place(table, desk.look(table, blank_every=0, title=True), "成员单位", where=_where(desk))


def seats_turned(desk: Desk) -> None:
    table = lists.committee_columns_table(desk.clerk, desk.title(SEAT_TITLES), desk.clerk.world.seats)
    desk.place_turned(table, "大党委")


def pairs_three_columns(desk: Desk) -> None:
    _pairs(desk, lists.pairs_table(desk.clerk, desk.title(PAIR_TITLES), n_fields=3), once=True)


def pairs_wide(desk: Desk) -> None:
    _pairs(
        desk, lists.pairs_table(desk.clerk, desk.title(PAIR_TITLES), n_fields=desk.clerk.draw.randint(4, 7)), once=True
    )


def pairs_three_lists(desk: Desk) -> None:
    table = lists.three_lists_table(desk.clerk, desk.title(["共建资源、需求、项目清单", "“三张清单”汇总表"]))
    _pairs(desk, table, grouped=desk.clerk.draw.random() < 0.6)


def pairs_activities(desk: Desk) -> None:
    table = lists.activities_table(desk.clerk, desk.title(["共建活动记录", "区域化党建活动台账", "共驻共建活动登记"]))
    _pairs(desk, table)


def _pairs(desk: Desk, table: Table, *, once: bool = False, grouped: bool = False) -> None:
    changes = {"once": "community"} if once and desk.clerk.draw.random() < 0.4 and not desk.clerk.is_export else {}
    where = "sheet" if grouped else _where(desk)
    desk.place(table, desk.look(table, grouped=grouped, blank_every=0, **changes), "结对共建", where=where)


def _where(desk: Desk) -> str:
    """A small list may stand on a sheet with the one before it, if that one is small too."""
    small = "small" in desk.told
    desk.told.add("small")
    if not small or desk.clerk.is_export:
        return "sheet"
    return desk.clerk.draw.choice(["sheet", "below", "beside"])


def registrations(desk: Desk) -> None:
    table = lists.registrations_table(desk.clerk, desk.title(["在职党员社区报到情况", "“双报到”党员名单"]))
    desk.place(table, desk.look(table, blank_every=0), "双报到", where=_where(desk))


def grids(desk: Desk) -> None:
    table = lists.grids_table(desk.clerk, desk.title(["网格设置情况", "网格基本情况表"]))
    desk.place(table, desk.look(table, blank_every=0), "网格", where=_where(desk))


def instructors(desk: Desk) -> None:
    if any(unit.instructor for unit in desk.clerk.world.units):
        table = lists.instructors_table(desk.clerk, desk.title(["党建指导员选派情况", "党建工作指导员名单"]))
        desk.place(table, desk.look(table, blank_every=0), "指导员", where=_where(desk))


STYLES: dict[str, dict[str, Style]] = {
    "units": {
        "plain": units_plain, "two rows": units_two_rows, "ledger": units_ledger, "sheet each": units_sheet_each, "bands": units_bands,
        "blocks": units_blocks, "halves": units_halves, "with organizations": units_with_organizations,
        "beside organizations": units_beside_organizations,
    },
    "organizations": {
        "plain": organizations_plain, "below units": organizations_below, "two rows": organizations_two_rows,
        "bands": organizations_bands, "turned": organizations_turned,
    },
    "members": {
        "plain": members_plain, "two rows": members_two_rows, "dates only": members_dates_only, "bands": members_bands,
        "blocks": members_blocks, "once": members_once, "halves": members_halves,
    },
    "seats": {
        "plain": seats_plain, "joined post": seats_joined, "in columns": seats_in_columns, "in cells": seats_in_cells,
        "without persons": seats_without_persons, "units in cell": seats_units_in_cell, "turned": seats_turned,
    },
    "pairs": {
        "three columns": pairs_three_columns, "wide": pairs_wide, "three lists": pairs_three_lists, "activities": pairs_activities,
    },
    "others": {"registrations": registrations, "grids": grids, "instructors": instructors},
}  # fmt: skip
EXPORTABLE = {"plain", "three columns", "wide", "dates only", "joined post", "registrations", "grids", "instructors"}
