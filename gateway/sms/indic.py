"""The tables of the languages of India and Pakistan (3GPP TS 23.038 clauses A.2.4 ff., A.3.4 ff.).

Unicode lays the scripts of India out alike, each in a block of 128, and so does the standard: one
pattern of places in the block makes all nine main tables, save for what a script lacks and for six
letters of its own. Behind an escape, all share signs and capitals.

Where the printed standard contradicts itself (one letter twice in the Kannada table, digits of
another script in the Tamil and Telugu ones) the letter that the place calls for is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ABSENT: Final = " "
"""Stands where a table has nothing, as phones show it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What is peculiar to one script."""

    block: int
    """Its first code point."""
    lacks: str = ""
    """Places of the pattern where it has no letter, in hexadecimal."""
    own: str
    """Its letters at the septets 0x60 and 0x7B to 0x7F."""
    extra: str
    """Its characters behind an escape, see `single_shift_table`."""


_PATTERN: Final = (
    "01 02 03 05 06 07 08 09 0A 0B \n 0C 0D \r 0E 0F",
    "10 11 12 13 14 15 16 17 18 19 1A \x1b 1B 1C 1D 1E",
    "SP ! 1F 20 21 22 23 24 ) ( 25 26 , 27 . 28",
    "0 1 2 3 4 5 6 7 8 9 : ; 29 2A 2B ?",
    "2C 2D 2E 2F 30 31 32 33 34 35 36 37 38 39 3C 3D",
    "3E 3F 40 41 42 43 44 45 46 47 48 49 4A 4B 4C 4D",
)
"""Septets 0x00 to 0x5F: places in a script's block where there are two digits, else characters."""

_SIGNS: Final = (
    dict(enumerate("@£$¥¿\"¤%&'\f*+"))
    | dict(enumerate("-/<=>¡^¡_#*", start=0x0E))
    | {0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
    | dict(enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=0x41))
)

_EXTRA_SEPTETS: Final = (
    *(0x19, 0x1A),
    *range(0x1C, 0x28),
    *range(0x2A, 0x2F),
    *range(0x30, 0x3C),
    0x3F,
)
"""The septets between those signs, in the order in which a script's extra characters fill them."""


def locking_table(script: Script) -> str:
    """Return the character of each septet."""
    lacks = script.lacks.split()
    places = [place for row in _PATTERN for place in row.split(" ")]
    head = [ABSENT if place in lacks else _character(script.block, place) for place in places]
    return "".join([*head, script.own[0], "abcdefghijklmnopqrstuvwxyz", script.own[1:]])


def single_shift_table(extra: str) -> dict[int, str]:
    """Return the character of each septet behind an escape; a blank in ``extra`` leaves one out."""
    pairs = zip(_EXTRA_SEPTETS, extra, strict=False)
    return _SIGNS | {septet: character for septet, character in pairs if character != ABSENT}


def _character(block: int, place: str) -> str:
    if place == "SP":
        return " "
    return chr(block + int(place, 16)) if len(place) == 2 else place


def _digits(zero: int) -> str:
    return "".join(chr(zero + digit) for digit in range(10))


_DANDAS: Final = "\u0964\u0965"

