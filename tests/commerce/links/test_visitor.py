"""Who opens a link, as a table: persons, previews that want a card, and other machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.commerce.links.agents import LIBRARIES, PERSONS_APPS, PREVIEWS, SCANNERS
from gateway.commerce.links.visitor import (
    MOST_TOKENS,
    REPORT_PATIENCE,
    Kind,
    Visit,
    Visitor,
    tell,
    too_early,
)
from gateway.db.commerce.clicks import Sending

SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
MESSAGES = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
)
SENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def seen(agent: str, tokens: int = 1, **headers: str) -> Visitor:
    given = {"accept": "*/*", "user-agent": agent} | headers
    return tell(Visit(headers=given, tokens=tokens))


@pytest.mark.parametrize(
    "agent",
    [
        SAFARI,
        CHROME,
        f"{SAFARI} [FBAN/FBIOS;FBAV/490.0]",
        f"{CHROME} Instagram 360.0.0.30 Android",
        "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/131.0 Mobile",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; en) Presto/2.12.423 Version/12.16",
        "Nokia6300/2.0 (05.50) Profile/MIDP-2.0 Configuration/CLDC-1.1",
    ],
)
def test_persons_are_persons(agent: str) -> None:
    assert seen(agent).kind is Kind.PERSON


@pytest.mark.parametrize(
    "agent",
    [
        MESSAGES,
        "WhatsApp/2.23.18.78 i",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "TelegramBot (like TwitterBot)",
        "Twitterbot/1.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    ],
)
def test_who_fetches_for_a_preview_is_told(agent: str) -> None:
    assert seen(agent) == Visitor(kind=Kind.PREVIEW, reason="preview")


@pytest.mark.parametrize(
    ("agent", "headers", "reason"),
    [
        ("", {}, "no_agent"),
        ("  ", {}, "no_agent"),
        (CHROME, {"purpose": "prefetch"}, "prefetch"),
        (CHROME, {"sec-purpose": "prefetch;prerender"}, "prefetch"),
        (SAFARI, {"x-purpose": "preview"}, "prefetch"),
        (SAFARI, {"x-moz": "prefetch"}, "prefetch"),
        ("curl/8.5.0", {}, "library"),
        ("python-requests/2.32", {}, "library"),
        ("Go-http-client/2.0", {}, "library"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", {}, "scanner"),
        ("Mozilla/5.0 HeadlessChrome/131.0", {}, "scanner"),
        ("BarracudaCentral/1.0", {}, "scanner"),
    ],
)
def test_machines_are_told_with_the_reason(
    agent: str, headers: dict[str, str], reason: str
) -> None:
    assert seen(agent, **headers) == Visitor(kind=Kind.MACHINE, reason=reason)


def test_who_takes_nothing_is_no_browser() -> None:
    assert tell(Visit(headers={"user-agent": CHROME})).reason == "no_accept"


def test_who_opens_many_links_at_once_is_no_person() -> None:
    assert seen(CHROME, tokens=MOST_TOKENS).kind is Kind.PERSON
    assert seen(CHROME, tokens=MOST_TOKENS + 1).reason == "many_links"


@pytest.mark.parametrize("words", [PREVIEWS, PERSONS_APPS, SCANNERS, LIBRARIES])
def test_words_are_looked_for_in_small_letters_and_stand_once(words: tuple[str, ...]) -> None:
    assert all(word == word.lower() for word in words)
    assert len(set(words)) == len(words)


def sending(**fields: object) -> Sending:
    values = {"sent_at": SENT, "reported": True, "delivered_at": SENT + timedelta(seconds=5)}
    return Sending(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "about", "reason"),
    [
        (60, None, None),
        (60, sending(), None),
        (5, sending(), None),
        (4, sending(), "before_report"),
        (1.9, sending(delivered_at=SENT), "before_sending"),
        (-10, sending(), "before_sending"),
        (60, sending(sent_at=None, delivered_at=None), "before_sending"),
        (60, sending(delivered_at=None), "before_report"),
        (REPORT_PATIENCE.total_seconds(), sending(delivered_at=None), None),
        (60, sending(delivered_at=None, reported=False), None),
        (1, sending(delivered_at=None, reported=False), "before_sending"),
    ],
)
def test_nobody_opens_what_has_not_come(
    seconds: float, about: Sending | None, reason: str | None
) -> None:
    assert too_early(SENT + timedelta(seconds=seconds), about) == reason
