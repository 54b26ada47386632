"""``shopbell campaign list`` and ``show``: what is on file, and what was launched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gateway.cli.campaign.options import Name, read_database, read_shop
from gateway.cli.consent.who import StoreName
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import (
    local_time,
    new_table,
    print_json,
    print_line,
    print_table,
    remark,
)

if TYPE_CHECKING:
    from gateway.commerce.campaigns import Spec
    from gateway.db.commerce.campaigns import CampaignRecord
    from gateway.settings import Settings


def list_campaigns(
    store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """List the campaigns of a store: those of its folder, and those that were launched."""
    from gateway.commerce.campaigns.document import campaign_document
    from gateway.settings import load

    settings = load(config)
    home, content = read_shop(settings, store)
    launched = {record.name: record for record in run_async(_launched(settings, str(home.name)))}
    specs = content.campaigns.specs
    for fault in content.campaigns.faults:
        remark(str(fault))
    names = sorted({*specs, *launched})
    if json:
        for name in names:
            print_json(campaign_document(name, specs.get(name), launched.get(name)))
        return
    table = new_table("Name", "State", "Persons", "Starts", "Ends", "Template")
    for name in names:
        table.add_row(*_row(name, specs.get(name), launched.get(name)))
    print_table(table)


def show(
    name: Name, store: StoreName = None, config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Show what a campaign is: as it was launched, else as its file has it."""
    from gateway.commerce.campaigns.document import campaign_document
    from gateway.commerce.campaigns.frozen import thaw
    from gateway.commerce.campaigns.preparing import find_spec
    from gateway.settings import load

    settings = load(config)
    home, content = read_shop(settings, store)
    found = {one.name: one for one in run_async(_launched(settings, str(home.name)))}.get(name)
    on_file = content.campaigns
    spec = thaw(found.spec) if found else find_spec(on_file, content.store, name)
    if json:
        print_json(campaign_document(name, spec, found) | {"spec": asdict(spec)})
        return
    for line in _lines(spec, found):
        print_line(line)


async def _launched(settings: Settings, store: str) -> list[CampaignRecord]:
    from gateway.db.commerce.campaigns import list_campaigns as listed
    from gateway.domain import ids

    return await read_database(settings, lambda c: listed(c, [ids.StoreName(store)]), [])


def _row(name: str, spec: Spec | None, record: CampaignRecord | None) -> Iterator[str]:
    from gateway.domain.job import NEVER

    yield name
    yield "not launched" if record is None else record.state
    yield "" if record is None else f"{record.persons:,}"
    start, end = _times(spec, record)
    yield "" if start is None else local_time(start)
    yield "" if end is None or end == NEVER else local_time(end)
    yield "" if spec is None else spec.message.template


def _times(
    spec: Spec | None, record: CampaignRecord | None
) -> tuple[datetime | None, datetime | None]:
    """Return when it starts and ends: as launched, else as its file has it."""
    if record is not None:
        return record.starts_at, record.ends_at
    return (None, None) if spec is None else (spec.start, spec.ends_at)


def _lines(spec: Spec, record: CampaignRecord | None) -> Iterator[str]:
    state = "not launched" if record is None else f"{record.state}, {record.persons:,} persons"
    yield f"{spec.name}: {state}"
    if record is not None and record.reason:
        yield f"  because: {record.reason}"
    yield f"  to {spec.segment or spec.where}"
    message = spec.message
    yield f"  {message.purpose}.{message.scope}, template {message.template}"
    if message.coupon:
        yield f"  coupon {message.coupon}"
    for arm in spec.design.arms:
        yield f"  arm {arm.name}: {', '.join(_arm(arm)) or 'the message'}"
    yield f"  left alone: {spec.design.holdout:.0%}"
    yield f"  timing {spec.timing}, links tracked: {message.tracking}"
    for word, instant in (
        ("starts", spec.start if record is None else record.starts_at),
        ("deadline", spec.deadline),
        ("sale ends", spec.sale_ends),
    ):
        if instant is not None:
            yield f"  {word} {local_time(instant)}"
    if spec.canary is not None:
        yield f"  canary: {spec.canary.approval}, for {spec.canary.patience}"


def _arm(arm: Any) -> Iterator[str]:
    if arm.weight != 1:
        yield f"weight {arm.weight:g}"
    for word in ("template", "coupon", "hour", "where"):
        value = getattr(arm, word)
        if value is not None:
            yield f"{word} {value}"
    if arm.delay:
        yield f"delay {arm.delay}"
