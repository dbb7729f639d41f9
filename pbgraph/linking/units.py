"""Resident units: one node per unit, whichever ledgers it stands in, and what its own rows say of an organization."""

import re
from itertools import combinations

import pandas as pd

from pbgraph import schema
from pbgraph.findings import Finding
from pbgraph.linking.candidates import is_blocked
from pbgraph.linking.codes import checked_codes
from pbgraph.linking.entities import NameIndex, looked_up, made_entities, mapped, place_identity
from pbgraph.linking.mentions import Names, exploded, listed_mentions
from pbgraph.linking.office import Parts
from pbgraph.linking.places import community_ids, printed_names
from pbgraph.linking.second_lists import SecondLists
from pbgraph.linking.steps import Step, notes, tie
from pbgraph.model import COUNTED, SAYS_ORG
from pbgraph.text import fold


def find_units(
    rows: pd.DataFrame, names: Names, communities: pd.DataFrame
) -> tuple[Names, pd.DataFrame, pd.DataFrame, Step]:
    """The units of the ledgers, and their rows with `id`."""
    rows = rows.assign(key=mapped(rows["unit_name"], names.key_of("units")), place=names.places(rows))
    rows["community"] = printed_names(community_ids(names, rows), communities)
    rows["states_org"] = stated(rows)
    rows["operating"] = rows["operating"].fillna(_noted_state(rows["remark"]))
    identity = place_identity(rows, names.aliases, "units", code="code")
    codes = checked_codes(rows["code"])
    identity = _by_own_shorts(identity, rows, names)
    identity = joined_here("units", identity, rows, rows["unit_name"], names, codes)
    identity, is_asked = _by_other_lists(identity, rows, names, codes)
    rows, disputed = _with_disputed(rows.assign(id=identity))
    frame, ids = made_entities("units", rows.drop(columns="id"), "unit_name", names.aliases, identity=identity)
    rows = rows.assign(id=ids)
    names = names.knowing("units", NameIndex.of("units", names.aliases, rows)).at_home("units", rows, "unit_name")
    names = names.also_called("units", rows, "unit_short")
    grids = names.resolve("grids", rows, "grid", keep=False, table="units")
    ties = (
        tie("located_in", rows, ids, community_ids(names, rows)),
        tie("located_in", rows, ids, grids["id"]),
    )
    listed = listed_mentions("units", rows, rows["unit_name"], ids, table="units")
    asked = listed[is_asked].assign(column="unit_name", reason="open", is_kept=False)
    mentions = (listed[~is_asked], asked, grids)
    return names, frame, rows, Step(ties=ties, mentions=mentions, findings=_moves(rows) + disputed)