SCRIPTS: Final = (
    Script(  # Bengali
        block=0x0980,
        lacks="0D 0E 11 12 29 31 33 34 35 45 46 49 4A",
        own="\u09ce\u09d7\u09dc\u09dd\u09f0\u09f1",
        extra=_digits(0x09E6)
        + "\u09df\u09e0\u09e1\u09e2\u09e3\u09f2\u09f3\u09f4\u09f5\u09f6\u09f7\u09f8\u09f9\u09fa",
    ),
    Script(  # Gujarati
        block=0x0A80,
        lacks="0E 12 29 31 34 46 4A",
        own="\u0ad0\u0ae0\u0ae1\u0ae2\u0ae3\u0af1",
        extra=_DANDAS + _digits(0x0AE6),
    ),
    Script(  # Hindi
        block=0x0900,
        own="\u0950\u0972\u097b\u097c\u097e\u097f",
        extra=_DANDAS
        + _digits(0x0966)
        + "\u0951\u0952\u0953\u0954\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095f"
        + "\u0960\u0961\u0962\u0963\u0970\u0971",
    ),
    Script(  # Kannada
        block=0x0C80,
        lacks="01 0D 11 29 34 45 49",
        own="\u0cd5\u0cd6\u0ce0\u0ce1\u0ce2\u0ce3",
        extra=_DANDAS + _digits(0x0CE6) + "\u0cde\u0cf1\u0cf2",
    ),
    Script(  # Malayalam
        block=0x0D00,
        lacks="01 0D 11 29 3C 45 49",
        own="\u0d57\u0d60\u0d61\u0d62\u0d63\u0d79",
        extra=_DANDAS
        + _digits(0x0D66)
        + "\u0d70\u0d71\u0d72\u0d73\u0d74\u0d75\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e\u0d7f",
    ),
    Script(  # Oriya
        block=0x0B00,
        lacks="0D 0E 11 12 29 31 34 45 46 49 4A",
        own="\u0b56\u0b57\u0b60\u0b61\u0b62\u0b63",
        extra=_DANDAS + _digits(0x0B66) + "\u0b5c\u0b5d\u0b5f\u0b70\u0b71",
    ),
    Script(  # Punjabi
        block=0x0A00,
        lacks="0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A",
        own="\u0a51\u0a70\u0a71\u0a72\u0a73\u0a74",
        extra=_DANDAS + _digits(0x0A66) + "\u0a59\u0a5a\u0a5b\u0a5c\u0a5e\u0a75",
    ),
    Script(  # Tamil
        block=0x0B80,
        lacks="01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
        own="\u0bd0\u0bd7\u0bf0\u0bf1\u0bf2\u0bf9",
        extra=_DANDAS + _digits(0x0BE6) + "\u0bf3\u0bf4\u0bf5\u0bf6\u0bf7\u0bf8\u0bfa",
    ),
    Script(  # Telugu
        block=0x0C00,
        lacks="0D 11 29 34 3C 45 49",
        own="\u0c55\u0c56\u0c60\u0c61\u0c62\u0c63",
        extra=2 * ABSENT
        + _digits(0x0C66)
        + "\u0c58\u0c59\u0c78\u0c79\u0c7a\u0c7b\u0c7c\u0c7d\u0c7e\u0c7f",
    ),
)
"""In the order of their national language identifiers, from 4 on."""

URDU: Final = (
    "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a\u06c2\u067f\n\u0679\u067d\r\u067a\u067c"
    "\u062b\u062c\u0681\u0684\u0683\u0685\u0686\u0687\u062d\u062e\u062f\x1b\u068c\u0688\u0689\u068a"
    " !\u068f\u068d\u0630\u0631\u0691\u0693)(\u0699\u0632,\u0696.\u0698"
    "0123456789:;\u069a\u0633\u0634?"
    "\u0635\u0636\u0637\u0638\u0639\u0641\u0642\u06a9\u06aa\u06ab\u06af\u06b3\u06b1\u0644\u0645\u0646"
    "\u06ba\u06bb\u06bc\u0648\u06c4\u06d5\u06c1\u06be\u0621\u06cc\u06d0\u06d2\u064d\u0650\u064f\u0657"
    "\u0654abcdefghijklmnopqrstuvwxyz\u0655\u0651\u0653\u0656\u0670"
)
"""Clause A.3.13: Arabic letters follow no pattern of places."""

URDU_EXTRA: Final = (
    "\u0600\u0601"
    + _digits(0x06F0)
    + "\u060c\u060d\u060e\u060f\u0610\u0611\u0612\u0613\u0614\u061b\u061f\u0640\u0652\u0658"
    + "\u066b\u066c\u0672\u0673\u06cd\u06d4"
)
"""Clause A.2.13, as of `Script.extra`."""
