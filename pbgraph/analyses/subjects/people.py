"""What rules ask of single persons, as counts: of an organization, a community or the street.

Conditions on a date compare years and months only as far as the roster gives them, and count a
person only where no reading of the dates is in order.
"""

from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.subjects.view import INSURANCES, View, counted, education_rank, has_word, known_only, month_of
from pbgraph.counting import active_members, members_of
from pbgraph.engine import collected, month_number

_UNSETTLED = str(False)
"""What a tie of floating says where a list has that the place is not a settled one."""


def members_of_organizations(view: View) -> pd.DataFrame:
    """`organization_id`, `n_dates_odd`, `n_lost`, `n_floating_long`, `n_uncertified`; no row without a member.

    `n_dates_odd` members joined before they were of age, or became full members earlier or later than
    the probation allows, or are full members of whom only the day of joining is known (rule E9).
    """
    tables = view.study.tables
    belongs = tables["ties"].filter(nw.col("relation") == "member_of").unique(["source_id", "target_id"])
    people = tables["members"].join(active_members(tables).select("member_id", "is_full"), on="member_id")
    rows = people.join(belongs.select(member_id="source_id", organization_id="target_id"), on="member_id").with_columns(
        is_odd=_is_odd(view), is_gone=_is_lost(view)
    )
    view.persons["n_dates_odd"] = lambda: _rows_of(rows.filter(nw.col("is_odd")))
    view.persons["n_lost"] = lambda: pd.concat([_rows_of(rows.filter(nw.col("is_gone"))), view.persons["n_gone"]()])
    several = belongs.group_by("source_id").agg(n=nw.len()).filter(nw.col("n") > 1).select(member_id="source_id")
    view.persons["n_elsewhere"] = lambda: _rows_of(rows.join(several, on="member_id"))
    grouped = rows.group_by("organization_id").agg(
        n_dates_odd=nw.col("is_odd").fill_null(value=False).cast(nw.Int64).sum(),
        n_lost=nw.col("is_gone").fill_null(value=False).cast(nw.Int64).sum(),
        is_lost_known=(~nw.col("is_lost").is_null()).cast(nw.Int64).sum(),
    )
    frame = collected(grouped, sort=["organization_id"])
    roster = known_only(frame["n_lost"], frame["is_lost_known"] > 0)
    frame = frame.assign(n_lost=roster).drop(columns="is_lost_known")
    return frame.merge(_floating(view), on="organization_id", how="outer").assign(
        n_lost=lambda both: both["n_lost"].fillna(both.pop("n_lost_floating"))
    )


