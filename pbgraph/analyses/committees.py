"""Committees: who sits on the big Party committees, and the teams that lead the organizations.

A *seat* is a post that a person holds in a committee; it is *part-time* where the list says so, or
where the post itself does (兼职委员). An *interlock* is a body that takes part in several committees
(Mizruchi 1996). A *term* runs to the day on which the list says it ends, or from the day of election
for the years stated, or else for those of rule B15; it is over when the day, the month or the year is past.
"""

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study, measure
from pbgraph.engine import Tables, collected, month_number

_DEPUTY_RANK = ("2", "3")
_PARTS = ("n_seats", "n_secretaries", "n_deputies", "n_full_time", "n_part_time")
_SEATS = ("committee_id", "committee", "n_communities", "n_members", *_PARTS, "source")
_STEPS = ("congress_date", "approved_date", "filed_date", "document")
_APPOINTMENTS = ("committee_id", "committee", "superior", *_STEPS, "n_seats", "n_documented", "source")
_LEADERSHIP = (
    "organization_id", "organization", "community", "org_type", *_PARTS, "ends", "is_over", "n_months_left", "source",
)  # fmt: skip
_INTERLOCKS = ("body_id", "body", "n_committees", "committees", "source")


@measure(*_SEATS)
def committee_seats(study: Study) -> pd.DataFrame:
    """Count the seats of each big Party committee.

    Returns
    -------
    DataFrame
        One row per listed committee, sorted by name and id. No committee, no rows.

        - `committee_id`, `committee`
        - `n_communities` - communities it is for; `n_members` - bodies that take part in it
        - `n_seats`, `n_secretaries`, `n_deputies` - posts held, whoever holds them
        - `n_full_time`, `n_part_time` - posts of which the list says which they are
        - `source`

    """
    tables = study.tables
    committees = tables["committees"].filter(nw.col("is_listed")).select("committee_id", "source", committee="name")
    for relation, column in (("located_in", "n_communities"), ("participates", "n_members")):
        own = "source_id" if relation == "located_in" else "target_id"
        other = "target_id" if own == "source_id" else "source_id"
        ties = tables["ties"].filter(nw.col("relation") == relation).unique([own, other])
        counted = ties.group_by(own).agg(nw.len().alias(column)).rename({own: "committee_id"})
        committees = committees.join(counted, on="committee_id", how="left")
    committees = committees.join(_posts_by_body(tables), left_on="committee_id", right_on="body_id", how="left")
    columns = ("n_communities", "n_members", *_PARTS)
    filled = committees.with_columns(**{name: nw.col(name).fill_null(0).cast(nw.Int64) for name in columns})
    return collected(filled.select(*_SEATS), sort=["committee", "committee_id"])


@measure(*_APPOINTMENTS)
def appointments(study: Study) -> pd.DataFrame:
    """List the steps of appointment of each big Party committee that are on record; rule C10.

    Returns
    -------
    DataFrame
        One row per listed committee, sorted by name and id. No committee, no rows.

        - `committee_id`, `committee`, `superior` - who it stands under, null where no list says
        - `congress_date`, `approved_date`, `filed_date`, `document` - null where no list says
        - `n_seats`, `n_documented` - seats, and those with a document of appointment
        - `source`

    """
    listed = study.entities("committees")
    listed = listed[listed["is_listed"].astype(bool)]
    ids, ties = listed["committee_id"], study.ties
    above = ties[ties["relation"] == "leads"].drop_duplicates("target_id").set_index("target_id")["source_id"]
    organizations = study.entities("organizations")
    names = dict(zip(organizations["organization_id"], organizations["name"], strict=True))
    posts = ties[(ties["relation"] == "holds_post") & ties["target_id"].isin(ids)]
    seats = posts.drop_duplicates(["source_id", "target_id", "post"])
    steps = {name: listed.get(name, pd.NA) for name in _STEPS}
    frame = pd.DataFrame({
        "committee_id": ids, "committee": listed["name"], "superior": ids.map(above).map(names), **steps,
        "n_seats": ids.map(seats["target_id"].value_counts()).fillna(0),
        "n_documented": ids.map(seats.loc[seats["status"].notna(), "target_id"].value_counts()).fillna(0),
        "source": listed["source"],
    })  # fmt: skip
    typed = frame.astype(dict.fromkeys(frame, "str") | {"n_seats": "Int64", "n_documented": "Int64"})
    return typed.sort_values(["committee", "committee_id"], ignore_index=True)


@measure(*_LEADERSHIP)
def leadership(study: Study) -> pd.DataFrame:
    """Describe the team that leads each organization, and its term.

    Terms are judged on the day of the study; where the list states none, those of its rules hold.

    Returns
    -------
    DataFrame
        One row per listed organization, sorted by community, name and id.

        - `organization_id`, `organization`, `community`, `org_type`
        - `n_seats`, `n_secretaries`, `n_deputies`, `n_full_time`, `n_part_time` - posts on
          record; 0 where none is
        - `ends` - when the term ends, as precisely as the list says ("2026-03"), null where it is not known
        - `is_over` - the term has ended; `n_months_left` - from the month of `as_of` to the last one
        - `source`

    """
    tables = study.tables
    listed = with_terms(tables["organizations"].filter(nw.col("is_listed")), study)
    joined = listed.join(_posts_by_body(tables), left_on="organization_id", right_on="body_id", how="left")
    parts = {name: nw.col(name).fill_null(0).cast(nw.Int64) for name in _PARTS}
    frame = joined.with_columns(**parts, organization=nw.col("name"))
    return collected(frame.select(*_LEADERSHIP), sort=["community", "organization", "organization_id"])


