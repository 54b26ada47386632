"""``shopbell messages --count``: how many there are, without counting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from gateway.cli.loop import run_async
from gateway.cli.output import new_table, print_json, print_line, print_table
from gateway.domain.errors import StorageError
from gateway.domain.ids import store_in_words
from gateway.domain.states import JobState

if TYPE_CHECKING:
    from gateway.db.counts import Count


def show_counts(
    url: str, *, store: str | None, state: JobState | None, verify: bool, json: bool
) -> None:
    """Print how many messages each store has in each state.

    Args:
        url: of the database.
        store: only of this store.
        state: only in this state.
        verify: count the messages themselves, too, and compare.
        json: one object a line instead of a table.

    Raises:
        StorageError: there is no database yet, it cannot be read, or the counts are wrong.
    """
    from gateway.cli.reading import read_job_counts

    kept, counted = run_async(read_job_counts(url, verify=verify))
    fitting = [one for one in kept if store in (None, one.store) and state in (None, one.state)]
    if json:
        for one in fitting:
            print_json(asdict(one))
    elif fitting:
        _print_table(fitting)
    else:
        print_line("no message fits")
    if counted is not None:
        _compare(kept, counted)


def _print_table(counts: Sequence[Count]) -> None:
    table = new_table("Store", "State", "Messages", "Parts")
    for one in counts:
        table.add_row(store_in_words(one.store), one.state, f"{one.jobs:,}", f"{one.parts:,}")
    print_table(table)


def _compare(kept: Sequence[Count], counted: Sequence[Count]) -> None:
    """Pass when the counts are those of the messages.

    Raises:
        StorageError: they are not; the error names the first.
    """
    for wrong in sorted(set(kept) ^ set(counted), key=lambda one: (one.store, one.state)):
        there = sum(one.jobs for one in counted if _is_alike(one, wrong))
        said = sum(one.jobs for one in kept if _is_alike(one, wrong))
        raise StorageError(
            f"the counts are wrong: of {wrong.store} they have {said:,} {wrong.state}, and there "
            f"are {there:,}; nothing is lost by it, and please report it"
        )


def _is_alike(one: Count, other: Count) -> bool:
    return (one.store, one.state) == (other.store, other.state)
