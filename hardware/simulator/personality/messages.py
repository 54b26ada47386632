"""How a stick sends, announces and shows messages (MODEMS.md sections 2 and 3).

Forms hold ``{mr}``, ``{length}`` (octets of the TPDU), ``{memory}``, ``{index}``, ``{status}``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """+CMGS."""

    answer: str = "+CMGS: {mr}"
    """Before its OK; empty: OK alone (MODEMS.md 2.6, 2.8)."""
    before: tuple[str, ...] = ()
    """Lines between Ctrl-Z and the answer (MODEMS.md 1.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """+CNMI (MODEMS.md 3.2)."""

    listing: str = ""
    """What +CNMI=? promises; empty: what it really does."""
    refused: tuple[str, ...] = ()
    """Settings that it refuses, ``*`` for any value: ``2,*,*,1,*``."""
    values: int = 5
    """How many it takes at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Messages of persons (MODEMS.md 4.1, 4.2, 4.7, 4.8)."""

    routed: str = "+CMT: ,{length}"
    announced: str = '+CMTI: "{memory}",{index}'
    memory: str = ""
    """Where they go; empty: into the third memory of +CPMS."""
    header: str = "{status},,{length}"
    """Behind ``+CMGR:``; behind ``+CMGL:`` after the index."""
    padding: str = ""
    """Follows the PDU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Status reports (MODEMS.md 3.1, 3.5 to 3.8, 3.17)."""

    routed: str = "+CDS: {length}"
    announced: str = '+CDSI: "{memory}",{index}'
    memory: str = "SR"
    """Where they really go."""
    readable: bool = True
    """Whether they can be read there at all."""
    lists: bool = True
    """Whether +CMGL works there."""
    header: str = "{status},,{length}"
    centre: str = ""
    """In hexadecimal, instead of the service centre's address before the TPDU."""
    padding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """+CSMS and +CNMA (MODEMS.md 3.4)."""

    levels: tuple[int, ...] = (0, 1)
    level: int = 0
    """After power-on."""
    acknowledged: bool = True
    """Whether level 1 asks for an acknowledgement of each routed message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """+CSCA (MODEMS.md 2a, 330; section 8)."""

    form: str = "+CSCA: {quoted},{kind}"
    """``{quoted}`` follows +CSCS; ``{number}`` is in clear, ``{hex}`` UCS-2, without quotes."""
    missing: str = '+CSCA: "",129'
    """When it knows none; empty: OK alone."""
    lost_by: tuple[str, ...] = ()
    """Commands that erase it."""
    lost_at_power_on: bool = False
