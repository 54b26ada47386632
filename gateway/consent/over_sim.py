"""May a SIM send it, and if none may, does a carrier? The rule of the gate after consent.

What may not go over any SIM goes out by a carrier that serves it or is refused with the reason; it
never waits in silence (SIM-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from gateway.consent.case import Case
from gateway.consent.lines import Candidate, Lines
from gateway.consent.sims import refusal
from gateway.domain.errors import RejectedError
from gateway.domain.ids import is_carrier
from gateway.domain.route import CarrierRoute, route_for
from gateway.domain.verdict import Allowed, Deferred, Forbidden, Verdict

SOON: Final = timedelta(minutes=1)
"""Until when a message waits that its line may not send and another may."""


class OverSim:
    """Asks what is known of the lines.

    ``carriers`` is replaced as a whole when the configuration is read again.
    """

    def __init__(self, lines: Lines, carriers: Sequence[CarrierRoute] = ()) -> None:
        self._lines = lines
        self.carriers = tuple(carriers)

    def __call__(self, case: Case) -> Verdict | None:
        """Say whether it goes over a SIM, over which carrier, or not at all."""
        line = case.asked.line
        if case.asked.begun or is_carrier(line):
            return None
        reason = self._reason(case)
        if reason is None:
            return None
        carrier = route_for(self.carriers, case.asked.recipient, case.asked.purpose)
        if carrier is not None:
            return Allowed(line=carrier)
        if line is not None and self._anywhere(case) is None:
            return Deferred(until=case.now + SOON, reason="waits for a line that may send it")
        return Forbidden(error=RejectedError("policy", reason, job=case.asked.job))

    def _reason(self, case: Case) -> str | None:
        """Return why the line may not send it; at admission, why none may."""
        line = case.asked.line
        if line is None:
            return self._anywhere(case)
        sim = self._lines.sim(case.connection, line)
        return None if sim is None else self._why(case, Candidate(sim=sim, routes=()))

    def _anywhere(self, case: Case) -> str | None:
        """Return why none of the lines that serve the recipient may; None where one may or might.

        Where there is none at all it waits for one, unless a carrier serves it.
        """
        candidates = self._lines.candidates(case.connection)
        first = None
        for one in candidates:
            if one.serves(case.asked.recipient):
                reason = self._why(case, one)
                if reason is None:
                    return None
                first = first or reason
        if first is not None:
            return first
        carrier = route_for(self.carriers, case.asked.recipient, case.asked.purpose)
        return None if carrier is None else "no SIM serves this recipient"

    def _why(self, case: Case, candidate: Candidate) -> str | None:
        if candidate.sim is None:
            return None
        asked = case.asked
        return refusal(self._lines.policies, candidate.sim, asked.recipient, asked.purpose)
