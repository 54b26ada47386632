"""Campaigns: what is on file, what each would be, and how those under way do."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ConfigDict, Field

from gateway.access import Right, Visitor
from gateway.db.commerce.campaigns import CampaignState
from gateway.mqtt.model import Payload
from gateway.web.api.body import read_model, takes
from gateway.web.api.model import Instant, StorePath, StoreQuery, Told
from gateway.web.api.once import Answer, Key, once_of
from gateway.web.api.who import TheHouse, allowed, own_store, require_store
from gateway.web.guard import act

router = APIRouter(tags=["campaigns"])

Reader = Annotated[Visitor, allowed(Right.READ, of_store=True)]
Operator = Annotated[Visitor, allowed(Right.OPERATE, of_store=True)]

_OF_STORE: Final = "/stores/{store}/campaigns/{name}"

Name = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9._:-]{1,64}$", description="The campaign.", examples=["spring"]),
]
Share = Annotated[float, Query(gt=0, lt=1)]


class CampaignTold(Told):
    """A campaign: on file, launched, or both."""

    store: str = Field(examples=["acme"])
    campaign: str = Field(examples=["spring"])
    on_file: bool
    """Whether there is a file of it now."""
    state: CampaignState | None
    """Null where it was not launched."""
    reason: str | None
    persons: int | None
    launched_at: Instant | None
    starts_at: Instant | None
    ends_at: Instant | None
    finished_at: Instant | None
    template: str | None
    segment: str | None


class FaultTold(Told):
    """What is wrong with a file."""

    store: str
    reason: str


class Campaigns(Told):
    """The campaigns: first those under way, then the rest by name."""

    campaigns: list[CampaignTold]
    faults: list[FaultTold]


class SampleTold(Told):
    """What an arm needs, to be told from no message."""

    arm: str
    needed: int
    """Persons."""
    detectable_lift: float | None
    """The least lift that these can show; null: none."""


class LateTold(Told):
    """Why a campaign would not be launched as it is."""

    code: str
    reason: str


class ForecastTold(Told):
    """What a campaign would be, if it were launched now."""

    store: str
    campaign: str
    persons: int
    sampled_every: int
    """One of so many was looked at."""
    left_alone: int
    """To compare with."""
    arms: dict[str, int]
    left_out: dict[str, int]
    """Who gets nothing, by reason."""
    texts: dict[str, str]
    """An example of what each arm says."""
    late: int
    """Persons whom it would reach too late."""
    late_share: float
    sample: list[SampleTold]
    refused: LateTold | None
    """Why it would not be launched; null: it would."""
    forecast: dict[str, Any]
    """When and over which lines its messages would go, and what they would cost."""


class LaunchTold(Told):
    """A campaign that was launched."""

    name: str
    state: CampaignState
    persons: int
    canaries: int
    """Own numbers that get it first."""
    starts_at: Instant
    ends_at: Instant | None
    remarks: list[str]
    """What is other than was asked for, and why."""


class ProgressTold(Told):
    """How far a campaign has come."""

    store: str
    name: str
    state: CampaignState
    reason: str | None
    persons: int
    left: int
    """For whom nothing is decided yet."""
    waiting: int
    sent: int
    delivered: int
    failed: int
    cancelled: int
    held: int
    skipped: dict[str, int]
    """Who got nothing, by reason."""
    opted_out: int
    """Who was written to and said no to marketing since."""
    starts_at: Instant
    ends_at: Instant | None
    finished_at: Instant | None
    next_at: Instant | None
    at: Instant
    rate_per_second: float | None
    finish_at: Instant | None


class ReportTold(Told):
    """What a campaign brought; amounts are decimal texts, shares are of 1."""

    model_config = ConfigDict(extra="allow")

    store: str
    campaign: str
    since: Instant
    until: Instant
    made_at: Instant


class SteerTold(Told):
    """How a campaign stands now."""

    state: CampaignState


class Launch(Payload):
    """Launch a campaign as its file has it now."""

    even_if_late: bool = False
    """Though a sale would end before all had it."""


class Steer(Payload):
    """What is to be done with a campaign that was launched."""

    word: Literal["pause", "resume", "stop", "approve"]


@router.get("/campaigns", operation_id="listCampaigns")
async def list_campaigns(house: TheHouse, who: Reader, store: StoreQuery = None) -> Campaigns:
    """List the campaigns that are on file, and those that were launched."""
    return Campaigns.model_validate(await house.ask("campaign_list", store=own_store(who, store)))


@router.get(f"{_OF_STORE}/forecast", operation_id="forecastCampaign")
async def forecast_campaign(
    house: TheHouse,
    who: Reader,
    store: StorePath,
    name: Name,
    baseline: Share = 0.05,
    lift: Share = 0.1,
) -> ForecastTold:
    """Say what a campaign would be, if it were launched now: who gets what, by when, at what cost.

    Nothing is sent.
    """
    fields = {"store": require_store(who, store), "name": name}
    answer = await house.ask("campaign_forecast", **fields, baseline=baseline, lift=lift)
    return ForecastTold.model_validate(answer)


@router.post(
    f"{_OF_STORE}/launch",
    operation_id="launchCampaign",
    status_code=202,
    response_model=LaunchTold,
    openapi_extra=takes(Launch, {"even_if_late": False}),
)
async def launch_campaign(
    request: Request, house: TheHouse, who: Operator, store: StorePath, name: Name, key: Key = None
) -> Response:
    """Launch a campaign; it is refused where a sale would end before all had it.

    It takes as long as it takes to write down whom it is about: minutes for very many.
    """
    fields = {"store": require_store(who, store), "name": name}
    launch = await read_model(request, Launch)

    async def work() -> Answer:
        answer = await act(
            house,
            who,
            "campaign.launch",
            "campaign_launch",
            subject=f"{store}/{name}",
            even_if_late=launch.even_if_late,
            more=fields,
        )
        return Answer(202, LaunchTold.model_validate(answer))

    return await once_of(request).do(request, who, work)


@router.post(
    f"{_OF_STORE}/steer",
    operation_id="steerCampaign",
    response_model=SteerTold,
    openapi_extra=takes(Steer, {"word": "pause"}),
)
async def steer_campaign(
    request: Request, house: TheHouse, who: Operator, store: StorePath, name: Name, key: Key = None
) -> Response:
    """Pause, resume, stop a campaign, or let it go on after its canaries."""
    fields = {"store": require_store(who, store), "name": name}
    word = (await read_model(request, Steer)).word

    async def work() -> Answer:
        action, subject = f"campaign.{word}", f"{store}/{name}"
        answer = await act(
            house, who, action, "campaign_steer", subject=subject, word=word, more=fields
        )
        return Answer(200, SteerTold.model_validate(answer))

    return await once_of(request).do(request, who, work)


@router.get(f"{_OF_STORE}/progress", operation_id="getCampaignProgress")
async def get_progress(house: TheHouse, who: Reader, store: StorePath, name: Name) -> ProgressTold:
    """Tell how far a campaign has come, and when it would be done."""
    fields = {"store": require_store(who, store), "name": name}
    return ProgressTold.model_validate(await house.ask("campaign_progress", **fields))


@router.get(f"{_OF_STORE}/report", operation_id="getCampaignReport")
async def get_report(house: TheHouse, who: Reader, store: StorePath, name: Name) -> ReportTold:
    """Report what a campaign brought, against those who were left alone."""
    fields = {"store": require_store(who, store), "name": name}
    return ReportTold.model_validate(await house.ask("campaign_report", **fields))
