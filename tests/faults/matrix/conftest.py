"""The table that the tests of this folder fill together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from support.matrix import Bench
from support.scenarios import Scenario
from support.table import Table


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    """One for all workers of a session."""
    base = tmp_path_factory.getbasetemp()
    return Table((base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "matrix")


@pytest.fixture(scope="module")
def choose_bench(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[ExitStack, Scenario], Bench]]:
    """A bench of its own for a scenario that needs one, else the one of the file."""
    with ExitStack() as whole:
        shared: list[Bench] = []

        def make(stack: ExitStack, scenario: Scenario) -> Bench:
            bench = Bench(tmp_path_factory.mktemp("house"), scenario)
            stack.enter_context(closing(bench)).start()
            return bench

        def choose(stack: ExitStack, scenario: Scenario) -> Bench:
            if scenario.alone:
                return make(stack, scenario)
            if not shared:
                shared.append(make(whole, scenario))
            return shared[0]

        yield choose


@pytest.fixture
def measure(
    choose_bench: Callable[[ExitStack, Scenario], Bench], table: Table
) -> Iterator[Callable[[Scenario], None]]:
    """Carry a scenario out on every kind of stick and keep what came of it."""
    with ExitStack() as stack:

        def carry_out(scenario: Scenario) -> None:
            bench = choose_bench(stack, scenario)
            table.keep(scenario.title, bench.run(scenario))

        yield carry_out
