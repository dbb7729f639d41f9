"""Who heads or sits on both: the Party team of a community and its residents' committee, told by two rosters.

One row may say both, by a flag or a second post; `reference/links.toml` has these. Here one list names the secretary
or a member of the team, another one the director or a member of the residents' committee of the same community: the
only one of that name in each is one person. A mere member is never a head.
"""

import pandas as pd

from pbgraph.linking.entities import looked_up
from pbgraph.linking.mentions import Names
from pbgraph.linking.people import People
from pbgraph.linking.places import Tables
from pbgraph.linking.steps import Step, tie

_HEADS = frozenset({"secretary", "first_secretary"})
_DIRECTOR = frozenset({"director"})
_COLUMNS = ("name", "place", "person", "is_head", "source")


def link_heads(tables: Tables, names: Names, people: People, organizations: pd.DataFrame, own: dict[str, str]) -> Step:
    """The ties of persons whom one list has in the team and another one on the residents' committee."""
    leaders, directors = tables["leaders"], tables["communities"]["director"]
    if leaders.empty and directors.isna().all():
        return Step()
    ids = names.resolve("organizations", leaders, "org", keep=False)["id"]
    places = dict(zip(organizations["id"], organizations["place"], strict=True))
    stated = names.places(leaders)
    bodies = ids.fillna(looked_up(stated, own).where(leaders["org"].isna()))
    place = stated.mask(stated == "", looked_up(ids, places)).fillna("")
    rows = leaders.assign(place=place, bodies=bodies, post=leaders["team_post"])
    team = [_team(rows, people), _secretaries(organizations, people, set(own.values()))]
    committee = [_committee(rows), _directors(tables["communities"], names)]
    first, second = (_only_ones(pd.concat(frames, ignore_index=True)) for frames in (team, committee))
    both = first.merge(second, on=["name", "place"], suffixes=("", "_of"))
    both = both[both["source"] != both["source_of"]]
    target = looked_up(both["place"], names.communities)
    is_head = both["is_head"] & both["is_head_of"]
    return Step(
        ties=(
            tie("same_person_heads", both[is_head], both["person"][is_head], target[is_head], basis="derived"),
            tie("cross_appointment", both, both["person"], target, basis="derived"),
        )
    )


def with_terms_of_teams(organizations: pd.DataFrame, tables: Tables, names: Names) -> pd.DataFrame:
    """The organizations with the end of the term that a roster of their team states, where their own list has none."""
    rows = tables["leaders"]
    if rows.empty:
        return organizations
    ids = names.resolve("organizations", rows, "org", keep=False)["id"]
    last = rows["expires"].groupby(ids).max()
    told = organizations["organization_id"].map(last).astype("str")
    return organizations.assign(expires=organizations["expires"].fillna(told))


def _team(rows: pd.DataFrame, people: People) -> pd.DataFrame:
    led = rows[rows["team_post"].notna() & rows["name"].notna()]
    led = led[~led["team_post"].map(lambda post: set(post.split("\n")) <= _DIRECTOR).astype(bool)]
    person, _ = people.holders(led, is_team=True)
    return led.assign(person=person, is_head=_has(led["team_post"], _HEADS))[list(_COLUMNS)]


def _secretaries(organizations: pd.DataFrame, people: People, own: set[str]) -> pd.DataFrame:
    """The secretaries that the list of organizations names for the communities' own."""
    rows = organizations[organizations["id"].isin(own) & organizations["secretary"].notna()]
    rows = rows.assign(name=rows["secretary"], bodies=rows["id"], post="secretary", gender=pd.NA)
    person, _ = people.holders(rows)
    return rows.assign(person=person, is_head=True)[list(_COLUMNS)]


def _committee(rows: pd.DataFrame) -> pd.DataFrame:
    """Those whom a team roster gives a post on the residents' committee, or the post of its director."""
    posts = rows["resident_post"].fillna(rows["team_post"].where(_has(rows["team_post"], _DIRECTOR)))
    chosen = rows[posts.notna() & rows["name"].notna()]
    held = posts.loc[chosen.index]
    return chosen.assign(person=None, is_head=_has(held, _DIRECTOR))[list(_COLUMNS)]


def _directors(communities: pd.DataFrame, names: Names) -> pd.DataFrame:
    rows = communities[communities["director"].notna()]
    return rows.assign(name=rows["director"], place=names.places(rows), person=None, is_head=True)[list(_COLUMNS)]


def _has(posts: pd.Series, wanted: frozenset[str]) -> pd.Series:
    return posts.fillna("").map(lambda text: not wanted.isdisjoint(text.split("\n"))).astype(bool)


def _only_ones(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of names that one list has once in a community; two lists that agree are one row."""
    rows = rows[rows["place"] != ""].drop_duplicates(["name", "place", "person", "is_head"])
    n_persons = rows.groupby(["name", "place"])["person"].transform("nunique")
    kept = rows[n_persons <= 1].sort_values("is_head", ascending=False, kind="stable")
    return kept.drop_duplicates(["name", "place"])
