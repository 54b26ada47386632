"""Each arm of an experiment against its control.

Responsible for telling arms apart where an experiment had several, as one text for men and one for
women: they may change different persons, and one may do harm while the other helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from scoring.uplift.experiment import Experiment

ANY: Final = "any message"
"""Stands for the arms of experiments that had one each, as campaigns with a holdout."""


def by_arm(experiment: Experiment) -> Mapping[str, Experiment]:
    """Part the draws of several arms into one experiment for each arm, beside the same controls.

    Parameters
    ----------
    experiment : Experiment
        From `read_experiment`.

    Returns
    -------
    mapping of str to Experiment
        By the arm's name. Experiments that had one arm are taken together, under `ANY` where their
        arms have different names; so are those whose arms had chances that changed, which only
        tell what some message does. Those without a control, or without anybody else, are left out.
        ``probability`` is that of the arm among the arm and the control.
    """
    told = [
        (_names_of(rows), rows)
        for _, rows in experiment.rows.groupby("experiment")
        if rows["treated"].nunique() == 2
    ]
    named = {arm for arms, _ in told if len(arms) > 1 for arm in arms}
    others = {arm for arms, rows in told if len(arms) == 1 for arm in _treatments(rows)} - named
    rest = others.pop() if len(others) == 1 else ANY
    parts: dict[str, list[pd.DataFrame]] = {}
    for arms, rows in told:
        for arm, some in _parted(arms, rows):
            parts.setdefault(arm if arm in named else rest, []).append(some)
    return {
        arm: replace(experiment, rows=pd.concat(parts[arm], ignore_index=True))
        for arm in sorted(parts)
    }


def _treatments(rows: pd.DataFrame) -> list[str]:
    return sorted(rows.loc[rows["treated"], "arm"].unique())


def _names_of(rows: pd.DataFrame) -> list[str]:
    """Return the arms that can be told apart; one name where they cannot."""
    arms = _treatments(rows)
    fixed = rows.loc[rows["treated"]].groupby("arm")["chance"].nunique().max() == 1
    return arms if fixed or len(arms) == 1 else [ANY]


def _parted(arms: list[str], rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if len(arms) == 1:
        yield arms[0], rows
        return
    for arm in arms:
        some = rows[(rows["arm"] == arm) | ~rows["treated"]]
        chances = some.groupby("treated")["chance"].first()
        yield arm, some.assign(probability=chances[True] / chances.sum())
