"""Reconciliation: what a unit's own ledger says of its organization against what the list of organizations says.

Neither side is taken to be right. *Both*: the ledger says that there is one, and the list has one that
covers the unit. *Only unit*, *only list*: one side says so and the other nothing. *Conflicting*: the
ledger says that there is none, or names another one than the list. *Neither*: nobody says that there is one.
"""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.study import Study, measure
from pbgraph.linking.aliases import Aliases
from pbgraph.linking.office import Office
from pbgraph.network import Network

STATES = ("both", "only-unit", "only-list", "conflicting", "neither")
_COLUMNS = ("unit_id", "unit", "community", "is_stated", "stated_organization", "organization", "state", "source")


@measure(*_COLUMNS)
def reconciliation(study: Study) -> pd.DataFrame:
    """Compare the two sides for each resident unit in operation.

    Returns
    -------
    DataFrame
        One row per unit, sorted by community, name and id. No unit, no rows.

        - `unit_id`, `unit`, `community`
        - `is_stated` - the ledger says that there is an organization; null where it says nothing
        - `stated_organization` - the name that the ledger gives; `organization` - that of the list
        - `state` - both, only-unit, only-list, conflicting or neither
        - `source`

    """
    states, network = coverage(study), study.network
    rows = states[states["is_in_scope"].astype(bool)][["unit_id", "unit", "community", "organization", "source"]]
    ledger = network.tables["units"].set_index("unit_id")
    has_org, situation, named = (
        rows["unit_id"].map(ledger[name]) if name in ledger else pd.Series(pd.NA, index=rows.index)
        for name in ("has_org", "org_situation", "org_name")
    )
    told = {code: row["has_organization"] == "true" for code, row in schema.vocabulary("org_situation").rows.items()}
    is_stated = has_org.astype("boolean").fillna(situation.map(told).astype("boolean"))
    is_stated = is_stated.mask(is_stated.isna() & named.notna(), other=True)
    is_listed = rows["organization"].notna()
    differs = named.notna() & is_listed & ~_is_one_name(network, named, rows["organization"])
    says_yes, says_no = is_stated.fillna(value=False), ~is_stated.fillna(value=True)
    state = pd.Series("neither", index=rows.index).mask(says_yes & ~is_listed, "only-unit")
    state = state.mask(is_listed, "only-list").mask(says_yes & is_listed, "both")
    state = state.mask((says_no & is_listed) | (differs & says_yes), "conflicting")
    found = rows.assign(is_stated=is_stated, stated_organization=named.astype("str"), state=state)
    ordered = found.sort_values(["community", "unit", "unit_id"], ignore_index=True)[list(_COLUMNS)]
    return ordered.astype(dict.fromkeys(_COLUMNS, "str") | {"is_stated": "boolean"})


def _is_one_name(network: Network, named: pd.Series, listed: pd.Series) -> pd.Series:
    """Whether two names are one in this office: by key, or by what is left of them there."""
    home = network.settings.get("home", "")
    aliases, office = Aliases(home), Office.of(network.tables["units"]["name"], home=home)
    names = {
        name: (aliases.key(name, "organizations"), office.organization(name))
        for name in {*named.dropna(), *listed.dropna()}
    }

    def is_one(pair: tuple[object, object]) -> bool:
        left, right = (names.get(str(name)) for name in pair)
        return left is not None and right is not None and (left[0] == right[0] or left[1].may_be(right[1]))

    pairs = zip(named, listed, strict=True)
    return pd.Series([is_one(pair) for pair in pairs], index=named.index, dtype="bool")