def with_terms(organizations: nw.LazyFrame[Any], study: Study) -> nw.LazyFrame[Any]:
    """Add `ends`, `is_over` and `n_months_left` of `leadership`; without a day the last two are null."""
    policy = study.policy
    categories = schema.vocabulary("organization_category")
    usual = (
        nw.when(nw.col("org_type").is_in(categories.codes(is_temporary="true"))).then(None)
        .when(nw.col("is_community_org").fill_null(value=False)).then(nw.lit(policy.number("B15", "community")))
        .when(nw.col("org_type").is_in(categories.codes(level="1"))).then(nw.lit(policy.number("B15", "committee")))
        .when(nw.col("org_type").is_in([*categories.codes(level="2"), *categories.codes(level="3")]))
        .then(nw.lit(policy.number("B15", "branch")))
    )  # fmt: skip
    year = nw.col("elected").str.slice(0, 4).cast(nw.Int64) + nw.coalesce("term_years", usual)
    counted = nw.concat_str([year.cast(nw.String), nw.col("elected").str.slice(4)], separator="")
    ended = organizations.with_columns(ends=nw.coalesce("expires", counted))
    if not study.as_of:
        return ended.with_columns(is_over=nw.lit(None, dtype=nw.Boolean), n_months_left=nw.lit(None, dtype=nw.Int64))
    day, length = study.as_of, nw.col("ends").str.len_chars()
    is_over = (
        nw.when(length == 4).then(nw.col("ends") < nw.lit(day[:4]))
        .when(length == 7).then(nw.col("ends") < nw.lit(day[:7]))
        .otherwise(nw.col("ends") < nw.lit(day))
    )  # fmt: skip
    now = int(day[:4]) * 12 + int(day[5:7])
    return ended.with_columns(is_over=is_over, n_months_left=month_number(nw.col("ends")) - now)


@measure(*_INTERLOCKS)
def interlocks(study: Study) -> pd.DataFrame:
    """List the bodies that take part in more than one committee.

    Returns
    -------
    DataFrame
        One row per organization or unit, most committees first: `body_id`, `body`,
        `n_committees`, `committees` (names, one a line) and `source`. No interlock, no rows.

    """
    ties = study.ties[study.ties["relation"] == "participates"]
    names = study.network.names()
    rows = []
    for body, group in ties.groupby("source_id", sort=True):
        committees = sorted({names[target] for target in group["target_id"]})
        if len(committees) > 1:
            sources = dict.fromkeys(line for cell in group["source"] for line in cell.split("\n"))
            rows.append((body, names[str(body)], len(committees), "\n".join(committees), "\n".join(sources)))
    frame = pd.DataFrame(rows, columns=list(_INTERLOCKS))
    frame = frame.astype(dict.fromkeys(_INTERLOCKS, "str") | {"n_committees": "Int64"})
    return frame.sort_values(["n_committees", "body_id"], ascending=[False, True], ignore_index=True)


def _posts_by_body(tables: Tables) -> nw.LazyFrame[Any]:
    """`body_id` and the counts of `_PARTS` for each body in which a post is held."""
    posts = schema.vocabulary("post")
    leads = posts.codes(is_secretary="true")
    deputies = [code for code, row in posts.rows.items() if row["rank"] in _DEPUTY_RANK]
    full, part = ([code for code in posts.rows if code.startswith(kind)] for kind in ("full_time", "part_time"))
    held = tables["ties"].filter(nw.col("relation") == "holds_post").unique(["source_id", "target_id", "post"])
    is_full = (nw.col("time_share") == "full") | _holds(full)
    is_part = (nw.col("time_share") == "part") | _holds(part)
    counted = held.group_by("target_id").agg(
        n_seats=nw.len(),
        n_secretaries=_holds(leads).cast(nw.Int64).sum(),
        n_deputies=_holds(deputies).cast(nw.Int64).sum(),
        n_full_time=is_full.fill_null(value=False).cast(nw.Int64).sum(),
        n_part_time=is_part.fill_null(value=False).cast(nw.Int64).sum(),
    )
    return counted.rename({"target_id": "body_id"})


def _holds(codes: Iterable[str]) -> nw.Expr:
    """Whether a tie's posts, one a line, hold one of these."""
    lines = nw.concat_str([nw.lit("\n"), nw.col("post").fill_null(""), nw.lit("\n")])
    return nw.any_horizontal(*[lines.str.contains(f"\n{code}\n", literal=True) for code in codes], ignore_nulls=True)
