"""The network as a value: an edit is seen, two networks never share one, a copy is equal, a part says the same."""

import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest

import pbgraph as pb
from pbgraph.model import ID_COLUMNS, KINDS


def edited(network: pb.Network) -> pb.Network:
    """A network of its own, to be edited without changing the one of the session."""
    return copy.deepcopy(network)


def state(network: pb.Network, unit: str) -> str:
    return str(pb.coverage(network).set_index("unit").loc[unit, "state"])


def close(frame: pd.DataFrame) -> None:
    frame.loc[frame["name"] == "空空公司", "operating"] = "closed"


@pytest.mark.parametrize("reach", [lambda n: n.units, lambda n: n.tables["units"], lambda n: [n.units][0]])
def test_an_edit_in_place_is_seen_by_the_measures(
    tiny: pb.Network, reach: Callable[[pb.Network], pd.DataFrame]
) -> None:
    network = edited(tiny)
    assert pb.coverage(network).set_index("unit")["is_in_scope"]["空空公司"]
    close(reach(network))
    assert not pb.coverage(network).set_index("unit")["is_in_scope"]["空空公司"]


def test_every_kind_of_edit_is_seen(tiny: pb.Network) -> None:
    network, held = edited(tiny), tiny.units
    handed_out = network.units
    pb.coverage(network)
    handed_out["full_count"] = handed_out["full_count"].where(handed_out["name"] != "空空公司", 9).astype("Int64")
    assert state(network, "空空公司") == "must-establish"
    handed_out.loc[handed_out["name"] == "空空公司", "is_listed"] = False
    assert "空空公司" not in set(pb.coverage(network)["unit"])
    before = pb.membership(network).set_index("organization")["n_members"]["甲社区党支部"]
    network.ties.loc[network.ties["relation"] == "member_of", "relation"] = "floating"
    after = pb.membership(network).set_index("organization")["n_members"]["甲社区党支部"]
    assert (before, after) == (5, 0)
    network.tables["units"] = held
    assert state(network, "空空公司") == "blank"
    network.settings["as_of"] = "2020-01-01"
    assert network.lazy() is not tiny.lazy()
    assert state(tiny, "空空公司") == "blank"


def test_the_tables_stay_on_the_engine_while_nobody_edits(tiny: pb.Network) -> None:
    network = edited(tiny)
    first = network.lazy()
    assert network.units is network.units
    assert network.lazy() is first
    pb.assess(network)
    assert network.lazy() is first


def test_no_two_networks_share_an_edit(tiny: pb.Network) -> None:
    given = tiny.units.copy()
    network = tiny.with_(units=given)
    others = [tiny, tiny.with_(findings=tiny.findings), tiny.edition("internal"), copy.copy(network), edited(network)]
    close(given)
    assert not (network.units["operating"] == "closed").all()
    close(network.units)
    for other in others:
        assert other.units.set_index("name")["operating"]["空空公司"] != "closed"


def test_what_is_not_changed_is_shared(tiny: pb.Network) -> None:
    number = pd.Series(np.arange(len(tiny.units)), index=tiny.units.index)
    one = tiny.with_(units=tiny.units.assign(number=number))
    other = one.with_(findings=one.findings.head(0))
    assert np.shares_memory(one.units["number"].to_numpy(), other.units["number"].to_numpy())
    assert len(other.findings) == 0
    assert other.equals(other.with_(units=other.units))


@pytest.mark.parametrize(
    "again",
    [
        lambda n, _: pickle.loads(pickle.dumps(n)),
        lambda n, _: copy.copy(n),
        lambda n, _: copy.deepcopy(n),
        lambda n, folder: pb.Network.load(n.save(folder / "saved")),
        lambda n, _: pb.Network.from_graph(n.graph()),
        lambda n, _: n.with_(),
        lambda n, _: n.with_(**{kind: n.tables[kind].sample(frac=1, random_state=1) for kind in KINDS}),
        lambda n, _: n.with_(ties=pl.from_pandas(n.ties[n.ties.columns[::-1]])),
    ],
    ids=["pickle", "copy", "deepcopy", "save", "graph", "nothing", "shuffled", "polars"],
)
def test_what_comes_back_is_equal(tiny: pb.Network, tmp_path: Path, again: Callable[..., pb.Network]) -> None:
    for network in (tiny, tiny.edition("meeting")):
        pb.coverage(network)
        back = again(network, tmp_path)
        assert back == network
        pd.testing.assert_frame_equal(pb.coverage(back), pb.coverage(network))


def test_networks_that_differ_are_not_equal(tiny: pb.Network) -> None:
    others = [
        tiny.with_(units=tiny.units.head(3)),
        tiny.with_(units=tiny.units.assign(staff_count=1)),
        tiny.with_(ties=tiny.ties.tail(5)),
        tiny.with_(settings={**tiny.settings, "as_of": "2024-01-01"}),
        tiny.with_(decisions=pd.DataFrame([["units", "a", "b", "是"]], columns=tiny.decisions.columns)),
    ]
    assert [tiny == other for other in others] == [False] * 5
    assert (tiny == "tiny") is False
    with pytest.raises(TypeError, match="unhashable"):
        hash(tiny)


