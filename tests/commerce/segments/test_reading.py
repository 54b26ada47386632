"""What a segment may say is taken, and everything else is refused with its place and a remedy."""

from __future__ import annotations

import pytest

from gateway.commerce.segments import Segment
from gateway.commerce.segments.reading import MOST_CONDITIONS, MOST_LETTERS
from gateway.domain.errors import ContentError

VIP = {"vip": Segment.parse("spend > 500", name="vip"), "big-tea": Segment.parse("orders > 1")}


def fault(text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        Segment.parse(text, known=VIP)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "spend > 500 and orders >= 3",
        "SPEND > 500 AND Orders >= 3",
        "last_order_at < now() - interval '30 days'",
        "last_order_at < current_timestamp - interval 30 day",
        "first_order_at >= '2026-01-01'",
        "country in ('GB', 'IE') or country is null",
        "has_cart and not coupon_open and has_cart = true",
        "bought('Kitchen') and viewed('Tea', 30) and bought_product('p1')",
        "is_vip and segment('big-tea') and not is_big_tea",
        "is_vip = false and consented('marketing.offers') is true",
        "true",
        "spend > -5 and (spend - refunded) > 0 /* net */ -- of what came back",
        "coalesce(churn_risk, 0) > 0.5",
        "clicks(30) > 0 and messages(7) <= 2",
        "first_name <> 'it''s' and language like 'en%'",
    ],
)
def test_is_taken(text: str) -> None:
    Segment.parse(text, known=VIP)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("spent > 5", "line 1, column 1", "no column 'spent'; do you mean spend?"),
        ("orders > 1\n and\n  ordrs > 2", "line 3, column 3", "do you mean orders?"),
        ("orders > 1 and bougth('Tea')", "line 1, column 16", "do you mean bought?"),
        ("is_vop", "line 1, column 1", "do you mean is_vip?"),
        ("segment('vop')", "line 1, column 9", "do you mean vip?"),
        ("country > 3", "line 1, column 1", "is a text, which is never > another"),
        ("country = 3", "line 1, column 1", "a text with the number 3; right: a text in single"),
        ("spend > 'much'", "line 1, column 1", "an amount with the text 'much'; right: a number"),
        ("spend > orders", "line 1, column 1", "compares an amount with a whole number"),
        ("spend > churn_risk", "line 1, column 1", "compares an amount with a number"),
        ("last_order_at < 5", "line 1, column 1", "an instant with the number 5"),
        ("last_order_at < 'May'", "line 1, column 1", "'May' is no date; right: '2026-11-26'"),
        ("last_order_at in ('2026-01-01')", "line 1, column 1", "is no text and no number"),
        ('country = "GB"', "line 1, column 11", "texts stand in single quotes: 'GB'"),
        ("country = null", "line 1, column 1", "right: is null, or is not null"),
        ("spend", "line 1, column 1", "is an amount, and no condition; compare it"),
        ("has_cart > 3", "line 1, column 1", "true or false, and not to be compared"),
        ("tagged('vip') = 'x'", "line 1, column 1", "true or false, and not to be compared"),
        ("is_vip > 3", "line 1, column 1", "true or false, and not to be compared"),
        ("has_cart > true", "line 1, column 1", "is not more or less"),
        ("spend is true", "line 1, column 1", "is an amount, and no condition"),
        ("(churn_risk > 1) is false", "line 1, column 2", "goes behind a column that is true"),
        ("1 = 1", "line 1, column 1", "compares two fixed values; name a column"),
        ("now() is null", "line 1, column 1", "is always known"),
        ("spend > 1.23456", "line 1, column 1", "must have at most four decimals"),
        ("spend > 1e99", "line 1, column 9", "1e99 is no number"),
        ("spend > 9999999999999", "line 1, column 1", "more than twelve digits"),
        ("spend in ()", "line 1, column 1", "is one of nothing"),
        ("spend in (orders)", "line 1, column 1", "an amount with a whole number"),
        ("country in ('GB', country)", "line 1, column 1", "takes fixed values alone"),
        ("now() - interval '1 month' > joined_at", "line 1, column 1", "days or weeks"),
        ("joined_at + interval '1 day' > now()", "line 1, column 1", "goes beside now()"),
        ("country + 1 > 2", "line 1, column 1", "only numbers are added"),
        ("bought()", "line 1, column 1", "given 0 values; right: bought(category[, days])"),
        ("tagged('a', 3)", "line 1, column 1", "given 2 values; right: tagged(tag)"),
        ("bought(Kitchen)", "line 1, column 8", "a text in single quotes"),
        ("bought('Tea', 0)", "line 1, column 15", "a whole number of days, 1 to 3650"),
        ("clicks(9999) > 1", "line 1, column 8", "a whole number of days, 1 to 3650"),
        ("clicks() > 1", "line 1, column 1", "clicks(30)"),
        ("consented('marketing.ofers')", "line 1, column 11", "do you mean marketing.offers?"),
        ("consented('all')", "line 1, column 11", "there is no purpose 'all'"),
        ("language like country", "line 1, column 15", "a text in single quotes"),
        ("spend like '5%'", "line 1, column 1", "is no text"),
        ("coalesce(spend, 'x') > 1", "line 1, column 1", "an amount with the text 'x'"),
        ("coalesce(spend, 1, 2) > 1", "line 1, column 1", "right: coalesce(churn_risk, 0)"),
        ("spend >", "line 1, column 7", "right: SQL as behind WHERE"),
        ("spend > 'x", None, "a quote or a bracket that is not closed"),
        ("", None, "is empty"),
        ("spend > 5; orders > 1", None, "must be one condition, without ;"),
    ],
)
def test_is_refused_with_its_place_and_what_would_be_right(
    text: str, place: str | None, reason: str
) -> None:
    found = fault(text)
    assert reason in found.reason
    assert found.place == place


