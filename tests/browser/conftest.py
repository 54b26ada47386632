"""A console that runs over real modems' simulator and broker, and a browser that looks at it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from support.broker import MOSQUITTO
from support.browsing import Person, chromium, person_at
from support.house import House
from support.moving import open_shop
from support.processes import wait_for
from support.scanner import leaks_of

PASSWORD = "a long walk by the sea"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Console:
    """A running gateway with a console."""

    house: House
    base: str
    """Its address, without a slash at the end."""

    @property
    def setup_path(self) -> str:
        """Return the one-time link of the first start, without the address."""
        assert self.house.gateway is not None
        out = self.house.gateway.stdout
        wait_for(lambda: self.base in out.read_text(), 10, "the one-time link")
        [line] = [one for one in out.read_text().splitlines() if self.base in one]
        return next(word for word in line.split() if word.startswith(self.base))[len(self.base) :]

    def follow(self, person: Person, path: str, name: str = "") -> None:
        """Follow a one-time link: choose a password, and at the first start a name as well."""
        page = person.open(path)
        if name:
            page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same again").fill(PASSWORD)
        page.get_by_role("button").last.click()
        page.wait_for_url(f"{self.base}/")
        page.close()

    def sign_up(self, person: Person, name: str = "ada") -> None:
        """Make the first user by the link of the first start; they are the admin."""
        self.follow(person, self.setup_path, name)

    def user(self, name: str, role: str) -> str:
        """Make a user, and return the path of the link that sets the password."""
        made = self.house.run("user", "add", name, "--role", role, name=f"user-{name}")
        assert made.wait_end(30) == 0, made.stderr.read_text()
        words = made.stdout.read_text().split()
        return next(word for word in words if word.startswith(self.base))[len(self.base) :]


Open = Callable[..., Console]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@contextmanager
def open_console(folder: Path, **options: Any) -> Iterator[Console]:
    """Keep a gateway with a console."""
    port = free_port()
    more = f'[console]\nlisten = "127.0.0.1:{port}"\n' + options.pop("more", "")
    with House(folder, more=more, **options) as house:
        open_shop(house)
        house.start()
        yield Console(house, f"http://127.0.0.1:{port}")
        if house.gateway is not None:
            house.gateway.close()
        assert leaks_of(house) == []


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Open]:
    """Opens consoles that end with the test, and have let nobody's number into a log."""
    if MOSQUITTO is None:
        pytest.skip("no mosquitto")
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(open_console(tmp_path, **options))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Person]]:
    """Lets persons come, each with a browser profile of their own."""
    with ExitStack() as stack:
        yield lambda console, **options: stack.enter_context(
            person_at(browser, console.base, **options)
        )
