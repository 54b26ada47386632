"""The fake keeps the contract that other layers rely on."""

from __future__ import annotations

import pytest

from gateway.domain.errors import NotSentError, OutcomeUnknownError, StorageError
from gateway.modem import FakeModem, Modem, Step, Submitted
from tests.modem.bench import PDU, never_mind


async def test_references_count_up_and_wrap() -> None:
    modem: Modem = FakeModem()
    references = [(await modem.submit(PDU, never_mind)).reference for _ in range(257)]
    assert references == [*range(256), 0]


async def test_the_script_is_followed() -> None:
    modem = FakeModem()
    modem.script.extend(
        [
            Step(reference=77),
            Step(error=NotSentError("refused"), early=True),
            Step(error=OutcomeUnknownError("silence")),
        ]
    )
    intents = 0

    async def intent() -> None:
        nonlocal intents
        intents += 1

    assert await modem.submit(PDU, intent) == Submitted(reference=77)
    with pytest.raises(NotSentError):
        await modem.submit(PDU, intent)
    assert intents == 1
    with pytest.raises(OutcomeUnknownError):
        await modem.submit(PDU, intent)
    assert intents == 2
    assert len(modem.written) == 2


async def test_nothing_is_written_when_the_intent_fails_or_the_modem_is_lost() -> None:
    modem = FakeModem()

    async def intent() -> None:
        raise StorageError("full")

    with pytest.raises(StorageError):
        await modem.submit(PDU, intent)
    modem.lose()
    with pytest.raises(NotSentError):
        await modem.submit(PDU, never_mind)
    await modem.wait_lost()
    assert modem.written == []