@pytest.mark.parametrize(
    "text",
    [
        "spend > (select max(total) from orders)",
        "exists (select 1 from persons)",
        "country in (select country from persons)",
        "select 1",
        "spend > 1 union select number from persons",
        "spend > 1 order by 1",
        "persons.number = 'x'",
        "number = '+447700900123'",
        "person = 'x'",
        "lower(country) = 'gb'",
        "load_extension('x')",
        "pg_sleep(5) = 1",
        "randomblob(1000000000) is not null",
        "count(*) > 1",
        "sum(spend) over () > 1",
        "case when spend > 1 then true end",
        "cast(spend as text) = '1'",
        "spend * 2 > 1",
        "spend / orders > 1",
        "country || 'x' = 'GBx'",
        "spend > ?",
        "spend > :p",
        "spend > @v",
        "spend > all(1)",
        "country collate nocase = 'gb'",
        "country like any ('a')",
        "country glob 'G*'",
        "country regexp 'G'",
        "language like 'a' escape 'b'",
        "country is distinct from 'GB'",
        "date('now') > joined_at",
        "attach database 'x' as y",
        "pragma query_only",
        "drop table persons",
        "spend[1] > 2",
        "spend > interval '1 day'",
    ],
)
def test_nothing_else_of_sql_gets_through(text: str) -> None:
    fault(text)


def test_limits() -> None:
    """A text that a machine wrote fails in one line, whatever it is made of."""
    assert "deep" in fault("(" * 1900 + "spend > 1" + ")" * 1900).reason
    assert "deep" in fault("not " * 900 + "has_cart").reason
    assert "deep" in fault("has_cart and (has_cart or (" * 17 + "true" + "))" * 17).reason
    assert f"at most {MOST_LETTERS:,}" in fault("spend > 1 or " * 400 + "true").reason
    many = " or ".join(["has_cart"] * MOST_CONDITIONS)
    assert f"more than {MOST_CONDITIONS}" in fault(many).reason
    Segment.parse(" or ".join(["has_cart"] * (MOST_CONDITIONS - 1)))


def test_used_segments_count_towards_the_limits() -> None:
    """Segments that use each other twice would grow as the powers of two."""
    known = {"s0": Segment.parse("has_cart or spend > 1")}
    for number in range(3):
        known[f"s{number + 1}"] = Segment.parse(_thrice(f"s{number}"), known=known)
    with pytest.raises(ContentError, match="more than 300 conditions"):
        Segment.parse(_thrice("s3"), known=known)


def _thrice(name: str) -> str:
    return f"is_{name} or segment('{name}') or is_{name}"
