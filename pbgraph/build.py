"""The first half of the flow in one call: workbooks to a Network."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from pbgraph.decisions import COLUMNS
from pbgraph.errors import PolicyError, WorkbookError
from pbgraph.findings import findings_frame
from pbgraph.linking.aliases import read_aliases
from pbgraph.linking.guard import stated_numbers
from pbgraph.linking.keys import name_key, street_of
from pbgraph.linking.link import link_names
from pbgraph.network import Network
from pbgraph.reading.answers import answer_files, decisions_in
from pbgraph.reading.given import Rosters, given
from pbgraph.reading.workbooks import Password, read_workbooks
from pbgraph.tables import check_ties


def read(
    paths: Rosters,
    *,
    profile: str | None = None,
    home: str | None = None,
    aliases: str | Path | None = None,
    as_of: str | date | None = None,
    engine: str = "duckdb",
    password: Password = None,
    progress: Callable[[str], None] | None = None,
) -> Network:
    """Read workbooks, or a saved network, into a Network.

    Parameters
    ----------
    paths
        A folder, a file, bytes, an open file, frames by kind (`{"units": frame}`) or by sheet
        (`{"名册.xlsx": {"Sheet1": frame}}`), or several of them. A folder saved by `Network.save` is loaded.
    profile
        Rules profile, "national" where none is named.
    home
        Region path of the office, such as "浙江省/杭州市/富阳区/富春街道".
    aliases
        A file of a person's decisions about names: a CSV or the answered review workbook. A
        file `别名.csv` in the folder is used as well.
    as_of
        Day on which terms are judged; by default the newest date of change among the inputs, or none
        where only frames are given.
    engine
        "duckdb" or "polars".
    password
        Opens protected workbooks: one for all, or a function that is asked with the name of each.
    progress
        Called with the name of each file when it has been opened.

    Raises
    ------
    WorkbookError
        input-type for what cannot be read at all; path-missing, folder-empty or nothing-read where not
        one table could be used: its `data["findings"]` holds the reasons.

    """
    rosters = given(paths)
    several = rosters.paths
    is_alone = len(several) == 1 and not rosters.contents and not rosters.workbooks
    if is_alone and (several[0] / "network.json").is_file():
        return Network.load(several[0])
    files = answer_files(several, Path(aliases) if aliases else None)
    reading = read_workbooks(rosters, password=password, progress=progress, decisions=decisions_in(files))
    if not any(len(table) for table in reading.tables.values()):
        raise _nothing(several, findings_frame(reading.findings), len(reading.inputs))
    home = _home(reading.tables) if home is None else home
    decisions = read_aliases(*files, home=home)
    linked = link_names(reading.tables, aliases=decisions)
    check_ties(linked.ties)
    day = str(as_of) if as_of else max(reading.inputs["modified"], default="")
    settings = {"home": home, "profile": profile or "national", "as_of": _checked_day(day), "engine": engine}
    return Network(
        linked.entities,
        linked.ties,
        findings=findings_frame(reading.findings + linked.findings + stated_numbers(linked.entities, linked.ties)),
        ledger=reading.ledger,
        review=linked.review,
        merges=linked.merges,
        decisions=pd.DataFrame(decisions.decisions, columns=list(COLUMNS), dtype="str"),
        inputs=reading.inputs,
        regions=reading.regions,
        columns=reading.columns,
        settings=settings,
    )


_SUPERIORS = (
    ("organizations", "org_name"), ("organizations", "parent"), ("members", "parent_org"), ("units", "parent"),
    ("committees", "committee_parent"), ("participants", "parent"), ("registrations", "parent_org"),
)  # fmt: skip
_LEAD = 2  # our choice: the street must be named twice as often as any other, or there is no home


def _home(tables: dict[str, pd.DataFrame]) -> str:
    """The street that the rosters are of: the one whose committee they name most often as superior.

    中共望湖街道工作委员会 above the communities makes 望湖街道 the home; a column of streets counts as well.
    """
    named = [tables[table][column].dropna() for table, column in _SUPERIORS if column in tables.get(table, ())]
    streets = [street_of(name) for name in pd.concat(named, ignore_index=True)] if named else []
    written = [table["street"].dropna() for table in tables.values() if "street" in table]
    streets += [name_key(name, kind="characters") for column in written for name in column.unique()]
    counts = Counter(street for street in streets if street)
    (best, n), (_, other) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return best if n >= _LEAD * other else ""


def _checked_day(day: str) -> str:
    try:
        return day and date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise PolicyError("bad-date-option", value=day) from error


def _nothing(paths: list[Path], findings: pd.DataFrame, n_read: int) -> WorkbookError:
    codes = set(findings["code"])
    for code in ("path-missing", "folder-empty"):
        if codes == {code}:
            return WorkbookError(code, path=paths[0], findings=findings)
    n_files = max(n_read, findings["file"].nunique())
    return WorkbookError("nothing-read", n_files=n_files, findings=findings)
