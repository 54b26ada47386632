"""The flows of a store, as an operator names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.domain.errors import ContentError, RejectedError

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.commerce.content import ShopContent
    from gateway.commerce.flows import Flow
    from gateway.settings import StoreSettings


def folder_of(store: StoreSettings) -> Path:
    """Return the folder of a store.

    Raises:
        RejectedError: it has none.
    """
    if store.shop_dir is None:
        reason = f"store {store.name} has no shop_dir, where its flows would lie"
        raise RejectedError("no_shop_dir", reason)
    return store.shop_dir


def read_content(store: StoreSettings) -> ShopContent:
    """Return what a store's folder says.

    Raises:
        RejectedError: it has none.
    """
    from gateway.app.shops import content_of

    folder_of(store)
    return content_of(store)


def find_flow(content: ShopContent, name: str) -> Flow:
    """Return a flow of a shop.

    Raises:
        ContentError: there is none of that name, or it cannot be read.
    """
    from gateway.commerce.flows.parsing import require_flow

    file = file_of(content, name)
    for fault in content.faults:
        if file is not None and fault.file == file:
            raise fault
    return require_flow(content.flows.known.get(name), name, content.flows.known)


def file_of(content: ShopContent, name: str) -> Path | None:
    """Return where a flow lies."""
    from gateway.commerce.flows.loading import FOLDER, SUFFIX

    return None if content.folder is None else content.folder / FOLDER / f"{name}{SUFFIX}"


def missing_of_flows(content: ShopContent) -> list[ContentError]:
    """Return what the flows of a shop name that is not there, or cannot be."""
    from gateway.commerce.flows.checking import faults_of

    return [
        ContentError(fault.reason, file=file_of(content, name), place=fault.place)
        for name, flow in content.flows.known.items()
        for fault in faults_of(
            flow,
            templates=content.library.names,
            pools=content.pools,
            segments=content.segments,
        )
    ]
