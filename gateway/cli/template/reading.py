"""The templates of a store, as an operator names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.domain.errors import RejectedError

if TYPE_CHECKING:
    from gateway.commerce.content import ShopContent
    from gateway.commerce.templates.lint import House
    from gateway.domain.errors import ContentError
    from gateway.settings import StoreSettings


def read_templates(store: StoreSettings) -> tuple[ShopContent, list[ContentError]]:
    """Read what a store's folder says, and what is wrong with its templates.

    Raises:
        RejectedError: the store has no folder.
    """
    from gateway.app.shops import content_of
    from gateway.commerce.templates import TEMPLATES

    if store.shop_dir is None:
        reason = f"store {store.name} has no shop_dir, where its templates would lie"
        raise RejectedError("unknown_template", reason)
    content = content_of(store)
    folder = store.shop_dir / TEMPLATES
    faults = [one for one in content.faults if one.file and one.file.parent == folder]
    return content, faults


def house_of(store: StoreSettings, content: ShopContent) -> House:
    """Return what has to be known of a store to judge its templates."""
    from gateway.commerce.templates.lint import House
    from gateway.consent.country import load_policies
    from gateway.consent.wording.demands import asks_of

    return House(
        brand=store.brand or store.name,
        zone=store.timezone,
        country=store.country,
        mention=store.opt_out_mention,
        asks=asks_of(load_policies().of(store.country)),
        purposes=content.purposes,
    )
