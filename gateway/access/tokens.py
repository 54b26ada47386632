"""What a token may be made of: scopes, a store, an end."""

from __future__ import annotations

from typing import Any, Final

from gateway.access.right import Right
from gateway.domain.errors import RejectedError

OF_STORE: Final = frozenset({Right.READ, Right.ANSWER, Right.PEOPLE, Right.SEND})
"""What can be about one store alone; the others are about the box."""

LONGEST: Final = 3650
"""Days until a token ends, at most."""

_MOST_LABEL: Final = 64


def read_scopes(given: Any, *, of_store: bool) -> list[Right]:
    """Return the scopes of a token, in the order of the vocabulary.

    Raises:
        RejectedError: there are none, one is no right, or one is not about a store.
    """
    possible = [right for right in Right if not of_store or right in OF_STORE]
    wanted = given if isinstance(given, list) else []
    if not wanted or not set(wanted) <= set(map(str, possible)):
        alone = " of a token for one store" if of_store else ""
        reason = f"scopes{alone}: right: one or more of {', '.join(possible)}"
        raise RejectedError("invalid_scopes", reason, field="scopes")
    return [right for right in possible if right in wanted]


def read_label(text: str) -> str:
    """Return what a token is for.

    Raises:
        RejectedError: it is too long, or cannot be shown.
    """
    label = text.strip()
    if not label or len(label) > _MOST_LABEL or not label.isprintable():
        reason = f"a token needs a name of 1 to {_MOST_LABEL} characters: what it is for"
        raise RejectedError("invalid_name", reason, field="name")
    return label


def read_days(given: Any) -> int | None:
    """Return after how many days a token ends; None: not by itself.

    Raises:
        RejectedError: it is no such number.
    """
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= LONGEST:
        raise RejectedError("malformed", f"days: right: 1 to {LONGEST}", field="days")
    return given
