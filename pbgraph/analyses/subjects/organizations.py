"""Organizations as rules judge them: members, posts, term, superiors, seats and activities."""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.activities import activities
from pbgraph.analyses.committees import leadership
from pbgraph.analyses.management import dual_management
from pbgraph.analyses.membership import membership
from pbgraph.analyses.subjects.people import members_of_organizations, new_secretaries, without_duty
from pbgraph.analyses.subjects.view import View, counted, has_word, known_only, month_of
from pbgraph.analyses.subordination import subordination
from pbgraph.linking.entities import says_none


def organizations(view: View) -> pd.DataFrame:
    """One row per listed organization."""
    frame = membership(view.study)
    _add_stated(frame, view)
    frame = frame.drop(columns=["stated", "is_different"])
    team = leadership(view.study).drop(columns=["organization", "community", "org_type", "source"])
    frame = frame.merge(team, on="organization_id", how="left")
    frame = frame.merge(members_of_organizations(view), on="organization_id", how="left")
    _add_kind(frame, view)
    _add_place_in_tree(frame, view)
    _add_founding(frame, view)
    _add_committees(frame, view)
    _add_taking_part(frame, view)
    _add_meetings(frame, view)
    _add_heads_below(frame, view)
    ids = frame["organization_id"]
    has_shares = frame["n_full_time"] + frame["n_part_time"] > 0
    for column in ("n_full_time", "n_part_time"):
        frame[column] = known_only(frame[column], has_shares)
    frame["is_odd"] = known_only(frame["n_seats"] % 2 == 1, frame["n_part_time"].fillna(0) > 0)
    frame["n_without_duty"] = without_duty(view, ids)
    frame["n_new_secretaries"] = ids.map(new_secretaries(view))
    frame["n_named_secretaries"] = view.secretaries(ids)
    for relation, end, column in (
        ("subordinate", "source_id", "n_superiors"),
        ("holds_post", "target_id", "n_named_secretaries"),
    ):
        frame["source"] = view.with_rows(frame, frame[column] > 1, relation, id_column="organization_id", end=end)
    return frame.rename(columns={"organization_id": "subject_id", "organization": "subject"})


def _add_stated(frame: pd.DataFrame, view: View) -> None:
    """The members of each organization: counted, or as its own row states them where no roster has any.

    What a general branch or a committee states has those of its branches in it. Nobody in the rosters says that
    they lack the branch, not that it is empty, and a number that may be higher breaks no rule.
    """
    ids, kinds = frame["organization_id"], schema.vocabulary("organization_category").rows
    is_counted = frame["n_members"] > 0
    is_higher = frame["org_type"].map({code: row["is_branch"] != "true" for code, row in kinds.items()})
    is_larger = is_higher.astype("boolean").fillna(value=False).astype(bool) & (
        frame["stated"] > frame["n_members"]
    ).fillna(value=False)
    frame["has_roster"] = is_counted
    frame["n_full"] = frame["n_full"].where(is_counted & (frame["n_unknown"] == 0))
    stated = view.column("organizations", ids, "full_count").astype("Int64")
    frame["n_full"] = frame["n_full"].fillna(stated.where(~is_counted))
    frame["n_members"] = frame["n_members"].where(is_counted & ~is_larger).fillna(frame["stated"])


def _add_kind(frame: pd.DataFrame, view: View) -> None:
    """What the category and the host's kind say of each organization."""
    categories = schema.vocabulary("organization_category").rows
    for column in ("is_branch", "is_joint", "is_temporary"):
        frame[column] = frame["org_type"].map({code: row[column] == "true" for code, row in categories.items()})
    frame["level"] = frame["org_type"].map({code: row["level"] for code, row in categories.items()})
    ids = frame["organization_id"]
    frame["is_community_org"] = view.column("organizations", ids, "is_community_org")
    families = {code: row["family"] for code, row in schema.vocabulary("unit_type").rows.items()}
    hosts = view.of_kind("units", view.ties("housed_in"), "target_id")
    hosted = dict(zip(hosts["source_id"], hosts["unit_type"], strict=True))
    kind = view.column("organizations", ids, "attribute").astype("str").fillna(ids.map(hosted).astype("str"))
    frame["unit_type"] = kind
    frame["family"] = kind.map(families)


