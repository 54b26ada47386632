"""How a stick talks about the network's menus (MODEMS.md section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UssdForm(StrEnum):
    """How a USSD request has to be written, and an answer is (MODEMS.md 7.1)."""

    TEXT = "text"
    PACKED = "packed"
    """GSM-7, packed, in hexadecimal."""
    UCS2 = "ucs2"
    """UCS-2 in hexadecimal; requests only while +CSCS says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ussd:
    """+CUSD."""

    form: UssdForm = UssdForm.TEXT
    refuses: bool = True
    """A request in another form gets ERROR; else OK, and never an answer."""
    needs_mode: bool = False
    """Requests are in another form until ``AT^USSDMODE=0`` (MODEMS.md 7.2)."""
    before_ok: bool = False
    """The answer comes before the request's OK (MODEMS.md 7.3)."""
    ends_twice: bool = False
    """A ``+CUSD: 2`` follows the answer (MODEMS.md 7.3)."""
    coding: int = 15
    """The coding scheme that is named, whatever the form is; negative: it is left out."""
    garbage: bool = False
    """Answers come in UCS-2, and more follows behind the text (MODEMS.md 7.4)."""
    hangs_at_end: bool = False
    """``AT+CUSD=2`` stops the modem dead (MODEMS.md 7.5)."""
