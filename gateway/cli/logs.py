"""How the gateway logs: JSON lines for machines, readable lines on a terminal, nobody's number.

Everything goes one way, the libraries' own loggers too, and the redactor is its last station
before it becomes text.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gateway.domain.redaction import redact_event

LIBRARY_LEVEL: Final = logging.WARNING
"""What libraries say below it concerns their own authors."""


class LineLogger:
    """Writes each event as a line; one that the stream cannot take is lost, and nothing else is.

    A full disk behind a log file, or a terminal that went away, must not end the task that logs.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        """Write ``line`` at once, or lose it."""
        with suppress(OSError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = exception = write


def configure_logging(stream: TextIO = sys.stderr) -> None:
    """Log to ``stream``: JSON when it is no terminal, readable lines when it is one."""
    _configure_structlog(_renderer(pretty=stream.isatty()), stream)


@contextmanager
def without_logging() -> Iterator[None]:
    """Log nothing, for a command that prints what it found and not how."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _configure_structlog(renderer: Processor, stream: TextIO) -> None:
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*common, _redact, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: LineLogger(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=LIBRARY_LEVEL, force=True)


def _renderer(*, pretty: bool) -> Processor:
    if pretty:
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _redact(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Redact everything but the time, whose digits are nobody's number."""
    timestamp = event.pop("timestamp", None)
    redacted = redact_event(logger, method, event)
    return redacted if timestamp is None else {"timestamp": timestamp, **redacted}
