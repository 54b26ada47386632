"""What is shipped can be sent as it is: for everybody, short, in 7 bit, and within the rules."""

from __future__ import annotations

import pytest
from support.wordings import BERLIN, shorten

from gateway.commerce.flows.loading import shipped_flows
from gateway.commerce.flows.parsing import parse_flow
from gateway.commerce.templates import SHIPPED, Template, load_templates
from gateway.commerce.templates.vocabulary import sample_values, without_optional
from gateway.consent.wording import Draft, judge, mention_for
from gateway.consent.wording.language import languages
from gateway.domain.purpose import Purpose
from gateway.sms import Alphabet, count_parts

LIBRARY, FAULTS = load_templates(SHIPPED, country="GB")

MARKETING = {
    "abandoned-cart",
    "back-in-stock",
    "birthday",
    "cross-sell",
    "new-arrivals",
    "price-drop",
    "refer-a-friend",
    "refer-a-friend-credit",
    "review-request",
    "win-back",
}
SERVICE = {
    "answer-order-status",
    "order-delivered",
    "order-placed",
    "order-shipped",
    "out-for-delivery",
}
LONG_NAME = "Hand-thrown blue stoneware mug with a lid and a spoon, 300 ml"


def test_every_flow_has_its_template_in_four_languages() -> None:
    assert not FAULTS
    assert set(LIBRARY.names) == MARKETING | SERVICE
    assert all(LIBRARY.languages(name) == ["de", "en", "es", "fr"] for name in LIBRARY.names)
    marketing = {one.name for one in LIBRARY if one.purpose is Purpose.MARKETING}
    assert marketing == MARKETING


def _usual() -> list[dict[str, object]]:
    """Persons of whom everything is known, of whom little is, and whose things have long names."""
    long = sample_values()
    for items in (long["products"], long["cart"]["items"], long["order"]["items"]):
        items[0]["name"] = LONG_NAME
        items.append(items[0])
    long["product"]["name"] = LONG_NAME
    long["first_name"] = "Maximiliane"
    return [sample_values(), without_optional(), long]


@pytest.mark.parametrize("template", list(LIBRARY), ids=lambda one: f"{one.name}.{one.language}")
@pytest.mark.parametrize("values", _usual(), ids=["all", "least", "long"])
@pytest.mark.rule("E-2", "T-1")
def test_it_goes_out_in_two_parts_and_needs_nothing_added(
    template: Template, values: dict[str, object]
) -> None:
    text = LIBRARY.write(template, None, values, zone=BERLIN, shorten=shorten).text
    count = count_parts(text)
    assert count.alphabet is Alphabet.GSM7, count.forcing
    assert count.parts <= 2
    assert template.purpose is not None
    spoken = languages()[template.language]
    draft = Draft(text=text, purpose=template.purpose, brand="Acme Home", language=spoken)
    judgement = judge(draft, mention_for(draft, "GB"))
    assert not judgement.faulty, judgement.findings
    assert judgement.size.text == text


@pytest.mark.parametrize(
    ("status", "shipment", "said"),
    [
        ("placed", None, "is being prepared"),
        ("cancelled", None, "was cancelled"),
        ("refunded", None, "was refunded"),
        ("placed", "in_transit", "is on its way"),
        ("placed", "out_for_delivery", "is out for delivery"),
        ("placed", "delivered", "was delivered"),
        ("placed", "failure", "could not be delivered"),
    ],
)
def test_the_answer_says_how_far_the_order_is(status: str, shipment: str | None, said: str) -> None:
    values = sample_values()
    values["order"]["status"] = status
    values["shipment"] = None if shipment is None else values["shipment"] | {"status": shipment}
    text = LIBRARY.render("answer-order-status", "en", values, zone=BERLIN, shorten=shorten).text
    assert said in text
    assert text.count("order") == 1


def test_every_shipped_flow_has_a_template_that_is_for_the_same() -> None:
    for name_of_flow, source in shipped_flows().items():
        flow = parse_flow(name_of_flow, source)
        for arm in flow.design.arms:
            name = arm.template or flow.message.template
            for language in LIBRARY.languages(name) or ["none"]:
                assert LIBRARY.find(name, language).purpose is flow.message.purpose, name
