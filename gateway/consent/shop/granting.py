"""A consent that was given or taken back in the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.consent.imports.proof import IMPLIED
from gateway.consent.imports.words import consented
from gateway.consent.shop.person import Person, keep_out
from gateway.consent.texts import TextRegistry
from gateway.domain.consent import Action, Basis, Change, ConsentEvent, Method
from gateway.domain.event import ConsentUpdate, StoreEvent
from gateway.domain.place import place_of

_PLACE = "data.properties"


def grant_or_withdraw(
    event: StoreEvent, said: ConsentUpdate, person: Person, texts: TextRegistry
) -> Sequence[Change] | None:
    """Return what is written down of a consent.

    Args:
        event: the event.
        said: what it says.
        person: whom it is about.
        texts: the wordings of the store; where it keeps any, a consent is to one of them.

    Returns:
        None when a consent is older than the person's erasure: a shop that publishes its past again
        gives nothing back. A withdrawal is always taken.
    """
    if said.action is not Action.WITHDRAWN and _before_erasure(said, person):
        return None
    evidence = dict(said.evidence)
    keep_out(
        event,
        person.number,
        {
            "id": event.id,
            "source": event.source,
            f"{_PLACE}.consent_collected_from": said.source,
            f"{_PLACE}.text_version": said.text_version,
            f"{_PLACE}.evidence_url": evidence.get("url"),
            f"{_PLACE}.order_id": evidence.get("order"),
            f"{_PLACE}.notice": evidence.get("notice"),
            f"{_PLACE}.categories": evidence.get("categories"),
        },
    )
    if said.action is Action.WITHDRAWN:
        return (Change(event=_entry(event, said, person), number=person.number),)
    each = [replace(said, purpose=purpose) for purpose in consented([said.purpose])]
    worded = [_worded(event, one, texts) for one in each]
    return tuple(Change(event=_entry(event, one, person), number=person.number) for one in worded)


def _worded(event: StoreEvent, said: ConsentUpdate, texts: TextRegistry) -> ConsentUpdate:
    """Return a consent with the digest and the language of the wording that it is to (G-1).

    Raises:
        RejectedError: the store has no such wording, or it asks for something else.
    """
    if not texts.texts or said.text_version is None:
        return said
    known = texts.find(said.text_version, said.language) or texts.find(said.text_version, None)
    if known is None:
        rule = f"is no text of the store, which has {', '.join(texts.versions)}"
        raise event.refusal("invalid_value", rule, f"{_PLACE}.text_version")
    if said.text_digest not in (None, known.digest):
        rule = f"is not that of text {known.version}; was it edited?"
        raise event.refusal("invalid_value", rule, f"{_PLACE}.text_digest")
    if said.purpose not in known.purposes:
        rule = f"is none that text {known.version} asks for: {', '.join(known.purposes)}"
        raise event.refusal("invalid_value", rule, f"{_PLACE}.purpose")
    return replace(said, text_digest=known.digest, language=known.language)


def _before_erasure(said: ConsentUpdate, person: Person) -> bool:
    erased = [one.event.at for one in person.standing.history if one.event.action is Action.ERASED]
    return bool(erased) and said.at <= max(erased)


def _until(said: ConsentUpdate, person: Person) -> datetime | None:
    """Return when it ends by itself; what a purchase implies lasts two years in Canada (CA-1)."""
    if said.basis is not Basis.SOFT_OPT_IN or place_of(person.number).country != "CA":
        return said.until
    implied = said.at + IMPLIED
    return implied if said.until is None else min(said.until, implied)


def _entry(event: StoreEvent, said: ConsentUpdate, person: Person) -> ConsentEvent:
    return ConsentEvent(
        store=event.store,
        person=person.id,
        purpose=said.purpose,
        action=said.action,
        method=Method.EVENT,
        at=said.at,
        basis=said.basis,
        confirmed=said.confirmed,
        until=_until(said, person),
        text_version=said.text_version,
        text_digest=said.text_digest,
        language=said.language,
        source=said.source,
        actor="store",
        evidence=said.evidence,
    )
