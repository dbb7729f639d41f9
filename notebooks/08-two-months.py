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
# # 8 两个月之间
#
# *The same street at the end of May and at the end of June: what was closed, what is new, who came, left or was renamed;
# what is progress and what only looks like it.*
#
# 会上最常被问的不是“现在怎样”，而是“**比上个月呢？**”。演示数据里有五月底和六月底两个月的名册，就来比一比。
# 也正好说说：哪些变化是成绩，哪些只是**看起来像**成绩。

# %%
import pandas as pd

import pbgraph as pb

pd.set_option("display.max_colwidth", 60)
earlier = pb.read("../data/demo-2025-05")
later = pb.read("../data/demo")
for network in (earlier, later):
    print(network.as_of, len(network.units), "units,", len(network.organizations), "organizations")

# %% [markdown]
# 判断日是从名册里读出来的（表上的填报时间），不是今天；上个月按上个月的日子判断。
#
# ## 先看总数

# %%
def headline(network: pb.Network) -> pd.Series:
    """The rates of the whole street that can be told."""
    rates = pb.labelled(pb.coverage_rates(network).query("community == '' and rate_share.notna()"))
    return rates.set_index("指标")["比率"].astype(float)


both = pd.DataFrame({"五月": headline(earlier), "六月": headline(later)}).dropna()
both.assign(变化=both["六月"] - both["五月"]).map("{:.1%}".format)

# %% [markdown]
# 注意五月没有党员名册：有些率五月算不出来，就不在这张表里，而不是写 0。
#
# ## 画在一起
#
# 每个图都收 `ax=`，可以画进自己的版面：

# %%
import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

figure, axes = plt.subplots(2, 1, figsize=(9, 8), sharex=True)
for network, ax, month in zip((earlier, later), axes, ("五月底", "六月底"), strict=True):
    pb.plot_coverage(network, ax=ax)
    ax.set_title(month, loc="left")
    ax.set_xlabel("")
axes[0].get_legend().remove()
figure.tight_layout()

# %% [markdown]
# 差别小得看不出来。总数说不清的，要一家一家看。
#
# ## 一家一家看
#
# `gap_changes` 只列变了的单位，两个月都按同一套规则判断：

# %%
changes = pb.gap_changes(later, earlier=earlier)
pb.labelled(changes[["change", "community", "unit", "before", "after"]])

# %% [markdown]
# “停业或注销”的两家原来也是缺口：缺口没有了，可不是谁补上的，所以不算“已解决”。看看名册怎么写：

# %%
closed = changes[changes["change"] == "closed"]
states = later.units.set_index("unit_id")["operating"]
pb.labelled(closed.assign(operating=closed["unit_id"].map(states))[["unit", "before", "after", "operating"]])

# %% [markdown]
# 真正的成绩只有一家，新建了党支部。汇报时分开说：

# %%
print("solved:", changes.loc[changes["change"] == "solved", "unit"].tolist())
print("closed:", closed["unit"].tolist())

# %% [markdown]
# ## 改名，不是一去一来
#
# “不再列入”一家，“新列入”四家。其中一家其实是改名：统一社会信用代码没有变。

# %%
codes = pd.concat([earlier.units, later.units]).drop_duplicates("unit_id").set_index("unit_id")["code"]
moved = changes[changes["change"].isin(["arrived", "left"])].assign(code=lambda rows: rows["unit_id"].map(codes))
renamed = moved[moved["code"].notna() & moved.duplicated("code", keep=False)]
pb.labelled(renamed[["change", "unit", "before", "after", "code"]])

# %% [markdown]
# 在 `别名.csv` 里写一行“单位,云州东篱五金有限公司,云州东篱机械有限公司,是”，以后就是一家：两个月都用这本记忆读（`aliases=`），旧名和新名是同一个编号。
#
# ## 一张图说完
#
# 每行一家变了的单位：空心是五月底，实心是六月底，越往右越好。

# %%
from pbgraph import schema

vocabulary = schema.vocabulary("coverage_state")
ladder = [None, "blank", "must-establish", "joint-candidate", "borderline", "work", "split-due", "joint", "own"]
place = {state: number for number, state in enumerate(ladder)}
colours = {"solved": "#3f7a70", "new": "#e07b00", "moved": "#8a8f98", "arrived": "#2b5c8a", "closed": "#8a8f98", "left": "#8a8f98"}
figure, ax = plt.subplots(figsize=(9, 3.6))
rows = changes.astype(object).where(changes.notna(), None)[::-1]
for y, row in enumerate(rows.itertuples()):
    before, after = place[row.before], place[row.after]
    ax.plot([before, after], [y, y], color=colours[row.change], linewidth=2, zorder=1)
    ax.scatter(before, y, facecolor="white", edgecolor=colours[row.change], linewidth=2, s=60)
    ax.scatter(after, y, color=colours[row.change], s=60)
ax.set_yticks(range(len(rows)), rows["unit"])
names = [vocabulary.label(state).replace("联合支部中", "联合中\n") if state else "不在册\n或停业" for state in ladder]
ax.set_xticks(range(len(ladder)), names, fontsize=9)
ax.grid(axis="x", color="#eeeeee")
ax.spines[["top", "right", "left"]].set_visible(False)

# %% [markdown]
# ## 会遇到的错：上个月忘了存
#
# 每月存一份，下月就不用再读名册：`later.save("saved/2025-06")`。要是忘了：

# %%
import tempfile

try:
    pb.Network.load("saved/2025-04")
except pb.PbgraphError as error:
    print(error)

folder = later.save(f"{tempfile.mkdtemp()}/2025-06")
print(pb.Network.load(folder) == later)

# %% [markdown]
# 没有存，但还有上次的材料：整个结果文件夹也能当作网络读，`pb.read("结果/2025-05")`。
#
# ## 规则变了呢？
#
# 比的是单位，不是规则：两个月要用**同一套**规则判断。`gap_changes` 用的是给它的那一套：

# %%
policy = pb.read_policy(path="data/policy.toml")
print(pb.gap_changes(later, earlier=earlier, policy=policy)["change"].value_counts().to_dict())

# %% [markdown]
# ## 接下来
#
# - `pb.write_pack(later, "out", earlier=earlier)`：报告、地图、墙里都写明与上次相比。
# - 命令行：`pbgraph report 名册 -o 本月 --previous 上月`；`pbgraph 工作文件夹` 会自己找到上次的。
# - 从头再走一遍？[1 第一次见面](01-quickstart.ipynb)。
