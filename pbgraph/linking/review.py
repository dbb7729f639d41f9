"""What a person should look at: names left open with their nearest, and merges made by key.

A name that is like nothing in its table is no question: a superior outside the street, a
workplace elsewhere. What a person has refused is not shown again; what was answered 不确定 is
counted and not asked again.
"""

from difflib import SequenceMatcher

import pandas as pd

from pbgraph import schema
from pbgraph.findings import finding
from pbgraph.linking.aliases import ANSWERS
from pbgraph.linking.candidates import candidates
from pbgraph.linking.context import Context
from pbgraph.linking.entities import ID_COLUMNS, looked_up
from pbgraph.linking.keys import name_key

COLUMNS = ("kind", "name", "candidate", "candidate_id", "similarity", "suggestion", "reason", "others", "n_rows",
           "n_candidate_rows", "is_asked", "open_id", "source")  # fmt: skip
MERGE_COLUMNS = ("kind", "name", "standard", "reason", "n_rows", "source")
_LIKELY_OUTSIDE = 0.6  # our choice: a superior less alike than this is taken to be outside the street
_TOP = 5
_SURE_FROM, _SURE_LEAD = 0.5, 0.2  # 99.6 % precision on 1,000 short names of listed companies; still only pre-filled


def review_frame(context: Context) -> pd.DataFrame:
    """Names left open, those touching most rows first; a finding is made for each place.

    `candidate` is the nearest name that is not refused, `others` the next four, `suggestion` "是"
    where it may be pre-filled, `reason` the code of a caption, `is_asked` False where somebody has
    already answered 不确定.
    """
    noted = [frame for frame in context.open_names if len(frame)]
    if not noted:
        return pd.DataFrame(columns=list(COLUMNS))
    names = pd.concat(noted, ignore_index=True)
    nearest = _nearest(context, names)
    pairs = pd.DataFrame([nearest[pair] for pair in zip(names["kind"], names["key"], strict=True)], index=names.index)
    names = pd.concat([names, pairs], axis=1)
    elsewhere = names["column"].isin(["parent", "unit"]) & (names["similarity"] < _LIKELY_OUTSIDE) & (names["n"] == 0)
    names = names[~elsewhere].sort_values(["file", "sheet", "row", "name"])
    _note_places(context, names)
    kept = [
        "name",
        "candidate",
        "candidate_id",
        "similarity",
        "suggestion",
        "reason",
        "others",
        "n_candidate_rows",
        "is_asked",
    ]
    grouped = names.groupby(["kind", "key"], as_index=False).agg(
        **{column: (column, "first") for column in kept},
        n_rows=("source", "nunique"),
        open_id=("id", "first"),
        source=("source", lambda lines: "\n".join(dict.fromkeys(lines))),
    )
    ordered = grouped.sort_values(["n_rows", "similarity", "kind", "name"], ascending=[False, False, True, True])
    return ordered[list(COLUMNS)].reset_index(drop=True)


def _note_places(context: Context, names: pd.DataFrame) -> None:
    labels = {f.key: f.label for table in schema.tables().values() for f in table.fields}
    for line in names.itertuples(index=False):
        code = "name-ambiguous" if line.n > 1 else "name-unlinked" if line.candidate else "name-unknown"
        data = {"field": labels[line.column], "name": line.name, "n": line.n, "candidate": line.candidate}
        place = {"file": line.file, "sheet": line.sheet, "row": int(line.row)}
        context.findings.append(finding(code, value=str(line.name), data=data, **place))


