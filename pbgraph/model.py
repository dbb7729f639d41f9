"""What a network is: its kinds, their id columns and prefixes, the columns of a tie and of the reading behind it.

Knows nothing of who fills it. `BASES` says how a tie is known: *stated* in a row, *derived* from a name
that says it, or *decided* by a person who said which name is meant.
"""

PREFIXES = {
    "members": "member",
    "organizations": "org",
    "units": "unit",
    "committees": "committee",
    "communities": "community",
    "grids": "grid",
    "projects": "project",
    "instructors": "instructor",
    "meetings": "meeting",
    "resources": "resource",
    "bodies": "body",
    "records": "record",
}
ID_COLUMNS = {kind: f"{prefix}_id" for kind, prefix in PREFIXES.items()} | {"organizations": "organization_id"}
KINDS = tuple(PREFIXES)
BASES = ("stated", "derived", "decided")
SAYS_ORG = (
    "has_org",
    "org_situation",
    "coverage_kind",
    "founding_form",
)  # fields in which a unit's row says that it has one
COUNTED = ("member_count", "full_count", "probationary_count")  # the numbers of members that a unit's row states
TIE_COLUMNS = (
    "source_id", "target_id", "relation", "since", "until", "post", "time_share",
    "category", "status", "content", "basis", "source",
)  # fmt: skip
TOLD_OF_TIES = ("since", "until", "post", "time_share", "category", "status", "content", "basis")
"""What a tie says of itself; the other columns say which tie it is."""
SHEETS: dict[str, tuple[str, ...]] = {
    "grids": ("grids", "estates", "buildings", "duty_areas")
}  # kinds that several kinds of table tell of
ALWAYS = {
    "organizations": {
        "org_type": "organization_category", "community": "text", "is_community_org": "flag", "is_inside": "flag",
        "is_joint": "flag",
    },
    "units": {"unit_type": "unit_type", "community": "text"},
    "grids": {"community": "text"}, "members": {"category": "member_category", "status": "member_status"},
}  # fmt: skip
"""Columns that a table has whatever was read, with their types; a network made by hand may lack them."""
MADE = {
    "organizations": {"said_none": "text"},
    "units": {"states_org": "flag", "not_understood": "text", "said_none": "text"},
    "members": {
        "birth_year": "integer", "birth_month": "integer", "stated_age": "integer", "education": "text",
        "full_date": "date",
        "is_director": "flag", "is_graduate": "flag", "is_studying": "flag",
        "training_days": "number", "pay": "number", "is_lost": "flag",
        "is_insured": "flag", "has_pension": "flag", "has_medical": "flag", "has_unemployment": "flag",
        "has_injury": "flag", "has_maternity": "flag",
    },
    "communities": {"said_none": "text"}, "grids": {"type": "text", "said_none": "text"}, "meetings": {"type": "text"},
    "bodies": {"type": "text", "said_none": "text"}, "resources": {"type": "text"},
    "records": {"type": "text"},
}  # fmt: skip
"""Columns that linking makes, with their types; a reduced or hand-made network may lack them."""
LEDGER_COLUMNS = ("file", "sheet", "table", "range", "n_rows", "n_used", "n_set_aside", "n_skipped", "skipped")
REGION_COLUMNS = ("file", "sheet", "range", "table", "runner_up", "margin", "score", "is_sure", "may_hold", "shape")
READ_COLUMNS = (
    "file", "sheet", "range", "column", "header", "field", "meaning", "weight", "by_header", "by_cells", "samples",
    "key",
)  # fmt: skip
