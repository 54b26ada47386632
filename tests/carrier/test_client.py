"""The real carrier, where the provider, the network or the operator gets it wrong."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.provider import ACCOUNT, SENDER, Provider, Trick

from gateway.carrier import Accepted, Message, Refused, Unknown
from gateway.carrier.client import MOST_PAGES, HttpCarrier
from gateway.domain.clock import SystemClock
from gateway.domain.errors import CarrierError
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarriedId
from tests.carrier.worlds import AGO, settings

pytestmark = pytest.mark.rule("SIM-5")

PERSON = "+33639980001"
MESSAGE = Message(recipient=PERSON, text="Vos offres")

Make = Callable[..., HttpCarrier]


async def nothing() -> None:
    pass


@pytest.fixture
async def make(provider: Provider) -> AsyncIterator[Make]:
    async with AsyncExitStack() as stack:

        def make(**fields: Any) -> HttpCarrier:
            carrier = HttpCarrier(settings(provider, **fields), SystemClock())
            stack.push_async_callback(carrier.close)
            return carrier

        yield make


def since() -> datetime:
    return datetime.now(UTC) - AGO


async def test_a_message_is_a_form_with_the_accounts_credentials(
    provider: Provider, make: Make
) -> None:
    await make().submit(
        Message(recipient=PERSON, text="a & b", validity=timedelta(minutes=5)), nothing
    )
    [(method, path, form)] = provider.requests
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert form == {"To": PERSON, "From": SENDER, "Body": "a & b", "ValidityPeriod": "300"}


async def test_a_pool_of_senders_is_named_as_one_and_only_its_messages_are_listed(
    provider: Provider, make: Make
) -> None:
    carrier = make(sender="MG00000000000000000000000000000001")
    await carrier.submit(MESSAGE, nothing)
    assert provider.submits[0]["MessagingServiceSid"] == "MG00000000000000000000000000000001"
    assert "From" not in provider.submits[0]

    provider.receive(PERSON, "to another number of the account")
    provider.receive(PERSON, "to the pool")["messaging_service_sid"] = (
        "MG00000000000000000000000000000001"
    )
    assert [one.text for one in await carrier.received_since(since())] == ["to the pool"]


async def test_a_provider_that_hangs_after_the_request_leaves_it_in_doubt(
    provider: Provider, make: Make
) -> None:
    provider.script.append(Trick(takes=True, hang=True))
    answer = await make(answer_timeout=0.2).submit(MESSAGE, nothing)

    assert isinstance(answer, Unknown)
    assert len(provider.submits) == 1, "never sent twice"


@pytest.mark.parametrize("status", [201, 500, 413])
async def test_an_answer_before_the_message_is_none_to_it(
    provider: Provider, make: Make, status: int
) -> None:
    """The form is not asked for any more, or was cut off: a provider acts on no half of one."""
    provider.script.append(Trick(status=status, hasty=True))
    committed = asyncio.Event()

    async def slow() -> None:
        await asyncio.sleep(0.3)
        committed.set()

    answer = await make().submit(MESSAGE, slow)
    assert committed.is_set()
    assert isinstance(answer, Refused if status == 413 else Unknown)
    assert provider.texts == []


async def test_an_answer_that_drips_is_not_waited_for(provider: Provider, make: Make) -> None:
    provider.script.append(Trick(takes=True, drip=0.05))
    provider.answers.append(Trick(status=200, drip=0.05))
    carrier = make(answer_timeout=0.3)
    async with asyncio.timeout(2):
        assert isinstance(await carrier.submit(MESSAGE, nothing), Unknown)
        with pytest.raises(CarrierError, match="too long"):
            await carrier.sent_since(since())


async def test_a_slow_intent_takes_nothing_from_the_time_of_the_answer(
    provider: Provider, make: Make
) -> None:
    async def slow() -> None:
        await asyncio.sleep(0.4)

    answer = await make(answer_timeout=0.3).submit(MESSAGE, slow)
    assert isinstance(answer, Accepted)


async def test_a_connection_that_the_provider_has_closed_meanwhile_is_opened_anew(
    provider: Provider, make: Make
) -> None:
    carrier = make()
    provider.answers.append(Trick(status=200, headers={"Connection": "close"}))
    await carrier.sent_since(since())
    assert isinstance(await carrier.submit(MESSAGE, nothing), Accepted)


@pytest.mark.parametrize(
    ("trick", "failure", "person"),
    [
        (Trick(status=400, code=21610), FailureClass.PERMANENT, False),
        (Trick(status=400, code=21617), FailureClass.PERMANENT, False),
        (Trick(status=400, code=21606), FailureClass.LINE, True),
        (Trick(status=400, code=99999), FailureClass.PERMANENT, False),
        (Trick(status=400, body=b"<html>"), FailureClass.PERMANENT, False),
        (Trick(status=401, code=20003), FailureClass.LINE, True),
        (Trick(status=404, body=b"nothing here"), FailureClass.LINE, True),
        (Trick(status=429, code=20429), FailureClass.NETWORK, False),
        (Trick(status=503), FailureClass.NETWORK, False),
    ],
)
async def test_what_was_certainly_not_taken_is_refused(
    provider: Provider, make: Make, trick: Trick, failure: FailureClass, person: bool
) -> None:
    provider.script.append(trick)
    answer = await make().submit(MESSAGE, nothing)

    assert isinstance(answer, Refused)
    assert (answer.failure, answer.needs_person) == (failure, person)
    assert "7700" not in answer.reason, "the provider's words name numbers"


@pytest.mark.parametrize(
    ("trick", "congested"),
    [
        (Trick(status=429), True),
        (Trick(status=429, code=20429), True),
        (Trick(status=400, code=14107), True),
        (Trick(status=400, code=30001), True),
        (Trick(status=503), False),
        (Trick(status=400, code=21610), False),
    ],
)
async def test_what_says_that_the_carrier_has_too_much(
    provider: Provider, make: Make, trick: Trick, *, congested: bool
) -> None:
    provider.script.append(trick)
    answer = await make().submit(MESSAGE, nothing)
    assert isinstance(answer, Refused)
    assert answer.congested is congested


@pytest.mark.parametrize("status", [500, 502, 504, 599, 303])
async def test_what_may_have_been_taken_is_in_doubt(
    provider: Provider, make: Make, status: int
) -> None:
    provider.script.append(Trick(status=status, headers={"Location": "/elsewhere"}))
    assert isinstance(await make().submit(MESSAGE, nothing), Unknown)
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"status": "queued"}',
        b'{"sid": 7}',
        b'{"sid": "../x"}',
        b"[" * 9999,
    ],
)
async def test_an_answer_without_a_message_is_in_doubt(
    provider: Provider, make: Make, body: bytes
) -> None:
    provider.script.append(Trick(status=201, body=body))
    assert isinstance(await make().submit(MESSAGE, nothing), Unknown)


@pytest.mark.parametrize("header", ["30", "Thu, 01 Jan 2099 00:00:00 GMT", "soon", "nan", "1e999"])
async def test_a_carrier_that_wants_rest_is_believed_within_reason(
    provider: Provider, make: Make, header: str
) -> None:
    provider.script.append(Trick(status=429, headers={"Retry-After": header}))
    answer = await make().submit(MESSAGE, nothing)

    assert isinstance(answer, Refused)
    known = {"30": timedelta(seconds=30), "Thu, 01 Jan 2099 00:00:00 GMT": timedelta(hours=1)}
    assert answer.retry_after == known.get(header)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_refused_and_not_followed(
    provider: Provider, make: Make, status: int
) -> None:
    with Provider() as thief:
        provider.script.append(Trick(status=status, headers={"Location": thief.url}))
        answer = await make().submit(MESSAGE, nothing)
        provider.answers.append(Trick(status=status, headers={"Location": thief.url}))
        with pytest.raises(CarrierError) as caught:
            await make().received_since(since())
        assert thief.requests == []
    assert isinstance(answer, Refused)
    assert (answer.failure, answer.needs_person) == (FailureClass.LINE, True)
    assert caught.value.needs_person


async def test_a_next_page_on_another_host_is_not_asked_for(provider: Provider, make: Make) -> None:
    with Provider() as thief:
        page = {"messages": [], "next_page_uri": f"{thief.url}/Messages.json"}
        provider.answers.append(Trick(status=200, body=json.dumps(page).encode()))
        with pytest.raises(CarrierError, match="another host"):
            await make().received_since(since())
        assert thief.requests == []


async def test_a_list_without_an_end_is_left_off(provider: Provider, make: Make) -> None:
    page = {"messages": [], "next_page_uri": "/2010-04-01/more"}
    provider.answers.extend([Trick(status=200, body=json.dumps(page).encode())] * 50)
    assert await make().received_since(since()) == []
    assert len(provider.requests) == MOST_PAGES


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"messages": 7}', b'{"messages": [], "next_page_uri": 7}']
)
async def test_a_list_that_is_none_is_an_error(provider: Provider, make: Make, body: bytes) -> None:
    provider.answers.append(Trick(status=200, body=body))
    with pytest.raises(CarrierError):
        await make().sent_since(since())


async def test_a_message_that_cannot_be_read_costs_itself_alone(
    provider: Provider, make: Make
) -> None:
    whole = provider.receive(PERSON, "one")
    broken = whole | {"date_created": "yesterday"}
    page = {"messages": [broken, 7, {"direction": "inbound"}, whole], "next_page_uri": None}
    provider.answers.append(Trick(status=200, body=json.dumps(page).encode()))
    assert [one.text for one in await make().received_since(since())] == ["one"]


async def test_a_question_that_is_answered_too_late_is_an_error(
    provider: Provider, make: Make
) -> None:
    provider.answers.append(Trick(hang=True))
    with pytest.raises(CarrierError, match="too long"):
        await make(answer_timeout=0.2).look(CarriedId("SM1"))


async def test_a_wrong_token_needs_a_person(provider: Provider, make: Make) -> None:
    provider.token = "another"
    answer = await make().submit(MESSAGE, nothing)
    assert isinstance(answer, Refused)
    assert (answer.failure, answer.needs_person) == (FailureClass.LINE, True)
    assert answer.reason == "carrier 20003 the account or its token is wrong"
    with pytest.raises(CarrierError, match="its token is wrong") as caught:
        await make().sent_since(since())
    assert caught.value.needs_person


async def test_the_environment_changes_nothing(
    provider: Provider, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert isinstance(await make().submit(MESSAGE, nothing), Accepted)


def test_the_token_is_not_shown(provider: Provider) -> None:
    assert settings(provider).token not in repr(settings(provider))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "provider.pem"
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=provider"
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*request.split(), *name, "-keyout", file, "-out", file.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Path, make: Make
) -> None:
    awaited = 0

    async def intent() -> None:
        nonlocal awaited
        awaited += 1

    with Provider(certificate) as secure:
        answer = await make(url=secure.url).submit(MESSAGE, intent)
        assert isinstance(answer, Refused)
        assert (answer.failure, answer.needs_person) == (FailureClass.LINE, True)
        assert answer.reason.endswith("its certificate is not to be trusted")
        with pytest.raises(CarrierError, match="certificate"):
            await make(url=secure.url).received_since(since())
        assert (awaited, secure.requests) == (0, [])


async def test_a_certificate_of_the_operators_own_is_trusted(certificate: Path, make: Make) -> None:
    with Provider(certificate) as secure:
        carrier = make(url=secure.url, ca_file=certificate.with_suffix(".crt"))
        assert isinstance(await carrier.submit(MESSAGE, nothing), Accepted)
        assert [one.text for one in await carrier.sent_since(since())] == [MESSAGE.text]
        await carrier.close()
