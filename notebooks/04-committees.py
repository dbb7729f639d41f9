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
# # 4 双重管理和大党委
#
# *Organizations whose superior is elsewhere stay where they belong and are managed jointly with the big Party committee
# (大党委). What the rule expects against what the list says; seats, terms, and who is not at the table.*
#
# 望湖小学党支部的上级是区教育局党委。它在东湖社区，隶属关系不变，日常和社区**双重管理**。
# 大党委就是把这些“不归街道管、又在街道里”的组织请到一张桌子上。
# 这篇看三件事：该归谁管、桌子上坐着谁、谁还没坐上来。

# %%
import pandas as pd

import pbgraph as pb

network = pb.read("../data/demo")
study = pb.Study(network)
pb.plot_management(study)

# %% [markdown]
# ## 应为、登记为
#
# 条文（C3）：没有归属的两新组织由大党委**直接管理**；上级在街道以外的，**双重管理**。
# “应为”是条文推出来的，“登记为”是名单上写的。43 个组织归街道和社区自己管，条文不要求写什么；其余一比：

# %%
management = study.dual_management
asked = management[management["expected"].notna()]
table = pb.labelled(asked)
pd.crosstab([table["应为"], table["登记为"].fillna("（没有写）")], table["情况"])

# %% [markdown]
# 七个要核对的：

# %%
wrong = asked[asked["state"] != "agreed"]
pb.labelled(wrong[["organization", "community", "superior", "expected", "stated", "state", "sure"]])

# %% [markdown]
# 注意第二行：名单上两种都写了。程序不替人选一个，说“登记不一致”。
# 双重管理涉及多少党员？人只计数，不列名：

# %%
people = study.dual_managed_members
pb.labelled(people.groupby("committee", as_index=False)[["n_full", "n_members"]].sum())

# %% [markdown]
# ## 桌子上坐着谁

# %%
pb.plot_seats(study)

# %%
seats = study.committee_seats
shown = ["committee", "n_communities", "n_members", "n_seats", "n_secretaries", "n_deputies", "n_full_time", "n_part_time"]
pb.labelled(seats[shown]).rename(columns={"党员": "成员单位"})  # here the members are bodies, not persons

# %% [markdown]
# 新城社区大党委 16 席，东湖学府片区联合党委管着两个社区、13 席。
# 各地的做法一般是 9 至 11 名（C19，要求程度只是“提倡”）。谁的党组织没有人进大党委（C8）？

# %%
findings = study.assess
pb.labelled(findings.loc[findings["rule_id"].isin(["C8", "C19"]), ["rule_id", "force", "community", "message"]]).head(10)

# %% [markdown]
# ## 画一张桌子
#
# 一个大党委和它的成员单位，是一张小小的星形图。不同的颜色是不同的管理方式，只有灰线的，只是成员单位。
# 图就是 networkx 的图，取出来随便画（更多画法在[第 6 篇](06-graphs.ipynb)）：

# %%
import matplotlib.pyplot as plt
import networkx as nx
import zhplot  # noqa: F401  # Chinese letters in matplotlib

graph = network.graph(members=False)
centre = network.find("金桥社区大党委")["id"].iloc[0]
colours = {"dual_management": "#2b5c8a", "direct_management": "#a30d17", "participates": "#b9b9b9"}
ties = [
    (source, target, relation)
    for source, target, relation in graph.edges(keys=False, data="relation")
    if centre in (source, target) and relation in colours
]
star = nx.MultiDiGraph()
for source, target, relation in sorted(ties, key=lambda tie: tie[2] != "participates"):
    star.add_edge(source, target, relation=relation)
names = {node: graph.nodes[node]["label"].replace("党支部", "\n党支部") for node in star}
places = nx.shell_layout(star, nlist=[[centre], sorted(set(star) - {centre})])
figure, axes = plt.subplots(figsize=(8, 6))
nx.draw_networkx_nodes(star, places, node_size=1400, node_color=["#f3d3cf" if n != centre else "#ffd21f" for n in star])
for relation, colour in colours.items():
    chosen = [(s, t) for s, t, r in star.edges(data="relation") if r == relation]
    bend = "arc3,rad=0.12" if relation != "participates" else "arc3,rad=0"
    nx.draw_networkx_edges(
        star, places, edgelist=chosen, edge_color=colour, width=2, connectionstyle=bend, node_size=1400, arrowsize=8
    )
nx.draw_networkx_labels(star, places, names, font_size=8, font_family=plt.rcParams["font.family"][0])
axes.set_title("金桥社区大党委：蓝线双重管理，红线直接管理，灰线成员")
axes.margins(0.15)
axes.axis("off");

# %% [markdown]
# ## 任期：谁快到了
#
# 换届是算得出来的：届满的月份 = 名册写的，或换届时间加任期。“还剩月数”是到判断日为止。

# %%
leadership = study.leadership
soon = leadership[leadership["n_months_left"].between(-1, 12)].sort_values("n_months_left")
pb.labelled(soon[["organization", "community", "org_type", "ends", "n_months_left"]]).head(8)

# %% [markdown]
# ## 会遇到的错：判断日写得太随便
#
# 想看“年底之前”谁到期，换一天判断就行。日期要写得让人没有第二种理解：

# %%
try:
    pb.leadership(network, as_of="年底")
except pb.PolicyError as error:
    print(error)

# %%
at_year_end = pb.leadership(network, as_of="2025年12月31日")
print("over today:", int(leadership["is_over"].sum()), "  over at the end of the year:", int(at_year_end["is_over"].sum()))

# %% [markdown]
# ## 接下来
#
# - 一个人、一个单位坐在几张桌子上？`pb.interlocks(study)`；两个单位同在几个大党委？`pb.shared_partners(study)`。
# - 会议开了没有、谁总不来：有会议名册的，看 `pb.activities`、`pb.attendance` 和 `pb.plot_meetings`。
# - 上下级有没有绕成圈、合不合建制：`pb.subordination(study)`。
# - 成员之间除了开会还一起做什么：[5 共建网络](05-co-building.ipynb)。
