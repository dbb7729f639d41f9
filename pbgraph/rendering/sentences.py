"""What matters, in sentences made from the numbers."""

from pbgraph.analyses.changes import CHANGES
from pbgraph.captions import caption
from pbgraph.policy import changes
from pbgraph.rendering.facts import Facts, headline_numbers, percent


def sentences(facts: Facts) -> list[str]:
    """The sentences of the brief and of the summary sheet; those without a number are left out."""
    lang = facts.look.lang
    numbers = headline_numbers(facts)
    if not facts.is_judged:
        return [caption("title_unjudged", lang, **numbers)] if numbers["n_units"] else []
    said = [caption("sentence_coverage", lang, **numbers)] if numbers["n_units"] else []
    if numbers["must"] + numbers["split"]:
        said.append(caption("sentence_must", lang, **numbers))
    if numbers["candidate"] + numbers["borderline"]:
        said.append(caption("sentence_candidate", lang, **numbers))
    if numbers["blank"]:
        said.append(caption("sentence_blank", lang, **numbers))
    if numbers["n_check"]:
        said.append(caption("sentence_check", lang, **numbers))
    if numbers["n_unknown"]:
        said.append(caption("sentence_unknown", lang, **numbers))
    said += _extremes(facts)
    if numbers["n_expected"]:
        said.append(caption("sentence_management", lang, **numbers))
    if numbers["n_agreements"] + numbers["n_claims"]:
        said.append(caption("sentence_co_building", lang, **numbers))
    return said


def changed_sentences(facts: Facts) -> list[str]:
    """What has become of the gaps since the earlier pack; nothing where none was given."""
    if facts.changed is None:
        return []
    counts = facts.changed["change"].value_counts()
    numbers = {name: int(counts.get(name, 0)) for name in CHANGES}
    said = [caption("changed_counts", facts.look.lang, as_of=facts.earlier_as_of or "—", **numbers)]
    for name in ("solved", "new"):
        units = facts.changed.loc[facts.changed["change"] == name, "unit"].tolist()
        if units:
            shown = "、".join(units[:_MOST_NAMED]) + (
                caption("and_more", facts.look.lang) if len(units) > _MOST_NAMED else ""
            )
            said.append(caption(f"changed_{name}", facts.look.lang, units=shown))
    return said


_MOST_NAMED = 8


def profile_sentences(facts: Facts) -> list[str]:
    """Which rules were used, and what their profile changes against the national one."""
    lang, policy = facts.look.lang, facts.policy
    said = [caption("profile_line", lang, profile=policy.label[lang], note=policy.note[lang], n=len(policy.rules))]
    for rule_id, before, now in changes(policy):
        key = "profile_off" if not now else "profile_on" if not before else "profile_changed"
        said.append(caption(key, lang, rule=rule_id, before=before, now=now))
    return said


def _extremes(facts: Facts) -> list[str]:
    rates = facts.rates
    rows = rates[(rates["rate"] == "org_coverage") & (rates["community"] != "") & rates["rate_share"].notna()]
    if len(rows) < 2 or rows["rate_share"].nunique() < 2:
        return []
    ordered = rows.sort_values(["rate_share", "community"])
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return [
        caption(
            "sentence_lowest", facts.look.lang,
            community=low["community"], share=percent(low["n_counted"], low["n_subjects"]),
            best=high["community"], best_share=percent(high["n_counted"], high["n_subjects"]),
        )
    ]  # fmt: skip


def data_sentences(facts: Facts) -> list[str]:
    """What was read, what was set aside, and what waits for a decision."""
    lang = facts.look.lang
    ledger, review = facts.network.ledger, facts.network.review
    sums = {column: int(ledger[column].sum()) for column in ("n_rows", "n_used", "n_set_aside", "n_skipped")}
    said = [caption("set_aside_line", lang, **sums)] if len(ledger) else []
    if len(review):
        said.append(caption("review_line", lang, n_names=len(review), n_rows=int(review["n_rows"].sum())))
    else:
        said.append(caption("no_review_line", lang))
    n_closed = int((~facts.coverage["is_in_scope"].astype(bool)).sum())
    return [*said, caption("left_out", lang, n_closed=n_closed)]
