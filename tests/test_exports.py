"""The graph for other programs: no reserved name, labels, places and colours, and everything comes back."""

import json
import re
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from pyvis.network import Network as PyvisNetwork

import pbgraph as pb
from pbgraph import schema
from pbgraph.graphs import RESERVED, inside_name, outside_name
from pbgraph.model import KINDS
from pbgraph.rendering.look import MARKS
from pbgraph.rendering.spots import node_spots
from pbgraph.tables import is_same

TAKEN_BY_US = {"kind", "label", "origin"}


def same_rows(one: pb.Network, other: pb.Network) -> list[str]:
    """The tables that differ; notes are not compared."""
    frames = {kind: (one.tables[kind], other.tables[kind]) for kind in KINDS} | {"ties": (one.ties, other.ties)}
    return [name for name, (left, right) in frames.items() if not is_same(left, right)]


@given(st.sampled_from(sorted(RESERVED)) | st.text(alphabet="ab_名", min_size=1), st.integers(0, 3))
def test_the_name_of_a_column_comes_back(stem: str, n_marks: int) -> None:
    column = stem + "_" * n_marks
    assert inside_name(outside_name(column)) == column
    assert outside_name(column) not in RESERVED - {"origin"}


def test_no_attribute_has_a_name_that_others_reserve(demo: pb.Network) -> None:
    odd = demo.with_(units=demo.units.assign(id="1", weight=2, label="x", kind="y", origin="z", name_="n", x=3))
    graph = odd.graph()
    of_nodes = {name for _, attributes in graph.nodes(data=True) for name in attributes}
    of_edges = {name for *_, attributes in graph.edges(data=True) for name in attributes}
    assert (of_nodes & RESERVED, of_edges & RESERVED) == (TAKEN_BY_US, {"origin", "label"})
    assert all(isinstance(value, str | int | float) for value in graph.graph.values())
    assert {"start_", "type_", "id_", "origin_", "label_", "weight_"} <= of_nodes
    assert pb.Network.from_graph(graph) == odd


def test_networkx_takes_the_graph_as_it_is(demo: pb.Network, tmp_path: Path) -> None:
    graph = demo.graph()
    edges = nx.to_pandas_edgelist(graph)
    assert set(edges["source"]) | set(edges["target"]) <= set(graph)
    assert edges["origin"].str.contains("|", regex=False).all()
    data = json.loads(json.dumps(nx.node_link_data(graph, edges="edges")))
    assert pb.Network.from_graph(nx.node_link_graph(data, edges="edges")) == demo
    nx.write_graphml(graph, tmp_path / "a.graphml")
    assert pb.Network.from_graph(nx.read_graphml(tmp_path / "a.graphml")) == demo
    nx.write_gexf(graph, tmp_path / "a.gexf")
    back = nx.read_gexf(tmp_path / "a.gexf")
    assert back.graph["mode"] == "static"
    assert same_rows(pb.Network.from_graph(back), demo) == []  # GEXF holds no attribute of the graph


def test_gml_and_cytoscape_bring_everything_back(tiny: pb.Network, tmp_path: Path) -> None:
    graph = tiny.graph()
    nx.write_gml(graph, tmp_path / "a.gml")
    assert pb.Network.from_graph(nx.read_gml(tmp_path / "a.gml")) == tiny  # its labels are ids
    by_number = pb.Network.from_graph(nx.read_gml(tmp_path / "a.gml", label="id"))
    assert sorted(by_number.names().values()) == sorted(tiny.names().values())
    data = json.loads(json.dumps(nx.cytoscape_data(graph)))
    assert pb.Network.from_graph(nx.cytoscape_graph(data)) == tiny
    ends = {edge["data"]["source"] for edge in data["elements"]["edges"]}
    assert ends <= set(graph) and all(edge["data"]["origin"] for edge in data["elements"]["edges"])


def test_words_stand_beside_codes_and_no_cell_is_taken_for_one(tiny: pb.Network) -> None:
    graph = tiny.graph()
    ids = {name: node for node, name in tiny.names().items()}
    shop = graph.nodes[ids["三人行公司"]]
    assert (shop["kind_label"], shop["label"], shop["unit_type"]) == ("单位", "三人行公司", "private_firm")
    assert shop["unit_type_label"] == schema.vocabulary("unit_type").label("private_firm") != "private_firm"
    agreed = graph.get_edge_data(ids["甲社区党支部"], ids["红旗厂"]).values()
    assert sorted((edge["label"], edge["status_label"], edge["category_label"]) for edge in agreed) == [
        ("共驻共建", "实施中", "党建工作联做、公益事业联办"),
        ("共驻共建", "已终止", "公益事业联办"),
    ]
    odd = tiny.with_(units=tiny.units.assign(unit_type_label="自己的列", printed_name="另一列"))
    assert odd.graph().nodes[ids["红旗厂"]]["unit_type_label_"] == "自己的列"
    assert pb.Network.from_graph(odd.graph()) == odd


def test_networkx_draws_names_in_one_line(tiny: pb.Network) -> None:
    graph = tiny.graph()
    nx.draw(graph, labels=nx.get_node_attributes(graph, "label"))
    assert {text.get_text() for text in plt.gca().texts} >= {"红旗厂", "甲社区党支部"}
    plt.close()


