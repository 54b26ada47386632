"""What a template can do to a value; docs/commerce/templates.md lists all.

Amounts, numbers, days and lists are written as the person's language and region have them, instants
in the person's zone, by Babel (CLDR); in signs of the 7 bit alphabet where it has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context

from gateway.commerce.templates.plain import is_plain, plain
from gateway.commerce.templates.said import Said
from gateway.domain.clock import require_aware
from gateway.domain.errors import ContentError
from gateway.domain.money import Price

if TYPE_CHECKING:
    from babel import Locale

VOICE: Final = "#voice"
"""Where the context has the `Voice`; no template can name it."""

MOST_ROUNDS: Final = 200
"""Of all loops of a text together: more than any text has room for."""

_LENGTHS: Final = ("short", "medium", "long", "full")
_SKELETONS: Final[Mapping[str, str]] = MappingProxyType({"day": "MMMd", "weekday": "MMMEd"})
"""Days without a year, which is what a text mostly wants."""


@dataclass(kw_only=True, slots=True)
class Voice:
    """How one text is written, and how far its loops have come."""

    locale: Locale
    zone: ZoneInfo
    shorten: Callable[[str, str | None], str]
    rounds: int = field(default=0)


def voice_of(context: Context) -> Voice:
    """Return how the text is written."""
    return cast("Voice", context[VOICE])


def each(context: Context, value: object) -> Any:
    """Go through a list, and count."""
    if isinstance(value, Undefined):
        str(value)  # it says that it is missing
    if not isinstance(value, tuple) or isinstance(value, Price):
        raise ContentError("a loop goes through a list, such as products, and through nothing else")
    voice = voice_of(context)
    for one in value:
        voice.rounds += 1
        if voice.rounds > MOST_ROUNDS:
            raise ContentError(f"the loops take more than {MOST_ROUNDS} rounds")
        yield one


def default(value: object, fallback: object = "") -> object:
    """``default("there")``: what is said when the value is not known, or empty."""
    return fallback if _says_nothing(value) else value


def _says_nothing(value: object) -> bool:
    return isinstance(value, Undefined) or value is None or value in ("", ())


def money(context: Context, value: object, places: int | None = None) -> str:
    """``money``: an amount in its currency; ``money(0)`` without cents."""
    from babel.numbers import get_currency_precision

    amount = _known(value, Price, "an amount, such as order.total")
    digits = get_currency_precision(amount.currency) if places is None else places
    return _currency(amount.amount, amount.currency, voice_of(context).locale, digits)


def _currency(amount: Decimal, currency: str, locale: Locale, digits: int) -> str:
    """Write an amount; with the currency's code where its sign would force 16 bit."""
    from babel.numbers import parse_pattern

    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    written = plain(pattern.apply(amount, locale, currency=currency, currency_digits=False))
    if is_plain(written):
        return written
    number_ = plain(number_text(amount, locale, digits))
    return f"{number_} {currency}" if is_plain(number_) else written


def number_text(value: Decimal | int, locale: Locale, places: int | None = None) -> str:
    """Return a number as a locale has it."""
    from babel.numbers import parse_pattern

    pattern = parse_pattern(locale.decimal_formats[None].pattern)
    if places is not None:
        pattern.frac_prec = (places, places)
    return str(pattern.apply(value, locale))


def number(context: Context, value: object, places: int | None = None) -> str:
    """``number``: a number, such as 1,234.5; ``number(0)`` without decimals."""
    known = _known(value, (int, Decimal), "a number")
    return plain(number_text(known, voice_of(context).locale, places))


def date_(context: Context, value: object, length: str = "weekday") -> str:
    """``date``: a day, such as Fri, Nov 27; ``date("short")`` with its year, ``medium``, ``long``.

    Also ``day``, without the day of the week.
    """
    from babel.dates import format_date, format_skeleton

    at, voice = _known(_read(value), (datetime, date), "a day"), voice_of(context)
    day = at.astimezone(voice.zone) if isinstance(at, datetime) else at
    if length in _SKELETONS:
        return plain(format_skeleton(_SKELETONS[length], day, locale=voice.locale))
    _check_length(length, (*_SKELETONS, *_LENGTHS))
    return plain(format_date(day, cast("Any", length), locale=voice.locale))


def time_(context: Context, value: object, length: str = "short") -> str:
    """``time``: the time of the day in the person's zone, such as 3:30 PM or 15:30."""
    from babel.dates import format_time

    at, voice = _known(_read(value), datetime, "an instant"), voice_of(context)
    _check_length(length, _LENGTHS)
    return plain(format_time(at, cast("Any", length), tzinfo=voice.zone, locale=voice.locale))


