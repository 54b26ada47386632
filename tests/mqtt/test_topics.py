from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ids import STORE_NAME, StoreName
from gateway.mqtt.topics import (
    SUBSCRIPTIONS,
    Address,
    Inward,
    parse_topic,
    presence_topic,
    store_topic,
)


def test_the_contract_names_the_topics() -> None:
    assert SUBSCRIPTIONS == (
        "shopbell/v1/+/jobs",
        "shopbell/v1/+/cancel",
        "shopbell/v1/+/events",
    )
    assert store_topic(StoreName("acme"), "status") == "shopbell/v1/acme/status"
    assert presence_topic("box-1") == "shopbell/v1/gateway/box-1"


@pytest.mark.parametrize("store", ["a", "acme", "shop-2", "-", "x" * 32])
@pytest.mark.parametrize("kind", list(Inward))
def test_a_well_formed_topic_names_its_store(store: str, kind: Inward) -> None:
    expected = Address(store=StoreName(store), kind=kind)
    assert parse_topic(f"shopbell/v1/{store}/{kind}") == expected


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "shopbell/v1//jobs",
        "shopbell/v1/acme",
        "shopbell/v1/acme/",
        "shopbell/v1/acme/event",
        "shopbell/v1/acme/jobs/",
        "shopbell/v1/acme/jobs/x",
        "shopbell/v1/a/b/jobs",
        "shopbell/v1/Acme/jobs",
        "shopbell/v1/acme\n/jobs",
        "shopbell/v1/+/jobs",
        "shopbell/v1/#/jobs",
        "shopbell/v1/akmé/jobs",
        "shopbell/v1/" + "x" * 33 + "/jobs",
        "shopbell/v2/acme/jobs",
        "x/shopbell/v1/acme/jobs",
        "shopbell/v1/shopbell/v1/acme/jobs",
    ],
)
def test_a_topic_that_no_store_owns_is_nobodys(topic: str) -> None:
    assert parse_topic(topic) is None


def test_a_node_called_jobs_does_not_feed_itself_its_own_presence() -> None:
    assert parse_topic(presence_topic("jobs")) is None


@given(st.text(alphabet="ab-/1.+#Z\n", max_size=40))
def test_a_store_that_is_read_from_a_topic_is_always_well_formed(level: str) -> None:
    address = parse_topic(f"shopbell/v1/{level}/jobs")
    assert address is None or STORE_NAME.fullmatch(address.store)
