"""What pydantic does not see: things that contradict each other, and variables for nobody.

Looked for in the raw document, so that these faults are named together with all the others.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gateway.domain.ids import AUTO_PORT
from gateway.settings.faults import Fault
from gateway.settings.model import SECTIONS
from gateway.settings.nearest import nearest
from gateway.settings.reasons import section_title
from gateway.settings.sources import ARRAYS, DELIMITER, PREFIX, variable_name
from gateway.settings.values import is_name

FAILPOINT_VARIABLE: Final = "SHOPBELL_FAILPOINT"
"""Ends the process at a named place, in tests of crashes; see `gateway.domain.failpoint`."""

LONGEST_AUTO: Final = 16
"""Characters in the name of an entry with ``port = "auto"``."""

_USB_PATH: Final = r"-[0-9]+-[0-9]+(\.[0-9]+)*"

_UNIQUE: Final = (
    ("modem", "name"),
    ("modem", "port"),
    ("carrier", "name"),
    ("store", "name"),
    ("limit", "name"),
)

_SUBJECTS: Final = ("operator", "country", "store")
"""What a limit is of."""


def contradictions(document: Mapping[str, Any], file: Path) -> list[Fault]:
    """Return what of the document contradicts itself, and the variables that change nothing."""
    return [
        *_duplicates(document, str(file)),
        *_names_of_sticks(document, str(file)),
        *_power_of_sticks(document, str(file)),
        *_shared_senders(document, str(file)),
        *_prices_of_nothing(document, str(file)),
        *_limits_of_nobody(document, str(file)),
        *_limits_of_the_same(document, str(file)),
        *_double_secrets(document, str(file)),
        *_stray_variables(document),
    ]


def _duplicates(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    for section, key in _UNIQUE:
        values = [entry.get(key) for _, entry in _entries(document, section)]
        counts = Counter(value for value in values if isinstance(value, str))
        for value, count in counts.items():
            if count > 1:
                yield Fault(
                    source=file,
                    section=f"[[{section}]]",
                    key=key,
                    value=value,
                    reason=f"is given {count} times; {_remedy(section, value)}",
                )


def _remedy(section: str, value: str) -> str:
    if value == AUTO_PORT:
        return "one entry stands for every stick; write the ports of the others"
    return f"give every {section} its own"


def _names_of_sticks(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Keep names free for the sticks that are found: NAME-USBPATH, such as ``box-1-1.2``."""
    entries = [entry for _, entry in _entries(document, "modem")]
    names = [str(entry.get("name")) for entry in entries]
    for auto in (str(entry.get("name")) for entry in entries if entry.get("port") == AUTO_PORT):
        if len(auto) > LONGEST_AUTO:
            reason = f"may have {LONGEST_AUTO} characters at most: a USB path is put behind it"
            yield _name_fault(file, auto, reason)
        for name in names:
            if re.fullmatch(re.escape(auto) + _USB_PATH, name):
                reason = f"is what a stick that {auto} stands for is called; write another"
                yield _name_fault(file, name, reason)


