"""The month before: the same street as it was at the end of May, for the comparison of two months."""

from world import Unit, World, make_world

CLOSED = ("望湖街道若水广厦志愿者协会", "云州致远千寻机械有限公司")
RENAMED = {"云州东篱机械有限公司": "云州东篱五金有限公司"}
NEW = ("云州博雅装饰有限公司", "凯旋若水文化传媒有限公司", "云州西泠知行科技有限公司")
ESTABLISHED = "和顺商贸有限公司党支部"


def make_earlier() -> World:
    """The street in May: two units still at work, one under its former name, three not there, a branch not set up."""
    world = make_world()
    world.month = 5
    world.units = [unit for unit in world.units if unit.name not in NEW]
    for unit in world.units:
        unit.counted_by = "ledger"
        unit.name = RENAMED.get(unit.name, unit.name)
        if unit.name in CLOSED:
            unit.operating, unit.state = "正常", "blank"
    branch = next(org for org in world.orgs if org.name == ESTABLISHED)
    branch.units[0].state = "must-establish"
    world.orgs.remove(branch)
    world.people = [person for person in world.people if person.org is not branch]
    return world


def changes(earlier: World, later: list[Unit]) -> dict[str, object]:
    """What a comparison with June must say; states of June, and null for a unit that is out of operation."""
    before = {RENAMED_SINCE.get(unit.name, unit.name): unit.state for unit in earlier.units}
    after = {unit.name: None if unit.state == "out" else unit.state for unit in later}
    moved = {name: [before[name], after[name]] for name in sorted(before) if before[name] not in ("out", after[name])}
    return {"closed": sorted(CLOSED), "renamed": RENAMED_SINCE, "new": sorted(NEW), "established": [ESTABLISHED], "states": moved}


RENAMED_SINCE = {former: name for name, former in RENAMED.items()}
"""From the former name to the name of today."""
