"""`SendTimeModel`: when a person is likely to answer, shrunk to what the shop knows.

Responsible for the curve of each person over the slots of a week (or of a day), learned from
weighted counts of what she did and when. Counting is done by `scoring.timing.counts`, how willing
a person is to answer at all by `scoring.timing.rates`, which slots are legal by
`scoring.timing.windows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin, clone
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from scoring.timing.circle import kernel, shares
from scoring.timing.mixture import fit_mixture, memberships

Floats = NDArray[np.floating]

DAYS = 7
WEEK = 168
BLOCK = 8_192
"""People worked on at once: 8,192 x 168 slots in float32 are 5.5 MB, which caches hold."""
MIXTURE_PEOPLE = 20_000
"""People from whom the kinds are learned; more change no curve by 1 %."""
DAY_EVENTS = 24.0
"""Events of the whole week's curve that each day is given."""
KIND_EVENTS = 300.0
"""Events of the shop's day that each kind's day is given."""
GRID: dict[str, tuple[float, ...]] = {
    "kinds": (1, 2, 4, 6),
    "kernel_hours": (0.5, 0.7, 1.0, 1.5),
    "other_days": (0.3, 0.6, 1.0),
    "day_tilt": (0.7, 0.85, 1.0),
}
"""What is tried when later events are given, one setting after the other."""


