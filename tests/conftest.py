"""What every folder of tests has."""

import asyncio

pytest_plugins = ["support.plugin"]


def pytest_configure() -> None:
    """See that there is no event loop that nobody closes.

    Until one is set, asyncio makes a loop for whoever asks for the current one, and pytest's
    plugins ask in tests that have none.
    """
    asyncio.set_event_loop(None)