def _add_place_in_tree(frame: pd.DataFrame, view: View) -> None:
    tree = subordination(view.study).set_index("organization_id")
    ids = frame["organization_id"]
    for column in ("n_superiors", "superior", "superior_type", "is_legal", "is_in_cycle", "reaches_street"):
        frame[column] = ids.map(tree[column])
    place = dict(zip(ids, frame["community"], strict=True))
    above = ids.map(tree["superior_id"]).map(place)
    frame["is_under_community"] = ids.map(tree["superior_id"]).isin(view.community_of_orgs())
    frame["is_nested"] = (above == frame["community"]).fillna(value=False).astype(bool)
    managed = dual_management(view.study).set_index("organization_id")
    frame["is_dual"] = ids.map(managed["stated"]).isin(["dual", "both"])
    frame["is_direct"] = ids.map(managed["stated"]).isin(["direct", "both"])


def _add_founding(frame: pd.DataFrame, view: View) -> None:
    ids = frame["organization_id"]
    founded = view.column("organizations", ids, "founded")
    frame["n_months_founded"] = view.whole_months_since(founded)
    days = pd.to_datetime(founded.where(founded.astype("str").str.len() == 10), errors="coerce")
    applied = view.column("organizations", ids, "applied")
    asked = pd.to_datetime(applied.where(applied.astype("str").str.len() == 10), errors="coerce")
    frame["n_days_to_approval"] = (days - asked).dt.days.astype("Int64")
    frame["has_term"] = frame["ends"].notna()


def _add_committees(frame: pd.DataFrame, view: View) -> None:
    """Whether the community of each organization has a big committee, and who of the organization sits on one."""
    ids = frame["organization_id"]
    located = view.ties("located_in")
    places = located[located["source_id"].str.startswith("committee:")]["target_id"]
    names = view.names
    frame["has_committee_near"] = frame["community"].isin({names[place] for place in places})
    posts = view.ties("holds_post")
    sits = set(posts.loc[posts["target_id"].str.startswith("committee:"), "source_id"])
    led = posts[posts["source_id"].isin(sits)]
    of_members = view.study.ties[view.study.ties["source_id"].isin(sits) & view.study.ties["relation"].isin(_BELONGS)]
    inside = of_members.merge(view.ties("housed_in"), on="target_id", suffixes=("", "_org"))
    hosts = inside.assign(target_id=inside["source_id_org"])
    seated = pd.concat([ties[["source_id", "target_id"]] for ties in (led, of_members, hosts)]).drop_duplicates()
    n_seated = counted(seated["target_id"], ids)
    frame["n_seated"] = n_seated.where((n_seated > 0) | (not view.study.network.is_reduced))


_BELONGS = ("member_of", "works_at")


def _add_taking_part(frame: pd.DataFrame, view: View) -> None:
    """Whether a list that asks who takes part in a big committee leaves an organization, or its place, blank (C2)."""
    ids = frame["organization_id"]
    said = view.column("organizations", ids, "takes_part").astype("boolean")
    is_asked = view.asks(frame["source"], "takes_part")
    frame["is_part_open"] = is_asked & said.isna()
    outside = view.study.entities("organizations")
    is_outside = ids.isin(outside.loc[says_none(outside, "community"), "organization_id"])
    frame["is_place_open"] = is_asked & frame["community"].isna() & ~is_outside & ~said.fillna(value=False).astype(bool)


def _add_heads_below(frame: pd.DataFrame, view: View) -> None:
    """How many secretaries of the branches below are not on the team (rule F12), by name; null without a team."""
    ids, branches = frame["organization_id"], set(frame.loc[frame["is_branch"].eq(other=True), "organization_id"])
    posts = view.people(view.ties("holds_post"))
    leads = has_word(posts["post"], "|".join(schema.vocabulary("post").codes(is_secretary="true")))
    heads = posts.loc[leads].groupby("target_id")["name"].agg(set).to_dict()
    team = posts.groupby("target_id")["name"].agg(set).to_dict()
    below: dict[str, set[str]] = {}
    for branch, above in view.ties("subordinate")[["source_id", "target_id"]].itertuples(index=False, name=None):
        if branch in branches:
            below.setdefault(above, set()).update(heads.get(branch, ()))
    outside = [len(below.get(node, set()) - team.get(node, set())) for node in ids]
    _add_open_teams(frame, view, below, heads, team)
    is_told = ids.isin({node for node, names in below.items() if names}) & (frame["n_seats"] > 1)
    frame["n_heads_outside"] = known_only(
        pd.Series(outside, index=frame.index, dtype="Int64"), is_told & (not view.study.network.is_reduced)
    )


