"""The network contract: frames and graph are one thing in two forms."""

from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pbgraph as pb
from pbgraph.network import KINDS, Network
from pbgraph.schema import vocabulary

NAMES = st.text(alphabet="甲乙丙丁<>&'\"=\n 1", min_size=1, max_size=6)


def same(one: Network, other: Network) -> None:
    for kind in KINDS:
        pd.testing.assert_frame_equal(one.tables[kind], other.tables[kind])
    pd.testing.assert_frame_equal(one.ties, other.ties)


def test_frames_to_graph_to_frames(tiny: Network, demo: Network) -> None:
    same(tiny, Network.from_graph(tiny.graph()))
    same(demo, Network.from_graph(demo.graph()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(
    units=st.lists(st.tuples(NAMES, st.none() | st.integers(0, 9), st.none() | NAMES), max_size=5),
    ties=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["co_building", "housed_in"]), st.none() | NAMES), max_size=6
    ),
)
def test_any_frames_come_back_from_their_graph(tiny: Network, units: list, ties: list) -> None:
    ids = [f"unit:{number:04x}" for number in range(len(units))]
    frame = pd.DataFrame({
        "unit_id": pd.Series(ids, dtype="str"),
        "name": pd.Series([unit[0] for unit in units], dtype="str"),
        "is_listed": pd.Series([True] * len(units), dtype="boolean"),
        "full_count": pd.Series([unit[1] for unit in units], dtype="Int64"),
        "address": pd.Series([unit[2] for unit in units], dtype="str"),
        "source": pd.Series(["f|s|1"] * len(units), dtype="str"),
    })  # fmt: skip
    organization = tiny.organizations["organization_id"].iloc[0]
    rows = [(organization, ids[end % len(ids)], relation, note) for end, relation, note in ties if ids]
    table = pd.DataFrame(rows, columns=["source_id", "target_id", "relation", "content"]).reindex(
        columns=tiny.ties.columns
    )
    table = table.astype("str").assign(source="f|s|2").astype("str").sort_values(list(table.columns), ignore_index=True)
    network = Network({**tiny.tables, "units": frame}, table)
    same(network, Network.from_graph(network.graph()))


def test_the_graph_keeps_kinds_parallel_ties_and_attributes(tiny: Network) -> None:
    graph = tiny.graph()
    assert isinstance(graph, nx.MultiDiGraph)
    ids = {name: node for node, name in tiny.names().items()}
    assert graph.nodes[ids["红旗厂"]]["kind"] == "units"
    agreed = graph.get_edge_data(ids["甲社区党支部"], ids["红旗厂"])
    assert sorted(agreed) == ["co_building", "co_building 2"]
    assert {data["status"] for data in agreed.values()} == {"active", "stopped"}
    assert graph.number_of_edges() == len(tiny.ties)


def test_folded_members_are_counts(tiny: Network) -> None:
    graph = tiny.graph(members=False)
    ids = {name: node for node, name in tiny.names().items()}
    assert not [node for node in graph if node.startswith("member:")]
    assert (graph.nodes[ids["红旗厂党支部"]]["n_members"], graph.nodes[ids["红旗厂党支部"]]["n_full"]) == (3, 2)
    # 赵一 and the four of 宏达机械厂; 钱六 has left, 吴丁 is no member yet.
    assert graph.nodes[ids["甲社区党支部"]]["n_members"] == 5
    # the unit of the branch counts its members too
    assert graph.nodes[ids["甲社区居委会"]]["n_members"] == 5


def test_a_graph_edited_by_hand_is_analysed(tiny: Network) -> None:
    graph = tiny.graph()
    ids = {name: node for node, name in tiny.names().items()}
    graph.add_node("unit:new", kind="units", name="新来公司", is_listed=True, community="甲社区", source="手工|图|1")
    graph.add_edge(ids["商圈联合党支部"], "unit:new", key="joint_covers", source="手工|图|2")
    found = pb.coverage(Network.from_graph(graph)).set_index("unit")
    assert found.loc["新来公司", ["state", "organization"]].tolist() == ["joint", "商圈联合党支部"]


def test_a_bare_graph_is_enough() -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("unit:1", kind="units", name="甲公司", is_listed=True, source="手工|图|1")
    found = pb.coverage(Network.from_graph(graph))
    assert found[["unit", "state", "sure"]].to_numpy().tolist() == [["甲公司", "blank", "unknown"]]


def test_what_is_no_network_is_refused(tiny: Network) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("x", kind="ships")
    with pytest.raises(pb.NetworkError, match="图中的节点“x”的 kind“ships”不认识。请写 members（党员和任职人员）、"):
        Network.from_graph(graph)
    wrong = tiny.graph()
    units = [node for node in wrong if node.startswith("unit:")]
    wrong.add_edge(units[0], units[1], key="member_of", source="手工|图|1")
    with pytest.raises(pb.NetworkError, match="“组织关系”（member_of）不能从“.*”（单位 units）连到"):
        Network.from_graph(wrong)


