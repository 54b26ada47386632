"""An alarm is said when it goes on and when it goes off, and not in between."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from gateway.domain.alarms import AlarmKind
from gateway.domain.clock import ManualClock
from gateway.domain.ids import ModemName
from gateway.modem.alarms import Alarms


def test_it_is_said_once_and_its_end_once() -> None:
    clock = ManualClock(datetime(2026, 11, 26, tzinfo=UTC))
    alarms = Alarms(ModemName("m0"), clock)
    with structlog.testing.capture_logs() as said:
        alarms.clear(AlarmKind.NO_SIM)
        alarms.sound(AlarmKind.NO_SIM, "put a SIM in")
        clock.instant = datetime(2026, 11, 27, tzinfo=UTC)
        alarms.sound(AlarmKind.NO_SIM, "put a SIM in")
        [alarm] = alarms.active
        alarms.clear(AlarmKind.NO_SIM)
    assert alarm.since.day == 26
    assert alarms.active == ()
    assert [line["event"] for line in said] == ["alarm", "alarm_over"]
