"""Looks for phone numbers where none may be: logs, topics, names of files, reasons (G-14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.house import House

TAIL = 8
"""Digits at the end of a number that no other writing of it changes."""

_INTERNATIONAL = re.compile(r"\+(?:[ ().-]{0,3}\d){8,15}")
_DIGITS = re.compile(r"\d(?:[ ()./-]{0,2}\d){7,}")
_MOST = 50
"""Numbers that are looked for swapped in pairs, as PDUs have them."""


def numbers_in(text: str, known: Iterable[str] = ()) -> list[str]:
    """Return what of a text is a phone number: any in E.164, and the known in all spellings.

    Args:
        text: what was written.
        known: E.164 numbers that somebody might have written otherwise.
    """
    tails = {number[-TAIL:] for number in known}
    grouped = (match[0] for match in _DIGITS.finditer(text))
    spelled = [run for run in grouped if any(tail in _plain(run) for tail in tails)]
    swapped = [each for each in map(_semi_octets, sorted(known)[:_MOST]) if each in text]
    return [*(match[0] for match in _INTERNATIONAL.finditer(text)), *spelled, *swapped]


def _plain(run: str) -> str:
    return "".join(filter(str.isdigit, run))


def _semi_octets(number: str) -> str:
    """Return a number's digits as a PDU has them (3GPP TS 23.040 clause 9.1.2.3)."""
    digits = number.removeprefix("+")
    even = digits + "F" * (len(digits) % 2)
    return "".join(even[at + 1] + even[at] for at in range(0, len(even), 2))


def leaks_of(house: House) -> list[str]:
    """Return every number that a house let out, with where; the database and the network aside."""
    known = _persons(house)
    return [
        f"{place}: {number}"
        for place, text in _written(house)
        for number in numbers_in(text, known)
    ]


def _persons(house: House) -> set[str]:
    """Return who was written to and who wrote, as the simulated network knows them."""
    log = house.bank.directory / "log.jsonl"
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    return set(re.findall(r"\+\d{8,15}", text))


def _written(house: House) -> Iterator[tuple[str, str]]:
    for file in sorted(house.directory.rglob("*")):
        yield "a file's name", file.relative_to(house.directory).as_posix()
    for log in sorted(house.directory.glob("*.err")):
        yield log.name, log.read_text(encoding="utf-8", errors="replace")
    yield "gateway.out", _read(house.directory / "gateway.out")
    for topic, payload, _ in house.store.heard:
        yield "a topic", topic
        yield from _reasons(payload)


def _reasons(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a payload says about a fault; the person's own message has their number."""
    error = payload.get("error")
    if isinstance(error, dict):
        yield "a rejection", str(error.get("message"))
    if "reason" in payload:
        yield "a status", str(payload["reason"])


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
