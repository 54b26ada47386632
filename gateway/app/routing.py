"""What chooses between lines, as the settings have it."""

from __future__ import annotations

from datetime import timedelta

from gateway.app.parts import line_tags
from gateway.dispatch import Context, Fleet
from gateway.dispatch.holding import Holding, NoLines, Presence
from gateway.dispatch.routing import CostRouter
from gateway.dispatch.tending import Tending
from gateway.dispatch.unserved import Unserved
from gateway.settings import Settings


def make_router(settings: Settings) -> CostRouter:
    """Return what chooses between lines."""
    return CostRouter(line_tags(settings))


def make_holding(
    settings: Settings,
    context: Context,
    router: CostRouter,
    lines: Presence | None = None,
) -> Holding:
    """Return what holds jobs for the lines that persons know; without lines none is in service."""
    return Holding(
        context.known,
        NoLines() if lines is None else lines,
        router,
        node=context.node,
        wait=timedelta(seconds=settings.gateway.line_wait),
    )


def make_tending(context: Context, holding: Holding, fleet: Fleet, router: CostRouter) -> Tending:
    """Return what looks after that which waits in vain."""
    return Tending(context, holding, Unserved(fleet=fleet, router=router))
