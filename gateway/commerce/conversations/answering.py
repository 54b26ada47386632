"""Answers simple questions from what is known of the order; fills `gateway.dispatch.listener`.

Only for stores that allow it, to persons who may be written to, and at most once an hour: two
machines that answer each other stop after the first round.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import structlog
from sqlalchemy import Connection

from gateway.commerce.conversations.questions import Question, read_question
from gateway.commerce.conversations.subject import about_of
from gateway.commerce.deciding import Shop, Subject
from gateway.commerce.deciding.ports import Shorten, Shortens
from gateway.commerce.deciding.preview import words_about
from gateway.commerce.deciding.recipient import locale_of, zone_of
from gateway.commerce.deciding.words import Words, told_urls
from gateway.commerce.templates import SHIPPED, Library, UnknownTemplateError, load_templates
from gateway.consent.identity import Identities
from gateway.consent.keywords import read_intent
from gateway.consent.keywords.normal import normalise
from gateway.consent.listening.scene import number_of
from gateway.consent.standing import standing_of
from gateway.db.consent import events_of
from gateway.db.exchanges import own_answers
from gateway.db.newest import newest_orders, newest_parcel
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.consent import AutoReply, Heard, Reaction
from gateway.domain.errors import ContentError
from gateway.domain.ids import JobId, PersonId, StoreName

log = structlog.get_logger(__name__)

TEMPLATE: Final = "answer-order-status"

QUIET: Final = timedelta(hours=1)
"""A person is answered once in this time."""

MOST_A_DAY: Final = 3
"""Answers of ours to a person in a day, those to keywords among them (K-7)."""

LIFE: Final = timedelta(hours=1)
"""How long after the question an answer may go out; later a person has looked elsewhere."""

RECENT: Final = timedelta(days=60)
"""How old an order may be that somebody asks for without naming it."""


class QuestionListener:
    """Answers questions.

    Attributes:
        shops: what each store has to say; replaced as a whole when it is read again.
        topics: what each store allows to be answered; replaced likewise.

    Args:
        identities: who a number is.
        links: makes short links.
    """

    def __init__(
        self,
        shops: Mapping[StoreName, Shop],
        topics: Mapping[StoreName, Collection[str]],
        identities: Identities,
        links: Shortens,
    ) -> None:
        self.shops = shops
        self.topics = topics
        self._identities = identities
        self._links = links

    def hear(self, connection: Connection, heard: Heard, now: datetime) -> Reaction:
        """Return the answer, if there is one; see the port."""
        question = None if read_intent(heard.text) else read_question(heard.text)
        store = self._store(heard)
        if question is None or store is None or question.topic not in self.topics.get(store, ()):
            return Reaction()
        reply = self._reply(connection, heard, store, question, now)
        log.info(
            "question",
            message=heard.id,
            store=store,
            topic=question.topic.value,
            language=question.language,
            answered=reply is not None,
        )
        return Reaction(replies=() if reply is None else (reply,))

    def _store(self, heard: Heard) -> StoreName | None:
        """Return whom a message is for: who wrote last, or the one store that there is."""
        if heard.answered is not None:
            return heard.answered[0]
        return heard.stores[0] if len(heard.stores) == 1 else None

    def _reply(
        self,
        connection: Connection,
        heard: Heard,
        store: StoreName,
        question: Question,
        now: datetime,
    ) -> AutoReply | None:
        number = number_of(connection, heard)
        if number is None or heard.received_at + LIFE <= now:
            return None
        persons = self._identities.all_of(number)
        record = find_person(connection, store, persons)
        if record is None or not self._may_answer(connection, store, persons, number, now):
            return None
        order = _order(connection, heard, store, persons, question, now)
        if order is None:
            return None
        try:
            text = self._text(connection, record, order, question, now)
        except ContentError as error:
            log.error("answer_not_written", message=heard.id, store=store, error=str(error))
            return None
        return AutoReply(
            id=JobId(f"auto:answer:{heard.id}"),
            store=store,
            to=number,
            text=text,
            line=heard.line,
            expires_at=heard.received_at + LIFE,
        )

    def _may_answer(
        self,
        connection: Connection,
        store: StoreName,
        persons: tuple[PersonId, ...],
        number: str,
        now: datetime,
    ) -> bool:
        standing = standing_of(events_of(connection, store, persons))
        if standing.ended_service or standing.restricted:
            return False
        if own_answers(connection, number, now - QUIET):
            return False
        return len(own_answers(connection, number, now - timedelta(days=1))) < MOST_A_DAY

    def _text(
        self,
        connection: Connection,
        record: PersonRecord,
        order: str,
        question: Question,
        now: datetime,
    ) -> str:
        shop = self.shops[record.store]
        parcel = newest_parcel(connection, record.store, order)
        subject = Subject(order_id=order, shipment_id=parcel)
        words = words_about(connection, record, subject, shop.voice)
        locale, zone = _spoken(locale_of(record), question.language), zone_of(record, shop.zone)
        shorten = self._shortener(connection, record.store, words, now)
        try:
            written = shop.library.render(TEMPLATE, locale, words, zone=zone, shorten=shorten)
        except UnknownTemplateError:
            library = _shipped(shop.country)
            written = library.render(TEMPLATE, locale, words, zone=zone, shorten=shorten)
        return written.text

    def _shortener(
        self, connection: Connection, store: StoreName, words: Words, now: datetime
    ) -> Shorten:
        def shorten(url: str, product_id: str | None) -> str:
            return self._links.shorten(
                connection,
                url,
                store=store,
                decision_key=None,
                job=None,
                person=None,
                campaign=None,
                level="none",
                product_id=product_id,
                expires_at=None,
                now=now,
                told=told_urls(words),
            )

        return shorten


@cache
def _shipped(country: str | None) -> Library:
    """Return the answer as it is shipped, for stores that have none of their own."""
    return load_templates(SHIPPED, country=country, only=TEMPLATE)[0]


def _spoken(known: str | None, asked: str) -> str:
    """Return the language to answer in: the one of the question, with the region that is known."""
    if known is not None and known.replace("_", "-").split("-")[0].lower() == asked:
        return known
    return asked


def _order(
    connection: Connection,
    heard: Heard,
    store: StoreName,
    persons: tuple[PersonId, ...],
    question: Question,
    now: datetime,
) -> str | None:
    """Return the order that is asked for: named, or spoken of before, or else the newest."""
    if question.order is not None:
        return _named(connection, store, persons, question.order)
    if heard.answered is not None:
        about = about_of(connection, heard.answered)
        if about.order is not None:
            return about.order
    return next(iter(newest_orders(connection, store, persons, now - RECENT)), None)


def _named(
    connection: Connection, store: StoreName, persons: tuple[PersonId, ...], number: str
) -> str | None:
    """Return the person's own order that a number names; somebody else's is nobody's business."""
    orders = newest_orders(connection, store, persons, datetime.min.replace(tzinfo=UTC))
    named = [order for order in orders if normalise(order).compact == number]
    return named[0] if len(named) == 1 else None
