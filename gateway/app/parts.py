"""What is made of the settings: each part of the gateway in the words of its own layer."""

from __future__ import annotations

from collections.abc import Mapping, Set

from gateway.app.carriers import carrier_plans
from gateway.consent.sims import calling_prefix
from gateway.dispatch import LinePlan
from gateway.dispatch.pacing import SharedLimit
from gateway.domain.ids import ModemName, StoreName
from gateway.domain.networks import network_key
from gateway.domain.tariff import Tariff
from gateway.modem import BalancePlan, UssdRequest
from gateway.modem import ModemSettings as StickSettings
from gateway.settings import ModemSettings, Settings


def store_names(settings: Settings) -> tuple[StoreName, ...]:
    """Return the names of all stores."""
    return tuple(StoreName(store.name) for store in settings.store)


def store_countries(settings: Settings) -> Mapping[StoreName, str]:
    """Return in which country each store's national numbers are."""
    return {StoreName(store.name): store.country for store in settings.store}


def stick_settings(modem: ModemSettings, settings: Settings) -> StickSettings:
    """Return what a modem's own layer needs to know of it."""
    return StickSettings(
        name=ModemName(modem.name),
        port=modem.port,
        pin=modem.secret,
        submit_timeout=settings.gateway.submit_timeout,
        balance=_balance(modem),
        sysfs=settings.gateway.sysfs,
        usb_reset=modem.usb_reset,
        hang_up=modem.hang_up,
        power_command=modem.power_command or (),
    )


def _balance(modem: ModemSettings) -> BalancePlan | None:
    if modem.balance_request is None or modem.balance_pattern is None:
        return None
    return BalancePlan(
        request=UssdRequest(text=modem.balance_request),
        pattern=modem.balance_pattern,
        unit=modem.balance_unit,
        minimum=modem.balance_minimum,
        every=modem.balance_every,
    )


def line_plans(settings: Settings) -> dict[str, LinePlan]:
    """Return how the line in each named modem, and each carrier, may be used."""
    modems: dict[str, LinePlan] = {modem.name: _plan(modem) for modem in settings.modem}
    return modems | carrier_plans(settings)


def line_routes(settings: Settings) -> tuple[str, ...]:
    """Return every prefix that some line is set to serve, or has a price for."""
    return tuple(sorted({prefix for one in settings.modem for prefix in (*one.routes, *one.costs)}))


def plan_of_found(settings: Settings) -> LinePlan:
    """Return the plan of the sticks that are found: that of the entry that stands for them."""
    return next((_plan(modem) for modem in settings.modem if modem.auto), LinePlan())


def _plan(modem: ModemSettings) -> LinePlan:
    return LinePlan(
        per_second=modem.rate.per_second,
        jitter=modem.jitter,
        minute_limit=modem.minute_limit,
        hourly_limit=modem.hourly_limit,
        daily_limit=modem.daily_limit,
        monthly_limit=modem.monthly_limit,
        otp_reserve=modem.otp_reserve,
        routes=modem.routes,
        networks=frozenset(map(network_key, modem.networks)),
        tags=modem.tags,
        tariff=Tariff(part=modem.cost, to=modem.costs),
    )


def shared_limits(settings: Settings) -> list[SharedLimit]:
    """Return how fast lines may send together."""
    return [
        SharedLimit(
            name=limit.name,
            per_second=limit.rate.per_second,
            operator=limit.operator,
            store=None if limit.store is None else StoreName(limit.store),
            prefix=None if limit.country is None else calling_prefix(limit.country),
        )
        for limit in settings.limit
    ]


def line_tags(settings: Settings) -> Mapping[StoreName, Set[str]]:
    """Return the stores whose jobs go out on lines with certain tags alone, with these."""
    return {StoreName(one.name): one.line_tags for one in settings.store if one.line_tags}
