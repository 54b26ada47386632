"""The log: JSON for machines, and nobody's number in it."""

from __future__ import annotations

import errno
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway.cli.logs import configure_logging


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging is the process's; leave it as it was."""
    handlers, level = logging.root.handlers[:], logging.root.level
    before = structlog.get_config()
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.configure(**before)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_machines_get_one_object_a_line() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    structlog.get_logger("x").info("modem_ready", modem="m0", seconds=1.5)
    [line] = lines(stream)
    assert (line["event"], line["modem"], line["seconds"], line["level"]) == (
        "modem_ready",
        "m0",
        1.5,
        "info",
    )
    assert str(line["timestamp"]).endswith("Z")
    assert "*" not in str(line["timestamp"])


def test_people_get_words() -> None:
    stream = Terminal()
    configure_logging(stream)
    structlog.get_logger("x").warning("modem_missing", port="/dev/x")
    assert "modem_missing" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_no_number_and_no_text_of_a_person_gets_through() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    try:
        int("+447700900123 said no")
    except ValueError:
        structlog.get_logger("x").exception("failed", to="+447700900123", text="secret words")
    logging.getLogger("library").error("refused %s", "+447700900123")
    logged = stream.getvalue()
    assert len(lines(stream)) == 2
    assert "900123" not in logged
    assert "secret words" not in logged
    assert "ValueError" in logged


def test_libraries_are_heard_only_when_something_is_wrong() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"]


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """A full disk behind the log file is no reason to stop sending."""

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "no space left on device")

    configure_logging(Full())
    assert structlog.get_logger("x").warning("modem_missing", port="/dev/x") is None
