"""Metrics of modems and carriers, as the gateway tells of them to commands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.at import Registration
from gateway.meter.family import Family, Kind, Metric, families
from gateway.modem import ModemState

_OF: Final = ("modem",)

METRICS: Final = (
    Metric(
        name="modem_info",
        text="What a modem says it is, and the network that it is in; always 1",
        labels=("modem", "manufacturer", "model", "operator"),
    ),
    Metric(name="modem_up", text="Whether a modem is ready to send", labels=_OF),
    Metric(
        name="modem_state",
        text="What a modem waits for: 1 at the state that it is in",
        labels=("modem", "state"),
    ),
    Metric(name="modem_signal_dbm", text="Received signal strength", labels=_OF),
    Metric(
        name="modem_registered",
        text="Whether the network that a modem is in carries its messages",
        labels=_OF,
    ),
    Metric(
        name="modem_health_ratio",
        text="How well a line works, from 0 to 1, by which lines are chosen",
        labels=_OF,
    ),
    Metric(
        name="modem_rate_parts_per_second",
        text="Parts that a line may send now; none: no limit",
        labels=_OF,
    ),
    Metric(
        name="modem_slowed",
        text="Whether a line sends more slowly than it is set to, since the network had too much",
        labels=_OF,
    ),
    Metric(
        name="modem_budget_used",
        text="Parts that are used up of a line's budget; of recipients, persons",
        labels=("modem", "span"),
    ),
    Metric(
        name="modem_budget_limit",
        text="Parts that a line's budget allows; of recipients, persons",
        labels=("modem", "span"),
    ),
    Metric(
        name="modem_report_ratio",
        text="Share of the delivery reports asked for lately that came, from 0 to 1",
        labels=_OF,
    ),
    Metric(
        name="modem_balance",
        text="What is left on the SIM, as the network told last",
        labels=("modem", "unit"),
    ),
    Metric(
        name="modem_recoveries",
        text="Steps that were taken to bring a modem back",
        labels=("modem", "step"),
        kind=Kind.COUNTER,
    ),
    Metric(name="carrier_up", text="Whether a carrier takes jobs", labels=("carrier",)),
)

_READY: Final = ModemState.READY
_LONGEST: Final = 64
"""Characters of what a stick says of itself."""


def line_families(
    modems: Iterable[Mapping[str, Any]], carriers: Iterable[Mapping[str, Any]]
) -> list[Family]:
    """Return the metrics of all lines."""
    made = families(METRICS)
    for modem in modems:
        _add_modem(made, modem)
    for carrier in carriers:
        name = str(carrier["name"])
        made["carrier_up"].add(carrier["state"] == "ready", name)
        _add_pace(made, name, carrier.get("pace"))
    return list(made.values())


def _add_modem(made: Mapping[str, Family], modem: Mapping[str, Any]) -> None:
    name, state = str(modem["name"]), modem["state"]
    made["modem_info"].add(1, name, *_about(modem))
    made["modem_up"].add(state == _READY, name)
    for known in ModemState:
        made["modem_state"].add(state == known, name, known.value)
    made["modem_signal_dbm"].add(modem["signal_dbm"] if state == _READY else None, name)
    made["modem_registered"].add(_is_registered(modem), name)
    made["modem_health_ratio"].add(_of(modem, "health", "score"), name)
    _add_pace(made, name, modem["pace"])
    ratio = modem["report_ratio"]
    if ratio and ratio["asked"]:
        made["modem_report_ratio"].add(ratio["reported"] / ratio["asked"], name)
    if modem["balance"] is not None:
        made["modem_balance"].add(modem["balance"]["amount"], name, modem["balance"]["unit"])
    for step, times in modem["recoveries"].items():
        made["modem_recoveries"].add(times, name, str(step))


def _about(modem: Mapping[str, Any]) -> Iterator[str]:
    identity = modem["identity"] or {}
    for word in (identity.get("manufacturer"), identity.get("model"), modem["operator"]):
        yield str(word or "")[:_LONGEST]


def _is_registered(modem: Mapping[str, Any]) -> bool | None:
    """A modem that does not say is taken for registered while it is ready."""
    if modem["state"] != _READY:
        return False
    said = modem["registration"]
    return None if said is None else Registration(said).carries_sms


def _of(modem: Mapping[str, Any], part: str, name: str) -> float | None:
    found = modem[part]
    return None if found is None else found[name]


def _add_pace(made: Mapping[str, Family], name: str, pace: Mapping[str, Any] | None) -> None:
    if pace is None:
        return
    if pace["per_minute"] is not None:
        made["modem_rate_parts_per_second"].add(pace["per_minute"] / 60, name)
    made["modem_slowed"].add(pace["slowed"], name)
    for span, use in pace["budgets"].items():
        made["modem_budget_used"].add(use["used"], name, span)
        made["modem_budget_limit"].add(use["limit"], name, span)
