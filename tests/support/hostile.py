"""What strangers write who mean no good, and a page that is looked at for it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

HOSTILE: Final = {
    "script": "<script>document.title='owned'</script>",
    "image": "<img src=x onerror=\"document.title='owned'\">",
    "svg": "<svg/onload=document.title='owned'>",
    "attribute": "\" autofocus onfocus=\"document.title='owned'\" x='",
    "link": "<a href=\"javascript:document.title='owned'\">click</a>",
    "htmx": '<b hx-get="/users" hx-trigger="load">x</b>',
    "event": 'x</p><div sse-swap="bar" hx-on:click="alert(1)">',
    "style": "<style>*{display:none}</style>",
    "template": "{{ 7 * 191 }} {% raw %} ${7*191} #{7*191}",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt; &#x3C;b>",
    "bidi": "\u202eevil\u2066\u202d\u200f txt.exe",
    "rtl": "שלום, איפה ההזמנה שלי؟ مرحبا",
    "emoji": "👨‍👩‍👧‍👦" * 60,
    "zalgo": "h" + "\u0300\u0301\u0336" * 80,
    "long": "A" * 1200,
    "lines": "one\r\ntwo\u2028three\u2029four\x0bfive",
    "controls": "a\x1b[31mred\x07\x08\x7f\u009b",
    "comment": "<!-- --><!--[if IE]><script>alert(1)</script><![endif]-->",
    "unclosed": "</textarea></title></script><script>document.title='owned'//",
}
"""Texts by what they try."""

OURS: Final = ("/static/",)
LEADING: Final = ("href", "src", "action", "formaction", "sse-connect", "hx-post", "hx-get")
"""Attributes that say where something is."""


class Page(HTMLParser):
    """A page read as a browser reads it: its elements with what could run in them.

    Attributes:
        faults: whatever runs, or is loaded, that is none of our files.
        text: what one reads.
    """

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and not given.get("src", "").startswith(OURS):
            self.faults.append("an inline script")
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.faults.append(f"an element {tag}")
        for name, value in given.items():
            self._look_at(tag, name, value, apart="noopener" in given.get("rel", ""))

    def _look_at(self, tag: str, name: str, value: str, *, apart: bool) -> None:
        if name.startswith("on") or name == "style" or "hx-on" in name:
            self.faults.append(f"an attribute {name}")
        out = tag == "a" and apart and value.startswith(("https://", "http://"))
        inside = value.startswith(("/", "#")) and not value.startswith("//")
        if name in LEADING and not (inside or out):
            self.faults.append(f"{name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def look_at(source: str) -> Page:
    """Return a page in which nothing of a stranger's runs.

    Raises:
        AssertionError: something does.
    """
    page = Page(source)
    assert page.faults == []
    assert "1337" not in source, "a template was evaluated"
    return page
