"""The gate, and what it knows: keys, countries, and how stores word their texts."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.consent.case import Rule
from gateway.consent.country import load_policies
from gateway.consent.gate import ConsentGate
from gateway.consent.identity import Identities
from gateway.consent.permission import ConsentRules, Permission
from gateway.consent.wording.rule import StoreWording, Wording
from gateway.db.key import key_path, make_or_load_keys
from gateway.domain.ids import StoreName
from gateway.settings import Settings


def make_gate(settings: Settings, wording: Wording) -> ConsentGate:
    """Return the gate, with every rule that may stand against a message."""
    rules: tuple[Rule, ...] = (Permission(lambda _: ConsentRules()), wording)
    return ConsentGate(Identities(keys_of(settings)), rules)


def keys_of(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys of the pseudonyms; where there are none yet, make one."""
    return make_or_load_keys(key_path(settings.database.path))


def make_wording(settings: Settings) -> Wording:
    """Return the rule on how texts are worded."""
    return Wording(policies=load_policies(), stores=store_voices(settings))


def store_voices(settings: Settings) -> Mapping[StoreName, StoreWording]:
    """Return how each store words its texts."""
    return {
        StoreName(store.name): StoreWording(
            brand=store.brand or store.name,
            country=store.country,
            mention=store.opt_out_mention,
            required=store.wording == "require",
        )
        for store in settings.store
    }
