"""The payload that tells a store what a person allows (CONTRACT.md section 4)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from gateway.domain.consent import Action, Change
from gateway.domain.job import format_instant

STATES: Final = {
    Action.REQUESTED: "pending",
    Action.GRANTED: "subscribed",
    Action.WITHDRAWN: "unsubscribed",
    Action.OBJECTED: "unsubscribed",
    Action.RESTRICTED: "restricted",
    Action.UNRESTRICTED: "unrestricted",
    Action.ERASED: "erased",
    Action.DEACTIVATED: "deactivated",
}
"""The words of EVENTS.md 2.1, and ours where it has none."""


def consent_body(change: Change, now: datetime) -> str:
    """Return the payload of ``shopbell/v1/{store}/consent``."""
    event = change.event
    return json.dumps(
        {
            "to": change.number,
            "person": event.person,
            "channel": "sms",
            "purpose": event.purpose,
            "state": STATES[event.action],
            "opt_in_level": "confirmed_opt_in" if event.confirmed else "single_opt_in",
            "method": event.method.value,
            "changed_at": format_instant(min(event.at, now)),
            "at": format_instant(now),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
