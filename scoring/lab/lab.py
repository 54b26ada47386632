"""A notebook's lake: opened, checked, and asked what is in it; and how a notebook makes claims."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from ibis import _
from IPython.display import Markdown, display

from scoring.engine import fetch
from scoring.errors import NotEnoughDataError, ScoringError
from scoring.features.clock import day_of
from scoring.features.source import of_store, the_store
from scoring.lab.nothing import NothingToShowError
from scoring.lab.places import UNKNOWN, lake_folder
from scoring.lake import Lake
from scoring.schema import TABLES
from scoring.simulate import Truth, read_truth


@dataclass(kw_only=True, eq=False)
class Lab:
    """One store of a lake, for a notebook.

    Attributes
    ----------
    lake : Lake
    store : str
    since : date or None
        The first day to look at, as the notebook's parameter has it.
    truth : Truth or None
        What is true; None: the lake is a real shop's.
    """

    lake: Lake
    store: str
    since: date | None
    truth: Truth | None

    @property
    def first(self) -> date:
        """The first day with an order, on the wall clock."""
        return self._days[0]

    @property
    def end(self) -> date:
        """The last day with an order, on the wall clock."""
        return self._days[1]

    @cached_property
    def _days(self) -> tuple[date, date]:
        day = day_of(self.table("orders").local_at)
        found = fetch(self.lake.connection, self.table("orders").agg(low=day.min(), high=day.max()))
        return _day(found["low"][0].as_py()), _day(found["high"][0].as_py())

    @cached_property
    def currency(self) -> str:
        """ISO 4217; a word where it is unknown."""
        orders = self.table("orders")
        found = fetch(self.lake.connection, orders.select("currency").limit(1))["currency"]
        known = found.to_pylist()
        return known[0] if known and known[0] != UNKNOWN else "money"

    def table(self, name: str) -> Any:
        """Return the store's rows of a table, as an expression."""
        return of_store(self.lake, name, self.store)

    def frame(self, expression: Any) -> pd.DataFrame:
        """Compute an expression."""
        return fetch(self.lake.connection, expression).to_pandas()

    def need(self, *names: str) -> None:
        """Go on only when each of these tables has rows.

        Raises
        ------
        NothingToShowError
            One has none; what it would hold is said.
        """
        for name in names:
            if not self.frame(self.table(name).limit(1)).empty:
                continue
            raise NothingToShowError(
                f"the lake {self.lake.folder} has no {name} of store {self.store} "
                f"({TABLES[name].meaning})"
            )

    def need_history(self, days: int, people: int) -> None:
        """Go on only when orders reach over so many days and tell of so many people.

        Raises
        ------
        NothingToShowError
            They do not; what there is and what is needed is said.
        """
        there = (self.end - self.first).days + 1
        buyers = self.table("orders").person_id.nunique().name("people").as_table()
        bought = int(self.frame(buyers)["people"][0])
        if there < days or bought < people:
            raise NothingToShowError(
                f"{bought:,} people bought in {there:,} days at store {self.store}; "
                f"{people:,} people and {days:,} days are needed to learn from"
            )

    def contents(self) -> None:
        """Show which tables the lake has of the store, with their rows and what they mean."""
        lines = ["| table | rows | |", "| :-- | --: | :-- |"]
        for name, table in TABLES.items():
            rows = self.frame(self.table(name).agg(rows=_.count()))["rows"][0]
            lines.append(f"| {name} | {rows:,} | {table.meaning} |")
        self.say("\n".join(lines))

    @contextmanager
    def enough(self) -> Iterator[None]:
        """Go on only when what is asked inside has enough data; how much is missing is said.

        Raises
        ------
        NothingToShowError
            It has not.
        """
        try:
            yield
        except NotEnoughDataError as error:
            raise NothingToShowError(str(error)) from error

    def say(self, text: str) -> None:
        """Show a paragraph of Markdown."""
        display(Markdown(text))

    def claim(self, sentence: str, holds: bool) -> None:
        """Show whether a claim of the text holds on this lake.

        Raises
        ------
        AssertionError
            It does not, and the lake is the demo, of which the text speaks.
        """
        if self.truth is not None and not holds:
            raise AssertionError(f"not so: {sentence}")
        mark = "✓" if holds else "✗ Not on this lake:"
        self.say(f"{mark} {sentence}")

    def about(self) -> None:
        """Show which lake this is."""
        told = f"Store **{self.store}**, {self.first:%-d %B %Y} to {self.end:%-d %B %Y}."
        if self.truth is not None:
            told += " It is simulated: what is true is known, and shown beside what is found."
        self.say(told)


def open_lab(
    lake: str | Path | None = None,
    *,
    store: str | None = None,
    since: str | date | None = None,
) -> Lab:
    """Open the lake of a notebook.

    Parameters
    ----------
    lake : str, Path or None
        None: that of the variable ``LAKE``, else the demo.
    store : str or None
        Needed where the lake has several.
    since : str, date or None
        The first day to look at, as ``2026-01-31``.

    Returns
    -------
    Lab

    Raises
    ------
    ScoringError
        There is no such lake or store, a table is wrong, or ``since`` is no day.
    """
    folder = lake_folder(lake)
    opened = Lake(folder)
    return Lab(
        lake=opened,
        store=the_store(opened, store),
        since=_since(since),
        truth=read_truth(folder),
    )


def _since(since: str | date | None) -> date | None:
    if not isinstance(since, str):
        return since
    try:
        return date.fromisoformat(since)
    except ValueError as error:
        raise ScoringError(f"SINCE={since!r} is no day; as in '2026-01-31'") from error


def _day(number: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)
