"""What rules judge: one wide frame per kind of subject, made of the measures and of counted ties.

A frame has one row per listed subject with `subject_id`, `subject`, `community` and `source`. A
number is null where the rosters do not say; a count of ties is 0 where there is none, and the rules
that need a roster nobody gave are not run at all (`pbgraph.analyses.assessment.not_run`). What a
rule asks of single persons is a count per organization, community or street here, never a row of a
person. Member-level counting is done on the engine; what is put together in pandas has a row per body.
What ties alone tell is no code but a value of the policy (`pbgraph.analyses.subjects.values`).
"""

from collections.abc import Callable

import pandas as pd

from pbgraph.analyses.study import Study
from pbgraph.analyses.subjects.committees import committees
from pbgraph.analyses.subjects.communities import communities
from pbgraph.analyses.subjects.organizations import organizations
from pbgraph.analyses.subjects.places import areas, with_blanks_open
from pbgraph.analyses.subjects.street import street
from pbgraph.analyses.subjects.units import bodies, stations, teams, units
from pbgraph.analyses.subjects.values import values
from pbgraph.analyses.subjects.view import View

_FRAMES: dict[str, Callable[[View], pd.DataFrame]] = {
    "organizations": organizations,
    "units": units,
    "communities": communities,
    "committees": committees,
    "grids": areas("grid"),
    "estates": areas("estate"),
    "buildings": areas("building"),
    "duty_areas": areas("duty_area"),
    "bodies": bodies,
    "teams": teams,
    "stations": stations,
    "street": street,
}
KINDS = tuple(_FRAMES)


def subjects(study: Study, kind: str) -> pd.DataFrame:
    """The frame of one kind of subject, one of `KINDS`, with the values that the policy of the study declares.

    Raises
    ------
    ValueError
        There is no such kind.

    """
    if kind not in _FRAMES:
        raise ValueError(f"no subjects {kind!r}; known: {', '.join(KINDS)}")
    return study.kept(("subjects", kind), lambda: _made(study, kind))


def _made(study: Study, kind: str) -> pd.DataFrame:
    view = study.kept(View, lambda: View(study))
    frame = _FRAMES[kind](view).reset_index(drop=True)
    told = values(study, kind, frame["subject_id"])
    if "is_listed" in frame and len(frame):  # what would be 0 is not known of what no list has
        dated = {name for name, value in study.policy.values.get(kind, {}).items() if value.of == "months"}
        told = told.drop(columns=[name for name in told if name not in dated])
        frame = frame.drop(columns="is_listed")
    if "said_none" in frame:
        told = with_blanks_open(study, kind, frame, told)
        frame = frame.drop(columns="said_none")
    return frame.join(told).convert_dtypes()


__all__ = ["KINDS", "subjects"]
