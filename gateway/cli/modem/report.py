"""A probe's findings as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.at import Registration, SimState
from gateway.modem.probe.findings import Findings, PortFinding, Rung, Verdict
from gateway.modem.probe.opinion import Opinion

_WIDTH: Final = 18
"""Columns of the names on the left."""

_SHOWN_DIGITS: Final = 4

_NETWORKS: Final = {"+CREG": "2G and 3G", "+CGREG": "packet data", "+CEREG": "LTE"}

_LADDERS: Final = {
    "AT+CNMI": "how messages and reports are announced",
    "AT+CPMS": "where messages are kept",
    "AT+CGSMS": "over which network messages go",
    "AT+CSMS": "whether routed messages are acknowledged",
    "AT+CUSD": "how the network's menus are asked",
}

_SIM: Final = {
    SimState.READY: "ready",
    SimState.PIN: "waits for its PIN",
    SimState.PUK: "waits for its PUK",
    SimState.ABSENT: "not there",
    SimState.BUSY: "starting",
    SimState.UNTOLD: "not told",
}


def lines(findings: Findings, opinion: Opinion | None) -> Iterator[str]:
    """Return what to print, line by line."""
    yield from _section("Stick", _stick(findings))
    yield from _section("SIM and network", _network(findings))
    if findings.ports:
        yield from _section("Its ports", map(_port, findings.ports))
    for command, rungs in findings.ladders.items():
        yield from _section(f"{command}: {_LADDERS[command]}", map(_rung, rungs))
    if opinion is not None:
        yield from _section("Second opinion, python-gsmmodem-new", _compared(findings, opinion))
    yield from _remarks(findings)
    if not findings.trouble:
        yield ""
        yield "Usable."


def _section(title: str, rows: Iterator[str]) -> Iterator[str]:
    yield ""
    yield title
    for row in rows:
        yield f"  {row}".rstrip()


def _row(name: str, value: str) -> str:
    return f"{name:<{_WIDTH}}{value or '-'}"


def _stick(findings: Findings) -> Iterator[str]:
    identity = findings.identity
    yield _row("manufacturer", identity.manufacturer)
    yield _row("model", identity.model)
    yield _row("revision", identity.revision)
    yield _row("IMEI", identity.imei)
    yield _row("port", findings.port)
    if findings.usb_id:
        yield _row("USB", f"{findings.usb_id} at {findings.usb_path}")
    yield _row("profile", findings.profile)


def _network(findings: Findings) -> Iterator[str]:
    yield _row("SIM", _SIM[findings.sim])
    yield _row("ICCID", _last_digits(findings.iccid))
    yield _row("operator", findings.operator)
    yield _row("signal", _dbm(findings.signal_dbm))
    for name, registration in findings.registrations.items():
        yield _row(_NETWORKS[name], _registration(registration))
    yield _row("service centre", findings.service_centre)
    yield _row("PDU mode", "yes" if findings.pdu_mode else "no")


def _registration(registration: Registration | None) -> str:
    if registration is None:
        return "not told"
    words = registration.name.lower().replace("_", " ")
    return words if registration.carries_sms else f"{words}: carries no messages"


def _port(port: PortFinding) -> str:
    says = ", says what comes in" if port.speaks else ""
    detail = f" ({port.detail})" if port.detail else ""
    return f"{port.interface}  {port.device:<{_WIDTH}}{port.role}{says}{detail}"


def _rung(rung: Rung) -> str:
    mark = "+" if rung.verdict is Verdict.WORKS else "-"
    detail = f": {rung.detail}" if rung.detail else ""
    return f"{mark} {rung.setting:<{_WIDTH}}{rung.verdict}{detail}"


def _compared(findings: Findings, opinion: Opinion) -> Iterator[str]:
    ours = _comparable(findings)
    for name, (mine, other) in ours_and_others(ours, opinion).items():
        if mine == other:
            yield _row(name, other)
        else:
            yield _row(name, f"{other or '-'}   differs, ours: {mine or '-'}")
    yield _row("commands", f"{len(opinion.commands)} listed" if opinion.commands else "")
    for fault in opinion.faults:
        yield _row("it says", fault)


def ours_and_others(ours: Mapping[str, str], opinion: Opinion) -> dict[str, tuple[str, str]]:
    """Return what both drivers say, by its name; numbers of the SIM by their last digits."""
    others = {
        "manufacturer": opinion.manufacturer,
        "model": opinion.model,
        "revision": opinion.revision,
        "IMEI": opinion.imei,
        "IMSI": _last_digits(opinion.imsi),
        "operator": opinion.operator,
        "signal": _dbm(opinion.signal_dbm),
        "service centre": opinion.service_centre,
    }
    return {name: (ours[name], other) for name, other in others.items()}


def _comparable(findings: Findings) -> dict[str, str]:
    identity = findings.identity
    return {
        "manufacturer": identity.manufacturer,
        "model": identity.model,
        "revision": identity.revision,
        "IMEI": identity.imei,
        "IMSI": _last_digits(findings.imsi),
        "operator": findings.operator,
        "signal": _dbm(findings.signal_dbm),
        "service centre": findings.service_centre,
    }


def _remarks(findings: Findings) -> Iterator[str]:
    if findings.arrived:
        yield ""
        yield f"Came in meanwhile and is lost: {findings.arrived} messages or reports."
    if findings.unrestored:
        yield ""
        yield f"Not put back as it was: {', '.join(findings.unrestored)}."


def _last_digits(number: str) -> str:
    return f"...{number[-_SHOWN_DIGITS:]}" if number else ""


def _dbm(signal: int | None) -> str:
    return "" if signal is None else f"{signal} dBm"
