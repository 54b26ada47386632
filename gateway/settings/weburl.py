"""The address under which browsers reach the console."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from gateway.settings.places import port_of
from gateway.settings.text import read_by

_EXAMPLE: Final = "https://console.example"

_THIS: Final = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 -- is looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class WebUrl:
    """Where a site is, from outside.

    Attributes:
        scheme: ``https`` or ``http``.
        netloc: the host, in small letters, with its port where that is not the scheme's.
        host: the host alone.
    """

    scheme: str
    netloc: str
    host: str

    def __str__(self) -> str:
        """Write it, without a slash at its end."""
        return f"{self.scheme}://{self.netloc}"


def read_web_url(text: str) -> WebUrl:
    """Read ``https://HOST[:PORT]``.

    Raises:
        ValueError: it is none, or goes on: the console is at the root of its host.
    """
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname or "@" in split.netloc:
        raise ValueError(f"is no address of a console; write {_EXAMPLE}")
    if split.path.rstrip("/") or split.query or split.fragment:
        raise ValueError(f"goes on after the host; the console is at its root: {_EXAMPLE}")
    port_of(split)
    return WebUrl(scheme=split.scheme, netloc=split.netloc.lower(), host=split.hostname)


def reachable(listen: str) -> str:
    """Return under which address this machine reaches what listens; on all means on itself."""
    host, _, port = listen.rpartition(":")
    return f"{_THIS.get(host, host)}:{port}"


ConsoleUrl = Annotated[WebUrl, read_by(read_web_url), Field(examples=[_EXAMPLE])]
