"""Who is in a segment, as a marketer reads it: the whole sentence for every construct."""

from __future__ import annotations

import pytest

from gateway.commerce.segments import Segment
from gateway.commerce.segments.catalogue import COLUMNS, COUNTS, FLAGS, FUNCTIONS
from gateway.commerce.segments.terms import Kind

VIP = {"vip": Segment.parse("spend > 500", name="vip")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spend > 500 and orders >= 3", "spent more than £500 and ordered at least 3 times"),
        ("spend between 1 and 1234.5", "spent at least £1 and spent at most £1,234.5"),
        ("not (spend > 5 or has_cart)", "spent at most £5 and have no open cart"),
        ("spend > 5 and (has_cart or is_vip)", "spent more than £5 and (have an open cart or are"
         " in 'vip' (who spent more than £500))"),
        ("not is_vip", "are not in 'vip' (who spent more than £500)"),
        ("last_order_at < now() - interval '30 days'", "last ordered more than 30 days ago"),
        ("last_order_at >= now() - interval '1 day'", "last ordered at most 1 day ago"),
        ("joined_at > now() - interval '90 minutes'", "joined less than 90 minutes ago"),
        ("joined_at < now() + interval '2 hours'", "joined before 2 hours from now"),
        ("joined_at <= now()", "joined at or before now"),
        ("first_order_at >= '2026-01-01'", "first ordered at or after 1 January 2026"),
        ("first_order_at < '2026-01-01T09:30:00Z'",
         "first ordered before 1 January 2026, 09:30:00 UTC"),
        ("last_order_at is null", "never ordered"),
        ("first_name is not null", "have a first name that is known"),
        ("country in ('GB', 'IE', 'DE')", "live in 'GB', 'IE' or 'DE'"),
        ("country <> 'GB'", "do not live in 'GB'"),
        ("language like 'en%'", "have a language that looks like 'en%'"),
        ("language not like 'en%'", "have a language that does not look like 'en%'"),
        ("orders in (1, 2)", "ordered exactly 1 or 2 times"),
        ("bought('Tea', 30)", "bought something of 'Tea' in the last 30 days"),
        ("not viewed_product('p1')", "did not look at product 'p1'"),
        ("birthday_in(7)", "have their birthday within 7 days"),
        ("consented('marketing.offers')", "allow 'marketing.offers'"),
        ("clicks(1) > 0", "clicked more than 0 times in the last 1 day"),
        ("spend - refunded > 5", "have spend less refunds of more than £5"),
        ("coalesce(churn_risk, 0) >= 0.5",
         "have a churn risk (where unknown, 0) of at least 0.5"),
        ("has_cart or true", "have an open cart or are anybody"),
    ],
)  # fmt: skip
def test_is_said(text: str, words: str) -> None:
    assert Segment.parse(text, known=VIP).explain("GBP") == f"people who {words}"


def test_everybody_and_nobody_have_their_words() -> None:
    assert Segment.parse("true").explain() == "everybody"
    assert Segment.parse("false").explain() == "nobody"


def test_amounts_stand_alone_where_no_currency_is_known() -> None:
    assert Segment.parse("spend > 500").explain() == "people who spent more than 500"


_EXAMPLES = {
    Kind.MONEY: "{} > 1",
    Kind.COUNT: "{} > 1",
    Kind.SHARE: "{} > 1",
    Kind.TEXT: "{} = 'x'",
    Kind.INSTANT: "{} < now()",
}


def test_every_entry_of_the_catalogue_can_be_said_and_denied() -> None:
    texts = [_EXAMPLES[entry.kind].format(entry.name) for entry in COLUMNS.values()]
    texts += [f"{entry.name} is null" for entry in COLUMNS.values() if entry.unknown]
    texts += [f"{name}(30) > 1" for name in COUNTS]
    texts += [*FLAGS, "birthday_in(3)", "consented('tracking')"]
    texts += [f"{name}('x')" for name in FUNCTIONS if name not in ("birthday_in", "consented")]
    said = [Segment.parse(text).explain() for text in texts]
    said += [Segment.parse(f"not ({text})").explain() for text in texts]
    assert len(set(said)) > 0.9 * len(said)
    assert not [one for one in said if "{" in one]
