"""Whether all that a flow names is there: its templates, its pools, its segments. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from gateway.commerce.flows.flow import Flow
from gateway.commerce.segments import Segment
from gateway.domain.errors import ContentError


def faults_of(
    flow: Flow,
    *,
    templates: Collection[str],
    pools: Collection[str],
    segments: Mapping[str, Segment],
) -> list[ContentError]:
    """Return what a flow names that is not there, or cannot be.

    Args:
        flow: the flow.
        templates: names of the shop's templates.
        pools: names of its pools of coupons.
        segments: its segments, by name.
    """
    faults: list[ContentError] = []
    for place, template in _templates(flow):
        if template not in templates:
            faults.append(_missing(place, "template", template, templates))
    for place, pool in _pools(flow):
        if pool not in pools:
            faults.append(_missing(place, "pool of coupons", pool, pools))
    for place, where in _expressions(flow):
        try:
            Segment.parse(where, known=segments)
        except ContentError as error:
            within = place if error.place is None else f"{place}: {error.place}"
            faults.append(ContentError(error.reason, place=within))
    return faults


def templates_of(flow: Flow) -> list[str]:
    """Return the names of the templates that a flow's arms are worded by."""
    return list(dict.fromkeys(template for _, template in _templates(flow)))


def pools_of(flow: Flow) -> list[str]:
    """Return the names of the pools that a flow's codes are from."""
    return list(dict.fromkeys(pool for _, pool in _pools(flow)))


def _templates(flow: Flow) -> Iterator[tuple[str, str]]:
    for arm in flow.design.arms:
        if arm.template is None:
            yield "template", flow.message.template
        else:
            yield f"arm {arm.name}: template", arm.template


def _pools(flow: Flow) -> Iterator[tuple[str, str]]:
    if flow.message.coupon is not None:
        yield "coupon", flow.message.coupon
    for arm in flow.design.arms:
        if arm.coupon is not None:
            yield f"arm {arm.name}: coupon", arm.coupon


def _expressions(flow: Flow) -> Iterator[tuple[str, str]]:
    if flow.where is not None:
        yield "where", flow.where
    for arm in flow.design.arms:
        if arm.where is not None:
            yield f"arm {arm.name}: where", arm.where


def _missing(place: str, kind: str, name: str, known: Iterable[str]) -> ContentError:
    there = ", ".join(sorted(known)) or "none"
    return ContentError(
        f"names the {kind} {name!r}, which is not there; there are: {there}", place=place
    )