def _power_of_sticks(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Refuse a command for every stick that does not say which: it would cut another's power."""
    for _, entry in _entries(document, "modem"):
        command = entry.get("power_command")
        says_which = any(place in str(command) for place in ("{usb}", "{port}"))
        if entry.get("port") == AUTO_PORT and command and not says_which:
            yield Fault(
                source=file,
                section=f"[[modem]] {entry.get('name')}",
                key="power_command",
                value=command,
                reason="is for every stick that is found; write {usb} or {port} for the one meant",
            )


def _shared_senders(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Refuse two carriers with one number: each would take what comes to it, and tell it twice."""
    senders = [str(entry.get("sender")) for _, entry in _entries(document, "carrier")]
    for sender, count in Counter(senders).items():
        if count > 1 and not is_name(sender):
            yield Fault(
                source=file,
                section="[[carrier]]",
                key="sender",
                reason=f"is the same {count} times, and what comes to it would be told as often; "
                "give every carrier its own",
            )


def _prices_of_nothing(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Refuse prices in no currency: nobody could say what a campaign will cost."""
    gateway = document.get("gateway")
    stated = isinstance(gateway, Mapping) and gateway.get("currency")
    if stated or variable_name("gateway", "currency") in os.environ:
        return
    for section in ("modem", "carrier"):
        for position, entry in _entries(document, section):
            for key in entry.keys() & {"cost", "costs"}:
                yield Fault(
                    source=file,
                    section=section_title(section, entry, position),
                    key=key,
                    value=entry[key],
                    reason='is in no currency; write currency = "EUR" under [gateway]',
                )


def _limits_of_nobody(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Refuse a limit of a store that there is not: it would hold nobody back."""
    stores = [str(entry.get("name")) for _, entry in _entries(document, "store")]
    for position, entry in _entries(document, "limit"):
        store = entry.get("store")
        if isinstance(store, str) and store not in stores:
            near = f"the nearest known one is {nearest(store, stores)}" if stores else "add it"
            yield Fault(
                source=file,
                section=section_title("limit", entry, position),
                key="store",
                value=store,
                reason=f"there is no [[store]] of that name; {near}",
            )


def _limits_of_the_same(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    """Refuse two limits of one thing, of which the faster says nothing."""
    known: dict[tuple[str, ...], str] = {}
    for position, entry in _entries(document, "limit"):
        title = section_title("limit", entry, position)
        subject = tuple(str(entry.get(key, "")).casefold() for key in _SUBJECTS)
        first = known.setdefault(subject, title)
        if first != title and any(subject):
            reason = f"limits the same as {first}; keep one of the two"
            yield Fault(source=file, section=title, reason=reason)


def _name_fault(file: str, name: str, reason: str) -> Fault:
    return Fault(source=file, section=f"[[modem]] {name}", key="name", value=name, reason=reason)


def _double_secrets(document: Mapping[str, Any], file: str) -> Iterator[Fault]:
    for section in SECTIONS:
        for position, entry in _entries(document, section):
            for key in entry:
                if f"{key}_file" in entry:
                    yield Fault(
                        source=file,
                        section=section_title(section, entry, position),
                        key=key,
                        reason=f"is given beside {key}_file; keep one of the two",
                    )


def _stray_variables(document: Mapping[str, Any]) -> Iterator[Fault]:
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable != FAILPOINT_VARIABLE:
            reason = _stray(variable, document)
            if reason:
                yield Fault(source=variable, reason=reason)


def _stray(variable: str, document: Mapping[str, Any]) -> str | None:
    section, *path = variable[len(PREFIX) :].lower().split(DELIMITER)
    if not path:
        return _undelimited(section)
    if section not in SECTIONS:
        known = variable_name(nearest(section, SECTIONS), "KEY")
        return f"there is no such section; the nearest known one is {known}"
    return _stray_entry(section, path, document) if section in ARRAYS else None


def _undelimited(word: str) -> str | None:
    """Judge a variable without ``__``: one that looks like ours was meant to be."""
    for section in SECTIONS:
        if word == section or word.startswith(f"{section}_"):
            form = variable_name(section, *(["NAME"] if section in ARRAYS else []), "KEY")
            return f"names no key; write {form}, with two underscores"
    return None


def _stray_entry(section: str, path: Sequence[str], document: Mapping[str, Any]) -> str | None:
    names = [_variable_part(section, entry) for _, entry in _entries(document, section)]
    if path[0].upper() in names and len(path) > 1:
        return None
    near = nearest(path[0].upper(), names) if names else "NAME"
    return f"there is no {section} of that name; write {variable_name(section, near, 'KEY')}"


def _variable_part(section: str, entry: Mapping[str, Any]) -> str:
    name = variable_name(section, str(entry.get("name", "")))
    return name.removeprefix(variable_name(section, ""))


def _entries(document: Mapping[str, Any], section: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = document.get(section, [])
    listed = found if isinstance(found, list) else [found]
    return [(place, entry) for place, entry in enumerate(listed) if isinstance(entry, Mapping)]
