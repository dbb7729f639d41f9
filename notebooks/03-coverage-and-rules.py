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
# # 3 覆盖和规则
#
# *Who is reached, by which written rule, how surely; the rates with their denominators; what was judged, what was not,
# and why; the same street under the rules of another place.*
#
# “覆盖率多少？”是个好问题，但只答一个数不够。分母是谁？依据哪一条？有几家其实还说不准？
# 这篇从一面墙走到一条规则，再走回 Excel 的一行。

# %%
import pandas as pd

import pbgraph as pb

pd.set_option("display.max_colwidth", 50)
network = pb.read("../data/demo")
study = pb.Study(network)  # one network, under one policy, on one day: each measure is made once
study

# %% [markdown]
# ## 八种情况
#
# 一家单位只落在一种情况里。上面三种有组织（其中一种该从联合支部分出来），“工作覆盖”派有指导员或建有群团，其余是缺口。

# %%
pb.plot_coverage(study)

# %% [markdown]
# 每一种情况都带着规则。同样是缺口，办法不一样：应建未建（A1）单独组建，有党员未建立党组织（A2）联合组建，空白点（A3）先选派指导员。

# %%
units = study.coverage
gaps = units[units["is_in_scope"] & units["state"].isin(["must-establish", "split-due", "joint-candidate", "blank"])]
pb.labelled(gaps.groupby(["state", "rule_id"], as_index=False).agg(n_units=("unit", "size")))

# %% [markdown]
# ## 每个率都有分母
#
# 同一个词，各地的算法不一样，所以每个率都写明分子、分母；分母为 0 的不写 0%，空着。
# （`community` 为空的行是全街道。）

# %%
rates = study.coverage_rates
whole = rates[(rates["community"] == "") & rates["rate_share"].notna()]
pb.labelled(whole.drop(columns="community").assign(rate_share=whole["rate_share"].map("{:.1%}".format)))

# %% [markdown]
# 谁在分子里、谁不在，也能一个个列出来：

# %%
lists = study.rate_lists
outside = lists[(lists["rate"] == "establishment") & ~lists["is_counted"]]
pb.labelled(outside.merge(units[["unit_id", "unit", "n_full"]], left_on="subject_id", right_on="unit_id")
            [["rate", "community", "unit", "n_full"]])  # fmt: skip

# %% [markdown]
# ## 所有的发现，一条一条
#
# `assess` 把数据够得着的规则全跑一遍。每条发现说：哪条规则、要求程度（必须、一般应当、提倡）、谁、什么问题、凭什么、是否已核实。

# %%
findings = study.assess
table = pd.crosstab(pb.labelled(findings)["要求程度"], pb.labelled(findings)["核实情况"])
table

# %%
must = findings[findings["force"] == "must"].drop_duplicates("rule_id")
pb.labelled(must[["rule_id", "message", "evidence", "sure", "source"]]).head(8)

# %% [markdown]
# 图比表更快。哪条规则的发现最多？

# %%
import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

policy = study.policy
counts = findings["rule_id"].value_counts().head(12).sort_values()
names = [f"{rule}　{policy.rules[rule].title['zh']}" for rule in counts.index]
forces = findings.drop_duplicates("rule_id").set_index("rule_id")["force"]
colours = {"must": "#a30d17", "normally": "#c24a43", "may": "#f3d3cf"}
figure, axes = plt.subplots(figsize=(8, 4.2))
bars = axes.barh(names, counts, color=[colours[forces[rule]] for rule in counts.index])
axes.bar_label(bars, padding=3)
axes.set_xlabel("发现（条）；颜色越深，要求越高")
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# ## 没有查的，和为什么没有查
#
# 没有发现，不等于没有问题：可能只是缺名册。`not_run` 一条条说缺什么。

# %%
missing = study.not_run
print(len(missing), "rules could not run")
pb.labelled(missing.assign(内容=[policy.rules[rule].title["zh"] for rule in missing["rule_id"]])).head(6)

# %% [markdown]
# ## 支部大小合不合适
#
# 党员多的支部该划小，少于 3 名正式党员的该调整；横线就是条文里的数：

# %%
pb.plot_sizes(study)

# %% [markdown]
# ## 换一个地方的规则
#
# 规则是数据，不是代码。换成右江区的规则方案（联合党委），同一份名册，发现就不一样：

# %%
elsewhere = pb.Study(network, policy=pb.read_policy(profile="youjiang"))
pair = pd.DataFrame({
    "national": findings["rule_id"].value_counts(), "youjiang": elsewhere.assess["rule_id"].value_counts(),
}).fillna(0).astype(int)  # fmt: skip
titles = pd.Series({rule: rules[rule].title["zh"] for rules in (policy.rules, elsewhere.policy.rules) for rule in rules})
pair[pair["national"] != pair["youjiang"]].assign(内容=titles)

# %% [markdown]
# 右江区不要求每个组织都有人进大党委（C8），也不管委员名额（C19），但对联合党委班子有自己的要求（C15）。
#
# ## 会遇到的错：规则方案写错了名字

# %%
try:
    pb.read_policy(profile="右江")
except pb.PolicyError as error:
    print(error)

# %% [markdown]
# 方案用拼音代号；要在哪个方案上改一两个数，不必改程序，见 [7 自己的规则](07-your-own-rules.ipynb)。
#
# ## 追到行
#
# 会上有人问“这个数哪来的？”——每条发现的最后一列就是答案：

# %%
one = findings[findings["rule_id"] == "A1"].iloc[0]
print(one["message"])
print(pb.labelled(pd.DataFrame([one]))["数据来源"].item())

# %% [markdown]
# ## 接下来
#
# - `pbgraph rules 名册文件夹` 在命令行里列出全部规则、出处，和这次能查哪几条；[规则一览](../docs/rules.md)。
# - 一家单位的台账和党组织名册说法不一？`pb.reconciliation(study)`。
# - 上级在街道以外的单位：[4 双重管理和大党委](04-committees.ipynb)。
