"""How well offices are read that nobody has seen: python benchmarks/offices.py [FOLDER ...] [--seeds 1-8] [-v]

A FOLDER is an office, or holds offices, each with its `truth.json`; `--seeds` makes offices of its own. Prints a
line for each office and the totals: tables and columns read right, units, organizations, ties of committees, pairs,
and what became of the true gaps. Ghosts are units that are none, or one too many; a gap is *false and certain* where
the program is sure of one that is not there, the worst thing that can happen. `-v` adds every fault.
"""

import argparse
import json
import shutil
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from office_reading import key, plain, score_reading  # noqa: E402

import pbgraph as pb  # noqa: E402

GAP = {"must-establish", "borderline", "joint-candidate", "work", "blank"}
HEADS = (
    "office",
    "tables",
    "columns",
    "wrong",
    "units",
    "ghosts",
    "orgs",
    "ties",
    "pairs",
    "gaps",
    "certain",
    "doubtful",
    "missed",
    "false",
    "rows lost",
)
RATIOS = {"tables", "columns", "units", "orgs", "ties", "pairs"}


def measure(folder: Path, truth: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The figures of one office by `HEADS`, a ratio as (right, all), and what went wrong."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(place) / folder.name
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns("truth.json", "README.md"))
        reading = pb.read_workbooks(work)
        network = read_or_none(work)
    read = score_reading(folder, truth, reading)
    figures: dict[str, Any] = {
        "office": folder.name,
        "tables": (read.tables, read.n_tables),
        "columns": (read.right, read.right + read.wrong + read.missed),
        "wrong": read.wrong,
        "rows lost": read.rows_lost,
    }
    names = Names(truth)
    if network is None:
        return figures | nothing(truth), [*read.faults, "no network"]
    faults = read.faults + score_gaps(figures, truth, names, network) + score_ties(figures, truth, names, network)
    found = {names.organization(name) for name in network.tables["organizations"]["name"]} - {None}
    figures["orgs"] = (len(found), truth["counts"]["organizations"])
    return figures, faults


def read_or_none(folder: Path) -> pb.Network | None:
    """The network of the folder; None where not one row could be used."""
    try:
        return pb.read(folder)
    except pb.WorkbookError:
        return None


def nothing(truth: dict[str, Any]) -> dict[str, Any]:
    """The figures of an office without a network."""
    counts = truth["counts"]
    names = {"units": "units", "orgs": "organizations", "ties": "committee_unit_ties", "pairs": "co_building_pairs"}
    missed = {"gaps": len(truth["gaps"]), "missed": len(truth["gaps"])}
    return (
        {head: (0, counts[name]) for head, name in names.items()}
        | dict.fromkeys(("ghosts", "certain", "doubtful", "false"), 0)
        | missed
    )


class Names:
    """Every spelling the truth allows, to the name in the truth."""

    def __init__(self, truth: dict[str, Any]) -> None:
        self.units, self.organizations = {}, {}
        for book, entries in ((self.units, truth["units"]), (self.organizations, truth["organizations"])):
            for entry in entries:
                for spelling in (entry["name"], *entry["listed_as"]):
                    book.setdefault(key(plain(spelling)), entry["name"])
        self.hosts = {org["name"]: org["units"] for org in truth["organizations"]}
        self.strangers = {key(plain(name)): name for name in truth["units_outside_the_ledger"]}
        self.communities = {key(plain(name)): name for name in truth["communities"]}

    def unit(self, name: str) -> str | None:
        return self.units.get(key(plain(name)))

    def organization(self, name: str) -> str | None:
        return self.organizations.get(key(plain(name)))

    def units_of(self, name: str) -> list[str]:
        """The units a node stands for: itself, the hosts of an organization, or a stranger."""
        organization = self.organization(name)
        if organization and self.hosts[organization]:
            return self.hosts[organization]
        return [found for found in (self.unit(name), self.strangers.get(key(plain(name)))) if found][:1]

    def community(self, name: str) -> str | None:
        text = key(plain(name))
        return next((full for short, full in self.communities.items() if short in text), None)


def score_gaps(figures: dict[str, Any], truth: dict[str, Any], names: Names, network: pb.Network) -> list[str]:
    """What the coverage says of each unit of the truth; faults in sentences."""
    gaps, faults, count = set(truth["gaps"]), [], Counter()
    seen: set[str] = set()
    for row in pb.coverage(network).sort_values("sure").to_dict("records"):
        unit, is_gap, is_sure = names.unit(row["unit"]), row["state"] in GAP, row["sure"] == "certain"
        if unit is None and plain(row["unit"]) in names.strangers:
            continue
        if unit is None or unit in seen:
            count["ghosts"] += 1
            count["false"] += is_gap and is_sure
            faults.append(f"ghost {row['unit']}: {row['state']}, {row['sure']}")
            continue
        seen.add(unit)
        if unit in gaps:
            count["certain" if is_gap and is_sure else "doubtful" if is_gap else "missed"] += 1
        elif is_gap:
            count["false" if is_sure else "false, doubtful"] += 1
        if (unit in gaps) != is_gap or (is_gap and not is_sure):
            faults.append(f"unit {unit}: {row['state']}, {row['sure']}; {'a gap' if unit in gaps else 'no gap'}")
    count["missed"] += len(gaps - seen)
    figures["units"] = (len(seen), truth["counts"]["units"])
    figures["gaps"] = len(gaps)
    figures |= {name: count[name] for name in ("ghosts", "certain", "doubtful", "missed", "false")}
    return faults


