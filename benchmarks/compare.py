"""The same workbooks, the raw way and ours, in one run: python benchmarks/compare.py

The raw way is what a technical user would write in an evening with pandas, openpyxl, networkx
and pyvis, knowing by hand where each header row is. It prints seconds, the ratio, gaps found,
false and missed gaps against the planted truth, and ties kept in the map.
"""

import json
import os
import tempfile
import time
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

import pbgraph as pb
from pbgraph.linking.keys import name_key
from pbgraph.schema import vocabulary

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "data" / "demo"
TRUTH: dict[str, Any] = json.loads((ROOT / "data" / "truth.json").read_text("utf-8"))
GAPS = vocabulary("coverage_state").codes(is_gap="true")
UNCOVERED = {"must-establish", "borderline", "joint-candidate", "blank"}


def key(name: str) -> str:
    return name_key(name, kind="units", home=TRUTH["home"])


def tidied(name: str) -> str:
    """The cleaning that comes to mind on the second evening: widths and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def raw_way(folder: Path, tidy: Callable[[str], str]) -> tuple[set[str], nx.MultiDiGraph, int]:
    """Units in operation without an organization, instructor or union; the graph; ties the map kept."""
    read = partial(pd.read_excel, engine="openpyxl")
    organizations = read(DEMO / "01党组织名册.xlsx", header=2, skiprows=[3])
    sheets = read(DEMO / "04驻区单位台账.xlsx", sheet_name=None, header=None)
    units = []
    for community, sheet in sheets.items():
        start = next(i for i, row in sheet.iterrows() if str(row[0]) == "序号")
        rows = sheet.iloc[start + 1 :]
        units += [
            (tidy(str(name)), community, str(state))
            for name, state in zip(rows[1], rows[8], strict=True)
            if isinstance(name, str)
        ]
    graph = nx.MultiDiGraph()
    for name, community, _ in units:
        graph.add_edge(name, community, relation="located_in")
    covered: set[str] = set()
    for row in organizations.itertuples(index=False):
        graph.add_edge(str(row[2]), str(row[4]), relation="subordinate")
        for cell in (row[7], row[8]):
            for unit in map(tidy, str(cell).split("、")) if isinstance(cell, str) else []:
                covered.add(unit)
                graph.add_edge(str(row[2]), unit, relation="covers")
    agreements = read(DEMO / "08共建协议台账.xlsx", header=1)
    for row in agreements.itertuples(index=False):
        for unit in map(tidy, str(row[2]).split("、")):
            graph.add_edge(str(row[1]), unit, relation="co_building")
    instructors = read(DEMO / "11党建指导员名册.xlsx", header=1)
    for cell in instructors["指导企业"]:
        covered |= set(map(tidy, str(cell).split("、")))
    new = read(DEMO / "05两新组织摸排表.xlsx", header=2)
    covered |= set(
        new.loc[new["已建群团组织"].notna() & (new["已建群团组织"] != "无"), "企业名称"].astype(str).map(tidy)
    )
    gaps = {name for name, _, state in units if name not in covered and state == "正常"}
    return gaps, graph, raw_map(graph, folder)


def raw_map(graph: nx.MultiDiGraph, folder: Path) -> int:
    from pyvis.network import Network as PyvisNetwork

    page = PyvisNetwork(cdn_resources="in_line")
    page.from_nx(nx.MultiDiGraph(graph))
    (folder / "raw.html").write_text(page.generate_html(), "utf-8")
    return len(page.edges)


def our_way(folder: Path) -> tuple[pb.Network, pd.DataFrame]:
    network = pb.read(DEMO)
    units = pb.coverage(network)
    pb.draw_map(network, folder / "ours.html")
    return network, units


def judged(found: set[str], planted: set[str]) -> str:
    return f"{len(found):4d} gaps, {len(found - planted):3d} false, {len(planted - found):3d} missed"


def main() -> None:
    planted = {key(name) for name, state in TRUTH["units"].items() if state in UNCOVERED}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw = []
        for label, tidy in (("raw", str), ("tidied", tidied)):
            started = time.perf_counter()
            gaps, graph, kept = raw_way(folder, tidy)
            raw.append((label, time.perf_counter() - started, gaps, kept, graph.number_of_edges()))
        started = time.perf_counter()
        network, units = our_way(folder)
        our_seconds = time.perf_counter() - started
        started = time.perf_counter()
        pb.write_pack(network, folder / "out")
        pack_seconds = time.perf_counter() - started
    uncovered = units[units["state"].isin(UNCOVERED)]
    certain = {key(unit) for unit in uncovered.loc[uncovered["sure"] == "certain", "unit"]}
    doubtful = int((uncovered["sure"] != "certain").sum())
    print(f"{len(planted)} units in operation are uncovered in truth; {os.cpu_count()} cores")
    for label, seconds, gaps, kept, n_ties in raw:
        print(
            f"{label:7s}{seconds:6.2f} s  {judged({key(unit) for unit in gaps}, planted)}, ties in the map {kept} of {n_ties}"
        )
    print(
        f"ours   {our_seconds:6.2f} s  {judged(certain, planted)} (certain), {doubtful} more to check by name, ties {len(network.ties)} of {len(network.ties)}"
    )
    print(f"ratio  {our_seconds / raw[-1][1]:6.2f}    whole pack {pack_seconds:.2f} s more")


if __name__ == "__main__":
    main()
