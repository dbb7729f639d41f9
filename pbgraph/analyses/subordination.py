"""Subordination: the forest of superiors, and where the rosters break it.

A *root* is an organization without a superior on record. A *cycle* is a chain of superiors that
comes back to where it began; what hangs below it is not in it. A chain *reaches the street* when
it passes through a community's own organization or a working committee of the rosters: then the
organization is managed where it is (rule A11). Which category may stand under which is the
column `children` of `vocabulary/organization_category.csv` (rule A19).
"""

import re
from functools import cache

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study, measure

_COLUMNS = {
    "organization_id": "str", "organization": "str", "community": "str", "org_type": "str", "superior_id": "str",
    "superior": "str", "superior_type": "str", "n_superiors": "Int64", "root_id": "str", "depth": "Int64",
    "is_in_cycle": "boolean", "is_legal": "boolean", "reaches_street": "boolean", "source": "str",
}  # fmt: skip


@measure(*_COLUMNS)
def subordination(study: Study) -> pd.DataFrame:
    """Describe the place of each organization in the forest of superiors; rules A11, A19 and A20.

    Returns
    -------
    DataFrame
        One row per listed organization, sorted by community, name and id. No organization, no rows.

        - `organization_id`, `organization`, `community`, `org_type`
        - `superior_id`, `superior`, `superior_type` - the superior (of several, the one with
          the smallest id), null where the rosters name none; `n_superiors`
        - `root_id`, `depth` - the end of the chain and the steps to it; null in and below a cycle
        - `is_in_cycle` - the chain comes back to the organization itself
        - `is_legal` - the category may stand under that of the superior; null where either is
          not known
        - `reaches_street` - the chain passes through a community's own organization or a
          working committee, for a community's own through the committee of a street; null for a
          working committee itself and where no superior is known, or only one whose name is asked about
        - `source`

    Examples
    --------
    >>> int(subordination(tiny_network()).set_index("organization")["depth"]["红旗厂党支部"])
    1

    """
    frame = study.entities("organizations")
    listed = frame[frame["is_listed"].astype(bool)]
    ties = study.ties[study.ties["relation"] == "subordinate"]
    pairs = ties[["source_id", "target_id"]].drop_duplicates().sort_values(["source_id", "target_id"])
    above = dict(pairs.drop_duplicates("source_id").itertuples(index=False, name=None))
    type_of, name_of = (
        dict(zip(frame["organization_id"], frame[column], strict=True)) for column in ("org_type", "name")
    )
    is_own = frame["is_community_org"].fillna(value=False).astype(bool)
    heads = schema.vocabulary("organization_category").codes(level="0")
    is_head = frame["is_listed"].astype(bool) & frame["org_type"].isin(heads)
    own, top = (set(frame.loc[chosen, "organization_id"]) for chosen in (is_own, is_head))
    streets = top | {node for node, name in name_of.items() if _is_of_a_street(name)}
    chains = {node: _chain(node, above) for node in listed["organization_id"]}
    review = study.network.review
    asked = set(review.loc[review["candidate_id"].notna(), "open_id"].dropna())
    ids = listed["organization_id"]
    superior = ids.map(above)
    rows = listed.assign(
        organization=listed["name"], superior_id=superior, superior=superior.map(name_of),
        superior_type=superior.map(type_of), n_superiors=ids.map(pairs["source_id"].value_counts()).fillna(0),
        root_id=[None if is_cyclic else chain[-1] for chain, is_cyclic in chains.values()],
        depth=[None if is_cyclic else len(chain) - 1 for chain, is_cyclic in chains.values()],
        is_in_cycle=[is_cyclic and chain[-1] == chain[0] for chain, is_cyclic in chains.values()],
        reaches_street=[
            _reaches(chain, streets if chain[0] in own else own | streets, top, asked) for chain, _ in chains.values()
        ],
    ).reindex(columns=list(_COLUMNS))  # fmt: skip
    rows["is_legal"] = _legal(rows)
    return rows.astype(_COLUMNS).sort_values(["community", "organization", "organization_id"], ignore_index=True)


def _chain(node: str, above: dict[str, str]) -> tuple[list[str], bool]:
    """The organization and its superiors to the root, or to the first that comes again, and whether one does."""
    chain, seen = [node], {node}
    while chain[-1] in above:
        chain.append(above[chain[-1]])
        if chain[-1] in seen:
            return chain, True
        seen.add(chain[-1])
    return chain, False


def _reaches(chain: list[str], wanted: set[str], top: set[str], asked: set[str]) -> bool | None:
    """Whether a chain passes through one of some; null where it ends in a name that may be one of another spelling."""
    if chain[0] in top or len(chain) == 1:
        return None
    return True if any(node in wanted for node in chain[1:]) else None if chain[-1] in asked else False


def _is_of_a_street(name: str) -> bool:
    """Whether a name is that of the committee of a street, of whatever name: 中共东岭街道工作委员会, 城关镇党委."""
    words = schema.name_words()
    return bool(_committee_of_a_street(tuple(words["streets"]), tuple(words["root_levels"])).search(name))


@cache
def _committee_of_a_street(streets: tuple[str, ...], levels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(streets)})(?:{'|'.join(levels)}|(?:党?工作)?委员会)$")


def _legal(rows: pd.DataFrame) -> pd.Series:
    """Whether the category of each organization may stand under that of its superior."""
    children = {
        code: set(row["children"].split(";")) for code, row in schema.vocabulary("organization_category").rows.items()
    }
    return pd.Series(
        [
            kind in children[above] if kind in children and above in children else None
            for kind, above in zip(rows["org_type"], rows["superior_type"], strict=True)
        ],
        index=rows.index,
        dtype="boolean",
    )
