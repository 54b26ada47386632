"""The stable words by which a store's program tells one refusal from another.

Only those that arise at this door; what is well formed and still refused (``conflict``,
``no_consent``, …) gets its word from `gateway.dispatch`.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """The ``code`` of a ``rejected`` payload."""

    TOO_LARGE = "too_large"
    INVALID_UTF8 = "invalid_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    DUPLICATE_FIELD = "duplicate_field"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    INVALID_VALUE = "invalid_value"
    INVALID_NUMBER = "invalid_number"
    """The same word that admission uses for a number that cannot be reached."""
    UNKNOWN_TEMPLATE = "unknown_template"
    UNKNOWN_TYPE = "unknown_type"
    """An event of a type that nobody here takes."""
    RETAINED = "retained"
    STORAGE = "storage"
    """Not the store's fault: it was not kept, and is to be sent again."""
    INTERNAL = "internal"
    """Not the store's fault: the gateway stumbled over it, and only over it."""