def score_ties(figures: dict[str, Any], truth: dict[str, Any], names: Names, network: pb.Network) -> list[str]:
    """The units on each community's committee, and those it builds with."""
    label, kind = {}, {}
    for name, frame in network.tables.items():
        for node, text in zip(frame.iloc[:, 0], frame["name"], strict=True):
            label[node], kind[node] = text, name
    ties = network.ties[["source_id", "target_id", "relation"]]
    place = _places(network, names, label, kind)
    works = defaultdict(set)
    for source, target, relation in ties.itertuples(index=False):
        if relation == "works_at":
            works[source].update(names.units_of(label[target]))
    seats, pairs = set(), set()
    for source, target, relation in ties.itertuples(index=False):
        units = names.units_of(label[source])
        if relation in {"participates", "attends"} and kind[target] in {"committees", "bodies", "meetings"}:
            seats |= {(place.get(target), unit) for unit in units}
        if relation == "holds_post" and kind[target] == "committees":
            seats |= {(place.get(target), unit) for unit in works[source]}
        if relation in {"co_building", "paired_with"}:
            for one, other in ((source, target), (target, source)):
                if not names.units_of(label[one]):
                    pairs |= {(place.get(one), unit) for unit in names.units_of(label[other])}
        elif relation in {"claims", "provides"} or (relation == "attends" and kind[target] == "meetings"):
            pairs |= {(place.get(target), unit) for unit in units}
    faults = []
    for name, found, wanted in (
        ("ties", seats, truth["committee_unit_ties"]),
        ("pairs", pairs, truth["co_building_pairs"]),
    ):
        true = {tuple(each) for each in wanted}
        figures[name] = (len(found & true), len(true))
        false = {each for each in found - true if each[0]}
        faults += [f"{name} {community} {unit}: false" for community, unit in sorted(false)]
    return faults


def _places(network: pb.Network, names: Names, label: dict[str, str], kind: dict[str, str]) -> dict[str, str]:
    """The community of each node, from its name, its own column or where it lies."""
    place = {}
    for name, frame in network.tables.items():
        said = frame["community"] if "community" in frame else [""] * len(frame)
        for node, community in zip(frame.iloc[:, 0], said, strict=True):
            found = names.community(label[node]) or (names.community(community) if isinstance(community, str) else None)
            if found and (name != "units" or kind[node] == "units"):
                place[node] = found
    lies = network.ties[network.ties["relation"] == "located_in"]
    for source, target in zip(lies["source_id"], lies["target_id"], strict=True):
        found = names.community(label[target])
        if found:
            place.setdefault(source, found)
    return place


def offices(folders: list[Path], seeds: range, place: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each office with its truth: those in the folders, then those made from the seeds."""
    for folder in folders:
        for path in sorted([*folder.glob("truth.json"), *folder.glob("*/truth.json")]):
            yield path.parent, json.loads(path.read_text("utf-8"))
    if seeds:
        from tests.offices import make_office

        for seed in seeds:
            folder = place / f"seed {seed}"
            yield folder, make_office(folder, seed)


def total(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of all offices."""
    summed: dict[str, Any] = {"office": "all"}
    for head in HEADS[1:]:
        if head in RATIOS:
            summed[head] = tuple(sum(line[head][i] for line in lines) for i in (0, 1))
        else:
            summed[head] = sum(line[head] for line in lines)
    return summed


def shown(lines: list[dict[str, Any]]) -> str:
    """The figures as a table in plain text."""
    cells = [
        [f"{line[head][0]}/{line[head][1]}" if head in RATIOS else str(line[head]) for head in HEADS] for line in lines
    ]
    widths = [max(len(row[i]) for row in [list(HEADS), *cells]) for i in range(len(HEADS))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [HEADS, *cells]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seeds", default="", help="such as 1-8")
    parser.add_argument("-v", action="store_true", help="print every fault")
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1) if first else range(0) if given.folders else range(1, 9)
    lines = []
    with tempfile.TemporaryDirectory() as place:
        for folder, truth in offices(given.folders, seeds, Path(place)):
            figures, faults = measure(folder, truth)
            lines.append(figures)
            if given.v:
                print(folder.name, *faults, sep="\n    ")
    print(shown([*lines, total(lines)]))


if __name__ == "__main__":
    main()
