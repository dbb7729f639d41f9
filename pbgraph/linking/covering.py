"""Which organization covers which unit: from every row that says so, and from an organization's own name.

A *pair* is an organization and a unit that one row joins: the organization's row names units in a cell, the unit's
row names the organization. Where no row does, the name of the organization may hold
exactly one unit of this office (中共第五小学支部委员会): that tie is derived. A joint branch is one that says so
or that covers two units. A statement that nothing bears out is a finding, and never certain.
"""

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.mentions import PLACE, Names, exploded
from pbgraph.linking.organizations import listed_names
from pbgraph.linking.places import Tables
from pbgraph.linking.steps import Step, basis_of, notes, tie
from pbgraph.linking.units import says_joint
from pbgraph.schema import name_words

_PAIR = ["organization", "unit", "basis", *PLACE]


def cover(organizations: pd.DataFrame, units: pd.DataFrame, names: Names, tables: Tables) -> Step:
    """The ties `housed_in` and `joint_covers`, and what rows of units say that nothing bears out."""
    by_list, listed = _by_organizations(organizations, names)
    by_unit, named = _by_units(units, names)
    pairs = pd.concat([by_list, by_unit], ignore_index=True).dropna(subset=["organization", "unit"])
    pairs = pd.concat([pairs, _by_name(organizations, pairs, names)], ignore_index=True)
    joint = set(organizations.loc[organizations["is_joint"], "id"]) | _joint_by_units(organizations, pairs)
    joint |= _joint_by_rows(units, pairs)
    relation = pairs["organization"].isin(joint).map({True: "joint_covers", False: "housed_in"}).astype("str")
    ties = tie(relation, pairs, pairs["organization"], pairs["unit"], basis=pairs["basis"])
    findings = _contradictions(units, pairs, has_list=bool(len(tables["organizations"])))
    return Step(ties=(ties,), mentions=(*listed, *named), findings=findings)


def placed_by_units(organizations: pd.DataFrame, units: pd.DataFrame, covered: Step) -> tuple[pd.DataFrame, Step]:
    """The organizations, those that nothing places put where all units are that they cover."""
    pairs = pd.concat([covered.tied("housed_in"), covered.tied("joint_covers")])
    placed = units.loc[units["community"].notna(), ["unit_id", "community"]]
    pairs = pairs.merge(placed, left_on="target_id", right_on="unit_id")
    located = covered.tied("located_in").drop_duplicates("source_id").set_index("source_id")["target_id"]
    pairs = pairs.assign(place=pairs["target_id"].map(located))
    single = pairs[pairs.groupby("source_id")["community"].transform("nunique") == 1].drop_duplicates("source_id")
    is_open = organizations["community"].isna()
    found = organizations["organization_id"].map(single.set_index("source_id")["community"])
    new = single[single["source_id"].isin(organizations.loc[is_open, "organization_id"])]
    ties = tie("located_in", new, new["source_id"], new["place"], basis="derived")
    return organizations.assign(community=organizations["community"].fillna(found.astype("str"))), Step(ties=(ties,))


def _by_organizations(rows: pd.DataFrame, names: Names) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Pairs that the row of an organization states, in any of its cells that hold units."""
    frames, mentions = [], []
    for column in ("host_unit", "joint_units"):
        several = rows[rows[column].notna()]
        several = exploded(several.assign(**{column: several[column].map(listed_names)}), column)
        several = several[~several[column].isin(name_words()["no_unit"])]
        found = names.resolve("units", several, column, place=several["place"], table="organizations")
        frames.append(_pairs(several, several["id"], found["id"], basis_of(found)))
        mentions.append(found)
    return pd.concat(frames, ignore_index=True), mentions


def _by_units(rows: pd.DataFrame, names: Names) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Pairs that the row of a unit states: it names the organization, or the other units of its joint branch."""
    several = exploded(rows.assign(org_name=rows["org_name"].map(listed_names, na_action="ignore")), "org_name")
    above = pd.Series("", index=several.index)
    found = names.resolve("organizations", several, "org_name", place=several["place"], above=above, keep=False)
    found = found.assign(table="units")
    direct = _pairs(several, found["id"], several["id"], basis_of(found))
    partners = exploded(rows, "joint_units")
    others = names.resolve("units", partners, "joint_units", table="units")
    by_row = direct.dropna(subset=["organization"]).drop_duplicates("source").set_index("source")["organization"]
    covers = partners["source"].map(by_row).astype("str")
    shared = _pairs(partners, covers, others["id"], basis_of(others))
    return pd.concat([direct, shared], ignore_index=True), [found, others]


def _pairs(rows: pd.DataFrame, organization: pd.Series, unit: pd.Series, basis: pd.Series | str) -> pd.DataFrame:
    return rows[list(PLACE)].assign(organization=organization, unit=unit, basis=basis)[_PAIR]


def _by_name(organizations: pd.DataFrame, pairs: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Pairs that only the organization's own name says, where it holds exactly one unit of this office."""
    rows = organizations[~organizations["id"].isin(pairs["organization"])]
    meant = {name: names.unit_of(name).id for name in rows["org_name"].dropna().unique()}
    return _pairs(rows, rows["id"], rows["org_name"].map(meant).astype("str"), "derived").dropna(subset=["unit"])


def _joint_by_units(organizations: pd.DataFrame, pairs: pd.DataFrame) -> set[str]:
    """Branches that cover two units; a committee may be set up in several."""
    branches = schema.vocabulary("organization_category").codes(is_branch="true")
    is_branch = organizations["org_type"].isna() | organizations["org_type"].isin(branches)
    n_units = pairs.groupby("organization")["unit"].nunique()
    return set(n_units[n_units > 1].index) & set(organizations.loc[is_branch, "id"])


def _joint_by_rows(units: pd.DataFrame, pairs: pd.DataFrame) -> set[str]:
    told = set(units.loc[says_joint(units), "source"])
    return set(pairs.loc[pairs["source"].isin(told), "organization"])


def _contradictions(units: pd.DataFrame, pairs: pd.DataFrame, *, has_list: bool) -> tuple[Finding, ...]:
    """What a unit's own row says of its organization and no other row bears out, and the other way round."""
    is_covered = units["id"].isin(pairs["unit"])
    says = units["states_org"].astype("boolean")
    missing = units[says.fillna(value=False) & ~is_covered & has_list]
    denied = units[~says.fillna(value=True) & is_covered]
    name = missing["org_name"].fillna("")
    return (
        *notes("org-named-missing", missing[name != ""], unit=units["unit_name"], name=name),
        *notes("org-stated-missing", missing[name == ""], unit=units["unit_name"], name=name),
        *notes("org-denied", denied, unit=units["unit_name"]),
    )
