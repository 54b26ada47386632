"""The gate, and what the operator states of it: keys, SIMs, caps, carriers, and texts."""

from __future__ import annotations

from gateway.consent.identity import Identities
from gateway.consent.law import StoreRules
from gateway.consent.lines import Operator, SimSettings
from gateway.consent.rulebook import Rulebook, Stated
from gateway.consent.sims import Tariff
from gateway.consent.wording.rule import StoreWording
from gateway.db.key import make_or_load_keys
from gateway.domain.ids import ModemName, StoreName
from gateway.domain.route import CarrierRoute
from gateway.settings import ModemSettings, Settings, StoreSettings


def make_rules(settings: Settings) -> Rulebook:
    """Return the gate, with every rule that may stand against a message."""
    return Rulebook(Identities(keys_of(settings)), stated(settings))


def keys_of(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys of the pseudonyms; where there are none yet, make one."""
    return make_or_load_keys(settings.database.key_path)


def stated(settings: Settings) -> Stated:
    """Return what the operator states."""
    return Stated(
        stores={
            StoreName(store.name): StoreRules(zone=store.timezone, caps=store.caps)
            for store in settings.store
        },
        wording={StoreName(store.name): _voice(store) for store in settings.store},
        operator=_operator(settings),
        carriers=[
            CarrierRoute(line=one.line, prefixes=one.routes, purposes=one.purposes)
            for one in settings.carrier
        ],
    )


def _voice(store: StoreSettings) -> StoreWording:
    """Return how a store words its texts."""
    return StoreWording(
        brand=store.brand or store.name,
        country=store.country,
        mention=store.opt_out_mention,
        help_contact=store.help_contact,
        required=store.wording == "require",
    )


def _operator(settings: Settings) -> Operator:
    found = [modem for modem in settings.modem if modem.auto]
    return Operator(
        modems={
            ModemName(modem.name): _sim(modem, settings)
            for modem in settings.modem
            if not modem.auto
        },
        found=_sim(found[0], settings) if found else None,
        for_others=settings.gateway.for_others,
        node=settings.gateway.node if settings.database.shared else None,
    )


def _sim(modem: ModemSettings, settings: Settings) -> SimSettings:
    return SimSettings(
        country=modem.country or settings.gateway.country,
        tariff=Tariff(modem.tariff_permits_bulk),
        receives=modem.receives,
        recipients_per_day=modem.unique_recipient_limit,
        routes=modem.routes,
    )
