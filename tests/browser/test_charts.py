"""A picture tells who does not see it what it shows."""

from __future__ import annotations

import json
from collections.abc import Callable

from browser.conftest import Open
from playwright.sync_api import Route, expect
from support.browsing import Person

SENT = {"label": "Sent", "unit": "", "values": [4, None, 1.26, 3]}
DELIVERED = {"label": "Delivered", "unit": "", "values": [-2.5, 0, -1, None]}
FAILED = {"label": "Failed", "unit": "", "values": [None, None, None, None]}


def answer(route: Route) -> None:
    at = [1_700_000_000 + 60 * minute for minute in range(4)]
    body = json.dumps({"at": at, "series": [SENT, DELIVERED, FAILED]})
    route.fulfill(body=body, content_type="application/json")


def test_the_newest_the_least_and_the_most_are_said(
    console: Open, visit: Callable[..., Person]
) -> None:
    there = console()
    ada = visit(there)
    there.sign_up(ada)
    ada.context.route("**/charts/throughput*", answer)
    picture = ada.open("/").locator("[data-chart^='/charts/throughput']")
    expect(picture).to_have_attribute(
        "aria-label",
        "Parts sent, delivered and failed over the last 6 h. "
        "Sent: last 3, least 1.3, most 4; Delivered: last -1, least -2.5, most 0; Failed: none",
    )
    assert ada.complaints == []
