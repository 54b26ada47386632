"""What a running gateway does for whoever asks it over its socket."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from gateway.consent.lines import Lines
from gateway.control.server import Operation
from gateway.db.ratios import ReportRatio
from gateway.dispatch import Admission, Dispatcher
from gateway.dispatch.carrying import Carriers
from gateway.dispatch.standing import LineStanding
from gateway.domain.errors import RejectedError, StorageError
from gateway.domain.ids import STORE_NAME, LineId, ModemName, StoreName
from gateway.modem import Rack, Supervisor, UssdRequest
from gateway.mqtt import parse_job


async def submit_job(admission: Admission, store: str, job: Mapping[str, Any]) -> str:
    """Admit a job as if its store had published it; return its id.

    Raises:
        RejectedError: it is refused.
        StorageError: it could not be kept.
    """
    if not STORE_NAME.match(store):
        raise RejectedError("unknown_store", f"this gateway has no store {store!r}", field="store")
    request = parse_job(StoreName(store), json.dumps(job).encode())
    [refused] = await admission.admit([request])
    if refused is not None:
        raise refused
    return request.id


async def ask_menus(supervisor: Supervisor, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hold a USSD session over a modem and return what the network said.

    Args:
        supervisor: the modem's.
        fields: ``request``, a text, and ``replies``, a list of texts.

    Raises:
        RejectedError: that is no request.
        UssdError: there is no answer.
        LinkLostError: the modem was lost meanwhile.
    """
    replies = tuple(map(str, fields.get("replies", ())))
    try:
        request = UssdRequest(text=str(fields.get("request")), replies=replies)
    except ValueError as error:
        raise RejectedError("invalid_request", str(error), field="request") from None
    answer = await supervisor.ussd(request)
    return {"text": answer.text, "menu": answer.is_menu}


class Desk:
    """Answers for a gateway: takes jobs and tells how its modems and carriers are."""

    def __init__(
        self,
        admission: Admission,
        dispatcher: Dispatcher,
        rack: Rack,
        carriers: Carriers,
        lines: Lines,
    ) -> None:
        self._lines = lines
        self._admission = admission
        self._dispatcher = dispatcher
        self._rack = rack
        self._carriers = carriers

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``send``: fields ``store`` and those of a job; returns ``{"id"}``.
        """
        return {
            "send": self._send,
            "modems": self._modems,
            "carriers": self._list_carriers,
            "ussd": self._ussd,
        }

    async def _send(self, fields: Mapping[str, Any]) -> object:
        job = {key: value for key, value in fields.items() if key != "store"}
        return {"id": await submit_job(self._admission, str(fields.get("store")), job)}

    async def _modems(self, fields: Mapping[str, Any]) -> object:
        return await self.modems()

    async def modems(self) -> Sequence[Mapping[str, object]]:
        """Return how each modem is: its status, counters, pace, health and terms."""
        ratios: Mapping[LineId, ReportRatio] = {}
        paces: Mapping[LineId, LineStanding] = {}
        with suppress(StorageError):  # the modems are to be seen above all when something is wrong
            ratios = await self._dispatcher.report_ratios()
            paces = await self._dispatcher.standings()
        return [self._describe(supervisor, ratios, paces) for supervisor in self._rack.supervisors]

    async def _list_carriers(self, fields: Mapping[str, Any]) -> object:
        count = self._dispatcher.fleet.count
        paces: Mapping[LineId, LineStanding] = {}
        with suppress(StorageError):
            paces = await self._carriers.standings()
        return [
            asdict(status)
            | {"counters": asdict(count(status.name)), "pace": _told(paces.get(status.name))}
            for status in self._carriers.statuses
        ]

    async def _ussd(self, fields: Mapping[str, Any]) -> object:
        return await ask_menus(self._find(str(fields.get("name"))), fields)

    def _find(self, name: str) -> Supervisor:
        for supervisor in self._rack.supervisors:
            if supervisor.status.name == name:
                return supervisor
        known = ", ".join(supervisor.status.name for supervisor in self._rack.supervisors)
        reason = f"this gateway has no modem {name!r}; it has {known or 'none'}"
        raise RejectedError("unknown_modem", reason, field="name")

    def _describe(
        self,
        supervisor: Supervisor,
        ratios: Mapping[LineId, ReportRatio],
        paces: Mapping[LineId, LineStanding],
    ) -> Mapping[str, object]:
        status = supervisor.status
        counters = self._dispatcher.fleet.count(status.name)
        ratio = None if status.line is None else ratios.get(status.line)
        pace = None if status.line is None else paces.get(status.line)
        described = asdict(status) | {
            "counters": asdict(counters),
            "report_ratio": None if ratio is None else asdict(ratio),
            "pace": _told(pace),
            "owner": None if status.line is None else self._dispatcher.owner(status.line),
            "health": None if status.line is None else self._health(status.line, status.name),
        }
        sim = None if status.line is None else self._lines.known(status.line)
        if sim is None:
            return described
        return described | {"country": sim.country, "permitted": sim.permitted}

    def _health(self, line: LineId, modem: ModemName) -> Mapping[str, object]:
        health = self._dispatcher.health(line, modem)
        return {"score": round(health.score, 3), "good": health.good, "why": list(health.why)}


def _told(pace: LineStanding | None) -> Mapping[str, object] | None:
    return None if pace is None else asdict(pace)
