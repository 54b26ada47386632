"""The text of USSD: packed septets, UCS-2, or as it is (3GPP TS 23.038 clauses 5 and 6.1.2.3).

What modems say of the coding is often wrong (MODEMS.md 7.4), so that what is written decides:
digits that make sense as packed septets are that, else digits that make sense as UCS-2, else it is
the text itself.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.domain.errors import EncodeError
from gateway.sms import gsm7
from gateway.sms.septets import pack, unpack

MAX_TEXT: Final = 182
"""Characters: a message has 160 octets (TS 24.090), which hold so many septets."""

_CARRIAGE_RETURN: Final = 0x0D
"""Fills seven spare bits, which would otherwise read as one more ``@``."""

_HEX: Final = re.compile(r"[0-9A-Fa-f]{8,}")
"""Fewer digits are sooner a number than a text."""

_SHORT_NUMBER: Final = re.compile(r"\d{1,16}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_END: Final = re.compile("[\0\uffff]")
_ORDINARY: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    " \n\r.,:;-+*#/()'\"!?%&=<>£$€äöüÄÖÜßàèéìòùñÑåÅæÆøØÇ"
)
"""What texts of networks are made of; chance septets have it by two thirds."""

_ORDINARY_SHARE: Final = 0.85
_SCRIPT_SHARE: Final = 0.6
_SCRIPTS: Final = (
    (0x0009, 0x06FF),  # Latin to Arabic
    (0x0900, 0x0E7F),  # Indic and Thai
    (0x1E00, 0x20CF),  # more Latin and Greek, punctuation, currencies
    (0x3000, 0x30FF),  # Japanese
    (0x4E00, 0x9FFF),  # Chinese
    (0xAC00, 0xD7A3),  # Korean
    (0xFF00, 0xFFEF),  # full width
)
_CONTROLS: Final = {
    septet: character
    for septet, character in enumerate(gsm7.DEFAULT[:0x20])
    if septet not in (gsm7.ESCAPE, 0x0A, _CARRIAGE_RETURN)
}
"""Septets that a modem passes on as octets, where they are no characters: ``£`` is 1, for one."""


def pack_ussd(text: str) -> str:
    """Return a text as packed septets in hexadecimal digits, as Huawei sticks want it.

    Raises:
        EncodeError: a character is not in the default alphabet.
    """
    try:
        septets = gsm7.encode(text)
    except UnicodeEncodeError as error:
        raise EncodeError("USSD", f"{text[error.start]!r} is not in the alphabet") from None
    spare = len(septets) % 8 == 7
    return pack(septets + bytes([_CARRIAGE_RETURN] * spare)).hex().upper()


def ucs2_ussd(text: str) -> str:
    """Return a text as UCS-2 in hexadecimal digits."""
    return text.encode("utf-16-be").hex().upper()


def read_ussd_text(raw: str) -> str:
    """Return the text of an answer, at most `MAX_TEXT` characters, without the garbage behind it.

    Args:
        raw: what stands between the quotes.
    """
    text = _from_digits(raw) if _HEX.fullmatch(raw) else None
    return _tidy(raw.translate(_CONTROLS) if text is None else text)


def _from_digits(digits: str) -> str | None:
    octets = bytes.fromhex(digits[: len(digits) // 2 * 2])
    number = _SHORT_NUMBER.fullmatch(digits)
    if not number and _is_ordinary(packed := _unpacked(octets)):
        return packed
    wide = _END.split(_without_language(octets).decode("utf-16-be", "replace"))[0]
    if number and any(octets[::2]):
        return None
    return wide if _is_of_a_script(wide) else None


def _unpacked(octets: bytes) -> str:
    septets = unpack(octets, len(octets) * 8 // 7)
    if len(octets) % 7 == 0:
        septets = septets.removesuffix(b"\0").removesuffix(b"\r")
    return gsm7.decode(septets)


def _without_language(octets: bytes) -> bytes:
    """Cut off the language that precedes UCS-2 in scheme 17: two letters in two octets."""
    letters = gsm7.decode(unpack(octets, 2))
    even = octets[: len(octets) // 2 * 2]
    return even[2:] if octets[0] != 0 and octets[1] != 0 and _LANGUAGE.fullmatch(letters) else even


def _is_ordinary(text: str) -> bool:
    return sum(map(_ORDINARY.__contains__, text)) >= _ORDINARY_SHARE * len(text)


def _is_of_a_script(text: str) -> bool:
    known = sum(any(low <= ord(char) <= high for low, high in _SCRIPTS) for char in text)
    return bool(text) and known >= _SCRIPT_SHARE * len(text) and "\ufffd" not in text[:-1]


def _tidy(text: str) -> str:
    text = _END.split(text)[0].replace("\r\n", "\n").replace("\r", "\n")
    return text[:MAX_TEXT].strip()
