"""A consent that was given or taken back in the shop."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.consent.shop.person import Person, keep_out
from gateway.domain.consent import Action, Change, ConsentEvent, Method
from gateway.domain.event import ConsentUpdate, StoreEvent

_PLACE = "data.properties"


def grant_or_withdraw(
    event: StoreEvent, said: ConsentUpdate, person: Person
) -> Sequence[Change] | None:
    """Return what is written down of a consent.

    Args:
        event: the event.
        said: what it says.
        person: whom it is about.

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
    return (Change(event=_entry(event, said, person), number=person.number),)


def _before_erasure(said: ConsentUpdate, person: Person) -> bool:
    erased = [one.event.at for one in person.standing.history if one.event.action is Action.ERASED]
    return bool(erased) and said.at <= max(erased)


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
        until=said.until,
        text_version=said.text_version,
        text_digest=said.text_digest,
        language=said.language,
        source=said.source,
        actor="store",
        evidence=said.evidence,
    )
