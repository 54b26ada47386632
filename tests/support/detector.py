"""A number detector on all that the suite logs: in this process and in those that tests start.

Every event goes through the one redactor, as in a gateway, and is then looked at by the scanner,
which shares nothing with it. The test in which somebody's number got into a log fails (G-14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import structlog
from structlog.typing import EventDict, WrappedLogger
from support.processes import Process
from support.scanner import numbers_in

from gateway.domain.redaction import redact_event

SEEDED: Final = re.compile(r"7700900\d{3}|639980\d{5}|55501\d{2}")
"""Numbers of persons in tests, whatever stands between their digits; see `seeded_in`."""

_BETWEEN: Final = re.compile(r"(?<=\d)[ ().-](?=\d)")

_SECONDS: Final = re.compile(r"(?<![\d.])\d+\.\d{5,}(?![\d.])")
"""Measured seconds and those of a time of day: 55.50114 is nobody's number."""

_found: list[str] = []


def seeded_in(text: str) -> list[str]:
    """Return the numbers in a text: any in E.164, and the tests' own in all spellings."""
    text = _SECONDS.sub("", text)
    return [*numbers_in(text), *SEEDED.findall(_BETWEEN.sub("", text))]


def _look(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    _found.extend(f"{event.get('event')}: {number}" for number in seeded_in(str(event)))
    return event


def pytest_configure(config: pytest.Config) -> None:
    """Log as a gateway does, through the redactor, and look at what it leaves."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            redact_event,
            _look,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[Any]:
    """Fail a test in whose logs somebody's number is."""
    try:
        return (yield)
    finally:
        leaks = [*_found, *_of_processes()]
        _found.clear()
        if leaks:
            pytest.fail(f"numbers of persons in the logs: {leaks[:10]}", pytrace=False)


def _of_processes() -> Iterator[str]:
    """Yield what processes wrote of persons into their logs since the last look."""
    for process in Process.started:
        if process.stderr.exists():
            text = process.stderr.read_text(encoding="utf-8", errors="replace")
            yield from (f"{process.stderr.name}: {number}" for number in seeded_in(text))
    Process.started.clear()
