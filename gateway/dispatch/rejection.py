"""The payload that tells a store its input was refused."""

from __future__ import annotations

import json
from datetime import datetime

from gateway.domain.errors import RejectedError
from gateway.domain.job import format_instant


def rejection_body(error: RejectedError, at: datetime) -> str:
    """Return the payload of ``shopbell/v1/{store}/rejected``."""
    payload: dict[str, object] = {
        "id": error.job,
        "error": {"code": error.code, "field": error.field, "message": str(error)},
        "at": format_instant(at),
    }
    if error.source is not None:
        payload["source"] = error.source
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
