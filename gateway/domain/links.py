"""Short links: what stands in a text, `s.example/l/7Kq2mXw9Td4B`, and what a token is. Pure.

A text has the domain, the path and the token in at most 24 characters, without ``https://``: phones
make a link of it all the same, and those eight characters are a twentieth of an SMS. So a short
domain leaves room for a long token; docs/commerce/links.md reckons what guessing is worth.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

LONGEST: Final = 24
"""Characters of a link in a text (issue 8)."""

PATH: Final = "/l/"
"""What a token stands behind (CONTRACT.md section 5)."""

SHORTEST_TOKEN: Final = 7
"""Characters: with fewer, tokens could be guessed."""

LONGEST_TOKEN: Final = 12
"""Characters: with more nothing is won, and the text is longer."""

LONGEST_HOST: Final = LONGEST - len(PATH) - SHORTEST_TOKEN

_HERE: Final = ("127.0.0.1:", "localhost:")
"""Nobody but this machine reaches these, so that a character fewer does: a port may have five."""

_ALPHABET: Final = string.digits + string.ascii_letters
_TOKEN: Final = re.compile(rf"[0-9A-Za-z]{{{SHORTEST_TOKEN - 1},{LONGEST_TOKEN}}}", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)

Level = Literal["none", "aggregate", "individual"]
"""How a link is tracked (COMPLIANCE E-3)."""

_EXAMPLE: Final = 'write one such as "https://s.example"'


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkBase:
    """Where short links lead to."""

    host: str
    """With its port, where it is not that of the scheme."""

    @property
    def token_length(self) -> int:
        """How many characters a token has."""
        return min(LONGEST_TOKEN, LONGEST - len(PATH) - len(self.host))

    def link(self, token: str) -> str:
        """Return what stands in a text."""
        return f"{self.host}{PATH}{token}"


def read_link_base(url: str) -> LinkBase:
    """Read ``https://HOST[:PORT]``, the address under which persons reach the short links.

    Raises:
        ValueError: it is none, goes on, or is too long for a token to fit beside it.
    """
    split = urlsplit(url)
    host = split.netloc.lower()
    if split.scheme not in ("http", "https") or not host or "@" in host:
        raise ValueError(f"is no address of short links; {_EXAMPLE}")
    if split.path.strip("/") or split.query or split.fragment:
        raise ValueError(f"goes on after the host; {_EXAMPLE}")
    if not _HOST.fullmatch(host.partition(":")[0]):
        raise ValueError(f"has a host that phones do not know as a link; {_EXAMPLE}")
    _require_port(host)
    if len(host) > LONGEST_HOST + host.startswith(_HERE):
        raise ValueError(
            f"has a host of {len(host)} characters, and with {PATH} and a token a link has at most "
            f"{LONGEST}; write one of at most {LONGEST_HOST}"
        )
    return LinkBase(host=host)


def _require_port(host: str) -> None:
    _, colon, port = host.partition(":")
    if colon and not (port.isascii() and port.isdecimal() and 0 < int(port) < 1 << 16):
        raise ValueError("has no usable port; write one from 1 to 65535")


def new_token(length: int) -> str:
    """Return a random token."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def is_token(text: str) -> bool:
    """Tell whether a text could be a token of ours."""
    return _TOKEN.fullmatch(text) is not None
