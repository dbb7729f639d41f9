# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 给会 networkx 和 pyvis 的人
#
# *The network is a `networkx.MultiDiGraph`: subgraphs, layouts of your own, pyvis in one line, Gephi and igraph, and back
# again: a graph edited by hand is a network that can be judged.*
#
# 如果您用过 `nx.read_gexf`、`net.from_nx`，这篇就够了。没有新的类要学：进来是图，出去是图，中间随您改。

# %%
import networkx as nx

import pbgraph as pb

network = pb.read("../data/demo")
graph = network.graph(members=False)  # people are counts on their organization and unit; members=True keeps them as nodes
print(graph)

# %% [markdown]
# ## 一个点、一条边长什么样
#
# 点有 `kind`（哪一类）和 `label`（印出来的名字），其余是名册里的字段；边的键是关系代码。
# 属性名避开了 networkx、pyvis、Gephi、d3 的保留字（source、target、id、weight……），所以互相转换不会丢东西。

# %%
node = network.find("金桥社区党委")["id"].iloc[0]
print({key: graph.nodes[node][key] for key in ("kind", "label", "org_type_label", "community", "n_members", "origin")})
source, target, key, attributes = next(edge for edge in graph.edges(node, keys=True, data=True))
print(key, attributes)

# %% [markdown]
# 多重图的好处：同一对之间的几种联系都在。数一数哪些对最“密”：

# %%
from collections import Counter

parallel = Counter(tuple(sorted(edge)) for edge in graph.edges())
for pair, n in parallel.most_common(3):
    print(n, " — ".join(graph.nodes[end]["label"] for end in pair))

# %% [markdown]
# ## 取一部分
#
# 三种取法，从松到紧：`network.filter`（还是网络，能判断）、`edge_subgraph`（按关系）、`ego_graph`（几步以内）。

# %%
relations = {"subordinate", "participates", "dual_management"}
bones = graph.edge_subgraph([edge for edge in graph.edges(keys=True) if graph.edges[edge]["relation"] in relations])
near = nx.ego_graph(nx.Graph(bones), node, radius=2)
print(len(bones), "nodes hold these relations;", len(near), "within two steps of", graph.nodes[node]["label"])

# %% [markdown]
# ## 自己的布局，自己的颜色
#
# 中文字体：`import zhplot` 一行。布局随便挑 networkx 的，也可以自己算：一个字典，点对坐标。
# 这里把隶属关系画成年轮：街道党工委在圆心，每个组织占的扇面和它的下级一样多。

# %%
import math

import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

street = network.find("望湖街道工作委员会")["id"].iloc[0]
above = [(target, source) for source, target, relation in graph.edges(data="relation") if relation == "subordinate"]
tree = nx.bfs_tree(nx.DiGraph(above), street)  # from each superior to those below it


def rings(tree, node, *, start=0.0, end=2 * math.pi, step=0):
    """Places on rings around the root: each node in the middle of the sector that its leaves take."""
    angle = (start + end) / 2
    places = {node: (step * math.cos(angle), step * math.sin(angle))}
    leaves = {child: max(1, sum(not tree[below] for below in nx.descendants(tree, child))) for child in tree[node]}
    part = (end - start) / max(1, sum(leaves.values()))
    for child, n in leaves.items():
        places |= rings(tree, child, start=start, end=start + n * part, step=step + 1)
        start += n * part
    return places


places = rings(tree, street)
steps = nx.single_source_shortest_path_length(tree, street)
colours = ["#7d0a12", "#c8202c", "#dd5a5f", "#f3b7b3", "#f8dcd9"]
figure, axes = plt.subplots(figsize=(8.5, 7))
nx.draw_networkx_edges(tree, places, edge_color="#d8a29c", arrows=False, ax=axes)
nx.draw_networkx_nodes(
    tree, places, ax=axes, edgecolors="white", node_color=[colours[steps[n]] for n in tree],
    node_size=[60 + 6 * (graph.nodes[n].get("n_members") or 0) for n in tree],
)  # fmt: skip
for n in tree:
    if steps[n] == 1:
        x, y = places[n]
        axes.text(x, y + 0.1 * (1 if y > 0.3 else -1.8), graph.nodes[n]["label"], fontsize=9, ha="center")
