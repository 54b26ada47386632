"""What the access list grants, read as Mosquitto reads it; the real one is in tests/stores."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from gateway.domain.ids import STORE_NAME, StoreName, is_like_a_number
from gateway.domain.outward import Outward
from gateway.domain.redaction import redact_text
from gateway.mqtt.acl import access_list
from gateway.mqtt.topics import GATEWAY_LEVEL, SUBSCRIPTIONS, Inward, presence_topic, store_topic

NAMES = st.from_regex(STORE_NAME.pattern.replace(r"\Z", ""), fullmatch=True)
STORES = NAMES.filter(lambda name: name != GATEWAY_LEVEL)
PRESENCE = presence_topic("box-1")


def may(user: str, right: str, topic: str) -> bool:
    """Tell what the list grants; a line counts for the user named last above it."""
    section = ""
    for line in filter(None, access_list("gateway").splitlines()):
        word, _, rest = line.partition(" ")
        if word == "user":
            section = rest
            continue
        granted, pattern = rest.split(" ")
        if word == "topic" and section != user:
            continue
        if right in granted and topic_matches_sub(pattern.replace("%u", user), topic):
            return True
    return False


def test_the_gateway_reads_what_it_subscribes_to_and_writes_what_it_says() -> None:
    for topic in SUBSCRIPTIONS:
        assert may("gateway", "read", topic.replace("+", "acme"))
    for kind in Outward:
        assert may("gateway", "write", store_topic(StoreName("acme"), kind))
    assert may("gateway", "write", PRESENCE)


@pytest.mark.rule("G-7")
def test_the_gateway_can_take_away_whatever_is_retained_of_a_person() -> None:
    for kind, right in product((*Inward, *Outward), ("read", "write")):
        assert may("gateway", right, f"shopbell/v1/acme/{kind}")


@pytest.mark.rule("G-15")
@given(STORES, STORES)
def test_a_store_has_its_own_topics_and_no_others(store: str, other: str) -> None:
    for kind in (*Inward, *Outward):
        right, wrong = ("write", "read") if kind in set(Inward) else ("read", "write")
        assert may(store, right, f"shopbell/v1/{store}/{kind}")
        assert not may(store, wrong, f"shopbell/v1/{store}/{kind}")
        assert not may(store, "write", f"shopbell/v1/gateway/{kind}")
        if other != store:
            assert not may(store, right, f"shopbell/v1/{other}/{kind}")
            assert not may(store, wrong, f"shopbell/v1/{other}/{kind}")
    assert may(store, "read", PRESENCE)
    assert not may(store, "write", PRESENCE)


@pytest.mark.rule("G-14")
@given(st.integers(10**6, 10**14), st.sampled_from(["{}", "0{}", "00{}", "-{}-", "{}.", "0-{}"]))
def test_a_number_is_no_name_that_a_topic_could_have(number: int, form: str) -> None:
    assert is_like_a_number(form.format(number))
    assert is_like_a_number(f"shop-{10**9 + number}")


@pytest.mark.rule("G-14")
@pytest.mark.parametrize("name", ["acme", "box-1", "shop-2", "24-7", "shop-20261126", "x" * 32])
def test_a_name_is_no_number(name: str) -> None:
    assert not is_like_a_number(name)


@pytest.mark.rule("G-14")
@given(NAMES.filter(lambda name: not is_like_a_number(name)), st.sampled_from([*Inward, *Outward]))
def test_no_topic_holds_a_number(store: str, kind: str) -> None:
    for topic in (store_topic(StoreName(store), kind), presence_topic(store)):
        assert redact_text(topic) == topic
        words = topic.split("/")
        assert not any(re.fullmatch(r"\+?\d{7,}", word) for word in words)
        assert not re.search(r"\d{10}", topic)
