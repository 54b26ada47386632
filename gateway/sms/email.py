"""E-mail that a gateway of the network turned into an SMS (3GPP TS 23.040 clause 3.8.1).

Its text begins with the sender's address and a blank; a subject may follow between brackets,
slashes or double number signs. Nothing else marks it, so that this is a reading, not a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"([^\s@/()]+@[^\s@/()]+\.[^\s@/().#]+)(?=[ #(])")
_SUBJECTS: Final = (
    re.compile(r" ?\(([^)]*)\)", re.DOTALL),
    re.compile(r" /(.*?) ?/", re.DOTALL),
    re.compile(r" ?##(.*?)##", re.DOTALL),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Email:
    """Who wrote what."""

    sender: str
    """The address."""
    subject: str | None
    body: str


def email_in(text: str) -> Email | None:
    """Return the e-mail that a text reads as, or None."""
    address = _ADDRESS.match(text)
    if address is None:
        return None
    rest = text[address.end() :]
    for pattern in _SUBJECTS:
        subject = pattern.match(rest)
        if subject is not None:
            body = rest[subject.end() :]
            return Email(sender=address[1], subject=subject[1], body=body.removeprefix(" "))
    return Email(sender=address[1], subject=None, body=rest[1:])
