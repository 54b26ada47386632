"""What a person may wish for, as the console offers it: what it does, said before it is done. Pure.

Each is an operation of the gateway; the words are for who is asked by a customer on the phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_DIGITS: Final = 4
"""Of the number, typed before an erasure: it cannot be undone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Something that can be done about a person.

    Attributes:
        name: in the address.
        action: in the audit log.
        op: the operation.
        fields: what always goes with it.
        label: on the button that leads to it.
        title: the question.
        does: what it does, in sentences.
        do: on the button that does it.
        kind: of that button.
        offered: whether it makes sense now, by the person's account.
        said: what is said when it is done, from the operation's answer.
    """

    name: str
    action: str
    op: str
    label: str
    title: str
    does: tuple[str, ...]
    do: str
    fields: Mapping[str, Any]
    kind: str = "first"
    offered: Callable[[Mapping[str, Any]], bool] = lambda _account: True
    said: Callable[[Mapping[str, Any]], str] = lambda _answer: "Done."


def last_digits(number: str | None) -> str:
    """Return what is typed to confirm an erasure; empty where no number is known."""
    return (number or "")[-_DIGITS:]


def fields_of(wish: Wish, form: Mapping[str, str]) -> dict[str, Any]:
    """Return what goes with an operation, from its form."""
    given = {
        name: form[name]
        for name in ("purpose", "source", "text_version", "language")
        if form.get(name)
    }
    if wish.op != "consent_change":
        return dict(wish.fields)
    return {**wish.fields, **given, "again": form.get("again") == "yes"}


def _erased(answer: Mapping[str, Any]) -> str:
    if answer["waiting"]:
        return "Erased, but for a message at a modem; the rest goes when that is over."
    if answer["unread"]:
        return f"Erased. These SIMs could not be looked through yet: {', '.join(answer['unread'])}."
    return "Erased. What is left is a fingerprint, so that nobody writes to them again."


WISHES: Final[Mapping[str, Wish]] = {
    wish.name: wish
    for wish in (
        Wish(
            name="export",
            action="person.export",
            op="person_export",
            label="Export",
            title="Export all that is kept of this person?",
            does=(
                "You get one file with everything this gateway keeps of them at this store: "
                "messages, consents, orders, scores, and why each is kept and for how long "
                "(Art. 15 GDPR). It is for the person alone: hand it to nobody else, and delete it "
                "when it is handed over.",
                "The table has only what they provided themselves (Art. 20).",
            ),
            do="Export",
            fields={},
        ),
        Wish(
            name="grant",
            action="consent.grant",
            op="consent_change",
            label="Write down a yes",
            title="Write down that this person consents?",
            does=(
                "Marketing may be sent for this purpose from now on. You have to say how they told "
                "you and to which wording they agreed; both stand in the ledger as the proof.",
            ),
            do="Write it down",
            fields={"change": "grant"},
            offered=lambda account: not account["restricted"],
            said=lambda _answer: "The consent is written down.",
        ),
        Wish(
            name="withdraw",
            action="consent.withdraw",
            op="consent_change",
            label="Write down a no",
            title="Write down that this person takes a consent back?",
            does=(
                "What waits for them and needs that consent is cancelled at once, and the store is "
                "told. It has the same effect as a STOP by message.",
            ),
            do="Write it down",
            fields={"change": "withdraw"},
            said=lambda _answer: "It is written down, and what waited is cancelled.",
        ),
        Wish(
            name="object",
            action="person.object",
            op="person",
            label="Objects",
            title="Note that this person objects?",
            does=(
                "No marketing is sent to them any more, and no profile, score or experiment has "
                "them in it from now on (Art. 21). Service messages about their orders still go "
                "out.",
            ),
            do="Note the objection",
            fields={"action": "object"},
            offered=lambda account: not account["objects"],
            said=lambda _answer: "The objection is noted.",
        ),
        Wish(
            name="restrict",
            action="person.restrict",
            op="person",
            label="Restrict",
            title="Restrict what is done with this person's data?",
            does=(
                "Their data are kept, and nothing is done with them: nothing is sent, not even "
                "service messages, and nothing is analysed, until the restriction ends (Art. 18).",
            ),
            do="Restrict",
            fields={"action": "restrict"},
            offered=lambda account: not account["restricted"],
            said=lambda _answer: "Restricted: the data are kept and not used.",
        ),
        Wish(
            name="unrestrict",
            action="person.unrestrict",
            op="person",
            label="End the restriction",
            title="End the restriction?",
            does=("They may be written to again, as far as they allow it.",),
            do="End it",
            fields={"action": "unrestrict"},
            offered=lambda account: bool(account["restricted"]),
            said=lambda _answer: "The restriction has ended.",
        ),
        Wish(
            name="erase",
            action="person.erase",
            op="person",
            label="Erase",
            title="Erase this person for good?",
            does=(
                "Everything that this store's side of the gateway keeps of them goes: messages, "
                "orders, consents' proofs, scores, and what stands on the SIMs and in what waits "
                "at the broker. What waits to be sent is cancelled. The store is told, so that it "
                "can erase them, too (Art. 17).",
                "A keyed fingerprint stays, by which nobody writes to them again. Nothing of this "
                "can be undone. Lakes of the analysts are not reached from here: whoever keeps one "
                "runs shopbell person erase with --lake.",
            ),
            do="Erase for good",
            kind="danger",
            fields={"action": "erase"},
            said=_erased,
        ),
    )
}
"""What can be done, by its name in the address, in the order of the buttons."""