def test_with_says_what_cannot_be(tiny: pb.Network) -> None:
    tie = tiny.ties.head(1)
    wrong = {
        "没有叫“unit”的表。可以写：members、": {"unit": tiny.units},
        "“units”应当是一张表.*给的却是 int": {"units": 5},
        "表“units”缺少列“unit_id”": {"units": tiny.units.drop(columns="unit_id")},
        "或其中有空的、重复的编号": {"units": pd.concat([tiny.units, tiny.units])},
        "的一端“unit:none”不在任何表里": {"ties": tie.assign(source_id=tiny.organizations.iloc[0, 0], target_id="unit:none", relation="housed_in")},
        "（housed_in）不能从": {"ties": tie.assign(relation="housed_in")},
    }  # fmt: skip
    for message, changed in wrong.items():
        with pytest.raises(pb.NetworkError, match=message):
            tiny.with_(**changed)


def test_a_unit_that_is_added_or_gone(tiny: pb.Network) -> None:
    added = pd.concat([tiny.units, pd.DataFrame([{"unit_id": "9", "name": "新来公司", "community": "甲社区"}])])
    network = tiny.with_(units=added.drop(columns="is_listed"))
    assert state(network, "新来公司") == "blank"
    gone = tiny.with_(units=tiny.units[tiny.units["name"] != "红旗厂"])
    ids = {name: node for node, name in tiny.names().items()}
    assert ids["红旗厂"] not in set(gone.ties["source_id"]) | set(gone.ties["target_id"])
    assert len(gone.ties) < len(tiny.ties)


def test_a_community_says_the_same_alone(demo: pb.Network) -> None:
    measures = (pb.coverage, pb.co_building, pb.dual_management, pb.membership)
    whole = {measure: measure(demo) for measure in measures}
    for community in ("学府社区", "金桥社区"):
        part = demo.filter(community=community)
        for measure, rows in whole.items():
            here, alone = (frame[frame["community"] == community] for frame in (rows, measure(part)))
            pd.testing.assert_frame_equal(here.reset_index(drop=True), alone.reset_index(drop=True))
        listed = part.units[part.units["is_listed"]]
        assert set(listed["community"]) == {community}
    assert "金桥社区党委" in pb.draw_map(part).content


def test_a_joint_branch_that_may_cover_any_unit_is_kept(tiny: pb.Network) -> None:
    elsewhere = pd.DataFrame(
        [{"organization_id": "org:j", "name": "乙楼联合党支部", "org_type": "632", "community": "乙社区"}]
    )
    open_one = tiny.with_(organizations=pd.concat([tiny.organizations, elsewhere.astype("str").assign(is_listed=True)]))
    part = open_one.filter(community="甲社区")
    pd.testing.assert_frame_equal(pb.coverage(part), pb.coverage(open_one))
    assert "unknown" in set(pb.coverage(part)["is_covered_sure"])


def test_kinds_alone_keep_the_ties_between_them(tiny: pb.Network) -> None:
    part = tiny.filter(kind=["organizations", "units"])
    assert [kind for kind in KINDS if len(part.tables[kind])] == ["organizations", "units"]
    ends = set(part.ties["source_id"]) | set(part.ties["target_id"])
    assert {end.split(":")[0] for end in ends} == {"org", "unit"}
    assert len(tiny.filter(kind="units", community="甲社区").ties) == 0
    with pytest.raises(pb.NetworkError, match="没有叫“甲”的社区。可以写：甲社区"):
        tiny.filter(community="甲")
    with pytest.raises(pb.NetworkError, match="没有叫“unit”的表"):
        tiny.filter(kind="unit")


def test_find_looks_at_every_name(demo: pb.Network, tiny: pb.Network) -> None:
    found = demo.find("金桥")
    assert list(found) == ["id", "kind", "name", "community", "origin"]
    assert found["name"].str.contains("金桥").all() and len(found) > 5
    assert set(found["kind"]) >= {"organizations", "units", "communities", "grids"}
    spelled = demo.merges.iloc[0]
    assert spelled["standard"] in set(demo.find(spelled["name"])["name"])
    assert tiny.find("红旗 支部")["name"].tolist() == ["红旗厂党支部"]
    assert [len(tiny.find(words)) for words in ("", "  ", "没有这个名字")] == [0, 0, 0]
    assert list(tiny.find("")) == list(found)


