"""Agreements of a community with units, projects that units claim, instructors, and what a community guides.

In a list of agreements the community stands for its own Party organization; where no list names that
organization, the tie begins at the community itself. A partner that is named by its organization is the unit, or
the organization where no ledger has that unit; two units may be partners too.
"""

import pandas as pd

from pbgraph import schema
from pbgraph.linking.bodies import named_bodies
from pbgraph.linking.entities import flagged, looked_up, made_entities, mapped
from pbgraph.linking.mentions import Names, exploded, listed_mentions
from pbgraph.linking.organizations import listed_names
from pbgraph.linking.places import Tables, community_ids, own_place, printed_names
from pbgraph.linking.steps import Step, basis_of, tie


def link_agreements(tables: Tables, names: Names, organizations: pd.DataFrame, own: dict[str, str]) -> Step:
    """The ties of agreements: from a community's organization to each partner it names."""
    if tables["agreements"].empty:
        return Step()
    rows = _turned(tables["agreements"], names)
    rows = exploded(rows.assign(party_b=rows["party_b"].map(listed_names, na_action="ignore")), "party_b")
    named = named_bodies(names, rows, "party_a", ("organizations", "units"), table="agreements")
    place = names.places(rows)
    is_place = flagged(rows["party_a"], names.is_community)
    here = place.mask(place == "", names.places(rows, "party_a").where(is_place, ""))
    stands = looked_up(here, own).fillna(looked_up(here, names.communities))
    is_by_place = rows["party_a"].isna() | is_place
    partners = named["id"].mask(is_by_place, stands)
    at = dict(zip(organizations["id"], organizations["place"], strict=True))
    near = here.mask(here == "", looked_up(partners, at))
    others = named_bodies(
        names,
        rows,
        "party_b",
        ("units", "organizations", "communities"),
        place=near,
        table="agreements",
        is_ranked=True,
    )
    step = Step(mentions=(named[~is_by_place], others))
    for relation, chosen in (("paired_with", rows["round"].notna()), ("co_building", rows["round"].isna())):
        told = rows[chosen]
        joined = tie(
            relation, told, partners[chosen], others["id"][chosen], basis=basis_of(named[chosen], others[chosen]),
            since=told["start"], until=told["end"], category=told["cooperation"], status=told["progress"],
            content=_rounds_and_contents(told),
        )  # fmt: skip
        step += Step(ties=(joined,))
    return step


def _rounds_and_contents(rows: pd.DataFrame) -> pd.Series:
    """The round of each agreement and what it is about, a line each: 新一轮, 资源共享."""
    both = rows["round"] + "\n" + rows["content"]
    return both.fillna(rows["content"]).fillna(rows["round"]).astype("str")


