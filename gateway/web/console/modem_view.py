"""A modem as a page shows it. Pure: of what the gateway tells of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_KINDS: Final = {
    "ready": "good",
    "starting": "busy",
    "not_registered": "warn",
    "stopped": "idle",
    "resting": "warn",
}
"""How a state is shown; the others are bad."""

WORDS: Final = {
    "missing": "not plugged in",
    "starting": "starting",
    "no_sim": "no SIM",
    "pin_required": "PIN required",
    "puk_required": "PUK required",
    "not_registered": "looking for a network",
    "no_service": "no service",
    "ready": "ready",
    "failed": "failed",
    "stopped": "stopped",
    "resting": "resting",
}
"""What a state is called; one without is shown as it is."""

_BARS: Final = (-103, -97, -89, -79, -69)
"""From which dBm on there is one bar more; below -103 a stick hardly keeps its network."""

_SPANS: Final = {
    "minute": "this minute",
    "hour": "this hour",
    "day": "today",
    "month": "this month",
    "recipients": "persons today",
}

_NEARLY: Final = 0.8
_ROAMING: Final = frozenset({5, 7, 10})
_TAIL: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What is used of a limit."""

    label: str
    used: int
    limit: int
    kind: str
    renewed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """An alarm of a modem."""

    kind: str
    detail: str
    since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ModemView:
    """One modem."""

    name: str
    kind: str
    word: str
    since: datetime | None
    model: str
    imei: str
    revision: str
    sim: str
    """The end of the ICCID, by which people tell their SIMs."""
    port: str
    network: str
    roaming: bool
    dbm: int | None
    bars: int
    rate: str
    slowed: bool
    budgets: tuple[Budget, ...]
    counters: tuple[tuple[str, int], ...]
    reported: float | None
    """The share of the reports asked for lately that came."""
    asked: int
    health: float | None
    healthy: bool
    why: tuple[str, ...]
    troubles: tuple[Trouble, ...]
    balance: str
    balance_at: datetime | None
    low: bool
    error: str
    recovery: str
    owner: str
    ussd: bool
    """Whether its network can be asked now."""


def view_modem(told: Mapping[str, Any]) -> ModemView:
    """Return what a page shows of what the operation `modems` tells of one."""
    identity, pace = told.get("identity") or {}, told.get("pace") or {}
    health, ratio = told.get("health") or {}, told.get("report_ratio") or {}
    balance, state = told.get("balance") or {}, str(told["state"])
    troubles = tuple(_troubles(told))
    healthy = bool(health.get("good", True))
    return ModemView(
        name=str(told["name"]),
        kind=_kind(state, sound=healthy and not troubles),
        word=WORDS.get(state, state),
        since=told.get("since"),
        model=" ".join(filter(None, (identity.get("manufacturer"), identity.get("model")))),
        imei=identity.get("imei") or "",
        revision=identity.get("revision") or "",
        sim=str(told.get("line") or "")[-_TAIL:],
        port=str(told.get("port") or ""),
        network=told.get("operator") or "",
        roaming=told.get("registration") in _ROAMING,
        dbm=told.get("signal_dbm"),
        bars=bars_of(told.get("signal_dbm")),
        rate=_rate(told, pace),
        slowed=bool(pace.get("slowed")),
        budgets=tuple(_budgets(pace)),
        counters=tuple((told.get("counters") or {}).items()),
        reported=ratio["reported"] / ratio["asked"] if ratio.get("asked") else None,
        asked=int(ratio.get("asked") or 0),
        health=health.get("score"),
        healthy=healthy,
        why=tuple(health.get("why") or ()),
        troubles=troubles,
        balance=f"{balance['amount']} {balance['unit']}".rstrip() if balance else "",
        balance_at=balance.get("at"),
        low=any(trouble.kind == "balance_low" for trouble in troubles),
        error=told.get("last_error") or "",
        recovery=str(told.get("recovery") or ""),
        owner=told.get("owner") or "",
        ussd=state == "ready",
    )


def bars_of(dbm: int | None) -> int:
    """Return how many of five bars a signal is; none where it is not known."""
    return 0 if dbm is None else max(1, sum(dbm >= least for least in _BARS))


def _kind(state: str, *, sound: bool) -> str:
    kind = _KINDS.get(state, "bad")
    return kind if sound or kind != "good" else "warn"


def _rate(told: Mapping[str, Any], pace: Mapping[str, Any]) -> str:
    if "per_minute" in pace:
        now = pace["per_minute"]
        return "no limit" if now is None else f"{now:g} a minute"
    return str(told.get("rate") or "")


def _budgets(pace: Mapping[str, Any]) -> Iterator[Budget]:
    for span, use in (pace.get("budgets") or {}).items():
        used, limit = int(use["used"]), int(use["limit"])
        if limit:
            share = used / limit
            kind = "bad" if share >= 1 else "warn" if share >= _NEARLY else ""
            label = _SPANS.get(str(span), str(span))
            renewed = use.get("renewed_at")
            yield Budget(label=label, used=used, limit=limit, kind=kind, renewed_at=renewed)


def _troubles(told: Mapping[str, Any]) -> Iterator[Trouble]:
    for alarm in told.get("alarms") or ():
        yield Trouble(kind=str(alarm["kind"]), detail=alarm["detail"], since=alarm.get("since"))
