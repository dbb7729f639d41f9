"""Write the pages and the table of pinyin that come from the tables, or check that they are current: generate.py [--check]."""

import sys
import tomllib
from pathlib import Path

from outputs import filled
from pypinyin import lazy_pinyin

from pbgraph import policy, schema
from pbgraph.captions import caption
from pbgraph.findings import kinds
from pbgraph.reading.pinyin import header_words

HERE = Path(__file__).parent
SEVERITIES = ("error", "warning", "note")


def findings_page() -> str:
    """Every kind of finding with its sentence and remedy."""
    lines = ["# 数据问题一览", "", "程序读表时可能说的每一句话，以及处理办法。由 `reference/findings.toml` 生成。", ""]
    for severity in SEVERITIES:
        lines += [f"## {caption(f'severity_{severity}', 'zh')}", "", "| 代码 | 说什么 | 处理办法 |", "|---|---|---|"]
        lines += [
            f"| `{code}` | {kind['zh']} | {kind['remedy']['zh']} |"
            for code, kind in kinds().items()
            if kind["severity"] == severity
        ]
        lines.append("")
    return "\n".join(lines)


def dictionary_page() -> str:
    """Every table, its fields, and the headers that are understood."""
    lines = [
        "# 数据字典",
        "",
        "每种表认识哪些表头。由 `reference/schema.toml` 生成；**粗体**为必需的列，🔒 不会出现在任何输出里。",
        "",
    ]
    for table in schema.tables().values():
        lines += [f"## {table.label} `{table.key}`", "", "| 字段 | 表头 | 也认识 | 取值 |", "|---|---|---|---|"]
        for field in table.fields:
            label = f"**{field.label}**" if field.key in table.required else field.label
            also = "、".join(s for s, key in _spellings(table) if key == field.key and s != field.label)
            lines.append(f"| `{field.key}` | {label}{' 🔒' if field.is_hidden else ''} | {also} | {_values(field)} |")
        lines.append("")
    lines += ["## 词表", "", "单元格里可以写哪些值。由 `reference/vocabulary/` 生成。", ""]
    for name in sorted({f.type for table in schema.tables().values() for f in table.fields}):
        if schema.has_vocabulary(name):
            lines += [f"### `{name}`", "", "| 代码 | 值 | 也认识 | 来源 |", "|---|---|---|---|"]
            lines += [
                f"| `{code}` | {row['label']} | {row.get('aliases', '').replace(';', '、')} | {row['source']} |"
                for code, row in schema.vocabulary(name).rows.items()
            ]
            lines.append("")
    return "\n".join(lines)


def _spellings(table: schema.Table) -> list[tuple[str, str]]:
    spelled = [(s, f.key) for f in table.fields for s in (f.label, *f.aliases)]
    return [(s, key) for s, key in spelled if table.headers.get(schema.header_key(s, keep_notes=True)) == key]


def _values(field: schema.Field) -> str:
    if schema.has_vocabulary(field.type):
        return "、".join(row["label"] for row in schema.vocabulary(field.type).rows.values())
    return {"date": "日期", "integer": "整数", "flag": "是 / 否", "id_no": "身份证号", "phone": "电话"}.get(
        field.type, "文本"
    )


PROFILES = ("national", "youjiang", "xincun13", "qijiazhuang")  # together they hold every rule


def rules_page() -> str:
    """Every rule with its source, and every rate with its denominator."""
    lines = [
        "# 规则与指标",
        "",
        "由 `reference/policy.toml` 和 `reference/rates.toml` 生成。",
        "",
        "| 编号 | 内容 | 要求程度 | 出处 | 来源核对 |",
        "|---|---|---|---|---|",
    ]
    every = {rule.rule_id: rule for name in PROFILES for rule in policy.read_policy(profile=name).rules.values()}
    for rule in sorted(every.values(), key=lambda rule: (rule.rule_id[0], int(rule.rule_id[1:]))):
        sure = caption(f"sure_{rule.source.sure}", "zh")
        lines.append(f"| {rule.rule_id} | {rule.said('zh')} | {caption(rule.force, 'zh')} | {rule.cited()} | {sure} |")
    lines += ["", "| 指标 | 口径 | 来源 |", "|---|---|---|"]
    for rate in policy.rates().values():
        lines.append(
            f"| {rate['label']['zh']} | {rate['definition']['zh'].format_map(rate.get('params', {}))} | {rate['source']} |"
        )
    return "\n".join([*lines, "", "自己加规则、改数字，见[规则和自己的规则](policy.md)。", ""])


SYSTEMS = HERE.parent / "tests" / "systems"
_NO_PROOF = "未证明：没有按文件原话做的例子"
PARTS = {"node": "装", "tie": "装", "card": "图", "drawn": "图", "table": "图", "figure": "图"}


