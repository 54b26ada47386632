"""Conditions by chance: each as a text of a segment, and as what it means in plain Python.

Three-valued: None is unknown, as it is in SQL.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from support.people import CATEGORIES, NAMES, NOW, PRODUCTS, TAGS
from support.profiles import Profile, Truth

from gateway.domain.consent import SERVICE

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
AMOUNTS = ("spend", "average_order", "refunded", "cart_value")
COUNTS = ("orders", "days_since_order", "send_hour")
SHARES = ("churn_risk", "value", "uplift")
INSTANTS = ("first_order_at", "last_order_at", "cart_active_at", "joined_at")
TEXTS = ("country", "language", "first_name", "birthday", "postal_code", "timezone")
PATTERNS = ("en%", "A%", "a_b*", "%\\%", "A\\%b", "%n%", "[a]%", "?nn", "A\\_", "", "%", "_")
FLAGS = ("has_cart", "coupon_open")


@dataclass(frozen=True)
class Case:
    text: str
    truth: Truth


def compared(sign: str, left: Any, right: Any) -> bool | None:
    return None if left is None or right is None else SIGNS[sign](left, right)


def _of(name: str) -> Callable[[Profile], Any]:
    return lambda profile: profile.columns[name]


@st.composite
def _numbers(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from((*AMOUNTS, *COUNTS, *SHARES)))
    number = draw(st.sampled_from(("0", "1", "2", "0.25", "30", "123.45", "500", "-1", "20")))
    sign = draw(st.sampled_from(list(SIGNS)))
    of = _of(name)
    text = f"{name} {sign} {number}" if draw(st.booleans()) else f"{number} {_turned(sign)} {name}"
    return Case(text, lambda p: compared(sign, of(p), _like(of(p), number)))


def _like(value: Any, number: str) -> Any:
    return float(number) if isinstance(value, float) else Decimal(number)


def _turned(sign: str) -> str:
    return sign.translate(str.maketrans("<>", "><")) if sign != "<>" else sign


@st.composite
def _sums(draw: st.DrawFn) -> Case:
    left, right = draw(st.sampled_from(AMOUNTS)), draw(st.sampled_from(AMOUNTS))
    sign, minus = draw(st.sampled_from(list(SIGNS))), draw(st.booleans())

    def truth(p: Profile) -> bool | None:
        one, other = p.columns[left], p.columns[right]
        if one is None or other is None:
            return None
        return SIGNS[sign](one - other if minus else one + other, 100)

    return Case(f"{left} {'-' if minus else '+'} {right} {sign} 100", truth)


@st.composite
def _defaults(draw: st.DrawFn) -> Case:
    name, number = draw(st.sampled_from(SHARES)), draw(st.sampled_from((0.0, 0.5)))
    of = _of(name)
    return Case(
        f"coalesce({name}, {number}) > 0.25",
        lambda p: (number if of(p) is None else of(p)) > 0.25,
    )


@st.composite
def _between(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from((*AMOUNTS, *COUNTS)))
    low, high = draw(st.sampled_from(((0, 30), (1, 2), (500, 100))))
    no, of = draw(st.booleans()), _of(name)

    def truth(p: Profile) -> bool | None:
        return None if of(p) is None else (low <= of(p) <= high) is not no

    return Case(f"{name} {'not ' if no else ''}between {low} and {high}", truth)


@st.composite
def _instants(draw: st.DrawFn) -> Case:
    name, sign = draw(st.sampled_from(INSTANTS)), draw(st.sampled_from(list(SIGNS)))
    days = draw(st.sampled_from((0, 1, 7, 30, 90)))
    of = _of(name)
    written, at = draw(
        st.sampled_from(
            (
                (f"now() - interval '{days} days'", NOW - timedelta(days=days)),
                (f"now() + interval {days} hour", NOW + timedelta(hours=days)),
                ("'2026-10-27'", datetime(2026, 10, 27, tzinfo=NOW.tzinfo)),
                ("'2026-11-26T13:00:00+01:00'", NOW),
            )
        )
    )
    return Case(f"{name} {sign} {written}", lambda p: compared(sign, of(p), at))


@st.composite
def _texts(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(TEXTS))
    words = draw(st.lists(st.sampled_from(("GB", "de", "11-26", *NAMES)), min_size=1, max_size=3))
    no, of = draw(st.booleans()), _of(name)
    if len(words) == 1:
        sign = "<>" if no else "="
        return Case(f"{name} {sign} '{words[0]}'", lambda p: compared(sign, of(p), words[0]))
    listed = ", ".join(f"'{word}'" for word in words)

    def truth(p: Profile) -> bool | None:
        return None if of(p) is None else (of(p) in words) is not no

    return Case(f"{name} {'not ' if no else ''}in ({listed})", truth)


def looks_like(text: str, pattern: str) -> bool:
    """Tell whether a text looks like a pattern of SQL's LIKE without an escape."""
    wild = {"%": ".*", "_": "."}
    regex = "".join(wild.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


@st.composite
def _patterns(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(("first_name", "language")))
    pattern = draw(st.sampled_from(PATTERNS))
    no, of = draw(st.booleans()), _of(name)

    def truth(p: Profile) -> bool | None:
        return None if of(p) is None else looks_like(of(p), pattern) is not no

    return Case(f"{name} {'not ' if no else ''}like '{pattern}'", truth)


@st.composite
def _known(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from((*AMOUNTS, *COUNTS, *SHARES, *INSTANTS, *TEXTS)))
    no, of = draw(st.booleans()), _of(name)
    return Case(f"{name} is {'not ' if no else ''}null", lambda p: (of(p) is None) is not no)


@st.composite
def _flags(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(FLAGS))
    form, true = draw(st.sampled_from((("{}", True), ("{} = false", False), ("{} is true", True))))
    return Case(form.format(name), lambda p: p.columns[name] is true)


def _within(seen: list[tuple[str | None, str, datetime]], place: int, word: str, days: Any) -> bool:
    return any(
        one[place] == word and (days is None or one[2] > NOW - timedelta(days=days)) for one in seen
    )


@st.composite
def _seen(draw: st.DrawFn) -> Case:
    verb = draw(st.sampled_from(("bought", "viewed")))
    days = draw(st.sampled_from((None, 1, 30)))
    place, words, name = draw(
        st.sampled_from(((0, CATEGORIES, verb), (1, PRODUCTS, f"{verb}_product")))
    )
    word = draw(st.sampled_from(words))
    more = "" if days is None else f", {days}"
    return Case(f"{name}('{word}'{more})", lambda p: _within(getattr(p, verb), place, word, days))


@st.composite
def _words(draw: st.DrawFn) -> Case:
    name, kind, words = draw(
        st.sampled_from((("tagged", "tag", TAGS), ("prefers", "preference", CATEGORIES)))
    )
    word = draw(st.sampled_from(words))
    return Case(f"{name}('{word}')", lambda p: (kind, word) in p.words)


@st.composite
def _consents(draw: st.DrawFn) -> Case:
    purpose = draw(st.sampled_from(("marketing.offers", "tracking", "marketing", SERVICE)))

    def truth(p: Profile) -> bool:
        if p.standing.deactivated:
            return False
        if purpose == SERVICE:
            return not p.standing.ended_service
        return p.standing.grant(purpose, NOW) is not None

    return Case(f"consented('{purpose}')", truth)


@st.composite
def _happened(draw: st.DrawFn) -> Case:
    name, days = draw(st.sampled_from(("clicks", "messages"))), draw(st.sampled_from((1, 30, 365)))
    sign, number = draw(st.sampled_from(list(SIGNS))), draw(st.sampled_from((0, 1, 2)))

    def truth(p: Profile) -> bool:
        recent = [at for at in getattr(p, name) if at > NOW - timedelta(days=days)]
        return SIGNS[sign](len(recent), number)

    return Case(f"{name}({days}) {sign} {number}", truth)


@st.composite
def _birthdays(draw: st.DrawFn) -> Case:
    days = draw(st.sampled_from((1, 7, 93, 94)))
    after = {0: "11-26", 1: "11-27", 7: "12-03", 94: "02-29"}  # a year without 29 February
    dates = {date for ahead, date in after.items() if ahead <= days}
    return Case(f"birthday_in({days})", lambda p: p.columns["birthday"] in dates)


def _opposite(case: Case) -> Case:
    def truth(p: Profile) -> bool | None:
        found = case.truth(p)
        return None if found is None else not found

    return Case(f"not ({case.text})", truth)


def _all(cases: list[Case]) -> Case:
    def truth(p: Profile) -> bool | None:
        found = [case.truth(p) for case in cases]
        return False if False in found else None if None in found else True

    return Case(" and ".join(f"({case.text})" for case in cases), truth)


def _any(cases: list[Case]) -> Case:
    def truth(p: Profile) -> bool | None:
        found = [case.truth(p) for case in cases]
        return True if True in found else None if None in found else False

    return Case(" or ".join(f"({case.text})" for case in cases), truth)


SIMPLE = st.one_of(
    *(_numbers(), _sums(), _defaults(), _between(), _instants(), _texts(), _patterns(), _known()),
    *(_flags(), _seen(), _words(), _consents(), _happened(), _birthdays()),
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map(_opposite),
        st.lists(inner, min_size=2, max_size=3).map(_all),
        st.lists(inner, min_size=2, max_size=3).map(_any),
    ),
    max_leaves=6,
)
