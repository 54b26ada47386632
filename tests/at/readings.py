"""What one looks for in a replayed dialogue: each of these makes it out of its exchanges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.replay import Exchange, everything_told, exchange_of

from gateway.at import (
    SimState,
    Slot,
    read_message,
    read_routed,
    read_sim_state,
    read_slot,
    read_ussd,
)
from gateway.domain.results import FinalResult, ResultKind
from gateway.sms import StatusReport, decode_pdu

Exchanges = list[Exchange]
OK = FinalResult(kind=ResultKind.OK)


def slots(exchanges: Exchanges) -> list[Slot | None]:
    announced = ("+CMTI", "+CDSI")
    return [read_slot(said.text) for said in everything_told(exchanges) if said.name in announced]


def names(exchanges: Exchanges) -> list[str]:
    return [said.name for said in everything_told(exchanges)]


def lines(command: str) -> Callable[[Exchanges], tuple[str, ...]]:
    return lambda exchanges: exchange_of(exchanges, command).lines


def results(command: str) -> Callable[[Exchanges], list[str]]:
    return lambda exchanges: exchange_of(exchanges, command).results


def read(reader: Callable[..., Any], command: str, *more: Any) -> Callable[[Exchanges], object]:
    return lambda exchanges: reader(exchange_of(exchanges, command).lines, *more)


def each(reader: Callable[..., Any], command: str, *more: Any) -> Callable[[Exchanges], object]:
    return lambda exchanges: [
        reader(one.lines, *more) for one in exchanges if one.command == command
    ]


def told(name: str, reader: Callable[..., Any], *more: Any) -> Callable[[Exchanges], object]:
    return lambda exchanges: [
        reader((said.text,), *more) for said in everything_told(exchanges) if said.name == name
    ]


def lengths(exchanges: Exchanges) -> list[int | None]:
    routed = [read_routed(said.text, said.pdu) for said in everything_told(exchanges) if said.pdu]
    return [one.length for one in routed if one is not None]


def report_in(command: str) -> Callable[[Exchanges], tuple[int, int]]:
    def reference_and_status(exchanges: Exchanges) -> tuple[int, int]:
        stored = read_message(exchange_of(exchanges, command).lines)
        assert stored is not None
        report = decode_pdu(stored.pdu, length=stored.length)
        assert isinstance(report, StatusReport)
        return report.reference, report.status

    return reference_and_status


def routed_report(exchanges: Exchanges) -> int:
    (said,) = [said for said in everything_told(exchanges) if said.name == "+CDS"]
    report = decode_pdu(said.pdu)
    assert isinstance(report, StatusReport)
    return report.reference


def ussd_states(exchanges: Exchanges) -> list[int | None]:
    said = [read_ussd(one.text) for one in everything_told(exchanges) if one.name == "+CUSD"]
    return [None if one is None else one.state.value for one in said]


def lock(lines: tuple[str, ...]) -> SimState:
    return read_sim_state(lines, OK)
