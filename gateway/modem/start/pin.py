"""Which PINs were typed and not accepted: typed once, never twice, also across restarts.

The third wrong PIN locks a SIM (MODEMS.md 5.5). What is kept is a digest, by the SIM's number, and
by the stick for SIMs whose number cannot be read before the PIN; where one cannot tell which SIM it
was, it is taken to be the same. A PIN is noted before it is typed: one whose fate is not known was
refused, and one that cannot be noted is not typed.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from gateway.modem.known.notebook import Facts, Notes

_KEY: Final = "typed"


class PinLedger:
    """The PINs of one SIM in one stick."""

    def __init__(self, notes: Notes, *, stick: str, iccid: str | None) -> None:
        """Keep account in notes.

        Args:
            notes: where.
            stick: the stick's IMEI, or its name.
            iccid: the SIM's number; None when it cannot be read before the PIN.
        """
        self._notes = notes
        self._iccid = iccid or ""
        self._by_stick = f"pin:stick:{stick}"
        self._by_sim = f"pin:sim:{iccid}" if iccid else None
        self._subjects = tuple(filter(None, (self._by_sim, self._by_stick)))

    async def typed(self, pin: str) -> bool:
        """Tell whether a PIN may have been typed before without being accepted."""
        sims = _typed(await self._notes.read(self._by_stick)).get(_digest(pin), set())
        if self._by_sim is None:
            return bool(sims)
        told = _typed(await self._notes.read(self._by_sim))
        return _digest(pin) in told or bool(sims & {"", self._iccid})

    async def note(self, pin: str) -> bool:
        """Write down that a PIN is about to be typed; return whether that is there to stay."""
        if not await self._secure():
            return False
        await self._change(pin, add=True)
        if await self._secure():
            return True
        await self._change(pin, add=False)
        return False

    async def accepted(self, pin: str) -> None:
        """Strike a PIN out: it was right."""
        await self._change(pin, add=False)

    async def _secure(self) -> bool:
        return all([await self._notes.secure(subject) for subject in self._subjects])

    async def _change(self, pin: str, *, add: bool) -> None:
        for subject in self._subjects:
            typed = _typed(await self._notes.read(subject))
            sims = typed.setdefault(_digest(pin), set())
            sims.add(self._iccid) if add else sims.discard(self._iccid)
            kept = {digest: sorted(sims) for digest, sims in typed.items() if sims}
            await self._notes.write(subject, {_KEY: kept} if kept else {})


def _typed(facts: Facts) -> dict[str, set[str]]:
    """Return the digests, each with the SIMs that it was typed for."""
    noted = facts.get(_KEY)
    return {digest: set(sims) for digest, sims in noted.items()} if isinstance(noted, dict) else {}


@cache  # Some 10 ms of the event loop, asked every few seconds while a SIM stays locked.
def _digest(pin: str) -> str:
    return hashlib.scrypt(pin.encode(), salt=b"shopbell-pin", n=2**12, r=8, p=1, dklen=16).hex()
