"""The inbox: who waits comes first, both directions, and an answer that the gate may refuse."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from support.consoling import Console, visiting
from support.hostile import HOSTILE, look_at
from support.persons import GERMAN, Person
from support.world import IDENTITIES, World

from gateway.access import Role
from gateway.db.console.audit import Entry, Sift, read_entries
from gateway.domain.consent import Action
from gateway.web.console import inbox
from gateway.web.console.inbox import counted_of
from gateway.web.console.live import Live
from gateway.web.console.pages import TOPICS


@pytest.fixture
def ada(world: World) -> Person:
    return Person(world)


async def opened(desk: Console) -> str:
    """Return the address of the first conversation of the list, read anew."""
    desk.site.state.live = Live(desk.house, TOPICS)
    page = await desk.page("/inbox")
    return page.split('class="thread', 1)[1].split('href="', 1)[1].split('"', 1)[0]


async def entries(world: World) -> list[Entry]:
    return await world.database.read(lambda c: read_entries(c, Sift(), 50))


async def test_an_empty_inbox_says_what_would_be_there(desk: Console) -> None:
    assert "Nobody waits here" in await desk.page("/inbox")


async def test_who_waits_comes_first(desk: Console, ada: Person, world: World) -> None:
    await ada.writes("Is it blue?")
    world.clock.instant += timedelta(minutes=1)
    await Person(world, GERMAN).writes("STOP")
    page = await desk.page("/inbox")
    assert page.index("Is it blue?") < page.index(GERMAN)
    only = await desk.page("/inbox?only=open")
    assert "Is it blue?" in only
    assert GERMAN not in only


async def test_a_page_of_which_nothing_is_open_leads_on(
    desk: Console, ada: Person, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits longest is on the last page, and has to be found there."""
    monkeypatch.setattr(inbox, "PAGE", 1)
    await ada.writes("Is it blue?")
    world.clock.instant += timedelta(minutes=1)
    await Person(world, GERMAN).writes("STOP")
    first = await desk.page("/inbox?only=open")
    assert "Is it blue?" not in first
    assert "Is it blue?" in await desk.page(_earlier(first))


def _earlier(page: str) -> str:
    return unescape(re.findall(r'href="(/inbox\?before=[^"]*)"', page)[0])


async def test_a_conversation_has_both_directions_and_their_marks(
    desk: Console, ada: Person
) -> None:
    await ada.is_sent("shipped-1")
    await ada.writes("Is it blue?")
    page = await desk.page(await opened(desk))
    assert page.index("has shipped") < page.index("Is it blue?")
    assert ">sent<" in page.replace("</svg>sent", "</svg>>sent")
    assert ada.number in page


@pytest.mark.rule("K-10")
async def test_an_opt_out_is_seen_and_shuts_the_reply(
    desk: Console, ada: Person, world: World
) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    where = await opened(desk)
    assert "<fieldset" in (page := await desk.page(where))
    assert "disabled" not in page
    await ada.writes("STOP ALL")
    page = await desk.page(where)
    assert "You cannot answer this person" in page
    assert "ended all messages (STOP ALL)" in page
    assert '<fieldset class="stack tight" disabled>' in page
    answer = await desk.browser.post(where, data={"text": "It is blue."})
    assert answer.status_code == 422
    assert "This person ended all messages (STOP ALL)" in answer.text
    assert "It is blue." in answer.text, "what was written is not lost"
    await opened(desk)
    assert "ended all messages" in await desk.page("/inbox")


async def test_who_opted_out_of_offers_may_be_answered(desk: Console, ada: Person) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    await ada.changes(Action.WITHDRAWN)
    assert "opted out of offers" in await desk.page("/inbox")
    page = await desk.page(await opened(desk))
    assert "Opted out of offers" in page
    assert "disabled" not in page


async def test_an_answer_goes_out_and_is_in_the_audit_log_without_words_or_number(
    desk: Console, ada: Person, world: World
) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    where = await opened(desk)
    world.clock.instant += timedelta(minutes=1)
    answer = await desk.browser.post(where, data={"text": "It is blue."})
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    assert "It is blue." in await desk.page(where)
    done = [one for one in await entries(world) if one.action == "conversation.reply"]
    assert [(one.actor, one.subject, one.result) for one in done] == [
        ("user:ada", IDENTITIES.of(ada.number), "done")
    ]
    kept = repr(await entries(world))
    assert "blue" not in kept
    assert ada.number not in kept


