"""The console and the short links: who can reach them, and whether what goes over is encrypted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from gateway.doctor.finding import Finding, warning, well, wrong

CONNECT: Final = 3.0
"""Seconds for a connection on this very box."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebFacts:
    """One listener of the gateway."""

    section: str
    """Such as ``[console]``."""
    listen: str | None
    """Where it listens; None: nowhere."""
    url: str | None
    """Under which address it is reached, where that is said."""
    running: bool
    """Whether a gateway runs, which then has to answer."""
    answers: bool = False
    private: bool = True
    """Whether passwords and texts go over it."""


async def look(
    section: str, listen: str | None, url: str | None, *, running: bool, private: bool = True
) -> WebFacts:
    """Look whether it answers; of the console, whether it is one, by its ``/healthz``."""
    answers = running and listen is not None and await _answers(listen, probed=private)
    return WebFacts(
        section=section, listen=listen, url=url, running=running, answers=answers, private=private
    )


def judge(facts: WebFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    name = facts.section.strip("[]")
    if facts.listen is None:
        if facts.url is not None:
            yield warning(
                f"{name}.silent",
                f"{facts.section}: links lead to {facts.url}, and this gateway does not answer "
                "there",
                f"write a line `listen` into {facts.section}, unless another gateway answers",
            )
        return
    if (
        facts.private
        and not is_loopback(facts.listen)
        and not (facts.url or "").startswith("https:")
    ):
        yield wrong(
            f"{name}.open",
            f"{facts.section}: {facts.listen} can be reached from outside without encryption: "
            "passwords and texts go over the network in the clear",
            'listen = "127.0.0.1:8025" behind a proxy with TLS, and its address as url = "https://…"',
        )
    if facts.running and not facts.answers:
        yield wrong(
            f"{name}.dead",
            f"{facts.section}: the gateway does not answer at {facts.listen}",
            "another program may have the port (`sudo ss -ltnp`): stop it, or write another into "
            f"{facts.section} and start the gateway again; its log says more: "
            "`journalctl -u shopbell -g 'listener|console'`",
        )
    elif facts.running:
        yield well(f"{name}.answers", f"{facts.section} answers at {facts.listen}")


def is_loopback(listen: str) -> bool:
    """Tell whether a listener is heard on this machine alone."""
    host = urlsplit(f"//{listen}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _answers(listen: str, *, probed: bool) -> bool:
    split = urlsplit(f"//{listen}")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(split.hostname or "", split.hostname)  # noqa: S104 -- it is compared
    try:
        async with asyncio.timeout(CONNECT):
            reader, writer = await asyncio.open_connection(host, split.port)
            with closing(writer):
                if probed:
                    writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                    await reader.readuntil(b'{"status":')
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return False
    return True
