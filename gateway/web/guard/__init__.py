"""Who asks, and whether they may: cookies, tokens, the same site, headers."""

from gateway.web.guard.acting import act, note
from gateway.web.guard.demand import visitor, who_asks
from gateway.web.guard.install import install_guard

__all__ = ["act", "install_guard", "note", "visitor", "who_asks"]
