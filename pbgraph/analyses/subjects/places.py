"""Grids, residential estates and buildings, as rules judge them."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pbgraph.analyses.study import Study
from pbgraph.analyses.subjects.view import View, has_cell, known_only
from pbgraph.captions import caption
from pbgraph.policy import judged

_EARTH_KM = 6371.0


def areas(kind: str) -> Callable[[View], pd.DataFrame]:
    """The function that makes the frame of one kind of area: "grid", "estate", "building" or "duty_area"."""

    def frame_of(view: View) -> pd.DataFrame:
        listed = view.study.entities("grids")
        listed = listed[listed["is_listed"].astype(bool) & (listed["type"].fillna("grid") == kind)]
        frame = pd.DataFrame({"subject_id": listed["grid_id"], "subject": listed["name"]})
        frame["community"] = listed["community"]
        for column in ("households", "population"):
            frame[column] = listed[column]
        frame["grid_size"], frame["size"] = _sizes(view, frame)
        frame["km_to_premises"] = _km_to_premises(view, listed)
        if kind == "duty_area":
            frame["has_duty_member"] = _has_members(view, listed)
        return frame.assign(source=listed["source"], said_none=listed["said_none"])

    return frame_of


def with_blanks_open(study: Study, kind: str, frame: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The values of subjects, null where a cell of their own list that would say more than 0 is blank (`told_in`)."""
    for value, where in judged().told_in.get(kind, {}).items():
        cells = [f"{kind}.{field}" for field in where.fields]
        has_own = any(has_cell(study.network, cell) for cell in cells)
        if value in told and where.if_any and not has_own:
            told[value] = known_only(told[value], (told[value] > 0).any())
        if value not in told or (where.by_others and not has_own):
            continue
        said = frame["said_none"].fillna("").str.split("\n")
        is_none = said.map(lambda keys, fields=where.fields: not set(fields).isdisjoint(keys)).astype(bool)
        told[value] = told[value].where(is_none | (told[value] > 0).fillna(value=True))
    return told


def _has_members(view: View, listed: pd.DataFrame) -> pd.Series:
    """Whether each area of duty has a member, null where its row neither names one nor says that there is none."""
    is_held = listed["grid_id"].isin(view.ties("holds_post")["target_id"]).astype("boolean")
    said = listed["said_none"].fillna("").str.split("\n").map(lambda keys: "duty_member" in keys).astype(bool)
    return is_held.where(is_held | said)


def _sizes(view: View, frame: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """The households of each area, or its people as households by rule F1, whichever is nearer to it; and in words."""
    per = view.param("F1", "per")
    households = frame["households"].astype("Float64")
    people = frame["population"].astype("Float64") * per / view.param("F1", "people")
    is_nearer = ((people - per).abs() < (households - per).abs()).fillna(value=False)
    size = households.mask(is_nearer.astype(bool), people).fillna(people)
    said = [
        "、".join(caption(key, "zh", n=n) for key, n in zip(_IN_WORDS, pair, strict=True) if pd.notna(n))
        for pair in zip(frame["households"], frame["population"], strict=True)
    ]
    return size, said


_IN_WORDS = ("n_households", "n_people")


def _km_to_premises(view: View, listed: pd.DataFrame) -> pd.Series:
    """Great-circle distance in km to the nearest premises, null where coordinates are missing."""
    places = view.study.entities("bodies")
    empty = pd.Series(pd.NA, index=listed.index, dtype="Float64")
    points = places.loc[places["type"] == "premises", ["lng", "lat"]].dropna().to_numpy(dtype=float)
    known = listed[["lng", "lat"]].dropna()
    if not len(points) or known.empty:
        return empty
    here, there = np.radians(known.to_numpy(dtype=float))[:, None, :], np.radians(points)[None, :, :]
    haversine = (
        np.sin((there[..., 1] - here[..., 1]) / 2) ** 2
        + np.cos(here[..., 1]) * np.cos(there[..., 1]) * np.sin((there[..., 0] - here[..., 0]) / 2) ** 2
    )
    nearest = 2 * _EARTH_KM * np.arcsin(np.sqrt(haversine)).min(axis=1)
    return pd.Series(nearest, index=known.index).reindex(listed.index).astype("Float64")
