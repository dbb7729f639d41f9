"""Codes that identify: a value joins rows only if it is a code, by its own check character.

*Checked* codes are unified social credit codes (GB 32100). *Local* numbers (001, grid 01) tell rows of one
sheet and one place apart and join nothing: every office begins again at one.
"""

import pandas as pd
from stdnum.cn import uscc

CHECKED = frozenset({"code"})


def is_credit_code(value: str) -> bool:
    """Whether a value is a unified social credit code with the right check character.

    >>> is_credit_code("91330100MA2AAAAA1E"), is_credit_code("办理中"), is_credit_code("001")
    (True, False, False)
    """
    return bool(uscc.is_valid(value)) if value.isascii() else False


def checked_codes(column: pd.Series) -> pd.Series:
    """The credit codes of a column, "" where a cell holds none."""
    held = column.astype("str").fillna("")
    good = {value: uscc.compact(value) for value in held.unique() if value and is_credit_code(value)}
    return held.map(good).astype("str").fillna("")
