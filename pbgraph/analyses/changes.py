"""Changes: what became of each unit since an earlier network of the same street.

Units are the same where their id is, which is made of name, place and code and never of a row number. A
unit that the earlier rosters did not have, that the later ones lack, or that is out of operation by now is said
to be so and is no success; neither is a gap that was not certain, nor is one a failure that is not certain now.
"""

import pandas as pd

from pbgraph import schema
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.study import Study, measure
from pbgraph.network import Network

CHANGES = ("solved", "new", "moved", "arrived", "closed", "left")
_COLUMNS = ("unit_id", "unit", "community", "before", "after", "change", "source")


@measure(*_COLUMNS)
def gap_changes(study: Study, *, earlier: Network) -> pd.DataFrame:
    """Compare the gaps of two networks, both under the rules of the study.

    Parameters
    ----------
    network
        Not changed.
    earlier
        The network of an earlier day, such as the one saved in the pack of the last meeting.

    Returns
    -------
    DataFrame
        One row per unit whose state is another, sorted by change, community, name and id; the same
        networks give no rows.

        - `unit_id`, `unit`, `community`; `before`, `after` - states of coverage, null where the rosters do not have it
          or it is out of operation
        - `change` - "solved" (was certainly a gap and is none), "new" (is certainly a gap and was none), "moved"
          (another state), "closed" (out of operation by now), "arrived" or "left" (in one of the two rosters only)
        - `source` - rows of the later rosters, or of the earlier where it has left

    """
    now, then = (coverage(held)[_STATED] for held in (study, Study(earlier, policy=study.policy)))
    both = now.merge(then, on="unit_id", how="outer", suffixes=("", "_then"))
    gaps = schema.vocabulary("coverage_state").codes(is_gap="true")
    before, after = both["state_then"], both["state"]
    was_certain, is_certain = (both[sure].isin(["certain"]) for sure in ("sure_then", "sure"))
    change = pd.Series("moved", index=both.index)
    change = change.mask(before.isin(gaps) & was_certain & ~after.isin(gaps), "solved")
    change = change.mask(~before.isin(gaps) & after.isin(gaps) & is_certain, "new").mask(after.isna(), "closed")
    change = change.mask(both["unit_then"].isna(), "arrived").mask(both["unit"].isna(), "left")
    for column in ("unit", "community", "source"):
        both[column] = both[column].fillna(both[f"{column}_then"])
    frame = both.assign(before=before, after=after, change=change)
    frame = frame[(before.fillna("") != after.fillna("")) | frame["change"].isin(["arrived", "left"])]
    rank = {name: number for number, name in enumerate(CHANGES)}
    ordered = frame.assign(rank=frame["change"].map(rank)).sort_values(
        ["rank", "community", "unit", "unit_id"], ignore_index=True
    )
    return ordered[list(_COLUMNS)].astype("str")


_STATED = ["unit_id", "unit", "community", "state", "sure", "source"]
