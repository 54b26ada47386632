"""A campaign's file: what it may say, and what is said of what it may not; frozen and thawed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.commerce.campaigns import Canary, Spec, Timing, load_campaigns
from gateway.commerce.campaigns.frozen import freeze, thaw
from gateway.commerce.campaigns.parsing import parse_campaign
from gateway.commerce.campaigns.spec import Approval, name_of
from gateway.commerce.experiments import Design
from gateway.domain.errors import ContentError
from gateway.domain.job import NEVER

LONDON = ZoneInfo("Europe/London")
LEAST = 'segment = "vip"\ntemplate = "sale"\n'
FULL = """
where = "orders > 3"
template = "sale"
category = "shoes"
coupon = "ten"
tracking = "individual"
holdout = 0.2
timing = "now"
start = 2026-11-27T09:00:00
deadline = 2026-11-29T09:00:00
sale_ends = 2026-11-28T00:00:00

[canary]
numbers = ["+447700900001", "+447700900001", "07700 900002"]
approval = "operator"
patience = "30m"

[[arm]]
name = "plain"

[[arm]]
name = "late"
weight = 2
template = "other"
delay = "90m"
hour = 18
where = "spend > 100"
coupon = "twenty"
"""


def parse(text: str, name: str = "summer") -> Spec:
    return parse_campaign(name, text, LONDON)


def test_the_least_is_marketing_to_a_segment_at_once() -> None:
    spec = parse(LEAST)
    assert (spec.segment, spec.where, spec.timing) == ("vip", None, Timing.NOW)
    assert spec.design == Design(holdout=0.1)
    assert spec.ends_at == NEVER
    assert spec.campaign == "campaign.summer"
    assert spec.canary_campaign == "campaign.summer.canary"


def test_all_that_can_be_said_is_read() -> None:
    spec = parse(FULL)
    assert spec.where == "orders > 3"
    assert spec.start == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert spec.ends_at == spec.sale_ends == datetime(2026, 11, 28, tzinfo=UTC)
    assert spec.canary == Canary(
        numbers=("+447700900001", "07700 900002"),
        approval=Approval.OPERATOR,
        patience=timedelta(minutes=30),
    )
    assert [arm.name for arm in spec.design.arms] == ["plain", "late"]


def test_what_is_launched_is_the_same_thawed_without_its_numbers() -> None:
    spec = parse(FULL)
    text = freeze(spec, "orders > 3")
    assert "7700" not in text
    assert spec.canary is not None
    assert thaw(text) == replace(spec, canary=replace(spec.canary, numbers=()))
    assert thaw(freeze(parse(LEAST), "x")) == replace(parse(LEAST), where="x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('template = "sale"', "segment: is missing; write either"),
        (LEAST + 'where = "orders > 3"', "segment: is said beside where"),
        ('segment = "vip"', "template: is missing"),
        (LEAST + 'timing = "soon"', 'timing: is \'soon\'; right: "now", "best_hour", "planned"'),
        (
            LEAST + 'timing = "planned"\n[[arm]]\nname = "a"\nhour = 9',
            'timing: is "planned", and the arm a has a time of its own',
        ),
        (LEAST + "[canary]", "canary: numbers: has 0 numbers"),
        (LEAST + '[canary]\nnumbers = ["+1"]\npatience = "1s"', "canary: patience: is too short"),
        (LEAST + '[canary]\nnumbers = ["+1"]\nwait = "1h"', "canary: wait: is no key"),
        (LEAST + "sale_end = 1", 'sale_end: is no key; do you mean "sale_ends"'),
        (
            LEAST + "start = 2026-11-27T09:00:00\nsale_ends = 2026-11-27T09:00:00",
            "sale_ends: is 2026-11-27 09:00 UTC, not after start",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse(text)
    assert str(caught.value).startswith(said)


def test_a_job_tells_its_campaign_as_canary_or_not() -> None:
    spec = parse(LEAST)
    assert name_of(spec.campaign) == name_of(spec.canary_campaign) == "summer"
    assert name_of("flow.summer") is None


def test_a_file_that_is_wrong_costs_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "campaigns"
    folder.mkdir()
    (folder / "good.toml").write_text(LEAST)
    (folder / "bad.toml").write_text("x = 1")
    (folder / "Not A Name.toml").write_text(LEAST)
    found = load_campaigns(tmp_path, LONDON)
    assert list(found.specs) == ["good"]
    files = [fault.file for fault in found.faults]
    assert files == [folder / "Not A Name.toml", folder / "bad.toml"]