def _with_disputed(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The rows, and a finding for each number of members of which two rows of one unit (`id`) say different ones.

    Which of them holds nobody knows: what follows from it is not certain (`not_understood`).
    """
    table, found = schema.tables()["units"], tuple[Finding, ...]()
    told = rows["not_understood"] if "not_understood" in rows else pd.Series(None, index=rows.index, dtype="str")
    for key in COUNTED:
        numbers = rows.groupby("id")[key]
        is_other = numbers.transform("min").ne(numbers.transform("max")).fillna(value=False).astype(bool)
        if is_other.any():
            label = table.field(key).label
            told = told.mask(is_other, (told.fillna("") + "\n" + label).str.strip())
            last = rows[is_other & rows[key].notna()].drop_duplicates("id", keep="last")
            least, most = (last["id"].map(numbers.agg(how)).astype("Int64") for how in ("min", "max"))
            found += notes("count-conflict", last, name=last["unit_name"], field=label, least=least, most=most)
    return (rows.assign(not_understood=told.astype("str")), found) if found else (rows, found)


def stated(rows: pd.DataFrame) -> pd.Series:
    """Whether a unit's own row says that it has an organization: yes, no, or null where it says nothing.

    是 / 否, 未建, 单独 and 指导员 say it themselves; a name alone says yes.
    """
    flag, *lists = SAYS_ORG
    said = rows[flag].astype("boolean")
    for column in lists:
        words = schema.vocabulary(column)
        told = {word: words.rows[code]["has_organization"] == "true" for word, code in words.spellings.items()}
        said = said.fillna(rows[column].fillna("").map(fold).str.lower().map(told).astype("boolean"))
    return said.mask(said.isna() & rows["org_name"].notna(), other=True)


def _noted_state(remarks: pd.Series) -> pd.Series:
    """Whether a unit is in operation as its remark says, where that is one of the words for it: 已注销."""
    spellings = schema.vocabulary("operating").spellings
    parts = {text: re.split(r"[,;。、\s]", fold(text).lower()) for text in remarks.dropna().unique()}
    told = {text: next((spellings[part] for part in found if part in spellings), None) for text, found in parts.items()}
    return looked_up(remarks, told)


def says_joint(rows: pd.DataFrame) -> pd.Series:
    """Whether a unit's own row says that its organization is a joint one."""
    forms = schema.vocabulary("founding_form").codes(is_joint="true")
    situations = [code for code in schema.vocabulary("org_situation").rows if "joint" in code]
    several = rows["joint_units"].fillna("").str.contains("\n")
    return rows["founding_form"].isin(forms) | rows["org_situation"].isin(situations) | several


def joined_here(
    kind: str, identity: pd.Series, rows: pd.DataFrame, spelled: pd.Series, names: Names, codes: pd.Series
) -> pd.Series:
    """Join what two lists of one office call by two forms of one name.

    Across sheets they are one where nothing in the forms speaks against it, and no two checked codes do. Two forms
    within a sheet are two things, unless their rows have one telephone, and one head or address: a form sent twice.
    """
    take = names.office.unit if kind == "units" else names.office.organization
    frame = pd.DataFrame({
        "identity": identity, "key": rows["key"], "place": rows["place"], "code": codes,
        "sheet": rows["file"].fillna("") + "|" + rows["sheet"].fillna(""), "name": spelled,
        "told": _told_by(kind, rows),
    })  # fmt: skip
    frame = frame[frame["name"].notna() & (frame["key"] != "")]
    if frame["sheet"].nunique() < 2 and not frame["told"].any():
        return identity
    parts = {name: take(name) for name in frame["name"].unique()}
    frame["core"] = frame["name"].map(lambda name: "|".join((parts[name].core, parts[name].level)))
    frame["parts"] = frame["name"].map(parts)
    places = frame[frame["place"] != ""].groupby("core")["place"].agg(["nunique", "first"])
    only = places[places["nunique"] == 1]["first"]
    frame["place"] = frame["place"].mask(frame["place"] == "", frame["core"].map(only).astype("str")).fillna("")
    shared = frame[frame.groupby(["core", "place"])["identity"].transform("nunique") > 1]
    renamed: dict[str, str] = {}
    for _, group in shared.sort_values(["identity", "name"]).groupby(["core", "place"], sort=True):
        n_codes = group.loc[group["code"] != "", "code"].nunique()
        if not (_are_apart(group) or n_codes > 1 or _differ(kind, group, names)):
            longest = max(zip(group["key"].str.len(), group["identity"], strict=True))[1]
            renamed.update(dict.fromkeys(group["identity"], longest))
    return identity.replace(renamed) if renamed else identity


def _by_own_shorts(identity: pd.Series, rows: pd.DataFrame, names: Names) -> pd.Series:
    """The identities, a row that calls a unit by the short name another one gives of itself joined to that."""
    several = exploded(rows.assign(identity=identity), "unit_short")
    key = mapped(several["unit_short"], names.key_of("units"))
    told = several.assign(short=key)[key != ""].groupby("short")["identity"].agg(["nunique", "first"])
    meant = rows["key"].map(told.loc[told["nunique"] == 1, "first"])
    is_other = meant.notna() & (meant != identity)
    return identity.mask(is_other, meant.astype("str")) if is_other.any() else identity


def _by_other_lists(
    identity: pd.Series, rows: pd.DataFrame, names: Names, codes: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """The identities, what a second list calls for short joined to what it means; and which rows are to be asked."""
    frame = pd.DataFrame({
        "identity": identity, "key": rows["key"], "place": rows["place"].fillna(""), "code": codes.fillna(""),
        "sheet": rows["file"].fillna("") + "|" + rows["sheet"].fillna(""), "name": rows["unit_name"],
    })  # fmt: skip
    frame = frame[frame["name"].notna() & (frame["key"] != "")]
    if frame["sheet"].nunique() < 2:
        return identity, pd.Series(data=False, index=rows.index)
    frame = frame.assign(parts=frame["name"].map({name: names.office.unit(name) for name in frame["name"].unique()}))
    joined, asked = SecondLists(frame, names).pairs()
    return identity.replace(joined) if joined else identity, identity.isin(asked)


def _told_by(kind: str, rows: pd.DataFrame) -> pd.Series:
    """Telephone and address, or telephone and head, by which a row of a unit can be known; "" where it lacks one."""
    if kind != "units":
        return pd.Series("", index=rows.index, dtype="str")
    both = rows["phone"] + "|" + rows["address"].fillna(rows["head"])
    return both.fillna("").astype("str")


def _are_apart(group: pd.DataFrame) -> bool:
    """Whether a sheet has two of the forms of a group, in rows that nothing tells to be of one unit."""
    in_sheet = group.groupby("sheet").agg(n=("identity", "nunique"), n_told=("told", "nunique"), told=("told", "min"))
    return bool(((in_sheet["n"] > 1) & ((in_sheet["n_told"] > 1) | (in_sheet["told"] == ""))).any())


def _differ(kind: str, group: pd.DataFrame, names: Names) -> bool:
    """Whether any two forms of a group speak against each other."""
    forms: list[tuple[str, Parts]] = list(dict(zip(group["key"], group["parts"], strict=True)).items())
    return any(
        not one.may_be(other) or is_blocked(left, right) or names.aliases.is_refused(kind, left, right)
        for (left, one), (right, other) in combinations(forms, 2)
    )


def _moves(rows: pd.DataFrame) -> tuple[Finding, ...]:
    """One unit (by its code) in two communities: one node, and a finding that names both places."""
    placed = rows[rows["community"].notna()]
    n_places = placed.groupby("id")["community"].transform("nunique")
    found: tuple[Finding, ...] = ()
    for _, group in placed[n_places > 1].groupby("id"):
        places = "、".join(sorted(set(group["community"])))
        found += notes("place-conflict", group.tail(1), name=group["unit_name"].iloc[0], places=places)
    return found