def _add_open_teams(
    frame: pd.DataFrame, view: View, below: dict[str, set[str]], heads: dict[str, set[str]], team: dict[str, set[str]]
) -> None:
    """Branches below each organization of which no secretary is named, whether its own team is, and who of it is none.

    `n_heads_open` and `has_team` are null where no list names secretaries, or the team of any general branch.
    """
    ids = frame["organization_id"]
    ties = view.ties("subordinate")
    silent = ties[~ties["source_id"].isin(heads) & view.asks(ties["source"], "secretary")]
    frame["n_heads_open"] = known_only(counted(silent["target_id"], ids), ids.isin(below) & bool(heads))
    named = silent["source_id"].map(view.names).groupby(silent["target_id"]).agg(lambda names: sorted(set(names)))
    frame["heads_open"] = ids.map(named).map("、".join, na_action="ignore")
    is_above = ids.isin(below)
    has_team = ids.isin(team).astype("boolean")
    frame["has_team"] = known_only(has_team, is_above & bool(has_team[is_above].any()))
    posts = view.people(view.ties("holds_post"))
    kinds = schema.vocabulary("member_category").codes(is_member="true")
    posts = posts[posts["category_member"].notna() & posts["post"].notna()]
    n = view.count_persons("n_team_not_members", posts[~posts["category_member"].isin(kinds)], ids)
    frame["n_team_not_members"] = known_only(n, ids.isin(posts["target_id"]))


def _add_meetings(frame: pd.DataFrame, view: View) -> None:
    """Meetings on record: how many lately, how many without a result, and which kinds are late."""
    ids = frame["organization_id"]
    held = view.of_kind("meetings", view.ties("convenes"), "target_id")
    if view.month is not None and len(held):
        age = view.months_since(held["meeting_date"])
        recent = held[
            (age <= view.param("A13", "months")).fillna(value=False) & (month_of(held["meeting_date"]) <= view.month)
        ]
    else:
        recent = held.head(0)
    frame["n_held_lately"] = known_only(counted(recent["source_id"], ids), view.month is not None)
    said = [column for column in ("decision", "agenda") if held[column].notna().any()]
    silent = held[held[said].isna().all(axis=1)] if said else held.head(0)
    frame["n_without_result"] = known_only(counted(silent["source_id"], ids), bool(said))
    _add_late_kinds(frame, view)
    votes = held[held["meeting_type"] == "election"]
    last = votes.sort_values("meeting_date").drop_duplicates("source_id", keep="last").set_index("source_id")
    number = {name: last[name].astype("Float64") for name in _VOTES}
    frame["election_attendance"] = ids.map(number["present"] / number["expected"])
    frame["election_vote_share"] = ids.map(number["votes"] / number["present"])


_VOTES = ("expected", "present", "votes")


def _add_late_kinds(frame: pd.DataFrame, view: View) -> None:
    """Of the kinds of meeting that a branch must hold, those late or, where always due, without any record.

    Apart from them those of which a record has no day.
    """
    kinds = schema.vocabulary("meeting_type").rows
    held = activities(view.study)
    is_late = held["is_late"].fillna(value=False).astype(bool)
    on_record, late = (set(zip(rows["body_id"], rows["meeting_type"], strict=True)) for rows in (held, held[is_late]))
    bodies = set(held["body_id"])
    rows = view.of_kind("meetings", view.ties("convenes"), "target_id")
    rows = rows[rows["meeting_date"].isna()]
    undated = set(zip(rows["source_id"], rows["meeting_type"], strict=True))

    def lacking(body: str) -> list[str]:
        return [
            code
            for code, row in kinds.items()
            if row["due"] and ((body, code) in late or (row["due"] == "always" and (body, code) not in on_record))
        ]

    found = [lacking(body) if body in bodies else None for body in frame["organization_id"]]
    pairs = [*zip(frame["organization_id"], found, strict=True)]
    for name, is_dated in (("late", True), ("open", False)):  # a record without a day may be the one that lacks
        own = [codes if codes is None else [code for code in codes if ((body, code) in undated) != is_dated]
               for body, codes in pairs]  # fmt: skip
        frame[f"n_{name}_kinds"] = pd.array([None if codes is None else len(codes) for codes in own], dtype="Int64")
        frame[f"{name}_kinds"] = ["、".join(kinds[code]["label"] for code in codes or ()) for codes in own]
