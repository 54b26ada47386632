"""The few pages there are: nothing there, over, a card, and the way out. Pure.

Everything that a store told is escaped; no page loads anything or runs anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape
from typing import Final
from urllib.parse import urlsplit

from gateway.db.commerce.clicks import Shown

Texts = Mapping[str, str]

TEXTS: Final[Mapping[str, Texts]] = {
    "en": {
        "nothing": "There is nothing here",
        "nothing_more": "Perhaps the link was not copied whole. Please open it from the message.",
        "over": "This link is over",
        "over_more": "It led somewhere for a while, and does no more.",
        "busy": "One moment, please",
        "busy_more": "Please try again in a few seconds.",
        "on": "Go on",
        "leave": "No more messages from {brand}?",
        "leave_more": "You will get no more marketing messages from {brand} on your phone. "
        "Messages about your orders still come.",
        "leave_do": "Yes, no more messages",
        "left": "Done",
        "left_more": "You will get no more marketing messages from {brand}.",
    },
    "de": {
        "nothing": "Hier ist nichts",
        "nothing_more": "Vielleicht wurde der Link nicht ganz kopiert. Bitte öffnen Sie ihn aus "
        "der Nachricht.",
        "over": "Dieser Link ist abgelaufen",
        "over_more": "Er führte eine Zeit lang weiter und tut es nicht mehr.",
        "busy": "Einen Moment, bitte",
        "busy_more": "Bitte versuchen Sie es in ein paar Sekunden noch einmal.",
        "on": "Weiter",
        "leave": "Keine Nachrichten mehr von {brand}?",
        "leave_more": "Sie bekommen dann keine Werbung von {brand} mehr auf Ihr Telefon. "
        "Nachrichten zu Ihren Bestellungen kommen weiterhin.",
        "leave_do": "Ja, keine Nachrichten mehr",
        "left": "Erledigt",
        "left_more": "Sie bekommen keine Werbung von {brand} mehr.",
    },
}

_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:28em;margin:4em auto;padding:0 1em;"
    "color:#222;background:#fff}button,a.on{font:inherit;padding:.6em 1.2em;border:0;"
    "border-radius:.4em;background:#222;color:#fff;text-decoration:none;display:inline-block}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}button,a.on"
    "{background:#eee;color:#111}}"
)


def language_of(accepted: str) -> str:
    """Return the first language of an ``Accept-Language`` that there are texts in."""
    for item in accepted[:200].split(","):
        word = item.partition(";")[0].strip()[:2].lower()
        if word in TEXTS:
            return word
    return "en"


def note_page(language: str, which: str) -> str:
    """Return a page that says one thing: `nothing`, `over` or `busy`."""
    texts = TEXTS[language]
    return _page(language, texts[which], f"<p>{escape(texts[f'{which}_more'])}</p>")


def leave_page(language: str, brand: str) -> str:
    """Return the page that asks whether to write no more; to open it changes nothing."""
    texts = TEXTS[language]
    body = (
        f"<p>{escape(texts['leave_more'].format(brand=brand))}</p>"
        f'<form method="post"><button>{escape(texts["leave_do"])}</button></form>'
    )
    return _page(language, texts["leave"].format(brand=brand), body)


def left_page(language: str, brand: str) -> str:
    """Return the page that says that it is done."""
    texts = TEXTS[language]
    more = escape(texts["left_more"].format(brand=brand))
    return _page(language, texts["left"], f"<p>{more}</p>")


def card_page(language: str, url: str, brand: str, product: Shown | None) -> str:
    """Return what a preview makes a card of (ogp.me, and Meta's `product:price`).

    Args:
        language: of the words around.
        url: where the link leads, for a person who was taken for a preview.
        brand: the store's.
        product: what the link is about.
    """
    title = (product and product.name) or brand
    tags = "".join(
        f'<meta {"name" if name.startswith("twitter:") else "property"}="{name}" '
        f'content="{escape(content)}">'
        for name, content in _tags(language, title, brand, product)
    )
    link = f'<p><a class="on" rel="noreferrer" href="{escape(url)}">{TEXTS[language]["on"]}</a></p>'
    return _page(language, title, link, tags)


def _tags(
    language: str, title: str, brand: str, product: Shown | None
) -> Iterator[tuple[str, str]]:
    yield "og:type", "website" if product is None else "product"
    yield "og:site_name", brand
    yield "og:title", title
    yield "twitter:title", title
    image = None if product is None else _safe_image(product.image_url)
    yield "twitter:card", "summary" if image is None else "summary_large_image"
    if image is not None:
        yield "og:image", image
        yield "twitter:image", image
    if product is not None and product.price is not None:
        yield "product:price:amount", _plain(product.price.amount)
        yield "product:price:currency", product.price.currency
    said = " · ".join(_said(language, product))
    if said:
        yield "og:description", said
        yield "twitter:description", said


def _said(language: str, product: Shown | None) -> Iterator[str]:
    if product is None:
        return
    if product.price is not None:
        from babel.numbers import format_currency

        yield format_currency(product.price.amount, product.price.currency, locale=language)
    if product.brand:
        yield product.brand


def _plain(amount: Decimal) -> str:
    """Return an amount with two decimals, or with as many as it needs."""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents if cents == amount else amount.normalize():f}"


def _safe_image(url: str | None) -> str | None:
    """Return a picture's address where it can be fetched without harm: over https, from a host."""
    if url is None or any(sign <= " " for sign in url):
        return None
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    fit = split.scheme == "https" and split.hostname and "@" not in split.netloc
    return url if fit else None


def _page(language: str, title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title>{head}<style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
