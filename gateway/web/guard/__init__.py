"""Who asks, and whether they may: cookies, tokens, the same site, headers."""

from gateway.web.guard.acting import act, note
from gateway.web.guard.demand import person, visitor, who_asks
from gateway.web.guard.install import answer_refusals, install_guard

__all__ = ["act", "answer_refusals", "install_guard", "note", "person", "visitor", "who_asks"]
