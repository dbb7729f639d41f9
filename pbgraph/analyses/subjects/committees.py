"""Big Party committees as rules judge them: seats, appointment, member units, money and meetings."""

import re

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.activities import activities
from pbgraph.analyses.committees import committee_seats
from pbgraph.analyses.subjects.view import View, counted, has_word, known_only


def committees(view: View) -> pd.DataFrame:
    """One row per listed committee; where none is listed, one per committee that meetings name."""
    frame = committee_seats(view.study)
    if frame.empty and len(convening := _convening(view)):
        return convening
    ids = frame["committee_id"]
    frame["source"] = view.with_rows(
        frame, frame["n_secretaries"] > 1, "holds_post", id_column="committee_id", end="target_id"
    )
    has_seats = frame["n_seats"] > 0
    for column in ("n_seats", "n_secretaries", "n_deputies", "n_full_time"):
        frame[column] = known_only(frame[column], has_seats)
    frame["is_joint"] = _is_joint(view, ids, frame["committee"])
    frame["is_odd"] = frame["n_seats"] % 2 == 1
    _add_meetings(frame, view)
    _add_appointment(frame, view)
    _add_people(frame, view)
    _add_money(frame, view)
    frame["n_rarely_present"] = _rarely_present(view, ids)
    ties = view.ties("assesses")
    told = view.people(ties.assign(source_id=ties["target_id"], target_id=ties["source_id"]))
    is_blank = told["status"].isna() & view.asks(told["source"], "is_notified")
    frame["n_unreported_open"] = view.count_persons("n_unreported_open", told[is_blank], ids)
    return frame.rename(columns={"committee_id": "subject_id", "committee": "subject"}).assign(
        community=_places(view, ids)
    )


def _convening(view: View) -> pd.DataFrame:
    """The committees that meetings alone name: of what no list of committees tells nothing is known."""
    every = view.study.entities("committees")
    called = every[every["committee_id"].isin(view.ties("convenes")["source_id"])].sort_values(["name", "committee_id"])
    ids = called["committee_id"]
    return pd.DataFrame({
        "subject_id": ids, "subject": called["name"], "is_joint": _is_joint(view, ids, called["name"]),
        "community": _places(view, ids), "source": called["source"], "is_listed": False,
    })  # fmt: skip


def _is_joint(view: View, ids: pd.Series, names: pd.Series) -> pd.Series:
    words = view.param("C12", "joint_words")
    return has_word(names, words) | has_word(view.column("committees", ids, "committee_mode"), words)


def _places(view: View, ids: pd.Series) -> pd.Series:
    """The community of a committee that is for one, null where it is for several."""
    located = view.ties("located_in")
    located = located[located["source_id"].isin(ids)][["source_id", "target_id"]].drop_duplicates()
    single = located[~located["source_id"].duplicated(keep=False)]
    names = view.names
    return ids.map(dict(zip(single["source_id"], single["target_id"].map(names), strict=True)))


def _add_meetings(frame: pd.DataFrame, view: View) -> None:
    ids, held = frame["committee_id"], activities(view.study)
    own = held[held["body_id"].isin(ids)]
    n_of = {
        name: ids.map(rows.groupby("body_id")["n_held"].sum()).fillna(0).astype("Int64")
        for name, rows in (("all", own), ("untyped", own[own["meeting_type"].isna()]),
                           ("enlarged", own[own["meeting_type"] == "enlarged"]))
    }  # fmt: skip
    frame["n_meetings"], is_open = n_of["all"], n_of["untyped"] == n_of["all"]
    frame["n_untyped"] = n_of["untyped"].where(is_open)  # where some are of a kind, another word is a kind of its own
    is_kept = n_of["enlarged"].sum() > 0  # a list without any may be of the other meetings alone
    frame["n_enlarged"] = known_only(n_of["enlarged"], is_kept).where(n_of["untyped"] == 0)


