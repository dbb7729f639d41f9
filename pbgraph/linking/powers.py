"""The “1+3” of a community: who leads, who carries out, who supervises, and who takes part.

A list of bodies with a power for each (行使权力) names the big committee and the organizations of units too. They are
no bodies: the one that leads is a committee, those that take part are its member units. Of the bodies that are left
the one that carries out is led by the committee, and supervised by the one that supervises, of the same community.
"""

import pandas as pd

from pbgraph.linking.entities import looked_up
from pbgraph.linking.places import Tables
from pbgraph.linking.steps import Step, tie
from pbgraph.reading.shapes import shapes_of


def with_powers(tables: Tables) -> Tables:
    """The tables with the committees and the organizations of a list of powers in the lists that they belong to."""
    rows = tables["bodies"]
    told = rows["power"].notna() & rows["community"].notna()
    if not told.any():
        return tables
    is_committee = told & (rows["power"] == "lead") & _looks(rows["body"], "committee")
    is_organization = told & (rows["power"] == "take_part") & _looks(rows["body"], "org", "unit")
    leads = dict(zip(rows.loc[is_committee, "community"], rows.loc[is_committee, "body"], strict=True))
    lead = looked_up(rows["community"], leads)
    places = ["community", "file", "sheet", "row", "source"]
    committees = rows.loc[is_committee, places].assign(committee=rows.loc[is_committee, "body"])
    members = rows.loc[is_organization, places].assign(
        org_name=rows.loc[is_organization, "body"], committee=lead[is_organization]
    )
    led = rows.assign(lead_org=rows["lead_org"].fillna(lead.where(rows["power"] == "execute")))
    return {
        **tables,
        "bodies": led[~is_committee & ~is_organization],
        "committees": _added(tables["committees"], committees),
        "participants": _added(tables["participants"], members),
    }


def _looks(names: pd.Series, *shapes: str) -> pd.Series:
    return names.map(lambda name: isinstance(name, str) and bool(shapes_of(name) & set(shapes))).astype(bool)


def _added(rows: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([rows, more.reindex(columns=rows.columns).astype(rows.dtypes.to_dict())], ignore_index=True)


def link_powers(rows: pd.DataFrame) -> Step:
    """Who supervises whom: of each community the body that supervises and the one that carries out, by their `id`."""
    own = rows[rows["community"].notna()]
    carries_out = own.loc[own["power"] == "execute", ["community", "id"]].rename(columns={"id": "led"})
    pairs = own[own["power"] == "supervise"].merge(carries_out, on="community")
    return Step(ties=(tie("supervises", pairs, pairs["id"], pairs["led"]),))
