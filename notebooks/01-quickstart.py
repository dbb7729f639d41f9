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
# # 1 第一次见面：一个文件夹，一面墙
#
# *From a folder of rosters to a wall of tiles, a list of gaps, a map and a graph, in five minutes. The street is invented.*
#
# 月底，六个社区把名册发来：党员花名册、单位台账、大党委名单、共建协议……十二本 Excel，没有两本的表头一样。
# 这篇用演示街道（**望湖街道**，纯属虚构）走一遍：把文件夹原样读进来，先看一面墙，再问三个问题。
# 每个数都能点回到 Excel 的某一行。

# %%
import pbgraph as pb

network = pb.read("../data/demo")  # a folder as it is: no template, no renaming
pb.draw_wall(network)  # in Jupyter this is a live page: click a tile

# %% [markdown]
# 这就是**墙**。每家单位是一块砖：线以上已有组织覆盖或工作覆盖，线以下尚未覆盖；最醒目的黄砖是按条文应建未建的。
# 在 Jupyter 里它是活的：点任意一块，看这家单位的情况、联系和数据出自哪个文件哪一行；← → 换画面。
# （网页上看到的这份笔记不运行代码，所以这里放的是一张静止图。）

# %% [markdown]
# ## 读得怎么样？先看账
#
# 读进来之前，没有人替我们整理过表格。所以第一件事是对账：**读入 = 采用 + 搁置 + 跳过**，一行都不能凭空消失。
# `pb.labelled` 把英文列名和代码换成看得懂的话；要英文就写 `lang="en"`。

# %%
pb.labelled(network.ledger.drop(columns="range")).head(6)

# %% [markdown]
# 再看问题。程序不改您的文件，只说：哪个文件、哪张表、第几行、什么问题、怎么办。

# %%
pb.labelled(network.findings[["severity", "file", "sheet", "row", "message", "remedy"]]).drop_duplicates("问题").head(6)

# %% [markdown]
# ## 问题一：谁还没有覆盖到？
#
# `pb.coverage` 每家单位一行：有几名正式党员、有没有组织、适用哪条规则、是否已核实。
# “核实情况”不是客气话：写着“名称待核”的，可能只是两本台账把同一个名字写得不一样。

# %%
units = pb.coverage(network)
pb.labelled(units)["情况"].value_counts().to_frame("家数")

# %%
gaps = units.query("state == 'must-establish'")  # three or more full members, and no organization
pb.labelled(gaps[["community", "unit", "n_full", "rule_id", "sure", "source"]]).head(8)

# %% [markdown]
# 名单有了，再看一眼分布：

# %%
pb.plot_coverage(network)

# %% [markdown]
# ## 问题二：该归谁管？
#
# 驻区单位的上级往往在街道之外，隶属关系不变，由大党委双重管理。规则说“应为”，名单上“登记为”，两者一比：

# %%
management = pb.dual_management(network)
wrong = management.query("state in ['missing', 'contradictory']")
pb.labelled(wrong[["organization", "superior", "committee", "expected", "stated", "state"]])

# %% [markdown]
# ## 问题三：它们之间怎么联系？
#
# 骨子里这是一张 networkx 多重图：同一对单位之间可以有好几种联系，一条都不会被合并掉。
# 下面把党员折叠成人数（`members=False`），看看它有多大、最大的一片连着多少个机构：

# %%
import networkx as nx

graph = network.graph(members=False)
largest = max(nx.weakly_connected_components(graph), key=len)
print(graph)
print("largest part:", len(largest), "nodes")

# %% [markdown]
# 同一张图，画成可以拖、可以查、可以打印的地图（离线的单个网页）：

# %%
pb.draw_map(network)

# %% [markdown]
# ## 会遇到的第一个错
#
# 只想看金桥社区，写成了“金桥”。程序不会给您一张空表，而是说清楚可以写什么：

# %%
try:
    network.filter(community="金桥")
except pb.NetworkError as error:
    print(error)

# %% [markdown]
# 照它说的改就行。部分网络也是网络，同样能量、能画：

# %%
part = network.filter(community="金桥社区")
pb.labelled(pb.coverage(part).query("community == '金桥社区'"))["情况"].value_counts().to_frame("家数")

# %% [markdown]
# ## 接下来
#
# - 换成自己的文件夹：`pb.read("您的文件夹")`。读得不对？看 [2 一文件夹怪名册](02-strange-rosters.ipynb)。
# - `pb.write_pack(network, "out")`：一次写出地图、报告、清单、挂图。
# - 覆盖和规则细说：[3](03-coverage-and-rules.ipynb)；双重管理和大党委：[4](04-committees.ipynb)；共建网络：[5](05-co-building.ipynb)。
# - 会 networkx、pyvis：直接跳到 [6](06-graphs.ipynb)。自己加规则：[7](07-your-own-rules.ipynb)。和上个月比：[8](08-two-months.ipynb)。
