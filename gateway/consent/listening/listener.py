"""Reads what persons write and says what follows: fills the port `gateway.dispatch.listener`."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from gateway.consent.answers import AnswerKind, Voices
from gateway.consent.country import Demand, Policies
from gateway.consent.identity import Identities
from gateway.consent.keywords import Intent, IntentKind, read_intent
from gateway.consent.listening.answers import Answer
from gateway.consent.listening.scene import Scene, number_of
from gateway.consent.listening.start import react_to_start
from gateway.consent.listening.stop import react_to_stop
from gateway.consent.listening.yes import react_to_yes
from gateway.db.noting import note
from gateway.domain.consent import Heard, Reaction
from gateway.domain.measures import Counted

log = structlog.get_logger(__name__)


class KeywordListener:
    """Knows keywords, and what they mean in the person's country.

    Args:
        identities: who a number is.
        voices: write for stores.
        policies: the rules of the countries.
    """

    def __init__(self, identities: Identities, voices: Voices, policies: Policies) -> None:
        self._identities = identities
        self._voices = voices
        self._policies = policies

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        """Return what changes and what is answered; see the port."""
        intent = read_intent(heard.text)
        number = None if intent is None else number_of(connection, heard)
        if intent is None or number is None or not heard.stores:
            return Reaction()
        scene = Scene(connection, heard, number, now, self._identities, self._voices)
        reaction = self._react(scene, intent)
        note(connection, Counted.KEYWORDS, intent.kind.value)
        log.info(
            "keyword",
            message=heard.id,
            intent=intent.kind.value,
            certainty=intent.certainty.value,
            scope=intent.scope,
            word=intent.word,
            language=intent.language,
            changes=len(reaction.changes),
            answered=bool(reaction.replies),
        )
        return reaction

    def _react(self, scene: Scene, intent: Intent) -> Reaction:
        if intent.kind is IntentKind.STOP:
            policy = self._policies.of(scene.country(scene.concerned[0]))
            return react_to_stop(scene, intent, policy.revokes_all_from)
        if intent.kind is IntentKind.YES:
            return react_to_yes(scene, intent)
        if intent.kind is IntentKind.START:
            return react_to_start(scene, self._voices, confirmed=self._needs_yes(scene))
        return self._help(scene)

    def _needs_yes(self, scene: Scene) -> bool:
        country = scene.country(scene.meant) if scene.meant else None
        return self._policies.of(country).double_opt_in is Demand.REQUIRED

    def _help(self, scene: Scene) -> Reaction:
        replies = scene.answer(Answer.HELP, AnswerKind.HELP, scene.concerned[:1], changes=False)
        return Reaction(replies=replies)
