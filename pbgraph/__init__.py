"""pbgraph: Party-organization rosters to one multigraph, its coverage gaps and a meeting pack."""

from pbgraph import startup as startup

TYPE_CHECKING = False  # as in `typing`, which is not asked for it: a file of that name may lie among the rosters
if TYPE_CHECKING:
    from pbgraph.analyses.activities import activities, attendance
    from pbgraph.analyses.annual import annual_table
    from pbgraph.analyses.assessment import assess, not_run, partly_run
    from pbgraph.analyses.changes import gap_changes
    from pbgraph.analyses.co_building import co_building, co_building_categories
    from pbgraph.analyses.committees import appointments, committee_seats, interlocks, leadership
    from pbgraph.analyses.coverage import coverage
    from pbgraph.analyses.exchange import matches, registration_flows
    from pbgraph.analyses.management import dual_managed_members, dual_management
    from pbgraph.analyses.membership import membership
    from pbgraph.analyses.rates import coverage_rates, rate_lists
    from pbgraph.analyses.reconciliation import reconciliation
    from pbgraph.analyses.structure import (
        bridges,
        cohesive_groups,
        crossing_ties,
        multiplexity,
        shared_partners,
        structure,
    )
    from pbgraph.analyses.study import Study
    from pbgraph.analyses.subordination import subordination
    from pbgraph.build import read
    from pbgraph.errors import NetworkError, PbgraphError, PolicyError, RenderError, WorkbookError
    from pbgraph.job import Job
    from pbgraph.labels import labelled
    from pbgraph.linking.keys import name_key
    from pbgraph.network import Network
    from pbgraph.policy import Policy, read_policy
    from pbgraph.reading.recognition import recognise
    from pbgraph.reading.workbooks import Reading, read_workbooks
    from pbgraph.rendering.annotated import write_annotated
    from pbgraph.rendering.export import export
    from pbgraph.rendering.figures import (
        plot_co_building,
        plot_coverage,
        plot_crossing,
        plot_management,
        plot_meetings,
        plot_seats,
        plot_sizes,
    )
    from pbgraph.rendering.look import Look
    from pbgraph.rendering.map_page import MapPage, draw_map
    from pbgraph.rendering.pack import write_pack
    from pbgraph.rendering.poster import draw_poster
    from pbgraph.rendering.pyvis_page import to_pyvis
    from pbgraph.rendering.template import write_template
    from pbgraph.rendering.wall_page import draw_wall

__version__ = "0.1.0"
_HOMES = {
    "Job": "job",
    "Look": "rendering.look",
    "MapPage": "rendering.map_page",
    "Network": "network",
    "NetworkError": "errors",
    "PbgraphError": "errors",
    "Policy": "policy",
    "PolicyError": "errors",
    "Reading": "reading.workbooks",
    "RenderError": "errors",
    "Study": "analyses.study",
    "WorkbookError": "errors",
    "activities": "analyses.activities",
    "annual_table": "analyses.annual",
    "appointments": "analyses.committees",
    "assess": "analyses.assessment",
    "attendance": "analyses.activities",
    "bridges": "analyses.structure",
    "co_building": "analyses.co_building",
    "co_building_categories": "analyses.co_building",
    "cohesive_groups": "analyses.structure",
    "committee_seats": "analyses.committees",
    "coverage": "analyses.coverage",
    "coverage_rates": "analyses.rates",
    "crossing_ties": "analyses.structure",
    "draw_map": "rendering.map_page",
    "draw_poster": "rendering.poster",
    "draw_wall": "rendering.wall_page",
    "dual_managed_members": "analyses.management",
    "dual_management": "analyses.management",
    "export": "rendering.export",
    "gap_changes": "analyses.changes",
    "interlocks": "analyses.committees",
    "labelled": "labels",
    "leadership": "analyses.committees",
    "matches": "analyses.exchange",
    "membership": "analyses.membership",
    "multiplexity": "analyses.structure",
    "name_key": "linking.keys",
    "not_run": "analyses.assessment",
    "partly_run": "analyses.assessment",
    "plot_co_building": "rendering.figures",
    "plot_coverage": "rendering.figures",
    "plot_crossing": "rendering.figures",
    "plot_management": "rendering.figures",
    "plot_meetings": "rendering.figures",
    "plot_seats": "rendering.figures",
    "plot_sizes": "rendering.figures",
    "rate_lists": "analyses.rates",
    "read": "build",
    "read_policy": "policy",
    "read_workbooks": "reading.workbooks",
    "recognise": "reading.recognition",
    "reconciliation": "analyses.reconciliation",
    "registration_flows": "analyses.exchange",
    "shared_partners": "analyses.structure",
    "structure": "analyses.structure",
    "subordination": "analyses.subordination",
    "to_pyvis": "rendering.pyvis_page",
    "write_annotated": "rendering.annotated",
    "write_pack": "rendering.pack",
    "write_template": "rendering.template",
}
__all__ = [
    "Job",
    "Look",
    "MapPage",
    "Network",
    "NetworkError",
    "PbgraphError",
    "Policy",
    "PolicyError",
    "Reading",
    "RenderError",
    "Study",
    "WorkbookError",
    "activities",
    "annual_table",
    "appointments",
    "assess",
    "attendance",
    "bridges",
    "co_building",
    "co_building_categories",
    "cohesive_groups",
    "committee_seats",
    "coverage",
    "coverage_rates",
    "crossing_ties",
    "draw_map",
    "draw_poster",
    "draw_wall",
    "dual_managed_members",
    "dual_management",
    "export",
    "gap_changes",
    "interlocks",
    "labelled",
    "leadership",
    "matches",
    "membership",
    "multiplexity",
    "name_key",
    "not_run",
    "partly_run",
    "plot_co_building",
    "plot_coverage",
    "plot_crossing",
    "plot_management",
    "plot_meetings",
    "plot_seats",
    "plot_sizes",
    "rate_lists",
    "read",
    "read_policy",
    "read_workbooks",
    "recognise",
    "reconciliation",
    "registration_flows",
    "shared_partners",
    "structure",
    "subordination",
    "to_pyvis",
    "write_annotated",
    "write_pack",
    "write_template",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `pbgraph --help` answers at once.

    A function may bear the name of the module it stands in (`coverage`), so the home is imported
    by its path and never taken for the function.
    """
    if name not in _HOMES:
        from pbgraph.errors import no_attribute

        raise no_attribute("module 'pbgraph'", name, __all__)
    from importlib import import_module

    value: object = getattr(import_module(f"pbgraph.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
