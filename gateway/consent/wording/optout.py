"""How a text says that it can be ended (COMPLIANCE.md E-2, FR-1, FR-2, US-8), and adding it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.consent.wording.draft import Draft
from gateway.consent.wording.finding import Finding, Severity
from gateway.consent.wording.folding import fold_text
from gateway.consent.wording.language import Language, language_of, languages

_RULES: Final = ("E-2", "FR-1", "FR-2", "US-8")
_FALLBACK: Final = "en"


def judge_opt_out(draft: Draft, mention: str) -> Iterator[Finding]:
    """Find out whether a text says how to end it, in its own language.

    Args:
        draft: the text.
        mention: what would be right to add.
    """
    if not draft.asks.opt_out or mentions_opt_out(draft, mention):
        return
    if any(language.find("opt_out").search(draft.folded.text) for language in languages().values()):
        yield _finding(
            "opt_out_language",
            "the text says how to end it in another language than its own",
            mention,
        )
    else:
        yield _finding(
            "opt_out_missing", "the text does not say how to end these messages", mention
        )


def _finding(id_: str, what: str, mention: str) -> Finding:
    return Finding(
        id=id_, severity=Severity.ERROR, what=what, remedy=f'add "{mention}"', rules=_RULES
    )


def mentions_opt_out(draft: Draft, mention: str) -> bool:
    """Return True when the text has the store's own mention, or says the same in its language."""
    if fold_text(mention) in fold_text(draft.text):
        return True
    if draft.spoken is None:
        return draft.has("opt_out")
    return bool(draft.spoken.find("opt_out").search(draft.folded.text))


def mention_for(draft: Draft, country: str | None, configured: str | None = None) -> str:
    """Return how a text should say that it can be ended.

    Args:
        draft: the text.
        country: of the store; tells the language where the text does not.
        configured: the store's own words, which win.
    """
    if configured:
        return configured
    return (draft.spoken or _home(country)).mention


def _home(country: str | None) -> Language:
    known = language_of(country) if country else None
    return known or languages()[_FALLBACK]


def with_mention(draft: Draft, mention: str) -> str:
    """Return the text with the mention behind it, on a line of its own; unchanged if it has one."""
    if mentions_opt_out(draft, mention):
        return draft.text
    return f"{draft.text.rstrip()}\n{mention}"
