"""Makes decisions: may the person be written to, which arm is theirs, in which words.

In this order, so that an experiment compares like with like: who may not be written to is in no
experiment; then the arm is drawn; only what is drawn is worded. What cannot be sent after the draw
(a pool without codes, a refusal) stays in the arm that was drawn, as skipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.deciding.linking import Linking
from gateway.commerce.deciding.occasion import Occasion
from gateway.commerce.deciding.ports import Admits, Belongs, Gives, Shop, Shortens
from gateway.commerce.deciding.recipient import Recipient, find_recipient, locale_of
from gateway.commerce.deciding.timing import goes_at
from gateway.commerce.deciding.words import private_urls, told_urls, words_of
from gateway.commerce.experiments import Arm, Draw, draw
from gateway.consent.identity import Identities
from gateway.db.commerce.decisions import (
    Decision,
    DecisionKey,
    Outcome,
    find_decision,
    settle_decision,
    write_decision,
)
from gateway.dispatch.gate import Gate
from gateway.domain.consent import Asked
from gateway.domain.errors import RejectedError
from gateway.domain.ids import JobId, StoreName
from gateway.domain.job import JobRequest
from gateway.domain.verdict import Forbidden

STRANGER: Final = "unknown_person"
NO_ARM: Final = "no_arm"
NO_COUPON: Final = "no_coupon"
TOO_LATE: Final = "too_late"

_NAME: Final = 40
"""Characters of a campaign's name in the ids of its jobs; the rest of 64 is a digest."""


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """What was begun is taken back; the code says why."""


class Decider:
    """Makes decisions.

    Attributes:
        shops: what each store has to say; replaced as a whole when it is read again.

    Args:
        identities: who a number is.
        key: of the draws: the oldest there is.
        gate: says who may be written to.
        admission: the way into the queue.
        links: makes short links.
        coupons: gives codes.
        belongs: tells who belongs to a segment.
    """

    def __init__(
        self,
        shops: Mapping[StoreName, Shop],
        *,
        identities: Identities,
        key: bytes,
        gate: Gate,
        admission: Admits,
        links: Shortens,
        coupons: Gives,
        belongs: Belongs,
    ) -> None:
        self.shops = shops
        self._identities = identities
        self._key = key
        self._gate = gate
        self._admission = admission
        self._links = links
        self._coupons = coupons
        self._belongs = belongs

    def decide(self, connection: Connection, occasion: Occasion, now: datetime) -> Decision:
        """Decide once for an occasion; what was decided before stands.

        Args:
            connection: the transaction, in which the job is queued as well.
            occasion: what calls for it.
            now: the current instant, UTC.

        Raises:
            ContentError: what the shop wants to say cannot be said; nothing was decided, and it
                can be asked again when that is mended.
            KeyError: the store has no shop.
        """
        known = find_decision(connection, occasion.store, occasion.campaign, occasion.trigger)
        if known is not None:
            return known
        made = self._decide(connection, occasion, now)
        if made.outcome is not Outcome.SENT:
            write_decision(connection, made)
        return made

    def due_at(self, connection: Connection, occasion: Occasion, now: datetime) -> datetime:
        """Return from when on a message may go, by the arm that the person will be given; UTC.

        So who has much to decide can leave it until then. Who is given none is due at once.
        """
        wanted = occasion.send_at or now
        zone = self.shops[occasion.store].zone
        found = find_recipient(connection, occasion.store, occasion.person, self._identities, zone)
        drawn = None if found is None else self._draw(connection, occasion, found, now)
        if found is None or drawn is None or drawn.held_out:
            return wanted
        return goes_at(occasion.design.arm(drawn.arm), wanted, found.zone)

    def _decide(self, connection: Connection, occasion: Occasion, now: datetime) -> Decision:
        shop = self.shops[occasion.store]
        found = find_recipient(
            connection, occasion.store, occasion.person, self._identities, shop.zone
        )
        if found is None:
            return _skipped(occasion, STRANGER, now)
        barred = self._barred(connection, occasion, found, now)
        if barred is not None:
            return _skipped(occasion, barred.code, now)
        drawn = self._draw(connection, occasion, found, now)
        if drawn is None:
            return _skipped(occasion, NO_ARM, now)
        decision = _drawn(occasion, drawn, now)
        if drawn.held_out:
            return decision
        return self._send(connection, occasion, found, decision, now)

    def _barred(
        self, connection: Connection, occasion: Occasion, found: Recipient, now: datetime
    ) -> RejectedError | None:
        """Return why the person may not be written to, whatever the arm; hours only put off."""
        message = occasion.message
        asked = Asked(
            store=occasion.store,
            recipient=found.record.number,
            purpose=message.purpose,
            job=job_of(occasion),
            scope=message.scope,
            category=message.category,
        )
        verdict = self._gate.decide(connection, asked, now)
        return verdict.error if isinstance(verdict, Forbidden) else None

    def _draw(
        self, connection: Connection, occasion: Occasion, found: Recipient, now: datetime
    ) -> Draw | None:
        eligible = [
            arm.name
            for arm in occasion.design.arms
            if arm.where is None
            or self._belongs(connection, occasion.store, arm.where, occasion.person, now)
        ]
        return draw(
            occasion.design,
            key=self._key,
            store=occasion.store,
            experiment=occasion.campaign,
            person=found.drawn_as,
            eligible=eligible,
        )

    def _send(
        self,
        connection: Connection,
        occasion: Occasion,
        found: Recipient,
        decision: Decision,
        now: datetime,
    ) -> Decision:
        """Queue the message; what was begun of it is taken back when it is refused."""
        arm = occasion.design.arm(decision.arm)
        at = goes_at(arm, max(now, occasion.send_at or now), found.zone)
        if at >= occasion.expires_at:
            return replace(decision, outcome=Outcome.SKIPPED, reason=TOO_LATE)
        try:
            with connection.begin_nested():
                return self._queue(connection, occasion, found, decision, arm, at, now)
        except _Refused as refused:
            return replace(decision, outcome=Outcome.SKIPPED, reason=str(refused))

    def _queue(
        self,
        connection: Connection,
        occasion: Occasion,
        found: Recipient,
        decision: Decision,
        arm: Arm,
        at: datetime,
        now: datetime,
    ) -> Decision:
        key = write_decision(connection, decision)
        words = words_of(connection, occasion, found.record, self.shops[occasion.store].voice)
        coupon = self._coupon(connection, occasion, arm, key, now)
        if coupon is not None:
            code, until = coupon
            decision = replace(decision, coupon=code)
            words |= {"coupon": code, "coupon_expires_at": until}
        text = self._text(connection, occasion, found, arm, words, key, now)
        decision = replace(decision, job=job_of(occasion))
        self._admit(connection, occasion, found, text, at, now)
        settle_decision(connection, key, decision)
        return decision

    def _coupon(
        self,
        connection: Connection,
        occasion: Occasion,
        arm: Arm,
        key: DecisionKey,
        now: datetime,
    ) -> tuple[str, datetime | None] | None:
        pool = arm.coupon or occasion.message.coupon
        if pool is None:
            return None
        given = self._coupons.give(
            connection,
            pool,
            store=occasion.store,
            person=occasion.person,
            decision_key=key,
            now=now,
        )
        if given is None:
            raise _Refused(NO_COUPON)
        return given

    def _text(
        self,
        connection: Connection,
        occasion: Occasion,
        found: Recipient,
        arm: Arm,
        words: Mapping[str, object],
        key: DecisionKey,
        now: datetime,
    ) -> str:
        library, locale = self.shops[occasion.store].library, locale_of(found.record)
        template = arm.template or occasion.message.template
        linking = Linking(self._links, connection, occasion, job_of(occasion), key, now)
        # A way out is a link of the person's own, made only where the text has a place for it.
        way_out = linking.way_out() if library.says(template, locale, "opt_out_url") else None
        written = library.render(
            template,
            locale,
            {**words, "opt_out_url": way_out},
            zone=found.zone,
            shorten=partial(linking.shorten, told=told_urls(words), private=private_urls(words)),
        )
        return written.text

    def _admit(
        self,
        connection: Connection,
        occasion: Occasion,
        found: Recipient,
        text: str,
        at: datetime,
        now: datetime,
    ) -> None:
        message = occasion.message
        request = JobRequest(
            store=occasion.store,
            id=job_of(occasion),
            to=found.record.number,
            text=text,
            purpose=message.purpose,
            send_at=at if at > now else None,
            expires_at=occasion.expires_at,
            scope=message.scope,
            category=message.category,
            campaign=occasion.campaign,
            own=True,
        )
        [refused] = self._admission.write(connection, [request], now)
        if refused is not None:
            raise _Refused(refused.code)


