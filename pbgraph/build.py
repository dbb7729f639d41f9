"""The first half of the flow in one call: a job to a Network."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from pbgraph.decisions import COLUMNS
from pbgraph.errors import PolicyError, WorkbookError
from pbgraph.findings import finding, findings_frame
from pbgraph.job import OPTIONS, Job
from pbgraph.linking.aliases import read_aliases
from pbgraph.linking.guard import stated_numbers, unreached_rows
from pbgraph.linking.home import home_street
from pbgraph.linking.link import link_names
from pbgraph.network import Network
from pbgraph.policy import read_policy
from pbgraph.reading.answers import decisions_in
from pbgraph.reading.days import Told, mixed_years, told_day
from pbgraph.reading.given import Given, Rosters, given
from pbgraph.reading.workbooks import Password, Reading, read_workbooks
from pbgraph.tables import check_ties
from pbgraph.workspace import memories, remembered, saved_network


def read(
    paths: Rosters | Job,
    *,
    profile: str | None = None,
    home: str | None = None,
    aliases: str | Path | None = None,
    as_of: str | date | None = None,
    engine: str | None = None,
    password: Password = None,
    progress: Callable[[str], None] | None = None,
) -> Network:
    """Read workbooks, or a saved network, into a Network.

    Parameters
    ----------
    paths
        A folder, a file, bytes, an open file, frames by kind (`{"units": frame}`) or by sheet
        (`{"名册.xlsx": {"Sheet1": frame}}`), several of them, or a `Job`. Of a workspace with folders of months the
        newest is read, with the options of the file `pbgraph.toml` in it. A folder saved by `Network.save`, or a
        pack, is loaded: another day, profile and engine apply to it, but no other home and no further decisions.
    profile
        Rules profile, "national" where none is named.
    home
        Region path of the office, such as "浙江省/杭州市/富阳区/富春街道".
    aliases
        A file of a person's decisions about names: a CSV or the answered review workbook. A file `别名.csv` in
        the folder is used as well, and where they say nothing that of the newest pack and its answered workbook.
    as_of
        Day on which terms are judged, in any usual spelling; by default the one of which the rosters speak
        (`pbgraph.reading.days`), none where only frames are given that say nothing of it.
    engine
        "duckdb", or "polars".
    password
        Opens protected workbooks: one for all, or a function that is asked with the name of each.
    progress
        Called with the name of each file when it has been opened; without it, a notebook shows a bar.

    Raises
    ------
    WorkbookError
        input-type for what cannot be read at all; path-missing, folder-empty or nothing-read where not
        one table could be used: its `data["findings"]` holds the reasons.
    PolicyError
        bad-option, bad-date-option, profile-unknown, saved-option, job-... for a mistake in the file.

    """
    handed = Given() if isinstance(paths, Job) else given(paths)
    job = paths if isinstance(paths, Job) else Job.of(
        handed.paths, profile=profile, home=home, aliases=aliases, as_of=as_of, engine=engine
    )  # fmt: skip
    rosters = replace(handed, paths=list(job.rosters))
    is_alone = len(job.rosters) == 1 and not rosters.contents and not rosters.workbooks
    saved = saved_network(job.rosters[0]) if is_alone else None
    if saved is not None:
        return _judged_again(Network.load(saved), job)
    rules = read_policy(profile=job.profile, path=job.policy)
    files = [*memories(job.workspace, job.rosters), *([job.aliases] if job.aliases else [])]
    weaker = remembered(job.workspace, job.rosters, job.output)
    reading = read_workbooks(
        rosters, password=password, progress=progress, decisions=decisions_in(files, weaker=weaker)
    )
    if not any(len(table) for table in reading.tables.values()):
        raise _nothing(list(job.rosters), findings_frame(reading.findings), len(reading.inputs))
    street, mixed = home_street(reading.tables)
    home = street if job.home is None else job.home
    notes = [*job.notes, *(mixed if job.home is None else [])]
    notes += [
        finding("answers-taken", data={"file": f"{path.parent.name}/{path.name}", "n": n})
        for path, n in weaker.items() if n
    ]  # fmt: skip
    notes += mixed_years(reading, job.folder_names()) if job.as_of is None else []
    day = _day(job, reading)
    decisions = read_aliases(*files, home=home, weaker=weaker)
    linked = link_names(reading.tables, aliases=decisions, manages_members=rules.manages_members)
    check_ties(linked.ties)
    settings = {
        "home": home, "profile": rules.profile, "engine": job.engine or OPTIONS["engine"].default,
        "as_of": day.day, "as_of_basis": day.basis, "as_of_place": day.place,
    }  # fmt: skip
    found = notes + reading.findings + linked.findings
    found += unreached_rows(reading.tables, linked, found) + stated_numbers(linked.entities, linked.ties)
    return Network(
        linked.entities,
        linked.ties,
        findings=findings_frame(found),
        ledger=reading.ledger,
        review=linked.review,
        merges=linked.merges,
        decisions=pd.DataFrame(decisions.decisions, columns=list(COLUMNS), dtype="str"),
        inputs=reading.inputs,
        regions=reading.regions,
        columns=reading.columns,
        settings=settings,
    )


def _judged_again(network: Network, job: Job) -> Network:
    """A saved network on another day, under other rules or on another engine; its names are linked for good.

    Raises
    ------
    PolicyError
        saved-option where a home or decisions were stated that are not those of the network, profile-unknown.

    """
    settings = dict(network.settings)
    held = set(network.decisions[list(COLUMNS)].itertuples(index=False, name=None))
    if job.home is not None and job.home != settings.get("home", ""):
        raise PolicyError("saved-option", option=OPTIONS["home"].flag, value=job.home, held=settings.get("home") or "—")
    if job.aliases is not None and not set(read_aliases(job.aliases).decisions) <= held:
        raise PolicyError("saved-option", option=OPTIONS["aliases"].flag, value=job.aliases.name, held=len(held))
    if job.as_of is not None:
        settings |= {"as_of": job.as_of, "as_of_basis": "stated", "as_of_place": ""}
    if job.profile is not None:
        settings["profile"] = read_policy(profile=job.profile, path=job.policy).profile
    return replace(network, settings=settings | ({"engine": job.engine} if job.engine else {}))


def _day(job: Job, reading: Reading) -> Told:
    return Told(job.as_of) if job.as_of is not None else told_day(reading, job.folder_names())


def _nothing(paths: list[Path], findings: pd.DataFrame, n_read: int) -> WorkbookError:
    codes = set(findings["code"])
    for code in ("path-missing", "folder-empty"):
        if codes == {code}:
            return WorkbookError(code, path=paths[0], findings=findings)
    n_files = max(n_read, findings["file"].nunique())
    return WorkbookError("nothing-read", n_files=n_files, findings=findings)
