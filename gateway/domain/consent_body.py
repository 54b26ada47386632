"""The payload that tells a store what a person allows (CONTRACT.md section 4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gateway.domain.consent import Action, Change
from gateway.domain.ids import JobId
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


def consent_body(change: Change, now: datetime, jobs: Sequence[JobId] = ()) -> str:
    """Return the payload of ``shopbell/v1/{store}/consent``.

    Args:
        change: what changed.
        now: the instant of the writing.
        jobs: of who is erased, the ids of the store's newest jobs. They tell the store whom it is
            to forget too (Art. 19); the number itself would be the last place where it stands.
    """
    event = change.event
    is_erased = event.action is Action.ERASED
    return json.dumps(
        {
            "to": None if is_erased else change.number,
            **({"jobs": list(jobs)} if is_erased else {}),
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
