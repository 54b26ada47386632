"""SIMs and network: how each modem stands, in the gateway's words or, while none runs, its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.doctor.finding import Finding, Level, warning, well, wrong
from gateway.domain.alarms import AlarmKind, Severity, severity_of
from gateway.modem.status import ModemState

WEAK: Final = -100
"""dBm: below it messages are lost in one room and not in the next (MODEMS.md 5.8)."""

FULL: Final = 0.8
"""Of a storage; when it is full nothing comes in any more (MODEMS.md 4.11)."""

REPORTED: Final = 0.5
"""Of the reports that were asked for; fewer look like a tariff or a network without any."""

FEW: Final = 20
"""Messages, too few to say anything of a share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModemFacts:
    """How one modem stands."""

    name: str
    state: ModemState
    error: str = ""
    """What went wrong last, for people."""
    operator: str = ""
    signal_dbm: int | None = None
    centre: bool | None = None
    """Whether the SIM knows a service centre; None: it was not asked."""
    used: float | None = None
    """Of the storage for what comes in; None: it was not asked."""
    asked: int = 0
    """Reports that were asked for lately, ..."""
    reported: int = 0
    """... and that came."""
    alarms: tuple[tuple[AlarmKind, str], ...] = ()


def read(told: Mapping[str, Any]) -> ModemFacts:
    """Read what a running gateway tells of a modem (its operation ``modems``)."""
    ratio = told.get("report_ratio") or {}
    known = {kind.value for kind in AlarmKind}
    return ModemFacts(
        name=told["name"],
        state=ModemState(told["state"]),
        error=told.get("last_error") or "",
        operator=told.get("operator") or "",
        signal_dbm=told.get("signal_dbm"),
        asked=ratio.get("asked", 0),
        reported=ratio.get("reported", 0),
        alarms=tuple(
            (AlarmKind(alarm["kind"]), alarm["detail"])
            for alarm in told.get("alarms") or ()
            if alarm["kind"] in known
        ),
    )


def judge(facts: Sequence[ModemFacts]) -> Iterator[Finding]:
    """Tell what is wrong with them."""
    if not facts:
        yield warning(
            "modems.none",
            "there is no modem: jobs are taken and wait",
            'write a [[modem]] with port = "auto" into the configuration',
        )
    for modem in facts:
        found = [*_judge_state(modem), *_judge_alarms(modem), *_judge_signs(modem)]
        if all(one.level is Level.OK for one in found):
            found = [well("modems.ready", f"{modem.name} {_standing(modem)}")]
        yield from found


def _judge_state(modem: ModemFacts) -> Iterator[Finding]:
    if modem.state in _STATES and not _told_by_alarm(modem):
        what, remedy = _STATES[modem.state]
        why = f" ({modem.error})" if modem.error else ""
        level = warning if modem.state in _PASSING else wrong
        yield level(
            f"modems.{modem.state}",
            f"{modem.name} {what}{why}",
            remedy.format(name=modem.name),
        )


def _judge_alarms(modem: ModemFacts) -> Iterator[Finding]:
    for kind, detail in modem.alarms:
        level = warning if severity_of(kind) is Severity.WARNING else wrong
        yield level(
            f"modems.{kind}",
            f"{modem.name}: {detail}",
            f"docs/operators.md says under `{kind}` what helps",
        )


def _judge_signs(modem: ModemFacts) -> Iterator[Finding]:
    if modem.signal_dbm is not None and modem.signal_dbm < WEAK:
        yield warning(
            "modems.weak",
            f"{modem.name} hears its network at {modem.signal_dbm} dBm, which is weak",
            "put it near a window or on a longer USB cable, or give it an aerial",
        )
    if modem.centre is False:
        yield wrong(
            "modems.no_centre",
            f"the SIM in {modem.name} knows no service centre, so that nothing can be sent",
            "ask the operator for its number and write it with a telephone (AT+CSCA)",
        )
    if modem.used is not None and modem.used >= FULL:
        yield warning(
            "modems.storage_filling",
            f"the storage of {modem.name} is {modem.used:.0%} full; when it is full nothing comes "
            "in",
            "start the gateway: it reads what is there and takes it away",
        )
    if modem.asked >= FEW and modem.reported < REPORTED * modem.asked:
        yield warning(
            "modems.reports",
            f"{modem.name}: {modem.reported} of {modem.asked} delivery reports came",
            "`shopbell messages --state sent` lists what waits for one; ask the operator whether "
            "the contract has reports",
        )


def _told_by_alarm(modem: ModemFacts) -> bool:
    """Tell whether an alarm says the same, and more."""
    return any(kind in _SAME.get(modem.state, ()) for kind, _ in modem.alarms)


def _standing(modem: ModemFacts) -> str:
    signal = "" if modem.signal_dbm is None else f", {modem.signal_dbm} dBm"
    return f"is ready{f' at {modem.operator}' if modem.operator else ''}{signal}"


_PROBE: Final = "`shopbell modem probe PORT`, with the gateway stopped, tells what it says"

_STATES: Final[Mapping[ModemState, tuple[str, str]]] = {
    ModemState.MISSING: ("is not plugged in", "plug it in; see `ports` and `usb` here"),
    ModemState.STARTING: ("is starting", "ask again in a minute: `shopbell modems`"),
    ModemState.NO_SIM: ("has no SIM", "put one in, the right way round, and plug it in anew"),
    ModemState.PIN_REQUIRED: (
        "waits for the PIN of its SIM",
        "write `pin_file` into [[modem]] {name} and start the gateway again",
    ),
    ModemState.PUK_REQUIRED: (
        "waits for the PUK of its SIM",
        "put the SIM into a telephone, type the PUK (it is in the contract) and a new PIN",
    ),
    ModemState.NOT_REGISTERED: (
        "looks for a network",
        "wait two minutes; then look at the aerial, the contract and the credit",
    ),
    ModemState.NO_SERVICE: (
        "has no network that carries its messages",
        "try the SIM in a telephone: is it active, and has it credit? Then the aerial",
    ),
    ModemState.FAILED: ("did not come up", _PROBE),
    ModemState.STOPPED: ("was stopped", "start the gateway again"),
}
"""What a state means, and what to do; what is ready is not here."""

_PASSING: Final = frozenset({ModemState.STARTING, ModemState.NOT_REGISTERED})
"""States that mostly end by themselves."""

_SAME: Final[Mapping[ModemState, frozenset[AlarmKind]]] = {
    ModemState.NO_SIM: frozenset({AlarmKind.NO_SIM}),
    ModemState.PIN_REQUIRED: frozenset({AlarmKind.PIN_REFUSED, AlarmKind.PIN_MISSING}),
    ModemState.PUK_REQUIRED: frozenset({AlarmKind.SIM_LOCKED}),
    ModemState.NO_SERVICE: frozenset({AlarmKind.NO_SERVICE}),
    ModemState.FAILED: frozenset({AlarmKind.UNRECOVERED, AlarmKind.PORT_TAKEN}),
    ModemState.MISSING: frozenset({AlarmKind.LINE_DOWN}),
}
