"""The card of a model: what it was made from, how good it is, and what it is for.

It is written beside the model for people (`scoring.files.markdown`) and as JSON for
`shopbell score check`, which holds new data against its figures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A figure of a model on rows that it had not seen."""

    name: str
    value: float
    low: float | None = None
    """Lower end of its 95 % interval; None: none was made."""
    high: float | None = None
    """Upper end."""
    on: str = ""
    """The rows, such as ``cut-off 2011-09-10, 4,313 people``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Rows with a similar prediction: what was said, and what came."""

    predicted: float
    """Mean of the predictions."""
    actual: float
    """Mean of what was observed."""
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelCard:
    """What one should know of a model before one uses it.

    Examples
    --------
    >>> card = ModelCard(name="churn", model_id="churn-1", made_at="2011-12-10T02:00:00Z",
    ...                  population="bought in the last 365 days", rows=10, people=5)
    >>> ModelCard.from_json(card.as_json()) == card
    True
    """

    name: str
    """``churn``, ``value``, ``timing``, ``recommend`` or ``uplift``."""
    model_id: str
    """Names this very model; stands in the scores."""
    made_at: str
    """UTC, ISO 8601."""
    population: str
    """Of whom it speaks."""
    rows: int
    """Rows of training: people times cut-offs."""
    people: int
    """Different people among them."""
    store: str | None = None
    """None: the only one of the lake."""
    horizon: int | None = None
    """Days ahead; None: it speaks of no horizon."""
    base_rate: float | None = None
    """Share (churn) or mean (value) of what is predicted, in training."""
    data_from: str = ""
    """First local day of the data."""
    data_to: str = ""
    """Last one."""
    cutoffs: tuple[str, ...] = ()
    """Local days of the training snapshots, oldest first."""
    features: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """What it is made of."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """As given, and what was learnt where one number says it."""
    metrics: tuple[Metric, ...] = ()
    calibration: tuple[Bin, ...] = ()
    reference: dict[str, Any] = field(default_factory=dict)
    """What `scoring.drift` holds new data against."""
    seeds: tuple[int, ...] = ()
    data_hash: str = ""
    """Of the lake's files, by `scoring.files.digest_of`."""
    intended: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """What it could not learn, and why."""

    def metric(self, name: str) -> Metric | None:
        """Return a figure by its name; None: the card has none such."""
        return next((metric for metric in self.metrics if metric.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> ModelCard:
        """Return the card that `as_json` gave, also after JSON made lists of its tuples.

        Raises
        ------
        TypeError
            It has other entries than a card has.
        """
        plain = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
        }
        plain["metrics"] = tuple(Metric(**metric) for metric in plain.get("metrics", ()))
        plain["calibration"] = tuple(Bin(**one) for one in plain.get("calibration", ()))
        return cls(**plain)


def reliability(actual: ArrayLike, predicted: ArrayLike, *, bins: int = 10) -> tuple[Bin, ...]:
    """Return what came beside what was said, in bins of equally many rows.

    Parameters
    ----------
    actual, predicted : array-like of shape (n_rows,)
    bins : int
        At most so many; fewer where there are fewer rows.

    Returns
    -------
    tuple of Bin
        The lowest predictions first.

    Examples
    --------
    >>> reliability([0, 1], [0.25, 0.75], bins=2)
    (Bin(predicted=0.25, actual=0.0, rows=1), Bin(predicted=0.75, actual=1.0, rows=1))
    """
    said = np.asarray(predicted, dtype=float)
    came = np.asarray(actual, dtype=float)
    order = np.argsort(said, kind="stable")
    return tuple(
        Bin(predicted=float(said[part].mean()), actual=float(came[part].mean()), rows=len(part))
        for part in np.array_split(order, bins)
        if len(part)
    )
