"""What the menu offers to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.access import Right, Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu."""

    path: str
    label: str
    icon: str
    right: Right

    def holds(self, path: str) -> bool:
        """Whether a page is this one, or one beneath it."""
        return path == self.path or (self.path != "/" and path.startswith(self.path + "/"))


MENU: Final = (
    (
        "Now",
        (
            Entry("/", "Overview", "overview", Right.READ),
            Entry("/modems", "Modems", "modem", Right.READ),
            Entry("/queue", "Queue", "queue", Right.READ),
            Entry("/failures", "Failures", "failure", Right.READ),
            Entry("/alarms", "Alarms", "bell", Right.READ),
        ),
    ),
    (
        "Customers",
        (
            Entry("/inbox", "Inbox", "chat", Right.ANSWER),
            Entry("/messages", "Messages", "message", Right.READ),
            Entry("/campaigns", "Campaigns", "campaign", Right.READ),
            Entry("/people", "People", "people", Right.PEOPLE),
        ),
    ),
    (
        "This box",
        (
            Entry("/settings", "Settings", "settings", Right.READ),
            Entry("/users", "Users", "user", Right.ADMIN),
            Entry("/tokens", "Tokens", "key", Right.ADMIN),
            Entry("/audit", "Audit log", "audit", Right.ADMIN),
        ),
    ),
)
"""Groups of pages, in their order."""


def menu_of(visitor: Visitor) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the groups with the pages that somebody may open; no empty group."""
    for title, entries in MENU:
        open_to = [entry for entry in entries if visitor.may(entry.right)]
        if open_to:
            yield title, open_to