def test_a_notebook_sees_tables_ties_and_problems(tiny: pb.Network) -> None:
    odd = tiny.with_(settings={**tiny.settings, "as_of": "<b>2025</b>"})
    shown = odd._repr_html_()
    assert "&lt;b&gt;2025&lt;/b&gt;" in shown and "<b>2025" not in shown
    assert "<td>驻区单位台账 units</td><td>11</td>" in shown
    assert "<td>组织关系</td>" in shown and "数据问题" in shown
    assert len(shown) < 4000
    assert {"units", "ties", "find"} <= set(dir(tiny))
    assert tiny.with_(**{kind: tiny.tables[kind].head(0) for kind in KINDS})._repr_html_()


def test_a_graph_keeps_settings_and_notes_in_one_text(demo: pb.Network) -> None:
    graph = demo.graph(members=False)
    assert list(graph.graph) == ["pbgraph"]
    assert json.loads(graph.graph["pbgraph"])["settings"] == demo.settings
    assert len(graph.graph["pbgraph"]) < 100_000
    back = pb.Network.from_graph(graph)
    for name in ("findings", "ledger", "review", "merges", "decisions", "inputs", "regions", "columns"):
        pd.testing.assert_frame_equal(getattr(back, name), getattr(demo, name))
    assert back.settings == demo.settings


def test_notes_keep_their_types_through_a_file(tiny: pb.Network, tmp_path: Path) -> None:
    loaded = pb.Network.load(tiny.save(tmp_path / "saved"))
    assert loaded.regions["is_sure"].dtype == "boolean" and loaded.regions["margin"].dtype == "Float64"
    assert loaded.ledger["n_rows"].dtype == "Int64"
    pd.testing.assert_frame_equal(loaded.regions, tiny.regions)


def hand_made() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_node("红旗厂", kind="units")
    graph.add_node(7, kind="organizations", label="红旗厂党支部", origin="手工|图|1")
    graph.add_edge(7, "红旗厂", key="housed_in")
    return graph


@pytest.mark.parametrize("graph", [hand_made(), nx.MultiDiGraph()], ids=["hand-made", "empty"])
def test_a_bare_network_goes_through_everything(graph: nx.MultiDiGraph, tmp_path: Path) -> None:
    network = pb.Network.from_graph(graph)
    assert pb.Network.from_graph(network.graph()) == network
    assert pb.Network.load(network.save(tmp_path / "saved")) == network
    assert pb.coverage(network)["state"].tolist() == ["own"] * len(network.units)
    for name in ("a.gexf", "a.graphml", "a.json"):
        assert pb.export(network, tmp_path / name).stat().st_size > 0
    assert len(pb.to_pyvis(network).nodes) == len(graph)
    assert len(pb.assess(network)) >= 0 and len(pb.structure(network)) == len(graph)


def test_a_hand_made_graph_has_names_and_ids() -> None:
    network = pb.Network.from_graph(hand_made())
    assert network.units[["unit_id", "name", "is_listed"]].to_numpy().tolist() == [["unit:红旗厂", "红旗厂", True]]
    assert network.organizations[["organization_id", "name", "source"]].to_numpy().tolist() == [
        ["org:7", "红旗厂党支部", "手工|图|1"]
    ]
    assert network.ties[["source_id", "target_id", "relation"]].to_numpy().tolist() == [
        ["org:7", "unit:红旗厂", "housed_in"]
    ]


def test_a_name_changed_by_hand_is_taken(tiny: pb.Network) -> None:
    ids = {name: node for node, name in tiny.names().items()}
    for attribute in ("label", "name"):
        graph = tiny.graph()
        graph.nodes[ids["红旗厂"]][attribute] = "红旗集团"
        assert pb.Network.from_graph(graph).names()[ids["红旗厂"]] == "红旗集团"


def test_graphs_that_are_no_network_are_told(tiny: pb.Network) -> None:
    wrong = hand_made()
    wrong.nodes["红旗厂"]["staff_count"] = "很多"
    broken = tiny.graph()
    broken.graph["pbgraph"] = "{"
    for graph, message in (
        (wrong, "属性“staff_count”的值“很多”不是"),
        (broken, "缺少属性“pbgraph”"),
        (nx.Graph(), "Graph 不能当作网络"),
        (nx.DiGraph(), r"networkx\.MultiDiGraph\(图\)"),
        ("graph", "str 不能当作网络"),
    ):
        with pytest.raises(pb.NetworkError, match=message):
            pb.Network.from_graph(graph)  # type: ignore[arg-type]


def test_a_network_that_lacks_columns_is_whole(tiny: pb.Network) -> None:
    tables = {kind: frame[[ID_COLUMNS[kind], "name", "is_listed", "source"]] for kind, frame in tiny.tables.items()}
    network = pb.Network({"units": tables["units"], "organizations": tables["organizations"]}, tiny.ties.head(0))
    assert set(network.tables) == set(KINDS)
    assert set(pb.coverage(network)["state"]) == {"blank"}
    assert "红旗厂" in pb.draw_map(network).content
