"""What is kept of those who run the box, and of the box itself."""

from __future__ import annotations

from typing import Final

from gateway.consent.datamap.grounds import SAFETY
from gateway.consent.datamap.holding import Keep, table

_STAFF: Final = "kept: it is about who runs the box, and `shopbell user` removes it"

HOUSE: Final = (
    table(
        "users",
        *("key", "name", "role", "password", "created_at", "seen_at", "disabled_at"),
        purpose="who may work with the console",
        keep=Keep.NOTHING,
        erased=_STAFF,
    ),
    table(
        "user_sessions",
        *("digest", "user", "began_at", "seen_at", "ends_at"),
        purpose="which browsers are signed in, by a fingerprint of their cookie",
        keep=Keep.NOTHING,
        erased=_STAFF,
    ),
    table(
        "invitations",
        *("digest", "user", "made_at", "ends_at"),
        purpose="one-time links that set a password, by their fingerprint",
        keep=Keep.NOTHING,
        erased=_STAFF,
    ),
    table(
        "api_tokens",
        *("id", "digest", "name", "scopes", "store", "made_by", "made_at", "ends_at"),
        *("used_at", "revoked_at"),
        purpose="which programs may ask over HTTP, by a fingerprint of their token",
        keep=Keep.NOTHING,
        erased=_STAFF,
    ),
    table(
        "audit_entries",
        *("key", "at", "actor", "action", "subject", "result", "details"),
        data="the pseudonym of the person about whom somebody asked or did something",
        purpose="to be able to show who did what",
        basis=SAFETY,
        keep=Keep.EVIDENCE,
        exported="audit",
        erased="kept: it names the person by the pseudonym alone",
    ),
    table(
        "request_answers",
        *("token", "name", "digest", "status", "body", "at"),
        purpose="that the same request twice is one; it names jobs and campaigns, and no person",
        keep=Keep.NOTHING,
    ),
    table(
        "alarms",
        *("key", "node", "kind", "subject", "severity", "detail", "began_at", "ended_at"),
        *("told_at", "told_end_at", "acknowledged_by"),
        purpose="what was wrong with the box, and when",
        keep=Keep.NOTHING,
    ),
    table(
        "samples",
        *("series", "span", "subject", "at", "node", "count", "total", "least", "most"),
        purpose="counts and times of the box, by the minute and by the hour",
        keep=Keep.NOTHING,
    ),
    table(
        "loop_tests",
        *("key", "code", "from_line", "to_line", "sent_at", "arrived_at", "lost_at"),
        purpose="messages between the box's own SIMs",
        keep=Keep.NOTHING,
    ),
    table(
        "epochs",
        *("key", "id", "kind", "began_at", "copied_at", "released_at"),
        purpose="whether the database is a restored copy",
        keep=Keep.NOTHING,
    ),
    table(
        "held_jobs",
        *("job", "not_before"),
        purpose="which jobs of a restored copy wait for the operator; it goes with the job",
        keep=Keep.NOTHING,
    ),
)
