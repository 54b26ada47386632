"""The alarms: is anybody told, and what are they told now?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.doctor.finding import Finding, warning, well, wrong
from gateway.domain.alarms import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmFacts:
    """Who is told, and what is on."""

    channels: tuple[str, ...]
    """Such as ``SMS``."""
    lines: int | None
    """Modems that could tell of each other; None where the number is not fixed."""
    on: Sequence[Mapping[str, Any]] = ()
    """As the gateway's operation ``alarms`` tells them."""


def judge(facts: AlarmFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    if not facts.channels:
        yield warning(
            "alarms.nobody",
            "nobody is told when something breaks",
            "write sms_to, email_to or webhook_url into [alarms]; see docs/operators.md",
        )
    elif facts.channels == ("SMS",) and facts.lines == 1:
        yield warning(
            "alarms.alone",
            "the only modem is also the only one that could tell that it is down",
            "add email_to or webhook_url to [alarms]",
        )
    else:
        yield well("alarms.told", f"alarms go out by {', '.join(facts.channels)}")
    for alarm in facts.on:
        about = f" {alarm['subject']}" if alarm.get("subject") else ""
        level = wrong if alarm.get("severity") == Severity.CRITICAL else warning
        yield level(
            f"alarms.{alarm['kind']}",
            f"the alarm {alarm['kind']}{about} is on: {alarm.get('detail', '')}",
            f"docs/operators.md says under `{alarm['kind']}` what helps",
        )
