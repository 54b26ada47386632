"""What the things mean that a modem says by itself.

Which of them are kept for `gateway.modem.receive.inbox`, and which say that the modem has to be
started anew (MODEMS.md 5.6, 5.13). Everything else is noise.
"""

from __future__ import annotations

from typing import Final

from gateway.at import SimState, Unsolicited, read_sim_state
from gateway.domain.results import FinalResult, ResultKind

KEPT: Final = frozenset({"+CDS", "+CMT", "+CDSI", "+CMTI", "+CMGS"})
"""A ``+CMGS`` that nobody waits for belongs to a submit that was given up."""

_RESTARTS: Final = frozenset(
    {
        "RDY",
        "*ATREADY",
        "^SYSSTART",
        "NORMAL POWER DOWN",
        "OVER-VOLTAGE POWER DOWN",
        "UNDER-VOLTAGE POWER DOWN",
    }
)
"""First words of a boot and last ones before one; ``SMS Ready`` also comes minutes later."""

_STIRS: Final = frozenset({"SMS READY", "SMS DONE", "CALL READY"})
"""Either a boot that said nothing else, or a service that took its time (MODEMS.md 4.22, 5.13)."""

CALLS: Final = frozenset({"RING", "+CRING"})
"""Somebody calls; repeated until they give up. A ``+CLIP`` comes beside them, with the number."""

RESULT: Final = "RESULT"
"""A final result that no command waits for and that says that a storage is full."""

_FILLED: Final = frozenset({RESULT, "^SMMEMFULL", "+SMSFULL", "#SMSFULL", "*SMSFULL"})

_INDICATORS: Final = frozenset({"+CIEV", "+QIND"})
"""Say many things; of a full storage, that something is FULL."""

_OCCUPIES: Final = {
    "RING": 6.0,
    "+CRING": 6.0,
    "+CLIP": 6.0,
    "+CMTI": 0.5,
    "+CMT": 0.5,
}
"""Seconds in which a message that is handed over may collide with what comes in (MODEMS.md 2.11);
a telephone rings every 5."""

_SIM_STATES: Final = frozenset(
    {(ResultKind.CMS, code) for code in (310, 311, 312, 316, 317, 318)}
    | {(ResultKind.CME, code) for code in (10, 11, 12, 17, 18)}
)
"""No SIM, PIN, PUK: what a SIM that was ready says after a restart that nobody heard of."""

_OK: Final = FinalResult(kind=ResultKind.OK)


def tells_full(said: Unsolicited) -> bool:
    """Tell whether a modem says that a storage is full (MODEMS.md 4.11)."""
    told = said.text.upper()
    if said.name in _INDICATORS:
        return "FULL" in told and not told.endswith("0")
    return said.name in _FILLED


def end_of_service(said: Unsolicited) -> str | None:
    """Return why a modem in service has to be started anew, or None when it does not."""
    if is_restart(said):
        return f"the modem restarted: {said.text}"
    if said.name == "+CPIN" and read_sim_state((said.text,), _OK) is not SimState.READY:
        return f"the SIM is gone: {said.text}"
    return None


def tells_sim_gone(result: FinalResult | None) -> bool:
    """Tell whether a refusal says that a SIM in service has to be brought up anew."""
    return result is not None and (result.kind, result.code) in _SIM_STATES


def is_restart(said: Unsolicited) -> bool:
    """Tell whether a modem says that it starts or goes."""
    return said.name in _RESTARTS


def is_stir(said: Unsolicited) -> bool:
    """Tell whether a modem in service is worth a look at once."""
    return said.name in _STIRS


def occupies(said: Unsolicited) -> float:
    """Return for how many seconds the radio is better left alone."""
    return _OCCUPIES.get(said.name, 0.0)
