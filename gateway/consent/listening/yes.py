"""A yes: means something only as the answer to the question of a double opt-in (section 5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.consent.answers import AnswerKind
from gateway.consent.keywords import Intent
from gateway.consent.listening.answers import Answer, is_answer
from gateway.consent.listening.scene import Scene
from gateway.consent.standing import Standing
from gateway.db.exchanges import Handed, newest_on
from gateway.domain.consent import (
    Action,
    Change,
    ConsentEvent,
    Method,
    Reaction,
    Recorded,
    covers,
)
from gateway.domain.ids import JobId
from gateway.domain.job import format_instant

PROMPT_LIFE: Final = timedelta(days=30)
"""How long a question is open."""

ASKED_BY: Final = "prompt"
"""Where the evidence of a question names the job that asked it."""

_LOOKED_BACK: Final = 20
"""Parts of help answers that may stand between a question and its answer."""

_CLOSING: Final = frozenset(
    {Action.GRANTED, Action.WITHDRAWN, Action.OBJECTED, Action.ERASED, Action.RESTRICTED}
)


def react_to_yes(scene: Scene, intent: Intent) -> Reaction:
    """Return the grants that a yes brings, and their confirmation; nothing when nobody asked.

    The yes counts when our question is the last thing that the person was sent on this SIM, our
    help aside: a yes to "shall we deliver tomorrow?" is none to marketing.
    """
    asked = _last_sent(scene)
    if asked is None:
        return Reaction()
    standing = scene.standing(asked.store)
    questions = open_questions(standing, scene.now - PROMPT_LIFE, asked.id)
    if not questions or standing.restricted:
        return Reaction()
    return Reaction(
        changes=tuple(_grant(scene, question.event, asked, intent) for question in questions),
        replies=scene.answer(
            Answer.OPT_IN,
            AnswerKind.OPTIN_CONFIRM,
            [asked.store],
            changes=True,
            purposes=[question.event.purpose for question in questions],
        ),
    )


def open_questions(standing: Standing, since: datetime, job: JobId | None = None) -> list[Recorded]:
    """Return the questions of double opt-ins that wait for an answer.

    Args:
        standing: the person's.
        since: questions of before it are closed; UTC.
        job: the one that asked; None: whichever.
    """
    return [
        one
        for one in standing.history
        if one.event.action is Action.REQUESTED
        and one.event.at >= since
        and ASKED_BY in one.event.evidence
        and job in (None, one.event.evidence[ASKED_BY])
        and not any(_closes(other, one) for other in standing.history)
    ]


def _closes(other: Recorded, question: Recorded) -> bool:
    if other.key <= question.key or other.event.action not in _CLOSING:
        return False
    if other.event.action in (Action.GRANTED, Action.WITHDRAWN):
        mine, its = question.event.purpose, other.event.purpose
        return covers(its, mine)
    return True


def _last_sent(scene: Scene) -> Handed | None:
    sent = newest_on(scene.connection, scene.number, scene.heard.line, _LOOKED_BACK)
    return next((one for one in sent if not is_answer(one.id, Answer.HELP)), None)


def _grant(scene: Scene, question: ConsentEvent, asked: Handed, intent: Intent) -> Change:
    event = ConsentEvent(
        store=question.store,
        person=scene.persons[0],
        purpose=question.purpose,
        action=Action.GRANTED,
        method=Method.DOUBLE_OPT_IN,
        confirmed=True,
        at=scene.heard.received_at,
        until=question.until,
        text_version=question.text_version,
        text_digest=question.text_digest,
        language=question.language,
        source=question.source,
        actor="person",
        evidence={
            **question.evidence,
            "prompt_sent_at": format_instant(asked.handed_at),
            **scene.evidence(word=intent.word),
        },
    )
    return Change(event=event, number=scene.number)