def datetime_(context: Context, value: object, length: str = "short") -> str:
    """``datetime``: day and time in the person's zone."""
    from babel.dates import format_datetime

    at, voice = _known(_read(value), datetime, "an instant"), voice_of(context)
    _check_length(length, _LENGTHS)
    return plain(format_datetime(at, cast("Any", length), tzinfo=voice.zone, locale=voice.locale))


def list_(context: Context, value: object, part: str | None = None, most: int = 3) -> str:
    """``list``: "a, b and c"; ``products | list("name")`` of a part of each, ``most`` of them."""
    from babel.lists import format_list

    entries = _known(value, tuple, "a list, such as products")
    said = [one.get(part) if part and isinstance(one, Said) else one for one in entries]
    words = [one for one in said if isinstance(one, str)][: max(most, 1)]
    if not words:
        raise ContentError('list needs words: name a part of each, as in products | list("name")')
    return plain(format_list(words, locale=voice_of(context).locale))


def plural(context: Context, value: object, other: str = "", **forms: str) -> str:
    """``plural``: the form that a number has in the language.

    Written ``order.items | plural("articles", one="article")``; other forms are zero, two, few,
    many (CLDR).
    """
    count = _known(value, (int, Decimal), "a number")
    unknown = set(forms) - {"zero", "one", "two", "few", "many"}
    if unknown or not other:
        raise ContentError('plural is written plural("articles", one="article")')
    return forms.get(voice_of(context).locale.plural_form(count), other)


def short(context: Context, value: object, product_id: str | None = None) -> str:
    """``short``: a link of our own in place of a url.

    Written ``product.url | short(product.id)``, or without a product.
    """
    url = _known(value, str, "a url")
    if not url.startswith(("https://", "http://")):
        raise ContentError("short is of a url, which begins with https://")
    product = None if isinstance(product_id, Undefined) else product_id
    return voice_of(context).shorten(url, product)


def upper(value: object) -> str:
    """``upper``: in capitals."""
    return str(_known(value, str, "a text")).upper()


def capitalize(value: object) -> str:
    """``capitalize``: with a capital first letter, and the rest as it is."""
    text: str = _known(value, str, "a text")
    return text[:1].upper() + text[1:]


def truncate(value: object, most: int = 30) -> str:
    """``truncate(30)``: at most so many characters, cut between words where it can be."""
    text: str = _known(value, str, "a text")
    if len(text) <= most:
        return text
    cut = text[: max(most - 3, 1)]
    return f"{cut.rpartition(' ')[0] or cut}..."


def length(value: object) -> int:
    """``length``: how many a list has."""
    return len(_known(value, (tuple, str), "a list"))


def first(value: object) -> object:
    """``first``: of a list."""
    return _known(value, tuple, "a list")[0]


def written(context: Context, value: object) -> object:
    """Return what stands for a value that no filter was told for."""
    writers: Mapping[type, Callable[[Context, object], str]] = _WRITERS
    if isinstance(value, str | Undefined) or (isinstance(value, int) and value is not True):
        return value
    if isinstance(value, Said):
        raise ContentError("that is no text but has parts; say which, such as order.id")
    writer = writers.get(type(value))
    if writer is None:
        raise ContentError("that is no text; a condition stands in {% if %}")
    return writer(context, value)


def _known(value: object, kind: Any, what: str) -> Any:
    if isinstance(value, Undefined):
        str(value)  # it says that it is missing
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ContentError(f"the filter is of {what}, and this is none")
    if kind is tuple and isinstance(value, Price):
        raise ContentError(f"the filter is of {what}, and this is an amount")
    return value


def _read(value: object) -> object:
    """Return what JSON can only write as a text: a day, or an instant with its zone."""
    if not isinstance(value, str):
        return value
    try:
        at = datetime.fromisoformat(value)
        return (
            date.fromisoformat(value)
            if len(value) == len("2026-11-27")
            else require_aware("it", at)
        )
    except ValueError:
        return value


def _check_length(length: str, known: tuple[str, ...]) -> None:
    if length not in known:
        raise ContentError(f"there is no length {length!r}; there are: {', '.join(known)}")


_WRITERS: Final[Mapping[type, Callable[[Context, object], str]]] = MappingProxyType(
    {
        Price: money,
        Decimal: number,
        datetime: date_,
        date: date_,
        tuple: list_,
    }
)


@cache
def filters() -> Mapping[str, Callable[..., Any]]:
    """Return every filter by its name."""
    alone: dict[str, Callable[..., Any]] = {
        "default": default,
        "upper": upper,
        "capitalize": capitalize,
        "truncate": truncate,
        "length": length,
        "first": first,
    }
    in_context: dict[str, Callable[..., Any]] = {
        "money": money,
        "number": number,
        "date": date_,
        "time": time_,
        "datetime": datetime_,
        "list": list_,
        "plural": plural,
        "short": short,
    }
    return {**alone, **{name: pass_context(one) for name, one in in_context.items()}}