def systems_page() -> str:
    """The 65 systems of the source documents: what each is made of, what is proven of it, and what is not."""
    told = tomllib.loads((SYSTEMS / "systems.toml").read_text("utf-8"))
    proven = {number: _proven(SYSTEMS / f"{int(number):02}.toml") for number in told}
    n_whole = sum(said.startswith("全部") for said in proven.values())
    n_none = sum(said == _NO_PROOF for said in proven.values())
    lines = [SYSTEMS_HEAD.format(whole=n_whole, some=len(told) - n_whole - n_none, none=n_none)]
    for number, entry in told.items():
        rules = " ".join([*entry["rules"], *_ticked(entry["measures"])])
        cells = (
            number, entry["title"], " ".join(_ticked(entry["tables"])), " ".join(_ticked(entry["relations"])), rules,
            " ".join(_ticked(entry["pictures"])), proven[number], " ".join(_ticked(entry["tests"])),
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_beyond(), ""])


def _beyond() -> list[str]:
    """What the documents hold beyond the 65 systems: by what it is loaded and checked, or why it is not."""
    told = tomllib.loads((SYSTEMS / "beyond.toml").read_text("utf-8"))["told"]
    lines = [BEYOND_HEAD.format(loaded=sum("tables" in entry for entry in told), n=len(told))]
    for entry in told:
        tables = " ".join(_ticked(entry.get("tables", []))) or "—"
        lines.append(
            f"| {entry['title']} | {entry['seed']} | {tables} | {' '.join(entry.get('rules', [])) or '—'} | {entry.get('why', '')} |"
        )
    return lines


def _ticked(names: list[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _proven(path: Path) -> str:
    """How much of a proof holds, by loading, judging and showing, then each part that does not, with the reason."""
    if not path.is_file():
        return _NO_PROOF
    expect = tomllib.loads(path.read_text("utf-8"))["expect"]
    held: dict[str, list[bool]] = {"装": [], "判": [], "图": []}
    for one in expect:
        held[next((part for key, part in PARTS.items() if key in one), "判")].append("not_yet" not in one)
    counts = "，".join(f"{part} {sum(each)}/{len(each)}" for part, each in held.items() if each)
    open_ones = [f"{one['says']}（{one['not_yet']}）" for one in expect if "not_yet" in one]
    said = f"未证明：{'；'.join(open_ones)}" if open_ones else "全部证明"
    return f"{said}。{counts}".replace("|", "/")


SYSTEMS_HEAD = """# 文件里的 65 项制度

每项制度：用哪些名册装入，成为哪些联系，由哪些规则（编号）或指标检查，画在哪里；按文件原话做的例子证明了哪些，哪些还没有。
名册是 `reference/schema.toml` 的表，联系是 `vocabulary/relation.csv` 的代码，指标是 `pb.` 后面的函数，
“图”是地图的场景（`map:场景`）或 `pb.plot_*`。例子在 `tests/systems/`，一项一个：照文件的词写的表、判断日期、规则方案、
应得的结果（装：装入网络；判：该报的报、不该报的不报；图：地图、卡片或表里看得到）。
`python tests/drive_systems.py` 逐条核对，`tests/test_systems.py` 每次核对其中六分之一：写明已证明的必须做到，写明未证明的一旦做到就要改过来。本页由这些例子生成。

65 项里，全部证明 {whole} 项，部分未证明 {some} 项，没有例子 {none} 项。

| # | 制度 | 名册 | 联系 | 规则和指标 | 图 | 证明 | 单元测试 |
|---|---|---|---|---|---|---|---|"""


BEYOND_HEAD = """## 65 项以外

文件里还有这些内容：{n} 项里有 {loaded} 项能从表里装入；其余的写明为什么不装入、不核对。例子在 `tests/test_beyond.py`。

| 内容 | 文件 | 名册 | 规则 | 没有做的和原因 |
|---|---|---|---|---|"""


def pinyin_table() -> str:
    """The pinyin of every word that headers are made of."""
    lines = (f"{word},{' '.join(lazy_pinyin(word))}" for word in header_words())
    return "\n".join(("word,pinyin", *lines, ""))


PAGES = {
    "findings.md": findings_page,
    "dictionary.md": dictionary_page,
    "rules.md": rules_page,
    "systems.md": systems_page,
    "../pbgraph/reference/pinyin.csv": pinyin_table,
}


def stale_pages() -> dict[str, str]:
    """The pages that are not current, as they should be: those made whole, and those with generated parts."""
    made = {HERE / name: page() for name, page in PAGES.items()}
    made |= {path: filled(text) for path in HERE.glob("*.md") if "<!-- generated" in (text := path.read_text("utf-8"))}
    return {path.name: text for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text}


def main() -> int:
    """Write the pages; with --check, only compare them."""
    stale = stale_pages()
    if "--check" in sys.argv:
        print(f"run docs/generate.py: {', '.join(stale)}" if stale else "current")
        return int(bool(stale))
    for name, text in stale.items():
        place = HERE / next((key for key in PAGES if key.endswith(name)), name)
        place.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
