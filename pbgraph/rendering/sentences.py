"""What matters, in sentences made from the numbers."""

from typing import Any

from pbgraph.analyses.changes import CHANGES
from pbgraph.analyses.ranges import has_roster
from pbgraph.captions import caption, shown_day
from pbgraph.rendering.facts import Facts, headline_numbers, percent


def sentences(facts: Facts) -> list[str]:
    """The sentences of the cover and of the first slide's notes; those without a number are left out."""
    lang = facts.look.lang
    numbers = headline_numbers(facts)
    if facts.verdict == "unjudged":
        return [caption("title_unjudged", lang, **numbers)] if numbers["n_units"] else []
    said = [caption(f"sentence_{facts.verdict}", lang, **numbers)] if numbers["n_units"] else []
    if facts.verdict == "judged" and numbers["work"]:
        said.append(caption("sentence_work", lang, **numbers))
    for gap, rule_id in (("must", "A1"), ("split", "A7")):
        if numbers[gap]:
            said.append(caption(f"sentence_{gap}", lang, least=facts.policy.number(rule_id, "n"), **numbers))
    said += _listed(facts, numbers, "candidates", ("candidate", "borderline"))
    if numbers["blank"]:
        said.append(caption("sentence_blank" if numbers["work"] else "sentence_blank_unread", lang, **numbers))
    if numbers["n_check"]:
        said.append(caption("sentence_check", lang, **numbers))
    if numbers["n_unknown"]:
        said.append(caption("sentence_unknown", lang, **numbers))
    ends = extremes(facts) if facts.verdict == "judged" else {}
    said += [caption("sentence_lowest", lang, **ends)] if ends else []
    if numbers["n_expected"]:
        key = "sentence_management" if states_management(facts) else "sentence_management_unread"
        said.append(caption(key, lang, **numbers))
    return said + _listed(facts, numbers, "co_building", ("n_agreements", "n_claims"))


def states_management(facts: Facts) -> bool:
    """Whether any list says which organizations a committee manages: what nobody has listed is not missing."""
    network = facts.network
    kinds = ("direct_management", "dual_management")
    return has_roster(network, "participants") or any(has_roster(network, f"relation:{kind}") for kind in kinds)


def _listed(facts: Facts, numbers: dict[str, Any], sentence: str, parts: tuple[str, ...]) -> list[str]:
    """A sentence of several numbers, of which those that are zero are left out; nothing where all are."""
    whole = listed(facts, numbers, parts)
    return [caption(f"sentence_{sentence}", facts.look.lang, listed=whole, **numbers)] if whole else []


def listed(facts: Facts, numbers: dict[str, Any], parts: tuple[str, ...]) -> str:
    """Several numbers one after the other, without those that are zero."""
    lang = facts.look.lang
    return caption("list_clause", lang).join(
        caption(f"part_{part}", lang, **numbers) for part in parts if numbers[part]
    )


def changed_sentences(facts: Facts) -> list[str]:
    """What has become of the gaps since the earlier pack; nothing where none was given."""
    if facts.changed is None:
        return []
    counts = facts.changed["change"].value_counts()
    numbers = {name: int(counts.get(name, 0)) for name in CHANGES}
    said = [
        caption("changed_counts", facts.look.lang, as_of=shown_day(facts.earlier_as_of, facts.look.lang), **numbers)
    ]
    for name in ("solved", "new"):
        units = facts.changed.loc[facts.changed["change"] == name, "unit"].tolist()
        if units:
            shown = "、".join(units[:_MOST_NAMED]) + (
                caption("and_more", facts.look.lang) if len(units) > _MOST_NAMED else ""
            )
            said.append(caption(f"changed_{name}", facts.look.lang, units=shown))
    return said


_MOST_NAMED = 8


def extremes(facts: Facts) -> dict[str, str]:
    """The communities with the lowest and the highest rate of coverage; nothing where all have the same."""
    rates = facts.study.coverage_rates
    rows = rates[(rates["rate"] == "org_coverage") & (rates["community"] != "") & rates["rate_share"].notna()]
    if len(rows) < 2 or rows["rate_share"].nunique() < 2:
        return {}
    ordered = rows.sort_values(["rate_share", "community"])
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return {
        "community": low["community"], "share": percent(low["n_counted"], low["n_subjects"]),
        "best": high["community"], "best_share": percent(high["n_counted"], high["n_subjects"]),
    }  # fmt: skip
