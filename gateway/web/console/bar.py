"""What the bar of each page shows, wherever somebody is: the alarms that are on."""

from __future__ import annotations

from gateway.access import Right
from gateway.db.console.alarms import open_alarms
from gateway.domain.alarms import Severity
from gateway.web.console.live import BAR
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.house import House


async def _take(house: House, subject: str) -> Snapshot:
    records = await house.database.read(open_alarms)
    critical = sum(one.severity is Severity.CRITICAL for one in records)
    return {"bar": {"alarms": {"total": len(records), "critical": critical}}}


TOPIC = Topic(name=BAR, right=Right.READ, take=_take, parts={BAR: "live/bar.html"}, every=4.0)
