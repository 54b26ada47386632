"""Says in the log what came in: of which kind, and never by whom or what."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from gateway.dispatch.inbound.reading import Reading
from gateway.domain.inbound import InboundKind

log = structlog.get_logger(__name__)


def log_finished(finished: Sequence[Reading]) -> None:
    """Say what was finished; what is missing or cannot be read is a warning."""
    for reading in finished:
        troubled = reading.missing or reading.kind is InboundKind.UNREADABLE
        (log.warning if troubled else log.info)(
            "message_finished",
            kind=reading.kind.value,
            published=reading.published,
            missing=len(reading.missing),
        )
