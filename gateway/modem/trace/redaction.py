"""Redacting an AT dialogue line by line, so that it can still be replayed.

Numbers and texts get stand-ins of equal length and kind, PDUs are rewritten in their own structure
(`gateway.sms.redaction`), PINs are starred. What is not known to be technical is blanked: the
default is to hide.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.at import Parser, Unsolicited, read_final
from gateway.domain.redaction import StandIns, blank
from gateway.sms.redaction import redact_hex_text, redact_pdu

_SECRET: Final = re.compile(r"(AT[+^](?:CPIN2?|CPWD|CLCK|PIN)\s*=)(.*)", re.IGNORECASE | re.DOTALL)
_PIN: Final = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_COMMAND: Final = re.compile(r"AT([+^#*_$%&]?[A-Z0-9]*)", re.IGNORECASE)
_NAMED: Final = re.compile(r"([+^#*_$%][A-Za-z][A-Za-z0-9_]*)\s*:")
_DIALLING: Final = re.compile(r"(ATD)(.*)", re.IGNORECASE)

_HEX: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{16,}(?![0-9A-Za-z])")
_SHORT_HEX: Final = re.compile(r"(?=.*[A-Fa-f])(?:[0-9A-Fa-f]{2}){2,7}")
_PDU_LINE: Final = re.compile(r"[\s>]*[0-9A-Fa-f]{16,}(?:,0)?\s*")
_NUMBER: Final = re.compile(r"(?<!\d)\d{7,}(?!\d)")
_SERIAL: Final = re.compile(r"(?<!\d)\d{14,}(?!\d)")
_ICCID: Final = re.compile(r"(89|98)?([0-9]{12,18}[0-9A-Fa-f]{0,4})")
"""As it is printed and as it is stored; filling may follow it."""
_UCS2_NUMBER: Final = re.compile(r"(?:002[ABab3]|003[0-9]){4,}")
_CELL: Final = re.compile(r"(?<![0-9A-Za-z])(?!0*\d{1,2}\b)[0-9A-Fa-f]{3,}(?![0-9A-Za-z])")
_LAST_NUMBER: Final = re.compile(r"(\d{1,3})\D*$")
_DIALLED: Final = re.compile(r"\+?[0-9*#]+")
_TIME: Final = re.compile(r"\d{2,4}/\d{1,2}/\d{1,2},\d\d:\d\d:\d\d(?:[+-]\d+)?")
_WORD: Final = re.compile(r"[^\W\d_]+")

_STATES: Final = frozenset({"REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"})

_MESSAGES: Final = frozenset({"+CMGR", "+CMGL", "+CMT", "+CDS", "+CBM", "+CMGS", "+CMGW", "+CNMA"})
"""Behind these stands a PDU, or the text of somebody where a modem is not in PDU mode."""

_PERSONAL: Final = _MESSAGES | {
    "+CUSD", "+CNUM", "+CPBR", "+CPBF", "+CPBW", "+CLIP", "+CCWA", "+COLP", "+CLCC", "+CCFC",
    "+MSTK", "+STKPCI", "^STIN", "+CSCA", "D",
}  # fmt: skip
"""What tells numbers, names or texts between quotes."""

_CELLS: Final = frozenset({"+CREG", "+CGREG", "+CEREG"})
"""What tells the radio cell, which is where the box stands."""

_VERSIONS: Final = frozenset({"+CGMR", "+GMR", "I"})
"""Answers in which shorter digits than those of a serial number are a version."""


class LineRedactor:
    """Redacts one dialogue; what a line may hold depends on those before it."""

    def __init__(self) -> None:
        self._stand_ins = StandIns()
        self._secrets: set[str] = set()
        self._asked = ""
        self._command = ""
        self._body = False
        self._quote_open = False
        self._stated: int | None = None

    def renew(self) -> None:
        """Begin with other stand-ins: the trace goes on in another file."""
        self._stand_ins = StandIns()

    def host(self, text: str) -> str:
        """Return a line of the host, without its end, redacted."""
        command = _COMMAND.match(text)
        if command is None:
            return self._in_body(self._starred(text))
        self._asked, self._command = text, command.group(1).upper() or "AT"
        self._body = self._command in _MESSAGES
        self._quote_open = False
        return self._ask(text)

    def modem(self, text: str) -> str:
        """Return a line of the modem, without its end, redacted."""
        if text == self._asked or _SECRET.match(text):
            return self._ask(text)
        text = self._starred(text)
        if read_final(text.strip()) is not None:
            self._command, self._body, self._quote_open = "", False, False
            return self._technical(text)
        if self._quote_open:
            return self._personal(text)
        if named := _NAMED.match(text):
            return self._told(named.group(1).upper(), text)
        if self._body:
            return self._in_body(text)
        return self._technical(text) if self._is_harmless(text) else blank(text)

    def _ask(self, text: str) -> str:
        """Redact a command, or its echo."""
        if secret := _SECRET.match(text):
            self._secrets.update(_PIN.findall(secret.group(2)))
            return secret.group(1) + re.sub(r"\w", "*", secret.group(2))
        if dialled := _DIALLING.match(text):
            return dialled.group(1) + self._stand_ins.number(dialled.group(2))
        return self._valued(self._command, self._starred(text))

    def _told(self, name: str, text: str) -> str:
        """Redact a line with a name; in a text of somebody it may only look like one."""
        if self._body and name not in _PERSONAL:
            head, colon, value = text.partition(":")
            return (head if head.isupper() else blank(head)) + colon + self._personal(value)
        self._body = self._body or name in _MESSAGES
        return self._valued(name, text)

    def _valued(self, name: str, text: str) -> str:
        """Redact a line by the name that begins it."""
        if name in _MESSAGES:
            stated = _LAST_NUMBER.search(_HEX.split(text)[0])
            self._stated = int(stated.group(1)) if stated else None
        if name in _PERSONAL:
            head, sign, value = re.split("([:=]|$)", text, maxsplit=1)
            return head + sign + self._personal(value)
        if name in _CELLS:
            return _CELL.sub(lambda found: "0" * len(found.group()), text)
        return self._technical(text)

    def _in_body(self, text: str) -> str:
        """Redact what stands behind a header: a PDU, else somebody's text."""
        if not _PDU_LINE.fullmatch(text):
            return blank(text)
        self._body = self._command in _MESSAGES
        return _HEX.sub(self._hex, text)

    def _technical(self, text: str) -> str:
        """Redact a line of a kind that tells of no person, but for numbers and PDUs in it."""
        plain = _SERIAL if self._command in _VERSIONS else _NUMBER
        pieces = re.split(f"({_HEX.pattern})", text)
        return "".join(
            self._hex_text(piece) if at % 2 else plain.sub(self._number, piece)
            for at, piece in enumerate(pieces)
        )

    def _personal(self, text: str) -> str:
        """Redact values between quotes wholly, others as far as they are words or numbers."""
        shown = []
        for at, piece in enumerate(text.split('"')):
            if at:
                self._quote_open = not self._quote_open
            shown.append(self._quoted(piece) if self._quote_open else self._unquoted(piece))
        return '"'.join(shown)

    def _quoted(self, value: str) -> str:
        if value in _STATES or _TIME.fullmatch(value):
            return value
        if _HEX.fullmatch(value) or _SHORT_HEX.fullmatch(value):
            return self._hex_text(value)
        return self._stand_ins.number(value) if _DIALLED.fullmatch(value) else blank(value)

    def _unquoted(self, value: str) -> str:
        pieces = re.split(f"({_HEX.pattern})", value)
        return "".join(
            self._hex_text(piece)
            if at % 2
            else _WORD.sub(lambda word: "x" * len(word.group()), _NUMBER.sub(self._number, piece))
            for at, piece in enumerate(pieces)
        )

    def _number(self, found: re.Match[str]) -> str:
        return self._stand_ins.number(found.group())

    def _hex(self, found: re.Match[str]) -> str:
        return redact_pdu(found.group(), self._stand_ins, length=self._stated)

    def _hex_text(self, digits: str) -> str:
        """Redact hex by what is in it: a number in UCS-2, a serial number, a PDU, or a text."""
        if _UCS2_NUMBER.fullmatch(digits):
            number = bytes.fromhex(digits).decode("utf-16-be")
            return self._stand_ins.number(number).encode("utf-16-be").hex().upper()
        if serial := _ICCID.fullmatch(digits):
            return (serial.group(1) or "") + self._stand_ins.number(serial.group(2))
        if self._body:
            return redact_pdu(digits, self._stand_ins, length=self._stated)
        return redact_hex_text(digits, self._stand_ins)

    def _starred(self, text: str) -> str:
        """Star a PIN that comes back where nobody expects it, such as in a torn echo."""
        return _PIN.sub(lambda found: self._star(found.group()), text) if self._secrets else text

    def _star(self, digits: str) -> str:
        return "*" * len(digits) if digits in self._secrets else digits

    def _is_harmless(self, text: str) -> bool:
        """Tell whether a line without a name is an answer to a technical question, or a notice."""
        if self._command and self._command not in _PERSONAL:
            return True
        said = Parser().feed(text.encode() + b"\r\n")
        return all(isinstance(event, Unsolicited) and event.name for event in said)
