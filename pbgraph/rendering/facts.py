"""What the outputs show, measured once for all of them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pbgraph.analyses.assessment import assess
from pbgraph.analyses.changes import gap_changes
from pbgraph.analyses.coverage import has_organizations
from pbgraph.analyses.study import Study, study_of
from pbgraph.captions import caption
from pbgraph.counting import active_members
from pbgraph.engine import collected
from pbgraph.network import Network, member_counts
from pbgraph.policy import Policy, rates
from pbgraph.reading.filled import Filled
from pbgraph.rendering.look import GAPS, Look


@dataclass(frozen=True)
class Facts:
    """A study as it is shown: in a language and an edition, beside an earlier network where one is given.

    The study is of the `given` network veiled, so that nothing a writer makes of it can hold what the edition hides.
    `filled` is what somebody filled in in the lists of an earlier workbook.
    """

    study: Study
    look: Look
    earlier: Network | None = None
    given: Network | None = None
    filled: Filled = field(default_factory=dict)

    @cached_property
    def shown(self) -> Network:
        """The network as the edition hands it out."""
        return (self.given or self.network).edition(self.look.edition)

    @property
    def network(self) -> Network:
        """The network of the study."""
        return self.study.network

    @property
    def policy(self) -> Policy:
        """The rules of the study."""
        return self.study.policy

    @property
    def findings(self) -> pd.DataFrame:
        """What the rules find, in the language of the look."""
        return assess(self.study, lang=self.look.lang)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Members of each organization and unit by its id."""
        counted: dict[str, dict[str, int]] = self.study.kept("counts", lambda: member_counts(self.network))
        return counted

    @cached_property
    def changed(self) -> pd.DataFrame | None:
        """What became of the gaps since the earlier network; None where there is none."""
        return None if self.earlier is None else gap_changes(self.study, earlier=self.earlier)

    @property
    def earlier_as_of(self) -> str:
        """The day of the earlier network, "" where there is none."""
        return "" if self.earlier is None else self.earlier.as_of

    @property
    def verdict(self) -> str:
        """Whether coverage can be judged: "judged", "open" where too many units are, "unjudged" without any list.

        Without a list of organizations, and where no unit says whether it has one, every unit would seem a gap.
        """
        says = self.study.entities("units")["states_org"].notna().any()
        if not (has_organizations(self.network) or says):
            return "unjudged"
        scope = self.study.coverage.query("is_in_scope")
        n_open = int((scope["is_covered_sure"] != "certain").sum())
        one_in = rates()["org_coverage"]["params"]["open_one_in"]
        return "open" if n_open and n_open * one_in >= len(scope) else "judged"


def gather(
    network: Network | Study,
    *,
    look: Look,
    policy: Policy | None = None,
    earlier: Network | None = None,
    filled: Filled | None = None,
) -> Facts:
    """What the outputs show of a network; the rules are those of its profile by default."""
    study = study_of(network, policy=policy)
    if look.edition == "internal":
        return Facts(study, look, earlier, study.network, filled or {})
    veiled = study_of(study.network.veiled(look.edition), policy=study.policy)
    return Facts(veiled, look, earlier and earlier.veiled(look.edition), study.network, filled or {})


def _n_active(network: Network) -> int:
    organizations = network.tables["organizations"]
    if "n_members" in organizations:
        return int(organizations["n_members"].sum())
    return len(collected(active_members(network.lazy()).select("member_id"), sort=["member_id"]))


def street_name(network: Network, lang: str) -> str:
    """The street: the last part of the home path."""
    home = network.settings.get("home", "")
    return home.replace("\\", "/").split("/")[-1] or caption("street_fallback", lang)


