"""The text of a segment: where in it something stands, and what is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlglot import exp

from gateway.commerce.segments.kinds import KindError
from gateway.domain.errors import ContentError
from gateway.settings.nearest import nearest

T = TypeVar("T")

_SHOWN = 40
"""Letters of what is wrong."""


class Source:
    """Makes faults with their place out of nodes.

    Args:
        text: what was parsed.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def fault(self, node: exp.Expr, reason: str) -> ContentError:
        """Return what is wrong with a node, at its first word or that of what it stands in."""
        around: exp.Expr | None = node
        while around is not None:
            starts = [found.meta["start"] for found in around.walk() if "start" in found.meta]
            if starts:
                return ContentError(reason, place=self._place(min(starts)))
            around = around.parent
        return ContentError(reason, place=self._place(0))

    def _place(self, offset: int) -> str:
        line = self._text.count("\n", 0, offset) + 1
        return f"line {line}, column {offset - self._text.rfind(chr(10), 0, offset)}"

    def fit(self, node: exp.Expr, make: Callable[[], T]) -> T:
        """Return what is made of parts that go together.

        Raises:
            ContentError: they do not.
        """
        try:
            return make()
        except KindError as error:
            raise self.fault(node, str(error)) from None

    def only(self, node: exp.Expr, *names: str, hint: str | None = None) -> None:
        """Pass where a node says no more than is read of it.

        Raises:
            ContentError: it does.
        """
        if {name for name, value in node.args.items() if value} - set(names):
            raise self.fault(node, hint or f"{short(node)} is more than is understood here")

    def name(self, node: exp.Expr) -> str:
        """Return the name that a column has.

        Raises:
            ContentError: it is a text in the wrong quotes, or no column alone.
        """
        self.only(node, "this", hint="right: the name of a column alone")
        identifier = node.this
        if not isinstance(identifier, exp.Identifier):
            raise self.fault(node, f"{short(node)} is no column")
        if identifier.quoted:
            raise self.fault(node, f"texts stand in single quotes: '{identifier.this}'")
        return str(identifier.this).lower()

    def word(self, node: exp.Expr, example: str) -> str:
        """Return a text.

        Raises:
            ContentError: it is none.
        """
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise self.fault(node, f"right: a text in single quotes: {example}")
        return str(node.this)


def short(node: exp.Expr) -> str:
    """Return a node as it may stand in a sentence."""
    text = node.sql(dialect="sqlite")
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def meant(word: str, known: Iterable[str]) -> str:
    """Ask for the known word that is most like another."""
    return f"do you mean {nearest(word, known)}?"
