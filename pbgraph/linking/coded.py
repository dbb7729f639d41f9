"""Names that rows give by a code: the branch of a member, the superior of an organization, the units it is set up in.

Exports of systems name a body once, in its own list, and everywhere else by its code. What a row names itself holds.
"""

import pandas as pd

from pbgraph.findings import Finding
from pbgraph.linking.codes import checked_codes
from pbgraph.linking.entities import looked_up, mapped
from pbgraph.linking.places import Tables
from pbgraph.linking.steps import notes
from pbgraph.reading.values import split


def with_names_by_code(tables: Tables) -> tuple[Tables, tuple[Finding, ...]]:
    """The tables with the names that codes stand for, and a finding for each code that no list has."""
    organizations, members = tables["organizations"], tables["members"]
    listed = _by_code(organizations["org_code"], organizations["org_name"])
    by_code = looked_up(organizations["parent_code"], listed)
    organizations = organizations.assign(parent=organizations["parent"].fillna(by_code))
    unknown = organizations[organizations["parent"].isna() & organizations["parent_code"].notna()]
    found = notes("parent-code-unknown", unknown, name=unknown["org_name"], given=unknown["parent_code"])
    organizations = _with_units(organizations, tables["units"])
    if members["branch_code"].notna().any():
        members = members.assign(org=members["org"].fillna(looked_up(members["branch_code"], listed)))
    lost = members[members["org"].isna() & members["branch_code"].notna()].drop_duplicates("branch_code")
    found += notes("org-code-unknown", lost, given=lost["branch_code"])
    return {**tables, "organizations": organizations, "members": members}, found


def _by_code(codes: pd.Series, names: pd.Series) -> dict[str, str]:
    """The first name of each code."""
    told = pd.DataFrame({"code": codes, "name": names}).dropna().drop_duplicates("code")
    return dict(zip(told["code"], told["name"], strict=True))


def _with_units(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """The organizations with the units whose credit codes they give: one is the host, several are covered jointly."""
    is_open = rows["host_unit"].isna() & rows["joint_units"].isna() & rows["code"].notna()
    if not is_open.any() or units["code"].isna().all():
        return rows
    listed = _by_code(checked_codes(units["code"]).replace("", None), units["unit_name"])

    def named(cell: str) -> str:
        codes = checked_codes(pd.Series(split(cell)))
        return "\n".join(listed[code] for code in codes if code in listed)

    told = mapped(rows["code"].where(is_open), named)
    is_several = told.str.contains("\n").fillna(value=False)
    told = told.mask(told == "")
    return rows.assign(
        host_unit=rows["host_unit"].fillna(told.mask(is_several)),
        joint_units=rows["joint_units"].fillna(told.where(is_several)),
    )
