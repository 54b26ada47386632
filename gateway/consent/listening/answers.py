"""Our own answers: how they are named, how long they are good for, and that they never loop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from gateway.domain.ids import JobId

QUIET: Final = timedelta(hours=24)
"""A sender is answered once in this time (K-7), or two machines would write each other for ever."""


class Answer(StrEnum):
    """What a person wrote that is answered; part of the answer's id."""

    STOP = "stop"
    OPT_IN = "optin"
    HELP = "help"


LIFE: Final = {
    Answer.STOP: timedelta(minutes=5),
    Answer.HELP: timedelta(hours=1),
    Answer.OPT_IN: timedelta(hours=24),
}
"""How long after the message an answer may still go out. A stop's: 47 CFR 64.1200(a)(12), US-4. Who
agreed has to be told what to, and how to end it, even if the modem was away for a while (US-8)."""

_PREFIX: Final = "auto"


def answer_id(answer: Answer, message: str) -> JobId:
    """Return the id of the answer to a message; the same message has one answer of a kind."""
    return JobId(f"{_PREFIX}:{answer.value}:{message}")


def is_answer(job: JobId, answer: Answer) -> bool:
    """Tell whether a job is an answer of ours of this kind."""
    return job.startswith(f"{_PREFIX}:{answer.value}:")


def may_answer(answer: Answer, recent: Sequence[JobId], *, changes: bool) -> bool:
    """Tell whether a person is answered (K-7).

    The first stop always is, and so is who agrees, for that has to be confirmed (US-8): once a day
    each. Everything else is answered when nothing was within the day.

    Args:
        answer: to what.
        recent: the ids of our answers to the sender within `QUIET`.
        changes: whether what the person wrote changes anything.
    """
    if changes:
        return not any(is_answer(job, answer) for job in recent)
    return not recent
