"""A marketer adds a flow to a gateway that runs; from then on an order is answered by a message."""

from __future__ import annotations

import signal
from typing import Any

from support.events import CUSTOMER, ORDER
from support.plugin import Build
from support.processes import Process, wait_for

from tests.faults.test_flows import tell

READ = "configuration_read_again"


def read_again(gateway: Process, times: int) -> None:
    gateway.signal(signal.SIGHUP)
    wait_for(lambda: gateway.stderr.read_text().count(READ) == times, 10, "the reading")


def texts(built: Any) -> list[str]:
    return [entry["text"] for entry in built.log() if entry["text"].startswith("Acme:")]


def test_a_flow_is_taken_up_while_the_gateway_runs(house: Build) -> None:
    built = house()
    (built.directory / "shop").mkdir()
    config, named = built.config.read_text(), 'name = "acme"\n'
    built.config.write_text(config.replace(named, f'{named}shop_dir = "shop"\nbrand = "Acme"\n'))
    gateway = built.start()
    tell(built, CUSTOMER, "who", first_name="Ada")
    tell(built, ORDER, "before", order_id="o-1")
    assert built.run("flow", "add", "order-placed").wait_end(30) == 0
    read_again(gateway, 1)
    tell(built, ORDER, "after", order_id="o-2")
    wait_for(lambda: len(texts(built)) == 1, 20, "a message")
    assert "o-2" in texts(built)[0]

    flow = built.directory / "shop" / "flows" / "order-placed.toml"
    flow.write_text(flow.read_text().replace("within", "whithin"))
    read_again(gateway, 2)
    log = gateway.stderr.read_text()
    assert "content_not_taken" in log
    assert "order-placed.toml: whithin: is no key; do you mean" in log
    tell(built, ORDER, "meanwhile", order_id="o-3")
    built.store.submit("behind")
    built.store.await_state("behind", "accepted")
    flow.write_text(flow.read_text().replace("whithin", "within"))
    read_again(gateway, 3)
    tell(built, ORDER, "mended", order_id="o-4")
    wait_for(lambda: len(texts(built)) == 2, 20, "another message")
    assert "o-4" in texts(built)[1]

    def jobs() -> set[str]:
        return set(built.store.history()) - {"behind"}

    wait_for(lambda: len(jobs()) == 2, 20, "what is said of both")
    assert all(job.startswith("flow.order-placed.") for job in jobs())
