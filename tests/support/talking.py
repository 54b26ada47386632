"""A shop that answers questions, over a real queue, with stand-ins for links."""

from __future__ import annotations

from typing import Any

from support.deciding import LONDON, Desk
from support.world import ACME, IDENTITIES

from gateway.commerce.conversations import QuestionListener
from gateway.commerce.deciding import Shop, Voice
from gateway.commerce.templates import Library


def listener(library: Library | None = None, **topics: Any) -> QuestionListener:
    """Return what answers for the store acme."""
    shop = Shop(voice=Voice(brand="Acme"), zone=LONDON, library=library or Library(), country="GB")
    allowed = {ACME: topics.get("acme", {"order-status"})}
    return QuestionListener({ACME: shop}, allowed, IDENTITIES, Desk())
