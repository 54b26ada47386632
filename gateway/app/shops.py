"""What the shops' folders say, for all who word messages: read at the start and at SIGHUP."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from gateway.app.law import keys_of
from gateway.commerce.content import ShopContent, load_content
from gateway.commerce.deciding import Shop, Voice
from gateway.commerce.deciding.writing import TemplateWriter
from gateway.commerce.links import Shortener
from gateway.consent.identity import Identities
from gateway.domain.ids import StoreName
from gateway.settings import Settings, StoreSettings

log = structlog.get_logger(__name__)

Contents = Mapping[StoreName, ShopContent]


def read_contents(settings: Settings) -> Contents:
    """Read every shop's folder; what is wrong in it is logged, and left out."""
    contents = {StoreName(store.name): content_of(store) for store in settings.store}
    for name, content in contents.items():
        for fault in content.faults:
            log.error("content_not_taken", store=name, error=str(fault))
    return contents


def content_of(store: StoreSettings) -> ShopContent:
    """Read a shop's folder."""
    return load_content(
        StoreName(store.name),
        store.shop_dir,
        zone=store.timezone,
        language=store.language,
        country=store.country,
    )


def shops_of(settings: Settings, contents: Contents) -> Mapping[StoreName, Shop]:
    """Return how each store words what it has to say."""
    return {
        StoreName(store.name): Shop(
            voice=voice_of(store),
            zone=store.timezone,
            library=contents[store.name].library,
            country=store.country,
        )
        for store in settings.store
    }


def voice_of(store: StoreSettings) -> Voice:
    """Return who writes, as persons know them."""
    return Voice(
        brand=store.brand or store.name,
        currency=store.currency,
        help_contact=store.help_contact,
    )


def link_hosts(settings: Settings) -> Mapping[StoreName, frozenset[str]]:
    """Return where the links of each store may lead."""
    return {StoreName(store.name): frozenset(store.link_hosts) for store in settings.store}


def answers_of(settings: Settings) -> Mapping[StoreName, frozenset[str]]:
    """Return which questions of persons are answered for each store."""
    return {StoreName(store.name): store.answers for store in settings.store}


def make_shortener(settings: Settings) -> Shortener:
    """Return what makes short links; where none are reached, links stay as they are."""
    return Shortener(
        settings.links.url,
        link_hosts(settings),
        life=settings.links.expires,
        identities=Identities(keys_of(settings)),
    )


def make_writer(
    settings: Settings, contents: Contents | None = None, links: Shortener | None = None
) -> TemplateWriter:
    """Return what words the jobs that come as a template.

    Args:
        settings: what the gateway is made of.
        contents: of the shops' folders; None: they are read.
        links: makes short links; None: as the settings say.
    """
    read = read_contents(settings) if contents is None else contents
    shops = shops_of(settings, read)
    return TemplateWriter(shops, Identities(keys_of(settings)), links or make_shortener(settings))
