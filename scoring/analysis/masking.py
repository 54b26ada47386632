"""Small groups of people are told of as small, and nothing else is told of them.

A mean of three persons tells of each of them. In what leaves the analyst's desk the numbers of a
group of fewer than ten are left out; which groups there are stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

LEAST: Final = 10
"""People in a group that is told of."""


def mask_small(
    frame: pd.DataFrame, people: str = "people", *, keep: Sequence[str] = (), least: int = LEAST
) -> pd.DataFrame:
    """Leave out the numbers of groups of fewer than ``least`` people.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a group.
    people : str
        The column that counts them.
    keep : sequence of str
        Columns of numbers that say nothing of the people, such as the hour that names the group.
    least : int

    Returns
    -------
    pandas.DataFrame
        The same rows; every other column of numbers is NaN where a group is small.

    Examples
    --------
    >>> groups = pd.DataFrame({"segment": ["a", "b"], "people": [40, 3], "spend": [9.5, 100.0]})
    >>> mask_small(groups)["spend"].tolist()
    [9.5, nan]
    """
    numbers = [name for name in frame.select_dtypes("number") if name not in keep]
    masked = frame.astype(dict.fromkeys(numbers, "float64"))
    masked.loc[(frame[people] < least).to_numpy(), numbers] = float("nan")
    return masked
