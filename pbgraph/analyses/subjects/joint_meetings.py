"""Joint meetings of communities: when the last one was, and which whole quarters have passed without one (rule D1)."""

import pandas as pd

from pbgraph.analyses.subjects.view import View, counted, known_only, month_of

_QUARTER, _YEAR = 3, 4
"""Months of a quarter and quarters of a year: no more of them are looked back upon."""


def add_joint_meetings(frame: pd.DataFrame, view: View) -> None:
    """`n_months_since_joint_meeting`, `n_joint_meetings`, `n_quarters_missed` and `n_quarters_open`."""
    ids = frame["subject_id"]
    held = view.study.entities("meetings")
    joint = held[(held["meeting_type"] == "joint_meeting").fillna(value=False)]
    met = joint[["meeting_id", "meeting_date"]].merge(_held_in(view), on="meeting_id")
    dated = met.dropna(subset=["meeting_date"])
    past = dated[(month_of(dated["meeting_date"]) <= view.month).fillna(value=False)] if view.month else dated.head(0)
    last = past.groupby("place")["meeting_date"].max()
    frame["n_months_since_joint_meeting"] = view.months_passed(ids.map(last))
    is_open = ids.isin(met.loc[met["meeting_date"].isna(), "place"])  # of no day: it may have been lately
    n = known_only(counted(past["place"], ids), view.month is not None)
    frame["n_joint_meetings"] = n.where((n > 0) | ~is_open)
    _add_quarters(frame, view, past, is_open)


def _add_quarters(frame: pd.DataFrame, view: View, past: pd.DataFrame, is_open: pd.Series) -> None:
    """The quarters without a joint meeting: over by the day, after the first that the list tells of and the founding.

    A quarter counts for a community that has met before it, or was founded before it; where a meeting has no day, or
    only a year, it may have been in any.
    """
    told = past.assign(quarter=_quarter_of(past["meeting_date"]))
    vague = set(told.loc[told["quarter"].isna(), "place"])
    told = told.dropna(subset=["quarter"])
    is_asked = bool(view.study.as_of) and len(told) > 0 and view.param("D1", "most") == _QUARTER
    held = told.groupby("place")["quarter"].agg(set).to_dict()
    first, last = (int(told["quarter"].min()) + 1, _last_over(view)) if is_asked else (0, -1)
    span = range(max(first, last - _YEAR + 1), last + 1)
    founded = _quarter_of(view.column("communities", frame["subject_id"], "founded"))
    missed = []
    for node, began in zip(frame["subject_id"], founded, strict=True):
        own = held.get(node, set())
        start = min([*own, *([] if pd.isna(began) else [int(began)])], default=last)
        missed.append([quarter for quarter in span if quarter not in own and quarter > start] if own else [])
    is_vague = is_open | frame["subject_id"].isin(vague)
    n = pd.Series([len(quarters) for quarters in missed], index=frame.index, dtype="Int64")
    frame["n_quarters_missed"] = known_only(n, is_asked).where(~is_vague)
    frame["n_quarters_open"] = known_only(n, is_asked).where(is_vague)
    frame["quarters"] = ["、".join(_named(quarter) for quarter in quarters) for quarters in missed]


def _quarter_of(days: pd.Series) -> pd.Series:
    """The number of the quarter of each day, null where no month is known."""
    text = days.astype("str")
    month = pd.to_numeric(text.str.slice(5, 7), errors="coerce").astype("Int64")
    year = pd.to_numeric(text.str.slice(0, 4), errors="coerce").astype("Int64")
    return year * _YEAR + (month - 1) // _QUARTER


def _last_over(view: View) -> int:
    """The last quarter that is over on the day of the study."""
    day = pd.Timestamp(view.study.as_of)
    number = day.year * _YEAR + (day.month - 1) // _QUARTER
    return int(number if day.is_quarter_end else number - 1)


def _named(quarter: int) -> str:
    return f"{quarter // _YEAR}-Q{quarter % _YEAR + 1}"


def _held_in(view: View) -> pd.DataFrame:
    """`meeting_id` and the community (`place`) of each: where it was held, or whose body called it."""
    located = view.ties("located_in")[["source_id", "target_id"]].drop_duplicates()
    places = located[located["target_id"].str.startswith("community:")]
    held = places.set_axis(["meeting_id", "place"], axis=1)
    called = view.ties("convenes")[["source_id", "target_id"]].set_axis(["body", "meeting_id"], axis=1)
    called = called[~called["meeting_id"].isin(held["meeting_id"])]
    own = called[called["body"].str.startswith("community:")].rename(columns={"body": "place"})
    of_body = called.merge(places.set_axis(["body", "place"], axis=1), on="body")
    parts = [frame[["meeting_id", "place"]] for frame in (held, own, of_body)]
    return pd.concat(parts, ignore_index=True).drop_duplicates()
