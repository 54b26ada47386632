"""The sandbox that templates are read and run in: what is not listed is not there.

Besides the grammar (`grammar`), which leaves nothing that could run for long, no template reaches
an attribute of an object of ours: values are read by name from `said.Said` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from jinja2 import (
    StrictUndefined,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
    pass_context,
)
from jinja2 import Template as Compiled
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.commerce.templates.faults import MissingValueError
from gateway.commerce.templates.filters import VOICE, Voice, each, filters, written
from gateway.commerce.templates.grammar import EACH, check_grammar, fault
from gateway.commerce.templates.said import Said
from gateway.domain.errors import ContentError
from gateway.domain.money import Price

MOST_OF_SOURCE: Final = 8_000
"""Characters of a file; ten parts are 1,530."""
MOST_WRITTEN: Final = 2_000
"""Characters of a text: more than ten parts hold, so that one complains of the parts."""

TESTS: Final = ("defined", "undefined", "odd", "even")
_OF_LOOP: Final = frozenset({"index", "index0", "first", "last", "length", "revindex"})
_OF_PRICE: Final = frozenset(Price._fields)


class _Missing(StrictUndefined):
    """A value that is not known: false in a condition, and an error where it is to be said."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)

    @property
    def path(self) -> str:
        """What the template calls it."""
        return self._undefined_message


class _Environment(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a value by its name, and nothing else of any object."""
        if isinstance(obj, Said):
            value = obj.get(attribute)
            return self.undefined(name=obj.path(attribute)) if value is None else value
        if isinstance(obj, _Missing):
            return self.undefined(name=f"{obj.path}.{attribute}")
        known = (isinstance(obj, LoopContext) and attribute in _OF_LOOP) or (
            isinstance(obj, Price) and attribute in _OF_PRICE
        )
        if known:
            return getattr(obj, attribute)
        raise ContentError(f"there is no part {attribute!r} of this value")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a list, or a value by its name."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, tuple) and isinstance(argument, int):
            known = -len(obj) <= argument < len(obj)
            return obj[argument] if known else self.undefined(name=f"entry {argument} of a list")
        raise ContentError("only a list has entries by number")


@cache
def _environment() -> _Environment:
    environment = _Environment(
        autoescape=False,  # it is an SMS, and no HTML
        undefined=_Missing,
        optimized=False,  # nothing runs before it is asked for
        finalize=pass_context(written),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {**filters(), EACH: pass_context(each)}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def parse(source: str) -> nodes.Template:
    """Read a template.

    Raises:
        ContentError: the line is its place.
    """
    if len(source) > MOST_OF_SOURCE:
        raise ContentError(f"has {len(source)} characters; right: at most {MOST_OF_SOURCE}")
    with _told():
        return _environment().parse(source)


def compiled(source: str) -> Compiled:
    """Make a template ready to be written.

    Raises:
        ContentError: the line is its place.
    """
    environment, tree = _environment(), parse(source)
    with _told():
        check_grammar(tree, filters=filters(), tests=TESTS)
        return Compiled.from_code(environment, environment.compile(tree), {})


@contextmanager
def _told() -> Iterator[None]:
    """Tell what is wrong with a template in our words."""
    try:
        yield
    except TemplateSyntaxError as error:
        raise fault(str(error.message).rstrip("."), error.lineno) from None
    except (RecursionError, SyntaxError, MemoryError):  # of Python, which it is made into
        raise ContentError("goes too deep: fewer filters and conditions in each other") from None


def write(template: Compiled, values: Mapping[str, object], voice: Voice) -> str:
    """Write a text.

    Raises:
        ContentError: it cannot be written; the line is its place.
    """
    said = Said(values)
    known = {name: said.get(name) for name in values}
    words = {name: value for name, value in known.items() if value is not None}
    context = template.new_context({**words, VOICE: voice}, shared=False)
    try:
        return _collected(template, context)
    except UndefinedError as error:
        raise MissingValueError(str(error.message), place=_place(template, error)) from None
    except ContentError as error:
        raise ContentError(error.reason, place=_place(template, error)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        # What the template compares, or hands to a filter, is not of the kind that it takes.
        raise ContentError(f"does not fit: {error}", place=_place(template, error)) from None


def _collected(template: Compiled, context: Any) -> str:
    chunks: list[str] = []
    size = 0
    for chunk in template.root_render_func(context):
        size += len(chunk)
        if size > MOST_WRITTEN:
            raise ContentError(f"writes more than {MOST_WRITTEN} characters")
        chunks.append(chunk)
    return "".join(chunks)


def _place(template: Compiled, error: BaseException) -> str | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return None if line is None else f"line {line}"
