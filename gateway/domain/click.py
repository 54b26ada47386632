"""A click, and the payload that tells a store of it (CONTRACT.md section 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.ids import PersonId, StoreName
from gateway.domain.job import format_instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A link that was opened."""

    token: str
    store: StoreName
    url: str | None
    """None where the page alone would tell whose click it is."""
    at: datetime
    """UTC."""
    campaign: str | None = None
    product_id: str | None = None
    job: str | None = None
    """This and the person are of a link that is tracked individually."""
    person: PersonId | None = None
    machine: str | None = None
    """By what it is told that no person did it; None: one did, as far as one can tell."""


def click_body(key: int, opened: Opened, customer: str | None) -> str:
    """Return the payload of ``shopbell/v1/{store}/clicks``.

    Args:
        key: of the click; names it for ever.
        opened: by a person.
        customer: what the store calls the person.
    """
    personal = {"job": opened.job, "person": opened.person, "customer": customer}
    return json.dumps(
        {
            "id": str(key),
            "at": format_instant(opened.at),
            "url": opened.url,
            "campaign": opened.campaign,
            "product_id": opened.product_id,
            "machine": False,
            **{name: value for name, value in personal.items() if value is not None},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
