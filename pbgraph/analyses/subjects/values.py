"""Values that are data (`[values]` of `reference/policy.toml`): counts, shares, intervals and presences over ties.

All values of subjects that are entities of one kind are one query: the ties as they look from the subject's
end, the entities at the other end joined once per kind, then one group per subject with an aggregate, or
two, per value. What several values ask alike is asked once.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import Any

import narwhals as nw
import pandas as pd

from pbgraph import schema
from pbgraph.analyses.study import Study
from pbgraph.analyses.subjects.view import DAYS, known_only
from pbgraph.engine import Tables, collected, month_number
from pbgraph.model import ID_COLUMNS, PREFIXES, TOLD_OF_TIES
from pbgraph.policy import TODAY, Policy, Value, judged

_INSIDE = {"least": operator.ge, "most": operator.le, "below": operator.lt, "above": operator.gt}
_OTHER_END = {"source": "target", "target": "source"}
Columns = dict[str, tuple[nw.Expr, nw.Expr]]
"""By name, what to add to the ties, and how that is taken together for a subject."""
Asked = dict[str, nw.Expr]
"""What several values ask of each tie, by what is asked."""


def values(study: Study, kind: str, ids: pd.Series) -> pd.DataFrame:
    """The values of a kind of subject that the policy of the study declares.

    Returns
    -------
    DataFrame
        One row per id, under the index of `ids`, and a column per value: whole numbers, `boolean` for a
        presence, `Float64` for a share and for months, of which the days beyond the last whole one are a part.
        No value declared, no columns. Null is what the ties do not tell: a share of none, months where no tie
        has a day or the study has none, and what `known` leaves open.

    """
    declared = study.policy.values.get(kind, {})
    if not declared:
        return pd.DataFrame(index=ids.index)
    entity = judged().entities[kind]
    every = _declared(study.policy, entity)
    rows = study.kept(("values", entity), lambda: told(study.tables, entity, every, day=study.as_of))
    held = rows.reindex(ids).set_axis(ids.index)
    return pd.DataFrame({name: _shown(value, every.index(value), held) for name, value in declared.items()})


def behind(study: Study, kind: str, value: Value) -> pd.DataFrame:
    """The persons that a value counts: `subject_id`, `name` and `source`, the row of the tie that is counted."""
    entity, asked = judged().entities[kind], Asked()
    found = reduce(operator.and_, _conditions(value, asked, study.as_of), _is_base(value, entity))
    alike = {f"asked {number}": expression for number, expression in enumerate(asked.values())}
    ties = _seen(study.tables, entity, [value]).with_columns(**alike).filter(found)
    pairs = collected(ties.select("subject_id", "other_id"), sort=["subject_id", "other_id"]).drop_duplicates()
    names = study.entities("members").set_index("member_id")["name"]
    near, far = ("target_id", "source_id") if _ends(value, entity).get("target") else ("source_id", "target_id")
    told_of = study.ties[study.ties["relation"].isin(value.relations)].drop_duplicates([near, far])
    rows = pairs.merge(told_of, left_on=["subject_id", "other_id"], right_on=[near, far])
    return rows.assign(name=rows["other_id"].map(names))[["subject_id", "name", "source"]]


def _declared(policy: Policy, entity: str) -> list[Value]:
    """The values of all subjects that are entities of a kind, each once."""
    found: list[Value] = []
    for kind, held in policy.values.items():
        if judged().entities[kind] == entity:
            found += [value for value in held.values() if value not in found]
    return found


def _shown(value: Value, place: int, held: pd.DataFrame) -> pd.Series:
    """What the rows say of a value, 0 or no for a subject without ties, null where it is not known."""
    found, base = held[f"{place}"], held.get(f"{place} of")
    if value.of == "share":
        return found.astype("Float64") / base.where(base > 0).astype("Float64")
    if value.of != "months":
        found = found.fillna(0)
    if value.of == "any":
        found = (found > 0).astype("boolean")
    if not value.known:
        return found
    is_known = base.fillna(0) > 0
    return known_only(found, is_known if value.known == "own" else is_known.any())


def told(tables: Tables, entity: str, every: Sequence[Value], *, day: str) -> pd.DataFrame:
    """What ties tell of the entities of a kind that have any, under their ids.

    A value is in the column of its place, such as "0"; what it is a share of, or is known by, is in "0 of".
    A presence is a number of ties here.
    """
    asked: Asked = {}
    columns: Columns = {}
    for place, value in enumerate(every):
        columns.update(_columns(value, f"{place}", entity, asked, day))
    alike = {f"asked {number}": expression for number, expression in enumerate(asked.values())}
    ties = _seen(tables, entity, every).with_columns(**alike)
    marked = ties.with_columns(**{name: mark for name, (mark, _) in columns.items()})
    grouped = marked.group_by("subject_id").agg(**{name: total for name, (_, total) in columns.items()})
    rows = collected(grouped, sort=["subject_id"]).set_index("subject_id")
    for place, value in enumerate(every):
        name = f"{place}"
        if value.of == "ends":
            rows[name] -= rows.pop(f"{name} lacks")
        if value.of == "months" and day:
            now = (int(day[:4]) * 12 + int(day[5:7])) * DAYS + int(day[8:10])
            rows[name] = ((now - rows[name]) / DAYS).clip(lower=0)
        elif not day and (value.of == "months" or value.has_day):
            rows[name] = rows[name].where(rows[name].isna())
    return rows


def _columns(value: Value, name: str, entity: str, asked: Asked, day: str) -> Columns:
    """The columns of one value; what of them other values may ask too is put into `asked`."""
    base = _once(asked, _ends(value, entity), value.other, made=lambda: _is_base(value, entity))
    found = reduce(operator.and_, _conditions(value, asked, day), base)
    made: Columns = {}
    if value.of == "ends":
        # a tie that does not count has no end: that null is one of the ends that are counted
        lacks = nw.when(found).then(nw.lit(0)).otherwise(nw.lit(1))
        made[f"{name} lacks"] = (lacks, nw.col(f"{name} lacks").max())
        made[name] = (nw.when(found).then(nw.col("other_id")), nw.col(name).n_unique())
    elif value.of == "months":
        last = _once(asked, "day", made=lambda: _day_number(day))
        made[name] = (nw.when(found).then(last), nw.col(name).max())
    else:
        made[name] = (found, _n_true(name))
    if value.known in {*TOLD_OF_TIES, *value.where_other}:
        told = value.known if value.known in TOLD_OF_TIES else f"{value.other}.{value.known}"
        base = reduce(operator.and_, _conditions(value, asked, day, but=value.known), base)
        base = base & ~nw.col(told).is_null()
    if value.of == "share" or value.known:
        made[f"{name} of"] = (base, _n_true(f"{name} of"))
    return made


def _day_number(day: str) -> nw.Expr:
    """A number that grows with `since`; of which no day is known, that of the day of the study is meant."""
    since = nw.col("since")
    own = nw.when(since.str.len_chars() == len("2025-01-31")).then(since.str.slice(8, 2))
    return month_number(since) * DAYS + own.otherwise(nw.lit(day[8:10] or "0")).cast(nw.Int64)


def _n_true(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.Int64).sum()


def _once(asked: Asked, *key: Any, made: Callable[[], nw.Expr]) -> nw.Expr:
    """What several values ask of each tie, asked once: the column of its place."""
    name = repr(key)
    if name not in asked:
        asked[name] = made()
    return nw.col(f"asked {list(asked).index(name)}")


def _is_base(value: Value, entity: str) -> nw.Expr:
    """Whether a tie is of the relations of a value, with the subject at its end and the other kind at the other."""
    sides = [
        (nw.col("end") == end) & nw.col("relation").is_in(relations) for end, relations in _ends(value, entity).items()
    ]
    is_at_end = reduce(operator.or_, sides)
    return is_at_end & nw.col("other_id").str.starts_with(f"{PREFIXES[value.other]}:") if value.other else is_at_end


def _ends(value: Value, entity: str) -> dict[str, list[str]]:
    """By end of a tie, the relations of a value that may have an entity of the kind there; no end without one."""
    rows = schema.vocabulary("relation").rows
    ends = tuple(_OTHER_END) if value.end == "either" else (value.end,)
    found = {end: [name for name in value.relations if entity in rows[name][f"{end}_kinds"].split(";")] for end in ends}
    return {end: relations for end, relations in found.items() if relations}


def _conditions(value: Value, asked: Asked, day: str, *, but: str = "") -> Iterator[nw.Expr]:
    """Whether a tie and the entity at its other end have what a value asks of each column, `but` one of them."""
    types = schema.entity_columns(value.other) if value.where_other else {}
    columns = [(key, wanted, True) for key, wanted in value.where.items() if key != but]
    for key, wanted in ((key, wanted) for key, wanted in value.where_other.items() if key != but):
        is_list = types[key] == "text" or schema.has_vocabulary(types[key])
        columns.append((f"{value.other}.{key}", wanted, is_list))
    for column, wanted, is_list in columns:
        made = partial(_is_wanted, nw.col(column), wanted, is_list=is_list, day=day)
        yield _once(asked, column, wanted, made=made)


def _is_wanted(column: nw.Expr, wanted: Any, *, is_list: bool, day: str) -> nw.Expr:
    """Whether a cell is a value or one of several, or lies within limits; null, which is no, where it may be empty.

    `is_list`: a cell may be of several lines, of which one is enough.
    """
    if isinstance(wanted, dict):
        limits = [_is_within(column, limit, day[:7] if bound == TODAY else bound) for limit, bound in wanted.items()]
        return reduce(operator.and_, limits)
    several = wanted if isinstance(wanted, tuple | list) else (wanted,)
    return reduce(operator.or_, [_is_one(column, one, is_list=is_list) for one in several])


def _is_within(column: nw.Expr, limit: str, bound: Any) -> nw.Expr:
    """Whether a number, or a day as far as both say it, lies within a limit."""
    if not isinstance(bound, str):
        within: nw.Expr = _INSIDE[limit](column, nw.lit(bound))
        return within
    inside: nw.Expr = _INSIDE[limit](column.str.slice(0, len(bound)), nw.lit(bound))
    vaguer = [bound[:n] for n in (4, 7) if n < len(bound)]
    if not vaguer:
        return inside
    is_vaguer = column.is_in(vaguer)
    return inside | is_vaguer if limit in {"least", "most"} else inside & ~is_vaguer


def _is_one(column: nw.Expr, wanted: Any, *, is_list: bool) -> nw.Expr:
    if wanted == "":
        return column.is_null()
    if not is_list or not isinstance(wanted, str):
        is_same: nw.Expr = column == nw.lit(wanted)
        return is_same
    one_line: nw.Expr = column.str.contains(rf"(?:^|\n){re.escape(wanted)}(?:\n|$)")
    return one_line


def _seen(tables: Tables, entity: str, every: Sequence[Value]) -> nw.LazyFrame[Any]:
    """The ties that the values ask for, from the end of the subject: `subject_id`, `other_id`, `end` and what they say.

    Columns of the entities at the other end that a value asks for are there as `KIND.COLUMN`.
    """
    sides = []
    for end, other in _OTHER_END.items():
        relations = sorted({name for value in every for name in _ends(value, entity).get(end, ())})
        if relations:
            is_near = nw.col(f"{end}_id").str.starts_with(f"{PREFIXES[entity]}:")
            near = tables["ties"].filter(nw.col("relation").is_in(relations), is_near)
            ids = {"subject_id": f"{end}_id", "other_id": f"{other}_id"}
            sides.append(near.select("relation", *TOLD_OF_TIES, **ids, end=nw.lit(end)))
    ties = nw.concat(sides) if len(sides) > 1 else sides[0]
    asked: dict[str, set[str]] = {}
    for value in every:
        if value.where_other:
            asked.setdefault(value.other, set()).update(value.where_other)
    for other, columns in asked.items():
        named = {f"{other}.{column}": column for column in sorted(columns)}
        known = tables[other].select(**{f"{other}.id": ID_COLUMNS[other]}, **named)
        ties = ties.join(known, left_on="other_id", right_on=f"{other}.id", how="left")
    return ties