def _add_appointment(frame: pd.DataFrame, view: View) -> None:
    """The steps of the appointment of each committee that are on record."""
    ids = frame["committee_id"]
    for column in ("congress_date", "approved_date", "filed_date"):
        held = view.column("committees", ids, column)
        frame[f"has_{column.removesuffix('_date')}"] = known_only(held.notna().astype("boolean"), held.notna().any())
    listed = view.study.entities("organizations")
    entered = listed[listed["is_listed"].astype(bool)]
    frame["is_also_organization"] = frame["committee"].isin(entered["name"])


def _add_people(frame: pd.DataFrame, view: View) -> None:
    """Counts over the holders of seats: who is qualified, documented, and from where."""
    ids = frame["committee_id"]
    posts = view.ties("holds_post")
    seats = view.people(posts[posts["target_id"].isin(ids)])
    part = has_word(seats["time_share"], "part") | has_word(seats["post"], "part_time")
    deputies = "|".join(code for code, row in schema.vocabulary("post").rows.items() if row["rank"] in {"2", "3"})
    full = has_word(seats["time_share"], "full") | has_word(seats["post"], "full_time")
    n = counted(seats.loc[full & has_word(seats["post"], deputies), "target_id"], ids)
    frame["n_full_time_deputies"] = known_only(n, ids.isin(seats.loc[full | part, "target_id"]))
    team = _team(view, ids)
    expected = set(zip(team["committee_id"], team["name"], strict=True))
    is_direct = pd.Series([pair in expected for pair in zip(seats["target_id"], seats["name"], strict=True)],
                          index=seats.index, dtype="bool")  # fmt: skip
    job = seats["content"]
    is_asked = part | _is_plain(view, seats) & ~full & ~is_direct
    n = view.count_persons("n_unqualified", seats[is_asked & job.notna() & ~_is_fit(view, seats)], ids)
    frame["n_unqualified"] = known_only(n, ids.isin(seats.loc[job.notna(), "target_id"]))
    is_silent = (part | _is_plain(view, seats)) & ~full & ~is_direct & job.isna()
    n = view.count_persons("n_job_unstated", seats[is_silent], ids)
    frame["n_job_unstated"] = known_only(n, job.notna().any())
    is_other = seats["category_member"].notna() & ~seats["category_member"].isin(_MEMBER_CATEGORIES)
    n = view.count_persons("n_not_members", seats[is_asked & is_other], ids)
    frame["n_not_members"] = known_only(n, ids.isin(seats.loc[seats["category_member"].notna(), "target_id"]))
    frame["is_executive_led"] = _is_executive_led(view, ids, seats)
    n = view.count_persons("n_undocumented", seats[seats["status"].isna() & ~is_direct], ids)
    frame["n_undocumented"] = known_only(n, ids.isin(seats.loc[seats["status"].notna(), "target_id"]))
    street = has_word(job, view.param("C15", "street_words"))
    frame["n_street_deputies"] = known_only(counted(seats.loc[street, "target_id"], ids), job.notna().any())
    seated = set(zip(seats["target_id"], seats["name"], strict=True))
    missing = team.loc[[pair not in seated for pair in zip(team["committee_id"], team["name"], strict=True)]]
    n = view.count_persons("n_team_outside", missing.rename(columns={"committee_id": "target_id"}), ids)
    frame["n_team_outside"] = known_only(n, ids.isin(team["committee_id"]) & ids.isin(seats["target_id"]))


def _is_executive_led(view: View, ids: pd.Series, seats: pd.DataFrame) -> pd.Series:
    """Whether the community's secretary is executive deputy beside a secretary from a unit (rule C5).

    Null where the committee has not one secretary or he is of the community's team, and where the list of that team
    names no secretary.
    """
    posts = view.ties("holds_post")
    leads = "|".join(schema.vocabulary("post").codes(is_secretary="true"))
    own = view.community_of_orgs()
    heads = view.people(posts[posts["target_id"].isin(own) & has_word(posts["post"], rf"(?m)^(?:{leads})$")])
    team = _team(view, ids).groupby("committee_id")["name"].agg(set)
    located = view.ties("located_in")
    names = view.names
    place = {node: names[community] for node, community in
             located[["source_id", "target_id"]].itertuples(index=False, name=None)}  # fmt: skip
    head_of = heads.assign(place=heads["target_id"].map(own)).groupby("place")["name"].agg(set)
    found: list[bool | None] = []
    for node in ids:
        held = seats[seats["target_id"] == node]
        first = set(held.loc[has_word(held["post"], r"(?m)^secretary$"), "name"])
        wanted = head_of.get(place.get(node, ""), set())
        if len(first) != 1 or not wanted or first <= team.get(node, set()):
            found.append(None)
        else:
            deputies = held.loc[has_word(held["post"], r"(?m)^executive_deputy$"), "name"]
            found.append(not wanted.isdisjoint(deputies))
    return pd.Series(pd.array(found, dtype="boolean"), index=ids.index)


