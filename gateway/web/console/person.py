"""A person's page: what is known of them, in rows that a template writes down. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from gateway.domain.purpose import Purpose
from gateway.web.console.seen import CODE, kind_of, word_of

_STANDING: Final = {
    "allowed": "good",
    "no consent": "idle",
    "taken back": "bad",
    "ended": "bad",
    "restricted": "bad",
    "deactivated": "warn",
}

_ACTIONS: Final = {
    "requested": "info",
    "granted": "good",
    "withdrawn": "bad",
    "objected": "bad",
    "restricted": "warn",
    "unrestricted": "idle",
    "erased": "bad",
    "deactivated": "warn",
}


def standing_rows(account: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    """Return each purpose with how it stands: its name, the mark, the word."""
    return [
        (purpose, _STANDING.get(word, "idle"), word)
        for purpose, word in account["standing"].items()
    ]


def proofs_of(account: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what is recorded of a person, the newest first, with what proves it."""
    return [_proof(one) for one in reversed(account["history"])]


def _proof(one: Mapping[str, Any]) -> Mapping[str, Any]:
    how = one["method"].replace("_", " ") + (", double opt-in" if one["confirmed"] else "")
    wording = one["text_version"] or (one["text_digest"] or "")[:12]
    return {
        "at": _instant(one["at"]),
        "recorded_at": _instant(one["recorded_at"]),
        "kind": _ACTIONS.get(one["action"], "idle"),
        "action": one["action"],
        "purpose": one["purpose"],
        "how": how,
        "actor": one["actor"] or "",
        "source": one["source"] or "",
        "until": None if one["until"] is None else _instant(one["until"]),
        "wording": f"{wording} ({one['language']})" if wording and one["language"] else wording,
        "text": one["text"] or "",
        "digest": one["text_digest"] or "",
        "evidence": [(name, _said(value)) for name, value in sorted(one["evidence"].items())],
    }


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def texts_of(messages: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return messages as a page shows them: codes veiled, states marked."""
    return [_text(one) for one in messages]


def _text(one: Mapping[str, Any]) -> Mapping[str, Any]:
    is_code = one["purpose"] == Purpose.OTP
    state = one["state"]
    return {
        **one,
        "text": CODE if is_code else one["text"] or "This text is kept no more.",
        "own": bool(one["text"]) and not is_code,
        "kind": "" if state is None else kind_of(state),
        "word": "" if state is None else word_of(state),
    }


_SCORES: Final = (
    ("churn", "Chance that they buy nothing", "percent"),
    ("value", "Expected spending", "money"),
    ("next_order_at", "Next order expected", "instant"),
    ("uplift", "What a message changes", "points"),
    ("buy_again", "Used up by now", "list"),
    ("new_for_you", "Others bought, too", "list"),
)


def scores_of(scores: Mapping[str, Any] | None) -> Sequence[tuple[str, Any, str]]:
    """Return what the models advise: the label, the value, and how it is written."""
    if scores is None:
        return []
    return [
        (label, scores[name], form)
        for name, label, form in _SCORES
        if scores[name] not in (None, ())
    ]
