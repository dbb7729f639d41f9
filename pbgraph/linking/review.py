"""What a person should look at: names left open with their nearest, and merges made by key.

A name that is like nothing in its table is no question: a superior outside the street, a
workplace elsewhere. What a person has refused is not shown again; what was answered 不确定 is
counted and not asked again.
"""

from difflib import SequenceMatcher

import pandas as pd

from pbgraph import schema
from pbgraph.decisions import ANSWERS
from pbgraph.findings import Finding, finding
from pbgraph.linking.candidates import candidates
from pbgraph.linking.entities import flagged, looked_up
from pbgraph.linking.keys import name_key
from pbgraph.linking.mentions import Names
from pbgraph.model import ID_COLUMNS

COLUMNS = ("kind", "name", "candidate", "candidate_id", "similarity", "suggestion", "reason", "others", "n_rows",
           "n_candidate_rows", "is_asked", "may_cover", "open_id", "source")  # fmt: skip
MERGE_COLUMNS = ("kind", "name", "standard", "reason", "n_rows", "source")
_LIKELY_OUTSIDE = 0.6  # our choice: a superior less alike than this is taken to be outside the street
_TOP = 5
_OTHER_LEVEL = 0.4  # our choice: below what is pre-filled, and what a superior outside the street may have
_SURE_FROM, _SURE_LEAD = 0.5, 0.2  # 99.6 % precision on 1,000 short names of listed companies; still only pre-filled
_KINDS = ("units", "organizations", "committees")
_COVERING = {
    ("organizations", "host_unit"),
    ("organizations", "joint_units"),
    ("units", "joint_units"),
    ("units", "unit_name"),
}
_OUTWARD = ("parent", "committee_parent", "unit")
_KEPT = ("name", "candidate", "candidate_id", "similarity", "suggestion", "reason", "others", "n_candidate_rows",
         "is_asked")  # fmt: skip


def review_frame(
    mentions: pd.DataFrame, entities: dict[str, pd.DataFrame], names: Names
) -> tuple[pd.DataFrame, list[Finding]]:
    """Names left open, those touching most rows first; a finding is made for each place.

    `candidate` is the nearest name that is not refused, `others` the next four, `suggestion` "是"
    where it may be pre-filled, `reason` the code of a caption, `is_asked` False where somebody has
    already answered 不确定, `may_cover` True where the name stands in a cell of covered units.
    """
    opened = mentions[(mentions["reason"] == "open") & ~_are_places(mentions, names)].reset_index(drop=True)
    if opened.empty:
        return pd.DataFrame(columns=list(COLUMNS)), []
    nearest = _nearest(mentions, opened, entities, names)
    pairs = pd.DataFrame([nearest[pair] for pair in zip(opened["kind"], opened["key"], strict=True)])
    opened = pd.concat([opened.drop(columns="reason"), pairs.set_axis(opened.index)], axis=1)
    opened = opened.rename(columns={"why": "reason"})
    elsewhere = opened["column"].isin(_OUTWARD) & (opened["similarity"] < _LIKELY_OUTSIDE) & (opened["n"] == 0)
    is_org = opened["kind"] == "organizations"
    elsewhere |= is_org & opened["key"].isin(set(opened["key"][elsewhere & is_org]))  # a superior, wherever it stands
    opened = opened[~elsewhere].sort_values(["file", "sheet", "row", "name"])
    cells = zip(opened["table"], opened["column"], strict=True)
    opened["may_cover"] = [cell in _COVERING for cell in cells]
    grouped = opened.groupby(["kind", "key"], as_index=False).agg(
        **{column: (column, "first") for column in _KEPT},
        n_rows=("source", "nunique"),
        may_cover=("may_cover", "max"),
        open_id=("id", "first"),
        source=("source", lambda lines: "\n".join(dict.fromkeys(lines))),
    )
    ordered = grouped.sort_values(["n_rows", "similarity", "kind", "name"], ascending=[False, False, True, True])
    return ordered[list(COLUMNS)].reset_index(drop=True), _places(opened)


