"""What ways to choose the hour are worth, from sends whose hour was drawn.

Responsible for naming the ways; they are valued by `scoring.offpolicy`.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.errors import NotEnoughDataError
from scoring.offpolicy import compare, evaluate

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


class Sends(Protocol):
    """Sends whose hour was drawn, as `scoring.pipeline.gate.decide` gives them."""

    hours: Ints
    answered: Ints
    slot: Ints
    probability: Floats
    candidates: Ints
    person: NDArray[Any]
    one_hour: int
    personal: Ints


def policies(sends: Sends, *, coverage: float = 0.99) -> pd.DataFrame:
    """Value ways to choose the hour, from sends whose hour was drawn.

    Parameters
    ----------
    sends : Sends
    coverage : float
        Of each interval; so wide, since several are read side by side.

    Returns
    -------
    pandas.DataFrame
        Index: ``any hour`` (evenly), ``the usual hour`` (what was taken when nothing was
        explored), ``one best hour`` and ``personal hours``; ``value`` in answers a send, ``low``,
        ``high``. A way of which the log tells too little has NaN.
    """
    rows = {}
    for name, target in _targets(sends).items():
        try:
            found = evaluate(*_log(sends), target, persons=sends.person, coverage=coverage)
            rows[name] = found.value, found.low, found.high
        except NotEnoughDataError:
            rows[name] = (np.nan,) * 3
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def gains(sends: Sends) -> pd.DataFrame:
    """Hold ways to choose the hour against each other, on the same sends.

    Returns
    -------
    pandas.DataFrame
        Index: ``exploring`` (any hour above the usual one), ``one hour`` (the best one above the
        usual one), ``personal`` (above the usual one) and ``personal above one``; ``value`` in
        answers a send, ``low`` and ``high``.
    """
    every, usual, one, own = _targets(sends).values()
    pairs = {
        "exploring": (every, usual),
        "one hour": (one, usual),
        "personal": (own, usual),
        "personal above one": (own, one),
    }
    rows = {}
    for name, (better, base) in pairs.items():
        try:
            found = compare(*_log(sends), better, base, persons=sends.person)
            rows[name] = found.value, found.low, found.high
        except NotEnoughDataError:
            rows[name] = (np.nan,) * 3
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def explored_share(sends: Sends) -> float:
    """Return the share of sends whose hour was drawn evenly.

    Where an hour was less likely than an even draw makes it, it was drawn as one of the
    ``candidates``, each of which then has the same part of that share.
    """
    drawn = sends.probability < 1 / sends.candidates
    if not drawn.any():
        return 1.0
    return float((sends.probability * sends.candidates)[drawn].mean())


def _usual(sends: Sends) -> NDArray[np.bool_]:
    """Tell which sends went out at what was taken for the best hour."""
    return sends.probability >= 1 / sends.candidates


def _log(sends: Sends) -> tuple[Ints, Ints, Floats]:
    return sends.answered, sends.slot, sends.probability


def _targets(sends: Sends) -> dict[str, Floats | Ints]:
    """Return each policy, as probabilities or slots."""
    n, slots = len(sends.slot), len(sends.hours)
    return {
        "any hour": np.full((n, slots), 1 / slots),
        # What the usual hour of a send elsewhere was is not logged; it was not the one that it got.
        "the usual hour": np.where(_usual(sends), sends.slot, (sends.slot + 1) % slots),
        "one best hour": np.full(n, sends.one_hour),
        "personal hours": np.asarray(sends.personal),
    }


def true_values(
    worth: pd.DataFrame, chats: float, persons: pd.DataFrame, sends: Sends, values: pd.DataFrame
) -> dict[str, float]:
    """Return what each policy truly brings, where that is known.

    Parameters
    ----------
    worth : pandas.DataFrame
        Of a simulated shop: clicks by habit (index) and hour (columns) over those of any hour.
    chats : float
        Answers a send that come as often at each hour.
    persons : pandas.DataFrame
        Index ``person_id``; ``habit`` and ``interest`` (clicks over those of others).
    sends : Sends
    values : pandas.DataFrame
        `policies` of them: what any hour brings is taken from it, what others bring above it from
        `worth`.

    Returns
    -------
    dict of str to float
    """
    whose = persons.loc[sends.person]
    rows = worth.loc[whose["habit"], sends.hours].to_numpy()
    usual = np.bincount(sends.slot[_usual(sends)]).argmax()
    choices = {"the usual hour": usual, "one best hour": sends.one_hour}
    choices["personal hours"] = sends.personal
    even = values.loc["any hour", "value"] - chats
    each, weights = np.arange(len(rows)), whose["interest"]
    over = {name: np.average(rows[each, slot], weights=weights) for name, slot in choices.items()}
    return {name: float(chats + even * times) for name, times in {"any hour": 1.0, **over}.items()}
