"""Every code with which something that a store published is refused, in words for its developer."""

from __future__ import annotations

from typing import Final

CODES: Final = {
    "not_json": "the payload is not JSON",
    "invalid_utf8": "the payload is not UTF-8",
    "too_large": "the payload has more than 64 KiB",
    "too_deep": "the payload is nested too deeply",
    "duplicate_field": "a key comes twice",
    "unknown_field": "there is no such field; the nearest one is named",
    "missing_field": "a field is required",
    "wrong_type": "a field, or the whole, has another JSON type",
    "invalid_value": "a field cannot have this value",
    "unknown_template": "there is no such template",
    "unknown_type": "nobody here takes events of this type",
    "unknown_person": "the number of this customer was never told",
    "events_missing": "fewer or other events of a day came than the store told; publish it again",
    "invalid_number": "the number cannot be reached",
    "too_many_parts": "the text is too long",
    "retained": "it was published with the retain flag",
    "unknown_store": "the gateway does not know the store of the topic",
    "no_consent": "marketing without consent on record, or anything after STOP ALL",
    "restricted": "the person's data may be kept and not used",
    "deactivated": "the network says that nobody has the number",
    "minor": "marketing to a person whom the store called a minor",
    "stale": "marketing to a person of whom nothing was heard for too long",
    "policy": "no SIM may send it, and no carrier serves it",
    "cart_once": "a message about this person's cart went out within 48 hours, or waits",
    "cart_late": "the cart was left more than 48 hours ago",
    "no_window": "there is no hour at which this person may be written to",
    "wording": "the text lacks what it must say, or offers where it may not; only if configured",
    "conflict": "the id names something else already",
    "unknown_job": "there is no job to cancel",
    "too_late": "the job has gone out, or has ended",
    "storage": "not the store's fault, and not kept: publish it again later",
    "internal": "not the store's fault, and not kept: publish it again later",
}