axes.set_title("隶属关系的年轮：离圆心几步，就是几级；点的大小是党员数")
axes.set_aspect("equal")
axes.axis("off");

# %% [markdown]
# ## pyvis：一行
#
# `pb.to_pyvis` 给的是一个真正的 `pyvis.network.Network`：位置、颜色、形状、悬浮说明都设好了，物理引擎关着（千点不卡），
# 不从网上取任何东西。想改就照 pyvis 的方法改：

# %%
here = {kind: frame[frame["community"] == "金桥社区"] for kind, frame in network.tables.items()
        if kind in ("organizations", "units")}  # fmt: skip
part = network.with_(**here).filter(community="金桥社区", kind=["organizations", "units", "committees"])
page = pb.to_pyvis(part)  # the ties of what is left out have gone with it
page.get_node(node)["size"] = 40  # anything that pyvis lets you change
pb.MapPage(page.generate_html())  # shows itself here; or write it: Path("net.html").write_text(page.generate_html(), "utf-8")

# %% [markdown]
# ## Gephi、yEd、Neo4j
#
# 后缀决定格式；名字、位置、颜色都带着走，在 Gephi 里打开就是上色排好的。

# %%
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp())
for name in ("street.gexf", "street.graphml", "street.json"):
    file = pb.export(network, folder / name)
    print(name, f"{file.stat().st_size / 2**20:.1f} MB")
back = nx.read_gexf(folder / "street.gexf")
print(type(back).__name__, len(back), "nodes")

# %% [markdown]
# ## igraph（装了才用）
#
# pbgraph 不依赖它。装了 `igraph`，就借它的算法；没装，用 networkx 的同名算法，结果一样好用：

# %%
from importlib.util import find_spec

simple = nx.Graph(graph.to_undirected())
if find_spec("igraph"):
    import igraph

    other = igraph.Graph.from_networkx(simple)
    parts = [[other.vs[v]["_nx_name"] for v in group] for group in other.community_multilevel()]
else:
    parts = nx.community.louvain_communities(simple, seed=1)
print(sorted(map(len, parts), reverse=True))

# %% [markdown]
# ## 再回来：改过的图也是网络
#
# 在图上加一条“设想的”联系，看看判断怎么变。给致远商贸建一个支部：

# %%
planned = network.graph()
firm = network.find("致远商贸有限公司").query("kind == 'units'")["id"].item()
planned.add_node("org:planned", kind="organizations", label="致远商贸有限公司党支部", community="金桥社区", org_type="631")
planned.add_edge("org:planned", firm, key="housed_in")

idea = pb.Network.from_graph(planned)
for name, held in (("now", network), ("idea", idea)):
    rows = pb.coverage(held)
    print(name, rows.loc[rows["unit_id"] == firm, "state"].item())

# %% [markdown]
# ## 会遇到的错：图上缺了东西
#
# 点要有 `kind` 和 `label`，边要用认识的关系。少了哪样，说哪样：

# %%
planned.add_node("org:new", label="某党支部")
try:
    pb.Network.from_graph(planned)
except pb.NetworkError as error:
    print(error)
planned.nodes["org:new"]["kind"] = "organizations"
planned.add_edge("org:new", firm, key="cobuilding")
try:
    pb.Network.from_graph(planned)
except pb.NetworkError as error:
    print(error)

# %% [markdown]
# ## 接下来
#
# - 概念从 pyvis 对过来：`net.add_node` → 名册里的一行；`net.show` → `pb.draw_map`；`from_nx` → `Network.from_graph`。
# - 存起来下次直接用：`network.save("saved")`，`pb.Network.load("saved")`。
# - 把您算出来的东西变成一条规则、一列数：[7 自己的规则、指标和列](07-your-own-rules.ipynb)。
