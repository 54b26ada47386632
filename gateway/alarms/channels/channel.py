"""What every way to the operator can do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from gateway.alarms.message import Message
from gateway.domain.errors import ShopbellError


class ChannelError(ShopbellError):
    """A message could not be told this way.

    Args:
        reason: in words, without a number, an address or a secret.
        passing: whether another try may help.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class Channel(Protocol):
    """A way to the operator."""

    @property
    def name(self) -> str:
        """What it is called: ``sms``, ``email`` or ``webhook``."""
        ...

    async def tell(self, message: Message) -> None:
        """Tell a message; on return somebody has taken it.

        Raises:
            ChannelError: nobody has, as far as can be told.
        """
        ...


async def persist(send: Callable[[], Awaitable[None]], pauses: Sequence[float]) -> None:
    """Send, and again after each pause while what failed may pass.

    Raises:
        ChannelError: it failed for good, or to the end.
    """
    for pause in pauses:
        try:
            return await send()
        except ChannelError as error:
            if not error.passing:
                raise
        await asyncio.sleep(pause)
    return await send()