async def test_a_search_takes_a_number_out_of_addresses_and_logs(
    desk: Console, ada: Person, world: World
) -> None:
    await ada.writes("Is it blue?")
    found = await desk.browser.post("/inbox", data={"number": "07700 900123"})
    assert found.status_code == 303
    assert "7700900123" not in found.headers["location"]
    nobody = await desk.browser.post("/inbox", data={"number": "+447700900999"})
    assert nobody.status_code == 404
    assert "Nobody of this number wrote" in nobody.text
    wrong = await desk.browser.post("/inbox", data={"number": "blue"})
    assert "The number is not a phone number" in wrong.text
    looked = [one for one in await entries(world) if one.action == "conversation.search"]
    assert {one.subject for one in looked} == {IDENTITIES.of(ada.number), None}
    assert "7700900" not in repr(looked)


@pytest.mark.parametrize("role", [Role.VIEWER])
async def test_who_only_looks_reads_no_conversation(desk: Console, ada: Person, role: Role) -> None:
    await ada.writes("Is it blue?")
    where = await opened(desk)
    desk.visitor = visiting(role)
    for path in ("/inbox", where, "/live/inbox?of=:"):
        assert (await desk.browser.get(path)).status_code == 403


async def test_who_is_bound_to_a_store_reads_nothing_of_anothers(
    desk: Console, ada: Person
) -> None:
    await ada.is_sent()
    await ada.writes("Is it blue?")
    where = await opened(desk)
    desk.visitor = visiting(Role.AGENT, store="bela")
    for path in ("/inbox", where):
        page = await desk.browser.get(path)
        assert page.status_code == 403
        assert "Is it blue?" not in page.text


async def test_a_code_is_shown_to_nobody(desk: Console, ada: Person) -> None:
    from gateway.domain.purpose import Purpose

    await ada.is_sent("otp-1", text="Your code is 914201", purpose=Purpose.OTP)
    await ada.writes("What is this?")
    page = await desk.page(await opened(desk))
    assert "914201" not in page
    assert "A one-time code" in page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_that_a_customer_writes_runs(desk: Console, ada: Person, text: str) -> None:
    await ada.is_sent()
    await ada.writes_in_parts(*[text[at : at + 60] for at in range(0, len(text), 60)][:10])
    look_at(await desk.page("/inbox"))
    page = look_at(await desk.page(await opened(desk)))
    assert text.split("\r")[0][:12].strip() in page.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_nothing_that_somebody_types_runs(desk: Console, ada: Person, text: str) -> None:
    await ada.is_sent()
    await ada.writes("STOP ALL")
    where = await opened(desk)
    for path in (where, "/inbox"):
        answer = await desk.browser.post(path, data={"text": text, "number": text, "store": text})
        look_at(answer.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {"parts": 0}),
        ("x" * 160, {"parts": 1, "alphabet": "GSM-7", "units": 160}),
        ("x" * 161, {"parts": 2}),
        ("é" * 160, {"parts": 1}),
        ("x" * 70 + "ł", {"parts": 2, "alphabet": "UCS-2", "forcing": "ł"}),
        ("x" * 1531, {"parts": 11, "fault": "At most 10 parts are sent."}),
        ("\ud83d", {"fault": "There is half a character in it."}),
    ],
)
def test_the_parts_of_an_answer_are_counted(text: str, said: dict[str, object]) -> None:
    assert said.items() <= counted_of(text).items()


async def test_the_counter_is_the_servers(desk: Console) -> None:
    said = await desk.browser.post("/inbox/parts", data={"text": "x" * 161})
    assert said.text.startswith("2 parts · 161 septets · GSM-7")
    look_at((await desk.browser.post("/inbox/parts", data={"text": HOSTILE["image"] + "ł"})).text)


@pytest.mark.parametrize("path", ["/inbox/none", "/inbox/%2e%2e%2fusers"])
async def test_a_conversation_that_is_none_says_so(desk: Console, path: str) -> None:
    answer = await desk.browser.get(path)
    assert answer.status_code == 404
    look_at(answer.text)


@pytest.mark.parametrize("subject", ["nonsense", "open:NO/STORE", "x" * 201])
async def test_a_subject_that_is_none_is_no_fault(desk: Console, subject: str) -> None:
    found = await desk.browser.get("/inbox", params={"store": subject})
    assert found.status_code == (200 if subject == "nonsense" else 422)
    look_at(found.text)
