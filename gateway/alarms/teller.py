"""Tells a message over every channel at a time; one that takes it is enough.

What one could not tell, another has told; what none could is tried again, at longer and longer
times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from gateway.alarms.channels import Channel, ChannelError
from gateway.alarms.message import Message
from gateway.alarms.storm import Storm
from gateway.domain.backoff import Backoff

log = structlog.get_logger(__name__)

FIRST_PAUSE: Final = 30.0
LONGEST_PAUSE: Final = 900.0
"""Seconds until it is tried again when nobody could be told."""


class Teller:
    """Tells, and knows when it may tell again.

    Attributes:
        channels: replaced as a whole when the configuration is read again.
        storm: how many messages may go.
    """

    def __init__(self, channels: Sequence[Channel], most_per_hour: int) -> None:
        self.channels = tuple(channels)
        self.storm = Storm(most_per_hour)
        self._backoff = Backoff(first=FIRST_PAUSE, longest=LONGEST_PAUSE)
        self._rests_until = float("-inf")

    def may_tell(self, now: float) -> bool:
        """Tell whether a message may go now, and count it if it may; seconds of the loop."""
        return bool(self.channels) and now >= self._rests_until and self.storm.allows(now)

    async def tell(self, message: Message, on_told: Callable[[], None]) -> None:
        """Tell a message.

        Args:
            message: what is to be told.
            on_told: called once, as soon as one channel has told it.
        """
        told = False
        async with asyncio.TaskGroup() as tasks:  # ends them all where the gateway ends
            for result in asyncio.as_completed(
                [tasks.create_task(_try(one, message), name=one.name) for one in self.channels]
            ):
                _, reason = await result
                if reason is None and not told:
                    told = True
                    on_told()
        if told:
            self._backoff.reset()
        else:
            now = asyncio.get_running_loop().time()
            self._rests_until = now + self._backoff.pause()
            log.error("alarm_untold", message=message.id)

    async def test(self, message: Message) -> Mapping[str, str | None]:
        """Tell a test message; return for each channel why it could not, or None."""
        return dict(await asyncio.gather(*(_try(one, message) for one in self.channels)))


async def _try(channel: Channel, message: Message) -> tuple[str, str | None]:
    """Tell over one channel; return its name, and why it could not."""
    try:
        await channel.tell(message)
    except ChannelError as error:
        log.warning("alarm_channel_failed", channel=channel.name, reason=str(error))
        return channel.name, str(error)
    except Exception as error:  # a fault of ours in one must not keep the others from telling
        log.exception("alarm_channel_broken", channel=channel.name)
        return channel.name, f"a fault of the gateway ({type(error).__name__}); its log has more"
    log.info("alarm_told", channel=channel.name, message=message.id)
    return channel.name, None
