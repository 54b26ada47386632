"""What the bridge remembers is there after it was started again, and nobody's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.hooks import ACME, NOW

from gateway.bridge.hook import ProductFact, RefundFact
from gateway.bridge.memory import CALLS_FOR, Memory
from gateway.domain.errors import StorageError
from gateway.domain.ids import StoreName

POT = ProductFact(product="p1", price=Decimal("23.90"), available=True, items=("i-1", "i-2"))


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "bridge.db"
    with Memory(path) as memory:
        memory.keep(ACME, "c-1", [POT], NOW)
        memory.keep(ACME, "c-2", [RefundFact(order="1", refund="r", amount=Decimal("1.5"))], NOW)
    with Memory(path) as memory:
        known = memory.product(ACME, "p1")
        assert known is not None
        assert (known.price, known.available, known.gone) == (POT.price, True, False)
        assert memory.product_of_item(ACME, "i-2") == "p1"
        assert memory.refunds(ACME, "1") == {"r": Decimal("1.5")}
        assert memory.handled(ACME, "c-1")
        other = StoreName("other")
        assert memory.product(other, "p1") is None
        assert memory.refunds(other, "1") == {}
        assert not memory.handled(other, "c-1")


def test_calls_are_forgotten_when_no_shop_repeats_them_any_more(tmp_path: Path) -> None:
    with Memory(tmp_path / "bridge.db") as memory:
        memory.keep(ACME, "old", [POT], NOW)
        memory.keep(ACME, "new", [POT], NOW + CALLS_FOR)
        assert memory.handled(ACME, "old")
        memory.keep(ACME, "newer", [POT], NOW + CALLS_FOR + timedelta(seconds=1))
        assert not memory.handled(ACME, "old")
        assert memory.handled(ACME, "new")


def test_what_changed_nothing_is_not_kept(tmp_path: Path) -> None:
    with Memory(tmp_path / "bridge.db") as memory:
        memory.keep(ACME, "c-1", [], NOW)
        assert not memory.handled(ACME, "c-1")


def test_a_file_that_is_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "bridge.db").write_text("no database, and long enough to be one " * 50)
    with pytest.raises(StorageError, match=r"bridge\.db"):
        Memory(tmp_path / "bridge.db")
