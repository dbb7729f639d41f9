"""Communities as rules judge them: numbers, staff, bodies, premises, leaders, meetings and members."""

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.committees import with_terms
from pbgraph.analyses.membership import membership
from pbgraph.analyses.subjects.alliance import add_teams
from pbgraph.analyses.subjects.joint_meetings import add_joint_meetings
from pbgraph.analyses.subjects.people import staff_of_communities
from pbgraph.analyses.subjects.ratings import failed_twice, items_lacking, not_included, unreminded
from pbgraph.analyses.subjects.values import values
from pbgraph.analyses.subjects.view import View, counted, has_cell, has_word, is_told, known_only
from pbgraph.engine import collected
from pbgraph.linking.entities import says_none
from pbgraph.policy import judged

_NUMBERS = ("households", "population", "volunteer_count", "premises_area", "centre_area", "plaques", "funds_running",
            "funds_benefit", "brand", "community_type")  # fmt: skip


def communities(view: View) -> pd.DataFrame:
    """One row per listed community."""
    listed = view.study.entities("communities")
    listed = listed[listed["is_listed"].astype(bool)]
    frame = pd.DataFrame({"subject_id": listed["community_id"], "subject": listed["name"], "community": listed["name"]})
    for column in _NUMBERS:
        frame[column] = listed[column]
    frame["source"], frame["said_none"] = listed["source"], listed["said_none"]
    ids = frame["subject_id"]
    frame["is_one_shoulder"] = _one_shoulder(view, listed)
    frame["volunteer_share"] = frame["volunteer_count"] / frame["population"].where(frame["population"] > 0)
    said = says_none(listed, "brand")  # where the list says 无 of others, a blank is not its way of saying so
    is_told = (frame["brand"].notna() | said) if said.any() else frame["brand"].notna().any()
    frame["has_brand"] = known_only(frame["brand"].notna().astype("boolean"), is_told)
    frame = frame.join(staff_of_communities(view, ids))
    n = view.study.policy.params["B12"]
    frame["n_staff_due"] = (frame["households"] // n["per"]).clip(n["least"], n["most"])
    _add_committees(frame, view)
    _add_people(frame, view)
    _add_bodies(frame, view)
    add_joint_meetings(frame, view)
    frame["n_paired_government"] = _n_paired(view, frame["subject"])
    _add_branches(frame, view)
    _add_money(frame, view)
    _add_terms(frame, view)
    frame["funds_place"] = _funds_place(view, frame["community_type"])
    return frame


def _add_terms(frame: pd.DataFrame, view: View) -> None:
    """When the term of the committees of each community ends (rule B15), as the list of communities states it."""
    own = view.study.tables["communities"].with_columns(
        org_type=nw.lit(None, dtype=nw.String), is_community_org=nw.lit(value=True)
    )
    columns = ("ends", "is_over", "n_months_left")
    terms = with_terms(own, view.study).select("community_id", *columns)
    held = collected(terms, sort=["community_id"]).set_index("community_id")
    for column in columns:
        frame[column] = frame["subject_id"].map(held[column])


def _funds_place(view: View, types: pd.Series) -> pd.Series:
    """Which of the three kinds of place of rule F6 a community is in: centre, county, town; "open" where not told."""
    found = pd.Series("open", index=types.index, dtype="str")
    for place in ("town", "county", "centre"):
        found = found.mask(has_word(types, view.param("F6", f"{place}_words")), place)
    return found


def _add_committees(frame: pd.DataFrame, view: View) -> None:
    """Sizes of the Party committee, of the residents' committee and of both together (rule B1)."""
    ids, place, posts = frame["subject_id"], frame["subject"], view.ties("holds_post")
    team = _party_posts(view)
    frame["n_party_seats"] = _some(counted(_once_by_name(view, team)["place"], place))
    staff = posts[posts["target_id"].isin(ids) & has_word(posts["content"], view.param("B1", "words"))]
    staff = staff.assign(place=staff["target_id"])
    frame["n_residents_seats"] = _some(counted(_once_by_name(view, staff)["place"], ids))
    both = values(view.study, "communities", ids)["n_cross"]
    frame["n_both_committees"] = frame["n_party_seats"] + frame["n_residents_seats"] - known_only(both, both.sum() > 0)
    _add_origins(frame, view, team)
    deputies = team[_is_post(team["post"], "full_time_deputy") | (
        _is_post(team["post"], "deputy_secretary") & (team["time_share"] == "full"))]  # fmt: skip
    named = pd.concat([deputies, team[_is_post(team["post"], "affairs_officer")]])
    officers = frame["n_party_affairs"] + counted(named["place"], place)
    has_staff = view.ties("holds_post")["content"].notna().any() or _is_post(team["post"], "affairs_officer").any()
    is_open = place.isin(team.loc[_is_post(team["post"], "deputy_secretary") & team["time_share"].isna(), "place"])
    frame["n_party_affairs"] = officers.where((has_staff & ~is_open) | (officers > 0))


def _add_origins(frame: pd.DataFrame, view: View, team: pd.DataFrame) -> None:
    """Members of each team who come from resident units: the list says so, or where they work (rule B6)."""
    works = view.study.ties[view.study.ties["source_id"].isin(team["source_id"])]
    at_work = set(works.loc[works["relation"] == "works_at", "source_id"])
    told = team[["source_id", "place"]][team["source_id"].isin(at_work) | (team["status"] == "unit")]
    is_known = bool(at_work) or team["status"].isin(list(schema.vocabulary("seat_origin").rows)).any()
    frame["n_from_units"] = known_only(counted(told.drop_duplicates()["place"], frame["subject"]), is_known)


def _party_posts(view: View) -> pd.DataFrame:
    """The posts in the Party teams of communities, with the community (`place`).

    They are held in its own organization; where no roster names that, in the community itself.
    """
    own, posts, names = view.community_of_orgs(), view.ties("holds_post"), view.names
    is_here = posts["target_id"].str.startswith("community:") & posts["post"].notna() & posts["content"].isna()
    held = posts[posts["target_id"].isin(own) | is_here]
    return held.assign(place=[own.get(body) or names[body] for body in held["target_id"]])


def _once_by_name(view: View, posts: pd.DataFrame) -> pd.DataFrame:
    """The holders of posts in a place, each name once: two lists may tell of one person."""
    return view.people(posts)[["place", "name"]].drop_duplicates()


def _one_shoulder(view: View, listed: pd.DataFrame) -> pd.Series:
    """Whether one person heads the Party team and the residents' committee, null where a head is not known."""
    posts, names, place = view.ties("holds_post"), view.names, listed["name"]
    team = _party_posts(view)
    leads = _is_post(team["post"], *schema.vocabulary("post").codes(is_secretary="true"))
    directors = posts.loc[_is_post(posts["post"], "director") & posts["target_id"].isin(listed["community_id"])]
    has_secretary = listed["secretary"].notna() | place.isin(set(team.loc[leads, "place"]))
    has_director = listed["director"].notna() | place.isin({names[node] for node in directors["target_id"]})
    heads = listed["community_id"].isin(view.ties("same_person_heads")["target_id"])
    led = view.people(team[leads])
    pairs = set(zip(led["place"], led["name"], strict=True))
    is_named = pd.Series([pair in pairs for pair in zip(place, listed["director"], strict=True)], index=listed.index)
    is_one = heads | is_named | (listed["secretary"] == listed["director"]).fillna(value=False).astype(bool)
    is_told = place.isin(set(led.loc[led["is_director"].notna(), "place"]))  # 是否一肩挑: 否
    return is_one.astype("boolean").where(is_one | is_told | (has_secretary & has_director))


def _is_post(posts: pd.Series, *codes: str) -> pd.Series:
    """Whether one of the posts of a cell is one of some codes."""
    return has_word(posts, rf"(?m)^(?:{'|'.join(codes)})$")


def _some(counts: pd.Series) -> pd.Series:
    """The counts, null for 0: nobody on record says that the list is missing."""
    return counts.where(counts > 0)


def _add_people(frame: pd.DataFrame, view: View) -> None:
    """Reserves, registrations and leaders of each community."""
    ids = frame["subject_id"]
    reserve = view.ties("reserve_for")
    deputy = has_word(reserve["content"], view.param("B8", "deputy_words"))
    frame["n_reserve_deputy"] = counted(reserve.loc[deputy, "target_id"], ids)
    reserves = reserve.drop_duplicates(["source_id", "target_id"])
    is_unsaid = reserves["content"].isna() & reserves["content"].notna().any()
    n_open = counted(reserves.loc[is_unsaid, "target_id"], ids)
    frame["n_reserve_head"] = counted(reserves["target_id"], ids) - frame["n_reserve_deputy"] - n_open
    for column, due in (("n_reserve_head", "head"), ("n_reserve_deputy", "deputy")):
        is_short = frame[column] < view.param("B8", due)
        frame[column] = frame[column].mask(is_short & (frame[column] + n_open >= view.param("B8", due)))
    leaders = view.ties("contact_of")
    _add_visits(frame, view, leaders)
    listed = view.study.entities("communities").set_index("community_id").loc[ids]
    for key, words in (("first_responsible", "first_words"), ("direct_responsible", "direct_words")):
        named = leaders[has_word(leaders["category"], view.param("D10", words))]
        n_named = counted(named["target_id"], ids) + listed[key].notna().set_axis(ids.index).astype(int)
        frame[f"n_{key}"] = known_only(n_named, leaders["category"].notna().any() or listed[key].notna().any())
    registered = view.ties("registered_with")
    registered = registered[registered["source_id"].str.startswith("member:") & registered["until"].isna()]
    living = view.study.ties[view.study.ties["relation"] == "lives_in"]
    living = living[["source_id", "target_id", "source", *_SAID]].drop_duplicates(["source_id", "target_id"])
    living = living[living["category"].isna() | living["category"].isin(_SERVING)]  # who has retired need not
    unregistered = living[~living["source_id"].isin(registered["source_id"])]
    is_open = unregistered[list(_SAID)].eq("open").any(axis=1)
    for column, rows in (("n_unregistered", unregistered[~is_open]), ("n_unregistered_open", unregistered[is_open])):
        n = view.count_persons(column, view.people(rows), ids)
        frame[column] = known_only(n, ids.isin(living["target_id"]))
    several = registered.drop_duplicates(["source_id", "target_id"])
    twice = several[several["source_id"].duplicated(keep=False)]
    frame["n_registered_twice"] = view.count_persons("n_registered_twice", view.people(twice), ids)


_SAID = ("status", "category")
_SERVING = [*schema.vocabulary("management_class").codes(is_in_service="true"), "open"]


def _add_visits(frame: pd.DataFrame, view: View, leaders: pd.DataFrame) -> None:
    """Contact leaders of each community who came too rarely (rule D9), as their row says or a list of visits has it.

    Of a list, the visits of the last twelve months count. Two of one day and one matter may be one visit, and whether
    one to another community counts is not said: who has enough only with them is open.
    """
    ids, due = frame["subject_id"], view.param("D9", "visits")
    visits = view.people(view.ties("visits"))
    lately = visits[~view.is_older(visits["since"], _YEAR)]
    distinct = lately.drop_duplicates(["name", "target_id", "since", "content"])
    held = view.people(leaders)
    stated = pd.to_numeric(held["status"], errors="coerce").astype("Int64")
    here = distinct.groupby(["name", "target_id"]).size().to_dict()
    pairs = zip(held["name"], held["target_id"], strict=True)
    own = pd.Series([here.get(pair, 0) for pair in pairs], index=held.index, dtype="Int64")
    n_rows = lately["source"].str.count("\n") + 1  # rows that say the same are one tie
    every = held["name"].map(n_rows.groupby(lately["name"]).sum()).fillna(0).astype("Int64")
    listed = len(visits) > 0
    at_least = stated.fillna(own.where(pd.Series(listed, index=held.index)))
    at_most = stated.fillna(every.where(pd.Series(listed, index=held.index)))
    rare = (at_most < due).fillna(value=False).astype(bool)
    is_open = (at_least < due).fillna(value=False).astype(bool) & ~rare
    known = stated.notna().any() or listed
    frame["n_rare_leaders"] = known_only(view.count_persons("n_rare_leaders", held[rare], ids), known)
    frame["n_visits_open"] = known_only(view.count_persons("n_visits_open", held[is_open], ids), known)


_YEAR = 12


def _add_bodies(frame: pd.DataFrame, view: View) -> None:
    """Teams outside the alliance, the workstation and who failed, of each community."""
    placed = view.of_kind("bodies", view.ties("located_in", "mass_body_of"), "source_id")
    add_teams(frame, view, placed)
    _add_kinds(frame, view, placed)
    _add_big_committees(frame, view)
    _add_trinity(frame, view, placed)
    _add_coordination(frame, view, placed)
    _add_workstation(frame, view, placed)
    _add_failed(frame, view)
    _add_lacking(frame, view)
    _add_included(frame, view)


def _add_kinds(frame: pd.DataFrame, view: View, placed: pd.DataFrame) -> None:
    """How many of the kinds that a rule names each community has, and which it lacks (`kinds_of` of subjects.toml)."""
    kinds_of = judged().kinds_of
    told = ["target_id", "type", *{column: None for entry in kinds_of.values() for column in entry.said}]
    both = (placed, view.of_kind("records", view.ties("concerns"), "source_id"))
    there = []
    for rows in both:
        is_blank = (
            rows["is_ready"].isna() & view.asks(rows["source_entity"], "is_ready") if "is_ready" in rows else None
        )
        own = rows[~is_told(rows, "is_ready", said=False)].reindex(columns=told).astype("str").fillna("")
        there.append(own.assign(is_open=False if is_blank is None else is_blank))
    every = pd.concat(there, ignore_index=True)
    for name, entry in kinds_of.items():
        rows = every[every["type"].isin(entry.types)]
        said = pd.Series("", index=rows.index, dtype="str")
        for column in entry.said:
            said = said + rows[column] + "\n"
        has: dict[str, set[str]] = {}
        may: dict[str, set[str]] = {}
        params = view.study.policy.params[entry.rule]
        for words in (str(params[key]) for key in params if key.endswith("_words")):
            fits, label = has_word(said, words), words.split("|")[0]
            has[label] = set(rows.loc[fits, "target_id"])
            may[label] = has[label] - set(rows.loc[fits & ~rows["is_open"], "target_id"])
        lacking = [[label for label, places in has.items() if node not in places] for node in frame["subject_id"]]
        frame[f"n_{name}_kinds"] = pd.array([len(has) - len(labels) for labels in lacking], dtype="Int64")
        frame[f"{name}_lacking"] = ["、".join(labels) for labels in lacking]
        is_open = [[label for label, places in may.items() if node in places] for node in frame["subject_id"]]
        frame[f"n_{name}_open"] = pd.array([len(labels) for labels in is_open], dtype="Int64")
        frame[f"{name}_open"] = ["、".join(labels) for labels in is_open]
    groups = placed[(placed["type"] == "mass_organization") & ~is_told(placed, "is_ready", said=False)]
    unled = groups.loc[says_none(groups, "chairperson"), "target_id"]
    frame["n_mass_unled"] = counted(unled, frame["subject_id"])


def _add_big_committees(frame: pd.DataFrame, view: View) -> None:
    """How many big committees each community belongs to; a joint meeting is none (rules C12 and C25)."""
    located = view.of_kind("committees", view.ties("located_in"), "source_id")
    others = has_word(located["name"], view.param("C12", "meeting_words"))
    own = located[~others].drop_duplicates(["source_id", "target_id"])
    frame["n_big_committees"] = counted(own["target_id"], frame["subject_id"])


def _add_trinity(frame: pd.DataFrame, view: View, placed: pd.DataFrame) -> None:
    """Which of residents' committee and service centre each community lacks (rule F14), and how small its centre is.

    It lacks what its row says it has not, or what a list of bodies has of another community and not of this one.
    """
    listed = view.study.entities("communities").set_index("community_id").loc[frame["subject_id"]]
    bodies = view.study.entities("bodies")
    is_listed = bool((~bodies["source"].isin(listed["source"])).any())
    lacking: list[list[str]] = [[] for _ in frame.index]
    is_said = any(says_none(listed, column).any() for column in _TRINITY.values())
    is_told = is_said or placed["body_type"].isin(list(_TRINITY)).any()
    for kind, column in _TRINITY.items():
        has = set(placed.loc[placed["body_type"] == kind, "target_id"])
        label = schema.vocabulary("body_type").label(kind)
        for said, node, found in zip(listed["said_none"], frame["subject_id"], lacking, strict=True):
            is_said = column in str(said).split("\n")
            found += [label] * (node not in has and (is_said or (is_listed and bool(has))))
    frame["n_trinity_lacking"] = known_only(pd.Series(map(len, lacking), index=frame.index, dtype="Int64"), is_told)
    frame["trinity_lacking"] = ["、".join(labels) for labels in lacking]
    centres = placed[placed["body_type"] == "service_centre"]
    frame["small_centres"] = frame["subject_id"].map(
        centres.groupby("target_id")["area"].min().map("{:.0f}".format, na_action="ignore")
    )


_TRINITY = {"residents_committee": "residents_body", "service_centre": "service_centre"}


def _add_coordination(frame: pd.DataFrame, view: View, placed: pd.DataFrame) -> None:
    """How many coordinating bodies of each community others lead (rule D3), where a list says who leads them."""
    bodies = placed[(placed["body_type"] == "coordination") & placed["lead_org"].notna()]
    own = set(view.community_of_orgs())
    leads = view.ties("leads")
    led = set(leads.loc[leads["source_id"].isin(own), "target_id"])
    others = bodies.loc[~bodies["source_id"].isin(led), "target_id"]
    frame["n_led_by_others"] = known_only(counted(others, frame["subject_id"]), len(bodies) > 0)
    joined = placed[placed["body_type"] == "coordination"].merge(
        view.ties("attends"), left_on="source_id", right_on="target_id", suffixes=("", "_body")
    )
    frame["n_taking_part"] = _some(counted(joined["target_id"], frame["subject_id"]))


def _add_workstation(frame: pd.DataFrame, view: View, placed: pd.DataFrame) -> None:
    """Whether the head of the workstation is a deputy secretary of the community (rule B5).

    Its row says so, or the team by name; not known where the team has neither a deputy nor anybody of that name.
    """
    own, posts = view.community_of_orgs(), view.ties("holds_post")
    deputies = [code for code, row in schema.vocabulary("post").rows.items() if row["rank"] in {"2", "3"}]
    team = view.people(posts[posts["target_id"].isin(own)])
    is_deputy = team["post"].isin(deputies)
    members = pd.DataFrame({"place": team["target_id"].map(own), "name": team["name"], "is_deputy": is_deputy})
    held = members.groupby(["place", "name"])["is_deputy"].any().to_dict()
    has_deputy = set(members.loc[is_deputy, "place"])
    heads = view.people(view.ties("concurrent_post"))
    named = dict(zip(heads["target_id"], heads["name"], strict=True))
    station = placed[placed["body_type"] == "workstation"].drop_duplicates("target_id").set_index("target_id")
    found: list[bool | None] = []
    for node, place in zip(frame["subject_id"], frame["subject"], strict=True):
        post = station["head_post"].get(node)
        name = named.get(station["source_id"].get(node))
        if isinstance(post, str):
            found.append(not set(post.split("\n")).isdisjoint(deputies))
        else:
            found.append(held.get((place, name), False if name is not None and place in has_deputy else None))
    frame["is_station_led"] = pd.array(found, dtype="boolean")


def _add_failed(frame: pd.DataFrame, view: View) -> None:
    """Who or what failed in two years running (rule B14), or was rated as poor without a talk, per community."""
    ids = dict(zip(frame["subject"], frame["subject_id"], strict=True))
    failed, silent = (
        rows.assign(target_id=rows["community"].map(ids), name=rows["rated"].fillna(rows["community"]))
        for rows in (failed_twice(view), unreminded(view))
    )
    n = view.count_persons("n_failed_twice", failed, frame["subject_id"])
    frame["n_failed_twice"] = known_only(n, view.study.entities("records")["rating"].notna().any())
    frame["n_unreminded_here"] = view.count_persons("n_unreminded_here", silent, frame["subject_id"])


def _add_included(frame: pd.DataFrame, view: View) -> None:
    """Which units leave their part in the committee out of their own assessment, by name, and of which it is open."""
    rows = not_included(view)
    for name, own in (("excluded", rows[~rows["is_open"]]), ("included_open", rows[rows["is_open"]])):
        named = own.groupby("community")["rated"].agg(lambda names: sorted(set(names)))
        found = frame["subject"].map(named)
        frame[f"n_{name}"] = found.map(len, na_action="ignore").astype("Int64")
        frame[name] = found.map("、".join, na_action="ignore")


def _add_lacking(frame: pd.DataFrame, view: View) -> None:
    """What the check lists say that a community or its organization has not (rule F20); null where none tells of it."""
    lacking = items_lacking(view)
    found = frame["subject"].map(lacking)
    frame["n_items_lacking"] = found.map(len, na_action="ignore").astype("Int64")
    frame["items_lacking"] = found.map("、".join, na_action="ignore")


def _n_paired(view: View, places: pd.Series) -> pd.Series:
    """Pairs of each community's own organization with a government body or its organization."""
    units = view.study.entities("units")
    government = set(units.loc[units["unit_type"] == "government", "unit_id"])
    hosted = view.ties("housed_in")
    government |= set(hosted.loc[hosted["target_id"].isin(government), "source_id"])
    named = pd.Series(view.names)
    government |= set(named[has_word(named, view.param("D5", "government_words"))].index)
    listed = view.study.entities("organizations")
    if "attribute" in listed:
        government |= set(listed.loc[listed["attribute"] == "government", "organization_id"])
    place = dict(zip(listed["organization_id"], listed["community"], strict=True))
    ties = view.ties("paired_with", "co_building")
    ends = ties[["source_id", "target_id"]]
    both = pd.concat([ends, ends.set_axis(["target_id", "source_id"], axis=1)])
    paired = both[both["target_id"].isin(government) & ~both["source_id"].isin(government)]
    return counted(paired["source_id"].map(place), places)


def _add_branches(frame: pd.DataFrame, view: View) -> None:
    """The branches of a new-type community by what they are for, told by their names (rule F12)."""
    listed = view.study.entities("organizations")
    listed = listed[listed["is_listed"].astype(bool)]
    place = listed["community"]
    for name in ("service", "cooperative", "road"):
        own = has_word(listed["name"], view.param("F12", f"{name}_words"))
        frame[f"n_{name}_branches"] = counted(place[own], frame["subject"])
    villages = view.column("communities", frame["subject_id"], "merged_villages")
    n_villages = villages.map(lambda names: len(str(names).split("\n")), na_action="ignore").astype("Int64")
    frame["n_villages"] = n_villages.fillna(frame["n_cooperative_branches"])
    is_asked = n_villages.isna() & has_cell(view.study.network, "communities.merged_villages")
    frame["is_villages_open"] = is_asked.astype("boolean")
    _add_floating(frame, view, listed)
    own = listed["is_community_org"].fillna(value=False).astype(bool)
    upper = listed["org_type"].isin(schema.vocabulary("organization_category").codes(level="1"))
    upper |= listed["org_type"].isin(schema.vocabulary("organization_category").codes(level="2"))
    n_upper = counted(place[own & upper], frame["subject"])
    frame["n_general_branches"] = known_only(n_upper, frame["subject"].isin(place[listed["org_type"].notna()]))
    is_told = has_word(frame["community_type"], view.param("F12", "type_words"))
    frame["is_new_type"] = is_told | (frame["community_type"].isna() & (frame["n_cooperative_branches"] > 0))
    frame["is_new_built"] = has_word(frame["community_type"], view.param("F4", "new_words"))


def _add_floating(frame: pd.DataFrame, view: View, listed: pd.DataFrame) -> None:
    """Floating members of communities of several villages in other branches than those of roads (rule F12).

    One whom the list puts in no branch, and who so stands with the community's own organization, is open.
    """
    ids, ties = frame["subject_id"], view.people(view.ties("floating"))
    node_of = dict(zip(frame["subject"], ids, strict=True))
    place, name = (ties["target_id"].map(listed.set_index("organization_id")[key]) for key in ("community", "name"))
    several = frame.loc[frame["n_villages"] >= view.param("F12", "several"), "subject_id"]
    rows = ties.assign(target_id=place.map(node_of))[place.map(node_of).isin(several)]
    is_road = has_word(name, view.param("F12", "road_words")).loc[rows.index]
    is_own = ties["target_id"].isin(view.community_of_orgs()).loc[rows.index]
    frame["n_floating_elsewhere"] = view.count_persons("n_floating_elsewhere", rows[~is_road & ~is_own], ids)
    frame["n_floating_open"] = view.count_persons("n_floating_open", rows[is_own], ids)


def _add_money(frame: pd.DataFrame, view: View) -> None:
    """Money for activities of members, in yuan per member of the last year on record (rule E7)."""
    members = membership(view.study).groupby("community")["n_members"].sum()
    funds = view.of_kind("records", view.ties("concerns"), "source_id")
    if funds["money"].isna().all():
        frame["money_per_member"] = pd.Series(pd.NA, index=frame.index, dtype="Float64")
        return
    own = funds[has_word(funds["money_source"], view.param("E7", "words"))]
    year = own["year"].astype("str").str.slice(0, 4)
    recent = own[(year == year.groupby(own["target_id"]).transform("max")) | year.isna()]
    money = frame["subject_id"].map(recent.groupby("target_id")["money"].sum()).astype("Float64")
    n = frame["subject"].map(members).astype("Float64")
    frame["money_per_member"] = money / n.where(n > 0)
