"""The rights of a person: access, erasure, restriction, objection (GDPR Art. 15-21).

Whoever has such a wish to pass on, be it a command, a store's event over MQTT or a console, makes
changes with `changes_of` and hands them to admission in a `gateway.dispatch.ChangeRequest`. They
are in the ledger by that commit, what was waiting has ended, and the store is told. An erasure
goes on from there by itself: `Eraser` finds it in the database.
"""

from gateway.consent.wish import RIGHTS, Wish, changes_of
from gateway.dispatch.rights.eraser import Erased, Eraser, Outcome, Reach
from gateway.dispatch.rights.retention import Due, Retention

__all__ = [
    "RIGHTS",
    "Due",
    "Erased",
    "Eraser",
    "Outcome",
    "Reach",
    "Retention",
    "Wish",
    "changes_of",
]
