"""Changing the configuration for its operator: a table more or less, and all else as it stands.

The text is cut, not parsed and written anew, so that every comment, blank and order stays where it
is. What comes of it is then read: it has to say what was meant and nothing else, or it is refused
with what to write by hand.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.domain.errors import ConfigurationError

_STORE: Final = re.compile(r"""\s*\[\[\s*(?:store|"store"|'store')\s*\]\]\s*(?:#.*)?\Z""")
_PART_OF_STORE: Final = re.compile(r"""\s*\[{1,2}\s*(?:store|"store"|'store')\s*\.""")
_TABLE: Final = re.compile(r"\s*\[")
_REMARK: Final = re.compile(r"\s*(?:#.*)?\Z")


def add_store(text: str, fields: Mapping[str, str]) -> str:
    """Return a configuration with one more ``[[store]]``, at its end.

    Args:
        text: the configuration.
        fields: the keys of the table.

    Raises:
        ConfigurationError: the file is written so that this cannot be done here.
    """
    entry = ["[[store]]", *_lines(fields)]
    wanted = _document(text)
    wanted["store"] = [*wanted.get("store", []), dict(fields)]
    lead = [] if not text or text.endswith(("\n\n", "\r\n\r\n")) else [""]
    changed = _ended(text) + "".join(line + _newline(text) for line in lead + entry)
    return _checked(changed, wanted, f"write at its end: {'; '.join(entry)}")


def remove_store(text: str, name: str) -> str:
    """Return a configuration without a ``[[store]]``; comments around the table stay.

    Raises:
        ConfigurationError: the file is written so that this cannot be done here.
    """
    wanted = _document(text)
    names = [entry.get("name") for entry in wanted.get("store", [])]
    place = names.index(name)
    wanted["store"].pop(place)
    if not wanted["store"]:
        del wanted["store"]
    lines = text.splitlines(keepends=True)
    tables = list(_tables(lines))
    gone = range(*tables[place]) if len(tables) == len(names) else range(0)
    changed = "".join(line for number, line in enumerate(lines) if number not in gone)
    return _checked(changed, wanted, f"take the table of {name} out by hand")


def add_to_section(text: str, section: str, fields: Mapping[str, str]) -> str:
    """Return a configuration with more keys at the head of a section that it has.

    Raises:
        ConfigurationError: the file is written so that this cannot be done here.
    """
    wanted = _document(text)
    wanted[section] = {**wanted.get(section, {}), **fields}
    header = re.compile(rf"(?m)^[ \t]*\[[ \t]*{section}[ \t]*\][^\r\n]*(?:\r?\n|\Z)")
    added = "".join(line + _newline(text) for line in _lines(fields))
    changed = header.sub(lambda found: _ended(found[0]) + added, text, count=1)
    remedy = f"write under [{section}]: {'; '.join(_lines(fields))}"
    return _checked(changed, wanted, remedy)


def _lines(fields: Mapping[str, str]) -> list[str]:
    """Return keys as TOML; a JSON string of what is asked for here is one of TOML's too."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where each ``[[store]]`` begins, and where what it says ends."""
    begin: int | None = None
    end = 0
    for number, line in enumerate(lines):
        if _TABLE.match(line) and not (begin is not None and _PART_OF_STORE.match(line)):
            if begin is not None:
                yield begin, end
            begin = number if _STORE.match(line.rstrip("\r\n")) else None
        if not _REMARK.match(line.rstrip("\r\n")):
            end = number + 1
    if begin is not None:
        yield begin, end


def _document(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + _newline(text)


def _checked(changed: str, wanted: Mapping[str, Any], remedy: str) -> str:
    try:
        if _document(changed) == wanted:
            return changed
    except tomllib.TOMLDecodeError:
        pass
    raise ConfigurationError(f"the configuration is not written in plain tables; {remedy}")
