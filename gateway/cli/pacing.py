"""How fast a line may send and what it has used up, in a cell of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gateway.settings import CarrierSettings, ModemSettings

_BUDGETS: Final = {
    "minute": "minute_limit",
    "hour": "hourly_limit",
    "day": "daily_limit",
    "month": "monthly_limit",
}


def describe_pace(line: ModemSettings | CarrierSettings) -> dict[str, Any]:
    """Return what is configured, for programs."""
    limits = {key: getattr(line, key) for key in _BUDGETS.values()}
    return {"rate": line.rate.text, **limits, "otp_reserve": str(line.otp_reserve)}


def paced(row: Mapping[str, Any]) -> str:
    """The rate that holds, and the budgets with what is used of them where that is known."""
    pace = row.get("pace") or {}
    used = pace.get("budgets") or {span: {"limit": row[key]} for span, key in _BUDGETS.items()}
    budgets = [_budget(span, budget) for span, budget in used.items() if budget["limit"]]
    return ", ".join([_rate(row, pace), *budgets])


def _rate(row: Mapping[str, Any], pace: Mapping[str, Any]) -> str:
    if not pace.get("slowed"):
        return str(row["rate"])
    return f"{pace['per_minute']:g}/min (slowed from {row['rate']})"


def _budget(span: str, budget: Mapping[str, Any]) -> str:
    of = f"{budget['used']} of {budget['limit']}" if "used" in budget else str(budget["limit"])
    return f"{of} persons a day" if span == "recipients" else f"{of} a {span}"
