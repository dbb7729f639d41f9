"""The street that rosters are of: the one whose committee they name most often as superior."""

from collections import Counter

import pandas as pd

from pbgraph.findings import Finding, finding
from pbgraph.linking.keys import name_key, street_of
from pbgraph.reading.days import shown_files

_SUPERIORS = (
    ("organizations", "org_name"), ("organizations", "parent"), ("members", "parent_org"), ("units", "parent"),
    ("committees", "committee_parent"), ("participants", "parent"), ("registrations", "parent_org"),
)  # fmt: skip
_LEAD = 2  # our choice: the street must be named twice as often as any other, or there is no home
_OF_A_FILE = 3  # our choice: so often a file that is another street's own names its street


def home_street(tables: dict[str, pd.DataFrame]) -> tuple[str, list[Finding]]:
    """The home, "" where no street leads, and a finding where the rosters are those of two streets.

    中共望湖街道工作委员会 above the communities makes 望湖街道 the home; a column of streets counts as well.
    Two streets are told by how often each is named, or by files of which each names its own.
    """
    named = pd.concat([_named(tables), _written(tables)], ignore_index=True)
    counts = Counter(named["street"])
    ranked = sorted(counts, key=lambda street: (-counts[street], street))
    best, other = [*ranked[:2], "", ""][:2]
    leads = counts[best] >= _LEAD * counts[other]
    files = named.groupby("file")["street"].agg(lambda streets: streets.value_counts().sort_index().idxmax())
    own = named.groupby(["file", "street"]).size()
    of_each = [[file for file, street in files.items() if street == each] for each in (best, other)]
    is_other_office = any(own[file, other] >= _OF_A_FILE for file in of_each[1])
    if not other or (leads and not (is_other_office and of_each[0])):
        return best, []
    if not all(of_each) and counts[other] < _OF_A_FILE:
        return (best if leads else ""), []
    lists = [found or sorted(named["file"][named["street"] == each].unique())
             for found, each in zip(of_each, (best, other), strict=True)]  # fmt: skip
    data = {"one": best, "other": other, "of_one": shown_files(lists[0]), "of_other": shown_files(lists[1])}
    return (best if leads else ""), [finding("streets-mixed", data=data)]


def _named(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The streets whose committees are named, with the file, one row for each time."""
    told = [(table, column) for table, column in _SUPERIORS if len(tables.get(table, ())) and column in tables[table]]
    frames = [tables[table][[column, "file"]].dropna() for table, column in told]
    rows = [(street_of(name), file) for frame in frames for name, file in frame.itertuples(index=False)]
    return pd.DataFrame([row for row in rows if row[0]], columns=["street", "file"], dtype="str")


def _written(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The streets that stand in a column of their own, once for each table and file."""
    told = [table for table in tables.values() if "street" in table and table["street"].notna().any()]
    frames = [table[["street", "file"]].dropna().drop_duplicates() for table in told]
    rows = [
        (name_key(name, kind="characters"), file) for frame in frames for name, file in frame.itertuples(index=False)
    ]
    return pd.DataFrame([row for row in rows if row[0]], columns=["street", "file"], dtype="str")
