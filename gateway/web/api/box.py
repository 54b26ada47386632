"""The box: its modems, its carriers, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gateway.access import Right, Visitor
from gateway.at.registration import Registration
from gateway.mqtt.model import PLAIN, Payload
from gateway.web.api.body import read_model, takes
from gateway.web.api.model import Instant, Told
from gateway.web.api.once import Answer, Key, once_of
from gateway.web.api.who import TheHouse, allowed
from gateway.web.guard import act

router = APIRouter(tags=["box"])

Reader = Annotated[Visitor, allowed(Right.READ)]
Operator = Annotated[Visitor, allowed(Right.OPERATE)]


class BudgetTold(Told):
    """What is used of a budget."""

    used: int
    limit: int
    kept_for_otp: int
    """Of the limit, for passwords alone."""
    renewed_at: Instant


class PaceTold(Told):
    """How fast a line may send."""

    per_minute: float | None
    """Parts that it may send now; null: no limit."""
    slowed: bool
    """Whether that is less than what is set, since the network had too much."""
    budgets: dict[str, BudgetTold]
    """By span; `recipients` are the persons of a day."""


class HealthTold(Told):
    """How well a line does."""

    score: float
    """0 to 1."""
    good: bool
    why: list[str]


class RatioTold(Told):
    """What came of the reports that were asked for."""

    asked: int
    reported: int
    delivered: int


class ModemTold(Told):
    """A modem, and the line in it."""

    name: str = Field(examples=["m0"])
    state: str = Field(examples=["ready"])
    since: Instant
    line: str | None
    """The SIM, by its ICCID."""
    operator: str | None
    signal_dbm: int | None
    registration: str | None
    country: str | None
    permitted: bool | None
    """Whether an operator permitted the SIM what needs a permission; null: nothing is known."""
    counters: dict[str, int]
    """Since the gateway started."""
    report_ratio: RatioTold | None
    pace: PaceTold | None
    health: HealthTold | None
    last_error: str | None


class Modems(Told):
    """All modems of this box."""

    items: list[ModemTold]


class CarrierTold(Told):
    """A carrier that sends in the place of a modem."""

    name: str
    state: str
    counters: dict[str, int]
    pace: PaceTold | None
    last_error: str | None


class Carriers(Told):
    """All carriers of this box."""

    items: list[CarrierTold]


class AlarmTold(Told):
    """Something that somebody has to look at."""

    node: str = Field(examples=["box-1"])
    """Whose it is, of several gateways on one database."""
    kind: str = Field(examples=["line_down"])
    subject: str = Field(examples=["m0"])
    """Which modem, carrier or disk; empty: the box."""
    severity: str = Field(examples=["critical"])
    detail: str
    """What is wrong, and what would help."""
    began_at: Instant
    ended_at: Instant | None
    acknowledged_by: str | None


class Health(Told):
    """What is wrong with the box now, and what was."""

    open: list[AlarmTold]
    ended: list[AlarmTold]


class Seen(Told):
    """Alarms that somebody took note of."""

    acknowledged: int


class Acknowledgement(Payload):
    """Somebody has seen an alarm, and takes care of it."""

    kind: Annotated[str, PLAIN, Field(max_length=64)]
    """Of which kind."""
    subject: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    """Of which modem, carrier or disk; without it, of all."""


Days = Annotated[int, Query(ge=0, le=366, description="So far back for what is over.")]


@router.get("/modems", operation_id="listModems")
async def list_modems(house: TheHouse, who: Reader) -> Modems:
    """List the modems, the lines in them, and how fast each may send."""
    return Modems(items=[_modem(one) for one in await house.ask("modems")])


@router.get("/carriers", operation_id="listCarriers")
async def list_carriers(house: TheHouse, who: Reader) -> Carriers:
    """List the carriers, and how fast each may send."""
    return Carriers(items=[CarrierTold.model_validate(one) for one in await house.ask("carriers")])


@router.get("/alarms", operation_id="listAlarms")
async def list_alarms(house: TheHouse, who: Reader, days: Days = 7) -> Health:
    """List what is wrong, and what was."""
    return Health.model_validate(await house.ask("alarms", days=days))


@router.post(
    "/alarms/acknowledge",
    operation_id="acknowledgeAlarm",
    response_model=Seen,
    openapi_extra=takes(Acknowledgement, {"kind": "line_down", "subject": "m0"}),
)
async def acknowledge_alarm(
    request: Request, house: TheHouse, who: Operator, key: Key = None
) -> Response:
    """Take note of an alarm: it is told no more until it comes on again."""
    seen = await read_model(request, Acknowledgement)

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            "alarm.acknowledge",
            "alarm_acknowledge",
            subject=" ".join(filter(None, (seen.kind, seen.subject))),
            more={"subject": seen.subject},
            kind=seen.kind,
            by=who.actor,
        )
        return Answer(200, Seen(acknowledged=len(answer["acknowledged"])))

    return await once_of(request).do(request, who, work)


def _modem(told: Mapping[str, Any]) -> ModemTold:
    registration = told["registration"]
    fields = {"country": None, "permitted": None, **told}
    return ModemTold.model_validate(
        fields
        | {
            "registration": None
            if registration is None
            else Registration(registration).name.lower()
        }
    )
