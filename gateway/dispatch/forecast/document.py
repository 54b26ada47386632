"""A forecast for programs: one JSON object; amounts are decimal texts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gateway.dispatch.forecast.forecast import Forecast


def forecast_document(found: Forecast, currency: str | None) -> dict[str, Any]:
    """Return a forecast as one JSON object."""
    lines = [asdict(line) | {"cost": str(line.cost)} for line in found.lines]
    return asdict(found) | {"lines": lines, "cost": str(found.cost), "currency": currency}
