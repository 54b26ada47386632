"""The configuration: what `shopbell check` says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.doctor.finding import Finding, warning, well, wrong


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigurationFacts:
    """What was read of it."""

    file: str
    faults: tuple[str, ...] = ()
    """What makes it unusable; each names the place and what would be right."""
    advice: tuple[str, ...] = ()
    """What is allowed and may surprise."""


def judge(facts: ConfigurationFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    for fault in facts.faults:
        yield wrong(
            "configuration.fault",
            fault,
            f"mend that, then ask `shopbell check --config {facts.file}`",
        )
    for sentence in facts.advice:
        yield warning(
            "configuration.advice",
            sentence,
            f"change it in {facts.file}, or leave it where it is meant so",
        )
    if not facts.faults and not facts.advice:
        yield well("configuration.right", f"{facts.file} is right")
