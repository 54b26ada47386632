"""The text of Mosquitto's configuration (mosquitto.conf(5), 2.0), without any file of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARK: Final = "# Written by `shopbell broker-config`; what is changed here is lost."
"""The first line of every file of ours: one without it is somebody else's."""

_LIMITS: Final = """\
persistence true
autosave_interval 60
max_queued_messages 0
max_queued_bytes 104857600
message_size_limit 65536
set_tcp_nodelay true"""
"""Why each of them: docs/broker.md."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where it listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.port} {self.host}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What it shows to who connects with TLS."""

    cert: Path
    key: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerPlan:
    """What a configuration of Mosquitto says."""

    passwords: Path
    access: Path
    plain: Place | None
    """Without TLS."""
    tls: Place | None
    certificate: Certificate | None
    user: str | None
    """Who it becomes; None: its own default."""
    data: Path | None
    """Where it keeps what nobody has fetched; None: where its own configuration says."""


def configuration(plan: BrokerPlan) -> str:
    """Return the text."""
    return "\n".join([MARK, "", *_lines(plan), ""])


def _lines(plan: BrokerPlan) -> Iterator[str]:
    if plan.user is not None:
        yield f"user {plan.user}\n"
    if plan.plain is not None:
        yield f"# the gateway, and stores on this box\nlistener {plan.plain}\n"
    if plan.tls is not None and plan.certificate is not None:
        yield f"# stores elsewhere\nlistener {plan.tls}"
        yield f"certfile {plan.certificate.cert}\nkeyfile {plan.certificate.key}\n"
    yield "allow_anonymous false"
    yield f"password_file {plan.passwords}"
    yield f"acl_file {plan.access}\n"
    yield _LIMITS
    if plan.data is not None:
        yield f"persistence_location {plan.data}/"
