"""Volunteer teams of communities and the members' service alliance that they join (rule D12)."""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.subjects.view import View, has_word, is_told, known_only
from pbgraph.linking.entities import says_none


def add_teams(frame: pd.DataFrame, view: View, placed: pd.DataFrame) -> None:
    """How many teams of each community are outside the alliance, and of how many that is open, with their names."""
    teams = placed.loc[placed["type"] == "team"]
    params = view.study.policy.params["D12"]
    is_other = has_word(teams["team_type"], params["other_words"]) | has_word(teams["team_state"], params["gone_words"])
    teams = teams[~is_other]  # one for dance, or one that is no more, need not
    is_in = is_told(teams, "is_allied", said=True) | teams["alliance"].notna()
    is_out = is_told(teams, "is_allied", said=False) | (says_none(teams, "alliance") & ~is_in)
    is_blank = (
        ~is_in
        & ~is_out
        & (view.asks(teams["source_entity"], "alliance") | view.asks(teams["source_entity"], "is_allied"))
    )
    is_open = is_blank | (is_in & (_is_ahead(teams["allied_on"], view.study.as_of) | _is_elsewhere(teams, view)))
    is_known = frame["subject_id"].isin(teams.loc[is_in | is_out, "target_id"])
    for name, rows in (("outside", teams[is_out & ~is_open]), ("open", teams[is_open])):
        named = rows.groupby("target_id")["name"].agg(lambda names: sorted(set(names)))
        found = frame["subject_id"].map(named)
        n = found.map(len, na_action="ignore").astype("Int64").fillna(0)
        frame[f"n_teams_{name}"] = known_only(n, is_known | (n > 0))
        frame[f"teams_{name}"] = found.map("、".join, na_action="ignore")


def _is_ahead(days: pd.Series, today: str) -> pd.Series:
    """Whether a day lies ahead of that of the study, as far as both say it."""
    return (days.astype("str") > today).fillna(value=False).astype(bool) if today else days.isna() & False


def _is_elsewhere(teams: pd.DataFrame, view: View) -> pd.Series:
    """Whether the alliance of a team is called after another community, and not after its own."""
    ending = schema.layout_words()["matrix"]["place"]
    cores = {node: name.removesuffix(ending) for node, name in view.names.items() if node.startswith("community:")}
    found = []
    for alliance, here in zip(teams["alliance"], teams["target_id"], strict=True):
        said = {node for node, core in cores.items() if isinstance(alliance, str) and alliance.startswith(core)}
        found.append(bool(said) and here not in said)
    return pd.Series(found, index=teams.index, dtype="bool")
