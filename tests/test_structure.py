"""Structure measures against networkx on random networks, and by eye on the tiny one."""

import random

import networkx as nx
import pandas as pd
import pytest

import pbgraph as pb
from pbgraph.network import Network


def contacts(network: Network) -> nx.Graph:
    """The same graph by networkx: listed bodies, one edge per pair, places and people left out."""
    layers = {"subordination", "management", "seats", "co_building", "coverage", "support"}
    relations = pb_relations(layers)
    plain = nx.Graph()
    for kind, column in (("organizations", "organization_id"), ("units", "unit_id"), ("committees", "committee_id")):
        frame = network.tables[kind]
        plain.add_nodes_from(frame.loc[frame["is_listed"].astype(bool), column])
    for source, target, relation in network.ties[["source_id", "target_id", "relation"]].itertuples(index=False):
        if relation in relations and source in plain and target in plain and source != target:
            plain.add_edge(source, target)
    return plain


def pb_relations(layers: set[str]) -> set[str]:
    from pbgraph import schema

    return {code for code, row in schema.vocabulary("relation").rows.items() if row["layer"] in layers}


def made_up(seed: int) -> Network:
    dice = random.Random(seed)
    graph = nx.MultiDiGraph()
    nodes = [f"org:{n}" for n in range(30)] + [f"unit:{n}" for n in range(15)] + [f"committee:{n}" for n in range(3)]
    kinds = {"org": "organizations", "unit": "units", "committee": "committees"}
    for node in nodes:
        row = {"unit_type": dice.choice(["school", "private_firm"])} if node.startswith("unit") else {}
        graph.add_node(
            node, kind=kinds[node.split(":")[0]], label=node, name=node, is_listed=True, source="a|b|1", **row
        )
    legal = {("org", "org"): "subordinate", ("org", "unit"): "co_building", ("unit", "committee"): "participates",
             ("org", "committee"): "participates"}  # fmt: skip
    for _ in range(dice.randint(20, 70)):
        pair = dice.sample(nodes, 2)
        relation = legal.get((pair[0].split(":")[0], pair[1].split(":")[0]))
        if relation:
            graph.add_edge(*pair, key=relation, relation=relation, source="a|b|2")
    return Network.from_graph(graph)


@pytest.mark.parametrize("seed", range(6))
def test_structure_against_networkx(seed: int) -> None:
    network = made_up(seed)
    plain = contacts(network)
    frame = pb.structure(network).set_index("node_id")
    assert set(frame.index) == set(plain)
    between, constraint = nx.betweenness_centrality(plain), nx.constraint(plain)
    points = set(nx.articulation_points(plain))
    for node in plain:
        row = frame.loc[node]
        assert row["betweenness"] == pytest.approx(between[node])
        assert row["is_articulation"] == (node in points)
        assert row["degree"] == plain.degree(node)
        assert row["component_size"] == len(nx.node_connected_component(plain, node))
        if plain.degree(node):
            assert row["constraint"] == pytest.approx(constraint[node])
        else:
            assert pd.isna(row["constraint"])
            assert row["is_isolate"]


@pytest.mark.parametrize("seed", range(6))
def test_bridges_against_networkx(seed: int) -> None:
    network = made_up(seed)
    plain = contacts(network)
    found = pb.bridges(network)
    expected = {}
    for left, right in nx.bridges(plain):
        kept = plain.copy()
        kept.remove_edge(left, right)
        expected[frozenset((left, right))] = min(len(nx.node_connected_component(kept, end)) for end in (left, right))
    assert {
        frozenset(pair): n for *pair, n in found[["left_id", "right_id", "n_cut_off"]].itertuples(index=False)
    } == expected
    assert found["n_cut_off"].is_monotonic_decreasing


def test_the_tiny_network_by_eye(tiny: Network) -> None:
    frame = pb.structure(tiny).set_index("name")
    assert frame.loc["宏达机械厂", "degree"] == 1  # co-building with 甲社区党支部 only
    assert frame.loc["空空公司", "is_isolate"]
    assert frame.loc["甲社区党支部", "is_articulation"]
    assert frame["method"].unique().tolist() == ["exact"]
    assert ("甲社区大党委", "红旗厂党支部") in {
        tuple(sorted((row.left, row.right))) for row in pb.multiplexity(tiny).itertuples()
    }
    shared = pb.shared_partners(tiny)
    assert shared[["left", "right", "n_shared"]].to_numpy().tolist() in (
        [["红旗厂党支部", "甲社区党支部", 1]],
        [["甲社区党支部", "红旗厂党支部", 1]],
    )


def test_ties_across_and_within_groups(tiny: Network) -> None:
    frame = pb.crossing_ties(tiny, by="unit_type").set_index("group")
    # 甲社区党支部 (residents' committee) co-builds with 红旗厂 twice (state firm) and 宏达机械厂 (private firm)
    assert frame.loc["*", ["n_external", "n_internal"]].tolist() == [3, 0]
    assert frame.loc["*", "ei_index"] == 1.0
    assert pd.isna(frame.loc["social_organization", "ei_index"])
    within = pb.crossing_ties(tiny, by="community").set_index("group")
    assert within.loc["甲社区", "ei_index"] == -1.0


def test_an_empty_network_has_no_structure() -> None:
    empty = Network.from_graph(nx.MultiDiGraph())
    for measure in (pb.structure, pb.bridges, pb.multiplexity, pb.shared_partners):
        assert measure(empty).empty
    assert pb.crossing_ties(empty)["group"].tolist() == ["*"]
    assert pb.crossing_ties(empty)["ei_index"].isna().all()


def test_a_relation_is_named_alone_or_with_others_and_once_for_all(tiny: pb.Network) -> None:
    for measure in (pb.structure, pb.bridges, pb.cohesive_groups, pb.crossing_ties):
        several = measure(tiny, relations=["co_building"])
        pd.testing.assert_frame_equal(measure(tiny, relations="co_building"), several)
        pd.testing.assert_frame_equal(measure(tiny, relations=(code for code in ["co_building"])), several)


def test_a_relation_that_does_not_exist_is_told_with_its_like(tiny: pb.Network) -> None:
    for measure in (pb.structure, pb.bridges, pb.cohesive_groups, pb.crossing_ties):
        with pytest.raises(pb.PolicyError, match="没有叫“cobuilding”的关系。可以写：co_building"):
            measure(tiny, relations=["subordinate", "cobuilding"])
    with pytest.raises(pb.PolicyError, match="没有叫“participate”的关系。可以写：participates"):
        pb.shared_partners(tiny, relation="participate")
    with pytest.raises(pb.PolicyError, match="可以写：subordinate、direct_management、"):
        pb.structure(tiny, relations=["酒"])


def test_structure_is_the_same_from_call_to_call(demo: Network) -> None:
    first = pb.structure(demo)
    for _ in range(5):
        pd.testing.assert_frame_equal(first, pb.structure(demo), check_exact=True)