def job_of(occasion: Occasion) -> JobId:
    """Return the id of an occasion's job: the same for ever, so that none is queued twice."""
    named = "\x00".join((occasion.store, occasion.campaign, occasion.trigger)).encode()
    digest = hashlib.sha256(named).hexdigest()
    return JobId(f"{occasion.campaign[:_NAME]}.{digest[:20]}")


def _drawn(occasion: Occasion, drawn: Draw, now: datetime) -> Decision:
    arm = None if drawn.held_out else occasion.design.arm(drawn.arm)
    subject = occasion.subject
    products = [subject.product_id, *subject.product_ids]
    return Decision(
        store=occasion.store,
        campaign=occasion.campaign,
        trigger=occasion.trigger,
        person=occasion.person,
        arm=drawn.arm,
        probability=drawn.probability,
        candidates=drawn.candidates,
        policy=drawn.policy,
        outcome=Outcome.HELD if arm is None else Outcome.SENT,
        template=None if arm is None else arm.template or occasion.message.template,
        products=tuple(dict.fromkeys(name for name in products if name is not None)),
        decided_at=now,
    )


def _skipped(occasion: Occasion, reason: str, now: datetime) -> Decision:
    """Return what is written of somebody who is in no experiment."""
    return Decision(
        store=occasion.store,
        campaign=occasion.campaign,
        trigger=occasion.trigger,
        person=occasion.person,
        arm="",
        probability=1.0,
        candidates={},
        policy="none",
        outcome=Outcome.SKIPPED,
        reason=reason,
        decided_at=now,
    )
