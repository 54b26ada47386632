"""What templates and their files are called: ``NAME.LANG.txt``."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_FILE: Final = re.compile(rf"(?P<name>{NAME.pattern})\.(?P<language>[A-Za-z]{{2,3}}(?:[-_]\w+)*)")

SUFFIX: Final = ".txt"
RULE: Final = "NAME.LANG.txt, such as abandoned-cart.en.txt or abandoned-cart.de-AT.txt"


def read_file_name(name: str) -> tuple[str, str]:
    """Return the template and the language of a file.

    Raises:
        ValueError: the name says neither; the text says what would be right.
    """
    found = _FILE.fullmatch(name.removesuffix(SUFFIX))
    if found is None:
        raise ValueError(f"is no name of a template; right: {RULE}")
    return found["name"], as_tag(found["language"])


def as_tag(language: str) -> str:
    """Return a language as BCP 47 writes it: ``de``, ``de-AT``."""
    first, *others = language.replace("_", "-").split("-")
    return "-".join([first.lower(), *map(_subtag, others)])


def _subtag(part: str) -> str:
    script = 4
    return part.upper() if len(part) < script else part.title()
