"""Which carrier a job goes out by that no SIM may send (COMPLIANCE SIM-5). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierRoute:
    """What a carrier serves."""

    line: LineId
    prefixes: tuple[str, ...] = ()
    """Of recipients, such as ``+33``; empty for all."""
    purposes: frozenset[Purpose] = frozenset(Purpose)

    def serves(self, recipient: str, purpose: Purpose) -> bool:
        """Tell whether it sends to a recipient (E.164) for a purpose."""
        reached = not self.prefixes or recipient.startswith(self.prefixes)
        return reached and purpose in self.purposes


def route_for(routes: Iterable[CarrierRoute], recipient: str, purpose: Purpose) -> LineId | None:
    """Return the line of the first carrier that serves a message, or None when none does.

    What may go over no SIM and has no route is refused (code ``policy``): it never waits for a
    carrier that is not there.

    Args:
        routes: in the order of the configuration.
        recipient: E.164.
        purpose: the job's.
    """
    return next((route.line for route in routes if route.serves(recipient, purpose)), None)