def _rows_of(rows: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Members of organizations as the persons that a column means."""
    return collected(rows.select("name", "source", subject_id="organization_id"), sort=["subject_id", "name", "source"])


def _is_odd(view: View) -> nw.Expr:
    """Whether a member's dates contradict each other, by rule E9."""
    adult, least, most = (view.param("E9", name) for name in ("adult", "least", "most"))
    joined, full = nw.col("join_date"), nw.col("full_date")
    join_year = joined.str.slice(0, 4).cast(nw.Int64)
    is_minor = join_year - nw.col("birth_year") < adult
    has_months = (joined.str.len_chars() > 4) & (full.str.len_chars() > 4)
    probation = month_number(full) - month_number(joined)
    is_wrong = has_months & ((probation < least) | (probation > most)) & (join_year >= view.param("E9", "since"))
    is_odd: nw.Expr = is_minor.fill_null(value=False) | is_wrong.fill_null(value=False)
    return is_odd


def _is_lost(view: View) -> nw.Expr:
    since, limit = nw.col("lost_date"), view.day_before(view.param("E6", "months"))
    length = since.str.len_chars()
    is_within = (
        nw.when(length == len("2025")).then(since >= limit[:4])
        .when(length == len("2025-01")).then(since >= limit[:7])
        .otherwise(since > limit)
    )  # fmt: skip
    is_long = (~is_within).fill_null(value=True)
    is_lost: nw.Expr = nw.col("is_lost").fill_null(value=False) & is_long
    return is_lost


def _floating(view: View) -> pd.DataFrame:
    """Floating members of each organization: away for long, and away without a certificate."""
    ties = view.people(view.ties("floating"))
    is_unsettled = ties["category"].eq(_UNSETTLED).fillna(value=False).astype(bool)
    rows = ties.assign(
        is_long=view.is_older(ties["since"], view.param("E5", "months")) & ~is_unsettled,
        is_uncertified=view.is_older(ties["since"], view.param("E5", "short")) & ties["status"].isna(),
        is_gone=ties["is_lost"].fillna(value=False).astype(bool),
    )
    for column, chosen in (("n_floating_long", "is_long"), ("n_uncertified", "is_uncertified"), ("n_gone", "is_gone")):
        view.count_persons(column, rows[rows[chosen]], rows["target_id"])
    is_noted = rows["status"].notna().any()
    grouped = rows.groupby("target_id").agg(
        n_floating_long=("is_long", "sum"), n_uncertified=("is_uncertified", "sum"), n_lost_floating=("is_gone", "sum")
    )
    frame = grouped.astype("Int64").reset_index(names="organization_id")
    return frame.assign(n_uncertified=known_only(frame["n_uncertified"], is_noted))


def without_duty(view: View, ids: pd.Series) -> pd.Series:
    """By organization whose list of members' posts names some, the active members whom it does not (rule E12)."""
    duties = view.of_kind("records", view.ties("concerns"), "source_id")
    duties = duties[duties["type"] == "duty"]
    is_person = duties["target_id"].str.startswith("member:")
    has_duty, named = set(duties.loc[is_person, "target_id"]), duties.loc[is_person, "source_id"]
    listing = set(duties.loc[~is_person & duties["source_id"].isin(named), "target_id"])
    if not listing or view.study.network.is_reduced:
        return pd.Series(pd.NA, index=ids.index, dtype="Int64")
    members = members_of(view.study.tables, "organizations").filter(nw.col("body_id").is_in(sorted(listing)))
    rows = collected(members.select("member_id", "body_id"), sort=["body_id", "member_id"])
    without = rows[~rows["member_id"].isin(has_duty)].rename(columns={"body_id": "target_id"})
    known = view.study.entities("members")[["member_id", "name", "source"]]
    n = view.count_persons("n_without_duty", without.merge(known, on="member_id"), ids)
    return known_only(n, ids.isin(listing))


def new_secretaries(view: View) -> pd.Series:
    """By organization, the secretaries who were full members for less than rule B18 asks when they took the post."""
    posts = view.ties("holds_post")
    leads = "|".join(schema.vocabulary("post").codes(is_secretary="true"))
    lines = posts["post"].astype("str").str.split("\n").explode().astype("str")
    held = posts.loc[lines[lines.str.fullmatch(leads).fillna(value=False)].index.unique()]
    rows = view.people(held[held["target_id"].str.startswith("org:")])
    if rows.empty:
        return pd.Series(dtype="Int64")
    months = month_of(rows["since"]) - month_of(rows["full_date"])
    rows = rows.assign(is_new=months < 12 * view.param("B18", "years"))[months.notna()]
    view.count_persons("n_new_secretaries", rows[rows["is_new"].fillna(value=False).astype(bool)], rows["target_id"])
    return rows.groupby("target_id")["is_new"].sum().astype("Int64")


def staff_of_communities(view: View, ids: pd.Series) -> pd.DataFrame:
    """Counts over the staff, the reserve and the teams of each community, under the index of `ids`."""
    posts = view.ties("holds_post")
    staff = view.people(posts[posts["target_id"].str.startswith("community:")])
    frame = pd.DataFrame(index=ids.index)
    by_kind = staff[staff["category"] == "graduate"]["source_id"]
    flagged = _flag(staff, "is_graduate")
    frame["n_graduates"] = counted(staff.loc[flagged | staff["source_id"].isin(by_kind), "target_id"], ids)
    words = view.param("B4", "words")
    frame["n_party_affairs"] = counted(staff.loc[has_word(staff["content"], words), "target_id"], ids)
    _add_schooling(frame, view, staff, ids)
    _add_training(frame, view, staff, ids)
    _add_pay(frame, view, staff, ids)
    insured = staff[list(INSURANCES)].astype("boolean")
    short = (~insured).fillna(value=False).any(axis=1).astype(bool)
    frame["n_uninsured"] = known_only(
        view.count_persons("n_uninsured", staff[short], ids), insured.notna().any(axis=None)
    )
    reserve = view.people(view.ties("reserve_for"))
    educated = education_rank(reserve["education"])
    fits = (_age(view, reserve) <= view.param("B9", "age")) & (educated >= view.param("B9", "college"))
    known = educated.notna() & _age(view, reserve).notna()
    ready = counted(reserve.loc[fits.fillna(value=False).astype(bool), "target_id"], ids)
    frame["n_young_reserve"] = known_only(ready, known.any())
    return frame


def _add_schooling(frame: pd.DataFrame, view: View, staff: pd.DataFrame, ids: pd.Series) -> None:
    """Staff without college who do not study (rule B10), and those of whom a blank cell leaves it open.

    Where the list has a column that says who studies, only a no of it counts; a blank there, or no education, is open.
    """
    age, schooling = _age(view, staff, oldest=True), education_rank(staff["education"])
    young = (age < view.param("B10", "age")).fillna(value=False).astype(bool)
    low = schooling < view.param("B10", "college")
    studies = staff["is_studying"].astype("boolean")
    is_no = ~studies.fillna(value=False) & (studies.notna() | (not studies.notna().any()))
    sure = young & low.fillna(value=False).astype(bool) & is_no.astype(bool)
    is_open = young & low.fillna(value=True).astype(bool) & ~studies.fillna(value=False).astype(bool) & ~sure
    known = schooling.notna().any()
    frame["n_unschooled"] = known_only(view.count_persons("n_unschooled", staff[sure], ids), known)
    n = view.count_persons("n_schooling_open", staff[is_open & (studies.notna().any() | schooling.notna())], ids)
    frame["n_schooling_open"] = known_only(n, known)


def _add_training(frame: pd.DataFrame, view: View, staff: pd.DataFrame, ids: pd.Series) -> None:
    days = staff["training_days"]
    is_head = is_head_post(view, staff["content"])
    for name, chosen, least in (
        ("n_heads_untrained", is_head, view.param("B11", "heads")),
        ("n_others_untrained", is_seated_post(view, staff["content"]) & ~is_head, view.param("B11", "others")),
    ):
        short = (days < least).fillna(value=False).astype(bool) & chosen
        frame[name] = known_only(view.count_persons(name, staff[short], ids), days.notna().any())


def _add_pay(frame: pd.DataFrame, view: View, staff: pd.DataFrame, ids: pd.Series) -> None:
    pay = staff["pay"]
    is_deputy = has_word(staff["content"], view.param("B8", "deputy_words"))
    is_head = is_head_post(view, staff["content"])
    least = pd.Series(view.param("F7", "member"), index=staff.index).mask(is_deputy, view.param("F7", "deputy"))
    low = (pay < least.mask(is_head, view.param("F7", "head"))).fillna(value=False).astype(bool)
    is_seated, shares = is_seated_post(view, staff["content"]), staff["time_share"]
    low &= is_seated & (shares != "part").fillna(value=True).astype(bool)
    is_unsaid = shares.isna() & shares.notna().any()
    frame["n_underpaid"] = known_only(
        view.count_persons("n_underpaid", staff[low & ~is_unsaid], ids), pay.notna().any()
    )
    is_blank = pay.isna() & is_seated & (shares != "part").fillna(value=True).astype(bool)
    n = view.count_persons("n_pay_open", staff[(low & is_unsaid) | is_blank], ids)
    frame["n_pay_open"] = known_only(n, pay.notna().any())


def is_head_post(view: View, posts: pd.Series) -> pd.Series:
    """Whether a post in a community is one of those that head it, and no deputy's."""
    return has_word(posts, view.param("B11", "head_words")) & ~has_word(posts, view.param("B8", "deputy_words"))


def is_seated_post(view: View, posts: pd.Series) -> pd.Series:
    """Whether a post in a community is one on its two committees, and no other work for it."""
    return has_word(posts, view.param("B11", "member_words"))


def _flag(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].fillna(value=False).astype(bool)


def _age(view: View, rows: pd.DataFrame, *, oldest: bool = False) -> pd.Series:
    """Age on the day of the study, or as the list states it; null where neither that nor the year of birth is known.

    The day of birth is not kept: where year or month leave two ages, the younger one, or the `oldest`.
    """
    if view.month is None:
        return pd.Series(pd.NA, index=rows.index, dtype="Int64")
    year, month = divmod(view.month - 1, 12)
    born = rows["birth_month"].astype("Int64") - 1
    had = born.fillna(0 if oldest else 12)
    is_before = (had > month) if oldest else (had >= month)
    age = year - rows["birth_year"].astype("Int64") - is_before.astype("Int64")
    return age.fillna(rows["stated_age"].astype("Int64"))


def secretary_shares(view: View) -> dict[str, Any]:
    """Shares of the communities' secretaries by age and education (rule B7), null where nobody's is known."""
    posts = view.ties("holds_post")
    places = {
        *view.community_of_orgs(),
        *view.study.entities("communities")["community_id"],
    }  # a post says it of either
    leads = schema.vocabulary("post").codes(is_secretary="true")
    held = posts[posts["target_id"].isin(places) & posts["post"].isin(leads)]
    people = view.people(held).drop_duplicates("source_id")
    age = _age(view, people).dropna()
    school = education_rank(people["education"]).dropna()
    young, schooled = age <= view.param("B7", "limit"), school >= view.param("B7", "college")
    return {
        "young_share": float(young.mean()) if len(age) else None,
        "college_share": float(schooled.mean()) if len(school) else None,
    }


def unplaced(view: View) -> int | None:
    """Active members of the rosters who belong to no listed organization (rules E1, E2); None in a reduced edition."""
    if view.study.network.is_reduced:
        return None
    tables = view.study.tables
    belongs = tables["ties"].filter(nw.col("relation") == "member_of").select(member_id="source_id").unique("member_id")
    lost = active_members(tables).join(belongs, on="member_id", how="anti")
    whose = tables["members"].select("member_id", "name", "source", organization_id=nw.lit(""))
    view.persons["n_unplaced"] = lambda: _rows_of(lost.join(whose, on="member_id"))
    return int(collected(lost.select(n=nw.len()), sort=["n"])["n"].iloc[0])
