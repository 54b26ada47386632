"""Rows of a shop's file of consents, and what holds for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.consent.identity import Identities
from gateway.consent.imports.row import Brought, read_row
from gateway.consent.imports.said import Form
from gateway.consent.texts import ConsentText, TextRegistry
from gateway.domain.ids import StoreName

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = b"k" * 32
NUMBER = "+447700900123"

TEXT = ConsentText(
    version="v1",
    language="en",
    purposes=("marketing.offers", "marketing.cart"),
    controller="Acme Ltd, 1 High Street, London",
    frequency="at most 4 a month",
    privacy_url="https://acme.example/privacy",
    text="Yes, send me offers by text message. Reply STOP to end.",
)
GERMAN = TEXT.model_copy(update={"language": "de", "text": "Ja, schickt mir Angebote per SMS."})

FORM = Form(
    store=StoreName("acme"),
    country="GB",
    zone=ZoneInfo("Europe/London"),
    texts=TextRegistry([TEXT, GERMAN, TEXT.model_copy(update={"version": "v0"})]),
    identities=Identities([KEY]),
    now=NOW,
    actor="operator:kim",
    source="file 1234",
)

YES: Mapping[str, str] = {
    "phone": NUMBER,
    "purpose": "marketing.offers",
    "channel": "sms",
    "state": "subscribed",
    "at": "2026-03-01T09:30:00Z",
    "source": "https://acme.example/checkout",
    "text_version": "v0",
}
"""A row that proves a consent."""

CONFIRMED = {
    "opt_in_level": "confirmed_opt_in",
    "confirmed_at": "2026-03-01T09:31:00Z",
    "confirmation_id": "m-77",
}

SOLD = {
    "basis": "soft_opt_in",
    "order": "o-1",
    "order_paid": "yes",
    "categories": "tea+pots",
    "notice": "yes",
}


def bring(form: Form = FORM, line: int = 2, **changes: Any) -> Brought:
    """Read a row that differs from `YES`; a fact that is None is not there."""
    facts = {**YES, **changes}
    row = read_row(line, {key: said for key, said in facts.items() if said is not None}, form)
    assert row is not None
    return row
