"""A stop: kept first, asked about afterwards, and never undone but by the person (K-1 to K-8)."""

from __future__ import annotations

from datetime import date
from typing import Final

from gateway.consent.answers import AnswerKind
from gateway.consent.keywords import Certainty, Intent
from gateway.consent.listening.answers import Answer
from gateway.consent.listening.scene import Scene
from gateway.consent.standing import Standing
from gateway.domain.consent import (
    ALL,
    MARKETING,
    Action,
    Change,
    ConsentEvent,
    Method,
    Reaction,
    Recorded,
    covers,
)
from gateway.domain.ids import StoreName

_METHODS: Final = {
    Certainty.EXACT: Method.KEYWORD,
    Certainty.NEAR: Method.NEAR,
    Certainty.REASONABLE: Method.FREE_TEXT,
    Certainty.REVIEW: Method.FREE_TEXT,
}


def react_to_stop(scene: Scene, intent: Intent, revoke_all_from: date | None) -> Reaction:
    """Return the withdrawals from every store concerned, and one confirmation.

    Args:
        scene: the message.
        intent: what it asks for.
        revoke_all_from: the day from which a stop of marketing ends all that is sent to persons in
            this country (US-5); None: never.
    """
    purpose = _purpose(intent, revoke_all_from, scene.now.date())
    fresh = [store for store in scene.concerned if not is_over(scene.standing(store), purpose)]
    return Reaction(
        changes=tuple(_withdrawal(scene, store, intent, purpose) for store in fresh),
        replies=scene.answer(
            Answer.STOP, _kind(intent, purpose), scene.concerned, changes=bool(fresh)
        ),
    )


def is_over(standing: Standing, purpose: str) -> bool:
    """Tell whether a person took back all of a purpose, and allowed or was asked nothing since."""
    ends = (Action.WITHDRAWN, Action.ERASED) if purpose == MARKETING else (Action.WITHDRAWN,)
    for one in sorted(standing.history, key=_when, reverse=True):
        event = one.event
        if event.action in ends and (
            event.action is Action.ERASED or covers(event.purpose, purpose)
        ):
            return True
        begins = event.action in (Action.GRANTED, Action.REQUESTED)
        if begins and (covers(purpose, event.purpose) or covers(event.purpose, purpose)):
            return False
    return False


def _when(one: Recorded) -> tuple[float, int]:
    return one.event.at.timestamp(), one.key


def _purpose(intent: Intent, revoke_all_from: date | None, today: date) -> str:
    in_force = revoke_all_from is not None and today >= revoke_all_from
    return ALL if in_force and intent.scope == MARKETING else intent.scope


def _kind(intent: Intent, purpose: str) -> AnswerKind:
    if purpose == ALL:
        return AnswerKind.STOP_ALL
    if purpose != MARKETING:
        return AnswerKind.STOP_TOPIC
    doubtful = intent.certainty in (Certainty.REASONABLE, Certainty.REVIEW)
    return AnswerKind.STOP_PERHAPS if doubtful else AnswerKind.STOP


def _withdrawal(scene: Scene, store: StoreName, intent: Intent, purpose: str) -> Change:
    event = ConsentEvent(
        store=store,
        person=scene.persons[0],
        purpose=purpose,
        action=Action.WITHDRAWN,
        method=_METHODS[intent.certainty],
        at=scene.heard.received_at,
        language=intent.language,
        actor="person",
        evidence=scene.evidence(
            word=intent.word,
            certainty=intent.certainty.value,
            review=_METHODS[intent.certainty] is Method.FREE_TEXT,
        ),
    )
    return Change(event=event, number=scene.number)
