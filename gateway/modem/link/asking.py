"""Asking a modem for something that it may not be able to tell.

Optional commands fail without consequence: a refusal and a silence both are an answer without
lines. Only the loss of the link is passed on.
"""

from __future__ import annotations

import structlog

from gateway.at import Answer
from gateway.domain.errors import CommandTimeoutError
from gateway.domain.results import FinalResult, ResultKind
from gateway.modem.link import limits
from gateway.modem.link.link import Link

log = structlog.get_logger(__name__)

SILENCE = Answer(lines=(), result=FinalResult(kind=ResultKind.ERROR, text="silence"))


async def ask(
    link: Link,
    text: str,
    *also: str,
    limit: float = limits.COMMAND,
    settle: float | None = None,
) -> Answer:
    """Return the answer to an optional command; arguments as of `Turn.command`.

    Raises:
        LinkLostError: the link was lost.
    """
    try:
        answer = await link.command(text, *also, limit=limit, settle=settle)
    except CommandTimeoutError as error:
        log.info("command_unanswered", modem=link.name, error=str(error))
        return SILENCE
    if not answer.ok:
        command = text.partition("=")[0]
        log.debug("command_refused", modem=link.name, command=command, result=str(answer.result))
    return answer
