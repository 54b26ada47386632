"""How many persons an experiment needs to show a lift, and which lift it can show.

Responsible for planning figures; what an experiment did show is told by `scoring.uplift.effect`.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import norm


def contacts_per_arm(
    base: float, lift: float, *, power: float = 0.8, significance: float = 0.05
) -> int:
    """Return how many persons each of two equal arms needs, so that a relative lift shows.

    Parameters
    ----------
    base : float
        Share of the control arm that clicks or buys, between 0 and 1.
    lift : float
        Relative to the base: 0.06 for 6 % more of them; negative for fewer.
    power : float
        Chance that a true lift of this size is found.
    significance : float
        Chance that one is "found" where there is none, two-sided.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        A share is outside of (0, 1), or the lift is 0.

    References
    ----------
    Fleiss, J. L., Levin, B. and Paik, M. C. (2003). Statistical Methods for Rates and
    Proportions, 3rd ed., section 4 (normal approximation, variances not pooled, no correction
    for continuity).

    Examples
    --------
    >>> contacts_per_arm(0.05, 0.06)
    85197
    >>> contacts_per_arm(0.02, 0.20)
    21106
    """
    return math.ceil(_needed(base, lift, power, significance))


def _needed(base: float, lift: float, power: float, significance: float) -> float:
    treated = base * (1 + lift)
    for name, share in (("base", base), ("base x (1 + lift)", treated), ("power", power)):
        if not 0 < share < 1:
            raise ValueError(f"{name}: {share:g} is not between 0 and 1")
    if not 0 < significance < 1 or lift == 0:
        raise ValueError("significance: between 0 and 1; lift: not 0; else nothing can be shown")
    spread = base * (1 - base) + treated * (1 - treated)
    quantiles = norm.ppf(1 - significance / 2) + norm.ppf(power)
    return float(quantiles**2 * spread / (treated - base) ** 2)


def smallest_lift(
    base: float, contacts: int, *, power: float = 0.8, significance: float = 0.05
) -> float | None:
    """Return the least relative lift that arms of this size would show.

    Parameters
    ----------
    base : float
        Share of the control arm that clicks or buys, between 0 and 1.
    contacts : int
        Persons in each arm.
    power, significance : float
        As for `contacts_per_arm`.

    Returns
    -------
    float or None
        None where not even everybody buying would show.

    Examples
    --------
    >>> round(smallest_lift(0.05, 85197), 4)
    0.06
    """

    def missing(lift: float) -> float:
        return _needed(base, lift, power, significance) - contacts

    most = (1 - base) / base * (1 - 1e-9)
    least = 1e-6
    if missing(most) > 0:
        return None
    return least if missing(least) <= 0 else float(brentq(missing, least, most))


def not_measurable(
    base: float, contacts: int, lift: float = 0.06, *, power: float = 0.8
) -> str | None:
    """Return the sentence that a lift cannot be measured yet; None where it can.

    Parameters
    ----------
    base : float
        Share of the control arm that clicks or buys.
    contacts : int
        Persons in the smaller arm.
    lift : float
        Relative lift that one would like to see.
    power : float
        As for `contacts_per_arm`.

    Examples
    --------
    >>> not_measurable(0.05, 10_000)
    'not measurable yet: 10,000 persons in the smaller arm, 85,197 would show a lift of 6 %'
    >>> not_measurable(0.05, 100_000)
    """
    there = f"not measurable yet: {contacts:,} persons in the smaller arm"
    if not 0 < base < 1:
        return f"{there}, and none or all of the control arm answered"
    enough = contacts_per_arm(base, lift, power=power)
    return (
        None
        if contacts >= enough
        else f"{there}, {enough:,} would show a lift of {lift:.0%}".replace("%", " %")
    )
