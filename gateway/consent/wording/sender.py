"""Who writes: marketing names its sender, and can be answered (COMPLIANCE.md E-1, E-2, US-6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.consent.wording.draft import Draft
from gateway.consent.wording.finding import Finding, Severity
from gateway.consent.wording.folding import fold_text, placeholders

_BRAND_PLACES: Final = frozenset({"brand", "store", "shop", "sender"})
"""Placeholders that stand for the sender."""
_NO_LETTER: Final = re.compile(r"[\W_]+")


def judge_sender(draft: Draft) -> Iterator[Finding]:
    """Find out whether a text says whom it is from."""
    if draft.asks.identity and not names_sender(draft):
        yield Finding(
            id="sender_missing",
            severity=Severity.ERROR,
            what="the text does not say whom it is from",
            remedy=f'name the sender, such as "{draft.brand}: …", or set brand of the store',
            rules=("E-1", "E-2"),
        )


def judge_answer(draft: Draft) -> Iterator[Finding]:
    """Find out whether a person can do what the text says: answer, or follow a link."""
    if not draft.repliable and not any(not link.shared for link in draft.links):
        yield Finding(
            id="sender_not_repliable",
            severity=Severity.ERROR,
            what="a sender in letters cannot be answered, and there is no link to opt out by",
            remedy="send from a number, or add a link by which one opts out",
            rules=("E-2", "US-6"),
        )


def names_sender(draft: Draft) -> bool:
    """Return True when the brand stands in the text, outside of its links."""
    if any(name in _BRAND_PLACES for name, _ in placeholders(draft.text)):
        return True
    words = _NO_LETTER.sub(" ", fold_text(draft.brand)).split()
    pattern = r"[\W_]{0,3}".join(map(re.escape, words))
    return bool(words) and bool(re.search(rf"(?<!\w){pattern}(?!\w)", draft.folded.text))
