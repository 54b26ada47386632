"""What commands do is called in the audit log what pages and programs call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support.world import World

from gateway.control.audited import audited
from gateway.db.console.audit import Sift, read_entries


@pytest.mark.parametrize(
    ("op", "fields", "action", "subject"),
    [
        (
            "campaign_steer",
            {"store": "acme", "name": "spring", "word": "pause"},
            "campaign.pause",
            "acme/spring",
        ),
        ("campaign_launch", {"store": "acme", "name": "spring"}, "campaign.launch", "acme/spring"),
        (
            "alarm_acknowledge",
            {"kind": "line_down", "subject": "m0"},
            "alarm.acknowledge",
            "line_down m0",
        ),
        ("alarm_acknowledge", {"kind": "disk_full"}, "alarm.acknowledge", "disk_full"),
        ("reload", {}, "configuration.reload", None),
        ("person", {"action": "erase", "number": "+447700900123"}, "person.erase", "pseudonym"),
    ],
)
async def test_what_is_done_has_one_name(
    world: World, op: str, fields: Mapping[str, Any], action: str, subject: str | None
) -> None:
    async def do(_fields: Mapping[str, Any]) -> object:
        return None

    operations = audited({op: do}, world.database, world.clock, lambda _number: "pseudonym")
    await operations[op](fields)
    [entry] = await world.database.read(lambda c: read_entries(c, Sift(), 9))
    assert (entry.action, entry.subject, entry.result) == (action, subject, "done")
