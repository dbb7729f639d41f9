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
# # 5 共建：一张看得见的网
#
# *Co-building agreements as a network, for someone who knows no graph theory: bridges, brokers and communities, each
# with one sentence, one table and one picture.*
#
# 88 份共建协议、60 个项目，摊在台账里是一行行字。换个看法：每个单位是一个**点**，每份协议是一条**线**。
# 点和线一画出来，几个老问题就有了新答案：
#
# - 谁孤零零的，一条线也没有？
# - 哪条线断了，一片就散了？（**桥**）
# - 谁站在几拨人中间，消息要靠他传？（**中间人**）
# - 谁和谁自成一圈？（**圈子**）

# %%
import networkx as nx
import pandas as pd

import pbgraph as pb

pd.set_option("display.max_colwidth", 40)
network = pb.read("../data/demo")
study = pb.Study(network)
pb.plot_co_building(study)

# %% [markdown]
# ## 一条线也没有的

# %%
ties = study.co_building
print(int(ties["has_none"].sum()), "of", len(ties), "units in operation have no co-building tie")
place = ties.groupby("community", as_index=False).agg(n_units=("unit", "size"), n_none=("has_none", "sum"))
pb.labelled(place).rename(columns={"未建": "没有共建"})

# %% [markdown]
# 注意“没有”和“不知道”的差别：名字写错、对不上的协议，会让一家单位看上去没有共建。
# 这样的单位，“核实情况”一栏会写“名称待核”。
#
# ## 先画出来
#
# 只留共建协议，从多重图里取出一张简单图。点的大小 = 有几个共建对象。

# %%
import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

graph = network.graph(members=False)
pairs = [(s, t) for s, t, relation in graph.edges(data="relation") if relation == "co_building"]
web = nx.Graph(pairs)
label = {node: graph.nodes[node]["label"] for node in web}
places = nx.kamada_kawai_layout(web)
hubs = {node: label[node] for node in web if web.degree(node) >= 5}


def draw(colours, *, title, strong=(), names=hubs):
    """Draw the web in these colours, with some ties drawn strong."""
    figure, axes = plt.subplots(figsize=(8.5, 6))
    nx.draw_networkx_edges(web, places, edge_color="#cfcac2", ax=axes)
    nx.draw_networkx_edges(web, places, edgelist=list(strong), edge_color="#e07b00", width=2.5, ax=axes)
    sizes = [30 + 45 * web.degree(node) for node in web]
    nx.draw_networkx_nodes(web, places, node_color=colours, node_size=sizes, edgecolors="white", ax=axes)
    family = plt.rcParams["font.family"][0]
    nx.draw_networkx_labels(web, places, names, font_size=9, font_family=family, ax=axes)
    axes.set_title(title)
    axes.axis("off")


draw("#c24a43", title=f"{len(web)} 个单位和组织，{web.number_of_edges()} 对共建")

# %% [markdown]
# 六个大点是社区党组织：多数协议是社区和一家单位签的，单位之间很少直接来往。这是一张**星星连成的网**。
#
# ## 桥：断了就散的线
#
# **桥**是这样一条线：拿掉它，网就分成互不相通的两片。`n_cut_off` 说小的那一片有几个点。

# %%
bridges = pb.bridges(study, relations="co_building")
pb.labelled(bridges[["left", "right", "n_cut_off", "relations"]]).head(6)

# %%
strong = [(left, right) for left, right in zip(bridges["left_id"], bridges["right_id"], strict=True)]
draw("#e9c9c5", title="橙色的线是桥：只此一条，断了就联系不上", strong=strong)

# %% [markdown]
# 边上一根根的橙线，是只和社区签过一份协议的单位。它们不是问题，但**只靠一份协议、一个联系人**。
# 想让网结实，给它们介绍第二个伙伴就行。
#
# ## 中间人：谁站在几拨人中间
#
# 两个量，一句话一个：
#
# - **中介度**（betweenness）：别人之间的最短路，有多大比例要经过你。越大，消息越靠你传。
# - **约束度**（Burt 的 constraint）：你的伙伴彼此也都认识，你就没什么回旋余地。越**小**，越像中间人。
#
# 社区党组织当然排在最前，那是它的职责。有意思的是排在它们后面的**单位**：

# %%
structure = pb.structure(study, relations="co_building")
brokers = structure[(structure["kind"] == "units") & ~structure["is_isolate"]]
pb.labelled(brokers[["name", "community", "degree", "is_articulation", "betweenness", "constraint"]]).head(6).round(3)

# %% [markdown]
# 这几家有两三个社区的伙伴，是社区之间现成的纽带：开联席会、办跨社区的活动，先请它们。
#
# ## 圈子：谁和谁自成一圈
#
# 把网分成几圈，让圈内的线多、圈间的线少（模块度，Blondel 等 2008）。分法不止一种，程序每次给同一种。
# 圈子和社区的边界一样吗？

# %%
groups = pb.cohesive_groups(study, relations="co_building")
pd.crosstab(groups["group"], groups["community"])

# %%
palette = ["#a30d17", "#2b5c8a", "#3f7a70", "#f5b433", "#7a5ba6", "#8a8f98", "#b0662f", "#6f9a3a"]
group_of = dict(zip(groups["node_id"], groups["group"], strict=True))
draw([palette[(group_of[node] - 1) % len(palette)] for node in web], title="同色的点是一圈")

# %% [markdown]
# 大体上一个社区一圈，圈子和社区的边界差不多重合：金桥的共建全在自己圈里，东湖和学府彼此来往多些。
#
# ## 跨出社区了吗，跨所有制了吗
#
# **E-I 指数**：（跨组的线 − 组内的线）÷ 全部。1 是全部跨组，−1 是全部在组内。给人看时换成好懂的“跨社区共建占比”，先按社区看：

# %%
pb.plot_crossing(study)

# %% [markdown]
# 再按单位类型看：居委会和企业结对，就算跨了。`by` 可以是单位和组织的任何一列。

# %%
crossing = pb.crossing_ties(study, by="unit_type")
pb.labelled(crossing[crossing["n_external"] + crossing["n_internal"] > 0]).head(8)

# %% [markdown]
# ## 会遇到的错：关系写错了名字
#
# 关系的代码不好记。写错了，程序会告诉您最像的是哪个：

# %%
try:
    pb.structure(study, relations=["cobuilding"])
except pb.PolicyError as error:
    print(error)

# %% [markdown]
# 有哪些关系，看网络自己：

# %%
pb.labelled(network.ties["relation"].value_counts().head(8).rename_axis("relation").reset_index(name="n_ties"))

# %% [markdown]
# ## 接下来
#
# - 不写 `relations`，就是全部工作联系一起看：`pb.structure(study)`、`pb.bridges(study)`。
# - 有好几种联系的一对：`pb.multiplexity(study)`；需求和资源对上没有：`pb.matches(study)`。
# - 想用 networkx 的别的算法、别的布局：[6 给会 networkx 的人](06-graphs.ipynb)。
