"""The broker: is it there, does it take us, what does it allow, and does it keep strangers out?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.doctor.finding import Finding, warning, well, wrong

CERTIFICATE_ENDS: Final = timedelta(days=21)
"""Renewed by themselves they have thirty days left at least."""

IN_FLIGHT_LEAST: Final = 20
"""Of messages open at once, Mosquitto's own; fewer make the gateway wait for the broker."""

PACKET_LEAST: Final = 16 * 1024
"""Octets of a message: a job of ten parts with its variables has some 4 KiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """What the broker granted (CONNACK, MQTT 5, 3.2.2.3)."""

    protocol: str
    keeps_sessions: bool = True
    """Whether a session outlives its connection for as long as we ask."""
    quality: int = 2
    """The highest QoS."""
    retains: bool = True
    shares: bool = True
    """Whether several gateways can share a subscription."""
    in_flight: int = 65_535
    packet: int | None = None
    """Octets of the largest packet; None: no limit that it tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerFacts:
    """What was seen of the broker."""

    address: str
    now: datetime
    unreachable: str = ""
    """Why no connection came about; empty where one did."""
    untrusted: str = ""
    """Why its certificate is not believed."""
    certificate_ends: datetime | None = None
    """None without TLS."""
    refused: str = ""
    """What it said to our login; empty where it took it."""
    session: Session | None = None
    username: str | None = None
    lets_anybody_in: bool = False
    """Whether it takes a connection without a user."""
    remote: bool = False
    """Whether it is on another machine."""
    shared: bool = False
    """Whether other gateways share our subscriptions."""
    trespass: bool | None = None
    """Whether a store may publish as another; None: it was not tried."""
    trespasser: str = ""
    """Which store tried."""


def judge(facts: BrokerFacts) -> Iterator[Finding]:
    """Tell what is wrong with it."""
    if facts.unreachable:
        yield _unreachable(facts)
        return
    if facts.untrusted:
        yield wrong(
            "broker.certificate",
            f"the certificate of {facts.address} is not believed: {facts.untrusted}",
            "name the certificate of whoever signed it as `ca_file` of [mqtt], or renew it",
        )
        return
    yield from _judge_certificate(facts)
    if facts.refused:
        yield wrong(
            "broker.login",
            f"the broker does not take our login: {facts.refused}",
            "check `username` and `password_file` of [mqtt]; `shopbell broker-config DIR` writes "
            "the broker's side of it, then reload Mosquitto",
        )
    yield from _judge_doors(facts)
    if facts.session is not None:
        yield from _judge_session(facts, facts.session)


def _unreachable(facts: BrokerFacts) -> Finding:
    remedy = (
        "look whether it runs there, and whether a firewall is between"
        if facts.remote
        else "`sudo systemctl start mosquitto`; `journalctl -u mosquitto` tells why it ended"
    )
    return wrong(
        "broker.unreachable", f"no broker answers at {facts.address}: {facts.unreachable}", remedy
    )


def _judge_certificate(facts: BrokerFacts) -> Iterator[Finding]:
    if facts.certificate_ends is None:
        if facts.remote:
            yield wrong(
                "broker.clear",
                f"{facts.address} is on another machine and not encrypted: passwords, numbers and "
                "texts go over the network in the clear",
                'give it a certificate and write url = "mqtts://…" into [mqtt]; see docs/broker.md',
            )
        return
    left = facts.certificate_ends - facts.now
    said = f"the broker's certificate is good until {facts.certificate_ends:%Y-%m-%d}"
    if left < CERTIFICATE_ENDS:
        yield warning(
            "broker.certificate_ends",
            f"{said}; from then on neither stores nor the gateway connect",
            "renew it (`certbot renew`, or whoever made it), then reload Mosquitto",
        )
    else:
        yield well("broker.certificate", said)


def _judge_doors(facts: BrokerFacts) -> Iterator[Finding]:
    if facts.lets_anybody_in:
        yield wrong(
            "broker.anonymous",
            "the broker takes connections without a user: anybody who reaches it can send SMS",
            "write `allow_anonymous false` and the users: `shopbell broker-config "
            "/etc/mosquitto/conf.d` does both",
        )
    if facts.trespass:
        yield wrong(
            "broker.trespass",
            f"the store {facts.trespasser} may publish jobs as another store",
            "have the broker use the access list that `shopbell broker-config DIR` writes",
        )
    elif facts.trespass is not None:
        yield well("broker.trespass", f"{facts.trespasser} cannot publish as another store")


def _judge_session(facts: BrokerFacts, session: Session) -> Iterator[Finding]:
    found = [*_judge_limits(session)]
    if facts.shared and not session.shares:
        found.append(
            wrong(
                "broker.shares",
                "the broker knows no shared subscriptions, and gateways share this database",
                "run one gateway, or a broker that knows them, as Mosquitto does",
            )
        )
    if session.protocol != "5":
        found.append(
            warning(
                "broker.protocol",
                "MQTT 3.1.1: nobody is told when the broker refuses a message",
                'write protocol = "5" into [mqtt], where the broker knows it',
            )
        )
    user = "without a user" if facts.username is None else f"as {facts.username}"
    yield from found or [
        well("broker.login", f"{facts.address} takes us {user}, with MQTT {session.protocol}")
    ]


def _judge_limits(session: Session) -> Iterator[Finding]:
    lacks = {
        "keeps no session of who is away": not session.keeps_sessions,
        "has no QoS 1": session.quality < 1,
        "retains nothing": not session.retains,
    }
    for what in (what for what, lacking in lacks.items() if lacking):
        yield wrong(
            "broker.lacks",
            f"the broker {what}, so that messages get lost",
            "write what docs/broker.md shows into its configuration (`persistence true`), or take "
            "Mosquitto",
        )
    if session.in_flight < IN_FLIGHT_LEAST:
        yield warning(
            "broker.in_flight",
            f"the broker takes {session.in_flight} messages of ours at once; statuses go out late",
            f"write `max_inflight_messages {IN_FLIGHT_LEAST * 5}` into its configuration",
        )
    if session.packet is not None and session.packet < PACKET_LEAST:
        yield warning(
            "broker.packet",
            f"the broker drops messages above {session.packet} octets, some of which are jobs",
            f"write `message_size_limit {PACKET_LEAST}` or more into its configuration",
        )