_MEMBER_CATEGORIES = schema.vocabulary("member_category").codes(is_member="true")


def _is_fit(view: View, seats: pd.DataFrame) -> pd.Series:
    """Whether the post that each holder has elsewhere is one of those from which members come (rule C7)."""
    job = seats["content"]
    fits = has_word(job, view.param("C7", "head_words")) | has_word(job, view.param("C7", "electable_words"))
    return fits & (seats["category_member"].isna() | seats["category_member"].isin(_MEMBER_CATEGORIES))


def _is_plain(view: View, seats: pd.DataFrame) -> pd.Series:
    """Whether a deputy or member, of whom no list says full or part time, comes from elsewhere than the community."""
    ranks = {code for code, row in schema.vocabulary("post").rows.items() if row["rank"] in {"3", "4"}}
    own = {view.names[organization] for organization in view.community_of_orgs()}
    return seats["post"].isin(ranks) & ~has_word(seats["content"], "|".join(map(re.escape, own)) or "$^")


def _team(view: View, ids: pd.Series) -> pd.DataFrame:
    """The team of the community of each committee by name, which within one community is enough to ask."""
    own = view.community_of_orgs()
    posts = view.ties("holds_post")
    team = view.people(posts[posts["target_id"].isin(own)])
    team = team.assign(place=team["target_id"].map(own))[["place", "name", "source"]].drop_duplicates(["place", "name"])
    located = view.ties("located_in")
    located = located[located["source_id"].isin(ids)]
    names = view.names
    pairs = pd.DataFrame({"committee_id": located["source_id"], "place": located["target_id"].map(names)})
    return pairs.merge(team, on="place")


def _rarely_present(view: View, ids: pd.Series) -> pd.Series:
    """How many of those of whom the ratings of each committee say how often they came, came too rarely (rule C23)."""
    rated = view.of_kind("records", view.ties("concerns"), "source_id")
    share = rated["present"].astype("Float64") / rated["expected"].where(rated["expected"] > 0).astype("Float64")
    rare = rated[(share < view.param("C23", "share")).fillna(value=False).astype(bool)]
    people = rare.drop_duplicates(["target_id", "rated"])
    return known_only(counted(people["target_id"], ids), ids.isin(rated.loc[share.notna(), "target_id"]))


def _add_money(frame: pd.DataFrame, view: View) -> None:
    """The sum of the contributors' shares in the last year on record, and member units without one."""
    ids = frame["committee_id"]
    ties = view.ties("funds")
    share = pd.to_numeric(ties["content"].astype("str").str.extract(r"([\d.]+)")[0], errors="coerce").astype("Float64")
    share = share.mask(has_word(ties["content"], "%|％"), share / 100).mask(share > 1.5, share / 100)
    dated = ties.assign(share=share)
    last = dated.groupby("target_id")["since"].transform("max")
    recent = dated[(dated["since"] == last) | dated["since"].isna()]
    frame["share_sum"] = ids.map(recent.dropna(subset=["share"]).groupby("target_id")["share"].sum()).astype("Float64")
    paying = set(recent["source_id"])
    member = view.ties("participates")
    hosted = dict(zip(view.ties("housed_in")["source_id"], view.ties("housed_in")["target_id"], strict=True))
    silent = [source not in paying and hosted.get(source) not in paying for source in member["source_id"]]
    frame["n_without_share"] = known_only(
        counted(member.loc[silent, "target_id"], ids), ids.isin(recent.dropna(subset=["share"])["target_id"])
    )
