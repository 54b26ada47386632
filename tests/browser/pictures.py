"""``python -m tests.browser.pictures [--minutes 12]``: takes the pictures in ``docs/images``.

A gateway with four simulated modems works for some minutes, so that there is something to see: what
is on the pictures is what it did.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from browser.conftest import Console, open_console  # noqa: E402
from support.browsing import Person, chromium, person_at  # noqa: E402
from support.house import House  # noqa: E402
from support.moving import PERSONS, tell_of_persons  # noqa: E402

IMAGES = ROOT / "docs" / "images"
TEXTS = (
    "Thank you! Your order {0} is being packed.",
    "Good news: order {0} is on its way and should be with you tomorrow.",
    "Your order {0} was delivered. Is anything missing? Just answer this message.",
)
QUESTIONS = (
    "Where is my order please?",
    "Can I change the address? It is 12 Mill Lane now",
    "It came today, thank you so much! \N{PARTY POPPER}",
)
ANSWER = "Of course! We have changed it to 12 Mill Lane; it will be with you on Friday."
PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Work for a while, then take the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=12)
    minutes = parser.parse_args().minutes
    simulator = ("--latency", "1.2", "--report-delay", "3")
    with (
        TemporaryDirectory() as folder,
        open_console(Path(folder), modems=4, simulator=simulator) as console,
        chromium() as browser,
        person_at(browser, console.base) as ada,
    ):
        console.sign_up(ada)
        tell_of_persons(console.house)
        trade(console.house, minutes)
        take(console, ada, browser)


def trade(house: House, minutes: float) -> None:
    """Have the store send, and customers write, for some minutes."""
    random, end = Random(7), time.monotonic() + 60 * minutes
    asks = cycle(QUESTIONS)
    for number in count(1):
        if time.monotonic() > end:
            break
        to = random.choice(PERSONS)
        house.store.submit(f"order-{1000 + number}", to=to, text=TEXTS[number % 3].format(number))
        if number % 60 == 30:
            ask(house, PERSONS[number % len(PERSONS)], next(asks))
        time.sleep(random.uniform(0.3, 1.4))
    for number, question in enumerate(QUESTIONS):
        ask(house, PERSONS[number], question)


def ask(house: House, customer: str, text: str) -> None:
    """Have a customer write."""
    house.bank.ask(do="inbound", modem="modem0", **{"from": customer, "text": text})


def take(console: Console, ada: Person, browser: Browser) -> None:
    """Take the pictures."""
    IMAGES.mkdir(exist_ok=True)
    time.sleep(3)
    for name, path in pages(ada):
        shoot(ada, name, path)
    cookies = ada.context.storage_state()
    with person_at(browser, console.base, storage_state=cookies, color_scheme="dark") as dark:
        shoot(dark, "modem-dark", "/modems/m0")
    with person_at(browser, console.base, storage_state=cookies, viewport=PHONE) as phone:
        shoot(phone, "overview-phone", "/")


def pages(ada: Person) -> Iterator[tuple[str, str]]:
    """Yield what is on each picture, and where it is; what has to be done first is done."""
    yield "overview", "/?hours=1"
    page = ada.open("/inbox")
    page.get_by_role("link", name=QUESTIONS[1]).click()
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Send").click()
    time.sleep(6)
    yield "conversation", page.url.removeprefix(ada.base)
    page.goto(f"{ada.base}/campaigns/acme/moved")
    page.get_by_role("button", name="Launch", exact=True).click()
    page.get_by_role("button", name="Launch it").click()
    time.sleep(7)
    yield "campaign", "/campaigns/acme/moved"
    yield "messages", "/messages"
    page.close()


def shoot(person: Person, name: str, path: str) -> None:
    """Take a picture of what one sees of a page without scrolling."""
    page = person.open(path)
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / f"console-{name}.png")
    page.close()


if __name__ == "__main__":
    main()
