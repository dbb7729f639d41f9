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
# # 2 一文件夹怪名册
#
# *Workbooks as people really send them: what each sheet and column was taken for, which questions remain, and how
# an answer or a repair changes the result. Four small invented workbooks, one of them no roster at all.*
#
# 名册不会照模板来。有人用拼音缩写当表头（`xh`），有人写大白话（“上面是谁”“党员几个”），身份证号存成了数字，
# 文件夹里还混着一张会议室预约表。这篇看四件事：**认出了什么**、**拿不准什么**、**怎么回答**、**怎么修**。
#
# `data/strange` 里的四本都是编的（由 `data/make_strange.py` 写出，身份证号以 999999 开头）。

# %%
import pandas as pd

import pbgraph as pb

pd.set_option("display.max_colwidth", 60)
network = pb.read("data/strange")
network

# %% [markdown]
# ## 认出了什么
#
# 每张表认作哪种名册、领先第二名多少（领先越多越有把握）：

# %%
tables = network.reading.tables
pb.labelled(tables[["file", "sheet", "range", "table", "runner_up", "margin", "is_sure"]])

# %% [markdown]
# 会议室预约表没有被硬当成名册，而是**搁置**：一行不少地记在账上，等人看一眼。
#
# 每一列认作什么，是表头和单元格一起说了算的：“凭表头”是表头像不像，“凭内容”是单元格的样子对不对。
# 先看最没把握的几列：

# %%
columns = network.reading.columns
doubtful = columns[(columns["meaning"] != "") & (columns["weight"] < 2.6)].sort_values("weight")
pb.labelled(doubtful[["file", "header", "samples", "meaning", "weight", "by_header", "by_cells"]])

# %% [markdown]
# 画出来更清楚。短的条，就是该看一眼的列：

# %%
import matplotlib.pyplot as plt
import zhplot  # noqa: F401  # Chinese letters in matplotlib

named = columns[columns["meaning"] != ""].sort_values("weight").head(12)
labels = named["header"] + " → " + named["meaning"]
figure, axes = plt.subplots(figsize=(8, 4))
axes.barh(labels, named["by_header"], color="#a30d17", label="凭表头")
axes.barh(labels, named["by_cells"].clip(lower=0), left=named["by_header"], color="#f3d3cf", label="凭内容")
axes.set_xlabel("分量")
axes.legend(frameon=False)
axes.spines[["top", "right"]].set_visible(False)

# %% [markdown]
# 还有认不出的列，不硬认，留着等人说：

# %%
unknown = columns[(columns["meaning"] == "") & columns["file"].ne("会议室预约.xlsx")]
pb.labelled(unknown[["file", "header", "samples"]])

# %% [markdown]
# 人一眼就能看出来：
#
# - “发展时间”认作“列为发展对象时间”，而这位同事写的是**入党时间**；
# - “建在哪儿”说的是**党组织建在哪个单位**。少了它，后果不小：单位和组织连不上；
# - “热度”是这位同事自己的一列，想留着。
#
# ## 现在的覆盖情况（先记住它）

# %%
before = pb.coverage(network)
pb.labelled(before[["unit", "n_members", "state", "organization", "sure"]])

# %% [markdown]
# 两家单位的表里写着“联合”，这里却没有组织。程序不敢说它们没有建：“核实情况”一栏写的是“资料待补”。
#
# ## 有哪些问题要人回答
#
# 名称有疑问的，程序不猜，列出来：

# %%
pb.labelled(network.review[["kind", "name", "candidate", "similarity", "reason", "n_rows"]])

# %% [markdown]
# ## 回答：写进一本记忆
#
# 所有回答都是同一种形式：类型、原名、标准名、判断。不写代码的同事在 `待核对.xlsx` 里点选，存进 `别名.csv`；
# 在笔记本里，它就是一张四列的表。表和列按**表头的组合**记住，下个月同样的表头自动照办。

# %%
def key_of(header: str) -> str:
    """The key of a column in the memory: the headers of its table, and its own."""
    return columns.loc[columns["header"] == header, "key"].item()


