"""What is read of the outbox while several gateways post into it."""

from __future__ import annotations

from sqlalchemy import Connection
from support.world import ACME

from gateway.db.engine import writing_engine
from gateway.db.outbox import post, read_letters
from gateway.domain.outward import Outward


def say(connection: Connection, body: str) -> None:
    post(connection, ACME, Outward.STATUS, body)


def test_a_letter_that_is_committed_late_is_read_before_what_follows_from_it(
    postgres_url: str,
) -> None:
    """Else a store would hear that a job was sent before it hears that it was accepted."""
    engine = writing_engine(postgres_url)
    with engine.connect() as slow, engine.connect() as quick, engine.connect() as reader:
        say(slow, "accepted")
        say(quick, "of another job")
        quick.commit()
        [seen] = read_letters(reader, 0, 10)
        assert seen.body == "of another job"
        slow.commit()
        say(quick, "sent")
        quick.commit()
        reader.commit()
        letters = read_letters(reader, seen.key, 10, known=[seen.key])
        assert [letter.body for letter in letters] == ["accepted", "sent"]
    engine.dispose()