def by_hand(*edges: tuple[object, object, str | None], **nodes: object) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node("a", kind="organizations", label="甲支部")
    graph.add_node("u", kind="units", label="红旗厂")
    for node, attributes in nodes.items():
        graph.add_node(int(node[1:]) if node[1:].isdigit() else node, **attributes)
    for source, target, relation in edges:
        graph.add_edge(source, target, **({"key": relation} if relation else {}))
    return graph


@pytest.mark.parametrize(("graph", "said"), [
    (by_hand(b={"kind": "organisation", "label": "乙"}), "图中的节点“b”的 kind“organisation”不认识。请写 organizations（党组织）。"),
    (by_hand(b={"kind": "党组织", "label": "乙"}), "图中的节点“b”的 kind“党组织”不认识。请写 organizations（党组织）。"),
    (by_hand(b={"label": "乙"}), "图中的节点“b”缺少属性“kind”。节点需要 kind，边需要 relation 键。"),
    (by_hand(n7={"kind": "units"}), "图中的节点“7”没有 label（名称）。请给节点写上 label，例如 label=\"红旗厂\"。"),
    (by_hand(("a", "u", "housed")), "没有叫“housed”的联系。边的键可以写：housed_in（所在单位）。"),
    (by_hand(("a", "u", None)), "图中的边“甲支部 → 红旗厂”缺少属性“relation”。节点需要 kind，边需要 relation 键。"),
    (by_hand(("u", "a", "housed_in")),
     "“所在单位”（housed_in）不能从“红旗厂”（单位 units）连到“甲支部”（党组织 organizations）。"
     "它从 党组织 organizations 连到 单位 units；方向反了请对调两端。"),
])  # fmt: skip
def test_a_mistake_in_a_graph_made_by_hand_is_told(graph: nx.MultiDiGraph, said: str) -> None:
    with pytest.raises(pb.NetworkError) as told:
        Network.from_graph(graph)
    assert str(told.value) == said


def test_kind_label_and_relation_are_enough() -> None:
    network = Network.from_graph(by_hand(("a", "u", "housed_in")))
    assert pb.coverage(network)[["unit", "organization", "state"]].to_numpy().tolist() == [["红旗厂", "甲支部", "own"]]


def test_save_and_load(tiny: Network, tmp_path: Path) -> None:
    loaded = pb.read(tiny.save(tmp_path / "network"))
    same(tiny, loaded)
    for name in ("findings", "ledger", "review", "inputs"):
        assert (
            getattr(loaded, name).astype(str).to_numpy().tolist() == getattr(tiny, name).astype(str).to_numpy().tolist()
        )
    assert loaded.settings == tiny.settings
    with pytest.raises(pb.NetworkError, match="不是 pbgraph 保存的网络"):
        Network.load(tmp_path)


def test_every_tie_is_legal_and_traced(demo: Network) -> None:
    assert set(demo.ties["relation"]) <= set(vocabulary("relation").rows)
    assert demo.ties["source"].str.fullmatch(r"(?:[^|\n]+\.xlsx\|[^\n]+\|\d+\n?)+").all()
    for kind in KINDS:
        assert demo.tables[kind]["source"].str.contains("|", regex=False).all()
        assert demo.tables[kind].iloc[:, 0].is_unique


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_an_edition_gives_the_same_counts_without_the_people(tiny: Network, edition: str) -> None:
    reduced = tiny.edition(edition)
    whole, held = pb.coverage(tiny), pb.coverage(reduced)
    if edition == "public":  # what is known of a few persons is unknown there, and no unit is accused of it
        known = held["n_members"].notna()
        assert not held["n_members"].between(1, 4).any() and 0 < known.sum() < len(held)
        assert set(held.loc[~known & ~held["is_covered"], "sure"]) <= {"unknown"}
        whole, held = (frame[known].drop(columns="source") for frame in (whole, held))
    pd.testing.assert_frame_equal(whole, held)
    names = sorted(reduced.members["name"])
    assert names == (["孙*", "赵*"] if edition == "meeting" else [])
    kept = set(tiny.members["member_id"]) & set(reduced.members["member_id"])
    assert kept == set()


def test_exports_are_read_back_by_networkx(tiny: Network, tmp_path: Path) -> None:
    internal = tiny.graph()
    for suffix, load in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        graph = load(pb.export(tiny, tmp_path / f"a{suffix}", edition="internal"))
        assert graph.number_of_nodes() == internal.number_of_nodes()
        assert graph.number_of_edges() == internal.number_of_edges()
    with pytest.raises(pb.RenderError, match=r"不认识的导出格式：a\.doc"):
        pb.export(tiny, tmp_path / "a.doc")