def _are_places(mentions: pd.DataFrame, names: Names) -> pd.Series:
    """Where a cell of units holds a community or the street itself: 东风社区 as the work unit of its secretary."""
    is_unit = mentions["kind"] == "units"
    return is_unit & flagged(mentions["name"].where(is_unit & (mentions["reason"] == "open")), names.is_place)


def _places(opened: pd.DataFrame) -> list[Finding]:
    labels = {f.key: f.label for table in reversed(schema.tables().values()) for f in table.fields}
    found = []
    once = opened.drop_duplicates(["file", "sheet", "row", "name"])  # one cell may say two things of a unit
    for line in once.itertuples(index=False):
        code = "name-ambiguous" if line.n > 1 else "name-unlinked" if line.candidate else "name-unknown"
        data = {"field": labels[line.column], "name": line.name, "n": line.n, "candidate": line.candidate}
        place = {"file": line.file, "sheet": line.sheet, "row": int(line.row)}
        found.append(finding(code, value=str(line.name), data=data, **place))
    return found


def _nearest(
    mentions: pd.DataFrame, opened: pd.DataFrame, entities: dict[str, pd.DataFrame], names: Names
) -> dict[tuple[str, str], dict[str, object]]:
    """By kind and key: the nearest name, its reason, and the others worth a look."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    rows_of = mentions[mentions["reason"] != "open"].groupby("id")["source"].size().to_dict()
    for kind, group in opened.groupby("kind"):
        of = str(kind)
        entries = names.indexes[of].entries
        shown = dict(zip(entities[of][ID_COLUMNS[of]], entities[of]["name"], strict=True))
        known = sorted(entries)
        keys = sorted(set(group["key"]))
        for key, near in zip(keys, candidates(keys, known, top=_TOP + 1), strict=True):
            scored = (
                _with_body(key, [(known[index], score) for index, score in near], names)
                if of == "organizations"
                else [(known[index], score) for index, score in near]
            )
            fit = [
                (other, score) for other, score in scored
                if other != key and not names.aliases.is_refused(of, key, other)
            ][:_TOP]  # fmt: skip
            is_asked = (of, key) not in names.aliases.asked
            best = entries[fit[0][0]][0].id if fit else ""
            found[of, key] = {
                "candidate": shown.get(best, ""),
                "candidate_id": best or None,
                "similarity": round(fit[0][1], 2) if fit else 0.0,
                "suggestion": ANSWERS[0] if is_asked and may_be_prefilled(key, fit) else "",
                "why": reason(key, fit[0][0]) if fit else "",
                "others": "\n".join(shown[entries[other][0].id] for other, _ in fit[1:]),
                "n_candidate_rows": rows_of.get(best, 0),
                "is_asked": is_asked,
            }
    return found


def _with_body(key: str, near: list[tuple[str, float]], names: Names) -> list[tuple[str, float]]:
    """Bodies of the same name are asked first: 红旗厂党支部 for 红旗厂, 甲社区党总支 for 甲社区党支部.

    Two levels are two bodies in a list; what another list writes with a level of its own may be a slip.
    """
    levels, own = schema.name_words()["levels"], names.office.organization(key)
    if own.level:
        same = [row.key for level in levels for row in names.here["organizations"].known.get((own.core, level), ())]
        return [*((other, _OTHER_LEVEL) for other in dict.fromkeys(same)), *near]
    core = names.office.unit(key).core
    fitting = [row.key for level in levels for row in names.here["organizations"].known.get((core, level), ())]
    return [(other, 1.0) for other in dict.fromkeys(fitting)] + [pair for pair in near if pair[0] not in fitting]


def may_be_prefilled(key: str, near: list[tuple[str, float]]) -> bool:
    """Whether 是 may stand in the sheet already: clearly the nearest, and one inside the other in order."""
    if not near or near[0][1] < _SURE_FROM:
        return False
    lead = near[0][1] - (near[1][1] if len(near) > 1 else 0.0)
    short, long = sorted((key, near[0][0]), key=len)
    return lead >= _SURE_LEAD and is_subsequence(short, long) and not _adds_a_place(short, long)


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of a name stand in another one in their order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _adds_a_place(short: str, long: str) -> bool:
    """Whether what the longer name adds may make it another place or firm: 甲银行 and 海州市甲银行."""
    only = "".join(text for text, is_same in difference(long, short) if not is_same)
    return any(word in only for word in schema.name_words()["never_prefilled"])


def difference(name: str, other: str) -> list[tuple[str, bool]]:
    """A name in pieces: (text, whether the other name has it too).

    >>> difference("云州八达公司", "八达公司")
    [('云州', False), ('八达公司', True)]
    """
    matcher = SequenceMatcher(None, name, other, autojunk=False)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for block in matcher.get_matching_blocks():
        if block.a > at:
            pieces.append((name[at : block.a], False))
        if block.size and pieces and pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + name[block.a : block.a + block.size], True)
        elif block.size:
            pieces.append((name[block.a : block.a + block.size], True))
        at = block.a + block.size
    return pieces


def reason(left: str, right: str) -> str:
    """Why two keys look alike, as the code of a caption.

    >>> reason("八达公司", "云州八达公司"), reason("八达公司", "八达有限公司"), reason("八达厂", "巴达厂")
    ('reason_front', 'reason_inside', 'reason_character')
    """
    short, long = sorted((left, right), key=len)
    if long.endswith(short):
        return "reason_front"
    if long.startswith(short):
        return "reason_end"
    if is_subsequence(short, long):
        return "reason_inside"
    if len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1:
        return "reason_character"
    return "reason_parts"


def merges_frame(mentions: pd.DataFrame, entities: dict[str, pd.DataFrame], names: Names) -> pd.DataFrame:
    """Every spelling that was joined to a node under another one, and by which rule.

    `reason` is the code of a caption: merge_characters, merge_home, merge_forms, merge_office, merge_short,
    merge_within or merge_code. What a person has decided is not listed.
    """
    joined = mentions[mentions["kind"].isin(_KINDS) & (mentions["reason"] != "open") & mentions["id"].notna()]
    printed = {
        node: name
        for kind in _KINDS
        for node, name in zip(entities[kind][ID_COLUMNS[kind]], entities[kind]["name"], strict=True)
    }
    joined = joined.assign(standard=looked_up(joined["id"], printed))
    other = joined[joined["standard"].notna() & (joined["name"] != joined["standard"])]
    grouped = other.groupby(["kind", "name", "standard"], as_index=False).agg(
        n_rows=("source", "size"), source=("source", "min"), why=("reason", "min")
    )
    reasons = [
        _merged_by(names, *line)
        for line in zip(grouped["kind"], grouped["name"], grouped["standard"], grouped["why"], strict=True)
    ]
    listed = grouped.assign(reason=pd.Series(reasons, dtype="str"))
    listed = listed[listed["reason"] != ""]
    return listed[list(MERGE_COLUMNS)].sort_values(["kind", "standard", "name"], ignore_index=True)


def _merged_by(names: Names, kind: str, name: str, standard: str, why: str) -> str:
    home = names.aliases.home
    keys = [name_key(form, kind=kind, home=home) for form in (name, standard)]
    if keys[0] != keys[1]:
        if names.aliases.is_decided(name, kind) or names.aliases.is_decided(standard, kind):
            return ""
        if len({names.key_of(kind)(form) for form in (name, standard)}) == 1:
            return "merge_home"
        take = names.office.unit if kind == "units" else names.office.organization
        short, long = sorted((take(name).core, take(standard).core), key=len)
        if kind != "committees" and short == long:
            return "merge_office"
        is_short = kind != "committees" and is_subsequence(short, long)
        return "merge_within" if why == "within" else "merge_short" if is_short else "merge_code"
    away = [name_key(form, kind=kind) for form in (name, standard)]
    if away[0] != away[1]:
        return "merge_home"
    plain = [name_key(form, kind="characters") for form in (name, standard)]
    return "merge_characters" if plain[0] == plain[1] else "merge_forms"
