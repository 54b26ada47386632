"""What is made of the carriers in the settings: clients and plans."""

from __future__ import annotations

from gateway.carrier import Carrier
from gateway.carrier import CarrierSettings as ProviderSettings
from gateway.dispatch import LinePlan
from gateway.domain.clock import Clock
from gateway.domain.tariff import Tariff
from gateway.settings import CarrierSettings, Settings


def carriers_of(settings: Settings, clock: Clock) -> list[Carrier]:
    """Return the clients of the carriers, in the order of the file."""
    if not settings.carrier:
        return []
    from gateway.carrier.client import HttpCarrier

    return [HttpCarrier(_provider(carrier), clock) for carrier in settings.carrier]


def carrier_plans(settings: Settings) -> dict[str, LinePlan]:
    """Return the carriers' plans, by line: what each serves was decided when it got a job."""
    return {
        carrier.line: LinePlan(
            per_second=carrier.rate.per_second,
            minute_limit=carrier.minute_limit,
            hourly_limit=carrier.hourly_limit,
            daily_limit=carrier.daily_limit,
            monthly_limit=carrier.monthly_limit,
            otp_reserve=carrier.otp_reserve,
            tariff=Tariff(part=carrier.cost, to=carrier.costs),
            pinned=True,
        )
        for carrier in settings.carrier
    }


def _provider(carrier: CarrierSettings) -> ProviderSettings:
    assert carrier.secret is not None  # noqa: S101 -- the configuration refuses one without
    return ProviderSettings(
        name=carrier.name,
        url=carrier.url,
        account=carrier.account,
        token=carrier.secret,
        sender=carrier.sender,
        ca_file=carrier.ca_file,
    )
