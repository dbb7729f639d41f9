"""All rules and the measures on a made-up region of a million members: seconds and peak memory, engine by engine.

python benchmarks/rules.py [MEMBERS] [ENGINE]; beside it the time that plain pandas needs to count members by branch.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

import pbgraph as pb
from pbgraph.graphs import minimal_types
from pbgraph.model import ID_COLUMNS, KINDS
from pbgraph.network import Network

SEED = 7
PER_BRANCH, UNITS_PER_COMMUNITY = 30, 60


def region(n_members: int, engine: str) -> Network:
    """Members in branches of about thirty, branches in communities, units around them."""
    rng = np.random.default_rng(SEED)
    n_branches, n_communities = n_members // PER_BRANCH, max(1, n_members // 1500)
    n_units = n_communities * UNITS_PER_COMMUNITY
    places = np.array([f"社区{n}" for n in range(n_communities)])
    join = pd.Series(rng.integers(1980, 2024, n_members))
    members = pd.DataFrame({
        "member_id": [f"member:{n:07x}" for n in range(n_members)], "name": "某某", "is_listed": True,
        "category": np.where(rng.random(n_members) < 0.95, "full", "probationary"), "status": "normal",
        "join_date": join.astype(str) + "-06", "full_date": (join + 1).astype(str) + "-06",
        "birth_year": join - rng.integers(19, 40, n_members), "is_floating": rng.random(n_members) < 0.02,
        "community": places[rng.integers(0, n_communities, n_members)], "source": "名册.xlsx|1|2",
    }).astype({"is_listed": "boolean", "is_floating": "boolean", "birth_year": "Int64"})  # fmt: skip
    organizations = pd.DataFrame({
        "organization_id": [f"org:{n:06x}" for n in range(n_branches)], "name": [f"第{n}党支部" for n in range(n_branches)],
        "is_listed": True, "org_type": "631", "community": places[np.arange(n_branches) % n_communities],
        "elected": "2023-05", "is_community_org": np.arange(n_branches) < n_communities, "source": "组织.xlsx|1|2",
    }).astype({"is_listed": "boolean", "is_community_org": "boolean"})  # fmt: skip
    units = pd.DataFrame({
        "unit_id": [f"unit:{n:06x}" for n in range(n_units)], "name": [f"单位{n}" for n in range(n_units)], "is_listed": True,
        "unit_type": np.array(["private_firm", "social_organization", "school", "government"])[np.arange(n_units) % 4],
        "community": places[np.arange(n_units) % n_communities], "staff_count": 40, "source": "单位.xlsx|1|2",
    }).astype({"is_listed": "boolean", "staff_count": "Int64"})  # fmt: skip
    communities = pd.DataFrame({"community_id": [f"community:{n:05x}" for n in range(n_communities)], "name": places,
                                "is_listed": True, "source": "社区.xlsx|1|2"}).astype({"is_listed": "boolean"})  # fmt: skip
    tables = {kind: pd.DataFrame(columns=list(minimal_types(kind))).astype(minimal_types(kind)) for kind in KINDS}
    tables |= {"members": members, "organizations": organizations, "units": units, "communities": communities}
    tables = {kind: frame.sort_values(ID_COLUMNS[kind], ignore_index=True) for kind, frame in tables.items()}
    member, branch = members["member_id"], organizations["organization_id"]
    pairs = [
        (member, branch.to_numpy()[rng.integers(0, n_branches, n_members)], "member_of"),
        (member, units["unit_id"].to_numpy()[rng.integers(0, n_units, n_members)], "works_at"),
        (branch, branch.to_numpy()[np.arange(n_branches) % n_communities], "subordinate"),
        (branch, units["unit_id"].to_numpy()[np.arange(n_branches) % n_units], "housed_in"),
    ]
    ties = pd.concat(
        [pd.DataFrame({"source_id": s, "target_id": t, "relation": r}) for s, t, r in pairs], ignore_index=True
    )
    ties = ties[ties["source_id"] != ties["target_id"]].reset_index(drop=True)
    columns = [
        "source_id",
        "target_id",
        "relation",
        "since",
        "until",
        "post",
        "time_share",
        "category",
        "status",
        "content",
    ]
    ties = ties.reindex(columns=columns).assign(source="名册.xlsx|1|2").astype("str")
    return Network(tables, ties, settings={"as_of": "2025-06-30", "engine": engine, "profile": "national"})


def main() -> None:
    n_members = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    engine = sys.argv[2] if len(sys.argv) > 2 else "duckdb"
    network = region(n_members, engine)
    print(network, engine)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    ties, people = network.ties, network.members
    active = ties[ties["relation"] == "member_of"].merge(
        people[people["status"] == "normal"], left_on="source_id", right_on="member_id"
    )
    active.groupby("target_id").size()
    print(f"plain pandas, members by branch: {time.perf_counter() - begin:.1f} s")
    begin = time.perf_counter()
    found = pb.assess(network)
    took = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"all rules: {took:.1f} s, {len(found)} findings; peak {peak:.0f} MB (inputs {before:.0f} MB)")
    for measure in (pb.coverage_rates, pb.membership, pb.subordination, pb.annual_table):
        begin = time.perf_counter()
        rows = measure(network)
        print(f"{measure.__name__}: {time.perf_counter() - begin:.1f} s, {len(rows)} rows")


if __name__ == "__main__":
    main()
