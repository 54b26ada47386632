"""An event of the ledger as JSON has it: over the control socket, and in a proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.domain.consent import Action, Basis, ConsentEvent, Method
from gateway.domain.ids import PersonId, StoreName


def event_document(event: ConsentEvent) -> dict[str, Any]:
    """Return an event as a JSON object."""
    return {
        "store": event.store,
        "person": event.person,
        "purpose": event.purpose,
        "action": event.action.value,
        "method": event.method.value,
        "at": event.at.isoformat(),
        "basis": event.basis.value,
        "confirmed": event.confirmed,
        "until": None if event.until is None else event.until.isoformat(),
        "text_version": event.text_version,
        "text_digest": event.text_digest,
        "language": event.language,
        "source": event.source,
        "actor": event.actor,
        "evidence": dict(event.evidence),
    }


def read_event(document: Mapping[str, Any]) -> ConsentEvent:
    """Return the event of a JSON object.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    until = document["until"]
    return ConsentEvent(
        store=StoreName(document["store"]),
        person=PersonId(document["person"]),
        purpose=document["purpose"],
        action=Action(document["action"]),
        method=Method(document["method"]),
        at=datetime.fromisoformat(document["at"]),
        basis=Basis(document["basis"]),
        confirmed=bool(document["confirmed"]),
        until=None if until is None else datetime.fromisoformat(until),
        text_version=document["text_version"],
        text_digest=document["text_digest"],
        language=document["language"],
        source=document["source"],
        actor=document["actor"],
        evidence=dict(document["evidence"]),
    )