rooms = tables.loc[tables["file"] == "会议室预约.xlsx", "shape"].item()
answers = pd.DataFrame(
    [
        ("列", key_of("发展时间"), "入党时间", "是"),  # this column means the day of joining
        ("列", key_of("建在哪儿"), "党组织所在单位", "是"),  # the unit in which the organization was set up
        ("列", key_of("热度"), "自有列", "是"),  # keep it under its own name
        ("表", rooms, "不读", "是"),  # no roster: do not ask again
        ("党组织", "卫生服务站支部", "临江社区卫生服务站党支部", "是"),  # the same branch
    ],
    columns=["类型", "原名", "标准名", "判断"],
)

# %%
import tempfile
from pathlib import Path

memory = Path(tempfile.mkdtemp()) / "别名.csv"  # beside your rosters it is found by itself
answers.to_csv(memory, index=False, encoding="utf-8-sig")

answered = pb.read("data/strange", aliases=memory)
after = pb.coverage(answered)
both = before[["unit", "state"]].merge(after[["unit", "state", "organization", "sure"]], on="unit", suffixes=("", "_now"))
changed = both[both["state"] != both["state_now"]]
pb.labelled(changed.rename(columns={"state": "before", "state_now": "after"}))

# %% [markdown]
# 五个回答，这两家单位有了着落。“热度”一列也留了下来，跟着单位走：

# %%
print([name for name in answered.units.columns if name not in network.units.columns])

# %% [markdown]
# ## 修：单元格里的错
#
# 剩下的是单元格的问题。每一条都说了文件、行、列和怎么办：

# %%
pb.labelled(answered.findings.query("severity != 'note'")[["file", "row", "column", "value", "message", "remedy"]]).head(10)

# %% [markdown]
# 有三种修法，按喜好选：
#
# 1. **在 Excel 里改**：`pb.write_annotated(network.findings, "annotated", rosters="data/strange")` 写出标了红黄的副本，改好再读。
# 2. **改一张表再读**：读得进文件夹，就读得进 DataFrame。
# 3. **直接改网络的表**：`network.units.loc[...] = ...`，之后的每个指标都看得见。
#
# 这里用第二种：“建了”“联合”不在词表里，换成“是”。

# %%
frames = {}
for name in ("党员0620.xlsx", "摸排汇总-最终版2.xlsx", "组织一览.xlsx"):
    for sheet, frame in pd.read_excel(f"data/strange/{name}", sheet_name=None, header=None, dtype=object, engine="openpyxl").items():
        repaired = frame.replace({"建了": "是", "联合": "是", "二〇二二年五月": "2022.5"})
        frames.setdefault(name, {})[sheet] = repaired

mended = pb.read(frames, aliases=memory)
print(len(answered.findings.query("severity != 'note'")), "->", len(mended.findings.query("severity != 'note'")))

# %% [markdown]
# ## 看一眼结果

# %%
pb.plot_coverage(mended)

# %% [markdown]
# ## 会遇到的错：整个文件夹都不是名册
#
# 如果一张能用的表都没有，程序会停下来说清楚，理由也都在错误里：

# %%
try:
    pb.read("data/strange/会议室预约.xlsx")
except pb.WorkbookError as error:
    print(error)
    print(error.data["findings"]["message"].tolist())

# %% [markdown]
# 怎么办：表头完全不着调的，在“识别结果”里指明它是哪种表（回答类型写“表”，标准名写表的名称，如“驻区单位台账”）。
# 哪些表、哪些表头认识，见[数据字典](../docs/dictionary.md)；读不进来的种种原因见[这里](../docs/import.md)。
#
# ## 接下来
#
# - 把 `别名.csv` 放进名册文件夹，下个月不用再答一遍。
# - 问一个表头会被认作什么：`pb.recognise(["姓   名", "现所在党支部名称"], table="members")`。
# - 读好了，就可以判断：[3 覆盖和规则](03-coverage-and-rules.ipynb)。
