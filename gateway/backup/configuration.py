"""The configuration as a backup holds it: without what is secret in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from typing import Any, Final

_LEFT_OUT: Final = "# left out of the backup, since it is a secret: "


def without_secrets(text: str, secrets: Set[str]) -> str | None:
    """Return a configuration with its secrets taken out; None where that cannot be told to work.

    Args:
        text: of the file, TOML.
        secrets: keys whose values are secret.
    """
    keys = "|".join(map(re.escape, sorted(secrets)))
    line = re.compile(rf"^[ \\t]*({keys})[ \\t]*=.*$", re.MULTILINE)
    cut = line.sub(lambda found: f"{_LEFT_OUT}{found[1]}", text)
    try:
        before, after = tomllib.loads(text), tomllib.loads(cut)
    except tomllib.TOMLDecodeError:
        return None
    told = {value for key, value in _values(before) if key in secrets}
    if any(key in secrets for key, _ in _values(after)) or any(value in cut for value in told):
        return None
    return cut


def _values(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value that is no table, as text, with its key."""
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _values(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from _values(inner, key)
    else:
        yield key, str(node)
