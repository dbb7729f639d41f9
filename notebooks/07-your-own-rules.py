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
# # 7 自己的规则、指标和列
#
# *A policy.toml of one's own, line by line: change a number, switch a rule off, count something new, judge by it. Then a
# measure and a column of one's own. No fork, no change of the program.*
#
# 每个街道都有自己的工作要点。规则在这里是**数据**：一个文本文件，写得错了会说错在第几行。
# 这篇把 [data/policy.toml](data/policy.toml) 从头讲一遍。

# %%
from pathlib import Path

import pandas as pd

import pbgraph as pb

network = pb.read("../data/demo")
text = Path("data/policy.toml").read_text("utf-8")
blocks = text.split("\n\n")
print(blocks[1])

# %% [markdown]
# ## 一、改一个数
#
# 规则编号后面写 `params`，只写要改的。C19 有两个参数 `least` 和 `most`；每条规则的编号、参数、出处见[规则一览](../docs/rules.md)。
# 没有用的参数会被拒绝：改了它等于没改，那比报错更糟。
#
# ## 二、关一条

# %%
print(blocks[2])

# %% [markdown]
# ## 三、造一个数
#
# 凡是“数联系”得出的，都能成为一列。`of` 说怎么数（`ends` 数另一端有几个），`relation` 说沿着哪种联系，`other` 说另一端是谁。

# %%
print(blocks[3])

# %% [markdown]
# ## 四、立一条
#
# 规则的每一项都印得出来：标题、条文、要求程度、出处。`checks` 里写：比哪个数、怎么比、只看谁、发现了怎么说。

# %%
print("\n\n".join(blocks[4:]))

# %% [markdown]
# ## 用起来

# %%
policy = pb.read_policy(path="data/policy.toml")
usual, own = pb.Study(network), pb.Study(network, policy=policy)
pb.labelled(own.assess.query("rule_id in ['C19', 'X1']")[["rule_id", "force", "community", "message", "sure"]])

# %% [markdown]
# C19 改到 16 名，新城、东湖学府两个大党委不再被提醒；新规则 X1 找到了共建还薄的社区。
# 和通行方案比，哪些规则的发现数变了：

# %%
import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

counts = pd.DataFrame({"通行": usual.assess["rule_id"].value_counts(), "本街道": own.assess["rule_id"].value_counts()})
counts = counts.fillna(0).astype(int)
changed = counts[counts["通行"] != counts["本街道"]]
axes = changed.plot.barh(color=["#d9dbde", "#a30d17"], figsize=(7, 2.2), xlabel="发现（条）", ylabel="")
axes.xaxis.get_major_locator().set_params(integer=True)

# %% [markdown]
# 离目标还有多远，画一条线：

# %%
ties = network.ties
partners = ties[ties["relation"].isin(["co_building", "paired_with"]) & ties["target_id"].str.startswith("unit:")]
counted = partners.groupby("source_id")["target_id"].nunique()
communities = network.organizations.query("is_community_org").set_index("organization_id")["name"]
numbers = counted.reindex(communities.index, fill_value=0).rename(communities).sort_values()
figure, axes = plt.subplots(figsize=(7, 2.8))
least = policy.rules["X1"].params["least"]
axes.barh(numbers.index, numbers, color=["#f5b433" if n < least else "#a30d17" for n in numbers])
axes.axvline(least, color="#26282c", linestyle="--")
axes.set_xlabel("共建单位（家）；虚线是目标")
axes.xaxis.get_major_locator().set_params(integer=True)
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# ## 会遇到的错：写错了
#
# 列名写错、界限写错、句子里的词写错，都说文件、行、在哪一项、可以写什么：

# %%
import tempfile

draft = Path(tempfile.mkdtemp()) / "policy.toml"
slips = {'value = "n_partner_units"': 'value = "n_partners"', 'least = "least"': 'leats = "least"', "{value} 家": "{valeu} 家"}
for right, wrong in slips.items():
    draft.write_text(text.replace(right, wrong), "utf-8")
    try:
        pb.read_policy(path=draft)
    except pb.PolicyError as error:
        print(error, "\n")

# %% [markdown]
# ## 自己的指标
#
# 指标是一个函数：网络进，一张表出，不改网络。名词命名，每行说清是谁。

# %%
def staff_reached(network: pb.Network) -> pd.DataFrame:
    """Staff of the units in operation, and of those with an organization, by community."""
    units = pb.coverage(network).query("is_in_scope and staff_count.notna()")
    covered = units["staff_count"].where(units["is_covered"].astype(bool), 0)
    rows = units.assign(n_covered=covered).groupby("community", as_index=False)
    return rows.agg(n_staff=("staff_count", "sum"), n_covered=("n_covered", "sum"))


staff = staff_reached(network)
staff.assign(share=(staff["n_covered"] / staff["n_staff"]).astype(float).round(2))

# %% [markdown]
# 想让它像自带的指标一样长在 `study` 上（算一次、记住），加一个装饰器，写明有哪几列：

# %%
from pbgraph.analyses.study import measure


@measure("community", "n_staff", "n_covered")
def staff_covered(study: pb.Study) -> pd.DataFrame:
    """Staff of the units in operation, and of those with an organization, by community."""
    return staff_reached(study.network)


own.staff_covered.head(3)

# %% [markdown]
# ## 自己的列
#
# 名册里自己的列（如“热度”“租金”），回答“自有列”就跟着单位走（[第 2 篇](02-strange-rosters.ipynb)）。
# 也可以在笔记本里加：`with_` 给出一个新网络，原来的不动。加的列可以用来分组、上图、导出。

# %%
units = network.units
zone = units["staff_count"].ge(100).map({True: "百人以上", False: "百人以下"}).where(units["staff_count"].notna())
zoned = network.with_(units=units.assign(zone=zone))
pb.labelled(pb.crossing_ties(zoned, by="zone")).rename(columns={"分组": "规模"})

# %% [markdown]
# 规则只能用认识的列，不能直接用自己加的列；要判断自己的列，用自己的指标。
#
# ## 接下来
#
# - 把 `policy.toml` 的路径写进名册文件夹的 `pbgraph.toml`（`policy = "policy.toml"`），每月自动用上；命令行是 `--policy`。
# - 一个文件里可以有几套方案：`[profiles.名字]`，用 `pb.read_policy(profile=..., path=...)` 选。
# - 规则改了，上个月也要按新规则重算再比：[8 两个月之间](08-two-months.ipynb)。
