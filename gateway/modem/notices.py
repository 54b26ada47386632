"""What the things mean that a modem says by itself.

Which of them are kept for `gateway.modem.inbox`, and which say that the modem has to be started
anew (MODEMS.md 5.6, 5.13). Everything else is noise.
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

_STIRS: Final = frozenset({"SMS READY", "SMS DONE", "CALL READY", "^SMMEMFULL"})
"""Either a boot that said nothing else, or a service that took its time (MODEMS.md 4.22, 5.13); and
a storage that is full (4.11)."""

_OK: Final = FinalResult(kind=ResultKind.OK)


def end_of_service(said: Unsolicited) -> str | None:
    """Return why a modem in service has to be started anew, or None when it does not."""
    if is_restart(said):
        return f"the modem restarted: {said.text}"
    if said.name == "+CPIN" and read_sim_state((said.text,), _OK) is not SimState.READY:
        return f"the SIM is gone: {said.text}"
    return None


def is_restart(said: Unsolicited) -> bool:
    """Tell whether a modem says that it starts or goes."""
    return said.name in _RESTARTS


def is_stir(said: Unsolicited) -> bool:
    """Tell whether a modem in service is worth a look at once."""
    return said.name in _STIRS