def test_pyvis_takes_the_graph_as_it_is(demo: pb.Network) -> None:
    graph = demo.graph(members=False)
    page = PyvisNetwork(directed=True, cdn_resources="in_line")
    page.from_nx(graph)
    assert (len(page.nodes), len(page.edges)) == (graph.number_of_nodes(), graph.number_of_edges())
    assert {node["label"] for node in page.nodes} >= {"金桥社区党委"}
    assert json.dumps("金桥社区党委") in page.generate_html()
    assert len(pb.Network.from_graph(graph).ties) == graph.number_of_edges()  # pyvis has added its own attributes


@pytest.mark.parametrize("suffix", ["graphml", "gexf", "json"])
def test_an_export_comes_back_and_is_drawn_as_our_map(demo: pb.Network, tmp_path: Path, suffix: str) -> None:
    path = pb.export(demo, tmp_path / f"a.{suffix}", edition="internal")
    graph = {
        "graphml": nx.read_graphml,
        "gexf": nx.read_gexf,
        "json": lambda file: nx.node_link_graph(json.loads(file.read_text("utf-8")), edges="edges"),
    }[suffix](path)
    assert same_rows(pb.Network.from_graph(graph), demo.edition("internal")) == []
    ids = {name: node for node, name in demo.names().items()}
    head, spots = graph.nodes[ids["金桥社区党委"]], node_spots(demo)
    assert head["label"] == "金桥社区党委"
    drawn = head["viz"]["position"] if suffix == "gexf" else head
    assert (float(drawn["x"]), abs(float(drawn["y"]))) == pytest.approx(
        (spots[ids["金桥社区党委"]].x, abs(spots[ids["金桥社区党委"]].y)), abs=30
    )
    assert len({key for *_, key in graph.edges(keys=True)}) == graph.number_of_edges()


def test_gexf_is_static_and_coloured_by_kind(demo: pb.Network, tmp_path: Path) -> None:
    text = pb.export(demo, tmp_path / "a.gexf").read_text("utf-8")
    assert 'mode="dynamic"' not in text and 'start="' not in text and "lastmodifieddate" not in text
    titles = set(re.findall(r'<attribute id="\d+" title="([^"]+)"', text))
    assert titles & {"start", "end", "source", "target", "id", "weight", "type", "size"} == set()
    red = tuple(int(MARKS["community"].fill[at : at + 2], 16) for at in (1, 3, 5))
    assert '<viz:color r="{}" g="{}" b="{}"'.format(*red) in text
    assert len(set(re.findall(r'<edge [^>]*id="(\d+)"', text))) == text.count("<edge ")


def test_graphml_is_drawn_by_yed(demo: pb.Network, tmp_path: Path) -> None:
    text = pb.export(demo, tmp_path / "a.graphml").read_text("utf-8")
    assert text.count("<y:ShapeNode>") == text.count("<node ") > 300
    assert 'yfiles.type="nodegraphics"' in text and 'type="star5"' in text
    for name in ("x", "y", "size"):
        assert f'<key id="{name}" for="node" attr.name="{name}" attr.type="double"' in text


def test_every_node_has_a_spot_of_its_own(demo: pb.Network) -> None:
    spots = node_spots(demo)
    assert set(spots) == {node for kind in KINDS for node in demo.tables[kind].iloc[:, 0]}
    places = pd.Series([(spot.x, spot.y) for spot in spots.values()])
    assert places.duplicated().mean() < 0.02
    assert node_spots(demo) == spots


def test_pyvis_shows_what_our_map_shows(demo: pb.Network, tmp_path: Path) -> None:
    page = pb.to_pyvis(demo)
    assert isinstance(page, PyvisNetwork)
    nodes = {node["id"]: node for node in page.nodes}
    ids = {name: node for node, name in demo.names().items()}
    assert len(nodes) == demo.graph(members=False).number_of_nodes()
    head = nodes[ids["金桥社区党委"]]
    assert (head["group"], head["shape"], head["color"]["background"]) == ("社区党组织", "dot", "#c8202c")
    assert (head["x"], head["y"], head["physics"]) == (*place(demo, ids["金桥社区党委"]), False)
    assert "01党组织名册.xlsx“党组织”第 7 行" in head["title"]
    english = {node["group"] for node in pb.to_pyvis(demo, look=pb.Look(lang="en")).nodes}
    assert "community organization" in english
    assert not any("一" <= letter <= "鿿" for group in english for letter in group)


def place(network: pb.Network, node: str) -> tuple[float, float]:
    spot = node_spots(network)[node]
    return spot.x, spot.y


def test_the_page_of_pyvis_asks_for_nothing_and_takes_text_as_text(demo: pb.Network, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)> href"
    odd = demo.with_(units=demo.units.assign(name=demo.units["name"].where(demo.units.index > 0, evil)))
    page = tmp_path / "net.html"
    page.write_text(pb.to_pyvis(odd).generate_html(), "utf-8")
    text = page.read_text("utf-8")
    assert "https://cdn" not in text and "<img src=x" not in text
    asked, complaints = [], []
    path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        shown = browser.new_context(offline=True).new_page()
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("dialog", lambda dialog: complaints.append(dialog.message))
        shown.goto(page.as_uri())
        shown.wait_for_function("typeof network !== 'undefined' && network.getScale() > 0")
        n_drawn = shown.evaluate("nodes.length")
        browser.close()
    assert (n_drawn, complaints, asked) == (odd.graph(members=False).number_of_nodes(), [], [page.as_uri()])
