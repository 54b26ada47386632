"""How a modem or a carrier stands, in a cell of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def standing(row: Mapping[str, Any]) -> str:
    """The state and what is wrong; an alarm says more than the error that set it off."""
    alarms = [alarm["detail"] for alarm in row.get("alarms", ())]
    trouble = "; ".join(alarms) or row.get("last_error")
    notes = [
        f"its line is at work at {row['owner']}" if row.get("owner") else None,
        f"recovery: {row['recovery']}" if row.get("recovery") else None,
        trouble,
    ]
    remark = "; ".join(filter(None, notes))
    return f"{row['state']} ({remark})" if remark else str(row["state"])


def counted(counters: Mapping[str, int]) -> str:
    """What was counted, without what never happened."""
    return ", ".join(f"{number} {name}" for name, number in counters.items() if number)
