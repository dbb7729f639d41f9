"""Activities: how often organizations and committees meet, by kind of meeting.

The interval within which a kind of meeting is due is that of `vocabulary/meeting_type.csv`. Months
are whole months from the month of the last meeting to that of `as_of`; a meeting of which only the
year is known counts for December, so that nothing is late that may not be.
"""

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study, measure
from pbgraph.engine import collected, month_number

_COLUMNS = (
    "body_id", "body", "meeting_type", "n_held", "n_held_year", "last_on", "n_months_since", "n_months_due", "is_late",
    "attendance",
)  # fmt: skip
_ATTENDED = {
    "body_id": "str", "body": "str", "community": "str", "n_attended": "Int64", "n_attended_year": "Int64",
    "last_on": "str", "n_months_since": "Int64",
}  # fmt: skip
_ON_A_DAY = {"n_held_year": "Int64", "n_months_since": "Int64", "is_late": "boolean"}
_YEAR = 12


@measure(*_COLUMNS)
def activities(study: Study) -> pd.DataFrame:
    """Count the meetings that each body has called, by kind, back from the day of the study.

    Returns
    -------
    DataFrame
        One row per organization or committee and kind of meeting that it has held, sorted by
        name, kind and id. A body without a meeting on record has no row.

        - `body_id`, `body`, `meeting_type`
        - `n_held` - meetings on record up to `as_of`; `n_held_year` - in the twelve months to it
        - `last_on` - the last of them; `n_months_since`
        - `n_months_due` - the interval, null where the kind has none
        - `is_late` - the last one is longer ago; null where there is no interval
        - `attendance` - present over expected, 0 to 1, null where no meeting gives both

    """
    day, tables = study.as_of or "9999-12-31", study.tables
    called = tables["ties"].filter(nw.col("relation") == "convenes").select(body_id="source_id", meeting_id="target_id")
    held = called.unique(["body_id", "meeting_id"]).join(tables["meetings"], on="meeting_id")
    held = held.filter(~nw.col("meeting_date").is_null(), nw.col("meeting_date").str.slice(0, 7) <= nw.lit(day[:7]))
    now = int(day[:4]) * 12 + int(day[5:7])
    is_counted = ~nw.col("expected").is_null() & ~nw.col("present").is_null()
    grouped = (
        held.with_columns(count=month_number(nw.col("meeting_date")), is_counted=is_counted)
        .with_columns(
            is_recent=(nw.lit(now) - nw.col("count") < 12).cast(nw.Int64),
            expected=nw.when(nw.col("is_counted")).then(nw.col("expected")),
            present=nw.when(nw.col("is_counted")).then(nw.col("present")),
        )
        .group_by("body_id", "meeting_type")
        .agg(
            n_held=nw.len(), n_held_year=nw.col("is_recent").sum(), last_on=nw.col("meeting_date").max(),
            last=nw.col("count").max(), present=nw.col("present").sum(), expected=nw.col("expected").sum(),
        )
    )  # fmt: skip
    rows = collected(grouped, sort=["body_id", "meeting_type"])
    months = {code: int(row["months"]) for code, row in schema.vocabulary("meeting_type").rows.items() if row["months"]}
    since = (now - rows["last"]).clip(lower=0).astype("Int64")
    due = rows["meeting_type"].map(months).astype("Int64")
    share = rows["present"].astype("Float64") / rows["expected"].where(rows["expected"] > 0).astype("Float64")
    frame = rows.assign(
        body=rows["body_id"].map(_names(study)).astype("str"), n_months_since=since, n_months_due=due,
        is_late=(since > due).astype("boolean"), attendance=share.astype("Float64"),
    )  # fmt: skip
    frame = frame if study.as_of else frame.assign(**dict.fromkeys(_ON_A_DAY, pd.NA)).astype(_ON_A_DAY)
    return frame.sort_values(["body", "meeting_type", "body_id"], ignore_index=True)[list(_COLUMNS)]


@measure(*_ATTENDED)
def attendance(study: Study) -> pd.DataFrame:
    """Count the meetings and activities that each unit or organization has taken part in.

    Returns
    -------
    DataFrame
        One row per listed organization or unit that has attended one, the one that has been away longest
        first, then by name and id: `body_id`, `body`, `community`, `n_attended`, `n_attended_year` (in the
        twelve months to the day), `last_on`, `n_months_since`. A meeting that names nobody counts for nobody.

    """
    day = study.as_of or "9999-12-31"
    ties = study.ties[(study.ties["relation"] == "attends") & study.ties["target_id"].str.startswith("meeting:")]
    held = study.entities("meetings")
    dates = held.set_index("meeting_id")["meeting_date"] if "meeting_date" in held else pd.Series(dtype="str")
    rows = ties[["source_id", "target_id"]].drop_duplicates().assign(last_on=lambda t: t["target_id"].map(dates))
    rows = rows[rows["last_on"].notna() & (rows["last_on"].str.slice(0, 7) <= day[:7])]
    month = pd.to_numeric(rows["last_on"].str.slice(5, 7), errors="coerce").fillna(12)
    since = int(day[:4]) * 12 + int(day[5:7]) - (pd.to_numeric(rows["last_on"].str.slice(0, 4)) * 12 + month)
    counts = rows.assign(n_months_since=since.clip(lower=0), is_recent=since < _YEAR).groupby("source_id").agg(
        n_attended=("target_id", "size"), n_attended_year=("is_recent", "sum"), last_on=("last_on", "max"),
        n_months_since=("n_months_since", "min"),
    )  # fmt: skip
    bodies = [study.entities(kind) for kind in ("organizations", "units")]
    listed = pd.concat([
        pd.DataFrame({"body_id": frame.iloc[:, 0], "body": frame["name"], "community": frame.get("community", pd.NA)})
        for frame in bodies
    ])  # fmt: skip
    if not study.as_of:
        counts = counts.assign(n_attended_year=pd.NA, n_months_since=pd.NA)
    frame = listed.merge(counts, left_on="body_id", right_index=True).astype(_ATTENDED)[list(_ATTENDED)]
    return frame.sort_values(["n_months_since", "body", "body_id"], ascending=[False, True, True], ignore_index=True)


def _names(study: Study) -> dict[str, str]:
    frames = [study.entities(kind) for kind in ("organizations", "committees")]
    return {node: name for frame in frames for node, name in zip(frame.iloc[:, 0], frame["name"], strict=True)}
