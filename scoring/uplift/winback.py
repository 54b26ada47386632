"""Whom to win back: by what a message changes where that is known, by risk until then.

Responsible for the choice between the two and for saying which it was and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from scoring.uplift.model import UpliftModel
from scoring.uplift.power import contacts_per_arm, not_measurable

LIFT: Final = 0.20
"""Relative lift that an experiment must be able to show before its uplift is acted on.

Differences between persons are smaller than the average effect and need more rows, so an
experiment that could not even show an average lift of this size tells nothing of persons.
"""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Winback:
    """Whom to write to.

    Attributes
    ----------
    persons : pandas.Index
        Best first.
    by : str
        ``"uplift"`` or ``"risk"``.
    why : str
        On what grounds, in one sentence.
    """

    persons: pd.Index
    by: str
    why: str


def winback_targets(
    churn: pd.Series,
    number: int,
    *,
    model: UpliftModel | None = None,
    X: pd.DataFrame | None = None,
    lift: float = LIFT,
) -> Winback:
    """Choose whom to win back.

    Parameters
    ----------
    churn : pandas.Series
        P(no purchase in the horizon), by ``person_id``.
    number : int
        Most persons to be written to.
    model : UpliftModel, optional
        Fitted on the experiments of the shop on whether somebody bought; None: there are none, or
        too little came of them.
    X : pandas.DataFrame, optional
        Features of the same persons, needed with a model.
    lift : float
        Relative lift that the experiment must be able to show.

    Returns
    -------
    Winback
        By uplift only those whom a message is expected to bring more than it drives away.

    Raises
    ------
    ValueError
        A model is given without features of every person.

    Examples
    --------
    >>> churn = pd.Series([0.2, 0.9, 0.6], index=["ann", "bob", "cid"])
    >>> chosen = winback_targets(churn, 2)
    >>> list(chosen.persons), chosen.by
    (['bob', 'cid'], 'risk')
    >>> chosen.why
    'by risk: there is no experiment that tells what a message changes'
    """
    doubt = why_not_uplift(model, lift)
    if doubt is not None or model is None:
        ranked = churn.dropna().sort_values(ascending=False, kind="stable")
        return Winback(persons=ranked.index[:number], by="risk", why=f"by risk: {doubt}")
    if X is None or not churn.index.isin(X.index).all():
        raise ValueError("X: features of every person in churn are needed to predict an uplift")
    rows = X.loc[churn.index]
    uplift = pd.Series(model.predict(rows), index=churn.index)
    ranked = uplift[uplift > 0].sort_values(ascending=False, kind="stable")
    return Winback(persons=ranked.index[:number], by="uplift", why=f"by uplift: {model.why_}")


def why_not_uplift(model: UpliftModel | None, lift: float = LIFT) -> str | None:
    """Return why persons are not ranked by uplift, None where they are.

    Examples
    --------
    >>> why_not_uplift(None)
    'there is no experiment that tells what a message changes'
    """
    if model is None:
        return "there is no experiment that tells what a message changes"
    effect = model.effect_
    smaller = min(effect.treated_rows, effect.control_rows)
    missing = not_measurable(effect.control, smaller, lift)
    if missing is not None:
        return missing
    return None if model.heterogeneous_ else model.why_


def enough_for_winback(base: float, lift: float = LIFT) -> int:
    """Return how many persons each arm needs before uplift may choose whom to win back.

    Parameters
    ----------
    base : float
        Share of persons who buy without a message.
    lift : float
        Relative lift that the experiment must be able to show.

    Examples
    --------
    >>> enough_for_winback(0.05)
    8155
    """
    return contacts_per_arm(base, lift)