class SendTimeModel(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Curves over the hours of the week, from what people did before.

    Each kind of people (a component of a mixture of Dirichlet distributions, learned by maximum
    likelihood) has a curve and a firmness; a person's curve is the kinds' curves, weighted by how
    likely she is of each, and her own events, smoothed over neighbouring hours. Who has no event
    gets the shop's curve. The hours of a day depend on the day of the week.

    Parameters
    ----------
    kinds : int, default=4
        Components of the mixture; 1 is plain empirical Bayes.
    kernel_hours : float, default=1.0
        Standard deviation of the smoothing over hours.
    other_days : float, default=0.6
        What an event counts for the hours of another day of the week; 1 is as much as for its own.
    day_tilt : float, default=0.85
        How much of what sets a day's hours apart is believed to come again; 0: nothing, 1: all.
    random_state : int, RandomState or None, default=None
        Picks the people from whom the kinds are learned, where there are more than 20,000.

    Attributes
    ----------
    mixture_ : Mixture
        The kinds, by hour of the day.
    kind_curves_ : ndarray of shape (kinds, days, hours)
        Each kind's hours, on each day; sums to 1 over hours.
    kind_days_ : ndarray of shape (kinds, days)
        Each kind's days.
    day_firmness_ : float
        How many events of one's own weigh as much as the kind's days.
    curve_ : ndarray of shape (n_slots,)
        The shop's curve; sums to 1.
    n_features_in_ : int
        Slots. 168 are the hours of the week, Monday 00 first; any other number is one circle.

    Notes
    -----
    NaN and negative counts are refused. Hours are of the person's own wall clock.

    Examples
    --------
    >>> import numpy as np
    >>> counts = np.zeros((200, 24))
    >>> counts[:100, 9] = counts[100:, 20] = 5
    >>> model = SendTimeModel(kinds=2).fit(counts)
    >>> stranger, owl = model.transform(np.vstack([np.zeros(24), np.eye(24)[20] * 3]))
    >>> int(owl.argmax()), bool(owl[20] > stranger[20])
    (20, True)
    """

    def __init__(
        self,
        kinds: int = 4,
        kernel_hours: float = 1.0,
        other_days: float = 0.6,
        day_tilt: float = 0.85,
        random_state: Any = None,
    ) -> None:
        self.kinds = kinds
        self.kernel_hours = kernel_hours
        self.other_days = other_days
        self.day_tilt = day_tilt
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        """Tell that counts are wanted, sparse or not."""
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = []
        return tags

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the kinds and the shop's curve.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_people, n_slots)
            Weighted counts of events.
        y : None
            Ignored.

        Returns
        -------
        SendTimeModel
            Itself.

        Raises
        ------
        ValueError
            A count is negative, infinite or NaN, or a setting makes no sense.
        """
        X = self._counts(X, reset=True)
        self._refuse_settings()
        return self._learn(self._some_people(X))

    def fit_later(self, X: Any, later: Any) -> Self:
        """Choose the settings by what came later, then learn from both.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_people, n_slots)
            Counts of the first four fifths of the time.
        later : array or sparse matrix of shape (n_people, n_slots)
            Counts of the same people in the last fifth.

        Returns
        -------
        SendTimeModel
            Itself, with the settings that gave `later` the highest likelihood.
        """
        for name, values in GRID.items():
            tried = {value: self._try(name, value, X, later) for value in values}
            self.set_params(**{name: max(tried, key=tried.__getitem__)})
        return self.fit(csr_array(X) + csr_array(later))

    def transform(self, X: Any) -> Floats:
        """P(slot | she does something), each row summing to 1.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_people, n_slots)
            Counts of the people to be told about; a row of zeros gives the shop's curve.

        Returns
        -------
        ndarray of shape (n_people, n_slots), float32
            For a whole shop take `blocks`, which needs a fraction of the memory.
        """
        X = self._checked(X)
        out = np.empty(X.shape, dtype=np.float32)
        for rows, curves in self._blocks(X, BLOCK):
            out[rows] = curves
        return out

    def blocks(self, X: Any, size: int = BLOCK) -> Iterator[tuple[slice, Floats]]:
        """Yield rows and their curves, a block at a time.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_people, n_slots)
            As for `transform`.
        size : int, default=8192
            People in a block.

        Yields
        ------
        slice, ndarray of shape (rows, n_slots), float32
        """
        yield from self._blocks(self._checked(X), size)

    def log_likelihood(self, X: Any, later: Any) -> float:
        """Mean log-likelihood of the hours of later events, given their day.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_people, n_slots)
            What was known before.
        later : array or sparse matrix of shape (n_people, n_slots)
            What was seen after.

        Returns
        -------
        float
            In nats, at most 0; NaN where nothing was seen.
        """
        X, later = self._checked(X), csr_array(self._counts(later))
        total, count = 0.0, later.sum()
        for rows, curves in self._blocks(X, BLOCK):
            seen = later[rows].tocoo()
            days = curves.reshape(len(curves), self._days, -1)
            hours = shares(days).reshape(curves.shape)
            total += float(seen.data @ np.log(hours[seen.row, seen.col]))
        return total / count if count else np.nan

    def _counts(self, X: Any, *, reset: bool = False) -> csr_array:
        X = validate_data(
            self, X, accept_sparse="csr", dtype=np.float64, reset=reset, ensure_non_negative=True
        )
        return csr_array(X)

    def _checked(self, X: Any) -> csr_array:
        check_is_fitted(self)
        return self._counts(X)

    def _refuse_settings(self) -> None:
        if self.kinds < 1:
            raise ValueError(f"kinds is {self.kinds}; at least 1 is needed")
        if self.kernel_hours < 0:
            raise ValueError(f"kernel_hours is {self.kernel_hours}; it is 0 or more")
        if not 0 <= self.other_days <= 1:
            raise ValueError(f"other_days is {self.other_days}; it lies between 0 and 1")

    def _some_people(self, X: csr_array) -> csr_array:
        if X.shape[0] <= MIXTURE_PEOPLE:
            return X
        random = check_random_state(self.random_state)
        return X[np.sort(random.choice(X.shape[0], MIXTURE_PEOPLE, replace=False))]

    @property
    def _days(self) -> int:
        return DAYS if self.n_features_in_ == WEEK else 1

    def _learn(self, X: csr_array) -> Self:
        week = np.asarray(X.sum(0)).reshape(self._days, -1)
        hours = shares(week.sum(0) + 0.5)
        days = shares(week + DAY_EVENTS * hours)
        tilt = (days / hours) ** self.day_tilt
        by_hour = _fold(X, self._days)
        self.mixture_ = fit_mixture(by_hour, self.kinds)
        members = memberships(by_hour, self.mixture_)
        self._learn_days(X, members, tilt)
        self.kernel_ = kernel(len(hours), self.kernel_hours, hours).astype(np.float32)
        self.tilt_ = tilt.astype(np.float32)
        self._kind_curves = self.kind_curves_.astype(np.float32)
        self.curve_ = self._curves(csr_array((1, self.n_features_in_)))[0]
        return self

    def _learn_days(self, X: csr_array, members: Floats, tilt: Floats) -> None:
        seen = np.asarray((csr_array(members.T) @ X).todense()).reshape(-1, *tilt.shape)
        curves = shares(shares(self.mixture_.alphas)[:, None, :] * tilt)
        self.kind_curves_ = shares(seen + KIND_EVENTS * curves)
        week = shares(seen.sum((0, 2)) + 1.0)
        self.kind_days_ = shares(seen.sum(2) + KIND_EVENTS * week)
        self.day_firmness_ = float(fit_mixture(_fold_hours(X, len(week)), 1).firmness[0])

    def _blocks(self, X: csr_array, size: int) -> Iterator[tuple[slice, Floats]]:
        for start in range(0, X.shape[0], size):
            rows = slice(start, min(start + size, X.shape[0]))
            yield rows, self._curves(X[rows])

    def _curves(self, X: csr_array) -> Floats:
        """A kind's curve for each day, and her own events, each as far as it is trusted.

        What is summed is multiplied with ones, since numpy sums rows of 24 slowly.
        """
        own = X.astype(np.float32).toarray().reshape(X.shape[0], self._days, -1)
        ones = np.ones(own.shape[2], dtype=np.float32)
        counts = own @ ones
        members = memberships(_fold(X, self._days), self.mixture_)
        days = self._day_shares(counts, members)
        events = self._heard(counts)
        trust = self._trust(members, events)
        curves = self._smooth(own)
        curves *= self.tilt_
        scale = events / np.maximum(curves @ ones, 1e-12)
        curves *= (scale * trust.sum(2) * days)[:, :, None]
        belief = trust * (self._firmness * days[:, :, None]).astype(np.float32)
        for day in range(self._days):
            curves[:, day] += belief[:, day] @ self._kind_curves[:, day]
        return curves.reshape(X.shape)

    def _day_shares(self, counts: Floats, members: Floats) -> Floats:
        expected = self.day_firmness_ * (members @ self.kind_days_)
        return shares(counts + expected).astype(np.float32)

    def _heard(self, counts: Floats) -> Floats:
        """How many events speak for each day."""
        everywhere = counts.sum(1, keepdims=True)
        return counts + np.float32(self.other_days) * (everywhere - counts)

    def _smooth(self, own: Floats) -> Floats:
        everywhere = own.sum(1) @ self.kernel_ * np.float32(self.other_days)
        out = own @ (self.kernel_ * np.float32(1 - self.other_days))
        out += everywhere[:, None, :]
        return out

    def _trust(self, members: Floats, events: Floats) -> Floats:
        """P(kind | person, day) over what her events and the kind's firmness add up to."""
        belief = shares(members[:, None, :] * self.kind_days_.T)
        return (belief / (events[:, :, None] + self._firmness)).astype(np.float32)

    @property
    def _firmness(self) -> Floats:
        """In events as they are heard on one day."""
        return self.mixture_.firmness * (1 + self.other_days * (self._days - 1)) / self._days

    def _try(self, name: str, value: float, X: Any, later: Any) -> float:
        model = clone(self).set_params(**{name: value})
        return model.fit(X).log_likelihood(X, later)


def _fold(X: csr_array, days: int) -> csr_array:
    """Counts by hour of the day."""
    hours = X.shape[1] // days
    return _regroup(X, X.indices % hours, hours)


def _fold_hours(X: csr_array, days: int) -> csr_array:
    """Counts by day of the week."""
    return _regroup(X, X.indices // (X.shape[1] // days), days)


def _regroup(X: csr_array, columns: NDArray[np.integer], width: int) -> csr_array:
    out = csr_array((X.data.copy(), columns, X.indptr.copy()), shape=(X.shape[0], width))
    out.sum_duplicates()
    return out
