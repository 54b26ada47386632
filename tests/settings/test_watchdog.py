"""Whether a service manager wants to hear from this very process."""

from __future__ import annotations

import os

import pytest

from gateway.settings import watchdog_seconds


@pytest.mark.parametrize(
    ("microseconds", "meant", "seconds"),
    [
        ("60000000", None, 60.0),
        ("60000000", str(os.getpid()), 60.0),
        ("60000000", "1", None),
        (None, None, None),
        ("soon", None, None),
    ],
    ids=["wanted", "of us", "of another process", "not wanted", "no number"],
)
def test_it_is_as_sd_watchdog_enabled_has_it(
    monkeypatch: pytest.MonkeyPatch, microseconds: str | None, meant: str | None, seconds: object
) -> None:
    for name, value in {"WATCHDOG_USEC": microseconds, "WATCHDOG_PID": meant}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert watchdog_seconds() == seconds
