"""The control socket: what a test tells the bank while it runs, one JSON object a line each way.

Requests, all with ``"modem": "modem0"`` or ``"*"`` (the default):

===========  =====================================================================================
``do``       besides
===========  =====================================================================================
``fault``    ``name``, and as wanted ``value``, ``count``, ``probability`` (see `faults`)
``clear``    ``name``, or all faults without it
``set``      ``values``: fields of `ModemSettings` to change, such as ``{"submit_latency": 2}``
``inbound``  ``from``, ``text``
``unplug``   ``back_after`` in seconds; without it the modem stays away
``return``
``hangup``
``reboot``   ``boot`` in seconds
``say``      ``text``: an unsolicited line
``eject``    the SIM
``insert``   it again, or with ``sim`` the one of another number
``state``
===========  =====================================================================================

The answer is ``{"ok": true, …}`` or ``{"ok": false, "error": …}``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from hardware.simulator.control import check_socket_path
from hardware.simulator.errors import ControlError, SimulatorError
from hardware.simulator.faults import FaultName, make_fault
from hardware.simulator.settings import Repeats, ReportMode
from hardware.simulator.stick import Stick
from hardware.simulator.ussd import UssdSettings

_LINE = 65_536
"""Octets of a request at most; an inbound text of 255 parts fits."""

Request = Mapping[str, Any]


class Sticks(Protocol):
    """Where the modems are."""

    def choose(self, name: str) -> Iterable[Stick]:
        """The stick of a name, or all of them for ``*``."""
        ...


class ControlServer:
    """Listens on the socket for as long as the ``async with``."""

    def __init__(self, path: Path, sticks: Sticks) -> None:
        self._path = check_socket_path(path)
        self._sticks = sticks
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path, limit=_LINE)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while request := await reader.readline():
                writer.write(json.dumps(self.answer(request)).encode() + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError):
            pass  # a line without an end, or a caller that has gone: this connection is over
        finally:
            self._writers.discard(writer)
            writer.close()

    def answer(self, line: bytes) -> dict[str, object]:
        """Carry out one request."""
        try:
            return {"ok": True} | self._carry_out(json.loads(line))
        except (SimulatorError, ValueError, TypeError, KeyError, AttributeError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    def _carry_out(self, request: Request) -> dict[str, object]:
        do = request.get("do")
        action = _ACTIONS.get(str(do))
        if action is None:
            raise ControlError(f"nothing is called {do!r}; there are {', '.join(_ACTIONS)}")
        sticks = self._sticks.choose(request.get("modem", "*"))
        return {"modems": {stick.name: action(stick, request) for stick in sticks}}


def _fault(stick: Stick, request: Request) -> None:
    value = request.get("value")
    fault = make_fault(
        request["name"],
        value=None if value is None else str(value),
        count=request.get("count"),
        probability=request.get("probability", 1.0),
    )
    stick.device.faults.arm(fault)


def _clear(stick: Stick, request: Request) -> None:
    name = request.get("name")
    stick.device.faults.clear(None if name is None else FaultName(name))
    stick.device.line.knock()


def _set(stick: Stick, request: Request) -> None:
    values = dict(request["values"])
    readers: dict[str, Callable[[Any], object]] = {
        "report_mode": ReportMode,
        "repeats": Repeats,
        "ussd": lambda ussd: UssdSettings(**ussd),
    }
    for name, read in readers.items():
        if name in values:
            values[name] = read(values[name])
    stick.device.settings = replace(stick.device.settings, **values)


def _inbound(stick: Stick, request: Request) -> int:
    return stick.device.line.text(request["from"], request["text"])


def _unplug(stick: Stick, request: Request) -> None:
    stick.vanish(request.get("back_after"))


def _return(stick: Stick, _request: Request) -> None:
    stick.put_back()


def _hang_up(stick: Stick, _request: Request) -> None:
    stick.hang_up()


def _reboot(stick: Stick, request: Request) -> None:
    stick.modem.reboot(request.get("boot"))


def _say(stick: Stick, request: Request) -> None:
    stick.modem.say(request["text"])


def _eject(stick: Stick, _request: Request) -> None:
    stick.eject()


def _insert(stick: Stick, request: Request) -> None:
    stick.insert(request.get("sim"))


def _state(stick: Stick, _request: Request) -> dict[str, object]:
    return stick.state()


_ACTIONS: dict[str, Callable[[Stick, Request], object]] = {
    "fault": _fault,
    "clear": _clear,
    "set": _set,
    "inbound": _inbound,
    "unplug": _unplug,
    "return": _return,
    "hangup": _hang_up,
    "reboot": _reboot,
    "say": _say,
    "eject": _eject,
    "insert": _insert,
    "state": _state,
}