def percent(part: int, whole: int) -> str:
    """A share as people write it; a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def headline_numbers(facts: Facts) -> dict[str, Any]:
    """The numbers that titles and sentences are made of.

    Units in operation are those with an organization and those without; those without are, by how sure that
    is, `n_sure`, `n_check` and `n_unknown`, and by their state the rest. `covered_sure`, `n_sure` and `n_open` add
    up to all of them as well.
    """
    network, units, management = facts.network, facts.study.coverage, facts.study.dual_management
    scope = units[units["is_in_scope"]]
    states = scope["state"].value_counts()
    by_state = management["state"].value_counts()
    ties = network.ties["relation"].value_counts()
    covered = int(scope["is_covered"].sum())
    bare = scope.loc[~scope["is_covered"], "is_covered_sure"].value_counts()
    n_sure, n_check, n_unknown = (int(bare.get(sure, 0)) for sure in ("certain", "check-name", "unknown"))
    covered_sure = int((scope["is_covered"] & (scope["is_covered_sure"] == "certain")).sum())
    must, split = (scope[scope["state"] == state]["sure"].value_counts() for state in ("must-establish", "split-due"))
    listed = network.tables["organizations"]["is_listed"].astype(bool)
    asked = network.tables["organizations"]["organization_id"].isin(set(network.review["open_id"]))
    work = int((scope["is_covered"] | scope["is_work_covered"]).sum())
    gaps = scope[scope["state"].isin(GAPS)]
    held, taking = (network.ties[network.ties["relation"] == name] for name in ("holds_post", "participates"))
    return {
        "street": street_name(network, facts.look.lang), "n_units": len(scope),
        "n_closed": len(units) - len(scope), "n_covered": covered,
        "share": percent(covered, len(scope)), "work_share": percent(work, len(scope)), "n_gaps": len(gaps),
        "n_bare": len(scope) - covered, "n_sure": n_sure, "n_check": n_check, "n_unknown": n_unknown,
        "covered_sure": covered_sure, "n_open": len(scope) - covered_sure - n_sure,
        "how_sure": _how_sure({"sure": n_sure, "check": n_check, "unknown": n_unknown}, facts.look.lang),
        "must": int(must.sum()), "split": int(split.sum()), "work": int(states.get("work", 0)),
        "must_sure": _of_which(facts, must), "split_sure": _of_which(facts, split),
        "candidate": int(states.get("joint-candidate", 0)), "borderline": int(states.get("borderline", 0)),
        "blank": int(states.get("blank", 0)), "n_organizations": int(listed.sum()), "n_members": _n_active(network),
        "n_outside": int((~listed & ~asked).sum()),
        "n_expected": int(management["expected"].notna().sum()), "n_agreed": int(by_state.get("agreed", 0)),
        "n_missing": int(by_state.get("missing", 0)), "n_contradictory": int(by_state.get("contradictory", 0)),
        "n_agreements": int(ties.get("co_building", 0) + ties.get("paired_with", 0)),
        "n_claims": int(ties.get("claims", 0)),
        "n_committees": int(network.tables["committees"]["is_listed"].sum()),
        "n_seats": int(held["target_id"].str.startswith("committee:").sum()),
        "n_participants": int(taking["source_id"].nunique()),
        "n_grids": _rate(facts, "grid_coverage", "n_subjects"),
        "n_grids_led": _rate(facts, "grid_coverage", "n_counted"),
        "n_registered": int((network.ties["relation"] == "registered_with").sum()),
        "n_none": int(facts.study.co_building["has_none"].sum()),
    }  # fmt: skip


def _how_sure(counts: dict[str, int], lang: str) -> str:
    """How many units without an organization are certain, to check, or lack data; nothing where all are certain."""
    parts = [caption(f"part_{sure}", lang, n=n) for sure, n in counts.items() if n]
    is_certain = sum(counts.values()) == counts["sure"]
    return "" if is_certain else caption("how_sure", lang, parts=caption("list_clause", lang).join(parts))


def _of_which(facts: Facts, sures: "pd.Series[int]") -> str:
    """How many of some gaps are certain, in words, where not all of them are."""
    n_sure, n = int(sures.get("certain", 0)), int(sures.sum())
    return "" if n_sure == n else caption("of_which_sure", facts.look.lang, n=n_sure)


def _rate(facts: Facts, rate: str, column: str) -> int:
    """A number of a rate for the whole street."""
    counted = facts.study.coverage_rates
    row = counted[(counted["rate"] == rate) & (counted["community"] == "")]
    return int(row[column].iloc[0]) if len(row) else 0