def _turned(rows: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Agreements whose second party is the community, turned round; its residents' committee may be a partner."""
    is_place = flagged(rows["party_b"], names.is_community)
    turned = is_place & rows["party_a"].notna() & (mapped(rows["party_a"].fillna(""), own_place) == "")
    return rows.assign(
        party_a=rows["party_a"].mask(turned, rows["party_b"]), party_b=rows["party_b"].mask(turned, rows["party_a"])
    )


def own_by_place(organizations: pd.DataFrame, own: set[str]) -> dict[str, str]:
    """The organization that stands for each community key.

    One that its list or its residents' committee names; else the highest of those called after the community
    and nothing more.
    """
    ranked = _ranked(organizations, own).sort_values(["is_told", "level", "id"], ascending=[False, True, True])
    first = ranked.drop_duplicates("place")
    return dict(zip(first["place"], first["id"], strict=True))


def called_after_place(organizations: pd.DataFrame, own: set[str]) -> set[str]:
    """The communities' own organizations by their names, where nothing names them: the only one that is highest."""
    ranked = _ranked(organizations, own)
    ranked = ranked[~ranked["place"].isin(ranked.loc[ranked["is_told"], "place"]) & ~ranked["is_joint"]]
    ranked = ranked.drop_duplicates("id")
    highest = ranked[ranked["level"] == ranked.groupby("place")["level"].transform("min")]
    return set(highest.loc[~highest["place"].duplicated(keep=False), "id"])


def _ranked(organizations: pd.DataFrame, own: set[str]) -> pd.DataFrame:
    """The organizations that are told to be a community's own or are called after it, with their level."""
    levels = {code: row["level"] for code, row in schema.vocabulary("organization_category").rows.items()}
    rows = organizations[organizations["place"] != ""]
    bodies = mapped(rows["key"], _without_level)
    bodies, places = bodies.map(_bare).astype("str"), rows["place"].astype("str")
    is_called = (bodies == places) | (bodies == places.map(_bare))  # the place 新村 is bare and ends as a village does
    ranked = rows.assign(
        is_told=rows["id"].isin(own), level=rows["org_type"].map(levels).fillna("9"), is_called=is_called
    )
    return ranked[ranked["is_told"] | ranked["is_called"]]


def _without_level(key: str) -> str:
    level = next((level for level in schema.name_words()["levels"] if key.endswith(level)), "")
    return key.removesuffix(level)


def _bare(key: str) -> str:
    key = key.split("#")[0]
    ending = next((end for end in schema.layout_words()["community_endings"] if key.endswith(end)), "")
    return key.removesuffix(ending) or key


def link_projects(tables: Tables, names: Names, communities: pd.DataFrame) -> tuple[pd.DataFrame, Step]:
    """Projects, where they are, and the units that claim them."""
    rows = tables["projects"]
    rows = rows.assign(key=mapped(rows["project"], names.key_of("projects")), place=names.places(rows))
    rows["community"] = printed_names(community_ids(names, rows), communities)
    frame, ids = made_entities("projects", rows, "project", names.aliases)
    rows = rows.assign(id=ids)
    claims = exploded(rows, "claimed_by")
    units = named_bodies(
        names, claims, "claimed_by", ("units", "organizations"), place=claims["place"], table="projects", is_ranked=True
    )
    ties = (
        tie("located_in", rows, ids, community_ids(names, rows)),
        tie(
            "claims", claims, units["id"], claims["id"], basis=basis_of(units),
            since=claims["claimed_date"].fillna(claims["start"]), category=claims["cooperation"],
            status=claims["progress"],
        ),
    )  # fmt: skip
    mentions = (listed_mentions("projects", rows, rows["project"], ids, table="projects"), units)
    return frame, Step(ties=ties, mentions=mentions)


def link_instructors(tables: Tables, names: Names) -> tuple[pd.DataFrame, Step]:
    """Instructors and the units they guide, or the organizations where no ledger has the unit."""
    rows = tables["instructors"]
    rows = rows.assign(key=rows["name"], place=rows["from_unit"].fillna(""))
    frame, ids = made_entities("instructors", rows, "name", names.aliases)
    several = exploded(rows.assign(id=ids), "guided_units")
    units = named_bodies(
        names, several, "guided_units", ("units", "organizations"), table="instructors", is_ranked=True
    )
    joined = tie("instructs", several, several["id"], units["id"], basis=basis_of(units), since=several["start"])
    listed = listed_mentions("instructors", rows, rows["name"], ids, table="instructors")
    return frame.drop(columns=["guided_units"]), Step(ties=(joined,), mentions=(listed, units))


def guided(rows: pd.DataFrame, units: pd.DataFrame, organizations: pd.DataFrame, own: set[str]) -> Step:
    """A community's own organization guides its owners' committees and property services.

    Nothing is derived of the units of a sheet that says itself who guides them: there a blank cell is not known.
    """
    listed = organizations[organizations["organization_id"].isin(own)] if "community" in organizations else None
    if listed is None or not {"unit_type", "community"} <= set(units):
        return Step()
    first = listed.sort_values("organization_id").drop_duplicates("community")
    by_place = dict(zip(first["community"], first["organization_id"], strict=True))
    said = rows["guiding_org"].notna()
    if "said_none" in rows:
        said |= rows["said_none"].fillna("").str.contains("guiding_org", regex=False)
    sheet = rows["file"] + "|" + rows["sheet"]
    told = set(rows.loc[sheet.isin(set(sheet[said])), "id"])
    is_open = ~units["unit_id"].isin(told)
    rows = units[is_open & units["unit_type"].isin(schema.vocabulary("unit_type").codes(is_guided="true"))]
    target = looked_up(rows["community"], by_place)
    return Step(ties=(tie("guides", rows, target, rows["unit_id"], basis="derived"),))
