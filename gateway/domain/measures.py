"""What is counted and timed while the gateway works, and by what each is told apart.

A label is a name out of the configuration, or a word out of a fixed list; never a number, a SIM or
a person, and nothing that a store may choose freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

UNKNOWN: Final = "unknown"
"""In place of a name that is not known, or that anybody may have made up."""


SILENT: Final = "silent"
"""The class of a refusal by which the line said nothing."""


class Counted(StrEnum):
    """What is counted; the value is its name in the metrics."""

    JOBS_ACCEPTED = "jobs_accepted"
    JOB_STATES = "job_transitions"
    ENTRIES_REJECTED = "entries_rejected"
    PARTS_SENT = "parts_sent"
    PARTS_REFUSED = "parts_refused"
    PARTS_UNCONFIRMED = "parts_unconfirmed"
    REPORTS = "reports"
    PARTS_RECEIVED = "parts_received"
    KEYWORDS = "keywords"
    LETTERS_PUBLISHED = "letters_published"
    BROKER_CONNECTIONS = "broker_connections"
    DATABASE_CHANGES = "database_changes"
    LOOP_TESTS_SENT = "loop_tests_sent"
    LOOP_TESTS_LOST = "loop_tests_lost"


class Timed(StrEnum):
    """What is timed, in seconds."""

    SUBMIT = "submit_duration"
    HANDOVER_DELAY = "handover_delay"
    REPORT_DELAY = "report_delay"
    COMMIT = "database_commit_duration"
    LOOP_LAG = "event_loop_lag"
    LOOP_TEST_DELAY = "loop_test_delay"


@dataclass(frozen=True, slots=True)
class About:
    """What is to be known of something that is counted or timed."""

    text: str
    """A sentence without its full stop."""
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()
    """Of what is timed: the upper ends of the buckets, in seconds, rising."""


OF_NETWORK: Final = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120)
"""A stick answers in some seconds, and is given up on after two minutes."""

OF_DELIVERY: Final = (
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800),
    *(3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 72 * 3600),
)
"""A phone that is on confirms within seconds, one that is off when it is on again."""

OF_BOX: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
"""A commit on a disk takes a millisecond, on a worn card a hundred times that."""

COUNTED: Final[Mapping[Counted, About]] = {
    Counted.JOBS_ACCEPTED: About("Jobs taken into the queue", ("store", "purpose")),
    Counted.JOB_STATES: About(
        "Jobs that came from one state to another, by the new one", ("store", "purpose", "state")
    ),
    Counted.ENTRIES_REJECTED: About(
        "Jobs, cancellations, consents and events that were refused, by the code that the store"
        " was told",
        ("store", "code"),
    ),
    Counted.PARTS_SENT: About("Parts that the network took", ("modem", "purpose")),
    Counted.PARTS_REFUSED: About(
        "Tries to hand over parts that certainly did not send them, by class of failure",
        ("modem", "class"),
    ),
    Counted.PARTS_UNCONFIRMED: About(
        "Parts that were handed over and of which nobody knows what became", ("modem",)
    ),
    Counted.REPORTS: About(
        "Delivery reports that told of a part, by what they said", ("modem", "verdict")
    ),
    Counted.PARTS_RECEIVED: About("SMS parts that came in, copies left out", ("modem",)),
    Counted.KEYWORDS: About(
        "Messages of persons that a keyword was found in, such as STOP", ("intent",)
    ),
    Counted.LETTERS_PUBLISHED: About("Payloads that the broker took, by topic", ("topic",)),
    Counted.BROKER_CONNECTIONS: About("Connections to the broker that came about"),
    Counted.DATABASE_CHANGES: About("Changes that were committed; several share a commit"),
    Counted.LOOP_TESTS_SENT: About("Messages from one own line to another, as a test", ("modem",)),
    Counted.LOOP_TESTS_LOST: About("Of these, those that did not come in time", ("modem",)),
}

TIMED: Final[Mapping[Timed, About]] = {
    Timed.SUBMIT: About(
        "From a part's being given to a modem to the answer, whatever it was",
        ("modem",),
        OF_NETWORK,
    ),
    Timed.HANDOVER_DELAY: About(
        "From when a job might go to the network's taking its first part",
        ("purpose",),
        OF_DELIVERY,
    ),
    Timed.REPORT_DELAY: About(
        "From a part's being given to the network to the report of its delivery",
        ("modem",),
        OF_DELIVERY,
    ),
    Timed.COMMIT: About("Until the database had a transaction on its disk", (), OF_BOX),
    Timed.LOOP_LAG: About("By how much the event loop was late for an appointment", (), OF_BOX),
    Timed.LOOP_TEST_DELAY: About(
        "From sending a test message on one own line to its coming in on another",
        ("modem",),
        OF_DELIVERY,
    ),
}
