"""Metrics of the process, its database, its disk and its broker. Pure."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from gateway.db.space import Room
from gateway.meter.family import Family, Kind, Metric, families

METRICS: Final = (
    Metric(
        name="build_info",
        text="Which Shopbell runs, as which node; always 1",
        labels=("version", "python", "node"),
    ),
    Metric(name="start_time_seconds", text="When the gateway started; seconds since 1970"),
    Metric(name="database_size_bytes", text="The database, without its log"),
    Metric(name="database_log_size_bytes", text="SQLite's write-ahead log"),
    Metric(name="disk_free_bytes", text="What is free on the disk of the database"),
    Metric(name="disk_size_bytes", text="The disk of the database"),
    Metric(
        name="disk_reserve_bytes",
        text="Of what is free, kept for outcomes: with less than it no new jobs are taken",
    ),
    Metric(name="broker_connected", text="Whether there is a connection to the broker"),
    Metric(
        name="broker_refused_letters",
        text="Payloads that the broker did not take, by its reason code",
        labels=("code",),
        kind=Kind.COUNTER,
    ),
    Metric(
        name="broker_misaddressed_messages",
        text="Messages on topics that no store can own",
        kind=Kind.COUNTER,
    ),
    Metric(
        name="lookup_failed",
        text="Whether what stands in this answer could not be looked up",
        labels=("part",),
    ),
    Metric(name="lookup_duration_seconds", text="How long it took to look up what stands here"),
)


def box_families(
    *,
    version: str,
    node: str,
    started_at: datetime,
    room: Room | None,
    server_size: int | None,
    broker: Mapping[str, Any] | None,
    failed: Mapping[str, bool],
    took: float,
) -> list[Family]:
    """Return the metrics of the box; what is None is not known."""
    made = families(METRICS)
    made["build_info"].add(1, version, platform.python_version(), node)
    made["start_time_seconds"].add(started_at.timestamp())
    made["database_size_bytes"].add(server_size)
    if room is not None:
        made["database_size_bytes"].add(room.database)
        made["database_log_size_bytes"].add(room.log)
        made["disk_free_bytes"].add(room.free)
        made["disk_size_bytes"].add(room.disk)
        made["disk_reserve_bytes"].add(room.reserve)
    if broker is not None:
        made["broker_connected"].add(broker["connected"])
        made["broker_misaddressed_messages"].add(broker["misaddressed"])
        for code, number in broker["refused"].items():
            made["broker_refused_letters"].add(number, str(code))
    for part, did in failed.items():
        made["lookup_failed"].add(did, part)
    made["lookup_duration_seconds"].add(took)
    return list(made.values())
