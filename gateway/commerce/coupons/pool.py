"""A pool of codes, as a shop's `coupons.toml` describes it. Pure.

```toml
[welcome]
about = "10 % off, for who gave us their number"
pattern = "HELLO-******"
expires = "14d"

[spring]
file = "spring-codes.txt"
expires = "30d"
low = 200

[friends]
kind = "referral"
pattern = "FRIEND-*****"
```
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from gateway.db.commerce.coupons import REFERRAL, SINGLE
from gateway.domain.duration import parse_duration
from gateway.domain.errors import ContentError

ALPHABET: Final = "CDFGHJKMNPQRTVWXY34679"
"""What a star stands for: nothing that looks like another sign of it, and no vowel, so that no code
is a word."""

FEWEST_STARS: Final = 5
"""Five million codes, of which nobody guesses one that was given."""

LOW: Final = 50
"""Codes left at which a pool is said to run low, unless it says otherwise."""

MOST_CODE: Final = 64

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)
_PATTERN: Final = re.compile(r"[A-Z0-9*-]{1,32}", re.ASCII)
_CODE: Final = re.compile(r"[!-~]{1,64}", re.ASCII)
_KEYS: Final = ("pattern", "file", "expires", "kind", "low", "about")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pool:
    """Where codes come from."""

    name: str
    pattern: str | None = None
    """Of codes that we make; exactly one of this and ``file`` is there."""
    file: str | None = None
    """Of codes that the shop made, one a line, in the shop's folder."""
    expires: timedelta | None = None
    """How long after it was given a code holds; None: the shop knows."""
    kind: str = SINGLE
    """`SINGLE`, or `REFERRAL`: the person passes it on."""
    low: int = LOW
    about: str | None = None

    def make_code(self, rng: Random) -> str:
        """Return a code of the pattern.

        Args:
            rng: where chance comes from; one that nobody can foresee.
        """
        return "".join(rng.choice(ALPHABET) if sign == "*" else sign for sign in self.pattern or "")


def parse_pools(text: str, file: Path | None = None) -> dict[str, Pool]:
    """Read a `coupons.toml`.

    Raises:
        ContentError: it is none, or a pool of it cannot be.
    """
    pools, faults = survey_pools(text, file)
    for fault in faults:
        raise fault
    return pools


def survey_pools(text: str, file: Path | None = None) -> tuple[dict[str, Pool], list[ContentError]]:
    """Read what can be read of a `coupons.toml`, and return what is wrong with the rest."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [ContentError(f"is no TOML: {error}", file=file)]
    pools: dict[str, Pool] = {}
    faults: list[ContentError] = []
    for name, table in document.items():
        try:
            pools[name] = _pool(name, table, file)
        except ContentError as fault:
            faults.append(fault)
    return pools, faults


def _pool(name: str, table: Any, file: Path | None) -> Pool:
    def wrong(reason: str, key: str | None = None) -> ContentError:
        return ContentError(reason, file=file, place=f"[{name}]" + (f" {key}" if key else ""))

    if not _NAME.fullmatch(name):
        raise wrong("a pool's name may have 1 to 32 of a-z, 0-9, - and _")
    if not isinstance(table, Mapping):
        raise wrong("is no pool; write [name] on a line above its keys")
    for key in table:
        if key not in _KEYS:
            raise wrong(f"there is no such key; right: one of {', '.join(_KEYS)}", key)
    if ("pattern" in table) is ("file" in table):
        raise wrong('has to have one of the two: pattern = "SAVE-******" or file = "codes.txt"')
    try:
        pool = Pool(
            name=name,
            pattern=_pattern(table.get("pattern")),
            file=_file(table.get("file")),
            expires=_expires(table.get("expires")),
            kind=_kind(table.get("kind", SINGLE)),
            low=_low(table.get("low", LOW)),
            about=_about(table.get("about")),
        )
    except _Wrong as error:
        raise wrong(error.reason, error.key) from None
    if pool.kind == REFERRAL and pool.file is not None:
        raise wrong("a code to pass on is made of a pattern", "file")
    return pool


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


def _pattern(given: object) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not _PATTERN.fullmatch(given):
        raise _Wrong(
            "pattern", 'may have 1 to 32 of A-Z, 0-9, - and *; write one such as "SAVE-******"'
        )
    if given.count("*") < FEWEST_STARS:
        raise _Wrong("pattern", f"could be guessed; write at least {FEWEST_STARS} stars")
    return given


def _file(given: object) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not given or Path(given).name != given:
        raise _Wrong("file", 'is no file of the shop\'s folder; write a name such as "codes.txt"')
    return given


def _expires(given: object) -> timedelta | None:
    if given is None:
        return None
    try:
        length = parse_duration(given)
    except ValueError as error:
        raise _Wrong("expires", str(error)) from None
    if not length:
        raise _Wrong("expires", 'would be over at once; write one such as "14d"')
    return length


def _kind(given: object) -> str:
    if given not in (SINGLE, REFERRAL):
        raise _Wrong("kind", f'is "{SINGLE}" or "{REFERRAL}"')
    return str(given)


def _low(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise _Wrong("low", "is no number of codes; write one such as 50")
    return given


def _about(given: object) -> str | None:
    if given is not None and not isinstance(given, str):
        raise _Wrong("about", "is no text")
    return given


def read_codes(text: str, file: Path | None = None) -> list[str]:
    """Read codes, one a line; empty lines and those that begin with # are none.

    Raises:
        ContentError: a line is no code; the line is named.
    """
    codes = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        code = line.strip()
        if not code or code.startswith("#"):
            continue
        if not _CODE.fullmatch(code):
            reason = f"is no code; one has 1 to {MOST_CODE} letters, digits and signs, no blanks"
            raise ContentError(reason, file=file, place=f"line {number}")
        codes.append(code)
    return codes
