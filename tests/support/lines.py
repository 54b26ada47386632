"""Lines and lanes as the tests of routing write them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from gateway.dispatch.router import Waiting
from gateway.domain.ids import LaneKey, LineId, ModemName, StoreName
from gateway.domain.lane import Lane
from gateway.domain.line_state import LineState
from gateway.domain.purpose import Purpose
from gateway.domain.tariff import Tariff


def lane(destination: str = "+44", purpose: Purpose = Purpose.TRANSACTIONAL, **fields: Any) -> Lane:
    """A lane of the store acme."""
    values: dict[str, Any] = {
        "key": LaneKey(1),
        "urgency": purpose.urgency,
        "store": StoreName("acme"),
        "campaign": "",
        "destination": destination,
        "network": "",
    }
    return Lane(**(values | fields))


def waiting(jobs: int, left: float = math.inf) -> Waiting:
    """So many jobs, of which the first expires in so many seconds."""
    return Waiting(left=left, deeper=lambda count: jobs > count)


def line(name: str, cost: str = "0", **fields: Any) -> LineState:
    """A line at work that sends a part in three seconds."""
    values: dict[str, Any] = {
        "line": LineId(name),
        "modem": ModemName(name),
        "per_second": 1 / 3,
        "tariff": Tariff(part=Decimal(cost)),
    }
    return LineState(**(values | fields))
