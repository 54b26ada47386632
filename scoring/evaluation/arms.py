"""What each arm of the experiments brought on average, beside its control.

Responsible for means; for whom a message changes more is judged by `scoring.evaluation.uplift`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from scoring.metrics import Interval
from scoring.uplift import Effect, Experiment


def evaluate_arms(arms: Mapping[str, Experiment]) -> pd.DataFrame:
    """Return one row an arm: how many, who bought with and without, and what it caused.

    Parameters
    ----------
    arms : mapping of str to Experiment
        Of `scoring.uplift.by_arm`.

    Returns
    -------
    pandas.DataFrame
        ``drawn``, ``held back`` (draws), ``bought``, ``without`` (shares), ``lift`` and ``spend``
        (`Interval` of what the message caused for each person: in shares, and in the store's
        currency).
    """
    return pd.DataFrame.from_dict(
        {arm: _row(one.effect("bought"), one.effect("spend")) for arm, one in arms.items()},
        orient="index",
    )


def _row(bought: Effect, spend: Effect) -> dict[str, object]:
    return {
        "drawn": bought.treated_rows,
        "held back": bought.control_rows,
        "bought": bought.treated,
        "without": bought.control,
        "lift": Interval(bought.value, bought.low, bought.high),
        "spend": Interval(spend.value, spend.low, spend.high),
    }
