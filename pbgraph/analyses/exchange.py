"""Exchange between units and communities: needs met from resources, and members who register.

A need or resource is *matched* where somebody has claimed it, or where its list names who took it
on; a *flow* is the registered in-service members of one unit in one community (double registration).
"""

import pandas as pd

from pbgraph.analyses.study import Study, measure

_MATCHES = ("resource_id", "resource", "kind", "category", "community", "owner", "partner", "is_matched", "source")
_FLOWS = {"unit_id": "str", "unit": "str", "community": "str", "n_registered": "Int64", "n_active": "Int64"}


@measure(*_MATCHES)
def matches(study: Study) -> pd.DataFrame:
    """List resources and needs, and whether each is matched.

    Returns
    -------
    DataFrame
        One row per resource or need, open ones first, then by kind, community and name. None, no rows.

        - `resource_id`, `resource`; `kind` - "resource" or "need"; `category`
        - `community` - where the need is, or that the resource was matched with
        - `owner` - who provides or needs it; `partner` - who claimed it; several are one a line
        - `is_matched`, `source`

    """
    listed = study.entities("resources")
    if listed.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in _MATCHES}).astype({"is_matched": "boolean"})
    ids, names = listed["resource_id"], study.network.names()
    ties = study.ties[study.ties["target_id"].isin(ids) | study.ties["source_id"].isin(ids)]

    def ends(relation: str, own: str, other: str) -> pd.Series:
        found = ties[ties["relation"] == relation]
        said = found.groupby(own)[other].agg(lambda nodes: "\n".join(sorted({names[node] for node in nodes})))
        return ids.map(said).astype("str")

    owner = ends("provides", "target_id", "source_id").fillna(ends("needs", "target_id", "source_id"))
    partner = ends("claims", "target_id", "source_id").fillna(ends("located_in", "source_id", "target_id"))
    frame = pd.DataFrame({
        "resource_id": ids, "resource": listed["name"], "kind": listed["type"],
        "category": listed.get("resource_type", pd.NA), "community": listed.get("community", pd.NA),
        "owner": owner, "partner": partner, "is_matched": partner.notna(), "source": listed["source"],
    })  # fmt: skip
    ordered = frame.sort_values(["is_matched", "kind", "community", "resource", "resource_id"], ignore_index=True)
    return ordered.astype(dict.fromkeys(_MATCHES, "str") | {"is_matched": "boolean"})


@measure(*_FLOWS)
def registration_flows(study: Study) -> pd.DataFrame:
    """Count the in-service members whom each unit sends to each community; rule E3.

    Returns
    -------
    DataFrame
        One row per unit and community with a registration, the most active first, then by name: `unit_id`,
        `unit` (null where the list names no unit that is known), `community`, `n_registered`,
        `n_active` (not withdrawn). A member registered twice with a community counts once.

    """
    ties = study.ties[study.ties["relation"] == "registered_with"]
    ties = ties[ties["source_id"].str.startswith("member:")]
    active = ties["until"].isna()
    people = ties.assign(is_active=active).groupby(["source_id", "target_id"], as_index=False)["is_active"].max()
    works = study.ties[(study.ties["relation"] == "works_at") & study.ties["source_id"].isin(people["source_id"])]
    unit_of = works.sort_values("target_id").drop_duplicates("source_id").set_index("source_id")["target_id"]
    units = study.entities("units")
    unit_names = dict(zip(units["unit_id"], units["name"], strict=True))
    places = dict(
        zip(study.entities("communities")["community_id"], study.entities("communities")["name"], strict=True)
    )
    rows = people.assign(unit_id=people["source_id"].map(unit_of), community=people["target_id"].map(places))
    counts = rows.groupby(["unit_id", "community"], as_index=False, dropna=False).agg(
        n_registered=("is_active", "size"), n_active=("is_active", "sum")
    )
    counts["unit"] = counts["unit_id"].map(unit_names)
    frame = counts.reindex(columns=list(_FLOWS)).astype(_FLOWS)
    return frame.sort_values(["n_active", "unit", "community"], ascending=[False, True, True], ignore_index=True)
