"""A start: gives back to a store what the person had allowed it and took back, and no more.

It is the person's own word from the very number, but says nothing of what it agrees to. So it
restores exactly the purposes that were granted before; and where the law asks for a double opt-in
(DE-1), or nothing was granted before, it is answered with that question.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gateway.consent.answers import AnswerKind, Voices
from gateway.consent.listening.answers import Answer, answer_id
from gateway.consent.listening.opt_in import note_question
from gateway.consent.listening.scene import Scene
from gateway.consent.standing import Standing
from gateway.domain.consent import (
    MARKETING,
    SERVICE,
    Action,
    Change,
    ConsentEvent,
    Method,
    Reaction,
)
from gateway.domain.ids import StoreName

_ASKED_FIRST: Final = "marketing.offers"
"""What who never allowed anything is asked for: a consent names one purpose (G-2)."""


def react_to_start(scene: Scene, voices: Voices, *, confirmed: bool) -> Reaction:
    """Return what is granted again, or the question that has to come first.

    Args:
        scene: the message.
        voices: write for stores.
        confirmed: whether the law of the person's country asks for a double opt-in.
    """
    store = scene.meant
    if store is None or scene.standing(store).restricted:
        return Reaction()
    standing = scene.standing(store)
    before = _taken_back(standing, scene.now)
    service = [_event(scene, store, SERVICE)] if standing.ended_service else []
    if not before and _allows_any(standing, scene.now):
        return _granted(scene, store, service)
    if confirmed or not before:
        return _question(scene, voices, store, before or [_ASKED_FIRST], service)
    return _granted(scene, store, [_event(scene, store, one) for one in before] + service, before)


def _taken_back(standing: Standing, now: datetime) -> list[str]:
    """Return the purposes that were granted once and are not now; nothing of before an erasure."""
    if standing.erased:
        return []
    granted = [
        one.event.purpose
        for one in standing.history
        if one.event.action is Action.GRANTED and one.event.purpose.startswith(MARKETING)
    ]
    return [purpose for purpose in dict.fromkeys(granted) if standing.grant(purpose, now) is None]


def _allows_any(standing: Standing, now: datetime) -> bool:
    return any(
        standing.grant(one.event.purpose, now) is not None
        for one in standing.history
        if one.event.action is Action.GRANTED and one.event.purpose.startswith(MARKETING)
    )


def _granted(
    scene: Scene, store: StoreName, events: list[ConsentEvent], purposes: list[str] | None = None
) -> Reaction:
    if not purposes:
        return Reaction(changes=_changes(scene, events))
    return Reaction(
        changes=_changes(scene, events),
        replies=scene.answer(
            Answer.OPT_IN, AnswerKind.OPTIN_CONFIRM, [store], changes=True, purposes=purposes
        ),
    )


def _question(
    scene: Scene,
    voices: Voices,
    store: StoreName,
    purposes: list[str],
    service: list[ConsentEvent],
) -> Reaction:
    replies = scene.answer(
        Answer.OPT_IN, AnswerKind.OPTIN_PROMPT, [store], changes=True, purposes=purposes
    )
    written = voices.write(AnswerKind.OPTIN_PROMPT, [store], scene.language(store), purposes)
    if not replies or written is None:
        return Reaction(changes=_changes(scene, service))
    job = answer_id(Answer.OPT_IN, scene.heard.id)
    asked = [
        note_question(_event(scene, store, purpose, Action.REQUESTED), job, written)
        for purpose in purposes
    ]
    return Reaction(changes=_changes(scene, [*asked, *service]), replies=replies)


def _event(
    scene: Scene, store: StoreName, purpose: str, action: Action = Action.GRANTED
) -> ConsentEvent:
    return ConsentEvent(
        store=store,
        person=scene.persons[0],
        purpose=purpose,
        action=action,
        method=Method.KEYWORD,
        at=scene.heard.received_at,
        actor="person",
        evidence=scene.evidence(word="start"),
    )


def _changes(scene: Scene, events: list[ConsentEvent]) -> tuple[Change, ...]:
    return tuple(Change(event=event, number=scene.number) for event in events)
