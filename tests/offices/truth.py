"""The truth of an office, in the form the measurement reads."""

from collections import Counter
from typing import Any

from .desk import Desk
from .world import Organization, Unit


def truth_of(desk: Desk, office: str, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything the workbooks tell, by full names."""
    world = desk.clerk.world
    kinds = {table["kind"] for table in tables}
    gaps = [unit.name for unit in world.units if unit.how == "none"]
    ties = sorted({(seat.community, seat.unit.name) for seat in world.seats if seat.unit})
    pairs = sorted({(community, name) for community, name, _ in world.pairs})
    registered = (
        [(member.name, community) for member, community, _ in world.registrations] if "registrations" in kinds else []
    )
    instructed = any(
        column["means"] in {"instructor", "units instructed"} for table in tables for column in table["columns"]
    )
    names = {unit.name for unit in world.units} | {org.name for org in world.organizations}
    told = set().union(*(_heard(table) for table in tables))
    return {
        "office": office,
        "street": world.street,
        "styles": desk.styles,
        "communities": world.communities,
        "tables": tables,
        "counts": {
            "units": len(world.units),
            "organizations": len(world.organizations),
            "members": len(world.members),
            "committees": len(world.communities),
            "committee_unit_ties": len(ties),
            "co_building_pairs": len(pairs),
            "dual_management": sum(org.is_outside for org in world.organizations)
            if "parent organization" in told
            else 0,
            "registrations": len(registered),
            "units_with_instructor": sum(bool(unit.instructor) for unit in world.units) if instructed else 0,
            "grids": len(world.grids) if "grids" in kinds else 0,
            "gaps": len(gaps),
        },
        "gaps": gaps,
        "units": [_unit(desk, unit) for unit in world.units],
        "organizations": [_organization(desk, org, told) for org in world.organizations],
        "superiors_only_named": sorted(world.superiors),
        "committee_unit_ties": [list(tie) for tie in ties],
        "co_building_pairs": [list(pair) for pair in pairs],
        "registrations": [list(entry) for entry in registered],
        "units_outside_the_ledger": sorted({name for _, name, unit in world.pairs if unit is None}),
        "same_though_spelled_differently": sorted(
            [a, b] for a, b in desk.clerk.spelled.items() if b in names and a != b
        ),
        "wrong_id_numbers": world.wrong_ids,
        "notes": [f"{member.name} stands twice in the roster" for member in world.twice],
    }


def _heard(table: dict[str, Any]) -> set[str]:
    return {column["means"] for column in table["columns"]} | {table.get("in_heading_rows", "")}


def _unit(desk: Desk, unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "community": unit.community,
        "listed_as": _spellings(desk, unit.name),
        "how": unit.how,
        "organizations": [org.name for org in unit.organizations],
        "full": unit.full,
        "probationary": unit.probationary,
        "instructor": bool(unit.instructor),
    }


def _organization(desk: Desk, org: Organization, told: set[str]) -> dict[str, Any]:
    return {
        "name": org.name,
        "listed_as": _spellings(desk, org.name),
        "kind": org.kind,
        "parent": org.parent,
        "community": org.community,
        "units": [unit.name for unit in org.units],
        "dual_management": org.is_outside and "parent organization" in told,
        "roster_members": len(org.members),
    }


def _spellings(desk: Desk, name: str) -> list[str]:
    return [name, *sorted(a for a, b in desk.clerk.spelled.items() if b == name and a != name)]


def problems(truth: dict[str, Any]) -> list[str]:
    """What does not add up in a truth; empty when all does."""
    units = {unit["name"]: unit for unit in truth["units"]}
    organizations = {org["name"] for org in truth["organizations"]}
    found = [f"twice: {name}" for name, n in Counter(unit["name"] for unit in truth["units"]).items() if n > 1]
    found += [f"gap without a unit: {name}" for name in truth["gaps"] if units.get(name, {}).get("how") != "none"]
    found += [
        f"no organization {name}"
        for unit in units.values()
        for name in unit["organizations"]
        if name not in organizations
    ]
    known = set(units) | set(truth["units_outside_the_ledger"])
    found += [f"pair with nobody: {name}" for _, name in truth["co_building_pairs"] if name not in known]
    spellings = [spelling for spelling, _ in truth["same_though_spelled_differently"]]
    found += [f"spelling of two: {spelling}" for spelling, n in Counter(spellings).items() if n > 1]
    for table in truth["tables"]:
        height = table["last_row"] - table["first_row"] + 1 - len(table["set_aside"])
        if not table.get("transposed") and height != table["rows"]:
            found.append(f"{table['file']}|{table['sheet']}: {height} rows, not {table['rows']}")
    return found
