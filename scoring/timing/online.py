"""`OnlineSendTime`: a policy that learns from its own log.

Responsible for the order of things: draw with exploration, log, learn again after a few sends. How
it is learned is `scoring.timing.answers`, how it is drawn `scoring.timing.exploration`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.timing.answers import AnswerModel
from scoring.timing.exploration import Draw, draw, share

Floats = NDArray[np.floating]

OFTEN = 5
SELDOM = 10
FIRST = 20
"""It learns again after every fifth send, and after the first twenty after every tenth."""


class OnlineSendTime:
    """Chooses slots for the same people again and again, and learns from what they answer.

    Parameters
    ----------
    activity : array of shape (people, slots)
        What each did before.
    seed : int, default=0
        Of the exploration.

    Attributes
    ----------
    model : AnswerModel
        As learned last.
    sends, answers : ndarray of shape (people, slots)
        The log, summed up.

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.simulation import STRONG, simulate
    >>> world, clicks = simulate(STRONG, people=1_000), np.random.default_rng(1)
    >>> policy = OnlineSendTime(world.visits)
    >>> for _ in range(2):
    ...     drawn = policy.choose()
    ...     policy.learn(drawn, world.click(drawn.slot, clicks))
    >>> int(policy.sends.sum()), float(drawn.probability.min()) >= 0.1 / 14
    (2000, True)
    """

    def __init__(self, activity: Floats, *, seed: int = 0) -> None:
        self.activity = np.asarray(activity, dtype=float)
        self.sends = np.zeros_like(self.activity)
        self.answers = np.zeros_like(self.activity)
        self.model = AnswerModel()
        self.count = 0
        self._random = np.random.default_rng(seed)
        self._rates = np.zeros_like(self.activity)

    def choose(self, allowed: NDArray[np.bool_] | None = None) -> Draw:
        """Draw a slot for each person, among the allowed ones."""
        if self.count % (OFTEN if self.count < FIRST else SELDOM) == 0:
            self._rates = self.model.fit_predict(self.activity, self.sends, self.answers)
        return draw(self._rates, allowed, share(self.count), self._random)

    def learn(self, drawn: Draw, answered: NDArray[np.bool_]) -> None:
        """Take down who answered; who was sent nothing (slot -1) is left out."""
        people = np.flatnonzero(drawn.slot >= 0)
        slots = drawn.slot[people]
        self.sends[people, slots] += 1
        self.answers[people, slots] += np.asarray(answered)[people]
        self.count += 1
