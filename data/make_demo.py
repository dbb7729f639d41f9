"""Write the demo workbooks and their truth: `python data/make_demo.py`.

The street comes from `world.py`; `rosters.py`, `ledgers.py` and `ties.py` make it look like the
real thing. Each mess is named where it is made, and `truth.json` says what must come out all the same.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from earlier import changes, make_earlier
from ledgers import write_new_units, write_organizations, write_places, write_units
from rosters import write_members, write_unit_members
from ties import (
    EXPORTED,
    seated_units,
    write_agreements,
    write_instructors,
    write_participants,
    write_projects,
    write_registrations,
    write_seats,
)
from world import COMMITTEES, COMMUNITIES, HOME, PAIRED_BY_COMMUNITY, Person, Unit, World, make_world, told_by_own_row

HERE = Path(__file__).parent


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
        "forms": _forms(world),
        "untied": sorted(u.name for u in world.units if u.ties == 0 and u.state != "out"),
    }  # fmt: skip


def _forms(world: World) -> dict[str, object]:
    """What only one form of sheet tells, and the program must get from it."""
    pairs = [a for a in world.agreements if a["community"] in PAIRED_BY_COMMUNITY and not a["stopped"]]
    seats: dict[str, list[str]] = {}
    for unit in seated_units(world):
        committee = next(name for name, (places, _) in COMMITTEES.items() if unit.community in places)
        seats.setdefault(committee, []).append(unit.name)
    return {
        "named_by_own_row": {name: org.name for name, org in told_by_own_row(world).items()},
        "dated_rosters": {
            "02党员花名册（分社区）.xlsx|新城社区": _by_category(p for p in world.people if p.org and p.org.community == "新城社区" and p.org.expected != "dual"),
            "03驻区单位党员名册.xlsx|Sheet1": _by_category(p for p in world.people if p.org and p.org.expected == "dual"),
        },
        "paired_by_community": sorted([a["community"], unit.name, *sorted(a["categories"])] for a in pairs for unit in a["units"]),
        "seats_without_persons": seats,
        "tables_of_a_sheet": {"12社区网格台账.xlsx|社区和网格": [["communities", 6], ["grids", 12], ["grids", 12]]},
        "exported": EXPORTED,
    }  # fmt: skip


def _by_category(people: Iterable[Person]) -> dict[str, int]:
    """Full members and probationary ones."""
    told = [person.is_full for person in people]
    return {"full": sum(told), "probationary": len(told) - sum(told)}


def _misspelled(world: World) -> dict[str, str]:
    """Slips of the pen that nothing may join: a person must decide (`check-name`).

    A place or a legal form left out would not do: within one office that is no question.
    """
    joint = [u for u in world.units if u.state == "joint" and u.name.endswith("有限公司")]
    chosen: Sequence[Unit] = (joint[3], joint[9])
    return {u.name: u.name.removesuffix("有限公司")[:-1] + "有限公司" for u in chosen}


def main(target: Path = HERE) -> None:
    """Write everything anew."""
    world = make_world()
    misspelled = _misspelled(world)
    truth = _truth(world, misspelled)
    folder = _folder(target, "demo")
    write_organizations(folder, world, misspelled)
    for write in (
        write_members, write_unit_members, write_units, write_new_units, write_seats, write_participants,
        write_agreements, write_projects, write_registrations, write_instructors, write_places,
    ):  # fmt: skip
        write(folder, world)
    _write_truth(target / "truth.json", truth)
    _write_earlier(target, world.units)


def _write_earlier(target: Path, later: list[Unit]) -> None:
    """The month before: five workbooks, and what has changed since."""
    world = make_earlier()
    folder = _folder(target, "demo-2025-05")
    misspelled = _misspelled(world)
    write_organizations(folder, world, misspelled)
    for write in (write_units, write_new_units, write_instructors, write_places):
        write(folder, world)
    states = {unit.name: unit.state for unit in world.units}
    counts = {"units": len(world.units), "organizations": len(world.orgs), "instructors": len(world.instructors)}
    told = {"home": HOME, "counts": counts, "units": states, "check_name": sorted(misspelled), "since": changes(world, later)}
    _write_truth(target / "truth-2025-05.json", told)


def _folder(target: Path, name: str) -> Path:
    folder = target / name
    folder.mkdir(exist_ok=True)
    return folder


def _write_truth(path: Path, truth: dict[str, object]) -> None:
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
