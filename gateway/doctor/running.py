"""The gateway itself: does it run, and does it answer?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.control import NoGatewayError, ask, socket_path
from gateway.doctor.finding import Finding, warning, well, wrong
from gateway.domain.errors import ShopbellError
from gateway.settings import Settings

ANSWER: Final = 3.0
"""Seconds for each of the gateway's two answers; it reads a few rows for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningFacts:
    """What the gateway said."""

    node: str
    runs: bool = False
    silent: str = ""
    """Why it did not answer though it runs."""
    modems: Sequence[Mapping[str, Any]] | None = None
    """As its operation ``modems`` tells them; None where none runs, or it is silent."""
    alarms: Sequence[Mapping[str, Any]] = ()
    """Those that are on."""


async def look(settings: Settings) -> RunningFacts:
    """Ask the gateway."""
    path, node = socket_path(settings.database.beside), settings.gateway.node
    try:
        modems = await ask(path, "modems", answer_within=ANSWER)
        told = await ask(path, "alarms", answer_within=ANSWER, days=0)
    except NoGatewayError:
        return RunningFacts(node=node)
    except ShopbellError as error:
        return RunningFacts(node=node, runs=True, silent=str(error))
    return RunningFacts(node=node, runs=True, modems=modems, alarms=told["open"])


def judge(facts: RunningFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    if not facts.runs:
        yield warning(
            "gateway.stopped",
            f"no gateway runs as {facts.node}: jobs wait at the broker",
            "`sudo systemctl start shopbell`, or `shopbell run` in the foreground",
        )
    elif facts.silent:
        yield wrong(
            "gateway.silent",
            f"the gateway runs as {facts.node} and gives no answer: {facts.silent}",
            "ask as the gateway's user or as root; if it stays, `sudo systemctl restart shopbell` "
            "and keep `journalctl -u shopbell` for a bug report",
        )
    else:
        yield well("gateway.answers", f"the gateway runs as {facts.node} and answers")