def _nearest(context: Context, names: pd.DataFrame) -> dict[tuple[str, str], dict[str, object]]:
    """By kind and key: the nearest name, its reason, and the others worth a look."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    rows_of = _rows_of_entities(context)
    for kind, group in names.groupby("kind"):
        entries = context.indexes[str(kind)].entries
        frame = context.entities[str(kind)]
        shown = dict(zip(frame[ID_COLUMNS[str(kind)]], frame["name"], strict=True))
        known = sorted(entries)
        keys = sorted(set(group["key"]))
        for key, near in zip(keys, candidates(keys, known, top=_TOP + 1), strict=True):
            fit = [
                (known[index], score)
                for index, score in near
                if known[index] != key and not context.aliases.is_refused(str(kind), key, known[index])
            ][:_TOP]
            is_asked = (str(kind), key) not in context.aliases.asked
            best = entries[fit[0][0]][0].id if fit else ""
            found[str(kind), key] = {
                "candidate": shown.get(best, ""),
                "candidate_id": best or None,
                "similarity": round(fit[0][1], 2) if fit else 0.0,
                "suggestion": ANSWERS[0] if is_asked and may_be_prefilled(key, fit) else "",
                "reason": reason(key, fit[0][0]) if fit else "",
                "others": "\n".join(shown[entries[other][0].id] for other, _ in fit[1:]),
                "n_candidate_rows": rows_of.get(best, 0),
                "is_asked": is_asked,
            }
    return found


def _rows_of_entities(context: Context) -> dict[str, int]:
    spelled = pd.concat(context.spellings, ignore_index=True)
    return spelled.groupby("id")["n_rows"].sum().to_dict() if len(spelled) else {}


def may_be_prefilled(key: str, near: list[tuple[str, float]]) -> bool:
    """Whether 是 may stand in the sheet already: clearly the nearest, and one inside the other in order."""
    if not near or near[0][1] < _SURE_FROM:
        return False
    lead = near[0][1] - (near[1][1] if len(near) > 1 else 0.0)
    short, long = sorted((key, near[0][0]), key=len)
    return lead >= _SURE_LEAD and _is_subsequence(short, long) and not _adds_a_place(short, long)


def _is_subsequence(short: str, long: str) -> bool:
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
    if _is_subsequence(short, long):
        return "reason_inside"
    if len(left) == len(right) and sum(a != b for a, b in zip(left, right, strict=True)) == 1:
        return "reason_character"
    return "reason_parts"


def merges_frame(context: Context) -> pd.DataFrame:
    """Every spelling that was joined to a node under another one, and by which rule.

    `reason` is the code of a caption: merge_characters, merge_home, merge_forms or merge_code. What a
    person has decided is not listed.
    """
    spelled = pd.concat(context.spellings, ignore_index=True)
    spelled = spelled[spelled["kind"].isin(["units", "organizations", "committees"])]
    names = {
        node: name
        for kind in ("units", "organizations", "committees")
        for node, name in zip(context.entities[kind][ID_COLUMNS[kind]], context.entities[kind]["name"], strict=True)
    }
    spelled = spelled.assign(standard=looked_up(spelled["id"], names))
    other = spelled[spelled["standard"].notna() & (spelled["name"] != spelled["standard"])]
    grouped = other.groupby(["kind", "name", "standard"], as_index=False).agg(
        n_rows=("n_rows", "sum"), source=("source", "min")
    )
    reasons = [
        _merged_by(context, *line) for line in zip(grouped["kind"], grouped["name"], grouped["standard"], strict=True)
    ]
    listed = grouped.assign(reason=reasons)
    listed = listed[listed["reason"] != ""]
    return listed[list(MERGE_COLUMNS)].sort_values(["kind", "standard", "name"], ignore_index=True)


def _merged_by(context: Context, kind: str, name: str, standard: str) -> str:
    home = context.aliases.home
    keys = [name_key(form, kind=kind, home=home) for form in (name, standard)]
    if keys[0] != keys[1]:
        decided = context.aliases.key(name, kind) != keys[0] or context.aliases.key(standard, kind) != keys[1]
        return "" if decided else "merge_code"
    away = [name_key(form, kind=kind) for form in (name, standard)]
    if away[0] != away[1]:
        return "merge_home"
    plain = [name_key(form, kind="characters") for form in (name, standard)]
    return "merge_characters" if plain[0] == plain[1] else "merge_forms"
