"""Which lines may send what a lane holds: a sentence a row."""

from __future__ import annotations

from typing import Any

import pytest
from support.lines import lane, line

from gateway.dispatch.routing.eligible import eligible
from gateway.dispatch.serving import Serves
from gateway.domain.ids import StoreName
from gateway.domain.phone import Prefixes
from gateway.domain.purpose import Purpose
from gateway.domain.terms import Bar

ALL, SOME, NONE = Serves.ALL, Serves.SOME, Serves.NONE
NO_MARKETING = Bar(marketing=True)
NO_MARKETING_TO_FRANCE = Bar(marketing=True, to=Prefixes(start="+33"))
MARKETING_TO_FRANCE_ALONE = Bar(marketing=True, to=Prefixes(start="+33", others=True))


@pytest.mark.parametrize(
    ("sentence", "of_line", "of_lane", "much"),
    [
        ("a line of which nothing is said serves everybody", {}, {}, ALL),
        ("a route serves its country", {"routes": ("+44",)}, {}, ALL),
        ("and no other", {"routes": ("+33",)}, {}, NONE),
        ("a long route serves some of a country", {"routes": ("+447700",)}, {}, SOME),
        (
            "and all of a lane that was cut by it",
            {"routes": ("+447700",)},
            {"destination": "+447700"},
            ALL,
        ),
        ("one of several routes is enough", {"routes": ("+1", "+44")}, {}, ALL),
        ("a line may be for an operator", {"networks": {"EE"}}, {"network": "EE"}, ALL),
        ("and then is for no other", {"networks": {"EE"}}, {"network": "O2"}, NONE),
        ("nor for persons of unknown operators", {"networks": {"EE"}}, {}, NONE),
        ("a line for everybody takes what is of an operator", {}, {"network": "EE"}, ALL),
        ("a store that asks for a tag", {}, {"store": "picky"}, NONE),
        ("has the lines with the tag", {"tags": {"promo"}}, {"store": "picky"}, ALL),
        ("or with another that it asks for", {"tags": {"vip", "x"}}, {"store": "picky"}, ALL),
        ("not those with others", {"tags": {"x"}}, {"store": "picky"}, NONE),
        ("a tagged line serves who asks for none", {"tags": {"promo"}}, {}, ALL),
        ("a bar of marketing bars no order", {"bars": (NO_MARKETING,)}, {}, ALL),
        (
            "but marketing",
            {"bars": (NO_MARKETING,)},
            {"urgency": Purpose.MARKETING.urgency},
            NONE,
        ),
        (
            "a bar for a country bars that one",
            {"bars": (NO_MARKETING_TO_FRANCE,)},
            {"urgency": Purpose.MARKETING.urgency, "destination": "+33"},
            NONE,
        ),
        (
            "and no other country",
            {"bars": (NO_MARKETING_TO_FRANCE,)},
            {"urgency": Purpose.MARKETING.urgency},
            ALL,
        ),
        (
            "a bar for all other countries bars them",
            {"bars": (MARKETING_TO_FRANCE_ALONE,)},
            {"urgency": Purpose.MARKETING.urgency},
            NONE,
        ),
        (
            "the worst of all that is said holds",
            {"bars": (NO_MARKETING,), "routes": ("+447700",), "tags": {"promo"}},
            {"urgency": Purpose.MARKETING.urgency},
            NONE,
        ),
    ],
)
def test_what_a_line_may_send(
    sentence: str, of_line: dict[str, Any], of_lane: dict[str, Any], much: Serves
) -> None:
    tags = {StoreName("picky"): {"promo", "vip"}}
    assert eligible(line("m0", **of_line), lane(**of_lane), tags) is much, sentence
