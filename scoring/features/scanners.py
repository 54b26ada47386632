"""Clicks that are no person's: the one place where it stands what a scanner looks like.

Security software opens every link of every message. Some of its clicks are known at once, by their
sender (``clicks.machine``); those are left out one by one, and their person stays, for a phone that
fetches previews is a customer's too. What is not known at once shows in the long run: nobody opens
four of five messages. In a newsletter's log 0.4 % of people did, and made 9.5 % of all clicks.
"""

from __future__ import annotations

from typing import Any, Final

import ibis

from scoring.engine import fetch
from scoring.features.clock import clock_or_utc, day_number, day_of
from scoring.features.source import Tables, of_store, the_store

SENDS: Final = 10
"""Fewer messages tell nothing about a habit."""

PER_TEN: Final = 8
"""Clicked out of ten, from which on it is a machine's habit."""


def is_scanner(sends: Any, clicked: Any) -> Any:
    """Tell from two counts whether a person's clicks look like a scanner's.

    Parameters
    ----------
    sends : int, array of int or ibis.expr.types.IntegerValue
        Messages sent to the person.
    clicked : same as sends
        Those of them with a click that is not known to be a machine's.

    Returns
    -------
    bool, array of bool or ibis.expr.types.BooleanValue
        Whole numbers are compared, so that 80 % are 80 %.

    Examples
    --------
    >>> is_scanner(10, 8), is_scanner(10, 7), is_scanner(9, 9)
    (True, False, False)
    """
    return (sends >= SENDS) & (clicked * 10 >= sends * PER_TEN)


def human_clicks(clicks: Any) -> Any:
    """Return the clicks that are not known to be a machine's, with the column ``clock``."""
    human = clicks.filter(~clicks.machine)
    return human.mutate(clock=clock_or_utc(human.local_at, human.clicked_at))


def scanners(lake: Tables, cutoff: Any, *, store: str | None = None) -> frozenset[str]:
    """Return who clicked like a scanner, as far as it was known at the end of a day.

    Parameters
    ----------
    lake : Lake
        On any engine.
    cutoff : datetime.date or str
        The last day that is seen.
    store : str, optional
        Needed where the lake has several.

    Returns
    -------
    frozenset of str
        Their pseudonyms; `scoring.snapshots.Snapshots.without` leaves them out before training.

    Raises
    ------
    ScoringError
        The lake has several stores and none is named, or not the one that is.
    ValueError
        The cut-off is no day.
    """
    day, store = day_number(cutoff), the_store(lake, store)
    messages, clicks = (of_store(lake, name, store) for name in ("messages", "clicks"))
    clicked = human_clicks(clicks)
    clicked = clicked.filter(day_of(clicked.clock) <= day).select("message_id").distinct()
    clicked = clicked.mutate(clicked=ibis.literal(1))
    sent = messages.filter(messages.sent_at.notnull())
    sent = sent.filter(day_of(clock_or_utc(sent.local_at, sent.sent_at)) <= day)
    counts = sent.left_join(clicked, "message_id").group_by("person_id")
    counts = counts.agg(sends=ibis._.count(), clicked=ibis._.clicked.count())
    found = counts.filter(is_scanner(counts.sends, counts.clicked)).person_id
    return frozenset(fetch(lake.connection, found)["person_id"].to_pylist())
