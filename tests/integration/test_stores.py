"""A store that comes while the gateway runs, by command alone: no file is touched by hand."""

from __future__ import annotations

import json

from support.plugin import Build
from support.store import Store


def test_a_store_that_is_added_sends_and_one_that_is_removed_is_refused(house: Build) -> None:
    built = house()
    built.start()
    added = built.run("store", "add", "books", "--country", "FR", "--json", name="add")
    assert added.wait_end() == 0
    told = json.loads(added.stdout.read_text())
    assert told["gateway_told"] is True

    books = Store(built.broker.port, name="books")
    try:
        books.submit("first", to="06 39 98 00 01")
        books.await_state("first", "delivered")
        assert built.log()[-1]["to"] == "+33639980001"

        removed = built.run("store", "remove", "books", name="remove")
        assert removed.wait_end() == 0
        books.submit("second")
        books.await_rejected("second", "unknown_store")
    finally:
        books.close()
    built.store.submit("still-there")
    built.store.await_state("still-there", "delivered")
