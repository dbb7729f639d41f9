"""What the outputs show, measured once for all of them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pbgraph.analyses.assessment import Measured, assessed
from pbgraph.analyses.changes import gap_changes
from pbgraph.analyses.co_building import co_building, co_building_categories
from pbgraph.analyses.coverage import coverage, policy_of
from pbgraph.analyses.management import dual_management
from pbgraph.analyses.rates import coverage_rates
from pbgraph.captions import caption
from pbgraph.counting import active_members
from pbgraph.engine import collected
from pbgraph.network import Network, member_counts
from pbgraph.policy import Policy
from pbgraph.rendering.look import GAPS, Look


@dataclass(frozen=True)
class Facts:
    """A network with its measures, findings and rules, in a language and an edition."""

    network: Network
    look: Look
    policy: Policy
    coverage: pd.DataFrame
    management: pd.DataFrame
    co_building: pd.DataFrame
    categories: pd.DataFrame
    rates: pd.DataFrame
    findings: pd.DataFrame
    not_run: pd.DataFrame
    counts: dict[str, dict[str, int]]
    n_active: int
    changed: pd.DataFrame | None
    earlier_as_of: str

    @property
    def is_judged(self) -> bool:
        """Whether coverage can be judged at all: without a list of organizations every unit would seem a gap."""
        return bool(self.network.tables["organizations"]["is_listed"].any())


def gather(network: Network, *, look: Look, policy: Policy | None = None, earlier: Network | None = None) -> Facts:
    """Measure what the outputs show; the rules are those of the network's profile by default."""
    rules = policy or policy_of(network)
    measured = Measured(coverage(network, policy=rules), dual_management(network), co_building(network))
    findings, not_run = assessed(measured, network, policy=rules, lang=look.lang)
    return Facts(
        network, look, rules, measured.coverage, measured.management, measured.co_building,
        categories=co_building_categories(network),
        rates=coverage_rates(network, policy=rules, units=measured.coverage),
        findings=findings,
        not_run=not_run,
        counts=member_counts(network),
        n_active=_n_active(network),
        changed=None if earlier is None else gap_changes(network, earlier=earlier),
        earlier_as_of="" if earlier is None else earlier.as_of,
    )  # fmt: skip


def _n_active(network: Network) -> int:
    """Active members; in an edition without persons, the sum over organizations."""
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
    """The numbers that titles and sentences are made of."""
    network, units, management = facts.network, facts.coverage, facts.management
    scope = units[units["is_in_scope"]]
    states = scope["state"].value_counts()
    by_state = management["state"].value_counts()
    ties = network.ties["relation"].value_counts()
    covered = int(scope["is_covered"].sum())
    listed = network.tables["organizations"]["is_listed"].astype(bool)
    asked = network.tables["organizations"]["organization_id"].isin(set(network.review["open_id"]))
    work = int((scope["is_covered"] | scope["is_work_covered"]).sum())
    gaps = scope[scope["state"].isin(GAPS)]
    held, taking = (network.ties[network.ties["relation"] == name] for name in ("holds_post", "participates"))
    return {
        "street": street_name(network, facts.look.lang), "n_units": len(scope),
        "n_closed": len(units) - len(scope), "n_covered": covered,
        "share": percent(covered, len(scope)), "work_share": percent(work, len(scope)), "n_gaps": len(gaps),
        "n_check": int((gaps["sure"] == "check-name").sum()), "n_unknown": int((gaps["sure"] == "unknown").sum()),
        "must": int(states.get("must-establish", 0)), "split": int(states.get("split-due", 0)),
        "candidate": int(states.get("joint-candidate", 0)), "borderline": int(states.get("borderline", 0)),
        "blank": int(states.get("blank", 0)), "n_organizations": int(listed.sum()), "n_members": facts.n_active,
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
        "n_none": int(facts.co_building["has_none"].sum()),
    }  # fmt: skip


def _rate(facts: Facts, rate: str, column: str) -> int:
    """A number of a rate for the whole street."""
    row = facts.rates[(facts.rates["rate"] == rate) & (facts.rates["community"] == "")]
    return int(row[column].iloc[0]) if len(row) else 0
